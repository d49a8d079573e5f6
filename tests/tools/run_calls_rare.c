// SPDX-License-Identifier: GPL-2.0-only
/*
 * Calls, or arguments of calls, that few programs use; see run_calls.c.
 */
#include <errno.h>
#include <linux/filter.h>
#include <linux/sched.h>
#include <linux/seccomp.h>
#include <pthread.h>
#include <signal.h>
#include <stddef.h>
#include <sys/epoll.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "run_calls.h"

#ifndef P_PIDFD
#define P_PIDFD 3
#endif

/* Init has handlers, which are not for the processes of its namespace. */
static void test_init_signals(void)
{
	union sigval value = { .sival_int = SIGKILL };

	CHECK(!kill(1, SIGRTMIN));
	CHECK(!sigqueue(1, SIGRTMIN, value));
	CHECK(!kill(1, SIGALRM));
	CHECK(!kill(1, SIGTERM));
	snooze(50);
}

/* An exec sets the saved user id to the effective one. */
static void test_saved_ids(void)
{
	char *const argv[] = { "sleep", "10", NULL };
	pid_t pid, killer;
	int status;

	if (geteuid())
		return;
	pid = fork();
	if (!pid) {
		if (setresuid(1000, 1000, 0))
			_exit(1);
		execvp(argv[0], argv);
		_exit(2);
	}
	snooze(300);
	killer = fork();
	if (!killer)
		_exit(setresuid(1000, 1000, 1000) || kill(pid, SIGTERM));
	CHECK(waitpid(killer, &status, 0) == killer && !status);
	CHECK(waitpid(pid, &status, 0) == pid && killed_by(status, SIGTERM));
}

static void test_parent_death_signal(void)
{
	int status, fds[2];
	pid_t pid, orphan = 0;

	CHECK(!prctl(PR_SET_CHILD_SUBREAPER, 1));
	CHECK(!pipe(fds));
	pid = fork();
	if (!pid) {
		orphan = fork();
		if (!orphan) {
			prctl(PR_SET_PDEATHSIG, SIGUSR1);
			orphan = getpid();
			if (write(fds[1], &orphan, sizeof(orphan)) < 0)
				_exit(1);
			pause();
			_exit(2);
		}
		CHECK(read(fds[0], &orphan, sizeof(orphan)) > 0);
		if (write(fds[1], &orphan, sizeof(orphan)) < 0)
			_exit(1);
		_exit(0);
	}
	CHECK(waitpid(pid, &status, 0) == pid && !status);
	CHECK(read(fds[0], &orphan, sizeof(orphan)) > 0);
	CHECK(waitpid(orphan, &status, 0) == orphan && killed_by(status, SIGUSR1));
	CHECK(!prctl(PR_SET_CHILD_SUBREAPER, 0));
	close(fds[0]);
	close(fds[1]);
}

static void test_vfork_killed(void)
{
	pid_t pid = vfork();
	int status;

	if (!pid)
		kill(getpid(), SIGKILL);
	CHECK(waitpid(pid, &status, 0) == pid && killed_by(status, SIGKILL));
}

/* A pid that the program chooses is in use, or free. */
static void test_clone3_set_tid(void)
{
	pid_t wanted = getpid(), pid;
	struct clone_args args = {
		.exit_signal = SIGCHLD,
		.set_tid = (unsigned long)&wanted,
		.set_tid_size = 1,
	};
	int status;

	if (geteuid())
		return;
	FAILS(EEXIST, syscall(SYS_clone3, &args, sizeof(args)));
	wanted = 20000;
	pid = syscall(SYS_clone3, &args, sizeof(args));
	if (!pid)
		_exit(getpid() != 20000);
	CHECK(pid == 20000);
	CHECK(waitpid(pid, &status, 0) == pid && !status);
}

static void test_pidfd_nohang(void)
{
	pid_t pid = child_that_sleeps();
	int fd = open_pidfd(pid);
	siginfo_t info = {};

	CHECK(!waitid(P_PIDFD, fd, &info, WEXITED | WNOHANG) && !info.si_pid);
	CHECK(!kill(pid, SIGSTOP));
	CHECK(!waitid(P_PIDFD, fd, &info, WSTOPPED) && info.si_pid == pid);
	CHECK(!waitid(P_PIDFD, fd, &info, WSTOPPED | WNOHANG) && !info.si_pid);
	end(pid);
	close(fd);
}

