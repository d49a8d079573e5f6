// SPDX-License-Identifier: GPL-2.0-only
/*
 * Zombies that the server still has, but Linux has not.
 *
 * The server is informed of a zombie that a wait takes when that wait returns. This fails if the
 * thread is killed before, or if Linux has dropped the zombie by itself.
 */
#include <errno.h>
#include <signal.h>
#include <linux/procsrv.h>

#include "loop.h"
#include "server.h"
#include "tracee.h"
#include "wait.h"
#include "zombies.h"

static bool in_doubt;

void zombies_doubt(void)
{
	in_doubt = true;
}

bool zombies_in_doubt(void)
{
	return in_doubt;
}

bool zombies_is_gone(pid_t pid)
{
	return kill(pid, 0) && errno == ESRCH;
}

/* Whether a wait has returned a child. */
enum answer {
	SAYS_NO,
	MAY_BE,
	SAYS_YES,
};

/*
 * Has a thread taken this zombie, and is still to report it? A thread that sleeps in its wait has
 * not. A wait that has returned may not say which child.
 */
static enum answer has_taken(const struct tracee *t, pid_t pid)
{
	struct wait_found found;

	if (t->unfinished != wait_unfinished || !wait_may_take(&t->want, pid))
		return SAYS_NO;
	if (!t->later)
		return tracee_is_asleep(t) ? SAYS_NO : SAYS_YES;
	wait_read_result(t, t->result, &found);
	if (found.error)
		return found.error == -EFAULT ? MAY_BE : SAYS_NO;
	if (!found.pid)
		return MAY_BE;
	return found.pid == pid ? SAYS_YES : SAYS_NO;
}

/* If the process is dead, its event is still to come, and its zombies then get another parent. */
static bool will_not_report(const struct process *p, pid_t pid)
{
	struct tracee *t = NULL;

	while ((t = tracee_next(t ? t->tid : 0)))
		if (t->process == p && has_taken(t, pid) != SAYS_NO)
			return false;
	return process_is_alive(p);
}

static bool is_gone_zombie(const struct procsrv_info *info)
{
	return info->state == PROCSRV_ZOMBIE && zombies_is_gone(info->pid);
}

static int drop_if_gone(const struct procsrv_info *info, void *unused)
{
	struct process *parent = process_find(info->ppid);

	(void)unused;
	if (!parent || !is_gone_zombie(info))
		return 0;
	if (will_not_report(parent, info->pid))
		wait_drop(parent, info->pid);
	else
		in_doubt = true;
	return 0;
}

struct search {
	pid_t parent;
	pid_t found;
};

static int find_gone(const struct procsrv_info *info, void *data)
{
	struct search *search = data;

	if ((pid_t)info->ppid != search->parent || !is_gone_zombie(info))
		return 0;
	search->found = info->pid;
	return 1;
}

pid_t zombies_find_gone(pid_t parent)
{
	struct search search = { .parent = parent };

	server_for_each(find_gone, &search);
	return search.found;
}

bool zombies_are_of_others(const struct tracee *t)
{
	pid_t gone = zombies_find_gone(t->process->pid);
	const struct tracee *other = NULL;

	if (!gone || t->process->nr_threads == 1)
		return false;
	while ((other = tracee_next(other ? other->tid : 0)))
		if (other != t && other->process == t->process &&
		    has_taken(other, gone) == SAYS_YES)
			return true;
	return false;
}

void zombies_check(void)
{
	if (!in_doubt)
		return;
	in_doubt = false;
	server_for_each(drop_if_gone, NULL);
}
