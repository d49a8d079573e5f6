// SPDX-License-Identifier: GPL-2.0-only
/*
 * procsrv selftests - the operations as commands of io_uring
 *
 * Separate from the other programs, because not every kernel supports such
 * commands. None of the waits here may use a thread.
 */
#include <dirent.h>
#include <poll.h>

#include "../events.h"
#include "../handles.h"
#include "uring.h"

static const unsigned int ring_flags[] = {
	0,
	IORING_SETUP_SINGLE_ISSUER | IORING_SETUP_DEFER_TASKRUN,
	IORING_SETUP_SQPOLL,
};

static int nr_threads(void)
{
	DIR *dir = opendir("/proc/self/task");
	int n = 0;

	while (readdir(dir))
		n++;
	closedir(dir);
	return n - 2;
}

/*
 * All calls
 */

/* A ring is a descriptor, too, which worlds must not count. */
static struct io_uring one_ring;

static void begin_ring(struct __test_metadata *_metadata, struct world *w)
{
	ASSERT_EQ(0, ring_init(&one_ring, 0));
	w->free_fd = free_fd();
}

static void check_each(struct __test_metadata *_metadata, const struct world *w,
		       const struct call *c, unsigned int flags)
{
	struct snapshot before;
	union procsrv_args args, given;

	c->prepare(w, &args);
	given = args;
	snapshot_take(_metadata, &w->scene, &before);
	EXPECT_EQ(0, run(&one_ring, w->scene.fd, c->cmd, &args, flags));
	EXPECT_EQ(c->changes, !snapshot_same(_metadata, &w->scene, &before));
	EXPECT_EQ(gives_output(c), !!memcmp(&args, &given, _IOC_SIZE(c->cmd)));
}

static void check_inline(struct __test_metadata *_metadata,
			 const struct world *w, const struct call *c)
{
	check_each(_metadata, w, c, 0);
}

static void check_in_worker(struct __test_metadata *_metadata,
			    const struct world *w, const struct call *c)
{
	check_each(_metadata, w, c, IOSQE_ASYNC);
}

TEST_F(calls, work)
{
	begin_ring(_metadata, &self->world);
	check_all_calls(_metadata, &self->world, check_inline);
	io_uring_queue_exit(&one_ring);
}

TEST_F(calls, work_in_a_worker)
{
	begin_ring(_metadata, &self->world);
	check_all_calls(_metadata, &self->world, check_in_worker);
	io_uring_queue_exit(&one_ring);
}

static void check_refused(struct __test_metadata *_metadata,
			  const struct world *w, const struct call *c)
{
	const size_t known = _IOC_SIZE(c->cmd);
	const int fd = w->scene.fd;
	char *longer = at_edge(known + 8);
	struct snapshot before;
	struct io_uring_sqe *sqe;
	union procsrv_args args;
	int i;

	c->prepare(w, &args);
	snapshot_take(_metadata, &w->scene, &before);
	EXPECT_EQ(-EFAULT, run(&one_ring, fd, c->cmd, NULL, 0));
	EXPECT_EQ(-EFAULT, run(&one_ring, fd, c->cmd, longer + 9, 0));
	EXPECT_EQ(-EINVAL, run(&one_ring, fd,
			       resized(c->cmd, first_size(c) - 1), &args, 0));
	EXPECT_EQ(-ENOTTY, run(&one_ring, fd, c->cmd ^ 0x80, &args, 0));
	EXPECT_EQ(-ENOTTY, run(&one_ring, fd, c->cmd ^ 0x100, &args, 0));
	if (takes_input(c)) {
		memcpy(longer, &args, known);
		memset(longer + known, 1, 8);
		EXPECT_EQ(-E2BIG, run(&one_ring, fd,
				      resized(c->cmd, known + 8), longer, 0));
	}
	for (i = 0; i < 3; i++) {
		sqe = prepare(&one_ring, fd, c->cmd, &args, 0);
		sqe->len = i == 0;
		sqe->addr3 = i == 1;
		sqe->__pad2[0] = i == 2;
		io_uring_submit(&one_ring);
		EXPECT_EQ(-EINVAL, reap_one(&one_ring, NULL));
	}
	EXPECT_TRUE(snapshot_same(_metadata, &w->scene, &before));
}

TEST_F(calls, are_refused)
{
	begin_ring(_metadata, &self->world);
	check_all_calls(_metadata, &self->world, check_refused);
	io_uring_queue_exit(&one_ring);
}

/*
 * Waiting
 */

FIXTURE(uring)
{
	struct scene scene;
	struct io_uring ring;
	int fd;
	__u64 root;
};

FIXTURE_SETUP(uring)
{
	scene_setup(_metadata, &self->scene);
	self->fd = self->scene.fd;
	self->root = self->scene.root;
	ASSERT_EQ(0, ring_init(&self->ring, 0));
}

FIXTURE_TEARDOWN(uring)
{
	io_uring_queue_exit(&self->ring);
	scene_teardown(_metadata, &self->scene);
}

/* Shared by a thread and its test. */
struct uring_of_thread {
	struct io_uring ring;
	struct procsrv_wait_args wait;
	int fd;
	bool is_over;
};

