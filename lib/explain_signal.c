// SPDX-License-Identifier: GPL-2.0-only
/*
 * Errors in words: of signals.
 */
#include <errno.h>
#include <unistd.h>

#include <linux/capability.h>

#include "explain.h"

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
	    explain_not_own(r, "the sender: ", args->sender, CAP_KILL))
		return;
	if (is_process && args->id == PROCSRV_INIT_PID)
		explain(r, "process %llu is init, which cannot be ended or stopped",
			args->id);
	else if (args->target == PROCSRV_TARGET_PID)
		explain_denied(r, args->id, CAP_KILL);
	else
		explain(r, "user %u may signal none of these processes", geteuid());
}

void explain_signal(const struct reason *r, const void *data)
{
	const struct procsrv_signal_args *args = data;

	switch (r->err) {
	case ESRCH:
		if (args->sender &&
		    explain_unusable(r, "the sender: ", args->sender, false))
			break;
		if (args->target == PROCSRV_TARGET_ALL)
			explain(r, "there is no process but init%s to signal",
				args->sender ? " and the sender" : "");
		else
			explain(r, "there is no %s %llu",
				target_name(args->target), args->id);
		break;
	case EPERM:
		explain_no_victim(r, args);
		break;
	case EINVAL:
		if (args->signo < 0 || args->signo > 64)
			explain(r, "signal %d is not one of 0 to 64", args->signo);
		else
			explain(r, "%s %llu is invalid",
				target_name(args->target), args->id);
		break;
	default:
		explain_errno(r);
	}
}

void explain_take(const struct reason *r, const void *data)
{
	const struct procsrv_take_signal_args *args = data;
	const char *such = args->mask == ~0ULL ? "signal" : "such signal";

	switch (r->err) {
	case EAGAIN:
		if (args->flags & PROCSRV_TAKE_NOHANG)
			explain(r, "process %llu has no %s pending", args->pid,
				such);
		else
			explain_crowded(r, args->pid);
		break;
	case ETIMEDOUT:
		explain(r, "process %llu was sent no %s in time", args->pid, such);
		break;
	case EINTR:
		explain(r, "interrupted while waiting for a signal to process %llu",
			args->pid);
		break;
	case EINVAL:
		if (args->mask)
			explain(r, "a timeout is given without PROCSRV_TAKE_TIMEOUT");
		else
			explain(r, "the mask contains no signal");
		break;
	default:
		explain_usual(r, args->pid, CAP_SYS_ADMIN);
	}
}
