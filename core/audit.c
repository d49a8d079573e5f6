// SPDX-License-Identifier: GPL-2.0-only
/*
 * Audit records of revoked capabilities
 */
#include <linux/audit.h>
#include <linux/capability.h>
#include <linux/cred.h>
#include <linux/jiffies.h>
#include <linux/spinlock.h>

#include "internal.h"

enum {
	NR_QUOTAS = 256,
	BURST = 10,
	INTERVAL = 5 * HZ,
};

/**
 * struct quota - the records of a user id in an interval
 * @uid: the user id
 * @begin: when the interval began, in jiffies
 * @count: records since then; 0 for a quota that was never used
 */
struct quota {
	kuid_t uid;
	unsigned long begin;
	u32 count;
};

/* Users do not use up each other's quotas. When all are in use, others wait. */
static struct quota quotas[NR_QUOTAS];
static DEFINE_SPINLOCK(quotas_lock);

static bool is_over(const struct quota *q)
{
	return !q->count || time_after(jiffies, q->begin + INTERVAL);
}

/* The quota of a user id, or one that is free, or NULL. */
static struct quota *find_quota(kuid_t uid)
{
	struct quota *q, *unused = NULL;

	lockdep_assert_held(&quotas_lock);
	for (q = quotas; q < quotas + NR_QUOTAS; q++) {
		if (q->count && uid_eq(q->uid, uid))
			return q;
		if (is_over(q))
			unused = q;
	}
	return unused;
}

static bool use_quota(kuid_t uid)
{
	struct quota *q;
	bool may = false;

	spin_lock(&quotas_lock);
	q = find_quota(uid);
	if (q && is_over(q))
		*q = (struct quota) { .uid = uid, .begin = jiffies };
	if (q && q->count < BURST) {
		q->count++;
		may = true;
	}
	spin_unlock(&quotas_lock);
	return may;
}

/**
 * procsrv_audit_revocation() - write an audit record of a revocation
 * @ps: the server
 * @pid: the process, or 0 for every process
 * @capability: the capability
 *
 * A caller may revoke from a process of its own in a loop, so without
 * CAP_AUDIT_WRITE, which AUDIT_USER messages need, it has BURST records in an
 * INTERVAL. If the backlog of the audit subsystem is full the record is lost,
 * and the kernel logs that: GFP_ATOMIC, as the caller would sleep unkillably.
 *
 * Context: outside a change.
 */
void procsrv_audit_revocation(const struct procsrv *ps, u64 pid, u64 capability)
{
	if (!audit_enabled ||
	    (!ns_capable_noaudit(&init_user_ns, CAP_AUDIT_WRITE) &&
	     !use_quota(current_uid())))
		return;
	audit_log(audit_context(), GFP_ATOMIC, AUDIT_KERNEL_OTHER,
		  "module=procsrv op=revoke target=%llu capability=%llu server=%u pid=%d uid=%u auid=%u ses=%u",
		  pid, capability, ps->id, task_tgid_nr(current),
		  from_kuid(&init_user_ns, current_uid()),
		  from_kuid(&init_user_ns, audit_get_loginuid(current)),
		  audit_get_sessionid(current));
}
