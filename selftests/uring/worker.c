// SPDX-License-Identifier: GPL-2.0-only
/*
 * procsrv selftests - commands in io_uring workers
 *
 * A worker may have consumed the signals that end its process before it runs
 * the last commands of its queue. A command that slept there would keep the
 * process, and the module, forever. So commands never sleep: a wait uses no
 * thread, wherever it is issued.
 */
#include <sys/wait.h>

#include "../events.h"
#include "../handles.h"
#include "uring.h"

enum {
	TRIES = 12,		/* per kind of end */
	WORKER_IDLE_US = 2000,
};

FIXTURE(worker)
{
	struct scene scene;
	struct io_uring ring;
	int fd;
	__u64 root;
};

FIXTURE_SETUP(worker)
{
	scene_setup(_metadata, &self->scene);
	self->fd = self->scene.fd;
	self->root = self->scene.root;
	ASSERT_EQ(0, ring_init(&self->ring, 0));
}

FIXTURE_TEARDOWN(worker)
{
	io_uring_queue_exit(&self->ring);
	scene_teardown(_metadata, &self->scene);
}

static struct procsrv_wait_args any_exit(__u64 parent)
{
	return wait_args(parent, PROCSRV_WAIT_ANY, 0, PROCSRV_WAIT_EXITED, 0);
}

static struct procsrv_take_signal_args any_signal(__u64 pid)
{
	return (struct procsrv_take_signal_args) {
		.pid = pid,
		.mask = ~0ULL,
	};
}

/*
 * The end of a process with such a command
 */

static struct procsrv_batch_op ops[3];

static struct procsrv_batch_args batch_of(int count)
{
	return (struct procsrv_batch_args) {
		.ops = to_u64(ops),
		.op_size = sizeof(ops[0]),
		.count = count,
	};
}

static void end_in_wait(struct io_uring *ring, int server, unsigned int flags)
{
	static struct procsrv_wait_args w;
	__u64 pid;

	create(server, PROCSRV_INIT_PID, &pid);
	w = any_exit(PROCSRV_INIT_PID);
	prepare(ring, server, PROCSRV_IOC_WAIT, &w, 0)->flags |= flags;
}

static void end_in_take(struct io_uring *ring, int server, unsigned int flags)
{
	static struct procsrv_take_signal_args t;

	t = any_signal(PROCSRV_INIT_PID);
	prepare(ring, server, PROCSRV_IOC_TAKE_SIGNAL, &t, 0)->flags |= flags;
}

static void end_in_batch_of_wait(struct io_uring *ring, int server,
				 unsigned int flags)
{
	static struct procsrv_batch_args b;
	struct procsrv_wait_args w = any_exit(PROCSRV_INIT_PID);
	__u64 pid;

	create(server, PROCSRV_INIT_PID, &pid);
	set_op(&ops[0], PROCSRV_IOC_WAIT, &w, sizeof(w));
	b = batch_of(1);
	prepare(ring, server, PROCSRV_IOC_BATCH, &b, 0)->flags |= flags;
}

static void end_in_batch_of_take(struct io_uring *ring, int server,
				 unsigned int flags)
{
	static struct procsrv_batch_args b;
	struct procsrv_take_signal_args t = any_signal(PROCSRV_INIT_PID);

	set_op(&ops[0], PROCSRV_IOC_TAKE_SIGNAL, &t, sizeof(t));
	b = batch_of(1);
	prepare(ring, server, PROCSRV_IOC_BATCH, &b, 0)->flags |= flags;
}

static void end_in_read(struct io_uring *ring, int server, unsigned int flags)
{
	static struct procsrv_event event;
	struct io_uring_sqe *sqe = io_uring_get_sqe(ring);

	io_uring_prep_read(sqe, server, &event, sizeof(event), 0);
	sqe->flags |= flags;
}

static void end_in_read_of_handle(struct io_uring *ring, int server,
				  unsigned int flags)
{
	static struct procsrv_exit_record record;
	struct io_uring_sqe *sqe = io_uring_get_sqe(ring);
	int handle = open_process(server, PROCSRV_INIT_PID, 0);

	io_uring_prep_read(sqe, handle, &record, sizeof(record), 0);
	sqe->flags |= flags;
}

