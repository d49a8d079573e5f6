// SPDX-License-Identifier: GPL-2.0-only
/*
 * Events: every kind with every field, rings that overflow, filters
 */
#include <linux/string.h>
#include <linux/wait.h>

#include "common.h"

enum {
	RING = 8,
};

#define CAPABILITY 0x123456789abcdefULL

/* Compares all fields but the number and the time. */
static void expect_exactly(struct kunit *test, struct procsrv_reader *r,
			   struct procsrv_event want)
{
	struct procsrv_event e = next_event(test, r);

	KUNIT_EXPECT_EQ(test, e.kind, want.kind);
	KUNIT_EXPECT_EQ(test, e.pid, want.pid);
	KUNIT_EXPECT_EQ(test, e.other, want.other);
	KUNIT_EXPECT_EQ(test, e.value, want.value);
	KUNIT_EXPECT_EQ(test, e.sid, want.sid);
	KUNIT_EXPECT_EQ(test, e.pgid, want.pgid);
	KUNIT_EXPECT_EQ(test, e.signo, want.signo);
	KUNIT_EXPECT_EQ(test, e.code, want.code);
	KUNIT_EXPECT_EQ(test, e.detail, want.detail);
}

#define EXPECT(...) expect_exactly(test, r, (struct procsrv_event) { \
	__VA_ARGS__ })

static void birth_exec_death(struct kunit *test)
{
	struct procsrv_reader *r = watch_all(test);
	u64 parent = make_process(test, PROCSRV_INIT_PID);
	u64 pid = make_process(test, parent);

	EXPECT(.kind = PROCSRV_EVENT_CREATE, .pid = parent,
	       .other = PROCSRV_INIT_PID);
	EXPECT(.kind = PROCSRV_EVENT_CREATE, .pid = pid, .other = parent);
	KUNIT_EXPECT_EQ(test, exec_as(test, pid, "x"), 0);
	EXPECT(.kind = PROCSRV_EVENT_EXEC, .pid = pid);
	KUNIT_EXPECT_EQ(test, procsrv_terminate(server(test), pid, -7, 11), 0);
	EXPECT(.kind = PROCSRV_EVENT_EXIT, .pid = pid, .code = -7, .signo = 11);
	reap_child(test, parent, pid);
	EXPECT(.kind = PROCSRV_EVENT_REAP, .pid = pid, .other = parent);
	end_process(test, parent);
	EXPECT(.kind = PROCSRV_EVENT_EXIT, .pid = parent);
	KUNIT_EXPECT_EQ(test, procsrv_reap(server(test)), 1);
	EXPECT(.kind = PROCSRV_EVENT_REAP, .pid = parent,
	       .other = PROCSRV_INIT_PID);
	expect_no_event(test, r);
}

static void signals_and_states(struct kunit *test)
{
	u64 a = make_process(test, PROCSRV_INIT_PID);
	u64 b = make_process(test, PROCSRV_INIT_PID);
	struct procsrv_reader *r = watch_all(test);
	u32 count;

	KUNIT_EXPECT_EQ(test, procsrv_signal(server(test), a,
					     PROCSRV_TARGET_PID, b, 10, &count),
			0);
	EXPECT(.kind = PROCSRV_EVENT_SIGNAL, .pid = b, .other = a, .signo = 10);
	stop_process(test, b);
	EXPECT(.kind = PROCSRV_EVENT_SIGNAL, .pid = b, .signo = 19);
	EXPECT(.kind = PROCSRV_EVENT_STATE, .pid = b, .signo = 19,
	       .detail = PROCSRV_STOPPED);
	/* Sent again, the signal changes no state, but it has an event. */
	stop_process(test, b);
	EXPECT(.kind = PROCSRV_EVENT_SIGNAL, .pid = b, .signo = 19);
	continue_process(test, b);
	EXPECT(.kind = PROCSRV_EVENT_SIGNAL, .pid = b, .signo = 18);
	EXPECT(.kind = PROCSRV_EVENT_STATE, .pid = b, .signo = 18,
	       .detail = PROCSRV_RUNNING);
	sleep_process(test, b);
	EXPECT(.kind = PROCSRV_EVENT_STATE, .pid = b,
	       .detail = PROCSRV_SLEEPING);
	sleep_process(test, b);
	KUNIT_EXPECT_EQ(test, signal_pid(test, b, 0), 0);
	expect_no_event(test, r);
	kill_process(test, b);
	EXPECT(.kind = PROCSRV_EVENT_SIGNAL, .pid = b, .signo = 9);
	EXPECT(.kind = PROCSRV_EVENT_EXIT, .pid = b, .signo = 9, .code = -9);
	kill_process(test, b);
	KUNIT_EXPECT_EQ(test, signal_pid(test, a, 15), 0);
	EXPECT(.kind = PROCSRV_EVENT_SIGNAL, .pid = a, .signo = 15);
	EXPECT(.kind = PROCSRV_EVENT_EXIT, .pid = a, .signo = 15);
	expect_no_event(test, r);
}

