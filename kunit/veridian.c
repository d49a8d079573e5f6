// SPDX-License-Identifier: GPL-2.0-only
/*
 * Bugs of the process server of VeridianOS: a test for each, which fails if a
 * server has the same bug
 *
 * Its missing permission checks are not here: those of this server are in
 * permission.c.
 */
#include <linux/delay.h>
#include <linux/timekeeping.h>

#include "common.h"

/* VeridianOS: all four signals wait for a lock that the sender holds. */
static void send_all_four(struct worker *worker)
{
	static const int signals[] = {
		PROCSRV_SIGSTOP, PROCSRV_SIGCONT, PROCSRV_SIGTERM,
		PROCSRV_SIGKILL,
	};
	u64 pid = *(u64 *)worker->arg;
	size_t i;

	for (i = 0; i < ARRAY_SIZE(signals); i++) {
		u32 count;

		if (procsrv_signal(worker->ps, 0, PROCSRV_TARGET_PID, pid,
				   signals[i], &count) || count != 1)
			worker->failures++;
		worker->tally[0]++;
	}
}

static void signals_do_not_hang(struct kunit *test)
{
	u64 pid = make_process(test, PROCSRV_INIT_PID);
	struct worker worker = { .fn = send_all_four, .arg = &pid };

	start_workers(test, &worker, 1);
	join_workers(test, &worker, 1);
	KUNIT_EXPECT_EQ(test, worker.tally[0], 4);
	KUNIT_EXPECT_EQ(test, state_of(test, pid), PROCSRV_ZOMBIE);
	KUNIT_EXPECT_EQ(test, info_of(test, pid).exit_signal, PROCSRV_SIGTERM);
}

static void stop_of_a_zombie_changes_nothing(struct kunit *test)
{
	u64 pid = make_zombie(test, PROCSRV_INIT_PID);

	KUNIT_EXPECT_EQ(test, signal_pid(test, pid, PROCSRV_SIGSTOP), 0);
	KUNIT_EXPECT_EQ(test, state_of(test, pid), PROCSRV_ZOMBIE);
	KUNIT_EXPECT_EQ(test, signal_pid(test, pid, PROCSRV_SIGCONT), 0);
	KUNIT_EXPECT_EQ(test, state_of(test, pid), PROCSRV_ZOMBIE);
	reap_child(test, PROCSRV_INIT_PID, pid);
}

static void zombie_exits_once(struct kunit *test)
{
	struct procsrv *ps = server(test);
	u64 pid = make_process(test, PROCSRV_INIT_PID);

	KUNIT_EXPECT_EQ(test, procsrv_terminate(ps, pid, 1, 0), 0);
	KUNIT_EXPECT_EQ(test, procsrv_terminate(ps, pid, 2, 0), -ESRCH);
	KUNIT_EXPECT_EQ(test, signal_pid(test, pid, PROCSRV_SIGKILL), 0);
	KUNIT_EXPECT_EQ(test, info_of(test, pid).exit_code, 1);
	KUNIT_EXPECT_EQ(test, info_of(test, pid).exit_signal, 0);
	KUNIT_EXPECT_EQ(test, stats_of(test).total_exited, 1);
}

/* VeridianOS: the child joins the group that has the number of the session. */
static void child_joins_its_parents_group(struct kunit *test)
{
	u64 stranger = make_process(test, PROCSRV_INIT_PID);
	u64 parent = make_process(test, PROCSRV_INIT_PID);
	u32 first = make_group(test, stranger);
	u32 sid = make_session(test, parent);
	struct procsrv_group_info group;
	u64 child = make_process(test, parent);

	KUNIT_ASSERT_EQ(test, first, sid);
	KUNIT_ASSERT_NE(test, pgid_of(test, parent), sid);
	KUNIT_EXPECT_EQ(test, pgid_of(test, child),
			pgid_of(test, parent));
	KUNIT_ASSERT_EQ(test, procsrv_get_group(server(test), first, &group),
			0);
	KUNIT_EXPECT_EQ(test, group.nr_members, 1);
}

static void orphans_do_not_only_grow(struct kunit *test)
{
	int i;

	for (i = 0; i < 10; i++) {
		u64 parent = make_process(test, PROCSRV_INIT_PID);
		u64 child = make_zombie(test, parent);

		end_process(test, parent);
		KUNIT_EXPECT_EQ(test, stats_of(test).orphans, 1);
		if (i % 2)
			reap_child(test, PROCSRV_INIT_PID, child);
		else
			procsrv_reap(server(test));
		KUNIT_EXPECT_EQ(test, stats_of(test).orphans, 0);
	}
}

static void leader_is_listed_once(struct kunit *test)
{
	u64 a = make_process(test, PROCSRV_INIT_PID);
	u32 first = make_session(test, a);
	u32 group = pgid_of(test, a);
	u64 b = make_process(test, a);
	u64 pids[4];

	make_session(test, b);
	KUNIT_EXPECT_EQ(test, procsrv_list_pids(server(test), PROCSRV_LIST_SID,
						first, 0, pids, 4, NULL), 1);
	KUNIT_EXPECT_EQ(test, pids[0], a);
	KUNIT_EXPECT_EQ(test, procsrv_list_pids(server(test),
						PROCSRV_LIST_PGID, group, 0,
						pids, 4, NULL), 1);
	KUNIT_EXPECT_EQ(test, pids[0], a);
}

