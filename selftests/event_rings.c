// SPDX-License-Identifier: GPL-2.0-only
/*
 * procsrv selftests - events: subscriptions, filters, and rings that overflow
 */
#include <sys/time.h>

#include "events.h"
#include "tasks.h"

static int happen(int fd, __u64 pid)
{
	return signal_pid(fd, pid, 10);
}

/* Causes @nr events. Returns the number of the first one. */
static __u64 let_happen(struct __test_metadata *_metadata, int fd, __u64 pid,
			int nr)
{
	struct procsrv_info info;
	int i;

	for (i = 0; i < nr; i++)
		EXPECT_EQ(0, happen(fd, pid));
	EXPECT_EQ(0, get_info(fd, pid, &info));
	return info.seq - nr + 1;
}

/* A ring of @capacity that overflows by @lost: exactly the oldest are lost. */
static void check_overflow(struct __test_metadata *_metadata, int fd,
			   __u64 root, int reader, int capacity, int lost)
{
	struct procsrv_event event;
	__u64 first;
	int i;

	first = let_happen(_metadata, fd, root, capacity + lost);
	if (lost) {
		memset(&event, PATTERN, sizeof(event));
		ASSERT_EQ(1, read_events(reader, &event, 1));
		EXPECT_EQ(PROCSRV_EVENT_LOST, event.kind);
		EXPECT_EQ(lost, event.value);
		EXPECT_EQ(first + lost - 1, event.seq);
		EXPECT_EQ(0, event.pid);
		EXPECT_EQ(0, event.other);
		EXPECT_EQ(0, event.sid);
		EXPECT_EQ(0, event.pgid);
		EXPECT_EQ(0, event.signo);
		EXPECT_EQ(0, event.code);
		EXPECT_EQ(0, event.detail);
	}
	for (i = 0; i < capacity; i++) {
		ASSERT_EQ(1, read_events(reader, &event, 1));
		ASSERT_EQ(first + lost + i, event.seq);
		ASSERT_EQ(PROCSRV_EVENT_SIGNAL, event.kind);
	}
	expect_nothing(_metadata, reader);
}

TEST_F(events, overflow)
{
	const int capacities[] = { 1, 2, 7, 64, PROCSRV_RING_DEFAULT };
	const int losses[] = { 0, 1, 5, 70 };
	int i, j;

	for (i = 0; i < ARRAY_SIZE(capacities); i++) {
		ASSERT_EQ(0, subscribe(self->reader, 0, ALL_EVENTS,
				       capacities[i], 0, NULL));
		for (j = 0; j < ARRAY_SIZE(losses); j++)
			check_overflow(_metadata, self->fd, self->root,
				       self->reader, capacities[i], losses[j]);
	}
}

TEST_F(events, default_capacity)
{
	ASSERT_EQ(0, subscribe_to_all(self->reader));
	check_overflow(_metadata, self->fd, self->root, self->reader,
		       PROCSRV_RING_DEFAULT, 1);
}

TEST_F(events, largest_capacity)
{
	ASSERT_EQ(0, subscribe(self->reader, 0, ALL_EVENTS, PROCSRV_RING_MAX, 0,
			       NULL));
	let_happen(_metadata, self->fd, self->root, 3000);
	EXPECT_EQ(3000, drain(self->reader));
}

/* Two overflows with a read in between: two records in the right places. */
TEST_F(events, overflow_again)
{
	struct procsrv_event events[8];
	__u64 first;

	ASSERT_EQ(0, subscribe(self->reader, 0, ALL_EVENTS, 4, 0, NULL));
	first = let_happen(_metadata, self->fd, self->root, 6);
	ASSERT_EQ(2, read_events(self->reader, events, 2));
	EXPECT_EQ(PROCSRV_EVENT_LOST, events[0].kind);
	EXPECT_EQ(2, events[0].value);
	EXPECT_EQ(first + 2, events[1].seq);
	/* Three events are unread, so three more are two too many. */
	let_happen(_metadata, self->fd, self->root, 3);
	ASSERT_EQ(5, read_events(self->reader, events, 8));
	EXPECT_EQ(PROCSRV_EVENT_LOST, events[0].kind);
	EXPECT_EQ(2, events[0].value);
	EXPECT_EQ(first + 4, events[0].seq);
	EXPECT_EQ(first + 5, events[1].seq);
	EXPECT_EQ(first + 8, events[4].seq);
	/* A lost record that cannot be stored is not lost itself. */
	let_happen(_metadata, self->fd, self->root, 5);
	EXPECT_EQ(-EFAULT, read_bytes(self->reader, NULL, 4096));
	ASSERT_EQ(5, read_events(self->reader, events, 8));
	EXPECT_EQ(PROCSRV_EVENT_LOST, events[0].kind);
	EXPECT_EQ(1, events[0].value);
}

