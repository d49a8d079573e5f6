// SPDX-License-Identifier: GPL-2.0-only
/*
 * Sessions and their terminals
 */
#include "common.h"

static int look_up_session(struct kunit *test, u32 sid)
{
	struct procsrv_session_info info;
	int ret = procsrv_get_session(server(test), sid, &info);

	if (!ret)
		procsrv_text_put(info.terminal);
	return ret;
}

static int look_up_group(struct kunit *test, u32 pgid)
{
	struct procsrv_group_info info;

	return procsrv_get_group(server(test), pgid, &info);
}

static void new_session(struct kunit *test)
{
	u64 pid = make_process(test, PROCSRV_INIT_PID);
	struct procsrv_session_info session;
	struct procsrv_group_info group;
	u32 sid = 77, pgid = 77;

	KUNIT_ASSERT_EQ(test, procsrv_create_session(server(test), pid, &sid,
						     &pgid), 0);
	KUNIT_EXPECT_EQ(test, sid, 1);
	KUNIT_EXPECT_EQ(test, pgid, 1);
	KUNIT_EXPECT_EQ(test, sid_of(test, pid), sid);
	KUNIT_EXPECT_EQ(test, pgid_of(test, pid), pgid);

	session = session_of(test, sid);
	KUNIT_EXPECT_EQ(test, session.leader, pid);
	KUNIT_EXPECT_NULL(test, session.terminal);
	KUNIT_EXPECT_EQ(test, session.nr_members, 1);
	KUNIT_EXPECT_EQ(test, session.nr_groups, 1);

	KUNIT_ASSERT_EQ(test, procsrv_get_group(server(test), pgid, &group), 0);
	KUNIT_EXPECT_EQ(test, group.leader, pid);
	KUNIT_EXPECT_EQ(test, group.sid, sid);
	KUNIT_EXPECT_EQ(test, group.nr_members, 1);
	KUNIT_EXPECT_EQ(test, stats_of(test).sessions, 1);
	KUNIT_EXPECT_EQ(test, stats_of(test).process_groups, 1);
}

static void ids_ascend_and_are_not_reused(struct kunit *test)
{
	u32 want;

	for (want = 1; want < 40; want++) {
		u64 pid = make_process(test, PROCSRV_INIT_PID);

		KUNIT_EXPECT_EQ(test, make_session(test, pid), want);
		KUNIT_EXPECT_EQ(test, pgid_of(test, pid), want);
		if (want % 2) {
			end_process(test, pid);
			reap_child(test, PROCSRV_INIT_PID, pid);
		}
	}
	KUNIT_EXPECT_EQ(test, stats_of(test).sessions, 19);
}

static void leader_leaves_its_old_session(struct kunit *test)
{
	u64 a = make_process(test, PROCSRV_INIT_PID);
	u32 first = make_session(test, a);
	u64 b = make_process(test, a);
	u32 second = make_session(test, b);

	KUNIT_EXPECT_EQ(test, session_of(test, first).nr_members, 1);
	KUNIT_EXPECT_EQ(test, session_of(test, second).nr_members, 1);
	KUNIT_EXPECT_EQ(test, session_of(test, second).leader, b);
	KUNIT_EXPECT_EQ(test, sid_of(test, a), first);
	KUNIT_EXPECT_EQ(test, sid_of(test, b), second);
	KUNIT_EXPECT_EQ(test, ppid_of(test, b), a);
	KUNIT_EXPECT_NE(test, pgid_of(test, a), pgid_of(test, b));
}

/* The session and the group end when the last member leaves. */
static void last_member_moves_away(struct kunit *test)
{
	u64 a = make_process(test, PROCSRV_INIT_PID);
	u32 first = make_session(test, a);
	u32 old_group = pgid_of(test, a);
	u64 b = make_process(test, a);

	end_process(test, a);
	reap_child(test, PROCSRV_INIT_PID, a);
	KUNIT_EXPECT_EQ(test, session_of(test, first).nr_members, 1);
	/* The leader is gone, but is still known as the leader. */
	KUNIT_EXPECT_EQ(test, session_of(test, first).leader, a);
	make_session(test, b);
	KUNIT_EXPECT_EQ(test, look_up_session(test, first), -ESRCH);
	KUNIT_EXPECT_EQ(test, look_up_group(test, old_group), -ESRCH);
	KUNIT_EXPECT_EQ(test, stats_of(test).sessions, 1);
	KUNIT_EXPECT_EQ(test, stats_of(test).process_groups, 1);
}

