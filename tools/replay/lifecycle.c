// SPDX-License-Identifier: GPL-2.0-only
/*
 * Replaying forks, execs and exits.
 */
#include <errno.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "replay.h"
#include "value.h"

/*
 * A number cannot be given again while a process or a group has it. So its
 * earlier process has exited, even where that was not recorded.
 */
static void free_number(struct replay *r, int pid)
{
	struct proc *old = world_find(&r->world, pid, true), *parent;

	if (old && !old->reaped) {
		settle_others(r, NULL, SETTLE_WAITS);
		parent = old->parent;
		if (!old->exited)
			proc_exit(r, old, old->exit_status);
		if (world_reap(&r->world, old))
			touch_waits(r, parent, old);
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

/* The server puts a child into the group of its parent, Linux into its maker's. */
static void move_to_group_of(struct replay *r, struct proc *p,
			     const struct proc *maker)
{
	__u32 to = maker->pgid;

	if (to != p->pgid && !procsrv_set_group(r->world.fd, 0, p->id, to))
		p->pgid = to;
}

static struct proc *born_of_fork(struct replay *r, struct life *life,
				 struct proc *maker)
{
	const struct fork *fork = life->fork;
	bool sibling = fork->sibling;
	struct proc *parent = sibling ? maker->parent : maker, *p;

	/* A process that is gone cannot fork, but a recording may say so. */
	if (parent && parent->exited)
		parent = NULL;
	p = world_add(&r->world, life->tid, ORIGIN_FORK, parent, maker,
		      sibling ? maker->no_sigchld : fork->no_sigchld);
	if (!p->beyond && sibling)
		move_to_group_of(r, p, maker);
	if (maker->moved > fork->start)
		p->pgid_inherited = maker->pgid_before;
	inherit_fds(p, maker, fork->shares_files);
	p->forked_by = fork->maker->tid;
	p->ignores_sigchld = maker->ignores_sigchld;
	world_set_autoreap(&r->world, p, maker->autoreap);
	ns_fork(r, p, maker, fork);
	return p;
}

/*
 * A process that existed before the recording is the child of the process that
 * waits for it later.
 */
static struct proc *born_before(struct replay *r, struct life *life)
{
	bool begun = life->execs_first && !r->world.nr_procs;
	struct proc *parent = life->awaited_by ? life->awaited_by->proc : NULL;
	struct proc *p;

	if (begun || (parent && parent->exited))
		parent = NULL;
	p = world_add(&r->world, life->tid,
		      begun ? ORIGIN_STRACE : ORIGIN_BEFORE, parent, NULL,
		      false);
	if (!begun)
		ns_foundling(r, p);
	return p;
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
	life->proc->born = r->now;
	life->proc->gets_sigchld |= life->gets_sigchld;
	intmap_set(&r->world.by_tid, life->tid, life);
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
	if (call->injected)
		return REASON_INJECTED;
	if (call->answer == ANSWER_ERROR || !call->fork)
		return REASON_RESOURCES;
	return maker->beyond ? REASON_BOUND : COMPARED;
}

/*
 * Lines of the child without a fork that has made it, and then the fork: strace
 * does not write lines in this order.
 */
static void check_order(struct replay *r, const struct call *call)
{
	const struct proc *p = world_find(&r->world, call->value, true);

	if (p && !p->exited && p->origin == ORIGIN_BEFORE &&
	    p->born < call->start && !gaps_split(r))
		r->seen.disorder = true;
}

/* If the child has been seen before, it is there already. */
static void deliver_child(struct replay *r, struct call *call,
			  struct proc *maker)
{
	struct fork *fork = call->fork;

	if (!fork->child) {
		check_order(r, call);
		fork->child = recording_new_life(r->rec, fork->pid);
		fork->child->fork = fork;
	}
	if (!fork->child->proc)
		replay_birth(r, fork->child);
	note_pidfd(call, maker);
	ns_answered(call, maker, fork->child->proc);
}

static bool is_bound(int error)
{
	switch (error) {
	case EAGAIN:
	case ENOMEM:
	case EDQUOT:
	case EOVERFLOW:
	case E2BIG:
		return true;
	default:
		return false;
	}
}

/* Linux made the child, or the process has ended in Linux: so the server must not refuse. */
static void compare_success(struct replay *r, const char *text,
			    const struct proc *by, int error)
{
	const struct answer said = {}, server = { .error = error };
	const struct context context = { .by = by };

	r->report->compared++;
	if (error)
		report_difference(r->report, r->now + 1, text, &said, &server,
				  NOT_BY_DESIGN, &context);
	tell_compared(r, text, error ? "DIFFERS" : "same", &said, &server);
}

static void leave_out(struct replay *r, const char *text, enum reason reason)
{
	r->report->not_compared[reason]++;
	tell_not_compared(r, text);
}

/* A fork returns. */
void replay_fork(struct replay *r, struct call *call)
{
	struct proc *maker = call->life->proc;
	enum reason reason = reason_of_fork(call, maker);
	const struct fork *fork = call->fork;

	if (!call->thread)
		r->report->operations[OP_FORK]++;
	if (fork && maker->nested && !fork->child) {
		ns_lose(maker);
		reason = REASON_NAMESPACE;
	} else if (fork && fork->pid) {
		deliver_child(r, call, maker);
	}
	if (call->thread)
		return;
	if (!reason && is_bound(fork->child->proc->error))
		reason = REASON_BOUND;
	if (reason)
		leave_out(r, call->text, reason);
	else
		compare_success(r, call->text, fork->child->proc,
				fork->child->proc->error);
}

/*
 * execve: done when it returns, or when another answer shows that it was done.
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

/* Handlers and pidfds do not survive; an ignored SIGCHLD stays ignored. */
static void exec_settle(struct replay *r, struct op *op)
{
	struct proc *p = op->proc;

	fds_put(p->fds);
	p->fds = fds_new();
	world_set_autoreap(&r->world, p, p->ignores_sigchld);
	p->nr_stopped = 0;
	p->nr_late = 0;
	p->stop++;
	p->no_sigchld = false;
}

static void exec_excuse(struct replay *r, struct op *op)
{
	(void)r;
	if (is_bound(op->server.error))
		op->reason = REASON_BOUND;
}

/* It was executed, with other arguments than those recorded. */
static void exec_skip(struct replay *r, struct op *op)
{
	if (op->reason == REASON_INJECTED && !op->linux_said.error)
		exec_settle(r, op);
}

const struct op_type exec_op = {
	.operation = OP_EXEC,
	.acts = true,
	.begin = exec_begin,
	.attempt = exec_attempt,
	.settle = exec_settle,
	.excuse = exec_excuse,
	.skip = exec_skip,
};

bool is_dying(const struct replay *r, const struct proc *p)
{
	const struct world *w = &r->world;

	return p->dying || p->exit_begun || p->fatal ||
	       w->killed_all > p->born + 1 ||
	       (uintptr_t)intmap_get(&w->killed_groups, (int)p->pgid) >
	       p->born + 1;
}

/*
 * Before a process has exited, there is a moment in which it has no reports any
 * more.
 */
static void shed_reports(struct replay *r, struct proc *p)
{
	if (!p->parent || p->beyond || LIST_EMPTY(&p->parent->waits) ||
	    wait_consume(r, p->parent, p, PROCSRV_WAIT_STOPPED |
					  PROCSRV_WAIT_CONTINUED))
		return;
	retry_open(r);
}

/* It may orphan a group, and the server then sends signals. */
static int host_exit(int fd, const struct proc *p, int status)
{
	int ret = procsrv_terminate(fd, p->id, status < 0 ? 0 : status,
				    status < 0 ? -status : 0);

	server_settle(fd);
	return ret;
}

int proc_exit(struct replay *r, struct proc *p, int status)
{
	int fd = r->world.fd, ret = 0;
	struct proc *reaper;

	if (p->exited)
		return 0;
	settle_reports(r, p);
	shed_reports(r, p);
	if (p->beyond)
		ret = 0;
	else if (r->world.hosted)
		ret = host_exit(fd, p, status);
	else if (status == -SIGKILL_NR || status == -SIGTERM_NR)
		ret = server_signal(fd, 0, PROCSRV_TARGET_PID, p->id, -status);
	else
		ret = procsrv_terminate(fd, p->id, status,
					status < 0 ? -status : 0);
	reaper = world_reaper_of(p);
	touch_waits(r, p->parent, p);
	if (!LIST_EMPTY(&p->children))
		touch_waits(r, reaper, NULL);
	p->exited_at = r->now;
	world_exited(&r->world, p);
	retry_open(r);
	return ret;
}

/* exit_group(), or exit() of the last thread: from here on it does nothing else. */
void replay_exit_call(struct replay *r, struct life *life,
		      const struct call *call)
{
	struct proc *p = life->proc;
	int status;

	if (call->injected || p->exited_early)
		return;
	if (call->kind == CALL_EXIT) {
		if (life->exiting)
			return;
		life->exiting = true;
		replay_thread_gone(r, life);
		if (p->nr_threads)
			return;
	}
	if (call_int(call, 0, &status))
		p->exit_status = status & 0xff;
	p->exit_begun = true;
}

/* The process ends with the last of its threads, which strace shows last. */
void replay_end(struct replay *r, struct life *life, const struct line *line)
{
	int status = line->kind == LINE_KILLED ? -line->value : line->value;
	struct proc *p = life->proc;

	life->over = true;
	if (life->tid != p->pid) {
		if (!life->exiting)
			replay_thread_gone(r, life);
		return;
	}
	r->report->operations[OP_EXIT]++;
	if (p->beyond) {
		proc_exit(r, p, status);
		leave_out(r, line->text, REASON_BOUND);
		return;
	}
	p->ended = true;
	p->ended_late = p->exited_early && p->exit_status == status;
	gaps_check_order(r, p);
	compare_success(r, line->text, p, -proc_exit(r, p, status));
}

/* Another thread called execve, and continues with the leader's id. */
void replay_superseded(struct replay *r, const struct line *line)
{
	struct life *life = intmap_get(&r->world.by_tid, line->value);

	if (!life || life->over || !life->proc || life->proc->pid == life->tid)
		return;
	life->over = true;
	/* The thread that continues has the number of the leader, which may be gone. */
	if (line->life->exiting)
		line->life->exiting = false;
	else
		replay_thread_gone(r, life);
}
