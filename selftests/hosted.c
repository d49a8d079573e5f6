// SPDX-License-Identifier: GPL-2.0-only
/*
 * procsrv selftests - hosted processes
 */
#include "hosts.h"
#include "tasks.h"

enum { LONG = 3600 * 1000 };

#define NOHANG PROCSRV_TAKE_NOHANG

static long take_task(struct task *task)
{
	return take(task->fd, task->data);
}

static long poll_task(struct task *task)
{
	return polled_for(task->fd, POLLPRI, LONG);
}

TEST_F(procsrv, created)
{
	struct procsrv_info info;
	__u64 pid, tied;

	ASSERT_EQ(0, create_hosted(self->fd, self->root, &pid));
	ASSERT_EQ(0, get_info(self->fd, pid, &info));
	EXPECT_EQ(PROCSRV_INFO_HOSTED | PROCSRV_INFO_TIED, info.flags);
	EXPECT_EQ(PROCSRV_RUNNING, info.state);
	EXPECT_EQ(0, info.pending);
	ASSERT_EQ(0, create_with(self->fd, self->root,
				 HOSTED | PROCSRV_CREATE_TIED, 0, &tied));
	EXPECT_EQ(info.flags, flags_of(self->fd, tied));
	ASSERT_EQ(0, create_with(self->fd, pid,
				 HOSTED | PROCSRV_CREATE_INHERIT, 0, &tied));
	EXPECT_EQ(info.flags, flags_of(self->fd, tied));
	/* On the device, the caller cannot choose pids. */
	EXPECT_EQ(-EOPNOTSUPP, create_with(self->fd, self->root,
					   HOSTED | PROCSRV_CREATE_PID, 0,
					   &tied));
}

TEST_F(procsrv, exit_signals)
{
	struct procsrv_wait_args w;
	__u64 pid;

	ASSERT_EQ(0, create_with(self->fd, self->root, EXIT_SIGNAL, 17, &pid));
	EXPECT_EQ(0, flags_of(self->fd, pid));
	ASSERT_EQ(0, create_with(self->fd, self->root, EXIT_SIGNAL, 64, &pid));
	EXPECT_EQ(PROCSRV_INFO_CLONE, flags_of(self->fd, pid));
	ASSERT_EQ(0, terminate(self->fd, pid, 0, 0));
	EXPECT_EQ(-ECHILD, reap(self->fd, self->root, pid));
	w = wait_args(self->root, PROCSRV_WAIT_ANY, 0, PROCSRV_WAIT_EXITED,
		      PROCSRV_WAIT_NOHANG | PROCSRV_WAIT_NOWAIT |
		      PROCSRV_WAIT_WALL);
	EXPECT_EQ(0, do_wait(self->fd, &w));
	w.flags = PROCSRV_WAIT_NOHANG | PROCSRV_WAIT_WCLONE;
	EXPECT_EQ(0, do_wait(self->fd, &w));
	EXPECT_EQ(pid, w.pid);
	EXPECT_EQ(-EINVAL, create_with(self->fd, self->root, EXIT_SIGNAL, 65,
				       &pid));
	EXPECT_EQ(-EINVAL, create_with(self->fd, self->root, EXIT_SIGNAL,
				       256 + 17, &pid));
	EXPECT_EQ(-EINVAL, create_with(self->fd, self->root, EXIT_SIGNAL, ~0U,
				       &pid));
}

/* As with CLONE_PARENT of clone(2), which takes no exit signal. */
TEST_F(procsrv, siblings)
{
	const __u32 like = PROCSRV_CREATE_SIBLING | PROCSRV_CREATE_INHERIT;
	struct procsrv_info info;
	__u64 of, pid;

	ASSERT_EQ(0, create_hosted(self->fd, self->root, &of));
	ASSERT_EQ(0, create_with(self->fd, of, HOSTED | like, 0, &pid));
	ASSERT_EQ(0, get_info(self->fd, pid, &info));
	EXPECT_EQ(self->root, info.ppid);
	EXPECT_EQ(-EINVAL, create_with(self->fd, of, like | EXIT_SIGNAL, 0, &pid));
	EXPECT_EQ(-EINVAL, create_with(self->fd, PROCSRV_INIT_PID, like, 0, &pid));
}

