// SPDX-License-Identifier: GPL-2.0-only
/*
 * Single calls that affect many processes: the exit of a parent, reap
 */
#include <linux/err.h>
#include <linux/sched/signal.h>

#include "bench.h"

static int end_children(struct herd *h, u64 first, u64 n)
{
	u64 pid;
	int err;

	for (pid = first; pid < first + n; pid++) {
		err = procsrv_terminate(h->ps, pid, 0, 0);
		if (err)
			return err;
		if (fatal_signal_pending(current))
			return -EINTR;
		bench_relax();
	}
	return 0;
}

/**
 * struct bulk - results of the rounds
 * @parent: the exit of a parent, with live children
 * @zombies: the same with zombies
 * @reap: reap of these zombies
 */
struct bulk {
	struct samples parent;
	struct samples zombies;
	struct samples reap;
};

static int measure_exit(struct herd *h, bool zombies, struct samples *s)
{
	u64 parent, begin;
	int err;

	err = herd_add(h, h->leader, &parent);
	if (!err)
		err = herd_add_children(h, parent, bench_bulk);
	if (!err && zombies)
		err = end_children(h, parent + 1, bench_bulk);
	if (err)
		return err;
	begin = bench_now();
	err = procsrv_terminate(h->ps, parent, 0, 0);
	sample_add(s, bench_now() - begin, bench_bulk);
	return err;
}

static int measure_reap(struct herd *h, struct samples *s)
{
	u64 begin = bench_now();
	u64 n = procsrv_reap(h->ps);

	sample_add(s, bench_now() - begin, n);
	if (fatal_signal_pending(current))
		return -EINTR;
	return n == bench_bulk ? 0 : -EINVAL;
}

/* The exited parents stay as zombies, because nothing waits for them. */
static int measure(struct bulk *b)
{
	struct herd *h = herd_new(FAMILY, 1, false);
	int err;

	if (IS_ERR(h))
		return PTR_ERR(h);
	err = measure_exit(h, true, &b->zombies);
	if (!err)
		err = measure_reap(h, &b->reap);
	if (!err)
		err = measure_exit(h, false, &b->parent);
	herd_free(h);
	return err;
}

/**
 * bench_bulk_operations() - measure single calls that affect many processes
 *
 * Return: 0 or an error.
 */
int bench_bulk_operations(void)
{
	struct bulk b = {};
	int err = 0;
	u32 round;

	for (round = 0; !err && round < bench_rounds; round++)
		err = measure(&b);
	if (err)
		return err;
	report("terminate a parent, by child", "living children", bench_bulk,
	       bench_unit(), &b.parent);
	report("terminate a parent, by child", "zombies", bench_bulk,
	       bench_unit(), &b.zombies);
	report("reap, by zombie", "orphans", bench_bulk, bench_unit(), &b.reap);
	return 0;
}
