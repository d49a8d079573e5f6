// SPDX-License-Identifier: GPL-2.0-only
/*
 * Waiting, with PROCSRV_WAIT_NOHANG: what is returned, and every error
 */
#include "common.h"

enum {
	ANY_CHANGE = PROCSRV_WAIT_EXITED | PROCSRV_WAIT_STOPPED |
		     PROCSRV_WAIT_CONTINUED,
};

static void exit_is_returned_and_reaped(struct kunit *test)
{
	struct procsrv *ps = server(test);
	u64 parent = make_process(test, PROCSRV_INIT_PID);
	u64 pid = make_process(test, parent);
	struct procsrv_wait w = {
		.parent = parent,
		.what = PROCSRV_WAIT_EXITED,
	};

	use_cpu(test, pid, 300);
	KUNIT_EXPECT_EQ(test, procsrv_terminate(ps, pid, 42, 6), 0);
	KUNIT_EXPECT_EQ(test, wait_now(test, &w), 0);
	KUNIT_EXPECT_EQ(test, w.pid, pid);
	KUNIT_EXPECT_EQ(test, w.why, PROCSRV_WAIT_EXITED);
	KUNIT_EXPECT_EQ(test, w.exit_code, 42);
	KUNIT_EXPECT_EQ(test, w.exit_signal, 6);
	KUNIT_EXPECT_EQ(test, __kuid_val(w.uid), TEST_UID);
	KUNIT_EXPECT_EQ(test, w.cpu_time, 300);
	KUNIT_EXPECT_EQ(test, w.children_cpu_time, 0);
	KUNIT_EXPECT_EQ(test, look_up(test, pid), -ESRCH);
	KUNIT_EXPECT_EQ(test, stats_of(test).total_processes, 2);
	KUNIT_EXPECT_EQ(test, stats_of(test).zombies, 0);
	/* An exit is returned once. */
	KUNIT_EXPECT_EQ(test, wait_now(test, &w), -ECHILD);
}

static void stop_is_returned_once(struct kunit *test)
{
	u64 pid = make_process(test, PROCSRV_INIT_PID);
	struct procsrv_wait w = {
		.parent = PROCSRV_INIT_PID,
		.what = PROCSRV_WAIT_STOPPED,
	};

	KUNIT_EXPECT_EQ(test, wait_now(test, &w), -EAGAIN);
	stop_process(test, pid);
	KUNIT_EXPECT_EQ(test, wait_now(test, &w), 0);
	KUNIT_EXPECT_EQ(test, w.pid, pid);
	KUNIT_EXPECT_EQ(test, w.why, PROCSRV_WAIT_STOPPED);
	KUNIT_EXPECT_EQ(test, w.exit_signal, PROCSRV_SIGSTOP);
	KUNIT_EXPECT_EQ(test, w.exit_code, 0);
	KUNIT_EXPECT_EQ(test, __kuid_val(w.uid), TEST_UID);
	KUNIT_EXPECT_EQ(test, wait_now(test, &w), -EAGAIN);
	KUNIT_EXPECT_EQ(test, state_of(test, pid), PROCSRV_STOPPED);

	/* A second stop of a stopped process is no change. */
	stop_process(test, pid);
	KUNIT_EXPECT_EQ(test, wait_now(test, &w), -EAGAIN);
}

static void continuation_is_returned_once(struct kunit *test)
{
	u64 pid = make_process(test, PROCSRV_INIT_PID);
	struct procsrv_wait w = {
		.parent = PROCSRV_INIT_PID,
		.what = PROCSRV_WAIT_CONTINUED,
	};

	stop_process(test, pid);
	KUNIT_EXPECT_EQ(test, wait_now(test, &w), -EAGAIN);
	continue_process(test, pid);
	KUNIT_EXPECT_EQ(test, wait_now(test, &w), 0);
	KUNIT_EXPECT_EQ(test, w.pid, pid);
	KUNIT_EXPECT_EQ(test, w.why, PROCSRV_WAIT_CONTINUED);
	KUNIT_EXPECT_EQ(test, w.exit_signal, PROCSRV_SIGCONT);
	KUNIT_EXPECT_EQ(test, w.exit_code, 0);
	KUNIT_EXPECT_EQ(test, wait_now(test, &w), -EAGAIN);

	/* SIGCONT to a process that is not stopped is no continuation. */
	continue_process(test, pid);
	KUNIT_EXPECT_EQ(test, wait_now(test, &w), -EAGAIN);
}

