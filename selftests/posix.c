// SPDX-License-Identifier: GPL-2.0-only
/*
 * procsrv selftests - other features for servers of real programs: POSIX ids,
 * further descriptors, autoreap, foreground groups
 */
#include "hosts.h"
#include "snapshot.h"
#include "tasks.h"

static int posix_server(int fd)
{
	return new_server_as(fd, PROCSRV_SERVER_POSIX_IDS);
}

static __u32 foreground_of(int fd, __u32 sid)
{
	struct procsrv_session_args args;

	return get_session(fd, sid, &args) ? PATTERN32 : args.foreground;
}

TEST_F(procsrv, server_flags)
{
	int fd = new_server(self->fd), bit;

	ASSERT_LE(0, fd);
	for (bit = 3; bit < 32; bit++) {
		EXPECT_EQ(-EINVAL, new_server_as(fd, 1U << bit));
		EXPECT_EQ(-EINVAL, new_server_as(fd, 1U << bit | 1));
	}
	EXPECT_EQ(-EINVAL, new_server_as(fd, PROCSRV_SERVER_POSIX_IDS |
					     PROCSRV_SERVER_SAME));
	EXPECT_EQ(-EOPNOTSUPP, new_server_as(self->fd, PROCSRV_SERVER_SAME));
	ASSERT_EQ(0, close(fd));
}

/* Init reaps orphans when they exit, and zombies that are reparented to it. */
TEST_F(procsrv, init_reaps)
{
	int fd = new_server_as(self->fd, PROCSRV_SERVER_INIT_REAPS |
					 PROCSRV_SERVER_POSIX_IDS);
	struct procsrv_info info;
	__u64 parent, child, zombie, other;

	ASSERT_LE(0, fd);
	ASSERT_EQ(0, get_info(fd, PROCSRV_INIT_PID, &info));
	EXPECT_TRUE(info.flags & PROCSRV_INFO_AUTOREAP);
	ASSERT_EQ(0, create(fd, PROCSRV_INIT_PID, &parent));
	ASSERT_EQ(0, create(fd, parent, &child));
	ASSERT_EQ(0, create(fd, parent, &zombie));
	ASSERT_EQ(0, terminate(fd, zombie, 0, 0));
	EXPECT_EQ(PROCSRV_ZOMBIE, state_of(fd, zombie));
	ASSERT_EQ(0, terminate(fd, parent, 0, 0));
	EXPECT_EQ(-ESRCH, get_info(fd, parent, &info));
	EXPECT_EQ(-ESRCH, get_info(fd, zombie, &info));
	ASSERT_EQ(0, get_info(fd, child, &info));
	EXPECT_EQ(PROCSRV_INIT_PID, info.ppid);
	ASSERT_EQ(0, terminate(fd, child, 0, 0));
	EXPECT_EQ(-ESRCH, get_info(fd, child, &info));
	ASSERT_EQ(0, close(fd));

	/* Without the flag, init keeps its zombies. */
	fd = new_server(self->fd);
	ASSERT_LE(0, fd);
	ASSERT_EQ(0, create(fd, PROCSRV_INIT_PID, &other));
	ASSERT_EQ(0, terminate(fd, other, 0, 0));
	EXPECT_EQ(PROCSRV_ZOMBIE, state_of(fd, other));
	ASSERT_EQ(0, close(fd));
}

