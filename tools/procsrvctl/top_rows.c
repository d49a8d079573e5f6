// SPDX-License-Identifier: GPL-2.0-only
/*
 * Selection and order of the processes
 */
#include <stdlib.h>
#include <string.h>

#include "top.h"

static const char * const sort_names[NR_SORT_KEYS] = {
	[SORT_CPU] = "cpu",
	[SORT_MEMORY] = "memory",
	[SORT_TIME] = "time",
	[SORT_PID] = "pid",
	[SORT_START] = "start",
	[SORT_NAME] = "name",
};

const char *sort_name(enum sort_key key)
{
	return sort_names[key];
}

bool parse_sort(const char *name, enum sort_key *key)
{
	int i;

	for (i = 0; i < NR_SORT_KEYS; i++) {
		if (!strcmp(name, sort_names[i])) {
			*key = i;
			return true;
		}
	}
	return false;
}

static int compare(__u64 a, __u64 b)
{
	return a < b ? -1 : a > b;
}

/* The largest first, except for pids and names; equal ones by pid. */
static int compare_tasks(const void *a, const void *b, void *data)
{
	const struct task *left = *(struct task * const *)a;
	const struct task *right = *(struct task * const *)b;
	const struct view *view = data;
	int ret = 0;

	switch (view->key) {
	case SORT_CPU:
		ret = compare(right->permille, left->permille);
		if (!ret)
			ret = compare(right->info.cpu_time,
				      left->info.cpu_time);
		break;
	case SORT_MEMORY:
		ret = compare(right->info.memory_usage,
			      left->info.memory_usage);
		break;
	case SORT_TIME:
		ret = compare(right->info.cpu_time, left->info.cpu_time);
		break;
	case SORT_START:
		ret = compare(right->info.start_time, left->info.start_time);
		break;
	case SORT_NAME:
		ret = strcmp(left->info.name, right->info.name);
		break;
	default:
		break;
	}
	if (!ret)
		ret = compare(left->info.pid, right->info.pid);
	return view->reverse ? -ret : ret;
}

static bool passes(const struct view *view, const struct task *task)
{
	char pid[32];

	if (!*view->filter)
		return true;
	snprintf(pid, sizeof(pid), "%llu", task->info.pid);
	return strcasestr(task->info.name, view->filter) ||
		!strcmp(pid, view->filter);
}

static int compare_pid(const void *key, const void *element)
{
	const struct task *task = element;

	return compare(*(const __u64 *)key, task->info.pid);
}

static struct task *parent_of(const struct table *table,
			      const struct task *task)
{
	return bsearch(&task->info.ppid, table->tasks, table->nr,
		       sizeof(*table->tasks), compare_pid);
}

/*
 * A parent has a lower pid than its children, so that from the end of the
 * table every process is met before its parent.
 */
static void show_ancestors(struct table *table)
{
	struct task *parent;
	size_t i;

	for (i = table->nr; i-- > 0;) {
		parent = parent_of(table, &table->tasks[i]);
		if (parent && table->tasks[i].shown)
			parent->shown = true;
	}
}

/*
 * Puts the rows, which are sorted, below their parents: in the order of rows
 * backwards, each becomes the first child of its parent.
 */
static void make_tree(struct view *view, struct table *table)
{
	struct task *root = NULL, *task, *parent;
	struct task **stack = need(calloc(view->nr + 1, sizeof(*stack)));
	size_t depth = 0, i;

	for (i = view->nr; i-- > 0;) {
		task = view->rows[i];
		parent = parent_of(table, task);
		task->next = parent ? parent->child : root;
		if (parent)
			parent->child = task;
		else
			root = task;
	}

	view->nr = 0;
	for (task = root; task; ) {
		task->depth = depth;
		view->rows[view->nr++] = task;
		if (task->child) {
			stack[depth++] = task;
			task = task->child;
			continue;
		}
		while (!task->next && depth)
			task = stack[--depth];
		task = task->next;
	}
	free(stack);
}

void make_rows(struct view *view, struct table *table)
{
	struct task *task;
	size_t i;

	if (view->room < table->nr) {
		view->room = 2 * table->nr;
		view->rows = need(reallocarray(view->rows, view->room,
					       sizeof(*view->rows)));
	}
	view->matches = 0;
	for (i = 0; i < table->nr; i++) {
		task = &table->tasks[i];
		task->shown = passes(view, task);
		view->matches += task->shown;
		task->depth = 0;
		task->child = NULL;
		task->next = NULL;
	}
	if (view->tree)
		show_ancestors(table);
	view->nr = 0;
	for (i = 0; i < table->nr; i++)
		if (table->tasks[i].shown)
			view->rows[view->nr++] = &table->tasks[i];
	if (view->nr)
		qsort_r(view->rows, view->nr, sizeof(*view->rows),
			compare_tasks, view);
	if (view->tree)
		make_tree(view, table);
}