/* A change is not returned if a later one came before any wait for it. */
static void later_change_hides_the_earlier(struct kunit *test)
{
	u64 pid = make_process(test, PROCSRV_INIT_PID);
	const u64 init = PROCSRV_INIT_PID;

	stop_process(test, pid);
	continue_process(test, pid);
	KUNIT_EXPECT_EQ(test, wait_any(test, init, PROCSRV_WAIT_STOPPED, 0,
				       NULL), -EAGAIN);
	KUNIT_EXPECT_EQ(test, wait_any(test, init, PROCSRV_WAIT_CONTINUED, 0,
				       NULL), 0);
	stop_process(test, pid);
	continue_process(test, pid);
	stop_process(test, pid);
	KUNIT_EXPECT_EQ(test, wait_any(test, init, PROCSRV_WAIT_CONTINUED, 0,
				       NULL), -EAGAIN);
	end_process(test, pid);
	KUNIT_EXPECT_EQ(test, wait_any(test, init, PROCSRV_WAIT_STOPPED |
				       PROCSRV_WAIT_CONTINUED, 0, NULL),
			-ECHILD);
	reap_child(test, init, pid);
}

static void nowait_consumes_nothing(struct kunit *test)
{
	const u64 init = PROCSRV_INIT_PID;
	u64 pid = make_process(test, init);
	u32 what;
	int i;

	stop_process(test, pid);
	for (i = 0; i < 3; i++)
		KUNIT_EXPECT_EQ(test, wait_pid(test, init, pid, ANY_CHANGE,
					       PROCSRV_WAIT_NOWAIT), 0);
	KUNIT_EXPECT_EQ(test, wait_pid(test, init, pid, PROCSRV_WAIT_STOPPED,
				       0), 0);

	continue_process(test, pid);
	what = PROCSRV_WAIT_CONTINUED;
	KUNIT_EXPECT_EQ(test, wait_pid(test, init, pid, what,
				       PROCSRV_WAIT_NOWAIT), 0);
	KUNIT_EXPECT_EQ(test, wait_pid(test, init, pid, what, 0), 0);

	use_cpu(test, pid, 9);
	end_process(test, pid);
	for (i = 0; i < 3; i++)
		KUNIT_EXPECT_EQ(test, wait_pid(test, init, pid,
					       PROCSRV_WAIT_EXITED,
					       PROCSRV_WAIT_NOWAIT), 0);
	KUNIT_EXPECT_EQ(test, state_of(test, pid), PROCSRV_ZOMBIE);
	KUNIT_EXPECT_EQ(test, children_time_of(test, init), 0);
	reap_child(test, init, pid);
	KUNIT_EXPECT_EQ(test, children_time_of(test, init), 9);
}

static void why_names_what_happened(struct kunit *test)
{
	u64 pid = make_process(test, PROCSRV_INIT_PID);
	struct procsrv_wait w = {
		.parent = PROCSRV_INIT_PID,
		.what = ANY_CHANGE,
	};

	stop_process(test, pid);
	KUNIT_EXPECT_EQ(test, wait_now(test, &w), 0);
	KUNIT_EXPECT_EQ(test, w.why, PROCSRV_WAIT_STOPPED);
	continue_process(test, pid);
	KUNIT_EXPECT_EQ(test, wait_now(test, &w), 0);
	KUNIT_EXPECT_EQ(test, w.why, PROCSRV_WAIT_CONTINUED);
	KUNIT_EXPECT_EQ(test, wait_now(test, &w), -EAGAIN);
	stop_process(test, pid);
	KUNIT_EXPECT_EQ(test, signal_pid(test, pid, PROCSRV_SIGKILL), 0);
	KUNIT_EXPECT_EQ(test, wait_now(test, &w), 0);
	KUNIT_EXPECT_EQ(test, w.why, PROCSRV_WAIT_EXITED);
	KUNIT_EXPECT_EQ(test, w.exit_code, -9);
	KUNIT_EXPECT_EQ(test, w.exit_signal, 9);
}

