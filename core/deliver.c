// SPDX-License-Identifier: GPL-2.0-only
/*
 * The effects of a signal on a process
 */
#include "internal.h"

/**
 * procsrv_ends_or_stops() - does a signal end or stop a process, by itself?
 * @signo: its number
 */
bool procsrv_ends_or_stops(int signo)
{
	return signo == PROCSRV_SIGKILL || signo == PROCSRV_SIGTERM ||
	       signo == PROCSRV_SIGSTOP;
}

/**
 * procsrv_set_stopped() - stop a process, unless it is stopped
 * @c: the change
 * @p: the process, not a zombie
 * @signo: what stops it
 */
void procsrv_set_stopped(struct procsrv_change *c, struct procsrv_process *p,
			 int signo)
{
	if (p->state == PROCSRV_STOPPED)
		return;
	procsrv_edit_begin(c, p);
	procsrv_set_state(c, p, PROCSRV_STOPPED);
	if (procsrv_is_hosted(p))
		p->exit_signal = signo;
	procsrv_record_event(c, p, PROCSRV_EVENT_STATE, .detail = PROCSRV_STOPPED,
			     .signo = signo);
	procsrv_edit_end(c, p);
	procsrv_set_report(c, p, PROCSRV_REPORT_STOPPED);
}

/**
 * procsrv_set_continued() - continue a process, if it is stopped
 * @c: the change
 * @p: the process
 */
void procsrv_set_continued(struct procsrv_change *c, struct procsrv_process *p)
{
	if (p->state != PROCSRV_STOPPED)
		return;
	procsrv_edit_begin(c, p);
	procsrv_set_state(c, p, PROCSRV_RUNNING);
	p->exit_signal = 0;
	procsrv_record_event(c, p, PROCSRV_EVENT_STATE, .detail = PROCSRV_RUNNING,
			     .signo = PROCSRV_SIGCONT);
	procsrv_edit_end(c, p);
	procsrv_set_report(c, p, PROCSRV_REPORT_CONTINUED);
}

static void hand_to(struct procsrv_change *c, struct procsrv_waiter *waiter,
		    const struct procsrv_process *p,
		    const struct procsrv_sent *sent)
{
	struct procsrv_taker *taker = container_of(waiter, struct procsrv_taker,
						   base);

	taker->take->signo = sent->signo;
	taker->take->sender = sent->sender;
	taker->take->count = 1;
	taker->take->target = p->pid;
	taker->take->origin = procsrv_is_hosted(p) ? sent->origin : 0;
	procsrv_waiter_finish(c, waiter, 0);
}

/* The waiter that gets a signal instead of its becoming pending, or NULL. */
static struct procsrv_waiter *find_taker(struct procsrv_process *p, int signo)
{
	u64 signal = BIT_ULL(signo - 1);
	struct procsrv_waiter *taker =
		procsrv_first_waiter_for(&p->waiters, signal);

	if (taker || !procsrv_is_hosted(p))
		return taker;
	return procsrv_first_waiter_for(&procsrv_hosted_of(p)->host->takers,
					signal);
}

static void act(struct procsrv_change *c, struct procsrv_process *p, int signo)
{
	/* Only in the name of a hosted process: otherwise it is refused. */
	if (p == procsrv_of(c)->init && procsrv_ends_or_stops(signo))
		return;
	switch (signo) {
	case PROCSRV_SIGKILL:
		procsrv_exit(c, p, -PROCSRV_SIGKILL, PROCSRV_SIGKILL);
		break;
	case PROCSRV_SIGTERM:
		procsrv_exit(c, p, 0, PROCSRV_SIGTERM);
		break;
	case PROCSRV_SIGSTOP:
		procsrv_set_stopped(c, p, PROCSRV_SIGSTOP);
		break;
	case PROCSRV_SIGCONT:
		procsrv_set_continued(c, p);
		break;
	}
}

static void record_signal(struct procsrv_change *c, struct procsrv_process *p,
			  int signo, u64 sender)
{
	procsrv_record_event(c, p, PROCSRV_EVENT_SIGNAL, .other = sender,
			     .signo = signo);
}

/* SIGCONT and the signals that stop undo each other: prepare_signal() of Linux. */
static void discard_opposite(struct procsrv_change *c,
			     struct procsrv_process *p, int signo)
{
	const u64 stops = BIT_ULL(PROCSRV_SIGSTOP - 1) |
			  BIT_ULL(PROCSRV_SIGTSTP - 1) |
			  BIT_ULL(PROCSRV_SIGTTIN - 1) |
			  BIT_ULL(PROCSRV_SIGTTOU - 1);

	if (signo == PROCSRV_SIGCONT)
		procsrv_discard_signals(c, p, stops);
	else if (BIT_ULL(signo - 1) & stops)
		procsrv_discard_signals(c, p, BIT_ULL(PROCSRV_SIGCONT - 1));
}

