// SPDX-License-Identifier: GPL-2.0-only
/*
 * Arguments and results of waits.
 */
#include <errno.h>
#include <limits.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sys/wait.h>
#include <linux/procsrv.h>

#include "calls.h"
#include "client.h"
#include "loop.h"
#include "server.h"
#include "tracee.h"
#include "wait.h"
#include "zombies.h"

#ifndef P_PIDFD
#define P_PIDFD	3
#endif

static bool is_waitid(const struct tracee *t)
{
	return t->call.kind->flags & CALL_WAITID;
}

unsigned int wait_options_arg(const struct tracee *t)
{
	return is_waitid(t) ? 3 : 2;
}

static void want_pid(struct wait_want *want, pid_t pid)
{
	want->which = PROCSRV_WAIT_PID;
	want->id = pid;
}

static void want_group(struct wait_want *want, pid_t pgid)
{
	want->which = PROCSRV_WAIT_PGID;
	want->id = pgid;
}

static void want_pidfd(const struct tracee *t, struct wait_want *want)
{
	bool nonblock;
	pid_t pid = signals_pidfd(t, call_int(&t->call, 1), &nonblock);

	if (pid < 0) {
		want->linux_only = true;
		return;
	}
	if (!pid) {
		want->error = -ECHILD;
		return;
	}
	want_pid(want, pid);
	/* Without O_NONBLOCK, a wait for a pidfd is like any other. */
	want->linux_only |= nonblock;
}

static void parse_waitid_target(const struct tracee *t, struct wait_want *want)
{
	pid_t id = call_int(&t->call, 1);

	switch (call_int(&t->call, 0)) {
	case P_ALL:
		want->which = PROCSRV_WAIT_ANY;
		return;
	case P_PID:
		want_pid(want, id);
		want->linux_only |= id <= 0;
		return;
	case P_PGID:
		want_group(want, id);
		want->linux_only |= id < 0;
		return;
	case P_PIDFD:
		want_pidfd(t, want);
		return;
	default:
		want->linux_only = true;
	}
}

static void parse_wait4_target(const struct tracee *t, struct wait_want *want)
{
	pid_t id = call_int(&t->call, 0);

	if (id > 0)
		want_pid(want, id);
	else if (id == -1)
		want->which = PROCSRV_WAIT_ANY;
	else if (id == INT_MIN)
		want->linux_only = true;
	else
		want_group(want, -id);
}

void wait_parse(const struct tracee *t, struct wait_want *want)
{
	unsigned int options = t->call.args[wait_options_arg(t)];
	unsigned int known = WNOHANG | WUNTRACED | WCONTINUED | __WALL | __WCLONE;

	*want = (struct wait_want) {};
	if (is_waitid(t))
		known |= WNOWAIT | WEXITED;
	if (!is_waitid(t) || options & WEXITED)
		want->what |= PROCSRV_WAIT_EXITED;
	if (options & WUNTRACED)
		want->what |= PROCSRV_WAIT_STOPPED;
	if (options & WCONTINUED)
		want->what |= PROCSRV_WAIT_CONTINUED;
	if (options & __WALL)
		want->kinds = PROCSRV_WAIT_WALL;
	else if (options & __WCLONE)
		want->kinds = PROCSRV_WAIT_WCLONE;
	want->nohang = options & WNOHANG;
	want->nowait = is_waitid(t) && options & WNOWAIT;
	want->linux_only = options & ~known || !want->what;
	if (is_waitid(t))
		parse_waitid_target(t, want);
	else
		parse_wait4_target(t, want);
}

/*
 * Results
 */

static void read_status(struct wait_found *found, int status)
{
	if (WIFSTOPPED(status)) {
		found->why = PROCSRV_WAIT_STOPPED;
		found->signo = WSTOPSIG(status);
	} else if (WIFCONTINUED(status)) {
		found->why = PROCSRV_WAIT_CONTINUED;
		found->signo = SIGCONT;
	} else {
		found->why = PROCSRV_WAIT_EXITED;
		if (WIFEXITED(status))
			found->code = WEXITSTATUS(status);
		else
			found->signo = status & 0xff;
	}
}

static void read_code(struct wait_found *found, int code, int status)
{
	found->why = PROCSRV_WAIT_EXITED;
	switch (code) {
	case CLD_EXITED:
		found->code = status & 0xff;
		break;
	case CLD_KILLED:
		found->signo = status;
		break;
	case CLD_DUMPED:
		found->signo = status | PROCSRV_CORE_DUMP;
		break;
	case CLD_CONTINUED:
		found->why = PROCSRV_WAIT_CONTINUED;
		found->signo = SIGCONT;
		break;
	default:
		found->why = PROCSRV_WAIT_STOPPED;
		found->signo = status;
	}
}

/* Words of a siginfo, which has an empty one in x86-64. */
enum {
	INFO_CODE = 2,
	INFO_PID = 3,
	INFO_STATUS = 5,
	INFO_WORDS = 6,
};