static struct procsrv_wait_args any_exit(__u64 parent)
{
	return wait_args(parent, PROCSRV_WAIT_ANY, 0, PROCSRV_WAIT_EXITED, 0);
}

static struct procsrv_wait_args exit_of(__u64 parent, __u64 pid)
{
	return wait_args(parent, PROCSRV_WAIT_PID, pid, PROCSRV_WAIT_EXITED, 0);
}

static struct procsrv_take_signal_args any_signal(__u64 pid)
{
	return (struct procsrv_take_signal_args) {
		.pid = pid,
		.mask = ~0ULL,
		.sender = PATTERN64,
		.signo = PATTERN32,
		.count = PATTERN64,
	};
}

TEST_F(uring, wait_does_not_sleep)
{
	struct procsrv_wait_args w = any_exit(self->root);
	__u64 pid, data = 0;

	ASSERT_EQ(0, create_as(self->fd, self->root, "child", 5, 0, &pid));
	submit(&self->ring, self->fd, PROCSRV_IOC_WAIT, &w, 77);
	EXPECT_TRUE(is_idle(&self->ring));
	EXPECT_EQ(PROCSRV_WAITING, state_of(self->fd, self->root));
	EXPECT_EQ(1, nr_threads());
	ASSERT_EQ(0, terminate(self->fd, pid, 17, 3));
	EXPECT_EQ(0, reap_one(&self->ring, &data));
	EXPECT_EQ(77, data);
	EXPECT_EQ(pid, w.pid);
	EXPECT_EQ(PROCSRV_WAIT_EXITED, w.why);
	EXPECT_EQ(5, w.uid);
	EXPECT_EQ(17, w.exit_code);
	EXPECT_EQ(3, w.exit_signal);
	EXPECT_EQ(0, w.cpu_time);
	EXPECT_EQ(-ESRCH, state_of(self->fd, pid));
	EXPECT_EQ(PROCSRV_RUNNING, state_of(self->fd, self->root));
}

TEST_F(uring, wait_for_what_is_there)
{
	struct procsrv_wait_args w = any_exit(self->root);
	__u64 pid;

	ASSERT_EQ(0, create(self->fd, self->root, &pid));
	ASSERT_EQ(0, terminate(self->fd, pid, 4, 0));
	EXPECT_EQ(0, run(&self->ring, self->fd, PROCSRV_IOC_WAIT, &w, 0));
	EXPECT_EQ(pid, w.pid);
	EXPECT_EQ(4, w.exit_code);
}

TEST_F(uring, wait_for_stop_and_continue)
{
	struct procsrv_wait_args w = any_exit(self->root);
	__u64 pid;

	ASSERT_EQ(0, create(self->fd, self->root, &pid));
	w.what = PROCSRV_WAIT_STOPPED;
	submit(&self->ring, self->fd, PROCSRV_IOC_WAIT, &w, 0);
	ASSERT_EQ(0, signal_pid(self->fd, pid, 19));
	EXPECT_EQ(0, reap_one(&self->ring, NULL));
	EXPECT_EQ(PROCSRV_WAIT_STOPPED, w.why);
	w.what = PROCSRV_WAIT_CONTINUED;
	submit(&self->ring, self->fd, PROCSRV_IOC_WAIT, &w, 0);
	ASSERT_EQ(0, signal_pid(self->fd, pid, 18));
	EXPECT_EQ(0, reap_one(&self->ring, NULL));
	EXPECT_EQ(PROCSRV_WAIT_CONTINUED, w.why);
	EXPECT_EQ(pid, w.pid);
}

/* All NOWAIT requests see the exit, and leave it to the consuming one. */
TEST_F(uring, wait_and_look)
{
	struct procsrv_wait_args w[4];
	__u64 pid;
	int i;

	ASSERT_EQ(0, create(self->fd, self->root, &pid));
	for (i = 0; i < 4; i++) {
		w[i] = i % 2 ? any_exit(self->root) : exit_of(self->root, pid);
		w[i].flags = PROCSRV_WAIT_NOWAIT;
		submit(&self->ring, self->fd, PROCSRV_IOC_WAIT, &w[i], i);
	}
	ASSERT_EQ(0, terminate(self->fd, pid, 8, 0));
	for (i = 0; i < 4; i++)
		EXPECT_EQ(0, reap_one(&self->ring, NULL));
	for (i = 0; i < 4; i++)
		EXPECT_EQ(8, w[i].exit_code);
	EXPECT_EQ(0, reap(self->fd, self->root, pid));
}

