// SPDX-License-Identifier: GPL-2.0-only
/*
 * Events: for tracepoints, and for readers
 *
 * Every reader has a ring of its own. A change copies an event into the
 * rings of the readers that want it, and never waits: a full ring drops its
 * oldest event, and counts that.
 */
#include <linux/list.h>
#include <linux/mm.h>
#include <linux/poll.h>
#include <linux/slab.h>

#include "compat.h"
#include "internal.h"

#define CREATE_TRACE_POINTS
#include "trace.h"

/* For the measurements in bench/. */
EXPORT_TRACEPOINT_SYMBOL_GPL(procsrv_hold);

/**
 * struct procsrv_reader - a reader of events
 * @ps: the server; constant
 * @node: in &procsrv.readers, or empty; protected by the server's lock, as all
 *	up to @filter are
 * @watch_node: in the watchers of the process at the top of the subtree that it
 *	follows, or empty
 * @filter: which events it gets
 * @poll: woken when there are events
 * @lock: protects all that follow
 * @ring: room for @capacity events, or NULL
 * @capacity: how many
 * @first: index of the oldest event
 * @count: events in @ring
 * @lost: events that were dropped since the last that was taken
 * @last_lost: the number of the last of them
 *
 * Its owner makes one call that takes or subscribes at a time.
 */
struct procsrv_reader {
	struct procsrv *ps;
	struct list_head node;
	struct hlist_node watch_node;
	struct procsrv_filter filter;
	struct procsrv_poll poll;
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
		trace_procsrv_create(ps, p, e);
		break;
	case PROCSRV_EVENT_EXEC:
		trace_procsrv_exec(ps, p, e);
		break;
	case PROCSRV_EVENT_EXIT:
		trace_procsrv_exit(ps, p, e);
		break;
	case PROCSRV_EVENT_REAP:
		trace_procsrv_reap(ps, p, e);
		break;
	case PROCSRV_EVENT_SIGNAL:
		trace_procsrv_signal(ps, p, e);
		break;
	case PROCSRV_EVENT_STATE:
		trace_procsrv_state(ps, p, e);
		break;
	case PROCSRV_EVENT_PARENT:
		trace_procsrv_parent(ps, p, e);
		break;
	case PROCSRV_EVENT_SESSION:
		trace_procsrv_session(ps, p, e);
		break;
	case PROCSRV_EVENT_GROUP:
		trace_procsrv_group(ps, p, e);
		break;
	case PROCSRV_EVENT_LIMIT:
		trace_procsrv_limit(ps, p, e);
		break;
	case PROCSRV_EVENT_CAPABILITY:
		trace_procsrv_capability(ps, p, e);
		break;
	case PROCSRV_EVENT_UPDATE:
		trace_procsrv_update(ps, p, e);
		break;
	case PROCSRV_EVENT_TERMINAL:
		trace_procsrv_terminal(ps, p, e);
		break;
	}
}

static bool wants(const struct procsrv_filter *filter,
		  const struct procsrv_event *e)
{
	return filter->kinds & PROCSRV_EVENT_BIT(e->kind);
}

static void put_event(struct procsrv_change *c, struct procsrv_reader *r,
		      const struct procsrv_event *e)
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
	procsrv_queue_poll(c, &r->poll);
	c->work -= PROCSRV_WORK_READER;
}

static void put_to_readers(struct procsrv_change *c,
			   const struct procsrv_event *e)
{
	struct procsrv_reader *r;

	list_for_each_entry(r, &procsrv_of(c)->readers, node) {
		if (wants(&r->filter, e) &&
		    (!r->filter.pid || r->filter.pid == e->pid))
			put_event(c, r, e);
		c->work--;
	}
}

/* Puts an event to readers that follow the subtree of @a or an ancestor. */
static void put_to_watchers(struct procsrv_change *c,
			    const struct procsrv_process *a,
			    const struct procsrv_event *e)
{
	struct procsrv_reader *r;

	for (; a; a = a->parent) {
		hlist_for_each_entry(r, &a->watchers, watch_node)
			if (wants(&r->filter, e))
				put_event(c, r, e);
		c->work--;
	}
}

