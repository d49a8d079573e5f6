// SPDX-License-Identifier: GPL-2.0-only
/*
 * Clone children, whose exit signal is not SIGCHLD: which waits find them
 */
#include "common.h"

enum {
	CLONE = PROCSRV_WAIT_WCLONE,
	WALL = PROCSRV_WAIT_WALL,

	EXITED = PROCSRV_WAIT_EXITED,
	STOPPED = PROCSRV_WAIT_STOPPED,
	CONTINUED = PROCSRV_WAIT_CONTINUED,
};

/* The flags of a wait that select the kinds of children. */
static const u32 kinds[] = { 0, CLONE, WALL, CLONE | WALL };

static bool finds(u32 flags, bool clone)
{
	return flags & WALL || !(flags & CLONE) == !clone;
}

static u64 make_clone(struct kunit *test, u64 parent)
{
	return make_with_exit_signal(test, parent, 0);
}

static bool is_clone(struct kunit *test, u64 pid)
{
	return flags_of(test, pid) & PROCSRV_INFO_CLONE;
}

static void is_shown(struct kunit *test)
{
	int signo;

	for (signo = 0; signo <= PROCSRV_NSIG; signo++) {
		u64 pid = make_with_exit_signal(test, PROCSRV_INIT_PID, signo);

		KUNIT_EXPECT_EQ(test, flags_of(test, pid),
				signo == PROCSRV_SIGCHLD ? 0 :
				PROCSRV_INFO_CLONE);
	}
	KUNIT_EXPECT_FALSE(test, is_clone(test, make_process(test, 1)));
	/* The exit signal is the child's own, and is not inherited. */
	KUNIT_EXPECT_FALSE(test, is_clone(test, inherit_process(test, 2, NULL)));
}

static int wait_by(struct kunit *test, u32 which, u64 parent, u64 pid, u32 pgid,
		   u32 what, u32 flags)
{
	struct procsrv_wait w = {
		.parent = parent,
		.which = which,
		.id = which == PROCSRV_WAIT_PID ? pid :
		      which == PROCSRV_WAIT_PGID ? pgid : 0,
		.what = what,
		.flags = flags,
	};
	int err = wait_now(test, &w);

	if (!err) {
		KUNIT_EXPECT_EQ(test, w.pid, pid);
		KUNIT_EXPECT_EQ(test, w.why, what);
	}
	return err;
}

/* An only child of a kind, in each state, and each way to wait. */
static void expect_only_child(struct kunit *test, bool clone)
{
	u64 parent = make_process(test, PROCSRV_INIT_PID), pid;
	u32 which, k, pgid = make_group(test, parent);

	pid = clone ? make_clone(test, parent) : make_process(test, parent);
	for (k = 0; k < ARRAY_SIZE(kinds); k++)
		for (which = 0; which <= PROCSRV_WAIT_PGID; which++) {
			const bool found = finds(kinds[k], clone);
			const u32 look = kinds[k] | PROCSRV_WAIT_NOWAIT;

			/* No report yet, or no child that qualifies. */
			KUNIT_EXPECT_EQ(test, wait_by(test, which, parent, pid,
						      pgid, EXITED, look),
					found ? -EAGAIN : -ECHILD);
			stop_process(test, pid);
			KUNIT_EXPECT_EQ(test, wait_by(test, which, parent, pid,
						      pgid, STOPPED, look),
					found ? 0 : -ECHILD);
			KUNIT_EXPECT_EQ(test, wait_by(test, which, parent, pid,
						      pgid, STOPPED, kinds[k]),
					found ? 0 : -ECHILD);
			continue_process(test, pid);
			KUNIT_EXPECT_EQ(test, wait_by(test, which, parent, pid,
						      pgid, CONTINUED,
						      kinds[k]),
					found ? 0 : -ECHILD);
		}
	end_process(test, pid);
	for (k = 0; k < ARRAY_SIZE(kinds); k++)
		for (which = 0; which <= PROCSRV_WAIT_PGID; which++)
			KUNIT_EXPECT_EQ(test, wait_by(test, which, parent, pid,
						      pgid, EXITED, kinds[k] |
						      PROCSRV_WAIT_NOWAIT),
					finds(kinds[k], clone) ? 0 : -ECHILD);
	KUNIT_EXPECT_EQ(test, wait_any(test, parent, EXITED, clone ? 0 : CLONE,
				       NULL), -ECHILD);
	KUNIT_EXPECT_EQ(test, wait_any(test, parent, EXITED, clone ? CLONE : 0,
				       NULL), 0);
	KUNIT_EXPECT_EQ(test, look_up(test, pid), -ESRCH);
}

