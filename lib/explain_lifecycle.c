// SPDX-License-Identifier: GPL-2.0-only
/*
 * Errors in words: of the lifecycle, and of reports.
 */
#include <errno.h>
#include <unistd.h>

#include <linux/capability.h>

#include "explain.h"

static void say_too_much(const struct reason *r, __u64 pid)
{
	struct procsrv_info info;

	if (explain_look(r, pid, &info))
		explain(r, "user %u would have more bytes of strings than max_user_strings allows",
			info.uid);
	else
		explain_errno(r);
}

static void explain_strings(const struct reason *r, __u32 argv_len,
			    __u32 envp_len)
{
	const char *list = argv_len > PROCSRV_STRINGS_MAX ?
		"command line" : "environment";
	__u32 len = argv_len > PROCSRV_STRINGS_MAX ? argv_len : envp_len;

	switch (r->err) {
	case ENAMETOOLONG:
		explain(r, "the name is longer than %d bytes", PROCSRV_NAME_MAX);
		break;
	case E2BIG:
		explain(r, "the %s has %u bytes, %d can be kept", list, len,
			PROCSRV_STRINGS_MAX);
		break;
	default:
		explain_errno(r);
	}
}

void explain_create(const struct reason *r, const void *data)
{
	const struct procsrv_create_args *args = data;

	switch (r->err) {
	case ESRCH:
		if (!explain_unusable(r, "the parent: ", args->parent, false))
			explain_no_process(r, args->parent);
		break;
	case ESHUTDOWN:
		explain(r, "the server has been closed");
		break;
	case EAGAIN:
		explain(r,
			"the server or user %u has too many processes, or process %llu has too many ancestors",
			args->uid, args->parent);
		break;
	case EINVAL:
		if (args->notify > 64)
			explain(r, "signal %u is not one of 0 to 64", args->notify);
		else
			explain(r, "user %u or group %u is not known in this user namespace",
				args->uid, args->gid);
		break;
	case EDQUOT:
		explain(r, "user %u would have more bytes of strings than max_user_strings allows",
			args->uid);
		break;
	case EPERM:
		if (args->parent == PROCSRV_INIT_PID ||
		    !explain_not_own(r, "the parent: ", args->parent,
				     CAP_SYS_ADMIN))
			explain(r, "user %u may not create processes of user %u and group %u",
				geteuid(), args->uid, args->gid);
		break;
	default:
		explain_strings(r, args->argv_len, args->envp_len);
	}
}

void explain_exec(const struct reason *r, const void *data)
{
	const struct procsrv_exec_args *args = data;

	switch (r->err) {
	case ESRCH:
	case EPERM:
		explain_usual(r, args->pid, CAP_SYS_ADMIN);
		break;
	case EDQUOT:
		say_too_much(r, args->pid);
		break;
	default:
		explain_strings(r, args->argv_len, args->envp_len);
	}
}

void explain_terminate(const struct reason *r, const void *data)
{
	const struct procsrv_terminate_args *args = data;

	if (r->err == EINVAL)
		explain(r, "signal %u is not one of 1 to 64", args->exit_signal);
	else if (r->err == EPERM && args->pid == PROCSRV_INIT_PID)
		explain(r, "process %llu is init, which cannot exit", args->pid);
	else
		explain_usual(r, args->pid, CAP_KILL);
}

/* Is the process of a kind that the wait is for: a clone child, or another? */
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
		if (!explain_look(r, args->id, &info))
			explain(r, "there is no process %llu to wait for",
				args->id);
		else if (info.ppid != args->parent)
			explain(r, "process %llu is not a child of process %llu",
				args->id, args->parent);
		else if (!waits_for_kind(args, &info))
			explain(r, info.flags & PROCSRV_INFO_CLONE ?
				"process %llu is a clone child, and those are not waited for" :
				"process %llu is no clone child, and only those are waited for",
				args->id);
		else
			explain(r, "process %llu is a zombie and will not change",
				args->id);
	} else if (args->which == PROCSRV_WAIT_PGID) {
		explain(r, "process %llu has no %schildren in process group %llu",
			args->parent, exits ? "" : "live ", args->id);
	} else {
		explain(r, "process %llu has no %schildren", args->parent,
			exits ? "" : "live ");
	}
}

void explain_wait(const struct reason *r, const void *data)
{
	const struct procsrv_wait_args *args = data;

	switch (r->err) {
	case ECHILD:
		explain_no_child(r, args);
		break;
	case EAGAIN:
		if (args->flags & PROCSRV_WAIT_NOHANG)
			explain(r, "no child of process %llu has anything to report yet",
				args->parent);
		else
			explain_crowded(r, args->parent);
		break;
	case ETIMEDOUT:
		explain(r, "no child of process %llu had anything to report in time",
			args->parent);
		break;
	case EINTR:
		explain(r, "interrupted while waiting for a child of process %llu",
			args->parent);
		break;
	case EINVAL:
		explain(r, "%s %llu is invalid",
			args->which == PROCSRV_WAIT_PID ? "process" :
			"process group", args->id);
		break;
	default:
		explain_usual(r, args->parent, CAP_SYS_ADMIN);
	}
}

void explain_set_limits(const struct reason *r, const void *data)
{
	const struct procsrv_limits_args *args = data;
	const struct procsrv_limits *l = &args->limits;

	if (r->err == ESRCH)
		explain_no_process(r, args->pid);
	else if (r->err == EPERM)
		explain(r,
			"process %llu belongs to another user: CAP_SYS_RESOURCE is needed to raise a limit, CAP_SYS_ADMIN to lower one",
			args->pid);
	else if (r->err == EINVAL && !l->max_threads)
		explain(r, "process %llu must be allowed at least one thread",
			args->pid);
	else if (r->err == EINVAL && (l->nice < -20 || l->nice > 19))
		explain(r, "nice %d is not one of -20 to 19", l->nice);
	else
		explain_errno(r);
}

void explain_update(const struct reason *r, const void *data)
{
	const struct procsrv_update_args *args = data;

	switch (r->err) {
	case EDQUOT:
		say_too_much(r, args->pid);
		break;
	case EBUSY:
		explain(r, "process %llu is stopped, only SIGCONT continues it",
			args->pid);
		break;
	case ENAMETOOLONG:
		explain(r, "the directory is longer than %d bytes",
			PROCSRV_PATH_MAX - 1);
		break;
	case EINVAL:
		if (args->mask & PROCSRV_UPDATE_THREADS && !args->thread_count)
			explain(r, "process %llu must have at least one thread",
				args->pid);
		else if (args->mask & PROCSRV_UPDATE_STATE &&
			 args->state > PROCSRV_SLEEPING)
			explain(r, "only the states running and sleeping can be reported");
		else if (args->mask & PROCSRV_UPDATE_CWD)
			explain(r, "the directory is not an absolute path");
		else
			explain_errno(r);
		break;
	default:
		explain_usual(r, args->pid, CAP_SYS_ADMIN);
	}
}
