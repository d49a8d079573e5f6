/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What the parts of the model share; front ends include procsrv.h only.
 *
 * A function that takes a struct procsrv_change modifies the server, and is
 * called between procsrv_change_begin() and procsrv_change_commit(). One that
 * takes a struct procsrv only reads, and is called in a change or under
 * procsrv.lock.
 */
#ifndef PROCSRV_INTERNAL_H
#define PROCSRV_INTERNAL_H

#include <linux/cred.h>
#include <linux/lockdep.h>
#include <linux/tracepoint-defs.h>

#include "procsrv.h"

/* Changes (core/change.c, core/commit.c). */

int procsrv_changes_init(void);
void procsrv_changes_exit(void);
void procsrv_poll_init(struct procsrv_poll *poll);
void procsrv_poll_exit(struct procsrv_poll *poll);
void procsrv_change_init(struct procsrv_change *c);
struct procsrv_change *procsrv_change_begin(struct procsrv *ps);
struct procsrv_change *procsrv_change_begin_unkillable(struct procsrv *ps);
void procsrv_change_settle(struct procsrv_change *c);
void procsrv_change_end(struct procsrv_change *c);
void procsrv_change_pause(struct procsrv_change *c);
void procsrv_queue_offer(struct procsrv_change *c, struct procsrv_process *p);
void procsrv_queue_lost_waits(struct procsrv_change *c,
			      struct procsrv_process *p);
void procsrv_queue_bereaved(struct procsrv_change *c,
			    struct procsrv_process *parent, u32 pgid);
void procsrv_release_process(struct procsrv_change *c,
			     struct procsrv_process *p);

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

