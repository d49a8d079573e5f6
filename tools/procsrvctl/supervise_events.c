// SPDX-License-Identifier: GPL-2.0-only
/*
 * The events of the server
 *
 * Three events of the processes below the supervisor matter:
 *
 * - A service exited: the event has the time. The exit itself is reported by
 *   its handle.
 * - A process was reparented to the supervisor: a service has left it behind,
 *   because during the life of a service orphans go to the service. It belongs
 *   to no service any more, so it is killed, with all its descendants.
 * - A service sleeps: it is ready, if it becomes ready by that.
 *
 * If events are lost, a look at all processes replaces them.
 */
#include <errno.h>
#include <fcntl.h>
#include <string.h>

#include "supervise.h"

enum {
	SIGNAL_KILL = 9,
};

static void kill_leftover(const struct supervisor *sup, __u64 pid)
{
	procsrv_signal(device(), sup->pid, PROCSRV_TARGET_TREE, pid,
		       SIGNAL_KILL, NULL);
}

static int look_at(const struct procsrv_info *info, void *data)
{
	struct supervisor *sup = data;
	struct service *service = service_of(sup, info->pid);

	/* A process that sleeps in a wait is WAITING instead. */
	if (service && (info->state == PROCSRV_SLEEPING ||
			info->state == PROCSRV_WAITING))
		service_ready(sup, service, server_time());
	else if (!service && info->ppid == sup->pid)
		kill_leftover(sup, info->pid);
	return 0;
}

static void take_event(struct supervisor *sup,
		       const struct procsrv_event *event)
{
	struct service *service = service_of(sup, event->pid);

	switch (event->kind) {
	case PROCSRV_EVENT_LOST:
		procsrv_for_each(device(), PROCSRV_LIST_ALL, 0, look_at, sup);
		break;
	case PROCSRV_EVENT_EXIT:
		if (service)
			service->exited = event->time;
		break;
	case PROCSRV_EVENT_PARENT:
		if (event->other == sup->pid)
			kill_leftover(sup, event->pid);
		break;
	case PROCSRV_EVENT_STATE:
		if (service && event->detail == PROCSRV_SLEEPING)
			service_ready(sup, service, event->time);
		break;
	}
}

static void reap_children(const struct supervisor *sup)
{
	struct procsrv_wait_args args;

	do {
		args = (struct procsrv_wait_args) {
			.parent = sup->pid,
			.what = PROCSRV_WAIT_EXITED,
			.flags = PROCSRV_WAIT_NOHANG,
		};
	} while (!procsrv_wait(device(), &args));
}

void drain_events(struct supervisor *sup)
{
	struct procsrv_event events[32];
	ssize_t n, i;

	while ((n = procsrv_read_events(device(), events,
					ARRAY_SIZE(events))) > 0)
		for (i = 0; i < n; i++)
			take_event(sup, &events[i]);
	/* The server has ended, and so has the process of the supervisor: see self_ready(). */
	if (!n)
		unwatch(sup, &sup->events);
	reap_children(sup);
}

static void events_ready(struct supervisor *sup,
			 struct source *source __attribute__((unused)))
{
	take_signals(sup);
	drain_events(sup);
}

void begin_events(struct supervisor *sup)
{
	struct procsrv_subscribe_args args = {
		.pid = sup->pid,
		.kinds = PROCSRV_EVENT_BIT(PROCSRV_EVENT_EXIT) |
			 PROCSRV_EVENT_BIT(PROCSRV_EVENT_PARENT) |
			 PROCSRV_EVENT_BIT(PROCSRV_EVENT_STATE),
		.flags = PROCSRV_SUBSCRIBE_SUBTREE,
	};
	int ret = procsrv_call(device(), PROCSRV_IOC_SUBSCRIBE, &args);

	if (ret) {
		refused(PROCSRV_IOC_SUBSCRIBE, &args, -ret);
		fatal(CLIENT_REFUSED, "cannot go on without events");
	}
	if (fcntl(device(), F_SETFL, O_RDWR | O_NONBLOCK) < 0)
		fatal(CLIENT_REFUSED, "fcntl: %s", strerror(errno));
	sup->events = (struct source) {
		.fd = device(), .ready = events_ready,
	};
	watch(sup, &sup->events);
}
