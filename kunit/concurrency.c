// SPDX-License-Identifier: GPL-2.0-only
/*
 * Several threads on one server, with totals that have to be exact
 */
#include <linux/delay.h>

#include "common.h"

enum {
	NR_WORKERS = 4,
	NR_OPERATIONS = 3000,
	NR_CHILDREN = 400,
	NR_RALLIES = 20000,
	MIN_RALLIES = 100,
	NR_GENERATIONS = 50,
	NR_TO_KILL = 4000,
};

/* Indices of worker.tally. */
enum {
	CREATED,
	EXITED,
	REAPED,
};

static int create(struct worker *worker, u64 parent,
		  struct procsrv_image *image, u64 *pid)
{
	int ret = create_in(worker->ps, parent, image, pid);

	worker->tally[CREATED] += !ret;
	return ret;
}

static void terminate(struct worker *worker, u64 pid)
{
	worker->tally[EXITED] += !procsrv_terminate(worker->ps, pid, 0, 0);
}

static int wait_for_any(struct worker *worker, u64 parent, u32 flags,
			u64 *pid)
{
	struct procsrv_wait w = {
		.parent = parent,
		.which = PROCSRV_WAIT_ANY,
		.what = PROCSRV_WAIT_EXITED,
		.flags = flags,
	};
	int ret = procsrv_wait(worker->ps, &w);

	worker->tally[REAPED] += !ret;
	if (!ret)
		*pid = w.pid;
	return ret;
}

static struct worker *make_workers(struct kunit *test,
				   void (*fn)(struct worker *), void *arg)
{
	return new_workers(test, NR_WORKERS, fn, arg);
}

static u64 total(const struct worker *workers, u32 tally)
{
	u64 sum = 0;
	u32 i;

	for (i = 0; i < NR_WORKERS; i++)
		sum += workers[i].tally[tally];
	return sum;
}

static void expect_totals(struct kunit *test, const struct worker *workers,
			  u64 created_by_test)
{
	u64 created = total(workers, CREATED) + created_by_test;
	struct procsrv_stats s = stats_of(test);

	KUNIT_EXPECT_EQ(test, s.total_created, created);
	KUNIT_EXPECT_EQ(test, s.total_exited, total(workers, EXITED));
	KUNIT_EXPECT_EQ(test, s.total_processes,
			1 + created - total(workers, REAPED));
	check_server(test);
}

/* Sums that hold in every snapshot. */
static void read_stats(struct worker *worker)
{
	struct procsrv_stats s;

	procsrv_get_stats(worker->ps, &s);
	if (s.total_processes != s.running + s.sleeping + s.stopped + s.zombies)
		worker->failures++;
	if (s.total_created + 1 != s.total_processes - s.zombies +
	    s.total_exited)
		worker->failures++;
	if (s.orphans > s.zombies || s.sessions > s.process_groups)
		worker->failures++;
}

static void list_all(struct worker *worker)
{
	u64 pids[PROCSRV_BATCH / 2], cursor = 0;
	int n, i;

	do {
		n = procsrv_list_pids(worker->ps, PROCSRV_LIST_ALL, 0, cursor,
				      pids, ARRAY_SIZE(pids), NULL);
		for (i = 0; i < n; i++) {
			if (pids[i] <= cursor)
				worker->failures++;
			cursor = pids[i];
		}
	} while (n == ARRAY_SIZE(pids));
	if (n < 0)
		worker->failures++;
}

/* Operations that change states, sessions or groups, or are read-only. */
static void disturb(struct worker *worker, u64 pid, u32 choice)
{
	struct procsrv *ps = worker->ps;
	struct procsrv_update u = {
		.mask = PROCSRV_UPDATE_STATE,
		.state = choice % 2,
	};
	struct procsrv_details d;
	u32 id, id2, count;

	switch (choice) {
	case 0:
	case 1:
		procsrv_update(ps, pid, &u);
		break;
	case 2:
		procsrv_signal(ps, 0, PROCSRV_TARGET_PID, pid, 19, &count);
		break;
	case 3:
		procsrv_signal(ps, 0, PROCSRV_TARGET_PID, pid, 18, &count);
		break;
	case 4:
		procsrv_create_session(ps, pid, &id, &id2);
		break;
	case 5:
		if (procsrv_get_info(ps, pid, &d))
			break;
		procsrv_put_info(&d);
		procsrv_create_group(ps, 0, pid, d.info.sid, &id);
		procsrv_set_group(ps, 0, pid + 1, d.info.pgid);
		procsrv_signal(ps, 0, PROCSRV_TARGET_PGID, d.info.pgid, 10,
			       &count);
		procsrv_hang_up(ps, d.info.sid, &count);
		break;
	default:
		read_stats(worker);
	}
}

