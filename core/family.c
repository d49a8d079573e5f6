// SPDX-License-Identifier: GPL-2.0-only
/*
 * Families: the children of a process, and their reports
 *
 * A wait asks for the lowest pid among the children, or among those in one
 * process group, that have a report. So the children with a report are in a
 * tree of their own, the reporters, ordered by key and then pid, in which
 * every node has the lowest pid with each report in the subtree below it:
 * a wait is a walk from the root to a leaf. The tree is small, as reports are
 * consumed.
 *
 * Whether a wait can be satisfied at all depends on whether any child, or any
 * in the group, is alive. In the tree of all children every node has whether
 * any process in the subtree below it is.
 *
 * The key is the process group; those that are clone children come behind all others.
 * So what a wait asks for is one range of keys, or two, or all.
 */
#include <linux/minmax.h>
#include <linux/rbtree_augmented.h>

#include "internal.h"

static struct procsrv_process *child_entry(const struct rb_node *node)
{
	return rb_entry_safe(node, struct procsrv_process, child_node);
}

static struct procsrv_process *reporter_entry(const struct rb_node *node)
{
	return rb_entry_safe(node, struct procsrv_process, report_node);
}

static bool has_life(const struct rb_node *node)
{
	return node && child_entry(node)->life_below;
}

static bool life_compute(struct procsrv_process *p, bool exit)
{
	bool life = !procsrv_is_zombie(p) || has_life(p->child_node.rb_left) ||
		    has_life(p->child_node.rb_right);

	if (exit && life == p->life_below)
		return true;
	p->life_below = life;
	return false;
}

RB_DECLARE_CALLBACKS(static, life_callbacks, struct procsrv_process,
		     child_node, life_below, life_compute)

static bool reports(const struct procsrv_process *p)
{
	return p->report != PROCSRV_REPORT_NONE;
}

/* Where there is no process. */
static const struct procsrv_lowest no_lowest = {
	.pid = { [0 ... PROCSRV_REPORT_NONE - 1] = U64_MAX },
};

static const struct procsrv_lowest *lowest_of(const struct rb_node *node)
{
	return node ? &reporter_entry(node)->lowest : &no_lowest;
}

/* Computes the lowest pid with one report anew; not 0 if it has changed. */
static u64 update_lowest(struct procsrv_process *p, enum procsrv_report report,
			 const struct procsrv_lowest *l, const struct procsrv_lowest *r)
{
	u64 old = p->lowest.pid[report];
	u64 pid = min(l->pid[report], r->pid[report]);

	if (p->report == report)
		pid = min(pid, p->pid);
	p->lowest.pid[report] = pid;
	return pid ^ old;
}

static_assert(PROCSRV_REPORT_NONE == 3);

static bool lowest_compute(struct procsrv_process *p, bool exit)
{
	const struct procsrv_lowest *l = lowest_of(p->report_node.rb_left);
	const struct procsrv_lowest *r = lowest_of(p->report_node.rb_right);
	u64 changed = update_lowest(p, PROCSRV_REPORT_EXITED, l, r) |
		      update_lowest(p, PROCSRV_REPORT_STOPPED, l, r) |
		      update_lowest(p, PROCSRV_REPORT_CONTINUED, l, r);

	return exit && !changed;
}

RB_DECLARE_CALLBACKS(static, lowest_callbacks, struct procsrv_process,
		     report_node, lowest, lowest_compute)

static bool has_same_key(const struct procsrv_process *a,
			 const struct procsrv_process *b)
{
	return a->group == b->group &&
	       !((a->modes ^ b->modes) & PROCSRV_MODE_CLONE);
}

static bool has_clones(const struct procsrv_process *parent)
{
	return parent->modes & PROCSRV_MODE_HAS_CLONES;
}

static noinline bool key_less(const struct procsrv_process *a,
			      const struct procsrv_process *b)
{
	if (!has_same_key(a, b))
		return procsrv_child_key(a) < procsrv_child_key(b);
	return a->pid < b->pid;
}

