/* SPDX-License-Identifier: GPL-2.0-only WITH Linux-syscall-note */
/*
 * procsrv - the ioctl interface of /dev/procsrv
 *
 * Rules that hold for every call:
 *
 * - All pointers are carried in a __u64, so that 32-bit programs use the same
 *   layout. A pointer that cannot be read or written gives EFAULT.
 * - Structures grow at their end. The size of the caller's structure is part
 *   of the ioctl number. An older program passes a shorter structure, and the
 *   fields that it does not know read as zero. A newer program passes a longer
 *   structure, which is accepted if the part unknown here is zero (E2BIG
 *   otherwise).
 * - Unknown flags, unknown enumerators and non-zero padding give EINVAL.
 * - A call that fails has changed nothing, and has written nothing except what
 *   its description names. There is one exception: a call that writes its
 *   structure checks first that the structure is writable. If another thread
 *   unmaps this memory while the call runs, the result is lost and the call
 *   gives EFAULT, although the operation was done.
 * - A call the server does not know gives ENOTTY.
 * - Any call may fail with ENOMEM.
 * - The caller is the task that makes the call, with its credentials at that
 *   moment; the task that opened the descriptor does not matter. The caller
 *   may perform every operation on processes of its own effective user id. On
 *   other processes it needs a capability: CAP_KILL to signal and to end them,
 *   and to signal in their name; CAP_SYS_RESOURCE to raise their limits;
 *   CAP_SYS_PTRACE to see their command lines and environments; CAP_SYS_ADMIN
 *   for every other change. A capability counts in the user namespace of the
 *   caller, over processes whose user and group id are mapped there, and over
 *   all processes of a private server that was created there. Without it the
 *   call gives EPERM. Reading, listing and following events need no
 *   permission.
 *
 * A process that is a zombie can be read (also by handles and subscriptions),
 * waited for, signalled (without effect) and moved to another group. Every
 * other call gives ESRCH for it.
 */
#ifndef _UAPI_LINUX_PROCSRV_H
#define _UAPI_LINUX_PROCSRV_H

#include <linux/ioctl.h>
#include <linux/types.h>

/** PROCSRV_NAME_MAX - longest process or terminal name, without its NUL */
#define PROCSRV_NAME_MAX	255

/** PROCSRV_PATH_MAX - longest working directory, with its NUL */
#define PROCSRV_PATH_MAX	4096

/** PROCSRV_STRINGS_MAX - most bytes of a command line or an environment */
#define PROCSRV_STRINGS_MAX	(2 * 1024 * 1024)

/** PROCSRV_INIT_PID - the first process of every server */
#define PROCSRV_INIT_PID	1

/** PROCSRV_UNLIMITED - a limit that nothing reaches */
#define PROCSRV_UNLIMITED	(~0ULL)

/**
 * enum procsrv_state - state of a process
 * @PROCSRV_RUNNING: running, or able to run
 * @PROCSRV_SLEEPING: reported asleep by update
 * @PROCSRV_WAITING: a wait for its children is in progress on its behalf
 * @PROCSRV_STOPPED: stopped by SIGSTOP, or a hosted process by any signal that stops
 * @PROCSRV_ZOMBIE: has exited, and has not been waited for
 * @PROCSRV_DEAD: has been reaped; never seen in a table
 */
enum procsrv_state {
	PROCSRV_RUNNING		= 0,
	PROCSRV_SLEEPING	= 1,
	PROCSRV_WAITING		= 2,
	PROCSRV_STOPPED		= 3,
	PROCSRV_ZOMBIE		= 4,
	PROCSRV_DEAD		= 5,
};

/**
 * enum procsrv_priority - the scheduling classes of VeridianOS
 * @PROCSRV_PRIO_IDLE: runs when no other process does
 * @PROCSRV_PRIO_LOW: below normal
 * @PROCSRV_PRIO_NORMAL: the priority of a new process
 * @PROCSRV_PRIO_HIGH: above normal
 * @PROCSRV_PRIO_REALTIME: above all others
 */
enum procsrv_priority {
	PROCSRV_PRIO_IDLE	= 0,
	PROCSRV_PRIO_LOW	= 1,
	PROCSRV_PRIO_NORMAL	= 2,
	PROCSRV_PRIO_HIGH	= 3,
	PROCSRV_PRIO_REALTIME	= 4,
};

/* Flags of create. */
#define PROCSRV_CREATE_TIED	(1U << 0)	/* killed with the descriptor */
#define PROCSRV_CREATE_PID	(1U << 1)	/* with the pid of the caller's choice */
#define PROCSRV_CREATE_INHERIT	(1U << 2)	/* like its parent, as by fork(2) */
#define PROCSRV_CREATE_HOSTED	(1U << 3)	/* a body elsewhere executes it */
#define PROCSRV_CREATE_EXIT_SIGNAL (1U << 4)	/* its exit signal is passed */
#define PROCSRV_CREATE_SIBLING	(1U << 5)	/* its parent is that of @parent */

/**
 * struct procsrv_create_args - create a process
 * @parent: in: pid of the parent
 * @name: in: pointer to the NUL-terminated name
 * @argv: in: pointer to the command line: NUL-terminated strings one after
 *	the other, as in /proc/PID/cmdline
 * @envp: in: pointer to the environment, in the same form
 * @argv_len: in: bytes at @argv, every NUL counted; 0 for none
 * @envp_len: in: bytes at @envp, every NUL counted; 0 for none
 * @uid: in: user id, in the caller's user namespace
 * @gid: in: group id, in the caller's user namespace
 * @flags: in: mask of PROCSRV_CREATE_*
 * @notify: in: with PROCSRV_CREATE_EXIT_SIGNAL, the signal for its parent when it
 *	exits, as in clone(2): 0 for none, or up to 64; without, 0, and it is 17
 *	(SIGCHLD)
 * @pid: out: the new process; in: with PROCSRV_CREATE_PID, its pid
 *
 * The child is RUNNING with one thread, in its parent's session and process group;
 * unless it inherits them, in "/", at normal priority, with the default limits.
 *
 * With PROCSRV_CREATE_TIED it is killed, as by SIGKILL, when the descriptor
 * that this call was made on is closed for good: dup(2) and fork(2) keep it
 * open, as does passing it over a socket. Its children are not tied by this.
 *
 * With PROCSRV_CREATE_PID, in a private server only, the process gets the pid that
 * is passed, also one below those of other processes, or that of a process that
 * was reaped. A program that mirrors another system gives its processes the pids
 * that they have there. Other processes get pids above all that ever were. What goes through
 * the processes in the order of their pids (lists, and signals to all of them) may
 * miss a process that is given a pid behind that point meanwhile.
 *
 * With PROCSRV_CREATE_INHERIT it has the name, the command line, the environment,
 * the working directory, the user and the group id, the priority and the limits of
 * its parent, as after fork(2). The fields for these in this structure must be 0. It
 * also is PROCSRV_INFO_AUTOREAP if its parent is, and if both are hosted, it has the
 * credentials of its parent.
 *
 * With PROCSRV_CREATE_HOSTED it is a hosted process: another program, the host,
 * executes its body. No signal acts on it by itself: each, SIGKILL too, becomes
 * pending until it is taken (&struct procsrv_take_signal_args), by the host, which has the
 * descriptor that this call was made on; but SIGCONT and the signals that stop (19 to 22)
 * discard each other. What came of it is reported: by
 * PROCSRV_IOC_TERMINATE, and by PROCSRV_IOC_REPORT. It is tied to the descriptor, with or
 * without PROCSRV_CREATE_TIED: when that is closed for good, it ends at once.
 *
 * With PROCSRV_CREATE_SIBLING it is a child of the parent of @parent, as by clone(2) with
 * CLONE_PARENT. All else, group, session and what it inherits, it has of @parent, and so its
 * exit signal, which cannot be passed then.
 *
 * The exit signal of a process has one effect: children with another one than
 * SIGCHLD are found only by waits with PROCSRV_WAIT_WCLONE or _WALL. As in Linux it
 * becomes SIGCHLD when the process calls exec, or gets another parent.
 *
 * Every caller may create children of init. An id that is neither the caller's
 * real, effective nor saved one needs CAP_SETUID or CAP_SETGID.
 *
 * Errors: ESRCH, there is no such parent, or it is a zombie; EPERM, the caller
 * may not act on the parent, or may not create processes with these ids;
 * EEXIST, another process, a zombie too, has the pid, or, with POSIX ids, a group or
 * a session has it; ESHUTDOWN, the private server has been closed; EOPNOTSUPP, it is not a
 * private server, which alone takes PROCSRV_CREATE_PID;
 * ENAMETOOLONG, the name is longer than PROCSRV_NAME_MAX; E2BIG, a list is
 * longer than PROCSRV_STRINGS_MAX; EINVAL, a list does not end in a NUL, or an
 * id has no mapping in the caller's user namespace, or the pid is 0 or 2^64 - 1,
 * or something is passed that is inherited, or @notify is out of range, or the
 * server has POSIX ids and the pid is above 2^31 - 1, or it is to be a sibling of init;
 * EAGAIN, the server, or
 * @uid, has as many processes, or the parent as many ancestors, as the
 * module's parameters max_processes, max_user_processes and max_depth allow;
 * EDQUOT, @uid would have more bytes of strings than max_user_strings;
 * EOVERFLOW, the pids are used up.
 */
