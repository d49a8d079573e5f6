// SPDX-License-Identifier: GPL-2.0-only
/*
 * Sleeping until something is handed over
 */
#include <linux/bug.h>
#include <linux/hrtimer.h>
#include <linux/rbtree_augmented.h>
#include <linux/sched/signal.h>

#include "procsrv_tables.h"

static void wake_task(struct procsrv_sleeper *s)
{
	/* The task cannot go away before it has had the lock itself. */
	wake_up_process(s->task);
}

/**
 * procsrv_sleeper_is_task() - make the calling task the one that sleeps
 * @s: what is to be passed to procsrv_sleeper_add() and procsrv_sleep()
 */
void procsrv_sleeper_is_task(struct procsrv_sleeper *s)
{
	s->wake = wake_task;
	s->task = current;
}

static struct procsrv_sleeper *sleeper_entry(const struct rb_node *node)
{
	return rb_entry_safe(node, struct procsrv_sleeper, node);
}

static u64 signals_below(const struct rb_node *node)
{
	return node ? sleeper_entry(node)->signals_below : 0;
}

/* Brings a node up to date; with @stop, says whether it was. */
static bool update_signals(struct procsrv_sleeper *s, bool stop)
{
	u64 signals = s->signals | signals_below(s->node.rb_left) |
		      signals_below(s->node.rb_right);

	if (stop && signals == s->signals_below)
		return true;
	s->signals_below = signals;
	return false;
}

RB_DECLARE_CALLBACKS(static, signals_callbacks, struct procsrv_sleeper, node,
		     signals_below, update_signals);

/* A new one comes last in its class. */
static void insert(struct procsrv_sleeper *s)
{
	struct rb_node **link = &s->tree->rb_node;
	struct rb_node *above = NULL;

	while (*link) {
		above = *link;
		sleeper_entry(above)->signals_below |= s->signals;
		link = s->class < sleeper_entry(above)->class ?
		       &above->rb_left : &above->rb_right;
	}
	s->signals_below = s->signals;
	rb_link_node(&s->node, above, link);
	rb_insert_augmented(&s->node, s->tree, &signals_callbacks);
}

/**
 * procsrv_sleeper_add() - be one of those that a process can wake
 * @ps: the server
 * @p: the process
 * @s: what to hand things to; its @wake is set
 * @class: what it sleeps for, from procsrv_sleep_class()
 * @signals: mask of the signals that it sleeps for, or 0
 *
 * Context: under the lock, for writing.
 * Return: -EINPROGRESS; or -EAGAIN, and it is not, if there are as many in the
 * processes of this user as there may be.
 */
int procsrv_sleeper_add(struct procsrv *ps, struct procsrv_process *p,
			struct procsrv_sleeper *s, u64 class, u64 signals)
{
	struct procsrv_user *user = p->user ?: &ps->of_init;

	lockdep_assert_held_write(&ps->lock);
	if (user->nr_sleepers >= ps->bounds.user_sleepers)
		return -EAGAIN;
	user->nr_sleepers++;
	s->user = user;
	s->class = class;
	s->signals = signals;
	s->seq = ps->sleeps++;
	s->err = -EINPROGRESS;
	s->tree = &p->sleepers;
	insert(s);
	return -EINPROGRESS;
}

/**
 * procsrv_first_sleeper() - the first of a class, or of the next that there is
 * @p: the process
 * @class: the class
 *
 * Context: under the lock.
 * Return: the sleeper, or NULL if all that sleep there are of lower classes.
 */
struct procsrv_sleeper *procsrv_first_sleeper(const struct procsrv_process *p,
					      u64 class)
{
	struct rb_node *n = p->sleepers.rb_node;
	struct procsrv_sleeper *first = NULL;

	while (n) {
		if (sleeper_entry(n)->class >= class) {
			first = sleeper_entry(n);
			n = n->rb_left;
		} else {
			n = n->rb_right;
		}
	}
	return first;
}

/**
 * procsrv_first_sleeper_for() - the first that one of some signals can wake
 * @p: the process
 * @signals: mask of the signals
 *
 * The others are not looked at, however many there are.
 *
 * Context: under the lock.
 * Return: the sleeper that came first, or NULL.
 */
