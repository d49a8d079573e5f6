// SPDX-License-Identifier: GPL-2.0-only
/*
 * Several waiters: a report or a signal is handed to one of them, and there are
 * no spurious wake-ups
 */
#include <linux/delay.h>
#include <linux/mm.h>

#include "common.h"

enum {
	NR_CROWD = 100,
	NR_MULTITUDE = 10000,
	NR_PATIENT = 1000,
	NR_EXITS = 300,
	NR_MOMENTS = 120,

	/* One for its wait, and two for changes of others around it. */
	MAX_SWITCHES = 3,
};

static struct wait_task *start_any(struct kunit *test, u64 parent)
{
	return start_for(test, parent, PROCSRV_WAIT_ANY, 0,
			 PROCSRV_WAIT_EXITED, 0);
}

static struct wait_task *start_pid(struct kunit *test, u64 parent, u64 pid)
{
	return start_for(test, parent, PROCSRV_WAIT_PID, pid,
			 PROCSRV_WAIT_EXITED, 0);
}

static struct wait_task *start_pgid(struct kunit *test, u64 parent, u32 pgid)
{
	return start_for(test, parent, PROCSRV_WAIT_PGID, pgid,
			 PROCSRV_WAIT_EXITED, 0);
}

static void expect_handed(struct kunit *test, struct wait_task *t, u64 pid)
{
	KUNIT_EXPECT_EQ(test, join_wait(test, t), 0);
	KUNIT_EXPECT_EQ(test, t->w.pid, pid);
}

static u32 nr_done(struct wait_task **tasks, u32 n)
{
	u32 i, done = 0;

	for (i = 0; i < n; i++)
		done += completion_done(&tasks[i]->done);
	return done;
}

/* The server hands over an exit at once: the task need not run for that. */
static void one_exit_ends_one_wait(struct kunit *test)
{
	u64 parent = make_process(test, PROCSRV_INIT_PID);
	struct wait_task *tasks[10];
	u64 pids[10], seen = 0;
	u32 i;

	make_processes(test, parent, pids, ARRAY_SIZE(pids));
	for (i = 0; i < ARRAY_SIZE(tasks); i++)
		tasks[i] = start_any(test, parent);
	expect_waiting(test, parent, ARRAY_SIZE(tasks));
	for (i = 0; i < ARRAY_SIZE(tasks); i++) {
		u32 left = ARRAY_SIZE(tasks) - i - 1;

		end_process(test, pids[i]);
		KUNIT_EXPECT_EQ(test, look_up(test, pids[i]), -ESRCH);
		expect_waiting(test, parent, left);
		KUNIT_EXPECT_LE(test, nr_done(tasks, ARRAY_SIZE(tasks)), i + 1);
	}
	for (i = 0; i < ARRAY_SIZE(tasks); i++) {
		KUNIT_EXPECT_EQ(test, join_wait(test, tasks[i]), 0);
		seen |= BIT_ULL(tasks[i]->w.pid - pids[0]);
	}
	KUNIT_EXPECT_EQ(test, seen, BIT_ULL(ARRAY_SIZE(pids)) - 1);
}

/* With a thundering herd there would be thousands of switches. */
static void crowd_wakes_once_each(struct kunit *test)
{
	u64 parent = make_process(test, PROCSRV_INIT_PID);
	struct wait_task **tasks;
	unsigned long switches = 0;
	u64 *pids;
	u32 i;

	tasks = kunit_kcalloc(test, NR_CROWD, sizeof(*tasks), GFP_KERNEL);
	pids = kunit_kcalloc(test, NR_CROWD, sizeof(*pids), GFP_KERNEL);
	KUNIT_ASSERT_NOT_NULL(test, tasks);
	KUNIT_ASSERT_NOT_NULL(test, pids);
	make_processes(test, parent, pids, NR_CROWD);
	for (i = 0; i < NR_CROWD; i++)
		tasks[i] = start_any(test, parent);
	expect_waiting(test, parent, NR_CROWD);
	for (i = 0; i < NR_CROWD; i++)
		end_process(test, pids[NR_CROWD - 1 - i]);
	for (i = 0; i < NR_CROWD; i++) {
		KUNIT_EXPECT_EQ(test, join_wait(test, tasks[i]), 0);
		KUNIT_EXPECT_LE(test, tasks[i]->switches, MAX_SWITCHES);
		switches += tasks[i]->switches;
	}
	KUNIT_EXPECT_LE(test, switches, 2 * NR_CROWD);
	KUNIT_EXPECT_EQ(test, stats_of(test).total_processes, 2);
}

