/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The processes as a tree in memory.
 */
#ifndef PROCSRVCTL_TREE_H
#define PROCSRVCTL_TREE_H

#include "procsrvctl.h"

/**
 * struct node - a process
 * @pid: its pid
 * @ppid: its parent
 * @name: its name
 * @color: the code that begins the color of its state, or ""
 * @child: its first child, by name and then by pid
 * @next: the next of its siblings
 * @parent: its parent
 * @shape: two processes with the same shape look the same, with all descendants
 * @count: how many of this shape are shown here, the later ones unlinked
 */
struct node {
	__u64 pid;
	__u64 ppid;
	char *name;
	const char *color;
	struct node *child;
	struct node *next;
	struct node *parent;
	__u32 shape;
	__u32 count;
};

/**
 * struct tree - all processes
 * @nodes: by pid
 * @nr: how many
 * @room: how many fit
 */
struct tree {
	struct node *nodes;
	size_t nr;
	size_t room;
};

/* Reads and links all processes; 0 or -errno. */
int tree_read(struct tree *tree);
void tree_free(struct tree *tree);
struct node *tree_find(const struct tree *tree, __u64 pid);

/* Merges siblings that look the same. */
void tree_merge(struct tree *tree);

#endif /* PROCSRVCTL_TREE_H */
