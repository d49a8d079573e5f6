// SPDX-License-Identifier: GPL-2.0-only
/*
 * Bounds on processes, strings, waiters and depth: they are enforced, and what
 * was freed is available again
 */
#include "common.h"

enum {
	MANY = 20,
	FEW = 5,
};

/*
 * Processes
 */

static void bound(struct kunit *test, u32 processes, u32 user_processes)
{
	struct procsrv_bounds b = procsrv_no_bounds;

	b.processes = processes;
	b.user_processes = user_processes;
	procsrv_set_bounds(server(test), &b);
}

/* An image whose name, command line and environment take @len bytes in all. */
static struct procsrv_image *make_strings(struct kunit *test, u32 len)
{
	static const char zeros[2 * MANY];
	struct procsrv_image *image;

	KUNIT_ASSERT_GE(test, len, 3);
	image = make_full_image("", zeros, 1, zeros, len - 2);
	KUNIT_ASSERT_NOT_NULL(test, image);
	KUNIT_ASSERT_EQ(test, procsrv_image_bytes(image), len);
	return image;
}

static int create_long(struct kunit *test, u32 uid, u64 parent, u32 len,
		       u64 *pid)
{
	struct procsrv_create_params params = {
		.parent = parent,
		.image = make_strings(test, len),
		.uid = KUIDT_INIT(uid),
		.gid = KGIDT_INIT(TEST_GID),
	};
	int ret;

	ret = procsrv_create(server(test), &params, pid);
	procsrv_image_put(params.image);
	return ret;
}

static int create_as(struct kunit *test, u32 uid, u64 parent, u64 *pid)
{
	return create_long(test, uid, parent, 3, pid);
}

static void server_is_full(struct kunit *test)
{
	u64 pids[MANY], pid = 77, next;
	struct procsrv_stats before, after;
	u32 i;

	bound(test, MANY, U32_MAX);
	for (i = 0; i < MANY; i++)
		KUNIT_ASSERT_EQ(test, create_as(test, i % 3, PROCSRV_INIT_PID,
						&pids[i]), 0);
	before = stats_of(test);
	KUNIT_EXPECT_EQ(test, before.total_processes, MANY + 1);
	KUNIT_EXPECT_EQ(test, create_as(test, 0, PROCSRV_INIT_PID, &pid),
			-EAGAIN);
	KUNIT_EXPECT_EQ(test, create_as(test, 99, pids[0], &pid), -EAGAIN);
	KUNIT_EXPECT_EQ(test, pid, 77);
	/* A missing parent is reported first. */
	KUNIT_EXPECT_EQ(test, create_as(test, 0, TEST_NO_PID, &pid), -ESRCH);
	after = stats_of(test);
	KUNIT_EXPECT_EQ(test, memcmp(&before, &after, sizeof(after)), 0);
	check_server(test);
	/* A zombie counts until it is reaped. */
	end_process(test, pids[3]);
	KUNIT_EXPECT_EQ(test, create_as(test, 0, PROCSRV_INIT_PID, &pid),
			-EAGAIN);
	reap_child(test, PROCSRV_INIT_PID, pids[3]);
	KUNIT_EXPECT_EQ(test, create_as(test, 0, PROCSRV_INIT_PID, &next), 0);
	/* The failed calls have not used up any pids. */
	KUNIT_EXPECT_EQ(test, next, pids[MANY - 1] + 1);
	KUNIT_EXPECT_EQ(test, create_as(test, 0, PROCSRV_INIT_PID, &pid),
			-EAGAIN);
}

static void user_has_as_many_as_it_may(struct kunit *test)
{
	u64 pids[3][FEW], pid;
	u32 u, i;

	bound(test, MANY, FEW);
	for (u = 0; u < 3; u++) {
		for (i = 0; i < FEW; i++)
			KUNIT_ASSERT_EQ(test, create_as(test, u,
							PROCSRV_INIT_PID,
							&pids[u][i]), 0);
		KUNIT_EXPECT_EQ(test, create_as(test, u, PROCSRV_INIT_PID,
						&pid), -EAGAIN);
	}
	/* A process counts for its own user, not for that of its parent. */
	KUNIT_EXPECT_EQ(test, create_as(test, 1, pids[2][0], &pid), -EAGAIN);
	end_process(test, pids[1][0]);
	end_process(test, pids[1][1]);
	KUNIT_EXPECT_EQ(test, create_as(test, 1, PROCSRV_INIT_PID, &pid),
			-EAGAIN);
	KUNIT_EXPECT_EQ(test, procsrv_reap(server(test)), 2);
	KUNIT_EXPECT_EQ(test, create_as(test, 2, PROCSRV_INIT_PID, &pid),
			-EAGAIN);
	KUNIT_EXPECT_EQ(test, create_as(test, 1, pids[2][0], &pid), 0);
	KUNIT_EXPECT_EQ(test, create_as(test, 1, pid, &pid), 0);
	KUNIT_EXPECT_EQ(test, create_as(test, 1, pid, &pid), -EAGAIN);
	/* A user without processes still has room. */
	KUNIT_EXPECT_EQ(test, create_as(test, 3, pid, &pid), 0);
	check_server(test);
}

