// SPDX-License-Identifier: GPL-2.0-only
/*
 * procsrv selftests - waits that do not sleep
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

static int look_pid(int fd, __u64 parent, __u64 pid, __u32 what,
		    struct procsrv_wait_args *args)
{
	*args = wait_args(parent, PROCSRV_WAIT_PID, pid, what,
			  PROCSRV_WAIT_NOHANG);
	return do_wait(fd, args);
}

static int look_pgid(int fd, __u64 parent, __u64 pgid, __u32 what,
		     struct procsrv_wait_args *args)
{
	*args = wait_args(parent, PROCSRV_WAIT_PGID, pgid, what,
			  PROCSRV_WAIT_NOHANG);
	return do_wait(fd, args);
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
	struct procsrv_stats before, after;
	__u64 pid, other;

	ASSERT_EQ(0, create_as(self->fd, self->root, "c", 1000, 100, &pid));
	ASSERT_EQ(0, create(self->fd, self->root, &other));
	ASSERT_EQ(0, use_cpu(self->fd, pid, 123456789));
	ASSERT_EQ(0, get_stats(self->fd, &before));
	ASSERT_EQ(0, terminate(self->fd, pid, -77, 11));

	ASSERT_EQ(0, look(self->fd, self->root, EXITED, 0, &args));
	EXPECT_EQ(pid, args.pid);
	EXPECT_EQ(EXITED, args.why);
	EXPECT_EQ(-77, args.exit_code);
	EXPECT_EQ(11, args.exit_signal);
	EXPECT_EQ(1000, args.uid);
	EXPECT_EQ(123456789, args.cpu_time);
	EXPECT_EQ(0, args.children_cpu_time);
	/* The input fields are unchanged. */
	EXPECT_EQ(self->root, args.parent);
	EXPECT_EQ(0, args.id);
	EXPECT_EQ(PROCSRV_WAIT_ANY, args.which);
	EXPECT_EQ(EXITED, args.what);
	EXPECT_EQ(PROCSRV_WAIT_NOHANG, args.flags);
	EXPECT_EQ(0, args.timeout);
	EXPECT_EQ(0, args.pad);

	/* It is reaped. */
	EXPECT_EQ(-ESRCH, state_of(self->fd, pid));
	ASSERT_EQ(0, get_stats(self->fd, &after));
	before.total_processes--;
	before.running--;
	before.total_exited++;
	EXPECT_EQ(0, memcmp(&before, &after, sizeof(after)));
	EXPECT_EQ(-EAGAIN, look(self->fd, self->root, EXITED, 0, &args));
	EXPECT_EQ(-ECHILD, look_pid(self->fd, self->root, pid, EXITED, &args));
}

/* A wait that finds nothing does not change its arguments. */
TEST_F(procsrv, nothing_is_written)
{
	struct procsrv_wait_args args, given;
	__u64 pid;

	given = wait_args(self->root, PROCSRV_WAIT_ANY, 0, ALL,
			  PROCSRV_WAIT_NOHANG);
	args = given;
	EXPECT_EQ(-ECHILD, do_wait(self->fd, &args));
	EXPECT_EQ(0, memcmp(&args, &given, sizeof(args)));
	ASSERT_EQ(0, create(self->fd, self->root, &pid));
	EXPECT_EQ(-EAGAIN, do_wait(self->fd, &args));
	EXPECT_EQ(0, memcmp(&args, &given, sizeof(args)));
	given.parent = NO_PID;
	args = given;
	EXPECT_EQ(-ESRCH, do_wait(self->fd, &args));
	EXPECT_EQ(0, memcmp(&args, &given, sizeof(args)));
}

TEST_F(procsrv, lowest_pid_first)
{
	enum { NR = 20 };
	struct procsrv_wait_args args;
	__u64 pids[NR];
	int i;

	for (i = 0; i < NR; i++)
		ASSERT_EQ(0, create(self->fd, self->root, &pids[i]));
	/*
	 * 7 and 20 have no common divisor, so this is every child in mixed
	 * order.
	 */
	for (i = 0; i < NR; i++)
		ASSERT_EQ(0, terminate(self->fd, pids[(i * 7 + 3) % NR], i, 0));
	for (i = 0; i < NR; i++) {
		ASSERT_EQ(0, look(self->fd, self->root, EXITED, 0, &args));
		EXPECT_EQ(pids[i], args.pid);
	}
	EXPECT_EQ(-ECHILD, look(self->fd, self->root, EXITED, 0, &args));
}

