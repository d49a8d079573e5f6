/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * A timeline of processes, and its renderers.
 *
 * A front end reports events, in the order of time, through the functions below;
 * a renderer draws them. The model knows neither strace nor the process server,
 * and a renderer knows only the model.
 *
 *	timeline.c	the model
 *	internal.h	declarations that the renderers share
 *	layout.c	rows: the family tree, with alike short processes merged
 *	scale.c		the time axis
 *	label.c		texts about processes
 *	text.c		lines for a terminal
 *	svg.c		a picture: the document; svg_legend.c its head,
 *			svg_row.c the rows, svg_groups.c sessions and groups,
 *			svg_links.c lines between rows, svg_style.c the look
 *	perfetto.c	trace events for Perfetto and chrome://tracing
 *	files.c		the output files
 *
 * All functions end the program if there is no memory.
 */
#ifndef TIMELINE_TIMELINE_H
#define TIMELINE_TIMELINE_H

#include <limits.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

/* Times are nanoseconds, or with TL_CLOCK_LINES lines; not negative. */
#define TL_NS_PER_S	1000000000LL

/* A time that has not come: the end of a process or span that has not ended. */
#define TL_NEVER	LLONG_MAX

/**
 * enum tl_clock - the meaning of times
 * @TL_CLOCK_LINES: numbers of lines: the input has no times
 * @TL_CLOCK_RELATIVE: since an arbitrary moment
 * @TL_CLOCK_DAY: since midnight
 * @TL_CLOCK_EPOCH: since 1970, UTC
 */
enum tl_clock {
	TL_CLOCK_LINES,
	TL_CLOCK_RELATIVE,
	TL_CLOCK_DAY,
	TL_CLOCK_EPOCH,
};

/**
 * enum tl_state - the state of a process
 * @TL_RUNNING: none of the following
 * @TL_SLEEPING: it was reported as sleeping
 * @TL_WAITING: it waits for a child
 * @TL_STOPPED: a signal has stopped it
 * @TL_EXITING: it has begun to exit, or a fatal signal was delivered
 * @TL_ZOMBIE: it has exited and was not waited for
 */
enum tl_state {
	TL_RUNNING,
	TL_SLEEPING,
	TL_WAITING,
	TL_STOPPED,
	TL_EXITING,
	TL_ZOMBIE,
	TL_NR_STATES,
};

/* The target of a wait, other than a pid (positive) and a group (negative). */
#define TL_WAIT_ANY	0

/**
 * struct tl_span - a period in which a process is in a state
 * @from: its beginning
 * @to: its end
 * @target: of TL_WAITING: a pid, minus a group, or TL_WAIT_ANY
 * @state: the state
 */
struct tl_span {
	long long from;
	long long to;
	long long target;
	enum tl_state state;
};

/**
 * enum tl_mark_kind - the kind of an event of a process
 * @TL_MARK_EXEC: it executes a program; @name and @text
 * @TL_MARK_SIGNAL: @signo was sent to it, by @other if that is known, or
 *	delivered if nothing has reported the sending
 * @TL_MARK_STOPPED: @signo has stopped it
 * @TL_MARK_CONTINUED: it was continued
 * @TL_MARK_REPORTED: @other waited for it, and it had not exited: its stop or
 *	its continuation was reported
 * @TL_MARK_PARENT: @other is its parent from now on, or NULL for a process
 *	outside the timeline
 * @TL_MARK_SESSION: it leads session @number from now on
 * @TL_MARK_GROUP: it is in group @number from now on
 * @TL_MARK_DIFFERENCE: an event is not as it should be; @text
 */
enum tl_mark_kind {
	TL_MARK_EXEC,
	TL_MARK_SIGNAL,
	TL_MARK_STOPPED,
	TL_MARK_CONTINUED,
	TL_MARK_REPORTED,
	TL_MARK_PARENT,
	TL_MARK_SESSION,
	TL_MARK_GROUP,
	TL_MARK_DIFFERENCE,
};

struct tl_process;

/**
 * struct tl_mark - an event of a process
 * @time: when
 * @kind: what
 * @signo: a signal, or 0
 * @other: another process, or NULL
 * @number: of a session or a group
 * @pending: a signal that was sent, and not delivered so far
 * @name: of a program
 * @text: a command line, or an explanation
 */
struct tl_mark {
	long long time;
	enum tl_mark_kind kind;
	int signo;
	struct tl_process *other;
	long long number;
	bool pending;
	char *name;
	char *text;
};