static void any_takes_the_lowest_pid_first(struct kunit *test)
{
	u64 parent = make_process(test, PROCSRV_INIT_PID);
	static const u32 order[] = { 3, 0, 6, 1, 5, 2, 4 };
	u64 pids[ARRAY_SIZE(order)];
	u64 pid;
	size_t i;

	make_processes(test, parent, pids, ARRAY_SIZE(pids));
	for (i = 0; i < ARRAY_SIZE(order); i++)
		end_process(test, pids[order[i]]);
	for (i = 0; i < ARRAY_SIZE(order); i++) {
		KUNIT_EXPECT_EQ(test, wait_any(test, parent,
					       PROCSRV_WAIT_EXITED, 0, &pid),
				0);
		KUNIT_EXPECT_EQ(test, pid, pids[i]);
	}
	KUNIT_EXPECT_EQ(test, wait_any(test, parent, PROCSRV_WAIT_EXITED, 0,
				       &pid), -ECHILD);
}

/* The lowest pid is returned first, whatever the kind of the change. */
static void lowest_pid_over_all_kinds(struct kunit *test)
{
	u64 parent = make_process(test, PROCSRV_INIT_PID);
	struct procsrv_wait w = { .parent = parent, .what = ANY_CHANGE };
	u64 pids[4];

	make_processes(test, parent, pids, 4);
	end_process(test, pids[3]);
	stop_process(test, pids[1]);
	continue_process(test, pids[1]);
	stop_process(test, pids[2]);
	end_process(test, pids[0]);

	KUNIT_EXPECT_EQ(test, wait_now(test, &w), 0);
	KUNIT_EXPECT_EQ(test, w.pid, pids[0]);
	KUNIT_EXPECT_EQ(test, wait_now(test, &w), 0);
	KUNIT_EXPECT_EQ(test, w.pid, pids[1]);
	KUNIT_EXPECT_EQ(test, w.why, PROCSRV_WAIT_CONTINUED);
	KUNIT_EXPECT_EQ(test, wait_now(test, &w), 0);
	KUNIT_EXPECT_EQ(test, w.pid, pids[2]);
	KUNIT_EXPECT_EQ(test, w.why, PROCSRV_WAIT_STOPPED);
	KUNIT_EXPECT_EQ(test, wait_now(test, &w), 0);
	KUNIT_EXPECT_EQ(test, w.pid, pids[3]);
	KUNIT_EXPECT_EQ(test, wait_now(test, &w), -EAGAIN);
}

static void pid_takes_only_that_child(struct kunit *test)
{
	u64 parent = make_process(test, PROCSRV_INIT_PID);
	u64 a = make_zombie(test, parent);
	u64 b = make_process(test, parent);
	u64 c = make_zombie(test, parent);

	KUNIT_EXPECT_EQ(test, wait_pid(test, parent, b, PROCSRV_WAIT_EXITED, 0),
			-EAGAIN);
	KUNIT_EXPECT_EQ(test, wait_pid(test, parent, c, PROCSRV_WAIT_EXITED, 0),
			0);
	KUNIT_EXPECT_EQ(test, look_up(test, a), 0);
	KUNIT_EXPECT_EQ(test, look_up(test, c), -ESRCH);
	KUNIT_EXPECT_EQ(test, wait_pid(test, parent, c, PROCSRV_WAIT_EXITED, 0),
			-ECHILD);
}

static void pid_of_a_stranger(struct kunit *test)
{
	u64 parent = make_process(test, PROCSRV_INIT_PID);
	u64 child = make_process(test, parent);
	u64 grandchild = make_zombie(test, child);
	u64 stranger = make_zombie(test, PROCSRV_INIT_PID);
	const u64 none[] = {
		grandchild, stranger, parent, PROCSRV_INIT_PID, TEST_NO_PID,
		U64_MAX, child + (1ULL << 32),
	};
	size_t i;

	for (i = 0; i < ARRAY_SIZE(none); i++)
		KUNIT_EXPECT_EQ(test, wait_pid(test, parent, none[i],
					       ANY_CHANGE, 0), -ECHILD);
}

