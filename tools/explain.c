// SPDX-License-Identifier: GPL-2.0-only
/*
 * Errors in words.
 *
 * An errno can stand for several reasons. Which one it was is found out by
 * looking at the server once more; when the answer has changed meanwhile, the
 * sentence says no more than the errno does.
 */
#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <linux/capability.h>

#include "explain.h"

/* What an id reads as that is not known in this user namespace. */
#define OVERFLOW_ID 65534

void say(const struct reason *r, const char *fmt, ...)
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

void say_errno(const struct reason *r)
{
	say(r, "%s", strerror(r->err));
}

bool look(const struct reason *r, __u64 pid, struct procsrv_info *info)
{
	return !procsrv_get_info(r->fd, pid, info);
}

/* Who leads a session or a group; 0 where there is none. */
static __u64 session_leader(const struct reason *r, __u32 sid)
{
	struct procsrv_session_args session;

	return procsrv_get_session(r->fd, sid, &session, NULL, 0) ?
	       0 : session.leader;
}

/*
 * Says that a process is missing or a zombie, if it is. @role is what the
 * process was to be, ending in ", ", or an empty string.
 */
static bool say_unusable(const struct reason *r, const char *role, __u64 pid,
			 bool zombie_will_do)
{
	struct procsrv_info info;

	if (!look(r, pid, &info)) {
		say(r, "%sthere is no process %llu", role, pid);
		return true;
	}
	if (info.state == PROCSRV_ZOMBIE && !zombie_will_do) {
		say(r, "%sprocess %llu is a zombie", role, pid);
		return true;
	}
	return false;
}

