// SPDX-License-Identifier: GPL-2.0-only
/*
 * What each signal does to a process in each state
 */
#include <linux/limits.h>

#include "common.h"

static bool has_meaning(int signo)
{
	return signo == 0 || signo == PROCSRV_SIGKILL ||
	       signo == PROCSRV_SIGTERM || signo == PROCSRV_SIGCONT ||
	       signo == PROCSRV_SIGSTOP;
}

static void every_number_to_a_running_process(struct kunit *test)
{
	int signo;

	for (signo = 0; signo <= PROCSRV_NSIG; signo++) {
		u64 pid = make_process(test, PROCSRV_INIT_PID);
		struct procsrv_info info;

		KUNIT_EXPECT_EQ(test, signal_pid(test, pid, signo), 0);
		info = info_of(test, pid);
		KUNIT_EXPECT_EQ_MSG(test, info.pending, has_meaning(signo) ?
				    0 : BIT_ULL(signo - 1), "signal %d", signo);
		if (signo == PROCSRV_SIGKILL || signo == PROCSRV_SIGTERM)
			KUNIT_EXPECT_EQ(test, info.state, PROCSRV_ZOMBIE);
		else if (signo == PROCSRV_SIGSTOP)
			KUNIT_EXPECT_EQ(test, info.state, PROCSRV_STOPPED);
		else
			KUNIT_EXPECT_EQ_MSG(test, info.state, PROCSRV_RUNNING,
					    "signal %d", signo);
	}
	KUNIT_EXPECT_EQ(test, stats_of(test).total_exited, 2);
	KUNIT_EXPECT_EQ(test, stats_of(test).stopped, 1);
}

static void numbers_out_of_range(struct kunit *test)
{
	static const int bad[] = { -1, -9, 65, 66, 128 + 9, 256 + 9, INT_MAX,
				   INT_MIN };
	u64 pid = make_process(test, PROCSRV_INIT_PID);
	u32 pgid = make_group(test, pid);
	struct procsrv_info before = info_of(test, pid), after;
	size_t i;

	for (i = 0; i < ARRAY_SIZE(bad); i++) {
		u32 count = 77;
		u32 target;

		KUNIT_EXPECT_EQ(test, signal_pid(test, pid, bad[i]), -EINVAL);
		for (target = 0; target <= PROCSRV_TARGET_ALL; target++) {
			u64 id = target == PROCSRV_TARGET_PID ? pid :
				 target == PROCSRV_TARGET_ALL ? 0 : pgid;

			KUNIT_EXPECT_EQ(test, procsrv_signal(server(test), 0,
							     target, id, bad[i],
							     &count), -EINVAL);
		}
		KUNIT_EXPECT_EQ(test, count, 77);
	}
	after = info_of(test, pid);
	KUNIT_EXPECT_EQ(test, memcmp(&before, &after, sizeof(after)), 0);
}

static void nine_kills(struct kunit *test)
{
	u64 pid = make_process(test, PROCSRV_INIT_PID);
	struct procsrv_info info;

	KUNIT_EXPECT_EQ(test, signal_pid(test, pid, 9), 0);
	info = info_of(test, pid);
	KUNIT_EXPECT_EQ(test, info.state, PROCSRV_ZOMBIE);
	KUNIT_EXPECT_EQ(test, info.exit_code, -9);
	KUNIT_EXPECT_EQ(test, info.exit_signal, 9);
	KUNIT_EXPECT_EQ(test, stats_of(test).total_exited, 1);
}

static void fifteen_terminates(struct kunit *test)
{
	u64 pid = make_process(test, PROCSRV_INIT_PID);
	struct procsrv_info info;

	KUNIT_EXPECT_EQ(test, signal_pid(test, pid, 15), 0);
	info = info_of(test, pid);
	KUNIT_EXPECT_EQ(test, info.state, PROCSRV_ZOMBIE);
	KUNIT_EXPECT_EQ(test, info.exit_code, 0);
	KUNIT_EXPECT_EQ(test, info.exit_signal, 15);
	KUNIT_EXPECT_EQ(test, stats_of(test).total_exited, 1);
}

/* The end by a signal has all effects of an exit. */
static void killed_process_leaves_its_children(struct kunit *test)
{
	static const int ending[] = { PROCSRV_SIGKILL, PROCSRV_SIGTERM };
	size_t i;

	for (i = 0; i < ARRAY_SIZE(ending); i++) {
		u64 parent = make_process(test, PROCSRV_INIT_PID);
		u64 child = make_process(test, parent);
		u64 zombie = make_zombie(test, parent);

		KUNIT_EXPECT_EQ(test, signal_pid(test, parent, ending[i]), 0);
		KUNIT_EXPECT_EQ(test, ppid_of(test, child),
				PROCSRV_INIT_PID);
		KUNIT_EXPECT_EQ(test, ppid_of(test, zombie),
				PROCSRV_INIT_PID);
		KUNIT_EXPECT_EQ(test, flags_of(test, zombie),
				PROCSRV_INFO_ORPHAN);
		reap_child(test, PROCSRV_INIT_PID, parent);
	}
}