TEST_F(procsrv, take_writes_every_field)
{
	struct procsrv_take_signal_args args, given;
	__u64 pid, sender;

	ASSERT_EQ(0, create_hosted(self->fd, self->root, &pid));
	ASSERT_EQ(0, create(self->fd, self->root, &sender));
	ASSERT_EQ(0, send_signal(self->fd, sender, PROCSRV_TARGET_PID, pid, 9,
				 NULL));
	ASSERT_EQ(0, send_signal(self->fd, sender, PROCSRV_TARGET_PID, pid, 9,
				 NULL));
	ASSERT_EQ(0, signal_pid(self->fd, pid, 9));
	ASSERT_EQ(0, signal_pid(self->fd, pid, 9));
	given = take_args(0, NOHANG);
	args = given;
	ASSERT_EQ(0, take(self->fd, &args));
	EXPECT_EQ(9, args.signo);
	EXPECT_EQ(sender, args.sender);
	EXPECT_EQ(3, args.count);
	EXPECT_EQ(pid, args.target);
	EXPECT_EQ(PROCSRV_FROM_PROCESS | PROCSRV_FROM_OUTSIDE, args.origin);
	EXPECT_EQ(0, args.pid);
	EXPECT_EQ(given.mask, args.mask);
	EXPECT_EQ(given.flags, args.flags);
	EXPECT_EQ(0, args.pad);
	EXPECT_EQ(PROCSRV_RUNNING, state_of(self->fd, pid));
	args = given;
	EXPECT_EQ(-EAGAIN, take(self->fd, &args));
	EXPECT_TRUE(take_is_untouched(&args));
}

TEST_F(procsrv, take_sleeps)
{
	struct procsrv_take_signal_args args = take_args(0, 0);
	struct task task;
	__u64 pid;

	ASSERT_EQ(0, task_start(&task, self->fd, take_task, &args));
	ASSERT_TRUE(task_is_asleep(&task));
	ASSERT_EQ(0, create_hosted(self->fd, self->root, &pid));
	ASSERT_EQ(0, signal_pid(self->fd, self->root, 10));
	ASSERT_EQ(0, signal_pid(self->fd, pid, 0));
	ASSERT_TRUE(task_is_asleep(&task));
	ASSERT_EQ(0, signal_pid(self->fd, pid, 19));
	EXPECT_EQ(0, task_join(&task));
	EXPECT_EQ(pid, args.target);
	EXPECT_EQ(19, args.signo);
	EXPECT_EQ(0, args.sender);
	EXPECT_EQ(1, args.count);
	EXPECT_EQ(PROCSRV_FROM_OUTSIDE, args.origin);
	EXPECT_EQ(0, pending_of(self->fd, pid));
}

/* Each descriptor is a host of its own. */
TEST_F(procsrv, hosts_are_descriptors)
{
	struct procsrv_take_signal_args args;
	int other = open_device();
	__u64 pid;

	ASSERT_LE(0, other);
	ASSERT_EQ(0, create_hosted(other, self->root, &pid));
	ASSERT_EQ(0, signal_pid(self->fd, pid, 9));
	args = take_args(0, NOHANG);
	EXPECT_EQ(-EAGAIN, take(self->fd, &args));
	EXPECT_EQ(0, polled_for(self->fd, POLLPRI, 0));
	EXPECT_EQ(POLLPRI, polled_for(other, POLLPRI, 0));
	EXPECT_EQ(0, take(other, &args));
	EXPECT_EQ(pid, args.target);
	EXPECT_EQ(0, polled_for(other, POLLPRI, 0));
	/* By its pid it can be taken on any descriptor. */
	ASSERT_EQ(0, signal_pid(self->fd, pid, 9));
	args = take_args(pid, NOHANG);
	EXPECT_EQ(0, take(self->fd, &args));
	EXPECT_EQ(0, polled_for(other, POLLPRI, 0));
	ASSERT_EQ(0, close(other));
}

TEST_F(procsrv, poll_tells_of_signals)
{
	struct procsrv_take_signal_args args;
	struct task task;
	__u64 a, b;

	ASSERT_EQ(0, create_hosted(self->fd, self->root, &a));
	ASSERT_EQ(0, create_hosted(self->fd, self->root, &b));
	EXPECT_EQ(0, polled_for(self->fd, POLLPRI, 0));
	ASSERT_EQ(0, task_start(&task, self->fd, poll_task, NULL));
	ASSERT_TRUE(task_is_asleep(&task));
	ASSERT_EQ(0, signal_pid(self->fd, self->root, 10));
	ASSERT_TRUE(task_is_asleep(&task));
	ASSERT_EQ(0, signal_pid(self->fd, b, 9));
	EXPECT_EQ(POLLPRI, task_join(&task));
	ASSERT_EQ(0, signal_pid(self->fd, b, 10));
	ASSERT_EQ(0, signal_pid(self->fd, a, 10));
	/* POLLPRI as long as a signal is pending. */
	args = take_args(0, NOHANG);
	ASSERT_EQ(0, take(self->fd, &args));
	EXPECT_EQ(POLLPRI, polled_for(self->fd, POLLPRI, 0));
	ASSERT_EQ(0, report(self->fd, b, PROCSRV_BODY_EXITING, 0));
	EXPECT_EQ(POLLPRI, polled_for(self->fd, POLLPRI, 0));
	ASSERT_EQ(0, terminate(self->fd, a, 0, 0));
	EXPECT_EQ(0, polled_for(self->fd, POLLPRI, 0));
	ASSERT_EQ(0, signal_pid(self->fd, b, 10));
	EXPECT_EQ(0, polled_for(self->fd, POLLPRI, 0));
}

