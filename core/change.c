// SPDX-License-Identifier: GPL-2.0-only
/*
 * Changes: the locks, and the queues of consequences
 */
#include <linux/poll.h>
#include <linux/sched.h>
#include <linux/timex.h>
#include <linux/workqueue.h>

#include "compat.h"
#include "internal.h"
#include "trace.h"

enum {
	FEW_POLLS = 16,
};

static struct workqueue_struct *wakeups;

/**
 * procsrv_changes_init() - allocate the workqueue that wakes polls
 *
 * Return: 0, or -ENOMEM.
 */
int procsrv_changes_init(void)
{
	wakeups = alloc_workqueue("procsrv", WQ_UNBOUND | WQ_HIGHPRI, 0);
	return wakeups ? 0 : -ENOMEM;
}

/**
 * procsrv_changes_exit() - undo procsrv_changes_init(); every server is gone
 */
void procsrv_changes_exit(void)
{
	destroy_workqueue(wakeups);
}

static void wake_crowd(struct work_struct *work)
{
	struct procsrv_poll *poll = container_of(work, struct procsrv_poll,
						 work);

	if (READ_ONCE(poll->ended))
		wake_up_interruptible_all(&poll->queue);
	else
		wake_up_interruptible_poll(&poll->queue, poll->events);
}

static bool is_crowded(const wait_queue_head_t *queue)
{
	const struct list_head *entry;
	u32 n = 0;

	list_for_each(entry, &queue->head)
		if (++n > FEW_POLLS)
			return true;
	return false;
}

/* An event is for one exclusive waiter; the end, which has no key, is for all of them. */
static void wake_few(struct procsrv_poll *poll)
{
	if (poll->ended)
		__wake_up_locked(&poll->queue, TASK_INTERRUPTIBLE, 0);
	else
		__wake_up_locked_key(&poll->queue, TASK_INTERRUPTIBLE,
				     poll_to_key(poll->events));
}

/*
 * A few are woken at once, so that an edge is there when the call returns. A
 * crowd, of any size, is left to a worker, which holds the lock of the queue for as
 * long as it wakes: no change waits for it.
 */
static void wake_poll(struct procsrv_poll *poll)
{
	wait_queue_head_t *queue = &poll->queue;
	bool crowded = true;

	if (!wq_has_sleeper(queue))
		return;
	if (spin_trylock_irq(&queue->lock)) {
		crowded = is_crowded(queue);
		if (!crowded)
			wake_few(poll);
		spin_unlock_irq(&queue->lock);
	}
	if (crowded)
		queue_work(wakeups, &poll->work);
}

/**
 * procsrv_poll_init() - prepare a queue that changes wake
 * @poll: the queue
 * @events: what it is polled for
 */
void procsrv_poll_init(struct procsrv_poll *poll, __poll_t events)
{
	init_waitqueue_head(&poll->queue);
	poll->events = events;
	INIT_WORK(&poll->work, wake_crowd);
	INIT_LIST_HEAD(&poll->node);
}

/**
 * procsrv_poll_exit() - end a queue that no change wakes any more
 * @poll: the queue
 *
 * Context: outside a change; may sleep.
 */
void procsrv_poll_exit(struct procsrv_poll *poll)
{
	cancel_work_sync(&poll->work);
}

/**
 * procsrv_change_init() - prepare the changes of a new server
 * @c: its change
 */
void procsrv_change_init(struct procsrv_change *c)
{
	c->caller.ps = procsrv_of(c);
	c->offers = RB_ROOT;
	INIT_LIST_HEAD(&c->orphan_candidates);
	c->last_woken = &c->woken;
	INIT_LIST_HEAD(&c->polls);
}

static struct procsrv_change *begin(struct procsrv *ps)
{
	struct procsrv_change *c = &ps->change;

	write_lock(&ps->lock);
	/* Sparse does not follow a lock through a pointer; lockdep does. */
	__release(&ps->lock);
	c->work = PROCSRV_HOLD;
	c->hold_began = trace_procsrv_hold_enabled() ? get_cycles() : 0;
	return c;
}

/*
 * The lock is dropped first, so that tracing does not lengthen the hold. One
 * that began before holds were traced is left out.
 */
static void unlock(struct procsrv_change *c)
{
	struct procsrv *ps = procsrv_of(c);
	u64 cycles = c->hold_began ? get_cycles() - c->hold_began : 0;

	__acquire(&ps->lock);
	write_unlock(&ps->lock);
	if (cycles)
		trace_procsrv_hold(ps, cycles);
}

/* Answers about the caller are kept for one call only. */
static void set_caller(struct procsrv_change *c)
{
	if (unlikely(READ_ONCE(c->batcher))) {
		if (READ_ONCE(c->batcher) == current)
			return;
		WRITE_ONCE(c->batcher, NULL);
	}
	c->caller.cred = current_cred();
	c->caller.asked = 0;
	c->caller.granted = 0;
}

static struct procsrv_change *begin_first(struct procsrv *ps)
{
	set_caller(&ps->change);
	return begin(ps);
}

