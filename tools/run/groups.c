// SPDX-License-Identifier: GPL-2.0-only
/*
 * Process groups, sessions, the terminal, and the parent of a process.
 */
#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <unistd.h>

#include "calls.h"
#include "loop.h"
#include "reapers.h"
#include "report.h"
#include "run.h"
#include "server.h"
#include "tracee.h"

/* A pid of 0 is the caller. */
static pid_t subject(const struct tracee *t)
{
	pid_t pid = call_int(&t->call, 0);

	return pid ? pid : t->process->pid;
}

static bool is_thread(pid_t tid)
{
	const struct process *p = process_of(tid);

	return p && p->pid != tid;
}

/*
 * setpgid
 */

long ask_setpgid(struct tracee *t)
{
	pid_t pid = subject(t), pgid = call_int(&t->call, 1);

	if (!pgid)
		pgid = pid;
	if (pgid < 0 || is_thread(pid))
		return -EINVAL;
	if (pid < 0)
		return -ESRCH;
	return server_set_group(t->process->pid, pid, pgid);
}

enum setpgid_target setpgid_target(const struct tracee *t)
{
	struct procsrv_info info;

	if (is_thread(subject(t)))
		return SETPGID_THREAD;
	if (!server_info(subject(t), &info) && info.flags & PROCSRV_INFO_EXECED)
		return SETPGID_EXECED;
	return SETPGID_PROCESS;
}

bool setpgid_explains(const struct tracee *t, long linux_said, long server)
{
	/* The thread has ended since. */
	if (linux_said == -EINVAL && server == -ESRCH)
		return t->target == SETPGID_THREAD;
	/* It has called exec since Linux moved it. */
	return server == -EACCES && !linux_said && t->target != SETPGID_EXECED;
}

void groups_resync(pid_t pid)
{
	pid_t pgid = getpgid(pid);

	if (pgid >= 0)
		server_set_group(0, pid, pgid);
}

void setpgid_resync(struct tracee *t)
{
	groups_resync(subject(t));
}

/*
 * Linux knows that a child has called exec before its event comes. Mostly the child has
 * moved to the group itself, and nothing has changed.
 */
bool setpgid_failed(struct tracee *t, long result)
{
	setpgid_resync(t);
	return result == -EACCES;
}

/*
 * Sessions, and calls that only read
 */

long ask_setsid(struct tracee *t)
{
	int err = server_create_session(t->process->pid);

	return err ? err : t->process->pid;
}

void setsid_unfinished(struct tracee *t)
{
	if (getsid(t->process->pid) == t->process->pid)
		server_create_session(t->process->pid);
}

static long info_of(pid_t pid, struct procsrv_info *info)
{
	const struct process *p = process_of(pid);

	if (pid < 0)
		return -ESRCH;
	/* In Linux this is the supervisor, which has a group of its own. */
	if (pid == PROCSRV_INIT_PID)
		return LINUX_DECIDES;
	/* Linux finds a process by any of its threads here. */
	return server_info(p ? p->pid : pid, info);
}

long ask_getpgid(struct tracee *t)
{
	struct procsrv_info info;
	long err = info_of(subject(t), &info);

	return err ? err : info.pgid;
}

long ask_getpgrp(struct tracee *t)
{
	struct procsrv_info info;
	long err = server_info(t->process->pid, &info);

	return err ? err : info.pgid;
}

long ask_getsid(struct tracee *t)
{
	struct procsrv_info info;
	long err = info_of(subject(t), &info);

	return err ? err : info.sid;
}

long ask_getppid(struct tracee *t)
{
	struct procsrv_info info;
	long err = server_info(t->process->pid, &info);

	return err ? err : (long)info.ppid;
}

long ask_subreaper(struct tracee *t)
{
	return reapers_set(t->process, t->call.args[1]);
}

/*
 * The terminal
 *
 * The server does not know which terminal a descriptor is. Linux decides, and then the
 * server must have the group in the session.
 */

static void name_terminal(const struct tracee *t, pid_t sid)
{
	char path[64], name[PATH_MAX];
	ssize_t n;

	snprintf(path, sizeof(path), "/proc/%d/fd/%d", t->tid,
		 call_int(&t->call, 0));
	n = readlink(path, name, sizeof(name) - 1);
	if (n <= 0)
		return;
	name[n] = '\0';
	server_set_terminal(sid, name);
}

void tcsetpgrp_done(struct tracee *t, long result)
{
	struct procsrv_info info;
	pid_t pgid, sid;
	int err;

	if (result || !tracee_read(t, t->call.args[2], &pgid, sizeof(pgid)) ||
	    server_info(t->process->pid, &info))
		return;
	report_count(COUNT_COMPARED);
	err = server_group_session(pgid, &sid);
	if (!err && sid != (pid_t)info.sid)
		err = -EPERM;
	if (err) {
		report_number(t, 0, err);
		return;
	}
	/* Session 0 is outside of the namespace. */
	if (!sid)
		return;
	if (server_set_foreground(sid, pgid) == -ENOTTY) {
		name_terminal(t, sid);
		server_set_foreground(sid, pgid);
	}
}
