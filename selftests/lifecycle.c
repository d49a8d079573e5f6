// SPDX-License-Identifier: GPL-2.0-only
/*
 * procsrv selftests - create, exec, terminate, reap
 *
 * Mostly their arguments. The KUnit suites test what becomes of the processes.
 */
#include <limits.h>

#include "fixture.h"
#include "snapshot.h"

static const char a_argv[] = "cc\0-c\0\0hello world.c";
static const char an_envp[] = "HOME=/root\0LANG=C";

/* Create with lists of @argv_len and @envp_len bytes. */
static int create_lists(int fd, __u64 parent, const char *argv, __u32 argv_len,
			const char *envp, __u32 envp_len, __u64 *pid)
{
	struct procsrv_create_args args = {
		.parent = parent,
		.name = to_u64("lists"),
		.argv = to_u64(argv),
		.envp = to_u64(envp),
		.argv_len = argv_len,
		.envp_len = envp_len,
		.pid = PATTERN64,
	};
	int ret = call(fd, PROCSRV_IOC_CREATE, &args);

	*pid = args.pid;
	return ret;
}

static int exec_lists(int fd, __u64 pid, const char *argv, __u32 argv_len,
		      const char *envp, __u32 envp_len)
{
	struct procsrv_exec_args args = {
		.pid = pid,
		.name = to_u64("lists"),
		.argv = to_u64(argv),
		.envp = to_u64(envp),
		.argv_len = argv_len,
		.envp_len = envp_len,
	};

	return call(fd, PROCSRV_IOC_EXEC, &args);
}

/* Whether the lists of @pid are exactly as given. */
static bool lists_are(int fd, __u64 pid, const char *argv, __u32 argv_len,
		      const char *envp, __u32 envp_len)
{
	struct procsrv_info_args args = {
		.pid = pid,
		.argv = to_u64(at_edge(argv_len + 1)),
		.envp = to_u64(at_edge(envp_len + 1)),
		.argv_size = argv_len + 1,
		.envp_size = envp_len + 1,
	};
	char *got_argv = (char *)(uintptr_t)args.argv;
	char *got_envp = (char *)(uintptr_t)args.envp;

	return call(fd, PROCSRV_IOC_INFO, &args) == 0 &&
	       args.argv_size == argv_len && args.envp_size == envp_len &&
	       !memcmp(got_argv, argv, argv_len) &&
	       !memcmp(got_envp, envp, envp_len) &&
	       untouched(got_argv + argv_len, 1) &&
	       untouched(got_envp + envp_len, 1);
}

/* A valid list of @len bytes: strings of 99 characters, terminated. */
static char *long_list(size_t len)
{
	char *list = at_edge(len);
	size_t i;

	for (i = 0; i < len; i++)
		list[i] = i % 100 == 99 ? 0 : 'a' + i % 26;
	if (len)
		list[len - 1] = 0;
	return list;
}

TEST_F(procsrv, create_and_exec)
{
	struct procsrv_create_args args = {
		.parent = self->root,
		.name = to_u64("a name"),
		.argv = to_u64(a_argv),
		.envp = to_u64(an_envp),
		.argv_len = sizeof(a_argv),
		.envp_len = sizeof(an_envp),
		.uid = 1000,
		.gid = 100,
		.pid = PATTERN64,
	};
	const struct procsrv_create_args given = args;
	struct procsrv_info info;

	ASSERT_EQ(0, call(self->fd, PROCSRV_IOC_CREATE, &args));
	EXPECT_LT(self->root, args.pid);
	EXPECT_NE(PATTERN64, args.pid);
	EXPECT_EQ(0, memcmp(&args, &given,
			    offsetof(struct procsrv_create_args, pid)));

	ASSERT_EQ(0, get_info(self->fd, args.pid, &info));
	EXPECT_EQ(args.pid, info.pid);
	EXPECT_EQ(self->root, info.ppid);
	EXPECT_STREQ("a name", info.name);
	EXPECT_EQ(1000, info.uid);
	EXPECT_EQ(100, info.gid);
	EXPECT_EQ(sizeof(a_argv), info.argv_len);
	EXPECT_EQ(sizeof(an_envp), info.envp_len);
	EXPECT_EQ(0, info.flags);
	EXPECT_TRUE(lists_are(self->fd, args.pid, a_argv, sizeof(a_argv),
			      an_envp, sizeof(an_envp)));

	ASSERT_EQ(0, exec_lists(self->fd, args.pid, "new\0argv", 9, "NEW=1", 6));
	EXPECT_TRUE(lists_are(self->fd, args.pid, "new\0argv", 9, "NEW=1", 6));
	ASSERT_EQ(0, get_info(self->fd, args.pid, &info));
	EXPECT_STREQ("lists", info.name);
	EXPECT_EQ(9, info.argv_len);
	EXPECT_EQ(6, info.envp_len);
	EXPECT_EQ(PROCSRV_INFO_EXECED, info.flags);
}

