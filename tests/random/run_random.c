// SPDX-License-Identifier: GPL-2.0-only
/*
 * Processes, threads and signals at random, for procsrv-run.
 *
 *	run_random [--seed N] [--seconds N] [--threads N] [-- COMMAND...]
 *
 * Its first process must be process 1 or 2 of a PID namespace, as it sends signals to all
 * others. It keeps about N threads (default 60) alive for so many seconds (default 5),
 * prints the seed first, and at the end kills and collects all. Then it calls exec for the
 * command, or exits: with 1 if a process is left.
 *
 * Threads are made with clone(2), and children with the system call itself, as signals
 * end threads anywhere: the C library must have no locks.
 */
#include <errno.h>
#include <fcntl.h>
#include <linux/sched.h>
#include <sched.h>
#include <signal.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <sys/sysinfo.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#ifndef P_PIDFD
#define P_PIDFD 3
#endif

/* Open in all processes, exec or not. */
enum {
	FD_SHARED = 100,
	FD_PROGRAM = 101,
};

#define NR_STACKS	4
#define STACK_SIZE	(64 * 1024)

/* Targets have pids that are at most this far below the latest one. */
#define WINDOW		48

/* Calls in the life of a thread, at most. */
#define LIFE		40

/**
 * struct shared - memory that all processes share
 * @root: the first one
 * @latest: the latest pid
 * @max_threads: in the system: no more are made then
 */
struct shared {
	pid_t root;
	pid_t latest;
	unsigned int max_threads;
};

/**
 * struct self - a thread
 * @random: state of its generator
 * @stack: index of its stack, or -1: it is the first of its process
 */
struct self {
	unsigned long long random;
	int stack;
};

static struct shared *shared;
static char stacks[NR_STACKS][STACK_SIZE] __attribute__((aligned(16)));

/* Not 0 while a thread is on the stack. Linux clears it when the thread has ended. */
static pid_t stack_users[NR_STACKS];
static struct self thread_selves[NR_STACKS];

/*
 * Chance
 */

static uint32_t rnd(struct self *self, uint32_t below)
{
	unsigned long long x = self->random += 0x9e3779b97f4a7c15ULL;

	x = (x ^ (x >> 30)) * 0xbf58476d1ce4e5b9ULL;
	x = (x ^ (x >> 27)) * 0x94d049bb133111ebULL;
	x ^= x >> 31;
	return (x >> 16) % below;
}

static bool one_in(struct self *self, uint32_t n)
{
	return !rnd(self, n);
}

#define PICK(self, array) ((array)[rnd(self, sizeof(array) / sizeof(*(array)))])

/* A pid that may exist or have existed; never that of the first process. */
static pid_t any_pid(struct self *self)
{
	pid_t pid = __atomic_load_n(&shared->latest, __ATOMIC_RELAXED) - rnd(self, WINDOW);

	return pid > shared->root ? pid : shared->root + 1;
}

static int any_signal(struct self *self)
{
	static const int often[] = {
		0, SIGCONT, SIGCONT, SIGUSR1, SIGUSR2, SIGSTOP, SIGTSTP, SIGTTIN,
		SIGTTOU, SIGCHLD, SIGTERM,
	};
	static const int seldom[] = {
		SIGHUP, SIGINT, SIGQUIT, SIGALRM, SIGABRT, SIGSEGV, SIGKILL, SIGKILL,
		SIGPIPE, SIGURG, SIGWINCH, SIGTRAP, 34, 40, 64, 65, -1,
	};

	return one_in(self, 5) ? PICK(self, seldom) : PICK(self, often);
}

static void snooze(long us)
{
	const struct timespec ts = { us / 1000000, us % 1000000 * 1000 };

	nanosleep(&ts, NULL);
}

static bool is_full(void)
{
	struct sysinfo info;

	return sysinfo(&info) || info.procs >= shared->max_threads;
}

static void note_pid(pid_t pid)
{
	if (pid > 0)
		__atomic_store_n(&shared->latest, pid, __ATOMIC_RELAXED);
}

