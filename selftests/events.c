// SPDX-License-Identifier: GPL-2.0-only
/*
 * procsrv selftests - events by read(2): blocking, partial, failing,
 * interrupted
 */
#include "events.h"
#include "tasks.h"

enum {
	SIZE = sizeof(struct procsrv_event),

	/* More than max_user_readers. */
	NR_FAILURES = 200,
};

static struct procsrv_event record;

static long read_one(struct task *task)
{
	return read_bytes(task->fd, task->data ? task->data : &record, SIZE);
}

/* Switches the descriptor between blocking and non-blocking. */
static int set_blocking(int fd, bool on)
{
	int flags = fcntl(fd, F_GETFL);

	return fcntl(fd, F_SETFL, on ? flags & ~O_NONBLOCK : flags | O_NONBLOCK);
}

/* Causes one event. */
static int happen(int fd, __u64 pid)
{
	return signal_pid(fd, pid, 10);
}

TEST_F(events, read_sleeps_until_there_is_one)
{
	struct task task;
	__u64 pid;

	ASSERT_EQ(0, set_blocking(self->reader, true));
	ASSERT_EQ(0, task_start(&task, self->reader, read_one, NULL));
	ASSERT_TRUE(task_is_asleep(&task));
	ASSERT_EQ(0, create(self->fd, self->root, &pid));
	EXPECT_EQ(SIZE, task_join(&task));
	EXPECT_EQ(PROCSRV_EVENT_CREATE, record.kind);
	EXPECT_EQ(pid, record.pid);
	/* A pending event is read without sleeping. */
	ASSERT_EQ(0, happen(self->fd, pid));
	EXPECT_EQ(PROCSRV_EVENT_SIGNAL, next_kind(self->reader));
}

TEST_F(events, nonblock)
{
	expect_nothing(_metadata, self->reader);
	ASSERT_EQ(0, happen(self->fd, self->root));
	EXPECT_EQ(PROCSRV_EVENT_SIGNAL, next_kind(self->reader));
	expect_nothing(_metadata, self->reader);
	/* Neither a failed call nor a read-only call is an event. */
	EXPECT_EQ(-ESRCH, happen(self->fd, NO_PID));
	EXPECT_EQ(PROCSRV_RUNNING, state_of(self->fd, self->root));
	EXPECT_EQ(0, signal_pid(self->fd, self->root, 0));
	expect_nothing(_metadata, self->reader);
}

TEST_F(events, room_for_less_than_a_record)
{
	char *room = at_edge(SIZE - 1);
	int size;

	ASSERT_EQ(0, happen(self->fd, self->root));
	for (size = 0; size < SIZE; size++)
		EXPECT_EQ(-EINVAL, read_bytes(self->reader, room, size));
	EXPECT_TRUE(untouched(room, SIZE - 1));
	/* EINVAL, with or without events. No event was consumed. */
	EXPECT_EQ(1, drain(self->reader));
	EXPECT_EQ(-EINVAL, read_bytes(self->reader, room, SIZE - 1));
	EXPECT_EQ(-EAGAIN, read_bytes(self->reader, room, SIZE));
}

/* Whole records, as many as fit. The rest of the buffer is unchanged. */
TEST_F(events, room_for_several)
{
	struct procsrv_event *e;
	int i, room, n, sum = 0;
	char *edge;

	for (i = 0; i < 20; i++)
		ASSERT_EQ(0, happen(self->fd, self->root));
	for (room = SIZE; sum < 20; room += SIZE + 13) {
		edge = at_edge(room);
		n = read_bytes(self->reader, edge, room);
		i = room / SIZE < 20 - sum ? room / SIZE : 20 - sum;
		ASSERT_EQ(i * SIZE, n);
		EXPECT_TRUE(untouched(edge + n, room - n));
		for (i = 0; i < n / SIZE; i++) {
			e = (void *)(edge + i * SIZE);
			/* The creation of the root was the event before. */
			EXPECT_EQ(self->seq + ++sum, e->seq);
			EXPECT_EQ(self->root, e->pid);
		}
	}
	expect_nothing(_metadata, self->reader);
}