static void sessions_and_groups(struct kunit *test)
{
	u64 leader = make_process(test, PROCSRV_INIT_PID);
	u64 pid, loner = make_process(test, PROCSRV_INIT_PID);
	struct procsrv_reader *r = watch_all(test);
	u32 sid = make_session(test, leader);
	u32 pgid = pgid_of(test, leader), other;

	EXPECT(.kind = PROCSRV_EVENT_SESSION, .pid = leader, .sid = sid,
	       .pgid = pgid);
	pid = make_process(test, leader);
	EXPECT(.kind = PROCSRV_EVENT_CREATE, .pid = pid, .other = leader,
	       .sid = sid, .pgid = pgid);
	other = make_group(test, pid);
	EXPECT(.kind = PROCSRV_EVENT_GROUP, .pid = pid, .sid = sid,
	       .pgid = other);
	join_group(test, pid, pgid);
	EXPECT(.kind = PROCSRV_EVENT_GROUP, .pid = pid, .sid = sid,
	       .pgid = pgid);
	join_group(test, pid, pgid);
	expect_no_event(test, r);
	other = make_group(test, loner);
	EXPECT(.kind = PROCSRV_EVENT_GROUP, .pid = loner, .pgid = other);
	end_process(test, pid);
	EXPECT(.kind = PROCSRV_EVENT_EXIT, .pid = pid, .sid = sid,
	       .pgid = pgid);
	reap_child(test, leader, pid);
	EXPECT(.kind = PROCSRV_EVENT_REAP, .pid = pid, .other = leader,
	       .sid = sid, .pgid = pgid);
	expect_no_event(test, r);
}

static void terminals(struct kunit *test)
{
	u64 leader = make_process(test, PROCSRV_INIT_PID);
	u32 sid = make_session(test, leader);
	u64 child = make_process(test, leader);
	struct procsrv_text *name = procsrv_text_new("tty1", 4);
	struct procsrv_reader *r = watch_all(test);
	struct procsrv_event e;

	KUNIT_ASSERT_NOT_NULL(test, name);
	KUNIT_EXPECT_EQ(test, procsrv_set_terminal(server(test), sid, name), 0);
	e = next_event(test, r);
	KUNIT_EXPECT_EQ(test, e.kind, PROCSRV_EVENT_TERMINAL);
	KUNIT_EXPECT_EQ(test, e.pid, leader);
	KUNIT_EXPECT_EQ(test, e.sid, sid);
	KUNIT_EXPECT_EQ(test, e.pgid, pgid_of(test, leader));
	KUNIT_EXPECT_EQ(test, e.detail, 1);
	end_process(test, leader);
	reap_child(test, PROCSRV_INIT_PID, leader);
	forget_events(test, r);
	/* The leader is gone, but the session is not. */
	KUNIT_EXPECT_EQ(test, procsrv_set_terminal(server(test), sid, NULL), 0);
	EXPECT(.kind = PROCSRV_EVENT_TERMINAL, .pid = leader, .sid = sid);
	KUNIT_EXPECT_EQ(test, sid_of(test, child), sid);
	procsrv_text_put(name);
}