TEST_F(procsrv, ids_are_pids)
{
	int fd = posix_server(self->fd);
	__u32 sid, pgid;
	__u64 shell, job, member;

	ASSERT_LE(0, fd);
	ASSERT_EQ(0, create_given(fd, PROCSRV_INIT_PID, 400));
	shell = 400;
	ASSERT_EQ(0, create_session(fd, shell, &sid, &pgid));
	EXPECT_EQ(400, sid);
	EXPECT_EQ(400, pgid);
	ASSERT_EQ(0, create(fd, shell, &job));
	ASSERT_EQ(0, create(fd, shell, &member));
	EXPECT_EQ(401, job);
	/* As setpgid(0, 0), and as setpgid() of a child. */
	ASSERT_EQ(0, set_group(fd, job, 0, 0));
	EXPECT_EQ(job, pgid_of(fd, job));
	ASSERT_EQ(0, set_group(fd, shell, member, job));
	EXPECT_EQ(job, pgid_of(fd, member));
	ASSERT_EQ(0, create_group(fd, member, 0, sid, &pgid));
	EXPECT_EQ(member, pgid);
	EXPECT_EQ(-EPERM, create_session(fd, job, &sid, &pgid));
	ASSERT_EQ(0, set_group(fd, job, 0, shell));
	ASSERT_EQ(0, create_session(fd, job, &sid, &pgid));
	EXPECT_EQ(job, sid_of(fd, job));
	ASSERT_EQ(0, close(fd));
}

TEST_F(procsrv, group_zero)
{
	struct procsrv_wait_args w;
	int fd = posix_server(self->fd);
	__u32 sid, pgid, count;
	__u64 shell, near, far;

	ASSERT_LE(0, fd);
	ASSERT_EQ(0, create(fd, PROCSRV_INIT_PID, &shell));
	ASSERT_EQ(0, create_session(fd, shell, &sid, &pgid));
	ASSERT_EQ(0, create(fd, shell, &far));
	ASSERT_EQ(0, create(fd, shell, &near));
	ASSERT_EQ(0, set_group(fd, far, 0, 0));
	ASSERT_EQ(0, send_signal(fd, shell, PROCSRV_TARGET_PGID, 0, 10,
				 &count));
	EXPECT_EQ(2, count);
	EXPECT_EQ(BIT64(10), pending_of(fd, near));
	EXPECT_EQ(BIT64(10), pending_of(fd, shell));
	EXPECT_EQ(0, pending_of(fd, far));
	EXPECT_EQ(-ESRCH, send_signal(fd, 0, PROCSRV_TARGET_PGID, 0, 10,
				      &count));
	EXPECT_EQ(PATTERN32, count);
	ASSERT_EQ(0, terminate(fd, far, 0, 0));
	w = wait_args(shell, PROCSRV_WAIT_PGID, 0, PROCSRV_WAIT_EXITED,
		      PROCSRV_WAIT_NOHANG);
	EXPECT_EQ(-EAGAIN, do_wait(fd, &w));
	ASSERT_EQ(0, terminate(fd, near, 0, 0));
	ASSERT_EQ(0, do_wait(fd, &w));
	EXPECT_EQ(near, w.pid);
	/* The argument is unchanged. */
	EXPECT_EQ(0, w.id);
	EXPECT_EQ(-ECHILD, do_wait(fd, &w));
	ASSERT_EQ(0, close(fd));
}

/* A restarted wait for the group 0 still waits for its own group. */
TEST_F(procsrv, group_zero_is_waited_for)
{
	struct waiter waiter;
	int fd = posix_server(self->fd);
	__u32 sid, pgid;
	__u64 shell, near;

	ASSERT_LE(0, fd);
	ASSERT_EQ(0, create(fd, PROCSRV_INIT_PID, &shell));
	ASSERT_EQ(0, create_session(fd, shell, &sid, &pgid));
	ASSERT_EQ(0, create(fd, shell, &near));
	interrupt_by(SIGUSR1, SA_RESTART);
	ASSERT_EQ(0, waiter_start(&waiter, fd,
				  wait_args(shell, PROCSRV_WAIT_PGID, 0,
					    PROCSRV_WAIT_EXITED, 0)));
	ASSERT_TRUE(waiter_sleeps(&waiter));
	ASSERT_EQ(0, pthread_kill(waiter.thread, SIGUSR1));
	ASSERT_TRUE(waiter_sleeps(&waiter));
	ASSERT_EQ(0, terminate(fd, near, 7, 0));
	EXPECT_EQ(0, waiter_join(&waiter));
	EXPECT_EQ(near, waiter.args.pid);
	EXPECT_EQ(7, waiter.args.exit_code);
	ASSERT_EQ(0, close(fd));
}

