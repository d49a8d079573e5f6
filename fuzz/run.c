// SPDX-License-Identifier: GPL-2.0-only
/*
 * Running the operations of a program: ioctls here, the others in other.c
 */
#include <errno.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include "fuzz.h"

enum {
	FD_MAX = 1024,
};

/* The lowest descriptor that an input can get. The fuzzer's own are below. */
static int lowest_fd = -1;

/**
 * add_fd() - store a descriptor that the program has got
 * @fd: the descriptor; it may be invalid, if actors scribbled on the structure
 * @server: index of the ids that go with it
 *
 * If all slots are in use, one of them is emptied.
 */
void add_fd(int fd, int server)
{
	static unsigned int next;
	struct slot *s = NULL;
	unsigned int i;
	int old = -1;

	if (fd < lowest_fd || fd >= FD_MAX)
		return;
	for (i = 0; i < NR_SLOTS && !s; i++) {
		old = -1;
		if (__atomic_compare_exchange_n(&program.slot[i].fd, &old, fd, false,
						__ATOMIC_SEQ_CST, __ATOMIC_SEQ_CST))
			s = &program.slot[i];
	}
	if (!s) {
		s = &program.slot[2 + next++ % (NR_SLOTS - 2)];
		old = __atomic_exchange_n(&s->fd, fd, __ATOMIC_SEQ_CST);
		if (old >= 0)
			close(old);
	}
	s->server = server;
}

/**
 * slot_of() - find a descriptor
 * @choice: the value in a record
 * @copy: set to the slot
 *
 * Return: index of the slot, or -1 if the choice is invalid on purpose or no slot is in use.
 */
int slot_of(__u8 choice, struct slot *copy)
{
	static const int wrong[] = { -1, 0, FD_MAX + 1, -100 };
	unsigned int i;

	*copy = (struct slot) { .fd = wrong[choice & 3] };
	if (choice >= FD_WRONG)
		return -1;
	for (i = 0; i < NR_SLOTS; i++) {
		unsigned int n = (choice + i) % NR_SLOTS;
		struct slot s = program.slot[n];

		if (s.fd >= 0) {
			*copy = s;
			return n;
		}
	}
	return -1;
}

/**
 * close_all() - close every descriptor that an input has left
 */
void close_all(void)
{
	unsigned int i;

	for (i = 0; i < NR_SLOTS; i++)
		program.slot[i].fd = -1;
	if (lowest_fd < 0) {
		lowest_fd = dup(STDIN_FILENO);
		if (lowest_fd < 0)
			finding("no descriptor is left");
	}
	close_range(lowest_fd, ~0U, 0);
}

/* The ioctl number, changed according to the defect of the structure. */
static unsigned int spoilt_number(const struct record *r)
{
	unsigned int cmd = ioctl_number(r->op), size = _IOC_SIZE(cmd);
	__u8 much = r->arg[NR_ARGS - 1];

	switch (r->spoil) {
	case SPOIL_SHORT:
		size = much % (size + 1);
		break;
	case SPOIL_LONGER:
	case SPOIL_LONGER_DIRTY:
		size += 1 + much % 64;
		break;
	case SPOIL_DIRECTION:
		return _IOC(much & 3, PROCSRV_IOC_MAGIC, _IOC_NR(cmd), size);
	case SPOIL_TYPE:
		return _IOC(_IOC_DIR(cmd), much, _IOC_NR(cmd) + (much & 0x80), size);
	}
	return _IOC(_IOC_DIR(cmd), PROCSRV_IOC_MAGIC, _IOC_NR(cmd), size);
}

static void spoil_tail(const struct record *r, void *args)
{
	if (r->spoil == SPOIL_LONGER_DIRTY)
		((__u8 *)args)[_IOC_SIZE(ioctl_number(r->op))] = 0xaa;
}

/* Distance between the elements of the array. */
static size_t stride_of(const struct procsrv_batch_args *batch)
{
	return batch->op_size < 16 || batch->op_size > 4104 ? 128 : batch->op_size;
}

static void fill_batch(unsigned int index, unsigned int nr, const struct ids *ids,
		       const struct procsrv_batch_args *batch)
{
	size_t stride = stride_of(batch), room = stride - 8;
	__u8 *elem = array_at(index);
	__u64 args[32];
	unsigned int i;

	for (i = 1; i <= nr; i++, elem += stride) {
		const struct record *r = &program.record[index + i];
		struct procsrv_batch_op head = { .cmd = PROCSRV_URING_CANCEL, .result = 1 };

		memset(args, 0, sizeof(args));
		if (r->op < OP_OTHER) {
			head.cmd = spoilt_number(r);
			fill_args(r, index + i, ids, args);
			spoil_tail(r, args);
		}
		memcpy(elem, &head, 8);
		memset(elem + 8, 0, room);
		memcpy(elem + 8, args, room < sizeof(args) ? room : sizeof(args));
	}
}

