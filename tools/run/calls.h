/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The table of system calls that stop as they begin.
 */
#ifndef RUN_CALLS_H
#define RUN_CALLS_H

#include <limits.h>
#include <stdbool.h>
#include <stddef.h>
#include <linux/types.h>

#include "regs.h"

struct tracee;

/* The result for calls that the server does not decide. */
#define LINUX_DECIDES	LONG_MAX

/* Flags of a kind of calls. */
enum {
	CALL_COMPARED	= 1 << 0,	/* only of interest to --compare */
	CALL_ANSWERED	= 1 << 1,	/* only of interest without it */
	CALL_CHANGES	= 1 << 2,	/* asking the server changes it */
	CALL_GETS	= 1 << 3,	/* the result is compared, too */
	CALL_I386	= 1 << 4,	/* only on i386 */
	CALL_X86_64	= 1 << 5,	/* only on x86-64 */
	CALL_WAITID	= 1 << 6,	/* a wait with the arguments of waitid */
	CALL_MAY_SLEEP	= 1 << 7,	/* others may begin before it returns */
	CALL_UNDONE	= 1 << 8,	/* a change in the server can be undone */
};

/**
 * enum call_test - a test of an argument, in the filter
 * @TEST_NONE: none
 * @TEST_EQUAL: the lower 32 bits are equal to the value
 * @TEST_DIFFERS: they are not
 * @TEST_BITS: all bits of the value are set
 */
enum call_test {
	TEST_NONE,
	TEST_EQUAL,
	TEST_DIFFERS,
	TEST_BITS,
};

/**
 * struct call_kind - a call
 * @name: its name
 * @nr_args: how many arguments it has
 * @flags: mask of CALL_*
 * @test: when it stops
 * @arg: the argument that is tested
 * @value: for the test
 * @enter: handles the call, instead of the following functions
 * @target: the argument that names a process, a thread or a group
 * @ask: asks the server. Returns 0 or more, a negative errno, or LINUX_DECIDES. NULL:
 *	Linux decides, and the server is told
 * @done: the call has returned; may be NULL
 * @unfinished: the thread has ended in the call, which Linux may have executed or not;
 *	may be NULL
 * @failed: a call that the server had allowed has failed in Linux; may be NULL. Returns
 *	whether that is correct.
 */
struct call_kind {
	const char *name;
	unsigned int nr_args;
	unsigned int flags;
	enum call_test test;
	unsigned int arg;
	__u64 value;
	unsigned int target;
	void (*enter)(struct tracee *t);
	long (*ask)(struct tracee *t);
	void (*done)(struct tracee *t, long result);
	void (*unfinished)(struct tracee *t);
	bool (*failed)(struct tracee *t, long result);
};

extern const struct call_kind call_kinds[];
extern const size_t nr_call_kinds;

/**
 * call_number() - the number of a call
 * @name: "wait4", say
 *
 * Return: negative if the architecture does not have it.
 */
int call_number(enum call_arch arch, const char *name);

/**
 * call_describe() - name and arguments of a call, as strace writes them
 */
void call_describe(const struct call *call, char *buf, size_t size);

/**
 * calls_begin() - a call has stopped as it begins
 *
 * Return: whether it is a question, for calls_enter().
 */
bool calls_begin(struct tracee *t);

/**
 * calls_enter() - a call begins, and all events before it are known
 */
void calls_enter(struct tracee *t);

/* call_kind.ask() of the call of a tracee, or LINUX_DECIDES. */
long calls_ask(struct tracee *t);

/* Is a limit of Linux reached? The server does not decide about these. */
bool calls_is_limit(long result);

/* The two ways to handle a call. */
void answer_enter(struct tracee *t);
void compare_enter(struct tracee *t);

/* signals.c */
long ask_kill(struct tracee *t);
long ask_tkill(struct tracee *t);
long ask_tgkill(struct tracee *t);
long ask_sigqueueinfo(struct tracee *t);
long ask_tgsigqueueinfo(struct tracee *t);
long ask_pidfd_send_signal(struct tracee *t);
long ask_pidfd_open(struct tracee *t);
void signals_sent(struct tracee *t, long result);
void signals_unfinished(struct tracee *t);
void enter_sigaction(struct tracee *t);
void enter_ptrace(struct tracee *t);

/* Take the pending signals from the server, and carry out those from outside. */
void signals_drain(void);

/**
 * signals_pidfd() - the process that a descriptor names
 * @nonblock: filled if it is known, unless NULL: the descriptor has O_NONBLOCK
 *
 * Return: a pid, 0 if there is none, or negative: not known.
 */
pid_t signals_pidfd(const struct tracee *t, int fd, bool *nonblock);

/* groups.c */
long ask_setpgid(struct tracee *t);
bool setpgid_failed(struct tracee *t, long result);

/* The kind of target of a setpgid. */
enum setpgid_target {
	SETPGID_PROCESS,
	SETPGID_EXECED,
	SETPGID_THREAD,
};

enum setpgid_target setpgid_target(const struct tracee *t);

/**
 * setpgid_explains() - does a change of the target explain that Linux and the server differ
 *
 * The target of the tracee is what setpgid_target() has returned when the call began.
 */
bool setpgid_explains(const struct tracee *t, long linux_said, long server);

/* Move a process, or the target of the call, in the server to its group in Linux. */
void groups_resync(pid_t pid);
void setpgid_resync(struct tracee *t);
void setsid_unfinished(struct tracee *t);
long ask_setsid(struct tracee *t);
long ask_getpgid(struct tracee *t);
long ask_getpgrp(struct tracee *t);
long ask_getsid(struct tracee *t);
long ask_getppid(struct tracee *t);
long ask_subreaper(struct tracee *t);
void tcsetpgrp_done(struct tracee *t, long result);

/* lives.c */
void enter_clone(struct tracee *t);
void enter_odd_clone3(struct tracee *t);
void enter_unshare(struct tracee *t);

/* credentials.c */
void credentials_done(struct tracee *t, long result);
void credentials_unfinished(struct tracee *t);

/**
 * filter_build() - build the filter
 */
void filter_build(void);

/**
 * filter_find() - the call that has stopped
 * @stop: the data of the stop
 * @nr: the number of the call
 *
 * Return: NULL if another filter has stopped it.
 */
const struct call_kind *filter_find(unsigned int stop, enum call_arch arch, int nr);

/**
 * filter_load() - load it into this process; programs that it executes inherit it
 *
 * Return: 0 or a negative errno.
 */
int filter_load(void);

#endif /* RUN_CALLS_H */