/* All polling workers are woken for one event, which one of them reads. */
static void end_in_competing_reads(struct io_uring *ring, int server,
				   unsigned int flags)
{
	static struct procsrv_event events[4];
	__u64 pid;
	int i;

	for (i = 0; i < 4; i++) {
		struct io_uring_sqe *sqe = io_uring_get_sqe(ring);

		if (!sqe)
			return;
		io_uring_prep_read(sqe, server, &events[i], sizeof(events[i]),
				   0);
		sqe->flags |= flags;
	}
	io_uring_submit(ring);
	create(server, PROCSRV_INIT_PID, &pid);
}

static void (*const ends[])(struct io_uring *ring, int server,
			    unsigned int flags) = {
	end_in_wait,
	end_in_take,
	end_in_batch_of_wait,
	end_in_batch_of_take,
	end_in_read,
	end_in_read_of_handle,
	end_in_competing_reads,
};

/* The second kind is queued by the task before the worker sees it. */
static const unsigned int end_flags[] = {
	IOSQE_ASYNC,
	IOSQE_ASYNC | IOSQE_IO_DRAIN,
};

/* Ends with the command in the queue of a worker that is idle; never returns. */
static void end_after_idle_worker(int fd, int way, unsigned int flags,
				  bool several)
{
	struct procsrv_time_args time = {};
	struct io_uring ring;
	cpu_set_t one;
	int server, i;

	CPU_ZERO(&one);
	CPU_SET(0, &one);
	server = new_server(fd);
	if (sched_setaffinity(0, sizeof(one), &one) || server < 0 ||
	    ring_init(&ring, 0) ||
	    run(&ring, server, PROCSRV_IOC_TIME, &time, IOSQE_ASYNC))
		_exit(1);
	usleep(WORKER_IDLE_US);
	for (i = 0; i < (several ? 10 : 1); i++)
		ends[way](&ring, server, flags);
	io_uring_submit(&ring);
	_exit(0);
}

/* The status of a child, or -1 if it has not ended after some seconds. */
static int status_of(pid_t child)
{
	int status, looks;

	for (looks = 0; looks < 5000; looks++) {
		if (waitpid(child, &status, WNOHANG) == child)
			return status;
		usleep(1000);
	}
	return -1;
}

static void check_ends(struct __test_metadata *_metadata, int fd, int way)
{
	pid_t child;
	int i;

	for (i = 0; i < TRIES; i++) {
		child = fork_tied();
		ASSERT_LE(0, child);
		if (!child)
			end_after_idle_worker(fd, way,
					      end_flags[i % 2], i & 2);
		ASSERT_EQ(0, status_of(child));
	}
}

TEST_F(worker, process_ends_in_wait)
{
	check_ends(_metadata, self->fd, 0);
}

TEST_F(worker, process_ends_in_take)
{
	check_ends(_metadata, self->fd, 1);
}

TEST_F(worker, process_ends_in_batch_of_wait)
{
	check_ends(_metadata, self->fd, 2);
}

TEST_F(worker, process_ends_in_batch_of_take)
{
	check_ends(_metadata, self->fd, 3);
}

TEST_F(worker, process_ends_in_read)
{
	check_ends(_metadata, self->fd, 4);
	check_ends(_metadata, self->fd, 5);
	check_ends(_metadata, self->fd, 6);
}

/*
 * Waits issued in a worker behave like those of the task
 */

TEST_F(worker, wait)
{
	struct procsrv_wait_args w = any_exit(self->root);
	__u64 pid;

	ASSERT_EQ(0, create(self->fd, self->root, &pid));
	prepare(&self->ring, self->fd, PROCSRV_IOC_WAIT, &w, 0)->flags |=
		IOSQE_ASYNC;
	io_uring_submit(&self->ring);
	ASSERT_TRUE(reaches_state(self->fd, self->root, PROCSRV_WAITING));
	ASSERT_EQ(0, terminate(self->fd, pid, 12, 0));
	EXPECT_EQ(0, reap_one(&self->ring, NULL));
	EXPECT_EQ(pid, w.pid);
	EXPECT_EQ(12, w.exit_code);
}

