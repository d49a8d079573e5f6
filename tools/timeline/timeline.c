// SPDX-License-Identifier: GPL-2.0-only
/*
 * The model of a timeline: reports become states and marks of processes.
 */
#include <search.h>
#include <stdlib.h>
#include <string.h>

#include "client.h"
#include "internal.h"

#define LATEST		(TL_NEVER / 4)

/* Marks that a delivery looks back at, to find that the signal was sent. */
#define LOOK_BACK	64

void *tl_grow(void *array, size_t nr, size_t size)
{
	void *grown;

	/* Doubled whenever the number of elements is a power of two. */
	if (nr & (nr - 1))
		return array;
	grown = reallocarray(array, 2 * nr + 1, size);
	if (!grown)
		abort();
	return grown;
}

static char *copy(const char *s)
{
	char *c = s ? strdup(s) : NULL;

	if (s && !c)
		abort();
	return c;
}

struct timeline *timeline_new(const char *title, enum tl_clock clock)
{
	struct timeline *tl = calloc(1, sizeof(*tl));

	if (!tl)
		abort();
	tl->title = copy(title);
	tl->clock = clock;
	tl->start = TL_NEVER;
	return tl;
}

static void free_process(struct tl_process *p)
{
	size_t i;

	for (i = 0; i < p->nr_marks; i++) {
		free(p->marks[i].name);
		free(p->marks[i].text);
	}
	free(p->marks);
	free(p->spans);
	free(p->name);
	free(p->first_name);
	free(p->command);
	free(p);
}

static void keep(void *p)
{
	(void)p;
}

void timeline_free(struct timeline *tl)
{
	size_t i;

	if (!tl)
		return;
	tdestroy(tl->by_id, keep);
	for (i = 0; i < tl->nr_procs; i++)
		free_process(tl->procs[i]);
	free(tl->procs);
	free(tl->lost);
	free(tl->title);
	free(tl->note);
	free(tl);
}

void timeline_note(struct timeline *tl, const char *sentence)
{
	char *note;

	if (asprintf(&note, "%s%s%s", tl->note ? tl->note : "",
		     tl->note ? "; " : "", sentence) < 0)
		abort();
	free(tl->note);
	tl->note = note;
}

static int compare_id(const void *a, const void *b)
{
	const struct tl_process *left = a, *right = b;

	return left->id < right->id ? -1 : left->id > right->id;
}

struct tl_process *timeline_find(const struct timeline *tl, long long id)
{
	const struct tl_process key = { .id = id };
	struct tl_process **found = tfind(&key, &tl->by_id, compare_id);

	return found ? *found : NULL;
}

/* Time never goes back, and is small enough that calculations cannot overflow. */
static long long at(struct timeline *tl, long long time)
{
	if (time > LATEST)
		time = LATEST;
	if (time < 0)
		time = 0;
	if (tl->start == TL_NEVER) {
		tl->start = time;
		tl->end = time;
	}
	if (time > tl->end)
		tl->end = time;
	return tl->end;
}

static enum tl_state state_of(const struct tl_process *p)
{
	if (p->exited != TL_NEVER)
		return TL_ZOMBIE;
	if (p->exiting)
		return TL_EXITING;
	if (p->stopped)
		return TL_STOPPED;
	if (p->waits)
		return TL_WAITING;
	return p->asleep ? TL_SLEEPING : TL_RUNNING;
}

/* Ends the open span, unless nothing has changed; @open: begins another one. */
static void change_state(struct tl_process *p, long long time, bool open)
{
	struct tl_span *last = p->nr_spans ? &p->spans[p->nr_spans - 1] : NULL;
	struct tl_span next = {
		.from = time,
		.to = TL_NEVER,
		.state = state_of(p),
	};

	if (next.state == TL_WAITING)
		next.target = p->target;
	if (last && open && last->state == next.state &&
	    last->target == next.target)
		return;
	if (last)
		last->to = time;
	/* Drop a state that lasted no time. */
	if (last && last->from == time)
		p->nr_spans--;
	if (!open)
		return;
	last = p->nr_spans ? &p->spans[p->nr_spans - 1] : NULL;
	if (last && last->state == next.state && last->target == next.target) {
		last->to = TL_NEVER;
		return;
	}
	p->spans = tl_grow(p->spans, p->nr_spans, sizeof(*p->spans));
	p->spans[p->nr_spans++] = next;
}

static struct tl_mark *add_mark(struct tl_process *p, long long time,
				enum tl_mark_kind kind)
{
	struct tl_mark *mark;

