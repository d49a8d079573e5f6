// SPDX-License-Identifier: GPL-2.0-only
/*
 * fork, exit, exec, subreapers, what is done with SIGCHLD, and user ids.
 */
#include <signal.h>
#include <unistd.h>

#include "run.h"

/* A hosted process has the pid of its body, and all that a fork copies. */
static int server_fork(struct world *w, const struct op *op, pid_t pid,
		       __u64 *id)
{
	static const struct procsrv_program program = { .name = "puppet" };
	const __u32 flags = PROCSRV_CREATE_HOSTED | PROCSRV_CREATE_PID |
			    PROCSRV_CREATE_INHERIT;
	__u64 parent = world_id(w, op->actor);

	if (!w->hosted)
		return procsrv_create(w->server, parent, &program, geteuid(),
				      getegid(), 0, id);
	*id = pid;
	if (op->options == SIGCHLD)
		return procsrv_create(w->server, parent, NULL, 0, 0, flags, id);
	return procsrv_clone(w->server, parent, NULL, 0, 0, flags, op->options,
			     id);
}

void do_fork(struct run *run, const struct op *op)
{
	struct command c = { .kind = COMMAND_FORK, .b = op->options };
	struct answer linux_said = {}, server_said = {};
	struct world *w = &run->world;
	struct reply reply;
	__u64 id;

	c.a = world_free_box(w);
	if (c.a < 0 || op->number >= WORLD_PROCESSES ||
	    w->procs[op->number].life != LIFE_NONE) {
		run->skipped = true;
		return;
	}
	real_prepare_box(w->real, c.a);
	if (!run_ask(run, op->actor, &c, &reply))
		return;
	if (reply.value < 0) {
		run_break(run, "no process to be had: %d", reply.value);
		return;
	}
	w->box_used[c.a] = true;
	server_said.error = error_of(server_fork(w, op, reply.value, &id));
	run_compare(run, op, &linux_said, &server_said);
	if (world_add(w, op->number, reply.value, server_said.error ? NO_ID : id,
		      c.a, op->actor)) {
		run_break(run, "/proc/%d cannot be read", reply.value);
		return;
	}
	w->procs[op->number].clone = op->options != SIGCHLD;
	w->procs[op->number].parent_execs = w->procs[op->actor].execs;
	w->procs[op->number].sigchld = w->procs[op->actor].sigchld;
}

/* Returns 0 or -errno. */
static int server_exit(struct run *run, int index, int code)
{
	if (run->world.hosted)
		return host_exit(run, index, code);
	return procsrv_terminate(run->world.server,
				 run_process(run, index)->id, code, 0);
}

void do_exit(struct run *run, const struct op *op)
{
	const struct command c = { .kind = COMMAND_EXIT, .a = op->number };
	struct answer linux_said = {}, server_said = {};
	struct process *p = run_process(run, op->actor);
	bool dying[WORLD_PROCESSES] = {}, perhaps[WORLD_PROCESSES] = {};
	struct world *w = &run->world;
	struct orphans orphans;

	dying[op->actor] = true;
	if (!op->actor || deaths_are_chance(w, dying, perhaps)) {
		run->skipped = true;
		return;
	}
	orphans_before(w, perhaps, &orphans);
	real_command(w->real, p->box, &c);
	if (!run_settle(run, op->actor, LIFE_ZOMBIE))
		return;
	if (!w->hosted)
		orphans_look(run);
	else if (!rest_all(run, NULL))
		return;
	server_said.error = error_of(server_exit(run, op->actor, op->number));
	orphans_after(run, &orphans);
	run_compare(run, op, &linux_said, &server_said);
}

/*
 * Does it have a clone child, made when it had called exec at most @execs times? If the
 * parent calls exec later, Linux treats the exit signal of the child as SIGCHLD, which
 * may be ignored.
 */
static bool has_clone_from(const struct world *w, int index, unsigned int execs)
{
	int i;

	for (i = 0; i < w->nr_procs; i++)
		if (process_present(&w->procs[i]) && w->procs[i].clone &&
		    w->procs[i].parent == index &&
		    w->procs[i].parent_execs <= execs)
			return true;
	return false;
}

void do_exec(struct run *run, const struct op *op)
{
	static const struct procsrv_program program = { .name = "executed" };
	const struct command c = { .kind = COMMAND_EXEC };
	struct answer linux_said = {}, server_said = {};
	struct process *p = run_process(run, op->actor);
	struct reply reply;

	/* It becomes an ordinary child; Linux does not notify a sleeping wait of that. */
	if ((p->clone && p->parent >= 0 && run_process(run, p->parent)->sleep) ||
	    (p->sigchld == SIGCHLD_IGNORED &&
	     has_clone_from(&run->world, op->actor, p->execs))) {
		run->skipped = true;
		return;
	}
	if (!run_ask(run, op->actor, &c, &reply))
		return;
	if (reply.value < 0) {
		run_break(run, "exec failed: %d", reply.value);
		return;
	}
	p->execed = true;
	p->execs++;
	p->touched = true;
	server_said.error = error_of(procsrv_exec(run->world.server, p->id,
						  &program));
	if (run->world.hosted)
		host_executed(run, op->actor);
	run_compare(run, op, &linux_said, &server_said);
}

void do_subreaper(struct run *run, const struct op *op)
{
	const struct command c = { .kind = COMMAND_SUBREAPER, .a = op->number };
	struct answer linux_said = {}, server_said = {};
	struct process *p = run_process(run, op->actor);
	struct reply reply;

	/* Without it, orphans of this world would leave it. */
	if (!op->actor) {
		run->skipped = true;
		return;
	}
	if (!run_ask(run, op->actor, &c, &reply))
		return;
	linux_said.error = error_of(reply.value);
	p->reaper = op->number;
	p->touched = true;
	server_said.error = error_of(procsrv_set_reaper(run->world.server,
							p->id, op->number));
	run_compare(run, op, &linux_said, &server_said);
}

void do_sigchld(struct run *run, const struct op *op)
{
	const struct command c = { .kind = COMMAND_SIGCHLD, .a = op->number };
	struct answer linux_said = {}, server_said = {};
	struct process *p = run_process(run, op->actor);
	struct reply reply;

	if (op->number != SIGCHLD_DEFAULT && p->execs &&
	    has_clone_from(&run->world, op->actor, p->execs - 1)) {
		run->skipped = true;
		return;
	}
	if (!run_ask(run, op->actor, &c, &reply))
		return;
	linux_said.error = error_of(reply.value);
	p->sigchld = op->number;
	p->touched = true;
	server_said.error = error_of(procsrv_set_autoreap(run->world.server, p->id,
							  p->sigchld !=
							  SIGCHLD_DEFAULT));
	run_compare(run, op, &linux_said, &server_said);
}

/* Only Linux checks permissions: the server gets the credentials from the host. */
void do_setuid(struct run *run, const struct op *op)
{
	const struct command c = {
		.kind = COMMAND_SETUID,
		.a = op->uids[0], .b = op->uids[1], .c = op->uids[2],
	};
	struct answer linux_said = {}, server_said = {};
	struct reply reply;

	/* Most processes descend from this one. */
	if (!op->actor) {
		run->skipped = true;
		return;
	}
	if (!run_ask(run, op->actor, &c, &reply))
		return;
	linux_said.error = error_of(reply.value);
	run_process(run, op->actor)->touched = true;
	world_look(&run->world, op->actor);
	server_said.error = error_of(world_identify(&run->world, op->actor));
	if (!server_said.error)
		server_said.error = linux_said.error;
	run_compare(run, op, &linux_said, &server_said);
}
