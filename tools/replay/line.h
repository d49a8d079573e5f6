/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * One line of a recording, read on its own.
 */
#ifndef REPLAY_LINE_H
#define REPLAY_LINE_H

#include <stdbool.h>
#include <stddef.h>

/**
 * enum line_kind - what a line tells
 * @LINE_BAD: cannot be read
 * @LINE_BLANK: nothing: it is empty, a comment, or a remark of strace
 * @LINE_CALL: a call and its answer
 * @LINE_UNFINISHED: the beginning of a call
 * @LINE_PART: more of a call that has begun, but not its answer
 * @LINE_RESUMED: the rest of a call
 * @LINE_SIGNAL: a signal was delivered
 * @LINE_STOPPED: a signal stopped the thread
 * @LINE_EXITED: the thread has exited
 * @LINE_KILLED: a signal has killed the thread
 * @LINE_SUPERSEDED: another thread's execve took the place of this one
 * @LINE_ATTACHED: strace began to follow a thread
 * @LINE_DETACHED: strace no longer follows a thread
 * @NR_LINE_KINDS: how many there are
 */
enum line_kind {
	LINE_BAD,
	LINE_BLANK,
	LINE_CALL,
	LINE_UNFINISHED,
	LINE_PART,
	LINE_RESUMED,
	LINE_SIGNAL,
	LINE_STOPPED,
	LINE_EXITED,
	LINE_KILLED,
	LINE_SUPERSEDED,
	LINE_ATTACHED,
	LINE_DETACHED,
	NR_LINE_KINDS,
};

/**
 * enum tear - what came into the middle of a call's line
 * @TEAR_NONE: nothing
 * @TEAR_REMARK: a remark of strace
 * @TEAR_OUTPUT: output of the program, perhaps; or the line is no call
 * @TEAR_MARK: an "<unfinished ...>", behind which strace 6.1 with -z goes on as
 *	if there were none
 */
enum tear {
	TEAR_NONE,
	TEAR_REMARK,
	TEAR_OUTPUT,
	TEAR_MARK,
};

/**
 * enum clock_kind - what a time in a recording counts from
 * @CLOCK_NONE: the line has no time
 * @CLOCK_DAY: midnight, as of -t and -tt
 * @CLOCK_EPOCH: 1970, as of -ttt
 * @CLOCK_RELATIVE: the line before, as of -r
 */
enum clock_kind {
	CLOCK_NONE,
	CLOCK_DAY,
	CLOCK_EPOCH,
	CLOCK_RELATIVE,
};

struct call;
struct life;

/**
 * struct line - a line
 * @kind: what it tells
 * @number: index of the line in the file, from 0
 * @tid: the thread it is about, or -1 where the line does not say
 * @value: exit status, signal, or the pid of the thread that superseded
 * @attached: the thread that strace says, in this line too, that it attached
 *	to; or 0
 * @detached: strace no longer follows the thread, as in LINE_DETACHED
 * @tear: the line breaks off, and its rest is in the next ones
 * @continues: it is the rest of a line that broke off, of the same thread
 * @clock: what @time counts from
 * @time: nanoseconds; of recording_next(), those of a CLOCK_RELATIVE add up, and
 *	those of a CLOCK_DAY go on over midnight
 * @text: of a call, its text: all, beginning or rest, without the marks of
 *	strace; of a signal, its siginfo; otherwise the line
 * @life: the thread as a &struct life; only of recording_next()
 * @call: the call that begins or ends here, or NULL; only of recording_next()
 */
struct line {
	enum line_kind kind;
	size_t number;
	int tid;
	int value;
	int attached;
	bool detached;
	enum tear tear;
	bool continues;
	enum clock_kind clock;
	long long time;
	char *text;
	struct life *life;
	struct call *call;
};

/**
 * line_parse() - read a line
 * @raw: the line, without its newline; stays as it is
 * @line: filled, but for @line->number; @line->text is allocated
 *
 * Return: true if the line begins with a pid or a time, as a line of strace.
 */
bool line_parse(const char *raw, struct line *line);

/**
 * line_parse_behind_output() - read a line that begins with something else
 * @raw: a line that line_parse() cannot read
 * @line: filled as by line_parse()
 *
 * A program may have written to the same file without a newline. What follows
 * is searched for: a pid in brackets, a signal, an end, the rest of a call, or
 * a call that is replayed.
 *
 * Return: false if there is nothing of these.
 */
bool line_parse_behind_output(const char *raw, struct line *line);

/**
 * line_parse_rest() - read the rest of a line that broke off
 * @raw: the line
 * @begun: the text of the call so far
 * @line: filled, but for @line->number and @line->tid; @line->text is allocated
 *
 * Return: false if that cannot be the rest: @line is as it was.
 */
bool line_parse_rest(const char *raw, const char *begun, struct line *line);

/**
 * line_is_remark() - is the line nothing but a remark of strace
 * @raw: the line
 * @line: filled if so; @line->text stays NULL
 */
bool line_is_remark(const char *raw, struct line *line);

#endif /* REPLAY_LINE_H */
