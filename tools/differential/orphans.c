// SPDX-License-Identifier: GPL-2.0-only
/*
 * What a death leaves behind: children that get another parent, and process
 * groups that become orphaned.
 */
#include <signal.h>

#include "run.h"

bool orphans_is_link(const struct world *w, const struct process *p)
{
	const struct process *parent;

	if (p->parent < 0)
		return false;
	parent = &w->procs[p->parent];
	return parent->pgid != p->pgid && parent->sid == p->sid;
}

bool orphans_is_orphaned(const struct world *w, pid_t pgid)
{
	int i;

	for (i = 0; i < w->nr_procs; i++)
		if (w->procs[i].pgid == pgid && process_alive(&w->procs[i]) &&
		    orphans_is_link(w, &w->procs[i]))
			return false;
	return true;
}

void orphans_before(const struct world *w, const bool *dying,
		    struct orphans *o)
{
	int i, group;

	*o = (struct orphans) {};
	for (i = 0; i < w->nr_procs; i++) {
		const struct process *p = &w->procs[i];

		o->stopped[i] = p->life == LIFE_STOPPED;
		if (p->life != LIFE_ZOMBIE || p->parent < 0 ||
		    !dying[p->parent] || !orphans_is_link(w, p) ||
		    !orphans_is_orphaned(w, p->pgid))
			continue;
		group = world_find(w, p->pgid);
		if (group >= 0)
			o->again[group] = true;
	}
}

void orphans_look(struct run *run)
{
	struct world *w = &run->world;
	struct process *p;
	enum life before;
	int i, parent;

	for (i = 0; i < w->nr_procs; i++) {
		p = &w->procs[i];
		parent = p->parent;
		before = p->life;
		if (!process_present(p) ||
		    (before != LIFE_STOPPED &&
		     (parent < 0 || w->procs[parent].life < LIFE_ZOMBIE)))
			continue;
		world_look(w, i);
		p->touched = true;
		if (before == LIFE_STOPPED && p->life == LIFE_RUNNING)
			run->stats->events[EVENT_ORPHANED]++;
	}
}

/* Did a stopped member of the group continue in Linux only? */
static bool only_in_linux(struct run *run, const struct orphans *o, pid_t pgid)
{
	struct world *w = &run->world;
	struct procsrv_info info;
	int i;

	for (i = 0; i < w->nr_procs; i++) {
		struct process *p = &w->procs[i];

		if (p->pgid == pgid && o->stopped[i] &&
		    p->life != LIFE_STOPPED &&
		    !procsrv_get_info(w->server, p->id, &info) &&
		    info.state == PROCSRV_STOPPED)
			return true;
	}
	return false;
}

/* Linux sends SIGHUP to a group that was orphaned before: orphaned-again. */
void orphans_after(struct run *run, const struct orphans *o)
{
	struct world *w = &run->world;
	__u32 group;
	int i;

	for (i = 0; i < w->nr_procs; i++) {
		if (!o->again[i] || !only_in_linux(run, o, w->procs[i].pid))
			continue;
		group = world_group(w, w->procs[i].pid);
		run->imitates_kernel = true;
		procsrv_signal(w->server, 0, PROCSRV_TARGET_PGID, group, SIGHUP,
			       NULL);
		procsrv_signal(w->server, 0, PROCSRV_TARGET_PGID, group,
			       SIGCONT, NULL);
		if (w->hosted)
			host_run(run);
		run->imitates_kernel = false;
		run->stats->events[EVENT_ORPHANED_AGAIN]++;
	}
}
