// SPDX-License-Identifier: GPL-2.0-only
/*
 * How long other tasks wait during a large operation
 *
 * The large operation runs on the first processor. On the second, an observer
 * repeats a small operation back to back, and measures each time how long it
 * takes. One observer looks processes up. Another updates them, which needs the
 * lock for writing: it waits at least until the current hold of the lock ends,
 * be it for reading or for writing. So its longest duration bounds the longest
 * hold of the lock.
 */
#include <linux/cpumask.h>
#include <linux/delay.h>
#include <linux/err.h>
#include <linux/ktime.h>
#include <linux/sched/signal.h>
#include <linux/slab.h>
#include <linux/string.h>
#include <linux/vmalloc.h>

#include "bench.h"

enum {
	SETTLE_MS = 5,
	QUIET_MS = 300,
	ROUNDS = 5,
};

/**
 * struct scene - the processes that the large operations are done to
 * @h: all of them
 * @parent: has many children
 * @orphans: had many children, which are zombies
 * @infos: room for a page of a list
 */
struct scene {
	struct herd *h;
	u64 parent;
	u64 orphans;
	struct procsrv_info infos[PROCSRV_BATCH];
};

static int do_nothing(struct scene *s)
{
	msleep(QUIET_MS);
	return 0;
}

/* Keeps the processor busy, without taking any lock. */
static int do_spin(struct scene *s)
{
	ktime_t end = ktime_add_ms(ktime_get(), QUIET_MS);

	while (ktime_before(ktime_get(), end))
		bench_relax();
	return 0;
}

static int do_stop_group(struct scene *s)
{
	u32 count;

	return procsrv_signal(s->h->ps, 0, PROCSRV_TARGET_PGID, s->h->pgid,
			      PROCSRV_SIGSTOP, &count);
}

static int do_continue_group(struct scene *s)
{
	u32 count;

	return procsrv_signal(s->h->ps, 0, PROCSRV_TARGET_PGID, s->h->pgid,
			      PROCSRV_SIGCONT, &count);
}

static int do_pend_group(struct scene *s)
{
	u32 count;

	return procsrv_signal(s->h->ps, 0, PROCSRV_TARGET_PGID, s->h->pgid, 10,
			      &count);
}

static int do_list(struct scene *s)
{
	u64 cursor = 0;
	int n;

	do {
		n = procsrv_list(s->h->ps, PROCSRV_LIST_ALL, 0, cursor,
				 s->infos, PROCSRV_BATCH, NULL);
		if (n < 0)
			return n;
		if (n)
			cursor = s->infos[n - 1].pid;
		bench_relax();
	} while (n == PROCSRV_BATCH);
	return 0;
}

static int do_exit_parent(struct scene *s)
{
	return procsrv_terminate(s->h->ps, s->parent, 0, 0);
}

static int do_exit_orphans(struct scene *s)
{
	return procsrv_terminate(s->h->ps, s->orphans, 0, 0);
}

static int do_reap(struct scene *s)
{
	return procsrv_reap(s->h->ps) >= bench_bulk ? 0 : -EINVAL;
}

static int do_kill_all(struct scene *s)
{
	procsrv_kill_all(s->h->ps);
	return 0;
}

/* Done in this order in every round, with the same processes. */
static const struct {
	const char *name;
	int (*run)(struct scene *s);
} events[] = {
	{ "nothing", do_nothing },
	{ "a busy processor", do_spin },
	{ "list all", do_list },
	{ "stop a group", do_stop_group },
	{ "continue a group", do_continue_group },
	{ "pend a signal in a group", do_pend_group },
	{ "terminate a parent", do_exit_parent },
	{ "terminate a parent of zombies", do_exit_orphans },
	{ "reap", do_reap },
	{ "kill all", do_kill_all },
};

/**
 * struct observer - the small operation beside a large one
 * @name: its name
 * @fn: does it
 */
struct observer {
	const char *name;
	int (*fn)(struct worker *w);
};

static const struct observer observers[] = {
	{ "look-up", work_look },
	{ "update", work_update },
};

/**
 * struct record - results of an observer
 * @observed: durations of the small operation
 * @duration: durations of the large operation
 */
struct record {
	struct histogram observed[ARRAY_SIZE(events)];
	struct samples duration[ARRAY_SIZE(events)];
};

/* A parent with children, and one with zombies. These are not observed. */
static int add_parents(struct scene *s)
{
	u64 i;
	int err;

	err = herd_add(s->h, s->h->leader, &s->parent);
	if (!err)
		err = herd_add_children(s->h, s->parent, bench_bulk);
	if (!err)
		err = herd_add(s->h, s->h->leader, &s->orphans);
	if (!err)
		err = herd_add_children(s->h, s->orphans, bench_bulk);
	for (i = 1; !err && i <= bench_bulk; i++) {
		err = procsrv_terminate(s->h->ps, s->orphans + i, 0, 0);
		bench_relax();
	}
	return err;
}

static int observe(struct scene *s, struct worker *w, int event,
		   struct record *r)
{
	u64 begin;
	int err;

	WRITE_ONCE(w->hist, &r->observed[event]);
	begin = bench_now();
	err = events[event].run(s);
	sample_add(&r->duration[event], bench_now() - begin, 1);
	WRITE_ONCE(w->hist, NULL);
	if (!err && fatal_signal_pending(current))
		err = -EINTR;
	return err;
}

static int observe_all(struct scene *s, const struct observer *by,
		       struct record *r)
{
	struct worker w = {
		.fn = by->fn,
		.h = s->h,
		.seed = 12345,
		.timed = true,
	};
	int err, i;

	err = worker_start(&w, 1);
	if (err)
		return err;
	msleep(SETTLE_MS);
	for (i = 0; !err && i < ARRAY_SIZE(events); i++)
		err = observe(s, &w, i, r);
	return worker_stop(&w) ?: err;
}

static int run_round(struct scene *s, const struct observer *by,
		     struct record *r)
{
	int err;

	s->h = herd_new(FAMILY, max(bench_live, 1u), false);
	if (IS_ERR(s->h))
		return PTR_ERR(s->h);
	err = herd_split(s->h);
	if (!err)
		err = add_parents(s);
	if (!err)
		err = observe_all(s, by, r);
	herd_free(s->h);
	return err;
}

static void report_record(const struct observer *by, struct record *r)
{
	int i;

	for (i = 0; i < ARRAY_SIZE(events); i++) {
		report_histogram("beside", events[i].name, by->name, bench_live,
				 &r->observed[i]);
		report("duration", events[i].name, bench_live, bench_unit(),
		       &r->duration[i]);
	}
}

/**
 * bench_waits() - measure how long other tasks wait
 *
 * Return: 0 or an error.
 */
int bench_waits(void)
{
	u32 rounds = min_t(u32, bench_rounds, ROUNDS);
	struct record *r = vmalloc(sizeof(*r));
	struct scene *s = vzalloc(sizeof(*s));
	int err = r && s ? 0 : -ENOMEM;
	u32 round;
	int i;

	if (num_online_cpus() < 2)
		err = -ENODEV;
	for (i = 0; !err && i < ARRAY_SIZE(observers); i++) {
		memset(r, 0, sizeof(*r));
		for (round = 0; !err && round < rounds; round++)
			err = run_round(s, &observers[i], r);
		if (!err)
			report_record(&observers[i], r);
	}
	vfree(s);
	vfree(r);
	return err;
}