struct procsrv_create_args {
	__u64 parent;
	__u64 name;
	__u64 argv;
	__u64 envp;
	__u32 argv_len;
	__u32 envp_len;
	__u32 uid;
	__u32 gid;
	__u32 flags;
	__u32 notify;
	__u64 pid;
};

/**
 * struct procsrv_exec_args - replace name, command line and environment
 * @pid: in: the process
 * @name: in: as in &struct procsrv_create_args
 * @argv: in: as in &struct procsrv_create_args
 * @envp: in: as in &struct procsrv_create_args
 * @argv_len: in: as in &struct procsrv_create_args
 * @envp_len: in: as in &struct procsrv_create_args
 * @flags: in: 0
 * @pad: in: 0
 *
 * The three change at once. After this call the parent of the process can no
 * longer move it to another group (setpgid(2), EACCES).
 *
 * Errors: ESRCH, there is no such process, or it is a zombie; EPERM, the
 * caller may not act on it; EDQUOT, its user would have more bytes of strings
 * than max_user_strings; and those of the strings, as in &struct
 * procsrv_create_args.
 */
struct procsrv_exec_args {
	__u64 pid;
	__u64 name;
	__u64 argv;
	__u64 envp;
	__u32 argv_len;
	__u32 envp_len;
	__u32 flags;
	__u32 pad;
};

/**
 * PROCSRV_CORE_DUMP - added to the exit signal of a hosted process that has dumped
 *	core, as in the status of wait(2)
 */
#define PROCSRV_CORE_DUMP	0x80

/**
 * struct procsrv_terminate_args - end a process
 * @pid: in: the process
 * @exit_code: in: the exit code, any number
 * @exit_signal: in: the signal that ended it, 1 to 64, or 0 for none; of a hosted
 *	process a signal may have PROCSRV_CORE_DUMP added
 *
 * Of a hosted process this is the report that its body has ended.
 *
 * The process is a zombie until it is waited for. Its children are reparented
 * to the nearest reaper above it (&struct procsrv_set_reaper_args), or else to
 * init; those that are zombies join the orphan list. A process group that
 * loses its last link to the rest of its session by this, and has a stopped
 * member, is sent SIGHUP (1) and SIGCONT (18).
 *
 * Errors: ESRCH, there is no such process, or it is a zombie; EPERM, it is
 * init, or the caller may not signal it; EINVAL, @exit_signal is out of range.
 */
struct procsrv_terminate_args {
	__u64 pid;
	__s32 exit_code;
	__u32 exit_signal;
};

/**
 * enum procsrv_wait_which - children to wait for
 * @PROCSRV_WAIT_ANY: any child; the id is 0
 * @PROCSRV_WAIT_PID: the child with this pid, not 0
 * @PROCSRV_WAIT_PGID: any child in this process group, not 0; with POSIX ids 0 is
 *	the group that the parent is in when the wait begins
 */
enum procsrv_wait_which {
	PROCSRV_WAIT_ANY	= 0,
	PROCSRV_WAIT_PID	= 1,
	PROCSRV_WAIT_PGID	= 2,
};

/* Mask of state changes to wait for. A wait returns one of them in @why. */
#define PROCSRV_WAIT_EXITED	(1U << 0)
#define PROCSRV_WAIT_STOPPED	(1U << 1)
#define PROCSRV_WAIT_CONTINUED	(1U << 2)

/* Flags of a wait. */
#define PROCSRV_WAIT_NOHANG	(1U << 0)	/* do not sleep: EAGAIN */
#define PROCSRV_WAIT_NOWAIT	(1U << 1)	/* leave the child waitable */
#define PROCSRV_WAIT_TIMEOUT	(1U << 2)	/* use the timeout field */
#define PROCSRV_WAIT_WCLONE	(1U << 3)	/* only for clone children */
#define PROCSRV_WAIT_WALL	(1U << 4)	/* for children of both kinds */

/**
 * struct procsrv_wait_args - wait for a child to change state
 * @parent: in: process to wait on behalf of; reads as WAITING meanwhile
 * @id: in: pid or pgid, by @which
 * @which: in: &enum procsrv_wait_which
 * @what: in: mask of PROCSRV_WAIT_EXITED, _STOPPED and _CONTINUED; not 0
 * @flags: in: mask of PROCSRV_WAIT_NOHANG, _NOWAIT, _TIMEOUT, _WCLONE and _WALL
 * @why: out: the one of @what that happened
 * @timeout: in: with PROCSRV_WAIT_TIMEOUT, nanoseconds of CLOCK_MONOTONIC,
 *	otherwise 0. When a signal interrupts the call, the remaining time is
 *	stored here, and the call is restarted with it (SA_RESTART) or fails
 *	with EINTR.
 * @pid: out: the child
 * @cpu_time: out: its cpu time, in microseconds
 * @children_cpu_time: out: the cpu time of the children it has waited for
 * @uid: out: its user id, in the caller's user namespace; of a hosted process the
 *	real one
 * @exit_code: out: its exit code; 0 unless it exited
 * @exit_signal: out: the signal that ended it, perhaps with PROCSRV_CORE_DUMP, or
 *	0; 19 (SIGSTOP) when it stopped, or what was reported of a hosted process;
 *	18 (SIGCONT) when it continued
 * @pad: in: 0
 *
 * Of several children that qualify, the one with the lowest pid is returned.
 * Returning an exit reaps the child: it leaves every table, and its cpu time
 * is added to the children's time of the parent. A stop or a continuation is
 * returned once, and not at all if a later change of state came before the
 * wait. With PROCSRV_WAIT_NOWAIT nothing is consumed.
 *
 * Children with another exit signal than SIGCHLD (&struct procsrv_create_args), clone
 * children, are waited for with PROCSRV_WAIT_WCLONE, and they alone; with
 * PROCSRV_WAIT_WALL, which is the stronger of the two, both kinds are, as by
 * __WCLONE and __WALL of wait(2).
 *
 * On behalf of init every caller may wait for a child that it may act on, by
 * its pid.
 *
 * Errors: ECHILD, no child could ever qualify; EAGAIN, no child qualifies yet
 * and PROCSRV_WAIT_NOHANG is set, or as many calls sleep for processes of the
 * parent's user as max_user_sleepers allows; ETIMEDOUT, the timeout expired;
 * EINTR, a signal to the calling thread; ESRCH, there is no such parent, or it
 * is a zombie, or has become one; EPERM, the caller may not act on it; EINVAL,
 * @which, @what, @id or @timeout is not valid.
 */
struct procsrv_wait_args {
	__u64 parent;
	__u64 id;
	__u32 which;
	__u32 what;
	__u32 flags;
	__u32 why;
	__u64 timeout;
	__u64 pid;
	__u64 cpu_time;
	__u64 children_cpu_time;
	__u32 uid;
	__s32 exit_code;
	__u32 exit_signal;
	__u32 pad;
};

/**
 * enum procsrv_target - target of a signal
 * @PROCSRV_TARGET_PID: a process
 * @PROCSRV_TARGET_PGID: the members of a process group
 * @PROCSRV_TARGET_SID: the members of a session
 * @PROCSRV_TARGET_ALL: every process but init and the sender; the id is 0
 * @PROCSRV_TARGET_TREE: a process and all of its descendants, whatever their
 *	sessions
 */
enum procsrv_target {
	PROCSRV_TARGET_PID	= 0,
	PROCSRV_TARGET_PGID	= 1,
	PROCSRV_TARGET_SID	= 2,
	PROCSRV_TARGET_ALL	= 3,
	PROCSRV_TARGET_TREE	= 4,
};

