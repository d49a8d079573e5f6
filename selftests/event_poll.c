// SPDX-License-Identifier: GPL-2.0-only
/*
 * procsrv selftests - events: poll(2), epoll(7), and shared descriptors
 */
#include <poll.h>
#include <sys/epoll.h>

#include "events.h"
#include "sockets.h"
#include "tasks.h"

enum { LONG = 3600 * 1000 };

static int happen(int fd, __u64 pid)
{
	return signal_pid(fd, pid, 10);
}

static int new_server(int fd)
{
	struct procsrv_new_server_args args = { .fd = PATTERN32 };
	int ret = call(fd, PROCSRV_IOC_NEW_SERVER, &args);

	return ret ? ret : args.fd;
}

/* The events that poll(2) reports for a descriptor within @timeout. */
static int polled(int fd, int timeout)
{
	struct pollfd p = { .fd = fd, .events = POLLIN | POLLRDNORM | POLLOUT };
	int n = poll(&p, 1, timeout);

	return n < 0 ? -errno : n ? p.revents : 0;
}

static int epolled(int epoll, int timeout)
{
	struct epoll_event event = {};
	int n = epoll_wait(epoll, &event, 1, timeout);

	return n < 0 ? -errno : n ? (int)event.events : 0;
}

static int make_epoll(int fd, __u32 flags)
{
	struct epoll_event event = { .events = EPOLLIN | flags };
	int epoll = epoll_create1(EPOLL_CLOEXEC);

	if (epoll >= 0 && epoll_ctl(epoll, EPOLL_CTL_ADD, fd, &event))
		return -1;
	return epoll;
}

static long poll_for_long(struct task *task)
{
	return polled(task->fd, LONG);
}

static long epoll_for_long(struct task *task)
{
	return epolled(task->fd, LONG);
}

TEST_F(events, poll)
{
	struct task task;

	EXPECT_EQ(0, polled(self->reader, 0));
	ASSERT_EQ(0, task_start(&task, self->reader, poll_for_long, NULL));
	ASSERT_TRUE(task_is_asleep(&task));
	ASSERT_EQ(0, happen(self->fd, self->root));
	EXPECT_EQ(POLLIN | POLLRDNORM, task_join(&task));
	/* Readable until all events are read. */
	EXPECT_EQ(POLLIN | POLLRDNORM, polled(self->reader, 0));
	EXPECT_EQ(1, drain(self->reader));
	EXPECT_EQ(0, polled(self->reader, 0));
	/* An event that could not be stored is not lost. */
	ASSERT_EQ(0, happen(self->fd, self->root));
	EXPECT_EQ(-EFAULT, read_bytes(self->reader, NULL, 64));
	EXPECT_EQ(POLLIN | POLLRDNORM, polled(self->reader, 0));
	EXPECT_EQ(1, drain(self->reader));
	EXPECT_EQ(0, polled(self->reader, 0));
}

TEST_F(events, subscribed_by_polling)
{
	int fd = open_reader();
	struct task task;

	ASSERT_LE(0, fd);
	ASSERT_EQ(0, happen(self->fd, self->root));
	EXPECT_EQ(0, polled(fd, 0));
	ASSERT_EQ(0, happen(self->fd, self->root));
	EXPECT_EQ(POLLIN | POLLRDNORM, polled(fd, 0));
	EXPECT_EQ(1, drain(fd));
	ASSERT_EQ(0, close(fd));
	/* Also while it sleeps. */
	fd = open_reader();
	ASSERT_LE(0, fd);
	ASSERT_EQ(0, task_start(&task, fd, poll_for_long, NULL));
	ASSERT_TRUE(task_is_asleep(&task));
	ASSERT_EQ(0, happen(self->fd, self->root));
	EXPECT_EQ(POLLIN | POLLRDNORM, task_join(&task));
	ASSERT_EQ(0, close(fd));
}

static int becomes(uid_t uid)
{
	return seteuid(uid) ? -errno : 0;
}

static void check_other_user(struct __test_metadata *_metadata, int fd)
{
	struct procsrv_event event;
	int epoll;

	EXPECT_EQ(POLLERR, polled(fd, 0));
	EXPECT_EQ(-EPERM, read_events(fd, &event, 1));
	epoll = make_epoll(fd, 0);
	ASSERT_LE(0, epoll);
	EXPECT_EQ(EPOLLERR, epolled(epoll, 0));
	ASSERT_EQ(0, close(epoll));
}

