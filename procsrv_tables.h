/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The tables of a server: what the model does with them, and nobody else.
 *
 * All of these want the server's lock: for reading where they only look, for
 * writing otherwise.
 */
#ifndef PROCSRV_TABLES_H
#define PROCSRV_TABLES_H

#include <linux/cred.h>
#include <linux/lockdep.h>
#include <linux/tracepoint-defs.h>

#include "procsrv.h"

/* Pids (procsrv_pids.c). */

/**
 * struct procsrv_places - what the table of pids wants now and then
 * @leaf: for the first of the pids of a leaf
 * @block: for the first of the pids of a block
 * @wants_leaf: @leaf is wanted for the next process
 * @wants_block: @block is
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
void procsrv_add_places(struct procsrv *ps, struct procsrv_places *places);
void procsrv_insert(struct procsrv *ps, struct procsrv_process *p);
struct procsrv_leaf *procsrv_remove(struct procsrv *ps,
				    struct procsrv_process *p);
void procsrv_drop_places(struct procsrv *ps, struct procsrv_leaf *leaf,
			 u64 pid);
void procsrv_free_all(struct procsrv *ps);

/* Strings (procsrv_strings.c). */
int procsrv_strings_init(void);
void procsrv_strings_exit(void);

/* Objects, outside the lock. */
struct procsrv_process *procsrv_process_new(void);
void procsrv_process_free(struct procsrv_process *p);
struct procsrv_session *procsrv_session_new(void);
void procsrv_session_free(struct procsrv_session *session);
struct procsrv_group *procsrv_group_new(void);

void procsrv_vacated_free(struct procsrv_vacated *v);

/* Look-ups. */
struct procsrv_session *procsrv_find_session(struct procsrv *ps, u32 sid);
struct procsrv_group *procsrv_find_group(struct procsrv *ps, u32 pgid);
struct procsrv_process *
procsrv_member_after(const struct procsrv_members *members, size_t offset,
		     u64 pid);

/* Ids. */
bool procsrv_find_free_sid(struct procsrv *ps);
bool procsrv_find_free_pgid(struct procsrv *ps);

/* Changes. */
void procsrv_insert_session(struct procsrv *ps,
			    struct procsrv_session *session);
void procsrv_insert_group(struct procsrv *ps, struct procsrv_group *group,
			  struct procsrv_process *leader);
void procsrv_join(struct procsrv *ps, struct procsrv_process *p,
		  struct procsrv_session *session, struct procsrv_group *group);
void procsrv_leave(struct procsrv *ps, struct procsrv_process *p,
		   struct procsrv_vacated *v);
void procsrv_move(struct procsrv *ps, struct procsrv_process *p,
		  struct procsrv_session *session, struct procsrv_group *group,
		  struct procsrv_vacated *v);

/* States. */
void procsrv_set_state(struct procsrv *ps, struct procsrv_process *p,
		       enum procsrv_state state);
void procsrv_add_waiters(struct procsrv *ps, struct procsrv_process *p,
			 int change);

/* Families (procsrv_family.c). */
void procsrv_adopt(struct procsrv_process *parent, struct procsrv_process *p);
void procsrv_adopt_mute(struct procsrv_process *parent,
			struct procsrv_process *p, struct rb_root *mute);
struct procsrv_process *procsrv_unmute(struct rb_root *mute);
void procsrv_disown(struct procsrv_process *p);
void procsrv_forget_children(struct procsrv_process *p);
void procsrv_set_report(struct procsrv_process *p, enum procsrv_report report);
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

/* Who may do what (procsrv_permission.c). */

/**
 * struct procsrv_asker - a caller who wants to do something to processes
 * @ns: its user namespace
 * @uid: its effective user id
 * @cap: the capability to do it to those of others
 * @was_asked: whether it is known if it has that
 * @is_capable: if so: has it?
 *
 * Finding out costs more than all the rest, and is the same for all processes.
 */
struct procsrv_asker {
	struct user_namespace *ns;
	kuid_t uid;
	int cap;
	bool was_asked;
	bool is_capable;
};

bool procsrv_may_override(struct procsrv_asker *a, const struct procsrv *ps,
			  kuid_t uid, kgid_t gid);
bool procsrv_may_act(const struct procsrv *ps, const struct procsrv_process *p);
bool procsrv_may_signal(const struct procsrv *ps,
			const struct procsrv_process *p);
