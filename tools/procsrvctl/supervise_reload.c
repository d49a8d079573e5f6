// SPDX-License-Identifier: GPL-2.0-only
/*
 * Reading the file again
 *
 * A service that is in both files remains the same &struct service, and gets the
 * new settings. If these change its process, the process is restarted. A service
 * that is not in the new file is stopped, and is kept, because queues may hold it;
 * --status does not show it then.
 */
#include <stdlib.h>

#include "supervise.h"

/**
 * struct changes - the differences between a file and the one before
 * @added: services that are new
 * @changed: services whose process changes
 * @removed: services that are missing
 */
struct changes {
	unsigned int added;
	unsigned int changed;
	unsigned int removed;
};

static void exchange_config(struct service *a, struct service *b)
{
	struct config config = a->config;

	a->config = b->config;
	b->config = config;
}

static bool is_to_run(const struct service *service)
{
	return service->wanted || service->state == SERVICE_FAILED ||
		service->state == SERVICE_EXITED;
}

/* The service of a section of the new file, with the new settings. */
static struct service *merge(struct supervisor *sup, struct service *fresh,
			     struct changes *changes)
{
	struct service *old = find_service(&sup->services, fresh->name);

	if (!old) {
		old = new_service(fresh->name, 0);
		index_service(&sup->services, old);
		old->renewed = RENEWED_ADDED;
	} else if (old->removed) {
		old->renewed = RENEWED_ADDED;
	} else if (!same_process(&old->config, &fresh->config)) {
		old->renewed = RENEWED_CHANGED;
	} else {
		old->renewed = RENEWED_NOT;
	}
	changes->added += old->renewed == RENEWED_ADDED;
	changes->changed += old->renewed == RENEWED_CHANGED;
	exchange_config(old, fresh);
	return old;
}

static void remove_service(struct service *service, struct changes *changes)
{
	if (!service->removed)
		changes->removed++;
	service->removed = true;
	service->renewed = RENEWED_NOT;
	free_links(&service->config);
}

/* The services in the order of the new file, followed by those that it lacks. */
static void merge_all(struct supervisor *sup, struct services *fresh,
		      struct changes *changes)
{
	struct service **list, *service;
	size_t nr = 0, i;

	list = need(calloc(sup->services.nr + fresh->nr, sizeof(*list)));
	for (i = 0; i < sup->services.nr; i++)
		sup->services.list[i]->mark = 0;
	for (i = 0; i < fresh->nr; i++) {
		service = merge(sup, fresh->list[i], changes);
		service->removed = false;
		service->mark = 1;
		list[nr++] = service;
	}
	for (i = 0; i < sup->services.nr; i++) {
		service = sup->services.list[i];
		if (service->mark)
			continue;
		remove_service(service, changes);
		list[nr++] = service;
	}
	free(sup->services.list);
	sup->services.list = list;
	sup->services.nr = nr;
}

static void carry_out(struct supervisor *sup, struct service *service)
{
	if (service->removed) {
		set_wanted(sup, service, false);
	} else if (service->renewed == RENEWED_ADDED) {
		want(sup, service);
	} else if (service->renewed == RENEWED_CHANGED && is_to_run(service)) {
		want(sup, service);
		if (service->state == SERVICE_STARTING ||
		    service->state == SERVICE_RUNNING)
			service_stop(sup, service);
	}
}

char *reload(struct supervisor *sup)
{
	struct changes changes = {};
	struct services fresh = {};
	char *error = read_services(&fresh, sup->path);
	size_t i;

	if (!error) {
		merge_all(sup, &fresh, &changes);
		resolve_links(&sup->services);
		link_services(sup);
		for (i = 0; i < sup->services.nr; i++)
			carry_out(sup, sup->services.list[i]);
		tell(server_time(), NULL, "reload",
		     "%s read again: %u new, %u changed, %u gone", sup->path,
		     changes.added, changes.changed, changes.removed);
	}
	free_services(&fresh);
	return error;
}
