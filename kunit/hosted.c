// SPDX-License-Identifier: GPL-2.0-only
/*
 * Signals to hosted processes: each becomes pending, and changes nothing else
 */
#include "common.h"

enum {
	NR_MEMBERS = 150,	/* of each kind: more than a batch */

	PROCESS = PROCSRV_FROM_PROCESS,
	OUTSIDE = PROCSRV_FROM_OUTSIDE,
	SERVER = PROCSRV_FROM_SERVER,
};

/* Takes a signal that must be pending, and checks every field. */
static void expect_take(struct kunit *test, u64 pid, int signo, u64 sender,
			u32 count, u32 origin)
{
	struct procsrv_take take;

	KUNIT_ASSERT_EQ(test, take_now(test, pid, sigbit(signo), &take), 0);
	KUNIT_EXPECT_EQ(test, take.signo, signo);
	KUNIT_EXPECT_EQ(test, take.sender, sender);
	KUNIT_EXPECT_EQ(test, take.count, count);
	KUNIT_EXPECT_EQ(test, take.origin, origin);
	KUNIT_EXPECT_EQ(test, take.target, pid);
	KUNIT_EXPECT_EQ(test, pending_of(test, pid) & sigbit(signo), 0);
}

static void is_shown(struct kunit *test)
{
	u64 pid = make_hosted(test, PROCSRV_INIT_PID);
	struct procsrv_info info = info_of(test, pid);

	KUNIT_EXPECT_EQ(test, info.flags, PROCSRV_INFO_HOSTED |
					  PROCSRV_INFO_TIED);
	KUNIT_EXPECT_EQ(test, info.state, PROCSRV_RUNNING);
	KUNIT_EXPECT_EQ(test, info.uid, TEST_UID);
	KUNIT_EXPECT_EQ(test, info.thread_count, 1);
	KUNIT_EXPECT_EQ(test, info.exit_signal, 0);
	check_owner(test, test_host(test), 1);
	/* Its children are not hosted. */
	KUNIT_EXPECT_EQ(test, flags_of(test, make_process(test, pid)), 0);
}

/* Every signal, also those that would end, stop or continue another process. */
static void every_signal_pends(struct kunit *test)
{
	struct procsrv_reader *r = watch_all(test);
	int signo;

	for (signo = 1; signo <= PROCSRV_NSIG; signo++) {
		u64 pid = make_hosted(test, PROCSRV_INIT_PID);

		forget_events(test, r);
		send_from(test, 0, pid, signo);
		KUNIT_EXPECT_EQ(test, state_of(test, pid), PROCSRV_RUNNING);
		KUNIT_EXPECT_EQ(test, pending_of(test, pid), sigbit(signo));
		expect_event(test, r, PROCSRV_EVENT_SIGNAL, pid);
		expect_no_event(test, r);
		expect_take(test, pid, signo, 0, 1, OUTSIDE);
		KUNIT_EXPECT_EQ(test, pending_of(test, pid), 0);
		KUNIT_EXPECT_EQ(test, state_of(test, pid), PROCSRV_RUNNING);
		expect_no_event(test, r);
	}
	KUNIT_EXPECT_EQ(test, stats_of(test).total_exited, 0);
	KUNIT_EXPECT_EQ(test, stats_of(test).stopped, 0);
}

/* Signal 0 is not queued. */
static void zero_only_checks(struct kunit *test)
{
	u64 pid = make_hosted(test, PROCSRV_INIT_PID);
	struct procsrv_reader *r = watch_all(test);

	send_from(test, 0, pid, 0);
	send_from(test, pid, pid, 0);
	KUNIT_EXPECT_EQ(test, pending_of(test, pid), 0);
	KUNIT_EXPECT_EQ(test, signal_pid(test, pid, -1), -EINVAL);
	KUNIT_EXPECT_EQ(test, signal_pid(test, pid, 65), -EINVAL);
	expect_none(test, test_host(test));
	expect_no_event(test, r);
}

