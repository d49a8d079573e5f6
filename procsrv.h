/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * procsrv - a process server: the model, as the front ends know it
 *
 * A server (struct procsrv) is a complete model of processes, after the
 * process server of the microkernel VeridianOS. Everything in this file works
 * on any server; the one behind /dev/procsrv is only the first.
 *
 *	front ends	procsrv_main.c, procsrv_sysfs.c, dev/
 *	  |
 *	model		procsrv_tables.c, core/
 *
 * The front ends know nothing of trees and locks of a server, and the model
 * knows nothing of user memory, ioctl numbers and sysfs. They share this file.
 * core/objects.h has the objects behind it, and what protects them.
 */
#ifndef PROCSRV_H
#define PROCSRV_H

#include <linux/cred.h>
#include <linux/gfp.h>
#include <linux/ktime.h>
#include <linux/list.h>
#include <linux/rbtree.h>
#include <linux/refcount.h>
#include <linux/types.h>
#include <linux/uidgid.h>
#include <linux/user_namespace.h>
#include <linux/wait.h>
#include <linux/workqueue.h>

#include "include/uapi/linux/procsrv.h"

#define PROCSRV_VERSION "0.1.0"

/*
 * What is allocated for a caller is charged to its memory cgroup. Where that is
 * full the call fails with -ENOMEM, and no task is killed for it.
 *
 * What processes of several callers share belongs to the server, and is charged
 * to no cgroup: the caller that happens to need it first is not the one that
 * keeps it. It is bounded by the number of processes: each adds a leaf with a
 * block, a user and an exit watch at most.
 */
#define PROCSRV_GFP_SHARED (GFP_KERNEL | __GFP_RETRY_MAYFAIL | __GFP_NOWARN)
#define PROCSRV_GFP (PROCSRV_GFP_SHARED | __GFP_ACCOUNT)

enum {
	/*
	 * Processes that one hold of the lock touches at most, and that one
	 * call lists.
	 */
	PROCSRV_BATCH = 64,

	/* The signals that mean something to the server itself. */
	PROCSRV_SIGHUP = 1,
	PROCSRV_SIGKILL = 9,
	PROCSRV_SIGTERM = 15,
	PROCSRV_SIGCHLD = 17,
	PROCSRV_SIGCONT = 18,
	PROCSRV_SIGSTOP = 19,
	PROCSRV_SIGTSTP = 20,
	PROCSRV_SIGTTIN = 21,
	PROCSRV_SIGTTOU = 22,
	PROCSRV_NSIG = 64,
};

struct procsrv;
struct procsrv_clock;
struct procsrv_exit_watch;
struct procsrv_process;
struct procsrv_reader;
struct procsrv_user;

/**
 * struct procsrv_text - an immutable string of bytes, counted
 * @refs: references to it
 * @len: bytes at @data, every NUL counted
 * @data: the bytes: in @room, or in memory of their own; not to be followed
 *	without a reference
 * @room: for short ones
 *
 * A working directory, or the name of a terminal.
 */
struct procsrv_text {
	refcount_t refs;
	u32 len;
	const char *data;
	char room[];
};

/**
 * struct procsrv_image - what exec replaces, all at once: immutable, counted
 * @refs: references to it
 * @name_len: bytes of the name, with its NUL
 * @argv_len: bytes of the command line
 * @envp_len: bytes of the environment, which follows the command line
 * @lists: the command line: behind the name in @data, or in memory of its own;
 *	not to be followed without a reference
 * @data: the name, which ends with zeros up to the end of a u64
 */
struct procsrv_image {
	refcount_t refs;
	u32 name_len;
	u32 argv_len;
	u32 envp_len;
	char *lists;
	char data[] __aligned(sizeof(u64));
};

/*
 * User and group ids in the user namespace of a caller. Most callers are in the
 * initial one, in which no id is translated: for them no map is searched.
 */

static inline kuid_t procsrv_uid_from(struct user_namespace *ns, uid_t uid)
{
	return ns == &init_user_ns ? KUIDT_INIT(uid) : make_kuid(ns, uid);
}