static void storm(struct worker *worker)
{
	struct procsrv_image *image = make_image("storm");
	u64 highest = PROCSRV_INIT_PID, pid;
	u32 i;

	if (!image) {
		worker->failures++;
		return;
	}
	for (i = 0; i < NR_OPERATIONS; i++) {
		u64 recent = min(highest, 60ULL);
		u64 target = highest - test_random(&worker->seed, recent);
		u32 choice = test_random(&worker->seed, 20);

		if (choice < 7 && !create(worker, target, image, &pid))
			highest = max(highest, pid);
		else if (choice < 10)
			terminate(worker, target);
		else if (choice < 13)
			wait_for_any(worker, target, PROCSRV_WAIT_NOHANG, &pid);
		else
			disturb(worker, target, choice - 13);
		if (i % 100 == 0) {
			worker->tally[REAPED] += procsrv_reap(worker->ps);
			list_all(worker);
		}
		test_relax();
	}
	procsrv_image_put(image);
}

static void storm_on_one_server(struct kunit *test)
{
	struct worker *workers = make_workers(test, storm, NULL);

	start_workers(test, workers, NR_WORKERS);
	join_workers(test, workers, NR_WORKERS);
	expect_totals(test, workers, 0);
	KUNIT_EXPECT_GT(test, total(workers, CREATED), NR_OPERATIONS / 2);
	KUNIT_EXPECT_GT(test, total(workers, EXITED), 100);
	KUNIT_EXPECT_GT(test, total(workers, REAPED), 100);
}

/**
 * struct nursery - a parent whose children are made and awaited by threads
 * @parent: its pid
 * @image: the image of the children
 * @left: children still to be made
 * @makers_done: threads that have made their share
 * @ball: the child that is about to be waited for, or -1
 * @seen: how often a wait returned each child, in the order of pids
 * @first: the lowest pid that a child can have
 */
struct nursery {
	u64 parent;
	struct procsrv_image *image;
	atomic_t left;
	atomic_t makers_done;
	atomic64_t ball;
	atomic_t seen[NR_CHILDREN];
	u64 first;
};

static struct nursery *make_nursery(struct kunit *test, u64 parent)
{
	struct nursery *n = kunit_kzalloc(test, sizeof(*n), GFP_KERNEL);

	KUNIT_ASSERT_NOT_NULL(test, n);
	n->parent = parent;
	n->image = make_image("child");
	KUNIT_ASSERT_NOT_NULL(test, n->image);
	atomic_set(&n->left, NR_CHILDREN);
	n->first = stats_of(test).total_created + 2;
	return n;
}

static void close_nursery(struct kunit *test, struct nursery *n)
{
	u32 i;

	for (i = 0; i < NR_CHILDREN; i++)
		KUNIT_EXPECT_EQ_MSG(test, atomic_read(&n->seen[i]), 1,
				    "child %u", i);
	procsrv_image_put(n->image);
}

static void saw(struct worker *worker, struct nursery *n, u64 pid)
{
	if (pid < n->first || pid >= n->first + NR_CHILDREN)
		worker->failures++;
	else
		atomic_inc(&n->seen[pid - n->first]);
}

static void make_and_end_children(struct worker *worker, struct nursery *n)
{
	u64 pid;

	while (atomic_dec_if_positive(&n->left) >= 0) {
		if (create(worker, n->parent, n->image, &pid)) {
			worker->failures++;
			continue;
		}
		if (test_random(&worker->seed, 3) == 0)
			usleep_range(20, 50);
		terminate(worker, pid);
	}
}

/* Waits until the parent has been terminated; ECHILD does not end this. */
static void await_children(struct worker *worker, struct nursery *n)
{
	u64 pid;
	int ret;

	do {
		ret = wait_for_any(worker, n->parent, 0, &pid);
		if (!ret)
			saw(worker, n, pid);
		else if (ret == -ECHILD)
			usleep_range(20, 50);
	} while (!ret || ret == -ECHILD);
	if (ret != -ESRCH)
		worker->failures++;
}

