// SPDX-License-Identifier: GPL-2.0-only
/*
 * Each process makes another, until that fails with EAGAIN. Prints how many there
 * were; the exit status says what was wrong with the failure.
 *
 * They share their memory (vfork), as each further copy would cost Linux more.
 */
#include <errno.h>
#include <signal.h>
#include <spawn.h>
#include <stdio.h>
#include <sys/wait.h>
#include <unistd.h>

static volatile int ended;

static void note_end(int signo)
{
	(void)signo;
	ended = 1;
}

/* Nothing may be left of the child that the fork did not make. */
static int check_failure(void)
{
	char *const argv[] = { "true", NULL };
	pid_t pid;

	if (errno != EAGAIN)
		return 1;
	if (wait(NULL) != -1 || errno != ECHILD)
		return 2;
	if (posix_spawn(&pid, "/bin/true", NULL, NULL, argv, argv + 1) != EAGAIN)
		return 3;
	if (fork() != -1 || errno != EAGAIN)
		return 4;
	return ended ? 5 : 0;
}

static int go_down(int depth)
{
	int status;
	pid_t pid = vfork();

	if (!pid)
		_exit(go_down(depth + 1));
	if (pid > 0)
		return waitpid(pid, &status, 0) == pid ? WEXITSTATUS(status) : 6;
	status = check_failure();
	printf("%d\n", depth);
	fflush(stdout);
	return status;
}

int main(void)
{
	signal(SIGCHLD, note_end);
	return go_down(1);
}