static void sessions_and_groups_are_removed(struct kunit *test)
{
	int i;

	for (i = 0; i < 10; i++) {
		u64 pid = make_process(test, PROCSRV_INIT_PID);

		make_session(test, pid);
		KUNIT_EXPECT_EQ(test, stats_of(test).sessions, 1);
		KUNIT_EXPECT_EQ(test, stats_of(test).process_groups, 1);
		end_process(test, pid);
		reap_child(test, PROCSRV_INIT_PID, pid);
		KUNIT_EXPECT_EQ(test, stats_of(test).sessions, 0);
		KUNIT_EXPECT_EQ(test, stats_of(test).process_groups, 0);
	}
}

static void nobody_leads_no_session(struct kunit *test)
{
	struct procsrv *ps = server(test);
	u32 sid, pgid;

	KUNIT_EXPECT_EQ(test, procsrv_create_session(ps, TEST_NO_PID, &sid,
						     &pgid), -ESRCH);
	KUNIT_EXPECT_EQ(test, procsrv_create_group(ps, 0, TEST_NO_PID, 0,
						   &pgid), -ESRCH);
	KUNIT_EXPECT_EQ(test, stats_of(test).sessions, 0);
	KUNIT_EXPECT_EQ(test, stats_of(test).process_groups, 0);
}

/**
 * struct vanishing - a parent that exits while children are being created
 * @parent: its pid
 * @image: the image of the children
 * @begun: the first child exists
 */
struct vanishing {
	u64 parent;
	struct procsrv_image *image;
	struct completion begun;
};

static void create_until_parent_is_gone(struct worker *worker)
{
	struct vanishing *v = worker->arg;
	u64 pid;
	int ret;

	do {
		ret = create_in(worker->ps, v->parent, v->image, &pid);
		if (!ret && !worker->tally[0]++)
			complete(&v->begun);
		test_relax();
	} while (!ret);
	if (ret != -ESRCH)
		worker->failures++;
}

/* VeridianOS: a parent can exit between being found and getting the child. */
static void parent_cannot_vanish_from_a_create(struct kunit *test)
{
	struct vanishing v = { .image = make_image("child") };
	struct procsrv_info info;
	u32 round;

	KUNIT_ASSERT_NOT_NULL(test, v.image);
	for (round = 0; round < 30; round++) {
		struct worker worker = {
			.fn = create_until_parent_is_gone,
			.arg = &v,
		};
		u64 pid;

		v.parent = make_process(test, PROCSRV_INIT_PID);
		init_completion(&v.begun);
		start_workers(test, &worker, 1);
		wait_for_completion(&v.begun);
		udelay(round);
		end_process(test, v.parent);
		join_workers(test, &worker, 1);
		/* Every child has a parent that can wait for it. */
		for (pid = v.parent + 1; pid <= v.parent + worker.tally[0];
		     pid++) {
			info = info_of(test, pid);
			KUNIT_ASSERT_EQ(test, info.ppid, PROCSRV_INIT_PID);
			end_process(test, pid);
		}
		KUNIT_EXPECT_EQ(test, procsrv_reap(server(test)),
				worker.tally[0] + 1);
	}
	procsrv_image_put(v.image);
}

/* VeridianOS: a supervisor sees exit code 0 and nothing else. */
static void termination_is_told_from_success(struct kunit *test)
{
	u64 pid = make_process(test, PROCSRV_INIT_PID);
	struct procsrv_wait w = {
		.parent = PROCSRV_INIT_PID,
		.what = PROCSRV_WAIT_EXITED,
	};

	KUNIT_EXPECT_EQ(test, signal_pid(test, pid, PROCSRV_SIGTERM), 0);
	KUNIT_EXPECT_EQ(test, wait_now(test, &w), 0);
	KUNIT_EXPECT_EQ(test, w.exit_code, 0);
	KUNIT_EXPECT_EQ(test, w.exit_signal, PROCSRV_SIGTERM);
}

/* VeridianOS: limits are stored, but nothing is ever compared with them. */
static void limits_have_effect(struct kunit *test)
{
	const struct procsrv_update u = {
		.mask = PROCSRV_UPDATE_MEMORY,
		.memory_usage = 1001,
	};
	struct procsrv_limits limits = procsrv_default_limits;
	u64 pid = make_process(test, PROCSRV_INIT_PID);

	limits.max_memory = 1000;
	KUNIT_ASSERT_EQ(test, procsrv_set_limits(server(test), pid, &limits),
			0);
	KUNIT_EXPECT_EQ(test, procsrv_update(server(test), pid, &u), 0);
	KUNIT_EXPECT_EQ(test, info_of(test, pid).limits_passed,
			PROCSRV_LIMIT_MEMORY);
	KUNIT_EXPECT_EQ(test, state_of(test, pid), PROCSRV_RUNNING);

	limits.flags = PROCSRV_LIMITS_ENFORCE;
	KUNIT_ASSERT_EQ(test, procsrv_set_limits(server(test), pid, &limits),
			0);
	KUNIT_EXPECT_EQ(test, procsrv_update(server(test), pid, &u), 0);
	KUNIT_EXPECT_EQ(test, state_of(test, pid), PROCSRV_ZOMBIE);
	KUNIT_EXPECT_EQ(test, info_of(test, pid).exit_signal, PROCSRV_SIGKILL);
}