TEST_F(procsrv, create_and_terminate)
{
	const __s32 codes[] = { 0, 1, -1, 255, 256, INT_MAX, INT_MIN };
	struct procsrv_stats before, after;
	struct procsrv_info info;
	__u64 pid;
	int i;

	ASSERT_EQ(0, get_stats(self->fd, &before));
	for (i = 0; i < ARRAY_SIZE(codes); i++) {
		ASSERT_EQ(0, create(self->fd, self->root, &pid));
		ASSERT_EQ(0, get_stats(self->fd, &after));
		before.total_processes++;
		before.running++;
		before.total_created++;
		EXPECT_EQ(0, memcmp(&before, &after, sizeof(after)));
		ASSERT_EQ(0, terminate(self->fd, pid, codes[i], 64 - i));
		ASSERT_EQ(0, get_info(self->fd, pid, &info));
		EXPECT_EQ(PROCSRV_ZOMBIE, info.state);
		EXPECT_EQ(codes[i], info.exit_code);
		EXPECT_EQ(64 - i, info.exit_signal);
		EXPECT_EQ(self->root, info.ppid);
		EXPECT_EQ(0, info.flags);
		ASSERT_EQ(0, get_stats(self->fd, &after));
		before.running--;
		before.zombies++;
		before.total_exited++;
		EXPECT_EQ(0, memcmp(&before, &after, sizeof(after)));
	}
}

TEST_F(procsrv, refused)
{
	__u64 pids[] = { PATTERN64, 0, NO_PID, ~0ULL, 1ULL << 63,
			 self->root + (1ULL << 32) };
	struct snapshot before;
	__u64 child;
	int i;

	/* The first is a zombie, and there are no others. */
	ASSERT_EQ(0, create(self->fd, self->root, &pids[0]));
	ASSERT_EQ(0, terminate(self->fd, pids[0], 5, 6));
	snapshot_take(_metadata, &self->scene, &before);
	for (i = 0; i < ARRAY_SIZE(pids); i++) {
		EXPECT_EQ(-ESRCH, create(self->fd, pids[i], &child));
		EXPECT_EQ(PATTERN64, child);
		EXPECT_EQ(-ESRCH, do_exec(self->fd, pids[i], "none"));
		EXPECT_EQ(-ESRCH, terminate(self->fd, pids[i], 7, 8));
	}
	EXPECT_EQ(-EPERM, terminate(self->fd, PROCSRV_INIT_PID, 0, 0));
	EXPECT_TRUE(snapshot_same(_metadata, &self->scene, &before));
	EXPECT_EQ(PROCSRV_RUNNING, state_of(self->fd, PROCSRV_INIT_PID));
}

/* Nothing is read beyond the last byte that can matter. */
TEST_F(procsrv, names)
{
	char *name = at_edge(PROCSRV_NAME_MAX + 1);
	struct procsrv_info info;
	struct snapshot before;
	__u64 pid;

	memset(name, 'e', PROCSRV_NAME_MAX);
	name[PROCSRV_NAME_MAX] = 0;
	ASSERT_EQ(0, create_as(self->fd, self->root, name, 0, 0, &pid));
	ASSERT_EQ(0, get_info(self->fd, pid, &info));
	EXPECT_STREQ(name, info.name);
	ASSERT_EQ(0, do_exec(self->fd, pid, name + PROCSRV_NAME_MAX - 3));
	ASSERT_EQ(0, get_info(self->fd, pid, &info));
	EXPECT_STREQ("eee", info.name);
	EXPECT_TRUE(all_zero(info.name + 3, sizeof(info.name) - 3));
	ASSERT_EQ(0, do_exec(self->fd, pid, name));
	ASSERT_EQ(0, get_info(self->fd, pid, &info));
	EXPECT_STREQ(name, info.name);

	snapshot_take(_metadata, &self->scene, &before);
	name[PROCSRV_NAME_MAX] = 'e';
	EXPECT_EQ(-ENAMETOOLONG,
		  create_as(self->fd, self->root, name, 0, 0, &pid));
	EXPECT_EQ(PATTERN64, pid);
	EXPECT_EQ(-ENAMETOOLONG, do_exec(self->fd, self->root, name));
	/* Without its NUL, but not too long: the copy reaches the edge. */
	EXPECT_EQ(-EFAULT,
		  create_as(self->fd, self->root, name + 1, 0, 0, &pid));
	EXPECT_EQ(-EFAULT, do_exec(self->fd, self->root, name + 1));
	EXPECT_TRUE(snapshot_same(_metadata, &self->scene, &before));
}