/*
 * Life and death
 */

static void live(struct self *self) __attribute__((noreturn));

/* The thread that has forked is alone in the child. */
static void begin_child(struct self *self, unsigned long long random)
{
	int i;

	for (i = 0; i < NR_STACKS; i++)
		if (i != self->stack)
			stack_users[i] = 0;
	self->random = random;
	note_pid(getpid());
	if (!one_in(self, 3))
		setpgid(0, 0);
	live(self);
}

static void do_exec(struct self *self)
{
	char seed[24];
	char *const argv[] = { "run_random", "--worker", seed, NULL };
	static char *const envp[] = { NULL };

	snprintf(seed, sizeof(seed), "%u", rnd(self, UINT32_MAX));
	syscall(SYS_execveat, FD_PROGRAM, "", argv, envp, AT_EMPTY_PATH);
}

static void do_fork(struct self *self)
{
	static const unsigned long long flags[] = {
		SIGCHLD, SIGCHLD, SIGCHLD, SIGCHLD, 0, SIGUSR1, CLONE_PARENT | SIGCHLD,
		CLONE_PARENT, CLONE_UNTRACED | SIGCHLD,
	};
	unsigned long long seed = self->random ^ getpid();
	pid_t pid;

	if (is_full())
		return;
	pid = one_in(self, 2) ? syscall(SYS_fork) :
				syscall(SYS_clone, PICK(self, flags), 0, 0, 0, 0);
	if (!pid)
		begin_child(self, seed);
	note_pid(pid);
}

static void do_clone3(struct self *self)
{
	struct clone_args args = {
		.exit_signal = one_in(self, 3) ? 0 : SIGCHLD,
	};
	unsigned long long seed = self->random ^ getpid();
	pid_t pid;

	if (is_full())
		return;
	pid = syscall(SYS_clone3, &args, sizeof(args));
	if (!pid)
		begin_child(self, seed);
	note_pid(pid);
}

static void do_vfork(struct self *self)
{
	unsigned int how = rnd(self, 5);
	pid_t pid;

	if (is_full())
		return;
	pid = vfork();
	if (!pid) {
		setpgid(0, 0);
		if (how == 0)
			kill(getpid(), SIGKILL);
		else if (how < 4)
			do_exec(self);
		_exit(how);
	}
	note_pid(pid);
}

static int begin_thread(void *arg)
{
	live(arg);
}

static void do_thread(struct self *self)
{
	const int flags = CLONE_VM | CLONE_FS | CLONE_FILES | CLONE_SIGHAND |
			  CLONE_THREAD | CLONE_SYSVSEM | CLONE_PARENT_SETTID |
			  CLONE_CHILD_CLEARTID;
	int i = rnd(self, NR_STACKS);
	pid_t free_stack = 0, pid;

	if (is_full() ||
	    !__atomic_compare_exchange_n(&stack_users[i], &free_stack, -1, false,
					 __ATOMIC_SEQ_CST, __ATOMIC_SEQ_CST))
		return;
	thread_selves[i] = (struct self) { .random = self->random ^ i, .stack = i };
	pid = clone(begin_thread, stacks[i] + STACK_SIZE, flags, &thread_selves[i],
		    &stack_users[i], NULL, &stack_users[i]);
	if (pid < 0)
		__atomic_store_n(&stack_users[i], 0, __ATOMIC_SEQ_CST);
}

static void end_life(struct self *self)
{
	switch (rnd(self, 8)) {
	case 0:
		syscall(SYS_tgkill, getpid(), syscall(SYS_gettid), SIGKILL);
		break;
	case 1:
		kill(getpid(), PICK(self, ((int[]) { SIGTERM, SIGABRT, SIGSEGV, SIGUSR2 })));
		break;
	case 2:
		do_exec(self);
		break;
	case 3:
	case 4:
		syscall(SYS_exit, rnd(self, 256));
		break;
	}
	syscall(SYS_exit_group, rnd(self, 256));
}

