// SPDX-License-Identifier: GPL-2.0-only
/*
 * Replaying setpgid and setsid.
 *
 * A setpgid that succeeded is tried from the beginning of the call on. One that
 * failed is tried at its end: if it did not fail in the server, an earlier try
 * would move the process. A setsid is done at its end, or when another answer
 * shows that it was done: a setpgid of the parent may have come before it.
 */
#include <errno.h>
#include <limits.h>

#include "replay.h"
#include "value.h"

static void setpgid_begin(struct replay *r, struct op *op)
{
	struct group_op *g = &op->group;

	(void)r;
	if (op->reason)
		return;
	if (!ns_number(op->proc, call_arg(op->call, 0), &g->pid) ||
	    !ns_number(op->proc, call_arg(op->call, 1), &g->pgid))
		op->reason = op->proc->nested ? REASON_NAMESPACE :
						REASON_ARGUMENT;
	g->own_pid = !g->pid;
	if (!g->pid)
		g->pid = op->proc->pid;
	g->own_pgid = !g->pgid;
	if (!g->pgid)
		g->pgid = g->pid;
	switch (op->linux_said.error) {
	case 0:
	case EPERM:
	case ESRCH:
	case EACCES:
		break;
	case EINVAL:
		/* Negative, or the id of a thread: the server has neither. */
		op->reason = g->pgid < 0 ? REASON_ARGUMENT : REASON_THREAD;
		break;
	default:
		op->reason = REASON_ARGUMENT;
	}
}

/* What must have happened before a call can fail with an error. */
static unsigned int causes(int error)
{
	switch (error) {
	case EACCES:
		return SETTLE_EXECS;
	case ESRCH:
		return SETTLE_WAITS;
	default:
		return SETTLE_WAITS | SETTLE_SESSIONS;
	}
}

static __u32 live_group(struct replay *r, int pgid)
{
	struct procsrv_group_args group;
	__u32 id = world_pgid(&r->world, pgid);

	if (!id || procsrv_get_group(r->world.fd, id, &group))
		return 0;
	return id;
}

/* With POSIX ids the server itself decides whether to create the group. */
static int lead_own_group(struct replay *r, struct op *op, struct proc *p)
{
	const struct group_op *g = &op->group;
	int ret;

	ret = procsrv_set_group(r->world.fd, op->proc->id,
				g->own_pid ? 0 : p->id,
				g->own_pgid ? 0 : p->id);
	if (!ret)
		world_set_pgid(&r->world, p->pid, p->id);
	return ret;
}

/* The group that has the number of the process exists, or is created. */
static int lead_group(struct replay *r, struct op *op, struct proc *p)
{
	int fd = r->world.fd;
	__u32 pgid = live_group(r, p->pid);
	struct procsrv_info info = {};
	int ret;

	if (r->world.hosted && (!pgid || pgid == p->id))
		return lead_own_group(r, op, p);
	if (pgid)
		return procsrv_set_group(fd, op->proc->id, p->id, pgid);
	procsrv_get_info(fd, p->id, &info);
	ret = procsrv_create_group(fd, op->proc->id, p->id, info.sid, &pgid);
	if (!ret)
		world_set_pgid(&r->world, p->pid, pgid);
	return ret;
}

/* Note the group that it is in now, in the server. */
void note_group(struct replay *r, struct proc *p)
{
	p->pgid_before = p->pgid;
	p->moved = r->now;
	p->pgid_inherited = 0;
	p->pgid = server_group_of(r->world.fd, p->id);
	touch_waits(r, p->parent, p);
	r->changed = true;
}

static bool setpgid_attempt(struct replay *r, struct op *op, bool last)
{
	struct group_op *g = &op->group;
	struct proc *p;
	__u32 pgid;
	int ret;

	if (op->linux_said.error) {
		if (!last)
			return false;
		settle_others(r, op, causes(op->linux_said.error));
	}
	p = world_find(&r->world, g->pid, true);
	if (p && p->beyond) {
		ret = -ESRCH;
	} else if (p && g->pgid == p->pid) {
		ret = lead_group(r, op, p);
	} else {
		pgid = world_pgid(&r->world, g->pgid);
		ret = procsrv_set_group(r->world.fd, op->proc->id,
					p ? p->id : SERVER_NO_PID,
					pgid ? pgid : SERVER_NO_PGID);
	}
	op->server.error = -ret;
	if (!ret) {
		p->own_group |= !op->linux_said.error;
		note_group(r, p);
	}
	return true;
}

static bool in_stand_in_session(struct replay *r, const struct proc *p)
{
	struct procsrv_info info;

	return !procsrv_get_info(r->world.fd, p->id, &info) &&
	       info.sid == r->world.stand_in_sid;
}

/* Is the process or the leader of the group beyond a bound of the server? */
static bool is_beyond(struct replay *r, const struct op *op,
		      const struct proc *p)
{
	const struct proc *leader = world_find(&r->world, op->group.pgid, true);

	return p->beyond || (leader && leader->beyond) ||
	       op->server.error == EOVERFLOW || op->server.error == ENOMEM;
}

static bool setpgid_evidence(struct replay *r, struct op *op)
{
	struct proc *p = world_find(&r->world, op->group.pid, true);

	return p && target_evidence(r, op, p);
}

/* The server has moved a process that Linux has not moved. */
static void move_back(struct replay *r, struct proc *p)
{
	if (p->pgid_before &&
	    !procsrv_set_group(r->world.fd, 0, p->id, p->pgid_before))
		note_group(r, p);
}

/*
 * Linux has refused a move that the server has made. Is the reason something
 * that the recording leaves out?
 */
