// SPDX-License-Identifier: GPL-2.0-only
/*
 * procsrv selftests - commands of io_uring that are made to fail
 *
 * As in inject.c, but the fault may be in io_uring as well: then the command is
 * not submitted, and is submitted again. A request that sleeps can fail when it
 * is submitted, and when its result is stored.
 */
#include <liburing.h>

#include "attempt.h"

/* Completes in io_uring_enter(2) only, so at a known place. */
enum { RING = IORING_SETUP_SINGLE_ISSUER | IORING_SETUP_DEFER_TASKRUN };

static struct io_uring ring;

/* For a process that has not exited yet. */
static void prepare_wait_asleep(const struct world *w, union procsrv_args *args)
{
	args->wait = wait_args(w->scene.root, PROCSRV_WAIT_PID, w->other,
			       PROCSRV_WAIT_EXITED, 0);
}

static void prepare_take_asleep(const struct world *w, union procsrv_args *args)
{
	prepare_take_signal(w, args);
	args->take_signal.mask = 1ULL << (PENDING + 1);
	args->take_signal.flags = 0;
}

static void prepare_take_any_asleep(const struct world *w, union procsrv_args *args)
{
	args->take_signal = take_args(0, 0);
}

static int wake_wait(const struct world *w)
{
	return terminate(w->scene.fd, w->other, 0, 0);
}

static int wake_take(const struct world *w)
{
	return signal_pid(w->scene.fd, w->live, PENDING + 2);
}

/*
 * With a sender, so that a record is allocated, which the waiting taker makes
 * unnecessary.
 */
static int wake_take_any(const struct world *w)
{
	return send_signal(w->scene.fd, w->live, PROCSRV_TARGET_PID, w->hosted,
			   SENT, NULL);
}

static const struct row awake[] = {
	ROW(CREATE, create_first, 4, .set_up = set_up_leaf),
	ROW(CREATE, create_hosted, 2),
	ROW(WAIT, wait, 1),
	ROW(TAKE_SIGNAL, take_signal, 1),
	ROW(OPEN_PROCESS, open_process, 2),
};

static const struct {
	struct row row;
	int (*wake)(const struct world *w);
} asleep[] = {
	{ ROW(WAIT, wait_asleep, 1), wake_wait },
	{ ROW(TAKE_SIGNAL, take_asleep, 1), wake_take },
	{ ROW(TAKE_SIGNAL, take_any_asleep, 1), wake_take_any },
};

static void submit(struct io_uring_sqe *sqe, const struct row *row)
{
	io_uring_prep_rw(IORING_OP_URING_CMD, sqe, attempt.world.scene.fd,
			 &attempt.args, 0, 0);
	sqe->cmd_op = row->cmd;
}

/* Submits a command whose @nth place fails. */
static void submit_nth(int nth_fd, unsigned int nth, const struct row *row)
{
	int ret;

	submit(io_uring_get_sqe(&ring), row);
	nth_arm(nth_fd, nth);
	ret = io_uring_submit(&ring);
	attempt.failed = nth_has_failed(nth_fd);
	if (ret < 1)
		io_uring_submit(&ring);
}

/* Waits for the completion of the command. Returns its result. */
static int completed(void)
{
	struct io_uring_cqe *cqe;
	int ret = io_uring_wait_cqe(&ring, &cqe);

	if (ret)
		return ret;
	ret = cqe->res;
	io_uring_cqe_seen(&ring, cqe);
	return ret;
}

static bool is_complete(void)
{
	struct io_uring_cqe *cqe;

	return !io_uring_peek_cqe(&ring, &cqe);
}

static bool changed(struct __test_metadata *_metadata)
{
	take_snapshot(_metadata, &attempt.world.scene, &attempt.after);
	return !is_same(&attempt.before, &attempt.after);
}

static bool args_changed(void)
{
	return memcmp(&attempt.args, &attempt.given, sizeof(attempt.args));
}

/*
 * Runs one request, so that io_uring has allocated its own memory and nearly
 * all faults are in the module.
 */
static void begin_uring(struct __test_metadata *_metadata)
{
	/* User Mode Linux miscounts pages that are mapped in two processes. */
	ASSERT_EQ(0, io_uring_queue_init(8, &ring, RING));
	ASSERT_EQ(0, io_uring_ring_dontfork(&ring));
	io_uring_prep_nop(io_uring_get_sqe(&ring));
	ASSERT_EQ(1, io_uring_submit(&ring));
	ASSERT_EQ(0, completed());
}

