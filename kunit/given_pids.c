// SPDX-License-Identifier: GPL-2.0-only
/*
 * Processes with pids of the caller's choice
 */

#include "common.h"

enum {
	/* Pids that are far from each other: each has a leaf of its own. */
	FAR = 100 * PROCSRV_LEAF_SIZE,

	/* Pids of many leaves, half of them taken. */
	RANGE = 16 * PROCSRV_LEAF_SIZE,
	NR_TAKEN = RANGE / 2,

	NR_LOOKERS = 2,
	NR_LIVES = 20000,
};

static int try_at(struct kunit *test, u64 parent, u64 pid)
{
	u64 got = 0;
	int err = try_create_at(test, parent, pid, &got);

	return !err && got != pid ? -EINVAL : err;
}

static void make_at(struct kunit *test, u64 parent, u64 pid)
{
	KUNIT_ASSERT_EQ(test, try_at(test, parent, pid), 0);
	KUNIT_ASSERT_EQ(test, info_of(test, pid).pid, pid);
	KUNIT_ASSERT_EQ(test, ppid_of(test, pid), parent);
}

static u32 nr_leaves(struct kunit *test)
{
	struct rb_node *n;
	u32 nr = 0;

	for (n = rb_first(&server(test)->leaves); n; n = rb_next(n))
		nr++;
	return nr;
}

static void is_the_one_that_was_asked_for(struct kunit *test)
{
	make_at(test, PROCSRV_INIT_PID, 1000);
	make_at(test, 1000, 500);
	make_at(test, 500, FAR);
	KUNIT_EXPECT_EQ(test, look_up(test, 999), -ESRCH);
	KUNIT_EXPECT_EQ(test, look_up(test, 1001), -ESRCH);
}

static void others_get_higher_ones(struct kunit *test)
{
	KUNIT_EXPECT_EQ(test, make_process(test, PROCSRV_INIT_PID), 2);
	make_at(test, PROCSRV_INIT_PID, 10);
	KUNIT_EXPECT_EQ(test, make_process(test, PROCSRV_INIT_PID), 11);
	make_at(test, PROCSRV_INIT_PID, 5);
	KUNIT_EXPECT_EQ(test, make_process(test, PROCSRV_INIT_PID), 12);
	make_at(test, PROCSRV_INIT_PID, FAR);
	KUNIT_EXPECT_EQ(test, make_process(test, PROCSRV_INIT_PID), FAR + 1);
}

static void is_free(struct kunit *test)
{
	struct procsrv_stats before, after;

	make_at(test, PROCSRV_INIT_PID, 70);
	before = stats_of(test);
	KUNIT_EXPECT_EQ(test, try_at(test, PROCSRV_INIT_PID, 70), -EEXIST);
	KUNIT_EXPECT_EQ(test, try_at(test, PROCSRV_INIT_PID, PROCSRV_INIT_PID),
			-EEXIST);
	after = stats_of(test);
	KUNIT_EXPECT_EQ(test, memcmp(&before, &after, sizeof(after)), 0);
	end_process(test, 70);
	KUNIT_EXPECT_EQ(test, try_at(test, PROCSRV_INIT_PID, 70), -EEXIST);
	reap_child(test, PROCSRV_INIT_PID, 70);
	make_at(test, PROCSRV_INIT_PID, 70);
}

/* U64_MAX is not a pid, and after U64_MAX - 1 there is no next pid. */
static void ends_with_the_last(struct kunit *test)
{
	u64 pid = 77;

	KUNIT_EXPECT_EQ(test, try_at(test, PROCSRV_INIT_PID, U64_MAX),
			-EOVERFLOW);
	make_at(test, PROCSRV_INIT_PID, U64_MAX - 1);
	KUNIT_EXPECT_EQ(test, try_create(test, PROCSRV_INIT_PID, &pid),
			-EOVERFLOW);
	KUNIT_EXPECT_EQ(test, pid, 77);
	make_at(test, PROCSRV_INIT_PID, U64_MAX - 2);
}

