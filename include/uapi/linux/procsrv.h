/* SPDX-License-Identifier: GPL-2.0-only WITH Linux-syscall-note */
/*
 * procsrv - the ioctl interface of /dev/procsrv
 *
 * Rules that hold for every call:
 *
 * - All pointers are carried in a __u64, so that 32-bit programs use the same
 *   layout. A pointer that cannot be read or written gives EFAULT.
 * - Structures grow at their end. The size of the caller's structure is part
 *   of the ioctl number: an older program passes a shorter one, and what it
 *   does not know reads as zero; a newer program passes a longer one, which
 *   is taken as long as the part unknown here is zero (E2BIG).
 * - Unknown flags, unknown enumerators and non-zero padding give EINVAL.
 * - A call that fails has changed nothing, and has written nothing but what
 *   its description names. There is one exception: a call that writes its
 *   structure checks first that it can be written, and if another thread takes
 *   this memory away while the call runs, the result is lost and the call
 *   gives EFAULT although the operation was done.
 * - A call the server does not know gives ENOTTY.
 * - Any call may fail with ENOMEM.
 * - Who calls is the task that makes the call, with its credentials at that
 *   moment, whoever opened the descriptor. It may do everything to a process
 *   of its own effective user id. To others it needs a capability: CAP_KILL to
 *   signal and to end them, and to signal in their name; CAP_SYS_RESOURCE to
 *   raise their limits; CAP_SYS_PTRACE to see their command lines and
 *   environments; CAP_SYS_ADMIN for all else that changes something. It counts
 *   in the user namespace of the caller, over processes whose user and group
 *   id are mapped there, and over all in a private server made there. Who may
 *   not gets EPERM. To look, to list, and to follow events is for everybody.
 *
 * A process that is a zombie can be looked at (by handles and subscriptions
 * too), waited for, signalled (which does nothing) and moved to another group,
 * and that is all: every other call answers ESRCH for it.
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
#define PROCSRV_STRINGS_MAX	(128 * 1024)

/** PROCSRV_INIT_PID - the process that every server begins with */
#define PROCSRV_INIT_PID	1

/** PROCSRV_UNLIMITED - a limit that nothing reaches */
#define PROCSRV_UNLIMITED	(~0ULL)

/**
 * enum procsrv_state - what a process is doing
 * @PROCSRV_RUNNING: running, or able to run
 * @PROCSRV_SLEEPING: reported asleep by update
 * @PROCSRV_WAITING: somebody waits for its children on its behalf
 * @PROCSRV_STOPPED: stopped by signal 19
 * @PROCSRV_ZOMBIE: has exited, and nobody has waited for it
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
 * @PROCSRV_PRIO_IDLE: runs when nothing else does
 * @PROCSRV_PRIO_LOW: below normal
 * @PROCSRV_PRIO_NORMAL: what a new process has
 * @PROCSRV_PRIO_HIGH: above normal
 * @PROCSRV_PRIO_REALTIME: before everything else
 */
enum procsrv_priority {
	PROCSRV_PRIO_IDLE	= 0,
	PROCSRV_PRIO_LOW	= 1,
	PROCSRV_PRIO_NORMAL	= 2,
	PROCSRV_PRIO_HIGH	= 3,
	PROCSRV_PRIO_REALTIME	= 4,
};

