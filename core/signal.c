// SPDX-License-Identifier: GPL-2.0-only
/*
 * Signals: their targets
 */
#define pr_fmt(fmt) KBUILD_MODNAME ": " fmt

#include <linux/capability.h>
#include <linux/sched/signal.h>

#include "compat.h"
#include "internal.h"

/**
 * struct targets - processes that a signal is to be delivered to
 * @sender: the process in the name of which it is sent, or NULL
 * @signo: the signal
 * @first: the first of a list by &procsrv_process.next
 * @last: where to link the next one
 * @count: how many there are
 * @denied: how many more there are that it may not be sent to
 * @records: how many need a record for it
 */
struct targets {
	const struct procsrv_process *sender;
	int signo;
	struct procsrv_process *first;
	struct procsrv_process **last;
	u32 count;
	u32 denied;
	u32 records;
};

static u64 pid_of(const struct procsrv_process *sender)
{
	return sender ? sender->pid : 0;
}

static void add_target(struct procsrv_change *c, struct targets *t,
		       struct procsrv_process *p)
{
	if (!procsrv_may_reach(&c->caller, t->sender, p, t->signo)) {
		t->denied++;
		return;
	}
	*t->last = p;
	t->last = &p->next;
	p->next = NULL;
	t->count++;
	t->records += procsrv_needs_record(p, t->signo, pid_of(t->sender));
}

static void deliver_to(struct procsrv_change *c, const struct targets *t,
		       struct procsrv_pool *pool)
{
	struct procsrv_sent sent = {
		.signo = t->signo,
		.origin = t->sender ? PROCSRV_FROM_PROCESS :
				      PROCSRV_FROM_OUTSIDE,
		.sender = pid_of(t->sender),
		.pool = pool,
	};
	struct procsrv_process *p;

