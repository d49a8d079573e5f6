// SPDX-License-Identifier: GPL-2.0-only
/*
 * The targets of a signal, and the number of processes reached
 */
#include <linux/sched/signal.h>

#include "common.h"

enum {
	/* More than any batch of the server. */
	MANY = 150,
};

static int send(struct kunit *test, u64 sender, enum procsrv_target target,
		u64 id, int signo)
{
	u32 count = 0;
	int ret;

	ret = procsrv_signal(server(test), sender, target, id, signo, &count);
	return ret ?: count;
}

/**
 * struct cast - two sessions, the first of them with two groups
 * @leader: leads @sid and @first
 * @a: in @sid, @first
 * @b: in @sid, leads @second
 * @c: in @sid, @second
 * @zombie: in @sid, @second
 * @other: leads a session of its own
 * @loner: in no session
 * @sid: the first session
 * @first: its first group
 * @second: its second group
 */
struct cast {
	u64 leader;
	u64 a;
	u64 b;
	u64 c;
	u64 zombie;
	u64 other;
	u64 loner;
	u32 sid;
	u32 first;
	u32 second;
};

static struct cast make_cast(struct kunit *test)
{
	struct cast k = { };

	k.leader = make_process(test, PROCSRV_INIT_PID);
	k.sid = make_session(test, k.leader);
	k.first = pgid_of(test, k.leader);
	k.a = make_process(test, k.leader);
	k.b = make_process(test, k.leader);
	k.second = make_group(test, k.b);
	k.c = make_process(test, k.b);
	k.zombie = make_zombie(test, k.b);
	k.other = make_process(test, PROCSRV_INIT_PID);
	make_session(test, k.other);
	k.loner = make_process(test, PROCSRV_INIT_PID);
	return k;
}

static bool was_hit(struct kunit *test, u64 pid)
{
	return pending_of(test, pid) & BIT_ULL(9);
}

static void group_reaches_its_members(struct kunit *test)
{
	struct cast k = make_cast(test);

	KUNIT_EXPECT_EQ(test, send(test, 0, PROCSRV_TARGET_PGID, k.second, 10),
			3);
	KUNIT_EXPECT_TRUE(test, was_hit(test, k.b));
	KUNIT_EXPECT_TRUE(test, was_hit(test, k.c));
	KUNIT_EXPECT_FALSE(test, was_hit(test, k.zombie));
	KUNIT_EXPECT_FALSE(test, was_hit(test, k.leader));
	KUNIT_EXPECT_FALSE(test, was_hit(test, k.a));
	KUNIT_EXPECT_FALSE(test, was_hit(test, k.other));
	KUNIT_EXPECT_FALSE(test, was_hit(test, k.loner));
	KUNIT_EXPECT_FALSE(test, was_hit(test, PROCSRV_INIT_PID));
}

static void session_reaches_all_its_groups(struct kunit *test)
{
	struct cast k = make_cast(test);

	KUNIT_EXPECT_EQ(test, send(test, 0, PROCSRV_TARGET_SID, k.sid, 10), 5);
	KUNIT_EXPECT_TRUE(test, was_hit(test, k.leader));
	KUNIT_EXPECT_TRUE(test, was_hit(test, k.a));
	KUNIT_EXPECT_TRUE(test, was_hit(test, k.b));
	KUNIT_EXPECT_TRUE(test, was_hit(test, k.c));
	KUNIT_EXPECT_FALSE(test, was_hit(test, k.zombie));
	KUNIT_EXPECT_FALSE(test, was_hit(test, k.other));
	KUNIT_EXPECT_FALSE(test, was_hit(test, k.loner));
}

