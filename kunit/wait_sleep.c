// SPDX-License-Identifier: GPL-2.0-only
/*
 * Waits that sleep: what ends them, and what does not
 */
#include <linux/delay.h>
#include <linux/sched/signal.h>

#include "common.h"

static struct procsrv_wait for_exit_of_any(u64 parent)
{
	return (struct procsrv_wait) {
		.parent = parent,
		.which = PROCSRV_WAIT_ANY,
		.what = PROCSRV_WAIT_EXITED,
	};
}

static struct wait_task *start_wait_any(struct kunit *test, u64 parent,
					u32 what)
{
	struct procsrv_wait w = for_exit_of_any(parent);

	w.what = what;
	return start_wait(test, &w);
}

static void exit_wakes(struct kunit *test)
{
	u64 parent = make_process(test, PROCSRV_INIT_PID);
	u64 pid = make_process(test, parent);
	struct wait_task *t;

	t = start_wait_any(test, parent, PROCSRV_WAIT_EXITED);
	expect_waiting(test, parent, 1);
	expect_still_waiting(test, t);
	KUNIT_EXPECT_EQ(test, procsrv_terminate(server(test), pid, 5, 0), 0);
	KUNIT_EXPECT_EQ(test, join_wait(test, t), 0);
	KUNIT_EXPECT_EQ(test, t->w.pid, pid);
	KUNIT_EXPECT_EQ(test, t->w.why, PROCSRV_WAIT_EXITED);
	KUNIT_EXPECT_EQ(test, t->w.exit_code, 5);
	KUNIT_EXPECT_EQ(test, look_up(test, pid), -ESRCH);
}

static void kill_wakes(struct kunit *test)
{
	u64 parent = make_process(test, PROCSRV_INIT_PID);
	u64 pid = make_process(test, parent);
	struct wait_task *t;

	t = start_wait_any(test, parent, PROCSRV_WAIT_EXITED);
	expect_waiting(test, parent, 1);
	KUNIT_EXPECT_EQ(test, signal_pid(test, pid, PROCSRV_SIGTERM), 0);
	KUNIT_EXPECT_EQ(test, join_wait(test, t), 0);
	KUNIT_EXPECT_EQ(test, t->w.exit_code, 0);
	KUNIT_EXPECT_EQ(test, t->w.exit_signal, PROCSRV_SIGTERM);
}

static void stop_wakes_who_waits_for_stops(struct kunit *test)
{
	u64 parent = make_process(test, PROCSRV_INIT_PID);
	u64 pid = make_process(test, parent);
	struct wait_task *exits, *stops;

	exits = start_wait_any(test, parent, PROCSRV_WAIT_EXITED);
	stops = start_wait_any(test, parent, PROCSRV_WAIT_STOPPED);
	expect_waiting(test, parent, 2);
	stop_process(test, pid);
	KUNIT_EXPECT_EQ(test, join_wait(test, stops), 0);
	KUNIT_EXPECT_EQ(test, stops->w.why, PROCSRV_WAIT_STOPPED);
	KUNIT_EXPECT_EQ(test, stops->w.pid, pid);
	expect_still_waiting(test, exits);
	end_process(test, pid);
	KUNIT_EXPECT_EQ(test, join_wait(test, exits), 0);
}

static void continuation_wakes_who_waits_for_it(struct kunit *test)
{
	u64 parent = make_process(test, PROCSRV_INIT_PID);
	u64 pid = make_process(test, parent);
	struct wait_task *t;

	t = start_wait_any(test, parent, PROCSRV_WAIT_CONTINUED);
	expect_waiting(test, parent, 1);
	stop_process(test, pid);
	expect_still_waiting(test, t);
	continue_process(test, pid);
	KUNIT_EXPECT_EQ(test, join_wait(test, t), 0);
	KUNIT_EXPECT_EQ(test, t->w.why, PROCSRV_WAIT_CONTINUED);
}

static void others_do_not_end_a_wait_for_one(struct kunit *test)
{
	u64 parent = make_process(test, PROCSRV_INIT_PID);
	u64 a = make_process(test, parent);
	u64 b = make_process(test, parent);
	struct procsrv_wait w = for_exit_of_any(parent);
	struct wait_task *t;

	w.which = PROCSRV_WAIT_PID;
	w.id = b;
	t = start_wait(test, &w);
	expect_waiting(test, parent, 1);
	end_process(test, a);
	expect_still_waiting(test, t);
	end_process(test, b);
	KUNIT_EXPECT_EQ(test, join_wait(test, t), 0);
	KUNIT_EXPECT_EQ(test, t->w.pid, b);
	KUNIT_EXPECT_EQ(test, state_of(test, a), PROCSRV_ZOMBIE);
}