/* Comes before anything is queued in a change. */
static inline void procsrv_change_queues(struct procsrv_change *c)
{
	procsrv_assert_change(c);
	c->has_queued = true;
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
	const struct procsrv *ps = procsrv_of(c);
	u64 living = ps->total_created - ps->total_exited;
	u64 all = living + ps->nr_states[PROCSRV_ZOMBIE];

	c->work -= nr * PROCSRV_WORK_LEVEL * fls64(all);
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

/* Pids (core/pids.c). */

/**
 * struct procsrv_places - preallocated memory for the table of pids
 * @leaf: for the first of the pids of a leaf
 * @block: for the first of the pids of a block
 * @wants_leaf: @leaf is needed for the next process
 * @wants_block: @block is needed for it
 */
struct procsrv_places {
	struct procsrv_leaf *leaf;
	struct procsrv_block *block;
	bool wants_leaf;
	bool wants_block;
};

int procsrv_pids_init(void);
void procsrv_pids_exit(void);
bool procsrv_places_fill(struct procsrv_places *places);
void procsrv_places_free(struct procsrv_places *places);
struct procsrv_process **procsrv_slot(const struct procsrv *ps, u64 pid);
struct procsrv_process *procsrv_find(struct procsrv *ps, u64 pid);
struct procsrv_process *procsrv_find_live(struct procsrv *ps, u64 pid);
u32 procsrv_collect(struct procsrv *ps, u64 pid, struct procsrv_process **to,
		    u32 max);
bool procsrv_wants_places(const struct procsrv *ps,
			  struct procsrv_places *places);
void procsrv_add_places(struct procsrv_change *c,
			struct procsrv_places *places);
void procsrv_insert(struct procsrv_change *c, struct procsrv_process *p);
struct procsrv_leaf *procsrv_remove(struct procsrv_change *c,
				    struct procsrv_process *p);
void procsrv_drop_places(struct procsrv_change *c, struct procsrv_leaf *leaf,
			 u64 pid);
void procsrv_free_all(struct procsrv *ps);

/* Strings (core/strings.c). */
int procsrv_strings_init(void);
void procsrv_strings_exit(void);

/* Objects (procsrv_tables.c), outside a change. */
struct procsrv_process *procsrv_process_new(void);
void procsrv_process_free(struct procsrv_process *p);
struct procsrv_session *procsrv_session_new(void);
void procsrv_session_free(struct procsrv_session *session);
struct procsrv_group *procsrv_group_new(void);
void procsrv_group_free(struct procsrv_group *group);
void procsrv_release_free(struct procsrv_release *release);
void procsrv_limits_free(const struct procsrv_limits *limits);

/* Look-ups. */
struct procsrv_session *procsrv_find_session(struct procsrv *ps, u32 sid);
struct procsrv_group *procsrv_find_group(struct procsrv *ps, u32 pgid);
struct procsrv_process *
procsrv_member_after(const struct procsrv_members *members, size_t offset,
		     u64 pid);

/* Ids. */
void procsrv_find_free_sid(struct procsrv_change *c);
void procsrv_find_free_pgid(struct procsrv_change *c);

/* Membership. */
void procsrv_insert_session(struct procsrv_change *c,
			    struct procsrv_session *session);
void procsrv_insert_group(struct procsrv_change *c, struct procsrv_group *group,
			  struct procsrv_process *leader);
void procsrv_join(struct procsrv_change *c, struct procsrv_process *p,
		  struct procsrv_group *group);
void procsrv_leave(struct procsrv_change *c, struct procsrv_process *p);
void procsrv_move(struct procsrv_change *c, struct procsrv_process *p,
		  struct procsrv_group *group);

/* States. */
void procsrv_set_state(struct procsrv_change *c, struct procsrv_process *p,
		       enum procsrv_state state);
void procsrv_add_waiters(struct procsrv_change *c, struct procsrv_process *p,
			 int change);

/* Families (core/family.c). */
void procsrv_add_child(struct procsrv_change *c, struct procsrv_process *parent,
		       struct procsrv_process *p);
void procsrv_remove_child(struct procsrv_change *c, struct procsrv_process *p);
void procsrv_forget_children(struct procsrv_change *c,
			     struct procsrv_process *p);
void procsrv_set_report(struct procsrv_change *c, struct procsrv_process *p,
			enum procsrv_report report);
struct procsrv_process *
procsrv_next_descendant(const struct procsrv_process *root,
			struct procsrv_process *p, bool skip_children);
bool procsrv_has_report(const struct procsrv_process *p, u32 wanted);
u64 procsrv_lowest_child(const struct procsrv_process *parent, u32 wanted);
bool procsrv_has_living_child(const struct procsrv_process *parent);
bool procsrv_has_living_child_in(const struct procsrv_process *parent,
				 u32 pgid);
u64 procsrv_lowest_child_in(const struct procsrv_process *parent, u32 pgid,
			    u32 wanted);

/* Permissions (core/permission.c). */

/**
 * struct procsrv_caller - a caller, and a capability for an operation
 * @ns: its user namespace
 * @uid: its effective user id
 * @cap: the capability that it needs for processes of other users
 * @was_asked: whether @is_capable is known
 * @is_capable: whether it has the capability
 *
 * The check of the capability costs more than the rest of a decision, and has
 * the same result for all processes.
 */
struct procsrv_caller {
	struct user_namespace *ns;
	kuid_t uid;
	int cap;
	bool was_asked;
	bool is_capable;
};

bool procsrv_may_override(struct procsrv_caller *a, const struct procsrv *ps,
			  kuid_t uid, kgid_t gid);
bool procsrv_may_act(const struct procsrv *ps, const struct procsrv_process *p);
bool procsrv_may_signal(const struct procsrv *ps,
			const struct procsrv_process *p);
bool procsrv_may_create_under(const struct procsrv *ps,
			      const struct procsrv_process *parent);
bool procsrv_may_wait(struct procsrv *ps, const struct procsrv_process *parent,
		      u64 child);
bool procsrv_may_limit(const struct procsrv *ps,
		       const struct procsrv_process *p,
		       const struct procsrv_limits *limits);
bool procsrv_may_act_on_session(const struct procsrv *ps,
				const struct procsrv_session *session);

/* The calling task. */
static inline struct procsrv_caller procsrv_current_caller(int cap)
{
	return (struct procsrv_caller) {
		.ns = current_user_ns(),
		.uid = current_euid(),
		.cap = cap,
	};
}

/* May the caller act on @p? Needs no lock, as ids are constant. */
static inline bool procsrv_caller_may(struct procsrv_caller *a,
				      const struct procsrv *ps,
				      const struct procsrv_process *p)
{
	return uid_eq(a->uid, p->uid) ||
	       procsrv_may_override(a, ps, p->uid, p->gid);
}

/* Users (core/users.c). */
struct procsrv_user *procsrv_user_new(kuid_t uid);
struct procsrv_user *procsrv_find_user(struct procsrv *ps, kuid_t uid);
void procsrv_insert_user(struct procsrv_change *c, struct procsrv_user *user);
void procsrv_user_join(struct procsrv_change *c, struct procsrv_process *p,
		       struct procsrv_user *user);
int procsrv_user_exchange(struct procsrv_change *c, struct procsrv_process *p,
			  u64 old, u64 new);
void procsrv_user_leave(struct procsrv_change *c, struct procsrv_process *p);

/* Waiters (core/waiter.c). */
void procsrv_waiter_is_task(struct procsrv_waiter *waiter);
bool procsrv_waiter_add(struct procsrv_change *c, struct procsrv_process *p,
			struct procsrv_waiter *waiter,
			struct procsrv_process *on_behalf, u64 class,
			u64 signals);
struct procsrv_waiter *procsrv_first_waiter(const struct procsrv_process *p,
					    u64 class);
struct procsrv_waiter *
procsrv_first_waiter_for(const struct procsrv_process *p, u64 signals);
struct procsrv_waiter *procsrv_next_waiter(const struct procsrv_waiter *waiter);
void procsrv_waiter_finish(struct procsrv_change *c,
			   struct procsrv_waiter *waiter, int err);
void procsrv_waiter_wake(struct procsrv_waiter *waiter);
int procsrv_waiter_end(struct procsrv_change *c, struct procsrv_waiter *waiter,
		       int err);
int procsrv_waiter_sleep(struct procsrv_waiter *waiter, ktime_t *deadline);
u64 procsrv_time_left(ktime_t deadline);

#define PROCSRV_WAITER_SHIFT 36

/**
 * procsrv_waiter_class() - the wake-up class of a waiter
 * @kind: what it waits for
 * @pgid: the group of the children, or 0 for any
 * @what: the reports that end its wait, a mask of PROCSRV_WAIT_*, or 0
 * @takes: whether it consumes the report
 *
 * Return: a sort key: by @kind, then by @pgid, and so on.
 */
static inline u64 procsrv_waiter_class(enum procsrv_waiter_kind kind, u32 pgid,
				       u32 what, bool takes)
{
	return (u64)kind << PROCSRV_WAITER_SHIFT | (u64)pgid << 4 | what << 1 |
	       takes;
}

static inline enum procsrv_waiter_kind procsrv_waiter_kind_of(u64 class)
{
	return class >> PROCSRV_WAITER_SHIFT;
}

static inline u32 procsrv_waiter_what(u64 class)
{
	return class >> 1 & 7;
}

static inline bool procsrv_waiter_takes(u64 class)
{
	return class & 1;
}

/* The lowest class with other reports. */
static inline u64 procsrv_next_waiter_what(u64 class)
{
	return (class | 1) + 1;
}

/* The wake-up class of all waiters for signals. */
static inline u64 procsrv_taker_class(void)
{
	return procsrv_waiter_class(PROCSRV_WAITER_SIGNAL, 0, 0, true);
}

static inline bool procsrv_is_waiting(const struct procsrv_waiter *waiter)
{
	return waiter->err == -EINPROGRESS;
}

/* Reports and their waiters (core/match.c). */
u64 procsrv_wait_class(const struct procsrv_wait *w);
bool procsrv_wait_is_satisfiable(struct procsrv *ps,
				 struct procsrv_process *parent,
				 const struct procsrv_wait *w);
struct procsrv_process *procsrv_lowest_wanted(struct procsrv *ps,
					      struct procsrv_process *parent,
					      const struct procsrv_wait *w);
void procsrv_take_report(struct procsrv_change *c, struct procsrv_process *p,
			 struct procsrv_wait *w);
void procsrv_end_lost_waits(struct procsrv_change *c,
			    struct procsrv_process *p);
void procsrv_offer_report(struct procsrv_change *c, struct procsrv_process *p);
void procsrv_end_unsatisfiable(struct procsrv_change *c,
			       struct procsrv_process *parent, u32 pgid);

/* Pending signals (core/pending.c). */

/**
 * struct procsrv_pool - memory for pending signals
 * @first: free records
 * @nr: how many there are
 */
struct procsrv_pool {
	struct procsrv_pending *first;
	u32 nr;
};

bool procsrv_is_queued(int signo);
int procsrv_pool_fill(struct procsrv_pool *pool, u32 nr);
void procsrv_pool_drain(struct procsrv_pool *pool);
void procsrv_dequeue_signal(struct procsrv_change *c, struct procsrv_process *p,
			    int signo, u64 *sender, u32 *count);
void procsrv_queue_signal(struct procsrv_change *c, struct procsrv_process *p,
			  int signo, u64 sender, struct procsrv_pool *pool);
void procsrv_pending_free(struct procsrv_process *p);

/* Effects of a signal (core/deliver.c). */
void procsrv_deliver_signal(struct procsrv_change *c, struct procsrv_process *p,
			    int signo, u64 sender, struct procsrv_pool *pool);
void procsrv_hang_up_orphaned(struct procsrv_change *c,
			      struct procsrv_group *group);

/* The end of a process (core/exit.c). */
void procsrv_exit(struct procsrv_change *c, struct procsrv_process *p,
		  s32 exit_code, u32 exit_signal);
void procsrv_unlink(struct procsrv_change *c, struct procsrv_process *p);

/* Watched exits (core/exit_watch.c). */
void procsrv_detach_exit_watch(struct procsrv_change *c,
			       struct procsrv_process *p);

/* Audit (core/audit.c). */
void procsrv_audit_revocation(const struct procsrv *ps, u64 pid,
			      u64 capability);

/* Events (core/events.c). */
void procsrv_queue_event(struct procsrv_change *c,
			 const struct procsrv_process *p,
			 const struct procsrv_event *event);
void procsrv_deliver_events(struct procsrv_change *c);
bool procsrv_watches(const struct hlist_node *node,
		     const struct procsrv_process *p);
void procsrv_forget_watchers(struct procsrv_change *c,
			     struct procsrv_process *p);

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
	default:
		return false;
	}
}

