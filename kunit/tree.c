// SPDX-License-Identifier: GPL-2.0-only
/*
 * Signals to trees; no process is created among the targets of a signal while
 * it is delivered
 */
#include <linux/delay.h>

#include "common.h"

enum {
	NR_CREATORS = 3,
	NR_BIRTHS = 400,
	NR_KILLS = 40,
	NR_ROUNDS = 7,
	WIDE = 300,
	DEEP = 300,
};

/**
 * struct family - three generations, with sessions and groups of their own
 * @root: the first of them
 * @child: its child, in a session of its own
 * @grandchild: a child of @child, in a group of its own
 * @zombie: another child of @child, which has exited
 * @other: a sibling of @root
 */
struct family {
	u64 root;
	u64 child;
	u64 grandchild;
	u64 zombie;
	u64 other;
};

static struct family make_family(struct kunit *test)
{
	struct family f;

	f.root = make_process(test, PROCSRV_INIT_PID);
	f.child = make_process(test, f.root);
	make_session(test, f.child);
	f.grandchild = make_process(test, f.child);
	make_group(test, f.grandchild);
	f.zombie = make_zombie(test, f.child);
	f.other = make_process(test, PROCSRV_INIT_PID);
	return f;
}

static u32 signal_tree(struct kunit *test, u64 pid, int signo)
{
	return signal_to(test, PROCSRV_TARGET_TREE, pid, signo);
}

static void reaches_all_descendants(struct kunit *test)
{
	struct family f = make_family(test);

	KUNIT_EXPECT_EQ(test, signal_tree(test, f.root, 0), 4);
	KUNIT_EXPECT_EQ(test, signal_tree(test, f.root, 10), 4);
	KUNIT_EXPECT_EQ(test, pending_of(test, f.root), sigbit(10));
	KUNIT_EXPECT_EQ(test, pending_of(test, f.child), sigbit(10));
	KUNIT_EXPECT_EQ(test, pending_of(test, f.grandchild), sigbit(10));
	KUNIT_EXPECT_EQ(test, pending_of(test, f.zombie), 0);
	KUNIT_EXPECT_EQ(test, pending_of(test, f.other), 0);
	KUNIT_EXPECT_EQ(test, signal_tree(test, f.grandchild, 11), 1);
	KUNIT_EXPECT_EQ(test, pending_of(test, f.child), sigbit(10));
	KUNIT_EXPECT_EQ(test, signal_tree(test, f.zombie, 9), 1);
	KUNIT_EXPECT_EQ(test, state_of(test, f.grandchild), PROCSRV_RUNNING);
}

static void stops_and_continues_all(struct kunit *test)
{
	struct family f = make_family(test);

	KUNIT_EXPECT_EQ(test, signal_tree(test, f.child, 19), 3);
	KUNIT_EXPECT_EQ(test, state_of(test, f.root), PROCSRV_RUNNING);
	KUNIT_EXPECT_EQ(test, state_of(test, f.child), PROCSRV_STOPPED);
	KUNIT_EXPECT_EQ(test, state_of(test, f.grandchild), PROCSRV_STOPPED);
	KUNIT_EXPECT_EQ(test, state_of(test, f.zombie), PROCSRV_ZOMBIE);
	KUNIT_EXPECT_EQ(test, signal_tree(test, f.root, 18), 4);
	KUNIT_EXPECT_EQ(test, stats_of(test).stopped, 0);
	KUNIT_EXPECT_EQ(test, wait_pid(test, f.child, f.grandchild,
				       PROCSRV_WAIT_CONTINUED, 0), 0);
}

static void expect_ended(struct kunit *test, u64 pid, s32 code, u32 signo)
{
	KUNIT_EXPECT_EQ(test, state_of(test, pid), PROCSRV_ZOMBIE);
	KUNIT_EXPECT_EQ(test, info_of(test, pid).exit_code, code);
	KUNIT_EXPECT_EQ(test, info_of(test, pid).exit_signal, signo);
}

static void kills_all(struct kunit *test)
{
	struct family f = make_family(test);

	KUNIT_EXPECT_EQ(test, signal_tree(test, f.root, 9), 4);
	expect_ended(test, f.root, -9, 9);
	expect_ended(test, f.child, -9, 9);
	expect_ended(test, f.grandchild, -9, 9);
	expect_ended(test, f.zombie, 0, 0);
	KUNIT_EXPECT_EQ(test, state_of(test, f.other), PROCSRV_RUNNING);
	KUNIT_EXPECT_EQ(test, stats_of(test).total_exited, 4);
	KUNIT_EXPECT_EQ(test, procsrv_reap(server(test)), 4);

	f = make_family(test);
	KUNIT_EXPECT_EQ(test, signal_tree(test, f.root, 15), 4);
	expect_ended(test, f.grandchild, 0, 15);
	KUNIT_EXPECT_EQ(test, signal_tree(test, f.root, 9), 1);
	expect_ended(test, f.root, 0, 15);
}