static void only_child(struct kunit *test)
{
	expect_only_child(test, false);
	expect_only_child(test, true);
}

/* Each wait skips children of the other kind, even with lower pids. */
static void children_of_both_kinds(struct kunit *test)
{
	u64 parent = make_process(test, PROCSRV_INIT_PID), pid;
	u64 p[4];

	p[0] = make_clone(test, parent);
	p[1] = make_process(test, parent);
	p[2] = make_clone(test, parent);
	p[3] = make_process(test, parent);
	end_process(test, p[3]);
	KUNIT_EXPECT_EQ(test, wait_any(test, parent, EXITED, CLONE, NULL),
			-EAGAIN);
	end_process(test, p[2]);
	end_process(test, p[0]);
	KUNIT_EXPECT_EQ(test, wait_any(test, parent, EXITED,
				       PROCSRV_WAIT_NOWAIT, &pid), 0);
	KUNIT_EXPECT_EQ(test, pid, p[3]);
	KUNIT_EXPECT_EQ(test, wait_any(test, parent, EXITED,
				       WALL | PROCSRV_WAIT_NOWAIT, &pid), 0);
	KUNIT_EXPECT_EQ(test, pid, p[0]);
	KUNIT_EXPECT_EQ(test, wait_any(test, parent, EXITED, CLONE, &pid), 0);
	KUNIT_EXPECT_EQ(test, pid, p[0]);
	KUNIT_EXPECT_EQ(test, wait_any(test, parent, EXITED, WALL | CLONE,
				       &pid), 0);
	KUNIT_EXPECT_EQ(test, pid, p[2]);
	/* Only the other kind is left. */
	KUNIT_EXPECT_EQ(test, wait_any(test, parent, EXITED, CLONE, &pid),
			-ECHILD);
	KUNIT_EXPECT_EQ(test, wait_any(test, parent, EXITED, 0, &pid), 0);
	KUNIT_EXPECT_EQ(test, wait_any(test, parent, EXITED, 0, &pid), -EAGAIN);
	end_process(test, p[1]);
	KUNIT_EXPECT_EQ(test, wait_any(test, parent, EXITED, WALL, &pid), 0);
	KUNIT_EXPECT_EQ(test, wait_any(test, parent, EXITED, WALL, &pid),
			-ECHILD);
}

/*
 * One waiter for each kind, and one for both. There are two reports of each
 * kind, and one in all is left: the waiter for both kinds may take either.
 */
static void expect_each_served(struct kunit *test, u32 what, bool clone_first)
{
	u64 parent = make_process(test, PROCSRV_INIT_PID), pid;
	struct wait_task *t[3];
	u64 clones[2], plain[2];
	u32 i;

	for (i = 0; i < 2; i++) {
		clones[i] = make_clone(test, parent);
		plain[i] = make_process(test, parent);
	}
	for (i = 0; i < 3; i++)
		t[i] = start_for(test, parent, PROCSRV_WAIT_ANY, 0, what,
				 kinds[i]);
	expect_waiting(test, parent, 3);
	for (i = 0; i < 4; i++) {
		pid = i % 2 == clone_first ? plain[i / 2] : clones[i / 2];
		if (what == STOPPED)
			stop_process(test, pid);
		else
			end_process(test, pid);
		if (i == 0)
			expect_waiting(test, parent, 2);
	}
	for (i = 0; i < 3; i++)
		KUNIT_EXPECT_EQ(test, join_wait(test, t[i]), 0);
	KUNIT_EXPECT_TRUE(test, is_one_of(t[0]->w.pid, plain, 2));
	KUNIT_EXPECT_TRUE(test, is_one_of(t[1]->w.pid, clones, 2));
	KUNIT_EXPECT_EQ(test, wait_any(test, parent, what, WALL, &pid), 0);
	KUNIT_EXPECT_EQ(test, t[0]->w.pid + t[1]->w.pid + t[2]->w.pid + pid,
			plain[0] + plain[1] + clones[0] + clones[1]);
	KUNIT_EXPECT_NE(test, wait_any(test, parent, what, WALL, &pid), 0);
}

