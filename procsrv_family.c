// SPDX-License-Identifier: GPL-2.0-only
/*
 * Families: the children of a process, and what their parent can learn
 *
 * A wait asks for the lowest pid among the children, or among those in one
 * process group, that have something to report. So the children are in one
 * tree ordered by group and then pid, in which every node knows the lowest
 * pid with each report in the subtree below it: either question is answered
 * on the way down, whatever the number of children.
 */
#include <linux/minmax.h>
#include <linux/rbtree_augmented.h>

#include "procsrv_tables.h"

static struct procsrv_process *child_entry(const struct rb_node *node)
{
	return rb_entry_safe(node, struct procsrv_process, child_node);
}

/* What there is to learn of a process: a mask by enum procsrv_report. */
static u32 reports_of(const struct procsrv_process *p)
{
	u32 reports = 0;

	if (!procsrv_is_zombie(p))
		reports |= BIT(PROCSRV_REPORT_ALIVE);
	if (p->report != PROCSRV_REPORT_ALIVE)
		reports |= BIT(p->report);
	return reports;
}

/* What there is to learn in the subtree below a node: a mask likewise. */
static u32 reports_below(const struct procsrv_process *p)
{
	return p ? p->lowest.reports : 0;
}

/* The lowest pid with a report in the subtree below a node, or @pid. */
static u64 lower(const struct procsrv_process *p, enum procsrv_report report,
		 u64 pid)
{
	if (reports_below(p) & BIT(report))
		return min(pid, p->lowest.pid[report]);
	return pid;
}

/* Nearly all nodes have nobody below that reports, or but exits. */
static bool lowest_compute(struct procsrv_process *p, bool exit)
{
	const struct procsrv_process *l = child_entry(p->child_node.rb_left);
	const struct procsrv_process *r = child_entry(p->child_node.rb_right);
	u32 own = reports_of(p);
	u32 reports = own | reports_below(l) | reports_below(r);
	bool changed = reports != p->lowest.reports;
	int i;

	p->lowest.reports = reports;
	reports &= ~BIT(PROCSRV_REPORT_ALIVE);
	for (i = 0; reports; i++, reports >>= 1) {
		u64 pid = own & BIT(i) ? p->pid : U64_MAX;

		if (!(reports & 1))
			continue;
		pid = lower(r, i, lower(l, i, pid));
		changed |= pid != p->lowest.pid[i];
		p->lowest.pid[i] = pid;
	}
	return exit && !changed;
}

RB_DECLARE_CALLBACKS(static, lowest_callbacks, struct procsrv_process,
		     child_node, lowest, lowest_compute)

static bool child_less(const struct procsrv_process *a,
		       const struct procsrv_process *b)
{
	if (procsrv_pgid(a) != procsrv_pgid(b))
		return procsrv_pgid(a) < procsrv_pgid(b);
	return a->pid < b->pid;
}

/**
 * procsrv_adopt() - make a process the child of another
 * @parent: the other
 * @p: the process, which has no parent, and is in its group already
 *
 * Context: under the lock, for writing.
 */
void procsrv_adopt(struct procsrv_process *parent, struct procsrv_process *p)
{
	struct rb_node **link = &parent->children.rb_node;
	struct rb_node *above = NULL;

	while (*link) {
		above = *link;
		link = child_less(p, child_entry(above)) ? &above->rb_left :
							   &above->rb_right;
	}
	p->parent = parent;
	rb_link_node(&p->child_node, above, link);
	lowest_compute(p, false);
	lowest_callbacks.propagate(above, NULL);
	rb_insert_augmented(&p->child_node, &parent->children,
			    &lowest_callbacks);
}

/**
 * procsrv_disown() - take a process away from its parent
 * @p: the process
 *
 * Context: under the lock, for writing.
 */
void procsrv_disown(struct procsrv_process *p)
{
	struct procsrv_process *parent = p->parent;

	rb_erase_augmented(&p->child_node, &parent->children,
			   &lowest_callbacks);
	p->parent = NULL;
}

/**
 * procsrv_set_report() - have something to tell the parent, or no more
 * @p: the process; its state has been changed already
 * @report: what to tell, in place of anything that was not yet told, or
 *	PROCSRV_REPORT_ALIVE for nothing
 *
 * If there is something, procsrv_offer_report() is to follow.
 *
 * Context: under the lock, for writing.
 */
void procsrv_set_report(struct procsrv_process *p, enum procsrv_report report)
{
	p->report = report;
	lowest_callbacks.propagate(&p->child_node, NULL);
}

/**
 * procsrv_has_report() - ask a single process
 * @p: the process
 * @reports: mask of the reports that count, by &enum procsrv_report
 *
 * Context: under the lock.
 * Return: whether it has any of them.
 */
bool procsrv_has_report(const struct procsrv_process *p, u32 reports)
{
	return reports_of(p) & reports;
}

