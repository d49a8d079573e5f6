// SPDX-License-Identifier: GPL-2.0-only
/*
 * procsrv selftests - handles of processes
 */
#include <sys/epoll.h>
#include <sys/resource.h>

#include "handles.h"
#include "sockets.h"
#include "tasks.h"

enum { SIZE = sizeof(struct procsrv_exit_record) };

static long read_task(struct task *task)
{
	return read_record(task->fd, task->data);
}

static long poll_task(struct task *task)
{
	return polled(task->fd, 3600 * 1000);
}

static long epoll_task(struct task *task)
{
	struct epoll_event event;

	return epoll_wait(task->fd, &event, 1, 3600 * 1000);
}

TEST_F(procsrv, before_and_after)
{
	struct procsrv_update_args update = {
		.mask = PROCSRV_UPDATE_CPU_TIME,
		.cpu_time = 0x123456789ULL,
	};
	struct procsrv_exit_record record, again;
	__u64 pid;
	int h, i;

	ASSERT_EQ(0, create_as(self->fd, self->root, "h", 1000, 100, &pid));
	h = open_process(self->fd, pid, PROCSRV_OPEN_NONBLOCK);
	ASSERT_LE(0, h);
	EXPECT_EQ(0, polled(h, 0));
	EXPECT_EQ(-EAGAIN, read_record(h, &record));
	EXPECT_TRUE(untouched(&record, sizeof(record)));
	update.pid = pid;
	ASSERT_EQ(0, call(self->fd, PROCSRV_IOC_UPDATE, &update));
	ASSERT_EQ(0, signal_pid(self->fd, pid, 19));
	EXPECT_EQ(0, polled(h, 0));
	ASSERT_EQ(0, terminate(self->fd, pid, -5, 11));
	for (i = 0; i < 3; i++) {
		EXPECT_EQ(POLLIN, polled(h, 0));
		ASSERT_EQ(0, read_record(h, &record));
		EXPECT_EQ(pid, record.pid);
		EXPECT_EQ(update.cpu_time, record.cpu_time);
		EXPECT_EQ(0, record.children_cpu_time);
		EXPECT_EQ(1000, record.uid);
		EXPECT_EQ(-5, record.exit_code);
		EXPECT_EQ(11, record.exit_signal);
		EXPECT_EQ(PROCSRV_ZOMBIE, record.state);
	}
	/* Reading from the handle does not reap the process. */
	ASSERT_EQ(0, reap(self->fd, self->root, pid));
	EXPECT_EQ(POLLIN, polled(h, 0));
	ASSERT_EQ(0, read_record(h, &again));
	record.state = PROCSRV_DEAD;
	EXPECT_EQ(0, memcmp(&record, &again, sizeof(record)));
	ASSERT_EQ(0, close(h));
}

TEST_F(procsrv, read_and_poll_sleep)
{
	struct procsrv_exit_record record;
	struct task reader, poller;
	__u64 pid;
	int h;

	ASSERT_EQ(0, create(self->fd, self->root, &pid));
	h = open_process(self->fd, pid, 0);
	ASSERT_LE(0, h);
	ASSERT_EQ(0, task_start(&reader, h, read_task, &record));
	ASSERT_EQ(0, task_start(&poller, h, poll_task, NULL));
	ASSERT_TRUE(task_is_asleep(&reader));
	ASSERT_TRUE(task_is_asleep(&poller));
	ASSERT_EQ(0, terminate(self->fd, pid, 9, 0));
	EXPECT_EQ(0, task_join(&reader));
	EXPECT_EQ(POLLIN, task_join(&poller));
	EXPECT_EQ(9, record.exit_code);
	ASSERT_EQ(0, close(h));
}

/* With a waiter, the process is reaped at its exit. */
TEST_F(procsrv, reaped_at_once)
{
	struct procsrv_exit_record record;
	struct task reader;
	struct waiter w;
	__u64 pid;
	int h;

	ASSERT_EQ(0, create(self->fd, self->root, &pid));
	h = open_process(self->fd, pid, 0);
	ASSERT_LE(0, h);
	ASSERT_EQ(0, task_start(&reader, h, read_task, &record));
	ASSERT_TRUE(task_is_asleep(&reader));
	ASSERT_EQ(0, waiter_start(&w, self->fd,
				  wait_args(self->root, PROCSRV_WAIT_PID, pid,
					    PROCSRV_WAIT_EXITED, 0)));
	ASSERT_TRUE(waiter_sleeps(&w));
	ASSERT_EQ(0, terminate(self->fd, pid, 9, 0));
	EXPECT_EQ(0, waiter_join(&w));
	EXPECT_EQ(0, task_join(&reader));
	EXPECT_EQ(PROCSRV_DEAD, record.state);
	EXPECT_EQ(9, record.exit_code);
	ASSERT_EQ(0, close(h));
}

