// SPDX-License-Identifier: GPL-2.0-only
/*
 * setpgid and setsid.
 *
 * In Linux a group is named by a pid, in an ordinary server by a number of its own:
 * there, the first setpgid to a process's own pid creates the group. A server with
 * POSIX ids gets the arguments that Linux gets.
 */
#include <errno.h>

#include "run.h"

static int server_setpgid(struct run *run, const struct op *op, int target,
			  pid_t pgid, bool exists)
{
	struct world *w = &run->world;
	__u64 caller = world_id(w, op->actor), id = world_id(w, target);
	struct procsrv_info info;
	__u32 group;
	int ret;

	if (w->hosted)
		return procsrv_set_group(w->server, caller,
					 op->target_kind == TARGET_OWN ? 0 : id,
					 op->number ? pgid : 0);
	if (pgid != world_pid(w, target) || exists ||
	    procsrv_get_info(w->server, id, &info))
		return procsrv_set_group(w->server, caller, id,
					 world_group(w, pgid));
	ret = procsrv_create_group(w->server, caller, id, info.sid, &group);
	if (!ret)
		w->procs[target].group = group;
	return ret;
}

void do_setpgid(struct run *run, const struct op *op)
{
	int target = op->target_kind == TARGET_OWN ? op->actor : op->target;
	struct answer linux_said = {}, server_said = {};
	struct command c = { .kind = COMMAND_SETPGID };
	struct world *w = &run->world;
	struct reply reply;
	bool exists;
	pid_t pgid;

	pgid = world_pid(w, op->number ? op->group : target);
	exists = world_has_group(w, pgid);
	if (op->target_kind == TARGET_PROCESS)
		c.a = world_pid(w, target);
	if (op->number)
		c.b = pgid;
	if (!run_ask(run, op->actor, &c, &reply))
		return;
	linux_said.error = error_of(reply.value);
	server_said.error = error_of(server_setpgid(run, op, target, pgid,
						    exists));
	if (target >= 0 && process_present(&w->procs[target])) {
		world_look(w, target);
		w->procs[target].touched = true;
	}
	run_compare(run, op, &linux_said, &server_said);
}

/* Is it the only member of the group that it leads, and not a session leader? */
static bool leads_alone(const struct world *w, int index)
{
	const struct process *p = &w->procs[index];
	int i;

	if (p->pgid != p->pid || p->sid == p->pid)
		return false;
	for (i = 0; i < w->nr_procs; i++)
		if (i != index && w->procs[i].pgid == p->pid &&
		    process_present(&w->procs[i]))
			return false;
	return true;
}

/* Linux refuses it, the server would not: setsid-group-leader. */
static void differ_by_design(struct run *run, const struct process *p)
{
	struct procsrv_group_args group;

	run->stats->events[EVENT_SETSID]++;
	if (procsrv_get_group(run->world.server, p->group, &group) ||
	    group.leader != p->id || group.nr_processes != 1)
		run_differ(run, "it leads a group alone in Linux, but not in the server");
}

void do_setsid(struct run *run, const struct op *op)
{
	const struct command c = { .kind = COMMAND_SETSID };
	struct answer linux_said = {}, server_said = {};
	struct process *p = run_process(run, op->actor);
	struct reply reply;
	__u32 sid, pgid;
	bool alone;

	alone = !run->world.hosted && leads_alone(&run->world, op->actor);
	if (!run_ask(run, op->actor, &c, &reply))
		return;
	linux_said.error = error_of(reply.value);
	if (linux_said.error == EPERM && alone) {
		differ_by_design(run, p);
		run_compare(run, op, &linux_said, &linux_said);
		return;
	}
	server_said.error = error_of(procsrv_create_session(run->world.server,
							    p->id, &sid,
							    &pgid));
	if (!server_said.error) {
		p->session = sid;
		p->group = pgid;
	}
	world_look(&run->world, op->actor);
	p->touched = true;
	run_compare(run, op, &linux_said, &server_said);
}