/* Reapers in the tree do not protect any process. */
static void kills_reapers_too(struct kunit *test)
{
	struct family f = make_family(test);

	set_reaper(test, f.root, true);
	set_reaper(test, f.child, true);
	KUNIT_EXPECT_EQ(test, signal_tree(test, f.root, 9), 4);
	KUNIT_EXPECT_EQ(test, stats_of(test).zombies, 4);
	KUNIT_EXPECT_EQ(test, procsrv_reap(server(test)), 4);
}

static int try_tree(struct kunit *test, u64 sender, u64 pid, int signo)
{
	u32 count = 77;
	int ret;

	ret = procsrv_signal(server(test), sender, PROCSRV_TARGET_TREE, pid,
			     signo, &count);
	if (ret)
		KUNIT_EXPECT_EQ(test, count, 77);
	return ret;
}

static void tree_of_init(struct kunit *test)
{
	static const int refused[] = { 9, 15, 19 };
	static const int allowed[] = { 0, 1, 18, 64 };
	u64 pid = make_process(test, PROCSRV_INIT_PID);
	u32 i;

	for (i = 0; i < ARRAY_SIZE(refused); i++)
		KUNIT_EXPECT_EQ(test, try_tree(test, 0, PROCSRV_INIT_PID,
					       refused[i]), -EPERM);
	KUNIT_EXPECT_EQ(test, state_of(test, pid), PROCSRV_RUNNING);
	stop_process(test, pid);
	for (i = 0; i < ARRAY_SIZE(allowed); i++)
		KUNIT_EXPECT_EQ(test, signal_tree(test, PROCSRV_INIT_PID,
						  allowed[i]), 2);
	KUNIT_EXPECT_EQ(test, state_of(test, pid), PROCSRV_RUNNING);
	KUNIT_EXPECT_EQ(test, pending_of(test, pid), sigbit(1) | sigbit(64));
	KUNIT_EXPECT_EQ(test, pending_of(test, PROCSRV_INIT_PID),
			sigbit(1) | sigbit(64));
}

static void no_such_tree(struct kunit *test)
{
	u64 zombie = make_zombie(test, PROCSRV_INIT_PID);

	KUNIT_EXPECT_EQ(test, try_tree(test, 0, TEST_NO_PID, 9), -ESRCH);
	KUNIT_EXPECT_EQ(test, try_tree(test, 0, 0, 0), -ESRCH);
	KUNIT_EXPECT_EQ(test, try_tree(test, zombie, zombie, 0), -ESRCH);
	KUNIT_EXPECT_EQ(test, try_tree(test, 0, zombie, 65), -EINVAL);
	KUNIT_EXPECT_EQ(test, try_tree(test, 0, zombie, -1), -EINVAL);
}

/* The sender is a target like others, if it is in the tree. */
static void sender_in_the_tree(struct kunit *test)
{
	struct family f = make_family(test);

	KUNIT_EXPECT_EQ(test, try_tree(test, f.grandchild, f.root, 9), 0);
	expect_ended(test, f.grandchild, -9, 9);
	expect_ended(test, f.root, -9, 9);
}

/* Each process waits for its child when all are killed. */
static void kill_of_a_tree_that_waits(struct kunit *test)
{
	const struct procsrv_wait w = { .what = PROCSRV_WAIT_EXITED };
	struct wait_task *of_init, *t[8];
	u64 line[8], above, last;
	u32 i;

	above = PROCSRV_INIT_PID;
	for (i = 0; i < ARRAY_SIZE(line); i++) {
		line[i] = make_process(test, above);
		above = line[i];
	}
	last = make_process(test, above);
	for (i = 0; i < ARRAY_SIZE(line); i++) {
		struct procsrv_wait own = w;

		own.parent = line[i];
		t[i] = start_wait(test, &own);
		expect_waiting(test, line[i], 1);
	}
	of_init = start_wait(test, &(struct procsrv_wait) {
		.parent = PROCSRV_INIT_PID,
		.what = PROCSRV_WAIT_EXITED,
	});
	expect_waiting(test, PROCSRV_INIT_PID, 1);
	KUNIT_EXPECT_EQ(test, signal_tree(test, line[0], 9),
			ARRAY_SIZE(line) + 1);
	for (i = 0; i < ARRAY_SIZE(line); i++)
		KUNIT_EXPECT_EQ(test, join_wait(test, t[i]), -ESRCH);
	KUNIT_EXPECT_EQ(test, join_wait(test, of_init), 0);
	KUNIT_EXPECT_EQ(test, of_init->w.pid, line[0]);
	expect_ended(test, last, -9, 9);
	KUNIT_EXPECT_EQ(test, procsrv_reap(server(test)), ARRAY_SIZE(line));
}

