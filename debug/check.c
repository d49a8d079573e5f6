// SPDX-License-Identifier: GPL-2.0-only
/*
 * The check of all structures of a server against each other
 *
 * It does not rely on the code that it checks: trees are walked, not searched,
 * and everything is counted again. Faults are stored as text, and reported
 * after the mutex is dropped. The number of steps is that of the processes, but
 * for walks up a tree, so that large servers can be checked. Where each of many
 * objects has a count of others, weighted sums of the counts are compared; the
 * object with the wrong count is searched for only if the sums differ.
 */
#include <linux/bitops.h>
#include <linux/jhash.h>
#include <linux/kernel.h>
#include <linux/list.h>
#include <linux/rbtree_augmented.h>

#include "compat.h"
#include "check.h"
#include "core/internal.h"

/**
 * procsrv_fault() - record a fault
 * @v: the verdict
 * @fmt: the description
 *
 * Only the first description is kept: others may be consequences.
 */
void procsrv_fault(struct procsrv_verdict *v, const char *fmt, ...)
{
	va_list args;

	if (v->faults++)
		return;
	va_start(args, fmt);
	vsnprintf(v->first, sizeof(v->first), fmt, args);
	va_end(args);
}

/* Black nodes from a node up to the root. */
static u32 black_depth(const struct rb_node *n)
{
	u32 depth = 0;

	for (; n; n = rb_parent(n))
		depth += rb_is_black(n);
	return depth;
}

static void check_child_link(struct procsrv_verdict *v, const struct rb_node *n,
			     const struct rb_node *child, u32 *depth)
{
	if (child) {
		require_link(v, rb_parent(child) == n,
			     "a tree has a wrong link up");
		require(v, rb_is_black(n) || rb_is_black(child),
			"a tree has red below red");
		return;
	}
	if (!*depth)
		*depth = black_depth(n);
	require(v, black_depth(n) == *depth, "a tree is out of balance");
}

static void check_link_up(struct procsrv_verdict *v, const struct rb_node *n,
			  const struct rb_root *root)
{
	const struct rb_node *up = rb_parent(n);

	require_link(v, up ? up->rb_left == n || up->rb_right == n :
		     root->rb_node == n, "a tree has a wrong link up");
}

/**
 * procsrv_check_tree() - check the rules of a red-black tree
 * @v: the verdict; the tree can be walked unless it is broken
 * @root: the tree; the order of its nodes is checked elsewhere
 *
 * Return: how many nodes it has.
 */
u64 procsrv_check_tree(struct procsrv_verdict *v, const struct rb_root *root)
{
	const struct rb_node *n;
	u32 depth = 0;
	u64 count = 0;

	if (root->rb_node)
		require(v, rb_is_black(root->rb_node),
			"a tree has a red root");
	for (n = rb_first(root); n && !v->broken; n = rb_next(n)) {
		check_link_up(v, n, root);
		check_child_link(v, n, n->rb_left, &depth);
		check_child_link(v, n, n->rb_right, &depth);
		count++;
	}
	return count;
}

/* The tree that a node is in. */
static const struct rb_node *root_of(const struct rb_node *n)
{
	while (rb_parent(n))
		n = rb_parent(n);
	return n;
}

/**
 * procsrv_is_in() - is a node in a tree?
 * @n: the node
 * @root: the tree
 */
bool procsrv_is_in(const struct rb_node *n, const struct rb_root *root)
{
	return !RB_EMPTY_NODE(n) && root_of(n) == root->rb_node;
}

/**
 * struct walk - through all processes, in the order of the table
 * @node: the leaf, or NULL before the first
 * @index: the place in it
 */
struct walk {
	struct rb_node *node;
	u32 index;
};

static struct procsrv_process *next_process(const struct procsrv *ps,
					    struct walk *w)
{
	const struct procsrv_leaf *leaf;
	struct procsrv_process *p;

	if (!w->node)
		w->node = rb_first(&ps->leaves);
	while (w->node) {
		leaf = rb_entry(w->node, struct procsrv_leaf, node);
		while (w->index < PROCSRV_LEAF_SIZE) {
			p = procsrv_leaf_at(leaf, w->index++);
			if (p)
				return p;
		}
		w->index = 0;
		w->node = rb_next(w->node);
		if (!w->node)
			break;
	}
	return NULL;
}

