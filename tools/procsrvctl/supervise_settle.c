// SPDX-License-Identifier: GPL-2.0-only
/*
 * Starting and stopping services
 *
 * A service starts when all services that it requires are running, and those that
 * it only comes after have had their turn. It stops after those services that
 * come after it and have to stop as well.
 *
 * Each service counts what keeps it from either, so that a change costs no more
 * than a look at its neighbours. The state of a service and whether it is wanted
 * change here only, in change(), which maintains the counts. A service that may
 * have to start or stop is put in a queue; settle() empties the queues, and
 * checks each service again that it takes out.
 */
#include <stdlib.h>
#include <string.h>

#include "supervise.h"

/**
 * struct facts - the state of a service, as far as its neighbours depend on it
 * @unwanted: it is not wanted
 * @down: it is not running
 * @on_its_way: services that come after it cannot start yet
 * @leaving: it has a process, and has to stop
 */
struct facts {
	bool unwanted;
	bool down;
	bool on_its_way;
	bool leaving;
};

static struct facts facts_of(const struct service *service)
{
	return (struct facts) {
		.unwanted = !service->wanted,
		.down = service->state != SERVICE_RUNNING,
		.on_its_way = service->state == SERVICE_STARTING ||
			(service->state == SERVICE_STOPPED && service->wanted),
		.leaving = service_lives(service) && !service->wanted,
	};
}

static bool may_start(const struct service *service)
{
	return service->wanted && service->state == SERVICE_STOPPED &&
		!service->nr_down && !service->nr_on_their_way;
}

static bool is_to_give_up(const struct service *service)
{
	return service->wanted ? service->nr_unwanted :
		service->state == SERVICE_BACKOFF;
}

static bool may_stop(const struct service *service)
{
	return !service->wanted && !service->nr_leaving &&
		(service->state == SERVICE_STARTING ||
		 service->state == SERVICE_RUNNING);
}

/* Starts are in the order of the services, stops in the reverse order. */
static void enqueue(struct supervisor *sup, struct service *service)
{
	if (!service->in_starts &&
	    (may_start(service) || is_to_give_up(service))) {
		service->in_starts = true;
		queue_push(&sup->starts, service->index, service);
	}
	if (!service->in_stops && may_stop(service)) {
		service->in_stops = true;
		queue_push(&sup->stops, UINT64_MAX - service->index, service);
	}
}

static void tell_later(struct supervisor *sup, const struct service *service,
		       const struct facts *was, const struct facts *is)
{
	const struct later *later;
	struct service *other;
	size_t i;

	for (i = 0; i < service->nr_later; i++) {
		later = &service->later[i];
		other = later->service;
		other->nr_on_their_way += is->on_its_way - was->on_its_way;
		if (later->required) {
			other->nr_down += is->down - was->down;
			other->nr_unwanted += is->unwanted - was->unwanted;
		}
		enqueue(sup, other);
	}
}

static void tell_earlier(struct supervisor *sup, const struct service *service,
			 const struct facts *was, const struct facts *is)
{
	struct service *other;
	size_t i;

	if (is->leaving == was->leaving)
		return;
	for (i = 0; i < service->config.nr_links; i++) {
		other = service->config.links[i].on;
		other->nr_leaving += is->leaving - was->leaving;
		enqueue(sup, other);
	}
}

static void change(struct supervisor *sup, struct service *service,
		   enum service_state state, bool wanted)
{
	const struct facts was = facts_of(service);
	bool lived = service_lives(service);
	struct facts is;

	service->state = state;
	service->wanted = wanted;
	is = facts_of(service);
	sup->nr_alive += service_lives(service) - lived;
	if (memcmp(&is, &was, sizeof(is))) {
		tell_later(sup, service, &was, &is);
		tell_earlier(sup, service, &was, &is);
	}
	enqueue(sup, service);
}

void set_state(struct supervisor *sup, struct service *service,
	       enum service_state state)
{
	change(sup, service, state, service->wanted);
}