static unsigned int info_gap(const struct tracee *t)
{
	return t->call.arch == ARCH_X86_64;
}

static void read_info(const struct tracee *t, struct wait_found *found)
{
	unsigned int gap = info_gap(t);
	int info[INFO_WORDS + 1];

	if (!t->call.args[2] ||
	    !tracee_read(t, t->call.args[2], info, (INFO_WORDS + gap) * sizeof(*info)))
		return;
	found->pid = info[INFO_PID + gap];
	if (found->pid)
		read_code(found, info[INFO_CODE], info[INFO_STATUS + gap]);
	else
		found->error = -EAGAIN;
}

void wait_read_result(const struct tracee *t, long result,
		      struct wait_found *found)
{
	int status;

	*found = (struct wait_found) { .error = result < 0 ? result : 0 };
	if (result < 0)
		return;
	if (is_waitid(t)) {
		read_info(t, found);
		return;
	}
	found->pid = result;
	if (!result)
		found->error = -EAGAIN;
	else if (t->call.args[1] &&
		 tracee_read(t, t->call.args[1], &status, sizeof(status)))
		read_status(found, status);
}

int wait_clear_info(const struct tracee *t)
{
	static const int zero[INFO_WORDS + 1];

	if (!is_waitid(t) || !t->call.args[2])
		return 0;
	return tracee_write(t, t->call.args[2], zero,
			    (INFO_WORDS + info_gap(t)) * sizeof(*zero)) ?
		       0 : -EFAULT;
}

bool wait_may_take(const struct wait_want *want, pid_t pid)
{
	if (want->linux_only)
		return true;
	return want->what & PROCSRV_WAIT_EXITED && !want->nowait &&
	       (want->which != PROCSRV_WAIT_PID || (pid_t)want->id == pid);
}

void wait_drop(struct process *parent, pid_t pid)
{
	const struct wait_want want = {
		.what = PROCSRV_WAIT_EXITED,
		.kinds = PROCSRV_WAIT_WALL,
	};
	struct wait_found found;

	if (!server_take_child(parent->pid, &want, pid, 0, &found))
		parent->nr_children--;
}

void wait_unfinished(struct tracee *t)
{
	(void)t;
	zombies_doubt();
}

bool wait_same(const struct wait_found *a, const struct wait_found *b)
{
	if (a->error || b->error)
		return a->error == b->error;
	if (a->pid && b->pid && a->pid != b->pid)
		return false;
	if (!a->why || !b->why)
		return true;
	return a->why == b->why && a->code == b->code && a->signo == b->signo;
}

bool wait_was_before(const struct tracee *t, const struct wait_found *linux_did)
{
	const struct wait_want want = {
		.which = PROCSRV_WAIT_PID,
		.id = linux_did->pid,
		.what = PROCSRV_WAIT_EXITED,
		.kinds = PROCSRV_WAIT_WALL,
	};
	struct wait_found end;

	if (linux_did->why == PROCSRV_WAIT_EXITED && !t->want.nowait)
		return false;
	if (server_find_child(t->process->pid, &want, &end))
		return zombies_is_gone(linux_did->pid);
	return linux_did->why != PROCSRV_WAIT_EXITED;
}

bool wait_has_missed(const struct tracee *t, const struct wait_found *linux_did)
{
	return linux_did->why == PROCSRV_WAIT_CONTINUED &&
	       loop_is_settled(t) && stops_missed(linux_did->pid);
}

static const char *signal_name(unsigned int signo, char buf[static 16])
{
	int number = client_exit_signal(signo);
	const char *name = procsrv_signal_name(number);

	if (name)
		return name;
	snprintf(buf, 16, "signal %d", number);
	return buf;
}

static void describe_error(long error, char *buf, size_t size)
{
	const char *name = strerrorname_np(-error);

	if (error == -EAGAIN)
		snprintf(buf, size, "nothing yet");
	else if (name)
		snprintf(buf, size, "%s", name);
	else
		snprintf(buf, size, "error %ld", -error);
}

void wait_describe(const struct wait_found *f, char *buf, size_t size)
{
	char signal[16];

	if (f->error)
		describe_error(f->error, buf, size);
	else if (f->why == PROCSRV_WAIT_STOPPED)
		snprintf(buf, size, "%d stopped by %s", f->pid,
			 signal_name(f->signo, signal));
	else if (f->why == PROCSRV_WAIT_CONTINUED)
		snprintf(buf, size, "%d continued", f->pid);
	else if (f->why && f->signo)
		snprintf(buf, size, "%d killed by %s%s", f->pid,
			 signal_name(f->signo, signal),
			 client_dumped_core(f->signo) ? ", core dumped" : "");
	else if (f->why)
		snprintf(buf, size, "%d exited with %d", f->pid, f->code);
	else
		snprintf(buf, size, "%d", f->pid);
}
