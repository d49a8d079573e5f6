// SPDX-License-Identifier: GPL-2.0-only
/*
 * Reapers, to which the orphans below them are reparented; and autoreapers, the
 * children of which leave no zombies
 */
#define pr_fmt(fmt) KBUILD_MODNAME ": " fmt

#include <linux/printk.h>

#include "compat.h"
#include "internal.h"

/*
 * Marks all descendants, once: processes that are created below it later are
 * marked from the beginning. What is below a marked process is marked.
 */
static void mark_descendants(struct procsrv_change *c,
			     struct procsrv_process *reaper)
{
	struct procsrv_process *p;
	bool marked = false;

	for (p = procsrv_next_descendant(c, reaper, reaper, false); p;
	     p = procsrv_next_descendant(c, reaper, p, marked)) {
		marked = p->below_reaper;
		p->below_reaper = true;
		procsrv_change_step(c);
	}
}

static int set_reaper(struct procsrv_change *c, u64 pid, bool on)
{
	struct procsrv_process *p;
	int err = procsrv_find_to_act(c, pid, &p);

	if (err)
		return err;
	if (p == procsrv_of(c)->init)
		return on ? 0 : -EPERM;
	if (on && !p->was_reaper)
		mark_descendants(c, p);
	p->was_reaper |= on;
	procsrv_edit_begin(c, p);
	p->reaper = on;
	procsrv_edit_end(c, p);
	return 0;
}

/**
 * procsrv_set_reaper() - set or clear the reaper flag of a process
 * @ps: the server
 * @pid: the process
 * @on: the flag
 *
 * After PR_SET_CHILD_SUBREAPER of prctl(2).
 *
 * Context: may sleep.
 * Return: 0; -ESRCH if there is no such process or it is a zombie; -EPERM if
 * it is init and @on is false, or the caller may not act on it; -EINTR if the
 * caller is killed.
 */
int procsrv_set_reaper(struct procsrv *ps, u64 pid, bool on)
{
	struct procsrv_change *c = procsrv_change_begin(ps);
	int err;

	if (!c)
		return -EINTR;
	err = set_reaper(c, pid, on);
	procsrv_change_commit(c);
	if (!err)
		pr_debug("%llu is %s reaper\n", pid, on ? "a" : "no");
	return err;
}
EXPORT_SYMBOL_PROCSRV(procsrv_set_reaper);

static int set_autoreap(struct procsrv_change *c, u64 pid, bool on)
{
	struct procsrv_process *p;
	int err = procsrv_find_to_act(c, pid, &p);

	if (err)
		return err;
	procsrv_edit_begin(c, p);
	if (on)
		p->modes |= PROCSRV_MODE_AUTOREAP;
	else
		p->modes &= ~PROCSRV_MODE_AUTOREAP;
	procsrv_edit_end(c, p);
	return 0;
}

/**
 * procsrv_set_autoreap() - set or clear the autoreap flag of a process
 * @ps: the server
 * @pid: the process
 * @on: the flag
 *
 * After an ignored SIGCHLD, and SA_NOCLDWAIT, of sigaction(2).
 *
 * Context: may sleep.
 * Return: 0; -ESRCH if there is no such process or it is a zombie; -EPERM if the
 * caller may not act on it; -EINTR if the caller is killed.
 */
int procsrv_set_autoreap(struct procsrv *ps, u64 pid, bool on)
{
	struct procsrv_change *c = procsrv_change_begin(ps);
	int err;

	if (!c)
		return -EINTR;
	err = set_autoreap(c, pid, on);
	procsrv_change_commit(c);
	return err;
}
EXPORT_SYMBOL_PROCSRV(procsrv_set_autoreap);