/**
 * procsrv_queue_event() - queue an event until the present edit is over
 * @c: the change
 * @p: as in procsrv_record_event()
 * @event: as there
 *
 * Only stores, and all fields are copied now: at the delivery the process may
 * have left its parent, its session and its group.
 */
void procsrv_queue_event(struct procsrv_change *c,
			 const struct procsrv_process *p,
			 const struct procsrv_event *event)
{
	struct procsrv_queued_event *q = &c->events[c->nr_events];

	procsrv_assert_change(c);
	if (WARN_ON_ONCE(c->nr_events == ARRAY_SIZE(c->events)))
		return;
	c->nr_events++;
	q->process = p;
	q->parent = NULL;
	q->event = *event;
	q->event.seq = procsrv_event_count(procsrv_of(c));
	if (!p)
		return;
	q->parent = p->parent;
	q->event.pid = p->pid;
	q->event.sid = procsrv_sid(p);
	q->event.pgid = procsrv_pgid(p);
}

static void deliver(struct procsrv_change *c, struct procsrv_queued_event *q)
{
	struct procsrv *ps = procsrv_of(c);
	struct procsrv_event *e = &q->event;
	u64 cycles;

	trace_event_of(ps, q->process, e);
	if (list_empty(&ps->readers))
		return;
	e->time = procsrv_clock_read(ps->clock, &cycles);
	put_to_readers(c, e);
	if (q->parent && ps->nr_watchers)
		put_to_watchers(c, q->parent, e);
}

/**
 * procsrv_deliver_events() - deliver the events of the edit that is over
 * @c: the change
 */
void procsrv_deliver_events(struct procsrv_change *c)
{
	u32 i;

	procsrv_assert_change(c);
	procsrv_assert_no_edit(c);
	for (i = 0; i < c->nr_events; i++)
		deliver(c, &c->events[i]);
	c->nr_events = 0;
}

/**
 * procsrv_end_events() - wake all readers for the end of events
 * @c: the change that has reaped the last process
 */
void procsrv_end_events(struct procsrv_change *c)
{
	struct procsrv *ps = procsrv_of(c);
	struct procsrv_reader *r;

	procsrv_assert_change(c);
	lockdep_assert_once(ps->closed);
	WRITE_ONCE(ps->ended, true);
	list_for_each_entry(r, &ps->readers, node) {
		WRITE_ONCE(r->poll.ended, true);
		procsrv_queue_poll(c, &r->poll);
		c->work -= PROCSRV_WORK_READER;
	}
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
	procsrv_poll_init(&r->poll, EPOLLIN | EPOLLRDNORM);
	spin_lock_init(&r->lock);
	return r;
}
EXPORT_SYMBOL_PROCSRV(procsrv_reader_new);

static void link_reader(struct procsrv_reader *r)
{
	struct procsrv *ps = r->ps;

	list_add_tail(&r->node, &ps->readers);
	ps->nr_readers++;
	if (!r->filter.subtree)
		return;
	hlist_add_head(&r->watch_node,
		       &procsrv_find(ps, r->filter.pid)->watchers);
	ps->nr_watchers++;
}

static void unlink_reader(struct procsrv_reader *r)
{
	r->ps->nr_readers -= !list_empty(&r->node);
	list_del_init(&r->node);
	if (hlist_unhashed(&r->watch_node))
		return;
	hlist_del_init(&r->watch_node);
	r->ps->nr_watchers--;
}

/**
 * procsrv_watches() - does a reader follow the subtree of a process?
 * @node: the node of the reader in the watchers of the process
 * @p: the process
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
 * procsrv_forget_watchers() - detach readers from the subtree of a process
 * @c: the change
 * @p: the process, which has left the table
 */
void procsrv_forget_watchers(struct procsrv_change *c,
			     struct procsrv_process *p)
{
	struct procsrv_reader *r;
	struct hlist_node *next;

	procsrv_assert_change(c);
	hlist_for_each_entry_safe(r, next, &p->watchers, watch_node) {
		hlist_del_init(&r->watch_node);
		procsrv_of(c)->nr_watchers--;
	}
}

/**
 * procsrv_forget_pid() - end the filters that name a process that was reaped
 * @c: the change
 * @pid: its pid, which another process is given
 */