TEST_F(worker, timeout)
{
	struct procsrv_take_signal_args t = any_signal(self->root);
	__u64 began = now_ns();

	t.flags = PROCSRV_TAKE_TIMEOUT;
	t.timeout = 20 * MSEC;
	EXPECT_EQ(-ETIMEDOUT, run(&self->ring, self->fd,
				  PROCSRV_IOC_TAKE_SIGNAL, &t, IOSQE_ASYNC));
	EXPECT_LE(20 * MSEC, now_ns() - began);
}

/* The wait uses no thread, so it can be cancelled like others. */
TEST_F(worker, cancelled)
{
	struct procsrv_wait_args w = any_exit(self->root);
	__u64 pid, data;
	int i, ret;

	ASSERT_EQ(0, create(self->fd, self->root, &pid));
	prepare(&self->ring, self->fd, PROCSRV_IOC_WAIT, &w, 1)->flags |=
		IOSQE_ASYNC;
	io_uring_submit(&self->ring);
	ASSERT_TRUE(reaches_state(self->fd, self->root, PROCSRV_WAITING));
	submit(&self->ring, self->fd, PROCSRV_URING_CANCEL, &w, 2);
	for (i = 0; i < 2; i++) {
		ret = reap_one(&self->ring, &data);
		EXPECT_EQ(data == 1 ? -ECANCELED : 0, ret);
	}
	EXPECT_EQ(PROCSRV_RUNNING, state_of(self->fd, self->root));
}

/* Processes exit while workers begin to wait: no exit is lost. */
static void *terminate_those(void *data)
{
	const __u64 *pids = data;
	int fd = pids[0], i;

	for (i = 1; i <= 100; i++)
		terminate(fd, pids[i], i, 0);
	return NULL;
}

TEST_F(worker, waits_under_exits)
{
	static struct procsrv_wait_args w[100];
	__u64 pids[101] = { self->fd }, data;
	pthread_t thread;
	int i, j;

	for (i = 0; i < 20; i++) {
		for (j = 1; j <= 100; j++)
			ASSERT_EQ(0, create(self->fd, self->root, &pids[j]));
		for (j = 0; j < 100; j++) {
			w[j] = wait_args(self->root, PROCSRV_WAIT_PID,
					 pids[j + 1], PROCSRV_WAIT_EXITED, 0);
			prepare(&self->ring, self->fd, PROCSRV_IOC_WAIT, &w[j],
				j)->flags |= j % 4 ? IOSQE_ASYNC : 0;
		}
		ASSERT_EQ(0, pthread_create(&thread, NULL, terminate_those,
					    pids));
		io_uring_submit(&self->ring);
		for (j = 0; j < 100; j++) {
			ASSERT_EQ(0, reap_one(&self->ring, &data));
			ASSERT_EQ(data + 1, w[data].exit_code);
		}
		pthread_join(thread, NULL);
	}
	EXPECT_EQ(PROCSRV_RUNNING, state_of(self->fd, self->root));
}

/*
 * Batches that wait
 */

/* WAIT, TAKE_SIGNAL, and TERMINATE of @child. */
static struct procsrv_batch_args three_ops(__u64 parent, __u64 child)
{
	struct procsrv_wait_args w = any_exit(parent);
	struct procsrv_take_signal_args t = any_signal(parent);
	struct procsrv_terminate_args e = { .pid = child };

	set_op(&ops[0], PROCSRV_IOC_WAIT, &w, sizeof(w));
	set_op(&ops[1], PROCSRV_IOC_TAKE_SIGNAL, &t, sizeof(t));
	set_op(&ops[2], PROCSRV_IOC_TERMINATE, &e, sizeof(e));
	return batch_of(3);
}

