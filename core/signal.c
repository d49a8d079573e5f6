// SPDX-License-Identifier: GPL-2.0-only
/*
 * Signals: their targets
 */
#define pr_fmt(fmt) KBUILD_MODNAME ": " fmt

#include <linux/capability.h>
#include <linux/sched/signal.h>

#include "compat.h"
#include "internal.h"

static bool ends_or_stops(int signo)
{
	return signo == PROCSRV_SIGKILL || signo == PROCSRV_SIGTERM ||
	       signo == PROCSRV_SIGSTOP;
}

/**
 * struct targets - processes that a signal is to be delivered to
 * @first: the first of a list by &procsrv_process.next
 * @last: where to link the next one
 * @count: how many there are
 * @denied: how many more there are that the caller may not signal
 */
struct targets {
	struct procsrv_process *first;
	struct procsrv_process **last;
	u32 count;
	u32 denied;
};

static void add_target(struct procsrv_change *c, struct targets *t,
		       struct procsrv_process *p)
{
	if (!procsrv_may_signal(&c->caller, p)) {
		t->denied++;
		return;
	}
	*t->last = p;
	t->last = &p->next;
	p->next = NULL;
	t->count++;
}

static void deliver_to(struct procsrv_change *c, const struct targets *t,
		       int signo, u64 sender, struct procsrv_pool *pool)
{
	struct procsrv_process *p;

	for (p = t->first; p; p = p->next) {
		procsrv_deliver_signal(c, p, signo, sender, pool);
		procsrv_change_step(c);
	}
}

/**
 * struct crowd - the members of a process group or of a session
 * @members: the members
 * @offset: where their nodes are in &struct procsrv_process
 */
struct crowd {
	const struct procsrv_members *members;
	size_t offset;
};

static int find_crowd(struct procsrv *ps, enum procsrv_target target, u64 id,
		      struct crowd *c)
{
	struct procsrv_session *session;
	struct procsrv_group *group;

	if (id > U32_MAX)
		return -ESRCH;
	if (target == PROCSRV_TARGET_PGID) {
		group = procsrv_find_group(ps, id);
		if (!group)
			return -ESRCH;
		c->members = &group->members;
		c->offset = offsetof(struct procsrv_process, group_node);
	} else {
		session = procsrv_find_session(ps, id);
		if (!session)
			return -ESRCH;
		c->members = &session->members;
		c->offset = offsetof(struct procsrv_process, session_node);
	}
	return 0;
}

static int collect_crowd(struct procsrv_change *c, enum procsrv_target target,
			 u64 id, struct targets *t)
{
	struct procsrv *ps = procsrv_of(c);
	struct crowd crowd;
	struct rb_node *n;
	int err = find_crowd(ps, target, id, &crowd);

	if (err)
		return err;
	for (n = rb_first(&crowd.members->tree); n; n = rb_next(n)) {
		add_target(c, t, (void *)n - crowd.offset);
		procsrv_change_step(c);
	}
	return 0;
}

/* All processes are below init: a caller must be allowed to signal that. */
static int find_root(struct procsrv_caller *who, u64 pid,
		     struct procsrv_process **root)
{
	*root = procsrv_find(who->ps, pid);
	if (!*root)
		return -ESRCH;
	return *root == who->ps->init && !procsrv_may_signal(who, *root) ?
		       -EPERM : 0;
}

static int collect_tree(struct procsrv_change *c, u64 pid, struct targets *t)
{
	struct procsrv_process *root, *p;
	int err = find_root(&c->caller, pid, &root);

	if (err)
		return err;
	for (p = root; p; p = procsrv_next_descendant(c, root, p, false)) {
		add_target(c, t, p);
		procsrv_change_step(c);
	}
	return 0;
}

static int collect_process(struct procsrv_change *c, u64 pid, struct targets *t)
{
	struct procsrv_process *p = procsrv_find(procsrv_of(c), pid);

	if (!p)
		return -ESRCH;
	add_target(c, t, p);
	return 0;
}

