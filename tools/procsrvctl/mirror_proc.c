// SPDX-License-Identifier: GPL-2.0-only
/*
 * The processes of a Linux machine, read from /proc.
 */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <stdlib.h>
#include <string.h>
#include <sys/sysmacros.h>
#include <unistd.h>

#include "mirror.h"

#define US_PER_S 1000000ULL

/* Numbers of the fields of /proc/PID/stat, as proc(5) counts them. */
enum {
	STAT_PPID = 4,
	STAT_PGRP = 5,
	STAT_SESSION = 6,
	STAT_TTY = 7,
	STAT_UTIME = 14,
	STAT_STIME = 15,
	STAT_NICE = 19,
	STAT_THREADS = 20,
	STAT_RSS = 24,
	STAT_POLICY = 41,
	STAT_EXIT_CODE = 52,
	STAT_NR,
};

/* The whole of a small file, as a string; false if it cannot be read. */
static bool read_text(int dir, pid_t pid, const char *file, char *buf,
		      size_t size)
{
	char path[64];
	ssize_t n;
	int fd;

	snprintf(path, sizeof(path), "%d/%s", pid, file);
	fd = openat(dir, path, O_RDONLY | O_CLOEXEC);
	if (fd < 0)
		return false;
	n = read(fd, buf, size - 1);
	close(fd);
	if (n <= 0)
		return false;
	buf[n] = '\0';
	return true;
}

static __u32 priority_of(long long policy, long long nice)
{
	switch (policy) {
	case SCHED_IDLE:
		return PROCSRV_PRIO_IDLE;
	case SCHED_FIFO:
	case SCHED_RR:
	case SCHED_DEADLINE:
		return PROCSRV_PRIO_REALTIME;
	}
	if (nice > 0)
		return PROCSRV_PRIO_LOW;
	return nice < 0 ? PROCSRV_PRIO_HIGH : PROCSRV_PRIO_NORMAL;
}

/* "PID (NAME) STATE NUMBER..."; the name may hold anything, brackets too. */
static bool parse_stat(char *text, struct linux_process *p)
{
	char *name = strchr(text, '('), *end = strrchr(text, ')');
	long long field[STAT_NR] = {};
	__u64 ticks = sysconf(_SC_CLK_TCK);
	char *next;
	int i;

	if (!name || !end || end < name || end[1] != ' ' || !end[2])
		return false;
	*end = '\0';
	snprintf(p->name, sizeof(p->name), "%s", name + 1);
	p->state = end[2];

	next = end + 3;
	for (i = STAT_PPID; i < STAT_NR; i++)
		field[i] = strtoll(next, &next, 10);

	p->ppid = field[STAT_PPID];
	p->pgrp = field[STAT_PGRP];
	p->sid = field[STAT_SESSION];
	p->tty = field[STAT_TTY];
	p->cpu_time = (field[STAT_UTIME] + field[STAT_STIME]) * US_PER_S /
		      ticks;
	p->memory = field[STAT_RSS] * sysconf(_SC_PAGESIZE);
	p->threads = field[STAT_THREADS] > 0 ? field[STAT_THREADS] : 1;
	p->priority = priority_of(field[STAT_POLICY], field[STAT_NICE]);
	p->exit_status = field[STAT_EXIT_CODE];
	return true;
}

/* "Uid:" and "Gid:" have the real, effective, saved and file system id. */
static bool parse_id(const char *text, const char *key, __u32 *id)
{
	const char *line = strstr(text, key);
	char *end;

	if (!line)
		return false;
	strtoul(line + strlen(key), &end, 10);
	*id = strtoul(end, NULL, 10);
	return true;
}

static bool read_process(int dir, pid_t pid, struct linux_process *p)
{
	char text[4096];

	*p = (struct linux_process) { .pid = pid };
	return read_text(dir, pid, "stat", text, sizeof(text)) &&
	       parse_stat(text, p) &&
	       read_text(dir, pid, "status", text, sizeof(text)) &&
	       parse_id(text, "\nUid:", &p->uid) &&
	       parse_id(text, "\nGid:", &p->gid);
}

static int compare_pid(const void *a, const void *b)
{
	const struct linux_process *left = a, *right = b;

	return left->pid < right->pid ? -1 : left->pid > right->pid;
}

struct linux_process *machine_find(const struct machine *machine, pid_t pid)
{
	const struct linux_process key = { .pid = pid };