bool procsrv_may_adopt(const struct procsrv *ps,
		       const struct procsrv_process *parent);
bool procsrv_may_wait(const struct procsrv *ps,
		      const struct procsrv_process *parent,
		      const struct procsrv_process *child);
bool procsrv_may_limit(const struct procsrv *ps,
		       const struct procsrv_process *p,
		       const struct procsrv_limits *limits);
bool procsrv_may_act_on_session(const struct procsrv *ps,
				const struct procsrv_session *session);

/* The calling task. */
static inline struct procsrv_asker procsrv_asker(int cap)
{
	return (struct procsrv_asker) {
		.ns = current_user_ns(),
		.uid = current_euid(),
		.cap = cap,
	};
}

/* May it, given the capability? Without the lock, too: ids are constant. */
static inline bool procsrv_asker_may(struct procsrv_asker *a,
				     const struct procsrv *ps,
				     const struct procsrv_process *p)
{
	return uid_eq(a->uid, p->uid) ||
	       procsrv_may_override(a, ps, p->uid, p->gid);
}

/* Users (procsrv_users.c). */
struct procsrv_user *procsrv_user_new(kuid_t uid);
struct procsrv_user *procsrv_find_user(struct procsrv *ps, kuid_t uid);
void procsrv_insert_user(struct procsrv *ps, struct procsrv_user *user);
void procsrv_user_join(struct procsrv_process *p, struct procsrv_user *user);
int procsrv_user_exchange(struct procsrv *ps, struct procsrv_process *p,
			  u64 old, u64 new);
void procsrv_user_leave(struct procsrv *ps, struct procsrv_process *p,
			struct procsrv_vacated *v);

/* Sleeping (procsrv_sleep.c). */
void procsrv_sleeper_is_task(struct procsrv_sleeper *s);
int procsrv_sleeper_add(struct procsrv *ps, struct procsrv_process *p,
			struct procsrv_sleeper *s, u64 class, u64 signals);
struct procsrv_sleeper *procsrv_first_sleeper(const struct procsrv_process *p,
					      u64 class);
struct procsrv_sleeper *
procsrv_first_sleeper_for(const struct procsrv_process *p, u64 signals);
struct procsrv_sleeper *procsrv_next_sleeper(const struct procsrv_sleeper *s);
void procsrv_sleeper_wake(struct procsrv *ps, struct procsrv_sleeper *s,
			  int err);
int procsrv_sleeper_end(struct procsrv_sleeper *s, int err);
int procsrv_sleep(struct procsrv_sleeper *s, ktime_t *deadline);
u64 procsrv_time_left(ktime_t deadline);

#define PROCSRV_SLEEP_SHIFT 36

/**
 * procsrv_sleep_class() - whom the same things wake, in the same way
 * @kind: what they sleep for
 * @pgid: the group of the children, or 0 if it may be any
 * @what: the reports that will do, a mask of PROCSRV_WAIT_*, or 0
 * @takes: do they take what they are shown?
 *
 * Return: what to sort them by: by @kind, then by @pgid, and so on.
 */
static inline u64 procsrv_sleep_class(enum procsrv_sleep kind, u32 pgid,
				      u32 what, bool takes)
{
	return (u64)kind << PROCSRV_SLEEP_SHIFT | (u64)pgid << 4 | what << 1 |
	       takes;
}

static inline enum procsrv_sleep procsrv_sleep_kind(u64 class)
{
	return class >> PROCSRV_SLEEP_SHIFT;
}

/* Under the lock. */
static inline bool procsrv_is_asleep(const struct procsrv_sleeper *s)
{
	return s->err == -EINPROGRESS;
}

/* Whom a change concerns that waits: the others of the model call these. */
u64 procsrv_wait_class(const struct procsrv_wait *w);
void procsrv_offer_report(struct procsrv *ps, struct procsrv_process *p);
void procsrv_end_vain_waits(struct procsrv *ps, struct procsrv_process *p);
void procsrv_end_vain_waits_for(struct procsrv *ps, struct procsrv_process *p);
void procsrv_end_vain_child_waits(struct procsrv *ps,
				  struct procsrv_process *parent, u32 pgid);