/* A filter for a subtree passes the event if the leader is in it. */
static void terminal_of_a_descendant(struct kunit *test)
{
	u64 root = make_process(test, PROCSRV_INIT_PID);
	u64 leader = make_process(test, root);
	u32 sid = make_session(test, leader);
	struct procsrv_reader *r;

	r = watch(test, &(struct procsrv_filter) {
		.pid = root,
		.kinds = PROCSRV_EVENTS_ALL,
		.subtree = true,
	}, RING);
	KUNIT_EXPECT_EQ(test, procsrv_set_terminal(server(test), sid, NULL), 0);
	expect_event(test, r, PROCSRV_EVENT_TERMINAL, leader);
}

static void capabilities_and_updates(struct kunit *test)
{
	struct procsrv_text *cwd = procsrv_text_new("/x", 2);
	struct procsrv_update u = {
		.mask = PROCSRV_UPDATE_STATE | PROCSRV_UPDATE_PRIORITY |
			PROCSRV_UPDATE_CWD | PROCSRV_UPDATE_THREADS,
		.state = PROCSRV_SLEEPING,
		.priority = PROCSRV_PRIO_HIGH,
		.thread_count = 2,
		.cwd = cwd,
	};
	u64 pid = make_process(test, PROCSRV_INIT_PID);
	struct procsrv_reader *r = watch_all(test);

	KUNIT_ASSERT_NOT_NULL(test, cwd);
	KUNIT_EXPECT_EQ(test, procsrv_revoke(server(test), pid, CAPABILITY), 0);
	EXPECT(.kind = PROCSRV_EVENT_CAPABILITY, .pid = pid,
	       .other = CAPABILITY);
	KUNIT_EXPECT_EQ(test, procsrv_revoke(server(test), 0, 5), 0);
	EXPECT(.kind = PROCSRV_EVENT_CAPABILITY, .other = 5);
	KUNIT_EXPECT_EQ(test, procsrv_update(server(test), pid, &u), 0);
	EXPECT(.kind = PROCSRV_EVENT_STATE, .pid = pid,
	       .detail = PROCSRV_SLEEPING);
	EXPECT(.kind = PROCSRV_EVENT_UPDATE, .pid = pid,
	       .detail = u.mask & ~PROCSRV_UPDATE_STATE);
	u.mask = 0;
	KUNIT_EXPECT_EQ(test, procsrv_update(server(test), pid, &u), 0);
	expect_no_event(test, r);
	procsrv_text_put(cwd);
}

static void new_parents(struct kunit *test)
{
	u64 reaper = make_process(test, PROCSRV_INIT_PID);
	u64 parent = make_process(test, reaper);
	u64 child = make_process(test, parent);
	struct procsrv_reader *r;
	struct procsrv_event e;
	u64 seen = 0;
	u32 i;

	set_reaper(test, reaper, true);
	r = watch_all(test);
	end_process(test, parent);
	EXPECT(.kind = PROCSRV_EVENT_PARENT, .pid = child, .other = reaper);
	EXPECT(.kind = PROCSRV_EVENT_EXIT, .pid = parent);
	end_process(test, reaper);
	/* The order of its children is not specified. */
	for (i = 0; i < 2; i++) {
		e = next_event(test, r);
		KUNIT_EXPECT_EQ(test, e.kind, PROCSRV_EVENT_PARENT);
		KUNIT_EXPECT_EQ(test, e.other, PROCSRV_INIT_PID);
		seen |= BIT(e.pid);
	}
	KUNIT_EXPECT_EQ(test, seen, BIT(parent) | BIT(child));
	EXPECT(.kind = PROCSRV_EVENT_EXIT, .pid = reaper);
	expect_no_event(test, r);
}

/* Failed calls have no events. */
static void failures_are_no_events(struct kunit *test)
{
	u64 zombie = make_zombie(test, PROCSRV_INIT_PID);
	struct procsrv_reader *r = watch_all(test);
	struct procsrv *ps = server(test);
	u32 id, id2, count;
	u64 pid;

	KUNIT_EXPECT_EQ(test, try_create(test, zombie, &pid), -ESRCH);
	KUNIT_EXPECT_EQ(test, procsrv_terminate(ps, zombie, 0, 0), -ESRCH);
	KUNIT_EXPECT_EQ(test, exec_as(test, zombie, "x"), -ESRCH);
	KUNIT_EXPECT_EQ(test, procsrv_signal(ps, zombie, PROCSRV_TARGET_PID,
					     zombie, 9, &count), -ESRCH);
	KUNIT_EXPECT_EQ(test, procsrv_create_session(ps, 1, &id, &id2), -EPERM);
	KUNIT_EXPECT_EQ(test, procsrv_create_group(ps, 0, 1, 0, &id), -EPERM);
	KUNIT_EXPECT_EQ(test, procsrv_set_terminal(ps, 7, NULL), -ESRCH);
	KUNIT_EXPECT_EQ(test, procsrv_revoke(ps, zombie, 1), -ESRCH);
	KUNIT_EXPECT_EQ(test, procsrv_reap(ps), 1);
	expect_event(test, r, PROCSRV_EVENT_REAP, zombie);
	expect_no_event(test, r);
}

