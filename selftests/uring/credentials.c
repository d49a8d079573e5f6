// SPDX-License-Identifier: GPL-2.0-only
/*
 * procsrv selftests - permissions of io_uring commands
 *
 * A command runs with the credentials of the task that submits it, or with
 * those of its personality. If a kernel thread submits it (SQPOLL), these are
 * the credentials of the task that created the ring. Otherwise the owner of the
 * ring or of the descriptor does not matter.
 */
#include "uring.h"
#include "../ends.h"
#include "../handles.h"

enum { ALICE = 100001 };

/* As Alice the test has no effective capabilities. */
static void be(struct __test_metadata *_metadata, uid_t uid)
{
	ASSERT_EQ(0, seteuid(uid));
}

static struct io_uring one_ring;

static void begin_ring(struct __test_metadata *_metadata, struct world *w,
		       unsigned int flags)
{
	ASSERT_EQ(0, ring_init(&one_ring, flags));
	w->free_fd = free_fd();
}

/* Alice may only use her own group ids, which are still root's here. */
static void prepare_for_alice(const struct world *w, const struct call *c,
			      union procsrv_args *args)
{
	c->prepare(w, args);
	if (c->cmd == PROCSRV_IOC_CREATE)
		args->create.uid = ALICE;
}

/* Checks the result of a command by Alice in a world of root. */
static void expect_no_more(struct __test_metadata *_metadata,
			   const struct world *w, const struct call *c,
			   const struct snapshot *before, int ret)
{
	bool is_batch = c->cmd == PROCSRV_IOC_BATCH;

	EXPECT_EQ(c->cap == NO_CAP || is_batch ? 0 : -EPERM, ret);
	if (c->cap != NO_CAP)
		EXPECT_TRUE(snapshot_same(_metadata, &w->scene, before));
}

static void check_by_alice(struct __test_metadata *_metadata,
			   const struct world *w, const struct call *c,
			   unsigned int flags)
{
	struct snapshot before;
	union procsrv_args args;
	int ret;

	prepare_for_alice(w, c, &args);
	snapshot_take(_metadata, &w->scene, &before);
	be(_metadata, ALICE);
	ret = run(&one_ring, w->scene.fd, c->cmd, &args, flags);
	be(_metadata, 0);
	expect_no_more(_metadata, w, c, &before, ret);
}

static void check_inline(struct __test_metadata *_metadata,
			 const struct world *w, const struct call *c)
{
	check_by_alice(_metadata, w, c, 0);
}

static void check_in_worker(struct __test_metadata *_metadata,
			    const struct world *w, const struct call *c)
{
	check_by_alice(_metadata, w, c, IOSQE_ASYNC);
}

TEST_F(calls, refused)
{
	begin_ring(_metadata, &self->world, 0);
	check_all_calls(_metadata, &self->world, check_inline);
	io_uring_queue_exit(&one_ring);
}

TEST_F(calls, refused_in_a_worker)
{
	begin_ring(_metadata, &self->world, 0);
	check_all_calls(_metadata, &self->world, check_in_worker);
	io_uring_queue_exit(&one_ring);
}

/* Registers a personality with the credentials of @uid. */
static int personality_of(struct __test_metadata *_metadata, uid_t uid)
{
	int id;

	be(_metadata, uid);
	id = io_uring_register_personality(&one_ring);
	be(_metadata, 0);
	return id;
}

static int run_as(int personality, int fd, unsigned int cmd, const void *args,
		  unsigned int flags)
{
	struct io_uring_sqe *sqe = prepare(&one_ring, fd, cmd, args, 0);

	sqe->personality = personality;
	sqe->flags |= flags;
	io_uring_submit(&one_ring);
	return reap_one(&one_ring, NULL);
}

static int personality;

static void check_as_alice(struct __test_metadata *_metadata,
			   const struct world *w, const struct call *c)
{
	struct snapshot before;
	union procsrv_args args;

	prepare_for_alice(w, c, &args);
	snapshot_take(_metadata, &w->scene, &before);
	expect_no_more(_metadata, w, c, &before,
		       run_as(personality, w->scene.fd, c->cmd, &args, 0));
}

TEST_F(calls, refused_to_a_personality)
{
	begin_ring(_metadata, &self->world, 0);
	personality = personality_of(_metadata, ALICE);
	ASSERT_LT(0, personality);
	check_all_calls(_metadata, &self->world, check_as_alice);
	io_uring_queue_exit(&one_ring);
}

/* A personality of root is allowed everything. */
static void check_as_root(struct __test_metadata *_metadata,
			  const struct world *w, const struct call *c)
{
	struct snapshot before;
	union procsrv_args args;
	int ret;

	c->prepare(w, &args);
	snapshot_take(_metadata, &w->scene, &before);
	be(_metadata, ALICE);
	ret = run_as(personality, w->scene.fd, c->cmd, &args, 0);
	be(_metadata, 0);
	EXPECT_EQ(0, ret);
	EXPECT_EQ(c->changes, !snapshot_same(_metadata, &w->scene, &before));
}