TEST_F(procsrv, interrupted)
{
	struct procsrv_exit_record record;
	struct task reader;
	int h = open_process(self->fd, self->root, 0);

	ASSERT_LE(0, h);
	interrupt_by(SIGUSR1, 0);
	ASSERT_EQ(0, task_start(&reader, h, read_task, &record));
	ASSERT_TRUE(task_is_asleep(&reader));
	ASSERT_EQ(0, pthread_kill(reader.thread, SIGUSR1));
	EXPECT_EQ(-EINTR, task_join(&reader));
	ASSERT_EQ(0, close(h));
}

TEST_F(procsrv, epoll)
{
	const __u32 triggers[] = { 0, EPOLLET };
	struct epoll_event event = {};
	struct task task;
	int i, h, epoll;
	__u64 pid;

	for (i = 0; i < 2; i++) {
		ASSERT_EQ(0, create(self->fd, self->root, &pid));
		h = open_process(self->fd, pid, 0);
		epoll = epoll_create1(0);
		event.events = EPOLLIN | triggers[i];
		ASSERT_EQ(0, epoll_ctl(epoll, EPOLL_CTL_ADD, h, &event));
		ASSERT_EQ(0, epoll_wait(epoll, &event, 1, 0));
		ASSERT_EQ(0, task_start(&task, epoll, epoll_task, NULL));
		ASSERT_TRUE(task_is_asleep(&task));
		ASSERT_EQ(0, terminate(self->fd, pid, 0, 0));
		EXPECT_EQ(1, task_join(&task));
		EXPECT_EQ(!i, epoll_wait(epoll, &event, 1, 0));
		ASSERT_EQ(0, close(h));
		ASSERT_EQ(0, close(epoll));
	}
}

TEST_F(procsrv, room)
{
	char *room = at_edge(2 * SIZE);
	__u64 pid;
	int h, size;

	ASSERT_EQ(0, create(self->fd, self->root, &pid));
	h = open_process(self->fd, pid, 0);
	ASSERT_LE(0, h);
	/*
	 * A small buffer is EINVAL at once, whether the process has exited or
	 * not.
	 */
	EXPECT_EQ(-1, read(h, room, SIZE - 1));
	EXPECT_EQ(EINVAL, errno);
	ASSERT_EQ(0, terminate(self->fd, pid, 0, 0));
	for (size = 0; size < SIZE; size++) {
		EXPECT_EQ(-1, read(h, room, size));
		EXPECT_EQ(EINVAL, errno);
	}
	EXPECT_TRUE(untouched(room, 2 * SIZE));
	/* One record, even if there is room for more. */
	EXPECT_EQ(SIZE, read(h, room, 2 * SIZE));
	EXPECT_TRUE(untouched(room + SIZE, SIZE));
	EXPECT_EQ(-1, read(h, room + SIZE + 1, SIZE));
	EXPECT_EQ(EFAULT, errno);
	EXPECT_EQ(-1, read(h, page_with(PROT_READ), SIZE));
	EXPECT_EQ(EFAULT, errno);
	/* A handle supports no operations but read and poll. */
	EXPECT_EQ(-1, write(h, room, SIZE));
	EXPECT_EQ(-1, ioctl(h, PROCSRV_IOC_STATS, room));
	EXPECT_EQ(ENOTTY, errno);
	ASSERT_EQ(0, close(h));
}

TEST_F(procsrv, of_whom)
{
	struct procsrv_exit_record record;
	__u64 zombie;
	int h;

	ASSERT_EQ(0, create(self->fd, self->root, &zombie));
	ASSERT_EQ(0, terminate(self->fd, zombie, 3, 0));
	h = open_process(self->fd, zombie, 0);
	ASSERT_LE(0, h);
	EXPECT_EQ(POLLIN, polled(h, 0));
	EXPECT_EQ(0, read_record(h, &record));
	EXPECT_EQ(3, record.exit_code);
	ASSERT_EQ(0, reap(self->fd, self->root, zombie));
	EXPECT_EQ(-ESRCH, open_process(self->fd, zombie, 0));
	ASSERT_EQ(0, close(h));
	h = open_process(self->fd, PROCSRV_INIT_PID, PROCSRV_OPEN_NONBLOCK);
	ASSERT_LE(0, h);
	EXPECT_EQ(0, polled(h, 0));
	EXPECT_EQ(-EAGAIN, read_record(h, &record));
	ASSERT_EQ(0, close(h));
	EXPECT_EQ(-ESRCH, open_process(self->fd, 0, 0));
	EXPECT_EQ(-ESRCH, open_process(self->fd, NO_PID, 0));
}

