// SPDX-License-Identifier: GPL-2.0-only
/*
 * procsrv selftests - the device and its descriptors
 */
#include <sys/stat.h>

#include "fixture.h"
#include "sockets.h"

TEST_F(procsrv, node)
{
	struct stat st;

	ASSERT_EQ(0, stat(DEVICE, &st));
	EXPECT_TRUE(S_ISCHR(st.st_mode));
	EXPECT_EQ(0600, st.st_mode & 07777);
	EXPECT_EQ(0, st.st_uid);
	EXPECT_EQ(0, st.st_gid);
}

TEST_F(procsrv, not_for_everybody)
{
	const int modes[] = { O_RDONLY, O_WRONLY, O_RDWR };
	pid_t child;
	int i;

	child = fork_tied();
	ASSERT_LE(0, child);
	if (!child) {
		if (setresgid(65534, 65534, 65534) ||
		    setresuid(65534, 65534, 65534))
			_exit(1);
		for (i = 0; i < ARRAY_SIZE(modes); i++)
			if (open(DEVICE, modes[i]) != -1 || errno != EACCES)
				_exit(2);
		_exit(0);
	}
	EXPECT_EQ(0, child_status(child));
}

/* The access mode does not matter to ioctls. */
TEST_F(procsrv, access_modes)
{
	const int modes[] = { O_RDONLY, O_WRONLY, O_RDWR,
			      O_RDWR | O_NONBLOCK };
	__u64 pid;
	int fd, i;

	for (i = 0; i < ARRAY_SIZE(modes); i++) {
		fd = open(DEVICE, modes[i] | O_CLOEXEC);
		ASSERT_LE(0, fd);
		ASSERT_EQ(0, create(fd, self->root, &pid));
		ASSERT_EQ(0, terminate(fd, pid, 0, 0));
		ASSERT_EQ(0, reap(fd, self->root, pid));
		ASSERT_EQ(0, close(fd));
	}
}

/* All descriptors show the same server, and none owns what it created. */
TEST_F(procsrv, processes_outlive_the_descriptor)
{
	struct procsrv_info info;
	__u64 pid, none;
	int fd;

	fd = open(DEVICE, O_RDWR);
	ASSERT_LE(0, fd);
	ASSERT_EQ(0, create_as(fd, self->root, "left", 0, 0, &pid));
	ASSERT_EQ(0, close(fd));
	EXPECT_EQ(-EBADF, create(fd, self->root, &none));
	ASSERT_EQ(0, get_info(self->fd, pid, &info));
	EXPECT_STREQ("left", info.name);
	EXPECT_EQ(PROCSRV_RUNNING, info.state);
}

TEST_F(procsrv, dup)
{
	__u64 pid;
	int copy;

	copy = dup(self->fd);
	ASSERT_LE(0, copy);
	ASSERT_EQ(0, create(copy, self->root, &pid));
	EXPECT_EQ(PROCSRV_RUNNING, state_of(self->fd, pid));
	ASSERT_EQ(0, close(copy));
	EXPECT_EQ(PROCSRV_RUNNING, state_of(self->fd, pid));
}

