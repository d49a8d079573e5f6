/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The lines of a recording. Lines that strace broke for a remark are joined
 * again, and lines that are not strace's are marked.
 */
#ifndef REPLAY_JOINER_H
#define REPLAY_JOINER_H

#include "line.h"
#include "source.h"

/**
 * struct joiner - a reader of a file
 * @source: the file
 * @torn: how the last line of a call broke off
 * @torn_at: index of the line where that call begins
 * @torn_tid: its thread, or -1
 * @begun: its text so far
 * @nr_rests: lines of that behind the first
 * @next: a line that was read ahead
 * @has_next: there is one
 * @in_table: the line before was one of the table that -c prints
 */
struct joiner {
	struct source source;
	enum tear torn;
	size_t torn_at;
	int torn_tid;
	char *begun;
	unsigned int nr_rests;
	struct line next;
	bool has_next;
	bool in_table;
};

/**
 * joiner_next() - the next line
 * @line: filled; @line->text is to be freed
 *
 * A call whose line broke off comes as LINE_UNFINISHED, LINE_PART and
 * LINE_RESUMED, as if strace had said so. A line that broke off, but turns out
 * not to be one of strace comes once more, as LINE_BAD with the same number.
 *
 * Return: false at the end of the file.
 */
bool joiner_next(struct joiner *joiner, struct line *line);

void joiner_close(struct joiner *joiner);

#endif /* REPLAY_JOINER_H */
