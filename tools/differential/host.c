// SPDX-License-Identifier: GPL-2.0-only
/*
 * The host: acting on signals to hosted processes.
 *
 * The server decides which process gets a signal. The host does what Linux does by
 * default: it holds signals that the body blocks, or that a stopped body cannot act
 * upon; and it reports that the body has stopped, was continued, or ends. All processes
 * that a signal ends are reported as exiting before the first is reported as ended:
 * from then on, as in Linux, no signal affects them.
 */
#include <errno.h>
#include <poll.h>
#include <signal.h>

#include "client.h"
#include "hosting.h"
#include "run.h"

/* By default they have no effect. */
#define IGNORED		(BIT(SIGCHLD) | BIT(SIGURG))

static void report(struct run *run, struct process *p, enum procsrv_body what,
		   int signo)
{
	int ret = procsrv_report(run->world.server, p->id, what, signo);

	p->touched = true;
	if (ret)
		run_differ(run, "the server refuses what #%td does (%d, signal %d): error %d",
			   p - run->world.procs, what, signo, -ret);
}

/* A process's signals come from the actor; the server sends SIGHUP and SIGCONT. */
static void check_origin(struct run *run, int index,
			 const struct procsrv_take_signal_args *args)
{
	const struct op *op = run->op;
	bool is_hangup = args->signo == SIGHUP || args->signo == SIGCONT;
	bool sent = op->kind == OP_KILL && op->number == args->signo;
	bool right = false;

	switch (args->origin) {
	case PROCSRV_FROM_PROCESS:
		right = sent && op->actor >= 0 &&
			world_find_id(&run->world, args->sender) == op->actor;
		break;
	case PROCSRV_FROM_OUTSIDE:
		right = (sent && op->actor < 0) || run->imitates_kernel;
		break;
	case PROCSRV_FROM_SERVER:
		right = is_hangup && op->kind != OP_WAIT;
		break;
	}
	if (!right || args->count != 1)
		run_differ(run, "#%d got signal %d from %llu, origin %#x, %llu time%s",
			   index, args->signo, args->sender, args->origin,
			   args->count, client_plural(args->count, "s"));
}

static void hold(struct run *run, struct body *body,
		 const struct procsrv_take_signal_args *args)
{
	struct held *held = &body->held[args->signo];

	if (!(body->pending & BIT(args->signo)))
		*held = (struct held) {
			.sender = args->sender ?
				  world_find_id(&run->world, args->sender) :
				  OUTSIDE,
			.from_server = args->origin == PROCSRV_FROM_SERVER ||
				       run->imitates_kernel,
		};
	held->count += args->count;
	body->pending |= BIT(args->signo);
}

static void begin_end(struct run *run, struct process *p, int signo)
{
	p->body.fatal = signo;
	p->body.stopped = false;
	report(run, p, PROCSRV_BODY_EXITING, 0);
}

static void carry_on(struct run *run, struct process *p)
{
	struct body *body = &p->body;

	body->pending &= ~STOP_SIGNALS;
	if (!body->stopped)
		return;
	body->stopped = false;
	report(run, p, PROCSRV_BODY_CONTINUED, 0);
	if (!(body->pending & BIT(SIGTERM)))
		return;
	body->pending &= ~BIT(SIGTERM);
	begin_end(run, p, SIGTERM);
}

/* As in Linux, only SIGSTOP stops a member of an orphaned group. */
static void stop(struct run *run, struct process *p, int signo)
{
	if (signo != SIGSTOP && orphans_is_orphaned(&run->world, p->pgid)) {
		run->stats->events[EVENT_NOT_STOPPED]++;
		return;
	}
	p->body.stopped = true;
	report(run, p, PROCSRV_BODY_STOPPED, signo);
}

