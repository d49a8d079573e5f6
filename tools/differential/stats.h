/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Counts of what was done and compared, to show that a run compares something.
 */
#ifndef DIFFERENTIAL_STATS_H
#define DIFFERENTIAL_STATS_H

#include "script.h"

/**
 * enum outcome_kind - the result of a system call
 */
enum outcome_kind {
	OUTCOME_OK,
	OUTCOME_EXITED,
	OUTCOME_STOPPED,
	OUTCOME_CONTINUED,
	OUTCOME_EAGAIN,
	OUTCOME_ECHILD,
	OUTCOME_ESRCH,
	OUTCOME_EPERM,
	OUTCOME_EACCES,
	OUTCOME_EINVAL,
	OUTCOME_OTHER,
	NR_OUTCOMES,
};

/**
 * enum event - what is counted besides
 * @EVENT_WORLD: a world was begun
 * @EVENT_LOOK: a process was compared, in all that it has
 * @EVENT_CROWD: all processes of a world were compared, and the server's counters
 * @EVENT_ADOPTED: a process was reparented
 * @EVENT_ADOPTED_BELOW: and its new parent is not the init of the world
 * @EVENT_ORPHANED: one that was stopped continued because of an exit
 * @EVENT_NO_REPLY: a puppet killed or stopped itself before it could reply
 * @EVENT_SLEPT: a wait slept
 * @EVENT_WOKEN: a wait that slept returned an answer
 * @EVENT_WAIT_ORDER: differs by design: docs/differences.md
 * @EVENT_SETSID: differs by design: docs/differences.md
 * @EVENT_ORPHANED_AGAIN: differs by design: docs/differences.md
 * @EVENT_NOT_STOPPED: a stop signal, but not SIGSTOP, to a member of an orphaned
 *	group
 * @EVENT_AUTOREAPED: a process has left no zombie
 * @EVENT_DIED_TOGETHER: SIGHUP is pending in a zombie on one side only, which
 *	died of the same signal as others
 */
enum event {
	EVENT_WORLD,
	EVENT_LOOK,
	EVENT_CROWD,
	EVENT_ADOPTED,
	EVENT_ADOPTED_BELOW,
	EVENT_ORPHANED,
	EVENT_NO_REPLY,
	EVENT_SLEPT,
	EVENT_WOKEN,
	EVENT_WAIT_ORDER,
	EVENT_SETSID,
	EVENT_ORPHANED_AGAIN,
	EVENT_NOT_STOPPED,
	EVENT_AUTOREAPED,
	EVENT_DIED_TOGETHER,
	NR_EVENTS,
};

/**
 * struct stats - the numbers
 * @ops: operations done
 * @skipped: operations that were left out, as they made no sense
 * @answers: answers of system calls that were compared
 * @events: how often each happened
 */
struct stats {
	unsigned long ops[NR_OPS];
	unsigned long skipped;
	unsigned long answers[NR_OPS][NR_OUTCOMES];
	unsigned long events[NR_EVENTS];
};

void stats_print(const struct stats *s, double seconds);

#endif /* DIFFERENTIAL_STATS_H */