/**
 * procsrv_is_in_table() - is a process at the place of its pid?
 * @ps: the server
 * @p: the process
 */
bool procsrv_is_in_table(struct procsrv *ps, const struct procsrv_process *p)
{
	return procsrv_find(ps, p->pid) == p;
}

/* A hash of an id: the weight of a count in a sum of counts. */
static u64 weight(u64 id)
{
	return jhash_2words(lower_32_bits(id), upper_32_bits(id), 0);
}

static void check_membership(struct procsrv_verdict *v, struct procsrv *ps,
			     const struct procsrv_process *p)
{
	const struct procsrv_session *session = procsrv_session_of(p);

	if (session) {
		v->census.in_session++;
		require(v, procsrv_is_in(&session->node, &ps->sessions) &&
			procsrv_is_in(&p->session_node, &session->members.tree),
			"pid %llu is not in its session", p->pid);
	}
	if (p->group) {
		v->census.in_group++;
		require(v, procsrv_is_in(&p->group->node, &ps->groups) &&
			procsrv_is_in(&p->group_node, &p->group->members.tree),
			"pid %llu is not in its group", p->pid);
	}
}

static enum procsrv_state shown_state(const struct procsrv_process *p)
{
	if (p->nr_waiters && (p->state == PROCSRV_RUNNING ||
			      p->state == PROCSRV_SLEEPING))
		return PROCSRV_WAITING;
	return p->state;
}

static u32 check_hlist(struct procsrv_verdict *v,
		       const struct procsrv_process *p,
		       const struct hlist_head *head)
{
	const struct hlist_node *n;
	u32 count = 0;

	for (n = head->first; n && !v->broken; n = n->next) {
		require_link(v, *n->pprev == n, "pid %llu: a list is broken",
			     p->pid);
		count++;
	}
	return count;
}

/* A code, and a signal, only once it has exited; but what has stopped it. */
static bool has_valid_exit(const struct procsrv_process *p)
{
	bool hosted = procsrv_is_hosted(p);
	u32 signo = p->exit_signal;

	if (hosted)
		signo &= ~PROCSRV_CORE_DUMP;
	if (p->state == PROCSRV_ZOMBIE)
		return signo <= PROCSRV_NSIG;
	if (hosted && p->state == PROCSRV_STOPPED)
		return !p->exit_code && signo;
	return !p->exit_code && !p->exit_signal;
}

static void check_state(struct procsrv_verdict *v,
			const struct procsrv_process *p)
{
	struct procsrv_census *c = &v->census;
	const u64 never = BIT_ULL(PROCSRV_SIGKILL - 1) |
			  BIT_ULL(PROCSRV_SIGTERM - 1) |
			  BIT_ULL(PROCSRV_SIGCONT - 1) |
			  BIT_ULL(PROCSRV_SIGSTOP - 1);
	bool zombie = p->state == PROCSRV_ZOMBIE;

	require(v, p->state < PROCSRV_DEAD && p->state != PROCSRV_WAITING,
		"pid %llu has state %u", p->pid, p->state);
	if (p->state < PROCSRV_DEAD)
		c->states[shown_state(p)]++;
	require(v, procsrv_is_hosted(p) || !(p->pending & never),
		"pid %llu has %llx pending", p->pid, p->pending);
	require(v, p->image && p->limits, "pid %llu has no name, or no limits",
		p->pid);
	require(v, p->priority <= PROCSRV_PRIO_REALTIME, "pid %llu has priority %u",
		p->pid, p->priority);
	require(v, !zombie || RB_EMPTY_ROOT(&p->children),
		"zombie %llu has children", p->pid);
	require(v, zombie == (p->report == PROCSRV_REPORT_EXITED),
		"pid %llu in state %u has report %u", p->pid, p->state,
		p->report);
	require(v, p->report != PROCSRV_REPORT_STOPPED ||
		p->state == PROCSRV_STOPPED, "pid %llu only seems stopped",
		p->pid);
	require(v, p->report != PROCSRV_REPORT_CONTINUED ||
		p->state != PROCSRV_STOPPED, "pid %llu only seems continued",
		p->pid);
	require(v, has_valid_exit(p), "pid %llu has a wrong exit record",
		p->pid);
	require(v, p->thread_count, "pid %llu has no thread", p->pid);
	require(v, !(p->seq.seqcount.sequence & 1), "pid %llu is being changed", p->pid);
	if (!list_empty(&p->link))
		*(zombie ? &c->orphans : &c->tied) += 1;
}

