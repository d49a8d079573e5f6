// SPDX-License-Identifier: GPL-2.0-only
/*
 * Replaying wait4 and waitid.
 *
 * The server is asked with NOHANG and NOWAIT, which leaves everything as it
 * is. When the call ends, or before, the child that Linux returned is consumed
 * by its pid.
 */
#include <errno.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>

#include "client.h"
#include "replay.h"
#include "value.h"

/* A flag that no server knows: for options that no Linux knows. */
#define INVALID_FLAG	0x80000000U

/* Of linux/wait.h; strace shows names, numbers (-X raw), or both. */
enum {
	OPTION_NOHANG = 0x1,
	OPTION_STOPPED = 0x2,
	OPTION_EXITED = 0x4,
	OPTION_CONTINUED = 0x8,
	OPTION_NOWAIT = 0x1000000,
	OPTION_NOTHREAD = 0x20000000,
	OPTION_ALL = 0x40000000,
};

#define OPTION_CLONE	0x80000000UL
#define OPTIONS_WAIT4	(OPTION_NOHANG | OPTION_STOPPED | OPTION_CONTINUED | \
			 OPTION_NOTHREAD | OPTION_ALL | OPTION_CLONE)
#define OPTIONS_WAITID	(OPTIONS_WAIT4 | OPTION_EXITED | OPTION_NOWAIT)

static const struct value_flag options[] = {
	{ "WNOHANG", OPTION_NOHANG },
	{ "WUNTRACED", OPTION_STOPPED },
	{ "WSTOPPED", OPTION_STOPPED },
	{ "WEXITED", OPTION_EXITED },
	{ "WCONTINUED", OPTION_CONTINUED },
	{ "WNOWAIT", OPTION_NOWAIT },
	{ "__WNOTHREAD", OPTION_NOTHREAD },
	{ "__WALL", OPTION_ALL },
	{ "__WCLONE", OPTION_CLONE },
	{}
};

static void parse_options(struct op *op, const char *s)
{
	unsigned long valid = op->call->kind == CALL_WAITID ? OPTIONS_WAITID :
							      OPTIONS_WAIT4;
	struct wait_op *w = &op->wait;
	bool unknown = !*s;

	w->options = value_flags(s, options, &unknown);
	if (w->options & ~valid)
		w->flags |= INVALID_FLAG;
	if (w->options & OPTION_STOPPED)
		w->what |= PROCSRV_WAIT_STOPPED;
	if (w->options & OPTION_CONTINUED)
		w->what |= PROCSRV_WAIT_CONTINUED;
	if (w->options & OPTION_EXITED)
		w->what |= PROCSRV_WAIT_EXITED;
	w->nowait = w->options & OPTION_NOWAIT;
	if (w->options & OPTION_CLONE)
		w->flags |= PROCSRV_WAIT_WCLONE;
	if (w->options & OPTION_ALL)
		w->flags |= PROCSRV_WAIT_WALL;
	if (unknown)
		op->reason = REASON_ARGUMENT;
	else if (op->proc->nested && (!op->proc->ns || op->proc->ns->lost))
		op->reason = REASON_NAMESPACE;
	else if ((w->options & OPTION_NOTHREAD) && op->proc->nr_threads > 1)
		op->reason = REASON_THREAD;
}

/* The number of what is waited for. */
static void parse_number(struct op *op, size_t arg)
{
	if (!ns_number(op->proc, call_arg(op->call, arg), &op->wait.number))
		op->reason = op->proc->nested ? REASON_NAMESPACE :
						REASON_ARGUMENT;
}

/* If the wait was only for exits, the child has exited. */
static void complete_answer(struct op *op)
{
	struct answer *said = &op->linux_said;

	if (said->error || said->why || !said->pid ||
	    op->wait.what != PROCSRV_WAIT_EXITED)
		return;
	said->why = PROCSRV_WAIT_EXITED;
	said->code = -1;
}

/* The child, if its number can be told. */
static void name_child(struct op *op, int number, bool translated)
{
	op->linux_said.pid = translated ? number : ns_answer(op->proc, number);
	if (op->linux_said.pid < 0 && !op->reason)
		op->reason = REASON_NAMESPACE;
}

