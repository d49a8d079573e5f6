// SPDX-License-Identifier: GPL-2.0-only
/*
 * Process groups, and which processes a caller may move
 */
#include "common.h"

static struct procsrv_group_info group_of(struct kunit *test, u32 pgid)
{
	struct procsrv_group_info info;

	memset(&info, 0xcc, sizeof(info));
	KUNIT_ASSERT_EQ(test, procsrv_get_group(server(test), pgid, &info), 0);
	return info;
}

static int look_up_group(struct kunit *test, u32 pgid)
{
	struct procsrv_group_info info;

	return procsrv_get_group(server(test), pgid, &info);
}

static int try_group(struct kunit *test, u64 caller, u64 pid, u32 sid)
{
	u32 pgid = 77;
	int ret;

	ret = procsrv_create_group(server(test), caller, pid, sid, &pgid);
	if (ret)
		KUNIT_EXPECT_EQ(test, pgid, 77);
	return ret;
}

static int try_join(struct kunit *test, u64 caller, u64 pid, u32 pgid)
{
	return procsrv_set_group(server(test), caller, pid, pgid);
}

static void new_group_in_a_session(struct kunit *test)
{
	u64 a = make_process(test, PROCSRV_INIT_PID);
	u32 sid = make_session(test, a);
	u32 old = pgid_of(test, a);
	u64 b = make_process(test, a);
	u32 pgid;

	KUNIT_EXPECT_EQ(test, group_of(test, old).nr_members, 2);
	KUNIT_EXPECT_EQ(test, procsrv_create_group(server(test), 0, b, sid,
						   &pgid), 0);
	KUNIT_EXPECT_EQ(test, pgid, old + 1);
	KUNIT_EXPECT_EQ(test, group_of(test, pgid).leader, b);
	KUNIT_EXPECT_EQ(test, group_of(test, pgid).sid, sid);
	KUNIT_EXPECT_EQ(test, group_of(test, pgid).nr_members, 1);
	KUNIT_EXPECT_EQ(test, group_of(test, old).nr_members, 1);
	KUNIT_EXPECT_EQ(test, pgid_of(test, b), pgid);
	KUNIT_EXPECT_EQ(test, sid_of(test, b), sid);
}

static void new_group_in_no_session(struct kunit *test)
{
	u64 pid = make_process(test, PROCSRV_INIT_PID);
	u32 pgid = make_group(test, pid);

	KUNIT_EXPECT_EQ(test, pgid, 1);
	KUNIT_EXPECT_EQ(test, group_of(test, pgid).sid, 0);
	KUNIT_EXPECT_EQ(test, group_of(test, pgid).leader, pid);
	KUNIT_EXPECT_EQ(test, sid_of(test, pid), 0);
	KUNIT_EXPECT_EQ(test, pgid_of(test, pid), 1);
	KUNIT_EXPECT_EQ(test, stats_of(test).sessions, 0);
	KUNIT_EXPECT_EQ(test, stats_of(test).process_groups, 1);
}

static void group_vanishes_with_its_last_member(struct kunit *test)
{
	u64 a = make_process(test, PROCSRV_INIT_PID);
	u64 b = make_process(test, PROCSRV_INIT_PID);
	u32 first = make_group(test, a);
	u32 second;

	join_group(test, b, first);
	second = make_group(test, a);
	/* Its leader has left; the group remains, with the leader's pid. */
	KUNIT_EXPECT_EQ(test, group_of(test, first).leader, a);
	KUNIT_EXPECT_EQ(test, group_of(test, first).nr_members, 1);
	join_group(test, b, second);
	KUNIT_EXPECT_EQ(test, look_up_group(test, first), -ESRCH);
	KUNIT_EXPECT_EQ(test, group_of(test, second).nr_members, 2);

	end_process(test, a);
	end_process(test, b);
	KUNIT_EXPECT_EQ(test, group_of(test, second).nr_members, 2);
	reap_child(test, PROCSRV_INIT_PID, a);
	KUNIT_EXPECT_EQ(test, group_of(test, second).nr_members, 1);
	reap_child(test, PROCSRV_INIT_PID, b);
	KUNIT_EXPECT_EQ(test, look_up_group(test, second), -ESRCH);
	KUNIT_EXPECT_EQ(test, stats_of(test).process_groups, 0);
}