/* No user is left but the one that is kept for the next process. */
static void expect_no_users(struct kunit *test)
{
	struct procsrv *ps = server(test);

	KUNIT_ASSERT_NOT_NULL(test, ps->idle_user);
	KUNIT_EXPECT_PTR_EQ(test, ps->users.rb_node, &ps->idle_user->node);
	KUNIT_EXPECT_NULL(test, ps->idle_user->node.rb_left);
	KUNIT_EXPECT_NULL(test, ps->idle_user->node.rb_right);
	KUNIT_EXPECT_EQ(test, ps->idle_user->strings, 0);
}

static void users_come_and_go(struct kunit *test)
{
	u64 pid;
	u32 i;

	bound(test, MANY, 1);
	for (i = 0; i < 5 * MANY; i++) {
		KUNIT_ASSERT_EQ(test, create_as(test, i, PROCSRV_INIT_PID,
						&pid), 0);
		KUNIT_ASSERT_EQ(test, create_as(test, i, PROCSRV_INIT_PID,
						&pid), -EAGAIN);
		end_process(test, pid);
		if (i % 4 == 3)
			KUNIT_ASSERT_EQ(test, procsrv_reap(server(test)), 4);
	}
	expect_no_users(test);
}

static void nothing_is_allowed(struct kunit *test)
{
	u64 pid;

	bound(test, 0, U32_MAX);
	KUNIT_EXPECT_EQ(test, try_create(test, PROCSRV_INIT_PID, &pid),
			-EAGAIN);
	bound(test, U32_MAX, 0);
	KUNIT_EXPECT_EQ(test, try_create(test, PROCSRV_INIT_PID, &pid),
			-EAGAIN);
	bound(test, 1, 1);
	KUNIT_EXPECT_EQ(test, try_create(test, PROCSRV_INIT_PID, &pid), 0);
	KUNIT_EXPECT_EQ(test, try_create(test, pid, &pid), -EAGAIN);
}

/* All workers create processes at once; the bounds are not exceeded. */
static void crowd(struct worker *worker)
{
	struct procsrv_image *image = make_image("crowd");
	u32 i;
	u64 pid;

	if (!image) {
		worker->failures++;
		return;
	}
	for (i = 0; i < 10 * MANY; i++) {
		int ret = create_in(worker->ps, PROCSRV_INIT_PID, image, &pid);

		worker->tally[0] += !ret;
		if (ret && ret != -EAGAIN)
			worker->failures++;
		test_relax();
	}
	procsrv_image_put(image);
}

static void no_more_than_there_is_room_for(struct kunit *test)
{
	struct worker *workers = new_workers(test, 4, crowd, NULL);

	bound(test, 10 * MANY, 5 * MANY);
	start_workers(test, workers, 4);
	join_workers(test, workers, 4);
	KUNIT_EXPECT_EQ(test, stats_of(test).total_processes, 5 * MANY + 1);
	KUNIT_EXPECT_EQ(test, workers[0].tally[0] + workers[1].tally[0] +
			workers[2].tally[0] + workers[3].tally[0], 5 * MANY);
}

/*
 * Strings
 */

static void bound_strings(struct kunit *test, u64 bytes)
{
	struct procsrv_bounds b = procsrv_no_bounds;

	b.user_strings = bytes;
	procsrv_set_bounds(server(test), &b);
}

static int exec_long(struct kunit *test, u64 pid, u32 len)
{
	struct procsrv_image *image = make_strings(test, len);
	int ret = procsrv_exec(server(test), pid, image);

	procsrv_image_put(image);
	return ret;
}