/* Events that a filter excludes take no place, and are not counted as lost. */
TEST_F(events, overflow_of_what_is_wanted)
{
	const __u32 execs = PROCSRV_EVENT_BIT(PROCSRV_EVENT_EXEC);
	struct procsrv_event events[4];
	int i;

	ASSERT_EQ(0, subscribe(self->reader, 0, execs, 2, 0, NULL));
	for (i = 0; i < 5; i++) {
		ASSERT_EQ(0, happen(self->fd, self->root));
		ASSERT_EQ(0, do_exec(self->fd, self->root, "again"));
	}
	ASSERT_EQ(3, read_events(self->reader, events, 4));
	EXPECT_EQ(PROCSRV_EVENT_LOST, events[0].kind);
	EXPECT_EQ(3, events[0].value);
	EXPECT_EQ(self->seq + 6, events[0].seq);
	EXPECT_EQ(self->seq + 8, events[1].seq);
	EXPECT_EQ(self->seq + 10, events[2].seq);
}

TEST_F(events, every_kind_by_itself)
{
	__u32 sid, pgid, kind;
	__u64 pid;
	int n;

	for (kind = 1; kind < PROCSRV_NR_EVENTS; kind++) {
		ASSERT_EQ(0, subscribe(self->reader, 0, PROCSRV_EVENT_BIT(kind),
				       0, 0, NULL));
		ASSERT_EQ(0, create(self->fd, self->root, &pid));
		ASSERT_EQ(0, do_exec(self->fd, pid, "execed"));
		ASSERT_EQ(0, create_session(self->fd, pid, &sid, &pgid));
		ASSERT_EQ(0, set_terminal(self->fd, sid, "tty"));
		ASSERT_EQ(0, signal_pid(self->fd, pid, 19));
		ASSERT_EQ(0, signal_pid(self->fd, pid, 9));
		ASSERT_EQ(0, reap(self->fd, self->root, pid));
		switch (kind) {
		case PROCSRV_EVENT_SIGNAL:
			n = 2;
			break;
		case PROCSRV_EVENT_CREATE:
		case PROCSRV_EVENT_EXEC:
		case PROCSRV_EVENT_EXIT:
		case PROCSRV_EVENT_REAP:
		case PROCSRV_EVENT_STATE:
		case PROCSRV_EVENT_SESSION:
		case PROCSRV_EVENT_TERMINAL:
			n = 1;
			break;
		default:
			n = 0;
		}
		while (n--)
			EXPECT_EQ(kind, next_kind(self->reader));
		expect_nothing(_metadata, self->reader);
	}
}

TEST_F(events, of_one_process)
{
	__u64 pid, other, child;

	ASSERT_EQ(0, create(self->fd, self->root, &pid));
	ASSERT_EQ(0, create(self->fd, self->root, &other));
	ASSERT_EQ(0, subscribe(self->reader, pid, ALL_EVENTS, 0, 0, NULL));
	ASSERT_EQ(0, happen(self->fd, other));
	ASSERT_EQ(0, happen(self->fd, self->root));
	/* Events of a child are not events of its parent. */
	ASSERT_EQ(0, create(self->fd, pid, &child));
	ASSERT_EQ(0, send_signal(self->fd, pid, PROCSRV_TARGET_PID, child, 10,
				 NULL));
	expect_nothing(_metadata, self->reader);
	ASSERT_EQ(0, happen(self->fd, pid));
	EXPECT_EQ(PROCSRV_EVENT_SIGNAL, next_kind(self->reader));
	ASSERT_EQ(0, terminate(self->fd, pid, 0, 0));
	EXPECT_EQ(PROCSRV_EVENT_EXIT, next_kind(self->reader));
	ASSERT_EQ(0, reap(self->fd, self->root, pid));
	EXPECT_EQ(PROCSRV_EVENT_REAP, next_kind(self->reader));
	expect_nothing(_metadata, self->reader);
}