static void act(struct run *run, struct process *p,
		const struct procsrv_take_signal_args *args)
{
	__u64 signal = BIT(args->signo);
	struct body *body = &p->body;

	p->touched = true;
	if (body->fatal)
		run_differ(run, "#%td is exiting, and got signal %d",
			   p - run->world.procs, args->signo);
	else if (args->signo == SIGKILL)
		begin_end(run, p, SIGKILL);
	else if (args->signo == SIGCONT)
		carry_on(run, p);
	else if (signal & IGNORED)
		return;
	else if (body->stopped || !(signal & NOT_BLOCKED_BY_BODIES))
		hold(run, body, args);
	else if (signal & STOP_SIGNALS)
		stop(run, p, args->signo);
	else
		begin_end(run, p, args->signo);
}

static bool has_signals(struct run *run)
{
	struct pollfd pollfd = {
		.fd = run->world.server, .events = POLLPRI,
	};

	return poll(&pollfd, 1, 0) > 0;
}

/* False if there is none. */
static bool take_one(struct run *run)
{
	struct procsrv_take_signal_args args;
	int index, ret = hosting_take(run->world.server, &args);

	if (ret == -EAGAIN)
		return false;
	index = ret ? OUTSIDE : world_find_id(&run->world, args.target);
	if (index < 0) {
		run_differ(run, "no signal can be taken of %llu: error %d",
			   args.target, -ret);
		return false;
	}
	check_origin(run, index, &args);
	act(run, run_process(run, index), &args);
	return run->verdict == VERDICT_SAME;
}

/* Report the ends of processes that signals end; false if there is none. */
static bool end_all(struct run *run)
{
	struct world *w = &run->world;
	bool any = false;
	int i, ret;

	for (i = 0; i < w->nr_procs && run->verdict == VERDICT_SAME; i++) {
		struct process *p = &w->procs[i];

		if (!p->body.fatal || p->body.ended)
			continue;
		p->body.ended = true;
		any = true;
		ret = procsrv_terminate(w->server, p->id, 0, p->body.fatal);
		if (ret)
			run_differ(run, "the server refuses the end of #%d: error %d",
				   i, -ret);
	}
	return any;
}

/* Each end may orphan a group, and that sends signals. */
void host_run(struct run *run)
{
	do {
		if (has_signals(run))
			while (take_one(run))
				;
	} while (run->verdict == VERDICT_SAME && end_all(run));
}

int host_exit(struct run *run, int index, int code)
{
	struct process *p = run_process(run, index);
	int ret;

	/* Reporting this first is optional. */
	if (code & 1)
		report(run, p, PROCSRV_BODY_EXITING, 0);
	ret = procsrv_terminate(run->world.server, p->id, code, 0);
	host_run(run);
	return ret;
}

void host_executed(struct run *run, int index)
{
	struct process *p = run_process(run, index);
	int ret = 0;

	p->clone = false;
	if (p->sigchld == SIGCHLD_NOCLDWAIT) {
		p->sigchld = SIGCHLD_DEFAULT;
		ret = procsrv_set_autoreap(run->world.server, p->id, false);
	}
	/* The saved user id is now the effective one. */
	world_look(&run->world, index);
	if (!ret)
		ret = world_identify(&run->world, index);
	if (ret)
		run_differ(run, "the server does not let #%d be what it is: error %d",
			   index, -ret);
}

void host_take(struct run *run, int index, __u64 mask, struct answer *a)
{
	struct body *body = &run_process(run, index)->body;
	const struct held *held;
	int signo;

	*a = (struct answer) { .error = EAGAIN };
	signo = __builtin_ffsll(body->pending & mask);
	if (!signo)
		return;
	held = &body->held[signo];
	body->pending &= ~BIT(signo);
	*a = (struct answer) {
		.signo = signo, .index = held->sender,
		.kernel = held->from_server,
		.count = signo >= FIRST_QUEUED ? held->count : 0,
	};
}

void host_forget(struct run *run)
{
	struct world *w = &run->world;
	struct procsrv_info info;
	int i;

	for (i = 0; i < w->nr_procs; i++) {
		struct process *p = &w->procs[i];

		if (p->life != LIFE_GONE || p->is_gone)
			continue;
		world_gone(w, i);
		run->stats->events[EVENT_AUTOREAPED]++;
		if (procsrv_get_info(w->server, p->id, &info) != -ESRCH)
			run_differ(run, "#%d has left no zombie, but the server knows it",
				   i);
	}
}
