// SPDX-License-Identifier: GPL-2.0-only
/*
 * Replaying births, execs and exits.
 */
#include <stdlib.h>
#include <string.h>

#include "replay.h"
#include "value.h"

enum {
	SIGKILL_NR = 9,
	SIGTERM_NR = 15,
};

/* A number cannot be given again while a process or a group has it. */
static void free_number(struct replay *r, int pid)
{
	struct proc *old = world_find(&r->world, pid, true);

	if (old && old->exited && !old->reaped) {
		settle_others(r, NULL, SETTLE_WAITS);
		world_reap(&r->world, old);
	}
	if (world_pgid(&r->world, pid)) {
		world_reap_orphans(&r->world);
		world_set_pgid(&r->world, pid, SERVER_NO_PGID);
	}
}

static void inherit_fds(struct proc *child, struct proc *parent, bool share)
{
	const struct intmap *from = &parent->fds->procs;
	size_t i;

	if (share) {
		free(child->fds);
		child->fds = parent->fds;
		child->fds->refs++;
		return;
	}
	for (i = 0; i < from->size; i++)
		if (from->slots[i].value)
			intmap_set(&child->fds->procs, from->slots[i].key,
				   from->slots[i].value);
}

/* The server puts a child into the group of its parent, Linux its maker's. */
static void move_to_group_of(struct replay *r, struct proc *p,
			     const struct proc *maker)
{
	__u32 to = server_group_of(r->world.fd, maker->id);

	if (to != server_group_of(r->world.fd, p->id))
		procsrv_set_group(r->world.fd, 0, p->id, to);
}

static struct proc *born_of_fork(struct replay *r, struct life *life,
				 struct proc *maker)
{
	const struct fork *fork = life->fork;
	bool sibling = fork->sibling;
	struct proc *p = world_add(&r->world, life->tid, ORIGIN_FORK,
				   sibling ? maker->parent : maker, maker);

	if (!p)
		return NULL;
	if (sibling)
		move_to_group_of(r, p, maker);
	inherit_fds(p, maker, fork->shares_files);
	p->forked_by = fork->maker->tid;
	p->ignores_sigchld = maker->ignores_sigchld;
	p->autoreap = maker->autoreap;
	p->nested = maker->nested || fork->new_pid_ns || fork->foreign;
	p->no_sigchld = sibling ? maker->no_sigchld : fork->no_sigchld;
	return p;
}

static struct proc *born_before(struct replay *r, struct life *life)
{
	bool begun = life->execs_first && !r->world.nr_procs;
	struct proc *parent = life->awaited_by ? life->awaited_by->proc : NULL;

	return world_add(&r->world, life->tid,
			 begun ? ORIGIN_STRACE : ORIGIN_BEFORE,
			 begun ? NULL : parent, NULL);
}

/* The life of a thread begins: with a new process, or in an old one. */
void replay_birth(struct replay *r, struct life *life)
{
	const struct life *maker = NULL;

	if (life->fork)
		maker = life->fork->maker;
	if (maker && maker->proc && life->fork->thread) {
		life->proc = maker->proc;
		life->proc->nr_threads++;
		r->world.nr_threads++;
	} else {
		free_number(r, life->tid);
		life->proc = maker && maker->proc ?
			     born_of_fork(r, life, maker->proc) :
			     born_before(r, life);
	}
	if (life->proc) {
		life->proc->gets_sigchld |= life->gets_sigchld;
		intmap_set(&r->world.by_tid, life->tid, life);
	}
	r->changed = true;
}

/* The descriptor that CLONE_PIDFD gave to the maker. */
static void note_pidfd(const struct call *call, struct proc *maker)
{
	if (call->fork->pidfd >= 0)
		intmap_set(&maker->fds->procs, call->fork->pidfd,
			   call->fork->child->proc);
}

static enum reason reason_of_fork(const struct call *call,
				  const struct proc *maker)
{
	if (call->answer == ANSWER_INTERRUPTED)
		return REASON_INTERRUPTED;
	if (!call_has_answer(call))
		return REASON_NO_ANSWER;
	if (call->answer == ANSWER_ERROR || !call->fork)
		return REASON_RESOURCES;
	return maker->nested ? REASON_NAMESPACE : COMPARED;
}

