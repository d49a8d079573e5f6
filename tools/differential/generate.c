// SPDX-License-Identifier: GPL-2.0-only
/*
 * Choosing the next operation.
 *
 * The weights keep a world at some thirty processes. Some are stopped, some are
 * zombies that have not been waited for yet, and most are in groups of their
 * own, like the jobs of shells: this is where processes affect each other.
 */
#include <signal.h>
#include <sys/wait.h>

#include "generate.h"
#include "puppet.h"

/* Limits on the number of processes, above which fewer are made. */
#define FEW	12
#define MANY	40

/* Signals that only become pending; two of them are queued. */
static const int pending_signals[] = { 1, 2, 10, 12, 14, 23, 28, 34, 40, 64 };

/* More signals for hosted processes: they stop the target, or do nothing. */
static const int body_signals[] = { SIGTSTP, SIGTTIN, SIGTTOU, SIGCHLD, SIGURG };

/* User ids of processes; -1 leaves an id as it is. */
static const int uids[] = { -1, -1, 0, 1000, 1001 };

/* One beyond the last. */
#define NO_SIGNAL	65

#define BAD_OPTION	0x10000

/* A random process for which @meant() is true, or OUTSIDE if there is none. */
static int pick(struct random *r, const struct world *w,
		bool (*meant)(const struct world *w, int index, int of), int of)
{
	int i, n = 0, found = OUTSIDE;

	for (i = 0; i < w->nr_procs; i++)
		if (meant(w, i, of) && !random_below(r, ++n))
			found = i;
	return found;
}

static bool is_running(const struct world *w, int index, int of)
{
	(void)of;
	return w->procs[index].life == LIFE_RUNNING && !w->procs[index].sleep;
}

static bool is_stopped(const struct world *w, int index, int of)
{
	(void)of;
	return w->procs[index].life == LIFE_STOPPED;
}

static bool is_zombie(const struct world *w, int index, int of)
{
	(void)of;
	return w->procs[index].life == LIFE_ZOMBIE;
}

static bool is_gone(const struct world *w, int index, int of)
{
	(void)of;
	return w->procs[index].life == LIFE_GONE;
}

static bool is_present(const struct world *w, int index, int of)
{
	(void)of;
	return process_present(&w->procs[index]);
}

static bool is_child(const struct world *w, int index, int of)
{
	return process_present(&w->procs[index]) &&
	       w->procs[index].parent == of;
}

static bool is_executed_child(const struct world *w, int index, int of)
{
	return is_child(w, index, of) && w->procs[index].execed;
}

static bool is_child_with_news(const struct world *w, int index, int of)
{
	return is_child(w, index, of) && w->procs[index].news;
}

static bool has(const struct world *w, int index,
		bool (*child)(const struct world *w, int index, int of))
{
	int i;

	if (w->procs[index].life != LIFE_RUNNING || w->procs[index].sleep)
		return false;
	for (i = 0; i < w->nr_procs; i++)
		if (child(w, i, index))
			return true;
	return false;
}

/* Has a child that has changed its state. */
static bool is_expectant(const struct world *w, int index, int of)
{
	(void)of;
	return has(w, index, is_child_with_news);
}

static bool is_linked_job(const struct world *w, int index, int of)
{
	const struct process *p = &w->procs[index], *parent = &w->procs[of];

	return p->life == LIFE_STOPPED && p->parent == of &&
	       p->pgid != parent->pgid && p->sid == parent->sid;
}

/* Links a stopped job to its session, like a shell. */
static bool is_shell(const struct world *w, int index, int of)
{
	(void)of;
	return index && has(w, index, is_linked_job);
}

static bool is_running_parent(const struct world *w, int index, int of)
{
	(void)of;
	return has(w, index, is_child);
}

/* Names a group that exists. */
static bool is_group(const struct world *w, int index, int of)
{
	(void)of;
	return w->procs[index].pid &&
	       world_has_group(w, w->procs[index].pid);
}

/* Names a group of the same session as another process. */
static bool is_near_group(const struct world *w, int index, int of)
{
	int i;

	for (i = 0; i < w->nr_procs; i++)
		if (process_present(&w->procs[i]) &&
		    w->procs[i].pgid == w->procs[index].pid &&
		    w->procs[i].sid == w->procs[of].sid)
			return true;
	return false;
}

static int pick_actor(struct random *r, const struct world *w, bool parent)
{
	int index = OUTSIDE;

	if (parent && random_chance(r, 85))
		index = pick(r, w, is_running_parent, 0);
	return index < 0 ? pick(r, w, is_running, 0) : index;
}

