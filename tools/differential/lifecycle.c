// SPDX-License-Identifier: GPL-2.0-only
/*
 * fork, exit, exec, and whose orphans go where.
 */
#include <unistd.h>

#include "run.h"

void do_fork(struct run *run, const struct op *op)
{
	static const struct procsrv_program program = { .name = "puppet" };
	struct command c = { .kind = COMMAND_FORK };
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
	server_said.error = error_of(procsrv_create(w->server,
						    world_id(w, op->actor),
						    &program, geteuid(),
						    getegid(), 0, &id));
	run_compare(run, op, &linux_said, &server_said);
	if (world_add(w, op->number, reply.value, server_said.error ? NO_ID : id,
		      c.a, op->actor))
		run_break(run, "/proc/%d cannot be read", reply.value);
}

void do_exit(struct run *run, const struct op *op)
{
	const struct command c = { .kind = COMMAND_EXIT, .a = op->number };
	struct answer linux_said = {}, server_said = {};
	struct process *p = run_process(run, op->actor);
	bool dying[WORLD_PROCESSES] = {};
	struct world *w = &run->world;
	struct orphans orphans;

	if (!op->actor) {
		run->skipped = true;
		return;
	}
	dying[op->actor] = true;
	orphans_before(w, dying, &orphans);
	real_command(w->real, p->box, &c);
	if (!run_settle(run, op->actor, LIFE_ZOMBIE))
		return;
	orphans_look(run);
	server_said.error = error_of(procsrv_terminate(w->server, p->id,
						       op->number, 0));
	orphans_after(run, &orphans);
	run_compare(run, op, &linux_said, &server_said);
}

void do_exec(struct run *run, const struct op *op)
{
	static const struct procsrv_program program = { .name = "executed" };
	const struct command c = { .kind = COMMAND_EXEC };
	struct answer linux_said = {}, server_said = {};
	struct process *p = run_process(run, op->actor);
	struct reply reply;

	if (!run_ask(run, op->actor, &c, &reply))
		return;
	if (reply.value < 0) {
		run_break(run, "exec failed: %d", reply.value);
		return;
	}
	p->execed = true;
	p->touched = true;
	server_said.error = error_of(procsrv_exec(run->world.server, p->id,
						  &program));
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