/* Flags of create. */
#define PROCSRV_CREATE_TIED	(1U << 0)	/* dies with the descriptor */

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
 * @flags: in: mask of PROCSRV_CREATE_TIED
 * @pad: in: 0
 * @pid: out: the new process
 *
 * The child is RUNNING with one thread, in "/", at normal priority, with the
 * default limits, in its parent's session and process group.
 *
 * With PROCSRV_CREATE_TIED it is killed, as by signal 9, when the descriptor
 * that this call was made on is closed for good: dup(2) and fork(2) keep it
 * open, as does passing it over a socket. Its children are not tied by that.
 *
 * Everybody may create children of init. An id that is neither the caller's
 * real, effective nor saved one needs CAP_SETUID or CAP_SETGID.
 *
 * Errors: ESRCH, there is no such parent, or it is a zombie; EPERM, the caller
 * may not act on the parent, or may not create processes with these ids;
 * ENAMETOOLONG, the name is longer than PROCSRV_NAME_MAX; E2BIG, a list is
 * longer than PROCSRV_STRINGS_MAX; EINVAL, a list does not end in a NUL, or an
 * id has no mapping in the caller's user namespace; EAGAIN, the server, or
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
	__u32 pad;
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
 * The three change at once. From here on the parent of the process can no
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
 * struct procsrv_terminate_args - end a process
 * @pid: in: the process
 * @exit_code: in: what the process said when it exited
 * @exit_signal: in: the signal that ended it, 1 to 64, or 0 for none
 *
 * The process becomes a zombie until somebody waits for it. Its children
 * move to the nearest reaper above it (&struct procsrv_set_reaper_args), or
 * else to init; those that are zombies join the orphan list. A process group
 * that loses its last link to the rest of its session by this, and has a
 * stopped member, is sent signals 1 and 18.
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
 * enum procsrv_wait_which - for which children to wait
 * @PROCSRV_WAIT_ANY: any child; the id is 0
 * @PROCSRV_WAIT_PID: the child with this pid, not 0
 * @PROCSRV_WAIT_PGID: any child in this process group, not 0
 */
enum procsrv_wait_which {
	PROCSRV_WAIT_ANY	= 0,
	PROCSRV_WAIT_PID	= 1,
	PROCSRV_WAIT_PGID	= 2,
};

/* What to wait for: a mask of these. One of them says why a wait returned. */
#define PROCSRV_WAIT_EXITED	(1U << 0)
#define PROCSRV_WAIT_STOPPED	(1U << 1)
#define PROCSRV_WAIT_CONTINUED	(1U << 2)

/* Flags of a wait. */
#define PROCSRV_WAIT_NOHANG	(1U << 0)	/* do not sleep: EAGAIN */
#define PROCSRV_WAIT_NOWAIT	(1U << 1)	/* leave the child waitable */
#define PROCSRV_WAIT_TIMEOUT	(1U << 2)	/* the timeout field counts */

/**
 * struct procsrv_wait_args - wait for a child to change state
 * @parent: in: on whose behalf; reads as WAITING meanwhile
 * @id: in: pid or pgid, by @which
 * @which: in: &enum procsrv_wait_which
 * @what: in: mask of PROCSRV_WAIT_EXITED, _STOPPED and _CONTINUED; not 0
 * @flags: in: mask of PROCSRV_WAIT_NOHANG, _NOWAIT and _TIMEOUT
 * @why: out: the one of @what that happened
 * @timeout: in: with PROCSRV_WAIT_TIMEOUT, nanoseconds of CLOCK_MONOTONIC,
 *	otherwise 0. When a signal interrupts the call, the time that was left
 *	is stored here, and the call is restarted with it (SA_RESTART) or
 *	fails with EINTR.
 * @pid: out: the child
 * @cpu_time: out: its cpu time, in microseconds
 * @children_cpu_time: out: the cpu time of the children it has waited for
 * @uid: out: its user id, in the caller's user namespace
 * @exit_code: out: its exit code; 0 unless it exited
 * @exit_signal: out: the signal that ended it, or 0; 19 when it stopped, 18
 *	when it continued
 * @pad: in: 0
 *
 * Of several children that qualify, the one with the lowest pid is returned.
 * An exit that is returned reaps: the child leaves every table, and its cpu
 * time is added to the children's time of the parent. A stop or a
 * continuation is returned once, and not at all when a later change of state
 * came before somebody asked. With PROCSRV_WAIT_NOWAIT nothing is consumed.
 *
 * On behalf of init everybody may wait for a child that it may act on, by its
 * pid.
 *
 * Errors: ECHILD, no child could ever qualify; EAGAIN, none does yet and
 * PROCSRV_WAIT_NOHANG is set, or as many sleep for processes of the parent's
 * user as max_user_sleepers allows; ETIMEDOUT, the time is up; EINTR, a signal
 * to the calling thread; ESRCH, there is no such parent, or it is a zombie, or
 * has become one; EPERM, the caller may not act on it; EINVAL, @which, @what,
 * @id or @timeout make no sense.
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
 * enum procsrv_target - at whom a signal is directed
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
 * @sender: in: pid on whose behalf, or 0 for the world outside
 * @id: in: pid, pgid or sid, by @target
 * @target: in: &enum procsrv_target
 * @signo: in: 0 to 64
 * @flags: in: 0
 * @count: out: how many processes it reached, zombies included
 *
 * 0 only checks. 9 terminates with exit code -9 and exit signal 9, 15 with
 * exit code 0 and exit signal 15. 19 stops; 18 continues what is stopped.
 * Every other number becomes pending in the process until it is taken. Nothing
 * happens to a zombie. But for PROCSRV_TARGET_ALL, all that it reaches are hit
 * at one moment: nobody is created in between. Of several it reaches those
 * that the caller may signal.
 *
 * Errors: EINVAL, the number is out of range, or @target or @id makes no
 * sense; ESRCH, there is no such target, or no such sender or it is a zombie;
 * EPERM, the target is init, or the tree of init, and the signal would end or
 * stop it, or the caller may not signal init; or the caller may signal none of
 * the target, or not in the name of @sender.
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
#define PROCSRV_TAKE_TIMEOUT	(1U << 1)	/* the timeout field counts */