struct procsrv_sleeper *
procsrv_first_sleeper_for(const struct procsrv_process *p, u64 signals)
{
	const struct rb_node *n = p->sleepers.rb_node;

	while (signals_below(n) & signals) {
		const struct rb_node *left = n->rb_left;
		bool here = sleeper_entry(n)->signals & signals;

		if (here && !(signals_below(left) & signals))
			return sleeper_entry(n);
		n = signals_below(left) & signals ? left : n->rb_right;
	}
	return NULL;
}

/**
 * procsrv_next_sleeper() - the next of the same class, or of a higher one
 * @s: the sleeper
 *
 * Context: under the lock.
 * Return: the next, or NULL if it is the last.
 */
struct procsrv_sleeper *procsrv_next_sleeper(const struct procsrv_sleeper *s)
{
	return sleeper_entry(rb_next(&s->node));
}

/* A user lives as long as its processes do, and these outlive their sleepers. */
static void remove(struct procsrv_sleeper *s)
{
	rb_erase_augmented(&s->node, s->tree, &signals_callbacks);
	s->user->nr_sleepers--;
}

/**
 * procsrv_sleeper_wake() - end a sleep
 * @ps: the server
 * @s: who sleeps, but no longer
 * @err: what procsrv_sleeper_end() is to return
 *
 * Context: under the lock, for writing.
 */
void procsrv_sleeper_wake(struct procsrv *ps, struct procsrv_sleeper *s,
			  int err)
{
	procsrv_assert_unchanging(ps);
	remove(s);
	WRITE_ONCE(s->err, err);
	s->wake(s);
}

/**
 * procsrv_deadline() - when a time from now is up
 * @timeout: nanoseconds
 *
 * Return: a time of CLOCK_MONOTONIC.
 */
ktime_t procsrv_deadline(u64 timeout)
{
	u64 ns = min_t(u64, timeout, KTIME_MAX);

	return ktime_add_safe(ktime_get(), ns_to_ktime(ns));
}

/**
 * procsrv_time_left() - how long it is to a deadline
 * @deadline: the deadline
 *
 * Return: nanoseconds, 0 if it has passed.
 */
u64 procsrv_time_left(ktime_t deadline)
{
	return max_t(s64, 0, ktime_to_ns(ktime_sub(deadline, ktime_get())));
}

/**
 * procsrv_sleep() - sleep until something is handed over, or a deadline passes
 * @s: what was passed to procsrv_sleeper_add()
 * @deadline: the deadline, or NULL for none
 *
 * Not in a worker of io_uring: it may have taken the signals that end its
 * process already, and then nothing would end the sleep.
 *
 * Context: sleeps. The caller takes the lock and goes to procsrv_sleeper_end()
 * with what this returns.
 * Return: 0; -ETIMEDOUT; -ERESTARTSYS after a signal to the caller.
 */
int procsrv_sleep(struct procsrv_sleeper *s, ktime_t *deadline)
{
	bool expired = false;
	int err;

	if (WARN_ON_ONCE(current->flags & PF_IO_WORKER))
		return -ERESTARTSYS;
	for (;;) {
		set_current_state(TASK_INTERRUPTIBLE);
		err = 0;
		if (READ_ONCE(s->err) != -EINPROGRESS)
			break;
		err = -ETIMEDOUT;
		if (expired)
			break;
		err = -ERESTARTSYS;
		if (signal_pending(current))
			break;
		expired = !schedule_hrtimeout_range(deadline,
						    current->timer_slack_ns,
						    HRTIMER_MODE_ABS);
	}
	__set_current_state(TASK_RUNNING);
	return err;
}

/**
 * procsrv_sleeper_end() - stop sleeping, whatever ended it
 * @s: what was passed to procsrv_sleeper_add()
 * @err: what procsrv_sleep() has returned
 *
 * Something may have been handed over after the sleep ended for another
 * reason: then that is what counts.
 *
 * Context: under the lock, for writing.
 * Return: what was passed to procsrv_sleeper_wake(), or @err.
 */
int procsrv_sleeper_end(struct procsrv_sleeper *s, int err)
{
	if (!procsrv_is_asleep(s))
		return s->err;
	remove(s);
	return err;
}