/* Each event has the next number, and no earlier time. */
static void numbers_and_times(struct kunit *test)
{
	struct procsrv_reader *r;
	u64 seq, time = 0, pid;
	u32 i;

	make_process(test, PROCSRV_INIT_PID);
	seq = info_of(test, PROCSRV_INIT_PID).seq;
	KUNIT_EXPECT_EQ(test, seq, 1);
	r = watch_all(test);
	for (i = 0; i < 20; i++) {
		pid = make_process(test, PROCSRV_INIT_PID);
		stop_process(test, pid);
		kill_process(test, pid);
	}
	for (i = 0; i < 20 * 5; i++) {
		struct procsrv_event e = next_event(test, r);

		KUNIT_EXPECT_EQ(test, e.seq, ++seq);
		KUNIT_EXPECT_GE(test, e.time, time);
		time = e.time;
	}
	expect_no_event(test, r);
	KUNIT_EXPECT_EQ(test, info_of(test, PROCSRV_INIT_PID).seq, seq);
	KUNIT_EXPECT_GE(test, time, info_of(test, pid).start_time);
	/* A listing returns the number of the last event. */
	KUNIT_EXPECT_EQ(test, procsrv_list_pids(server(test), PROCSRV_LIST_ALL,
						0, 0, &pid, 1, &time), 1);
	KUNIT_EXPECT_EQ(test, time, seq);
}

/* A reader that does not read loses its oldest events; others lose none. */
static void overflow(struct kunit *test)
{
	u64 pid = make_process(test, PROCSRV_INIT_PID);
	struct procsrv_reader *stuck = watch(test, NULL, RING);
	struct procsrv_reader *other = watch_all(test);
	struct procsrv_event e[RING + 1];
	u64 seq = info_of(test, pid).seq;
	u32 i, round;

	for (round = 0; round < 3; round++) {
		u32 lost = RING * round + 3;

		for (i = 0; i < RING + lost; i++)
			KUNIT_EXPECT_EQ(test, signal_pid(test, pid, 30), 0);
		memset(e, 0xcc, sizeof(e));
		KUNIT_ASSERT_EQ(test, procsrv_reader_take(stuck, e, RING + 1),
				RING + 1);
		KUNIT_EXPECT_EQ(test, e[0].kind, PROCSRV_EVENT_LOST);
		KUNIT_EXPECT_EQ(test, e[0].value, lost);
		KUNIT_EXPECT_EQ(test, e[0].seq, seq + lost);
		KUNIT_EXPECT_EQ(test, e[0].pid, 0);
		KUNIT_EXPECT_EQ(test, e[0].other, 0);
		for (i = 1; i <= RING; i++)
			KUNIT_EXPECT_EQ(test, e[i].seq, e[0].seq + i);
		expect_no_event(test, stuck);
		for (i = 0; i < RING + lost; i++)
			KUNIT_EXPECT_EQ(test, next_event(test, other).seq,
					++seq);
		expect_no_event(test, other);
	}
}

