/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * User and group ids in the user namespace of the caller
 *
 * Most callers are in the initial user namespace, in which no id is translated:
 * for them no map is searched.
 */
#ifndef PROCSRV_IDS_H
#define PROCSRV_IDS_H

#include <linux/cred.h>
#include <linux/uidgid.h>
#include <linux/user_namespace.h>

static inline kuid_t procsrv_uid_from(struct user_namespace *ns, uid_t uid)
{
	return ns == &init_user_ns ? KUIDT_INIT(uid) : make_kuid(ns, uid);
}

static inline kgid_t procsrv_gid_from(struct user_namespace *ns, gid_t gid)
{
	return ns == &init_user_ns ? KGIDT_INIT(gid) : make_kgid(ns, gid);
}

static inline uid_t procsrv_uid_to(struct user_namespace *ns, kuid_t uid)
{
	return ns == &init_user_ns ? __kuid_val(uid) :
				     from_kuid_munged(ns, uid);
}

static inline gid_t procsrv_gid_to(struct user_namespace *ns, kgid_t gid)
{
	return ns == &init_user_ns ? __kgid_val(gid) :
				     from_kgid_munged(ns, gid);
}

static inline uid_t procsrv_uid_to_caller(kuid_t uid)
{
	return procsrv_uid_to(current_user_ns(), uid);
}

#endif /* PROCSRV_IDS_H */
