// SPDX-License-Identifier: GPL-2.0-only
/*
 * The line of a process, and the lines above all of them
 */
#include <pwd.h>
#include <stdlib.h>
#include <string.h>

#include "top.h"

enum {
	NR_USERS = 256,		/* remembered names */
	DEEPEST = 32,		/* where the tree goes no further right */
};

static const char *user_name(__u32 uid)
{
	static struct {
		bool known;
		__u32 uid;
		char name[9];
	} users[NR_USERS];
	const struct passwd *pw;
	size_t i = uid % NR_USERS;

	if (users[i].known && users[i].uid == uid)
		return users[i].name;
	pw = getpwuid(uid);
	if (pw && strlen(pw->pw_name) < sizeof(users[i].name))
		strcpy(users[i].name, pw->pw_name);
	else
		snprintf(users[i].name, sizeof(users[i].name), "%u", uid);
	users[i].known = true;
	users[i].uid = uid;
	return users[i].name;
}

/* Four columns: 999K, 9.9M, 123G */
static void format_memory(__u64 bytes, char *buf, size_t size)
{
	static const char units[] = "KMGTPE";
	__u64 n = bytes;
	int i = 0;

	/* The unit above that of @bytes. */
	for (n /= 1024; n >= 1000 && units[i + 1]; n /= 1024, i++)
		bytes /= 1024;
	if (i && n < 10)
		snprintf(buf, size, "%llu.%llu%c", n,
			 bytes % 1024 * 10 / 1024, units[i]);
	else
		snprintf(buf, size, "%llu%c", n, units[i]);
}

/* MINUTES:SECONDS.HUNDREDTHS, or hours and days once that is too long. */
static void format_cpu_time(__u64 us, char *buf, size_t size)
{
	__u64 s = us / 1000000;

	if (s < 6000)
		snprintf(buf, size, "%llu:%02llu.%02llu", s / 60, s % 60,
			 us / 10000 % 100);
	else if (s < 360000)
		snprintf(buf, size, "%lluh%02llu:%02llu", s / 3600,
			 s / 60 % 60, s % 60);
	else
		snprintf(buf, size, "%llud%02lluh", s / 86400, s / 3600 % 24);
}

char *head_line(const struct table *table, const struct view *view, int n)
{
	const struct procsrv_stats *s = &table->stats;
	char *text = NULL;
	size_t size;
	FILE *line = need(open_memstream(&text, &size));

	if (!n) {
		fprintf(line, "%llu process%s: %llu running, %llu sleeping, ",
			s->total_processes,
			client_plural(s->total_processes, "es"), s->running,
			s->sleeping);
		fprintf(line, "%llu stopped, %llu zombie%s (%llu orphan%s)",
			s->stopped, s->zombies, client_plural(s->zombies, "s"),
			s->orphans, client_plural(s->orphans, "s"));
	} else {
		fprintf(line, "%llu session%s, %llu group%s; ", s->sessions,
			client_plural(s->sessions, "s"), s->process_groups,
			client_plural(s->process_groups, "s"));
		fprintf(line, "%llu created, %llu exited; by %s%s%s",
			s->total_created, s->total_exited, sort_name(view->key),
			view->reverse ? ", reversed" : "",
			view->tree ? ", as a tree" : "");
		if (*view->filter) {
			fputs("; only '", line);
			escape_text(line, view->filter, strlen(view->filter),
				    0);
			fprintf(line, "': %zu match%s", view->matches,
				client_plural(view->matches, "es"));
		}
	}
	fclose(line);
	return text;
}

char *title_line(const struct view *view)
{
	char *text;

	if (asprintf(&text, "%7s %7s %-8s %-8s %4s %5s %6s %9s S %s", "PID",
		     "PPID", "USER", "PRIORITY", "THR", "MEM", "%CPU", "TIME",
		     view->command ? "COMMAND" : "NAME") < 0)
		need(NULL);
	return text;
}

/* The command line is read each time that it is shown, and not kept. */
static void print_command(const struct task *task, FILE *line)
{
	static struct procsrv_details details;

	if (!procsrv_get_details(device(), task->info.pid, &details) &&
	    details.info.argv_len) {
		print_strings(line, details.argv, details.info.argv_len);
		return;
	}
	fputc('[', line);
	escape_text(line, task->info.name, strlen(task->info.name), 0);
	fputc(']', line);
}

char *task_line(const struct view *view, const struct task *task)
{
	const struct procsrv_info *i = &task->info;
	const char *priority = procsrv_priority_name(i->priority);
	char memory[32], time[32];
	char *text = NULL;
	size_t size;
	FILE *line = need(open_memstream(&text, &size));
	int depth = task->depth < DEEPEST ? task->depth : DEEPEST;

	format_memory(i->memory_usage, memory, sizeof(memory));
	format_cpu_time(i->cpu_time, time, sizeof(time));
	fprintf(line, "%7llu %7llu ", i->pid, i->ppid);
	print_column(line, user_name(effective_user(i)), 8);
	fprintf(line, " %-8s %4u %5s %4u.%u %9s %c ",
		priority ? priority : "?", i->thread_count, memory,
		task->permille / 10, task->permille % 10, time,
		procsrv_state_letter(i->state));
	if (depth)
		fprintf(line, "%*s", 3 * depth, "\\_ ");
	if (view->command)
		print_command(task, line);
	else
		escape_text(line, i->name, strlen(i->name), 0);
	fclose(line);
	return text;
}