/* Keep errors of a wait that the server can give as well. */
static void check_error(struct op *op)
{
	switch (op->linux_said.error) {
	case 0:
	case ECHILD:
	case EAGAIN:
	case EINVAL:
		break;
	default:
		op->reason = REASON_ARGUMENT;
	}
}

static void wait4_begin(struct replay *r, struct op *op)
{
	struct wait_op *w = &op->wait;

	(void)r;
	op->linux_said.wait = true;
	op->server.wait = true;
	if (op->call->answer == ANSWER_VALUE) {
		name_child(op, op->call->value, op->call->inner);
		if (!op->call->value)
			op->linux_said.error = EAGAIN;
		answer_from_status(call_arg(op->call, 1), &op->linux_said);
	}
	if (op->reason)
		return;

	w->what = PROCSRV_WAIT_EXITED;
	parse_options(op, call_arg(op->call, 2));
	check_error(op);
	parse_number(op, 0);
	if (w->number == INT_MIN)
		op->reason = REASON_ARGUMENT;
	else if (w->number == -1)
		w->which = PROCSRV_WAIT_ANY;
	else if (w->number > 0)
		w->which = PROCSRV_WAIT_PID;
	else
		w->which = PROCSRV_WAIT_PGID;
	if (w->which == PROCSRV_WAIT_PGID)
		w->number = -w->number;
	complete_answer(op);
}

static void waitid_answer(struct op *op)
{
	const char *info = call_arg(op->call, 2), *pid;

	if (op->call->answer != ANSWER_VALUE)
		return;
	answer_from_siginfo(info, &op->linux_said);
	if (op->linux_said.pid) {
		pid = value_field(info, "si_pid=");
		name_child(op, op->linux_said.pid, value_is_translated(pid));
		return;
	}
	if (*info == '{')
		op->linux_said.error = EAGAIN;
}

static const struct {
	const char *name;
	long number;
	enum procsrv_wait_which which;
} id_types[] = {
	{ "P_ALL", 0, PROCSRV_WAIT_ANY },
	{ "P_PID", 1, PROCSRV_WAIT_PID },
	{ "P_PGID", 2, PROCSRV_WAIT_PGID },
	{ "P_PIDFD", 3, PROCSRV_WAIT_PID },
};

enum { TYPE_PIDFD = 3 };

/* The target of a waitid. */
static void parse_id(struct op *op)
{
	const char *type = call_arg(op->call, 0);
	struct wait_op *w = &op->wait;
	size_t i;

	for (i = 0; i < ARRAY_SIZE(id_types); i++)
		if (value_is(type, id_types[i].name, id_types[i].number))
			break;
	if (i == ARRAY_SIZE(id_types) || !call_pid(op->call, 1, &w->number)) {
		op->reason = REASON_ARGUMENT;
		return;
	}
	w->which = id_types[i].which;
	if (id_types[i].number == TYPE_PIDFD) {
		w->child = intmap_get(&op->proc->fds->procs, w->number);
		if (!w->child)
			op->reason = REASON_OUTSIDE;
	} else if (w->number < (w->which == PROCSRV_WAIT_PID) &&
		   w->which != PROCSRV_WAIT_ANY) {
		op->reason = REASON_ARGUMENT;
	}
}

static void waitid_begin(struct replay *r, struct op *op)
{
	(void)r;
	op->linux_said.wait = true;
	op->server.wait = true;
	if (!op->reason)
		parse_options(op, call_arg(op->call, 3));
	waitid_answer(op);
	if (op->reason)
		return;
	check_error(op);
	parse_id(op);
	/* Without a siginfo, it may have found a child or none. */
	if (!op->linux_said.error && !op->linux_said.pid &&
	    (op->wait.options & OPTION_NOHANG))
		op->reason = REASON_ARGUMENT;
}