static void session_of_a_group_leader_alone(struct kunit *test)
{
	u64 a = make_process(test, PROCSRV_INIT_PID);
	u32 first = make_session(test, a);
	u64 b = make_process(test, a);
	u32 group = make_group(test, b);
	u32 second = make_session(test, b);

	KUNIT_EXPECT_NE(test, first, second);
	KUNIT_EXPECT_EQ(test, look_up_group(test, group), -ESRCH);
	KUNIT_EXPECT_EQ(test, session_of(test, first).nr_groups, 1);
}

static void session_of_leaders(struct kunit *test)
{
	struct procsrv *ps = server(test);
	u64 a = make_process(test, PROCSRV_INIT_PID);
	u64 b, c;
	u32 sid = 77, pgid = 77;

	make_session(test, a);
	b = make_process(test, a);
	/* A session leader, with other members and alone. */
	KUNIT_EXPECT_EQ(test, procsrv_create_session(ps, a, &sid, &pgid),
			-EPERM);
	join_group(test, b, make_group(test, b));
	KUNIT_EXPECT_EQ(test, procsrv_create_session(ps, a, &sid, &pgid),
			-EPERM);
	/* A group leader with another member, which may be a zombie. */
	c = make_process(test, b);
	KUNIT_EXPECT_EQ(test, procsrv_create_session(ps, b, &sid, &pgid),
			-EPERM);
	end_process(test, c);
	KUNIT_EXPECT_EQ(test, procsrv_create_session(ps, b, &sid, &pgid),
			-EPERM);
	KUNIT_EXPECT_EQ(test, sid, 77);
	KUNIT_EXPECT_EQ(test, pgid, 77);
	reap_child(test, b, c);
	KUNIT_EXPECT_EQ(test, procsrv_create_session(ps, b, &sid, &pgid), 0);
	/* The failed calls have not used up any ids. */
	KUNIT_EXPECT_EQ(test, sid, 2);
	KUNIT_EXPECT_EQ(test, pgid, 3);
}

/* A leader cannot create a session while its group has other members. */
static void session_of_one_who_left_its_group(struct kunit *test)
{
	struct procsrv *ps = server(test);
	u64 a = make_process(test, PROCSRV_INIT_PID);
	u64 b = make_process(test, PROCSRV_INIT_PID);
	u64 c = make_process(test, PROCSRV_INIT_PID);
	u32 first = make_group(test, a);
	u32 other = make_group(test, c);
	u32 sid = 77, pgid = 77;

	join_group(test, b, first);
	join_group(test, a, other);
	KUNIT_EXPECT_EQ(test, procsrv_create_session(ps, a, &sid, &pgid),
			-EPERM);
	/* Leading another group, alone, makes no difference. */
	make_group(test, a);
	KUNIT_EXPECT_EQ(test, procsrv_create_session(ps, a, &sid, &pgid),
			-EPERM);
	KUNIT_EXPECT_EQ(test, sid, 77);
	KUNIT_EXPECT_EQ(test, pgid, 77);
	/* Once the group is empty, its leader can create a session. */
	join_group(test, b, other);
	KUNIT_EXPECT_EQ(test, procsrv_create_session(ps, a, &sid, &pgid), 0);
}

static void leader_is_gone_before_its_group(struct kunit *test)
{
	u64 a = make_process(test, PROCSRV_INIT_PID);
	u64 b = make_process(test, PROCSRV_INIT_PID);
	u32 pgid = make_group(test, a);

	join_group(test, b, pgid);
	end_process(test, a);
	reap_child(test, PROCSRV_INIT_PID, a);
	check_server(test);
	make_session(test, b);
	KUNIT_EXPECT_EQ(test, look_up_group(test, pgid), -ESRCH);
}

/* A member that is no leader can always create a session. */
static void session_of_a_member(struct kunit *test)
{
	u64 a = make_process(test, PROCSRV_INIT_PID);
	u64 b;

	make_group(test, a);
	b = make_process(test, a);
	make_session(test, b);
	KUNIT_EXPECT_EQ(test, sid_of(test, a), 0);
	KUNIT_EXPECT_NE(test, pgid_of(test, a), pgid_of(test, b));
}

