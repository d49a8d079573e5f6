// SPDX-License-Identifier: GPL-2.0-only
/*
 * Replaying wait4 and waitid.
 *
 * The server is asked with NOHANG and NOWAIT, which leaves everything as it
 * is. When the call ends, the child that Linux returned is consumed by its
 * pid.
 */
#include <errno.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>

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
	if (unknown)
		op->reason = REASON_ARGUMENT;
	else if (op->proc->nested)
		op->reason = REASON_NAMESPACE;
	else if ((w->options & OPTION_NOTHREAD) && op->proc->nr_threads > 1)
		op->reason = REASON_THREAD;
}

/* Of the errors of a wait, those that the server can give as well. */
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
		op->linux_said.pid = op->call->value;
		if (!op->call->value)
			op->linux_said.error = EAGAIN;
		answer_from_status(call_arg(op->call, 1), &op->linux_said);
	}
	if (op->reason)
		return;

	w->what = PROCSRV_WAIT_EXITED;
	parse_options(op, call_arg(op->call, 2));
	check_error(op);
	if (!call_pid(op->call, 0, &w->number) || w->number == INT_MIN)
		op->reason = REASON_ARGUMENT;
	else if (w->number == -1)
		w->which = PROCSRV_WAIT_ANY;
	else if (w->number > 0)
		w->which = PROCSRV_WAIT_PID;
	else
		w->which = PROCSRV_WAIT_PGID;
	if (w->which == PROCSRV_WAIT_PGID)
		w->number = -w->number;
}

static void waitid_answer(struct op *op)
{
	const char *info = call_arg(op->call, 2);

	if (op->call->answer != ANSWER_VALUE)
		return;
	answer_from_siginfo(info, &op->linux_said);
	if (op->linux_said.pid)
		return;
	if (*info == '{')
		op->linux_said.error = EAGAIN;
	else if (op->wait.options & OPTION_NOHANG)
		op->reason = REASON_ARGUMENT;	/* nothing, or something? */
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

/* What a waitid waits for. */
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
			return server_group_of(r->world.fd, op->proc->id);
		pgid = world_pgid(&r->world, w->number);
		return pgid ? pgid : SERVER_NO_PGID;
	default:
		return 0;
	}
}

static void ask(struct replay *r, struct op *op, enum procsrv_wait_which which,
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
	a->signo = args.exit_signal;
	a->code = a->signo ? 0 : args.exit_code;
}

static bool wait_attempt(struct replay *r, struct op *op, bool last)
{
	(void)last;
	ask(r, op, op->wait.which, wait_id(r, op));
	return true;
}

/* The child that the recorded answer is about, or NULL. */
static struct proc *recorded_child(struct replay *r, const struct op *op)
{
	if (op->linux_said.error || op->linux_said.pid <= 0)
		return NULL;
	return world_find(&r->world, op->linux_said.pid, true);
}

static void consume(struct replay *r, struct op *op, struct proc *child,
		    unsigned int what)
{
	struct procsrv_wait_args args = {
		.parent = op->proc->id,
		.id = child->id,
		.which = PROCSRV_WAIT_PID,
		.what = what,
		.flags = PROCSRV_WAIT_NOHANG,
	};
	int ret = procsrv_wait(r->world.fd, &args);

	if (ret) {
		op->right = false;
		op->server = (struct answer) { .wait = true, .error = -ret };
	} else if (what == PROCSRV_WAIT_EXITED) {
		world_reaped(child);
	}
}

static void wait_settle(struct replay *r, struct op *op)
{
	struct proc *child;

	if (op->server.error)
		return;
	op->proc->has_waited = true;
	child = world_find(&r->world, op->server.pid, true);
	if (child && !op->wait.nowait)
		consume(r, op, child, op->server.why);
}

static bool has_clone_children(const struct proc *p)
{
	const struct proc *child;

	for (child = p->children; child; child = child->sibling)
		if (child->no_sigchld)
			return true;
	return false;
}

static bool all_children_exited(const struct proc *p)
{
	const struct proc *child;

	for (child = p->children; child; child = child->sibling)
		if (!child->exited)
			return false;
	return true;
}

/*
 * Of several children the server returns the lowest pid, which is the one that
 * was made first. Linux keeps the children of each thread apart, and adopted
 * ones behind the others. When one was made before the recording is not known.
 */
static bool excuse_order(struct replay *r, struct op *op, struct proc *child)
{
	struct answer first = op->server;
	struct proc *lowest = world_find(&r->world, first.pid, true);
	bool before;

	if (first.error || !lowest || op->wait.which == PROCSRV_WAIT_PID)
		return false;
	before = lowest->origin == ORIGIN_BEFORE ||
		 child->origin == ORIGIN_BEFORE;
	if (!before && lowest->forked_by == child->forked_by &&
	    !lowest->adopted && !child->adopted)
		return false;
	ask(r, op, PROCSRV_WAIT_PID, child->id);
	if (!answer_same(&op->linux_said, &op->server)) {
		op->server = first;
		return false;
	}
	if (before) {
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
	if (!child->exited && !world_knows_end(&r->world, child))
		return REASON_OUTSIDE;
	if (child->adopted && child->parent != op->proc)
		return REASON_SUBREAPER;
	return COMPARED;
}

static void wait_excuse(struct replay *r, struct op *op)
{
	struct proc *child = recorded_child(r, op);
	struct proc *p = op->proc;

	if (child) {
		op->reason = excuse_of_child(r, op, child);
		if (op->reason || excuse_order(r, op, child))
			return;
	}
	if (p->origin == ORIGIN_BEFORE &&
	    (op->server.error == ECHILD || (!child && op->linux_said.pid > 0)))
		op->reason = REASON_BEFORE;
	else if (has_clone_children(p) && !(op->wait.options & OPTION_ALL))
		op->reason = REASON_CLONE_CHILD;
	else if (op->linux_said.error == ECHILD && !r->rec->has_sigaction &&
		 !p->gets_sigchld && !p->has_waited && all_children_exited(p))
		op->reason = REASON_AUTOREAP;
}

/* Make it so as the recording has it. */
static void wait_skip(struct replay *r, struct op *op)
{
	struct proc *child = recorded_child(r, op), *next;

	if (op->reason == REASON_AUTOREAP) {
		for (child = op->proc->children; child; child = next) {
			next = child->sibling;
			world_reap(&r->world, child);
		}
		return;
	}
	if (!child || op->linux_said.why != PROCSRV_WAIT_EXITED ||
	    op->wait.nowait)
		return;
	if (!child->exited && !world_knows_end(&r->world, child)) {
		procsrv_terminate(r->world.fd, child->id,
				  op->linux_said.code, op->linux_said.signo);
		world_exited(&r->world, child);
	}
	world_reap(&r->world, child);
}

const struct op_type wait4_op = {
	.operation = OP_WAIT,
	.begin = wait4_begin,
	.attempt = wait_attempt,
	.settle = wait_settle,
	.excuse = wait_excuse,
	.skip = wait_skip,
};

const struct op_type waitid_op = {
	.operation = OP_WAIT,
	.begin = waitid_begin,
	.attempt = wait_attempt,
	.settle = wait_settle,
	.excuse = wait_excuse,
	.skip = wait_skip,
};
