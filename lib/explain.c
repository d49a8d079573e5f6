// SPDX-License-Identifier: GPL-2.0-only
/*
 * Errors in words.
 *
 * An errno can have several reasons. Another look at the server finds the right
 * one; if the state has changed meanwhile, the sentence says no more than the
 * errno does.
 */
#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <linux/capability.h>

#include "explain.h"

#define ARRAY_SIZE(a) (sizeof(a) / sizeof((a)[0]))

/* The value of an id that has no mapping in this user namespace. */
#define OVERFLOW_ID 65534

void explain(const struct reason *r, const char *fmt, ...)
{
	const char *name = strerrorname_np(r->err);
	va_list ap;
	int n;

	va_start(ap, fmt);
	n = vsnprintf(r->buf, r->size, fmt, ap);
	va_end(ap);
	if (n < 0 || (size_t)n >= r->size)
		return;
	if (name)
		snprintf(r->buf + n, r->size - n, " (%s)", name);
	else
		snprintf(r->buf + n, r->size - n, " (errno %d)", r->err);
}

void explain_errno(const struct reason *r)
{
	explain(r, "%s", strerror(r->err));
}

bool explain_look(const struct reason *r, __u64 pid, struct procsrv_info *info)
{
	return !procsrv_get_info(r->fd, pid, info);
}

bool explain_unusable(const struct reason *r, const char *role, __u64 pid,
		      bool zombie_will_do)
{
	struct procsrv_info info;

	if (!explain_look(r, pid, &info)) {
		explain(r, "%sthere is no process %llu", role, pid);
		return true;
	}
	if (info.state == PROCSRV_ZOMBIE && !zombie_will_do) {
		explain(r, "%sprocess %llu is a zombie", role, pid);
		return true;
	}
	return false;
}

void explain_no_process(const struct reason *r, __u64 pid)
{
	if (!explain_unusable(r, "", pid, false))
		explain(r, "process %llu is no longer there, or was a zombie",
			pid);
}

static bool is_capable(int cap)
{
	struct __user_cap_header_struct header = {
		.version = _LINUX_CAPABILITY_VERSION_3,
	};
	struct __user_cap_data_struct data[_LINUX_CAPABILITY_U32S_3] = {};

	return !syscall(SYS_capget, &header, data) &&
	       data[CAP_TO_INDEX(cap)].effective & CAP_TO_MASK(cap);
}

static const char *cap_name(int cap)
{
	switch (cap) {
	case CAP_KILL:
		return "CAP_KILL";
	case CAP_SYS_RESOURCE:
		return "CAP_SYS_RESOURCE";
	}
	return "CAP_SYS_ADMIN";
}

bool explain_not_own(const struct reason *r, const char *role, __u64 pid, int cap)
{
	struct procsrv_info info;

	if (r->err != EPERM || !explain_look(r, pid, &info) || info.uid == geteuid())
		return false;
	if (is_capable(cap) && info.uid != OVERFLOW_ID)
		return false;
	explain(r, "%sprocess %llu belongs to user %u, and user %u needs %s for that",
		role, pid, info.uid, geteuid(), cap_name(cap));
	return true;
}

void explain_denied(const struct reason *r, __u64 pid, int cap)
{
	if (!explain_not_own(r, "", pid, cap))
		explain_errno(r);
}

void explain_usual(const struct reason *r, __u64 pid, int cap)
{
	if (r->err == ESRCH)
		explain_no_process(r, pid);
	else
		explain_denied(r, pid, cap);
}

void explain_crowded(const struct reason *r, __u64 pid)
{
	explain(r, "the user of process %llu has as many waits as max_user_sleepers allows",
		pid);
}

/* For operations that only read a process; their structures begin with its pid. */
static void explain_info(const struct reason *r, const void *data)
{
	const __u64 *pid = data;

	if (r->err == ESRCH)
		explain(r, "there is no process %llu", *pid);
	else
		explain_errno(r);
}

static void explain_list(const struct reason *r, const void *data)
{
	const struct procsrv_list_args *args = data;
	const char *what = args->scope == PROCSRV_LIST_SID ?
		"session" : "process group";

	if (r->err == ESRCH)
		explain(r, "there is no %s %u", what, args->id);
	else if (r->err == EINVAL)
		explain(r, "%s %u is invalid", what, args->id);
	else
		explain_errno(r);
}

static void explain_revoke(const struct reason *r, const void *data)
{
	const struct procsrv_revoke_args *args = data;

	explain_usual(r, args->pid ?: PROCSRV_INIT_PID, CAP_SYS_ADMIN);
}

/* Reaping is done on behalf of init. */
static void explain_reap(const struct reason *r, const void *data)
{
	(void)data;
	explain_denied(r, PROCSRV_INIT_PID, CAP_SYS_ADMIN);
}

static void explain_set_reaper(const struct reason *r, const void *data)
{
	const struct procsrv_set_reaper_args *args = data;

	if (r->err == EINVAL)
		explain(r, "%u is neither 1 nor 0", args->on);
	else if (r->err != EPERM)
		explain_usual(r, args->pid, CAP_SYS_ADMIN);
	else if (!explain_not_own(r, "", args->pid, CAP_SYS_ADMIN))
		explain(r, "process %llu is init, which is always a reaper",
			args->pid);
}