static enum reason gap_of_move(struct replay *r, struct op *op, struct proc *p)
{
	__u32 to = p->pgid;

	switch (op->linux_said.error) {
	case ESRCH:
		return target_evidence(r, op, p) ? REASON_NO_WAITS : COMPARED;
	case EACCES:
		if (!gaps_lacks_execs(r) || p == op->proc)
			return COMPARED;
		move_back(r, p);
		return REASON_NO_EXECS;
	case EPERM:
		if (op->group.pgid == p->pid ||
		    !group_evidence(r, op, to, p))
			return COMPARED;
		move_back(r, p);
		return REASON_NO_WAITS;
	default:
		return COMPARED;
	}
}

static void setpgid_excuse(struct replay *r, struct op *op)
{
	struct proc *p = world_find(&r->world, op->group.pid, true);

	if (!p)
		return;
	if (!op->server.error)
		op->reason = gap_of_move(r, op, p);
	if (op->reason)
		return;
	if (is_beyond(r, op, p))
		op->reason = REASON_BOUND;
	else if (!op->linux_said.error && op->server.error == EPERM &&
		 !world_pgid(&r->world, op->group.pgid) &&
		 !world_find(&r->world, op->group.pgid, false) &&
		 in_stand_in_session(r, p))
		op->reason = REASON_OUTSIDE;
	else if (p->origin == ORIGIN_BEFORE && !p->own_group)
		op->reason = REASON_BEFORE;
}

/* A group from outside the recording: create it, with a process that leads it. */
static void setpgid_skip(struct replay *r, struct op *op)
{
	struct proc *p = world_find(&r->world, op->group.pid, true), *outside;
	__u32 pgid;

	if (op->reason != REASON_OUTSIDE || !p)
		return;
	outside = world_add(&r->world, op->group.pgid, ORIGIN_OUTSIDE, NULL,
			    NULL, false);
	if (outside->beyond ||
	    procsrv_create_group(r->world.fd, 0, outside->id,
				 r->world.stand_in_sid, &pgid))
		return;
	world_set_pgid(&r->world, op->group.pgid, pgid);
	procsrv_set_group(r->world.fd, 0, p->id, pgid);
	note_group(r, p);
}

const struct op_type setpgid_op = {
	.operation = OP_SETPGID,
	.acts = true,
	.begin = setpgid_begin,
	.attempt = setpgid_attempt,
	.evidence = setpgid_evidence,
	.excuse = setpgid_excuse,
	.skip = setpgid_skip,
};

static void setsid_begin(struct replay *r, struct op *op)
{
	(void)r;
	if (op->reason)
		return;
	if (op->linux_said.error && op->linux_said.error != EPERM)
		op->reason = REASON_ARGUMENT;
}

/*
 * Linux refuses every process that has the number of a group, a server without POSIX
 * ids only one that leads other processes. To get the server's answer, ask it for a
 * new process that leads a group alone, because the process of the recording has to
 * stay where it is.
 */
static bool ask_lone_leader(struct replay *r, struct op *op)
{
	int fd = r->world.fd;
	struct image image = { .name = (char *)"leader" };
	struct procsrv_group_args group;
	struct procsrv_info info;
	__u32 pgid;
	__u64 id;

	if (procsrv_get_info(fd, op->proc->id, &info) ||
	    server_leads_session(fd, info.sid, op->proc->id) ||
	    procsrv_get_group(fd, info.pgid, &group) ||
	    group.leader != op->proc->id || group.nr_processes != 1)
		return false;
	if (server_create(fd, PROCSRV_INIT_PID, &image, false, 0, &id))
		return false;
	op->server.error = -procsrv_create_group(fd, 0, id, 0, &pgid);
	if (!op->server.error)
		op->server.error = -procsrv_create_session(fd, id, NULL, &pgid);
	procsrv_terminate(fd, id, 0, 0);
	server_reap(fd, PROCSRV_INIT_PID, id);
	op->design = DESIGN_SETSID;
	return true;
}

static bool setsid_attempt(struct replay *r, struct op *op, bool last)
{
	struct proc *p = op->proc;
	__u32 pgid;

	if (!last)
		return false;
	if (op->linux_said.error) {
		settle_others(r, op, SETTLE_SESSIONS);
		if (!r->world.hosted && ask_lone_leader(r, op))
			return true;
	}
	op->server.error = -procsrv_create_session(r->world.fd, p->id, NULL,
						   &pgid);
	if (!op->server.error) {
		world_set_pgid(&r->world, p->pid, pgid);
		p->own_group |= !op->linux_said.error;
		note_group(r, p);
	}
	return true;
}

/* Its number was that of a group, which may have had only zombies left. */
static bool setsid_evidence(struct replay *r, struct op *op)
{
	const struct proc *p = op->proc;

	return !op->linux_said.error && op->server.error == EPERM &&
	       group_evidence(r, op, world_pgid(&r->world, p->pid), p);
}

/* A process that a shell started as a job led a group before the recording. */
static void setsid_excuse(struct replay *r, struct op *op)
{
	(void)r;
	if (op->server.error == EOVERFLOW || op->server.error == ENOMEM) {
		op->reason = REASON_BOUND;
		return;
	}
	if (op->proc->origin == ORIGIN_FORK || op->proc->own_group)
		return;
	op->reason = REASON_BEFORE;
	op->design = NOT_BY_DESIGN;
}

const struct op_type setsid_op = {
	.operation = OP_SETSID,
	.acts = true,
	.begin = setsid_begin,
	.attempt = setsid_attempt,
	.evidence = setsid_evidence,
	.excuse = setsid_excuse,
};
