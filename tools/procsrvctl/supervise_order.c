// SPDX-License-Identifier: GPL-2.0-only
/*
 * The order of services: behind all that they come after.
 */
#include <stdlib.h>

#include "supervise.h"

enum {
	UNSEEN,
	ON_PATH,
	PLACED,
};

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
 * struct step - a service on the way to one that it comes after
 * @service: the service
 * @next: the link of it to follow next
 */
struct step {
	struct service *service;
	size_t next;
};

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
	struct step *trail;
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

	while (sorting->trail[--i].service != service)
		;
	for (; i < sorting->depth; i++)
		fprintf(file, "%s, which comes after ",
			sorting->trail[i].service->name);
	fputs(service->name, file);
	fclose(file);
	fatal(CLIENT_USAGE, "%s:%u: a circle: %s", sorting->path,
	      service->line, text);
}

static void step_onto(struct sorting *sorting, struct service *service)
{
	service->mark = ON_PATH;
	sorting->trail[sorting->depth++] = (struct step) {
		.service = service,
	};
}

/*
 * Places a service behind all that it comes after. Without recursion: a chain
 * is as long as the file.
 */
static void place(struct sorting *sorting, struct service *service)
{
	struct service *on;
	struct step *step;

	if (service->mark == PLACED)
		return;
	step_onto(sorting, service);
	while (sorting->depth) {
		step = &sorting->trail[sorting->depth - 1];
		if (step->next == step->service->nr_links) {
			step->service->mark = PLACED;
			sorting->placed[sorting->nr++] = step->service;
			sorting->depth--;
			continue;
		}
		on = step->service->links[step->next++].on;
		if (on->mark == ON_PATH)
			fail_in_circle(sorting, on);
		if (on->mark == UNSEEN)
			step_onto(sorting, on);
	}
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
