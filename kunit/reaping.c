// SPDX-License-Identifier: GPL-2.0-only
/*
 * Children of processes that have exited: new parents, orphans, reaping
 */
#include "common.h"

enum {
	/* More than any batch of the server. */
	MANY = 200,

	NR_FAMILY = 16,
};

static void children_go_to_init(struct kunit *test)
{
	u64 parent = make_process(test, PROCSRV_INIT_PID);
	u64 running = make_process(test, parent);
	u64 stopped = make_process(test, parent);
	u64 zombie = make_zombie(test, parent);
	u64 grandchild = make_process(test, running);

	stop_process(test, stopped);
	end_process(test, parent);
	KUNIT_EXPECT_EQ(test, ppid_of(test, running), PROCSRV_INIT_PID);
	KUNIT_EXPECT_EQ(test, ppid_of(test, stopped), PROCSRV_INIT_PID);
	KUNIT_EXPECT_EQ(test, ppid_of(test, zombie), PROCSRV_INIT_PID);
	KUNIT_EXPECT_EQ(test, ppid_of(test, grandchild), running);
	/* Nothing else changed. */
	KUNIT_EXPECT_EQ(test, state_of(test, running), PROCSRV_RUNNING);
	KUNIT_EXPECT_EQ(test, state_of(test, stopped), PROCSRV_STOPPED);
	KUNIT_EXPECT_EQ(test, state_of(test, zombie), PROCSRV_ZOMBIE);
	/* The parent that exited keeps its own parent. */
	KUNIT_EXPECT_EQ(test, ppid_of(test, parent), PROCSRV_INIT_PID);
}

static void many_children_go_to_init(struct kunit *test)
{
	u64 parent = make_process(test, PROCSRV_INIT_PID);
	u64 *pids = kunit_kcalloc(test, MANY, sizeof(*pids), GFP_KERNEL);
	u32 i;

	KUNIT_ASSERT_NOT_NULL(test, pids);
	make_processes(test, parent, pids, MANY);
	for (i = 0; i < MANY; i += 2)
		end_process(test, pids[i]);
	end_process(test, parent);
	for (i = 0; i < MANY; i++)
		KUNIT_EXPECT_EQ(test, ppid_of(test, pids[i]),
				PROCSRV_INIT_PID);
	KUNIT_EXPECT_EQ(test, stats_of(test).orphans, MANY / 2);
	check_server(test);
}

static void only_zombies_become_orphans(struct kunit *test)
{
	u64 parent = make_process(test, PROCSRV_INIT_PID);
	u64 alive = make_process(test, parent);
	u64 zombie = make_zombie(test, parent);
	u64 own = make_zombie(test, PROCSRV_INIT_PID);

	end_process(test, parent);
	KUNIT_EXPECT_EQ(test, flags_of(test, zombie), PROCSRV_INFO_ORPHAN);
	KUNIT_EXPECT_EQ(test, flags_of(test, alive), 0);
	KUNIT_EXPECT_EQ(test, flags_of(test, own), 0);
	KUNIT_EXPECT_EQ(test, flags_of(test, parent), 0);
	KUNIT_EXPECT_EQ(test, stats_of(test).orphans, 1);

	/* Its parent was init, which could have waited for it. */
	end_process(test, alive);
	KUNIT_EXPECT_EQ(test, flags_of(test, alive), 0);
	KUNIT_EXPECT_EQ(test, stats_of(test).orphans, 1);
}

static void orphan_leaves_the_list_when_waited_for(struct kunit *test)
{
	u64 parent = make_process(test, PROCSRV_INIT_PID);
	u64 a = make_zombie(test, parent);
	u64 b = make_zombie(test, parent);

	end_process(test, parent);
	KUNIT_EXPECT_EQ(test, stats_of(test).orphans, 2);
	reap_child(test, PROCSRV_INIT_PID, b);
	KUNIT_EXPECT_EQ(test, stats_of(test).orphans, 1);
	KUNIT_EXPECT_EQ(test, flags_of(test, a), PROCSRV_INFO_ORPHAN);
	reap_child(test, PROCSRV_INIT_PID, a);
	KUNIT_EXPECT_EQ(test, stats_of(test).orphans, 0);
}

static void orphan_leaves_the_list_when_reaped(struct kunit *test)
{
	u64 parent = make_process(test, PROCSRV_INIT_PID);

	make_zombie(test, parent);
	make_zombie(test, parent);
	end_process(test, parent);
	KUNIT_EXPECT_EQ(test, stats_of(test).orphans, 2);
	KUNIT_EXPECT_EQ(test, procsrv_reap(server(test)), 3);
	KUNIT_EXPECT_EQ(test, stats_of(test).orphans, 0);
	KUNIT_EXPECT_EQ(test, stats_of(test).total_processes, 1);
}