/* Only reports change the state; a sleep is reported by an update. */
static void state_stays(struct kunit *test)
{
	static const int signals[] = { 9, 15, 18, 19, 20, 21, 22 };
	u64 stopped = make_hosted(test, PROCSRV_INIT_PID);
	u64 asleep = make_hosted(test, PROCSRV_INIT_PID);
	u32 i;

	report_stop(test, stopped, PROCSRV_SIGTSTP);
	sleep_process(test, asleep);
	for (i = 0; i < ARRAY_SIZE(signals); i++) {
		send_from(test, 0, stopped, signals[i]);
		send_from(test, 0, asleep, signals[i]);
	}
	KUNIT_EXPECT_EQ(test, state_of(test, stopped), PROCSRV_STOPPED);
	KUNIT_EXPECT_EQ(test, state_of(test, asleep), PROCSRV_SLEEPING);
	KUNIT_EXPECT_EQ(test, wait_any(test, PROCSRV_INIT_PID,
				       PROCSRV_WAIT_EXITED |
				       PROCSRV_WAIT_CONTINUED, 0, NULL),
			-EAGAIN);
	/* Taking the signals does not change the states either. */
	expect_take(test, stopped, 19, 0, 1, OUTSIDE);
	expect_take(test, asleep, 9, 0, 1, OUTSIDE);
	KUNIT_EXPECT_EQ(test, state_of(test, stopped), PROCSRV_STOPPED);
	KUNIT_EXPECT_EQ(test, state_of(test, asleep), PROCSRV_SLEEPING);
}

/* SIGCONT and the stop signals discard each other, as in Linux. */
static void opposites(struct kunit *test)
{
	static const int stops[] = { 19, 20, 21, 22 };
	u64 pid = make_hosted(test, PROCSRV_INIT_PID);
	u32 i;

	for (i = 0; i < ARRAY_SIZE(stops); i++)
		send_from(test, i % 2 ? pid : 0, pid, stops[i]);
	send_from(test, 0, pid, 10);
	send_from(test, 0, pid, 18);
	KUNIT_EXPECT_EQ(test, info_of(test, pid).pending,
			sigbit(10) | sigbit(18));
	for (i = 0; i < ARRAY_SIZE(stops); i++) {
		send_from(test, pid, pid, 18);
		send_from(test, 0, pid, stops[i]);
		KUNIT_EXPECT_EQ(test, info_of(test, pid).pending,
				sigbit(10) | sigbit(stops[i]));
	}
}

static void from_processes(struct kunit *test)
{
	u64 pid = make_hosted(test, PROCSRV_INIT_PID);
	u64 a = make_process(test, PROCSRV_INIT_PID);
	u64 b = make_hosted(test, PROCSRV_INIT_PID);

	send_from(test, b, pid, 9);
	send_from(test, a, pid, 9);
	send_from(test, pid, pid, 9);
	expect_take(test, pid, 9, b, 3, PROCESS);
	/* A take resets the sender and the count. */
	send_from(test, a, pid, 9);
	end_process(test, a);
	reap_child(test, PROCSRV_INIT_PID, a);
	expect_take(test, pid, 9, a, 1, PROCESS);
}

/* A signal from outside is pending or not: it is not counted. */
static void from_outside(struct kunit *test)
{
	u64 pid = make_hosted(test, PROCSRV_INIT_PID);
	int i;

	for (i = 0; i < 5; i++)
		send_from(test, 0, pid, 1 + i % 2);
	expect_take(test, pid, 1, 0, 1, OUTSIDE);
	expect_take(test, pid, 2, 0, 1, OUTSIDE);
	send_from(test, 0, pid, 2);
	expect_take(test, pid, 2, 0, 1, OUTSIDE);
}

/*
 * The sender is the first process. The count is one for each signal of a
 * process, and one for all others.
 */
static void from_processes_and_outside(struct kunit *test)
{
	u64 pid = make_hosted(test, PROCSRV_INIT_PID);
	u64 a = make_process(test, PROCSRV_INIT_PID);
	u64 b = make_process(test, PROCSRV_INIT_PID);

	send_from(test, a, pid, 15);
	send_from(test, 0, pid, 15);
	send_from(test, b, pid, 15);
	send_from(test, 0, pid, 15);
	expect_take(test, pid, 15, a, 3, PROCESS | OUTSIDE);
	send_from(test, 0, pid, 15);
	send_from(test, b, pid, 15);
	send_from(test, a, pid, 15);
	expect_take(test, pid, 15, b, 3, PROCESS | OUTSIDE);
	/* Each signal has its own sender and count. */
	send_from(test, b, pid, 40);
	send_from(test, 0, pid, 41);
	expect_take(test, pid, 41, 0, 1, OUTSIDE);
	expect_take(test, pid, 40, b, 1, PROCESS);
}

