// SPDX-License-Identifier: GPL-2.0-only
/*
 * Lifecycle: exec, terminate, reap
 */
#define pr_fmt(fmt) KBUILD_MODNAME ": " fmt

#include <linux/poll.h>
#include <linux/sched/signal.h>

#include "compat.h"
#include "internal.h"

/* Its exit signal is SIGCHLD now: waits for clone children may find none. */
static noinline void end_clone(struct procsrv_change *c,
			       struct procsrv_process *p)
{
	procsrv_edit_begin(c, p);
	procsrv_end_clone(c, p);
	procsrv_edit_end(c, p);
	procsrv_queue_lost_waits(c, p);
	procsrv_queue_bereaved(c, p->parent, procsrv_pgid(p));
	if (p->report != PROCSRV_REPORT_NONE)
		procsrv_queue_offer(c, p);
}

static int exec(struct procsrv_change *c, u64 pid, struct procsrv_image *image,
		struct procsrv_image **old)
{
	struct procsrv_process *p;
	int err = procsrv_find_to_act(c, pid, &p);

	if (err)
		return err;
	err = procsrv_user_exchange(c, p, procsrv_image_bytes(p->image),
				    procsrv_image_bytes(image));
	if (err)
		return err;
	procsrv_edit_begin(c, p);
	*old = p->image;
	WRITE_ONCE(p->image, procsrv_image_get(image));
	p->execed = true;
	procsrv_record_event(c, p, PROCSRV_EVENT_EXEC);
	procsrv_edit_end(c, p);
	if (unlikely(procsrv_is_clone(p)))
		end_clone(c, p);
	return 0;
}

/**
 * procsrv_exec() - replace the image of a process
 * @ps: the server
 * @pid: the process
 * @image: the new name, command line and environment; a reference is taken
 *
 * After execve(2). After this its parent cannot move it to another group.
 *
 * Context: may sleep.
 * Return: 0; -ESRCH if there is no such process or it is a zombie; -EPERM if
 * the caller may not act on it; -EDQUOT if its user would have more bytes of
 * strings than it may have; -EINTR if the caller is killed.
 */
int procsrv_exec(struct procsrv *ps, u64 pid, struct procsrv_image *image)
{
	struct procsrv_image *old = NULL;
	struct procsrv_change *c;
	int err;

	c = procsrv_change_begin(ps);
	if (!c)
		return -EINTR;
	err = exec(c, pid, image, &old);
	procsrv_change_commit(c);
	if (err)
		return err;
	procsrv_image_put(old);
	pr_debug("%llu executes %s\n", pid, procsrv_image_name(image));
	return 0;
}
EXPORT_SYMBOL_PROCSRV(procsrv_exec);

/* Of a hosted process. */
static noinline bool is_core_dump(u32 exit_signal)
{
	u32 signo = exit_signal & ~PROCSRV_CORE_DUMP;

	return signo && signo <= PROCSRV_NSIG;
}

/**
 * procsrv_terminate() - end a process
 * @ps: the server
 * @pid: the process
 * @exit_code: its exit code
 * @exit_signal: the signal that ended it, 1 to 64, or 0; of a hosted process, it may
 *	have PROCSRV_CORE_DUMP added
 *
 * After _exit(2) and VeridianOS.
 *
 * Context: may sleep.
 * Return: 0; -ESRCH if there is no such process or it is a zombie; -EPERM if
 * it is init, or the caller may not signal it; -EINVAL if @exit_signal is out
 * of range, or says that a process has dumped core that is not hosted; -EINTR if
 * the caller is killed.
 */
int procsrv_terminate(struct procsrv *ps, u64 pid, s32 exit_code,
		      u32 exit_signal)
{
	struct procsrv_change *c;
	struct procsrv_process *p;
	int err = 0;

	if (unlikely(exit_signal > PROCSRV_NSIG) && !is_core_dump(exit_signal))
		return -EINVAL;

	c = procsrv_change_begin(ps);
	if (!c)
		return -EINTR;
	p = procsrv_find_live(ps, pid);
	if (!p)
		err = -ESRCH;
	else if (p == ps->init || !procsrv_may_signal(&c->caller, p))
		err = -EPERM;
	else if (unlikely(exit_signal > PROCSRV_NSIG) && !procsrv_is_hosted(p))
		err = -EINVAL;
	else
		procsrv_exit(c, p, exit_code, exit_signal);
	procsrv_change_commit(c);

	if (!err)
		pr_debug("%llu exited, code %d signal %u\n", pid, exit_code,
			 exit_signal);
	return err;
}
EXPORT_SYMBOL_PROCSRV(procsrv_terminate);

/*
 * Reaps zombies of init with pids below @end, up to PROCSRV_BATCH of them.
 * Return: how many.
 */
static int reap_batch(struct procsrv_change *c, u64 end)
{
	struct procsrv *ps = procsrv_of(c);
	int n;

	for (n = 0; n < PROCSRV_BATCH; n++) {
		u64 pid = procsrv_lowest_child(ps->init, PROCSRV_WAITER_BOTH,
					       PROCSRV_WAIT_EXITED);

		if (pid >= end)
			break;
		procsrv_unlink(c, procsrv_find(ps, pid));
		procsrv_change_step(c);
	}
	return n;
}

