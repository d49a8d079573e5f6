// SPDX-License-Identifier: GPL-2.0-only
/*
 * procsrv selftests - requests of io_uring that are done, but not completed
 *
 * The task that submitted a wait stores its result, when it next looks for
 * completions. With IORING_SETUP_DEFER_TASKRUN it may never do that.
 */
#include "uring.h"
#include "../cgroup.h"
#include "../handles.h"

enum {
	ALICE = 100001,
	KIB = 1 << 10,
	MIB = 1 << 20,
	WAITS = 100,		/* 25 MiB of strings in total */
	CANCELS = 10,
};

#define RING (IORING_SETUP_SINGLE_ISSUER | IORING_SETUP_DEFER_TASKRUN)

static char list[128 * KIB];

static int create_large(int fd, __u64 *pid)
{
	struct procsrv_create_args args = {
		.parent = PROCSRV_INIT_PID,
		.name = to_u64("large"),
		.argv = to_u64(list),
		.argv_len = sizeof(list),
		.envp = to_u64(list),
		.envp_len = sizeof(list),
	};
	int ret = call(fd, PROCSRV_IOC_CREATE, &args);

	*pid = args.pid;
	return ret;
}

/* Submits the wait @w, and ends the process that it waits for. */
static int wait_and_end(struct io_uring *ring, int server,
			struct procsrv_wait_args *w)
{
	__u64 pid;
	int ret = create_large(server, &pid);

	if (ret)
		return ret;
	*w = wait_args(PROCSRV_INIT_PID, PROCSRV_WAIT_PID, pid,
		       PROCSRV_WAIT_EXITED, 0);
	submit(ring, server, PROCSRV_IOC_WAIT, w, pid);
	return terminate(server, pid, 3, 0);
}

/*
 * In a group and on a server of its own. Returns 0, or a number for the failed
 * check.
 */
static int wait_for_large(const struct cgroup *cg, int fd)
{
	static struct procsrv_wait_args w[WAITS];
	struct io_uring ring;
	long long before;
	int server, i;

	if (cgroup_enter(cg) || ring_init(&ring, RING))
		return 1;
	server = new_server(fd);
	before = cgroup_read(cg, "memory.current", NULL);
	for (i = 0; i < WAITS; i++)
		if (wait_and_end(&ring, server, &w[i]))
			return 2;
	if (io_uring_cq_ready(&ring) || w[0].pid != PATTERN64)
		return 3;
	if (cgroup_read(cg, "memory.current", NULL) - before > 4 * MIB)
		return 4;
	for (i = 0; i < WAITS; i++)
		if (reap_one(&ring, NULL))
			return 5;
	for (i = 0; i < WAITS; i++)
		if (w[i].pid != w[i].id || w[i].exit_code != 3)
			return 6;
	return 0;
}

/* A reaped process is freed even if the result is not stored yet. */
TEST_F(procsrv, keep_no_process)
{
	struct cgroup group;
	int looks = 0;
	pid_t child;

	ASSERT_EQ(0, cgroup_mount());
	ASSERT_EQ(0, cgroup_new(&group, "unfinished"));
	child = fork_tied();
	ASSERT_LE(0, child);
	if (!child)
		_exit(wait_for_large(&group, self->fd));
	EXPECT_EQ(0, child_status(child));
	while (cgroup_remove(&group))
		ASSERT_TRUE(look_again(&looks));
}

static long long max_sleepers(void)
{
	struct cgroup parameters = {
		.path = "/sys/module/procsrv/parameters",
	};

	return cgroup_read(&parameters, "max_user_sleepers", NULL);
}

/*
 * Submits a take and sends the signal. Returns an error, or 1 if it has not
 * completed.
 */
static int take_and_send(struct io_uring *ring, int fd,
			 struct procsrv_take_signal_args *t)
{
	submit(ring, fd, PROCSRV_IOC_TAKE_SIGNAL, t, 0);
	if (io_uring_cq_ready(ring))
		return reap_one(ring, NULL);
	return signal_pid(fd, t->pid, 12) ?: 1;
}

static void cancel_among_them(struct __test_metadata *_metadata, int fd)
{
	struct io_uring other;
	int i;

	ASSERT_EQ(0, ring_init(&other, 0));
	for (i = 0; i < CANCELS; i++)
		EXPECT_EQ(-ENOENT, run(&other, fd, PROCSRV_URING_CANCEL,
				       &other, i & 1 ? IOSQE_ASYNC : 0));
	io_uring_queue_exit(&other);
}

/* Requests count until they complete, for the user id that submitted them. */
TEST_F(procsrv, are_counted)
{
	struct procsrv_take_signal_args t = { .mask = ~0ULL }, others = t;
	long long n, max = max_sleepers();
	struct io_uring ring;
	int ret;

	ASSERT_LT(0, max);
	ASSERT_EQ(0, create_as(self->fd, self->root, "alice's", ALICE, 0,
			       &t.pid));
	ASSERT_EQ(0, ring_init(&ring, RING));
	ASSERT_EQ(0, seteuid(ALICE));
	for (n = 0, ret = 1; n <= max && ret == 1; n++)
		ret = take_and_send(&ring, self->fd, &t);
	ASSERT_EQ(-EAGAIN, ret);
	EXPECT_EQ(max + 1, n);
	cancel_among_them(_metadata, self->fd);
	ASSERT_EQ(0, seteuid(0));
	/* Other users have their own count. */
	others.pid = self->root;
	EXPECT_EQ(1, take_and_send(&ring, self->fd, &others));
	for (; n > 0; n--)
		ASSERT_EQ(0, reap_one(&ring, NULL));
	ASSERT_EQ(0, seteuid(ALICE));
	EXPECT_EQ(1, take_and_send(&ring, self->fd, &t));
	EXPECT_EQ(0, reap_one(&ring, NULL));
	ASSERT_EQ(0, seteuid(0));
	io_uring_queue_exit(&ring);
}

TEST_HARNESS_MAIN