static void all_reaches_all_but_init(struct kunit *test)
{
	struct cast k = make_cast(test);

	KUNIT_EXPECT_EQ(test, send(test, 0, PROCSRV_TARGET_ALL, 0, 10), 7);
	KUNIT_EXPECT_TRUE(test, was_hit(test, k.leader));
	KUNIT_EXPECT_TRUE(test, was_hit(test, k.a));
	KUNIT_EXPECT_TRUE(test, was_hit(test, k.b));
	KUNIT_EXPECT_TRUE(test, was_hit(test, k.c));
	KUNIT_EXPECT_FALSE(test, was_hit(test, k.zombie));
	KUNIT_EXPECT_TRUE(test, was_hit(test, k.other));
	KUNIT_EXPECT_TRUE(test, was_hit(test, k.loner));
	KUNIT_EXPECT_FALSE(test, was_hit(test, PROCSRV_INIT_PID));
}

static void all_spares_the_sender(struct kunit *test)
{
	struct cast k = make_cast(test);

	KUNIT_EXPECT_EQ(test, send(test, k.b, PROCSRV_TARGET_ALL, 0, 10), 6);
	KUNIT_EXPECT_FALSE(test, was_hit(test, k.b));
	KUNIT_EXPECT_TRUE(test, was_hit(test, k.c));
	KUNIT_EXPECT_EQ(test, send(test, PROCSRV_INIT_PID, PROCSRV_TARGET_ALL,
				   0, 10), 7);
	KUNIT_EXPECT_TRUE(test, was_hit(test, k.b));
}

/* Only PROCSRV_TARGET_ALL spares the sender. */
static void group_and_pid_reach_the_sender(struct kunit *test)
{
	struct cast k = make_cast(test);

	KUNIT_EXPECT_EQ(test, send(test, k.a, PROCSRV_TARGET_PGID, k.first, 10),
			2);
	KUNIT_EXPECT_TRUE(test, was_hit(test, k.a));
	KUNIT_EXPECT_EQ(test, send(test, k.b, PROCSRV_TARGET_PID, k.b, 10), 1);
	KUNIT_EXPECT_TRUE(test, was_hit(test, k.b));
	KUNIT_EXPECT_EQ(test, send(test, k.c, PROCSRV_TARGET_SID, k.sid, 10),
			5);
	KUNIT_EXPECT_TRUE(test, was_hit(test, k.c));
}

static void all_without_others(struct kunit *test)
{
	u32 count = 77;
	u64 pid;
	int signo;

	for (signo = 0; signo <= PROCSRV_NSIG; signo++)
		KUNIT_EXPECT_EQ(test, procsrv_signal(server(test), 0,
						     PROCSRV_TARGET_ALL, 0,
						     signo, &count), -ESRCH);
	KUNIT_EXPECT_EQ(test, count, 77);
	pid = make_process(test, PROCSRV_INIT_PID);
	KUNIT_EXPECT_EQ(test, send(test, pid, PROCSRV_TARGET_ALL, 0, 9),
			-ESRCH);
	KUNIT_EXPECT_EQ(test, state_of(test, pid), PROCSRV_RUNNING);
	/* A zombie counts as a target. */
	end_process(test, pid);
	KUNIT_EXPECT_EQ(test, send(test, 0, PROCSRV_TARGET_ALL, 0, 9), 1);
}

static void all_takes_no_id(struct kunit *test)
{
	u64 pid = make_process(test, PROCSRV_INIT_PID);

	KUNIT_EXPECT_EQ(test, send(test, 0, PROCSRV_TARGET_ALL, pid, 9),
			-EINVAL);
	KUNIT_EXPECT_EQ(test, state_of(test, pid), PROCSRV_RUNNING);
}

static void unknown_target(struct kunit *test)
{
	u64 pid = make_process(test, PROCSRV_INIT_PID);

	KUNIT_EXPECT_EQ(test, send(test, 0, PROCSRV_TARGET_TREE + 1, pid, 9),
			-EINVAL);
	KUNIT_EXPECT_EQ(test, send(test, 0, 99, 0, 9), -EINVAL);
	/* Invalid parameters are reported before any process is looked up. */
	KUNIT_EXPECT_EQ(test, send(test, TEST_NO_PID, 99, 0, 9), -EINVAL);
	KUNIT_EXPECT_EQ(test, state_of(test, pid), PROCSRV_RUNNING);
}