/* Sets a working directory of @len bytes, with the NUL. */
static int move_to(struct kunit *test, u64 pid, u32 len)
{
	static const char path[] = "/0123456789012345678901234567890123456789";
	struct procsrv_update u = {
		.mask = PROCSRV_UPDATE_CWD | PROCSRV_UPDATE_MEMORY,
		.memory_usage = len,
	};
	int ret;

	KUNIT_ASSERT_LE(test, len, sizeof(path));
	u.cwd = procsrv_text_new(path, len - 1);
	KUNIT_ASSERT_NOT_NULL(test, u.cwd);
	ret = procsrv_update(server(test), pid, &u);
	procsrv_text_put(u.cwd);
	return ret;
}

static void strings_are_bounded(struct kunit *test)
{
	u64 a, b, pid;

	bound_strings(test, MANY);
	KUNIT_ASSERT_EQ(test, create_long(test, 1, PROCSRV_INIT_PID, 10, &a), 0);
	KUNIT_EXPECT_EQ(test, create_long(test, 1, a, 11, &pid), -EDQUOT);
	KUNIT_ASSERT_EQ(test, create_long(test, 1, a, 10, &b), 0);
	KUNIT_EXPECT_EQ(test, create_long(test, 1, a, 3, &pid), -EDQUOT);
	KUNIT_EXPECT_EQ(test, exec_long(test, a, 11), -EDQUOT);
	KUNIT_EXPECT_EQ(test, move_to(test, a, 2), -EDQUOT);
	/* A refused update changes nothing. */
	KUNIT_EXPECT_EQ(test, info_of(test, a).memory_usage, 0);
	KUNIT_EXPECT_EQ(test, flags_of(test, a) & PROCSRV_INFO_EXECED, 0);
	/* Another user has room. */
	KUNIT_EXPECT_EQ(test, create_long(test, 2, a, MANY, &pid), 0);
	KUNIT_EXPECT_EQ(test, create_long(test, 3, a, MANY + 1, &pid), -EDQUOT);
	/* Strings may be replaced by as many bytes, or by fewer. */
	KUNIT_EXPECT_EQ(test, exec_long(test, a, 10), 0);
	KUNIT_EXPECT_EQ(test, exec_long(test, a, 5), 0);
	KUNIT_EXPECT_EQ(test, move_to(test, b, 5), 0);
	KUNIT_EXPECT_EQ(test, move_to(test, b, 6), -EDQUOT);
	KUNIT_EXPECT_EQ(test, move_to(test, b, 2), 0);
	KUNIT_EXPECT_EQ(test, create_long(test, 1, a, 3, &pid), 0);
	check_server(test);
}

static void strings_come_back(struct kunit *test)
{
	u64 pid, zombie;
	int i;

	bound_strings(test, MANY);
	for (i = 0; i < 5; i++) {
		KUNIT_ASSERT_EQ(test, create_long(test, 1, PROCSRV_INIT_PID, 3,
						  &zombie), 0);
		KUNIT_ASSERT_EQ(test, exec_long(test, zombie, 10), 0);
		KUNIT_ASSERT_EQ(test, move_to(test, zombie, 10), 0);
		end_process(test, zombie);
		/* A zombie keeps its strings. */
		KUNIT_EXPECT_EQ(test, create_as(test, 1, PROCSRV_INIT_PID,
						&pid), -EDQUOT);
		reap_child(test, PROCSRV_INIT_PID, zombie);
	}
	expect_no_users(test);
}

/* Bounds are set on an empty server, but a user above a bound may use less. */
static void strings_may_shrink(struct kunit *test)
{
	u64 pid;

	bound_strings(test, MANY);
	KUNIT_ASSERT_EQ(test, create_long(test, 1, PROCSRV_INIT_PID, MANY,
					  &pid), 0);
	bound_strings(test, FEW);
	KUNIT_EXPECT_EQ(test, exec_long(test, pid, MANY - 1), 0);
	KUNIT_EXPECT_EQ(test, exec_long(test, pid, MANY), -EDQUOT);
	KUNIT_EXPECT_EQ(test, exec_long(test, pid, MANY - 1), 0);
	KUNIT_EXPECT_EQ(test, move_to(test, pid, 2), -EDQUOT);
}

static void strings_of_init_are_free(struct kunit *test)
{
	bound_strings(test, 0);
	KUNIT_EXPECT_EQ(test, exec_long(test, PROCSRV_INIT_PID, MANY), 0);
	KUNIT_EXPECT_EQ(test, move_to(test, PROCSRV_INIT_PID, MANY), 0);
}

