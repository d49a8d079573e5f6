// SPDX-License-Identifier: GPL-2.0-only
/*
 * Who comes before whom
 *
 * A service starts when all that it requires are running, and those that it is
 * only to come after have had their turn. It stops after those that come after
 * it and stop as well. Nobody keeps a list of what is left to do: whatever has
 * happened, settle() looks at everybody and does what can be done now.
 */
#include <stdlib.h>
#include <string.h>

#include "supervise.h"

enum {
	UNSEEN,
	ON_PATH,
	PLACED,
};

struct service *find_service(const struct supervisor *sup, const char *name)
{
	size_t i;

	for (i = 0; i < sup->nr_services; i++)
		if (!strcmp(sup->services[i]->name, name))
			return sup->services[i];
	return NULL;
}

static void resolve(const struct supervisor *sup, const char *path)
{
	struct link *link;
	size_t i, j;

	for (i = 0; i < sup->nr_services; i++) {
		for (j = 0; j < sup->services[i]->nr_links; j++) {
			link = &sup->services[i]->links[j];
			link->on = find_service(sup, link->name);
			if (!link->on)
				fatal(CLIENT_USAGE,
				      "%s:%u: %s: there is no service '%s'",
				      path, link->line,
				      link->required ? "requires" : "after",
				      link->name);
		}
	}
}

/**
 * struct sorting - services on their way into an order
 * @path: the file they come from
 * @placed: those that have their place
 * @nr: how many
 * @trail: how the walk came to where it is, each after the next
 * @depth: how many
 */
struct sorting {
	const char *path;
	struct service **placed;
	size_t nr;
	const struct service **trail;
	size_t depth;
};

/* The trail has come back to @service. */
__attribute__((noreturn))
static void fail_in_circle(const struct sorting *sorting,
			   const struct service *service)
{
	size_t i = sorting->depth, size;
	char *text;
	FILE *file = need(open_memstream(&text, &size));

	while (sorting->trail[--i] != service)
		;
	for (; i < sorting->depth; i++)
		fprintf(file, "%s, which comes after ",
			sorting->trail[i]->name);
	fputs(service->name, file);
	fclose(file);
	fatal(CLIENT_USAGE, "%s:%u: a circle: %s", sorting->path,
	      service->line, text);
}

/* Places a service behind all that it comes after. */
static void place(struct sorting *sorting, struct service *service)
{
	size_t i;

	if (service->mark == ON_PATH)
		fail_in_circle(sorting, service);
	if (service->mark == PLACED)
		return;
	service->mark = ON_PATH;
	sorting->trail[sorting->depth++] = service;
	for (i = 0; i < service->nr_links; i++)
		place(sorting, service->links[i].on);
	sorting->depth--;
	service->mark = PLACED;
	sorting->placed[sorting->nr++] = service;
}

void sort_services(struct supervisor *sup, const char *path)
{
	struct sorting sorting = {
		.path = path,
		.placed = need(calloc(sup->nr_services,
				      sizeof(*sorting.placed))),
		.trail = need(calloc(sup->nr_services,
				     sizeof(*sorting.trail))),
	};
	size_t i;

	resolve(sup, path);
	for (i = 0; i < sup->nr_services; i++)
		place(&sorting, sup->services[i]);
	free(sorting.trail);
	free(sup->services);
	sup->services = sorting.placed;
}

void want(struct supervisor *sup, struct service *service)
{
	size_t i;

	for (i = 0; i < service->nr_links; i++)
		if (service->links[i].required)
			want(sup, service->links[i].on);
	if (service->state == SERVICE_BACKOFF)
		service_timeout(sup, service);
	if (service->wanted)
		return;
	service->wanted = true;
	service->in_a_row = 0;
	service->down_since = 0;
	if (!service_lives(service))
		service->state = SERVICE_STOPPED;
}

/* Whom it requires, and is not to run. */
static const struct service *missing(const struct service *service)
{
	size_t i;

	for (i = 0; i < service->nr_links; i++)
		if (service->links[i].required && !service->links[i].on->wanted)
			return service->links[i].on;
	return NULL;
}

/* Has yet to come to where others may follow it. */
static bool on_its_way(const struct service *service)
{
	return service->state == SERVICE_STARTING ||
		(service->state == SERVICE_STOPPED && service->wanted);
}

static bool may_start(const struct service *service)
{
	const struct link *link;
	size_t i;

	for (i = 0; i < service->nr_links; i++) {
		link = &service->links[i];
		if (link->required && link->on->state != SERVICE_RUNNING)
			return false;
		if (on_its_way(link->on))
			return false;
	}
	return true;
}

static bool comes_after(const struct service *later,
			const struct service *service)
{
	size_t i;

	for (i = 0; i < later->nr_links; i++)
		if (later->links[i].on == service)
			return true;
	return false;
}

static bool may_stop(const struct supervisor *sup,
		     const struct service *service)
{
	const struct service *other;
	size_t i;

	for (i = 0; i < sup->nr_services; i++) {
		other = sup->services[i];
		if (service_lives(other) && !other->wanted &&
		    comes_after(other, service))
			return false;
	}
	return true;
}

void settle(struct supervisor *sup)
{
	const struct service *other;
	struct service *service;
	size_t i;

	for (i = 0; i < sup->nr_services; i++) {
		service = sup->services[i];
		other = missing(service);
		if (service->wanted && other) {
			service->wanted = false;
			tell(server_time(), service, "unwanted",
			     "requires %s, which is not to run", other->name);
		}
		if (!service->wanted && service->state == SERVICE_BACKOFF)
			service_timeout(sup, service);
		if (service->wanted && service->state == SERVICE_STOPPED &&
		    may_start(service))
			service_start(sup, service);
	}
	for (i = sup->nr_services; i-- > 0;) {
		service = sup->services[i];
		if (!service->wanted && may_stop(sup, service) &&
		    (service->state == SERVICE_STARTING ||
		     service->state == SERVICE_RUNNING))
			service_stop(sup, service);
	}
}