static void sleepers_of_each_kind(struct kunit *test)
{
	expect_each_served(test, EXITED, true);
	expect_each_served(test, EXITED, false);
	expect_each_served(test, STOPPED, true);
	expect_each_served(test, STOPPED, false);
}

/* A report that matches no waiter wakes none. */
static void other_kind_does_not_wake(struct kunit *test)
{
	u64 parent = make_process(test, PROCSRV_INIT_PID);
	u64 clone = make_clone(test, parent), plain = make_process(test, parent);
	u64 other = make_clone(test, parent);
	struct wait_task *t = start_for(test, parent, PROCSRV_WAIT_ANY, 0,
					EXITED, 0);
	struct wait_task *one = start_for(test, parent, PROCSRV_WAIT_PID, other,
					  EXITED, CLONE);

	expect_waiting(test, parent, 2);
	end_process(test, clone);
	expect_still_waiting(test, t);
	expect_waiting(test, parent, 2);
	end_process(test, other);
	KUNIT_EXPECT_EQ(test, join_wait(test, one), 0);
	end_process(test, plain);
	KUNIT_EXPECT_EQ(test, join_wait(test, t), 0);
	KUNIT_EXPECT_EQ(test, t->w.pid, plain);
	KUNIT_EXPECT_LE(test, t->switches, 3);
}

/* A wait fails once no child that is left can satisfy it. */
static void last_of_a_kind(struct kunit *test)
{
	u64 parent = make_process(test, PROCSRV_INIT_PID);
	u64 clone = make_clone(test, parent), plain = make_process(test, parent);
	struct wait_task *t[3];
	u32 i;

	/* These wait for stops, and a zombie never stops. */
	for (i = 0; i < 3; i++)
		t[i] = start_for(test, parent, PROCSRV_WAIT_ANY, 0, STOPPED,
				 kinds[i]);
	expect_waiting(test, parent, 3);
	end_process(test, clone);
	KUNIT_EXPECT_EQ(test, join_wait(test, t[1]), -ECHILD);
	expect_waiting(test, parent, 2);
	expect_still_waiting(test, t[0]);
	expect_still_waiting(test, t[2]);
	end_process(test, plain);
	KUNIT_EXPECT_EQ(test, join_wait(test, t[0]), -ECHILD);
	KUNIT_EXPECT_EQ(test, join_wait(test, t[2]), -ECHILD);
}

/* After exec a clone child is an ordinary child. */
static void exec_resets(struct kunit *test)
{
	u64 parent = make_process(test, PROCSRV_INIT_PID);
	u64 pid = make_clone(test, parent), plain = make_process(test, parent);

	KUNIT_ASSERT_EQ(test, exec_as(test, pid, "other"), 0);
	KUNIT_EXPECT_FALSE(test, is_clone(test, pid));
	KUNIT_EXPECT_EQ(test, wait_pid(test, parent, pid, EXITED, CLONE),
			-ECHILD);
	KUNIT_EXPECT_EQ(test, wait_any(test, parent, EXITED, CLONE, NULL),
			-ECHILD);
	check_server(test);
	end_process(test, pid);
	reap_child(test, parent, pid);
	KUNIT_ASSERT_EQ(test, exec_as(test, plain, "other"), 0);
	KUNIT_EXPECT_FALSE(test, is_clone(test, plain));
}