void procsrv_end_takes(struct procsrv *ps, struct procsrv_process *p);
void procsrv_tell_handles(struct procsrv *ps, struct procsrv_process *p);
void procsrv_detach_handles(struct procsrv *ps, struct procsrv_process *p);

/* Pending signals (procsrv_pending.c). */

/**
 * struct procsrv_pool - memory for pending signals
 * @first: free records
 * @nr: how many there are
 */
struct procsrv_pool {
	struct procsrv_pending *first;
	u32 nr;
};

bool procsrv_pends(int signo);
int procsrv_pool_fill(struct procsrv_pool *pool, u32 nr);
void procsrv_pool_drain(struct procsrv_pool *pool);
struct procsrv_taker *procsrv_find_taker(const struct procsrv_process *p,
					 int signo);
void procsrv_give(struct procsrv *ps, struct procsrv_taker *taker, int signo,
		  u64 sender);
void procsrv_pend(struct procsrv_process *p, int signo, u64 sender,
		  struct procsrv_pool *pool);
void procsrv_pending_free(struct procsrv_process *p);

/* What a signal does (procsrv_signal.c). */
void procsrv_hit(struct procsrv *ps, struct procsrv_process *p, int signo,
		 u64 sender, struct procsrv_pool *pool);

/* Reapers and orphaned groups (procsrv_reaper.c). */
void procsrv_give_children(struct procsrv *ps, struct procsrv_process *p,
			   struct rb_root *mute);
void procsrv_check_orphaned(struct procsrv *ps);

/* The end of a process (procsrv_lifecycle.c). */
void procsrv_zombify(struct procsrv *ps, struct procsrv_process *p,
		     s32 exit_code, u32 exit_signal);
void procsrv_unlink(struct procsrv *ps, struct procsrv_process *p,
		    struct procsrv_vacated *v);

/* Events (procsrv_events.c). */
void procsrv_note(struct procsrv *ps, const struct procsrv_process *p,
		  const struct procsrv_event *event);
void procsrv_deliver_noted(struct procsrv *ps);
bool procsrv_watches(const struct hlist_node *node,
		     const struct procsrv_process *p);
void procsrv_forget_watchers(struct procsrv *ps, struct procsrv_process *p);
void procsrv_wake_readers(struct procsrv *ps);

/**
 * procsrv_write_unlock() - let go of the lock of a server
 * @ps: the server, locked for writing
 *
 * However many events there were, a reader is woken twice at most.
 */
static inline void procsrv_write_unlock(struct procsrv *ps)
	__releases(&ps->lock)
{
	if (!list_empty(&ps->waking))
		procsrv_wake_readers(ps);
	write_unlock(&ps->lock);
}

/* The number of the latest event. */
static inline u64 procsrv_event_count(const struct procsrv *ps)
{
	return atomic64_read(&ps->events);
}

DECLARE_TRACEPOINT(create);
DECLARE_TRACEPOINT(exec);
DECLARE_TRACEPOINT(exit);
DECLARE_TRACEPOINT(reap);
DECLARE_TRACEPOINT(signal);
DECLARE_TRACEPOINT(state);
DECLARE_TRACEPOINT(parent);
DECLARE_TRACEPOINT(session);
DECLARE_TRACEPOINT(group);
DECLARE_TRACEPOINT(limit);
DECLARE_TRACEPOINT(capability);
DECLARE_TRACEPOINT(update);
DECLARE_TRACEPOINT(terminal);

static __always_inline bool procsrv_is_traced(enum procsrv_event_kind kind)
{
	switch (kind) {
	case PROCSRV_EVENT_CREATE:
		return tracepoint_enabled(create);
	case PROCSRV_EVENT_EXEC:
		return tracepoint_enabled(exec);
	case PROCSRV_EVENT_EXIT:
		return tracepoint_enabled(exit);
	case PROCSRV_EVENT_REAP:
		return tracepoint_enabled(reap);
	case PROCSRV_EVENT_SIGNAL:
		return tracepoint_enabled(signal);
	case PROCSRV_EVENT_STATE:
		return tracepoint_enabled(state);
	case PROCSRV_EVENT_PARENT:
		return tracepoint_enabled(parent);
	case PROCSRV_EVENT_SESSION:
		return tracepoint_enabled(session);
	case PROCSRV_EVENT_GROUP:
		return tracepoint_enabled(group);
	case PROCSRV_EVENT_LIMIT:
		return tracepoint_enabled(limit);
	case PROCSRV_EVENT_CAPABILITY:
		return tracepoint_enabled(capability);
	case PROCSRV_EVENT_UPDATE:
		return tracepoint_enabled(update);
	case PROCSRV_EVENT_TERMINAL:
		return tracepoint_enabled(terminal);
	default:
		return false;
	}
}