static void targets_that_do_not_exist(struct kunit *test)
{
	struct cast k = make_cast(test);
	const u64 high = 1ULL << 32;
	const struct {
		enum procsrv_target target;
		u64 id;
	} none[] = {
		{ PROCSRV_TARGET_PID, 0 },
		{ PROCSRV_TARGET_PID, TEST_NO_PID },
		{ PROCSRV_TARGET_PID, U64_MAX },
		{ PROCSRV_TARGET_PID, k.a + high },
		{ PROCSRV_TARGET_PGID, 0 },
		{ PROCSRV_TARGET_PGID, 12345 },
		{ PROCSRV_TARGET_PGID, k.first + high },
		{ PROCSRV_TARGET_SID, 0 },
		{ PROCSRV_TARGET_SID, 12345 },
		{ PROCSRV_TARGET_SID, k.sid + high },
		{ PROCSRV_TARGET_SID, high },
	};
	size_t i;

	for (i = 0; i < ARRAY_SIZE(none); i++) {
		KUNIT_EXPECT_EQ_MSG(test, send(test, 0, none[i].target,
					       none[i].id, 0), -ESRCH,
				    "case %zu", i);
		KUNIT_EXPECT_EQ_MSG(test, send(test, 0, none[i].target,
					       none[i].id, 9), -ESRCH,
				    "case %zu", i);
	}
	KUNIT_EXPECT_EQ(test, stats_of(test).total_exited, 1);
}

static void sender_missing_or_zombie(struct kunit *test)
{
	struct cast k = make_cast(test);
	const u64 senders[] = { k.zombie, TEST_NO_PID, U64_MAX };
	size_t i;

	for (i = 0; i < ARRAY_SIZE(senders); i++) {
		u64 s = senders[i];

		KUNIT_EXPECT_EQ(test, send(test, s, PROCSRV_TARGET_PID, k.a, 9),
				-ESRCH);
		KUNIT_EXPECT_EQ(test, send(test, s, PROCSRV_TARGET_PGID,
					   k.first, 9), -ESRCH);
		KUNIT_EXPECT_EQ(test, send(test, s, PROCSRV_TARGET_SID, k.sid,
					   9), -ESRCH);
		KUNIT_EXPECT_EQ(test, send(test, s, PROCSRV_TARGET_ALL, 0, 9),
				-ESRCH);
	}
	KUNIT_EXPECT_EQ(test, state_of(test, k.a), PROCSRV_RUNNING);
	KUNIT_EXPECT_EQ(test, stats_of(test).total_exited, 1);
}

static void killing_a_group(struct kunit *test)
{
	struct cast k = make_cast(test);

	/* b is the parent of c and of the zombie, and is killed before c. */
	KUNIT_EXPECT_EQ(test, send(test, k.b, PROCSRV_TARGET_PGID, k.second, 9),
			3);
	KUNIT_EXPECT_EQ(test, state_of(test, k.b), PROCSRV_ZOMBIE);
	KUNIT_EXPECT_EQ(test, state_of(test, k.c), PROCSRV_ZOMBIE);
	KUNIT_EXPECT_EQ(test, ppid_of(test, k.b), k.leader);
	KUNIT_EXPECT_EQ(test, ppid_of(test, k.c), PROCSRV_INIT_PID);
	KUNIT_EXPECT_EQ(test, flags_of(test, k.c), 0);
	KUNIT_EXPECT_EQ(test, flags_of(test, k.zombie),
			PROCSRV_INFO_ORPHAN);
	KUNIT_EXPECT_EQ(test, info_of(test, k.zombie).exit_signal, 0);
	KUNIT_EXPECT_EQ(test, stats_of(test).total_exited, 3);
	KUNIT_EXPECT_EQ(test, stats_of(test).orphans, 1);
	/* The group still has its members; it can be signalled. */
	KUNIT_EXPECT_EQ(test, send(test, 0, PROCSRV_TARGET_PGID, k.second, 0),
			3);
}

