/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What replay asks of the server in more words than the library has.
 */
#ifndef REPLAY_SERVER_H
#define REPLAY_SERVER_H

#include <procsrv.h>
#include <stdbool.h>
#include <stddef.h>

/* Ids that no server ever comes to. */
#define SERVER_NO_PID	0x4000000000000000ULL
#define SERVER_NO_PGID	0xffffffffU

/**
 * struct image - what exec replaces
 * @name: name of the process
 * @argv: command line, strings with their NULs
 * @argv_len: bytes at @argv
 */
struct image {
	char *name;
	char *argv;
	size_t argv_len;
};

/* As of the library, with users and groups that we are. @clone: with no exit signal. */
int server_create(int fd, __u64 parent, const struct image *image, bool clone,
		  __u32 flags, __u64 *pid);
int server_exec(int fd, __u64 pid, const struct image *image);

/* Send a signal, and never mind how many it reaches. */
int server_signal(int fd, __u64 sender, enum procsrv_target target, __u64 id,
		  int signo);

/* Take the exit of one process, on behalf of its parent. */
int server_reap(int fd, __u64 parent, __u64 pid);

/* The group of a process, or 0 where there is none. */
__u32 server_group_of(int fd, __u64 pid);

/**
 * server_settle() - take the signals of all hosted processes
 *
 * Those that are stopped and get SIGCONT continue: that needs no delivery. What else
 * comes of signals is in the recording, where it came.
 */
void server_settle(int fd);

bool server_leads_session(int fd, __u32 sid, __u64 pid);

#endif /* REPLAY_SERVER_H */
