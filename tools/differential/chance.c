// SPDX-License-Identifier: GPL-2.0-only
/*
 * Outcomes that depend on chance in Linux.
 *
 * Processes that die of one signal do so in any order. Usually the order has no
 * visible effect; operations where it may have one are skipped.
 */
#include <signal.h>

#include "run.h"

/* The nearest ancestor that is a reaper, or OUTSIDE. */
static int next_reaper(const struct world *w, int index)
{
	do
		index = w->procs[index].parent;
	while (index >= 0 && !w->procs[index].reaper);
	return index;
}

/* The parent of a process when all of @dying have died. */
static int last_parent(const struct world *w, const bool *dying, int index)
{
	int parent = w->procs[index].parent;

	while (parent >= 0 && dying[parent])
		parent = next_reaper(w, parent);
	return parent;
}

/* Does a surviving member link a group: all the time, or at least in the end? */
static bool is_linked(const struct world *w, const bool *dying, pid_t pgid,
		      bool all_the_time)
{
	struct process p;
	int i;

	for (i = 0; i < w->nr_procs; i++) {
		if (w->procs[i].pgid != pgid || !process_alive(&w->procs[i]) ||
		    dying[i])
			continue;
		p = w->procs[i];
		p.parent = last_parent(w, dying, i);
		if (p.parent != w->procs[i].parent && all_the_time)
			continue;
		if (orphans_is_link(w, &p))
			return true;
	}
	return false;
}

/*
 * A group that has a link in the end may have had none in between: if its last link
 * was lost before another parent died, whose child then got a parent that links it.
 */
static bool may_be_orphaned(const struct world *w, const bool *dying, int index)
{
	const struct process *p = &w->procs[index];

	return p->life == LIFE_STOPPED && !dying[index] &&
	       !orphans_is_orphaned(w, p->pgid) &&
	       !is_linked(w, dying, p->pgid, true) &&
	       is_linked(w, dying, p->pgid, false);
}

static bool leaves_no_zombies(const struct world *w, int index)
{
	return index >= 0 && w->procs[index].sigchld != SIGCHLD_DEFAULT;
}

/*
 * Whether a zombie is left may depend on the order: a parent that leaves no zombies
 * may die before the child, which then gets another parent, or after it.
 */
static bool may_be_zombie(const struct world *w, const bool *dying, int index)
{
	const struct process *p = &w->procs[index];
	int parent = p->parent;

	if (!process_present(p) || parent < 0 || !dying[parent] ||
	    !(dying[index] || p->life == LIFE_ZOMBIE) ||
	    leaves_no_zombies(w, last_parent(w, dying, index)))
		return false;
	if (dying[index] && !p->clone && leaves_no_zombies(w, parent))
		return true;
	for (parent = next_reaper(w, parent); parent >= 0 && dying[parent];
	     parent = next_reaper(w, parent))
		if (leaves_no_zombies(w, parent))
			return true;
	return false;
}

/* Is it stopped, with a SIGTERM pending that ends it when it continues? */
static bool is_doomed(const struct process *p)
{
	return p->life == LIFE_STOPPED && p->body.pending & BIT(SIGTERM);
}

/* A waiter for the continuation may get either that or the exit. */
static bool is_watched(const struct world *w)
{
	bool ends = false, waits = false;
	int i;

	for (i = 0; i < w->nr_procs; i++) {
		ends |= is_doomed(&w->procs[i]);
		waits |= w->procs[i].sleep &&
			 sleep_is_for_continued(&w->procs[i]);
	}
	return ends && waits;
}

static bool is_chance(const struct world *w, const bool *dying)
{
	int i, nr_dying = 0;

	for (i = 0; i < w->nr_procs; i++)
		nr_dying += dying[i];
	for (i = 0; i < w->nr_procs && nr_dying > 1; i++)
		if (may_be_orphaned(w, dying, i) || may_be_zombie(w, dying, i))
			return true;
	return false;
}

bool deaths_are_chance(const struct world *w, const bool *dying, bool *perhaps)
{
	int i;

	for (i = 0; i < w->nr_procs; i++)
		perhaps[i] |= dying[i] || is_doomed(&w->procs[i]);
	return is_watched(w) || is_chance(w, dying) || is_chance(w, perhaps);
}