enum {
	MEMORY = 1000,
	CPU = 2000,
	CPU_SIGNAL = 24,
};

static void limit(struct kunit *test, u64 pid, u32 flags)
{
	struct procsrv_limits limits = procsrv_default_limits;

	limits.max_memory = MEMORY;
	limits.max_cpu_time = CPU;
	limits.flags = flags;
	KUNIT_ASSERT_EQ(test, procsrv_set_limits(server(test), pid, &limits),
			0);
}

static void use_memory(struct kunit *test, u64 pid, u64 bytes)
{
	const struct procsrv_update u = {
		.mask = PROCSRV_UPDATE_MEMORY,
		.memory_usage = bytes,
	};

	KUNIT_ASSERT_EQ(test, procsrv_update(server(test), pid, &u), 0);
}

/* A limit that is enforced sends the signal that would end another process. */
static void limits_send_signals(struct kunit *test)
{
	u64 pid = make_hosted(test, PROCSRV_INIT_PID);
	struct procsrv_reader *r;

	limit(test, pid, PROCSRV_LIMITS_ENFORCE);
	r = watch_all(test);
	use_cpu(test, pid, CPU);
	use_memory(test, pid, MEMORY);
	KUNIT_EXPECT_EQ(test, pending_of(test, pid), 0);
	forget_events(test, r);
	use_cpu(test, pid, CPU + 1);
	expect_event(test, r, PROCSRV_EVENT_UPDATE, pid);
	expect_event(test, r, PROCSRV_EVENT_LIMIT, pid);
	KUNIT_EXPECT_EQ(test, state_of(test, pid), PROCSRV_RUNNING);
	KUNIT_EXPECT_EQ(test, pending_of(test, pid), sigbit(CPU_SIGNAL));
	/* It is counted once, however often it is sent. */
	use_cpu(test, pid, CPU + 2);
	expect_take(test, pid, CPU_SIGNAL, 0, 1, SERVER);
	use_memory(test, pid, MEMORY + 1);
	KUNIT_EXPECT_EQ(test, state_of(test, pid), PROCSRV_RUNNING);
	expect_take(test, pid, PROCSRV_SIGKILL, 0, 1, SERVER);
	KUNIT_EXPECT_EQ(test, pending_of(test, pid), 0);
	KUNIT_EXPECT_EQ(test, info_of(test, pid).limits_passed,
			PROCSRV_LIMIT_MEMORY | PROCSRV_LIMIT_CPU_TIME);
	KUNIT_EXPECT_EQ(test, info_of(test, pid).nr_limits_passed, 3);
}

/* If limits are only recorded, no signal is sent. */
static void limits_without_consequence(struct kunit *test)
{
	u64 pid = make_hosted(test, PROCSRV_INIT_PID);

	limit(test, pid, 0);
	use_cpu(test, pid, CPU + 1);
	use_memory(test, pid, MEMORY + 1);
	KUNIT_EXPECT_EQ(test, pending_of(test, pid), 0);
	KUNIT_EXPECT_EQ(test, info_of(test, pid).nr_limits_passed, 2);
	expect_none(test, test_host(test));
}

/* All three origins of one signal. */
static void from_everywhere(struct kunit *test)
{
	u64 pid = make_hosted(test, PROCSRV_INIT_PID);
	u64 a = make_process(test, PROCSRV_INIT_PID);

	limit(test, pid, PROCSRV_LIMITS_ENFORCE);
	send_from(test, a, pid, 9);
	send_from(test, a, pid, 9);
	use_memory(test, pid, MEMORY + 1);
	use_memory(test, pid, MEMORY + 2);
	send_from(test, 0, pid, 9);
	send_from(test, 0, pid, 9);
	expect_take(test, pid, 9, a, 4, PROCESS | OUTSIDE | SERVER);
	use_memory(test, pid, MEMORY + 1);
	send_from(test, 0, pid, 9);
	expect_take(test, pid, 9, 0, 2, OUTSIDE | SERVER);
}

