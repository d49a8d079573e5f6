/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Replaying a recording.
 *
 * The lines are taken in their order. A fork, an exit, a stop, or a call that is
 * not split happens in the server when the replay comes to its line. strace
 * writes "exited" before the parent can see the exit, so for exits the order of
 * the lines is one that the processes could see themselves.
 *
 * A call that is split was answered at some moment between its two lines. It is
 * right if the server gives the recorded answer at one of these moments; so it
 * is tried after every event that it may depend on, until it is right. Its
 * effect in the server, which for a wait is that the report of the child is
 * gone, takes place at its last line; or before, if another answer shows that
 * it had taken place (settle_others()), or if the report is about to be
 * replaced (settle_reports()).
 *
 * Some things happen before strace writes of them: a parent can see that its
 * child has stopped, or was continued, before there is a line of the child that
 * says so; and a process that is about to die has no reports any more. There an
 * answer of Linux is the first evidence, and is followed: evidence.c. Only an
 * answer of Linux changes the state that follows from the lines.
 */
#ifndef REPLAY_REPLAY_H
#define REPLAY_REPLAY_H

#include "answer.h"
#include "recording.h"
#include "report.h"
#include "world.h"

struct op;
struct picture;

enum {
	NR_SIGNALS = 65,
	SIGKILL_NR = 9,
	SIGTERM_NR = 15,
	SIGCHLD_NR = 17,
	SIGCONT_NR = 18,
	SIGSTOP_NR = 19,
	SIGTTOU_NR = 22,
	SIGURG_NR = 23,
	SIGWINCH_NR = 28,
};

/**
 * struct seen - what the recording has shown so far
 * @first_exit_begun: index of the line of the first exit_group, or NO_LINE
 * @signals: which signals were delivered or have stopped something
 * @sent: which were sent, or have stopped a child according to its SIGCHLD
 * @kills: which have killed something
 * @disorder: a line came that must have been before an earlier one
 * @twice: a wait returned a child that another one had returned before its end
 */
struct seen {
	size_t first_exit_begun;
	bool signals[NR_SIGNALS];
	bool sent[NR_SIGNALS];
	bool kills[NR_SIGNALS];
	bool disorder;
	bool twice;
};

/**
 * struct replay - a replay
 * @rec: what is replayed
 * @world: its processes
 * @report: its result
 * @seen: what the recording has shown so far
 * @pending: operations that have begun and have no answer yet, other than waits,
 *	which are in &struct proc.waits
 * @ripe: operations that have their answer, and are not settled
 * @dirty: the first process whose waits have to be tried again
 * @now: index of the line that the replay is at
 * @changed: something has happened in the server since the @pending operations
 *	were tried last
 * @trying: they are being tried
 * @verbose: print each operation
 */
struct replay {
	struct recording *rec;
	struct world world;
	struct report *report;
	struct seen seen;
	struct op_list pending;
	struct op_list ripe;
	struct proc *dirty;
	size_t now;
	bool changed;
	bool trying;
	bool verbose;
};

/**
 * struct op_type - how a call is replayed
 * @operation: the kind as which it is counted
 * @acts: @attempt itself changes what the call changed, so it is not repeated
 *	after a success
 * @begin: find out what has to be done; may set @op->reason
 * @attempt: ask the server, and set @op->server; false if it is too early to
 *	ask. @last is set when there is no later moment. Must not change
 *	anything in the server unless it gives the recorded answer, or @last.
 * @settle: change in the server what the call changed; NULL where that is @attempt
 * @evidence: the answers differ: find an event that the recorded one is evidence
 *	of, and do it in the server; false if there is none
 * @finish: it was right, and has ended
 * @excuse: the answers differ: may set @op->design or @op->reason
 * @skip: the answer is not compared: bring the server into the state of Linux
 */
