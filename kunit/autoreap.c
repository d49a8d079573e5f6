// SPDX-License-Identifier: GPL-2.0-only
/*
 * Parents that ignore SIGCHLD: their children are reaped when they exit
 */
#include <linux/file.h>

#include "common.h"

enum {
	EXITED = PROCSRV_WAIT_EXITED,
	WALL = PROCSRV_WAIT_WALL,
	CLONE = PROCSRV_WAIT_WCLONE,

	NR_CHILDREN = 300,
};

static void autoreap(struct kunit *test, u64 pid, bool on)
{
	KUNIT_ASSERT_EQ(test, procsrv_set_autoreap(server(test), pid, on), 0);
	KUNIT_ASSERT_EQ(test, !!(flags_of(test, pid) & PROCSRV_INFO_AUTOREAP),
			on);
}

static u64 make_parent(struct kunit *test, u64 grandparent)
{
	u64 parent = make_process(test, grandparent);

	autoreap(test, parent, true);
	return parent;
}

static void expect_gone(struct kunit *test, u64 pid)
{
	KUNIT_EXPECT_EQ(test, look_up(test, pid), -ESRCH);
}

static void set_and_cleared(struct kunit *test)
{
	u64 pid = make_process(test, PROCSRV_INIT_PID);
	struct procsrv_reader *r = watch_all(test);
	struct procsrv *ps = server(test);

	autoreap(test, pid, true);
	autoreap(test, pid, true);
	autoreap(test, pid, false);
	autoreap(test, pid, false);
	expect_no_event(test, r);
	KUNIT_EXPECT_EQ(test, procsrv_set_autoreap(ps, TEST_NO_PID, true),
			-ESRCH);
	KUNIT_EXPECT_EQ(test, procsrv_set_autoreap(ps, 0, true), -ESRCH);
	end_process(test, pid);
	KUNIT_EXPECT_EQ(test, procsrv_set_autoreap(ps, pid, true), -ESRCH);
	KUNIT_EXPECT_EQ(test, flags_of(test, pid) & PROCSRV_INFO_AUTOREAP, 0);
}

/* Children vanish however they end. */
static void children_vanish(struct kunit *test)
{
	u64 parent = make_parent(test, PROCSRV_INIT_PID), pids[4];
	struct procsrv_stats stats;

	make_processes(test, parent, pids, ARRAY_SIZE(pids));
	end_process(test, pids[1]);
	expect_gone(test, pids[1]);
	kill_process(test, pids[0]);
	expect_gone(test, pids[0]);
	KUNIT_EXPECT_EQ(test, signal_pid(test, pids[2], PROCSRV_SIGTERM), 0);
	expect_gone(test, pids[2]);
	stop_process(test, pids[3]);
	kill_process(test, pids[3]);
	expect_gone(test, pids[3]);
	KUNIT_EXPECT_EQ(test, procsrv_terminate(server(test), pids[1], 0, 0),
			-ESRCH);
	stats = stats_of(test);
	KUNIT_EXPECT_EQ(test, stats.total_processes, 2);
	KUNIT_EXPECT_EQ(test, stats.total_created, 5);
	KUNIT_EXPECT_EQ(test, stats.total_exited, 4);
	KUNIT_EXPECT_EQ(test, stats.zombies, 0);
	KUNIT_EXPECT_EQ(test, stats.stopped, 0);
	KUNIT_EXPECT_EQ(test, stats.orphans, 0);
}

static void events(struct kunit *test)
{
	u64 parent = make_parent(test, PROCSRV_INIT_PID);
	u64 pid = make_process(test, parent);
	struct procsrv_reader *r = watch_all(test);
	struct procsrv_event e;

	KUNIT_EXPECT_EQ(test, procsrv_terminate(server(test), pid, 5, 3), 0);
	e = next_event(test, r);
	KUNIT_EXPECT_EQ(test, e.kind, PROCSRV_EVENT_EXIT);
	KUNIT_EXPECT_EQ(test, e.pid, pid);
	KUNIT_EXPECT_EQ(test, e.code, 5);
	KUNIT_EXPECT_EQ(test, e.signo, 3);
	e = next_event(test, r);
	KUNIT_EXPECT_EQ(test, e.kind, PROCSRV_EVENT_REAP);
	KUNIT_EXPECT_EQ(test, e.pid, pid);
	KUNIT_EXPECT_EQ(test, e.other, parent);
	expect_no_event(test, r);
}

