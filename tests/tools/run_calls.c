// SPDX-License-Identifier: GPL-2.0-only
/*
 * Calls about processes, each with the answer that Linux gives. They succeed without
 * procsrv-run, and must succeed under it. Also built for i386.
 *
 *	run_calls [NAME]...	all, or those with these names
 *
 * The tests of run_calls_rare.c and run_waits.c are part of it.
 */
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <linux/sched.h>
#include <pthread.h>
#include <sched.h>
#include <signal.h>
#include <spawn.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/ptrace.h>
#include <sys/signalfd.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "run_calls.h"

const char *current;
int failures;

void snooze(int ms)
{
	struct timespec ts = { ms / 1000, ms % 1000 * 1000000L };

	while (nanosleep(&ts, &ts) && errno == EINTR)
		;
}

pid_t child_that_exits(int code)
{
	pid_t pid = fork();

	if (!pid)
		_exit(code);
	return pid;
}

pid_t child_that_sleeps(void)
{
	pid_t pid = fork();

	if (!pid) {
		pause();
		_exit(99);
	}
	return pid;
}

void end(pid_t pid)
{
	kill(pid, SIGKILL);
	CHECK(waitpid(pid, NULL, __WALL) == pid);
}

bool killed_by(int status, int signo)
{
	return WIFSIGNALED(status) && WTERMSIG(status) == signo;
}

static void test_exit_codes(void)
{
	int status, i;
	pid_t pid;

	for (i = 0; i < 256; i += 51) {
		pid = child_that_exits(i);
		CHECK(waitpid(pid, &status, 0) == pid);
		CHECK(WIFEXITED(status) && WEXITSTATUS(status) == i);
	}
	FAILS(ECHILD, wait(&status));
	FAILS(ECHILD, waitpid(getpid(), &status, 0));
	FAILS(EINVAL, waitpid(-1, &status, 0x10000));
}

static void test_wait_any(void)
{
	pid_t pids[5], pid;
	int i, status, sum = 0;

	for (i = 0; i < 5; i++)
		pids[i] = child_that_exits(i);
	for (i = 0; i < 5; i++) {
		pid = wait(&status);
		CHECK(pid >= pids[0] && pid <= pids[4]);
		sum += WEXITSTATUS(status);
	}
	CHECK(sum == 10);
	FAILS(ECHILD, wait(NULL));
}

static void test_wait_lowest(void)
{
	pid_t first = child_that_exits(1), second = child_that_exits(2);
	siginfo_t info;

	CHECK(!waitid(P_PID, second, &info, WEXITED | WNOWAIT));
	CHECK(!waitid(P_PID, first, &info, WEXITED | WNOWAIT));
	CHECK(wait(NULL) == first);
	CHECK(wait(NULL) == second);
}

static void test_wait_sleeps(void)
{
	pid_t pid = fork();
	int status;

	if (!pid) {
		snooze(100);
		_exit(7);
	}
	CHECK(waitpid(-1, &status, WNOHANG) == 0);
	CHECK(waitpid(pid, &status, WNOHANG) == 0);
	CHECK(wait(&status) == pid && WEXITSTATUS(status) == 7);
	pid = fork();
	if (!pid) {
		snooze(100);
		_exit(8);
	}
	CHECK(waitpid(0, &status, 0) == pid && WEXITSTATUS(status) == 8);
	pid = fork();
	if (!pid) {
		snooze(100);
		_exit(9);
	}
	CHECK(waitpid(pid, &status, 0) == pid && WEXITSTATUS(status) == 9);
}

static void test_waitid(void)
{
	pid_t pid = child_that_exits(3);
	siginfo_t info;

	memset(&info, 0xcc, sizeof(info));
	CHECK(!waitid(P_ALL, 0, &info, WEXITED | WNOWAIT));
	CHECK(info.si_pid == pid && info.si_code == CLD_EXITED && info.si_status == 3);
	CHECK(!waitid(P_PID, pid, NULL, WEXITED));
	FAILS(ECHILD, waitid(P_PID, pid, &info, WEXITED));
	FAILS(EINVAL, waitid(P_ALL, 0, &info, 0));
	pid = child_that_sleeps();
	memset(&info, 0xcc, sizeof(info));
	CHECK(!waitid(P_ALL, 0, &info, WEXITED | WNOHANG));
	CHECK(info.si_pid == 0 && info.si_signo == 0);
	end(pid);
}

