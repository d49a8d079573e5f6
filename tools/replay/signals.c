// SPDX-License-Identifier: GPL-2.0-only
/*
 * Replaying signals.
 *
 * Linux acts on a signal when it is delivered, an ordinary server when it is sent. So
 * for signals that the server acts on, the server is asked with signal 0, and the
 * effect takes place where the recording shows it: "killed by", "stopped by".
 * SIGCONT acts when it is sent, in Linux too. With hosted processes, the recording
 * says what their bodies do in any case.
 */
#include <errno.h>
#include <limits.h>
#include <stdint.h>

#include "replay.h"
#include "value.h"

static void name_target(struct op *op, int number)
{
	struct signal_op *s = &op->signal;

	s->number = number;
	if (number == -1) {
		s->target = PROCSRV_TARGET_ALL;
	} else if (number == INT_MIN) {
		op->reason = REASON_ARGUMENT;
	} else if (number <= 0) {
		s->target = PROCSRV_TARGET_PGID;
		s->number = -number;
	}
}

/* The server has no threads: their ids are looked up here. */
static void name_thread(struct op *op, int number)
{
	op->signal.number = number;
	if ((number <= 0 || op->signal.tgid < 0) &&
	    op->linux_said.error == EINVAL)
		op->reason = REASON_ARGUMENT;
}

static int number_arg(struct op *op, size_t i)
{
	int number = 0;

	if (!ns_number(op->proc, call_arg(op->call, i), &number))
		op->reason = op->proc->nested ? REASON_NAMESPACE :
						REASON_ARGUMENT;
	return number;
}

static void parse_target(struct op *op, int *signo_arg)
{
	int number = 0;

	op->signal.target = PROCSRV_TARGET_PID;
	*signo_arg = 1;
	switch (op->call->kind) {
	case CALL_TGKILL:
		*signo_arg = 2;
		op->signal.tgid = number_arg(op, 0);
		if (!op->signal.tgid)
			op->signal.tgid = -1;
		name_thread(op, number_arg(op, 1));
		break;
	case CALL_TKILL:
		name_thread(op, number_arg(op, 0));
		break;
	case CALL_PIDFD_SIGNAL:
		if (!call_int(op->call, 0, &number))
			op->reason = REASON_ARGUMENT;
		op->signal.proc = intmap_get(&op->proc->fds->procs, number);
		if (!op->signal.proc)
			op->reason = REASON_OUTSIDE;
		break;
	default:
		name_target(op, number_arg(op, 0));
		if (op->proc->nested && op->signal.target == PROCSRV_TARGET_ALL)
			op->reason = REASON_NAMESPACE;
	}
}

/* The process that a signal is for; NULL if there is none, or several. */
static struct proc *target_proc(struct replay *r, const struct op *op)
{
	const struct signal_op *s = &op->signal;
	struct proc *p;

	if (s->target != PROCSRV_TARGET_PID)
		return NULL;
	if (s->proc)
		return s->proc;
	p = world_find(&r->world, s->number, false);
	return p && s->tgid && p->pid != s->tgid ? NULL : p;
}

/*
 * SIGKILL: as soon as it is sent, at some moment of the call, the target has no
 * report left but its exit.
 */
static void begin_kill(struct replay *r, const struct op *op)
{
	const struct signal_op *s = &op->signal;
	struct world *w = &r->world;
	void *before = (void *)(uintptr_t)(r->now + 1);
	struct proc *p;
	__u32 pgid;

	switch (s->target) {
	case PROCSRV_TARGET_PID:
		p = target_proc(r, op);
		if (p)
			p->dying = true;
		break;
	case PROCSRV_TARGET_PGID:
		pgid = s->number ? world_pgid(w, s->number) : op->proc->pgid;
		intmap_set(&w->killed_groups, (int)pgid, before);
		break;
	default:
		w->killed_all = r->now + 1;
	}
}

static void signal_begin(struct replay *r, struct op *op)
{
	int signo_arg;

	if (op->reason)
		return;
	parse_target(op, &signo_arg);
	op->signal.signo = value_signal(call_arg(op->call, signo_arg));
	if (op->signal.signo == INT_MIN)
		op->reason = REASON_ARGUMENT;
	switch (op->linux_said.error) {
	case 0:
	case ESRCH:
	case EINVAL:
		break;
	case EPERM:
		op->reason = REASON_UID;
		break;
	default:
		op->reason = REASON_ARGUMENT;
	}
	if (op->signal.signo > 0 && op->signal.signo < NR_SIGNALS &&
	    !op->linux_said.error)
		r->seen.sent[op->signal.signo] = true;
	if (op->signal.signo == SIGKILL_NR && !op->linux_said.error &&
	    op->reason != REASON_NAMESPACE)
		begin_kill(r, op);
}

