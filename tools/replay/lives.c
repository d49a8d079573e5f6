// SPDX-License-Identifier: GPL-2.0-only
/*
 * Which threads a recording tells of, from which line to which, and which call
 * made each. Ids are used again, so that one tid may have several lives.
 */
#include <stdlib.h>
#include <string.h>

#include "recording.h"
#include "value.h"

/* As strace numbers it, whatever this is built for. */
enum { SIGCHLD_NR = 17 };

/*
 * Without -o, strace writes no pid while it follows a single thread. Lines
 * without one belong to the thread that is alone at that time: at first to the
 * one that turns up in "[pid N]" without having been attached.
 */
struct alone {
	struct intmap attached;
	int *live;
	size_t nr_live;
};

static void alone_add(struct alone *a, int tid)
{
	size_t i;

	for (i = 0; i < a->nr_live; i++)
		if (a->live[i] == tid)
			return;
	a->live = value_xrealloc(a->live, (a->nr_live + 1) * sizeof(int));
	a->live[a->nr_live++] = tid;
}

static void alone_remove(struct alone *a, int tid)
{
	size_t i;

	for (i = 0; i < a->nr_live; i++)
		if (a->live[i] == tid)
			a->live[i] = a->live[--a->nr_live];
}

/* 0 if no line tells. */
static int first_thread(struct recording *rec, struct alone *a)
{
	size_t i;

	for (i = 0; i < rec->nr_lines; i++)
		if (rec->lines[i].attached)
			intmap_set(&a->attached, rec->lines[i].attached, rec);
	for (i = 0; i < rec->nr_lines; i++)
		if (rec->lines[i].tid > 0 &&
		    !intmap_get(&a->attached, rec->lines[i].tid))
			return rec->lines[i].tid;
	return 0;
}

/* Gives a tid to the lines that have none. */
void recording_name_threads(struct recording *rec)
{
	struct alone a = {};
	int first = first_thread(rec, &a);
	struct line *line;
	size_t i;

	alone_add(&a, first);
	for (i = 0; i < rec->nr_lines; i++) {
		line = &rec->lines[i];
		if (line->kind == LINE_BAD || line->kind == LINE_BLANK)
			continue;
		if (line->tid < 0)
			line->tid = a.nr_live == 1 ? a.live[0] : first;
		else
			alone_add(&a, line->tid);
		if (line->kind == LINE_EXITED || line->kind == LINE_KILLED)
			alone_remove(&a, line->tid);
	}
	free(a.live);
	intmap_free(&a.attached);
}

struct life *recording_new_life(struct recording *rec, int tid)
{
	struct life *life = value_xcalloc(1, sizeof(*life)), *before;

	life->tid = tid;
	life->first = NO_LINE;
	before = intmap_get(&rec->lives, tid);
	if (!before)
		intmap_set(&rec->lives, tid, life);
	while (before && before->next)
		before = before->next;
	if (before)
		before->next = life;
	return life;
}

static bool is_end(enum line_kind kind)
{
	return kind == LINE_EXITED || kind == LINE_KILLED;
}

/* A thread whose execve superseded the leader leaves no line of its own. */
static void end_superseding(struct intmap *current, const struct line *line)
{
	struct life *life = intmap_get(current, line->value);

	if (life)
		life->ended = true;
}

void recording_find_lives(struct recording *rec)
{
	struct intmap current = {};
	struct life *life;
	struct line *line;
	size_t i;

	rec->life = value_xcalloc(rec->nr_lines, sizeof(struct life *));
	for (i = 0; i < rec->nr_lines; i++) {
		line = &rec->lines[i];
		if (line->kind == LINE_BAD || line->kind == LINE_BLANK)
			continue;
		life = intmap_get(&current, line->tid);
		if (!life || life->ended) {
			life = recording_new_life(rec, line->tid);
			life->first = i;
			intmap_set(&current, line->tid, life);
		}
		if (line->kind != LINE_ATTACHED && line->call &&
		    life->first == i)
			life->execs_first = line->call->kind == CALL_EXEC &&
					    !line->call->headless;
		if (line->kind == LINE_SIGNAL && line->value == SIGCHLD_NR)
			life->gets_sigchld = true;
		life->detached |= line->detached;
		rec->life[i] = life;
		life->last = i;
		life->ended = is_end(line->kind);
		if (line->kind == LINE_SUPERSEDED)
			end_superseding(&current, line);
	}
	intmap_free(&current);
}

/* The next fork that begins after @call and returned the same pid. */
static size_t next_same_fork(struct intmap *later, const struct call *call)
{
	const struct call *next = intmap_get(later, call->value);

	return next ? next->start : NO_LINE;
}

/*
 * A fork made the first life of its pid that begins after the call and before
 * the next fork that returned this pid.
 */
static void claim_life(struct recording *rec, struct call *call, size_t before)
{
	struct life *life = intmap_get(&rec->lives, call->value);

	while (life && (life->fork || life->first <= call->start))
		life = life->next;
	if (!life || life->first >= before)
		return;
	life->fork = call;
	call->child = life;
}

/* A call that was going on, and of which nobody knows what it returned. */
static struct call *open_fork(struct recording *rec, size_t at)
{
	struct call *call;
	size_t i;

	for (i = 0; i < rec->nr_calls; i++) {
		call = rec->calls[i];
		if (call->start >= at)
			break;
		if (call->kind != CALL_FORK || call->child ||
		    (call->end != NO_LINE && call->end < at))
			continue;
		if (call->answer == ANSWER_NONE ||
		    call->answer == ANSWER_UNKNOWN)
			return call;
	}
	return NULL;
}

static void adopt_foundlings(struct recording *rec)
{
	struct life *life;
	size_t i;

	for (i = 0; i < rec->nr_lines; i++) {
		life = rec->life[i];
		if (!life || life->first != i || life->fork)
			continue;
		life->fork = open_fork(rec, i);
		if (life->fork)
			life->fork->child = life;
	}
}

void recording_match_forks(struct recording *rec)
{
	struct intmap later = {};
	size_t *before, i;
	struct call *call;

	before = value_xcalloc(rec->nr_calls + 1, sizeof(*before));
	for (i = rec->nr_calls; i-- > 0;) {
		call = rec->calls[i];
		if (call->kind != CALL_FORK || call->answer != ANSWER_VALUE)
			continue;
		before[i] = next_same_fork(&later, call);
		intmap_set(&later, call->value, call);
	}
	for (i = 0; i < rec->nr_calls; i++)
		if (before[i] && rec->calls[i]->value > 0)
			claim_life(rec, rec->calls[i], before[i]);

	adopt_foundlings(rec);
	free(before);
	intmap_free(&later);
}
