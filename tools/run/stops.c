// SPDX-License-Identifier: GPL-2.0-only
/*
 * Signals that are delivered, stops and continuations.
 *
 * Linux decides which signals are delivered, and what they do. The effects are reported to
 * the server.
 */
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ptrace.h>

#include "client.h"
#include "loop.h"
#include "report.h"
#include "run.h"
#include "server.h"

static bool is_stop_signal(int signo)
{
	return signo == SIGSTOP || signo == SIGTSTP || signo == SIGTTIN ||
	       signo == SIGTTOU;
}

/* A leader that has exited before its threads never stops. */
static bool leader_is_gone(const struct process *p)
{
	const struct tracee *leader = tracee_find(p->pid);

	if (!leader)
		return true;
	return !leader->group_stop && tracee_state(leader) == TRACEE_DEAD;
}

static bool all_stopped(const struct process *p)
{
	if (p->nr_stopped == p->nr_threads)
		return true;
	return p->nr_stopped + 1 == p->nr_threads && leader_is_gone(p);
}

static void stopped(struct process *p, int signo)
{
	p->stopped = true;
	if (!p->unknown)
		server_report(p->pid, PROCSRV_BODY_STOPPED, signo);
	inside_stopped(p->pid, signo);
}

void stops_continued(struct process *p)
{
	if (!p->stopped)
		return;
	p->stopped = false;
	if (!p->unknown)
		server_report(p->pid, PROCSRV_BODY_CONTINUED, 0);
}

bool stops_missed(pid_t pid)
{
	const struct process *p = process_find(pid);

	return p && !p->unknown && !p->stopped &&
	       !server_report(pid, PROCSRV_BODY_STOPPED, SIGSTOP) &&
	       !server_report(pid, PROCSRV_BODY_CONTINUED, 0);
}

void stops_left(struct tracee *t)
{
	if (!t->group_stop)
		return;
	t->group_stop = false;
	t->process->nr_stopped--;
}

/* A group stop, its end, or the first stop of a new thread. */
void stops_event(struct tracee *t, int signo)
{
	struct process *p = t->process;

	if (!is_stop_signal(signo)) {
		if (t->group_stop)
			stops_continued(p);
		stops_left(t);
		tracee_go(t, 0);
		return;
	}
	if (!t->group_stop) {
		t->group_stop = true;
		p->nr_stopped++;
	}
	if (!p->stopped && all_stopped(p))
		stopped(p, signo);
	ptrace(PTRACE_LISTEN, t->tid, 0, 0);
}

/* Is it the signal for the exit of a refused child? The parent must not see it. */
static bool is_of_refused(struct tracee *t, int signo)
{
	siginfo_t info;

	if (signo != SIGCHLD || !t->process->refused ||
	    ptrace(PTRACE_GETSIGINFO, t->tid, 0, &info) ||
	    info.si_pid != t->process->refused)
		return false;
	t->process->refused = 0;
	return true;
}

static bool has_signal(const char *status, const char *set, int signo)
{
	const char *mask = strstr(status, set);

	return mask && strtoull(mask + strlen(set), NULL, 16) & 1ULL << (signo - 1);
}

static bool is_ignored(const struct tracee *t, int signo)
{
	char status[4096];

	if (client_read_proc(t->tid, "status", status, sizeof(status)) < 0)
		return false;
	return has_signal(status, "\nSigIgn:", signo) ||
	       ((signo == SIGCHLD || signo == SIGURG || signo == SIGWINCH) &&
		!has_signal(status, "\nSigCgt:", signo));
}

/*
 * An ignored signal interrupts a call of a tracee, but not of other processes. Linux then restarts
 * most calls, waits among them.
 */
void stops_signal(struct tracee *t, int signo, bool in_wait)
{
	if (t->process && is_of_refused(t, signo))
		signo = 0;
	if (!in_wait && regs_may_continue(t) && (!signo || is_ignored(t, signo)))
		regs_continue_call(t);
	tracee_go(t, signo);
}