/* A leader that creates a new group leaves its old one, which ends. */
static void leader_leads_anew(struct kunit *test)
{
	u64 pid = make_process(test, PROCSRV_INIT_PID);
	u32 first = make_group(test, pid);
	u32 second = make_group(test, pid);

	KUNIT_EXPECT_EQ(test, second, first + 1);
	KUNIT_EXPECT_EQ(test, look_up_group(test, first), -ESRCH);
	KUNIT_EXPECT_EQ(test, group_of(test, second).nr_members, 1);
}

static void joining_ones_own_group(struct kunit *test)
{
	u64 pid = make_process(test, PROCSRV_INIT_PID);
	u32 pgid = make_group(test, pid);

	KUNIT_EXPECT_EQ(test, try_join(test, 0, pid, pgid), 0);
	KUNIT_EXPECT_EQ(test, group_of(test, pgid).nr_members, 1);
	KUNIT_EXPECT_EQ(test, pgid_of(test, pid), pgid);
}

static void moving_keeps_the_family(struct kunit *test)
{
	u64 parent = make_process(test, PROCSRV_INIT_PID);
	u64 pid = make_process(test, parent);
	u64 child = make_process(test, pid);

	make_group(test, pid);
	KUNIT_EXPECT_EQ(test, ppid_of(test, pid), parent);
	KUNIT_EXPECT_EQ(test, ppid_of(test, child), pid);
	KUNIT_EXPECT_EQ(test, pgid_of(test, child), 0);
}

static void only_within_one_session(struct kunit *test)
{
	u64 a = make_process(test, PROCSRV_INIT_PID);
	u32 sa = make_session(test, a);
	u64 ac = make_process(test, a);
	u64 b = make_process(test, PROCSRV_INIT_PID);
	u32 sb = make_session(test, b);
	u32 gb = pgid_of(test, b);
	u64 loner = make_process(test, PROCSRV_INIT_PID);
	u32 gl = make_group(test, loner);

	KUNIT_EXPECT_EQ(test, try_join(test, 0, ac, gb), -EPERM);
	KUNIT_EXPECT_EQ(test, try_join(test, 0, ac, gl), -EPERM);
	KUNIT_EXPECT_EQ(test, try_join(test, 0, loner, gb), -EPERM);
	KUNIT_EXPECT_EQ(test, try_group(test, 0, ac, sb), -EPERM);
	KUNIT_EXPECT_EQ(test, try_group(test, 0, ac, 0), -EPERM);
	KUNIT_EXPECT_EQ(test, try_group(test, 0, loner, sa), -EPERM);
	KUNIT_EXPECT_EQ(test, pgid_of(test, ac), pgid_of(test, a));
	KUNIT_EXPECT_EQ(test, try_group(test, 0, ac, sa), 0);
}

static void session_leaders_stay(struct kunit *test)
{
	u64 a = make_process(test, PROCSRV_INIT_PID);
	u32 sid = make_session(test, a);
	u32 own = pgid_of(test, a);
	u64 b = make_process(test, a);
	u32 other = make_group(test, b);

	KUNIT_EXPECT_EQ(test, try_group(test, 0, a, sid), -EPERM);
	KUNIT_EXPECT_EQ(test, try_join(test, 0, a, other), -EPERM);
	KUNIT_EXPECT_EQ(test, try_join(test, 0, a, own), -EPERM);
	KUNIT_EXPECT_EQ(test, try_join(test, a, a, other), -EPERM);
	KUNIT_EXPECT_EQ(test, pgid_of(test, a), own);
}