/*
 * Waits
 */

static pid_t wait4_target(struct self *self)
{
	switch (rnd(self, 6)) {
	case 0:
		return 0;
	case 1:
		return any_pid(self);
	case 2:
		return -any_pid(self);
	default:
		return -1;
	}
}

static int wait_options(struct self *self)
{
	static const int kinds[] = { 0, 0, 0, __WALL, __WCLONE };

	return (one_in(self, 4) ? 0 : WNOHANG) | (one_in(self, 2) ? WUNTRACED : 0) |
	       (one_in(self, 2) ? WCONTINUED : 0) | PICK(self, kinds);
}

static void do_wait4(struct self *self)
{
	int status;
	void *to = one_in(self, 20) ? (void *)8 : one_in(self, 5) ? NULL : &status;

	syscall(SYS_wait4, wait4_target(self), to, wait_options(self), NULL);
}

static void do_waitid(struct self *self)
{
	static const int types[] = { P_ALL, P_ALL, P_PID, P_PGID };
	int options = wait_options(self) | (one_in(self, 5) ? 0 : WEXITED) |
		      (one_in(self, 3) ? WNOWAIT : 0);
	int type = PICK(self, types);
	siginfo_t info;

	syscall(SYS_waitid, type, type == P_PGID && one_in(self, 2) ? 0 : any_pid(self),
		one_in(self, 6) ? NULL : &info, options, NULL);
}

static void do_pidfd(struct self *self)
{
	int fd = syscall(SYS_pidfd_open, any_pid(self), 0);
	siginfo_t info;

	if (fd < 0)
		return;
	if (one_in(self, 2))
		syscall(SYS_pidfd_send_signal, fd, any_signal(self), NULL, 0);
	syscall(SYS_waitid, P_PIDFD, fd, &info, wait_options(self) | WEXITED, NULL);
	close(fd);
}

/*
 * Signals
 */

static volatile int handled;

static void count_signal(int signo)
{
	(void)signo;
	handled++;
}

static void collect(int signo)
{
	int error = errno;

	(void)signo;
	while (syscall(SYS_wait4, -1, NULL, WNOHANG, NULL) > 0)
		;
	errno = error;
}

static void do_sigaction(struct self *self)
{
	static const int signals[] = { SIGCHLD, SIGCHLD, SIGUSR1, SIGTSTP, SIGTERM, SIGCONT };
	static const int flags[] = { 0, SA_RESTART, SA_NOCLDSTOP, SA_NOCLDWAIT, SA_RESTART };
	int signo = PICK(self, signals);
	struct sigaction act = { .sa_flags = PICK(self, flags) };

	switch (rnd(self, 4)) {
	case 0:
		act.sa_handler = SIG_IGN;
		break;
	case 1:
		act.sa_handler = count_signal;
		break;
	case 2:
		act.sa_handler = signo == SIGCHLD ? collect : count_signal;
		break;
	}
	sigaction(signo, &act, NULL);
}

static void do_sigmask(struct self *self)
{
	const struct timespec soon = { .tv_nsec = 1000000 };
	unsigned long long high = rnd(self, UINT32_MAX);
	unsigned long long set = high << 8 & ~(1ULL << (SIGALRM - 1));

	syscall(SYS_rt_sigprocmask, rnd(self, 3), &set, NULL, sizeof(set));
	if (one_in(self, 3))
		syscall(SYS_rt_sigtimedwait, &set, NULL, &soon, sizeof(set));
}

static void do_kill(struct self *self)
{
	int signo = any_signal(self);

	switch (rnd(self, 10)) {
	case 0:
		if (getpgrp() > shared->root)
			kill(0, signo);
		return;
	case 1:
		kill(-any_pid(self), signo);
		return;
	case 2:
		/* The first process blocks all signals that can be blocked. */
		if (one_in(self, 8) && signo != SIGKILL && signo != SIGSTOP)
			kill(-1, signo == SIGTERM ? SIGCONT : signo);
		return;
	case 3:
		/* Init ignores it. */
		if (signo != SIGKILL && signo != SIGSTOP)
			kill(1, signo);
		return;
	case 4:
		kill(getpid(), signo);
		return;
	default:
		kill(any_pid(self), signo);
	}
}

