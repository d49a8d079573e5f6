/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What the parts of the model share; front ends include procsrv.h only
 */
#ifndef PROCSRV_INTERNAL_H
#define PROCSRV_INTERNAL_H

#include <linux/capability.h>
#include <linux/cred.h>

#include "change.h"

/* Pids (core/pids.c). */

/**
 * struct procsrv_places - preallocated memory for the table of pids
 * @leaf: for the first of the pids of a leaf
 * @block: for the first of the pids of a block
 * @wants_leaf: @leaf is needed for the new process
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
u32 procsrv_collect(struct procsrv *ps, u64 pid, struct procsrv_process **to,
		    u32 max);
bool procsrv_wants_places(const struct procsrv *ps, u64 pid,
			  struct procsrv_places *places);
void procsrv_add_places(struct procsrv_change *c, u64 pid,
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
struct procsrv_process *procsrv_hosted_new(void);
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
void procsrv_lose_life(struct procsrv_change *c, struct procsrv_process *p);
struct procsrv_process *
procsrv_next_descendant(struct procsrv_change *c,
			const struct procsrv_process *root,
			struct procsrv_process *p, bool skip_children);
void procsrv_end_clone(struct procsrv_change *c, struct procsrv_process *p);
struct procsrv_process *
procsrv_living_child(const struct procsrv_process *parent);
bool procsrv_has_living_child(const struct procsrv_process *parent,
			      enum procsrv_waiter_kind kind);
bool procsrv_has_living_child_in(const struct procsrv_process *parent,
				 enum procsrv_waiter_kind kind, u32 pgid);
u64 procsrv_lowest_child(const struct procsrv_process *parent,
			 enum procsrv_waiter_kind kind, u32 wanted);
u64 procsrv_lowest_child_in(const struct procsrv_process *parent,
			    enum procsrv_waiter_kind kind, u32 pgid,
			    u32 wanted);

/* Modes. */

static inline bool procsrv_is_hosted(const struct procsrv_process *p)
{
	return p->modes & PROCSRV_MODE_HOSTED;
}

static inline struct procsrv_hosted *
procsrv_hosted_of(struct procsrv_process *p)
{
	return container_of(p, struct procsrv_hosted, process);
}

static inline const struct procsrv_hosted *
procsrv_const_hosted_of(const struct procsrv_process *p)
{
	return container_of(p, struct procsrv_hosted, process);
}

static inline bool procsrv_is_exiting(const struct procsrv_process *p)
{
	return p->modes & PROCSRV_MODE_EXITING;
}

static inline bool procsrv_is_clone(const struct procsrv_process *p)
{
	return p->modes & PROCSRV_MODE_CLONE;
}

/* Permissions (core/permission.c). */

bool procsrv_may_override(struct procsrv_caller *who, int cap, kuid_t uid,
			  kgid_t gid);
bool procsrv_may_create_as(struct procsrv_caller *who, kuid_t uid, kgid_t gid);
bool procsrv_may_wait_for(struct procsrv_caller *who,
			  const struct procsrv_process *parent, u64 child);
bool procsrv_body_may_signal(const struct procsrv *ps,
			     const struct procsrv_process *sender,
			     const struct procsrv_process *p, int signo);
bool procsrv_may_identify(struct procsrv_caller *who,
			  const struct procsrv_identity *old,
			  const struct procsrv_identity *id);
bool procsrv_may_limit(struct procsrv_caller *who,
		       const struct procsrv_process *p,
		       const struct procsrv_limits *limits);

/* The calling task, for what is not done in a change. */
static inline struct procsrv_caller
procsrv_current_caller(const struct procsrv *ps)
{
	return (struct procsrv_caller) { .ps = ps, .cred = current_cred() };
}

/* May it, by its user id or a capability? */
static inline bool procsrv_may(struct procsrv_caller *who, int cap, kuid_t uid,
			       kgid_t gid)
{
	return uid_eq(who->cred->euid, uid) ||
	       procsrv_may_override(who, cap, uid, gid);
}

/**
 * procsrv_may_act() - may the caller act on a process, or on behalf of it?
 * @who: the caller
 * @p: the process
 *
 * For all operations that have no function of their own.
 */
static inline bool procsrv_may_act(struct procsrv_caller *who,
				   const struct procsrv_process *p)
{
	return procsrv_may(who, CAP_SYS_ADMIN, p->uid, p->gid);
}

