// SPDX-License-Identifier: GPL-2.0-only
/*
 * The check of families: children, their reports, and waiters
 */
#include <linux/bitops.h>
#include <linux/kernel.h>
#include <linux/list.h>
#include <linux/rbtree.h>

#include "check.h"
#include "core/internal.h"

static bool child_before(const struct procsrv_process *a,
			 const struct procsrv_process *b)
{
	if (procsrv_is_clone(a) != procsrv_is_clone(b))
		return procsrv_is_clone(b);
	if (procsrv_pgid(a) != procsrv_pgid(b))
		return procsrv_pgid(a) < procsrv_pgid(b);
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

static void check_lowest(struct procsrv_verdict *v,
			 const struct procsrv_process *p)
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

static void check_life(struct procsrv_verdict *v,
		       const struct procsrv_process *p)
{
	const struct procsrv_process *l = child_entry(p->child_node.rb_left);
	const struct procsrv_process *r = child_entry(p->child_node.rb_right);
	bool life = p->state != PROCSRV_ZOMBIE || (l && l->life_below) ||
		    (r && r->life_below);

	require(v, life == p->life_below, "pid %llu: wrong about life below it",
		p->pid);
}

/* The reporters are exactly the children with a report. */
static void check_reporters(struct procsrv_verdict *v,
			    const struct procsrv_process *parent, u64 count)
{
	const struct procsrv_process *last = NULL;
	const struct rb_node *n;

	count -= procsrv_check_tree(v, &parent->reporters);
	require(v, !count, "%lld reporters of %llu are missing", count,
		parent->pid);
	for (n = rb_first(&parent->reporters); n && !v->broken; n = rb_next(n)) {
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

/* Is it the last child of its group, as @parent has stored it? */
static bool is_hint(const struct procsrv_process *parent,
		    const struct procsrv_process *p)
{
	return p && parent->last_child == &p->child_node;
}

static const struct procsrv_wait *wait_of(const struct procsrv_waiter *s)
{
	return container_of(s, struct procsrv_child_waiter, base)->w;
}

/* Waiters at @p of one kind. */
static u32 count_waits(struct procsrv_verdict *v,
		       const struct procsrv_process *p,
		       enum procsrv_waiter_kind kind)
{
	const struct procsrv_waiter *s;
	u32 count = 0;

	procsrv_check_tree(v, &p->waiters);
	if (v->broken)
		return 0;
	for (s = procsrv_first_waiter(p, 0); s; s = procsrv_next_waiter(s))
		count += procsrv_waiter_kind_of(s->class) == kind;
	return count;
}

static void check_children(struct procsrv_verdict *v,
			   const struct procsrv_process *parent)
{
	const struct procsrv_process *last = NULL;
	const struct rb_node *n;
	bool found = false, clones = false;
	u64 reporters = 0;
	u32 waits = 0;

	procsrv_check_tree(v, &parent->children);
	for (n = rb_first(&parent->children); n && !v->broken; n = rb_next(n)) {
		const struct procsrv_process *p = child_entry(n);

		require(v, p->parent == parent,
			"pid %llu is a child of %llu and does not know it",
			p->pid, parent->pid);
		require(v, !last || child_before(last, p),
			"children of %llu are out of order", parent->pid);
		check_life(v, p);
		require(v, !is_hint(parent, last) ||
			procsrv_child_key(last) != procsrv_child_key(p),
			"the last child of %llu is not the last of its key",
			parent->pid);
		found |= is_hint(parent, p);
		clones |= procsrv_is_clone(p);
		reporters += p->report != PROCSRV_REPORT_NONE;
		waits += count_waits(v, p, PROCSRV_WAITER_PROCESS);
		last = p;
		v->census.children++;
	}
	require(v, found == !!parent->last_child,
		"pid %llu is wrong about its last child", parent->pid);
	require(v, !clones || parent->modes & PROCSRV_MODE_HAS_CLONES,
		"pid %llu does not know of its clone children", parent->pid);
	check_reporters(v, parent, reporters);
	waits += count_waits(v, parent, PROCSRV_WAITER_CHILDREN);
	waits += count_waits(v, parent, PROCSRV_WAITER_CLONES);
	waits += count_waits(v, parent, PROCSRV_WAITER_BOTH);
	require(v, waits == parent->nr_waiters,
		"pid %llu has %u waiters, it says %u", parent->pid, waits,
		parent->nr_waiters);
}

/**
 * struct wanted - some of the children of a process
 * @w: those that it may find
 * @root: the tree of children to search
 * @entry: the process of a node there
 * @test: what one of them has to be
 */
struct wanted {
	const struct procsrv_wait *w;
	const struct rb_root *root;
	struct procsrv_process *(*entry)(const struct rb_node *node);
	bool (*test)(const struct procsrv_process *p,
		     const struct procsrv_wait *w);
};

/* The first in the tree whose key is not below @key. */
static const struct rb_node *first_from(const struct wanted *wanted, u64 key)
{
	const struct rb_node *n = wanted->root->rb_node, *first = NULL;

	while (n) {
		if (procsrv_child_key(wanted->entry(n)) >= key) {
			first = n;
			n = n->rb_left;
		} else {
			n = n->rb_right;
		}
	}
	return first;
}

/* Passes any child of one kind the test? */
static bool any_of_kind(const struct wanted *wanted, u64 kind)
{
	bool one_group = wanted->w->which == PROCSRV_WAIT_PGID;
	u64 first = kind | (one_group ? wanted->w->id : 0);
	u64 last = kind | (one_group ? wanted->w->id : U32_MAX);
	const struct rb_node *n;

	for (n = first_from(wanted, first); n; n = rb_next(n)) {
		const struct procsrv_process *p = wanted->entry(n);

		if (procsrv_child_key(p) > last)
			break;
		if (wanted->test(p, wanted->w))
			return true;
	}
	return false;
}

static bool any_child(const struct wanted *wanted)
{
	bool all = wanted->w->flags & PROCSRV_WAIT_WALL;
	bool clones = wanted->w->flags & PROCSRV_WAIT_WCLONE;

	return ((all || !clones) && any_of_kind(wanted, 0)) ||
	       ((all || clones) && any_of_kind(wanted, PROCSRV_KEY_CLONE));
}

/* Does @w find all children? Then the top of the tree knows. */
static bool finds_all(const struct procsrv_process *parent,
		      const struct procsrv_wait *w)
{
	return w->which != PROCSRV_WAIT_PGID &&
	       (w->flags & PROCSRV_WAIT_WALL ||
		!(w->flags & PROCSRV_WAIT_WCLONE ||
		  parent->modes & PROCSRV_MODE_HAS_CLONES));
}

static bool has_wanted(const struct procsrv_process *p,
		       const struct procsrv_wait *w)
{
	return w->what & BIT(p->report);
}

static bool lives(const struct procsrv_process *p, const struct procsrv_wait *w)
{
	return p->state != PROCSRV_ZOMBIE;
}

/* Does a child of @parent satisfy @w already? */
static bool is_there(const struct procsrv_process *parent,
		     const struct procsrv_wait *w)
{
	const struct rb_node *n = parent->reporters.rb_node;
	u32 report;

	if (!finds_all(parent, w))
		return any_child(&(struct wanted) {
			.w = w,
			.root = &parent->reporters,
			.entry = reporter_entry,
			.test = has_wanted,
		});
	for (report = 0; n && report < PROCSRV_REPORT_NONE; report++)
		if (w->what & BIT(report) &&
		    reporter_entry(n)->lowest.pid[report] != U64_MAX)
			return true;
	return false;
}

/* Is any child of @parent alive that may satisfy @w? */
static bool may_come(const struct procsrv_process *parent,
		     const struct procsrv_wait *w)
{
	const struct rb_node *n = parent->children.rb_node;

	if (finds_all(parent, w))
		return n && child_entry(n)->life_below;
	return any_child(&(struct wanted) {
		.w = w,
		.root = &parent->children,
		.entry = child_entry,
		.test = lives,
	});
}

static u64 signals_below(const struct rb_node *n)
{
	return n ? rb_entry(n, struct procsrv_waiter, node)->signals_below : 0;
}

static void check_take(struct procsrv_verdict *v,
		       const struct procsrv_process *p,
		       const struct procsrv_waiter *s)
{
	const struct procsrv_taker *t;

	t = container_of(s, struct procsrv_taker, base);
	require(v, !(t->take->mask & p->pending),
		"a waiter at pid %llu waits for a pending signal", p->pid);
	require(v, t->take->mask == s->signals,
		"a waiter at pid %llu waits for other signals", p->pid);
}

static void check_wait(struct procsrv_verdict *v,
		       const struct procsrv_process *p,
		       const struct procsrv_waiter *s)
{
	const struct procsrv_process *parent;
	const struct procsrv_wait *w = wait_of(s);
	bool there, may;

	parent = container_of(s, struct procsrv_child_waiter, base)->parent;
	if (procsrv_waiter_kind_of(s->class) == PROCSRV_WAITER_PROCESS) {
		require(v, parent == p->parent &&
			w->which == PROCSRV_WAIT_PID && w->id == p->pid,
			"a waiter for pid %llu is in a wrong place", p->pid);
		there = w->what & BIT(p->report);
		may = true;
	} else {
		require(v, parent == p && w->which != PROCSRV_WAIT_PID,
			"a waiter for children of %llu is in a wrong place",
			p->pid);
		there = is_there(p, w);
		may = may_come(p, w);
	}
	require(v, !there, "a waiter at pid %llu waits for what is there", p->pid);
	require(v, may, "a waiter at pid %llu waits for what cannot come", p->pid);
	require(v, !s->signals, "a waiter at pid %llu waits for signals", p->pid);
	require(v, s->class == procsrv_wait_class(w),
		"a waiter at pid %llu is in a wrong class", p->pid);
}

/**
 * procsrv_check_waiters() - check the waiters at a process
 * @v: the verdict; its census gets them
 * @p: the process
 *
 * No waiter has a condition that already holds, or that never can.
 */
void procsrv_check_waiters(struct procsrv_verdict *v,
			   const struct procsrv_process *p)
{
	const struct procsrv_waiter *s, *last = NULL;

	v->census.waiters += procsrv_check_tree(v, &p->waiters);
	if (v->broken)
		return;
	require(v, p->state != PROCSRV_ZOMBIE || RB_EMPTY_ROOT(&p->waiters),
		"zombie %llu has a waiter", p->pid);
	for (s = procsrv_first_waiter(p, 0); s; s = procsrv_next_waiter(s)) {
		require(v, s->err == -EINPROGRESS && (s->wake || s->task),
			"a waiter at pid %llu sleeps and was woken", p->pid);
		require(v, s->tree == &p->waiters,
			"a waiter at pid %llu has another tree", p->pid);
		require(v, !last || last->class < s->class ||
			(last->class == s->class && last->seq < s->seq),
			"the waiters at pid %llu are out of order", p->pid);
		last = s;
		if (procsrv_waiter_kind_of(s->class) == PROCSRV_WAITER_SIGNAL)
			check_take(v, p, s);
		else
			check_wait(v, p, s);
		require(v, s->signals_below ==
			(s->signals | signals_below(s->node.rb_left) |
			 signals_below(s->node.rb_right)),
			"the signals of the waiters at pid %llu are wrong", p->pid);
	}
}

/**
 * procsrv_check_family() - check the links of a process with its family
 * @v: the verdict; its census gets the children
 * @ps: the server
 * @p: the process
 *
 * A parent was created before its children, so there is no cycle.
 */
void procsrv_check_family(struct procsrv_verdict *v, struct procsrv *ps,
			  const struct procsrv_process *p)
{
	if (p == ps->init) {
		require(v, !p->parent, "init has a parent");
	} else if (!p->parent) {
		require(v, false, "pid %llu has no parent", p->pid);
	} else {
		require(v, procsrv_is_in(&p->child_node, &p->parent->children),
			"pid %llu is not among its parent's children", p->pid);
		require(v, procsrv_is_in_table(ps, p->parent) &&
			p->parent->birth < p->birth,
			"the parent of pid %llu is in no table", p->pid);
		require(v, p->parent->state != PROCSRV_ZOMBIE,
			"the parent of pid %llu is a zombie", p->pid);
	}
	check_children(v, p);
}
