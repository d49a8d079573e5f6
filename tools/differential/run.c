// SPDX-License-Identifier: GPL-2.0-only
/*
 * Doing operations in both halves of a world.
 */
#include <errno.h>
#include <sched.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "client.h"
#include "run.h"

/* After so many operations all processes are compared. */
#define CROWD_INTERVAL	16

/* How long to wait for a reply before looking at the clock. */
#define PATIENCE_NS	(1000L * 1000 * 1000)

/* How often to let others run before sleeping between two looks. */
#define YIELDS		64
#define LOOK_US		50

static void (*const do_op[NR_OPS])(struct run *run, const struct op *op) = {
	[OP_FORK] = do_fork,
	[OP_EXIT] = do_exit,
	[OP_EXEC] = do_exec,
	[OP_KILL] = do_kill,
	[OP_SETPGID] = do_setpgid,
	[OP_SETSID] = do_setsid,
	[OP_SUBREAPER] = do_subreaper,
	[OP_WAIT] = do_wait,
	[OP_TAKE] = do_take,
	[OP_SIGCHLD] = do_sigchld,
	[OP_SETUID] = do_setuid,
};

static void tell(struct run *run, enum verdict verdict, const char *format,
		 va_list args)
{
	if (run->verdict != VERDICT_SAME)
		return;
	run->verdict = verdict;
	vsnprintf(run->text, sizeof(run->text), format, args);
}

void run_differ(struct run *run, const char *format, ...)
{
	va_list args;

	va_start(args, format);
	tell(run, VERDICT_DIFFERENT, format, args);
	va_end(args);
}

void run_break(struct run *run, const char *format, ...)
{
	va_list args;

	va_start(args, format);
	tell(run, VERDICT_BROKEN, format, args);
	va_end(args);
}

static bool get_reply(struct run *run, int index, struct reply *reply)
{
	struct timespec since;

	clock_gettime(CLOCK_MONOTONIC, &since);
	while (!real_reply(run->world.real, run_process(run, index)->box, reply,
			   PATIENCE_NS)) {
		if (real_late(&since)) {
			run_break(run, "#%d does not reply", index);
			return false;
		}
	}
	return true;
}

bool run_ask(struct run *run, int index, const struct command *c,
	     struct reply *reply)
{
	real_command(run->world.real, run_process(run, index)->box, c);
	return get_reply(run, index, reply);
}

bool run_settle(struct run *run, int index, enum life life)
{
	struct process *p = run_process(run, index);
	struct timespec since;
	unsigned int i;

	p->touched = true;
	clock_gettime(CLOCK_MONOTONIC, &since);
	for (i = 0;; i++) {
		if (!world_look(&run->world, index)) {
			run_break(run, "/proc/%d cannot be read", p->pid);
			return false;
		}
		/* A process that has to stop may be found dead; that will differ. */
		if (p->life >= life)
			return true;
		if (i < YIELDS)
			sched_yield();
		else
			usleep(LOOK_US);
		if (real_late(&since)) {
			run_break(run, "#%d does not come to rest", index);
			return false;
		}
	}
}

static enum outcome_kind outcome_of(const struct answer *a)
{
	switch (a->error) {
	case 0:
		break;
	case EAGAIN:
		return OUTCOME_EAGAIN;
	case ECHILD:
		return OUTCOME_ECHILD;
	case ESRCH:
		return OUTCOME_ESRCH;
	case EPERM:
		return OUTCOME_EPERM;
	case EACCES:
		return OUTCOME_EACCES;
	case EINVAL:
		return OUTCOME_EINVAL;
	default:
		return OUTCOME_OTHER;
	}
	switch (a->why) {
	case PROCSRV_WAIT_EXITED:
		return OUTCOME_EXITED;
	case PROCSRV_WAIT_STOPPED:
		return OUTCOME_STOPPED;
	case PROCSRV_WAIT_CONTINUED:
		return OUTCOME_CONTINUED;
	default:
		return OUTCOME_OK;
	}
}

