// SPDX-License-Identifier: GPL-2.0-only
/*
 * Errors in words: of what hosts do.
 */
#include <errno.h>
#include <unistd.h>

#include <linux/capability.h>

#include "explain.h"

void explain_set_autoreap(const struct reason *r, const void *data)
{
	const struct procsrv_set_autoreap_args *args = data;

	switch (r->err) {
	case ESRCH:
		say_no_process(r, args->pid);
		break;
	case EPERM:
		explain_denied(r, args->pid, CAP_SYS_ADMIN);
		break;
	case EINVAL:
		say(r, "%u is neither 1 nor 0", args->on);
		break;
	default:
		say_errno(r);
	}
}

/* Says that a process is not hosted, or is exiting already, if it is. */
static bool say_not_hosted(const struct reason *r, __u64 pid)
{
	struct procsrv_info info;

	if (!look(r, pid, &info))
		return false;
	if (r->err == EOPNOTSUPP) {
		say(r, "process %llu is not hosted", pid);
		return true;
	}
	if (r->err == ESRCH && info.flags & PROCSRV_INFO_EXITING) {
		say(r, "process %llu is exiting", pid);
		return true;
	}
	return false;
}

void explain_report(const struct reason *r, const void *data)
{
	const struct procsrv_report_args *args = data;

	if (say_not_hosted(r, args->pid))
		return;
	switch (r->err) {
	case ESRCH:
		say_no_process(r, args->pid);
		break;
	case EPERM:
		explain_denied(r, args->pid, CAP_SYS_ADMIN);
		break;
	case EINVAL:
		say(r, "signal %d stops nothing", args->signo);
		break;
	default:
		say_errno(r);
	}
}

void explain_set_credentials(const struct reason *r, const void *data)
{
	const struct procsrv_credentials_args *args = data;

	if (say_not_hosted(r, args->pid))
		return;
	switch (r->err) {
	case ESRCH:
		say_no_process(r, args->pid);
		break;
	case EPERM:
		if (!say_not_own(r, "", args->pid, CAP_SYS_ADMIN))
			say(r, "user %u may not give process %llu these credentials",
			    geteuid(), args->pid);
		break;
	case EINVAL:
		say(r, "an id is not known in this user namespace, or a flag to the server");
		break;
	default:
		say_errno(r);
	}
}

/* Why a session that is there has no terminal for this. */
static void say_no_terminal(const struct reason *r,
			    const struct procsrv_session_args *session)
{
	struct procsrv_info leader;

	if (!session->terminal_size)
		say(r, "session %u has no terminal", session->sid);
	else if (!look(r, session->leader, &leader) ||
		 leader.state == PROCSRV_ZOMBIE)
		say(r, "the leader of session %u has exited", session->sid);
	else
		say_unknown_operation(r);
}

void explain_set_foreground(const struct reason *r, const void *data)
{
	const struct procsrv_set_foreground_args *args = data;
	struct procsrv_session_args session;
	struct procsrv_group_args group;
	bool found = !procsrv_get_session(r->fd, args->sid, &session, NULL, 0);

	if (r->err == ENOTTY && found)
		say_no_terminal(r, &session);
	else if (r->err == ENOTTY)
		say_unknown_operation(r);
	else if (!found)
		say(r, "there is no session %u", args->sid);
	else if (args->pgid && procsrv_get_group(r->fd, args->pgid, &group))
		say(r, "there is no process group %u", args->pgid);
	else if (args->pgid && group.sid != args->sid)
		say(r, "process group %u is not in session %u", args->pgid,
		    args->sid);
	else if (r->err == EPERM)
		say(r, "session %u belongs to somebody else", args->sid);
	else
		say_errno(r);
}
