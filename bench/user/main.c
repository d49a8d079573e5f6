// SPDX-License-Identifier: GPL-2.0-only
/*
 * What system calls cost: those of the server, and those of Linux beside them
 *
 * usage: syscalls [PROCESSES [REPEATS]]
 *
 * Runs in a guest with both modules loaded, on one processor, where the time
 * stamp counter counts instructions. Prints JSON objects, one a line.
 * PROCESSES is how many real processes, and how many of the server, are listed.
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
	/* While this program is small: fork copies less of it. */
	measure_linux();
	open_server();
	measure_ioctls();
	measure_ps();
	return 0;
}