static void pgid_takes_only_that_group(struct kunit *test)
{
	u64 parent = make_process(test, PROCSRV_INIT_PID);
	u64 pids[6], pid;
	u32 a, b;

	make_processes(test, parent, pids, 6);
	a = make_group(test, pids[1]);
	b = make_group(test, pids[0]);
	join_group(test, pids[3], a);
	join_group(test, pids[2], b);
	end_process(test, pids[3]);
	end_process(test, pids[2]);
	end_process(test, pids[4]);

	KUNIT_EXPECT_EQ(test, wait_pgid(test, parent, a, PROCSRV_WAIT_EXITED,
					0, &pid), 0);
	KUNIT_EXPECT_EQ(test, pid, pids[3]);
	KUNIT_EXPECT_EQ(test, wait_pgid(test, parent, a, PROCSRV_WAIT_EXITED,
					0, &pid), -EAGAIN);
	KUNIT_EXPECT_EQ(test, wait_pgid(test, parent, b, PROCSRV_WAIT_EXITED,
					0, &pid), 0);
	KUNIT_EXPECT_EQ(test, pid, pids[2]);
	/* A child in no group is found by a wait for any child. */
	KUNIT_EXPECT_EQ(test, wait_any(test, parent, PROCSRV_WAIT_EXITED, 0,
				       &pid), 0);
	KUNIT_EXPECT_EQ(test, pid, pids[4]);
}

static void pgid_of_strangers(struct kunit *test)
{
	u64 parent = make_process(test, PROCSRV_INIT_PID);
	u64 child = make_process(test, parent);
	u64 stranger = make_zombie(test, PROCSRV_INIT_PID);
	u32 mine = make_group(test, child);
	u32 theirs = make_group(test, stranger);
	struct procsrv_wait w = {
		.parent = parent,
		.which = PROCSRV_WAIT_PGID,
		.what = ANY_CHANGE,
		.id = mine + (1ULL << 32),
	};

	KUNIT_EXPECT_EQ(test, wait_pgid(test, parent, mine, ANY_CHANGE, 0,
					NULL), -EAGAIN);
	KUNIT_EXPECT_EQ(test, wait_pgid(test, parent, theirs, ANY_CHANGE, 0,
					NULL), -ECHILD);
	KUNIT_EXPECT_EQ(test, wait_pgid(test, parent, 12345, ANY_CHANGE, 0,
					NULL), -ECHILD);
	/* No group has that id, whatever its lower half is. */
	KUNIT_EXPECT_EQ(test, wait_now(test, &w), -ECHILD);
}

static void wait_follows_a_child_to_its_new_group(struct kunit *test)
{
	u64 parent = make_process(test, PROCSRV_INIT_PID);
	u64 pids[2], pid;
	u32 a, b;

	make_processes(test, parent, pids, 2);
	a = make_group(test, pids[0]);
	end_process(test, pids[0]);
	b = make_group(test, pids[1]);
	/* A zombie may be moved, and its group goes with its last member. */
	join_group(test, pids[0], b);
	KUNIT_EXPECT_EQ(test, wait_pgid(test, parent, a, ANY_CHANGE, 0, NULL),
			-ECHILD);
	KUNIT_EXPECT_EQ(test, wait_pgid(test, parent, b, ANY_CHANGE, 0, &pid),
			0);
	KUNIT_EXPECT_EQ(test, pid, pids[0]);
}

static void without_children(struct kunit *test)
{
	u64 parent = make_process(test, PROCSRV_INIT_PID);
	u32 what;

	for (what = 1; what <= ANY_CHANGE; what++)
		KUNIT_EXPECT_EQ(test, wait_any(test, parent, what, 0, NULL),
				-ECHILD);
	/* Grandchildren are no children. */
	make_zombie(test, make_process(test, parent));
	KUNIT_EXPECT_EQ(test, wait_any(test, parent, ANY_CHANGE, 0, NULL),
			-EAGAIN);
}

/* A zombie never stops or continues, so a wait for that fails. */
static void zombies_alone_never_stop(struct kunit *test)
{
	u64 parent = make_process(test, PROCSRV_INIT_PID);
	u64 zombie = make_zombie(test, parent);
	u64 alive;

	KUNIT_EXPECT_EQ(test, wait_any(test, parent, PROCSRV_WAIT_STOPPED, 0,
				       NULL), -ECHILD);
	KUNIT_EXPECT_EQ(test, wait_any(test, parent, PROCSRV_WAIT_CONTINUED, 0,
				       NULL), -ECHILD);
	KUNIT_EXPECT_EQ(test, wait_pid(test, parent, zombie,
				       PROCSRV_WAIT_STOPPED, 0), -ECHILD);
	alive = make_process(test, parent);
	KUNIT_EXPECT_EQ(test, wait_any(test, parent, PROCSRV_WAIT_STOPPED, 0,
				       NULL), -EAGAIN);
	KUNIT_EXPECT_EQ(test, wait_pid(test, parent, alive,
				       PROCSRV_WAIT_STOPPED, 0), -EAGAIN);
	KUNIT_EXPECT_EQ(test, wait_pid(test, parent, zombie,
				       PROCSRV_WAIT_STOPPED, 0), -ECHILD);
}