/**
 * procsrv_tell() - number an event, and note it for readers and tracepoints
 * @ps: the server
 * @p: the process that it happened to, or NULL
 * @e: what; its number is given here, and, with @p, its pid, session and
 *	process group
 *
 * The number changes together with what the event is about. Delivery takes
 * longer and wakes readers, so it is left to procsrv_change_end() or
 * procsrv_change_all_end().
 *
 * Inline, so that no event is put together without readers and tracers.
 *
 * Context: under the lock, for writing, in a procsrv_change_begin() or a
 * procsrv_change_all_begin().
 */
static __always_inline void procsrv_tell(struct procsrv *ps,
					 const struct procsrv_process *p,
					 struct procsrv_event e)
{
	e.seq = procsrv_event_count(ps) + 1;
	/* Nobody else counts: no need for an atomic increment. */
	atomic64_set(&ps->events, e.seq);
	if (!list_empty(&ps->readers) || procsrv_is_traced(e.kind))
		procsrv_note(ps, p, &e);
}

/* Limits (procsrv_limits.c). */
void procsrv_limits_free(const struct procsrv_limits *limits);

/*
 * Sequence counts. What a look-up without the lock shows changes while a count
 * is odd, together with the number of the event that tells of it. Look-ups spin
 * meanwhile, so nothing but stores is done there: what allocates, frees, takes
 * a lock, wakes a task or delivers an event comes before or after. All under
 * the lock, for writing.
 *
 * Pointers that a look-up follows are set as a whole, to what was complete
 * before: the look-up may be at a process whose memory is used anew, and finds
 * that out in the end.
 */

#ifdef CONFIG_LOCKDEP
static inline void procsrv_count_changing(struct procsrv *ps, int change)
{
	ps->changing += change;
}

/* What must not be done while a look-up spins starts with this. */
static inline void procsrv_assert_unchanging(const struct procsrv *ps)
{
	WARN_ON_ONCE(debug_locks && ps->changing);
}
#else
static inline void procsrv_count_changing(struct procsrv *ps, int change)
{
}

static inline void procsrv_assert_unchanging(const struct procsrv *ps)
{
}
#endif

static inline void procsrv_deliver(struct procsrv *ps)
{
	if (ps->nr_noted)
		procsrv_deliver_noted(ps);
}

/* Of one process; of one at a time. */
static inline void procsrv_change_begin(struct procsrv *ps,
					struct procsrv_process *p)
{
	lockdep_assert_held_write(&ps->lock);
	procsrv_assert_unchanging(ps);
	procsrv_count_changing(ps, 1);
	write_seqcount_begin(&p->seq);
}

static inline void procsrv_change_end(struct procsrv *ps,
				      struct procsrv_process *p)
{
	write_seqcount_end(&p->seq);
	procsrv_count_changing(ps, -1);
	procsrv_deliver(ps);
}

/* Of what many processes show, and of the shape of the table. */
static inline void procsrv_change_all_begin(struct procsrv *ps)
{
	procsrv_assert_unchanging(ps);
	procsrv_count_changing(ps, 1);
	write_seqcount_begin(&ps->seq);
}

static inline void procsrv_change_all_end(struct procsrv *ps)
{
	write_seqcount_end(&ps->seq);
	procsrv_count_changing(ps, -1);
	procsrv_deliver(ps);
}

static inline bool procsrv_is_zombie(const struct procsrv_process *p)
{
	return p->state == PROCSRV_ZOMBIE;
}

/* A zombie, or one that was reaped under this hold of the lock. */
static inline bool procsrv_has_exited(const struct procsrv_process *p)
{
	return procsrv_is_zombie(p) || p->state == PROCSRV_DEAD;
}

/* The state that it shows: WAITING if it could run but waits for children. */
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

static inline u32 procsrv_sid(const struct procsrv_process *p)
{
	return p->session ? p->session->sid : 0;
}

#endif /* PROCSRV_TABLES_H */