/* The target is looked up first, even if the signal does not exist. */
static void test_no_such_signal(void)
{
	pid_t pid = child_that_exits(0);

	CHECK(waitpid(pid, NULL, 0) == pid);
	FAILS(ESRCH, kill(pid, 65));
	FAILS(ESRCH, kill(-pid, 65));
	FAILS(EINVAL, kill(0, 65));
	FAILS(EINVAL, kill(getpid(), -2));
	FAILS(EINVAL, syscall(SYS_tgkill, getpid(), getpid(), 65));
}

static void test_tgkill_of_zombie(void)
{
	pid_t pid = child_that_exits(0);
	siginfo_t info;

	CHECK(!waitid(P_PID, pid, &info, WEXITED | WNOWAIT));
	CHECK(!syscall(SYS_tgkill, pid, pid, SIGTERM));
	CHECK(!syscall(SYS_tkill, pid, SIGTERM));
	FAILS(ESRCH, syscall(SYS_tgkill, getpid(), pid, SIGTERM));
	CHECK(waitpid(pid, NULL, 0) == pid);
}

/* Without a siginfo the result alone does not say whether there was a child. */
static void test_waitid_without_info(void)
{
	pid_t pid = child_that_sleeps();

	CHECK(!waitid(P_ALL, 0, NULL, WEXITED | WNOHANG));
	CHECK(!waitid(P_PGID, 0, NULL, WCONTINUED | WNOHANG));
	CHECK(!kill(pid, SIGKILL));
	CHECK(!waitid(P_ALL, 0, NULL, WEXITED));
	FAILS(ECHILD, waitid(P_ALL, 0, NULL, WEXITED | WNOHANG));
}

/* An ignored signal does not end a call. */
static void test_ignored_signals(void)
{
	struct epoll_event event;
	int epoll = epoll_create1(0), fds[2];
	pid_t parent = getpid(), pid;
	siginfo_t info;
	sigset_t set;

	CHECK(epoll >= 0 && !pipe(fds));
	event.events = EPOLLIN;
	CHECK(!epoll_ctl(epoll, EPOLL_CTL_ADD, fds[0], &event));
	signal(SIGUSR2, SIG_IGN);
	sigemptyset(&set);
	sigaddset(&set, SIGUSR1);
	CHECK(!sigprocmask(SIG_BLOCK, &set, NULL));
	pid = fork();
	if (!pid) {
		/* SIGCHLD comes as well. */
		snooze(20);
		waitpid(child_that_exits(0), NULL, 0);
		kill(parent, SIGUSR2);
		kill(parent, SIGWINCH);
		snooze(20);
		kill(parent, SIGUSR1);
		snooze(20);
		_exit(write(fds[1], "", 1) != 1);
	}
	CHECK(sigwaitinfo(&set, &info) == SIGUSR1 && info.si_pid == pid);
	child_that_exits(0);
	CHECK(epoll_wait(epoll, &event, 1, -1) == 1);
	CHECK(wait(NULL) > 0 && wait(NULL) > 0);
	signal(SIGUSR2, SIG_DFL);
	CHECK(!sigprocmask(SIG_UNBLOCK, &set, NULL));
	close(epoll);
	close(fds[0]);
	close(fds[1]);
}

static volatile int caught;

static void count_signal(int signo)
{
	(void)signo;
	caught++;
}

/* A signal with a handler ends a call, even if an ignored one comes with it. */
static void test_caught_signal_beside_ignored(void)
{
	const struct sigaction act = { .sa_handler = count_signal };
	int epoll = epoll_create1(0), i;
	struct epoll_event event;
	pid_t parent = getpid(), pid;

	CHECK(!sigaction(SIGUSR2, &act, NULL));
	for (i = 0; i < 2; i++) {
		caught = 0;
		pid = fork();
		/* The first ones may come too early. */
		while (!pid) {
			snooze(20);
			kill(parent, i ? SIGUSR2 : SIGWINCH);
			kill(parent, i ? SIGWINCH : SIGUSR2);
		}
		FAILS(EINTR, epoll_wait(epoll, &event, 1, -1));
		CHECK(caught);
		end(pid);
	}
	signal(SIGUSR2, SIG_DFL);
	close(epoll);
}

