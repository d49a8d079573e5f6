// SPDX-License-Identifier: GPL-2.0-only
/*
 * Matching: which waiter gets which report, and which waits are unsatisfiable
 */
#include <linux/overflow.h>

#include "internal.h"

static_assert(BIT(PROCSRV_REPORT_EXITED) == PROCSRV_WAIT_EXITED);
static_assert(BIT(PROCSRV_REPORT_STOPPED) == PROCSRV_WAIT_STOPPED);
static_assert(BIT(PROCSRV_REPORT_CONTINUED) == PROCSRV_WAIT_CONTINUED);

enum {
	KINDS = PROCSRV_WAIT_WCLONE | PROCSRV_WAIT_WALL,
};

static enum procsrv_waiter_kind kind_of(const struct procsrv_wait *w)
{
	if (likely(!(w->flags & KINDS)))
		return PROCSRV_WAITER_CHILDREN;
	return w->flags & PROCSRV_WAIT_WALL ? PROCSRV_WAITER_BOTH :
					      PROCSRV_WAITER_CLONES;
}

/* May it find @p, a child of @parent? Most often all are of one kind. */
static inline bool is_of_its_kind(const struct procsrv_wait *w,
				  const struct procsrv_process *parent,
				  const struct procsrv_process *p)
{
	if (likely(!(w->flags & KINDS ||
		     parent->modes & PROCSRV_MODE_HAS_CLONES)))
		return true;
	return w->flags & PROCSRV_WAIT_WALL ||
	       procsrv_is_clone(p) == !!(w->flags & PROCSRV_WAIT_WCLONE);
}

/* The one child that it waits for, if it may find that. */
static __always_inline struct procsrv_process *
find_child(struct procsrv *ps, struct procsrv_process *parent,
	   const struct procsrv_wait *w)
{
	struct procsrv_process *p = procsrv_find(ps, w->id);

	return p && p->parent == parent && is_of_its_kind(w, parent, p) ?
		       p : NULL;
}

/**
 * procsrv_lowest_wanted() - the child with the lowest pid that satisfies a wait
 * @ps: the server
 * @parent: the process on behalf of which to wait
 * @w: what to wait for; group 0 becomes the group of @parent
 *
 * Return: the child, or NULL.
 */
struct procsrv_process *procsrv_lowest_wanted(struct procsrv *ps,
					      struct procsrv_process *parent,
					      struct procsrv_wait *w)
{
	struct procsrv_process *p;
	u64 pid = U64_MAX;

	switch (w->which) {
	case PROCSRV_WAIT_PID:
		p = find_child(ps, parent, w);
		return p && procsrv_has_report(p, w->what) ? p : NULL;
	case PROCSRV_WAIT_PGID:
		if (!w->id)
			w->id = procsrv_pgid(parent);
		if (w->id && w->id <= U32_MAX)
			pid = procsrv_lowest_child_in(parent, kind_of(w), w->id,
						      w->what);
		break;
	default:
		pid = procsrv_lowest_child(parent, kind_of(w), w->what);
	}
	return pid != U64_MAX ? procsrv_find(ps, pid) : NULL;
}

/**
 * procsrv_wait_is_satisfiable() - can any child ever satisfy a wait?
 * @ps: the server
 * @parent: the process on behalf of which to wait
 * @w: what to wait for
 *
 * A zombie never stops or continues.
 */
bool procsrv_wait_is_satisfiable(struct procsrv *ps,
				 struct procsrv_process *parent,
				 const struct procsrv_wait *w)
{
	u32 exited = w->what & PROCSRV_WAIT_EXITED;
	enum procsrv_waiter_kind kind = kind_of(w);
	struct procsrv_process *p;

	switch (w->which) {
	case PROCSRV_WAIT_PID:
		p = find_child(ps, parent, w);
		return p && (exited || !procsrv_is_zombie(p));
	case PROCSRV_WAIT_PGID:
		/* 0: the parent is in no group, which has no group 0. */
		if (!w->id || w->id > U32_MAX)
			return false;
		return procsrv_has_living_child_in(parent, kind, w->id) ||
		       procsrv_lowest_child_in(parent, kind, w->id,
					       exited) != U64_MAX;
	default:
		return procsrv_has_living_child(parent, kind) ||
		       procsrv_lowest_child(parent, kind, exited) != U64_MAX;
	}
}

