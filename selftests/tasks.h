/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * procsrv selftests - threads that sleep in a call, which the test can observe
 */
#ifndef SELFTESTS_TASKS_H
#define SELFTESTS_TASKS_H

#include <sys/resource.h>

#include "common.h"

/**
 * struct task - a thread that makes one call
 * @thread: the thread
 * @tid: its id, once it runs
 * @fd: descriptor that the call is made on
 * @run: makes the call, and returns its result or a negative errno
 * @data: for @run
 * @ret: result of @run
 * @sleeps: number of voluntary context switches in the call
 * @began: start time in nanoseconds
 * @ended: end time, or 0
 */
struct task {
	pthread_t thread;
	pid_t tid;
	int fd;
	long (*run)(struct task *task);
	void *data;
	long ret;
	long sleeps;
	__u64 began;
	__u64 ended;
};

static inline void *task_run(void *data)
{
	struct rusage before, after;
	struct task *task = data;

	task->began = now_ns();
	__atomic_store_n(&task->tid, syscall(SYS_gettid), __ATOMIC_SEQ_CST);
	getrusage(RUSAGE_THREAD, &before);
	task->ret = task->run(task);
	getrusage(RUSAGE_THREAD, &after);
	task->sleeps = after.ru_nvcsw - before.ru_nvcsw;
	__atomic_store_n(&task->ended, now_ns(), __ATOMIC_SEQ_CST);
	return NULL;
}

static inline int task_start(struct task *task, int fd,
			     long (*run)(struct task *task), void *data)
{
	pthread_attr_t attr;
	int ret;

	*task = (struct task) { .fd = fd, .run = run, .data = data };
	pthread_attr_init(&attr);
	/* There may be a thousand threads. */
	pthread_attr_setstacksize(&attr, 128 * 1024);
	ret = pthread_create(&task->thread, &attr, task_run, task);
	pthread_attr_destroy(&attr);
	return ret;
}

static inline bool task_is_done(struct task *task)
{
	return __atomic_load_n(&task->ended, __ATOMIC_SEQ_CST);
}

/* Waits until the thread sleeps. Returns false if it never does. */
static inline bool task_is_asleep(struct task *task)
{
	int looks = 0;
	pid_t tid;

	do {
		tid = __atomic_load_n(&task->tid, __ATOMIC_SEQ_CST);
		if (tid && task_sleeps(tid))
			return !task_is_done(task);
	} while (!task_is_done(task) && look_again(&looks));
	return false;
}

static inline long task_join(struct task *task)
{
	pthread_join(task->thread, NULL);
	return task->ret;
}

static inline long wait_task(struct task *task)
{
	return do_wait(task->fd, task->data);
}

static inline void on_nothing(int signo)
{
}

/* Lets a signal interrupt calls, or restart them with SA_RESTART. */
static inline void interrupt_by(int signo, int flags)
{
	struct sigaction action = {
		.sa_handler = on_nothing,
		.sa_flags = flags,
	};

	sigaction(signo, &action, NULL);
}

/* Kills a child, and reaps it. Returns the signal that ended it, or -1. */
static inline int killed(pid_t child)
{
	int status;

	if (kill(child, SIGKILL) || waitpid(child, &status, 0) != child)
		return -1;
	return WIFSIGNALED(status) ? WTERMSIG(status) : -1;
}

/* Waits until the only task of another process sleeps. */
static inline bool child_sleeps(pid_t child)
{
	char path[64], state;
	int looks = 0;
	FILE *file;

	snprintf(path, sizeof(path), "/proc/%d/stat", child);
	do {
		state = 0;
		file = fopen(path, "r");
		if (file && fscanf(file, "%*d (%*[^)]) %c", &state) != 1)
			state = 0;
		if (file)
			fclose(file);
		if (state == 'S')
			return true;
	} while (look_again(&looks));
	return false;
}

#endif /* SELFTESTS_TASKS_H */
