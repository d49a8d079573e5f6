/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The world of a recording: its processes, as Linux numbered them and as the
 * server did. What a process is, who waits for whom and who is in which group
 * is asked of the server; here is only what the server cannot know: which of
 * its processes is which of the recording's, and what the recording leaves
 * out.
 */
#ifndef REPLAY_WORLD_H
#define REPLAY_WORLD_H

#include <stdbool.h>

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
 * struct proc - a process
 * @next: of all, the one that was made before
 * @parent: who may wait for it, or NULL if that is nobody of the recording
 * @children: of those that may be waited for, the latest
 * @sibling: the next older one of the parent's @children
 * @pid: its pid in the recording
 * @id: its pid in the server
 * @server_parent: the pid of its parent in the server
 * @origin: where it comes from
 * @forked_by: the thread that made it
 * @nr_threads: its threads that live
 * @nr_stopped: those that have told that they stop
 * @image: name and command line
 * @fds: pidfds
 * @own_group: it has called setpgid or setsid for itself with success
 * @exited: it has
 * @reaped: and somebody waited for it
 * @stopped: it was stopped, and may still be
 * @subreaper: it asked to be the parent of orphans
 * @adopted: its parent is so only since the one that made it exited
 * @ignores_sigchld: it does, which execve does not change
 * @autoreap: its children do not become zombies
 * @gets_sigchld: it is told of a child, by now or later
 * @has_waited: a wait of it was successful
 * @no_sigchld: its exit is not announced by SIGCHLD: a "clone child"
 * @nested: it has another pid namespace than the recording
 */
struct proc {
	struct proc *next;
	struct proc *parent;
	struct proc *children;
	struct proc *sibling;
	int pid;
	__u64 id;
	__u64 server_parent;
	enum origin origin;
	int forked_by;
	unsigned int nr_threads;
	unsigned int nr_stopped;
	struct image image;
	struct fds *fds;
	bool own_group;
	bool exited;
	bool reaped;
	bool stopped;
	bool subreaper;
	bool adopted;
	bool ignores_sigchld;
	bool autoreap;
	bool gets_sigchld;
	bool has_waited;
	bool no_sigchld;
	bool nested;
};

/**
 * struct world - all of them
 * @fd: the server that they are in
 * @procs: the latest
 * @by_tid: &struct life by the tid that it has or had last
 * @by_id: &struct proc by the low half of its pid in the server
 * @groups: the server's pgid, as a pointer, by the recording's
 * @stand_in: in the server, the parent of those whose parent is unknown
 * @stand_in_sid: the session that it leads
 * @nr_procs: processes of the recording, those outside not counted
 * @nr_threads: threads beside the first of each process
 * @error: why the server did not create the last process, as an errno
 */
struct world {
	int fd;
	struct proc *procs;
	struct intmap by_tid;
	struct intmap by_id;
	struct intmap groups;
	__u64 stand_in;
	__u32 stand_in_sid;
	size_t nr_procs;
	size_t nr_threads;
	int error;
};

struct fds *fds_new(void);
void fds_put(struct fds *fds);

/**
 * world_begin() - put the stand-in for all that is outside into the server
 *
 * Return: 0 or -errno.
 */
int world_begin(struct world *w, int fd);

/**
 * world_end() - take everything out of the server again
 * @keep: or rather not
 *
 * Return: 0, or -errno if something could not be removed.
 */
int world_end(struct world *w, bool keep);

/**
 * world_add() - a process
 * @parent: who may wait for it, or NULL
 * @like: the process it is a copy of, or NULL
 *
 * Return: the process; NULL, and @w->error, if the server refuses.
 */
struct proc *world_add(struct world *w, int pid, enum origin origin,
		       struct proc *parent, const struct proc *like);

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
 * world_exited() - note that a process has exited: its children move
 */
void world_exited(struct world *w, struct proc *p);

/**
 * world_reaped() - note that a process has been waited for
 */
void world_reaped(struct proc *p);

/**
 * world_reap() - take a zombie out of the server on behalf of its parent there
 */
void world_reap(struct world *w, struct proc *p);

/**
 * world_reap_orphans() - take zombies that no process of the recording may
 * wait for: the init of the machine has done that at some time
 */
void world_reap_orphans(struct world *w);

#endif /* REPLAY_WORLD_H */