/* Has it become pending, or hands it to a taker. */
static void keep(struct procsrv_change *c, struct procsrv_process *p,
		 const struct procsrv_sent *sent)
{
	struct procsrv_waiter *taker = find_taker(p, sent->signo);
	struct procsrv_pending *pending = NULL;

	if (procsrv_is_hosted(p))
		discard_opposite(c, p, sent->signo);
	if (!taker)
		pending = procsrv_find_pending(c, p, sent->signo);
	procsrv_edit_begin(c, p);
	record_signal(c, p, sent->signo, sent->sender);
	if (!taker)
		procsrv_queue_signal(c, p, pending, sent);
	procsrv_edit_end(c, p);
	if (taker)
		hand_to(c, taker, p, sent);
	else if (procsrv_is_hosted(p))
		procsrv_queue_poll(c, &procsrv_hosted_of(p)->host->poll);
}

/**
 * procsrv_deliver_signal() - deliver a signal to a process
 * @c: the change
 * @p: the process; nothing happens to a zombie, and to one that is exiting
 * @sent: the signal
 */
void procsrv_deliver_signal(struct procsrv_change *c, struct procsrv_process *p,
			    const struct procsrv_sent *sent)
{
	procsrv_assert_change(c);
	if (!sent->signo || procsrv_has_exited(p) || procsrv_is_exiting(p))
		return;
	if (procsrv_becomes_pending(p, sent->signo)) {
		keep(c, p, sent);
		return;
	}
	procsrv_edit_begin(c, p);
	record_signal(c, p, sent->signo, sent->sender);
	procsrv_edit_end(c, p);
	act(c, p, sent->signo);
}

/**
 * procsrv_kill() - end a process as by SIGKILL, a hosted one too
 * @c: the change
 * @p: the process; neither init nor a zombie
 */
void procsrv_kill(struct procsrv_change *c, struct procsrv_process *p)
{
	procsrv_edit_begin(c, p);
	record_signal(c, p, PROCSRV_SIGKILL, 0);
	procsrv_edit_end(c, p);
	procsrv_exit(c, p, -PROCSRV_SIGKILL, PROCSRV_SIGKILL);
}

/**
 * procsrv_is_orphaned() - does no member link a group to the rest of its session?
 * @c: the change
 * @group: the group
 *
 * After POSIX: a group is orphaned when no member has a parent in another group of the
 * same session. Init is no such parent.
 *
 * Return: whether it is orphaned.
 */
bool procsrv_is_orphaned(struct procsrv_change *c,
			 const struct procsrv_group *group)
{
	struct procsrv *ps = procsrv_of(c);
	struct rb_node *n;

	procsrv_assert_change(c);
	for (n = rb_first(&group->members.tree); n; n = rb_next(n)) {
		struct procsrv_process *p =
			rb_entry(n, struct procsrv_process, group_node);

		if (!procsrv_is_zombie(p) && procsrv_links(ps, p->parent, p))
			return false;
		procsrv_change_step(c);
	}
	return true;
}

/* All that a lost terminal, or an orphaned group, is sent. */
static void hang_up(struct procsrv_change *c, struct procsrv_process *p,
		    bool continues)
{
	struct procsrv_sent sent = {
		.signo = PROCSRV_SIGHUP,
		.origin = PROCSRV_FROM_SERVER,
	};

	procsrv_deliver_signal(c, p, &sent);
	if (!continues)
		return;
	sent.signo = PROCSRV_SIGCONT;
	procsrv_deliver_signal(c, p, &sent);
}

/**
 * procsrv_hang_up_group() - hang up a process group, if it has to be
 * @c: the change
 * @group: the group, which may have lost its last member
 *
 * After POSIX and exit(2): if a group that is orphaned has stopped members, all get SIGHUP
 * and SIGCONT. All members of the foreground group of a terminal get SIGHUP when the leader
 * of the session exits.
 *
 * Context: in procsrv_change_commit(), so after all exits of the change: a
 * stopped process is not continued if the change ends it.
 */
void procsrv_hang_up_group(struct procsrv_change *c,
			   struct procsrv_group *group)
{
	bool orphaned = group->nr_stopped && procsrv_is_orphaned(c, group);
	struct rb_node *n;

	procsrv_assert_change(c);
	if (!orphaned && !group->lost_terminal)
		return;
	group->lost_terminal = false;
	/* No member is unlinked here: reports are offered later. */
	for (n = rb_first(&group->members.tree); n; n = rb_next(n)) {
		hang_up(c, rb_entry(n, struct procsrv_process, group_node),
			orphaned);
		procsrv_change_step(c);
	}
}
