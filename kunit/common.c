// SPDX-License-Identifier: GPL-2.0-only
/*
 * What the suites share
 */
#include <linux/delay.h>
#include <linux/kthread.h>
#include <linux/sched/signal.h>
#include <linux/sched/task.h>

#include "../compat.h"
#include "common.h"

u64 no_cycles(void)
{
	return 0;
}

int fixture_init(struct kunit *test)
{
	struct fixture *f;

	f = kunit_kzalloc(test, sizeof(*f), GFP_KERNEL);
	if (!f)
		return -ENOMEM;
	INIT_LIST_HEAD(&f->wait_tasks);
	procsrv_clock_init(&f->clock, no_cycles);
	f->ps = procsrv_new(&f->clock);
	if (IS_ERR_OR_NULL(f->ps))
		return -ENOMEM;
	test->priv = f;
	return 0;
}

static void end_wait(struct wait_task *t)
{
	put_task_struct(t->task);
	t->task = NULL;
}

void fixture_exit(struct kunit *test)
{
	struct fixture *f = test->priv;
	struct wait_task *t;

	if (!f)
		return;
	/* Only a test that was aborted leaves tasks behind. */
	list_for_each_entry(t, &f->wait_tasks, link) {
		if (!t->task)
			continue;
		send_sig(SIGKILL, t->task, 1);
		wait_for_completion(&t->done);
		end_wait(t);
	}
	check_server(test);
	procsrv_put(f->ps);
}

/**
 * make_full_image() - a name, a command line and an environment
 * @name: the name
 * @argv: the command line, every string with its NUL
 * @argv_len: its bytes
 * @envp: the environment, likewise
 * @envp_len: its bytes
 *
 * Return: the image, with one reference, or NULL.
 */
struct procsrv_image *make_full_image(const char *name, const char *argv,
				      size_t argv_len, const char *envp,
				      size_t envp_len)
{
	struct procsrv_image *image;

	image = procsrv_image_new(name, strlen(name), argv_len, envp_len);
	if (IS_ERR_OR_NULL(image))
		return NULL;
	memcpy(procsrv_image_argv(image), argv, argv_len);
	memcpy(procsrv_image_envp(image), envp, envp_len);
	return image;
}

struct procsrv_image *make_image(const char *name)
{
	return make_full_image(name, NULL, 0, NULL, 0);
}

/**
 * create_in() - procsrv_create() with the ids of the tests
 * @ps: the server
 * @parent: its parent
 * @image: its name and so on
 * @pid: where to store its pid
 *
 * Return: what procsrv_create() returned.
 */
int create_in(struct procsrv *ps, u64 parent, struct procsrv_image *image,
	      u64 *pid)
{
	const struct procsrv_birth birth = {
		.parent = parent,
		.image = image,
		.uid = KUIDT_INIT(TEST_UID),
		.gid = KGIDT_INIT(TEST_GID),
	};

	return procsrv_create(ps, &birth, pid);
}

/**
 * try_create() - create a process that may not come to be
 * @test: the test
 * @parent: its parent
 * @pid: where to store its pid
 *
 * Return: what procsrv_create() returned.
 */
int try_create(struct kunit *test, u64 parent, u64 *pid)
{
	struct procsrv_image *image = make_image("test");
	int ret;

	KUNIT_ASSERT_NOT_NULL(test, image);
	ret = create_in(server(test), parent, image, pid);
	procsrv_image_put(image);
	return ret;
}

u64 make_process(struct kunit *test, u64 parent)
{
	u64 pid = 0;

	KUNIT_ASSERT_EQ(test, try_create(test, parent, &pid), 0);
	return pid;
}

u64 make_zombie(struct kunit *test, u64 parent)
{
	u64 pid = make_process(test, parent);

	end_process(test, pid);
	return pid;
}

void make_processes(struct kunit *test, u64 parent, u64 *pids, u32 n)
{
	u32 i;

	for (i = 0; i < n; i++)
		pids[i] = make_process(test, parent);
}

void end_process(struct kunit *test, u64 pid)
{
	KUNIT_ASSERT_EQ(test, procsrv_terminate(server(test), pid, 0, 0), 0);
}

int signal_pid(struct kunit *test, u64 pid, int signo)
{
	u32 count = U32_MAX;
	int ret;

	ret = procsrv_signal(server(test), 0, PROCSRV_TARGET_PID, pid, signo,
			     &count);
	if (!ret)
		KUNIT_EXPECT_EQ(test, count, 1);
	return ret;
}