static void parent_missing_or_zombie(struct kunit *test)
{
	u64 zombie = make_zombie(test, PROCSRV_INIT_PID);
	u64 reaped = make_zombie(test, PROCSRV_INIT_PID);
	const u64 none[] = { 0, TEST_NO_PID, U64_MAX, zombie, reaped };
	size_t i;

	reap_child(test, PROCSRV_INIT_PID, reaped);
	for (i = 0; i < ARRAY_SIZE(none); i++)
		KUNIT_EXPECT_EQ(test, wait_any(test, none[i], ANY_CHANGE, 0,
					       NULL), -ESRCH);
}

static void senseless_arguments(struct kunit *test)
{
	static const struct procsrv_wait bad[] = {
		{ .which = 3, .what = 1, .id = 0 },
		{ .which = U32_MAX, .what = 1, .id = 0 },
		{ .which = PROCSRV_WAIT_ANY, .what = 1, .id = 1 },
		{ .which = PROCSRV_WAIT_ANY, .what = 1, .id = 1ULL << 32 },
		{ .which = PROCSRV_WAIT_PID, .what = 1, .id = 0 },
		{ .which = PROCSRV_WAIT_PGID, .what = 1, .id = 0 },
		{ .which = PROCSRV_WAIT_ANY, .what = 0 },
		{ .which = PROCSRV_WAIT_ANY, .what = 8 },
		{ .which = PROCSRV_WAIT_ANY, .what = 1 | 8 },
		{ .which = PROCSRV_WAIT_ANY, .what = 1U << 31 },
		{ .which = PROCSRV_WAIT_ANY, .what = 1, .flags = 32 },
		{ .which = PROCSRV_WAIT_ANY, .what = 1, .flags = 1U << 31 },
		{ .which = PROCSRV_WAIT_ANY, .what = 1, .timeout = 1 },
	};
	u64 zombie = make_zombie(test, PROCSRV_INIT_PID);
	size_t i;

	for (i = 0; i < ARRAY_SIZE(bad); i++) {
		struct procsrv_wait w = bad[i];

		w.parent = PROCSRV_INIT_PID;
		KUNIT_EXPECT_EQ_MSG(test, wait_now(test, &w), -EINVAL,
				    "case %zu", i);
	}
	KUNIT_EXPECT_EQ(test, look_up(test, zombie), 0);
}

static void failed_wait_leaves_the_result_alone(struct kunit *test)
{
	struct procsrv_wait w = {
		.parent = PROCSRV_INIT_PID,
		.what = PROCSRV_WAIT_EXITED,
	};

	make_process(test, PROCSRV_INIT_PID);
	KUNIT_EXPECT_EQ(test, wait_now(test, &w), -EAGAIN);
	KUNIT_EXPECT_EQ(test, w.pid, U64_MAX);
	KUNIT_EXPECT_EQ(test, w.why, U32_MAX);
	KUNIT_EXPECT_EQ(test, w.exit_code, INT_MIN);
	KUNIT_EXPECT_EQ(test, w.cpu_time, U64_MAX);
}

