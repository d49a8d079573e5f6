/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * A world: the same processes twice, as puppets of Linux and in a server of
 * their own. That is an ordinary one, or one with POSIX ids, where the processes are
 * hosted, and have the pids of the puppets: these are their bodies.
 *
 * Processes are named by an index, in the order of creation; 0 is the init of
 * this world. The state of a process that is kept here is that in Linux. The
 * server is asked for its state each time.
 */
#ifndef DIFFERENTIAL_WORLD_H
#define DIFFERENTIAL_WORLD_H

#include <procsrv.h>
#include <stdbool.h>

#include "real.h"

/* Signals: one more than the last. */
#define NR_SIGNALS	65

/* Processes that one world can have seen. */
#define WORLD_PROCESSES	512

/* The index of everything that is no process of this world. */
#define OUTSIDE		(-1)

/* Ids that no server ever comes to. */
#define NO_ID		0x4000000000000000ULL
#define NO_PGID		0xffffffffU

struct sleep;

/**
 * struct identity - the credentials of a process
 * @ruid: real user id
 * @euid: effective user id
 * @suid: saved user id
 * @kills: has CAP_KILL
 */
struct identity {
	uid_t ruid;
	uid_t euid;
	uid_t suid;
	bool kills;
};

/**
 * struct held - a signal that was taken from the server, and that the body blocks, or
 *	cannot act upon because it is stopped
 * @sender: index of the first sender, or OUTSIDE
 * @count: how often it was sent
 * @from_server: the first sender is the server itself
 */
struct held {
	int sender;
	long count;
	bool from_server;
};

/**
 * struct body - what the host knows of the body of a hosted process
 * @pending: mask of the signals that are held
 * @held: these, by number
 * @stopped: it is stopped
 * @fatal: the signal that ends it, or 0
 * @ended: that was reported
 */
struct body {
	__u64 pending;
	struct held held[NR_SIGNALS];
	bool stopped;
	int fatal;
	bool ended;
};

/**
 * struct process - a process
 * @pid: in Linux
 * @id: in the server
 * @box: of the puppet
 * @view: descriptor of the puppet's /proc/PID/status
 * @life: its state
 * @parent: index of its parent, or OUTSIDE
 * @pgid: its process group in Linux
 * @sid: its session in Linux
 * @pending: mask of the signals that are pending in Linux
 * @id_in_linux: its credentials in Linux
 * @group: in an ordinary server, the group that has its pid in Linux, or 0
 * @session: in an ordinary server, the session that has its pid in Linux, or 0
 * @adopted: was reparented
 * @reaper: is a subreaper
 * @execed: has called exec
 * @execs: how often it has called exec
 * @parent_execs: how often its parent had called exec when it made this process
 * @clone: has another exit signal than SIGCHLD
 * @sigchld: what it does with SIGCHLD
 * @news: has changed its state, which has not been waited for
 * @owes_reply: had stopped itself before it could reply
 * @died_together: died of a signal to its whole group
 * @is_gone: world_gone() has been called
 * @body: if it is hosted
 * @sleep: the wait that it sleeps in, or NULL
 * @touched: is to be compared after this operation
 */
struct process {
	pid_t pid;
	__u64 id;
	int box;
	int view;
	enum life life;
	int parent;
	pid_t pgid;
	pid_t sid;
	__u64 pending;
	struct identity id_in_linux;
	__u32 group;
	__u32 session;
	bool adopted;
	bool reaper;
	bool execed;
	unsigned int execs;
	unsigned int parent_execs;
	bool clone;
	enum sigchld sigchld;
	bool news;
	bool owes_reply;
	bool died_together;
	bool is_gone;
	struct body body;
	struct sleep *sleep;
	bool touched;
};

/**
 * struct world - a world
 * @real: where the puppets are
 * @server: descriptor of the server
 * @hosted: it has POSIX ids, and its processes are hosted
 * @procs: every process that there was
 * @nr_procs: how many of these were used
 * @nr_present: those that are neither absent nor gone
 * @nr_adoptions: how often a process was reparented
 * @nr_adoptions_below: how often to another parent than the init of the world
 * @by_id: index of a process plus 1, by its id in an ordinary server
 * @box_used: by number
 */
struct world {
	struct real *real;
	int server;
	bool hosted;
	struct process procs[WORLD_PROCESSES];
	int nr_procs;
	int nr_present;
	unsigned int nr_adoptions;
	unsigned int nr_adoptions_below;
	int by_id[WORLD_PROCESSES + 8];
	bool box_used[PUPPET_BOXES];
};

/**
 * world_begin() - make a world with nothing in it but its init
 * @device: descriptor of the device
 * @hosted: in a server with POSIX ids, with hosted processes
 *
 * Return: 0 or -errno.
 */
int world_begin(struct world *w, struct real *real, int device, bool hosted);
void world_end(struct world *w);

/**
 * world_add() - a process was created
 * @parent: index of its parent
 */
int world_add(struct world *w, int index, pid_t pid, __u64 id, int box,
	      int parent);

/* world_gone() - a process was waited for, or has left no zombie */
void world_gone(struct world *w, int index);

/* world_free_box() - the number of a box for another puppet, or -1 */
int world_free_box(struct world *w);

/* world_look() - read the state of a puppet; false if that fails */
bool world_look(struct world *w, int index);

/**
 * world_identify() - let a hosted process have the credentials of its body
 *
 * Return: 0 or -errno.
 */
int world_identify(struct world *w, int index);

/* world_find() - the index of a puppet, or OUTSIDE */
int world_find(const struct world *w, pid_t pid);
int world_find_id(const struct world *w, __u64 id);

static inline bool process_present(const struct process *p)
{
	return p->life == LIFE_RUNNING || p->life == LIFE_STOPPED ||
	       p->life == LIFE_ZOMBIE;
}

static inline bool process_alive(const struct process *p)
{
	return p->life == LIFE_RUNNING || p->life == LIFE_STOPPED;
}

/* Is there a process in the group that is named by this pid? */
bool world_has_group(const struct world *w, pid_t pgid);

/* The pid of a process of the script, whether there ever was one or not. */
pid_t world_pid(const struct world *w, int index);
__u64 world_id(const struct world *w, int index);

/* The server's id of the group, or of the session, that is named by a pid. */
__u32 world_group(const struct world *w, pid_t pgid);
__u32 world_session(const struct world *w, pid_t sid);

#endif /* DIFFERENTIAL_WORLD_H */