/* The exit of a child wakes one of many waiters, the parent's wakes all. */
static void multitude(struct kunit *test)
{
	u64 parent = make_process(test, PROCSRV_INIT_PID);
	const struct procsrv_wait w = {
		.parent = parent,
		.which = PROCSRV_WAIT_ANY,
		.what = PROCSRV_WAIT_EXITED,
	};
	struct request *requests;
	u64 pids[20], began, one = 0, all;
	u32 nr_woken = 0, i;

	make_processes(test, parent, pids, ARRAY_SIZE(pids));
	/* While this child lives there is something to wait for. */
	make_process(test, parent);
	requests = kvcalloc(NR_MULTITUDE, sizeof(*requests), GFP_KERNEL);
	KUNIT_ASSERT_NOT_NULL(test, requests);
	for (i = 0; i < NR_MULTITUDE; i++)
		start_request(test, &requests[i], &w, &nr_woken);
	for (i = 0; i < ARRAY_SIZE(pids); i++) {
		began = ktime_get_ns();
		end_process(test, pids[i]);
		one = max(one, ktime_get_ns() - began);
		KUNIT_EXPECT_EQ(test, nr_woken, i + 1);
	}
	began = ktime_get_ns();
	end_process(test, parent);
	all = ktime_get_ns() - began;
	KUNIT_EXPECT_EQ(test, nr_woken, NR_MULTITUDE);
	for (i = 0; i < NR_MULTITUDE; i++) {
		struct request *r = &requests[i];

		KUNIT_EXPECT_EQ(test, r->woken, 1);
		KUNIT_EXPECT_EQ(test, procsrv_wait_end(server(test),
						       &r->waiter, -EINTR),
				i < ARRAY_SIZE(pids) ? 0 : -ESRCH);
		if (i < ARRAY_SIZE(pids))
			KUNIT_EXPECT_EQ(test, r->w.pid, pids[i]);
	}
	kunit_info(test, "to wake one took up to %llu us, to wake %u %llu us\n",
		   one / NSEC_PER_USEC,
		   NR_MULTITUDE - (u32)ARRAY_SIZE(pids), all / NSEC_PER_USEC);
	kvfree(requests);
}

/*
 * A signal ends NR_EXITS members of a group while there are many waiters for
 * stops, of that group or of any child. In the end no member is left that could
 * stop.
 */
static void end_group_beside(struct kunit *test, enum procsrv_wait_which which)
{
	u64 parent = make_process(test, PROCSRV_INIT_PID), pid;
	struct procsrv_wait w = {
		.parent = parent,
		.which = which,
		.what = PROCSRV_WAIT_STOPPED,
	};
	struct request *requests, *r;
	u32 pgid, i;

	requests = kvcalloc(NR_PATIENT, sizeof(*requests), GFP_KERNEL);
	KUNIT_ASSERT_NOT_NULL(test, requests);
	pid = make_process(test, parent);
	pgid = make_group(test, pid);
	w.id = which == PROCSRV_WAIT_PGID ? pgid : 0;
	for (i = 1; i < NR_EXITS; i++)
		join_group(test, make_process(test, parent), pgid);
	make_process(test, parent);
	for (i = 0; i < NR_PATIENT; i++)
		start_request(test, &requests[i], &w, NULL);
	KUNIT_EXPECT_EQ(test, signal_to(test, PROCSRV_TARGET_PGID, pgid, 9),
			NR_EXITS);
	for (i = 0; i < NR_PATIENT; i++) {
		r = &requests[i];
		KUNIT_EXPECT_EQ(test, r->woken, which == PROCSRV_WAIT_PGID);
		KUNIT_EXPECT_EQ(test, procsrv_wait_end(server(test),
						       &r->waiter, -EINTR),
				r->woken ? -ECHILD : -EINTR);
	}
	kvfree(requests);
}