/* A wait adds the time of a child and of the children it waited for. */
static void cpu_time_adds_up(struct kunit *test)
{
	u64 parent = make_process(test, PROCSRV_INIT_PID);
	u64 child = make_process(test, parent);
	u64 grandchild = make_process(test, child);
	u64 unwaited = make_process(test, child);
	struct procsrv_wait w = {
		.parent = parent,
		.what = PROCSRV_WAIT_EXITED,
	};

	use_cpu(test, parent, 1);
	use_cpu(test, child, 10);
	use_cpu(test, grandchild, 100);
	use_cpu(test, unwaited, 1000);
	end_process(test, grandchild);
	reap_child(test, child, grandchild);
	KUNIT_EXPECT_EQ(test, children_time_of(test, child), 100);
	KUNIT_EXPECT_EQ(test, info_of(test, child).cpu_time, 10);

	end_process(test, unwaited);
	end_process(test, child);
	KUNIT_EXPECT_EQ(test, children_time_of(test, parent), 0);
	KUNIT_EXPECT_EQ(test, wait_now(test, &w), 0);
	KUNIT_EXPECT_EQ(test, w.pid, child);
	KUNIT_EXPECT_EQ(test, w.cpu_time, 10);
	KUNIT_EXPECT_EQ(test, w.children_cpu_time, 100);
	KUNIT_EXPECT_EQ(test, children_time_of(test, parent), 110);
	KUNIT_EXPECT_EQ(test, info_of(test, parent).cpu_time, 1);

	reap_child(test, PROCSRV_INIT_PID, unwaited);
	KUNIT_EXPECT_EQ(test, children_time_of(test, PROCSRV_INIT_PID),
			1000);
}

static void stop_does_not_count_cpu_time(struct kunit *test)
{
	u64 pid = make_process(test, PROCSRV_INIT_PID);
	struct procsrv_wait w = {
		.parent = PROCSRV_INIT_PID,
		.what = PROCSRV_WAIT_STOPPED,
	};

	use_cpu(test, pid, 50);
	stop_process(test, pid);
	KUNIT_EXPECT_EQ(test, wait_now(test, &w), 0);
	KUNIT_EXPECT_EQ(test, w.cpu_time, 50);
	KUNIT_EXPECT_EQ(test, children_time_of(test, PROCSRV_INIT_PID),
			0);
}

/* Reports of a child go to its new parent. */
static void reports_pass_to_init(struct kunit *test)
{
	u64 parent = make_process(test, PROCSRV_INIT_PID);
	struct procsrv_wait w = {
		.parent = PROCSRV_INIT_PID,
		.what = PROCSRV_WAIT_STOPPED | PROCSRV_WAIT_CONTINUED,
	};
	u64 pids[2];

	make_processes(test, parent, pids, 2);
	stop_process(test, pids[0]);
	stop_process(test, pids[1]);
	continue_process(test, pids[1]);
	end_process(test, parent);
	KUNIT_EXPECT_EQ(test, wait_now(test, &w), 0);
	KUNIT_EXPECT_EQ(test, w.pid, pids[0]);
	KUNIT_EXPECT_EQ(test, w.why, PROCSRV_WAIT_STOPPED);
	KUNIT_EXPECT_EQ(test, wait_now(test, &w), 0);
	KUNIT_EXPECT_EQ(test, w.pid, pids[1]);
	KUNIT_EXPECT_EQ(test, w.why, PROCSRV_WAIT_CONTINUED);
	KUNIT_EXPECT_EQ(test, wait_now(test, &w), -EAGAIN);
}

static struct kunit_case wait_cases[] = {
	KUNIT_CASE(exit_is_returned_and_reaped),
	KUNIT_CASE(stop_is_returned_once),
	KUNIT_CASE(continuation_is_returned_once),
	KUNIT_CASE(later_change_hides_the_earlier),
	KUNIT_CASE(nowait_consumes_nothing),
	KUNIT_CASE(why_names_what_happened),
	KUNIT_CASE(any_takes_the_lowest_pid_first),
	KUNIT_CASE(lowest_pid_over_all_kinds),
	KUNIT_CASE(pid_takes_only_that_child),
	KUNIT_CASE(pid_of_a_stranger),
	KUNIT_CASE(pgid_takes_only_that_group),
	KUNIT_CASE(pgid_of_strangers),
	KUNIT_CASE(wait_follows_a_child_to_its_new_group),
	KUNIT_CASE(without_children),
	KUNIT_CASE(zombies_alone_never_stop),
	KUNIT_CASE(parent_missing_or_zombie),
	KUNIT_CASE(senseless_arguments),
	KUNIT_CASE(failed_wait_leaves_the_result_alone),
	KUNIT_CASE(cpu_time_adds_up),
	KUNIT_CASE(stop_does_not_count_cpu_time),
	KUNIT_CASE(reports_pass_to_init),
	{}
};

static struct kunit_suite wait_suite = {
	.name = "procsrv-wait",
	.init = fixture_init,
	.exit = fixture_exit,
	.test_cases = wait_cases,
};

kunit_test_suite(wait_suite);
