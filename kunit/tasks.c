// SPDX-License-Identifier: GPL-2.0-only
/*
 * Helpers of the suites: waits and takes, with and without a task of their own,
 * and workers
 */
#include <linux/delay.h>
#include <linux/kthread.h>
#include <linux/sched/signal.h>
#include <linux/sched/task.h>

#include "common.h"

/* The results of a wait are poisoned first, to see that they are written. */
static void poison(struct procsrv_wait *w)
{
	w->pid = U64_MAX;
	w->why = U32_MAX;
	w->uid = KUIDT_INIT(-7);
	w->exit_code = INT_MIN;
	w->exit_signal = U32_MAX;
	w->cpu_time = U64_MAX;
	w->children_cpu_time = U64_MAX;
}

int wait_now(struct kunit *test, struct procsrv_wait *w)
{
	w->flags |= PROCSRV_WAIT_NOHANG;
	poison(w);
	return procsrv_wait(server(test), w);
}

int wait_any(struct kunit *test, u64 parent, u32 what, u32 flags, u64 *pid)
{
	struct procsrv_wait w = {
		.parent = parent,
		.which = PROCSRV_WAIT_ANY,
		.what = what,
		.flags = flags,
	};
	int ret = wait_now(test, &w);

	if (pid)
		*pid = ret ? 0 : w.pid;
	return ret;
}

int wait_pid(struct kunit *test, u64 parent, u64 pid, u32 what, u32 flags)
{
	struct procsrv_wait w = {
		.parent = parent,
		.which = PROCSRV_WAIT_PID,
		.what = what,
		.flags = flags,
		.id = pid,
	};
	int ret = wait_now(test, &w);

	if (!ret)
		KUNIT_EXPECT_EQ(test, w.pid, pid);
	return ret;
}

int wait_pgid(struct kunit *test, u64 parent, u32 pgid, u32 what, u32 flags,
	      u64 *pid)
{
	struct procsrv_wait w = {
		.parent = parent,
		.which = PROCSRV_WAIT_PGID,
		.what = what,
		.flags = flags,
		.id = pgid,
	};
	int ret = wait_now(test, &w);

	if (pid)
		*pid = ret ? 0 : w.pid;
	return ret;
}

/* Reaps a child that has exited. */
void reap_child(struct kunit *test, u64 parent, u64 pid)
{
	int ret = wait_pid(test, parent, pid, PROCSRV_WAIT_EXITED, 0);

	KUNIT_ASSERT_EQ(test, ret, 0);
	KUNIT_ASSERT_EQ(test, look_up(test, pid), -ESRCH);
}

void end_and_reap(struct kunit *test, u64 pid)
{
	u64 parent = ppid_of(test, pid);

	end_process(test, pid);
	reap_child(test, parent, pid);
}

static void end_wait(struct wait_task *t)
{
	put_task_struct(t->task);
	t->task = NULL;
}

/**
 * interrupt_wait() - send a signal to a task that waits
 * @t: the task
 */
void interrupt_wait(struct wait_task *t)
{
	/* Before that, the signal would be ignored. */
	wait_for_completion(&t->ready);
	send_sig(SIGKILL, t->task, 1);
}

/**
 * end_tasks() - end the tasks that a test has left behind
 * @f: the fixture of the test
 *
 * Only a test that was aborted leaves tasks behind.
 */
void end_tasks(struct fixture *f)
{
	struct wait_task *t;

	list_for_each_entry(t, &f->wait_tasks, link) {
		if (!t->task)
			continue;
		interrupt_wait(t);
		wait_for_completion(&t->done);
		end_wait(t);
	}
}

static int wait_thread(void *arg)
{
	struct wait_task *t = arg;

	allow_signal(SIGKILL);
	complete_all(&t->ready);
	t->switches = current->nvcsw;
	t->ret = t->call(t);
	t->switches = current->nvcsw - t->switches;
	kthread_complete_and_exit(&t->done, 0);
}

static void start_task(struct kunit *test, struct wait_task *t)
{
	struct fixture *f = test->priv;
	struct task_struct *task;

	t->ps = f->ps;
	init_completion(&t->ready);
	init_completion(&t->done);
	task = kthread_create(wait_thread, t, "procsrv-wait");
	KUNIT_ASSERT_NOT_ERR_OR_NULL(test, task);
	t->task = get_task_struct(task);
	list_add_tail(&t->link, &f->wait_tasks);
	wake_up_process(task);
}

