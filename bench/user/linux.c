// SPDX-License-Identifier: GPL-2.0-only
/*
 * The cost of Linux's own calls, and of reading about its processes
 */
#include <dirent.h>
#include <fcntl.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "count.h"

static void measure_getpid(void)
{
	__u32 n;

	for (n = 0; n < repeats; n++) {
		begin();
		syscall(SYS_getpid);
		end(&ours, 1);
		begin();
		syscall(SYS_getppid);
		end(&theirs, 1);
	}
	report("Linux", "getpid", &ours);
	report("Linux", "getppid", &theirs);
}

static void fork_once(void)
{
	pid_t pid = fork();

	if (!pid)
		_exit(0);
	if (pid < 0 || waitpid(pid, NULL, 0) != pid)
		die("fork");
}

static void vfork_once(void)
{
	pid_t pid = vfork();

	if (!pid)
		_exit(0);
	if (pid < 0 || waitpid(pid, NULL, 0) != pid)
		die("vfork");
}

static void measure_fork(void)
{
	__u32 n;

	for (n = 0; n < repeats; n++) {
		begin();
		fork_once();
		end(&ours, 1);
	}
	for (n = 0; n < repeats; n++) {
		begin();
		vfork_once();
		end(&theirs, 1);
	}
	report("Linux", "fork+_exit+waitpid", &ours);
	report("Linux", "vfork+_exit+waitpid", &theirs);
}

static pid_t start_pausing(void)
{
	pid_t pid = fork();

	if (pid < 0)
		die("fork");
	while (!pid)
		pause();
	return pid;
}

static void end_pausing(pid_t pid)
{
	kill(pid, SIGKILL);
	waitpid(pid, NULL, 0);
}

static void measure_kill(void)
{
	pid_t pid = start_pausing();
	siginfo_t si;
	__u32 n;

	for (n = 0; n < repeats; n++) {
		begin();
		kill(pid, 0);
		end(&ours, 1);
		begin();
		waitid(P_ALL, 0, &si, WEXITED | WNOHANG);
		end(&theirs, 1);
	}
	report("Linux", "kill: check", &ours);
	report("Linux", "waitid: no child", &theirs);
	for (n = 0; n < repeats; n++) {
		begin();
		kill(pid, SIGSTOP);
		end(&ours, 1);
		waitid(P_PID, pid, &si, WSTOPPED);
		begin();
		kill(pid, SIGCONT);
		end(&theirs, 1);
		waitid(P_PID, pid, &si, WCONTINUED);
	}
	report("Linux", "kill: stop", &ours);
	report("Linux", "kill: continue", &theirs);
	end_pausing(pid);
}

static size_t read_file(const char *path)
{
	static char buf[4096];
	ssize_t len;
	int fd;

	fd = open(path, O_RDONLY);
	if (fd < 0)
		return 0;
	len = read(fd, buf, sizeof(buf));
	close(fd);
	return len > 0;
}

static void measure_stat(void)
{
	char path[32];
	__u32 n;

	snprintf(path, sizeof(path), "/proc/%d/stat", getppid());
	for (n = 0; n < repeats; n++) {
		begin();
		read_file(path);
		end(&ours, 1);
	}
	report("Linux", "reading /proc/PID/stat", &ours);
}

/*
 * Reads about every process: the owner and two files, as ps(1) of procps does
 * without options, or only /proc/PID/stat.
 */
static size_t walk_proc(bool as_ps)
{
	DIR *dir = opendir("/proc");
	struct dirent *entry;
	char path[300];
	struct stat st;
	size_t n = 0;

	if (!dir)
		die("/proc");
	while ((entry = readdir(dir))) {
		if (entry->d_name[0] < '0' || entry->d_name[0] > '9')
			continue;
		snprintf(path, sizeof(path), "/proc/%s/stat", entry->d_name);
		n += read_file(path);
		if (!as_ps)
			continue;
		snprintf(path, sizeof(path), "/proc/%s/status", entry->d_name);
		read_file(path);
		snprintf(path, sizeof(path), "/proc/%s", entry->d_name);
		stat(path, &st);
	}
	closedir(dir);
	return n;
}

/**
 * measure_ps() - measure listing all processes, of the server and of Linux
 *
 * The results are per process, because Linux has more processes than are
 * started here.
 */
void measure_ps(void)
{
	pid_t *started = calloc(processes, sizeof(*started));
	__u32 rounds = repeats / 10 + 3;
	static struct samples as_ps;
	size_t found;
	__u32 i;

	if (!started)
		die("memory");
	for (i = 0; i < processes; i++)
		started[i] = start_pausing();
	for (i = 0; i < rounds; i++) {
		begin();
		found = walk_proc(false);
		end(&theirs, found);
		begin();
		found = walk_proc(true);
		end(&as_ps, found);
		begin();
		found = list_all();
		end(&ours, found);
	}
	report("ps, by process", "reading /proc/PID/stat", &theirs);
	report("ps, by process", "reading /proc as ps(1)", &as_ps);
	report("ps, by process", "PROCSRV_IOC_LIST", &ours);
	for (i = 0; i < processes; i++)
		kill(started[i], SIGKILL);
	for (i = 0; i < processes; i++)
		waitpid(started[i], NULL, 0);
	free(started);
}

/**
 * measure_linux() - measure single calls
 */
void measure_linux(void)
{
	measure_getpid();
	measure_kill();
	measure_stat();
	measure_fork();
}