static void group_that_is_over(struct kunit *test)
{
	end_group_beside(test, PROCSRV_WAIT_PGID);
	end_group_beside(test, PROCSRV_WAIT_ANY);
}

/* A report that matches other waiters at the parent does not wake a task. */
static void crowd_of_different_tastes(struct kunit *test)
{
	u64 parent = make_process(test, PROCSRV_INIT_PID);
	struct wait_task *tasks[30];
	u64 pids[30];
	u32 i;

	make_processes(test, parent, pids, ARRAY_SIZE(pids));
	for (i = 0; i < ARRAY_SIZE(tasks); i++)
		tasks[i] = i % 2 ? start_pid(test, parent, pids[i]) :
				   start_pgid(test, parent,
					      make_group(test, pids[i]));
	expect_waiting(test, parent, ARRAY_SIZE(tasks));
	for (i = 0; i < ARRAY_SIZE(tasks); i++) {
		stop_process(test, pids[i]);
		continue_process(test, pids[i]);
	}
	for (i = 0; i < ARRAY_SIZE(tasks); i++) {
		end_process(test, pids[i]);
		expect_handed(test, tasks[i], pids[i]);
		KUNIT_EXPECT_LE(test, tasks[i]->switches, MAX_SWITCHES);
	}
}

/* Three kinds of waiters: each gets what it waits for, and nothing else. */
static void pid_group_and_any_at_once(struct kunit *test)
{
	u64 parent = make_process(test, PROCSRV_INIT_PID);
	u64 one = make_process(test, parent);
	u64 member = make_process(test, parent);
	u64 other = make_process(test, parent);
	struct wait_task *for_one, *for_group, *for_any;

	for_one = start_pid(test, parent, one);
	for_group = start_pgid(test, parent, make_group(test, member));
	expect_waiting(test, parent, 2);
	for_any = start_any(test, parent);
	expect_waiting(test, parent, 3);
	end_process(test, other);
	expect_handed(test, for_any, other);
	expect_waiting(test, parent, 2);
	end_process(test, member);
	expect_handed(test, for_group, member);
	end_process(test, one);
	expect_handed(test, for_one, one);
	KUNIT_EXPECT_EQ(test, state_of(test, parent), PROCSRV_RUNNING);
}

/* One of two waiters gets the exit, the other waits on or has no child left. */
static void same_child_for_two(struct kunit *test)
{
	u64 parent = make_process(test, PROCSRV_INIT_PID);
	u64 child = make_process(test, parent);
	u64 sibling = make_process(test, parent);
	struct wait_task *for_pid, *for_any;

	for_pid = start_pid(test, parent, child);
	for_any = start_any(test, parent);
	expect_waiting(test, parent, 2);
	end_process(test, child);
	end_process(test, sibling);
	KUNIT_EXPECT_EQ(test, join_wait(test, for_any), 0);
	if (for_any->w.pid == child) {
		KUNIT_EXPECT_EQ(test, join_wait(test, for_pid), -ECHILD);
		return;
	}
	KUNIT_EXPECT_EQ(test, for_any->w.pid, sibling);
	expect_handed(test, for_pid, child);
}

static void all_who_only_look_see_it(struct kunit *test)
{
	u64 parent = make_process(test, PROCSRV_INIT_PID);
	u64 pid = make_process(test, parent);
	u32 pgid = make_group(test, pid);
	struct wait_task *t[6];
	u32 i;

	for (i = 0; i < ARRAY_SIZE(t); i++)
		t[i] = start_for(test, parent, i % 3,
				 i % 3 == PROCSRV_WAIT_ANY ? 0 :
				 i % 3 == PROCSRV_WAIT_PID ? pid : pgid,
				 PROCSRV_WAIT_EXITED | PROCSRV_WAIT_STOPPED,
				 PROCSRV_WAIT_NOWAIT);
	expect_waiting(test, parent, ARRAY_SIZE(t));
	stop_process(test, pid);
	for (i = 0; i < ARRAY_SIZE(t); i++) {
		expect_handed(test, t[i], pid);
		KUNIT_EXPECT_EQ(test, t[i]->w.why, PROCSRV_WAIT_STOPPED);
	}
	KUNIT_EXPECT_EQ(test, wait_pid(test, parent, pid, PROCSRV_WAIT_STOPPED,
				       0), 0);
}

