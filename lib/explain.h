/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Errors in words: what the files about them share.
 *
 *	explain.c		the sentences that several operations have in common,
 *				and those of the smaller ones
 *	explain_lifecycle.c	create, exec, terminate, wait, set limits, update
 *	explain_signal.c	signal, take signal
 *	explain_session.c	sessions and groups
 *	explain_hosted.c	what hosts do
 *
 * The library exports procsrv_explain() alone.
 */
#ifndef PROCSRV_EXPLAIN_H
#define PROCSRV_EXPLAIN_H

#include <procsrv.h>

#pragma GCC visibility push(hidden)

/**
 * struct reason - an error that is to be put into words
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

/* What strerror(3) has to say of it. */
void explain_errno(const struct reason *r);

/* False if the process is not there. */
bool explain_look(const struct reason *r, __u64 pid, struct procsrv_info *info);

/*
 * Says that a process is missing or a zombie, if it is. @role is what the
 * process was to be, ending in ": ", or an empty string.
 */
bool explain_unusable(const struct reason *r, const char *role, __u64 pid,
		      bool zombie_will_do);

/* That a process is missing, or a zombie. */
void explain_no_process(const struct reason *r, __u64 pid);

/* Says that a process belongs to another user, if that can have been the reason. */
bool explain_not_own(const struct reason *r, const char *role, __u64 pid,
		     int cap);

/* What most operations have in common: no process, a zombie, no permission; or the errno. */
void explain_usual(const struct reason *r, __u64 pid, int cap);

/* That too many calls sleep already. */
void explain_crowded(const struct reason *r, __u64 pid);

/* That the server is older than the operation. */
void explain_unknown_operation(const struct reason *r);

/* For what has no other reasons to be refused. */
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
