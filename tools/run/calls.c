// SPDX-License-Identifier: GPL-2.0-only
/*
 * The table of system calls that stop as they begin.
 *
 * Exits, execs and most forks are missing: they need not stop, as they have events.
 */
#include <errno.h>
#include <linux/sched.h>
#include <seccomp.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/prctl.h>

#include "calls.h"
#include "client.h"
#include "loop.h"
#include "report.h"
#include "run.h"
#include "tracee.h"

static void enter_wait(struct tracee *t);

#define CREDENTIALS(call, n) \
	{ .name = (call), .nr_args = (n), .done = credentials_done, \
	  .unfinished = credentials_unfinished }

#define SENDS(call, n, to, asks) \
	{ .name = (call), .nr_args = (n), .target = (to), .ask = (asks), \
	  .done = signals_sent, .unfinished = signals_unfinished }

const struct call_kind call_kinds[] = {
	{ .name = "wait4", .nr_args = 4, .enter = enter_wait },
	{ .name = "waitid", .nr_args = 5, .flags = CALL_WAITID,
	  .enter = enter_wait },
	{ .name = "waitpid", .nr_args = 3, .enter = enter_wait },

	SENDS("kill", 2, 0, ask_kill),
	SENDS("tkill", 2, 0, ask_tkill),
	SENDS("tgkill", 3, 1, ask_tgkill),
	SENDS("rt_sigqueueinfo", 3, 0, ask_sigqueueinfo),
	SENDS("rt_tgsigqueueinfo", 4, 1, ask_tgsigqueueinfo),
	SENDS("pidfd_send_signal", 4, 0, ask_pidfd_send_signal),
	{ .name = "pidfd_open", .nr_args = 2, .ask = ask_pidfd_open },

	{ .name = "setpgid", .nr_args = 2,
	  .flags = CALL_CHANGES | CALL_UNDONE,
	  .ask = ask_setpgid, .failed = setpgid_failed,
	  .unfinished = setpgid_resync },
	{ .name = "setsid", .flags = CALL_CHANGES, .ask = ask_setsid,
	  .unfinished = setsid_unfinished },
	{ .name = "getpgid", .nr_args = 1, .flags = CALL_GETS | CALL_ANSWERED,
	  .test = TEST_DIFFERS, .value = 0, .ask = ask_getpgid },
	{ .name = "getsid", .nr_args = 1, .flags = CALL_GETS | CALL_ANSWERED,
	  .test = TEST_DIFFERS, .value = 0, .ask = ask_getsid },
	{ .name = "getpgid", .nr_args = 1, .flags = CALL_GETS | CALL_COMPARED,
	  .ask = ask_getpgid },
	{ .name = "getsid", .nr_args = 1, .flags = CALL_GETS | CALL_COMPARED,
	  .ask = ask_getsid },
	{ .name = "getpgrp", .flags = CALL_GETS | CALL_COMPARED,
	  .ask = ask_getpgrp },
	{ .name = "getppid", .flags = CALL_GETS | CALL_COMPARED,
	  .ask = ask_getppid },
	{ .name = "ioctl", .nr_args = 3, .flags = CALL_MAY_SLEEP,
	  .test = TEST_EQUAL, .arg = 1, .value = TIOCSPGRP,
	  .done = tcsetpgrp_done },
	{ .name = "prctl", .nr_args = 2, .test = TEST_EQUAL, .arg = 0,
	  .value = PR_SET_CHILD_SUBREAPER, .ask = ask_subreaper },

	{ .name = "rt_sigaction", .nr_args = 4, .test = TEST_EQUAL, .arg = 0,
	  .value = SIGCHLD, .enter = enter_sigaction },
	{ .name = "sigaction", .nr_args = 3, .test = TEST_EQUAL, .arg = 0,
	  .value = SIGCHLD, .enter = enter_sigaction },
	{ .name = "signal", .nr_args = 2, .test = TEST_EQUAL, .arg = 0,
	  .value = SIGCHLD, .enter = enter_sigaction },

	/* On x86-64, flags are read from the registers when the event comes. */
	{ .name = "clone", .nr_args = 5, .flags = CALL_X86_64,
	  .test = TEST_BITS, .arg = 0, .value = CLONE_UNTRACED,
	  .enter = enter_clone },
	{ .name = "clone3", .nr_args = 2, .flags = CALL_X86_64,
	  .test = TEST_EQUAL, .arg = 0, .value = CLONE_FLAGS_OF_FORK,
	  .enter = enter_odd_clone3 },
	{ .name = "clone", .nr_args = 5, .flags = CALL_I386,
	  .enter = enter_clone },
	{ .name = "clone3", .nr_args = 2, .flags = CALL_I386,
	  .enter = enter_clone },
	{ .name = "fork", .flags = CALL_I386, .enter = enter_clone },
	{ .name = "vfork", .flags = CALL_I386, .enter = enter_clone },
	{ .name = "unshare", .nr_args = 1, .test = TEST_BITS, .arg = 0,
	  .value = CLONE_NEWPID, .enter = enter_unshare },
	{ .name = "setns", .nr_args = 2, .enter = enter_unshare },
	{ .name = "ptrace", .nr_args = 4, .enter = enter_ptrace },

	CREDENTIALS("setuid", 1),
	CREDENTIALS("setgid", 1),
	CREDENTIALS("setreuid", 2),
	CREDENTIALS("setregid", 2),
	CREDENTIALS("setresuid", 3),
	CREDENTIALS("setresgid", 3),
	CREDENTIALS("setuid32", 1),
	CREDENTIALS("setgid32", 1),
	CREDENTIALS("setreuid32", 2),
	CREDENTIALS("setregid32", 2),
	CREDENTIALS("setresuid32", 3),
	CREDENTIALS("setresgid32", 3),
	CREDENTIALS("capset", 2),
};

