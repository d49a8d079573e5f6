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
	[CALL_SIGACTION] = NULL,
};

static void tell(const struct replay *r, const struct op *op)
{
	char *linux_said = answer_describe(&op->linux_said);
	char *server = answer_describe(&op->server);

	if (op->reason)
		escape_message(stdout, ESCAPE_ESCAPED,
			       "%s:%zu: not compared: %s", r->rec->path,
			       r->now + 1, op->call->text);
	else
		escape_message(stdout, ESCAPE_ESCAPED,
			       "%s:%zu: %s: %s [Linux: %s, server: %s]",
			       r->rec->path, r->now + 1,
			       !op->right ? "DIFFERS" :
			       op->design ? "differs by design" : "same",
			       op->call->text, linux_said, server);
	free(linux_said);
	free(server);
}

void op_attempt(struct replay *r, struct op *op, bool last)
{
	if (!op->type->attempt(r, op, last))
		return;
	op->right = answer_same(&op->linux_said, &op->server);
	if (!op->right && answer_other_stop(&op->linux_said, &op->server)) {
		op->right = true;
		op->design = DESIGN_STOP_SIGNAL;
	}
}

static void op_settle(struct replay *r, struct op *op)
{
	if (op->settled || !op->right)
		return;
	op->settled = true;
	if (op->type->settle)
		op->type->settle(r, op);
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

void settle_others(struct replay *r, const struct op *op, unsigned int which)
{
	struct op *o;

	for (o = r->open; o; o = o->next) {
		if (o == op || o->settled || o->reason ||
		    !(settle_mask(o) & which))
			continue;
		/* Known to have succeeded, but not done in the server yet. */
		if (!o->right && !o->linux_said.error &&
		    settle_mask(o) & (SETTLE_EXECS | SETTLE_SESSIONS))
			op_attempt(r, o, true);
		op_settle(r, o);
	}
	if (which & SETTLE_WAITS)
		world_reap_orphans(&r->world);
}

/* Things have changed: the calls that are going on may have their answer. */
static void retry_open(struct replay *r)
{
	struct op *op;

	while (r->changed) {
		r->changed = false;
		for (op = r->open; op; op = op->next)
			if (!op->reason && !op->right)
				op_attempt(r, op, false);
	}
}

static void conclude(struct replay *r, struct op *op)
{
	struct report *rep = r->report;

	if (!op->right && !op->reason && op->type->excuse)
		op->type->excuse(r, op);
	if (op->right)
		op_settle(r, op);	/* which may find that it was wrong */

	if (op->reason)
		rep->not_compared[op->reason]++;
	else
		rep->compared++;
	if (!op->reason && (!op->right || op->design))
		report_difference(rep, r->now + 1, op->call->text,
				  &op->linux_said, &op->server, op->design);
	if ((op->reason || !op->right) && op->type->skip)
		op->type->skip(r, op);
	r->changed = true;
	if (r->verbose)
		tell(r, op);
}

/* Its last moment has come; what others have done may have come before it. */
static void last_attempt(struct replay *r, struct op *op)
{
	op_attempt(r, op, true);
	if (op->right || (op->type->acts && !op->server.error))
		return;
	settle_others(r, op, SETTLE_WAITS | SETTLE_EXECS | SETTLE_SIGNALS |
		      SETTLE_SESSIONS);
	op_attempt(r, op, true);
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
	return call->headless ? REASON_HEADLESS : COMPARED;
}

static void op_begin(struct replay *r, struct call *call, struct proc *p)
{
	const struct op_type *type = types[call->kind];
	struct op *op = value_xcalloc(1, sizeof(*op));

	op->call = call;
	op->proc = p;
	op->type = type;
	op->linux_said.error = call->error;
	op->reason = reason_without_answer(call);
	r->report->operations[type->operation]++;
	type->begin(r, op);

	if (call->end == r->now || call->end == NO_LINE) {
		op_finish(r, op);
		return;
	}
	op->next = r->open;
	r->open = op;
	if (!op->reason)
		op_attempt(r, op, false);
}

static void op_end(struct replay *r, const struct call *call)
{
	struct op **link, *op;

	for (link = &r->open; (op = *link); link = &op->next) {
		if (op->call == call) {
			*link = op->next;
			op_finish(r, op);
			return;
		}
	}
}

static void call_line(struct replay *r, struct call *call, struct proc *p)
{
	bool begins = call->start == r->now;
	bool ends = call->end == r->now || call->end == NO_LINE;

	if ((size_t)call->kind < ARRAY_SIZE(types) &&
	    types[call->kind]) {
		if (begins)
			op_begin(r, call, p);
		else if (ends)
			op_end(r, call);
	} else if (call->kind == CALL_FORK && ends) {
		replay_fork(r, call);
	} else if (ends) {
		replay_note(r, call, p);
	}
}

/*
 * A thread that does something is not stopped. One that exits does so while
 * the others stop, too.
 */
static bool tells_of_no_stop(const struct line *line, const struct proc *p)
{
	return p->stopped || !line->call || line->call->kind != CALL_EXIT;
}

static void step(struct replay *r, const struct line *line)
{
	struct life *life = line->life;
	struct proc *p;

	r->now = line->number;
	if (!life->proc)
		replay_birth(r, life);
	p = life->proc;
	if (!p)
		return;

	switch (line->kind) {
	case LINE_CALL:
	case LINE_UNFINISHED:
	case LINE_PART:
	case LINE_RESUMED:
		if (tells_of_no_stop(line, p))
			replay_active(r, p);
		if (line->call)
			call_line(r, line->call, p);
		break;
	case LINE_SIGNAL:
		replay_active(r, p);
		break;
	case LINE_STOPPED:
		replay_stopped(r, p);
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
	rep->processes = r->world.nr_procs;
	rep->threads = r->world.nr_threads;
	for (p = r->world.procs; p; p = p->next)
		rep->alive += !p->exited && p->origin != ORIGIN_OUTSIDE;
}

int replay(struct recording *rec, int fd, struct report *report,
	   bool keep, bool verbose, struct picture *picture)
{
	struct replay r = {
		.rec = rec, .report = report, .verbose = verbose,
	};
	int ret = world_begin(&r.world, fd);
	struct line line;

	*report = (struct report) {};
	if (ret)
		return ret;
	while (recording_next(rec, &line)) {
		step(&r, &line);
		if (picture)
			picture_line(picture, &line, report);
	}
	summarize(&r);
	return world_end(&r.world, keep);
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
