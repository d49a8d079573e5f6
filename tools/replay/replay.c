// SPDX-License-Identifier: GPL-2.0-only
/*
 * Replaying a recording: its lines in their order, and the calls that are
 * split over several of them.
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "escape.h"
#include "picture.h"
#include "replay.h"
#include "value.h"

static const struct op_type * const types[] = {
	[CALL_EXEC] = &exec_op,
	[CALL_WAIT4] = &wait4_op,
	[CALL_WAITID] = &waitid_op,
	[CALL_KILL] = &signal_op,
	[CALL_TKILL] = &signal_op,
	[CALL_TGKILL] = &signal_op,
	[CALL_PIDFD_SIGNAL] = &signal_op,
	[CALL_SETPGID] = &setpgid_op,
	[CALL_SETSID] = &setsid_op,
};

void tell_compared(const struct replay *r, const char *text,
		   const char *verdict, const struct answer *linux_said,
		   const struct answer *server)
{
	char *linux_words, *server_words;

	if (!r->verbose)
		return;
	linux_words = answer_describe(linux_said);
	server_words = answer_describe(server);
	escape_message(stdout, ESCAPE_ESCAPED,
		       "%s:%zu: %s: %s [Linux: %s, server: %s]", r->rec->path,
		       r->now + 1, verdict, text, linux_words, server_words);
	free(linux_words);
	free(server_words);
}

void tell_not_compared(const struct replay *r, const char *text)
{
	if (r->verbose)
		escape_message(stdout, ESCAPE_ESCAPED,
			       "%s:%zu: not compared: %s", r->rec->path,
			       r->now + 1, text);
}

static void tell(const struct replay *r, const struct op *op)
{
	if (op->reason)
		tell_not_compared(r, op->call->text);
	else
		tell_compared(r, op->call->text,
			      !op->right ? "DIFFERS" :
			      op->design ? "differs by design" : "same",
			      &op->linux_said, &op->server);
}

/* Move the operation to the list for its state. */
static void place_op(struct replay *r, struct op *op)
{
	if (op->listed)
		LIST_REMOVE(op, entry);
	op->listed = op->open && !op->reason && !op->settled;
	if (!op->listed)
		return;
	if (op->right)
		LIST_INSERT_HEAD(&r->ripe, op, entry);
	else if (op->type->operation == OP_WAIT)
		LIST_INSERT_HEAD(&op->proc->waits, op, entry);
	else
		LIST_INSERT_HEAD(&r->pending, op, entry);
}

static void compare(const struct replay *r, struct op *op)
{
	op->right = answer_same(&op->linux_said, &op->server);
	if (!op->right && !r->world.hosted && answer_other_stop(&op->linux_said, &op->server)) {
		op->right = true;
		op->design = DESIGN_STOP_SIGNAL;
	}
}

void op_attempt(struct replay *r, struct op *op, bool last)
{
	if (!op->type->attempt(r, op, last))
		return;
	compare(r, op);
	/* A wait that returns nothing changes nothing. */
	if (op->right && op->server.wait && op->server.error)
		op->settled = true;
	place_op(r, op);
}

void op_settle(struct replay *r, struct op *op)
{
	if (op->settled || !op->right)
		return;
	op->settled = true;
	place_op(r, op);
	if (op->type->settle)
		op->type->settle(r, op);
	/* Another wait may have taken the report. */
	if (!op->right && op->open) {
		op->settled = false;
		place_op(r, op);
	}
	r->changed = true;
}

static unsigned int settle_mask(const struct op *op)
{
	switch (op->type->operation) {
	case OP_WAIT:
		return SETTLE_WAITS;
	case OP_EXEC:
		return SETTLE_EXECS;
	case OP_SIGNAL:
		return SETTLE_SIGNALS;
	default:
		return SETTLE_SESSIONS;
	}
}

/* It is known to have succeeded, but was not done in the server yet. */
static bool is_due(const struct op *op)
{
	return !op->linux_said.error && !op->forced &&
	       settle_mask(op) & (SETTLE_EXECS | SETTLE_SESSIONS);
}

static struct op *find_due(struct replay *r, const struct op *but,
			   unsigned int which)
{
	struct op *op;

	LIST_FOREACH(op, &r->pending, entry)
		if (op != but && settle_mask(op) & which && is_due(op))
			return op;
	return NULL;
}