struct op_type {
	enum operation operation;
	bool acts;
	void (*begin)(struct replay *r, struct op *op);
	bool (*attempt)(struct replay *r, struct op *op, bool last);
	void (*settle)(struct replay *r, struct op *op);
	bool (*evidence)(struct replay *r, struct op *op);
	void (*finish)(struct replay *r, struct op *op);
	void (*excuse)(struct replay *r, struct op *op);
	void (*skip)(struct replay *r, struct op *op);
};

/**
 * struct wait_op - the arguments of a wait
 * @which: &enum procsrv_wait_which
 * @number: pid or pgid of the recording; 0 for the own group
 * @child: with a pidfd, the process
 * @options: as the call has them
 * @what: PROCSRV_WAIT_EXITED and so on
 * @flags: flags that make the server answer as Linux would
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
 * struct signal_op - the arguments of a signal
 * @target: &enum procsrv_target
 * @number: pid or pgid of the recording; 0 for the own group
 * @tgid: the thread group that the thread @number must be of, or 0
 * @proc: the process, where a descriptor names it
 * @signo: the signal
 */
struct signal_op {
	enum procsrv_target target;
	int number;
	int tgid;
	struct proc *proc;
	int signo;
};

/**
 * struct group_op - the arguments of a setpgid
 * @pid: of the process, in the recording
 * @pgid: of the group, in the recording
 * @own_pid: the call had 0 for the process
 * @own_pgid: the call had 0 for the group
 */
struct group_op {
	int pid;
	int pgid;
	bool own_pid;
	bool own_pgid;
};

/**
 * struct awaited - a wait that returned a pid
 * @next: the next such wait
 * @call: the call
 */
struct awaited {
	struct awaited *next;
	const struct call *call;
};

/**
 * struct op - an operation that has begun
 * @entry: in one of the lists of operations
 * @listed: it is in one
 * @call: its call
 * @proc: the process that made it
 * @type: how it is replayed
 * @linux_said: the recorded answer
 * @server: the latest answer of the server
 * @changes: of a wait that is right, &struct proc.changes of the child at that
 *	time
 * @open: it has not ended
 * @right: that was the recorded answer
 * @settled: its effect in the server has taken place
 * @forced: it was tried as if it were at its end
 * @unwaited: it is right only because a zombie is gone, in a recording without
 *	waits
 * @autoreap: it differs because a zombie is gone that no wait has reaped
 * @reason: why it is not compared
 * @design: the deliberate difference that it shows
 * @wait: of a wait
 * @signal: of a signal
 * @group: of setpgid
 */
struct op {
	LIST_ENTRY(op) entry;
	bool listed;
	struct call *call;
	struct proc *proc;
	const struct op_type *type;
	struct answer linux_said;
	struct answer server;
	unsigned int changes;
	bool open;
	bool right;
	bool settled;
	bool forced;
	bool unwaited;
	bool autoreap;
	enum reason reason;
	enum design design;
	union {
		struct wait_op wait;
		struct signal_op signal;
		struct group_op group;
	};
};

/**
 * struct replay_options - how to replay a recording
 * @fd: the server; unchanged afterwards but for its counters
 * @hosted: it is a private one with POSIX ids: with hosted processes, which have the
 *	pids of the recording, and are left there
 * @keep: leave the processes in the server
 * @verbose: print each operation on standard output
 */
struct replay_options {
	int fd;
	bool hosted;
	bool keep;
	bool verbose;
};

/**
 * replay() - replay a recording
 * @rec: the recording
 * @options: how
 * @report: filled
 * @picture: shown each line, or NULL
 *
 * Return: 0, or -errno if the server cannot be used.
 */
int replay(struct recording *rec, const struct replay_options *options,
	   struct report *report, struct picture *picture);

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
	SETTLE_WAITS	= 1 << 0,	/* and zombies that init has reaped */
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
 * settle_reports() - settle the waits that have returned the stop or the
 * continuation of a process, before it is replaced
 */
void settle_reports(struct replay *r, const struct proc *p);

