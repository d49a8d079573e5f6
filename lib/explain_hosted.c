// SPDX-License-Identifier: GPL-2.0-only
/*
 * Errors in words: of operations of hosts.
 */
#include <errno.h>
#include <unistd.h>

#include <linux/capability.h>

#include "explain.h"

void explain_set_autoreap(const struct reason *r, const void *data)
{
	const struct procsrv_set_autoreap_args *args = data;

	if (r->err == EINVAL)
		explain(r, "%u is neither 1 nor 0", args->on);
	else
		explain_usual(r, args->pid, CAP_SYS_ADMIN);
}

/* Says that a process is not hosted, or is exiting already, if it is. */
static bool say_not_hosted(const struct reason *r, __u64 pid)
{
	struct procsrv_info info;

	if (!explain_look(r, pid, &info))
		return false;
	if (r->err == EOPNOTSUPP) {
		explain(r, "process %llu is not hosted", pid);
		return true;
	}
	if (r->err == ESRCH && info.flags & PROCSRV_INFO_EXITING) {
		explain(r, "process %llu is exiting", pid);
		return true;
	}
	return false;
}

void explain_report(const struct reason *r, const void *data)
{
	const struct procsrv_report_args *args = data;

	if (say_not_hosted(r, args->pid))
		return;
	if (r->err == EINVAL)
		explain(r, "signal %d does not stop a process", args->signo);
	else
		explain_usual(r, args->pid, CAP_SYS_ADMIN);
}

void explain_set_credentials(const struct reason *r, const void *data)
{
	const struct procsrv_credentials_args *args = data;

	if (say_not_hosted(r, args->pid))
		return;
	if (r->err == EINVAL)
		explain(r, "an id is not known in this user namespace, or a flag to the server");
	else if (r->err != EPERM)
		explain_usual(r, args->pid, CAP_SYS_ADMIN);
	else if (!explain_not_own(r, "", args->pid, CAP_SYS_ADMIN))
		explain(r, "user %u may not give process %llu these credentials",
			geteuid(), args->pid);
}