TEST_F(uring, wait_in_vain)
{
	struct procsrv_wait_args w = any_exit(self->root), given = w, v;
	__u64 parent, pid;

	EXPECT_EQ(-ECHILD, run(&self->ring, self->fd, PROCSRV_IOC_WAIT, &w, 0));
	w.parent = NO_PID;
	EXPECT_EQ(-ESRCH, run(&self->ring, self->fd, PROCSRV_IOC_WAIT, &w, 0));
	w = given;
	w.pad = 1;
	EXPECT_EQ(-EINVAL, run(&self->ring, self->fd, PROCSRV_IOC_WAIT, &w, 0));
	w = given;
	w.id = 1;
	EXPECT_EQ(-EINVAL, run(&self->ring, self->fd, PROCSRV_IOC_WAIT, &w, 0));
	/* Waits that become impossible meanwhile. */
	ASSERT_EQ(0, create(self->fd, self->root, &parent));
	ASSERT_EQ(0, create(self->fd, parent, &pid));
	w = exit_of(parent, pid);
	w.what = PROCSRV_WAIT_STOPPED;
	v = any_exit(parent);
	given = w;
	submit(&self->ring, self->fd, PROCSRV_IOC_WAIT, &w, 0);
	ASSERT_EQ(0, terminate(self->fd, pid, 0, 0));
	EXPECT_EQ(-ECHILD, reap_one(&self->ring, NULL));
	EXPECT_EQ(0, memcmp(&w, &given, sizeof(w)));
	ASSERT_EQ(0, create(self->fd, parent, &pid));
	ASSERT_EQ(0, reap(self->fd, parent, pid - 1));
	given = v;
	submit(&self->ring, self->fd, PROCSRV_IOC_WAIT, &v, 0);
	ASSERT_EQ(0, terminate(self->fd, parent, 0, 0));
	EXPECT_EQ(-ESRCH, reap_one(&self->ring, NULL));
	EXPECT_EQ(0, memcmp(&v, &given, sizeof(v)));
}

TEST_F(uring, wait_without_sleeping)
{
	struct procsrv_wait_args w = any_exit(self->root), given;
	__u64 pid;

	ASSERT_EQ(0, create(self->fd, self->root, &pid));
	w.flags = PROCSRV_WAIT_NOHANG;
	given = w;
	EXPECT_EQ(-EAGAIN, run(&self->ring, self->fd, PROCSRV_IOC_WAIT, &w, 0));
	EXPECT_EQ(-EAGAIN, run(&self->ring, self->fd, PROCSRV_IOC_WAIT, &w,
			       IOSQE_ASYNC));
	EXPECT_EQ(0, memcmp(&w, &given, sizeof(w)));
}

TEST_F(uring, wait_with_a_timeout)
{
	struct procsrv_wait_args w = any_exit(self->root), given;
	__u64 pid, began;

	ASSERT_EQ(0, create(self->fd, self->root, &pid));
	w.flags = PROCSRV_WAIT_TIMEOUT;
	given = w;
	EXPECT_EQ(-ETIMEDOUT, run(&self->ring, self->fd, PROCSRV_IOC_WAIT, &w,
				  0));
	w.timeout = 20 * MSEC;
	given = w;
	began = now_ns();
	EXPECT_EQ(-ETIMEDOUT, run(&self->ring, self->fd, PROCSRV_IOC_WAIT, &w,
				  0));
	EXPECT_LE(20 * MSEC, now_ns() - began);
	EXPECT_EQ(0, memcmp(&w, &given, sizeof(w)));
	EXPECT_EQ(PROCSRV_RUNNING, state_of(self->fd, self->root));
	/* The wait ends before the timeout. */
	w.timeout = ~0ULL;
	submit(&self->ring, self->fd, PROCSRV_IOC_WAIT, &w, 0);
	ASSERT_EQ(0, terminate(self->fd, pid, 6, 0));
	EXPECT_EQ(0, reap_one(&self->ring, NULL));
	EXPECT_EQ(6, w.exit_code);
	EXPECT_EQ(~0ULL, w.timeout);
}

TEST_F(uring, take)
{
	struct procsrv_take_signal_args t = any_signal(self->root), given;

	submit(&self->ring, self->fd, PROCSRV_IOC_TAKE_SIGNAL, &t, 0);
	EXPECT_TRUE(is_idle(&self->ring));
	ASSERT_EQ(0, send_signal(self->fd, self->root, PROCSRV_TARGET_PID,
				 self->root, 12, NULL));
	EXPECT_EQ(0, reap_one(&self->ring, NULL));
	EXPECT_EQ(12, t.signo);
	EXPECT_EQ(self->root, t.sender);
	EXPECT_EQ(1, t.count);
	ASSERT_EQ(0, signal_pid(self->fd, self->root, 13));
	EXPECT_EQ(0, run(&self->ring, self->fd, PROCSRV_IOC_TAKE_SIGNAL, &t, 0));
	EXPECT_EQ(13, t.signo);
	t = any_signal(self->root);
	t.flags = PROCSRV_TAKE_NOHANG;
	given = t;
	EXPECT_EQ(-EAGAIN, run(&self->ring, self->fd, PROCSRV_IOC_TAKE_SIGNAL,
			       &t, 0));
	EXPECT_EQ(0, memcmp(&t, &given, sizeof(t)));
	t.flags = PROCSRV_TAKE_TIMEOUT;
	t.timeout = MSEC;
	EXPECT_EQ(-ETIMEDOUT, run(&self->ring, self->fd,
				  PROCSRV_IOC_TAKE_SIGNAL, &t, 0));
	t.mask = 0;
	EXPECT_EQ(-EINVAL, run(&self->ring, self->fd, PROCSRV_IOC_TAKE_SIGNAL,
			       &t, 0));
}

