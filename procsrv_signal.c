// SPDX-License-Identifier: GPL-2.0-only
/*
 * Signals
 */
#define pr_fmt(fmt) KBUILD_MODNAME ": " fmt

#include <linux/sched/signal.h>

#include "compat.h"
#include "procsrv_tables.h"

/* What signal @signo does to a process that may be hit by it. */
static void hit(struct procsrv *ps, struct procsrv_process *p, int signo)
{
	lockdep_assert_held_write(&ps->lock);
	if (procsrv_is_zombie(p))
		return;
	switch (signo) {
	case 0:
		break;
	case PROCSRV_SIGKILL:
		procsrv_zombify(ps, p, -PROCSRV_SIGKILL, PROCSRV_SIGKILL);
		break;
	case PROCSRV_SIGTERM:
		procsrv_zombify(ps, p, 0, PROCSRV_SIGTERM);
		break;
	case PROCSRV_SIGSTOP:
		if (p->state == PROCSRV_STOPPED)
			break;
		procsrv_set_state(ps, p, PROCSRV_STOPPED);
		procsrv_set_report(p, PROCSRV_REPORT_STOPPED);
		break;
	case PROCSRV_SIGCONT:
		if (p->state != PROCSRV_STOPPED)
			break;
		procsrv_set_state(ps, p, PROCSRV_RUNNING);
		procsrv_set_report(p, PROCSRV_REPORT_CONTINUED);
		break;
	default:
		p->pending |= BIT_ULL(signo - 1);
	}
}

static bool ends_or_stops(int signo)
{
	return signo == PROCSRV_SIGKILL || signo == PROCSRV_SIGTERM ||
	       signo == PROCSRV_SIGSTOP;
}

/* The others return how many were hit, or an error; under the lock. */

static int signal_pid(struct procsrv *ps, u64 pid, int signo)
{
	struct procsrv_process *p = procsrv_find(ps, pid);

	if (!p)
		return -ESRCH;
	if (p == ps->init && ends_or_stops(signo))
		return -EPERM;
	hit(ps, p, signo);
	return 1;
}

static int signal_group(struct procsrv *ps, u64 pgid, int signo)
{
	struct procsrv_group *group = NULL;
	struct rb_node *n;

	if (pgid <= U32_MAX)
		group = procsrv_find_group(ps, pgid);
	if (!group)
		return -ESRCH;
	/* Whatever happens to a member, it stays one. */
	for (n = rb_first(&group->members); n; n = rb_next(n))
		hit(ps, rb_entry(n, struct procsrv_process, group_node), signo);
	return group->nr_members;
}

static int signal_session(struct procsrv *ps, u64 sid, int signo)
{
	struct procsrv_session *session = NULL;
	struct rb_node *n;

	if (sid <= U32_MAX)
		session = procsrv_find_session(ps, sid);
	if (!session)
		return -ESRCH;
	for (n = rb_first(&session->members); n; n = rb_next(n))
		hit(ps, rb_entry(n, struct procsrv_process, session_node),
		    signo);
	return session->nr_members;
}

/* Hits up to PROCSRV_BATCH processes above *@cursor; false after the last. */
static bool signal_batch(struct procsrv *ps, u64 sender, u64 *cursor,
			 int signo, u32 *count)
{
	struct procsrv_process *p;
	int i;

	write_lock(&ps->lock);
	p = procsrv_find_after(ps, *cursor);
	for (i = 0; p && i < PROCSRV_BATCH; i++) {
		*cursor = p->pid;
		if (p->pid != sender) {
			hit(ps, p, signo);
			++*count;
		}
		p = rb_entry_safe(rb_next(&p->node), struct procsrv_process,
				  node);
	}
	write_unlock(&ps->lock);
	return p;
}

/*
 * Everybody but init and the sender. They are too many for one hold of the
 * lock, but nobody escapes: who is created meanwhile has a higher pid, and
 * is hit as well. So somebody who creates for ever keeps this going for ever,
 * unless the caller is killed.
 */
static int signal_all(struct procsrv *ps, u64 sender, int signo, u32 *count)
{
	u64 cursor = PROCSRV_INIT_PID;
	u32 hits = 0;

	while (signal_batch(ps, sender, &cursor, signo, &hits) &&
	       !fatal_signal_pending(current))
		cond_resched();
	if (!hits)
		return -ESRCH;
	*count = hits;
	return 0;
}

static bool sender_is_valid(struct procsrv *ps, u64 sender)
{
	return !sender || procsrv_find_live(ps, sender);
}

static int signal_some(struct procsrv *ps, u64 sender,
		       enum procsrv_target target, u64 id, int signo)
{
	lockdep_assert_held_write(&ps->lock);
	if (!sender_is_valid(ps, sender))
		return -ESRCH;
	switch (target) {
	case PROCSRV_TARGET_PID:
		return signal_pid(ps, id, signo);
	case PROCSRV_TARGET_PGID:
		return signal_group(ps, id, signo);
	case PROCSRV_TARGET_SID:
		return signal_session(ps, id, signo);
	default:
		return -EINVAL;
	}
}

/**
 * procsrv_signal() - send a signal
 * @ps: the server
 * @sender: pid on whose behalf, or 0 for the world outside
 * @target: whom @id names
 * @id: pid, pgid or sid; 0 with PROCSRV_TARGET_ALL
 * @signo: 0 to 64
 * @count: where to store how many it reached, zombies included
 *
 * After kill(2) and VeridianOS: 9 and 15 terminate, 19 stops, 18 continues,
 * 0 only checks, all others become pending.
 *
 * Context: may sleep with PROCSRV_TARGET_ALL.
 * Return: 0; -EINVAL if a number is out of range, or @target or @id makes no
 * sense; -ESRCH if there is no such target, or the sender is missing or a
 * zombie; -EPERM if the signal would end or stop init.
 */
int procsrv_signal(struct procsrv *ps, u64 sender, enum procsrv_target target,
		   u64 id, int signo, u32 *count)
{
	int ret;

	if (signo < 0 || signo > PROCSRV_NSIG)
		return -EINVAL;

	if (target == PROCSRV_TARGET_ALL) {
		bool valid;

		if (id)
			return -EINVAL;
		read_lock(&ps->lock);
		valid = sender_is_valid(ps, sender);
		read_unlock(&ps->lock);
		return valid ? signal_all(ps, sender, signo, count) : -ESRCH;
	}

	write_lock(&ps->lock);
	ret = signal_some(ps, sender, target, id, signo);
	write_unlock(&ps->lock);
	if (ret < 0)
		return ret;
	*count = ret;
	pr_debug("signal %d from %llu reached %d\n", signo, sender, ret);
	return 0;
}
EXPORT_SYMBOL_PROCSRV(procsrv_signal);

/**
 * procsrv_hang_up() - send signal 1 and then 18 to a session
 * @ps: the server
 * @sid: the session
 * @count: where to store how many they reached, zombies included
 *
 * What Linux does when a terminal hangs up, but to every member.
 *
 * Return: 0; -ESRCH if there is no such session.
 */
int procsrv_hang_up(struct procsrv *ps, u32 sid, u32 *count)
{
	int ret;

	write_lock(&ps->lock);
	ret = signal_session(ps, sid, PROCSRV_SIGHUP);
	if (ret >= 0)
		ret = signal_session(ps, sid, PROCSRV_SIGCONT);
	write_unlock(&ps->lock);
	if (ret < 0)
		return ret;
	*count = ret;
	return 0;
}
EXPORT_SYMBOL_PROCSRV(procsrv_hang_up);