static void session_without_process(struct kunit *test)
{
	struct procsrv *ps = server(test);
	u64 zombie = make_zombie(test, PROCSRV_INIT_PID);
	u32 sid = 77, pgid = 77;

	KUNIT_EXPECT_EQ(test, procsrv_create_session(ps, 0, &sid, &pgid),
			-ESRCH);
	KUNIT_EXPECT_EQ(test, procsrv_create_session(ps, TEST_NO_PID, &sid,
						     &pgid), -ESRCH);
	KUNIT_EXPECT_EQ(test, procsrv_create_session(ps, zombie, &sid, &pgid),
			-ESRCH);
	KUNIT_EXPECT_EQ(test, procsrv_create_session(ps, PROCSRV_INIT_PID, &sid,
						     &pgid), -EPERM);
	KUNIT_EXPECT_EQ(test, sid, 77);
	KUNIT_EXPECT_EQ(test, pgid, 77);
	KUNIT_EXPECT_EQ(test, stats_of(test).sessions, 0);
	KUNIT_EXPECT_EQ(test, stats_of(test).process_groups, 0);
	KUNIT_EXPECT_EQ(test, sid_of(test, PROCSRV_INIT_PID), 0);
}

static void put_id_counters(struct kunit *test, u32 next_sid, u32 next_pgid)
{
	struct procsrv *ps = server(test);

	write_lock(&ps->lock);
	ps->next_sid = next_sid;
	ps->next_pgid = next_pgid;
	write_unlock(&ps->lock);
}

/* After the highest id comes 1 again, except for ids that are in use. */
static void session_ids_go_round(struct kunit *test)
{
	u64 a = make_process(test, PROCSRV_INIT_PID);
	u64 b = make_process(test, PROCSRV_INIT_PID);
	u64 c = make_process(test, PROCSRV_INIT_PID);
	u64 d = make_process(test, PROCSRV_INIT_PID);

	KUNIT_EXPECT_EQ(test, make_session(test, a), 1);
	put_id_counters(test, U32_MAX, 5);
	KUNIT_EXPECT_EQ(test, make_session(test, b), U32_MAX);
	KUNIT_EXPECT_EQ(test, make_session(test, c), 2);
	/* Group ids are counted separately. */
	KUNIT_EXPECT_EQ(test, pgid_of(test, c), 6);
	end_process(test, a);
	reap_child(test, PROCSRV_INIT_PID, a);
	/* An id that became free is not reused before its turn. */
	KUNIT_EXPECT_EQ(test, make_session(test, d), 3);
}

static void group_ids_go_round(struct kunit *test)
{
	u64 pids[6];

	make_processes(test, PROCSRV_INIT_PID, pids, ARRAY_SIZE(pids));
	KUNIT_EXPECT_EQ(test, make_group(test, pids[0]), 1);
	KUNIT_EXPECT_EQ(test, make_group(test, pids[1]), 2);
	put_id_counters(test, 5, 4);
	KUNIT_EXPECT_EQ(test, make_group(test, pids[2]), 4);
	put_id_counters(test, 5, U32_MAX);
	KUNIT_EXPECT_EQ(test, make_group(test, pids[3]), U32_MAX);
	KUNIT_EXPECT_EQ(test, make_group(test, pids[4]), 3);
	KUNIT_EXPECT_EQ(test, make_group(test, pids[5]), 5);
	KUNIT_EXPECT_EQ(test, stats_of(test).process_groups, 6);
	/* Group 1 still exists, and its member is in no other. */
	KUNIT_EXPECT_EQ(test, pgid_of(test, pids[0]), 1);
	KUNIT_EXPECT_EQ(test, pgid_of(test, make_process(test, pids[3])),
			U32_MAX);
}

static void last_session_id_and_last_group_id(struct kunit *test)
{
	struct procsrv *ps = server(test);
	u64 a = make_process(test, PROCSRV_INIT_PID);
	u64 b = make_process(test, PROCSRV_INIT_PID);
	u32 sid, pgid;

	put_id_counters(test, U32_MAX, U32_MAX);
	KUNIT_EXPECT_EQ(test, procsrv_create_session(ps, a, &sid, &pgid), 0);
	KUNIT_EXPECT_EQ(test, sid, U32_MAX);
	KUNIT_EXPECT_EQ(test, pgid, U32_MAX);
	KUNIT_EXPECT_EQ(test, procsrv_create_session(ps, b, &sid, &pgid), 0);
	KUNIT_EXPECT_EQ(test, sid, 1);
	KUNIT_EXPECT_EQ(test, pgid, 1);
}

