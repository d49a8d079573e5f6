// SPDX-License-Identifier: GPL-2.0-only
/*
 * Waiting for children
 */
#include <linux/overflow.h>

#include "compat.h"
#include "procsrv_tables.h"
#include "procsrv_trace.h"

enum {
	WAIT_WHAT = PROCSRV_WAIT_EXITED | PROCSRV_WAIT_STOPPED |
		    PROCSRV_WAIT_CONTINUED,
	WAIT_FLAGS = PROCSRV_WAIT_NOHANG | PROCSRV_WAIT_NOWAIT |
		     PROCSRV_WAIT_TIMEOUT,
};

static_assert(BIT(PROCSRV_REPORT_EXITED) == PROCSRV_WAIT_EXITED);
static_assert(BIT(PROCSRV_REPORT_STOPPED) == PROCSRV_WAIT_STOPPED);
static_assert(BIT(PROCSRV_REPORT_CONTINUED) == PROCSRV_WAIT_CONTINUED);

static bool wait_is_valid(const struct procsrv_wait *w)
{
	bool any = w->which == PROCSRV_WAIT_ANY;

	if (w->which > PROCSRV_WAIT_PGID)
		return false;
	if (any != !w->id)
		return false;
	if (!w->what || w->what & ~WAIT_WHAT || w->flags & ~WAIT_FLAGS)
		return false;
	return w->flags & PROCSRV_WAIT_TIMEOUT || !w->timeout;
}

/* The lowest of the children that @w is about with what it waits for. */
static struct procsrv_process *lowest_wanted(struct procsrv *ps,
					     struct procsrv_process *parent,
					     const struct procsrv_wait *w)
{
	struct procsrv_process *p;
	u64 pid = U64_MAX;

	switch (w->which) {
	case PROCSRV_WAIT_PID:
		p = procsrv_find(ps, w->id);
		if (p && p->parent == parent && procsrv_has_report(p, w->what))
			return p;
		return NULL;
	case PROCSRV_WAIT_PGID:
		if (w->id <= U32_MAX)
			pid = procsrv_lowest_child_in(parent, w->id, w->what);
		break;
	default:
		pid = procsrv_lowest_child(parent, w->what);
	}
	return pid != U64_MAX ? procsrv_find(ps, pid) : NULL;
}

static void fill_result(struct procsrv_wait *w, const struct procsrv_process *p)
{
	w->pid = p->pid;
	w->why = BIT(p->report);
	w->uid = p->uid;
	w->cpu_time = p->cpu_time;
	w->children_cpu_time = p->children_cpu_time;
	w->exit_code = p->exit_code;
	if (p->report == PROCSRV_REPORT_EXITED)
		w->exit_signal = p->exit_signal;
	else if (p->report == PROCSRV_REPORT_STOPPED)
		w->exit_signal = PROCSRV_SIGSTOP;
	else
		w->exit_signal = PROCSRV_SIGCONT;
}

/* Processes say themselves how much they used: a sum may not wrap. */
static void add_cpu_time(u64 *sum, u64 time)
{
	if (check_add_overflow(*sum, time, sum))
		*sum = U64_MAX;
}

/* Could any child ever qualify? A zombie never stops or continues. */
static bool may_come(struct procsrv *ps, struct procsrv_process *parent,
		     const struct procsrv_wait *w)
{
	u32 exited = w->what & PROCSRV_WAIT_EXITED;
	struct procsrv_process *p;

	switch (w->which) {
	case PROCSRV_WAIT_PID:
		p = procsrv_find(ps, w->id);
		return p && p->parent == parent &&
		       (exited || !procsrv_is_zombie(p));
	case PROCSRV_WAIT_PGID:
		if (w->id > U32_MAX)
			return false;
		return procsrv_has_living_child_in(parent, w->id) ||
		       procsrv_lowest_child_in(parent, w->id, exited) != U64_MAX;
	default:
		return procsrv_has_living_child(parent) ||
		       procsrv_lowest_child(parent, exited) != U64_MAX;
	}
}

/* The waiter that sleeps, if it is a child that it waits for. */
static struct procsrv_waiter *waiter_of(struct procsrv_sleeper *s)
{
	if (s->kind != PROCSRV_SLEEP_CHILDREN &&
	    s->kind != PROCSRV_SLEEP_PROCESS)
		return NULL;
	return container_of(s, struct procsrv_waiter, sleeper);
}

/* One more, or one less, that waits on behalf of its parent. */
static void count_waiter(struct procsrv *ps, struct procsrv_waiter *waiter,
			 int change)
{
	procsrv_add_waiters(ps, waiter->parent, change);
	if (!waiter->group)
		return;
	waiter->parent->nr_group_waiters += change;
	waiter->group->nr_waiters += change;
}

