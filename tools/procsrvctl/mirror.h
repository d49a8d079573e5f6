/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The processes of a Linux machine, on their way into the server.
 *
 *	mirror.c		options and summary
 *	mirror_proc.c		reading /proc
 *	mirror_table.c		the processes that are in the server
 *	mirror_copy.c		a snapshot: the processes of /proc that are not in the server yet
 *	mirror_group.c		sessions and process groups
 *	mirror_look.c		one process, brought up to date from /proc
 *	mirror_replace.c	the end of a mirror that was there before
 *	mirror_connector.c	the kernel's messages about processes
 *	mirror_live.c		the effect of each message on the server
 *	mirror_sync.c		changes without a message, and lost messages
 *	mirror_control.c	signals from the server to the machine
 *	mirror_follow.c		the loop of --follow
 */
#ifndef PROCSRVCTL_MIRROR_H
#define PROCSRVCTL_MIRROR_H

#include <sys/queue.h>
#include <sys/types.h>

#include "mirror_connector.h"
#include "procsrvctl.h"

/* Longest name of a process that Linux has, of a thread of the kernel. */
#define LINUX_NAME_MAX	63

/*
 * The pids of the process "lost" and of stand-ins in a server with the pids of Linux. They are
 * above all pids of Linux, which are below PID_MAX_LIMIT. None of these processes stays.
 */
#define LOST_PID	4194304
#define STAND_IN_PID	4194305

/* An exit code that is not known; Linux has 0 to 255. */
#define EXIT_UNKNOWN	(-1)

/* The process of the server of the device that stands for a mirror. */
#define MIRROR_NAME	"procsrvctl-mirror"

struct record;

/**
 * struct part - a session of the server that takes members of a Linux session
 * @linux_sid: the Linux session; 0 for that of init and for none
 * @member: a process in it that is alive, or NULL
 */
struct part {
	pid_t linux_sid;
	struct record *member;
};

/**
 * struct linux_process - a process as /proc shows it
 * @pid: Linux pid
 * @ppid: Linux pid of the parent; 0 for none that can be seen
 * @pgrp: Linux process group; 0 for that of init and for none
 * @sid: Linux session; 0 likewise
 * @tty: device number of the terminal, or 0
 * @exit_status: of a zombie, as wait(2) has it
 * @flags: PF_* of the kernel
 * @threads: threads
 * @priority: &enum procsrv_priority
 * @state: letter of the state
 * @name: its name
 * @credentials: its credentials; machine_look() does not read them
 * @cpu_time: microseconds
 * @memory: bytes resident
 * @start: when it began, in clock ticks since the boot
 * @record: the process in the server; NULL while it is not there
 * @back: the process that is placed after this one
 * @found: counts in &struct mirror.forks_found
 * @placed: has been dealt with: is in the server, or has vanished
 * @waiting: is waited for by the process at @back
 */
struct linux_process {
	pid_t pid;
	pid_t ppid;
	pid_t pgrp;
	pid_t sid;
	unsigned int tty;
	int exit_status;
	__u32 flags;
	__u32 threads;
	__u32 priority;
	char state;
	char name[LINUX_NAME_MAX + 1];
	struct procsrv_credentials credentials;
	__u64 cpu_time;
	__u64 memory;
	__u64 start;
	struct record *record;
	struct linux_process *back;
	bool found;
	bool placed;
	bool waiting;
};

/*
 * The machine (mirror_proc.c)
 */

/**
 * struct machine - all processes of a machine
 * @proc: descriptor of the directory /proc
 * @init_sid: the session of process 1
 * @init_pgrp: the process group of process 1
 * @list: the processes, by pid
 * @nr: how many
 * @vanished: those that ended while they were read
 */
struct machine {
	int proc;
	pid_t init_sid;
	pid_t init_pgrp;
	struct linux_process *list;
	size_t nr;
	size_t vanished;
};

/* Opens the directory @path; exits if it cannot. */
void machine_open(struct machine *machine, const char *path);

/* Reads all processes; machine_free() frees the list. */
void machine_read(struct machine *machine);
struct linux_process *machine_find(const struct machine *machine, pid_t pid);
void machine_free(struct machine *machine);

/* Reads one process, but for its credentials; false if it is gone. */
bool machine_look(const struct machine *machine, pid_t pid,
		  struct linux_process *p);
bool machine_credentials(const struct machine *machine, pid_t pid,
			 struct procsrv_credentials *c);

/* How many processes and threads the machine has created since its boot. */
bool machine_forks(const struct machine *machine, __u64 *forks);

/*
 * Reads a list of strings of a process, "cmdline" or "environ". One that is
 * longer than the server takes is cut after a string. False if it cannot be
 * read: the process is gone, or it is not ours to read.
 */
bool machine_strings(const struct machine *machine, pid_t pid,
		     const char *file, struct strings *list);

/* Reads the working directory; false if it cannot be read. */
bool machine_cwd(const struct machine *machine, pid_t pid,
		 char path[PROCSRV_PATH_MAX]);