/* Waiters notice at once that exec changed the kind of a child. */
static void exec_under_waiters(struct kunit *test)
{
	u64 parent = make_process(test, PROCSRV_INIT_PID);
	u64 pid = make_clone(test, parent);
	struct wait_task *clone, *plain, *all;

	make_process(test, parent);
	stop_process(test, pid);
	plain = start_for(test, parent, PROCSRV_WAIT_ANY, 0, STOPPED, 0);
	clone = start_for(test, parent, PROCSRV_WAIT_ANY, 0, EXITED, CLONE);
	all = start_for(test, parent, PROCSRV_WAIT_ANY, 0, EXITED, WALL);
	expect_waiting(test, parent, 3);
	KUNIT_ASSERT_EQ(test, exec_as(test, pid, "other"), 0);
	/* One waiter finds its stop, the other has no child left. */
	KUNIT_EXPECT_EQ(test, join_wait(test, plain), 0);
	KUNIT_EXPECT_EQ(test, plain->w.pid, pid);
	KUNIT_EXPECT_EQ(test, plain->w.why, STOPPED);
	KUNIT_EXPECT_EQ(test, join_wait(test, clone), -ECHILD);
	expect_waiting(test, parent, 1);
	kill_process(test, pid);
	KUNIT_EXPECT_EQ(test, join_wait(test, all), 0);
	KUNIT_EXPECT_EQ(test, all->w.pid, pid);
}

/* The same for waiters for its pid. */
static void exec_under_waiters_for_it(struct kunit *test)
{
	u64 parent = make_process(test, PROCSRV_INIT_PID);
	u64 pid = make_clone(test, parent);
	struct procsrv_wait w = {
		.parent = parent,
		.which = PROCSRV_WAIT_PID,
		.id = pid,
		.what = EXITED,
		.flags = CLONE,
	};
	struct wait_task *clone = start_wait(test, &w), *all;

	w.flags = WALL;
	all = start_wait(test, &w);
	expect_waiting(test, parent, 2);
	KUNIT_ASSERT_EQ(test, exec_as(test, pid, "other"), 0);
	KUNIT_EXPECT_EQ(test, join_wait(test, clone), -ECHILD);
	end_process(test, pid);
	KUNIT_EXPECT_EQ(test, join_wait(test, all), 0);
}

/* Reparented children are ordinary children, also the zombies. */
static void reparenting_resets(struct kunit *test)
{
	u64 reaper = make_process(test, PROCSRV_INIT_PID);
	u64 parent = make_process(test, reaper);
	u64 lives = make_clone(test, parent), zombie = make_clone(test, parent);
	u64 stopped = make_clone(test, parent), pid;

	set_reaper(test, reaper, true);
	end_process(test, zombie);
	stop_process(test, stopped);
	end_process(test, parent);
	KUNIT_EXPECT_EQ(test, ppid_of(test, lives), reaper);
	KUNIT_EXPECT_FALSE(test, is_clone(test, lives));
	KUNIT_EXPECT_FALSE(test, is_clone(test, zombie));
	KUNIT_EXPECT_FALSE(test, is_clone(test, stopped));
	KUNIT_EXPECT_EQ(test, wait_any(test, reaper, EXITED | STOPPED, CLONE,
				       NULL), -ECHILD);
	check_server(test);
	KUNIT_EXPECT_EQ(test, wait_any(test, reaper, STOPPED, 0, &pid), 0);
	KUNIT_EXPECT_EQ(test, pid, stopped);
	reap_child(test, reaper, parent);
	KUNIT_EXPECT_EQ(test, wait_any(test, reaper, EXITED, 0, &pid), 0);
	KUNIT_EXPECT_EQ(test, pid, zombie);
}

/* init reaps clone children, too: it would never wait for them. */
static void init_reaps_them(struct kunit *test)
{
	u64 parent = make_process(test, PROCSRV_INIT_PID);
	u64 own = make_clone(test, PROCSRV_INIT_PID);

	end_process(test, make_clone(test, parent));
	end_process(test, parent);
	end_process(test, own);
	KUNIT_EXPECT_EQ(test, procsrv_reap(server(test)), 3);
	KUNIT_EXPECT_EQ(test, stats_of(test).total_processes, 1);
}