static void others_do_not_end_a_wait_for_a_group(struct kunit *test)
{
	u64 parent = make_process(test, PROCSRV_INIT_PID);
	u64 a = make_process(test, parent);
	u64 b = make_process(test, parent);
	struct procsrv_wait w = for_exit_of_any(parent);
	struct wait_task *t;

	w.which = PROCSRV_WAIT_PGID;
	w.id = make_group(test, b);
	t = start_wait(test, &w);
	expect_waiting(test, parent, 1);
	end_process(test, a);
	expect_still_waiting(test, t);
	end_process(test, b);
	KUNIT_EXPECT_EQ(test, join_wait(test, t), 0);
	KUNIT_EXPECT_EQ(test, t->w.pid, b);
}

static void parent_reads_as_waiting(struct kunit *test)
{
	u64 parent = make_process(test, PROCSRV_INIT_PID);
	u64 pid = make_process(test, parent);
	struct wait_task *t;

	t = start_wait_any(test, parent, PROCSRV_WAIT_EXITED);
	expect_waiting(test, parent, 1);
	KUNIT_EXPECT_EQ(test, state_of(test, parent), PROCSRV_WAITING);
	KUNIT_EXPECT_EQ(test, state_of(test, pid), PROCSRV_RUNNING);
	KUNIT_EXPECT_EQ(test, stats_of(test).sleeping, 1);
	KUNIT_EXPECT_EQ(test, stats_of(test).running, 2);
	end_process(test, pid);
	KUNIT_EXPECT_EQ(test, join_wait(test, t), 0);
	KUNIT_EXPECT_EQ(test, state_of(test, parent), PROCSRV_RUNNING);
	KUNIT_EXPECT_EQ(test, stats_of(test).sleeping, 0);
	KUNIT_EXPECT_EQ(test, stats_of(test).running, 2);
}

/* WAITING hides RUNNING and SLEEPING, until the last waiter is gone. */
static void waiting_covers_sleeping(struct kunit *test)
{
	u64 parent = make_process(test, PROCSRV_INIT_PID);
	u64 pids[2];
	struct wait_task *a, *b;

	make_processes(test, parent, pids, 2);
	sleep_process(test, parent);
	a = start_wait_any(test, parent, PROCSRV_WAIT_EXITED);
	b = start_wait_any(test, parent, PROCSRV_WAIT_EXITED);
	expect_waiting(test, parent, 2);
	KUNIT_EXPECT_EQ(test, stats_of(test).sleeping, 1);
	end_process(test, pids[0]);
	expect_waiting(test, parent, 1);
	KUNIT_EXPECT_EQ(test, state_of(test, parent), PROCSRV_WAITING);
	end_process(test, pids[1]);
	KUNIT_EXPECT_EQ(test, join_wait(test, a), 0);
	KUNIT_EXPECT_EQ(test, join_wait(test, b), 0);
	KUNIT_EXPECT_EQ(test, state_of(test, parent), PROCSRV_SLEEPING);
	KUNIT_EXPECT_EQ(test, stats_of(test).sleeping, 1);
}

/* STOPPED hides WAITING. */
static void stopped_covers_waiting(struct kunit *test)
{
	u64 parent = make_process(test, PROCSRV_INIT_PID);
	u64 pid = make_process(test, parent);
	struct wait_task *t;

	t = start_wait_any(test, parent, PROCSRV_WAIT_EXITED);
	expect_waiting(test, parent, 1);
	stop_process(test, parent);
	KUNIT_EXPECT_EQ(test, stats_of(test).stopped, 1);
	KUNIT_EXPECT_EQ(test, stats_of(test).sleeping, 0);
	KUNIT_EXPECT_EQ(test, signal_pid(test, parent, PROCSRV_SIGCONT), 0);
	KUNIT_EXPECT_EQ(test, state_of(test, parent), PROCSRV_WAITING);
	KUNIT_EXPECT_EQ(test, stats_of(test).stopped, 0);
	KUNIT_EXPECT_EQ(test, stats_of(test).sleeping, 1);
	end_process(test, pid);
	KUNIT_EXPECT_EQ(test, join_wait(test, t), 0);
	KUNIT_EXPECT_EQ(test, state_of(test, parent), PROCSRV_RUNNING);
}