static void make_or_await(struct worker *worker)
{
	struct nursery *n = worker->arg;

	if (worker->number % 2)
		make_and_end_children(worker, n);
	else
		await_children(worker, n);
}

/* Waits until every child has been reaped, up to a limit. */
static void wait_until_all_are_gone(struct kunit *test)
{
	struct procsrv_stats s;
	u32 looks = 0;

	do {
		s = stats_of(test);
	} while ((s.total_exited < NR_CHILDREN || s.total_processes > 2) &&
		 look_again(&looks));
	KUNIT_EXPECT_EQ(test, s.total_processes, 2);
}

/* Each child that exits is returned to exactly one of its waiters. */
static void no_child_is_lost_or_given_twice(struct kunit *test)
{
	u64 parent = make_process(test, PROCSRV_INIT_PID);
	struct nursery *n = make_nursery(test, parent);
	struct worker *workers = make_workers(test, make_or_await, n);

	start_workers(test, workers, NR_WORKERS);
	wait_until_all_are_gone(test);
	/* A wait ends with the process on whose behalf it is made. */
	end_process(test, parent);
	join_workers(test, workers, NR_WORKERS);
	close_nursery(test, n);
	reap_child(test, PROCSRV_INIT_PID, parent);
	KUNIT_EXPECT_EQ(test, total(workers, CREATED), NR_CHILDREN);
	KUNIT_EXPECT_EQ(test, total(workers, EXITED), NR_CHILDREN);
	KUNIT_EXPECT_EQ(test, total(workers, REAPED), NR_CHILDREN);
	KUNIT_EXPECT_EQ(test, stats_of(test).total_processes, 1);
}

/* Creates a child and waits for it, while the other worker terminates it. */
static void ping(struct worker *worker, struct nursery *n)
{
	struct procsrv_wait w = {
		.parent = n->parent,
		.which = PROCSRV_WAIT_PID,
		.what = PROCSRV_WAIT_EXITED,
	};
	unsigned long end = jiffies + HZ;
	u32 i;

	/* As many as there is time for, with a minimum for slow machines. */
	for (i = 0; i < NR_RALLIES &&
	     (i < MIN_RALLIES || time_before(jiffies, end)); i++) {
		if (create(worker, n->parent, n->image, &w.id))
			break;
		atomic64_set(&n->ball, w.id);
		if (procsrv_wait(worker->ps, &w) || w.pid != w.id)
			break;
		worker->tally[REAPED]++;
	}
	atomic64_set(&n->ball, -1);
}

/* Delays are short or long, so that the exit meets every step of the wait. */
static void pong(struct worker *worker, struct nursery *n)
{
	s64 last = 0, pid;

	for (;;) {
		u32 spin = test_random(&worker->seed,
				       1 << test_random(&worker->seed, 12));

		while ((pid = atomic64_read(&n->ball)) == last)
			test_relax();
		if (pid < 0)
			return;
		while (spin--)
			cpu_relax();
		terminate(worker, pid);
		last = pid;
	}
}

static void ping_or_pong(struct worker *worker)
{
	if (worker->number)
		pong(worker, worker->arg);
	else
		ping(worker, worker->arg);
}

/* A wake-up between the check and the sleep is not lost, or this hangs. */
static void no_wake_up_is_lost(struct kunit *test)
{
	u64 parent = make_process(test, PROCSRV_INIT_PID);
	struct nursery *n = make_nursery(test, parent);
	struct worker *workers = make_workers(test, ping_or_pong, n);
	bool ended;

	start_workers(test, workers, 2);
	ended = await_completion(&workers[0].done);
	KUNIT_EXPECT_TRUE_MSG(test, ended, "a wait was never woken");
	/* join_workers() waits for this again; the parent's exit ends hangs. */
	if (ended)
		complete(&workers[0].done);
	end_process(test, parent);
	join_workers(test, workers, 2);
	procsrv_image_put(n->image);
	KUNIT_EXPECT_EQ(test, total(workers, REAPED), total(workers, CREATED));
	KUNIT_EXPECT_EQ(test, total(workers, EXITED), total(workers, CREATED));
	KUNIT_EXPECT_GE(test, total(workers, REAPED), MIN_RALLIES);
	KUNIT_EXPECT_EQ(test, stats_of(test).total_processes, 2);
}