static u64 one_gigahertz(void)
{
	return ktime_get_raw_ns();
}

/* VeridianOS: such a counter makes time run at half its pace. */
static void time_assumes_no_frequency(struct kunit *test)
{
	static const struct procsrv_counter counter = {
		.cycles = one_gigahertz,
		.trusted = always_trusted,
	};
	struct procsrv_clock clock;

	procsrv_clock_init(&clock, &counter);
	KUNIT_EXPECT_NE(test, clock.frequency, 0);
	expect_right_pace(test, &clock);
}

enum {
	FEW = 100,
	A_LOT = 40000,
	SOME_SESSIONS = 200,
	LIVES = 6,
	TRIES = 200,
	/*
	 * If every process is looked at, the cost grows with their number, here
	 * 400-fold. The growth by their logarithm and by cache misses is far
	 * below this.
	 */
	MAX_GROWTH = 8,
};

/* The cost of some short-lived processes, in ns. */
static u64 cost_of_lives(struct procsrv *ps, struct procsrv_image *image)
{
	u64 begin = ktime_get_ns(), pid;
	struct procsrv_stats stats;
	u32 i;

	for (i = 0; i < LIVES; i++) {
		struct procsrv_wait w = {
			.parent = PROCSRV_INIT_PID,
			.what = PROCSRV_WAIT_EXITED,
			.flags = PROCSRV_WAIT_NOHANG,
		};

		create_in(ps, PROCSRV_INIT_PID, image, &pid);
		procsrv_terminate(ps, pid, 0, 0);
		procsrv_get_stats(ps, &stats);
		if (i % 2)
			procsrv_wait(ps, &w);
		else
			procsrv_reap(ps);
	}
	return ktime_get_ns() - begin;
}

static struct procsrv *make_small_server(struct kunit *test,
					 struct procsrv_image *image)
{
	struct fixture *f = test->priv;
	struct procsrv *ps = procsrv_new(&f->clock);
	u64 pid;
	u32 i;

	KUNIT_ASSERT_NOT_ERR_OR_NULL(test, ps);
	for (i = 0; i < FEW; i++)
		KUNIT_EXPECT_EQ(test, create_in(ps, PROCSRV_INIT_PID, image,
						&pid), 0);
	return ps;
}

/*
 * VeridianOS: all these operations look at every process, session and group.
 *
 * The two servers take turns, so that the load of the machine is the same for
 * both. Only the shortest of many times counts.
 */
static void cost_does_not_grow_with_the_table(struct kunit *test)
{
	struct procsrv_image *image = make_image("life");
	u64 few = U64_MAX, a_lot = U64_MAX;
	struct procsrv *small;
	u32 i;

	KUNIT_ASSERT_NOT_NULL(test, image);
	for (i = 0; i < A_LOT; i++) {
		u64 pid = make_process(test, PROCSRV_INIT_PID);

		if (i % (A_LOT / SOME_SESSIONS) == 0)
			make_session(test, pid);
	}
	small = make_small_server(test, image);
	for (i = 0; i < TRIES; i++) {
		few = min(few, cost_of_lives(small, image));
		a_lot = min(a_lot, cost_of_lives(server(test), image));
		test_relax();
	}
	procsrv_put(small);
	procsrv_image_put(image);
	kunit_info(test, "%llu ns with %u processes, %llu ns with %u\n",
		   few / LIVES, FEW, a_lot / LIVES, A_LOT);
	KUNIT_EXPECT_LT(test, a_lot, few * MAX_GROWTH);
}

static struct kunit_case veridian_cases[] = {
	KUNIT_CASE(signals_do_not_hang),
	KUNIT_CASE(stop_of_a_zombie_changes_nothing),
	KUNIT_CASE(zombie_exits_once),
	KUNIT_CASE(child_joins_its_parents_group),
	KUNIT_CASE(orphans_do_not_only_grow),
	KUNIT_CASE(leader_is_listed_once),
	KUNIT_CASE(sessions_and_groups_are_removed),
	KUNIT_CASE(nobody_leads_no_session),
	KUNIT_CASE(parent_cannot_vanish_from_a_create),
	KUNIT_CASE(termination_is_told_from_success),
	KUNIT_CASE(limits_have_effect),
	KUNIT_CASE(time_assumes_no_frequency),
	KUNIT_CASE(cost_does_not_grow_with_the_table),
	{}
};

static struct kunit_suite veridian_suite = {
	.name = "procsrv-veridian",
	.init = fixture_init,
	.exit = fixture_exit,
	.test_cases = veridian_cases,
};

kunit_test_suite(veridian_suite);
