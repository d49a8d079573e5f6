// SPDX-License-Identifier: GPL-2.0-only
/*
 * All operations at random: thousands in a row, with checks in between; and
 * concurrently, with tasks that wait, take and subscribe, and handles
 */
#include <linux/err.h>
#include <linux/file.h>

#include "../dev/client.h"
#include "common.h"

enum {
	NR_IN_A_ROW = 12000,
	NR_AT_ONCE = 1500,
	NR_WORKERS = 6,
	NR_SLEEPERS = 12,
	NR_HANDLES = 8,
	MAX_PID = 1000000,
};

static void in_a_row_from(struct kunit *test, u64 seed)
{
	struct procsrv_owner owner;
	struct chaos c = {
		.ps = server(test),
		.image = make_image("storm"),
		.owner = &owner,
		.seed = seed,
		.highest = server(test)->next_pid - 1,
		.max_pid = MAX_PID,
		.takes = true,
	};
	u32 i;

	KUNIT_ASSERT_NOT_NULL(test, c.image);
	procsrv_owner_init(&owner);
	for (i = 0; i < NR_IN_A_ROW / 4; i++) {
		random_operation(&c);
		if (i % 100 == 0)
			check_server(test);
		test_relax();
	}
	procsrv_kill_tied(c.ps, &owner);
	check_owner(test, &owner, 0);
	procsrv_image_put(c.image);
}

static void in_a_row(struct kunit *test)
{
	u64 seed;

	for (seed = 1; seed <= 4; seed++)
		in_a_row_from(test, seed);
	KUNIT_EXPECT_GT(test, stats_of(test).total_exited, 1000);
}

/* Both bounds are reached, and failed calls change nothing. */
static void in_a_row_with_bounds(struct kunit *test)
{
	struct procsrv_bounds b = procsrv_no_bounds;

	b.processes = 40;
	b.user_processes = 12;
	procsrv_set_bounds(server(test), &b);
	in_a_row_from(test, 77);
	KUNIT_EXPECT_LE(test, stats_of(test).total_processes, 41);
}

static void run_chaos(struct worker *worker, u64 timeout)
{
	struct procsrv_owner owner;
	struct chaos c = {
		.ps = worker->ps,
		.image = make_image("storm"),
		.owner = &owner,
		.seed = worker->seed,
		.highest = PROCSRV_INIT_PID,
		.max_pid = MAX_PID,
		.timeout = timeout,
		.takes = true,
	};
	u32 i;

	if (!c.image) {
		worker->failures++;
		atomic_dec(worker->arg);
		return;
	}
	procsrv_owner_init(&owner);
	for (i = 0; i < NR_AT_ONCE; i++) {
		c.highest = max(c.highest, READ_ONCE(c.ps->next_pid) - 1);
		random_operation(&c);
		test_relax();
	}
	procsrv_kill_tied(c.ps, &owner);
	if (!list_empty(&owner.tied))
		worker->failures++;
	procsrv_image_put(c.image);
	atomic_dec(worker->arg);
}

/* Goes on while other workers perform random operations. */
static bool go_on(struct worker *worker)
{
	return atomic_read((atomic_t *)worker->arg);
}

/* Event numbers ascend, even if events were lost in between. */
static void read_some(struct worker *worker, struct procsrv_reader *r,
		      u64 *last)
{
	struct procsrv_event e[8];
	u32 n, i;

	n = procsrv_reader_take(r, e, ARRAY_SIZE(e));
	for (i = 0; i < n; i++) {
		if (e[i].seq <= *last)
			worker->failures++;
		*last = e[i].seq;
	}
	worker->tally[0] += n;
}

static void subscribe_and_read(struct worker *worker)
{
	struct procsrv_reader *r = procsrv_reader_new(worker->ps);
	u64 last = 0, seq;
	u32 i;

	if (!r) {
		worker->failures++;
		return;
	}
	for (i = 0; go_on(worker); i++) {
		const struct procsrv_filter filter = {
			.pid = i % 3 ? 0 : READ_ONCE(worker->ps->next_pid) - 1 -
					   test_random(&worker->seed, 20),
			.kinds = PROCSRV_EVENTS_ALL,
			.subtree = i % 3 == 0,
		};

		if (i % 64 < 3 &&
		    !procsrv_subscribe(r, &filter, i % 640 ? 16 : 0, &seq)) {
			if (seq < last)
				worker->failures++;
			last = max(last, seq);
		}
		read_some(worker, r, &last);
		test_relax();
	}
	procsrv_reader_free(r);
}

