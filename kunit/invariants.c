// SPDX-License-Identifier: GPL-2.0-only
/*
 * The check of every structure of a server against every other
 *
 * It trusts nothing that the model's own code says: trees are walked, not
 * searched, and every count is counted again. Called when nothing else uses
 * the server. Under the server's lock nothing may allocate, so what is wrong
 * is noted first and given to KUnit afterwards.
 */
#include <linux/bitops.h>
#include <linux/kernel.h>
#include <linux/list.h>
#include <linux/rbtree_augmented.h>

#include "common.h"

/**
 * struct verdict - what the check has found
 * @faults: how many
 * @first: the first of them
 */
struct verdict {
	u32 faults;
	char first[160];
};

/**
 * struct census - what there is, counted one by one
 * @processes: processes in the table
 * @states: by the state that they show
 * @children: processes that are in the children of some other
 * @in_session: processes that are in a session
 * @in_group: processes that are in a group
 * @sessions: sessions in the table
 * @groups: groups in the table
 * @orphans: processes that are on the orphan list by their own word
 */
struct census {
	u64 processes;
	u64 states[PROCSRV_DEAD];
	u64 children;
	u64 in_session;
	u64 in_group;
	u64 sessions;
	u64 groups;
	u64 orphans;
};

static __printf(3, 4)
void require(struct verdict *v, bool ok, const char *fmt, ...)
{
	va_list args;

	if (ok || v->faults++)
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

static void check_child_link(struct verdict *v, const struct rb_node *n,
			     const struct rb_node *child, u32 *depth)
{
	if (child) {
		require(v, rb_parent(child) == n, "a tree has a wrong link up");
		require(v, rb_is_black(n) || rb_is_black(child),
			"a tree has red below red");
		return;
	}
	if (!*depth)
		*depth = black_depth(n);
	require(v, black_depth(n) == *depth, "a tree is out of balance");
}

/* The rules of a red-black tree; not its order, which has no common form. */
static u64 check_tree(struct verdict *v, const struct rb_root *root)
{
	const struct rb_node *n;
	u32 depth = 0;
	u64 count = 0;

	if (root->rb_node)
		require(v, rb_is_black(root->rb_node) &&
			!rb_parent(root->rb_node), "a tree has a wrong root");
	for (n = rb_first(root); n; n = rb_next(n)) {
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

static bool is_in(const struct rb_node *n, const struct rb_root *root)
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
			p = leaf->slots[w->index++];
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
 * peek_process() - find a process without the server's own code
 * @ps: the server
 * @pid: the process
 *
 * Context: under the lock.
 * Return: the process, or NULL.
 */
struct procsrv_process *peek_process(const struct procsrv *ps, u64 pid)
{
	u64 base = round_down(pid, PROCSRV_LEAF_SIZE);
	const struct rb_node *n = ps->leaves.rb_node;

	lockdep_assert_held(&ps->lock);
	while (n) {
		const struct procsrv_leaf *leaf;

		leaf = rb_entry(n, struct procsrv_leaf, node);
		if (leaf->base == base)
			return leaf->slots[pid - base];
		n = base < leaf->base ? n->rb_left : n->rb_right;
	}
	return NULL;
}

static bool is_in_table(const struct procsrv *ps,
			const struct procsrv_process *p)
{
	return peek_process(ps, p->pid) == p;
}

static u32 group_of(const struct procsrv_process *p)
{
	return p->group ? p->group->pgid : 0;
}

static bool child_before(const struct procsrv_process *a,
			 const struct procsrv_process *b)
{
	if (group_of(a) != group_of(b))
		return group_of(a) < group_of(b);
	return a->pid < b->pid;
}

static struct procsrv_process *child_entry(const struct rb_node *n)
{
	return n ? rb_entry(n, struct procsrv_process, child_node) : NULL;
}

static struct procsrv_process *reporter_entry(const struct rb_node *n)
{
	return n ? rb_entry(n, struct procsrv_process, report_node) : NULL;
}

static void check_lowest(struct verdict *v, const struct procsrv_process *p)
{
	const struct procsrv_process *l = reporter_entry(p->report_node.rb_left);
	const struct procsrv_process *r = reporter_entry(p->report_node.rb_right);
	u32 report;

	for (report = 0; report < PROCSRV_REPORT_NONE; report++) {
		u64 pid = p->report == report ? p->pid : U64_MAX;

		if (l)
			pid = min(pid, l->lowest.pid[report]);
		if (r)
			pid = min(pid, r->lowest.pid[report]);
		require(v, p->lowest.pid[report] == pid,
			"pid %llu: lowest with report %u is %llu, not %llu",
			p->pid, report, p->lowest.pid[report], pid);
	}
}

static void check_life(struct verdict *v, const struct procsrv_process *p)
{
	const struct procsrv_process *l = child_entry(p->child_node.rb_left);
	const struct procsrv_process *r = child_entry(p->child_node.rb_right);
	bool life = p->state != PROCSRV_ZOMBIE || (l && l->life_below) ||
		    (r && r->life_below);

	require(v, life == p->life_below, "pid %llu: wrong about life below it",
		p->pid);
}

/* Those children that report, and nobody else. */
static void check_reporters(struct verdict *v,
			    const struct procsrv_process *parent, u64 count)
{
	const struct procsrv_process *last = NULL;
	const struct rb_node *n;

	count -= check_tree(v, &parent->reporters);
	require(v, !count, "%lld reporters of %llu are missing", count,
		parent->pid);
	for (n = rb_first(&parent->reporters); n; n = rb_next(n)) {
		const struct procsrv_process *p = reporter_entry(n);

		require(v, p->parent == parent &&
			p->report != PROCSRV_REPORT_NONE,
			"pid %llu does not report to %llu", p->pid, parent->pid);
		require(v, !last || child_before(last, p),
			"reporters of %llu are out of order", parent->pid);
		check_lowest(v, p);
		last = p;
	}
}

/* Is it where @parent expects the next child behind? */
static bool is_hint(const struct procsrv_process *parent,
		    const struct procsrv_process *p)
{
	return p && parent->last_child == &p->child_node;
}

static void check_children(struct verdict *v, struct census *c,
			   const struct procsrv_process *parent)
{
	const struct procsrv_process *last = NULL;
	const struct rb_node *n;
	bool found = false;
	u64 reporters = 0;

	check_tree(v, &parent->children);
	for (n = rb_first(&parent->children); n; n = rb_next(n)) {
		const struct procsrv_process *p = child_entry(n);

		require(v, p->parent == parent,
			"pid %llu is a child of %llu and does not know it",
			p->pid, parent->pid);
		require(v, !last || child_before(last, p),
			"children of %llu are out of order", parent->pid);
		check_life(v, p);
		require(v, !is_hint(parent, last) ||
			group_of(last) != group_of(p),
			"the last child of %llu is not the last of its group",
			parent->pid);
		found |= is_hint(parent, p);
		reporters += p->report != PROCSRV_REPORT_NONE;
		last = p;
		c->children++;
	}
	require(v, found == !!parent->last_child,
		"pid %llu is wrong about its last child", parent->pid);
	check_reporters(v, parent, reporters);
}

static void check_family(struct verdict *v, struct procsrv *ps,
			 struct census *c, const struct procsrv_process *p)
{
	if (p == ps->init) {
		require(v, !p->parent, "init has a parent");
	} else if (!p->parent) {
		require(v, false, "pid %llu has no parent", p->pid);
	} else {
		require(v, is_in(&p->child_node, &p->parent->children),
			"pid %llu is not among its parent's children", p->pid);
		require(v, is_in_table(ps, p->parent),
			"the parent of pid %llu is in no table", p->pid);
		require(v, p->parent->state != PROCSRV_ZOMBIE,
			"the parent of pid %llu is a zombie", p->pid);
	}
	check_children(v, c, p);
}

static void check_membership(struct verdict *v, struct procsrv *ps,
			     struct census *c,
			     const struct procsrv_process *p)
{
	if (p->session) {
		c->in_session++;
		require(v, p->group, "pid %llu is in a session, in no group",
			p->pid);
		require(v, is_in(&p->session->node, &ps->sessions) &&
			is_in(&p->session_node, &p->session->members.tree),
			"pid %llu is not in its session", p->pid);
	}
	if (p->group) {
		c->in_group++;
		require(v, p->group->session == p->session,
			"pid %llu: its group is in another session", p->pid);
		require(v, is_in(&p->group->node, &ps->groups) &&
			is_in(&p->group_node, &p->group->members.tree),
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

static void check_state(struct verdict *v, struct census *c,
			struct procsrv_process *p)
{
	const u64 never = BIT_ULL(PROCSRV_SIGKILL - 1) |
			  BIT_ULL(PROCSRV_SIGTERM - 1) |
			  BIT_ULL(PROCSRV_SIGCONT - 1) |
			  BIT_ULL(PROCSRV_SIGSTOP - 1);
	bool zombie = p->state == PROCSRV_ZOMBIE;

	require(v, p->state < PROCSRV_DEAD && p->state != PROCSRV_WAITING,
		"pid %llu has state %u", p->pid, p->state);
	if (p->state < PROCSRV_DEAD)
		c->states[shown_state(p)]++;
	require(v, refcount_read(&p->refs) == 1, "pid %llu has %u references",
		p->pid, refcount_read(&p->refs));
	/* All who waited have returned: nobody is about to queue up. */
	require(v, !p->nr_waiters && !p->nr_group_waiters &&
		list_empty(&p->sleepers) && hlist_empty(&p->handles),
		"pid %llu has a waiter left", p->pid);
	require(v, !(p->pending & never), "pid %llu has %llx pending", p->pid,
		p->pending);
	require(v, p->image, "pid %llu has no name", p->pid);
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
	require(v, zombie || (!p->exit_code && !p->exit_signal),
		"pid %llu lives and has an exit record", p->pid);
	require(v, p->thread_count, "pid %llu has no thread", p->pid);
	require(v, !(p->seq.sequence & 1), "pid %llu is being changed", p->pid);
	if (zombie && !list_empty(&p->link))
		c->orphans++;
}

/* The pending signals of a process, and their records. */
static void check_pending(struct verdict *v, const struct procsrv_process *p)
{
	const struct procsrv_pending *s;
	u64 mask = 0;

	for (s = p->signals; s; s = s->next) {
		require(v, s->count && !(mask & BIT_ULL(s->signo - 1)) &&
			(s->signo == PROCSRV_SIGHUP) == (s == &p->hangup),
			"pid %llu has a wrong record of signal %u", p->pid,
			s->signo);
		mask |= BIT_ULL(s->signo - 1);
	}
	require(v, mask == p->pending, "pid %llu has %llx pending, not %llx",
		p->pid, p->pending, mask);
}

/* A list that somebody else has the head of: a member knows its neighbours. */
static void check_links(struct verdict *v, const struct list_head *node)
{
	require(v, node->next->prev == node && node->prev->next == node,
		"a list is broken");
}

static u64 check_list(struct verdict *v, const struct list_head *head)
{
	const struct list_head *node;
	u64 count = 0;

	check_links(v, head);
	list_for_each(node, head) {
		check_links(v, node);
		count++;
	}
	return count;
}

/* Init is nobody's, alive or not. */
static void check_link(struct verdict *v, struct procsrv *ps,
		       const struct procsrv_process *p)
{
	check_links(v, &p->link);
	require(v, list_empty(&p->link) || p != ps->init,
		"init is tied to somebody");
}

/* The leaves: full of what they say, in order, and none empty but the last. */
static void check_leaves(struct verdict *v, struct procsrv *ps)
{
	const struct rb_node *n;
	u64 next = 0;
	u32 i;

	check_tree(v, &ps->leaves);
	for (n = rb_first(&ps->leaves); n; n = rb_next(n)) {
		const struct procsrv_leaf *leaf;
		u32 used = 0;

		leaf = rb_entry(n, struct procsrv_leaf, node);
		require(v, leaf->base >= next &&
			!(leaf->base % PROCSRV_LEAF_SIZE),
			"leaf %llu is out of order", leaf->base);
		next = leaf->base + PROCSRV_LEAF_SIZE;
		for (i = 0; i < PROCSRV_LEAF_SIZE; i++) {
			const struct procsrv_process *p = leaf->slots[i];

			used += !!p;
			require(v, !p || p->pid == leaf->base + i,
				"place %llu is not for pid %llu",
				leaf->base + i, p ? p->pid : 0);
			require(v, test_bit(i, leaf->used) == !!p,
				"place %llu is used or not", leaf->base + i);
		}
		require(v, used || leaf == ps->last_leaf, "leaf %llu is empty",
			leaf->base);
		require(v, !rb_next(n) == (leaf == ps->last_leaf),
			"leaf %llu and the last are confused", leaf->base);
	}
}

/* What updates have passed: as many limits as there were passings at most. */
static void check_passed(struct verdict *v, const struct procsrv_process *p)
{
	const u32 all = PROCSRV_LIMIT_MEMORY | PROCSRV_LIMIT_CPU_TIME |
			PROCSRV_LIMIT_THREADS;

	require(v, !(p->limits_passed & ~all) &&
		hweight32(p->limits_passed) <= p->nr_limits_passed &&
		!p->limits_passed == !p->nr_limits_passed,
		"pid %llu has passed limits %x, %u times", p->pid,
		p->limits_passed, p->nr_limits_passed);
}

/* Who may find a reaper above must know that it may. */
static void check_reapers(struct verdict *v, const struct procsrv_process *p)
{
	const struct procsrv_process *a;

	for (a = p->parent; a && !p->below_reaper; a = a->parent)
		require(v, !a->reaper, "pid %llu does not know its reaper %llu",
			p->pid, a->pid);
}

static void check_processes(struct verdict *v, struct procsrv *ps,
			    struct census *c)
{
	struct procsrv_process *p;
	struct walk w = { };
	u64 last = 0;

	check_leaves(v, ps);
	while ((p = next_process(ps, &w))) {
		require(v, p->pid > last, "processes are out of order");
		require(v, p->pid < ps->next_pid, "pid %llu is yet to come",
			p->pid);
		require(v, (p->pid == PROCSRV_INIT_PID) == (p == ps->init),
			"pid %llu and init are confused", p->pid);
		last = p->pid;
		c->processes++;
		check_state(v, c, p);
		check_family(v, ps, c, p);
		check_membership(v, ps, c, p);
		check_pending(v, p);
		check_reapers(v, p);
		check_link(v, ps, p);
		check_passed(v, p);
	}
}

static void check_session(struct verdict *v, struct procsrv *ps,
			  const struct procsrv_session *session)
{
	const struct rb_node *n;
	u64 count = check_tree(v, &session->members.tree);
	u64 groups = 0, last = 0;

	require(v, count && count == session->nr_members,
		"session %u has %llu members, it says %u", session->sid, count,
		session->nr_members);
	require(v, session->members.last == rb_last(&session->members.tree),
		"session %u is wrong about its last member", session->sid);
	for (n = rb_first(&session->members.tree); n; n = rb_next(n)) {
		const struct procsrv_process *p;

		p = rb_entry(n, struct procsrv_process, session_node);
		require(v, p->session == session && p->pid > last,
			"session %u has a wrong member %llu", session->sid,
			p->pid);
		last = p->pid;
	}
	for (n = rb_first(&ps->groups); n; n = rb_next(n))
		groups += rb_entry(n, struct procsrv_group, node)->session ==
			  session;
	require(v, groups && groups == session->nr_groups,
		"session %u has %llu groups, it says %u", session->sid, groups,
		session->nr_groups);
}

static void check_group(struct verdict *v, struct procsrv *ps,
			const struct procsrv_group *group)
{
	const struct rb_node *n;
	u64 count = check_tree(v, &group->members.tree);
	u64 last = 0, stopped = 0;

	require(v, count && count == group->nr_members,
		"group %u has %llu members, it says %u", group->pgid, count,
		group->nr_members);
	require(v, !group->session ||
		is_in(&group->session->node, &ps->sessions),
		"group %u is in a session that is gone", group->pgid);
	require(v, group->members.last == rb_last(&group->members.tree),
		"group %u is wrong about its last member", group->pgid);
	for (n = rb_first(&group->members.tree); n; n = rb_next(n)) {
		const struct procsrv_process *p;

		p = rb_entry(n, struct procsrv_process, group_node);
		require(v, p->group == group && p->pid > last,
			"group %u has a wrong member %llu", group->pgid,
			p->pid);
		last = p->pid;
		stopped += p->state == PROCSRV_STOPPED;
	}
	require(v, stopped == group->nr_stopped && !group->cut,
		"group %u has %llu stopped members, it says %u", group->pgid,
		stopped, group->nr_stopped);
}

static void check_users(struct verdict *v, struct procsrv *ps)
{
	const struct procsrv_process *p;
	const struct rb_node *n;
	struct walk w = { };
	u64 count = 0;

	check_tree(v, &ps->users);
	for (n = rb_first(&ps->users); n; n = rb_next(n)) {
		const struct procsrv_user *user;
		u64 processes = 0;

		user = rb_entry(n, struct procsrv_user, node);
		w = (struct walk) { };
		while ((p = next_process(ps, &w)))
			processes += p->user == user;
		require(v, processes && processes == user->nr_processes,
			"uid %u has %llu processes, it says %u",
			__kuid_val(user->uid), processes, user->nr_processes);
		count += processes;
	}
	w = (struct walk) { };
	while ((p = next_process(ps, &w)))
		require(v, p == ps->init ? !p->user :
			p->user && uid_eq(p->uid, p->user->uid),
			"pid %llu has a wrong user", p->pid);
}

/* Groups whose leader is there still, and what the leaders say. */
static void check_leaders(struct verdict *v, struct procsrv *ps)
{
	const struct procsrv_process *p;
	const struct rb_node *g;
	struct walk w = { };

	while ((p = next_process(ps, &w))) {
		u32 led = 0;

		/* Nearly nobody leads: who does not claim to is not asked. */
		if (!p->nr_led && !(p->group && p->group->leader == p->pid))
			continue;
		for (g = rb_first(&ps->groups); g; g = rb_next(g))
			led += rb_entry(g, struct procsrv_group, node)->leader ==
			       p->pid;
		require(v, led == p->nr_led, "pid %llu leads %u groups, not %u",
			p->pid, led, p->nr_led);
	}
}

static void check_sessions_and_groups(struct verdict *v, struct procsrv *ps,
				      struct census *c)
{
	u64 members = 0, last = 0;
	struct rb_node *n;

	c->sessions = check_tree(v, &ps->sessions);
	for (n = rb_first(&ps->sessions); n; n = rb_next(n)) {
		struct procsrv_session *session;

		session = rb_entry(n, struct procsrv_session, node);
		require(v, session->sid > last, "sessions are out of order");
		require(v, !ps->next_sid || session->sid < ps->next_sid,
			"session %u is yet to come", session->sid);
		last = session->sid;
		members += session->nr_members;
		check_session(v, ps, session);
	}
	require(v, members == c->in_session, "sessions have strange members");

	members = 0;
	last = 0;
	c->groups = check_tree(v, &ps->groups);
	for (n = rb_first(&ps->groups); n; n = rb_next(n)) {
		struct procsrv_group *group;

		group = rb_entry(n, struct procsrv_group, node);
		require(v, group->pgid > last, "groups are out of order");
		require(v, !ps->next_pgid || group->pgid < ps->next_pgid,
			"group %u is yet to come", group->pgid);
		last = group->pgid;
		members += group->nr_members;
		check_group(v, ps, group);
	}
	require(v, members == c->in_group, "groups have strange members");
}

static void check_orphans(struct verdict *v, struct procsrv *ps,
			  const struct census *c)
{
	struct procsrv_process *p;
	u64 count = check_list(v, &ps->orphans);

	list_for_each_entry(p, &ps->orphans, link)
		require(v, is_in_table(ps, p) &&
			p->state == PROCSRV_ZOMBIE,
			"%llu is no orphan", p->pid);
	require(v, count == ps->nr_orphans && count == c->orphans,
		"%llu orphans on the list, %llu counted, %llu say so", count,
		ps->nr_orphans, c->orphans);
}

static void check_counters(struct verdict *v, struct procsrv *ps,
			   const struct census *c)
{
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
	require(v, c->children + 1 == c->processes,
		"%llu children of %llu processes", c->children, c->processes);
	/* Whatever was created is still there, or has exited and was reaped. */
	require(v, ps->total_exited >= zombies &&
		ps->total_created + 1 ==
		c->processes + ps->total_exited - zombies,
		"%llu created, %llu exited, %llu there, %llu of them zombies",
		ps->total_created, ps->total_exited, c->processes, zombies);
}

static void check_stats(struct kunit *test, const struct census *c)
{
	struct procsrv_stats s = stats_of(test);

	KUNIT_EXPECT_EQ(test, s.total_processes, c->processes);
	KUNIT_EXPECT_EQ(test, s.running, c->states[PROCSRV_RUNNING]);
	KUNIT_EXPECT_EQ(test, s.sleeping, c->states[PROCSRV_SLEEPING] +
					  c->states[PROCSRV_WAITING]);
	KUNIT_EXPECT_EQ(test, s.stopped, c->states[PROCSRV_STOPPED]);
	KUNIT_EXPECT_EQ(test, s.zombies, c->states[PROCSRV_ZOMBIE]);
	KUNIT_EXPECT_EQ(test, s.sessions, c->sessions);
	KUNIT_EXPECT_EQ(test, s.process_groups, c->groups);
	KUNIT_EXPECT_EQ(test, s.orphans, c->orphans);
}

/**
 * check_server() - check every structure of a server against every other
 * @test: the test that has the server
 */
void check_server(struct kunit *test)
{
	struct procsrv *ps = server(test);
	struct verdict v = { };
	struct census c = { };

	read_lock(&ps->lock);
	check_processes(&v, ps, &c);
	check_sessions_and_groups(&v, ps, &c);
	check_leaders(&v, ps);
	check_users(&v, ps);
	require(&v, !ps->cut, "a group is to be looked at");
	check_orphans(&v, ps, &c);
	check_list(&v, &ps->readers);
	check_counters(&v, ps, &c);
	read_unlock(&ps->lock);

	KUNIT_EXPECT_EQ_MSG(test, v.faults, 0, "%s", v.first);
	if (!v.faults)
		check_stats(test, &c);
}

/**
 * check_owner() - check whom an owner has
 * @test: the test that has the server
 * @owner: the owner, the only one
 * @nr_tied: how many processes are tied to it
 */
void check_owner(struct kunit *test, const struct procsrv_owner *owner,
		 u64 nr_tied)
{
	struct procsrv *ps = server(test);
	struct procsrv_process *p;
	struct verdict v = { };
	struct walk w = { };
	u64 count, say_so = 0;

	read_lock(&ps->lock);
	count = check_list(&v, &owner->tied);
	list_for_each_entry(p, &owner->tied, link)
		require(&v, is_in_table(ps, p) && p->state != PROCSRV_ZOMBIE,
			"%llu is tied and gone", p->pid);
	while ((p = next_process(ps, &w)))
		say_so += p->state != PROCSRV_ZOMBIE && !list_empty(&p->link);
	read_unlock(&ps->lock);

	KUNIT_EXPECT_EQ_MSG(test, v.faults, 0, "%s", v.first);
	KUNIT_EXPECT_EQ(test, count, nr_tied);
	KUNIT_EXPECT_EQ(test, say_so, nr_tied);
}
