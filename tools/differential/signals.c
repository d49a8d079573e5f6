// SPDX-License-Identifier: GPL-2.0-only
/*
 * kill, and the signals that it made pending.
 *
 * An ordinary server acts on SIGKILL, SIGTERM, SIGCONT and SIGSTOP at once; Linux acts
 * when the puppet runs. So the test waits for that before the server does the same.
 * Signals to hosted processes are acted on in host.c.
 */
#include <errno.h>
#include <signal.h>
#include <unistd.h>

#include "run.h"

/**
 * struct victims - those that a signal reaches
 * @hit: by index
 * @count: how many, zombies included
 * @denied: how many more there are, which the sender may not signal
 */
struct victims {
	bool hit[WORLD_PROCESSES];
	int count;
	int denied;
};

/* Does it end the processes that it reaches? */
static bool ends(const struct op *op)
{
	return op->number == SIGKILL || op->number == SIGTERM;
}

static bool stops(const struct op *op)
{
	return op->number > 0 && op->number < NR_SIGNALS &&
	       BIT(op->number) & STOP_SIGNALS;
}

/* The rules of kill(2). */
static bool may_signal(const struct world *w, const struct op *op, int target)
{
	const struct process *p = &w->procs[target];
	const struct identity *from, *to = &p->id_in_linux;

	if (op->actor < 0 || op->actor == target)
		return true;
	from = &w->procs[op->actor].id_in_linux;
	return from->kills || from->euid == to->suid || from->euid == to->ruid ||
	       from->ruid == to->suid || from->ruid == to->ruid ||
	       (op->number == SIGCONT && p->sid == w->procs[op->actor].sid);
}

static pid_t group_of(const struct world *w, const struct op *op)
{
	return op->target_kind == TARGET_OWN ? w->procs[op->actor].pgid :
				      world_pid(w, op->target);
}

static void find_victims(const struct world *w, const struct op *op,
			 struct victims *v)
{
	int i;

	*v = (struct victims) {};
	for (i = 0; i < w->nr_procs; i++) {
		const struct process *p = &w->procs[i];

		if (!process_present(p) ||
		    !(op->target_kind == TARGET_PROCESS ? i == op->target :
		      p->pgid == group_of(w, op)))
			continue;
		v->hit[i] = may_signal(w, op, i);
		v->count += v->hit[i];
		v->denied += !v->hit[i];
	}
}

/* Processes that it ends, or ends later, as SIGTERM does with a stopped body. */
static void find_dying(const struct world *w, const struct op *op,
		       const struct victims *v, bool *dying, bool *perhaps)
{
	int i;

	for (i = 0; i < w->nr_procs; i++) {
		perhaps[i] = v->hit[i] && ends(op) &&
			     process_alive(&w->procs[i]);
		dying[i] = perhaps[i] &&
			   !(w->hosted && op->number == SIGTERM &&
			     w->procs[i].life == LIFE_STOPPED);
	}
}

static void note_dying(struct world *w, const struct op *op,
		       const struct victims *v)
{
	int i;

	for (i = 0; i < w->nr_procs; i++)
		if (v->hit[i] && process_alive(&w->procs[i]))
			w->procs[i].died_together = op->target_kind != TARGET_PROCESS;
}

/*
 * A waiter that a signal wakes looks for children once more before it stops or
 * ends. What it finds if these get the signal too is a matter of chance, and so
 * is whether it sees the continuation of a stopped child that SIGTERM ends.
 */
static bool disturbs_sleep(const struct world *w, const struct op *op,
			   const struct victims *v)
{
	const struct process *p;
	int i;

	if (!ends(op) && !stops(op))
		return false;
	for (i = 0; i < w->nr_procs; i++) {
		p = &w->procs[i];
		if (v->hit[i] && p->sleep && v->count > 1)
			return true;
		if (v->hit[i] && op->number == SIGTERM && !w->hosted &&
		    p->life == LIFE_STOPPED && p->parent >= 0 &&
		    w->procs[p->parent].sleep)
			return true;
	}
	return false;
}

