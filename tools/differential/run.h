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
 *	host.c		what becomes of signals to hosted processes
 *	rest.c		when everybody has come to rest in Linux
 *
 * Linux goes first. When its half has settled - whoever was to stop or to end
 * is seen to have done so in /proc - the server does the same. What is to be
 * waited for follows from the operation and from how Linux was before: the
 * server is not asked. With hosted processes it is waited for that nobody has anything
 * left to do, whatever that is; then the host takes the signals from the server, and
 * reports what they do by default.
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
 * @kernel: of a take: no process has sent the signal, but Linux itself, or the
 *	server
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
	bool kernel;
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
 * @op: the present one
 * @imitates_kernel: what it sends now is from the kernel, in Linux
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
	const struct op *op;
	bool imitates_kernel;
	bool skipped;
	char answer[128];
};

/**
 * struct stage - what all runs have in common
 * @real: where puppets are
 * @device: descriptor of the device
 * @hosted: worlds are in servers with POSIX ids, with hosted processes
 */
struct stage {
	struct real real;
	int device;
	bool hosted;
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
 * run_begin_ask() - have a puppet do something that may end or stop it
 *
 * Return: true if it replies.
 */
bool run_begin_ask(struct run *run, int index, const struct command *c,
		   struct reply *reply);

/**
 * rest_is_chance() - may it be chance what Linux tells a wait?
 *
 * A stopped process that has SIGTERM pending ends when it continues. Who waits for its
 * continuation, asleep, may see that or the end.
 */
bool rest_is_chance(const struct world *w);

/**
 * rest_all() - wait until whatever a signal or an exit has begun is over in Linux
 * @hit: by index: those that were sent a signal, or NULL
 *
 * Return: false if it does not end: the run is broken.
 */
bool rest_all(struct run *run, const bool *hit);

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

/**
 * orphans_is_orphaned() - does nobody look after a group?
 * @pgid: in Linux
 */
bool orphans_is_orphaned(const struct world *w, pid_t pgid);

/**
 * host_run() - take the signals from the server, and report what they do
 */
void host_run(struct run *run);

/**
 * host_exit() - report that a process exits
 * @code: its exit code
 *
 * Return: 0 or -errno.
 */
int host_exit(struct run *run, int index, int code);

/**
 * host_executed() - report that a process has called exec
 */
void host_executed(struct run *run, int index);

/**
 * host_take() - take a signal that is pending in a body
 */
void host_take(struct run *run, int index, __u64 mask, struct answer *a);

/**
 * host_forget() - see that those that have left no zombie are gone in the server
 */
void host_forget(struct run *run);

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
void do_sigchld(struct run *run, const struct op *op);
void do_setuid(struct run *run, const struct op *op);

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

/* Is it in a wait for continuations? */
bool sleep_is_for_continued(const struct process *p);

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
