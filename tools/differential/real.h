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
 * enum life - what a process is, as far as it matters here
 * @LIFE_NONE: has never been
 * @LIFE_RUNNING: alive, and not stopped
 * @LIFE_STOPPED: stopped
 * @LIFE_ZOMBIE: has exited
 * @LIFE_GONE: was waited for
 */
enum life {
	LIFE_NONE,
	LIFE_RUNNING,
	LIFE_STOPPED,
	LIFE_ZOMBIE,
	LIFE_GONE,
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
 * @life: what it is
 * @asleep: in a system call
 * @ppid: its parent
 * @pgid: its group
 * @sid: its session
 * @pending: mask of its pending signals
 */
struct look {
	enum life life;
	bool asleep;
	pid_t ppid;
	pid_t pgid;
	pid_t sid;
	__u64 pending;
};

/* real_open() is done once, real_spawn_init() for each world. */
int real_open(struct real *r);
pid_t real_spawn_init(struct real *r);

/* real_clear() - wait for all puppets, which were sent SIGKILL */
void real_clear(void);

void real_prepare_box(struct real *r, int index);
void real_command(struct real *r, int index, const struct command *c);

/**
 * real_reply() - wait for the reply of a puppet
 * @ns: how long at most
 */
bool real_reply(struct real *r, int index, struct reply *reply, long ns);

/* Nothing takes so long, or the test has failed. */
bool real_late(const struct timespec *since);

/**
 * view_open() - open what /proc has of a process
 *
 * Return: a descriptor of /proc/PID/status, or -errno.
 */
int view_open(pid_t pid);

/* view_look() - read it; false if that fails */
bool view_look(int view, struct look *look);

#endif /* DIFFERENTIAL_REAL_H */
