// SPDX-License-Identifier: GPL-2.0-only
/*
 * Threads of their own
 */
#include <linux/delay.h>
#include <linux/err.h>
#include <linux/kthread.h>
#include <linux/sched.h>

#include "bench.h"

enum {
	/* Calls between two offers to let others run. */
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
 * This is quick, and takes the lock for writing. A process that has ended
 * meanwhile is no error.
 *
 * Return: 0 or an error.
 */
int work_update(struct worker *w)
{
	int err = herd_update(w->h, herd_random(w->h, &w->seed));

	return err == -ESRCH ? 0 : err;
}

/* What began or ended while there was a histogram counts. */
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
 * worker_start() - let a thread begin its work
 * @w: what to do
 * @cpu: on which processor, or -1 for any
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
 * worker_stop() - wait for the end of its work
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
