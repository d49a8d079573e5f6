// SPDX-License-Identifier: GPL-2.0-only
/*
 * Information: what is known of a process, and how it comes to be known
 */
#include <linux/cache.h>
#include <linux/capability.h>
#include <linux/prefetch.h>
#include <linux/rcupdate.h>
#include <linux/sched.h>
#include <linux/seqlock.h>
#include <linux/string.h>

#include "compat.h"
#include "internal.h"

static u32 info_flags(const struct procsrv *ps, const struct procsrv_process *p)
{
	u32 flags = (p->modes & PROCSRV_MODES_SHOWN) << PROCSRV_MODES_SHIFT;

	if (p->execed)
		flags |= PROCSRV_INFO_EXECED;
	if (!list_empty(&p->link))
		flags |= procsrv_is_zombie(p) ? PROCSRV_INFO_ORPHAN :
						PROCSRV_INFO_TIED;
	if (p->reaper || p == ps->init)
		flags |= PROCSRV_INFO_REAPER;
	return flags;
}

enum {
	/* How many processes before it is its turn to fetch an image. */
	AHEAD = 4,
};

/**
 * struct view - what a look-up without the lock has found, under RCU
 * @p: the process, or NULL if there is none
 * @seq: &procsrv_process.seq when the look-up began
 * @server_seq: &procsrv.seq, likewise
 * @image: name, command line and environment
 * @cwd: working directory, or NULL
 * @terminal: its session's terminal, or NULL
 * @caller: the reader, which may or may not see all of it
 */
struct view {
	struct procsrv_process *p;
	unsigned int seq;
	unsigned int server_seq;
	struct procsrv_image *image;
	struct procsrv_text *cwd;
	struct procsrv_text *terminal;
	struct procsrv_caller caller;
};

/*
 * By the word: most names are short, and all are followed by zeros. If the image is
 * reused meanwhile, the copy still stays within its memory.
 */
static void fill_name(struct procsrv_info *info,
		      const struct procsrv_image *image)
{
	u32 len = min_t(u32, READ_ONCE(image->name_len), sizeof(info->name));
	u32 words = DIV_ROUND_UP(len, sizeof(long));
	const long *from = (const long *)image->data;
	long *to = (long *)info->name;
	u32 i;

	for (i = 0; i < words; i++)
		to[i] = READ_ONCE(from[i]);
}

/*
 * Without the lock anything may change meanwhile: the caller discards the copy if a
 * count has changed. But pointers are read once, and what they point to is not freed.
 */
static void fill_strings(const struct procsrv_process *p,
			 const struct procsrv_session *session,
			 struct procsrv_info *info, struct view *v)
{
	struct procsrv_image *image = READ_ONCE(p->image);
	struct procsrv_text *cwd = READ_ONCE(p->cwd);
	struct procsrv_text *terminal =
		session ? READ_ONCE(session->terminal) : NULL;

	v->image = image;
	v->cwd = cwd;
	v->terminal = terminal;
	info->cwd_len = cwd ? cwd->len : sizeof("/");
	info->terminal_len = terminal ? terminal->len : 0;
	memset(info->name, 0, sizeof(info->name));
	info->argv_len = 0;
	info->envp_len = 0;
	/* A process that is about to be used anew has none. */
	if (!image)
		return;
	fill_name(info, image);
	info->argv_len = image->argv_len;
	info->envp_len = image->envp_len;
}

/* Not even how long they are. */
static void hide_lists(struct procsrv_info *info)
{
	info->flags |= PROCSRV_INFO_HIDDEN;
	info->argv_len = 0;
	info->envp_len = 0;
}

/*
 * Writes every byte of @info, which callers copy to user memory: they need not
 * clear it before (kunit/look.c fills it with patterns first, and compares).
 */
static void fill_info(struct procsrv *ps, const struct procsrv_process *p,
		      struct procsrv_info *info, struct view *v)
{
	const struct procsrv_process *parent = READ_ONCE(p->parent);
	const struct procsrv_group *group = READ_ONCE(p->group);
	const struct procsrv_session *session = group ? group->session : NULL;
	struct user_namespace *ns = v->caller.cred->user_ns;

	info->seq = procsrv_event_count(ps);
	info->pid = p->pid;
	info->ppid = parent ? parent->pid : 0;
	info->start_time = p->start_time;
	info->start_cycles = p->start_cycles;
	info->cpu_time = p->cpu_time;
	info->children_cpu_time = p->children_cpu_time;
	info->memory_usage = p->memory_usage;
	info->pending = p->pending;
	info->revocations = p->revocations + ps->revocations;
	info->state = procsrv_state_of(p);
	info->priority = p->priority;
	info->uid = procsrv_uid_to(ns, p->uid);
	info->gid = procsrv_gid_to(ns, p->gid);
	info->sid = session ? session->sid : 0;
	info->pgid = group ? group->pgid : 0;
	info->thread_count = p->thread_count;
	info->flags = info_flags(ps, p);
	info->exit_code = p->exit_code;
	info->exit_signal = p->exit_signal;
	info->limits_passed = p->limits_passed;
	info->nr_limits_passed = p->nr_limits_passed;
	fill_strings(p, session, info, v);
	if (!procsrv_may_see(&v->caller, p))
		hide_lists(info);
}