void say_no_process(const struct reason *r, __u64 pid)
{
	if (!say_unusable(r, "", pid, false))
		say(r, "process %llu is no longer there, or was a zombie",
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

bool say_not_own(const struct reason *r, const char *role, __u64 pid, int cap)
{
	struct procsrv_info info;

	if (r->err != EPERM || !look(r, pid, &info) || info.uid == geteuid())
		return false;
	if (is_capable(cap) && info.uid != OVERFLOW_ID)
		return false;
	say(r, "%sprocess %llu belongs to user %u, and user %u needs %s for that",
	    role, pid, info.uid, geteuid(), cap_name(cap));
	return true;
}

void explain_denied(const struct reason *r, __u64 pid, int cap)
{
	if (!say_not_own(r, "", pid, cap))
		say_errno(r);
}

static void say_too_much(const struct reason *r, __u64 pid)
{
	struct procsrv_info info;

	if (look(r, pid, &info))
		say(r, "user %u would have more bytes of strings than it may",
		    info.uid);
	else
		say_errno(r);
}

static void explain_strings(const struct reason *r, __u32 argv_len,
			    __u32 envp_len)
{
	const char *list = argv_len > PROCSRV_STRINGS_MAX ?
		"command line" : "environment";
	__u32 len = argv_len > PROCSRV_STRINGS_MAX ? argv_len : envp_len;

	switch (r->err) {
	case ENAMETOOLONG:
		say(r, "the name is longer than %d bytes", PROCSRV_NAME_MAX);
		break;
	case E2BIG:
		say(r, "the %s has %u bytes, %d can be kept", list, len,
		    PROCSRV_STRINGS_MAX);
		break;
	default:
		say_errno(r);
	}
}

static void explain_create(const struct reason *r, const void *data)
{
	const struct procsrv_create_args *args = data;

	switch (r->err) {
	case ESRCH:
		if (!say_unusable(r, "the parent: ", args->parent, false))
			say_no_process(r, args->parent);
		break;
	case ESHUTDOWN:
		say(r, "the server has been closed");
		break;
	case EAGAIN:
		say(r, "user %u, or all, have as many processes as may be, or %llu ancestors",
		    args->uid, args->parent);
		break;
	case EINVAL:
		if (args->notify > 64)
			say(r, "signal %u is not one of 0 to 64", args->notify);
		else
			say(r, "user %u or group %u is not known in this user namespace",
			    args->uid, args->gid);
		break;
	case EDQUOT:
		say(r, "user %u would have more bytes of strings than it may",
		    args->uid);
		break;
	case EPERM:
		if (args->parent == PROCSRV_INIT_PID ||
		    !say_not_own(r, "the parent: ", args->parent,
				 CAP_SYS_ADMIN))
			say(r, "user %u may not create processes of user %u and group %u",
			    geteuid(), args->uid, args->gid);
		break;
	default:
		explain_strings(r, args->argv_len, args->envp_len);
	}
}

static void explain_exec(const struct reason *r, const void *data)
{
	const struct procsrv_exec_args *args = data;

	switch (r->err) {
	case ESRCH:
		say_no_process(r, args->pid);
		break;
	case EPERM:
		explain_denied(r, args->pid, CAP_SYS_ADMIN);
		break;
	case EDQUOT:
		say_too_much(r, args->pid);
		break;
	default:
		explain_strings(r, args->argv_len, args->envp_len);
	}
}

static void explain_terminate(const struct reason *r, const void *data)
{
	const struct procsrv_terminate_args *args = data;

	switch (r->err) {
	case ESRCH:
		say_no_process(r, args->pid);
		break;
	case EPERM:
		if (args->pid != PROCSRV_INIT_PID)
			explain_denied(r, args->pid, CAP_KILL);
		else
			say(r, "process %llu is init, which cannot exit",
			    args->pid);
		break;
	case EINVAL:
		say(r, "signal %u is not one of 1 to 64", args->exit_signal);
		break;
	default:
		say_errno(r);
	}
}

/* Clone children, or others? */
static bool waits_for_kind(const struct procsrv_wait_args *args,
			   const struct procsrv_info *info)
{
	bool clones = args->flags & PROCSRV_WAIT_WCLONE;

	return args->flags & PROCSRV_WAIT_WALL ||
	       clones == !!(info->flags & PROCSRV_INFO_CLONE);
}

static void explain_no_child(const struct reason *r,
			     const struct procsrv_wait_args *args)
{
	bool exits = args->what & PROCSRV_WAIT_EXITED;
	struct procsrv_info info;

	if (args->which == PROCSRV_WAIT_PID) {
		if (!look(r, args->id, &info))
			say(r, "there is no process %llu to wait for",
			    args->id);
		else if (info.ppid != args->parent)
			say(r, "process %llu is not a child of process %llu",
			    args->id, args->parent);
		else if (!waits_for_kind(args, &info))
			say(r, "process %llu is %s child: see --clone and --all",
			    args->id, info.flags & PROCSRV_INFO_CLONE ?
			    "a clone" : "no clone");
		else
			say(r, "process %llu is a zombie and will not change",
			    args->id);
	} else if (args->which == PROCSRV_WAIT_PGID) {
		say(r, "process %llu has no %schildren in process group %llu",
		    args->parent, exits ? "" : "live ", args->id);
	} else {
		say(r, "process %llu has no %schildren", args->parent,
		    exits ? "" : "live ");
	}
}

static void say_crowded(const struct reason *r, __u64 pid)
{
	say(r, "as many wait for the processes of the user of process %llu as may",
	    pid);
}

static void explain_wait(const struct reason *r, const void *data)
{
	const struct procsrv_wait_args *args = data;

	switch (r->err) {
	case ECHILD:
		explain_no_child(r, args);
		break;
	case EAGAIN:
		if (args->flags & PROCSRV_WAIT_NOHANG)
			say(r, "no child of process %llu has anything to report yet",
			    args->parent);
		else
			say_crowded(r, args->parent);
		break;
	case EPERM:
		explain_denied(r, args->parent, CAP_SYS_ADMIN);
		break;
	case ETIMEDOUT:
		say(r, "no child of process %llu had anything to report in time",
		    args->parent);
		break;
	case ESRCH:
		say_no_process(r, args->parent);
		break;
	case EINTR:
		say(r, "interrupted while waiting for a child of process %llu",
		    args->parent);
		break;
	case EINVAL:
		say(r, "%s %llu makes no sense",
		    args->which == PROCSRV_WAIT_PID ? "process" :
		    "process group", args->id);
		break;
	default:
		say_errno(r);
	}
}

static const char *target_name(__u32 target)
{
	switch (target) {
	case PROCSRV_TARGET_PGID:
		return "process group";
	case PROCSRV_TARGET_SID:
		return "session";
	}
	return "process";
}

static void explain_no_victim(const struct reason *r,
			      const struct procsrv_signal_args *args)
{
	bool is_process = args->target == PROCSRV_TARGET_PID ||
			  args->target == PROCSRV_TARGET_TREE;

	if (args->sender &&
	    say_not_own(r, "the sender: ", args->sender, CAP_KILL))
		return;
	if (is_process && args->id == PROCSRV_INIT_PID)
		say(r, "process %llu is init, which cannot be ended or stopped",
		    args->id);
	else if (args->target == PROCSRV_TARGET_PID)
		explain_denied(r, args->id, CAP_KILL);
	else
		say(r, "user %u may signal none of these processes", geteuid());
}

static void explain_signal(const struct reason *r, const void *data)
{
	const struct procsrv_signal_args *args = data;

	switch (r->err) {
	case ESRCH:
		if (args->sender &&
		    say_unusable(r, "the sender: ", args->sender, false))
			break;
		if (args->target == PROCSRV_TARGET_ALL)
			say(r, "there is nobody but init%s to signal",
			    args->sender ? " and the sender" : "");
		else
			say(r, "there is no %s %llu",
			    target_name(args->target), args->id);
		break;
	case EPERM:
		explain_no_victim(r, args);
		break;
	case EINVAL:
		if (args->signo < 0 || args->signo > 64)
			say(r, "signal %d is not one of 0 to 64", args->signo);
		else
			say(r, "%s %llu makes no sense",
			    target_name(args->target), args->id);
		break;
	default:
		say_errno(r);
	}
}

static void explain_take(const struct reason *r, const void *data)
{
	const struct procsrv_take_signal_args *args = data;
	const char *such = args->mask == ~0ULL ? "signal" : "such signal";

	switch (r->err) {
	case EAGAIN:
		if (args->flags & PROCSRV_TAKE_NOHANG)
			say(r, "process %llu has no %s pending", args->pid,
			    such);
		else
			say_crowded(r, args->pid);
		break;
	case EPERM:
		explain_denied(r, args->pid, CAP_SYS_ADMIN);
		break;
	case ETIMEDOUT:
		say(r, "process %llu was sent no %s in time", args->pid, such);
		break;
	case EINTR:
		say(r, "interrupted while waiting for a signal to process %llu",
		    args->pid);
		break;
	case ESRCH:
		say_no_process(r, args->pid);
		break;
	case EINVAL:
		if (args->mask)
			say(r, "a time is given, but not to be used");
		else
			say(r, "no signal will do");
		break;
	default:
		say_errno(r);
	}
}

/* Of what only looks at a process; all of the structures begin with its pid. */
static void explain_info(const struct reason *r, const void *data)
{
	const __u64 *pid = data;

	if (r->err == ESRCH)
		say(r, "there is no process %llu", *pid);
	else
		say_errno(r);
}

static void explain_set_limits(const struct reason *r, const void *data)
{
	const struct procsrv_limits_args *args = data;
	const struct procsrv_limits *l = &args->limits;

	if (r->err == ESRCH)
		say_no_process(r, args->pid);
	else if (r->err == EPERM)
		say(r, "process %llu is another's: it takes CAP_SYS_RESOURCE or CAP_SYS_ADMIN",
		    args->pid);
	else if (r->err == EINVAL && !l->max_threads)
		say(r, "process %llu must be allowed one thread at least",
		    args->pid);
	else if (r->err == EINVAL && (l->nice < -20 || l->nice > 19))
		say(r, "nice %d is not one of -20 to 19", l->nice);
	else
		say_errno(r);
}

static void explain_update(const struct reason *r, const void *data)
{
	const struct procsrv_update_args *args = data;

	switch (r->err) {
	case ESRCH:
		say_no_process(r, args->pid);
		break;
	case EPERM:
		explain_denied(r, args->pid, CAP_SYS_ADMIN);
		break;
	case EDQUOT:
		say_too_much(r, args->pid);
		break;
	case EBUSY:
		say(r, "process %llu is stopped, only signal 18 continues it",
		    args->pid);
		break;
	case ENAMETOOLONG:
		say(r, "the directory is longer than %d bytes",
		    PROCSRV_PATH_MAX - 1);
		break;
	case EINVAL:
		if (args->mask & PROCSRV_UPDATE_THREADS && !args->thread_count)
			say(r, "process %llu must have one thread at least",
			    args->pid);
		else if (args->mask & PROCSRV_UPDATE_STATE &&
			 args->state > PROCSRV_SLEEPING)
			say(r, "only running and sleeping can be reported");
		else if (args->mask & PROCSRV_UPDATE_CWD)
			say(r, "the directory is not an absolute path");
		else
			say_errno(r);
		break;
	default:
		say_errno(r);
	}
}

static void explain_create_session(const struct reason *r, const void *data)
{
	const struct procsrv_create_session_args *args = data;
	__u64 pid = args->leader;
	struct procsrv_info info;

	if (r->err == ESRCH)
		say_no_process(r, pid);
	else if (r->err != EPERM)
		say_errno(r);
	else if (pid == PROCSRV_INIT_PID)
		say(r, "process %llu is init, which leads no session",
		    pid);
	else if (look(r, pid, &info) && info.sid &&
		 session_leader(r, info.sid) == pid)
		say(r, "process %llu leads session %u already", pid,
		    info.sid);
	else if (!say_not_own(r, "", pid, CAP_SYS_ADMIN))
		say(r, "process %llu leads a process group with other members",
		    pid);
}

/* What create group and set group refuse alike. */
static void explain_setpgid(const struct reason *r, __u64 caller, __u64 pid,
			    __u32 sid)
{
	struct procsrv_info info, by;

	if (r->err == ESRCH) {
		if (caller && say_unusable(r, "the caller: ", caller, false))
			return;
		if (say_unusable(r, "", pid, true))
			return;
		if (sid && !session_leader(r, sid))
			say(r, "there is no session %u", sid);
		else
			say(r, "process %llu is neither process %llu nor a child of it",
			    pid, caller);
	} else if (r->err == EACCES) {
		say(r, "process %llu, a child of process %llu, has called exec",
		    pid, caller);
	} else if (say_not_own(r, "", pid, CAP_SYS_ADMIN) ||
		   (caller && say_not_own(r, "the caller: ", caller,
					  CAP_SYS_ADMIN))) {
		return;
	} else if (r->err != EPERM || !look(r, pid, &info)) {
		say_errno(r);
	} else if (pid == PROCSRV_INIT_PID) {
		say(r, "process %llu is init, which is in no process group",
		    pid);
	} else if (caller && caller != pid && look(r, caller, &by) &&
		   by.sid != info.sid) {
		say(r, "process %llu is in session %u, its parent %llu in session %u",
		    pid, info.sid, caller, by.sid);
	} else if (info.sid && session_leader(r, info.sid) == pid) {
		say(r, "process %llu leads session %u", pid, info.sid);
	} else if (info.sid != sid) {
		say(r, "process %llu is in session %u, not in session %u",
		    pid, info.sid, sid);
	} else {
		say_errno(r);
	}
}

static void explain_create_group(const struct reason *r, const void *data)
{
	const struct procsrv_create_group_args *args = data;

	explain_setpgid(r, args->caller, args->leader, args->sid);
}

static void explain_set_group(const struct reason *r, const void *data)
{
	const struct procsrv_set_group_args *args = data;
	struct procsrv_group_args group = {};
	bool denied = r->err == EPERM;

	if (denied && args->pid != PROCSRV_INIT_PID &&
	    procsrv_get_group(r->fd, args->pgid, &group))
		say(r, "there is no process group %u", args->pgid);
	else
		explain_setpgid(r, args->caller, args->pid, group.sid);
}

/* The three that name a session, as the first member of their structure. */
static void explain_session(const struct reason *r, const void *data)
{
	const __u32 *sid = data;

	switch (r->err) {
	case ESRCH:
		say(r, "there is no session %u", *sid);
		break;
	case ENAMETOOLONG:
		say(r, "the name of the terminal is longer than %d bytes",
		    PROCSRV_NAME_MAX);
		break;
	case EPERM:
		say(r, "session %u belongs to somebody else", *sid);
		break;
	case EINVAL:
		say(r, "a terminal must have a name");
		break;
	default:
		say_errno(r);
	}
}

static void explain_group(const struct reason *r, const void *data)
{
	const struct procsrv_group_args *args = data;

	if (r->err == ESRCH)
		say(r, "there is no process group %u", args->pgid);
	else
		say_errno(r);
}

static void explain_list(const struct reason *r, const void *data)
{
	const struct procsrv_list_args *args = data;
	const char *what = args->scope == PROCSRV_LIST_SID ?
		"session" : "process group";

	if (r->err == ESRCH)
		say(r, "there is no %s %u", what, args->id);
	else if (r->err == EINVAL)
		say(r, "%s %u makes no sense", what, args->id);
	else
		say_errno(r);
}

static void explain_revoke(const struct reason *r, const void *data)
{
	const struct procsrv_revoke_args *args = data;

	if (r->err == ESRCH)
		say_no_process(r, args->pid);
	else
		explain_denied(r, args->pid ?: PROCSRV_INIT_PID,
			       CAP_SYS_ADMIN);
}

/* To reap is to act for init. */
static void explain_reap(const struct reason *r, const void *data)
{
	(void)data;
	explain_denied(r, PROCSRV_INIT_PID, CAP_SYS_ADMIN);
}

static void explain_set_reaper(const struct reason *r, const void *data)
{
	const struct procsrv_set_reaper_args *args = data;

	switch (r->err) {
	case ESRCH:
		say_no_process(r, args->pid);
		break;
	case EPERM:
		if (!say_not_own(r, "", args->pid, CAP_SYS_ADMIN))
			say(r, "process %llu is init, which is always a reaper",
			    args->pid);
		break;
	case EINVAL:
		say(r, "%u is neither 1 nor 0", args->on);
		break;
	default:
		say_errno(r);
	}
}

static void explain_subscribe(const struct reason *r, const void *data)
{
	const struct procsrv_subscribe_args *args = data;

	switch (r->err) {
	case ESRCH:
		say(r, "there is no process %llu", args->pid);
		break;
	case EMFILE:
		say(r, "user %u has as many subscriptions as it may",
		    geteuid());
		break;
	case ENFILE:
		say(r, "the server has as many subscriptions as it may");
		break;
	case EINVAL:
		if (args->capacity > PROCSRV_RING_MAX)
			say(r, "there can be room for %d events, not for %u",
			    PROCSRV_RING_MAX, args->capacity);
		else if (args->kinds & ~PROCSRV_EVENTS_ALL)
			say(r, "the server does not know all of these kinds of events");
		else if (!args->kinds)
			say(r, "without kinds of events nothing can be asked for");
		else
			say(r, "descendants of no process");
		break;
	default:
		say_errno(r);
	}
}

/* And what is said of the handle: that there is nothing to read from it. */
static void explain_open_process(const struct reason *r, const void *data)
{
	const struct procsrv_open_process_args *args = data;

	switch (r->err) {
	case ESRCH:
		say(r, "there is no process %llu", args->pid);
		break;
	case EAGAIN:
		say(r, "process %llu has not exited yet", args->pid);
		break;
	case ETIMEDOUT:
		say(r, "process %llu did not exit in time", args->pid);
		break;
	case EMFILE:
		say(r, "too many files, or handles of user %u, are open to open process %llu",
		    geteuid(), args->pid);
		break;
	case ENFILE:
		say(r, "too many files are open to open process %llu",
		    args->pid);
		break;
	default:
		say_errno(r);
	}
}

static void explain_new_server(const struct reason *r, const void *data)
{
	const struct procsrv_new_server_args *args = data;

	if (r->err == ESHUTDOWN)
		say(r, "the server has been closed");
	else if (r->err == EOPNOTSUPP)
		say(r, "it is not a private server");
	else if (r->err == EINVAL)
		say(r, "the server does not know the flags %#x", args->flags);
	else if (r->err == EMFILE)
		say(r, "too many files, or servers of user %u, are open for another server",
		    geteuid());
	else if (r->err == ENFILE)
		say(r, "too many files are open for another server");
	else
		say_errno(r);
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

void say_unknown_operation(const struct reason *r)
{
	say(r, "the server does not know this operation");
}

void client_explain(int fd, unsigned long request, const void *args, int err,
		    char *buf, size_t size)
{
	const struct reason r = {
		.fd = fd, .err = err, .buf = buf, .size = size,
	};
	size_t i;

	switch (err) {
	case ENOMEM:
		say(&r, "the server is out of memory");
		return;
	case ENOTTY:
		/* Only that one has other reasons for it. */
		if (request == PROCSRV_IOC_SET_FOREGROUND)
			break;
		say_unknown_operation(&r);
		return;
	}

	for (i = 0; i < ARRAY_SIZE(explainers); i++) {
		if (explainers[i].request == request) {
			explainers[i].explain(&r, args);
			return;
		}
	}
	say_errno(&r);
}