/**
 * struct procsrv_take_signal_args - take a pending signal
 * @pid: in: the process
 * @mask: in: which signals will do; bit N - 1 for signal N; not 0
 * @timeout: in: as in &struct procsrv_wait_args
 * @sender: out: who sent it first since it was last taken, or 0 for the world
 *	outside and for the server itself
 * @flags: in: mask of PROCSRV_TAKE_NOHANG and PROCSRV_TAKE_TIMEOUT
 * @signo: out: the lowest of @mask that is pending; pending no longer
 * @count: out: how often it was sent since it was last taken
 *
 * After sigtimedwait(2). Of several callers that could take a signal, one
 * does. Signals 9, 15, 18 and 19 act at once and are never pending.
 *
 * Errors: EAGAIN, none is pending and PROCSRV_TAKE_NOHANG is set, or as many
 * sleep for processes of its user as max_user_sleepers allows; ETIMEDOUT, the
 * time is up; EINTR, a signal to the calling thread; ESRCH, there is no such
 * process, or it is a zombie, or has become one; EPERM, the caller may not act
 * on it; EINVAL, @mask is 0, or @timeout is not and PROCSRV_TAKE_TIMEOUT is
 * not set.
 */
struct procsrv_take_signal_args {
	__u64 pid;
	__u64 mask;
	__u64 timeout;
	__u64 sender;
	__u32 flags;
	__s32 signo;
	__u64 count;
};

/* Flags in procsrv_info. */
#define PROCSRV_INFO_EXECED	(1U << 0)	/* has called exec */
#define PROCSRV_INFO_ORPHAN	(1U << 1)	/* is on the orphan list */
#define PROCSRV_INFO_REAPER	(1U << 2)	/* orphans below go to it */
#define PROCSRV_INFO_TIED	(1U << 3)	/* dies with a descriptor */
#define PROCSRV_INFO_HIDDEN	(1U << 4)	/* its lists are not shown */

/* Limits that an update can pass. */
#define PROCSRV_LIMIT_MEMORY	(1U << 0)	/* max_memory */
#define PROCSRV_LIMIT_CPU_TIME	(1U << 1)	/* max_cpu_time */
#define PROCSRV_LIMIT_THREADS	(1U << 2)	/* max_threads */