TEST_F(uring, take_in_vain)
{
	struct procsrv_take_signal_args t;
	__u64 pid;

	ASSERT_EQ(0, create(self->fd, self->root, &pid));
	t = any_signal(pid);
	submit(&self->ring, self->fd, PROCSRV_IOC_TAKE_SIGNAL, &t, 0);
	ASSERT_EQ(0, terminate(self->fd, pid, 0, 0));
	EXPECT_EQ(-ESRCH, reap_one(&self->ring, NULL));
	EXPECT_EQ(-ESRCH, run(&self->ring, self->fd, PROCSRV_IOC_TAKE_SIGNAL,
			      &t, 0));
}

/* A result that cannot be stored is lost, although the child was reaped. */
TEST_F(uring, result_nowhere)
{
	struct procsrv_wait_args *w = (void *)page_with(PROT_READ | PROT_WRITE);
	__u64 pid;

	ASSERT_EQ(0, create(self->fd, self->root, &pid));
	*w = any_exit(self->root);
	submit(&self->ring, self->fd, PROCSRV_IOC_WAIT, w, 0);
	ASSERT_EQ(0, munmap(w, 4096));
	ASSERT_EQ(0, terminate(self->fd, pid, 0, 0));
	EXPECT_EQ(-EFAULT, reap_one(&self->ring, NULL));
	EXPECT_EQ(-ESRCH, state_of(self->fd, pid));
}

/* More batches are in worker.c. */
TEST_F(uring, batch)
{
	struct procsrv_batch_op ops[2] = {
		{ .cmd = PROCSRV_IOC_WAIT },
		{ .cmd = PROCSRV_IOC_STATS },
	};
	struct procsrv_batch_args args = {
		.ops = to_u64(ops),
		.op_size = sizeof(ops[0]),
		.count = 2,
	};
	struct procsrv_wait_args w = any_exit(self->root);
	__u64 pid;

	ASSERT_EQ(0, create(self->fd, self->root, &pid));
	memcpy(ops[0].args, &w, sizeof(w));
	submit(&self->ring, self->fd, PROCSRV_IOC_BATCH, &args, 0);
	ASSERT_TRUE(reaches_state(self->fd, self->root, PROCSRV_WAITING));
	ASSERT_EQ(0, terminate(self->fd, pid, 21, 0));
	EXPECT_EQ(0, reap_one(&self->ring, NULL));
	EXPECT_EQ(2, args.done);
	memcpy(&w, ops[0].args, sizeof(w));
	EXPECT_EQ(21, w.exit_code);
}

/* One after the other, without returning to user space in between. */
TEST_F(uring, chain)
{
	struct procsrv_wait_args w = any_exit(self->root);
	struct procsrv_terminate_args t = { .exit_code = 3 };
	__u64 data;
	int i;

	ASSERT_EQ(0, create(self->fd, self->root, &t.pid));
	prepare(&self->ring, self->fd, PROCSRV_IOC_TERMINATE, &t, 0)->flags |=
		IOSQE_IO_LINK;
	prepare(&self->ring, self->fd, PROCSRV_IOC_WAIT, &w, 1)->flags |=
		IOSQE_IO_LINK;
	prepare(&self->ring, self->fd, PROCSRV_IOC_TERMINATE, &t, 2);
	io_uring_submit(&self->ring);
	for (i = 0; i < 3; i++) {
		EXPECT_EQ(i < 2 ? 0 : -ESRCH, reap_one(&self->ring, &data));
		EXPECT_EQ(i, data);
	}
	EXPECT_EQ(3, w.exit_code);
}

/*
 * Many at once
 */

static struct procsrv_wait_args waits[NR];
static __u64 pids[NR];

static void crowd(struct __test_metadata *_metadata, int fd, __u64 root,
		  unsigned int flags, bool any)
{
	bool seen[NR] = {}, done[NR] = {};
	struct io_uring ring;
	__u64 data;
	int i, nr;

	ASSERT_EQ(0, ring_init(&ring, flags));
	for (i = 0; i < NR; i++)
		ASSERT_EQ(0, create(fd, root, &pids[i]));
	for (i = 0; i < NR; i++) {
		waits[i] = any ? any_exit(root) : exit_of(root, pids[i]);
		prepare(&ring, fd, PROCSRV_IOC_WAIT, &waits[i], i);
	}
	io_uring_submit(&ring);
	EXPECT_TRUE(is_idle(&ring));
	EXPECT_GE(flags & IORING_SETUP_SQPOLL ? 2 : 1, nr_threads());
	/* Not in the order in which they were submitted. */
	for (i = 0; i < NR; i++) {
		nr = (i * 7ULL + 3) % NR;
		ASSERT_EQ(0, terminate(fd, pids[nr], nr, 0));
	}
	for (i = 0; i < NR; i++) {
		ASSERT_EQ(0, reap_one(&ring, &data));
		ASSERT_FALSE(done[data]);
		done[data] = true;
		nr = waits[data].exit_code;
		ASSERT_GT(NR, (unsigned int)nr);
		ASSERT_EQ(pids[nr], waits[data].pid);
		ASSERT_FALSE(seen[nr]);
		seen[nr] = true;
		if (!any)
			ASSERT_EQ(data, nr);
	}
	EXPECT_TRUE(is_idle(&ring));
	EXPECT_EQ(PROCSRV_RUNNING, state_of(fd, root));
	io_uring_queue_exit(&ring);
}