/* Memory that was kept for the next pid is freed when pids go on elsewhere. */
static void leaves_no_memory_behind(struct kunit *test)
{
	static const u64 steps[] = {
		3, PROCSRV_BLOCK_SIZE - 1, PROCSRV_BLOCK_SIZE,
		PROCSRV_LEAF_SIZE - 1, PROCSRV_LEAF_SIZE, FAR,
		FAR + 2 * PROCSRV_BLOCK_SIZE, 2 * FAR - 1, 2 * FAR,
	};
	u32 i;

	for (i = 0; i < ARRAY_SIZE(steps); i++) {
		make_at(test, PROCSRV_INIT_PID, steps[i]);
		end_and_reap(test, steps[i]);
		check_server(test);
	}
	/* The leaf of init, and that of the next pid. */
	KUNIT_EXPECT_EQ(test, nr_leaves(test), 2);
	for (i = ARRAY_SIZE(steps); i--;) {
		make_at(test, PROCSRV_INIT_PID, steps[i]);
		end_and_reap(test, steps[i]);
		check_server(test);
	}
	KUNIT_EXPECT_EQ(test, nr_leaves(test), 2);
}

static void shuffle(u64 *pids, u32 n, u64 *seed)
{
	u32 i, other;

	for (i = n - 1; i; i--) {
		other = test_random(seed, i + 1);
		swap(pids[i], pids[other]);
	}
}

static void come_and_go_in_any_order(struct kunit *test)
{
	u64 *pids = kunit_kcalloc(test, RANGE, sizeof(*pids), GFP_KERNEL);
	u64 page[PROCSRV_BATCH], cursor = PROCSRV_INIT_PID, last = cursor;
	u64 seed = 14;
	u32 i, listed = 0;
	int n;

	KUNIT_ASSERT_NOT_NULL(test, pids);
	for (i = 0; i < RANGE; i++)
		pids[i] = PROCSRV_INIT_PID + 1 + i;
	shuffle(pids, RANGE, &seed);
	for (i = 0; i < NR_TAKEN; i++)
		KUNIT_ASSERT_EQ(test, try_at(test, PROCSRV_INIT_PID, pids[i]), 0);
	check_server(test);
	for (i = 0; i < RANGE; i++)
		KUNIT_ASSERT_EQ(test, look_up(test, pids[i]),
				i < NR_TAKEN ? 0 : -ESRCH);
	do {
		n = procsrv_list_pids(server(test), PROCSRV_LIST_ALL, 0, cursor,
				      page, PROCSRV_BATCH, NULL);
		KUNIT_ASSERT_GE(test, n, 0);
		for (i = 0; i < n; i++) {
			KUNIT_ASSERT_GT(test, page[i], last);
			last = page[i];
		}
		listed += n;
		cursor = last;
	} while (n == PROCSRV_BATCH);
	KUNIT_EXPECT_EQ(test, listed, NR_TAKEN);
	shuffle(pids, NR_TAKEN, &seed);
	for (i = 0; i < NR_TAKEN; i++)
		end_and_reap(test, pids[i]);
	KUNIT_EXPECT_EQ(test, stats_of(test).total_processes, 1);
	KUNIT_EXPECT_LE(test, nr_leaves(test), 2);
}

/*
 * Once the leader of a group is reaped, a new process with its pid does not
 * lead the group.
 */
static void inherits_no_group(struct kunit *test)
{
	struct procsrv_stats stats;
	u32 pgid, sid, other;

	make_at(test, PROCSRV_INIT_PID, 20);
	sid = make_session(test, 20);
	pgid = pgid_of(test, 20);
	make_at(test, 20, 21);
	end_and_reap(test, 20);
	make_at(test, 21, 20);
	KUNIT_EXPECT_EQ(test, sid_of(test, 20), sid);
	KUNIT_EXPECT_EQ(test, pgid_of(test, 20), pgid);
	/* A group leader could not create a session. */
	other = make_session(test, 20);
	KUNIT_EXPECT_NE(test, other, sid);
	/* The group that the first process led ends with its last member. */
	end_and_reap(test, 21);
	check_server(test);
	end_and_reap(test, 20);
	stats = stats_of(test);
	KUNIT_EXPECT_EQ(test, stats.sessions, 0);
	KUNIT_EXPECT_EQ(test, stats.process_groups, 0);
}

