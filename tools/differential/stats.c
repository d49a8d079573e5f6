// SPDX-License-Identifier: GPL-2.0-only
/*
 * Counts of what was done and compared.
 */
#include <stdio.h>

#include "client.h"
#include "stats.h"

static const char *const outcome_names[NR_OUTCOMES] = {
	[OUTCOME_OK] = "ok",
	[OUTCOME_EXITED] = "exited",
	[OUTCOME_STOPPED] = "stopped",
	[OUTCOME_CONTINUED] = "continued",
	[OUTCOME_EAGAIN] = "EAGAIN",
	[OUTCOME_ECHILD] = "ECHILD",
	[OUTCOME_ESRCH] = "ESRCH",
	[OUTCOME_EPERM] = "EPERM",
	[OUTCOME_EACCES] = "EACCES",
	[OUTCOME_EINVAL] = "EINVAL",
	[OUTCOME_OTHER] = "other",
};

static const char *const event_names[NR_EVENTS] = {
	[EVENT_WORLD] = "worlds",
	[EVENT_LOOK] = "processes compared",
	[EVENT_CROWD] = "whole worlds compared",
	[EVENT_ADOPTED] = "orphans",
	[EVENT_ADOPTED_BELOW] = "orphans that a subreaper got",
	[EVENT_ORPHANED] = "continued when their group was orphaned",
	[EVENT_NO_REPLY] = "killed or stopped themselves",
	[EVENT_SLEPT] = "waits that slept",
	[EVENT_WOKEN] = "waits that woke up, and were compared",
	[EVENT_WAIT_ORDER] = "by design: wait-order",
	[EVENT_SETSID] = "by design: setsid-group-leader",
	[EVENT_ORPHANED_AGAIN] = "by design: orphaned-again",
	[EVENT_NOT_STOPPED] = "not stopped: their group was orphaned",
	[EVENT_AUTOREAPED] = "left no zombie",
	[EVENT_DIED_TOGETHER] = "hung up while dying, on one side only",
};

static void print_kind(const struct stats *s, enum op_kind kind)
{
	int i;

	printf("  %-10s %8lu ", op_kind_name(kind), s->ops[kind]);
	for (i = 0; i < NR_OUTCOMES; i++)
		if (s->answers[kind][i])
			printf(" %s %lu", outcome_names[i], s->answers[kind][i]);
	printf("\n");
}

void stats_print(const struct stats *s, double seconds)
{
	unsigned long ops = 0, answers = 0;
	int i, j;

	printf("operations, and the answers to them:\n");
	for (i = 0; i < NR_OPS; i++) {
		print_kind(s, i);
		ops += s->ops[i];
		for (j = 0; j < NR_OUTCOMES; j++)
			answers += s->answers[i][j];
	}
	printf("besides:\n");
	for (i = 0; i < NR_EVENTS; i++)
		printf("  %-40s %8lu\n", event_names[i], s->events[i]);
	printf("%lu operation%s in %.1f s, %.0f a second; %lu answer%s compared\n",
	       ops, client_plural(ops, "s"), seconds,
	       seconds > 0 ? ops / seconds : 0.0, answers,
	       client_plural(answers, "s"));
}