/* The server's id for what is waited for. */
static __u64 wait_id(struct replay *r, const struct op *op)
{
	const struct wait_op *w = &op->wait;
	struct proc *child;
	__u32 pgid;

	switch (w->which) {
	case PROCSRV_WAIT_PID:
		child = w->child ? w->child :
				   world_find(&r->world, w->number, true);
		return child ? child->id : SERVER_NO_PID;
	case PROCSRV_WAIT_PGID:
		if (!w->number)
			return r->world.hosted ? 0 : op->proc->pgid;
		pgid = world_pgid(&r->world, w->number);
		return pgid ? pgid : SERVER_NO_PGID;
	default:
		return 0;
	}
}

void wait_ask(struct replay *r, struct op *op, enum procsrv_wait_which which,
	      __u64 id)
{
	struct procsrv_wait_args args = {
		.parent = op->proc->id,
		.id = id,
		.which = which,
		.what = op->wait.what,
		.flags = op->wait.flags | PROCSRV_WAIT_NOHANG |
			 PROCSRV_WAIT_NOWAIT,
	};
	struct answer *a = &op->server;
	struct proc *child;

	*a = (struct answer) { .wait = true };
	a->error = -procsrv_wait(r->world.fd, &args);
	if (a->error)
		return;
	child = world_find_id(&r->world, args.pid);
	a->pid = child ? child->pid : -1;
	a->why = args.why;
	a->signo = client_exit_signal(args.exit_signal);
	a->code = a->signo ? 0 : args.exit_code;
}

/*
 * A right answer is noted with the number of changes of the child: its report
 * may have been replaced by the time that it is taken.
 */
static bool wait_attempt(struct replay *r, struct op *op, bool last)
{
	struct proc *child;

	(void)last;
	wait_ask(r, op, op->wait.which, wait_id(r, op));
	child = op->server.error ? NULL :
		world_find(&r->world, op->server.pid, true);
	op->changes = child ? child->changes : 0;
	return true;
}

struct proc *wait_child(struct replay *r, const struct op *op)
{
	if (op->linux_said.error || op->linux_said.pid <= 0)
		return NULL;
	return world_find(&r->world, op->linux_said.pid, true);
}

int wait_consume(struct replay *r, struct proc *parent, struct proc *child,
		 unsigned int what)
{
	struct procsrv_wait_args args = {
		.parent = parent->id,
		.id = child->id,
		.which = PROCSRV_WAIT_PID,
		.what = what,
		.flags = PROCSRV_WAIT_NOHANG | PROCSRV_WAIT_WALL,
	};
	int ret = procsrv_wait(r->world.fd, &args);

	if (ret)
		return ret;
	child->doubt &= ~DOUBT_REPORT;
	if (what == PROCSRV_WAIT_EXITED)
		world_reaped(child);
	touch_waits(r, parent, child);
	return 0;
}

static void wait_settle(struct replay *r, struct op *op)
{
	struct proc *child;
	int ret;

	if (op->server.error)
		return;
	op->proc->has_waited = true;
	if (!op->linux_said.pid) {
		note_unknown(op);
		return;
	}
	child = world_find(&r->world, op->server.pid, true);
	if (!child || op->wait.nowait)
		return;
	ret = wait_consume(r, op->proc, child, op->server.why);
	if (ret && child->changes == op->changes) {
		op->right = false;
		op->server = (struct answer) { .wait = true, .error = -ret };
	}
}

/*
 * If it is not known what was returned, and the child has exited since, the wait
 * may have returned the exit.
 */
static void wait_finish(struct replay *r, struct op *op)
{
	struct proc *child = wait_child(r, op);

	if (child && !op->linux_said.why && child->exited && !child->reaped &&
	    (op->wait.what & PROCSRV_WAIT_EXITED) && !op->wait.nowait)
		child->doubt |= DOUBT_ZOMBIE;
}

/* A report that is about to be replaced has been taken. */
void settle_reports(struct replay *r, const struct proc *p)
{
	struct op *op, *next;

	for (op = LIST_FIRST(&r->ripe); op; op = next) {
		next = LIST_NEXT(op, entry);
		if (op->type->operation == OP_WAIT &&
		    op->server.pid == p->pid && op->proc == p->parent)
			op_settle(r, op);
	}
}