static void stop_and_continue(struct kunit *test)
{
	u64 pid = make_process(test, PROCSRV_INIT_PID);

	KUNIT_EXPECT_EQ(test, signal_pid(test, pid, 19), 0);
	KUNIT_EXPECT_EQ(test, state_of(test, pid), PROCSRV_STOPPED);
	KUNIT_EXPECT_EQ(test, stats_of(test).stopped, 1);
	KUNIT_EXPECT_EQ(test, stats_of(test).running, 1);
	KUNIT_EXPECT_EQ(test, signal_pid(test, pid, 19), 0);
	KUNIT_EXPECT_EQ(test, stats_of(test).stopped, 1);
	KUNIT_EXPECT_EQ(test, signal_pid(test, pid, 18), 0);
	KUNIT_EXPECT_EQ(test, state_of(test, pid), PROCSRV_RUNNING);
	KUNIT_EXPECT_EQ(test, stats_of(test).stopped, 0);
	KUNIT_EXPECT_EQ(test, stats_of(test).running, 2);
	KUNIT_EXPECT_EQ(test, signal_pid(test, pid, 18), 0);
	KUNIT_EXPECT_EQ(test, state_of(test, pid), PROCSRV_RUNNING);
	KUNIT_EXPECT_EQ(test, stats_of(test).total_exited, 0);
}

static void sleeping_process(struct kunit *test)
{
	u64 pid = make_process(test, PROCSRV_INIT_PID);

	sleep_process(test, pid);
	KUNIT_EXPECT_EQ(test, signal_pid(test, pid, 18), 0);
	KUNIT_EXPECT_EQ(test, state_of(test, pid), PROCSRV_SLEEPING);
	KUNIT_EXPECT_EQ(test, signal_pid(test, pid, 10), 0);
	KUNIT_EXPECT_EQ(test, state_of(test, pid), PROCSRV_SLEEPING);
	KUNIT_EXPECT_EQ(test, signal_pid(test, pid, 19), 0);
	KUNIT_EXPECT_EQ(test, state_of(test, pid), PROCSRV_STOPPED);
	KUNIT_EXPECT_EQ(test, stats_of(test).sleeping, 0);
	/* A process that continues is running, even if it slept before. */
	KUNIT_EXPECT_EQ(test, signal_pid(test, pid, 18), 0);
	KUNIT_EXPECT_EQ(test, state_of(test, pid), PROCSRV_RUNNING);

	sleep_process(test, pid);
	KUNIT_EXPECT_EQ(test, signal_pid(test, pid, 15), 0);
	KUNIT_EXPECT_EQ(test, state_of(test, pid), PROCSRV_ZOMBIE);
}

static void stopped_process(struct kunit *test)
{
	u64 killed = make_process(test, PROCSRV_INIT_PID);
	u64 terminated = make_process(test, PROCSRV_INIT_PID);

	stop_process(test, killed);
	stop_process(test, terminated);
	KUNIT_EXPECT_EQ(test, signal_pid(test, killed, 12), 0);
	KUNIT_EXPECT_EQ(test, signal_pid(test, killed, 0), 0);
	KUNIT_EXPECT_EQ(test, state_of(test, killed), PROCSRV_STOPPED);
	KUNIT_EXPECT_EQ(test, pending_of(test, killed), BIT_ULL(11));
	KUNIT_EXPECT_EQ(test, signal_pid(test, killed, 9), 0);
	KUNIT_EXPECT_EQ(test, state_of(test, killed), PROCSRV_ZOMBIE);
	KUNIT_EXPECT_EQ(test, signal_pid(test, terminated, 15), 0);
	KUNIT_EXPECT_EQ(test, state_of(test, terminated), PROCSRV_ZOMBIE);
	KUNIT_EXPECT_EQ(test, stats_of(test).stopped, 0);
}