/**
 * struct procsrv_info - what the server knows of a process
 * @pid: process id, never used twice
 * @ppid: pid of the parent; 0 for init
 * @start_time: when it was created, in microseconds of the server's clock
 * @start_cycles: the same moment as the raw cycle counter, whether the clock
 *	goes by it or not; 0 on a machine without one
 * @cpu_time: cpu time used, in microseconds
 * @children_cpu_time: cpu time of the children it has waited for, and of
 *	those that they have waited for, in microseconds, PROCSRV_UNLIMITED if
 *	that is more than fits
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
 * @exit_signal: of a zombie: the signal that ended it, or 0
 * @argv_len: bytes of its command line; 0 with PROCSRV_INFO_HIDDEN
 * @envp_len: bytes of its environment; 0 with PROCSRV_INFO_HIDDEN
 * @cwd_len: bytes of its working directory, with the NUL
 * @terminal_len: bytes of the name of its terminal, with the NUL; 0 for none
 * @name: its name, NUL-terminated, the rest zero
 * @seq: the number of the latest event of the server when all this was true
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
 * struct procsrv_info_args - look at a process
 * @pid: in: the process; zombies too
 * @info: in: pointer to a &struct procsrv_info to fill, or 0
 * @argv: in: pointer to room for the command line, or 0
 * @envp: in: pointer to room for the environment, or 0
 * @cwd: in: pointer to room for the working directory, or 0
 * @terminal: in: pointer to room for the name of the terminal, or 0
 * @info_size: in: sizeof(struct procsrv_info) as the caller knows it; what
 *	the server does not know is zeroed
 * @argv_size: in: bytes at @argv; out: bytes there are
 * @envp_size: in: bytes at @envp; out: bytes there are
 * @cwd_size: in: bytes at @cwd; out: bytes there are, with the NUL
 * @terminal_size: in: bytes at @terminal; out: bytes there are, with the NUL,
 *	or 0 if it has none
 * @flags: in: 0
 *
 * A room that is too small is filled with the beginning; the size that comes
 * back tells. All of it is of one moment.
 *
 * Command line and environment are shown to the user of the process and to who
 * has CAP_SYS_PTRACE over it. To others both have the size 0, nothing is
 * written to their rooms, and the information has PROCSRV_INFO_HIDDEN.
 *
 * Errors: ESRCH, there is no such process; EINVAL, @info_size is smaller
 * than the first version of the structure, or a size is not 0 where the
 * pointer is; E2BIG, @info_size is larger than a page. When EFAULT comes from
 * one room, others may have been filled.
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
#define PROCSRV_LIMITS_ENFORCE	(1U << 0)	/* to pass one is the end */

/**
 * struct procsrv_limits - resource limits of a process
 * @max_memory: bytes; 256 MiB to begin with
 * @max_cpu_time: microseconds; PROCSRV_UNLIMITED to begin with
 * @stack_size: bytes; 8 MiB to begin with
 * @core_size: bytes; 0 to begin with
 * @max_files: open files; 1024 to begin with
 * @max_threads: threads, at least 1; 256 to begin with
 * @nice: -20 to 19; 0 to begin with
 * @flags: mask of PROCSRV_LIMITS_ENFORCE
 *
 * An update that reports more than @max_memory, @max_cpu_time or @max_threads
 * passes that limit: it is recorded in the process (@limits_passed of &struct
 * procsrv_info), and there is an event of it. With PROCSRV_LIMITS_ENFORCE the
 * process is ended besides: with exit signal 24 and exit code -24 for
 * @max_cpu_time, otherwise with 9 and -9; init never is. The other limits are
 * only stored.
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
 * out of range. A lower nice is a higher limit, and so is one that is not
 * enforced any more.
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
 * struct procsrv_update_args - report what a process does and uses
 * @pid: in: the process
 * @cpu_time: in: microseconds
 * @memory_usage: in: bytes
 * @cwd: in: pointer to the NUL-terminated working directory, an absolute path
 * @mask: in: mask of PROCSRV_UPDATE_*: which of the fields are to change
 * @thread_count: in: at least 1
 * @state: in: PROCSRV_RUNNING or PROCSRV_SLEEPING
 * @priority: in: &enum procsrv_priority
 *
 * All named fields change at once; the others are ignored. One that passes a
 * limit takes effect as &struct procsrv_limits says.
 *
 * Errors: ESRCH, there is no such process, or it is a zombie; EINVAL, a named
 * field is out of range or the directory is not absolute; ENAMETOOLONG, the
 * directory is longer than PROCSRV_PATH_MAX; EBUSY, a state is named and the
 * process is stopped: only signal 18 continues it; EPERM, the caller may not
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
 * struct procsrv_create_session_args - begin a session
 * @leader: in: the process that is to lead it
 * @flags: in: 0
 * @sid: out: the new session
 * @pgid: out: the new process group in it, which it leads as well
 * @pad: in: 0
 *
 * The leader leaves its old session and group. The session has no terminal.
 *
 * Errors: ESRCH, there is no such process, or it is a zombie; EPERM, it leads
 * a session already, or a process group that has other members (even if it
 * has left that), or it is init, or the caller may not act on it.
 */
