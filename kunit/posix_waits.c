// SPDX-License-Identifier: GPL-2.0-only
/*
 * Waits for group 0, and signals to it: with POSIX ids, the caller's own group
 */
#include "common.h"

/**
 * struct family - a shell, and some of its children
 * @shell: leads a session
 * @near: in its group
 * @far: leads a group of its own
 */
struct family {
	u64 shell;
	u64 near;
	u64 far;
};

static struct family make_family(struct kunit *test)
{
	struct family f;

	f.shell = make_process(test, PROCSRV_INIT_PID);
	KUNIT_ASSERT_EQ(test, make_session(test, f.shell), f.shell);
	f.near = make_process(test, f.shell);
	f.far = make_process(test, f.shell);
	join_group(test, f.far, f.far);
	return f;
}

static void waits_for_its_group(struct kunit *test)
{
	struct family f = make_family(test);
	u64 pid;

	KUNIT_EXPECT_EQ(test, wait_pgid(test, f.shell, 0, PROCSRV_WAIT_EXITED,
					0, NULL), -EAGAIN);
	end_process(test, f.far);
	KUNIT_EXPECT_EQ(test, wait_pgid(test, f.shell, 0, PROCSRV_WAIT_EXITED,
					0, NULL), -EAGAIN);
	end_process(test, f.near);
	KUNIT_EXPECT_EQ(test, wait_pgid(test, f.shell, 0, PROCSRV_WAIT_EXITED,
					PROCSRV_WAIT_NOWAIT, &pid), 0);
	KUNIT_EXPECT_EQ(test, pid, f.near);
	KUNIT_EXPECT_EQ(test, wait_pgid(test, f.shell, 0, PROCSRV_WAIT_EXITED,
					0, &pid), 0);
	KUNIT_EXPECT_EQ(test, pid, f.near);
	/* The other child is in another group. */
	KUNIT_EXPECT_EQ(test, wait_pgid(test, f.shell, 0, PROCSRV_WAIT_EXITED,
					0, NULL), -ECHILD);
	reap_child(test, f.shell, f.far);
}

/* Group 0 is the group that the parent is in when the wait begins. */
static void group_at_the_start(struct kunit *test)
{
	struct family f = make_family(test);
	u64 parent = f.near, a, b, c;
	struct wait_task *t;

	a = make_process(test, parent);
	b = make_process(test, parent);
	c = make_process(test, parent);
	join_group(test, b, f.far);
	t = start_wait(test, &(struct procsrv_wait) {
		.parent = parent,
		.which = PROCSRV_WAIT_PGID,
		.what = PROCSRV_WAIT_EXITED,
	});
	expect_waiting(test, parent, 1);
	join_group(test, parent, f.far);
	end_process(test, b);
	expect_still_waiting(test, t);
	end_process(test, a);
	KUNIT_EXPECT_EQ(test, join_wait(test, t), 0);
	KUNIT_EXPECT_EQ(test, t->w.pid, a);
	/* A wait that begins now is for the new group. */
	end_process(test, c);
	KUNIT_EXPECT_EQ(test, wait_pgid(test, parent, 0, PROCSRV_WAIT_EXITED, 0,
					&a), 0);
	KUNIT_EXPECT_EQ(test, a, b);
}

/* The wait fails when the last child leaves the group. */
static void last_one_leaves_the_group(struct kunit *test)
{
	struct family f = make_family(test);
	struct wait_task *t = start_wait(test, &(struct procsrv_wait) {
		.parent = f.shell,
		.which = PROCSRV_WAIT_PGID,
		.what = PROCSRV_WAIT_EXITED,
	});

	expect_waiting(test, f.shell, 1);
	join_group(test, f.near, f.far);
	KUNIT_EXPECT_EQ(test, join_wait(test, t), -ECHILD);
}

/* kill(2), 0: the group of the sender, and the sender itself. */
static void signals_its_group(struct kunit *test)
{
	struct family f = make_family(test);
	u64 below = make_process(test, f.far);

	KUNIT_EXPECT_EQ(test, send_to(test, f.near, PROCSRV_TARGET_PGID, 0, 10),
			2);
	KUNIT_EXPECT_EQ(test, pending_of(test, f.shell), sigbit(10));
	KUNIT_EXPECT_EQ(test, pending_of(test, f.near), sigbit(10));
	KUNIT_EXPECT_EQ(test, pending_of(test, f.far), 0);
	KUNIT_EXPECT_EQ(test, send_to(test, below, PROCSRV_TARGET_PGID, 0,
				      PROCSRV_SIGKILL), 2);
	KUNIT_EXPECT_EQ(test, state_of(test, f.far), PROCSRV_ZOMBIE);
	KUNIT_EXPECT_EQ(test, state_of(test, below), PROCSRV_ZOMBIE);
	KUNIT_EXPECT_EQ(test, state_of(test, f.near), PROCSRV_RUNNING);
	/* A zombie sends no signals. */
	KUNIT_EXPECT_EQ(test, send_to(test, f.far, PROCSRV_TARGET_PGID, 0, 10),
			-ESRCH);
}