/* A zombie is a target, but signals do not change it. */
static void zombie_stays_what_it_is(struct kunit *test)
{
	u64 pid = make_process(test, PROCSRV_INIT_PID);
	struct procsrv_info before, after;
	int signo;

	KUNIT_EXPECT_EQ(test, signal_pid(test, pid, 10), 0);
	KUNIT_EXPECT_EQ(test, procsrv_terminate(server(test), pid, 3, 0), 0);
	before = info_of(test, pid);
	for (signo = 0; signo <= PROCSRV_NSIG; signo++) {
		KUNIT_EXPECT_EQ(test, signal_pid(test, pid, signo), 0);
		after = info_of(test, pid);
		KUNIT_EXPECT_EQ_MSG(test, memcmp(&before, &after,
						 sizeof(after)), 0,
				    "signal %d", signo);
	}
	KUNIT_EXPECT_EQ(test, stats_of(test).total_exited, 1);
	KUNIT_EXPECT_EQ(test, stats_of(test).zombies, 1);
}

static void pending_signals_add_up(struct kunit *test)
{
	u64 pid = make_process(test, PROCSRV_INIT_PID);
	u64 want = 0;
	int signo;

	for (signo = PROCSRV_NSIG; signo > 0; signo--) {
		if (has_meaning(signo))
			continue;
		want |= BIT_ULL(signo - 1);
		KUNIT_EXPECT_EQ(test, signal_pid(test, pid, signo), 0);
		KUNIT_EXPECT_EQ(test, pending_of(test, pid), want);
		/* Sent again, the signal is pending as before. */
		KUNIT_EXPECT_EQ(test, signal_pid(test, pid, signo), 0);
		KUNIT_EXPECT_EQ(test, pending_of(test, pid), want);
	}
	KUNIT_EXPECT_EQ(test, want, ~(BIT_ULL(8) | BIT_ULL(14) | BIT_ULL(17) |
				      BIT_ULL(18)));
	stop_process(test, pid);
	continue_process(test, pid);
	KUNIT_EXPECT_EQ(test, pending_of(test, pid), want);
}

static void init_cannot_be_ended_or_stopped(struct kunit *test)
{
	static const int refused[] = { 9, 15, 19 };
	struct procsrv_info before = info_of(test, PROCSRV_INIT_PID), after;
	u32 count = 77;
	size_t i;
	int ret;

	for (i = 0; i < ARRAY_SIZE(refused); i++) {
		ret = procsrv_signal(server(test), 0, PROCSRV_TARGET_PID,
				     PROCSRV_INIT_PID, refused[i], &count);
		KUNIT_EXPECT_EQ(test, ret, -EPERM);
	}
	KUNIT_EXPECT_EQ(test, count, 77);
	after = info_of(test, PROCSRV_INIT_PID);
	KUNIT_EXPECT_EQ(test, memcmp(&before, &after, sizeof(after)), 0);

	KUNIT_EXPECT_EQ(test, signal_pid(test, PROCSRV_INIT_PID, 0), 0);
	KUNIT_EXPECT_EQ(test, signal_pid(test, PROCSRV_INIT_PID, 18), 0);
	KUNIT_EXPECT_EQ(test, state_of(test, PROCSRV_INIT_PID),
			PROCSRV_RUNNING);
	KUNIT_EXPECT_EQ(test, signal_pid(test, PROCSRV_INIT_PID, 1), 0);
	KUNIT_EXPECT_EQ(test, pending_of(test, PROCSRV_INIT_PID), 1);
}

static void zero_only_checks(struct kunit *test)
{
	u64 pid = make_process(test, PROCSRV_INIT_PID);
	struct procsrv_info before = info_of(test, pid), after;

	KUNIT_EXPECT_EQ(test, signal_pid(test, pid, 0), 0);
	after = info_of(test, pid);
	KUNIT_EXPECT_EQ(test, memcmp(&before, &after, sizeof(after)), 0);
	KUNIT_EXPECT_EQ(test, signal_pid(test, TEST_NO_PID, 0), -ESRCH);
}

static struct kunit_case signal_cases[] = {
	KUNIT_CASE(every_number_to_a_running_process),
	KUNIT_CASE(numbers_out_of_range),
	KUNIT_CASE(nine_kills),
	KUNIT_CASE(fifteen_terminates),
	KUNIT_CASE(killed_process_leaves_its_children),
	KUNIT_CASE(stop_and_continue),
	KUNIT_CASE(sleeping_process),
	KUNIT_CASE(stopped_process),
	KUNIT_CASE(zombie_stays_what_it_is),
	KUNIT_CASE(pending_signals_add_up),
	KUNIT_CASE(init_cannot_be_ended_or_stopped),
	KUNIT_CASE(zero_only_checks),
	{}
};

static struct kunit_suite signal_suite = {
	.name = "procsrv-signal",
	.init = fixture_init,
	.exit = fixture_exit,
	.test_cases = signal_cases,
};

kunit_test_suite(signal_suite);