static void parent_that_exits_ends_its_waits(struct kunit *test)
{
	u64 parent = make_process(test, PROCSRV_INIT_PID);
	u64 pid = make_process(test, parent);
	struct wait_task *a, *b;

	a = start_wait_any(test, parent, PROCSRV_WAIT_EXITED);
	b = start_wait_any(test, parent, PROCSRV_WAIT_STOPPED);
	expect_waiting(test, parent, 2);
	end_process(test, parent);
	KUNIT_EXPECT_EQ(test, join_wait(test, a), -ESRCH);
	KUNIT_EXPECT_EQ(test, join_wait(test, b), -ESRCH);
	KUNIT_EXPECT_EQ(test, state_of(test, parent), PROCSRV_ZOMBIE);
	KUNIT_EXPECT_EQ(test, stats_of(test).sleeping, 0);
	KUNIT_EXPECT_EQ(test, ppid_of(test, pid), PROCSRV_INIT_PID);
}

/* The waiter may run long after its parent is gone. */
static void parent_that_is_reaped_ends_its_waits(struct kunit *test)
{
	int i;

	for (i = 0; i < 50; i++) {
		u64 parent = make_process(test, PROCSRV_INIT_PID);
		struct wait_task *t;

		make_process(test, parent);
		t = start_wait_any(test, parent, PROCSRV_WAIT_EXITED);
		expect_waiting(test, parent, 1);
		end_process(test, parent);
		reap_child(test, PROCSRV_INIT_PID, parent);
		KUNIT_EXPECT_EQ(test, join_wait(test, t), -ESRCH);
	}
	KUNIT_EXPECT_EQ(test, stats_of(test).sleeping, 0);
	KUNIT_EXPECT_EQ(test, stats_of(test).running, 51);
}

/* Two waiters, one child: one gets its exit, the other has no child left. */
static void last_child_ends_every_wait(struct kunit *test)
{
	u64 parent = make_process(test, PROCSRV_INIT_PID);
	u64 pid = make_process(test, parent);
	struct wait_task *a, *b;
	int ra, rb;

	a = start_wait_any(test, parent, PROCSRV_WAIT_EXITED);
	b = start_wait_any(test, parent, PROCSRV_WAIT_EXITED);
	expect_waiting(test, parent, 2);
	end_process(test, pid);
	ra = join_wait(test, a);
	rb = join_wait(test, b);
	KUNIT_EXPECT_EQ(test, min(ra, rb), -ECHILD);
	KUNIT_EXPECT_EQ(test, max(ra, rb), 0);
}

/* A wait for a stop fails once the child has exited. */
static void exit_ends_a_wait_for_stops(struct kunit *test)
{
	u64 parent = make_process(test, PROCSRV_INIT_PID);
	u64 pid = make_process(test, parent);
	struct wait_task *t;

	t = start_wait_any(test, parent, PROCSRV_WAIT_STOPPED);
	expect_waiting(test, parent, 1);
	end_process(test, pid);
	KUNIT_EXPECT_EQ(test, join_wait(test, t), -ECHILD);
	KUNIT_EXPECT_EQ(test, state_of(test, pid), PROCSRV_ZOMBIE);
}

static void reaping_ends_a_wait_for_the_zombie(struct kunit *test)
{
	u64 parent = make_process(test, PROCSRV_INIT_PID);
	u64 pid = make_process(test, parent);
	struct procsrv_wait w = for_exit_of_any(PROCSRV_INIT_PID);
	struct wait_task *t;

	w.which = PROCSRV_WAIT_PID;
	w.what = PROCSRV_WAIT_STOPPED;
	w.id = parent;
	t = start_wait(test, &w);
	expect_waiting(test, PROCSRV_INIT_PID, 1);
	end_process(test, pid);
	expect_still_waiting(test, t);
	end_process(test, parent);
	KUNIT_EXPECT_EQ(test, join_wait(test, t), -ECHILD);
	KUNIT_EXPECT_EQ(test, procsrv_reap(server(test)), 2);
}

