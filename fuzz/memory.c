// SPDX-License-Identifier: GPL-2.0-only
/*
 * Memory for arguments: valid, invalid, and changing
 *
 * One file in memory is mapped three times. This program accesses it by the first mapping, which
 * stays valid. The second is read-only. Threads scribble on the third, and unmap it, while the
 * kernel uses it.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "fuzz.h"

enum {
	ARGS_SIZE	= 256,			/* for one structure */
	ARGS_AREA	= MAX_RECORDS * ARGS_SIZE,
	ARRAY_SIZE_EACH	= 8 * 4104,		/* for one batch */
	ARRAY_AREA	= MAX_RECORDS * ARRAY_SIZE_EACH,
	ROOM_AREA	= 512 * 1024,
	LIST_AREA	= PROCSRV_STRINGS_MAX + 64 * 1024,
	NAME_EACH	= 5000,
	NR_NAMES	= 10,
};

/* Addresses are the same in every run. */
#define BASE		0x200000000000ULL
#define STABLE_AT	(BASE)
#define READ_ONLY_AT	(BASE + 0x10000000)
#define SHARED_AT	(BASE + 0x20000000)
#define EDGE_AT		(BASE + 0x30000000)
#define ROOM_AT		(BASE + 0x40000000)
#define LIST_AT		(BASE + 0x50000000)
#define NAME_AT		(BASE + 0x60000000)
#define ARRAY_AT	(BASE + 0x70000000)
#define UNMAPPED_AT	(BASE + 0x80000000)

static int memory_fd;
static bool shared_was_changed, names_were_changed;

static void *map_at(__u64 at, size_t size, int prot, int fd)
{
	void *p = mmap((void *)at, size, prot, MAP_FIXED |
		       (fd < 0 ? MAP_PRIVATE | MAP_ANONYMOUS : MAP_SHARED), fd, 0);

	if (p == MAP_FAILED)
		finding("mmap: %s", strerror(errno));
	return p;
}

static void fill_names(void)
{
	static const unsigned int len[NR_NAMES] = { 7, 1, 255, 256, 4095, 4096, 0, 254, 4094, 3 };
	unsigned int i;

	for (i = 0; i < NR_NAMES; i++) {
		char *name = (char *)NAME_AT + i * NAME_EACH;

		memset(name, 0, NAME_EACH);
		memset(name, '/', len[i]);
	}
	names_were_changed = false;
}

static void map_shared(void)
{
	map_at(SHARED_AT, ARGS_AREA, PROT_READ | PROT_WRITE, memory_fd);
	shared_was_changed = false;
}

/**
 * memory_init() - set up all mappings
 */
void memory_init(void)
{
	unsigned int i;
	char *list;

	memory_fd = memfd_create("fuzz", MFD_CLOEXEC);
	if (memory_fd < 0 || ftruncate(memory_fd, ARGS_AREA))
		finding("memfd_create: %s", strerror(errno));
	map_at(STABLE_AT, ARGS_AREA, PROT_READ | PROT_WRITE, memory_fd);
	map_at(READ_ONLY_AT, ARGS_AREA, PROT_READ, memory_fd);
	map_shared();
	/*
	 * Keep a page mapped beside it, so that its page table is not freed: User Mode Linux walks
	 * page tables without a lock, and crashes if one is gone.
	 */
	map_at(SHARED_AT + ARGS_AREA, PAGE, PROT_NONE, -1);
	for (i = 0; i < NR_ACTORS; i++)
		actors[i].edge = map_at(EDGE_AT + (__u64)i * 4 * PAGE, PAGE,
					PROT_READ | PROT_WRITE, -1);
	map_at(ROOM_AT, ROOM_AREA, PROT_READ | PROT_WRITE, -1);
	map_at(NAME_AT, NR_NAMES * NAME_EACH + PAGE, PROT_READ | PROT_WRITE, -1);
	map_at(ARRAY_AT, ARRAY_AREA, PROT_READ | PROT_WRITE, -1);
	list = map_at(LIST_AT, LIST_AREA, PROT_READ | PROT_WRITE, -1);
	for (i = 0; i < LIST_AREA; i += 2)
		list[i] = 'a';
	fill_names();
}

/**
 * memory_reset() - restore the mappings and names that an input has changed
 */
void memory_reset(void)
{
	if (shared_was_changed)
		map_shared();
	if (names_were_changed)
		fill_names();
}

/**
 * args_at() - the address of the structure of a record
 * @index: index of the record in the program
 */
void *args_at(unsigned int index)
{
	return (void *)(STABLE_AT + index * ARGS_SIZE);
}

/**
 * array_at() - the address of the array of a batch
 * @index: index of the record in the program
 */
