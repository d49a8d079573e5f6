/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The real world, seen from the driver: giving commands to puppets, and
 * looking at them in /proc.
 */
#ifndef DIFFERENTIAL_REAL_H
#define DIFFERENTIAL_REAL_H

#include <stdbool.h>
#include <sys/types.h>

#include "puppet.h"

/* A pid that Linux never comes to. */
#define REAL_NO_PID	0x3fffffff

/**
 * enum life - the state of a process
 * @LIFE_NONE: has never existed
 * @LIFE_RUNNING: alive, and not stopped
 * @LIFE_STOPPED: stopped
 * @LIFE_ZOMBIE: has exited
 * @LIFE_GONE: was waited for, or has left no zombie
 * @LIFE_GOING: is about to be gone; no puppet is left so
 */
enum life {
	LIFE_NONE,
	LIFE_RUNNING,
	LIFE_STOPPED,
	LIFE_ZOMBIE,
	LIFE_GONE,
	LIFE_GOING,
};

/**
 * struct real - what all real worlds have in common
 * @boxes: those of the puppets
 * @fd: of the memory that they are in
 * @program: a copy of this program in memory, where exec is faster
 */
struct real {
	struct box *boxes;
	int fd;
	int program;
};

/**
 * struct look - what /proc says of a process
 * @life: its state
 * @asleep: in a system call
 * @ppid: its parent
 * @ruid: real user id
 * @euid: effective user id
 * @suid: saved user id
 * @pgid: its group
 * @sid: its session
 * @pending: mask of its pending signals
 * @kills: has CAP_KILL
 */
struct look {
	enum life life;
	bool asleep;
	pid_t ppid;
	uid_t ruid;
	uid_t euid;
	uid_t suid;
	pid_t pgid;
	pid_t sid;
	__u64 pending;
	bool kills;
};

/* real_open() is done once, real_spawn_init() for each world. */
int real_open(struct real *r);
pid_t real_spawn_init(struct real *r, bool hosted);

/* real_clear() - wait for all puppets, which were sent SIGKILL */
void real_clear(void);

void real_prepare_box(struct real *r, int index);
void real_command(struct real *r, int index, const struct command *c);

/* Has it replied to its latest command? */
bool real_has_replied(const struct real *r, int index);

/**
 * real_reply() - wait for the reply of a puppet
 * @ns: how long at most
 */
bool real_reply(struct real *r, int index, struct reply *reply, long ns);

/* Has it taken so long that the test has failed? */
bool real_late(const struct timespec *since);

/**
 * view_open() - open the status of a process
 *
 * Return: a descriptor of /proc/PID/status, or -errno.
 */
int view_open(pid_t pid);

/* view_look() - read it; false if that fails */
bool view_look(int view, struct look *look);

#endif /* DIFFERENTIAL_REAL_H */
