// SPDX-License-Identifier: GPL-2.0-only
/*
 * Exits that are watched from outside the server
 */
#include "compat.h"
#include "procsrv_ids.h"
#include "procsrv_tables.h"

/**
 * procsrv_notify_exit_watches() - wake the watches of a process
 * @c: the change
 * @p: the process, a zombie by now
 */
void procsrv_notify_exit_watches(struct procsrv_change *c,
				 struct procsrv_process *p)
{
	struct procsrv_exit_watch *watch;

	procsrv_assert_change(c);
	hlist_for_each_entry(watch, &p->exit_watches, node) {
		procsrv_queue_poll(c, &watch->poll);
		procsrv_change_step(c);
	}
}

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
 * procsrv_detach_exit_watches() - give the watches of a process its record
 * @c: the change
 * @p: the process, which is DEAD
 */
void procsrv_detach_exit_watches(struct procsrv_change *c,
				 struct procsrv_process *p)
{
	struct procsrv_exit_watch *watch;
	struct hlist_node *next;

	procsrv_assert_change(c);
	hlist_for_each_entry_safe(watch, next, &p->exit_watches, node) {
		watch->record = record_of(p);
		watch->process = NULL;
		hlist_del_init(&watch->node);
		procsrv_change_step(c);
	}
}

/**
 * procsrv_exit_watch_begin() - watch for the exit of a process
 * @watch: the watch
 * @ps: the server, which outlives it
 * @pid: the process; zombies too
 *
 * Context: may sleep.
 * Return: 0, and it ends with procsrv_exit_watch_end(); -ESRCH if there is no
 * such process; -EINTR if the caller is killed.
 */
int procsrv_exit_watch_begin(struct procsrv_exit_watch *watch,
			     struct procsrv *ps, u64 pid)
{
	struct procsrv_change *c = procsrv_change_begin(ps);
	struct procsrv_process *p;

	if (!c)
		return -EINTR;
	procsrv_poll_init(&watch->poll);
	watch->ps = ps;
	p = procsrv_find(ps, pid);
	watch->process = p;
	if (p) {
		watch->uid = p->uid;
		hlist_add_head(&watch->node, &p->exit_watches);
	}
	procsrv_change_commit(c);
	return p ? 0 : -ESRCH;
}

/**
 * procsrv_exit_watch_end() - watch no longer
 * @watch: the watch
 *
 * Context: may sleep.
 */
void procsrv_exit_watch_end(struct procsrv_exit_watch *watch)
{
	struct procsrv_change *c = procsrv_change_begin_unkillable(watch->ps);

	hlist_del_init(&watch->node);
	procsrv_change_commit(c);
}

/**
 * procsrv_exit_watch_is_over() - look whether the process has exited
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
