// SPDX-License-Identifier: GPL-2.0-only
/*
 * Events and handles: everything that is read with read(2).
 */
#include <errno.h>
#include <unistd.h>

#include <procsrv.h>

int procsrv_subscribe(int fd, __u64 pid, __u32 kinds, __u32 capacity,
		      __u32 flags, __u64 *seq)
{
	struct procsrv_subscribe_args args = {
		.pid = pid,
		.kinds = kinds,
		.capacity = capacity,
		.flags = flags,
	};
	int ret = procsrv_call(fd, PROCSRV_IOC_SUBSCRIBE, &args);

	if (!ret && seq)
		*seq = args.seq;
	return ret;
}

static ssize_t read_records(int fd, void *buf, size_t size)
{
	int saved = errno;
	ssize_t n = read(fd, buf, size);

	if (n < 0) {
		n = -errno;
		errno = saved;
	}
	return n;
}

ssize_t procsrv_read_events(int fd, struct procsrv_event *events, size_t count)
{
	ssize_t n = read_records(fd, events, count * sizeof(*events));

	return n < 0 ? n : n / (ssize_t)sizeof(*events);
}

int procsrv_open_process(int fd, __u64 pid, __u32 flags)
{
	struct procsrv_open_process_args args = {
		.pid = pid,
		.flags = flags,
	};
	int ret = procsrv_call(fd, PROCSRV_IOC_OPEN_PROCESS, &args);

	return ret ? ret : args.fd;
}

int procsrv_read_exit_record(int handle, struct procsrv_exit_record *record)
{
	ssize_t n = read_records(handle, record, sizeof(*record));

	if (n < 0)
		return n;

	/* A descriptor that returns less is not a handle. */
	return n == sizeof(*record) ? 0 : -EINVAL;
}
