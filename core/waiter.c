// SPDX-License-Identifier: GPL-2.0-only
/*
 * Waiters: tasks and requests that wait at a process
 */
#include <linux/bug.h>
#include <linux/hrtimer.h>
#include <linux/rbtree_augmented.h>
#include <linux/sched/signal.h>
#include <linux/sched/task.h>

#include "internal.h"

/**
 * procsrv_waiter_is_task() - make the calling task a waiter
 * @waiter: the waiter, for procsrv_waiter_add() and procsrv_waiter_sleep()
 */
void procsrv_waiter_is_task(struct procsrv_waiter *waiter)
{
	waiter->wake = NULL;
	waiter->task = current;
}

/**
 * procsrv_waiter_wake() - wake a waiter, the wait of which is over
 * @waiter: was passed to procsrv_waiter_finish(); not to be used after this
 *
 * Context: in a change, the lock of which was dropped.
 */
void procsrv_waiter_wake(struct procsrv_waiter *waiter)
{
	struct task_struct *task;

	if (waiter->wake) {
		/* It begins a change before it reads the result. */
		waiter->err = waiter->result;
		waiter->wake(waiter);
		return;
	}
	task = get_task_struct(waiter->task);
	/* The task may return now. Pairs with procsrv_waiter_sleep(). */
	smp_store_release(&waiter->err, waiter->result);
	wake_up_process(task);
	put_task_struct(task);
}

static struct procsrv_waiter *waiter_entry(const struct rb_node *node)
{
	return rb_entry_safe(node, struct procsrv_waiter, node);
}

static u64 signals_below(const struct rb_node *node)
{
	return node ? waiter_entry(node)->signals_below : 0;
}

/* Updates a node; with @stop, returns true if that changed nothing. */
static bool update_signals(struct procsrv_waiter *s, bool stop)
{
	u64 signals = s->signals | signals_below(s->node.rb_left) |
		      signals_below(s->node.rb_right);

	if (stop && signals == s->signals_below)
		return true;
	s->signals_below = signals;
	return false;
}

RB_DECLARE_CALLBACKS(static, signals_callbacks, struct procsrv_waiter, node,
		     signals_below, update_signals);

/* A new one comes last in its class. */
static void insert(struct procsrv_waiter *s)
{
	struct rb_node **link = &s->tree->rb_node;
	struct rb_node *above = NULL;

	while (*link) {
		above = *link;
		waiter_entry(above)->signals_below |= s->signals;
		link = s->class < waiter_entry(above)->class ?
		       &above->rb_left : &above->rb_right;
	}
	s->signals_below = s->signals;
	rb_link_node(&s->node, above, link);
	rb_insert_augmented(&s->node, s->tree, &signals_callbacks);
}

/**
 * procsrv_waiter_add() - begin to wait
 * @c: the change
 * @tree: where: of the process that can end the wait, or of the host that can
 * @waiter: the waiter; its @wake is set
 * @nr_waiters: counts waiters, of a user or of that host
 * @class: from procsrv_waiter_class()
 * @signals: mask of the signals that end the wait, or 0
 *
 * Return: whether it waits now: the number is bounded.
 */
bool procsrv_waiter_add(struct procsrv_change *c, struct rb_root *tree,
			struct procsrv_waiter *waiter, u32 *nr_waiters,
			u64 class, u64 signals)
{
	struct procsrv *ps = procsrv_of(c);

	procsrv_assert_change(c);
	if (*nr_waiters >= ps->bounds.user_waiters)
		return false;
	++*nr_waiters;
	waiter->nr_waiters = nr_waiters;
	waiter->class = class;
	waiter->signals = signals;
	waiter->seq = ps->sleeps++;
	waiter->err = -EINPROGRESS;
	waiter->tree = tree;
	insert(waiter);
	return true;
}

/**
 * procsrv_first_waiter() - the first of a class, or of the next higher one
 * @p: the process
 * @class: the class
 *
 * Return: the waiter, or NULL if all waiters at @p are of lower classes.
 */