struct procsrv_create_session_args {
	__u64 leader;
	__u32 flags;
	__u32 sid;
	__u32 pgid;
	__u32 pad;
};

/**
 * struct procsrv_create_group_args - begin a process group
 * @caller: in: pid on whose behalf, or 0 for the world outside
 * @leader: in: the process that is to lead it; a zombie may
 * @sid: in: its session, or 0 if it has none
 * @flags: in: 0
 * @pgid: out: the new group
 * @pad: in: 0
 *
 * A caller other than 0 may do this to itself and to those of its children
 * that have not called exec, as with setpgid(2).
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
 * @pid: in: the process; a zombie may be moved
 * @pgid: in: the group, in the same session
 * @flags: in: 0
 *
 * Errors: as in &struct procsrv_create_group_args; EPERM too where there is
 * no such group in the session of the process.
 */
struct procsrv_set_group_args {
	__u64 caller;
	__u64 pid;
	__u32 pgid;
	__u32 flags;
};

/**
 * struct procsrv_session_args - look at a session
 * @sid: in: the session
 * @flags: in: 0
 * @leader: out: pid of the process that began it, which may be gone
 * @terminal: in: pointer to room for the name of the terminal, or 0
 * @terminal_size: in: bytes at @terminal; out: bytes there are, with the NUL,
 *	or 0 if it has none
 * @nr_processes: out: members, zombies included
 * @nr_groups: out: process groups in it
 * @pad: in: 0
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
	__u32 pad;
};

/**
 * struct procsrv_group_args - look at a process group
 * @pgid: in: the group
 * @flags: in: 0
 * @leader: out: pid of the process that began it, which may be gone
 * @sid: out: its session, or 0 for none
 * @nr_processes: out: members, zombies included
 *
 * Its members are listed with PROCSRV_LIST_PGID.
 *
 * Errors: ESRCH, there is no such group.
 */
struct procsrv_group_args {
	__u32 pgid;
	__u32 flags;
	__u64 leader;
	__u32 sid;
	__u32 nr_processes;
};

/**
 * struct procsrv_set_terminal_args - give a session a terminal, or take it
 * @sid: in: the session
 * @flags: in: 0
 * @name: in: pointer to the NUL-terminated name, or 0 for none
 *
 * A session belongs to the user who its leader had, also when that is gone.
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
 * struct procsrv_hang_up_args - hang up the terminal of a session
 * @sid: in: the session
 * @flags: in: 0
 * @count: out: how many processes the signals reached, zombies included
 * @pad: in: 0
 *
 * Every member that the caller may signal gets signal 1 and then signal 18.
 *
 * Errors: ESRCH, there is no such session; EPERM, it may signal none of them.
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
 * struct procsrv_list_args - list processes or their pids, a page a call
 * @cursor: in: list pids above this one; 0 to begin. out: the last one listed
 * @buf: in: pointer to an array of &struct procsrv_info (list processes) or
 *	of __u64 (list pids)
 * @record_size: in: size of an element of the array, as the caller knows it;
 *	what the server does not know is zeroed
 * @count: in: elements there is room for, not 0; out: elements filled. Less
 *	than there was room for means that the list has ended.
 * @scope: in: &enum procsrv_list_scope
 * @id: in: sid or pgid, by @scope
 * @flags: in: 0
 * @pad: in: 0
 * @seq: out: the number of the latest event of the server when the page was
 *	begun
 *
 * Ascending by pid. A process that is in the scope from the first page to the
 * last is listed exactly once, whatever happens around it.
 *
 * To follow every process from a moment on: subscribe to the events, list all
 * pages, and then apply to each listed process those events with a higher
 * number than the @seq in its &struct procsrv_info. A page of at most 64
 * elements is all true at the @seq of the page. There are no events of WAITING,
 * of signals that are taken, of new limits and of new reapers.
 *
 * Errors: ESRCH, there is no such session or group; EINVAL, @count is 0,
 * @scope or @id make no sense, or @record_size is smaller than the first
 * version of the element; E2BIG, it is larger than a page. When EFAULT comes
 * in the middle, the array may be partly written.
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
 * struct procsrv_reap_args - reap the zombies that nobody will wait for
 * @flags: in: 0
 * @pad: in: 0
 * @count: out: how many were reaped: zombies whose parent is init
 *
 * Processes that are created after the call began may stay.
 *
 * Errors: EPERM, the caller may not act on init.
 */
