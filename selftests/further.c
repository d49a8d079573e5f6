// SPDX-License-Identifier: GPL-2.0-only
/*
 * procsrv selftests - further descriptors of a private server
 */
#include <sys/epoll.h>

#include "events.h"
#include "handles.h"
#include "hosts.h"
#include "tasks.h"

enum {
	ROUNDS = 50,
	LONG_WAIT = 60000,	/* ms */
};

static int further(int fd)
{
	return new_server_as(fd, PROCSRV_SERVER_SAME);
}

/*
 * Creates a process in a batch of one. Returns the result of the batch or of
 * its operation.
 */
static int create_in_batch(int fd)
{
	struct procsrv_create_args create = {
		.parent = PROCSRV_INIT_PID,
		.name = to_u64("batch"),
	};
	struct procsrv_batch_op op = { .cmd = PROCSRV_IOC_CREATE };
	struct procsrv_batch_args args = {
		.ops = to_u64(&op),
		.op_size = sizeof(op),
		.count = 1,
	};
	int ret;

	memcpy(op.args, &create, sizeof(create));
	ret = call(fd, PROCSRV_IOC_BATCH, &args);
	return ret ? ret : op.result;
}

FIXTURE(further)
{
	struct scene scene;
	int server;
	int other;
};

FIXTURE_SETUP(further)
{
	scene_setup(_metadata, &self->scene);
	self->server = new_server(self->scene.fd);
	ASSERT_LE(0, self->server);
	self->other = further(self->server);
	ASSERT_LE(0, self->other);
}

FIXTURE_TEARDOWN(further)
{
	close(self->server);
	close(self->other);
	scene_teardown(_metadata, &self->scene);
}

TEST_F(further, is_of_the_same_server)
{
	struct procsrv_stats a, b;
	__u64 pid;

	EXPECT_NE(self->server, self->other);
	EXPECT_EQ(FD_CLOEXEC, fcntl(self->other, F_GETFD));
	EXPECT_EQ(O_RDWR, fcntl(self->other, F_GETFL) & (O_ACCMODE | O_NONBLOCK));
	ASSERT_EQ(0, create(self->server, PROCSRV_INIT_PID, &pid));
	EXPECT_EQ(PROCSRV_RUNNING, state_of(self->other, pid));
	ASSERT_EQ(0, terminate(self->other, pid, 7, 0));
	EXPECT_EQ(PROCSRV_ZOMBIE, state_of(self->server, pid));
	ASSERT_EQ(0, get_stats(self->server, &a));
	ASSERT_EQ(0, get_stats(self->other, &b));
	EXPECT_EQ(0, memcmp(&a, &b, sizeof(a)));
}

/* A further descriptor can do all that the first one can. */
TEST_F(further, is_of_a_private_server)
{
	int third = further(self->other), child = new_server(self->other);
	__u64 pid;

	ASSERT_LE(0, third);
	ASSERT_LE(0, child);
	EXPECT_EQ(0, create_given(self->other, PROCSRV_INIT_PID, 4711));
	EXPECT_EQ(-EEXIST, create_given(third, PROCSRV_INIT_PID, 4711));
	EXPECT_EQ(0, create_in_batch(self->other));
	EXPECT_EQ(PROCSRV_RUNNING, state_of(self->server, 4712));
	ASSERT_EQ(0, create(child, PROCSRV_INIT_PID, &pid));
	EXPECT_EQ(2, pid);
	EXPECT_EQ(0, close(child));
	EXPECT_EQ(0, close(third));
}

TEST_F(further, is_refused)
{
	struct procsrv_stats before, after;
	int fd = free_fd();

	ASSERT_EQ(0, get_stats(self->server, &before));
	EXPECT_EQ(-EOPNOTSUPP, further(self->scene.fd));
	EXPECT_EQ(-EINVAL, new_server_as(self->server, PROCSRV_SERVER_SAME |
					 PROCSRV_SERVER_POSIX_IDS));
	EXPECT_EQ(-EINVAL, new_server_as(self->server, PROCSRV_SERVER_SAME |
					 PROCSRV_SERVER_INIT_REAPS));
	EXPECT_EQ(-EINVAL, new_server_as(self->server, PROCSRV_SERVER_INIT_REAPS << 1));
	EXPECT_EQ(-EINVAL, new_server_as(self->server, 1U << 31));
	ASSERT_EQ(0, get_stats(self->server, &after));
	EXPECT_EQ(0, memcmp(&before, &after, sizeof(after)));
	EXPECT_EQ(fd, free_fd());
}

