// SPDX-License-Identifier: GPL-2.0-only
/*
 * procsrv selftests - taking signals
 *
 * kunit/take.c tests which one is taken.
 */
#include "fixture.h"
#include "snapshot.h"
#include "tasks.h"

#define NOHANG PROCSRV_TAKE_NOHANG

static struct procsrv_take_signal_args
take_args(__u64 pid, __u64 mask, __u32 flags, __u64 timeout)
{
	return (struct procsrv_take_signal_args) {
		.pid = pid,
		.mask = mask,
		.flags = flags,
		.timeout = timeout,
		.sender = PATTERN64,
		.signo = PATTERN32,
		.count = PATTERN64,
	};
}

static int take(int fd, struct procsrv_take_signal_args *args)
{
	return call(fd, PROCSRV_IOC_TAKE_SIGNAL, args);
}

static long take_task(struct task *task)
{
	return take(task->fd, task->data);
}

TEST_F(procsrv, every_field)
{
	struct procsrv_take_signal_args args, given;
	__u64 a, b;
	int i;

	ASSERT_EQ(0, create(self->fd, self->root, &a));
	ASSERT_EQ(0, create(self->fd, self->root, &b));
	/* A process that is stopped has signals to take, too. */
	ASSERT_EQ(0, signal_pid(self->fd, self->root, 19));
	ASSERT_EQ(0, signal_pid(self->fd, self->root, 64));
	/* The first sender, and the number of signals. */
	for (i = 0; i < 3; i++)
		ASSERT_EQ(0, send_signal(self->fd, i ? b : a, PROCSRV_TARGET_PID,
					 self->root, 12, NULL));
	given = take_args(self->root, ~0ULL, NOHANG, 0);
	args = given;
	ASSERT_EQ(0, take(self->fd, &args));
	EXPECT_EQ(12, args.signo);
	EXPECT_EQ(a, args.sender);
	EXPECT_EQ(3, args.count);
	EXPECT_EQ(BIT64(64), pending_of(self->fd, self->root));
	/* The input fields are unchanged. */
	args.signo = given.signo;
	args.sender = given.sender;
	args.count = given.count;
	EXPECT_EQ(self->root, args.target);
	EXPECT_EQ(0, args.origin);
	args.target = given.target;
	args.origin = given.origin;
	EXPECT_EQ(0, memcmp(&args, &given, sizeof(args)));
	/* Without a sender; the count begins again. */
	ASSERT_EQ(0, signal_pid(self->fd, self->root, 12));
	ASSERT_EQ(0, take(self->fd, &args));
	EXPECT_EQ(0, args.sender);
	EXPECT_EQ(1, args.count);
	args.mask = ~BIT64(64);
	given = args;
	EXPECT_EQ(-EAGAIN, take(self->fd, &args));
	EXPECT_EQ(0, memcmp(&args, &given, sizeof(args)));
	args.mask = BIT64(64);
	ASSERT_EQ(0, take(self->fd, &args));
	EXPECT_EQ(64, args.signo);
	EXPECT_EQ(PROCSRV_STOPPED, state_of(self->fd, self->root));
}

TEST_F(procsrv, errors)
{
	struct procsrv_take_signal_args args, given;
	struct snapshot before;
	__u64 zombie;
	int i;

	ASSERT_EQ(0, create(self->fd, self->root, &zombie));
	ASSERT_EQ(0, signal_pid(self->fd, zombie, 10));
	ASSERT_EQ(0, terminate(self->fd, zombie, 0, 0));
	ASSERT_EQ(0, signal_pid(self->fd, self->root, 10));
	snapshot_take(_metadata, &self->scene, &before);
	for (i = 0; i < 5; i++) {
		const struct procsrv_take_signal_args bad[] = {
			take_args(self->root, 0, NOHANG, 0),
			take_args(self->root, ~0ULL, NOHANG, 1),
			take_args(0, ~0ULL >> 1, NOHANG, 0),
			take_args(zombie, ~0ULL, 0, 0),
			take_args(NO_PID, ~0ULL, 0, 0),
		};

		given = bad[i];
		args = given;
		EXPECT_EQ(i < 3 ? -EINVAL : -ESRCH, take(self->fd, &args));
		EXPECT_EQ(0, memcmp(&args, &given, sizeof(args)));
	}
	EXPECT_TRUE(snapshot_same(_metadata, &self->scene, &before));
}

