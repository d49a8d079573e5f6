/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Doing operations in both halves of a world, and comparing.
 *
 *	run.c		one operation after the other; asking puppets
 *	lifecycle.c	fork, exit, exec, subreaper
 *	signals.c	kill, take
 *	groups.c	setpgid, setsid
 *	orphans.c	children and groups that a death leaves behind
 *	waits.c		wait
 *	sleeps.c	waits that sleep
 *	check.c		comparing processes
 *	host.c		acting on signals to hosted processes
 *	rest.c		waiting until all processes are at rest in Linux
 *	chance.c	outcomes that depend on chance in Linux
 *
 * Linux goes first. When its half has settled - /proc shows that all processes
 * which have to stop or to end have done so - the server does the same. What to
 * wait for follows from the operation and from the earlier state of Linux: the
 * server is not asked. With hosted processes the run waits until no process has
 * anything left to do; then the host takes the signals from the server, and
 * reports what they do by default.
 */
#ifndef DIFFERENTIAL_RUN_H
#define DIFFERENTIAL_RUN_H

#include "script.h"
#include "stats.h"
#include "world.h"

/**
 * enum verdict - the result of a run so far
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
 * struct answer - the result of an operation
 * @error: as a positive errno, or 0
 * @index: of a wait, the child; of a take, the sender
 * @why: of a wait: PROCSRV_WAIT_EXITED and so on
 * @kernel: of a take: the signal was sent by Linux itself, or by the server, and
 *	not by a process
 * @signo: of a wait, the signal that ended the child, or 0, or the one that
 *	stopped or continued it; of a take, the signal
 * @code: of a wait, the exit code
 * @uid: of a wait, that of the child; -1 where it is not known
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
 * struct run - a world, and the operations in it
 * @world: the world
 * @stats: counted here
 * @verdict: the result so far
 * @text: what differs, or what failed
 * @verbose: print each operation
 * @nr_ops: operations done
 * @op: the present one
 * @imitates_kernel: in Linux, the kernel sends the signals that it sends now
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
 * Return: 0 or -errno. In either case run_end() must be called.
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
 * deaths_are_chance() - may the outcome of some deaths depend on chance in Linux?
 * @dying: by index: processes that die, one after the other, in any order
 * @perhaps: by index: processes that may die then; those of @dying are added, and those
 *	that die when they continue
 */
bool deaths_are_chance(const struct world *w, const bool *dying, bool *perhaps);

/**
 * rest_all() - wait until a signal or an exit has had all its effects in Linux
 * @hit: by index: those that were sent a signal, or NULL
 *
 * Return: false if it does not end: the run is broken.
 */
bool rest_all(struct run *run, const bool *hit);

/**
 * run_settle() - wait until a puppet is in a state, or in a later one
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
 * struct orphans - processes and groups that a death may leave behind
 * @stopped: by index: was stopped before
 * @again: by the index of the process that a group is named by: the group is
 *	orphaned already, but Linux may send it SIGHUP and SIGCONT
 */
struct orphans {
	bool stopped[WORLD_PROCESSES];
	bool again[WORLD_PROCESSES];
};

/**
 * orphans_before() - before a death: note what it may leave behind
 * @dying: by index
 */
void orphans_before(const struct world *w, const bool *dying,
		    struct orphans *o);

/**
 * orphans_look() - after the death in Linux: read the state of the others
 */
void orphans_look(struct run *run);

/**
 * orphans_after() - after the death in the server: handle what differs by design
 */
void orphans_after(struct run *run, const struct orphans *o);

/* Does its parent link the group of a process to the rest of its session? */
bool orphans_is_link(const struct world *w, const struct process *p);

/**
 * orphans_is_orphaned() - is a group orphaned?
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
 * host_forget() - check that processes that left no zombie are gone in the server
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

/* One function per kind of operation. It may set run->skipped instead. */
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
 * wait_ask() - the answer of the server to a wait
 */
void wait_ask(struct run *run, const struct procsrv_wait_args *query,
	      struct answer *a);

/* The answer of Linux to it. */
void wait_from_reply(struct run *run, const struct reply *reply,
		     struct answer *a);

/**
 * wait_finish() - compare the answers to a wait, and consume the child
 * @any_order: Linux may have returned any child that qualifies
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

/* After an operation: end the sleeping waits that have an answer now. */
void sleeps_look(struct run *run);

/* End all sleeping waits, with the world. */
void sleeps_end(struct world *w);

/* Compare those that an operation has touched, or all. */
void check_touched(struct run *run);
void check_all(struct run *run);

#endif /* DIFFERENTIAL_RUN_H */
