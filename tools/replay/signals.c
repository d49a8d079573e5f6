// SPDX-License-Identifier: GPL-2.0-only
/*
 * Replaying signals.
 *
 * Linux acts on a signal when it is delivered, the server when it is sent. So
 * what the call answered is asked with signal 0 for those numbers that mean
 * something to the server, and what the signal does is done where the
 * recording shows it: "killed by", "stopped by". SIGCONT acts when it is sent,
 * in Linux too.
 */
#include <errno.h>
#include <limits.h>
#include <string.h>

#include "replay.h"
#include "value.h"

enum {
	SIGKILL_NR = 9,
	SIGTERM_NR = 15,
	SIGCONT_NR = 18,
	SIGSTOP_NR = 19,
};

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

static void parse_target(struct op *op, int *signo_arg)
{
	int number = 0;

	op->signal.target = PROCSRV_TARGET_PID;
	if (!call_pid(op->call, 0, &number))
		op->reason = REASON_ARGUMENT;
	*signo_arg = 1;
	switch (op->call->kind) {
	case CALL_TGKILL:
		*signo_arg = 2;
		if (!call_pid(op->call, 1, &number))
			op->reason = REASON_ARGUMENT;
		op->signal.number = number;
		break;
	case CALL_TKILL:
		op->signal.number = number;
		break;
	case CALL_PIDFD_SIGNAL:
		op->signal.proc = intmap_get(&op->proc->fds->procs, number);
		if (!op->signal.proc)
			op->reason = REASON_OUTSIDE;
		break;
	default:
		name_target(op, number);
	}
}

static void signal_begin(struct replay *r, struct op *op)
{
	int signo_arg;

	(void)r;
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
	if (op->proc->nested)
		op->reason = REASON_NAMESPACE;
}

/* The server's id for the target; false if the recording knows none such. */
static bool target_id(struct replay *r, const struct op *op, __u64 *id)
{
	const struct signal_op *s = &op->signal;
	struct proc *p;
	__u32 pgid;

	switch (s->target) {
	case PROCSRV_TARGET_PID:
		p = s->proc ? s->proc : world_find(&r->world, s->number, false);
		*id = p ? p->id : SERVER_NO_PID;
		return p;
	case PROCSRV_TARGET_PGID:
		if (!s->number) {
			*id = server_group_of(r->world.fd, op->proc->id);
			return true;
		}
		pgid = world_pgid(&r->world, s->number);
		*id = pgid ? pgid : SERVER_NO_PGID;
		return pgid;
	default:
		*id = 0;
		return true;
	}
}

/* What to send to learn the answer, without doing what the signal does. */
static int harmless(const struct signal_op *s)
{
	switch (s->signo) {
	case SIGKILL_NR:
	case SIGTERM_NR:
	case SIGCONT_NR:
	case SIGSTOP_NR:
		return 0;
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
					  harmless(&op->signal));
	return true;
}

static void continue_all(struct replay *r)
{
	struct proc *p;

	for (p = r->world.procs; p; p = p->next)
		if (p->stopped)
			server_signal(r->world.fd, 0, PROCSRV_TARGET_PID,
				      p->id, SIGCONT_NR);
}

static void signal_settle(struct replay *r, struct op *op)
{
	__u64 id;

	if (op->linux_said.error || op->signal.signo != SIGCONT_NR)
		return;
	if (op->signal.target == PROCSRV_TARGET_ALL) {
		continue_all(r);
		return;
	}
	target_id(r, op, &id);
	server_signal(r->world.fd, op->proc->id, op->signal.target, id,
		      SIGCONT_NR);
}

/* A number that was never given to a process of the recording. */
static bool is_foreign(struct replay *r, int number)
{
	const struct proc *p = world_find(&r->world, number, false);

	return !p || p->origin == ORIGIN_OUTSIDE;
}

static void signal_excuse(struct replay *r, struct op *op)
{
	struct proc *p;
	__u64 id;

	if (!target_id(r, op, &id)) {
		if (!op->linux_said.error && is_foreign(r, op->signal.number))
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
	else if (p->exited && p->parent && !p->parent->gets_sigchld &&
		 !p->parent->has_waited && !r->rec->has_sigaction)
		op->reason = REASON_AUTOREAP;
}

const struct op_type signal_op = {
	.operation = OP_SIGNAL,
	.begin = signal_begin,
	.attempt = signal_attempt,
	.settle = signal_settle,
	.excuse = signal_excuse,
};

/* A process has stopped with the last of its threads that have not exited. */
static void stop_with_last_thread(struct replay *r, struct proc *p)
{
	if (p->nr_stopped < p->nr_threads || p->exited || p->stopped)
		return;
	p->stopped = true;
	server_signal(r->world.fd, 0, PROCSRV_TARGET_PID, p->id,
		      SIGSTOP_NR);
	r->changed = true;
}

/* A thread tells that it stops. */
void replay_stopped(struct replay *r, struct proc *p)
{
	p->nr_stopped++;
	stop_with_last_thread(r, p);
}

/* exit ends a single thread, which from then on does not stop any more. */
void replay_thread_exits(struct replay *r, struct life *life)
{
	struct proc *p = life->proc;

	if (life->exiting || p->nr_threads < 2)
		return;
	life->exiting = true;
	p->nr_threads--;
	if (p->nr_stopped)
		stop_with_last_thread(r, p);
}

static bool is_stopped(struct replay *r, const struct proc *p)
{
	struct procsrv_info info;

	return !procsrv_get_info(r->world.fd, p->id, &info) &&
	       info.state == PROCSRV_STOPPED;
}

/*
 * A process does something. If it was stopped, somebody has continued it: with
 * a call that has not returned yet, before strace came to tell of the stop, or
 * from outside the recording.
 */
void replay_active(struct replay *r, struct proc *p)
{
	p->nr_stopped = 0;
	if (!p->stopped)
		return;
	p->stopped = false;
	if (is_stopped(r, p))
		settle_others(r, NULL, SETTLE_SIGNALS);
	if (is_stopped(r, p))
		server_signal(r->world.fd, 0, PROCSRV_TARGET_PID, p->id,
			      SIGCONT_NR);
	r->changed = true;
}
