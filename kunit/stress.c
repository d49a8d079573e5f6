// SPDX-License-Identifier: GPL-2.0-only
/*
 * All operations at random among many processes, for a given time, while other
 * tasks read them without the lock
 */
#include <linux/jiffies.h>
#include <linux/moduleparam.h>

#include "common.h"

static uint stress_live = 2000;
module_param(stress_live, uint, 0444);
MODULE_PARM_DESC(stress_live, "Processes in the stress test, about");

static uint stress_ms = 2000;
module_param(stress_ms, uint, 0444);
MODULE_PARM_DESC(stress_ms, "How long it lasts; KUnit allows 300 seconds");

enum {
	NR_WORKERS = 3,
	NR_READERS = 1,

	/* Operations between two checks of the number of processes. */
	OPERATIONS = 200,
};

/**
 * struct stress - state that all threads share
 * @end: when to stop, in jiffies
 * @image: the image of all processes
 * @operations: number of operations
 * @looks: number of look-ups
 * @found: number of look-ups that found the process
 */
struct stress {
	unsigned long end;
	struct procsrv_image *image;
	atomic64_t operations;
	atomic64_t looks;
	atomic64_t found;
};

/* Fills up a tree, wide and deep, so that one kill may end many processes. */
static void fill_up(struct worker *worker, struct stress *s)
{
	struct procsrv_stats stats;
	u64 parent = PROCSRV_INIT_PID, pid;

	for (;;) {
		procsrv_get_stats(worker->ps, &stats);
		if (stats.total_processes >= stress_live)
			break;
		if (create_in(worker->ps, parent, s->image, &pid))
			pid = PROCSRV_INIT_PID;
		if (!test_random(&worker->seed, 10))
			parent = pid;
		if (!test_random(&worker->seed, 100))
			parent = PROCSRV_INIT_PID;
		test_relax();
	}
}

static void do_anything(struct worker *worker)
{
	struct stress *s = worker->arg;
	struct procsrv_owner owner;
	struct chaos c = {
		.ps = worker->ps,
		.image = s->image,
		.owner = &owner,
		.seed = worker->seed,
		.highest = PROCSRV_INIT_PID,
		.max_pid = U64_MAX,
		.recent = 2 * stress_live,
		.timeout = 20 * NSEC_PER_USEC,
		.takes = true,
	};
	u32 i;

	procsrv_owner_init(&owner);
	while (time_before(jiffies, s->end)) {
		fill_up(worker, s);
		for (i = 0; i < OPERATIONS; i++) {
			c.highest = READ_ONCE(c.ps->next_pid) - 1;
			random_operation(&c);
			test_relax();
		}
		atomic64_add(OPERATIONS, &s->operations);
	}
	procsrv_kill_tied(c.ps, &owner);
}

/* A look-up never finds another process, or part of one. */
static void look_around(struct worker *worker)
{
	struct stress *s = worker->arg;
	struct procsrv_details d;
	u64 pid;

	while (time_before(jiffies, s->end)) {
		pid = 2 + test_random(&worker->seed,
				      READ_ONCE(worker->ps->next_pid));
		atomic64_inc(&s->looks);
		if (!procsrv_get_info(worker->ps, pid, &d)) {
			worker->failures += d.info.pid != pid ||
					    d.image != s->image ||
					    strcmp(d.info.name, "stress") ||
					    d.info.state >= PROCSRV_DEAD ||
					    d.info.ppid >= pid;
			procsrv_put_info(&d);
			atomic64_inc(&s->found);
		}
		test_relax();
	}
}

static void start(struct worker *worker)
{
	if (worker->number < NR_WORKERS)
		do_anything(worker);
	else
		look_around(worker);
}

static void everything_at_random(struct kunit *test)
{
	struct stress s = {
		.end = jiffies + msecs_to_jiffies(stress_ms),
	};
	struct worker *workers;
	u32 i;

	s.image = make_image("stress");
	KUNIT_ASSERT_NOT_NULL(test, s.image);
	workers = new_workers(test, NR_WORKERS + NR_READERS, start, &s);
	start_workers(test, workers, NR_WORKERS + NR_READERS);
	join_workers(test, workers, NR_WORKERS + NR_READERS);
	for (i = 0; i < NR_WORKERS + NR_READERS; i++)
		KUNIT_EXPECT_EQ(test, workers[i].failures, 0);
	KUNIT_EXPECT_GE(test, stats_of(test).total_created, stress_live / 2);
	KUNIT_EXPECT_GT(test, atomic64_read(&s.found), 0);
	kunit_info(test, "%lld operations, %lld looks, %lld found, %llu processes at the end\n",
		   atomic64_read(&s.operations), atomic64_read(&s.looks),
		   atomic64_read(&s.found), stats_of(test).total_processes);
	check_server(test);
	procsrv_image_put(s.image);
}

static struct kunit_case stress_cases[] = {
	KUNIT_CASE(everything_at_random),
	{}
};

static struct kunit_suite stress_suite = {
	.name = "procsrv-stress",
	.init = fixture_init,
	.exit = fixture_exit,
	.test_cases = stress_cases,
};

kunit_test_suite(stress_suite);
