/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Scripts: what is to be done in a world, one operation after the other.
 *
 * An operation names processes by their index, and a birth says which index
 * the child gets. So operations can be left out of a script, and the others
 * still mean the same.
 */
#ifndef DIFFERENTIAL_SCRIPT_H
#define DIFFERENTIAL_SCRIPT_H

#include <stdbool.h>
#include <stddef.h>
#include <linux/types.h>

/**
 * enum op_kind - what an operation does, in Linux
 */
enum op_kind {
	OP_FORK,
	OP_EXIT,
	OP_EXEC,
	OP_KILL,
	OP_SETPGID,
	OP_SETSID,
	OP_SUBREAPER,
	OP_WAIT,
	OP_TAKE,
	OP_SIGCHLD,
	OP_SETUID,
	NR_OPS,
};

/**
 * enum whom - whom an operation means
 * @WHOM_PROCESS: the target, by its pid
 * @WHOM_GROUP: the group that has the target's pid
 * @WHOM_OWN: by 0: itself, or its own group
 * @WHOM_ANY: whoever it may be (of a wait)
 * @WHOM_NOTHING: by 0 where that makes no sense (of a wait: P_PID)
 */
enum whom {
	WHOM_PROCESS,
	WHOM_GROUP,
	WHOM_OWN,
	WHOM_ANY,
	WHOM_NOTHING,
};

/**
 * struct op - an operation
 * @kind: what it does
 * @actor: index of who does it, or OUTSIDE
 * @whom: to whom
 * @target: index of whom, or OUTSIDE for nobody
 * @group: of setpgid: index of the process whose pid names the group, or
 *	OUTSIDE for one that does not exist; of setpgid to 0, @target
 * @number: the index of the child, the exit code, the signal, on or off, an
 *	&enum sigchld
 * @options: of a wait: WEXITED and so on; of a fork: the exit signal
 * @wait4: of a wait: by wait4(2), or else by waitid(2)
 * @sleep: of a wait: without WNOHANG, it may sleep
 * @mask: of a take: the signals
 * @uids: of setresuid: real, effective and saved user id, or -1
 */
struct op {
	enum op_kind kind;
	int actor;
	enum whom whom;
	int target;
	int group;
	int number;
	int options;
	bool wait4;
	bool sleep;
	__u64 mask;
	int uids[3];
};

/**
 * struct script - operations
 * @ops: the operations
 * @nr_ops: how many
 * @room: for how many there is memory
 */
struct script {
	struct op *ops;
	size_t nr_ops;
	size_t room;
};

const char *op_kind_name(enum op_kind kind);

/**
 * op_format() - an operation as a readable line
 */
void op_format(const struct op *op, char *buf, size_t size);

void script_add(struct script *s, const struct op *op);
void script_free(struct script *s);

/**
 * struct random - a source of numbers that a seed determines
 */
struct random {
	__u64 state;
};

__u64 random_next(struct random *r);

/* Below @n. */
unsigned int random_below(struct random *r, unsigned int n);

/* In @percent of all cases. */
bool random_chance(struct random *r, unsigned int percent);

#endif /* DIFFERENTIAL_SCRIPT_H */
