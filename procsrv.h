/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * procsrv - a process server: the model
 *
 * A server (struct procsrv) is a complete model of processes, after the
 * process server of the microkernel VeridianOS. Everything in this file works
 * on any server; the one behind /dev/procsrv is only the first.
 *
 *	front ends	procsrv_main.c, dev/client.c, dev/ioctl.c,
 *	  |		dev/async.c, dev/batch.c, dev/uring.c,
 *	  |		dev/handle.c, procsrv_sysfs.c, debug/debug.c
 *	  |
 *	operations	core/create.c, core/lifecycle.c, core/wait.c,
 *	  |		core/signal.c, core/take.c, core/session.c,
 *	  |		core/reaper.c, core/info.c, core/limits.c,
 *	  |		core/audit.c, core/exit_watch.c
 *	  |
 *	consequences	core/commit.c
 *	  |
 *	effects		core/exit.c, core/deliver.c, core/match.c
 *	  |
 *	tables		core/change.c, procsrv_tables.c, core/pids.c,
 *			core/family.c, core/users.c, core/waiter.c,
 *			core/pending.c, core/events.c, core/strings.c,
 *			core/clock.c, core/permission.c
 *
 * A file calls files of its own layer, or below. Two functions call upwards:
 * procsrv_unlink() gives the exit watch of a process its record, and the events
 * make the changes in which a reader subscribes or ends. The front ends know
 * nothing of trees, and all below them know nothing of user memory.
 *
 * Changes
 * -------
 * A change (struct procsrv_change) is the only way to modify a server.
 * procsrv_change_begin() takes procsrv.mutex and then procsrv.lock for writing;
 * procsrv_change_commit() drops both. Every function that modifies something
 * takes the change as its argument.
 *
 * An operation modifies state and queues consequences in the change: reports
 * to be offered to waiters, waits that may have become unsatisfiable, process
 * groups that may have become orphaned, waiters and readers to be woken,
 * objects to be freed. The commit carries them out. What leaves the tables is
 * freed after that, so an operation may follow any pointer until then.
 *
 * Locking
 * -------
 * procsrv.mutex serialises changes. It is the outermost lock of a server, its
 * holder may sleep, and an operation that waits for it can be killed. Code that
 * walks the children or the reporters of a process needs it: a change that
 * pauses may have moved only some of them.
 *
 * procsrv.lock, a rwlock, protects every tree, list and counter and
 * every field of every process, session and group of its server, except
 * those that are marked otherwise below. Readers take it shared. A change drops
 * it for a moment after PROCSRV_HOLD units of work: no hold touches more than
 * PROCSRV_BATCH processes and one path to the root, however large the change
 * is. For other changes a change is atomic. Readers may see it half done, see
 * procsrv_change_step().
 *
 * The lock of a reader's ring nests inside. None is taken in interrupts. Under
 * procsrv.lock there is no allocation, no sleep, no wake-up and no access to
 * user memory. Strings are immutable and reference counted.
 *
 * A process lives as long as it is in the table. Sessions and groups live as
 * long as they have members. All three stay in memory until the change that
 * removes them has ended.
 *
 * Look-ups without a lock
 * -----------------------
 * A look-up of one process (procsrv_look(), procsrv_get_info()) takes no lock:
 * it is not delayed by changes of other processes, and writes no shared cache
 * line. It runs under RCU: sessions, groups and the leaves of the table are
 * freed after a grace period. Processes and strings are not: the memory of a
 * process stays that of a process, but may be reused for another one. The
 * sequence count procsrv_process.seq is odd while the process changes and is
 * never reset, also when the memory is reused. A look-up that finds a process
 * in its slot of the table, and the same even count before and after its copy,
 * has copied that process at one moment. procsrv.seq does the same for what
 * many processes show and for the shape of the table. While a count is odd
 * there are only stores; the delivery of events and wake-ups come later.
 *
 * Waiting
 * -------
 * A waiter, a task or a request, is in a tree of the process that can end its
 * wait. A change hands it what it waits for, a report at its commit: the wait
 * is over before the task runs again, and for one waiter only. There are no
 * spurious wake-ups, and a waiter never sleeps if its condition already holds.
 */