/* The child with the lowest pid is reported first, for any reason. */
TEST_F(procsrv, lowest_pid_of_mixed_reasons)
{
	struct procsrv_wait_args args;
	__u64 pids[4];
	int i;

	for (i = 0; i < 4; i++)
		ASSERT_EQ(0, create(self->fd, self->root, &pids[i]));
	ASSERT_EQ(0, terminate(self->fd, pids[3], 1, 0));
	ASSERT_EQ(0, signal_pid(self->fd, pids[2], 19));
	ASSERT_EQ(0, signal_pid(self->fd, pids[1], 19));
	ASSERT_EQ(0, signal_pid(self->fd, pids[1], 18));

	ASSERT_EQ(0, look(self->fd, self->root, ALL, PROCSRV_WAIT_NOWAIT,
			  &args));
	EXPECT_EQ(pids[1], args.pid);
	EXPECT_EQ(CONTINUED, args.why);
	ASSERT_EQ(0, look(self->fd, self->root, EXITED | STOPPED, 0, &args));
	EXPECT_EQ(pids[2], args.pid);
	EXPECT_EQ(STOPPED, args.why);
	ASSERT_EQ(0, look(self->fd, self->root, EXITED | STOPPED, 0, &args));
	EXPECT_EQ(pids[3], args.pid);
	EXPECT_EQ(EXITED, args.why);
	ASSERT_EQ(0, look(self->fd, self->root, ALL, 0, &args));
	EXPECT_EQ(pids[1], args.pid);
	EXPECT_EQ(-EAGAIN, look(self->fd, self->root, ALL, 0, &args));
}

TEST_F(procsrv, by_pid)
{
	struct procsrv_wait_args args;
	__u64 first, second, grandchild;

	ASSERT_EQ(0, create(self->fd, self->root, &first));
	ASSERT_EQ(0, create(self->fd, self->root, &second));
	ASSERT_EQ(0, create(self->fd, second, &grandchild));
	ASSERT_EQ(0, terminate(self->fd, first, 1, 0));
	EXPECT_EQ(-EAGAIN, look_pid(self->fd, self->root, second, ALL, &args));
	ASSERT_EQ(0, terminate(self->fd, grandchild, 2, 0));
	EXPECT_EQ(-ECHILD,
		  look_pid(self->fd, self->root, grandchild, ALL, &args));
	EXPECT_EQ(-ECHILD, look_pid(self->fd, second, first, ALL, &args));
	EXPECT_EQ(-ECHILD,
		  look_pid(self->fd, self->root, self->root, ALL, &args));
	EXPECT_EQ(-ECHILD, look_pid(self->fd, self->root, NO_PID, ALL, &args));
	EXPECT_EQ(-ECHILD, look_pid(self->fd, self->root, ~0ULL, ALL, &args));
	EXPECT_EQ(-ECHILD, look_pid(self->fd, self->root,
				    first + (1ULL << 32), ALL, &args));
	ASSERT_EQ(0, terminate(self->fd, second, 3, 0));
	ASSERT_EQ(0, look_pid(self->fd, self->root, second, ALL, &args));
	EXPECT_EQ(second, args.pid);
	EXPECT_EQ(3, args.exit_code);
	ASSERT_EQ(0, look_pid(self->fd, self->root, first, ALL, &args));
	EXPECT_EQ(1, args.exit_code);
	/* The grandchild was reparented to init. */
	ASSERT_EQ(0, look_pid(self->fd, PROCSRV_INIT_PID, grandchild, ALL,
			      &args));
	EXPECT_EQ(2, args.exit_code);
}

TEST_F(procsrv, by_group)
{
	struct procsrv_wait_args args;
	__u32 sid, pgid, other;
	__u64 pids[4];
	int i;

	ASSERT_EQ(0, create_session(self->fd, self->root, &sid, &pgid));
	for (i = 0; i < 4; i++)
		ASSERT_EQ(0, create(self->fd, self->root, &pids[i]));
	ASSERT_EQ(0, create_group(self->fd, 0, pids[2], sid, &other));
	ASSERT_EQ(0, set_group(self->fd, 0, pids[3], other));

	EXPECT_EQ(-EAGAIN, look_pgid(self->fd, self->root, other, ALL, &args));
	for (i = 0; i < 4; i++)
		ASSERT_EQ(0, terminate(self->fd, pids[i], i, 0));
	for (i = 2; i < 4; i++) {
		ASSERT_EQ(0, look_pgid(self->fd, self->root, other, ALL,
				       &args));
		EXPECT_EQ(pids[i], args.pid);
	}
	EXPECT_EQ(-ECHILD, look_pgid(self->fd, self->root, other, ALL, &args));
	EXPECT_EQ(-ECHILD, look_pgid(self->fd, self->root, NO_ID, ALL, &args));
	for (i = 0; i < 2; i++) {
		ASSERT_EQ(0, look_pgid(self->fd, self->root, pgid, ALL,
				       &args));
		EXPECT_EQ(pids[i], args.pid);
	}
	EXPECT_EQ(-ECHILD, look_pgid(self->fd, self->root, pgid, ALL, &args));
}

