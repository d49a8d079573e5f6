/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * A recording: its lines, the calls that they are parts of, and the lives of
 * the threads that they tell of.
 *
 * It is read twice. recording_open() reads the whole file and collects what
 * must be known ahead: how calls end, which thread made which, and what the
 * recording leaves out. recording_next() then returns the lines one by one.
 * Memory holds the lives, the forks that made them, and the calls that are
 * going on; the lines are in temporary files.
 */
#ifndef REPLAY_RECORDING_H
#define REPLAY_RECORDING_H

#include <sys/queue.h>

#include "call.h"
#include "intmap.h"
#include "line.h"
#include "spool.h"

struct life;
struct op;
struct proc;

/**
 * struct fork - a fork, vfork, clone or clone3 that did not fail
 * @link: in @forks of the recording, in the order in which they begin
 * @maker: the thread that called it
 * @child: the thread that it made, or NULL if no line tells of one
 * @start: index of the line where it begins
 * @end: index of the line where it ends, or NO_LINE
 * @pid: what it returned; 0 if that is not known
 * @pidfd: the descriptor that CLONE_PIDFD gave to the maker, or -1
 * @foreign: @pid is a number of another pid namespace
 * @thread: CLONE_THREAD
 * @sibling: CLONE_PARENT
 * @shares_files: CLONE_FILES
 * @new_pid_ns: CLONE_NEWPID
 * @no_sigchld: the exit of the child is not announced by SIGCHLD
 */
struct fork {
	TAILQ_ENTRY(fork) link;
	struct life *maker;
	struct life *child;
	size_t start;
	size_t end;
	int pid;
	int pidfd;
	bool foreign;
	bool thread;
	bool sibling;
	bool shares_files;
	bool new_pid_ns;
	bool no_sigchld;
};

TAILQ_HEAD(fork_list, fork);

/**
 * struct life - a thread, from its first line to its last
 * @link: in @lives of the recording, in the order in which they begin
 * @tid: its id while it lived
 * @first: index of its first line, or NO_LINE
 * @last: index of its last line
 * @fork: what made it, or NULL
 * @awaited_by: the first thread whose wait4 returned it, if @fork is NULL
 * @ended: it has exited or was killed; otherwise the recording ends before it,
 *	or strace let it go
 * @execs_first: its first line is an execve: strace began it
 * @detached: strace let it go
 * @gets_sigchld: it gets a SIGCHLD for a child
 * @over: the replay has come to its end
 * @exiting: it has called exit, which ends the thread alone
 * @proc: the process that it is a thread of, once the replay has come there
 * @stop: number of the last stop of @proc that it has reported
 * @op: what the replay makes of the call that is going on, or NULL
 */
struct life {
	TAILQ_ENTRY(life) link;
	int tid;
	size_t first;
	size_t last;
	struct fork *fork;
	struct life *awaited_by;
	bool ended;
	bool execs_first;
	bool detached;
	bool gets_sigchld;
	bool over;
	bool exiting;
	struct proc *proc;
	unsigned int stop;
	struct op *op;
};

TAILQ_HEAD(life_list, life);

/**
 * struct recording - a recording
 * @path: of the file
 * @nr_lines: lines of the file
 * @nr_bad: lines that cannot be read
 * @nr_events: lines that can be read and tell something
 * @nr_of_lines: the same by their kind
 * @nr_of_calls: calls by their kind, as they begin
 * @cut: the last line has no end
 * @has_sigaction: it tells how signals are handled
 * @lives: the threads that lines tell of, and those of recording_new_life()
 * @forks: the forks that did not fail
 * @events: the lines that tell something
 * @position: of the next one in @events
 * @open: the calls that are going on at @position, by their serial number
 * @ended: a call that has ended with the last line, or NULL
 * @text: of the last line
 * @on_bad: called for lines that cannot be read; NULL: report on standard error
 */
struct recording {
	const char *path;
	size_t nr_lines;
	size_t nr_bad;
	size_t nr_events;
	size_t nr_of_lines[NR_LINE_KINDS];
	size_t nr_of_calls[NR_CALL_KINDS];
	bool cut;
	bool has_sigaction;
	struct life_list lives;
	struct fork_list forks;
	struct spool events;
	off_t position;
	struct intmap open;
	struct call *ended;
	char *text;
	void (*on_bad)(struct recording *rec, size_t number, const char *why,
		       const char *text);
};

/**
 * recording_open() - read a file for the first time
 * @rec: @rec->path is its name, or "-" for standard input, which may be a pipe,
 *	as may the file; @rec->on_bad may be set; the rest is filled
 *
 * Says on standard error which lines cannot be read.
 *
 * Return: false, and the reason is on standard error, if there is nothing in
 * it that can be read.
 */
bool recording_open(struct recording *rec);

/**
 * recording_next() - the next line that tells something
 * @line: filled; what it points to is valid until the next call, and its @call
 *	until the call after the one that gave the line where it ends
 *
 * At the line where a call begins, the call is known with its answer already.
 *
 * Return: false at the end.
 */
bool recording_next(struct recording *rec, struct line *line);

/**
 * recording_makes_thread() - is a fork one that makes a thread
 */
bool recording_makes_thread(const struct call *call);

/**
 * recording_new_life() - a thread that no line tells of
 */
struct life *recording_new_life(struct recording *rec, int tid);

void recording_close(struct recording *rec);

#endif /* REPLAY_RECORDING_H */