/**
 * procsrv_change_begin() - begin a change
 * @ps: the server
 *
 * Context: may sleep, until the present change of another task is committed.
 * Return: the change, which ends with procsrv_change_commit(); or NULL if the
 * calling task is killed.
 */
struct procsrv_change *procsrv_change_begin(struct procsrv *ps)
{
	return mutex_lock_killable(&ps->mutex) ? NULL : begin_first(ps);
}
EXPORT_SYMBOL_PROCSRV(procsrv_change_begin);

/**
 * procsrv_change_begin_unkillable() - begin a change that has to be made
 * @ps: the server
 *
 * For the release of what a task leaves behind when it is killed.
 *
 * Context: may sleep.
 * Return: the change, which ends with procsrv_change_commit().
 */
struct procsrv_change *procsrv_change_begin_unkillable(struct procsrv *ps)
{
	mutex_lock(&ps->mutex);
	return begin_first(ps);
}
EXPORT_SYMBOL_PROCSRV(procsrv_change_begin_unkillable);

/**
 * procsrv_batch_begin() - the changes of this task are one call from here on
 * @ps: the server
 *
 * A capability is then checked for the first of them only, until another task
 * makes a change: the server remembers the last caller. Until
 * procsrv_batch_end() the task keeps its credentials.
 *
 * Context: may sleep, until the present change of another task is committed, or
 * the task is killed: then it makes no change.
 */
void procsrv_batch_begin(struct procsrv *ps)
{
	if (mutex_lock_killable(&ps->mutex))
		return;
	WRITE_ONCE(ps->change.batcher, NULL);
	set_caller(&ps->change);
	WRITE_ONCE(ps->change.batcher, current);
	mutex_unlock(&ps->mutex);
}
EXPORT_SYMBOL_PROCSRV(procsrv_batch_begin);

/**
 * procsrv_batch_end() - end what procsrv_batch_begin() began
 * @ps: the server
 *
 * Context: any task. Needs no lock: only the task itself stores that it is the
 * one.
 */
void procsrv_batch_end(struct procsrv *ps)
{
	cmpxchg(&ps->change.batcher, current, NULL);
}
EXPORT_SYMBOL_PROCSRV(procsrv_batch_end);

/*
 * Drops the lock, and wakes waiters and polls. They are not freed before: the
 * code that frees a request or a poll begins a change first, and a task returns
 * only after procsrv_waiter_wake() has set its result.
 */
static void drop_lock(struct procsrv_change *c)
{
	struct procsrv_waiter *waiter = c->woken, *next;
	struct procsrv_poll *poll, *next_poll;

	procsrv_assert_no_edit(c);
	unlock(c);
	if (waiter) {
		c->woken = NULL;
		c->last_woken = &c->woken;
		for (; waiter; waiter = next) {
			next = waiter->next;
			procsrv_waiter_wake(waiter);
		}
	}
	list_for_each_entry_safe(poll, next_poll, &c->polls, node) {
		list_del_init(&poll->node);
		wake_poll(poll);
	}
}

/**
 * procsrv_change_pause() - drop the lock for a moment, but not the mutex
 * @c: the change
 *
 * Context: as procsrv_change_step(), which calls it.
 */
void procsrv_change_pause(struct procsrv_change *c)
{
	drop_lock(c);
	cond_resched();
	begin(procsrv_of(c));
}

/**
 * procsrv_change_end() - drop the locks, and free what was released
 * @c: the change, whose consequences were carried out
 *
 * Context: called by procsrv_change_settle(); may sleep.
 */
void procsrv_change_end(struct procsrv_change *c)
{
	struct procsrv *ps = procsrv_of(c);
	struct procsrv_release release;

	drop_lock(c);
	c->has_queued = false;
	if (procsrv_release_is_empty(&c->release)) {
		mutex_unlock(&ps->mutex);
		return;
	}
	release = c->release;
	c->release = (struct procsrv_release) {};
	mutex_unlock(&ps->mutex);
	procsrv_release_free(&release);
}

static bool offer_less(struct rb_node *a, const struct rb_node *b)
{
	return rb_entry(a, struct procsrv_process, offer_node)->pid <
	       rb_entry(b, struct procsrv_process, offer_node)->pid;
}

/**
 * procsrv_queue() - have the commit look at a process
 * @c: the change
 * @p: the process
 */
void procsrv_queue(struct procsrv_change *c, struct procsrv_process *p)
{
	procsrv_change_queues(c);
	if (RB_EMPTY_NODE(&p->offer_node))
		rb_add(&p->offer_node, &c->offers, offer_less);
}

/**
 * procsrv_queue_bereaved() - have waits for the children in a group checked
 * @c: the change; at most one call in each
 * @parent: a process, a child of which has left a group
 * @pgid: that group, or 0
 */
void procsrv_queue_bereaved(struct procsrv_change *c,
			    struct procsrv_process *parent, u32 pgid)
{
	procsrv_change_queues(c);
	WARN_ON_ONCE(c->bereaved);
	c->bereaved = parent;
	c->bereaved_of = pgid;
}