/* A full ring has lost nothing; with one more event it has lost one. */
static void exactly_full(struct kunit *test)
{
	struct procsrv_reader *r = watch(test, NULL, RING);
	struct procsrv_event e;
	u64 pids[RING], pid;
	u32 i;

	make_processes(test, PROCSRV_INIT_PID, pids, RING);
	for (i = 0; i < RING; i++)
		expect_event(test, r, PROCSRV_EVENT_CREATE, pids[i]);
	expect_no_event(test, r);
	make_processes(test, PROCSRV_INIT_PID, pids, RING);
	pid = make_process(test, PROCSRV_INIT_PID);
	e = next_event(test, r);
	KUNIT_EXPECT_EQ(test, e.kind, PROCSRV_EVENT_LOST);
	KUNIT_EXPECT_EQ(test, e.value, 1);
	/* An event that is read makes room for one. */
	expect_event(test, r, PROCSRV_EVENT_CREATE, pids[1]);
	make_process(test, PROCSRV_INIT_PID);
	expect_event(test, r, PROCSRV_EVENT_CREATE, pids[2]);
	for (i = 3; i < RING; i++)
		expect_event(test, r, PROCSRV_EVENT_CREATE, pids[i]);
	expect_event(test, r, PROCSRV_EVENT_CREATE, pid);
	expect_event(test, r, PROCSRV_EVENT_CREATE, pid + 1);
	expect_no_event(test, r);
}

static void ring_of_one(struct kunit *test)
{
	struct procsrv_reader *r = watch(test, NULL, 1);
	struct procsrv_event e;
	u64 pids[5];

	make_processes(test, PROCSRV_INIT_PID, pids, 5);
	e = next_event(test, r);
	KUNIT_EXPECT_EQ(test, e.kind, PROCSRV_EVENT_LOST);
	KUNIT_EXPECT_EQ(test, e.value, 4);
	KUNIT_EXPECT_EQ(test, e.seq, 4);
	e = next_event(test, r);
	KUNIT_EXPECT_EQ(test, e.pid, pids[4]);
	KUNIT_EXPECT_EQ(test, e.seq, 5);
	expect_no_event(test, r);
}

/* Events that the filter leaves out take no room and are not lost. */
static void filter_by_kind(struct kunit *test)
{
	struct procsrv_reader *r;
	u64 pid;
	u32 i;

	r = watch(test, &(struct procsrv_filter) {
		.kinds = PROCSRV_EVENT_BIT(PROCSRV_EVENT_EXIT) |
			 PROCSRV_EVENT_BIT(PROCSRV_EVENT_GROUP),
	}, RING);
	for (i = 0; i < RING / 2; i++) {
		pid = make_process(test, PROCSRV_INIT_PID);
		stop_process(test, pid);
		make_group(test, pid);
		kill_process(test, pid);
		KUNIT_EXPECT_EQ(test, procsrv_reap(server(test)), 1);
	}
	for (i = 0; i < RING / 2; i++) {
		expect_event(test, r, PROCSRV_EVENT_GROUP, 2 + i);
		expect_event(test, r, PROCSRV_EVENT_EXIT, 2 + i);
	}
	expect_no_event(test, r);
}

static void filter_by_pid(struct kunit *test)
{
	u64 pid = make_process(test, PROCSRV_INIT_PID);
	u64 child = make_process(test, pid), grandchild;
	struct procsrv_reader *r;

	r = watch(test, &(struct procsrv_filter) {
		.pid = pid,
		.kinds = PROCSRV_EVENTS_ALL,
	}, RING);
	grandchild = make_process(test, child);
	make_process(test, pid);
	KUNIT_EXPECT_EQ(test, procsrv_signal(server(test), pid,
					     PROCSRV_TARGET_PID, child, 10,
					     &(u32) { 0 }), 0);
	end_process(test, grandchild);
	KUNIT_EXPECT_EQ(test, signal_pid(test, pid, 10), 0);
	expect_event(test, r, PROCSRV_EVENT_SIGNAL, pid);
	end_process(test, pid);
	expect_event(test, r, PROCSRV_EVENT_EXIT, pid);
	KUNIT_EXPECT_EQ(test, procsrv_reap(server(test)), 1);
	expect_event(test, r, PROCSRV_EVENT_REAP, pid);
	expect_no_event(test, r);
}