struct procsrv_waiter *procsrv_first_waiter(const struct procsrv_process *p,
					    u64 class)
{
	struct rb_node *n = p->waiters.rb_node;
	struct procsrv_waiter *first = NULL;

	while (n) {
		if (waiter_entry(n)->class >= class) {
			first = waiter_entry(n);
			n = n->rb_left;
		} else {
			n = n->rb_right;
		}
	}
	return first;
}

/**
 * procsrv_first_waiter_for() - the first waiter for any of some signals
 * @tree: those of a process, or of a host
 * @signals: mask of the signals
 *
 * Other waiters are not visited, however many there are.
 *
 * Return: the waiter that arrived first, or NULL.
 */
struct procsrv_waiter *
procsrv_first_waiter_for(const struct rb_root *tree, u64 signals)
{
	const struct rb_node *n = tree->rb_node;

	while (signals_below(n) & signals) {
		const struct rb_node *left = n->rb_left;
		bool here = waiter_entry(n)->signals & signals;

		if (here && !(signals_below(left) & signals))
			return waiter_entry(n);
		n = signals_below(left) & signals ? left : n->rb_right;
	}
	return NULL;
}

/**
 * procsrv_next_waiter() - the next of the same class, or of a higher one
 * @s: the waiter
 *
 * Return: the next, or NULL if it is the last.
 */
struct procsrv_waiter *procsrv_next_waiter(const struct procsrv_waiter *s)
{
	return waiter_entry(rb_next(&s->node));
}

/* A user outlives its processes, and these outlive their waiters. */
static void remove(struct procsrv_waiter *waiter)
{
	rb_erase_augmented(&waiter->node, waiter->tree, &signals_callbacks);
	--*waiter->nr_waiters;
}

/**
 * procsrv_waiter_finish() - end a wait
 * @c: the change
 * @waiter: the waiter; it is woken when the lock is dropped
 * @err: what procsrv_waiter_end() returns
 */
void procsrv_waiter_finish(struct procsrv_change *c,
			   struct procsrv_waiter *waiter, int err)
{
	procsrv_change_queues(c);
	remove(waiter);
	waiter->result = err;
	waiter->next = NULL;
	*c->last_woken = waiter;
	c->last_woken = &waiter->next;
}

/**
 * procsrv_deadline() - the time at which a timeout expires
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
 * procsrv_waiter_sleep() - sleep until a wait is over, or a deadline passes
 * @waiter: was passed to procsrv_waiter_add()
 * @deadline: the deadline, or NULL for none
 *
 * Not in an io_uring worker: it may have consumed the fatal signal of its
 * process, and then nothing would end the sleep.
 *
 * Context: sleeps.
 * Return: 0, and &procsrv_waiter.err has the result, and no lock is needed; or
 * -ETIMEDOUT; or -ERESTARTSYS after a signal to the caller. After an error the
 * caller begins a change, and calls procsrv_waiter_end().
 */
int procsrv_waiter_sleep(struct procsrv_waiter *waiter, ktime_t *deadline)
{
	bool expired = false;
	int err;

	if (WARN_ON_ONCE(current->flags & PF_IO_WORKER))
		return -ERESTARTSYS;
	for (;;) {
		set_current_state(TASK_INTERRUPTIBLE);
		err = 0;
		/* Pairs with procsrv_waiter_wake(). */
		if (smp_load_acquire(&waiter->err) != -EINPROGRESS)
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
 * procsrv_waiter_end() - stop waiting
 * @c: the change
 * @waiter: was passed to procsrv_waiter_add()
 * @err: the result if the wait is not over
 *
 * The wait may have ended after the sleep: then the result of the wait counts.
 *
 * Return: what was passed to procsrv_waiter_finish(), or @err.
 */
int procsrv_waiter_end(struct procsrv_change *c, struct procsrv_waiter *waiter,
		       int err)
{
	procsrv_assert_change(c);
	if (!procsrv_is_waiting(waiter))
		return waiter->err;
	remove(waiter);
	return err;
}
