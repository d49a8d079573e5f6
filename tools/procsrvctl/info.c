// SPDX-License-Identifier: GPL-2.0-only
/*
 * info
 */
#include <string.h>

#include "procsrvctl.h"

static const struct argp argp = {
	.children = json_child,
	.args_doc = "PID...",
	.doc = "Shows all that the server knows of processes.",
};

#define KEY "%-18s "

static void show_number(const char *key, __u64 value)
{
	printf(KEY "%llu\n", key, value);
}

/* 0 stands for "none" in everything that this is used for. */
static void show_id(const char *key, __u64 value)
{
	if (value)
		show_number(key, value);
	else
		printf(KEY "none\n", key);
}

static void show_name(const char *key, const char *name)
{
	printf(KEY "%s\n", key, name ? name : "unknown");
}

static void show_time(const char *key, __u64 us)
{
	printf(KEY "%llu.%06llus\n", key, us / 1000000,
	       us % 1000000);
}

static void show_text(const char *key, const char *s)
{
	printf(KEY, key);
	escape_text(stdout, s, strlen(s), 0);
	putchar('\n');
}

static void show_argv(const char *data, size_t len)
{
	size_t i;

	if (!len) {
		printf(KEY "none\n", "command line");
		return;
	}
	printf(KEY, "command line");
	for (i = 0; i < len; i += strlen(data + i) + 1) {
		if (i)
			putchar(' ');
		print_quoted(stdout, data + i);
	}
	putchar('\n');
}

static void show_envp(const char *data, size_t len)
{
	size_t i;

	if (!len)
		printf(KEY "none\n", "environment");
	for (i = 0; i < len; i += strlen(data + i) + 1)
		show_text(i ? "" : "environment", data + i);
}

static void show_pending(__u64 mask)
{
	const char *name;
	int i;

	printf(KEY, "pending signals");
	if (!mask)
		fputs("none", stdout);
	for (i = 1; i <= 64; i++) {
		if (!(mask & 1ULL << (i - 1)))
			continue;
		name = client_signal_name(i);
		if (name)
			printf("%s ", name);
		else
			printf("%d ", i);
	}
	putchar('\n');
}

static void show_passed(const struct procsrv_info *i)
{
	printf(KEY, "limits passed");
	if (i->limits_passed) {
		print_mask(stdout, i->limits_passed, client_limit_name);
		printf(", %u time%s\n", i->nr_limits_passed,
		       i->nr_limits_passed == 1 ? "" : "s");
	} else {
		puts("none");
	}
}

static void show_exit(const struct procsrv_info *i)
{
	const char *name = client_signal_name(i->exit_signal);

	if (i->state != PROCSRV_ZOMBIE)
		return;
	printf(KEY "%d\n", "exit code", i->exit_code);
	if (!i->exit_signal)
		printf(KEY "none\n", "exit signal");
	else
		printf(KEY "%u%s%s\n", "exit signal", i->exit_signal,
		       name ? " " : "", name ? name : "");
	show_name("orphan", i->flags & PROCSRV_INFO_ORPHAN ? "yes" : "no");
}

static void show(const struct procsrv_details *d)
{
	const struct procsrv_info *i = &d->info;

	show_number("pid", i->pid);
	show_id("parent", i->ppid);
	show_text("name", i->name);
	show_name("state", client_state_name(i->state));
	show_exit(i);
	show_name("priority", client_priority_name(i->priority));
	show_number("uid", i->uid);
	show_number("gid", i->gid);
	show_id("session", i->sid);
	show_id("process group", i->pgid);
	show_text("terminal", i->terminal_len ? d->terminal : "none");
	show_number("threads", i->thread_count);
	printf(KEY "%llu bytes\n", "memory", i->memory_usage);
	show_time("cpu time", i->cpu_time);
	show_time("children's time", i->children_cpu_time);
	show_time("started at", i->start_time);
	show_number("start cycles", i->start_cycles);
	show_pending(i->pending);
	show_number("revocations", i->revocations);
	show_name("execed", i->flags & PROCSRV_INFO_EXECED ? "yes" : "no");
	show_name("reaper", i->flags & PROCSRV_INFO_REAPER ? "yes" : "no");
	show_name("tied", i->flags & PROCSRV_INFO_TIED ? "yes" : "no");
	show_passed(i);
	show_number("event", i->seq);
	show_text("directory", d->cwd);
	if (i->flags & PROCSRV_INFO_HIDDEN) {
		show_name("command line", "hidden");
		show_name("environment", "hidden");
		return;
	}
	show_argv(d->argv, i->argv_len);
	show_envp(d->envp, i->envp_len);
}

int run_info(int argc, char **argv)
{
	struct procsrv_info_args args = {};
	struct procsrv_details details = {};
	int i = parse_options(&argp, argc, argv, NULL, 1, -1);
	bool array = argc - i > 1;
	int status = CLIENT_OK, ret, j;

	for (j = i; j < argc; j++)
		arg_pid(argv[j]);

	for (; i < argc; i++) {
		args.pid = arg_pid(argv[i]);
		ret = procsrv_get_details(device(), args.pid, &details);
		if (ret)
			status = refused(PROCSRV_IOC_INFO, &args, -ret);
		else if (json_output && array)
			json_print_element(json_details(&details, true));
		else if (json_output)
			json_print(json_details(&details, true));
		else
			show(&details);
		if (!json_output && !ret && array && i + 1 < argc)
			putchar('\n');
	}
	if (json_output && array)
		json_end_array(status);
	procsrv_free_details(&details);
	return status;
}