static int collect(struct procsrv_change *c, enum procsrv_target target, u64 id,
		   struct targets *t)
{
	switch (target) {
	case PROCSRV_TARGET_PID:
		return collect_process(c, id, t);
	case PROCSRV_TARGET_PGID:
	case PROCSRV_TARGET_SID:
		return collect_crowd(c, target, id, t);
	case PROCSRV_TARGET_TREE:
		return collect_tree(c, id, t);
	default:
		return -EINVAL;
	}
}

/* May the caller send signals in the name of @sender? */
static int check_sender(struct procsrv_caller *who, u64 sender)
{
	struct procsrv_process *p;

	if (!sender)
		return 0;
	p = procsrv_find_live(who->ps, sender);
	if (!p)
		return -ESRCH;
	return procsrv_may_signal(who, p) ? 0 : -EPERM;
}

/**
 * struct search - for a target that the caller may signal
 * @target: what @id names
 * @id: pid, pgid or sid
 * @cursor: processes up to this pid were visited
 * @end: the first pid that was free when the search began
 * @found: there is one
 * @caller: the caller
 */
struct search {
	enum procsrv_target target;
	u64 id;
	u64 cursor;
	u64 end;
	bool found;
	struct procsrv_caller caller;
};

/* The next PROCSRV_BATCH members. More than 0: there may be more. */
static int search_crowd(struct procsrv *ps, struct search *s)
{
	struct procsrv_process *p;
	struct rb_node *n;
	struct crowd crowd;
	int err = find_crowd(ps, s->target, s->id, &crowd);
	u32 i;

	if (err)
		return err;
	p = procsrv_member_after(crowd.members, crowd.offset, s->cursor);
	for (i = 0; i < PROCSRV_BATCH && p && p->pid < s->end; i++) {
		s->found = procsrv_may_signal(&s->caller, p);
		if (s->found)
			return 0;
		s->cursor = p->pid;
		n = rb_next((void *)p + crowd.offset);
		p = n ? (void *)n - crowd.offset : NULL;
	}
	return i == PROCSRV_BATCH;
}

static bool is_in_tree(const struct procsrv_process *p,
		       const struct procsrv_process *root)
{
	while (p && p != root)
		p = p->parent;
	return p;
}

/*
 * In the order of pids, as processes below @root may move while the lock is
 * not held, and pids stay. One walk up the tree under each hold. More than 0:
 * there may be more.
 */
static int search_tree(struct procsrv *ps, struct search *s)
{
	struct procsrv_process *batch[PROCSRV_BATCH];
	struct procsrv_process *root;
	int err = find_root(&s->caller, s->id, &root);
	u32 n, i;

	if (err)
		return err;
	n = procsrv_collect(ps, s->cursor, batch, PROCSRV_BATCH);
	for (i = 0; i < n && batch[i]->pid < s->end; i++) {
		s->cursor = batch[i]->pid;
		if (!procsrv_may_signal(&s->caller, batch[i]))
			continue;
		s->found = is_in_tree(batch[i], root);
		return !s->found;
	}
	return i == PROCSRV_BATCH;
}

static int search_batch(struct procsrv *ps, struct search *s)
{
	return s->target == PROCSRV_TARGET_TREE ? search_tree(ps, s) :
						  search_crowd(ps, s);
}

static void begin_search(const struct procsrv *ps, struct search *s)
{
	s->end = ps->next_pid;
	/* Unless pids were given, descendants have higher ones. */
	if (s->target == PROCSRV_TARGET_TREE && !ps->has_given_pids)
		s->cursor = s->id - 1;
}

/*
 * Is there a target that the caller may signal? Without this a caller that may
 * signal none could delay other changes again and again, while a change visits
 * all of them. A process that is a target all the time is found.
 *
 * Return: 0; -EPERM; -ESRCH; -EINTR if the caller is killed.
 */
