// SPDX-License-Identifier: GPL-2.0-only
/*
 * Exits that are watched from outside the server
 */
#include <linux/err.h>
#include <linux/poll.h>
#include <linux/slab.h>

#include "compat.h"
#include "internal.h"

static struct procsrv_exit_record record_of(const struct procsrv_process *p)
{
	return (struct procsrv_exit_record) {
		.pid = p->pid,
		.cpu_time = p->cpu_time,
		.children_cpu_time = p->children_cpu_time,
		.exit_code = p->exit_code,
		.exit_signal = p->exit_signal,
		.state = p->state,
	};
}

/**
 * procsrv_detach_exit_watch() - store the exit record of a process in its watch
 * @c: the change
 * @p: the process, which is DEAD, and has a watch
 */
void procsrv_detach_exit_watch(struct procsrv_change *c,
			       struct procsrv_process *p)
{
	struct procsrv_exit_watch *watch = p->exit_watch;

	procsrv_assert_change(c);
	watch->record = record_of(p);
	watch->process = NULL;
	p->exit_watch = NULL;
}

static void attach(struct procsrv_exit_watch *watch, struct procsrv *ps,
		   struct procsrv_process *p)
{
	procsrv_poll_init(&watch->poll, EPOLLIN | EPOLLRDNORM);
	watch->ps = ps;
	watch->uid = p->uid;
	watch->process = p;
	p->exit_watch = watch;
}

/**
 * procsrv_exit_watch_begin() - watch for the exit of a process
 * @ps: the server, which outlives the watch
 * @pid: the process; zombies too
 *
 * All watches of a process are one object. It belongs to the server: it is
 * charged to no cgroup, and there is one for each process that has handles.
 *
 * Context: may sleep.
 * Return: the watch, for procsrv_exit_watch_end(); or an error as a pointer:
 * -ESRCH if there is no such process; -ENOMEM; -EINTR if the caller is killed.
 */
struct procsrv_exit_watch *procsrv_exit_watch_begin(struct procsrv *ps, u64 pid)
{
	struct procsrv_exit_watch *watch = ERR_PTR(-ESRCH);
	struct procsrv_exit_watch *spare;
	struct procsrv_change *c;
	struct procsrv_process *p;

	spare = kzalloc(sizeof(*spare), PROCSRV_GFP_SHARED);
	if (!spare)
		return ERR_PTR(-ENOMEM);
	c = procsrv_change_begin(ps);
	if (!c) {
		kfree(spare);
		return ERR_PTR(-EINTR);
	}
	p = procsrv_find(ps, pid);
	if (p && !p->exit_watch) {
		attach(spare, ps, p);
		spare = NULL;
	}
	if (p) {
		watch = p->exit_watch;
		watch->users++;
	}
	procsrv_change_commit(c);
	kfree(spare);
	return watch;
}

/**
 * procsrv_exit_watch_end() - stop watching
 * @watch: the watch; freed with its last user
 *
 * Context: may sleep.
 */
void procsrv_exit_watch_end(struct procsrv_exit_watch *watch)
{
	struct procsrv_change *c = procsrv_change_begin_unkillable(watch->ps);
	bool is_last = !--watch->users;

	if (is_last && watch->process)
		watch->process->exit_watch = NULL;
	procsrv_change_commit(c);
	if (!is_last)
		return;
	procsrv_poll_exit(&watch->poll);
	kfree(watch);
}

/**
 * procsrv_exit_watch_server() - the server of a watch
 * @watch: the watch
 *
 * Return: the server.
 */
struct procsrv *
procsrv_exit_watch_server(const struct procsrv_exit_watch *watch)
{
	return watch->ps;
}

/**
 * procsrv_exit_watch_queue() - where to wait for the exit
 * @watch: the watch
 *
 * Return: a wait queue that is woken when procsrv_exit_watch_is_over().
 */
wait_queue_head_t *procsrv_exit_watch_queue(struct procsrv_exit_watch *watch)
{
	return &watch->poll.queue;
}

/**
 * procsrv_exit_watch_is_over() - has the process exited?
 * @watch: the watch
 * @record: where to store its exit record if it has; or NULL
 *
 * Return: whether it has.
 */
bool procsrv_exit_watch_is_over(struct procsrv_exit_watch *watch,
				struct procsrv_exit_record *record)
{
	const struct procsrv_process *p;
	bool over;

	read_lock(&watch->ps->lock);
	p = watch->process;
	over = !p || procsrv_has_exited(p);
	if (over && record) {
		*record = p ? record_of(p) : watch->record;
		record->uid = procsrv_uid_to_caller(watch->uid);
	}
	read_unlock(&watch->ps->lock);
	return over;
}