/* The lowest pid with any of @reports in the subtree below @node, or @pid. */
static u64 lowest_below(const struct rb_node *node, u32 reports, u64 pid)
{
	const struct procsrv_process *p = child_entry(node);
	int i;

	for (i = 0; i < PROCSRV_REPORT_ALIVE; i++)
		if (reports & BIT(i))
			pid = lower(p, i, pid);
	return pid;
}

/**
 * procsrv_lowest_child() - the child with the lowest pid that has a report
 * @parent: the process
 * @reports: mask of the reports that count, by &enum procsrv_report, ALIVE
 *	not among them
 *
 * Context: under the lock.
 * Return: its pid, or U64_MAX if there is none.
 */
u64 procsrv_lowest_child(const struct procsrv_process *parent, u32 reports)
{
	return lowest_below(parent->children.rb_node, reports, U64_MAX);
}

/**
 * procsrv_has_child() - has a process a child with a report?
 * @parent: the process
 * @reports: mask of the reports that count, by &enum procsrv_report
 *
 * Context: under the lock.
 */
bool procsrv_has_child(const struct procsrv_process *parent, u32 reports)
{
	return reports_below(child_entry(parent->children.rb_node)) & reports;
}

/* A node of group @pgid with no other of that group above it. */
static struct rb_node *top_of_group(const struct procsrv_process *parent,
				    u32 pgid)
{
	struct rb_node *n = parent->children.rb_node;

	while (n && procsrv_pgid(child_entry(n)) != pgid)
		n = pgid < procsrv_pgid(child_entry(n)) ? n->rb_left :
							  n->rb_right;
	return n;
}

/**
 * struct survey - what a part of a family has to report
 * @wanted: which reports count for @pid
 * @reports: all that there are
 * @pid: the lowest with one of @wanted, or U64_MAX
 */
struct survey {
	u32 wanted;
	u32 reports;
	u64 pid;
};

static void survey_one(struct survey *s, const struct procsrv_process *p)
{
	u32 reports = reports_of(p);

	s->reports |= reports;
	if (reports & s->wanted)
		s->pid = min(s->pid, p->pid);
}

static void survey_below(struct survey *s, const struct rb_node *node)
{
	s->reports |= reports_below(child_entry(node));
	s->pid = lowest_below(node, s->wanted, s->pid);
}

static void survey_group(struct survey *s, const struct procsrv_process *parent,
			 u32 pgid)
{
	struct rb_node *top = top_of_group(parent, pgid);
	struct rb_node *n;

	if (!top)
		return;
	survey_one(s, child_entry(top));
	/*
	 * On the left of the top all groups are at most this one. Where a
	 * node is of this one, so is everything on its right. And mirrored.
	 */
	for (n = top->rb_left; n;) {
		if (procsrv_pgid(child_entry(n)) != pgid) {
			n = n->rb_right;
			continue;
		}
		survey_one(s, child_entry(n));
		survey_below(s, n->rb_right);
		n = n->rb_left;
	}
	for (n = top->rb_right; n;) {
		if (procsrv_pgid(child_entry(n)) != pgid) {
			n = n->rb_left;
			continue;
		}
		survey_one(s, child_entry(n));
		survey_below(s, n->rb_left);
		n = n->rb_right;
	}
}

/**
 * procsrv_lowest_child_in() - procsrv_lowest_child() within a process group
 * @parent: the process
 * @pgid: the group
 * @reports: as there
 *
 * Context: under the lock.
 * Return: its pid, or U64_MAX if there is none.
 */
u64 procsrv_lowest_child_in(const struct procsrv_process *parent, u32 pgid,
			    u32 reports)
{
	struct survey s = { .wanted = reports, .pid = U64_MAX };

	survey_group(&s, parent, pgid);
	return s.pid;
}

/**
 * procsrv_has_child_in() - procsrv_has_child() within a process group
 * @parent: the process
 * @pgid: the group
 * @reports: as there
 *
 * Context: under the lock.
 */
bool procsrv_has_child_in(const struct procsrv_process *parent, u32 pgid,
			  u32 reports)
{
	struct survey s = { .pid = U64_MAX };

	survey_group(&s, parent, pgid);
	return s.reports & reports;
}

/**
 * procsrv_next_descendant() - walk a process and all below it
 * @root: where the walk began
 * @p: the present process
 * @skip_children: leave out all that is below @p
 *
 * Parents come before their children.
 *
 * Context: under the lock, and nothing moves meanwhile.
 * Return: the next, or NULL at the end.
 */
struct procsrv_process *
procsrv_next_descendant(const struct procsrv_process *root,
			struct procsrv_process *p, bool skip_children)
{
	if (!skip_children && !RB_EMPTY_ROOT(&p->children))
		return child_entry(rb_first(&p->children));
	for (; p != root; p = p->parent) {
		struct rb_node *next = rb_next(&p->child_node);

		if (next)
			return child_entry(next);
	}
	return NULL;
}