static void filter_by_subtree(struct kunit *test)
{
	u64 root = make_process(test, PROCSRV_INIT_PID);
	u64 child = make_process(test, root), grandchild, last;
	u64 other = make_process(test, PROCSRV_INIT_PID);
	struct procsrv_reader *r;

	r = watch(test, &(struct procsrv_filter) {
		.pid = root,
		.kinds = PROCSRV_EVENTS_ALL,
		.subtree = true,
	}, PROCSRV_RING_DEFAULT);
	make_process(test, other);
	grandchild = make_process(test, child);
	EXPECT(.kind = PROCSRV_EVENT_CREATE, .pid = grandchild, .other = child);
	last = make_process(test, grandchild);
	expect_event(test, r, PROCSRV_EVENT_CREATE, last);
	KUNIT_EXPECT_EQ(test, signal_pid(test, root, 10), 0);
	expect_event(test, r, PROCSRV_EVENT_SIGNAL, root);
	end_process(test, last);
	expect_event(test, r, PROCSRV_EVENT_EXIT, last);
	reap_child(test, grandchild, last);
	expect_event(test, r, PROCSRV_EVENT_REAP, last);
	/* Its parent exits: it leaves the subtree, with this last event. */
	end_process(test, child);
	EXPECT(.kind = PROCSRV_EVENT_PARENT, .pid = grandchild,
	       .other = PROCSRV_INIT_PID);
	expect_event(test, r, PROCSRV_EVENT_EXIT, child);
	end_process(test, grandchild);
	expect_no_event(test, r);
	end_process(test, root);
	expect_event(test, r, PROCSRV_EVENT_PARENT, child);
	expect_event(test, r, PROCSRV_EVENT_EXIT, root);
	KUNIT_EXPECT_EQ(test, procsrv_reap(server(test)), 3);
	expect_event(test, r, PROCSRV_EVENT_REAP, root);
	expect_no_event(test, r);
}

/* A process that is reparented to a reaper in the subtree stays in it. */
static void reaper_keeps_the_subtree(struct kunit *test)
{
	u64 root = make_process(test, PROCSRV_INIT_PID);
	u64 child = make_process(test, root);
	u64 grandchild = make_process(test, child);
	struct procsrv_reader *r;

	set_reaper(test, root, true);
	r = watch(test, &(struct procsrv_filter) {
		.pid = root,
		.kinds = PROCSRV_EVENT_BIT(PROCSRV_EVENT_PARENT) |
			 PROCSRV_EVENT_BIT(PROCSRV_EVENT_REAP),
		.subtree = true,
	}, RING);
	end_process(test, child);
	EXPECT(.kind = PROCSRV_EVENT_PARENT, .pid = grandchild, .other = root);
	end_process(test, grandchild);
	reap_child(test, root, child);
	expect_event(test, r, PROCSRV_EVENT_REAP, child);
	reap_child(test, root, grandchild);
	expect_event(test, r, PROCSRV_EVENT_REAP, grandchild);
	expect_no_event(test, r);
}

static void subscribing_again(struct kunit *test)
{
	const struct procsrv_filter exits = {
		.kinds = PROCSRV_EVENT_BIT(PROCSRV_EVENT_EXIT),
	};
	const struct procsrv_filter no_process = {
		.pid = TEST_NO_PID,
		.kinds = PROCSRV_EVENTS_ALL,
	};
	const struct procsrv_filter below_no_process = {
		.kinds = PROCSRV_EVENTS_ALL,
		.subtree = true,
	};
	struct procsrv_reader *r = watch(test, NULL, 2);
	u64 seq = 77, pids[3];

	make_processes(test, PROCSRV_INIT_PID, pids, 3);
	/* Failed calls change nothing, not even the ring. */
	KUNIT_EXPECT_EQ(test, procsrv_subscribe(r, &no_process, 5, &seq), -ESRCH);
	KUNIT_EXPECT_EQ(test, procsrv_subscribe(r, &below_no_process, 5, &seq),
			-ESRCH);
	KUNIT_EXPECT_EQ(test, seq, 77);
	KUNIT_EXPECT_EQ(test, next_event(test, r).kind, PROCSRV_EVENT_LOST);
	expect_event(test, r, PROCSRV_EVENT_CREATE, pids[1]);
	make_process(test, PROCSRV_INIT_PID);
	make_process(test, PROCSRV_INIT_PID);
	KUNIT_EXPECT_EQ(test, procsrv_subscribe(r, &exits, 5, &seq), 0);
	KUNIT_EXPECT_EQ(test, seq, 5);
	expect_no_event(test, r);
	make_process(test, PROCSRV_INIT_PID);
	end_process(test, pids[1]);
	expect_event(test, r, PROCSRV_EVENT_EXIT, pids[1]);
	/* Capacity 0 ends the subscription, and drops what is queued. */
	end_process(test, pids[2]);
	KUNIT_EXPECT_TRUE(test, procsrv_reader_is_subscribed(r));
	KUNIT_EXPECT_EQ(test, procsrv_subscribe(r, &exits, 0, &seq), 0);
	KUNIT_EXPECT_EQ(test, seq, 8);
	KUNIT_EXPECT_FALSE(test, procsrv_reader_is_subscribed(r));
	end_process(test, pids[0]);
	expect_no_event(test, r);
	KUNIT_EXPECT_TRUE(test, list_empty(&server(test)->readers));
}

