// SPDX-License-Identifier: GPL-2.0-only
/*
 * Information: what is known of a process, and how it comes to be known
 */
#include <linux/audit.h>
#include <linux/cred.h>
#include <linux/string.h>

#include "compat.h"
#include "procsrv_tables.h"

static struct procsrv_text *terminal_of(const struct procsrv_process *p)
{
	return p->session ? p->session->terminal : NULL;
}

static u32 info_flags(const struct procsrv *ps, const struct procsrv_process *p)
{
	u32 flags = 0;

	if (p->execed)
		flags |= PROCSRV_INFO_EXECED;
	if (!list_empty(&p->orphan_node))
		flags |= PROCSRV_INFO_ORPHAN;
	if (p->reaper || p == ps->init)
		flags |= PROCSRV_INFO_REAPER;
	if (!list_empty(&p->tied_node))
		flags |= PROCSRV_INFO_TIED;
	return flags;
}

static void fill_info(struct procsrv *ps, const struct procsrv_process *p,
		      struct procsrv_info *info)
{
	const struct procsrv_text *terminal = terminal_of(p);
	struct user_namespace *ns = current_user_ns();

	lockdep_assert_held(&ps->lock);
	info->pid = p->pid;
	info->ppid = p->parent ? p->parent->pid : 0;
	info->start_time = p->start_time;
	info->start_cycles = p->start_cycles;
	info->cpu_time = p->cpu_time;
	info->children_cpu_time = p->children_cpu_time;
	info->memory_usage = p->memory_usage;
	info->pending = p->pending;
	info->revocations = p->revocations + ps->revocations -
			    p->revocations_before;
	info->state = procsrv_state_of(p);
	info->priority = p->priority;
	info->uid = from_kuid_munged(ns, p->uid);
	info->gid = from_kgid_munged(ns, p->gid);
	info->sid = procsrv_sid(p);
	info->pgid = procsrv_pgid(p);
	info->thread_count = p->thread_count;
	info->flags = info_flags(ps, p);
	info->exit_code = p->exit_code;
	info->exit_signal = p->exit_signal;
	info->argv_len = p->image->argv_len;
	info->envp_len = p->image->envp_len;
	info->cwd_len = p->cwd ? p->cwd->len : sizeof("/");
	info->terminal_len = terminal ? terminal->len : 0;
	memcpy(info->name, p->image->data, p->image->name_len);
	memset(info->name + p->image->name_len, 0,
	       sizeof(info->name) - p->image->name_len);
	info->seq = ps->seq;
	info->limits_passed = p->limits_passed;
	info->nr_limits_passed = p->nr_limits_passed;
}

/**
 * procsrv_get_info() - look at a process
 * @ps: the server
 * @pid: the process; zombies too
 * @d: where to store what there is to know, all of one moment
 *
 * Return: 0, and the caller ends with procsrv_put_info(); -ESRCH if there is
 * no such process.
 */
int procsrv_get_info(struct procsrv *ps, u64 pid, struct procsrv_details *d)
{
	struct procsrv_process *p;
	int err = -ESRCH;

	read_lock(&ps->lock);
	p = procsrv_find(ps, pid);
	if (p) {
		fill_info(ps, p, &d->info);
		d->image = procsrv_image_get(p->image);
		d->cwd = procsrv_text_get(p->cwd);
		d->terminal = procsrv_text_get(terminal_of(p));
		err = 0;
	}
	read_unlock(&ps->lock);
	return err;
}
EXPORT_SYMBOL_PROCSRV(procsrv_get_info);

/**
 * procsrv_put_info() - drop the references that procsrv_get_info() took
 * @d: what it stored
 *
 * Context: may sleep.
 */
void procsrv_put_info(struct procsrv_details *d)
{
	procsrv_image_put(d->image);
	procsrv_text_put(d->cwd);
	procsrv_text_put(d->terminal);
}
EXPORT_SYMBOL_PROCSRV(procsrv_put_info);

static void audit_revocation(u64 pid, u64 capability)
{
	if (!audit_enabled)
		return;
	audit_log(audit_context(), GFP_KERNEL, AUDIT_KERNEL_OTHER,
		  "module=procsrv op=revoke target=%llu capability=%llu",
		  pid, capability);
}

/**
 * procsrv_revoke() - tell a process, or all, that a capability was revoked
 * @ps: the server
 * @pid: the process, or 0 for every process
 * @capability: the capability
 *
 * The process sees by its count of notices that it has to look again at what
 * it holds. One audit record is written, if the kernel's audit is enabled.
 * After VeridianOS.
 *
 * Context: may sleep.
 * Return: 0; -ESRCH if there is no such process or it is a zombie.
 */
int procsrv_revoke(struct procsrv *ps, u64 pid, u64 capability)
{
	struct procsrv_process *p;
	int err = 0;

	write_lock(&ps->lock);
	p = procsrv_find_live(ps, pid);
	if (!pid)
		ps->revocations++;
	else if (p)
		p->revocations++;
	else
		err = -ESRCH;
	if (!err)
		procsrv_tell(ps, p, (struct procsrv_event) {
			.kind = PROCSRV_EVENT_CAPABILITY,
			.other = capability,
		});
	write_unlock(&ps->lock);

	if (!err)
		audit_revocation(pid, capability);
	return err;
}
EXPORT_SYMBOL_PROCSRV(procsrv_revoke);

