// SPDX-License-Identifier: GPL-2.0-only
/*
 * Resource limits
 */
#include <linux/limits.h>
#include <linux/string.h>

#include "common.h"

static int try_limits(struct kunit *test, u64 pid,
		      const struct procsrv_limits *limits)
{
	return procsrv_set_limits(server(test), pid, limits);
}

static void expect_defaults(struct kunit *test, u64 pid)
{
	struct procsrv_limits limits = limits_of(test, pid);

	KUNIT_EXPECT_EQ(test, limits.max_memory, 268435456);
	KUNIT_EXPECT_EQ(test, limits.max_cpu_time, U64_MAX);
	KUNIT_EXPECT_EQ(test, limits.max_files, 1024);
	KUNIT_EXPECT_EQ(test, limits.max_threads, 256);
	KUNIT_EXPECT_EQ(test, limits.nice, 0);
	KUNIT_EXPECT_EQ(test, limits.stack_size, 8388608);
	KUNIT_EXPECT_EQ(test, limits.core_size, 0);
	KUNIT_EXPECT_EQ(test, limits.flags, 0);
}

static void defaults(struct kunit *test)
{
	expect_defaults(test, PROCSRV_INIT_PID);
	expect_defaults(test, make_process(test, PROCSRV_INIT_PID));
}

static void what_is_set_is_got(struct kunit *test)
{
	const struct procsrv_limits want = {
		.max_memory = 1,
		.max_cpu_time = 2,
		.stack_size = 3,
		.core_size = 4,
		.max_files = 5,
		.max_threads = 6,
		.nice = -7,
	};
	u64 pid = make_process(test, PROCSRV_INIT_PID);
	u64 other = make_process(test, PROCSRV_INIT_PID);
	struct procsrv_limits got;

	KUNIT_EXPECT_EQ(test, try_limits(test, pid, &want), 0);
	got = limits_of(test, pid);
	KUNIT_EXPECT_EQ(test, memcmp(&got, &want, sizeof(got)), 0);
	expect_defaults(test, other);

	KUNIT_EXPECT_EQ(test, try_limits(test, PROCSRV_INIT_PID, &want), 0);
	got = limits_of(test, PROCSRV_INIT_PID);
	KUNIT_EXPECT_EQ(test, memcmp(&got, &want, sizeof(got)), 0);
}

static void extreme_values(struct kunit *test)
{
	const struct procsrv_limits highest = {
		.max_memory = U64_MAX,
		.max_cpu_time = U64_MAX,
		.stack_size = U64_MAX,
		.core_size = U64_MAX,
		.max_files = U32_MAX,
		.max_threads = U32_MAX,
		.nice = 19,
	};
	const struct procsrv_limits lowest = { .max_threads = 1, .nice = -20 };
	u64 pid = make_process(test, PROCSRV_INIT_PID);
	struct procsrv_limits got;

	KUNIT_EXPECT_EQ(test, try_limits(test, pid, &highest), 0);
	got = limits_of(test, pid);
	KUNIT_EXPECT_EQ(test, memcmp(&got, &highest, sizeof(got)), 0);
	KUNIT_EXPECT_EQ(test, try_limits(test, pid, &lowest), 0);
	got = limits_of(test, pid);
	KUNIT_EXPECT_EQ(test, memcmp(&got, &lowest, sizeof(got)), 0);
}

static void invalid_values(struct kunit *test)
{
	static const s32 nices[] = { -21, 20, 128, 256, S32_MIN, S32_MAX };
	u64 pid = make_process(test, PROCSRV_INIT_PID);
	struct procsrv_limits limits;
	size_t i;

	for (i = 0; i < ARRAY_SIZE(nices); i++) {
		limits = procsrv_default_limits;
		limits.max_files = 1;
		limits.nice = nices[i];
		KUNIT_EXPECT_EQ(test, try_limits(test, pid, &limits), -EINVAL);
	}
	limits = procsrv_default_limits;
	limits.max_threads = 0;
	KUNIT_EXPECT_EQ(test, try_limits(test, pid, &limits), -EINVAL);
	limits = procsrv_default_limits;
	limits.flags = PROCSRV_LIMITS_ENFORCE << 1;
	KUNIT_EXPECT_EQ(test, try_limits(test, pid, &limits), -EINVAL);
	limits.flags = 1U << 31;
	KUNIT_EXPECT_EQ(test, try_limits(test, pid, &limits), -EINVAL);
	expect_defaults(test, pid);
}

static void every_nice_value(struct kunit *test)
{
	struct procsrv_limits limits = procsrv_default_limits;
	u64 pid = make_process(test, PROCSRV_INIT_PID);

	for (limits.nice = -20; limits.nice <= 19; limits.nice++) {
		KUNIT_EXPECT_EQ(test, try_limits(test, pid, &limits), 0);
		KUNIT_EXPECT_EQ(test, limits_of(test, pid).nice, limits.nice);
	}
}

static void processes_that_do_not_exist(struct kunit *test)
{
	struct procsrv *ps = server(test);
	struct procsrv_limits limits = procsrv_default_limits;
	u64 zombie = make_process(test, PROCSRV_INIT_PID);

	limits.max_files = 9;
	KUNIT_EXPECT_EQ(test, try_limits(test, zombie, &limits), 0);
	end_process(test, zombie);
	/* The limits of a zombie can be read, but not set. */
	KUNIT_EXPECT_EQ(test, limits_of(test, zombie).max_files, 9);
	KUNIT_EXPECT_EQ(test, try_limits(test, zombie, &limits), -ESRCH);

	KUNIT_EXPECT_EQ(test, try_limits(test, 0, &limits), -ESRCH);
	KUNIT_EXPECT_EQ(test, try_limits(test, TEST_NO_PID, &limits), -ESRCH);
	KUNIT_EXPECT_EQ(test, procsrv_get_limits(ps, 0, &limits), -ESRCH);
	KUNIT_EXPECT_EQ(test, procsrv_get_limits(ps, TEST_NO_PID, &limits),
			-ESRCH);
	reap_child(test, PROCSRV_INIT_PID, zombie);
	KUNIT_EXPECT_EQ(test, procsrv_get_limits(ps, zombie, &limits), -ESRCH);
}

/* Limits belong to the process, not to its image. */
static void limits_survive_exec(struct kunit *test)
{
	struct procsrv_limits limits = procsrv_default_limits;
	u64 pid = make_process(test, PROCSRV_INIT_PID);

	limits.core_size = 5;
	KUNIT_EXPECT_EQ(test, try_limits(test, pid, &limits), 0);
	KUNIT_EXPECT_EQ(test, exec_as(test, pid, "x"), 0);
	KUNIT_EXPECT_EQ(test, limits_of(test, pid).core_size, 5);
}

static struct kunit_case limits_cases[] = {
	KUNIT_CASE(defaults),
	KUNIT_CASE(what_is_set_is_got),
	KUNIT_CASE(extreme_values),
	KUNIT_CASE(invalid_values),
	KUNIT_CASE(every_nice_value),
	KUNIT_CASE(processes_that_do_not_exist),
	KUNIT_CASE(limits_survive_exec),
	{}
};

static struct kunit_suite limits_suite = {
	.name = "procsrv-limits",
	.init = fixture_init,
	.exit = fixture_exit,
	.test_cases = limits_cases,
};

kunit_test_suite(limits_suite);
