// SPDX-License-Identifier: GPL-2.0-only
/*
 * Fork, exec and exit, which are seen as events.
 */
#include <errno.h>
#include <linux/sched.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ptrace.h>
#include <sys/syscall.h>
#include <sys/wait.h>

#include "adopt.h"
#include "calls.h"
#include "client.h"
#include "image.h"
#include "loop.h"
#include "reapers.h"
#include "report.h"
#include "run.h"
#include "server.h"
#include "zombies.h"

static pid_t command;

static struct process *new_process(pid_t pid)
{
	struct process *p = malloc(sizeof(*p));

	if (!p)
		report_fatal("a new process", ENOMEM);
	*p = (struct process) { .pid = pid };
	report_count(COUNT_PROCESSES);
	return p;
}

/* Make a process with what a child inherits from its parent. */
static struct process *copy_process(pid_t pid, const struct process *parent)
{
	struct process *p = new_process(pid);

	p->ids = parent->ids;
	p->sigchld_ignored = parent->sigchld_ignored;
	p->nocldwait = parent->nocldwait;
	p->uncounted = p->sigchld_ignored || p->nocldwait;
	p->nested = parent->nested || parent->nests;
	p->nests = p->nested;
	p->unknown = parent->unknown;
	return p;
}

/*
 * Waits for children in another PID namespace use numbers that the server does not
 * know. So it keeps no zombies of them.
 */
static void let_children_vanish(const struct process *p)
{
	if (p->nested)
		server_set_autoreap(p->pid, true);
}

void lives_begin(struct tracee *t, bool sigchld_ignored)
{
	struct process *p = new_process(t->tid);
	int err;

	command = t->tid;
	p->sigchld_ignored = sigchld_ignored;
	tracee_join(t, p);
	/* Zombies without a parent are for init, which is this process. */
	err = server_set_autoreap(PROCSRV_INIT_PID, true);
	if (!err)
		err = server_create_first(t->tid, "procsrv-run");
	if (!err)
		err = server_set_group(t->tid, 0, 0);
	if (err)
		report_fatal("the first process in the server", -err);
	credentials_report(p, t->tid);
	signals_report_autoreap(p);
}

/*
 * Refused forks
 *
 * When the server refuses to create a process, Linux has forked already. The child is
 * killed before its first instruction; the parent waits for it in its fork, which then
 * fails, and gets no signal from it.
 */

static void end_refused_fork(struct tracee *t)
{
	t->refusing = false;
	regs_restore(t, t->verdict);
	tracee_go(t, 0);
}

void lives_reap_refused(struct tracee *t)
{
	tracee_go_until_exit(t, end_refused_fork);
}

static void reap_in_its_name(struct tracee *t)
{
	const __u64 args[CALL_NR_ARGS] = { t->process->refused, 0, __WALL };

	t->refusing = true;
	regs_inject_call(t, call_number(t->call.arch, "wait4"), args);
}

static void refuse_fork(struct tracee *t, struct tracee *child, int error)
{
	kill(child->tid, SIGKILL);
	child->process->unknown = true;
	t->process->refused = child->tid;
	t->verdict = error;
	t->at_exit = reap_in_its_name;
}

/*
 * Forks
 */

static void began(struct process *p, pid_t parent, int exit_signal)
{
	struct process *of = process_find(parent);

	p->parent = parent;
	let_children_vanish(p);
	if (!of)
		return;
	of->nr_children++;
	of->silent_children |= exit_signal != SIGCHLD;
}

static int begin_child(pid_t parent, struct process *p, int exit_signal)
{
	int err = server_create(parent, p->pid, exit_signal);

	if (!err)
		began(p, parent, exit_signal);
	return err;
}

static int begin_sibling(pid_t of, struct process *p)
{
	int err = server_create_sibling(of, p->pid);
	struct procsrv_info info;

	if (!err)
		err = server_info(p->pid, &info);
	if (!err)
		began(p, info.ppid,
		      info.flags & PROCSRV_INFO_CLONE ? 0 : SIGCHLD);
	return err;
}

