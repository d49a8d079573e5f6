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

#include "calls.h"
#include "client.h"
#include "image.h"
#include "loop.h"
#include "report.h"
#include "run.h"
#include "server.h"

/* How long a new thread may wait for the event of its fork. */
#define HELD_MS		50

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

/* What a child has of its parent. */
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
 * Children in another PID namespace are waited for with numbers that the server does
 * not know. It does not keep them for the wait.
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
 * Linux has forked when the server refuses to create the process. The child is killed
 * before its first instruction; the parent waits for it in its fork, which then fails,
 * and gets no signal of it.
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

/* As copy_process() in Linux. */
static pid_t parent_of_child(const struct process *p, __u64 flags,
			     int *exit_signal)
{
	struct procsrv_info info;

	*exit_signal = flags & CSIGNAL;
	if (!(flags & CLONE_PARENT) || server_info(p->pid, &info))
		return p->pid;
	*exit_signal = info.flags & PROCSRV_INFO_CLONE ? 0 : SIGCHLD;
	return info.ppid;
}

static void count_child(pid_t parent, int exit_signal)
{
	struct process *p = process_find(parent);

	if (!p)
		return;
	p->nr_children++;
	p->silent_children |= exit_signal != SIGCHLD;
}

static int begin_process(pid_t parent, struct process *p, int exit_signal)
{
	int err = server_create(parent, p->pid, exit_signal);

	p->parent = parent;
	if (!err) {
		count_child(parent, exit_signal);
		let_children_vanish(p);
	}
	return err;
}

static void process_forked(struct tracee *t, struct tracee *child, __u64 flags)
{
	struct process *p = copy_process(child->tid, t->process);
	int err, exit_signal;
	pid_t parent;

	p->nested |= !!(flags & CLONE_NEWPID);
	p->nests = p->nested;
	if (flags & CLONE_SIGHAND) {
		/* Each can have the other ignore SIGCHLD. */
		p->silent_children = true;
		t->process->silent_children = true;
	}
	tracee_join(child, p);
	report_count(COUNT_FORK);
	if (p->unknown)
		return;
	parent = parent_of_child(t->process, flags, &exit_signal);
	err = begin_process(parent, p, exit_signal);
	if (!err)
		return;
	if (settings.compare || flags & CLONE_PARENT) {
		report_event(p->pid, "fork", err);
		p->unknown = true;
	} else {
		refuse_fork(t, child, err);
	}
}

static void begin_thread(struct process *p, struct tracee *child)
{
	tracee_join(child, p);
	report_count(COUNT_THREADS);
	if (!p->unknown)
		server_threads(p->pid, p->nr_threads);
}

/* A child whose event has come may have stopped before, or ended. */
static void start_child(struct tracee *child)
{
	if (child->ended)
		lives_ended(child, child->status);
	else if (child->held)
		tracee_go(child, 0);
	tracee_set_held(child, false);
}

void lives_forked(struct tracee *t)
{
	struct tracee *child;
	unsigned long tid;
	__u64 flags;

	/* Killed in its stop: then lives_adopt_held() finds the child. */
	if (!t->process || ptrace(PTRACE_GETEVENTMSG, t->tid, 0, &tid))
		return;
	child = tracee_add(tid);
	if (!t->clone_known) {
		t->call.arch = ARCH_X86_64;
		t->clone_flags = regs_clone_flags(t);
	}
	flags = t->clone_flags;
	t->clone_known = false;
	if (!child->process) {
		if (flags & CLONE_THREAD)
			begin_thread(t->process, child);
		else
			process_forked(t, child, flags);
		start_child(child);
	}
	tracee_go(t, 0);
}

void lives_first_stop(struct tracee *t)
{
	tracee_set_held(t, true);
}

/* The flags of a clone on i386, and those of any that is changed. */
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
		/* All are traced. */
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
	/* Of setns() with a type of 0 it is not known what the descriptor is for. */
	if (!strcmp(t->call.kind->name, "unshare") ||
	    call_int(&t->call, 1) & CLONE_NEWPID)
		t->process->nests = true;
	tracee_go(t, 0);
}

