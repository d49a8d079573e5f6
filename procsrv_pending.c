// SPDX-License-Identifier: GPL-2.0-only
/*
 * Pending signals: how they come to be pending, and how they are taken
 */
#include <linux/bitops.h>
#include <linux/sched/signal.h>
#include <linux/slab.h>

#include "compat.h"
#include "procsrv_tables.h"

enum {
	TAKE_FLAGS = PROCSRV_TAKE_NOHANG | PROCSRV_TAKE_TIMEOUT,
};

/**
 * procsrv_pends() - does a signal become pending, and take memory for that?
 * @signo: its number
 *
 * Return: false for what acts at once, and for signal 1, which has its record
 * in the process.
 */
bool procsrv_pends(int signo)
{
	switch (signo) {
	case 0:
	case PROCSRV_SIGHUP:
	case PROCSRV_SIGKILL:
	case PROCSRV_SIGTERM:
	case PROCSRV_SIGCONT:
	case PROCSRV_SIGSTOP:
		return false;
	}
	return true;
}

/**
 * procsrv_pool_fill() - have memory for pending signals
 * @pool: where to have it
 * @nr: for how many, at least
 *
 * Context: may sleep.
 * Return: 0; -ENOMEM; -EINTR if the caller is killed meanwhile.
 */
int procsrv_pool_fill(struct procsrv_pool *pool, u32 nr)
{
	while (pool->nr < nr) {
		struct procsrv_pending *s = kmalloc(sizeof(*s),
						    PROCSRV_GFP);

		if (!s)
			return -ENOMEM;
		s->next = pool->first;
		pool->first = s;
		pool->nr++;
		if (fatal_signal_pending(current))
			return -EINTR;
		cond_resched();
	}
	return 0;
}

/**
 * procsrv_pool_drain() - give back what was not used
 * @pool: the pool
 *
 * Context: may sleep.
 */
void procsrv_pool_drain(struct procsrv_pool *pool)
{
	struct procsrv_pending *s;

	while ((s = pool->first)) {
		pool->first = s->next;
		kfree(s);
	}
	pool->nr = 0;
}

static struct procsrv_pending *new_record(struct procsrv_process *p, int signo,
					  struct procsrv_pool *pool)
{
	struct procsrv_pending *s = &p->hangup;

	if (signo != PROCSRV_SIGHUP) {
		s = pool->first;
		pool->first = s->next;
		pool->nr--;
	}
	s->signo = signo;
	s->count = 0;
	return s;
}

static struct procsrv_pending **find_record(struct procsrv_process *p,
					    int signo)
{
	struct procsrv_pending **link = &p->signals;

	while ((*link)->signo != signo)
		link = &(*link)->next;
	return link;
}

static u64 taker_class(void)
{
	return procsrv_sleep_class(PROCSRV_SLEEP_SIGNAL, 0, 0, true);
}

/* Takers are of the last class, in the order in which they came. */
static struct procsrv_sleeper *first_taker(const struct procsrv_process *p)
{
	return procsrv_first_sleeper(p, taker_class());
}

/**
 * procsrv_find_taker() - the taker that a signal goes to
 * @p: the process
 * @signo: the signal, 1 or one that procsrv_pends()
 *
 * Context: under the lock.
 * Return: the first that sleeps until it comes, or NULL.
 */
struct procsrv_taker *procsrv_find_taker(const struct procsrv_process *p,
					 int signo)
{
	struct procsrv_sleeper *s;

	s = procsrv_first_sleeper_for(p, BIT_ULL(signo - 1));
	return s ? container_of(s, struct procsrv_taker, sleeper) : NULL;
}

/**
 * procsrv_give() - hand a signal to a taker, which wakes it
 * @ps: the server
 * @taker: what procsrv_find_taker() returned
 * @signo: the signal
 * @sender: pid of the sender, or 0
 *
 * Context: under the lock, for writing.
 */
void procsrv_give(struct procsrv *ps, struct procsrv_taker *taker, int signo,
		  u64 sender)
{
	taker->take->signo = signo;
	taker->take->sender = sender;
	taker->take->count = 1;
	procsrv_sleeper_wake(ps, &taker->sleeper, 0);
}

/**
 * procsrv_pend() - make a signal pending
 * @p: the process, not a zombie, without a procsrv_find_taker() for it
 * @signo: 1, or a signal that procsrv_pends()
 * @sender: pid of the sender, or 0
 * @pool: has memory for one; not asked for signal 1
 *
 * Context: under the lock, for writing, in a procsrv_change_begin().
 */
void procsrv_pend(struct procsrv_process *p, int signo, u64 sender,
		  struct procsrv_pool *pool)
{
	struct procsrv_pending *s;

	if (p->pending & BIT_ULL(signo - 1)) {
		s = *find_record(p, signo);
	} else {
		s = new_record(p, signo, pool);
		s->sender = sender;
		s->next = p->signals;
		p->signals = s;
		p->pending |= BIT_ULL(signo - 1);
	}
	if (s->count < U32_MAX)
		s->count++;
}

/**
 * procsrv_pending_free() - free the records of pending signals
 * @p: the process, which nobody else uses any more
 */