static inline kgid_t procsrv_gid_from(struct user_namespace *ns, gid_t gid)
{
	return ns == &init_user_ns ? KGIDT_INIT(gid) : make_kgid(ns, gid);
}

static inline uid_t procsrv_uid_to(struct user_namespace *ns, kuid_t uid)
{
	return ns == &init_user_ns ? __kuid_val(uid) :
				     from_kuid_munged(ns, uid);
}

static inline gid_t procsrv_gid_to(struct user_namespace *ns, kgid_t gid)
{
	return ns == &init_user_ns ? __kgid_val(gid) :
				     from_kgid_munged(ns, gid);
}

static inline uid_t procsrv_uid_to_caller(kuid_t uid)
{
	return procsrv_uid_to(current_user_ns(), uid);
}

/*
 * Servers (procsrv_tables.c)
 */

/**
 * struct procsrv_bounds - bounds on a server; of init only waiters count
 * @processes: processes
 * @user_processes: processes with the same user id
 * @user_waiters: waiters for their children and their signals
 * @user_strings: bytes of their strings
 * @depth: ancestors of a process
 */
struct procsrv_bounds {
	u32 processes;
	u32 user_processes;
	u32 user_waiters;
	u64 user_strings;
	u32 depth;
};

extern const struct procsrv_bounds procsrv_no_bounds;

int procsrv_tables_init(void);
void procsrv_tables_exit(void);
struct procsrv *procsrv_new(struct procsrv_clock *clock);
void procsrv_get(struct procsrv *ps);
void procsrv_put(struct procsrv *ps);
void procsrv_set_bounds(struct procsrv *ps, const struct procsrv_bounds *b);
const struct procsrv_bounds *procsrv_bounds_of(const struct procsrv *ps);
bool procsrv_is_closed(const struct procsrv *ps);
bool procsrv_has_ended(const struct procsrv *ps);
struct procsrv_clock *procsrv_clock_of(const struct procsrv *ps);
void procsrv_set_owner(struct procsrv *ps);
void procsrv_use_posix_ids(struct procsrv *ps);
void procsrv_let_init_reap(struct procsrv *ps);
void procsrv_set_release(struct procsrv *ps, void (*release)(void *data),
			 void *data);

/*
 * Strings (core/strings.c)
 */

struct procsrv_image *procsrv_image_new(const char *name, size_t name_len,
					size_t argv_len, size_t envp_len);
bool procsrv_image_try_get(struct procsrv_image *image);
void procsrv_image_free(struct procsrv_image *image);
struct procsrv_text *procsrv_text_new(const char *data, size_t len);
struct procsrv_text *procsrv_text_get(struct procsrv_text *text);
bool procsrv_text_try_get(struct procsrv_text *text);
void procsrv_text_put(struct procsrv_text *text);

/* Takes a reference. */
static inline struct procsrv_image *
procsrv_image_get(struct procsrv_image *image)
{
	refcount_inc(&image->refs);
	return image;
}

/* Drops a reference, if there is one, and frees with the last; may sleep. */
static inline void procsrv_image_put(struct procsrv_image *image)
{
	if (image && refcount_dec_and_test(&image->refs))
		procsrv_image_free(image);
}

static inline const char *procsrv_image_name(const struct procsrv_image *image)
{
	return image->data;
}

static inline char *procsrv_image_argv(struct procsrv_image *image)
{
	return image->lists;
}

static inline char *procsrv_image_envp(struct procsrv_image *image)
{
	return procsrv_image_argv(image) + image->argv_len;
}

static inline u64 procsrv_image_bytes(const struct procsrv_image *image)
{
	return (u64)image->name_len + image->argv_len + image->envp_len;
}

/*
 * Batches (core/change.c)
 */

void procsrv_batch_begin(struct procsrv *ps);
void procsrv_batch_end(struct procsrv *ps);

/**
 * struct procsrv_poll - a wait queue that changes wake
 * @queue: tasks and files that poll
 * @events: what for; constant
 * @ended: wake all, for whatever they poll; set once, in a change
 * @work: wakes them; the time is proportional to the entries in the queue
 * @node: in &procsrv_change.polls, or empty
 */