static void test_bad_pointers(void)
{
	pid_t pid = child_that_exits(3);

	FAILS(EFAULT, waitpid(pid, (void *)8, 0));
	FAILS(ECHILD, waitpid(pid, NULL, 0));
	pid = child_that_exits(3);
	FAILS(EFAULT, waitpid(-1, (void *)8, 0));
	FAILS(ECHILD, waitpid(-1, NULL, 0));
}

static void test_signals_end(void)
{
	static const int signals[] = { SIGTERM, SIGKILL, SIGHUP, SIGUSR1, SIGALRM };
	size_t i;
	int status;
	pid_t pid;

	for (i = 0; i < sizeof(signals) / sizeof(*signals); i++) {
		pid = child_that_sleeps();
		CHECK(!kill(pid, 0));
		CHECK(!kill(pid, signals[i]));
		CHECK(waitpid(pid, &status, 0) == pid);
		CHECK(killed_by(status, signals[i]));
		FAILS(ESRCH, kill(pid, 0));
	}
	FAILS(EINVAL, kill(getpid(), 65));
	FAILS(EINVAL, kill(getpid(), -1));
	FAILS(ESRCH, kill(-getpid() - 1000, 0));
	FAILS(EINVAL, syscall(SYS_tkill, 0, 0));
	FAILS(ESRCH, syscall(SYS_tgkill, getpid() + 1000, getpid(), 0));
}

static void test_zombie(void)
{
	pid_t pid = child_that_exits(0);
	siginfo_t info;

	CHECK(!waitid(P_PID, pid, &info, WEXITED | WNOWAIT));
	CHECK(!kill(pid, SIGTERM));
	CHECK(getpgid(pid) == getpgrp());
	CHECK(waitpid(pid, NULL, 0) == pid);
	FAILS(ESRCH, getpgid(pid));
	FAILS(ESRCH, getsid(pid));
}

static void test_stop_and_continue(void)
{
	pid_t pid = child_that_sleeps();
	siginfo_t info;
	int status;

	CHECK(!kill(pid, SIGSTOP));
	CHECK(waitpid(pid, &status, WUNTRACED) == pid);
	CHECK(WIFSTOPPED(status) && WSTOPSIG(status) == SIGSTOP);
	CHECK(waitpid(pid, &status, WUNTRACED | WNOHANG) == 0);
	CHECK(!kill(pid, SIGCONT));
	CHECK(waitpid(pid, &status, WCONTINUED) == pid && WIFCONTINUED(status));
	CHECK(!kill(pid, SIGTSTP));
	CHECK(waitpid(-1, &status, WUNTRACED) == pid);
	CHECK(WIFSTOPPED(status) && WSTOPSIG(status) == SIGTSTP);
	CHECK(!kill(pid, SIGCONT));
	CHECK(!waitid(P_ALL, 0, &info, WCONTINUED));
	CHECK(info.si_pid == pid && info.si_code == CLD_CONTINUED);
	CHECK(!kill(pid, SIGSTOP));
	CHECK(!waitid(P_PID, pid, &info, WSTOPPED | WNOWAIT));
	CHECK(info.si_code == CLD_STOPPED && info.si_status == SIGSTOP);
	CHECK(!kill(pid, SIGKILL));
	CHECK(waitpid(pid, &status, WUNTRACED | WCONTINUED) == pid);
	CHECK(killed_by(status, SIGKILL) || WIFSTOPPED(status));
	if (WIFSTOPPED(status))
		CHECK(waitpid(pid, NULL, 0) == pid);
}