struct procsrv_reap_args {
	__u32 flags;
	__u32 pad;
	__u64 count;
};

/**
 * struct procsrv_stats - the counters of a server, all of one moment
 * @total_processes: processes in the table, init and zombies included
 * @running: those that are RUNNING
 * @sleeping: those that are SLEEPING or WAITING
 * @stopped: those that are STOPPED
 * @zombies: those that are ZOMBIE
 * @total_created: processes created since the server began; init is not one
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
 * @pid: in: the process to tell, or 0 for every process
 * @capability: in: the capability, in the terms of whoever issues them
 * @flags: in: 0
 * @pad: in: 0
 *
 * Raises the count of revocations that info shows, of zombies too where it is
 * for every process, and writes one record to the kernel's audit log when that
 * is enabled. To tell every process is to act on init.
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
 * enum procsrv_clock_source - where the time comes from
 * @PROCSRV_CLOCK_CYCLES: the cycle counter, by its measured frequency
 * @PROCSRV_CLOCK_MONOTONIC: CLOCK_MONOTONIC, where there is no such counter or
 *	the kernel does not trust it
 */
enum procsrv_clock_source {
	PROCSRV_CLOCK_CYCLES	= 0,
	PROCSRV_CLOCK_MONOTONIC	= 1,
};

/**
 * struct procsrv_time_args - read the server's clock
 * @time: out: microseconds; never goes backwards
 * @cycles: out: the raw cycle counter, whether the clock goes by it or not; 0
 *	on a machine without one
 * @frequency: out: the measured frequency of the counter in Hz; 0 if the clock
 *	does not go by it
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
 * struct procsrv_set_reaper_args - make a process a reaper, or no more
 * @pid: in: the process
 * @on: in: 1 or 0
 * @flags: in: 0
 *
 * The children of a process that exits go to the nearest of its ancestors
 * that is a reaper, and to init where none is. After PR_SET_CHILD_SUBREAPER
 * (prctl(2)): descendants that exist already count, children do not inherit
 * it, exec keeps it.
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
 * enum procsrv_event_kind - what has happened
 * @PROCSRV_EVENT_LOST: the ring was full: @value older events were dropped,
 *	the last of them number @seq
 * @PROCSRV_EVENT_CREATE: was created; @other is its parent
 * @PROCSRV_EVENT_EXEC: has called exec
 * @PROCSRV_EVENT_EXIT: became a zombie; @code and @signo are its exit code
 *	and exit signal
 * @PROCSRV_EVENT_REAP: was reaped; @other is the parent that waited
 * @PROCSRV_EVENT_SIGNAL: was sent signal @signo; @other is the sender, or 0
 * @PROCSRV_EVENT_STATE: is in state @detail now; @signo is the signal that
 *	stopped or continued it, or 0 after an update
 * @PROCSRV_EVENT_PARENT: has lost its parent; @other is the new one
 * @PROCSRV_EVENT_SESSION: leads the new session @sid and group @pgid
 * @PROCSRV_EVENT_GROUP: is in group @pgid now
 * @PROCSRV_EVENT_LIMIT: an update passed limit @detail (PROCSRV_LIMIT_*);
 *	@value is what it reported, @other the limit
 * @PROCSRV_EVENT_CAPABILITY: capability @other was revoked; @pid is 0 if from
 *	every process
 * @PROCSRV_EVENT_UPDATE: an update changed what the mask @detail names
 *	(PROCSRV_UPDATE_*)
 * @PROCSRV_EVENT_TERMINAL: session @sid, which @pid began, got a terminal
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

/* In the mask of a subscription. A lost record comes whatever the mask. */
#define PROCSRV_EVENT_BIT(kind)	(1U << (kind))
#define PROCSRV_EVENTS_ALL	(PROCSRV_EVENT_BIT(PROCSRV_NR_EVENTS) - 2)

