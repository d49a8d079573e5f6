// SPDX-License-Identifier: GPL-2.0-only
/*
 * procsrv selftests - information about processes, and their reports
 */
#include "fixture.h"
#include "snapshot.h"

static int update(int fd, struct procsrv_update_args *args)
{
	return call(fd, PROCSRV_IOC_UPDATE, args);
}

static int revoke_capability(int fd, __u64 pid, __u64 capability)
{
	struct procsrv_revoke_args args = {
		.pid = pid,
		.capability = capability,
	};

	return call(fd, PROCSRV_IOC_REVOKE, &args);
}

TEST_F(procsrv, fresh_process)
{
	struct procsrv_time_args before, after;
	struct procsrv_info info, expected = {
		.ppid = self->root,
		.state = PROCSRV_RUNNING,
		.priority = PROCSRV_PRIO_NORMAL,
		.thread_count = 1,
		.cwd_len = 2,
		.name = "test",
	};

	ASSERT_EQ(0, get_time(self->fd, &before));
	ASSERT_EQ(0, create(self->fd, self->root, &expected.pid));
	ASSERT_EQ(0, get_time(self->fd, &after));
	ASSERT_EQ(0, get_info(self->fd, expected.pid, &info));
	EXPECT_LE(before.time, info.start_time);
	EXPECT_GE(after.time, info.start_time);
	/* Untrusted counters of several processors need not agree. */
	if (after.source == PROCSRV_CLOCK_CYCLES) {
		EXPECT_LE(before.cycles, info.start_cycles);
		EXPECT_GE(after.cycles, info.start_cycles);
	}
	EXPECT_LT(0, info.seq);
	expected.start_time = info.start_time;
	expected.start_cycles = info.start_cycles;
	expected.seq = info.seq;
	EXPECT_EQ(0, memcmp(&info, &expected, sizeof(info)));
}

TEST_F(procsrv, missing)
{
	const __u64 missing[] = { 0, NO_PID, ~0ULL, 1ULL << 63,
				  self->root + (1ULL << 32) };
	struct procsrv_update_args args = { .mask = 0 };
	struct procsrv_info info;
	int i;

	for (i = 0; i < ARRAY_SIZE(missing); i++) {
		EXPECT_EQ(-ESRCH, get_info(self->fd, missing[i], &info));
		EXPECT_TRUE(untouched(&info, sizeof(info)));
		args.pid = missing[i];
		EXPECT_EQ(-ESRCH, update(self->fd, &args));
		EXPECT_EQ(i ? -ESRCH : 0, revoke_capability(self->fd, missing[i], 1));
	}
	/* A zombie, with any mask. */
	ASSERT_EQ(0, create(self->fd, self->root, &args.pid));
	ASSERT_EQ(0, terminate(self->fd, args.pid, 0, 0));
	EXPECT_EQ(-ESRCH, update(self->fd, &args));
	EXPECT_EQ(-ESRCH, revoke_capability(self->fd, args.pid, 1));
}

/* Buffers of every size, from none to more than enough. */
TEST_F(procsrv, rooms)
{
	static const char argv[] = "an\0argv", envp[] = "A=1\0B=2";
	struct procsrv_create_args create = {
		.parent = self->root,
		.name = to_u64("rooms"),
		.argv = to_u64(argv),
		.envp = to_u64(envp),
		.argv_len = sizeof(argv),
		.envp_len = sizeof(envp),
	};
	struct procsrv_info_args args, given;
	char room[3][16];
	__u32 size, n;
	int i;

	ASSERT_EQ(0, call(self->fd, PROCSRV_IOC_CREATE, &create));
	for (size = 0; size <= sizeof(room[0]); size++) {
		memset(room, PATTERN, sizeof(room));
		args = (struct procsrv_info_args) {
			.pid = create.pid,
			.argv = to_u64(room[0]),
			.envp = to_u64(room[1]),
			.cwd = to_u64(room[2]),
			.argv_size = size,
			.envp_size = size,
			.cwd_size = size,
		};
		given = args;
		ASSERT_EQ(0, call(self->fd, PROCSRV_IOC_INFO, &args));
		EXPECT_EQ(sizeof(argv), args.argv_size);
		EXPECT_EQ(sizeof(envp), args.envp_size);
		EXPECT_EQ(2, args.cwd_size);
		EXPECT_EQ(0, args.terminal_size);
		given.argv_size = args.argv_size;
		given.envp_size = args.envp_size;
		given.cwd_size = args.cwd_size;
		EXPECT_EQ(0, memcmp(&args, &given, sizeof(args)));
		n = size < sizeof(argv) ? size : sizeof(argv);
		EXPECT_EQ(0, memcmp(room[0], argv, n));
		EXPECT_EQ(0, memcmp(room[1], envp, n));
		for (i = 0; i < 2; i++)
			EXPECT_TRUE(untouched(room[i] + n,
					      sizeof(room[i]) - n));
		n = size < 2 ? size : 2;
		EXPECT_EQ(0, memcmp(room[2], "/", n));
		EXPECT_TRUE(untouched(room[2] + n, sizeof(room[2]) - n));
	}
}

