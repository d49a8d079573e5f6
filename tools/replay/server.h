/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The server: its operations as functions. Each returns 0 or -errno.
 */
#ifndef REPLAY_SERVER_H
#define REPLAY_SERVER_H

#include <linux/procsrv.h>
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

/**
 * struct server - the device
 * @fd: its descriptor
 */
struct server {
	int fd;
};

int server_create(struct server *s, __u64 parent, const struct image *image,
		  __u64 *pid);
int server_exec(struct server *s, __u64 pid, const struct image *image);
int server_terminate(struct server *s, __u64 pid, int code, int signo);
int server_wait(struct server *s, struct procsrv_wait_args *args);
int server_reap(struct server *s, __u64 parent, __u64 pid);
int server_signal(struct server *s, __u64 sender, enum procsrv_target target,
		  __u64 id, int signo);
int server_info(struct server *s, __u64 pid, struct procsrv_info *info);
int server_group(struct server *s, __u32 pgid, struct procsrv_group_args *args);
bool server_leads_session(struct server *s, __u32 sid, __u64 pid);
int server_create_session(struct server *s, __u64 leader, __u32 *pgid);
int server_create_group(struct server *s, __u64 caller, __u64 leader, __u32 sid,
			__u32 *pgid);
int server_set_group(struct server *s, __u64 caller, __u64 pid, __u32 pgid);

#endif /* REPLAY_SERVER_H */
