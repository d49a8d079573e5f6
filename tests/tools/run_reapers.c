// SPDX-License-Identifier: GPL-2.0-only
/*
 * usage: run_reapers ROUNDS
 *
 * A process sets and clears its subreaper flag as fast as it can, while its child exits and leaves
 * a child of its own, ROUNDS times. The orphan asks for its parent. Both processes that it may be
 * reparented to wait for all of their children. Exits with 1 if one of them ends otherwise.
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

/* How often the flag is changed, and until when the child exits. */
#define CHANGES	20
#define LIFE_US	1000

static void begin_orphan(void)
{
	pid_t parent = getpid();

	if (fork())
		return;
	while (getppid() == parent)
		usleep(100);
	_exit(7);
}

/* Returns how many children exited with 7, or a negative value if one ended otherwise. */
static int wait_for_all(void)
{
	int status, n = 0;

	while (wait(&status) > 0) {
		if (!WIFEXITED(status) || WEXITSTATUS(status) != 7)
			return -1;
		n++;
	}
	return errno == ECHILD ? n : -1;
}

/* Exits with the number of its children. */
static void change_flag(int delay)
{
	int i;

	if (!fork()) {
		begin_orphan();
		usleep(delay);
		_exit(7);
	}
	for (i = 0; i < CHANGES; i++)
		prctl(PR_SET_CHILD_SUBREAPER, i & 1);
	_exit(wait_for_all());
}

/* Returns 0 if all is right. */
static int check_round(int round)
{
	pid_t changes = fork();
	int status, n;

	if (!changes)
		change_flag(rand() % LIFE_US);
	if (waitpid(changes, &status, 0) != changes || !WIFEXITED(status))
		return fprintf(stderr, "round %d: status %#x, %m\n", round, status);
	n = wait_for_all();
	if (n < 0 || WEXITSTATUS(status) + n != 2)
		return fprintf(stderr, "round %d: children: %d and %d\n", round,
			       WEXITSTATUS(status), n);
	return 0;
}

int main(int argc, char **argv)
{
	int rounds = argc > 1 ? atoi(argv[1]) : 1, i;

	prctl(PR_SET_CHILD_SUBREAPER, 1);
	for (i = 0; i < rounds; i++)
		if (check_round(i))
			return 1;
	return 0;
}