/**
 * procsrv_wait_class() - the wake-up class of a wait
 * @w: what to wait for
 *
 * Return: as procsrv_waiter_class().
 */
u64 procsrv_wait_class(const struct procsrv_wait *w)
{
	enum procsrv_waiter_kind kind = w->which == PROCSRV_WAIT_PID ?
						PROCSRV_WAITER_PROCESS :
						kind_of(w);
	u32 which = 0;

	/* Waits for one process are told apart by the kind that they find. */
	if (w->which == PROCSRV_WAIT_PID)
		which = kind_of(w);
	else if (w->which == PROCSRV_WAIT_PGID)
		which = w->id;
	return procsrv_waiter_class(kind, which, w->what,
				    !(w->flags & PROCSRV_WAIT_NOWAIT));
}

/* A waiter for children. */
static struct procsrv_child_waiter *waiter_of(struct procsrv_waiter *base)
{
	return container_of(base, struct procsrv_child_waiter, base);
}

static void finish_child_wait(struct procsrv_change *c,
			      struct procsrv_child_waiter *waiter, int err)
{
	procsrv_add_waiters(c, waiter->parent, -1);
	procsrv_waiter_finish(c, &waiter->base, err);
}

/* Why a wait is hopeless, or 0. */
static int why_hopeless(struct procsrv_change *c,
			const struct procsrv_child_waiter *waiter)
{
	if (procsrv_is_zombie(waiter->parent))
		return -ESRCH;
	/* In a process group: of all children, of those with a report, of both kinds. */
	procsrv_charge_paths(c, 8);
	return procsrv_wait_is_satisfiable(procsrv_of(c), waiter->parent,
					   waiter->w) ? 0 : -ECHILD;
}

/*
 * Ends those waits at @at, of classes from @first to @last, that are hopeless.
 * Waits of one class at one process are on behalf of one parent and for the same
 * children: one is looked at, and the rest is ended or passed over.
 */
static void end_hopeless(struct procsrv_change *c, struct procsrv_process *at,
			 u64 first, u64 last)
{
	struct procsrv_waiter *base;
	u64 class = first;
	int err = 0;

	procsrv_assert_change(c);
	while ((base = procsrv_first_waiter(at, class)) &&
	       base->class <= last) {
		struct procsrv_child_waiter *waiter = waiter_of(base);

		if (!err || base->class != class)
			err = why_hopeless(c, waiter);
		class = base->class;
		if (err)
			finish_child_wait(c, waiter, err);
		else
			class++;
		procsrv_change_step(c);
	}
}

/* Ends unsatisfiable waits for @p itself. */
static void end_hopeless_for(struct procsrv_change *c,
			     struct procsrv_process *p)
{
	end_hopeless(c, p,
		     procsrv_waiter_class(PROCSRV_WAITER_PROCESS, 0, 0, false),
		     procsrv_waiter_class(PROCSRV_WAITER_PROCESS, U32_MAX,
					  PROCSRV_WAIT_ALL, true));
}

/**
 * procsrv_end_takes() - end the waits for signals that cannot come any more
 * @c: the change
 * @tree: the waiters of a process, or of a host
 * @err: their result
 */
void procsrv_end_takes(struct procsrv_change *c, const struct rb_root *tree,
		       int err)
{
	struct procsrv_waiter *waiter;

	while ((waiter = procsrv_first_waiter_for(tree, U64_MAX))) {
		procsrv_waiter_finish(c, waiter, err);
		procsrv_change_step(c);
	}
}

/**
 * procsrv_end_lost_waits() - end waits that an exit has made unsatisfiable
 * @c: the change
 * @p: a process that has exited: waits on its behalf and for its signals end;
 *	or one that was a child of such a process: waits for it on behalf of
 *	the old parent end
 */
void procsrv_end_lost_waits(struct procsrv_change *c,
			    struct procsrv_process *p)
{
	if (!procsrv_is_zombie(p)) {
		end_hopeless_for(c, p);
		return;
	}
	end_hopeless(c, p, 0,
		     procsrv_waiter_class(PROCSRV_WAITER_PROCESS, U32_MAX,
					  PROCSRV_WAIT_ALL, true));
	procsrv_end_takes(c, &p->waiters, -ESRCH);
}

