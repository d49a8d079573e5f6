/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Arguments and results of waits.
 */
#ifndef RUN_WAIT_H
#define RUN_WAIT_H

#include <stdbool.h>
#include <stddef.h>
#include <sys/types.h>
#include <linux/types.h>

struct process;
struct tracee;

/**
 * struct wait_want - what a wait waits for
 * @which: &enum procsrv_wait_which
 * @id: a pid or a process group
 * @what: mask of PROCSRV_WAIT_EXITED, _STOPPED and _CONTINUED
 * @kinds: PROCSRV_WAIT_WCLONE or _WALL, or 0
 * @nohang: do not sleep
 * @nowait: leave the child waitable
 * @linux_only: the interface of the server has no counterpart
 * @error: what is wrong, or 0
 */
struct wait_want {
	__u32 which;
	__u64 id;
	__u32 what;
	__u32 kinds;
	bool nohang;
	bool nowait;
	bool linux_only;
	int error;
};

/**
 * struct wait_found - what a wait has returned, in Linux or in the server
 * @error: negative; -EAGAIN: nothing to report yet
 * @pid: the child, or 0 if it is not known
 * @why: PROCSRV_WAIT_EXITED, _STOPPED or _CONTINUED, or 0 if it is not known
 * @code: exit code
 * @signo: the signal that ended or stopped it, perhaps with PROCSRV_CORE_DUMP, or 0
 */
struct wait_found {
	long error;
	pid_t pid;
	__u32 why;
	int code;
	unsigned int signo;
};

/**
 * wait_parse() - read the arguments of the wait that a tracee is in
 */
void wait_parse(const struct tracee *t, struct wait_want *want);

/**
 * wait_read_result() - read what Linux has returned
 * @result: the result of the call
 */
void wait_read_result(const struct tracee *t, long result,
		      struct wait_found *found);

/**
 * wait_clear_info() - clear the siginfo of a wait that is not executed
 *
 * Return: 0 or -EFAULT.
 */
int wait_clear_info(const struct tracee *t);

/* Do they say the same about the same child? Parts may not be known. */
bool wait_same(const struct wait_found *a, const struct wait_found *b);

/**
 * wait_was_before() - Linux has returned what the server does not have: was that true before
 *
 * Another thread may have waited for the child since, or the child has ended, and the supervisor
 * has not seen an earlier stop or continuation.
 */
bool wait_was_before(const struct tracee *t, const struct wait_found *linux_did);

/* Was it a continuation that has no event? Then it is reported to the server. */
bool wait_has_missed(const struct tracee *t, const struct wait_found *linux_did);

/* A result in words. */
void wait_describe(const struct wait_found *found, char *buf, size_t size);

/* The index of the options among the arguments. */
unsigned int wait_options_arg(const struct tracee *t);

/**
 * wait_follow() - take from the server what a wait of Linux has taken
 * @result: the result of the call
 */
void wait_follow(struct tracee *t, long result);

/**
 * wait_drop() - remove a zombie from the server
 * @parent: its parent
 */
void wait_drop(struct process *parent, pid_t pid);

/* May it take the zombie @pid, if that is a child? */
bool wait_may_take(const struct wait_want *want, pid_t pid);

/**
 * wait_unfinished() - a tracee has ended in a wait, which may have taken a zombie
 */
void wait_unfinished(struct tracee *t);

/**
 * wait_answer() - the server answers a wait that has begun
 */
void wait_answer(struct tracee *t);

/**
 * wait_begin() - a wait has stopped as it begins
 * @t: @t->want is filled
 *
 * Return: whether it is for wait_answer(). If not, Linux sleeps in it.
 */
bool wait_begin(struct tracee *t);

/**
 * wait_left() - a wait without a stop at its return has returned
 * @t: @t->in_wait is set
 * @has_result: the tracee is in a stop in which the result can be read
 */
void wait_left(struct tracee *t, bool has_result);

/**
 * wait_compare() - a wait begins: Linux answers
 */
void wait_compare(struct tracee *t);

#endif /* RUN_WAIT_H */