#ifndef PROCSRV_H
#define PROCSRV_H

#include <linux/bitmap.h>
#include <linux/ktime.h>
#include <linux/list.h>
#include <linux/mutex.h>
#include <linux/rbtree.h>
#include <linux/refcount.h>
#include <linux/seqlock.h>
#include <linux/spinlock.h>
#include <linux/types.h>
#include <linux/uidgid.h>
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
	/* Processes that one hold of the lock touches at most. */
	PROCSRV_BATCH = 64,

	/*
	 * The work of one hold, and of its parts. The unit is about ten
	 * instructions, such as a step to a parent. A level is one of a tree
	 * of reports, all of which are brought up to date after a change.
	 */
	PROCSRV_WORK_PROCESS = 64,
	PROCSRV_WORK_READER = 8,
	PROCSRV_WORK_LEVEL = 8,
	PROCSRV_HOLD = PROCSRV_BATCH * PROCSRV_WORK_PROCESS,

	/*
	 * Consecutive pids in a leaf, and in each of its blocks: powers of two.
	 * One process alone may keep both.
	 */
	PROCSRV_LEAF_SIZE = 512,
	PROCSRV_BLOCK_SIZE = BITS_PER_LONG,
	PROCSRV_NR_BLOCKS = PROCSRV_LEAF_SIZE / PROCSRV_BLOCK_SIZE,

	/* The signals that mean something to the server itself. */
	PROCSRV_SIGHUP = 1,
	PROCSRV_SIGKILL = 9,
	PROCSRV_SIGTERM = 15,
	PROCSRV_SIGCONT = 18,
	PROCSRV_SIGSTOP = 19,
	PROCSRV_NSIG = 64,
};

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

/**
 * enum procsrv_report - what a parent can find when it looks at a child
 * @PROCSRV_REPORT_EXITED: a zombie
 * @PROCSRV_REPORT_STOPPED: has stopped, and no wait has consumed that
 * @PROCSRV_REPORT_CONTINUED: was continued, and no wait has consumed that
 * @PROCSRV_REPORT_NONE: nothing; the last
 *
 * The first three have the bit numbers of PROCSRV_WAIT_EXITED and so on.
 */
enum procsrv_report {
	PROCSRV_REPORT_EXITED,
	PROCSRV_REPORT_STOPPED,
	PROCSRV_REPORT_CONTINUED,
	PROCSRV_REPORT_NONE,
};

/**
 * struct procsrv_lowest - the lowest pid with each report, in a subtree
 * @pid: by &enum procsrv_report; U64_MAX where there is none
 */
struct procsrv_lowest {
	u64 pid[PROCSRV_REPORT_NONE];
};

/**
 * struct procsrv_user - a user id, and the usage of its processes
 * @node: in &procsrv.users, by @uid
 * @uid: the user id; constant
 * @nr_processes: processes in the table that have it
 * @nr_waiters: waiters on behalf of these
 * @strings: bytes of their names, lists and working directories
 * @next: in the release list of a change
 */
struct procsrv_user {
	struct rb_node node;
	kuid_t uid;
	u32 nr_processes;
	u32 nr_waiters;
	u64 strings;
	struct procsrv_user *next;
};

/**
 * struct procsrv_pending - a pending signal
 * @next: the next of the same process, in no order
 * @sender: pid of the first sender since it was last taken, or 0
 * @count: how often it was sent since then
 * @signo: its number
 */
struct procsrv_pending {
	struct procsrv_pending *next;
	u64 sender;
	u32 count;
	u8 signo;
};

/**
 * struct procsrv_members - processes by pid
 * @tree: the processes
 * @last: the one with the highest pid, or NULL
 *
 * Pids ascend, so a new process is appended.
 */
struct procsrv_members {
	struct rb_root tree;
	struct rb_node *last;
};

