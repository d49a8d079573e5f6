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
 *   call gives EPERM. The descriptions of the calls say that the caller may
 *   not act on the process, or may not signal it. Reading, listing and
 *   following events need no permission.
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

/** PROCSRV_STRINGS_MAX - longest command line or environment, with its NULs */
#define PROCSRV_STRINGS_MAX	(2 * 1024 * 1024)

/** PROCSRV_INIT_PID - the first process of every server */
#define PROCSRV_INIT_PID	1

/** PROCSRV_UNLIMITED - no limit */
#define PROCSRV_UNLIMITED	(~0ULL)

/**
 * enum procsrv_state - the state of a process
 * @PROCSRV_RUNNING: running, or able to run
 * @PROCSRV_SLEEPING: reported asleep by update
 * @PROCSRV_WAITING: a call waits for its children on its behalf
 * @PROCSRV_STOPPED: stopped by SIGSTOP, or, if hosted, by any signal that stops
 * @PROCSRV_ZOMBIE: has exited, and its parent has not waited for it
 * @PROCSRV_DEAD: has been reaped; never in a table
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
#define PROCSRV_CREATE_TIED	(1U << 0)	/* killed when the descriptor is closed */
#define PROCSRV_CREATE_PID	(1U << 1)	/* the pid is chosen by the caller */
#define PROCSRV_CREATE_INHERIT	(1U << 2)	/* inherits from its parent, as by fork(2) */
#define PROCSRV_CREATE_HOSTED	(1U << 3)	/* executed by another program, its host */
#define PROCSRV_CREATE_EXIT_SIGNAL (1U << 4)	/* the exit signal is in @notify */
#define PROCSRV_CREATE_SIBLING	(1U << 5)	/* a child of the parent of @parent */

/**
 * struct procsrv_create_args - create a process
 * @parent: in: pid of the parent; with PROCSRV_CREATE_SIBLING, pid of the sibling
 * @name: in: pointer to the NUL-terminated name, of at most PROCSRV_NAME_MAX bytes without the
 *	NUL; the name may be empty
 * @argv: in: pointer to the command line: NUL-terminated strings one after the other, as in
 *	/proc/PID/cmdline
 * @envp: in: pointer to the environment, in the same form
 * @argv_len: in: bytes at @argv, each NUL included, at most PROCSRV_STRINGS_MAX; 0 for none
 * @envp_len: in: bytes at @envp, each NUL included, at most PROCSRV_STRINGS_MAX; 0 for none
 * @uid: in: user id, in the caller's user namespace
 * @gid: in: group id, in the caller's user namespace
 * @flags: in: mask of PROCSRV_CREATE_*
 * @notify: in: with PROCSRV_CREATE_EXIT_SIGNAL, the exit signal: the signal for the parent when
 *	the process exits, as in clone(2), 1 to 64, or 0 for none; without this flag 0, and the
 *	exit signal is 17 (SIGCHLD)
 * @pid: in: with PROCSRV_CREATE_PID, the pid of the new process; out: the pid of the new
 *	process
 *
 * The new process is RUNNING, has one thread, and is in the session and the process group of
 * its parent. Unless it inherits them, its working directory is "/", its priority is normal,
 * and it has the default limits.
 *
 * With PROCSRV_CREATE_TIED the process is killed, as by SIGKILL, when the descriptor of this
 * call is closed for good: a copy by dup(2) or fork(2), or one that was passed over a socket,
 * keeps the descriptor open. The flag does not apply to the children of the process.
 *
 * With PROCSRV_CREATE_PID, in a private server only, the process gets the pid in @pid. This may
 * be lower than the pids of existing processes, and may be the pid of a process that was
 * reaped. So a program that mirrors another system can give its processes the pids that they
 * have there. Without the flag a process gets a pid above all pids that were ever in use.
 * Lists, and signals to all processes, visit the processes in the order of their pids: they may
 * miss a process that is created with a lower pid meanwhile.
 *
 * With PROCSRV_CREATE_INHERIT the process has the name, the command line, the environment, the
 * working directory, the user and the group id, the priority and the limits of its parent, as
 * after fork(2). The fields for these in this structure must be 0. The process also has
 * PROCSRV_INFO_AUTOREAP if its parent has it, and the credentials of its parent if both are
 * hosted.
 *
 * With PROCSRV_CREATE_HOSTED the process is a hosted process of this descriptor.
 *
 * With PROCSRV_CREATE_SIBLING the process becomes a child of the parent of @parent, as by
 * clone(2) with CLONE_PARENT. It has the session, the process group and the exit signal of
 * @parent, and with PROCSRV_CREATE_INHERIT it inherits from @parent. PROCSRV_CREATE_EXIT_SIGNAL
 * cannot be combined with it.
 *
 * A process with another exit signal than SIGCHLD is a clone child: waits find it only with
 * PROCSRV_WAIT_WCLONE or PROCSRV_WAIT_WALL. The exit signal has no other effect. As in Linux it
 * becomes SIGCHLD when the process calls exec or gets another parent.
 *
 * Every caller may create children of init. A user or group id that is none of the caller's
 * real, effective and saved ids needs CAP_SETUID or CAP_SETGID.
 *
 * Errors: ESRCH, there is no process @parent, or it is a zombie;
 * EPERM, @parent is not init, and the caller may not act on it; or @uid or @gid is none of the
 * caller's real, effective and saved ids, and the caller does not have CAP_SETUID or
 * CAP_SETGID;
 * EAGAIN, the server, or @uid in it, has as many processes, or the parent as many ancestors, as
 * the module's parameters max_processes, max_user_processes and max_depth allow;
 * EDQUOT, @uid would have more bytes of strings than max_user_strings allows;
 * EOVERFLOW, no pid is left, or the last one is below @pid;
 * EEXIST, a process, or a zombie, has the pid @pid; or, in a server with POSIX ids, a process
 * group or a session has this id;
 * ESHUTDOWN, the private server has been closed: the descriptor that it was created with;
 * EOPNOTSUPP, PROCSRV_CREATE_PID is set, and the server is not a private server;
 * ENAMETOOLONG, the name is longer than PROCSRV_NAME_MAX;
 * E2BIG, a list of strings is longer than PROCSRV_STRINGS_MAX;
 * EFAULT, the name or a list cannot be read;
 * EINVAL, a list does not end in a NUL; @uid or @gid has no mapping in the caller's user
 * namespace; @pid is 0 or 2^64 - 1, or with POSIX ids above 2^31 - 1; a field is not 0 that
 * PROCSRV_CREATE_INHERIT inherits; @notify is above 64, or not 0 without
 * PROCSRV_CREATE_EXIT_SIGNAL; PROCSRV_CREATE_SIBLING is set, and so is
 * PROCSRV_CREATE_EXIT_SIGNAL, or @parent is init.
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
 * struct procsrv_exec_args - replace name, command line and environment of a process
 * @pid: in: the process
 * @name: in: as in &struct procsrv_create_args
 * @argv: in: as in &struct procsrv_create_args
 * @envp: in: as in &struct procsrv_create_args
 * @argv_len: in: as in &struct procsrv_create_args
 * @envp_len: in: as in &struct procsrv_create_args
 * @flags: in: 0
 * @pad: in: 0
 *
 * The three change at once. After this call the parent of the process cannot move it to another
 * process group any more (setpgid(2), EACCES). The exit signal of the process becomes SIGCHLD.
 *
 * Errors: ESRCH, there is no such process, or it is a zombie;
 * EPERM, the caller may not act on it;
 * EDQUOT, the user of the process would have more bytes of strings than max_user_strings
 * allows;
 * ENAMETOOLONG, the name is longer than PROCSRV_NAME_MAX;
 * E2BIG, a list of strings is longer than PROCSRV_STRINGS_MAX;
 * EFAULT, the name or a list cannot be read;
 * EINVAL, a list does not end in a NUL.
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
 * PROCSRV_CORE_DUMP - added to the exit signal of a hosted process that has dumped core, as in
 *	the status of wait(2)
 */