/* Each descriptor has its own subscription. */
TEST_F(further, has_its_own_events)
{
	struct procsrv_event event;
	__u64 pid;

	ASSERT_EQ(0, fcntl(self->server, F_SETFL, O_NONBLOCK));
	ASSERT_EQ(0, fcntl(self->other, F_SETFL, O_NONBLOCK));
	ASSERT_EQ(0, subscribe_to_all(self->server));
	ASSERT_EQ(0, subscribe(self->other, 0, PROCSRV_EVENT_BIT(PROCSRV_EVENT_EXIT),
			       0, 0, NULL));
	ASSERT_EQ(0, create(self->other, PROCSRV_INIT_PID, &pid));
	EXPECT_EQ(PROCSRV_EVENT_CREATE, next_kind(self->server));
	expect_nothing(_metadata, self->other);
	ASSERT_EQ(0, terminate(self->server, pid, 0, 0));
	ASSERT_EQ(1, read_events(self->other, &event, 1));
	EXPECT_EQ(PROCSRV_EVENT_EXIT, event.kind);
	EXPECT_EQ(2, event.seq);
	ASSERT_EQ(0, close(self->other));
	EXPECT_EQ(PROCSRV_EVENT_EXIT, next_kind(self->server));
}

/* Closing it ends the processes that are tied to it, and no others. */
TEST_F(further, has_its_own_ties)
{
	__u64 tied, loose, other;

	ASSERT_EQ(0, create_tied(self->other, PROCSRV_INIT_PID, &tied));
	ASSERT_EQ(0, create(self->other, PROCSRV_INIT_PID, &loose));
	ASSERT_EQ(0, create_tied(self->server, PROCSRV_INIT_PID, &other));
	ASSERT_EQ(0, close(self->other));
	EXPECT_EQ(PROCSRV_ZOMBIE, state_of(self->server, tied));
	EXPECT_EQ(PROCSRV_RUNNING, state_of(self->server, loose));
	EXPECT_EQ(PROCSRV_RUNNING, state_of(self->server, other));
}

/* Takes any signal. Returns the pid of its target, or a negative errno. */
static long take_any(int fd)
{
	struct procsrv_take_signal_args args = take_args(0, PROCSRV_TAKE_NOHANG);
	int ret = take(fd, &args);

	return ret ? ret : (long)args.target;
}

/* It hosts the processes that were created on it, and no others. */
TEST_F(further, is_a_host)
{
	__u64 one, other, pending;

	ASSERT_EQ(0, create_hosted(self->server, PROCSRV_INIT_PID, &one));
	ASSERT_EQ(0, create_hosted(self->other, PROCSRV_INIT_PID, &other));
	ASSERT_EQ(0, create_hosted(self->other, PROCSRV_INIT_PID, &pending));
	ASSERT_EQ(0, signal_pid(self->server, other, SIGKILL));
	EXPECT_EQ(-EAGAIN, take_any(self->server));
	EXPECT_EQ(other, take_any(self->other));
	EXPECT_EQ(-EAGAIN, take_any(self->other));
	ASSERT_EQ(0, signal_pid(self->other, one, SIGKILL));
	ASSERT_EQ(0, signal_pid(self->other, pending, SIGHUP));
	ASSERT_EQ(0, close(self->other));
	EXPECT_EQ(PROCSRV_ZOMBIE, state_of(self->server, other));
	EXPECT_EQ(PROCSRV_ZOMBIE, state_of(self->server, pending));
	EXPECT_EQ(one, take_any(self->server));
}

/* Processes hosted by a further descriptor end with the server. */
TEST_F(further, hosts_until_the_end)
{
	__u64 pid, pending;

	ASSERT_EQ(0, create_hosted(self->other, PROCSRV_INIT_PID, &pid));
	ASSERT_EQ(0, create_hosted(self->other, PROCSRV_INIT_PID, &pending));
	ASSERT_EQ(0, signal_pid(self->other, pending, SIGHUP));
	ASSERT_EQ(0, close(self->server));
	EXPECT_EQ(-ESRCH, state_of(self->other, pid));
	EXPECT_EQ(-ESRCH, state_of(self->other, pending));
	EXPECT_EQ(-ESHUTDOWN, take_any(self->other));
	EXPECT_EQ(-ESHUTDOWN, create_hosted(self->other, PROCSRV_INIT_PID, &pid));
}

