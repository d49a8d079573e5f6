// SPDX-License-Identifier: GPL-2.0-only
/*
 * procsrv selftests - resource limits
 *
 * The layout test sets and gets every limit.
 */
#include "fixture.h"
#include "snapshot.h"

static const struct procsrv_limits defaults = {
	.max_memory = 256ULL << 20,
	.max_cpu_time = PROCSRV_UNLIMITED,
	.stack_size = 8ULL << 20,
	.core_size = 0,
	.max_files = 1024,
	.max_threads = 256,
	.nice = 0,
	.flags = 0,
};

TEST_F(procsrv, to_begin_with)
{
	struct procsrv_limits limits;

	ASSERT_EQ(0, get_limits(self->fd, self->root, &limits));
	EXPECT_EQ(0, memcmp(&limits, &defaults, sizeof(limits)));
	ASSERT_EQ(0, get_limits(self->fd, PROCSRV_INIT_PID, &limits));
	EXPECT_EQ(0, memcmp(&limits, &defaults, sizeof(limits)));
}

TEST_F(procsrv, refused)
{
	struct procsrv_limits limits = defaults, got;
	struct snapshot before;
	__u64 pid;

	ASSERT_EQ(0, create(self->fd, self->root, &pid));
	limits.max_files = 9;
	ASSERT_EQ(0, set_limits(self->fd, pid, &limits));
	ASSERT_EQ(0, terminate(self->fd, pid, 0, 0));
	snapshot_take(_metadata, &self->scene, &before);
	/* The limits of a zombie can be read. */
	ASSERT_EQ(0, get_limits(self->fd, pid, &got));
	EXPECT_EQ(0, memcmp(&limits, &got, sizeof(got)));
	EXPECT_EQ(-ESRCH, set_limits(self->fd, pid, &defaults));
	EXPECT_EQ(-ESRCH, set_limits(self->fd, NO_PID, &defaults));
	EXPECT_EQ(-ESRCH, get_limits(self->fd, NO_PID, &got));
	EXPECT_TRUE(untouched(&got, sizeof(got)));
	limits.nice = 20;
	EXPECT_EQ(-EINVAL, set_limits(self->fd, self->root, &limits));
	limits.nice = -21;
	EXPECT_EQ(-EINVAL, set_limits(self->fd, self->root, &limits));
	limits.nice = 0;
	limits.max_threads = 0;
	EXPECT_EQ(-EINVAL, set_limits(self->fd, self->root, &limits));
	EXPECT_TRUE(snapshot_same(_metadata, &self->scene, &before));
}

static int use(int fd, __u64 pid, __u32 mask, __u64 much)
{
	struct procsrv_update_args args = {
		.pid = pid,
		.cpu_time = much,
		.memory_usage = much,
		.thread_count = much,
		.mask = mask,
	};

	return call(fd, PROCSRV_IOC_UPDATE, &args);
}

static const struct {
	__u32 update;
	__u32 limit;
	int signo;
} effects[] = {
	{ PROCSRV_UPDATE_MEMORY, PROCSRV_LIMIT_MEMORY, 9 },
	{ PROCSRV_UPDATE_CPU_TIME, PROCSRV_LIMIT_CPU_TIME, 24 },
	{ PROCSRV_UPDATE_THREADS, PROCSRV_LIMIT_THREADS, 9 },
};

/* To pass a limit is recorded, and ends the process only if enforced. */
TEST_F(procsrv, passed)
{
	struct procsrv_limits limits = defaults;
	struct procsrv_info info;
	__u64 pid;
	int i;

	limits.max_memory = 100;
	limits.max_cpu_time = 100;
	limits.max_threads = 100;
	for (i = 0; i < 3; i++) {
		ASSERT_EQ(0, create(self->fd, self->root, &pid));
		limits.flags = 0;
		ASSERT_EQ(0, set_limits(self->fd, pid, &limits));
		ASSERT_EQ(0, use(self->fd, pid, effects[i].update, 101));
		limits.flags = PROCSRV_LIMITS_ENFORCE;
		ASSERT_EQ(0, set_limits(self->fd, pid, &limits));
		ASSERT_EQ(0, use(self->fd, pid, effects[i].update, 100));
		ASSERT_EQ(0, signal_pid(self->fd, pid, 19));
		ASSERT_EQ(0, get_info(self->fd, pid, &info));
		EXPECT_EQ(PROCSRV_STOPPED, info.state);
		EXPECT_EQ(effects[i].limit, info.limits_passed);
		EXPECT_EQ(1, info.nr_limits_passed);
		ASSERT_EQ(0, use(self->fd, pid, effects[i].update, 101));
		ASSERT_EQ(0, get_info(self->fd, pid, &info));
		EXPECT_EQ(PROCSRV_ZOMBIE, info.state);
		EXPECT_EQ(effects[i].signo, info.exit_signal);
		EXPECT_EQ(-effects[i].signo, info.exit_code);
		EXPECT_EQ(effects[i].limit, info.limits_passed);
		EXPECT_EQ(2, info.nr_limits_passed);
	}
}

TEST_HARNESS_MAIN