#define PROCSRV_CORE_DUMP	0x80

/**
 * struct procsrv_terminate_args - end a process
 * @pid: in: the process
 * @exit_code: in: the exit code, any number
 * @exit_signal: in: the signal that ended it, 1 to 64, or 0 for none; PROCSRV_CORE_DUMP may be
 *	added to the signal of a hosted process
 *
 * For a hosted process this call reports that its body has ended.
 *
 * The process is a zombie until its parent waits for it. Its children are reparented to its
 * nearest ancestor that is a reaper (PROCSRV_IOC_SET_REAPER), or to init if there is none;
 * those that are zombies join the orphan list. If this makes a process group orphaned that has
 * a stopped member, the group is sent SIGHUP (1) and SIGCONT (18).
 *
 * Errors: ESRCH, there is no such process, or it is a zombie;
 * EPERM, it is init, or the caller may not signal it;
 * EINVAL, @exit_signal is out of range, or has PROCSRV_CORE_DUMP without a signal or for a
 * process that is not hosted.
 */
struct procsrv_terminate_args {
	__u64 pid;
	__s32 exit_code;
	__u32 exit_signal;
};

/**
 * enum procsrv_wait_which - the children that a wait is for
 * @PROCSRV_WAIT_ANY: any child; the id is 0
 * @PROCSRV_WAIT_PID: the child with this pid, not 0
 * @PROCSRV_WAIT_PGID: any child in this process group, not 0; in a server with POSIX ids 0 is
 *	the group that the parent is in when the wait begins
 */
enum procsrv_wait_which {
	PROCSRV_WAIT_ANY	= 0,
	PROCSRV_WAIT_PID	= 1,
	PROCSRV_WAIT_PGID	= 2,
};

/* State changes, of which a wait returns one in @why. */
#define PROCSRV_WAIT_EXITED	(1U << 0)	/* the child has exited */
#define PROCSRV_WAIT_STOPPED	(1U << 1)	/* it has stopped */
#define PROCSRV_WAIT_CONTINUED	(1U << 2)	/* it has been continued */

/* Flags of a wait. */
#define PROCSRV_WAIT_NOHANG	(1U << 0)	/* do not sleep, but fail with EAGAIN */
#define PROCSRV_WAIT_NOWAIT	(1U << 1)	/* consume nothing: the child stays waitable */
#define PROCSRV_WAIT_TIMEOUT	(1U << 2)	/* sleep no longer than @timeout */
#define PROCSRV_WAIT_WCLONE	(1U << 3)	/* wait only for clone children */
#define PROCSRV_WAIT_WALL	(1U << 4)	/* wait for clone children and others */

/**
 * struct procsrv_wait_args - wait for a child to change its state
 * @parent: in: pid of the process on whose behalf the call waits; it reads as WAITING meanwhile
 * @id: in: pid or pgid, by @which
 * @which: in: &enum procsrv_wait_which
 * @what: in: the changes to wait for: mask of PROCSRV_WAIT_EXITED, _STOPPED and _CONTINUED, not
 *	0
 * @flags: in: mask of PROCSRV_WAIT_NOHANG, _NOWAIT, _TIMEOUT, _WCLONE and _WALL
 * @why: out: the one of @what that happened
 * @timeout: in: with PROCSRV_WAIT_TIMEOUT, the time from now in nanoseconds of CLOCK_MONOTONIC,
 *	any number; without this flag 0; out: after EINTR, with PROCSRV_WAIT_TIMEOUT, the
 *	remaining time in nanoseconds
 * @pid: out: the child
 * @cpu_time: out: its cpu time, in microseconds
 * @children_cpu_time: out: the cpu time of the children that it has waited for, in microseconds
 * @uid: out: its user id, in the caller's user namespace; the real one of a hosted process
 * @exit_code: out: its exit code; 0 unless it exited
 * @exit_signal: out: if it exited, the signal that ended it, perhaps with PROCSRV_CORE_DUMP, or
 *	0; if it stopped, 19 (SIGSTOP), or for a hosted process the signal that was reported; if
 *	it continued, 18 (SIGCONT)
 * @pad: in: 0
 *
 * Of several children that qualify, the call returns the one with the lowest pid. Returning an
 * exit reaps the child: it leaves every table, and its cpu time is added to the children's cpu
 * time of the parent. A stop or a continuation is returned once. It is not returned if the
 * child has changed its state again before the wait. With PROCSRV_WAIT_NOWAIT nothing is
 * consumed.
 *
 * With PROCSRV_WAIT_WCLONE only clone children qualify, which have another exit signal than
 * SIGCHLD (PROCSRV_IOC_CREATE); with PROCSRV_WAIT_WALL children of both kinds; without either
 * flag only the others. PROCSRV_WAIT_WALL overrides PROCSRV_WAIT_WCLONE. This follows __WCLONE
 * and __WALL of wait(2).
 *
 * With PROCSRV_WAIT_NOHANG the call does not sleep, with or without PROCSRV_WAIT_TIMEOUT. With
 * a timeout of 0 and without PROCSRV_WAIT_NOHANG it checks once, and fails with ETIMEDOUT.
 *
 * When a signal handler that was installed with SA_RESTART interrupts the call, and when the
 * caller is stopped and continued, the call continues with the remaining time. To repeat the
 * call after EINTR, pass the same structure again.
 *
 * Every caller may wait for a child of init that it may act on, by the pid of the child.
 *
 * Errors: ECHILD, no child can ever qualify; this includes a pid or a pgid that does not exist;
 * EAGAIN, no child qualifies yet, and PROCSRV_WAIT_NOHANG is set, or max_user_sleepers calls
 * sleep for processes of the user of @parent already;
 * ETIMEDOUT, the timeout expired before a child qualified;
 * EINTR, a signal handler without SA_RESTART ran in the calling thread;
 * ESRCH, there is no process @parent, or it is a zombie, or has become one during the call;
 * EPERM, the caller may not act on @parent; and @parent is not init, or the child is not named
 * by its pid, or the caller may not act on the child either;
 * EINVAL, @which is unknown; @id is not 0 with PROCSRV_WAIT_ANY, or is 0 with the others (in a
 * server with POSIX ids 0 is allowed with PROCSRV_WAIT_PGID); @what is 0 or has unknown bits;
 * @flags has unknown bits; @timeout is not 0 without PROCSRV_WAIT_TIMEOUT.
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
 * @PROCSRV_TARGET_PGID: the members of a process group; in a server with POSIX ids, the id 0 is
 *	the group of the sender, as in kill(2)
 * @PROCSRV_TARGET_SID: the members of a session
 * @PROCSRV_TARGET_ALL: every process except init and the sender; the id is 0
 * @PROCSRV_TARGET_TREE: a process and all of its descendants, whatever their sessions
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
 * @sender: in: pid of the process in whose name the signal is sent, or 0 for a sender outside
 *	the server
 * @id: in: pid, pgid or sid, by @target
 * @target: in: &enum procsrv_target
 * @signo: in: the signal, 1 to 64, or 0 only to check
 * @flags: in: 0
 * @count: out: the number of processes that the signal reached, zombies included
 *
 * In a process that is not hosted:
 *
 * - 9 (SIGKILL) terminates it, with exit code -9 and exit signal 9
 * - 15 (SIGTERM) terminates it, with exit code 0 and exit signal 15
 * - 19 (SIGSTOP) stops it
 * - 18 (SIGCONT) continues it if it is stopped
 * - every other signal becomes pending until it is taken (PROCSRV_IOC_TAKE_SIGNAL)
 *
 * In a hosted process every signal but 0 becomes pending, unless the process is exiting. A
 * zombie is not affected by any signal.
 *
 * If there are several targets, the signal reaches those that the caller may signal. Except
 * with PROCSRV_TARGET_ALL, it is delivered to all targets at once: no process is created in
 * between.
 *
 * In the name of a hosted process a signal is sent by the rules of kill(2). The sender may
 * signal a process if its real or effective user id is the real or saved user id of that
 * process, or the user id of a process that is not hosted; or if it has
 * PROCSRV_CREDENTIALS_KILL. It may send SIGCONT to every process of its session. If @sender is
 * hosted, a signal to init that would end or stop it has no effect and is not an error; nor is
 * it an error, with PROCSRV_TARGET_ALL, if the sender may signal no process.
 *
 * Errors: ESRCH, there is no such process, process group or session; with PROCSRV_TARGET_ALL,
 * there is no process except init and the sender; @sender does not exist, or is a zombie;
 * EPERM, the target is init, by its pid or by its tree, and the signal is 9 (SIGKILL), 15
 * (SIGTERM) or 19 (SIGSTOP), unless @sender is hosted; the target is the tree of init, and the
 * caller may not signal init; the caller may signal no process of the target; the caller may
 * not signal @sender;
 * EINVAL, @signo is out of range; @target is unknown; @id is not 0 with PROCSRV_TARGET_ALL.
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
#define PROCSRV_TAKE_NOHANG	(1U << 0)	/* do not sleep, but fail with EAGAIN */
#define PROCSRV_TAKE_TIMEOUT	(1U << 1)	/* sleep no longer than @timeout */

