// SPDX-License-Identifier: GPL-2.0-only
/*
 * top
 */
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "top.h"

enum {
	OPT_ONCE = OPT_FIRST,
	NS_PER_MS = 1000000,
};

/**
 * struct top_options - options besides those of the view
 * @view: what to show
 * @batch: as plain text
 * @count: how often, or 0 for ever
 * @delay: milliseconds between
 */
struct top_options {
	struct view view;
	bool batch;
	__u32 count;
	int delay;
};

bool parse_delay(const char *text, int *ms)
{
	__u64 value;

	if (!client_parse_time(text, NS_PER_MS, &value) || !value || value > INT32_MAX)
		return false;
	*ms = value;
	return true;
}

static void set_filter(struct view *view, const char *text)
{
	if (strlen(text) >= sizeof(view->filter))
		usage_error("'%s' is longer than %d bytes", text,
			    FILTER_MAX - 1);
	strcpy(view->filter, text);
}

static error_t parse_view(int key, char *arg, struct view *view)
{
	switch (key) {
	case 's':
		if (!parse_sort(arg, &view->key))
			usage_error("'%s' is none of cpu, memory, time, pid, start and name",
				    arg);
		break;
	case 'r':
		view->reverse = true;
		break;
	case 't':
		view->tree = true;
		break;
	case 'c':
		view->command = true;
		break;
	case 'f':
		set_filter(view, arg);
		break;
	default:
		return ARGP_ERR_UNKNOWN;
	}
	return 0;
}

static error_t parse_top(int key, char *arg, struct argp_state *state)
{
	struct top_options *options = state->input;

	switch (key) {
	case 'b':
		options->batch = true;
		break;
	case 'n':
		options->count = arg_u32(arg, "times");
		break;
	case OPT_ONCE:
		options->batch = true;
		options->count = 1;
		break;
	case 'd':
		if (!parse_delay(arg, &options->delay))
			usage_error(NO_DELAY, arg);
		break;
	default:
		return parse_view(key, arg, &options->view);
	}
	return 0;
}

static const struct argp_option options_table[] = {
	{ "batch", 'b', NULL, 0, "Print plain text, for scripts", 0 },
	{ "count", 'n', "N", 0, "End after N updates", 0 },
	{ "once", OPT_ONCE, NULL, 0, "The same as --batch --count=1", 0 },
	{ "delay", 'd', "TIME", 0, "Time between updates (2s), at least 1ms", 0 },
	{ "sort", 's', "KEY", 0,
	  "cpu (default), memory, time (CPU time), pid, start or name", 1 },
	{ "reverse", 'r', NULL, 0, "Reverse the order", 1 },
	{ "tree", 't', NULL, 0, "Show a tree", 1 },
	{ "command", 'c', NULL, 0, "Show command lines instead of names", 1 },
	{ "filter", 'f', "TEXT", 0,
	  "Show only processes with TEXT in their name, or with this pid", 1 },
	{}
};

static const struct argp argp = {
	.options = options_table, .parser = parse_top, .children = json_child,
	.doc = "Shows the processes as they change." AFTER_OPTIONS
	       "On a terminal, h lists the keys.\n"
	       "%CPU is the CPU time reported during the delay. --json implies --batch, and\n"
	       "prints one object per update.",
};

static void print_text_once(const struct table *table, const struct view *view)
{
	char *text;
	size_t i;
	int n;

	for (n = 0; n < HEAD_LINES; n++) {
		text = head_line(table, view, n);
		puts(text);
		free(text);
	}
	text = title_line(view);
	puts(text);
	free(text);
	for (i = 0; i < view->nr; i++) {
		text = task_line(view, view->rows[i]);
		puts(text);
		free(text);
	}
}

static struct json_object *json_task(const struct task *task)
{
	struct json_object *obj = need(json_object_new_object());
	const struct procsrv_info *i = &task->info;

	json_add_u64(obj, "pid", i->pid);
	json_add_u64(obj, "ppid", i->ppid);
	json_object_object_add(obj, "name",
			       json_text(i->name, strlen(i->name)));
	json_object_object_add(obj, "state",
			       json_name(procsrv_state_name(i->state)));
	json_add_u64(obj, "uid", i->uid);
	json_object_object_add(obj, "priority",
			       json_name(procsrv_priority_name(i->priority)));
	json_add_u64(obj, "thread_count", i->thread_count);
	json_add_u64(obj, "memory_usage", i->memory_usage);
	json_add_u64(obj, "cpu_time", i->cpu_time);
	json_add_u64(obj, "cpu_permille", task->permille);
	json_add_u64(obj, "start_time", i->start_time);
	json_add_u64(obj, "depth", task->depth);
	return obj;
}

static void print_json_once(const struct table *table, const struct view *view)
{
	struct json_object *obj = need(json_object_new_object());
	struct json_object *tasks = need(json_object_new_array());
	size_t i;

	for (i = 0; i < view->nr; i++)
		json_object_array_add(tasks, json_task(view->rows[i]));
	json_add_u64(obj, "time", table->now);
	json_add_u64(obj, "total_processes", table->stats.total_processes);
	json_object_object_add(obj, "processes", tasks);
	json_print(obj);
}

static int run_batch(struct top_options *options, struct table *table)
{
	struct view *view = &options->view;
	__u32 n = 0;
	int ret = 0;

	for (;;) {
		make_rows(view, table);
		if (json_output)
			print_json_once(table, view);
		else
			print_text_once(table, view);
		if (ferror(stdout) || ++n == options->count)
			break;
		if (!json_output)
			putchar('\n');
		fflush(stdout);
		poll(NULL, 0, options->delay);
		ret = table_refresh(table);
		if (ret)
			return table_failed(ret);
		table_tick(table);
	}
	return CLIENT_OK;
}

int run_top(int argc, char **argv)
{
	struct top_options options = { .delay = 2000 };
	struct table table = {};
	struct screen screen = { .table = &table, .view = &options.view };
	int ret;

	parse_options(&argp, argc, argv, &options, 0, 0);
	options.batch |= json_output;
	if (!options.batch && !isatty(STDOUT_FILENO))
		usage_error("standard output is not a terminal; use --batch");
	if (!options.batch && !isatty(STDIN_FILENO))
		usage_error("standard input is not a terminal; use --batch");
	screen.delay = options.delay;
	ret = table_begin(&table);
	if (ret)
		return table_failed(ret);
	if (options.batch)
		return run_batch(&options, &table);
	return run_screen(&screen);
}
