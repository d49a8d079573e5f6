// SPDX-License-Identifier: GPL-2.0-only
/*
 * Zombies that the server has, and Linux has no more.
 *
 * A wait takes a zombie, and the server learns of it when that wait returns. It does not if the
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

/* Has it returned a child that can be this one? It may not say which. */
static bool has_returned(const struct tracee *t, pid_t pid)
{
	struct wait_found found;

	wait_read_result(t, t->result, &found);
	return found.error ? found.error == -EFAULT : !found.pid || found.pid == pid;
}

/*
 * Has none of its threads taken this zombie, of which it is still to tell? One that sleeps in a
 * wait has not. Of a process that is dead the event is to come, and then its zombies are
 * another's.
 */
static bool will_not_tell(const struct process *p, pid_t pid)
{
	struct tracee *t = NULL;

	while ((t = tracee_next(t ? t->tid : 0))) {
		if (t->process != p || t->unfinished != wait_unfinished)
			continue;
		if (t->later ? has_returned(t, pid) : !tracee_is_asleep(t))
			return false;
	}
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
	if (will_not_tell(parent, info->pid))
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

/* Is it another thread of the process that has taken this zombie, or may it be? */
static bool is_of_another(const struct tracee *t, pid_t pid)
{
	const struct tracee *other = NULL;
	struct wait_found found;

	while ((other = tracee_next(other ? other->tid : 0))) {
		if (other == t || other->process != t->process ||
		    other->unfinished != wait_unfinished)
			continue;
		if (!other->later && !tracee_is_asleep(other))
			return true;
		if (!other->later)
			continue;
		wait_read_result(other, other->result, &found);
		if (!found.error && found.pid == pid)
			return true;
	}
	return false;
}

bool zombies_others_tell(const struct tracee *t)
{
	pid_t gone = zombies_find_gone(t->process->pid);

	return gone && t->process->nr_threads > 1 && is_of_another(t, gone);
}

void zombies_check(void)
{
	if (!in_doubt)
		return;
	in_doubt = false;
	server_for_each(drop_if_gone, NULL);
}