/* A wait finds no zombie, and fails with ECHILD once it has no child left. */
static void waits_find_nothing(struct kunit *test)
{
	u64 parent = make_parent(test, PROCSRV_INIT_PID);
	u64 a = make_process(test, parent), b = make_process(test, parent);
	u64 pid;

	KUNIT_EXPECT_EQ(test, wait_any(test, parent, EXITED, 0, &pid), -EAGAIN);
	end_process(test, a);
	KUNIT_EXPECT_EQ(test, wait_any(test, parent, EXITED, 0, &pid), -EAGAIN);
	KUNIT_EXPECT_EQ(test, wait_pid(test, parent, a, EXITED, 0), -ECHILD);
	end_process(test, b);
	KUNIT_EXPECT_EQ(test, wait_any(test, parent, EXITED, 0, &pid), -ECHILD);
	KUNIT_EXPECT_EQ(test, wait_any(test, parent, EXITED, WALL, &pid),
			-ECHILD);
}

/* wait(2): with SIGCHLD ignored it blocks until all children have ended. */
static void sleepers_wait_for_the_last(struct kunit *test)
{
	u64 parent = make_parent(test, PROCSRV_INIT_PID), pids[3];
	struct wait_task *any, *one, *group, *looks;
	u32 pgid = make_group(test, parent);

	make_processes(test, parent, pids, ARRAY_SIZE(pids));
	join_group(test, pids[2], make_group(test, pids[2]));
	any = start_for(test, parent, PROCSRV_WAIT_ANY, 0, EXITED, 0);
	looks = start_for(test, parent, PROCSRV_WAIT_ANY, 0, EXITED,
			  PROCSRV_WAIT_NOWAIT);
	one = start_for(test, parent, PROCSRV_WAIT_PID, pids[0], EXITED, 0);
	group = start_for(test, parent, PROCSRV_WAIT_PGID, pgid, EXITED, 0);
	expect_waiting(test, parent, 4);
	end_process(test, pids[0]);
	KUNIT_EXPECT_EQ(test, join_wait(test, one), -ECHILD);
	expect_still_waiting(test, group);
	end_process(test, pids[1]);
	KUNIT_EXPECT_EQ(test, join_wait(test, group), -ECHILD);
	expect_still_waiting(test, any);
	expect_waiting(test, parent, 2);
	end_process(test, pids[2]);
	KUNIT_EXPECT_EQ(test, join_wait(test, any), -ECHILD);
	KUNIT_EXPECT_EQ(test, join_wait(test, looks), -ECHILD);
	KUNIT_EXPECT_EQ(test, any->w.pid, U64_MAX);
	KUNIT_EXPECT_LE(test, any->switches, 4);
}

/* Stops and continuations are still reported. */
static void other_changes_are_found(struct kunit *test)
{
	u64 parent = make_parent(test, PROCSRV_INIT_PID);
	u64 pid = make_process(test, parent);

	stop_process(test, pid);
	KUNIT_EXPECT_EQ(test, wait_pid(test, parent, pid, PROCSRV_WAIT_STOPPED,
				       0), 0);
	continue_process(test, pid);
	KUNIT_EXPECT_EQ(test, wait_pid(test, parent, pid,
				       PROCSRV_WAIT_CONTINUED, 0), 0);
}

/* sigaction(2): a child that is a zombie already remains one. */
static void zombies_stay(struct kunit *test)
{
	u64 parent = make_process(test, PROCSRV_INIT_PID);
	u64 zombie = make_zombie(test, parent), live;

	live = make_process(test, parent);
	autoreap(test, parent, true);
	KUNIT_EXPECT_EQ(test, state_of(test, zombie), PROCSRV_ZOMBIE);
	end_process(test, live);
	expect_gone(test, live);
	reap_child(test, parent, zombie);
	/* Children become zombies again once the flag is cleared. */
	live = make_process(test, parent);
	autoreap(test, parent, false);
	end_process(test, live);
	KUNIT_EXPECT_EQ(test, state_of(test, live), PROCSRV_ZOMBIE);
}

/* Zombies also remain when their group changes. */
static void zombies_that_move_stay(struct kunit *test)
{
	u64 parent = make_process(test, PROCSRV_INIT_PID), pid;
	u64 zombie = make_zombie(test, parent), other;
	struct wait_task *t;
	u32 pgid;

	other = make_process(test, parent);
	pgid = make_group(test, other);
	autoreap(test, parent, true);
	t = start_for(test, parent, PROCSRV_WAIT_PGID, pgid,
		      PROCSRV_WAIT_STOPPED, 0);
	expect_waiting(test, parent, 1);
	join_group(test, zombie, pgid);
	KUNIT_EXPECT_EQ(test, state_of(test, zombie), PROCSRV_ZOMBIE);
	stop_process(test, other);
	KUNIT_EXPECT_EQ(test, join_wait(test, t), 0);
	make_group(test, zombie);
	KUNIT_EXPECT_EQ(test, wait_any(test, parent, EXITED,
				       PROCSRV_WAIT_NOWAIT, &pid), 0);
	KUNIT_EXPECT_EQ(test, pid, zombie);
	KUNIT_EXPECT_EQ(test, state_of(test, zombie), PROCSRV_ZOMBIE);
	reap_child(test, parent, zombie);
}