static void test_blocked(void)
{
	sigset_t set, former;
	pid_t pid;
	int status;

	sigemptyset(&set);
	sigaddset(&set, SIGTERM);
	sigaddset(&set, SIGUSR1);
	sigprocmask(SIG_BLOCK, &set, &former);
	pid = fork();
	if (!pid) {
		kill(getpid(), SIGUSR1);
		if (sigwaitinfo(&set, NULL) != SIGUSR1)
			_exit(1);
		if (sigwaitinfo(&set, NULL) != SIGTERM)
			_exit(2);
		_exit(0);
	}
	snooze(50);
	CHECK(!kill(pid, SIGTERM));
	CHECK(waitpid(pid, &status, 0) == pid && !status);
	sigprocmask(SIG_SETMASK, &former, NULL);
}

static void test_ignored(void)
{
	pid_t pid;
	int status;

	signal(SIGTERM, SIG_IGN);
	pid = fork();
	if (!pid) {
		snooze(150);
		_exit(4);
	}
	CHECK(!kill(pid, SIGTERM));
	CHECK(waitpid(pid, &status, 0) == pid && WEXITSTATUS(status) == 4);
	signal(SIGTERM, SIG_DFL);
}

static void test_signalfd(void)
{
	struct signalfd_siginfo info;
	sigset_t set, former;
	pid_t pid;
	int fd;

	sigemptyset(&set);
	sigaddset(&set, SIGCHLD);
	sigprocmask(SIG_BLOCK, &set, &former);
	fd = signalfd(-1, &set, 0);
	pid = child_that_exits(6);
	CHECK(read(fd, &info, sizeof(info)) == sizeof(info));
	CHECK((pid_t)info.ssi_pid == pid && info.ssi_status == 6);
	CHECK(waitpid(pid, NULL, WNOHANG) == pid);
	close(fd);
	sigprocmask(SIG_SETMASK, &former, NULL);
}

volatile int handled;

void handle(int signo)
{
	(void)signo;
	handled++;
}

static void test_interrupted(void)
{
	struct sigaction act = { .sa_handler = handle };
	pid_t parent = getpid(), sleeper = child_that_sleeps(), pid;
	int status;

	handled = 0;
	sigaction(SIGUSR1, &act, NULL);
	pid = fork();
	if (!pid) {
		snooze(100);
		kill(parent, SIGUSR1);
		_exit(0);
	}
	FAILS(EINTR, waitpid(sleeper, &status, 0));
	CHECK(handled == 1);
	CHECK(waitpid(pid, NULL, 0) == pid);
	act.sa_flags = SA_RESTART;
	sigaction(SIGUSR1, &act, NULL);
	pid = fork();
	if (!pid) {
		snooze(100);
		kill(parent, SIGUSR1);
		snooze(100);
		kill(sleeper, SIGKILL);
		_exit(0);
	}
	CHECK(waitpid(-getpgrp(), &status, 0) == sleeper || handled);
	while (wait(NULL) > 0)
		;
	CHECK(handled == 2);
	signal(SIGUSR1, SIG_DFL);
}

/* The wait must return the child before its SIGCHLD is handled. */
static volatile pid_t taken_by_handler;

static void take_child(int signo)
{
	int error = errno;
	pid_t pid = waitpid(-1, NULL, WNOHANG);

	(void)signo;
	if (pid > 0)
		taken_by_handler = pid;
	errno = error;
}

static bool sleeps(pid_t pid)
{
	char name[32], text[256], *state;
	ssize_t n;
	int fd;

	snprintf(name, sizeof(name), "/proc/%d/stat", pid);
	fd = open(name, O_RDONLY);
	n = read(fd, text, sizeof(text) - 1);
	close(fd);
	text[n > 0 ? n : 0] = '\0';
	state = strrchr(text, ')');
	return state && state[1] && state[2] == 'S';
}

static void test_wait_before_handler(void)
{
	struct sigaction act = { .sa_handler = take_child, .sa_flags = SA_RESTART };
	int i;
	pid_t pid;

	sigaction(SIGCHLD, &act, NULL);
	for (i = 0; i < 20; i++) {
		taken_by_handler = 0;
		pid = fork();
		if (!pid) {
			/* If it ended before the wait begins, the handler would take it. */
			while (!sleeps(getppid()))
				snooze(1);
			_exit(0);
		}
		CHECK(wait(NULL) == pid);
		CHECK(!taken_by_handler);
	}
	signal(SIGCHLD, SIG_DFL);
}

