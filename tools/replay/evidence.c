// SPDX-License-Identifier: GPL-2.0-only
/*
 * Evidence that only an answer of Linux gives.
 *
 * Where the server gives another answer than the recorded one, the recorded one
 * may be the first sign of something: that a child which was delivered a stop
 * signal has stopped, that a child which was about to die has no reports any
 * more, that a zombie is gone for which no line has a wait. The server is
 * brought into the state of Linux, and asked again. It must still give the
 * recorded answer by itself: nothing here decides what is right.
 */
#include <errno.h>

#include "replay.h"

/* A stop signal was delivered to the child, and Linux says that it stopped. */
static bool stop_has_happened(struct replay *r, const struct op *op,
			      struct proc *child)
{
	const struct answer *said = &op->linux_said;

	if (!child->stopping || child->parent != op->proc)
		return false;
	switch (said->why) {
	case PROCSRV_WAIT_STOPPED:
		if (said->signo != child->stopping)
			return false;
		break;
	case PROCSRV_WAIT_EXITED:
		return false;
	default:
		if (!(op->wait.what & PROCSRV_WAIT_STOPPED))
			return false;
	}
	job_stop(r, child, child->stopping);
	return true;
}

/*
 * The parent of the child was about to exit. If the children are now with the
 * process that gets its orphans, it has exited, and strace has yet to write so.
 */
static bool parent_has_exited(struct replay *r, const struct op *op,
			      struct proc *child)
{
	struct proc *parent = child->parent;

	if (!parent || parent == op->proc || !parent->exit_begun ||
	    parent->exited || world_reaper_of(parent) != op->proc)
		return false;
	return !proc_exit(r, parent, parent->exit_status);
}

void note_unknown(struct op *op)
{
	struct proc *p = op->proc;

	if (op->wait.nowait)
		return;
	p->unknown_waits++;
	if (op->call->end > p->unknown_until)
		p->unknown_until = op->call->end;
}

/*
 * May a wait of the parent have taken it, without a line that says so? A wait
 * that has ended cannot take a later zombie.
 */
static bool may_be_taken(const struct proc *child, enum doubt what)
{
	const struct proc *parent = child->parent;

	if (child->doubt & what)
		return true;
	return parent && parent->unknown_waits &&
	       !(child->exited && child->exited_at > parent->unknown_until);
}

static void note_taken(struct proc *child, struct proc *parent, enum doubt what)
{
	if (child->doubt & what)
		child->doubt &= ~what;
	else if (parent && parent->unknown_waits)
		parent->unknown_waits--;
}

static bool take_zombie(struct replay *r, struct op *op, struct proc *child)
{
	struct proc *parent = child->parent;
	bool doubted = may_be_taken(child, DOUBT_ZOMBIE);

	if (!child->exited || child->reaped ||
	    !(doubted || (parent && gaps_lacks_waits(r))) ||
	    !world_reap(&r->world, child))
		return false;
	op->unwaited |= !doubted;
	note_taken(child, parent, DOUBT_ZOMBIE);
	child->taken_unseen = true;
	touch_waits(r, parent, child);
	return true;
}

static bool take_report(struct replay *r, struct proc *parent,
			struct proc *child, unsigned int why)
{
	bool dying = is_dying(r, child);
	unsigned int doubt = child->doubt;

	if (!dying && !may_be_taken(child, DOUBT_REPORT))
		return false;
	if (wait_consume(r, parent, child, why))
		return false;
	if (!dying && !(doubt & DOUBT_REPORT) && parent->unknown_waits)
		parent->unknown_waits--;
	return true;
}

/* Linux does not report what the server reports: it may be gone. */
static bool report_is_gone(struct replay *r, struct op *op,
			   const struct proc *child)
{
	const struct answer *said = &op->linux_said;
	const struct answer *server = &op->server;
	struct proc *other;

	if (server->error)
		return false;
	other = world_find(&r->world, server->pid, true);
	if (!other || other->parent != op->proc)
		return false;
	if (other == child && (!said->why || said->why == server->why))
		return false;
	/* First try what explains the answer without a change in the server. */
	if (child && child != other && wait_order_is_open(op, other, child))
		return false;
	if (server->why == PROCSRV_WAIT_EXITED)
		return take_zombie(r, op, other);
	return take_report(r, op->proc, other, server->why);
}