/* No id is assigned twice, however many in a row are in use. */
static void ids_in_use_in_a_row(struct kunit *test)
{
	enum { ROW = 1000 };
	u64 pid, leader = make_process(test, PROCSRV_INIT_PID);
	u32 i;

	for (i = 1; i <= ROW; i++) {
		pid = make_process(test, PROCSRV_INIT_PID);
		KUNIT_ASSERT_EQ(test, make_group(test, pid), i);
	}
	for (i = 0; i < 3; i++) {
		put_id_counters(test, 5, i ? i * ROW / 3 : U32_MAX);
		pid = make_process(test, PROCSRV_INIT_PID);
		KUNIT_EXPECT_EQ(test, make_group(test, pid),
				i ? ROW + i : U32_MAX);
	}
	/* A session needs a group id, too. */
	put_id_counters(test, 5, 1);
	KUNIT_EXPECT_EQ(test, make_session(test, leader), 5);
	KUNIT_EXPECT_EQ(test, pgid_of(test, leader), ROW + 3);
}

static void members_are_counted(struct kunit *test)
{
	u64 a = make_process(test, PROCSRV_INIT_PID);
	u32 sid = make_session(test, a);
	u64 pids[10];
	u32 i;

	make_processes(test, a, pids, ARRAY_SIZE(pids));
	KUNIT_EXPECT_EQ(test, session_of(test, sid).nr_members, 11);
	make_group(test, pids[0]);
	make_group(test, pids[1]);
	KUNIT_EXPECT_EQ(test, session_of(test, sid).nr_members, 11);
	KUNIT_EXPECT_EQ(test, session_of(test, sid).nr_groups, 3);
	for (i = 0; i < ARRAY_SIZE(pids); i++)
		end_process(test, pids[i]);
	KUNIT_EXPECT_EQ(test, session_of(test, sid).nr_members, 11);
	for (i = 0; i < ARRAY_SIZE(pids); i++) {
		reap_child(test, a, pids[i]);
		KUNIT_EXPECT_EQ(test, session_of(test, sid).nr_members, 10 - i);
	}
	KUNIT_EXPECT_EQ(test, session_of(test, sid).nr_groups, 1);
}

static void terminal_is_the_sessions(struct kunit *test)
{
	struct procsrv *ps = server(test);
	struct procsrv_text *name = procsrv_text_new("tty7", 4);
	u64 a = make_process(test, PROCSRV_INIT_PID);
	u32 sid = make_session(test, a);
	u64 b = make_process(test, a);
	struct procsrv_session_info info;
	struct procsrv_details d;

	KUNIT_ASSERT_NOT_NULL(test, name);
	KUNIT_EXPECT_EQ(test, procsrv_set_terminal(ps, sid, name), 0);
	KUNIT_EXPECT_EQ(test, refcount_read(&name->refs), 2);
	procsrv_text_put(name);

	KUNIT_ASSERT_EQ(test, procsrv_get_session(ps, sid, &info), 0);
	KUNIT_ASSERT_NOT_NULL(test, info.terminal);
	KUNIT_EXPECT_STREQ(test, info.terminal->data, "tty7");
	procsrv_text_put(info.terminal);

	/* Every member has the terminal, until it leaves the session. */
	KUNIT_ASSERT_EQ(test, procsrv_get_info(ps, b, &d), 0);
	KUNIT_EXPECT_EQ(test, d.info.terminal_len, sizeof("tty7"));
	KUNIT_EXPECT_NOT_NULL(test, d.terminal);
	if (d.terminal)
		KUNIT_EXPECT_STREQ(test, d.terminal->data, "tty7");
	procsrv_put_info(&d);
	make_session(test, b);
	KUNIT_EXPECT_EQ(test, info_of(test, b).terminal_len, 0);
	KUNIT_EXPECT_EQ(test, info_of(test, a).terminal_len, sizeof("tty7"));
}