TEST_F(events, fault_takes_nothing)
{
	struct procsrv_event event;
	void *none = page_with(PROT_READ);
	char *edge = at_edge(SIZE - 1);
	int i;

	for (i = 0; i < 2; i++)
		ASSERT_EQ(0, happen(self->fd, self->root));
	for (i = 0; i < 3; i++) {
		EXPECT_EQ(-EFAULT, read_bytes(self->reader, NULL, SIZE));
		EXPECT_EQ(-EFAULT, read_bytes(self->reader, none, 4096));
		EXPECT_EQ(-EFAULT, read_bytes(self->reader, edge, SIZE));
	}
	EXPECT_TRUE(untouched(none, 4096));
	for (i = 1; i <= 2; i++) {
		ASSERT_EQ(1, read_events(self->reader, &event, 1));
		EXPECT_EQ(self->seq + i, event.seq);
	}
	expect_nothing(_metadata, self->reader);
	/* Without events the address is not used. */
	EXPECT_EQ(-EAGAIN, read_bytes(self->reader, NULL, SIZE));
}

/* The third of five cannot be stored: two are read, and it comes next. */
TEST_F(events, fault_in_the_middle)
{
	struct procsrv_event *room = (void *)at_edge(2 * SIZE + 8);
	struct procsrv_event event;
	int i;

	for (i = 0; i < 5; i++)
		ASSERT_EQ(0, happen(self->fd, self->root));
	EXPECT_EQ(2 * SIZE, read_bytes(self->reader, room, 5 * SIZE));
	EXPECT_EQ(self->seq + 1, room[0].seq);
	EXPECT_EQ(self->seq + 2, room[1].seq);
	for (i = 3; i <= 5; i++) {
		ASSERT_EQ(1, read_events(self->reader, &event, 1));
		EXPECT_EQ(self->seq + i, event.seq);
	}
	expect_nothing(_metadata, self->reader);
}

/* Events that could not be stored remain unread until a new subscription. */
TEST_F(events, fault_and_then)
{
	ASSERT_EQ(0, happen(self->fd, self->root));
	EXPECT_EQ(-EFAULT, read_bytes(self->reader, NULL, SIZE));
	ASSERT_EQ(0, subscribe_to_all(self->reader));
	expect_nothing(_metadata, self->reader);
	/* A failed subscription changes nothing. */
	ASSERT_EQ(0, happen(self->fd, self->root));
	EXPECT_EQ(-EFAULT, read_bytes(self->reader, NULL, SIZE));
	EXPECT_EQ(-ESRCH, subscribe(self->reader, NO_PID, ALL_EVENTS, 0, 0,
				    NULL));
	EXPECT_EQ(1, drain(self->reader));
	/* A blocking read returns it without sleeping. */
	ASSERT_EQ(0, happen(self->fd, self->root));
	EXPECT_EQ(-EFAULT, read_bytes(self->reader, NULL, SIZE));
	ASSERT_EQ(0, set_blocking(self->reader, true));
	EXPECT_EQ(PROCSRV_EVENT_SIGNAL, next_kind(self->reader));
}

/* If one reader cannot store an event, another sleeping reader gets it. */
TEST_F(events, fault_beside_another)
{
	void *none = page_with(PROT_READ);
	struct task bad, good;
	int looks = 0;

	ASSERT_EQ(0, set_blocking(self->reader, true));
	ASSERT_EQ(0, task_start(&bad, self->reader, read_one, none));
	ASSERT_TRUE(task_is_asleep(&bad));
	ASSERT_EQ(0, task_start(&good, self->reader, read_one, NULL));
	ASSERT_TRUE(task_is_asleep(&good));
	ASSERT_EQ(0, happen(self->fd, self->root));
	EXPECT_EQ(-EFAULT, task_join(&bad));
	while (!task_is_done(&good) && look_again(&looks))
		;
	EXPECT_TRUE(task_is_done(&good));
	/* On failure, another event ends the sleep of the reader. */
	ASSERT_EQ(0, happen(self->fd, self->root));
	EXPECT_EQ(SIZE, task_join(&good));
	EXPECT_EQ(self->seq + 1, record.seq);
}

TEST_F(events, interrupted)
{
	struct procsrv_event event;
	struct task task;

	memset(&event, PATTERN, sizeof(event));
	interrupt_by(SIGUSR1, 0);
	ASSERT_EQ(0, set_blocking(self->reader, true));
	ASSERT_EQ(0, task_start(&task, self->reader, read_one, &event));
	ASSERT_TRUE(task_is_asleep(&task));
	ASSERT_EQ(0, pthread_kill(task.thread, SIGUSR1));
	EXPECT_EQ(-EINTR, task_join(&task));
	EXPECT_TRUE(untouched(&event, sizeof(event)));
}

