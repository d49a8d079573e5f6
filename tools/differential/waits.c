// SPDX-License-Identifier: GPL-2.0-only
/*
 * waitid and wait4.
 *
 * The server is asked with NOWAIT, which leaves everything as it is. Then the
 * child that Linux has returned is waited for in the server by its pid.
 */
#include <errno.h>
#include <sys/wait.h>

#include "run.h"

/* An option that neither side has. */
#define BAD_OPTION	0x10000
#define BAD_FLAG	0x80000000U

static __u64 wait_group(const struct world *w, const struct op *op,
			const struct process *p)
{
	if (op->target_kind != TARGET_OWN)
		return world_group(w, world_pid(w, op->target));
	return w->hosted ? 0 : world_group(w, p->pgid);
}

static void prepare(struct run *run, const struct op *op,
		    struct procsrv_wait_args *args)
{
	struct world *w = &run->world;
	const struct process *p = &w->procs[op->actor];

	*args = (struct procsrv_wait_args) {
		.parent = p->id,
		.flags = PROCSRV_WAIT_NOHANG | PROCSRV_WAIT_NOWAIT,
	};
	if (op->options & WEXITED)
		args->what |= PROCSRV_WAIT_EXITED;
	if (op->options & WSTOPPED)
		args->what |= PROCSRV_WAIT_STOPPED;
	if (op->options & WCONTINUED)
		args->what |= PROCSRV_WAIT_CONTINUED;
	if (op->options & __WCLONE)
		args->flags |= PROCSRV_WAIT_WCLONE;
	if (op->options & __WALL)
		args->flags |= PROCSRV_WAIT_WALL;
	if (op->options & BAD_OPTION)
		args->flags |= BAD_FLAG;
	switch (op->target_kind) {
	case TARGET_PROCESS:
	case TARGET_NOTHING:
		args->which = PROCSRV_WAIT_PID;
		args->id = op->target_kind == TARGET_NOTHING ? 0 :
			   world_id(w, op->target);
		break;
	case TARGET_GROUP:
	case TARGET_OWN:
		args->which = PROCSRV_WAIT_PGID;
		args->id = wait_group(w, op, p);
		break;
	case TARGET_ANY:
		args->which = PROCSRV_WAIT_ANY;
		break;
	}
}

void wait_ask(struct run *run, const struct procsrv_wait_args *query,
	      struct answer *a)
{
	struct procsrv_wait_args args = *query;

	*a = (struct answer) {};
	a->error = error_of(procsrv_wait(run->world.server, &args));
	if (a->error)
		return;
	a->index = world_find_id(&run->world, args.pid);
	a->why = args.why;
	a->signo = args.exit_signal;
	/* Linux reports one or the other. */
	a->code = a->signo ? 0 : args.exit_code;
	a->uid = args.uid;
}

void wait_from_reply(struct run *run, const struct reply *reply,
		     struct answer *a)
{
	*a = (struct answer) { .error = error_of(reply->value) };
	if (a->error)
		return;
	if (!reply->pid) {
		a->error = EAGAIN;
		return;
	}
	a->index = world_find(&run->world, reply->pid);
	a->uid = reply->uid;
	a->signo = reply->status;
	switch (reply->code) {
	case CLD_EXITED:
		a->why = PROCSRV_WAIT_EXITED;
		a->signo = 0;
		a->code = reply->status;
		break;
	case CLD_KILLED:
	case CLD_DUMPED:
		a->why = PROCSRV_WAIT_EXITED;
		break;
	case CLD_STOPPED:
		a->why = PROCSRV_WAIT_STOPPED;
		break;
	case CLD_CONTINUED:
		a->why = PROCSRV_WAIT_CONTINUED;
		break;
	}
}

static void prepare_command(struct run *run, const struct op *op, int options,
			    struct command *c)
{
	static const int types[] = {
		[TARGET_PROCESS] = P_PID, [TARGET_GROUP] = P_PGID,
		[TARGET_OWN] = P_PGID, [TARGET_ANY] = P_ALL,
		[TARGET_NOTHING] = P_PID,
	};
	bool named = op->target_kind == TARGET_PROCESS || op->target_kind == TARGET_GROUP;
	pid_t id = named ? world_pid(&run->world, op->target) : 0;

