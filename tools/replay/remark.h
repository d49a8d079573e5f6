/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Remarks of strace itself, on standard error: a remark may be a line of its
 * own, or come into the middle of the line of a call.
 */
#ifndef REPLAY_REMARK_H
#define REPLAY_REMARK_H

#include <stdbool.h>

/**
 * struct remark - a remark
 * @at: where it begins
 * @attached: the thread that strace attached to, or 0
 * @detached: the thread that it detached from, or 0
 */
struct remark {
	char *at;
	int attached;
	int detached;
};

/**
 * remark_at_begin() - is a line a remark
 * @s: the line
 * @remark: filled if so, but for @remark->at
 *
 * It begins with the name of the program and a colon, as in "strace: Process
 * 12 attached"; old versions leave the name out. The program may have been
 * started by a path.
 */
bool remark_at_begin(const char *s, struct remark *remark);

/**
 * remark_in_call() - a remark that breaks the line of a call
 * @s: the line, or the rest of it
 * @remark: filled if there is one; @remark->at points into @s
 */
bool remark_in_call(char *s, struct remark *remark);

#endif /* REPLAY_REMARK_H */