static void do_tgkill(struct self *self)
{
	pid_t pid = any_pid(self);
	int signo = any_signal(self);
	siginfo_t info = { .si_signo = signo, .si_code = SI_QUEUE, .si_pid = getpid() };

	switch (rnd(self, 4)) {
	case 0:
		syscall(SYS_tkill, pid, signo);
		return;
	case 1:
		syscall(SYS_tgkill, one_in(self, 2) ? pid : any_pid(self), pid, signo);
		return;
	case 2:
		syscall(SYS_rt_sigqueueinfo, pid, signo, &info);
		return;
	default:
		syscall(SYS_rt_tgsigqueueinfo, pid, pid, signo, &info);
	}
}

/*
 * Groups and the rest
 */

static void do_group(struct self *self)
{
	pid_t pid = one_in(self, 2) ? 0 : any_pid(self);

	switch (rnd(self, 8)) {
	case 0:
		syscall(SYS_setsid);
		return;
	case 1:
		getpgid(pid);
		return;
	case 2:
		getsid(pid);
		return;
	case 3:
		getppid();
		return;
	default:
		setpgid(pid, one_in(self, 2) ? 0 : any_pid(self));
	}
}

static void do_prctl(struct self *self)
{
	if (one_in(self, 2))
		prctl(PR_SET_CHILD_SUBREAPER, rnd(self, 2), 0, 0, 0);
	else
		prctl(PR_SET_PDEATHSIG, PICK(self, ((int[]) { 0, SIGTERM, SIGKILL, SIGCONT })),
		      0, 0, 0);
}

/* Sets the ids of all threads, as the C library does. */
static void do_ids(struct self *self)
{
	static const int ids[] = { -1, 0, 100001, 100002 };
	int i;

	for (i = 0; i < NR_STACKS; i++)
		if (stack_users[i])
			return;
	syscall(SYS_setresuid, PICK(self, ids), PICK(self, ids), PICK(self, ids));
}

static void do_snooze(struct self *self)
{
	snooze(rnd(self, 3000));
}

static const struct {
	unsigned int weight;
	void (*act)(struct self *self);
} acts[] = {
	{ 16, do_fork },
	{ 3, do_clone3 },
	{ 3, do_vfork },
	{ 8, do_thread },
	{ 1, do_exec },
	{ 14, do_wait4 },
	{ 10, do_waitid },
	{ 3, do_pidfd },
	{ 14, do_kill },
	{ 4, do_tgkill },
	{ 4, do_sigaction },
	{ 3, do_sigmask },
	{ 8, do_group },
	{ 1, do_prctl },
	{ 1, do_ids },
	{ 8, do_snooze },
};

static void act_at_random(struct self *self)
{
	unsigned int i, sum = 0, left;

	for (i = 0; i < sizeof(acts) / sizeof(*acts); i++)
		sum += acts[i].weight;
	left = rnd(self, sum);
	for (i = 0; left >= acts[i].weight; i++)
		left -= acts[i].weight;
	acts[i].act(self);
}

static void live(struct self *self)
{
	unsigned int left = rnd(self, LIFE);

	while (left--)
		act_at_random(self);
	for (;;)
		end_life(self);
}

/*
 * The first process
 */

static double seconds_now(void)
{
	struct timespec ts;

	clock_gettime(CLOCK_MONOTONIC, &ts);
	return ts.tv_sec + ts.tv_nsec / 1e9;
}

static void fail(const char *what)
{
	fprintf(stderr, "run_random: %s: %s\n", what, strerror(errno));
	exit(2);
}

