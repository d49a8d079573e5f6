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

/* All numbers up to it are masks of reports. */
static_assert(WAIT_WHAT == 7);

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

/* One that sleeps for children. */
static struct procsrv_waiter *waiter_of(struct procsrv_sleeper *s)
{
	return container_of(s, struct procsrv_waiter, sleeper);
}

/**
 * procsrv_wait_class() - the class in which one waits for children
 * @w: what it waits for
 *
 * Return: as procsrv_sleep_class() does.
 */
u64 procsrv_wait_class(const struct procsrv_wait *w)
{
	enum procsrv_sleep kind = w->which == PROCSRV_WAIT_PID ?
				  PROCSRV_SLEEP_PROCESS : PROCSRV_SLEEP_CHILDREN;
	u32 pgid = w->which == PROCSRV_WAIT_PGID ? w->id : 0;

	return procsrv_sleep_class(kind, pgid, w->what,
				   !(w->flags & PROCSRV_WAIT_NOWAIT));
}

static void end_wait(struct procsrv *ps, struct procsrv_waiter *waiter, int err)
{
	procsrv_add_waiters(ps, waiter->parent, -1);
	procsrv_sleeper_wake(ps, &waiter->sleeper, err);
}

/* Ends those waits at @at, of classes from @first to @last, that are in vain. */
static void end_vain(struct procsrv *ps, struct procsrv_process *at, u64 first,
		     u64 last)
{
	struct procsrv_sleeper *s, *next;

	lockdep_assert_held_write(&ps->lock);
	for (s = procsrv_first_sleeper(at, first); s && s->class <= last;
	     s = next) {
		struct procsrv_waiter *waiter = waiter_of(s);

		next = procsrv_next_sleeper(s);
		if (procsrv_is_zombie(waiter->parent))
			end_wait(ps, waiter, -ESRCH);
		else if (!may_come(ps, waiter->parent, waiter->w))
			end_wait(ps, waiter, -ECHILD);
	}
}

/**
 * procsrv_end_vain_waits_for() - end waits for a process that are in vain
 * @ps: the server
 * @p: the process, which has lost its parent
 *
 * Context: under the lock, for writing.
 */
void procsrv_end_vain_waits_for(struct procsrv *ps, struct procsrv_process *p)
{
	end_vain(ps, p,
		 procsrv_sleep_class(PROCSRV_SLEEP_PROCESS, 0, 0, false),
		 procsrv_sleep_class(PROCSRV_SLEEP_PROCESS, 0, WAIT_WHAT,
				     true));
}

/**
 * procsrv_end_vain_waits() - the same, and waits for its children
 * @ps: the server
 * @p: the process, which has become a zombie
 *
 * Context: under the lock, for writing.
 */
void procsrv_end_vain_waits(struct procsrv *ps, struct procsrv_process *p)
{
	end_vain(ps, p, 0,
		 procsrv_sleep_class(PROCSRV_SLEEP_PROCESS, 0, WAIT_WHAT,
				     true));
}

/**
 * procsrv_end_vain_child_waits() - the same after the loss of a living child
 * @ps: the server
 * @parent: the process of whose children one has exited, or has gone to
 *	another group
 * @pgid: the group that it was in, or 0
 *
 * As long as any child lives only those who wait for that group can have lost
 * what they wait for: all others need not be asked, however many they are. And
 * nobody who sleeps has lost anything when a zombie is reaped.
 *
 * Context: under the lock, for writing.
 */
void procsrv_end_vain_child_waits(struct procsrv *ps,
				  struct procsrv_process *parent, u32 pgid)
{
	if (!parent->nr_waiters)
		return;
	if (!procsrv_has_living_child(parent))
		end_vain(ps, parent, 0,
			 procsrv_sleep_class(PROCSRV_SLEEP_CHILDREN, U32_MAX,
					     WAIT_WHAT, true));
	else if (pgid && !procsrv_has_living_child_in(parent, pgid))
		end_vain(ps, parent,
			 procsrv_sleep_class(PROCSRV_SLEEP_CHILDREN, pgid, 0,
					     false),
			 procsrv_sleep_class(PROCSRV_SLEEP_CHILDREN, pgid,
					     WAIT_WHAT, true));
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
	procsrv_change_end(ps, parent);
	procsrv_unlink(ps, p, &waiter->vacated);
	waiter->reaped = p;
	procsrv_end_vain_waits_for(ps, p);
}