static int search(struct procsrv *ps, u64 sender, enum procsrv_target target,
		  u64 id)
{
	struct search s = {
		.target = target,
		.id = id,
		.caller = procsrv_current_caller(ps),
	};
	int more;

	do {
		if (fatal_signal_pending(current))
			return -EINTR;
		cond_resched();
		read_lock(&ps->lock);
		if (!s.end)
			begin_search(ps, &s);
		more = check_sender(&s.caller, sender) ?: search_batch(ps, &s);
		read_unlock(&ps->lock);
	} while (more > 0);
	return more ?: s.found ? 0 : -EPERM;
}

/* Collects the targets: 0, or what procsrv_signal() returns. */
static int find_targets(struct procsrv_change *c, u64 sender,
			enum procsrv_target target, u64 id, int signo,
			struct targets *t)
{
	int err = check_sender(&c->caller, sender);

	*t = (struct targets) { .last = &t->first };
	if (!err)
		err = collect(c, target, id, t);
	if (err)
		return err;
	if (!t->count)
		return -EPERM;
	/* Init is in no group and no session, and no tree but its own. */
	if (t->first == procsrv_of(c)->init && ends_or_stops(signo))
		return -EPERM;
	return 0;
}

/*
 * All targets in one change. Memory for pending signals is allocated before it
 * begins: *@need records, of which there may turn out to be too few.
 */
static int try_signal(struct procsrv *ps, u64 sender,
		      enum procsrv_target target, u64 id, int signo,
		      struct procsrv_pool *pool, u32 *need)
{
	struct procsrv_change *c = procsrv_change_begin(ps);
	struct targets t;
	int err;

	if (!c)
		return -EINTR;
	err = find_targets(c, sender, target, id, signo, &t);
	if (!err) {
		*need = t.count;
		if (!procsrv_needs_record(signo, sender) || pool->nr >= t.count)
			deliver_to(c, &t, signo, sender, pool);
	}
	procsrv_change_commit(c);
	return err;
}

static int signal_at_once(struct procsrv *ps, u64 sender,
			  enum procsrv_target target, u64 id, int signo,
			  u32 *count)
{
	u32 need = 1, have;
	struct procsrv_pool pool = {};
	int err = 0;

	if (target != PROCSRV_TARGET_PID)
		err = search(ps, sender, target, id);
	while (!err) {
		if (procsrv_needs_record(signo, sender))
			err = procsrv_pool_fill(&pool, need);
		if (err)
			break;
		have = pool.nr;
		err = try_signal(ps, sender, target, id, signo, &pool, &need);
		if (!procsrv_needs_record(signo, sender) || have >= need)
			break;
	}
	procsrv_pool_drain(&pool);
	if (!err)
		*count = need;
	return err;
}

/*
 * Delivers to up to PROCSRV_BATCH processes above *@cursor, and returns how
 * many there were. Adds the number of targets to @count, and that of processes
 * that the caller may not signal to @denied.
 */
static int signal_batch(struct procsrv *ps, u64 sender, u64 *cursor, int signo,
			struct procsrv_pool *pool, u32 *count, u32 *denied)
{
	struct procsrv_process *batch[PROCSRV_BATCH];
	struct procsrv_change *c = procsrv_change_begin(ps);
	struct targets t = { .last = &t.first };
	u32 n, i;

	if (!c)
		return -EINTR;
	n = procsrv_collect(ps, *cursor, batch, PROCSRV_BATCH);
	for (i = 0; i < n; i++) {
		*cursor = batch[i]->pid;
		if (batch[i]->pid != sender)
			add_target(c, &t, batch[i]);
	}
	deliver_to(c, &t, signo, sender, pool);
	procsrv_change_commit(c);
	*count += t.count;
	*denied += t.denied;
	return n;
}

/*
 * All processes but init and the sender, in several changes: memory for
 * pending signals is not allocated for all at once. Processes that are created
 * meanwhile have higher pids, and are signalled as well; one that was given a
 * lower pid may be missed.
 */