void stop_process(struct kunit *test, u64 pid)
{
	KUNIT_ASSERT_EQ(test, signal_pid(test, pid, PROCSRV_SIGSTOP), 0);
	KUNIT_ASSERT_EQ(test, state_of(test, pid), PROCSRV_STOPPED);
}

void continue_process(struct kunit *test, u64 pid)
{
	KUNIT_ASSERT_EQ(test, signal_pid(test, pid, PROCSRV_SIGCONT), 0);
	KUNIT_ASSERT_EQ(test, state_of(test, pid), PROCSRV_RUNNING);
}

void sleep_process(struct kunit *test, u64 pid)
{
	struct procsrv_update update = {
		.mask = PROCSRV_UPDATE_STATE,
		.state = PROCSRV_SLEEPING,
	};

	KUNIT_ASSERT_EQ(test, procsrv_update(server(test), pid, &update), 0);
}

void use_cpu(struct kunit *test, u64 pid, u64 us)
{
	struct procsrv_update update = {
		.mask = PROCSRV_UPDATE_CPU_TIME,
		.cpu_time = us,
	};

	KUNIT_ASSERT_EQ(test, procsrv_update(server(test), pid, &update), 0);
}

int exec_as(struct kunit *test, u64 pid, const char *name)
{
	struct procsrv_image *image = make_image(name);
	int ret;

	KUNIT_ASSERT_NOT_NULL(test, image);
	ret = procsrv_exec(server(test), pid, image);
	procsrv_image_put(image);
	return ret;
}

u32 make_session(struct kunit *test, u64 leader)
{
	u32 sid = 0, pgid = 0;
	int ret;

	ret = procsrv_create_session(server(test), leader, &sid, &pgid);
	KUNIT_ASSERT_EQ(test, ret, 0);
	KUNIT_ASSERT_NE(test, sid, 0);
	KUNIT_ASSERT_NE(test, pgid, 0);
	return sid;
}

/* A group led by @leader, in the session that it is in. */
u32 make_group(struct kunit *test, u64 leader)
{
	u32 sid = sid_of(test, leader);
	u32 pgid = 0;
	int ret;

	ret = procsrv_create_group(server(test), 0, leader, sid, &pgid);
	KUNIT_ASSERT_EQ(test, ret, 0);
	KUNIT_ASSERT_NE(test, pgid, 0);
	return pgid;
}

void join_group(struct kunit *test, u64 pid, u32 pgid)
{
	KUNIT_ASSERT_EQ(test, procsrv_set_group(server(test), 0, pid, pgid), 0);
}

/* What the server knows of a process that must be there. */
struct procsrv_info info_of(struct kunit *test, u64 pid)
{
	struct procsrv_details d;

	memset(&d, 0xcc, sizeof(d));
	KUNIT_ASSERT_EQ(test, procsrv_get_info(server(test), pid, &d), 0);
	procsrv_put_info(&d);
	return d.info;
}

/* One field each: a whole info takes too much of a stack. */
u64 ppid_of(struct kunit *test, u64 pid)
{
	return info_of(test, pid).ppid;
}

u32 sid_of(struct kunit *test, u64 pid)
{
	return info_of(test, pid).sid;
}

u32 pgid_of(struct kunit *test, u64 pid)
{
	return info_of(test, pid).pgid;
}

u32 flags_of(struct kunit *test, u64 pid)
{
	return info_of(test, pid).flags;
}

u64 pending_of(struct kunit *test, u64 pid)
{
	return info_of(test, pid).pending;
}

u64 revocations_of(struct kunit *test, u64 pid)
{
	return info_of(test, pid).revocations;
}

u64 children_time_of(struct kunit *test, u64 pid)
{
	return info_of(test, pid).children_cpu_time;
}

/* Whether a process is there: 0 or an errno. */
int look_up(struct kunit *test, u64 pid)
{
	struct procsrv_details d;
	int ret = procsrv_get_info(server(test), pid, &d);

	if (!ret)
		procsrv_put_info(&d);
	return ret;
}

enum procsrv_state state_of(struct kunit *test, u64 pid)
{
	return info_of(test, pid).state;
}