/* Polling or reading a passed descriptor as another user does not subscribe. */
TEST_F(events, not_subscribed_by_another_user)
{
	enum { ALICE = 100001 };
	int fds[2] = { open_reader(), new_server(self->fd) }, i;

	for (i = 0; i < 2; i++) {
		ASSERT_LE(0, fds[i]);
		ASSERT_EQ(0, fcntl(fds[i], F_SETFL, O_NONBLOCK));
		ASSERT_EQ(0, becomes(ALICE));
		check_other_user(_metadata, fds[i]);
		/* Another user can subscribe explicitly. */
		ASSERT_EQ(0, subscribe_to_all(fds[i]));
		EXPECT_EQ(0, polled(fds[i], 0));
		expect_nothing(_metadata, fds[i]);
		ASSERT_EQ(0, subscribe(fds[i], 0, 0, 0, 0, NULL));
		check_other_user(_metadata, fds[i]);
		ASSERT_EQ(0, becomes(0));
		/* The opener's poll subscribes, and then all users can read. */
		EXPECT_EQ(0, polled(fds[i], 0));
		ASSERT_EQ(0, becomes(ALICE));
		EXPECT_EQ(0, polled(fds[i], 0));
		expect_nothing(_metadata, fds[i]);
		ASSERT_EQ(0, becomes(0));
		ASSERT_EQ(0, close(fds[i]));
	}
}

TEST_F(events, level_triggered)
{
	int epoll = make_epoll(self->reader, 0);
	struct task task;

	ASSERT_LE(0, epoll);
	EXPECT_EQ(0, epolled(epoll, 0));
	ASSERT_EQ(0, task_start(&task, epoll, epoll_for_long, NULL));
	ASSERT_TRUE(task_is_asleep(&task));
	ASSERT_EQ(0, happen(self->fd, self->root));
	EXPECT_EQ(EPOLLIN, task_join(&task));
	EXPECT_EQ(EPOLLIN, epolled(epoll, 0));
	EXPECT_EQ(1, drain(self->reader));
	EXPECT_EQ(0, epolled(epoll, 0));
	ASSERT_EQ(0, close(epoll));
}

/*
 * Reported once for existing events, and once more for new ones, drained or
 * not.
 */
TEST_F(events, edge_triggered)
{
	int epoll = make_epoll(self->reader, EPOLLET);
	struct task task;

	ASSERT_LE(0, epoll);
	EXPECT_EQ(0, epolled(epoll, 0));
	ASSERT_EQ(0, happen(self->fd, self->root));
	ASSERT_EQ(0, happen(self->fd, self->root));
	EXPECT_EQ(EPOLLIN, epolled(epoll, 0));
	EXPECT_EQ(0, epolled(epoll, 0));
	/* Not drained. */
	ASSERT_EQ(0, task_start(&task, epoll, epoll_for_long, NULL));
	ASSERT_TRUE(task_is_asleep(&task));
	ASSERT_EQ(0, happen(self->fd, self->root));
	EXPECT_EQ(EPOLLIN, task_join(&task));
	EXPECT_EQ(0, epolled(epoll, 0));
	EXPECT_EQ(PROCSRV_EVENT_SIGNAL, next_kind(self->reader));
	EXPECT_EQ(0, epolled(epoll, 0));
	EXPECT_EQ(2, drain(self->reader));
	EXPECT_EQ(0, epolled(epoll, 0));
	ASSERT_EQ(0, happen(self->fd, self->root));
	EXPECT_EQ(EPOLLIN, epolled(epoll, 0));
	ASSERT_EQ(0, close(epoll));
}

/* A new event in a full ring, which overwrites one, is reported as well. */
TEST_F(events, edge_of_a_full_ring)
{
	int epoll;

	ASSERT_EQ(0, subscribe(self->reader, 0, ALL_EVENTS, 1, 0, NULL));
	epoll = make_epoll(self->reader, EPOLLET);
	ASSERT_LE(0, epoll);
	ASSERT_EQ(0, happen(self->fd, self->root));
	EXPECT_EQ(EPOLLIN, epolled(epoll, 0));
	ASSERT_EQ(0, happen(self->fd, self->root));
	EXPECT_EQ(EPOLLIN, epolled(epoll, 0));
	EXPECT_EQ(0, epolled(epoll, 0));
	ASSERT_EQ(0, close(epoll));
}

/* Every descriptor has a ring of its own. A stuck reader affects no others. */
TEST_F(events, several_readers)
{
	enum { NR = 8, EVENTS = 1500 };
	struct procsrv_event event;
	int fds[NR], i, j, stuck;

	stuck = open_reader();
	ASSERT_LE(0, stuck);
	ASSERT_EQ(0, subscribe(stuck, 0, ALL_EVENTS, 1, 0, NULL));
	for (i = 0; i < NR; i++) {
		fds[i] = open_reader();
		ASSERT_LE(0, fds[i]);
		ASSERT_EQ(0, subscribe(fds[i], 0, ALL_EVENTS, EVENTS, 0, NULL));
	}
	for (i = 0; i < EVENTS; i++)
		ASSERT_EQ(0, happen(self->fd, self->root));
	for (i = 0; i < NR; i++) {
		for (j = 1; j <= EVENTS; j++) {
			ASSERT_EQ(1, read_events(fds[i], &event, 1));
			ASSERT_EQ(self->seq + j, event.seq);
		}
		expect_nothing(_metadata, fds[i]);
		ASSERT_EQ(0, close(fds[i]));
	}
	ASSERT_EQ(1, read_events(stuck, &event, 1));
	EXPECT_EQ(PROCSRV_EVENT_LOST, event.kind);
	ASSERT_EQ(0, close(stuck));
}

