// SPDX-License-Identifier: GPL-2.0-only
/*
 * kill and its relatives, and the signals of the server.
 *
 * When a process sends a signal, the server decides whether it may, and queues the
 * signal in its targets. Then Linux delivers it, to the same processes, and it is taken
 * out of the server. A signal that is taken and did not come from a process was sent to
 * the server from outside, and is carried out with kill(2).
 */
#include <errno.h>
#include <limits.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ptrace.h>

#include "calls.h"
#include "client.h"
#include "escape.h"
#include "loop.h"
#include "server.h"
#include "tracee.h"

/* Flags of pidfd_send_signal(2), since Linux 6.9. */
enum {
	TO_THREAD	= 1 << 0,
	TO_PROCESS	= 1 << 1,
	TO_GROUP	= 1 << 2,
};

/* Linux looks up the target first, even if the signal does not exist. */
static long ask_signal(const struct tracee *t, enum procsrv_target target,
		       pid_t id, int signo)
{
	bool valid = signo >= 0 && signo < NSIG;
	long err = server_signal(t->process->pid, target, id, valid ? signo : 0);

	return valid || err == -ESRCH ? err : -EINVAL;
}

static long send_to(const struct tracee *t, pid_t pid, int signo)
{
	const struct process *p = process_of(pid);

	/* A process can be named by any of its threads. */
	return ask_signal(t, PROCSRV_TARGET_PID, p ? p->pid : pid, signo);
}

long ask_kill(struct tracee *t)
{
	pid_t pid = call_int(&t->call, 0);
	int signo = call_int(&t->call, 1);

	if (pid > 0)
		return send_to(t, pid, signo);
	if (pid == -1)
		return ask_signal(t, PROCSRV_TARGET_ALL, 0, signo);
	if (pid == INT_MIN)
		return -ESRCH;
	return ask_signal(t, PROCSRV_TARGET_PGID, -pid, signo);
}

/* @tgid: the process that the thread must be of, or 0 */
static long send_to_thread(const struct tracee *t, pid_t tgid, pid_t tid,
			   int signo)
{
	const struct process *p = process_of(tid);

	/* A zombie has one thread, which is not traced any more. */
	if (tgid && tgid != (p ? p->pid : tid))
		return -ESRCH;
	return send_to(t, tid, signo);
}

long ask_tkill(struct tracee *t)
{
	pid_t tid = call_int(&t->call, 0);

	if (tid <= 0)
		return -EINVAL;
	return send_to_thread(t, 0, tid, call_int(&t->call, 1));
}

long ask_tgkill(struct tracee *t)
{
	pid_t tgid = call_int(&t->call, 0), tid = call_int(&t->call, 1);

	if (tgid <= 0 || tid <= 0)
		return -EINVAL;
	return send_to_thread(t, tgid, tid, call_int(&t->call, 2));
}

/* Linux refuses a siginfo that claims to come from Linux, unless it is to the sender. */
static bool is_for_linux(const struct tracee *t, unsigned int arg, pid_t target)
{
	int head[3];

	if (!tracee_read(t, t->call.args[arg], head, sizeof(head)))
		return true;
	return (head[2] >= 0 || head[2] == SI_TKILL) && target != t->tid;
}

long ask_sigqueueinfo(struct tracee *t)
{
	pid_t pid = call_int(&t->call, 0);

	if (is_for_linux(t, 2, pid))
		return LINUX_DECIDES;
	return pid > 0 ? send_to(t, pid, call_int(&t->call, 1)) : -ESRCH;
}

long ask_tgsigqueueinfo(struct tracee *t)
{
	pid_t tgid = call_int(&t->call, 0), tid = call_int(&t->call, 1);

	if (is_for_linux(t, 3, tid))
		return LINUX_DECIDES;
	if (tgid <= 0 || tid <= 0)
		return -EINVAL;
	return send_to_thread(t, tgid, tid, call_int(&t->call, 2));
}

/*
 * Descriptors of processes
 */

/* O_NONBLOCK in the flags of a fdinfo, which are octal. */
#define FDINFO_NONBLOCK	04000

pid_t signals_pidfd(const struct tracee *t, int fd, bool *nonblock)
{
	char file[32], text[1024];
	const char *line;
	unsigned int v;
	pid_t pid;

	snprintf(file, sizeof(file), "fdinfo/%d", fd);
	if (fd < 0 || client_read_proc(t->tid, file, text, sizeof(text)) < 0)
		return -1;
	line = strstr(text, "flags:");
	if (nonblock)
		*nonblock = line && sscanf(line, "flags: %o", &v) == 1 &&
			    v & FDINFO_NONBLOCK;
	line = strstr(text, "\nPid:");
	if (!line)
		return -1;
	/* -1: it has been waited for; 0: it is in another namespace. */
	pid = atoi(line + strlen("\nPid:"));
	return pid > 0 ? pid : 0;
}

