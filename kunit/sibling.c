// SPDX-License-Identifier: GPL-2.0-only
/*
 * Processes that are created as siblings, as clone(2) does with CLONE_PARENT
 */
#include <linux/capability.h>

#include "common.h"

enum {
	OTHER_UID = 3000,
	OTHER_GID = 4000,
};

static int try_sibling(struct kunit *test, u64 of, u64 *pid)
{
	const struct procsrv_create_params params = {
		.parent = of,
		.owner = test_host(test),
		.hosted = true,
		.sibling = true,
	};

	return procsrv_create(server(test), &params, pid);
}

static u64 make_sibling(struct kunit *test, u64 of)
{
	u64 pid = 0;

	KUNIT_ASSERT_EQ(test, try_sibling(test, of, &pid), 0);
	return pid;
}

static void child_of_the_parent_but_like_its_sibling(struct kunit *test)
{
	const struct procsrv_identity want = identity(1, 2, 3);
	u64 parent = make_hosted(test, PROCSRV_INIT_PID), of, pid;
	struct procsrv_identity got;

	make_session(test, parent);
	of = make_hosted_owned(test, parent, OTHER_UID, OTHER_GID);
	make_group(test, of);
	become(test, of, 1, 2, 3);
	pid = make_sibling(test, of);
	KUNIT_EXPECT_EQ(test, ppid_of(test, pid), parent);
	KUNIT_EXPECT_EQ(test, pgid_of(test, pid), pgid_of(test, of));
	KUNIT_EXPECT_NE(test, pgid_of(test, pid), pgid_of(test, parent));
	KUNIT_EXPECT_EQ(test, info_of(test, pid).uid, OTHER_UID);
	KUNIT_ASSERT_EQ(test, procsrv_get_identity(server(test), pid, &got), 0);
	KUNIT_EXPECT_EQ(test, memcmp(&got, &want, sizeof(got)), 0);
	end_process(test, pid);
	KUNIT_EXPECT_EQ(test, wait_pid(test, of, pid, PROCSRV_WAIT_EXITED, 0), -ECHILD);
	KUNIT_EXPECT_EQ(test, wait_pid(test, parent, pid, PROCSRV_WAIT_EXITED, 0), 0);
}

static void in_another_session_than_its_parent(struct kunit *test)
{
	u64 parent = make_process(test, PROCSRV_INIT_PID), of, pid;

	of = make_process(test, parent);
	make_session(test, of);
	pid = make_sibling(test, of);
	KUNIT_EXPECT_EQ(test, ppid_of(test, pid), parent);
	KUNIT_EXPECT_EQ(test, sid_of(test, pid), sid_of(test, of));
	KUNIT_EXPECT_EQ(test, sid_of(test, parent), 0);
}

static void has_the_exit_signal(struct kunit *test)
{
	u64 parent = make_process(test, PROCSRV_INIT_PID);
	u64 of = make_with_exit_signal(test, parent, 0);

	KUNIT_EXPECT_TRUE(test, flags_of(test, make_sibling(test, of)) &
				PROCSRV_INFO_CLONE);
	of = make_process(test, parent);
	KUNIT_EXPECT_FALSE(test, flags_of(test, make_sibling(test, of)) &
				 PROCSRV_INFO_CLONE);
}

/* The parent is looked up when the sibling is created. */
static void of_an_orphan(struct kunit *test)
{
	u64 reaper = make_process(test, PROCSRV_INIT_PID);
	u64 parent = make_process(test, reaper), of = make_process(test, parent);

	set_reaper(test, reaper, true);
	kill_process(test, parent);
	KUNIT_EXPECT_EQ(test, ppid_of(test, make_sibling(test, of)), reaper);
	kill_process(test, reaper);
	KUNIT_EXPECT_EQ(test, ppid_of(test, make_sibling(test, of)), PROCSRV_INIT_PID);
}

/* Siblings do not make a family tree deeper. */
static void depth_is_that_of_its_sibling(struct kunit *test)
{
	struct procsrv_bounds b = procsrv_no_bounds;
	u64 of = make_process(test, PROCSRV_INIT_PID), pid = 77;
	int i;

	b.depth = 1;
	procsrv_set_bounds(server(test), &b);
	for (i = 0; i < 3; i++)
		of = make_sibling(test, of);
	KUNIT_EXPECT_EQ(test, try_create(test, of, &pid), -EAGAIN);
	KUNIT_EXPECT_EQ(test, pid, 77);
}

static void refusals(struct kunit *test)
{
	const struct caller other = { TEST_UID, TEST_GID, NO_CAP };
	u64 of = make_owned(test, PROCSRV_INIT_PID, OTHER_UID, OTHER_GID);
	u64 zombie = make_zombie(test, PROCSRV_INIT_PID), pid = 77;
	struct role r;

	KUNIT_EXPECT_EQ(test, try_sibling(test, PROCSRV_INIT_PID, &pid), -EINVAL);
	KUNIT_EXPECT_EQ(test, try_sibling(test, zombie, &pid), -ESRCH);
	KUNIT_EXPECT_EQ(test, try_sibling(test, 99, &pid), -ESRCH);
	begin_role(test, &r, &other);
	KUNIT_EXPECT_EQ(test, try_sibling(test, of, &pid), -EPERM);
	end_role(&r);
	KUNIT_EXPECT_EQ(test, pid, 77);
}

static struct kunit_case sibling_cases[] = {
	KUNIT_CASE(child_of_the_parent_but_like_its_sibling),
	KUNIT_CASE(in_another_session_than_its_parent),
	KUNIT_CASE(has_the_exit_signal),
	KUNIT_CASE(of_an_orphan),
	KUNIT_CASE(depth_is_that_of_its_sibling),
	KUNIT_CASE(refusals),
	{}
};

static struct kunit_suite sibling_suite = {
	.name = "procsrv-sibling",
	.init = fixture_init,
	.exit = fixture_exit,
	.test_cases = sibling_cases,
};

kunit_test_suite(sibling_suite);
