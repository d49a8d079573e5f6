// SPDX-License-Identifier: GPL-2.0-only
/*
 * The log, as text and as JSON.
 */
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include "supervise.h"

static const char * const state_names[] = {
	[SERVICE_STOPPED] = "stopped",
	[SERVICE_STARTING] = "starting",
	[SERVICE_RUNNING] = "running",
	[SERVICE_STOPPING] = "stopping",
	[SERVICE_BACKOFF] = "backoff",
	[SERVICE_EXITED] = "exited",
	[SERVICE_FAILED] = "failed",
};

void format_exit(const struct service *service, char *buf, size_t size)
{
	char killer[KILLER_LEN];

	if (!client_exit_signal(service->exit_signal)) {
		snprintf(buf, size, "exited with code %d", service->exit_code);
		return;
	}
	format_killer(service->exit_signal, killer, sizeof(killer));
	snprintf(buf, size, "killed by %s", killer);
}

static void json_add_program(struct json_object *obj, const struct real *real)
{
	const struct body *body;
	__u64 orphans = 0;

	for (body = real->orphans; body; body = body->next)
		orphans++;
	json_add_u64(obj, "linux_pid", real->main.pid);
	json_add_u64(obj, "orphans", orphans);
	json_add_u64(obj, "memory", real->usage.memory);
	json_add_u64(obj, "cpu_time", real->usage.cpu_time);
	json_add_u64(obj, "threads", real->usage.threads);
}

struct json_object *json_service(const struct service *service)
{
	struct json_object *obj = need(json_object_new_object());

	json_object_object_add(obj, "name", json_name(service->name));
	json_object_object_add(obj, "state",
			       json_name(service->wanted &&
					 service->state == SERVICE_STOPPED ?
					 "waiting" :
					 state_names[service->state]));
	json_add_u64(obj, "pid", service->pid);
	json_add_u64(obj, "started", service->started);
	json_add_u64(obj, "exited", service->exited);
	json_add_s32(obj, "exit_code", service->exit_code);
	json_add_u64(obj, "exit_signal",
		     client_exit_signal(service->exit_signal));
	json_add_flag(obj, "core_dumped",
		      client_dumped_core(service->exit_signal));
	json_add_u64(obj, "exits", service->exits);
	json_add_u64(obj, "restarts", service->restarts);
	json_add_u64(obj, "in_a_row", service->in_a_row);
	json_add_u64(obj, "recovery", service->recovery);
	if (service_is_real(service))
		json_add_program(obj, &service->real);
	return obj;
}

static void tell_json(__u64 time, const struct service *service,
		      const char *event, const char *text)
{
	struct json_object *obj = need(json_object_new_object());

	json_add_u64(obj, "time", time);
	json_object_object_add(obj, "event", json_name(event));
	json_object_object_add(obj, "service",
			       service ? json_service(service) : NULL);
	json_object_object_add(obj, "text", json_text(text, strlen(text)));
	json_print(obj);
}

void tell_output(const struct service *service, const char *line)
{
	__u64 time = server_time();

	if (json_output)
		tell_json(time, service, "output", line);
	else
		escape_message(stdout, 0, "[%5llu.%06llu] %s| %s",
			       time / 1000000, time % 1000000, service->name,
			       line);
	fflush(stdout);
}

void tell(__u64 time, const struct service *service, const char *event,
	  const char *fmt, ...)
{
	char text[512];
	va_list ap;

	va_start(ap, fmt);
	vsnprintf(text, sizeof(text), fmt, ap);
	va_end(ap);
	if (json_output)
		tell_json(time, service, event, text);
	else
		escape_message(stdout, 0, "[%5llu.%06llu] %s: %s",
			       time / 1000000, time % 1000000,
			       service ? service->name : "supervisor", text);
	fflush(stdout);
}
