// SPDX-License-Identifier: GPL-2.0-only
/*
 * Services by name and by process.
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

void add_service(struct supervisor *sup, struct service *service)
{
	sup->services = grow(sup->services, sup->nr_services,
			     sizeof(*sup->services));
	sup->services[sup->nr_services++] = service;
	need(tsearch(service, &sup->by_name, compare_name));
}

struct service *find_service(const struct supervisor *sup, const char *name)
{
	const struct service key = { .name = (char *)name };
	struct service **found = tfind(&key, &sup->by_name, compare_name);

	return found ? *found : NULL;
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
	struct service **found = tfind(&key, &sup->by_pid, compare_pid);

	return found ? *found : NULL;
}
