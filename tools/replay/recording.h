/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * A recording: the lines of a file, the calls that they are parts of, and the
 * lives of the threads that they tell of. All of it is known before the replay
 * begins, because strace may show a child before the call that made it.
 */
#ifndef REPLAY_RECORDING_H
#define REPLAY_RECORDING_H

#include "call.h"
#include "intmap.h"
#include "line.h"

struct proc;

/**
 * struct life - a thread, from its first line to its last
 * @next: the next one with the same tid, or NULL
 * @tid: its id while it lived
 * @first: index of its first line, or NO_LINE
 * @last: index of its last line so far
 * @fork: the call that made it, or NULL
 * @ended: it has exited, was killed or superseded; otherwise the recording
 *	ends before it, or strace let it go
 * @execs_first: its first line is an execve: strace began it
 * @detached: strace let it go
 * @gets_sigchld: it is told of a child
 * @over: the replay has come to its end
 * @proc: the process that it is a thread of, once the replay has come there
 */
struct life {
	struct life *next;
	int tid;
	size_t first;
	size_t last;
	struct call *fork;
	bool ended;
	bool execs_first;
	bool detached;
	bool gets_sigchld;
	bool over;
	struct proc *proc;
};

/**
 * struct recording - a recording
 * @path: of the file
 * @data: what is in it
 * @lines: its lines
 * @nr_lines: how many
 * @life: of each line, the life of the thread that it is about, or NULL
 * @calls: the calls in the order in which they begin
 * @nr_calls: how many
 * @lives: tid to the first &struct life with it
 * @nr_bad: lines that cannot be read
 * @cut: the last line has no end
 * @has_sigaction: it tells how signals are handled
 */
struct recording {
	const char *path;
	char *data;
	struct line *lines;
	size_t nr_lines;
	struct life **life;
	struct call **calls;
	size_t nr_calls;
	struct intmap lives;
	size_t nr_bad;
	bool cut;
	bool has_sigaction;
};

/**
 * recording_read() - read a file
 * @path: its name
 * @rec: filled
 *
 * Says on standard error which lines cannot be read.
 *
 * Return: false, and the reason is on standard error, if there is nothing in
 * it to replay.
 */
bool recording_read(const char *path, struct recording *rec);

/**
 * recording_new_life() - a thread that no line tells of
 */
struct life *recording_new_life(struct recording *rec, int tid);

void recording_free(struct recording *rec);

/* The lives of a recording whose lines and calls are known (lives.c). */
void recording_name_threads(struct recording *rec);
void recording_find_lives(struct recording *rec);
void recording_match_forks(struct recording *rec);

#endif /* REPLAY_RECORDING_H */