/* Origins of a signal to a hosted process. */
#define PROCSRV_FROM_PROCESS	(1U << 0)	/* sent in the name of a process */
#define PROCSRV_FROM_OUTSIDE	(1U << 1)	/* sent from outside the server, or by a hang-up */
#define PROCSRV_FROM_SERVER	(1U << 2)	/* sent by the server itself */

/**
 * DOC: Hosted processes
 *
 * A process that was created with PROCSRV_CREATE_HOSTED is executed by another program, its
 * host: the program that has the descriptor that the process was created on.
 *
 * - No signal acts on the process by itself. Each signal, including SIGKILL, becomes pending
 *   until the host takes it (PROCSRV_IOC_TAKE_SIGNAL). With the pid 0 the host takes the
 *   signals of all processes of the descriptor. SIGCONT discards pending signals that stop (19
 *   to 22), and each of these discards a pending SIGCONT.
 * - The host reports the effect: PROCSRV_IOC_REPORT for stops and continuations,
 *   PROCSRV_IOC_TERMINATE for the end, with PROCSRV_CORE_DUMP if a core was dumped.
 * - The process is tied to the descriptor, with or without PROCSRV_CREATE_TIED: it ends at once
 *   when the descriptor is closed for good.
 * - The process has credentials (PROCSRV_IOC_GET_CREDENTIALS), which decide about signals in
 *   its name (PROCSRV_IOC_SIGNAL).
 */

/**
 * struct procsrv_take_signal_args - take a pending signal of a process
 * @pid: in: the process; or 0 for any hosted process of this descriptor
 * @mask: in: signals to take; bit N - 1 for signal N; not 0; all bits if @pid is 0
 * @timeout: in: with PROCSRV_TAKE_TIMEOUT, the time from now in nanoseconds of CLOCK_MONOTONIC,
 *	any number; without this flag 0; out: after EINTR, with PROCSRV_TAKE_TIMEOUT, the
 *	remaining time in nanoseconds
 * @sender: out: the first sender since the signal was last taken, or 0 for a sender outside the
 *	server and for the server itself; for a hosted process the first sender that is a
 *	process, or 0
 * @flags: in: mask of PROCSRV_TAKE_NOHANG and PROCSRV_TAKE_TIMEOUT
 * @signo: out: the lowest signal of @mask that is pending; it is no longer pending
 * @count: out: how often the signal was sent since it was last taken; for a hosted process all
 *	signals from outside the server count as one, and so do all signals of the server itself
 * @target: out: the process that the signal was taken from
 * @origin: out: for a hosted process, mask of PROCSRV_FROM_*; otherwise 0
 * @pad: in: 0
 *
 * This call sleeps until a signal is pending, as sigtimedwait(2) does. If several callers could
 * take a signal, one of them takes it; a caller that waits for the process comes before one
 * that waits for any process. Timeouts, EINTR and restarts are as in PROCSRV_IOC_WAIT.
 *
 * Bits of @mask for SIGKILL (9), SIGTERM (15), SIGCONT (18) and SIGSTOP (19), which act at once
 * and never become pending, are allowed and have no effect, except for hosted processes. Of a
 * hosted process SIGKILL is taken before all other signals. If several hosted processes have
 * pending signals, calls with the pid 0 take from each of them in turn.
 *
 * poll(2) on a descriptor returns POLLPRI while a signal is pending for a hosted process of
 * this descriptor.
 *
 * Errors: EAGAIN, no signal of @mask is pending, and PROCSRV_TAKE_NOHANG is set, or
 * max_user_sleepers calls sleep for processes of its user already;
 * ETIMEDOUT, the timeout expired before a signal was sent;
 * EINTR, a signal handler without SA_RESTART ran in the calling thread;
 * ESRCH, there is no such process, or it is a zombie, or has become one during the call;
 * EPERM, the caller may not act on it;
 * ESHUTDOWN, @pid is 0, no signal is pending, and the private server has been closed: the
 * descriptor that it was created with;
 * EINVAL, @mask is 0, or does not have all bits and @pid is 0; @flags has unknown bits;
 * @timeout is not 0 without PROCSRV_TAKE_TIMEOUT.
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
 * enum procsrv_body - what the body of a hosted process does
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
 * @signo: in: with PROCSRV_BODY_STOPPED, the signal that stopped it: 19 (SIGSTOP), 20
 *	(SIGTSTP), 21 (SIGTTIN) or 22 (SIGTTOU); otherwise 0
 *
 * A process that has stopped is STOPPED, and one that was continued is RUNNING. Its parent may
 * wait for either. Nothing changes if a stopped process is reported to have stopped, or one
 * that is not stopped is reported to have continued.
 *
 * A process that is exiting (PROCSRV_INFO_EXITING) is RUNNING, and not yet a zombie. Its
 * pending signals are discarded, further signals do not affect it, and its parent does not find
 * a stop or a continuation of it any more. PROCSRV_IOC_TERMINATE ends this state, and needs no
 * such report before it.
 *
 * Errors: ESRCH, there is no such process, or it is a zombie, or it is exiting;
 * EPERM, the caller may not act on it;
 * EOPNOTSUPP, it is not hosted;
 * EINVAL, @what is unknown, or @signo is not one of the signals above.
 */
struct procsrv_report_args {
	__u64 pid;
	__u32 what;
	__s32 signo;
};

/* Flag of credentials. */
#define PROCSRV_CREDENTIALS_KILL (1U << 0)	/* may signal every process, as CAP_KILL in Linux */

