// SPDX-License-Identifier: GPL-2.0-only
/*
 * Limits, and the updates that pass them
 */
#include <linux/minmax.h>
#include <linux/slab.h>
#include <linux/string.h>

#include "compat.h"
#include "internal.h"

enum {
	NICE_LOWEST = -20,
	NICE_HIGHEST = 19,

	SIGNAL_CPU_LIMIT = 24,

	UPDATE_MASK = PROCSRV_UPDATE_CPU_TIME | PROCSRV_UPDATE_MEMORY |
		      PROCSRV_UPDATE_THREADS | PROCSRV_UPDATE_STATE |
		      PROCSRV_UPDATE_PRIORITY | PROCSRV_UPDATE_CWD,
};

/**
 * procsrv_get_limits() - get the resource limits of a process
 * @ps: the server
 * @pid: the process; zombies too
 * @limits: where to store them
 *
 * Return: 0; -ESRCH if there is no such process.
 */
int procsrv_get_limits(struct procsrv *ps, u64 pid,
		       struct procsrv_limits *limits)
{
	struct procsrv_process *p;
	int err = -ESRCH;

	read_lock(&ps->lock);
	p = procsrv_find(ps, pid);
	if (p) {
		*limits = *p->limits;
		err = 0;
	}
	read_unlock(&ps->lock);
	return err;
}
EXPORT_SYMBOL_PROCSRV(procsrv_get_limits);

static bool limits_are_valid(const struct procsrv_limits *limits)
{
	return limits->nice >= NICE_LOWEST && limits->nice <= NICE_HIGHEST &&
	       limits->max_threads &&
	       !(limits->flags & ~PROCSRV_LIMITS_ENFORCE);
}

/**
 * procsrv_set_limits() - set the resource limits of a process
 * @ps: the server
 * @pid: the process
 * @limits: the new ones
 *
 * Context: may sleep.
 * Return: 0; -ESRCH if there is no such process or it is a zombie; -EPERM if
 * the caller may not change them so; -EINVAL if the nice value is not within
 * -20 and 19, no thread is allowed, or an unknown flag is set; -ENOMEM; -EINTR
 * if the caller is killed.
 */
int procsrv_set_limits(struct procsrv *ps, u64 pid,
		       const struct procsrv_limits *limits)
{
	const struct procsrv_limits *spare;
	struct procsrv_change *c;
	struct procsrv_process *p;
	int err = 0;

	if (!limits_are_valid(limits))
		return -EINVAL;
	spare = kmemdup(limits, sizeof(*limits), PROCSRV_GFP);
	if (!spare)
		return -ENOMEM;

	c = procsrv_change_begin(ps);
	if (!c) {
		err = -EINTR;
		goto out;
	}
	p = procsrv_find_live(ps, pid);
	if (!p)
		err = -ESRCH;
	else if (!procsrv_may_limit(&c->caller, p, limits))
		err = -EPERM;
	else
		swap(p->limits, spare);
	procsrv_change_commit(c);
out:
	procsrv_limits_free(spare);
	return err;
}
EXPORT_SYMBOL_PROCSRV(procsrv_set_limits);

static bool update_is_valid(const struct procsrv_update *u)
{
	if (u->mask & ~UPDATE_MASK)
		return false;
	if (u->mask & PROCSRV_UPDATE_THREADS && !u->thread_count)
		return false;
	if (u->mask & PROCSRV_UPDATE_STATE && u->state != PROCSRV_RUNNING &&
	    u->state != PROCSRV_SLEEPING)
		return false;
	if (u->mask & PROCSRV_UPDATE_PRIORITY &&
	    u->priority > PROCSRV_PRIO_REALTIME)
		return false;
	return !(u->mask & PROCSRV_UPDATE_CWD) || u->cwd->data[0] == '/';
}

/* Accounts for a new working directory; the caller drops the old one. */
static int exchange_cwd(struct procsrv_change *c, struct procsrv_process *p,
			const struct procsrv_update *u,
			struct procsrv_text **old)
{
	int err;

	if (!(u->mask & PROCSRV_UPDATE_CWD))
		return 0;
	err = procsrv_user_exchange(c, p, p->cwd ? p->cwd->len : 0,
				    u->cwd->len);
	if (!err)
		*old = p->cwd;
	return err;
}

static void apply_update(struct procsrv_change *c, struct procsrv_process *p,
			 const struct procsrv_update *u)
{
	if (u->mask & PROCSRV_UPDATE_CPU_TIME)
		p->cpu_time = u->cpu_time;
	if (u->mask & PROCSRV_UPDATE_MEMORY)
		p->memory_usage = u->memory_usage;
	if (u->mask & PROCSRV_UPDATE_THREADS)
		p->thread_count = u->thread_count;
	if (u->mask & PROCSRV_UPDATE_STATE)
		procsrv_set_state(c, p, u->state);
	if (u->mask & PROCSRV_UPDATE_PRIORITY)
		p->priority = u->priority;
	if (u->mask & PROCSRV_UPDATE_CWD)
		WRITE_ONCE(p->cwd, procsrv_text_get(u->cwd));
}

