// SPDX-License-Identifier: GPL-2.0-only
/*
 * The commit of a change: its consequences, in their order
 *
 * Waits at processes that have exited or lost their parent end if they became
 * unsatisfiable; then reports are offered to waiters, in the order of pids;
 * then process groups that the exits of this change have orphaned, or left without a
 * terminal, are hung up, which may queue reports again. After _exit(2) and
 * exit_notify() of Linux.
 */
#include "internal.h"

static void end_lost_waits(struct procsrv_change *c)
{
	struct rb_node *node;

	if (!c->has_lost_waits)
		return;
	c->has_lost_waits = false;
	for (node = rb_first(&c->offers); node; node = rb_next(node)) {
		procsrv_end_lost_waits(c, rb_entry(node, struct procsrv_process,
						   offer_node));
		procsrv_change_step(c);
	}
}

static void offer_reports(struct procsrv_change *c)
{
	struct rb_node *node;

	while ((node = rb_first(&c->offers))) {
		rb_erase(node, &c->offers);
		RB_CLEAR_NODE(node);
		procsrv_offer_report(c, rb_entry(node, struct procsrv_process,
						 offer_node));
		procsrv_change_step(c);
	}
	if (c->bereaved) {
		procsrv_end_unsatisfiable(c, c->bereaved, c->bereaved_of);
		c->bereaved = NULL;
	}
}

static void hang_up_orphans(struct procsrv_change *c)
{
	struct procsrv_group *group;

	while ((group = list_first_entry_or_null(&c->orphan_candidates,
						 struct procsrv_group,
						 candidate))) {
		list_del_init(&group->candidate);
		procsrv_hang_up_group(c, group);
	}
}

static bool has_consequences(const struct procsrv_change *c)
{
	return !RB_EMPTY_ROOT(&c->offers) || c->bereaved ||
	       !list_empty(&c->orphan_candidates);
}

/**
 * procsrv_change_settle() - procsrv_change_commit(), if something is queued
 * @c: the change; not to be used after this
 *
 * Context: may sleep. Both locks of the server are dropped.
 */
void procsrv_change_settle(struct procsrv_change *c)
{
	while (has_consequences(c)) {
		end_lost_waits(c);
		offer_reports(c);
		hang_up_orphans(c);
	}
	procsrv_change_end(c);
}