/* Polling for signals only does not subscribe to events. */
TEST_F(procsrv, poll_for_signals_is_no_subscription)
{
	int fd = open_device();
	__u64 pid;

	ASSERT_LE(0, fd);
	ASSERT_EQ(0, create_hosted(fd, self->root, &pid));
	EXPECT_EQ(0, polled_for(fd, POLLPRI, 0));
	EXPECT_EQ(0, polled_for(fd, POLLPRI, 1));
	ASSERT_EQ(0, signal_pid(self->fd, self->root, 10));
	EXPECT_EQ(0, polled_for(fd, POLLIN, 0));
	/* The poll above has subscribed. */
	ASSERT_EQ(0, signal_pid(self->fd, self->root, 11));
	EXPECT_EQ(POLLIN, polled_for(fd, POLLIN, 0));
	EXPECT_EQ(0, polled_for(fd, POLLPRI, 0));
	ASSERT_EQ(0, signal_pid(self->fd, pid, 9));
	EXPECT_EQ(POLLIN | POLLPRI, polled_for(fd, POLLIN | POLLPRI, 0));
	ASSERT_EQ(0, close(fd));
}

TEST_F(procsrv, ends_with_its_host)
{
	struct procsrv_wait_args w;
	int fd = open_device(), copy;
	__u64 pid;

	ASSERT_LE(0, fd);
	ASSERT_EQ(0, create_hosted(fd, self->root, &pid));
	ASSERT_EQ(0, signal_pid(fd, pid, 15));
	copy = dup(fd);
	ASSERT_LE(0, copy);
	ASSERT_EQ(0, close(fd));
	EXPECT_EQ(PROCSRV_RUNNING, state_of(self->fd, pid));
	EXPECT_EQ(BIT64(15), pending_of(self->fd, pid));
	EXPECT_EQ(POLLPRI, polled_for(copy, POLLPRI, 0));
	ASSERT_EQ(0, close(copy));
	w = wait_args(self->root, PROCSRV_WAIT_ANY, 0, PROCSRV_WAIT_EXITED,
		      PROCSRV_WAIT_NOHANG);
	ASSERT_EQ(0, do_wait(self->fd, &w));
	EXPECT_EQ(-9, w.exit_code);
	EXPECT_EQ(9, w.exit_signal);
}

TEST_F(procsrv, reports)
{
	struct procsrv_wait_args w;
	struct procsrv_info info;
	__u64 pid;

	ASSERT_EQ(0, create_hosted(self->fd, self->root, &pid));
	EXPECT_EQ(-EINVAL, report(self->fd, pid, PROCSRV_BODY_EXITING + 1, 0));
	EXPECT_EQ(-EINVAL, report(self->fd, pid, 256 + PROCSRV_BODY_EXITING, 0));
	EXPECT_EQ(-EINVAL, report(self->fd, pid, PROCSRV_BODY_STOPPED,
				  256 + 19));
	EXPECT_EQ(-EINVAL, report(self->fd, pid, PROCSRV_BODY_CONTINUED, 18));
	EXPECT_EQ(-EOPNOTSUPP, report(self->fd, self->root,
				      PROCSRV_BODY_EXITING, 0));
	ASSERT_EQ(0, report(self->fd, pid, PROCSRV_BODY_STOPPED, 22));
	ASSERT_EQ(0, get_info(self->fd, pid, &info));
	EXPECT_EQ(PROCSRV_STOPPED, info.state);
	EXPECT_EQ(22, info.exit_signal);
	w = wait_args(self->root, PROCSRV_WAIT_ANY, 0, PROCSRV_WAIT_STOPPED,
		      PROCSRV_WAIT_NOHANG);
	ASSERT_EQ(0, do_wait(self->fd, &w));
	EXPECT_EQ(22, w.exit_signal);
	EXPECT_EQ(0, w.exit_code);
	ASSERT_EQ(0, report(self->fd, pid, PROCSRV_BODY_CONTINUED, 0));
	w.what = PROCSRV_WAIT_CONTINUED;
	ASSERT_EQ(0, do_wait(self->fd, &w));
	EXPECT_EQ(18, w.exit_signal);
	ASSERT_EQ(0, report(self->fd, pid, PROCSRV_BODY_EXITING, 0));
	EXPECT_EQ(PROCSRV_INFO_HOSTED | PROCSRV_INFO_TIED |
		  PROCSRV_INFO_EXITING, flags_of(self->fd, pid));
	EXPECT_EQ(-ESRCH, report(self->fd, pid, PROCSRV_BODY_EXITING, 0));
	ASSERT_EQ(0, terminate(self->fd, pid, 3, 11 | PROCSRV_CORE_DUMP));
	w.what = PROCSRV_WAIT_EXITED;
	ASSERT_EQ(0, do_wait(self->fd, &w));
	EXPECT_EQ(3, w.exit_code);
	EXPECT_EQ(11 | PROCSRV_CORE_DUMP, w.exit_signal);
	EXPECT_EQ(-EINVAL, terminate(self->fd, self->root, 0,
				     PROCSRV_CORE_DUMP | 6));
}