/**
 * struct procsrv_session - a session
 * @node: in &procsrv.sessions, by @sid
 * @rcu: keeps it for look-ups without the lock
 * @members: its processes, by pid, zombies included
 * @terminal: name of its terminal, or NULL
 * @leader: pid of the process that created it; constant
 * @uid: user id of that; constant
 * @gid: group id of that; constant
 * @sid: its id; constant
 * @nr_members: processes in @members
 * @nr_groups: process groups in it
 * @next: in the release list of a change
 */
struct procsrv_session {
	struct rb_node node;
	struct rcu_head rcu;
	struct procsrv_members members;
	struct procsrv_text *terminal;
	u64 leader;
	kuid_t uid;
	kgid_t gid;
	u32 sid;
	u32 nr_members;
	u32 nr_groups;
	struct procsrv_session *next;
};

/**
 * struct procsrv_group - a process group
 * @node: in &procsrv.groups, by @pgid
 * @rcu: keeps it for look-ups without the lock
 * @members: its processes, by pid, zombies included
 * @session: the session it is in, or NULL; constant
 * @leader: pid of the process that created it; constant
 * @pgid: its id; constant
 * @nr_members: processes in @members
 * @nr_stopped: those of them that are STOPPED
 * @candidate: in &procsrv_change.orphan_candidates, or empty
 * @next: in the release list of a change
 */
struct procsrv_group {
	struct rb_node node;
	struct rcu_head rcu;
	struct procsrv_members members;
	struct procsrv_session *session;
	u64 leader;
	u32 pgid;
	u32 nr_members;
	u32 nr_stopped;
	struct list_head candidate;
	struct procsrv_group *next;
};

/**
 * struct procsrv_process - a process
 * @seq: odd while something changes that a look-up shows; never reset, see
 *	below
 * @pid: its id; constant
 * @parent: its parent; NULL for init and for the dead
 * @group: its process group, which has its session, or NULL
 * @image: name, command line and environment
 * @cwd: working directory, or NULL for "/"
 * @uid: user id; constant
 * @gid: group id; constant
 * @start_time: microseconds; constant
 * @start_cycles: the same moment as the raw cycle counter; constant
 * @cpu_time: microseconds
 * @children_cpu_time: of the children waited for, and of theirs, microseconds
 * @memory_usage: bytes
 * @pending: mask of the pending signals
 * @revocations: notices of revoked capabilities, less &procsrv.revocations:
 *	those sent to all count from its creation on
 * @nr_waiters: waits on its behalf for its children
 * @thread_count: threads
 * @exit_code: once it is a zombie
 * @nr_limits_passed: how often an update has passed one
 * @exit_signal: once it is a zombie
 * @state: &enum procsrv_state, but never WAITING, see procsrv_state_of()
 * @priority: &enum procsrv_priority
 * @report: an unread report to the parent, or PROCSRV_REPORT_NONE for none
 * @limits_passed: mask of PROCSRV_LIMIT_*: those that were passed
 * @execed: has called exec
 * @reaper: orphans below it are reparented to it
 * @was_reaper: it is or was a reaper, so that all below it have @below_reaper
 * @below_reaper: one of its ancestors may be a reaper
 * @link: in the &procsrv_owner.tied of its owner while it lives; then, as an
 *	orphan, in &procsrv.orphans; or empty
 * @depth: how many ancestors it has at most
 * @nr_groups_led: process groups that it leads, whether it is in them or has
 *	left
 * @life_below: whether any process in the part of the parent's @children from
 *	@child_node on down is not a zombie
 * @child_node: in the @children of @parent, by process group and then pid
 * @report_node: in the @reporters of @parent, likewise, if there is a @report
 * @children: its children, by process group and then pid
 * @last_child: one of them that is the last of its process group, after which
 *	the next one is likely to be inserted; or NULL
 * @reporters: those of them that have a @report
 * @lowest: of the part of the parent's @reporters from @report_node on down
 * @group_node: in the members of @group
 * @session_node: in the members of its session
 * @waiters: &struct procsrv_waiter: waits for its children, for itself and for
 *	its signals, by class and then in the order of arrival
 * @watchers: readers that follow its subtree
 * @exit_watch: notifies its handles, or NULL
 * @next: in the targets of a signal, or in the release list of a change
 * @offer_node: in &procsrv_change.offers, or clear
 * @user: the user with its @uid; NULL for init
 * @limits: resource limits: its own, or &procsrv_default_limits
 * @signals: the pending signals
 * @hangup: the record of SIGHUP, preallocated, so delivery cannot fail
 *
 * What a look-up shows comes first: it is in few cache lines.
 *
 * The memory of a process may become a process of another server while a
 * look-up without the lock still reads it. So @seq is initialized by the
 * constructor of the cache only: if it started again at 0, a look-up could find
 * the number with which it began, of another process. With PREEMPT_RT @seq
 * has a pointer to &procsrv.lock, and a reader that finds an odd count takes
 * and releases that lock, to lend its priority to the writer. That is safe:
 *
 * - procsrv_set_seq_lock() stores the pointer before the first change of the
 *   process, and the slot of the table is set in that change. So a look-up that
 *   finds the process in a slot reads the pointer of that server, or of a later
 *   owner of the memory, but none older.
 * - The server that is looked at is kept by the caller's reference. A later
 *   owner got the memory after the process was removed from its slot, so after
 *   the read section of the look-up began; and a server is freed after a grace
 *   period (&procsrv.rcu). So every lock that a look-up can find exists until
 *   the read section ends.
 * - The pointer may be that of the owner before while the count is already odd
 *   for the next: the two stores are not ordered. Then the reader has taken a
 *   lock for nothing, reads the count again, and repeats that until it sees the
 *   new pointer. A writer that was preempted has executed a full barrier, so
 *   for that one there is no second time.
 * - A look-up holds no lock of any server, so it may wait for one of another.
 *
 * With LOCKDEP alone only writers read the pointer, under the lock.
 */