void procsrv_forget_pid(struct procsrv_change *c, u64 pid)
{
	struct procsrv_reader *r;

	procsrv_assert_change(c);
	list_for_each_entry(r, &procsrv_of(c)->readers, node) {
		/* No process has the highest number. */
		if (r->filter.pid == pid)
			r->filter.pid = U64_MAX;
		c->work--;
	}
}

/**
 * procsrv_reader_free() - end a reader
 * @r: the reader, which is not used any more, or NULL
 *
 * Context: may sleep.
 */
void procsrv_reader_free(struct procsrv_reader *r)
{
	struct procsrv_change *c;

	if (!r)
		return;
	c = procsrv_change_begin_unkillable(r->ps);
	unlink_reader(r);
	procsrv_change_commit(c);
	procsrv_poll_exit(&r->poll);
	kvfree(r->ring);
	kfree(r);
}
EXPORT_SYMBOL_PROCSRV(procsrv_reader_free);

/* In a change, so no event is put into the ring meanwhile. */
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
 * procsrv_subscribe() - set which events a reader gets
 * @r: the reader
 * @filter: which events
 * @capacity: room for this number of events, or 0 to end the subscription
 * @seq: where to store the number of the latest event before the subscription
 *
 * Events of an earlier subscription that were not taken are discarded.
 *
 * Context: may sleep. One call that takes or subscribes at a time.
 * Return: 0; -ESRCH if the filter names a process that does not exist, or none
 * whose subtree it could be about; -ENFILE if the server has as many readers as
 * it may have; -ENOMEM; -EINTR if the caller is killed.
 */
int procsrv_subscribe(struct procsrv_reader *r,
		      const struct procsrv_filter *filter, u32 capacity,
		      u64 *seq)
{
	struct procsrv_event *ring = NULL;
	struct procsrv *ps = r->ps;
	struct procsrv_change *c;
	int err = 0;

	if (capacity) {
		ring = kvcalloc(capacity, sizeof(*ring), PROCSRV_GFP);
		if (!ring)
			return -ENOMEM;
	}

	c = procsrv_change_begin(ps);
	if (!c) {
		kvfree(ring);
		return -EINTR;
	}
	if ((filter->pid || filter->subtree) &&
	    !procsrv_find(ps, filter->pid)) {
		err = -ESRCH;
	} else if (ring && list_empty(&r->node) &&
		   ps->nr_readers >= PROCSRV_READERS_MAX) {
		err = -ENFILE;
	} else {
		unlink_reader(r);
		r->filter = *filter;
		if (ring)
			link_reader(r);
		ring = exchange_ring(r, ring, capacity);
		*seq = procsrv_event_count(ps);
	}
	procsrv_change_commit(c);

	kvfree(ring);
	return err;
}
EXPORT_SYMBOL_PROCSRV(procsrv_subscribe);

/**
 * procsrv_reader_is_subscribed() - does a reader get events?
 * @r: the reader
 *
 * Return: whether it does; another task may be about to change that.
 */
bool procsrv_reader_is_subscribed(const struct procsrv_reader *r)
{
	return READ_ONCE(r->ring);
}
EXPORT_SYMBOL_PROCSRV(procsrv_reader_is_subscribed);

/**
 * procsrv_reader_queue() - the queue in which to wait for an event
 * @r: the reader
 *
 * Return: the queue, for as long as the reader lives.
 */
wait_queue_head_t *procsrv_reader_queue(struct procsrv_reader *r)
{
	return &r->poll.queue;
}
EXPORT_SYMBOL_PROCSRV(procsrv_reader_queue);

/**
 * procsrv_reader_flush() - wait for the wake-ups that were queued so far
 * @r: the reader
 *
 * Context: may sleep.
 */
void procsrv_reader_flush(struct procsrv_reader *r)
{
	flush_work(&r->poll.work);
}
EXPORT_SYMBOL_PROCSRV(procsrv_reader_flush);

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
 * @events: where to store them
 * @max: at most this number, not 0
 *
 * If events were dropped before these, a PROCSRV_EVENT_LOST comes first.
 *
 * Return: the number of events stored.
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