struct procsrv_poll {
	wait_queue_head_t queue;
	__poll_t events;
	bool ended;
	struct work_struct work;
	struct list_head node;
};

/*
 * Lifecycle (core/create.c, core/lifecycle.c)
 */

/**
 * struct procsrv_owner - an object that processes can be tied to, and their host
 * @tied: the processes; protected by the server's lock, as all that follows
 * @pending: &struct procsrv_hosted: those it hosts that have pending signals, in
 *	turn
 * @takers: &struct procsrv_waiter: waiters for a signal to any it hosts
 * @nr_takers: how many they are
 * @poll: woken when there is a pending signal
 */
struct procsrv_owner {
	struct list_head tied;
	struct list_head pending;
	struct rb_root takers;
	u32 nr_takers;
	struct procsrv_poll poll;
};

/**
 * struct procsrv_create_params - create parameters
 * @parent: pid of its parent, or of whose sibling it is
 * @pid: the pid that it is to have, above 1; or 0 for the next
 * @image: name, command line and environment; procsrv_create() takes a
 *	reference of its own; or NULL to inherit what fork(2) does
 * @uid: user id, unless it is inherited
 * @gid: group id, likewise
 * @owner: the owner that it is tied to, or NULL
 * @hosted: @owner hosts it
 * @sibling: its parent is that of @parent
 * @has_notify: @notify is its exit signal; otherwise that is PROCSRV_SIGCHLD
 * @notify: up to PROCSRV_NSIG
 */
struct procsrv_create_params {
	u64 parent;
	u64 pid;
	struct procsrv_image *image;
	kuid_t uid;
	kgid_t gid;
	struct procsrv_owner *owner;
	bool hosted;
	bool sibling;
	bool has_notify;
	u8 notify;
};

int procsrv_create(struct procsrv *ps, const struct procsrv_create_params *params,
		   u64 *pid);
int procsrv_exec(struct procsrv *ps, u64 pid, struct procsrv_image *image);
int procsrv_terminate(struct procsrv *ps, u64 pid, s32 exit_code,
		      u32 exit_signal);
s64 procsrv_reap(struct procsrv *ps);
void procsrv_owner_init(struct procsrv_owner *owner);
void procsrv_owner_exit(struct procsrv_owner *owner);
void procsrv_kill_tied(struct procsrv *ps, struct procsrv_owner *owner);
void procsrv_kill_all(struct procsrv *ps);
void procsrv_close(struct procsrv *ps);
void procsrv_empty(struct procsrv *ps);

/*
 * Reapers (core/reaper.c)
 */

int procsrv_set_reaper(struct procsrv *ps, u64 pid, bool on);
int procsrv_set_autoreap(struct procsrv *ps, u64 pid, bool on);

/*
 * Hosted processes (core/hosted.c)
 */

/**
 * struct procsrv_identity - the credentials of a hosted process
 * @ruid: real user id
 * @euid: effective user id
 * @suid: saved user id
 * @rgid: real group id
 * @egid: effective group id
 * @sgid: saved group id
 * @kills: may signal every process
 */
struct procsrv_identity {
	kuid_t ruid;
	kuid_t euid;
	kuid_t suid;
	kgid_t rgid;
	kgid_t egid;
	kgid_t sgid;
	bool kills;
};

int procsrv_report_body(struct procsrv *ps, u64 pid, enum procsrv_body what,
			int signo);
int procsrv_get_identity(struct procsrv *ps, u64 pid,
			 struct procsrv_identity *id);
int procsrv_set_identity(struct procsrv *ps, u64 pid,
			 const struct procsrv_identity *id);
bool procsrv_hosts_pending(struct procsrv_owner *owner);

/*
 * Waiters (core/waiter.c)
 */

