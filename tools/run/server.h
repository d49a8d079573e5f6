/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Requests to the server.
 *
 * All functions return 0 or more, or a negative errno.
 */
#ifndef RUN_SERVER_H
#define RUN_SERVER_H

#include <stdbool.h>
#include <sys/types.h>
#include <linux/procsrv.h>

#include "image.h"
#include "wait.h"

/* Open the device, and get a private server. */
int server_open(void);

/* Its descriptor. */
int server_fd(void);

int server_create(pid_t parent, pid_t pid, int exit_signal);
int server_create_sibling(pid_t of, pid_t pid);
int server_create_first(pid_t pid, const char *name);
int server_exec(pid_t pid, const struct image *image);
int server_exit(pid_t pid, int status);
int server_threads(pid_t pid, unsigned int count);

int server_report(pid_t pid, enum procsrv_body what, int signo);

/**
 * server_find_child() - find the child that a wait would get
 * @found: filled
 */
int server_find_child(pid_t parent, const struct wait_want *want,
		      struct wait_found *found);

/**
 * server_take_child() - take the report of a child that a wait has got
 * @child: the child
 * @why: the report to take, PROCSRV_WAIT_*; 0: any that the wait waits for
 * @found: filled
 */
int server_take_child(pid_t parent, const struct wait_want *want, pid_t child,
		      __u32 why, struct wait_found *found);

int server_signal(pid_t sender, enum procsrv_target target, pid_t id,
		  int signo);

/**
 * server_take_signal() - take a signal of any process
 * @args: filled
 */
int server_take_signal(struct procsrv_take_signal_args *args);

/* procsrv_for_each() of all processes. */
int server_for_each(int (*each)(const struct procsrv_info *info, void *data),
		    void *data);

int server_info(pid_t pid, struct procsrv_info *info);
int server_set_group(pid_t caller, pid_t pid, pid_t pgid);
int server_create_session(pid_t leader);
int server_group_session(pid_t pgid, pid_t *sid);
int server_set_reaper(pid_t pid, bool on);
int server_set_autoreap(pid_t pid, bool on);
int server_set_terminal(pid_t sid, const char *name);
int server_set_foreground(pid_t sid, pid_t pgid);
int server_set_credentials(pid_t pid, const struct procsrv_credentials *c);

#endif /* RUN_SERVER_H */