/* The server lives as long as a copy of the first descriptor is open. */
TEST_F(further, ends_with_the_first)
{
	struct procsrv_exit_record record;
	struct procsrv_stats stats;
	int copy = dup(self->server), h;
	__u64 pid, tied;

	ASSERT_LE(0, copy);
	ASSERT_EQ(0, create(self->other, PROCSRV_INIT_PID, &pid));
	ASSERT_EQ(0, create_tied(self->other, pid, &tied));
	ASSERT_EQ(0, create_tied(self->server, tied, &tied));
	h = open_process(self->other, pid, PROCSRV_OPEN_NONBLOCK);
	ASSERT_LE(0, h);
	ASSERT_EQ(0, close(self->server));
	EXPECT_EQ(PROCSRV_RUNNING, state_of(self->other, pid));
	ASSERT_EQ(0, close(copy));
	EXPECT_EQ(-ESRCH, state_of(self->other, pid));
	ASSERT_EQ(0, read_record(h, &record));
	EXPECT_EQ(9, record.exit_signal);
	EXPECT_EQ(PROCSRV_DEAD, record.state);
	ASSERT_EQ(0, get_stats(self->other, &stats));
	EXPECT_EQ(1, stats.total_processes);
	EXPECT_EQ(3, stats.total_exited);
	ASSERT_EQ(0, close(h));
}

TEST_F(further, creates_nothing_after_that)
{
	struct procsrv_stats stats;
	int third = further(self->other);
	int fd;
	__u64 pid;

	ASSERT_LE(0, third);
	ASSERT_EQ(0, close(self->server));
	fd = free_fd();
	EXPECT_EQ(-ESHUTDOWN, create(self->other, PROCSRV_INIT_PID, &pid));
	EXPECT_EQ(PATTERN64, pid);
	EXPECT_EQ(-ESHUTDOWN, create(third, PROCSRV_INIT_PID, &pid));
	EXPECT_EQ(-ESHUTDOWN, create_tied(third, PROCSRV_INIT_PID, &pid));
	EXPECT_EQ(-ESHUTDOWN, create_given(third, PROCSRV_INIT_PID, 4711));
	EXPECT_EQ(-ESHUTDOWN, create_in_batch(third));
	EXPECT_EQ(-ESRCH, create(third, NO_PID, &pid));
	EXPECT_EQ(-ESHUTDOWN, further(third));
	EXPECT_EQ(-ESHUTDOWN, new_server(third));
	EXPECT_EQ(fd, free_fd());
	ASSERT_EQ(0, get_stats(third, &stats));
	EXPECT_EQ(1, stats.total_processes);
	EXPECT_EQ(0, stats.total_created);
	ASSERT_EQ(0, close(third));
}

/* The kill and the reap of each process are read, and then the end of file, as often as asked. */
TEST_F(further, reads_to_the_end)
{
	const short ended = POLLIN | POLLHUP;
	struct procsrv_event event;
	__u64 pid;
	int i;

	ASSERT_EQ(0, fcntl(self->other, F_SETFL, O_NONBLOCK));
	ASSERT_EQ(0, create(self->server, PROCSRV_INIT_PID, &pid));
	ASSERT_EQ(0, subscribe(self->other, 0, PROCSRV_EVENT_BIT(PROCSRV_EVENT_EXIT) |
			       PROCSRV_EVENT_BIT(PROCSRV_EVENT_REAP), 0, 0, NULL));
	EXPECT_EQ(0, polled(self->other, 0));
	EXPECT_EQ(-EAGAIN, read_events(self->other, &event, 1));
	ASSERT_EQ(0, close(self->server));
	EXPECT_EQ(ended, polled(self->other, 0));
	EXPECT_EQ(PROCSRV_EVENT_EXIT, next_kind(self->other));
	EXPECT_EQ(PROCSRV_EVENT_REAP, next_kind(self->other));
	for (i = 0; i < 2; i++) {
		EXPECT_EQ(0, read_events(self->other, &event, 1));
		EXPECT_EQ(ended, polled(self->other, 0));
		EXPECT_EQ(POLLHUP, polled_for(self->other, 0, 0));
	}
}

