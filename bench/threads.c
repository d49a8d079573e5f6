// SPDX-License-Identifier: GPL-2.0-only
/*
 * Worker threads
 */
#include <linux/delay.h>
#include <linux/err.h>
#include <linux/kthread.h>
#include <linux/sched.h>

#include "bench.h"

enum {
	/* Calls of the function between two calls of bench_relax(). */
	WORK_BATCH = 32,
};

/**
 * work_look() - look at a random process
 * @w: the worker
 *
 * Return: 0 or an error.
 */
int work_look(struct worker *w)
{
	return herd_look(w->h, herd_random(w->h, &w->seed));
}

/**
 * work_update() - report what a random process uses
 * @w: the worker
 *
 * This is quick, and takes the lock for writing. It is not an error if the
 * process has ended meanwhile.
 *
 * Return: 0 or an error.
 */
int work_update(struct worker *w)
{
	int err = herd_update(w->h, herd_random(w->h, &w->seed));

	return err == -ESRCH ? 0 : err;
}

/* Counts if there was a histogram when the call began or when it ended. */
static int work_once(struct worker *w)
{
	struct histogram *hist = READ_ONCE(w->hist);
	u64 begin, elapsed;
	int err;

	begin = bench_now();
	err = w->fn(w);
	elapsed = bench_now() - begin;
	hist = hist ?: READ_ONCE(w->hist);
	if (hist)
		histogram_add(hist, elapsed);
	return err;
}

static int work(void *data)
{
	struct worker *w = data;
	u64 begin = bench_now();
	u64 done = 0;
	int err = 0;
	u32 i;

	while (!err && !kthread_should_stop()) {
		for (i = 0; !err && i < WORK_BATCH; i++)
			err = w->timed ? work_once(w) : w->fn(w);
		done += i;
		bench_relax();
	}
	w->elapsed = bench_now() - begin;
	w->done = done;
	w->err = err;
	while (!kthread_should_stop())
		usleep_range(1000, 2000);
	return 0;
}

/**
 * worker_start() - start a worker thread
 * @w: the worker
 * @cpu: processor to bind it to, or -1 for any
 *
 * Return: 0 or an error.
 */
int worker_start(struct worker *w, int cpu)
{
	struct task_struct *task;

	task = kthread_create(work, w, "procsrv_bench");
	if (IS_ERR(task))
		return PTR_ERR(task);
	if (cpu >= 0)
		kthread_bind(task, cpu);
	w->task = task;
	wake_up_process(task);
	return 0;
}

/**
 * worker_stop() - stop a worker thread, and wait for it
 * @w: the worker
 *
 * Return: 0 or the error that ended it early.
 */
int worker_stop(struct worker *w)
{
	int err;

	if (!w->task)
		return 0;
	err = kthread_stop(w->task);
	w->task = NULL;
	return err ?: w->err;
}