/**
 * procsrv_may_signal() - may the caller signal a process, or in its name?
 * @who: the caller
 * @p: the process
 *
 * Termination is one of the signals.
 */
static inline bool procsrv_may_signal(struct procsrv_caller *who,
				      const struct procsrv_process *p)
{
	return procsrv_may(who, CAP_KILL, p->uid, p->gid);
}

/**
 * procsrv_may_reach() - may a signal be sent to a process?
 * @who: the caller, which may send signals in the name of @sender
 * @sender: in the name of which it is sent, or NULL
 * @p: the process
 * @signo: the signal, or 0
 *
 * The credentials of a hosted sender decide, otherwise those of the caller.
 */
static inline bool procsrv_may_reach(struct procsrv_caller *who,
				     const struct procsrv_process *sender,
				     const struct procsrv_process *p, int signo)
{
	if (unlikely(sender && procsrv_is_hosted(sender)))
		return procsrv_body_may_signal(who->ps, sender, p, signo);
	return procsrv_may_signal(who, p);
}

/**
 * procsrv_may_wait() - may the caller wait on behalf of a process?
 * @who: the caller
 * @parent: the process
 * @child: the pid of the one child that it waits for, or 0
 */
static inline bool procsrv_may_wait(struct procsrv_caller *who,
				    const struct procsrv_process *parent,
				    u64 child)
{
	return procsrv_may_act(who, parent) ||
	       procsrv_may_wait_for(who, parent, child);
}

/* May it see the command line and the environment? Needs no lock: ids are constant. */
static inline bool procsrv_may_see(struct procsrv_caller *who,
				   const struct procsrv_process *p)
{
	return procsrv_may(who, CAP_SYS_PTRACE, p->uid, p->gid);
}

/**
 * procsrv_may_create_under() - may the caller create a child of a process?
 * @who: the caller
 * @parent: the process
 *
 * Every caller may create children of init.
 */
static inline bool
procsrv_may_create_under(struct procsrv_caller *who,
			 const struct procsrv_process *parent)
{
	return parent == who->ps->init || procsrv_may_act(who, parent);
}

/**
 * procsrv_may_act_on_session() - may the caller change a session?
 * @who: the caller
 * @session: the session, which belongs to the user of its leader, also after
 *	the leader is gone
 */
static inline bool
procsrv_may_act_on_session(struct procsrv_caller *who,
			   const struct procsrv_session *session)
{
	return procsrv_may(who, CAP_SYS_ADMIN, session->uid, session->gid);
}

/* Users (core/users.c). */
struct procsrv_user *procsrv_user_new(void);
struct procsrv_user *procsrv_find_user(struct procsrv *ps, kuid_t uid);
void procsrv_insert_user(struct procsrv_change *c, struct procsrv_user *user);
void procsrv_user_join(struct procsrv_change *c, struct procsrv_process *p,
		       struct procsrv_user *user);
int procsrv_user_exchange(struct procsrv_change *c, struct procsrv_process *p,
			  u64 old, u64 new);
void procsrv_user_leave(struct procsrv_change *c, struct procsrv_process *p);

/* Waiters (core/waiter.c). */
void procsrv_waiter_is_task(struct procsrv_waiter *waiter);
bool procsrv_waiter_add(struct procsrv_change *c, struct rb_root *tree,
			struct procsrv_waiter *waiter, u32 *nr_waiters,
			u64 class, u64 signals);
struct procsrv_waiter *procsrv_first_waiter(const struct procsrv_process *p,
					    u64 class);
struct procsrv_waiter *
procsrv_first_waiter_for(const struct rb_root *tree, u64 signals);
struct procsrv_waiter *procsrv_next_waiter(const struct procsrv_waiter *waiter);
void procsrv_waiter_finish(struct procsrv_change *c,
			   struct procsrv_waiter *waiter, int err);
void procsrv_waiter_wake(struct procsrv_waiter *waiter);
int procsrv_waiter_end(struct procsrv_change *c, struct procsrv_waiter *waiter,
		       int err);
int procsrv_waiter_sleep(struct procsrv_waiter *waiter, ktime_t *deadline);
u64 procsrv_time_left(ktime_t deadline);

