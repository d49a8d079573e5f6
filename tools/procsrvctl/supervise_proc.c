// SPDX-License-Identifier: GPL-2.0-only
/*
 * /proc: the parents and the usage of processes.
 */
#include <dirent.h>
#include <errno.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/pidfd.h>
#include <unistd.h>

#include "supervise_proc.h"

#define US_PER_S 1000000ULL

/* Numbers of the fields of /proc/PID/stat, as proc(5) counts them. */
enum {
	STAT_STATE = 3,
	STAT_PPID = 4,
	STAT_UTIME = 14,
	STAT_STIME = 15,
	STAT_CUTIME = 16,
	STAT_CSTIME = 17,
	STAT_THREADS = 20,
	STAT_START = 22,
	STAT_NR,
};

/* The name may hold anything, brackets too. */
bool proc_read_entry(pid_t pid, struct proc_entry *entry)
{
	__u64 field[STAT_NR] = {}, us = US_PER_S / sysconf(_SC_CLK_TCK);
	char text[1024], *name, *end, *next;
	int i;

	if (client_read_proc(pid, "stat", text, sizeof(text)) <= 0)
		return false;
	name = strchr(text, '(');
	end = strrchr(text, ')');
	if (!name || !end || end < name || strlen(end) < strlen(") S "))
		return false;
	*end = '\0';
	next = end + strlen(") S");
	for (i = STAT_PPID; i < STAT_NR; i++)
		field[i] = strtoull(next, &next, 10);
	*entry = (struct proc_entry) {
		.pid = pid,
		.ppid = field[STAT_PPID],
		.start = field[STAT_START],
		.cpu_time = (field[STAT_UTIME] + field[STAT_STIME]) * us,
		.waited_time = (field[STAT_CUTIME] + field[STAT_CSTIME]) * us,
		.threads = field[STAT_THREADS],
	};
	snprintf(entry->name, sizeof(entry->name), "%s", name + 1);
	return true;
}

static int compare(const void *a, const void *b)
{
	const struct proc_entry *left = a, *right = b;

	return left->pid < right->pid ? -1 : left->pid > right->pid;
}

void proc_read(struct proc_table *table)
{
	DIR *dir = opendir("/proc");
	struct dirent *entry;
	size_t room = 0;
	__u64 pid;

	*table = (struct proc_table) {};
	while (dir && (entry = readdir(dir))) {
		if (!client_parse_u64(entry->d_name, INT32_MAX, &pid))
			continue;
		if (table->nr == room) {
			room = room ? 2 * room : 256;
			table->list = need(realloc(table->list, room *
						   sizeof(*table->list)));
		}
		table->nr += proc_read_entry(pid, &table->list[table->nr]);
	}
	if (dir)
		closedir(dir);
	qsort(table->list, table->nr, sizeof(*table->list), compare);
}

const struct proc_entry *proc_find(const struct proc_table *table, pid_t pid)
{
	const struct proc_entry key = { .pid = pid };

	return bsearch(&key, table->list, table->nr, sizeof(key), compare);
}

__u64 proc_memory(pid_t pid)
{
	char text[2048], *line = NULL;

	if (client_read_proc(pid, "smaps_rollup", text, sizeof(text)) > 0)
		line = strstr(text, "\nPss:");
	if (line)
		return strtoull(line + strlen("\nPss:"), NULL, 10) * 1024;
	/* Fails for another user, or without CONFIG_PROC_PAGE_MONITOR. */
	if (client_read_proc(pid, "statm", text, sizeof(text)) <= 0)
		return 0;
	strtoull(text, &line, 10);
	return strtoull(line, NULL, 10) * sysconf(_SC_PAGESIZE);
}

void proc_argv(pid_t pid, struct strings *argv)
{
	char text[4096];
	ssize_t n = client_read_proc(pid, "cmdline", text, sizeof(text)), i;

	for (i = 0; i < n; i += strlen(text + i) + 1)
		strings_add(argv, text + i);
}

/* The ancestor of @entry that is a child of @root, itself perhaps, or NULL. */
static const struct proc_entry *branch(const struct proc_table *table,
				       const struct proc_entry *entry,
				       pid_t root)
{
	size_t i;

	/* The table is not of one moment: there can be a circle in it. */
	for (i = 0; entry && entry->ppid != root && i < table->nr; i++)
		entry = entry->ppid ? proc_find(table, entry->ppid) : NULL;
	return i < table->nr ? entry : NULL;
}

/*
 * The pid could be that of another process by now. It is the same process if it
 * was started in the same tick by the same parent, or is a child of this process.
 */
static void kill_entry(const struct proc_entry *entry)
{
	struct proc_entry now;
	int fd = pidfd_open(entry->pid, 0);

	if (fd < 0)
		return;
	if (proc_read_entry(entry->pid, &now) && now.start == entry->start &&
	    (now.ppid == entry->ppid || now.ppid == getpid()))
		pidfd_send_signal(fd, SIGKILL, NULL, 0);
	close(fd);
}

void proc_kill_below(bool (*spared)(pid_t pid, const void *data),
		     const void *data)
{
	const struct proc_entry *child;
	struct proc_table table;
	size_t i;

	proc_read(&table);
	for (i = 0; i < table.nr; i++) {
		child = branch(&table, &table.list[i], getpid());
		if (child && !(spared && spared(child->pid, data)))
			kill_entry(&table.list[i]);
	}
	free(table.list);
}