static void end_wait(struct procsrv *ps, struct procsrv_waiter *waiter, int err)
{
	count_waiter(ps, waiter, -1);
	procsrv_sleeper_wake(&waiter->sleeper, err);
}

/**
 * procsrv_end_vain_waits() - end those waits of which nothing can come
 * @ps: the server
 * @p: the process that is waited for, or whose children are
 *
 * To be called when a process has lost its parent, or has become a zombie.
 *
 * Context: under the lock, for writing.
 */
void procsrv_end_vain_waits(struct procsrv *ps, struct procsrv_process *p)
{
	struct procsrv_sleeper *s, *next;
	struct procsrv_waiter *waiter;

	lockdep_assert_held_write(&ps->lock);
	if (list_empty(&p->sleepers))
		return;
	list_for_each_entry_safe(s, next, &p->sleepers, node) {
		waiter = waiter_of(s);
		if (!waiter)
			continue;
		if (procsrv_is_zombie(waiter->parent))
			end_wait(ps, waiter, -ESRCH);
		else if (!may_come(ps, waiter->parent, waiter->w))
			end_wait(ps, waiter, -ECHILD);
	}
}

static void end_vain_child_waits(struct procsrv *ps,
				 struct procsrv_process *parent,
				 bool concerns_group_waiters)
{
	if (!parent->nr_waiters)
		return;
	if (concerns_group_waiters || !procsrv_has_living_child(parent))
		procsrv_end_vain_waits(ps, parent);
}

/**
 * procsrv_end_vain_child_waits() - the same after the loss of a child
 * @ps: the server
 * @parent: the process that has lost a child, or of whose children one has
 *	exited, or has gone to another group
 *
 * As long as any child lives only those who wait for a group can have lost
 * what they wait for: all others need not be asked, however many they are.
 *
 * Context: under the lock, for writing.
 */
void procsrv_end_vain_child_waits(struct procsrv *ps,
				  struct procsrv_process *parent)
{
	end_vain_child_waits(ps, parent, parent->nr_group_waiters);
}

/* Takes what @p has to report, and reaps it if it has exited. */
static void take_report(struct procsrv *ps, struct procsrv_process *p,
			struct procsrv_waiter *waiter)
{
	struct procsrv_process *parent = p->parent;
	struct procsrv_wait *w = waiter->w;

	lockdep_assert_held_write(&ps->lock);
	fill_result(w, p);
	if (w->flags & PROCSRV_WAIT_NOWAIT)
		return;
	if (p->report != PROCSRV_REPORT_EXITED) {
		procsrv_set_report(p, PROCSRV_REPORT_NONE);
		return;
	}
	procsrv_change_begin(ps, parent);
	add_cpu_time(&parent->children_cpu_time, p->cpu_time);
	add_cpu_time(&parent->children_cpu_time, p->children_cpu_time);
	procsrv_change_end(parent);
	procsrv_unlink(ps, p, &waiter->vacated);
	waiter->reaped = p;
	procsrv_end_vain_waits(ps, p);
}

/* Is the report of its child @p what @waiter waits for? */
static bool wants(const struct procsrv_waiter *waiter,
		  const struct procsrv_process *p)
{
	const struct procsrv_wait *w = waiter->w;

	if (!procsrv_has_report(p, w->what))
		return false;
	return w->which != PROCSRV_WAIT_PGID || w->id == procsrv_pgid(p);
}

/* Offers it to some of the sleepers of @at; true once it has been taken. */
static bool offer_at(struct procsrv *ps, struct procsrv_process *p,
		     struct procsrv_process *at, enum procsrv_sleep kind)
{
	struct procsrv_sleeper *s, *next;

	list_for_each_entry_safe(s, next, &at->sleepers, node) {
		struct procsrv_waiter *waiter = waiter_of(s);
		bool taken;

		if (s->kind != kind || !wants(waiter, p))
			continue;
		taken = !(waiter->w->flags & PROCSRV_WAIT_NOWAIT);
		/* Its own wait is over before it may turn out to be in vain. */
		end_wait(ps, waiter, 0);
		take_report(ps, p, waiter);
		if (taken)
			return true;
	}
	return false;
}

