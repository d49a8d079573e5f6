/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Arguments and results of the calls of a tracee, per architecture.
 */
#ifndef RUN_REGS_H
#define RUN_REGS_H

#include <stdbool.h>
#include <linux/types.h>
#include <sys/types.h>
#include <sys/user.h>

struct call_kind;
struct tracee;

/**
 * enum call_arch - the architecture whose numbers and registers a call uses
 */
enum call_arch {
	ARCH_X86_64,
	ARCH_I386,
	NR_ARCHS,
};

#define CALL_NR_ARGS	6

/**
 * struct call - a call that has stopped as it began
 * @kind: its entry in the table of calls
 * @arch: its architecture
 * @nr: its number there
 * @args: its arguments
 */
struct call {
	const struct call_kind *kind;
	enum call_arch arch;
	int nr;
	__u64 args[CALL_NR_ARGS];
};

/**
 * struct regs - the registers of a tracee
 */
struct regs {
	struct user_regs_struct user;
};

/* The results of a call that Linux restarts after a signal. */
enum {
	RESTART_FIRST = 512,
	RESTART_NOHAND = 514,	/* EINTR if a handler runs */
	RESTART_LAST = 516,
};

static inline bool call_is_interrupted(long result)
{
	return -result >= RESTART_FIRST && -result <= RESTART_LAST;
}

/* An argument that is an int, or a pid. */
static inline int call_int(const struct call *call, unsigned int i)
{
	return (int)call->args[i];
}

/**
 * regs_read_call() - read the call that has stopped as it begins
 * @t: @t->call is filled; its kind is NULL if a filter of the program has stopped it
 *
 * Return: false if the tracee is gone.
 */
bool regs_read_call(struct tracee *t);

/**
 * regs_result() - the result of the call, which has stopped as it returns
 * @result: filled
 *
 * Return: false if the tracee is gone.
 */
bool regs_result(const struct tracee *t, long *result);

/**
 * regs_result_at_signal() - the same, of a call after which a signal is delivered, or a stop
 */
bool regs_result_at_signal(const struct tracee *t, long *result);

/**
 * regs_blocks() - does a tracee block a signal
 *
 * Return: also true if that is not known.
 */
bool regs_blocks(const struct tracee *t, int signo);

/**
 * regs_may_continue() - has a signal interrupted a call that would otherwise go on for ever
 *
 * For a tracee that has stopped for a signal. Returns false for calls that Linux restarts itself,
 * and for calls with a timeout.
 */
bool regs_may_continue(const struct tracee *t);

/**
 * regs_continue_call() - make Linux restart this call, unless a handler runs before
 */
void regs_continue_call(const struct tracee *t);

/**
 * regs_skip_call() - let a tracee run on without the call
 * @result: the result that it gets
 */
void regs_skip_call(struct tracee *t, long result);

/**
 * regs_change_call() - replace the call that is about to run
 * @t: the tracee
 * @nr: number of the new one
 * @args: its arguments
 */
void regs_change_call(struct tracee *t, int nr, const __u64 *args);

/**
 * regs_change_back() - restore what regs_change_call() changed
 *
 * The call has stopped as it returns.
 */
void regs_change_back(struct tracee *t);

/**
 * regs_repeat_call() - make the call again, which has stopped as it returns
 *
 * The tracee runs on. Its signals are blocked until the call has been made.
 */
void regs_repeat_call(struct tracee *t);

/**
 * regs_inject_call() - make another call behind the one that has stopped as it returns
 * @t: @t->saved is filled; the signals are blocked until regs_restore()
 * @nr: number of the new one
 * @args: its arguments
 *
 * The tracee runs on.
 */
void regs_inject_call(struct tracee *t, int nr, const __u64 *args);

/**
 * regs_restore() - the injected call has returned: back to the first one
 * @result: its result
 */
void regs_restore(struct tracee *t, long result);

/**
 * regs_unmask() - end the blocking of the signals
 */
void regs_unmask(struct tracee *t);

/* The flags of fork(3) of glibc. */
#define CLONE_FLAGS_OF_FORK \
	(CLONE_CHILD_SETTID | CLONE_CHILD_CLEARTID | SIGCHLD)

/**
 * regs_clone3_flags() - the flags of a clone3, with the exit signal in them
 * @addr: its first argument
 */
__u64 regs_clone3_flags(const struct tracee *t, __u64 addr);

/**
 * regs_clone_flags() - the flags of the clone that a tracee is in
 *
 * The number of the call is taken for one of x86-64.
 */
__u64 regs_clone_flags(const struct tracee *t);

/**
 * regs_stack() - the stack pointer, and the size of a word there
 */
bool regs_stack(pid_t tid, __u64 *stack, unsigned int *word);

#endif /* RUN_REGS_H */
