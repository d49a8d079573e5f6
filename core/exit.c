// SPDX-License-Identifier: GPL-2.0-only
/*
 * The end of a process: exit, and removal from the tables
 */
#include "internal.h"

/* The nearest ancestor that is a reaper, or init. */
static struct procsrv_process *find_reaper(struct procsrv_change *c,
					   struct procsrv_process *p)
{
	struct procsrv_process *init = procsrv_of(c)->init;
	struct procsrv_process *a;

	if (!p->below_reaper)
		return init;
	for (a = p->parent; a; a = a->parent) {
		if (a->reaper)
			return a;
		c->work--;
	}
	return init;
}

static bool has_stopped(const struct procsrv_group *group)
{
	return group && group->nr_stopped;
}

/*
 * @p no longer links its group to the rest of their session, as @p or @parent
 * exits: the group, with its stopped members, may have become orphaned.
 */
static void unlink_group(struct procsrv_change *c,
			 const struct procsrv_process *parent,
			 const struct procsrv_process *p)
{
	if (procsrv_links(procsrv_of(c), parent, p))
		procsrv_queue_orphan_candidate(c, p->group);
}

/* Has the commit reap a zombie, if its parent is such that it vanishes. */
static inline void queue_autoreap(struct procsrv_change *c, struct procsrv_process *p)
{
	if (likely(!procsrv_is_autoreaped(p->parent, p)))
		return;
	p->modes |= PROCSRV_MODE_VANISHES;
	procsrv_queue(c, p);
}

static void reparent_child(struct procsrv_change *c,
			   struct procsrv_process *reaper,
			   struct procsrv_process *child)
{
	struct procsrv *ps = procsrv_of(c);

	procsrv_edit_begin(c, child);
	/* Readers that follow the old tree see it leave. */
	procsrv_record_event(c, child, PROCSRV_EVENT_PARENT, .other = reaper->pid);
	child->modes &= ~PROCSRV_MODE_CLONE;
	procsrv_add_child(c, reaper, child);
	if (procsrv_is_zombie(child) && list_empty(&child->link)) {
		list_add_tail(&child->link, &ps->orphans);
		ps->nr_orphans++;
	}
	procsrv_edit_end(c, child);
	procsrv_queue_lost_waits(c, child);
	if (child->report != PROCSRV_REPORT_NONE)
		procsrv_queue_offer(c, child);
	if (procsrv_is_zombie(child))
		queue_autoreap(c, child);
}

static void reparent_children(struct procsrv_change *c,
			      struct procsrv_process *p)
{
	struct procsrv_process *reaper, *child, *next;

	reaper = find_reaper(c, p);
	/* In postorder no node is followed after it was linked elsewhere. */
	rbtree_postorder_for_each_entry_safe(child, next, &p->children,
					     child_node) {
		if (!procsrv_is_zombie(child) && has_stopped(child->group))
			unlink_group(c, p, child);
		reparent_child(c, reaper, child);
		procsrv_change_step(c);
	}
	procsrv_forget_children(c, p);
}

/* The foreground group of a terminal loses that with the leader of the session. */
static void lose_terminal(struct procsrv_change *c,
			  const struct procsrv_process *p)
{
	struct procsrv_session *session = procsrv_session_of(p);
	struct procsrv_group *group;

	if (!session->foreground || !procsrv_is_leader(&session->leader, p))
		return;
	group = procsrv_find_group(procsrv_of(c), session->foreground);
	group->lost_terminal = true;
	session->foreground = 0;
	procsrv_queue_orphan_candidate(c, group);
}

enum {
	SPECIAL = PROCSRV_MODE_HOSTED | PROCSRV_MODE_AUTOREAP |
		  PROCSRV_MODE_FOREGROUND,
};

/* Where one of these modes is that of the process or of its parent. */
static noinline void end_special(struct procsrv_change *c,
				 struct procsrv_process *p)
{
	if (p->modes & PROCSRV_MODE_FOREGROUND)
		lose_terminal(c, p);
	if (procsrv_is_hosted(p)) {
		procsrv_discard_signals(c, p, U64_MAX);
		if (procsrv_of(c)->closed)
			procsrv_end_takes(c, &procsrv_hosted_of(p)->host->takers,
					  -ESHUTDOWN);
	}
	queue_autoreap(c, p);
}

/**
 * procsrv_exit() - end a process
 * @c: the change
 * @p: the process; neither init nor a zombie
 * @exit_code: its exit code
 * @exit_signal: the signal that ended it, perhaps with PROCSRV_CORE_DUMP, or 0
 *
 * First its children are reparented to the nearest reaper: a look never sees a zombie
 * that still has children. The report of its exit is offered to waiters by the
 * commit.
 */
void procsrv_exit(struct procsrv_change *c, struct procsrv_process *p,
		  s32 exit_code, u32 exit_signal)
{
	if (!RB_EMPTY_ROOT(&p->children))
		reparent_children(c, p);
	procsrv_edit_begin(c, p);
	p->exit_code = exit_code;
	p->exit_signal = exit_signal;
	procsrv_of(c)->total_exited++;
	if (unlikely(!list_empty(&p->link)))
		list_del_init(&p->link);
	procsrv_set_state(c, p, PROCSRV_ZOMBIE);
	procsrv_set_report(c, p, PROCSRV_REPORT_EXITED);
	procsrv_record_event(c, p, PROCSRV_EVENT_EXIT, .code = exit_code,
			     .signo = exit_signal);
	procsrv_edit_end(c, p);
	if (has_stopped(p->group))
		unlink_group(c, p->parent, p);
	procsrv_queue_lost_waits(c, p);
	if (unlikely((p->modes | p->parent->modes) & SPECIAL))
		end_special(c, p);
	if (p->exit_watch)
		procsrv_queue_poll(c, &p->exit_watch->poll);
}

/**
 * procsrv_unlink() - remove a zombie from every table
 * @c: the change, which frees it
 * @p: the zombie
 */
void procsrv_unlink(struct procsrv_change *c, struct procsrv_process *p)
{
	struct procsrv *ps = procsrv_of(c);
	struct procsrv_leaf *leaf;

	procsrv_edit_begin(c, p);
	procsrv_record_event(c, p, PROCSRV_EVENT_REAP, .other = p->parent->pid);
	procsrv_remove_child(c, p);
	procsrv_leave(c, p);
	procsrv_user_leave(c, p);
	if (!list_empty(&p->link)) {
		list_del_init(&p->link);
		ps->nr_orphans--;
	}
	leaf = procsrv_remove(c, p);
	procsrv_edit_end(c, p);
	if (leaf)
		procsrv_drop_places(c, leaf, p->pid);
	if (!hlist_empty(&p->watchers))
		procsrv_forget_watchers(c, p);
	if (p->exit_watch)
		procsrv_detach_exit_watch(c, p);
	procsrv_release_process(c, p);
}