/* Of two children, or reporters, of @parent. Most have no clone children. */
static __always_inline bool child_less(const struct procsrv_process *parent,
				       const struct procsrv_process *a,
				       const struct procsrv_process *b)
{
	if (unlikely(has_clones(parent)))
		return key_less(a, b);
	if (a->group != b->group)
		return procsrv_pgid(a) < procsrv_pgid(b);
	return a->pid < b->pid;
}

/* Initializes @p as a leaf of the reporters. */
static void lowest_init(struct procsrv_process *p)
{
	p->lowest = no_lowest;
	p->lowest.pid[p->report] = p->pid;
}

static void add_reporter(struct procsrv_change *c,
			 struct procsrv_process *parent,
			 struct procsrv_process *p)
{
	struct rb_node **link = &parent->reporters.rb_node;
	struct rb_node *above = NULL;

	while (*link) {
		above = *link;
		link = child_less(parent, p, reporter_entry(above)) ?
			       &above->rb_left : &above->rb_right;
	}
	rb_link_node(&p->report_node, above, link);
	lowest_init(p);
	lowest_callbacks.propagate(above, NULL);
	rb_insert_augmented(&p->report_node, &parent->reporters,
			    &lowest_callbacks);
	procsrv_charge_paths(c, 1);
}

/* The place of a reporter does not depend on its report. */
static void change_reporter(struct procsrv_change *c, struct procsrv_process *p)
{
	lowest_callbacks.propagate(&p->report_node, NULL);
	procsrv_charge_paths(c, 1);
}

static void remove_reporter(struct procsrv_change *c,
			    struct procsrv_process *parent,
			    struct procsrv_process *p)
{
	procsrv_charge_paths(c, 1);
	rb_erase_augmented(&p->report_node, &parent->reporters,
			   &lowest_callbacks);
}

/* Is there a child at @node, and has it the key of @p? */
static bool has_key_of(const struct rb_node *node,
		       const struct procsrv_process *p)
{
	return node && has_same_key(child_entry(node), p);
}

/* Finds the place directly after @before. */
static struct rb_node **link_behind(struct rb_node *before,
				    struct rb_node **above)
{
	*above = before;
	if (!before->rb_right)
		return &before->rb_right;
	*above = rb_next(before);
	return &(*above)->rb_left;
}

/* Finds the place of @p among the children. */
static struct rb_node **link_of(struct procsrv_process *parent,
				const struct procsrv_process *p,
				struct rb_node **above)
{
	struct rb_node **link = &parent->children.rb_node;

	*above = NULL;
	while (*link) {
		*above = *link;
		link = child_less(parent, p, child_entry(*above)) ?
			       &(*above)->rb_left : &(*above)->rb_right;
	}
	return link;
}

static void add_child(struct procsrv_process *parent,
		      struct procsrv_process *p)
{
	struct rb_node *last = parent->last_child;
	/* Most pids ascend, so a new process is the last of its key. */
	bool is_behind = has_key_of(last, p) &&
			 child_entry(last)->pid < p->pid;
	struct rb_node **link, *above;

	link = is_behind ? link_behind(last, &above) :
			   link_of(parent, p, &above);
	WRITE_ONCE(p->parent, parent);
	p->life_below = !procsrv_is_zombie(p);
	rb_link_node(&p->child_node, above, link);
	life_callbacks.propagate(above, NULL);
	rb_insert_augmented(&p->child_node, &parent->children, &life_callbacks);
	/* New children are in the group of their parent: track that only. */
	if (is_behind || (p->group == parent->group &&
			  !has_key_of(rb_next(&p->child_node), p)))
		parent->last_child = &p->child_node;
}

/**
 * procsrv_add_child() - make a process the child of another
 * @c: the change
 * @parent: the new parent
 * @p: the process, which has its group, and is in no tree of a family that is
 *	still used
 */