/*
 * The maker of a child was moved to another group while it made the child, so
 * the child may be in either group.
 */
static bool group_was_inherited(struct replay *r, const struct op *op,
				const struct proc *child)
{
	struct proc *p = world_find(&r->world, op->server.pid, true);
	__u32 asked, to;

	if (op->wait.which != PROCSRV_WAIT_PGID)
		return false;
	asked = op->wait.number ? world_pgid(&r->world, op->wait.number) :
				  op->proc->pgid;
	/* In the group of the wait, it is in Linux; or only in the server. */
	if (child)
		p = world_find(&r->world, child->pid, true);
	else if (op->server.error)
		return false;
	to = p ? p->pgid_inherited : 0;
	if (!to || (child ? to != asked : p->pgid != asked) ||
	    procsrv_set_group(r->world.fd, 0, p->id, to))
		return false;
	note_group(r, p);
	return true;
}

bool wait_evidence(struct replay *r, struct op *op)
{
	struct proc *child = wait_child(r, op);

	if (op->proc->nested && op->linux_said.pid < 0)
		return false;
	if (child && (stop_has_happened(r, op, child) ||
		      parent_has_exited(r, op, child)))
		return true;
	return group_was_inherited(r, op, child) ||
	       report_is_gone(r, op, child);
}

bool target_evidence(struct replay *r, struct op *op, struct proc *p)
{
	return op->linux_said.error == ESRCH && !op->server.error &&
	       take_zombie(r, op, p);
}

/* Is it a zombie that no line can show to be gone? */
static bool is_unwaited(const struct proc *p)
{
	return p->exited && p->parent && !p->beyond;
}

bool group_evidence(struct replay *r, struct op *op, __u32 pgid,
		    const struct proc *but)
{
	struct proc *p;
	bool any = false;

	if (!pgid || !gaps_lacks_waits(r))
		return false;
	for (p = r->world.procs; p; p = p->next)
		if (p != but && p->pgid == pgid && !p->reaped &&
		    !is_unwaited(p))
			return false;
	for (p = r->world.procs; p; p = p->next)
		if (p != but && p->pgid == pgid && !p->reaped)
			any |= take_zombie(r, op, p);
	return any;
}

/* The exit that a wait returned, where the recording has not shown it. */
static void follow_exit(struct replay *r, const struct op *op,
			struct proc *child)
{
	const struct answer *said = &op->linux_said;
	struct proc *parent = child->parent;

	if (child->exited_early && child->ended)
		r->seen.twice = true;
	if (!child->exited) {
		child->exited_early = world_knows_end(&r->world, child);
		child->exit_status = said->signo > 0 ? -said->signo : said->code;
		proc_exit(r, child, child->exit_status < 0 && !said->signo ?
			  0 : child->exit_status);
	}
	if (!op->wait.nowait && world_reap(&r->world, child))
		touch_waits(r, parent, child);
}

void follow_wait(struct replay *r, struct op *op)
{
	const struct answer *said = &op->linux_said;
	struct proc *child = wait_child(r, op);
	unsigned int why = said->why;

	if (!said->error && !said->pid)
		note_unknown(op);
	if (child)
		child->taken_unseen = false;
	if (!child || child->beyond) {
		if (child && said->why == PROCSRV_WAIT_EXITED)
			world_reap(&r->world, child);
		return;
	}
	/* A stopped process can only have continued, if the status is not known. */
	if (!why && child->stopped && !is_dying(r, child))
		why = op->wait.what & PROCSRV_WAIT_CONTINUED;
	switch (why) {
	case PROCSRV_WAIT_EXITED:
		follow_exit(r, op, child);
		return;
	case PROCSRV_WAIT_STOPPED:
		child->stopped_early |= !child->stopped;
		job_stop(r, child, said->why ? said->signo : child->stopping);
		break;
	case PROCSRV_WAIT_CONTINUED:
		if (!child->stopped)
			break;
		job_continue(r, 0, PROCSRV_TARGET_PID, child->id);
		if (!op->reason)
			child->continued_early = r->report->nr_differences;
		break;
	default:
		/* It has reported something, but what? */
		child->doubt |= child->exited ? DOUBT_ZOMBIE : DOUBT_REPORT;
		return;
	}
	if (!op->wait.nowait)
		wait_consume(r, op->proc, child, why);
}