/* Without any buffers the sizes are returned. */
TEST_F(procsrv, no_rooms)
{
	struct procsrv_info_args args = { .pid = self->root };
	const size_t sizes[] = {
		offsetof(struct procsrv_info_args, info_size),
		offsetof(struct procsrv_info_args, argv_size),
		offsetof(struct procsrv_info_args, envp_size),
		offsetof(struct procsrv_info_args, cwd_size),
		offsetof(struct procsrv_info_args, terminal_size),
	};
	__u32 size;
	int i, j;

	ASSERT_EQ(0, call(self->fd, PROCSRV_IOC_INFO, &args));
	EXPECT_EQ(0, args.argv_size);
	EXPECT_EQ(0, args.envp_size);
	EXPECT_EQ(2, args.cwd_size);
	EXPECT_EQ(0, args.terminal_size);
	/* A size without a pointer is invalid. */
	for (i = 0; i < ARRAY_SIZE(sizes); i++) {
		for (j = 0; j < 2; j++) {
			size = j ? ~0U : sizeof(struct procsrv_info);
			memset(&args, 0, sizeof(args));
			args.pid = self->root;
			memcpy((char *)&args + sizes[i], &size, sizeof(size));
			EXPECT_EQ(-EINVAL,
				  call(self->fd, PROCSRV_IOC_INFO, &args));
		}
	}
}

TEST_F(procsrv, info_of_other_sizes)
{
	char *room = at_edge(8192);
	const struct procsrv_info_args given = {
		.pid = self->root,
		.info = to_u64(room),
	};
	struct procsrv_info_args args;
	struct procsrv_info info;
	__u32 size, known;

	ASSERT_EQ(0, get_info(self->fd, self->root, &info));
	for (size = 0; size < INFO_SIZE_VER0; size++) {
		args = given;
		args.info_size = size;
		EXPECT_EQ(-EINVAL, call(self->fd, PROCSRV_IOC_INFO, &args));
	}
	EXPECT_TRUE(untouched(room, 8192));
	for (size = INFO_SIZE_VER0; size <= 4096;
	     size += size <= sizeof(info) ? 1 : 1 + size / 64) {
		known = size < sizeof(info) ? size : sizeof(info);
		memset(room, PATTERN, 8192);
		args = given;
		args.info_size = size;
		ASSERT_EQ(0, call(self->fd, PROCSRV_IOC_INFO, &args));
		EXPECT_EQ(0, memcmp(room, &info, known));
		EXPECT_TRUE(all_zero(room + known, size - known));
		EXPECT_TRUE(untouched(room + size, 8192 - size));
	}
	memset(room, PATTERN, 8192);
	for (size = 4097; size; size <<= 1) {
		args = given;
		args.info_size = size;
		EXPECT_EQ(-E2BIG, call(self->fd, PROCSRV_IOC_INFO, &args));
	}
	EXPECT_TRUE(untouched(room, 8192));
}

TEST_F(procsrv, update_one_at_a_time)
{
	struct procsrv_info before, after;
	struct procsrv_update_args args;
	char cwd[8];
	struct procsrv_info_args rooms = {
		.pid = self->root,
		.cwd = to_u64(cwd),
		.cwd_size = sizeof(cwd),
	};
	int bit;

	ASSERT_EQ(0, get_info(self->fd, self->root, &before));
	for (bit = 0; bit < 6; bit++) {
		/* Fields that are not in the mask are ignored. */
		memset(&args, PATTERN, sizeof(args));
		args.pid = self->root;
		args.mask = 1U << bit;
		switch (args.mask) {
		case PROCSRV_UPDATE_CPU_TIME:
			args.cpu_time = ~0ULL;
			before.cpu_time = args.cpu_time;
			break;
		case PROCSRV_UPDATE_MEMORY:
			args.memory_usage = 1ULL << 40;
			before.memory_usage = args.memory_usage;
			/* More than the default limit. */
			before.limits_passed |= PROCSRV_LIMIT_MEMORY;
			before.nr_limits_passed++;
			break;
		case PROCSRV_UPDATE_THREADS:
			args.thread_count = ~0U;
			before.thread_count = args.thread_count;
			before.limits_passed |= PROCSRV_LIMIT_THREADS;
			before.nr_limits_passed++;
			break;
		case PROCSRV_UPDATE_STATE:
			args.state = PROCSRV_SLEEPING;
			before.state = args.state;
			break;
		case PROCSRV_UPDATE_PRIORITY:
			args.priority = PROCSRV_PRIO_REALTIME;
			before.priority = args.priority;
			break;
		case PROCSRV_UPDATE_CWD:
			args.cwd = to_u64("/tmp");
			before.cwd_len = 5;
			break;
		}
		ASSERT_EQ(0, update(self->fd, &args));
		ASSERT_EQ(0, get_info(self->fd, self->root, &after));
		EXPECT_LT(before.seq, after.seq);
		before.seq = after.seq;
		EXPECT_EQ(0, memcmp(&before, &after, sizeof(after)))
			TH_LOG("mask %x", args.mask);
	}
	ASSERT_EQ(0, call(self->fd, PROCSRV_IOC_INFO, &rooms));
	EXPECT_STREQ("/tmp", cwd);
	/* An empty mask changes nothing. */
	args.mask = 0;
	EXPECT_EQ(0, update(self->fd, &args));
	ASSERT_EQ(0, get_info(self->fd, self->root, &after));
	EXPECT_EQ(0, memcmp(&before, &after, sizeof(after)));
}

