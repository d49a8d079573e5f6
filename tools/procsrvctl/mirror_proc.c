// SPDX-License-Identifier: GPL-2.0-only
/*
 * The processes of a Linux machine, read from /proc.
 */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <linux/capability.h>
#include <sched.h>
#include <stdlib.h>
#include <string.h>
#include <sys/sysmacros.h>
#include <unistd.h>

#include "mirror.h"

#define US_PER_S 1000000ULL

/* The key in /proc/PID/status. */
#define CAPABILITIES "\nCapEff:"

/* Numbers of the fields of /proc/PID/stat, as proc(5) counts them. */
enum {
	STAT_PPID = 4,
	STAT_PGRP = 5,
	STAT_SESSION = 6,
	STAT_TTY = 7,
	STAT_FLAGS = 9,
	STAT_UTIME = 14,
	STAT_STIME = 15,
	STAT_NICE = 19,
	STAT_THREADS = 20,
	STAT_START = 22,
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
	p->start = field[STAT_START];
	p->flags = field[STAT_FLAGS];
	p->priority = priority_of(field[STAT_POLICY], field[STAT_NICE]);
	p->exit_status = field[STAT_EXIT_CODE];
	return true;
}

/* "Uid:" and "Gid:" have the real, effective, saved and file system id. */
static bool parse_ids(const char *text, const char *key, __u32 id[3])
{
	const char *line = strstr(text, key);
	char *next;
	int i;

	if (!line)
		return false;
	next = (char *)line + strlen(key);
	for (i = 0; i < 3; i++)
		id[i] = strtoul(next, &next, 10);
	return true;
}

static bool may_kill(const char *text)
{
	const char *line = strstr(text, CAPABILITIES);

	return line && strtoull(line + strlen(CAPABILITIES), NULL, 16) >>
		       CAP_KILL & 1;
}

bool machine_credentials(const struct machine *machine, pid_t pid,
			 struct procsrv_credentials *c)
{
	char text[4096];
	__u32 uid[3], gid[3];

	if (!read_text(machine->proc, pid, "status", text, sizeof(text)) ||
	    !parse_ids(text, "\nUid:", uid) || !parse_ids(text, "\nGid:", gid))
		return false;
	*c = (struct procsrv_credentials) {
		.ruid = uid[0], .euid = uid[1], .suid = uid[2],
		.rgid = gid[0], .egid = gid[1], .sgid = gid[2],
		.flags = may_kill(text) ? PROCSRV_CREDENTIALS_KILL : 0,
	};
	return true;
}

/* The session and the group of init become 0, for those of the server's init. */
static void normalize(const struct machine *machine, struct linux_process *p)
{
	if (p->sid != machine->init_sid && p->sid)
		return;
	p->sid = 0;
	if (p->pgrp == machine->init_pgrp)
		p->pgrp = 0;
}

bool machine_look(const struct machine *machine, pid_t pid,
		  struct linux_process *p)
{
	char text[1024];

	*p = (struct linux_process) { .pid = pid };
	if (!read_text(machine->proc, pid, "stat", text, sizeof(text)) ||
	    !parse_stat(text, p))
		return false;
	normalize(machine, p);
	return true;
}

static bool read_process(const struct machine *machine, pid_t pid,
			 struct linux_process *p)
{
	return machine_look(machine, pid, p) &&
	       machine_credentials(machine, pid, &p->credentials);
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

void machine_open(struct machine *machine, const char *path)
{
	struct linux_process init;

	*machine = (struct machine) {};
	machine->proc = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (machine->proc < 0)
		fatal(CLIENT_USAGE, "cannot open %s: %s", path,
		      strerror(errno));
	if (!machine_look(machine, 1, &init))
		return;
	machine->init_sid = init.sid;
	machine->init_pgrp = init.pgrp;
}

void machine_read(struct machine *machine)
{
	size_t room = 256;
	struct dirent *entry;
	__u64 pid;
	DIR *dir = fdopendir(openat(machine->proc, ".", O_RDONLY | O_DIRECTORY |
						       O_CLOEXEC));

	if (!dir)
		fatal(CLIENT_USAGE, "cannot read the processes: %s",
		      strerror(errno));
	machine->vanished = 0;
	machine->nr = 0;
	machine->list = need(calloc(room, sizeof(*machine->list)));
	while ((entry = readdir(dir))) {
		if (!client_parse_u64(entry->d_name, INT32_MAX, &pid))
			continue;
		if (machine->nr == room) {
			room *= 2;
			machine->list = need(realloc(machine->list, room *
						     sizeof(*machine->list)));
		}
		if (read_process(machine, pid, &machine->list[machine->nr]))
			machine->nr++;
		else
			machine->vanished++;
	}
	closedir(dir);
	qsort(machine->list, machine->nr, sizeof(*machine->list), compare_pid);
}

void machine_free(struct machine *machine)
{
	free(machine->list);
	machine->list = NULL;
	machine->nr = 0;
}

bool machine_forks(const struct machine *machine, __u64 *forks)
{
	static const char key[] = "\nprocesses ";
	int fd = openat(machine->proc, "stat", O_RDONLY | O_CLOEXEC);
	static char text[1 << 18];
	const char *line;
	ssize_t n, len = 0;

	if (fd < 0)
		return false;
	while ((n = read(fd, text + len, sizeof(text) - 1 - len)) > 0)
		len += n;
	close(fd);
	text[len] = '\0';
	line = strstr(text, key);
	if (line)
		*forks = strtoull(line + strlen(key), NULL, 10);
	return line;
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