static void wide_and_deep(struct kunit *test)
{
	u64 root = make_process(test, PROCSRV_INIT_PID);
	u64 pid = root;
	u32 i;

	for (i = 0; i < WIDE; i++)
		make_process(test, root);
	for (i = 0; i < DEEP; i++)
		pid = make_process(test, pid);
	KUNIT_EXPECT_EQ(test, signal_tree(test, root, 33), 1 + WIDE + DEEP);
	KUNIT_EXPECT_EQ(test, pending_of(test, pid), sigbit(33));
	KUNIT_EXPECT_EQ(test, signal_tree(test, root, 9), 1 + WIDE + DEEP);
	KUNIT_EXPECT_EQ(test, stats_of(test).running, 1);
	KUNIT_EXPECT_EQ(test, procsrv_reap(server(test)), 1 + WIDE + DEEP);
}

/**
 * struct riot - tasks that create processes, and one that kills these
 * @target: the kind of target of the kills
 * @id: of the target
 * @root: the ancestor of all
 * @image: the image of the children
 * @live: creators that still run
 * @newest: the highest pid that was returned to a creator
 */
struct riot {
	enum procsrv_target target;
	u64 id;
	u64 root;
	struct procsrv_image *image;
	atomic_t live;
	atomic64_t newest;
};

static void note_newest(struct riot *riot, u64 pid)
{
	s64 old = atomic64_read(&riot->newest);

	while (old < (s64)pid &&
	       !atomic64_try_cmpxchg(&riot->newest, &old, pid))
		;
}

/* Creates descendants of the root, in its group and session. */
static void create_until_killed(struct worker *worker)
{
	struct riot *riot = worker->arg;
	u64 parent = riot->root, pid;
	u32 i;

	for (i = 0; i < NR_BIRTHS; i++) {
		if (create_in(worker->ps, parent, riot->image, &pid)) {
			if (parent == riot->root)
				break;
			parent = riot->root;
			continue;
		}
		worker->tally[0]++;
		note_newest(riot, pid);
		if (test_random(&worker->seed, 2))
			parent = pid;
		if (i % 16 == 0)
			test_relax();
	}
	atomic_dec(&riot->live);
}

/* Counts the processes up to @newest that are still alive. */
static u32 nr_survivors(struct worker *worker, const struct riot *riot,
			u64 newest)
{
	struct procsrv_process *p;
	u32 alive = 0;
	u64 pid;

	read_lock(&worker->ps->lock);
	for (pid = riot->root; pid <= newest; pid++) {
		p = peek_process(worker->ps, pid);
		alive += p && p->state != PROCSRV_ZOMBIE;
	}
	read_unlock(&worker->ps->lock);
	return alive;
}

/* Processes that existed before a kill are dead after it. */
static void kill_now_and_then(struct worker *worker)
{
	struct riot *riot = worker->arg;
	u32 count;

	do {
		u64 newest;

		usleep_range(50, 300);
		newest = atomic64_read(&riot->newest);
		if (procsrv_signal(worker->ps, 0, riot->target, riot->id, 9,
				   &count))
			break;
		worker->tally[1]++;
		if (nr_survivors(worker, riot, newest))
			worker->failures++;
	} while (atomic_read(&riot->live));
}

static void create_or_kill(struct worker *worker)
{
	if (worker->number < NR_CREATORS)
		create_until_killed(worker);
	else
		kill_now_and_then(worker);
}

/* All processes are below the root, which the first kill ends. */
static void riot(struct kunit *test, enum procsrv_target target)
{
	struct worker *workers;
	struct riot *riot;

	riot = kunit_kzalloc(test, sizeof(*riot), GFP_KERNEL);
	KUNIT_ASSERT_NOT_NULL(test, riot);
	riot->target = target;
	riot->root = make_process(test, PROCSRV_INIT_PID);
	riot->id = target == PROCSRV_TARGET_SID ?
		   make_session(test, riot->root) :
		   target == PROCSRV_TARGET_PGID ?
		   make_group(test, riot->root) : riot->root;
	riot->image = make_image("riot");
	KUNIT_ASSERT_NOT_NULL(test, riot->image);
	atomic_set(&riot->live, NR_CREATORS);
	workers = new_workers(test, NR_CREATORS + 1, create_or_kill, riot);
	start_workers(test, workers, NR_CREATORS + 1);
	join_workers(test, workers, NR_CREATORS + 1);
	procsrv_image_put(riot->image);
	/* The creators have ended: one more kill leaves no process alive. */
	KUNIT_EXPECT_EQ(test, signal_to(test, target, riot->id, 9) > 0, true);
	KUNIT_EXPECT_EQ(test, stats_of(test).running, 1);
	procsrv_reap(server(test));
	KUNIT_EXPECT_EQ(test, stats_of(test).total_processes, 1);
	check_server(test);
}

