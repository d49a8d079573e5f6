// SPDX-License-Identifier: GPL-2.0-only
/*
 * Sessions, their terminals, and process groups
 *
 * In a server with POSIX ids a group has the pid of the process that created it, as on Linux. If
 * that process is gone, a stand-in with its pid creates the group. In the server of the device
 * a group has a number of its own, and any member can create it.
 */
#include "mirror.h"

bool mirror_begin_session(struct mirror *m, struct record *r, pid_t sid,
			  pid_t pgrp)
{
	struct procsrv_create_session_args args = { .leader = r->copy };

	if (!mirror_try(m, PROCSRV_IOC_CREATE_SESSION, &args))
		return false;
	m->sessions++;
	r->is.sid = sid;
	r->is.pgrp = pgrp;
	r->is.tty = 0;
	r->sid = args.sid;
	r->pgid = args.pgid;
	return true;
}

void mirror_set_terminal(struct mirror *m, struct record *r, unsigned int tty)
{
	char name[PROCSRV_NAME_MAX + 1];
	struct procsrv_set_terminal_args args = {
		.sid = r->sid, .name = tty ? (uintptr_t)name : 0,
	};
	const struct record *leader = table_find(&m->table, r->is.sid);

	r->is.tty = tty;
	if (!r->sid || (leader && leader != r && leader->is.sid == r->is.sid &&
			leader->is.tty == tty))
		return;
	machine_terminal(tty, name, sizeof(name));
	mirror_try(m, PROCSRV_IOC_SET_TERMINAL, &args);
}

/* The group of the server that the members of a Linux group are in; 0 if none is. */
static __u32 find_group(const struct mirror *m, const struct record *except,
			pid_t pgrp)
{
	const struct record *r = table_find(&m->table, pgrp);

	if (r && r != except && r->is.pgrp == pgrp && r->sid == except->sid)
		return r->pgid;
	TAILQ_FOREACH(r, &m->table.list, all)
		if (r != except && r->is.pgrp == pgrp && r->sid == except->sid)
			return r->pgid;
	return 0;
}

static bool create_group(struct mirror *m, __u64 leader, __u32 sid, __u32 *pgid)
{
	struct procsrv_create_group_args args = { .leader = leader, .sid = sid };

	if (!mirror_try(m, PROCSRV_IOC_CREATE_GROUP, &args))
		return false;
	m->groups++;
	*pgid = args.pgid;
	return true;
}

static bool set_group(struct mirror *m, __u64 pid, __u32 pgid)
{
	struct procsrv_set_group_args args = { .pid = pid, .pgid = pgid };

	return mirror_try(m, PROCSRV_IOC_SET_GROUP, &args);
}

static void joined(struct record *r, pid_t pgrp, __u32 pgid)
{
	r->is.pgrp = pgrp;
	r->pgid = pgid;
}

/* If the leader has left the group, it creates the group again, and returns to its own. */
static bool borrow_leader(struct mirror *m, struct record *leader,
			  struct record *r, pid_t pgrp)
{
	const __u32 former = leader->pgid;
	struct linux_process p;
	__u32 pgid;
	bool ok;

	if (!create_group(m, leader->copy, r->sid, &pgid))
		return false;
	ok = set_group(m, r->copy, pgid);
	if (former && (!machine_look(&m->machine, leader->is.pid, &p) ||
		       p.pgrp != pgrp))
		set_group(m, leader->copy, former);
	else
		joined(leader, pgrp, pgid);
	return ok;
}

/* Creates a group with the id that it has in Linux, with @r as its only member. */
static bool found_group(struct mirror *m, struct record *r, pid_t pgrp)
{
	struct record *leader = table_find(&m->table, pgrp);
	__u64 stand_in = pgrp;
	__u32 pgid;
	bool ok;

	if (leader)
		return leader->sid == r->sid && borrow_leader(m, leader, r, pgrp);
	if (!mirror_create_stand_in(m, r, "stand-in", NULL, &stand_in))
		return false;
	ok = create_group(m, stand_in, r->sid, &pgid) &&
	     set_group(m, r->copy, pgid);
	mirror_end_stand_in(m, r, stand_in, EXIT_UNKNOWN);
	return ok;
}

void mirror_join_group(struct mirror *m, struct record *r, pid_t pgrp)
{
	const bool leads = mirror_is_private(m) && r->is.pid == pgrp;
	__u32 pgid;

	if (!pgrp)
		return;
	pgid = leads ? 0 : find_group(m, r, pgrp);
	if (pgid) {
		if (set_group(m, r->copy, pgid))
			joined(r, pgrp, pgid);
	} else if (leads || !mirror_is_private(m)) {
		if (create_group(m, r->copy, r->sid, &pgid))
			joined(r, pgrp, pgid);
	} else if (found_group(m, r, pgrp)) {
		joined(r, pgrp, pgrp);
	}
}