static void process_forked(struct tracee *t, struct tracee *child, __u64 flags)
{
	struct process *p = copy_process(child->tid, t->process);
	int err;

	p->nested |= !!(flags & CLONE_NEWPID);
	p->nests = p->nested;
	if (flags & CLONE_SIGHAND) {
		/* Each can make the other ignore SIGCHLD. */
		p->silent_children = true;
		t->process->silent_children = true;
	}
	tracee_join(child, p);
	report_count(COUNT_FORK);
	if (p->unknown)
		return;
	if (flags & CLONE_PARENT)
		err = begin_sibling(t->process->pid, p);
	else
		err = begin_child(t->process->pid, p, flags & CSIGNAL);
	/* The child has the group that the parent had in Linux. */
	if (!err && loop_is_changing())
		groups_resync(p->pid);
	if (!err)
		return;
	if (settings.compare || flags & CLONE_PARENT) {
		report_event(p->pid, "fork", err);
		p->unknown = true;
	} else {
		refuse_fork(t, child, err);
	}
}

void lives_begin_thread(struct tracee *child, struct process *p)
{
	tracee_join(child, p);
	report_count(COUNT_THREADS);
	if (!p->unknown)
		server_threads(p->pid, p->nr_threads);
}

static struct process *begin_like(struct tracee *child, pid_t forker)
{
	const struct process *of = process_find(forker);
	struct process *p = of ? copy_process(child->tid, of) : new_process(child->tid);

	/* The flags of the clone are not known: it may share the actions of signals. */
	p->silent_children = true;
	tracee_join(child, p);
	return p;
}

static void end_begin(struct tracee *child, int err)
{
	child->process->unknown = err;
	if (!err)
		credentials_report(child->process, child->tid);
}

void lives_begin_child(struct tracee *child, pid_t parent, int exit_signal)
{
	struct process *p = begin_like(child, parent);

	if (!p->unknown)
		end_begin(child, begin_child(parent, p, exit_signal));
}

void lives_begin_sibling(struct tracee *child, pid_t of)
{
	struct process *p = begin_like(child, of);

	if (!p->unknown)
		end_begin(child, begin_sibling(of, p));
}

/*
 * A child whose event has come may have stopped before, or ended. First it is marked as not
 * held, since the handling of its end looks for held tracees.
 */
void lives_start_child(struct tracee *child)
{
	bool has_stopped = child->held;

	tracee_set_held(child, false);
	if (child->ended) {
		lives_ended(child, child->status);
		/* It may have been waited for. */
		zombies_doubt();
	} else if (has_stopped) {
		tracee_go(child, 0);
	}
}

void lives_forked(struct tracee *t)
{
	struct tracee *child;
	unsigned long tid;
	__u64 flags;

	/* It was killed in its stop: the child will be adopted. */
	if (!t->process || ptrace(PTRACE_GETEVENTMSG, t->tid, 0, &tid))
		return;
	if (!tracee_find(tid) && adopt_has_ended(tid)) {
		t->clone_known = false;
		tracee_go(t, 0);
		return;
	}
	child = tracee_add(tid);
	if (!t->clone_known) {
		t->call.arch = ARCH_X86_64;
		t->clone_flags = regs_clone_flags(t);
	}
	flags = t->clone_flags;
	t->clone_known = false;
	if (!child->process) {
		if (flags & CLONE_THREAD)
			lives_begin_thread(child, t->process);
		else
			process_forked(t, child, flags);
		lives_start_child(child);
	}
	tracee_go(t, 0);
}

void lives_first_stop(struct tracee *t)
{
	tracee_set_held(t, true);
}

/* Note the flags of a clone on i386, and of any clone that is changed. */
void enter_clone(struct tracee *t)
{
	const char *name = t->call.kind->name;
	__u64 args[CALL_NR_ARGS];

	t->clone_known = t->call.arch == ARCH_I386;
	t->clone_flags = SIGCHLD;
	if (!strcmp(name, "clone3"))
		t->clone_flags = regs_clone3_flags(t, t->call.args[0]);
	else if (!strcmp(name, "clone"))
		t->clone_flags = t->call.args[0];
	if (t->clone_flags & CLONE_UNTRACED && strcmp(name, "clone3")) {
		/* All processes are traced. */
		memcpy(args, t->call.args, sizeof(args));
		args[0] &= ~(__u64)CLONE_UNTRACED;
		regs_change_call(t, t->call.nr, args);
	}
	tracee_go(t, 0);
}

/* Its argument looks like the flags of a clone. */
void enter_odd_clone3(struct tracee *t)
{
	t->process->odd_clone3 = true;
	tracee_go(t, 0);
}

void enter_unshare(struct tracee *t)
{
	/* With a type of 0 it is not known what the descriptor of setns() is for. */
	if (!strcmp(t->call.kind->name, "unshare") ||
	    call_int(&t->call, 1) & CLONE_NEWPID)
		t->process->nests = true;
	tracee_go(t, 0);
}

/*
 * Exec
 */

