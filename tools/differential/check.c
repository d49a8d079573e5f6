// SPDX-License-Identifier: GPL-2.0-only
/*
 * Comparing the processes of both halves of a world.
 */
#include <signal.h>
#include <stdio.h>
#include <string.h>

#include "run.h"

/* Never pending in the server; in Linux, what is left of them is not compared. */
#define ACTED_UPON	(BIT(SIGKILL) | BIT(SIGTERM) | BIT(SIGCONT) | \
			 BIT(SIGSTOP) | BIT(SIGCHLD))

static enum life life_in_server(const struct process *p,
				const struct procsrv_info *info)
{
	switch (info->state) {
	case PROCSRV_WAITING:
		return p->sleep ? LIFE_RUNNING : LIFE_NONE;
	case PROCSRV_STOPPED:
		return LIFE_STOPPED;
	case PROCSRV_ZOMBIE:
		return LIFE_ZOMBIE;
	case PROCSRV_RUNNING:
		return LIFE_RUNNING;
	default:
		return LIFE_NONE;
	}
}

static void check_value(struct run *run, int index, const char *what,
			long long in_linux, long long in_server)
{
	if (in_linux != in_server)
		run_differ(run, "%s of #%d:\n  Linux:  %lld\n  server: %lld",
			   what, index, in_linux, in_server);
}

static void check_life(struct run *run, int index,
		       const struct procsrv_info *info)
{
	static const char *const names[] = {
		[LIFE_NONE] = "something else", [LIFE_RUNNING] = "running",
		[LIFE_STOPPED] = "stopped", [LIFE_ZOMBIE] = "zombie",
		[LIFE_GONE] = "gone",
	};
	enum life here = run_process(run, index)->life;
	enum life there = life_in_server(run_process(run, index), info);

	if (here != there)
		run_differ(run, "the state of #%d:\n  Linux:  %s\n  server: %s",
			   index, names[here], names[there]);
}

/*
 * The host takes all signals from the server. In a zombie, pending signals that the
 * body does not block are not compared.
 */
static void check_held(struct run *run, int index,
		       const struct procsrv_info *info)
{
	const struct process *p = run_process(run, index);
	__u64 except = p->life == LIFE_ZOMBIE ? NOT_BLOCKED_BY_BODIES : 0;
	__u64 pending = p->pending & ~except;
	__u64 held = p->body.pending & ~except;

	if (info->pending)
		run_differ(run, "pending in #%d, but not to be taken: %#llx",
			   index, info->pending);
	else if (pending != held)
		run_differ(run, "pending in #%d:\n  Linux:  %#llx\n  host:   %#llx",
			   index, pending, held);
}

static void check_pending(struct run *run, int index,
			  const struct procsrv_info *info)
{
	struct process *p = run_process(run, index);
	__u64 pending = p->pending & ~ACTED_UPON;

	/*
	 * Of the processes that one signal ends, some die before the others
	 * and may orphan the group of these, which then get a SIGHUP.
	 */
	if (p->life == LIFE_ZOMBIE && p->died_together &&
	    (pending ^ info->pending) == BIT(SIGHUP)) {
		run->stats->events[EVENT_DIED_TOGETHER]++;
		return;
	}
	if (pending != info->pending)
		run_differ(run, "pending in #%d:\n  Linux:  %#llx\n  server: %#llx",
			   index, pending, info->pending);
}

/* Compare ids, after translation to the same numbers. */
static void check_ids(struct run *run, int index,
		      const struct procsrv_info *info)
{
	struct world *w = &run->world;
	struct process *p = &w->procs[index];

	check_value(run, index, "the parent", p->parent,
		    info->ppid == PROCSRV_INIT_PID ? OUTSIDE :
		    world_find_id(w, info->ppid));
	check_value(run, index, "the group (by the server's number)",
		    world_group(w, p->pgid), info->pgid);
	check_value(run, index, "the session (by the server's number)",
		    world_session(w, p->sid), info->sid);
	check_value(run, index, "being a reaper", p->reaper,
		    !!(info->flags & PROCSRV_INFO_REAPER));
	check_value(run, index, "having called exec", p->execed,
		    !!(info->flags & PROCSRV_INFO_EXECED));
}