/* What a look will copy is in three or four cache lines, and in the image. */
static void prefetch_process(const struct procsrv_process *p)
{
	prefetch(p);
	prefetch((void *)p + L1_CACHE_BYTES);
	prefetch((void *)p + 2 * L1_CACHE_BYTES);
	prefetch((void *)p + offsetofend(struct procsrv_process, link) - 1);
}

/*
 * Begins a read section of both counts, that of the server first: its changes
 * can hide a process from the search. Fails if the process left its slot before
 * its count was read: the count may be another process's. A slot is used again
 * in an edit of its next process only, so a process that is still there is @pid
 * until its count changes.
 */
static bool view_begin(struct procsrv *ps, u64 pid, struct view *v)
{
	struct procsrv_process **slot;

	v->server_seq = read_seqcount_begin(&ps->seq);
	slot = procsrv_slot(ps, pid);
	v->p = slot ? READ_ONCE(*slot) : NULL;
	if (!v->p)
		return true;
	prefetch_process(v->p);
	v->seq = read_seqcount_begin(&v->p->seq);
	prefetch(READ_ONCE(v->p->image));
	return READ_ONCE(*slot) == v->p;
}

/* Ends it: true if something has changed, and the look-up is to be repeated. */
static bool view_retry(struct procsrv *ps, const struct view *v)
{
	return (v->p && read_seqcount_retry(&v->p->seq, v->seq)) ||
	       read_seqcount_retry(&ps->seq, v->server_seq);
}

/**
 * procsrv_look() - look at a process
 * @ps: the server
 * @pid: the process; zombies too
 * @info: where to store what there is to know, all of one moment
 *
 * Waits for no lock, and writes to nothing that other tasks read. The lengths of its
 * command line and its environment are stored only for its owner and for a caller
 * with CAP_SYS_PTRACE.
 *
 * Context: not under the lock.
 * Return: 0; -ESRCH if there is no such process.
 */
int procsrv_look(struct procsrv *ps, u64 pid, struct procsrv_info *info)
{
	struct view v = { .caller = procsrv_current_caller(ps) };

	rcu_read_lock();
	do {
		while (!view_begin(ps, pid, &v))
			cpu_relax();
		if (v.p)
			fill_info(ps, v.p, info, &v);
	} while (view_retry(ps, &v));
	rcu_read_unlock();
	return v.p ? 0 : -ESRCH;
}
EXPORT_SYMBOL_PROCSRV(procsrv_look);

/*
 * Takes the references; false if one of them was about to be freed. Of what the
 * caller may not see there is none.
 */
static bool get_strings(struct procsrv_details *d, const struct view *v)
{
	bool is_hidden = d->info.flags & PROCSRV_INFO_HIDDEN;

	d->image = NULL;
	if (!is_hidden && v->image && procsrv_image_try_get(v->image))
		d->image = v->image;
	d->cwd = procsrv_text_try_get(v->cwd) ? v->cwd : NULL;
	d->terminal = procsrv_text_try_get(v->terminal) ? v->terminal : NULL;
	return (d->image || is_hidden) && d->cwd == v->cwd && d->terminal == v->terminal;
}

/* One attempt. If it fails, and @v has a process, @d has references to drop. */
static bool get_info_once(struct procsrv *ps, u64 pid,
			  struct procsrv_details *d, struct view *v)
{
	bool got;

	rcu_read_lock();
	got = view_begin(ps, pid, v);
	if (!got) {
		v->p = NULL;
	} else if (v->p) {
		fill_info(ps, v->p, &d->info, v);
		got = get_strings(d, v);
	}
	got = !view_retry(ps, v) && got;
	rcu_read_unlock();
	return got;
}

/**
 * procsrv_get_info() - look at a process and all its strings
 * @ps: the server
 * @pid: the process; zombies too
 * @d: where to store what there is to know, all of one moment
 *
 * Waits for no lock. Of what the caller may not see the lengths in @d are 0,
 * and there is no image.
 *
 * The references keep memory that others are charged for: user memory is not
 * touched until procsrv_put_info(), as that may take for ever.
 *
 * Context: may sleep.
 * Return: 0, and the caller ends with procsrv_put_info(); -ESRCH if there is
 * no such process.
 */
int procsrv_get_info(struct procsrv *ps, u64 pid, struct procsrv_details *d)
{
	struct view v = { .caller = procsrv_current_caller(ps) };

	while (!get_info_once(ps, pid, d, &v)) {
		/* What was found may have been something else by then. */
		if (v.p)
			procsrv_put_info(d);
		cpu_relax();
	}
	return v.p ? 0 : -ESRCH;
}
EXPORT_SYMBOL_PROCSRV(procsrv_get_info);

/**
 * procsrv_put_info() - drop the references that procsrv_get_info() took
 * @d: what it stored
 */
