// SPDX-License-Identifier: GPL-2.0-only
/*
 * User ids and the like, on which the server bases the permission to send a signal.
 *
 * Linux decides whether a process may change them, as this depends on capabilities.
 */
#include <linux/capability.h>
#include <stdio.h>
#include <string.h>

#include "calls.h"
#include "client.h"
#include "loop.h"
#include "report.h"
#include "server.h"
#include "tracee.h"

static bool parse_status(const char *status, struct procsrv_credentials *c)
{
	const char *uid = strstr(status, "\nUid:");
	const char *gid = strstr(status, "\nGid:");
	const char *cap = strstr(status, "\nCapEff:");
	unsigned long long effective;

	memset(c, 0, sizeof(*c));
	if (!uid || !gid || !cap)
		return false;
	if (sscanf(uid, "\nUid: %u %u %u", &c->ruid, &c->euid, &c->suid) != 3 ||
	    sscanf(gid, "\nGid: %u %u %u", &c->rgid, &c->egid, &c->sgid) != 3 ||
	    sscanf(cap, "\nCapEff: %llx", &effective) != 1)
		return false;
	if (effective & (1ULL << CAP_KILL))
		c->flags = PROCSRV_CREDENTIALS_KILL;
	return true;
}

void credentials_report(struct process *p, pid_t tid)
{
	struct procsrv_credentials c;
	char status[4096];
	int err;

	if (client_read_proc(tid, "status", status, sizeof(status)) < 0 ||
	    !parse_status(status, &c))
		return;
	p->ids.uid = c.ruid;
	p->ids.euid = c.euid;
	p->ids.gid = c.rgid;
	p->ids.egid = c.egid;
	p->ids.change_at_exec = c.suid != c.euid || c.sgid != c.egid ||
				!c.euid == !(c.flags & PROCSRV_CREDENTIALS_KILL);
	err = server_set_credentials(p->pid, &c);
	if (err)
		report_event(p->pid, "change of credentials", err);
}

void credentials_unfinished(struct tracee *t)
{
	credentials_report(t->process, t->tid);
}

void credentials_done(struct tracee *t, long result)
{
	if (!result)
		credentials_report(t->process, t->tid);
}
