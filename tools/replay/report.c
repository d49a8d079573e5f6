// SPDX-License-Identifier: GPL-2.0-only
/*
 * The result of a replay, in words and in JSON.
 */
#include <stdio.h>
#include <stdlib.h>
#include <json-c/json.h>

#include "client.h"
#include "escape.h"
#include "report.h"
#include "value.h"

static const char * const operation_names[NR_OPERATIONS] = {
	[OP_FORK] = "fork",
	[OP_EXEC] = "exec",
	[OP_EXIT] = "exit",
	[OP_WAIT] = "wait",
	[OP_SIGNAL] = "signal",
	[OP_SETPGID] = "setpgid",
	[OP_SETSID] = "setsid",
};

/* Short, for JSON; and in words. */
static const struct {
	const char *name;
	const char *words;
} reasons[NR_REASONS] = {
	[REASON_NO_ANSWER] = { "no-answer",
		"the thread or the recording ended before the call" },
	[REASON_INTERRUPTED] = { "interrupted",
		"a signal ended the call" },
	[REASON_HEADLESS] = { "headless",
		"the beginning of the call is not recorded" },
	[REASON_RESOURCES] = { "resources",
		"Linux could not make a process" },
	[REASON_FILE] = { "file",
		"an execve that failed, which tells of files only" },
	[REASON_ARGUMENT] = { "argument",
		"an argument that the interface of the server has no place for" },
	[REASON_UID] = { "uid",
		"turns on user ids, which are not recorded" },
	[REASON_OUTSIDE] = { "outside",
		"about a process or group outside the recording" },
	[REASON_BEFORE] = { "before",
		"turns on what happened before the recording" },
	[REASON_THREAD] = { "thread",
		"turns on single threads" },
	[REASON_AUTOREAP] = { "autoreap",
		"SIGCHLD seems to be ignored, which is not recorded" },
	[REASON_SUBREAPER] = { "subreaper",
		"orphans went to a reaper that is not recorded as one" },
	[REASON_NAMESPACE] = { "namespace",
		"the process has another pid namespace" },
	[REASON_INJECTED] = { "injected",
		"strace injected the answer (--inject)" },
	[REASON_BOUND] = { "bound",
		"about a process that the server has no room for" },
	[REASON_NO_EXITS] = { "no-exits",
		"the recording leaves out how processes end (strace -qq)" },
	[REASON_NO_SIGNALS] = { "no-signals",
		"the recording leaves out signals and stops (strace -e signal=, -e trace=)" },
	[REASON_NO_GROUPS] = { "no-groups",
		"the recording leaves out setpgid and setsid (strace -e trace=)" },
	[REASON_NO_WAITS] = { "no-waits",
		"the recording leaves out waits (strace -e trace=)" },
	[REASON_NO_EXECS] = { "no-execs",
		"the recording leaves out execve (strace -e trace=)" },
	[REASON_UNSEEN] = { "unseen",
		"turns on which child a wait returned, which is not recorded" },
	[REASON_ORDER] = { "order",
		"the lines are not in the order of what happened (strace-log-merge)" },
};

static const char * const designs[NR_DESIGNS] = {
	[DESIGN_SETSID] = "setsid-group-leader",
	[DESIGN_STOP_SIGNAL] = "stop-signal",
	[DESIGN_WAIT_ORDER] = "wait-order",
};

void report_difference(struct report *rep, size_t line, const char *call,
		       const struct answer *linux_said,
		       const struct answer *server, enum design design,
		       const struct context *context)
{
	struct difference *d;

	/* The room is doubled whenever the number is a power of two. */
	if (!(rep->nr_differences & (rep->nr_differences - 1)))
		rep->differences =
			value_xrealloc(rep->differences,
				       (2 * rep->nr_differences + 1) *
				       sizeof(*rep->differences));
	d = &rep->differences[rep->nr_differences++];
	*d = (struct difference) {
		.line = line,
		.call = value_xstrdup(call),
		.linux_said = answer_describe(linux_said),
		.server = answer_describe(server),
		.design = design,
	};
	if (context)
		d->context = *context;
	if (design)
		rep->by_design[design]++;
	else
		rep->differ++;
}

static void free_difference(struct difference *d)
{
	free(d->call);
	free(d->linux_said);
	free(d->server);
}

void report_withdraw(struct report *rep, size_t i, enum reason reason)
{
	struct difference *d = &rep->differences[i];

	free_difference(d);
	*d = (struct difference) {};
	rep->differ--;
	if (reason) {
		rep->compared--;
		rep->not_compared[reason]++;
	}
}

void report_sweep(struct report *rep)
{
	size_t i, kept = 0;

	for (i = 0; i < rep->nr_differences; i++)
		if (rep->differences[i].call)
			rep->differences[kept++] = rep->differences[i];
	rep->nr_differences = kept;
}

const char *report_reason(enum reason reason)
{
	return reasons[reason].words;
}

void report_add(struct report *total, const struct report *rep)
{
	int i;

	total->lines += rep->lines;
	total->bad_lines += rep->bad_lines;
	total->processes += rep->processes;
	total->threads += rep->threads;
	total->alive += rep->alive;
	total->compared += rep->compared;
	total->differ += rep->differ;
	for (i = 0; i < NR_OPERATIONS; i++)
		total->operations[i] += rep->operations[i];
	for (i = 0; i < NR_REASONS; i++)
		total->not_compared[i] += rep->not_compared[i];
	for (i = 0; i < NR_DESIGNS; i++)
		total->by_design[i] += rep->by_design[i];
}

static size_t sum(const size_t *n, size_t count)
{
	size_t i, total = 0;

	for (i = 0; i < count; i++)
		total += n[i];
	return total;
}

