// SPDX-License-Identifier: GPL-2.0-only
/*
 * procsrv selftests - resource limits
 */
#include <limits.h>

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

TEST_F(procsrv, what_is_set_is_got)
{
	const struct procsrv_limits sets[] = {
		{
			.max_memory = 1,
			.max_cpu_time = 2,
			.stack_size = 3,
			.core_size = 4,
			.max_files = 5,
			.max_threads = 6,
			.nice = 7,
		},
		{
			.max_threads = 1,
			.nice = -20,
		},
		{
			.max_memory = PROCSRV_UNLIMITED,
			.max_cpu_time = PROCSRV_UNLIMITED,
			.stack_size = PROCSRV_UNLIMITED,
			.core_size = PROCSRV_UNLIMITED,
			.max_files = ~0U,
			.max_threads = ~0U,
			.nice = 19,
		},
		defaults,
	};
	struct procsrv_limits limits;
	int i;

	for (i = 0; i < ARRAY_SIZE(sets); i++) {
		ASSERT_EQ(0, set_limits(self->fd, self->root, &sets[i]));
		ASSERT_EQ(0, get_limits(self->fd, self->root, &limits));
		EXPECT_EQ(0, memcmp(&limits, &sets[i], sizeof(limits)));
	}
}

/* A child has the default limits, not those of its parent. */
TEST_F(procsrv, not_inherited)
{
	struct procsrv_limits limits = defaults;
	__u64 child;

	limits.max_files = 3;
	limits.nice = -5;
	ASSERT_EQ(0, set_limits(self->fd, self->root, &limits));
	ASSERT_EQ(0, create(self->fd, self->root, &child));
	ASSERT_EQ(0, get_limits(self->fd, child, &limits));
	EXPECT_EQ(0, memcmp(&limits, &defaults, sizeof(limits)));
	/* exec does not change them. */
	limits.max_files = 4;
	ASSERT_EQ(0, set_limits(self->fd, child, &limits));
	ASSERT_EQ(0, do_exec(self->fd, child, "execed"));
	ASSERT_EQ(0, get_limits(self->fd, child, &limits));
	EXPECT_EQ(4, limits.max_files);
}

TEST_F(procsrv, out_of_range)
{
	const __s32 nices[] = { -21, 20, 21, 127, 128, -128, INT_MAX, INT_MIN };
	struct procsrv_limits limits = defaults;
	struct snapshot before;
	int i;

	snapshot_take(_metadata, &self->scene, &before);
	limits.max_files = 1;
	for (i = 0; i < ARRAY_SIZE(nices); i++) {
		limits.nice = nices[i];
		EXPECT_EQ(-EINVAL, set_limits(self->fd, self->root, &limits));
	}
	limits.nice = 0;
	limits.max_threads = 0;
	EXPECT_EQ(-EINVAL, set_limits(self->fd, self->root, &limits));
	EXPECT_TRUE(snapshot_same(_metadata, &self->scene, &before));
}

TEST_F(procsrv, of_whom)
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
	EXPECT_EQ(-ESRCH, set_limits(self->fd, 0, &defaults));
	EXPECT_EQ(-ESRCH, set_limits(self->fd, NO_PID, &defaults));
	EXPECT_EQ(-ESRCH, get_limits(self->fd, 0, &got));
	EXPECT_EQ(-ESRCH, get_limits(self->fd, NO_PID, &got));
	EXPECT_TRUE(untouched(&got, sizeof(got)));
	EXPECT_TRUE(snapshot_same(_metadata, &self->scene, &before));
	ASSERT_EQ(0, reap(self->fd, self->root, pid));
	EXPECT_EQ(-ESRCH, get_limits(self->fd, pid, &got));
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

/* Passing a limit is recorded each time, and has no other effect. */
TEST_F(procsrv, passed)
{
	struct procsrv_limits limits = defaults;
	struct procsrv_info info;
	__u32 all = 0;
	int i;

	limits.max_memory = 100;
	limits.max_cpu_time = 100;
	limits.max_threads = 100;
	ASSERT_EQ(0, set_limits(self->fd, self->root, &limits));
	for (i = 0; i < 3; i++) {
		ASSERT_EQ(0, use(self->fd, self->root, effects[i].update, 100));
		ASSERT_EQ(0, get_info(self->fd, self->root, &info));
		EXPECT_EQ(all, info.limits_passed);
		EXPECT_EQ(2 * i, info.nr_limits_passed);
		ASSERT_EQ(0, use(self->fd, self->root, effects[i].update, 101));
		ASSERT_EQ(0, use(self->fd, self->root, effects[i].update, 101));
		all |= effects[i].limit;
		ASSERT_EQ(0, get_info(self->fd, self->root, &info));
		EXPECT_EQ(all, info.limits_passed);
		EXPECT_EQ(2 * i + 2, info.nr_limits_passed);
		EXPECT_EQ(PROCSRV_RUNNING, info.state);
	}
	/* It stays recorded. Values that are not reported are not compared. */
	ASSERT_EQ(0, use(self->fd, self->root, 0x7, 1));
	ASSERT_EQ(0, get_info(self->fd, self->root, &info));
	EXPECT_EQ(all, info.limits_passed);
	EXPECT_EQ(6, info.nr_limits_passed);
}

TEST_F(procsrv, enforced)
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
		ASSERT_EQ(0, use(self->fd, pid, effects[i].update, 101));
		limits.flags = PROCSRV_LIMITS_ENFORCE;
		/* Only an update can pass a limit. */
		ASSERT_EQ(0, set_limits(self->fd, pid, &limits));
		ASSERT_EQ(0, use(self->fd, pid, effects[i].update, 100));
		EXPECT_EQ(PROCSRV_RUNNING, state_of(self->fd, pid));
		ASSERT_EQ(0, signal_pid(self->fd, pid, 19));
		ASSERT_EQ(0, use(self->fd, pid, effects[i].update, 101));
		ASSERT_EQ(0, get_info(self->fd, pid, &info));
		EXPECT_EQ(PROCSRV_ZOMBIE, info.state);
		EXPECT_EQ(effects[i].signo, info.exit_signal);
		EXPECT_EQ(-effects[i].signo, info.exit_code);
		EXPECT_EQ(effects[i].limit, info.limits_passed);
		EXPECT_EQ(1, info.nr_limits_passed);
		EXPECT_EQ(-ESRCH, use(self->fd, pid, effects[i].update, 1));
	}
}

/* A waiter gets the exit. Several limits at once end the process once. */
TEST_F(procsrv, enforced_while_waited_for)
{
	struct procsrv_limits limits = {
		.max_threads = 1,
		.flags = PROCSRV_LIMITS_ENFORCE,
	};
	struct waiter w;
	__u64 pid;

	ASSERT_EQ(0, create(self->fd, self->root, &pid));
	ASSERT_EQ(0, set_limits(self->fd, pid, &limits));
	ASSERT_EQ(0, waiter_start(&w, self->fd,
				  wait_args(self->root, PROCSRV_WAIT_ANY, 0,
					    PROCSRV_WAIT_EXITED, 0)));
	ASSERT_TRUE(waiter_sleeps(&w));
	ASSERT_EQ(0, use(self->fd, pid, 0x7, 2));
	EXPECT_EQ(0, waiter_join(&w));
	EXPECT_EQ(pid, w.args.pid);
	EXPECT_EQ(24, w.args.exit_signal);
	EXPECT_EQ(2, w.args.cpu_time);
}

TEST_HARNESS_MAIN
