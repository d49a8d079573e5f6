// SPDX-License-Identifier: GPL-2.0-only
/*
 * Name, command line and environment of a process that has just called exec.
 *
 * They are at the top of its stack, where Linux has put them: the pointers to the
 * arguments and to the environment, the auxiliary vector; then the strings of both one
 * after the other, and the name of the file last. Reading them from there takes one
 * call; /proc would take nine.
 */
#include <elf.h>
#include <linux/procsrv.h>
#include <stdint.h>
#include <string.h>
#include <sys/uio.h>

#include "image.h"
#include "regs.h"

/**
 * struct stack - a copy of the stack from its pointer on
 * @base: the stack pointer
 * @size: bytes that were read
 * @word: size of a word
 * @bytes: the copy
 */
struct stack {
	__u64 base;
	size_t size;
	unsigned int word;
	char bytes[3 * PROCSRV_STRINGS_MAX];
};

static struct stack stack;

static bool read_stack(pid_t pid)
{
	struct iovec local = { stack.bytes, sizeof(stack.bytes) };
	struct iovec remote = { .iov_len = sizeof(stack.bytes) };
	ssize_t n;

	if (!regs_stack(pid, &stack.base, &stack.word))
		return false;
	remote.iov_base = (void *)(uintptr_t)stack.base;
	/* Read as much as there is. */
	n = process_vm_readv(pid, &local, 1, &remote, 1, 0);
	stack.size = n > 0 ? n : 0;
	return n > 0;
}

/* A word by its index, or 0. */
static __u64 word_at(size_t i)
{
	__u64 v = 0;

	if ((i + 1) * stack.word <= stack.size)
		memcpy(&v, stack.bytes + i * stack.word, stack.word);
	return v;
}

/* The strings between two addresses, as far as there is room for them. */
static const char *strings(__u64 from, __u64 to, size_t *len)
{
	const char *s;

	*len = 0;
	if (from < stack.base || to < from || to - stack.base > stack.size)
		return "";
	s = stack.bytes + (from - stack.base);
	*len = to - from;
	if (*len > PROCSRV_STRINGS_MAX)
		*len = PROCSRV_STRINGS_MAX;
	/* Whole strings only. */
	while (*len && s[*len - 1])
		(*len)--;
	return s;
}

static void set_name(struct image *image, __u64 address)
{
	const char *path, *slash;
	size_t len;

	path = strings(address, stack.base + stack.size, &len);
	if (!len)
		return;
	slash = strrchr(path, '/');
	path = slash ? slash + 1 : path;
	strncpy(image->name, path, IMAGE_NAME_SIZE - 1);
}

static void read_auxiliary(struct image *image, size_t i, __u64 *file)
{
	unsigned int ids = 0;
	__u64 value;

	for (; word_at(i) != AT_NULL; i += 2) {
		value = word_at(i + 1);
		switch (word_at(i)) {
		case AT_UID:
			image->uid = value;
			ids++;
			break;
		case AT_EUID:
			image->euid = value;
			ids++;
			break;
		case AT_GID:
			image->gid = value;
			ids++;
			break;
		case AT_EGID:
			image->egid = value;
			ids++;
			break;
		case AT_EXECFN:
			*file = value;
			break;
		}
	}
	image->has_ids = ids == 4;
}

void image_read(pid_t pid, struct image *image)
{
	__u64 argc, argv, envp, file = 0;
	size_t i;

	*image = (struct image) { .name = "?", .argv = "", .envp = "" };
	if (!read_stack(pid))
		return;
	argc = word_at(0);
	if (argc > stack.size / stack.word)
		return;
	argv = word_at(1);
	envp = word_at(argc + 2);
	for (i = argc + 2; word_at(i); i++)
		;
	read_auxiliary(image, i + 1, &file);
	set_name(image, file);
	if (!envp)
		envp = file;
	if (argc)
		image->argv = strings(argv, envp, &image->argv_len);
	image->envp = strings(envp, file, &image->envp_len);
}