/* Copies of a descriptor are one reader. */
TEST_F(events, duplicated)
{
	int copy = dup(self->reader);
	pid_t child;

	ASSERT_LE(0, copy);
	ASSERT_EQ(0, happen(self->fd, self->root));
	ASSERT_EQ(0, happen(self->fd, self->root));
	EXPECT_EQ(PROCSRV_EVENT_SIGNAL, next_kind(copy));
	child = fork_tied();
	ASSERT_LE(0, child);
	if (!child)
		_exit(next_kind(self->reader) != PROCSRV_EVENT_SIGNAL);
	EXPECT_EQ(0, child_status(child));
	expect_nothing(_metadata, copy);
	ASSERT_EQ(0, close(copy));
	ASSERT_EQ(0, happen(self->fd, self->root));
	EXPECT_EQ(1, drain(self->reader));
}

/* A passed descriptor continues where it was. */
TEST_F(events, passed_over_a_socket)
{
	int sockets[2], fd;

	ASSERT_EQ(0, socketpair(AF_UNIX, SOCK_STREAM, 0, sockets));
	ASSERT_EQ(0, happen(self->fd, self->root));
	ASSERT_EQ(0, pass_fd(sockets[0], self->reader));
	ASSERT_EQ(0, close(self->reader));
	ASSERT_EQ(0, happen(self->fd, self->root));
	fd = take_fd(sockets[1]);
	ASSERT_LE(0, fd);
	EXPECT_EQ(2, drain(fd));
	close(sockets[0]);
	close(sockets[1]);
	self->reader = fd;
}

/**
 * struct taking - events that one of several threads has read
 * @task: the thread
 * @seen: a mark for every event, shared by the threads
 * @first: the number of the event that is marked first
 * @nr: number of events that it has read
 * @doubles: number of those that were marked already
 */
struct taking {
	struct task task;
	unsigned char *seen;
	__u64 first;
	int nr;
	int doubles;
};

enum { SHARED = 600 };

/* Reads until the last event, which ends the thread that reads it. */
static long take_until_the_end(struct task *task)
{
	struct taking *t = task->data;
	struct procsrv_event events[7];
	int i, n;

	for (;;) {
		n = read_events(task->fd, events, ARRAY_SIZE(events));
		if (n < 0)
			return n;
		for (i = 0; i < n; i++) {
			if (events[i].kind == PROCSRV_EVENT_EXEC)
				return 0;
			if (__atomic_fetch_add(&t->seen[events[i].seq -
							t->first], 1,
					       __ATOMIC_SEQ_CST))
				t->doubles++;
			t->nr++;
		}
	}
}

/* Two threads that read one descriptor get each event once between them. */
TEST_F(events, read_by_two_threads)
{
	static unsigned char seen[SHARED];
	struct taking taking[2] = {};
	int i;

	ASSERT_EQ(0, fcntl(self->reader, F_SETFL, 0));
	for (i = 0; i < 2; i++) {
		taking[i].seen = seen;
		taking[i].first = self->seq + 1;
		ASSERT_EQ(0, task_start(&taking[i].task, self->reader,
					take_until_the_end, &taking[i]));
	}
	for (i = 0; i < SHARED; i++)
		ASSERT_EQ(0, happen(self->fd, self->root));
	/*
	 * Send until both threads have ended, as one thread may read two of
	 * them.
	 */
	for (i = 0; i < 2; i++) {
		while (!task_is_done(&taking[i].task)) {
			ASSERT_EQ(0, do_exec(self->fd, self->root, "end"));
			pause_ns(MSEC);
		}
		EXPECT_EQ(0, task_join(&taking[i].task));
		EXPECT_EQ(0, taking[i].doubles);
	}
	EXPECT_EQ(SHARED, taking[0].nr + taking[1].nr);
	for (i = 0; i < SHARED; i++)
		EXPECT_EQ(1, seen[i]);
}

static long read_one(struct task *task)
{
	struct procsrv_event event;

	return read_events(task->fd, &event, 1);
}

/* Several events at once, for readers that have room for one each. */
TEST_F(events, one_for_each)
{
	struct task tasks[4];
	__u32 count;
	__u64 pid;
	int i;

	ASSERT_EQ(0, create(self->fd, self->root, &pid));
	drain(self->reader);
	ASSERT_EQ(0, fcntl(self->reader, F_SETFL, 0));
	for (i = 0; i < ARRAY_SIZE(tasks); i++) {
		ASSERT_EQ(0, task_start(&tasks[i], self->reader, read_one,
					NULL));
		ASSERT_TRUE(task_is_asleep(&tasks[i]));
	}
	/* Each of the two processes gets a signal, and changes its state. */
	ASSERT_EQ(0, send_signal(self->fd, 0, PROCSRV_TARGET_TREE, self->root,
				 19, &count));
	for (i = 0; i < ARRAY_SIZE(tasks); i++)
		EXPECT_EQ(1, task_join(&tasks[i]));
	ASSERT_EQ(0, fcntl(self->reader, F_SETFL, O_NONBLOCK));
	EXPECT_EQ(0, drain(self->reader));
}

TEST_HARNESS_MAIN
