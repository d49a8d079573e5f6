// SPDX-License-Identifier: GPL-2.0-only
/*
 * The cost of one operation, at different numbers of live processes
 */
#define pr_fmt(fmt) KBUILD_MODNAME ": " fmt

#include <linux/err.h>
#include <linux/sched/signal.h>
#include <linux/slab.h>
#include <linux/string.h>
#include <linux/vmalloc.h>

#include "bench.h"

enum {
	FILL_IN_ALL = 3000000,
};

enum {
	/* One process per this many cycles stays alive until the round ends. */
	KEEP_EVERY = 100,
	MAX_KEPT = 40,

	/* Processes created in a row, before they are ended in a row. */
	AT_A_TIME = 64,

	MAX_SLEEPERS = 65536,

	/* The signal that becomes pending. */
	SENT_SIGNAL = 20,
};

/**
 * struct sleeping - a wait or a taker that stays asleep
 * @waiter: the waiter
 * @w: what it waits for
 * @taker: the taker
 * @take: the signals that it takes
 */
struct sleeping {
	union {
		struct {
			struct procsrv_child_waiter waiter;
			struct procsrv_wait w;
		};
		struct {
			struct procsrv_taker taker;
			struct procsrv_take take;
		};
	};
};

/**
 * struct growth - the measurements at one number of processes
 * @h: the processes
 * @kept: processes that stay alive until the end of a round
 * @nr_kept: number of @kept
 * @sleeping: waits on behalf of the usual parent, or takers of signals to one
 *	child; as many as there are processes, at most MAX_SLEEPERS
 * @nr_sleeping: number of @sleeping
 * @waited_for: a child that they could be woken for
 * @host: hosts the processes from @from_special on, if they are hosted
 * @from_special: pid of the first of @nr_special children of the usual parent
 *	that are hosted, or clone children
 * @nr_special: number of these children
 * @pgid: the group of @waited_for
 * @seed: seed of the random numbers
 * @from: the first pid that a round of create has assigned
 * @infos: room for a page of a list
 * @pages: duration of each page
 * @loops: duration of each idle loop that was to take as long as a page
 */
struct growth {
	struct herd *h;
	u64 kept[MAX_KEPT];
	u32 nr_kept;
	struct sleeping *sleeping;
	u32 nr_sleeping;
	u64 waited_for;
	struct procsrv_owner host;
	u64 from_special;
	u32 nr_special;
	u32 pgid;
	u64 seed;
	u64 from;
	struct procsrv_info infos[PROCSRV_BATCH];
	struct histogram pages;
	struct histogram loops;
};

/**
 * struct operation - an operation that is measured
 * @name: its name
 * @run: does it that many times; returns how many times it was done, or an
 *	error
 * @undo: undoes it, or NULL
 * @times: number of times per round
 * @small: limit @times to a quarter of the live processes
 * @begin: adds waiters, takers or processes beside it, or NULL
 * @end: undoes @begin
 */
struct operation {
	const char *name;
	s64 (*run)(struct growth *g, u32 times);
	int (*undo)(struct growth *g, u32 times);
	u32 times;
	bool small;
	int (*begin)(struct growth *g);
	void (*end)(struct growth *g);
};

/* The parent of new processes: the same for all, as in the seed's benchmark. */
static u64 usual_parent(const struct herd *h)
{
	return h->shape == FAMILY ? h->leader : h->first + h->live - 1;
}

static s64 run_create(struct growth *g, u32 times)
{
	u64 parent = usual_parent(g->h);
	u64 pid = 0;
	u32 i;
	int err;

	for (i = 0; i < times; i++) {
		err = herd_add(g->h, parent, &pid);
		if (err)
			return err;
	}
	g->from = pid + 1 - times;
	return times;
}

/* A child of the usual parent. */
static int end_child(struct growth *g, u64 pid)
{
	int err = procsrv_terminate(g->h->ps, pid, 0, 0);

	return err ?: herd_reap(g->h, usual_parent(g->h), pid);
}

static int undo_create(struct growth *g, u32 times)
{
	u64 pid;
	int err = 0;

	for (pid = g->from; !err && pid < g->from + times; pid++)
		err = end_child(g, pid);
	return err;
}

