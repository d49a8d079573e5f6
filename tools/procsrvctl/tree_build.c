// SPDX-License-Identifier: GPL-2.0-only
/*
 * The processes as a tree in memory.
 *
 * A child is younger than its parent and than every reaper it may move to, so a
 * parent's pid is always the lower one. A walk through the array from its end
 * visits all children of a process before the process, so nothing here needs
 * recursion.
 */
#include <stdlib.h>
#include <string.h>

#include "tree.h"

static int add(const struct procsrv_info *info, void *data)
{
	struct tree *tree = data;
	struct node *node;

	if (tree->nr == tree->room) {
		tree->room = tree->room ? 2 * tree->room : 256;
		tree->nodes = need(reallocarray(tree->nodes, tree->room,
						sizeof(*tree->nodes)));
	}
	node = &tree->nodes[tree->nr++];
	*node = (struct node) {
		.pid = info->pid,
		.ppid = info->ppid,
		.name = need(strdup(info->name)),
		.color = state_color(info->state),
		.count = 1,
	};
	return 0;
}

static int compare_pid(const void *key, const void *element)
{
	const struct node *node = element;
	__u64 pid = *(const __u64 *)key;

	return pid < node->pid ? -1 : pid > node->pid;
}

struct node *tree_find(const struct tree *tree, __u64 pid)
{
	return bsearch(&pid, tree->nodes, tree->nr, sizeof(*tree->nodes),
		       compare_pid);
}

static int compare_names(const void *a, const void *b)
{
	const struct node *left = *(const struct node * const *)a;
	const struct node *right = *(const struct node * const *)b;
	int ret = strcmp(left->name, right->name);

	if (ret)
		return ret;
	return left->pid < right->pid ? -1 : left->pid > right->pid;
}

/*
 * In reverse order of names, each process becomes the first child of its
 * parent. The parent of a process may have been reaped between two pages of the
 * listing; the process has been reparented by then, and is drawn below init.
 */
static void link_all(struct tree *tree)
{
	struct node **order = need(calloc(tree->nr + 1, sizeof(*order)));
	struct node *node, *parent;
	size_t i;

	for (i = 0; i < tree->nr; i++)
		order[i] = &tree->nodes[i];
	qsort(order, tree->nr, sizeof(*order), compare_names);

	for (i = tree->nr; i-- > 0;) {
		node = order[i];
		if (node->pid == PROCSRV_INIT_PID)
			continue;
		parent = tree_find(tree, node->ppid);
		if (!parent)
			parent = tree_find(tree, PROCSRV_INIT_PID);
		if (!parent)
			continue;
		node->parent = parent;
		node->next = parent->child;
		parent->child = node;
	}
	free(order);
}

int tree_read(struct tree *tree)
{
	int ret = procsrv_for_each(device(), PROCSRV_LIST_ALL, 0, add, tree);

	if (!ret)
		link_all(tree);
	return ret;
}

void tree_free(struct tree *tree)
{
	size_t i;

	for (i = 0; i < tree->nr; i++)
		free(tree->nodes[i].name);
	free(tree->nodes);
}

/**
 * struct shapes - the shapes met so far, a hash table
 * @examples: by shape, a process that has it
 * @slots: shapes plus one, 0 where there is none
 * @mask: number of slots minus one
 * @nr: how many shapes
 */
struct shapes {
	struct node **examples;
	__u32 *slots;
	size_t mask;
	__u32 nr;
};

static __u64 mix(__u64 hash, __u64 value)
{
	hash = (hash ^ value) * 0x9e3779b97f4a7c15ULL;
	return hash ^ hash >> 29;
}

static __u64 hash_node(const struct node *node)
{
	const struct node *child;
	const char *p;
	__u64 hash = 1;

	for (p = node->name; *p; p++)
		hash = mix(hash, (unsigned char)*p);
	for (child = node->child; child; child = child->next)
		hash = mix(hash, (__u64)child->shape << 32 | child->count);
	return hash;
}

static bool same(const struct node *a, const struct node *b)
{
	if (strcmp(a->name, b->name) || strcmp(a->color, b->color))
		return false;
	for (a = a->child, b = b->child; a && b; a = a->next, b = b->next)
		if (a->shape != b->shape || a->count != b->count)
			return false;
	return !a && !b;
}

static __u32 find_shape(struct shapes *shapes, struct node *node)
{
	size_t slot = hash_node(node) & shapes->mask;
	__u32 shape;

	for (; shapes->slots[slot]; slot = (slot + 1) & shapes->mask) {
		shape = shapes->slots[slot] - 1;
		if (same(shapes->examples[shape], node))
			return shape;
	}
	shape = shapes->nr++;
	shapes->examples[shape] = node;
	shapes->slots[slot] = shape + 1;
	return shape;
}

static int compare_shapes(const void *a, const void *b)
{
	const struct node *left = *(const struct node * const *)a;
	const struct node *right = *(const struct node * const *)b;
	int ret = strcmp(left->name, right->name);

	if (ret)
		return ret;
	if (left->shape != right->shape)
		return left->shape < right->shape ? -1 : 1;
	return left->pid < right->pid ? -1 : left->pid > right->pid;
}

/* Sorts the children by shape, and merges those of one shape. */
static void merge_children(struct node *node, struct node **room)
{
	struct node *child;
	size_t nr = 0, left = 0, i;

	for (child = node->child; child; child = child->next)
		room[nr++] = child;
	qsort(room, nr, sizeof(*room), compare_shapes);

	for (i = 0; i < nr; i++) {
		if (left && room[i]->shape == room[left - 1]->shape)
			room[left - 1]->count++;
		else
			room[left++] = room[i];
	}

	qsort(room, left, sizeof(*room), compare_names);
	node->child = NULL;
	while (left--) {
		room[left]->next = node->child;
		node->child = room[left];
	}
}

void tree_merge(struct tree *tree)
{
	struct node **room = need(calloc(tree->nr + 1, sizeof(*room)));
	struct shapes shapes = { .mask = 1 };
	size_t i;

	while (shapes.mask < 2 * tree->nr)
		shapes.mask = shapes.mask << 1 | 1;
	shapes.slots = need(calloc(shapes.mask + 1, sizeof(*shapes.slots)));
	shapes.examples = need(calloc(tree->nr + 1,
				      sizeof(*shapes.examples)));

	for (i = tree->nr; i-- > 0;) {
		merge_children(&tree->nodes[i], room);
		tree->nodes[i].shape = find_shape(&shapes, &tree->nodes[i]);
	}
	free(room);
	free(shapes.slots);
	free(shapes.examples);
}