void procsrv_add_child(struct procsrv_change *c, struct procsrv_process *parent,
		       struct procsrv_process *p)
{
	procsrv_assert_edit(c, p);
	add_child(parent, p);
	if (reports(p))
		add_reporter(c, parent, p);
}

/**
 * procsrv_remove_child() - remove a process from the children of its parent
 * @c: the change
 * @p: the process
 */
void procsrv_remove_child(struct procsrv_change *c, struct procsrv_process *p)
{
	struct procsrv_process *parent = p->parent;

	procsrv_assert_edit(c, p);
	if (parent->last_child == &p->child_node) {
		parent->last_child = rb_prev(&p->child_node);
		if (!has_key_of(parent->last_child, p))
			parent->last_child = NULL;
	}
	rb_erase_augmented(&p->child_node, &parent->children, &life_callbacks);
	if (reports(p))
		remove_reporter(c, parent, p);
	WRITE_ONCE(p->parent, NULL);
}

/**
 * procsrv_forget_children() - reset the children of a process
 * @c: the change
 * @p: the process, whose children were all added to another one
 */
void procsrv_forget_children(struct procsrv_change *c,
			     struct procsrv_process *p)
{
	procsrv_assert_change(c);
	p->children = RB_ROOT;
	p->last_child = NULL;
	p->reporters = RB_ROOT;
}

/**
 * procsrv_set_report() - set the report of a process to its parent
 * @c: the change
 * @p: the process
 * @report: replaces a report that was not consumed; PROCSRV_REPORT_NONE for
 *	nothing
 *
 * A report is queued, to be offered to waiters by the commit.
 */
void procsrv_set_report(struct procsrv_change *c, struct procsrv_process *p,
			enum procsrv_report report)
{
	bool reported = reports(p);

	procsrv_assert_change(c);
	if (reported && report == PROCSRV_REPORT_NONE)
		remove_reporter(c, p->parent, p);
	p->report = report;
	if (reports(p)) {
		if (reported)
			change_reporter(c, p);
		else
			add_reporter(c, p->parent, p);
		procsrv_queue_offer(c, p);
	}
}

/**
 * procsrv_lose_life() - account for a child that has become a zombie
 * @c: the change
 * @p: the child
 */
void procsrv_lose_life(struct procsrv_change *c, struct procsrv_process *p)
{
	procsrv_assert_change(c);
	life_callbacks.propagate(&p->child_node, NULL);
}

/* The lowest pid with any of @wanted in the subtree below @node, or @pid. */
static u64 lowest_below(const struct rb_node *node, u32 wanted, u64 pid)
{
	const struct procsrv_lowest *lowest = lowest_of(node);
	int i;

	for (i = 0; i < PROCSRV_REPORT_NONE; i++)
		if (wanted & BIT(i))
			pid = min(pid, lowest->pid[i]);
	return pid;
}

/**
 * procsrv_end_clone() - make a clone child an ordinary one
 * @c: the change; the commit ends waits that are unsatisfiable now
 * @p: the process
 */
void procsrv_end_clone(struct procsrv_change *c, struct procsrv_process *p)
{
	struct procsrv_process *parent = p->parent;

	procsrv_assert_edit(c, p);
	procsrv_remove_child(c, p);
	p->modes &= ~PROCSRV_MODE_CLONE;
	procsrv_add_child(c, parent, p);
}

/**
 * procsrv_living_child() - a child that is not a zombie
 * @parent: the process
 *
 * Return: the first of them by key and then pid, or NULL.
 */
struct procsrv_process *
procsrv_living_child(const struct procsrv_process *parent)
{
	struct rb_node *n = parent->children.rb_node;

	while (has_life(n)) {
		if (has_life(n->rb_left))
			n = n->rb_left;
		else if (procsrv_is_zombie(child_entry(n)))
			n = n->rb_right;
		else
			return child_entry(n);
	}
	return NULL;
}