static void share_memory(unsigned int max_threads)
{
	int fd = memfd_create("run_random", 0), self = open("/proc/self/exe", O_PATH);
	struct sysinfo info;

	if (fd < 0 || self < 0 || ftruncate(fd, sizeof(*shared)) || sysinfo(&info) ||
	    dup2(fd, FD_SHARED) < 0 || dup2(self, FD_PROGRAM) < 0)
		fail("cannot share memory");
	close(fd);
	close(self);
	shared = mmap(NULL, sizeof(*shared), PROT_READ | PROT_WRITE, MAP_SHARED, FD_SHARED, 0);
	if (shared == MAP_FAILED)
		fail("cannot share memory");
	shared->root = getpid();
	shared->latest = shared->root;
	shared->max_threads = info.procs + max_threads;
}

/* Takes the signals that are pending, as some use memory. */
static void drop_signals(void)
{
	static const struct timespec none;
	sigset_t all;

	sigfillset(&all);
	while (sigtimedwait(&all, NULL, &none) > 0)
		;
}

static void reap(int options)
{
	while (syscall(SYS_wait4, -1, NULL, options | __WALL, NULL) > 0)
		;
}

static void spawn(struct self *self)
{
	const sigset_t none = {};
	unsigned long long seed = rnd(self, UINT32_MAX);
	pid_t pid = syscall(SYS_fork);

	if (!pid) {
		sigprocmask(SIG_SETMASK, &none, NULL);
		self->random = seed;
		setpgid(0, 0);
		begin_child(self, seed);
	}
	note_pid(pid);
}

/* Some sleep or are stopped for ever: they are continued, or replaced by others. */
static void stir(struct self *self)
{
	if (!is_full())
		spawn(self);
	else
		kill(any_pid(self), SIGKILL);
	if (one_in(self, 8))
		kill(-1, SIGCONT);
	reap(WNOHANG);
	drop_signals();
	snooze(rnd(self, 10000));
}

static int end_all(void)
{
	kill(-1, SIGKILL);
	reap(0);
	if (errno != ECHILD)
		fail("wait4");
	if (!kill(-1, 0) || errno != ESRCH) {
		fprintf(stderr, "run_random: a process is left\n");
		return 1;
	}
	return 0;
}

static int run(struct self *self, double seconds, char **command)
{
	double end = seconds_now() + seconds;
	sigset_t all;

	sigfillset(&all);
	sigprocmask(SIG_SETMASK, &all, NULL);
	if (prctl(PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0) || setpgid(0, 0))
		fail("cannot begin");
	setrlimit(RLIMIT_CORE, &(struct rlimit) {});
	while (seconds_now() < end)
		stir(self);
	if (end_all())
		return 1;
	if (!*command)
		return 0;
	execvp(*command, command);
	fail(*command);
	return 2;
}

static void work(unsigned long long seed)
{
	struct self self = { .random = seed, .stack = -1 };

	shared = mmap(NULL, sizeof(*shared), PROT_READ | PROT_WRITE, MAP_SHARED, FD_SHARED, 0);
	if (shared == MAP_FAILED)
		_exit(2);
	live(&self);
}

int main(int argc, char **argv)
{
	struct self self = { .random = time(NULL) ^ getpid(), .stack = -1 };
	unsigned int threads = 60;
	double seconds = 5;

	if (argc == 3 && !strcmp(argv[1], "--worker"))
		work(strtoull(argv[2], NULL, 0));
	for (argv++; *argv && strcmp(*argv, "--"); argv += 2) {
		if (!strcmp(*argv, "--seed") && argv[1])
			self.random = strtoull(argv[1], NULL, 0);
		else if (!strcmp(*argv, "--seconds") && argv[1])
			seconds = strtod(argv[1], NULL);
		else if (!strcmp(*argv, "--threads") && argv[1])
			threads = strtoul(argv[1], NULL, 0);
		else
			return 2;
	}
	if (getpid() > 2) {
		fprintf(stderr, "run_random: it must be process 1 or 2 of a PID namespace\n");
		return 2;
	}
	printf("seed %llu\n", self.random);
	fflush(stdout);
	share_memory(threads);
	return run(&self, seconds, *argv ? argv + 1 : argv);
}
