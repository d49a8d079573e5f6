/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The result of a replay.
 */
#ifndef REPLAY_REPORT_H
#define REPLAY_REPORT_H

#include <stdbool.h>
#include <stddef.h>

#include "answer.h"

/**
 * enum operation - what is counted as an operation
 */
enum operation {
	OP_FORK,
	OP_EXEC,
	OP_EXIT,
	OP_WAIT,
	OP_SIGNAL,
	OP_SETPGID,
	OP_SETSID,
	NR_OPERATIONS,
};

/**
 * enum reason - why an answer was not compared
 */
enum reason {
	COMPARED,
	REASON_NO_ANSWER,	/* the recording or the thread ended first */
	REASON_INTERRUPTED,	/* a signal ended the call */
	REASON_HEADLESS,	/* the beginning of the call is missing */
	REASON_RESOURCES,	/* Linux ran out of something */
	REASON_FILE,		/* execve: about a file, not a process */
	REASON_ARGUMENT,	/* no counterpart in the interface */
	REASON_UID,		/* depends on user ids */
	REASON_OUTSIDE,		/* about a process outside the recording */
	REASON_BEFORE,		/* depends on events before the recording */
	REASON_THREAD,		/* depends on threads */
	REASON_AUTOREAP,	/* children that no wait reaped */
	REASON_SUBREAPER,	/* given to a reaper not recorded */
	REASON_NAMESPACE,	/* numbers of another pid namespace */
	REASON_INJECTED,	/* an answer of strace, not of Linux */
	REASON_BOUND,		/* beyond a bound of the server */
	REASON_NO_EXITS,	/* exits are left out */
	REASON_NO_SIGNALS,	/* signals and stops are left out */
	REASON_NO_GROUPS,	/* setpgid and setsid are left out */
	REASON_NO_WAITS,	/* waits are left out */
	REASON_NO_EXECS,	/* execve is left out */
	REASON_UNSEEN,		/* depends on what an earlier wait returned */
	REASON_ORDER,		/* not in the order in which it happened */
	NR_REASONS,
};

/**
 * enum design - the deliberate differences of docs/differences.md
 */
enum design {
	NOT_BY_DESIGN,
	DESIGN_SETSID,		/* setsid-group-leader */
	DESIGN_STOP_SIGNAL,	/* stop-signal */
	DESIGN_WAIT_ORDER,	/* wait-order */
	NR_DESIGNS,
};

struct proc;

/**
 * struct context - what a difference may depend on
 * @by: the process that made the call, or NULL
 * @exiting: a process that has begun to exit, and has exited by this answer
 * @gone: Linux may have had fewer processes than the server
 * @groups: it depends on process groups
 * @autoreap: children may have been reaped without a wait
 * @stop: the stop signal or SIGCONT that it depends on; -1 for an unknown one;
 *	0 for none
 */
struct context {
	const struct proc *by;
	const struct proc *exiting;
	bool gone;
	bool groups;
	bool autoreap;
	int stop;
};

/**
 * struct difference - an answer that differs
 * @line: number of the line where the call ends
 * @call: the call as recorded
 * @linux_said: what Linux answered
 * @server: what the server answered
 * @design: by which design, or NOT_BY_DESIGN
 * @context: what it may depend on
 */
struct difference {
	size_t line;
	char *call;
	char *linux_said;
	char *server;
	enum design design;
	struct context context;
};

/**
 * struct report - the result of one recording, or of all
 */
struct report {
	const char *path;
	size_t lines;
	size_t bad_lines;
	size_t processes;
	size_t threads;
	size_t alive;
	bool cut;
	size_t operations[NR_OPERATIONS];
	size_t compared;
	size_t not_compared[NR_REASONS];
	size_t by_design[NR_DESIGNS];
	size_t differ;
	struct difference *differences;
	size_t nr_differences;
};

/**
 * report_difference() - note an answer that differs
 * @context: what it may depend on, or NULL
 */
void report_difference(struct report *rep, size_t line, const char *call,
		       const struct answer *linux_said,
		       const struct answer *server, enum design design,
		       const struct context *context);

/**
 * report_withdraw() - withdraw a difference that turned out to be none
 * @i: its index in @rep->differences, where it stays, empty, until they are swept
 * @reason: why the answer cannot be compared, or COMPARED if it is right
 */
void report_withdraw(struct report *rep, size_t i, enum reason reason);

/**
 * report_sweep() - remove the differences that were withdrawn
 */
void report_sweep(struct report *rep);

/**
 * report_reason() - a reason, in words
 */
const char *report_reason(enum reason reason);

/**
 * report_add() - add the numbers of one report to the total
 */
void report_add(struct report *total, const struct report *rep);

/**
 * report_has_result() - has a replay compared anything
 * @dry_run: there was no replay: would it have
 *
 * Return: false if no answer was compared.
 */
bool report_has_result(const struct report *rep, bool dry_run);

/**
 * report_print() - print a report as text
 * @differences: list them too
 */
void report_print(const struct report *rep, bool differences);

/**
 * report_print_json() - print all reports of a run as JSON
 */
void report_print_json(const struct report *reps, size_t n,
		       const struct report *total);

void report_free(struct report *rep);

#endif /* REPLAY_REPORT_H */