/* Checks a node of a list, wherever the head is, by its neighbours. */
static void check_links(struct procsrv_verdict *v, const struct list_head *node)
{
	require_link(v, node->next->prev == node && node->prev->next == node,
		     "a list is broken");
}

/* What is known of a process that is hosted. Returns its signals without a record. */
static u64 check_hosted(struct procsrv_verdict *v, const struct procsrv_process *p)
{
	const struct procsrv_hosted *h = procsrv_const_hosted_of(p);

	require(v, p->state == PROCSRV_ZOMBIE || !list_empty(&p->link),
		"hosted pid %llu has no host", p->pid);
	require(v, list_empty(&h->pending_node) == !p->pending,
		"the host of pid %llu is wrong about its signals", p->pid);
	require(v, !p->pending || !(p->state == PROCSRV_ZOMBIE ||
				    procsrv_is_exiting(p)),
		"pid %llu has signals after its end", p->pid);
	require(v, !p->nr_hangups, "hosted pid %llu counts hang-ups", p->pid);
	check_links(v, &h->pending_node);
	return h->from_outside | h->from_server;
}

/* The pending signals of a process, and their records. */
static void check_pending(struct procsrv_verdict *v, const struct procsrv_process *p)
{
	u64 unrecorded = procsrv_is_hosted(p) ? check_hosted(v, p) : 0;
	const struct procsrv_pending *s;
	u64 mask = p->nr_hangups ? BIT_ULL(PROCSRV_SIGHUP - 1) : 0;

	for (s = p->signals; s; s = s->next) {
		require(v, s->count && !(mask & BIT_ULL(s->signo - 1)) &&
			procsrv_needs_record(p, s->signo, s->sender),
			"pid %llu has a wrong record of signal %u", p->pid,
			s->signo);
		mask |= BIT_ULL(s->signo - 1);
	}
	mask |= unrecorded;
	require(v, mask == p->pending, "pid %llu has %llx pending, not %llx",
		p->pid, p->pending, mask);
}

/**
 * procsrv_check_list() - check the links of a list
 * @v: the verdict; the list can be walked unless it is broken
 * @head: the list
 *
 * Return: how many nodes it has.
 */
u64 procsrv_check_list(struct procsrv_verdict *v, const struct list_head *head)
{
	const struct list_head *node;
	u64 count = 0;

	check_links(v, head);
	for (node = head->next; node != head && !v->broken; node = node->next) {
		check_links(v, node);
		count++;
	}
	return count;
}

/* Init is neither tied nor an orphan. */
static void check_link(struct procsrv_verdict *v, struct procsrv *ps,
		       const struct procsrv_process *p)
{
	check_links(v, &p->link);
	require(v, list_empty(&p->link) || p != ps->init,
		"init is tied to a descriptor");
}

/* Is this the block of the next process? */
static bool is_next_block(const struct procsrv *ps,
			  const struct procsrv_leaf *leaf, u32 i)
{
	u64 first = leaf->base + i * PROCSRV_BLOCK_SIZE;

	return ps->next_pid >= first &&
	       ps->next_pid - first < PROCSRV_BLOCK_SIZE;
}

/* The leaves: in order, with correct bitmaps, and none empty but the last. */
static void check_leaves(struct procsrv_verdict *v, struct procsrv *ps)
{
	const struct rb_node *n;
	u64 next = 0;
	u32 i;

	procsrv_check_tree(v, &ps->leaves);
	for (n = rb_first(&ps->leaves); n && !v->broken; n = rb_next(n)) {
		const struct procsrv_leaf *leaf;
		u32 used = 0;

		leaf = rb_entry(n, struct procsrv_leaf, node);
		require(v, leaf->base >= next &&
			!(leaf->base % PROCSRV_LEAF_SIZE),
			"leaf %llu is out of order", leaf->base);
		next = leaf->base + PROCSRV_LEAF_SIZE;
		for (i = 0; i < PROCSRV_LEAF_SIZE; i++) {
			const struct procsrv_process *p;

			p = procsrv_leaf_at(leaf, i);
			used += !!p;
			require(v, !p || p->pid == leaf->base + i,
				"place %llu is not for pid %llu",
				leaf->base + i, p ? p->pid : 0);
			require(v, test_bit(i, leaf->used) == !!p,
				"place %llu is used or not", leaf->base + i);
		}
		for (i = 0; i < PROCSRV_NR_BLOCKS; i++)
			require(v, !leaf->blocks[i] || leaf->used[i] ||
				is_next_block(ps, leaf, i),
				"leaf %llu: block %u is empty", leaf->base, i);
		require(v, used || leaf == ps->last_leaf, "leaf %llu is empty",
			leaf->base);
		require(v, !rb_next(n) == (leaf == ps->last_leaf),
			"leaf %llu and the last are confused", leaf->base);
	}
}