static void nowait_leaves_the_child_for_all(struct kunit *test)
{
	u64 parent = make_process(test, PROCSRV_INIT_PID);
	u64 pid = make_process(test, parent);
	struct procsrv_wait w = for_exit_of_any(parent);
	struct wait_task *tasks[3];
	u32 i;

	w.flags = PROCSRV_WAIT_NOWAIT;
	for (i = 0; i < ARRAY_SIZE(tasks); i++)
		tasks[i] = start_wait(test, &w);
	expect_waiting(test, parent, ARRAY_SIZE(tasks));
	end_process(test, pid);
	for (i = 0; i < ARRAY_SIZE(tasks); i++) {
		KUNIT_EXPECT_EQ(test, join_wait(test, tasks[i]), 0);
		KUNIT_EXPECT_EQ(test, tasks[i]->w.pid, pid);
	}
	reap_child(test, parent, pid);
}

static void every_waiter_gets_one_child(struct kunit *test)
{
	u64 parent = make_process(test, PROCSRV_INIT_PID);
	struct wait_task *tasks[6];
	u64 pids[6], seen = 0;
	u32 i;

	make_processes(test, parent, pids, ARRAY_SIZE(pids));
	for (i = 0; i < ARRAY_SIZE(tasks); i++)
		tasks[i] = start_wait_any(test, parent, PROCSRV_WAIT_EXITED);
	expect_waiting(test, parent, ARRAY_SIZE(tasks));
	for (i = ARRAY_SIZE(pids); i-- > 0;)
		end_process(test, pids[i]);
	for (i = 0; i < ARRAY_SIZE(tasks); i++) {
		KUNIT_EXPECT_EQ(test, join_wait(test, tasks[i]), 0);
		seen |= BIT_ULL(tasks[i]->w.pid - pids[0]);
	}
	KUNIT_EXPECT_EQ(test, seen, BIT_ULL(ARRAY_SIZE(pids)) - 1);
	KUNIT_EXPECT_EQ(test, stats_of(test).total_processes, 2);
}

/* A zombie that is reparented to init may end a wait. */
static void adoption_wakes(struct kunit *test)
{
	u64 elder = make_process(test, PROCSRV_INIT_PID);
	u64 parent = make_process(test, elder);
	u64 zombie = make_process(test, parent);
	u64 other = make_process(test, PROCSRV_INIT_PID);
	u32 pgid = make_group(test, zombie);
	struct procsrv_wait w = for_exit_of_any(PROCSRV_INIT_PID);
	struct wait_task *t;

	/* A wait is possible as the group has a living member. */
	join_group(test, other, pgid);
	end_process(test, zombie);
	w.which = PROCSRV_WAIT_PGID;
	w.id = pgid;
	t = start_wait(test, &w);
	expect_waiting(test, PROCSRV_INIT_PID, 1);
	expect_still_waiting(test, t);
	/* The parent is no child of init: its exit is not reported to init. */
	end_process(test, parent);
	KUNIT_EXPECT_EQ(test, join_wait(test, t), 0);
	KUNIT_EXPECT_EQ(test, t->w.pid, zombie);
	KUNIT_EXPECT_EQ(test, stats_of(test).orphans, 0);
}

static void move_into_the_group_wakes(struct kunit *test)
{
	u64 parent = make_process(test, PROCSRV_INIT_PID);
	u64 zombie = make_zombie(test, parent);
	u64 other = make_process(test, parent);
	struct procsrv_wait w = for_exit_of_any(parent);
	struct wait_task *t;

	w.which = PROCSRV_WAIT_PGID;
	w.id = make_group(test, other);
	t = start_wait(test, &w);
	expect_waiting(test, parent, 1);
	join_group(test, zombie, w.id);
	KUNIT_EXPECT_EQ(test, join_wait(test, t), 0);
	KUNIT_EXPECT_EQ(test, t->w.pid, zombie);
}

static void move_out_of_the_group_ends_the_wait(struct kunit *test)
{
	u64 parent = make_process(test, PROCSRV_INIT_PID);
	u64 pid = make_process(test, parent);
	struct procsrv_wait w = for_exit_of_any(parent);
	struct wait_task *t;

	w.which = PROCSRV_WAIT_PGID;
	w.id = make_group(test, pid);
	t = start_wait(test, &w);
	expect_waiting(test, parent, 1);
	make_group(test, pid);
	KUNIT_EXPECT_EQ(test, join_wait(test, t), -ECHILD);
}