/**
 * struct procsrv_event - what read(2) on the device gives: one change
 * @seq: its number; the server counts from 1, whoever reads
 * @time: when, in microseconds of the server's clock
 * @pid: the process that it is about
 * @other: by @kind, otherwise 0
 * @value: by @kind, otherwise 0
 * @kind: &enum procsrv_event_kind
 * @sid: the session of the process then, or 0
 * @pgid: its process group then, or 0
 * @signo: by @kind, otherwise 0
 * @code: by @kind, otherwise 0
 * @detail: by @kind, otherwise 0
 *
 * read(2) gives as many whole records as fit, at least one, and sleeps until
 * there is one. A descriptor without a subscription gets one with the next
 * read(2) or poll(2), to all that happens from there on. Numbers ascend; where
 * a filter leaves something out they have gaps.
 *
 * Errors of read: EINVAL, there is no room for a record; EAGAIN, there is
 * none and O_NONBLOCK is set; EINTR; EFAULT, with nothing taken; EMFILE, the
 * caller's user has as many subscriptions as it may. poll(2) says POLLERR then.
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

/** PROCSRV_RING_DEFAULT - room for events unless a subscription says more */
#define PROCSRV_RING_DEFAULT	1024

/** PROCSRV_RING_MAX - most events there can be room for */
#define PROCSRV_RING_MAX	65536

/**
 * struct procsrv_subscribe_args - say which events this descriptor reads
 * @pid: in: only those about this process, or 0; what is about every process
 *	is not about this one
 * @kinds: in: mask of PROCSRV_EVENT_BIT(); 0 ends the subscription
 * @capacity: in: events that the ring holds, or 0 for PROCSRV_RING_DEFAULT
 * @flags: in: mask of PROCSRV_SUBSCRIBE_SUBTREE: with @pid, also those about
 *	its descendants at that moment
 * @pad: in: 0
 * @seq: out: the number of the latest event before the subscription
 *
 * In place of an earlier subscription of the same descriptor, whose unread
 * events are gone. When the ring is full the oldest events are dropped, and a
 * PROCSRV_EVENT_LOST record takes their place.
 *
 * Errors: ESRCH, there is no such process; EINVAL, @kinds has unknown bits,
 * @capacity is above PROCSRV_RING_MAX, @flags are set without @pid, or @kinds
 * is 0 and something else is not; EINTR, a signal came while another thread
 * was in a read(2) or a subscription on the same descriptor; EMFILE, the
 * caller's user has as many subscriptions as max_user_readers allows.
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
 * @pid: in: the process; zombies too
 * @flags: in: mask of PROCSRV_OPEN_NONBLOCK
 * @fd: out: a descriptor, closed on exec
 *
 * After pidfd_open(2). It polls readable once the process has exited. read(2)
 * gives a &struct procsrv_exit_record, as often as asked, sleeping until
 * there is one. It does so after the process was reaped as well.
 *
 * Errors: ESRCH, there is no such process; EMFILE, also if the caller's user
 * has as many of these as max_user_handles allows; ENFILE.
 */
struct procsrv_open_process_args {
	__u64 pid;
	__u32 flags;
	__s32 fd;
};

/**
 * struct procsrv_exit_record - what read(2) on a handle gives
 * @pid: the process
 * @cpu_time: its cpu time, in microseconds
 * @children_cpu_time: that of the children it had waited for
 * @uid: its user id, in the caller's user namespace
 * @exit_code: its exit code
 * @exit_signal: the signal that ended it, or 0
 * @state: PROCSRV_ZOMBIE, or PROCSRV_DEAD once it has been reaped
 *
 * Errors of read: EINVAL, there is no room for a record; EAGAIN, the process
 * lives and O_NONBLOCK is set; EINTR; EFAULT.
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

/**
 * struct procsrv_new_server_args - get a private server
 * @flags: in: 0
 * @fd: out: a descriptor of it, closed on exec
 *
 * A server with nothing in it but init, that everything can be done with that
 * can be done with the device. It lives as long as the descriptor is open;
 * then every process in it but init is killed, and its handles tell. Its init
 * has the caller's effective ids, so it is the caller's.
 *
 * Errors: EMFILE, also if the caller's user has as many of these as
 * max_user_servers allows; ENFILE.
 */
