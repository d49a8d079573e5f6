// SPDX-License-Identifier: GPL-2.0-only
/*
 * procsrv selftests - hosted processes
 */
#include "hosts.h"
#include "snapshot.h"
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
	struct snapshot before;
	__u64 pid;
	__u32 i;

	for (i = 0; i <= 64; i++) {
		ASSERT_EQ(0, create_with(self->fd, self->root, EXIT_SIGNAL, i,
					 &pid));
		EXPECT_EQ(i == 17 ? 0 : PROCSRV_INFO_CLONE,
			  flags_of(self->fd, pid));
		ASSERT_EQ(0, terminate(self->fd, pid, 0, 0));
		EXPECT_EQ(i == 17 ? 0 : -ECHILD,
			  reap(self->fd, self->root, pid));
		if (i == 17)
			continue;
		struct procsrv_wait_args w =
			wait_args(self->root, PROCSRV_WAIT_PID, pid,
				  PROCSRV_WAIT_EXITED, PROCSRV_WAIT_NOHANG |
				  (i % 2 ? PROCSRV_WAIT_WCLONE :
				   PROCSRV_WAIT_WALL));

		EXPECT_EQ(0, do_wait(self->fd, &w));
		EXPECT_EQ(pid, w.pid);
	}
	ASSERT_EQ(0, create_with(self->fd, self->root, 0, 0, &pid));
	EXPECT_EQ(0, flags_of(self->fd, pid));
	snapshot_take(_metadata, &self->scene, &before);
	for (i = 0; i < 32; i++) {
		const __u32 signo = 1U << i;

		/* Without the flag the field must be zero. */
		EXPECT_EQ(-EINVAL, create_with(self->fd, self->root, 0, signo,
					       &pid));
		if (signo > 64)
			EXPECT_EQ(-EINVAL, create_with(self->fd, self->root,
						       EXIT_SIGNAL, signo,
						       &pid));
	}
	EXPECT_EQ(-EINVAL, create_with(self->fd, self->root, EXIT_SIGNAL, 65,
				       &pid));
	EXPECT_EQ(-EINVAL, create_with(self->fd, self->root, EXIT_SIGNAL, ~0U,
				       &pid));
	EXPECT_EQ(-EINVAL, create_with(self->fd, self->root, HOSTED, 17, &pid));
	EXPECT_TRUE(snapshot_same(_metadata, &self->scene, &before));
}

/* As with CLONE_PARENT of clone(2), which takes no exit signal. */
TEST_F(procsrv, siblings)
{
	const __u32 like = PROCSRV_CREATE_SIBLING | PROCSRV_CREATE_INHERIT;
	struct procsrv_info of, info;
	struct snapshot before;
	__u64 parent, pid;

	ASSERT_EQ(0, create_hosted(self->fd, self->root, &parent));
	ASSERT_EQ(0, create_with(self->fd, parent, HOSTED, 0, &pid));
	ASSERT_EQ(0, get_info(self->fd, pid, &of));
	ASSERT_EQ(0, create_with(self->fd, of.pid, HOSTED | like, 0, &pid));
	ASSERT_EQ(0, get_info(self->fd, pid, &info));
	EXPECT_EQ(parent, info.ppid);
	EXPECT_EQ(of.pgid, info.pgid);
	EXPECT_EQ(of.uid, info.uid);
	snapshot_take(_metadata, &self->scene, &before);
	EXPECT_EQ(-EINVAL, create_with(self->fd, of.pid, like | EXIT_SIGNAL, 0, &pid));
	EXPECT_EQ(-EINVAL, create_with(self->fd, of.pid, like, 1, &pid));
	EXPECT_EQ(-EINVAL, create_with(self->fd, PROCSRV_INIT_PID, like, 0, &pid));
	EXPECT_TRUE(snapshot_same(_metadata, &self->scene, &before));
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
	/* From a process that is not hosted. */
	ASSERT_EQ(0, signal_pid(self->fd, self->root, 10));
	args = take_args(self->root, NOHANG);
	ASSERT_EQ(0, take(self->fd, &args));
	EXPECT_EQ(self->root, args.target);
	EXPECT_EQ(0, args.origin);
}

/* Older programs have a structure that ends with the count. */
TEST_F(procsrv, older_take)
{
	const size_t size = offsetof(struct procsrv_take_signal_args, target);
	struct procsrv_take_signal_args *args = (void *)at_edge(size), full;
	__u64 pid;

	ASSERT_EQ(0, create_hosted(self->fd, self->root, &pid));
	ASSERT_EQ(0, signal_pid(self->fd, pid, 15));
	full = take_args(pid, NOHANG);
	memcpy(args, &full, size);
	ASSERT_EQ(0, call(self->fd, _IOC(_IOC_READ | _IOC_WRITE,
					 PROCSRV_IOC_MAGIC, 0x16, size), args));
	EXPECT_EQ(15, args->signo);
	EXPECT_EQ(1, args->count);
	EXPECT_EQ(0, pending_of(self->fd, pid));
}