static void stopping_and_continuing_a_session(struct kunit *test)
{
	struct cast k = make_cast(test);

	KUNIT_EXPECT_EQ(test, send(test, 0, PROCSRV_TARGET_SID, k.sid, 19), 5);
	KUNIT_EXPECT_EQ(test, stats_of(test).stopped, 4);
	KUNIT_EXPECT_EQ(test, state_of(test, k.zombie), PROCSRV_ZOMBIE);
	KUNIT_EXPECT_EQ(test, send(test, 0, PROCSRV_TARGET_PGID, k.first, 18),
			2);
	KUNIT_EXPECT_EQ(test, stats_of(test).stopped, 2);
	KUNIT_EXPECT_EQ(test, send(test, 0, PROCSRV_TARGET_SID, k.sid, 18), 5);
	KUNIT_EXPECT_EQ(test, stats_of(test).stopped, 0);
}

static void killing_all(struct kunit *test)
{
	u64 *pids = kunit_kcalloc(test, MANY, sizeof(*pids), GFP_KERNEL);
	u64 parent = PROCSRV_INIT_PID;
	u32 i;

	KUNIT_ASSERT_NOT_NULL(test, pids);
	/* Partly wide, partly deep. */
	for (i = 0; i < MANY; i++) {
		pids[i] = make_process(test, parent);
		if (i % 3 == 0)
			parent = pids[i];
	}
	end_process(test, pids[MANY / 2]);
	KUNIT_EXPECT_EQ(test, send(test, pids[7], PROCSRV_TARGET_ALL, 0, 9),
			MANY - 1);
	for (i = 0; i < MANY; i++)
		KUNIT_EXPECT_EQ_MSG(test, state_of(test, pids[i]),
				    i == 7 ? PROCSRV_RUNNING : PROCSRV_ZOMBIE,
				    "number %u", i);
	KUNIT_EXPECT_EQ(test, stats_of(test).total_exited, MANY - 1);
	KUNIT_EXPECT_EQ(test, state_of(test, PROCSRV_INIT_PID),
			PROCSRV_RUNNING);
}

/* Any number of processes is counted right, up to more than two batches. */
static void all_counts_right(struct kunit *test)
{
	u32 n;

	for (n = 1; n <= 2 * PROCSRV_BATCH + 2; n++) {
		make_process(test, PROCSRV_INIT_PID);
		KUNIT_EXPECT_EQ(test, send(test, 0, PROCSRV_TARGET_ALL, 0, 10),
				n);
	}
}

static void hang_up_sends_1_and_18(struct kunit *test)
{
	struct cast k = make_cast(test);
	u32 count = 77;

	stop_process(test, k.a);
	stop_process(test, k.c);
	stop_process(test, k.loner);
	KUNIT_EXPECT_EQ(test, procsrv_hang_up(server(test), k.sid, &count), 0);
	KUNIT_EXPECT_EQ(test, count, 5);
	KUNIT_EXPECT_EQ(test, state_of(test, k.a), PROCSRV_RUNNING);
	KUNIT_EXPECT_EQ(test, state_of(test, k.c), PROCSRV_RUNNING);
	KUNIT_EXPECT_EQ(test, state_of(test, k.loner), PROCSRV_STOPPED);
	KUNIT_EXPECT_EQ(test, pending_of(test, k.leader), 1);
	KUNIT_EXPECT_EQ(test, pending_of(test, k.a), 1);
	KUNIT_EXPECT_EQ(test, pending_of(test, k.b), 1);
	KUNIT_EXPECT_EQ(test, pending_of(test, k.c), 1);
	KUNIT_EXPECT_EQ(test, pending_of(test, k.zombie), 0);
	KUNIT_EXPECT_EQ(test, pending_of(test, k.other), 0);
	KUNIT_EXPECT_EQ(test, pending_of(test, k.loner), 0);
	/* The parent gets a report of the continuation. */
	KUNIT_EXPECT_EQ(test, wait_pid(test, k.leader, k.a,
				       PROCSRV_WAIT_CONTINUED, 0), 0);
}