TEST_F(uring, thousands_each_for_its_own)
{
	int i;

	for (i = 0; i < ARRAY_SIZE(ring_flags); i++)
		crowd(_metadata, self->fd, self->root, ring_flags[i], false);
}

TEST_F(uring, thousands_for_any)
{
	int i;

	for (i = 0; i < ARRAY_SIZE(ring_flags); i++)
		crowd(_metadata, self->fd, self->root, ring_flags[i], true);
}

/* Of a request and a task that wait for the same, the first gets the exit. */
TEST_F(uring, beside_a_task)
{
	struct procsrv_wait_args w = any_exit(self->root);
	struct waiter task;
	__u64 pid[2];
	int i;

	for (i = 0; i < 2; i++)
		ASSERT_EQ(0, create(self->fd, self->root, &pid[i]));
	submit(&self->ring, self->fd, PROCSRV_IOC_WAIT, &w, 0);
	ASSERT_EQ(0, waiter_start(&task, self->fd, any_exit(self->root)));
	ASSERT_TRUE(waiter_sleeps(&task));
	ASSERT_EQ(0, terminate(self->fd, pid[1], 1, 0));
	EXPECT_EQ(0, reap_one(&self->ring, NULL));
	EXPECT_EQ(pid[1], w.pid);
	EXPECT_EQ(PROCSRV_WAITING, state_of(self->fd, self->root));
	ASSERT_EQ(0, terminate(self->fd, pid[0], 1, 0));
	EXPECT_EQ(0, waiter_join(&task));
	EXPECT_EQ(pid[0], task.args.pid);
}

/*
 * The end of a request
 */

static void wait_for_all(struct io_uring *ring, int fd, __u64 root, int nr,
			 bool any)
{
	int i;

	for (i = 0; i < nr; i++) {
		waits[i] = any ? any_exit(root) : exit_of(root, pids[i]);
		/* With and without a timer. */
		if (i % 2) {
			waits[i].flags = PROCSRV_WAIT_TIMEOUT;
			waits[i].timeout = 3600ULL * 1000 * MSEC;
		}
		prepare(ring, fd, PROCSRV_IOC_WAIT, &waits[i], i);
	}
	io_uring_submit(ring);
}

/* No waits are left, and nothing was consumed. */
static void expect_let_go(struct __test_metadata *_metadata, int fd, __u64 root)
{
	__u64 pid;

	EXPECT_TRUE(reaches_state(fd, root, PROCSRV_RUNNING));
	ASSERT_EQ(0, create(fd, root, &pid));
	ASSERT_EQ(0, terminate(fd, pid, 0, 0));
	EXPECT_EQ(PROCSRV_ZOMBIE, state_of(fd, pid));
	EXPECT_EQ(0, reap(fd, root, pid));
}

TEST_F(uring, ring_closed)
{
	struct procsrv_take_signal_args t = any_signal(self->root);
	struct io_uring ring;
	int i, j;

	for (i = 0; i < ARRAY_SIZE(ring_flags); i++) {
		for (j = 0; j < 100; j++)
			ASSERT_EQ(0, create(self->fd, self->root, &pids[j]));
		ASSERT_EQ(0, ring_init(&ring, ring_flags[i]));
		wait_for_all(&ring, self->fd, self->root, 100, i & 1);
		submit(&ring, self->fd, PROCSRV_IOC_TAKE_SIGNAL, &t, 0);
		ASSERT_TRUE(reaches_state(self->fd, self->root,
					  PROCSRV_WAITING));
		io_uring_queue_exit(&ring);
		expect_let_go(_metadata, self->fd, self->root);
		/* The signal stays pending. */
		ASSERT_EQ(0, signal_pid(self->fd, self->root, 12));
		EXPECT_EQ(0, call(self->fd, PROCSRV_IOC_TAKE_SIGNAL, &t));
		t = any_signal(self->root);
	}
}

/* A process with waits in its ring ends in different ways. */
static void check_end_of_process(struct __test_metadata *_metadata, int fd,
				 __u64 root, unsigned int flags, int how)
{
	struct io_uring ring;
	int i, status;
	pid_t child;

	for (i = 0; i < 100; i++)
		ASSERT_EQ(0, create(fd, root, &pids[i]));
	child = fork_tied();
	if (!child) {
		if (ring_init(&ring, flags))
			_exit(1);
		wait_for_all(&ring, fd, root, 100, false);
		reaches_state(fd, root, PROCSRV_WAITING);
		if (!how)
			_exit(0);
		if (how == 1)
			execl("/bin/true", "true", NULL);
		pause();
	}
	ASSERT_LT(0, child);
	if (how == 2) {
		ASSERT_TRUE(reaches_state(fd, root, PROCSRV_WAITING));
		ASSERT_EQ(0, kill(child, SIGKILL));
	}
	ASSERT_EQ(child, waitpid(child, &status, 0));
	EXPECT_EQ(how == 2 ? SIGKILL : 0, status);
	expect_let_go(_metadata, fd, root);
}

