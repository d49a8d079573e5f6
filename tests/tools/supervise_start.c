// SPDX-License-Identifier: GPL-2.0-only
/*
 * How long it takes from the kill of a program to the first instruction of its
 * successor.
 *
 *	supervise_start run FILE	add the pid and the time to the file, and sleep
 *	supervise_start kill FILE N	kill the last in the file, N times; print how
 *					long each took, in microseconds
 *	supervise_start plain FILE N	the same for children that are forked anew:
 *					the time that Linux alone needs
 */
#include <err.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

/**
 * struct start - a line of the file
 * @pid: the program
 * @time: of CLOCK_MONOTONIC, in nanoseconds
 */
struct start {
	int pid;
	unsigned long long time;
};

static unsigned long long now(void)
{
	struct timespec ts;

	clock_gettime(CLOCK_MONOTONIC, &ts);
	return ts.tv_sec * 1000000000ULL + ts.tv_nsec;
}

static void run(const char *path)
{
	struct start start = { .time = now(), .pid = getpid() };
	int fd = open(path, O_WRONLY | O_CREAT | O_APPEND, 0666);

	if (fd < 0 || write(fd, &start, sizeof(start)) != sizeof(start))
		err(1, "%s", path);
	for (;;)
		pause();
}

/* The start with this number, counted from 0. */
static struct start await_start(int fd, int number)
{
	struct start start;

	while (pread(fd, &start, sizeof(start), number * sizeof(start)) !=
	       sizeof(start))
		usleep(1000);
	return start;
}

static void fork_one(const char *self, const char *path)
{
	pid_t pid = fork();

	if (pid < 0)
		err(1, "fork");
	if (!pid) {
		execl(self, self, "run", path, NULL);
		err(1, "%s", self);
	}
}

int main(int argc, char **argv)
{
	unsigned long long killed;
	struct start start = {};
	int plain, times, fd, i;

	if (argc == 3 && !strcmp(argv[1], "run"))
		run(argv[2]);
	if (argc != 4)
		errx(2, "run FILE, kill FILE N, or plain FILE N");
	plain = !strcmp(argv[1], "plain");
	times = atoi(argv[3]);
	fd = open(argv[2], O_RDONLY | O_CREAT, 0666);
	if (fd < 0)
		err(1, "%s", argv[2]);
	if (plain)
		fork_one(argv[0], argv[2]);
	for (i = 0; i < times; i++) {
		start = await_start(fd, i);
		/* Wait until it and the processes around it sleep. */
		usleep(50000);
		killed = now();
		kill(start.pid, SIGKILL);
		if (plain) {
			waitpid(start.pid, NULL, 0);
			fork_one(argv[0], argv[2]);
		}
		start = await_start(fd, i + 1);
		printf("%llu\n", (start.time - killed) / 1000);
	}
	if (plain)
		kill(await_start(fd, times).pid, SIGKILL);
	return 0;
}