/**
 * op_settle() - let a right operation have its effect in the server
 */
void op_settle(struct replay *r, struct op *op);

/**
 * op_attempt() - ask the server, and check whether the answer is right
 */
void op_attempt(struct replay *r, struct op *op, bool last);

/**
 * touch_waits() - something has happened to a child
 * @parent: the process whose waits are to be tried again, or NULL
 * @child: the child; or NULL for several, or one that was not its child before
 *
 * A wait for one pid is not tried again for what happened to another child.
 */
void touch_waits(struct replay *r, struct proc *parent,
		 const struct proc *child);

/**
 * retry_open() - try the calls that are going on again, if anything has changed
 */
void retry_open(struct replay *r);

/**
 * tell_compared() - with --verbose, print an operation and both answers
 * @text: its line, without the pid
 * @verdict: the result of the comparison
 */
void tell_compared(const struct replay *r, const char *text,
		   const char *verdict, const struct answer *linux_said,
		   const struct answer *server);

/**
 * tell_not_compared() - with --verbose, print an operation that is not compared
 */
void tell_not_compared(const struct replay *r, const char *text);

/* How calls are replayed, and the events that come without a call. */
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
void replay_exit_call(struct replay *r, struct life *life,
		      const struct call *call);

/**
 * proc_exit() - a process exits
 * @status: exit code, or minus the signal that kills it
 *
 * Return: 0 or -errno of the server.
 */
int proc_exit(struct replay *r, struct proc *p, int status);

/**
 * is_dying() - has the exit of a process begun
 *
 * From then on a parent may learn nothing of it until it has exited.
 */
bool is_dying(const struct replay *r, const struct proc *p);

/* groups.c */

/**
 * note_group() - a process was moved in the server
 */
void note_group(struct replay *r, struct proc *p);

/* signals.c */

/**
 * note_fatal_signal() - a signal is delivered that may be fatal
 */
void note_fatal_signal(struct proc *p, const struct life *life, int signo);

/* jobs.c: stops and continuations */

/**
 * replay_delivered() - a signal is delivered to a thread
 */
void replay_delivered(struct replay *r, struct life *life, int signo,
		      const char *siginfo);

/**
 * replay_stopped() - a thread reports that it stops
 * @signo: by which signal
 */
void replay_stopped(struct replay *r, struct life *life, int signo);

/**
 * replay_active() - a thread does something, so its process is not stopped
 */
void replay_active(struct replay *r, struct life *life, bool by_sigcont);

/**
 * replay_thread_gone() - a thread no longer takes part in stops
 */
void replay_thread_gone(struct replay *r, struct life *life);

/**
 * job_stop() - a process stops
 * @signo: by which signal; 0 if that is not known
 */
void job_stop(struct replay *r, struct proc *p, int signo);

/**
 * job_continue() - SIGCONT reaches stopped processes
 * @sender: its pid in the server, or 0
 * @target: &enum procsrv_target: a pid, a group or all
 * @id: the server's id of it
 *
 * A process that is about to stop stops first.
 */
void job_continue(struct replay *r, __u64 sender, enum procsrv_target target,
		  __u64 id);

/* evidence.c: evidence that only an answer of Linux gives */

/**
 * wait_evidence() - see &struct op_type.evidence
 */
bool wait_evidence(struct replay *r, struct op *op);

/**
 * target_evidence() - the same for a call that failed with ESRCH
 * @p: the process that it was about
 */
bool target_evidence(struct replay *r, struct op *op, struct proc *p);

/**
 * group_evidence() - the same for a call that shows that a group is gone
 * @pgid: of the group in the server, or 0
 * @but: a member that does not matter, or NULL
 */
bool group_evidence(struct replay *r, struct op *op, __u32 pgid,
		    const struct proc *but);

/**
 * follow_wait() - follow a wait that was not compared, or differs
 */
void follow_wait(struct replay *r, struct op *op);