/**
 * struct key_range - the children with keys in a range, in a tree of children
 * @first: the lowest key
 * @last: the highest
 * @entry: the process of a node
 * @one: visits a process in the range, with @arg
 * @all: visits what is below a node, which may be NULL, all in the range
 * @arg: for these
 */
struct key_range {
	u64 first;
	u64 last;
	struct procsrv_process *(*entry)(const struct rb_node *node);
	void (*one)(const struct procsrv_process *p, void *arg);
	void (*all)(const struct rb_node *node, void *arg);
	void *arg;
};

/* Without clone children the key is the group. */
static __always_inline u64 key_at(const struct key_range *range,
				  const struct rb_node *n, bool clones)
{
	const struct procsrv_process *p = range->entry(n);

	return clones ? procsrv_child_key(p) : procsrv_pgid(p);
}

static __always_inline bool is_in(const struct key_range *range,
				  const struct rb_node *n, bool clones)
{
	return key_at(range, n, clones) - range->first <=
	       range->last - range->first;
}

/* Visits the range in parts: processes on two paths, and what is below them. */
static __always_inline void visit(const struct key_range *range,
				  const struct rb_root *root, bool clones)
{
	struct rb_node *top = root->rb_node;
	struct rb_node *n;

	while (top && !is_in(range, top, clones))
		top = range->last < key_at(range, top, clones) ? top->rb_left :
								 top->rb_right;
	if (!top)
		return;
	range->one(range->entry(top), range->arg);
	/*
	 * On the left of the top all keys are at most the last. Where a
	 * node is in the range, so is everything on its right. And mirrored.
	 */
	for (n = top->rb_left; n;) {
		if (!is_in(range, n, clones)) {
			n = n->rb_right;
			continue;
		}
		range->one(range->entry(n), range->arg);
		range->all(n->rb_right, range->arg);
		n = n->rb_left;
	}
	for (n = top->rb_right; n;) {
		if (!is_in(range, n, clones)) {
			n = n->rb_left;
			continue;
		}
		range->one(range->entry(n), range->arg);
		range->all(n->rb_left, range->arg);
		n = n->rb_right;
	}
}

/* Visits the children of a kind, of a parent that has, or had, clone children. */
static noinline void visit_kind(struct key_range *range,
				const struct rb_root *root,
				enum procsrv_waiter_kind kind)
{
	if (kind != PROCSRV_WAITER_CLONES)
		visit(range, root, true);
	if (kind != PROCSRV_WAITER_CHILDREN) {
		range->first |= PROCSRV_KEY_CLONE;
		range->last |= PROCSRV_KEY_CLONE;
		visit(range, root, true);
	}
}

/* Visits those children of a kind that are in a range of groups. */
static __always_inline void visit_children(const struct procsrv_process *parent,
					   const struct rb_root *root,
					   enum procsrv_waiter_kind kind,
					   struct key_range *range)
{
	if (unlikely(has_clones(parent)))
		visit_kind(range, root, kind);
	else if (kind != PROCSRV_WAITER_CLONES)
		visit(range, root, false);
}

static void one_lives(const struct procsrv_process *p, void *lives)
{
	*(bool *)lives |= !procsrv_is_zombie(p);
}

static void any_lives(const struct rb_node *node, void *lives)
{
	*(bool *)lives |= has_life(node);
}

static bool living_between(const struct procsrv_process *parent,
			   enum procsrv_waiter_kind kind, u32 first, u32 last)
{
	bool lives = false;
	struct key_range range = {
		.first = first,
		.last = last,
		.entry = child_entry,
		.one = one_lives,
		.all = any_lives,
		.arg = &lives,
	};

	visit_children(parent, &parent->children, kind, &range);
	return lives;
}