/* Takes in a batch, for the host of the descriptor that the batch is called on. */
TEST_F(procsrv, batch_of_takes)
{
	struct procsrv_batch_op ops[3] = {};
	struct procsrv_batch_args batch = {
		.ops = to_u64(ops),
		.op_size = sizeof(ops[0]),
		.count = ARRAY_SIZE(ops),
		.flags = PROCSRV_BATCH_STOP,
		.done = PATTERN32,
	};
	struct procsrv_take_signal_args args = take_args(0, NOHANG);
	__u64 pid;
	int i;

	ASSERT_EQ(0, create_hosted(self->fd, self->root, &pid));
	ASSERT_EQ(0, signal_pid(self->fd, pid, 30));
	ASSERT_EQ(0, signal_pid(self->fd, pid, 20));
	for (i = 0; i < 3; i++) {
		ops[i].cmd = PROCSRV_IOC_TAKE_SIGNAL;
		memcpy(ops[i].args, &args, sizeof(args));
	}
	ASSERT_EQ(0, call(self->fd, PROCSRV_IOC_BATCH, &batch));
	EXPECT_EQ(3, batch.done);
	for (i = 0; i < 2; i++) {
		memcpy(&args, ops[i].args, sizeof(args));
		EXPECT_EQ(0, ops[i].result);
		EXPECT_EQ(pid, args.target);
		EXPECT_EQ(20 + 10 * i, args.signo);
	}
	EXPECT_EQ(-EAGAIN, ops[2].result);
}

TEST_F(procsrv, credentials)
{
	const struct procsrv_credentials want = {
		1, 2, 3, 4, 5, 6, PROCSRV_CREDENTIALS_KILL, 0,
	}, none = {};
	struct procsrv_credentials got, bad;
	__u32 *fields = (__u32 *)&bad;
	struct procsrv_wait_args w;
	__u64 pid;
	int i;

	ASSERT_EQ(0, create_hosted(self->fd, self->root, &pid));
	ASSERT_EQ(0, get_credentials(self->fd, pid, &got));
	EXPECT_EQ(0, memcmp(&got, &none, sizeof(got)));
	ASSERT_EQ(0, set_credentials(self->fd, pid, &want));
	/* Invalid ids, unknown flags, padding. */
	for (i = 0; i < 8; i++) {
		bad = none;
		fields[i] = ~0U;
		EXPECT_EQ(-EINVAL, set_credentials(self->fd, pid, &bad));
	}
	EXPECT_EQ(-EOPNOTSUPP, set_credentials(self->fd, self->root, &none));
	ASSERT_EQ(0, get_credentials(self->fd, pid, &got));
	EXPECT_EQ(0, memcmp(&got, &want, sizeof(got)));
	EXPECT_EQ(-ESRCH, get_credentials(self->fd, NO_PID, &got));
	EXPECT_TRUE(untouched(&got, sizeof(got)));
	/* A wait returns the real user id. */
	ASSERT_EQ(0, terminate(self->fd, pid, 0, 0));
	w = wait_args(self->root, PROCSRV_WAIT_PID, pid, PROCSRV_WAIT_EXITED,
		      PROCSRV_WAIT_NOHANG);
	ASSERT_EQ(0, do_wait(self->fd, &w));
	EXPECT_EQ(1, w.uid);
}

TEST_HARNESS_MAIN