static pid_t kill_argument(const struct world *w, const struct op *op)
{
	switch (op->target_kind) {
	case TARGET_PROCESS:
		return world_pid(w, op->target);
	case TARGET_GROUP:
		return -world_pid(w, op->target);
	default:
		return 0;
	}
}

/* A puppet that ends or stops itself by its own call does not reply to it. */
static bool silences_actor(const struct op *op, const struct victims *v)
{
	return op->actor >= 0 && v->hit[op->actor] &&
	       (ends(op) || op->number == SIGSTOP);
}

static void touch(struct world *w, const struct victims *v)
{
	int i;

	for (i = 0; i < w->nr_procs; i++)
		w->procs[i].touched |= v->hit[i];
}

/* Returns an errno; @replied: whether that comes from Linux. */
static int linux_kill(struct run *run, const struct op *op,
		      const struct victims *v, bool *replied)
{
	struct command c = { .kind = COMMAND_KILL, .b = op->number };
	struct world *w = &run->world;
	struct process *actor;
	struct reply reply = {};

	*replied = true;
	c.a = kill_argument(w, op);
	if (op->actor < 0)
		return kill(c.a, c.b) ? errno : 0;
	if (w->hosted) {
		*replied = run_begin_ask(run, op->actor, &c, &reply);
		return error_of(reply.value);
	}
	if (!silences_actor(op, v)) {
		run_ask(run, op->actor, &c, &reply);
		return error_of(reply.value);
	}
	actor = &w->procs[op->actor];
	*replied = false;
	actor->owes_reply = op->number == SIGSTOP;
	real_command(w->real, actor->box, &c);
	run->stats->events[EVENT_NO_REPLY]++;
	run_settle(run, op->actor, op->number == SIGSTOP ? LIFE_STOPPED :
							   LIFE_ZOMBIE);
	return 0;
}

/* SIGTERM ends a stopped process in the server; in Linux it has to continue first. */
static void continue_stopped(struct world *w, const struct victims *v)
{
	int i;

	for (i = 0; i < w->nr_procs; i++)
		if (v->hit[i] && w->procs[i].life == LIFE_STOPPED)
			kill(w->procs[i].pid, SIGCONT);
}

static void settle_victims(struct run *run, const struct op *op,
			   const struct victims *v)
{
	struct world *w = &run->world;
	int i;

	if (op->number == SIGTERM)
		continue_stopped(w, v);
	for (i = 0; i < w->nr_procs && run->verdict == VERDICT_SAME; i++) {
		if (!v->hit[i])
			continue;
		w->procs[i].touched = true;
		if (!process_alive(&w->procs[i]))
			continue;
		if (ends(op))
			run_settle(run, i, LIFE_ZOMBIE);
		else if (op->number == SIGSTOP)
			run_settle(run, i, LIFE_STOPPED);
		else
			world_look(w, i);
	}
	if (ends(op))
		orphans_look(run);
}

static __u64 server_group(const struct world *w, const struct op *op)
{
	if (w->hosted && op->target_kind == TARGET_OWN)
		return 0;
	return world_group(w, group_of(w, op));
}

static int server_kill(struct run *run, const struct op *op, __u32 *count)
{
	struct world *w = &run->world;
	__u64 sender = op->actor < 0 ? 0 : world_id(w, op->actor);

	*count = 0;
	if (op->target_kind == TARGET_PROCESS)
		return procsrv_signal(w->server, sender, PROCSRV_TARGET_PID,
				      world_id(w, op->target), op->number,
				      count);
	return procsrv_signal(w->server, sender, PROCSRV_TARGET_PGID,
			      server_group(w, op), op->number, count);
}

static void compare_kill(struct run *run, const struct op *op,
			 const struct victims *v, int error, bool replied,
			 int server_error, __u32 count)
{
	const struct answer linux_said = { .error = error, .count = v->count };
	const struct answer server_said = {
		.error = server_error, .count = count,
	};

	if (replied)
		run_compare(run, op, &linux_said, &server_said);
	else if (server_error || count != (__u32)v->count)
		run_differ(run, "reached %d in Linux, %u in the server, error %d",
			   v->count, count, server_error);
}

