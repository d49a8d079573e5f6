/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Declarations that the parts of the timeline library share.
 */
#ifndef TIMELINE_INTERNAL_H
#define TIMELINE_INTERNAL_H

#include <locale.h>

#include "timeline.h"

/**
 * tl_grow() - room for one more element
 * @array: may move
 * @nr: how many it has
 * @size: bytes of one
 */
void *tl_grow(void *array, size_t nr, size_t size);

void *tl_calloc(size_t nr, size_t size);

/*
 * Rows (layout.c)
 */

/**
 * struct tl_row - a line of a drawing: a process, or several merged into one
 * @first: the first of them
 * @members: all of them, in the order of creation
 * @nr_members: how many
 * @parent: index of the parent row, or TL_NO_ROW
 * @children: indices of the child rows
 * @nr_children: how many
 * @depth: of the tree
 * @last_child: no sibling follows
 * @same_name: all members had the same name
 * @born: the first creation of a member
 * @gone: the last end of a member
 * @total: sum of the times from creation to exit of all members
 * @order: its place from above
 */
struct tl_row {
	struct tl_process *first;
	struct tl_process **members;
	size_t nr_members;
	size_t parent;
	size_t *children;
	size_t nr_children;
	size_t depth;
	bool last_child;
	bool same_name;
	long long born;
	long long gone;
	long long total;
	size_t order;
};

#define TL_NO_ROW SIZE_MAX

/**
 * struct tl_layout - the rows of a timeline
 * @rows: in the order in which they were made
 * @nr: how many
 * @sorted: indices of @rows, from above
 * @shortest: processes that lived as long as this have rows of their own;
 *	0 if all have
 * @merged: processes that have no row of their own
 */
struct tl_layout {
	struct tl_row *rows;
	size_t nr;
	size_t *sorted;
	long long shortest;
	size_t merged;
};

/**
 * tl_layout_make() - put the processes into rows
 * @max_rows: no more than this
 *
 * Sets &tl_process.row.
 */
void tl_layout_make(struct timeline *tl, size_t max_rows,
		    struct tl_layout *layout);
void tl_layout_free(struct tl_layout *layout);

/* The exit and the end of a process in the drawing: at most the timeline's end. */
long long tl_exit_of(const struct timeline *tl, const struct tl_process *p);
long long tl_end_of(const struct timeline *tl, const struct tl_process *p);

/* The name at the end, or a word for a process that has none. */
const char *tl_name(const struct tl_process *p);

/*
 * The time axis (scale.c)
 */

/**
 * struct tl_scale - where moments are drawn
 * @start: of the axis
 * @end: of the axis
 * @cut_from: beginning of the time that is cut short
 * @cut_to: end of that
 * @shown: the time that it takes on the axis; 0 if nothing is cut
 */
struct tl_scale {
	long long start;
	long long end;
	long long cut_from;
	long long cut_to;
	double shown;
};

void tl_scale_make(const struct timeline *tl, struct tl_scale *scale);

/* A moment as a part of the axis, 0 to 1. */
double tl_scale_at(const struct tl_scale *scale, long long time);

/* One step further, and out of the time that is cut short. */
long long tl_scale_next(const struct tl_scale *scale, long long time, long long step);

/* The length without the time that is cut short. */
long long tl_scale_length(const struct tl_scale *scale);

/*
 * Texts (label.c). All names in them are escaped. Strings that are returned have
 * to be freed.
 */

/* A time from the start of the timeline, as precise as @step needs it. */
void tl_put_time(FILE *out, const struct timeline *tl, long long time,
		 long long step);

/* A length of time with three digits. */
void tl_put_length(FILE *out, const struct timeline *tl, long long length);

/* "SIGKILL", or "signal 77" */
const char *tl_signal_name(int signo, char buf[static 16]);

/* A name, and a longer text, cut to a readable length. */
void tl_put_name(FILE *out, const char *name);
void tl_put_text(FILE *out, const char *text);

/* "make 12" */
void tl_put_process(FILE *out, const struct tl_process *p);

/* "cc1 × 812", or the name of a single process */
void tl_put_row(FILE *out, const struct tl_row *row, const char *times);

/* "waits for 12 cc1" */
void tl_put_wait(FILE *out, const struct timeline *tl, long long target);

/* "exit 1", "SIGKILL from sh 12", or "" while it is there */
void tl_put_fate(FILE *out, const struct tl_process *p);

/* The text of a mark: "SIGTERM from sh 12" */
void tl_put_mark(FILE *out, const struct tl_mark *mark);

/* All about a process or a row, in several lines. */
void tl_put_story(FILE *out, const struct timeline *tl,
		  const struct tl_process *p);
void tl_put_summary(FILE *out, const struct timeline *tl,
		    const struct tl_row *row);

const char *tl_state_name(enum tl_state state);

/*
 * Between these calls numbers have a point and not a comma, in any locale; the
 * second takes the return value of the first.
 */
locale_t tl_begin_numbers(void);
void tl_end_numbers(locale_t before);

/* A round distance of which about @wanted are in @length: 1, 2 or 5 times 10^n. */
long long tl_round_step(long long length, unsigned int wanted);

/* How precisely single moments are shown. */
long long tl_fine_step(const struct timeline *tl);

#endif /* TIMELINE_INTERNAL_H */