/* The limits that updates have passed, and how often. */
static void check_passed(struct procsrv_verdict *v, const struct procsrv_process *p)
{
	const u32 all = PROCSRV_LIMIT_MEMORY | PROCSRV_LIMIT_CPU_TIME |
			PROCSRV_LIMIT_THREADS;

	require(v, !(p->limits_passed & ~all) &&
		hweight32(p->limits_passed) <= p->nr_limits_passed &&
		!p->limits_passed == !p->nr_limits_passed,
		"pid %llu has passed limits %x, %u times", p->pid,
		p->limits_passed, p->nr_limits_passed);
}

/* All processes below one that is or was a reaper are marked. */
static void check_reapers(struct procsrv_verdict *v,
			  const struct procsrv_process *p)
{
	const struct procsrv_process *parent = p->parent;

	require(v, p->below_reaper || !parent ||
		!(parent->was_reaper || parent->below_reaper),
		"pid %llu does not know of a reaper above it", p->pid);
}

static void check_watchers(struct procsrv_verdict *v,
			   const struct procsrv_process *p)
{
	const struct hlist_node *n;

	v->census.watchers += check_hlist(v, p, &p->watchers);
	for (n = p->watchers.first; n && !v->broken; n = n->next)
		require(v, procsrv_watches(n, p),
			"a watcher of pid %llu watches another process",
			p->pid);
}

static void check_exit_watch(struct procsrv_verdict *v,
			     const struct procsrv_process *p)
{
	if (!p->exit_watch)
		return;
	v->census.handles += p->exit_watch->users;
	require(v, p->exit_watch->process == p && p->exit_watch->users,
		"the exit watch of pid %llu is wrong", p->pid);
}

static void check_processes(struct procsrv_verdict *v, struct procsrv *ps)
{
	struct procsrv_process *p;
	struct walk w = { };
	u64 last = 0;

	check_leaves(v, ps);
	while (!v->broken && (p = next_process(ps, &w))) {
		require(v, p->pid > last, "processes are out of order");
		require(v, p->pid < ps->next_pid, "pid %llu is yet to come",
			p->pid);
		require(v, (p->pid == PROCSRV_INIT_PID) == (p == ps->init),
			"pid %llu and init are confused", p->pid);
		last = p->pid;
		v->census.processes++;
		check_state(v, p);
		check_exit_watch(v, p);
		check_watchers(v, p);
		procsrv_check_family(v, ps, p);
		procsrv_check_waiters(v, p);
		check_membership(v, ps, p);
		check_pending(v, p);
		check_reapers(v, p);
		check_link(v, ps, p);
		check_passed(v, p);
	}
}

static void check_session(struct procsrv_verdict *v,
			  const struct procsrv_session *session)
{
	const struct rb_node *n;
	u64 count = procsrv_check_tree(v, &session->members.tree);
	u64 last = 0;

	require(v, !session->foreground || session->terminal,
		"session %u has a foreground group and no terminal",
		session->sid);
	require(v, count && count == session->nr_members && session->nr_groups,
		"session %u has %llu members, it says %u", session->sid, count,
		session->nr_members);
	require(v, session->members.last == rb_last(&session->members.tree),
		"session %u is wrong about its last member", session->sid);
	for (n = rb_first(&session->members.tree); n && !v->broken; n = rb_next(n)) {
		const struct procsrv_process *p;

		p = rb_entry(n, struct procsrv_process, session_node);
		require(v, procsrv_session_of(p) == session && p->pid > last,
			"session %u has a wrong member %llu", session->sid,
			p->pid);
		last = p->pid;
	}
}

