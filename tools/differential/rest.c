// SPDX-License-Identifier: GPL-2.0-only
/*
 * Waiting until all processes have come to rest in Linux.
 *
 * From the moment that a signal is sent until it has had its effect, it is pending, or
 * its target does not sleep. So a process has nothing left to do if it is stopped, is a
 * zombie, is gone, or sleeps with no signal pending that it does not block.
 */
#include <sched.h>
#include <signal.h>
#include <time.h>
#include <unistd.h>

#include "run.h"

/* How often to let others run before sleeping between two looks. */
#define YIELDS		64
#define LOOK_US		50

static bool is_at_rest(const struct look *look)
{
	return look->life != LIFE_RUNNING ||
	       (look->asleep && !(look->pending & NOT_BLOCKED_BY_BODIES));
}

static bool rest_one(struct run *run, int index)
{
	struct process *p = run_process(run, index);
	struct timespec since;
	struct look look;
	unsigned int i;

	clock_gettime(CLOCK_MONOTONIC, &since);
	for (i = 0; view_look(p->view, &look); i++) {
		if (is_at_rest(&look))
			return world_look(&run->world, index);
		if (i < YIELDS)
			sched_yield();
		else
			usleep(LOOK_US);
		if (real_late(&since)) {
			run_break(run, "#%d does not come to rest", index);
			return false;
		}
	}
	run_break(run, "/proc/%d cannot be read", p->pid);
	return false;
}

/* May it have changed, because of a signal, or because others have ended? */
static bool may_change(const struct world *w, int index, const bool *hit)
{
	const struct process *p = &w->procs[index];

	if (!process_present(p))
		return false;
	if (p->parent >= 0 && w->procs[p->parent].life >= LIFE_ZOMBIE)
		return true;
	return p->life == LIFE_STOPPED ||
	       (hit && hit[index] && p->life == LIFE_RUNNING);
}

bool rest_all(struct run *run, const bool *hit)
{
	struct world *w = &run->world;
	enum life before;
	bool again;
	int i;

	do {
		again = false;
		for (i = 0; i < w->nr_procs; i++) {
			if (!may_change(w, i, hit))
				continue;
			before = w->procs[i].life;
			if (!rest_one(run, i))
				return false;
			w->procs[i].touched = true;
			again |= w->procs[i].life != before;
			if (before == LIFE_STOPPED && !(hit && hit[i]) &&
			    w->procs[i].life == LIFE_RUNNING)
				run->stats->events[EVENT_ORPHANED]++;
		}
	} while (again);
	return true;
}

/* It replies, unless it is stopped or has ended. */
bool run_begin_ask(struct run *run, int index, const struct command *c,
		   struct reply *reply)
{
	struct process *p = run_process(run, index);
	const struct real *real = run->world.real;
	struct timespec since;
	struct look look;

	real_command(run->world.real, p->box, c);
	clock_gettime(CLOCK_MONOTONIC, &since);
	while (!real_has_replied(real, p->box)) {
		if (!view_look(p->view, &look)) {
			run_break(run, "/proc/%d cannot be read", p->pid);
			return false;
		}
		if (look.life != LIFE_RUNNING)
			break;
		sched_yield();
		if (real_late(&since)) {
			run_break(run, "#%d does not reply", index);
			return false;
		}
	}
	return real_has_replied(real, p->box) &&
	       real_reply(run->world.real, p->box, reply, 0);
}
