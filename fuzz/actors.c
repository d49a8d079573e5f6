// SPDX-License-Identifier: GPL-2.0-only
/*
 * The actors that run a program: persistent threads, temporary threads, and processes
 *
 * The main thread monitors them. When the time of an input is up, actors that still run get signals
 * until they have finished; processes are killed at last.
 */
#include <errno.h>
#include <sched.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "fuzz.h"

enum {
	TIME_MS		= 6,	/* per input, */
	FORK_MS		= 30,	/* per input with processes, which take time to create */
	SIGNAL_EVERY_MS	= 1,	/* after that */
	KILL_AFTER	= 3,	/* signals before processes are killed */
	CHILD_STACK	= 128 * 1024,
	STUCK_MS	= 40000,	/* no call takes this long on any machine */
	GONE_MS		= 10000,	/* nor does the end of a process after SIGKILL */
};

struct actor actors[NR_ACTORS];

const int signal_interrupt = SIGUSR1, signal_restart = SIGUSR2;

/* The records that spare actors run. */
static struct { unsigned int first, end; } ranges[NR_ACTORS];

static unsigned int nr_taken[2];	/* spare actors in use: threads, processes */
static int pending;			/* actors that run */
static sem_t done;

static void on_signal(int signo)
{
	(void)signo;
}

/* Undoes OP_CREDENTIALS. */
static void restore_credentials(struct actor *a)
{
	if (!a->unprivileged)
		return;
	a->unprivileged = false;
	if (syscall(SYS_setresuid, 0, 0, 0) || syscall(SYS_setresgid, 0, 0, 0))
		finding("cannot become root again");
}

static void actor_done(struct actor *a)
{
	__atomic_store_n(&a->busy, false, __ATOMIC_SEQ_CST);
	__atomic_fetch_sub(&pending, 1, __ATOMIC_SEQ_CST);
	sem_post(&done);
}

static void run_steps(struct actor *a)
{
	unsigned int i;

	for (i = 0; i < a->nr_steps; i++) {
		unsigned int first = a->step[i];
		unsigned int end = first + 1 + body_length(&program.record[first]);

		/* The last record may claim more records than follow. */
		run_range(a, first, end < program.nr ? end : program.nr);
	}
}

static void *work(void *arg)
{
	struct actor *a = arg;

	a->tid = syscall(SYS_gettid);
	kcov_on(&a->kcov);
	sem_post(&done);
	for (;;) {
		while (sem_wait(&a->go))
			;
		run_steps(a);
		restore_credentials(a);
		actor_done(a);
	}
	return NULL;
}

static void create_thread(struct actor *a, void *(*fn)(void *))
{
	pthread_attr_t attr;
	int err;

	pthread_attr_init(&attr);
	pthread_attr_setstacksize(&attr, 128 * 1024);
	err = pthread_create(&a->thread, &attr, fn, a);
	if (err)
		finding("pthread_create: %s", strerror(err));
	pthread_attr_destroy(&attr);
}

/*
 * The first half of the spare actors are temporary threads. The others are persistent threads,
 * which have child processes.
 */
static struct actor *take_spare(bool process, unsigned int first, unsigned int end)
{
	unsigned int n = __atomic_fetch_add(&nr_taken[process], 1, __ATOMIC_SEQ_CST);
	struct actor *a = &actors[NR_THREADS + (process ? NR_SPARE / 2 : 0) + n];

	if (n >= NR_SPARE / 2)
		return NULL;
	ranges[a - actors].first = first;
	ranges[a - actors].end = end;
	a->busy = true;
	__atomic_fetch_add(&pending, 1, __ATOMIC_SEQ_CST);
	return a;
}

static void *work_once(void *arg)
{
	struct actor *a = arg;

	__atomic_store_n(&a->tid, syscall(SYS_gettid), __ATOMIC_SEQ_CST);
	kcov_on(&a->kcov);
	run_range(a, ranges[a - actors].first, ranges[a - actors].end);
	kcov_off(&a->kcov);
	__atomic_store_n(&a->tid, 0, __ATOMIC_SEQ_CST);
	actor_done(a);
	return NULL;
}

/**
 * actor_thread() - run operations in a temporary thread
 * @by: the actor that asks; not a process, because its end would end the thread as well
 * @first: the first record
 * @end: the record after the last one
 *
 * The other actors can reap what the thread has submitted to a ring.
 *
 * Return: 0, -EAGAIN or -EPERM.
 */
long actor_thread(const struct actor *by, unsigned int first, unsigned int end)
{
	struct actor *a;

	if (by - actors >= FIRST_PROCESS)
		return -EPERM;
	a = take_spare(false, first, end);
	if (!a)
		return -EAGAIN;
	create_thread(a, work_once);
	return 0;
}

/* Runs in a process with its own descriptors, but with shared memory, which is much faster. */
static int child_main(void *arg)
{
	struct actor *a = arg;

	__atomic_store_n(&a->tid, getpid(), __ATOMIC_SEQ_CST);
	kcov_on(&a->kcov);
	run_range(a, ranges[a - actors].first, ranges[a - actors].end);
	kcov_off(&a->kcov);
	__atomic_store_n(&a->tid, 0, __ATOMIC_SEQ_CST);
	_exit(0);
}

/* The thread sleeps until its child has exited (CLONE_VFORK), because they share errno. */
static void have_child(struct actor *a)
{
	const struct record *r = &program.record[ranges[a - actors].first - 1];
	int flags = CLONE_VM | CLONE_VFORK | SIGCHLD | (r->arg[1] & 1 ? CLONE_NEWUSER : 0);
	pid_t pid = clone(child_main, a->stack + CHILD_STACK, flags, a);

	if (pid > 0)
		waitpid(pid, NULL, __WALL);
	ring_forget(a);
}