/*
 * A tracee that is killed in the stop of its fork has no event, and its child is held
 * for nothing. Linux says whose child it is by now.
 */
static void adopt(struct tracee *t)
{
	const char *tgid_line, *ppid_line;
	struct process *p, *parent;
	pid_t tgid, ppid;
	char status[512];

	if (client_read_proc(t->tid, "status", status, sizeof(status)) < 0)
		return;
	tgid_line = strstr(status, "\nTgid:");
	ppid_line = strstr(status, "\nPPid:");
	if (!tgid_line || !ppid_line)
		return;
	tgid = atoi(tgid_line + strlen("\nTgid:"));
	ppid = atoi(ppid_line + strlen("\nPPid:"));
	p = process_find(tgid);
	if (p) {
		begin_thread(p, t);
	} else {
		parent = process_find(ppid);
		p = parent ? copy_process(t->tid, parent) : new_process(t->tid);
		tracee_join(t, p);
		p->unknown = begin_process(ppid, p, SIGCHLD);
		if (!p->unknown)
			credentials_report(p, t->tid);
	}
	start_child(t);
}

void lives_adopt_held(void)
{
	long long now = loop_now();
	struct tracee *t;
	pid_t tid = 0;

	while ((t = tracee_next_held(tid))) {
		tid = t->tid;
		if (now - t->held_at >= HELD_MS)
			adopt(t);
	}
}

/*
 * Exec
 */

/* The call that the leader was in is gone with its thread. */
static void forget_call(struct tracee *t)
{
	if (t->unfinished)
		t->unfinished(t);
	t->unfinished = NULL;
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
	/* A thread that is not the leader has its id from here on. */
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
 * Does the server know the child of a parent that leaves no zombies, which Linux does not
 * take it for any more? So it is if the parent has ended before the child was collected:
 * the event of its end is still to come. Or it has not yet got as far as to ignore SIGCHLD.
 */
static struct process *parent_that_keeps_it(const struct process *p)
{
	struct procsrv_info info;
	struct process *parent;

	if (!signals_any_autoreap() || server_info(p->pid, &info))
		return NULL;
	parent = process_find(info.ppid);
	if (!parent || !(parent->sigchld_ignored || parent->nocldwait) ||
	    kill(p->pid, 0))
		return NULL;
	return parent;
}

static bool is_in_wait(const struct process *p)
{
	struct tracee *t = NULL;

	while ((t = tracee_next(t ? t->tid : 0)))
		if (t->process == p && t->unfinished == wait_unfinished)
			return true;
	return false;
}

/*
 * The other way round: Linux has dropped the zombie. So it is with clone children of a
 * process that has called exec since, and while the parent begins to care for SIGCHLD.
 */
static void drop_if_gone(const struct process *p)
{
	struct procsrv_info info;
	struct process *parent;

	if (!signals_any_autoreap() || server_info(p->pid, &info))
		return;
	parent = process_find(info.ppid);
	if (parent && wait_is_gone(p->pid) && !is_in_wait(parent))
		wait_drop(parent, p->pid);
}

static int report_exit(const struct process *p, int status)
{
	struct process *parent = parent_that_keeps_it(p);
	int err;

	if (parent)
		server_set_autoreap(parent->pid, false);
	err = server_exit(p->pid, status);
	if (parent)
		server_set_autoreap(parent->pid, true);
	drop_if_gone(p);
	return err;
}

static void process_ended(const struct process *p, int status)
{
	int err;

	report_count(COUNT_EXIT);
	if (!p->unknown) {
		err = report_exit(p, status);
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
	if (t->unfinished)
		t->unfinished(t);
	stops_left(t);
	if (leader)
		process_ended(p, status);
	else if (!p->unknown && p->nr_threads > 1)
		server_threads(p->pid, p->nr_threads - 1);
	tracee_remove(t);
}