/* Read-only waiters get a report that is consumed, in any order of arrival. */
static void lookers_see_what_is_consumed(struct kunit *test)
{
	u64 parent = make_process(test, PROCSRV_INIT_PID);
	u64 pid = make_process(test, parent);
	struct wait_task *before, *consumer, *after, *one;

	make_process(test, parent);
	before = start_for(test, parent, PROCSRV_WAIT_ANY, 0,
			   PROCSRV_WAIT_EXITED, PROCSRV_WAIT_NOWAIT);
	expect_waiting(test, parent, 1);
	consumer = start_any(test, parent);
	expect_waiting(test, parent, 2);
	after = start_for(test, parent, PROCSRV_WAIT_ANY, 0,
			  PROCSRV_WAIT_EXITED, PROCSRV_WAIT_NOWAIT);
	one = start_for(test, parent, PROCSRV_WAIT_PID, pid,
			PROCSRV_WAIT_EXITED, PROCSRV_WAIT_NOWAIT);
	expect_waiting(test, parent, 4);
	end_process(test, pid);
	expect_waiting(test, parent, 0);
	expect_handed(test, before, pid);
	expect_handed(test, consumer, pid);
	expect_handed(test, after, pid);
	expect_handed(test, one, pid);
	KUNIT_EXPECT_EQ(test, look_up(test, pid), -ESRCH);
}

/* A stop goes to a waiter for stops, an exit to a waiter for exits. */
static void reports_go_where_they_are_wanted(struct kunit *test)
{
	u64 parent = make_process(test, PROCSRV_INIT_PID);
	u64 pid = make_process(test, parent);
	struct wait_task *t[3];
	u32 i;

	for (i = 0; i < ARRAY_SIZE(t); i++) {
		t[i] = start_for(test, parent, PROCSRV_WAIT_ANY, 0, BIT(i), 0);
		expect_waiting(test, parent, i + 1);
	}
	stop_process(test, pid);
	expect_handed(test, t[1], pid);
	KUNIT_EXPECT_EQ(test, t[1]->w.why, PROCSRV_WAIT_STOPPED);
	KUNIT_EXPECT_EQ(test, t[1]->w.exit_signal, PROCSRV_SIGSTOP);
	expect_waiting(test, parent, 2);
	KUNIT_EXPECT_EQ(test, signal_pid(test, pid, PROCSRV_SIGCONT), 0);
	expect_handed(test, t[2], pid);
	KUNIT_EXPECT_EQ(test, t[2]->w.why, PROCSRV_WAIT_CONTINUED);
	KUNIT_EXPECT_EQ(test, t[2]->w.exit_signal, PROCSRV_SIGCONT);
	expect_waiting(test, parent, 1);
	end_process(test, pid);
	expect_handed(test, t[0], pid);
	KUNIT_EXPECT_EQ(test, t[0]->w.why, PROCSRV_WAIT_EXITED);
}

static void exit_ends_waits_for_stops_only(struct kunit *test)
{
	u64 parent = make_process(test, PROCSRV_INIT_PID);
	u64 pid = make_process(test, parent);
	u32 pgid = make_group(test, pid);
	struct wait_task *t[4];
	u32 i;

	t[0] = start_for(test, parent, PROCSRV_WAIT_ANY, 0,
			 PROCSRV_WAIT_STOPPED, 0);
	t[1] = start_for(test, parent, PROCSRV_WAIT_PID, pid,
			 PROCSRV_WAIT_STOPPED | PROCSRV_WAIT_CONTINUED, 0);
	t[2] = start_for(test, parent, PROCSRV_WAIT_PGID, pgid,
			 PROCSRV_WAIT_CONTINUED, 0);
	t[3] = start_for(test, parent, PROCSRV_WAIT_ANY, 0,
			 PROCSRV_WAIT_STOPPED, PROCSRV_WAIT_NOWAIT);
	expect_waiting(test, parent, 4);
	end_process(test, pid);
	for (i = 0; i < ARRAY_SIZE(t); i++)
		KUNIT_EXPECT_EQ(test, join_wait(test, t[i]), -ECHILD);
	KUNIT_EXPECT_EQ(test, state_of(test, pid), PROCSRV_ZOMBIE);
}