	for (p = t->first; p; p = p->next) {
		procsrv_deliver_signal(c, p, &sent);
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
static int find_root(struct procsrv_caller *who,
		     const struct procsrv_process *sender, u64 pid,
		     struct procsrv_process **root)
{
	*root = procsrv_find(who->ps, pid);
	if (!*root)
		return -ESRCH;
	return *root == who->ps->init &&
	       !procsrv_may_reach(who, sender, *root, 0) ? -EPERM : 0;
}

static int collect_tree(struct procsrv_change *c, u64 pid, struct targets *t)
{
	struct procsrv_process *root, *p;
	int err = find_root(&c->caller, t->sender, pid, &root);

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

/* Finds @sender, and may the caller send signals in its name? NULL if it is 0. */
static int find_sender(struct procsrv_caller *who, u64 sender,
		       const struct procsrv_process **p)
{
	*p = NULL;
	if (!sender)
		return 0;
	*p = procsrv_find_live(who->ps, sender);
	if (!*p)
		return -ESRCH;
	return procsrv_may_signal(who, *p) ? 0 : -EPERM;
}

static bool is_hosted(const struct procsrv_process *sender)
{
	return sender && procsrv_is_hosted(sender);
}

/* With POSIX ids group 0 is the group of the sender. */
static u64 id_of(const struct procsrv *ps, enum procsrv_target target, u64 id,
		 const struct procsrv_process *sender)
{
	if (!id && ps->posix_ids && target == PROCSRV_TARGET_PGID && sender)
		return procsrv_pgid(sender);
	return id;
}

/**
 * struct search - for a target that the caller may signal
 * @target: what @id names
 * @id: pid, pgid or sid
 * @cursor: processes up to this pid were visited
 * @end: the first pid that was free when the search began
 * @signo: the signal
 * @found: there is one
 * @sender: the process in the name of which it is sent, or NULL; found anew under
 *	each hold
 * @caller: the caller
 */
struct search {
	enum procsrv_target target;
	u64 id;
	u64 cursor;
	u64 end;
	int signo;
	bool found;
	const struct procsrv_process *sender;
	struct procsrv_caller caller;
};

static bool may_reach(struct search *s, const struct procsrv_process *p)
{
	return procsrv_may_reach(&s->caller, s->sender, p, s->signo);
}

/* The next PROCSRV_BATCH members. More than 0: there may be more. */
static int search_crowd(struct procsrv *ps, struct search *s)
{
	struct procsrv_process *p;
	struct rb_node *n;
	struct crowd crowd;
	int err = find_crowd(ps, s->target,
			     id_of(ps, s->target, s->id, s->sender), &crowd);
	u32 i;

	if (err)
		return err;
	p = procsrv_member_after(crowd.members, crowd.offset, s->cursor);
	for (i = 0; i < PROCSRV_BATCH && p && p->pid < s->end; i++) {
		s->found = may_reach(s, p);
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
	int err = find_root(&s->caller, s->sender, s->id, &root);
	u32 n, i;

	if (err)
		return err;
	n = procsrv_collect(ps, s->cursor, batch, PROCSRV_BATCH);
	for (i = 0; i < n && batch[i]->pid < s->end; i++) {
		s->cursor = batch[i]->pid;
		if (!may_reach(s, batch[i]))
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
		  u64 id, int signo)
{
	struct search s = {
		.target = target,
		.id = id,
		.signo = signo,
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
		more = find_sender(&s.caller, sender, &s.sender) ?:
		       search_batch(ps, &s);
		read_unlock(&ps->lock);
	} while (more > 0);
	return more ?: s.found ? 0 : -EPERM;
}

/* Collects the targets: 0, or what procsrv_signal() returns. */
static int find_targets(struct procsrv_change *c, u64 sender,
			enum procsrv_target target, u64 id, int signo,
			struct targets *t)
{
	struct procsrv *ps = procsrv_of(c);
	int err;

	*t = (struct targets) { .signo = signo, .last = &t->first };
	err = find_sender(&c->caller, sender, &t->sender);
	if (!err)
		err = collect(c, target, id_of(ps, target, id, t->sender), t);
	if (err)
		return err;
	if (!t->count)
		return -EPERM;
	/* Init is in no group and no session, and no tree but its own. */
	if (t->first == ps->init && procsrv_ends_or_stops(signo) &&
	    !is_hosted(t->sender))
		return -EPERM;
	return 0;
}

/*
 * All targets in one change. Memory for pending signals is allocated before it
 * begins: @t says how many records are needed, of which there may turn out to be
 * too few. Then nothing is delivered.
 */
static int try_signal(struct procsrv *ps, u64 sender,
		      enum procsrv_target target, u64 id, int signo,
		      struct procsrv_pool *pool, struct targets *t)
{
	struct procsrv_change *c = procsrv_change_begin(ps);
	int err;

	if (!c)
		return -EINTR;
	err = find_targets(c, sender, target, id, signo, t);
	if (!err && pool->nr >= t->records)
		deliver_to(c, t, pool);
	procsrv_change_commit(c);
	return err;
}

static int signal_at_once(struct procsrv *ps, u64 sender,
			  enum procsrv_target target, u64 id, int signo,
			  u32 *count)
{
	struct targets t = { .records = procsrv_is_recorded(signo, sender) };
	struct procsrv_pool pool = {};
	int err = 0;
	u32 have;

	if (target != PROCSRV_TARGET_PID)
		err = search(ps, sender, target, id, signo);
	while (!err) {
		if (t.records)
			err = procsrv_pool_fill(&pool, t.records);
		if (err)
			break;
		have = pool.nr;
		err = try_signal(ps, sender, target, id, signo, &pool, &t);
		if (have >= t.records)
			break;
	}
	if (pool.first)
		procsrv_pool_drain(&pool);
	if (!err)
		*count = t.count;
	return err;
}

/**
 * struct sweep - a signal to all processes
 * @sender: pid of the sender, or 0
 * @signo: the signal
 * @cursor: processes up to this pid were visited
 * @count: how many were reached
 * @denied: how many it may not be sent to
 * @ignores_denial: that it reaches none is no error
 */
struct sweep {
	u64 sender;
	int signo;
	u64 cursor;
	u32 count;
	u32 denied;
	bool ignores_denial;
};

/* Delivers to up to PROCSRV_BATCH processes, and returns how many there were. */
static int sweep_batch(struct procsrv_change *c, struct sweep *s,
		       struct procsrv_pool *pool)
{
	struct procsrv_process *batch[PROCSRV_BATCH];
	struct targets t = { .signo = s->signo, .last = &t.first };
	int n, i;

	n = find_sender(&c->caller, s->sender, &t.sender);
	if (n)
		return n;
	s->ignores_denial = is_hosted(t.sender);
	n = procsrv_collect(procsrv_of(c), s->cursor, batch, PROCSRV_BATCH);
	for (i = 0; i < n; i++) {
		s->cursor = batch[i]->pid;
		if (batch[i] != t.sender)
			add_target(c, &t, batch[i]);
	}
	deliver_to(c, &t, pool);
	s->count += t.count;
	s->denied += t.denied;
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
	struct sweep s = {
		.sender = sender,
		.signo = signo,
		.cursor = PROCSRV_INIT_PID,
	};
	struct procsrv_pool pool = {};
	struct procsrv_change *c;
	int n;

	do {
		n = 0;
		if (sender || procsrv_is_recorded(signo, sender))
			n = procsrv_pool_fill(&pool, PROCSRV_BATCH);
		if (n)
			break;
		n = -EINTR;
		c = procsrv_change_begin(ps);
		if (!c)
			break;
		n = sweep_batch(c, &s, &pool);
		procsrv_change_commit(c);
		cond_resched();
	} while (n == PROCSRV_BATCH && !fatal_signal_pending(current));
	procsrv_pool_drain(&pool);
	/* Signals that were delivered count, even if memory is short later. */
	if (!s.count && n < 0)
		return n;
	if (!s.count && !(s.denied && s.ignores_denial))
		return s.denied ? -EPERM : -ESRCH;
	*count = s.count;
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
 * SIGCONT continues, 0 only checks, all others become pending; and all of them in
 * hosted processes. Of several processes it reaches those that the caller may signal,
 * or that the sender may, if that is hosted.
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
	int err;

	if (signo < 0 || signo > PROCSRV_NSIG || target > PROCSRV_TARGET_TREE)
		return -EINVAL;
	if (target == PROCSRV_TARGET_ALL) {
		if (id)
			return -EINVAL;
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

/* With a foreground group, only the leader of the session is hung up, which lives. */
static u64 leader_to_hang_up(struct procsrv *ps, u32 sid)
{
	struct procsrv_session *session = procsrv_find_session(ps, sid);

	return session && session->foreground ? session->leader.pid : 0;
}

static int find_hung_up(struct procsrv_change *c, u32 sid, struct targets *t)
{
	u64 leader = leader_to_hang_up(procsrv_of(c), sid);

	if (leader)
		return find_targets(c, 0, PROCSRV_TARGET_PID, leader,
				    PROCSRV_SIGHUP, t);
	return find_targets(c, 0, PROCSRV_TARGET_SID, sid, PROCSRV_SIGHUP, t);
}

/**
 * procsrv_hang_up() - send SIGHUP and then SIGCONT to a session
 * @ps: the server
 * @sid: the session
 * @count: where to store the number of processes reached, zombies included
 *
 * The signals that Linux sends when a terminal hangs up, but to every member
 * that the caller may signal. If the terminal has a foreground group, to the leader
 * only, as Linux does.
 *
 * Context: may sleep.
 * Return: 0; -ESRCH if there is no such session; -EPERM if the caller may signal no
 * member, or not the leader; -EINTR if the caller is killed before anything is done.
 */
int procsrv_hang_up(struct procsrv *ps, u32 sid, u32 *count)
{
	struct procsrv_change *c;
	struct targets t;
	int err = search(ps, 0, PROCSRV_TARGET_SID, sid, PROCSRV_SIGHUP);

	if (err)
		return err;
	c = procsrv_change_begin(ps);
	if (!c)
		return -EINTR;
	err = find_hung_up(c, sid, &t);
	if (!err) {
		deliver_to(c, &t, NULL);
		t.signo = PROCSRV_SIGCONT;
		deliver_to(c, &t, NULL);
		*count = t.count;
	}
	procsrv_change_commit(c);
	return err;
}
EXPORT_SYMBOL_PROCSRV(procsrv_hang_up);