TEST_F(procsrv, update_directory_lengths)
{
	char *cwd = at_edge(PROCSRV_PATH_MAX);
	char *room = at_edge(PROCSRV_PATH_MAX);
	struct procsrv_update_args args = {
		.pid = self->root,
		.cwd = to_u64(cwd),
		.mask = PROCSRV_UPDATE_CWD,
	};
	struct procsrv_info_args rooms = {
		.pid = self->root,
		.cwd = to_u64(room),
		.cwd_size = PROCSRV_PATH_MAX,
	};
	struct snapshot before;

	memset(cwd, '/', PROCSRV_PATH_MAX);
	cwd[PROCSRV_PATH_MAX - 1] = 0;
	ASSERT_EQ(0, update(self->fd, &args));
	ASSERT_EQ(0, call(self->fd, PROCSRV_IOC_INFO, &rooms));
	EXPECT_EQ(PROCSRV_PATH_MAX, rooms.cwd_size);
	EXPECT_EQ(0, memcmp(cwd, room, PROCSRV_PATH_MAX));

	snapshot_take(_metadata, &self->scene, &before);
	cwd[PROCSRV_PATH_MAX - 1] = '/';
	EXPECT_EQ(-ENAMETOOLONG, update(self->fd, &args));
	args.cwd++;
	EXPECT_EQ(-EFAULT, update(self->fd, &args));
	args.cwd = to_u64("usr/src");
	EXPECT_EQ(-EINVAL, update(self->fd, &args));
	EXPECT_TRUE(snapshot_same(_metadata, &self->scene, &before));
	/* Back to a short one. */
	args.cwd = to_u64("/");
	ASSERT_EQ(0, update(self->fd, &args));
	ASSERT_EQ(0, call(self->fd, PROCSRV_IOC_INFO, &rooms));
	EXPECT_EQ(2, rooms.cwd_size);
}

/* The state is counted. Only SIGCONT continues a stopped process. */
TEST_F(procsrv, update_state)
{
	struct procsrv_update_args args = {
		.pid = self->root,
		.mask = PROCSRV_UPDATE_STATE,
		.state = PROCSRV_SLEEPING,
	};
	struct procsrv_stats before, after;

	ASSERT_EQ(0, get_stats(self->fd, &before));
	ASSERT_EQ(0, update(self->fd, &args));
	ASSERT_EQ(0, get_stats(self->fd, &after));
	before.running--;
	before.sleeping++;
	EXPECT_EQ(0, memcmp(&before, &after, sizeof(after)));
	ASSERT_EQ(0, signal_pid(self->fd, self->root, 19));
	EXPECT_EQ(-EBUSY, update(self->fd, &args));
	ASSERT_EQ(0, get_stats(self->fd, &after));
	before.sleeping--;
	before.stopped++;
	EXPECT_EQ(0, memcmp(&before, &after, sizeof(after)));
}

TEST_F(procsrv, revocations_are_counted)
{
	struct procsrv_info info;
	__u64 pid;

	ASSERT_EQ(0, create(self->fd, self->root, &pid));
	ASSERT_EQ(0, revoke_capability(self->fd, pid, 1));
	ASSERT_EQ(0, revoke_capability(self->fd, pid, ~0ULL));
	/* A revocation from all processes includes zombies. */
	ASSERT_EQ(0, terminate(self->fd, pid, 0, 0));
	ASSERT_EQ(0, revoke_capability(self->fd, 0, 5));
	ASSERT_EQ(0, get_info(self->fd, pid, &info));
	EXPECT_EQ(3, info.revocations);
	ASSERT_EQ(0, get_info(self->fd, self->root, &info));
	EXPECT_EQ(1, info.revocations);
}

TEST_HARNESS_MAIN
