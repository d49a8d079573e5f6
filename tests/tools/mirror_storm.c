// SPDX-License-Identifier: GPL-2.0-only
/*
 * usage: mirror_storm COUNT RATE [KINDS]
 *
 * Creates COUNT processes, RATE in each second, that soon exit: with all kinds of codes, by
 * signals, stopped and continued meanwhile, as leaders of sessions and groups, as orphans, with
 * threads, and after an exec. Prints the pid and the status, as wait(2) has it, of each. Then it
 * prints "rest", and remains, with a stopped child, a zombie, and orphans in a session and a group
 * without their leaders, until it is killed.
 *
 * With 15 kinds there are none with threads.
 */
#include <errno.h>
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

static void *exit_all(void *code)
{
	_exit((long)code);
}

static void *sleep_on(void *unused)
{
	pause();
	return unused;
}

/* The exit code comes from another thread than the first, which is gone. */
static void exit_in_thread(int code)
{
	pthread_t thread;

	if (pthread_create(&thread, NULL, exit_all, (void *)(long)code))
		_exit(99);
	pthread_exit(NULL);
}

static void exit_with_threads(int code)
{
	pthread_t thread;

	if (pthread_create(&thread, NULL, sleep_on, NULL))
		_exit(99);
	_exit(code);
}

/* Leaves a child behind, which lives a little longer. */
static void leave_orphan(int code)
{
	if (!fork()) {
		usleep(2000);
		_exit(code);
	}
	_exit(code ^ 1);
}

static void live(unsigned int i, unsigned int kinds)
{
	switch (i % kinds) {
	case 8:
		setsid();
		break;
	case 9:
		setpgid(0, 0);
		break;
	case 10:
		raise(SIGKILL);
		break;
	case 11:
		raise(SIGSTOP);
		break;
	case 12:
		leave_orphan(i & 0xff);
		break;
	case 13:
		execl("/bin/true", "true", NULL);
		break;
	case 14:
		setsid();
		leave_orphan(i & 0xff);
		break;
	case 15:
		if (i & 16)
			exit_in_thread(i & 0xff);
		exit_with_threads(i & 0xff);
	}
	_exit(i & 0xff);
}

/* False if no child is left. */
static int reap(int flags)
{
	int status;
	pid_t pid;

	while ((pid = waitpid(-1, &status, flags | WUNTRACED)) > 0) {
		if (WIFSTOPPED(status))
			kill(pid, SIGCONT);
		else
			printf("%d %d\n", pid, status);
	}
	return !(pid < 0 && errno == ECHILD);
}

static double now(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return t.tv_sec + t.tv_nsec / 1e9;
}

static void begin(unsigned int i, unsigned int kinds)
{
	pid_t pid;

	fflush(stdout);
	do {
		pid = fork();
		if (pid < 0)
			reap(0);
	} while (pid < 0 && errno == EAGAIN);
	if (!pid)
		live(i, kinds);
}

/* Sleeps until the pipe is closed by the end of this program. */
static void remain(const int pipes[2])
{
	char c;

	close(pipes[1]);
	_exit(read(pipes[0], &c, 1));
}

/* Leaves two orphans in a session or a group whose leader ends. */
static void leave_two(const int pipes[2], int session)
{
	int i;

	fflush(stdout);
	if (fork())
		return;
	if (session)
		setsid();
	else
		setpgid(0, 0);
	for (i = 0; i < 2; i++)
		if (!fork())
			remain(pipes);
	_exit(0);
}

static void rest(const int pipes[2])
{
	pid_t stopped, zombie, leader;
	int i, status;

	for (i = 0; i < 2; i++) {
		leave_two(pipes, i);
		leader = wait(&status);
		printf("%d %d\n", leader, status);
	}
	stopped = fork();
	if (!stopped) {
		prctl(PR_SET_PDEATHSIG, SIGKILL);
		raise(SIGSTOP);
		_exit(0);
	}
	waitpid(stopped, NULL, WUNTRACED);
	zombie = fork();
	if (!zombie)
		_exit(77);
	waitid(P_PID, zombie, NULL, WEXITED | WNOWAIT);
}

int main(int argc, char **argv)
{
	unsigned int count = argc > 1 ? atoi(argv[1]) : 0, i;
	unsigned int kinds = argc > 3 ? atoi(argv[3]) : 16;
	double rate = argc > 2 ? atof(argv[2]) : 0, start = now(), pause_s;
	int pipes[2];

	if (!count || !kinds || rate <= 0 || pipe(pipes))
		return 2;
	prctl(PR_SET_CHILD_SUBREAPER, 1);
	for (i = 0; i < count; i++) {
		pause_s = start + i / rate - now();
		if (pause_s > 0)
			usleep(pause_s * 1e6);
		begin(i, kinds);
		reap(WNOHANG);
	}
	while (reap(0))
		;
	rest(pipes);
	printf("rest\n");
	fflush(stdout);
	for (;;)
		pause();
}
