// SPDX-License-Identifier: GPL-2.0-only
/*
 * procsrv selftests - several operations in one call
 */
#include "calls.h"

enum { OP_ARGS = sizeof(((struct procsrv_batch_op *)NULL)->args) };

static int batch_of(int fd, void *ops, __u32 op_size, __u32 count, __u32 flags,
		    __u32 *done)
{
	struct procsrv_batch_args args = {
		.ops = to_u64(ops),
		.op_size = op_size,
		.count = count,
		.flags = flags,
		.done = PATTERN32,
	};
	int ret = call(fd, PROCSRV_IOC_BATCH, &args);

	*done = args.done;
	return ret;
}

static int batch(int fd, struct procsrv_batch_op *ops, __u32 count, __u32 flags,
		 __u32 *done)
{
	return batch_of(fd, ops, sizeof(*ops), count, flags, done);
}

static void set(struct procsrv_batch_op *op, unsigned int cmd,
		const void *args)
{
	memset(op, PATTERN, sizeof(*op));
	op->cmd = cmd;
	memcpy(op->args, args, _IOC_SIZE(cmd));
}

static void set_create(struct procsrv_batch_op *op, __u64 parent)
{
	struct procsrv_create_args args = {
		.parent = parent,
		.name = to_u64("batch"),
		.pid = PATTERN64,
	};

	set(op, PROCSRV_IOC_CREATE, &args);
}

static void set_terminate(struct procsrv_batch_op *op, __u64 pid, int code)
{
	struct procsrv_terminate_args args = { .pid = pid, .exit_code = code };

	set(op, PROCSRV_IOC_TERMINATE, &args);
}

static void set_wait(struct procsrv_batch_op *op, __u64 parent, __u32 flags,
		     __u64 timeout)
{
	struct procsrv_wait_args args =
		wait_args(parent, PROCSRV_WAIT_ANY, 0, PROCSRV_WAIT_EXITED,
			  flags);

	args.timeout = timeout;
	set(op, PROCSRV_IOC_WAIT, &args);
}

static __u64 created(const struct procsrv_batch_op *op)
{
	struct procsrv_create_args args;

	memcpy(&args, op->args, sizeof(args));
	return args.pid;
}

static struct procsrv_wait_args waited(const struct procsrv_batch_op *op)
{
	struct procsrv_wait_args args;

	memcpy(&args, op->args, sizeof(args));
	return args;
}

/*
 * Each call has the same result and the same structure by itself as in a batch
 * of one, in worlds that only differ in their pids.
 */
static bool makes_descriptors(const struct call *c)
{
	return c->cmd == PROCSRV_IOC_OPEN_PROCESS ||
	       c->cmd == PROCSRV_IOC_NEW_SERVER;
}

static void check_in_batch(struct __test_metadata *_metadata,
			   const struct world *w, const struct call *c)
{
	const bool refused = makes_descriptors(c) || c->cmd == PROCSRV_IOC_BATCH;
	struct procsrv_batch_op op, given;
	struct snapshot before;
	union procsrv_args args;
	__u32 done;

	c->prepare(w, &args);
	set(&op, c->cmd, &args);
	given = op;
	snapshot_take(_metadata, &w->scene, &before);
	ASSERT_EQ(0, batch(w->scene.fd, &op, 1, 0, &done));
	EXPECT_EQ(1, done);
	EXPECT_EQ(refused ? -EOPNOTSUPP : 0, op.result);
	EXPECT_EQ(c->changes && !refused,
		  !snapshot_same(_metadata, &w->scene, &before));
	EXPECT_EQ(gives_output(c) && !refused,
		  !!memcmp(op.args, given.args, _IOC_SIZE(c->cmd)));
	EXPECT_EQ(c->cmd, op.cmd);
	EXPECT_TRUE(untouched((char *)op.args + _IOC_SIZE(c->cmd),
			      OP_ARGS - _IOC_SIZE(c->cmd)));
}

TEST_F(calls, each_in_a_batch)
{
	check_all_calls(_metadata, &self->world, check_in_batch);
}