/* Without a sender, 0 is no group. */
static void zero_of_none(struct kunit *test)
{
	struct family f = make_family(test);

	KUNIT_EXPECT_EQ(test, send_to(test, 0, PROCSRV_TARGET_PGID, 0, 9),
			-ESRCH);
	KUNIT_EXPECT_EQ(test, send_to(test, f.near, PROCSRV_TARGET_SID, 0, 9),
			-ESRCH);
	KUNIT_EXPECT_EQ(test, send_to(test, f.near, PROCSRV_TARGET_PID, 0, 9),
			-ESRCH);
	KUNIT_EXPECT_EQ(test, wait_pid(test, f.shell, 0, PROCSRV_WAIT_EXITED,
				       0), -EINVAL);
	KUNIT_EXPECT_EQ(test, stats_of(test).total_exited, 0);
}

/* A parent in no group and its children in no group have none in common. */
static void zero_without_a_group(struct kunit *test)
{
	u64 parent = make_process(test, PROCSRV_INIT_PID);

	make_zombie(test, parent);
	KUNIT_EXPECT_EQ(test, wait_pgid(test, parent, 0, PROCSRV_WAIT_EXITED, 0,
					NULL), -ECHILD);
	KUNIT_EXPECT_EQ(test, wait_pgid(test, PROCSRV_INIT_PID, 0,
					PROCSRV_WAIT_EXITED, 0, NULL), -ECHILD);
	KUNIT_EXPECT_EQ(test, send_to(test, parent, PROCSRV_TARGET_PGID, 0, 9),
			-ESRCH);
}

/* Signals and waits by the pid of a leader are for its group or session. */
static void by_the_pid_of_a_leader(struct kunit *test)
{
	struct family f = make_family(test);
	u64 pid;

	join_group(test, f.near, f.far);
	KUNIT_EXPECT_EQ(test, signal_to(test, PROCSRV_TARGET_PGID, f.far, 9),
			2);
	KUNIT_EXPECT_EQ(test, wait_pgid(test, f.shell, f.far,
					PROCSRV_WAIT_EXITED, 0, &pid), 0);
	KUNIT_EXPECT_EQ(test, pid, f.near);
	KUNIT_EXPECT_EQ(test, signal_to(test, PROCSRV_TARGET_SID, f.shell, 10),
			2);
}

static struct kunit_case posix_waits_cases[] = {
	KUNIT_CASE(waits_for_its_group),
	KUNIT_CASE(group_at_the_start),
	KUNIT_CASE(last_one_leaves_the_group),
	KUNIT_CASE(signals_its_group),
	KUNIT_CASE(zero_of_none),
	KUNIT_CASE(zero_without_a_group),
	KUNIT_CASE(by_the_pid_of_a_leader),
	{}
};

static struct kunit_suite posix_waits_suite = {
	.name = "procsrv-posix-waits",
	.init = posix_fixture_init,
	.exit = fixture_exit,
	.test_cases = posix_waits_cases,
};

/*
 * In a server without POSIX ids, 0 has no meaning
 */

static void waits_refuse_zero(struct kunit *test)
{
	u64 parent = make_process(test, PROCSRV_INIT_PID);

	make_session(test, parent);
	make_zombie(test, parent);
	KUNIT_EXPECT_EQ(test, wait_pgid(test, parent, 0, PROCSRV_WAIT_EXITED, 0,
					NULL), -EINVAL);
}

static void signals_refuse_zero(struct kunit *test)
{
	u64 pid = make_process(test, PROCSRV_INIT_PID);

	make_session(test, pid);
	KUNIT_EXPECT_EQ(test, send_to(test, pid, PROCSRV_TARGET_PGID, 0, 10),
			-ESRCH);
	KUNIT_EXPECT_EQ(test, pending_of(test, pid), 0);
}

static void moves_refuse_zero(struct kunit *test)
{
	u64 pid = make_process(test, PROCSRV_INIT_PID);
	u32 pgid = make_group(test, pid), got = 77;

	KUNIT_EXPECT_EQ(test, procsrv_set_group(server(test), pid, 0, pgid),
			-ESRCH);
	KUNIT_EXPECT_EQ(test, procsrv_set_group(server(test), pid, pid, 0),
			-EPERM);
	KUNIT_EXPECT_EQ(test, procsrv_set_group(server(test), 0, pid, 0),
			-EPERM);
	KUNIT_EXPECT_EQ(test, procsrv_create_group(server(test), pid, 0, 0,
						   &got), -ESRCH);
	KUNIT_EXPECT_EQ(test, got, 77);
	KUNIT_EXPECT_EQ(test, pgid_of(test, pid), pgid);
}

/* Ids are not pids, and pids may have more than 32 bits. */
static void ids_are_not_pids(struct kunit *test)
{
	u64 pid = 77;

	KUNIT_EXPECT_EQ(test, try_create_at(test, PROCSRV_INIT_PID, 1ULL << 40,
					    &pid), 0);
	KUNIT_EXPECT_EQ(test, make_session(test, pid), 1);
	KUNIT_EXPECT_EQ(test, pgid_of(test, pid), 1);
	KUNIT_EXPECT_EQ(test, make_process(test, pid), (1ULL << 40) + 1);
}

static struct kunit_case no_posix_cases[] = {
	KUNIT_CASE(waits_refuse_zero),
	KUNIT_CASE(signals_refuse_zero),
	KUNIT_CASE(moves_refuse_zero),
	KUNIT_CASE(ids_are_not_pids),
	{}
};

static struct kunit_suite no_posix_suite = {
	.name = "procsrv-no-posix-ids",
	.init = fixture_init,
	.exit = fixture_exit,
	.test_cases = no_posix_cases,
};

kunit_test_suites(&posix_waits_suite, &no_posix_suite);
