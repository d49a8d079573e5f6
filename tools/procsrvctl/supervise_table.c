// SPDX-License-Identifier: GPL-2.0-only
/*
 * Services by name, by process and by keeper, and bodies by process.
 */
#include <search.h>
#include <string.h>

#include "supervise.h"

static int compare_name(const void *a, const void *b)
{
	const struct service *left = a, *right = b;

	return strcmp(left->name, right->name);
}

static int compare_pid(const void *a, const void *b)
{
	const struct service *left = a, *right = b;

	return left->pid < right->pid ? -1 : left->pid > right->pid;
}

static int compare_keeper(const void *a, const void *b)
{
	const struct service *left = a, *right = b;

	return left->real.keeper < right->real.keeper ? -1 :
		left->real.keeper > right->real.keeper;
}

static int compare_record(const void *a, const void *b)
{
	const struct body *left = a, *right = b;

	return left->record < right->record ? -1 :
		left->record > right->record;
}

static void *find(const void *key, void *const *tree,
		  int (*compare)(const void *a, const void *b))
{
	void **found = tfind(key, tree, compare);

	return found ? *found : NULL;
}

void index_service(struct services *services, struct service *service)
{
	need(tsearch(service, &services->by_name, compare_name));
}

void add_service(struct services *services, struct service *service)
{
	services->list = grow(services->list, services->nr,
			      sizeof(*services->list));
	services->list[services->nr++] = service;
	index_service(services, service);
}

struct service *find_service(const struct services *services, const char *name)
{
	const struct service key = { .name = (char *)name };

	return find(&key, &services->by_name, compare_name);
}

static void leave_alone(void *service __attribute__((unused)))
{
}

void forget_names(struct services *services)
{
	tdestroy(services->by_name, leave_alone);
	*services = (struct services) {};
}

void set_pid(struct supervisor *sup, struct service *service, __u64 pid)
{
	if (service->pid)
		tdelete(service, &sup->by_pid, compare_pid);
	service->pid = pid;
	if (pid)
		need(tsearch(service, &sup->by_pid, compare_pid));
}

struct service *service_of(const struct supervisor *sup, __u64 pid)
{
	const struct service key = { .pid = pid };

	return find(&key, &sup->by_pid, compare_pid);
}

void set_keeper(struct supervisor *sup, struct service *service, pid_t keeper)
{
	if (service->real.keeper)
		tdelete(service, &sup->by_keeper, compare_keeper);
	service->real.keeper = keeper;
	if (keeper)
		need(tsearch(service, &sup->by_keeper, compare_keeper));
}

struct service *service_kept_by(const struct supervisor *sup, pid_t keeper)
{
	const struct service key = { .real.keeper = keeper };

	return find(&key, &sup->by_keeper, compare_keeper);
}

void set_record(struct supervisor *sup, struct body *body, __u64 record)
{
	if (body->record)
		tdelete(body, &sup->by_record, compare_record);
	body->record = record;
	if (record)
		need(tsearch(body, &sup->by_record, compare_record));
}

struct body *body_of(const struct supervisor *sup, __u64 record)
{
	const struct body key = { .record = record };

	return find(&key, &sup->by_record, compare_record);
}