static void clone_children_stay(struct kunit *test)
{
	u64 parent = make_parent(test, PROCSRV_INIT_PID);
	u64 clone = make_with_exit_signal(test, parent, 0);
	u64 other = make_with_exit_signal(test, parent, 10);
	u64 plain = make_with_exit_signal(test, parent, PROCSRV_SIGCHLD);
	struct wait_task *t = start_for(test, parent, PROCSRV_WAIT_ANY, 0,
					EXITED, 0);
	struct wait_task *all;

	expect_waiting(test, parent, 1);
	end_process(test, clone);
	KUNIT_EXPECT_EQ(test, state_of(test, clone), PROCSRV_ZOMBIE);
	expect_still_waiting(test, t);
	end_process(test, plain);
	expect_gone(test, plain);
	KUNIT_EXPECT_EQ(test, join_wait(test, t), -ECHILD);
	reap_child(test, PROCSRV_INIT_PID, make_zombie(test, PROCSRV_INIT_PID));
	KUNIT_EXPECT_EQ(test, wait_any(test, parent, EXITED, CLONE, NULL), 0);
	all = start_for(test, parent, PROCSRV_WAIT_ANY, 0, EXITED, WALL);
	expect_waiting(test, parent, 1);
	/* After exec it is no longer a clone child. */
	KUNIT_ASSERT_EQ(test, exec_as(test, other, "other"), 0);
	end_process(test, other);
	expect_gone(test, other);
	KUNIT_EXPECT_EQ(test, join_wait(test, all), -ECHILD);
}

/* Reparented children vanish too, at once if they are zombies. */
static void adopted_ones_vanish(struct kunit *test)
{
	u64 reaper = make_parent(test, PROCSRV_INIT_PID);
	u64 parent = make_process(test, reaper);
	u64 zombie = make_zombie(test, parent);
	u64 clone = make_with_exit_signal(test, parent, 0);
	u64 live = make_process(test, parent);
	struct procsrv_reader *r;

	set_reaper(test, reaper, true);
	end_process(test, clone);
	r = watch(test, &(struct procsrv_filter) {
		.pid = zombie,
		.kinds = PROCSRV_EVENTS_ALL,
	}, 8);
	end_process(test, parent);
	expect_gone(test, zombie);
	/* It was a clone child of its old parent only. */
	expect_gone(test, clone);
	expect_gone(test, parent);
	expect_event(test, r, PROCSRV_EVENT_PARENT, zombie);
	expect_event(test, r, PROCSRV_EVENT_REAP, zombie);
	expect_no_event(test, r);
	KUNIT_EXPECT_EQ(test, ppid_of(test, live), reaper);
	KUNIT_EXPECT_EQ(test, stats_of(test).orphans, 0);
	check_server(test);
	end_process(test, live);
	expect_gone(test, live);
	KUNIT_EXPECT_EQ(test, stats_of(test).total_processes, 2);
}

/* Zombies of a process that vanishes are reparented, and remain zombies. */
static void zombies_of_one_that_vanishes(struct kunit *test)
{
	u64 parent = make_parent(test, PROCSRV_INIT_PID);
	u64 pid = make_process(test, parent);
	u64 zombie = make_zombie(test, pid), live = make_process(test, pid);

	end_process(test, pid);
	expect_gone(test, pid);
	KUNIT_EXPECT_EQ(test, ppid_of(test, zombie), PROCSRV_INIT_PID);
	KUNIT_EXPECT_EQ(test, state_of(test, zombie), PROCSRV_ZOMBIE);
	KUNIT_EXPECT_EQ(test, ppid_of(test, live), PROCSRV_INIT_PID);
	KUNIT_EXPECT_EQ(test, stats_of(test).orphans, 1);
	/* The flag is the parent's own: init does not have it. */
	end_process(test, parent);
	KUNIT_EXPECT_EQ(test, state_of(test, parent), PROCSRV_ZOMBIE);
}