static struct op *find_ripe(struct replay *r, const struct op *but,
			    unsigned int which)
{
	struct op *op;

	LIST_FOREACH(op, &r->ripe, entry)
		if (op != but && settle_mask(op) & which)
			return op;
	return NULL;
}

void settle_others(struct replay *r, const struct op *op, unsigned int which)
{
	struct op *other;

	while ((other = find_due(r, op, which))) {
		other->forced = true;
		op_attempt(r, other, true);
	}
	while ((other = find_ripe(r, op, which)))
		op_settle(r, other);
	if (which & SETTLE_WAITS && world_reap_orphans(&r->world))
		r->changed = true;
}

void touch_waits(struct replay *r, struct proc *parent,
		 const struct proc *child)
{
	r->changed = true;
	if (!parent)
		return;
	if (parent->is_dirty) {
		if (parent->touched != child)
			parent->touched = NULL;
		return;
	}
	parent->is_dirty = true;
	parent->touched = child;
	parent->dirty = r->dirty;
	r->dirty = parent;
}

/* May the answer have changed by an event of @child? NULL: of any child. */
static bool may_concern(const struct op *op, const struct proc *child)
{
	const struct wait_op *w = &op->wait;

	if (!child || w->which != PROCSRV_WAIT_PID)
		return true;
	return w->child ? w->child == child : w->number == child->pid;
}

static void retry_waits(struct replay *r, struct proc *p)
{
	const struct proc *child = p->touched;
	struct op *op, *next;

	for (op = LIST_FIRST(&p->waits); op; op = next) {
		next = LIST_NEXT(op, entry);
		if (may_concern(op, child))
			op_attempt(r, op, false);
	}
}

static void retry_pending(struct replay *r)
{
	struct op *op, *next;

	for (op = LIST_FIRST(&r->pending); op; op = next) {
		next = LIST_NEXT(op, entry);
		op_attempt(r, op, false);
	}
}

/* Repeat this, as the operations that are tried may cause changes themselves. */
void retry_open(struct replay *r)
{
	struct proc *p;

	if (r->trying)
		return;
	r->trying = true;
	while (r->changed || r->dirty) {
		r->changed = false;
		while ((p = r->dirty)) {
			r->dirty = p->dirty;
			p->is_dirty = false;
			retry_waits(r, p);
		}
		retry_pending(r);
	}
	r->trying = false;
}

/*
 * The child that has exited according to an answer, while the lines so far only
 * say that it was about to.
 */
static const struct proc *exiting_child(struct replay *r, const struct op *op)
{
	const struct answer *said = &op->linux_said;
	const struct proc *child = wait_child(r, op);

	if (!child || said->why != PROCSRV_WAIT_EXITED || child->exited ||
	    !is_dying(r, child))
		return NULL;
	if (child->exit_begun && said->code >= 0 &&
	    (said->signo || said->code != child->exit_status))
		return NULL;
	return child;
}

/* The stop signal that a wait turns on, or SIGCONT; -1 for any, 0 for none. */
static int stop_of(struct replay *r, const struct op *op)
{
	const struct answer *said = &op->linux_said, *server = &op->server;
	const struct proc *child = wait_child(r, op);

	if (child && child->exited)
		return 0;
	if (said->why == PROCSRV_WAIT_STOPPED)
		return said->signo;
	if (said->why == PROCSRV_WAIT_CONTINUED)
		return SIGCONT_NR;
	if (child && !said->why)
		return -1;
	return !server->error && server->why != PROCSRV_WAIT_EXITED ? -1 : 0;
}

/* Do both say that the same child has exited? Then its end is known. */
static bool is_same_exit(const struct answer *a, const struct answer *b)
{
	return a->pid == b->pid && a->why == PROCSRV_WAIT_EXITED &&
	       b->why == PROCSRV_WAIT_EXITED;
}

static struct context context_of(struct replay *r, const struct op *op)
{
	const struct answer *said = &op->linux_said;
	struct context c = {
		.by = op->proc,
		.gone = said->error == ESRCH || said->error == ECHILD ||
			said->error == EPERM ||
			(said->wait && said->pid &&
			 !is_same_exit(said, &op->server)),
		.autoreap = op->autoreap,
	};

