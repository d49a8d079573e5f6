// SPDX-License-Identifier: GPL-2.0-only
/*
 * The effects of a signal on a process
 */
#include "internal.h"

static void set_stopped(struct procsrv_change *c, struct procsrv_process *p,
			bool stopped)
{
	bool is_stopped = p->state == PROCSRV_STOPPED;

	if (is_stopped == stopped)
		return;
	procsrv_edit_begin(c, p);
	procsrv_set_state(c, p, stopped ? PROCSRV_STOPPED : PROCSRV_RUNNING);
	procsrv_record_event(c, p, PROCSRV_EVENT_STATE, .detail = p->state,
			     .signo = stopped ? PROCSRV_SIGSTOP : PROCSRV_SIGCONT);
	procsrv_edit_end(c, p);
	procsrv_set_report(c, p, stopped ? PROCSRV_REPORT_STOPPED :
					   PROCSRV_REPORT_CONTINUED);
}

static void hand_to(struct procsrv_change *c, struct procsrv_waiter *waiter,
		    int signo, u64 sender)
{
	struct procsrv_taker *taker = container_of(waiter, struct procsrv_taker,
						   base);

	taker->take->signo = signo;
	taker->take->sender = sender;
	taker->take->count = 1;
	procsrv_waiter_finish(c, waiter, 0);
}

/**
 * procsrv_deliver_signal() - deliver a signal to a process
 * @c: the change
 * @p: the process; nothing happens to a zombie
 * @signo: the signal, or 0
 * @sender: pid of the sender, or 0
 * @pool: memory for it, if it procsrv_needs_record()
 */
void procsrv_deliver_signal(struct procsrv_change *c, struct procsrv_process *p,
			    int signo, u64 sender, struct procsrv_pool *pool)
{
	struct procsrv_waiter *taker = NULL;
	struct procsrv_pending *pending = NULL;

	procsrv_assert_change(c);
	if (!signo || procsrv_has_exited(p))
		return;
	if (procsrv_becomes_pending(signo)) {
		taker = procsrv_first_waiter_for(p, BIT_ULL(signo - 1));
		if (!taker)
			pending = procsrv_find_pending(c, p, signo);
	}
	procsrv_edit_begin(c, p);
	procsrv_record_event(c, p, PROCSRV_EVENT_SIGNAL, .other = sender, .signo = signo);
	if (procsrv_becomes_pending(signo) && !taker)
		procsrv_queue_signal(c, p, pending, signo, sender, pool);
	procsrv_edit_end(c, p);
	if (taker)
		hand_to(c, taker, signo, sender);

	switch (signo) {
	case PROCSRV_SIGKILL:
		procsrv_exit(c, p, -PROCSRV_SIGKILL, PROCSRV_SIGKILL);
		break;
	case PROCSRV_SIGTERM:
		procsrv_exit(c, p, 0, PROCSRV_SIGTERM);
		break;
	case PROCSRV_SIGSTOP:
		set_stopped(c, p, true);
		break;
	case PROCSRV_SIGCONT:
		set_stopped(c, p, false);
		break;
	}
}

static bool is_orphaned(struct procsrv_change *c,
			const struct procsrv_group *group)
{
	struct procsrv *ps = procsrv_of(c);
	struct rb_node *n;

	for (n = rb_first(&group->members.tree); n; n = rb_next(n)) {
		struct procsrv_process *p =
			rb_entry(n, struct procsrv_process, group_node);

		if (!procsrv_is_zombie(p) && procsrv_links(ps, p->parent, p))
			return false;
		procsrv_change_step(c);
	}
	return true;
}

/**
 * procsrv_hang_up_orphaned() - hang up a process group if it is orphaned
 * @c: the change
 * @group: the group, which may have lost its last member
 *
 * After POSIX and exit(2): a group is orphaned when no member has a parent in
 * another group of the same session. Init is no such parent. If one
 * that is orphaned has stopped members, all get SIGHUP and SIGCONT.
 *
 * Context: in procsrv_change_commit(), so after all exits of the change: a
 * stopped process is not continued if the change ends it.
 */
void procsrv_hang_up_orphaned(struct procsrv_change *c,
			      struct procsrv_group *group)
{
	struct rb_node *n;

	procsrv_assert_change(c);
	if (!group->nr_stopped || !is_orphaned(c, group))
		return;
	/* No member is unlinked here: reports are offered later. */
	for (n = rb_first(&group->members.tree); n; n = rb_next(n)) {
		struct procsrv_process *p =
			rb_entry(n, struct procsrv_process, group_node);

		procsrv_deliver_signal(c, p, PROCSRV_SIGHUP, 0, NULL);
		procsrv_deliver_signal(c, p, PROCSRV_SIGCONT, 0, NULL);
		procsrv_change_step(c);
	}
}