/* The call that the leader was in is gone with its thread. */
static void forget_call(struct tracee *t)
{
	tracee_end_call(t);
	loop_forget(t);
	t->at_exit = NULL;
	t->masked = false;
	t->repeating = false;
	t->in_wait = false;
	t->clone_known = false;
	stops_left(t);
}

static void report_ids(struct process *p, pid_t tid, const struct image *image)
{
	if (image->has_ids && image->uid == p->ids.uid &&
	    image->euid == p->ids.euid && image->gid == p->ids.gid &&
	    image->egid == p->ids.egid && !p->ids.change_at_exec)
		return;
	credentials_report(p, tid);
}

void lives_execed(struct tracee *t)
{
	struct process *p = t->process;
	struct tracee *former;
	struct image image;
	unsigned long tid;
	int err;

	report_count(COUNT_EXEC);
	/* A thread that is not the leader has the leader's id from here on. */
	if (!ptrace(PTRACE_GETEVENTMSG, t->tid, 0, &tid) &&
	    (pid_t)tid != t->tid) {
		former = tracee_find(tid);
		if (former)
			tracee_remove(former);
		forget_call(t);
		if (!p->unknown)
			server_threads(p->pid, 1);
	}
	if (!p->unknown) {
		image_read(t->tid, &image);
		err = server_exec(p->pid, &image);
		if (err)
			report_event(p->pid, "exec", err);
		if (p->nocldwait) {
			p->nocldwait = false;
			signals_report_autoreap(p);
		}
		report_ids(p, t->tid, &image);
	}
	tracee_go(t, 0);
}

/*
 * Exit
 */

/*
 * The parent, if the process leaves no zombie in the server, but may have left one in Linux: the
 * zombie is still there, or the parent has ended before, and the event of that is still to come.
 */
static struct process *parent_that_keeps_it(const struct process *p)
{
	struct procsrv_info info;
	struct process *parent;

	if (!signals_any_autoreap() || server_info(p->pid, &info))
		return NULL;
	parent = process_find(info.ppid);
	if (!parent || !(parent->sigchld_ignored || parent->nocldwait))
		return NULL;
	return !zombies_is_gone(p->pid) || !process_is_alive(parent) ? parent : NULL;
}

/*
 * Conversely, Linux keeps no zombies of clone children of a process that has called exec since,
 * and of children that end while their parent stops to ignore SIGCHLD.
 */
static int report_exit(const struct process *p, int status)
{
	struct process *parent = parent_that_keeps_it(p);
	int err;

	if (parent)
		server_set_autoreap(parent->pid, false);
	err = server_exit(p->pid, status);
	if (parent)
		server_set_autoreap(parent->pid, true);
	if (signals_any_autoreap() && zombies_is_gone(p->pid))
		zombies_doubt();
	return err;
}

static void process_ended(struct process *p, int status)
{
	int err;

	report_count(COUNT_EXIT);
	if (!p->unknown) {
		adopt_before_end(p->pid);
		/* An exec changes them, but has no event if the process is killed in it. */
		if (p->ids.change_at_exec)
			credentials_report(p, p->pid);
		reapers_follow(p);
		err = report_exit(p, status);
		reapers_restore();
		if (err)
			report_event(p->pid, "exit", err);
	}
	if (p->pid == command)
		loop_ended(status);
}

void lives_end_others(void)
{
	struct tracee *t = NULL;

	while ((t = tracee_next(t ? t->tid : 0))) {
		if (t->process && t->process->pid == t->tid &&
		    !t->process->unknown)
			server_exit(t->tid, SIGKILL);
	}
}

/*
 * The leader is the last to end. A thread that is left took over its id in an exec in which the
 * process was killed: the former id of the thread is free, and has no event.
 */
static void forget_threads(const struct tracee *leader)
{
	struct tracee *t, *next;

	for (t = tracee_next(0); t; t = next) {
		next = tracee_next(t->tid);
		if (t != leader && t->process == leader->process)
			tracee_remove(t);
	}
}

void lives_ended(struct tracee *t, int status)
{
	struct process *p = t->process;
	bool leader;

	if (!p) {
		t->ended = true;
		t->status = status;
		tracee_set_held(t, true);
		return;
	}
	leader = t->tid == p->pid;
	tracee_end_call(t);
	stops_left(t);
	if (leader && p->nr_threads > 1)
		forget_threads(t);
	if (leader)
		process_ended(p, status);
	else if (!p->unknown && p->nr_threads > 1)
		server_threads(p->pid, p->nr_threads - 1);
	tracee_remove(t);
}
