// SPDX-License-Identifier: GPL-2.0-only
/*
 * Waiting for children
 */
#include "compat.h"
#include "internal.h"
#include "trace.h"

enum {
	WAIT_FLAGS = PROCSRV_WAIT_NOHANG | PROCSRV_WAIT_NOWAIT |
		     PROCSRV_WAIT_TIMEOUT | PROCSRV_WAIT_WCLONE |
		     PROCSRV_WAIT_WALL,
};

/* With POSIX ids group 0 is that of the parent. */
static bool is_own_group(const struct procsrv *ps, const struct procsrv_wait *w)
{
	return !w->id && w->which == PROCSRV_WAIT_PGID && ps->posix_ids;
}

static __always_inline bool wait_is_valid(const struct procsrv *ps,
					  const struct procsrv_wait *w)
{
	bool any = w->which == PROCSRV_WAIT_ANY;

	if (w->which > PROCSRV_WAIT_PGID)
		return false;
	if (any != !w->id && !is_own_group(ps, w))
		return false;
	if (!w->what || w->what & ~PROCSRV_WAIT_ALL || w->flags & ~WAIT_FLAGS)
		return false;
	return w->flags & PROCSRV_WAIT_TIMEOUT || !w->timeout;
}

/*
 * Takes the report that @w waits for, if there is one. -EINPROGRESS if it can
 * be waited for, on behalf of @parent.
 */
static int try_to_take(struct procsrv_change *c, struct procsrv_wait *w,
		       struct procsrv_process **parent)
{
	u64 one = w->which == PROCSRV_WAIT_PID ? w->id : 0;
	struct procsrv *ps = procsrv_of(c);
	struct procsrv_process *p;

	*parent = procsrv_find(ps, w->parent);
	if (!*parent)
		return -ESRCH;
	if (!procsrv_may_wait(&c->caller, *parent, one))
		return -EPERM;
	if (procsrv_is_zombie(*parent))
		return -ESRCH;
	p = procsrv_lowest_wanted(ps, *parent, w);
	if (p) {
		procsrv_take_report(c, p, w);
		return 0;
	}
	if (!procsrv_wait_is_satisfiable(ps, *parent, w))
		return -ECHILD;
	return w->flags & PROCSRV_WAIT_NOHANG ? -EAGAIN : -EINPROGRESS;
}

/* At the process that a change offers the report at. */
static int begin_to_wait(struct procsrv_change *c,
			 struct procsrv_child_waiter *waiter)
{
	struct procsrv_process *parent = waiter->parent;
	struct procsrv_process *at = parent;
	struct procsrv *ps = procsrv_of(c);

	/* It exists, or the wait would be unsatisfiable. */
	if (waiter->w->which == PROCSRV_WAIT_PID)
		at = procsrv_find(ps, waiter->w->id);
	if (!procsrv_waiter_add(c, &at->waiters, &waiter->base,
				procsrv_waiters_of(ps, parent),
				procsrv_wait_class(waiter->w), 0))
		return -EAGAIN;
	if (waiter->w->flags & (PROCSRV_WAIT_WCLONE | PROCSRV_WAIT_WALL))
		parent->modes |= PROCSRV_MODE_CLONE_WAITS;
	procsrv_add_waiters(c, parent, 1);
	return -EINPROGRESS;
}

static u64 trace_begin(void)
{
	return trace_procsrv_wait_enabled() ? ktime_get_ns() : 0;
}

static void trace_end(struct procsrv *ps, const struct procsrv_wait *w,
		      u64 began, int err)
{
	if (began)
		trace_procsrv_wait(ps, w, err, ktime_get_ns() - began);
}

/**
 * procsrv_wait_start() - begin to wait for a child, without sleeping
 * @ps: the server
 * @waiter: lives until procsrv_wait_end() if this returns -EINPROGRESS. Then
 *	the @wake of its base is called at most once, when the wait is over,
 *	which may be before this returns
 * @w: as in procsrv_wait(), and lives as long as @waiter; its timeout, if it
 *	has one, is up to the caller
 *
 * Context: any task; makes a change.
 * Return: -EINPROGRESS, or what procsrv_wait() returns, and the wait is over.
 */
int procsrv_wait_start(struct procsrv *ps, struct procsrv_child_waiter *waiter,
		       struct procsrv_wait *w)
{
	struct procsrv_change *c;
	int err;