/* The last child that could qualify is reaped by another wait. */
static void reaping_ends_waits_in_vain(struct kunit *test)
{
	u64 parent = make_process(test, PROCSRV_INIT_PID);
	u64 pid = make_process(test, parent);
	u32 pgid = make_group(test, pid);
	u32 i, served = 0, in_vain = 0;
	struct wait_task *t[6];

	for (i = 0; i < ARRAY_SIZE(t); i++)
		t[i] = i % 3 == 0 ? start_any(test, parent) :
		       i % 3 == 1 ? start_pid(test, parent, pid) :
				    start_pgid(test, parent, pgid);
	expect_waiting(test, parent, ARRAY_SIZE(t));
	end_process(test, pid);
	for (i = 0; i < ARRAY_SIZE(t); i++) {
		int ret = join_wait(test, t[i]);

		served += !ret && t[i]->w.pid == pid;
		in_vain += ret == -ECHILD && t[i]->w.pid == U64_MAX;
	}
	KUNIT_EXPECT_EQ(test, served, 1);
	KUNIT_EXPECT_EQ(test, in_vain, ARRAY_SIZE(t) - 1);
	KUNIT_EXPECT_EQ(test, look_up(test, pid), -ESRCH);
}

static void regrouping_ends_waits_in_vain(struct kunit *test)
{
	u64 parent = make_process(test, PROCSRV_INIT_PID);
	u64 stays = make_process(test, parent);
	u64 goes = make_process(test, parent);
	u32 from = make_group(test, goes);
	u32 to = make_group(test, stays);
	struct wait_task *t, *kept;

	t = start_pgid(test, parent, from);
	kept = start_pgid(test, parent, to);
	expect_waiting(test, parent, 2);
	join_group(test, goes, to);
	KUNIT_EXPECT_EQ(test, join_wait(test, t), -ECHILD);
	/* Creating a session ends a wait for the old group, too. */
	expect_waiting(test, parent, 1);
	t = start_pgid(test, parent, to);
	expect_waiting(test, parent, 2);
	end_process(test, goes);
	expect_handed(test, kept, goes);
	expect_waiting(test, parent, 1);
	make_session(test, stays);
	KUNIT_EXPECT_EQ(test, join_wait(test, t), -ECHILD);
}

/* Waits end with the process on whose behalf they are made. */
static void reparenting_ends_waits(struct kunit *test)
{
	u64 reaper = make_process(test, PROCSRV_INIT_PID);
	u64 parent = make_process(test, reaper);
	u64 child = make_process(test, parent);
	struct wait_task *t[4], *at_reaper, *of_child;
	u32 i;

	set_reaper(test, reaper, true);
	make_process(test, child);
	t[0] = start_any(test, parent);
	t[1] = start_pid(test, parent, child);
	t[2] = start_pgid(test, parent, make_group(test, child));
	t[3] = start_for(test, parent, PROCSRV_WAIT_PID, child,
			 PROCSRV_WAIT_STOPPED, PROCSRV_WAIT_NOWAIT);
	at_reaper = start_pid(test, reaper, parent);
	of_child = start_any(test, child);
	expect_waiting(test, parent, 4);
	expect_waiting(test, reaper, 1);
	expect_waiting(test, child, 1);
	end_process(test, parent);
	for (i = 0; i < ARRAY_SIZE(t); i++)
		KUNIT_EXPECT_EQ(test, join_wait(test, t[i]), -ESRCH);
	expect_handed(test, at_reaper, parent);
	KUNIT_EXPECT_EQ(test, ppid_of(test, child), reaper);
	/* Waits on behalf of the child go on. */
	expect_waiting(test, child, 1);
	end_process(test, child);
	KUNIT_EXPECT_EQ(test, join_wait(test, of_child), -ESRCH);
}