/* A child that changed its group is found in the new one, zombie or not. */
TEST_F(procsrv, by_group_after_a_move)
{
	struct procsrv_wait_args args;
	__u32 sid, pgid, from, to;
	__u64 pid, keeper;

	ASSERT_EQ(0, create_session(self->fd, self->root, &sid, &pgid));
	ASSERT_EQ(0, create(self->fd, self->root, &pid));
	ASSERT_EQ(0, create(self->fd, self->root, &keeper));
	ASSERT_EQ(0, create_group(self->fd, 0, pid, sid, &from));
	ASSERT_EQ(0, create_group(self->fd, 0, keeper, sid, &to));
	ASSERT_EQ(0, signal_pid(self->fd, pid, 19));
	ASSERT_EQ(0, set_group(self->fd, 0, pid, to));
	EXPECT_EQ(-ECHILD, look_pgid(self->fd, self->root, from, ALL, &args));
	ASSERT_EQ(0, look_pgid(self->fd, self->root, to, STOPPED, &args));
	EXPECT_EQ(pid, args.pid);
	ASSERT_EQ(0, terminate(self->fd, pid, 5, 0));
	ASSERT_EQ(0, set_group(self->fd, 0, pid, pgid));
	EXPECT_EQ(-EAGAIN, look_pgid(self->fd, self->root, to, ALL, &args));
	ASSERT_EQ(0, look_pgid(self->fd, self->root, pgid, EXITED, &args));
	EXPECT_EQ(pid, args.pid);
}

TEST_F(procsrv, no_child_that_could_qualify)
{
	struct procsrv_wait_args args;
	__u64 pid;

	EXPECT_EQ(-ECHILD, look(self->fd, self->root, ALL, 0, &args));
	ASSERT_EQ(0, create(self->fd, self->root, &pid));
	EXPECT_EQ(-EAGAIN, look(self->fd, self->root, EXITED, 0, &args));
	EXPECT_EQ(-EAGAIN, look(self->fd, self->root, STOPPED, 0, &args));
	EXPECT_EQ(-EAGAIN, look(self->fd, self->root, CONTINUED, 0, &args));
	ASSERT_EQ(0, terminate(self->fd, pid, 0, 0));
	/* A zombie never stops or continues. */
	EXPECT_EQ(-ECHILD, look(self->fd, self->root, STOPPED, 0, &args));
	EXPECT_EQ(-ECHILD, look(self->fd, self->root, CONTINUED, 0, &args));
	EXPECT_EQ(-ECHILD, look(self->fd, self->root, STOPPED | CONTINUED, 0,
				&args));
	EXPECT_EQ(-ECHILD,
		  look_pid(self->fd, self->root, pid, STOPPED, &args));
	/* The same for a wait that may sleep. */
	args = wait_args(self->root, PROCSRV_WAIT_ANY, 0, STOPPED, 0);
	EXPECT_EQ(-ECHILD, do_wait(self->fd, &args));
	EXPECT_EQ(0, look(self->fd, self->root, ALL, 0, &args));
	EXPECT_EQ(-ECHILD, look(self->fd, self->root, ALL, 0, &args));
}

TEST_F(procsrv, no_such_parent)
{
	struct procsrv_wait_args args;
	__u64 pid;

	EXPECT_EQ(-ESRCH, look(self->fd, 0, ALL, 0, &args));
	EXPECT_EQ(-ESRCH, look(self->fd, NO_PID, ALL, 0, &args));
	EXPECT_EQ(-ESRCH, look(self->fd, ~0ULL, ALL, 0, &args));
	ASSERT_EQ(0, create(self->fd, self->root, &pid));
	ASSERT_EQ(0, terminate(self->fd, pid, 0, 0));
	EXPECT_EQ(-ESRCH, look(self->fd, pid, ALL, 0, &args));
	ASSERT_EQ(0, reap(self->fd, self->root, pid));
	EXPECT_EQ(-ESRCH, look(self->fd, pid, ALL, 0, &args));
}