static void wait_times_out(struct kunit *test)
{
	u64 parent = make_process(test, PROCSRV_INIT_PID);
	u64 pid = make_process(test, parent);
	struct procsrv_wait w = for_exit_of_any(parent);
	struct wait_task *t;
	ktime_t begin;

	w.flags = PROCSRV_WAIT_TIMEOUT;
	w.timeout = 60 * NSEC_PER_MSEC;
	begin = ktime_get();
	t = start_wait(test, &w);
	KUNIT_EXPECT_EQ(test, join_wait(test, t), -ETIMEDOUT);
	KUNIT_EXPECT_GE(test, ktime_to_ms(ktime_sub(ktime_get(), begin)), 60);
	KUNIT_EXPECT_EQ(test, t->w.pid, U64_MAX);
	KUNIT_EXPECT_EQ(test, state_of(test, parent), PROCSRV_RUNNING);
	KUNIT_EXPECT_EQ(test, state_of(test, pid), PROCSRV_RUNNING);
}

static void no_time_at_all(struct kunit *test)
{
	u64 parent = make_process(test, PROCSRV_INIT_PID);
	u64 pid = make_process(test, parent);
	struct procsrv_wait w = for_exit_of_any(parent);

	w.flags = PROCSRV_WAIT_TIMEOUT;
	KUNIT_EXPECT_EQ(test, procsrv_wait(server(test), &w), -ETIMEDOUT);
	end_process(test, pid);
	KUNIT_EXPECT_EQ(test, procsrv_wait(server(test), &w), 0);
	KUNIT_EXPECT_EQ(test, procsrv_wait(server(test), &w), -ECHILD);
}

static void exit_comes_before_the_time_is_up(struct kunit *test)
{
	/* The longest timeouts must not be mistaken for past ones. */
	static const u64 timeouts[] = {
		3600 * NSEC_PER_SEC, S64_MAX,
		(u64)S64_MAX + 1, U64_MAX - 1, U64_MAX,
	};
	u64 parent = make_process(test, PROCSRV_INIT_PID);
	struct procsrv_wait w = for_exit_of_any(parent);
	u32 i;

	w.flags = PROCSRV_WAIT_TIMEOUT;
	for (i = 0; i < ARRAY_SIZE(timeouts); i++) {
		u64 pid = make_process(test, parent);
		struct wait_task *t;

		w.timeout = timeouts[i];
		t = start_wait(test, &w);
		expect_waiting(test, parent, 1);
		expect_still_waiting(test, t);
		end_process(test, pid);
		KUNIT_EXPECT_EQ(test, join_wait(test, t), 0);
		KUNIT_EXPECT_EQ(test, t->w.pid, pid);
	}
}

static void signal_interrupts(struct kunit *test)
{
	u64 parent = make_process(test, PROCSRV_INIT_PID);
	struct procsrv_wait w = for_exit_of_any(parent);
	struct wait_task *t;

	make_process(test, parent);
	t = start_wait(test, &w);
	expect_waiting(test, parent, 1);
	expect_still_waiting(test, t);
	send_sig(SIGKILL, t->task, 1);
	KUNIT_EXPECT_EQ(test, join_wait(test, t), -ERESTARTSYS);
	KUNIT_EXPECT_EQ(test, t->w.pid, U64_MAX);
	KUNIT_EXPECT_EQ(test, t->w.timeout, 0);
	KUNIT_EXPECT_EQ(test, state_of(test, parent), PROCSRV_RUNNING);
}

static u64 what_interruption_leaves(struct kunit *test, u64 timeout)
{
	u64 parent = make_process(test, PROCSRV_INIT_PID);
	struct procsrv_wait w = for_exit_of_any(parent);
	struct wait_task *t;

	make_process(test, parent);
	w.flags = PROCSRV_WAIT_TIMEOUT;
	w.timeout = timeout;
	t = start_wait(test, &w);
	expect_waiting(test, parent, 1);
	expect_asleep(test, t);
	msleep(50);
	send_sig(SIGKILL, t->task, 1);
	KUNIT_EXPECT_EQ(test, join_wait(test, t), -ERESTARTSYS);
	return t->w.timeout;
}