static void check_group(struct procsrv_verdict *v, struct procsrv *ps,
			const struct procsrv_group *group)
{
	const struct rb_node *n;
	u64 count = procsrv_check_tree(v, &group->members.tree);
	u64 last = 0, stopped = 0;

	require(v, count && count == group->nr_members,
		"group %u has %llu members, it says %u", group->pgid, count,
		group->nr_members);
	require(v, !group->session ||
		procsrv_is_in(&group->session->node, &ps->sessions),
		"group %u is in a session that is gone", group->pgid);
	require(v, group->members.last == rb_last(&group->members.tree),
		"group %u is wrong about its last member", group->pgid);
	for (n = rb_first(&group->members.tree); n && !v->broken; n = rb_next(n)) {
		const struct procsrv_process *p;

		p = rb_entry(n, struct procsrv_process, group_node);
		require(v, p->group == group && p->pid > last,
			"group %u has a wrong member %llu", group->pgid,
			p->pid);
		last = p->pid;
		stopped += p->state == PROCSRV_STOPPED;
	}
	require(v, stopped == group->nr_stopped && list_empty(&group->candidate),
		"group %u has %llu stopped members, it says %u", group->pgid,
		stopped, group->nr_stopped);
}

/* Finds the users with a wrong count of processes. */
static void blame_user(struct procsrv_verdict *v, struct procsrv *ps)
{
	const struct procsrv_process *p;
	const struct rb_node *n;

	for (n = rb_first(&ps->users); n; n = rb_next(n)) {
		const struct procsrv_user *user;
		struct walk w = { };
		u64 count = 0;

		user = rb_entry(n, struct procsrv_user, node);
		while ((p = next_process(ps, &w)))
			count += p->user == user;
		require(v, count == user->nr_processes,
			"uid %u has %llu processes, it says %u",
			__kuid_val(user->uid), count, user->nr_processes);
	}
}

/* Waits on its behalf, for its children and for its signals. */
static u32 nr_waits_of(const struct procsrv_process *p)
{
	struct procsrv_waiter *waiter;
	u32 n = p->nr_waiters;

	for (waiter = procsrv_first_waiter(p, procsrv_taker_class()); waiter;
	     waiter = procsrv_next_waiter(waiter))
		n++;
	return n;
}

static void check_users(struct procsrv_verdict *v, struct procsrv *ps)
{
	const struct procsrv_user *last = NULL;
	const struct procsrv_process *p;
	const struct rb_node *n;
	s64 strings = 0, waiters = 0;
	struct walk w = { };
	u64 sum = 0;

	procsrv_check_tree(v, &ps->users);
	if (v->broken)
		return;
	for (n = rb_first(&ps->users); n; n = rb_next(n)) {
		const struct procsrv_user *user;

		user = rb_entry(n, struct procsrv_user, node);
		require(v, !last || uid_lt(last->uid, user->uid),
			"users are out of order");
		require(v, !user->nr_processes == (user == ps->idle_user),
			"uid %u has no processes", __kuid_val(user->uid));
		sum += user->nr_processes * weight(__kuid_val(user->uid));
		strings += user->strings;
		waiters += user->nr_waiters;
		last = user;
	}
	while ((p = next_process(ps, &w))) {
		if (p == ps->init && !p->user)
			continue;
		require(v, p != ps->init && p->user &&
			procsrv_is_in(&p->user->node, &ps->users) &&
			uid_eq(p->uid, p->user->uid),
			"pid %llu has a wrong user", p->pid);
		sum -= weight(__kuid_val(p->uid));
		/* A missing image was reported already. */
		if (p->image)
			strings -= procsrv_image_bytes(p->image) +
				   (p->cwd ? p->cwd->len : 0);
		waiters -= nr_waits_of(p);
	}
	if (sum)
		blame_user(v, ps);
	require(v, !strings && !waiters,
		"users have %lld bytes of strings and %lld waiters too many",
		strings, waiters);
}

static struct procsrv_group *group_entry(const struct rb_node *n)
{
	return rb_entry(n, struct procsrv_group, node);
}