TEST_F(procsrv, flags_of_the_descriptor)
{
	int h = open_process(self->fd, self->root, 0);

	ASSERT_LE(0, h);
	EXPECT_EQ(FD_CLOEXEC, fcntl(h, F_GETFD));
	EXPECT_EQ(O_RDONLY, fcntl(h, F_GETFL) & (O_ACCMODE | O_NONBLOCK));
	ASSERT_EQ(0, close(h));
	h = open_process(self->fd, self->root, PROCSRV_OPEN_NONBLOCK);
	ASSERT_LE(0, h);
	EXPECT_EQ(FD_CLOEXEC, fcntl(h, F_GETFD));
	EXPECT_EQ(O_NONBLOCK, fcntl(h, F_GETFL) & (O_ACCMODE | O_NONBLOCK));
	ASSERT_EQ(0, close(h));
}

TEST_F(procsrv, many_of_one_process)
{
	enum { NR = 200 };
	struct procsrv_exit_record record;
	int h[NR], i;
	__u64 pid;

	ASSERT_EQ(0, create(self->fd, self->root, &pid));
	for (i = 0; i < NR; i++) {
		h[i] = open_process(self->fd, pid, PROCSRV_OPEN_NONBLOCK);
		ASSERT_LE(0, h[i]);
	}
	for (i = 0; i < NR; i += 2)
		ASSERT_EQ(0, close(h[i]));
	ASSERT_EQ(0, terminate(self->fd, pid, 77, 0));
	ASSERT_EQ(0, reap(self->fd, self->root, pid));
	for (i = 1; i < NR; i += 2) {
		EXPECT_EQ(POLLIN, polled(h[i], 0));
		EXPECT_EQ(0, read_record(h[i], &record));
		EXPECT_EQ(77, record.exit_code);
		ASSERT_EQ(0, close(h[i]));
	}
}

TEST_F(procsrv, no_descriptor_left)
{
	struct rlimit limit, none;
	__u64 pid;
	int fd, h;

	ASSERT_EQ(0, create(self->fd, self->root, &pid));
	fd = free_fd();
	ASSERT_EQ(0, getrlimit(RLIMIT_NOFILE, &limit));
	none = limit;
	none.rlim_cur = fd;
	ASSERT_EQ(0, setrlimit(RLIMIT_NOFILE, &none));
	EXPECT_EQ(-EMFILE, open_process(self->fd, pid, 0));
	EXPECT_EQ(-EMFILE, new_server(self->fd));
	ASSERT_EQ(0, setrlimit(RLIMIT_NOFILE, &limit));
	h = open_process(self->fd, pid, 0);
	EXPECT_EQ(fd, h);
	ASSERT_EQ(0, close(h));
}

TEST_F(procsrv, passed_over_a_socket)
{
	struct procsrv_exit_record record;
	int sockets[2], h;
	__u64 pid;

	ASSERT_EQ(0, socketpair(AF_UNIX, SOCK_STREAM, 0, sockets));
	ASSERT_EQ(0, create(self->fd, self->root, &pid));
	h = open_process(self->fd, pid, 0);
	ASSERT_LE(0, h);
	ASSERT_EQ(0, pass_fd(sockets[0], h));
	ASSERT_EQ(0, close(h));
	ASSERT_EQ(0, terminate(self->fd, pid, 12, 0));
	ASSERT_EQ(0, reap(self->fd, self->root, pid));
	h = take_fd(sockets[1]);
	ASSERT_LE(0, h);
	EXPECT_EQ(0, read_record(h, &record));
	EXPECT_EQ(12, record.exit_code);
	ASSERT_EQ(0, close(h));
	close(sockets[0]);
	close(sockets[1]);
}

/* A user id without a mapping reads as the overflow user id. */
TEST_F(procsrv, in_a_user_namespace)
{
	struct procsrv_exit_record record;
	__u64 pid;
	pid_t child;
	int h;

	ASSERT_EQ(0, create_as(self->fd, self->root, "u", 1234, 0, &pid));
	ASSERT_EQ(0, terminate(self->fd, pid, 0, 0));
	h = open_process(self->fd, pid, 0);
	ASSERT_LE(0, h);
	child = fork_tied();
	ASSERT_LE(0, child);
	if (!child) {
		if (unshare(CLONE_NEWUSER))
			_exit(1);
		_exit(read_record(h, &record) ? 2 : record.uid != 65534);
	}
	EXPECT_EQ(0, child_status(child));
	EXPECT_EQ(0, read_record(h, &record));
	EXPECT_EQ(1234, record.uid);
	ASSERT_EQ(0, close(h));
}

TEST_HARNESS_MAIN
