// SPDX-License-Identifier: GPL-2.0-only
/*
 * Processes that are created like their parent, as fork(2) does
 */
#include <linux/capability.h>

#include "common.h"

enum {
	OTHER_UID = 3000,
	OTHER_GID = 4000,
};

/* What make_owned() gives to a process. */
static const char argv[] = "a\0b";
static const char envp[] = "E=1";

static int try_inherit(struct kunit *test, u64 parent, u64 *pid)
{
	const struct procsrv_create_params params = { .parent = parent };

	return procsrv_create(server(test), &params, pid);
}

static void change_cwd(struct kunit *test, u64 pid, const char *path)
{
	struct procsrv_update u = {
		.mask = PROCSRV_UPDATE_CWD,
		.cwd = procsrv_text_new(path, strlen(path)),
	};

	KUNIT_ASSERT_NOT_NULL(test, u.cwd);
	KUNIT_ASSERT_EQ(test, procsrv_update(server(test), pid, &u), 0);
	procsrv_text_put(u.cwd);
}

static void use_and_rank(struct kunit *test, u64 pid)
{
	const struct procsrv_update u = {
		.mask = PROCSRV_UPDATE_PRIORITY | PROCSRV_UPDATE_CPU_TIME |
			PROCSRV_UPDATE_MEMORY | PROCSRV_UPDATE_THREADS,
		.priority = PROCSRV_PRIO_HIGH,
		.cpu_time = 5,
		.memory_usage = 6,
		.thread_count = 7,
	};

	KUNIT_ASSERT_EQ(test, procsrv_update(server(test), pid, &u), 0);
}

static u64 make_parent(struct kunit *test, u32 uid, u32 gid)
{
	return make_owned(test, PROCSRV_INIT_PID, uid, gid);
}

static void set_files(struct kunit *test, u64 pid, u32 files)
{
	struct procsrv_limits limits = limits_of(test, pid);

	limits.max_files = files;
	KUNIT_ASSERT_EQ(test, procsrv_set_limits(server(test), pid, &limits), 0);
}

static void has_what_its_parent_has(struct kunit *test)
{
	u64 parent = make_parent(test, OTHER_UID, OTHER_GID), pid;
	u32 pgid, sid = make_session(test, parent);
	struct procsrv_details d;

	pgid = pgid_of(test, parent);
	change_cwd(test, parent, "/home");
	use_and_rank(test, parent);
	pid = inherit_process(test, parent, NULL);
	KUNIT_ASSERT_EQ(test, procsrv_get_info(server(test), pid, &d), 0);
	KUNIT_EXPECT_EQ(test, d.info.ppid, parent);
	KUNIT_EXPECT_STREQ(test, d.info.name, "owned");
	KUNIT_EXPECT_EQ(test, d.info.uid, OTHER_UID);
	KUNIT_EXPECT_EQ(test, d.info.gid, OTHER_GID);
	KUNIT_EXPECT_EQ(test, d.info.priority, PROCSRV_PRIO_HIGH);
	KUNIT_EXPECT_EQ(test, d.info.sid, sid);
	KUNIT_EXPECT_EQ(test, d.info.pgid, pgid);
	KUNIT_ASSERT_EQ(test, d.image->argv_len, sizeof(argv));
	KUNIT_EXPECT_EQ(test, memcmp(procsrv_image_argv(d.image), argv,
				     sizeof(argv)), 0);
	KUNIT_ASSERT_EQ(test, d.image->envp_len, sizeof(envp));
	KUNIT_EXPECT_EQ(test, memcmp(procsrv_image_envp(d.image), envp,
				     sizeof(envp)), 0);
	KUNIT_EXPECT_STREQ(test, d.cwd->data, "/home");
	procsrv_put_info(&d);
}

/* fork(2): usage begins anew, and no signal is pending. */
static void begins_anew(struct kunit *test)
{
	u64 parent = make_parent(test, TEST_UID, TEST_GID), pid;
	struct procsrv_info info;

	use_and_rank(test, parent);
	set_reaper(test, parent, true);
	KUNIT_ASSERT_EQ(test, exec_as(test, parent, "other"), 0);
	KUNIT_ASSERT_EQ(test, signal_pid(test, parent, 10), 0);
	stop_process(test, parent);
	pid = inherit_process(test, parent, NULL);
	info = info_of(test, pid);
	KUNIT_EXPECT_STREQ(test, info.name, "other");
	KUNIT_EXPECT_EQ(test, info.state, PROCSRV_RUNNING);
	KUNIT_EXPECT_EQ(test, info.pending, 0);
	KUNIT_EXPECT_EQ(test, info.cpu_time, 0);
	KUNIT_EXPECT_EQ(test, info.memory_usage, 0);
	KUNIT_EXPECT_EQ(test, info.thread_count, 1);
	KUNIT_EXPECT_EQ(test, info.flags, 0);
}

