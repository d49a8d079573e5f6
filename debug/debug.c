// SPDX-License-Identifier: GPL-2.0-only
/*
 * Debugging: servers that are checked while they are used
 */
#define pr_fmt(fmt) KBUILD_MODNAME ": " fmt

#include <linux/atomic.h>
#include <linux/moduleparam.h>
#include <linux/ratelimit.h>
#include <linux/sysfs.h>

#include "check.h"
#include "core/objects.h"
#include "dev/client.h"

unsigned int procsrv_check_interval __read_mostly;

module_param_named(check, procsrv_check_interval, uint, 0644);
MODULE_PARM_DESC(check,
		 "Check all structures of a server after every so many calls, and when it is closed; 0 for never");

/* Calls and checks so far. */
static atomic_t nr_calls = ATOMIC_INIT(0);
static atomic_t nr_checks = ATOMIC_INIT(0);

static int refuse_checks(const char *val, const struct kernel_param *kp)
{
	return -EPERM;
}

static int get_checks(char *buffer, const struct kernel_param *kp)
{
	return sysfs_emit(buffer, "%u\n", atomic_read(&nr_checks));
}

static const struct kernel_param_ops checks_ops = {
	.set = refuse_checks,
	.get = get_checks,
};

module_param_cb(checks, &checks_ops, NULL, 0444);
MODULE_PARM_DESC(checks, "How many such checks there were; only to be read");

static void complain(const struct procsrv *ps, const struct procsrv_verdict *v)
{
	WARN_RATELIMIT(v->faults, "server %u: %u faults, the first: %s\n",
		       ps->id, v->faults, v->first);
}

/**
 * procsrv_check_client() - check a server, and what is tied to a descriptor
 * @c: the descriptor
 *
 * Context: any task.
 */
void procsrv_check_client(struct procsrv_client *c)
{
	struct procsrv_verdict v;

	if (procsrv_check(c->ps, &v))
		complain(c->ps, &v);
	if (procsrv_check_owner(c->ps, &c->owner, &v))
		complain(c->ps, &v);
	atomic_inc(&nr_checks);
}

/**
 * procsrv_count_call() - count a call, and run a check if one is due
 * @c: the descriptor that the call was made on
 * @interval: calls from one check to the next
 *
 * Context: any task.
 */
void procsrv_count_call(struct procsrv_client *c, unsigned int interval)
{
	unsigned int nr = atomic_inc_return(&nr_calls);

	if (nr % interval == 0)
		procsrv_check_client(c);
}