TEST_F(events, restarted)
{
	struct task task;
	int i;

	interrupt_by(SIGUSR1, SA_RESTART);
	ASSERT_EQ(0, set_blocking(self->reader, true));
	ASSERT_EQ(0, task_start(&task, self->reader, read_one, NULL));
	for (i = 0; i < 3; i++) {
		ASSERT_TRUE(task_is_asleep(&task));
		ASSERT_EQ(0, pthread_kill(task.thread, SIGUSR1));
	}
	ASSERT_TRUE(task_is_asleep(&task));
	ASSERT_EQ(0, happen(self->fd, self->root));
	EXPECT_EQ(SIZE, task_join(&task));
}

/* A reader that is killed while it sleeps leaves nothing behind. */
TEST_F(events, killed)
{
	pid_t child;

	ASSERT_EQ(0, set_blocking(self->reader, true));
	child = fork_tied();
	ASSERT_LE(0, child);
	if (!child)
		_exit(next_kind(self->reader));
	ASSERT_TRUE(child_sleeps(child));
	EXPECT_EQ(SIGKILL, killed(child));
	ASSERT_EQ(0, happen(self->fd, self->root));
	EXPECT_EQ(PROCSRV_EVENT_SIGNAL, next_kind(self->reader));
}

/* The first read subscribes to all events from then on. */
TEST_F(events, subscribed_by_reading)
{
	int fd = open_reader();
	struct task task;

	ASSERT_LE(0, fd);
	ASSERT_EQ(0, happen(self->fd, self->root));
	expect_nothing(_metadata, fd);
	ASSERT_EQ(0, happen(self->fd, self->root));
	EXPECT_EQ(1, drain(fd));
	ASSERT_EQ(0, close(fd));

	fd = open(DEVICE, O_RDONLY | O_CLOEXEC);
	ASSERT_LE(0, fd);
	ASSERT_EQ(0, task_start(&task, fd, read_one, NULL));
	ASSERT_TRUE(task_is_asleep(&task));
	ASSERT_EQ(0, happen(self->fd, self->root));
	EXPECT_EQ(SIZE, task_join(&task));
	EXPECT_EQ(self->seq + 3, record.seq);
	ASSERT_EQ(0, close(fd));
	/* A read that cannot succeed does not subscribe. */
	fd = open_reader();
	ASSERT_LE(0, fd);
	EXPECT_EQ(-EINVAL, read_bytes(fd, &record, SIZE - 1));
	ASSERT_EQ(0, happen(self->fd, self->root));
	expect_nothing(_metadata, fd);
	ASSERT_EQ(0, close(fd));
}

/* Failed subscriptions do not count towards the limit of a user. */
TEST_F(events, failures_are_not_counted)
{
	__u64 seq;
	int i, fd;

	for (i = 0; i < NR_FAILURES; i++) {
		fd = open_reader();
		ASSERT_LE(0, fd);
		ASSERT_EQ(-ESRCH, subscribe(fd, NO_PID, ALL_EVENTS, 0, 0, &seq));
		ASSERT_EQ(0, close(fd));
	}
}

TEST_F(events, nothing_to_write)
{
	char byte = 0;

	EXPECT_EQ(-1, write(self->reader, &byte, 1));
	EXPECT_EQ(EINVAL, errno);
	EXPECT_EQ(-1, lseek(self->reader, 0, SEEK_SET));
	EXPECT_EQ(ESPIPE, errno);
	EXPECT_EQ(-1, pread(self->reader, &record, SIZE, 0));
	EXPECT_EQ(ESPIPE, errno);
}

TEST_F(events, of_a_descriptor_for_writing)
{
	int fd = open(DEVICE, O_WRONLY | O_CLOEXEC);

	ASSERT_LE(0, fd);
	EXPECT_EQ(-EBADF, read_bytes(fd, &record, SIZE));
	EXPECT_EQ(0, subscribe_to_all(fd));
	ASSERT_EQ(0, close(fd));
}

TEST_HARNESS_MAIN
