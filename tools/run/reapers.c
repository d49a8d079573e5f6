// SPDX-License-Identifier: GPL-2.0-only
/*
 * The process that gets the children of a process that exits.
 *
 * A prctl(PR_SET_CHILD_SUBREAPER) takes effect in Linux at another moment than in the server. When
 * a process has exited its children have their new parent in Linux. If the server would choose
 * another one, flags of reapers are changed in the server until it has done the same.
 */
#include <stdio.h>
#include <string.h>

#include "client.h"
#include "reapers.h"
#include "server.h"
#include "tracee.h"

enum {
	MAX_CHANGED = 8,
};

static bool any;
static pid_t changed[MAX_CHANGED];
static unsigned int nr_changed;

int reapers_set(struct process *p, bool on)
{
	any = true;
	p->uncounted = true;
	return server_set_reaper(p->pid, on);
}

/**
 * struct family - a process that has exited, and the new parent of its children
 * @parent: the process
 * @reaper: the new parent in Linux
 */
struct family {
	pid_t parent;
	pid_t reaper;
};

static int find_reaper(const struct procsrv_info *child, void *data)
{
	struct family *family = data;
	char stat[512];
	const char *state;

	if ((pid_t)child->ppid != family->parent ||
	    client_read_proc(child->pid, "stat", stat, sizeof(stat)) < 0)
		return 0;
	state = strrchr(stat, ')');
	return state && sscanf(state, ") %*c %d", &family->reaper) == 1;
}

static bool is_below(const struct procsrv_info *p, pid_t ancestor)
{
	struct procsrv_info info = *p;

	while ((pid_t)info.ppid != ancestor)
		if (server_info(info.ppid, &info))
			return false;
	return true;
}

static void change(const struct procsrv_info *info)
{
	bool on = !(info->flags & PROCSRV_INFO_REAPER);

	if (nr_changed < MAX_CHANGED && !server_set_reaper(info->pid, on))
		changed[nr_changed++] = info->pid;
}

/* A reaper that is dead may have got the children first: then it passed them on. */
static bool was_passed_over(const struct procsrv_info *info)
{
	const struct process *p = process_find(info->pid);

	return info->flags & PROCSRV_INFO_REAPER && p && process_is_alive(p);
}

void reapers_follow(const struct process *p)
{
	struct family family = { .parent = p->pid };
	struct procsrv_info info;

	if (!any || !(p->nr_children || p->uncounted) ||
	    !server_for_each(find_reaper, &family) ||
	    server_info(p->pid, &info) || !is_below(&info, family.reaper))
		return;
	while (!server_info(info.ppid, &info) && (pid_t)info.pid != family.reaper)
		if (was_passed_over(&info))
			change(&info);
	if (info.pid != PROCSRV_INIT_PID && !(info.flags & PROCSRV_INFO_REAPER))
		change(&info);
}

void reapers_restore(void)
{
	struct procsrv_info info;

	while (nr_changed)
		if (!server_info(changed[--nr_changed], &info))
			server_set_reaper(info.pid, !(info.flags & PROCSRV_INFO_REAPER));
}
