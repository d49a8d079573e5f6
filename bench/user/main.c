// SPDX-License-Identifier: GPL-2.0-only
/*
 * The cost of system calls: those of the server, compared with those of Linux
 *
 * usage: syscalls [PROCESSES [REPEATS]]
 *
 * Runs on one processor of a guest with both modules loaded, where the time
 * stamp counter counts instructions. Prints JSON objects, one per line.
 * PROCESSES is the number of real processes, and of processes of the server,
 * that are listed.
 */
#include <stdio.h>
#include <stdlib.h>

#include "count.h"

enum {
	MIN_PROCESSES = 64,
};

int main(int argc, char **args)
{
	if (argc > 1)
		processes = strtoul(args[1], NULL, 0);
	if (argc > 2)
		repeats = strtoul(args[2], NULL, 0);
	if (processes < MIN_PROCESSES || !repeats || repeats > MAX_REPEATS) {
		fprintf(stderr, "usage: %s [PROCESSES [REPEATS]]\n", args[0]);
		return 2;
	}
	measure_overhead();
	/* First, while this program is small and fork() has less to copy. */
	measure_linux();
	open_server();
	measure_ioctls();
	measure_ps();
	return 0;
}
