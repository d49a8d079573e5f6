// SPDX-License-Identifier: GPL-2.0-only
/*
 * info
 */
#include <string.h>

#include "procsrvctl.h"

static const struct argp argp = {
	.children = json_child,
	.args_doc = "PID...",
	.doc = "Shows all that the server knows about processes.",
};

#define KEY "%-18s "

static void show_number(const char *key, __u64 value)
{
	printf(KEY "%llu\n", key, value);
}

/* 0 means "none" in all fields that this is used for. */
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
		name = procsrv_signal_name(i);
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
		print_mask(stdout, i->limits_passed, procsrv_limit_name);
		printf(", %u time%s\n", i->nr_limits_passed,
		       client_plural(i->nr_limits_passed, "s"));
	} else {
		puts("none");
	}
}

static void show_flag(const char *key, const struct procsrv_info *i, __u32 flag)
{
	show_name(key, i->flags & flag ? "yes" : "no");
}

static void show_signal(const char *key, __u32 exit_signal)
{
	int signo = client_exit_signal(exit_signal);
	const char *name = procsrv_signal_name(signo);

	if (!signo)
		printf(KEY "none\n", key);
	else
		printf(KEY "%d%s%s%s\n", key, signo, name ? " " : "",
		       name ? name : "",
		       client_dumped_core(exit_signal) ? ", core dumped" : "");
}

static void show_exit(const struct procsrv_info *i)
{
	/* If it is not hosted, SIGSTOP has stopped it, and the field is 0. */
	if (i->state == PROCSRV_STOPPED && i->exit_signal)
		show_signal("stop signal", i->exit_signal);
	if (i->state != PROCSRV_ZOMBIE)
		return;
	printf(KEY "%d\n", "exit code", i->exit_code);
	show_signal("exit signal", i->exit_signal);
	show_flag("orphan", i, PROCSRV_INFO_ORPHAN);
}

static void show_credentials(const struct procsrv_info *i)
{
	struct procsrv_credentials c;

	if (!get_credentials(i, &c))
		return;
	printf(KEY "real %u, effective %u, saved %u\n", "user ids", c.ruid,
	       c.euid, c.suid);
	printf(KEY "real %u, effective %u, saved %u\n", "group ids", c.rgid,
	       c.egid, c.sgid);
	show_name("may signal all",
		  c.flags & PROCSRV_CREDENTIALS_KILL ? "yes" : "no");
}

static void show(const struct procsrv_details *d)
{
	const struct procsrv_info *i = &d->info;

	show_number("pid", i->pid);
	show_id("parent", i->ppid);
	show_text("name", i->name);
	show_name("state", procsrv_state_name(i->state));
	show_exit(i);
	show_name("priority", procsrv_priority_name(i->priority));
	show_number("uid", i->uid);
	show_number("gid", i->gid);
	show_credentials(i);
	show_id("session", i->sid);
	show_id("process group", i->pgid);
	show_text("terminal", i->terminal_len ? d->terminal : "none");
	show_number("threads", i->thread_count);
	printf(KEY "%llu byte%s\n", "memory", i->memory_usage,
	       client_plural(i->memory_usage, "s"));
	show_time("cpu time", i->cpu_time);
	show_time("children's time", i->children_cpu_time);
	show_time("started at", i->start_time);
	show_number("start cycles", i->start_cycles);
	show_pending(i->pending);
	show_number("revocations", i->revocations);
	show_flag("execed", i, PROCSRV_INFO_EXECED);
	show_flag("reaper", i, PROCSRV_INFO_REAPER);
	show_flag("autoreap", i, PROCSRV_INFO_AUTOREAP);
	show_flag("clone", i, PROCSRV_INFO_CLONE);
	show_flag("tied", i, PROCSRV_INFO_TIED);
	show_flag("hosted", i, PROCSRV_INFO_HOSTED);
	show_flag("exiting", i, PROCSRV_INFO_EXITING);
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
