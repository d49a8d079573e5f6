// SPDX-License-Identifier: GPL-2.0-only
/*
 * Events that a recording leaves out, or has in another order than they happened.
 *
 * Options of strace leave out how processes end (-qq), signals and stops
 * (-e signal=none), or calls (-e trace=). Recordings of strace -ff that were
 * merged have each call at its beginning, with its answer. That such a recording
 * has a gap is only certain at its end. So differences are noted as they come, and
 * those that turn on a gap are withdrawn when it is known.
 */
#include <stdio.h>
#include <string.h>

#include "replay.h"
#include "value.h"

/**
 * struct gaps - what a recording turns out to lack
 * @order: it is not in the order of what happened
 * @exits: how processes end
 * @forks: how they begin
 * @groups: how they come into process groups
 */
struct gaps {
	bool order;
	bool exits;
	bool forks;
	bool groups;
};

static void see_signal(struct seen *seen, const struct line *line)
{
	const char *code, *status;
	int signo;

	if (line->value > 0 && line->value < NR_SIGNALS)
		seen->signals[line->value] = true;
	if (line->value != SIGCHLD_NR || line->kind != LINE_SIGNAL)
		return;
	/* The signal that stopped a child; 0 if that was over already. */
	code = value_field(line->text, "si_code=");
	status = value_field(line->text, "si_status=");
	signo = status ? value_signal(status) : 0;
	if (code && !strncmp(code, "CLD_STOPPED", 11) && signo > 0 &&
	    signo < NR_SIGNALS)
		seen->sent[signo] = true;
}

void gaps_see_line(struct replay *r, const struct line *line)
{
	struct seen *seen = &r->seen;

	switch (line->kind) {
	case LINE_SIGNAL:
	case LINE_STOPPED:
		see_signal(seen, line);
		break;
	case LINE_KILLED:
		if (line->value > 0 && line->value < NR_SIGNALS)
			seen->kills[line->value] = true;
		break;
	case LINE_CALL:
		if (line->call && line->call->kind == CALL_EXIT_GROUP &&
		    seen->first_exit_begun == NO_LINE)
			seen->first_exit_begun = r->now;
		break;
	default:
		break;
	}
}

bool gaps_split(const struct replay *r)
{
	return r->rec->nr_of_lines[LINE_RESUMED];
}

void gaps_check_order(struct replay *r, const struct proc *p)
{
	if (p->ended_late && p->announced && !gaps_split(r))
		r->seen.disorder = true;
}

void gaps_announce(struct replay *r, const char *siginfo)
{
	const char *number = value_field(siginfo, "si_pid=");
	const char *code = value_field(siginfo, "si_code=");
	struct proc *p;
	int pid;

	if (!number || !value_pid(number, &pid) || !code ||
	    !strncmp(code, "CLD_STOPPED", 11) ||
	    !strncmp(code, "CLD_CONTINUED", 13))
		return;
	p = world_find(&r->world, pid, true);
	if (!p)
		return;
	p->announced = true;
	gaps_check_order(r, p);
	if (p->suspect)
		r->report->differences[p->suspect - 1].context.autoreap = false;
}

bool gaps_autoreaped(const struct replay *r, const struct proc *child)
{
	const struct proc *parent = child->parent;

	return child->exited && parent && !child->announced &&
	       !r->rec->has_sigaction &&
	       (parent->gets_sigchld || !parent->has_waited);
}

bool gaps_lacks_waits(const struct replay *r)
{
	const size_t *calls = r->rec->nr_of_calls;

	return !calls[CALL_WAIT4] && !calls[CALL_WAITID];
}

bool gaps_lacks_execs(const struct replay *r)
{
	return !r->rec->nr_of_calls[CALL_EXEC];
}

/* A process is known to have ended, but the recording has no line of such ends. */
static bool lacks_end(struct replay *r, const struct proc *p)
{
	const struct seen *seen = &r->seen;
	int status = p->exit_status;

	if (p->ended || p->origin == ORIGIN_OUTSIDE || p->beyond ||
	    !world_knows_end(&r->world, p))
		return false;
	if (p->dying && !r->rec->nr_of_lines[LINE_KILLED])
		return true;
	if (!p->exited_early)
		return false;
	return status < 0 ? -status < NR_SIGNALS && !seen->kills[-status] :
			    !r->rec->nr_of_lines[LINE_EXITED];
}