TEST_F(procsrv, pids_are_31_bits)
{
	int fd = posix_server(self->fd);
	__u32 sid, pgid;
	__u64 pid;

	ASSERT_LE(0, fd);
	EXPECT_EQ(-EINVAL, create_given(fd, PROCSRV_INIT_PID, 0x80000000));
	EXPECT_EQ(-EINVAL, create_given(fd, PROCSRV_INIT_PID, 0x100000002));
	EXPECT_EQ(-EINVAL, create_given(fd, PROCSRV_INIT_PID, ~0ULL));
	EXPECT_EQ(-EINVAL, create_given(fd, PROCSRV_INIT_PID, 0));
	ASSERT_EQ(0, create_given(fd, PROCSRV_INIT_PID, 0x7ffffffe));
	ASSERT_EQ(0, create(fd, PROCSRV_INIT_PID, &pid));
	EXPECT_EQ(0x7fffffff, pid);
	EXPECT_EQ(-EOVERFLOW, create(fd, PROCSRV_INIT_PID, &pid));
	ASSERT_EQ(0, create_session(fd, 0x7fffffff, &sid, &pgid));
	EXPECT_EQ(0x7fffffff, sid);
	ASSERT_EQ(0, close(fd));
}

TEST_F(procsrv, pid_of_a_group)
{
	int fd = posix_server(self->fd);
	__u32 sid, pgid;
	__u64 shell, child;

	ASSERT_LE(0, fd);
	ASSERT_EQ(0, create(fd, PROCSRV_INIT_PID, &shell));
	ASSERT_EQ(0, create_session(fd, shell, &sid, &pgid));
	ASSERT_EQ(0, create(fd, shell, &child));
	ASSERT_EQ(0, terminate(fd, shell, 0, 0));
	ASSERT_EQ(0, reap(fd, PROCSRV_INIT_PID, shell));
	EXPECT_EQ(-EEXIST, create_given(fd, PROCSRV_INIT_PID, shell));
	ASSERT_EQ(0, set_group(fd, child, 0, 0));
	/* The session still uses the id. */
	EXPECT_EQ(-EEXIST, create_given(fd, PROCSRV_INIT_PID, shell));
	ASSERT_EQ(0, terminate(fd, child, 0, 0));
	ASSERT_EQ(0, reap(fd, PROCSRV_INIT_PID, child));
	EXPECT_EQ(0, create_given(fd, PROCSRV_INIT_PID, shell));
	ASSERT_EQ(0, close(fd));
}

/* On the device, ids of 0 are invalid. */
TEST_F(procsrv, zero_of_the_device)
{
	struct procsrv_wait_args w =
		wait_args(self->root, PROCSRV_WAIT_PGID, 0,
			  PROCSRV_WAIT_EXITED, PROCSRV_WAIT_NOHANG);
	struct snapshot before;
	__u32 sid, pgid;

	ASSERT_EQ(0, create_session(self->fd, self->root, &sid, &pgid));
	snapshot_take(_metadata, &self->scene, &before);
	EXPECT_EQ(-EINVAL, do_wait(self->fd, &w));
	EXPECT_EQ(-ESRCH, send_signal(self->fd, self->root,
				      PROCSRV_TARGET_PGID, 0, 9, NULL));
	EXPECT_EQ(-ESRCH, set_group(self->fd, self->root, 0, pgid));
	EXPECT_EQ(-ESRCH, create_group(self->fd, self->root, 0, sid, &pgid));
	EXPECT_TRUE(snapshot_same(_metadata, &self->scene, &before));
}

