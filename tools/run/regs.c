// SPDX-License-Identifier: GPL-2.0-only
/*
 * Arguments and results of the calls of a tracee, per architecture.
 *
 * A supervisor of x86-64 sees the registers of an i386 tracee in the layout of x86-64.
 */
#include <errno.h>
#include <linux/audit.h>
#include <linux/sched.h>
#include <sys/ptrace.h>
#include <sys/syscall.h>
#include <signal.h>
#include <stddef.h>

#include "calls.h"
#include "client.h"
#include "tracee.h"

/* Bytes of the instruction that makes a system call: syscall, int $0x80. */
#define CALL_INSTRUCTION	2

/* The code segment of 32-bit programs. */
#define CS_I386		0x23

/* In place of the index of the timeout among the arguments. */
#define NO_TIMEOUT	(-1)

static unsigned long peek_reg(pid_t tid, size_t offset)
{
	return ptrace(PTRACE_PEEKUSER, tid, offset, 0);
}

bool regs_read_call(struct tracee *t)
{
	struct __ptrace_syscall_info info;
	struct call *call = &t->call;
	unsigned int i;

	if (ptrace(PTRACE_GET_SYSCALL_INFO, t->tid, sizeof(info), &info) <= 0 ||
	    info.op != PTRACE_SYSCALL_INFO_SECCOMP)
		return false;
	call->arch = info.arch == AUDIT_ARCH_I386 ? ARCH_I386 : ARCH_X86_64;
	call->nr = (int)info.seccomp.nr;
	call->kind = filter_find(info.seccomp.ret_data, call->arch, call->nr);
	for (i = 0; i < CALL_NR_ARGS; i++)
		call->args[i] = info.seccomp.args[i];
	return true;
}

bool regs_result(const struct tracee *t, long *result)
{
	struct __ptrace_syscall_info info;

	if (ptrace(PTRACE_GET_SYSCALL_INFO, t->tid, sizeof(info), &info) <= 0 ||
	    info.op != PTRACE_SYSCALL_INFO_EXIT)
		return false;
	*result = info.exit.rval;
	return true;
}

bool regs_result_at_signal(const struct tracee *t, long *result)
{
	errno = 0;
	/* The result of an i386 call may not be sign-extended above its 32 bits. */
	*result = (int)peek_reg(t->tid, offsetof(struct user_regs_struct, rax));
	return !errno;
}

static bool get_regs(const struct tracee *t, struct regs *regs)
{
	return !ptrace(PTRACE_GETREGS, t->tid, 0, &regs->user);
}

void regs_continue_call(const struct tracee *t)
{
	ptrace(PTRACE_POKEUSER, t->tid, offsetof(struct user_regs_struct, rax),
	       (long)-RESTART_NOHAND);
}

bool regs_blocks(const struct tracee *t, int signo)
{
	__u64 mask;

	return ptrace(PTRACE_GETSIGMASK, t->tid, sizeof(mask), &mask) ||
	       mask & 1ULL << (signo - 1);
}

static void set_regs(const struct tracee *t, struct regs *regs)
{
	ptrace(PTRACE_SETREGS, t->tid, 0, &regs->user);
}

/* Where the arguments are in the registers. */
static const size_t arg_offsets[NR_ARCHS][CALL_NR_ARGS] = {
	[ARCH_X86_64] = {
		offsetof(struct user_regs_struct, rdi),
		offsetof(struct user_regs_struct, rsi),
		offsetof(struct user_regs_struct, rdx),
		offsetof(struct user_regs_struct, r10),
		offsetof(struct user_regs_struct, r8),
		offsetof(struct user_regs_struct, r9),
	},
	[ARCH_I386] = {
		offsetof(struct user_regs_struct, rbx),
		offsetof(struct user_regs_struct, rcx),
		offsetof(struct user_regs_struct, rdx),
		offsetof(struct user_regs_struct, rsi),
		offsetof(struct user_regs_struct, rdi),
		offsetof(struct user_regs_struct, rbp),
	},
};

static unsigned long long *arg_of(struct regs *regs, enum call_arch arch, unsigned int i)
{
	return (void *)((char *)&regs->user + arg_offsets[arch][i]);
}

static void set_args(struct regs *regs, enum call_arch arch, const __u64 *args)
{
	unsigned int i;

	for (i = 0; i < CALL_NR_ARGS; i++)
		*arg_of(regs, arch, i) = args[i];
}

/* Calls that Linux ends with EINTR instead of a restart, and that may have no timeout. */
static const struct {
	const char *name;
	int timeout;
	int none;
} endless_calls[] = {
	{ "rt_sigtimedwait", 2, 0 },
	{ "rt_sigtimedwait_time64", 2, 0 },
	{ "epoll_wait", 3, -1 },
	{ "epoll_pwait", 3, -1 },
	{ "epoll_pwait2", 3, 0 },
	{ "semtimedop", 3, 0 },
	{ "semtimedop_time64", 3, 0 },
	{ "io_getevents", 4, 0 },
	{ "semop", NO_TIMEOUT, 0 },
	{ "msgsnd", NO_TIMEOUT, 0 },
	{ "msgrcv", NO_TIMEOUT, 0 },
};