/* The reaper has two waiters and gets three zombies: the lowest are reaped. */
static void adopted_zombies_are_handed_out(struct kunit *test)
{
	u64 reaper = make_process(test, PROCSRV_INIT_PID);
	u64 parent = make_process(test, reaper);
	u64 elder = make_process(test, parent);
	struct wait_task *a, *b;
	u64 zombies[3];
	u32 i;

	set_reaper(test, reaper, true);
	make_processes(test, elder, zombies, ARRAY_SIZE(zombies));
	for (i = ARRAY_SIZE(zombies); i-- > 0;)
		end_process(test, zombies[i]);
	a = start_any(test, reaper);
	b = start_any(test, reaper);
	expect_waiting(test, reaper, 2);
	end_process(test, elder);
	KUNIT_EXPECT_EQ(test, join_wait(test, a), 0);
	KUNIT_EXPECT_EQ(test, join_wait(test, b), 0);
	KUNIT_EXPECT_EQ(test, a->w.pid + b->w.pid, zombies[0] + zombies[1]);
	KUNIT_EXPECT_NE(test, a->w.pid, b->w.pid);
	KUNIT_EXPECT_EQ(test, look_up(test, zombies[2]), 0);
	KUNIT_EXPECT_EQ(test, flags_of(test, zombies[2]) & PROCSRV_INFO_ORPHAN,
			PROCSRV_INFO_ORPHAN);
	KUNIT_EXPECT_EQ(test, stats_of(test).orphans, 1);
	KUNIT_EXPECT_EQ(test, state_of(test, elder), PROCSRV_ZOMBIE);
}

/*
 * Reports are handed out in the order of pids, whatever they are and whenever
 * the waiters arrived: waiters for other reports, and read-only ones, do not
 * change that.
 */
static void adopted_reports_come_by_pid(struct kunit *test)
{
	u64 reaper = make_process(test, PROCSRV_INIT_PID);
	u64 parent = make_process(test, reaper);
	u64 elder = make_process(test, parent);
	struct wait_task *exit_b, *stop_a, *exit_a, *looks, *last;
	struct procsrv_reader *r;
	u64 pids[4], lives;
	u32 pgid;

	set_reaper(test, reaper, true);
	make_processes(test, elder, pids, ARRAY_SIZE(pids));
	pgid = make_group(test, pids[2]);
	lives = make_process(test, reaper);
	join_group(test, lives, pgid);
	end_process(test, pids[2]);
	stop_process(test, pids[1]);
	end_process(test, pids[0]);
	stop_process(test, pids[3]);
	exit_b = start_pgid(test, reaper, pgid);
	expect_waiting(test, reaper, 1);
	stop_a = start_for(test, reaper, PROCSRV_WAIT_ANY, 0,
			   PROCSRV_WAIT_STOPPED, 0);
	expect_waiting(test, reaper, 2);
	exit_a = start_any(test, reaper);
	expect_waiting(test, reaper, 3);
	looks = start_for(test, reaper, PROCSRV_WAIT_ANY, 0,
			  PROCSRV_WAIT_STOPPED | PROCSRV_WAIT_EXITED,
			  PROCSRV_WAIT_NOWAIT);
	expect_waiting(test, reaper, 4);
	last = start_for(test, reaper, PROCSRV_WAIT_ANY, 0,
			 PROCSRV_WAIT_STOPPED | PROCSRV_WAIT_CONTINUED, 0);
	expect_waiting(test, reaper, 5);
	r = watch(test, &(struct procsrv_filter) {
		.kinds = PROCSRV_EVENT_BIT(PROCSRV_EVENT_REAP),
	}, 8);
	end_process(test, elder);
	expect_handed(test, exit_a, pids[0]);
	expect_handed(test, looks, pids[0]);
	expect_handed(test, stop_a, pids[1]);
	expect_handed(test, exit_b, pids[2]);
	expect_handed(test, last, pids[3]);
	expect_event(test, r, PROCSRV_EVENT_REAP, pids[0]);
	expect_event(test, r, PROCSRV_EVENT_REAP, pids[2]);
	expect_no_event(test, r);
	KUNIT_EXPECT_EQ(test, state_of(test, elder), PROCSRV_ZOMBIE);
}

