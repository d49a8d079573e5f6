/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The objects of a server, what protects each field, and the lock protocol
 *
 *	operations	create.c, lifecycle.c, hosted.c, wait.c, signal.c,
 *	  |		take.c, session.c, reaper.c, info.c, limits.c,
 *	  |		audit.c, exit_watch.c
 *	  |
 *	consequences	commit.c
 *	  |
 *	effects		exit.c, deliver.c, match.c
 *	  |
 *	tables		change.c, ../procsrv_tables.c, pids.c, family.c,
 *			users.c, waiter.c, pending.c, events.c, strings.c,
 *			clock.c, permission.c
 *
 * A file calls files of its own layer, or below. Two functions call upwards:
 * procsrv_unlink() gives the exit watch of a process its record, and the events
 * make the changes in which a reader subscribes or ends.
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
#ifndef PROCSRV_OBJECTS_H
#define PROCSRV_OBJECTS_H

#include <linux/bitmap.h>
#include <linux/list.h>
#include <linux/mutex.h>
#include <linux/rbtree.h>
#include <linux/refcount.h>
#include <linux/seqlock.h>
#include <linux/spinlock.h>
#include <linux/wait.h>
#include <linux/workqueue.h>

#include "procsrv.h"

enum {
	/*
	 * The work of one hold, and of its parts. The unit is about ten
	 * instructions, such as a step to a parent. A level is one of a tree
	 * of reports, all of which are brought up to date after a change.
	 */
	PROCSRV_WORK_PROCESS = 64,
	PROCSRV_WORK_READER = 8,
	PROCSRV_WORK_LEVEL = 8,
	PROCSRV_WORK_RECORD = 8,
	PROCSRV_HOLD = PROCSRV_BATCH * PROCSRV_WORK_PROCESS,

	/* Subscriptions: an event is put to all of them in one hold. */
	PROCSRV_READERS_MAX = 384,