static void check_batch(struct __test_metadata *_metadata,
			struct io_uring *ring, int fd, __u64 root,
			unsigned int flags)
{
	struct procsrv_take_signal_args *t = (void *)ops[1].args;
	struct procsrv_wait_args *w = (void *)ops[0].args;
	struct procsrv_batch_args b;
	__u64 pid, other;

	ASSERT_EQ(0, create(fd, root, &pid));
	ASSERT_EQ(0, create(fd, root, &other));
	b = three_ops(root, other);
	prepare(ring, fd, PROCSRV_IOC_BATCH, &b, 0)->flags |= flags;
	io_uring_submit(ring);
	ASSERT_TRUE(reaches_state(fd, root, PROCSRV_WAITING));
	ASSERT_EQ(0, terminate(fd, pid, 31, 0));
	EXPECT_TRUE(is_idle(ring));
	EXPECT_EQ(PROCSRV_RUNNING, state_of(fd, root));
	ASSERT_EQ(0, signal_pid(fd, root, 12));
	EXPECT_EQ(0, reap_one(ring, NULL));
	EXPECT_EQ(3, b.done);
	EXPECT_EQ(0, ops[0].result);
	EXPECT_EQ(pid, w->pid);
	EXPECT_EQ(31, w->exit_code);
	EXPECT_EQ(0, ops[1].result);
	EXPECT_EQ(12, t->signo);
	EXPECT_EQ(0, ops[2].result);
	EXPECT_EQ(PROCSRV_ZOMBIE, state_of(fd, other));
	ASSERT_EQ(0, reap(fd, root, other));
}

TEST_F(worker, batch)
{
	check_batch(_metadata, &self->ring, self->fd, self->root, 0);
	check_batch(_metadata, &self->ring, self->fd, self->root, IOSQE_ASYNC);
}

/* The batch ends with the cancelled wait. Operations that ran are counted. */
TEST_F(worker, batch_cancelled)
{
	struct procsrv_batch_args b;
	__u64 pid, data;
	int i;

	ASSERT_EQ(0, create(self->fd, self->root, &pid));
	b = three_ops(self->root, pid);
	prepare(&self->ring, self->fd, PROCSRV_IOC_BATCH, &b, 1)->flags |=
		IOSQE_ASYNC;
	io_uring_submit(&self->ring);
	ASSERT_TRUE(reaches_state(self->fd, self->root, PROCSRV_WAITING));
	submit(&self->ring, self->fd, PROCSRV_URING_CANCEL, &b, 2);
	for (i = 0; i < 2; i++)
		EXPECT_EQ(0, reap_one(&self->ring, &data));
	EXPECT_EQ(1, b.done);
	EXPECT_EQ(-ECANCELED, ops[0].result);
	EXPECT_EQ(PATTERN, ops[1].result);
	EXPECT_EQ(PROCSRV_RUNNING, state_of(self->fd, pid));
}

/* Operations with timeouts. With STOP the batch ends at the first one. */
TEST_F(worker, batch_with_timeouts)
{
	struct procsrv_wait_args *w = (void *)ops[0].args;
	struct procsrv_take_signal_args *t = (void *)ops[1].args;
	struct procsrv_batch_args b;
	__u64 pid;

	ASSERT_EQ(0, create(self->fd, self->root, &pid));
	b = three_ops(self->root, pid);
	w->flags = PROCSRV_WAIT_TIMEOUT;
	t->flags = PROCSRV_TAKE_TIMEOUT;
	t->timeout = MSEC;
	b.flags = PROCSRV_BATCH_STOP;
	EXPECT_EQ(0, run(&self->ring, self->fd, PROCSRV_IOC_BATCH, &b, 0));
	EXPECT_EQ(1, b.done);
	EXPECT_EQ(-ETIMEDOUT, ops[0].result);
	EXPECT_EQ(PATTERN, ops[1].result);
	b.flags = 0;
	EXPECT_EQ(0, run(&self->ring, self->fd, PROCSRV_IOC_BATCH, &b, 0));
	EXPECT_EQ(3, b.done);
	EXPECT_EQ(-ETIMEDOUT, ops[0].result);
	EXPECT_EQ(-ETIMEDOUT, ops[1].result);
	EXPECT_EQ(0, ops[2].result);
}