/* A further descriptor: the same server, with hosted processes of its own. */
TEST_F(procsrv, further_descriptor)
{
	struct procsrv_take_signal_args args = take_args(0, PROCSRV_TAKE_NOHANG);
	int fd = posix_server(self->fd), other;
	__u32 sid, pgid;
	__u64 a, b;

	ASSERT_LE(0, fd);
	other = new_server_as(fd, PROCSRV_SERVER_SAME);
	ASSERT_LE(0, other);
	EXPECT_EQ(FD_CLOEXEC, fcntl(other, F_GETFD));
	ASSERT_EQ(0, create_hosted(fd, PROCSRV_INIT_PID, &a));
	ASSERT_EQ(0, create_hosted(other, a, &b));
	EXPECT_EQ(a + 1, b);
	ASSERT_EQ(0, create_session(other, a, &sid, &pgid));
	EXPECT_EQ(a, sid);
	ASSERT_EQ(0, signal_pid(fd, b, 9));
	EXPECT_EQ(-EAGAIN, take(fd, &args));
	EXPECT_EQ(0, take(other, &args));
	EXPECT_EQ(b, args.target);
	/* Closing it ends the processes that it hosts, and no others. */
	ASSERT_EQ(0, close(other));
	EXPECT_EQ(PROCSRV_ZOMBIE, state_of(fd, b));
	EXPECT_EQ(PROCSRV_RUNNING, state_of(fd, a));
	/* Another further descriptor can be created. */
	other = new_server_as(fd, PROCSRV_SERVER_SAME);
	ASSERT_LE(0, other);
	ASSERT_EQ(0, close(other));
	ASSERT_EQ(0, close(fd));
}

/* The server ends with the descriptor that it was created with. */
TEST_F(procsrv, further_descriptor_is_left)
{
	int fd = new_server(self->fd), other, third;
	__u64 a, b, none;

	ASSERT_LE(0, fd);
	other = new_server_as(fd, PROCSRV_SERVER_SAME);
	ASSERT_LE(0, other);
	third = new_server_as(other, PROCSRV_SERVER_SAME);
	ASSERT_LE(0, third);
	ASSERT_EQ(0, create(fd, PROCSRV_INIT_PID, &a));
	ASSERT_EQ(0, create_hosted(other, PROCSRV_INIT_PID, &b));
	ASSERT_EQ(0, close(fd));
	/* Only init is left. */
	EXPECT_EQ(-ESRCH, state_of(other, a));
	EXPECT_EQ(-ESRCH, state_of(third, b));
	EXPECT_EQ(PROCSRV_RUNNING, state_of(other, PROCSRV_INIT_PID));
	EXPECT_EQ(-ESHUTDOWN, create(other, PROCSRV_INIT_PID, &none));
	EXPECT_EQ(-ESHUTDOWN, create_hosted(third, PROCSRV_INIT_PID, &none));
	EXPECT_EQ(-ESHUTDOWN, new_server_as(other, PROCSRV_SERVER_SAME));
	ASSERT_EQ(0, close(other));
	ASSERT_EQ(0, close(third));
}

TEST_F(procsrv, autoreap)
{
	struct procsrv_wait_args w;
	struct procsrv_exit_record record;
	struct waiter waiter;
	__u64 a, b, clone;
	int handle;

	ASSERT_EQ(0, set_autoreap(self->fd, self->root, 1));
	EXPECT_EQ(PROCSRV_INFO_AUTOREAP, flags_of(self->fd, self->root));
	ASSERT_EQ(0, create(self->fd, self->root, &a));
	ASSERT_EQ(0, create(self->fd, self->root, &b));
	ASSERT_EQ(0, create_with(self->fd, self->root, EXIT_SIGNAL, 0,
				 &clone));
	handle = open_process(self->fd, a, PROCSRV_OPEN_NONBLOCK);
	ASSERT_LE(0, handle);
	ASSERT_EQ(0, waiter_start(&waiter, self->fd,
				  wait_args(self->root, PROCSRV_WAIT_ANY, 0,
					    PROCSRV_WAIT_EXITED, 0)));
	ASSERT_TRUE(waiter_sleeps(&waiter));
	ASSERT_EQ(0, terminate(self->fd, a, 9, 0));
	EXPECT_EQ(-ESRCH, state_of(self->fd, a));
	EXPECT_EQ(POLLIN, polled(handle, 0));
	ASSERT_EQ(0, read_record(handle, &record));
	EXPECT_EQ(9, record.exit_code);
	EXPECT_EQ(PROCSRV_DEAD, record.state);
	ASSERT_EQ(0, close(handle));
	ASSERT_TRUE(waiter_sleeps(&waiter));
	ASSERT_EQ(0, signal_pid(self->fd, b, 9));
	EXPECT_EQ(-ECHILD, waiter_join(&waiter));
	ASSERT_EQ(0, terminate(self->fd, clone, 0, 0));
	w = wait_args(self->root, PROCSRV_WAIT_ANY, 0, PROCSRV_WAIT_EXITED,
		      PROCSRV_WAIT_NOHANG | PROCSRV_WAIT_WALL);
	EXPECT_EQ(0, do_wait(self->fd, &w));
	EXPECT_EQ(clone, w.pid);
	ASSERT_EQ(0, set_autoreap(self->fd, self->root, 0));
	EXPECT_EQ(0, flags_of(self->fd, self->root));
}