/* A child and its zombies become waitable in one step: the child is lowest. */
static void exit_of_a_child_with_zombies(struct kunit *test)
{
	u64 reaper = make_process(test, PROCSRV_INIT_PID);
	u64 parent = make_process(test, reaper);
	struct wait_task *t, *looker;
	u64 zombies[2];

	set_reaper(test, reaper, true);
	make_processes(test, parent, zombies, 2);
	end_process(test, zombies[0]);
	end_process(test, zombies[1]);
	looker = start_for(test, reaper, PROCSRV_WAIT_ANY, 0,
			   PROCSRV_WAIT_EXITED, PROCSRV_WAIT_NOWAIT);
	expect_waiting(test, reaper, 1);
	t = start_any(test, reaper);
	expect_waiting(test, reaper, 2);
	end_process(test, parent);
	expect_handed(test, t, parent);
	expect_handed(test, looker, parent);
	KUNIT_EXPECT_EQ(test, stats_of(test).orphans, 2);
	KUNIT_EXPECT_EQ(test, stats_of(test).zombies, 2);
}

/* The same, if the exit also continues a process with a higher pid. */
static void exit_comes_before_what_it_leads_to(struct kunit *test)
{
	u64 reaper = make_process(test, PROCSRV_INIT_PID);
	u64 parent = make_process(test, reaper);
	struct wait_task *t;
	u64 member;

	set_reaper(test, reaper, true);
	make_session(test, parent);
	member = make_process(test, parent);
	make_group(test, member);
	stop_process(test, member);
	t = start_for(test, reaper, PROCSRV_WAIT_ANY, 0,
		      PROCSRV_WAIT_EXITED | PROCSRV_WAIT_CONTINUED, 0);
	expect_waiting(test, reaper, 1);
	end_process(test, parent);
	expect_handed(test, t, parent);
	KUNIT_EXPECT_EQ(test, t->w.why, PROCSRV_WAIT_EXITED);
	KUNIT_EXPECT_EQ(test, state_of(test, member), PROCSRV_RUNNING);
}

/* A waiter for a group gets a zombie of that group once it is reparented. */
static void adopted_zombies_by_group(struct kunit *test)
{
	u64 parent = make_process(test, PROCSRV_INIT_PID);
	u64 elder = make_process(test, parent);
	u64 members[2], mine;
	struct wait_task *t;
	u32 pgid;

	make_processes(test, elder, members, 2);
	pgid = make_group(test, members[0]);
	join_group(test, members[1], pgid);
	mine = make_process(test, PROCSRV_INIT_PID);
	join_group(test, mine, pgid);
	end_process(test, members[1]);
	t = start_pgid(test, PROCSRV_INIT_PID, pgid);
	expect_waiting(test, PROCSRV_INIT_PID, 1);
	/* This reparents no member of the group. */
	end_process(test, parent);
	expect_still_waiting(test, t);
	end_process(test, elder);
	expect_handed(test, t, members[1]);
}

/* A report at the very moment of an interruption is not lost. */
static void interrupted_waits_lose_nothing(struct kunit *test)
{
	u64 parent = make_process(test, PROCSRV_INIT_PID);
	u64 keep = make_process(test, parent);
	u64 seed = 1;
	u32 i, taken = 0;

	for (i = 0; i < NR_MOMENTS; i++) {
		u64 pid = make_process(test, parent);
		struct wait_task *t = start_any(test, parent);
		u32 spin = test_random(&seed, 4000);
		int ret;

		if (i % 4)
			expect_waiting(test, parent, 1);
		if (i % 2)
			interrupt_wait(t);
		while (i % 2 && spin--)
			cpu_relax();
		end_process(test, pid);
		if (i % 2 == 0) {
			while (spin--)
				cpu_relax();
			interrupt_wait(t);
		}
		ret = join_wait(test, t);
		KUNIT_ASSERT_TRUE(test, !ret || ret == -ERESTARTSYS);
		taken += !ret;
		/* Either the wait has reaped the child, or it still exists. */
		KUNIT_ASSERT_EQ(test, t->w.pid, ret ? U64_MAX : pid);
		KUNIT_ASSERT_EQ(test, look_up(test, pid), ret ? 0 : -ESRCH);
		if (ret)
			reap_child(test, parent, pid);
	}
	kunit_info(test, "%u of %u waits were served\n", taken, NR_MOMENTS);
	KUNIT_EXPECT_EQ(test, state_of(test, keep), PROCSRV_RUNNING);
	KUNIT_EXPECT_EQ(test, stats_of(test).total_processes, 3);
}

