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

/* Does a capability in the caller's namespace cover these ids? */
static bool is_within_reach(struct user_namespace *ns, const struct procsrv *ps,
			    kuid_t uid, kgid_t gid)
{
	if (ns == &init_user_ns || ns == ps->user_ns)
		return true;
	return kuid_has_mapping(ns, uid) && kgid_has_mapping(ns, gid);
}

/**
 * procsrv_may_override() - does the caller have a capability over an object?
 * @a: the caller, and the capability
 * @ps: the server
 * @uid: the user id of the object, not that of the caller
 * @gid: the group id of the object
 *
 * A refusal is not audited: the operation may succeed in spite of it.
 *
 * Context: any, the server's lock included.
 */
bool procsrv_may_override(struct procsrv_caller *a, const struct procsrv *ps,
			  kuid_t uid, kgid_t gid)
{
	if (!is_within_reach(a->ns, ps, uid, gid))
		return false;
	if (!a->was_asked) {
		a->is_capable = ns_capable_noaudit(a->ns, a->cap);
		a->was_asked = true;
	}
	return a->is_capable;
}

static bool may_on(int cap, const struct procsrv *ps, kuid_t uid, kgid_t gid)
{
	const struct cred *cred = current_cred();

	return uid_eq(cred->euid, uid) ||
	       (is_within_reach(cred->user_ns, ps, uid, gid) &&
		ns_capable_noaudit(cred->user_ns, cap));
}

/* As procsrv_caller_may(), which is for many processes. */
static bool may(int cap, const struct procsrv *ps,
		const struct procsrv_process *p)
{
	return may_on(cap, ps, p->uid, p->gid);
}

/**
 * procsrv_may_act() - may the caller act on a process, or on behalf of it?
 * @ps: the server
 * @p: the process
 *
 * For all operations that have no function of their own below.
 */
bool procsrv_may_act(const struct procsrv *ps, const struct procsrv_process *p)
{
	return may(CAP_SYS_ADMIN, ps, p);
}

/**
 * procsrv_may_signal() - may the caller signal a process, or in its name?
 * @ps: the server
 * @p: the process
 *
 * Termination is one of the signals.
 */
bool procsrv_may_signal(const struct procsrv *ps,
			const struct procsrv_process *p)
{
	return may(CAP_KILL, ps, p);
}

/**
 * procsrv_may_create_under() - may the caller create a child of a process?
 * @ps: the server
 * @parent: the process
 *
 * Every caller may create children of init.
 */
bool procsrv_may_create_under(const struct procsrv *ps,
			      const struct procsrv_process *parent)
{
	return parent == ps->init || procsrv_may_act(ps, parent);
}

/**
 * procsrv_may_wait() - may the caller wait on behalf of a process?
 * @ps: the server
 * @parent: the process
 * @child: the pid of the one child that it waits for, or 0
 *
 * On behalf of init every caller may wait, by pid, for a child that it may act
 * on. Otherwise such a child might never be waited for.
 */
bool procsrv_may_wait(const struct procsrv *ps,
		      const struct procsrv_process *parent, u64 child)
{
	const struct procsrv_process *p;

	if (procsrv_may_act(ps, parent))
		return true;
	p = parent == ps->init ? procsrv_find(ps, child) : NULL;
	return p && p->parent == parent && procsrv_may_act(ps, p);
}

/**
 * procsrv_may_create_as() - may the caller create processes with these ids?
 * @uid: user id, mapped in its user namespace
 * @gid: group id, mapped in its user namespace
 *
 * Its own are the real, the effective and the saved ones.
 *
 * Context: any.
 */
bool procsrv_may_create_as(kuid_t uid, kgid_t gid)
{
	const struct cred *cred = current_cred();
	bool own_uid = uid_eq(uid, cred->euid) || uid_eq(uid, cred->uid) ||
		       uid_eq(uid, cred->suid);
	bool own_gid = gid_eq(gid, cred->egid) || gid_eq(gid, cred->gid) ||
		       gid_eq(gid, cred->sgid);

	return (own_uid || ns_capable(cred->user_ns, CAP_SETUID)) &&
	       (own_gid || ns_capable(cred->user_ns, CAP_SETGID));
}
EXPORT_SYMBOL_PROCSRV(procsrv_may_create_as);

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
 * @ps: the server
 * @p: the process
 * @limits: the new ones
 *
 * Raising limits of others needs one capability, everything else another; to
 * end the enforcement of limits is to raise them.
 */
bool procsrv_may_limit(const struct procsrv *ps,
		       const struct procsrv_process *p,
		       const struct procsrv_limits *limits)
{
	bool up = raises(p->limits, limits);

	if (up && !may(CAP_SYS_RESOURCE, ps, p))
		return false;
	return (up && !lowers(p->limits, limits)) || procsrv_may_act(ps, p);
}

/**
 * procsrv_may_act_on_session() - may the caller change a session?
 * @ps: the server
 * @session: the session, which belongs to the user of its leader, also after
 *	the leader is gone
 */
bool procsrv_may_act_on_session(const struct procsrv *ps,
				const struct procsrv_session *session)
{
	return may_on(CAP_SYS_ADMIN, ps, session->uid, session->gid);
}