/**
 * struct procsrv_signal_args - send a signal
 * @sender: in: pid on whose behalf, or 0 for a sender outside the server
 * @id: in: pid, pgid or sid, by @target
 * @target: in: &enum procsrv_target
 * @signo: in: 0 to 64
 * @flags: in: 0
 * @count: out: how many processes it reached, zombies included
 *
 * In a server with POSIX ids, PROCSRV_TARGET_PGID with the id 0 is the group of the
 * sender, as in kill(2).
 *
 * To a hosted process every signal but 0 becomes pending, see &struct
 * procsrv_create_args; once it is exiting it is not affected. In the name of a hosted
 * process a signal may be sent by the rules of kill(2): its real or effective user id is
 * the real or saved one of the target (of one that is not hosted: its user id), or it has
 * PROCSRV_CREDENTIALS_KILL; and SIGCONT to all of its session. With
 * PROCSRV_TARGET_ALL it is then no error if it may signal none; and one that would end
 * or stop init is none, and has no effect.
 *
 * 0 only checks. To processes that are not hosted, 9 (SIGKILL) terminates with exit code
 * -9 and exit signal 9, 15 (SIGTERM) with exit code 0 and exit signal 15. 19 (SIGSTOP)
 * stops; 18
 * (SIGCONT) continues a stopped process. Every other signal becomes pending in
 * the process until it is taken. A zombie is not affected. Except with
 * PROCSRV_TARGET_ALL, the signal is delivered to all targets at once: no
 * process is created in between. If there are several targets, the signal
 * reaches those that the caller may signal.
 *
 * Errors: EINVAL, the number is out of range, or @target or @id is not valid;
 * ESRCH, there is no such target, or no such sender or it is a zombie; EPERM,
 * the target is init, or the tree of init, and the signal would end or stop
 * it, or the caller may not signal init; or the caller may signal none of the
 * targets, or not in the name of @sender.
 */
struct procsrv_signal_args {
	__u64 sender;
	__u64 id;
	__u32 target;
	__s32 signo;
	__u32 flags;
	__u32 count;
};

/* Flags of take signal. */
#define PROCSRV_TAKE_NOHANG	(1U << 0)	/* do not sleep: EAGAIN */
#define PROCSRV_TAKE_TIMEOUT	(1U << 1)	/* use the timeout field */

/* Where the signals to a hosted process came from. */
#define PROCSRV_FROM_PROCESS	(1U << 0)	/* in the name of a process */
#define PROCSRV_FROM_OUTSIDE	(1U << 1)	/* from outside the server, or by hang up */
#define PROCSRV_FROM_SERVER	(1U << 2)	/* by the server itself */

/**
 * struct procsrv_take_signal_args - take a pending signal
 * @pid: in: the process; or 0 for any that was created as a hosted process on this
 *	descriptor
 * @mask: in: signals to take; bit N - 1 for signal N; not 0; all bits if @pid is 0
 * @timeout: in: as in &struct procsrv_wait_args
 * @sender: out: the first sender since it was last taken, or 0 for a sender
 *	outside the server and for the server itself; of a hosted process the first
 *	that is a process, or 0
 * @flags: in: mask of PROCSRV_TAKE_NOHANG and PROCSRV_TAKE_TIMEOUT
 * @signo: out: the lowest of @mask that is pending; it is no longer pending
 * @count: out: how often it was sent since it was last taken; of a hosted process
 *	those that did not come in the name of a process count as one for each bit of
 *	@origin
 * @target: out: the process that it was taken from
 * @origin: out: of a hosted process, a mask of PROCSRV_FROM_*; otherwise 0
 * @pad: in: 0
 *
 * After sigtimedwait(2). Of several callers that could take a signal, one
 * does; one that waits for the process before one that waits for any. SIGKILL,
 * SIGTERM, SIGCONT and SIGSTOP act at once and are never pending, except in hosted
 * processes, where SIGKILL is taken before all others. Of several hosted processes with
 * pending signals it takes from each in turn. poll(2) returns POLLPRI while a signal is
 * pending for any that was created on the descriptor.
 *
 * Errors: EAGAIN, none is pending and PROCSRV_TAKE_NOHANG is set, or as many
 * calls sleep for processes of its user as max_user_sleepers allows;
 * ETIMEDOUT, the timeout expired; EINTR, a signal to the calling thread;
 * ESRCH, there is no such process, or it is a zombie, or has become one;
 * EPERM, the caller may not act on it; EINVAL, @mask is 0, or has not all bits and
 * @pid is 0, or @timeout is not 0 and PROCSRV_TAKE_TIMEOUT is not set; ESHUTDOWN, @pid is
 * 0, and the private server has been closed.
 */
struct procsrv_take_signal_args {
	__u64 pid;
	__u64 mask;
	__u64 timeout;
	__u64 sender;
	__u32 flags;
	__s32 signo;
	__u64 count;
	__u64 target;
	__u32 origin;
	__u32 pad;
};

/**
 * enum procsrv_body - what is reported of the body of a hosted process
 * @PROCSRV_BODY_STOPPED: a signal has stopped it
 * @PROCSRV_BODY_CONTINUED: SIGCONT has continued it
 * @PROCSRV_BODY_EXITING: its end has begun, by an exit or by a signal
 */
enum procsrv_body {
	PROCSRV_BODY_STOPPED	= 0,
	PROCSRV_BODY_CONTINUED	= 1,
	PROCSRV_BODY_EXITING	= 2,
};

/**
 * struct procsrv_report_args - report what the body of a hosted process does
 * @pid: in: the process
 * @what: in: &enum procsrv_body
 * @signo: in: with PROCSRV_BODY_STOPPED, the signal that stopped it: 19 (SIGSTOP),
 *	20 (SIGTSTP), 21 (SIGTTIN) or 22 (SIGTTOU); otherwise 0
 *
 * A process that has stopped is STOPPED, one that was continued is RUNNING, and its
 * parent may wait for either. Nothing changes if it is stopped already, or is
 * continued and was not stopped.
 *
 * One that is exiting (PROCSRV_INFO_EXITING) is RUNNING and not yet a zombie: its
 * pending signals are discarded, further ones do not affect it, and its parent finds no
 * stop and no continuation any more. PROCSRV_IOC_TERMINATE ends that, and needs no
 * such report before it.
 *
 * Errors: ESRCH, there is no such process, or it is a zombie, or it is exiting; EPERM,
 * the caller may not act on it; EOPNOTSUPP, it is not hosted; EINVAL, @what or @signo
 * is not valid.
 */
struct procsrv_report_args {
	__u64 pid;
	__u32 what;
	__s32 signo;
};

/* Flags of credentials. */
#define PROCSRV_CREDENTIALS_KILL (1U << 0)	/* may signal every process */

/**
 * struct procsrv_credentials - credentials of a hosted process
 * @ruid: real user id
 * @euid: effective user id
 * @suid: saved user id
 * @rgid: real group id
 * @egid: effective group id
 * @sgid: saved group id
 * @flags: mask of PROCSRV_CREDENTIALS_KILL, as CAP_KILL in Linux
 * @pad: 0
 *
 * The ids are in the caller's user namespace. They decide which processes it may signal,
 * and which hosted processes may signal it, see &struct procsrv_signal_args. For the
 * rest, and for callers from outside, the process belongs to the user and the group that
 * it was created with.
 */
struct procsrv_credentials {
	__u32 ruid;
	__u32 euid;
	__u32 suid;
	__u32 rgid;
	__u32 egid;
	__u32 sgid;
	__u32 flags;
	__u32 pad;
};

/**
 * struct procsrv_credentials_args - get or set the credentials of a hosted process
 * @pid: in: the process
 * @credentials: out of get, in of set
 *
 * A new one has the ids it was created with, and no flag, unless it inherits. Of one that is
 * not hosted all user ids, and all group ids, are the same.
 *
 * Errors: ESRCH, there is no such process, or (set) it is a zombie; and of set: EPERM, the
 * caller may not act on it, or may not create processes with an id that is none of its
 * ids of the same kind yet, or gives it PROCSRV_CREDENTIALS_KILL and has not CAP_KILL in
 * the user namespace that the server belongs to; EOPNOTSUPP, it is not hosted; EINVAL,
 * an id has no mapping in the caller's user namespace, or @flags or @pad is not valid.
 */
struct procsrv_credentials_args {
	__u64 pid;
	struct procsrv_credentials credentials;
};

