/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * A system call of a recording, with all its lines put together.
 */
#ifndef REPLAY_CALL_H
#define REPLAY_CALL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* No line: of a call that never ended, or a thread that no line names. */
#define NO_LINE SIZE_MAX

/**
 * enum call_kind - the calls that are replayed, and the rest
 */
enum call_kind {
	CALL_OTHER,
	CALL_FORK,
	CALL_EXEC,
	CALL_WAIT4,
	CALL_WAITID,
	CALL_KILL,
	CALL_TKILL,
	CALL_TGKILL,
	CALL_PIDFD_SIGNAL,
	CALL_PIDFD_OPEN,
	CALL_SETPGID,
	CALL_SETSID,
	CALL_PRCTL,
	CALL_SIGACTION,
	CALL_EXIT,
	CALL_EXIT_GROUP,
	CALL_UNSHARE,
	CALL_SETNS,
	NR_CALL_KINDS,
};

/**
 * enum answer_kind - what the recording has of the answer to a call
 * @ANSWER_NONE: nothing: the recording or the thread ended before
 * @ANSWER_UNKNOWN: "?": the thread was killed in the call
 * @ANSWER_INTERRUPTED: a signal came first: EINTR, or "? ERESTARTSYS"
 * @ANSWER_VALUE: a number
 * @ANSWER_ERROR: -1 and an error
 */
enum answer_kind {
	ANSWER_NONE,
	ANSWER_UNKNOWN,
	ANSWER_INTERRUPTED,
	ANSWER_VALUE,
	ANSWER_ERROR,
};

struct fork;
struct life;

/**
 * struct call - a call
 * @kind: its kind
 * @answer: the kind of its answer
 * @tid: the thread that made it
 * @error: its errno, positive
 * @value: what it returned; of a fork or wait, a pid in the recording's numbers
 * @inner: the same pid in the pid namespace of the caller, if strace gives both
 *	(--decode-pids); otherwise 0
 * @start: index of the line where it begins
 * @end: index of the line where it ends, or NO_LINE
 * @headless: its beginning was not recorded, nor its first arguments
 * @injected: strace made up the answer, or changed the arguments (--inject)
 * @text: all of it, as strace writes a call that it does not split; of a call
 *	that is not replayed, the name and '('
 * @args: its arguments, a copy that @arg point into
 * @arg: each of them, without the names of --arg-names
 * @nr_args: how many
 * @thread: of a fork: the child is a thread
 * @fork: of a fork that did not fail: what it made
 * @life: the thread as a &struct life; only of recording_next()
 */
struct call {
	enum call_kind kind;
	enum answer_kind answer;
	int tid;
	int error;
	long value;
	int inner;
	size_t start;
	size_t end;
	bool headless;
	bool injected;
	char *text;
	char *args;
	char *arg[8];
	size_t nr_args;
	bool thread;
	struct fork *fork;
	struct life *life;
};

/**
 * call_is_known() - does a text begin with a call that is replayed
 * @text: the name, '(' and anything
 */
bool call_is_known(const char *text);

/**
 * call_is_complete() - does a text have the arguments of a call, and an answer
 */
bool call_is_complete(const char *text);

/**
 * call_drop_output() - remove what a program wrote behind a call
 * @text: the beginning of a call; made shorter where it is known how much
 *	strace writes of it before the call returns
 */
void call_drop_output(char *text);

/**
 * call_begin() - a new call
 * @text: its beginning or all of it, of which a copy is made
 */
struct call *call_begin(int tid, const char *text, size_t start);

/**
 * call_append() - the rest of a call
 * @rest: as in the text of a LINE_RESUMED
 *
 * Return: false if that is the rest of another one.
 */
bool call_append(struct call *call, const char *rest);

/**
 * call_parse() - read a call that has all its text
 * @complete: it has an answer
 *
 * Return: false if it cannot be read.
 */
bool call_parse(struct call *call, bool complete);

/**
 * call_arg() - an argument, or "" where the recording has none
 */
const char *call_arg(const struct call *call, size_t i);

/**
 * call_pid() - an argument that is a pid, negative pgid or the like, in the
 *	numbers of the recording
 */
bool call_pid(const struct call *call, size_t i, int *out);

/**
 * call_int() - an argument that is a number
 */
bool call_int(const struct call *call, size_t i, int *out);

/**
 * call_executed() - did Linux execute the call
 *
 * Return: false if strace injected an error or a value instead.
 */
bool call_executed(const struct call *call);

/**
 * call_has_answer() - it returned something that can be compared
 */
bool call_has_answer(const struct call *call);

void call_free(struct call *call);

#endif /* REPLAY_CALL_H */