long ask_pidfd_send_signal(struct tracee *t)
{
	pid_t pid = signals_pidfd(t, call_int(&t->call, 0), NULL);
	int signo = call_int(&t->call, 1);
	unsigned int flags = call_int(&t->call, 3);
	__u64 info = t->call.args[2];

	/* At most one of the flags. */
	if (pid < 0 || flags & ~(TO_THREAD | TO_PROCESS | TO_GROUP) ||
	    flags & (flags - 1) || (info && is_for_linux(t, 2, pid)))
		return LINUX_DECIDES;
	/* An older Linux refuses a flag that it does not know by itself. */
	if (flags & TO_GROUP)
		return LINUX_DECIDES;
	return pid ? send_to(t, pid, signo) : -ESRCH;
}

long ask_pidfd_open(struct tracee *t)
{
	pid_t pid = call_int(&t->call, 0);
	const struct process *p = process_of(pid);
	struct procsrv_info info;

	if (pid <= 0 || t->call.args[1] || (p && p->pid != pid))
		return LINUX_DECIDES;
	return server_info(pid, &info);
}

/*
 * Signals that are pending in the server
 */

static void carry_out(const struct procsrv_take_signal_args *args)
{
	struct process *p = process_find(args->target);

	if (args->origin & PROCSRV_FROM_OUTSIDE)
		kill(args->target, args->signo);
	if (!p)
		return;
	/* These have an effect at once, before the process runs. */
	if (args->signo == SIGCONT)
		stops_continued(p);
	else if (args->signo == SIGKILL)
		server_report(p->pid, PROCSRV_BODY_EXITING, 0);
}

void signals_drain(void)
{
	struct procsrv_take_signal_args args;

	while (!server_take_signal(&args))
		carry_out(&args);
}

/* It is not known whether Linux has delivered the signal; later events will show that. */
void signals_unfinished(struct tracee *t)
{
	struct procsrv_take_signal_args args;

	(void)t;
	while (!server_take_signal(&args))
		if (args.origin & PROCSRV_FROM_OUTSIDE)
			carry_out(&args);
}

void signals_sent(struct tracee *t, long result)
{
	(void)t;
	(void)result;
	signals_drain();
}

/*
 * SIGCHLD
 */

static bool any_autoreap;

bool signals_any_autoreap(void)
{
	return any_autoreap;
}

void signals_report_autoreap(struct process *p)
{
	bool on = p->sigchld_ignored || p->nocldwait;

	any_autoreap |= on;
	p->uncounted |= on;
	if (!p->unknown && !p->nested)
		server_set_autoreap(p->pid, on);
}

/* The handler and the flags of a struct sigaction, in its three layouts. */
static bool read_action(const struct tracee *t, __u64 *handler, __u64 *flags)
{
	__u64 words64[2];
	__u32 words[3];

	if (!strcmp(t->call.kind->name, "signal")) {
		*handler = (__u32)t->call.args[1];
		*flags = 0;
		return true;
	}
	if (t->call.arch == ARCH_X86_64) {
		if (!tracee_read(t, t->call.args[1], words64, sizeof(words64)))
			return false;
		*handler = words64[0];
		*flags = words64[1];
		return true;
	}
	if (!tracee_read(t, t->call.args[1], words, sizeof(words)))
		return false;
	*handler = words[0];
	/* The older layout has its mask, one word, before the flags. */
	*flags = words[strcmp(t->call.kind->name, "sigaction") ? 1 : 2];
	return true;
}

void enter_sigaction(struct tracee *t)
{
	struct process *p = t->process;
	__u64 handler, flags;
	bool ignored, nocldwait;

	if (t->call.args[1] && read_action(t, &handler, &flags)) {
		ignored = handler == (__u64)(uintptr_t)SIG_IGN;
		nocldwait = flags & SA_NOCLDWAIT;
		if (ignored != p->sigchld_ignored || nocldwait != p->nocldwait) {
			p->sigchld_ignored = ignored;
			p->nocldwait = nocldwait;
			signals_report_autoreap(p);
		}
	}
	tracee_go(t, 0);
}

/*
 * Debuggers
 */

void enter_ptrace(struct tracee *t)
{
	switch (t->call.args[0]) {
	case PTRACE_TRACEME:
	case PTRACE_ATTACH:
	case PTRACE_SEIZE:
		/* Linux refuses that by itself, without a reason. */
		escape_warnx(0,
			     "%d: a debugger cannot work here (EPERM): all processes are traced already",
			     t->tid);
		break;
	}
	tracee_go(t, 0);
}