/**
 * struct procsrv_credentials - credentials of a hosted process
 * @ruid: real user id
 * @euid: effective user id
 * @suid: saved user id
 * @rgid: real group id
 * @egid: effective group id
 * @sgid: saved group id
 * @flags: mask of PROCSRV_CREDENTIALS_KILL
 * @pad: 0
 *
 * The ids are in the caller's user namespace.
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
 * @pid: in: the process; with get, a zombie is allowed
 * @credentials: out: with get, its &struct procsrv_credentials; in: with set, the new ones, all
 *	of them
 *
 * The credentials decide which processes a hosted process may signal, and which hosted
 * processes may signal it (PROCSRV_IOC_SIGNAL). For everything else, and for callers from
 * outside, the process belongs to the user and the group that it was created with.
 *
 * A new hosted process has the ids that it was created with, and no flag, unless it inherits
 * its credentials (PROCSRV_CREATE_INHERIT). Get also works for a process that is not hosted:
 * all its user ids are the same, and so are its group ids, and it has no flag.
 *
 * Errors: ESRCH, there is no such process, or, with set, it is a zombie;
 * EPERM, with set: the caller may not act on the process; an id is none of the ids of the same
 * kind, user or group, that the process has, and none that the caller may create processes
 * with; the process gets PROCSRV_CREDENTIALS_KILL, and the caller does not have CAP_KILL in the
 * user namespace that the server belongs to;
 * EOPNOTSUPP, with set: the process is not hosted;
 * EINVAL, with set: an id has no mapping in the caller's user namespace; @flags has unknown
 * bits, or @pad is not 0.
 */
struct procsrv_credentials_args {
	__u64 pid;
	struct procsrv_credentials credentials;
};

/**
 * struct procsrv_set_autoreap_args - set or clear the autoreap flag of a process
 * @pid: in: the process
 * @on: in: 1 to set the flag, 0 to clear it
 * @flags: in: 0
 *
 * The children of a process with this flag are reaped at once when they exit, and no wait finds
 * them, as with an ignored SIGCHLD or SA_NOCLDWAIT (sigaction(2)). A wait for such children
 * sleeps until no child is left, and fails with ECHILD. The flag does not apply to clone
 * children (PROCSRV_IOC_CREATE). Zombies that exist when the flag is set stay. Zombies that are
 * reparented to the process are reaped.
 *
 * Errors: ESRCH, there is no such process, or it is a zombie;
 * EPERM, the caller may not act on it;
 * EINVAL, @on is neither 0 nor 1.
 */
struct procsrv_set_autoreap_args {
	__u64 pid;
	__u32 on;
	__u32 flags;
};

/* Flags of a process. */
#define PROCSRV_INFO_EXECED	(1U << 0)	/* has called exec */
#define PROCSRV_INFO_ORPHAN	(1U << 1)	/* is on the orphan list */
#define PROCSRV_INFO_REAPER	(1U << 2)	/* is a reaper, as init is */
#define PROCSRV_INFO_TIED	(1U << 3)	/* is tied to a descriptor */
#define PROCSRV_INFO_HIDDEN	(1U << 4)	/* @argv and @envp are hidden from the caller */
#define PROCSRV_INFO_HOSTED	(1U << 5)	/* is a hosted process */
#define PROCSRV_INFO_EXITING	(1U << 6)	/* is a hosted process whose end has begun */
#define PROCSRV_INFO_AUTOREAP	(1U << 7)	/* its children leave no zombies */
#define PROCSRV_INFO_CLONE	(1U << 8)	/* its exit signal is not SIGCHLD */

/* Limits that an update can pass. */
#define PROCSRV_LIMIT_MEMORY	(1U << 0)	/* max_memory */
#define PROCSRV_LIMIT_CPU_TIME	(1U << 1)	/* max_cpu_time */
#define PROCSRV_LIMIT_THREADS	(1U << 2)	/* max_threads */

/**
 * struct procsrv_info - state of a process
 * @pid: process id; not reused unless a caller of a private server chooses it again
 * @ppid: pid of the parent; 0 for init
 * @start_time: when it was created, in microseconds of the server's clock
 * @start_cycles: the value of the cycle counter at that moment, whether or not the clock is
 *	based on it; 0 on a machine without one
 * @cpu_time: cpu time used, in microseconds
 * @children_cpu_time: cpu time of the children that it has waited for, and of those that they
 *	have waited for, in microseconds; PROCSRV_UNLIMITED after an overflow
 * @memory_usage: memory in use, in bytes
 * @pending: mask of the pending signals; bit N - 1 for signal N
 * @revocations: number of notices of a revoked capability that it was sent
 * @state: &enum procsrv_state
 * @priority: &enum procsrv_priority
 * @uid: user id, in the caller's user namespace
 * @gid: group id, in the caller's user namespace
 * @sid: its session, or 0 for none
 * @pgid: its process group, or 0 for none
 * @thread_count: number of threads
 * @flags: mask of PROCSRV_INFO_*
 * @exit_code: of a zombie, its exit code; otherwise 0
 * @exit_signal: of a zombie, the signal that ended it, perhaps with PROCSRV_CORE_DUMP, or 0; of
 *	a hosted process that is stopped, the signal that stopped it; otherwise 0
 * @argv_len: bytes of its command line; 0 with PROCSRV_INFO_HIDDEN
 * @envp_len: bytes of its environment; 0 with PROCSRV_INFO_HIDDEN
 * @cwd_len: bytes of its working directory, with the NUL
 * @terminal_len: bytes of the name of its terminal, with the NUL; 0 for none
 * @name: its name, NUL-terminated, the rest zero
 * @seq: the number of the latest event of the server at the moment of the snapshot
 * @limits_passed: the limits that updates have passed: mask of PROCSRV_LIMIT_*
 * @nr_limits_passed: how often that happened, at most 2^32 - 1
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
 * @pid: in: the process; a zombie is allowed
 * @info: in: pointer to a &struct procsrv_info to fill, or 0
 * @argv: in: pointer to a buffer for the command line, or 0
 * @envp: in: pointer to a buffer for the environment, or 0
 * @cwd: in: pointer to a buffer for the working directory, or 0
 * @terminal: in: pointer to a buffer for the name of the terminal, or 0
 * @info_size: in: sizeof(struct procsrv_info) as the caller knows it, 0 if @info is 0; bytes
 *	that the server does not know are zeroed
 * @argv_size: in: size of the buffer at @argv in bytes; out: length of the command line in
 *	bytes
 * @envp_size: in: size of the buffer at @envp in bytes; out: length of the environment in bytes
 * @cwd_size: in: size of the buffer at @cwd in bytes; out: length of the working directory in
 *	bytes, with the NUL
 * @terminal_size: in: size of the buffer at @terminal in bytes; out: length of the name of the
 *	terminal in bytes, with the NUL; 0 if there is none
 * @flags: in: 0
 *
 * A string that does not fit into its buffer is truncated; the returned size is its full
 * length. All output of one call is one consistent snapshot.
 *
 * An @info_size of the first version of the structure gets its first 384 bytes.
 *
 * The command line and the environment are shown to the user of the process, and to callers
 * with CAP_SYS_PTRACE over it. For other callers both have the size 0, nothing is written to
 * their buffers, and @info has PROCSRV_INFO_HIDDEN.
 *
 * Errors: ESRCH, there is no such process;
 * EINVAL, @info_size is smaller than the first version of the structure (384); a size is not 0
 * where its pointer is 0;
 * E2BIG, @info_size is larger than a page (4096 on x86);
 * EFAULT, a buffer cannot be written; other buffers may have been filled.
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

/* Flag of limits. */
#define PROCSRV_LIMITS_ENFORCE	(1U << 0)	/* an update that passes a limit ends the process */

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
 * An update that reports more than @max_memory, @max_cpu_time or @max_threads passes that
 * limit: it is recorded in the process (@limits_passed of &struct procsrv_info), and there is
 * an event PROCSRV_EVENT_LIMIT. The other limits are only stored.
 *
 * With PROCSRV_LIMITS_ENFORCE an update that passes a limit also ends the process: with exit
 * signal 24 (SIGXCPU) and exit code -24 for @max_cpu_time, otherwise with 9 (SIGKILL) and -9. A
 * hosted process is sent this signal by the server instead. Init is never ended by this.
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
 * struct procsrv_limits_args - get or set the resource limits of a process
 * @pid: in: the process; with get, a zombie is allowed
 * @limits: out: with get, its &struct procsrv_limits; in: with set, the new ones, all of them
 *
 * To lower @nice, or to clear PROCSRV_LIMITS_ENFORCE, is to raise a limit.
 *
 * Errors: ESRCH, there is no such process, or, with set, it is a zombie;
 * EPERM, with set: the process belongs to another user, and the call raises a limit and the
 * caller does not have CAP_SYS_RESOURCE, or the call lowers a limit or changes none and the
 * caller does not have CAP_SYS_ADMIN;
 * EINVAL, with set: @nice is not between -20 and 19; @max_threads is 0; @flags has unknown
 * bits.
 */