/* Finds the sessions with a wrong count of groups. */
static void blame_session(struct procsrv_verdict *v, struct procsrv *ps)
{
	const struct rb_node *n, *g;

	for (n = rb_first(&ps->sessions); n; n = rb_next(n)) {
		const struct procsrv_session *session;
		u32 count = 0;

		session = rb_entry(n, struct procsrv_session, node);
		for (g = rb_first(&ps->groups); g; g = rb_next(g))
			count += group_entry(g)->session == session;
		require(v, count == session->nr_groups,
			"session %u has %u groups, it says %u", session->sid,
			count, session->nr_groups);
	}
}

static void check_groups_of_sessions(struct procsrv_verdict *v,
				     struct procsrv *ps)
{
	const struct procsrv_session *session;
	const struct rb_node *n;
	u64 sum = 0;

	for (n = rb_first(&ps->sessions); n; n = rb_next(n)) {
		session = rb_entry(n, struct procsrv_session, node);
		sum += session->nr_groups * weight(session->sid);
	}
	for (n = rb_first(&ps->groups); n; n = rb_next(n)) {
		session = group_entry(n)->session;
		sum -= session ? weight(session->sid) : 0;
	}
	if (sum)
		blame_session(v, ps);
}

/* Finds the processes with a wrong count of groups that they lead. */
static void blame_leader(struct procsrv_verdict *v, struct procsrv *ps)
{
	const struct procsrv_process *p;
	const struct rb_node *n;
	struct walk w = { };

	while ((p = next_process(ps, &w))) {
		u32 led = 0;

		for (n = rb_first(&ps->groups); n; n = rb_next(n))
			led += procsrv_is_leader(&group_entry(n)->leader, p);
		require(v, led == p->nr_groups_led, "pid %llu leads %u groups, not %u",
			p->pid, led, p->nr_groups_led);
	}
}

/* Compares the groups with an existing leader to the counts of leaders. */
static void check_leaders(struct procsrv_verdict *v, struct procsrv *ps)
{
	const struct procsrv_process *p;
	const struct rb_node *n;
	struct walk w = { };
	u64 sum = 0;

	while ((p = next_process(ps, &w)))
		sum += p->nr_groups_led * weight(p->pid);
	for (n = rb_first(&ps->groups); n; n = rb_next(n))
		if (procsrv_find_leader(ps, &group_entry(n)->leader))
			sum -= weight(group_entry(n)->leader.pid);
	if (sum)
		blame_leader(v, ps);
}

static void check_sessions_and_groups(struct procsrv_verdict *v, struct procsrv *ps)
{
	u64 members = 0, last = 0;
	struct rb_node *n;

	v->census.sessions = procsrv_check_tree(v, &ps->sessions);
	for (n = rb_first(&ps->sessions); n && !v->broken; n = rb_next(n)) {
		struct procsrv_session *session;

		session = rb_entry(n, struct procsrv_session, node);
		require(v, session->sid > last, "sessions are out of order");
		last = session->sid;
		members += session->nr_members;
		check_session(v, session);
	}
	require(v, members == v->census.in_session, "sessions have strange members");

	members = 0;
	last = 0;
	v->census.groups = procsrv_check_tree(v, &ps->groups);
	for (n = rb_first(&ps->groups); n && !v->broken; n = rb_next(n)) {
		struct procsrv_group *group;

		group = rb_entry(n, struct procsrv_group, node);
		require(v, group->pgid > last, "groups are out of order");
		last = group->pgid;
		members += group->nr_members;
		check_group(v, ps, group);
	}
	require(v, members == v->census.in_group, "groups have strange members");
	if (!v->broken)
		check_groups_of_sessions(v, ps);
}

static void check_orphans(struct procsrv_verdict *v, struct procsrv *ps)
{
	struct procsrv_process *p;
	u64 count = procsrv_check_list(v, &ps->orphans);

	if (v->broken)
		return;
	list_for_each_entry(p, &ps->orphans, link)
		require(v, procsrv_is_in_table(ps, p) &&
			p->state == PROCSRV_ZOMBIE,
			"%llu is no orphan", p->pid);
	require(v, count == ps->nr_orphans && count == v->census.orphans,
		"%llu orphans on the list, %llu counted, %llu say so", count,
		ps->nr_orphans, v->census.orphans);
}