void procsrv_pending_free(struct procsrv_process *p)
{
	struct procsrv_pending *s, *next;

	for (s = p->signals; s; s = next) {
		next = s->next;
		if (s != &p->hangup)
			kfree(s);
	}
}

/* Takes the lowest that will do: 0 or -EAGAIN; *@s is to be freed. */
static int try_take(struct procsrv *ps, struct procsrv_process *p,
		    struct procsrv_take *take, struct procsrv_pending **s)
{
	u64 candidates = p->pending & take->mask;
	struct procsrv_pending **link;

	if (!candidates)
		return -EAGAIN;
	take->signo = __ffs64(candidates) + 1;
	link = find_record(p, take->signo);
	*s = *link;
	*link = (*s)->next;
	procsrv_change_begin(ps, p);
	p->pending &= ~BIT_ULL(take->signo - 1);
	procsrv_change_end(ps, p);
	take->sender = (*s)->sender;
	take->count = (*s)->count;
	if (*s == &p->hangup)
		*s = NULL;
	return 0;
}

/**
 * procsrv_end_takes() - no signal comes any more
 * @ps: the server
 * @p: the process, a zombie by now
 *
 * Context: under the lock, for writing.
 */
void procsrv_end_takes(struct procsrv *ps, struct procsrv_process *p)
{
	struct procsrv_sleeper *s;

	while ((s = first_taker(p)))
		procsrv_sleeper_wake(ps, s, -ESRCH);
}

/**
 * procsrv_take_start() - begin to take a signal, without sleeping
 * @ps: the server
 * @taker: lives until procsrv_take_end() if this returns -EINPROGRESS. Then
 *	the @wake of its sleeper is called at most once: when there is a signal
 *	or none can come, under the lock of the server, which may be before
 *	this returns
 * @take: as in procsrv_take_signal(), and lives as long as @taker; its timeout,
 *	if it has one, is up to the caller
 *
 * Context: any task; takes the lock.
 * Return: -EINPROGRESS, or what procsrv_take_signal() returns, and it is over.
 */
int procsrv_take_start(struct procsrv *ps, struct procsrv_taker *taker,
		       struct procsrv_take *take)
{
	struct procsrv_pending *s = NULL;
	struct procsrv_process *p;
	int err = -ESRCH;

	if (!take->mask || take->flags & ~TAKE_FLAGS)
		return -EINVAL;
	if (take->timeout && !(take->flags & PROCSRV_TAKE_TIMEOUT))
		return -EINVAL;
	taker->take = take;

	write_lock(&ps->lock);
	p = procsrv_find_live(ps, take->pid);
	if (p)
		err = procsrv_may_act(ps, p) ? try_take(ps, p, take, &s) :
					       -EPERM;
	if (err == -EAGAIN && !(take->flags & PROCSRV_TAKE_NOHANG))
		err = procsrv_sleeper_add(ps, p, &taker->sleeper,
					  taker_class(), take->mask);
	procsrv_write_unlock(ps);

	kfree(s);
	return err;
}
EXPORT_SYMBOL_PROCSRV(procsrv_take_start);

/**
 * procsrv_take_end() - stop taking, whatever ended it
 * @ps: the server
 * @taker: what procsrv_take_start() has returned -EINPROGRESS for; nobody else
 *	has it any more when this returns
 * @err: what to return if there was no signal
 *
 * Context: any task; takes the lock.
 * Return: 0; -ESRCH; or @err, and nothing was taken.
 */
int procsrv_take_end(struct procsrv *ps, struct procsrv_taker *taker, int err)
{
	write_lock(&ps->lock);
	err = procsrv_sleeper_end(&taker->sleeper, err);
	procsrv_write_unlock(ps);
	return err;
}
EXPORT_SYMBOL_PROCSRV(procsrv_take_end);

/**
 * procsrv_take_signal() - take a pending signal of a process
 * @ps: the server
 * @take: which, and what came of it
 *
 * The lowest that is pending and in the mask. After sigtimedwait(2).
 *
 * Context: sleeps, unless PROCSRV_TAKE_NOHANG is set.
 * Return: 0; -EAGAIN if there is none and PROCSRV_TAKE_NOHANG is set, or if too
 * many sleep for its user's processes already; -ETIMEDOUT; -ERESTARTSYS after a
 * signal to the caller; -ESRCH if there is no such process, or it is a zombie, or
 * has become one; -EPERM if the caller may not act on it; -EINVAL if @take makes
 * no sense.
 */
int procsrv_take_signal(struct procsrv *ps, struct procsrv_take *take)
{
	bool timed = take->flags & PROCSRV_TAKE_TIMEOUT;
	struct procsrv_taker taker;
	ktime_t deadline;
	int err;

	procsrv_sleeper_is_task(&taker.sleeper);
	err = procsrv_take_start(ps, &taker, take);
	if (err != -EINPROGRESS)
		return err;
	deadline = procsrv_deadline(take->timeout);
	err = procsrv_sleep(&taker.sleeper, timed ? &deadline : NULL);
	err = procsrv_take_end(ps, &taker, err);
	if (err == -ERESTARTSYS && timed)
		take->timeout = procsrv_time_left(deadline);
	return err;
}
EXPORT_SYMBOL_PROCSRV(procsrv_take_signal);
