// SPDX-License-Identifier: GPL-2.0-only
/*
 * Hosted processes: what their bodies do, and their credentials
 *
 * The body of a hosted process is executed by a host, the owner of a descriptor. The
 * server decides to which processes a signal is delivered; the host reports here
 * what came of it.
 */
#define pr_fmt(fmt) KBUILD_MODNAME ": " fmt

#include <linux/printk.h>

#include "compat.h"
#include "internal.h"

static bool report_is_valid(enum procsrv_body what, int signo)
{
	switch (what) {
	case PROCSRV_BODY_STOPPED:
		return signo >= PROCSRV_SIGSTOP && signo <= PROCSRV_SIGTTOU;
	case PROCSRV_BODY_CONTINUED:
	case PROCSRV_BODY_EXITING:
		return !signo;
	}
	return false;
}

/* Signals and continuations are over; a look sees that it is not stopped. */
static void begin_to_exit(struct procsrv_change *c, struct procsrv_process *p)
{
	procsrv_edit_begin(c, p);
	p->modes |= PROCSRV_MODE_EXITING;
	p->exit_signal = 0;
	procsrv_set_state(c, p, PROCSRV_RUNNING);
	procsrv_record_event(c, p, PROCSRV_EVENT_STATE, .detail = PROCSRV_RUNNING);
	procsrv_edit_end(c, p);
	procsrv_discard_signals(c, p, U64_MAX);
	procsrv_set_report(c, p, PROCSRV_REPORT_NONE);
}

static int find_hosted(struct procsrv_change *c, u64 pid,
		       struct procsrv_process **p)
{
	int err = procsrv_find_to_act(c, pid, p);

	if (err)
		return err;
	return procsrv_is_hosted(*p) ? 0 : -EOPNOTSUPP;
}

static int report(struct procsrv_change *c, u64 pid, enum procsrv_body what,
		  int signo)
{
	struct procsrv_process *p;
	int err = find_hosted(c, pid, &p);

	if (err)
		return err;
	if (procsrv_is_exiting(p))
		return -ESRCH;
	switch (what) {
	case PROCSRV_BODY_STOPPED:
		procsrv_set_stopped(c, p, signo);
		break;
	case PROCSRV_BODY_CONTINUED:
		procsrv_set_continued(c, p);
		break;
	case PROCSRV_BODY_EXITING:
		begin_to_exit(c, p);
		break;
	}
	return 0;
}

/**
 * procsrv_report_body() - report what the body of a hosted process does
 * @ps: the server
 * @pid: the process
 * @what: has stopped, was continued, or exits
 * @signo: what has stopped it: PROCSRV_SIGSTOP, _SIGTSTP, _SIGTTIN or _SIGTTOU;
 *	otherwise 0
 *
 * Every caller that may act on it may report. The exit itself is reported with
 * procsrv_terminate(). After wait(2) and get_signal() of Linux.
 *
 * Context: may sleep.
 * Return: 0; -ESRCH if there is no such process, or it is a zombie, or exits;
 * -EPERM if the caller may not act on it; -EOPNOTSUPP if it is not hosted; -EINVAL if
 * @what or @signo is invalid; -EINTR if the caller is killed.
 */
int procsrv_report_body(struct procsrv *ps, u64 pid, enum procsrv_body what,
			int signo)
{
	struct procsrv_change *c;
	int err;

	if (!report_is_valid(what, signo))
		return -EINVAL;
	c = procsrv_change_begin(ps);
	if (!c)
		return -EINTR;
	err = report(c, pid, what, signo);
	procsrv_change_commit(c);
	if (!err)
		pr_debug("the body of %llu: %u, signal %d\n", pid, what, signo);
	return err;
}
EXPORT_SYMBOL_PROCSRV(procsrv_report_body);

/**
 * procsrv_get_identity() - get the credentials of a process
 * @ps: the server
 * @pid: the process; of one that is not hosted all are its user and its group id
 * @id: where to store them
 *
 * Context: not under the lock.
 * Return: 0; -ESRCH if there is no such process.
 */
int procsrv_get_identity(struct procsrv *ps, u64 pid,
			 struct procsrv_identity *id)
{
	const struct procsrv_process *p;

	read_lock(&ps->lock);
	p = procsrv_find(ps, pid);
	if (p && procsrv_is_hosted(p))
		*id = procsrv_const_hosted_of(p)->id;
	else if (p)
		procsrv_identity_init(id, p->uid, p->gid);
	read_unlock(&ps->lock);
	return p ? 0 : -ESRCH;
}
EXPORT_SYMBOL_PROCSRV(procsrv_get_identity);

static int identify(struct procsrv_change *c, u64 pid,
		    const struct procsrv_identity *id)
{
	struct procsrv_identity *old;
	struct procsrv_process *p;
	int err = find_hosted(c, pid, &p);

	if (err)
		return err;
	old = &procsrv_hosted_of(p)->id;
	if (!procsrv_may_identify(&c->caller, old, id))
		return -EPERM;
	*old = *id;
	return 0;
}

/**
 * procsrv_set_identity() - set the credentials of a hosted process
 * @ps: the server
 * @pid: the process
 * @id: the credentials
 *
 * After credentials(7).
 *
 * Context: may sleep.
 * Return: 0; -ESRCH if there is no such process or it is a zombie; -EPERM if the
 * caller may not act on it, or may not create processes with an id that it has not yet,
 * or has not CAP_KILL and the process is to have the same; -EOPNOTSUPP if it is not
 * hosted; -EINTR if the caller is killed.
 */
int procsrv_set_identity(struct procsrv *ps, u64 pid,
			 const struct procsrv_identity *id)
{
	struct procsrv_change *c = procsrv_change_begin(ps);
	int err;

	if (!c)
		return -EINTR;
	err = identify(c, pid, id);
	procsrv_change_commit(c);
	return err;
}
EXPORT_SYMBOL_PROCSRV(procsrv_set_identity);
