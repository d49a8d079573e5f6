// SPDX-License-Identifier: GPL-2.0-only
/*
 * Signals: whom they hit, and what they do
 */
#define pr_fmt(fmt) KBUILD_MODNAME ": " fmt

#include <linux/capability.h>
#include <linux/sched/signal.h>

#include "compat.h"
#include "procsrv_tables.h"

static void stop(struct procsrv *ps, struct procsrv_process *p)
{
	if (p->state == PROCSRV_STOPPED)
		return;
	procsrv_change_begin(ps, p);
	procsrv_set_state(ps, p, PROCSRV_STOPPED);
	procsrv_tell(ps, p, (struct procsrv_event) {
		.kind = PROCSRV_EVENT_STATE,
		.detail = PROCSRV_STOPPED,
		.signo = PROCSRV_SIGSTOP,
	});
	procsrv_change_end(ps, p);
	procsrv_set_report(p, PROCSRV_REPORT_STOPPED);
	procsrv_offer_report(ps, p);
}

static void cont(struct procsrv *ps, struct procsrv_process *p)
{
	if (p->state != PROCSRV_STOPPED)
		return;
	procsrv_change_begin(ps, p);
	procsrv_set_state(ps, p, PROCSRV_RUNNING);
	procsrv_tell(ps, p, (struct procsrv_event) {
		.kind = PROCSRV_EVENT_STATE,
		.detail = PROCSRV_RUNNING,
		.signo = PROCSRV_SIGCONT,
	});
	procsrv_change_end(ps, p);
	procsrv_set_report(p, PROCSRV_REPORT_CONTINUED);
	procsrv_offer_report(ps, p);
}

/* Does a signal have an effect, instead of becoming pending? */
static bool acts_at_once(int signo)
{
	return !procsrv_pends(signo) && signo != PROCSRV_SIGHUP;
}

/**
 * procsrv_hit() - do to a process what a signal does
 * @ps: the server
 * @p: the process; nothing happens to a zombie, or to the dead
 * @signo: the signal, or 0
 * @sender: pid of the sender, or 0
 * @pool: memory for it, if it procsrv_pends()
 *
 * Context: under the lock, for writing. After 9 and 15 @p may be in no table.
 */
void procsrv_hit(struct procsrv *ps, struct procsrv_process *p, int signo,
		 u64 sender, struct procsrv_pool *pool)
{
	struct procsrv_taker *taker = NULL;

	lockdep_assert_held_write(&ps->lock);
	if (!signo || procsrv_has_exited(p))
		return;
	if (!acts_at_once(signo))
		taker = procsrv_find_taker(p, signo);
	procsrv_change_begin(ps, p);
	procsrv_tell(ps, p, (struct procsrv_event) {
		.kind = PROCSRV_EVENT_SIGNAL,
		.other = sender,
		.signo = signo,
	});
	if (!acts_at_once(signo) && !taker)
		procsrv_pend(p, signo, sender, pool);
	procsrv_change_end(ps, p);
	if (taker)
		procsrv_give(ps, taker, signo, sender);

	switch (signo) {
	case PROCSRV_SIGKILL:
		procsrv_zombify(ps, p, -PROCSRV_SIGKILL, PROCSRV_SIGKILL);
		break;
	case PROCSRV_SIGTERM:
		procsrv_zombify(ps, p, 0, PROCSRV_SIGTERM);
		break;
	case PROCSRV_SIGSTOP:
		stop(ps, p);
		break;
	case PROCSRV_SIGCONT:
		cont(ps, p);
		break;
	}
}

static bool ends_or_stops(int signo)
{
	return signo == PROCSRV_SIGKILL || signo == PROCSRV_SIGTERM ||
	       signo == PROCSRV_SIGSTOP;
}

/**
 * struct victims - those that a signal is going to hit, collected first
 * @first: the first of a list by @next_victim
 * @last: where to link the next one
 * @count: how many there are
 * @denied: how many there are besides, to whom the caller may not do that
 * @sure: the caller is known to have the right to signal one
 * @asker: the caller
 *
 * Hitting one may take others out of their tables, so that nobody could walk
 * these meanwhile. All that leave stay in memory until the lock is dropped.
 */
struct victims {
	struct procsrv_process *first;
	struct procsrv_process **last;
	u32 count;
	u32 denied;
	bool sure;
	struct procsrv_asker asker;
};

