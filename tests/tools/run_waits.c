// SPDX-License-Identifier: GPL-2.0-only
/*
 * Waits in which a program sleeps, and events meanwhile. Part of run_calls.
 */
#include <errno.h>
#include <linux/sched.h>
#include <signal.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/signalfd.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "run_calls.h"

static pid_t child_that_snoozes(int ms, int code)
{
	pid_t pid = fork();

	if (!pid) {
		snooze(ms);
		_exit(code);
	}
	return pid;
}

/* The child is neither in Linux nor in the server any more. */
static void is_gone(pid_t pid)
{
	FAILS(ESRCH, kill(pid, 0));
	FAILS(ECHILD, waitpid(pid, NULL, 0));
}

/* Waits that sleep until their child exits, each in its own way. */
static void sleeping_waits(void)
{
	siginfo_t info;
	pid_t pid;
	int status;

	pid = child_that_snoozes(20, 1);
	CHECK(waitpid(pid, &status, 0) == pid && WEXITSTATUS(status) == 1);
	is_gone(pid);
	pid = child_that_snoozes(20, 2);
	CHECK(wait(&status) == pid && WEXITSTATUS(status) == 2);
	is_gone(pid);
	pid = child_that_snoozes(20, 3);
	CHECK(waitpid(0, &status, __WALL) == pid && WEXITSTATUS(status) == 3);
	is_gone(pid);
	pid = child_that_snoozes(20, 4);
	CHECK(!waitid(P_PID, pid, &info, WEXITED) && info.si_status == 4);
	is_gone(pid);
	pid = child_that_snoozes(20, 5);
	CHECK(!waitid(P_ALL, 0, NULL, WEXITED));
	is_gone(pid);
	pid = child_that_snoozes(20, 6);
	FAILS(EFAULT, waitpid(pid, (void *)8, 0));
	is_gone(pid);
	pid = child_that_snoozes(20, 7);
	FAILS(EFAULT, wait((void *)8));
	is_gone(pid);
	pid = child_that_snoozes(20, 8);
	FAILS(ECHILD, waitpid(pid, &status, __WCLONE));
	CHECK(waitpid(pid, &status, WUNTRACED) == pid && WEXITSTATUS(status) == 8);
	is_gone(pid);
}

static void test_sigchld_default(void)
{
	sleeping_waits();
}

static void test_sigchld_handled(void)
{
	struct sigaction act = { .sa_handler = handle, .sa_flags = SA_RESTART };

	handled = 0;
	sigaction(SIGCHLD, &act, NULL);
	sleeping_waits();
	CHECK(handled == 8);
	act.sa_flags = 0;
	sigaction(SIGCHLD, &act, NULL);
	sleeping_waits();
	CHECK(handled == 16);
	signal(SIGCHLD, SIG_DFL);
}

static void test_sigchld_blocked(void)
{
	struct signalfd_siginfo info;
	sigset_t set, former;
	int fd;

	sigemptyset(&set);
	sigaddset(&set, SIGCHLD);
	sigprocmask(SIG_BLOCK, &set, &former);
	sleeping_waits();
	CHECK(sigwaitinfo(&set, NULL) == SIGCHLD);
	fd = signalfd(-1, &set, 0);
	sleeping_waits();
	CHECK(read(fd, &info, sizeof(info)) == sizeof(info));
	close(fd);
	sigprocmask(SIG_SETMASK, &former, NULL);
	/* It was not blocked when the program began. */
	sleeping_waits();
}

static void test_sigchld_ignored(void)
{
	pid_t pid;
	int status;

	signal(SIGCHLD, SIG_IGN);
	pid = child_that_snoozes(20, 0);
	FAILS(ECHILD, waitpid(pid, &status, 0));
	pid = child_that_snoozes(20, 0);
	FAILS(ECHILD, wait(&status));
	is_gone(pid);
	/* Its children leave zombies, as from here on. */
	pid = child_that_snoozes(20, 9);
	signal(SIGCHLD, SIG_DFL);
	CHECK(waitpid(pid, &status, 0) == pid && WEXITSTATUS(status) == 9);
	is_gone(pid);
}

