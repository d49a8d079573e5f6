// SPDX-License-Identifier: GPL-2.0-only
/*
 * procsrv selftests - ten thousand waiters on behalf of one process
 *
 * The waiters are requests of io_uring. A thousand threads wait as well.
 */
#include <liburing.h>

#include "../fixture.h"
#include "../tasks.h"

enum {
	REQUESTS = 10000,
	THREADS = 1000,
	EXITS = 50,
	ENTRIES = 256,
};

static struct procsrv_wait_args requests[REQUESTS], threads[THREADS];
static struct task tasks[THREADS];

static struct procsrv_wait_args any_exit(__u64 parent)
{
	return wait_args(parent, PROCSRV_WAIT_ANY, 0, PROCSRV_WAIT_EXITED, 0);
}

static void submit_all(struct __test_metadata *_metadata,
		       struct io_uring *ring, int fd, __u64 parent)
{
	struct io_uring_sqe *sqe;
	int i;

	for (i = 0; i < REQUESTS; i++) {
		requests[i] = any_exit(parent);
		sqe = io_uring_get_sqe(ring);
		if (!sqe) {
			ASSERT_LT(0, io_uring_submit(ring));
			sqe = io_uring_get_sqe(ring);
		}
		ASSERT_NE(NULL, sqe);
		io_uring_prep_rw(IORING_OP_URING_CMD, sqe, fd, &requests[i], 0,
				 0);
		sqe->cmd_op = PROCSRV_IOC_WAIT;
	}
	ASSERT_LT(0, io_uring_submit(ring));
}

/* Returns the number of completions, all of which must have the result @err. */
static int completed(struct __test_metadata *_metadata, struct io_uring *ring,
		     int err)
{
	struct io_uring_cqe *cqe;
	int n = 0;

	while (!io_uring_peek_cqe(ring, &cqe)) {
		EXPECT_EQ(err, cqe->res);
		io_uring_cqe_seen(ring, cqe);
		n++;
	}
	return n;
}

static int threads_done(void)
{
	int i, n = 0;

	for (i = 0; i < THREADS; i++)
		n += task_is_done(&tasks[i]);
	return n;
}

/* The longest waiters get the exits. The exit of the parent ends all waits. */
TEST_F(procsrv, multitude)
{
	struct io_uring_params params = {
		.flags = IORING_SETUP_CQSIZE,
		.cq_entries = 2 * REQUESTS,
	};
	struct io_uring ring;
	__u64 pids[EXITS], parent, keeper;
	int i, n = 0;

	ASSERT_EQ(0, io_uring_queue_init_params(ENTRIES, &ring, &params));
	ASSERT_EQ(0, io_uring_ring_dontfork(&ring));
	ASSERT_EQ(0, create(self->fd, self->root, &parent));
	ASSERT_EQ(0, create(self->fd, parent, &keeper));
	for (i = 0; i < EXITS; i++)
		ASSERT_EQ(0, create(self->fd, parent, &pids[i]));
	submit_all(_metadata, &ring, self->fd, parent);
	for (i = 0; i < THREADS; i++) {
		threads[i] = any_exit(parent);
		ASSERT_EQ(0, task_start(&tasks[i], self->fd, wait_task,
					&threads[i]));
	}
	for (i = 0; i < THREADS; i++)
		ASSERT_TRUE(task_is_asleep(&tasks[i]));
	EXPECT_EQ(0, completed(_metadata, &ring, 0));

	for (i = 0; i < EXITS; i++) {
		ASSERT_EQ(0, terminate(self->fd, pids[i], i, 0));
		while (!(n = completed(_metadata, &ring, 0)))
			;
		EXPECT_EQ(1, n);
		EXPECT_EQ(pids[i], requests[i].pid);
		EXPECT_EQ(i, requests[i].exit_code);
	}
	EXPECT_EQ(0, threads_done());
	EXPECT_EQ(PROCSRV_WAITING, state_of(self->fd, parent));

	ASSERT_EQ(0, terminate(self->fd, parent, 0, 0));
	for (i = 0; i < THREADS; i++)
		EXPECT_EQ(-ESRCH, task_join(&tasks[i]));
	for (n = 0; n < REQUESTS - EXITS;)
		n += completed(_metadata, &ring, -ESRCH);
	EXPECT_EQ(REQUESTS - EXITS, n);
	io_uring_queue_exit(&ring);
}

TEST_HARNESS_MAIN