/**
 * struct procsrv_set_autoreap_args - set or clear a process's autoreap flag
 * @pid: in: the process
 * @on: in: 1 or 0
 * @flags: in: 0
 *
 * The children of such a process that exit are reaped at once, and no wait finds them;
 * waits for them sleep until there is no child left, as with an ignored SIGCHLD, or
 * SA_NOCLDWAIT (sigaction(2)). Clone children are not. Zombies that there are already
 * stay; those that the process adopts are reaped.
 *
 * Errors: ESRCH, there is no such process, or it is a zombie; EPERM, the caller may not
 * act on it; EINVAL, @on is neither 0 nor 1.
 */
struct procsrv_set_autoreap_args {
	__u64 pid;
	__u32 on;
	__u32 flags;
};

/* Flags in procsrv_info. */
#define PROCSRV_INFO_EXECED	(1U << 0)	/* has called exec */
#define PROCSRV_INFO_ORPHAN	(1U << 1)	/* is on the orphan list */
#define PROCSRV_INFO_REAPER	(1U << 2)	/* gets orphans below it */
#define PROCSRV_INFO_TIED	(1U << 3)	/* killed with a descriptor */
#define PROCSRV_INFO_HIDDEN	(1U << 4)	/* lists are not shown */
#define PROCSRV_INFO_HOSTED	(1U << 5)	/* a host executes it */
#define PROCSRV_INFO_EXITING	(1U << 6)	/* its body has begun to exit */
#define PROCSRV_INFO_AUTOREAP	(1U << 7)	/* its children leave no zombies */
#define PROCSRV_INFO_CLONE	(1U << 8)	/* its exit signal is not SIGCHLD */

/* Limits that an update can pass. */
#define PROCSRV_LIMIT_MEMORY	(1U << 0)	/* max_memory */
#define PROCSRV_LIMIT_CPU_TIME	(1U << 1)	/* max_cpu_time */
#define PROCSRV_LIMIT_THREADS	(1U << 2)	/* max_threads */

/**
 * struct procsrv_info - state of a process
 * @pid: process id, not reused unless a caller of a private server chooses it
 * @ppid: pid of the parent; 0 for init
 * @start_time: when it was created, in microseconds of the server's clock
 * @start_cycles: the same moment as the raw cycle counter, whether or not the
 *	clock is based on it; 0 on a machine without one
 * @cpu_time: cpu time used, in microseconds
 * @children_cpu_time: cpu time of the children it has waited for, and of
 *	those that they have waited for, in microseconds; PROCSRV_UNLIMITED on
 *	overflow
 * @memory_usage: bytes in use
 * @pending: mask of the pending signals; bit N - 1 for signal N
 * @revocations: how many notices of a revoked capability it was sent
 * @state: &enum procsrv_state
 * @priority: &enum procsrv_priority
 * @uid: user id, in the caller's user namespace
 * @gid: group id, in the caller's user namespace
 * @sid: session, or 0 for none
 * @pgid: process group, or 0 for none
 * @thread_count: threads
 * @flags: mask of PROCSRV_INFO_*
 * @exit_code: of a zombie: its exit code
 * @exit_signal: of a zombie: the signal that ended it, perhaps with
 *	PROCSRV_CORE_DUMP, or 0; of a hosted process that is stopped: the signal that
 *	stopped it
 * @argv_len: bytes of its command line; 0 with PROCSRV_INFO_HIDDEN
 * @envp_len: bytes of its environment; 0 with PROCSRV_INFO_HIDDEN
 * @cwd_len: bytes of its working directory, with the NUL
 * @terminal_len: bytes of the name of its terminal, with the NUL; 0 for none
 * @name: its name, NUL-terminated, the rest zero
 * @seq: the number of the latest event of the server at this moment
 * @limits_passed: mask of PROCSRV_LIMIT_*: limits that updates have passed
 * @nr_limits_passed: how often that happened
 */
struct procsrv_info {
	__u64 pid;
	__u64 ppid;
	__u64 start_time;
	__u64 start_cycles;
	__u64 cpu_time;
	__u64 children_cpu_time;
	__u64 memory_usage;
	__u64 pending;
	__u64 revocations;
	__u32 state;
	__u32 priority;
	__u32 uid;
	__u32 gid;
	__u32 sid;
	__u32 pgid;
	__u32 thread_count;
	__u32 flags;
	__s32 exit_code;
	__u32 exit_signal;
	__u32 argv_len;
	__u32 envp_len;
	__u32 cwd_len;
	__u32 terminal_len;
	char name[PROCSRV_NAME_MAX + 1];
	__u64 seq;
	__u32 limits_passed;
	__u32 nr_limits_passed;
};

/**
 * struct procsrv_info_args - read the state of a process
 * @pid: in: the process, which may be a zombie
 * @info: in: pointer to a &struct procsrv_info to fill, or 0
 * @argv: in: pointer to a buffer for the command line, or 0
 * @envp: in: pointer to a buffer for the environment, or 0
 * @cwd: in: pointer to a buffer for the working directory, or 0
 * @terminal: in: pointer to a buffer for the name of the terminal, or 0
 * @info_size: in: sizeof(struct procsrv_info) as the caller knows it; bytes
 *	that the server does not know are zeroed
 * @argv_size: in: size of @argv in bytes; out: actual length
 * @envp_size: in: size of @envp in bytes; out: actual length
 * @cwd_size: in: size of @cwd in bytes; out: actual length, with the NUL
 * @terminal_size: in: size of @terminal in bytes; out: actual length, with the
 *	NUL, or 0 if it has no terminal
 * @flags: in: 0
 *
 * A string that does not fit into its buffer is truncated; the returned size
 * is its full length. All output is one consistent snapshot.
 *
 * Command line and environment are shown to the user of the process and to
 * callers with CAP_SYS_PTRACE over it. For other callers both have the size 0,
 * nothing is written to their buffers, and @info has PROCSRV_INFO_HIDDEN.
 *
 * Errors: ESRCH, there is no such process; EINVAL, @info_size is smaller
 * than the first version of the structure, or a size is not 0 where the
 * pointer is; E2BIG, @info_size is larger than a page; EFAULT, one buffer
 * cannot be written, while others may have been filled.
 */
struct procsrv_info_args {
	__u64 pid;
	__u64 info;
	__u64 argv;
	__u64 envp;
	__u64 cwd;
	__u64 terminal;
	__u32 info_size;
	__u32 argv_size;
	__u32 envp_size;
	__u32 cwd_size;
	__u32 terminal_size;
	__u32 flags;
};

/* Flags of limits. */
#define PROCSRV_LIMITS_ENFORCE	(1U << 0)	/* passing one ends it */

/**
 * struct procsrv_limits - resource limits of a process
 * @max_memory: bytes; default 256 MiB
 * @max_cpu_time: microseconds; default PROCSRV_UNLIMITED
 * @stack_size: bytes; default 8 MiB
 * @core_size: bytes; default 0
 * @max_files: open files; default 1024
 * @max_threads: threads, at least 1; default 256
 * @nice: -20 to 19; default 0
 * @flags: mask of PROCSRV_LIMITS_ENFORCE
 *
 * An update that reports more than @max_memory, @max_cpu_time or @max_threads
 * passes that limit: it is recorded in the process (@limits_passed of &struct
 * procsrv_info), and there is an event of it. With PROCSRV_LIMITS_ENFORCE the
 * process is also ended: with exit signal 24 (SIGXCPU) and exit code -24 for
 * @max_cpu_time, otherwise with 9 (SIGKILL) and -9. A hosted process gets this
 * signal instead, from the server. Init is never ended by
 * this. The other limits are only stored.
 */
struct procsrv_limits {
	__u64 max_memory;
	__u64 max_cpu_time;
	__u64 stack_size;
	__u64 core_size;
	__u32 max_files;
	__u32 max_threads;
	__s32 nice;
	__u32 flags;
};

/**
 * struct procsrv_limits_args - get or set resource limits
 * @pid: in: the process
 * @limits: out of get, in of set
 *
 * Errors: ESRCH, there is no such process, or (set) it is a zombie; EPERM,
 * (set) it belongs to another user, and the caller has no CAP_SYS_RESOURCE to
 * raise a limit, or no CAP_SYS_ADMIN to do anything else; EINVAL, a limit is
 * out of range. Lowering @nice, and clearing PROCSRV_LIMITS_ENFORCE, count as
 * raising a limit.
 */