static void reap_takes_the_zombies_of_init(struct kunit *test)
{
	u64 parent = make_process(test, PROCSRV_INIT_PID);
	u64 mine = make_zombie(test, parent);
	u64 inits = make_zombie(test, PROCSRV_INIT_PID);
	u64 alive = make_process(test, PROCSRV_INIT_PID);
	u64 stopped = make_process(test, PROCSRV_INIT_PID);

	stop_process(test, stopped);
	KUNIT_EXPECT_EQ(test, procsrv_reap(server(test)), 1);
	KUNIT_EXPECT_EQ(test, look_up(test, inits), -ESRCH);
	KUNIT_EXPECT_EQ(test, look_up(test, parent), 0);
	KUNIT_EXPECT_EQ(test, look_up(test, mine), 0);
	KUNIT_EXPECT_EQ(test, look_up(test, alive), 0);
	KUNIT_EXPECT_EQ(test, look_up(test, stopped), 0);
	KUNIT_EXPECT_EQ(test, procsrv_reap(server(test)), 0);
	/* The parent of the other zombie can still wait for it. */
	reap_child(test, parent, mine);
}

static void reap_of_nothing(struct kunit *test)
{
	KUNIT_EXPECT_EQ(test, procsrv_reap(server(test)), 0);
	make_process(test, PROCSRV_INIT_PID);
	KUNIT_EXPECT_EQ(test, procsrv_reap(server(test)), 0);
}

static void reap_counts_beyond_a_batch(struct kunit *test)
{
	static const u32 counts[] = {
		1, 15, 16, 17, PROCSRV_BATCH - 1, PROCSRV_BATCH,
		PROCSRV_BATCH + 1, MANY,
	};
	u64 alive = make_process(test, PROCSRV_INIT_PID);
	size_t i;
	u32 k;

	for (i = 0; i < ARRAY_SIZE(counts); i++) {
		for (k = 0; k < counts[i]; k++)
			make_zombie(test, PROCSRV_INIT_PID);
		KUNIT_EXPECT_EQ(test, procsrv_reap(server(test)), counts[i]);
		KUNIT_EXPECT_EQ(test, stats_of(test).total_processes, 2);
	}
	KUNIT_EXPECT_EQ(test, state_of(test, alive), PROCSRV_RUNNING);
}

static void reap_ends_sessions_and_groups(struct kunit *test)
{
	struct procsrv_session_info session;
	struct procsrv_group_info group;
	u64 pid = make_process(test, PROCSRV_INIT_PID);
	u32 sid = make_session(test, pid);
	u32 pgid = pgid_of(test, pid);

	end_process(test, pid);
	/* A zombie is still a member. */
	KUNIT_EXPECT_EQ(test, stats_of(test).sessions, 1);
	KUNIT_EXPECT_EQ(test, stats_of(test).process_groups, 1);
	KUNIT_EXPECT_EQ(test, procsrv_reap(server(test)), 1);
	KUNIT_EXPECT_EQ(test, stats_of(test).sessions, 0);
	KUNIT_EXPECT_EQ(test, stats_of(test).process_groups, 0);
	KUNIT_EXPECT_EQ(test, procsrv_get_session(server(test), sid, &session),
			-ESRCH);
	KUNIT_EXPECT_EQ(test, procsrv_get_group(server(test), pgid, &group),
			-ESRCH);
}

/* After a wait, no call finds the process any more. */
static void reaped_process_is_nowhere(struct kunit *test)
{
	struct procsrv *ps = server(test);
	struct procsrv_update update = { .mask = PROCSRV_UPDATE_MEMORY };
	struct procsrv_limits limits = procsrv_default_limits;
	u64 parent = make_process(test, PROCSRV_INIT_PID);
	u64 pid;
	u32 id, id2;

	make_session(test, parent);
	pid = make_zombie(test, parent);
	reap_child(test, parent, pid);
	KUNIT_EXPECT_EQ(test, procsrv_terminate(ps, pid, 0, 0), -ESRCH);
	KUNIT_EXPECT_EQ(test, exec_as(test, pid, "x"), -ESRCH);
	KUNIT_EXPECT_EQ(test, signal_pid(test, pid, 0), -ESRCH);
	KUNIT_EXPECT_EQ(test, procsrv_update(ps, pid, &update), -ESRCH);
	KUNIT_EXPECT_EQ(test, procsrv_get_limits(ps, pid, &limits), -ESRCH);
	KUNIT_EXPECT_EQ(test, procsrv_set_limits(ps, pid, &limits), -ESRCH);
	KUNIT_EXPECT_EQ(test, procsrv_revoke(ps, pid, 1), -ESRCH);
	KUNIT_EXPECT_EQ(test, procsrv_create_session(ps, pid, &id, &id2),
			-ESRCH);
	KUNIT_EXPECT_EQ(test, procsrv_create_group(ps, 0, pid, 0, &id), -ESRCH);
	KUNIT_EXPECT_EQ(test, procsrv_set_group(ps, 0, pid, 1), -ESRCH);
	KUNIT_EXPECT_EQ(test, wait_any(test, pid, PROCSRV_WAIT_EXITED, 0, NULL),
			-ESRCH);
	KUNIT_EXPECT_EQ(test, wait_pid(test, parent, pid, PROCSRV_WAIT_EXITED,
				       0), -ECHILD);
	KUNIT_EXPECT_EQ(test, stats_of(test).total_processes, 2);
	KUNIT_EXPECT_EQ(test, stats_of(test).zombies, 0);
}