	p->marks = tl_grow(p->marks, p->nr_marks, sizeof(*p->marks));
	mark = &p->marks[p->nr_marks++];
	*mark = (struct tl_mark) { .time = time, .kind = kind };
	return mark;
}

static void set_string(char **to, const char *s)
{
	char *c = copy(s);

	free(*to);
	*to = c;
}

static void link_child(struct tl_process *p, struct tl_process *parent)
{
	p->parent_now = parent;
	p->sibling = NULL;
	if (!parent)
		return;
	p->sibling = parent->children;
	if (p->sibling)
		p->sibling->newer = p;
	parent->children = p;
	p->newer = NULL;
}

static void unlink_child(struct tl_process *p)
{
	if (!p->parent_now)
		return;
	if (p->newer)
		p->newer->sibling = p->sibling;
	else
		p->parent_now->children = p->sibling;
	if (p->sibling)
		p->sibling->newer = p->newer;
	p->parent_now = NULL;
	p->sibling = NULL;
	p->newer = NULL;
}

struct tl_process *timeline_birth(struct timeline *tl, long long time,
				  long long id, struct tl_process *parent,
				  bool before)
{
	struct tl_process *p = calloc(1, sizeof(*p)), **found;

	if (!p)
		abort();
	p->index = tl->nr_procs;
	p->id = id;
	p->parent = parent;
	p->before = before;
	p->born = at(tl, time);
	p->exited = TL_NEVER;
	p->gone = TL_NEVER;
	link_child(p, parent);
	if (parent) {
		p->name = copy(parent->name);
		p->command = copy(parent->command);
		p->sid = parent->sid_now;
		p->pgid = parent->pgid_now;
		p->sid_now = p->sid;
		p->pgid_now = p->pgid;
	}
	p->first_name = copy(p->name);
	change_state(p, p->born, true);

	tl->procs = tl_grow(tl->procs, tl->nr_procs, sizeof(*tl->procs));
	tl->procs[tl->nr_procs++] = p;
	found = tsearch(p, &tl->by_id, compare_id);
	if (!found)
		abort();
	*found = p;
	return p;
}

void timeline_names(struct tl_process *p, const char *name,
		    const char *command)
{
	set_string(&p->name, name);
	set_string(&p->first_name, name);
	set_string(&p->command, command);
}

void timeline_belongs(struct tl_process *p, long long sid, long long pgid)
{
	p->sid = sid;
	p->sid_now = sid;
	p->pgid = pgid;
	p->pgid_now = pgid;
}

static bool has_exited(const struct tl_process *p)
{
	return p->exited != TL_NEVER;
}

void timeline_exec(struct timeline *tl, long long time, struct tl_process *p,
		   const char *name, const char *command)
{
	struct tl_mark *mark;

	time = at(tl, time);
	if (has_exited(p))
		return;
	mark = add_mark(p, time, TL_MARK_EXEC);
	mark->name = copy(name);
	mark->text = copy(command);
	set_string(&p->name, name);
	set_string(&p->command, command);
}

void timeline_wait_begins(struct timeline *tl, long long time,
			  struct tl_process *p, long long target)
{
	time = at(tl, time);
	if (has_exited(p))
		return;
	p->waits++;
	p->target = target;
	change_state(p, time, true);
}

void timeline_wait_ends(struct timeline *tl, long long time,
			struct tl_process *p)
{
	time = at(tl, time);
	if (has_exited(p) || !p->waits)
		return;
	p->waits--;
	change_state(p, time, true);
}

void timeline_reported(struct timeline *tl, long long time, struct tl_process *p,
		       struct tl_process *by)
{
	time = at(tl, time);
	if (!has_exited(p))
		add_mark(p, time, TL_MARK_REPORTED)->other = by;
}

void timeline_stopped(struct timeline *tl, long long time, struct tl_process *p,
		      int signo)
{
	time = at(tl, time);
	if (has_exited(p) || p->stopped)
		return;
	add_mark(p, time, TL_MARK_STOPPED)->signo = signo;
	p->stopped = true;
	change_state(p, time, true);
}

void timeline_continued(struct timeline *tl, long long time,
			struct tl_process *p)
{
	time = at(tl, time);
	if (has_exited(p) || !p->stopped)
		return;
	add_mark(p, time, TL_MARK_CONTINUED);
	p->stopped = false;
	change_state(p, time, true);
}

void timeline_asleep(struct timeline *tl, long long time, struct tl_process *p,
		     bool asleep)
{
	time = at(tl, time);
	if (has_exited(p))
		return;
	p->asleep = asleep;
	change_state(p, time, true);
}

void timeline_exiting(struct timeline *tl, long long time, struct tl_process *p)
{
	time = at(tl, time);
	if (has_exited(p))
		return;
	p->exiting = true;
	change_state(p, time, true);
}