	return bsearch(&key, machine->list, machine->nr,
		       sizeof(*machine->list), compare_pid);
}

/* What has the session or group of init has those that the server's init has. */
static void normalize(struct machine *machine)
{
	const struct linux_process *init = machine_find(machine, 1);
	pid_t sid = init ? init->sid : 0;
	pid_t pgrp = init ? init->pgrp : 0;
	struct linux_process *p;

	for (p = machine->list; p < machine->list + machine->nr; p++) {
		if (p->sid != sid && p->sid)
			continue;
		p->sid = 0;
		if (p->pgrp == pgrp)
			p->pgrp = 0;
	}
}

void machine_read(struct machine *machine, const char *path)
{
	size_t room = 256;
	struct dirent *entry;
	__u64 pid;
	DIR *dir;

	machine->proc = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	dir = machine->proc < 0 ? NULL : fdopendir(dup(machine->proc));
	if (!dir)
		fatal(CLIENT_USAGE, "cannot open %s: %s", path,
		      strerror(errno));

	machine->list = need(calloc(room, sizeof(*machine->list)));
	while ((entry = readdir(dir))) {
		if (!client_parse_u64(entry->d_name, INT32_MAX, &pid))
			continue;
		if (machine->nr == room) {
			room *= 2;
			machine->list = need(realloc(machine->list, room *
						     sizeof(*machine->list)));
		}
		if (read_process(machine->proc, pid,
				 &machine->list[machine->nr]))
			machine->nr++;
		else
			machine->vanished++;
	}
	closedir(dir);
	if (!machine->nr)
		fatal(CLIENT_USAGE, "there are no processes in %s", path);

	qsort(machine->list, machine->nr, sizeof(*machine->list), compare_pid);
	normalize(machine);
}

void machine_free(struct machine *machine)
{
	close(machine->proc);
	free(machine->list);
}

bool machine_strings(const struct machine *machine, pid_t pid,
		     const char *file, struct strings *list)
{
	size_t room = 4096;
	char path[64];
	ssize_t n;
	int fd;

	list->len = 0;
	snprintf(path, sizeof(path), "%d/%s", pid, file);
	fd = openat(machine->proc, path, O_RDONLY | O_CLOEXEC);
	if (fd < 0)
		return false;
	for (;;) {
		list->data = need(realloc(list->data, room + 1));
		n = read(fd, list->data + list->len, room - list->len);
		if (n <= 0)
			break;
		list->len += n;
		if (list->len < room)
			continue;
		if (room == PROCSRV_STRINGS_MAX)
			break;
		room *= 2;
	}
	close(fd);
	if (n < 0)
		return false;

	/* A program may have overwritten the last NUL. */
	if (list->len && list->len < PROCSRV_STRINGS_MAX &&
	    list->data[list->len - 1])
		list->data[list->len++] = '\0';
	while (list->len && list->data[list->len - 1])
		list->len--;
	return true;
}

bool machine_cwd(const struct machine *machine, pid_t pid,
		 char path[PROCSRV_PATH_MAX])
{
	char link[64];
	ssize_t n;

	snprintf(link, sizeof(link), "%d/cwd", pid);
	n = readlinkat(machine->proc, link, path, PROCSRV_PATH_MAX - 1);
	if (n <= 0)
		return false;
	path[n] = '\0';
	return path[0] == '/';
}

void machine_terminal(unsigned int tty, char *name, size_t size)
{
	/* As encoded in stat: the minor number is in two pieces. */
	unsigned int major = tty >> 8 & 0xfff;
	unsigned int minor = (tty & 0xff) | (tty >> 12 & 0xfff00);
	static const char key[] = "DEVNAME=";
	char path[64], line[256];
	FILE *file;

	if (major >= 136 && major <= 143) {
		snprintf(name, size, "pts/%u", (major - 136) * 256 + minor);
		return;
	}
	snprintf(name, size, "%u:%u", major, minor);
	snprintf(path, sizeof(path), "/sys/dev/char/%u:%u/uevent", major,
		 minor);
	file = fopen(path, "re");
	if (!file)
		return;
	while (fgets(line, sizeof(line), file)) {
		line[strcspn(line, "\n")] = '\0';
		if (!strncmp(line, key, strlen(key)))
			snprintf(name, size, "%s", line + strlen(key));
	}
	fclose(file);
}