static void format_answer(const struct op *op, const struct answer *a,
			  char *buf, size_t size)
{
	static const char *const whys[] = {
		[PROCSRV_WAIT_EXITED] = "exited",
		[PROCSRV_WAIT_STOPPED] = "stopped",
		[PROCSRV_WAIT_CONTINUED] = "continued",
	};

	if (a->error)
		snprintf(buf, size, "%s", strerrorname_np(a->error));
	else if (op->kind == OP_WAIT)
		snprintf(buf, size, "#%d %s, code %d, signal %d, uid %d",
			 a->index, a->why < ARRAY_SIZE(whys) && whys[a->why] ?
			 whys[a->why] : "?", a->code, a->signo, a->uid);
	else if (op->kind == OP_TAKE)
		snprintf(buf, size, "signal %d from #%d%s, %ld time%s",
			 a->signo, a->index, a->kernel ? " (kernel)" : "",
			 a->count, client_plural(a->count, "s"));
	else if (op->kind == OP_KILL)
		snprintf(buf, size, "0, reached %ld", a->count);
	else
		snprintf(buf, size, "0");
}

static bool same(const struct answer *a, const struct answer *b)
{
	if (a->error || b->error)
		return a->error == b->error;
	return a->index == b->index && a->why == b->why &&
	       a->signo == b->signo && a->code == b->code &&
	       a->count == b->count && a->kernel == b->kernel &&
	       (a->uid == b->uid || a->uid < 0 || b->uid < 0);
}

void run_compare(struct run *run, const struct op *op,
		 const struct answer *linux_said,
		 const struct answer *server_said)
{
	char server[sizeof(run->answer)];

	run->stats->answers[op->kind][outcome_of(linux_said)]++;
	format_answer(op, linux_said, run->answer, sizeof(run->answer));
	if (same(linux_said, server_said))
		return;
	format_answer(op, server_said, server, sizeof(server));
	run_differ(run, "the answers:\n  Linux:  %s\n  server: %s", run->answer,
		   server);
}

/* The reply of a puppet that had stopped itself: it says that this was successful. */
static bool get_owed_reply(struct run *run, int index)
{
	struct process *p = run_process(run, index);
	struct reply reply;

	if (!p->owes_reply)
		return true;
	p->owes_reply = false;
	if (!get_reply(run, index, &reply))
		return false;
	if (reply.value)
		run_differ(run, "#%d stopped itself, but the signal was not sent: %s",
			   index, strerrorname_np(-reply.value));
	return !reply.value;
}

static void tell_op(struct run *run, const struct op *op)
{
	char line[256];

	op_format(op, line, sizeof(line));
	printf("%s = %s\n", line, run->answer);
}

static bool can_act(const struct run *run, int index)
{
	const struct process *p;

	if (index == OUTSIDE)
		return true;
	p = &run->world.procs[index];
	return p->life == LIFE_RUNNING && !p->sleep;
}

int run_begin(struct run *run, struct stage *stage, struct stats *stats,
	      bool verbose)
{
	run->stats = stats;
	run->verdict = VERDICT_SAME;
	run->verbose = verbose;
	run->nr_ops = 0;
	stats->events[EVENT_WORLD]++;
	return world_begin(&run->world, &stage->real, stage->device,
			   stage->hosted);
}

void run_end(struct run *run)
{
	run->stats->events[EVENT_ADOPTED] += run->world.nr_adoptions;
	run->stats->events[EVENT_ADOPTED_BELOW] +=
		run->world.nr_adoptions_below;
	sleeps_end(&run->world);
	world_end(&run->world);
}

bool run_op(struct run *run, const struct op *op)
{
	run->op = op;
	run->skipped = !can_act(run, op->actor);
	snprintf(run->answer, sizeof(run->answer), "no reply");
	if (!run->skipped && op->actor >= 0 && !get_owed_reply(run, op->actor))
		return false;
	if (!run->skipped)
		do_op[op->kind](run, op);
	if (run->skipped) {
		run->stats->skipped++;
		return run->verdict == VERDICT_SAME;
	}
	run->nr_ops++;
	run->stats->ops[op->kind]++;
	if (run->verbose)
		tell_op(run, op);
	if (run->verdict == VERDICT_SAME)
		sleeps_look(run);
	if (run->verdict == VERDICT_SAME && run->world.hosted)
		host_forget(run);
	if (run->verdict == VERDICT_SAME)
		check_touched(run);
	if (run->verdict == VERDICT_SAME && run->nr_ops % CROWD_INTERVAL == 0)
		check_all(run);
	return run->verdict == VERDICT_SAME;
}