/* The waits on behalf of its processes are counted there. */
static inline u32 *procsrv_waiters_of(struct procsrv *ps,
				      struct procsrv_process *p)
{
	struct procsrv_user *user = p->user ?: &ps->of_init;

	return &user->nr_waiters;
}

#define PROCSRV_WAITER_SHIFT 36

/* All reports. */
enum {
	PROCSRV_WAIT_ALL = PROCSRV_WAIT_EXITED | PROCSRV_WAIT_STOPPED |
			   PROCSRV_WAIT_CONTINUED,
};

/* All numbers up to it are masks of reports. */
static_assert(PROCSRV_WAIT_ALL == 7);

/**
 * procsrv_waiter_class() - the wake-up class of a waiter
 * @kind: what it waits for
 * @which: the group of the children, or 0 for any; of a wait for one process, the kind
 *	that it may be of
 * @what: the reports that end its wait, a mask of PROCSRV_WAIT_*, or 0
 * @takes: whether it consumes the report
 *
 * Return: a sort key: by @kind, then by @which, and so on.
 */
static inline u64 procsrv_waiter_class(enum procsrv_waiter_kind kind, u32 which,
				       u32 what, bool takes)
{
	return (u64)kind << PROCSRV_WAITER_SHIFT | (u64)which << 4 | what << 1 |
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
					      struct procsrv_wait *w);
void procsrv_take_report(struct procsrv_change *c, struct procsrv_process *p,
			 struct procsrv_wait *w);
void procsrv_end_takes(struct procsrv_change *c, const struct rb_root *tree,
		       int err);
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

/**
 * struct procsrv_sent - a signal on its way
 * @signo: the signal, or 0
 * @origin: one of PROCSRV_FROM_*
 * @sender: pid of the sender, if a process is
 * @pool: memory for it, where it procsrv_needs_record()
 */
struct procsrv_sent {
	int signo;
	u32 origin;
	u64 sender;
	struct procsrv_pool *pool;
};

/* Signals that act at once, or do nothing, except in hosted processes. */
#define PROCSRV_ACTING (BIT(0) | BIT(PROCSRV_SIGKILL) |			\
			BIT(PROCSRV_SIGTERM) | BIT(PROCSRV_SIGCONT) |	\
			BIT(PROCSRV_SIGSTOP))

/* Does a signal become pending in a process that is not hosted? */
static inline bool procsrv_is_kept(int signo)
{
	return signo >= BITS_PER_LONG || !(PROCSRV_ACTING & BIT(signo));
}

/* Does it need a record there? A SIGHUP that no process has sent is only counted. */
static inline bool procsrv_is_recorded(int signo, u64 sender)
{
	return procsrv_is_kept(signo) && (sender || signo != PROCSRV_SIGHUP);
}

/**
 * procsrv_becomes_pending() - does a signal wait until it is taken?
 * @p: the process that it is sent to
 * @signo: its number
 *
 * Return: false for signals that act at once.
 */
static inline bool procsrv_becomes_pending(const struct procsrv_process *p,
					   int signo)
{
	return procsrv_is_hosted(p) ? signo : procsrv_is_kept(signo);
}

/**
 * procsrv_needs_record() - does a signal need a record to become pending?
 * @p: the process that it is sent to
 * @signo: its number
 * @sender: pid of the sender, or 0
 *
 * Return: procsrv_is_recorded(); for a hosted process, whether a process has sent it.
 */
static inline bool procsrv_needs_record(const struct procsrv_process *p,
					int signo, u64 sender)
{
	return procsrv_is_hosted(p) ? signo && sender :
				      procsrv_is_recorded(signo, sender);
}

int procsrv_pool_fill(struct procsrv_pool *pool, u32 nr);
void procsrv_pool_drain(struct procsrv_pool *pool);
void procsrv_dequeue_signal(struct procsrv_change *c, struct procsrv_process *p,
			    int signo, struct procsrv_take *take);
void procsrv_discard_signals(struct procsrv_change *c,
			     struct procsrv_process *p, u64 mask);
struct procsrv_pending *procsrv_find_pending(struct procsrv_change *c,
					     struct procsrv_process *p, int signo);
void procsrv_queue_signal(struct procsrv_change *c, struct procsrv_process *p,
			  struct procsrv_pending *s,
			  const struct procsrv_sent *sent);
void procsrv_pending_free(struct procsrv_process *p);

