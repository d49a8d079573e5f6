// SPDX-License-Identifier: GPL-2.0-only
/*
 * Events: what has happened, for tracepoints and for readers
 *
 * Every reader has a ring of its own. Whoever changes something puts a record
 * into the rings of those that want it and goes on: a full ring loses its
 * oldest record, and counts that.
 */
#include <linux/list.h>
#include <linux/mm.h>
#include <linux/poll.h>
#include <linux/slab.h>

#include "compat.h"
#include "procsrv_tables.h"

#define CREATE_TRACE_POINTS
#include "procsrv_trace.h"

/**
 * struct procsrv_reader - somebody who reads events
 * @ps: the server; constant
 * @node: in &procsrv.readers, or empty; protected by the server's lock, as all
 *	up to @filter are
 * @watch_node: in the watchers of the process whose subtree it follows, or empty
 * @waking_node: in &procsrv.waking, or empty
 * @more: did it get more under this hold of the lock than what it was woken for?
 * @filter: what it wants
 * @queue: who sleeps until there is an event
 * @lock: protects all that follow
 * @ring: room for @capacity events, or NULL
 * @capacity: how many
 * @first: where the oldest is
 * @count: how many there are
 * @lost: how many were dropped since the last that was taken
 * @last_lost: the number of the last of them
 *
 * There is one call that takes or subscribes at a time: its owner sees to it.
 */
struct procsrv_reader {
	struct procsrv *ps;
	struct list_head node;
	struct hlist_node watch_node;
	struct list_head waking_node;
	bool more;
	struct procsrv_filter filter;
	wait_queue_head_t queue;
	spinlock_t lock;	/* see above */
	struct procsrv_event *ring;
	u32 capacity;
	u32 first;
	u32 count;
	u64 lost;
	u64 last_lost;
};

static void trace_event_of(const struct procsrv *ps,
			   const struct procsrv_process *p,
			   const struct procsrv_event *e)
{
	switch (e->kind) {
	case PROCSRV_EVENT_CREATE:
		trace_create(ps, p, e);
		break;
	case PROCSRV_EVENT_EXEC:
		trace_exec(ps, p, e);
		break;
	case PROCSRV_EVENT_EXIT:
		trace_exit(ps, p, e);
		break;
	case PROCSRV_EVENT_REAP:
		trace_reap(ps, p, e);
		break;
	case PROCSRV_EVENT_SIGNAL:
		trace_signal(ps, p, e);
		break;
	case PROCSRV_EVENT_STATE:
		trace_state(ps, p, e);
		break;
	case PROCSRV_EVENT_PARENT:
		trace_parent(ps, p, e);
		break;
	case PROCSRV_EVENT_SESSION:
		trace_session(ps, p, e);
		break;
	case PROCSRV_EVENT_GROUP:
		trace_group(ps, p, e);
		break;
	case PROCSRV_EVENT_LIMIT:
		trace_limit(ps, p, e);
		break;
	case PROCSRV_EVENT_CAPABILITY:
		trace_capability(ps, p, e);
		break;
	case PROCSRV_EVENT_UPDATE:
		trace_update(ps, p, e);
		break;
	case PROCSRV_EVENT_TERMINAL:
		trace_terminal(ps, p, e);
		break;
	}
}

static bool wants(const struct procsrv_filter *filter,
		  const struct procsrv_event *e)
{
	return filter->kinds & PROCSRV_EVENT_BIT(e->kind);
}

static void wake(struct procsrv_reader *r)
{
	procsrv_assert_unchanging(r->ps);
	wake_up_interruptible_poll(&r->queue, EPOLLIN | EPOLLRDNORM);
}

/*
 * Many events may come under one hold of the lock. The first wakes, so that
 * the ring is emptied while they come; then only the end of the hold does.
 */
static void put_event(struct procsrv_reader *r, const struct procsrv_event *e)
{
	u32 last;

	spin_lock(&r->lock);
	if (r->count == r->capacity) {
		r->lost++;
		r->last_lost = r->ring[r->first].seq;
		r->first = (r->first + 1) % r->capacity;
		r->count--;
	}
	last = (r->first + r->count) % r->capacity;
	r->ring[last] = *e;
	r->count++;
	spin_unlock(&r->lock);
	r->more = !list_empty(&r->waking_node);
	if (r->more)
		return;
	list_add_tail(&r->waking_node, &r->ps->waking);
	wake(r);
}

/**
 * procsrv_wake_readers() - wake those that got more events under this hold
 * @ps: the server
 *
 * Context: under the lock, for writing.
 */
void procsrv_wake_readers(struct procsrv *ps)
{
	struct procsrv_reader *r, *next;

	lockdep_assert_held_write(&ps->lock);
	list_for_each_entry_safe(r, next, &ps->waking, waking_node) {
		list_del_init(&r->waking_node);
		if (r->more)
			wake(r);
	}
}