static int call_wait(struct wait_task *t)
{
	return procsrv_wait(t->ps, &t->w);
}

/* Called with the mutex held, after the lock was dropped. */
static void wake_request(struct procsrv_waiter *s)
{
	struct request *r = container_of(s, struct request, waiter.base);

	r->woken++;
	if (r->all)
		++*r->all;
}

/**
 * start_request() - wait without a task
 * @test: the test, which ends the wait with procsrv_wait_end()
 * @r: the waiter, zeroed
 * @w: what to wait for; nothing that has happened
 * @all: counts how often any of several waiters was woken, or NULL
 */
void start_request(struct kunit *test, struct request *r,
		   const struct procsrv_wait *w, u32 *all)
{
	r->waiter.base.wake = wake_request;
	r->w = *w;
	r->all = all;
	KUNIT_EXPECT_EQ(test, procsrv_wait_start(server(test), &r->waiter,
						 &r->w), -EINPROGRESS);
}

/**
 * start_wait() - wait in a task of its own
 * @test: the test
 * @w: what to wait for; without PROCSRV_WAIT_NOHANG
 *
 * A task that the test does not join is ended with it.
 *
 * Return: the task.
 */
struct wait_task *start_wait(struct kunit *test, const struct procsrv_wait *w)
{
	struct wait_task *t;

	t = kunit_kzalloc(test, sizeof(*t), GFP_KERNEL);
	KUNIT_ASSERT_NOT_NULL(test, t);
	t->call = call_wait;
	t->w = *w;
	poison(&t->w);
	start_task(test, t);
	return t;
}

/* As start_wait(), with the fields of struct procsrv_wait. */
struct wait_task *start_for(struct kunit *test, u64 parent, u32 which, u64 id,
			    u32 what, u32 flags)
{
	const struct procsrv_wait w = {
		.parent = parent,
		.which = which,
		.id = id,
		.what = what,
		.flags = flags,
	};

	return start_wait(test, &w);
}

/* The results of a take are poisoned, too. */
static void poison_take(struct procsrv_take *take)
{
	take->signo = -1;
	take->sender = U64_MAX;
	take->count = U32_MAX;
	take->target = U64_MAX;
	take->origin = U32_MAX;
}

/**
 * take_now() - take a signal without sleeping
 * @test: the test
 * @pid: the process
 * @mask: the signals that qualify
 * @take: gets the result
 *
 * Return: what procsrv_take_signal() returned.
 */
int take_now(struct kunit *test, u64 pid, u64 mask, struct procsrv_take *take)
{
	*take = (struct procsrv_take) {
		.pid = pid,
		.mask = mask,
		.flags = PROCSRV_TAKE_NOHANG,
	};
	poison_take(take);
	return procsrv_take_signal(server(test), take);
}

static int call_take(struct wait_task *t)
{
	return procsrv_take_signal(t->ps,
				   &container_of(t, struct take_task, t)->take);
}

/**
 * take_in_task() - take a signal in a task of its own
 * @test: the test
 * @take: which signal to take
 *
 * Return: the task, for join_wait() on its @t.
 */
struct take_task *take_in_task(struct kunit *test,
			       const struct procsrv_take *take)
{
	struct take_task *t = kunit_kzalloc(test, sizeof(*t), GFP_KERNEL);

	KUNIT_ASSERT_NOT_NULL(test, t);
	t->t.call = call_take;
	t->take = *take;
	poison_take(&t->take);
	start_task(test, &t->t);
	return t;
}

/**
 * start_take() - take a signal in a task of its own
 * @test: the test
 * @pid: the process
 * @mask: the signals that qualify
 *
 * Return: the task, for join_wait() on its @t.
 */
struct take_task *start_take(struct kunit *test, u64 pid, u64 mask)
{
	return take_in_task(test, &(struct procsrv_take) {
		.pid = pid,
		.mask = mask,
	});
}

/**
 * start_timed_take() - start_take() with a timeout
 * @test: the test
 * @pid: the process
 * @mask: the signals that qualify
 * @timeout: nanoseconds
 *
 * Return: the task.
 */
struct take_task *start_timed_take(struct kunit *test, u64 pid, u64 mask,
				   u64 timeout)
{
	return take_in_task(test, &(struct procsrv_take) {
		.pid = pid,
		.mask = mask,
		.flags = PROCSRV_TAKE_TIMEOUT,
		.timeout = timeout,
	});
}

