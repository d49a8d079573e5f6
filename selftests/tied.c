// SPDX-License-Identifier: GPL-2.0-only
/*
 * procsrv selftests - processes that are tied to a descriptor
 *
 * kunit/tied.c tests how they end, this what keeps the descriptor open.
 */
#include "handles.h"
#include "sockets.h"
#include "tasks.h"

static bool is_tied(int fd, __u64 pid)
{
	struct procsrv_info info;

	return !get_info(fd, pid, &info) && info.flags & PROCSRV_INFO_TIED;
}

TEST_F(procsrv, killed_by_close)
{
	struct procsrv_wait_args args;
	__u64 tied, loose, child;
	int fd = open_device();
	__u32 sid, pgid;

	ASSERT_LE(0, fd);
	ASSERT_EQ(0, create_tied(fd, self->root, &tied));
	ASSERT_EQ(0, create(fd, self->root, &loose));
	ASSERT_EQ(0, create(fd, tied, &child));
	ASSERT_EQ(0, create_session(fd, tied, &sid, &pgid));
	ASSERT_EQ(0, do_exec(fd, tied, "execed"));
	EXPECT_TRUE(is_tied(self->fd, tied));
	EXPECT_FALSE(is_tied(self->fd, loose));
	EXPECT_FALSE(is_tied(self->fd, child));
	ASSERT_EQ(0, close(fd));
	EXPECT_EQ(PROCSRV_ZOMBIE, state_of(self->fd, tied));
	EXPECT_FALSE(is_tied(self->fd, tied));
	EXPECT_EQ(PROCSRV_RUNNING, state_of(self->fd, loose));
	EXPECT_EQ(PROCSRV_RUNNING, state_of(self->fd, child));
	args = wait_args(self->root, PROCSRV_WAIT_PID, tied,
			 PROCSRV_WAIT_EXITED, PROCSRV_WAIT_NOHANG);
	ASSERT_EQ(0, do_wait(self->fd, &args));
	EXPECT_EQ(-9, args.exit_code);
	EXPECT_EQ(9, args.exit_signal);
}

TEST_F(procsrv, kept_by_a_copy)
{
	int fd = open_device(), copy = dup(fd);
	__u64 pid;

	ASSERT_LE(0, copy);
	ASSERT_EQ(0, create_tied(fd, self->root, &pid));
	ASSERT_EQ(0, close(fd));
	EXPECT_EQ(PROCSRV_RUNNING, state_of(self->fd, pid));
	ASSERT_EQ(0, close(copy));
	EXPECT_EQ(PROCSRV_ZOMBIE, state_of(self->fd, pid));
}

/* A forked child keeps the descriptor open, until it is killed. */
TEST_F(procsrv, kept_over_fork)
{
	int fd = open_device();
	pid_t child;
	__u64 pid;

	ASSERT_LE(0, fd);
	ASSERT_EQ(0, create_tied(fd, self->root, &pid));
	child = fork_tied();
	ASSERT_LE(0, child);
	if (!child) {
		pause();
		_exit(1);
	}
	ASSERT_EQ(0, close(fd));
	EXPECT_EQ(PROCSRV_RUNNING, state_of(self->fd, pid));
	EXPECT_EQ(SIGKILL, killed(child));
	EXPECT_TRUE(reaches_state(self->fd, pid, PROCSRV_ZOMBIE));
}

TEST_F(procsrv, kept_in_a_socket)
{
	int sockets[2], fd = open_device();
	__u64 pid;

	ASSERT_LE(0, fd);
	ASSERT_EQ(0, socketpair(AF_UNIX, SOCK_STREAM, 0, sockets));
	ASSERT_EQ(0, create_tied(fd, self->root, &pid));
	ASSERT_EQ(0, pass_fd(sockets[0], fd));
	ASSERT_EQ(0, close(fd));
	EXPECT_EQ(PROCSRV_RUNNING, state_of(self->fd, pid));
	fd = take_fd(sockets[1]);
	ASSERT_LE(0, fd);
	EXPECT_EQ(PROCSRV_RUNNING, state_of(self->fd, pid));
	EXPECT_TRUE(is_tied(self->fd, pid));
	ASSERT_EQ(0, close(fd));
	EXPECT_EQ(PROCSRV_ZOMBIE, state_of(self->fd, pid));
	close(sockets[0]);
	close(sockets[1]);
}

/* A sleeping call keeps the descriptor open. */
TEST_F(procsrv, kept_by_a_call)
{
	int fd = open_device();
	__u64 pid, other;
	struct waiter w;

	ASSERT_LE(0, fd);
	ASSERT_EQ(0, create_tied(fd, self->root, &pid));
	ASSERT_EQ(0, create(fd, self->root, &other));
	ASSERT_EQ(0, waiter_start(&w, fd,
				  wait_args(self->root, PROCSRV_WAIT_PID, other,
					    PROCSRV_WAIT_EXITED, 0)));
	ASSERT_TRUE(waiter_sleeps(&w));
	ASSERT_EQ(0, close(fd));
	EXPECT_EQ(PROCSRV_RUNNING, state_of(self->fd, pid));
	ASSERT_EQ(0, terminate(self->fd, other, 0, 0));
	EXPECT_EQ(0, waiter_join(&w));
	EXPECT_TRUE(reaches_state(self->fd, pid, PROCSRV_ZOMBIE));
}

/*
 * The program that created them is killed while it waits on behalf of one of
 * them.
 */
TEST_F(procsrv, owner_is_killed)
{
	struct procsrv_wait_args args;
	__u64 *pids, grandchild;
	pid_t child;
	int fd;

	pids = mmap(NULL, 4096, PROT_READ | PROT_WRITE,
		    MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	ASSERT_NE(MAP_FAILED, pids);
	child = fork_tied();
	ASSERT_LE(0, child);
	if (!child) {
		fd = open_device();
		if (create_tied(fd, self->root, &pids[0]) ||
		    create_tied(fd, self->root, &grandchild) ||
		    create(fd, pids[0], &pids[1]))
			_exit(1);
		__atomic_store_n(&pids[2], grandchild, __ATOMIC_SEQ_CST);
		args = wait_args(pids[0], PROCSRV_WAIT_ANY, 0,
				 PROCSRV_WAIT_EXITED, 0);
		_exit(do_wait(fd, &args) ? 2 : 3);
	}
	while (!__atomic_load_n(&pids[2], __ATOMIC_SEQ_CST))
		pause_ns(MSEC);
	EXPECT_TRUE(reaches_state(self->fd, pids[0], PROCSRV_WAITING));
	EXPECT_EQ(SIGKILL, killed(child));
	EXPECT_TRUE(reaches_state(self->fd, pids[0], PROCSRV_ZOMBIE));
	EXPECT_TRUE(reaches_state(self->fd, pids[2], PROCSRV_ZOMBIE));
	EXPECT_EQ(PROCSRV_RUNNING, state_of(self->fd, pids[1]));
}

TEST_HARNESS_MAIN
