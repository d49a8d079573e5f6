// SPDX-License-Identifier: GPL-2.0-only
/*
 * Holds of procsrv.lock: large operations drop it regularly
 *
 * The tracepoint of lockdep counts how often a call takes the lock, so the
 * tests do not depend on speed. Without lockdep only the results are checked.
 */
#include <linux/capability.h>
#include <linux/cpumask.h>
#include <linux/delay.h>
#include <linux/jiffies.h>
#include <linux/lockdep.h>
#include <linux/tracepoint.h>

#include "common.h"

enum {
	OTHER_UID = 3000,
	OTHER_GID = 4000,

	/* A multiple of PROCSRV_BATCH. */
	MANY = 512,

	/*
	 * The producers end after this time, so that a call that does not end
	 * fails the test.
	 */
	PRODUCE_MS = 3000,
	BACKLOG = 2000,
	NR_PRODUCERS = 2,
};

static const struct caller stranger = { OTHER_UID, OTHER_GID, NO_CAP };

/**
 * struct holds - counts how often a task takes the lock of a server
 * @tp: the tracepoint
 * @ps: the server
 * @task: the task
 * @count: how often
 */
struct holds {
	struct tracepoint *tp;
	const struct procsrv *ps;
	const struct task_struct *task;
	u32 count;
};

#ifdef CONFIG_LOCKDEP
static void count_hold(void *data, struct lockdep_map *map, unsigned int sub,
		       int trylock, int read, int check,
		       struct lockdep_map *next, unsigned long ip)
{
	struct holds *h = data;

	if (map == &h->ps->lock.dep_map && current == h->task)
		h->count++;
}

static void find_tracepoint(struct tracepoint *tp, void *data)
{
	struct holds *h = data;

	if (!strcmp(tp->name, "lock_acquire"))
		h->tp = tp;
}

static void begin_holds(struct kunit *test, struct holds *h)
{
	*h = (struct holds) { .ps = server(test), .task = current };
	for_each_kernel_tracepoint(find_tracepoint, h);
	KUNIT_ASSERT_NOT_NULL(test, h->tp);
	KUNIT_ASSERT_EQ(test, tracepoint_probe_register(h->tp, count_hold, h),
			0);
}

static void end_holds(struct holds *h)
{
	tracepoint_probe_unregister(h->tp, count_hold, h);
	tracepoint_synchronize_unregister();
}

/* At least one hold for each PROCSRV_BATCH processes since the last call. */
static void expect_holds(struct kunit *test, struct holds *h)
{
	KUNIT_EXPECT_GE(test, h->count, MANY / PROCSRV_BATCH);
	h->count = 0;
}
#else
/* Nothing is counted, but the results are checked. */
static void begin_holds(struct kunit *test, struct holds *h)
{
}

static void end_holds(struct holds *h)
{
}

static void expect_holds(struct kunit *test, struct holds *h)
{
}
#endif

/**
 * struct crowd - processes of one user that are related in every way
 * @top: their parent, which leads @sid and @pgid
 * @last: the last of them
 * @sid: their session
 * @pgid: their group
 */
struct crowd {
	u64 top;
	u64 last;
	u32 sid;
	u32 pgid;
};

static struct crowd make_crowd(struct kunit *test)
{
	struct crowd c = { .top = make_process(test, PROCSRV_INIT_PID) };
	u32 i;

	c.sid = make_session(test, c.top);
	c.pgid = pgid_of(test, c.top);
	for (i = 1; i < MANY; i++)
		c.last = make_process(test, c.top);
	return c;
}

static u64 id_of(const struct crowd *c, enum procsrv_target target)
{
	switch (target) {
	case PROCSRV_TARGET_SID:
		return c->sid;
	case PROCSRV_TARGET_PGID:
		return c->pgid;
	default:
		return c->top;
	}
}

static const enum procsrv_target targets[] = {
	PROCSRV_TARGET_PGID, PROCSRV_TARGET_SID, PROCSRV_TARGET_TREE,
};

static const int signals[] = { 0, 1, 9, 10, 18, 19 };

/* Combination @i of a signal and a kind of target. */
static int signal_crowd(struct kunit *test, const struct crowd *c, u32 i,
			u32 *count)
{
	enum procsrv_target target = targets[i / ARRAY_SIZE(signals)];

	return procsrv_signal(server(test), 0, target, id_of(c, target),
			      signals[i % ARRAY_SIZE(signals)], count);
}

static void refused_signals(struct kunit *test)
{
	struct crowd c = make_crowd(test);
	struct holds h;
	struct role r;
	u32 i, count;

	begin_role(test, &r, &stranger);
	begin_holds(test, &h);
	for (i = 0; i < ARRAY_SIZE(targets) * ARRAY_SIZE(signals); i++) {
		count = 77;
		KUNIT_EXPECT_EQ(test, signal_crowd(test, &c, i, &count),
				-EPERM);
		KUNIT_EXPECT_EQ(test, count, 77U);
		expect_holds(test, &h);
	}
	end_holds(&h);
	end_role(&r);
}