static void test_autoreap(void)
{
	struct sigaction act = { .sa_handler = SIG_DFL, .sa_flags = SA_NOCLDWAIT };
	pid_t pid;

	signal(SIGCHLD, SIG_IGN);
	pid = child_that_exits(0);
	FAILS(ECHILD, waitpid(pid, NULL, 0));
	pid = child_that_exits(0);
	FAILS(ECHILD, wait(NULL));
	sigaction(SIGCHLD, &act, NULL);
	pid = fork();
	if (!pid) {
		snooze(50);
		_exit(0);
	}
	FAILS(ECHILD, waitpid(pid, NULL, 0));
	signal(SIGCHLD, SIG_DFL);
	pid = child_that_exits(0);
	CHECK(waitpid(pid, NULL, 0) == pid);
}

static void test_groups(void)
{
	pid_t a = child_that_sleeps(), b = child_that_sleeps();
	int status;

	CHECK(getpgid(a) == getpgrp());
	CHECK(!setpgid(a, 0));
	CHECK(!setpgid(b, a));
	CHECK(getpgid(b) == a && getpgid(a) == a);
	FAILS(EPERM, setpgid(b, b + 1000));
	FAILS(ESRCH, setpgid(b + 1000, 0));
	FAILS(EINVAL, setpgid(b, -1));
	FAILS(EINVAL, setpgid(-1, 0));
	FAILS(EINVAL, setpgid(INT_MIN, 0));
	FAILS(ESRCH, setpgid(-1, a));
	FAILS(ECHILD, waitpid(-b, &status, 0));
	CHECK(!kill(-a, SIGTERM));
	CHECK(waitpid(-a, &status, 0) > 0 && killed_by(status, SIGTERM));
	CHECK(waitpid(-a, &status, 0) > 0 && killed_by(status, SIGTERM));
	FAILS(ECHILD, waitpid(-a, &status, 0));
}

static void test_sessions(void)
{
	pid_t pid = fork();
	int status;

	if (!pid) {
		if (setsid() != getpid() || getsid(0) != getpid() ||
		    getpgrp() != getpid())
			_exit(1);
		if (setsid() != -1 || errno != EPERM)
			_exit(2);
		if (setpgid(0, 0) != -1 || errno != EPERM)
			_exit(3);
		_exit(0);
	}
	CHECK(waitpid(pid, &status, 0) == pid && !status);
	pid = fork();
	if (!pid) {
		setpgid(0, 0);
		_exit(setsid() != -1 || errno != EPERM);
	}
	CHECK(waitpid(pid, &status, 0) == pid && !status);
}

static void test_setpgid_after_exec(void)
{
	char *const argv[] = { "sleep", "10", NULL };
	int fds[2];
	char c;
	pid_t pid;

	CHECK(!pipe2(fds, O_CLOEXEC));
	pid = fork();
	if (!pid) {
		execvp(argv[0], argv);
		_exit(99);
	}
	close(fds[1]);
	CHECK(read(fds[0], &c, 1) == 0);
	close(fds[0]);
	FAILS(EACCES, setpgid(pid, pid));
	end(pid);
}

static void test_spawn(void)
{
	char *const argv[] = { "sh", "-c", "exit 9", NULL }, *envp[] = { NULL };
	int status;
	pid_t pid;

	CHECK(!posix_spawnp(&pid, argv[0], NULL, NULL, argv, envp));
	CHECK(waitpid(pid, &status, 0) == pid && WEXITSTATUS(status) == 9);
	CHECK(posix_spawn(&pid, "/nonexistent", NULL, NULL, argv, envp) == ENOENT);
	FAILS(ECHILD, wait(NULL));
}