struct procsrv_process {
	seqcount_rwlock_t seq;
	u64 pid;
	struct procsrv_process *parent;
	struct procsrv_group *group;
	struct procsrv_image *image;
	struct procsrv_text *cwd;
	kuid_t uid;
	kgid_t gid;
	u64 start_time;
	u64 start_cycles;
	u64 cpu_time;
	u64 children_cpu_time;
	u64 memory_usage;
	u64 pending;
	u64 revocations;
	u32 nr_waiters;
	u32 thread_count;
	s32 exit_code;
	u32 nr_limits_passed;
	u8 exit_signal;
	u8 state;
	u8 priority;
	u8 report;
	u8 limits_passed;
	bool execed;
	bool reaper;
	bool was_reaper;
	bool below_reaper;
	struct list_head link;
	u32 depth;
	u32 nr_groups_led;

	bool life_below;
	struct rb_node child_node;
	struct rb_node report_node;
	struct rb_root children;
	struct rb_node *last_child;
	struct rb_root reporters;
	struct procsrv_lowest lowest;
	struct rb_node group_node;
	struct rb_node session_node;
	struct rb_root waiters;
	struct hlist_head watchers;
	struct procsrv_exit_watch *exit_watch;
	struct procsrv_process *next;
	struct rb_node offer_node;
	struct procsrv_user *user;
	const struct procsrv_limits *limits;
	struct procsrv_pending *signals;
	struct procsrv_pending hangup;
};

/**
 * struct procsrv_block - slots for the processes of some consecutive pids
 * @rcu: keeps it for searches without the lock
 * @slots: the processes by pid, or NULL
 */
struct procsrv_block {
	struct rcu_head rcu;
	struct procsrv_process *slots[PROCSRV_BLOCK_SIZE];
};

/**
 * struct procsrv_leaf - the processes of some consecutive pids
 * @node: in &procsrv.leaves, by @base
 * @base: the first of the pids, a multiple of PROCSRV_LEAF_SIZE; constant
 * @used: which slots have a process: a word for each of @blocks
 * @rcu: keeps it for searches without the lock
 * @blocks: the slots, or NULL where none of a block is used
 */
struct procsrv_leaf {
	struct rb_node node;
	u64 base;
	DECLARE_BITMAP(used, PROCSRV_LEAF_SIZE);
	struct rcu_head rcu;
	struct procsrv_block *blocks[PROCSRV_NR_BLOCKS];
};