/* The number of signals that may be queued is a limit of Linux. */
static void test_queue_of_signals_is_full(void)
{
	struct rlimit old, none;
	sigset_t set;

	sigemptyset(&set);
	sigaddset(&set, SIGRTMIN);
	CHECK(!sigprocmask(SIG_BLOCK, &set, NULL) && !getrlimit(RLIMIT_SIGPENDING, &old));
	none = old;
	none.rlim_cur = 0;
	CHECK(!setrlimit(RLIMIT_SIGPENDING, &none));
	FAILS(EAGAIN, syscall(SYS_tgkill, getpid(), getpid(), SIGRTMIN));
	CHECK(!setrlimit(RLIMIT_SIGPENDING, &old));
	CHECK(!sigprocmask(SIG_UNBLOCK, &set, NULL));
}

/* Process 1 leads a group, and no session of the namespace. */
static void test_group_of_init(void)
{
	if (getppid() == 1) {
		CHECK(getpgid(1) == 1);
		CHECK(getsid(1) != getpid());
	}
}

static void *send_from_thread(void *unused)
{
	pid_t self = syscall(SYS_gettid), first = getpid();
	siginfo_t info = { .si_signo = SIGWINCH, .si_code = SI_USER };

	/* A siginfo as from the kernel: a thread may send it only to itself. */
	FAILS(EPERM, syscall(SYS_rt_sigqueueinfo, first, SIGWINCH, &info));
	FAILS(EPERM, syscall(SYS_rt_tgsigqueueinfo, first, first, SIGWINCH, &info));
	CHECK(!syscall(SYS_rt_tgsigqueueinfo, first, self, SIGWINCH, &info));
	return unused;
}

static void test_siginfo_of_the_kernel(void)
{
	pthread_t thread;

	CHECK(!pthread_create(&thread, NULL, send_from_thread, NULL));
	CHECK(!pthread_join(thread, NULL));
}

static void test_no_descriptor_left(void)
{
	struct rlimit old, none;
	int fd = open_pidfd(getpid());

	CHECK(!getrlimit(RLIMIT_NOFILE, &old));
	none = old;
	none.rlim_cur = fd;
	close(fd);
	CHECK(!setrlimit(RLIMIT_NOFILE, &none));
	FAILS(EMFILE, syscall(SYS_pidfd_open, getpid(), 0));
	CHECK(!setrlimit(RLIMIT_NOFILE, &old));
}

static void test_two_flags_of_pidfd(void)
{
	int fd = open_pidfd(getpid());

	FAILS(EINVAL, syscall(SYS_pidfd_send_signal, fd, SIGWINCH, NULL, 3));
	close(fd);
}

/* SECCOMP_RET_TRACE of the program, which has no tracer of its own. */
static void test_filter_of_the_program(void)
{
	struct sock_filter trace_it[] = {
		BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, nr)),
		BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, SYS_getuid, 0, 1),
		BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_TRACE),
		BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW),
	};
	struct sock_fprog program = { sizeof(trace_it) / sizeof(*trace_it), trace_it };
	pid_t pid = fork();
	int status;

	if (!pid) {
		if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) ||
		    prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &program))
			_exit(1);
		_exit(syscall(SYS_getuid) != -1 || errno != ENOSYS ? 2 : 0);
	}
	CHECK(waitpid(pid, &status, 0) == pid && !status);
}

const struct call_test rare_tests[] = {
	TEST(init_signals), TEST(saved_ids), TEST(parent_death_signal),
	TEST(vfork_killed), TEST(clone3_set_tid), TEST(pidfd_nohang),
	TEST(no_such_signal), TEST(tgkill_of_zombie), TEST(waitid_without_info),
	TEST(ignored_signals), TEST(caught_signal_beside_ignored),
	TEST(queue_of_signals_is_full), TEST(group_of_init),
	TEST(siginfo_of_the_kernel), TEST(no_descriptor_left),
	TEST(two_flags_of_pidfd), TEST(filter_of_the_program), {}
};
