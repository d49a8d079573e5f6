/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Changes of a server, the edits in them, and the events that these record
 *
 * A function that takes a struct procsrv_change modifies the server, and is
 * called between procsrv_change_begin() and procsrv_change_commit(). One that
 * takes a struct procsrv only reads, and is called in a change or under
 * procsrv.lock.
 */
#ifndef PROCSRV_CHANGE_H
#define PROCSRV_CHANGE_H

#include <linux/lockdep.h>
#include <linux/tracepoint-defs.h>

#include "objects.h"

/* Changes (core/change.c, core/commit.c). */

int procsrv_changes_init(void);
void procsrv_changes_exit(void);
void procsrv_poll_init(struct procsrv_poll *poll, __poll_t events);
void procsrv_poll_exit(struct procsrv_poll *poll);
void procsrv_change_init(struct procsrv_change *c);
struct procsrv_change *procsrv_change_begin(struct procsrv *ps);
struct procsrv_change *procsrv_change_begin_unkillable(struct procsrv *ps);
void procsrv_change_settle(struct procsrv_change *c);
void procsrv_change_end(struct procsrv_change *c);
void procsrv_change_pause(struct procsrv_change *c);
void procsrv_queue(struct procsrv_change *c, struct procsrv_process *p);
void procsrv_queue_bereaved(struct procsrv_change *c,
			    struct procsrv_process *parent, u32 pgid);

/* The server that is changed. */
static inline struct procsrv *procsrv_of(struct procsrv_change *c)
{
	return container_of(c, struct procsrv, change);
}

static inline void procsrv_assert_change(struct procsrv_change *c)
{
	lockdep_assert_held_write(&procsrv_of(c)->lock);
}

/* For functions that only read. */
static inline void procsrv_assert_locked(const struct procsrv *ps)
{
	lockdep_assert(lockdep_is_held(&ps->mutex) ||
		       lockdep_is_held(&ps->lock));
}

/* @what is a process, its server, or NULL. Only lockdep's assertions want to know. */
static inline void procsrv_set_edited(struct procsrv_change *c, const void *what)
{
#ifdef CONFIG_LOCKDEP
	c->edited = what;
#endif
}

/* For functions that must not run while a look-up spins. */
static inline void procsrv_assert_no_edit(struct procsrv_change *c)
{
	lockdep_assert_once(!c->edited);
}

/* For functions that change what a look-up at @p shows; NULL for any. */
static inline void procsrv_assert_edit(struct procsrv_change *c,
				       const struct procsrv_process *p)
{
	lockdep_assert_once(c->edited &&
			    (!p || c->edited == p || c->edited == procsrv_of(c)));
}

/**
 * procsrv_change_step() - account for a process that a loop has visited
 * @c: the change
 *
 * Drops the lock for a moment when the budget of this hold is used up. All
 * pointers stay valid, as no other change can begin; but readers see what was
 * done so far. So it is called where tables, members and counters are
 * consistent, and outside any edit.
 *
 * Context: in a change; may sleep.
 */
static inline void procsrv_change_step(struct procsrv_change *c)
{
	procsrv_assert_no_edit(c);
	c->work -= PROCSRV_WORK_PROCESS;
	if (unlikely(c->work <= 0))
		procsrv_change_pause(c);
}

static inline bool
procsrv_release_is_empty(const struct procsrv_release *release)
{
	return !release->processes && !release->groups && !release->sessions &&
	       !release->users && !release->pending;
}

/* Before anything is queued procsrv_change_queues() is called. */
static inline void procsrv_assert_queued(const struct procsrv_change *c)
{
	lockdep_assert_once(c->has_queued ||
			    (RB_EMPTY_ROOT(&c->offers) && !c->bereaved && !c->woken &&
			     list_empty(&c->orphan_candidates) && list_empty(&c->polls) &&
			     procsrv_release_is_empty(&c->release)));
}

/* Comes before anything is queued in a change. */
static inline void procsrv_change_queues(struct procsrv_change *c)
{
	procsrv_assert_change(c);
	c->has_queued = true;
}

/* Has the report of a process offered to waiters. */
static inline void procsrv_queue_offer(struct procsrv_change *c,
				       struct procsrv_process *p)
{
	/* A waiter for @p itself waits on behalf of its parent, too. */
	if (p->parent->nr_waiters)
		procsrv_queue(c, p);
}

/* Has unsatisfiable waits ended at a process that has exited or got another parent. */
static inline void procsrv_queue_lost_waits(struct procsrv_change *c,
					    struct procsrv_process *p)
{
	if (RB_EMPTY_ROOT(&p->waiters))
		return;
	c->has_lost_waits = true;
	procsrv_queue(c, p);
}