/* The process in a slot of a leaf, under the lock. */
static inline struct procsrv_process *
procsrv_leaf_at(const struct procsrv_leaf *leaf, u32 index)
{
	const struct procsrv_block *block =
		leaf->blocks[index / PROCSRV_BLOCK_SIZE];

	return block ? block->slots[index % PROCSRV_BLOCK_SIZE] : NULL;
}

struct procsrv_clock;

enum {
	/* Events of one edit: a state, an update and three limits. */
	PROCSRV_MAX_QUEUED_EVENTS = 5,
};

/**
 * struct procsrv_queued_event - an event that is delivered after an edit
 * @process: the process that it is about, or NULL
 * @parent: the parent of that at the time of the event, or NULL
 * @event: the event, complete but for its time
 */
struct procsrv_queued_event {
	const struct procsrv_process *process;
	const struct procsrv_process *parent;
	struct procsrv_event event;
};

/**
 * struct procsrv_release - objects that left the tables, to be freed
 * @processes: processes, by their @next, as all that follow
 * @groups: process groups
 * @sessions: sessions
 * @users: users
 * @pending: records of signals that were taken
 */
struct procsrv_release {
	struct procsrv_process *processes;
	struct procsrv_group *groups;
	struct procsrv_session *sessions;
	struct procsrv_user *users;
	struct procsrv_pending *pending;
};

/**
 * struct procsrv_poll - a wait queue that changes wake
 * @queue: tasks and files that poll
 * @work: wakes them; the time is proportional to the entries in the queue
 * @node: in &procsrv_change.polls, or empty
 */
struct procsrv_poll {
	wait_queue_head_t queue;
	struct work_struct work;
	struct list_head node;
};

struct procsrv_exit_watch;
struct procsrv_waiter;

/**
 * struct procsrv_change - a change of a server, from its begin to its commit
 * @has_queued: something may be queued in what follows
 * @work: what is left of PROCSRV_HOLD in this hold of the lock
 * @hold_began: when this hold began, in cycles, if that is traced, or 0
 * @offers: processes with a report to be offered, and those at which waits may
 *	have become unsatisfiable, by pid
 * @has_lost_waits: there are such waits
 * @bereaved: a process, a child of which has left a group; or NULL
 * @bereaved_of: that group, or 0
 * @orphan_candidates: process groups that may have become orphaned
 * @woken: waiters whose wait is over, to be woken when the lock is dropped, in
 *	this order
 * @last_woken: where to link the next
 * @polls: &struct procsrv_poll to be woken when the lock is dropped
 * @release: objects to be freed after the commit
 * @nr_events: events in @events
 * @events: events of the present edit; empty outside one
 * @nr_edits: sequence counts that are odd; maintained with lockdep only
 *
 * There is one for each server, as there is one change at a time. All of it is
 * empty outside a change.
 */
struct procsrv_change {
	bool has_queued;
	int work;
	u64 hold_began;
	struct rb_root offers;
	bool has_lost_waits;
	struct procsrv_process *bereaved;
	u32 bereaved_of;
	struct list_head orphan_candidates;
	struct procsrv_waiter *woken;
	struct procsrv_waiter **last_woken;
	struct list_head polls;
	struct procsrv_release release;
	u32 nr_events;
	struct procsrv_queued_event events[PROCSRV_MAX_QUEUED_EVENTS];
#ifdef CONFIG_LOCKDEP
	u32 nr_edits;
#endif
};

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

