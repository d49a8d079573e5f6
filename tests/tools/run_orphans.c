// SPDX-License-Identifier: GPL-2.0-only
/*
 * usage: run_orphans ROUNDS
 *
 * A process that forks as fast as it can is killed, ROUNDS times, often in a fork: alone, or with
 * its group; some of its children are siblings. All that it leaves are reparented to this program,
 * which waits for them until there are none. Exits with 1 if one of them ends otherwise.
 */
#include <errno.h>
#include <sched.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

/* How many zombies may be left behind at once. */
#define MAX_CHILDREN	30

/* The longest life of the process that forks. */
#define LIFE_US		2000

static void fork_on(unsigned long flags)
{
	int i;

	setpgid(0, 0);
	for (i = 0; i < MAX_CHILDREN; i++)
		if (!syscall(SYS_clone, flags | SIGCHLD, 0, 0, 0, 0))
			_exit(7);
	pause();
}

static bool is_right(int status, bool may_be_killed)
{
	if (WIFSIGNALED(status))
		return may_be_killed && WTERMSIG(status) == SIGKILL;
	return WIFEXITED(status) && WEXITSTATUS(status) == 7;
}

/* Returns 0 if all is right. */
static int check_round(int round)
{
	bool siblings = round & 1, group = round & 2, hang = round & 4;
	pid_t forks = fork(), pid;
	int status, waited = 0;

	if (!forks)
		fork_on(siblings ? CLONE_PARENT : 0);
	setpgid(forks, forks);
	usleep(rand() % LIFE_US);
	kill(group ? -forks : forks, SIGKILL);
	while ((pid = waitpid(-1, &status, hang ? 0 : WNOHANG)) >= 0) {
		if (pid && !is_right(status, group || pid == forks))
			return fprintf(stderr, "round %d: %d has status %#x\n", round, pid, status);
		waited += pid == forks;
	}
	if (errno != ECHILD || waited != 1)
		return fprintf(stderr, "round %d: waited for it %d times, %m\n", round, waited);
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