TEST_F(calls, done_for_a_personality)
{
	begin_ring(_metadata, &self->world, 0);
	personality = personality_of(_metadata, 0);
	ASSERT_LT(0, personality);
	check_all_calls(_metadata, &self->world, check_as_root);
	io_uring_queue_exit(&one_ring);
}

/* A kernel thread submits with the credentials of the ring's creator. */
TEST_F(calls, refused_to_a_thread)
{
	be(_metadata, ALICE);
	begin_ring(_metadata, &self->world, IORING_SETUP_SQPOLL);
	be(_metadata, 0);
	personality = 0;
	check_all_calls(_metadata, &self->world, check_as_alice);
	io_uring_queue_exit(&one_ring);
}

TEST_F(calls, done_by_a_thread)
{
	begin_ring(_metadata, &self->world, IORING_SETUP_SQPOLL);
	personality = 0;
	check_all_calls(_metadata, &self->world, check_as_root);
	io_uring_queue_exit(&one_ring);
}

/* A sleeping request completes, because the task was allowed to submit it. */
TEST_F(calls, sleep_as_they_were)
{
	struct procsrv_wait_args wait;
	const int fd = self->world.scene.fd;
	__u64 parent, child;

	begin_ring(_metadata, &self->world, 0);
	ASSERT_EQ(0, create_as(fd, PROCSRV_INIT_PID, "alice's", ALICE, 0,
			       &parent));
	ASSERT_EQ(0, create_as(fd, parent, "root's", 0, 0, &child));
	wait = wait_args(parent, PROCSRV_WAIT_ANY, 0, PROCSRV_WAIT_EXITED, 0);
	be(_metadata, ALICE);
	submit(&one_ring, fd, PROCSRV_IOC_WAIT, &wait, 0);
	be(_metadata, 0);
	ASSERT_TRUE(reaches_state(fd, parent, PROCSRV_WAITING));
	ASSERT_EQ(0, terminate(fd, child, 7, 0));
	EXPECT_EQ(0, reap_one(&one_ring, NULL));
	EXPECT_EQ(child, wait.pid);
	EXPECT_EQ(7, wait.exit_code);
	io_uring_queue_exit(&one_ring);
}

/*
 * Batches that wait: later operations are read after the wait
 */

static struct procsrv_batch_op ops[2];
static struct procsrv_batch_args batch;

/* A batch that takes a signal of Alice's process, then terminates @victim. */
static void submit_batch(struct __test_metadata *_metadata, int fd,
			 __u64 alices, __u64 victim, int personality,
			 unsigned int flags)
{
	struct procsrv_take_signal_args take = { .pid = alices, .mask = ~0ULL };
	struct procsrv_terminate_args end = { .pid = victim };
	struct io_uring_sqe *sqe;

	set_op(&ops[0], PROCSRV_IOC_TAKE_SIGNAL, &take, sizeof(take));
	set_op(&ops[1], PROCSRV_IOC_TERMINATE, &end, sizeof(end));
	batch = (struct procsrv_batch_args) {
		.ops = to_u64(ops),
		.op_size = sizeof(ops[0]),
		.count = 2,
		.done = PATTERN32,
	};
	sqe = prepare(&one_ring, fd, PROCSRV_IOC_BATCH, &batch, 0);
	sqe->personality = personality;
	sqe->flags |= flags;
	ASSERT_EQ(1, io_uring_submit(&one_ring));
}

static void begin_batch(struct __test_metadata *_metadata, int fd,
			__u64 *alices, __u64 *victim, unsigned int flags)
{
	ASSERT_EQ(0, create_as(fd, PROCSRV_INIT_PID, "alice's", ALICE, 0,
			       alices));
	ASSERT_EQ(0, create_as(fd, PROCSRV_INIT_PID, "root's", 0, 0, victim));
	submit_batch(_metadata, fd, *alices, *victim, personality, flags);
	/* A worker that begins to wait later still finds the signal. */
	if (flags & IOSQE_ASYNC)
		usleep(50000);
}

static void end_batch(struct __test_metadata *_metadata, int fd, __u64 alices,
		      __u64 victim, bool goes_on)
{
	EXPECT_EQ(0, reap_one(&one_ring, NULL));
	EXPECT_EQ(goes_on ? 2 : 1, batch.done);
	EXPECT_EQ(0, ops[0].result);
	EXPECT_EQ(PENDING, ((struct procsrv_take_signal_args *)
			    ops[0].args)->signo);
	EXPECT_EQ(goes_on ? 0 : PATTERN, ops[1].result);
	EXPECT_EQ(goes_on ? PROCSRV_ZOMBIE : PROCSRV_RUNNING,
		  state_of(fd, victim));
	if (!goes_on)
		ASSERT_EQ(0, terminate(fd, victim, 0, 0));
	ASSERT_EQ(0, terminate(fd, alices, 0, 0));
	ASSERT_EQ(0, reap(fd, PROCSRV_INIT_PID, victim));
	ASSERT_EQ(0, reap(fd, PROCSRV_INIT_PID, alices));
}