struct procsrv_limits_args {
	__u64 pid;
	struct procsrv_limits limits;
};

/* Fields of an update. */
#define PROCSRV_UPDATE_CPU_TIME		(1U << 0)	/* @cpu_time */
#define PROCSRV_UPDATE_MEMORY		(1U << 1)	/* @memory_usage */
#define PROCSRV_UPDATE_THREADS		(1U << 2)	/* @thread_count */
#define PROCSRV_UPDATE_STATE		(1U << 3)	/* @state */
#define PROCSRV_UPDATE_PRIORITY		(1U << 4)	/* @priority */
#define PROCSRV_UPDATE_CWD		(1U << 5)	/* @cwd */

/**
 * struct procsrv_update_args - report the activity and the resource usage of a process
 * @pid: in: the process
 * @cpu_time: in: cpu time used, in microseconds
 * @memory_usage: in: memory in use, in bytes
 * @cwd: in: pointer to the NUL-terminated working directory, an absolute path of at most
 *	PROCSRV_PATH_MAX bytes with its NUL
 * @mask: in: the fields that change: mask of PROCSRV_UPDATE_*
 * @thread_count: in: number of threads, at least 1
 * @state: in: PROCSRV_RUNNING or PROCSRV_SLEEPING
 * @priority: in: &enum procsrv_priority
 *
 * All fields in the mask change at once; the others are ignored. A mask of 0 changes nothing,
 * and checks only whether the caller may act on the process.
 *
 * A call that passes a limit (&struct procsrv_limits) returns 0, also if this ends the process.
 *
 * Errors: ESRCH, there is no such process, or it is a zombie;
 * EPERM, the caller may not act on it;
 * EDQUOT, the user of the process would have more bytes of strings than max_user_strings
 * allows;
 * EBUSY, the mask has PROCSRV_UPDATE_STATE, and the process is stopped or exiting;
 * ENAMETOOLONG, the directory is longer than PROCSRV_PATH_MAX;
 * EFAULT, the directory cannot be read;
 * EINVAL, the mask has unknown bits; a field in it is out of range; the directory does not
 * begin with a slash.
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
 * DOC: POSIX ids
 *
 * In a server with PROCSRV_SERVER_POSIX_IDS the id of every session and process group is the
 * pid of the process that created it, as in Linux. Pids end at 2^31 - 1, and no pid is used
 * again while it is such an id. This changes the following calls; their descriptions have the
 * details:
 *
 * - PROCSRV_IOC_CREATE with PROCSRV_CREATE_PID fails with EEXIST if a session or a process
 *   group has the pid.
 * - PROCSRV_IOC_CREATE_SESSION returns the pid of the leader as both ids, and fails with EPERM
 *   if a process group has this id, as setsid(2) does.
 * - PROCSRV_IOC_CREATE_GROUP returns the pid of the leader as the id. If there is a group with
 *   this id, the process moves to this group. A leader of 0 is the caller.
 * - PROCSRV_IOC_SET_GROUP is setpgid(2): a pid of 0 is the caller, a pgid of 0 is the pid of
 *   the process, and a group with this id is created unless it exists.
 * - PROCSRV_IOC_SIGNAL takes a pgid of 0 as the process group of the sender, as kill(2) does.
 * - PROCSRV_IOC_WAIT takes a pgid of 0 as the process group of the parent.
 */

/**
 * struct procsrv_create_session_args - create a session, and a process group in it
 * @leader: in: the process that becomes the leader of both
 * @flags: in: 0
 * @sid: out: the new session
 * @pgid: out: the new process group
 * @pad: in: 0
 *
 * The leader leaves its old session and group. The session has no terminal. In a server with
 * POSIX ids both ids are the pid of the leader.
 *
 * Errors: ESRCH, there is no such process, or it is a zombie;
 * EPERM, it leads a session; it leads a process group that has other members, even if it has
 * left this group; it is init; the caller may not act on it; in a server with POSIX ids, a
 * process group has its pid as its id, as in setsid(2).
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
 * @caller: in: pid of the process on whose behalf the group is created, or 0 for a caller
 *	outside the server
 * @leader: in: the process that becomes its leader; a zombie is allowed; in a server with POSIX
 *	ids 0 is @caller
 * @sid: in: the session of the process, or 0 if it is in none
 * @flags: in: 0
 * @pgid: out: the new group
 * @pad: in: 0
 *
 * A @caller other than 0 may name itself, and those of its children that have not called exec,
 * as with setpgid(2). The errors are checked in the order of setpgid(2).
 *
 * In a server with POSIX ids the id of the group is the pid of @leader. If there is a group
 * with this id already, the process moves to this group.
 *
 * Errors: ESRCH, there is no such process; @caller does not exist, or is a zombie; the process
 * is neither @caller nor its child; there is no session @sid;
 * EPERM, the process is a child of @caller in another session than @caller; it leads a session;
 * it is init; it is not in session @sid; the calling task may not act on it or on @caller;
 * EACCES, the process is a child of @caller, and has called exec.
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
 * struct procsrv_set_group_args - move a process to another process group of its session
 * @caller: in: as in &struct procsrv_create_group_args
 * @pid: in: the process; a zombie is allowed; in a server with POSIX ids 0 is @caller
 * @pgid: in: the group; in a server with POSIX ids 0 is the pid of the process
 * @flags: in: 0
 *
 * In a server with POSIX ids this is setpgid(2): if @pgid is the pid of the process, the call
 * creates this group unless it exists.
 *
 * Errors: ESRCH, there is no such process; @caller does not exist, or is a zombie; the process
 * is neither @caller nor its child;
 * EPERM, the process is a child of @caller in another session than @caller; it leads a session;
 * it is init; there is no such group in its session; the calling task may not act on it or on
 * @caller;
 * EACCES, the process is a child of @caller, and has called exec.
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
 * @leader: out: pid of the process that created it; this process may be gone
 * @terminal: in: pointer to a buffer for the name of the terminal, or 0
 * @terminal_size: in: size of the buffer at @terminal in bytes, 0 if @terminal is 0; out:
 *	length of the name in bytes, with the NUL; 0 if the session has no terminal
 * @nr_processes: out: number of members, zombies included
 * @nr_groups: out: number of process groups in it
 * @foreground: out: the foreground group of its terminal (PROCSRV_IOC_SET_FOREGROUND), or 0
 *
 * PROCSRV_IOC_LIST with PROCSRV_LIST_SID lists the members.
 *
 * Errors: ESRCH, there is no such session;
 * EINVAL, @terminal_size is not 0, and @terminal is 0;
 * EFAULT, the buffer cannot be written.
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

/* Flag of a process group. */
#define PROCSRV_GROUP_ORPHANED	(1U << 0)	/* in: ask whether it is orphaned; out: it is */

