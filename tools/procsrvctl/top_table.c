// SPDX-License-Identifier: GPL-2.0-only
/*
 * The processes, kept up to date by events
 *
 * The content of an event is not applied: the process is looked up again, the
 * next time that something is shown. So any number of events of a process costs
 * one call.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>

#include "top.h"

enum {
	RING = 16384,
	PAGE = 64,
};

/* Events that do not change what is shown. */
#define UNSEEN (PROCSRV_EVENT_BIT(PROCSRV_EVENT_SIGNAL) | \
		PROCSRV_EVENT_BIT(PROCSRV_EVENT_LIMIT) | \
		PROCSRV_EVENT_BIT(PROCSRV_EVENT_CAPABILITY) | \
		PROCSRV_EVENT_BIT(PROCSRV_EVENT_TERMINAL))

static int compare_pid(const void *key, const void *element)
{
	const struct task *task = element;
	__u64 pid = *(const __u64 *)key;

	return pid < task->info.pid ? -1 : pid > task->info.pid;
}

static struct task *find(const struct table *table, __u64 pid)
{
	return bsearch(&pid, table->tasks, table->nr, sizeof(*table->tasks),
		       compare_pid);
}

/* Adds a process with a higher pid than all others. */
static struct task *append(struct table *table, __u64 pid)
{
	struct task *task;

	if (table->nr == table->room) {
		table->room = table->room ? 2 * table->room : 256;
		table->tasks = need(reallocarray(table->tasks, table->room,
						 sizeof(*table->tasks)));
	}
	task = &table->tasks[table->nr++];
	*task = (struct task) { .info.pid = pid };
	if (pid > table->highest)
		table->highest = pid;
	return task;
}

/**
 * struct listing - a listing of all processes
 * @table: filled
 * @before: the tasks that were in it, for their cpu time
 * @nr: how many
 * @next: the first of them that has not been passed yet
 */
struct listing {
	struct table *table;
	const struct task *before;
	size_t nr;
	size_t next;
};

static int add(const struct procsrv_info *info, void *data)
{
	struct listing *listing = data;
	struct task *task = append(listing->table, info->pid);
	const struct task *old;

	task->info = *info;
	while (listing->next < listing->nr &&
	       listing->before[listing->next].info.pid < info->pid)
		listing->next++;
	if (listing->next == listing->nr)
		return 0;
	old = &listing->before[listing->next];
	if (old->info.pid == info->pid) {
		task->cpu_before = old->cpu_before;
		task->permille = old->permille;
	}
	return 0;
}

static int list_all(struct table *table)
{
	struct listing listing = {
		.table = table, .before = table->tasks, .nr = table->nr,
	};
	int ret;

	table->tasks = NULL;
	table->nr = 0;
	table->room = 0;
	table->nr_stale = 0;
	table->nr_gone = 0;
	table->lost = false;
	ret = procsrv_for_each(device(), PROCSRV_LIST_ALL, 0, add, &listing);
	free((void *)listing.before);
	return ret;
}

static void take_event(struct table *table, const struct procsrv_event *event)
{
	struct task *task;

	if (event->kind == PROCSRV_EVENT_LOST) {
		table->lost = true;
		return;
	}
	table->events++;
	if (event->pid > table->highest &&
	    event->kind == PROCSRV_EVENT_CREATE)
		task = append(table, event->pid);
	else
		task = find(table, event->pid);
	if (!task || task->gone || event->seq <= task->info.seq)
		return;
	if (event->kind == PROCSRV_EVENT_REAP) {
		task->gone = true;
		table->nr_gone++;
	} else if (!task->stale) {
		task->stale = true;
		table->nr_stale++;
	}
}

/* -ESHUTDOWN if the server has ended. */
static int drain(struct table *table)
{
	struct procsrv_event events[PAGE];
	ssize_t n, i;

	while ((n = procsrv_read_events(device(), events, PAGE)) > 0)
		for (i = 0; i < n; i++)
			take_event(table, &events[i]);
	if (!n)
		return -ESHUTDOWN;
	return n == -EAGAIN ? 0 : n;
}

/* Looks up processes with events, and removes those that are gone. */
static int update(struct table *table)
{
	struct task *task;
	size_t left = 0, i;
	int ret;

	if (!table->nr_stale && !table->nr_gone)
		return 0;
	for (i = 0; i < table->nr; i++) {
		task = &table->tasks[i];
		ret = 0;
		if (task->stale && !task->gone)
			ret = procsrv_get_info(device(), task->info.pid,
					       &task->info);
		task->stale = false;
		if (task->gone || ret == -ESRCH)
			continue;
		if (ret)
			return ret;
		table->tasks[left++] = *task;
	}
	table->nr = left;
	table->nr_stale = 0;
	table->nr_gone = 0;
	return 0;
}

int table_refresh(struct table *table)
{
	struct procsrv_time_args time = {};
	int ret = drain(table);

	/* A page of a listing costs about as much as one process alone. */
	if (!ret && (table->lost || table->nr_stale > 1 + table->nr / PAGE))
		ret = list_all(table);
	else if (!ret)
		ret = update(table);
	if (!ret)
		ret = procsrv_get_stats(device(), &table->stats);
	if (!ret)
		ret = procsrv_get_time(device(), &time);
	table->now = time.time;
	return ret;
}

void table_tick(struct table *table)
{
	__u64 passed = table->now - table->tick;
	struct task *task;
	__u64 since, used;
	size_t i;

	for (i = 0; i < table->nr; i++) {
		task = &table->tasks[i];
		since = table->now - task->info.start_time;
		if (since > passed)
			since = passed;
		used = task->info.cpu_time - task->cpu_before;
		if (task->info.cpu_time < task->cpu_before)
			used = 0;
		task->permille = since ? used * 1000 / since : 0;
		task->cpu_before = task->info.cpu_time;
	}
	table->tick = table->now;
}

int table_failed(int err)
{
	if (err == -ESHUTDOWN)
		return server_has_ended();
	fatal(CLIENT_REFUSED, "%s", strerror(-err));
}

int table_begin(struct table *table)
{
	size_t i;
	int ret;

	ret = procsrv_subscribe(device(), 0, PROCSRV_EVENTS_ALL & ~UNSEEN,
				RING, 0, NULL);
	if (!ret && fcntl(device(), F_SETFL, O_RDWR | O_NONBLOCK) < 0)
		ret = -errno;
	table->lost = true;
	if (!ret)
		ret = table_refresh(table);
	for (i = 0; i < table->nr; i++)
		table->tasks[i].cpu_before = table->tasks[i].info.cpu_time;
	table->tick = table->now;
	return ret;
}
