/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * A line between the readings of a recording.
 */
#ifndef REPLAY_RECORD_H
#define REPLAY_RECORD_H

#include "recording.h"

/**
 * struct record - a line in a spool; its text follows, with a NUL
 * @line: the line; its @text, @life and @call are not used
 * @size: of the text, with its NUL
 * @life: the thread
 * @fork: of the beginning of a fork: what it made
 * @serial: of the call that the line is a part of
 * @next: where the next part of the call is, or 0
 * @end: of the beginning of a call: the index of the line where it ends
 * @headless: the call begins with this line, but that is not its beginning
 * @bad: of the beginning of a call: it cannot be read
 */
struct record {
	struct line line;
	size_t size;
	struct life *life;
	struct fork *fork;
	int serial;
	off_t next;
	size_t end;
	bool headless;
	bool bad;
};

/**
 * record_append() - add a line to a spool
 * @text: its text, or NULL
 *
 * Return: where it is.
 */
off_t record_append(struct spool *spool, struct record *record,
		    const char *text);

/**
 * record_read() - read a line from a spool
 * @at: where it is
 * @text: set to its text, to be freed
 *
 * Return: where the next one is.
 */
off_t record_read(struct spool *spool, off_t at, struct record *record,
		  char **text);

/**
 * struct namer - which thread the lines without a pid are about
 *
 * Without -o, strace writes no pid while it follows a single thread. Lines
 * without one belong to the only thread at that time: at first to the thread
 * that strace began, which turns up in "[pid N]" without having been attached
 * or made by a fork.
 *
 * @children: threads that were attached, or made by a fork
 * @seen: threads that have a line with their pid
 * @order: the same in the order in which they turn up
 * @nr_order: how many
 * @first: the first thread, once it is known; or 0
 * @attached_first: the first line is that strace has attached to it; or 0
 * @begun: there was a line already
 * @live: threads that live, while names are given
 * @sum: of their ids
 * @torn: the thread whose line broke off last
 */
struct namer {
	struct intmap children;
	struct intmap seen;
	int *order;
	size_t nr_order;
	int first;
	int attached_first;
	bool begun;
	struct intmap live;
	long long sum;
	int torn;
};

/**
 * namer_see() - collect threads from a line, in the first reading
 */
void namer_see(struct namer *namer, const struct line *line);

/**
 * namer_decide() - all lines have been seen
 * @path: of the recording: strace -ff gives each thread a file FILE.PID
 */
void namer_decide(struct namer *namer, const char *path);

/**
 * namer_name() - give a thread to a line that has none, in the second reading
 */
void namer_name(struct namer *namer, struct line *line);

void namer_free(struct namer *namer);

/**
 * struct ledger - lives and forks, while the lines go by
 * @rec: the recording
 * @current: the life of each tid that began last
 * @expected: tid to the &struct fork that has returned it, before it is seen
 * @matched: there was a fork whose child was seen
 */
struct ledger {
	struct recording *rec;
	struct intmap current;
	struct intmap expected;
	bool matched;
};

/**
 * ledger_life() - the life that a line belongs to, which may begin with it
 */
struct life *ledger_life(struct ledger *ledger, const struct line *line);

/**
 * ledger_note() - note what a line says of its thread's life
 */
void ledger_note(struct ledger *ledger, struct life *life,
		 const struct line *line);

/**
 * ledger_drop_life() - remove a life whose only line turned out to be none
 * @number: index of the line
 */
void ledger_drop_life(struct ledger *ledger, struct life *life, size_t number);

/**
 * ledger_drop_fork() - remove a fork that turned out not to be one
 */
void ledger_drop_fork(struct ledger *ledger, struct fork *fork);

/**
 * ledger_fork_begins() - a fork begins
 */
struct fork *ledger_fork_begins(struct ledger *ledger, struct life *maker,
				size_t at);

/**
 * ledger_fork_ends() - a fork has ended
 * @call: the call, parsed
 *
 * Return: @fork; or NULL if it has failed and is gone.
 */
struct fork *ledger_fork_ends(struct ledger *ledger, struct fork *fork,
			      const struct call *call);

/**
 * ledger_wait_ends() - a wait4 has returned a pid
 */
void ledger_wait_ends(struct ledger *ledger, struct life *waiter, int pid);

/**
 * ledger_close() - all lines have gone by: find forks for lives without one
 */
void ledger_close(struct ledger *ledger);

#endif /* REPLAY_RECORD_H */