TEST_F(procsrv, woken)
{
	struct procsrv_take_signal_args args =
		take_args(self->root, BIT64(30) | BIT64(31), 0, 0);
	struct task task;
	__u64 sender;

	ASSERT_EQ(0, create(self->fd, self->root, &sender));
	ASSERT_EQ(0, task_start(&task, self->fd, take_task, &args));
	ASSERT_TRUE(task_is_asleep(&task));
	/* A take is not a wait for children. */
	EXPECT_EQ(PROCSRV_RUNNING, state_of(self->fd, self->root));
	ASSERT_EQ(0, signal_pid(self->fd, self->root, 29));
	ASSERT_TRUE(task_is_asleep(&task));
	ASSERT_EQ(0, send_signal(self->fd, sender, PROCSRV_TARGET_PID,
				 self->root, 31, NULL));
	EXPECT_EQ(0, task_join(&task));
	EXPECT_EQ(31, args.signo);
	EXPECT_EQ(sender, args.sender);
	EXPECT_EQ(1, args.count);
	EXPECT_EQ(BIT64(29), pending_of(self->fd, self->root));
}

TEST_F(procsrv, timeout)
{
	const __u64 times[] = { 0, 1, 20 * MSEC };
	struct procsrv_take_signal_args args, given;
	__u64 began;
	int i;

	for (i = 0; i < ARRAY_SIZE(times); i++) {
		given = take_args(self->root, ~0ULL, PROCSRV_TAKE_TIMEOUT,
				  times[i]);
		args = given;
		began = now_ns();
		EXPECT_EQ(-ETIMEDOUT, take(self->fd, &args));
		EXPECT_LE(times[i], now_ns() - began);
		EXPECT_EQ(0, memcmp(&args, &given, sizeof(args)));
	}
	/* With NOHANG the timeout is ignored. */
	args = take_args(self->root, ~0ULL, NOHANG | PROCSRV_TAKE_TIMEOUT,
			 ~0ULL);
	EXPECT_EQ(-EAGAIN, take(self->fd, &args));
	ASSERT_EQ(0, signal_pid(self->fd, self->root, 10));
	args = take_args(self->root, ~0ULL, PROCSRV_TAKE_TIMEOUT, 0);
	EXPECT_EQ(0, take(self->fd, &args));
}

TEST_F(procsrv, interrupted)
{
	const __u64 timeout = 3600000ULL * MSEC;
	struct procsrv_take_signal_args args =
		take_args(self->root, ~0ULL, PROCSRV_TAKE_TIMEOUT, timeout);
	struct task task;

	interrupt_by(SIGUSR1, 0);
	ASSERT_EQ(0, task_start(&task, self->fd, take_task, &args));
	ASSERT_TRUE(task_is_asleep(&task));
	ASSERT_EQ(0, pthread_kill(task.thread, SIGUSR1));
	EXPECT_EQ(-EINTR, task_join(&task));
	/* Only the remaining time was stored. */
	EXPECT_GE(timeout, args.timeout);
	EXPECT_LE(timeout - (task.ended - task.began), args.timeout);
	EXPECT_EQ(PATTERN64, args.sender);
	EXPECT_EQ(PATTERN64, args.count);
	EXPECT_EQ((__s32)PATTERN32, args.signo);
}

TEST_F(procsrv, restarted)
{
	struct procsrv_take_signal_args args = take_args(self->root, ~0ULL, 0,
							 0);
	struct task task;
	int i;

	interrupt_by(SIGUSR1, SA_RESTART);
	ASSERT_EQ(0, task_start(&task, self->fd, take_task, &args));
	for (i = 0; i < 3; i++) {
		ASSERT_TRUE(task_is_asleep(&task));
		ASSERT_EQ(0, pthread_kill(task.thread, SIGUSR1));
	}
	ASSERT_TRUE(task_is_asleep(&task));
	ASSERT_EQ(0, signal_pid(self->fd, self->root, 10));
	EXPECT_EQ(0, task_join(&task));
	/*
	 * It is restarted with the remaining time, so it ends despite many
	 * interruptions.
	 */
	args = take_args(self->root, ~0ULL, PROCSRV_TAKE_TIMEOUT, 200 * MSEC);
	ASSERT_EQ(0, task_start(&task, self->fd, take_task, &args));
	while (!task_is_done(&task)) {
		pthread_kill(task.thread, SIGUSR1);
		pause_ns(10 * MSEC);
	}
	EXPECT_EQ(-ETIMEDOUT, task_join(&task));
	EXPECT_LE(200 * MSEC, task.ended - task.began);
}

/* A killed taker consumes no signal. */
TEST_F(procsrv, taker_is_killed)
{
	struct procsrv_take_signal_args args;
	pid_t child;

	args = take_args(self->root, ~0ULL, 0, 0);
	child = fork_tied();
	ASSERT_LE(0, child);
	if (!child)
		_exit(take(self->fd, &args) ? 1 : 2);
	ASSERT_TRUE(child_sleeps(child));
	EXPECT_EQ(SIGKILL, killed(child));
	ASSERT_EQ(0, signal_pid(self->fd, self->root, 10));
	args.flags = NOHANG;
	EXPECT_EQ(0, take(self->fd, &args));
	EXPECT_EQ(10, args.signo);
}

TEST_HARNESS_MAIN