/* The wait is for the one of two children that ends last. */
static void test_wait_for_one_of_two(void)
{
	struct sigaction act = { .sa_handler = handle };
	pid_t first, second;
	int status, i;

	for (i = 0; i < 10; i++) {
		first = child_that_snoozes(i, 1);
		second = child_that_snoozes(10, 2);
		CHECK(waitpid(second, &status, 0) == second);
		CHECK(WEXITSTATUS(status) == 2);
		is_gone(second);
		CHECK(wait(&status) == first && WEXITSTATUS(status) == 1);
		is_gone(first);
	}
	sigaction(SIGCHLD, &act, NULL);
	first = child_that_snoozes(20, 1);
	second = child_that_snoozes(200, 2);
	FAILS(EINTR, waitpid(second, &status, 0));
	CHECK(waitpid(second, &status, 0) == second);
	CHECK(waitpid(first, &status, 0) == first);
	signal(SIGCHLD, SIG_DFL);
}

/* SIGCHLD comes, but no event that the wait is for. */
static void test_child_stops_in_wait(void)
{
	pid_t pid = fork();
	int status;

	if (!pid) {
		snooze(20);
		raise(SIGSTOP);
		_exit(3);
	}
	if (!fork()) {
		snooze(150);
		_exit(!!kill(pid, SIGCONT));
	}
	CHECK(waitpid(pid, &status, 0) == pid && WEXITSTATUS(status) == 3);
	is_gone(pid);
	CHECK(wait(&status) > 0 && !status);
}

/* A child that sleeps in a wait for one of its own. */
static pid_t child_that_waits(int ms)
{
	pid_t pid = fork(), child;
	int status;

	if (!pid) {
		child = child_that_snoozes(ms, 5);
		if (waitpid(child, &status, 0) != child)
			_exit(1);
		_exit(kill(child, 0) != -1 || errno != ESRCH ? 2 : WEXITSTATUS(status));
	}
	return pid;
}

static void test_stopped_in_wait(void)
{
	pid_t pid;
	int status, i;

	for (i = 0; i < 5; i++) {
		pid = child_that_waits(100);
		snooze(30);
		CHECK(!kill(pid, SIGSTOP));
		CHECK(waitpid(pid, &status, WUNTRACED) == pid && WIFSTOPPED(status));
		/* Its child ends before it is continued, or after. */
		snooze(i & 1 ? 150 : 0);
		CHECK(!kill(pid, SIGCONT));
		CHECK(waitpid(pid, &status, 0) == pid);
		CHECK(WIFEXITED(status) && WEXITSTATUS(status) == 5);
		is_gone(pid);
	}
}

static void test_killed_in_wait(void)
{
	int status, ms;
	pid_t pid;

	for (ms = 5; ms < 15; ms++) {
		pid = child_that_waits(10);
		snooze(ms);
		CHECK(!kill(pid, SIGKILL));
		CHECK(waitpid(pid, &status, 0) == pid);
		CHECK(killed_by(status, SIGKILL) || WEXITSTATUS(status) == 5);
		is_gone(pid);
	}
}

/* A fork with an argument that looks like the flags of another. */
static void test_odd_clone3(void)
{
	void *page = (void *)0x1200000;
	struct clone_args args = { .flags = CLONE_PARENT };
	int status, fds[2];
	pid_t pid, grandchild = 0;

	if (mmap(page, 4096, PROT_READ | PROT_WRITE,
		 MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED_NOREPLACE, -1, 0) != page)
		return;
	memcpy((char *)page + 0x11, &args, sizeof(args));
	CHECK(!pipe(fds));
	pid = fork();
	if (!pid) {
		grandchild = syscall(SYS_clone3, (char *)page + 0x11, sizeof(args));
		if (!grandchild)
			_exit(4);
		if (write(fds[1], &grandchild, sizeof(grandchild)) < 0)
			_exit(1);
		_exit(waitpid(grandchild, NULL, 0) != -1 || errno != ECHILD);
	}
	CHECK(read(fds[0], &grandchild, sizeof(grandchild)) > 0);
	CHECK(waitpid(pid, &status, 0) == pid && !status);
	CHECK(waitpid(grandchild, &status, 0) == grandchild && WEXITSTATUS(status) == 4);
	close(fds[0]);
	close(fds[1]);
	munmap(page, 4096);
}

const struct call_test wait_tests[] = {
	TEST(sigchld_default), TEST(sigchld_handled), TEST(sigchld_blocked),
	TEST(sigchld_ignored), TEST(wait_for_one_of_two),
	TEST(child_stops_in_wait), TEST(stopped_in_wait), TEST(killed_in_wait),
	TEST(odd_clone3),
	{}
};
