/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * procsrv selftests - handles of processes, and private servers
 */
#ifndef SELFTESTS_HANDLES_H
#define SELFTESTS_HANDLES_H

#include <poll.h>

#include "fixture.h"

static inline int open_device(void)
{
	return open(DEVICE, O_RDWR | O_CLOEXEC);
}

/* A descriptor, or a negative errno. */
static inline int open_process(int fd, __u64 pid, __u32 flags)
{
	struct procsrv_open_process_args args = {
		.pid = pid,
		.flags = flags,
		.fd = PATTERN32,
	};
	int ret = call(fd, PROCSRV_IOC_OPEN_PROCESS, &args);

	return ret ? ret : args.fd;
}

/* A descriptor, or a negative errno; -EBADMSG if a failure has written one. */
static inline int new_server_as(int fd, __u32 flags)
{
	struct procsrv_new_server_args args = {
		.flags = flags,
		.fd = PATTERN32,
	};
	int ret = call(fd, PROCSRV_IOC_NEW_SERVER, &args);

	if (ret && args.fd != (__s32)PATTERN32)
		return -EBADMSG;
	return ret ? ret : args.fd;
}

static inline int new_server(int fd)
{
	return new_server_as(fd, 0);
}

static inline int create_tied(int fd, __u64 parent, __u64 *pid)
{
	struct procsrv_create_args args = {
		.parent = parent,
		.name = to_u64("tied"),
		.flags = PROCSRV_CREATE_TIED,
		.pid = PATTERN64,
	};
	int ret = call(fd, PROCSRV_IOC_CREATE, &args);

	*pid = args.pid;
	return ret;
}

/* 0 or a negative errno; -EIO if it is not one record. */
static inline int read_record(int handle, struct procsrv_exit_record *record)
{
	ssize_t n;

	memset(record, PATTERN, sizeof(*record));
	n = read(handle, record, sizeof(*record));
	if (n < 0)
		return -errno;
	return n == sizeof(*record) ? 0 : -EIO;
}

/* Those of @events that poll(2) reports for a descriptor within @timeout. */
static inline int polled_for(int fd, short events, int timeout)
{
	struct pollfd p = { .fd = fd, .events = events };
	int n = poll(&p, 1, timeout);

	return n < 0 ? -errno : n ? p.revents : 0;
}

static inline int polled(int fd, int timeout)
{
	return polled_for(fd, POLLIN, timeout);
}

#endif /* SELFTESTS_HANDLES_H */