/* The name of a terminal: "pts/0", "tty1", or "5:1" of which none is known. */
void machine_terminal(unsigned int tty, char *name, size_t size);

/*
 * The processes in the server (mirror_table.c)
 */

/**
 * struct record - a process of the machine that is in the server
 * @all: in the list of all records
 * @removed: in the list of those that are to be freed
 * @is: the process as the server has it
 * @copy: pid in the server
 * @sid: session in the server
 * @pgid: process group in the server
 * @nr_children: records whose parent it is
 * @status: how it has ended, if @exited; otherwise the exit code of its threads, or 0
 * @born: when its fork had a message, in nanoseconds of CLOCK_MONOTONIC; or 0
 * @missing_since: when /proc did not show it any more, in the same; or 0. Of a zombie: when
 *	it ended
 * @seen: usage and start of @is are from /proc
 * @reaper: the server has it as a reaper
 * @stopped: the server has it as stopped
 * @exited: its first thread has exited, by a message
 * @zombie: it is a zombie in the server
 * @look: it will be looked at soon
 */
struct record {
	TAILQ_ENTRY(record) all;
	SLIST_ENTRY(record) removed;
	struct linux_process is;
	__u64 copy;
	__u32 sid;
	__u32 pgid;
	__u32 nr_children;
	int status;
	__u64 born;
	__u64 missing_since;
	bool seen;
	bool reaper;
	bool stopped;
	bool exited;
	bool zombie;
	bool look;
};

TAILQ_HEAD(record_list, record);
SLIST_HEAD(removed_list, record);

/**
 * struct table - all records
 * @list: in the order in which they were made
 * @removed: those that table_free_removed() frees
 * @by_pid: tsearch(3)
 * @nr: how many
 */
struct table {
	struct record_list list;
	struct removed_list removed;
	void *by_pid;
	size_t nr;
};

struct record *table_find(const struct table *table, pid_t pid);

/* Makes a record of @p, a child of @parent, whose session and group it has. */
struct record *table_add(struct table *table, const struct linux_process *p,
			 struct record *parent, __u64 copy);

/* It is in no list any more, and remains readable until table_free_removed(). */
void table_remove(struct table *table, struct record *r);
void table_free_removed(struct table *table);

/* Gives @r another parent. */
void table_move(struct table *table, struct record *r, struct record *parent);
struct record *table_parent(const struct table *table, const struct record *r);

/**
 * struct mirror_lost - counts of losses
 * @messages: messages that did not come
 * @exits: processes whose exit code is in no event
 */
struct mirror_lost {
	__u64 messages;
	__u64 exits;
};

/**
 * struct mirror - a copy of a machine
 * @server: descriptor of the server
 * @path: where /proc is
 * @name: of the private server, or NULL
 * @env: copy environments
 * @verbose: print every process
 * @follow: follow the changes of the machine
 * @control: carry out signals
 * @may_kill: PROCSRV_CREDENTIALS_KILL if this program may signal every process
 * @live: the first copy is made: errors do not end it
 * @interval: milliseconds between two looks at all processes
 * @buffer: bytes of messages that can wait
 * @marker: process of the server that stands for this mirror, or 0
 * @machine: the processes to copy
 * @table: the processes that are in the server
 * @init: the record of process 1, whether or not /proc shows one
 * @parts: sessions of the snapshot that is being copied
 * @nr_parts: how many parts
 * @cmdline: room for a command line
 * @environ: room for an environment
 * @connector: where the messages come from
 * @resync: messages were lost: all of /proc has to be read
 * @restless: there are processes to be looked at soon
 * @told: losses that have been reported
 * @lost: losses
 * @forks: forks of the machine when the count of messages about them began
 * @counted_since: when that was, in nanoseconds of CLOCK_MONOTONIC
 * @read_at: when the snapshot had been read, in the same
 * @forks_seen: messages about forks since then, of processes with a record
 * @forks_found: forks since then without a message, whose process is in the server
 *	nevertheless
 * @copied: processes copied
 * @removed: those that other programs removed from the server meanwhile
 * @sessions: sessions made
 * @groups: process groups made
 * @stopped: processes stopped
 * @zombies: processes ended
 * @stand_ins: sessions led by another process than on the machine
 * @split: processes taken out of their session
 */
struct mirror {
	int server;
	const char *path;
	const char *name;
	bool env;
	bool verbose;
	bool follow;
	bool control;
	bool live;
	__u32 may_kill;
	__u64 interval;
	__u64 buffer;
	__u64 marker;
	struct machine machine;
	struct table table;
	struct record *init;
	struct part *parts;
	size_t nr_parts;
	struct strings cmdline;
	struct strings environ;
	struct connector connector;
	bool resync;
	bool restless;
	struct mirror_lost told;
	struct mirror_lost lost;
	__u64 forks;
	__u64 counted_since;
	__u64 read_at;
	__u64 forks_seen;
	__u64 forks_found;
	size_t copied;
	size_t removed;
	size_t sessions;
	size_t groups;
	size_t stopped;
	size_t zombies;
	size_t stand_ins;
	size_t split;
};