/**
 * struct procsrv_group_args - read the state of a process group
 * @pgid: in: the group
 * @flags: in: PROCSRV_GROUP_ORPHANED to ask whether the group is orphaned, or 0; out:
 *	PROCSRV_GROUP_ORPHANED if this was asked and the group is orphaned, otherwise 0
 * @leader: out: pid of the process that created it; this process may be gone
 * @sid: out: its session, or 0 for none
 * @nr_processes: out: number of members, zombies included
 *
 * PROCSRV_IOC_LIST with PROCSRV_LIST_PGID lists the members.
 *
 * With PROCSRV_GROUP_ORPHANED the call looks at the members of the group, and takes longer. By
 * default SIGTSTP, SIGTTIN and SIGTTOU have no effect on a member of an orphaned group; for a
 * hosted process the host has to take care of this.
 *
 * Errors: ESRCH, there is no such group;
 * EINTR, PROCSRV_GROUP_ORPHANED is set, and the caller was killed;
 * EINVAL, @flags has other bits.
 */
struct procsrv_group_args {
	__u32 pgid;
	__u32 flags;
	__u64 leader;
	__u32 sid;
	__u32 nr_processes;
};

/**
 * struct procsrv_set_terminal_args - set, replace or remove the terminal of a session
 * @sid: in: the session
 * @flags: in: 0
 * @name: in: pointer to the NUL-terminated name, of 1 to PROCSRV_NAME_MAX bytes without the
 *	NUL; or 0 for none
 *
 * A session belongs to the user of its leader, also after the leader is gone. When the terminal
 * is removed, so is its foreground group.
 *
 * Errors: ESRCH, there is no such session;
 * EPERM, the caller may not act on it;
 * ENAMETOOLONG, the name is longer than PROCSRV_NAME_MAX;
 * EFAULT, the name cannot be read;
 * EINVAL, the name is empty.
 */
struct procsrv_set_terminal_args {
	__u32 sid;
	__u32 flags;
	__u64 name;
};

/**
 * struct procsrv_set_foreground_args - set the foreground group of the terminal of a session
 * @sid: in: the session
 * @pgid: in: a process group in it, or 0 for none
 *
 * After tcsetpgrp(3). While a terminal has a foreground group, PROCSRV_IOC_HANG_UP signals only
 * the leader of the session. When the leader of the session exits, the foreground group is sent
 * SIGHUP (1), and the session has no foreground group any more. The foreground group is also
 * removed with the terminal, without a signal.
 *
 * Errors: ESRCH, there is no such session, or no such group;
 * EPERM, the caller may not act on the session, or the group is not in the session;
 * ENOTTY, the session has no terminal, or its leader has exited.
 */
struct procsrv_set_foreground_args {
	__u32 sid;
	__u32 pgid;
};

/**
 * struct procsrv_hang_up_args - hang up the terminal of a session
 * @sid: in: the session
 * @flags: in: 0
 * @count: out: the number of processes that the signals reached, zombies included
 * @pad: in: 0
 *
 * Every member of the session that the caller may signal is sent SIGHUP (1) and then SIGCONT
 * (18). If the terminal has a foreground group, only the leader of the session is sent them, as
 * in Linux.
 *
 * Errors: ESRCH, there is no such session;
 * EPERM, the caller may signal no member; or the terminal has a foreground group, and the
 * caller may not signal the leader.
 */
struct procsrv_hang_up_args {
	__u32 sid;
	__u32 flags;
	__u32 count;
	__u32 pad;
};

/**
 * enum procsrv_list_scope - the processes that are listed
 * @PROCSRV_LIST_ALL: all processes; the id is 0
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
 * @cursor: in: list pids above this one; 0 to begin; out: the last pid listed; unchanged if
 *	there was none
 * @buf: in: pointer to an array, of &struct procsrv_info for PROCSRV_IOC_LIST, of __u64 for
 *	PROCSRV_IOC_LIST_PIDS
 * @record_size: in: size of an element of the array in bytes, as the caller knows it; bytes
 *	that the server does not know are zeroed
 * @count: in: capacity of the array in elements, at least 1; out: number of elements filled
 * @scope: in: &enum procsrv_list_scope
 * @id: in: sid or pgid, by @scope
 * @flags: in: 0
 * @pad: in: 0
 * @seq: out: the number of the latest event of the server when the page was started
 *
 * The list ascends by pid. A process that is in the scope from the first page to the last is
 * listed exactly once, whatever other processes do.
 *
 * A page with fewer elements than the capacity is the last. If the list ends with the last
 * element of a page, the next call returns 0 elements, or ESRCH if the session or group is gone
 * by then. Neither is a failure of the listing, since the ids of sessions and groups are not
 * used again before all others were used.
 *
 * A page of at most 64 elements is one consistent snapshot at the @seq of the page. A longer
 * page consists of several snapshots of this size. Each &struct procsrv_info has its own @seq
 * in any case; pids have none.
 *
 * To follow every process from a moment on: subscribe to the events (PROCSRV_IOC_SUBSCRIBE),
 * list all pages, and apply to each listed process those events that have a higher number than
 * the @seq in its &struct procsrv_info. There are no events for the state WAITING, for taking a
 * signal, and for setting limits, reapers, autoreap flags, credentials and foreground groups.
 *
 * Errors: ESRCH, there is no such session or group;
 * EINVAL, @count is 0; @scope is unknown; @id is not 0 with PROCSRV_LIST_ALL; @record_size is
 * smaller than the first version of the element: 384 for PROCSRV_IOC_LIST, 8 for
 * PROCSRV_IOC_LIST_PIDS;
 * E2BIG, @record_size is larger than a page (4096 on x86);
 * EFAULT, the array cannot be written; a part of it may have been filled.
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
 * @count: out: the number of processes that were reaped
 *
 * Zombies of other reapers are not reaped. Processes that are created after the call began may
 * remain.
 *
 * Errors: EPERM, the caller may not act on init.
 */
struct procsrv_reap_args {
	__u32 flags;
	__u32 pad;
	__u64 count;
};

/**
 * struct procsrv_stats - read the counters of a server
 * @total_processes: out: processes in the table, init and zombies included
 * @running: out: processes that are RUNNING
 * @sleeping: out: processes that are SLEEPING or WAITING
 * @stopped: out: processes that are STOPPED
 * @zombies: out: processes that are ZOMBIE
 * @total_created: out: processes created since the server was created, without init
 * @total_exited: out: processes that have exited since the server was created
 * @sessions: out: sessions
 * @process_groups: out: process groups
 * @orphans: out: zombies whose parent exited before it waited for them
 *
 * The counters are one consistent snapshot.
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
 * struct procsrv_revoke_args - notify a process, or every process, that a capability was
 *	revoked
 * @pid: in: the process, or 0 for every process
 * @capability: in: the capability, as numbered by its issuer
 * @flags: in: 0
 * @pad: in: 0
 *
 * Increments @revocations in &struct procsrv_info, with the pid 0 also for zombies. Writes one
 * record to the kernel's audit log if audit is enabled.
 *
 * Errors: ESRCH, there is no such process, or it is a zombie;
 * EPERM, the caller may not act on the process; with the pid 0, it may not act on init.
 */
struct procsrv_revoke_args {
	__u64 pid;
	__u64 capability;
	__u32 flags;
	__u32 pad;
};

