/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * procsrv selftests - commands of io_uring
 */
#ifndef SELFTESTS_URING_H
#define SELFTESTS_URING_H

#include <liburing.h>

#include "../calls.h"

enum {
	NR = 5000,		/* waits at once */
	ENTRIES = 256,		/* submissions at once */
};

static inline int ring_init(struct io_uring *ring, unsigned int flags)
{
	struct io_uring_params params = {
		.flags = flags | IORING_SETUP_CQSIZE,
		.cq_entries = 2 * NR,
		.sq_thread_idle = 10,
	};
	int ret = io_uring_queue_init_params(ENTRIES, ring, &params);

	/* User Mode Linux miscounts pages that are mapped in two processes. */
	return ret ? ret : io_uring_ring_dontfork(ring);
}

static inline struct io_uring_sqe *prepare(struct io_uring *ring, int fd,
					   unsigned int cmd, const void *args,
					   __u64 data)
{
	struct io_uring_sqe *sqe = io_uring_get_sqe(ring);

	if (!sqe) {
		io_uring_submit(ring);
		while (!(sqe = io_uring_get_sqe(ring)))
			sched_yield();
	}
	io_uring_prep_rw(IORING_OP_URING_CMD, sqe, fd, args, 0, 0);
	sqe->cmd_op = cmd;
	sqe->user_data = data;
	return sqe;
}

static inline void submit(struct io_uring *ring, int fd, unsigned int cmd,
			  const void *args, __u64 data)
{
	prepare(ring, fd, cmd, args, data);
	io_uring_submit(ring);
}

/* Waits for the next completion. Returns its result. */
static inline int reap_one(struct io_uring *ring, __u64 *data)
{
	struct io_uring_cqe *cqe;
	int ret;

	if (data)
		*data = 0;
	do {
		ret = io_uring_wait_cqe(ring, &cqe);
	} while (ret == -EINTR);
	if (ret)
		return ret;
	ret = cqe->res;
	if (data)
		*data = cqe->user_data;
	io_uring_cqe_seen(ring, cqe);
	return ret;
}

static inline bool is_idle(struct io_uring *ring)
{
	struct io_uring_cqe *cqe;

	return io_uring_peek_cqe(ring, &cqe) == -EAGAIN;
}

/* Runs one command, and returns its result. */
static inline int run(struct io_uring *ring, int fd, unsigned int cmd,
		      const void *args, unsigned int flags)
{
	prepare(ring, fd, cmd, args, 0)->flags |= flags;
	io_uring_submit(ring);
	return reap_one(ring, NULL);
}

/* Fills an operation of a batch. The batch has to replace its result. */
static inline void set_op(struct procsrv_batch_op *op, unsigned int cmd,
			  const void *args, size_t size)
{
	memset(op, 0, sizeof(*op));
	op->cmd = cmd;
	op->result = PATTERN;
	memcpy(op->args, args, size);
}

#endif /* SELFTESTS_URING_H */