/* Descendants may have lower pids. */
static void is_reached_in_the_tree(struct kunit *test)
{
	u32 count = 0;

	make_at(test, PROCSRV_INIT_PID, 90);
	make_at(test, 90, 50);
	make_at(test, 50, 2 * PROCSRV_LEAF_SIZE);
	make_at(test, 50, 30);
	count = signal_to(test, PROCSRV_TARGET_TREE, 90, PROCSRV_SIGKILL);
	KUNIT_EXPECT_EQ(test, count, 4);
	KUNIT_EXPECT_EQ(test, state_of(test, 30), PROCSRV_ZOMBIE);
	KUNIT_EXPECT_EQ(test, ppid_of(test, 30), PROCSRV_INIT_PID);
	KUNIT_EXPECT_EQ(test, procsrv_reap(server(test)), 4);
}

/* A caller that may signal only a descendant with a lower pid. */
static void is_found_in_the_tree(struct kunit *test)
{
	const struct caller other = { TEST_UID + 1, TEST_GID + 1, NO_CAP };
	const struct procsrv_create_params params = {
		.parent = 90,
		.pid = 50,
		.image = make_image("mine"),
		.uid = KUIDT_INIT(TEST_UID + 1),
		.gid = KGIDT_INIT(TEST_GID + 1),
	};
	struct role r;
	u32 count = 0;
	u64 pid;
	int err;

	KUNIT_ASSERT_NOT_NULL(test, params.image);
	make_at(test, PROCSRV_INIT_PID, 90);
	KUNIT_EXPECT_EQ(test, procsrv_create(server(test), &params, &pid), 0);
	procsrv_image_put(params.image);
	begin_role(test, &r, &other);
	err = procsrv_signal(server(test), 0, PROCSRV_TARGET_TREE, 90,
			     PROCSRV_SIGKILL, &count);
	end_role(&r);
	KUNIT_EXPECT_EQ(test, err, 0);
	KUNIT_EXPECT_EQ(test, count, 1);
	KUNIT_EXPECT_EQ(test, state_of(test, 50), PROCSRV_ZOMBIE);
	KUNIT_EXPECT_EQ(test, state_of(test, 90), PROCSRV_RUNNING);
}

/* A reader that follows a process does not follow the next one with its pid. */
static void is_not_followed_for_another(struct kunit *test)
{
	const struct procsrv_filter one = {
		.pid = 17,
		.kinds = PROCSRV_EVENTS_ALL,
	};
	const struct procsrv_filter tree = {
		.pid = 17,
		.kinds = PROCSRV_EVENTS_ALL,
		.subtree = true,
	};
	struct procsrv_reader *r[2];
	int i;

	make_at(test, PROCSRV_INIT_PID, 17);
	r[0] = watch(test, &one, 8);
	r[1] = watch(test, &tree, 8);
	end_and_reap(test, 17);
	for (i = 0; i < 2; i++) {
		expect_event(test, r[i], PROCSRV_EVENT_EXIT, 17);
		expect_event(test, r[i], PROCSRV_EVENT_REAP, 17);
	}
	make_at(test, PROCSRV_INIT_PID, 17);
	make_at(test, 17, 18);
	kill_process(test, 17);
	for (i = 0; i < 2; i++)
		expect_no_event(test, r[i]);
}

/* Nested reapers with descending pids: each process is reparented once. */
static void all_end_from_the_top(struct kunit *test)
{
	enum { DEPTH = 60, NR_CHILDREN = 100 };
	u64 parent = PROCSRV_INIT_PID, pid, seq;
	u32 i;

	for (pid = 2 * DEPTH; pid > DEPTH; pid--) {
		make_at(test, parent, pid);
		set_reaper(test, pid, true);
		parent = pid;
	}
	for (i = 0; i < NR_CHILDREN; i++)
		make_process(test, parent);
	seq = info_of(test, PROCSRV_INIT_PID).seq;
	procsrv_kill_all(server(test));
	KUNIT_EXPECT_EQ(test, stats_of(test).zombies, DEPTH + NR_CHILDREN);
	/* A signal, an exit and a new parent for each process. */
	KUNIT_EXPECT_LE(test, info_of(test, PROCSRV_INIT_PID).seq - seq,
			3 * (DEPTH + NR_CHILDREN));
}