/* Shows it to those who wait for any child and only look: they come first. */
static void show(struct procsrv *ps, struct procsrv_process *p)
{
	struct procsrv_sleeper *s, *next;

	list_for_each_entry_safe(s, next, &p->parent->sleepers, node) {
		struct procsrv_waiter *waiter = waiter_of(s);

		if (!waiter)
			continue;
		if (!(waiter->w->flags & PROCSRV_WAIT_NOWAIT))
			break;
		if (s->kind != PROCSRV_SLEEP_CHILDREN || !wants(waiter, p))
			continue;
		end_wait(ps, waiter, 0);
		fill_result(waiter->w, p);
	}
}

/*
 * Many may exit at once: those who wait for other groups do not care, and those
 * who wait for @group only if none of the children in it lives any more.
 */
static bool is_missed_in_group(const struct procsrv_process *parent,
			       const struct procsrv_group *group)
{
	return group && group->nr_waiters &&
	       !procsrv_has_living_child_in(parent, group->pgid);
}

/**
 * procsrv_offer_report() - hand a report to one of those that wait for it
 * @ps: the server
 * @p: the process, which may have something to report
 *
 * To all that only look, and to the first that consumes it. If that is an
 * exit, @p is in no table any more. Waits for other things, which an exit has
 * made vain, end.
 *
 * Context: under the lock, for writing.
 */
void procsrv_offer_report(struct procsrv *ps, struct procsrv_process *p)
{
	struct procsrv_process *parent = p->parent;
	const struct procsrv_group *group = p->group;

	lockdep_assert_held_write(&ps->lock);
	/* Who waits for @p itself waits on behalf of its parent too. */
	if (p->report == PROCSRV_REPORT_NONE || !parent->nr_waiters)
		return;
	show(ps, p);
	if (!offer_at(ps, p, p, PROCSRV_SLEEP_PROCESS))
		offer_at(ps, p, parent, PROCSRV_SLEEP_CHILDREN);
	if (procsrv_has_exited(p))
		end_vain_child_waits(ps, parent,
				     is_missed_in_group(parent, group));
}

/* One attempt: 0, or -EAGAIN where sleeping may help. */
static int try_wait(struct procsrv *ps, struct procsrv_waiter *waiter)
{
	struct procsrv_process *parent = waiter->parent;
	struct procsrv_wait *w = waiter->w;
	struct procsrv_process *p;

	lockdep_assert_held_write(&ps->lock);
	if (procsrv_is_zombie(parent))
		return -ESRCH;
	p = lowest_wanted(ps, parent, w);
	if (p) {
		take_report(ps, p, waiter);
		return 0;
	}
	return may_come(ps, parent, w) ? -EAGAIN : -ECHILD;
}

/**
 * procsrv_offer_children() - hand out what a process's children report
 * @ps: the server
 * @parent: the process, which has been given children
 * @reports: mask of PROCSRV_WAIT_*: what some of these report
 *
 * Context: under the lock, for writing.
 */
void procsrv_offer_children(struct procsrv *ps, struct procsrv_process *parent,
			    u32 reports)
{
	struct procsrv_sleeper *s, *next;

	lockdep_assert_held_write(&ps->lock);
	if (!reports)
		return;
	list_for_each_entry_safe(s, next, &parent->sleepers, node) {
		struct procsrv_waiter *waiter = waiter_of(s);
		int err;

		if (s->kind != PROCSRV_SLEEP_CHILDREN ||
		    !(waiter->w->what & reports))
			continue;
		err = try_wait(ps, waiter);
		if (!err)
			end_wait(ps, waiter, 0);
	}
	procsrv_end_vain_child_waits(ps, parent);
}

/* Begins to sleep, in the list where the first to know will look. */
static int begin_to_wait(struct procsrv *ps, struct procsrv_waiter *waiter)
{
	struct procsrv_process *at = waiter->parent;
	enum procsrv_sleep kind = PROCSRV_SLEEP_CHILDREN;
	int err;

	/* There is one, or nothing could come of waiting. */
	if (waiter->w->which == PROCSRV_WAIT_PGID)
		waiter->group = procsrv_find_group(ps, waiter->w->id);

	if (waiter->w->which == PROCSRV_WAIT_PID) {
		at = procsrv_find(ps, waiter->w->id);
		kind = PROCSRV_SLEEP_PROCESS;
	}
	err = procsrv_sleeper_add(ps, at, &waiter->sleeper, kind);
	if (err != -EINPROGRESS)
		return err;
	/* In front of those who would take it away from under its eyes. */
	if (waiter->w->flags & PROCSRV_WAIT_NOWAIT)
		list_move(&waiter->sleeper.node, &at->sleepers);
	count_waiter(ps, waiter, 1);
	return err;
}

