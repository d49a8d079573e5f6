// SPDX-License-Identifier: GPL-2.0-only
/*
 * The cost of starting processes and waiting for them
 *
 * usage: cycles WHAT REPEATS CHILD
 *
 * Prints JSON objects, one per line, like the program syscalls. WHAT describes
 * how this program is run: by itself, or under a supervisor. CHILD is the
 * program that its children execute. It must exit at once, as this one does
 * without arguments.
 */
#include <stdio.h>
#include <stdlib.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "count.h"

/* A single call is too short: several are counted at once. */
#define CALLS	100

static char *child_args[2];

static void wait_for(pid_t pid)
{
	int status;

	if (pid < 0 || waitpid(pid, &status, 0) != pid || status)
		die("a child");
}

static void fork_once(void)
{
	pid_t pid = fork();

	if (!pid)
		_exit(0);
	wait_for(pid);
}

static void exec_once(void)
{
	pid_t pid = vfork();

	if (!pid) {
		execv(child_args[0], child_args);
		_exit(1);
	}
	wait_for(pid);
}

static void call(void)
{
	int i;

	for (i = 0; i < CALLS; i++)
		syscall(SYS_getpid);
}

static void measure(const char *test, const char *what, void (*once)(void), __u64 times)
{
	__u32 n;

	for (n = 0; n < repeats; n++) {
		begin();
		once();
		end(&ours, times);
	}
	report(test, what, &ours);
}

int main(int argc, char **args)
{
	if (argc == 1)
		return 0;
	processes = 1;
	if (argc == 4) {
		repeats = strtoul(args[2], NULL, 0);
		child_args[0] = args[3];
	}
	if (argc != 4 || !repeats || repeats > MAX_REPEATS) {
		fprintf(stderr, "usage: %s WHAT REPEATS CHILD\n", args[0]);
		return 2;
	}
	measure_overhead();
	measure("fork+_exit+waitpid", args[1], fork_once, 1);
	measure("vfork+exec+waitpid", args[1], exec_once, 1);
	measure("getpid", args[1], call, CALLS);
	return 0;
}