struct procsrv_limits_args {
	__u64 pid;
	struct procsrv_limits limits;
};

/* Fields named by the mask of an update. */
#define PROCSRV_UPDATE_CPU_TIME		(1U << 0)
#define PROCSRV_UPDATE_MEMORY		(1U << 1)
#define PROCSRV_UPDATE_THREADS		(1U << 2)
#define PROCSRV_UPDATE_STATE		(1U << 3)
#define PROCSRV_UPDATE_PRIORITY		(1U << 4)
#define PROCSRV_UPDATE_CWD		(1U << 5)

/**
 * struct procsrv_update_args - report activity and usage of a process
 * @pid: in: the process
 * @cpu_time: in: microseconds
 * @memory_usage: in: bytes
 * @cwd: in: pointer to the NUL-terminated working directory, an absolute path
 * @mask: in: mask of PROCSRV_UPDATE_*: which of the fields change
 * @thread_count: in: at least 1
 * @state: in: PROCSRV_RUNNING or PROCSRV_SLEEPING
 * @priority: in: &enum procsrv_priority
 *
 * All named fields change at once; the others are ignored. The effect of
 * passing a limit is described in &struct procsrv_limits.
 *
 * Errors: ESRCH, there is no such process, or it is a zombie; EINVAL, a named
 * field is out of range or the directory is not absolute; ENAMETOOLONG, the
 * directory is longer than PROCSRV_PATH_MAX; EBUSY, a state is named and the
 * process is stopped or exiting; EPERM, the caller may not
 * act on it; EDQUOT, its user would have more bytes of strings than
 * max_user_strings.
 */
struct procsrv_update_args {
	__u64 pid;
	__u64 cpu_time;
	__u64 memory_usage;
	__u64 cwd;
	__u32 mask;
	__u32 thread_count;
	__u32 state;
	__u32 priority;
};

/**
 * struct procsrv_create_session_args - create a session
 * @leader: in: the process that becomes its leader
 * @flags: in: 0
 * @sid: out: the new session
 * @pgid: out: the new process group in it, which it leads as well
 * @pad: in: 0
 *
 * The leader leaves its old session and group. The session has no terminal.
 *
 * In a server with POSIX ids both ids are the pid of the leader.
 *
 * Errors: ESRCH, there is no such process, or it is a zombie; EPERM, it leads
 * a session already, or a process group that has other members (even if it
 * has left that), or it is init, or the caller may not act on it; with POSIX ids also
 * EPERM, any process group has its pid as its id, as in setsid(2).
 */
struct procsrv_create_session_args {
	__u64 leader;
	__u32 flags;
	__u32 sid;
	__u32 pgid;
	__u32 pad;
};

/**
 * struct procsrv_create_group_args - create a process group
 * @caller: in: pid on whose behalf, or 0 for a caller outside the server
 * @leader: in: the process that becomes its leader; a zombie is allowed
 * @sid: in: its session, or 0 if it has none
 * @flags: in: 0
 * @pgid: out: the new group
 * @pad: in: 0
 *
 * A caller other than 0 may name itself and those of its children that have
 * not called exec, as with setpgid(2).
 *
 * In a server with POSIX ids the id of the group is the pid of @leader, which moves to
 * the group if that exists already; and @leader may be 0 for @caller.
 *
 * Errors: ESRCH, there is no such process or session, or no such caller, or
 * the process is neither the caller nor its child; EPERM, the process is not
 * in that session, or leads one, or is init, or is a child of the caller in
 * another session, or the calling task may not act on the process or on the
 * caller; EACCES, it is a child of the caller and has called exec.
 */
struct procsrv_create_group_args {
	__u64 caller;
	__u64 leader;
	__u32 sid;
	__u32 flags;
	__u32 pgid;
	__u32 pad;
};

/**
 * struct procsrv_set_group_args - move a process to a process group
 * @caller: in: as in &struct procsrv_create_group_args
 * @pid: in: the process; a zombie is allowed
 * @pgid: in: the group, in the same session
 * @flags: in: 0
 *
 * In a server with POSIX ids this is setpgid(2): @pid may be 0 for @caller, @pgid may
 * be 0 for the pid of the process, and with that it creates the group unless it exists.
 *
 * Errors: as in &struct procsrv_create_group_args; also EPERM, there is no
 * such group in the session of the process.
 */
struct procsrv_set_group_args {
	__u64 caller;
	__u64 pid;
	__u32 pgid;
	__u32 flags;
};

/**
 * struct procsrv_session_args - read the state of a session
 * @sid: in: the session
 * @flags: in: 0
 * @leader: out: pid of the process that created it, which may be gone
 * @terminal: in: pointer to a buffer for the name of the terminal, or 0
 * @terminal_size: in: size of @terminal in bytes; out: actual length, with the
 *	NUL, or 0 if it has no terminal
 * @nr_processes: out: members, zombies included
 * @nr_groups: out: process groups in it
 * @foreground: out: the foreground process group of its terminal, or 0
 *
 * Its members are listed with PROCSRV_LIST_SID.
 *
 * Errors: ESRCH, there is no such session; EINVAL, @terminal_size is not 0
 * where @terminal is.
 */
struct procsrv_session_args {
	__u32 sid;
	__u32 flags;
	__u64 leader;
	__u64 terminal;
	__u32 terminal_size;
	__u32 nr_processes;
	__u32 nr_groups;
	__u32 foreground;
};

/*
 * Flag of a process group. In: find that out, by a look at its members. Out: it is orphaned;
 * by default SIGTSTP, SIGTTIN and SIGTTOU then do nothing to a member, which is for the host
 * of a hosted one to know.
 */
#define PROCSRV_GROUP_ORPHANED	(1U << 0)

/**
 * struct procsrv_group_args - read the state of a process group
 * @pgid: in: the group
 * @flags: in: 0 or PROCSRV_GROUP_ORPHANED; out: the same, if it is so
 * @leader: out: pid of the process that created it, which may be gone
 * @sid: out: its session, or 0 for none
 * @nr_processes: out: members, zombies included
 *
 * Its members are listed with PROCSRV_LIST_PGID.
 *
 * Errors: ESRCH, there is no such group; EINVAL, @flags has other bits; EINTR, the
 * caller was killed.
 */
struct procsrv_group_args {
	__u32 pgid;
	__u32 flags;
	__u64 leader;
	__u32 sid;
	__u32 nr_processes;
};

/**
 * struct procsrv_set_terminal_args - set or remove the terminal of a session
 * @sid: in: the session
 * @flags: in: 0
 * @name: in: pointer to the NUL-terminated name, or 0 for none
 *
 * A session belongs to the user of its leader, also after the leader is gone.
 *
 * Errors: ESRCH, there is no such session; EPERM, the caller may not act on
 * it; ENAMETOOLONG, the name is longer than PROCSRV_NAME_MAX; EINVAL, the name
 * is empty.
 */
struct procsrv_set_terminal_args {
	__u32 sid;
	__u32 flags;
	__u64 name;
};

/**
 * struct procsrv_set_foreground_args - set the foreground group of a terminal
 * @sid: in: the session of the terminal
 * @pgid: in: a process group in it, or 0 for none
 *
 * After tcsetpgrp(3). It decides which processes a hang-up signals, and when the leader of the
 * session exits, this group gets SIGHUP (1), and the session has no foreground group
 * any more. The same holds when the terminal is removed, but for the signal.
 *
 * Errors: ESRCH, there is no such session, or no such group; EPERM, the group is not in
 * the session, or the caller may not act on the session; ENOTTY, the session has no
 * terminal, or its leader has exited.
 */
struct procsrv_set_foreground_args {
	__u32 sid;
	__u32 pgid;
};

/**
 * struct procsrv_hang_up_args - hang up the terminal of a session
 * @sid: in: the session
 * @flags: in: 0
 * @count: out: how many processes the signals reached, zombies included
 * @pad: in: 0
 *
 * Every member that the caller may signal gets SIGHUP (1) and then SIGCONT
 * (18). If the terminal has a foreground group, only the leader of the session gets
 * them, as in Linux.
 *
 * Errors: ESRCH, there is no such session; EPERM, the caller may signal none of them.
 */
struct procsrv_hang_up_args {
	__u32 sid;
	__u32 flags;
	__u32 count;
	__u32 pad;
};

/**
 * enum procsrv_list_scope - which processes to list
 * @PROCSRV_LIST_ALL: all of them; the id is 0
 * @PROCSRV_LIST_SID: the members of a session
 * @PROCSRV_LIST_PGID: the members of a process group
 */