	if (op->type->operation == OP_SIGNAL) {
		c.groups = op->signal.target == PROCSRV_TARGET_PGID;
	} else if (op->type->operation == OP_WAIT) {
		c.exiting = exiting_child(r, op);
		c.groups = op->wait.which == PROCSRV_WAIT_PGID;
		c.stop = stop_of(r, op);
	}
	return c;
}

/* Note zombies that would explain a difference if they were gone. */
static void note_suspects(struct replay *r, const struct op *op)
{
	struct proc *p;

	if (op->type->operation != OP_WAIT) {
		op->signal.proc->suspect = r->report->nr_differences;
		return;
	}
	LIST_FOREACH(p, &op->proc->children, sibling)
		p->suspect = r->report->nr_differences;
}

/* Does the server have to follow Linux, though the answer is not right? */
static bool has_effect(const struct op *op)
{
	return op->type->skip && !op->proc->beyond &&
	       op->reason != REASON_NAMESPACE && call_executed(op->call);
}

static void conclude(struct replay *r, struct op *op)
{
	struct report *rep = r->report;
	struct context context;

	op->open = false;
	if (!op->right && !op->reason && op->type->excuse)
		op->type->excuse(r, op);
	context = context_of(r, op);
	place_op(r, op);
	if (op->right)
		op_settle(r, op);	/* which may find that it was wrong */
	if (op->right && op->type->finish)
		op->type->finish(r, op);

	if (op->reason)
		rep->not_compared[op->reason]++;
	else
		rep->compared++;
	if (!op->reason && (!op->right || op->design))
		report_difference(rep, r->now + 1, op->call->text,
				  &op->linux_said, &op->server, op->design,
				  &context);
	if (op->autoreap)
		note_suspects(r, op);
	if ((op->reason || !op->right) && has_effect(op))
		op->type->skip(r, op);
	r->changed = true;
	tell(r, op);
}

/*
 * The call ends. Other calls that are going on may have come before it, and more
 * may have happened in Linux than the lines so far show.
 */
static void last_attempt(struct replay *r, struct op *op)
{
	enum { TRIES = 4 };	/* stopped, continued, exited, reaped */
	size_t tries = TRIES * (r->world.nr_procs + 1);

	op_attempt(r, op, true);
	if (op->right || (op->type->acts && !op->server.error))
		return;
	settle_others(r, op, SETTLE_WAITS | SETTLE_EXECS | SETTLE_SIGNALS |
		      SETTLE_SESSIONS);
	op_attempt(r, op, true);
	/* Each step takes state from a process; the limit is for a server out of step. */
	while (tries-- && !op->right && op->type->evidence &&
	       op->type->evidence(r, op))
		op_attempt(r, op, true);
	if (op->right && op->unwaited)
		op->reason = REASON_NO_WAITS;
}

static void op_finish(struct replay *r, struct op *op)
{
	if (!op->reason && !op->right)
		last_attempt(r, op);
	conclude(r, op);
	free(op);
}

static enum reason reason_without_answer(const struct call *call)
{
	if (call->answer == ANSWER_INTERRUPTED)
		return REASON_INTERRUPTED;
	if (!call_has_answer(call))
		return REASON_NO_ANSWER;
	if (call->injected)
		return REASON_INJECTED;
	return call->headless ? REASON_HEADLESS : COMPARED;
}

static void op_begin(struct replay *r, struct life *life, struct call *call)
{
	const struct op_type *type = types[call->kind];
	struct op *op = value_xcalloc(1, sizeof(*op));

	op->call = call;
	op->proc = life->proc;
	op->type = type;
	op->linux_said.error = call->error;
	op->reason = reason_without_answer(call);
	if (op->proc->beyond && !op->reason)
		op->reason = REASON_BOUND;
	r->report->operations[type->operation]++;
	type->begin(r, op);

	if (call->end == r->now || call->end == NO_LINE) {
		op_finish(r, op);
		return;
	}
	op->open = true;
	life->op = op;
	place_op(r, op);
	if (!op->reason)
		op_attempt(r, op, false);
}

static void op_end(struct replay *r, struct life *life)
{
	struct op *op = life->op;

	life->op = NULL;
	if (op)
		op_finish(r, op);
}

static bool is_operation(const struct call *call)
{
	return (size_t)call->kind < ARRAY_SIZE(types) && types[call->kind];
}

static bool is_exit(const struct call *call)
{
	return call->kind == CALL_EXIT || call->kind == CALL_EXIT_GROUP;
}