static void test_vfork(void)
{
	pid_t pid = vfork();
	int status;

	if (!pid)
		_exit(5);
	CHECK(waitpid(pid, &status, 0) == pid && WEXITSTATUS(status) == 5);
}

static char stack[65536] __attribute__((aligned(16)));

static int exit_with_7(void *arg)
{
	(void)arg;
	return 7;
}

static void test_clone_child(void)
{
	pid_t pid = clone(exit_with_7, stack + sizeof(stack), 0, NULL);
	int status;

	CHECK(pid > 0);
	FAILS(ECHILD, waitpid(pid, &status, 0));
	CHECK(waitpid(pid, &status, __WCLONE) == pid && WEXITSTATUS(status) == 7);
	signal(SIGUSR2, SIG_IGN);
	pid = clone(exit_with_7, stack + sizeof(stack), SIGUSR2, NULL);
	CHECK(waitpid(-1, &status, __WALL) == pid);
	signal(SIGUSR2, SIG_DFL);
}

static void test_clone_parent(void)
{
	int status, fds[2];
	pid_t pid, grandchild = 0;

	CHECK(!pipe(fds));
	pid = fork();
	if (!pid) {
		grandchild = clone(exit_with_7, stack + sizeof(stack),
				   CLONE_PARENT | SIGCHLD, NULL);
		if (write(fds[1], &grandchild, sizeof(grandchild)) < 0)
			_exit(1);
		_exit(waitpid(grandchild, NULL, 0) != -1 || errno != ECHILD);
	}
	CHECK(read(fds[0], &grandchild, sizeof(grandchild)) > 0);
	CHECK(waitpid(grandchild, &status, 0) == grandchild);
	CHECK(WEXITSTATUS(status) == 7);
	CHECK(waitpid(pid, &status, 0) == pid && !status);
	close(fds[0]);
	close(fds[1]);
}

static void test_subreaper(void)
{
	int status, fds[2];
	pid_t pid, orphan = 0;

	CHECK(!prctl(PR_SET_CHILD_SUBREAPER, 1));
	CHECK(!pipe(fds));
	pid = fork();
	if (!pid) {
		orphan = fork();
		if (!orphan) {
			snooze(100);
			_exit(8);
		}
		if (write(fds[1], &orphan, sizeof(orphan)) < 0)
			_exit(1);
		_exit(0);
	}
	CHECK(read(fds[0], &orphan, sizeof(orphan)) > 0);
	CHECK(waitpid(pid, &status, 0) == pid && !status);
	CHECK(waitpid(orphan, &status, 0) == orphan && WEXITSTATUS(status) == 8);
	CHECK(!prctl(PR_SET_CHILD_SUBREAPER, 0));
	close(fds[0]);
	close(fds[1]);
}

static void *snooze_in_thread(void *arg)
{
	snooze(*(int *)arg);
	return NULL;
}

static void test_threads(void)
{
	pthread_t threads[8];
	int i, ms = 10;
	pid_t pid = fork();
	int status;

	if (!pid) {
		for (i = 0; i < 8; i++)
			pthread_create(&threads[i], NULL, snooze_in_thread, &ms);
		for (i = 0; i < 8; i++)
			pthread_join(threads[i], NULL);
		ms = 10000;
		pthread_create(&threads[0], NULL, snooze_in_thread, &ms);
		_exit(3);
	}
	CHECK(waitpid(pid, &status, 0) == pid && WEXITSTATUS(status) == 3);
}

static void *wait_in_thread(void *arg)
{
	int status;

	(void)arg;
	return (void *)(long)(wait(&status) > 0 ? WEXITSTATUS(status) : -1);
}

static void test_waits_in_threads(void)
{
	pthread_t threads[4];
	void *result;
	int i, round, sum;

	for (round = 0; round < 5; round++) {
		sum = 0;
		for (i = 0; i < 4; i++)
			if (!fork()) {
				snooze(10 + i);
				_exit(1 << i);
			}
		for (i = 0; i < 4; i++)
			pthread_create(&threads[i], NULL, wait_in_thread, NULL);
		for (i = 0; i < 4; i++) {
			pthread_join(threads[i], &result);
			sum += (long)result;
		}
		CHECK(sum == 15);
	}
}