/* Of the waits for children of one kind. */
static void end_unsatisfiable(struct procsrv_change *c,
			      struct procsrv_process *parent,
			      enum procsrv_waiter_kind kind, u32 pgid)
{
	u32 first = pgid, last = pgid;

	if (!procsrv_has_living_child(parent, kind)) {
		first = 0;
		last = U32_MAX;
	} else if (!pgid || procsrv_has_living_child_in(parent, kind, pgid)) {
		return;
	}
	end_hopeless(c, parent, procsrv_waiter_class(kind, first, 0, false),
		     procsrv_waiter_class(kind, last, PROCSRV_WAIT_ALL, true));
}

static bool has_clone_waits(const struct procsrv_process *parent)
{
	return parent->modes & PROCSRV_MODE_CLONE_WAITS;
}

/**
 * procsrv_end_unsatisfiable() - end waits after the loss of a living child
 * @c: the change
 * @parent: the process, a child of which has exited, has left its group or is no
 *	clone child any more
 * @pgid: the group that it was in, or 0
 *
 * As long as any child is alive only waits for that group can have become
 * unsatisfiable: no other is visited, however many there are. And the reaping
 * of a zombie makes no wait for any child, or for a group, unsatisfiable.
 */
void procsrv_end_unsatisfiable(struct procsrv_change *c,
			       struct procsrv_process *parent, u32 pgid)
{
	if (!parent->nr_waiters)
		return;
	end_unsatisfiable(c, parent, PROCSRV_WAITER_CHILDREN, pgid);
	if (likely(!has_clone_waits(parent)))
		return;
	end_unsatisfiable(c, parent, PROCSRV_WAITER_CLONES, pgid);
	end_unsatisfiable(c, parent, PROCSRV_WAITER_BOTH, pgid);
}

static void fill_result(struct procsrv_wait *w, const struct procsrv_process *p)
{
	w->pid = p->pid;
	w->why = BIT(p->report);
	w->uid = procsrv_ruid(p);
	w->cpu_time = p->cpu_time;
	w->children_cpu_time = p->children_cpu_time;
	w->exit_code = p->exit_code;
	if (p->report == PROCSRV_REPORT_EXITED)
		w->exit_signal = p->exit_signal;
	else if (p->report == PROCSRV_REPORT_STOPPED)
		w->exit_signal = p->exit_signal ?: PROCSRV_SIGSTOP;
	else
		w->exit_signal = PROCSRV_SIGCONT;
}

/* Removes a zombie: the waits for itself are hopeless now. */
static void reap(struct procsrv_change *c, struct procsrv_process *p)
{
	procsrv_unlink(c, p);
	if (!RB_EMPTY_ROOT(&p->waiters))
		end_hopeless_for(c, p);
}

/* Callers report these times: a sum must not wrap. */
static void add_cpu_time(u64 *sum, u64 time)
{
	if (check_add_overflow(*sum, time, sum))
		*sum = U64_MAX;
}

/**
 * procsrv_take_report() - give a wait the report of a process
 * @c: the change
 * @p: the process, which has a report
 * @w: the wait; its result is filled in
 *
 * Unless the wait has PROCSRV_WAIT_NOWAIT the report is consumed, and a process
 * that has exited is reaped: it is in no table when this returns.
 *
 * Context: in procsrv_change_commit(), or in an operation, for a wait that has
 * not begun to sleep.
 */
void procsrv_take_report(struct procsrv_change *c, struct procsrv_process *p,
			 struct procsrv_wait *w)
{
	struct procsrv_process *parent = p->parent;

	procsrv_assert_change(c);
	fill_result(w, p);
	if (w->flags & PROCSRV_WAIT_NOWAIT)
		return;
	if (p->report != PROCSRV_REPORT_EXITED) {
		procsrv_set_report(c, p, PROCSRV_REPORT_NONE);
		return;
	}
	procsrv_edit_begin(c, parent);
	add_cpu_time(&parent->children_cpu_time, p->cpu_time);
	add_cpu_time(&parent->children_cpu_time, p->children_cpu_time);
	procsrv_edit_end(c, parent);
	reap(c, p);
}