/**
 * procsrv_record_event() - number an event, and queue it for delivery
 * @c: the change
 * @p: the process that it is about, or NULL
 * @e: the event; its number is assigned here, and, with @p, its pid, session
 *	and process group
 *
 * The number changes in the same edit as the fields that the event is about.
 * Delivery takes longer, so it is left to procsrv_edit_end() or
 * procsrv_edit_all_end().
 *
 * Inline, so that no event is constructed without readers and tracers.
 *
 * Context: in a procsrv_edit_begin() or a procsrv_edit_all_begin().
 */
static __always_inline void procsrv_record_event(struct procsrv_change *c,
						 const struct procsrv_process *p,
						 struct procsrv_event e)
{
	struct procsrv *ps = procsrv_of(c);

	e.seq = procsrv_event_count(ps) + 1;
	/* No other change can begin: no need for an atomic increment. */
	atomic64_set(&ps->events, e.seq);
	if (!list_empty(&ps->readers) || procsrv_is_traced(e.kind))
		procsrv_queue_event(c, p, &e);
}

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

#ifdef CONFIG_LOCKDEP
static inline void procsrv_count_edits(struct procsrv_change *c, int change)
{
	c->nr_edits += change;
}

/* For functions that must not run while a look-up spins. */
static inline void procsrv_assert_no_edit(struct procsrv_change *c)
{
	WARN_ON_ONCE(debug_locks && c->nr_edits);
}
#else
static inline void procsrv_count_edits(struct procsrv_change *c, int change)
{
}