	/*
	 * Consecutive pids in a leaf, and in each of its blocks: powers of two.
	 * One process alone may keep both.
	 */
	PROCSRV_LEAF_SIZE = 512,
	PROCSRV_BLOCK_SIZE = BITS_PER_LONG,
	PROCSRV_NR_BLOCKS = PROCSRV_LEAF_SIZE / PROCSRV_BLOCK_SIZE,
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
 * Most pids ascend, so a new process is appended.
 */
struct procsrv_members {
	struct rb_root tree;
	struct rb_node *last;
};

/**
 * struct procsrv_leader - the process that created a session or a group
 * @pid: its id
 * @birth: its &procsrv_process.birth: after it was reaped another process may
 *	have the pid
 */
struct procsrv_leader {
	u64 pid;
	u64 birth;
};

/**
 * struct procsrv_session - a session
 * @node: in &procsrv.sessions, by @sid
 * @rcu: keeps it for look-ups without the lock
 * @members: its processes, by pid, zombies included
 * @terminal: name of its terminal, or NULL
 * @leader: the process that created it; constant
 * @uid: user id of that; constant
 * @gid: group id of that; constant
 * @sid: its id; constant
 * @nr_members: processes in @members
 * @nr_groups: process groups in it
 * @foreground: the foreground group of its terminal, one in it; or 0
 * @next: in the release list of a change
 */
struct procsrv_session {
	struct rb_node node;
	struct rcu_head rcu;
	struct procsrv_members members;
	struct procsrv_text *terminal;
	struct procsrv_leader leader;
	kuid_t uid;
	kgid_t gid;
	u32 sid;
	u32 nr_members;
	u32 nr_groups;
	u32 foreground;
	struct procsrv_session *next;
};

/**
 * struct procsrv_group - a process group
 * @node: in &procsrv.groups, by @pgid
 * @rcu: keeps it for look-ups without the lock
 * @members: its processes, by pid, zombies included
 * @session: the session it is in, or NULL; constant
 * @leader: the process that created it; constant
 * @pgid: its id; constant
 * @nr_members: processes in @members
 * @nr_stopped: those of them that are STOPPED
 * @candidate: in &procsrv_change.orphan_candidates, or empty
 * @lost_terminal: the commit hangs it up, orphaned or not
 * @next: in the release list of a change
 */
struct procsrv_group {
	struct rb_node node;
	struct rcu_head rcu;
	struct procsrv_members members;
	struct procsrv_session *session;
	struct procsrv_leader leader;
	u32 pgid;
	u32 nr_members;
	u32 nr_stopped;
	struct list_head candidate;
	bool lost_terminal;
	struct procsrv_group *next;
};

/*
 * Modes of a process. The first four are those flags of &struct procsrv_info,
 * see PROCSRV_MODES_SHIFT.
 */
#define PROCSRV_MODE_HOSTED	BIT(0)	/* in a struct procsrv_hosted; constant */
#define PROCSRV_MODE_EXITING	BIT(1)	/* its body has begun to exit */
#define PROCSRV_MODE_AUTOREAP	BIT(2)	/* its children leave no zombies */
#define PROCSRV_MODE_CLONE	BIT(3)	/* its exit signal is not SIGCHLD */
#define PROCSRV_MODES_SHOWN	(BIT(4) - 1)
#define PROCSRV_MODE_HAS_CLONES	BIT(4)	/* has or had children with MODE_CLONE */
#define PROCSRV_MODE_CLONE_WAITS BIT(5)	/* was waited on behalf of for such */
#define PROCSRV_MODE_FOREGROUND	BIT(6)	/* its session has or had a foreground group */
#define PROCSRV_MODE_VANISHES	BIT(7)	/* a zombie that the commit reaps */

#define PROCSRV_MODES_SHIFT	5

static_assert(PROCSRV_MODE_HOSTED << PROCSRV_MODES_SHIFT == PROCSRV_INFO_HOSTED);
static_assert(PROCSRV_MODE_EXITING << PROCSRV_MODES_SHIFT == PROCSRV_INFO_EXITING);
static_assert(PROCSRV_MODE_AUTOREAP << PROCSRV_MODES_SHIFT == PROCSRV_INFO_AUTOREAP);
static_assert(PROCSRV_MODE_CLONE << PROCSRV_MODES_SHIFT == PROCSRV_INFO_CLONE);

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
 * @exit_signal: once it is a zombie; of one that is hosted and STOPPED, what
 *	stopped it
 * @state: &enum procsrv_state, but never WAITING, see procsrv_state_of()
 * @priority: &enum procsrv_priority
 * @report: an unread report to the parent, or PROCSRV_REPORT_NONE for none
 * @limits_passed: mask of PROCSRV_LIMIT_*: those that were passed
 * @execed: has called exec
 * @reaper: orphans below it are reparented to it
 * @was_reaper: it is or was a reaper, so that all below it have @below_reaper
 * @below_reaper: one of its ancestors may be a reaper
 * @life_below: whether any process in the part of the parent's @children from
 *	@child_node on down is not a zombie
 * @modes: mask of PROCSRV_MODE_*
 * @nr_hangups: pending SIGHUPs, if the first of them came from outside the
 *	server: they have no record, so that a hang-up cannot fail
 * @link: in the &procsrv_owner.tied of its owner while it lives; then, as an
 *	orphan, in &procsrv.orphans; or empty
 * @depth: how many ancestors it has at most
 * @nr_groups_led: process groups that it leads, whether it is in them or has
 *	left
 * @child_node: in the @children of @parent, by procsrv_child_key() and then pid
 * @report_node: in the @reporters of @parent, likewise, if there is a @report
 * @children: its children, by procsrv_child_key() and then pid
 * @last_child: one of them that is the last of its key, after which the next one is
 *	likely to be inserted; or NULL
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
 * @birth: its number in the order of creation; 0 for init; constant
 * @user: the user with its @uid; NULL for init
 * @limits: resource limits: its own, or &procsrv_default_limits
 * @signals: the pending signals
 *
 * What a look-up shows comes first: it is in few cache lines. From @child_node on
 * nothing is cleared when a process is made: it is set before it is used.
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
	bool life_below;
	u8 modes;
	u32 nr_hangups;
	struct list_head link;
	u32 depth;
	u32 nr_groups_led;

	struct rb_root children;
	struct rb_node *last_child;
	struct rb_root reporters;
	struct rb_root waiters;
	struct hlist_head watchers;
	struct procsrv_exit_watch *exit_watch;
	struct procsrv_user *user;
	const struct procsrv_limits *limits;
	struct procsrv_pending *signals;

	struct rb_node child_node;
	struct rb_node report_node;
	struct procsrv_lowest lowest;
	struct rb_node group_node;
	struct rb_node session_node;
	struct rb_node offer_node;
	u64 birth;
	struct procsrv_process *next;
};

/**
 * struct procsrv_hosted - a hosted process
 * @process: the process
 * @host: its host, the owner that it is tied to; constant
 * @pending_node: in the &procsrv_owner.pending of that while a signal is pending and
 *	it is not a zombie; or empty
 * @from_outside: mask of the signals that are pending, and were sent from outside the
 *	server
 * @from_server: likewise, and were sent by the server
 * @id: its credentials
 *
 * Signals that no process has sent have no record: memory cannot be allocated for
 * all of them.
 */