/* Parent and child have limits of their own. */
static void limits_are_copied(struct kunit *test)
{
	u64 parent = make_parent(test, TEST_UID, TEST_GID), pid, grandchild;

	pid = inherit_process(test, parent, NULL);
	set_files(test, parent, 11);
	KUNIT_EXPECT_NE(test, limits_of(test, pid).max_files, 11);
	pid = inherit_process(test, parent, NULL);
	KUNIT_EXPECT_EQ(test, limits_of(test, pid).max_files, 11);
	set_files(test, parent, 12);
	KUNIT_EXPECT_EQ(test, limits_of(test, pid).max_files, 11);
	set_files(test, pid, 13);
	KUNIT_EXPECT_EQ(test, limits_of(test, parent).max_files, 12);
	grandchild = inherit_process(test, pid, NULL);
	kill_process(test, parent);
	kill_process(test, pid);
	KUNIT_EXPECT_EQ(test, limits_of(test, grandchild).max_files, 13);
}

static void strings_are_charged(struct kunit *test)
{
	const u64 bytes = sizeof("owned") + sizeof(argv) + sizeof(envp);
	struct procsrv_bounds b = procsrv_no_bounds;
	u64 parent, pid = 77;

	b.user_strings = 2 * bytes + sizeof("/home");
	procsrv_set_bounds(server(test), &b);
	parent = make_parent(test, TEST_UID, TEST_GID);
	inherit_process(test, parent, NULL);
	change_cwd(test, parent, "/home");
	KUNIT_EXPECT_EQ(test, try_inherit(test, parent, &pid), -EDQUOT);
	KUNIT_EXPECT_EQ(test, pid, 77);
}

/* A missing parent is reported before a missing permission. */
static void needs_a_parent(struct kunit *test)
{
	const struct caller powerless = { TEST_UID, TEST_GID, NO_CAP };
	struct role r;
	u64 pid = 77;

	KUNIT_EXPECT_EQ(test, try_inherit(test, 99, &pid), -ESRCH);
	begin_role(test, &r, &powerless);
	KUNIT_EXPECT_EQ(test, try_inherit(test, 99, &pid), -ESRCH);
	end_role(&r);
	KUNIT_EXPECT_EQ(test, try_inherit(test, make_zombie(test, 1), &pid),
			-ESRCH);
	KUNIT_EXPECT_EQ(test, pid, 77);
}

/* Inherited ids are checked like ids that are passed. */
static void ids_are_checked(struct kunit *test)
{
	const struct caller callers[] = {
		{ OTHER_UID, OTHER_GID, NO_CAP },
		{ OTHER_UID, TEST_GID, NO_CAP },
		{ TEST_UID, OTHER_GID, CAP_SYS_ADMIN },
		{ TEST_UID, OTHER_GID, CAP_SETUID },
	};
	u64 parent = make_parent(test, OTHER_UID, OTHER_GID), pid;
	struct role r;
	int i, err;

	for (i = 0; i < ARRAY_SIZE(callers); i++) {
		begin_role(test, &r, &callers[i]);
		err = try_inherit(test, parent, &pid);
		end_role(&r);
		KUNIT_EXPECT_EQ_MSG(test, err, i ? -EPERM : 0, "caller %d", i);
	}
	/* Every caller may create children of init, but not with its ids. */
	begin_role(test, &r, &callers[0]);
	KUNIT_EXPECT_EQ(test, try_inherit(test, PROCSRV_INIT_PID, &pid),
			-EPERM);
	end_role(&r);
}

static struct kunit_case inherit_cases[] = {
	KUNIT_CASE(has_what_its_parent_has),
	KUNIT_CASE(begins_anew),
	KUNIT_CASE(limits_are_copied),
	KUNIT_CASE(strings_are_charged),
	KUNIT_CASE(needs_a_parent),
	KUNIT_CASE(ids_are_checked),
	{}
};

static struct kunit_suite inherit_suite = {
	.name = "procsrv-inherit",
	.init = fixture_init,
	.exit = fixture_exit,
	.test_cases = inherit_cases,
};

kunit_test_suite(inherit_suite);