static void init_stays(struct kunit *test)
{
	u64 pid = make_process(test, PROCSRV_INIT_PID);
	u32 pgid = make_group(test, pid);
	const u64 init = PROCSRV_INIT_PID;

	KUNIT_EXPECT_EQ(test, try_group(test, 0, init, 0), -EPERM);
	KUNIT_EXPECT_EQ(test, try_group(test, init, init, 0), -EPERM);
	KUNIT_EXPECT_EQ(test, try_join(test, 0, init, pgid), -EPERM);
	KUNIT_EXPECT_EQ(test, try_join(test, init, init, pgid), -EPERM);
	KUNIT_EXPECT_EQ(test, pgid_of(test, init), 0);
}

static void things_that_do_not_exist(struct kunit *test)
{
	u64 pid = make_process(test, PROCSRV_INIT_PID);
	u32 pgid = make_group(test, pid);

	KUNIT_EXPECT_EQ(test, try_group(test, 0, 0, 0), -ESRCH);
	KUNIT_EXPECT_EQ(test, try_group(test, 0, TEST_NO_PID, 0), -ESRCH);
	KUNIT_EXPECT_EQ(test, try_group(test, 0, pid, 5), -ESRCH);
	KUNIT_EXPECT_EQ(test, try_join(test, 0, 0, pgid), -ESRCH);
	KUNIT_EXPECT_EQ(test, try_join(test, 0, TEST_NO_PID, pgid), -ESRCH);
	/* As setpgid(2) does for a group that does not exist. */
	KUNIT_EXPECT_EQ(test, try_join(test, 0, pid, 0), -EPERM);
	KUNIT_EXPECT_EQ(test, try_join(test, 0, pid, pgid + 1), -EPERM);
	KUNIT_EXPECT_EQ(test, pgid_of(test, pid), pgid);
}

static void zombies_may_move_and_lead(struct kunit *test)
{
	u64 a = make_process(test, PROCSRV_INIT_PID);
	u64 zombie = make_zombie(test, PROCSRV_INIT_PID);
	u32 first = make_group(test, a);
	u32 second;

	KUNIT_EXPECT_EQ(test, try_join(test, 0, zombie, first), 0);
	KUNIT_EXPECT_EQ(test, group_of(test, first).nr_members, 2);
	second = make_group(test, zombie);
	KUNIT_EXPECT_EQ(test, group_of(test, second).leader, zombie);
	KUNIT_EXPECT_EQ(test, state_of(test, zombie), PROCSRV_ZOMBIE);
	KUNIT_EXPECT_EQ(test, try_join(test, 0, a, second), 0);
	reap_child(test, PROCSRV_INIT_PID, zombie);
	KUNIT_EXPECT_EQ(test, group_of(test, second).nr_members, 1);
}

static void orphans_may_move(struct kunit *test)
{
	u64 parent = make_process(test, PROCSRV_INIT_PID);
	u64 zombie = make_zombie(test, parent);

	end_process(test, parent);
	make_group(test, zombie);
	KUNIT_EXPECT_EQ(test, flags_of(test, zombie), PROCSRV_INFO_ORPHAN);
	KUNIT_EXPECT_EQ(test, stats_of(test).orphans, 1);
}

static void caller_moves_itself(struct kunit *test)
{
	u64 leader = make_process(test, PROCSRV_INIT_PID);
	u32 sid = make_session(test, leader);
	u32 first = pgid_of(test, leader);
	u64 pid = make_process(test, leader);

	KUNIT_EXPECT_EQ(test, try_group(test, pid, pid, sid), 0);
	KUNIT_EXPECT_EQ(test, try_join(test, pid, pid, first), 0);
	/* The same after exec. */
	KUNIT_EXPECT_EQ(test, exec_as(test, pid, "x"), 0);
	KUNIT_EXPECT_EQ(test, try_group(test, pid, pid, sid), 0);
	KUNIT_EXPECT_EQ(test, try_join(test, pid, pid, first), 0);
}