/**
 * struct procsrv_waiter - a task or a request that waits at a process
 * @node: in @tree, while it waits
 * @tree: the &procsrv_process.waiters that it is in
 * @class: what can end its wait, and how: procsrv_waiter_class()
 * @signals: mask of the signals that can end it
 * @signals_below: the same of all in the subtree of @tree below @node
 * @seq: its place in the order of arrival
 * @wake: called when its wait is over, after the lock was dropped, with the
 *	mutex held: what it notifies begins a change before it frees the
 *	waiter; NULL if it is a task
 * @task: the task, if it is one
 * @nr_waiters: of the user, or the owner, that it is counted for
 * @next: in &procsrv_change.woken
 * @result: the value that waking it stores in @err
 * @err: -EINPROGRESS, until it is woken; read by the task without a lock
 */
struct procsrv_waiter {
	struct rb_node node;
	struct rb_root *tree;
	u64 class;
	u64 signals;
	u64 signals_below;
	u64 seq;
	void (*wake)(struct procsrv_waiter *waiter);
	struct task_struct *task;
	u32 *nr_waiters;
	struct procsrv_waiter *next;
	int result;
	int err;
};

ktime_t procsrv_deadline(u64 timeout);

/*
 * Waiting (core/wait.c)
 */

/**
 * struct procsrv_wait - what to wait for, and the result
 * @parent: pid on whose behalf
 * @which: in: &enum procsrv_wait_which
 * @what: in: mask of PROCSRV_WAIT_EXITED, _STOPPED and _CONTINUED
 * @flags: in: mask of PROCSRV_WAIT_NOHANG, _NOWAIT, _TIMEOUT, _WCLONE and _WALL
 * @id: in: pid or pgid, by @which; the group of the parent is filled in for 0
 * @timeout: in: nanoseconds, with PROCSRV_WAIT_TIMEOUT; out: what was left
 *	when a signal interrupted the call
 * @pid: out: the child, which all fields below are about
 * @why: out: the one of @what that happened
 * @uid: out: its user id
 * @exit_code: out: its exit code
 * @exit_signal: out: the signal that ended, stopped or continued it, or 0
 * @cpu_time: out: its cpu time, in microseconds
 * @children_cpu_time: out: that of the children it waited for
 */
struct procsrv_wait {
	u64 parent;
	u32 which;
	u32 what;
	u32 flags;
	u64 id;
	u64 timeout;
	u64 pid;
	u32 why;
	kuid_t uid;
	s32 exit_code;
	u32 exit_signal;
	u64 cpu_time;
	u64 children_cpu_time;
};

/**
 * struct procsrv_child_waiter - a waiter for children
 * @base: the waiter; the caller sets its @wake
 * @parent: on whose behalf; lives as long as it waits
 * @w: what it waits for, and the result
 * @began: when it began, if that is traced, or 0
 */
struct procsrv_child_waiter {
	struct procsrv_waiter base;
	struct procsrv_process *parent;
	struct procsrv_wait *w;
	u64 began;
};

int procsrv_wait(struct procsrv *ps, struct procsrv_wait *w);
int procsrv_wait_start(struct procsrv *ps, struct procsrv_child_waiter *waiter,
		       struct procsrv_wait *w);
int procsrv_wait_end(struct procsrv *ps, struct procsrv_child_waiter *waiter,
		     int err);

/*
 * Signals (core/signal.c)
 */

int procsrv_signal(struct procsrv *ps, u64 sender, enum procsrv_target target,
		   u64 id, int signo, u32 *count);
int procsrv_hang_up(struct procsrv *ps, u32 sid, u32 *count);

/*
 * Pending signals (core/take.c)
 */

/**
 * struct procsrv_take - which signal to take, and the result
 * @pid: in: the process; or 0 for any that @owner hosts
 * @owner: in: the host, if @pid is 0
 * @mask: in: signals that qualify, bit N - 1 for signal N
 * @flags: in: mask of PROCSRV_TAKE_NOHANG and _TIMEOUT
 * @timeout: in, out: as in &struct procsrv_wait
 * @signo: out: the signal
 * @sender: out: pid of the first sender, or 0
 * @count: out: how often it was sent
 * @target: out: the process
 * @origin: out: of a hosted process, a mask of PROCSRV_FROM_*; otherwise 0
 */