/**
 * note_unknown() - a wait may have returned any child
 */
void note_unknown(struct op *op);

/**
 * wait_child() - the child that the recorded answer is about, or NULL
 */
struct proc *wait_child(struct replay *r, const struct op *op);

/**
 * wait_ask() - the answer of the server to a wait
 * @which: &enum procsrv_wait_which
 * @id: the pid or pgid in the server
 */
void wait_ask(struct replay *r, struct op *op, enum procsrv_wait_which which,
	      __u64 id);

/**
 * wait_consume() - take a report
 * @what: PROCSRV_WAIT_EXITED and so on
 *
 * Return: 0 or -errno of the server.
 */
int wait_consume(struct replay *r, struct proc *parent, struct proc *child,
		 unsigned int what);

/**
 * wait_order_is_open() - may Linux return @child before @lowest
 */
bool wait_order_is_open(const struct op *op, const struct proc *lowest,
			const struct proc *child);

/* gaps.c: events that a recording leaves out, or has in another order */

/**
 * gaps_see_line() - note what a line of the recording shows
 */
void gaps_see_line(struct replay *r, const struct line *line);

/**
 * gaps_split() - are there calls that are split over two lines
 *
 * There are none in a recording of a single thread, nor in one that was merged.
 */
bool gaps_split(const struct replay *r);

/**
 * gaps_check_order() - the end of a process has come after an answer about it
 *
 * With a SIGCHLD for it, the answer was right and the lines are out of order.
 */
void gaps_check_order(struct replay *r, const struct proc *p);

/**
 * gaps_announce() - a SIGCHLD says that a child has exited
 * @siginfo: of the SIGCHLD
 */
void gaps_announce(struct replay *r, const char *siginfo);

/**
 * gaps_autoreaped() - may a zombie be gone that no wait has reaped
 *
 * It may if its parent ignores SIGCHLD, which is not recorded. Then there is no
 * SIGCHLD for this child, although there are others; or none at all, and no wait
 * returned a child.
 */
bool gaps_autoreaped(const struct replay *r, const struct proc *child);

/**
 * gaps_lacks_waits() - is there no wait at all
 *
 * Then a zombie may be gone at any time, if its parent is in the recording.
 */
bool gaps_lacks_waits(const struct replay *r);

/**
 * gaps_lacks_execs() - is there no execve at all
 */
bool gaps_lacks_execs(const struct replay *r);

/**
 * gaps_withdraw() - withdraw the differences that depend on something that the
 * recording turned out to lack
 */
void gaps_withdraw(struct replay *r);

/* namespaces.c: numbers of other pid namespaces */

/**
 * ns_fork() - note in which namespace a child is
 */
void ns_fork(struct replay *r, struct proc *child, struct proc *maker,
	     const struct fork *fork);

/**
 * ns_answered() - note the number that a child has in its own namespace
 * @call: the fork that made it
 */
void ns_answered(const struct call *call, const struct proc *maker,
		 struct proc *child);

/**
 * ns_lose() - the namespace of a process has numbers that cannot be translated
 */
void ns_lose(struct proc *p);

/**
 * ns_number() - the number of a process as strace sees it
 * @p: the process that used the number
 * @text: the number, with the comment of strace
 *
 * Return: false if that is not known, with @number as it is written.
 */
bool ns_number(const struct proc *p, const char *text, int *number);

/**
 * ns_answer() - the same of a number that a call returned
 *
 * Return: the number, or -1 if it is not known.
 */
int ns_answer(const struct proc *p, int number);

/**
 * ns_enter() - note an unshare or setns
 */
void ns_enter(struct replay *r, const struct call *call, struct proc *p);

/**
 * ns_foundling() - no fork has made this process
 */
void ns_foundling(struct replay *r, struct proc *p);

/* notes.c: calls that are no operations, but that others depend on */
void replay_note(struct replay *r, struct call *call, struct proc *p);

#endif /* REPLAY_REPLAY_H */