static void victims_init(struct victims *v, bool sure)
{
	*v = (struct victims) {
		.last = &v->first,
		.sure = sure,
		.asker = procsrv_asker(CAP_KILL),
	};
}

/*
 * A caller without a right over any of them would hold the lock for all of
 * them, again and again. After so many refusals one that it may signal is to
 * be searched first, see search().
 */
static bool is_doubtful(const struct victims *v)
{
	return !v->sure && !v->count && v->denied >= PROCSRV_BATCH;
}

static void add_victim(struct procsrv *ps, struct victims *v,
		       struct procsrv_process *p)
{
	if (!procsrv_asker_may(&v->asker, ps, p)) {
		v->denied++;
		return;
	}
	*v->last = p;
	v->last = &p->next_victim;
	p->next_victim = NULL;
	v->count++;
}

static void hit_victims(struct procsrv *ps, const struct victims *v, int signo,
			u64 sender, struct procsrv_pool *pool)
{
	struct procsrv_process *p, *next;

	for (p = v->first; p; p = next) {
		next = p->next_victim;
		procsrv_hit(ps, p, signo, sender, pool);
	}
	procsrv_check_orphaned(ps);
}

static int collect_process(struct procsrv *ps, u64 pid, struct victims *v)
{
	struct procsrv_process *p = procsrv_find(ps, pid);

	if (!p)
		return -ESRCH;
	add_victim(ps, v, p);
	return 0;
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

static int collect_crowd(struct procsrv *ps, enum procsrv_target target,
			 u64 id, struct victims *v)
{
	struct crowd c;
	struct rb_node *n;
	int err = find_crowd(ps, target, id, &c);

	if (err)
		return err;
	for (n = rb_first(&c.members->tree); n; n = rb_next(n)) {
		add_victim(ps, v, (void *)n - c.offset);
		if (is_doubtful(v))
			return -EAGAIN;
	}
	return 0;
}

static int collect_tree(struct procsrv *ps, u64 pid, struct victims *v)
{
	struct procsrv_process *root = procsrv_find(ps, pid);
	struct procsrv_process *p;

	if (!root)
		return -ESRCH;
	/* Everybody is below init: who may not signal it is not to walk there. */
	if (root == ps->init && !procsrv_may_signal(ps, root))
		return -EPERM;
	for (p = root; p; p = procsrv_next_descendant(root, p, false)) {
		add_victim(ps, v, p);
		if (is_doubtful(v))
			return -EAGAIN;
	}
	return 0;
}

/* 0; -EAGAIN if it is_doubtful(); or what procsrv_signal() returns. */
static int collect(struct procsrv *ps, enum procsrv_target target, u64 id,
		   struct victims *v)
{
	lockdep_assert_held_write(&ps->lock);
	switch (target) {
	case PROCSRV_TARGET_PID:
		return collect_process(ps, id, v);
	case PROCSRV_TARGET_PGID:
	case PROCSRV_TARGET_SID:
		return collect_crowd(ps, target, id, v);
	case PROCSRV_TARGET_TREE:
		return collect_tree(ps, id, v);
	default:
		return -EINVAL;
	}
}

/**
 * struct search - for one that the caller may signal, a part under each hold
 * @target: what @id names
 * @id: pid, pgid or sid
 * @cursor: all up to this pid were looked at
 * @end: the first pid that was free when the search began
 * @asker: the caller
 */
struct search {
	enum procsrv_target target;
	u64 id;
	u64 cursor;
	u64 end;
	struct procsrv_asker asker;
};

static int search_crowd(struct procsrv *ps, struct search *s)
{
	struct procsrv_process *p;
	struct rb_node *n;
	struct crowd c;
	int err = find_crowd(ps, s->target, s->id, &c);
	u32 i;

	if (err)
		return err;
	p = procsrv_member_after(c.members, c.offset, s->cursor);
	for (i = 0; p && p->pid < s->end; i++) {
		if (i == PROCSRV_BATCH)
			return -EAGAIN;
		if (procsrv_asker_may(&s->asker, ps, p))
			return 0;
		s->cursor = p->pid;
		n = rb_next((void *)p + c.offset);
		p = n ? (void *)n - c.offset : NULL;
	}
	return -EPERM;
}

static bool is_in_tree(const struct procsrv_process *p,
		       const struct procsrv_process *root)
{
	while (p && p != root)
		p = p->parent;
	return p;
}

/*
 * In the order of pids, because what is below @root may move while the lock is
 * not held, and pids stay. Descendants have higher ones. One walk up the tree
 * under each hold.
 */
static int search_tree(struct procsrv *ps, struct search *s)
{
	struct procsrv_process *root = procsrv_find(ps, s->id);
	struct procsrv_process *batch[PROCSRV_BATCH];
	u32 n, i;

	if (!root)
		return -ESRCH;
	n = procsrv_collect(ps, s->cursor, batch, PROCSRV_BATCH);
	for (i = 0; i < n && batch[i]->pid < s->end; i++) {
		s->cursor = batch[i]->pid;
		if (procsrv_asker_may(&s->asker, ps, batch[i]))
			return is_in_tree(batch[i], root) ? 0 : -EAGAIN;
	}
	return i == PROCSRV_BATCH ? -EAGAIN : -EPERM;
}

/*
 * Is there one that the caller may signal? The lock is dropped now and then.
 * One that is there all the time is found.
 *
 * Return: 0; -EPERM; -ESRCH; -EINTR if the caller is killed.
 */
static int search(struct procsrv *ps, enum procsrv_target target, u64 id)
{
	struct search s = {
		.target = target,
		.id = id,
		.cursor = target == PROCSRV_TARGET_TREE ? id - 1 : 0,
		.asker = procsrv_asker(CAP_KILL),
	};
	int err;

	do {
		if (fatal_signal_pending(current))
			return -EINTR;
		cond_resched();
		read_lock(&ps->lock);
		if (!s.end)
			s.end = ps->next_pid;
		err = target == PROCSRV_TARGET_TREE ? search_tree(ps, &s) :
						      search_crowd(ps, &s);
		read_unlock(&ps->lock);
	} while (err == -EAGAIN);
	return err;
}

/* May the caller signal in the name of @sender? */
static int check_sender(struct procsrv *ps, u64 sender)
{
	struct procsrv_process *p;

	if (!sender)
		return 0;
	p = procsrv_find_live(ps, sender);
	if (!p)
		return -ESRCH;
	return procsrv_may_signal(ps, p) ? 0 : -EPERM;
}

/*
 * One attempt under the lock: 0, or an error, with nothing done; -EAGAIN if
 * a search() is to come first; -ENOBUFS where the pool has less than the
 * *@count that are needed.
 */
static int signal_some(struct procsrv *ps, u64 sender,
		       enum procsrv_target target, u64 id, int signo,
		       struct procsrv_pool *pool, u32 *count, bool sure)
{
	struct victims v;
	int err;

	lockdep_assert_held_write(&ps->lock);
	victims_init(&v, sure);
	err = check_sender(ps, sender);
	if (!err)
		err = collect(ps, target, id, &v);
	if (err)
		return err;
	if (!v.count)
		return -EPERM;
	/* Init is in no group and no session, and no tree but its own. */
	if (v.first == ps->init && ends_or_stops(signo))
		return -EPERM;
	*count = v.count;
	if (procsrv_pends(signo) && pool->nr < v.count)
		return -ENOBUFS;
	hit_victims(ps, &v, signo, sender, pool);
	return 0;
}

/*
 * Hits up to PROCSRV_BATCH processes above *@cursor; false after the last.
 * Adds to @count whom it has hit, and to @denied whom it may not.
 */
static bool signal_batch(struct procsrv *ps, u64 sender, u64 *cursor,
			 int signo, struct procsrv_pool *pool, u32 *count,
			 u32 *denied)
{
	struct procsrv_process *batch[PROCSRV_BATCH];
	struct victims v;
	u32 n, i;

	victims_init(&v, false);
	write_lock(&ps->lock);
	n = procsrv_collect(ps, *cursor, batch, PROCSRV_BATCH);
	for (i = 0; i < n; i++) {
		*cursor = batch[i]->pid;
		if (batch[i]->pid != sender)
			add_victim(ps, &v, batch[i]);
	}
	hit_victims(ps, &v, signo, sender, pool);
	procsrv_write_unlock(ps);
	*count += v.count;
	*denied += v.denied;
	return n == PROCSRV_BATCH;
}

/*
 * Everybody but init and the sender. They are too many for one hold of the
 * lock, but nobody escapes: who is created meanwhile has a higher pid, and
 * is hit as well. So somebody who creates for ever keeps this going for ever,
 * unless the caller is killed.
 */
static int signal_all(struct procsrv *ps, u64 sender, int signo, u32 *count)
{
	u64 cursor = PROCSRV_INIT_PID;
	struct procsrv_pool pool = {};
	u32 hits = 0, denied = 0;
	bool more;
	int err = 0;

	do {
		if (procsrv_pends(signo))
			err = procsrv_pool_fill(&pool, PROCSRV_BATCH);
		if (err)
			break;
		more = signal_batch(ps, sender, &cursor, signo, &pool, &hits,
				    &denied);
		cond_resched();
	} while (more && !fatal_signal_pending(current));
	procsrv_pool_drain(&pool);
	/* Whom it has reached it has reached, if memory is short later on. */
	if (!hits)
		return err ?: denied ? -EPERM : -ESRCH;
	*count = hits;
	return 0;
}

/* Everything that is hit at one moment, with the memory that this takes. */
static int signal_at_once(struct procsrv *ps, u64 sender,
			  enum procsrv_target target, u64 id, int signo,
			  u32 *count)
{
	u32 need = procsrv_pends(signo);
	struct procsrv_pool pool = {};
	bool sure = false;
	int err;

	do {
		err = procsrv_pool_fill(&pool, need);
		if (err)
			break;
		write_lock(&ps->lock);
		err = signal_some(ps, sender, target, id, signo, &pool, &need,
				  sure);
		procsrv_write_unlock(ps);
		if (err == -EAGAIN) {
			err = search(ps, target, id) ?: -ENOBUFS;
			sure = true;
		}
	} while (err == -ENOBUFS);
	procsrv_pool_drain(&pool);
	if (!err)
		*count = need;
	return err;
}

/**
 * procsrv_signal() - send a signal
 * @ps: the server
 * @sender: pid on whose behalf, or 0 for the world outside
 * @target: whom @id names
 * @id: pid, pgid or sid; 0 with PROCSRV_TARGET_ALL
 * @signo: 0 to 64
 * @count: where to store how many it reached, zombies included
 *
 * After kill(2) and VeridianOS: 9 and 15 terminate, 19 stops, 18 continues,
 * 0 only checks, all others become pending. Of several it reaches those that
 * the caller may signal.
 *
 * Context: may sleep.
 * Return: 0; -EINVAL if a number is out of range, or @target or @id makes no
 * sense; -ESRCH if there is no such target, or the sender is missing or a
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
		read_lock(&ps->lock);
		err = check_sender(ps, sender);
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

/* One attempt, like signal_some(). */
static int hang_up_some(struct procsrv *ps, u32 sid, u32 *count, bool sure)
{
	struct victims v;
	int err;

	lockdep_assert_held_write(&ps->lock);
	victims_init(&v, sure);
	err = collect(ps, PROCSRV_TARGET_SID, sid, &v);
	if (err)
		return err;
	if (!v.count)
		return -EPERM;
	hit_victims(ps, &v, PROCSRV_SIGHUP, 0, NULL);
	hit_victims(ps, &v, PROCSRV_SIGCONT, 0, NULL);
	*count = v.count;
	return 0;
}

/**
 * procsrv_hang_up() - send signal 1 and then 18 to a session
 * @ps: the server
 * @sid: the session
 * @count: where to store how many they reached, zombies included
 *
 * What Linux does when a terminal hangs up, but to every member that the caller
 * may signal.
 *
 * Context: may sleep.
 * Return: 0; -ESRCH if there is no such session; -EPERM if it may signal none;
 * -EINTR if the caller is killed before anything is done.
 */
int procsrv_hang_up(struct procsrv *ps, u32 sid, u32 *count)
{
	bool sure = false;
	int err;

	do {
		write_lock(&ps->lock);
		err = hang_up_some(ps, sid, count, sure);
		procsrv_write_unlock(ps);
		sure = err == -EAGAIN;
		if (sure)
			err = search(ps, PROCSRV_TARGET_SID, sid);
	} while (!err && sure);
	if (!err)
		pr_debug("session %u hung up, %u members\n", sid, *count);
	return err;
}
EXPORT_SYMBOL_PROCSRV(procsrv_hang_up);