/* The subtree consists of the current descendants. */
TEST_F(events, of_a_subtree)
{
	__u64 top, child, grandchild, beside;
	struct procsrv_event event;
	__u32 sid, pgid;

	ASSERT_EQ(0, create(self->fd, self->root, &top));
	ASSERT_EQ(0, create(self->fd, self->root, &beside));
	ASSERT_EQ(0, subscribe(self->reader, top, ALL_EVENTS, 0,
			       PROCSRV_SUBSCRIBE_SUBTREE, NULL));
	ASSERT_EQ(0, create(self->fd, top, &child));
	EXPECT_EQ(PROCSRV_EVENT_CREATE, next_kind(self->reader));
	ASSERT_EQ(0, create(self->fd, child, &grandchild));
	EXPECT_EQ(PROCSRV_EVENT_CREATE, next_kind(self->reader));
	ASSERT_EQ(0, create_session(self->fd, grandchild, &sid, &pgid));
	EXPECT_EQ(PROCSRV_EVENT_SESSION, next_kind(self->reader));
	ASSERT_EQ(0, set_terminal(self->fd, sid, "tty"));
	EXPECT_EQ(PROCSRV_EVENT_TERMINAL, next_kind(self->reader));
	ASSERT_EQ(0, happen(self->fd, top));
	EXPECT_EQ(PROCSRV_EVENT_SIGNAL, next_kind(self->reader));
	ASSERT_EQ(0, happen(self->fd, beside));
	ASSERT_EQ(0, happen(self->fd, self->root));
	expect_nothing(_metadata, self->reader);
	/*
	 * A process leaves the subtree, which is reported. Its later events are
	 * not.
	 */
	ASSERT_EQ(0, terminate(self->fd, child, 0, 0));
	ASSERT_EQ(1, read_events(self->reader, &event, 1));
	EXPECT_EQ(PROCSRV_EVENT_PARENT, event.kind);
	EXPECT_EQ(grandchild, event.pid);
	EXPECT_EQ(PROCSRV_EVENT_EXIT, next_kind(self->reader));
	ASSERT_EQ(0, happen(self->fd, grandchild));
	expect_nothing(_metadata, self->reader);
	ASSERT_EQ(0, reap(self->fd, top, child));
	EXPECT_EQ(PROCSRV_EVENT_REAP, next_kind(self->reader));
	ASSERT_EQ(0, terminate(self->fd, top, 0, 0));
	ASSERT_EQ(0, reap(self->fd, self->root, top));
	EXPECT_EQ(2, drain(self->reader));
}

TEST_F(events, refused_subscriptions)
{
	const struct procsrv_subscribe_args bad[] = {
		{ .kinds = ALL_EVENTS, .capacity = PROCSRV_RING_MAX + 1 },
		{ .kinds = ALL_EVENTS, .flags = PROCSRV_SUBSCRIBE_SUBTREE },
		{ .kinds = PROCSRV_EVENT_BIT(PROCSRV_EVENT_LOST) },
		{ .kinds = PROCSRV_EVENT_BIT(PROCSRV_NR_EVENTS) },
		{ .pid = PROCSRV_INIT_PID },
		{ .capacity = 1 },
		{ .pid = 1, .flags = PROCSRV_SUBSCRIBE_SUBTREE },
	};
	struct procsrv_subscribe_args args;
	__u64 gone;
	int i;

	ASSERT_EQ(0, happen(self->fd, self->root));
	for (i = 0; i < ARRAY_SIZE(bad); i++) {
		args = bad[i];
		EXPECT_EQ(-EINVAL, call(self->reader, PROCSRV_IOC_SUBSCRIBE,
					&args));
		EXPECT_EQ(0, memcmp(&args, &bad[i], sizeof(args)));
	}
	EXPECT_EQ(-ESRCH, subscribe(self->reader, NO_PID, ALL_EVENTS, 0, 0,
				    NULL));
	/* The existing subscription continues, with its unread events. */
	EXPECT_EQ(1, drain(self->reader));
	ASSERT_EQ(0, create(self->fd, self->root, &gone));
	ASSERT_EQ(0, terminate(self->fd, gone, 0, 0));
	ASSERT_EQ(0, reap(self->fd, self->root, gone));
	EXPECT_EQ(-ESRCH, subscribe(self->reader, gone, ALL_EVENTS, 0, 0,
				    NULL));
	EXPECT_EQ(3, drain(self->reader));
}

TEST_F(events, unsubscribed)
{
	int fd = open_reader();

	/* Ending a subscription that does not exist is no error. */
	ASSERT_LE(0, fd);
	ASSERT_EQ(0, subscribe(fd, 0, 0, 0, 0, NULL));
	ASSERT_EQ(0, close(fd));
	ASSERT_EQ(0, happen(self->fd, self->root));
	ASSERT_EQ(0, subscribe(self->reader, 0, 0, 0, 0, NULL));
	ASSERT_EQ(0, happen(self->fd, self->root));
	/* Neither event is reported, but the read subscribes again. */
	expect_nothing(_metadata, self->reader);
	ASSERT_EQ(0, happen(self->fd, self->root));
	EXPECT_EQ(1, drain(self->reader));
}