static void interrupted_wait_tells_what_was_left(struct kunit *test)
{
	const u64 timeout = 3600ULL * NSEC_PER_SEC;
	u64 began = ktime_get_ns();
	u64 left = what_interruption_leaves(test, timeout);
	u64 took = ktime_get_ns() - began;

	KUNIT_EXPECT_LE(test, left, timeout - 50 * NSEC_PER_MSEC);
	KUNIT_EXPECT_GE(test, left, timeout - took);
	/* An infinite timeout leaves a long time. */
	left = what_interruption_leaves(test, U64_MAX);
	KUNIT_EXPECT_GE(test, left, S64_MAX / 2);
}

/* A wait that has a child to return is not interrupted. */
static void child_comes_before_a_signal(struct kunit *test)
{
	u64 parent = make_process(test, PROCSRV_INIT_PID);
	u64 pid = make_zombie(test, parent);
	struct procsrv_wait w = for_exit_of_any(parent);
	struct wait_task *t = start_wait(test, &w);

	send_sig(SIGKILL, t->task, 1);
	KUNIT_EXPECT_EQ(test, join_wait(test, t), 0);
	KUNIT_EXPECT_EQ(test, t->w.pid, pid);
}

static void init_waits_like_any_other(struct kunit *test)
{
	u64 parent = make_process(test, PROCSRV_INIT_PID);
	u64 child = make_process(test, parent);
	struct wait_task *t;

	t = start_wait_any(test, PROCSRV_INIT_PID, PROCSRV_WAIT_EXITED);
	expect_waiting(test, PROCSRV_INIT_PID, 1);
	KUNIT_EXPECT_EQ(test, state_of(test, PROCSRV_INIT_PID),
			PROCSRV_WAITING);
	end_process(test, child);
	expect_still_waiting(test, t);
	end_process(test, parent);
	KUNIT_EXPECT_EQ(test, join_wait(test, t), 0);
	/* Both became zombies of init in one step. */
	KUNIT_EXPECT_EQ(test, t->w.pid, parent);
	KUNIT_EXPECT_EQ(test, look_up(test, child), 0);
	KUNIT_EXPECT_EQ(test, state_of(test, PROCSRV_INIT_PID),
			PROCSRV_RUNNING);
	KUNIT_EXPECT_EQ(test, procsrv_reap(server(test)), 1);
}

static struct kunit_case wait_sleep_cases[] = {
	KUNIT_CASE(exit_wakes),
	KUNIT_CASE(kill_wakes),
	KUNIT_CASE(stop_wakes_who_waits_for_stops),
	KUNIT_CASE(continuation_wakes_who_waits_for_it),
	KUNIT_CASE(others_do_not_end_a_wait_for_one),
	KUNIT_CASE(others_do_not_end_a_wait_for_a_group),
	KUNIT_CASE(parent_reads_as_waiting),
	KUNIT_CASE(waiting_covers_sleeping),
	KUNIT_CASE(stopped_covers_waiting),
	KUNIT_CASE(parent_that_exits_ends_its_waits),
	KUNIT_CASE(parent_that_is_reaped_ends_its_waits),
	KUNIT_CASE(last_child_ends_every_wait),
	KUNIT_CASE(exit_ends_a_wait_for_stops),
	KUNIT_CASE(reaping_ends_a_wait_for_the_zombie),
	KUNIT_CASE(nowait_leaves_the_child_for_all),
	KUNIT_CASE(every_waiter_gets_one_child),
	KUNIT_CASE(adoption_wakes),
	KUNIT_CASE(move_into_the_group_wakes),
	KUNIT_CASE(move_out_of_the_group_ends_the_wait),
	KUNIT_CASE(wait_times_out),
	KUNIT_CASE(no_time_at_all),
	KUNIT_CASE(exit_comes_before_the_time_is_up),
	KUNIT_CASE(signal_interrupts),
	KUNIT_CASE(interrupted_wait_tells_what_was_left),
	KUNIT_CASE(child_comes_before_a_signal),
	KUNIT_CASE(init_waits_like_any_other),
	{}
};

static struct kunit_suite wait_sleep_suite = {
	.name = "procsrv-wait-sleep",
	.init = fixture_init,
	.exit = fixture_exit,
	.test_cases = wait_sleep_cases,
};

kunit_test_suite(wait_sleep_suite);