/* Waits and procsrv_reap() compete for the zombies of init. */
static void compete_for_zombies(struct worker *worker)
{
	struct nursery *n = worker->arg;
	struct procsrv_stats s;
	bool more;
	u64 pid;

	if (worker->number < 2) {
		make_and_end_children(worker, n);
		atomic_inc(&n->makers_done);
		return;
	}
	do {
		more = atomic_read(&n->makers_done) < 2;
		if (worker->number == 2)
			worker->tally[REAPED] += procsrv_reap(worker->ps);
		else
			wait_for_any(worker, n->parent, PROCSRV_WAIT_NOHANG,
				     &pid);
		procsrv_get_stats(worker->ps, &s);
		test_relax();
	} while (more || s.zombies);
}

static void each_zombie_is_reaped_once(struct kunit *test)
{
	struct nursery *n = make_nursery(test, PROCSRV_INIT_PID);
	struct worker *workers = make_workers(test, compete_for_zombies, n);

	start_workers(test, workers, NR_WORKERS);
	join_workers(test, workers, NR_WORKERS);
	procsrv_image_put(n->image);
	expect_totals(test, workers, 0);
	KUNIT_EXPECT_EQ(test, total(workers, REAPED), NR_CHILDREN);
}

/* Parents are created, exit and are reaped during waits on their behalf. */
static void wait_or_end_the_parent(struct worker *worker)
{
	struct nursery *n = worker->arg;
	u64 parent, pid;
	u32 i;

	for (i = 0; i < NR_CHILDREN; i++) {
		struct procsrv_wait w = {
			.what = PROCSRV_WAIT_EXITED,
			.flags = PROCSRV_WAIT_TIMEOUT,
			.timeout = 300 * NSEC_PER_USEC,
			.parent = n->first + i,
		};
		int ret;

		if (worker->number % 2) {
			ret = procsrv_wait(worker->ps, &w);
			if (ret != -ETIMEDOUT && ret != -ESRCH &&
			    ret != -ECHILD)
				worker->failures++;
			continue;
		}
		if (create(worker, PROCSRV_INIT_PID, n->image, &parent) ||
		    create(worker, parent, n->image, &pid)) {
			worker->failures++;
			continue;
		}
		usleep_range(50, 100);
		terminate(worker, parent);
		worker->tally[REAPED] += procsrv_reap(worker->ps);
	}
}

static void waits_survive_their_parents(struct kunit *test)
{
	struct nursery *n = make_nursery(test, PROCSRV_INIT_PID);
	struct worker *workers = make_workers(test, wait_or_end_the_parent, n);

	start_workers(test, workers, NR_WORKERS);
	join_workers(test, workers, NR_WORKERS);
	procsrv_image_put(n->image);
	expect_totals(test, workers, 0);
	KUNIT_EXPECT_EQ(test, total(workers, EXITED), 2 * NR_CHILDREN);
	KUNIT_EXPECT_EQ(test, stats_of(test).sleeping, 0);
}

static void exec_or_look(struct worker *worker)
{
	u64 pid = *(u64 *)worker->arg;
	bool upper = worker->number % 2;
	struct procsrv_details d;
	u32 i;

	for (i = 0; i < NR_OPERATIONS; i++) {
		struct procsrv_image *image;

		image = upper ? make_full_image("A", "AA", 3, "AAA", 4) :
				make_full_image("b", "b", 2, "b", 2);
		if (!image || procsrv_exec(worker->ps, pid, image))
			worker->failures++;
		procsrv_image_put(image);
		if (procsrv_get_info(worker->ps, pid, &d)) {
			worker->failures++;
			continue;
		}
		upper = d.info.name[0] == 'A';
		if (d.info.argv_len != (upper ? 3 : 2) ||
		    d.info.envp_len != (upper ? 4 : 2) ||
		    procsrv_image_name(d.image)[0] != d.info.name[0] ||
		    procsrv_image_argv(d.image)[0] != d.info.name[0] ||
		    procsrv_image_envp(d.image)[0] != d.info.name[0])
			worker->failures++;
		procsrv_put_info(&d);
		upper = !upper;
		test_relax();
	}
}

static void exec_replaces_all_at_once(struct kunit *test)
{
	u64 pid = make_process(test, PROCSRV_INIT_PID);
	struct worker *workers = make_workers(test, exec_or_look, &pid);
	struct procsrv_details d;

	KUNIT_EXPECT_EQ(test, exec_as(test, pid, "b"), 0);
	start_workers(test, workers, NR_WORKERS);
	join_workers(test, workers, NR_WORKERS);
	KUNIT_ASSERT_EQ(test, procsrv_get_info(server(test), pid, &d), 0);
	/* One reference is the process's, the other is that of @d. */
	KUNIT_EXPECT_EQ(test, refcount_read(&d.image->refs), 2);
	procsrv_put_info(&d);
}