static void learn_batch(unsigned int index, unsigned int nr, struct ids *ids, int server,
			const struct procsrv_batch_args *batch)
{
	size_t stride = stride_of(batch);
	__u8 *elem = array_at(index);
	unsigned int i;

	for (i = 1; i <= nr && i <= batch->done; i++, elem += stride) {
		const struct record *r = &program.record[index + i];
		struct procsrv_batch_op op;

		memcpy(&op, elem, stride < sizeof(op) ? stride : sizeof(op));
		if (r->op >= OP_OTHER)
			continue;
		coverage_result(r->op, HOW_URING, op.result);
		if (!op.result && r->spoil < SPOIL_FIRST)
			learn(r, ids, op.args, server);
		if (verbose) {
			printf("      %s", op_name(r->op));
			print_args(r, op.args);
			printf(" = %d\n", op.result);
		}
	}
}

static void print_call(const struct actor *a, const struct record *r, int fd, long result)
{
	static const char *const hows[] = {
		"uring", "async", "ring", "drain", "link", "hard-link",
	};
	unsigned int i;

	printf("%2d: %s fd=%d", (int)(a - actors), op_name(r->op), fd);
	for (i = 0; r->op < OP_OTHER && r->how & HOW_URING && i < ARRAY_SIZE(hows); i++)
		if (r->how & HOW_URING << i)
			printf(" %s", hows[i]);
	if (r->spoil >= SPOIL_FIRST)
		printf(" spoil=%#x", r->spoil);
	if (r->op < OP_OTHER)
		print_args(r, args_at(r - program.record));
	printf(" = %ld\n", result);
	fflush(stdout);
}

/* The operation is taken from the record, never from memory that other actors scribble on. */
static void run_ioctl(struct actor *a, unsigned int index, unsigned int nr)
{
	const struct record *r = &program.record[index];
	unsigned int cmd = spoilt_number(r);
	void *args = args_at(index);
	struct slot slot;
	struct ids *ids;
	__u64 address;
	long result;

	slot_of(r->fd, &slot);
	ids = &program.ids[slot.server];
	memset(args, 0, 256);
	fill_args(r, index, ids, args);
	if (nr)
		fill_batch(index, nr, ids, args);
	spoil_tail(r, args);
	address = spoilt_address(a, index, r->spoil, _IOC_SIZE(cmd));
	if (r->how & HOW_URING) {
		result = ring_ioctl(a, r, index, slot.fd, cmd, address);
	} else {
		result = ioctl(slot.fd, cmd, address);
		result = result < 0 ? -errno : result;
	}
	fetch_args(a, index, r->spoil, _IOC_SIZE(cmd));
	coverage_result(r->op, r->how, result);
	if (verbose)
		print_call(a, r, slot.fd, result);
	if (!result && nr)
		learn_batch(index, nr, ids, slot.server, args);
	if (!result)
		learn(r, ids, args, slot.server);
}

/**
 * run_record() - run an operation
 * @a: the actor
 * @index: index of the record in the program
 * @end: the first record that must not be used
 *
 * Return: number of records that were used.
 */
unsigned int run_record(struct actor *a, unsigned int index, unsigned int end)
{
	const struct record *r = &program.record[index];
	unsigned int nr = body_length(r);
	long result;

	if (nr > end - index - 1)
		nr = end - index - 1;
	__atomic_store_n(&a->now, index, __ATOMIC_RELAXED);
	if (r->op < OP_OTHER) {
		run_ioctl(a, index, nr);
		return nr + 1;
	}
	switch (op_of(r)) {
	case OP_FORK:
		result = actor_fork(index + 1, index + 1 + nr);
		break;
	case OP_THREAD:
		result = actor_thread(a, index + 1, index + 1 + nr);
		break;
	default:
		result = run_other(a, index);
	}
	coverage_result(r->op, r->how, result < 0 ? result : 0);
	if (verbose)
		print_call(a, r, r->fd, result);
	return nr + 1;
}

/**
 * run_range() - run operations until time is up
 * @a: the actor
 * @first: the first record
 * @end: the record after the last one
 */
void run_range(struct actor *a, unsigned int first, unsigned int end)
{
	while (first < end && !__atomic_load_n(&program.stop, __ATOMIC_RELAXED))
		first += run_record(a, first, end);
}
