// SPDX-License-Identifier: GPL-2.0-only
/*
 * --events and --svg: what happens in the server, written to files.
 *
 * The subscription is on a further descriptor of the server, which the outer process
 * reads while the supervisor works. Its ring is as large as a ring can be: the
 * supervisor makes a few ten thousand events in a second.
 */
#include <errno.h>
#include <fcntl.h>
#include <json.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>
#include <procsrv.h>

#include "client.h"
#include "escape.h"
#include "event_json.h"
#include "record.h"
#include "report.h"
#include "run.h"
#include "server.h"
#include "timeline_server.h"

enum {
	BATCH	= 256,
	PAGE	= 64,
};

static int further = -1;
static FILE *events_file;
static struct timeline_files files;
static struct timeline_server drawing;
static unsigned long long nr_lost;

static int fail(const char *what, int err)
{
	escape_warnx(0, "%s: %s", what, strerror(err));
	return -err;
}

int record_open(void)
{
	const char *failed;

	if (settings.events) {
		events_file = fopen(settings.events, "we");
		if (!events_file)
			return fail(settings.events, errno);
	}
	if (!timeline_open(&files, settings.svg, NULL, &failed))
		return fail(failed, errno);
	return 0;
}

static int subscribe(void)
{
	__u64 seq;
	int err;

	further = procsrv_new_server_flags(server_fd(), PROCSRV_SERVER_SAME);
	if (further < 0)
		return fail("a further descriptor of the server", -further);
	err = procsrv_subscribe(further, 0, PROCSRV_EVENTS_ALL,
				PROCSRV_RING_MAX, 0, &seq);
	if (err)
		return fail("a subscription to the events of the server", -err);
	if (fcntl(further, F_SETFL, O_RDWR | O_NONBLOCK) < 0)
		return fail("the events of the server", errno);
	return 0;
}

/* Draw the present processes: init at first, and all of them after lost events. */
static void draw_listing(void)
{
	size_t nr_known = drawing.tl->nr_procs;
	struct procsrv_info infos[PAGE];
	struct procsrv_time_args clock = {};
	__u64 cursor = 0;
	int n, i;

	procsrv_get_time(further, &clock);
	do {
		n = procsrv_list(further, PROCSRV_LIST_ALL, 0, &cursor, infos,
				 PAGE, NULL);
		for (i = 0; i < n; i++)
			timeline_server_process(&drawing, &infos[i], clock.time);
	} while (n == PAGE);
	timeline_server_listed(&drawing, clock.time, nr_known);
}

int record_begin(void)
{
	int err;

	if (!settings.events && !settings.svg)
		return 0;
	err = subscribe();
	if (!err && settings.svg) {
		timeline_server_begin(&drawing, further, settings.command[0]);
		draw_listing();
	}
	return err;
}

int record_fd(void)
{
	return further;
}

static void write_event(const struct procsrv_event *event)
{
	struct json_object *obj = event_json(event);

	if (!obj)
		report_fatal("an event", ENOMEM);
	escape_json(events_file, obj,
		    JSON_C_TO_STRING_SPACED | JSON_C_TO_STRING_NOSLASHESCAPE);
	json_object_put(obj);
	fputc('\n', events_file);
}

static void draw_event(const struct procsrv_event *event)
{
	timeline_server_event(&drawing, event);
	if (event->kind == PROCSRV_EVENT_LOST)
		draw_listing();
}

static void take(const struct procsrv_event *event)
{
	if (event->kind == PROCSRV_EVENT_LOST)
		nr_lost += event->value;
	if (events_file)
		write_event(event);
	if (drawing.tl)
		draw_event(event);
}

void record_read(void)
{
	struct procsrv_event events[BATCH];
	ssize_t n, i;

	do {
		n = procsrv_read_events(further, events, BATCH);
		for (i = 0; i < n; i++)
			take(&events[i]);
	} while (n == BATCH);
	if (events_file)
		fflush(events_file);
}

static void close_events(void)
{
	bool bad = ferror(events_file);

	if (fclose(events_file) || bad)
		fail(settings.events, errno);
}

void record_end(void)
{
	const char *failed;

	if (further < 0)
		return;
	record_read();
	if (nr_lost)
		escape_warnx(0, "lost %llu event%s: what was written is not complete",
			     nr_lost, client_plural(nr_lost, "s"));
	if (events_file)
		close_events();
	if (!drawing.tl)
		return;
	timeline_server_end(&drawing);
	if (!timeline_write(&files, drawing.tl, &failed))
		fail(failed, errno);
}
