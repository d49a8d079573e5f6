/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The world of a recording: its processes, as Linux numbered them and as the
 * server did. The states, waits and groups of processes are queried from the
 * server. Only what the server cannot know is kept here: which of its processes
 * is which of the recording's, and what the recording leaves out.
 */
#ifndef REPLAY_WORLD_H
#define REPLAY_WORLD_H

#include <stdbool.h>
#include <sys/queue.h>

#include "intmap.h"
#include "recording.h"
#include "server.h"

/**
 * enum origin - where a process of the recording comes from
 * @ORIGIN_FORK: the recording has the call that made it
 * @ORIGIN_STRACE: strace began it
 * @ORIGIN_BEFORE: it was there before the recording
 * @ORIGIN_OUTSIDE: the recording only mentions it
 */
enum origin {
	ORIGIN_FORK,
	ORIGIN_STRACE,
	ORIGIN_BEFORE,
	ORIGIN_OUTSIDE,
};

/*
 * Parts of a child's state that may be gone already, although no line of the
 * recording shows that for certain. They are removed only when an answer of
 * Linux says that they are gone.
 */
enum doubt {
	DOUBT_REPORT	= 1 << 0,	/* the stop or the continuation */
	DOUBT_ZOMBIE	= 1 << 1,	/* the zombie */
};

LIST_HEAD(op_list, op);

/**
 * struct fds - descriptors that refer to processes
 * @refs: processes that share them
 * @procs: descriptor to &struct proc
 */
struct fds {
	int refs;
	struct intmap procs;
};

/**
 * struct ns - a pid namespace other than the recording's
 * @next: the one that was found before
 * @procs: &struct proc by its number there
 * @has_init: its first process was made
 * @lost: a fork in it returned a number that cannot be translated
 */
struct ns {
	struct ns *next;
	struct intmap procs;
	bool has_init;
	bool lost;
};

/**
 * struct proc - a process
 * @next: of all, the one that was made before
 * @parent: the process of the recording that may wait for it, or NULL
 * @children: those that it may wait for, the latest first
 * @sibling: the entry in the parent's @children
 * @nr_children: how many @children
 * @nr_zombies: how many of them have exited
 * @nr_beyond: how many of them are @beyond
 * @pid: its pid in the recording
 * @id: its pid in the server, or 0 if @beyond; with POSIX ids its pid in the
 *	recording, unless that is not to be had
 * @server_parent: the pid of its parent in the server
 * @pgid: its process group in the server
 * @pgid_before: the one before it moved last, or 0
 * @moved: index of the line where it did
 * @pgid_inherited: another group that it may be in: its maker moved while it was
 *	made; or 0
 * @born: index of the line where it began
 * @origin: where it comes from
 * @forked_by: the thread that made it
 * @nr_threads: its threads that live
 * @nr_stopped: those that have reported the present stop
 * @nr_late: those that have yet to report a stop that is over
 * @stop: number of the present stop, see struct life
 * @stopping: the stop signal that was delivered last, if it may still take
 *	effect; or 0
 * @stop_signal: the signal that has stopped them, as its threads said last; or 0
 * @job: the entry in the list of processes that are stopped or stopping
 * @waits: its waits that are going on and have no answer yet
 * @dirty: the next process whose waits are to be tried again
 * @touched: with @is_dirty, the only child that something has happened to; NULL
 *	if there are several
 * @image: name and command line
 * @fds: pidfds
 * @doubt: &enum doubt
 * @unknown_waits: its waits that may have returned any child
 * @unknown_until: index of the line where the last of them ends
 * @exited_at: index of the line where it exited
 * @changes: how often it has stopped, continued or exited
 * @continued_early: number of the difference that this process would explain
 *	by continuing next; or 0
 * @ended_late: its end was reported by an answer before
 * @exited_early: an answer has reported its exit before the line of the exit;
 *	that answer's exit code, or minus the signal, is @exit_status
 * @error: why the server refused it, as an errno
 * @exit_status: what it exits with, as far as that is known: the code, or minus
 *	the signal
 * @stopper: the thread that @stopping was delivered to
 * @fatal: the thread that was delivered a signal which may be fatal
 * @own_group: it has called setpgid or setsid for itself with success
 * @exited: it has exited
 * @ended: a line has told so
 * @reaped: it is gone
 * @taken_unseen: that follows from an answer, and no line has a wait for it
 * @dying: SIGKILL was sent to it
 * @exit_begun: it has begun to exit, with @exit_status
 * @stopped: it is stopped
 * @stopped_early: an answer has reported a stop that no line announced
 * @subreaper: it asked to be the parent of orphans
 * @adopted: it was reparented when the parent that made it exited
 * @ignores_sigchld: it ignores SIGCHLD, which execve does not change
 * @autoreap: its children do not become zombies
 * @gets_sigchld: some SIGCHLD of the recording is delivered to it
 * @announced: its parent got a SIGCHLD for its exit
 * @suspect: number of the difference that is none if it was reaped without a wait;
 *	or 0
 * @has_waited: a wait of it was successful
 * @no_sigchld: its exit is not announced by SIGCHLD: a "clone child"
 * @nested: it has another pid namespace than the recording
 * @ns: its pid namespace, or NULL if that is the recording's
 * @child_ns: that of its next children
 * @beyond: the server has no room for it, or for one of its ancestors
 * @is_dirty: it is in the list of @dirty
 */