/* A group has hosted members and others: each is signalled in its own way. */
static void hosted_and_not_in_a_group(struct kunit *test)
{
	static const int signals[] = { 10, 19, 18, 9 };
	u64 leader = make_process(test, PROCSRV_INIT_PID);
	u32 pgid = make_group(test, leader);
	u64 *hosted = kunit_kcalloc(test, NR_MEMBERS, sizeof(u64), GFP_KERNEL);
	u64 *others = kunit_kcalloc(test, NR_MEMBERS, sizeof(u64), GFP_KERNEL);
	u32 i, k;

	KUNIT_ASSERT_NOT_NULL(test, hosted);
	KUNIT_ASSERT_NOT_NULL(test, others);
	for (i = 0; i < NR_MEMBERS; i++) {
		hosted[i] = make_hosted(test, leader);
		others[i] = make_process(test, hosted[i]);
	}
	for (k = 0; k < ARRAY_SIZE(signals); k++) {
		KUNIT_EXPECT_EQ(test, signal_to(test, PROCSRV_TARGET_PGID, pgid,
						signals[k]),
				2 * NR_MEMBERS + 1);
		for (i = 0; i < NR_MEMBERS; i++) {
			KUNIT_ASSERT_EQ(test, state_of(test, hosted[i]),
					PROCSRV_RUNNING);
			KUNIT_ASSERT_EQ(test, pending_of(test, hosted[i]),
					sigbit(signals[k]));
			expect_take(test, hosted[i], signals[k], 0, 1, OUTSIDE);
		}
		if (signals[k] == 19)
			KUNIT_EXPECT_EQ(test, state_of(test, others[0]),
					PROCSRV_STOPPED);
	}
	for (i = 0; i < NR_MEMBERS; i++)
		KUNIT_ASSERT_EQ(test, state_of(test, others[i]),
				PROCSRV_ZOMBIE);
	KUNIT_EXPECT_EQ(test, stats_of(test).total_exited, NR_MEMBERS + 1);
	/* Children of a killed parent are reparented. */
	KUNIT_EXPECT_EQ(test, ppid_of(test, hosted[0]), PROCSRV_INIT_PID);
}

/* Processes of a tree that are not hosted end; hosted ones below remain. */
static void sigkill_to_a_tree(struct kunit *test)
{
	u64 top = make_hosted(test, PROCSRV_INIT_PID);
	u64 middle = make_process(test, top);
	u64 below = make_hosted(test, middle);
	u64 last = make_process(test, below);

	KUNIT_EXPECT_EQ(test, signal_to(test, PROCSRV_TARGET_TREE, top, 9), 4);
	KUNIT_EXPECT_EQ(test, state_of(test, top), PROCSRV_RUNNING);
	KUNIT_EXPECT_EQ(test, state_of(test, middle), PROCSRV_ZOMBIE);
	KUNIT_EXPECT_EQ(test, state_of(test, below), PROCSRV_RUNNING);
	KUNIT_EXPECT_EQ(test, ppid_of(test, below), PROCSRV_INIT_PID);
	KUNIT_EXPECT_EQ(test, state_of(test, last), PROCSRV_ZOMBIE);
	expect_take(test, top, 9, 0, 1, OUTSIDE);
	expect_take(test, below, 9, 0, 1, OUTSIDE);
	reap_child(test, below, last);
	reap_child(test, top, middle);
	/* Only the process itself is left in the tree. */
	KUNIT_EXPECT_EQ(test, signal_to(test, PROCSRV_TARGET_TREE, below, 9),
			1);
}

static void sigkill_to_all(struct kunit *test)
{
	u64 sender = make_hosted(test, PROCSRV_INIT_PID);
	u64 hosted = make_hosted(test, sender);
	u64 other = make_process(test, sender);
	u32 sid = make_session(test, sender);

	KUNIT_EXPECT_EQ(test, send_to(test, sender, PROCSRV_TARGET_ALL, 0, 9),
			2);
	KUNIT_EXPECT_EQ(test, pending_of(test, sender), 0);
	KUNIT_EXPECT_EQ(test, state_of(test, other), PROCSRV_ZOMBIE);
	expect_take(test, hosted, 9, sender, 1, PROCESS);
	KUNIT_EXPECT_EQ(test, signal_to(test, PROCSRV_TARGET_SID, sid, 15), 1);
	expect_take(test, sender, 15, 0, 1, OUTSIDE);
}