	*c = (struct command) { .kind = COMMAND_WAITID, .c = options };
	if (!op->wait4) {
		c->a = types[op->target_kind];
		c->b = id;
		return;
	}
	c->kind = COMMAND_WAIT4;
	c->a = op->target_kind == TARGET_ANY ? -1 : op->target_kind == TARGET_GROUP ? -id : id;
	c->c &= ~WEXITED;
}

/*
 * If several children match, Linux returns the one that has been a child for the
 * longest, the server the one with the lowest pid: docs/differences.md, wait-order.
 * They can only differ if the server's child was reparented; or if it was made later,
 * and has a lower pid because pids wrap around.
 */
static bool may_be_later(const struct run *run, int linux_child,
			 int server_child)
{
	const struct process *in_linux = &run->world.procs[linux_child];
	const struct process *in_server = &run->world.procs[server_child];

	return in_server->adopted ||
	       (in_server > in_linux && in_server->id < in_linux->id);
}

static void accept_order(struct run *run, const struct procsrv_wait_args *query,
			 const struct answer *linux_said,
			 struct answer *server_said, bool any)
{
	struct procsrv_wait_args args = *query;
	struct answer other;

	if (linux_said->error || server_said->error ||
	    linux_said->index == server_said->index ||
	    linux_said->index < 0 || server_said->index < 0 ||
	    !(any || may_be_later(run, linux_said->index, server_said->index)))
		return;
	/* It has to match in the server too, by all conditions of the wait. */
	args.which = PROCSRV_WAIT_PID;
	args.id = world_id(&run->world, linux_said->index);
	wait_ask(run, &args, &other);
	if (other.error)
		return;
	run->stats->events[EVENT_WAIT_ORDER] += !any;
	*server_said = other;
}

static void consume(struct run *run, int parent, const struct answer *a,
		    __u32 kinds)
{
	struct procsrv_wait_args args = {
		.parent = world_id(&run->world, parent),
		.id = world_id(&run->world, a->index),
		.which = PROCSRV_WAIT_PID,
		.what = a->why,
		.flags = PROCSRV_WAIT_NOHANG | kinds,
	};
	struct process *p = run_process(run, a->index);
	struct procsrv_info info;
	struct answer again;
	struct look look;

	p->touched = true;
	p->news = false;
	wait_ask(run, &args, &again);
	if (again.error || again.why != a->why || again.signo != a->signo ||
	    again.code != a->code)
		run_differ(run, "the server does not say again what it said with NOWAIT");
	if (a->why != PROCSRV_WAIT_EXITED)
		return;
	if (procsrv_get_info(run->world.server, p->id, &info) != -ESRCH)
		run_differ(run, "the server still knows #%d", a->index);
	if (!view_look(p->view, &look) || look.life != LIFE_GONE)
		run_break(run, "Linux still knows #%d", a->index);
	world_gone(&run->world, a->index);
}

void wait_finish(struct run *run, const struct op *op,
		 const struct procsrv_wait_args *query,
		 const struct reply *reply, struct answer *server_said,
		 bool any_order)
{
	struct answer linux_said;

	wait_from_reply(run, reply, &linux_said);
	accept_order(run, query, &linux_said, server_said, any_order);
	run_compare(run, op, &linux_said, server_said);
	if (run->verdict == VERDICT_SAME && !linux_said.error &&
	    !(op->options & WNOWAIT))
		consume(run, op->actor, &linux_said,
			query->flags & (PROCSRV_WAIT_WCLONE | PROCSRV_WAIT_WALL));
}

/* A wait that would sleep, and is not meant to, is made with WNOHANG. */
void do_wait(struct run *run, const struct op *op)
{
	struct procsrv_wait_args query;
	struct answer server_said;
	int options = op->options;
	struct command c;
	struct reply reply;
	bool sleeps;

	prepare(run, op, &query);
	wait_ask(run, &query, &server_said);
	sleeps = server_said.error == EAGAIN && op->sleep &&
		 !(options & WNOHANG);
	if (server_said.error == EAGAIN && !sleeps)
		options |= WNOHANG;
	prepare_command(run, op, options, &c);
	if (sleeps)
		sleep_begin(run, op, &query, &c);
	else if (run_ask(run, op->actor, &c, &reply))
		wait_finish(run, op, &query, &reply, &server_said, false);
}