static void tell_readers(struct procsrv *ps, const struct procsrv_event *e)
{
	struct procsrv_reader *r;

	list_for_each_entry(r, &ps->readers, node)
		if (wants(&r->filter, e) &&
		    (!r->filter.pid || r->filter.pid == e->pid))
			put_event(r, e);
}

/* The readers that follow the subtree of @a or of an ancestor of it. */
static void tell_watchers(const struct procsrv_process *a,
			  const struct procsrv_event *e)
{
	struct procsrv_reader *r;

	for (; a; a = a->parent)
		hlist_for_each_entry(r, &a->watchers, watch_node)
			if (wants(&r->filter, e))
				put_event(r, e);
}

/**
 * procsrv_note() - keep an event until the present change is over
 * @ps: the server
 * @p: as in procsrv_tell()
 * @event: as there, with its number
 *
 * Nothing but stores. The process may have left its parent, its session and
 * its group by the time of the delivery.
 *
 * Context: under the lock, for writing.
 */
void procsrv_note(struct procsrv *ps, const struct procsrv_process *p,
		  const struct procsrv_event *event)
{
	struct procsrv_noted *n = &ps->noted[ps->nr_noted];

	lockdep_assert_held_write(&ps->lock);
	if (WARN_ON_ONCE(ps->nr_noted == ARRAY_SIZE(ps->noted)))
		return;
	ps->nr_noted++;
	n->process = p;
	n->above = NULL;
	n->event = *event;
	if (!p)
		return;
	n->above = p->parent;
	n->event.pid = p->pid;
	n->event.sid = procsrv_sid(p);
	n->event.pgid = procsrv_pgid(p);
}

static void deliver(struct procsrv *ps, struct procsrv_noted *n)
{
	struct procsrv_event *e = &n->event;
	u64 cycles;

	trace_event_of(ps, n->process, e);
	if (list_empty(&ps->readers))
		return;
	e->time = procsrv_clock_read(ps->clock, &cycles);
	tell_readers(ps, e);
	if (n->above && ps->nr_watchers)
		tell_watchers(n->above, e);
}

/**
 * procsrv_deliver_noted() - deliver the events of the change that is over
 * @ps: the server
 *
 * Context: under the lock, for writing.
 */
void procsrv_deliver_noted(struct procsrv *ps)
{
	u32 i;

	lockdep_assert_held_write(&ps->lock);
	procsrv_assert_unchanging(ps);
	for (i = 0; i < ps->nr_noted; i++)
		deliver(ps, &ps->noted[i]);
	ps->nr_noted = 0;
}

/**
 * procsrv_reader_new() - make a reader that has not subscribed
 * @ps: the server, which it does not keep
 *
 * Context: may sleep.
 * Return: the reader, or NULL without memory.
 */
struct procsrv_reader *procsrv_reader_new(struct procsrv *ps)
{
	struct procsrv_reader *r = kzalloc(sizeof(*r), PROCSRV_GFP);

	if (!r)
		return NULL;
	r->ps = ps;
	INIT_LIST_HEAD(&r->node);
	INIT_HLIST_NODE(&r->watch_node);
	INIT_LIST_HEAD(&r->waking_node);
	init_waitqueue_head(&r->queue);
	spin_lock_init(&r->lock);
	return r;
}
EXPORT_SYMBOL_PROCSRV(procsrv_reader_new);

/* A process that its filter names is there. */
static void link_reader(struct procsrv_reader *r)
{
	struct procsrv *ps = r->ps;

	list_add_tail(&r->node, &ps->readers);
	if (!r->filter.subtree)
		return;
	hlist_add_head(&r->watch_node,
		       &procsrv_find(ps, r->filter.pid)->watchers);
	ps->nr_watchers++;
}

static void unlink_reader(struct procsrv_reader *r)
{
	list_del_init(&r->node);
	if (hlist_unhashed(&r->watch_node))
		return;
	hlist_del_init(&r->watch_node);
	r->ps->nr_watchers--;
}

/**
 * procsrv_watches() - does who is among the watchers of a process watch it?
 * @node: its node there
 * @p: the process
 *
 * Context: under the lock.
 */
bool procsrv_watches(const struct hlist_node *node,
		     const struct procsrv_process *p)
{
	const struct procsrv_reader *r;

	r = hlist_entry(node, struct procsrv_reader, watch_node);
	return !list_empty(&r->node) && r->filter.subtree &&
	       r->filter.pid == p->pid;
}

/**
 * procsrv_forget_watchers() - nothing happens below a process any more
 * @ps: the server
 * @p: the process, which is about to leave the table
 *
 * Context: under the lock, for writing.
 */