/* The @count pids from @first on, 2 apart, exist all the time. */
static bool lists_stable_once(struct procsrv *ps, u64 first, u32 count)
{
	u64 pids[16], cursor = 0;
	u32 found = 0;
	int n, i;

	do {
		n = procsrv_list_pids(ps, PROCSRV_LIST_ALL, 0, cursor, pids,
				      ARRAY_SIZE(pids), NULL);
		for (i = 0; i < n; i++) {
			cursor = pids[i];
			if (found < count && cursor == first + 2 * found)
				found++;
		}
		test_relax();
	} while (n == ARRAY_SIZE(pids));
	return n >= 0 && found == count;
}

static void churn_or_list(struct worker *worker)
{
	struct nursery *n = worker->arg;
	u32 i;

	if (worker->number % 2) {
		for (i = 0; i < 50; i++)
			if (!lists_stable_once(worker->ps, n->first,
					       NR_CHILDREN / 2))
				worker->failures++;
		return;
	}
	if (!worker->number) {
		/* The processes in between are terminated. */
		for (i = 0; i < NR_CHILDREN / 2; i++) {
			terminate(worker, n->first + 2 * i + 1);
			worker->tally[REAPED] += procsrv_reap(worker->ps);
			test_relax();
		}
	}
	make_and_end_children(worker, n);
}

static void listing_while_others_come_and_go(struct kunit *test)
{
	struct nursery *n = make_nursery(test, PROCSRV_INIT_PID);
	struct worker *workers = make_workers(test, churn_or_list, n);
	u32 i;

	for (i = 0; i < NR_CHILDREN; i++)
		make_process(test, PROCSRV_INIT_PID);
	start_workers(test, workers, NR_WORKERS);
	join_workers(test, workers, NR_WORKERS);
	procsrv_image_put(n->image);
	expect_totals(test, workers, NR_CHILDREN);
}

static void create_or_kill_all(struct worker *worker)
{
	struct nursery *n = worker->arg;
	u32 count, i;
	u64 pid;

	if (worker->number) {
		for (i = 0; i < NR_CHILDREN; i++) {
			if (create(worker, PROCSRV_INIT_PID, n->image, &pid))
				worker->failures++;
			test_relax();
		}
		return;
	}
	if (procsrv_signal(worker->ps, 0, PROCSRV_TARGET_ALL, 0, 9, &count))
		worker->failures++;
	worker->tally[EXITED] = count;
}

/* The signal reaches existing processes, and new ones until it has passed. */
static void nobody_escapes_a_signal_to_all(struct kunit *test)
{
	struct nursery *n = make_nursery(test, PROCSRV_INIT_PID);
	struct worker *workers = make_workers(test, create_or_kill_all, n);
	u64 pid, last;
	u32 i;

	for (i = 0; i < NR_CHILDREN; i++)
		make_process(test, PROCSRV_INIT_PID);
	start_workers(test, workers, NR_WORKERS);
	join_workers(test, workers, NR_WORKERS);
	procsrv_image_put(n->image);
	expect_totals(test, workers, NR_CHILDREN);

	last = n->first + workers[0].tally[EXITED] - 1;
	KUNIT_EXPECT_GE(test, workers[0].tally[EXITED], NR_CHILDREN);
	for (pid = n->first; pid < n->first + 4 * NR_CHILDREN; pid++)
		KUNIT_ASSERT_EQ(test, state_of(test, pid), pid <= last ?
				PROCSRV_ZOMBIE : PROCSRV_RUNNING);
}

/**
 * struct escape - processes that fork, and the signal that kills them
 * @image: the image of the processes
 * @root: the first process
 * @target: PROCSRV_TARGET_TREE or PROCSRV_TARGET_PGID
 * @id: of the target
 */
struct escape {
	struct procsrv_image *image;
	u64 root;
	enum procsrv_target target;
	u64 id;
};