static void by_init(struct kunit *test)
{
	u64 zombie = make_zombie(test, PROCSRV_INIT_PID);
	u64 parent = make_process(test, PROCSRV_INIT_PID);
	u64 below = make_zombie(test, parent);

	autoreap(test, PROCSRV_INIT_PID, true);
	end_process(test, parent);
	expect_gone(test, parent);
	expect_gone(test, below);
	KUNIT_EXPECT_EQ(test, state_of(test, zombie), PROCSRV_ZOMBIE);
	KUNIT_EXPECT_EQ(test, stats_of(test).orphans, 0);
	KUNIT_EXPECT_EQ(test, procsrv_reap(server(test)), 1);
}

/* fork(2): the flag is inherited with the dispositions of signals. */
static void inherited(struct kunit *test)
{
	u64 parent = make_parent(test, PROCSRV_INIT_PID), child;

	child = inherit_process(test, parent, NULL);
	KUNIT_EXPECT_EQ(test, flags_of(test, child), PROCSRV_INFO_AUTOREAP);
	child = inherit_process(test, child, test_host(test));
	KUNIT_EXPECT_TRUE(test, flags_of(test, child) & PROCSRV_INFO_AUTOREAP);
	KUNIT_EXPECT_EQ(test, flags_of(test, make_process(test, parent)), 0);
	autoreap(test, parent, false);
	child = inherit_process(test, parent, NULL);
	KUNIT_EXPECT_EQ(test, flags_of(test, child), 0);
}

/* getrusage(2): only the time of children that were waited for is added. */
static void time_is_not_added(struct kunit *test)
{
	u64 parent = make_parent(test, PROCSRV_INIT_PID);
	u64 pid = make_process(test, parent);
	u64 below = make_process(test, pid);

	use_cpu(test, pid, 100);
	use_cpu(test, below, 30);
	end_process(test, below);
	reap_child(test, pid, below);
	end_process(test, pid);
	KUNIT_EXPECT_EQ(test, children_time_of(test, parent), 0);
	KUNIT_EXPECT_EQ(test, children_time_of(test, PROCSRV_INIT_PID), 0);
}

/* Groups and sessions end with their last member. */
static void groups_end_with_them(struct kunit *test)
{
	u64 parent = make_parent(test, PROCSRV_INIT_PID);
	u64 leader = make_process(test, parent), member;
	u32 sid = make_session(test, leader);
	struct procsrv_group_info group;

	member = make_process(test, leader);
	join_group(test, member, make_group(test, member));
	end_process(test, leader);
	expect_gone(test, leader);
	KUNIT_EXPECT_EQ(test, session_of(test, sid).nr_members, 1);
	KUNIT_EXPECT_EQ(test, procsrv_get_group(server(test), 1, &group),
			-ESRCH);
	end_process(test, member);
	KUNIT_EXPECT_EQ(test, procsrv_reap(server(test)), 1);
	KUNIT_EXPECT_EQ(test, stats_of(test).sessions, 0);
	KUNIT_EXPECT_EQ(test, stats_of(test).process_groups, 0);
}

/* A signal that ends many children counts all of them. */
static void many_at_once(struct kunit *test)
{
	u64 parent = make_parent(test, PROCSRV_INIT_PID), pid;
	u64 leader = make_process(test, parent);
	u32 pgid = make_group(test, leader), i;

	for (i = 1; i < NR_CHILDREN; i++) {
		pid = make_process(test, i % 3 ? parent : leader);
		join_group(test, pid, pgid);
	}
	KUNIT_EXPECT_EQ(test, signal_to(test, PROCSRV_TARGET_PGID, pgid,
					PROCSRV_SIGKILL), NR_CHILDREN);
	expect_gone(test, leader);
	KUNIT_EXPECT_EQ(test, stats_of(test).total_exited, NR_CHILDREN);
	KUNIT_EXPECT_EQ(test, wait_any(test, parent, EXITED, WALL, NULL),
			-ECHILD);
	/* The children of the leader were reparented to init. */
	KUNIT_EXPECT_EQ(test, stats_of(test).zombies, (NR_CHILDREN - 1) / 3);
	check_server(test);
}

/* Parents with the flag at all depths of a tree that is killed at once. */
static void tree_at_once(struct kunit *test)
{
	u64 top = make_process(test, PROCSRV_INIT_PID), parent = top, seed = 3;
	u32 i;

	for (i = 0; i < NR_CHILDREN; i++) {
		u64 pid = make_process(test, parent);

		if (i % 2)
			autoreap(test, pid, true);
		if (i % 5 == 0)
			set_reaper(test, pid, true);
		if (test_random(&seed, 3) == 0)
			parent = test_random(&seed, 4) ? pid : top;
	}
	KUNIT_EXPECT_EQ(test, signal_to(test, PROCSRV_TARGET_TREE, top,
					PROCSRV_SIGKILL), NR_CHILDREN + 1);
	KUNIT_EXPECT_EQ(test, stats_of(test).total_exited, NR_CHILDREN + 1);
	KUNIT_EXPECT_EQ(test, stats_of(test).running, 1);
	check_server(test);
	procsrv_reap(server(test));
	KUNIT_EXPECT_EQ(test, stats_of(test).total_processes, 1);
}