TEST_F(procsrv, list_lengths)
{
	char *full = long_list(PROCSRV_STRINGS_MAX);
	char *over = long_list(PROCSRV_STRINGS_MAX + 1);
	const __u32 max = PROCSRV_STRINGS_MAX;
	const int fd = self->fd;
	struct snapshot before;
	__u64 pid, none;

	ASSERT_EQ(0, create_lists(fd, self->root, full, max, full, max, &pid));
	EXPECT_TRUE(lists_are(fd, pid, full, max, full, max));
	ASSERT_EQ(0, exec_lists(fd, pid, "", 1, "", 1));
	EXPECT_TRUE(lists_are(fd, pid, "", 1, "", 1));
	ASSERT_EQ(0, exec_lists(fd, pid, full, max, NULL, 0));
	EXPECT_TRUE(lists_are(fd, pid, full, max, NULL, 0));
	ASSERT_EQ(0, exec_lists(fd, pid, NULL, 0, full, max));
	EXPECT_TRUE(lists_are(fd, pid, NULL, 0, full, max));
	ASSERT_EQ(0, exec_lists(fd, pid, "\0", 2, NULL, 0));
	EXPECT_TRUE(lists_are(fd, pid, "\0", 2, NULL, 0));

	snapshot_take(_metadata, &self->scene, &before);
	EXPECT_EQ(-E2BIG, create_lists(fd, self->root, over, max + 1, NULL, 0,
				       &none));
	EXPECT_EQ(PATTERN64, none);
	EXPECT_EQ(-E2BIG, create_lists(fd, self->root, NULL, 0, over, max + 1,
				       &none));
	EXPECT_EQ(-E2BIG, exec_lists(fd, pid, over, max + 1, NULL, 0));
	EXPECT_EQ(-E2BIG, exec_lists(fd, pid, NULL, 0, over, max + 1));
	EXPECT_EQ(-E2BIG, exec_lists(fd, pid, full, ~0U, full, max));
	EXPECT_EQ(-E2BIG, exec_lists(fd, pid, full, max, full, 1U << 31));
	EXPECT_TRUE(snapshot_same(_metadata, &self->scene, &before));
}

static int create_like(int fd, const struct procsrv_create_args *like, __u64 *pid)
{
	struct procsrv_create_args args = *like;
	int ret;

	args.flags = PROCSRV_CREATE_INHERIT;
	ret = call(fd, PROCSRV_IOC_CREATE, &args);
	if (!ret)
		*pid = args.pid;
	return ret;
}

/* Inherited fields must not be passed. */
TEST_F(procsrv, inherits)
{
	const struct procsrv_create_args args = { .parent = self->root };
	struct procsrv_create_args more[] = {
		{ .name = to_u64("x") }, { .argv = to_u64("") },
		{ .envp = to_u64("") }, { .argv_len = 1 }, { .envp_len = 1 },
		{ .uid = 1 }, { .gid = 1 }, { .notify = 1 },
	};
	const int fd = self->fd;
	struct procsrv_info info;
	struct snapshot before;
	__u64 pid = 0;
	size_t i;

	ASSERT_EQ(0, exec_lists(fd, self->root, "a\0b", 4, "E=1", 4));
	ASSERT_EQ(0, create_like(fd, &args, &pid));
	EXPECT_TRUE(lists_are(fd, pid, "a\0b", 4, "E=1", 4));
	ASSERT_EQ(0, get_info(fd, pid, &info));
	EXPECT_EQ(self->root, info.ppid);
	snapshot_take(_metadata, &self->scene, &before);
	for (i = 0; i < ARRAY_SIZE(more); i++) {
		more[i].parent = self->root;
		EXPECT_EQ(-EINVAL, create_like(fd, &more[i], &pid));
	}
	EXPECT_TRUE(snapshot_same(_metadata, &self->scene, &before));
}