static const unsigned int batch_flags[] = { 0, IOSQE_ASYNC };

/* Root submits, and is Alice when the wait ends, or was so in between. */
TEST_F(calls, batches_end_with_the_credentials)
{
	const int fd = self->world.scene.fd;
	__u64 alices, victim;
	int i, is_back;

	begin_ring(_metadata, &self->world, 0);
	personality = 0;
	for (i = 0; i < 4; i++) {
		is_back = i / 2;
		begin_batch(_metadata, fd, &alices, &victim,
			    batch_flags[i % 2]);
		be(_metadata, ALICE);
		EXPECT_EQ(-EPERM, terminate(fd, victim, 0, 0));
		/* New credentials, although with the same id. */
		if (is_back)
			be(_metadata, 0);
		ASSERT_EQ(0, signal_pid(fd, alices, PENDING));
		be(_metadata, 0);
		end_batch(_metadata, fd, alices, victim, false);
	}
	io_uring_queue_exit(&one_ring);
}

/* The credentials of a personality may differ from those of the task. */
TEST_F(calls, batches_of_a_personality_go_on)
{
	const int fd = self->world.scene.fd;
	__u64 alices, victim;
	int i;

	begin_ring(_metadata, &self->world, 0);
	personality = personality_of(_metadata, 0);
	ASSERT_LT(0, personality);
	for (i = 0; i < 4; i++) {
		if (i == 2)
			personality = 0;
		begin_batch(_metadata, fd, &alices, &victim,
			    batch_flags[i % 2]);
		ASSERT_EQ(0, signal_pid(fd, alices, PENDING));
		end_batch(_metadata, fd, alices, victim, true);
	}
	io_uring_queue_exit(&one_ring);
}

/**
 * struct ended - a thread that submits a wait and ends
 * @fd: the device
 * @wait: the wait
 * @thread: the thread
 * @tid: its id
 */
struct ended {
	int fd;
	struct procsrv_wait_args wait;
	pthread_t thread;
	pid_t tid;
};

static void *ask_and_end(void *data)
{
	struct ended *e = data;

	e->tid = gettid();
	submit(&one_ring, e->fd, PROCSRV_IOC_WAIT, &e->wait, 0);
	return NULL;
}

static bool ask(struct ended *e)
{
	char task[40];

	if (pthread_create(&e->thread, NULL, ask_and_end, e) ||
	    pthread_join(e->thread, NULL))
		return false;
	snprintf(task, sizeof(task), "/proc/self/task/%d", e->tid);
	while (!access(task, F_OK))
		usleep(1000);
	return true;
}

/* In a namespace without mapped ids. */
static int uid_in_namespace(int fd, __u64 parent, __u64 child)
{
	struct ended e = {
		.fd = fd,
		.wait = wait_args(parent, PROCSRV_WAIT_ANY, 0,
				  PROCSRV_WAIT_EXITED, 0),
	};

	if (unshare(CLONE_NEWUSER) || ring_init(&one_ring, 0) || !ask(&e))
		return 1;
	if (!reaches_state(fd, parent, PROCSRV_WAITING) ||
	    terminate(fd, child, 0, 0) || reap_one(&one_ring, NULL))
		return 2;
	return e.wait.pid == child && e.wait.uid == getuid() ? 0 : 3;
}

/*
 * User ids are mapped for the submitting thread, even if another task stores
 * the result.
 */
TEST_F(calls, ids_of_a_thread_that_has_ended)
{
	const int fd = self->world.scene.fd;
	__u64 parent, child;
	pid_t task;

	ASSERT_EQ(0, create(fd, PROCSRV_INIT_PID, &parent));
	ASSERT_EQ(0, create(fd, parent, &child));
	task = fork_tied();
	ASSERT_LE(0, task);
	if (!task)
		_exit(uid_in_namespace(fd, parent, child));
	EXPECT_EQ(0, child_status(task));
}

/* A sleeping request ends with its process. */
static int sleep_and_end(int fd)
{
	struct procsrv_take_signal_args take = {
		.pid = PROCSRV_INIT_PID,
		.mask = ~0ULL,
	};
	int server = new_server(fd);

	if (server < 0 || ring_init(&one_ring, 0))
		return -1;
	submit(&one_ring, server, PROCSRV_IOC_TAKE_SIGNAL, &take, 0);
	/* It has completed only if it was refused. */
	return io_uring_cq_ready(&one_ring);
}

TEST_F(calls, namespaces_of_submitters_end)
{
	do_in_namespaces(_metadata, self->world.scene.fd, sleep_and_end);
}

TEST_HARNESS_MAIN