static void caller_moves_its_child_before_exec(struct kunit *test)
{
	u64 leader = make_process(test, PROCSRV_INIT_PID);
	u32 sid = make_session(test, leader);
	u32 first = pgid_of(test, leader);
	u64 child = make_process(test, leader);

	KUNIT_EXPECT_EQ(test, try_group(test, leader, child, sid), 0);
	KUNIT_EXPECT_EQ(test, try_join(test, leader, child, first), 0);
	KUNIT_EXPECT_EQ(test, exec_as(test, child, "x"), 0);
	KUNIT_EXPECT_EQ(test, try_group(test, leader, child, sid), -EACCES);
	KUNIT_EXPECT_EQ(test, try_join(test, leader, child, first), -EACCES);
	/* A caller from outside the server may still do so. */
	KUNIT_EXPECT_EQ(test, try_join(test, 0, child, first), 0);
	/* A zombie child may be moved, unless it has called exec. */
	end_process(test, child);
	KUNIT_EXPECT_EQ(test, try_join(test, leader, child, first), -EACCES);
	child = make_zombie(test, leader);
	KUNIT_EXPECT_EQ(test, try_group(test, leader, child, sid), 0);
}

static void caller_moves_nobody_else(struct kunit *test)
{
	u64 leader = make_process(test, PROCSRV_INIT_PID);
	u32 sid = make_session(test, leader);
	u32 pgid = pgid_of(test, leader);
	u64 a = make_process(test, leader);
	u64 b = make_process(test, leader);
	u64 grandchild = make_process(test, a);

	/* A sibling, a parent, a grandchild. */
	KUNIT_EXPECT_EQ(test, try_group(test, a, b, sid), -ESRCH);
	KUNIT_EXPECT_EQ(test, try_join(test, a, b, pgid), -ESRCH);
	KUNIT_EXPECT_EQ(test, try_group(test, a, leader, sid), -ESRCH);
	KUNIT_EXPECT_EQ(test, try_join(test, leader, grandchild, pgid), -ESRCH);
	KUNIT_EXPECT_EQ(test, try_join(test, a, PROCSRV_INIT_PID, pgid),
			-ESRCH);
	KUNIT_EXPECT_EQ(test, try_join(test, a, TEST_NO_PID, pgid), -ESRCH);
}

static void caller_missing_or_zombie(struct kunit *test)
{
	u64 parent = make_process(test, PROCSRV_INIT_PID);
	u64 pid = make_process(test, parent);
	u64 zombie = make_zombie(test, parent);
	u32 pgid = make_group(test, pid);

	KUNIT_EXPECT_EQ(test, try_group(test, TEST_NO_PID, pid, 0), -ESRCH);
	KUNIT_EXPECT_EQ(test, try_join(test, TEST_NO_PID, pid, pgid), -ESRCH);
	KUNIT_EXPECT_EQ(test, try_group(test, zombie, zombie, 0), -ESRCH);
	KUNIT_EXPECT_EQ(test, try_join(test, zombie, zombie, pgid), -ESRCH);
	KUNIT_EXPECT_EQ(test, try_join(test, zombie, pid, pgid), -ESRCH);
}

static void child_in_another_session(struct kunit *test)
{
	u64 leader = make_process(test, PROCSRV_INIT_PID);
	u32 pgid, sid;
	u64 child, grandchild;

	make_session(test, leader);
	pgid = pgid_of(test, leader);
	child = make_process(test, leader);
	sid = make_session(test, child);
	grandchild = make_process(test, child);
	end_process(test, child);
	/* Now the grandchild is a child of init, in another session. */
	KUNIT_EXPECT_EQ(test, try_group(test, PROCSRV_INIT_PID, grandchild,
					sid), -EPERM);
	KUNIT_EXPECT_EQ(test, try_join(test, leader, child, pgid), -EPERM);
	/* After exec, the session still decides. */
	KUNIT_EXPECT_EQ(test, exec_as(test, grandchild, "x"), 0);
	KUNIT_EXPECT_EQ(test, try_group(test, PROCSRV_INIT_PID, grandchild,
					sid), -EPERM);
}