/*
 * A cycle among the same processes finds the allocator in the same state each
 * time, which is an expensive one if a slab is just full. So the number of
 * processes grows by one now and then.
 */
static int keep_one(struct growth *g, u32 cycle)
{
	u64 pid;
	int err;

	if (cycle % KEEP_EVERY || g->nr_kept == MAX_KEPT)
		return 0;
	err = herd_add(g->h, usual_parent(g->h), &pid);
	if (!err)
		g->kept[g->nr_kept++] = pid;
	return err;
}

static int undo_kept(struct growth *g, u32 times)
{
	int err = 0;

	while (!err && g->nr_kept)
		err = end_child(g, g->kept[--g->nr_kept]);
	return err;
}

static void wake_nobody(struct procsrv_waiter *s)
{
}

static void free_sleeping(struct growth *g)
{
	vfree(g->sleeping);
	g->sleeping = NULL;
	g->nr_sleeping = 0;
}

/* Creates the child that is waited for, and allocates @nr waits. */
static int alloc_sleeping(struct growth *g, u32 nr)
{
	int err = herd_add(g->h, usual_parent(g->h), &g->waited_for);

	if (err)
		return err;
	g->sleeping = vzalloc(array_size(nr, sizeof(*g->sleeping)));
	return g->sleeping ? 0 : -ENOMEM;
}

static u32 nr_waiters(const struct growth *g)
{
	return min_t(u64, g->h->live, MAX_SLEEPERS);
}

static void end_waiting(struct growth *g)
{
	u32 i;

	for (i = 0; i < g->nr_sleeping; i++)
		procsrv_wait_end(g->h->ps, &g->sleeping[i].waiter, -EINTR);
	free_sleeping(g);
}

/*
 * Waits for stops, which do not occur: of any child or of one group, with and
 * without PROCSRV_WAIT_NOWAIT.
 */
static int begin_waiting(struct growth *g)
{
	u32 i, nr = nr_waiters(g);
	int err;

	err = alloc_sleeping(g, nr);
	if (!err)
		err = procsrv_look(g->h->ps, g->waited_for, &g->infos[0]);
	if (err)
		return err;
	for (i = 0; i < nr; i++) {
		struct sleeping *s = &g->sleeping[i];

		s->waiter.base.wake = wake_nobody;
		s->w.parent = usual_parent(g->h);
		s->w.what = PROCSRV_WAIT_STOPPED;
		s->w.flags = i & 1 ? PROCSRV_WAIT_NOWAIT : 0;
		if (i & 2 && g->infos[0].pgid) {
			s->w.which = PROCSRV_WAIT_PGID;
			s->w.id = g->infos[0].pgid;
		}
		err = procsrv_wait_start(g->h->ps, &s->waiter, &s->w);
		if (err != -EINPROGRESS)
			return err ?: -EINVAL;
		g->nr_sleeping++;
	}
	return 0;
}

static void end_taking(struct growth *g)
{
	u32 i;

	for (i = 0; i < g->nr_sleeping; i++)
		procsrv_take_end(g->h->ps, &g->sleeping[i].taker, -EINTR);
	free_sleeping(g);
}

/* Takers of one or two signals each, but not of the one that is sent. */
static int begin_taking(struct growth *g)
{
	u32 i, nr = nr_waiters(g);
	int err;

	err = alloc_sleeping(g, nr);
	if (err)
		return err;
	for (i = 0; i < nr; i++) {
		struct sleeping *s = &g->sleeping[i];

		s->taker.base.wake = wake_nobody;
		s->take.pid = g->waited_for;
		s->take.mask = BIT_ULL(SENT_SIGNAL + i % 32) |
			       BIT_ULL(SENT_SIGNAL + i / 32 % 32);
		err = procsrv_take_start(g->h->ps, &s->taker, &s->take);
		if (err != -EINPROGRESS)
			return err ?: -EINVAL;
		g->nr_sleeping++;
	}
	return 0;
}