/**
 * enum procsrv_clock_source - the source of the server's clock
 * @PROCSRV_CLOCK_CYCLES: the cycle counter, by its measured frequency
 * @PROCSRV_CLOCK_MONOTONIC: CLOCK_MONOTONIC, if there is no such counter or the kernel has
 *	marked it as unreliable
 */
enum procsrv_clock_source {
	PROCSRV_CLOCK_CYCLES	= 0,
	PROCSRV_CLOCK_MONOTONIC	= 1,
};

/**
 * struct procsrv_time_args - read the server's clock
 * @time: out: the time in microseconds; it never goes backwards
 * @cycles: out: the value of the cycle counter, whether or not the clock is based on it; 0 on a
 *	machine without one
 * @frequency: out: the measured frequency of the counter in Hz; 0 if the clock is not based on
 *	it
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
 * struct procsrv_set_reaper_args - set or clear the reaper flag of a process
 * @pid: in: the process
 * @on: in: 1 to set the flag, 0 to clear it
 * @flags: in: 0
 *
 * The children of a process that exits are reparented to the nearest of its ancestors that is a
 * reaper, or to init if none is. This follows PR_SET_CHILD_SUBREAPER (prctl(2)): existing
 * descendants are included, children do not inherit the flag, exec keeps it. Init is always a
 * reaper.
 *
 * Errors: ESRCH, there is no such process, or it is a zombie;
 * EPERM, it is init, and @on is 0; the caller may not act on it;
 * EINVAL, @on is neither 0 nor 1.
 */
struct procsrv_set_reaper_args {
	__u64 pid;
	__u32 on;
	__u32 flags;
};

/**
 * enum procsrv_event_kind - the kind of an event, and the fields of its record
 * @PROCSRV_EVENT_LOST: the ring was full; @value is the number of older events that were
 *	dropped, @seq is the number of the last of them, all other fields are 0
 * @PROCSRV_EVENT_CREATE: the process was created; @other is its parent
 * @PROCSRV_EVENT_EXEC: it has called exec
 * @PROCSRV_EVENT_EXIT: it became a zombie; @code and @signo are its exit code and its exit
 *	signal, the latter perhaps with PROCSRV_CORE_DUMP
 * @PROCSRV_EVENT_REAP: it was reaped; @other is the parent that waited, or init with
 *	PROCSRV_IOC_REAP
 * @PROCSRV_EVENT_SIGNAL: it was sent signal @signo; @other is the sender, or 0
 * @PROCSRV_EVENT_STATE: it is in the state @detail, which is PROCSRV_RUNNING, PROCSRV_SLEEPING
 *	or PROCSRV_STOPPED; @signo is 19 (SIGSTOP) if it stopped, or for a hosted process the
 *	signal that stopped it; 18 (SIGCONT) if it continued; 0 otherwise
 * @PROCSRV_EVENT_PARENT: its parent exits; @other is the new parent
 * @PROCSRV_EVENT_SESSION: it leads the new session @sid and the new process group @pgid
 * @PROCSRV_EVENT_GROUP: it is in process group @pgid now
 * @PROCSRV_EVENT_LIMIT: an update passed the limit @detail, one of PROCSRV_LIMIT_*; @value is
 *	the value that was reported, @other is the limit
 * @PROCSRV_EVENT_CAPABILITY: capability @other was revoked; @pid is 0 if from every process
 * @PROCSRV_EVENT_UPDATE: an update set the fields in the mask @detail: PROCSRV_UPDATE_* without
 *	PROCSRV_UPDATE_STATE
 * @PROCSRV_EVENT_TERMINAL: session @sid got a terminal (@detail is 1) or lost it (@detail is
 *	0); @pid is the process that created the session, which may be gone (@pgid is 0 then),
 *	or 0 if another process has its pid now
 * @PROCSRV_NR_EVENTS: the number of kinds; not a kind
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

/* Masks of kinds of events. PROCSRV_EVENT_LOST cannot be selected. */
#define PROCSRV_EVENT_BIT(kind)	(1U << (kind))
#define PROCSRV_EVENTS_ALL	(PROCSRV_EVENT_BIT(PROCSRV_NR_EVENTS) - 2) /* all kinds */

/**
 * struct procsrv_event - record of read(2) on the device: one change
 * @seq: its number; the server counts from 1, independently of readers
 * @time: when it happened, in microseconds of the server's clock
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
 * read(2) returns as many whole records as are available and fit into the buffer, at least one,
 * and sleeps until there is one. A read that a signal interrupts after the first record returns
 * the records that it has stored; the other events remain.
 *
 * A private server has ended when it was closed and its last process was reaped. On a further
 * descriptor of it, read(2) then returns 0 when no event is left, and poll(2) returns POLLHUP as
 * well as POLLIN, also while events are left. Operations on init may still cause events.
 *
 * Numbers ascend. They have gaps where a filter omits events, and at a PROCSRV_EVENT_LOST
 * record, which takes the place of the events that were dropped. More kinds may be added:
 * programs have to ignore unknown kinds.
 *
 * A descriptor without a subscription gets one with its next read(2) or poll(2): to all kinds,
 * of all processes, with a ring of PROCSRV_RING_DEFAULT events, starting at that moment. This
 * is done only if the effective user id of the caller is that of the opener of the descriptor;
 * other callers use PROCSRV_IOC_SUBSCRIBE first.
 *
 * Errors of read: EINVAL, the buffer is smaller than a record;
 * EAGAIN, there is no event, and O_NONBLOCK is set, or the read runs in an io_uring worker and
 * another reader has taken the event that the worker was woken for;
 * EINTR, a signal handler without SA_RESTART ran in the calling thread;
 * EFAULT, the buffer cannot be written; no event was consumed. After the first record the call
 * returns the records that it has stored;
 * EBADF, the descriptor was opened for writing only;
 * EPERM, there is no subscription, and the effective user id of the caller is not that of the
 * opener of the descriptor;
 * ENOMEM, there is no memory for the first subscription;
 * EMFILE, there is no subscription, and the caller's user has as many subscriptions as
 * max_user_readers allows;
 * ENFILE, there is no subscription, and the server has 384 subscriptions.
 *
 * poll(2) returns POLLERR where read(2) would fail with one of the last four.
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

/* Flag of subscribe, only with @pid. */
#define PROCSRV_SUBSCRIBE_SUBTREE	(1U << 0)	/* also events of descendants */

/** PROCSRV_RING_DEFAULT - default capacity of a ring in events */
#define PROCSRV_RING_DEFAULT	1024

/** PROCSRV_RING_MAX - maximum capacity of a ring in events */
#define PROCSRV_RING_MAX	65536

/**
 * struct procsrv_subscribe_args - select the events that this descriptor reads
 * @pid: in: only events of this process, which may be a zombie, or 0 for all events; events of
 *	every process do not count as events of this one
 * @kinds: in: mask of PROCSRV_EVENT_BIT(kind), or PROCSRV_EVENTS_ALL; 0 ends the subscription
 * @capacity: in: capacity of the ring in events, at most PROCSRV_RING_MAX; 0 for
 *	PROCSRV_RING_DEFAULT
 * @flags: in: mask of PROCSRV_SUBSCRIBE_SUBTREE
 * @pad: in: 0
 * @seq: out: the number of the latest event before the subscription
 *
 * The records are &struct procsrv_event. The subscription replaces an earlier one of the same
 * descriptor; unread events of that are discarded. If the call fails, the earlier subscription
 * remains.
 *
 * When the ring is full, the oldest events are dropped, and a PROCSRV_EVENT_LOST record takes
 * their place. This kind cannot be selected: its records are returned whatever the mask is, and
 * its bit gives EINVAL. A ring needs 64 bytes for each event of its capacity, which are charged
 * to the caller's memory cgroup.
 *
 * Errors: ESRCH, there is no such process;
 * EMFILE, the descriptor has no subscription, and the caller's user has as many subscriptions
 * as max_user_readers allows;
 * ENFILE, the descriptor has no subscription, and the server has 384 subscriptions;
 * EINTR, a signal arrived while another thread was in read(2) or PROCSRV_IOC_SUBSCRIBE on this
 * descriptor;
 * EINVAL, @kinds has unknown bits; @capacity is above PROCSRV_RING_MAX; @flags has unknown
 * bits, or is not 0 and @pid is 0; @kinds is 0 and another field is not.
 */