TEST_F(procsrv, autoreap_is_refused)
{
	struct procsrv_set_autoreap_args args = { .pid = self->root, .on = 1 };
	int bit;

	for (bit = 0; bit < 32; bit++) {
		args.flags = 1U << bit;
		EXPECT_EQ(-EINVAL, call(self->fd, PROCSRV_IOC_SET_AUTOREAP,
					&args));
		if (bit)
			EXPECT_EQ(-EINVAL, set_autoreap(self->fd, self->root,
							1U << bit));
	}
	EXPECT_EQ(-EINVAL, set_autoreap(self->fd, self->root, 3));
	EXPECT_EQ(-ESRCH, set_autoreap(self->fd, NO_PID, 1));
	EXPECT_EQ(0, flags_of(self->fd, self->root));
}

TEST_F(procsrv, foreground)
{
	struct procsrv_hang_up_args hang_up = { .count = PATTERN32 };
	__u32 sid, pgid, other;
	__u64 job;

	ASSERT_EQ(0, create_session(self->fd, self->root, &sid, &pgid));
	ASSERT_EQ(0, create(self->fd, self->root, &job));
	ASSERT_EQ(0, create_group(self->fd, 0, job, sid, &pgid));
	EXPECT_EQ(-ENOTTY, set_foreground(self->fd, sid, pgid));
	ASSERT_EQ(0, set_terminal(self->fd, sid, "pts/3"));
	EXPECT_EQ(0, foreground_of(self->fd, sid));
	EXPECT_EQ(-ESRCH, set_foreground(self->fd, NO_ID, pgid));
	EXPECT_EQ(-ESRCH, set_foreground(self->fd, sid, NO_ID));
	ASSERT_EQ(0, set_foreground(self->fd, sid, pgid));
	EXPECT_EQ(pgid, foreground_of(self->fd, sid));
	hang_up.sid = sid;
	ASSERT_EQ(0, call(self->fd, PROCSRV_IOC_HANG_UP, &hang_up));
	EXPECT_EQ(1, hang_up.count);
	EXPECT_EQ(BIT64(1), pending_of(self->fd, self->root));
	EXPECT_EQ(0, pending_of(self->fd, job));
	ASSERT_EQ(0, set_foreground(self->fd, sid, 0));
	EXPECT_EQ(0, foreground_of(self->fd, sid));
	ASSERT_EQ(0, set_foreground(self->fd, sid, pgid));
	/* A group of another session. */
	ASSERT_EQ(0, create(self->fd, self->root, &job));
	ASSERT_EQ(0, create_session(self->fd, job, &sid, &other));
	EXPECT_EQ(-ENOTTY, set_foreground(self->fd, sid, other));
	ASSERT_EQ(0, set_terminal(self->fd, sid, "pts/4"));
	EXPECT_EQ(-EPERM, set_foreground(self->fd, sid, pgid));
	ASSERT_EQ(0, set_foreground(self->fd, sid, other));
	/* The exit of the leader. */
	ASSERT_EQ(0, create(self->fd, job, &job));
	ASSERT_EQ(0, terminate(self->fd, job - 1, 0, 0));
	EXPECT_EQ(BIT64(1), pending_of(self->fd, job));
	EXPECT_EQ(0, foreground_of(self->fd, sid));
}

TEST_HARNESS_MAIN