/* A line of descendants exits, oldest first. */
static void a_line_dies_from_the_top(struct kunit *test)
{
	u64 pids[20];
	u64 parent = PROCSRV_INIT_PID;
	size_t i;

	for (i = 0; i < ARRAY_SIZE(pids); i++) {
		pids[i] = make_process(test, parent);
		parent = pids[i];
	}
	for (i = 0; i < ARRAY_SIZE(pids); i++) {
		end_process(test, pids[i]);
		if (i + 1 < ARRAY_SIZE(pids))
			KUNIT_EXPECT_EQ(test, ppid_of(test, pids[i + 1]),
					PROCSRV_INIT_PID);
	}
	KUNIT_EXPECT_EQ(test, stats_of(test).orphans, 0);
	KUNIT_EXPECT_EQ(test, procsrv_reap(server(test)), ARRAY_SIZE(pids));
}

/* The same, youngest first: each leaves a zombie child behind. */
static void a_line_dies_from_the_bottom(struct kunit *test)
{
	u64 pids[20];
	u64 parent = PROCSRV_INIT_PID;
	size_t i;

	for (i = 0; i < ARRAY_SIZE(pids); i++) {
		pids[i] = make_process(test, parent);
		parent = pids[i];
	}
	for (i = ARRAY_SIZE(pids); i-- > 0;) {
		end_process(test, pids[i]);
		KUNIT_EXPECT_EQ(test, stats_of(test).orphans,
				ARRAY_SIZE(pids) - 1 - i);
	}
	check_server(test);
	KUNIT_EXPECT_EQ(test, procsrv_reap(server(test)), ARRAY_SIZE(pids));
	KUNIT_EXPECT_EQ(test, stats_of(test).orphans, 0);
}

/*
 * Families of random shapes exit in random order, and all structures are
 * checked after each exit.
 */
static void families_die_in_any_order(struct kunit *test)
{
	u64 seed = 6, first, pids[NR_FAMILY];
	u32 round, i, k;

	for (round = 0; round < 300; round++) {
		for (i = 0; i < NR_FAMILY; i++) {
			k = test_random(&seed, 2 * i + 1);
			pids[i] = make_process(test, k < i ? pids[k] :
						     PROCSRV_INIT_PID);
		}
		first = pids[0];
		for (i = 0; i < NR_FAMILY; i++) {
			k = test_random(&seed, NR_FAMILY - i);
			end_process(test, pids[k]);
			pids[k] = pids[NR_FAMILY - 1 - i];
			check_server(test);
		}
		/* Only zombies are left. */
		KUNIT_ASSERT_EQ(test, wait_any(test, PROCSRV_INIT_PID,
					       PROCSRV_WAIT_STOPPED |
					       PROCSRV_WAIT_CONTINUED, 0,
					       NULL), -ECHILD);
		reap_child(test, PROCSRV_INIT_PID, first);
		KUNIT_ASSERT_EQ(test, procsrv_reap(server(test)),
				NR_FAMILY - 1);
	}
}

static struct kunit_case reaping_cases[] = {
	KUNIT_CASE(children_go_to_init),
	KUNIT_CASE(many_children_go_to_init),
	KUNIT_CASE(only_zombies_become_orphans),
	KUNIT_CASE(orphan_leaves_the_list_when_waited_for),
	KUNIT_CASE(orphan_leaves_the_list_when_reaped),
	KUNIT_CASE(reap_takes_the_zombies_of_init),
	KUNIT_CASE(reap_of_nothing),
	KUNIT_CASE(reap_counts_beyond_a_batch),
	KUNIT_CASE(reap_ends_sessions_and_groups),
	KUNIT_CASE(reaped_process_is_nowhere),
	KUNIT_CASE(a_line_dies_from_the_top),
	KUNIT_CASE(a_line_dies_from_the_bottom),
	KUNIT_CASE(families_die_in_any_order),
	{}
};

static struct kunit_suite reaping_suite = {
	.name = "procsrv-reaping",
	.init = fixture_init,
	.exit = fixture_exit,
	.test_cases = reaping_cases,
};

kunit_test_suite(reaping_suite);