static void *exec_in_thread(void *arg)
{
	char *const argv[] = { "sh", "-c", "sleep 0.05; exit 6", NULL };

	(void)arg;
	execvp(argv[0], argv);
	return NULL;
}

static void test_exec_in_thread(void)
{
	pthread_t thread;
	int status, ms = 10000;
	pid_t pid = fork();

	if (!pid) {
		pthread_create(&thread, NULL, snooze_in_thread, &ms);
		pthread_create(&thread, NULL, exec_in_thread, NULL);
		if (!fork())
			pause();
		wait(NULL);
		_exit(1);
	}
	CHECK(waitpid(pid, &status, 0) == pid && WEXITSTATUS(status) == 6);
}

static void *exit_group_in_thread(void *arg)
{
	(void)arg;
	snooze(50);
	exit(12);
}

static void test_leader_exits_first(void)
{
	pthread_t thread;
	int status;
	pid_t pid = fork();

	if (!pid) {
		pthread_create(&thread, NULL, exit_group_in_thread, NULL);
		pthread_exit(NULL);
	}
	CHECK(waitpid(pid, &status, 0) == pid && WEXITSTATUS(status) == 12);
}

static void test_stopped_threads(void)
{
	pthread_t thread;
	int status, ms = 10000;
	pid_t pid = fork();

	if (!pid) {
		pthread_create(&thread, NULL, snooze_in_thread, &ms);
		pthread_create(&thread, NULL, snooze_in_thread, &ms);
		kill(getpid(), SIGSTOP);
		_exit(2);
	}
	CHECK(waitpid(pid, &status, WUNTRACED) == pid && WIFSTOPPED(status));
	CHECK(!kill(pid, SIGCONT));
	CHECK(waitpid(pid, &status, 0) == pid && WEXITSTATUS(status) == 2);
}

int open_pidfd(pid_t pid)
{
	return syscall(SYS_pidfd_open, pid, 0);
}

static void test_pidfd(void)
{
	pid_t pid = child_that_sleeps();
	int fd = open_pidfd(pid);
	siginfo_t info;

	CHECK(fd >= 0);
	CHECK(!syscall(SYS_pidfd_send_signal, fd, 0, NULL, 0));
	CHECK(!syscall(SYS_pidfd_send_signal, fd, SIGTERM, NULL, 0));
	CHECK(!waitid(3 /* P_PIDFD */, fd, &info, WEXITED));
	CHECK(info.si_pid == pid && info.si_code == CLD_KILLED);
	FAILS(ESRCH, syscall(SYS_pidfd_send_signal, fd, 0, NULL, 0));
	FAILS(ECHILD, waitid(3, fd, &info, WEXITED));
	close(fd);
	FAILS(ESRCH, open_pidfd(pid));
	FAILS(EBADF, syscall(SYS_pidfd_send_signal, 99, 0, NULL, 0));
}

static void test_sigqueue(void)
{
	union sigval value = { .sival_int = 42 };
	sigset_t set, former;
	siginfo_t info;

	sigemptyset(&set);
	sigaddset(&set, SIGRTMIN);
	sigprocmask(SIG_BLOCK, &set, &former);
	CHECK(!sigqueue(getpid(), SIGRTMIN, value));
	CHECK(sigwaitinfo(&set, &info) == SIGRTMIN);
	CHECK(info.si_value.sival_int == 42 && info.si_pid == getpid());
	FAILS(ESRCH, sigqueue(getpid() + 1000, 0, value));
	CHECK(!raise(SIGRTMIN));
	CHECK(sigwaitinfo(&set, &info) == SIGRTMIN && info.si_pid == getpid());
	sigprocmask(SIG_SETMASK, &former, NULL);
}

static void test_core(void)
{
	int status;
	pid_t pid = fork();

	if (!pid)
		abort();
	CHECK(waitpid(pid, &status, 0) == pid && killed_by(status, SIGABRT));
	pid = fork();
	if (!pid)
		*(volatile int *)8 = 0;
	CHECK(waitpid(pid, &status, 0) == pid && killed_by(status, SIGSEGV));
}