/* Forks as fast as it can until a parent is dead; its whole family is then. */
static void fork_on(struct worker *worker, const struct escape *e)
{
	u64 parent = e->root, pid;
	u32 depth = 0;
	int ret;

	while (!(ret = create(worker, parent, e->image, &pid))) {
		parent = test_random(&worker->seed, 4) && depth++ < NR_GENERATIONS ?
				 pid : e->root;
		if (parent == e->root)
			depth = 0;
	}
	if (ret != -ESRCH || create(worker, e->root, e->image, &pid) != -ESRCH)
		worker->failures++;
}

static void fork_or_kill(struct worker *worker)
{
	const struct escape *e = worker->arg;
	u32 count;

	if (worker->number < NR_WORKERS) {
		fork_on(worker, e);
		return;
	}
	while (READ_ONCE(worker->ps->nr_states[PROCSRV_RUNNING]) < NR_TO_KILL)
		test_relax();
	if (procsrv_signal(worker->ps, 0, e->target, e->id, PROCSRV_SIGKILL, &count))
		worker->failures++;
	worker->tally[EXITED] = count;
}

static void expect_no_escape(struct kunit *test, struct escape *e)
{
	struct worker *workers = new_workers(test, NR_WORKERS + 1, fork_or_kill, e);
	u64 pid, end;
	u32 i;

	start_workers(test, workers, NR_WORKERS + 1);
	join_workers(test, workers, NR_WORKERS + 1);
	for (i = 0; i <= NR_WORKERS; i++)
		KUNIT_EXPECT_EQ(test, workers[i].failures, 0);
	KUNIT_EXPECT_EQ(test, workers[NR_WORKERS].tally[EXITED],
			1 + total(workers, CREATED));
	end = e->root + workers[NR_WORKERS].tally[EXITED];
	for (pid = e->root; pid < end; pid++)
		KUNIT_ASSERT_EQ(test, state_of(test, pid), PROCSRV_ZOMBIE);
	check_server(test);
	KUNIT_EXPECT_EQ(test, procsrv_reap(server(test)), end - e->root);
}

/* No process escapes, however fast they fork or often the kill pauses. */
static void nobody_escapes_a_kill(struct kunit *test)
{
	struct escape e = { .image = make_image("fork") };

	KUNIT_ASSERT_NOT_NULL(test, e.image);
	e.root = make_process(test, PROCSRV_INIT_PID);
	e.target = PROCSRV_TARGET_TREE;
	e.id = e.root;
	expect_no_escape(test, &e);
	e.root = make_process(test, PROCSRV_INIT_PID);
	e.target = PROCSRV_TARGET_PGID;
	e.id = make_group(test, e.root);
	expect_no_escape(test, &e);
	procsrv_image_put(e.image);
}

static void create_some(struct worker *worker)
{
	struct nursery *n = worker->arg;
	u64 pid;
	u32 i;

	for (i = 0; i < NR_CHILDREN; i++)
		if (create(worker, PROCSRV_INIT_PID, n->image, &pid))
			worker->failures++;
}

/* A process with a higher pid does not have an earlier start time. */
static void start_times_ascend_with_pids(struct kunit *test)
{
	struct nursery *n = make_nursery(test, PROCSRV_INIT_PID);
	struct worker *workers = make_workers(test, create_some, n);
	u64 pid, last = 0;

	start_workers(test, workers, NR_WORKERS);
	join_workers(test, workers, NR_WORKERS);
	procsrv_image_put(n->image);
	expect_totals(test, workers, 0);
	for (pid = 1; pid <= 1 + NR_WORKERS * NR_CHILDREN; pid++) {
		u64 start = info_of(test, pid).start_time;

		KUNIT_ASSERT_GE(test, start, last);
		last = start;
	}
}

static struct kunit_case concurrency_cases[] = {
	KUNIT_CASE(storm_on_one_server),
	KUNIT_CASE(no_child_is_lost_or_given_twice),
	KUNIT_CASE(no_wake_up_is_lost),
	KUNIT_CASE(each_zombie_is_reaped_once),
	KUNIT_CASE(waits_survive_their_parents),
	KUNIT_CASE(exec_replaces_all_at_once),
	KUNIT_CASE(listing_while_others_come_and_go),
	KUNIT_CASE(nobody_escapes_a_signal_to_all),
	KUNIT_CASE(nobody_escapes_a_kill),
	KUNIT_CASE(start_times_ascend_with_pids),
	{}
};

static struct kunit_suite concurrency_suite = {
	.name = "procsrv-concurrency",
	.init = fixture_init,
	.exit = fixture_exit,
	.test_cases = concurrency_cases,
};

kunit_test_suite(concurrency_suite);
