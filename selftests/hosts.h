/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * procsrv selftests - hosted processes, and calls of their hosts
 */
#ifndef SELFTESTS_HOSTS_H
#define SELFTESTS_HOSTS_H

#include "handles.h"

#define HOSTED PROCSRV_CREATE_HOSTED
#define EXIT_SIGNAL PROCSRV_CREATE_EXIT_SIGNAL

static inline int create_with(int fd, __u64 parent, __u32 flags, __u32 notify,
			      __u64 *pid)
{
	struct procsrv_create_args args = {
		.parent = parent,
		.name = flags & PROCSRV_CREATE_INHERIT ? 0 : to_u64("hosted"),
		.flags = flags,
		.notify = notify,
		.pid = flags & PROCSRV_CREATE_PID ? *pid : PATTERN64,
	};
	int ret = call(fd, PROCSRV_IOC_CREATE, &args);

	*pid = args.pid;
	return ret;
}

static inline int create_hosted(int fd, __u64 parent, __u64 *pid)
{
	return create_with(fd, parent, HOSTED, 0, pid);
}

/* Creates a process with @pid. Returns -EBADMSG if it got another one. */
static inline int create_given(int fd, __u64 parent, __u64 pid)
{
	__u64 got = pid;
	int ret = create_with(fd, parent, PROCSRV_CREATE_PID, 0, &got);

	return ret ? ret : got == pid ? 0 : -EBADMSG;
}

static inline int report(int fd, __u64 pid, __u32 what, __s32 signo)
{
	struct procsrv_report_args args = {
		.pid = pid,
		.what = what,
		.signo = signo,
	};

	return call(fd, PROCSRV_IOC_REPORT, &args);
}

static inline struct procsrv_take_signal_args take_args(__u64 pid, __u32 flags)
{
	return (struct procsrv_take_signal_args) {
		.pid = pid,
		.mask = ~0ULL,
		.flags = flags,
		.sender = PATTERN64,
		.signo = PATTERN32,
		.count = PATTERN64,
		.target = PATTERN64,
		.origin = PATTERN32,
	};
}

static inline int take(int fd, struct procsrv_take_signal_args *args)
{
	return call(fd, PROCSRV_IOC_TAKE_SIGNAL, args);
}

/* Whether nothing was written to arguments from take_args(). */
static inline bool take_is_untouched(const struct procsrv_take_signal_args *args)
{
	return args->sender == PATTERN64 && args->count == PATTERN64 &&
	       args->signo == (__s32)PATTERN32 && args->target == PATTERN64 &&
	       args->origin == PATTERN32;
}

static inline int set_autoreap(int fd, __u64 pid, __u32 on)
{
	struct procsrv_set_autoreap_args args = { .pid = pid, .on = on };

	return call(fd, PROCSRV_IOC_SET_AUTOREAP, &args);
}

static inline int set_foreground(int fd, __u32 sid, __u32 pgid)
{
	struct procsrv_set_foreground_args args = { .sid = sid, .pgid = pgid };

	return call(fd, PROCSRV_IOC_SET_FOREGROUND, &args);
}

#endif /* SELFTESTS_HOSTS_H */