/* Lists without their end, and ids without a mapping. */
TEST_F(procsrv, invalid_arguments)
{
	const int fd = self->fd;
	struct snapshot before;
	__u64 pid;

	snapshot_take(_metadata, &self->scene, &before);
	EXPECT_EQ(-EINVAL, create_lists(fd, self->root, "a\0b", 3, NULL, 0,
					&pid));
	EXPECT_EQ(-EINVAL, create_lists(fd, self->root, NULL, 0, "a\0b", 3,
					&pid));
	EXPECT_EQ(-EINVAL, create_lists(fd, self->root, "a", 2, "a", 1, &pid));
	EXPECT_EQ(PATTERN64, pid);
	EXPECT_EQ(-EINVAL, exec_lists(fd, self->root, "a\0b", 3, NULL, 0));
	EXPECT_EQ(-EINVAL, exec_lists(fd, self->root, NULL, 0, "a\0b", 3));
	EXPECT_EQ(-EINVAL, exec_lists(fd, self->root, "a", 2, "a", 1));
	EXPECT_EQ(-EINVAL, create_as(fd, self->root, "uid", ~0U, 0, &pid));
	EXPECT_EQ(-EINVAL, create_as(fd, self->root, "gid", 0, ~0U, &pid));
	EXPECT_EQ(PATTERN64, pid);
	EXPECT_TRUE(snapshot_same(_metadata, &self->scene, &before));
	EXPECT_EQ(0, create_as(fd, self->root, "max", ~1U, ~1U, &pid));
}

/*
 * In a new user namespace no id has a mapping: none can be passed, and all read
 * as the overflow ids.
 */
TEST_F(procsrv, ids_in_a_user_namespace)
{
	struct procsrv_info info;
	__u64 mapped, pid;
	pid_t child;

	ASSERT_EQ(0, create_as(self->fd, self->root, "u", 7, 8, &mapped));
	child = fork_tied();
	ASSERT_LE(0, child);
	if (!child) {
		if (unshare(CLONE_NEWUSER))
			_exit(1);
		if (create(self->fd, self->root, &pid) != -EINVAL)
			_exit(2);
		if (get_info(self->fd, mapped, &info))
			_exit(3);
		_exit(info.uid == 65534 && info.gid == 65534 ? 0 : 4);
	}
	EXPECT_EQ(0, child_status(child));
	ASSERT_EQ(0, get_info(self->fd, mapped, &info));
	EXPECT_EQ(7, info.uid);
	EXPECT_EQ(8, info.gid);
}

/*
 * Children go to init, not to the grandparent; zombies become orphans. Init's
 * zombies are reaped, and no others.
 */
TEST_F(procsrv, orphans)
{
	struct procsrv_reap_args args = { .count = PATTERN64 };
	struct procsrv_stats before, after;
	struct procsrv_info info;
	__u64 parent, live, zombie;

	ASSERT_EQ(0, call(self->fd, PROCSRV_IOC_REAP, &args));
	ASSERT_EQ(0, create(self->fd, self->root, &parent));
	ASSERT_EQ(0, create(self->fd, parent, &live));
	ASSERT_EQ(0, create(self->fd, parent, &zombie));
	ASSERT_EQ(0, terminate(self->fd, zombie, 9, 0));
	ASSERT_EQ(0, get_stats(self->fd, &before));
	ASSERT_EQ(0, terminate(self->fd, parent, 0, 0));
	ASSERT_EQ(0, get_stats(self->fd, &after));
	EXPECT_EQ(before.orphans + 1, after.orphans);
	ASSERT_EQ(0, get_info(self->fd, live, &info));
	EXPECT_EQ(PROCSRV_INIT_PID, info.ppid);
	EXPECT_EQ(PROCSRV_RUNNING, info.state);
	EXPECT_EQ(0, info.flags);
	ASSERT_EQ(0, get_info(self->fd, zombie, &info));
	EXPECT_EQ(PROCSRV_INIT_PID, info.ppid);
	EXPECT_EQ(PROCSRV_INFO_ORPHAN, info.flags);
	EXPECT_EQ(9, info.exit_code);

	ASSERT_EQ(0, terminate(self->fd, live, 0, 0));
	ASSERT_EQ(0, call(self->fd, PROCSRV_IOC_REAP, &args));
	EXPECT_EQ(2, args.count);
	EXPECT_EQ(-ESRCH, state_of(self->fd, live));
	EXPECT_EQ(-ESRCH, state_of(self->fd, zombie));
	EXPECT_EQ(PROCSRV_ZOMBIE, state_of(self->fd, parent));
	ASSERT_EQ(0, get_stats(self->fd, &after));
	EXPECT_EQ(before.orphans, after.orphans);
	ASSERT_EQ(0, call(self->fd, PROCSRV_IOC_REAP, &args));
	EXPECT_EQ(0, args.count);
}

TEST_HARNESS_MAIN