	if (!wait_is_valid(ps, w))
		return -EINVAL;
	waiter->w = w;
	waiter->began = trace_begin();
	c = procsrv_change_begin(ps);
	if (!c)
		return -EINTR;
	err = try_to_take(c, w, &waiter->parent);
	if (err == -EINPROGRESS)
		err = begin_to_wait(c, waiter);
	procsrv_change_commit(c);
	if (err != -EINPROGRESS)
		trace_end(ps, w, waiter->began, err);
	return err;
}
EXPORT_SYMBOL_PROCSRV(procsrv_wait_start);

/**
 * procsrv_wait_end() - stop waiting
 * @ps: the server
 * @waiter: procsrv_wait_start() has returned -EINPROGRESS for it; it is not
 *	used any more when this returns
 * @err: what to return if the wait is not over
 *
 * Context: any task; makes a change.
 * Return: 0; -ECHILD; -ESRCH; or @err, and nothing was consumed.
 */
int procsrv_wait_end(struct procsrv *ps, struct procsrv_child_waiter *waiter,
		     int err)
{
	struct procsrv_change *c = procsrv_change_begin_unkillable(ps);

	if (procsrv_is_waiting(&waiter->base))
		procsrv_add_waiters(c, waiter->parent, -1);
	err = procsrv_waiter_end(c, &waiter->base, err);
	procsrv_change_commit(c);
	trace_end(ps, waiter->w, waiter->began, err);
	return err;
}
EXPORT_SYMBOL_PROCSRV(procsrv_wait_end);

/* Waits in the calling task, and ends the change. */
static noinline int sleep_until_over(struct procsrv_change *c,
				     struct procsrv_wait *w,
				     struct procsrv_process *parent, u64 began)
{
	bool timed = w->flags & PROCSRV_WAIT_TIMEOUT;
	struct procsrv *ps = procsrv_of(c);
	struct procsrv_child_waiter waiter = {
		.w = w,
		.parent = parent,
		.began = began,
	};
	ktime_t deadline;
	int err;

	procsrv_waiter_is_task(&waiter.base);
	err = begin_to_wait(c, &waiter);
	procsrv_change_commit(c);
	if (err != -EINPROGRESS) {
		trace_end(ps, w, began, err);
		return err;
	}
	deadline = procsrv_deadline(w->timeout);
	err = procsrv_waiter_sleep(&waiter.base, timed ? &deadline : NULL);
	if (!err) {
		trace_end(ps, w, began, waiter.base.err);
		return waiter.base.err;
	}
	err = procsrv_wait_end(ps, &waiter, err);
	if (err == -ERESTARTSYS && timed)
		w->timeout = procsrv_time_left(deadline);
	return err;
}

/**
 * procsrv_wait() - wait for a child to change state
 * @ps: the server
 * @w: what to wait for; gets the result
 *
 * The child with the lowest pid that qualifies. Consuming an exit reaps the
 * child, and adds its cpu time to its parent's children time. While the
 * caller sleeps the parent reads WAITING. After waitid(2).
 *
 * Context: sleeps, unless PROCSRV_WAIT_NOHANG is set.
 * Return: 0; -ECHILD if no child can ever qualify; -EAGAIN if none does yet
 * and PROCSRV_WAIT_NOHANG is set, or if the user's processes have as many
 * waiters as they may have; -ETIMEDOUT; -ERESTARTSYS after a signal to the
 * caller; -EINTR if the caller is killed; -ESRCH if there is no such parent, or
 * it is a zombie, or has become one; -EPERM if the caller may not wait on its
 * behalf; -EINVAL if @w is invalid.
 */
int procsrv_wait(struct procsrv *ps, struct procsrv_wait *w)
{
	struct procsrv_process *parent;
	struct procsrv_change *c;
	u64 began;
	int err;

	if (!wait_is_valid(ps, w))
		return -EINVAL;
	began = trace_begin();
	c = procsrv_change_begin(ps);
	if (!c)
		return -EINTR;
	err = try_to_take(c, w, &parent);
	if (err == -EINPROGRESS)
		return sleep_until_over(c, w, parent, began);
	procsrv_change_commit(c);
	trace_end(ps, w, began, err);
	return err;
}
EXPORT_SYMBOL_PROCSRV(procsrv_wait);