/* Signals are sent, but the recording shows none delivered, nor any that kills. */
static bool lacks_all_signals(const struct replay *r)
{
	const size_t *n = r->rec->nr_of_lines;
	int signo;

	if (n[LINE_SIGNAL] || n[LINE_STOPPED] || n[LINE_KILLED])
		return false;
	for (signo = 1; signo < NR_SIGNALS; signo++)
		if (r->seen.sent[signo])
			return true;
	return false;
}

static bool lacks_exits(struct replay *r)
{
	const struct proc *p;

	if (lacks_all_signals(r))
		return true;
	if (!r->rec->nr_of_lines[LINE_EXITED] &&
	    r->seen.first_exit_begun < r->now)
		return true;
	for (p = r->world.procs; p; p = p->next)
		if (lacks_end(r, p))
			return true;
	return false;
}

static struct gaps find_gaps(struct replay *r)
{
	const size_t *calls = r->rec->nr_of_calls;

	return (struct gaps) {
		.order = r->seen.disorder && !r->seen.twice,
		.exits = lacks_exits(r),
		.forks = !calls[CALL_FORK] && r->world.nr_procs > 1,
		.groups = !calls[CALL_SETPGID] && !calls[CALL_SETSID],
	};
}

static bool lacks_signal(const struct seen *seen, int signo)
{
	return !seen->signals[signo] && seen->sent[signo];
}

/* No call sends a signal, so none continues a process. */
static bool lacks_kills(const struct replay *r)
{
	const size_t *calls = r->rec->nr_of_calls;

	return !calls[CALL_KILL] && !calls[CALL_TKILL] &&
	       !calls[CALL_TGKILL] && !calls[CALL_PIDFD_SIGNAL];
}

/* Is a stop or a continuation missing? */
static bool lacks_stop(const struct replay *r, int stop)
{
	const struct seen *seen = &r->seen;
	int signo;

	if (!r->rec->nr_of_lines[LINE_SIGNAL] &&
	    !r->rec->nr_of_lines[LINE_STOPPED])
		return true;
	if (stop == SIGCONT_NR && lacks_kills(r))
		return true;
	if (stop > 0 && stop != SIGCONT_NR)
		return stop < NR_SIGNALS && lacks_signal(seen, stop);
	for (signo = SIGCONT_NR; signo <= SIGTTOU_NR; signo++)
		if (lacks_signal(seen, signo))
			return true;
	return false;
}

static enum reason gap_of(const struct replay *r, const struct gaps *gaps,
			  const struct context *c)
{
	if (c->by && c->by->nested)
		return REASON_NAMESPACE;
	if (gaps->order)
		return REASON_ORDER;
	if (c->stop && lacks_stop(r, c->stop))
		return REASON_NO_SIGNALS;
	if ((gaps->exits && c->gone) || (c->exiting && !c->exiting->ended))
		return REASON_NO_EXITS;
	if (gaps->forks)
		return REASON_BEFORE;
	if (c->autoreap)
		return REASON_AUTOREAP;
	if (c->groups && gaps->groups)
		return REASON_NO_GROUPS;
	return COMPARED;
}

void gaps_withdraw(struct replay *r)
{
	const struct gaps gaps = find_gaps(r);
	struct report *rep = r->report;
	const struct difference *d;
	enum reason reason;
	size_t i;

	for (i = 0; i < rep->nr_differences; i++) {
		d = &rep->differences[i];
		if (!d->call || d->design)
			continue;
		reason = gap_of(r, &gaps, &d->context);
		if (!reason)
			continue;
		if (r->verbose)
			printf("%s:%zu: not compared after all: %s\n",
			       rep->path, d->line, report_reason(reason));
		report_withdraw(rep, i, reason);
	}
	report_sweep(rep);
}