TEST_F(procsrv, take_is_refused)
{
	struct procsrv_take_signal_args args, given;
	struct snapshot before;
	__u64 pid;
	int i;

	ASSERT_EQ(0, create_hosted(self->fd, self->root, &pid));
	ASSERT_EQ(0, signal_pid(self->fd, pid, 9));
	snapshot_take(_metadata, &self->scene, &before);
	for (i = 0; i < 64; i++) {
		args = take_args(0, NOHANG);
		args.mask &= ~(1ULL << i);
		given = args;
		EXPECT_EQ(-EINVAL, take(self->fd, &args));
		EXPECT_EQ(0, memcmp(&args, &given, sizeof(args)));
	}
	args = take_args(0, NOHANG);
	args.mask = 0;
	EXPECT_EQ(-EINVAL, take(self->fd, &args));
	args = take_args(0, NOHANG);
	args.timeout = 1;
	EXPECT_EQ(-EINVAL, take(self->fd, &args));
	args = take_args(0, NOHANG);
	args.pad = 1;
	EXPECT_EQ(-EINVAL, take(self->fd, &args));
	args.pid = pid;
	EXPECT_EQ(-EINVAL, take(self->fd, &args));
	args = take_args(0, NOHANG | 4);
	EXPECT_EQ(-EINVAL, take(self->fd, &args));
	EXPECT_TRUE(snapshot_same(_metadata, &self->scene, &before));
	/* By its pid it can be taken with any mask. */
	args = take_args(pid, NOHANG);
	args.mask = BIT64(9);
	EXPECT_EQ(0, take(self->fd, &args));
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

TEST_F(procsrv, take_times_out)
{
	const __u64 times[] = { 0, 1, 20 * MSEC };
	struct procsrv_take_signal_args args, given;
	struct task task;
	__u64 began;
	int i;

	for (i = 0; i < ARRAY_SIZE(times); i++) {
		given = take_args(0, PROCSRV_TAKE_TIMEOUT);
		given.timeout = times[i];
		args = given;
		began = now_ns();
		EXPECT_EQ(-ETIMEDOUT, take(self->fd, &args));
		EXPECT_LE(times[i], now_ns() - began);
		EXPECT_EQ(0, memcmp(&args, &given, sizeof(args)));
	}
	/* If a signal interrupts the thread, the remaining time is stored. */
	args = take_args(0, PROCSRV_TAKE_TIMEOUT);
	args.timeout = 3600000ULL * MSEC;
	interrupt_by(SIGUSR1, 0);
	ASSERT_EQ(0, task_start(&task, self->fd, take_task, &args));
	ASSERT_TRUE(task_is_asleep(&task));
	ASSERT_EQ(0, pthread_kill(task.thread, SIGUSR1));
	EXPECT_EQ(-EINTR, task_join(&task));
	EXPECT_GT(3600000ULL * MSEC, args.timeout);
	EXPECT_LE(3600000ULL * MSEC - (task.ended - task.began), args.timeout);
	EXPECT_TRUE(take_is_untouched(&args));
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
	__u64 pids[3];
	int i;

	ASSERT_LE(0, fd);
	for (i = 0; i < 3; i++)
		ASSERT_EQ(0, create_hosted(fd, self->root, &pids[i]));
	ASSERT_EQ(0, signal_pid(fd, pids[0], 9));
	ASSERT_EQ(0, report(fd, pids[1], PROCSRV_BODY_STOPPED, 20));
	ASSERT_EQ(0, report(fd, pids[2], PROCSRV_BODY_EXITING, 0));
	copy = dup(fd);
	ASSERT_LE(0, copy);
	ASSERT_EQ(0, close(fd));
	EXPECT_EQ(PROCSRV_RUNNING, state_of(self->fd, pids[0]));
	EXPECT_EQ(BIT64(9), pending_of(self->fd, pids[0]));
	EXPECT_EQ(POLLPRI, polled_for(copy, POLLPRI, 0));
	ASSERT_EQ(0, close(copy));
	for (i = 0; i < 3; i++) {
		w = wait_args(self->root, PROCSRV_WAIT_PID, pids[i],
			      PROCSRV_WAIT_EXITED, PROCSRV_WAIT_NOHANG);
		ASSERT_EQ(0, do_wait(self->fd, &w));
		EXPECT_EQ(-9, w.exit_code);
		EXPECT_EQ(9, w.exit_signal);
	}
}

TEST_F(procsrv, reports)
{
	struct procsrv_wait_args w;
	struct procsrv_info info;
	__u64 pid;
	int signo;

	ASSERT_EQ(0, create_hosted(self->fd, self->root, &pid));
	for (signo = 19; signo <= 22; signo++) {
		ASSERT_EQ(0, report(self->fd, pid, PROCSRV_BODY_STOPPED,
				    signo));
		ASSERT_EQ(0, get_info(self->fd, pid, &info));
		EXPECT_EQ(PROCSRV_STOPPED, info.state);
		EXPECT_EQ(signo, info.exit_signal);
		w = wait_args(self->root, PROCSRV_WAIT_ANY, 0,
			      PROCSRV_WAIT_STOPPED, PROCSRV_WAIT_NOHANG);
		ASSERT_EQ(0, do_wait(self->fd, &w));
		EXPECT_EQ(signo, w.exit_signal);
		EXPECT_EQ(0, w.exit_code);
		ASSERT_EQ(0, report(self->fd, pid, PROCSRV_BODY_CONTINUED, 0));
		w.what = PROCSRV_WAIT_CONTINUED;
		ASSERT_EQ(0, do_wait(self->fd, &w));
		EXPECT_EQ(18, w.exit_signal);
	}
	ASSERT_EQ(0, report(self->fd, pid, PROCSRV_BODY_EXITING, 0));
	EXPECT_EQ(PROCSRV_INFO_HOSTED | PROCSRV_INFO_TIED |
		  PROCSRV_INFO_EXITING, flags_of(self->fd, pid));
	EXPECT_EQ(-ESRCH, report(self->fd, pid, PROCSRV_BODY_EXITING, 0));
	ASSERT_EQ(0, terminate(self->fd, pid, 3, 11 | PROCSRV_CORE_DUMP));
	w.what = PROCSRV_WAIT_EXITED;
	ASSERT_EQ(0, do_wait(self->fd, &w));
	EXPECT_EQ(3, w.exit_code);
	EXPECT_EQ(11 | PROCSRV_CORE_DUMP, w.exit_signal);
}

TEST_F(procsrv, reports_are_refused)
{
	struct snapshot before;
	__u64 pid, zombie;
	int i;

	ASSERT_EQ(0, create_hosted(self->fd, self->root, &pid));
	ASSERT_EQ(0, create_hosted(self->fd, self->root, &zombie));
	ASSERT_EQ(0, terminate(self->fd, zombie, 0, 0));
	snapshot_take(_metadata, &self->scene, &before);
	for (i = 0; i < 32; i++) {
		if (1U << i > PROCSRV_BODY_EXITING)
			EXPECT_EQ(-EINVAL, report(self->fd, pid, 1U << i, 0));
		EXPECT_EQ(-EINVAL, report(self->fd, pid, PROCSRV_BODY_STOPPED,
					  1U << i));
		EXPECT_EQ(-EINVAL, report(self->fd, pid,
					  PROCSRV_BODY_CONTINUED, 1U << i));
		EXPECT_EQ(-EINVAL, report(self->fd, pid, PROCSRV_BODY_EXITING,
					  1U << i));
	}
	EXPECT_EQ(-EINVAL, report(self->fd, pid, 3, 0));
	EXPECT_EQ(-EINVAL, report(self->fd, pid, PROCSRV_BODY_STOPPED, 0));
	EXPECT_EQ(-EINVAL, report(self->fd, pid, PROCSRV_BODY_STOPPED, 18));
	EXPECT_EQ(-EINVAL, report(self->fd, pid, PROCSRV_BODY_STOPPED, 23));
	EXPECT_EQ(-EINVAL, report(self->fd, pid, PROCSRV_BODY_STOPPED,
				  256 + 19));
	EXPECT_EQ(-EOPNOTSUPP, report(self->fd, self->root,
				      PROCSRV_BODY_EXITING, 0));
	EXPECT_EQ(-ESRCH, report(self->fd, zombie, PROCSRV_BODY_EXITING, 0));
	EXPECT_EQ(-ESRCH, report(self->fd, NO_PID, PROCSRV_BODY_EXITING, 0));
	EXPECT_EQ(-EINVAL, terminate(self->fd, pid, 0, PROCSRV_CORE_DUMP));
	EXPECT_EQ(-EINVAL, terminate(self->fd, pid, 0, PROCSRV_CORE_DUMP | 65));
	EXPECT_EQ(-EINVAL, terminate(self->fd, pid, 0, 0x100 | 9));
	EXPECT_EQ(-EINVAL, terminate(self->fd, self->root, 0,
				     PROCSRV_CORE_DUMP | 6));
	EXPECT_TRUE(snapshot_same(_metadata, &self->scene, &before));
}

/* A host can make many reports in one batch. */
TEST_F(procsrv, batch_of_reports)
{
	enum { NR = 40 };
	struct procsrv_batch_op ops[4 * NR] = {};
	struct procsrv_batch_args batch = {
		.ops = to_u64(ops),
		.op_size = sizeof(ops[0]),
		.count = ARRAY_SIZE(ops),
		.done = PATTERN32,
	};
	struct procsrv_stats stats;
	__u64 pids[NR];
	int i;

	for (i = 0; i < ARRAY_SIZE(ops); i++) {
		struct procsrv_terminate_args end = { .exit_code = i };
		struct procsrv_report_args r = {};

		if (i < NR)
			ASSERT_EQ(0, create_hosted(self->fd, self->root,
						   &pids[i]));
		r.pid = pids[i % NR];
		end.pid = r.pid;
		r.what = i / NR;
		r.signo = i < NR ? 19 + i % 4 : 0;
		ops[i].cmd = i < 3 * NR ? PROCSRV_IOC_REPORT :
			     PROCSRV_IOC_TERMINATE;
		ops[i].result = PATTERN;
		memcpy(ops[i].args, i < 3 * NR ? (void *)&r : &end,
		       sizeof(r));
	}
	/* A report that fails does not affect the others. */
	((struct procsrv_report_args *)ops[NR + 5].args)->signo = 1;
	ASSERT_EQ(0, call(self->fd, PROCSRV_IOC_BATCH, &batch));
	EXPECT_EQ(ARRAY_SIZE(ops), batch.done);
	for (i = 0; i < ARRAY_SIZE(ops); i++)
		EXPECT_EQ(i == NR + 5 ? -EINVAL : 0, ops[i].result);
	for (i = 0; i < NR; i++)
		EXPECT_EQ(PROCSRV_ZOMBIE, state_of(self->fd, pids[i]));
	ASSERT_EQ(0, get_stats(self->fd, &stats));
	EXPECT_EQ(self->scene.before.stopped, stats.stopped);
}

/* Takes in a batch. */
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
	struct procsrv_credentials got;
	struct procsrv_wait_args w;
	__u64 pid, child;

	ASSERT_EQ(0, create_hosted(self->fd, self->root, &pid));
	ASSERT_EQ(0, get_credentials(self->fd, pid, &got));
	EXPECT_EQ(0, memcmp(&got, &none, sizeof(got)));
	ASSERT_EQ(0, set_credentials(self->fd, pid, &want));
	ASSERT_EQ(0, get_credentials(self->fd, pid, &got));
	EXPECT_EQ(0, memcmp(&got, &want, sizeof(got)));
	ASSERT_EQ(0, create_with(self->fd, pid,
				 HOSTED | PROCSRV_CREATE_INHERIT, 0, &child));
	ASSERT_EQ(0, get_credentials(self->fd, child, &got));
	EXPECT_EQ(0, memcmp(&got, &want, sizeof(got)));
	ASSERT_EQ(0, get_credentials(self->fd, self->root, &got));
	EXPECT_EQ(0, memcmp(&got, &none, sizeof(got)));
	/* A wait returns the real user id. */
	ASSERT_EQ(0, terminate(self->fd, pid, 0, 0));
	w = wait_args(self->root, PROCSRV_WAIT_PID, pid, PROCSRV_WAIT_EXITED,
		      PROCSRV_WAIT_NOHANG);
	ASSERT_EQ(0, do_wait(self->fd, &w));
	EXPECT_EQ(1, w.uid);
}