/**
 * struct procsrv - a server
 * @mutex: serialises changes, see the top of this file
 * @lock: protects all that follows, see there
 * @change: the present change
 * @seq: odd while something changes that look-ups of many processes show
 * @leaves: &struct procsrv_leaf: every process, by pid
 * @last_leaf: the one that was used last
 * @sessions: every session, by sid
 * @groups: every process group, by pgid
 * @users: every user id that some process has
 * @idle_user: the one in @users that has no process any more, kept for the next
 *	process; or NULL
 * @of_init: init's usage, charged to no user; not in @users
 * @orphans: zombies whose parent exited before it waited for them
 * @readers: &struct procsrv_reader: readers of events
 * @nr_watchers: how many of them follow a subtree
 * @refs: references; atomic
 * @rcu: keeps @lock for look-ups that may take it, see &procsrv_process.seq
 * @id: identifies it in traces; constant
 * @bounds: the bounds; constant once it is in use
 * @account: the account that a private server is charged to until it is freed;
 *	NULL for others; constant once it is in use
 * @user_ns: the user namespace that it belongs to; a reference, constant once
 *	it is in use
 * @init: pid 1; constant
 * @clock: where the time comes from; constant
 * @next_pid: the next process id; U64_MAX when they are used up
 * @next_sid: the next session id, unless it is in use; 0 stands for 1
 * @next_pgid: the next process group id, likewise
 * @events: events so far, which is the number of the latest; read without the
 *	lock
 * @sleeps: waiters so far
 * @revocations: notices of revoked capabilities sent to every process
 * @nr_states: processes by the state that they show
 * @nr_sessions: sessions
 * @nr_groups: process groups
 * @nr_orphans: processes in @orphans
 * @total_created: processes created, init not counted
 * @total_exited: processes that have exited
 */
struct procsrv {
	struct mutex mutex;	/* see above */
	rwlock_t lock;
	struct procsrv_change change;
	seqcount_rwlock_t seq;
	struct rb_root leaves;
	struct procsrv_leaf *last_leaf;
	struct rb_root sessions;
	struct rb_root groups;
	struct rb_root users;
	struct procsrv_user *idle_user;
	struct procsrv_user of_init;
	struct list_head orphans;
	struct list_head readers;
	u32 nr_watchers;
	refcount_t refs;
	struct rcu_head rcu;
	u32 id;
	struct procsrv_bounds bounds;
	struct procsrv_account *account;
	struct user_namespace *user_ns;
	struct procsrv_process *init;
	struct procsrv_clock *clock;
	u64 next_pid;
	u32 next_sid;
	u32 next_pgid;
	atomic64_t events;
	u64 sleeps;
	u64 revocations;
	u64 nr_states[PROCSRV_DEAD];
	u64 nr_sessions;
	u64 nr_groups;
	u64 nr_orphans;
	u64 total_created;
	u64 total_exited;
};

/*
 * Servers (procsrv_tables.c)
 */

extern const struct procsrv_bounds procsrv_no_bounds;

int procsrv_tables_init(void);
void procsrv_tables_exit(void);
struct procsrv *procsrv_new(struct procsrv_clock *clock);
void procsrv_get(struct procsrv *ps);
void procsrv_put(struct procsrv *ps);
void procsrv_set_bounds(struct procsrv *ps, const struct procsrv_bounds *b);
void procsrv_set_owner(struct procsrv *ps);

/*
 * Strings (core/strings.c)
 */

struct procsrv_image *procsrv_image_new(const char *name, size_t name_len,
					size_t argv_len, size_t envp_len);
struct procsrv_image *procsrv_image_get(struct procsrv_image *image);
bool procsrv_image_try_get(struct procsrv_image *image);
void procsrv_image_put(struct procsrv_image *image);
struct procsrv_text *procsrv_text_new(const char *data, size_t len);
struct procsrv_text *procsrv_text_get(struct procsrv_text *text);
bool procsrv_text_try_get(struct procsrv_text *text);
void procsrv_text_put(struct procsrv_text *text);

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
 * Permissions (core/permission.c). All others are checked by the operations,
 * for the calling task.
 */

bool procsrv_may_create_as(kuid_t uid, kgid_t gid);

/*
 * Lifecycle (core/create.c, core/lifecycle.c)
 */

/**
 * struct procsrv_owner - an object that processes can be tied to
 * @tied: the processes; protected by the server's lock
 */
struct procsrv_owner {
	struct list_head tied;
};

/**
 * struct procsrv_create_params - create parameters
 * @parent: pid of its parent
 * @image: name, command line and environment; procsrv_create() takes a
 *	reference of its own
 * @uid: user id
 * @gid: group id
 * @owner: the owner that it is tied to, or NULL
 */