/* The limits that @u passes. */
static u32 passed_limits(const struct procsrv_process *p,
			 const struct procsrv_update *u)
{
	u32 passed = 0;

	if (u->mask & PROCSRV_UPDATE_MEMORY &&
	    u->memory_usage > p->limits->max_memory)
		passed |= PROCSRV_LIMIT_MEMORY;
	if (u->mask & PROCSRV_UPDATE_CPU_TIME &&
	    u->cpu_time > p->limits->max_cpu_time)
		passed |= PROCSRV_LIMIT_CPU_TIME;
	if (u->mask & PROCSRV_UPDATE_THREADS &&
	    u->thread_count > p->limits->max_threads)
		passed |= PROCSRV_LIMIT_THREADS;
	return passed;
}

static void pass_limit(struct procsrv_change *c, struct procsrv_process *p,
		       u32 limit, u64 value, u64 max)
{
	p->limits_passed |= limit;
	if (p->nr_limits_passed < U32_MAX)
		p->nr_limits_passed++;
	procsrv_record_event(c, p, PROCSRV_EVENT_LIMIT, .other = max, .value = value,
			     .detail = limit);
}

static void pass_limits(struct procsrv_change *c, struct procsrv_process *p,
			u32 passed)
{
	if (passed & PROCSRV_LIMIT_MEMORY)
		pass_limit(c, p, PROCSRV_LIMIT_MEMORY, p->memory_usage,
			   p->limits->max_memory);
	if (passed & PROCSRV_LIMIT_CPU_TIME)
		pass_limit(c, p, PROCSRV_LIMIT_CPU_TIME, p->cpu_time,
			   p->limits->max_cpu_time);
	if (passed & PROCSRV_LIMIT_THREADS)
		pass_limit(c, p, PROCSRV_LIMIT_THREADS, p->thread_count,
			   p->limits->max_threads);
}

/* Ends a process that has passed limits that are enforced; or has its host do it. */
static void enforce_limits(struct procsrv_change *c, struct procsrv_process *p,
			   u32 passed)
{
	int signo = passed & PROCSRV_LIMIT_CPU_TIME ? SIGNAL_CPU_LIMIT :
						      PROCSRV_SIGKILL;

	/* Init cannot be ended, whatever it uses. */
	if (!passed || p == procsrv_of(c)->init ||
	    !(p->limits->flags & PROCSRV_LIMITS_ENFORCE))
		return;
	if (procsrv_is_hosted(p))
		procsrv_deliver_signal(c, p, &(struct procsrv_sent) {
			.signo = signo,
			.origin = PROCSRV_FROM_SERVER,
		});
	else
		procsrv_exit(c, p, -signo, signo);
}

static void record_update(struct procsrv_change *c, struct procsrv_process *p,
			  const struct procsrv_update *u, u8 old_state)
{
	u32 others = u->mask & ~PROCSRV_UPDATE_STATE;

	if (p->state != old_state)
		procsrv_record_event(c, p, PROCSRV_EVENT_STATE, .detail = p->state);
	if (others)
		procsrv_record_event(c, p, PROCSRV_EVENT_UPDATE, .detail = others);
}

static int update(struct procsrv_change *c, u64 pid,
		  const struct procsrv_update *u, struct procsrv_text **old)
{
	struct procsrv_process *p;
	int err = procsrv_find_to_act(c, pid, &p);
	u32 passed;
	u8 state;

	if (err)
		return err;
	if (u->mask & PROCSRV_UPDATE_STATE &&
	    (p->state == PROCSRV_STOPPED || procsrv_is_exiting(p)))
		return -EBUSY;
	err = exchange_cwd(c, p, u, old);
	if (err)
		return err;
	state = p->state;
	passed = passed_limits(p, u);
	procsrv_edit_begin(c, p);
	apply_update(c, p, u);
	record_update(c, p, u, state);
	pass_limits(c, p, passed);
	procsrv_edit_end(c, p);
	enforce_limits(c, p, passed);
	return 0;
}

/**
 * procsrv_update() - record the state and the usage of a process
 * @ps: the server
 * @pid: the process
 * @u: the new values; those named by its mask change, all at once
 *
 * A value that passes a limit is recorded and reported as an event, and ends
 * the process if its limits are enforced.
 *
 * Context: may sleep.
 * Return: 0; -ESRCH if there is no such process or it is a zombie; -EPERM if
 * the caller may not act on it; -EINVAL if a named value is out of range, or
 * the mask is; -EBUSY if a state is named and the process is stopped or exits; -EDQUOT
 * if its user would have more bytes of strings than it may have; -EINTR if the
 * caller is killed.
 */
int procsrv_update(struct procsrv *ps, u64 pid, const struct procsrv_update *u)
{
	struct procsrv_text *old = NULL;
	struct procsrv_change *c;
	int err;

	if (!update_is_valid(u))
		return -EINVAL;
	c = procsrv_change_begin(ps);
	if (!c)
		return -EINTR;
	err = update(c, pid, u, &old);
	procsrv_change_commit(c);
	procsrv_text_put(old);
	return err;
}
EXPORT_SYMBOL_PROCSRV(procsrv_update);
