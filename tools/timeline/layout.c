// SPDX-License-Identifier: GPL-2.0-only
/*
 * The rows of a drawing: the family tree, in which processes that are short
 * and alike share a row.
 *
 * Children of one row that have the same name and are shorter than a limit
 * share a row, and so do their children in turn. The limit is the lowest of some
 * that leaves no more rows than allowed. Processes that were killed, stopped or
 * judged to differ keep their rows as long as possible; after that, names are
 * ignored. Rows that are still too deep are merged into their ancestors.
 */
#include <search.h>
#include <stdlib.h>
#include <string.h>

#include "internal.h"

/* Limits: the whole time, halved so often; and at last, longer than all. */
#define NR_LIMITS 24

/**
 * enum effort - the distinctions that are dropped to get fewer rows
 */
enum effort {
	MERGE_DULL,		/* nothing but length */
	MERGE_NOTABLE,		/* processes of interest */
	MERGE_NAMES,		/* names */
	NR_EFFORTS,
};

/**
 * struct trait - properties of a process that are found before rows are made
 * @name: its name, one string for all that have it
 * @end: the last end in its subtree
 * @notable: in its subtree is a process of interest
 */
struct trait {
	const char *name;
	long long end;
	bool notable;
};

/**
 * struct merger - an attempt to make rows
 * @tl: the timeline
 * @traits: of each process
 * @effort: the distinctions that are dropped
 * @limit: shorter processes are merged
 * @max_depth: deeper rows are merged into their ancestors
 * @nodes: rows that processes may join, by parent and name
 * @layout: the result
 */
struct merger {
	struct timeline *tl;
	struct trait *traits;
	enum effort effort;
	long long limit;
	size_t max_depth;
	void *nodes;
	struct tl_layout *layout;
};

/**
 * struct node - a row that processes may join
 * @parent: its parent row
 * @name: the name of its members, or NULL if that makes no difference
 * @row: the row
 */
struct node {
	size_t parent;
	const char *name;
	size_t row;
};

void *tl_calloc(size_t nr, size_t size)
{
	void *p = calloc(nr ? nr : 1, size);

	if (!p)
		abort();
	return p;
}

long long tl_exit_of(const struct timeline *tl, const struct tl_process *p)
{
	return p->exited == TL_NEVER ? tl->end : p->exited;
}

long long tl_end_of(const struct timeline *tl, const struct tl_process *p)
{
	return p->gone == TL_NEVER ? tl->end : p->gone;
}

static bool is_notable(const struct tl_process *p)
{
	size_t i;

	if (p->signo || p->killer)
		return true;
	for (i = 0; i < p->nr_marks; i++)
		if (p->marks[i].kind == TL_MARK_DIFFERENCE ||
		    p->marks[i].kind == TL_MARK_STOPPED)
			return true;
	return false;
}

static int compare_name(const void *a, const void *b)
{
	return strcmp(a, b);
}

/* The same string for all names that are equal. */
static const char *unique(void **names, const char *name)
{
	const char **found = tsearch(name, names, compare_name);

	if (!found)
		abort();
	return *found;
}

static void keep(void *p)
{
	(void)p;
}

/* Children have higher indices than their parents. */
static struct trait *find_traits(struct timeline *tl)
{
	struct trait *traits = tl_calloc(tl->nr_procs, sizeof(*traits));
	struct tl_process *p;
	void *names = NULL;
	size_t i;

	for (i = tl->nr_procs; i--;) {
		p = tl->procs[i];
		traits[i].name = unique(&names, tl_name(p));
		traits[i].notable |= is_notable(p);
		if (traits[i].end < tl_end_of(tl, p))
			traits[i].end = tl_end_of(tl, p);
		if (!p->parent)
			continue;
		traits[p->parent->index].notable |= traits[i].notable;
		if (traits[p->parent->index].end < traits[i].end)
			traits[p->parent->index].end = traits[i].end;
	}
	tdestroy(names, keep);
	return traits;
}

static int compare_node(const void *a, const void *b)
{
	const struct node *left = a, *right = b;

	if (left->parent != right->parent)
		return left->parent < right->parent ? -1 : 1;
	return left->name < right->name ? -1 : left->name > right->name;
}

static size_t new_row(struct merger *m, size_t parent)
{
	struct tl_layout *layout = m->layout;
	struct tl_row *row;

	layout->rows = tl_grow(layout->rows, layout->nr,
			       sizeof(*layout->rows));
	row = &layout->rows[layout->nr];
	*row = (struct tl_row) { .parent = parent, .same_name = true };
	if (parent != TL_NO_ROW)
		row->depth = layout->rows[parent].depth + 1;
	return layout->nr++;
}

static bool may_merge(const struct merger *m, const struct tl_process *p)
{
	const struct trait *trait = &m->traits[p->index];

	if (trait->notable && m->effort < MERGE_NOTABLE)
		return false;
	return trait->end - p->born < m->limit;
}