TEST_F(uring, process_exits)
{
	int i;

	for (i = 0; i < ARRAY_SIZE(ring_flags); i++)
		check_end_of_process(_metadata, self->fd, self->root,
				     ring_flags[i], 0);
}

TEST_F(uring, process_execs)
{
	int i;

	for (i = 0; i < ARRAY_SIZE(ring_flags); i++)
		check_end_of_process(_metadata, self->fd, self->root,
				     ring_flags[i], 1);
}

TEST_F(uring, process_is_killed)
{
	int i;

	for (i = 0; i < ARRAY_SIZE(ring_flags); i++)
		check_end_of_process(_metadata, self->fd, self->root,
				     ring_flags[i], 2);
}

/* Exits and the end of the ring at the same time: nothing is lost or hangs. */
static void *terminate_all(void *data)
{
	const int *fd = data;
	int i;

	for (i = 0; i < 200; i++)
		terminate(*fd, pids[i], 0, 0);
	return NULL;
}

TEST_F(uring, ring_closed_under_exits)
{
	struct io_uring ring;
	pthread_t thread;
	int i, j, left;

	for (i = 0; i < 30; i++) {
		for (j = 0; j < 200; j++)
			ASSERT_EQ(0, create(self->fd, self->root, &pids[j]));
		ASSERT_EQ(0, ring_init(&ring,
				       ring_flags[i % ARRAY_SIZE(ring_flags)]));
		wait_for_all(&ring, self->fd, self->root, 200, i & 1);
		ASSERT_EQ(0, pthread_create(&thread, NULL, terminate_all,
					    &self->fd));
		io_uring_queue_exit(&ring);
		pthread_join(thread, NULL);
		EXPECT_TRUE(reaches_state(self->fd, self->root,
					  PROCSRV_RUNNING));
		for (j = left = 0; j < 200; j++)
			left += !reap(self->fd, self->root, pids[j]);
		for (j = 0; j < 200; j++)
			EXPECT_EQ(-ESRCH, state_of(self->fd, pids[j]));
	}
}

/* Exits and timeouts at the same time: each wait ends once, by either. */
TEST_F(uring, timeouts_under_exits)
{
	int i, j, got, left, ret;
	pthread_t thread;
	__u64 data;

	for (i = 0; i < 30; i++) {
		for (j = 0; j < 200; j++)
			ASSERT_EQ(0, create(self->fd, self->root, &pids[j]));
		for (j = 0; j < 200; j++) {
			waits[j] = exit_of(self->root, pids[j]);
			waits[j].flags = PROCSRV_WAIT_TIMEOUT;
			waits[j].timeout = 200000 + j * 2000;
			prepare(&self->ring, self->fd, PROCSRV_IOC_WAIT,
				&waits[j], j);
		}
		io_uring_submit(&self->ring);
		ASSERT_EQ(0, pthread_create(&thread, NULL, terminate_all,
					    &self->fd));
		for (j = got = 0; j < 200; j++) {
			ret = reap_one(&self->ring, &data);
			ASSERT_TRUE(!ret || ret == -ETIMEDOUT);
			ASSERT_EQ(ret ? PATTERN64 : pids[data],
				  waits[data].pid);
			got += !ret;
		}
		pthread_join(thread, NULL);
		for (j = left = 0; j < 200; j++)
			left += !reap(self->fd, self->root, pids[j]);
		EXPECT_EQ(200, got + left);
	}
}

/* A request holds its server, even a private one whose descriptor is closed. */
TEST_F(uring, private_server)
{
	struct procsrv_wait_args w = any_exit(PROCSRV_INIT_PID);
	struct pollfd poll_handle = { .events = POLLIN };
	int server = new_server(self->fd), looks = 0;
	struct io_uring ring;
	__u64 pid[2];
	int i;

	ASSERT_LE(0, server);
	ASSERT_EQ(0, ring_init(&ring, 0));
	for (i = 0; i < 2; i++)
		ASSERT_EQ(0, create(server, PROCSRV_INIT_PID, &pid[i]));
	submit(&ring, server, PROCSRV_IOC_WAIT, &w, 0);
	ASSERT_EQ(0, terminate(server, pid[0], 5, 0));
	EXPECT_EQ(0, reap_one(&ring, NULL));
	EXPECT_EQ(5, w.exit_code);
	submit(&ring, server, PROCSRV_IOC_WAIT, &w, 0);
	poll_handle.fd = open_process(server, pid[1], 0);
	ASSERT_LE(0, poll_handle.fd);
	ASSERT_EQ(0, close(server));
	EXPECT_EQ(0, poll(&poll_handle, 1, 50));
	io_uring_queue_exit(&ring);
	while (!poll(&poll_handle, 1, 0))
		ASSERT_TRUE(look_again(&looks));
	ASSERT_EQ(0, close(poll_handle.fd));
}

