// SPDX-License-Identifier: GPL-2.0-only
/*
 * Permissions: one function per decision
 *
 * The caller is the calling task, with its credentials at that moment; the task
 * that opened the descriptor does not matter. A caller may act on processes of
 * its own (effective) user id. For others it needs a capability in its user
 * namespace, which covers the processes whose ids are mapped into the
 * namespace, as for files, and all processes of a server that belongs to it.
 * The error is EPERM everywhere; that a process exists is no secret.
 *
 * After kill(2), setresuid(2), prlimit(2) and capable_wrt_inode_uidgid().
 */
#include <linux/capability.h>
#include <linux/cred.h>
#include <linux/user_namespace.h>

#include "compat.h"
#include "internal.h"

/* In masks. */
static_assert(BITS_PER_LONG_LONG > CAP_LAST_CAP);

static bool remember(struct procsrv_caller *who, int cap, bool has)
{
	who->asked |= BIT_ULL(cap);
	if (has)
		who->granted |= BIT_ULL(cap);
	return has;
}

static noinline bool ask(struct procsrv_caller *who, int cap)
{
	return remember(who, cap,
			ns_capable_noaudit(who->cred->user_ns, cap));
}

static bool is_granted(struct procsrv_caller *who, int cap)
{
	if (who->asked & BIT_ULL(cap))
		return who->granted & BIT_ULL(cap);
	return ask(who, cap);
}

/* In a namespace that is not the initial one. */
static noinline bool may_override_in_ns(struct procsrv_caller *who, int cap,
					kuid_t uid, kgid_t gid)
{
	struct user_namespace *ns = who->cred->user_ns;

	if (ns != who->ps->user_ns &&
	    !(kuid_has_mapping(ns, uid) && kgid_has_mapping(ns, gid)))
		return false;
	return is_granted(who, cap);
}

/**
 * procsrv_may_override() - does the caller have a capability over an object?
 * @who: the caller
 * @cap: the capability
 * @uid: the user id of the object, not that of the caller
 * @gid: the group id of the object
 *
 * A refusal is not audited: the operation may succeed in spite of it.
 *
 * Context: any, the server's lock included.
 */
bool procsrv_may_override(struct procsrv_caller *who, int cap, kuid_t uid,
			  kgid_t gid)
{
	if (unlikely(who->cred->user_ns != &init_user_ns))
		return may_override_in_ns(who, cap, uid, gid);
	return is_granted(who, cap);
}

/**
 * procsrv_may_wait_for() - may the caller wait for a child on behalf of init?
 * @who: the caller, which may not act on @parent
 * @parent: the process on behalf of which it would wait
 * @child: the pid of the one child that it waits for, or 0
 *
 * Every caller may, by pid, for a child that it may act on. Otherwise such a
 * child might never be waited for.
 */
bool procsrv_may_wait_for(struct procsrv_caller *who,
			  const struct procsrv_process *parent, u64 child)
{
	const struct procsrv_process *p;

	p = parent == who->ps->init ? procsrv_find(who->ps, child) : NULL;
	return p && p->parent == parent && procsrv_may_act(who, p);
}

/*
 * With POSIX ids, those that are in no session are in one outside of the server, as in a
 * PID namespace.
 */
static bool share_session(const struct procsrv *ps,
			  const struct procsrv_process *a,
			  const struct procsrv_process *b)
{
	const struct procsrv_session *session = procsrv_session_of(a);

	return session == procsrv_session_of(b) && (session || ps->posix_ids);
}

/**
 * procsrv_body_may_signal() - may a hosted process send a signal to another?
 * @ps: the server
 * @sender: the hosted process
 * @p: the other
 * @signo: the signal, or 0
 *
 * After kill(2).
 */
bool procsrv_body_may_signal(const struct procsrv *ps,
			     const struct procsrv_process *sender,
			     const struct procsrv_process *p, int signo)
{
	const struct procsrv_identity *id =
		&procsrv_const_hosted_of(sender)->id;

	if (id->kills || p == sender)
		return true;
	if (signo == PROCSRV_SIGCONT && share_session(ps, sender, p))
		return true;
	return uid_eq(id->euid, procsrv_suid(p)) ||
	       uid_eq(id->euid, procsrv_ruid(p)) ||
	       uid_eq(id->ruid, procsrv_suid(p)) ||
	       uid_eq(id->ruid, procsrv_ruid(p));
}