void procsrv_forget_watchers(struct procsrv *ps, struct procsrv_process *p)
{
	struct procsrv_reader *r;
	struct hlist_node *next;

	hlist_for_each_entry_safe(r, next, &p->watchers, watch_node) {
		hlist_del_init(&r->watch_node);
		ps->nr_watchers--;
	}
}

/**
 * procsrv_reader_free() - end a reader
 * @r: the reader, which nobody else uses any more, or NULL
 *
 * Context: may sleep.
 */
void procsrv_reader_free(struct procsrv_reader *r)
{
	if (!r)
		return;
	write_lock(&r->ps->lock);
	unlink_reader(r);
	procsrv_write_unlock(r->ps);
	kvfree(r->ring);
	kfree(r);
}
EXPORT_SYMBOL_PROCSRV(procsrv_reader_free);

/* Under the server's lock nothing is put into the ring meanwhile. */
static struct procsrv_event *exchange_ring(struct procsrv_reader *r,
					   struct procsrv_event *ring,
					   u32 capacity)
{
	struct procsrv_event *old = r->ring;

	spin_lock(&r->lock);
	WRITE_ONCE(r->ring, ring);
	r->capacity = capacity;
	r->first = 0;
	r->count = 0;
	r->lost = 0;
	spin_unlock(&r->lock);
	return old;
}

/**
 * procsrv_subscribe() - say which events a reader gets
 * @r: the reader
 * @filter: which
 * @capacity: room for how many, or 0 for none at all: to get nothing
 * @seq: where to store the number of the latest event before
 *
 * What it got by an earlier subscription and has not taken is gone.
 *
 * Context: may sleep. One call that takes or subscribes at a time.
 * Return: 0; -ESRCH if the filter names a process that does not exist, or none
 * whose subtree it could be about; -ENOMEM.
 */
int procsrv_subscribe(struct procsrv_reader *r,
		      const struct procsrv_filter *filter, u32 capacity,
		      u64 *seq)
{
	struct procsrv_event *ring = NULL;
	struct procsrv *ps = r->ps;
	int err = 0;

	if (capacity) {
		ring = kvcalloc(capacity, sizeof(*ring), PROCSRV_GFP);
		if (!ring)
			return -ENOMEM;
	}

	write_lock(&ps->lock);
	if ((filter->pid || filter->subtree) &&
	    !procsrv_find(ps, filter->pid)) {
		err = -ESRCH;
	} else {
		unlink_reader(r);
		r->filter = *filter;
		if (ring)
			link_reader(r);
		ring = exchange_ring(r, ring, capacity);
		*seq = procsrv_event_count(ps);
	}
	procsrv_write_unlock(ps);

	kvfree(ring);
	return err;
}
EXPORT_SYMBOL_PROCSRV(procsrv_subscribe);

/**
 * procsrv_reader_is_subscribed() - does a reader get anything?
 * @r: the reader
 *
 * Return: so far; another task may be about to change it.
 */
bool procsrv_reader_is_subscribed(const struct procsrv_reader *r)
{
	return READ_ONCE(r->ring);
}
EXPORT_SYMBOL_PROCSRV(procsrv_reader_is_subscribed);

/**
 * procsrv_reader_queue() - where to sleep until there is an event
 * @r: the reader
 *
 * Return: the queue, for as long as the reader lives.
 */
wait_queue_head_t *procsrv_reader_queue(struct procsrv_reader *r)
{
	return &r->queue;
}
EXPORT_SYMBOL_PROCSRV(procsrv_reader_queue);

/**
 * procsrv_reader_has_events() - is there an event to take?
 * @r: the reader
 */
bool procsrv_reader_has_events(struct procsrv_reader *r)
{
	bool has;

	spin_lock(&r->lock);
	has = r->count || r->lost;
	spin_unlock(&r->lock);
	return has;
}
EXPORT_SYMBOL_PROCSRV(procsrv_reader_has_events);

/**
 * procsrv_reader_take() - take the oldest events
 * @r: the reader
 * @events: room for them
 * @max: how much, not 0
 *
 * If some were dropped before these, a PROCSRV_EVENT_LOST comes first.
 *
 * Return: how many there were, 0 if none.
 */
u32 procsrv_reader_take(struct procsrv_reader *r, struct procsrv_event *events,
			u32 max)
{
	u32 n = 0;

	spin_lock(&r->lock);
	if (r->lost) {
		events[n++] = (struct procsrv_event) {
			.kind = PROCSRV_EVENT_LOST,
			.seq = r->last_lost,
			.value = r->lost,
		};
		r->lost = 0;
	}
	while (r->count && n < max) {
		events[n++] = r->ring[r->first];
		r->first = (r->first + 1) % r->capacity;
		r->count--;
	}
	spin_unlock(&r->lock);
	return n;
}
EXPORT_SYMBOL_PROCSRV(procsrv_reader_take);