static struct procsrv_child_waiter *earlier(struct procsrv_child_waiter *a,
					    struct procsrv_child_waiter *b)
{
	if (!a || !b)
		return a ?: b;
	return a->base.seq < b->base.seq ? a : b;
}

/*
 * Shows the report of @p to those waiters at @at, of classes with @kind and @which,
 * that do not consume it; returns the first that does.
 * Classes without waiters are not searched for, and of those with waiters that
 * consume it, or do not wait for it, one waiter is looked at.
 */
static struct procsrv_child_waiter *show_report(struct procsrv_change *c,
						struct procsrv_process *p,
						struct procsrv_process *at,
						enum procsrv_waiter_kind kind,
						u32 which)
{
	u64 class = procsrv_waiter_class(kind, which, 0, false);
	u64 last = procsrv_waiter_class(kind, which, PROCSRV_WAIT_ALL, true);
	struct procsrv_child_waiter *taker = NULL;
	struct procsrv_waiter *base;

	while ((base = procsrv_first_waiter(at, class)) &&
	       base->class <= last) {
		struct procsrv_child_waiter *waiter = waiter_of(base);

		class = base->class;
		procsrv_charge_paths(c, 1);
		if (!procsrv_has_report(p, procsrv_waiter_what(class))) {
			class = procsrv_next_waiter_what(class);
		} else if (procsrv_waiter_takes(class)) {
			taker = earlier(taker, waiter);
			class = procsrv_next_waiter_what(class);
		} else {
			fill_result(waiter->w, p);
			finish_child_wait(c, waiter, 0);
			procsrv_change_step(c);
		}
	}
	return taker;
}

/**
 * struct takers - the waiters that would consume a report, first come first
 * @one: of those that wait for the process itself, or NULL
 * @any: of those that wait for children, or NULL
 */
struct takers {
	struct procsrv_child_waiter *one;
	struct procsrv_child_waiter *any;
};

/* To waiters for a kind of children. */
static void show_to_kind(struct procsrv_change *c, struct procsrv_process *p,
			 enum procsrv_waiter_kind kind, struct takers *t)
{
	struct procsrv_process *parent = p->parent;
	u32 pgid = procsrv_pgid(p);

	t->one = earlier(t->one, show_report(c, p, p, PROCSRV_WAITER_PROCESS,
					     kind));
	t->any = earlier(t->any, show_report(c, p, parent, kind, 0));
	if (pgid)
		t->any = earlier(t->any, show_report(c, p, parent, kind, pgid));
}

/* Hands it to all waiters that do not consume it, and the first that does. */
static void offer(struct procsrv_change *c, struct procsrv_process *p)
{
	struct procsrv_child_waiter *taker;
	struct takers t = {};

	show_to_kind(c, p, procsrv_is_clone(p) ? PROCSRV_WAITER_CLONES :
						 PROCSRV_WAITER_CHILDREN, &t);
	if (unlikely(has_clone_waits(p->parent)))
		show_to_kind(c, p, PROCSRV_WAITER_BOTH, &t);
	taker = t.one ?: t.any;
	if (!taker)
		return;
	/* Before procsrv_take_report(), which ends the other waits for @p. */
	finish_child_wait(c, taker, 0);
	procsrv_take_report(c, p, taker->w);
}

/**
 * procsrv_offer_report() - offer the report of a process to waiters
 * @c: the change
 * @p: the process
 *
 * A waiter for @p itself comes before those for any child, or for any in its
 * group; of these the first to arrive gets it. After an exit, waits on behalf
 * of the parent that became unsatisfiable end. No wait gets the exit of one that
 * is autoreaped.
 *
 * Context: in procsrv_change_commit(). If an exit was consumed, or is autoreaped, @p is in
 * no table when this returns.
 */
void procsrv_offer_report(struct procsrv_change *c, struct procsrv_process *p)
{
	struct procsrv_process *parent = p->parent;
	bool exited = procsrv_is_zombie(p);
	u32 pgid = procsrv_pgid(p);

	procsrv_assert_change(c);
	if (unlikely(p->modes & PROCSRV_MODE_VANISHES))
		reap(c, p);
	else if (p->report != PROCSRV_REPORT_NONE && parent->nr_waiters)
		offer(c, p);
	if (exited)
		procsrv_end_unsatisfiable(c, parent, pgid);
}