TEST_F(events, subscribed_again)
{
	__u64 seq;

	ASSERT_EQ(0, happen(self->fd, self->root));
	ASSERT_EQ(0, subscribe(self->reader, 0, ALL_EVENTS, 5, 0, &seq));
	EXPECT_EQ(self->seq + 1, seq);
	expect_nothing(_metadata, self->reader);
	let_happen(_metadata, self->fd, self->root, 7);
	/* The record of lost events is discarded with the events. */
	ASSERT_EQ(0, subscribe(self->reader, 0, ALL_EVENTS, 1, 0, &seq));
	EXPECT_EQ(self->seq + 8, seq);
	expect_nothing(_metadata, self->reader);
	ASSERT_EQ(0, happen(self->fd, self->root));
	EXPECT_EQ(1, drain(self->reader));
}

static long read_kind(struct task *task)
{
	return next_kind(task->fd);
}

/* A sleeping reader gets events of the new subscription. */
TEST_F(events, subscribed_again_while_reading)
{
	const __u32 execs = PROCSRV_EVENT_BIT(PROCSRV_EVENT_EXEC);
	struct task task;

	ASSERT_EQ(0, fcntl(self->reader, F_SETFL, 0));
	ASSERT_EQ(0, task_start(&task, self->reader, read_kind, NULL));
	ASSERT_TRUE(task_is_asleep(&task));
	ASSERT_EQ(0, subscribe(self->reader, 0, execs, 0, 0, NULL));
	ASSERT_EQ(0, happen(self->fd, self->root));
	ASSERT_TRUE(task_is_asleep(&task));
	ASSERT_EQ(0, do_exec(self->fd, self->root, "now"));
	EXPECT_EQ(PROCSRV_EVENT_EXEC, task_join(&task));
}

/*
 * A sleeping reader subscribes again, to all events, when its subscription
 * ends.
 */
TEST_F(events, ended_while_reading)
{
	struct task task;
	int looks = 0;

	ASSERT_EQ(0, fcntl(self->reader, F_SETFL, 0));
	ASSERT_EQ(0, task_start(&task, self->reader, read_kind, NULL));
	ASSERT_TRUE(task_is_asleep(&task));
	ASSERT_EQ(0, subscribe(self->reader, 0, 0, 0, 0, NULL));
	while (!task_is_done(&task) && look_again(&looks))
		ASSERT_EQ(0, do_exec(self->fd, self->root, "now"));
	EXPECT_EQ(PROCSRV_EVENT_EXEC, task_join(&task));
}

/*
 * Long reads
 */

static void on_alarm(int signo)
{
}

/* Interrupts the caller periodically, or stops doing so. */
static void interrupt_every(int usec)
{
	const struct sigaction action = { .sa_handler = on_alarm };
	const struct itimerval timer = {
		.it_interval.tv_usec = usec,
		.it_value.tv_usec = usec,
	};

	sigaction(SIGALRM, &action, NULL);
	setitimer(ITIMER_REAL, &timer, NULL);
}

/* An interrupted read of a full ring returns a part of it. No event is lost. */
TEST_F(events, interrupted_after_the_first)
{
	static struct procsrv_event events[PROCSRV_RING_MAX];
	int i, n, done, shorter = 0;

	memset(events, 0, sizeof(events));
	ASSERT_EQ(0, subscribe(self->reader, 0, ALL_EVENTS, PROCSRV_RING_MAX, 0,
			       &self->seq));
	for (i = 0; i < PROCSRV_RING_MAX; i++)
		ASSERT_EQ(0, signal_pid(self->fd, self->root, 10));
	interrupt_every(500);
	for (done = 0; done < PROCSRV_RING_MAX; done += n) {
		n = read_events(self->reader, &events[done],
				PROCSRV_RING_MAX - done);
		ASSERT_LT(0, n);
		shorter += done + n < PROCSRV_RING_MAX;
	}
	interrupt_every(0);
	EXPECT_LT(0, shorter);
	for (i = 0; i < PROCSRV_RING_MAX; i++)
		ASSERT_EQ(self->seq + 1 + i, events[i].seq);
	expect_nothing(_metadata, self->reader);
}

TEST_HARNESS_MAIN