static void explain_subscribe(const struct reason *r, const void *data)
{
	const struct procsrv_subscribe_args *args = data;

	switch (r->err) {
	case ESRCH:
		explain(r, "there is no process %llu", args->pid);
		break;
	case EMFILE:
		explain(r, "user %u has as many subscriptions as max_user_readers allows",
			geteuid());
		break;
	case ENFILE:
		explain(r, "the server has the maximum number of subscriptions");
		break;
	case EINVAL:
		if (args->capacity > PROCSRV_RING_MAX)
			explain(r, "the capacity is at most %d events, not %u",
				PROCSRV_RING_MAX, args->capacity);
		else if (args->kinds & ~PROCSRV_EVENTS_ALL)
			explain(r, "the server does not know all of these kinds of events");
		else if (!args->kinds)
			explain(r, "a subscription needs at least one kind of event");
		else
			explain(r, "a subscription to descendants needs a process");
		break;
	default:
		explain_errno(r);
	}
}

/* Also for the handle: there is nothing to read from it. */
static void explain_open_process(const struct reason *r, const void *data)
{
	const struct procsrv_open_process_args *args = data;

	switch (r->err) {
	case ESRCH:
		explain(r, "there is no process %llu", args->pid);
		break;
	case EAGAIN:
		explain(r, "process %llu has not exited yet", args->pid);
		break;
	case ETIMEDOUT:
		explain(r, "process %llu did not exit in time", args->pid);
		break;
	case EMFILE:
		explain(r, "too many files, or handles of user %u, are open to open process %llu",
			geteuid(), args->pid);
		break;
	case ENFILE:
		explain(r, "too many files are open to open process %llu",
			args->pid);
		break;
	default:
		explain_errno(r);
	}
}

static void explain_new_server(const struct reason *r, const void *data)
{
	const struct procsrv_new_server_args *args = data;

	if (r->err == ESHUTDOWN)
		explain(r, "the server has been closed");
	else if (r->err == EOPNOTSUPP)
		explain(r, "it is not a private server");
	else if (r->err == EINVAL)
		explain(r, "the server does not know the flags %#x", args->flags);
	else if (r->err == EMFILE)
		explain(r, "too many files, or servers of user %u, are open for another server",
			geteuid());
	else if (r->err == ENFILE)
		explain(r, "too many files are open for another server");
	else
		explain_errno(r);
}

static const struct {
	unsigned long request;
	void (*explain)(const struct reason *r, const void *args);
} explainers[] = {
	{ PROCSRV_IOC_CREATE, explain_create },
	{ PROCSRV_IOC_EXEC, explain_exec },
	{ PROCSRV_IOC_TERMINATE, explain_terminate },
	{ PROCSRV_IOC_WAIT, explain_wait },
	{ PROCSRV_IOC_SIGNAL, explain_signal },
	{ PROCSRV_IOC_INFO, explain_info },
	{ PROCSRV_IOC_GET_LIMITS, explain_info },
	{ PROCSRV_IOC_SET_LIMITS, explain_set_limits },
	{ PROCSRV_IOC_UPDATE, explain_update },
	{ PROCSRV_IOC_CREATE_SESSION, explain_create_session },
	{ PROCSRV_IOC_CREATE_GROUP, explain_create_group },
	{ PROCSRV_IOC_SET_GROUP, explain_set_group },
	{ PROCSRV_IOC_SESSION, explain_session },
	{ PROCSRV_IOC_GROUP, explain_group },
	{ PROCSRV_IOC_SET_TERMINAL, explain_session },
	{ PROCSRV_IOC_HANG_UP, explain_session },
	{ PROCSRV_IOC_LIST_PIDS, explain_list },
	{ PROCSRV_IOC_LIST, explain_list },
	{ PROCSRV_IOC_REAP, explain_reap },
	{ PROCSRV_IOC_REVOKE, explain_revoke },
	{ PROCSRV_IOC_TAKE_SIGNAL, explain_take },
	{ PROCSRV_IOC_SET_REAPER, explain_set_reaper },
	{ PROCSRV_IOC_SET_AUTOREAP, explain_set_autoreap },
	{ PROCSRV_IOC_SET_FOREGROUND, explain_set_foreground },
	{ PROCSRV_IOC_REPORT, explain_report },
	{ PROCSRV_IOC_GET_CREDENTIALS, explain_info },
	{ PROCSRV_IOC_SET_CREDENTIALS, explain_set_credentials },
	{ PROCSRV_IOC_SUBSCRIBE, explain_subscribe },
	{ PROCSRV_IOC_OPEN_PROCESS, explain_open_process },
	{ PROCSRV_IOC_NEW_SERVER, explain_new_server },
};

void explain_unknown_operation(const struct reason *r)
{
	explain(r, "the server does not know this operation");
}

static void explain_call(const struct reason *r, unsigned long request,
			 const void *args)
{
	size_t i;

	switch (r->err) {
	case ENOMEM:
		explain(r, "the server is out of memory");
		return;
	case ENOTTY:
		/* Only this operation has other reasons for ENOTTY. */
		if (request == PROCSRV_IOC_SET_FOREGROUND)
			break;
		explain_unknown_operation(r);
		return;
	}

	for (i = 0; i < ARRAY_SIZE(explainers); i++) {
		if (explainers[i].request == request) {
			explainers[i].explain(r, args);
			return;
		}
	}
	explain_errno(r);
}

void procsrv_explain(int fd, unsigned long request, const void *args, int err,
		     char *buf, size_t size)
{
	const struct reason r = {
		.fd = fd, .err = err, .buf = buf, .size = size,
	};
	int saved = errno;

	explain_call(&r, request, args);
	errno = saved;
}
