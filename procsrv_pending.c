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
 * struct taker - a task that sleeps until there is a signal to take
 * @sleeper: how it sleeps
 * @take: what it wants, and gets
 */
struct taker {
	struct procsrv_sleeper sleeper;
	struct procsrv_take *take;
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
						    GFP_KERNEL_ACCOUNT);

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

/* Hands a signal to one of those that sleep until it comes, if any does. */
static bool give_away(struct procsrv_process *p, int signo, u64 sender)
{
	struct procsrv_sleeper *s;

	list_for_each_entry(s, &p->sleepers, node) {
		struct taker *t = container_of(s, struct taker, sleeper);

		if (s->kind != PROCSRV_SLEEP_SIGNAL ||
		    !(t->take->mask & BIT_ULL(signo - 1)))
			continue;
		t->take->signo = signo;
		t->take->sender = sender;
		t->take->count = 1;
		procsrv_sleeper_wake(s, 0);
		return true;
	}
	return false;
}

/**
 * procsrv_pend() - make a signal pending, unless somebody waits for it
 * @p: the process, not a zombie
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

	if (give_away(p, signo, sender))
		return;
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
	procsrv_change_end(p);
	take->sender = (*s)->sender;
	take->count = (*s)->count;
	if (*s == &p->hangup)
		*s = NULL;
	return 0;
}

/**
 * procsrv_end_takes() - no signal comes any more
 * @p: the process, a zombie by now
 *
 * Context: under the lock, for writing.
 */
void procsrv_end_takes(struct procsrv_process *p)
{
	struct procsrv_sleeper *s, *next;

	list_for_each_entry_safe(s, next, &p->sleepers, node)
		if (s->kind == PROCSRV_SLEEP_SIGNAL)
			procsrv_sleeper_wake(s, -ESRCH);
}

static int sleep_for_signal(struct procsrv *ps, struct taker *t)
{
	bool timed = t->take->flags & PROCSRV_TAKE_TIMEOUT;
	ktime_t deadline = procsrv_deadline(t->take->timeout);
	int err = procsrv_sleep(&t->sleeper, timed ? &deadline : NULL);

	write_lock(&ps->lock);
	err = procsrv_sleeper_end(&t->sleeper, err);
	write_unlock(&ps->lock);
	if (err == -ERESTARTSYS && timed)
		t->take->timeout = procsrv_time_left(deadline);
	return err;
}

/**
 * procsrv_take_signal() - take a pending signal of a process
 * @ps: the server
 * @take: which, and what came of it
 *
 * The lowest that is pending and in the mask. After sigtimedwait(2).
 *
 * Context: sleeps, unless PROCSRV_TAKE_NOHANG is set.
 * Return: 0; -EAGAIN if there is none and PROCSRV_TAKE_NOHANG is set;
 * -ETIMEDOUT; -ERESTARTSYS after a signal to the caller; -ESRCH if there is no
 * such process, or it is a zombie, or has become one; -EINVAL if @take makes
 * no sense.
 */
int procsrv_take_signal(struct procsrv *ps, struct procsrv_take *take)
{
	struct taker taker = { .take = take };
	struct procsrv_pending *s = NULL;
	struct procsrv_process *p;
	bool sleep = false;
	int err = -ESRCH;

	if (!take->mask || take->flags & ~TAKE_FLAGS)
		return -EINVAL;
	if (take->timeout && !(take->flags & PROCSRV_TAKE_TIMEOUT))
		return -EINVAL;

	write_lock(&ps->lock);
	p = procsrv_find_live(ps, take->pid);
	if (p)
		err = try_take(ps, p, take, &s);
	if (err == -EAGAIN && !(take->flags & PROCSRV_TAKE_NOHANG)) {
		sleep = true;
		procsrv_sleeper_is_task(&taker.sleeper);
		procsrv_sleeper_add(p, &taker.sleeper, PROCSRV_SLEEP_SIGNAL);
	}
	write_unlock(&ps->lock);

	kfree(s);
	return sleep ? sleep_for_signal(ps, &taker) : err;
}
EXPORT_SYMBOL_PROCSRV(procsrv_take_signal);