/* Has a process freed after the commit, which is in no table. */
static inline void procsrv_release_process(struct procsrv_change *c,
					   struct procsrv_process *p)
{
	procsrv_change_queues(c);
	p->next = c->release.processes;
	c->release.processes = p;
}

/* Without init. */
static inline u64 procsrv_nr_processes(const struct procsrv *ps)
{
	return ps->total_created - ps->total_exited +
	       ps->nr_states[PROCSRV_ZOMBIE];
}

/**
 * procsrv_charge_paths() - account for paths from the top of a tree to its ends
 * @c: the change
 * @nr: how many
 *
 * Of a tree of children or reporters: as high as one of all processes.
 */
static inline void procsrv_charge_paths(struct procsrv_change *c, int nr)
{
	c->work -= nr * PROCSRV_WORK_LEVEL *
		   fls64(procsrv_nr_processes(procsrv_of(c)));
}

/* Has something to poll for when the lock is dropped. */
static inline void procsrv_queue_poll(struct procsrv_change *c,
				      struct procsrv_poll *poll)
{
	procsrv_change_queues(c);
	if (list_empty(&poll->node))
		list_add_tail(&poll->node, &c->polls);
}

/* The commit checks whether the group is orphaned. */
static inline void procsrv_queue_orphan_candidate(struct procsrv_change *c,
						  struct procsrv_group *group)
{
	procsrv_change_queues(c);
	if (list_empty(&group->candidate))
		list_add_tail(&group->candidate, &c->orphan_candidates);
}

/* Events (core/events.c). */
void procsrv_queue_event(struct procsrv_change *c,
			 const struct procsrv_process *p,
			 const struct procsrv_event *event);
void procsrv_deliver_events(struct procsrv_change *c);
void procsrv_end_events(struct procsrv_change *c);
bool procsrv_watches(const struct hlist_node *node,
		     const struct procsrv_process *p);
void procsrv_forget_watchers(struct procsrv_change *c,
			     struct procsrv_process *p);
void procsrv_forget_pid(struct procsrv_change *c, u64 pid);

/* The number of the latest event. */
static inline u64 procsrv_event_count(const struct procsrv *ps)
{
	return atomic64_read(&ps->events);
}

DECLARE_TRACEPOINT(procsrv_create);
DECLARE_TRACEPOINT(procsrv_exec);
DECLARE_TRACEPOINT(procsrv_exit);
DECLARE_TRACEPOINT(procsrv_reap);
DECLARE_TRACEPOINT(procsrv_signal);
DECLARE_TRACEPOINT(procsrv_state);
DECLARE_TRACEPOINT(procsrv_parent);
DECLARE_TRACEPOINT(procsrv_session);
DECLARE_TRACEPOINT(procsrv_group);
DECLARE_TRACEPOINT(procsrv_limit);
DECLARE_TRACEPOINT(procsrv_capability);
DECLARE_TRACEPOINT(procsrv_update);
DECLARE_TRACEPOINT(procsrv_terminal);

static __always_inline bool procsrv_is_traced(enum procsrv_event_kind kind)
{
	switch (kind) {
	case PROCSRV_EVENT_CREATE:
		return tracepoint_enabled(procsrv_create);
	case PROCSRV_EVENT_EXEC:
		return tracepoint_enabled(procsrv_exec);
	case PROCSRV_EVENT_EXIT:
		return tracepoint_enabled(procsrv_exit);
	case PROCSRV_EVENT_REAP:
		return tracepoint_enabled(procsrv_reap);
	case PROCSRV_EVENT_SIGNAL:
		return tracepoint_enabled(procsrv_signal);
	case PROCSRV_EVENT_STATE:
		return tracepoint_enabled(procsrv_state);
	case PROCSRV_EVENT_PARENT:
		return tracepoint_enabled(procsrv_parent);
	case PROCSRV_EVENT_SESSION:
		return tracepoint_enabled(procsrv_session);
	case PROCSRV_EVENT_GROUP:
		return tracepoint_enabled(procsrv_group);
	case PROCSRV_EVENT_LIMIT:
		return tracepoint_enabled(procsrv_limit);
	case PROCSRV_EVENT_CAPABILITY:
		return tracepoint_enabled(procsrv_capability);
	case PROCSRV_EVENT_UPDATE:
		return tracepoint_enabled(procsrv_update);
	case PROCSRV_EVENT_TERMINAL:
		return tracepoint_enabled(procsrv_terminal);
	case PROCSRV_EVENT_LOST:
	case PROCSRV_NR_EVENTS:
		break;
	}
	return false;
}

