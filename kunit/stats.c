// SPDX-License-Identifier: GPL-2.0-only
/*
 * The counters of a server
 */
#include "common.h"

static void expect_stats(struct kunit *test, const struct procsrv_stats *want)
{
	struct procsrv_stats got = stats_of(test);

	KUNIT_EXPECT_EQ(test, got.total_processes, want->total_processes);
	KUNIT_EXPECT_EQ(test, got.running, want->running);
	KUNIT_EXPECT_EQ(test, got.sleeping, want->sleeping);
	KUNIT_EXPECT_EQ(test, got.stopped, want->stopped);
	KUNIT_EXPECT_EQ(test, got.zombies, want->zombies);
	KUNIT_EXPECT_EQ(test, got.total_created, want->total_created);
	KUNIT_EXPECT_EQ(test, got.total_exited, want->total_exited);
	KUNIT_EXPECT_EQ(test, got.sessions, want->sessions);
	KUNIT_EXPECT_EQ(test, got.process_groups, want->process_groups);
	KUNIT_EXPECT_EQ(test, got.orphans, want->orphans);
}

static void counters_through_a_life(struct kunit *test)
{
	struct procsrv_stats s = { .total_processes = 1, .running = 1 };
	u64 parent, child;

	expect_stats(test, &s);
	parent = make_process(test, PROCSRV_INIT_PID);
	child = make_process(test, parent);
	s.total_processes = 3;
	s.running = 3;
	s.total_created = 2;
	expect_stats(test, &s);

	make_session(test, parent);
	s.sessions = 1;
	s.process_groups = 1;
	expect_stats(test, &s);
	make_group(test, child);
	s.process_groups = 2;
	expect_stats(test, &s);

	sleep_process(test, child);
	s.running = 2;
	s.sleeping = 1;
	expect_stats(test, &s);
	stop_process(test, child);
	s.sleeping = 0;
	s.stopped = 1;
	expect_stats(test, &s);

	end_process(test, child);
	s.stopped = 0;
	s.zombies = 1;
	s.total_exited = 1;
	expect_stats(test, &s);
	end_process(test, parent);
	s.running = 1;
	s.zombies = 2;
	s.total_exited = 2;
	s.orphans = 1;
	expect_stats(test, &s);

	reap_child(test, PROCSRV_INIT_PID, child);
	s.zombies = 1;
	s.total_processes = 2;
	s.orphans = 0;
	s.process_groups = 1;
	expect_stats(test, &s);
	KUNIT_EXPECT_EQ(test, procsrv_reap(server(test)), 1);
	s.zombies = 0;
	s.total_processes = 1;
	s.sessions = 0;
	s.process_groups = 0;
	expect_stats(test, &s);
}

/* Sums that hold at every moment. */
static void expect_sums(struct kunit *test)
{
	struct procsrv_stats s = stats_of(test);

	KUNIT_ASSERT_EQ(test, s.total_processes,
			s.running + s.sleeping + s.stopped + s.zombies);
	KUNIT_ASSERT_EQ(test, s.total_created + 1,
			s.total_processes - s.zombies + s.total_exited);
	KUNIT_ASSERT_LE(test, s.orphans, s.zombies);
	KUNIT_ASSERT_LE(test, s.sessions, s.process_groups);
}

static void step(struct kunit *test, u64 pid, u32 choice)
{
	struct procsrv *ps = server(test);
	u32 id, id2;
	u64 new;

	switch (choice) {
	case 0:
		procsrv_terminate(ps, pid, 0, 0);
		break;
	case 1:
		signal_pid(test, pid, PROCSRV_SIGSTOP);
		break;
	case 2:
		signal_pid(test, pid, PROCSRV_SIGCONT);
		break;
	case 3:
		procsrv_create_session(ps, pid, &id, &id2);
		break;
	case 4:
		if (!look_up(test, pid))
			procsrv_create_group(ps, 0, pid, sid_of(test, pid),
					     &id);
		break;
	case 5:
		wait_any(test, pid, PROCSRV_WAIT_EXITED, 0, NULL);
		break;
	case 6:
		if (pid % 16 == 0)
			procsrv_reap(ps);
		break;
	default:
		try_create(test, pid, &new);
	}
}

static void sums_hold_at_every_step(struct kunit *test)
{
	u64 seed = 5;
	u32 i;

	for (i = 0; i < 3000; i++) {
		u32 highest = stats_of(test).total_created + 1;
		u32 recent = min(highest, 40U);

		step(test, highest - test_random(&seed, recent),
		     test_random(&seed, 10));
		expect_sums(test);
		if (i % 200 == 0)
			check_server(test);
	}
	KUNIT_EXPECT_GT(test, stats_of(test).total_exited, 100);
	KUNIT_EXPECT_GT(test, stats_of(test).sessions, 10);
}

/* Failed calls do not change the counters: one failure of each kind. */
static void failures_count_nothing(struct kunit *test)
{
	struct procsrv *ps = server(test);
	u64 zombie = make_zombie(test, PROCSRV_INIT_PID);
	struct procsrv_stats before = stats_of(test);
	u32 id, id2;
	u64 pid;

	try_create(test, zombie, &pid);
	procsrv_terminate(ps, zombie, 0, 0);
	procsrv_terminate(ps, PROCSRV_INIT_PID, 0, 0);
	procsrv_terminate(ps, TEST_NO_PID, 0, 0);
	procsrv_create_session(ps, PROCSRV_INIT_PID, &id, &id2);
	procsrv_create_session(ps, zombie, &id, &id2);
	procsrv_create_group(ps, 0, PROCSRV_INIT_PID, 0, &id);
	signal_pid(test, zombie, PROCSRV_SIGKILL);
	signal_pid(test, zombie, PROCSRV_SIGSTOP);
	signal_pid(test, zombie, PROCSRV_SIGCONT);
	signal_pid(test, PROCSRV_INIT_PID, PROCSRV_SIGKILL);
	signal_pid(test, PROCSRV_INIT_PID, PROCSRV_SIGSTOP);
	wait_any(test, zombie, PROCSRV_WAIT_EXITED, 0, NULL);
	wait_pid(test, PROCSRV_INIT_PID, TEST_NO_PID, PROCSRV_WAIT_EXITED, 0);
	expect_stats(test, &before);
}

static struct kunit_case stats_cases[] = {
	KUNIT_CASE(counters_through_a_life),
	KUNIT_CASE(sums_hold_at_every_step),
	KUNIT_CASE(failures_count_nothing),
	{}
};

static struct kunit_suite stats_suite = {
	.name = "procsrv-stats",
	.init = fixture_init,
	.exit = fixture_exit,
	.test_cases = stats_cases,
};

kunit_test_suite(stats_suite);