/* A signal is sent and taken. */
static s64 run_signal(struct growth *g, u32 times)
{
	struct procsrv_take take = {
		.pid = g->waited_for,
		.mask = BIT_ULL(SENT_SIGNAL - 1),
		.flags = PROCSRV_TAKE_NOHANG,
	};
	int err = 0;
	u32 i, count;

	for (i = 0; !err && i < times; i++) {
		err = procsrv_signal(g->h->ps, 0, PROCSRV_TARGET_PID,
				     g->waited_for, SENT_SIGNAL, &count);
		if (!err)
			err = procsrv_take_signal(g->h->ps, &take);
	}
	return err ?: times;
}

/* Creates a hosted process or a clone child. */
static int add_special(struct growth *g, bool hosted, u64 *pid)
{
	struct procsrv_create_params params = {
		.parent = usual_parent(g->h),
		.owner = hosted ? &g->host : NULL,
		.hosted = hosted,
		.has_notify = !hosted,
	};

	bench_relax();
	return procsrv_create(g->h->ps, &params, pid);
}

/* As many as there are processes, but at most MAX_SLEEPERS. */
static int add_specials(struct growth *g, bool hosted)
{
	int err = herd_add(g->h, usual_parent(g->h), &g->waited_for);
	u32 nr = nr_waiters(g);
	u64 pid;

	if (!err)
		err = procsrv_look(g->h->ps, g->waited_for, &g->infos[0]);
	g->pgid = g->infos[0].pgid;
	g->from_special = g->waited_for + 1;
	for (g->nr_special = 0; !err && g->nr_special < nr; g->nr_special++)
		err = add_special(g, hosted, &pid);
	return err;
}

/* Adds hosted processes with one pending signal each. */
static int begin_hosting(struct growth *g)
{
	u32 i, count;
	int err;

	procsrv_owner_init(&g->host);
	err = add_specials(g, true);
	for (i = 0; !err && i < g->nr_special; i++) {
		err = procsrv_signal(g->h->ps, 0, PROCSRV_TARGET_PID,
				     g->from_special + i, SENT_SIGNAL, &count);
		bench_relax();
	}
	return err;
}

static void reap_specials(struct growth *g)
{
	struct procsrv_wait w = {
		.parent = usual_parent(g->h),
		.which = PROCSRV_WAIT_PID,
		.what = PROCSRV_WAIT_EXITED,
		.flags = PROCSRV_WAIT_NOHANG | PROCSRV_WAIT_WALL,
	};
	u32 i;

	for (i = 0; i < g->nr_special; i++) {
		w.id = g->from_special + i;
		procsrv_wait(g->h->ps, &w);
		bench_relax();
	}
	g->nr_special = 0;
}

static void end_hosting(struct growth *g)
{
	procsrv_kill_tied(g->h->ps, &g->host);
	procsrv_owner_exit(&g->host);
	reap_specials(g);
}

/*
 * Takes from the process whose signal is pending for longest, and queues it at
 * the end again.
 */
static s64 run_take_any(struct growth *g, u32 times)
{
	struct procsrv_take take = {
		.owner = &g->host,
		.mask = U64_MAX,
		.flags = PROCSRV_TAKE_NOHANG,
	};
	int err = 0;
	u32 i, count;

	for (i = 0; !err && i < times; i++) {
		err = procsrv_take_signal(g->h->ps, &take);
		if (!err)
			err = procsrv_signal(g->h->ps, 0, PROCSRV_TARGET_PID,
					     take.target, SENT_SIGNAL, &count);
	}
	return err ?: times;
}

static u64 random_hosted(struct growth *g)
{
	return g->from_special +
	       (herd_random(g->h, &g->seed) - g->h->first) % g->nr_special;
}

/* One hosted process sends a signal to another. */
static s64 run_signal_hosted(struct growth *g, u32 times)
{
	struct procsrv_take take = {
		.mask = BIT_ULL(SENT_SIGNAL),
		.flags = PROCSRV_TAKE_NOHANG,
	};
	int err = 0;
	u32 i, count;

	for (i = 0; !err && i < times; i++) {
		take.pid = random_hosted(g);
		err = procsrv_signal(g->h->ps, g->from_special,
				     PROCSRV_TARGET_PID, take.pid,
				     SENT_SIGNAL + 1, &count);
		if (!err)
			err = procsrv_take_signal(g->h->ps, &take);
	}
	return err ?: times;
}

