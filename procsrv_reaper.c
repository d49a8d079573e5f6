// SPDX-License-Identifier: GPL-2.0-only
/*
 * Who is left behind by an exit: reapers, and orphaned process groups
 */
#define pr_fmt(fmt) KBUILD_MODNAME ": " fmt

#include <linux/printk.h>

#include "compat.h"
#include "procsrv_tables.h"

/* Who gets the children of @p: the nearest ancestor that is a reaper, or init. */
static struct procsrv_process *find_reaper(struct procsrv *ps,
					   struct procsrv_process *p)
{
	struct procsrv_process *a;

	lockdep_assert_held(&ps->lock);
	if (!p->below_reaper)
		return ps->init;
	for (a = p->parent; a; a = a->parent)
		if (a->reaper)
			return a;
	return ps->init;
}

/* What is below one that knows already knows too. */
static void tell_descendants(struct procsrv_process *reaper)
{
	struct procsrv_process *p;
	bool known = false;

	for (p = procsrv_next_descendant(reaper, reaper, false); p;
	     p = procsrv_next_descendant(reaper, p, known)) {
		known = p->below_reaper;
		p->below_reaper = true;
	}
}

/**
 * procsrv_set_reaper() - make a process a reaper, or no more
 * @ps: the server
 * @pid: the process
 * @on: which of the two
 *
 * After PR_SET_CHILD_SUBREAPER of prctl(2).
 *
 * Return: 0; -ESRCH if there is no such process or it is a zombie; -EPERM if
 * it is init and @on is false, or the caller may not act on it.
 */
int procsrv_set_reaper(struct procsrv *ps, u64 pid, bool on)
{
	struct procsrv_process *p;
	int err = 0;

	write_lock(&ps->lock);
	p = procsrv_find_live(ps, pid);
	if (!p) {
		err = -ESRCH;
	} else if (!procsrv_may_act(ps, p)) {
		err = -EPERM;
	} else if (p == ps->init) {
		err = on ? 0 : -EPERM;
	} else {
		/* Once for all: those created below it later know from birth. */
		if (on && !p->was_reaper)
			tell_descendants(p);
		p->was_reaper |= on;
		procsrv_change_begin(ps, p);
		p->reaper = on;
		procsrv_change_end(ps, p);
	}
	procsrv_write_unlock(ps);
	if (!err)
		pr_debug("%llu is %s reaper\n", pid, on ? "a" : "no");
	return err;
}
EXPORT_SYMBOL_PROCSRV(procsrv_set_reaper);

/* Is @parent what links the group of @p to the rest of its session? */
static bool links(struct procsrv *ps, const struct procsrv_process *parent,
		  const struct procsrv_process *p)
{
	return parent != ps->init && parent->group != p->group &&
	       parent->session == p->session;
}

static bool is_orphaned(struct procsrv *ps, const struct procsrv_group *group)
{
	struct rb_node *n;

	for (n = rb_first(&group->members.tree); n; n = rb_next(n)) {
		struct procsrv_process *p =
			rb_entry(n, struct procsrv_process, group_node);

		if (!procsrv_is_zombie(p) && links(ps, p->parent, p))
			return false;
	}
	return true;
}

/*
 * @p links its group to the rest of their session no longer, because it or
 * @parent has exited: if that may matter, the group is looked at later.
 */
static void cut_off(struct procsrv *ps, const struct procsrv_process *parent,
		    const struct procsrv_process *p)
{
	struct procsrv_group *group = p->group;

	if (!group || !group->nr_stopped || group->cut || !links(ps, parent, p))
		return;
	group->cut = true;
	group->next_cut = ps->cut;
	ps->cut = group;
}

/* Does anybody wait for what some child of @p reports, whoever it is? */
static bool is_asked_for_children(const struct procsrv_process *p)
{
	const struct procsrv_sleeper *s = procsrv_first_sleeper(p, 0);

	return s && procsrv_sleep_kind(s->class) == PROCSRV_SLEEP_CHILDREN;
}

/**
 * procsrv_give_children() - give all children of a process to its reaper
 * @ps: the server
 * @p: the process, a zombie by now
 * @mute: gets those that have something to report, if anybody waits for that
 *
 * Those that are zombies join the orphan list.
 *
 * Context: under the lock, for writing; procsrv_unmute() for all in @mute, and
 * procsrv_check_orphaned(), are to follow.
 */
void procsrv_give_children(struct procsrv *ps, struct procsrv_process *p,
			   struct rb_root *mute)
{
	struct procsrv_process *reaper, *child, *next;
	bool offered;

	lockdep_assert_held_write(&ps->lock);
	cut_off(ps, p->parent, p);
	if (RB_EMPTY_ROOT(&p->children))
		return;
	reaper = find_reaper(ps, p);
	offered = is_asked_for_children(reaper);
	/* In postorder no node is looked at after it went: no erasing. */
	rbtree_postorder_for_each_entry_safe(child, next, &p->children,
					     child_node) {
		if (!procsrv_is_zombie(child))
			cut_off(ps, p, child);
		procsrv_change_begin(ps, child);
		/* Whoever follows the tree of @p sees it leave. */
		procsrv_tell(ps, child, (struct procsrv_event) {
			.kind = PROCSRV_EVENT_PARENT,
			.other = reaper->pid,
		});
		if (offered)
			procsrv_adopt_mute(reaper, child, mute);
		else
			procsrv_adopt(reaper, child);
		if (procsrv_is_zombie(child) && list_empty(&child->link)) {
			list_add_tail(&child->link, &ps->orphans);
			ps->nr_orphans++;
		}
		procsrv_change_end(ps, child);
		procsrv_end_vain_waits_for(ps, child);
	}
	procsrv_forget_children(p);
}

/* Nobody is left who would continue the stopped ones. */
static void hang_up_orphaned(struct procsrv *ps, struct procsrv_group *group)
{
	struct rb_node *n;

	if (!group->nr_stopped || !is_orphaned(ps, group))
		return;
	/* Neither signal takes anybody out of the group. */
	for (n = rb_first(&group->members.tree); n; n = rb_next(n)) {
		struct procsrv_process *p =
			rb_entry(n, struct procsrv_process, group_node);

		procsrv_hit(ps, p, PROCSRV_SIGHUP, 0, NULL);
		procsrv_hit(ps, p, PROCSRV_SIGCONT, 0, NULL);
	}
}

/**
 * procsrv_check_orphaned() - hang up the groups that exits have orphaned
 * @ps: the server
 *
 * After POSIX and exit(2): a group is orphaned when no member has a parent in
 * another group of the same session. Init is no such parent.
 *
 * Context: under the lock, for writing, after all that exit at this moment
 * have done so: who is about to die is not continued. A group may have lost
 * its last member by now, but it is in memory until the lock is dropped.
 */
void procsrv_check_orphaned(struct procsrv *ps)
{
	struct procsrv_group *group;

	lockdep_assert_held_write(&ps->lock);
	while ((group = ps->cut)) {
		ps->cut = group->next_cut;
		group->cut = false;
		hang_up_orphaned(ps, group);
	}
}