bool report_has_result(const struct report *rep, bool dry_run)
{
	return dry_run ? sum(rep->operations, NR_OPERATIONS) : rep->compared;
}

static void print_difference(const struct report *rep,
			     const struct difference *d)
{
	escape_message(stdout, ESCAPE_ESCAPED, "%s:%zu: %s", rep->path,
		       d->line, d->call);
	printf("\tLinux:  %s\n", d->linux_said);
	printf("\tserver: %s\n", d->server);
	if (d->design)
		printf("\tby design: %s\n", designs[d->design]);
}

static void print_operations(const struct report *rep)
{
	const char *between = ": ";
	int i;

	printf("  operations    %zu", sum(rep->operations, NR_OPERATIONS));
	for (i = 0; i < NR_OPERATIONS; i++) {
		if (!rep->operations[i])
			continue;
		printf("%s%zu %s", between, rep->operations[i],
		       operation_names[i]);
		between = ", ";
	}
	printf("\n");
}

void report_print(const struct report *rep, bool differences)
{
	size_t d;
	int i;

	for (d = 0; differences && d < rep->nr_differences; d++)
		print_difference(rep, &rep->differences[d]);

	escape_message(stdout, ESCAPE_ESCAPED,
		       "%s: %zu line%s, %zu process%s, %zu further thread%s",
		       rep->path, rep->lines, client_plural(rep->lines, "s"),
		       rep->processes, client_plural(rep->processes, "es"),
		       rep->threads, client_plural(rep->threads, "s"));
	if (rep->bad_lines)
		printf("  unreadable    %zu line%s\n", rep->bad_lines,
		       client_plural(rep->bad_lines, "s"));
	if (rep->cut)
		printf("  cut off       in the middle of the last line\n");
	if (rep->alive)
		printf("  alive         %zu process%s at the end\n", rep->alive,
		       client_plural(rep->alive, "es"));
	print_operations(rep);
	printf("  compared      %zu\n", rep->compared);
	printf("  not compared  %zu\n", sum(rep->not_compared, NR_REASONS));
	for (i = 0; i < NR_REASONS; i++)
		if (rep->not_compared[i])
			printf("    %zu %s: %s\n", rep->not_compared[i],
			       reasons[i].name, reasons[i].words);
	printf("  by design     %zu\n", sum(rep->by_design, NR_DESIGNS));
	for (i = 0; i < NR_DESIGNS; i++)
		if (rep->by_design[i])
			printf("    %zu %s\n", rep->by_design[i], designs[i]);
	printf("  differ        %zu\n", rep->differ);
}

static void add_number(struct json_object *o, const char *name, size_t n)
{
	json_object_object_add(o, name, json_object_new_int64(n));
}

static void add_string(struct json_object *o, const char *name, const char *s)
{
	json_object_object_add(o, name, json_object_new_string(s));
}

static struct json_object *json_differences(const struct report *rep)
{
	struct json_object *list = json_object_new_array();
	size_t i;

	for (i = 0; i < rep->nr_differences; i++) {
		const struct difference *d = &rep->differences[i];
		struct json_object *o = json_object_new_object();

		add_number(o, "line", d->line);
		add_string(o, "call", d->call);
		add_string(o, "linux", d->linux_said);
		add_string(o, "server", d->server);
		json_object_object_add(o, "by_design", d->design ?
				       json_object_new_string(designs[d->design]) :
				       NULL);
		json_object_array_add(list, o);
	}
	return list;
}

static struct json_object *json_numbers(const struct report *rep)
{
	struct json_object *o = json_object_new_object(), *part;
	int i;

	add_number(o, "lines", rep->lines);
	add_number(o, "unreadable", rep->bad_lines);
	add_number(o, "processes", rep->processes);
	add_number(o, "threads", rep->threads);
	add_number(o, "alive", rep->alive);

	part = json_object_new_object();
	for (i = 0; i < NR_OPERATIONS; i++)
		add_number(part, operation_names[i], rep->operations[i]);
	json_object_object_add(o, "operations", part);

	add_number(o, "compared", rep->compared);
	part = json_object_new_object();
	for (i = COMPARED + 1; i < NR_REASONS; i++)
		add_number(part, reasons[i].name, rep->not_compared[i]);
	json_object_object_add(o, "not_compared", part);

	part = json_object_new_object();
	for (i = NOT_BY_DESIGN + 1; i < NR_DESIGNS; i++)
		add_number(part, designs[i], rep->by_design[i]);
	json_object_object_add(o, "by_design", part);
	add_number(o, "differ", rep->differ);
	return o;
}

void report_print_json(const struct report *reps, size_t n,
		       const struct report *total)
{
	struct json_object *run = json_object_new_object();
	struct json_object *files = json_object_new_array();
	size_t i;

	for (i = 0; i < n; i++) {
		struct json_object *o = json_numbers(&reps[i]);

		add_string(o, "file", reps[i].path);
		json_object_object_add(o, "cut",
				       json_object_new_boolean(reps[i].cut));
		json_object_object_add(o, "differences",
				       json_differences(&reps[i]));
		json_object_array_add(files, o);
	}
	json_object_object_add(run, "files", files);
	json_object_object_add(run, "total", json_numbers(total));
	escape_json(stdout, run, JSON_C_TO_STRING_PRETTY |
				 JSON_C_TO_STRING_NOSLASHESCAPE);
	putchar('\n');
	json_object_put(run);
}

void report_free(struct report *rep)
{
	size_t i;

	for (i = 0; i < rep->nr_differences; i++)
		free_difference(&rep->differences[i]);
	free(rep->differences);
}
