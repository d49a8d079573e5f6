/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * One line of a recording.
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
 * @LINE_RESUMED: the rest of a call
 * @LINE_SIGNAL: a signal was delivered
 * @LINE_STOPPED: a signal stopped the thread
 * @LINE_EXITED: the thread has exited
 * @LINE_KILLED: a signal has killed the thread
 * @LINE_SUPERSEDED: another thread's execve took the place of this one
 * @LINE_ATTACHED: strace began to follow a thread
 * @LINE_DETACHED: strace no longer follows a thread
 */
enum line_kind {
	LINE_BAD,
	LINE_BLANK,
	LINE_CALL,
	LINE_UNFINISHED,
	LINE_RESUMED,
	LINE_SIGNAL,
	LINE_STOPPED,
	LINE_EXITED,
	LINE_KILLED,
	LINE_SUPERSEDED,
	LINE_ATTACHED,
	LINE_DETACHED,
};

struct call;

/**
 * struct line - a line
 * @kind: what it tells
 * @tid: the thread it is about, or -1 where the line does not say
 * @text: of a call, its text: all, beginning or rest, without the marks of
 *	strace; of a signal, its siginfo; otherwise the line
 * @raw: the line as it was recorded
 * @value: exit status, signal, or the pid of the thread that superseded
 * @attached: the thread that strace says, in this line too, that it attached
 *	to; or 0
 * @detached: strace no longer follows the thread, as in LINE_DETACHED
 * @call: the call that begins or ends here, or NULL
 */
struct line {
	enum line_kind kind;
	int tid;
	char *text;
	char *raw;
	int value;
	int attached;
	bool detached;
	struct call *call;
};

/**
 * line_parse() - read a line
 * @raw: the line, without its newline; stays as it is
 * @line: filled; @line->text is allocated
 */
void line_parse(char *raw, struct line *line);

#endif /* REPLAY_LINE_H */