struct proc {
	LIST_ENTRY(proc) sibling;
	LIST_ENTRY(proc) job;
	struct proc *next;
	struct proc *parent;
	LIST_HEAD(proc_list, proc) children;
	unsigned int nr_children;
	unsigned int nr_zombies;
	unsigned int nr_beyond;
	int pid;
	__u64 id;
	__u64 server_parent;
	__u32 pgid;
	__u32 pgid_before;
	__u32 pgid_inherited;
	size_t moved;
	size_t born;
	enum origin origin;
	int forked_by;
	unsigned int nr_threads;
	unsigned int nr_stopped;
	unsigned int nr_late;
	unsigned int stop;
	int stopping;
	int stop_signal;
	struct op_list waits;
	struct proc *dirty;
	const struct proc *touched;
	struct image image;
	struct fds *fds;
	struct ns *ns;
	struct ns *child_ns;
	unsigned int doubt;
	unsigned int unknown_waits;
	size_t unknown_until;
	size_t exited_at;
	unsigned int changes;
	size_t continued_early;
	size_t suspect;
	int error;
	int exit_status;
	const struct life *stopper;
	const struct life *fatal;
	bool own_group;
	bool exited;
	bool ended;
	bool reaped;
	bool taken_unseen;
	bool dying;
	bool exit_begun;
	bool stopped;
	bool stopped_early;
	bool exited_early;
	bool ended_late;
	bool subreaper;
	bool adopted;
	bool ignores_sigchld;
	bool autoreap;
	bool gets_sigchld;
	bool announced;
	bool has_waited;
	bool no_sigchld;
	bool nested;
	bool beyond;
	bool is_dirty;
};

/**
 * struct world - all of them
 * @fd: the server that they are in
 * @hosted: it has POSIX ids, and they are hosted there
 * @next_id: for a process whose pid in the recording is not to be had
 * @procs: the latest
 * @by_tid: &struct life by the tid that it has or had last
 * @by_id: &struct proc by the low half of its pid in the server
 * @groups: the server's pgid, as a pointer, by the recording's
 * @killed_groups: &struct proc.born that a member must be older than to have
 *	been sent SIGKILL, plus one, as a pointer, by the server's pgid
 * @killed_all: the same for all processes
 * @jobs: those that are stopped or stopping
 * @orphans: zombies that no process of the recording may wait for
 * @nr_orphans: how many
 * @room_for_orphans: how many @orphans has room for
 * @spaces: the pid namespaces other than the recording's
 * @nr_beyond: processes that the server has no room for
 * @stand_in: in the server, the parent of those whose parent is unknown
 * @stand_in_sid: the session that it leads
 * @stand_in_pgid: the group that it leads
 * @nr_procs: processes of the recording, those outside not counted
 * @nr_threads: threads beside the first of each process
 */
struct world {
	int fd;
	bool hosted;
	__u64 next_id;
	struct proc *procs;
	struct intmap by_tid;
	struct intmap by_id;
	struct intmap groups;
	struct intmap killed_groups;
	size_t killed_all;
	struct proc_list jobs;
	struct proc **orphans;
	size_t nr_orphans;
	size_t room_for_orphans;
	struct ns *spaces;
	size_t nr_beyond;
	__u64 stand_in;
	__u32 stand_in_sid;
	__u32 stand_in_pgid;
	size_t nr_procs;
	size_t nr_threads;
};

struct fds *fds_new(void);
void fds_put(struct fds *fds);

/**
 * world_begin() - put the stand-in for all that is outside into the server
 * @hosted: it is a server of our own with POSIX ids, for hosted processes
 *
 * Return: 0 or -errno.
 */
int world_begin(struct world *w, int fd, bool hosted);

/**
 * world_end() - take everything out of the server again
 * @keep: leave everything in the server
 *
 * Return: 0, or -errno if something could not be removed.
 */
int world_end(struct world *w, bool keep);

/**
 * world_add() - a process
 * @parent: the process that may wait for it, or NULL
 * @like: the process it is a copy of, or NULL
 * @clone: its exit is not announced by SIGCHLD
 *
 * Return: the process. If the server refuses it, @error says why, and the process
 * is one that only the recording has: @beyond.
 */
struct proc *world_add(struct world *w, int pid, enum origin origin,
		       struct proc *parent, const struct proc *like,
		       bool clone);

/**
 * world_set_image() - name and command line of a process
 * @image: taken over
 */
void world_set_image(struct proc *p, struct image *image);

/**
 * world_find() - the process that a number names
 * @leader_only: a number that names a thread but not a process is not one
 */
struct proc *world_find(struct world *w, int tid, bool leader_only);
struct proc *world_find_id(struct world *w, __u64 id);

/**
 * world_knows_end() - would the recording have the end of the process
 *
 * Not if strace did not follow it, or let it go.
 */
bool world_knows_end(struct world *w, const struct proc *p);

/**
 * world_pgid() - the process group in the server
 *
 * Return: 0 if there is none of this number.
 */
__u32 world_pgid(struct world *w, int pgid);
void world_set_pgid(struct world *w, int pgid, __u32 id);

/**
 * world_reaper_of() - the process that gets the children of a process
 *
 * Return: the nearest ancestor that asked for orphans and lives; NULL for the
 * init of the machine.
 */
struct proc *world_reaper_of(const struct proc *p);

/**
 * world_exited() - note that a process has exited: its children move
 */
void world_exited(struct world *w, struct proc *p);

/**
 * world_reaped() - note that a process has been waited for
 */
void world_reaped(struct proc *p);

/**
 * world_reap() - take a zombie out of the server on behalf of its parent there
 *
 * Return: whether it is gone.
 */
bool world_reap(struct world *w, struct proc *p);

/**
 * world_reap_orphans() - take zombies that no process of the recording may
 * wait for: the init of the machine has done that at some time
 *
 * Return: whether there were any.
 */
bool world_reap_orphans(struct world *w);

/**
 * world_set_autoreap() - note whether the children of a process leave no zombies
 */
void world_set_autoreap(struct world *w, struct proc *p, bool on);

#endif /* REPLAY_WORLD_H */