struct procsrv_create_params {
	u64 parent;
	struct procsrv_image *image;
	kuid_t uid;
	kgid_t gid;
	struct procsrv_owner *owner;
};

int procsrv_create(struct procsrv *ps, const struct procsrv_create_params *params,
		   u64 *pid);
int procsrv_exec(struct procsrv *ps, u64 pid, struct procsrv_image *image);
int procsrv_terminate(struct procsrv *ps, u64 pid, s32 exit_code,
		      u32 exit_signal);
s64 procsrv_reap(struct procsrv *ps);
void procsrv_owner_init(struct procsrv_owner *owner);
void procsrv_kill_tied(struct procsrv *ps, struct procsrv_owner *owner);
void procsrv_kill_all(struct procsrv *ps);
void procsrv_empty(struct procsrv *ps);

/*
 * Reapers (core/reaper.c)
 */

int procsrv_set_reaper(struct procsrv *ps, u64 pid, bool on);

/*
 * Waiters (core/waiter.c)
 */

/**
 * enum procsrv_waiter_kind - what a waiter waits for
 * @PROCSRV_WAITER_CHILDREN: a report of any child, or of one in a group
 * @PROCSRV_WAITER_PROCESS: a report of the process itself
 * @PROCSRV_WAITER_SIGNAL: a signal to it
 */
enum procsrv_waiter_kind {
	PROCSRV_WAITER_CHILDREN,
	PROCSRV_WAITER_PROCESS,
	PROCSRV_WAITER_SIGNAL,
};

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
 * @user: the user that it is counted for
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
	struct procsrv_user *user;
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
 * @flags: in: mask of PROCSRV_WAIT_NOHANG, _NOWAIT and _TIMEOUT
 * @id: in: pid or pgid, by @which
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
 * @pid: in: the process
 * @mask: in: signals that qualify, bit N - 1 for signal N
 * @flags: in: mask of PROCSRV_TAKE_NOHANG and _TIMEOUT
 * @timeout: in, out: as in &struct procsrv_wait
 * @signo: out: the signal
 * @sender: out: pid of the first sender, or 0
 * @count: out: how often it was sent
 */
struct procsrv_take {
	u64 pid;
	u64 mask;
	u32 flags;
	u64 timeout;
	int signo;
	u64 sender;
	u32 count;
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

/**
 * struct procsrv_session_info - information about a session
 * @leader: pid of the process that created it
 * @terminal: its terminal, or NULL; a reference that the caller drops
 * @nr_members: processes in it
 * @nr_groups: process groups in it
 */
struct procsrv_session_info {
	u64 leader;
	struct procsrv_text *terminal;
	u32 nr_members;
	u32 nr_groups;
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

struct procsrv_reader;

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

/**
 * struct procsrv_exit_watch - watches for the exit of a process
 * @ps: the server; constant
 * @process: the process, or NULL once it was reaped
 * @record: its exit record, without the uid, once it was reaped
 * @uid: its user id; constant
 * @users: handles of the process
 * @poll: woken when it exits
 *
 * It does not pin the process: handles do not extend the life of a process
 * that was created by, and is charged to, another user.
 */
struct procsrv_exit_watch {
	struct procsrv *ps;
	struct procsrv_process *process;
	struct procsrv_exit_record record;
	kuid_t uid;
	u32 users;
	struct procsrv_poll poll;
};

struct procsrv_exit_watch *procsrv_exit_watch_begin(struct procsrv *ps,
						    u64 pid);
void procsrv_exit_watch_end(struct procsrv_exit_watch *watch);
bool procsrv_exit_watch_is_over(struct procsrv_exit_watch *watch,
				struct procsrv_exit_record *record);

/*
 * Handles (dev/handle.c)
 */

struct file;

struct file *procsrv_open_process(struct procsrv *ps, u64 pid, int flags);

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

/*
 * Front ends
 */

int procsrv_sysfs_init(struct procsrv *ps);
void procsrv_sysfs_exit(void);

#endif /* PROCSRV_H */