static void reparenting_under_waiters(struct kunit *test)
{
	u64 reaper = make_process(test, PROCSRV_INIT_PID);
	u64 parent = make_process(test, reaper);
	u64 stopped = make_clone(test, parent);
	struct wait_task *plain = start_for(test, reaper, PROCSRV_WAIT_ANY, 0,
					    STOPPED, 0);
	struct wait_task *t;

	set_reaper(test, reaper, true);
	stop_process(test, stopped);
	expect_waiting(test, reaper, 1);
	end_process(test, parent);
	KUNIT_EXPECT_EQ(test, join_wait(test, plain), 0);
	KUNIT_EXPECT_EQ(test, plain->w.pid, stopped);
	t = start_for(test, reaper, PROCSRV_WAIT_ANY, 0, EXITED, WALL);
	KUNIT_EXPECT_EQ(test, join_wait(test, t), 0);
	KUNIT_EXPECT_EQ(test, t->w.pid, parent);
}

/* One wait consumes the report, read-only waits leave it. */
static void looking_leaves_it(struct kunit *test)
{
	u64 parent = make_process(test, PROCSRV_INIT_PID);
	u64 pid = make_clone(test, parent);
	struct wait_task *t[4];
	u32 i;

	for (i = 0; i < 4; i++)
		t[i] = start_for(test, parent, PROCSRV_WAIT_ANY, 0, EXITED,
				 kinds[1 + i % 3] |
				 (i ? PROCSRV_WAIT_NOWAIT : 0));
	expect_waiting(test, parent, 4);
	end_process(test, pid);
	for (i = 0; i < 4; i++) {
		KUNIT_EXPECT_EQ(test, join_wait(test, t[i]), 0);
		KUNIT_EXPECT_EQ(test, t[i]->w.pid, pid);
	}
	KUNIT_EXPECT_EQ(test, look_up(test, pid), -ESRCH);
	KUNIT_EXPECT_EQ(test, wait_any(test, parent, EXITED, WALL, NULL),
			-ECHILD);
}

/* A timeout works with these flags; an unknown flag is an error. */
static void timeouts_and_bad_flags(struct kunit *test)
{
	u64 parent = make_process(test, PROCSRV_INIT_PID);
	struct procsrv_wait w = {
		.parent = parent,
		.what = EXITED,
		.flags = CLONE | PROCSRV_WAIT_TIMEOUT,
		.timeout = 1000,
	};

	make_clone(test, parent);
	KUNIT_EXPECT_EQ(test, procsrv_wait(server(test), &w), -ETIMEDOUT);
	w.flags = WALL << 1;
	KUNIT_EXPECT_EQ(test, procsrv_wait(server(test), &w), -EINVAL);
}

static struct kunit_case clone_child_cases[] = {
	KUNIT_CASE(is_shown),
	KUNIT_CASE(only_child),
	KUNIT_CASE(children_of_both_kinds),
	KUNIT_CASE(sleepers_of_each_kind),
	KUNIT_CASE(other_kind_does_not_wake),
	KUNIT_CASE(last_of_a_kind),
	KUNIT_CASE(exec_resets),
	KUNIT_CASE(exec_under_waiters),
	KUNIT_CASE(exec_under_waiters_for_it),
	KUNIT_CASE(reparenting_resets),
	KUNIT_CASE(init_reaps_them),
	KUNIT_CASE(reparenting_under_waiters),
	KUNIT_CASE(looking_leaves_it),
	KUNIT_CASE(timeouts_and_bad_flags),
	{}
};

static struct kunit_suite clone_child_suite = {
	.name = "procsrv-clone-child",
	.init = fixture_init,
	.exit = fixture_exit,
	.test_cases = clone_child_cases,
};

kunit_test_suite(clone_child_suite);