/* A forked child works with the descriptor that it inherits. */
TEST_F(procsrv, inherited_over_fork)
{
	__u64 pid, *made;
	pid_t child;

	made = mmap(NULL, sizeof(*made), PROT_READ | PROT_WRITE,
		    MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	ASSERT_NE(MAP_FAILED, made);
	ASSERT_EQ(0, create(self->fd, self->root, &pid));
	child = fork_tied();
	ASSERT_LE(0, child);
	if (!child) {
		if (terminate(self->fd, pid, 44, 0))
			_exit(1);
		if (create(self->fd, self->root, made))
			_exit(2);
		close(self->fd);
		_exit(0);
	}
	ASSERT_EQ(0, child_status(child));
	EXPECT_EQ(PROCSRV_ZOMBIE, state_of(self->fd, pid));
	EXPECT_EQ(PROCSRV_RUNNING, state_of(self->fd, *made));
}

/* A process that may not open the device can use a passed descriptor. */
TEST_F(procsrv, passed_over_a_socket)
{
	int sockets[2], fd;
	pid_t child;
	__u64 pid;

	ASSERT_EQ(0, socketpair(AF_UNIX, SOCK_STREAM, 0, sockets));
	ASSERT_EQ(0, create(self->fd, self->root, &pid));
	child = fork_tied();
	ASSERT_LE(0, child);
	if (!child) {
		close(self->fd);
		close(sockets[0]);
		fd = take_fd(sockets[1]);
		if (fd < 0)
			_exit(1);
		if (state_of(fd, pid) != PROCSRV_RUNNING)
			_exit(2);
		_exit(terminate(fd, pid, 66, 0) ? 3 : 0);
	}
	close(sockets[1]);
	ASSERT_EQ(0, pass_fd(sockets[0], self->fd));
	ASSERT_EQ(0, child_status(child));
	EXPECT_EQ(PROCSRV_ZOMBIE, state_of(self->fd, pid));
}

/* Closing a descriptor does not disturb the wait that sleeps on it. */
TEST_F(procsrv, closed_while_waiting)
{
	struct waiter w;
	__u64 pid;
	int fd;

	fd = open(DEVICE, O_RDWR);
	ASSERT_LE(0, fd);
	ASSERT_EQ(0, create(self->fd, self->root, &pid));
	ASSERT_EQ(0, waiter_start(&w, fd,
				  wait_args(self->root, PROCSRV_WAIT_ANY, 0,
					    PROCSRV_WAIT_EXITED, 0)));
	ASSERT_TRUE(reaches_state(self->fd, self->root, PROCSRV_WAITING));
	ASSERT_EQ(0, close(fd));
	EXPECT_EQ(PROCSRV_WAITING, state_of(self->fd, self->root));
	ASSERT_EQ(0, terminate(self->fd, pid, 0, 0));
	EXPECT_EQ(0, waiter_join(&w));
	EXPECT_EQ(pid, w.args.pid);
}

/* Non-blocking or not, a wait without NOHANG sleeps. */
TEST_F(procsrv, nonblock_is_no_nohang)
{
	struct waiter w;
	__u64 pid;
	int fd;

	fd = open(DEVICE, O_RDWR | O_NONBLOCK);
	ASSERT_LE(0, fd);
	ASSERT_EQ(0, create(fd, self->root, &pid));
	ASSERT_EQ(0, waiter_start(&w, fd,
				  wait_args(self->root, PROCSRV_WAIT_ANY, 0,
					    PROCSRV_WAIT_EXITED, 0)));
	ASSERT_TRUE(waiter_sleeps(&w));
	ASSERT_EQ(0, terminate(fd, pid, 0, 0));
	EXPECT_EQ(0, waiter_join(&w));
	ASSERT_EQ(0, close(fd));
}

struct worker {
	pthread_t thread;
	int fd;
	__u64 root;
	int failed;
};

/* Creates, ends and reaps processes, unaffected by other threads. */
static void *worker_run(void *data)
{
	struct worker *w = data;
	struct procsrv_wait_args args;
	__u64 pid, child;
	int i;

	for (i = 0; i < 300; i++) {
		w->failed += create(w->fd, w->root, &pid) != 0;
		w->failed += create(w->fd, pid, &child) != 0;
		w->failed += terminate(w->fd, child, i, 0) != 0;
		args = wait_args(pid, PROCSRV_WAIT_ANY, 0, PROCSRV_WAIT_EXITED,
				 0);
		w->failed += do_wait(w->fd, &args) != 0;
		w->failed += args.pid != child || args.exit_code != i;
		w->failed += signal_pid(w->fd, pid, 9) != 0;
		w->failed += reap(w->fd, w->root, pid) != 0;
		w->failed += state_of(w->fd, pid) != -ESRCH;
	}
	return NULL;
}

TEST_F(procsrv, shared_by_threads)
{
	struct worker workers[4] = {};
	int i;

	for (i = 0; i < 4; i++) {
		workers[i].fd = self->fd;
		workers[i].root = self->root;
		ASSERT_EQ(0, pthread_create(&workers[i].thread, NULL,
					    worker_run, &workers[i]));
	}
	for (i = 0; i < 4; i++) {
		pthread_join(workers[i].thread, NULL);
		EXPECT_EQ(0, workers[i].failed);
	}
}

/* An open descriptor pins the module. */
TEST_F(procsrv, module_is_in_use)
{
	EXPECT_EQ(-1, syscall(SYS_delete_module, "procsrv", O_NONBLOCK));
	EXPECT_EQ(EWOULDBLOCK, errno);
	EXPECT_EQ(PROCSRV_RUNNING, state_of(self->fd, self->root));
}

TEST_HARNESS_MAIN
