// SPDX-License-Identifier: GPL-2.0-only
/*
 * procsrv selftests - other features for servers of real programs: POSIX ids,
 * autoreap, foreground groups
 */
#include "hosts.h"
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

/* Init reaps orphans when they exit, and zombies that are reparented to it. */
TEST_F(procsrv, init_reaps)
{
	int fd = new_server_as(self->fd, PROCSRV_SERVER_INIT_REAPS |
					 PROCSRV_SERVER_POSIX_IDS);
	__u64 parent, zombie;

	ASSERT_LE(0, fd);
	EXPECT_EQ(PROCSRV_INFO_REAPER | PROCSRV_INFO_AUTOREAP,
		  flags_of(fd, PROCSRV_INIT_PID));
	ASSERT_EQ(0, create(fd, PROCSRV_INIT_PID, &parent));
	ASSERT_EQ(0, create(fd, parent, &zombie));
	ASSERT_EQ(0, terminate(fd, zombie, 0, 0));
	EXPECT_EQ(PROCSRV_ZOMBIE, state_of(fd, zombie));
	ASSERT_EQ(0, terminate(fd, parent, 0, 0));
	EXPECT_EQ(-ESRCH, state_of(fd, parent));
	EXPECT_EQ(-ESRCH, state_of(fd, zombie));
	ASSERT_EQ(0, close(fd));
}

TEST_F(procsrv, ids_are_pids)
{
	int fd = posix_server(self->fd);
	const __u64 shell = 400;
	__u32 sid, pgid;
	__u64 job, member;

	ASSERT_LE(0, fd);
	ASSERT_EQ(0, create_given(fd, PROCSRV_INIT_PID, shell));
	ASSERT_EQ(0, create_session(fd, shell, &sid, &pgid));
	EXPECT_EQ(shell, sid);
	EXPECT_EQ(shell, pgid);
	ASSERT_EQ(0, create(fd, shell, &job));
	ASSERT_EQ(0, create(fd, shell, &member));
	/* As setpgid(0, 0). */
	ASSERT_EQ(0, set_group(fd, job, 0, 0));
	EXPECT_EQ(job, pgid_of(fd, job));
	ASSERT_EQ(0, create_group(fd, member, 0, sid, &pgid));
	EXPECT_EQ(member, pgid);
	EXPECT_EQ(-EPERM, create_session(fd, job, &sid, &pgid));
	/* Pids have 31 bits. */
	EXPECT_EQ(-EINVAL, create_given(fd, PROCSRV_INIT_PID, 0x80000000));
	EXPECT_EQ(-EINVAL, create_given(fd, PROCSRV_INIT_PID, 0x100000002));
	ASSERT_EQ(0, close(fd));
}

/* A restarted wait for the group 0 still waits for its own group. */
TEST_F(procsrv, group_zero)
{
	struct waiter waiter;
	int fd = posix_server(self->fd);
	__u32 sid, pgid, count;
	__u64 shell, near, far;

	ASSERT_LE(0, fd);
	ASSERT_EQ(0, create(fd, PROCSRV_INIT_PID, &shell));
	ASSERT_EQ(0, create_session(fd, shell, &sid, &pgid));
	ASSERT_EQ(0, create(fd, shell, &far));
	ASSERT_EQ(0, create(fd, shell, &near));
	ASSERT_EQ(0, set_group(fd, far, 0, 0));
	interrupt_by(SIGUSR1, SA_RESTART);
	ASSERT_EQ(0, waiter_start(&waiter, fd,
				  wait_args(shell, PROCSRV_WAIT_PGID, 0,
					    PROCSRV_WAIT_EXITED, 0)));
	ASSERT_TRUE(waiter_sleeps(&waiter));
	ASSERT_EQ(0, pthread_kill(waiter.thread, SIGUSR1));
	ASSERT_EQ(0, terminate(fd, far, 0, 0));
	ASSERT_TRUE(waiter_sleeps(&waiter));
	ASSERT_EQ(0, send_signal(fd, shell, PROCSRV_TARGET_PGID, 0, 10,
				 &count));
	EXPECT_EQ(2, count);
	ASSERT_EQ(0, terminate(fd, near, 7, 0));
	EXPECT_EQ(0, waiter_join(&waiter));
	EXPECT_EQ(near, waiter.args.pid);
	EXPECT_EQ(7, waiter.args.exit_code);
	/* The argument is unchanged. */
	EXPECT_EQ(0, waiter.args.id);
	ASSERT_EQ(0, close(fd));
}

TEST_F(procsrv, autoreap)
{
	__u64 pid;

	EXPECT_EQ(-EINVAL, set_autoreap(self->fd, self->root, 2));
	EXPECT_EQ(-EINVAL, set_autoreap(self->fd, self->root, ~0U));
	EXPECT_EQ(-ESRCH, set_autoreap(self->fd, NO_PID, 1));
	ASSERT_EQ(0, set_autoreap(self->fd, self->root, 1));
	EXPECT_EQ(PROCSRV_INFO_AUTOREAP, flags_of(self->fd, self->root));
	ASSERT_EQ(0, create(self->fd, self->root, &pid));
	ASSERT_EQ(0, terminate(self->fd, pid, 9, 0));
	EXPECT_EQ(-ESRCH, state_of(self->fd, pid));
	EXPECT_EQ(-ECHILD, reap(self->fd, self->root, pid));
	ASSERT_EQ(0, set_autoreap(self->fd, self->root, 0));
	EXPECT_EQ(0, flags_of(self->fd, self->root));
}

TEST_F(procsrv, foreground)
{
	struct procsrv_hang_up_args hang_up = { .count = PATTERN32 };
	__u32 pgid;
	__u64 job;

	ASSERT_EQ(0, create_session(self->fd, self->root, &hang_up.sid, &pgid));
	ASSERT_EQ(0, create(self->fd, self->root, &job));
	ASSERT_EQ(0, create_group(self->fd, 0, job, hang_up.sid, &pgid));
	EXPECT_EQ(-ENOTTY, set_foreground(self->fd, hang_up.sid, pgid));
	ASSERT_EQ(0, set_terminal(self->fd, hang_up.sid, "pts/3"));
	EXPECT_EQ(0, foreground_of(self->fd, hang_up.sid));
	EXPECT_EQ(-ESRCH, set_foreground(self->fd, hang_up.sid, NO_ID));
	ASSERT_EQ(0, set_foreground(self->fd, hang_up.sid, pgid));
	EXPECT_EQ(pgid, foreground_of(self->fd, hang_up.sid));
	/* A hang-up signals only the leader. */
	ASSERT_EQ(0, call(self->fd, PROCSRV_IOC_HANG_UP, &hang_up));
	EXPECT_EQ(1, hang_up.count);
	EXPECT_EQ(BIT64(1), pending_of(self->fd, self->root));
	EXPECT_EQ(0, pending_of(self->fd, job));
	ASSERT_EQ(0, set_foreground(self->fd, hang_up.sid, 0));
	EXPECT_EQ(0, foreground_of(self->fd, hang_up.sid));
}

TEST_HARNESS_MAIN