/* Returns the number of failures with ENOMEM. */
static unsigned int check_awake(struct __test_metadata *_metadata, int device,
				int nth_fd, const struct row *row)
{
	unsigned int nth = 0, memory = 0, late = 0;

	do {
		begin(_metadata, &attempt, device, row);
		submit_nth(nth_fd, ++nth, row);
		attempt.ret = completed();
		nr_faults += attempt.failed;
		if (!attempt.ret) {
			EXPECT_TRUE(changed(_metadata));
			EXPECT_TRUE(args_changed());
		} else if (attempt.ret == -EFAULT && changed(_metadata)) {
			late++;
			EXPECT_NE(PROCSRV_IOC_OPEN_PROCESS, row->cmd);
			EXPECT_FALSE(args_changed());
		} else {
			EXPECT_TRUE(attempt.ret == -ENOMEM ||
				    attempt.ret == -EFAULT);
			EXPECT_FALSE(changed(_metadata));
			EXPECT_FALSE(args_changed());
			memory += attempt.ret == -ENOMEM;
		}
		finish(&attempt);
	} while (attempt.failed);
	/* Only the last place, which kmemleak may make fail several times. */
	EXPECT_GE(is_watched() ? 3 : 1, late);
	return memory;
}

TEST_F(faults, commands)
{
	unsigned int memory;
	int i, round;

	begin_uring(_metadata);
	for (i = 0; i < ARRAY_SIZE(awake); i++) {
		round = 0;
		do {
			memory = check_awake(_metadata, self->device, self->nth,
					     &awake[i]);
		} while (may_find_more(&awake[i], memory, ++round));
		EXPECT_LE(least_memory(&awake[i]), memory);
	}
	io_uring_queue_exit(&ring);
}

/* A request that failed before it slept leaves no waiter behind. */
static unsigned int check_falling_asleep(struct __test_metadata *_metadata,
					 int device, int nth_fd, int i)
{
	unsigned int nth = 0, memory = 0;

	do {
		begin(_metadata, &attempt, device, &asleep[i].row);
		submit_nth(nth_fd, ++nth, &asleep[i].row);
		nr_faults += attempt.failed;
		if (is_complete()) {
			attempt.ret = completed();
			EXPECT_TRUE(attempt.failed);
			EXPECT_TRUE(attempt.ret == -ENOMEM ||
				    attempt.ret == -EFAULT);
			EXPECT_FALSE(changed(_metadata));
			EXPECT_FALSE(args_changed());
			memory += attempt.ret == -ENOMEM;
			submit_nth(nth_fd, 0, &asleep[i].row);
		}
		EXPECT_FALSE(is_complete());
		EXPECT_EQ(0, asleep[i].wake(&attempt.world));
		EXPECT_EQ(0, completed());
		EXPECT_TRUE(args_changed());
		finish(&attempt);
	} while (attempt.failed && _metadata->passed);
	return memory;
}

TEST_F(faults, requests_that_begin_to_sleep)
{
	unsigned int memory;
	int i, round;

	begin_uring(_metadata);
	for (i = 0; i < ARRAY_SIZE(asleep); i++) {
		round = 0;
		do {
			memory = check_falling_asleep(_metadata, self->device,
						      self->nth, i);
		} while (may_find_more(&asleep[i].row, memory, ++round));
		EXPECT_LE(least_memory(&asleep[i].row), memory);
	}
	io_uring_queue_exit(&ring);
}

/* A woken request that cannot store its result fails, and stops waiting. */
TEST_F(faults, requests_that_wake)
{
	struct io_uring_cqe *cqe;
	unsigned int nth;
	int i, late;

	begin_uring(_metadata);
	for (i = 0; i < ARRAY_SIZE(asleep); i++) {
		nth = 0;
		late = 0;
		do {
			begin(_metadata, &attempt, self->device,
			      &asleep[i].row);
			submit_nth(self->nth, 0, &asleep[i].row);
			ASSERT_EQ(0, asleep[i].wake(&attempt.world));
			nth_arm(self->nth, ++nth);
			io_uring_wait_cqe(&ring, &cqe);
			attempt.failed = nth_has_failed(self->nth);
			nr_faults += attempt.failed;
			attempt.ret = completed();
			EXPECT_EQ(attempt.ret ? -EFAULT : 0, attempt.ret);
			EXPECT_EQ(!attempt.ret, args_changed());
			late += attempt.ret == -EFAULT;
			EXPECT_EQ(PROCSRV_RUNNING,
				  state_of(attempt.world.scene.fd,
					   attempt.world.scene.root));
			finish(&attempt);
		} while (attempt.failed && _metadata->passed);
		EXPECT_EQ(1, late);
	}
	io_uring_queue_exit(&ring);
}

TEST_HARNESS_MAIN