static void refused_hang_up(struct kunit *test)
{
	struct crowd c = make_crowd(test);
	u32 count = 77;
	struct holds h;
	struct role r;
	int err;

	begin_role(test, &r, &stranger);
	begin_holds(test, &h);
	err = procsrv_hang_up(server(test), c.sid, &count);
	end_holds(&h);
	end_role(&r);
	KUNIT_EXPECT_EQ(test, err, -EPERM);
	KUNIT_EXPECT_EQ(test, count, 77U);
	expect_holds(test, &h);
}

/* The same if the processes are a line of descendants. */
static void refused_signals_down_a_line(struct kunit *test)
{
	u64 top = make_process(test, PROCSRV_INIT_PID);
	u64 pid = top;
	struct holds h;
	struct role r;
	u32 i, count;
	int err;

	for (i = 1; i < MANY; i++)
		pid = make_process(test, pid);
	/* Processes of the caller, but elsewhere. */
	for (i = 0; i < 4; i++)
		make_owned(test, PROCSRV_INIT_PID, OTHER_UID, OTHER_GID);
	begin_role(test, &r, &stranger);
	begin_holds(test, &h);
	err = procsrv_signal(server(test), 0, PROCSRV_TARGET_TREE, top, 10,
			     &count);
	end_holds(&h);
	end_role(&r);
	KUNIT_EXPECT_EQ(test, err, -EPERM);
	expect_holds(test, &h);
}

/* The one process that the caller may signal gets it, wherever it is. */
static void one_among_many(struct kunit *test)
{
	struct crowd c = make_crowd(test);
	u64 own = make_owned(test, c.last, OTHER_UID, OTHER_GID);
	struct role r;
	u32 i, count;

	make_process(test, c.top);
	for (i = 0; i < ARRAY_SIZE(targets); i++) {
		count = 77;
		begin_role(test, &r, &stranger);
		KUNIT_EXPECT_EQ(test,
				procsrv_signal(server(test), 0, targets[i],
					       id_of(&c, targets[i]), 10 + i,
					       &count), 0);
		end_role(&r);
		KUNIT_EXPECT_EQ(test, count, 1U);
		KUNIT_EXPECT_EQ(test, pending_of(test, own) >> 9,
				BIT_ULL(i + 1) - 1);
		KUNIT_EXPECT_EQ(test, pending_of(test, c.last), 0ULL);
	}
	begin_role(test, &r, &stranger);
	KUNIT_EXPECT_EQ(test, procsrv_hang_up(server(test), c.sid, &count), 0);
	end_role(&r);
	KUNIT_EXPECT_EQ(test, count, 1U);
	KUNIT_EXPECT_EQ(test, pending_of(test, own) & sigbit(1), sigbit(1));
	KUNIT_EXPECT_EQ(test, pending_of(test, c.top), 0ULL);
}

static void missing_targets(struct kunit *test)
{
	u32 i, count = 77;
	struct role r;

	begin_role(test, &r, &stranger);
	for (i = 0; i < ARRAY_SIZE(targets); i++)
		KUNIT_EXPECT_EQ(test,
				procsrv_signal(server(test), 0, targets[i],
					       TEST_NO_PID, 10, &count),
				-ESRCH);
	KUNIT_EXPECT_EQ(test, procsrv_hang_up(server(test), 1, &count), -ESRCH);
	end_role(&r);
	KUNIT_EXPECT_EQ(test, count, 77U);
}

/* Ids that are in use are skipped, at most PROCSRV_BATCH in each hold. */
static void ids_in_a_row(struct kunit *test)
{
	struct procsrv *ps = server(test);
	u64 pid = 0;
	struct holds h;
	u32 i, pgid;

	for (i = 0; i <= MANY; i++) {
		pid = make_process(test, PROCSRV_INIT_PID);
		if (i < MANY)
			make_group(test, pid);
	}
	write_lock(&ps->lock);
	ps->next_pgid = 1;
	write_unlock(&ps->lock);
	begin_holds(test, &h);
	KUNIT_EXPECT_EQ(test, procsrv_create_group(ps, 0, pid, 0, &pgid), 0);
	end_holds(&h);
	KUNIT_EXPECT_EQ(test, pgid, MANY + 1U);
	expect_holds(test, &h);
}

