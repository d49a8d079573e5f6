/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * A recording as a timeline: what Linux did, as the recording tells it. No
 * server is needed for that; the replay adds where the server's answers differ.
 *
 *	picture.c		lines, their times, threads and processes
 *	picture_calls.c		the effects of calls
 */
#ifndef REPLAY_PICTURE_H
#define REPLAY_PICTURE_H

#include "intmap.h"
#include "line.h"
#include "timeline/timeline.h"

struct fork;
struct report;

/**
 * struct member - what the timeline does not know of a process
 * @next: of all, the one before
 * @p: the process
 * @pidfds: descriptors of it to the &struct member that they are of
 * @nr_threads: threads that live
 * @subreaper: orphans among its descendants become its children
 * @autoreap: its children do not become zombies
 */
struct member {
	struct member *next;
	struct tl_process *p;
	struct intmap pidfds;
	unsigned int nr_threads;
	bool subreaper;
	bool autoreap;
};

/**
 * struct moment - a line at which answers differed
 */
struct moment {
	size_t line;
	long long time;
	struct tl_process *p;
};

/**
 * struct picture - a timeline in the making
 * @path: of the recording
 * @tl: the timeline, once there was a line that tells something
 * @threads: tid to &struct member, while the thread lives
 * @members: by index of the process
 * @nr_members: how many
 * @now: time of the line
 * @fine: a time was no whole number of seconds
 * @nr_differences: of the report, up to the line before
 * @moments: the lines at which there were new ones, ascending
 * @nr_moments: how many
 */
struct picture {
	const char *path;
	struct timeline *tl;
	struct intmap threads;
	struct member **members;
	size_t nr_members;
	long long now;
	bool fine;
	size_t nr_differences;
	struct moment *moments;
	size_t nr_moments;
};

/**
 * picture_line() - the next line of the recording
 * @pic: zeroed but for @pic->path before the first
 * @line: the line, with its call and its thread
 * @rep: what the replay has found up to this line
 */
void picture_line(struct picture *pic, const struct line *line,
		  const struct report *rep);

/**
 * picture_end() - the recording has ended
 * @rep: what the replay has found in the end
 *
 * Return: the timeline, to be freed with timeline_free(). The rest of @pic is
 * freed.
 */
struct timeline *picture_end(struct picture *pic, const struct report *rep);

/* The member that a thread belongs to, or a process is; NULL if unknown. */
struct member *picture_thread(const struct picture *pic, int tid);
struct member *picture_member(const struct picture *pic,
			      const struct tl_process *p);

/**
 * picture_new_thread() - a thread is there, unless it has been before
 * @maker: what made it, or NULL if that is not known
 * @thread: it is a thread of @maker, and no process
 * @before: it was there before the recording
 */
struct member *picture_new_thread(struct picture *pic, int tid,
				  struct member *maker, bool thread,
				  bool before);

/* The parent of a child, as far as it is known. */
struct member *picture_maker(const struct picture *pic,
			     const struct fork *fork);

/* picture_calls.c */
void picture_call(struct picture *pic, const struct line *line,
		  struct member *m);

/* A process exits: its children get another parent, or vanish. */
void picture_exited(struct picture *pic, struct member *m, int code,
		    int signo);

#endif /* REPLAY_PICTURE_H */