/* Another server that ends is no end of these events. */
TEST_F(further, reads_of_its_own_server)
{
	int child = new_server(self->other);

	ASSERT_LE(0, child);
	ASSERT_EQ(0, fcntl(self->other, F_SETFL, O_NONBLOCK));
	ASSERT_EQ(0, subscribe_to_all(self->other));
	ASSERT_EQ(0, close(child));
	ASSERT_EQ(0, close(further(self->server)));
	expect_nothing(_metadata, self->other);
	EXPECT_EQ(0, polled(self->other, 0));
}

static long read_task(struct task *task)
{
	struct procsrv_event event;

	return read_events(task->fd, &event, 1);
}

static long poll_task(struct task *task)
{
	return polled_for(task->fd, (long)task->data, LONG_WAIT);
}

/* The end wakes all tasks that sleep: each reader, and each poll, also for the end alone. */
TEST_F(further, wakes_readers_at_the_end)
{
	struct task readers[3], polls[2];
	int i;

	ASSERT_EQ(0, subscribe_to_all(self->other));
	for (i = 0; i < ARRAY_SIZE(readers); i++) {
		ASSERT_EQ(0, task_start(&readers[i], self->other, read_task, NULL));
		ASSERT_TRUE(task_is_asleep(&readers[i]));
	}
	for (i = 0; i < ARRAY_SIZE(polls); i++) {
		ASSERT_EQ(0, task_start(&polls[i], self->other, poll_task,
					(void *)(long)(i ? POLLIN : 0)));
		ASSERT_TRUE(task_is_asleep(&polls[i]));
	}
	ASSERT_EQ(0, close(self->server));
	for (i = 0; i < ARRAY_SIZE(readers); i++)
		EXPECT_EQ(0, task_join(&readers[i]));
	EXPECT_EQ(POLLHUP, task_join(&polls[0]));
	EXPECT_EQ(POLLIN | POLLHUP, task_join(&polls[1]));
}

static long epoll_task(struct task *task)
{
	struct epoll_event event = {};
	int n = epoll_wait(task->fd, &event, 1, LONG_WAIT);

	return n < 0 ? -errno : n ? event.events : 0;
}

/* A waiter that no other follows when it was woken does not keep the end from those behind it. */
TEST_F(further, wakes_exclusive_polls_at_the_end)
{
	struct epoll_event event = { .events = EPOLLIN | EPOLLEXCLUSIVE };
	struct task polls[2], reader;
	int i, epolls[2];

	ASSERT_EQ(0, subscribe_to_all(self->other));
	for (i = 0; i < ARRAY_SIZE(polls); i++) {
		epolls[i] = epoll_create1(EPOLL_CLOEXEC);
		ASSERT_LE(0, epolls[i]);
		ASSERT_EQ(0, epoll_ctl(epolls[i], EPOLL_CTL_ADD, self->other, &event));
		ASSERT_EQ(0, task_start(&polls[i], epolls[i], epoll_task, NULL));
		ASSERT_TRUE(task_is_asleep(&polls[i]));
	}
	ASSERT_EQ(0, task_start(&reader, self->other, read_task, NULL));
	ASSERT_TRUE(task_is_asleep(&reader));
	ASSERT_EQ(0, close(self->server));
	EXPECT_EQ(0, task_join(&reader));
	for (i = 0; i < ARRAY_SIZE(polls); i++) {
		EXPECT_EQ(EPOLLIN | EPOLLHUP, task_join(&polls[i]));
		ASSERT_EQ(0, close(epolls[i]));
	}
}

/* More than are woken in the call itself. */
TEST_F(further, wakes_a_crowd_at_the_end)
{
	struct task readers[40];
	int i;

	ASSERT_EQ(0, subscribe_to_all(self->other));
	for (i = 0; i < ARRAY_SIZE(readers); i++) {
		ASSERT_EQ(0, task_start(&readers[i], self->other, read_task, NULL));
		ASSERT_TRUE(task_is_asleep(&readers[i]));
	}
	ASSERT_EQ(0, close(self->server));
	for (i = 0; i < ARRAY_SIZE(readers); i++)
		EXPECT_EQ(0, task_join(&readers[i]));
}