struct procsrv_take {
	u64 pid;
	struct procsrv_owner *owner;
	u64 mask;
	u32 flags;
	u64 timeout;
	int signo;
	u64 sender;
	u32 count;
	u64 target;
	u32 origin;
};

/**
 * struct procsrv_taker - a waiter for signals
 * @base: the waiter; the caller sets its @wake
 * @take: what it waits for, and the result
 */
struct procsrv_taker {
	struct procsrv_waiter base;
	struct procsrv_take *take;
};

int procsrv_take_signal(struct procsrv *ps, struct procsrv_take *take);
int procsrv_take_start(struct procsrv *ps, struct procsrv_taker *taker,
		       struct procsrv_take *take);
int procsrv_take_end(struct procsrv *ps, struct procsrv_taker *taker, int err);

/*
 * Sessions and process groups (core/session.c)
 */

int procsrv_create_session(struct procsrv *ps, u64 leader, u32 *sid,
			   u32 *pgid);
int procsrv_create_group(struct procsrv *ps, u64 caller, u64 leader, u32 sid,
			 u32 *pgid);
int procsrv_set_group(struct procsrv *ps, u64 caller, u64 pid, u32 pgid);
int procsrv_set_terminal(struct procsrv *ps, u32 sid,
			 struct procsrv_text *name);
int procsrv_set_foreground(struct procsrv *ps, u32 sid, u32 pgid);

/**
 * struct procsrv_session_info - information about a session
 * @leader: pid of the process that created it
 * @terminal: its terminal, or NULL; a reference that the caller drops
 * @nr_members: processes in it
 * @nr_groups: process groups in it
 * @foreground: the foreground group of its terminal, or 0
 */
struct procsrv_session_info {
	u64 leader;
	struct procsrv_text *terminal;
	u32 nr_members;
	u32 nr_groups;
	u32 foreground;
};

/**
 * struct procsrv_group_info - information about a process group
 * @leader: pid of the process that created it
 * @sid: its session, or 0
 * @nr_members: processes in it
 */
struct procsrv_group_info {
	u64 leader;
	u32 sid;
	u32 nr_members;
};

int procsrv_get_session(struct procsrv *ps, u32 sid,
			struct procsrv_session_info *info);
int procsrv_get_group(struct procsrv *ps, u32 pgid,
		      struct procsrv_group_info *info);
int procsrv_group_is_orphaned(struct procsrv *ps, u32 pgid);

/*
 * Information (core/info.c)
 */

/**
 * struct procsrv_details - a process with all its strings
 * @info: the process
 * @image: name, command line, environment; NULL if hidden from the caller
 * @cwd: working directory, or NULL for "/"
 * @terminal: its session's terminal, or NULL
 *
 * procsrv_get_info() takes the references, procsrv_put_info() drops them.
 */
struct procsrv_details {
	struct procsrv_info info;
	struct procsrv_image *image;
	struct procsrv_text *cwd;
	struct procsrv_text *terminal;
};

int procsrv_look(struct procsrv *ps, u64 pid, struct procsrv_info *info);
int procsrv_get_info(struct procsrv *ps, u64 pid, struct procsrv_details *d);
void procsrv_put_info(struct procsrv_details *d);
int procsrv_revoke(struct procsrv *ps, u64 pid, u64 capability);
void procsrv_get_stats(struct procsrv *ps, struct procsrv_stats *stats);

int procsrv_list(struct procsrv *ps, enum procsrv_list_scope scope, u32 id,
		 u64 cursor, struct procsrv_info *infos, u32 max, u64 *seq);
int procsrv_list_pids(struct procsrv *ps, enum procsrv_list_scope scope,
		      u32 id, u64 cursor, u64 *pids, u32 max, u64 *seq);

/*
 * Limits, and what they are compared with (core/limits.c)
 */