void procsrv_put_info(struct procsrv_details *d)
{
	procsrv_image_put(d->image);
	procsrv_text_put(d->cwd);
	procsrv_text_put(d->terminal);
}
EXPORT_SYMBOL_PROCSRV(procsrv_put_info);

static void record_revocation(struct procsrv_change *c,
			      struct procsrv_process *p, u64 capability)
{
	procsrv_record_event(c, p, PROCSRV_EVENT_CAPABILITY, .other = capability);
}

static void revoke_from(struct procsrv_change *c, struct procsrv_process *p,
			u64 capability)
{
	procsrv_edit_begin(c, p);
	p->revocations++;
	record_revocation(c, p, capability);
	procsrv_edit_end(c, p);
}

static void revoke_from_all(struct procsrv_change *c, u64 capability)
{
	procsrv_edit_all_begin(c);
	procsrv_of(c)->revocations++;
	record_revocation(c, NULL, capability);
	procsrv_edit_all_end(c);
}

/**
 * procsrv_revoke() - tell a process, or all, that a capability was revoked
 * @ps: the server
 * @pid: the process, or 0 for every process
 * @capability: the capability
 *
 * The process sees by its count of notices that it has to look again at what
 * it holds. One audit record is written, if the kernel's audit is enabled; of
 * a user without CAP_AUDIT_WRITE no more than ten in five seconds. After
 * VeridianOS.
 *
 * To tell all is to act on init.
 *
 * Context: may sleep.
 * Return: 0; -ESRCH if there is no such process or it is a zombie; -EPERM if the
 * caller may not act on it; -EINTR if the caller is killed.
 */
int procsrv_revoke(struct procsrv *ps, u64 pid, u64 capability)
{
	struct procsrv_change *c = procsrv_change_begin(ps);
	struct procsrv_process *p;
	int err;

	if (!c)
		return -EINTR;
	err = procsrv_find_to_act(c, pid ?: PROCSRV_INIT_PID, &p);
	if (!err && pid)
		revoke_from(c, p, capability);
	else if (!err)
		revoke_from_all(c, capability);
	procsrv_change_commit(c);

	if (!err)
		procsrv_audit_revocation(ps, pid, capability);
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

/* The members above @pid in a tree of processes whose nodes are at @offset. */
static u32 collect_members(const struct procsrv_members *members,
			   size_t offset, u64 pid, struct procsrv_process **to, u32 max)
{
	struct procsrv_process *p = procsrv_member_after(members, offset, pid);
	struct rb_node *n;
	u32 count = 0;

	for (; p && count < max; p = n ? (void *)n - offset : NULL) {
		to[count++] = p;
		n = rb_next((void *)p + offset);
	}
	return count;
}

/* What a page of a list is about: how many processes above @cursor. */
static int collect_page(struct procsrv *ps, enum procsrv_list_scope scope,
			u32 id, u64 cursor, struct procsrv_process **to,
			u32 max)
{
	struct procsrv_session *session;
	struct procsrv_group *group;

	procsrv_assert_locked(ps);
	switch (scope) {
	case PROCSRV_LIST_ALL:
		if (id)
			return -EINVAL;
		return procsrv_collect(ps, cursor, to, max);
	case PROCSRV_LIST_SID:
		session = procsrv_find_session(ps, id);
		if (!session)
			return -ESRCH;
		return collect_members(&session->members,
				       offsetof(struct procsrv_process,
						session_node),
				       cursor, to, max);
	case PROCSRV_LIST_PGID:
		group = procsrv_find_group(ps, id);
		if (!group)
			return -ESRCH;
		return collect_members(&group->members,
				       offsetof(struct procsrv_process,
						group_node),
				       cursor, to, max);
	}
	return -EINVAL;
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
	struct procsrv_process *page[PROCSRV_BATCH];
	struct view v = { .caller = procsrv_current_caller(ps) };
	int n, i;

	if (max > PROCSRV_BATCH)
		return -EINVAL;
	read_lock(&ps->lock);
	if (seq)
		*seq = procsrv_event_count(ps);
	n = collect_page(ps, scope, id, cursor, page, max);
	for (i = 0; i < n; i++) {
		if (i + 2 * AHEAD < n)
			prefetch_process(page[i + 2 * AHEAD]);
		if (i + AHEAD < n)
			prefetch(page[i + AHEAD]->image);
		fill_info(ps, page[i], &infos[i], &v);
	}
	read_unlock(&ps->lock);
	return n;
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
	struct procsrv_process *page[PROCSRV_BATCH];
	int n, i;

	if (max > PROCSRV_BATCH)
		return -EINVAL;
	read_lock(&ps->lock);
	if (seq)
		*seq = procsrv_event_count(ps);
	n = collect_page(ps, scope, id, cursor, page, max);
	for (i = 0; i < n; i++)
		pids[i] = page[i]->pid;
	read_unlock(&ps->lock);
	return n;
}
EXPORT_SYMBOL_PROCSRV(procsrv_list_pids);
