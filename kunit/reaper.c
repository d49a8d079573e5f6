// SPDX-License-Identifier: GPL-2.0-only
/*
 * Reapers: the new parents of the children of a process that exits
 */
#include "common.h"

enum {
	DEPTH = 200,
};

static bool is_reaper(struct kunit *test, u64 pid)
{
	return flags_of(test, pid) & PROCSRV_INFO_REAPER;
}

static bool is_orphan(struct kunit *test, u64 pid)
{
	return flags_of(test, pid) & PROCSRV_INFO_ORPHAN;
}

/* Each process is a child of the one before it. */
static void make_line(struct kunit *test, u64 above, u64 *pids, u32 n)
{
	u32 i;

	for (i = 0; i < n; i++) {
		pids[i] = make_process(test, above);
		above = pids[i];
	}
}

static void orphans_go_to_the_reaper(struct kunit *test)
{
	u64 line[4];

	make_line(test, PROCSRV_INIT_PID, line, 4);
	KUNIT_EXPECT_FALSE(test, is_reaper(test, line[0]));
	set_reaper(test, line[0], true);
	KUNIT_EXPECT_TRUE(test, is_reaper(test, line[0]));
	end_process(test, line[2]);
	KUNIT_EXPECT_EQ(test, ppid_of(test, line[3]), line[0]);
	/* The zombie keeps its parent. */
	KUNIT_EXPECT_EQ(test, ppid_of(test, line[2]), line[1]);
	KUNIT_EXPECT_EQ(test, wait_pid(test, line[0], line[2],
				       PROCSRV_WAIT_EXITED, 0), -ECHILD);
	end_process(test, line[1]);
	KUNIT_EXPECT_EQ(test, ppid_of(test, line[2]), line[0]);
	KUNIT_EXPECT_TRUE(test, is_orphan(test, line[2]));
	reap_child(test, line[0], line[2]);
}

static void without_one_they_go_to_init(struct kunit *test)
{
	u64 line[3], elsewhere;

	make_line(test, PROCSRV_INIT_PID, line, 3);
	elsewhere = make_process(test, PROCSRV_INIT_PID);
	set_reaper(test, elsewhere, true);
	/* A reaper below, or the process itself, does not count either. */
	set_reaper(test, line[2], true);
	set_reaper(test, line[1], true);
	end_process(test, line[1]);
	KUNIT_EXPECT_EQ(test, ppid_of(test, line[2]), PROCSRV_INIT_PID);
	check_server(test);
}

static void nearest_of_several(struct kunit *test)
{
	u64 line[7];

	make_line(test, PROCSRV_INIT_PID, line, 7);
	set_reaper(test, line[0], true);
	set_reaper(test, line[3], true);
	end_process(test, line[5]);
	KUNIT_EXPECT_EQ(test, ppid_of(test, line[6]), line[3]);
	end_process(test, line[2]);
	KUNIT_EXPECT_EQ(test, ppid_of(test, line[3]), line[0]);
	/* The children of a reaper that exits go to the next reaper above. */
	end_process(test, line[3]);
	KUNIT_EXPECT_EQ(test, ppid_of(test, line[6]), line[0]);
	KUNIT_EXPECT_EQ(test, ppid_of(test, line[4]), line[0]);
	end_process(test, line[0]);
	KUNIT_EXPECT_EQ(test, ppid_of(test, line[6]), PROCSRV_INIT_PID);
	KUNIT_EXPECT_EQ(test, ppid_of(test, line[4]), PROCSRV_INIT_PID);
}

static void turned_off(struct kunit *test)
{
	u64 line[4];

	make_line(test, PROCSRV_INIT_PID, line, 4);
	set_reaper(test, line[0], true);
	set_reaper(test, line[1], true);
	set_reaper(test, line[1], true);
	set_reaper(test, line[1], false);
	KUNIT_EXPECT_FALSE(test, is_reaper(test, line[1]));
	end_process(test, line[2]);
	KUNIT_EXPECT_EQ(test, ppid_of(test, line[3]), line[0]);
	set_reaper(test, line[0], false);
	set_reaper(test, line[0], false);
	end_process(test, line[1]);
	/* Its own child remains its child. */
	KUNIT_EXPECT_EQ(test, ppid_of(test, line[3]), line[0]);
	end_process(test, line[0]);
	KUNIT_EXPECT_EQ(test, ppid_of(test, line[3]), PROCSRV_INIT_PID);
	KUNIT_EXPECT_EQ(test, ppid_of(test, line[2]), PROCSRV_INIT_PID);
}