/*
 * Waiters
 */

static void bound_sleepers(struct kunit *test, u32 sleepers)
{
	struct procsrv_bounds b = procsrv_no_bounds;

	b.user_waiters = sleepers;
	procsrv_set_bounds(server(test), &b);
}

static int try_to_wait(struct kunit *test, u64 parent, u32 flags)
{
	struct procsrv_wait w = {
		.parent = parent,
		.what = PROCSRV_WAIT_EXITED,
		.flags = flags,
	};

	return procsrv_wait(server(test), &w);
}

/* Times out at once if it may sleep. */
static int try_to_take(struct kunit *test, u64 pid)
{
	struct procsrv_take take = {
		.pid = pid,
		.mask = U64_MAX,
		.flags = PROCSRV_TAKE_TIMEOUT,
	};

	return procsrv_take_signal(server(test), &take);
}

static void sleepers_are_bounded(struct kunit *test)
{
	struct procsrv_wait any = { .what = PROCSRV_WAIT_EXITED };
	struct wait_task *waiter;
	struct take_task *taker;
	u64 a, b, other, child;

	KUNIT_ASSERT_EQ(test, create_as(test, 1, PROCSRV_INIT_PID, &a), 0);
	KUNIT_ASSERT_EQ(test, create_as(test, 1, PROCSRV_INIT_PID, &b), 0);
	KUNIT_ASSERT_EQ(test, create_as(test, 2, PROCSRV_INIT_PID, &other), 0);
	KUNIT_ASSERT_EQ(test, create_as(test, 2, a, &child), 0);
	bound_sleepers(test, 2);
	any.parent = a;
	waiter = start_wait(test, &any);
	expect_waiting(test, a, 1);
	taker = start_take(test, b, U64_MAX);
	expect_asleep(test, &taker->t);
	KUNIT_EXPECT_EQ(test, try_to_wait(test, a, 0), -EAGAIN);
	KUNIT_EXPECT_EQ(test, try_to_take(test, a), -EAGAIN);
	KUNIT_EXPECT_EQ(test, try_to_take(test, b), -EAGAIN);
	KUNIT_EXPECT_EQ(test, try_to_take(test, other), -ETIMEDOUT);
	KUNIT_EXPECT_EQ(test, try_to_take(test, PROCSRV_INIT_PID), -ETIMEDOUT);
	expect_still_waiting(test, waiter);
	/* A wait that is over makes room, whatever ended it. */
	end_process(test, child);
	KUNIT_EXPECT_EQ(test, join_wait(test, waiter), 0);
	KUNIT_EXPECT_EQ(test, try_to_take(test, a), -ETIMEDOUT);
	end_process(test, b);
	KUNIT_EXPECT_EQ(test, join_wait(test, &taker->t), -ESRCH);
	reap_child(test, PROCSRV_INIT_PID, b);
	check_server(test);
}

/* A waiter for a child of another user counts for the user of the parent. */
static void waiters_count_for_their_parent(struct kunit *test)
{
	struct procsrv_wait w = {
		.which = PROCSRV_WAIT_PID,
		.what = PROCSRV_WAIT_EXITED,
	};
	struct wait_task *waiter;
	u64 parent, child;

	KUNIT_ASSERT_EQ(test, create_as(test, 1, PROCSRV_INIT_PID, &parent), 0);
	KUNIT_ASSERT_EQ(test, create_as(test, 2, parent, &child), 0);
	bound_sleepers(test, 1);
	w.parent = parent;
	w.id = child;
	waiter = start_wait(test, &w);
	expect_waiting(test, parent, 1);
	KUNIT_EXPECT_EQ(test, try_to_take(test, child), -ETIMEDOUT);
	KUNIT_EXPECT_EQ(test, try_to_take(test, parent), -EAGAIN);
	end_process(test, child);
	KUNIT_EXPECT_EQ(test, join_wait(test, waiter), 0);
}

