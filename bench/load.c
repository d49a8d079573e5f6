// SPDX-License-Identifier: GPL-2.0-only
/*
 * The largest load beside a change that the default limits allow one user:
 * readers of its events, and waiters at one process
 */
#include <linux/err.h>
#include <linux/minmax.h>
#include <linux/vmalloc.h>

#include "bench.h"

enum {
	/* The defaults of max_user_readers and of max_user_sleepers. */
	NR_READERS = 128,
	NR_WAITERS = 16384,

	/* Capacity of the rings. They are full soon, which costs the most. */
	RING = 16,
};

/**
 * struct load_waiter - a waiter
 * @waiter: the waiter
 * @w: what it waits for
 */
struct load_waiter {
	struct procsrv_child_waiter waiter;
	struct procsrv_wait w;
};

/**
 * struct load - readers and waiters
 * @ps: the server
 * @readers: the readers
 * @nr_readers: number of readers
 * @waiters: the waiters
 * @nr_waiters: number of waiters
 */
struct load {
	struct procsrv *ps;
	struct procsrv_reader *readers[NR_READERS];
	u32 nr_readers;
	struct load_waiter *waiters;
	u32 nr_waiters;
};

static void wake_nothing(struct procsrv_waiter *waiter)
{
}

/* Every other reader follows a subtree. In a chain the subtrees are nested. */
static int add_reader(struct load *l, u64 pid)
{
	const bool subtree = l->nr_readers & 1;
	const struct procsrv_filter filter = {
		.pid = subtree ? pid : 0,
		.subtree = subtree,
		.kinds = U32_MAX,
	};
	struct procsrv_reader *reader = procsrv_reader_new(l->ps);
	u64 seq;

	if (!reader)
		return -ENOMEM;
	l->readers[l->nr_readers++] = reader;
	return procsrv_subscribe(reader, &filter, RING, &seq);
}

/*
 * Adds a waiter on behalf of @parent. Of every four, one waits for any child
 * and one for @child, both with PROCSRV_WAIT_NOWAIT, and two wait for children
 * in the group @pgid.
 */
static int add_waiter(struct load *l, u64 parent, u64 child, u32 pgid, u32 what)
{
	struct load_waiter *s = &l->waiters[l->nr_waiters];
	u32 i = l->nr_waiters % 4;
	int err;

	s->waiter.base.wake = wake_nothing;
	s->w.parent = parent;
	s->w.what = i == 3 ? PROCSRV_WAIT_EXITED : what;
	s->w.flags = i < 2 ? PROCSRV_WAIT_NOWAIT : 0;
	if (i == 1) {
		s->w.which = PROCSRV_WAIT_PID;
		s->w.id = child;
	} else if (i) {
		s->w.which = PROCSRV_WAIT_PGID;
		s->w.id = pgid;
	} else {
		s->w.which = PROCSRV_WAIT_ANY;
	}
	err = procsrv_wait_start(l->ps, &s->waiter, &s->w);
	if (err != -EINPROGRESS)
		return err ?: -EINVAL;
	l->nr_waiters++;
	return 0;
}

/**
 * load_new() - add readers and waiters
 * @ps: the server
 * @parent: the process that all wait on behalf of; the pids of its children
 *	follow its own
 * @nr: number of processes from the first child on
 * @pgid: the process group of the children
 * @what: what is waited for, which no child reports yet; or 0 for no waiters
 *
 * Return: the load, or an error.
 */
struct load *load_new(struct procsrv *ps, u64 parent, u64 nr, u32 pgid,
		      u32 what)
{
	struct load *l = vzalloc(sizeof(*l));
	int err = -ENOMEM;
	u32 i;

	if (!l)
		return ERR_PTR(-ENOMEM);
	l->ps = ps;
	l->waiters = vzalloc(array_size(NR_WAITERS, sizeof(*l->waiters)));
	if (l->waiters)
		err = 0;
	for (i = 0; !err && what && i < NR_WAITERS; i++) {
		err = add_waiter(l, parent, parent + 1, pgid, what);
		bench_relax();
	}
	/* In the upper part of a chain, so that the rest is in all subtrees. */
	for (i = 0; !err && i < NR_READERS; i++)
		err = add_reader(l, parent + min_t(u64, nr, i * 4));
	if (!err)
		return l;
	load_free(l);
	return ERR_PTR(err);
}

/**
 * load_free() - undo load_new()
 * @l: the load, or NULL
 */
void load_free(struct load *l)
{
	u32 i;

	if (!l)
		return;
	for (i = 0; i < l->nr_readers; i++)
		procsrv_reader_free(l->readers[i]);
	for (i = 0; i < l->nr_waiters; i++)
		procsrv_wait_end(l->ps, &l->waiters[i].waiter, -EINTR);
	vfree(l->waiters);
	vfree(l);
}