static void exec_keeps_it_children_do_not_have_it(struct kunit *test)
{
	u64 line[3];

	make_line(test, PROCSRV_INIT_PID, line, 1);
	set_reaper(test, line[0], true);
	KUNIT_EXPECT_EQ(test, exec_as(test, line[0], "other"), 0);
	KUNIT_EXPECT_TRUE(test, is_reaper(test, line[0]));
	make_line(test, line[0], line + 1, 2);
	KUNIT_EXPECT_FALSE(test, is_reaper(test, line[1]));
	end_process(test, line[1]);
	KUNIT_EXPECT_EQ(test, ppid_of(test, line[2]), line[0]);
}

/* All descendants count, whatever their age, sessions and groups. */
static void all_descendants_count(struct kunit *test)
{
	u64 *line = kunit_kcalloc(test, DEPTH, sizeof(*line), GFP_KERNEL);
	u32 i;

	KUNIT_ASSERT_NOT_NULL(test, line);
	make_line(test, PROCSRV_INIT_PID, line, DEPTH / 2);
	make_session(test, line[10]);
	make_group(test, line[20]);
	set_reaper(test, line[0], true);
	make_line(test, line[DEPTH / 2 - 1], line + DEPTH / 2, DEPTH / 2);
	/* From the middle outward. */
	for (i = 0; i < DEPTH / 2 - 1; i++) {
		end_process(test, line[DEPTH / 2 - 1 - i]);
		end_process(test, line[DEPTH / 2 + i]);
	}
	KUNIT_EXPECT_EQ(test, ppid_of(test, line[DEPTH - 1]), line[0]);
	KUNIT_EXPECT_EQ(test, stats_of(test).zombies, DEPTH - 2);
	/* A process below a reaper that becomes one itself counts, too. */
	line[1] = make_process(test, line[DEPTH - 1]);
	line[2] = make_process(test, line[1]);
	set_reaper(test, line[DEPTH - 1], true);
	end_process(test, line[1]);
	KUNIT_EXPECT_EQ(test, ppid_of(test, line[2]), line[DEPTH - 1]);
}

/* A tree with a reaper moves below another one, and gets a new one later. */
static void moved_below_another(struct kunit *test)
{
	u64 line[6];

	make_line(test, PROCSRV_INIT_PID, line, 6);
	set_reaper(test, line[1], true);
	set_reaper(test, line[4], true);
	/* The inner reaper becomes a child of the outer one. */
	end_process(test, line[2]);
	end_process(test, line[3]);
	KUNIT_EXPECT_EQ(test, ppid_of(test, line[4]), line[1]);
	set_reaper(test, line[4], false);
	end_process(test, line[4]);
	KUNIT_EXPECT_EQ(test, ppid_of(test, line[5]), line[1]);
	/* The outer reaper exits, and the process left behind becomes one. */
	end_process(test, line[1]);
	KUNIT_EXPECT_EQ(test, ppid_of(test, line[5]), PROCSRV_INIT_PID);
	line[1] = make_process(test, line[5]);
	line[2] = make_process(test, line[1]);
	set_reaper(test, line[5], true);
	end_process(test, line[1]);
	KUNIT_EXPECT_EQ(test, ppid_of(test, line[2]), line[5]);
	check_server(test);
}

static void zombies_of_a_reaper_are_orphans(struct kunit *test)
{
	u64 line[3], zombie;

	make_line(test, PROCSRV_INIT_PID, line, 3);
	set_reaper(test, line[0], true);
	zombie = make_zombie(test, line[1]);
	end_process(test, line[2]);
	KUNIT_EXPECT_EQ(test, stats_of(test).orphans, 0);
	end_process(test, line[1]);
	KUNIT_EXPECT_EQ(test, stats_of(test).orphans, 2);
	KUNIT_EXPECT_TRUE(test, is_orphan(test, zombie));
	KUNIT_EXPECT_FALSE(test, is_orphan(test, line[1]));
	/* A zombie does not become an orphan twice. */
	end_process(test, line[0]);
	KUNIT_EXPECT_EQ(test, stats_of(test).orphans, 3);
	KUNIT_EXPECT_EQ(test, ppid_of(test, zombie), PROCSRV_INIT_PID);
	KUNIT_EXPECT_EQ(test, procsrv_reap(server(test)), 4);
	KUNIT_EXPECT_EQ(test, stats_of(test).orphans, 0);
}

/* Zombies of a reaper are reaped by its waits, not by procsrv_reap(). */
static void reap_leaves_them_alone(struct kunit *test)
{
	u64 line[3], zombie;

	make_line(test, PROCSRV_INIT_PID, line, 3);
	set_reaper(test, line[0], true);
	zombie = make_zombie(test, PROCSRV_INIT_PID);
	end_process(test, line[2]);
	end_process(test, line[1]);
	KUNIT_EXPECT_EQ(test, stats_of(test).orphans, 1);
	KUNIT_EXPECT_EQ(test, procsrv_reap(server(test)), 1);
	KUNIT_EXPECT_EQ(test, look_up(test, zombie), -ESRCH);
	KUNIT_EXPECT_EQ(test, stats_of(test).orphans, 1);
	reap_child(test, line[0], line[1]);
	reap_child(test, line[0], line[2]);
	KUNIT_EXPECT_EQ(test, stats_of(test).orphans, 0);
}