struct procsrv_stats stats_of(struct kunit *test)
{
	struct procsrv_stats stats;

	memset(&stats, 0xcc, sizeof(stats));
	procsrv_get_stats(server(test), &stats);
	return stats;
}

/* What a wait gives out is poisoned first: it must have been written. */
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

/* Take the exit of a child that has exited. */
void reap_child(struct kunit *test, u64 parent, u64 pid)
{
	int ret = wait_pid(test, parent, pid, PROCSRV_WAIT_EXITED, 0);

	KUNIT_ASSERT_EQ(test, ret, 0);
	KUNIT_ASSERT_EQ(test, look_up(test, pid), -ESRCH);
}

static int wait_thread(void *arg)
{
	struct wait_task *t = arg;

	allow_signal(SIGKILL);
	t->ret = procsrv_wait(t->ps, &t->w);
	kthread_complete_and_exit(&t->done, 0);
}

/**
 * start_wait() - wait in a task of its own
 * @test: the test
 * @w: for what; a mask without PROCSRV_WAIT_NOHANG
 *
 * A task that the test does not join is ended with it.
 *
 * Return: the task.
 */
struct wait_task *start_wait(struct kunit *test, const struct procsrv_wait *w)
{
	struct fixture *f = test->priv;
	struct task_struct *task;
	struct wait_task *t;

	t = kunit_kzalloc(test, sizeof(*t), GFP_KERNEL);
	KUNIT_ASSERT_NOT_NULL(test, t);
	t->ps = f->ps;
	t->w = *w;
	poison(&t->w);
	init_completion(&t->done);
	task = kthread_create(wait_thread, t, "procsrv-wait");
	KUNIT_ASSERT_NOT_ERR_OR_NULL(test, task);
	t->task = get_task_struct(task);
	list_add_tail(&t->link, &f->wait_tasks);
	wake_up_process(task);
	return t;
}

static struct procsrv_process *peek(struct procsrv *ps, u64 pid)
{
	struct rb_node *n = ps->processes.rb_node;

	lockdep_assert_held(&ps->lock);
	while (n) {
		struct procsrv_process *p;

		p = rb_entry(n, struct procsrv_process, node);
		if (p->pid == pid)
			return p;
		n = pid < p->pid ? n->rb_left : n->rb_right;
	}
	return NULL;
}

static u32 nr_waiters_of(struct procsrv *ps, u64 pid)
{
	struct procsrv_process *p;
	u32 n = 0;

	read_lock(&ps->lock);
	p = peek(ps, pid);
	if (p)
		n = p->nr_waiters;
	read_unlock(&ps->lock);
	return n;
}

/* Go on as soon as so many tasks wait on behalf of a process. */
void expect_waiting(struct kunit *test, u64 parent, u32 nr_waiters)
{
	unsigned long end = jiffies + msecs_to_jiffies(TEST_PATIENCE_MS);

	while (nr_waiters_of(server(test), parent) != nr_waiters &&
	       time_before(jiffies, end))
		usleep_range(200, 1000);
	KUNIT_ASSERT_EQ(test, nr_waiters_of(server(test), parent), nr_waiters);
}

/* What happened so far must not have ended the wait. */
void expect_still_waiting(struct kunit *test, struct wait_task *t)
{
	msleep(30);
	KUNIT_EXPECT_FALSE(test, completion_done(&t->done));
}

/**
 * join_wait() - let a wait come to its end
 * @test: the test
 * @t: the task
 *
 * Return: what procsrv_wait() returned.
 */
int join_wait(struct kunit *test, struct wait_task *t)
{
	unsigned long left = msecs_to_jiffies(TEST_PATIENCE_MS);

	left = wait_for_completion_timeout(&t->done, left);
	if (!left) {
		send_sig(SIGKILL, t->task, 1);
		wait_for_completion(&t->done);
	}
	end_wait(t);
	KUNIT_ASSERT_NE_MSG(test, left, 0, "a wait was never woken");
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
 * @n: how many
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

/* Repeatable random numbers below @below. */
u32 test_random(u64 *seed, u32 below)
{
	*seed = *seed * 6364136223846793005ULL + 1442695040888963407ULL;
	return (u32)(*seed >> 33) % below;
}

PROCSRV_IMPORT();
MODULE_DESCRIPTION("KUnit suites of procsrv");
MODULE_LICENSE("GPL");