static inline void procsrv_assert_no_edit(struct procsrv_change *c)
{
}
#endif

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

/* Edits one process; edits do not nest. */
static inline void procsrv_edit_begin(struct procsrv_change *c,
				      struct procsrv_process *p)
{
	procsrv_assert_change(c);
	procsrv_assert_no_edit(c);
	procsrv_count_edits(c, 1);
	write_seqcount_begin(&p->seq);
}

static inline void procsrv_edit_end(struct procsrv_change *c,
				    struct procsrv_process *p)
{
	write_seqcount_end(&p->seq);
	procsrv_count_edits(c, -1);
	if (c->nr_events)
		procsrv_deliver_events(c);
}

/* Edits state that many processes show, or the shape of the table. */
static inline void procsrv_edit_all_begin(struct procsrv_change *c)
{
	procsrv_assert_no_edit(c);
	procsrv_count_edits(c, 1);
	write_seqcount_begin(&procsrv_of(c)->seq);
}

static inline void procsrv_edit_all_end(struct procsrv_change *c)
{
	write_seqcount_end(&procsrv_of(c)->seq);
	procsrv_count_edits(c, -1);
	if (c->nr_events)
		procsrv_deliver_events(c);
}

static inline bool procsrv_is_zombie(const struct procsrv_process *p)
{
	return p->state == PROCSRV_ZOMBIE;
}

/* A zombie, or one that was reaped by this change. */
static inline bool procsrv_has_exited(const struct procsrv_process *p)
{
	return procsrv_is_zombie(p) || p->state == PROCSRV_DEAD;
}

/* The state that is shown: WAITING if it could run but waits for children. */
static inline enum procsrv_state
procsrv_state_of(const struct procsrv_process *p)
{
	bool awake = p->state == PROCSRV_RUNNING ||
		     p->state == PROCSRV_SLEEPING;

	return awake && p->nr_waiters ? PROCSRV_WAITING : p->state;
}

static inline u32 procsrv_pgid(const struct procsrv_process *p)
{
	return p->group ? p->group->pgid : 0;
}

static inline struct procsrv_session *
procsrv_session_of(const struct procsrv_process *p)
{
	return p->group ? p->group->session : NULL;
}

static inline u32 procsrv_sid(const struct procsrv_process *p)
{
	const struct procsrv_session *session = procsrv_session_of(p);

	return session ? session->sid : 0;
}

/* Does @parent link the process group of @p to the rest of its session? */
static inline bool procsrv_links(const struct procsrv *ps,
				 const struct procsrv_process *parent,
				 const struct procsrv_process *p)
{
	return parent != ps->init && parent->group != p->group &&
	       procsrv_session_of(parent) == procsrv_session_of(p);
}

#endif /* PROCSRV_INTERNAL_H */
