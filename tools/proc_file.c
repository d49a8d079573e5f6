// SPDX-License-Identifier: GPL-2.0-only
/*
 * Files of /proc.
 */
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "client.h"

ssize_t client_read_proc(pid_t pid, const char *file, char *buf, size_t size)
{
	char path[64];
	ssize_t n;
	int fd;

	snprintf(path, sizeof(path), "/proc/%d/%s", pid, file);
	fd = open(path, O_RDONLY | O_CLOEXEC);
	if (fd < 0)
		return -1;
	n = read(fd, buf, size - 1);
	close(fd);
	if (n >= 0)
		buf[n] = '\0';
	return n;
}

/* The name before it may hold anything, brackets too. */
char client_proc_state(pid_t pid)
{
	const char *end;
	char stat[512];

	if (client_read_proc(pid, "stat", stat, sizeof(stat)) < 0)
		return 0;
	end = strrchr(stat, ')');
	return end && end[1] ? end[2] : 0;
}
