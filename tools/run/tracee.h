/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The table of threads and processes that are traced.
 */
#ifndef RUN_TRACEE_H
#define RUN_TRACEE_H

#include <stdbool.h>
#include <sys/types.h>

#include "regs.h"
#include "wait.h"

struct queue;

/**
 * struct process - a process
 * @pid: its pid, in Linux and in the server
 * @parent: its parent when it began, which remains the parent as long as it lives
 * @nr_threads: threads of it that are traced
 * @nr_stopped: those of them that are in a group stop
 * @stopped: its stop was reported to the server, its continuation was not
 * @unknown: the server has refused to create it
 * @nested: it is in another PID namespace, below the one of the supervisor
 * @nests: its children will be in another PID namespace
 * @ids: real and effective ids, as of the latest report; saved ones differ, or capabilities
 *	are not those of the ids, so an exec changes them
 * @sigchld_ignored: SIGCHLD is ignored
 * @nocldwait: SIGCHLD has SA_NOCLDWAIT
 * @nr_children: children that it may wait for, zombies too
 * @uncounted: it may have more or fewer of them, as it gets orphans, or keeps no zombies
 * @odd_clone3: it has had a clone3 whose argument looks like the flags of a clone
 * @silent_children: one of them may end without SIGCHLD
 * @refused: a child that the server has refused, which the process must not see
 */
struct process {
	pid_t pid;
	pid_t parent;
	unsigned int nr_threads;
	unsigned int nr_stopped;
	bool stopped;
	bool unknown;
	bool nested;
	bool nests;
	struct {
		uid_t uid, euid;
		gid_t gid, egid;
		bool change_at_exec;
	} ids;
	bool sigchld_ignored;
	bool nocldwait;
	unsigned int nr_children;
	bool uncounted;
	bool odd_clone3;
	bool silent_children;
	pid_t refused;
};

/**
 * struct tracee - a thread
 * @tid: its thread id
 * @process: its process, or NULL until the event of the fork that made it
 * @held: it is in its first stop, and waits for that event
 * @ended: it ended before that event
 * @status: how it ended
 * @held_at: since when it waits for that event
 * @group_stop: it is in a group stop
 * @call: the call that it is in
 * @at_exit: called when the call returns; NULL, it does not stop there
 * @result: what the call has returned, for @at_exit and @later
 * @verdict: what the server said when the call began
 * @target: of a setpgid that is compared, the kind of its target then
 * @joins: tracee_joins() then, if it is compared
 * @clone_flags: flags of a clone that stopped when it began
 * @clone_known: @clone_flags is set
 * @refusing: a wait for a refused child is made in its name
 * @want: of a wait, what it waits for
 * @found: of a wait, what the server has found for it when it began
 * @repeated_at: since when the wait has been repeated, or 0
 * @slept_at: since when it has slept
 * @in_wait: it is in a wait that does not stop as it returns
 * @saved: registers, of a call that was changed
 * @masked: its signals are blocked until the call that is repeated has been made
 * @repeating: it has yet to reach the call again
 * @mask: the signals that it blocks itself
 * @later: to be called again after further events, until it returns true
 * @deadline: of @later
 * @queue: the queue of tracees that have stopped in a call that it is in; or NULL
 * @next: the next of this queue
 * @unfinished: called if it ends in the call, which Linux may have executed or not; or NULL
 */
struct tracee {
	pid_t tid;
	struct process *process;
	bool held;
	bool ended;
	int status;
	long long held_at;
	bool group_stop;
	struct call call;
	void (*at_exit)(struct tracee *t);
	long result;
	long verdict;
	int target;
	unsigned int joins;
	unsigned long long clone_flags;
	bool clone_known;
	bool refusing;
	struct wait_want want;
	struct wait_found found;
	long long repeated_at;
	long long slept_at;
	bool in_wait;
	struct regs saved;
	bool masked;
	bool repeating;
	unsigned long long mask;
	bool (*later)(struct tracee *t);
	long long deadline;
	struct queue *queue;
	struct tracee *next;
	void (*unfinished)(struct tracee *t);
};

/**
 * tracee_table_init() - get ready for any thread id of this system
 */
void tracee_table_init(void);

/* NULL: there is none. */
struct tracee *tracee_find(pid_t tid);
struct tracee *tracee_add(pid_t tid);
void tracee_remove(struct tracee *t);

/* The next tracee above a thread id, or NULL. */
struct tracee *tracee_next(pid_t tid);

/* How many threads have joined a process; and whether a later one had this id. */
unsigned int tracee_joins(void);
bool tracee_has_joined_since(pid_t tid, unsigned int joins);

/* The next held tracee above a thread id, or NULL. */
struct tracee *tracee_next_held(pid_t tid);
bool tracee_any_held(void);

/**
 * tracee_set_held() - a tracee begins or ends to wait for the event of its fork
 */
void tracee_set_held(struct tracee *t, bool held);

/**
 * tracee_join() - make a thread part of a process
 */
void tracee_join(struct tracee *t, struct process *p);

/* The process of a thread, or NULL. */
struct process *process_of(pid_t tid);

/* The process with a pid, while its leader is traced; or NULL. */
struct process *process_find(pid_t pid);

/**
 * tracee_end_call() - a tracee ends, or loses its thread to an exec, in its call if it is in one
 */
void tracee_end_call(struct tracee *t);

/* What tracee_state() returns. */
#define TRACEE_DEAD	'Z'

/**
 * tracee_state() - the state of a thread in Linux, a letter as in /proc
 */
char tracee_state(const struct tracee *t);

/* Is it asleep in its call, not only about to sleep? */
bool tracee_is_asleep(const struct tracee *t);

/* Is a thread of it alive in Linux? If not, the event of its end is to come. */
bool process_is_alive(const struct process *p);

/**
 * tracee_go() - let a tracee run on
 * @signo: a signal that it gets, or 0
 */
void tracee_go(struct tracee *t, int signo);

/**
 * tracee_go_until_exit() - let the call of a tracee run
 * @at_exit: called when it has returned
 */
void tracee_go_until_exit(struct tracee *t, void (*at_exit)(struct tracee *t));

/* Memory of a tracee: false if not all of it is there. */
bool tracee_read(const struct tracee *t, __u64 addr, void *to, size_t size);
bool tracee_write(const struct tracee *t, __u64 addr, const void *from,
		  size_t size);

#endif /* RUN_TRACEE_H */