/**
 * struct tl_process - a process
 * @index: its place in &timeline.procs; a parent's is lower
 * @id: its pid; another process may have had it before
 * @parent: the process that made it, or NULL if that is not in the timeline
 * @parent_now: the process that may wait for it now, or NULL
 * @children: of @parent_now, the latest; NULL once it has exited
 * @sibling: the next older child of @parent_now
 * @newer: the next newer one
 * @name: of the program that it executes, or NULL if it is not known
 * @first_name: of the program when it was made
 * @command: its command line, or NULL
 * @sid: session when it was made, or 0 if it is not known
 * @pgid: group when it was made, or 0
 * @sid_now: session now
 * @pgid_now: group now
 * @born: when it was made
 * @before: it was there before; @born is when it was reported first
 * @exited: when it exited, or TL_NEVER
 * @gone: when it was waited for or vanished, or TL_NEVER
 * @unseen: it vanished without a report of its exit
 * @code: exit code
 * @signo: the signal that ended it, or 0
 * @dumped: it has dumped core
 * @killer: the process that sent @signo, or NULL
 * @killed: when it was sent
 * @reaper: the process that waited for it, or NULL
 * @waits: waits of it that are not over
 * @target: of the latest of them
 * @stopped: it is stopped
 * @asleep: it is asleep
 * @exiting: it is exiting
 * @spans: its states, in the order of time and without gaps, but for those of
 *	no length
 * @nr_spans: how many; the last one is open while the process is there
 * @marks: its events, in the order of time
 * @nr_marks: how many
 * @row: where it is drawn (layout.c)
 */
struct tl_process {
	size_t index;
	long long id;
	struct tl_process *parent;
	struct tl_process *parent_now;
	struct tl_process *children;
	struct tl_process *sibling;
	struct tl_process *newer;
	char *name;
	char *first_name;
	char *command;
	long long sid;
	long long pgid;
	long long sid_now;
	long long pgid_now;
	long long born;
	bool before;
	long long exited;
	long long gone;
	bool unseen;
	int code;
	int signo;
	bool dumped;
	struct tl_process *killer;
	long long killed;
	struct tl_process *reaper;
	unsigned int waits;
	long long target;
	bool stopped;
	bool asleep;
	bool exiting;
	struct tl_span *spans;
	size_t nr_spans;
	struct tl_mark *marks;
	size_t nr_marks;
	size_t row;
};

/**
 * struct tl_lost - reports that were lost
 * @time: when that was noticed
 * @count: how many, or 0 if that is not known
 */
struct tl_lost {
	long long time;
	uint64_t count;
};

/**
 * struct timeline - a timeline
 * @title: its title
 * @note: remarks that a reader needs to understand it, or NULL
 * @clock: the meaning of its times
 * @start: the first of them
 * @end: the last
 * @procs: its processes, in the order in which they were reported first
 * @nr_procs: how many
 * @lost: where reports are missing
 * @nr_lost: how many
 * @nr_differences: how many marks are differences
 * @by_id: the latest process with each id
 */
struct timeline {
	char *title;
	char *note;
	enum tl_clock clock;
	long long start;
	long long end;
	struct tl_process **procs;
	size_t nr_procs;
	struct tl_lost *lost;
	size_t nr_lost;
	size_t nr_differences;
	void *by_id;
};

/**
 * timeline_new() - an empty timeline
 * @title: its title; copied
 * @clock: the meaning of its times
 */
struct timeline *timeline_new(const char *title, enum tl_clock clock);
void timeline_free(struct timeline *tl);

/**
 * timeline_note() - add a remark that a reader needs to understand a timeline
 * @sentence: in words, without a full stop
 */
void timeline_note(struct timeline *tl, const char *sentence);

/**
 * timeline_find() - the latest process with an id
 *
 * Return: NULL if there was none.
 */
struct tl_process *timeline_find(const struct timeline *tl, long long id);

/*
 * Reports of a front end. Times ascend; a time before the last is taken for the
 * last. A report about a process that has exited is ignored, unless its
 * description says otherwise. Strings are copied, and may hold anything.
 */

/**
 * timeline_birth() - a process was made, or is there
 * @id: its pid
 * @parent: the process that made it, or NULL
 * @before: it was there before
 *
 * It has the name, the session and the group of its parent.
 */
struct tl_process *timeline_birth(struct timeline *tl, long long time,
				  long long id, struct tl_process *parent,
				  bool before);

/**
 * timeline_names() - the name of a process when it is reported first
 * @command: a command line, or NULL
 *
 * Not an exec: there is no mark.
 */
void timeline_names(struct tl_process *p, const char *name,
		    const char *command);

/**
 * timeline_belongs() - session and group of a process when it is reported first
 */
void timeline_belongs(struct tl_process *p, long long sid, long long pgid);

void timeline_exec(struct timeline *tl, long long time, struct tl_process *p,
		   const char *name, const char *command);

/**
 * timeline_wait_begins() - a process begins to wait
 * @target: its target, as in &tl_span.target
 */
void timeline_wait_begins(struct timeline *tl, long long time,
			  struct tl_process *p, long long target);
void timeline_wait_ends(struct timeline *tl, long long time,
			struct tl_process *p);

