// SPDX-License-Identifier: GPL-2.0-only
/*
 * Look-ups of a process without the lock
 */
#include <linux/string.h>

#include "common.h"

enum {
	/* Processes that exist all the time, in several leaves. */
	NR_STAYING = 4 * PROCSRV_LEAF_SIZE,
	LAST_STAYING = PROCSRV_INIT_PID + NR_STAYING,

	NR_LOOKERS = 3,
	NR_LIVES = 20000,

	/* More than a leaf has room for, and not a multiple of that. */
	NR_AT_A_TIME = PROCSRV_LEAF_SIZE + 50,

	/* An exit with so many children pauses. */
	NR_CHILDREN = 50 * PROCSRV_BATCH,
	NR_FAMILIES = 4,
};

/* The lock is held for writing: a look-up that took it would not return. */
static void looks_without_waiting(struct kunit *test)
{
	u64 pid = make_process(test, PROCSRV_INIT_PID);
	struct procsrv *ps = server(test);
	struct procsrv_info info = { };
	int found, missed;

	write_lock(&ps->lock);
	found = procsrv_look(ps, pid, &info);
	missed = procsrv_look(ps, pid + 1, &info);
	write_unlock(&ps->lock);
	KUNIT_EXPECT_EQ(test, found, 0);
	KUNIT_EXPECT_EQ(test, info.pid, pid);
	KUNIT_EXPECT_STREQ(test, info.name, "test");
	KUNIT_EXPECT_EQ(test, missed, -ESRCH);
}

static void is_what_get_info_shows(struct kunit *test)
{
	u64 pids[] = { PROCSRV_INIT_PID, make_process(test, PROCSRV_INIT_PID),
		       make_zombie(test, PROCSRV_INIT_PID) };
	struct procsrv *ps = server(test);
	struct procsrv_info look = { };
	struct procsrv_details d = { };
	u32 i;

	for (i = 0; i < ARRAY_SIZE(pids); i++) {
		KUNIT_ASSERT_EQ(test, procsrv_look(ps, pids[i], &look), 0);
		KUNIT_ASSERT_EQ(test, procsrv_get_info(ps, pids[i], &d), 0);
		KUNIT_EXPECT_EQ(test, memcmp(&look, &d.info, sizeof(look)), 0);
		procsrv_put_info(&d);
	}
	KUNIT_EXPECT_EQ(test, procsrv_look(ps, 0, &look), -ESRCH);
	KUNIT_EXPECT_EQ(test, procsrv_look(ps, U64_MAX, &look), -ESRCH);
}

/* Callers copy the result to user memory, so every byte is written. */
static void writes_every_byte(struct kunit *test)
{
	u64 pids[] = { PROCSRV_INIT_PID, make_process(test, PROCSRV_INIT_PID),
		       make_zombie(test, PROCSRV_INIT_PID) };
	size_t size = sizeof(struct procsrv_info);
	struct procsrv_info *looks = kunit_kzalloc(test, 4 * size, GFP_KERNEL);
	struct procsrv *ps = server(test);
	u32 i, j;

	KUNIT_ASSERT_NOT_NULL(test, looks);
	for (i = 0; i < ARRAY_SIZE(pids); i++) {
		memset(&looks[0], 0x55, 2 * size);
		memset(&looks[2], 0xaa, 2 * size);
		for (j = 0; j < 4; j += 2) {
			KUNIT_ASSERT_EQ(test, procsrv_look(ps, pids[i], &looks[j]), 0);
			KUNIT_ASSERT_EQ(test,
					procsrv_list(ps, PROCSRV_LIST_ALL, 0, pids[i] - 1,
						     &looks[j + 1], 1, NULL), 1);
		}
		for (j = 1; j < 4; j++)
			KUNIT_EXPECT_EQ(test, memcmp(&looks[0], &looks[j], size), 0);
	}
}

/**
 * struct world - a server that changes
 * @ps: the server
 * @image: the image of its processes
 */
struct world {
	struct procsrv *ps;
	struct procsrv_image *image;
};

/**
 * struct scene - state that the threads of a test share
 * @worlds: two servers
 * @busy: threads that still change something
 */
struct scene {
	struct world worlds[2];
	atomic_t busy;
};

/* Creates, ends and reaps processes: leaves are freed, memory is reused. */
static void live_and_die(struct worker *worker)
{
	struct scene *s = worker->arg;
	struct world *w = &s->worlds[worker->number % 2];
	u32 lives = 0, n, i;
	u64 pid = 0;

	while (lives < NR_LIVES) {
		n = 1 + test_random(&worker->seed, NR_AT_A_TIME);
		for (i = 0; i < n; i++)
			if (create_in(w->ps, PROCSRV_INIT_PID, w->image, &pid))
				worker->failures++;
		for (i = 0; i < n; i++)
			if (procsrv_terminate(w->ps, pid - i, 0, 0))
				worker->failures++;
		if (procsrv_reap(w->ps) != n)
			worker->failures++;
		lives += n;
		test_relax();
	}
	atomic_dec(&s->busy);
}

static bool is_right(const struct world *w, u64 pid,
		     const struct procsrv_details *d)
{
	return d->info.pid == pid && d->info.ppid == PROCSRV_INIT_PID &&
	       d->image == w->image &&
	       !strcmp(d->info.name, procsrv_image_name(w->image)) &&
	       d->info.seq && d->info.state < PROCSRV_DEAD;
}