/* The server has the pids of Linux. */
static inline bool mirror_is_private(const struct mirror *m)
{
	return m->name;
}

/*
 * Calls the server. False if the process is no longer there: other programs may
 * use the server too. Any other error ends the copy, or is reported while it is live.
 */
bool mirror_try(struct mirror *m, unsigned long request, void *args);

/* The same for a request that was made, with its result. */
bool mirror_check(struct mirror *m, unsigned long request, const void *args,
		  int ret);

/* Nanoseconds of CLOCK_MONOTONIC, as messages have them. */
__u64 mirror_now(void);

/*
 * A snapshot (mirror_copy.c)
 */

/* Places all processes of the machine's list that are not there yet. */
void mirror_copy(struct mirror *m);

/* Process 1 becomes the server's init. */
void mirror_begin(struct mirror *m);

/*
 * Creates a process: as a child of @parent, with the properties of @p, or if @p has no
 * name, of the parent. Returns 0 if that fails.
 */
__u64 mirror_create(struct mirror *m, __u64 parent,
		    const struct linux_process *p, __u64 pid);

/*
 * The same for a process that ends soon, by mirror_end_stand_in(). In a server with the
 * pids of Linux its pid is *@pid, otherwise that is filled.
 */
bool mirror_create_stand_in(struct mirror *m, const struct record *parent,
			    const char *name, const struct strings *cmdline,
			    __u64 *pid);
void mirror_end_stand_in(struct mirror *m, const struct record *parent,
			 __u64 pid, int code);

/* Sets and clears reapers so that orphans of @r become children of @reaper. */
bool mirror_set_reaper(struct mirror *m, const struct record *r,
		       struct record *reaper);

/*
 * Sessions and groups (mirror_group.c)
 */

/* @r leads a session: Linux calls it @sid, and the group in it @pgrp. */
bool mirror_begin_session(struct mirror *m, struct record *r, pid_t sid,
			  pid_t pgrp);
void mirror_join_group(struct mirror *m, struct record *r, pid_t pgrp);
void mirror_set_terminal(struct mirror *m, struct record *r, unsigned int tty);

/*
 * One process (mirror_look.c)
 */

/* Whether what /proc shows at this pid is the process of the record. */
bool mirror_is_same(const struct record *r, const struct linux_process *p);

/* Brings a record up to date, but for its credentials. */
void mirror_look(struct mirror *m, struct record *r,
		 const struct linux_process *p);

/* The same for a process that has exited: only its cpu time still matters. */
void mirror_update_time(struct mirror *m, struct record *r,
			const struct linux_process *p);
void mirror_set_credentials(struct mirror *m, struct record *r,
			    const struct procsrv_credentials *c);

/* It has called exec, or has another name: reads and reports the program. */
void mirror_exec(struct mirror *m, struct record *r, const char *name);
void mirror_update_cwd(struct mirror *m, struct record *r);

/* It has ended, with a status as in wait(2) or EXIT_UNKNOWN. */
void mirror_end(struct mirror *m, struct record *r, int status);

/* It is gone from the machine: the record goes. */
void mirror_reap(struct mirror *m, struct record *r);

/*
 * Mirrors that were there before (mirror_replace.c)
 */

/* Ends the mirror in the server of the device, and removes the processes it has made. */
void mirror_replace(struct mirror *m);

/* Ends the mirror that has this name. */
void mirror_replace_named(const char *name);

/*
 * Makes a process in the server of the device that stands for this mirror. With --follow, the
 * mirror is the host of its processes; without, the process keeps a list of them.
 */
void mirror_mark(struct mirror *m);

/* Removes the processes of this mirror from the server of the device. */
void mirror_clear(struct mirror *m);

/*
 * Following (mirror_follow.c, mirror_live.c, mirror_sync.c, mirror_control.c)
 */

/* Follows the machine until it is interrupted, or replaced. */
void mirror_follow(struct mirror *m);

/* Handles the messages that are there; false if there may be more. */
bool mirror_drain(struct mirror *m);

/* Reads all of /proc, and makes up for lost messages. */
void mirror_resync(struct mirror *m);

/*
 * Looks at the processes that are new, have ended, or are missing; with @all at each. @drained:
 * all messages have been read, so those whose last message is missing end.
 */
void mirror_sync(struct mirror *m, bool all, bool drained);

/*
 * Linux gives a pid to a new process, so no process has it as its session or group any more.
 * Looks at those that have it in the server.
 */
void mirror_free_id(struct mirror *m, pid_t pid);

/* Begins to count the forks of the machine, beside the messages about them. */
void mirror_count_forks(struct mirror *m);

/*
 * Reports losses since the last report. False if there may be more: other processes forked
 * while they were counted.
 */
bool mirror_report_lost(struct mirror *m);

/* Takes the signals of the server; false if the mirror has to end. */
bool mirror_take_signals(struct mirror *m);

#endif /* PROCSRVCTL_MIRROR_H */