TEST_F(procsrv, arguments_that_make_no_sense)
{
	const struct procsrv_wait_args good =
		wait_args(self->root, PROCSRV_WAIT_ANY, 0, EXITED,
			  PROCSRV_WAIT_NOHANG);
	struct procsrv_wait_args bad;
	struct snapshot before;
	__u64 pid;
	__u32 which;

	ASSERT_EQ(0, create(self->fd, self->root, &pid));
	ASSERT_EQ(0, terminate(self->fd, pid, 0, 0));
	snapshot_take(_metadata, &self->scene, &before);
	for (which = PROCSRV_WAIT_PGID + 1; which; which <<= 1) {
		bad = good;
		bad.which = which;
		EXPECT_EQ(-EINVAL, do_wait(self->fd, &bad));
	}
	bad = good;
	bad.what = 0;
	EXPECT_EQ(-EINVAL, do_wait(self->fd, &bad));
	bad = good;
	bad.id = pid;
	EXPECT_EQ(-EINVAL, do_wait(self->fd, &bad));
	bad.id = 1ULL << 63;
	EXPECT_EQ(-EINVAL, do_wait(self->fd, &bad));
	/* No process and no group has the id 0. */
	bad = good;
	bad.which = PROCSRV_WAIT_PID;
	EXPECT_EQ(-EINVAL, do_wait(self->fd, &bad));
	bad.which = PROCSRV_WAIT_PGID;
	EXPECT_EQ(-EINVAL, do_wait(self->fd, &bad));
	bad = good;
	bad.timeout = 1;
	EXPECT_EQ(-EINVAL, do_wait(self->fd, &bad));
	bad.timeout = 1ULL << 63;
	EXPECT_EQ(-EINVAL, do_wait(self->fd, &bad));
	EXPECT_TRUE(snapshot_same(_metadata, &self->scene, &before));
}

/*
 * Process group ids have 32 bits, but the field has 64, which must not be
 * truncated.
 */
TEST_F(procsrv, group_id_with_high_bits)
{
	struct procsrv_wait_args args;
	__u32 sid, pgid;
	__u64 pid;

	ASSERT_EQ(0, create_session(self->fd, self->root, &sid, &pgid));
	ASSERT_EQ(0, create(self->fd, self->root, &pid));
	ASSERT_EQ(0, terminate(self->fd, pid, 0, 0));
	EXPECT_NE(0, look_pgid(self->fd, self->root, pgid + (1ULL << 32), ALL,
			       &args));
	EXPECT_EQ(PATTERN64, args.pid);
	EXPECT_EQ(PROCSRV_ZOMBIE, state_of(self->fd, pid));
	EXPECT_EQ(0, look_pgid(self->fd, self->root, pgid, ALL, &args));
}

TEST_F(procsrv, stop_is_told_once)
{
	struct procsrv_wait_args args;
	__u64 pid;

	ASSERT_EQ(0, create_as(self->fd, self->root, "s", 5, 6, &pid));
	ASSERT_EQ(0, use_cpu(self->fd, pid, 42));
	ASSERT_EQ(0, signal_pid(self->fd, pid, 19));
	EXPECT_EQ(-EAGAIN, look(self->fd, self->root, EXITED, 0, &args));
	EXPECT_EQ(-EAGAIN, look(self->fd, self->root, CONTINUED, 0, &args));
	ASSERT_EQ(0, look(self->fd, self->root, ALL, 0, &args));
	EXPECT_EQ(pid, args.pid);
	EXPECT_EQ(STOPPED, args.why);
	EXPECT_EQ(0, args.exit_code);
	EXPECT_EQ(19, args.exit_signal);
	EXPECT_EQ(5, args.uid);
	EXPECT_EQ(42, args.cpu_time);
	EXPECT_EQ(0, args.children_cpu_time);
	EXPECT_EQ(PROCSRV_STOPPED, state_of(self->fd, pid));
	EXPECT_EQ(-EAGAIN, look(self->fd, self->root, ALL, 0, &args));
	/* Stopping a stopped process is not reported. */
	ASSERT_EQ(0, signal_pid(self->fd, pid, 19));
	EXPECT_EQ(-EAGAIN, look(self->fd, self->root, ALL, 0, &args));

	ASSERT_EQ(0, signal_pid(self->fd, pid, 18));
	EXPECT_EQ(-EAGAIN, look(self->fd, self->root, EXITED | STOPPED, 0,
				&args));
	ASSERT_EQ(0, look(self->fd, self->root, ALL, 0, &args));
	EXPECT_EQ(pid, args.pid);
	EXPECT_EQ(CONTINUED, args.why);
	EXPECT_EQ(0, args.exit_code);
	EXPECT_EQ(18, args.exit_signal);
	EXPECT_EQ(PROCSRV_RUNNING, state_of(self->fd, pid));
	EXPECT_EQ(-EAGAIN, look(self->fd, self->root, ALL, 0, &args));
}

