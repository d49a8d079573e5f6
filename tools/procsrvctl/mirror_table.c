// SPDX-License-Identifier: GPL-2.0-only
/*
 * The processes of the machine that are in the server, by their Linux pids.
 */
#include <search.h>
#include <stdlib.h>

#include "mirror.h"

static int compare_pid(const void *a, const void *b)
{
	const struct record *left = a, *right = b;

	return left->is.pid < right->is.pid ? -1 : left->is.pid > right->is.pid;
}

struct record *table_find(const struct table *table, pid_t pid)
{
	const struct record key = { .is.pid = pid };
	struct record **node = tfind(&key, &table->by_pid, compare_pid);

	return node ? *node : NULL;
}

struct record *table_add(struct table *table, const struct linux_process *p,
			 struct record *parent, __u64 copy)
{
	struct record *r = need(calloc(1, sizeof(*r)));

	r->is = *p;
	r->is.record = NULL;
	r->is.back = NULL;
	r->is.ppid = 0;
	r->is.pgrp = 0;
	r->is.sid = 0;
	r->is.tty = 0;
	r->is.state = 'R';
	r->copy = copy;
	if (parent) {
		r->is.ppid = parent->is.pid;
		r->is.pgrp = parent->is.pgrp;
		r->is.sid = parent->is.sid;
		r->is.tty = parent->is.tty;
		r->sid = parent->sid;
		r->pgid = parent->pgid;
		parent->nr_children++;
	}
	need(tsearch(r, &table->by_pid, compare_pid));
	TAILQ_INSERT_TAIL(&table->list, r, all);
	table->nr++;
	return r;
}

struct record *table_parent(const struct table *table, const struct record *r)
{
	return table_find(table, r->is.ppid);
}

void table_move(struct table *table, struct record *r, struct record *parent)
{
	struct record *former = table_parent(table, r);

	if (former)
		former->nr_children--;
	r->is.ppid = parent->is.pid;
	parent->nr_children++;
}

void table_remove(struct table *table, struct record *r)
{
	struct record *parent = table_parent(table, r);

	if (parent)
		parent->nr_children--;
	tdelete(r, &table->by_pid, compare_pid);
	TAILQ_REMOVE(&table->list, r, all);
	table->nr--;
	/* A walk through the list, or a caller, may still use it. */
	SLIST_INSERT_HEAD(&table->removed, r, removed);
}

void table_free_removed(struct table *table)
{
	struct record *r;

	while ((r = SLIST_FIRST(&table->removed))) {
		SLIST_REMOVE_HEAD(&table->removed, removed);
		free(r);
	}
}