/* Readers are bounded, as an event goes to all in one hold of the lock. */
static void readers_are_bounded(struct kunit *test)
{
	const struct procsrv_filter all = { .kinds = PROCSRV_EVENTS_ALL };
	struct procsrv *ps = server(test);
	struct procsrv_reader **readers;
	u64 seq;
	u32 i;

	readers = kunit_kcalloc(test, PROCSRV_READERS_MAX + 1, sizeof(*readers),
				GFP_KERNEL);
	KUNIT_ASSERT_NOT_NULL(test, readers);
	for (i = 0; i <= PROCSRV_READERS_MAX; i++) {
		readers[i] = procsrv_reader_new(ps);
		KUNIT_ASSERT_NOT_NULL(test, readers[i]);
		KUNIT_EXPECT_EQ(test, procsrv_subscribe(readers[i], &all, 1, &seq),
				i < PROCSRV_READERS_MAX ? 0 : -ENFILE);
	}
	KUNIT_EXPECT_FALSE(test, procsrv_reader_is_subscribed(readers[i - 1]));
	/* A subscription can be replaced; its end makes room for another. */
	KUNIT_EXPECT_EQ(test, procsrv_subscribe(readers[0], &all, 2, &seq), 0);
	KUNIT_EXPECT_EQ(test, procsrv_subscribe(readers[0], &all, 0, &seq), 0);
	KUNIT_EXPECT_EQ(test, procsrv_subscribe(readers[i - 1], &all, 1, &seq), 0);
	check_server(test);
	while (i--)
		procsrv_reader_free(readers[i]);
	readers[0] = procsrv_reader_new(ps);
	KUNIT_EXPECT_EQ(test, procsrv_subscribe(readers[0], &all, 1, &seq), 0);
	procsrv_reader_free(readers[0]);
}

/* Watchers are counted: without any, no event walks up the tree. */
static void watchers_are_counted(struct kunit *test)
{
	const struct procsrv_filter tree = {
		.pid = make_process(test, PROCSRV_INIT_PID),
		.kinds = PROCSRV_EVENTS_ALL,
		.subtree = true,
	};
	const struct procsrv_filter all = { .kinds = PROCSRV_EVENTS_ALL };
	struct procsrv_reader *r = watch(test, &tree, 2);
	struct procsrv_reader *other = procsrv_reader_new(server(test));
	u64 seq;

	KUNIT_ASSERT_NOT_NULL(test, other);
	KUNIT_EXPECT_EQ(test, server(test)->nr_watchers, 1);
	KUNIT_EXPECT_EQ(test, procsrv_subscribe(other, &tree, 2, &seq), 0);
	KUNIT_EXPECT_EQ(test, procsrv_subscribe(r, &tree, 4, &seq), 0);
	KUNIT_EXPECT_EQ(test, server(test)->nr_watchers, 2);
	procsrv_reader_free(other);
	KUNIT_EXPECT_EQ(test, server(test)->nr_watchers, 1);
	KUNIT_EXPECT_EQ(test, procsrv_subscribe(r, &all, 2, &seq), 0);
	KUNIT_EXPECT_EQ(test, server(test)->nr_watchers, 0);
	KUNIT_EXPECT_EQ(test, procsrv_subscribe(r, &tree, 2, &seq), 0);
	KUNIT_EXPECT_EQ(test, procsrv_subscribe(r, &all, 0, &seq), 0);
	KUNIT_EXPECT_EQ(test, server(test)->nr_watchers, 0);
}

