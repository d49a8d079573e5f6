// SPDX-License-Identifier: GPL-2.0-only
/*
 * Mutating programs as lists of operations, not as bytes
 */
#include <string.h>

#include "fuzz.h"

static __u64 state;

static __u32 any(__u32 below)
{
	state = state * 6364136223846793005ULL + 1442695040888963407ULL;
	return below ? (__u32)(state >> 33) % below : 0;
}

static bool one_in(__u32 n)
{
	return !any(n);
}

/* An argument byte. 0 is the most common value, and high values are invalid. */
static __u8 any_arg(void)
{
	static const __u8 interesting[] = { 1, 2, 3, 0x40, 0x7f, 0x80, 0xc0, 0xe0, 0xf0, 0xff };

	switch (any(8)) {
	case 0: case 1: case 2: return 0;
	case 3: return interesting[any(ARRAY_SIZE(interesting))];
	case 4: return any(256);
	default: return any(0xc0);
	}
}

static __u8 any_op(void)
{
	/* Most operations need processes. */
	if (one_in(6))
		return _IOC_NR(PROCSRV_IOC_CREATE);
	return one_in(4) ? OP_OTHER + any(NR_OTHER) : any(NR_IOCTLS);
}

static struct record any_record(void)
{
	struct record r = { .op = any_op() };
	unsigned int i;

	if (one_in(3))
		r.how = any(NR_THREADS);
	if (one_in(6))
		r.how |= any(32) & ~HOW_THREAD;
	if (r.how & HOW_URING && one_in(3))
		r.how |= HOW_DRAIN << any(3);
	if (one_in(4))
		r.fd = one_in(10) ? any(256) : any(NR_SLOTS);
	if (one_in(12))
		r.spoil = SPOIL_FIRST + any(SPOIL_END - SPOIL_FIRST);
	for (i = 0; i < NR_ARGS; i++)
		r.arg[i] = any_arg();
	return r;
}

static void change_record(struct record *r)
{
	switch (any(8)) {
	case 0:
		r->op = any_op();
		break;
	case 1:
		r->how ^= 1 << any(8);
		break;
	case 2:
		r->fd = one_in(8) ? any(256) : any(NR_SLOTS);
		break;
	case 3:
		r->spoil = one_in(2) ? 0 : SPOIL_FIRST + any(SPOIL_END - SPOIL_FIRST);
		break;
	case 4:
		r->arg[any(NR_ARGS)]++;
		break;
	default:
		r->arg[any(NR_ARGS)] = any_arg();
	}
}

static unsigned int insert(struct record *r, unsigned int nr, unsigned int at,
			   const struct record *from, unsigned int count, unsigned int max)
{
	if (count > max - nr)
		count = max - nr;
	memmove(r + at + count, r + at, (nr - at) * sizeof(*r));
	memcpy(r + at, from, count * sizeof(*r));
	return nr + count;
}

static unsigned int remove_some(struct record *r, unsigned int nr)
{
	unsigned int at = any(nr), count = one_in(3) ? 1 + any(nr - at) : 1;

	memmove(r + at, r + at + count, (nr - at - count) * sizeof(*r));
	return nr - count;
}

static unsigned int repeat(struct record *r, unsigned int nr, unsigned int max)
{
	struct record copy[MAX_RECORDS];
	unsigned int at = any(nr), count = 1 + any(nr - at < 4 ? nr - at : 4);

	memcpy(copy, r + at, count * sizeof(*r));
	return insert(r, nr, any(nr + 1), copy, count, max);
}

/* A process that submits commands, most of them to a worker, and exits. */
static unsigned int insert_ring_process(struct record *r, unsigned int nr, unsigned int max)
{
	struct record made[1 + BODY_MAX] = { { .op = OP_FORK } };
	unsigned int count = 1 + any(BODY_MAX), i;

	made[0].how = any(NR_THREADS);
	made[0].arg[0] = count;
	for (i = 1; i <= count; i++) {
		made[i] = any_record();
		if (one_in(3))
			made[i].op = OP_NAP;
		else if (made[i].op >= OP_OTHER)
			made[i].op = any(NR_IOCTLS);
		made[i].spoil = 0;
		made[i].how |= HOW_URING;
		if (!one_in(4))
			made[i].how |= HOW_ASYNC;
	}
	return insert(r, nr, any(nr + 1), made, 1 + count, max);
}

/* Creates a process with @flags, often below init. */
static struct record any_creation(__u8 flags)
{
	struct record r = { .op = _IOC_NR(PROCSRV_IOC_CREATE) };

	r.arg[8] = flags;
	r.arg[9] = any_arg();
	r.arg[10] = any(6);
	if (one_in(2))
		r.arg[0] = any_arg();
	return r;
}

/* An operation on hosted processes, or one with POSIX ids. */
static struct record any_hosting(void)
{
	static const __u8 ops[] = {
		_IOC_NR(PROCSRV_IOC_SIGNAL), _IOC_NR(PROCSRV_IOC_SIGNAL),
		_IOC_NR(PROCSRV_IOC_TAKE_SIGNAL), _IOC_NR(PROCSRV_IOC_TAKE_SIGNAL),
		_IOC_NR(PROCSRV_IOC_REPORT), _IOC_NR(PROCSRV_IOC_REPORT),
		_IOC_NR(PROCSRV_IOC_WAIT), _IOC_NR(PROCSRV_IOC_TERMINATE),
		_IOC_NR(PROCSRV_IOC_SET_CREDENTIALS), _IOC_NR(PROCSRV_IOC_SET_AUTOREAP),
		_IOC_NR(PROCSRV_IOC_CREATE_SESSION), _IOC_NR(PROCSRV_IOC_SET_GROUP),
		_IOC_NR(PROCSRV_IOC_SET_TERMINAL), _IOC_NR(PROCSRV_IOC_SET_FOREGROUND),
		_IOC_NR(PROCSRV_IOC_HANG_UP), OP_POLL, OP_CLOSE,
	};
	struct record r = any_record();