static int signal_all(struct procsrv *ps, u64 sender, int signo, u32 *count)
{
	u64 cursor = PROCSRV_INIT_PID;
	struct procsrv_pool pool = {};
	u32 reached = 0, denied = 0;
	int n, err = 0;

	do {
		if (procsrv_needs_record(signo, sender))
			err = procsrv_pool_fill(&pool, PROCSRV_BATCH);
		if (err)
			break;
		n = signal_batch(ps, sender, &cursor, signo, &pool, &reached,
				 &denied);
		if (n < 0)
			err = n;
		cond_resched();
	} while (n == PROCSRV_BATCH && !fatal_signal_pending(current));
	procsrv_pool_drain(&pool);
	/* Signals that were delivered count, even if memory is short later. */
	if (!reached)
		return err ?: denied ? -EPERM : -ESRCH;
	*count = reached;
	return 0;
}

/**
 * procsrv_signal() - send a signal
 * @ps: the server
 * @sender: pid of the sender, or 0 for one outside the server
 * @target: what @id names
 * @id: pid, pgid or sid; 0 with PROCSRV_TARGET_ALL
 * @signo: 0 to 64
 * @count: where to store the number of processes reached, zombies included
 *
 * After kill(2) and VeridianOS: SIGKILL and SIGTERM terminate, SIGSTOP stops,
 * SIGCONT continues, 0 only checks, all others become pending. Of several
 * processes it reaches those that the caller may signal.
 *
 * Context: may sleep.
 * Return: 0; -EINVAL if a number is out of range, or @target or @id is
 * invalid; -ESRCH if there is no such target, or the sender is missing or a
 * zombie; -EPERM if the signal would end or stop init, or the caller may signal
 * none of them, or not in the name of the sender; -ENOMEM; -EINTR if the caller
 * is killed before anything is done.
 */
int procsrv_signal(struct procsrv *ps, u64 sender, enum procsrv_target target,
		   u64 id, int signo, u32 *count)
{
	struct procsrv_caller who = procsrv_current_caller(ps);
	int err;

	if (signo < 0 || signo > PROCSRV_NSIG || target > PROCSRV_TARGET_TREE)
		return -EINVAL;
	if (target == PROCSRV_TARGET_ALL) {
		if (id)
			return -EINVAL;
		read_lock(&ps->lock);
		err = check_sender(&who, sender);
		read_unlock(&ps->lock);
		if (err)
			return err;
		err = signal_all(ps, sender, signo, count);
	} else {
		err = signal_at_once(ps, sender, target, id, signo, count);
	}
	if (!err)
		pr_debug("signal %d from %llu reached %u\n", signo, sender,
			 *count);
	return err;
}
EXPORT_SYMBOL_PROCSRV(procsrv_signal);

/**
 * procsrv_hang_up() - send SIGHUP and then SIGCONT to a session
 * @ps: the server
 * @sid: the session
 * @count: where to store the number of processes reached, zombies included
 *
 * The signals that Linux sends when a terminal hangs up, but to every member
 * that the caller may signal.
 *
 * Context: may sleep.
 * Return: 0; -ESRCH if there is no such session; -EPERM if the caller may
 * signal no member; -EINTR if the caller is killed before anything is done.
 */
int procsrv_hang_up(struct procsrv *ps, u32 sid, u32 *count)
{
	struct procsrv_change *c;
	struct targets t;
	int err = search(ps, 0, PROCSRV_TARGET_SID, sid);

	if (err)
		return err;
	c = procsrv_change_begin(ps);
	if (!c)
		return -EINTR;
	err = find_targets(c, 0, PROCSRV_TARGET_SID, sid, PROCSRV_SIGHUP, &t);
	if (!err) {
		deliver_to(c, &t, PROCSRV_SIGHUP, 0, NULL);
		deliver_to(c, &t, PROCSRV_SIGCONT, 0, NULL);
		*count = t.count;
	}
	procsrv_change_commit(c);
	return err;
}
EXPORT_SYMBOL_PROCSRV(procsrv_hang_up);
