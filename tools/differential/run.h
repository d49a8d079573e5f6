/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Doing operations in both halves of a world, and comparing.
 *
 *	run.c		one operation after the other; asking puppets
 *	lifecycle.c	fork, exit, exec, subreaper
 *	signals.c	kill, take
 *	groups.c	setpgid, setsid
 *	orphans.c	whom a death leaves behind
 *	waits.c		wait
 *	sleeps.c	waits that sleep
 *	check.c		how everybody is
 *
 * Linux goes first. When its half has settled - whoever was to stop or to end
 * is seen to have done so in /proc - the server does the same. What is to be
 * waited for follows from the operation and from how Linux was before: the
 * server is not asked.
 */
#ifndef DIFFERENTIAL_RUN_H
#define DIFFERENTIAL_RUN_H

#include "script.h"
#include "stats.h"
#include "world.h"

/**
 * enum verdict - how a run stands
 * @VERDICT_SAME: nothing differs
 * @VERDICT_DIFFERENT: something does
 * @VERDICT_BROKEN: the test itself failed
 */
enum verdict {
	VERDICT_SAME,
	VERDICT_DIFFERENT,
	VERDICT_BROKEN,
};

/**
 * struct answer - what came of an operation
 * @error: as a positive errno, or 0
 * @index: of a wait, the child; of a take, the sender
 * @why: of a wait: PROCSRV_WAIT_EXITED and so on
 * @signo: of a wait, the signal that ended the child, or 0, or the one that
 *	stopped or continued it; of a take, the signal
 * @code: of a wait, the exit code
 * @uid: of a wait, that of the child; -1 where it is not told
 * @count: of a signal, how many processes it reached; of a take, how often
 *	the signal had been sent
 */
struct answer {
	int error;
	int index;
	__u32 why;
	int signo;
	int code;
	int uid;
	long count;
};

/**
 * struct run - a world, and what happens there
 * @world: the world
 * @stats: counted here
 * @verdict: how it stands
 * @text: what differs, or what failed
 * @verbose: print each operation
 * @nr_ops: operations done
 * @skipped: the operation made no sense
 * @answer: that of both, or of Linux, as text
 */
struct run {
	struct world world;
	struct stats *stats;
	enum verdict verdict;
	char text[1024];
	bool verbose;
	unsigned long nr_ops;
	bool skipped;
	char answer[128];
};

/**
 * struct stage - what all runs have in common
 * @real: where puppets are
 * @device: descriptor of the device
 */
struct stage {
	struct real real;
	int device;
};

/**
 * run_begin() - begin in a new world
 *
 * Return: 0 or -errno. In either case run_end() is to follow.
 */
int run_begin(struct run *run, struct stage *stage, struct stats *stats,
	      bool verbose);
void run_end(struct run *run);

/**
 * run_op() - do an operation
 *
 * Return: false if there can be no further one: @run->verdict tells why.
 */
bool run_op(struct run *run, const struct op *op);

void run_differ(struct run *run, const char *format, ...)
	__attribute__((format(printf, 2, 3)));
void run_break(struct run *run, const char *format, ...)
	__attribute__((format(printf, 2, 3)));

/**
 * run_ask() - have a puppet do something
 *
 * Return: false if it does not reply: the run is broken.
 */
bool run_ask(struct run *run, int index, const struct command *c,
	     struct reply *reply);

/**
 * run_settle() - wait until a puppet is what it will become
 *
 * Return: false if it does not: the run is broken.
 */
bool run_settle(struct run *run, int index, enum life life);

/**
 * run_compare() - compare two answers
 */
void run_compare(struct run *run, const struct op *op,
		 const struct answer *linux_said,
		 const struct answer *server_said);

/**
 * struct orphans - who may be left behind
 * @stopped: by index: was stopped before
 * @again: by the index of the process that a group is named by: the group is
 *	orphaned already, but Linux may hang it up
 */
struct orphans {
	bool stopped[WORLD_PROCESSES];
	bool again[WORLD_PROCESSES];
};

/**
 * orphans_before() - before somebody dies: who may be left behind
 * @dying: by index
 */
void orphans_before(const struct world *w, const bool *dying,
		    struct orphans *o);

/**
 * orphans_look() - after that in Linux: see what has become of the others
 */
void orphans_look(struct run *run);

/**
 * orphans_after() - after that in the server: what differs by design
 */
void orphans_after(struct run *run, const struct orphans *o);

static inline int error_of(int ret)
{
	return ret < 0 ? -ret : 0;
}

static inline struct process *run_process(struct run *run, int index)
{
	return &run->world.procs[index];
}

/* Of each kind of operation: do it. They may set run->skipped instead. */
void do_fork(struct run *run, const struct op *op);
void do_exit(struct run *run, const struct op *op);
void do_exec(struct run *run, const struct op *op);
void do_subreaper(struct run *run, const struct op *op);
void do_kill(struct run *run, const struct op *op);
void do_take(struct run *run, const struct op *op);
void do_setpgid(struct run *run, const struct op *op);
void do_setsid(struct run *run, const struct op *op);
void do_wait(struct run *run, const struct op *op);

/**
 * wait_ask() - what the server says to a wait
 */
void wait_ask(struct run *run, const struct procsrv_wait_args *query,
	      struct answer *a);

/* What Linux said to it. */
void wait_from_reply(struct run *run, const struct reply *reply,
		     struct answer *a);

/**
 * wait_finish() - compare the answers to a wait, and consume the child
 * @any_order: Linux may have had any child that qualifies
 */
void wait_finish(struct run *run, const struct op *op,
		 const struct procsrv_wait_args *query,
		 const struct reply *reply, struct answer *server_said,
		 bool any_order);

/**
 * sleep_begin() - let a wait sleep, on both sides
 * @query: for the server, with NOHANG and NOWAIT
 * @c: for the puppet
 */
void sleep_begin(struct run *run, const struct op *op,
		 const struct procsrv_wait_args *query,
		 const struct command *c);

/* After an operation: does it end the sleep of somebody? */
void sleeps_look(struct run *run);

/* All of them end with the world. */
void sleeps_end(struct world *w);

/* Compare those that an operation has touched, or all. */
void check_touched(struct run *run);
void check_all(struct run *run);

#endif /* DIFFERENTIAL_RUN_H */