enum procsrv_list_scope {
	PROCSRV_LIST_ALL	= 0,
	PROCSRV_LIST_SID	= 1,
	PROCSRV_LIST_PGID	= 2,
};

/**
 * struct procsrv_list_args - list processes or pids, one page per call
 * @cursor: in: list pids above this one; 0 to begin. out: the last one listed
 * @buf: in: pointer to an array of &struct procsrv_info (list processes) or
 *	of __u64 (list pids)
 * @record_size: in: size of an element of the array, as the caller knows it;
 *	bytes that the server does not know are zeroed
 * @count: in: capacity of the array in elements, not 0; out: elements filled.
 *	Fewer elements than the capacity mean that the list has ended.
 * @scope: in: &enum procsrv_list_scope
 * @id: in: sid or pgid, by @scope
 * @flags: in: 0
 * @pad: in: 0
 * @seq: out: the number of the latest event of the server when the page was
 *	started
 *
 * The list ascends by pid. A process that is in the scope from the first page
 * to the last is listed exactly once, whatever other processes do.
 *
 * To follow every process from a moment on: subscribe to the events, list all
 * pages, and then apply to each listed process those events with a higher
 * number than the @seq in its &struct procsrv_info. A page of at most 64
 * elements is one consistent snapshot at the @seq of the page. There are no
 * events for WAITING, for taking a signal, and for setting limits, reapers, autoreap,
 * credentials or foreground groups.
 *
 * Errors: ESRCH, there is no such session or group; EINVAL, @count is 0,
 * @scope or @id is not valid, or @record_size is smaller than the first
 * version of the element; E2BIG, @record_size is larger than a page; EFAULT,
 * the array cannot be written, and may be partly written.
 */
struct procsrv_list_args {
	__u64 cursor;
	__u64 buf;
	__u32 record_size;
	__u32 count;
	__u32 scope;
	__u32 id;
	__u32 flags;
	__u32 pad;
	__u64 seq;
};

/**
 * struct procsrv_reap_args - reap the zombies whose parent is init
 * @flags: in: 0
 * @pad: in: 0
 * @count: out: how many were reaped
 *
 * Processes that are created after the call began may remain.
 *
 * Errors: EPERM, the caller may not act on init.
 */
struct procsrv_reap_args {
	__u32 flags;
	__u32 pad;
	__u64 count;
};

/**
 * struct procsrv_stats - the counters of a server, one consistent snapshot
 * @total_processes: processes in the table, init and zombies included
 * @running: those that are RUNNING
 * @sleeping: those that are SLEEPING or WAITING
 * @stopped: those that are STOPPED
 * @zombies: those that are ZOMBIE
 * @total_created: processes created since the server was created, without init
 * @total_exited: processes that have exited since then
 * @sessions: sessions
 * @process_groups: process groups
 * @orphans: zombies whose parent exited before it waited for them
 */
struct procsrv_stats {
	__u64 total_processes;
	__u64 running;
	__u64 sleeping;
	__u64 stopped;
	__u64 zombies;
	__u64 total_created;
	__u64 total_exited;
	__u64 sessions;
	__u64 process_groups;
	__u64 orphans;
};

/**
 * struct procsrv_revoke_args - note that a capability was revoked
 * @pid: in: the process to notify, or 0 for every process
 * @capability: in: the capability, as numbered by its issuer
 * @flags: in: 0
 * @pad: in: 0
 *
 * Increments the count of revocations that info shows, with 0 also that of
 * zombies, and writes one record to the kernel's audit log if audit is
 * enabled. Notifying every process needs the permission for init.
 *
 * Errors: ESRCH, there is no such process, or it is a zombie; EPERM, the
 * caller may not act on it.
 */
struct procsrv_revoke_args {
	__u64 pid;
	__u64 capability;
	__u32 flags;
	__u32 pad;
};

/**
 * enum procsrv_clock_source - source of the server's clock
 * @PROCSRV_CLOCK_CYCLES: the cycle counter, by its measured frequency
 * @PROCSRV_CLOCK_MONOTONIC: CLOCK_MONOTONIC, if there is no such counter or
 *	the kernel has marked it as unreliable
 */
enum procsrv_clock_source {
	PROCSRV_CLOCK_CYCLES	= 0,
	PROCSRV_CLOCK_MONOTONIC	= 1,
};

/**
 * struct procsrv_time_args - read the server's clock
 * @time: out: microseconds; never goes backwards
 * @cycles: out: the raw cycle counter, whether or not the clock is based on
 *	it; 0 on a machine without one
 * @frequency: out: the measured frequency of the counter in Hz; 0 if the clock
 *	is not based on it
 * @source: out: &enum procsrv_clock_source
 * @flags: in: 0
 */
struct procsrv_time_args {
	__u64 time;
	__u64 cycles;
	__u64 frequency;
	__u32 source;
	__u32 flags;
};

/**
 * struct procsrv_set_reaper_args - set or clear a process's reaper flag
 * @pid: in: the process
 * @on: in: 1 or 0
 * @flags: in: 0
 *
 * The children of a process that exits are reparented to the nearest of its
 * ancestors that is a reaper, or to init if none is. This follows
 * PR_SET_CHILD_SUBREAPER (prctl(2)): existing descendants are included,
 * children do not inherit the flag, exec keeps it.
 *
 * Errors: ESRCH, there is no such process, or it is a zombie; EPERM, it is
 * init and @on is 0, or the caller may not act on it; EINVAL, @on is neither 0
 * nor 1.
 */
struct procsrv_set_reaper_args {
	__u64 pid;
	__u32 on;
	__u32 flags;
};

/**
 * enum procsrv_event_kind - kind of an event
 * @PROCSRV_EVENT_LOST: the ring was full: @value older events were dropped;
 *	@seq is the number of the last of them
 * @PROCSRV_EVENT_CREATE: was created; @other is its parent
 * @PROCSRV_EVENT_EXEC: has called exec
 * @PROCSRV_EVENT_EXIT: became a zombie; @code and @signo are its exit code
 *	and exit signal
 * @PROCSRV_EVENT_REAP: was reaped; @other is the parent that waited
 * @PROCSRV_EVENT_SIGNAL: was sent signal @signo; @other is the sender, or 0
 * @PROCSRV_EVENT_STATE: is in state @detail now; @signo is the signal that
 *	stopped or continued it, or 0 after an update
 * @PROCSRV_EVENT_PARENT: its parent exits; @other is the new one
 * @PROCSRV_EVENT_SESSION: leads the new session @sid and group @pgid
 * @PROCSRV_EVENT_GROUP: is in group @pgid now
 * @PROCSRV_EVENT_LIMIT: an update passed limit @detail (PROCSRV_LIMIT_*);
 *	@value is what it reported, @other the limit
 * @PROCSRV_EVENT_CAPABILITY: capability @other was revoked; @pid is 0 if from
 *	every process
 * @PROCSRV_EVENT_UPDATE: an update set the fields in the mask @detail
 *	(PROCSRV_UPDATE_*)
 * @PROCSRV_EVENT_TERMINAL: session @sid, which @pid created, got a terminal
 *	(@detail is 1) or lost it (0)
 * @PROCSRV_NR_EVENTS: how many kinds there are
 */
enum procsrv_event_kind {
	PROCSRV_EVENT_LOST		= 0,
	PROCSRV_EVENT_CREATE		= 1,
	PROCSRV_EVENT_EXEC		= 2,
	PROCSRV_EVENT_EXIT		= 3,
	PROCSRV_EVENT_REAP		= 4,
	PROCSRV_EVENT_SIGNAL		= 5,
	PROCSRV_EVENT_STATE		= 6,
	PROCSRV_EVENT_PARENT		= 7,
	PROCSRV_EVENT_SESSION		= 8,
	PROCSRV_EVENT_GROUP		= 9,
	PROCSRV_EVENT_LIMIT		= 10,
	PROCSRV_EVENT_CAPABILITY	= 11,
	PROCSRV_EVENT_UPDATE		= 12,
	PROCSRV_EVENT_TERMINAL		= 13,
	PROCSRV_NR_EVENTS		= 14,
};

/* For the mask of a subscription. LOST records do not depend on the mask. */
#define PROCSRV_EVENT_BIT(kind)	(1U << (kind))
#define PROCSRV_EVENTS_ALL	(PROCSRV_EVENT_BIT(PROCSRV_NR_EVENTS) - 2)

