/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Requests of replay to the server, on top of the library.
 */
#ifndef REPLAY_SERVER_H
#define REPLAY_SERVER_H

#include <procsrv.h>
#include <stdbool.h>
#include <stddef.h>

/* Ids that no server ever assigns. */
#define SERVER_NO_PID	0x4000000000000000ULL
#define SERVER_NO_PGID	0xffffffffU

/**
 * struct image - the name and command line that exec replaces
 * @name: name of the process
 * @argv: command line, strings with their NULs
 * @argv_len: bytes at @argv
 */
struct image {
	char *name;
	char *argv;
	size_t argv_len;
};

/* As in the library, with our own user and group. @clone: without an exit signal. */
int server_create(int fd, __u64 parent, const struct image *image, bool clone,
		  __u32 flags, __u64 *pid);
int server_exec(int fd, __u64 pid, const struct image *image);

/* Send a signal, without counting the processes that it reaches. */
int server_signal(int fd, __u64 sender, enum procsrv_target target, __u64 id,
		  int signo);

/* Take the exit of one process, on behalf of its parent. */
int server_reap(int fd, __u64 parent, __u64 pid);

/* The group of a process, or 0 where there is none. */
__u32 server_group_of(int fd, __u64 pid);

/**
 * server_settle() - take the signals of all hosted processes
 *
 * Stopped processes that get SIGCONT continue: that needs no delivery. All other
 * effects of signals are in the recording, where they happened.
 */
void server_settle(int fd);

bool server_leads_session(int fd, __u32 sid, __u64 pid);

#endif /* REPLAY_SERVER_H */