static void submit_poll(struct io_uring *ring, int fd, unsigned int events, __u64 data)
{
	struct io_uring_sqe *sqe = io_uring_get_sqe(ring);

	io_uring_prep_poll_add(sqe, fd, events);
	sqe->user_data = data;
	io_uring_submit(ring);
}

/* An event is no hang-up, and the end is one. */
TEST_F(uring, polls)
{
	int server = new_server(self->fd), other;
	struct io_uring ring;
	__u64 pid, data;

	ASSERT_LE(0, server);
	other = new_server_as(server, PROCSRV_SERVER_SAME);
	ASSERT_LE(0, other);
	ASSERT_EQ(0, subscribe_to_all(other));
	ASSERT_EQ(0, ring_init(&ring, 0));
	submit_poll(&ring, other, POLLIN, 1);
	submit_poll(&ring, other, 0, 2);
	ASSERT_EQ(0, create(server, PROCSRV_INIT_PID, &pid));
	EXPECT_EQ(POLLIN, reap_one(&ring, &data));
	EXPECT_EQ(1, data);
	EXPECT_TRUE(is_idle(&ring));
	ASSERT_EQ(0, close(server));
	EXPECT_EQ(POLLHUP, reap_one(&ring, &data));
	EXPECT_EQ(2, data);
	submit_poll(&ring, other, POLLIN, 3);
	EXPECT_EQ(POLLIN | POLLHUP, reap_one(&ring, &data));
	EXPECT_EQ(3, data);
	io_uring_queue_exit(&ring);
	ASSERT_EQ(0, close(other));
}

TEST_F(uring, cancelled)
{
	struct procsrv_wait_args w[3], given;
	struct procsrv_take_signal_args t = any_signal(self->root);
	struct io_uring other;
	__u64 pid, data;
	int i;

	EXPECT_EQ(-ENOENT, run(&self->ring, self->fd, PROCSRV_URING_CANCEL, &w,
			       0));
	ASSERT_EQ(0, create(self->fd, self->root, &pid));
	for (i = 0; i < 3; i++) {
		w[i] = any_exit(self->root);
		submit(&self->ring, self->fd, PROCSRV_IOC_WAIT, &w[i], i);
	}
	given = w[1];
	submit(&self->ring, self->fd, PROCSRV_IOC_TAKE_SIGNAL, &t, 4);
	/*
	 * On another ring or in a worker, as only the descriptor has to be the
	 * same.
	 */
	ASSERT_EQ(0, ring_init(&other, 0));
	EXPECT_EQ(0, run(&other, self->fd, PROCSRV_URING_CANCEL, &w[1],
			 IOSQE_ASYNC));
	EXPECT_EQ(-ECANCELED, reap_one(&self->ring, &data));
	EXPECT_EQ(1, data);
	EXPECT_EQ(0, memcmp(&w[1], &given, sizeof(given)));
	EXPECT_EQ(-ENOENT, run(&other, self->fd, PROCSRV_URING_CANCEL, &w[1],
			       0));
	EXPECT_EQ(0, run(&other, self->fd, PROCSRV_URING_CANCEL, &t, 0));
	EXPECT_EQ(-ECANCELED, reap_one(&self->ring, &data));
	EXPECT_EQ(4, data);
	io_uring_queue_exit(&other);
	/* The other requests still wait. */
	EXPECT_TRUE(is_idle(&self->ring));
	ASSERT_EQ(0, terminate(self->fd, pid, 2, 0));
	EXPECT_EQ(0, reap_one(&self->ring, &data));
	EXPECT_EQ(0, data);
	EXPECT_EQ(2, w[0].exit_code);
	EXPECT_EQ(-ECHILD, reap_one(&self->ring, &data));
	EXPECT_EQ(2, data);
}

/*
 * Cancellation fails from another descriptor or process, and as an invalid
 * call.
 */
TEST_F(uring, cancelled_by_others)
{
	struct procsrv_wait_args w = any_exit(self->root);
	int fd = open(DEVICE, O_RDWR | O_CLOEXEC);
	struct io_uring_sqe *sqe;
	struct io_uring ring;
	pid_t child;
	__u64 pid;

	ASSERT_LE(0, fd);
	ASSERT_EQ(0, create(self->fd, self->root, &pid));
	submit(&self->ring, self->fd, PROCSRV_IOC_WAIT, &w, 0);
	EXPECT_EQ(-ENOENT, run(&self->ring, fd, PROCSRV_URING_CANCEL, &w, 0));
	EXPECT_EQ(0, close(fd));
	child = fork_tied();
	if (!child)
		_exit(ring_init(&ring, 0) ||
		      run(&ring, self->fd, PROCSRV_URING_CANCEL, &w, 0) !=
		      -ENOENT);
	EXPECT_EQ(0, child_status(child));
	sqe = prepare(&self->ring, self->fd, PROCSRV_URING_CANCEL, &w, 0);
	sqe->len = 1;
	io_uring_submit(&self->ring);
	EXPECT_EQ(-EINVAL, reap_one(&self->ring, NULL));
	EXPECT_EQ(-ENOTTY, call(self->fd, PROCSRV_URING_CANCEL, &w));
	EXPECT_TRUE(is_idle(&self->ring));
	/* A successful cancellation posts no completion of its own. */
	EXPECT_EQ(-ECANCELED, run(&self->ring, self->fd, PROCSRV_URING_CANCEL,
				  &w, IOSQE_CQE_SKIP_SUCCESS));
}