/* Mostly a process that exists, sometimes one that has existed, or that never did. */
static int pick_target(struct random *r, const struct world *w)
{
	unsigned int n = random_below(r, 100);

	if (n < 8)
		return pick(r, w, is_gone, 0);
	if (n < 12)
		return OUTSIDE;
	if (n < 25)
		return pick(r, w, is_zombie, 0);
	return pick(r, w, is_present, 0);
}

static int pick_group(struct random *r, const struct world *w, int actor)
{
	unsigned int n = random_below(r, 100);

	if (n < 6)
		return OUTSIDE;
	if (n < 14)
		return random_below(r, w->nr_procs);
	if (n < 60)
		return pick(r, w, is_near_group, actor < 0 ? 0 : actor);
	return pick(r, w, is_group, 0);
}

static int pick_signal(struct random *r, bool group)
{
	unsigned int n = random_below(r, 100);

	if (n < 8)
		return 0;
	if (n < (group ? 10 : 16))
		return SIGKILL;
	if (n < (group ? 12 : 22))
		return SIGTERM;
	if (n < 42)
		return SIGSTOP;
	if (n < 66)
		return SIGCONT;
	if (n < 68)
		return NO_SIGNAL;
	return pending_signals[random_below(r, ARRAY_SIZE(pending_signals))];
}

/*
 * SIGTERM to a job of which a part is stopped: the rest ends, which may orphan the
 * group, and hang it up before all of them have ended.
 */
static void end_job(struct random *r, const struct world *w, struct op *op)
{
	int stopped = pick(r, w, is_stopped, 0);
	int leader = stopped < 0 ? OUTSIDE :
				   world_find(w, w->procs[stopped].pgid);

	if (leader < 0)
		return;
	op->target_kind = TARGET_GROUP;
	op->target = leader;
	op->number = SIGTERM;
}

static void generate_kill(struct random *r, const struct world *w,
			  struct op *op)
{
	op->actor = random_chance(r, 15) ? OUTSIDE : pick_actor(r, w, false);
	op->target_kind = random_chance(r, 70) ? TARGET_PROCESS : TARGET_GROUP;
	if (op->target_kind == TARGET_GROUP && op->actor >= 0 && random_chance(r, 20))
		op->target_kind = TARGET_OWN;
	op->target = op->target_kind == TARGET_PROCESS ? pick_target(r, w) :
						pick_group(r, w, op->actor);
	op->number = pick_signal(r, op->target_kind != TARGET_PROCESS);
	if (w->hosted && (op->number == SIGSTOP || op->number == SIGURG) &&
	    random_chance(r, 70))
		op->number = body_signals[random_below(r, ARRAY_SIZE(body_signals))];
	if (w->hosted && random_chance(r, 4))
		end_job(r, w, op);
	if (op->target_kind != TARGET_PROCESS)
		return;
	/* Without this most processes would stay stopped. */
	if (op->number == SIGCONT && random_chance(r, 85))
		op->target = pick(r, w, is_stopped, 0);
	else if (op->number == SIGKILL && random_chance(r, 25))
		op->target = pick(r, w, is_shell, 0);
}

static void generate_setpgid(struct random *r, const struct world *w,
			     struct op *op)
{
	unsigned int n = random_below(r, 100);

	op->actor = pick_actor(r, w, true);
	op->target_kind = TARGET_PROCESS;
	if (n < 25)
		op->target_kind = TARGET_OWN;
	else if (n < 32)
		op->target = op->actor;
	else if (n < 75)
		op->target = pick(r, w, is_child, op->actor);
	else if (n < 85)
		op->target = pick(r, w, is_executed_child, op->actor);
	else
		op->target = pick_target(r, w);
	if (op->target_kind == TARGET_OWN)
		op->target = op->actor;
	op->number = random_chance(r, 65);
	op->group = random_chance(r, 15) ? op->target :
					   pick_group(r, w, op->actor);
}

static int wait_options(struct random *r)
{
	static const int what[] = {
		WEXITED, WEXITED, WEXITED, WEXITED | WSTOPPED,
		WEXITED | WSTOPPED | WCONTINUED, WEXITED | WCONTINUED,
		WSTOPPED, WCONTINUED, WSTOPPED | WCONTINUED,
	};
	int options = what[random_below(r, ARRAY_SIZE(what))];

	if (random_chance(r, 3))
		options = 0;
	if (random_chance(r, 3))
		options |= BAD_OPTION;
	if (random_chance(r, 50))
		options |= WNOHANG;
	if (random_chance(r, 30))
		options |= WNOWAIT;
	return options;
}

static int kinds_of_children(struct random *r)
{
	static const int kinds[] = { 0, 0, __WCLONE, __WALL, __WCLONE | __WALL };

	return kinds[random_below(r, ARRAY_SIZE(kinds))];
}

static void generate_wait(struct random *r, const struct world *w,
			  struct op *op)
{
	unsigned int n = random_below(r, 100);