/* Only for hosted processes. */
static void check_hosted(struct run *run, int index,
			 const struct procsrv_info *info)
{
	struct process *p = run_process(run, index);
	const struct identity *id = &p->id_in_linux;
	struct procsrv_credentials c;

	check_value(run, index, "being hosted", 1,
		    !!(info->flags & PROCSRV_INFO_HOSTED));
	check_value(run, index, "leaving no zombies",
		    p->sigchld != SIGCHLD_DEFAULT,
		    !!(info->flags & PROCSRV_INFO_AUTOREAP));
	check_value(run, index, "having another exit signal", p->clone,
		    !!(info->flags & PROCSRV_INFO_CLONE));
	if (procsrv_get_credentials(run->world.server, p->id, &c)) {
		run_differ(run, "the server does not know whose #%d is", index);
		return;
	}
	check_value(run, index, "the real user id", id->ruid, c.ruid);
	check_value(run, index, "the effective user id", id->euid, c.euid);
	check_value(run, index, "the saved user id", id->suid, c.suid);
	check_value(run, index, "having CAP_KILL", id->kills,
		    !!(c.flags & PROCSRV_CREDENTIALS_KILL));
}

static void check_process(struct run *run, int index,
			  const struct procsrv_info *info)
{
	struct process *p = run_process(run, index);
	enum life before = p->life;

	if (!world_look(&run->world, index)) {
		run_break(run, "/proc/%d cannot be read", p->pid);
		return;
	}
	/* No operation is going on: the test has failed. */
	if (p->life != before && p->life == LIFE_GONE)
		run_break(run, "#%d has vanished", index);
	check_life(run, index, info);
	check_ids(run, index, info);
	if (run->world.hosted) {
		check_hosted(run, index, info);
		check_held(run, index, info);
	} else {
		check_pending(run, index, info);
	}
	run->stats->events[EVENT_LOOK]++;
}

void check_touched(struct run *run)
{
	struct world *w = &run->world;
	struct procsrv_info info;
	int i;

	for (i = 0; i < w->nr_procs; i++) {
		struct process *p = &w->procs[i];

		if (!p->touched)
			continue;
		p->touched = false;
		if (!process_present(p))
			continue;
		if (procsrv_get_info(w->server, p->id, &info))
			run_differ(run, "the server does not know #%d", i);
		else
			check_process(run, i, &info);
	}
}

static unsigned int count_life(const struct world *w, enum life life)
{
	unsigned int n = 0;
	int i;

	for (i = 0; i < w->nr_procs; i++)
		n += w->procs[i].life == life;
	return n;
}

/* Count ids in use: every one is the pid of a process of this world. */
static unsigned int count_ids(const struct world *w, bool sessions)
{
	bool used[WORLD_PROCESSES] = {};
	unsigned int n = 0;
	int i, leader;

	for (i = 0; i < w->nr_procs; i++) {
		const struct process *p = &w->procs[i];

		if (!process_present(p))
			continue;
		leader = world_find(w, sessions ? p->sid : p->pgid);
		if (leader < 0 || used[leader])
			continue;
		used[leader] = true;
		n++;
	}
	return n;
}

/* The init of the server itself is no process of this world. */
static void check_counters(struct run *run)
{
	struct world *w = &run->world;
	struct procsrv_stats stats;

	if (procsrv_get_stats(w->server, &stats)) {
		run_break(run, "the server's counters cannot be read");
		return;
	}
	check_value(run, 0, "all processes, besides the parent",
		    w->nr_present, stats.total_processes - 1);
	check_value(run, 0, "stopped processes in the world",
		    count_life(w, LIFE_STOPPED), stats.stopped);
	check_value(run, 0, "zombies in the world",
		    count_life(w, LIFE_ZOMBIE), stats.zombies);
	check_value(run, 0, "sessions in the world", count_ids(w, true),
		    stats.sessions);
	check_value(run, 0, "groups in the world", count_ids(w, false),
		    stats.process_groups);
}

static int check_one(const struct procsrv_info *info, void *data)
{
	struct run *run = data;
	int index = world_find_id(&run->world, info->pid);

	if (info->pid == PROCSRV_INIT_PID)
		return 0;
	if (index < 0 || !process_present(run_process(run, index)))
		run_differ(run, "the server lists %llu, which Linux does not have",
			   info->pid);
	else
		check_process(run, index, info);
	return run->verdict != VERDICT_SAME;
}

void check_all(struct run *run)
{
	procsrv_for_each(run->world.server, PROCSRV_LIST_ALL, 0, check_one,
			 run);
	if (run->verdict == VERDICT_SAME)
		check_counters(run);
	run->stats->events[EVENT_CROWD]++;
}