/* Only the last change of state is reported. */
TEST_F(procsrv, report_is_overtaken)
{
	struct procsrv_wait_args args;
	__u64 pid;

	ASSERT_EQ(0, create(self->fd, self->root, &pid));
	ASSERT_EQ(0, signal_pid(self->fd, pid, 19));
	ASSERT_EQ(0, signal_pid(self->fd, pid, 18));
	EXPECT_EQ(-EAGAIN, look(self->fd, self->root, STOPPED, 0, &args));
	ASSERT_EQ(0, signal_pid(self->fd, pid, 19));
	EXPECT_EQ(-EAGAIN, look(self->fd, self->root, CONTINUED, 0, &args));
	ASSERT_EQ(0, terminate(self->fd, pid, 8, 0));
	EXPECT_EQ(-ECHILD, look(self->fd, self->root, STOPPED | CONTINUED, 0,
				&args));
	ASSERT_EQ(0, look(self->fd, self->root, ALL, 0, &args));
	EXPECT_EQ(EXITED, args.why);
	EXPECT_EQ(8, args.exit_code);
	EXPECT_EQ(0, args.exit_signal);
}

TEST_F(procsrv, nowait_consumes_nothing)
{
	struct procsrv_wait_args args;
	struct snapshot before;
	const __u32 nowait = PROCSRV_WAIT_NOWAIT;
	__u64 pid;
	int i;

	ASSERT_EQ(0, create(self->fd, self->root, &pid));
	ASSERT_EQ(0, use_cpu(self->fd, pid, 1000));
	EXPECT_EQ(-EAGAIN, look(self->fd, self->root, ALL, nowait, &args));
	ASSERT_EQ(0, signal_pid(self->fd, pid, 19));
	snapshot_take(_metadata, &self->scene, &before);
	for (i = 0; i < 3; i++) {
		ASSERT_EQ(0, look(self->fd, self->root, ALL, nowait, &args));
		EXPECT_EQ(STOPPED, args.why);
		EXPECT_EQ(pid, args.pid);
	}
	EXPECT_TRUE(snapshot_same(_metadata, &self->scene, &before));
	ASSERT_EQ(0, look(self->fd, self->root, ALL, 0, &args));
	EXPECT_EQ(-EAGAIN, look(self->fd, self->root, ALL, nowait, &args));

	ASSERT_EQ(0, signal_pid(self->fd, pid, 18));
	ASSERT_EQ(0, look(self->fd, self->root, ALL, nowait, &args));
	EXPECT_EQ(CONTINUED, args.why);
	ASSERT_EQ(0, terminate(self->fd, pid, 21, 22));
	snapshot_take(_metadata, &self->scene, &before);
	for (i = 0; i < 3; i++) {
		ASSERT_EQ(0, look(self->fd, self->root, ALL, nowait, &args));
		EXPECT_EQ(EXITED, args.why);
		EXPECT_EQ(21, args.exit_code);
		EXPECT_EQ(22, args.exit_signal);
		EXPECT_EQ(1000, args.cpu_time);
	}
	EXPECT_TRUE(snapshot_same(_metadata, &self->scene, &before));
	ASSERT_EQ(0, look(self->fd, self->root, ALL, 0, &args));
	EXPECT_EQ(21, args.exit_code);
	EXPECT_EQ(-ECHILD, look(self->fd, self->root, ALL, nowait, &args));
}