	r.op = ops[any(ARRAY_SIZE(ops))];
	r.spoil = 0;
	/* Take any signal from any hosted process. */
	if (r.op == _IOC_NR(PROCSRV_IOC_TAKE_SIGNAL) && !one_in(3)) {
		r.arg[0] = 0xc0;
		r.arg[1] = 0;
	}
	return r;
}

/* A server or a further descriptor, hosted processes on it, and operations on them. */
static unsigned int insert_host(struct record *r, unsigned int nr, unsigned int max)
{
	struct record made[10] = { { .op = _IOC_NR(PROCSRV_IOC_NEW_SERVER) } };
	unsigned int count = one_in(3) ? 0 : 1, i;
	__u8 fd = any(NR_SLOTS), how = one_in(4) ? any(NR_THREADS) : 0;

	made[0].arg[0] = 1 + any(2);
	made[0].fd = one_in(2) ? 0 : fd;
	do {
		made[count++] = any_creation(PROCSRV_CREATE_HOSTED | any(32));
	} while (count < 4 && one_in(2));
	while (count < ARRAY_SIZE(made) && !one_in(6))
		made[count++] = any_hosting();
	for (i = 0; i < count; i++) {
		if (i && !one_in(6))
			made[i].fd = fd;
		made[i].how = (made[i].how & ~HOW_THREAD) | how;
	}
	return insert(r, nr, any(nr + 1), made, count, max);
}

static unsigned int mutate_once(struct record *r, unsigned int nr, unsigned int max)
{
	struct record other = any_record();
	unsigned int i, a, b;

	if (!nr || one_in(4))
		return insert(r, nr, any(nr + 1), &other, 1, max);
	if (one_in(16))
		return insert_ring_process(r, nr, max);
	if (one_in(8))
		return insert_host(r, nr, max);
	a = any(nr);
	b = any(nr);
	switch (any(10)) {
	case 0: case 1:
		return remove_some(r, nr);
	case 2:
		return repeat(r, nr, max);
	case 3:
		other = r[a];
		r[a] = r[b];
		r[b] = other;
		break;
	case 4:		/* move some to the first thread, the rest to any */
		for (i = 0; i < nr; i++)
			r[i].how = (r[i].how & ~HOW_THREAD) | (one_in(2) ? 0 : any(NR_THREADS));
		break;
	case 5:
		for (i = 0; i < nr; i++)
			r[i].how &= ~HOW_THREAD;
		break;
	case 6:
		LLVMFuzzerMutate((__u8 *)&r[a], sizeof(*r), sizeof(*r));
		break;
	default:
		change_record(&r[a]);
	}
	return nr;
}

/**
 * LLVMFuzzerCustomMutator() - change a program
 * @data: the program
 * @size: its size in bytes
 * @max_size: size of its buffer in bytes
 * @seed: seed of the random numbers
 *
 * Return: its new size in bytes.
 */
size_t LLVMFuzzerCustomMutator(__u8 *data, size_t size, size_t max_size, unsigned int seed)
{
	unsigned int nr = size / sizeof(struct record), max = max_size / sizeof(struct record);
	struct record r[MAX_RECORDS];
	unsigned int times;

	state = seed;
	if (max > MAX_RECORDS)
		max = MAX_RECORDS;
	if (nr > max)
		nr = max;
	if (!max)
		return LLVMFuzzerMutate(data, size, max_size);
	memcpy(r, data, nr * sizeof(*r));
	for (times = 1 + any(4); times; times--)
		nr = mutate_once(r, nr, max);
	memcpy(data, r, nr * sizeof(*r));
	return nr * sizeof(*r);
}

/**
 * LLVMFuzzerCustomCrossOver() - make one program of two
 * @data1: one
 * @size1: its size in bytes
 * @data2: the other
 * @size2: its size in bytes
 * @out: buffer for the result: a prefix of the one and a suffix of the other, or both interleaved
 * @max_out: size of @out in bytes
 * @seed: seed of the random numbers
 *
 * Return: size of the result in bytes.
 */
size_t LLVMFuzzerCustomCrossOver(const __u8 *data1, size_t size1, const __u8 *data2,
				 size_t size2, __u8 *out, size_t max_out, unsigned int seed)
{
	unsigned int nr1 = size1 / sizeof(struct record), nr2 = size2 / sizeof(struct record);
	unsigned int max = max_out / sizeof(struct record), nr = 0, i = 0, j = 0;
	struct record *r = (struct record *)out;
	bool by_turns;

	state = seed;
	by_turns = one_in(2);
	if (!by_turns) {
		nr1 = any(nr1 + 1);
		j = any(nr2 + 1);
	}
	while (nr < max && (i < nr1 || j < nr2)) {
		bool first = i < nr1 && (!by_turns || j >= nr2 || one_in(2));

		memcpy(&r[nr++], first ? data1 + i * sizeof(*r) : data2 + j * sizeof(*r),
		       sizeof(*r));
		if (first)
			i++;
		else
			j++;
	}
	return nr * sizeof(*r);
}