/* CPU time is added to the parent that waits, even for reparented children. */
static void reaper_gets_their_cpu_time(struct kunit *test)
{
	u64 line[3];

	make_line(test, PROCSRV_INIT_PID, line, 3);
	set_reaper(test, line[0], true);
	use_cpu(test, line[2], 5);
	use_cpu(test, line[1], 70);
	end_process(test, line[2]);
	end_process(test, line[1]);
	reap_child(test, line[0], line[1]);
	KUNIT_EXPECT_EQ(test, children_time_of(test, line[0]), 70);
	reap_child(test, line[0], line[2]);
	KUNIT_EXPECT_EQ(test, children_time_of(test, line[0]), 75);
}

/* Reparented children keep unread reports of stops and continuations. */
static void unread_reports_come_along(struct kunit *test)
{
	u64 line[2], stopped, continued;

	make_line(test, PROCSRV_INIT_PID, line, 2);
	set_reaper(test, line[0], true);
	stopped = make_process(test, line[1]);
	continued = make_process(test, line[1]);
	stop_process(test, stopped);
	stop_process(test, continued);
	continue_process(test, continued);
	end_process(test, line[1]);
	KUNIT_EXPECT_EQ(test, state_of(test, stopped), PROCSRV_STOPPED);
	KUNIT_EXPECT_EQ(test, wait_pid(test, line[0], stopped,
				       PROCSRV_WAIT_STOPPED, 0), 0);
	KUNIT_EXPECT_EQ(test, wait_pid(test, line[0], continued,
				       PROCSRV_WAIT_CONTINUED, 0), 0);
	KUNIT_EXPECT_EQ(test, wait_pid(test, line[0], continued,
				       PROCSRV_WAIT_CONTINUED, 0), -EAGAIN);
}

static void who_cannot_be_one(struct kunit *test)
{
	u64 zombie = make_zombie(test, PROCSRV_INIT_PID);
	struct procsrv *ps = server(test);

	KUNIT_EXPECT_EQ(test, procsrv_set_reaper(ps, zombie, true), -ESRCH);
	KUNIT_EXPECT_EQ(test, procsrv_set_reaper(ps, zombie, false), -ESRCH);
	KUNIT_EXPECT_EQ(test, procsrv_set_reaper(ps, TEST_NO_PID, true),
			-ESRCH);
	KUNIT_EXPECT_EQ(test, procsrv_set_reaper(ps, 0, true), -ESRCH);
	/* Init is always a reaper. */
	KUNIT_EXPECT_TRUE(test, is_reaper(test, PROCSRV_INIT_PID));
	KUNIT_EXPECT_EQ(test, procsrv_set_reaper(ps, PROCSRV_INIT_PID, true),
			0);
	KUNIT_EXPECT_EQ(test, procsrv_set_reaper(ps, PROCSRV_INIT_PID, false),
			-EPERM);
	KUNIT_EXPECT_TRUE(test, is_reaper(test, PROCSRV_INIT_PID));
}

/* A zombie that was a reaper gets no children. */
static void zombie_that_was_one(struct kunit *test)
{
	u64 line[4];

	make_line(test, PROCSRV_INIT_PID, line, 4);
	set_reaper(test, line[1], true);
	end_process(test, line[1]);
	KUNIT_EXPECT_EQ(test, ppid_of(test, line[2]), PROCSRV_INIT_PID);
	end_process(test, line[2]);
	KUNIT_EXPECT_EQ(test, ppid_of(test, line[3]), PROCSRV_INIT_PID);
	KUNIT_EXPECT_EQ(test, ppid_of(test, line[1]), line[0]);
}

static struct kunit_case reaper_cases[] = {
	KUNIT_CASE(orphans_go_to_the_reaper),
	KUNIT_CASE(without_one_they_go_to_init),
	KUNIT_CASE(nearest_of_several),
	KUNIT_CASE(turned_off),
	KUNIT_CASE(exec_keeps_it_children_do_not_have_it),
	KUNIT_CASE(all_descendants_count),
	KUNIT_CASE(moved_below_another),
	KUNIT_CASE(zombies_of_a_reaper_are_orphans),
	KUNIT_CASE(reap_leaves_them_alone),
	KUNIT_CASE(reaper_gets_their_cpu_time),
	KUNIT_CASE(unread_reports_come_along),
	KUNIT_CASE(who_cannot_be_one),
	KUNIT_CASE(zombie_that_was_one),
	{}
};

static struct kunit_suite reaper_suite = {
	.name = "procsrv-reaper",
	.init = fixture_init,
	.exit = fixture_exit,
	.test_cases = reaper_cases,
};

kunit_test_suite(reaper_suite);