/* Sets all bits of one word after the other, until the call succeeds. */
static void check_failing(struct __test_metadata *_metadata,
			  const struct world *w, const struct call *c)
{
	struct procsrv_batch_op op, given;
	union procsrv_args args;
	__u32 done;
	size_t i;

	for (i = 0; i < _IOC_SIZE(c->cmd) / sizeof(op.args[0]); i++) {
		c->prepare(w, &args);
		set(&op, c->cmd, &args);
		op.args[i] = ~0ULL;
		given = op;
		ASSERT_EQ(0, batch(w->scene.fd, &op, 1, 0, &done));
		if (!op.result)
			break;
		EXPECT_EQ(0, memcmp(given.args, op.args, OP_ARGS));
	}
}

TEST_F(calls, what_fails_leaves_its_structure_alone)
{
	check_all_calls(_metadata, &self->world, check_failing);
}

/* Structures of other versions: shorter, longer, with unknown fields set. */
static void check_versions(struct __test_metadata *_metadata,
			   const struct world *w, const struct call *c)
{
	const size_t known = _IOC_SIZE(c->cmd);
	struct procsrv_batch_op op, given;
	char *bytes = (char *)op.args;
	struct snapshot before;
	union procsrv_args args;
	__u32 done;

	if (makes_descriptors(c) || c->cmd == PROCSRV_IOC_BATCH)
		return;
	c->prepare(w, &args);
	snapshot_take(_metadata, &w->scene, &before);
	set(&op, c->cmd, &args);
	op.cmd = resized(c->cmd, first_size(c) - 1);
	ASSERT_EQ(0, batch(w->scene.fd, &op, 1, 0, &done));
	EXPECT_EQ(-EINVAL, op.result);
	op.cmd = resized(c->cmd, OP_ARGS + 1);
	ASSERT_EQ(0, batch(w->scene.fd, &op, 1, 0, &done));
	EXPECT_EQ(-EINVAL, op.result);
	if (takes_input(c)) {
		memset(bytes + known, 0, OP_ARGS - known);
		bytes[OP_ARGS - 1] = 1;
		op.cmd = resized(c->cmd, OP_ARGS);
		given = op;
		ASSERT_EQ(0, batch(w->scene.fd, &op, 1, 0, &done));
		EXPECT_EQ(-E2BIG, op.result);
		EXPECT_EQ(0, memcmp(given.args, op.args, OP_ARGS));
		bytes[OP_ARGS - 1] = 0;
	}
	EXPECT_TRUE(snapshot_same(_metadata, &w->scene, &before));
	/* A call with output only zeroes the unknown tail. */
	op.cmd = resized(c->cmd, OP_ARGS);
	ASSERT_EQ(0, batch(w->scene.fd, &op, 1, 0, &done));
	EXPECT_EQ(0, op.result);
	EXPECT_TRUE(all_zero(bytes + known, OP_ARGS - known));
}

TEST_F(calls, versions_in_a_batch)
{
	check_all_calls(_metadata, &self->world, check_versions);
}

/* The first version of LIST has no event number. */
TEST_F(calls, older_in_a_batch)
{
	const struct call *c = find_call(PROCSRV_IOC_LIST);
	struct procsrv_batch_op op;
	union procsrv_args args;
	__u32 done;

	c->prepare(&self->world, &args);
	set(&op, c->cmd, &args);
	op.cmd = resized(c->cmd, first_size(c));
	ASSERT_EQ(0, batch(self->world.scene.fd, &op, 1, 0, &done));
	EXPECT_EQ(0, op.result);
	EXPECT_NE(0, memcmp(op.args, &args, first_size(c)));
	EXPECT_EQ(PATTERN64, op.args[first_size(c) / 8]);
}

TEST_F(calls, no_such_operation)
{
	const int fd = self->world.scene.fd;
	struct procsrv_batch_op ops[4];
	struct snapshot before;
	__u32 done, i;

	memset(ops, PATTERN, sizeof(ops));
	ops[0].cmd = 0;
	ops[1].cmd = _IOWR(PROCSRV_IOC_MAGIC, 0x21, struct procsrv_batch_args);
	ops[2].cmd = _IOW(PROCSRV_IOC_MAGIC, 0x03, struct procsrv_wait_args);
	ops[3].cmd = ~0U;
	snapshot_take(_metadata, &self->world.scene, &before);
	ASSERT_EQ(0, batch(fd, ops, ARRAY_SIZE(ops), 0, &done));
	EXPECT_EQ(ARRAY_SIZE(ops), done);
	for (i = 0; i < ARRAY_SIZE(ops); i++) {
		EXPECT_EQ(-ENOTTY, ops[i].result);
		EXPECT_TRUE(untouched(ops[i].args, OP_ARGS));
	}
	EXPECT_TRUE(snapshot_same(_metadata, &self->world.scene, &before));
}

