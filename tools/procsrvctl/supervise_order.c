// SPDX-License-Identifier: GPL-2.0-only
/*
 * The order of services: each behind all those that it comes after.
 */
#include <stdio.h>
#include <stdlib.h>

#include "supervise.h"

enum {
	UNSEEN,
	ON_PATH,
	PLACED,
};

const struct link *resolve_links(struct services *services)
{
	struct link *link;
	size_t i, j;

	for (i = 0; i < services->nr; i++) {
		for (j = 0; j < services->list[i]->config.nr_links; j++) {
			link = &services->list[i]->config.links[j];
			link->on = find_service(services, link->name);
			if (!link->on)
				return link;
		}
	}
	return NULL;
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
 * struct sorting - the state of sorting services
 * @path: the file they come from
 * @placed: those that have their place
 * @nr: how many
 * @trail: the path of the walk, each comes after the next
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
static char *describe_circle(const struct sorting *sorting,
			     const struct service *service)
{
	size_t i = sorting->depth, size;
	char *text;
	FILE *file = need(open_memstream(&text, &size));

	while (sorting->trail[--i].service != service)
		;
	fprintf(file, "%s:%u: a circle: ", sorting->path,
		service->config.line);
	for (; i < sorting->depth; i++)
		fprintf(file, "%s, which comes after ",
			sorting->trail[i].service->name);
	fputs(service->name, file);
	fclose(file);
	return text;
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
 * is as long as the file. Returns the service at which a circle is closed.
 */
static const struct service *place(struct sorting *sorting,
				   struct service *service)
{
	struct service *on;
	struct step *step;

	if (service->mark == PLACED)
		return NULL;
	step_onto(sorting, service);
	while (sorting->depth) {
		step = &sorting->trail[sorting->depth - 1];
		if (step->next == step->service->config.nr_links) {
			step->service->mark = PLACED;
			sorting->placed[sorting->nr++] = step->service;
			sorting->depth--;
			continue;
		}
		on = step->service->config.links[step->next++].on;
		if (on->mark == ON_PATH)
			return on;
		if (on->mark == UNSEEN)
			step_onto(sorting, on);
	}
	return NULL;
}

static char *place_all(struct services *services, const char *path)
{
	struct sorting sorting = {
		.path = path,
		.placed = need(calloc(services->nr, sizeof(*sorting.placed))),
		.trail = need(calloc(services->nr, sizeof(*sorting.trail))),
	};
	const struct service *circle = NULL;
	char *error = NULL;
	size_t i;

	for (i = 0; i < services->nr && !circle; i++)
		circle = place(&sorting, services->list[i]);
	if (circle) {
		error = describe_circle(&sorting, circle);
		free(sorting.placed);
	} else {
		free(services->list);
		services->list = sorting.placed;
	}
	free(sorting.trail);
	return error;
}

char *sort_services(struct services *services, const char *path)
{
	const struct link *missing = resolve_links(services);
	struct file file = { .path = path };

	if (!missing)
		return place_all(services, path);
	file.line = missing->line;
	bad(&file, "%s: there is no service '%s'",
	    missing->required ? "requires" : "after", missing->name);
	return file.error;
}