static bool is_endless(struct regs *regs, enum call_arch arch)
{
	int nr = (int)regs->user.orig_rax;
	long long arg;
	size_t i;

	for (i = 0; i < ARRAY_SIZE(endless_calls); i++)
		if (call_number(arch, endless_calls[i].name) == nr)
			break;
	/* A negative number is no call; calls that the architecture lacks have one too. */
	if (nr < 0 || i == ARRAY_SIZE(endless_calls))
		return false;
	if (endless_calls[i].timeout == NO_TIMEOUT)
		return true;
	arg = *arg_of(regs, arch, endless_calls[i].timeout);
	/* An int, or a pointer. */
	if (arch == ARCH_I386 || endless_calls[i].none)
		arg = (int)arg;
	return arg == endless_calls[i].none;
}

bool regs_may_continue(const struct tracee *t)
{
	struct regs regs;

	return get_regs(t, &regs) && (int)regs.user.rax == -EINTR &&
	       is_endless(&regs, regs.user.cs == CS_I386 ? ARCH_I386 : ARCH_X86_64);
}

void regs_skip_call(struct tracee *t, long result)
{
	struct regs regs;

	if (get_regs(t, &regs)) {
		regs.user.orig_rax = -1;
		regs.user.rax = result;
		set_regs(t, &regs);
	}
	tracee_go(t, 0);
}

void regs_change_call(struct tracee *t, int nr, const __u64 *args)
{
	struct regs regs;

	if (!get_regs(t, &regs))
		return;
	regs.user.orig_rax = nr;
	set_args(&regs, t->call.arch, args);
	set_regs(t, &regs);
}

void regs_change_back(struct tracee *t)
{
	struct regs regs;

	if (!get_regs(t, &regs))
		return;
	set_args(&regs, t->call.arch, t->call.args);
	regs.user.orig_rax = t->call.nr;
	set_regs(t, &regs);
}

/*
 * Without the mask a signal handler could run before the call is made again, where
 * the program knows that the call has either returned or not begun.
 */
static void block_signals(struct tracee *t)
{
	__u64 all = ~0ULL;

	if (t->masked || ptrace(PTRACE_GETSIGMASK, t->tid, sizeof(t->mask), &t->mask))
		return;
	t->masked = !ptrace(PTRACE_SETSIGMASK, t->tid, sizeof(all), &all);
}

/* From the registers at the end of one call, make the tracee do another. */
static void make_call(struct tracee *t, struct regs at_end, int nr,
		      const __u64 *args)
{
	set_args(&at_end, t->call.arch, args);
	at_end.user.rax = nr;
	at_end.user.rip -= CALL_INSTRUCTION;
	set_regs(t, &at_end);
	block_signals(t);
	t->repeating = true;
}

void regs_repeat_call(struct tracee *t)
{
	struct regs regs;

	if (get_regs(t, &regs))
		make_call(t, regs, t->call.nr, t->call.args);
	tracee_go(t, 0);
}

void regs_inject_call(struct tracee *t, int nr, const __u64 *args)
{
	if (get_regs(t, &t->saved))
		make_call(t, t->saved, nr, args);
	tracee_go(t, 0);
}

void regs_restore(struct tracee *t, long result)
{
	t->saved.user.rax = result;
	set_regs(t, &t->saved);
}

void regs_unmask(struct tracee *t)
{
	if (t->masked)
		ptrace(PTRACE_SETSIGMASK, t->tid, sizeof(t->mask), &t->mask);
	t->masked = false;
}

__u64 regs_clone3_flags(const struct tracee *t, __u64 addr)
{
	__u64 args[5];

	/* Flags and, four words later, the exit signal. */
	if (!tracee_read(t, addr, args, sizeof(args)))
		return SIGCHLD;
	return args[0] | (args[4] & CSIGNAL);
}

__u64 regs_clone_flags(const struct tracee *t)
{
	__u64 first = peek_reg(t->tid, offsetof(struct user_regs_struct, rdi));

	/* This argument means the same in every call that forks. */
	if (first == CLONE_FLAGS_OF_FORK && !t->process->odd_clone3)
		return first;
	switch (peek_reg(t->tid, offsetof(struct user_regs_struct, orig_rax))) {
	case SYS_clone:
		return first;
	case SYS_clone3:
		return regs_clone3_flags(t, first);
	default:
		return SIGCHLD;
	}
}

bool regs_stack(pid_t tid, __u64 *stack, unsigned int *word)
{
	*stack = peek_reg(tid, offsetof(struct user_regs_struct, rsp));
	*word = peek_reg(tid, offsetof(struct user_regs_struct, cs)) == CS_I386 ? 4 : 8;
	return *stack != (__u64)-1;
}