static void *have_children(void *arg)
{
	struct actor *a = arg;

	a->stack = malloc(CHILD_STACK);
	if (!a->stack)
		finding("no memory");
	sem_post(&done);
	for (;;) {
		while (sem_wait(&a->go))
			;
		have_child(a);
		actor_done(a);
	}
	return NULL;
}

/**
 * actor_fork() - run operations in a process
 * @first: the first record
 * @end: the record after the last one
 *
 * Return: 0 or -EAGAIN.
 */
long actor_fork(unsigned int first, unsigned int end)
{
	struct actor *a = take_spare(true, first, end);

	if (!a)
		return -EAGAIN;
	sem_post(&a->go);
	return 0;
}

/**
 * actors_init() - start the persistent threads
 */
void actors_init(void)
{
	struct sigaction interrupt = { .sa_handler = on_signal };
	struct sigaction restart = { .sa_handler = on_signal, .sa_flags = SA_RESTART };
	unsigned int i;

	sigaction(signal_interrupt, &interrupt, NULL);
	sigaction(signal_restart, &restart, NULL);
	sem_init(&done, 0, 0);
	for (i = 0; i < NR_ACTORS; i++) {
		kcov_open(&actors[i].kcov);
		sem_init(&actors[i].go, 0, 0);
		if (i >= NR_THREADS && i < FIRST_PROCESS)
			continue;
		create_thread(&actors[i], i < NR_THREADS ? work : have_children);
		while (sem_wait(&done))
			;
	}
}

static __u64 now_ms(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return t.tv_sec * 1000ULL + t.tv_nsec / 1000000;
}

static struct timespec after_ms(unsigned int ms)
{
	struct timespec t;

	clock_gettime(CLOCK_REALTIME, &t);
	t.tv_nsec += ms * 1000000L;
	t.tv_sec += t.tv_nsec / 1000000000;
	t.tv_nsec %= 1000000000;
	return t;
}

/* Not while it prints, as it would leave the lock of stdout held in shared memory. */
static void kill_process(pid_t pid)
{
	flockfile(stdout);
	kill(pid, SIGKILL);
	funlockfile(stdout);
}

/* Sends a signal to all actors that run. If patience is over, processes are killed. */
static void interrupt_all(bool no_more_patience)
{
	unsigned int i;

	for (i = 0; i < NR_ACTORS; i++) {
		pid_t tid = __atomic_load_n(&actors[i].tid, __ATOMIC_SEQ_CST);

		if (!actors[i].busy || !tid)
			continue;
		if (i < FIRST_PROCESS)
			syscall(SYS_tgkill, getpid(), tid, signal_interrupt);
		else if (no_more_patience)
			kill_process(tid);
		else
			kill(tid, signal_interrupt);
	}
}

/* The parent thread of a process is busy until the process is gone with all its resources. */
static void check_killed(void)
{
	unsigned int i;

	for (i = FIRST_PROCESS; i < NR_ACTORS; i++)
		if (actors[i].busy)
			finding("a process was killed in record %u, and is not gone after %u s",
				actors[i].now, GONE_MS / 1000);
}

static void report_stuck(void)
{
	unsigned int i;

	for (i = 0; i < NR_ACTORS; i++)
		if (actors[i].busy)
			fprintf(stderr, "actor %u is stuck in record %u, %s\n", i, actors[i].now,
				op_name(program.record[actors[i].now].op));
	finding("a call does not end, in spite of signals");
}

static unsigned int time_of_input(void)
{
	unsigned int i;

	for (i = 0; i < program.nr; i += 1 + body_length(&program.record[i]))
		if (op_of(&program.record[i]) == OP_FORK)
			return FORK_MS;
	return TIME_MS;
}

static void wait_for_threads(void)
{
	struct timespec deadline = after_ms(time_of_input());
	unsigned int rounds = 0;
	__u64 killed_at = 0;

	while (__atomic_load_n(&pending, __ATOMIC_SEQ_CST) > 0) {
		if (!sem_timedwait(&done, &deadline) || errno == EINTR)
			continue;
		__atomic_store_n(&program.stop, true, __ATOMIC_SEQ_CST);
		interrupt_all(rounds >= KILL_AFTER);
		if (rounds == KILL_AFTER)
			killed_at = now_ms();
		if (killed_at && now_ms() - killed_at > GONE_MS)
			check_killed();
		if (++rounds > STUCK_MS / SIGNAL_EVERY_MS)
			report_stuck();
		deadline = after_ms(SIGNAL_EVERY_MS);
	}
	while (!sem_trywait(&done))
		;
}

static void join_threads(void)
{
	unsigned int i;

	for (i = NR_THREADS; i < FIRST_PROCESS; i++) {
		if (actors[i].thread)
			pthread_join(actors[i].thread, NULL);
		actors[i].thread = 0;
	}
	nr_taken[0] = 0;
	nr_taken[1] = 0;
}

/**
 * actors_run() - run the program until all actors have finished
 */
void actors_run(void)
{
	unsigned int i;

	for (i = 0; i < NR_THREADS; i++) {
		actors[i].busy = actors[i].nr_steps;
		pending += actors[i].busy;
	}
	for (i = 0; i < NR_THREADS; i++)
		if (actors[i].nr_steps)
			sem_post(&actors[i].go);
	wait_for_threads();
	__atomic_store_n(&program.stop, true, __ATOMIC_SEQ_CST);
	join_threads();
}