static void hang_up_without_session(struct kunit *test)
{
	u64 pid = make_process(test, PROCSRV_INIT_PID);
	u32 count = 77;
	u32 sid;

	KUNIT_EXPECT_EQ(test, procsrv_hang_up(server(test), 0, &count), -ESRCH);
	KUNIT_EXPECT_EQ(test, procsrv_hang_up(server(test), 5, &count), -ESRCH);
	sid = make_session(test, pid);
	end_process(test, pid);
	KUNIT_EXPECT_EQ(test, procsrv_hang_up(server(test), sid, &count), 0);
	KUNIT_EXPECT_EQ(test, count, 1);
	reap_child(test, PROCSRV_INIT_PID, pid);
	count = 77;
	KUNIT_EXPECT_EQ(test, procsrv_hang_up(server(test), sid, &count),
			-ESRCH);
	KUNIT_EXPECT_EQ(test, count, 77);
}

/* A killed caller stops after one batch. */
static void killed_callers_do_no_more(struct kunit *test)
{
	u64 pids[MANY];
	s64 reaped;
	u32 pgid, i;

	make_processes(test, PROCSRV_INIT_PID, pids, MANY);
	pgid = make_group(test, pids[0]);
	allow_signal(SIGKILL);
	send_sig(SIGKILL, current, 1);
	KUNIT_EXPECT_EQ(test, send(test, 0, PROCSRV_TARGET_ALL, 0, 0),
			PROCSRV_BATCH);
	/* This call allocates memory first, and has not begun. */
	KUNIT_EXPECT_EQ(test, send(test, 0, PROCSRV_TARGET_PGID, pgid, 10),
			-EINTR);
	for (i = 0; i < MANY; i++)
		end_process(test, pids[i]);
	reaped = procsrv_reap(server(test));
	KUNIT_EXPECT_GT(test, reaped, 0);
	KUNIT_EXPECT_LE(test, reaped, PROCSRV_BATCH);
	disallow_signal(SIGKILL);
	flush_signals(current);
	KUNIT_EXPECT_EQ(test, procsrv_reap(server(test)), MANY - reaped);
}

static struct kunit_case signal_target_cases[] = {
	KUNIT_CASE(group_reaches_its_members),
	KUNIT_CASE(session_reaches_all_its_groups),
	KUNIT_CASE(all_reaches_all_but_init),
	KUNIT_CASE(all_spares_the_sender),
	KUNIT_CASE(group_and_pid_reach_the_sender),
	KUNIT_CASE(all_without_others),
	KUNIT_CASE(all_takes_no_id),
	KUNIT_CASE(unknown_target),
	KUNIT_CASE(targets_that_do_not_exist),
	KUNIT_CASE(sender_missing_or_zombie),
	KUNIT_CASE(killing_a_group),
	KUNIT_CASE(stopping_and_continuing_a_session),
	KUNIT_CASE(killing_all),
	KUNIT_CASE(all_counts_right),
	KUNIT_CASE(killed_callers_do_no_more),
	KUNIT_CASE(hang_up_sends_1_and_18),
	KUNIT_CASE(hang_up_without_session),
	{}
};

static struct kunit_suite signal_targets_suite = {
	.name = "procsrv-signal-targets",
	.init = fixture_init,
	.exit = fixture_exit,
	.test_cases = signal_target_cases,
};

kunit_test_suite(signal_targets_suite);
