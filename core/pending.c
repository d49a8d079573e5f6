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

static struct procsrv_pending *new_record(struct procsrv_process *p,
					  const struct procsrv_sent *sent)
{
	struct procsrv_pending *s = sent->pool->first;

	sent->pool->first = s->next;
	sent->pool->nr--;
	s->signo = sent->signo;
	s->count = 0;
	s->sender = sent->sender;
	s->next = p->signals;
	p->signals = s;
	return s;
}

static bool is_counted(const struct procsrv_process *p, int signo)
{
	return signo == PROCSRV_SIGHUP && p->nr_hangups;
}

/* Where the record is linked, or would be. */
static struct procsrv_pending **find_record(struct procsrv_change *c,
					    struct procsrv_process *p, int signo)
{
	struct procsrv_pending **link = &p->signals;

	for (; *link && (*link)->signo != signo; link = &(*link)->next)
		c->work--;
	return link;
}

/**
 * procsrv_find_pending() - find the record of a pending signal
 * @c: the change
 * @p: the process
 * @signo: the signal
 *
 * Return: the record, or NULL if the signal is not pending, or has none.
 */
struct procsrv_pending *procsrv_find_pending(struct procsrv_change *c,
					     struct procsrv_process *p, int signo)
{
	procsrv_assert_no_edit(c);
	if (!(p->pending & BIT_ULL(signo - 1)) || is_counted(p, signo))
		return NULL;
	return *find_record(c, p, signo);
}

/* Without a record, if no process has sent it. */
static bool mark_hosted(struct procsrv_process *p,
			const struct procsrv_sent *sent)
{
	struct procsrv_hosted *h = procsrv_hosted_of(p);

	if (list_empty(&h->pending_node))
		list_add_tail(&h->pending_node, &h->host->pending);
	if (sent->origin == PROCSRV_FROM_OUTSIDE)
		h->from_outside |= BIT_ULL(sent->signo - 1);
	if (sent->origin == PROCSRV_FROM_SERVER)
		h->from_server |= BIT_ULL(sent->signo - 1);
	return sent->origin != PROCSRV_FROM_PROCESS;
}

/**
 * procsrv_queue_signal() - make a signal pending
 * @c: the change
 * @p: the process, not a zombie
 * @s: what procsrv_find_pending() returned
 * @sent: the signal, which procsrv_becomes_pending()
 *
 * Context: in a procsrv_edit_begin() of @p.
 */
void procsrv_queue_signal(struct procsrv_change *c, struct procsrv_process *p,
			  struct procsrv_pending *s,
			  const struct procsrv_sent *sent)
{
	u32 *count = &p->nr_hangups;

	procsrv_assert_edit(c, p);
	p->pending |= BIT_ULL(sent->signo - 1);
	if (procsrv_is_hosted(p) && mark_hosted(p, sent))
		return;
	if (!s && !is_counted(p, sent->signo) &&
	    procsrv_needs_record(p, sent->signo, sent->sender))
		s = new_record(p, sent);
	if (s)
		count = &s->count;
	if (*count < U32_MAX)
		++*count;
}

static void take_record(struct procsrv_change *c, struct procsrv_process *p,
			int signo, struct procsrv_take *take)
{
	struct procsrv_pending **link = find_record(c, p, signo);
	struct procsrv_pending *s = *link;

	if (!s)
		return;
	*link = s->next;
	take->sender = s->sender;
	take->count = s->count;
	procsrv_change_queues(c);
	s->next = c->release.pending;
	c->release.pending = s;
}

static void add_origin(struct procsrv_take *take, u64 *mask, int signo,
		       u32 origin)
{
	if (!(*mask & BIT_ULL(signo - 1)))
		return;
	*mask &= ~BIT_ULL(signo - 1);
	take->origin |= origin;
	if (take->count < U32_MAX)
		take->count++;
}

static void take_hosted(struct procsrv_change *c, struct procsrv_process *p,
			int signo, struct procsrv_take *take)
{
	struct procsrv_hosted *h = procsrv_hosted_of(p);

	take_record(c, p, signo, take);
	if (take->count)
		take->origin = PROCSRV_FROM_PROCESS;
	add_origin(take, &h->from_outside, signo, PROCSRV_FROM_OUTSIDE);
	add_origin(take, &h->from_server, signo, PROCSRV_FROM_SERVER);
	if (!p->pending)
		list_del_init(&h->pending_node);
}

/**
 * procsrv_dequeue_signal() - take a pending signal
 * @c: the change, which frees its record
 * @p: the process
 * @signo: the signal, which is pending
 * @take: where to store what is known of it
 */
void procsrv_dequeue_signal(struct procsrv_change *c, struct procsrv_process *p,
			    int signo, struct procsrv_take *take)
{
	procsrv_assert_change(c);
	procsrv_edit_begin(c, p);
	p->pending &= ~BIT_ULL(signo - 1);
	procsrv_edit_end(c, p);
	take->signo = signo;
	take->target = p->pid;
	take->sender = 0;
	take->count = 0;
	take->origin = 0;
	if (procsrv_is_hosted(p)) {
		take_hosted(c, p, signo, take);
	} else if (is_counted(p, signo)) {
		take->count = p->nr_hangups;
		p->nr_hangups = 0;
	} else {
		take_record(c, p, signo, take);
	}
}

/**
 * procsrv_discard_signals() - forget pending signals of a hosted process
 * @c: the change
 * @p: the process
 * @mask: which of them
 */
void procsrv_discard_signals(struct procsrv_change *c,
			     struct procsrv_process *p, u64 mask)
{
	struct procsrv_take take;

	while (p->pending & mask) {
		procsrv_dequeue_signal(c, p, __ffs64(p->pending & mask) + 1,
				       &take);
		c->work -= PROCSRV_WORK_RECORD;
	}
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