static s64 run_report(struct growth *g, u32 times)
{
	int err = 0;
	u32 i;

	for (i = 0; !err && i < times; i++) {
		u64 pid = random_hosted(g);

		err = procsrv_report_body(g->h->ps, pid, PROCSRV_BODY_STOPPED,
					  PROCSRV_SIGSTOP);
		if (!err)
			err = procsrv_report_body(g->h->ps, pid,
						  PROCSRV_BODY_CONTINUED, 0);
	}
	return err ?: times;
}

static int begin_cloning(struct growth *g)
{
	return add_specials(g, false);
}

static void end_cloning(struct growth *g)
{
	u32 i;

	for (i = 0; i < g->nr_special; i++) {
		procsrv_terminate(g->h->ps, g->from_special + i, 0, 0);
		bench_relax();
	}
	reap_specials(g);
}

/* A clone child exits, and is reaped among many children of both kinds. */
static int cycle_clone(struct growth *g, struct procsrv_wait *w)
{
	u64 pid;
	int err = add_special(g, false, &pid);

	if (!err)
		err = procsrv_terminate(g->h->ps, pid, 0, 0);
	return err ?: procsrv_wait(g->h->ps, w);
}

static s64 run_wait_clones(struct growth *g, u32 times)
{
	struct procsrv_wait w = {
		.parent = usual_parent(g->h),
		.what = PROCSRV_WAIT_EXITED,
		.flags = PROCSRV_WAIT_NOHANG | PROCSRV_WAIT_WCLONE,
	};
	int err = 0;
	u32 i;

	for (i = 0; !err && i < times; i++)
		err = cycle_clone(g, &w);
	return err ?: times;
}

static s64 run_wait_both(struct growth *g, u32 times)
{
	struct procsrv_wait w = {
		.parent = usual_parent(g->h),
		.which = PROCSRV_WAIT_PGID,
		.what = PROCSRV_WAIT_EXITED,
		.flags = PROCSRV_WAIT_NOHANG | PROCSRV_WAIT_WALL,
		.id = g->pgid,
	};
	int err = 0;
	u32 i;

	for (i = 0; !err && i < times; i++)
		err = cycle_clone(g, &w);
	return err ?: times;
}

static s64 run_cycle(struct growth *g, u32 times)
{
	u64 parent = usual_parent(g->h);
	int err = 0;
	u32 i;

	for (i = 0; !err && i < times; i++) {
		err = herd_cycle(g->h, parent);
		if (!err)
			err = keep_one(g, i);
	}
	return err ?: times;
}

static s64 run_cycle_random(struct growth *g, u32 times)
{
	int err = 0;
	u32 i;

	for (i = 0; !err && i < times; i++) {
		err = herd_cycle(g->h, herd_random(g->h, &g->seed));
		if (!err)
			err = keep_one(g, i);
	}
	return err ?: times;
}

/* As a batch does: several are created, then ended, then waited for. */
static int cycle_some(struct growth *g, u64 parent)
{
	u64 pids[AT_A_TIME];
	int err = 0;
	u32 i;

	for (i = 0; !err && i < AT_A_TIME; i++)
		err = herd_add(g->h, parent, &pids[i]);
	for (i = 0; !err && i < AT_A_TIME; i++)
		err = procsrv_terminate(g->h->ps, pids[i], 0, 0);
	for (i = 0; !err && i < AT_A_TIME; i++)
		err = herd_reap(g->h, parent, pids[i]);
	return err;
}

static s64 run_cycle_some(struct growth *g, u32 times)
{
	u64 parent = usual_parent(g->h);
	int err = 0;
	u32 i;

	for (i = 0; !err && i < times; i += AT_A_TIME)
		err = cycle_some(g, parent);
	return err ?: i;
}