/* All members are looked at: none of them links the group to its session. */
static void orphaned_group(struct kunit *test)
{
	struct crowd c = make_crowd(test);
	struct holds h;
	int ret;

	begin_holds(test, &h);
	ret = procsrv_group_is_orphaned(server(test), c.pgid);
	end_holds(&h);
	KUNIT_EXPECT_EQ(test, ret, 1);
	expect_holds(test, &h);
}

/* One exit ends all waits with PROCSRV_WAIT_NOWAIT. */
static void report_to_many(struct kunit *test)
{
	u64 parent = make_process(test, PROCSRV_INIT_PID);
	u64 pid = make_process(test, parent);
	const struct procsrv_wait w = {
		.parent = parent,
		.which = PROCSRV_WAIT_ANY,
		.what = PROCSRV_WAIT_EXITED,
		.flags = PROCSRV_WAIT_NOWAIT,
	};
	struct request *r;
	struct holds h;
	u32 i;

	r = kunit_kcalloc(test, MANY, sizeof(*r), GFP_KERNEL);
	KUNIT_ASSERT_NOT_NULL(test, r);
	for (i = 0; i < MANY; i++)
		start_request(test, &r[i], &w, NULL);
	begin_holds(test, &h);
	end_process(test, pid);
	end_holds(&h);
	for (i = 0; i < MANY; i++) {
		KUNIT_EXPECT_EQ(test, procsrv_wait_end(server(test), &r[i].waiter,
						       -EINTR), 0);
		KUNIT_EXPECT_EQ(test, r[i].w.pid, pid);
	}
	expect_holds(test, &h);
}

/**
 * struct factory - creates zombies until it is stopped
 * @image: the image of the zombies
 * @stop: whether to stop
 * @nr_running: threads that create zombies
 */
struct factory {
	struct procsrv_image *image;
	bool stop;
	atomic_t nr_running;
};

static u64 nr_zombies(struct procsrv *ps)
{
	struct procsrv_stats stats;

	procsrv_get_stats(ps, &stats);
	return stats.zombies;
}

/* Shares a processor with procsrv_reap(), at a higher priority. */
static void make_zombies(struct worker *worker)
{
	unsigned long end = jiffies + msecs_to_jiffies(PRODUCE_MS);
	struct factory *f = worker->arg;
	u64 pid;

	set_cpus_allowed_ptr(current, cpumask_of(0));
	while (!READ_ONCE(f->stop) && time_before(jiffies, end)) {
		if (nr_zombies(worker->ps) >= BACKLOG) {
			usleep_range(100, 200);
			continue;
		}
		if (create_in(worker->ps, PROCSRV_INIT_PID, f->image, &pid) ||
		    procsrv_terminate(worker->ps, pid, 0, 0))
			worker->failures++;
	}
	atomic_dec(&f->nr_running);
}

static void reap_returns(struct kunit *test)
{
	struct factory f = {
		.image = make_image("zombie"),
		.nr_running = ATOMIC_INIT(NR_PRODUCERS),
	};
	u64 old = make_zombie(test, PROCSRV_INIT_PID);
	struct worker *workers;
	u32 looks = 0;
	s64 count;

	KUNIT_ASSERT_NOT_NULL(test, f.image);
	workers = new_workers(test, NR_PRODUCERS, make_zombies, &f);
	set_cpus_allowed_ptr(current, cpumask_of(0));
	start_workers(test, workers, NR_PRODUCERS);
	while (nr_zombies(server(test)) < BACKLOG / 2 && look_again(&looks))
		;
	set_user_nice(current, MAX_NICE);
	count = procsrv_reap(server(test));
	/* The producers were still running. */
	KUNIT_EXPECT_EQ(test, atomic_read(&f.nr_running), NR_PRODUCERS);
	WRITE_ONCE(f.stop, true);
	set_user_nice(current, 0);
	join_workers(test, workers, NR_PRODUCERS);
	KUNIT_EXPECT_GE(test, count, (s64)BACKLOG / 2);
	KUNIT_EXPECT_EQ(test, look_up(test, old), -ESRCH);
	while (procsrv_reap(server(test)))
		;
	set_cpus_allowed_ptr(current, cpu_possible_mask);
	procsrv_image_put(f.image);
}

static struct kunit_case holds_cases[] = {
	KUNIT_CASE(refused_signals),
	KUNIT_CASE(refused_hang_up),
	KUNIT_CASE(refused_signals_down_a_line),
	KUNIT_CASE(one_among_many),
	KUNIT_CASE(missing_targets),
	KUNIT_CASE(ids_in_a_row),
	KUNIT_CASE(orphaned_group),
	KUNIT_CASE(report_to_many),
	KUNIT_CASE(reap_returns),
	{}
};

static struct kunit_suite holds_suite = {
	.name = "procsrv-holds",
	.init = fixture_init,
	.exit = fixture_exit,
	.test_cases = holds_cases,
};

kunit_test_suite(holds_suite);