/* A group that becomes orphaned and has a stopped member. */
static void test_orphaned_group(void)
{
	int status, fds[2];
	char c;
	pid_t pid;

	CHECK(!pipe(fds));
	pid = fork();
	if (!pid) {
		setsid();
		if (!fork()) {
			setpgid(0, 0);
			if (!fork()) {
				close(fds[0]);
				kill(getpid(), SIGSTOP);
				_exit(0);
			}
			snooze(100);
			_exit(0);
		}
		close(fds[1]);
		snooze(200);
		_exit(0);
	}
	close(fds[1]);
	/* SIGHUP ends the stopped process, which closes the pipe. */
	CHECK(read(fds[0], &c, 1) == 0);
	CHECK(waitpid(pid, &status, 0) == pid && !status);
	close(fds[0]);
}

static void test_setuid(void)
{
	pid_t target = child_that_sleeps(), pid;
	int status;

	if (!geteuid()) {
		pid = fork();
		if (!pid) {
			if (setresuid(1000, 1000, 1000))
				_exit(1);
			if (kill(target, 0) != -1 || errno != EPERM)
				_exit(2);
			if (kill(-1, 0) && errno != ESRCH)
				_exit(3);
			_exit(0);
		}
		CHECK(waitpid(pid, &status, 0) == pid && !status);
	}
	end(target);
}

static void test_ptrace(void)
{
	int status;
	pid_t pid = fork();

	if (!pid)
		_exit(ptrace(PTRACE_TRACEME, 0, 0, 0) ? errno == EPERM ? 1 : 2 : 0);
	CHECK(waitpid(pid, &status, 0) == pid);
	if (WIFSTOPPED(status))
		end(pid);
}

static void test_many(void)
{
	int i, n = 0;

	for (i = 0; i < 100; i++)
		if (!fork()) {
			snooze(i % 10);
			_exit(0);
		}
	while (wait(NULL) > 0)
		n++;
	CHECK(n == 100 && errno == ECHILD);
}

static void test_killed_while_forking(void)
{
	int i, round;
	pid_t pid;

	for (round = 0; round < 20; round++) {
		pid = fork();
		if (!pid) {
			for (i = 0; i < 1000; i++)
				if (!fork())
					_exit(0);
			pause();
		}
		snooze(1 + round % 7);
		end(pid);
	}
}

static const struct call_test tests[] = {
	TEST(exit_codes), TEST(wait_any), TEST(wait_lowest), TEST(wait_sleeps),
	TEST(waitid), TEST(bad_pointers), TEST(signals_end), TEST(zombie),
	TEST(stop_and_continue), TEST(blocked), TEST(ignored), TEST(signalfd),
	TEST(interrupted), TEST(wait_before_handler), TEST(autoreap),
	TEST(groups), TEST(sessions), TEST(setpgid_after_exec), TEST(spawn),
	TEST(vfork), TEST(clone_child), TEST(clone_parent), TEST(subreaper),
	TEST(threads), TEST(waits_in_threads), TEST(exec_in_thread),
	TEST(leader_exits_first), TEST(stopped_threads), TEST(pidfd),
	TEST(sigqueue), TEST(core), TEST(orphaned_group), TEST(setuid),
	TEST(ptrace), TEST(many), TEST(killed_while_forking),
	{}
};

static bool is_wanted(const char *name, char **names)
{
	if (!*names)
		return true;
	for (; *names; names++)
		if (!strcmp(name, *names))
			return true;
	return false;
}

static void run(const struct call_test *test, char **names)
{
	for (; test->name; test++) {
		if (!is_wanted(test->name, names))
			continue;
		current = test->name;
		test->run();
	}
}

int main(int argc, char **argv)
{
	(void)argc;
	run(tests, argv + 1);
	run(rare_tests, argv + 1);
	run(wait_tests, argv + 1);
	return !!failures;
}
