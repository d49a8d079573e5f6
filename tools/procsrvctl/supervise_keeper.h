/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The keeper: the parent of a program, and the reaper of all its descendants
 *
 * There is one for each life of a program. It reports stops and exits of its
 * children. When the program or the supervisor has exited, or the supervisor
 * says so, it kills all that is left, and exits.
 */
#ifndef SUPERVISE_KEEPER_H
#define SUPERVISE_KEEPER_H

#include "supervise.h"

/**
 * enum keeper_news - what a keeper reports
 * @KEEPER_STARTED: the program runs; its pidfd comes along
 * @KEEPER_FAILED: the program cannot be run; @status is the errno
 * @KEEPER_STOPPED: a child has stopped; @status is the signal
 * @KEEPER_CONTINUED: a child was continued
 * @KEEPER_EXITED: a child has exited; @status as of wait(2). The keeper waits
 *	for it after it has reported it, so its pid is not used again before.
 */
enum keeper_news {
	KEEPER_STARTED,
	KEEPER_FAILED,
	KEEPER_STOPPED,
	KEEPER_CONTINUED,
	KEEPER_EXITED,
};

/**
 * struct keeper_message - a report of a keeper
 * @news: &enum keeper_news
 * @pid: of the child
 * @status: by @news
 * @what: with KEEPER_FAILED, what failed
 */
struct keeper_message {
	__u32 news;
	pid_t pid;
	int status;
	char what[64];
};

/**
 * struct start - what a program is started with, besides its config
 * @service: the service
 * @channel: the keeper's end
 * @log: descriptor for its output, or -1
 * @notify: the value of NOTIFY_SOCKET, or an empty string
 * @keeper: the pid of the keeper
 */
struct start {
	const struct service *service;
	int channel;
	int log;
	char notify[32];
	pid_t keeper;
};

void keep(struct start *start) __attribute__((noreturn));

/* Runs the program (supervise_exec.c). */
void exec_program(const struct start *start) __attribute__((noreturn));

/* Saves the state in which this program was started, for starting others. */
void remember_inherited(void);

#endif /* SUPERVISE_KEEPER_H */
