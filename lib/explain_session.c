// SPDX-License-Identifier: GPL-2.0-only
/*
 * Errors in words: of sessions and groups.
 */
#include <errno.h>

#include <linux/capability.h>

#include "explain.h"

/* The leader of a session or a group; 0 if there is none. */
static __u64 session_leader(const struct reason *r, __u32 sid)
{
	struct procsrv_session_args session;

	return procsrv_get_session(r->fd, sid, &session, NULL, 0) ?
	       0 : session.leader;
}

void explain_create_session(const struct reason *r, const void *data)
{
	const struct procsrv_create_session_args *args = data;
	__u64 pid = args->leader;
	struct procsrv_info info;

	if (r->err == ESRCH)
		explain_no_process(r, pid);
	else if (r->err != EPERM)
		explain_errno(r);
	else if (pid == PROCSRV_INIT_PID)
		explain(r, "process %llu is init, which leads no session",
			pid);
	else if (explain_look(r, pid, &info) && info.sid &&
		 session_leader(r, info.sid) == pid)
		explain(r, "process %llu leads session %u already", pid,
			info.sid);
	else if (!explain_not_own(r, "", pid, CAP_SYS_ADMIN))
		explain(r, "process %llu leads a process group with other members",
			pid);
}

/* Reasons that create group and set group share. */
static void explain_setpgid(const struct reason *r, __u64 caller, __u64 pid,
			    __u32 sid)
{
	struct procsrv_info info, by;

	if (r->err == ESRCH) {
		if (caller && explain_unusable(r, "the caller: ", caller, false))
			return;
		if (explain_unusable(r, "", pid, true))
			return;
		if (sid && !session_leader(r, sid))
			explain(r, "there is no session %u", sid);
		else
			explain(r, "process %llu is neither process %llu nor a child of it",
				pid, caller);
	} else if (r->err == EACCES) {
		explain(r, "process %llu, a child of process %llu, has called exec",
			pid, caller);
	} else if (explain_not_own(r, "", pid, CAP_SYS_ADMIN) ||
		   (caller && explain_not_own(r, "the caller: ", caller,
					      CAP_SYS_ADMIN))) {
		return;
	} else if (r->err != EPERM || !explain_look(r, pid, &info)) {
		explain_errno(r);
	} else if (pid == PROCSRV_INIT_PID) {
		explain(r, "process %llu is init, which is in no process group",
			pid);
	} else if (caller && caller != pid && explain_look(r, caller, &by) &&
		   by.sid != info.sid) {
		explain(r, "process %llu is in session %u, its parent %llu in session %u",
			pid, info.sid, caller, by.sid);
	} else if (info.sid && session_leader(r, info.sid) == pid) {
		explain(r, "process %llu leads session %u", pid, info.sid);
	} else if (info.sid != sid) {
		explain(r, "process %llu is in session %u, not in session %u",
			pid, info.sid, sid);
	} else {
		explain_errno(r);
	}
}

void explain_create_group(const struct reason *r, const void *data)
{
	const struct procsrv_create_group_args *args = data;

	explain_setpgid(r, args->caller, args->leader, args->sid);
}

void explain_set_group(const struct reason *r, const void *data)
{
	const struct procsrv_set_group_args *args = data;
	struct procsrv_group_args group = {};
	bool denied = r->err == EPERM;

	if (denied && args->pid != PROCSRV_INIT_PID &&
	    procsrv_get_group(r->fd, args->pgid, &group))
		explain(r, "there is no process group %u", args->pgid);
	else
		explain_setpgid(r, args->caller, args->pid, group.sid);
}

/* The three operations on a session, which is the first member of their structure. */
void explain_session(const struct reason *r, const void *data)
{
	const __u32 *sid = data;

	switch (r->err) {
	case ESRCH:
		explain(r, "there is no session %u", *sid);
		break;
	case ENAMETOOLONG:
		explain(r, "the name of the terminal is longer than %d bytes",
			PROCSRV_NAME_MAX);
		break;
	case EPERM:
		explain(r, "session %u belongs to another user", *sid);
		break;
	case EINVAL:
		explain(r, "a terminal must have a name");
		break;
	default:
		explain_errno(r);
	}
}

void explain_group(const struct reason *r, const void *data)
{
	const struct procsrv_group_args *args = data;

	if (r->err == ESRCH)
		explain(r, "there is no process group %u", args->pgid);
	else
		explain_errno(r);
}

/* Says why an existing session has no terminal for this. */
static void say_no_terminal(const struct reason *r,
			    const struct procsrv_session_args *session)
{
	struct procsrv_info leader;

	if (!session->terminal_size)
		explain(r, "session %u has no terminal", session->sid);
	else if (!explain_look(r, session->leader, &leader) ||
		 leader.state == PROCSRV_ZOMBIE)
		explain(r, "the leader of session %u has exited", session->sid);
	else
		explain_unknown_operation(r);
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
		explain_unknown_operation(r);
	else if (!found)
		explain(r, "there is no session %u", args->sid);
	else if (args->pgid && procsrv_get_group(r->fd, args->pgid, &group))
		explain(r, "there is no process group %u", args->pgid);
	else if (args->pgid && group.sid != args->sid)
		explain(r, "process group %u is not in session %u", args->pgid,
			args->sid);
	else if (r->err == EPERM)
		explain(r, "session %u belongs to another user", args->sid);
	else
		explain_errno(r);
}