static s64 run_look(struct growth *g, u32 times)
{
	int err = 0;
	u32 i;

	for (i = 0; !err && i < times; i++)
		err = herd_look(g->h, herd_random(g->h, &g->seed));
	return err ?: times;
}

static s64 run_update(struct growth *g, u32 times)
{
	int err = 0;
	u32 i;

	for (i = 0; !err && i < times; i++)
		err = herd_update(g->h, herd_random(g->h, &g->seed));
	return err ?: times;
}

static int stop_and_continue(struct herd *h, enum procsrv_target target, u64 id)
{
	u32 count;
	int err;

	err = procsrv_signal(h->ps, 0, target, id, PROCSRV_SIGSTOP, &count);
	if (err)
		return err;
	return procsrv_signal(h->ps, 0, target, id, PROCSRV_SIGCONT, &count);
}

static s64 run_stop(struct growth *g, u32 times)
{
	int err = 0;
	u32 i;

	for (i = 0; !err && i < times; i++)
		err = stop_and_continue(g->h, PROCSRV_TARGET_PID,
					herd_random(g->h, &g->seed));
	return err ?: times;
}

/* Counted per member and signal. */
static s64 run_signal_group(struct growth *g, u32 times)
{
	int err;

	err = stop_and_continue(g->h, PROCSRV_TARGET_PGID, g->h->pgid);
	return err ?: 2 * (s64)g->h->nr_members;
}

static s64 run_stats(struct growth *g, u32 times)
{
	struct procsrv_stats stats;
	u32 i;

	for (i = 0; i < times; i++) {
		procsrv_get_stats(g->h->ps, &stats);
		barrier_data(&stats);
	}
	return times;
}

/* Counted per process. */
static s64 run_list(struct growth *g, u32 times)
{
	u64 cursor = 0;
	s64 total = 0;
	int n;

	do {
		n = procsrv_list(g->h->ps, PROCSRV_LIST_ALL, 0, cursor,
				 g->infos, PROCSRV_BATCH, NULL);
		if (n < 0)
			return n;
		if (n)
			cursor = g->infos[n - 1].pid;
		total += n;
		bench_relax();
	} while (n == PROCSRV_BATCH);
	return total;
}

/* The same, with each page timed: one call is one hold of the lock. */
static s64 run_list_pages(struct growth *g, u32 times)
{
	u64 cursor = 0, begin;
	int n;

	do {
		begin = bench_now();
		n = procsrv_list(g->h->ps, PROCSRV_LIST_ALL, 0, cursor,
				 g->infos, PROCSRV_BATCH, NULL);
		histogram_add(&g->pages, bench_now() - begin);
		if (n > 0)
			cursor = g->infos[n - 1].pid;
		bench_relax();
	} while (n == PROCSRV_BATCH);
	return n;
}

/*
 * A page that takes long may have been interrupted, by the machine or by a
 * hypervisor. Idle loops of the same length show how often that happens.
 */
static void run_loops(struct growth *g)
{
	u64 usual = histogram_usual(&g->pages);
	u64 begin, now;

	while (g->loops.n < g->pages.n) {
		begin = bench_now();
		do {
			now = bench_now();
		} while (now - begin < usual);
		histogram_add(&g->loops, now - begin);
		bench_relax();
	}
}

static const struct operation operations[] = {
	{ "create", run_create, undo_create, 4000, true },
	{ "create+terminate+wait", run_cycle, undo_kept, 4000 },
	{ "create+terminate+wait, sleepers", run_cycle, undo_kept, 4000,
	  .begin = begin_waiting, .end = end_waiting },
	{ "create+terminate+wait, any parent", run_cycle_random, undo_kept,
	  4000 },
	{ "create+terminate+wait, 64 at a time", run_cycle_some, NULL, 4032 },
	{ "look-up", run_look, NULL, 20000 },
	{ "update", run_update, NULL, 20000 },
	{ "stop+continue", run_stop, NULL, 10000 },
	{ "signal+take, takers", run_signal, NULL, 4000,
	  .begin = begin_taking, .end = end_taking },
	{ "signal to a group", run_signal_group, NULL, 1 },
	{ "statistics", run_stats, NULL, 20000 },
	{ "list", run_list, NULL, 1 },
	{ "take of any+signal, hosted", run_take_any, NULL, 4000,
	  .begin = begin_hosting, .end = end_hosting },
	{ "signal by a hosted process+take", run_signal_hosted, NULL, 4000,
	  .begin = begin_hosting, .end = end_hosting },
	{ "report: stopped+continued", run_report, NULL, 4000,
	  .begin = begin_hosting, .end = end_hosting },
	{ "create+terminate+wait, clones", run_wait_clones, NULL, 4000,
	  .begin = begin_cloning, .end = end_cloning },
	{ "create+terminate+wait, both kinds", run_wait_both, NULL, 4000,
	  .begin = begin_cloning, .end = end_cloning },
};

