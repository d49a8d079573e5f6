// SPDX-License-Identifier: GPL-2.0-only
/*
 * procsrv selftests - waits that do not sleep
 *
 * kunit/wait.c and kunit/wait_choice.c test which child they find.
 */
#include "fixture.h"
#include "snapshot.h"

#define EXITED PROCSRV_WAIT_EXITED
#define STOPPED PROCSRV_WAIT_STOPPED
#define CONTINUED PROCSRV_WAIT_CONTINUED
#define ALL (EXITED | STOPPED | CONTINUED)

/* Look for any child, without sleeping: 0 or a negative errno. */
static int look(int fd, __u64 parent, __u32 what, __u32 flags,
		struct procsrv_wait_args *args)
{
	*args = wait_args(parent, PROCSRV_WAIT_ANY, 0, what,
			  flags | PROCSRV_WAIT_NOHANG);
	return do_wait(fd, args);
}

/* Look for an exit of some children: returns the pid, or a negative errno. */
static __s64 look_for(int fd, __u64 parent, __u32 which, __u64 id)
{
	struct procsrv_wait_args args =
		wait_args(parent, which, id, EXITED, PROCSRV_WAIT_NOHANG);
	int ret = do_wait(fd, &args);

	return ret ? ret : (__s64)args.pid;
}

static int use_cpu(int fd, __u64 pid, __u64 cpu_time)
{
	struct procsrv_update_args args = {
		.pid = pid,
		.cpu_time = cpu_time,
		.mask = PROCSRV_UPDATE_CPU_TIME,
	};

	return call(fd, PROCSRV_IOC_UPDATE, &args);
}

TEST_F(procsrv, exit_record)
{
	struct procsrv_wait_args args;
	struct procsrv_info info;
	__u64 pid, child;

	ASSERT_EQ(0, create_as(self->fd, self->root, "c", 1000, 100, &pid));
	ASSERT_EQ(0, create(self->fd, pid, &child));
	ASSERT_EQ(0, use_cpu(self->fd, pid, 123456789));
	ASSERT_EQ(0, use_cpu(self->fd, child, 1ULL << 40));
	ASSERT_EQ(0, terminate(self->fd, child, 0, 0));
	ASSERT_EQ(0, reap(self->fd, pid, child));
	ASSERT_EQ(0, terminate(self->fd, pid, -77, 11));

	ASSERT_EQ(0, look(self->fd, self->root, EXITED, 0, &args));
	EXPECT_EQ(pid, args.pid);
	EXPECT_EQ(EXITED, args.why);
	EXPECT_EQ(-77, args.exit_code);
	EXPECT_EQ(11, args.exit_signal);
	EXPECT_EQ(1000, args.uid);
	EXPECT_EQ(123456789, args.cpu_time);
	EXPECT_EQ(1ULL << 40, args.children_cpu_time);
	/* The input fields are unchanged. */
	EXPECT_EQ(self->root, args.parent);
	EXPECT_EQ(0, args.id);
	EXPECT_EQ(PROCSRV_WAIT_ANY, args.which);
	EXPECT_EQ(EXITED, args.what);
	EXPECT_EQ(PROCSRV_WAIT_NOHANG, args.flags);
	EXPECT_EQ(0, args.timeout);
	EXPECT_EQ(0, args.pad);

	/* It is reaped, and its times are added to its parent's. */
	EXPECT_EQ(-ESRCH, state_of(self->fd, pid));
	ASSERT_EQ(0, get_info(self->fd, self->root, &info));
	EXPECT_EQ(0, info.cpu_time);
	EXPECT_EQ((1ULL << 40) + 123456789, info.children_cpu_time);
}

/* A wait that finds nothing does not change its arguments. */
TEST_F(procsrv, nothing_is_written)
{
	struct procsrv_wait_args args, given;
	__u64 pid;

	/* It does not sleep, as no child could end it. */
	given = wait_args(self->root, PROCSRV_WAIT_ANY, 0, ALL, 0);
	args = given;
	EXPECT_EQ(-ECHILD, do_wait(self->fd, &args));
	EXPECT_EQ(0, memcmp(&args, &given, sizeof(args)));
	ASSERT_EQ(0, create(self->fd, self->root, &pid));
	given.flags = PROCSRV_WAIT_NOHANG;
	args = given;
	EXPECT_EQ(-EAGAIN, do_wait(self->fd, &args));
	EXPECT_EQ(0, memcmp(&args, &given, sizeof(args)));
	given.parent = NO_PID;
	args = given;
	EXPECT_EQ(-ESRCH, do_wait(self->fd, &args));
	EXPECT_EQ(0, memcmp(&args, &given, sizeof(args)));
}