/* The parent is notified of a reported change, not of the signal. */
static void waits_go_on(struct kunit *test)
{
	u64 parent = make_hosted(test, PROCSRV_INIT_PID);
	u64 pid = make_hosted(test, parent);
	struct wait_task *t = start_wait(test, &(struct procsrv_wait) {
		.parent = parent,
		.what = PROCSRV_WAIT_EXITED | PROCSRV_WAIT_STOPPED |
			PROCSRV_WAIT_CONTINUED,
	});

	expect_waiting(test, parent, 1);
	KUNIT_EXPECT_EQ(test, state_of(test, parent), PROCSRV_WAITING);
	send_from(test, 0, pid, 19);
	send_from(test, 0, pid, 9);
	send_from(test, 0, parent, 9);
	expect_still_waiting(test, t);
	report_stop(test, pid, PROCSRV_SIGSTOP);
	KUNIT_EXPECT_EQ(test, join_wait(test, t), 0);
	KUNIT_EXPECT_EQ(test, t->w.pid, pid);
	KUNIT_EXPECT_EQ(test, t->w.why, PROCSRV_WAIT_STOPPED);
	KUNIT_EXPECT_EQ(test, t->w.exit_signal, PROCSRV_SIGSTOP);
}

static void events_name_the_sender(struct kunit *test)
{
	u64 pid = make_hosted(test, PROCSRV_INIT_PID);
	u64 sender = make_process(test, PROCSRV_INIT_PID);
	struct procsrv_reader *r = watch_all(test);
	struct procsrv_event e;
	int i;

	for (i = 0; i < 3; i++) {
		send_from(test, i ? sender : 0, pid, 19);
		e = next_event(test, r);
		KUNIT_EXPECT_EQ(test, e.kind, PROCSRV_EVENT_SIGNAL);
		KUNIT_EXPECT_EQ(test, e.pid, pid);
		KUNIT_EXPECT_EQ(test, e.other, i ? sender : 0);
		KUNIT_EXPECT_EQ(test, e.signo, 19);
		expect_no_event(test, r);
	}
}

/* A hosted process ends as others do, with every signal pending. */
static void ends_with_all_pending(struct kunit *test)
{
	u64 pid = make_hosted(test, PROCSRV_INIT_PID);
	u64 sender = make_process(test, PROCSRV_INIT_PID);
	int signo;

	for (signo = 1; signo <= PROCSRV_NSIG; signo++)
		send_from(test, signo % 2 ? sender : 0, pid, signo);
	check_server(test);
	KUNIT_EXPECT_EQ(test, procsrv_terminate(server(test), pid, 3, 0), 0);
	expect_none(test, test_host(test));
	KUNIT_EXPECT_EQ(test, pending_of(test, pid), 0);
	check_server(test);
	reap_child(test, PROCSRV_INIT_PID, pid);
}

/* Signals to processes that are not hosted have no origin. */
static void others_have_no_origin(struct kunit *test)
{
	u64 pid = make_process(test, PROCSRV_INIT_PID);

	send_from(test, 0, pid, 10);
	send_from(test, pid, pid, 10);
	send_from(test, 0, pid, 10);
	expect_take(test, pid, 10, 0, 3, 0);
	send_from(test, 0, pid, 1);
	send_from(test, 0, pid, 1);
	expect_take(test, pid, 1, 0, 2, 0);
	expect_none(test, test_host(test));
}

static struct kunit_case hosted_cases[] = {
	KUNIT_CASE(is_shown),
	KUNIT_CASE(every_signal_pends),
	KUNIT_CASE(zero_only_checks),
	KUNIT_CASE(state_stays),
	KUNIT_CASE(opposites),
	KUNIT_CASE(from_processes),
	KUNIT_CASE(from_outside),
	KUNIT_CASE(from_processes_and_outside),
	KUNIT_CASE(limits_send_signals),
	KUNIT_CASE(limits_without_consequence),
	KUNIT_CASE(from_everywhere),
	KUNIT_CASE(hosted_and_not_in_a_group),
	KUNIT_CASE(sigkill_to_a_tree),
	KUNIT_CASE(sigkill_to_all),
	KUNIT_CASE(waits_go_on),
	KUNIT_CASE(events_name_the_sender),
	KUNIT_CASE(ends_with_all_pending),
	KUNIT_CASE(others_have_no_origin),
	{}
};

static struct kunit_suite hosted_suite = {
	.name = "procsrv-hosted",
	.init = fixture_init,
	.exit = fixture_exit,
	.test_cases = hosted_cases,
};

kunit_test_suite(hosted_suite);