struct procsrv_hosted {
	struct procsrv_process process;
	struct procsrv_owner *host;
	struct list_head pending_node;
	u64 from_outside;
	u64 from_server;
	struct procsrv_identity id;
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

struct procsrv_exit_watch;
struct procsrv_waiter;

/**
 * struct procsrv_caller - the task that requests an operation, and its capabilities
 * @ps: the server
 * @cred: the credentials of the task; no reference
 * @asked: mask of the capabilities that were checked
 * @granted: those of them that it has
 *
 * The check of a capability costs more than the rest of a decision, and has
 * the same result for all processes.
 */
struct procsrv_caller {
	const struct procsrv *ps;
	const struct cred *cred;
	u64 asked;
	u64 granted;
};

/**
 * struct procsrv_change - a change of a server, from its begin to its commit
 * @caller: the task that makes it
 * @batcher: the task whose batch @caller is kept for, see procsrv_batch_begin(),
 *	or NULL; compared only
 * @has_queued: something may be queued in what follows
 * @work: what is left of PROCSRV_HOLD in this hold of the lock
 * @hold_began: when this hold began, in cycles, if that is traced, or 0
 * @offers: processes with a report to be offered, and those at which waits may
 *	have become unsatisfiable, by pid
 * @has_lost_waits: there are such waits
 * @bereaved: a process, a child of which has left a group; or NULL
 * @bereaved_of: that group, or 0
 * @orphan_candidates: process groups that may have become orphaned, or have lost
 *	their terminal
 * @woken: waiters whose wait is over, to be woken when the lock is dropped, in
 *	this order
 * @last_woken: where to link the next
 * @polls: &struct procsrv_poll to be woken when the lock is dropped
 * @release: objects to be freed after the commit
 * @nr_events: events in @events
 * @events: events of the present edit; empty outside one
 * @edited: what has an odd sequence count; maintained with lockdep only
 *
 * There is one for each server, as there is one change at a time. All of it but
 * the caller is empty outside a change.
 */
struct procsrv_change {
	struct procsrv_caller caller;
	struct task_struct *batcher;
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
	const void *edited;
#endif
};

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

/**
 * enum procsrv_waiter_kind - what a waiter waits for
 * @PROCSRV_WAITER_CHILDREN: a report of any child, or of one in a group, that has not
 *	PROCSRV_MODE_CLONE
 * @PROCSRV_WAITER_CLONES: likewise, of one that has it
 * @PROCSRV_WAITER_BOTH: likewise, whether or not it has it
 * @PROCSRV_WAITER_PROCESS: a report of the process itself
 * @PROCSRV_WAITER_SIGNAL: a signal to it
 */
enum procsrv_waiter_kind {
	PROCSRV_WAITER_CHILDREN,
	PROCSRV_WAITER_CLONES,
	PROCSRV_WAITER_BOTH,
	PROCSRV_WAITER_PROCESS,
	PROCSRV_WAITER_SIGNAL,
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
 * @nr_readers: how many they are
 * @nr_watchers: how many of them follow a subtree
 * @refs: references; atomic
 * @rcu: keeps @lock for look-ups that may take it, see &procsrv_process.seq
 * @id: identifies it in traces; constant
 * @bounds: the bounds; constant once it is in use
 * @closed: no process is created in it any more: procsrv_close(); also read without
 *	the lock
 * @ended: only init is left in it for good: procsrv_empty(); likewise
 * @release: called with @release_data when it is freed, or NULL; constant once
 *	it is in use
 * @release_data: likewise
 * @user_ns: the user namespace that it belongs to; a reference, constant once
 *	it is in use
 * @init: pid 1; constant
 * @clock: where the time comes from; constant
 * @next_pid: the next process id, above all that ever were; U64_MAX when they are
 *	used up
 * @last_pid: the highest id that a process may get; constant once it is in use, but 0
 *	when it is closed
 * @posix_ids: the id of a session or a group is the pid of the process that created
 *	it; constant once it is in use
 * @has_given_pids: some process was created with a pid of the caller's choice: a
 *	younger process may have a lower one
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
	u32 nr_readers;
	u32 nr_watchers;
	refcount_t refs;
	struct rcu_head rcu;
	u32 id;
	struct procsrv_bounds bounds;
	bool closed;
	bool ended;
	void (*release)(void *data);
	void *release_data;
	struct user_namespace *user_ns;
	struct procsrv_process *init;
	struct procsrv_clock *clock;
	u64 next_pid;
	u64 last_pid;
	bool posix_ids;
	bool has_given_pids;
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

#endif /* PROCSRV_OBJECTS_H */
