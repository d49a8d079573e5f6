// SPDX-License-Identifier: GPL-2.0-only
/*
 * Children whose fork has no event.
 *
 * A tracee that is killed in the stop of its fork has no event, and its child is held for nothing.
 * Linux says what its parent is by now. It has inherited its group, session and credentials from
 * the process that forked it, which Linux does not name: a process that ends with the same group
 * and session, and could have been its parent, is assumed to have forked it.
 */
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "adopt.h"
#include "client.h"
#include "loop.h"
#include "server.h"
#include "tracee.h"
#include "zombies.h"

/* How long a new thread is held for the event of its fork, and one that is gone for a wait. */
#define HELD_MS		50
#define GONE_MS		10000

/* Has a process been adopted? The event of its fork may still come, after its end. */
static bool any_adopted;

static bool read_number(const char *status, const char *key, pid_t *to)
{
	const char *line = strstr(status, key);

	if (line)
		*to = atoi(line + strlen(key));
	return line;
}

/* Read the process of a thread, and its parent, in Linux; false if it is gone. */
static bool read_family(const struct tracee *t, pid_t *tgid, pid_t *ppid)
{
	char status[512];

	return client_read_proc(t->tid, "status", status, sizeof(status)) >= 0 &&
	       read_number(status, "\nTgid:", tgid) &&
	       read_number(status, "\nPPid:", ppid);
}

/* The field in /proc/PID/stat, counted from the state, which follows the name. */
#define STAT_EXIT_SIGNAL	35

static int exit_signal_of(const struct tracee *t)
{
	char stat[512];
	const char *p;
	int i;

	if (client_read_proc(t->tid, "stat", stat, sizeof(stat)) < 0)
		return SIGCHLD;
	p = strrchr(stat, ')');
	for (i = 0; p && i <= STAT_EXIT_SIGNAL; i++)
		p = strchr(p + 1, ' ');
	return p ? atoi(p) : SIGCHLD;
}

static bool is_where(const struct tracee *t, const struct procsrv_info *info)
{
	return getpgid(t->tid) == (pid_t)info->pgid &&
	       getsid(t->tid) == (pid_t)info->sid;
}

/* Linux knows its group, which cannot be set if its parent is in another session. */
static void begin_orphan(struct tracee *t, pid_t parent)
{
	pid_t pgid = getpgid(t->tid);
	struct procsrv_info info;

	lives_begin_child(t, parent, exit_signal_of(t));
	if (!server_info(t->tid, &info) && (pid_t)info.pgid != pgid)
		server_set_group(0, t->tid, pgid);
}

/* The server has the process now. */
static void adopted(struct tracee *t)
{
	any_adopted = true;
	lives_start_child(t);
}

static void adopt(struct tracee *t)
{
	struct process *p;
	pid_t tgid, ppid;

	if (!read_family(t, &tgid, &ppid)) {
		/* The process that has waited for it was killed as well. */
		if (loop_now() - t->held_at >= GONE_MS)
			tracee_remove(t);
		return;
	}
	p = process_find(tgid);
	if (p)
		lives_begin_thread(t, p);
	else
		begin_orphan(t, ppid);
	adopted(t);
}

void adopt_late(void)
{
	struct tracee *t;
	pid_t tid = 0;

	while ((t = tracee_next_held(tid))) {
		tid = t->tid;
		if (loop_now() - t->held_at >= HELD_MS)
			adopt(t);
	}
}

/* The process that gets the children of a process when it ends. */
static pid_t reaper_of(const struct procsrv_info *p)
{
	struct procsrv_info info = *p;

	do {
		if (server_info(info.ppid, &info))
			return 0;
	} while (info.pid != PROCSRV_INIT_PID && !(info.flags & PROCSRV_INFO_REAPER));
	return info.pid;
}

static void adopt_if_of(struct tracee *t, const struct procsrv_info *ending)
{
	struct procsrv_info info;
	pid_t tgid, ppid;
	bool sibling;

	if (!read_family(t, &tgid, &ppid) || tgid != t->tid ||
	    !is_where(t, ending))
		return;
	/* The parent may have forked it itself, and the event is still to come. */
	if (!server_info(ppid, &info) && is_where(t, &info))
		return;
	sibling = (pid_t)ending->ppid == ppid;
	if (!sibling && reaper_of(ending) != ppid)
		return;
	if (sibling)
		lives_begin_sibling(t, ending->pid);
	else
		lives_begin_child(t, ending->pid, exit_signal_of(t));
	adopted(t);
}

void adopt_before_end(pid_t ending)
{
	struct procsrv_info info;
	struct tracee *t;
	pid_t tid = 0;

	if (!tracee_any_held() || server_info(ending, &info))
		return;
	while ((t = tracee_next_held(tid))) {
		tid = t->tid;
		adopt_if_of(t, &info);
	}
}

bool adopt_children_of(const struct process *p)
{
	struct tracee *t;
	pid_t tid = 0, tgid, ppid;
	bool any = false;

	while ((t = tracee_next_held(tid))) {
		tid = t->tid;
		if (!read_family(t, &tgid, &ppid) || ppid != p->pid)
			continue;
		adopt(t);
		any = true;
	}
	return any;
}

bool adopt_has_ended(pid_t tid)
{
	struct procsrv_info info;

	return any_adopted && (zombies_is_gone(tid) || !server_info(tid, &info));
}

void adopt_waited(pid_t pid, const struct process *parent)
{
	struct tracee *t = tracee_find(pid);

	if (!t || !t->ended)
		return;
	lives_begin_child(t, parent->pid, SIGCHLD);
	adopted(t);
}

void adopt_zombie(pid_t pid, int status)
{
	struct procsrv_info info;
	struct tracee *t;

	/* Its id may be in use again. */
	if (zombies_is_gone(pid) || tracee_find(pid) || !server_info(pid, &info))
		return;
	t = tracee_add(pid);
	if (tracee_state(t) == TRACEE_DEAD)
		lives_ended(t, status);
	else
		tracee_remove(t);
}