struct procsrv_new_server_args {
	__u32 flags;
	__s32 fd;
};

/** PROCSRV_BATCH_MAX - most operations that a batch may have */
#define PROCSRV_BATCH_MAX	1024

/* Flags of a batch. */
#define PROCSRV_BATCH_STOP	(1U << 0)	/* end with one that fails */

/**
 * struct procsrv_batch_op - an operation in a batch
 * @cmd: in: PROCSRV_IOC_*
 * @result: out: 0, or the error as a negative number: -ESRCH and so on
 * @args: in, out: the structure of the operation, at the beginning
 *
 * Of the structure as much counts as the size in @cmd says. It is written as
 * the operation by itself would write it: where @result is not 0, not at all,
 * or as far as is said there.
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
 * @done: out: elements that were run, from the first one on; the others are as
 *	they were
 *
 * One after the other, in their order; others may come in between. The call
 * succeeds, whatever the operations return: each has its own @result. It ends
 * after the last one; with PROCSRV_BATCH_STOP after one that fails; and in any
 * case after one that a signal has interrupted. That has the result -EINTR and
 * its time that was left, and the call is not restarted: who wants to go on
 * calls again, from that element on. A caller that is killed runs no more of
 * them.
 *
 * PROCSRV_IOC_BATCH, PROCSRV_IOC_OPEN_PROCESS and PROCSRV_IOC_NEW_SERVER have
 * the result -EOPNOTSUPP here, an unknown @cmd has -ENOTTY, and a structure for
 * which there is no room in the element has -EINVAL.
 *
 * Errors, with nothing run: EINVAL, @count is 0, @op_size is smaller than the
 * first version of the element or no multiple of 8; E2BIG, @count is above
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

/*
 * Every call is a command of io_uring too (IORING_OP_URING_CMD), where the
 * kernel is Linux 6.8 or later: the cmd_op of the submission is the number, its
 * addr the address of the structure, and the res of the completion is 0 or the
 * error as a negative number. The structure is read when the command is
 * submitted, and written before it completes; it, and what it points to, stays
 * where it is until then. EINVAL, the len, addr3 or cmd of the submission is
 * not 0; EOPNOTSUPP, the kernel is older.
 *
 * PROCSRV_IOC_WAIT and PROCSRV_IOC_TAKE_SIGNAL take no thread while they wait,
 * alone or in a PROCSRV_IOC_BATCH, whether or not IOSQE_ASYNC is set. They
 * complete with what they have waited for, or with ETIMEDOUT; and with
 * ECANCELED, and nothing consumed, after PROCSRV_URING_CANCEL, and when the
 * ring is closed. A thread that ends leaves them to the others that have its
 * memory.
 * IORING_OP_ASYNC_CANCEL and IORING_OP_LINK_TIMEOUT do not find them.
 *
 * A batch stores what was run when an operation in it waits, and reads the rest
 * of its array again when it goes on. It ends with the operation that waits,
 * and completes with 0, when it is cancelled (the result of the operation is
 * -ECANCELED) or when the thread that submitted it has ended.
 *
 * A request that waits keeps its server in being, as a descriptor does.
 */

/**
 * PROCSRV_URING_CANCEL - cancel waits and takes in io_uring: a command alone
 *
 * The addr of the submission is the address that the request to be cancelled
 * was given, by this process and on this descriptor; all that were, if there
 * are several. If one of them has just got what it waited for, this is what it
 * completes with.
 *
 * Errors: ENOENT, there is none.
 */
#define PROCSRV_URING_CANCEL	_IO(PROCSRV_IOC_MAGIC, 0x80)

#endif /* _UAPI_LINUX_PROCSRV_H */