/**
 * struct procsrv_update - new values for a process
 * @mask: PROCSRV_UPDATE_*: which of the following count
 * @cpu_time: microseconds
 * @memory_usage: bytes
 * @thread_count: at least 1
 * @state: PROCSRV_RUNNING or PROCSRV_SLEEPING
 * @priority: &enum procsrv_priority
 * @cwd: working directory; procsrv_update() takes a reference of its own
 */
struct procsrv_update {
	u32 mask;
	u64 cpu_time;
	u64 memory_usage;
	u32 thread_count;
	u32 state;
	u32 priority;
	struct procsrv_text *cwd;
};

extern const struct procsrv_limits procsrv_default_limits;

int procsrv_get_limits(struct procsrv *ps, u64 pid,
		       struct procsrv_limits *limits);
int procsrv_set_limits(struct procsrv *ps, u64 pid,
		       const struct procsrv_limits *limits);
int procsrv_update(struct procsrv *ps, u64 pid,
		   const struct procsrv_update *update);

/*
 * Events (core/events.c)
 */

/**
 * struct procsrv_filter - which events a reader gets
 * @pid: those about this process, or 0 for all
 * @kinds: mask of PROCSRV_EVENT_BIT()
 * @subtree: those about the descendants of @pid as well
 */
struct procsrv_filter {
	u64 pid;
	u32 kinds;
	bool subtree;
};

struct procsrv_reader *procsrv_reader_new(struct procsrv *ps);
void procsrv_reader_free(struct procsrv_reader *reader);
int procsrv_subscribe(struct procsrv_reader *reader,
		      const struct procsrv_filter *filter, u32 capacity,
		      u64 *seq);
bool procsrv_reader_is_subscribed(const struct procsrv_reader *reader);
wait_queue_head_t *procsrv_reader_queue(struct procsrv_reader *reader);
void procsrv_reader_flush(struct procsrv_reader *reader);
bool procsrv_reader_has_events(struct procsrv_reader *reader);
u32 procsrv_reader_take(struct procsrv_reader *reader,
			struct procsrv_event *events, u32 max);

/*
 * Exits that are watched from outside (core/exit_watch.c)
 */

struct procsrv_exit_watch *procsrv_exit_watch_begin(struct procsrv *ps,
						    u64 pid);
void procsrv_exit_watch_end(struct procsrv_exit_watch *watch);
struct procsrv *
procsrv_exit_watch_server(const struct procsrv_exit_watch *watch);
wait_queue_head_t *procsrv_exit_watch_queue(struct procsrv_exit_watch *watch);
bool procsrv_exit_watch_is_over(struct procsrv_exit_watch *watch,
				struct procsrv_exit_record *record);

/*
 * Time (core/clock.c)
 */

/**
 * struct procsrv_counter - a counter that a clock may be based on
 * @cycles: reads it
 * @trusted: whether it keeps time, as far as is known; once false, always false
 */
struct procsrv_counter {
	u64 (*cycles)(void);
	bool (*trusted)(void);
};

extern const struct procsrv_counter procsrv_machine_counter;

/**
 * struct procsrv_clock - a clock that never goes backwards
 * @counter: what it is based on while that is trusted; constant
 * @frequency: its measured frequency in Hz, or 0 if it is not trusted or does
 *	not count; constant, even if the counter is not trusted any more later
 * @mult: microseconds per cycle, times 2^42; constant
 * @ahead: how far the counter was ahead of CLOCK_MONOTONIC when they were
 *	compared last, in microseconds; atomic
 * @offset: how far the clock is ahead of CLOCK_MONOTONIC once it is based on
 *	that; atomic, set once
 * @last: the latest time that was handed out; atomic
 */
struct procsrv_clock {
	const struct procsrv_counter *counter;
	u64 frequency;
	u64 mult;
	atomic64_t ahead;
	atomic64_t offset;
	atomic64_t last;
};

void procsrv_clock_init(struct procsrv_clock *clock,
			const struct procsrv_counter *counter);
u64 procsrv_clock_read(struct procsrv_clock *clock, u64 *cycles);
u64 procsrv_clock_frequency(const struct procsrv_clock *clock);

#endif /* PROCSRV_H */