/**
 * struct procsrv_event - record of read(2) on the device: one change
 * @seq: its number; the server counts from 1, independently of readers
 * @time: when, in microseconds of the server's clock
 * @pid: the process of the event
 * @other: by @kind, otherwise 0
 * @value: by @kind, otherwise 0
 * @kind: &enum procsrv_event_kind
 * @sid: the session of the process at that moment, or 0
 * @pgid: its process group at that moment, or 0
 * @signo: by @kind, otherwise 0
 * @code: by @kind, otherwise 0
 * @detail: by @kind, otherwise 0
 *
 * read(2) returns as many whole records as fit, at least one, and sleeps until
 * there is one. A descriptor without a subscription gets one with the next
 * read(2) or poll(2), to all events from that moment on, if the effective user
 * id of the caller is that of the opener. Numbers ascend; they have gaps where a
 * filter omits events.
 *
 * Errors of read: EINVAL, the buffer is smaller than a record; EAGAIN, there
 * is no event and O_NONBLOCK is set; EINTR; EFAULT, with no event consumed;
 * EMFILE, the caller's user has as many subscriptions as max_user_readers
 * allows; ENFILE, the server has 384 subscriptions; EPERM, there is no
 * subscription, and the caller is not the user that opened the descriptor.
 * poll(2) returns POLLERR in the last three cases.
 */
struct procsrv_event {
	__u64 seq;
	__u64 time;
	__u64 pid;
	__u64 other;
	__u64 value;
	__u32 kind;
	__u32 sid;
	__u32 pgid;
	__u32 signo;
	__s32 code;
	__u32 detail;
};

/* Flags of subscribe. */
#define PROCSRV_SUBSCRIBE_SUBTREE	(1U << 0)	/* and descendants */

/** PROCSRV_RING_DEFAULT - default capacity of a ring in events */
#define PROCSRV_RING_DEFAULT	1024

/** PROCSRV_RING_MAX - maximum capacity of a ring in events */
#define PROCSRV_RING_MAX	65536

/**
 * struct procsrv_subscribe_args - select the events this descriptor reads
 * @pid: in: only events of this process, or 0; events of every process do not
 *	count as events of this one
 * @kinds: in: mask of PROCSRV_EVENT_BIT(); 0 ends the subscription
 * @capacity: in: capacity of the ring in events, or 0 for PROCSRV_RING_DEFAULT
 * @flags: in: mask of PROCSRV_SUBSCRIBE_SUBTREE: with @pid, also events of its
 *	descendants at the moment of the event
 * @pad: in: 0
 * @seq: out: the number of the latest event before the subscription
 *
 * Replaces an earlier subscription of the same descriptor; unread events of
 * that are discarded. When the ring is full the oldest events are dropped, and
 * a PROCSRV_EVENT_LOST record takes their place.
 *
 * Errors: ESRCH, there is no such process; EINVAL, @kinds has unknown bits,
 * @capacity is above PROCSRV_RING_MAX, @flags are set without @pid, or @kinds
 * is 0 and another field is not; EINTR, a signal arrived while another thread
 * was in a read(2) or a subscription on the same descriptor; EMFILE, the
 * caller's user has as many subscriptions as max_user_readers allows; ENFILE,
 * the server has 384 subscriptions.
 */
struct procsrv_subscribe_args {
	__u64 pid;
	__u32 kinds;
	__u32 capacity;
	__u32 flags;
	__u32 pad;
	__u64 seq;
};

/* Flags of open process. */
#define PROCSRV_OPEN_NONBLOCK	(1U << 0)	/* as O_NONBLOCK */

/**
 * struct procsrv_open_process_args - get a handle of a process
 * @pid: in: the process, which may be a zombie
 * @flags: in: mask of PROCSRV_OPEN_NONBLOCK
 * @fd: out: a descriptor, closed on exec
 *
 * After pidfd_open(2). It polls readable once the process has exited. read(2)
 * sleeps until then and returns a &struct procsrv_exit_record on every call,
 * also after the process was reaped.
 *
 * Errors: ESRCH, there is no such process; EMFILE, also if the caller's user
 * has as many handles as max_user_handles allows; ENFILE.
 */
struct procsrv_open_process_args {
	__u64 pid;
	__u32 flags;
	__s32 fd;
};

/**
 * struct procsrv_exit_record - record of read(2) on a handle
 * @pid: the process
 * @cpu_time: its cpu time, in microseconds
 * @children_cpu_time: that of the children it had waited for
 * @uid: its user id, in the caller's user namespace
 * @exit_code: its exit code
 * @exit_signal: the signal that ended it, or 0
 * @state: PROCSRV_ZOMBIE, or PROCSRV_DEAD once it has been reaped
 *
 * Errors of read: EINVAL, the buffer is smaller than the record; EAGAIN, the
 * process is alive and O_NONBLOCK is set; EINTR; EFAULT.
 */
struct procsrv_exit_record {
	__u64 pid;
	__u64 cpu_time;
	__u64 children_cpu_time;
	__u32 uid;
	__s32 exit_code;
	__u32 exit_signal;
	__u32 state;
};

/* Flags of a new server. */
#define PROCSRV_SERVER_POSIX_IDS (1U << 0)	/* ids of sessions and groups are pids */
#define PROCSRV_SERVER_SAME	(1U << 1)	/* another descriptor, no new server */
#define PROCSRV_SERVER_INIT_REAPS (1U << 2)	/* children of init leave no zombies */

/**
 * struct procsrv_new_server_args - get a private server
 * @flags: in: mask of PROCSRV_SERVER_POSIX_IDS and PROCSRV_SERVER_INIT_REAPS, or
 *	PROCSRV_SERVER_SAME
 * @fd: out: a descriptor of it, closed on exec
 *
 * The new server contains only init, and supports all operations of the
 * device. It exists as long as the descriptor is open. When the descriptor is
 * closed, every process of the server except init is killed, and handles of
 * them become readable. Its init has the caller's effective ids, so the server
 * belongs to the caller.
 *
 * With PROCSRV_SERVER_POSIX_IDS the id of every session and group in it is the pid of
 * the process that created it, as in Linux; pids end at 2^31 - 1, and none is used
 * again while it is such an id. What depends on this is described with the calls.
 *
 * With PROCSRV_SERVER_INIT_REAPS the autoreap flag of init is set, as by
 * PROCSRV_IOC_SET_AUTOREAP: orphans, and other children of init, leave no zombies.
 *
 * With PROCSRV_SERVER_SAME, on a descriptor of a private server, the result is a
 * further descriptor of this server: with events, tied and hosted processes of its own.
 * The server still ends with the descriptor that it was created with: then creating a
 * process in it gives ESHUTDOWN.
 *
 * Errors: EMFILE, also if the caller's user has as many private servers, or further
 * descriptors of such, as max_user_servers allows; ENFILE; EINVAL, @flags is not valid;
 * EOPNOTSUPP, PROCSRV_SERVER_SAME on a descriptor of the device; ESHUTDOWN, the private
 * server has been closed.
 */
struct procsrv_new_server_args {
	__u32 flags;
	__s32 fd;
};

/** PROCSRV_BATCH_MAX - maximum number of operations in a batch */
#define PROCSRV_BATCH_MAX	1024

/* Flags of a batch. */
#define PROCSRV_BATCH_STOP	(1U << 0)	/* end after a failure */

/**
 * struct procsrv_batch_op - an operation in a batch
 * @cmd: in: PROCSRV_IOC_*
 * @result: out: 0, or the error as a negative number: -ESRCH and so on
 * @args: in, out: the structure of the operation, at the beginning
 *
 * The size of the structure is the one in @cmd. The structure is written as by
 * the single call: if @result is not 0, not at all, or as far as the
 * description of the call says.
 */
struct procsrv_batch_op {
	__u32 cmd;
	__s32 result;
	__u64 args[15];
};