/* Looks up processes that come and go, and processes that always exist. */
static void look_at_all(struct worker *worker)
{
	struct scene *s = worker->arg;
	struct procsrv_details d;
	u64 pid, newest;
	u32 i;

	for (i = 0; atomic_read(&s->busy); i++) {
		struct world *w = &s->worlds[i % 2];

		newest = READ_ONCE(w->ps->next_pid) - 1;
		if (i % 4 < 2)
			newest = LAST_STAYING;
		pid = newest - test_random(&worker->seed, NR_AT_A_TIME);
		if (!procsrv_get_info(w->ps, pid, &d)) {
			worker->failures += !is_right(w, pid, &d);
			procsrv_put_info(&d);
			worker->tally[pid <= LAST_STAYING]++;
		} else if (pid <= LAST_STAYING) {
			worker->failures++;
		}
		test_relax();
	}
}

static void change_or_look(struct worker *worker)
{
	if (worker->number < 2)
		live_and_die(worker);
	else
		look_at_all(worker);
}

/*
 * Two servers have processes with the same pids, in memory that is reused by
 * one after the other. A look-up never finds the wrong process, and never
 * misses a process that exists.
 */
static void finds_the_right_one(struct kunit *test)
{
	struct procsrv_clock *clock = server(test)->clock;
	struct scene s = { .busy = ATOMIC_INIT(2) };
	struct worker *workers;
	u64 pid, seen = 0;
	u32 i;

	workers = new_workers(test, 2 + NR_LOOKERS, change_or_look, &s);
	s.worlds[0].ps = server(test);
	s.worlds[1].ps = procsrv_new(clock);
	s.worlds[0].image = make_image("this one");
	s.worlds[1].image = make_image("the other one");
	KUNIT_ASSERT_NOT_NULL(test, s.worlds[1].ps);
	for (i = 0; i < 2; i++) {
		KUNIT_ASSERT_NOT_NULL(test, s.worlds[i].image);
		do {
			KUNIT_ASSERT_EQ(test, create_in(s.worlds[i].ps,
							PROCSRV_INIT_PID,
							s.worlds[i].image,
							&pid), 0);
		} while (pid < LAST_STAYING);
	}

	start_workers(test, workers, 2 + NR_LOOKERS);
	join_workers(test, workers, 2 + NR_LOOKERS);
	for (i = 0; i < 2 + NR_LOOKERS; i++) {
		KUNIT_EXPECT_EQ(test, workers[i].failures, 0);
		seen += workers[i].tally[0];
	}
	KUNIT_EXPECT_GT(test, seen, 0);
	check_server(test);
	for (i = 0; i < 2; i++)
		procsrv_image_put(s.worlds[i].image);
	procsrv_put(s.worlds[1].ps);
}

/**
 * struct exits - large families, one after the other
 * @ps: the server
 * @image: the image of their members
 * @parent: the parent of the current one; the children have the pids after it
 * @is_over: there are no more of them
 */
struct exits {
	struct procsrv *ps;
	struct procsrv_image *image;
	u64 parent;
	bool is_over;
};

static void end_families(struct worker *worker)
{
	struct exits *e = worker->arg;
	u64 parent, child;
	u32 i, n;

	for (i = 0; i < NR_FAMILIES; i++) {
		if (create_in(e->ps, PROCSRV_INIT_PID, e->image, &parent))
			worker->failures++;
		for (n = 0; n < NR_CHILDREN; n++)
			if (create_in(e->ps, parent, e->image, &child))
				worker->failures++;
		WRITE_ONCE(e->parent, parent);
		if (procsrv_terminate(e->ps, parent, 0, 0))
			worker->failures++;
		/* Waits until the other worker has seen the zombie. */
		while (READ_ONCE(e->parent))
			test_relax();
		procsrv_kill_all(e->ps);
		procsrv_reap(e->ps);
	}
	WRITE_ONCE(e->is_over, true);
}

/* Checks that a zombie has no children as soon as it is one. */
static void look_for_children(struct worker *worker)
{
	struct exits *e = worker->arg;
	struct procsrv_info info;
	u64 parent, pid;

	for (; !READ_ONCE(e->is_over); test_relax()) {
		parent = READ_ONCE(e->parent);
		if (!parent || procsrv_look(e->ps, parent, &info) ||
		    info.state != PROCSRV_ZOMBIE)
			continue;
		for (pid = parent + NR_CHILDREN; pid > parent; pid--) {
			if (procsrv_look(e->ps, pid, &info) || info.ppid == parent)
				worker->failures++;
			worker->tally[0]++;
		}
		WRITE_ONCE(e->parent, 0);
	}
}

static void end_or_look(struct worker *worker)
{
	if (worker->number)
		look_for_children(worker);
	else
		end_families(worker);
}

/* An exit with many children pauses; look-ups then see a consistent state. */
static void zombies_have_no_children(struct kunit *test)
{
	struct exits e = { .ps = server(test), .image = make_image("one of many") };
	struct worker *workers = new_workers(test, 2, end_or_look, &e);

	KUNIT_ASSERT_NOT_NULL(test, e.image);
	start_workers(test, workers, 2);
	join_workers(test, workers, 2);
	KUNIT_EXPECT_EQ(test, workers[0].failures, 0);
	KUNIT_EXPECT_EQ(test, workers[1].failures, 0);
	KUNIT_EXPECT_EQ(test, workers[1].tally[0], NR_FAMILIES * NR_CHILDREN);
	procsrv_image_put(e.image);
}

static struct kunit_case look_cases[] = {
	KUNIT_CASE(looks_without_waiting),
	KUNIT_CASE(is_what_get_info_shows),
	KUNIT_CASE(writes_every_byte),
	KUNIT_CASE(finds_the_right_one),
	KUNIT_CASE(zombies_have_no_children),
	{}
};

static struct kunit_suite look_suite = {
	.name = "procsrv-look",
	.init = fixture_init,
	.exit = fixture_exit,
	.test_cases = look_cases,
};

kunit_test_suite(look_suite);