static void terminal_is_replaced_and_taken(struct kunit *test)
{
	struct procsrv *ps = server(test);
	struct procsrv_text *first = procsrv_text_new("a", 1);
	struct procsrv_text *second = procsrv_text_new("bc", 2);
	u64 pid = make_process(test, PROCSRV_INIT_PID);
	u32 sid = make_session(test, pid);

	KUNIT_ASSERT_NOT_NULL(test, first);
	KUNIT_ASSERT_NOT_NULL(test, second);
	KUNIT_EXPECT_EQ(test, procsrv_set_terminal(ps, sid, first), 0);
	KUNIT_EXPECT_EQ(test, procsrv_set_terminal(ps, sid, second), 0);
	KUNIT_EXPECT_EQ(test, refcount_read(&first->refs), 1);
	KUNIT_EXPECT_EQ(test, refcount_read(&second->refs), 2);
	KUNIT_EXPECT_EQ(test, info_of(test, pid).terminal_len, sizeof("bc"));
	KUNIT_EXPECT_EQ(test, procsrv_set_terminal(ps, sid, NULL), 0);
	KUNIT_EXPECT_EQ(test, refcount_read(&second->refs), 1);
	KUNIT_EXPECT_EQ(test, info_of(test, pid).terminal_len, 0);
	KUNIT_EXPECT_EQ(test, procsrv_set_terminal(ps, sid, NULL), 0);
	procsrv_text_put(first);
	procsrv_text_put(second);
}

static void terminal_goes_with_its_session(struct kunit *test)
{
	struct procsrv_text *name = procsrv_text_new("pts/0", 5);
	u64 pid = make_process(test, PROCSRV_INIT_PID);
	u32 sid = make_session(test, pid);

	KUNIT_ASSERT_NOT_NULL(test, name);
	KUNIT_EXPECT_EQ(test, procsrv_set_terminal(server(test), sid, name), 0);
	end_process(test, pid);
	reap_child(test, PROCSRV_INIT_PID, pid);
	KUNIT_EXPECT_EQ(test, refcount_read(&name->refs), 1);
	procsrv_text_put(name);
}

static void terminal_without_session(struct kunit *test)
{
	struct procsrv_text *name = procsrv_text_new("x", 1);

	KUNIT_ASSERT_NOT_NULL(test, name);
	KUNIT_EXPECT_EQ(test, procsrv_set_terminal(server(test), 0, name),
			-ESRCH);
	KUNIT_EXPECT_EQ(test, procsrv_set_terminal(server(test), 1, name),
			-ESRCH);
	KUNIT_EXPECT_EQ(test, procsrv_set_terminal(server(test), 1, NULL),
			-ESRCH);
	KUNIT_EXPECT_EQ(test, refcount_read(&name->refs), 1);
	procsrv_text_put(name);
}

static void sessions_that_do_not_exist(struct kunit *test)
{
	u64 pid = make_process(test, PROCSRV_INIT_PID);
	u32 sid = make_session(test, pid);

	KUNIT_EXPECT_EQ(test, look_up_session(test, sid), 0);
	KUNIT_EXPECT_EQ(test, look_up_session(test, 0), -ESRCH);
	KUNIT_EXPECT_EQ(test, look_up_session(test, sid + 1), -ESRCH);
	KUNIT_EXPECT_EQ(test, look_up_session(test, U32_MAX), -ESRCH);
	KUNIT_EXPECT_EQ(test, look_up_group(test, 0), -ESRCH);
	KUNIT_EXPECT_EQ(test, look_up_group(test, U32_MAX), -ESRCH);
}

static struct kunit_case session_cases[] = {
	KUNIT_CASE(new_session),
	KUNIT_CASE(ids_ascend_and_are_not_reused),
	KUNIT_CASE(leader_leaves_its_old_session),
	KUNIT_CASE(last_member_moves_away),
	KUNIT_CASE(session_of_a_group_leader_alone),
	KUNIT_CASE(session_of_leaders),
	KUNIT_CASE(session_of_one_who_left_its_group),
	KUNIT_CASE(leader_is_gone_before_its_group),
	KUNIT_CASE(session_of_a_member),
	KUNIT_CASE(session_without_process),
	KUNIT_CASE(session_ids_go_round),
	KUNIT_CASE(group_ids_go_round),
	KUNIT_CASE(last_session_id_and_last_group_id),
	KUNIT_CASE(ids_in_use_in_a_row),
	KUNIT_CASE(members_are_counted),
	KUNIT_CASE(terminal_is_the_sessions),
	KUNIT_CASE(terminal_is_replaced_and_taken),
	KUNIT_CASE(terminal_goes_with_its_session),
	KUNIT_CASE(terminal_without_session),
	KUNIT_CASE(sessions_that_do_not_exist),
	{}
};

static struct kunit_suite session_suite = {
	.name = "procsrv-session",
	.init = fixture_init,
	.exit = fixture_exit,
	.test_cases = session_cases,
};

kunit_test_suite(session_suite);