/**
 * struct procsrv_batch_args - run several operations in one call
 * @ops: in: pointer to an array of &struct procsrv_batch_op
 * @op_size: in: size of an element of the array, as the caller knows it, a
 *	multiple of 8
 * @count: in: elements, 1 to PROCSRV_BATCH_MAX
 * @flags: in: mask of PROCSRV_BATCH_STOP
 * @done: out: elements that were run, from the first one on; the others are
 *	not changed
 *
 * The operations run one after the other, in their order; other calls may run
 * in between. The call succeeds, whatever the operations return: each has its
 * own @result. It ends after the last operation; with PROCSRV_BATCH_STOP after
 * one that fails; and in any case after one that a signal has interrupted. The
 * interrupted operation has the result -EINTR and the remaining time in its
 * structure, and the call is not restarted: to continue, call again, starting
 * at that element. If the caller is killed, no further operations are run.
 *
 * PROCSRV_IOC_BATCH, PROCSRV_IOC_OPEN_PROCESS and PROCSRV_IOC_NEW_SERVER have
 * the result -EOPNOTSUPP here, an unknown @cmd has -ENOTTY, and a structure
 * that does not fit into the element has -EINVAL.
 *
 * Errors, with nothing run: EINVAL, @count is 0, @op_size is smaller than the
 * first version of the element or not a multiple of 8; E2BIG, @count is above
 * PROCSRV_BATCH_MAX, or @op_size is larger than a page; EFAULT, the array
 * cannot be read or cannot be written.
 */
struct procsrv_batch_args {
	__u64 ops;
	__u32 op_size;
	__u32 count;
	__u32 flags;
	__u32 done;
};

#define PROCSRV_IOC_MAGIC 0xBD

#define PROCSRV_IOC_CREATE \
	_IOWR(PROCSRV_IOC_MAGIC, 0x00, struct procsrv_create_args)
#define PROCSRV_IOC_EXEC \
	_IOW(PROCSRV_IOC_MAGIC, 0x01, struct procsrv_exec_args)
#define PROCSRV_IOC_TERMINATE \
	_IOW(PROCSRV_IOC_MAGIC, 0x02, struct procsrv_terminate_args)
#define PROCSRV_IOC_WAIT \
	_IOWR(PROCSRV_IOC_MAGIC, 0x03, struct procsrv_wait_args)
#define PROCSRV_IOC_SIGNAL \
	_IOWR(PROCSRV_IOC_MAGIC, 0x04, struct procsrv_signal_args)
#define PROCSRV_IOC_INFO \
	_IOWR(PROCSRV_IOC_MAGIC, 0x05, struct procsrv_info_args)
#define PROCSRV_IOC_GET_LIMITS \
	_IOWR(PROCSRV_IOC_MAGIC, 0x06, struct procsrv_limits_args)
#define PROCSRV_IOC_SET_LIMITS \
	_IOW(PROCSRV_IOC_MAGIC, 0x07, struct procsrv_limits_args)
#define PROCSRV_IOC_UPDATE \
	_IOW(PROCSRV_IOC_MAGIC, 0x08, struct procsrv_update_args)
#define PROCSRV_IOC_CREATE_SESSION \
	_IOWR(PROCSRV_IOC_MAGIC, 0x09, struct procsrv_create_session_args)
#define PROCSRV_IOC_CREATE_GROUP \
	_IOWR(PROCSRV_IOC_MAGIC, 0x0a, struct procsrv_create_group_args)
#define PROCSRV_IOC_SET_GROUP \
	_IOW(PROCSRV_IOC_MAGIC, 0x0b, struct procsrv_set_group_args)
#define PROCSRV_IOC_SESSION \
	_IOWR(PROCSRV_IOC_MAGIC, 0x0c, struct procsrv_session_args)
#define PROCSRV_IOC_GROUP \
	_IOWR(PROCSRV_IOC_MAGIC, 0x0d, struct procsrv_group_args)
#define PROCSRV_IOC_SET_TERMINAL \
	_IOW(PROCSRV_IOC_MAGIC, 0x0e, struct procsrv_set_terminal_args)
#define PROCSRV_IOC_HANG_UP \
	_IOWR(PROCSRV_IOC_MAGIC, 0x0f, struct procsrv_hang_up_args)
#define PROCSRV_IOC_LIST_PIDS \
	_IOWR(PROCSRV_IOC_MAGIC, 0x10, struct procsrv_list_args)
#define PROCSRV_IOC_LIST \
	_IOWR(PROCSRV_IOC_MAGIC, 0x11, struct procsrv_list_args)
#define PROCSRV_IOC_REAP \
	_IOWR(PROCSRV_IOC_MAGIC, 0x12, struct procsrv_reap_args)
#define PROCSRV_IOC_STATS \
	_IOR(PROCSRV_IOC_MAGIC, 0x13, struct procsrv_stats)
#define PROCSRV_IOC_REVOKE \
	_IOW(PROCSRV_IOC_MAGIC, 0x14, struct procsrv_revoke_args)
#define PROCSRV_IOC_TIME \
	_IOWR(PROCSRV_IOC_MAGIC, 0x15, struct procsrv_time_args)
#define PROCSRV_IOC_TAKE_SIGNAL \
	_IOWR(PROCSRV_IOC_MAGIC, 0x16, struct procsrv_take_signal_args)
#define PROCSRV_IOC_SET_REAPER \
	_IOW(PROCSRV_IOC_MAGIC, 0x17, struct procsrv_set_reaper_args)
#define PROCSRV_IOC_SUBSCRIBE \
	_IOWR(PROCSRV_IOC_MAGIC, 0x18, struct procsrv_subscribe_args)
#define PROCSRV_IOC_OPEN_PROCESS \
	_IOWR(PROCSRV_IOC_MAGIC, 0x19, struct procsrv_open_process_args)
#define PROCSRV_IOC_NEW_SERVER \
	_IOWR(PROCSRV_IOC_MAGIC, 0x1a, struct procsrv_new_server_args)
#define PROCSRV_IOC_BATCH \
	_IOWR(PROCSRV_IOC_MAGIC, 0x1b, struct procsrv_batch_args)
#define PROCSRV_IOC_REPORT \
	_IOW(PROCSRV_IOC_MAGIC, 0x1c, struct procsrv_report_args)
#define PROCSRV_IOC_GET_CREDENTIALS \
	_IOWR(PROCSRV_IOC_MAGIC, 0x1d, struct procsrv_credentials_args)
#define PROCSRV_IOC_SET_CREDENTIALS \
	_IOW(PROCSRV_IOC_MAGIC, 0x1e, struct procsrv_credentials_args)
#define PROCSRV_IOC_SET_AUTOREAP \
	_IOW(PROCSRV_IOC_MAGIC, 0x1f, struct procsrv_set_autoreap_args)
#define PROCSRV_IOC_SET_FOREGROUND \
	_IOW(PROCSRV_IOC_MAGIC, 0x20, struct procsrv_set_foreground_args)

/*
 * Every call is also a command of io_uring (IORING_OP_URING_CMD) if the kernel
 * is Linux 6.8 or later: the cmd_op of the submission is the number, its addr
 * the address of the structure, and the res of the completion is 0 or the
 * error as a negative number. The structure is read when the command starts,
 * and written before it completes; the structure and the memory
 * that it points to must remain mapped at their addresses until then. EINVAL,
 * the len, addr3 or cmd of the submission is not 0; EOPNOTSUPP, the kernel is
 * older.
 *
 * PROCSRV_IOC_WAIT and PROCSRV_IOC_TAKE_SIGNAL occupy no thread while they
 * wait, alone or in a PROCSRV_IOC_BATCH, whether or not IOSQE_ASYNC is set.
 * They complete with the awaited result, or with ETIMEDOUT; and with
 * ECANCELED, and nothing consumed, after PROCSRV_URING_CANCEL, and when the
 * ring is closed. When a thread exits, its requests continue for the other
 * threads that share its memory. IORING_OP_ASYNC_CANCEL and
 * IORING_OP_LINK_TIMEOUT do not find them.
 *
 * When an operation of a batch waits, the batch stores the results of the
 * operations before it. When it continues, it reads the rest of its array
 * again. It ends with the operation that waits, and completes with 0, when it
 * is cancelled (the result of the operation is -ECANCELED), or when the thread
 * that submitted it has exited or has changed its credentials.
 *
 * A request that waits keeps its server alive, as a descriptor does. These
 * three give EAGAIN if the caller's user has as many of them, not yet completed,
 * as max_user_sleepers allows.
 */

/**
 * PROCSRV_URING_CANCEL - cancel waits and takes in io_uring; not an ioctl
 *
 * The addr of the submission is that of the request to be cancelled, which was
 * submitted by this process and on this descriptor. If there are several such
 * requests, all are cancelled. A request that has just received its result
 * completes with that.
 *
 * Errors: ENOENT, there is no such request.
 */
#define PROCSRV_URING_CANCEL	_IO(PROCSRV_IOC_MAGIC, 0x80)

#endif /* _UAPI_LINUX_PROCSRV_H */