/* Calls that need not sleep are not bounded. */
static void nobody_may_sleep(struct kunit *test)
{
	struct procsrv_take take;
	u64 parent, child;

	KUNIT_ASSERT_EQ(test, create_as(test, 1, PROCSRV_INIT_PID, &parent), 0);
	KUNIT_ASSERT_EQ(test, create_as(test, 1, parent, &child), 0);
	bound_sleepers(test, 0);
	KUNIT_EXPECT_EQ(test, try_to_wait(test, parent, 0), -EAGAIN);
	KUNIT_EXPECT_EQ(test, state_of(test, parent), PROCSRV_RUNNING);
	KUNIT_EXPECT_EQ(test, signal_pid(test, parent, 10), 0);
	KUNIT_EXPECT_EQ(test, take_now(test, parent, U64_MAX, &take), 0);
	end_process(test, child);
	KUNIT_EXPECT_EQ(test, try_to_wait(test, parent, 0), 0);
	/* A wait without children fails with an error of its own. */
	KUNIT_EXPECT_EQ(test, try_to_wait(test, parent, 0), -ECHILD);
}

/*
 * Depth
 */

static void bound_depth(struct kunit *test, u32 depth)
{
	struct procsrv_bounds b = procsrv_no_bounds;

	b.depth = depth;
	procsrv_set_bounds(server(test), &b);
}

static void depth_is_bounded(struct kunit *test)
{
	u64 pids[FEW + 1] = { PROCSRV_INIT_PID }, pid;
	int i;

	bound_depth(test, FEW);
	for (i = 0; i < FEW; i++)
		KUNIT_ASSERT_EQ(test, try_create(test, pids[i], &pids[i + 1]),
				0);
	KUNIT_EXPECT_EQ(test, try_create(test, pids[FEW], &pid), -EAGAIN);
	KUNIT_EXPECT_EQ(test, try_create(test, pids[FEW - 1], &pid), 0);
	/* Once an ancestor exits, its descendants are one level less deep. */
	end_process(test, pids[1]);
	KUNIT_EXPECT_EQ(test, ppid_of(test, pids[2]), PROCSRV_INIT_PID);
	KUNIT_EXPECT_EQ(test, try_create(test, pids[FEW], &pid), 0);
	KUNIT_EXPECT_EQ(test, try_create(test, pid, &pid), -EAGAIN);
	check_server(test);
}

/* Descendants of a reaper remain below it. */
static void depth_below_a_reaper(struct kunit *test)
{
	u64 reaper, a, b, pid;

	bound_depth(test, 3);
	KUNIT_ASSERT_EQ(test, try_create(test, PROCSRV_INIT_PID, &reaper), 0);
	set_reaper(test, reaper, true);
	KUNIT_ASSERT_EQ(test, try_create(test, reaper, &a), 0);
	KUNIT_ASSERT_EQ(test, try_create(test, a, &b), 0);
	KUNIT_EXPECT_EQ(test, try_create(test, b, &pid), -EAGAIN);
	end_process(test, a);
	KUNIT_EXPECT_EQ(test, try_create(test, b, &pid), 0);
	KUNIT_EXPECT_EQ(test, try_create(test, pid, &pid), -EAGAIN);
}

/* A daemon that forks and exits repeatedly does not become deep. */
static void depth_does_not_add_up(struct kunit *test)
{
	u64 pid, next;
	int i;

	bound_depth(test, 2);
	KUNIT_ASSERT_EQ(test, try_create(test, PROCSRV_INIT_PID, &pid), 0);
	for (i = 0; i < 10 * MANY; i++) {
		KUNIT_ASSERT_EQ(test, try_create(test, pid, &next), 0);
		end_process(test, pid);
		reap_child(test, PROCSRV_INIT_PID, pid);
		pid = next;
	}
	check_server(test);
}

static struct kunit_case bounds_cases[] = {
	KUNIT_CASE(server_is_full),
	KUNIT_CASE(user_has_as_many_as_it_may),
	KUNIT_CASE(users_come_and_go),
	KUNIT_CASE(nothing_is_allowed),
	KUNIT_CASE(no_more_than_there_is_room_for),
	KUNIT_CASE(strings_are_bounded),
	KUNIT_CASE(strings_come_back),
	KUNIT_CASE(strings_may_shrink),
	KUNIT_CASE(strings_of_init_are_free),
	KUNIT_CASE(sleepers_are_bounded),
	KUNIT_CASE(waiters_count_for_their_parent),
	KUNIT_CASE(nobody_may_sleep),
	KUNIT_CASE(depth_is_bounded),
	KUNIT_CASE(depth_below_a_reaper),
	KUNIT_CASE(depth_does_not_add_up),
	{}
};

static struct kunit_suite bounds_suite = {
	.name = "procsrv-bounds",
	.init = fixture_init,
	.exit = fixture_exit,
	.test_cases = bounds_cases,
};

kunit_test_suite(bounds_suite);
