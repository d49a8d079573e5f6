// SPDX-License-Identifier: GPL-2.0-only
/*
 * Taking pending signals
 */
#include <linux/bitops.h>

#include "compat.h"
#include "internal.h"

enum {
	TAKE_FLAGS = PROCSRV_TAKE_NOHANG | PROCSRV_TAKE_TIMEOUT,
};

static bool take_is_valid(const struct procsrv_take *take)
{
	if (!take->mask || take->flags & ~TAKE_FLAGS)
		return false;
	if (!take->pid && ~take->mask)
		return false;
	return take->flags & PROCSRV_TAKE_TIMEOUT || !take->timeout;
}

/* Takes the lowest pending signal in the mask; but SIGKILL first, as Linux. */
static void take_lowest(struct procsrv_change *c, struct procsrv_process *p,
			struct procsrv_take *take)
{
	u64 signals = p->pending & take->mask;
	int signo = __ffs64(signals) + 1;

	if (signals & BIT_ULL(PROCSRV_SIGKILL - 1))
		signo = PROCSRV_SIGKILL;
	procsrv_dequeue_signal(c, p, signo, take);
}

/* Waits at a process, or at a host. */
static int wait_at(struct procsrv_change *c, struct rb_root *tree,
		   struct procsrv_taker *taker, u32 *nr_waiters)
{
	if (taker->take->flags & PROCSRV_TAKE_NOHANG)
		return -EAGAIN;
	return procsrv_waiter_add(c, tree, &taker->base, nr_waiters,
				  procsrv_taker_class(), taker->take->mask) ?
		       -EINPROGRESS : -EAGAIN;
}

/* From any that the owner hosts: to have that is all the permission it needs. */
static int start_any(struct procsrv_change *c, struct procsrv_taker *taker)
{
	struct procsrv_owner *host = taker->take->owner;
	struct procsrv_hosted *h;

	if (!host)
		return -ESRCH;
	h = list_first_entry_or_null(&host->pending, struct procsrv_hosted,
				     pending_node);
	if (!h && procsrv_of(c)->closed)
		return -ESHUTDOWN;
	if (!h)
		return wait_at(c, &host->takers, taker, &host->nr_takers);
	take_lowest(c, &h->process, taker->take);
	/* Its others wait until it is the turn of all processes. */
	if (h->process.pending)
		list_move_tail(&h->pending_node, &host->pending);
	return 0;
}

static int start(struct procsrv_change *c, struct procsrv_taker *taker)
{
	struct procsrv_take *take = taker->take;
	struct procsrv_process *p;
	int err;

	if (!take->pid)
		return start_any(c, taker);
	err = procsrv_find_to_act(c, take->pid, &p);
	if (err)
		return err;
	if (p->pending & take->mask) {
		take_lowest(c, p, take);
		return 0;
	}
	return wait_at(c, &p->waiters, taker,
		       procsrv_waiters_of(procsrv_of(c), p));
}

/**
 * procsrv_hosts_pending() - has any process that an owner hosts a pending signal?
 * @owner: the owner
 *
 * Context: any; the answer may be out of date, but what waits at
 * &procsrv_owner.poll already is woken when it becomes true.
 */
bool procsrv_hosts_pending(struct procsrv_owner *owner)
{
	return !list_empty_careful(&owner->pending);
}
EXPORT_SYMBOL_PROCSRV(procsrv_hosts_pending);

/**
 * procsrv_take_start() - begin to take a signal, without sleeping
 * @ps: the server
 * @taker: lives until procsrv_take_end() if this returns -EINPROGRESS. Then
 *	the @wake of its base is called at most once, when there is a signal or
 *	the process has exited, which may be before this returns
 * @take: as in procsrv_take_signal(), and lives as long as @taker; its timeout,
 *	if it has one, is up to the caller
 *
 * Context: any task; makes a change.
 * Return: -EINPROGRESS, or what procsrv_take_signal() returns, and the wait is
 * over.
 */
int procsrv_take_start(struct procsrv *ps, struct procsrv_taker *taker,
		       struct procsrv_take *take)
{
	struct procsrv_change *c;
	int err;

	if (!take_is_valid(take))
		return -EINVAL;
	taker->take = take;
	c = procsrv_change_begin(ps);
	if (!c)
		return -EINTR;
	err = start(c, taker);
	procsrv_change_commit(c);
	return err;
}
EXPORT_SYMBOL_PROCSRV(procsrv_take_start);

/**
 * procsrv_take_end() - stop taking
 * @ps: the server
 * @taker: procsrv_take_start() has returned -EINPROGRESS for it; it is not used
 *	any more when this returns
 * @err: what to return if there was no signal
 *
 * Context: any task; makes a change.
 * Return: 0; -ESRCH; or @err, and nothing was taken.
 */
int procsrv_take_end(struct procsrv *ps, struct procsrv_taker *taker, int err)
{
	struct procsrv_change *c = procsrv_change_begin_unkillable(ps);

	err = procsrv_waiter_end(c, &taker->base, err);
	procsrv_change_commit(c);
	return err;
}
EXPORT_SYMBOL_PROCSRV(procsrv_take_end);

/**
 * procsrv_take_signal() - take a pending signal of a process
 * @ps: the server
 * @take: which signal; gets the result
 *
 * The lowest that is pending and in the mask, but SIGKILL before all; of those that are
 * hosted, of each in turn. After sigtimedwait(2).
 *
 * Context: sleeps, unless PROCSRV_TAKE_NOHANG is set.
 * Return: 0; -EAGAIN if there is none and PROCSRV_TAKE_NOHANG is set, or if the
 * user's processes have as many waiters as they may have; -ETIMEDOUT;
 * -ERESTARTSYS after a signal to the caller; -EINTR if the caller is killed;
 * -ESRCH if there is no such process, or it is a zombie, or has become one;
 * -EPERM if the caller may not act on it; -EINVAL if @take is invalid; -ESHUTDOWN if it
 * is for any that is hosted, and the server has been closed.
 */
int procsrv_take_signal(struct procsrv *ps, struct procsrv_take *take)
{
	bool timed = take->flags & PROCSRV_TAKE_TIMEOUT;
	struct procsrv_taker taker;
	ktime_t deadline;
	int err;

	procsrv_waiter_is_task(&taker.base);
	err = procsrv_take_start(ps, &taker, take);
	if (err != -EINPROGRESS)
		return err;
	deadline = procsrv_deadline(take->timeout);
	err = procsrv_waiter_sleep(&taker.base, timed ? &deadline : NULL);
	if (!err)
		return taker.base.err;
	err = procsrv_take_end(ps, &taker, err);
	if (err == -ERESTARTSYS && timed)
		take->timeout = procsrv_time_left(deadline);
	return err;
}
EXPORT_SYMBOL_PROCSRV(procsrv_take_signal);