TEST_F(procsrv, stop_and_continuation)
{
	const __u32 nowait = PROCSRV_WAIT_NOWAIT;
	struct procsrv_wait_args args;
	struct snapshot before;
	__u64 pid;

	ASSERT_EQ(0, create_as(self->fd, self->root, "s", 5, 6, &pid));
	ASSERT_EQ(0, use_cpu(self->fd, pid, 42));
	ASSERT_EQ(0, signal_pid(self->fd, pid, 19));
	EXPECT_EQ(-EAGAIN, look(self->fd, self->root, EXITED | CONTINUED, 0,
				&args));
	snapshot_take(_metadata, &self->scene, &before);
	ASSERT_EQ(0, look(self->fd, self->root, ALL, nowait, &args));
	EXPECT_EQ(STOPPED, args.why);
	EXPECT_TRUE(snapshot_same(_metadata, &self->scene, &before));
	ASSERT_EQ(0, look(self->fd, self->root, ALL, 0, &args));
	EXPECT_EQ(pid, args.pid);
	EXPECT_EQ(STOPPED, args.why);
	EXPECT_EQ(0, args.exit_code);
	EXPECT_EQ(19, args.exit_signal);
	EXPECT_EQ(5, args.uid);
	EXPECT_EQ(42, args.cpu_time);
	EXPECT_EQ(0, args.children_cpu_time);
	EXPECT_EQ(PROCSRV_STOPPED, state_of(self->fd, pid));
	EXPECT_EQ(-EAGAIN, look(self->fd, self->root, ALL, nowait, &args));

	ASSERT_EQ(0, signal_pid(self->fd, pid, 18));
	ASSERT_EQ(0, look(self->fd, self->root, ALL, 0, &args));
	EXPECT_EQ(pid, args.pid);
	EXPECT_EQ(CONTINUED, args.why);
	EXPECT_EQ(0, args.exit_code);
	EXPECT_EQ(18, args.exit_signal);

	ASSERT_EQ(0, terminate(self->fd, pid, 21, 22));
	snapshot_take(_metadata, &self->scene, &before);
	ASSERT_EQ(0, look(self->fd, self->root, ALL, nowait, &args));
	EXPECT_EQ(EXITED, args.why);
	EXPECT_EQ(21, args.exit_code);
	/* A zombie never stops. */
	EXPECT_EQ(-ECHILD, look(self->fd, self->root, STOPPED, 0, &args));
	EXPECT_TRUE(snapshot_same(_metadata, &self->scene, &before));
}

/* All bits of ids matter, also of those of groups, which have only 32. */
TEST_F(procsrv, by_pid_and_group)
{
	const __u64 high = 1ULL << 32;
	const __u64 root = self->root;
	const int fd = self->fd;
	__u32 sid, pgid, other;
	__u64 pids[4];
	int i;

	ASSERT_EQ(0, create_session(fd, root, &sid, &pgid));
	for (i = 0; i < 4; i++)
		ASSERT_EQ(0, create(fd, root, &pids[i]));
	ASSERT_EQ(0, create_group(fd, 0, pids[3], sid, &other));
	for (i = 2; i >= 0; i--)
		ASSERT_EQ(0, terminate(fd, pids[i], i, 0));
	EXPECT_EQ(-EAGAIN, look_for(fd, root, PROCSRV_WAIT_PID, pids[3]));
	EXPECT_EQ(-EAGAIN, look_for(fd, root, PROCSRV_WAIT_PGID, other));
	EXPECT_EQ(-ECHILD, look_for(fd, root, PROCSRV_WAIT_PID,
				    pids[1] + high));
	EXPECT_EQ(-ECHILD, look_for(fd, root, PROCSRV_WAIT_PGID, pgid + high));
	EXPECT_EQ(-ESRCH, look_for(fd, root + high, PROCSRV_WAIT_ANY, 0));
	EXPECT_EQ(pids[1], look_for(fd, root, PROCSRV_WAIT_PID, pids[1]));
	EXPECT_EQ(-ECHILD, look_for(fd, root, PROCSRV_WAIT_PID, pids[1]));
	/* The lowest pid comes first. */
	EXPECT_EQ(pids[0], look_for(fd, root, PROCSRV_WAIT_ANY, 0));
	ASSERT_EQ(0, terminate(fd, pids[3], 3, 0));
	EXPECT_EQ(pids[3], look_for(fd, root, PROCSRV_WAIT_PGID, other));
	EXPECT_EQ(pids[2], look_for(fd, root, PROCSRV_WAIT_PGID, pgid));
}

/* fields.c tests flags and enumerators. */
TEST_F(procsrv, arguments_that_make_no_sense)
{
	const struct {
		__u32 which, what;
		__u64 id, timeout;
	} bad[] = {
		{ PROCSRV_WAIT_ANY, 0, 0, 0 },
		{ PROCSRV_WAIT_ANY, EXITED, self->root, 0 },
		{ PROCSRV_WAIT_ANY, EXITED, 1ULL << 63, 0 },
		/* No process and no group has the id 0. */
		{ PROCSRV_WAIT_PID, EXITED, 0, 0 },
		{ PROCSRV_WAIT_PGID, EXITED, 0, 0 },
		{ PROCSRV_WAIT_ANY, EXITED, 0, 1 },
		{ PROCSRV_WAIT_ANY, EXITED, 0, 1ULL << 63 },
	};
	struct procsrv_wait_args args;
	struct snapshot before;
	__u64 pid;
	int i;

	ASSERT_EQ(0, create(self->fd, self->root, &pid));
	ASSERT_EQ(0, terminate(self->fd, pid, 0, 0));
	snapshot_take(_metadata, &self->scene, &before);
	for (i = 0; i < ARRAY_SIZE(bad); i++) {
		args = wait_args(self->root, bad[i].which, bad[i].id,
				 bad[i].what, PROCSRV_WAIT_NOHANG);
		args.timeout = bad[i].timeout;
		EXPECT_EQ(-EINVAL, do_wait(self->fd, &args));
	}
	EXPECT_TRUE(snapshot_same(_metadata, &self->scene, &before));
}

TEST_HARNESS_MAIN