const size_t nr_call_kinds = ARRAY_SIZE(call_kinds);

int call_number(enum call_arch arch, const char *name)
{
	return seccomp_syscall_resolve_name_arch(arch == ARCH_I386 ?
						 SCMP_ARCH_X86 :
						 SCMP_ARCH_X86_64, name);
}

/* Small numbers may be negative; large ones are addresses. */
static int describe_arg(const struct call *call, unsigned int i, char *buf,
			size_t size)
{
	int v = call_int(call, i);

	if (v > -65536 && v < 1 << 22)
		return snprintf(buf, size, "%s%d", i ? ", " : "", v);
	return snprintf(buf, size, "%s%#llx", i ? ", " : "",
			(unsigned long long)call->args[i]);
}

void call_describe(const struct call *call, char *buf, size_t size)
{
	size_t used = snprintf(buf, size, "%s(", call->kind->name);
	unsigned int i;

	for (i = 0; i < call->kind->nr_args && used < size; i++)
		used += describe_arg(call, i, buf + used, size - used);
	if (used < size)
		snprintf(buf + used, size - used, ")");
}

static void enter_wait(struct tracee *t)
{
	if (settings.compare && loop_after_change(t))
		return;
	t->unfinished = wait_unfinished;
	if (settings.compare)
		wait_compare(t);
	else
		wait_answer(t);
}

/*
 * Pids in another PID namespace have other numbers; the server only knows those of this
 * one.
 */
static bool call_is_foreign(const struct tracee *t)
{
	return t->process->nested || t->process->unknown;
}

bool calls_is_limit(long result)
{
	return result == -EAGAIN || result == -EMFILE || result == -ENFILE ||
	       result == -ENOMEM;
}

long calls_ask(struct tracee *t)
{
	return t->call.kind->ask ? t->call.kind->ask(t) : LINUX_DECIDES;
}

/* A call that the server decides, or that is compared. */
static void enter_decision(struct tracee *t)
{
	if (!(t->call.kind->flags & CALL_MAY_SLEEP) && !loop_begin_alone(t))
		return;
	t->unfinished = t->call.kind->unfinished;
	if (settings.compare)
		compare_enter(t);
	else
		answer_enter(t);
}

bool calls_begin(struct tracee *t)
{
	if (!regs_read_call(t)) {
		tracee_go(t, 0);
		return false;
	}
	/* A filter of the program stopped it, but the program has no tracer of its own. */
	if (!t->call.kind) {
		regs_skip_call(t, -ENOSYS);
		return false;
	}
	t->repeating = false;
	return t->call.kind->enter != enter_wait || settings.compare ||
	       t->refusing || call_is_foreign(t) || wait_begin(t);
}

void calls_enter(struct tracee *t)
{
	if (t->refusing) {
		lives_reap_refused(t);
	} else if (call_is_foreign(t)) {
		report_count(COUNT_NESTED);
		tracee_go(t, 0);
	} else if (t->call.kind->enter) {
		t->call.kind->enter(t);
	} else {
		enter_decision(t);
	}
}