void *array_at(unsigned int index)
{
	return (void *)(ARRAY_AT + (__u64)index * ARRAY_SIZE_EACH);
}

/**
 * bad_address() - an address that cannot be read or written
 * @choice: selects the address
 */
__u64 bad_address(__u8 choice)
{
	static const __u64 bad[] = {
		0, UNMAPPED_AT, READ_ONLY_AT, SHARED_AT, EDGE_AT + PAGE - 3,
		ROOM_AT + ROOM_AREA - 1,
		0xffff888000000000ULL, UINT64_MAX, 1, 0x7ffffffffff8ULL, 0x800000000000ULL,
		0xffffffff81000000ULL, LIST_AT + LIST_AREA - 2,
	};

	return bad[choice % ARRAY_SIZE(bad)];
}

/**
 * room_address() - the address of an output buffer
 * @choice: selects the address
 */
__u64 room_address(__u8 choice)
{
	if (choice >= 0xe8)
		return bad_address(choice);
	if (choice < 0x10)
		return 0;
	return ROOM_AT + (choice & 15) * 4093;
}

/**
 * name_address() - the address of a name
 * @choice: selects the address
 */
__u64 name_address(__u8 choice)
{
	if (choice >= 0xe8)
		return bad_address(choice);
	/* Mostly a name that is not too long. */
	if (choice < 0x80)
		return NAME_AT + 3;
	return NAME_AT + choice % NR_NAMES * NAME_EACH;
}

/**
 * path_address() - the address of an absolute path
 * @choice: selects the address
 */
__u64 path_address(__u8 choice)
{
	return choice < 0x80 ? NAME_AT : name_address(choice);
}

/**
 * list_address() - the address of a list of strings
 * @choice: selects the address; its length must be even for some and odd for others
 */
__u64 list_address(__u8 choice)
{
	if (choice >= 0xe8)
		return bad_address(choice);
	return LIST_AT + (choice < 0xc0 ? 0 : choice & 3);
}

/**
 * spoilt_address() - copy a structure to the address that is passed
 * @a: the actor that passes it
 * @index: index of its record; the structure is at args_at()
 * @spoil: its defect
 * @size: its size as encoded in the ioctl number
 *
 * Return: the address to pass.
 */
__u64 spoilt_address(struct actor *a, unsigned int index, __u8 spoil, size_t size)
{
	__u64 at = index * ARGS_SIZE;
	__u8 *edge;

	switch (spoil) {
	case SPOIL_NULL: return 0;
	case SPOIL_UNMAPPED: return UNMAPPED_AT;
	case SPOIL_KERNEL: return 0xffff888000000000ULL;
	case SPOIL_READ_ONLY: return READ_ONLY_AT + at;
	case SPOIL_SHARED: return SHARED_AT + at;
	case SPOIL_PAGE_END:
		edge = a->edge + PAGE - size;
		memcpy(edge, args_at(index), size);
		return (uintptr_t)edge;
	case SPOIL_BEYOND:
		edge = a->edge + PAGE - size + 4;
		memcpy(edge, args_at(index), size - 4);
		return (uintptr_t)edge;
	default: return STABLE_AT + at;
	}
}

/**
 * fetch_args() - copy a structure back from where spoilt_address() has put it
 * @a: as there
 * @index: as there
 * @spoil: as there
 * @size: as there
 */
void fetch_args(struct actor *a, unsigned int index, __u8 spoil, size_t size)
{
	if (spoil == SPOIL_PAGE_END)
		memcpy(args_at(index), a->edge + PAGE - size, size);
}

/**
 * scribble() - change the arguments of other actors for a while
 * @r: the record, which selects the changes and their number
 */
void scribble(const struct record *r)
{
	unsigned int times = r->arg[0] & 63, i;
	__u32 random = r->arg[1] * 0x9e3779b9U + 1;
	char *name = (char *)NAME_AT;

	for (i = 0; i < times && !program.stop; i++) {
		random = random * 1664525 + 1013904223;
		switch ((r->arg[2] + (random >> 28)) % 6) {
		case 0:
			names_were_changed = true;
			__atomic_fetch_xor(&name[random >> 8 & 7], '/', __ATOMIC_RELAXED);
			break;
		case 1:
			shared_was_changed = true;
			munmap((void *)SHARED_AT, PAGE << (random >> 9) % 3);
			break;
		case 2:
			shared_was_changed = true;
			mprotect((void *)SHARED_AT, ARGS_AREA,
				 random >> 10 & 1 ? PROT_READ : PROT_NONE);
			break;
		case 3:
			map_shared();
			shared_was_changed = true;
			break;
		default:
			__atomic_fetch_xor((__u8 *)STABLE_AT + (random >> 8) % ARGS_AREA,
					   random >> 25, __ATOMIC_RELAXED);
		}
	}
}
