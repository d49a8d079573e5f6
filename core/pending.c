// SPDX-License-Identifier: GPL-2.0-only
/*
 * Pending signals of a process, and memory for them
 */
#include <linux/bitops.h>
#include <linux/sched/signal.h>
#include <linux/slab.h>

#include "compat.h"
#include "internal.h"

/**
 * procsrv_becomes_pending() - does a signal wait until it is taken?
 * @signo: its number
 *
 * Return: false for signals that act at once.
 */
bool procsrv_becomes_pending(int signo)
{
	switch (signo) {
	case 0:
	case PROCSRV_SIGKILL:
	case PROCSRV_SIGTERM:
	case PROCSRV_SIGCONT:
	case PROCSRV_SIGSTOP:
		return false;
	}
	return true;
}

/**
 * procsrv_needs_record() - does a signal need a record to become pending?
 * @signo: its number
 * @sender: pid of the sender, or 0
 *
 * Return: false for signals that act at once, and for a SIGHUP from outside the
 * server, which is only counted.
 */
bool procsrv_needs_record(int signo, u64 sender)
{
	return procsrv_becomes_pending(signo) &&
	       (sender || signo != PROCSRV_SIGHUP);
}

/**
 * procsrv_pool_fill() - allocate memory for pending signals
 * @pool: the pool
 * @nr: for how many signals, at least
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
 * procsrv_pool_drain() - free unused memory for pending signals
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
		cond_resched();
	}
	pool->nr = 0;
}

static struct procsrv_pending *new_record(struct procsrv_process *p, int signo,
					  u64 sender, struct procsrv_pool *pool)
{
	struct procsrv_pending *s = pool->first;

	pool->first = s->next;
	pool->nr--;
	s->signo = signo;
	s->count = 0;
	s->sender = sender;
	s->next = p->signals;
	p->signals = s;
	return s;
}

static bool is_counted(const struct procsrv_process *p, int signo)
{
	return signo == PROCSRV_SIGHUP && p->nr_hangups;
}

static struct procsrv_pending **find_record(struct procsrv_change *c,
					    struct procsrv_process *p, int signo)
{
	struct procsrv_pending **link = &p->signals;

	for (; (*link)->signo != signo; link = &(*link)->next)
		c->work--;
	return link;
}

/**
 * procsrv_find_pending() - find the record of a pending signal
 * @c: the change
 * @p: the process
 * @signo: the signal
 *
 * Return: the record, or NULL if the signal is not pending, or is only counted.
 */
struct procsrv_pending *procsrv_find_pending(struct procsrv_change *c,
					     struct procsrv_process *p, int signo)
{
	procsrv_assert_no_edit(c);
	if (!(p->pending & BIT_ULL(signo - 1)) || is_counted(p, signo))
		return NULL;
	return *find_record(c, p, signo);
}

/**
 * procsrv_queue_signal() - make a signal pending
 * @c: the change
 * @p: the process, not a zombie
 * @s: what procsrv_find_pending() returned
 * @signo: a signal that procsrv_becomes_pending()
 * @sender: pid of the sender, or 0
 * @pool: has memory for one, if it procsrv_needs_record()
 *
 * Context: in a procsrv_edit_begin() of @p.
 */
void procsrv_queue_signal(struct procsrv_change *c, struct procsrv_process *p,
			  struct procsrv_pending *s, int signo, u64 sender,
			  struct procsrv_pool *pool)
{
	u32 *count = &p->nr_hangups;

	procsrv_assert_edit(c, p);
	if (!s && !is_counted(p, signo) && procsrv_needs_record(signo, sender))
		s = new_record(p, signo, sender, pool);
	if (s)
		count = &s->count;
	if (*count < U32_MAX)
		++*count;
	p->pending |= BIT_ULL(signo - 1);
}

/**
 * procsrv_dequeue_signal() - take a pending signal
 * @c: the change, which frees its record
 * @p: the process
 * @signo: the signal, which is pending
 * @sender: where to store the first sender since it was last taken
 * @count: where to store how often it was sent since then
 */
void procsrv_dequeue_signal(struct procsrv_change *c, struct procsrv_process *p,
			    int signo, u64 *sender, u32 *count)
{
	struct procsrv_pending **link, *s;

	procsrv_assert_change(c);
	procsrv_edit_begin(c, p);
	p->pending &= ~BIT_ULL(signo - 1);
	procsrv_edit_end(c, p);
	if (is_counted(p, signo)) {
		*sender = 0;
		*count = p->nr_hangups;
		p->nr_hangups = 0;
		return;
	}
	link = find_record(c, p, signo);
	s = *link;
	*link = s->next;
	*sender = s->sender;
	*count = s->count;
	procsrv_change_queues(c);
	s->next = c->release.pending;
	c->release.pending = s;
}

/**
 * procsrv_pending_free() - free the records of pending signals
 * @p: the process, which is in no table
 */
void procsrv_pending_free(struct procsrv_process *p)
{
	struct procsrv_pending *s, *next;

	for (s = p->signals; s; s = next) {
		next = s->next;
		kfree(s);
	}
}