/* A reaped process has no more events, but the reader can watch another one. */
static void watched_process_is_reaped(struct kunit *test)
{
	u64 other = make_process(test, PROCSRV_INIT_PID);
	struct procsrv_filter tree = {
		.pid = make_process(test, PROCSRV_INIT_PID),
		.kinds = PROCSRV_EVENT_BIT(PROCSRV_EVENT_CREATE),
		.subtree = true,
	};
	struct procsrv_reader *r = watch(test, &tree, 2);
	u64 seq, pid;

	kill_process(test, tree.pid);
	reap_child(test, PROCSRV_INIT_PID, tree.pid);
	KUNIT_EXPECT_EQ(test, server(test)->nr_watchers, 0);
	make_process(test, other);
	expect_no_event(test, r);
	KUNIT_EXPECT_TRUE(test, procsrv_reader_is_subscribed(r));
	tree.pid = other;
	KUNIT_EXPECT_EQ(test, procsrv_subscribe(r, &tree, 2, &seq), 0);
	KUNIT_EXPECT_EQ(test, server(test)->nr_watchers, 1);
	pid = make_process(test, other);
	expect_event(test, r, PROCSRV_EVENT_CREATE, pid);
}

/**
 * struct drain - a wait queue entry that empties a ring whenever it is woken
 * @entry: in the queue of @r
 * @r: the reader
 * @calls: how often it was woken
 * @events: how many it got
 */
struct drain {
	struct wait_queue_entry entry;
	struct procsrv_reader *r;
	u32 calls;
	u32 events;
};

static int drain_ring(struct wait_queue_entry *entry, unsigned int mode,
		      int flags, void *key)
{
	struct drain *d = container_of(entry, struct drain, entry);
	struct procsrv_event e;

	d->calls++;
	while (procsrv_reader_take(d->r, &e, 1))
		d->events++;
	return 0;
}

/* A worker wakes the reader once for each hold of the lock, not each event. */
static void woken_once_for_a_change(struct kunit *test)
{
	u64 top = make_process(test, PROCSRV_INIT_PID);
	struct procsrv_reader *r = watch_all(test);
	struct drain d = { .r = r };

	make_process(test, top);
	forget_events(test, r);
	init_waitqueue_func_entry(&d.entry, drain_ring);
	add_wait_queue(procsrv_reader_queue(r), &d.entry);
	/* A signal and a change of state for each of the two. */
	KUNIT_EXPECT_EQ(test, signal_to(test, PROCSRV_TARGET_TREE, top, 19), 2);
	procsrv_reader_flush(r);
	remove_wait_queue(procsrv_reader_queue(r), &d.entry);
	KUNIT_EXPECT_EQ(test, d.calls, 1);
	KUNIT_EXPECT_EQ(test, d.events, 4);
	expect_no_event(test, r);
}

static struct kunit_case events_cases[] = {
	KUNIT_CASE(birth_exec_death),
	KUNIT_CASE(signals_and_states),
	KUNIT_CASE(sessions_and_groups),
	KUNIT_CASE(terminals),
	KUNIT_CASE(terminal_of_a_descendant),
	KUNIT_CASE(capabilities_and_updates),
	KUNIT_CASE(new_parents),
	KUNIT_CASE(failures_are_no_events),
	KUNIT_CASE(numbers_and_times),
	KUNIT_CASE(overflow),
	KUNIT_CASE(exactly_full),
	KUNIT_CASE(ring_of_one),
	KUNIT_CASE(filter_by_kind),
	KUNIT_CASE(filter_by_pid),
	KUNIT_CASE(filter_by_subtree),
	KUNIT_CASE(reaper_keeps_the_subtree),
	KUNIT_CASE(subscribing_again),
	KUNIT_CASE(readers_are_bounded),
	KUNIT_CASE(watchers_are_counted),
	KUNIT_CASE(watched_process_is_reaped),
	KUNIT_CASE(woken_once_for_a_change),
	{}
};

static struct kunit_suite events_suite = {
	.name = "procsrv-events",
	.init = fixture_init,
	.exit = fixture_exit,
	.test_cases = events_cases,
};

kunit_test_suite(events_suite);
