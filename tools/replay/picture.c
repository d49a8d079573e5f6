// SPDX-License-Identifier: GPL-2.0-only
/*
 * A recording as a timeline: its lines, their times, threads and processes.
 */
#include <stdlib.h>
#include <string.h>

#include "picture.h"
#include "recording.h"
#include "report.h"
#include "value.h"

/* As strace numbers it, whatever this is built for. */
enum { SIGCHLD_NR = 17 };

struct member *picture_thread(const struct picture *pic, int tid)
{
	return intmap_get(&pic->threads, tid);
}

struct member *picture_member(const struct picture *pic,
			      const struct tl_process *p)
{
	return p ? pic->members[p->index] : NULL;
}

static void set_time(struct picture *pic, const struct line *line)
{
	static const enum tl_clock clocks[] = {
		[CLOCK_NONE] = TL_CLOCK_LINES,
		[CLOCK_DAY] = TL_CLOCK_DAY,
		[CLOCK_EPOCH] = TL_CLOCK_EPOCH,
		[CLOCK_RELATIVE] = TL_CLOCK_RELATIVE,
	};

	if (!pic->tl)
		pic->tl = timeline_new(pic->path, clocks[line->clock]);
	if (pic->tl->clock == TL_CLOCK_LINES) {
		pic->now = line->number + 1;
		return;
	}
	/* A line without a time gets the time of the line before. */
	if (clocks[line->clock] != pic->tl->clock)
		return;
	pic->fine |= line->time % TL_NS_PER_S != 0;
	pic->now = line->time;
}

static struct member *new_member(struct picture *pic, int pid,
				 struct member *maker, bool before)
{
	struct member *m = value_xcalloc(1, sizeof(*m));

	m->p = timeline_birth(pic->tl, pic->now, pid, maker ? maker->p : NULL,
			      before);
	if (!(pic->nr_members & (pic->nr_members - 1)))
		pic->members = value_xrealloc(pic->members,
					      (2 * pic->nr_members + 1) *
					      sizeof(*pic->members));
	pic->members[pic->nr_members++] = m;
	return m;
}

struct member *picture_new_thread(struct picture *pic, int tid,
				  struct member *maker, bool thread,
				  bool before)
{
	struct member *m = picture_thread(pic, tid);

	if (m)
		return m;
	m = maker && thread ? maker : new_member(pic, tid, maker, before);
	m->nr_threads++;
	intmap_set(&pic->threads, tid, m);
	return m;
}

struct member *picture_maker(const struct picture *pic,
			     const struct fork *fork)
{
	struct member *maker = picture_thread(pic, fork->maker->tid);

	if (maker && fork->sibling)
		return picture_member(pic, maker->p->parent_now);
	return maker;
}

/* The thread of a line, which may come before its fork returns. */
static struct member *find_thread(struct picture *pic, const struct life *life)
{
	struct member *maker = NULL;

	if (life->fork)
		maker = picture_maker(pic, life->fork);
	return picture_new_thread(pic, life->tid, maker,
				  life->fork && life->fork->thread,
				  !life->fork && !life->execs_first);
}

static void end_thread(struct picture *pic, struct member *m, int tid)
{
	intmap_set(&pic->threads, tid, NULL);
	if (m->nr_threads)
		m->nr_threads--;
}

/* The last line of a process is that of its first thread. */
static void ended(struct picture *pic, const struct line *line,
		  struct member *m)
{
	bool killed = line->kind == LINE_KILLED;

	end_thread(pic, m, line->tid);
	if (line->tid == m->p->id)
		picture_exited(pic, m, killed ? 0 : line->value,
			       killed ? line->value : 0);
}

static void signalled(struct picture *pic, const struct line *line,
		      struct member *m)
{
	const char *pid = line->text ? value_field(line->text, "si_pid=") : NULL;
	struct member *from = NULL;
	long v;

	timeline_continued(pic->tl, pic->now, m->p);
	/* Each child that ends has a line of its own. */
	if (line->value == SIGCHLD_NR)
		return;
	if (pid && value_long(pid, &v))
		from = picture_thread(pic, v);
	timeline_delivered(pic->tl, pic->now, m->p, from ? from->p : NULL,
			   line->value);
}

/* Note a line with new differences, which may yet be withdrawn. */
static void note_differences(struct picture *pic, const struct line *line,
			     const struct member *m, const struct report *rep)
{
	if (rep->nr_differences == pic->nr_differences)
		return;
	pic->nr_differences = rep->nr_differences;
	if (!(pic->nr_moments & (pic->nr_moments - 1)))
		pic->moments = value_xrealloc(pic->moments,
					      (2 * pic->nr_moments + 1) *
					      sizeof(*pic->moments));
	pic->moments[pic->nr_moments++] = (struct moment) {
		.line = line->number + 1, .time = pic->now, .p = m->p,
	};
}

static int compare_line(const void *a, const void *b)
{
	const struct moment *left = a, *right = b;

	return left->line < right->line ? -1 : left->line > right->line;
}

static void add_differences(struct picture *pic, const struct report *rep)
{
	const struct difference *d;
	struct moment *found;
	char *text;
	size_t i;

	for (i = 0; i < rep->nr_differences; i++) {
		d = &rep->differences[i];
		found = bsearch(&(struct moment) { .line = d->line },
				pic->moments, pic->nr_moments,
				sizeof(*pic->moments), compare_line);
		if (d->design || !found)
			continue;
		text = value_xasprintf("%s\nLinux: %s\nserver: %s", d->call,
				       d->linux_said, d->server);
		timeline_difference(pic->tl, found->time, found->p, text);
		free(text);
	}
}

void picture_line(struct picture *pic, const struct line *line,
		  const struct report *rep)
{
	struct member *m, *gone;

	set_time(pic, line);
	m = find_thread(pic, line->life);
	switch (line->kind) {
	case LINE_CALL:
	case LINE_UNFINISHED:
	case LINE_PART:
	case LINE_RESUMED:
		timeline_continued(pic->tl, pic->now, m->p);
		if (line->call)
			picture_call(pic, line, m);
		break;
	case LINE_SIGNAL:
		signalled(pic, line, m);
		break;
	case LINE_STOPPED:
		timeline_stopped(pic->tl, pic->now, m->p, line->value);
		break;
	case LINE_EXITED:
	case LINE_KILLED:
		ended(pic, line, m);
		break;
	case LINE_SUPERSEDED:
		gone = picture_thread(pic, line->value);
		if (gone)
			end_thread(pic, gone, line->value);
		break;
	default:
		break;
	}
	note_differences(pic, line, m, rep);
}

struct timeline *picture_end(struct picture *pic, const struct report *rep)
{
	struct timeline *tl = pic->tl;
	size_t i;

	if (!tl)
		tl = timeline_new(pic->path, TL_CLOCK_LINES);
	if (tl->clock == TL_CLOCK_LINES)
		timeline_note(tl, "The recording has no times: its lines take their place");
	else if (!pic->fine)
		timeline_note(tl, "The recording has times in whole seconds only");
	if (pic->nr_moments)
		add_differences(pic, rep);
	timeline_end(tl, pic->now);
	for (i = 0; i < pic->nr_members; i++) {
		intmap_free(&pic->members[i]->pidfds);
		free(pic->members[i]);
	}
	free(pic->members);
	free(pic->moments);
	intmap_free(&pic->threads);
	return tl;
}