/* If several errors apply, the one that setpgid(2) finds first is returned. */
static void order_of_the_checks(struct kunit *test)
{
	u64 leader = make_process(test, PROCSRV_INIT_PID);
	u32 sid = make_session(test, leader);
	u64 child = make_process(test, leader);
	u64 other = make_process(test, PROCSRV_INIT_PID);

	KUNIT_EXPECT_EQ(test, exec_as(test, child, "x"), 0);
	/* EACCES comes before errors of the group or the session. */
	KUNIT_EXPECT_EQ(test, try_join(test, leader, child, 12345), -EACCES);
	KUNIT_EXPECT_EQ(test, try_group(test, leader, child, 12345), -EACCES);
	KUNIT_EXPECT_EQ(test, try_group(test, leader, child, 0), -EACCES);
	/* ESRCH for a stranger comes before EPERM for a session leader. */
	KUNIT_EXPECT_EQ(test, try_join(test, other, leader, 12345), -ESRCH);
	KUNIT_EXPECT_EQ(test, try_group(test, other, leader, sid), -ESRCH);
	/* EPERM for a leader comes before ESRCH for the session. */
	KUNIT_EXPECT_EQ(test, try_group(test, 0, leader, 12345), -EPERM);
}

/* Groups of every size, with members that come and go in every order. */
static void members_come_and_go(struct kunit *test)
{
	u64 seed = 3;
	u64 pids[24];
	u32 groups[3];
	u32 i;

	make_processes(test, PROCSRV_INIT_PID, pids, ARRAY_SIZE(pids));
	for (i = 0; i < 3; i++)
		groups[i] = make_group(test, pids[i]);
	for (i = 0; i < 2000; i++) {
		/* The first three processes keep the groups. */
		u64 pid = pids[3 + test_random(&seed, ARRAY_SIZE(pids) - 3)];
		u32 pgid = groups[test_random(&seed, 3)];

		join_group(test, pid, pgid);
		KUNIT_ASSERT_EQ(test, pgid_of(test, pid), pgid);
		if (i % 100 == 0)
			check_server(test);
	}
	KUNIT_EXPECT_EQ(test, group_of(test, groups[0]).nr_members +
			      group_of(test, groups[1]).nr_members +
			      group_of(test, groups[2]).nr_members, 24);
}

static struct kunit_case group_cases[] = {
	KUNIT_CASE(new_group_in_a_session),
	KUNIT_CASE(new_group_in_no_session),
	KUNIT_CASE(group_vanishes_with_its_last_member),
	KUNIT_CASE(leader_leads_anew),
	KUNIT_CASE(joining_ones_own_group),
	KUNIT_CASE(moving_keeps_the_family),
	KUNIT_CASE(only_within_one_session),
	KUNIT_CASE(session_leaders_stay),
	KUNIT_CASE(init_stays),
	KUNIT_CASE(things_that_do_not_exist),
	KUNIT_CASE(zombies_may_move_and_lead),
	KUNIT_CASE(orphans_may_move),
	KUNIT_CASE(caller_moves_itself),
	KUNIT_CASE(caller_moves_its_child_before_exec),
	KUNIT_CASE(caller_moves_nobody_else),
	KUNIT_CASE(caller_missing_or_zombie),
	KUNIT_CASE(child_in_another_session),
	KUNIT_CASE(order_of_the_checks),
	KUNIT_CASE(members_come_and_go),
	{}
};

static struct kunit_suite group_suite = {
	.name = "procsrv-group",
	.init = fixture_init,
	.exit = fixture_exit,
	.test_cases = group_cases,
};

kunit_test_suite(group_suite);