void set_wanted(struct supervisor *sup, struct service *service, bool wanted)
{
	change(sup, service, service->state, wanted);
}

static void add_later(struct service *service, struct service *later,
		      bool required)
{
	service->later = grow(service->later, service->nr_later,
			      sizeof(*service->later));
	service->later[service->nr_later++] = (struct later) {
		.service = later, .required = required,
	};
}

static void unlink_service(struct service *service)
{
	service->nr_later = 0;
	service->nr_unwanted = 0;
	service->nr_down = 0;
	service->nr_on_their_way = 0;
	service->nr_leaving = 0;
}

/* Counts the neighbours of a service for it, and the service for them. */
static void link_service(struct service *service)
{
	bool leaving = facts_of(service).leaving;
	struct facts facts;
	struct link *link;
	size_t i;

	for (i = 0; i < service->config.nr_links; i++) {
		link = &service->config.links[i];
		add_later(link->on, service, link->required);
		link->on->nr_leaving += leaving;
		facts = facts_of(link->on);
		service->nr_on_their_way += facts.on_its_way;
		service->nr_down += link->required && facts.down;
		service->nr_unwanted += link->required && facts.unwanted;
	}
}

void link_services(struct supervisor *sup)
{
	size_t i;

	for (i = 0; i < sup->services.nr; i++) {
		sup->services.list[i]->index = i;
		unlink_service(sup->services.list[i]);
	}
	for (i = 0; i < sup->services.nr; i++)
		link_service(sup->services.list[i]);
	for (i = 0; i < sup->services.nr; i++)
		enqueue(sup, sup->services.list[i]);
}

static void want_one(struct supervisor *sup, struct service *service)
{
	if (service->state == SERVICE_BACKOFF)
		service_timeout(sup, service);
	/* It will run again, no matter how it stops. */
	service->late = false;
	if (service->wanted)
		return;
	service->in_a_row = 0;
	service->down_since = 0;
	change(sup, service, service_lives(service) ? service->state :
						      SERVICE_STOPPED, true);
}

/* The services that a service requires come before it in the list. */
void want(struct supervisor *sup, struct service *service)
{
	bool *wanted = need(calloc(service->index + 1, sizeof(*wanted)));
	const struct service *s;
	size_t i, j;

	wanted[service->index] = true;
	for (i = service->index + 1; i-- > 0;) {
		s = sup->services.list[i];
		for (j = 0; wanted[i] && j < s->config.nr_links; j++)
			if (s->config.links[j].required)
				wanted[s->config.links[j].on->index] = true;
	}
	for (i = 0; i <= service->index; i++)
		if (wanted[i])
			want_one(sup, sup->services.list[i]);
	free(wanted);
}

/* A service that it requires, but that is not wanted. */
static const struct service *missing(const struct service *service)
{
	size_t i;

	for (i = 0; i < service->config.nr_links; i++)
		if (service->config.links[i].required && !service->config.links[i].on->wanted)
			return service->config.links[i].on;
	return NULL;
}

static void settle_start(struct supervisor *sup, struct service *service)
{
	if (service->wanted && service->nr_unwanted) {
		set_wanted(sup, service, false);
		tell(server_time(), service, "unwanted",
		     "requires %s, which is not to run",
		     missing(service)->name);
	}
	if (!service->wanted && service->state == SERVICE_BACKOFF)
		service_timeout(sup, service);
	if (may_start(service))
		service_start(sup, service);
}

void settle(struct supervisor *sup)
{
	struct service *service;

	while (sup->starts.nr || sup->stops.nr) {
		while ((service = queue_pop(&sup->starts))) {
			service->in_starts = false;
			settle_start(sup, service);
		}
		service = queue_pop(&sup->stops);
		if (!service)
			continue;
		service->in_stops = false;
		if (may_stop(service))
			service_stop(sup, service);
	}
}
