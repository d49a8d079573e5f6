/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Errors in words: what the two files about them share.
 */
#ifndef PROCSRV_EXPLAIN_H
#define PROCSRV_EXPLAIN_H

#include "client.h"

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
void say(const struct reason *r, const char *fmt, ...)
	__attribute__((format(printf, 2, 3)));

/* What strerror(3) has to say of it. */
void say_errno(const struct reason *r);

/* False if the process is not there. */
bool look(const struct reason *r, __u64 pid, struct procsrv_info *info);

/* That a process is missing, or a zombie. */
void say_no_process(const struct reason *r, __u64 pid);

/*
 * Says that a process is somebody else's, if that can have been the reason.
 * @role is what the process was to be, ending in ": ", or an empty string.
 */
bool say_not_own(const struct reason *r, const char *role, __u64 pid, int cap);

/* That the server is older than the operation. */
void say_unknown_operation(const struct reason *r);

/* For what has no other reasons to be refused. */
void explain_denied(const struct reason *r, __u64 pid, int cap);

/*
 * One for each operation (explain_hosted.c). @data is its structure.
 */

void explain_set_autoreap(const struct reason *r, const void *data);
void explain_report(const struct reason *r, const void *data);
void explain_set_credentials(const struct reason *r, const void *data);
void explain_set_foreground(const struct reason *r, const void *data);

#endif /* PROCSRV_EXPLAIN_H */