/* The process gets the result of a request whose thread has ended. */
static void *wait_and_end(void *data)
{
	struct uring_of_thread *t = data;

	submit(&t->ring, t->fd, PROCSRV_IOC_WAIT, &t->wait, 7);
	return NULL;
}

TEST_F(uring, thread_ends)
{
	struct uring_of_thread t = {
		.fd = self->fd,
		.wait = any_exit(self->root),
	};
	pthread_t thread;
	__u64 pid, data;

	ASSERT_EQ(0, create(self->fd, self->root, &pid));
	ASSERT_EQ(0, ring_init(&t.ring, 0));
	ASSERT_EQ(0, pthread_create(&thread, NULL, wait_and_end, &t));
	pthread_join(thread, NULL);
	while (nr_threads() > 1)
		usleep(1000);
	EXPECT_TRUE(reaches_state(self->fd, self->root, PROCSRV_WAITING));
	ASSERT_EQ(0, terminate(self->fd, pid, 9, 0));
	EXPECT_EQ(0, reap_one(&t.ring, &data));
	EXPECT_EQ(7, data);
	EXPECT_EQ(pid, t.wait.pid);
	EXPECT_EQ(9, t.wait.exit_code);
	EXPECT_EQ(getuid(), t.wait.uid);
	io_uring_queue_exit(&t.ring);
}

/*
 * Cancellation from another ring while a request finds that it need not sleep:
 * there is one completion for each.
 */
static void *cancel_all_the_time(void *data)
{
	struct uring_of_thread *t = data;
	struct io_uring ring;

	if (ring_init(&ring, 0))
		return NULL;
	while (!__atomic_load_n(&t->is_over, __ATOMIC_RELAXED))
		run(&ring, t->fd, PROCSRV_URING_CANCEL, &t->wait, 0);
	io_uring_queue_exit(&ring);
	return NULL;
}

TEST_F(uring, cancelled_before_it_sleeps)
{
	struct uring_of_thread t = {
		.fd = self->fd,
		.wait = any_exit(self->root),
	};
	pthread_t thread;
	__u64 pid, end;
	int i, ret;

	t.wait.flags = PROCSRV_WAIT_NOHANG;
	ASSERT_EQ(0, create(self->fd, self->root, &pid));
	ASSERT_EQ(0, pthread_create(&thread, NULL, cancel_all_the_time, &t));
	/* Limited in time, as two threads on one processor are slow. */
	end = now_ns() + 30ULL * 1000 * MSEC;
	for (i = 0; i < 20000 && now_ns() < end; i++) {
		/* Every other request would sleep, and is cancelled. */
		t.wait.flags ^= PROCSRV_WAIT_NOHANG;
		ret = run(&self->ring, self->fd, PROCSRV_IOC_WAIT, &t.wait, 0);
		ASSERT_EQ(t.wait.flags ? -EAGAIN : -ECANCELED, ret);
	}
	__atomic_store_n(&t.is_over, true, __ATOMIC_RELAXED);
	pthread_join(thread, NULL);
	EXPECT_TRUE(is_idle(&self->ring));
}

/* Exits and cancellations at the same time: each wait ends once, by either. */
TEST_F(uring, cancelled_under_exits)
{
	int i, j, got, left, ret;
	pthread_t thread;
	__u64 data;

	for (i = 0; i < 30; i++) {
		for (j = 0; j < 200; j++)
			ASSERT_EQ(0, create(self->fd, self->root, &pids[j]));
		wait_for_all(&self->ring, self->fd, self->root, 200, false);
		ASSERT_EQ(0, pthread_create(&thread, NULL, terminate_all,
					    &self->fd));
		for (j = 0; j < 200; j++)
			prepare(&self->ring, self->fd, PROCSRV_URING_CANCEL,
				&waits[199 - j], NR);
		io_uring_submit(&self->ring);
		for (j = got = 0; j < 400; j++) {
			ret = reap_one(&self->ring, &data);
			if (data == NR) {
				ASSERT_TRUE(!ret || ret == -ENOENT);
				continue;
			}
			ASSERT_TRUE(!ret || ret == -ECANCELED);
			ASSERT_EQ(ret ? PATTERN64 : pids[data],
				  waits[data].pid);
			got += !ret;
		}
		pthread_join(thread, NULL);
		for (j = left = 0; j < 200; j++)
			left += !reap(self->fd, self->root, pids[j]);
		EXPECT_EQ(200, got + left);
	}
}

TEST_HARNESS_MAIN