/* Are all the children of this kind? Without clone children the top knows. */
static bool are_all(const struct procsrv_process *parent,
		    enum procsrv_waiter_kind kind)
{
	return kind == PROCSRV_WAITER_BOTH ||
	       (kind == PROCSRV_WAITER_CHILDREN && !has_clones(parent));
}

/**
 * procsrv_has_living_child() - does any child live?
 * @parent: the process
 * @kind: of the children of this kind
 */
bool procsrv_has_living_child(const struct procsrv_process *parent,
			      enum procsrv_waiter_kind kind)
{
	if (are_all(parent, kind))
		return has_life(parent->children.rb_node);
	return living_between(parent, kind, 0, U32_MAX);
}

/**
 * procsrv_has_living_child_in() - does any child in a process group live?
 * @parent: the process
 * @kind: of the children of this kind
 * @pgid: the group
 */
bool procsrv_has_living_child_in(const struct procsrv_process *parent,
				 enum procsrv_waiter_kind kind, u32 pgid)
{
	return living_between(parent, kind, pgid, pgid);
}

/**
 * struct search - for the lowest pid with a report
 * @wanted: mask of the reports that count
 * @pid: the lowest so far, or U64_MAX
 */
struct search {
	u32 wanted;
	u64 pid;
};

static void search_one(const struct procsrv_process *p, void *arg)
{
	struct search *s = arg;

	if (s->wanted & BIT(p->report))
		s->pid = min(s->pid, p->pid);
}

static void search_below(const struct rb_node *node, void *arg)
{
	struct search *s = arg;

	s->pid = lowest_below(node, s->wanted, s->pid);
}

static u64 lowest_between(const struct procsrv_process *parent,
			  enum procsrv_waiter_kind kind, u32 first, u32 last,
			  u32 wanted)
{
	struct search s = { .wanted = wanted, .pid = U64_MAX };
	struct key_range range = {
		.first = first,
		.last = last,
		.entry = reporter_entry,
		.one = search_one,
		.all = search_below,
		.arg = &s,
	};

	visit_children(parent, &parent->reporters, kind, &range);
	return s.pid;
}

/**
 * procsrv_lowest_child() - the child with the lowest pid that has a report
 * @parent: the process
 * @kind: of the children of this kind
 * @wanted: mask of the reports that count, by &enum procsrv_report
 *
 * Return: its pid, or U64_MAX if there is none.
 */
u64 procsrv_lowest_child(const struct procsrv_process *parent,
			 enum procsrv_waiter_kind kind, u32 wanted)
{
	if (are_all(parent, kind))
		return lowest_below(parent->reporters.rb_node, wanted, U64_MAX);
	return lowest_between(parent, kind, 0, U32_MAX, wanted);
}

/**
 * procsrv_lowest_child_in() - procsrv_lowest_child() within a process group
 * @parent: the process
 * @kind: as there
 * @pgid: the group
 * @wanted: as there
 *
 * Return: its pid, or U64_MAX if there is none.
 */
u64 procsrv_lowest_child_in(const struct procsrv_process *parent,
			    enum procsrv_waiter_kind kind, u32 pgid,
			    u32 wanted)
{
	return lowest_between(parent, kind, pgid, pgid, wanted);
}

/**
 * procsrv_next_descendant() - walk a process and all below it
 * @c: the change
 * @root: where the walk began
 * @p: the present process
 * @skip_children: leave out all that is below @p
 *
 * Parents come before their children.
 *
 * The change moves nothing below @root during the walk.
 *
 * Return: the next, or NULL at the end.
 */
struct procsrv_process *
procsrv_next_descendant(struct procsrv_change *c,
			const struct procsrv_process *root,
			struct procsrv_process *p, bool skip_children)
{
	procsrv_assert_change(c);
	if (!skip_children && !RB_EMPTY_ROOT(&p->children))
		return child_entry(rb_first(&p->children));
	for (; p != root; p = p->parent) {
		struct rb_node *next = rb_next(&p->child_node);

		if (next)
			return child_entry(next);
	}
	return NULL;
}