/* Effects of a signal (core/deliver.c). */
bool procsrv_ends_or_stops(int signo);
void procsrv_deliver_signal(struct procsrv_change *c, struct procsrv_process *p,
			    const struct procsrv_sent *sent);
void procsrv_kill(struct procsrv_change *c, struct procsrv_process *p);
void procsrv_set_stopped(struct procsrv_change *c, struct procsrv_process *p,
			 int signo);
void procsrv_set_continued(struct procsrv_change *c, struct procsrv_process *p);
bool procsrv_is_orphaned(struct procsrv_change *c,
			 const struct procsrv_group *group);
void procsrv_hang_up_group(struct procsrv_change *c,
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

/* All ids are those that it was created with. */
static inline void procsrv_identity_init(struct procsrv_identity *id,
					 kuid_t uid, kgid_t gid)
{
	*id = (struct procsrv_identity) {
		.ruid = uid, .euid = uid, .suid = uid,
		.rgid = gid, .egid = gid, .sgid = gid,
	};
}

/* Does it vanish when it exits, as a child of @parent? */
static inline bool procsrv_is_autoreaped(const struct procsrv_process *parent,
					 const struct procsrv_process *p)
{
	return parent->modes & PROCSRV_MODE_AUTOREAP && !procsrv_is_clone(p);
}

static inline bool procsrv_is_zombie(const struct procsrv_process *p)
{
	return p->state == PROCSRV_ZOMBIE;
}

/* Has it any of the reports in a mask by &enum procsrv_report? */
static inline bool procsrv_has_report(const struct procsrv_process *p,
				      u32 wanted)
{
	return wanted & BIT(p->report);
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

/**
 * procsrv_set_state() - change the state of a process, and the counters
 * @c: the change
 * @p: the process, in the table
 * @state: the new state; not WAITING, see procsrv_add_waiters()
 *
 * Context: in a procsrv_edit_begin() of @p.
 */
static inline void procsrv_set_state(struct procsrv_change *c,
				     struct procsrv_process *p,
				     enum procsrv_state state)
{
	struct procsrv *ps = procsrv_of(c);

	procsrv_assert_edit(c, p);
	ps->nr_states[procsrv_state_of(p)]--;
	if (p->group)
		p->group->nr_stopped += (state == PROCSRV_STOPPED) -
					(p->state == PROCSRV_STOPPED);
	p->state = state;
	ps->nr_states[procsrv_state_of(p)]++;
	if (state == PROCSRV_ZOMBIE)
		procsrv_lose_life(c, p);
}

/* Bytes of the strings that its user is charged for. */
static inline u64 procsrv_strings_of(const struct procsrv_process *p)
{
	return procsrv_image_bytes(p->image) + (p->cwd ? p->cwd->len : 0);
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

#define PROCSRV_KEY_CLONE BIT_ULL(32)

/* The place of a process among its siblings: by group, clone children last. */
static inline u64 procsrv_child_key(const struct procsrv_process *p)
{
	return procsrv_pgid(p) |
	       (procsrv_is_clone(p) ? PROCSRV_KEY_CLONE : 0);
}

/* Its real user id. */
static inline kuid_t procsrv_ruid(const struct procsrv_process *p)
{
	return procsrv_is_hosted(p) ? procsrv_const_hosted_of(p)->id.ruid : p->uid;
}

/* Its saved user id. */
static inline kuid_t procsrv_suid(const struct procsrv_process *p)
{
	return procsrv_is_hosted(p) ? procsrv_const_hosted_of(p)->id.suid : p->uid;
}

/* Does @parent link the process group of @p to the rest of its session? */
static inline bool procsrv_links(const struct procsrv *ps,
				 const struct procsrv_process *parent,
				 const struct procsrv_process *p)
{
	return parent != ps->init && parent->group != p->group &&
	       procsrv_session_of(parent) == procsrv_session_of(p);
}

/* Look-ups by pid (core/pids.c has the table). */

static inline u64 procsrv_leaf_base(u64 pid)
{
	return pid & ~(u64)(PROCSRV_LEAF_SIZE - 1);
}

static inline unsigned int procsrv_leaf_index(u64 pid)
{
	return pid & (PROCSRV_LEAF_SIZE - 1);
}

static inline unsigned int procsrv_block_of(u64 pid)
{
	return procsrv_leaf_index(pid) / PROCSRV_BLOCK_SIZE;
}

/* The leaf of @pid, or NULL. Its context is that of procsrv_slot(). */
static inline struct procsrv_leaf *procsrv_find_leaf(const struct procsrv *ps,
						     u64 pid)
{
	struct rb_node *n = rcu_dereference_raw(ps->leaves.rb_node);
	u64 base = procsrv_leaf_base(pid);

	while (n) {
		struct procsrv_leaf *leaf = rb_entry(n, struct procsrv_leaf, node);

		if (base == leaf->base)
			return leaf;
		if (base < leaf->base)
			n = rcu_dereference_raw(n->rb_left);
		else
			n = rcu_dereference_raw(n->rb_right);
	}
	return NULL;
}

/* The leaf for a new process, if it exists: most often the last. */
static inline struct procsrv_leaf *procsrv_leaf_for(const struct procsrv *ps,
						    u64 pid)
{
	struct procsrv_leaf *leaf = ps->last_leaf;

	return leaf && leaf->base == procsrv_leaf_base(pid) ?
		       leaf : procsrv_find_leaf(ps, pid);
}

/* Is there a slot for a new process? */
static inline bool procsrv_has_place(const struct procsrv *ps, u64 pid)
{
	const struct procsrv_leaf *leaf = procsrv_leaf_for(ps, pid);

	return leaf && leaf->blocks[procsrv_block_of(pid)];
}

/**
 * procsrv_slot() - find the slot of a pid
 * @ps: the server
 * @pid: the pid
 *
 * Context: under the lock, or under RCU in a read section of &procsrv.seq.
 * Return: the slot, which may be empty, or NULL if there is none.
 */
static inline struct procsrv_process **procsrv_slot(const struct procsrv *ps,
						    u64 pid)
{
	struct procsrv_leaf *leaf = procsrv_find_leaf(ps, pid);
	struct procsrv_block *block;

	if (!leaf)
		return NULL;
	block = READ_ONCE(leaf->blocks[procsrv_block_of(pid)]);
	return block ? &block->slots[pid % PROCSRV_BLOCK_SIZE] : NULL;
}

/**
 * procsrv_find() - look up a process
 * @ps: the server
 * @pid: its id
 *
 * Return: the process, a zombie too, or NULL.
 */
static inline struct procsrv_process *procsrv_find(const struct procsrv *ps,
						   u64 pid)
{
	struct procsrv_process **slot = procsrv_slot(ps, pid);

	procsrv_assert_locked(ps);
	return slot ? *slot : NULL;
}

/**
 * procsrv_find_live() - look up a process that is not a zombie
 * @ps: the server
 * @pid: its id
 *
 * Return: the process or NULL.
 */
static inline struct procsrv_process *
procsrv_find_live(const struct procsrv *ps, u64 pid)
{
	struct procsrv_process *p = procsrv_find(ps, pid);

	return p && !procsrv_is_zombie(p) ? p : NULL;
}

/**
 * procsrv_find_to_act() - find a process for an operation on it
 * @c: the change
 * @pid: its id
 * @p: where to store it
 *
 * Return: 0; -ESRCH if there is no such process or it is a zombie; -EPERM if the caller
 * may not act on it.
 */
static inline int procsrv_find_to_act(struct procsrv_change *c, u64 pid,
				      struct procsrv_process **p)
{
	*p = procsrv_find_live(procsrv_of(c), pid);
	if (!*p)
		return -ESRCH;
	return procsrv_may_act(&c->caller, *p) ? 0 : -EPERM;
}

static inline bool procsrv_is_leader(const struct procsrv_leader *leader,
				     const struct procsrv_process *p)
{
	return leader->pid == p->pid && leader->birth == p->birth;
}

/* The process that created a session or a group, or NULL once it was reaped. */
static inline struct procsrv_process *
procsrv_find_leader(const struct procsrv *ps,
		    const struct procsrv_leader *leader)
{
	struct procsrv_process *p = procsrv_find(ps, leader->pid);

	return p && procsrv_is_leader(leader, p) ? p : NULL;
}

static inline struct procsrv_leader
procsrv_as_leader(const struct procsrv_process *p)
{
	return (struct procsrv_leader) { .pid = p->pid, .birth = p->birth };
}

#endif /* PROCSRV_INTERNAL_H */