/* It is not known when a process from before the recording was made. */
static bool before_recording(const struct proc *a, const struct proc *b)
{
	return a->origin == ORIGIN_BEFORE || b->origin == ORIGIN_BEFORE;
}

/*
 * If several children match, the server returns the lowest pid, which is the child
 * that was made first, unless they have the pids of the recording and these had
 * wrapped around. Linux keeps the children of each thread apart, and reparented ones
 * behind the others.
 */
bool wait_order_is_open(const struct op *op, const struct proc *lowest,
			const struct proc *child)
{
	return op->wait.which != PROCSRV_WAIT_PID &&
	       (before_recording(lowest, child) ||
		lowest->forked_by != child->forked_by || lowest->adopted ||
		child->adopted ||
		(lowest->born > child->born && lowest->id < child->id));
}

static bool excuse_order(struct replay *r, struct op *op, struct proc *child)
{
	struct answer first = op->server;
	struct proc *lowest = world_find(&r->world, first.pid, true);

	if (first.error || !lowest || !wait_order_is_open(op, lowest, child))
		return false;
	wait_ask(r, op, PROCSRV_WAIT_PID, child->id);
	if (!answer_same(&op->linux_said, &op->server)) {
		op->server = first;
		return false;
	}
	if (before_recording(lowest, child)) {
		op->reason = REASON_BEFORE;
	} else {
		op->right = true;
		op->design = DESIGN_WAIT_ORDER;
	}
	return true;
}

static enum reason excuse_of_child(struct replay *r, const struct op *op,
				   const struct proc *child)
{
	if (child->beyond)
		return REASON_BOUND;
	if (child->taken_unseen)
		return REASON_UNSEEN;
	if (!child->exited && !world_knows_end(&r->world, child))
		return REASON_OUTSIDE;
	if (child->adopted && child->parent != op->proc)
		return REASON_SUBREAPER;
	return COMPARED;
}

/*
 * All children have exited, and none of them is left. Only answers show which of
 * them are gone.
 */
static bool seems_to_autoreap(struct replay *r, const struct op *op)
{
	struct proc *p = op->proc, *child;

	if (op->linux_said.error != ECHILD || p->nr_zombies < p->nr_children)
		return false;
	LIST_FOREACH(child, &p->children, sibling)
		if (!gaps_autoreaped(r, child))
			return false;
	LIST_FOREACH(child, &p->children, sibling)
		child->doubt |= DOUBT_ZOMBIE;
	return true;
}

static void wait_excuse(struct replay *r, struct op *op)
{
	struct proc *child = wait_child(r, op);
	struct proc *p = op->proc;

	if (child) {
		op->reason = excuse_of_child(r, op, child);
		if (op->reason || excuse_order(r, op, child))
			return;
	}
	if (p->origin == ORIGIN_BEFORE &&
	    (op->server.error == ECHILD || (!child && op->linux_said.pid > 0)))
		op->reason = REASON_BEFORE;
	else if (p->nr_beyond ||
		 (op->wait.which == PROCSRV_WAIT_PGID && r->world.nr_beyond))
		op->reason = REASON_BOUND;
	else
		op->autoreap = seems_to_autoreap(r, op);
}

/* Make the server follow the recording. */
static void wait_skip(struct replay *r, struct op *op)
{
	follow_wait(r, op);
}

const struct op_type wait4_op = {
	.operation = OP_WAIT,
	.begin = wait4_begin,
	.attempt = wait_attempt,
	.settle = wait_settle,
	.evidence = wait_evidence,
	.finish = wait_finish,
	.excuse = wait_excuse,
	.skip = wait_skip,
};

const struct op_type waitid_op = {
	.operation = OP_WAIT,
	.begin = waitid_begin,
	.attempt = wait_attempt,
	.settle = wait_settle,
	.evidence = wait_evidence,
	.finish = wait_finish,
	.excuse = wait_excuse,
	.skip = wait_skip,
};