static void call_line(struct replay *r, struct life *life, struct call *call)
{
	bool begins = call->start == r->now;
	bool ends = call->end == r->now || call->end == NO_LINE;

	if (is_operation(call)) {
		if (begins)
			op_begin(r, life, call);
		else if (ends)
			op_end(r, call->life);
	} else if (is_exit(call)) {
		if (begins)
			replay_exit_call(r, life, call);
	} else if (call->kind == CALL_FORK && ends) {
		replay_fork(r, call);
	} else if (ends) {
		replay_note(r, call, life->proc);
	}
}

/*
 * A thread that does something is not stopped. A thread that exits may do so
 * while the others stop, and the rest of its call is no evidence.
 */
static bool tells_of_no_stop(const struct line *line, const struct life *life)
{
	if (life->exiting)
		return false;
	return life->proc->stopped || !line->call ||
	       line->call->kind != CALL_EXIT;
}

static void step(struct replay *r, const struct line *line)
{
	struct life *life = line->life;

	r->now = line->number;
	gaps_see_line(r, line);
	if (!life->proc)
		replay_birth(r, life);

	switch (line->kind) {
	case LINE_CALL:
	case LINE_UNFINISHED:
	case LINE_PART:
	case LINE_RESUMED:
		if (tells_of_no_stop(line, life))
			replay_active(r, life, false);
		if (line->call)
			call_line(r, life, line->call);
		break;
	case LINE_SIGNAL:
		replay_delivered(r, life, line->value, line->text);
		break;
	case LINE_STOPPED:
		replay_stopped(r, life, line->value);
		break;
	case LINE_EXITED:
	case LINE_KILLED:
		replay_end(r, life, line);
		break;
	case LINE_SUPERSEDED:
		replay_superseded(r, line);
		break;
	default:
		break;
	}
	retry_open(r);
}

static void describe_file(const struct recording *rec, struct report *rep)
{
	rep->path = rec->path;
	rep->lines = rec->nr_lines;
	rep->bad_lines = rec->nr_bad;
	rep->cut = rec->cut;
}

static void summarize(struct replay *r)
{
	struct report *rep = r->report;
	const struct proc *p;

	describe_file(r->rec, rep);
	gaps_withdraw(r);
	rep->processes = r->world.nr_procs;
	rep->threads = r->world.nr_threads;
	for (p = r->world.procs; p; p = p->next)
		rep->alive += !p->exited && p->origin != ORIGIN_OUTSIDE;
}

/* Drop the calls that are going on when the recording ends. */
static void drop_open(struct replay *r)
{
	struct life *life;

	TAILQ_FOREACH(life, &r->rec->lives, link) {
		free(life->op);
		life->op = NULL;
	}
}

int replay(struct recording *rec, const struct replay_options *options,
	   struct report *report, struct picture *picture)
{
	struct replay r = {
		.rec = rec, .report = report, .verbose = options->verbose,
		.seen = { .first_exit_begun = NO_LINE },
	};
	int ret = world_begin(&r.world, options->fd, options->hosted);
	struct line line;

	*report = (struct report) { .path = rec->path };
	if (ret)
		return ret;
	while (recording_next(rec, &line)) {
		step(&r, &line);
		if (picture)
			picture_line(picture, &line, report);
	}
	summarize(&r);
	drop_open(&r);
	return world_end(&r.world, options->keep);
}

static void count_life(const struct life *life, struct report *report)
{
	if (life->fork && life->fork->thread) {
		report->threads++;
		return;
	}
	report->processes++;
	if (life->ended)
		report->operations[OP_EXIT]++;
	else
		report->alive++;
}

static void count_call(const struct call *call, struct report *report)
{
	if ((size_t)call->kind < ARRAY_SIZE(types) &&
	    types[call->kind])
		report->operations[types[call->kind]->operation]++;
	else if (call->kind == CALL_FORK && !call->thread)
		report->operations[OP_FORK]++;
}

void replay_count(struct recording *rec, struct report *report,
		  struct picture *picture)
{
	const struct life *life;
	struct line line;

	*report = (struct report) {};
	describe_file(rec, report);
	TAILQ_FOREACH(life, &rec->lives, link)
		count_life(life, report);
	while (recording_next(rec, &line)) {
		if (line.call && (line.call->start == line.number ||
				  line.call->headless))
			count_call(line.call, report);
		if (picture)
			picture_line(picture, &line, report);
	}
}
