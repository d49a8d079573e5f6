/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Replaying a recording.
 *
 * The lines are taken in their order. What happens at a line - a birth, an
 * exit, a stop, a call that is not split - happens in the server when the
 * replay comes to it. strace does not write "exited" before it has seen the
 * exit, and nobody else sees it earlier, so that this order is one that the
 * processes could see themselves.
 *
 * A call that is split has answered at some moment between its two lines. It
 * is right if the server gives the recorded answer at one of these moments; so
 * it is tried after every line between, until it is right. What it changes in
 * the server, which for a wait is that the child is gone, is changed at its
 * last line, or before if another answer tells that it had been changed:
 * settle_others().
 */
#ifndef REPLAY_REPLAY_H
#define REPLAY_REPLAY_H

#include "answer.h"
#include "recording.h"
#include "report.h"
#include "world.h"

struct op;
struct picture;

/**
 * struct replay - a replay
 * @rec: what is replayed
 * @world: its processes
 * @report: what comes of it
 * @open: the operations that have begun
 * @now: index of the line that the replay is at
 * @changed: something has happened in the server since the open operations
 *	were tried last
 * @verbose: tell each operation
 */
struct replay {
	struct recording *rec;
	struct world world;
	struct report *report;
	struct op *open;
	size_t now;
	bool changed;
	bool verbose;
};

/**
 * struct op_type - how a call is replayed
 * @operation: as what it counts
 * @acts: @attempt itself changes what the call changed, so that there is no
 *	second one after it was successful
 * @begin: find out what is to be done; may set @op->reason
 * @attempt: ask the server, and set @op->server; false if it is too early to
 *	ask. @last is set when there is no later moment. Must not change
 *	anything in the server unless it gives the recorded answer, or @last.
 * @settle: change in the server what the call changed; NULL where that is @attempt
 * @excuse: the answers differ: may set @op->design or @op->reason
 * @skip: the answer is not compared: bring the server where Linux was
 */
struct op_type {
	enum operation operation;
	bool acts;
	void (*begin)(struct replay *r, struct op *op);
	bool (*attempt)(struct replay *r, struct op *op, bool last);
	void (*settle)(struct replay *r, struct op *op);
	void (*excuse)(struct replay *r, struct op *op);
	void (*skip)(struct replay *r, struct op *op);
};

/**
 * struct wait_op - what a wait waits for
 * @which: &enum procsrv_wait_which
 * @number: pid or pgid of the recording; 0 for the own group
 * @child: with a pidfd, the process
 * @options: as the call has them
 * @what: PROCSRV_WAIT_EXITED and so on
 * @flags: flags that make the server say what Linux would
 * @nowait: it does not consume
 */
struct wait_op {
	enum procsrv_wait_which which;
	int number;
	struct proc *child;
	unsigned long options;
	unsigned int what;
	unsigned int flags;
	bool nowait;
};

/**
 * struct signal_op - whom a signal is sent to
 * @target: &enum procsrv_target
 * @number: pid or pgid of the recording; 0 for the own group
 * @proc: the process, where a descriptor or a thread names it
 * @signo: the signal
 */
struct signal_op {
	enum procsrv_target target;
	int number;
	struct proc *proc;
	int signo;
};

/**
 * struct group_op - who is to be moved where
 * @pid: of the process, in the recording
 * @pgid: of the group, in the recording
 */
struct group_op {
	int pid;
	int pgid;
};

/**
 * struct op - an operation that has begun
 * @next: the one that began before
 * @call: its call
 * @proc: who made it
 * @type: how it is replayed
 * @linux_said: the recorded answer
 * @server: what the server said last
 * @right: that was the recorded answer
 * @settled: what it changes is changed
 * @reason: why it is not compared
 * @design: the deliberate difference that it shows
 * @wait: of a wait
 * @signal: of a signal
 * @group: of setpgid
 */
struct op {
	struct op *next;
	struct call *call;
	struct proc *proc;
	const struct op_type *type;
	struct answer linux_said;
	struct answer server;
	bool right;
	bool settled;
	enum reason reason;
	enum design design;
	union {
		struct wait_op wait;
		struct signal_op signal;
		struct group_op group;
	};
};

/**
 * replay() - replay a recording
 * @rec: the recording
 * @fd: the server; unchanged afterwards but for its counters
 * @report: filled
 * @keep: leave the processes in the server
 * @verbose: tell each operation on standard output
 * @picture: shown each line, or NULL
 *
 * Return: 0, or -errno if the server cannot be used.
 */
int replay(struct recording *rec, int fd, struct report *report,
	   bool keep, bool verbose, struct picture *picture);

/**
 * replay_count() - count what there is to replay, without a server
 * @rec: the recording
 * @report: filled, but for what only a replay can tell
 * @picture: shown each line, or NULL
 */
void replay_count(struct recording *rec, struct report *report,
		  struct picture *picture);

/* Which of the open operations to settle: a mask. */
enum {
	SETTLE_WAITS	= 1 << 0,	/* and whom nobody waits for */
	SETTLE_EXECS	= 1 << 1,
	SETTLE_SIGNALS	= 1 << 2,
	SETTLE_SESSIONS	= 1 << 3,
};

/**
 * settle_others() - settle operations that may have come before @op
 * @which: SETTLE_*
 */
void settle_others(struct replay *r, const struct op *op, unsigned int which);

/**
 * op_attempt() - ask the server, and see whether it is right
 */
void op_attempt(struct replay *r, struct op *op, bool last);

/* How calls are replayed; and what happens without a call. */
extern const struct op_type exec_op;
extern const struct op_type wait4_op;
extern const struct op_type waitid_op;
extern const struct op_type signal_op;
extern const struct op_type setpgid_op;
extern const struct op_type setsid_op;

/* lifecycle.c */
void replay_birth(struct replay *r, struct life *life);
void replay_fork(struct replay *r, struct call *call);
void replay_end(struct replay *r, struct life *life, const struct line *line);
void replay_superseded(struct replay *r, const struct line *line);

/* signals.c */
void replay_stopped(struct replay *r, struct proc *p);
void replay_thread_exits(struct replay *r, struct life *life);
void replay_active(struct replay *r, struct proc *p);

/* notes.c: calls that are not operations, but tell something */
void replay_note(struct replay *r, struct call *call, struct proc *p);

#endif /* REPLAY_REPLAY_H */