TEST_F(procsrv, credentials_are_refused)
{
	struct procsrv_credentials c, before, got;
	__u32 *fields = (__u32 *)&c;
	__u64 pid;
	int i;

	ASSERT_EQ(0, create_hosted(self->fd, self->root, &pid));
	ASSERT_EQ(0, get_credentials(self->fd, pid, &before));
	for (i = 0; i < 8; i++) {
		memset(&c, 0, sizeof(c));
		/* Invalid ids, unknown flags, padding. */
		fields[i] = ~0U;
		EXPECT_EQ(-EINVAL, set_credentials(self->fd, pid, &c));
	}
	for (i = 0; i < 32; i++) {
		memset(&c, 0, sizeof(c));
		c.pad = 1U << i;
		EXPECT_EQ(-EINVAL, set_credentials(self->fd, pid, &c));
		c.pad = 0;
		c.flags = 1U << i;
		if (i)
			EXPECT_EQ(-EINVAL, set_credentials(self->fd, pid, &c));
	}
	memset(&c, 0, sizeof(c));
	EXPECT_EQ(-EOPNOTSUPP, set_credentials(self->fd, self->root, &c));
	EXPECT_EQ(-ESRCH, set_credentials(self->fd, NO_PID, &c));
	EXPECT_EQ(-ESRCH, get_credentials(self->fd, NO_PID, &got));
	EXPECT_TRUE(untouched(&got, sizeof(got)));
	ASSERT_EQ(0, get_credentials(self->fd, pid, &got));
	EXPECT_EQ(0, memcmp(&got, &before, sizeof(got)));
}

TEST_HARNESS_MAIN