/* All effects are visible once all processes have come to rest. */
static void kill_hosted(struct run *run, const struct op *op,
			const struct victims *v, const bool *perhaps)
{
	struct world *w = &run->world;
	struct orphans orphans;
	int error, server_error;
	bool replied;
	__u32 count;

	orphans_before(w, perhaps, &orphans);
	error = linux_kill(run, op, v, &replied);
	if (run->verdict != VERDICT_SAME || !rest_all(run, v->hit))
		return;
	if (!replied) {
		run->stats->events[EVENT_NO_REPLY]++;
		w->procs[op->actor].owes_reply =
			w->procs[op->actor].life == LIFE_STOPPED;
	}
	touch(w, v);
	server_error = error_of(server_kill(run, op, &count));
	compare_kill(run, op, v, error, replied, server_error, count);
	host_run(run);
	orphans_after(run, &orphans);
}

void do_kill(struct run *run, const struct op *op)
{
	struct world *w = &run->world;
	struct orphans orphans;
	bool dying[WORLD_PROCESSES], perhaps[WORLD_PROCESSES];
	int error, server_error;
	struct victims v;
	__u32 count;
	bool replied;

	find_victims(w, op, &v);
	find_dying(w, op, &v, dying, perhaps);
	/* Init has to live. Linux looks up the target before it checks the signal. */
	if ((ends(op) && v.hit[0]) ||
	    (op->number > SIGRTMAX && !v.count && !v.denied) ||
	    disturbs_sleep(w, op, &v) || deaths_are_chance(w, dying, perhaps)) {
		run->skipped = true;
		return;
	}
	if (w->hosted) {
		kill_hosted(run, op, &v, perhaps);
		return;
	}
	if (ends(op)) {
		orphans_before(w, v.hit, &orphans);
		note_dying(w, op, &v);
	}
	error = linux_kill(run, op, &v, &replied);
	if (run->verdict != VERDICT_SAME)
		return;
	settle_victims(run, op, &v);
	if (run->verdict != VERDICT_SAME)
		return;
	server_error = error_of(server_kill(run, op, &count));
	if (ends(op))
		orphans_after(run, &orphans);
	compare_kill(run, op, &v, error, replied, server_error, count);
}

static void server_take(struct run *run, const struct op *op, struct answer *a)
{
	struct world *w = &run->world;
	struct procsrv_take_signal_args args = {
		.pid = world_id(w, op->actor), .mask = op->mask,
		.flags = PROCSRV_TAKE_NOHANG,
	};

	a->error = error_of(procsrv_take_signal(w->server, &args));
	if (a->error)
		return;
	a->signo = args.signo;
	a->index = args.sender ? world_find_id(w, args.sender) : OUTSIDE;
	if (args.signo >= FIRST_QUEUED)
		a->count = args.count;
}

/* Linux counts only signals that are queued. */
void do_take(struct run *run, const struct op *op)
{
	const struct command c = { .kind = COMMAND_TAKE, .mask = op->mask };
	struct answer linux_said = {}, server_said = {};
	struct process *p = run_process(run, op->actor);
	struct world *w = &run->world;
	struct reply reply;

	if (!run_ask(run, op->actor, &c, &reply))
		return;
	p->touched = true;
	if (reply.value < 0) {
		linux_said.error = -reply.value;
	} else {
		linux_said.signo = reply.value;
		linux_said.index = world_find(w, reply.pid);
		linux_said.kernel = w->hosted && reply.code > 0;
		if (reply.value >= FIRST_QUEUED)
			linux_said.count = reply.status;
	}
	if (w->hosted)
		host_take(run, op->actor, op->mask, &server_said);
	else
		server_take(run, op, &server_said);
	run_compare(run, op, &linux_said, &server_said);
}