/* Limited for operations that would change the number of processes too much. */
static u32 times_of(const struct operation *op, u64 live)
{
	return op->small ? clamp_t(u64, live / 4, 1, op->times) : op->times;
}

/* The first round only warms up. */
static int measure_rounds(struct growth *g, const struct operation *op)
{
	u32 times = times_of(op, g->h->live);
	struct samples s = {};
	u64 begin, end;
	u32 round;
	int err;
	s64 n;

	for (round = 0; round <= bench_rounds; round++) {
		begin = bench_now();
		n = op->run(g, times);
		end = bench_now();
		if (n < 0)
			return n;
		err = op->undo ? op->undo(g, times) : 0;
		if (err)
			return err;
		if (fatal_signal_pending(current))
			return -EINTR;
		if (round)
			sample_add(&s, end - begin, n);
		bench_relax();
	}
	report(op->name, shape_names[g->h->shape], g->h->live, bench_unit(),
	       &s);
	return 0;
}

static int measure(struct growth *g, const struct operation *op)
{
	int err;

	if (!op->begin)
		return measure_rounds(g, op);
	err = op->begin(g) ?: measure_rounds(g, op);
	op->end(g);
	return err ?: end_child(g, g->waited_for);
}

static int measure_all(struct growth *g)
{
	int i, err;

	for (i = 0; i < ARRAY_SIZE(operations); i++) {
		err = measure(g, &operations[i]);
		if (err)
			return err;
	}
	for (i = 0; i <= bench_rounds; i++) {
		if (run_list_pages(g, 1) < 0)
			return -EINVAL;
	}
	run_loops(g);
	report_histogram("list page", shape_names[g->h->shape], "procsrv_list",
			 g->h->live, &g->pages);
	report_histogram("list page", shape_names[g->h->shape],
			 "a loop for as long", g->h->live, &g->loops);
	return 0;
}

/* Fills servers until FILL_IN_ALL processes were created in total. */
static int measure_filling(struct growth *g, enum herd_shape shape, u64 live)
{
	struct samples s = {};
	u64 filled = 0;

	do {
		herd_free(g->h);
		g->h = herd_new(shape, live, false);
		if (IS_ERR(g->h))
			return PTR_ERR(g->h);
		sample_add(&s, g->h->elapsed, live);
		filled += live;
	} while (s.n < bench_rounds && filled < FILL_IN_ALL);
	report("create, from none", shape_names[shape], live, bench_unit(), &s);
	return 0;
}

static int grow(struct growth *g, enum herd_shape shape, u64 live)
{
	int err;

	err = measure_filling(g, shape, live);
	if (err)
		return err;
	err = herd_split(g->h);
	if (!err)
		err = measure_all(g);
	herd_free(g->h);
	return err;
}

/**
 * bench_growth() - measure each operation in each shape at each size
 *
 * Return: 0 or an error.
 */
int bench_growth(void)
{
	int shape, i, err = 0;
	struct growth *g;

	g = vmalloc(sizeof(*g));
	if (!g)
		return -ENOMEM;
	for (i = 0; !err && i < bench_nr_sizes; i++) {
		for (shape = 0; !err && shape < NR_SHAPES; shape++) {
			memset(g, 0, sizeof(*g));
			g->seed = 12345;
			err = grow(g, shape, max(bench_sizes[i], 1u));
		}
	}
	vfree(g);
	return err;
}
