/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Scripts: sequences of operations in a world.
 *
 * An operation names processes by their index, and a fork says which index the
 * child gets. So operations can be left out of a script, and the others still
 * mean the same.
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
 * enum target_kind - the target of an operation
 * @TARGET_PROCESS: the target, by its pid
 * @TARGET_GROUP: the group that has the target's pid
 * @TARGET_OWN: by 0: itself, or its own group
 * @TARGET_ANY: any child (of a wait)
 * @TARGET_NOTHING: by 0 where 0 is invalid (of a wait: P_PID)
 */
enum target_kind {
	TARGET_PROCESS,
	TARGET_GROUP,
	TARGET_OWN,
	TARGET_ANY,
	TARGET_NOTHING,
};

/**
 * struct op - an operation
 * @kind: what it does
 * @actor: index of the process that does it, or OUTSIDE
 * @target_kind: to which kind of target
 * @target: index of the target, or OUTSIDE for none
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
	enum target_kind target_kind;
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