/* An event does not wake a poll for the end alone. */
TEST_F(further, polls_for_the_end_alone)
{
	struct task task;
	__u64 pid;

	ASSERT_EQ(0, subscribe_to_all(self->other));
	ASSERT_EQ(0, task_start(&task, self->other, poll_task, NULL));
	ASSERT_TRUE(task_is_asleep(&task));
	ASSERT_EQ(0, create(self->server, PROCSRV_INIT_PID, &pid));
	pause_ns(50 * MSEC);
	EXPECT_TRUE(task_is_asleep(&task));
	ASSERT_EQ(0, close(self->server));
	EXPECT_EQ(POLLHUP, task_join(&task));
}

/* A sleeping call on a further descriptor does not keep the server alive. */
TEST_F(further, closed_under_sleepers)
{
	struct procsrv_wait_args args;
	struct task waiter;
	__u64 pid, child;

	ASSERT_EQ(0, create(self->server, PROCSRV_INIT_PID, &pid));
	ASSERT_EQ(0, create(self->server, pid, &child));
	args = wait_args(pid, PROCSRV_WAIT_ANY, 0, PROCSRV_WAIT_EXITED, 0);
	ASSERT_EQ(0, task_start(&waiter, self->other, wait_task, &args));
	ASSERT_TRUE(task_is_asleep(&waiter));
	ASSERT_EQ(0, close(self->server));
	EXPECT_EQ(-ESRCH, task_join(&waiter));
	EXPECT_EQ(-ESRCH, state_of(self->other, pid));
}

/* Creates processes until that fails. Returns the error. */
static long create_task(struct task *task)
{
	__u64 pid;
	int ret;

	do {
		ret = create(task->fd, PROCSRV_INIT_PID, &pid);
	} while (!ret);
	return ret;
}

/* Nothing is left if the server ends during a creation. */
TEST_F(further, closed_under_creators)
{
	struct procsrv_stats stats;
	int server, other, i;
	struct task creator;

	for (i = 0; i < ROUNDS; i++) {
		server = new_server(self->scene.fd);
		ASSERT_LE(0, server);
		other = further(server);
		ASSERT_LE(0, other);
		ASSERT_EQ(0, task_start(&creator, other, create_task, NULL));
		pause_ns(i * 10000);
		ASSERT_EQ(0, close(server));
		EXPECT_EQ(-ESHUTDOWN, task_join(&creator));
		ASSERT_EQ(0, get_stats(other, &stats));
		EXPECT_EQ(1, stats.total_processes);
		EXPECT_EQ(stats.total_created, stats.total_exited);
		ASSERT_EQ(0, close(other));
	}
}

/* Further descriptors count as servers, until they are closed. */
TEST_F(further, is_charged)
{
	/* Raise the limit of open descriptors, which has the same error. */
	const struct rlimit files = { 1 << 16, 1 << 16 };
	enum { MOST = 1024 };
	int fds[MOST], nr = 0, last = 0, i;

	ASSERT_EQ(0, setrlimit(RLIMIT_NOFILE, &files));
	while (nr < MOST && last >= 0) {
		last = further(nr % 2 ? self->server : self->other);
		if (last >= 0)
			fds[nr++] = last;
	}
	EXPECT_EQ(-EMFILE, last);
	EXPECT_EQ(-EMFILE, new_server(self->scene.fd));
	for (i = 0; i < nr; i++)
		EXPECT_EQ(0, close(fds[i]));
	last = further(self->other);
	EXPECT_LE(0, last);
	EXPECT_EQ(0, close(last));
}

/* A further descriptor pins its server's account, whichever is closed first. */
TEST_F(further, outlives_its_server)
{
	int i, server, other;

	for (i = 0; i < ROUNDS; i++) {
		server = new_server(self->scene.fd);
		ASSERT_LE(0, server);
		other = further(server);
		ASSERT_LE(0, other);
		ASSERT_EQ(0, close(i % 2 ? server : other));
		ASSERT_EQ(0, close(i % 2 ? other : server));
	}
}

TEST_HARNESS_MAIN