/* The times of a child, and of its own children, are added to its parent. */
TEST_F(procsrv, cpu_time_goes_to_the_parent)
{
	struct procsrv_wait_args args;
	struct procsrv_info info;
	__u64 middle, a, b;

	ASSERT_EQ(0, create(self->fd, self->root, &middle));
	ASSERT_EQ(0, create(self->fd, middle, &a));
	ASSERT_EQ(0, create(self->fd, middle, &b));
	ASSERT_EQ(0, use_cpu(self->fd, middle, 1));
	ASSERT_EQ(0, use_cpu(self->fd, a, 10));
	ASSERT_EQ(0, use_cpu(self->fd, b, 100));
	ASSERT_EQ(0, terminate(self->fd, a, 0, 0));
	ASSERT_EQ(0, get_info(self->fd, middle, &info));
	EXPECT_EQ(0, info.children_cpu_time);
	ASSERT_EQ(0, look(self->fd, middle, EXITED, 0, &args));
	EXPECT_EQ(10, args.cpu_time);
	ASSERT_EQ(0, terminate(self->fd, b, 0, 0));
	ASSERT_EQ(0, look(self->fd, middle, EXITED, 0, &args));
	ASSERT_EQ(0, get_info(self->fd, middle, &info));
	EXPECT_EQ(1, info.cpu_time);
	EXPECT_EQ(110, info.children_cpu_time);

	ASSERT_EQ(0, terminate(self->fd, middle, 0, 0));
	ASSERT_EQ(0, look(self->fd, self->root, EXITED, 0, &args));
	EXPECT_EQ(1, args.cpu_time);
	EXPECT_EQ(110, args.children_cpu_time);
	ASSERT_EQ(0, get_info(self->fd, self->root, &info));
	EXPECT_EQ(0, info.cpu_time);
	EXPECT_EQ(111, info.children_cpu_time);
}

/* A reaped process leaves its session and its group, which end with it. */
TEST_F(procsrv, reaped_leaves_session_and_group)
{
	struct procsrv_session_args session;
	struct procsrv_group_args group;
	struct procsrv_stats before, after;
	__u32 sid, pgid;
	__u64 pid;

	ASSERT_EQ(0, get_stats(self->fd, &before));
	ASSERT_EQ(0, create(self->fd, self->root, &pid));
	ASSERT_EQ(0, create_session(self->fd, pid, &sid, &pgid));
	ASSERT_EQ(0, terminate(self->fd, pid, 0, 0));
	EXPECT_EQ(0, get_session(self->fd, sid, &session));
	EXPECT_EQ(1, session.nr_processes);
	EXPECT_EQ(0, get_group(self->fd, pgid, &group));
	EXPECT_EQ(1, group.nr_processes);
	ASSERT_EQ(0, reap(self->fd, self->root, pid));
	EXPECT_EQ(-ESRCH, get_session(self->fd, sid, &session));
	EXPECT_EQ(-ESRCH, get_group(self->fd, pgid, &group));
	ASSERT_EQ(0, get_stats(self->fd, &after));
	EXPECT_EQ(before.sessions, after.sessions);
	EXPECT_EQ(before.process_groups, after.process_groups);
}

/*
 * Random families exit in random order. Once only zombies are left, init can
 * wait for exits, lowest pid first, and for nothing else. No other processes
 * may be on the server, and the root is reaped first.
 */
TEST_F(procsrv, families_die_out)
{
	enum { NR = 12, FAMILIES = 300 };
	struct procsrv_wait_args args;
	__u64 pids[NR], swap;
	int i, j, family;

	ASSERT_EQ(1, self->scene.before.total_processes);
	ASSERT_EQ(0, terminate(self->fd, self->root, 0, 0));
	ASSERT_EQ(0, reap(self->fd, PROCSRV_INIT_PID, self->root));
	srandom(1);
	for (family = 0; family < FAMILIES; family++) {
		for (i = 0; i < NR; i++) {
			j = random() % (i + 1);
			ASSERT_EQ(0, create(self->fd, j == i ? PROCSRV_INIT_PID
					    : pids[j], &pids[i]));
		}
		for (i = NR - 1; i > 0; i--) {
			j = random() % (i + 1);
			swap = pids[i];
			pids[i] = pids[j];
			pids[j] = swap;
		}
		for (i = 0; i < NR; i++)
			ASSERT_EQ(0, terminate(self->fd, pids[i], i, 0));
		ASSERT_EQ(-ECHILD, look(self->fd, PROCSRV_INIT_PID,
					STOPPED | CONTINUED, 0, &args));
		for (swap = 0, i = 0; i < NR; i++, swap = args.pid) {
			ASSERT_EQ(0, look(self->fd, PROCSRV_INIT_PID, ALL, 0,
					  &args));
			ASSERT_LT(swap, args.pid);
		}
		ASSERT_EQ(-ECHILD, look(self->fd, PROCSRV_INIT_PID, ALL, 0,
					&args));
	}
}

TEST_HARNESS_MAIN