/* The process that has sent the signal last. */
static void find_killer(struct tl_process *p)
{
	size_t i = p->nr_marks;

	while (i--) {
		if (p->marks[i].kind != TL_MARK_SIGNAL ||
		    p->marks[i].signo != p->signo)
			continue;
		p->killer = p->marks[i].other;
		p->killed = p->marks[i].time;
		return;
	}
}

void timeline_exited(struct timeline *tl, long long time, struct tl_process *p,
		     int code, int signo)
{
	time = at(tl, time);
	if (has_exited(p))
		return;
	p->exited = time;
	p->code = code;
	p->signo = client_exit_signal(signo);
	p->dumped = client_dumped_core(signo);
	if (p->signo)
		find_killer(p);
	change_state(p, time, true);
}

void timeline_gone(struct timeline *tl, long long time, struct tl_process *p,
		   struct tl_process *by)
{
	time = at(tl, time);
	if (p->gone != TL_NEVER)
		return;
	p->unseen = !has_exited(p);
	timeline_exited(tl, time, p, 0, 0);
	p->gone = time;
	p->reaper = by;
	change_state(p, time, false);
	unlink_child(p);
}

static void add_signal(struct tl_process *p, long long time,
		       struct tl_process *from, int signo, bool pending)
{
	struct tl_mark *mark = add_mark(p, time, TL_MARK_SIGNAL);

	mark->signo = signo;
	mark->other = from;
	mark->pending = pending;
}

void timeline_sent(struct timeline *tl, long long time, struct tl_process *p,
		   struct tl_process *from, int signo)
{
	time = at(tl, time);
	if (!has_exited(p))
		add_signal(p, time, from, signo, true);
}

void timeline_delivered(struct timeline *tl, long long time,
			struct tl_process *p, struct tl_process *from,
			int signo)
{
	size_t i = p->nr_marks, end = i > LOOK_BACK ? i - LOOK_BACK : 0;
	struct tl_mark *mark;

	time = at(tl, time);
	if (has_exited(p))
		return;
	while (i-- > end) {
		mark = &p->marks[i];
		if (mark->kind == TL_MARK_SIGNAL && mark->signo == signo &&
		    mark->other == from && mark->pending) {
			mark->pending = false;
			return;
		}
	}
	add_signal(p, time, from, signo, false);
}

void timeline_parent(struct timeline *tl, long long time, struct tl_process *p,
		     struct tl_process *parent)
{
	time = at(tl, time);
	if (p->gone != TL_NEVER || p->parent_now == parent)
		return;
	add_mark(p, time, TL_MARK_PARENT)->other = parent;
	unlink_child(p);
	link_child(p, parent);
}

void timeline_session(struct timeline *tl, long long time, struct tl_process *p,
		      long long sid, long long pgid)
{
	time = at(tl, time);
	if (has_exited(p))
		return;
	add_mark(p, time, TL_MARK_SESSION)->number = sid;
	add_mark(p, time, TL_MARK_GROUP)->number = pgid;
	p->sid_now = sid;
	p->pgid_now = pgid;
}

void timeline_group(struct timeline *tl, long long time, struct tl_process *p,
		    long long pgid)
{
	time = at(tl, time);
	if (has_exited(p) || p->pgid_now == pgid)
		return;
	add_mark(p, time, TL_MARK_GROUP)->number = pgid;
	p->pgid_now = pgid;
}

void timeline_difference(struct timeline *tl, long long time,
			 struct tl_process *p, const char *text)
{
	struct tl_mark *mark = add_mark(p, time, TL_MARK_DIFFERENCE);

	mark->text = copy(text);
	/* It may have been found out later. */
	for (; mark > p->marks && mark[-1].time > time; mark--) {
		struct tl_mark later = mark[-1];

		mark[-1] = *mark;
		*mark = later;
	}
	tl->nr_differences++;
}

void timeline_lost(struct timeline *tl, long long time, uint64_t count)
{
	tl->lost = tl_grow(tl->lost, tl->nr_lost, sizeof(*tl->lost));
	tl->lost[tl->nr_lost++] = (struct tl_lost) {
		.time = at(tl, time), .count = count,
	};
}

void timeline_end(struct timeline *tl, long long time)
{
	struct tl_process *p;
	size_t i;

	time = at(tl, time);
	for (i = 0; i < tl->nr_procs; i++) {
		p = tl->procs[i];
		if (p->nr_spans && p->spans[p->nr_spans - 1].to == TL_NEVER)
			p->spans[p->nr_spans - 1].to = time;
	}
}