static void nobody_is_born_into_a_group_between(struct kunit *test)
{
	u32 i;

	for (i = 0; i < NR_ROUNDS; i++)
		riot(test, PROCSRV_TARGET_PGID);
}

static void nobody_is_born_into_a_session_between(struct kunit *test)
{
	u32 i;

	for (i = 0; i < NR_ROUNDS; i++)
		riot(test, PROCSRV_TARGET_SID);
}

static void nobody_is_born_into_a_tree_between(struct kunit *test)
{
	u32 i;

	for (i = 0; i < NR_ROUNDS; i++)
		riot(test, PROCSRV_TARGET_TREE);
}

/**
 * struct tide - a group that the children of a process outside of it join
 * @nurse: parent of all, not in the group
 * @anchor: a member that keeps the group, as a zombie
 * @pgid: the group
 * @image: the image of the members
 * @done: creators that have finished
 */
struct tide {
	u64 nurse;
	u64 anchor;
	u32 pgid;
	struct procsrv_image *image;
	atomic_t done;
};

static void join_for_ever(struct worker *worker, struct tide *tide)
{
	u32 i;
	u64 pid;

	for (i = 0; i < NR_BIRTHS; i++) {
		if (create_in(worker->ps, tide->nurse, tide->image, &pid))
			worker->failures++;
		else if (procsrv_set_group(worker->ps, 0, pid, tide->pgid))
			worker->failures++;
		else
			worker->tally[0]++;
		test_relax();
	}
	atomic_inc(&tide->done);
}

/* Each kill counts the processes that it ends, and the zombies. */
static void kill_repeatedly(struct worker *worker, struct tide *tide)
{
	bool last;
	u32 count;

	do {
		last = atomic_read(&tide->done) == NR_CREATORS;
		if (procsrv_signal(worker->ps, 0, PROCSRV_TARGET_PGID,
				   tide->pgid, 9, &count) ||
		    count < worker->tally[1])
			worker->failures++;
		worker->tally[1] = count;
		usleep_range(50, 200);
	} while (!last);
}

static void join_or_kill(struct worker *worker)
{
	if (worker->number < NR_CREATORS)
		join_for_ever(worker, worker->arg);
	else
		kill_repeatedly(worker, worker->arg);
}

static void group_that_is_killed_again_and_again(struct kunit *test)
{
	struct worker *workers;
	struct tide tide = { };

	tide.nurse = make_process(test, PROCSRV_INIT_PID);
	tide.anchor = make_process(test, tide.nurse);
	tide.pgid = make_group(test, tide.anchor);
	tide.image = make_image("tide");
	KUNIT_ASSERT_NOT_NULL(test, tide.image);
	workers = new_workers(test, NR_CREATORS + 1, join_or_kill, &tide);
	start_workers(test, workers, NR_CREATORS + 1);
	join_workers(test, workers, NR_CREATORS + 1);
	procsrv_image_put(tide.image);
	KUNIT_EXPECT_EQ(test, workers[NR_CREATORS].tally[1],
			1 + NR_CREATORS * NR_BIRTHS);
	KUNIT_EXPECT_EQ(test, stats_of(test).zombies,
			1 + NR_CREATORS * NR_BIRTHS);
	KUNIT_EXPECT_EQ(test, stats_of(test).total_exited,
			1 + NR_CREATORS * NR_BIRTHS);
}

static struct kunit_case tree_cases[] = {
	KUNIT_CASE(reaches_all_descendants),
	KUNIT_CASE(stops_and_continues_all),
	KUNIT_CASE(kills_all),
	KUNIT_CASE(kills_reapers_too),
	KUNIT_CASE(tree_of_init),
	KUNIT_CASE(no_such_tree),
	KUNIT_CASE(sender_in_the_tree),
	KUNIT_CASE(kill_of_a_tree_that_waits),
	KUNIT_CASE(wide_and_deep),
	KUNIT_CASE(nobody_is_born_into_a_group_between),
	KUNIT_CASE(nobody_is_born_into_a_session_between),
	KUNIT_CASE(nobody_is_born_into_a_tree_between),
	KUNIT_CASE(group_that_is_killed_again_and_again),
	{}
};

static struct kunit_suite tree_suite = {
	.name = "procsrv-tree",
	.init = fixture_init,
	.exit = fixture_exit,
	.test_cases = tree_cases,
};

kunit_test_suite(tree_suite);
