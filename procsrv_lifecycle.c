// SPDX-License-Identifier: GPL-2.0-only
/*
 * Lifecycle: create, exec, terminate, reap
 */
#define pr_fmt(fmt) KBUILD_MODNAME ": " fmt

#include <linux/sched/signal.h>

#include "compat.h"
#include "procsrv_tables.h"

enum {
	/* Zombies unlinked under one hold of the lock: an array on the stack. */
	REAP_BATCH = 16,
};

/**
 * procsrv_create() - create a process
 * @ps: the server
 * @parent: pid of its parent
 * @image: name, command line and environment; a reference is taken
 * @uid: user id
 * @gid: group id
 * @pid: where to store its pid
 *
 * The child is RUNNING, in its parent's session and process group.
 * After fork(2) and VeridianOS.
 *
 * Context: may sleep.
 * Return: 0; -ESRCH if there is no such parent or it is a zombie; -ENOMEM.
 */
int procsrv_create(struct procsrv *ps, u64 parent, struct procsrv_image *image,
		   kuid_t uid, kgid_t gid, u64 *pid)
{
	struct procsrv_process *p = procsrv_process_new();
	struct procsrv_process *by;

	if (!p)
		return -ENOMEM;
	p->image = procsrv_image_get(image);
	p->uid = uid;
	p->gid = gid;

	write_lock(&ps->lock);
	by = procsrv_find_live(ps, parent);
	if (!by) {
		write_unlock(&ps->lock);
		procsrv_process_put(p);
		return -ESRCH;
	}
	p->pid = ps->next_pid++;
	p->start_time = procsrv_clock_read(ps->clock, &p->start_cycles);
	p->revocations_before = ps->revocations;
	procsrv_insert(ps, p);
	procsrv_join(ps, p, by->session, by->group);
	procsrv_adopt(by, p);
	ps->total_created++;
	*pid = p->pid;
	write_unlock(&ps->lock);

	pr_debug("%llu created by %llu\n", *pid, parent);
	return 0;
}
EXPORT_SYMBOL_PROCSRV(procsrv_create);

/**
 * procsrv_exec() - replace the image of a process
 * @ps: the server
 * @pid: the process
 * @image: the new name, command line and environment; a reference is taken
 *
 * After execve(2): from here on its parent cannot move it to another group.
 *
 * Context: may sleep.
 * Return: 0; -ESRCH if there is no such process or it is a zombie.
 */
int procsrv_exec(struct procsrv *ps, u64 pid, struct procsrv_image *image)
{
	struct procsrv_image *old;
	struct procsrv_process *p;

	write_lock(&ps->lock);
	p = procsrv_find_live(ps, pid);
	if (!p) {
		write_unlock(&ps->lock);
		return -ESRCH;
	}
	old = p->image;
	p->image = procsrv_image_get(image);
	p->execed = true;
	write_unlock(&ps->lock);

	procsrv_image_put(old);
	pr_debug("%llu executes %s\n", pid, procsrv_image_name(image));
	return 0;
}
EXPORT_SYMBOL_PROCSRV(procsrv_exec);

/**
 * procsrv_zombify() - end a process, whatever the reason
 * @ps: the server
 * @p: the process; neither init nor a zombie
 * @exit_code: for whoever waits for it
 * @exit_signal: the signal that ended it, or 0
 *
 * Its children go to init, those that are zombies join the orphan list as
 * well. Who waits for it wakes, and who waits on its behalf.
 *
 * Context: under the lock, for writing.
 */
void procsrv_zombify(struct procsrv *ps, struct procsrv_process *p,
		     s32 exit_code, u32 exit_signal)
{
	lockdep_assert_held_write(&ps->lock);
	p->exit_code = exit_code;
	p->exit_signal = exit_signal;
	ps->total_exited++;
	/* The family tree must be right about @p before anybody moves in it. */
	procsrv_set_state(ps, p, PROCSRV_ZOMBIE);
	procsrv_set_report(p, PROCSRV_REPORT_EXITED);
	procsrv_give_children(ps, p, ps->init);
	wake_up_interruptible_all(&p->waiters);
}

/**
 * procsrv_terminate() - end a process
 * @ps: the server
 * @pid: the process
 * @exit_code: for whoever waits for it
 * @exit_signal: the signal that ended it, 1 to 64, or 0
 *
 * After _exit(2) and VeridianOS.
 *
 * Return: 0; -ESRCH if there is no such process or it is a zombie; -EPERM if
 * it is init; -EINVAL if @exit_signal is out of range.
 */
int procsrv_terminate(struct procsrv *ps, u64 pid, s32 exit_code,
		      u32 exit_signal)
{
	struct procsrv_process *p;
	int err = 0;

	if (exit_signal > PROCSRV_NSIG)
		return -EINVAL;

	write_lock(&ps->lock);
	p = procsrv_find_live(ps, pid);
	if (!p)
		err = -ESRCH;
	else if (p == ps->init)
		err = -EPERM;
	else
		procsrv_zombify(ps, p, exit_code, exit_signal);
	write_unlock(&ps->lock);

	if (!err)
		pr_debug("%llu exited, code %d signal %u\n", pid, exit_code,
			 exit_signal);
	return err;
}
EXPORT_SYMBOL_PROCSRV(procsrv_terminate);

/**
 * procsrv_unlink() - take a zombie out of every table
 * @ps: the server
 * @p: the zombie; the caller takes over the table's reference
 * @v: gets its group and its session if it was their last member
 *
 * Context: under the lock, for writing.
 */
void procsrv_unlink(struct procsrv *ps, struct procsrv_process *p,
		    struct procsrv_vacated *v)
{
	lockdep_assert_held_write(&ps->lock);
	procsrv_disown(p);
	procsrv_leave(ps, p, v);
	if (!list_empty(&p->orphan_node)) {
		list_del_init(&p->orphan_node);
		ps->nr_orphans--;
	}
	procsrv_remove(ps, p);
}

/* Reaps up to REAP_BATCH zombies of init. */
static u32 reap_batch(struct procsrv *ps)
{
	struct procsrv_vacated vacated[REAP_BATCH] = {};
	struct procsrv_process *dead[REAP_BATCH];
	u32 n, i;

	write_lock(&ps->lock);
	for (n = 0; n < REAP_BATCH; n++) {
		u64 pid = procsrv_lowest_child(ps->init,
					       PROCSRV_WAIT_EXITED);

		if (pid == U64_MAX)
			break;
		dead[n] = procsrv_find(ps, pid);
		procsrv_unlink(ps, dead[n], &vacated[n]);
	}
	write_unlock(&ps->lock);

	for (i = 0; i < n; i++) {
		procsrv_vacated_free(&vacated[i]);
		procsrv_process_put(dead[i]);
	}
	return n;
}

/**
 * procsrv_reap() - reap the zombies that are children of init
 * @ps: the server
 *
 * Every zombie whose parent has exited is one: there are no others without
 * a parent. Ends early if the caller is killed. After VeridianOS.
 *
 * Context: may sleep.
 * Return: how many were reaped.
 */
u64 procsrv_reap(struct procsrv *ps)
{
	u64 count = 0;
	u32 n;

	do {
		n = reap_batch(ps);
		count += n;
		cond_resched();
	} while (n == REAP_BATCH && !fatal_signal_pending(current));
	return count;
}
EXPORT_SYMBOL_PROCSRV(procsrv_reap);