/* The server's id for the target; false if it is not in the recording. */
static bool target_id(struct replay *r, const struct op *op, __u64 *id)
{
	const struct signal_op *s = &op->signal;
	struct proc *p;
	__u32 pgid;

	switch (s->target) {
	case PROCSRV_TARGET_PID:
		p = target_proc(r, op);
		*id = p && !p->beyond ? p->id : SERVER_NO_PID;
		return p;
	case PROCSRV_TARGET_PGID:
		pgid = s->number ? world_pgid(&r->world, s->number) :
				   op->proc->pgid;
		*id = pgid ? pgid : SERVER_NO_PGID;
		return pgid;
	default:
		*id = 0;
		return true;
	}
}

/*
 * The signal that gives the same answer without an effect. On hosted processes no
 * signal but SIGCONT has an effect, by server_settle().
 */
static int harmless(const struct world *w, const struct signal_op *s)
{
	switch (s->signo) {
	case SIGCONT_NR:
		return 0;
	case SIGKILL_NR:
	case SIGTERM_NR:
	case SIGSTOP_NR:
		return w->hosted ? s->signo : 0;
	default:
		/* The server may have other processes than ours. */
		return s->target == PROCSRV_TARGET_ALL && s->signo > 0 ?
		       0 : s->signo;
	}
}

static bool signal_attempt(struct replay *r, struct op *op, bool last)
{
	__u64 id;

	(void)last;
	target_id(r, op, &id);
	op->server.error = -server_signal(r->world.fd, op->proc->id,
					  op->signal.target, id,
					  harmless(&r->world, &op->signal));
	if (r->world.hosted)
		server_settle(r->world.fd);
	return true;
}

static void signal_settle(struct replay *r, struct op *op)
{
	__u64 id;

	if (op->linux_said.error || op->signal.signo != SIGCONT_NR)
		return;
	target_id(r, op, &id);
	job_continue(r, op->proc->id, op->signal.target, id);
}

static bool signal_evidence(struct replay *r, struct op *op)
{
	const struct signal_op *s = &op->signal;
	struct proc *p = target_proc(r, op);

	if (s->target == PROCSRV_TARGET_PGID)
		return op->linux_said.error == ESRCH && !op->server.error &&
		       group_evidence(r, op, s->number ?
				      world_pgid(&r->world, s->number) :
				      op->proc->pgid, NULL);
	return p && target_evidence(r, op, p);
}

/* A number that was never given to a process of the recording. */
static bool is_foreign(struct replay *r, int number)
{
	const struct proc *p = world_find(&r->world, number, false);

	return !p || p->origin == ORIGIN_OUTSIDE;
}

static bool is_about_beyond(struct replay *r, const struct op *op)
{
	const struct proc *p = target_proc(r, op);

	return p ? p->beyond : op->signal.target == PROCSRV_TARGET_PGID &&
			       r->world.nr_beyond;
}

static void suspect(struct op *op, struct proc *p)
{
	op->signal.proc = p;
	op->autoreap = true;
}

static void signal_excuse(struct replay *r, struct op *op)
{
	struct proc *p;
	__u64 id;

	if (is_about_beyond(r, op)) {
		op->reason = REASON_BOUND;
		return;
	}
	p = target_proc(r, op);
	if (p && p->taken_unseen && !op->linux_said.error) {
		op->reason = REASON_UNSEEN;
		return;
	}
	if (!target_id(r, op, &id)) {
		if (!op->linux_said.error && !op->signal.tgid &&
		    is_foreign(r, op->signal.number))
			op->reason = REASON_OUTSIDE;
		return;
	}
	if (op->signal.target != PROCSRV_TARGET_PID ||
	    op->linux_said.error != ESRCH)
		return;
	p = world_find_id(&r->world, id);
	if (!p)
		return;
	if (!p->exited && !world_knows_end(&r->world, p))
		op->reason = REASON_OUTSIDE;
	else if (gaps_autoreaped(r, p))
		suspect(op, p);
}

const struct op_type signal_op = {
	.operation = OP_SIGNAL,
	.begin = signal_begin,
	.attempt = signal_attempt,
	.settle = signal_settle,
	.evidence = signal_evidence,
	.excuse = signal_excuse,
};

/* May it be fatal? Whether it is caught or ignored is not recorded. */
static bool may_be_fatal(int signo)
{
	return signo && signo != SIGCHLD_NR && signo != SIGURG_NR &&
	       signo != SIGWINCH_NR &&
	       (signo < SIGCONT_NR || signo > SIGTTOU_NR);
}

void note_fatal_signal(struct proc *p, const struct life *life, int signo)
{
	if (!may_be_fatal(signo))
		return;
	p->fatal = life;
	if (!p->exit_begun)
		p->exit_status = -signo;
}