/* A handle of a process that vanishes has its exit record. */
static void handles_keep_the_record(struct kunit *test)
{
	u64 parent = make_parent(test, PROCSRV_INIT_PID);
	u64 pid = make_process(test, parent);
	struct procsrv *ps = server(test);
	struct file *file = open_process(test, pid);
	const struct procsrv_exit_watch *watch;

	read_lock(&ps->lock);
	watch = peek_process(ps, pid)->exit_watch;
	read_unlock(&ps->lock);
	use_cpu(test, pid, 12);
	KUNIT_EXPECT_PTR_NE(test, watch->process, NULL);
	KUNIT_EXPECT_EQ(test, procsrv_terminate(ps, pid, 5, 6), 0);
	expect_gone(test, pid);
	KUNIT_EXPECT_PTR_EQ(test, watch->process, NULL);
	KUNIT_EXPECT_EQ(test, watch->record.pid, pid);
	KUNIT_EXPECT_EQ(test, watch->record.exit_code, 5);
	KUNIT_EXPECT_EQ(test, watch->record.exit_signal, 6);
	KUNIT_EXPECT_EQ(test, watch->record.cpu_time, 12);
	KUNIT_EXPECT_EQ(test, watch->record.state, PROCSRV_DEAD);
	fput(file);
	expect_refs(test, ps, 1);
}

/* Waiters at a process that vanishes are woken. */
static void waiters_at_it_end(struct kunit *test)
{
	u64 parent = make_parent(test, PROCSRV_INIT_PID);
	u64 pid = make_process(test, parent);
	struct take_task *take = start_take(test, pid, EVERY_SIGNAL);
	struct wait_task *t;

	make_process(test, pid);
	t = start_for(test, pid, PROCSRV_WAIT_ANY, 0, EXITED, 0);
	expect_waiters(test, pid, 2);
	end_process(test, pid);
	KUNIT_EXPECT_EQ(test, join_wait(test, &take->t), -ESRCH);
	KUNIT_EXPECT_EQ(test, join_wait(test, t), -ESRCH);
	expect_gone(test, pid);
}

/* A hosted process vanishes when its end is reported, or with its host. */
static void hosted_ones_vanish(struct kunit *test)
{
	u64 parent = make_parent(test, PROCSRV_INIT_PID);
	u64 a = make_hosted(test, parent), b = make_hosted(test, parent);

	send_from(test, 0, a, 9);
	report_exiting(test, a);
	KUNIT_EXPECT_EQ(test, look_up(test, a), 0);
	KUNIT_EXPECT_EQ(test, procsrv_terminate(server(test), a, -9, 9), 0);
	expect_gone(test, a);
	send_from(test, 0, b, 9);
	procsrv_kill_tied(server(test), test_host(test));
	expect_gone(test, b);
	expect_none(test, test_host(test));
}

static struct kunit_case autoreap_cases[] = {
	KUNIT_CASE(set_and_cleared),
	KUNIT_CASE(children_vanish),
	KUNIT_CASE(events),
	KUNIT_CASE(waits_find_nothing),
	KUNIT_CASE(sleepers_wait_for_the_last),
	KUNIT_CASE(other_changes_are_found),
	KUNIT_CASE(zombies_stay),
	KUNIT_CASE(zombies_that_move_stay),
	KUNIT_CASE(clone_children_stay),
	KUNIT_CASE(adopted_ones_vanish),
	KUNIT_CASE(zombies_of_one_that_vanishes),
	KUNIT_CASE(by_init),
	KUNIT_CASE(inherited),
	KUNIT_CASE(time_is_not_added),
	KUNIT_CASE(groups_end_with_them),
	KUNIT_CASE(many_at_once),
	KUNIT_CASE(tree_at_once),
	KUNIT_CASE(handles_keep_the_record),
	KUNIT_CASE(waiters_at_it_end),
	KUNIT_CASE(hosted_ones_vanish),
	{}
};

static struct kunit_suite autoreap_suite = {
	.name = "procsrv-autoreap",
	.init = fixture_init,
	.exit = fixture_exit,
	.test_cases = autoreap_cases,
};

kunit_test_suite(autoreap_suite);