	op->actor = OUTSIDE;
	if (random_chance(r, 70))
		op->actor = pick(r, w, is_expectant, 0);
	if (op->actor < 0)
		op->actor = pick_actor(r, w, true);
	op->options = wait_options(r);
	if (w->hosted)
		op->options |= kinds_of_children(r);
	op->target_kind = TARGET_ANY;
	if (n < 20) {
		op->target_kind = TARGET_PROCESS;
		op->target = pick(r, w, is_child_with_news, op->actor);
	} else if (n < 35) {
		op->target_kind = TARGET_PROCESS;
		op->target = random_chance(r, 80) ?
			     pick(r, w, is_child, op->actor) :
			     pick_target(r, w);
	} else if (n < 55) {
		op->target_kind = TARGET_GROUP;
		op->target = pick_group(r, w, op->actor);
	} else if (n < 62) {
		op->target_kind = TARGET_OWN;
	} else if (n < 64) {
		op->target_kind = TARGET_NOTHING;
	}
	/* wait4(2) means WEXITED, has no WNOWAIT, and 0 is the own group. */
	op->wait4 = op->target_kind != TARGET_NOTHING && random_chance(r, 35);
	op->sleep = (op->target_kind == TARGET_ANY || op->target_kind == TARGET_PROCESS) &&
		    random_chance(r, 60);
	if (op->wait4)
		op->options = (op->options | WEXITED) & ~WNOWAIT;
}

static enum op_kind pick_kind(struct random *r, const struct world *w)
{
	const unsigned int weights[NR_OPS] = {
		[OP_FORK] = w->nr_present < FEW ? 40 :
			    w->nr_present < MANY ? 18 : 0,
		[OP_EXIT] = 5,
		[OP_EXEC] = 3,
		[OP_KILL] = 40,
		[OP_SETPGID] = 20,
		[OP_SETSID] = 4,
		[OP_SUBREAPER] = 4,
		[OP_WAIT] = w->nr_present < MANY ? 30 : 60,
		[OP_TAKE] = 8,
		[OP_SIGCHLD] = w->hosted ? 4 : 0,
		[OP_SETUID] = w->hosted ? 4 : 0,
	};
	unsigned int sum = 0, n;
	int i;

	for (i = 0; i < NR_OPS; i++)
		sum += weights[i];
	n = random_below(r, sum);
	for (i = 0; n >= weights[i]; i++)
		n -= weights[i];
	return i;
}

static __u64 pick_mask(struct random *r)
{
	__u64 mask = 0;
	size_t i;

	for (i = 0; i < ARRAY_SIZE(pending_signals); i++)
		if (random_chance(r, 40))
			mask |= 1ULL << (pending_signals[i] - 1);
	return mask ? mask : 1;
}

/* One that does not become pending in the parent. */
static int pick_exit_signal(struct random *r)
{
	if (random_chance(r, 75))
		return SIGCHLD;
	return random_chance(r, 50) ? SIGURG : 0;
}

static void pick_uids(struct random *r, int *to)
{
	int i;

	for (i = 0; i < 3; i++)
		to[i] = uids[random_below(r, ARRAY_SIZE(uids))];
}

struct op generate_op(struct random *r, const struct world *w)
{
	struct op op = { .target = OUTSIDE, .group = OUTSIDE };
	int shell;

	op.kind = pick_kind(r, w);
	op.actor = pick_actor(r, w, false);
	/* No process can act: continue one from outside. */
	if (op.actor < 0) {
		op.kind = OP_KILL;
		op.target = pick(r, w, is_stopped, 0);
		op.number = SIGCONT;
		return op;
	}
	switch (op.kind) {
	case OP_FORK:
		op.number = w->nr_procs;
		op.options = w->hosted ? pick_exit_signal(r) : SIGCHLD;
		break;
	case OP_EXIT:
		shell = random_chance(r, 40) ? pick(r, w, is_shell, 0) : OUTSIDE;
		if (shell >= 0)
			op.actor = shell;
		op.number = random_below(r, 256);
		break;
	case OP_KILL:
		generate_kill(r, w, &op);
		break;
	case OP_SETPGID:
		generate_setpgid(r, w, &op);
		break;
	case OP_SUBREAPER:
		op.actor = pick_actor(r, w, true);
		op.number = random_chance(r, 80);
		break;
	case OP_WAIT:
		generate_wait(r, w, &op);
		break;
	case OP_TAKE:
		op.mask = pick_mask(r);
		break;
	case OP_SIGCHLD:
		op.actor = pick_actor(r, w, true);
		op.number = random_below(r, NR_SIGCHLDS);
		break;
	case OP_SETUID:
		pick_uids(r, op.uids);
		break;
	default:
		break;
	}
	return op;
}