/* A structure of another version, in an element of another size. */
TEST_F(worker, batch_of_another_version)
{
	struct { __u32 cmd; __s32 result; __u64 args[31]; } large[2] = {};
	const size_t size = sizeof(struct procsrv_wait_args) + 8;
	struct procsrv_batch_args b = {
		.ops = to_u64(large),
		.op_size = sizeof(large[0]),
		.count = 2,
	};
	struct procsrv_wait_args *w = (void *)large[0].args;
	__u64 pid;

	ASSERT_EQ(0, create(self->fd, self->root, &pid));
	*w = any_exit(self->root);
	large[0].cmd = _IOC(_IOC_DIR(PROCSRV_IOC_WAIT), PROCSRV_IOC_MAGIC,
			    _IOC_NR(PROCSRV_IOC_WAIT), size);
	large[0].args[30] = PATTERN64;
	large[1].cmd = PROCSRV_IOC_STATS;
	submit(&self->ring, self->fd, PROCSRV_IOC_BATCH, &b, 0);
	ASSERT_TRUE(reaches_state(self->fd, self->root, PROCSRV_WAITING));
	ASSERT_EQ(0, terminate(self->fd, pid, 5, 0));
	EXPECT_EQ(0, reap_one(&self->ring, NULL));
	EXPECT_EQ(2, b.done);
	EXPECT_EQ(5, w->exit_code);
	EXPECT_EQ(0, large[1].result);
	EXPECT_EQ(PATTERN64, large[0].args[30]);
}

/* Later operations are read from the array after the wait. */
TEST_F(worker, batch_goes_on_with_nothing)
{
	struct procsrv_batch_op *page =
		mmap(NULL, 4096, PROT_READ | PROT_WRITE,
		     MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	struct procsrv_batch_args b;
	__u64 pid;

	ASSERT_NE(MAP_FAILED, page);
	ASSERT_EQ(0, create(self->fd, self->root, &pid));
	b = three_ops(self->root, pid);
	memcpy(page, ops, sizeof(ops));
	b.ops = to_u64(page);
	submit(&self->ring, self->fd, PROCSRV_IOC_BATCH, &b, 0);
	ASSERT_TRUE(reaches_state(self->fd, self->root, PROCSRV_WAITING));
	ASSERT_EQ(0, munmap(page, 4096));
	ASSERT_EQ(0, terminate(self->fd, pid, 0, 0));
	EXPECT_EQ(-EFAULT, reap_one(&self->ring, NULL));
	EXPECT_EQ(-ESRCH, state_of(self->fd, pid));
}

/**
 * struct submitter - a thread that submits a batch and ends
 * @ring: the ring
 * @fd: the device
 * @batch: the batch
 */
struct submitter {
	struct io_uring *ring;
	int fd;
	struct procsrv_batch_args *batch;
};

static void *submit_and_end(void *data)
{
	struct submitter *s = data;

	submit(s->ring, s->fd, PROCSRV_IOC_BATCH, s->batch, 0);
	return NULL;
}

/*
 * The result of the wait is stored. Later operations do not run in another
 * task.
 */
TEST_F(worker, batch_of_a_thread_that_has_ended)
{
	struct procsrv_wait_args *w = (void *)ops[0].args;
	struct procsrv_batch_args b;
	struct io_uring ring;
	struct submitter s = { .ring = &ring, .fd = self->fd, .batch = &b };
	struct procsrv_terminate_args e;
	pthread_t thread;
	__u64 pid, other;

	ASSERT_EQ(0, create(self->fd, self->root, &pid));
	ASSERT_EQ(0, create(self->fd, self->root, &other));
	b = three_ops(self->root, other);
	e = (struct procsrv_terminate_args) { .pid = other };
	set_op(&ops[1], PROCSRV_IOC_TERMINATE, &e, sizeof(e));
	b.count = 2;
	ASSERT_EQ(0, ring_init(&ring, 0));
	ASSERT_EQ(0, pthread_create(&thread, NULL, submit_and_end, &s));
	pthread_join(thread, NULL);
	ASSERT_TRUE(reaches_state(self->fd, self->root, PROCSRV_WAITING));
	usleep(10000);
	ASSERT_EQ(0, terminate(self->fd, pid, 9, 0));
	EXPECT_EQ(0, reap_one(&ring, NULL));
	EXPECT_EQ(1, b.done);
	EXPECT_EQ(0, ops[0].result);
	EXPECT_EQ(9, w->exit_code);
	EXPECT_EQ(PATTERN, ops[1].result);
	EXPECT_EQ(PROCSRV_RUNNING, state_of(self->fd, other));
	io_uring_queue_exit(&ring);
}

TEST_HARNESS_MAIN