struct procsrv_subscribe_args {
	__u64 pid;
	__u32 kinds;
	__u32 capacity;
	__u32 flags;
	__u32 pad;
	__u64 seq;
};

/* Flag of open process. */
#define PROCSRV_OPEN_NONBLOCK	(1U << 0)	/* the descriptor has O_NONBLOCK */

/**
 * struct procsrv_open_process_args - get a handle of a process
 * @pid: in: the process; a zombie is allowed
 * @flags: in: mask of PROCSRV_OPEN_NONBLOCK
 * @fd: out: a descriptor, closed on exec
 *
 * After pidfd_open(2). The handle polls readable once the process has exited. read(2) sleeps
 * until then, and returns a &struct procsrv_exit_record on every call, also after the process
 * was reaped.
 *
 * Errors: ESRCH, there is no such process;
 * EMFILE, the caller has reached its limit of open descriptors, or its user has as many handles
 * as max_user_handles allows;
 * ENFILE, the system has reached its limit of open files.
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
 * @children_cpu_time: the cpu time of the children that it had waited for, in microseconds
 * @uid: its user id, in the caller's user namespace
 * @exit_code: its exit code
 * @exit_signal: the signal that ended it, perhaps with PROCSRV_CORE_DUMP, or 0
 * @state: PROCSRV_ZOMBIE, or PROCSRV_DEAD once it has been reaped
 *
 * Errors of read: EINVAL, the buffer is smaller than the record;
 * EAGAIN, the process is alive, and O_NONBLOCK is set;
 * EINTR, a signal handler without SA_RESTART ran in the calling thread;
 * EFAULT, the buffer cannot be written.
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
#define PROCSRV_SERVER_SAME	(1U << 1)	/* a further descriptor of this server */
#define PROCSRV_SERVER_INIT_REAPS (1U << 2)	/* children of init leave no zombies */

/**
 * struct procsrv_new_server_args - get a private server, or a further descriptor of one
 * @flags: in: mask of PROCSRV_SERVER_POSIX_IDS and PROCSRV_SERVER_INIT_REAPS; or
 *	PROCSRV_SERVER_SAME alone
 * @fd: out: a descriptor of the private server, closed on exec
 *
 * A new private server contains only init, and supports all operations of the device. It cannot
 * be opened by name: it is reachable only through this descriptor, its copies, and further
 * descriptors. When the last copy of this descriptor is closed, every process of the server
 * except init is killed, and handles of the processes become readable. Its init has the
 * caller's effective ids, so the caller may perform every operation on it.
 *
 * With PROCSRV_SERVER_POSIX_IDS the server has POSIX ids: the id of every session and process
 * group in it is the pid of the process that created it.
 *
 * With PROCSRV_SERVER_INIT_REAPS the autoreap flag of init is set, as by
 * PROCSRV_IOC_SET_AUTOREAP: orphans, and other children of init, leave no zombies.
 *
 * With PROCSRV_SERVER_SAME, on a descriptor of a private server, the result is a further
 * descriptor of this server. It has a subscription of its own, and processes that are tied to
 * it or hosted on it: these are killed when it is closed. It neither keeps the server open nor
 * ends it. When the server has been closed, a further descriptor shows only init,
 * PROCSRV_IOC_CREATE and PROCSRV_IOC_NEW_SERVER on it fail with ESHUTDOWN, and read(2) returns 0
 * when no event is left.
 *
 * Errors: EMFILE, the caller has reached its limit of open descriptors, or its user has as many
 * private servers, and further descriptors of private servers, as max_user_servers allows;
 * ENFILE, the system has reached its limit of open files;
 * EOPNOTSUPP, PROCSRV_SERVER_SAME, on a descriptor of the device;
 * ESHUTDOWN, the private server of this descriptor has been closed: the descriptor that it was
 * created with;
 * EINVAL, @flags has unknown bits, or PROCSRV_SERVER_SAME and others.
 */
struct procsrv_new_server_args {
	__u32 flags;
	__s32 fd;
};

/** PROCSRV_BATCH_MAX - maximum number of operations in a batch */
#define PROCSRV_BATCH_MAX	1024

/* Flag of a batch. */
#define PROCSRV_BATCH_STOP	(1U << 0)	/* end after an operation that fails */

/**
 * struct procsrv_batch_op - an operation in a batch
 * @cmd: in: PROCSRV_IOC_*; the size of the structure is the one in this number
 * @result: out: 0, or the error as a negative number: -ESRCH and so on
 * @args: in, out: the structure of the operation, from the beginning of this field, at most 120
 *	bytes
 *
 * The structure is written as by the single call. If @result is not 0, it is not written, or
 * only as far as the description of the call says. Bytes after the structure are neither read
 * nor written.
 *
 * Results of an operation: ENOTTY, @cmd is not an ioctl of this device;
 * EOPNOTSUPP, @cmd is PROCSRV_IOC_OPEN_PROCESS, PROCSRV_IOC_NEW_SERVER or PROCSRV_IOC_BATCH;
 * EINVAL, the structure does not fit into @args, or is shorter than in its first version; or as
 * for the single call;
 * E2BIG, the structure is longer than the server knows, and the rest is not zero; or as for the
 * single call.
 *
 * All other results are those of the single call.
 */
struct procsrv_batch_op {
	__u32 cmd;
	__s32 result;
	__u64 args[15];
};

/**
 * struct procsrv_batch_args - run several operations in one call, one after the other
 * @ops: in: pointer to an array of &struct procsrv_batch_op
 * @op_size: in: sizeof(struct procsrv_batch_op) as the caller knows it, at least 128, a
 *	multiple of 8
 * @count: in: elements in the array, 1 to PROCSRV_BATCH_MAX
 * @flags: in: mask of PROCSRV_BATCH_STOP
 * @done: out: number of operations that were run, from the first one on
 *
 * The operations run in the order of the array. Each has the same effect as the single call,
 * sees the effects of the operations before it, and returns its error in its own @result. The
 * call succeeds, whatever the operations return. Other calls may run between two operations.
 *
 * The batch ends
 *
 * - after its last operation;
 * - with PROCSRV_BATCH_STOP, after an operation that fails: its @result is the only one that is
 *   not 0;
 * - after an operation that slept and was interrupted by a signal. The result of this operation
 *   is -EINTR, and its structure has the remaining time. Operations that were done are not
 *   repeated: the call returns 0 and is not restarted, with or without SA_RESTART. To continue,
 *   call again with the rest of the array, starting at the element @done - 1;
 * - when the caller is killed.
 *
 * Elements from @done on are not changed.
 *
 * Errors: EINVAL, @count is 0; @op_size is less than 128, or not a multiple of 8;
 * E2BIG, @count is above PROCSRV_BATCH_MAX; @op_size is larger than a page (4096 on x86);
 * EFAULT, the array cannot be read or cannot be written: no operation was run. If another
 * thread unmaps this memory during the call, the results are lost, although the operations were
 * done.
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
 * PROCSRV_URING_CANCEL - cancel requests of io_uring that wait; not an ioctl
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