/**
 * procsrv_get_stats() - read the counters
 * @ps: the server
 * @stats: where to store them, all of one moment
 */
void procsrv_get_stats(struct procsrv *ps, struct procsrv_stats *stats)
{
	read_lock(&ps->lock);
	stats->running = ps->nr_states[PROCSRV_RUNNING];
	stats->sleeping = ps->nr_states[PROCSRV_SLEEPING] +
			  ps->nr_states[PROCSRV_WAITING];
	stats->stopped = ps->nr_states[PROCSRV_STOPPED];
	stats->zombies = ps->nr_states[PROCSRV_ZOMBIE];
	stats->total_created = ps->total_created;
	stats->total_exited = ps->total_exited;
	stats->sessions = ps->nr_sessions;
	stats->process_groups = ps->nr_groups;
	stats->orphans = ps->nr_orphans;
	read_unlock(&ps->lock);

	stats->total_processes = stats->running + stats->sleeping +
				 stats->stopped + stats->zombies;
}
EXPORT_SYMBOL_PROCSRV(procsrv_get_stats);

/**
 * struct listing - the processes that a list is about, one after the other
 * @scope: &enum procsrv_list_scope
 * @id: the session or the group
 * @p: the present one, or NULL at the end
 */
struct listing {
	enum procsrv_list_scope scope;
	u32 id;
	struct procsrv_process *p;
};

static int listing_begin(struct procsrv *ps, struct listing *l, u64 cursor)
{
	struct procsrv_session *session;
	struct procsrv_group *group;

	lockdep_assert_held(&ps->lock);
	switch (l->scope) {
	case PROCSRV_LIST_ALL:
		if (l->id)
			return -EINVAL;
		l->p = procsrv_find_after(ps, cursor);
		return 0;
	case PROCSRV_LIST_SID:
		session = procsrv_find_session(ps, l->id);
		if (!session)
			return -ESRCH;
		l->p = procsrv_session_member_after(session, cursor);
		return 0;
	case PROCSRV_LIST_PGID:
		group = procsrv_find_group(ps, l->id);
		if (!group)
			return -ESRCH;
		l->p = procsrv_group_member_after(group, cursor);
		return 0;
	}
	return -EINVAL;
}

static void listing_next(struct listing *l)
{
	struct procsrv_process *p = l->p;

	switch (l->scope) {
	case PROCSRV_LIST_SID:
		l->p = rb_entry_safe(rb_next(&p->session_node),
				     struct procsrv_process, session_node);
		break;
	case PROCSRV_LIST_PGID:
		l->p = rb_entry_safe(rb_next(&p->group_node),
				     struct procsrv_process, group_node);
		break;
	default:
		l->p = rb_entry_safe(rb_next(&p->node),
				     struct procsrv_process, node);
	}
}

/**
 * procsrv_list() - list processes, a page a call
 * @ps: the server
 * @scope: all, or the members of a session or of a process group
 * @id: the session or the group; 0 for all
 * @cursor: list pids above this one
 * @infos: room for the page
 * @max: how much room, at most PROCSRV_BATCH
 * @seq: where to store the number of the latest event, or NULL
 *
 * Ascending by pid; the next page begins at the last pid of this one.
 *
 * Return: how many were listed, less than @max after the last; -ESRCH if
 * there is no such session or group; -EINVAL if @scope, @id or @max make no
 * sense.
 */
int procsrv_list(struct procsrv *ps, enum procsrv_list_scope scope, u32 id,
		 u64 cursor, struct procsrv_info *infos, u32 max, u64 *seq)
{
	struct listing l = { .scope = scope, .id = id };
	u32 n = 0;
	int err;

	if (max > PROCSRV_BATCH)
		return -EINVAL;
	read_lock(&ps->lock);
	if (seq)
		*seq = ps->seq;
	err = listing_begin(ps, &l, cursor);
	for (; l.p && n < max; listing_next(&l))
		fill_info(ps, l.p, &infos[n++]);
	read_unlock(&ps->lock);
	return err ?: n;
}
EXPORT_SYMBOL_PROCSRV(procsrv_list);

/**
 * procsrv_list_pids() - procsrv_list(), of nothing but the pids
 * @ps: the server
 * @scope: as there
 * @id: as there
 * @cursor: as there
 * @pids: room for the page
 * @max: how much room, at most PROCSRV_BATCH
 * @seq: where to store the number of the latest event, or NULL
 *
 * Return: as there.
 */
int procsrv_list_pids(struct procsrv *ps, enum procsrv_list_scope scope,
		      u32 id, u64 cursor, u64 *pids, u32 max, u64 *seq)
{
	struct listing l = { .scope = scope, .id = id };
	u32 n = 0;
	int err;

	if (max > PROCSRV_BATCH)
		return -EINVAL;
	read_lock(&ps->lock);
	if (seq)
		*seq = ps->seq;
	err = listing_begin(ps, &l, cursor);
	for (; l.p && n < max; listing_next(&l))
		pids[n++] = l.p->pid;
	read_unlock(&ps->lock);
	return err ?: n;
}
EXPORT_SYMBOL_PROCSRV(procsrv_list_pids);