/* Handles of processes that exist, dropped in another order. */
static void hold_and_drop(struct worker *worker)
{
	struct file *files[NR_HANDLES] = { };
	u32 i;

	while (go_on(worker)) {
		u32 slot = test_random(&worker->seed, NR_HANDLES);
		u64 pid = READ_ONCE(worker->ps->next_pid) - 1 -
			  test_random(&worker->seed, 20);

		if (files[slot])
			fput(files[slot]);
		files[slot] = procsrv_open_process(worker->ps, pid, 0);
		if (IS_ERR(files[slot])) {
			if (PTR_ERR(files[slot]) != -ESRCH)
				worker->failures++;
			files[slot] = NULL;
		} else {
			worker->tally[0]++;
		}
		test_relax();
	}
	for (i = 0; i < NR_HANDLES; i++)
		if (files[i])
			fput(files[i]);
}

static void work(struct worker *worker)
{
	switch (worker->number) {
	case 0:
		subscribe_and_read(worker);
		break;
	case 1:
		hold_and_drop(worker);
		break;
	case 2:
		run_chaos(worker, 50 * NSEC_PER_USEC);
		break;
	case 3:
		run_chaos(worker, 300 * NSEC_PER_USEC);
		break;
	default:
		run_chaos(worker, 0);
	}
}

/* Handles are released in a work item after the last fput(). */
static void settle(struct kunit *test)
{
	u32 looks = 0;

	while (refcount_read(&server(test)->refs) != 1 && look_again(&looks))
		;
	KUNIT_ASSERT_EQ(test, refcount_read(&server(test)->refs), 1);
}

static void all_at_once(struct kunit *test)
{
	atomic_t live = ATOMIC_INIT(NR_WORKERS - 2);
	struct worker *workers = new_workers(test, NR_WORKERS, work, &live);

	start_workers(test, workers, NR_WORKERS);
	join_workers(test, workers, NR_WORKERS);
	settle(test);
	check_server(test);
	kunit_info(test, "%llu events read, %llu handles\n",
		   workers[0].tally[0], workers[1].tally[0]);
	KUNIT_EXPECT_GT(test, workers[0].tally[0], 0);
	/* All processes can be killed and reaped. */
	procsrv_kill_all(server(test));
	procsrv_reap(server(test));
	KUNIT_EXPECT_EQ(test, stats_of(test).total_processes, 1);
	KUNIT_EXPECT_EQ(test, stats_of(test).orphans, 0);
	KUNIT_EXPECT_EQ(test, stats_of(test).process_groups, 0);
}

/* Waits and takes without a timeout, while all of that goes on. */
static void sleepers_in_the_storm(struct kunit *test)
{
	atomic_t live = ATOMIC_INIT(NR_WORKERS - 2);
	struct worker *workers = new_workers(test, NR_WORKERS, work, &live);
	struct wait_task *waits[NR_SLEEPERS];
	struct take_task *takes[NR_SLEEPERS];
	u64 keep = make_process(test, PROCSRV_INIT_PID);
	u32 i;

	for (i = 0; i < NR_SLEEPERS; i++) {
		waits[i] = start_wait(test, &(struct procsrv_wait) {
			.parent = PROCSRV_INIT_PID,
			.what = 1 + i % 7,
			.flags = i % 3 ? 0 : PROCSRV_WAIT_NOWAIT,
		});
		takes[i] = start_take(test, i % 2 ? keep : PROCSRV_INIT_PID,
				      i % 3 ? U64_MAX : sigbit(10));
	}
	start_workers(test, workers, NR_WORKERS);
	join_workers(test, workers, NR_WORKERS);
	settle(test);
	for (i = 0; i < NR_SLEEPERS; i++) {
		int ret;

		/* Tasks that still sleep are not needed any more. */
		interrupt_wait(waits[i]);
		interrupt_wait(&takes[i]->t);
		ret = join_wait(test, waits[i]);
		KUNIT_EXPECT_TRUE(test, !ret || ret == -ERESTARTSYS ||
				  ret == -ECHILD);
		ret = join_wait(test, &takes[i]->t);
		KUNIT_EXPECT_TRUE(test, !ret || ret == -ERESTARTSYS ||
				  ret == -ESRCH);
	}
	check_server(test);
}

static struct kunit_case storm_cases[] = {
	KUNIT_CASE(in_a_row),
	KUNIT_CASE(in_a_row_with_bounds),
	KUNIT_CASE(all_at_once),
	KUNIT_CASE(sleepers_in_the_storm),
	{}
};

static struct kunit_suite storm_suite = {
	.name = "procsrv-storm",
	.init = fixture_init,
	.exit = fixture_exit,
	.test_cases = storm_cases,
};

kunit_test_suite(storm_suite);