/* A report at the very moment of a timeout is not lost. */
static void timed_out_waits_lose_nothing(struct kunit *test)
{
	u64 parent = make_process(test, PROCSRV_INIT_PID);
	struct procsrv_wait w = {
		.parent = parent,
		.what = PROCSRV_WAIT_EXITED,
		.flags = PROCSRV_WAIT_TIMEOUT,
	};
	u64 seed = 2;
	u32 i, taken = 0;

	make_process(test, parent);
	for (i = 0; i < NR_MOMENTS; i++) {
		u64 pid = make_process(test, parent);
		struct wait_task *t;
		int ret;

		w.timeout = (1 + test_random(&seed, 300)) * NSEC_PER_USEC;
		t = start_wait(test, &w);
		wait_for_completion(&t->ready);
		/* The timer is as late as the sleep here. */
		if (i % 4)
			usleep_range(w.timeout / NSEC_PER_USEC,
				     w.timeout / NSEC_PER_USEC + 10 * (i % 9));
		end_process(test, pid);
		ret = join_wait(test, t);
		KUNIT_ASSERT_TRUE(test, !ret || ret == -ETIMEDOUT);
		taken += !ret;
		KUNIT_ASSERT_EQ(test, t->w.pid, ret ? U64_MAX : pid);
		KUNIT_ASSERT_EQ(test, look_up(test, pid), ret ? 0 : -ESRCH);
		if (ret)
			reap_child(test, parent, pid);
	}
	kunit_info(test, "%u of %u waits were served\n", taken, NR_MOMENTS);
	KUNIT_EXPECT_EQ(test, state_of(test, parent), PROCSRV_RUNNING);
}

/* One of several waiters is interrupted: the others get the reports. */
static void interruption_is_for_one(struct kunit *test)
{
	u64 parent = make_process(test, PROCSRV_INIT_PID);
	struct wait_task *t[3];
	u64 pids[3];
	u32 i;

	make_processes(test, parent, pids, ARRAY_SIZE(pids));
	for (i = 0; i < ARRAY_SIZE(t); i++) {
		t[i] = start_any(test, parent);
		expect_waiting(test, parent, i + 1);
	}
	interrupt_wait(t[0]);
	KUNIT_EXPECT_EQ(test, join_wait(test, t[0]), -ERESTARTSYS);
	expect_waiting(test, parent, 2);
	end_process(test, pids[2]);
	end_process(test, pids[1]);
	KUNIT_EXPECT_EQ(test, join_wait(test, t[1]), 0);
	KUNIT_EXPECT_EQ(test, join_wait(test, t[2]), 0);
	KUNIT_EXPECT_EQ(test, stats_of(test).total_processes, 3);
}

static struct kunit_case handover_cases[] = {
	KUNIT_CASE(one_exit_ends_one_wait),
	KUNIT_CASE(crowd_wakes_once_each),
	KUNIT_CASE(multitude),
	KUNIT_CASE(group_that_is_over),
	KUNIT_CASE(crowd_of_different_tastes),
	KUNIT_CASE(pid_group_and_any_at_once),
	KUNIT_CASE(same_child_for_two),
	KUNIT_CASE(all_who_only_look_see_it),
	KUNIT_CASE(lookers_see_what_is_consumed),
	KUNIT_CASE(reports_go_where_they_are_wanted),
	KUNIT_CASE(exit_ends_waits_for_stops_only),
	KUNIT_CASE(reaping_ends_waits_in_vain),
	KUNIT_CASE(regrouping_ends_waits_in_vain),
	KUNIT_CASE(reparenting_ends_waits),
	KUNIT_CASE(adopted_zombies_are_handed_out),
	KUNIT_CASE(adopted_reports_come_by_pid),
	KUNIT_CASE(exit_of_a_child_with_zombies),
	KUNIT_CASE(exit_comes_before_what_it_leads_to),
	KUNIT_CASE(adopted_zombies_by_group),
	KUNIT_CASE(interrupted_waits_lose_nothing),
	KUNIT_CASE(timed_out_waits_lose_nothing),
	KUNIT_CASE(interruption_is_for_one),
	{}
};

static struct kunit_suite handover_suite = {
	.name = "procsrv-handover",
	.init = fixture_init,
	.exit = fixture_exit,
	.test_cases = handover_cases,
};

kunit_test_suite(handover_suite);