/* Numbers an event. Returns whether a reader or a tracepoint wants it. */
static __always_inline bool procsrv_count_event(struct procsrv_change *c,
						enum procsrv_event_kind kind)
{
	struct procsrv *ps = procsrv_of(c);

	procsrv_assert_edit(c, NULL);
	/* No other change can begin: no need for an atomic increment. */
	atomic64_set(&ps->events, procsrv_event_count(ps) + 1);
	return !list_empty(&ps->readers) || procsrv_is_traced(kind);
}

/**
 * procsrv_record_event() - number an event, and queue it for delivery
 * @c: the change
 * @p: the process that it is about, or NULL
 * @event_kind: what happened; a constant costs nothing without tracers
 * @...: initializers of the other fields of &struct procsrv_event, but for its
 *	number and, with @p, its pid, session and process group
 *
 * The number changes in the same edit as the fields that the event is about.
 * Delivery takes longer, so it is left to procsrv_edit_end() or
 * procsrv_edit_all_end().
 *
 * A macro, so that no event is constructed without readers and tracers.
 *
 * Context: in a procsrv_edit_begin() or a procsrv_edit_all_begin().
 */
#define procsrv_record_event(c, p, event_kind, ...)			\
do {									\
	if (procsrv_count_event(c, event_kind))				\
		procsrv_queue_event(c, p, &(struct procsrv_event) {	\
			.kind = (event_kind),				\
			##__VA_ARGS__					\
		});							\
} while (0)

/*
 * Edits. Fields that a look-up without the lock copies change while a sequence
 * count is odd, together with the number of the event about it. Look-ups
 * spin meanwhile, so there are only stores: no allocation, no lock, no wake-up
 * and no delivery of an event.
 *
 * Pointers that a look-up follows are stored as a whole, to objects that were
 * complete before: the look-up may be at a process whose memory is being
 * reused, and finds out in the end.
 */

/**
 * procsrv_change_commit() - carry out the consequences of a change, and end it
 * @c: the change; not to be used after this
 *
 * Context: may sleep. Both locks of the server are dropped.
 */
static inline void procsrv_change_commit(struct procsrv_change *c)
{
	struct procsrv *ps = procsrv_of(c);

	procsrv_assert_no_edit(c);
	procsrv_assert_queued(c);
	if (c->has_queued || c->hold_began) {
		procsrv_change_settle(c);
		return;
	}
	__acquire(&ps->lock);	/* for sparse */
	write_unlock(&ps->lock);
	mutex_unlock(&ps->mutex);
}

/*
 * Before the first edit of a new process, whose memory may come from another
 * server: the lock that its count belongs to. seqcount_rwlock_init() would also
 * reset the count, see struct procsrv_process.
 */
static inline void procsrv_set_seq_lock(struct procsrv *ps,
					struct procsrv_process *p)
{
#if defined(CONFIG_LOCKDEP) || defined(CONFIG_PREEMPT_RT)
	WRITE_ONCE(p->seq.lock, &ps->lock);
#endif
}

/* Looks spin no more: what was recorded in the edit of @what is delivered. */
static inline void procsrv_edit_done(struct procsrv_change *c, const void *what)
{
	lockdep_assert_once(c->edited == what);
	procsrv_set_edited(c, NULL);
	if (c->nr_events)
		procsrv_deliver_events(c);
}

/* Edits one process; edits do not nest. */
static inline void procsrv_edit_begin(struct procsrv_change *c,
				      struct procsrv_process *p)
{
	procsrv_assert_change(c);
	procsrv_assert_no_edit(c);
	procsrv_set_edited(c, p);
	write_seqcount_begin(&p->seq);
}

static inline void procsrv_edit_end(struct procsrv_change *c,
				    struct procsrv_process *p)
{
	write_seqcount_end(&p->seq);
	procsrv_edit_done(c, p);
}

/* Edits state that many processes show, or the shape of the table. */
static inline void procsrv_edit_all_begin(struct procsrv_change *c)
{
	procsrv_assert_no_edit(c);
	procsrv_set_edited(c, procsrv_of(c));
	write_seqcount_begin(&procsrv_of(c)->seq);
}

static inline void procsrv_edit_all_end(struct procsrv_change *c)
{
	write_seqcount_end(&procsrv_of(c)->seq);
	procsrv_edit_done(c, procsrv_of(c));
}

#endif /* PROCSRV_CHANGE_H */