/**
 * procsrv_reap() - reap the zombies that are children of init
 * @ps: the server
 *
 * In several changes. Processes that are created meanwhile stay, so that the call
 * ends however fast others create; but one that is given a low pid may be taken
 * for one that was there before. Ends early if the caller is killed. After
 * VeridianOS.
 *
 * Context: may sleep.
 * Return: how many were reaped; or -EPERM if the caller may not act on init;
 * -EINTR if the caller is killed before any was.
 */
s64 procsrv_reap(struct procsrv *ps)
{
	u64 end = 0, processes = 0;
	struct procsrv_change *c;
	s64 count = 0;
	int n;

	do {
		c = procsrv_change_begin(ps);
		if (!c)
			return count ?: -EINTR;
		if (!end) {
			end = ps->next_pid;
			processes = procsrv_nr_processes(ps);
		}
		n = procsrv_may_act(&c->caller, ps->init) ? reap_batch(c, end) : -EPERM;
		procsrv_change_commit(c);
		if (n < 0)
			return n;
		count += n;
		cond_resched();
	} while (n == PROCSRV_BATCH && count < processes &&
		 !fatal_signal_pending(current));
	pr_debug("%lld zombies reaped\n", count);
	return count;
}
EXPORT_SYMBOL_PROCSRV(procsrv_reap);

/**
 * procsrv_owner_init() - prepare an owner, to which processes can be tied
 * @owner: the owner
 */
void procsrv_owner_init(struct procsrv_owner *owner)
{
	INIT_LIST_HEAD(&owner->tied);
	INIT_LIST_HEAD(&owner->pending);
	owner->takers = RB_ROOT;
	owner->nr_takers = 0;
	procsrv_poll_init(&owner->poll, EPOLLPRI);
}
EXPORT_SYMBOL_PROCSRV(procsrv_owner_init);

/**
 * procsrv_owner_exit() - end an owner
 * @owner: the owner, to which no process is tied, and which has no waiters
 *
 * Context: may sleep.
 */
void procsrv_owner_exit(struct procsrv_owner *owner)
{
	WARN_ON_ONCE(!list_empty(&owner->pending) || owner->nr_takers);
	procsrv_poll_exit(&owner->poll);
}
EXPORT_SYMBOL_PROCSRV(procsrv_owner_exit);

/**
 * procsrv_kill_tied() - kill the processes that are tied to an owner
 * @ps: the server
 * @owner: the owner, to which no process is tied any more
 *
 * Context: may sleep.
 */
void procsrv_kill_tied(struct procsrv *ps, struct procsrv_owner *owner)
{
	struct procsrv_change *c = procsrv_change_begin_unkillable(ps);
	struct procsrv_process *p;

	while ((p = list_first_entry_or_null(&owner->tied,
					     struct procsrv_process, link))) {
		procsrv_kill(c, p);
		procsrv_change_step(c);
	}
	procsrv_change_commit(c);
}
EXPORT_SYMBOL_PROCSRV(procsrv_kill_tied);

/* From the top, so that each process is reparented once, to init. */
static void kill_everything(struct procsrv_change *c)
{
	struct procsrv *ps = procsrv_of(c);
	struct procsrv_process *p;

	while ((p = procsrv_living_child(ps->init))) {
		procsrv_kill(c, p);
		procsrv_change_step(c);
	}
}

/**
 * procsrv_kill_all() - kill every process but init
 * @ps: the server
 *
 * Context: may sleep.
 */
void procsrv_kill_all(struct procsrv *ps)
{
	struct procsrv_change *c = procsrv_change_begin_unkillable(ps);

	kill_everything(c);
	procsrv_change_commit(c);
}
EXPORT_SYMBOL_PROCSRV(procsrv_kill_all);

/**
 * procsrv_close() - have no process created in a server any more
 * @ps: the server; further descriptors of it may be open
 *
 * Creating one gives -ESHUTDOWN from now on.
 *
 * Context: may sleep.
 */
void procsrv_close(struct procsrv *ps)
{
	struct procsrv_change *c = procsrv_change_begin_unkillable(ps);

	WRITE_ONCE(ps->closed, true);
	/* So no pid is left, and creation looks at that alone. */
	ps->last_pid = 0;
	procsrv_change_commit(c);
}
EXPORT_SYMBOL_PROCSRV(procsrv_close);

/**
 * procsrv_empty() - kill and reap every process but init, and end the server's events
 * @ps: the server, in which no process is created any more
 *
 * Readers are woken: from now on procsrv_has_ended().
 *
 * Context: may sleep.
 */
void procsrv_empty(struct procsrv *ps)
{
	struct procsrv_change *c;
	int n;

	procsrv_kill_all(ps);
	/* All that is left are zombies, and children of init. */
	do {
		c = procsrv_change_begin_unkillable(ps);
		n = reap_batch(c, U64_MAX);
		if (n < PROCSRV_BATCH)
			procsrv_end_events(c);
		procsrv_change_commit(c);
		cond_resched();
	} while (n == PROCSRV_BATCH);
}
EXPORT_SYMBOL_PROCSRV(procsrv_empty);