/* Frees what was reaped: the lock has been dropped. */
static int finish(struct procsrv *ps, struct procsrv_waiter *waiter, int err)
{
	procsrv_vacated_free(&waiter->vacated);
	procsrv_process_put(waiter->reaped);
	if (waiter->began)
		trace_wait(ps, waiter->w, err, ktime_get_ns() - waiter->began);
	return err;
}

static bool may_wait(struct procsrv *ps, const struct procsrv_waiter *waiter)
{
	const struct procsrv_wait *w = waiter->w;
	const struct procsrv_process *child = NULL;

	lockdep_assert_held_write(&ps->lock);
	if (w->which == PROCSRV_WAIT_PID)
		child = procsrv_find(ps, w->id);
	return procsrv_may_wait(ps, waiter->parent, child);
}

/**
 * procsrv_wait_start() - begin to wait for a child, without sleeping
 * @ps: the server
 * @waiter: lives until procsrv_wait_end() if this returns -EINPROGRESS. Then
 *	the @wake of its sleeper is called at most once: when the wait is over,
 *	under the lock of the server, which may be before this returns
 * @w: as in procsrv_wait(), and lives as long as @waiter; its timeout, if it
 *	has one, is up to the caller
 *
 * Context: any task; takes the lock.
 * Return: -EINPROGRESS, or what procsrv_wait() returns, and the wait is over.
 */
int procsrv_wait_start(struct procsrv *ps, struct procsrv_waiter *waiter,
		       struct procsrv_wait *w)
{
	int err = -ESRCH;

	if (!wait_is_valid(w))
		return -EINVAL;
	waiter->w = w;
	waiter->group = NULL;
	waiter->reaped = NULL;
	waiter->vacated = (struct procsrv_vacated) {};
	waiter->began = trace_wait_enabled() ? ktime_get_ns() : 0;

	write_lock(&ps->lock);
	waiter->parent = procsrv_find(ps, w->parent);
	if (waiter->parent)
		err = may_wait(ps, waiter) ? try_wait(ps, waiter) : -EPERM;
	if (waiter->reaped)
		procsrv_end_vain_child_waits(ps, waiter->parent);
	if (err == -EAGAIN && !(w->flags & PROCSRV_WAIT_NOHANG))
		err = begin_to_wait(ps, waiter);
	write_unlock(&ps->lock);

	return err == -EINPROGRESS ? err : finish(ps, waiter, err);
}
EXPORT_SYMBOL_PROCSRV(procsrv_wait_start);

/**
 * procsrv_wait_end() - stop waiting, whatever ended it
 * @ps: the server
 * @waiter: what procsrv_wait_start() has returned -EINPROGRESS for; nobody
 *	else has it any more when this returns
 * @err: what to return if the wait is not over
 *
 * Context: any task; takes the lock.
 * Return: 0; -ECHILD; -ESRCH; or @err, and nothing was consumed.
 */
int procsrv_wait_end(struct procsrv *ps, struct procsrv_waiter *waiter, int err)
{
	write_lock(&ps->lock);
	if (!list_empty(&waiter->sleeper.node))
		count_waiter(ps, waiter, -1);
	err = procsrv_sleeper_end(&waiter->sleeper, err);
	write_unlock(&ps->lock);
	return finish(ps, waiter, err);
}
EXPORT_SYMBOL_PROCSRV(procsrv_wait_end);

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
 * Return: 0; -ECHILD if no child could ever qualify; -EAGAIN if none does yet
 * and PROCSRV_WAIT_NOHANG is set, or too many sleep for the user's processes
 * already; -ETIMEDOUT; -ERESTARTSYS after a signal to the caller; -ESRCH if there
 * is no such parent, or it is a zombie, or has become one; -EPERM if the caller
 * may not wait on its behalf; -EINVAL if @w makes no sense.
 */
int procsrv_wait(struct procsrv *ps, struct procsrv_wait *w)
{
	bool timed = w->flags & PROCSRV_WAIT_TIMEOUT;
	struct procsrv_waiter waiter procsrv_uninitialized;
	ktime_t deadline;
	int err;

	procsrv_sleeper_is_task(&waiter.sleeper);
	err = procsrv_wait_start(ps, &waiter, w);
	if (err != -EINPROGRESS)
		return err;
	deadline = procsrv_deadline(w->timeout);
	err = procsrv_sleep(&waiter.sleeper, timed ? &deadline : NULL);
	err = procsrv_wait_end(ps, &waiter, err);
	if (err == -ERESTARTSYS && timed)
		w->timeout = procsrv_time_left(deadline);
	return err;
}
EXPORT_SYMBOL_PROCSRV(procsrv_wait);
