/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Errors in words: declarations that these files share.
 *
 *	explain.c		the sentences that several operations have in common,
 *				and those of the smaller ones
 *	explain_lifecycle.c	create, exec, terminate, wait, set limits, update
 *	explain_signal.c	signal, take signal
 *	explain_session.c	sessions and groups
 *	explain_hosted.c	operations of hosts
 *
 * The library only exports procsrv_explain().
 */
#ifndef PROCSRV_EXPLAIN_H
#define PROCSRV_EXPLAIN_H

#include <procsrv.h>

#pragma GCC visibility push(hidden)

/**
 * struct reason - an error, for which a sentence is made
 * @fd: the server that refused
 * @err: the errno, positive
 * @buf: filled with the sentence
 * @size: bytes at @buf
 */
struct reason {
	int fd;
	int err;
	char *buf;
	size_t size;
};

/* Makes the sentence; the name of the errno is put behind it. */
void explain(const struct reason *r, const char *fmt, ...)
	__attribute__((format(printf, 2, 3)));

/* The text of strerror(3). */
void explain_errno(const struct reason *r);

/* Returns false if the process does not exist. */
bool explain_look(const struct reason *r, __u64 pid, struct procsrv_info *info);

/*
 * Says that a process is missing or a zombie, if it is. @role is the role of the
 * process in the operation, ending in ": ", or an empty string.
 */
bool explain_unusable(const struct reason *r, const char *role, __u64 pid,
		      bool zombie_will_do);

/* Says that a process is missing, or a zombie. */
void explain_no_process(const struct reason *r, __u64 pid);

/* Says that a process belongs to another user, if that may be the reason. */
bool explain_not_own(const struct reason *r, const char *role, __u64 pid,
		     int cap);

/* The reasons of most operations: no process, a zombie, no permission; or the errno. */
void explain_usual(const struct reason *r, __u64 pid, int cap);

/* Says that too many calls sleep already. */
void explain_crowded(const struct reason *r, __u64 pid);

/* Says that the server is older than the operation. */
void explain_unknown_operation(const struct reason *r);

/* For operations that cannot be refused for other reasons. */
void explain_denied(const struct reason *r, __u64 pid, int cap);

/*
 * One for each operation. @data is its structure.
 */

void explain_create(const struct reason *r, const void *data);
void explain_exec(const struct reason *r, const void *data);
void explain_terminate(const struct reason *r, const void *data);
void explain_wait(const struct reason *r, const void *data);
void explain_set_limits(const struct reason *r, const void *data);
void explain_update(const struct reason *r, const void *data);

void explain_signal(const struct reason *r, const void *data);
void explain_take(const struct reason *r, const void *data);

void explain_create_session(const struct reason *r, const void *data);
void explain_create_group(const struct reason *r, const void *data);
void explain_set_group(const struct reason *r, const void *data);
void explain_session(const struct reason *r, const void *data);
void explain_group(const struct reason *r, const void *data);
void explain_set_foreground(const struct reason *r, const void *data);

void explain_set_autoreap(const struct reason *r, const void *data);
void explain_report(const struct reason *r, const void *data);
void explain_set_credentials(const struct reason *r, const void *data);

#pragma GCC visibility pop

#endif /* PROCSRV_EXPLAIN_H */
