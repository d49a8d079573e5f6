// SPDX-License-Identifier: GPL-2.0-only
/*
 * Printing of events.
 */
#include <string.h>

#include "event_json.h"
#include "procsrvctl.h"

#define US_PER_S 1000000

/* The beginning of all lines. Nothing comes behind an exec. */
static void print_begin(__u64 seq, __u64 time, __u64 pid, const char *kind)
{
	int width = kind && strcmp(kind, "exec") ? 10 : 0;

	printf("%8llu %6llu.%06llu ", seq, time / US_PER_S, time % US_PER_S);
	if (pid)
		printf("%7llu ", pid);
	else
		printf("%7s ", "all");
	printf("%-*s", width, kind ? kind : "?");
}

static void print_limit(const struct procsrv_event *e)
{
	char is[32], may[32];

	switch (e->detail) {
	case PROCSRV_LIMIT_MEMORY:
		format_size(e->value, is, sizeof(is));
		format_size(e->other, may, sizeof(may));
		break;
	case PROCSRV_LIMIT_CPU_TIME:
		format_time(e->value, is, sizeof(is));
		format_time(e->other, may, sizeof(may));
		break;
	default:
		snprintf(is, sizeof(is), "%llu", e->value);
		snprintf(may, sizeof(may), "%llu", e->other);
	}
	putchar(' ');
	print_mask(stdout, e->detail, procsrv_limit_name);
	printf(" %s of %s", is, may);
}

static void print_state_name(__u32 state)
{
	const char *name = procsrv_state_name(state);
	const char *color = state_color(state);

	printf(" %s%s%s", color, name ? name : "?", color_end(color));
}

static void print_state(const struct procsrv_event *e)
{
	print_state_name(e->detail);
	if (e->signo) {
		fputs(" by ", stdout);
		print_killer(e->signo);
	}
}

static void print_sent(const struct procsrv_event *e)
{
	putchar(' ');
	print_signal(stdout, e->signo);
	if (e->other)
		printf(" from %llu", e->other);
	else
		fputs(" from outside", stdout);
}

static void print_exit(const struct procsrv_event *e)
{
	printf(" code %d", e->code);
	if (e->signo) {
		fputs(", killed by ", stdout);
		print_killer(e->signo);
	}
}

/* The part that depends on the kind of event. */
static void print_rest(const struct procsrv_event *e)
{
	switch (e->kind) {
	case PROCSRV_EVENT_CREATE:
	case PROCSRV_EVENT_REAP:
		printf(" by %llu", e->other);
		break;
	case PROCSRV_EVENT_EXIT:
		print_exit(e);
		break;
	case PROCSRV_EVENT_SIGNAL:
		print_sent(e);
		break;
	case PROCSRV_EVENT_STATE:
		print_state(e);
		break;
	case PROCSRV_EVENT_PARENT:
		printf(" %llu", e->other);
		break;
	case PROCSRV_EVENT_SESSION:
		printf(" %u, group %u", e->sid, e->pgid);
		break;
	case PROCSRV_EVENT_GROUP:
		printf(" %u", e->pgid);
		break;
	case PROCSRV_EVENT_LIMIT:
		print_limit(e);
		break;
	case PROCSRV_EVENT_CAPABILITY:
		printf(" %llu", e->other);
		break;
	case PROCSRV_EVENT_UPDATE:
		putchar(' ');
		print_mask(stdout, e->detail, procsrv_update_name);
		break;
	case PROCSRV_EVENT_TERMINAL:
		printf(" %s session %u", e->detail ? "given to" : "taken from",
		       e->sid);
		break;
	}
}

static void print_event_json(const struct procsrv_event *e)
{
	json_print(need(event_json(e)));
}

void print_event(const struct procsrv_event *event)
{
	if (json_output) {
		print_event_json(event);
		return;
	}
	if (event->kind == PROCSRV_EVENT_LOST) {
		printf("%8llu %llu event%s lost before it\n", event->seq,
		       event->value, client_plural(event->value, "s"));
		return;
	}
	print_begin(event->seq, event->time, event->pid,
		    procsrv_event_name(event->kind));
	print_rest(event);
	putchar('\n');
}

void print_as_event(const struct procsrv_info *info, __u64 time)
{
	struct json_object *obj;

	if (json_output) {
		obj = json_info(info);
		json_object_object_add(obj, "kind", json_name("process"));
		json_print(obj);
		return;
	}
	print_begin(info->seq, time, info->pid, "process");
	print_state_name(info->state);
	printf(" parent %llu session %u group %u ", info->ppid, info->sid,
	       info->pgid);
	escape_text(stdout, info->name, strlen(info->name), 0);
	putchar('\n');
}