static struct procsrv_waiter *first_of(const struct procsrv_process *at,
				       u64 class)
{
	struct procsrv_sleeper *s = procsrv_first_sleeper(at, class);

	return s && s->class == class ? waiter_of(s) : NULL;
}

static struct procsrv_waiter *earlier(struct procsrv_waiter *a,
				      struct procsrv_waiter *b)
{
	if (!a || !b)
		return a ?: b;
	return a->sleeper.seq < b->sleeper.seq ? a : b;
}

/*
 * Shows it to those at @at who wait for children in @pgid, or in any group if
 * that is 0, and who only look; the first of those who take it is returned.
 */
static struct procsrv_waiter *show(struct procsrv *ps,
				   struct procsrv_process *p,
				   struct procsrv_process *at,
				   enum procsrv_sleep kind, u32 pgid)
{
	struct procsrv_waiter *taker = NULL, *waiter;
	u32 what;

	if (RB_EMPTY_ROOT(&at->sleepers))
		return NULL;
	for (what = 1; what <= WAIT_WHAT; what++) {
		u64 looks = procsrv_sleep_class(kind, pgid, what, false);
		u64 takes = procsrv_sleep_class(kind, pgid, what, true);

		if (!procsrv_has_report(p, what))
			continue;
		while ((waiter = first_of(at, looks))) {
			end_wait(ps, waiter, 0);
			fill_result(waiter->w, p);
		}
		taker = earlier(taker, first_of(at, takes));
	}
	return taker;
}

/**
 * procsrv_offer_report() - hand a report to one of those that wait for it
 * @ps: the server
 * @p: the process, which may have something to report
 *
 * To all that only look, and to the first that consumes it: who waits for @p
 * itself comes before who waits for any child, or for any in its group. If it
 * is an exit that was consumed, @p is in no table any more.
 *
 * Context: under the lock, for writing. procsrv_end_vain_child_waits() is to
 * follow after an exit.
 */
void procsrv_offer_report(struct procsrv *ps, struct procsrv_process *p)
{
	struct procsrv_process *parent = p->parent;
	struct procsrv_waiter *one, *any, *group = NULL;
	u32 pgid = procsrv_pgid(p);

	lockdep_assert_held_write(&ps->lock);
	/* Who waits for @p itself waits on behalf of its parent too. */
	if (p->report == PROCSRV_REPORT_NONE || !parent->nr_waiters)
		return;
	one = show(ps, p, p, PROCSRV_SLEEP_PROCESS, 0);
	any = show(ps, p, parent, PROCSRV_SLEEP_CHILDREN, 0);
	if (pgid)
		group = show(ps, p, parent, PROCSRV_SLEEP_CHILDREN, pgid);
	one = one ?: earlier(any, group);
	if (!one)
		return;
	/* Its own wait is over before others may turn out to be in vain. */
	end_wait(ps, one, 0);
	take_report(ps, p, one);
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

/* Begins to sleep where the first to know will look. */
static int begin_to_wait(struct procsrv *ps, struct procsrv_waiter *waiter)
{
	struct procsrv_process *at = waiter->parent;
	int err;

	/* It is there, or nothing could come of waiting. */
	if (waiter->w->which == PROCSRV_WAIT_PID)
		at = procsrv_find(ps, waiter->w->id);
	err = procsrv_sleeper_add(ps, at, &waiter->sleeper,
				  procsrv_wait_class(waiter->w), 0);
	if (err == -EINPROGRESS)
		procsrv_add_waiters(ps, waiter->parent, 1);
	return err;
}

/* Frees what was reaped: the lock has been dropped. */
static int finish(struct procsrv *ps, struct procsrv_waiter *waiter, int err)
{
	procsrv_vacated_free(&waiter->vacated);
	procsrv_process_free(waiter->reaped);
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
	waiter->reaped = NULL;
	waiter->vacated = (struct procsrv_vacated) {};
	waiter->began = trace_wait_enabled() ? ktime_get_ns() : 0;

	write_lock(&ps->lock);
	waiter->parent = procsrv_find(ps, w->parent);
	if (waiter->parent)
		err = may_wait(ps, waiter) ? try_wait(ps, waiter) : -EPERM;
	if (err == -EAGAIN && !(w->flags & PROCSRV_WAIT_NOHANG))
		err = begin_to_wait(ps, waiter);
	procsrv_write_unlock(ps);

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
	if (procsrv_is_asleep(&waiter->sleeper))
		procsrv_add_waiters(ps, waiter->parent, -1);
	err = procsrv_sleeper_end(&waiter->sleeper, err);
	procsrv_write_unlock(ps);
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