static void check_counters(struct procsrv_verdict *v, struct procsrv *ps)
{
	const struct procsrv_census *c = &v->census;
	u64 readers = procsrv_check_list(v, &ps->readers);
	u64 zombies = c->states[PROCSRV_ZOMBIE];
	u32 i;

	for (i = 0; i < PROCSRV_DEAD; i++)
		require(v, ps->nr_states[i] == c->states[i],
			"%llu processes in state %u, %llu counted",
			c->states[i], i, ps->nr_states[i]);
	require(v, ps->nr_sessions == c->sessions,
		"%llu sessions, %llu counted", c->sessions, ps->nr_sessions);
	require(v, ps->nr_groups == c->groups, "%llu groups, %llu counted",
		c->groups, ps->nr_groups);
	require(v, !ps->ended || (ps->closed && c->processes == 1),
		"%llu processes after the end", c->processes);
	require(v, ps->nr_readers == readers, "%llu readers, %u counted",
		readers, ps->nr_readers);
	require(v, ps->nr_watchers == c->watchers,
		"%llu watchers, %u counted", c->watchers, ps->nr_watchers);
	require(v, c->children + 1 == c->processes,
		"%llu children of %llu processes", c->children, c->processes);
	require(v, c->processes - 1 <= ps->bounds.processes,
		"%llu processes, and init, are too many", c->processes - 1);
	/* Every process exists, or has exited and was reaped. */
	require(v, ps->total_exited >= zombies &&
		ps->total_created + 1 ==
		c->processes + ps->total_exited - zombies,
		"%llu created, %llu exited, %llu there, %llu of them zombies",
		ps->total_created, ps->total_exited, c->processes, zombies);
}

/* Between two changes nothing is queued. */
static void check_change(struct procsrv_verdict *v,
			 const struct procsrv_change *c)
{
	require(v, RB_EMPTY_ROOT(&c->offers) && !c->has_lost_waits &&
		!c->bereaved && list_empty(&c->orphan_candidates),
		"a consequence is queued");
	require(v, !c->woken && c->last_woken == &c->woken &&
		list_empty(&c->polls), "a wake-up is queued");
	require(v, procsrv_release_is_empty(&c->release),
		"an object is to be freed");
	require(v, !c->nr_events && !c->has_queued, "%u events are queued",
		c->nr_events);
}

/**
 * procsrv_check() - check all structures of a server against each other
 * @ps: the server
 * @v: gets the result
 *
 * They are consistent between any two changes. Takes time in proportion to the
 * size of the server, during which no change can begin.
 *
 * Context: may sleep; takes the mutex of the server.
 * Return: how many faults there are.
 */
u32 procsrv_check(struct procsrv *ps, struct procsrv_verdict *v)
{
	*v = (struct procsrv_verdict) { };
	mutex_lock(&ps->mutex);
	check_change(v, &ps->change);
	require(v, !(ps->seq.seqcount.sequence & 1), "all is being changed");
	procsrv_check_list(v, &ps->readers);
	check_processes(v, ps);
	if (!v->broken)
		check_sessions_and_groups(v, ps);
	if (!v->broken)
		check_leaders(v, ps);
	if (!v->broken)
		check_users(v, ps);
	if (!v->broken)
		check_orphans(v, ps);
	if (!v->broken)
		check_counters(v, ps);
	mutex_unlock(&ps->mutex);
	return v->faults;
}
EXPORT_SYMBOL_PROCSRV(procsrv_check);

/**
 * procsrv_check_owner() - check the processes that are tied to an owner
 * @ps: the server
 * @owner: the owner, to which processes of the server are tied
 * @v: gets the result; its census has the number of processes
 *
 * Context: may sleep; takes the mutex of the server.
 * Return: how many faults there are.
 */
u32 procsrv_check_owner(struct procsrv *ps, const struct procsrv_owner *owner,
			struct procsrv_verdict *v)
{
	const struct procsrv_process *p;

	*v = (struct procsrv_verdict) { };
	mutex_lock(&ps->mutex);
	v->census.tied = procsrv_check_list(v, &owner->tied);
	list_for_each_entry(p, &owner->tied, link) {
		if (v->broken)
			break;
		require(v, procsrv_is_in_table(ps, p) &&
			p->state != PROCSRV_ZOMBIE,
			"pid %llu is tied and gone", p->pid);
	}
	mutex_unlock(&ps->mutex);
	return v->faults;
}
EXPORT_SYMBOL_PROCSRV(procsrv_check_owner);