/* The array as a whole. */
TEST_F(calls, what_is_no_batch)
{
	static const struct { __u32 op_size, count; int err; } bad[] = {
		{ 128, 0, -EINVAL },
		{ 0, 2, -EINVAL },
		{ 8, 2, -EINVAL },
		{ 120, 2, -EINVAL },
		{ 127, 2, -EINVAL },
		{ 129, 2, -EINVAL },
		{ 132, 2, -EINVAL },
		{ 4104, 1, -E2BIG },
		{ 0xfffffff8, 1, -E2BIG },
		{ 128, PROCSRV_BATCH_MAX + 1, -E2BIG },
		{ 128, ~0U, -E2BIG },
		{ 128, 1U << 25, -E2BIG },
	};
	union procsrv_args args;
	int i;

	for (i = 0; i < ARRAY_SIZE(bad); i++) {
		prepare_batch(&self->world, &args);
		args.batch.op_size = bad[i].op_size;
		args.batch.count = bad[i].count;
		expect_refused(_metadata, &self->world, PROCSRV_IOC_BATCH,
			       &args, bad[i].err);
	}
}

/* Its last byte out of reach, or in a page that cannot be written. */
TEST_F(calls, array_out_of_reach)
{
	const int fd = self->world.scene.fd;
	const size_t size = 4096 / sizeof(struct procsrv_batch_op);
	struct procsrv_batch_op *ops, *at;
	struct snapshot before;
	union procsrv_args args;
	__u32 done, i;
	char *pages;

	pages = mmap(NULL, 3 * 4096, PROT_READ | PROT_WRITE,
		     MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	ASSERT_NE(MAP_FAILED, pages);
	ops = (void *)pages;
	prepare_set_limits(&self->world, &args);
	for (i = 0; i < 3 * size; i++)
		set(&ops[i], PROCSRV_IOC_SET_LIMITS, &args);
	snapshot_take(_metadata, &self->world.scene, &before);
	at = (void *)((char *)ops + 8);
	memmove(at, ops, 2 * size * sizeof(*ops));
	ASSERT_EQ(0, mprotect(pages + 2 * 4096, 4096, PROT_READ));
	EXPECT_EQ(-EFAULT, batch(fd, at, 2 * size, 0, &done));
	EXPECT_EQ(PATTERN32, done);
	ASSERT_EQ(0, munmap(pages + 2 * 4096, 4096));
	EXPECT_EQ(-EFAULT, batch(fd, at, 2 * size, 0, &done));
	ASSERT_EQ(0, mprotect(pages, 4096, PROT_READ));
	EXPECT_EQ(-EFAULT, batch(fd, at, 2, 0, &done));
	EXPECT_TRUE(snapshot_same(_metadata, &self->world.scene, &before));
	ASSERT_EQ(0, mprotect(pages, 4096, PROT_READ | PROT_WRITE));
	EXPECT_EQ(0, batch(fd, at, 2 * size - 1, 0, &done));
	EXPECT_EQ(2 * size - 1, done);
}

/* Longer elements of a newer program: the rest of an element is unchanged. */
TEST_F(calls, longer_elements)
{
	enum { SIZE = 200 };
	char *array = at_edge(3 * SIZE);
	struct procsrv_batch_op *op;
	union procsrv_args args;
	__u32 done, i;

	for (i = 0; i < 3; i++) {
		op = (void *)(array + i * SIZE);
		prepare_stats(&self->world, &args);
		set(op, PROCSRV_IOC_STATS, &args);
	}
	/* These elements fit longer structures than procsrv_batch_op. */
	op->cmd = resized(PROCSRV_IOC_STATS, SIZE - 8);
	ASSERT_EQ(0, batch_of(self->world.scene.fd, array, SIZE, 3, 0, &done));
	EXPECT_EQ(3, done);
	for (i = 0; i < 3; i++) {
		op = (void *)(array + i * SIZE);
		EXPECT_EQ(0, op->result);
		EXPECT_NE(PATTERN64, op->args[0]);
		EXPECT_EQ(i < 2, untouched(op + 1, SIZE - sizeof(*op)));
		EXPECT_EQ(i == 2, all_zero(op + 1, SIZE - sizeof(*op)));
	}
}

FIXTURE(batch)
{
	struct scene scene;
	int fd;
	__u64 root;
};

FIXTURE_SETUP(batch)
{
	scene_setup(_metadata, &self->scene);
	self->fd = self->scene.fd;
	self->root = self->scene.root;
}

FIXTURE_TEARDOWN(batch)
{
	scene_teardown(_metadata, &self->scene);
}

/* Each operation sees the effects of those before it. */
TEST_F(batch, one_after_the_other)
{
	struct procsrv_batch_op ops[4];
	__u64 pid;
	__u32 done;

	ASSERT_EQ(0, create(self->fd, self->root, &pid));
	set_terminate(&ops[0], pid, 7);
	set_wait(&ops[1], self->root, PROCSRV_WAIT_NOHANG, 0);
	set_create(&ops[2], self->root);
	set_wait(&ops[3], self->root, PROCSRV_WAIT_NOHANG, 0);
	ASSERT_EQ(0, batch(self->fd, ops, 4, 0, &done));
	EXPECT_EQ(4, done);
	EXPECT_EQ(0, ops[0].result);
	EXPECT_EQ(0, ops[1].result);
	EXPECT_EQ(pid, waited(&ops[1]).pid);
	EXPECT_EQ(7, waited(&ops[1]).exit_code);
	EXPECT_EQ(0, ops[2].result);
	EXPECT_LT(pid, created(&ops[2]));
	EXPECT_EQ(-EAGAIN, ops[3].result);
	EXPECT_EQ(PATTERN64, waited(&ops[3]).pid);
}

TEST_F(batch, as_many_as_there_may_be)
{
	static struct procsrv_batch_op ops[PROCSRV_BATCH_MAX];
	__u32 done, i;

	for (i = 0; i < ARRAY_SIZE(ops); i++)
		set_create(&ops[i], self->root);
	ASSERT_EQ(0, batch(self->fd, ops, ARRAY_SIZE(ops), 0, &done));
	EXPECT_EQ(ARRAY_SIZE(ops), done);
	for (i = 0; i < ARRAY_SIZE(ops); i++) {
		ASSERT_EQ(0, ops[i].result);
		ASSERT_EQ(created(&ops[0]) + i, created(&ops[i]));
	}
	for (i = 0; i < ARRAY_SIZE(ops); i++)
		set_terminate(&ops[i], created(&ops[i]), i);
	ASSERT_EQ(0, batch(self->fd, ops, ARRAY_SIZE(ops), 0, &done));
	for (i = 0; i < ARRAY_SIZE(ops); i++)
		ASSERT_EQ(0, ops[i].result);
	for (i = 0; i < ARRAY_SIZE(ops); i++)
		set_wait(&ops[i], self->root, 0, 0);
	ASSERT_EQ(0, batch(self->fd, ops, ARRAY_SIZE(ops), 0, &done));
	for (i = 0; i < ARRAY_SIZE(ops); i++) {
		ASSERT_EQ(0, ops[i].result);
		ASSERT_EQ(i, waited(&ops[i]).exit_code);
	}
}

TEST_F(batch, errors_do_not_stop_it)
{
	struct procsrv_batch_op ops[3];
	__u32 done;

	set_create(&ops[0], self->root);
	set_create(&ops[1], NO_PID);
	set_create(&ops[2], self->root);
	ASSERT_EQ(0, batch(self->fd, ops, 3, 0, &done));
	EXPECT_EQ(3, done);
	EXPECT_EQ(0, ops[0].result);
	EXPECT_EQ(-ESRCH, ops[1].result);
	EXPECT_EQ(PATTERN64, created(&ops[1]));
	EXPECT_EQ(0, ops[2].result);
}

/* Operations after the error are neither run nor written. */
TEST_F(batch, errors_stop_it_if_asked)
{
	struct procsrv_batch_op ops[3], given;
	__u32 done;

	set_create(&ops[0], self->root);
	set_create(&ops[1], NO_PID);
	set_create(&ops[2], self->root);
	given = ops[2];
	ASSERT_EQ(0, batch(self->fd, ops, 3, PROCSRV_BATCH_STOP, &done));
	EXPECT_EQ(2, done);
	EXPECT_EQ(0, ops[0].result);
	EXPECT_EQ(-ESRCH, ops[1].result);
	EXPECT_EQ(0, memcmp(&given, &ops[2], sizeof(given)));
	EXPECT_EQ(-ESRCH, get_info(self->fd, created(&ops[0]) + 1,
				   &(struct procsrv_info) {}));
}

TEST_F(batch, no_error_to_stop_at)
{
	struct procsrv_batch_op ops[2];
	__u32 done;

	set_create(&ops[0], self->root);
	set_create(&ops[1], self->root);
	ASSERT_EQ(0, batch(self->fd, ops, 2, PROCSRV_BATCH_STOP, &done));
	EXPECT_EQ(2, done);
	EXPECT_EQ(0, ops[0].result);
	EXPECT_EQ(0, ops[1].result);
}

/* A bad pointer in an operation is an error of this operation only. */
TEST_F(batch, pointers_of_one)
{
	struct procsrv_info info;
	struct procsrv_info_args args = {
		.pid = self->root,
		.info = to_u64(&info),
		.info_size = sizeof(info),
	};
	struct procsrv_batch_op ops[3];
	__u32 done;

	set_create(&ops[0], self->root);
	ops[0].args[1] = 1;
	set(&ops[1], PROCSRV_IOC_INFO, &args);
	args.info = 1;
	set(&ops[2], PROCSRV_IOC_INFO, &args);
	ASSERT_EQ(0, batch(self->fd, ops, 3, 0, &done));
	EXPECT_EQ(3, done);
	EXPECT_EQ(-EFAULT, ops[0].result);
	EXPECT_EQ(0, ops[1].result);
	EXPECT_EQ(self->root, info.pid);
	EXPECT_EQ(-EFAULT, ops[2].result);
}

TEST_F(batch, sleeps)
{
	struct procsrv_batch_op ops[2];
	__u64 pid, began = now_ns();
	__u32 done;

	ASSERT_EQ(0, create(self->fd, self->root, &pid));
	set_wait(&ops[0], self->root, PROCSRV_WAIT_TIMEOUT, 20 * MSEC);
	set_create(&ops[1], self->root);
	ASSERT_EQ(0, batch(self->fd, ops, 2, 0, &done));
	EXPECT_LE(20 * MSEC, now_ns() - began);
	EXPECT_EQ(2, done);
	EXPECT_EQ(-ETIMEDOUT, ops[0].result);
	EXPECT_EQ(0, ops[1].result);
}

/* A thread that runs a batch: two creations, a wait, and another creation. */
struct batcher {
	pthread_t thread;
	int fd;
	struct procsrv_batch_op *ops;
	__u32 done;
	int ret;
	pid_t tid;
};

enum { BATCHER_OPS = 4 };

static void *batcher_run(void *data)
{
	struct batcher *b = data;

	__atomic_store_n(&b->tid, syscall(SYS_gettid), __ATOMIC_SEQ_CST);
	b->ret = batch(b->fd, b->ops, BATCHER_OPS, 0, &b->done);
	return NULL;
}

static void batcher_start(struct __test_metadata *_metadata, struct batcher *b,
			  int fd, __u64 root)
{
	int looks = 0;

	memset(b, 0, sizeof(*b));
	b->fd = fd;
	b->ops = (void *)page_with(PROT_READ | PROT_WRITE);
	set_create(&b->ops[0], root);
	set_create(&b->ops[1], root);
	set_wait(&b->ops[2], root, PROCSRV_WAIT_TIMEOUT,
		 3600ULL * 1000 * MSEC);
	set_create(&b->ops[3], root);
	ASSERT_EQ(0, pthread_create(&b->thread, NULL, batcher_run, b));
	while (!__atomic_load_n(&b->tid, __ATOMIC_SEQ_CST) ||
	       state_of(fd, root) != PROCSRV_WAITING || !task_sleeps(b->tid))
		ASSERT_TRUE(look_again(&looks));
}

static void do_nothing(int signo)
{
}

/*
 * Completed operations are reported, and not repeated, with or without
 * SA_RESTART.
 */
static void check_interrupted(struct __test_metadata *_metadata, int fd,
			      __u64 root, int flags)
{
	struct sigaction act = { .sa_handler = do_nothing, .sa_flags = flags };
	struct procsrv_stats before, after;
	struct procsrv_batch_op given;
	struct procsrv_wait_args w;
	struct batcher b;

	ASSERT_EQ(0, sigaction(SIGUSR1, &act, NULL));
	ASSERT_EQ(0, get_stats(fd, &before));
	batcher_start(_metadata, &b, fd, root);
	given = b.ops[3];
	ASSERT_EQ(0, pthread_kill(b.thread, SIGUSR1));
	ASSERT_EQ(0, pthread_join(b.thread, NULL));
	EXPECT_EQ(0, b.ret);
	EXPECT_EQ(3, b.done);
	EXPECT_EQ(0, b.ops[0].result);
	EXPECT_EQ(0, b.ops[1].result);
	EXPECT_EQ(-EINTR, b.ops[2].result);
	EXPECT_EQ(0, memcmp(&given, &b.ops[3], sizeof(given)));
	w = waited(&b.ops[2]);
	EXPECT_EQ(PATTERN64, w.pid);
	EXPECT_GT(3600ULL * 1000 * MSEC, w.timeout);
	EXPECT_LT(0, w.timeout);
	ASSERT_EQ(0, get_stats(fd, &after));
	EXPECT_EQ(2, after.total_created - before.total_created);
	/* Continue with the rest. */
	ASSERT_EQ(0, terminate(fd, created(&b.ops[0]), 5, 0));
	ASSERT_EQ(0, batch(fd, b.ops + 2, 2, 0, &b.done));
	EXPECT_EQ(2, b.done);
	EXPECT_EQ(0, b.ops[2].result);
	EXPECT_EQ(5, waited(&b.ops[2]).exit_code);
	EXPECT_EQ(0, b.ops[3].result);
}

TEST_F(batch, interrupted)
{
	check_interrupted(_metadata, self->fd, self->root, 0);
}

TEST_F(batch, interrupted_and_not_restarted)
{
	check_interrupted(_metadata, self->fd, self->root, SA_RESTART);
}

/* A task killed in the wait does not run the operations after it. */
TEST_F(batch, killed)
{
	struct procsrv_batch_op *ops;
	int looks = 0, status;
	struct procsrv_stats before, after;
	pid_t child;
	__u32 done;

	ops = mmap(NULL, 4096, PROT_READ | PROT_WRITE,
		   MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	ASSERT_NE(MAP_FAILED, ops);
	set_create(&ops[0], self->root);
	set_wait(&ops[1], self->root, 0, 0);
	set_create(&ops[2], self->root);
	ASSERT_EQ(0, get_stats(self->fd, &before));
	child = fork_tied();
	if (!child)
		_exit(batch(self->fd, ops, 3, 0, &done));
	ASSERT_LT(0, child);
	while (state_of(self->fd, self->root) != PROCSRV_WAITING)
		ASSERT_TRUE(look_again(&looks));
	ASSERT_EQ(0, kill(child, SIGKILL));
	ASSERT_EQ(child, waitpid(child, &status, 0));
	EXPECT_TRUE(WIFSIGNALED(status));
	EXPECT_TRUE(reaches_state(self->fd, self->root, PROCSRV_RUNNING));
	ASSERT_EQ(0, get_stats(self->fd, &after));
	EXPECT_EQ(1, after.total_created - before.total_created);
}

/*
 * If the array is unmapped meanwhile, results are lost, as with any call, but
 * the operations were done.
 */
TEST_F(batch, array_taken_away)
{
	struct procsrv_stats before, after;
	struct batcher b;
	__u64 first;

	ASSERT_EQ(0, create(self->fd, self->root, &first));
	ASSERT_EQ(0, get_stats(self->fd, &before));
	batcher_start(_metadata, &b, self->fd, self->root);
	ASSERT_EQ(0, mprotect(b.ops, 4096, PROT_READ));
	ASSERT_EQ(0, terminate(self->fd, first, 0, 0));
	ASSERT_EQ(0, pthread_join(b.thread, NULL));
	EXPECT_EQ(-EFAULT, b.ret);
	EXPECT_EQ(PATTERN32, b.done);
	ASSERT_EQ(0, get_stats(self->fd, &after));
	EXPECT_EQ(3, after.total_created - before.total_created);
	EXPECT_EQ(-ESRCH, state_of(self->fd, first));
	EXPECT_EQ(PATTERN64, created(&b.ops[0]));
}

TEST_HARNESS_MAIN
