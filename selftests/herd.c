// SPDX-License-Identifier: GPL-2.0-only
/*
 * procsrv selftests - a thousand waiters, each woken once
 */
#include "fixture.h"
#include "tasks.h"

enum { NR = 1000 };

struct crowd {
	struct task tasks[NR];
	struct procsrv_wait_args args[NR];
	__u64 pids[NR];
};

static struct crowd crowd;

/* A thousand children, and as many waiters: for any child, or each for one. */
static void gather(struct __test_metadata *_metadata, int fd, __u64 root,
		   __u32 which)
{
	int i;

	for (i = 0; i < NR; i++)
		ASSERT_EQ(0, create(fd, root, &crowd.pids[i]));
	for (i = 0; i < NR; i++) {
		crowd.args[i] = wait_args(root, which,
					  which ? crowd.pids[i] : 0,
					  PROCSRV_WAIT_EXITED, 0);
		ASSERT_EQ(0, task_start(&crowd.tasks[i], fd, wait_task,
					&crowd.args[i]));
	}
	for (i = 0; i < NR; i++)
		ASSERT_TRUE(task_is_asleep(&crowd.tasks[i]));
}

/*
 * Each waiter got a child of its own, and the waiters together slept about once
 * each. If each exit woke all of them, it would be half a million times.
 */
static void check_crowd(struct __test_metadata *_metadata, int fd, __u64 root,
			__u32 which)
{
	bool seen[NR] = {};
	long sleeps = 0;
	__u64 nr;
	int i;

	for (i = 0; i < NR; i++) {
		EXPECT_EQ(0, task_join(&crowd.tasks[i]));
		sleeps += crowd.tasks[i].sleeps;
		nr = crowd.args[i].exit_code;
		ASSERT_GT(NR, nr);
		EXPECT_EQ(crowd.pids[nr], crowd.args[i].pid);
		EXPECT_FALSE(seen[nr]);
		seen[nr] = true;
		if (which)
			EXPECT_EQ(i, nr);
	}
	EXPECT_GE(3 * NR, sleeps);
	EXPECT_EQ(PROCSRV_RUNNING, state_of(fd, root));
}

static void end_all(struct __test_metadata *_metadata, int fd)
{
	int i;

	for (i = 0; i < NR; i++)
		EXPECT_EQ(0, terminate(fd, crowd.pids[i], i, 0));
}

TEST_F(procsrv, each_for_a_child_of_its_own)
{
	gather(_metadata, self->fd, self->root, PROCSRV_WAIT_PID);
	end_all(_metadata, self->fd);
	check_crowd(_metadata, self->fd, self->root, PROCSRV_WAIT_PID);
}

TEST_F(procsrv, all_for_any_child)
{
	gather(_metadata, self->fd, self->root, PROCSRV_WAIT_ANY);
	end_all(_metadata, self->fd);
	check_crowd(_metadata, self->fd, self->root, PROCSRV_WAIT_ANY);
}

/**
 * struct worker - a thread that creates and ends children, or waits for them
 * @task: the thread
 * @root: the parent of the children
 * @done: number of children that it has reaped
 * @sum: sum of their exit codes
 */
struct worker {
	struct task task;
	__u64 root;
	int done;
	__u64 sum;
};

enum { WORKERS = 4, LIVES = 200 };

static long live(struct task *task)
{
	struct worker *w = task->data;
	__u64 pid;
	int i, ret = 0;

	for (i = 1; i <= LIVES && !ret; i++) {
		ret = create(task->fd, w->root, &pid);
		if (!ret)
			ret = signal_pid(task->fd, pid, 10);
		if (!ret)
			ret = terminate(task->fd, pid, i, 0);
	}
	return ret;
}

/* Waits until no children are left. */
static long wait_for_all(struct task *task)
{
	struct worker *w = task->data;
	struct procsrv_wait_args args;
	int ret;

	for (;;) {
		args = wait_args(w->root, PROCSRV_WAIT_ANY, 0,
				 PROCSRV_WAIT_EXITED, 0);
		ret = do_wait(task->fd, &args);
		if (ret)
			return ret;
		w->done++;
		w->sum += args.exit_code;
	}
}

/* Every exit is consumed once, with several creators and waiters. */
TEST_F(procsrv, every_exit_once)
{
	struct worker makers[WORKERS] = {}, waiters[WORKERS] = {};
	__u64 keeper, sum = 0;
	int i, done = 0;

	/* A child that is alive, so that the waiters do not fail. */
	ASSERT_EQ(0, create(self->fd, self->root, &keeper));
	for (i = 0; i < WORKERS; i++) {
		makers[i].root = self->root;
		waiters[i].root = self->root;
		ASSERT_EQ(0, task_start(&waiters[i].task, self->fd,
					wait_for_all, &waiters[i]));
		ASSERT_EQ(0, task_start(&makers[i].task, self->fd, live,
					&makers[i]));
	}
	for (i = 0; i < WORKERS; i++)
		EXPECT_EQ(0, task_join(&makers[i].task));
	ASSERT_EQ(0, terminate(self->fd, keeper, 0, 0));
	for (i = 0; i < WORKERS; i++) {
		EXPECT_EQ(-ECHILD, task_join(&waiters[i].task));
		done += waiters[i].done;
		sum += waiters[i].sum;
	}
	EXPECT_EQ(WORKERS * LIVES + 1, done);
	EXPECT_EQ((__u64)WORKERS * LIVES * (LIVES + 1) / 2, sum);
	EXPECT_EQ(PROCSRV_RUNNING, state_of(self->fd, self->root));
}

TEST_HARNESS_MAIN