/* A refusal is audited, as that of setresuid(2): there is no other way to be allowed. */
static bool may_assume(struct procsrv_caller *who, int cap)
{
	if (who->asked & BIT_ULL(cap))
		return who->granted & BIT_ULL(cap);
	return remember(who, cap, ns_capable(who->cred->user_ns, cap));
}

/**
 * procsrv_may_create_as() - may the caller create processes with these ids?
 * @who: the caller
 * @uid: user id, mapped in its user namespace
 * @gid: group id, mapped in its user namespace
 *
 * Its own are the real, the effective and the saved ones.
 *
 * Context: any.
 */
bool procsrv_may_create_as(struct procsrv_caller *who, kuid_t uid, kgid_t gid)
{
	const struct cred *cred = who->cred;
	bool own_uid = uid_eq(uid, cred->euid) || uid_eq(uid, cred->uid) ||
		       uid_eq(uid, cred->suid);
	bool own_gid = gid_eq(gid, cred->egid) || gid_eq(gid, cred->gid) ||
		       gid_eq(gid, cred->sgid);

	return (own_uid || may_assume(who, CAP_SETUID)) &&
	       (own_gid || may_assume(who, CAP_SETGID));
}

static bool is_uid_of(const struct procsrv_identity *id, kuid_t uid)
{
	return uid_eq(uid, id->ruid) || uid_eq(uid, id->euid) ||
	       uid_eq(uid, id->suid);
}

static bool is_gid_of(const struct procsrv_identity *id, kgid_t gid)
{
	return gid_eq(gid, id->rgid) || gid_eq(gid, id->egid) ||
	       gid_eq(gid, id->sgid);
}

/* Ids that the process has already are no news. */
static bool may_take_on(struct procsrv_caller *who,
			const struct procsrv_identity *old, kuid_t uid,
			kgid_t gid)
{
	return procsrv_may_create_as(who,
				     is_uid_of(old, uid) ? who->cred->euid : uid,
				     is_gid_of(old, gid) ? who->cred->egid : gid);
}

/*
 * The flag counts for all processes of the server, whatever their users: so it needs the
 * capability over the server, and not only where the caller has made itself root.
 */
static bool may_kill_all(struct procsrv_caller *who)
{
	return ns_capable(who->ps->user_ns, CAP_KILL);
}

/**
 * procsrv_may_identify() - may the caller give a process these credentials?
 * @who: the caller
 * @old: the present ones
 * @id: the new ones; ids are mapped in its user namespace
 *
 * It may if it could create processes with those of the ids that the process has not
 * yet. After setresuid(2).
 */
bool procsrv_may_identify(struct procsrv_caller *who,
			  const struct procsrv_identity *old,
			  const struct procsrv_identity *id)
{
	return may_take_on(who, old, id->ruid, id->rgid) &&
	       may_take_on(who, old, id->euid, id->egid) &&
	       may_take_on(who, old, id->suid, id->sgid) &&
	       (!id->kills || old->kills || may_kill_all(who));
}

/* A lower nice value is a higher limit. */
static bool raises(const struct procsrv_limits *old,
		   const struct procsrv_limits *new)
{
	return new->max_memory > old->max_memory ||
	       new->max_cpu_time > old->max_cpu_time ||
	       new->stack_size > old->stack_size ||
	       new->core_size > old->core_size ||
	       new->max_files > old->max_files ||
	       new->max_threads > old->max_threads ||
	       new->nice < old->nice || old->flags & ~new->flags;
}

static bool lowers(const struct procsrv_limits *old,
		   const struct procsrv_limits *new)
{
	return raises(new, old);
}

/**
 * procsrv_may_limit() - may the caller set the limits of a process?
 * @who: the caller
 * @p: the process
 * @limits: the new ones
 *
 * Raising limits of others needs one capability, everything else another; to
 * end the enforcement of limits is to raise them.
 */
bool procsrv_may_limit(struct procsrv_caller *who,
		       const struct procsrv_process *p,
		       const struct procsrv_limits *limits)
{
	bool up = raises(p->limits, limits);

	if (up && !procsrv_may(who, CAP_SYS_RESOURCE, p->uid, p->gid))
		return false;
	return (up && !lowers(p->limits, limits)) || procsrv_may_act(who, p);
}