/* The row that a process goes to, which may be a new one. */
static size_t row_of(struct merger *m, const struct tl_process *p)
{
	size_t parent = p->parent ? p->parent->row : TL_NO_ROW;
	struct node key = { .parent = parent }, *node, **found;

	if (parent != TL_NO_ROW &&
	    m->layout->rows[parent].depth == m->max_depth)
		return parent;
	if (!may_merge(m, p))
		return new_row(m, parent);
	if (m->effort < MERGE_NAMES)
		key.name = m->traits[p->index].name;
	found = tfind(&key, &m->nodes, compare_node);
	if (found)
		return (*found)->row;
	node = tl_calloc(1, sizeof(*node));
	*node = key;
	node->row = new_row(m, parent);
	if (!tsearch(node, &m->nodes, compare_node))
		abort();
	return node->row;
}

static void join(struct merger *m, struct tl_row *row, struct tl_process *p)
{
	long long end = tl_end_of(m->tl, p);

	if (!row->nr_members) {
		row->first = p;
		row->born = p->born;
	} else if (m->traits[p->index].name !=
		   m->traits[row->first->index].name) {
		row->same_name = false;
	}
	row->nr_members++;
	row->total += tl_exit_of(m->tl, p) - p->born;
	if (row->born > p->born)
		row->born = p->born;
	if (row->gone < end)
		row->gone = end;
}

/* False if there are too many rows. */
static bool attempt(struct merger *m, size_t max_rows)
{
	struct timeline *tl = m->tl;
	size_t i;

	*m->layout = (struct tl_layout) {};
	for (i = 0; i < tl->nr_procs && m->layout->nr <= max_rows; i++) {
		tl->procs[i]->row = row_of(m, tl->procs[i]);
		join(m, &m->layout->rows[tl->procs[i]->row], tl->procs[i]);
	}
	tdestroy(m->nodes, free);
	m->nodes = NULL;
	if (m->layout->nr <= max_rows)
		return true;
	free(m->layout->rows);
	return false;
}

static bool find_limit(struct merger *m, size_t max_rows)
{
	long long length = m->tl->end - m->tl->start;
	int i;

	for (i = NR_LIMITS; i >= 0; i--) {
		m->limit = i ? length >> i : length + 1;
		if (m->limit && attempt(m, max_rows))
			return true;
	}
	return false;
}

/* If rows must be merged, merge more of them, so that the remaining ones stand out. */
static void choose_rows(struct merger *m, size_t max_rows)
{
	m->max_depth = SIZE_MAX;
	m->effort = MERGE_DULL;
	if (attempt(m, max_rows))
		return;
	max_rows = max_rows * 3 / 5;
	for (m->effort = 0; m->effort < NR_EFFORTS; m->effort++)
		if (find_limit(m, max_rows))
			return;
	/* One row for each depth at most: as deep as there may be rows. */
	m->effort = MERGE_NAMES;
	m->max_depth = max_rows - 1;
	find_limit(m, max_rows);
}

/* Allocates the lists of members and children, and fills them. */
static void fill_lists(struct timeline *tl, struct tl_layout *layout)
{
	struct tl_row *row, *parent;
	size_t i;

	for (i = 0; i < tl->nr_procs; i++) {
		row = &layout->rows[tl->procs[i]->row];
		row->members = tl_grow(row->members, row->order,
				       sizeof(*row->members));
		row->members[row->order++] = tl->procs[i];
	}
	for (i = 0; i < layout->nr; i++) {
		row = &layout->rows[i];
		row->last_child = true;
		if (row->parent == TL_NO_ROW)
			continue;
		parent = &layout->rows[row->parent];
		if (parent->nr_children) {
			size_t last = parent->children[parent->nr_children - 1];

			layout->rows[last].last_child = false;
		}
		parent->children = tl_grow(parent->children,
					   parent->nr_children,
					   sizeof(*parent->children));
		parent->children[parent->nr_children++] = i;
	}
}

/* Parents before their children, and siblings in the order of creation. */
static void sort_rows(struct tl_layout *layout)
{
	size_t *stack = tl_calloc(layout->nr, sizeof(*stack));
	size_t top = 0, n = 0, i, r;
	struct tl_row *row;

	layout->sorted = tl_calloc(layout->nr, sizeof(*layout->sorted));
	for (i = layout->nr; i--;)
		if (layout->rows[i].parent == TL_NO_ROW)
			stack[top++] = i;
	while (top) {
		r = stack[--top];
		row = &layout->rows[r];
		row->order = n;
		layout->sorted[n++] = r;
		for (i = row->nr_children; i--;)
			stack[top++] = row->children[i];
	}
	free(stack);
}

void tl_layout_make(struct timeline *tl, size_t max_rows,
		    struct tl_layout *layout)
{
	struct merger m = { .tl = tl, .layout = layout };
	size_t i;

	m.traits = find_traits(tl);
	choose_rows(&m, max_rows);
	fill_lists(tl, layout);
	sort_rows(layout);
	layout->shortest = m.limit;
	for (i = 0; i < layout->nr; i++)
		if (layout->rows[i].nr_members > 1)
			layout->merged += layout->rows[i].nr_members;
	free(m.traits);
}

void tl_layout_free(struct tl_layout *layout)
{
	size_t i;

	for (i = 0; i < layout->nr; i++) {
		free(layout->rows[i].members);
		free(layout->rows[i].children);
	}
	free(layout->rows);
	free(layout->sorted);
}
