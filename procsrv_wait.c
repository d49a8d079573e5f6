// SPDX-License-Identifier: GPL-2.0-only
/*
 * Waiting for children
 */
#include <linux/hrtimer.h>
#include <linux/overflow.h>
#include <linux/sched/signal.h>

#include "compat.h"
#include "procsrv_tables.h"

enum {
	WAIT_WHAT = PROCSRV_WAIT_EXITED | PROCSRV_WAIT_STOPPED |
		    PROCSRV_WAIT_CONTINUED,
	WAIT_FLAGS = PROCSRV_WAIT_NOHANG | PROCSRV_WAIT_NOWAIT |
		     PROCSRV_WAIT_TIMEOUT,
};

static_assert(BIT(PROCSRV_REPORT_EXITED) == PROCSRV_WAIT_EXITED);
static_assert(BIT(PROCSRV_REPORT_STOPPED) == PROCSRV_WAIT_STOPPED);
static_assert(BIT(PROCSRV_REPORT_CONTINUED) == PROCSRV_WAIT_CONTINUED);

/**
 * struct reaped - what a wait has taken out of the tables
 * @process: the process, or NULL
 * @vacated: its group and session, if it was their last member
 */
struct reaped {
	struct procsrv_process *process;
	struct procsrv_vacated vacated;
};

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

/* The lowest of the children that @w is about with any of @reports. */
static u64 lowest_wanted(struct procsrv *ps, struct procsrv_process *parent,
			 const struct procsrv_wait *w, u32 reports)
{
	struct procsrv_process *p;

	switch (w->which) {
	case PROCSRV_WAIT_PID:
		p = procsrv_find(ps, w->id);
		if (p && p->parent == parent && procsrv_has_report(p, reports))
			return p->pid;
		return U64_MAX;
	case PROCSRV_WAIT_PGID:
		if (w->id > U32_MAX)
			return U64_MAX;
		return procsrv_lowest_child_in(parent, w->id, reports);
	default:
		return procsrv_lowest_child(parent, reports);
	}
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

/* One attempt: 0, or -EAGAIN where sleeping may help. */
static int try_wait(struct procsrv *ps, struct procsrv_process *parent,
		    struct procsrv_wait *w, struct reaped *reaped)
{
	struct procsrv_process *p;
	u32 possible;
	u64 pid;

	lockdep_assert_held_write(&ps->lock);
	if (parent->state == PROCSRV_ZOMBIE || parent->state == PROCSRV_DEAD)
		return -ESRCH;
	pid = lowest_wanted(ps, parent, w, w->what);
	if (pid == U64_MAX) {
		/* A zombie never stops or continues. */
		possible = BIT(PROCSRV_REPORT_ALIVE) |
			   (w->what & PROCSRV_WAIT_EXITED);
		pid = lowest_wanted(ps, parent, w, possible);
		return pid == U64_MAX ? -ECHILD : -EAGAIN;
	}
	p = procsrv_find(ps, pid);
	fill_result(w, p);
	if (w->flags & PROCSRV_WAIT_NOWAIT)
		return 0;
	if (p->report != PROCSRV_REPORT_EXITED) {
		procsrv_set_report(p, PROCSRV_REPORT_ALIVE);
		return 0;
	}
	add_cpu_time(&parent->children_cpu_time, p->cpu_time);
	add_cpu_time(&parent->children_cpu_time, p->children_cpu_time);
	procsrv_unlink(ps, p, &reaped->vacated);
	reaped->process = p;
	return 0;
}

static ktime_t wait_deadline(const struct procsrv_wait *w)
{
	u64 ns = min_t(u64, w->timeout, KTIME_MAX);

	return ktime_add_safe(ktime_get(), ns_to_ktime(ns));
}

/* Sleeps until there is a result; the caller is one of @parent's waiters. */
static int sleep_for_child(struct procsrv *ps, struct procsrv_process *parent,
			   struct procsrv_wait *w, struct reaped *reaped)
{
	ktime_t deadline = wait_deadline(w);
	bool timed = w->flags & PROCSRV_WAIT_TIMEOUT;
	bool expired = false;
	DEFINE_WAIT(wait);
	int err;

	for (;;) {
		prepare_to_wait(&parent->waiters, &wait, TASK_INTERRUPTIBLE);
		write_lock(&ps->lock);
		err = try_wait(ps, parent, w, reaped);
		write_unlock(&ps->lock);
		if (err != -EAGAIN)
			break;
		if (expired) {
			err = -ETIMEDOUT;
			break;
		}
		if (signal_pending(current)) {
			err = -ERESTARTSYS;
			break;
		}
		expired = !schedule_hrtimeout_range(timed ? &deadline : NULL,
						    current->timer_slack_ns,
						    HRTIMER_MODE_ABS);
	}
	finish_wait(&parent->waiters, &wait);
	if (err == -ERESTARTSYS && timed)
		w->timeout = max_t(s64, 0, ktime_to_ns(ktime_sub(deadline,
								 ktime_get())));
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
 * Return: 0; -ECHILD if no child could ever qualify; -EAGAIN if none does yet
 * and PROCSRV_WAIT_NOHANG is set; -ETIMEDOUT; -ERESTARTSYS after a signal to
 * the caller; -ESRCH if there is no such parent, or it is a zombie, or has
 * become one; -EINVAL if @w makes no sense.
 */
int procsrv_wait(struct procsrv *ps, struct procsrv_wait *w)
{
	struct procsrv_process *parent;
	struct reaped reaped = {};
	bool sleep = false;
	int err = -ESRCH;

	if (!wait_is_valid(w))
		return -EINVAL;

	write_lock(&ps->lock);
	parent = procsrv_find(ps, w->parent);
	if (parent)
		err = try_wait(ps, parent, w, &reaped);
	if (err == -EAGAIN && !(w->flags & PROCSRV_WAIT_NOHANG)) {
		sleep = true;
		procsrv_process_get(parent);
		procsrv_add_waiters(ps, parent, 1);
	}
	write_unlock(&ps->lock);

	if (sleep) {
		err = sleep_for_child(ps, parent, w, &reaped);
		write_lock(&ps->lock);
		procsrv_add_waiters(ps, parent, -1);
		write_unlock(&ps->lock);
		procsrv_process_put(parent);
	}
	procsrv_vacated_free(&reaped.vacated);
	procsrv_process_put(reaped.process);
	return err;
}
EXPORT_SYMBOL_PROCSRV(procsrv_wait);