/**
 * timeline_reported() - a wait has returned a process that has not exited
 * @by: the process that waited
 */
void timeline_reported(struct timeline *tl, long long time, struct tl_process *p,
		       struct tl_process *by);

void timeline_stopped(struct timeline *tl, long long time, struct tl_process *p,
		      int signo);
void timeline_continued(struct timeline *tl, long long time,
			struct tl_process *p);
void timeline_asleep(struct timeline *tl, long long time, struct tl_process *p,
		     bool asleep);

/**
 * timeline_exiting() - a process has begun to exit; it has not exited yet
 */
void timeline_exiting(struct timeline *tl, long long time, struct tl_process *p);

/**
 * timeline_exited() - a process has exited, and is a zombie
 * @signo: the signal that ended it, perhaps with PROCSRV_CORE_DUMP, or 0
 *
 * Its killer is the process that last sent it the signal. Its children keep it
 * as their parent until timeline_parent() changes that.
 */
void timeline_exited(struct timeline *tl, long long time, struct tl_process *p,
		     int code, int signo);

/**
 * timeline_gone() - a zombie was reaped
 * @by: the process that waited for it, or NULL if that is not known
 *
 * If the process has not exited before, it has exited unseen.
 */
void timeline_gone(struct timeline *tl, long long time, struct tl_process *p,
		   struct tl_process *by);

/**
 * timeline_sent() - a signal was sent to a process
 * @from: the process that sent it, or NULL
 */
void timeline_sent(struct timeline *tl, long long time, struct tl_process *p,
		   struct tl_process *from, int signo);

/**
 * timeline_delivered() - a signal was delivered
 * @from: the process that sent it, or NULL
 *
 * Marks it unless timeline_sent() has done so.
 */
void timeline_delivered(struct timeline *tl, long long time,
			struct tl_process *p, struct tl_process *from,
			int signo);

/**
 * timeline_parent() - a process has another parent
 * @parent: the new parent, or NULL if that is not in the timeline
 *
 * May be reported of a zombie.
 */
void timeline_parent(struct timeline *tl, long long time, struct tl_process *p,
		     struct tl_process *parent);

/**
 * timeline_session() - a process leads a new session, and a new group
 */
void timeline_session(struct timeline *tl, long long time, struct tl_process *p,
		      long long sid, long long pgid);
void timeline_group(struct timeline *tl, long long time, struct tl_process *p,
		    long long pgid);

/**
 * timeline_difference() - an event is not as it should be
 * @time: may be before the last report
 * @p: the process; may have exited
 * @text: an explanation, in a line or several
 */
void timeline_difference(struct timeline *tl, long long time,
			 struct tl_process *p, const char *text);

/**
 * timeline_lost() - reports are missing before this one
 * @count: how many, or 0 if that is not known
 */
void timeline_lost(struct timeline *tl, long long time, uint64_t count);

/**
 * timeline_end() - the last report
 *
 * Ends what is open. Nothing may be reported afterwards.
 */
void timeline_end(struct timeline *tl, long long time);

/*
 * The renderers. Each writes one document to a stream, which it leaves open;
 * errors are the stream's.
 */

/**
 * timeline_write_svg() - a picture, which needs no other file
 *
 * Processes that are short and alike are merged until it can be read; it stays
 * below 5 MiB.
 */
void timeline_write_svg(struct timeline *tl, FILE *out);

/**
 * timeline_write_text() - lines for a terminal
 * @columns: its width, or 0 for no limit
 *
 * Merges processes as timeline_write_svg() does.
 */
void timeline_write_text(struct timeline *tl, FILE *out, size_t columns);

/**
 * timeline_write_perfetto() - trace events, in JSON
 *
 * All processes, each with a track of its own.
 */
void timeline_write_perfetto(const struct timeline *tl, FILE *out);

/*
 * The output files (files.c).
 */

/**
 * struct timeline_files - files to be written
 * @svg: the name of a picture, or NULL
 * @perfetto: the name of a file of trace events, or NULL
 * @svg_file: open for writing, or NULL
 * @perfetto_file: the same
 */
struct timeline_files {
	const char *svg;
	const char *perfetto;
	FILE *svg_file;
	FILE *perfetto_file;
};

/**
 * timeline_open() - create the files, before any long work
 * @svg: a name, or NULL for no picture
 * @perfetto: a name, or NULL for no trace events
 * @failed: set to the name that failed
 *
 * Return: false, and errno, if one cannot be created.
 */
bool timeline_open(struct timeline_files *files, const char *svg,
		   const char *perfetto, const char **failed);

/**
 * timeline_write() - fill and close the files
 * @failed: set to the name that failed
 *
 * Return: false, and errno, if one cannot be written.
 */
bool timeline_write(struct timeline_files *files, struct timeline *tl,
		    const char **failed);

#endif /* TIMELINE_TIMELINE_H */
