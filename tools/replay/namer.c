// SPDX-License-Identifier: GPL-2.0-only
/*
 * Which thread the lines without a pid are about.
 */
#include <stdlib.h>
#include <string.h>

#include "record.h"
#include "value.h"

static void see_thread(struct namer *namer, int tid)
{
	if (intmap_get(&namer->seen, tid))
		return;
	intmap_set(&namer->seen, tid, namer);
	if (!(namer->nr_order & (namer->nr_order - 1)))
		namer->order = value_xrealloc(namer->order,
					      (2 * namer->nr_order + 1) *
					      sizeof(int));
	namer->order[namer->nr_order++] = tid;
}

/* A thread that a fork returns is not the first, even without a remark (-q). */
static void see_fork(struct namer *namer, const struct line *line)
{
	struct call *call = call_begin(line->tid, line->text, line->number);

	if (call->kind == CALL_FORK && call_parse(call, true) &&
	    call->answer == ANSWER_VALUE && call->value > 0)
		intmap_set(&namer->children, call->value, namer);
	call_free(call);
}

void namer_see(struct namer *namer, const struct line *line)
{
	if (line->kind <= LINE_BLANK)
		return;
	if (line->attached) {
		if (!namer->begun)
			namer->attached_first = line->attached;
		intmap_set(&namer->children, line->attached, namer);
	}
	namer->begun = true;
	if (line->kind == LINE_ATTACHED || line->kind == LINE_DETACHED)
		return;
	if (line->tid > 0)
		see_thread(namer, line->tid);
	if ((line->kind == LINE_CALL || line->kind == LINE_RESUMED) &&
	    call_is_known(line->text))
		see_fork(namer, line);
}

/* The N of "trace.N"; 0 if the name has another form. */
static int number_of_file(const char *path)
{
	const char *dot = strrchr(path, '.');
	int pid;

	if (!dot || !dot[1] || dot[1 + strspn(dot + 1, "0123456789")] ||
	    !value_pid(dot + 1, &pid) || pid < 0)
		return 0;
	return pid;
}

static void add_live(struct namer *namer, int tid)
{
	if (intmap_get(&namer->live, tid))
		return;
	intmap_set(&namer->live, tid, namer);
	namer->sum += tid;
}

static void remove_live(struct namer *namer, int tid)
{
	if (intmap_remove(&namer->live, tid))
		namer->sum -= tid;
}

void namer_decide(struct namer *namer, const char *path)
{
	size_t i;

	for (i = 0; i < namer->nr_order && !namer->first; i++)
		if (!intmap_get(&namer->children, namer->order[i]))
			namer->first = namer->order[i];
	if (namer->attached_first)
		namer->first = namer->attached_first;
	if (!namer->nr_order && !namer->first)
		namer->first = number_of_file(path);
	add_live(namer, namer->first);
}

void namer_name(struct namer *namer, struct line *line)
{
	if (line->attached)
		add_live(namer, line->attached);
	if (line->kind == LINE_ATTACHED)
		return;
	if (line->kind == LINE_DETACHED) {
		remove_live(namer, line->tid);
		return;
	}
	if (line->continues)
		line->tid = namer->torn;
	else if (line->tid < 0)
		line->tid = namer->live.used == 1 ? namer->sum : namer->first;
	else
		add_live(namer, line->tid);
	if (line->tear)
		namer->torn = line->tid;
	if (line->kind == LINE_EXITED || line->kind == LINE_KILLED)
		remove_live(namer, line->tid);
}

void namer_free(struct namer *namer)
{
	intmap_free(&namer->children);
	intmap_free(&namer->seen);
	intmap_free(&namer->live);
	free(namer->order);
}