/**
 * struct scene - state that the threads of a test share
 * @ps: the server; even pids up to RANGE exist all the time
 * @image: the image of all processes
 * @is_over: nothing changes any more
 */
struct scene {
	struct procsrv *ps;
	struct procsrv_image *image;
	bool is_over;
};

/* Odd pids come and go, some of them far away, with their leaves and blocks. */
static void live_and_die(struct worker *worker)
{
	struct scene *s = worker->arg;
	u64 first = RANGE, pid, got;
	u32 i;

	for (i = 0; i < NR_LIVES; i++) {
		pid = 1 + 2 * (1 + test_random(&worker->seed, RANGE / 2 - 1));
		if (i % 4 == 0)
			pid += first * (1 + i % 3);
		if (create_at(s->ps, PROCSRV_INIT_PID, pid, s->image, &got) ||
		    procsrv_terminate(s->ps, pid, 0, 0))
			worker->failures++;
		if (procsrv_reap(s->ps) != 1)
			worker->failures++;
		test_relax();
	}
	WRITE_ONCE(s->is_over, true);
}

static void look_at_all(struct worker *worker)
{
	struct scene *s = worker->arg;
	struct procsrv_details d;
	u64 pid;

	while (!READ_ONCE(s->is_over)) {
		pid = 2 + test_random(&worker->seed, 2 * RANGE);
		if (!procsrv_get_info(s->ps, pid, &d)) {
			worker->failures += d.info.pid != pid ||
					    d.info.ppid != PROCSRV_INIT_PID ||
					    d.image != s->image ||
					    strcmp(d.info.name, "given");
			procsrv_put_info(&d);
			worker->tally[pid % 2]++;
		} else if (pid % 2 == 0 && pid <= RANGE) {
			worker->failures++;
		}
		test_relax();
	}
}

static void change_or_look(struct worker *worker)
{
	if (worker->number)
		look_at_all(worker);
	else
		live_and_die(worker);
}

static void is_looked_at_meanwhile(struct kunit *test)
{
	struct scene s = { .ps = server(test), .image = make_image("given") };
	struct worker *workers;
	u64 pid, got;
	u32 i;

	KUNIT_ASSERT_NOT_NULL(test, s.image);
	workers = new_workers(test, 1 + NR_LOOKERS, change_or_look, &s);
	for (pid = RANGE; pid; pid -= 2)
		KUNIT_ASSERT_EQ(test, create_at(s.ps, PROCSRV_INIT_PID, pid,
						s.image, &got), 0);
	start_workers(test, workers, 1 + NR_LOOKERS);
	join_workers(test, workers, 1 + NR_LOOKERS);
	for (i = 0; i <= NR_LOOKERS; i++)
		KUNIT_EXPECT_EQ(test, workers[i].failures, 0);
	check_server(test);
	procsrv_image_put(s.image);
}

static struct kunit_case given_pids_cases[] = {
	KUNIT_CASE(is_the_one_that_was_asked_for),
	KUNIT_CASE(others_get_higher_ones),
	KUNIT_CASE(is_free),
	KUNIT_CASE(ends_with_the_last),
	KUNIT_CASE(leaves_no_memory_behind),
	KUNIT_CASE(come_and_go_in_any_order),
	KUNIT_CASE(inherits_no_group),
	KUNIT_CASE(is_reached_in_the_tree),
	KUNIT_CASE(is_found_in_the_tree),
	KUNIT_CASE(is_not_followed_for_another),
	KUNIT_CASE(all_end_from_the_top),
	KUNIT_CASE(is_looked_at_meanwhile),
	{}
};

static struct kunit_suite given_pids_suite = {
	.name = "procsrv-given-pids",
	.init = fixture_init,
	.exit = fixture_exit,
	.test_cases = given_pids_cases,
};

kunit_test_suite(given_pids_suite);