static u32 nr_waiters_of(struct procsrv *ps, u64 pid)
{
	struct procsrv_process *p;
	u32 n = 0;

	read_lock(&ps->lock);
	p = peek_process(ps, pid);
	if (p)
		n = p->nr_waiters;
	read_unlock(&ps->lock);
	return n;
}

static u32 nr_sleepers_of(struct procsrv *ps, u64 pid)
{
	struct procsrv_process *p;
	struct rb_node *node;
	u32 n = 0;

	read_lock(&ps->lock);
	p = peek_process(ps, pid);
	if (p)
		for (node = rb_first(&p->waiters); node; node = rb_next(node))
			n++;
	read_unlock(&ps->lock);
	return n;
}

/* Waits until a process has this number of waiters. */
void expect_waiters(struct kunit *test, u64 pid, u32 nr)
{
	u32 looks = 0;

	while (nr_sleepers_of(server(test), pid) != nr && look_again(&looks))
		;
	KUNIT_ASSERT_EQ(test, nr_sleepers_of(server(test), pid), nr);
}

/* Waits until this number of tasks waits on behalf of a process. */
void expect_waiting(struct kunit *test, u64 parent, u32 nr_waiters)
{
	u32 looks = 0;

	while (nr_waiters_of(server(test), parent) != nr_waiters &&
	       look_again(&looks))
		;
	KUNIT_ASSERT_EQ(test, nr_waiters_of(server(test), parent), nr_waiters);
}

/* Waits until a task that is one of the waiters has gone to sleep. */
void expect_asleep(struct kunit *test, struct wait_task *t)
{
	u32 looks = 0;

	while (READ_ONCE(t->task->__state) != TASK_INTERRUPTIBLE &&
	       look_again(&looks))
		;
	KUNIT_ASSERT_LT(test, looks, TEST_PATIENCE_LOOKS);
}

/* What happened so far must not have ended the wait. */
void expect_still_waiting(struct kunit *test, struct wait_task *t)
{
	msleep(30);
	KUNIT_EXPECT_FALSE(test, completion_done(&t->done));
}

/**
 * join_wait() - wait until a task has ended
 * @test: the test
 * @t: the task
 *
 * Return: what procsrv_wait() returned.
 */
int join_wait(struct kunit *test, struct wait_task *t)
{
	bool woken = await_completion(&t->done);

	if (!woken) {
		interrupt_wait(t);
		wait_for_completion(&t->done);
	}
	end_wait(t);
	KUNIT_ASSERT_TRUE_MSG(test, woken, "a wait was never woken");
	return t->ret;
}

static int worker_thread_fn(void *arg)
{
	struct worker *worker = arg;

	worker->fn(worker);
	kthread_complete_and_exit(&worker->done, 0);
}

/**
 * start_workers() - run threads against the server of a test
 * @test: the test
 * @workers: one for each thread, with fn and arg set
 * @n: number of workers
 *
 * The workers have to stop by themselves.
 */
void start_workers(struct kunit *test, struct worker *workers, u32 n)
{
	u32 i;

	for (i = 0; i < n; i++) {
		workers[i].ps = server(test);
		workers[i].number = i;
		workers[i].seed = 0x9e3779b97f4a7c15ULL * (i + 1);
		init_completion(&workers[i].done);
	}
	for (i = 0; i < n; i++) {
		struct task_struct *task;

		task = kthread_run(worker_thread_fn, &workers[i],
				   "procsrv-test/%u", i);
		if (IS_ERR(task)) {
			KUNIT_FAIL(test, "no thread for worker %u", i);
			complete(&workers[i].done);
		}
	}
}

void join_workers(struct kunit *test, struct worker *workers, u32 n)
{
	u32 i;

	for (i = 0; i < n; i++) {
		wait_for_completion(&workers[i].done);
		KUNIT_EXPECT_EQ_MSG(test, workers[i].failures, 0,
				    "worker %u", i);
	}
}

/**
 * new_workers() - allocate workers that have the same function
 * @test: the test
 * @n: number of workers
 * @fn: the function
 * @arg: its argument
 *
 * Return: the workers, for start_workers().
 */
struct worker *new_workers(struct kunit *test, u32 n,
			   void (*fn)(struct worker *worker), void *arg)
{
	struct worker *workers;
	u32 i;

	workers = kunit_kcalloc(test, n, sizeof(*workers), GFP_KERNEL);
	KUNIT_ASSERT_NOT_NULL(test, workers);
	for (i = 0; i < n; i++) {
		workers[i].fn = fn;
		workers[i].arg = arg;
	}
	return workers;
}