/* A fork returns. If the child has been seen before, it is there already. */
void replay_fork(struct replay *r, struct call *call)
{
	struct proc *maker = call->life->proc;
	enum reason reason = reason_of_fork(call, maker);
	struct answer said = {}, server = {};
	struct fork *fork;

	if (!call->thread)
		r->report->operations[OP_FORK]++;
	if (reason) {
		if (!call->thread)
			r->report->not_compared[reason]++;
		return;
	}
	fork = call->fork;
	if (!fork->child) {
		fork->child = recording_new_life(r->rec, fork->pid);
		fork->child->fork = fork;
	}
	if (!fork->child->proc)
		replay_birth(r, fork->child);
	if (call->thread)
		return;
	r->report->compared++;
	if (fork->child->proc) {
		note_pidfd(call, maker);
		return;
	}
	server.error = r->world.error;
	report_difference(r->report, r->now + 1, call->text, &said, &server,
			  NOT_BY_DESIGN);
}

/*
 * execve: done when it returns, or when another answer tells that it was done.
 */

static void exec_begin(struct replay *r, struct op *op)
{
	(void)r;
	if (!op->reason && op->call->answer == ANSWER_ERROR)
		op->reason = REASON_FILE;
}

static const char *base_name(const char *path)
{
	const char *slash = strrchr(path, '/');

	return slash && slash[1] ? slash + 1 : path;
}

static struct image image_of(const struct call *call)
{
	bool at = !strncmp(call->text, "execveat", 8);
	char *path = value_string(call_arg(call, at));
	struct image image = {};

	image.name = value_xasprintf("%.*s", PROCSRV_NAME_MAX,
				     path && *path ? base_name(path) : "?");
	image.argv = value_strings(call_arg(call, at + 1), &image.argv_len);
	if (!image.argv)
		image.argv = value_xstrdup("");
	free(path);
	return image;
}

static bool exec_attempt(struct replay *r, struct op *op, bool last)
{
	struct image image;

	if (!last)
		return false;
	image = image_of(op->call);
	world_set_image(op->proc, &image);
	op->server.error = -server_exec(r->world.fd, op->proc->id,
					&op->proc->image);
	return true;
}

/* Handlers and pidfds do not survive; that SIGCHLD is ignored does. */
static void exec_settle(struct replay *r, struct op *op)
{
	struct proc *p = op->proc;

	(void)r;
	fds_put(p->fds);
	p->fds = fds_new();
	p->autoreap = p->ignores_sigchld;
	p->nr_stopped = 0;
}

const struct op_type exec_op = {
	.operation = OP_EXEC,
	.acts = true,
	.begin = exec_begin,
	.attempt = exec_attempt,
	.settle = exec_settle,
};

/* The process ends with the last of its threads, which strace shows last. */
void replay_end(struct replay *r, struct life *life, const struct line *line)
{
	bool killed = line->kind == LINE_KILLED;
	int fd = r->world.fd;
	struct answer said = {}, answer = {};
	struct proc *p = life->proc;
	int ret;

	life->over = true;
	if (life->tid != p->pid) {
		p->nr_threads -= !life->exiting;
		return;
	}
	if (killed && (line->value == SIGKILL_NR || line->value == SIGTERM_NR))
		ret = server_signal(fd, 0, PROCSRV_TARGET_PID, p->id,
				    line->value);
	else
		ret = procsrv_terminate(fd, p->id,
					killed ? -line->value : line->value,
					killed ? line->value : 0);
	r->report->operations[OP_EXIT]++;
	r->report->compared++;
	if (ret) {
		answer.error = -ret;
		report_difference(r->report, r->now + 1, line->text, &said,
				  &answer, NOT_BY_DESIGN);
	}
	world_exited(&r->world, p);
	r->changed = true;
}

/* The leader's thread goes on where another one called execve. */
void replay_superseded(struct replay *r, const struct line *line)
{
	struct life *life = intmap_get(&r->world.by_tid, line->value);

	if (!life || life->over || !life->proc || life->proc->pid == life->tid)
		return;
	life->over = true;
	/* The one that goes on has the number of the first, which may be gone. */
	if (line->life->exiting)
		line->life->exiting = false;
	else
		life->proc->nr_threads--;
}
