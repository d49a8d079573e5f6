// SPDX-License-Identifier: GPL-2.0-only
/*
 * A look at the programs of services
 *
 * Linux does not report that a subreaper has become the parent of a process, nor
 * how much memory a process uses: both are found by a look at /proc. There is
 * one before --status is answered, two soon after the start of a program, when
 * most daemons are orphaned, and more if a service has a usage-interval. An idle
 * supervisor without one of these sleeps.
 */
#include <errno.h>
#include <poll.h>
#include <stdlib.h>
#include <sys/pidfd.h>
#include <unistd.h>

#include "supervise.h"
#include "supervise_proc.h"

#define MS 1000ULL

/* Looks are at multiples of this, so that those of many services are one. */
#define LOOK_GRID (100 * MS)

static const __u64 first_looks[] = { 100 * MS, 1000 * MS };

/* Looks take at most one part in so many of the time. */
#define LOOK_SHARE 10

/* The service below whose keeper a process is, or NULL; the depth is bounded. */
static struct service *owner(const struct supervisor *sup,
			     const struct proc_table *table,
			     const struct proc_entry *entry)
{
	struct service *service = NULL;
	size_t i;

	for (i = 0; entry && entry->ppid && !service && i < table->nr; i++) {
		service = service_kept_by(sup, entry->ppid);
		entry = proc_find(table, entry->ppid);
	}
	return service;
}

/*
 * Orphans
 */

static bool is_known(const struct service *service, pid_t pid)
{
	const struct body *body;

	if (service->real.main.pid == pid)
		return true;
	for (body = service->real.orphans; body; body = body->next)
		if (body->pid == pid)
			return true;
	return false;
}

/*
 * True if @pidfd is of a child of the keeper, whose exit has not been reported. Until the
 * program runs, the only child is the one that will run it.
 */
static bool is_orphan(struct supervisor *sup, struct service *service,
		      pid_t pid, int pidfd)
{
	struct pollfd exited = { .fd = pidfd, .events = POLLIN };
	struct proc_entry entry;

	/* Exits of processes that had the pid before are in the channel by now. */
	read_channel(sup, service);
	return service->real.main.pid && !is_known(service, pid) &&
		proc_read_entry(pid, &entry) &&
		entry.ppid == service->real.keeper && !poll(&exited, 1, 0);
}

static int create_orphan(const struct service *service,
			 const struct proc_entry *entry, __u64 *record)
{
	struct procsrv_program program = { .name = entry->name };
	struct strings argv = {};
	int err;

	proc_argv(entry->pid, &argv);
	program.argv = argv.data;
	program.argv_len = argv.len;
	err = procsrv_create(device(), service->pid, &program,
			     service->config.uid, service->config.gid,
			     PROCSRV_CREATE_HOSTED, record);
	free(argv.data);
	return err;
}

static void adopt(struct supervisor *sup, struct service *service,
		  const struct proc_entry *entry)
{
	struct body *body;
	__u64 record;
	int pidfd;

	if (is_known(service, entry->pid))
		return;
	pidfd = pidfd_open(entry->pid, 0);
	if (pidfd < 0)
		return;
	if (!is_orphan(sup, service, entry->pid, pidfd) ||
	    create_orphan(service, entry, &record)) {
		close(pidfd);
		return;
	}
	body = need(malloc(sizeof(*body)));
	*body = (struct body) {
		.pid = entry->pid,
		.pidfd = pidfd,
		.service = service,
		.next = service->real.orphans,
	};
	service->real.orphans = body;
	set_record(sup, body, record);
	tell(server_time(), service, "orphan",
	     "orphan process %llu, %d in Linux: %s", record, entry->pid,
	     entry->name);
}

/*
 * Usage
 */

static void count(struct service *service, const struct proc_entry *entry)
{
	struct usage *now = &service->real.now;

	now->cpu_time += entry->cpu_time + entry->waited_time;
	now->memory += proc_memory(entry->pid);
	now->threads += entry->threads;
}

static void report_usage(struct service *service)
{
	struct usage *now = &service->real.now, *last = &service->real.usage;
	struct procsrv_update_args args = {
		.pid = service->pid,
		.cpu_time = now->cpu_time,
		.memory_usage = now->memory,
		.thread_count = now->threads,
		.mask = PROCSRV_UPDATE_CPU_TIME | PROCSRV_UPDATE_MEMORY |
			PROCSRV_UPDATE_THREADS,
	};

	/* Between its exit and that of the keeper there is none. */
	if (!now->threads || service->real.ended)
		return;
	if (now->cpu_time == last->cpu_time && now->memory == last->memory &&
	    now->threads == last->threads)
		return;
	*last = *now;
	procsrv_update(device(), &args);
}

void look_at_programs(struct supervisor *sup)
{
	const struct proc_entry *entry;
	struct service *service;
	struct proc_table table;
	size_t i;

	proc_read(&table);
	for (i = 0; i < sup->services.nr; i++)
		sup->services.list[i]->real.now = (struct usage) {};
	for (entry = table.list; entry < table.list + table.nr; entry++) {
		service = service_kept_by(sup, entry->pid);
		/* The children that the keeper has waited for are orphans. */
		if (service)
			service->real.now.cpu_time += entry->waited_time;
		service = service ? NULL : owner(sup, &table, entry);
		if (!service)
			continue;
		count(service, entry);
		if (entry->ppid == service->real.keeper)
			adopt(sup, service, entry);
	}
	free(table.list);
	for (i = 0; i < sup->services.nr; i++)
		if (sup->services.list[i]->real.keeper)
			report_usage(sup->services.list[i]);
}

/*
 * When to look
 */

static __u64 look_at(struct supervisor *sup, struct service *service,
		     __u64 time)
{
	time += LOOK_GRID - 1 - (time + LOOK_GRID - 1) % LOOK_GRID;
	queue_push(&sup->looks, time, service);
	return time;
}

void look_later(struct supervisor *sup, struct service *service)
{
	__u64 interval = service->config.usage_interval;
	__u64 now = server_time();
	size_t i;

	for (i = 0; i < ARRAY_SIZE(first_looks); i++)
		look_at(sup, service, now + first_looks[i]);
	service->real.look = interval == PROCSRV_UNLIMITED ? 0 :
		look_at(sup, service, now + interval);
}

__u64 next_look(struct supervisor *sup)
{
	const struct due *first = queue_first(&sup->looks);

	if (!first)
		return 0;
	return first->key > sup->no_look_before ? first->key :
						  sup->no_look_before;
}

/* Takes a service out of the queue. False if its program is gone. */
static bool take_look(struct supervisor *sup, __u64 key, __u64 now)
{
	struct service *service = queue_pop(&sup->looks);
	__u64 interval = service->config.usage_interval;

	if (!service->real.keeper)
		return false;
	if (service->real.look == key)
		service->real.look = interval == PROCSRV_UNLIMITED ?
			0 : look_at(sup, service, now + interval);
	return true;
}

void look_if_due(struct supervisor *sup, __u64 now)
{
	const struct due *first;
	bool due = false;

	if (now < sup->no_look_before)
		return;
	while ((first = queue_first(&sup->looks)) && first->key <= now)
		due |= take_look(sup, first->key, now);
	if (!due)
		return;
	look_at_programs(sup);
	sup->no_look_before = server_time() +
		(server_time() - now) * (LOOK_SHARE - 1);
}
