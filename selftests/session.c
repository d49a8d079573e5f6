// SPDX-License-Identifier: GPL-2.0-only
/*
 * procsrv selftests - sessions and process groups
 */
#include "fixture.h"
#include "snapshot.h"

TEST_F(procsrv, create_session)
{
	struct procsrv_session_args session;
	struct procsrv_group_args group;
	struct procsrv_stats before, after;
	__u32 sid, pgid;

	ASSERT_EQ(0, get_stats(self->fd, &before));
	ASSERT_EQ(0, create_session(self->fd, self->root, &sid, &pgid));
	EXPECT_NE(0, sid);
	EXPECT_NE(0, pgid);
	EXPECT_NE(PATTERN32, sid);
	EXPECT_NE(PATTERN32, pgid);
	EXPECT_EQ(sid, sid_of(self->fd, self->root));
	EXPECT_EQ(pgid, pgid_of(self->fd, self->root));

	ASSERT_EQ(0, get_session(self->fd, sid, &session));
	EXPECT_EQ(sid, session.sid);
	EXPECT_EQ(self->root, session.leader);
	EXPECT_EQ(1, session.nr_processes);
	EXPECT_EQ(1, session.nr_groups);
	EXPECT_EQ(0, session.terminal_size);
	EXPECT_EQ(0, session.terminal);
	ASSERT_EQ(0, get_group(self->fd, pgid, &group));
	EXPECT_EQ(pgid, group.pgid);
	EXPECT_EQ(self->root, group.leader);
	EXPECT_EQ(sid, group.sid);
	EXPECT_EQ(1, group.nr_processes);

	ASSERT_EQ(0, get_stats(self->fd, &after));
	before.sessions++;
	before.process_groups++;
	EXPECT_EQ(0, memcmp(&before, &after, sizeof(after)));
}

/* PROCSRV_IOC_GROUP reports an orphaned group only on request. */
TEST_F(procsrv, orphaned_group)
{
	struct procsrv_group_args group = { .flags = PROCSRV_GROUP_ORPHANED };
	__u64 child;
	__u32 sid;

	ASSERT_EQ(0, create_session(self->fd, self->root, &sid, &group.pgid));
	ASSERT_EQ(0, call(self->fd, PROCSRV_IOC_GROUP, &group));
	EXPECT_EQ(PROCSRV_GROUP_ORPHANED, group.flags);
	EXPECT_EQ(self->root, group.leader);
	group.flags = 0;
	ASSERT_EQ(0, call(self->fd, PROCSRV_IOC_GROUP, &group));
	EXPECT_EQ(0, group.flags);

	ASSERT_EQ(0, create(self->fd, self->root, &child));
	ASSERT_EQ(0, create_group(self->fd, 0, child, sid, &group.pgid));
	group.flags = PROCSRV_GROUP_ORPHANED;
	ASSERT_EQ(0, call(self->fd, PROCSRV_IOC_GROUP, &group));
	EXPECT_EQ(0, group.flags);
	EXPECT_EQ(child, group.leader);
	group.pgid = 0;
	group.flags = PROCSRV_GROUP_ORPHANED;
	EXPECT_EQ(-ESRCH, call(self->fd, PROCSRV_IOC_GROUP, &group));
	EXPECT_EQ(PROCSRV_GROUP_ORPHANED, group.flags);
}

TEST_F(procsrv, children_are_born_into_both)
{
	struct procsrv_session_args session;
	struct procsrv_group_args group;
	__u32 sid, pgid, other;
	__u64 child, grandchild;

	ASSERT_EQ(0, create_session(self->fd, self->root, &sid, &pgid));
	ASSERT_EQ(0, create(self->fd, self->root, &child));
	EXPECT_EQ(sid, sid_of(self->fd, child));
	EXPECT_EQ(pgid, pgid_of(self->fd, child));
	ASSERT_EQ(0, create_group(self->fd, 0, child, sid, &other));
	ASSERT_EQ(0, create(self->fd, child, &grandchild));
	EXPECT_EQ(sid, sid_of(self->fd, grandchild));
	EXPECT_EQ(other, pgid_of(self->fd, grandchild));
	ASSERT_EQ(0, get_session(self->fd, sid, &session));
	EXPECT_EQ(3, session.nr_processes);
	EXPECT_EQ(2, session.nr_groups);
	ASSERT_EQ(0, get_group(self->fd, other, &group));
	EXPECT_EQ(2, group.nr_processes);
	EXPECT_EQ(child, group.leader);

	/*
	 * The exit of the parent does not change the session or group of its
	 * child.
	 */
	ASSERT_EQ(0, terminate(self->fd, child, 0, 0));
	EXPECT_EQ(sid, sid_of(self->fd, grandchild));
	EXPECT_EQ(other, pgid_of(self->fd, grandchild));
}

TEST_F(procsrv, leader_leaves_the_old_ones)
{
	struct procsrv_session_args session;
	struct procsrv_group_args group;
	__u32 sid, pgid, child_sid, child_pgid;
	__u64 child, cursor = 0, pids[4];

	ASSERT_EQ(0, create_session(self->fd, self->root, &sid, &pgid));
	ASSERT_EQ(0, create(self->fd, self->root, &child));
	ASSERT_EQ(0, create_session(self->fd, child, &child_sid, &child_pgid));
	EXPECT_NE(sid, child_sid);
	EXPECT_NE(pgid, child_pgid);
	EXPECT_EQ(child_sid, sid_of(self->fd, child));
	EXPECT_EQ(child_pgid, pgid_of(self->fd, child));
	ASSERT_EQ(0, get_session(self->fd, sid, &session));
	EXPECT_EQ(1, session.nr_processes);
	ASSERT_EQ(0, get_group(self->fd, pgid, &group));
	EXPECT_EQ(1, group.nr_processes);
	ASSERT_EQ(1, list_pids(self->fd, PROCSRV_LIST_SID, sid, &cursor, pids,
			       4));
	EXPECT_EQ(self->root, pids[0]);
}

/* A session remains after its leader's exit, for the other member. */
TEST_F(procsrv, session_outlives_its_leader)
{
	struct procsrv_session_args session;
	struct procsrv_group_args group;
	__u32 sid, pgid, new_sid, new_pgid;
	__u64 leader, member;

	ASSERT_EQ(0, create(self->fd, self->root, &leader));
	ASSERT_EQ(0, create_session(self->fd, leader, &sid, &pgid));
	ASSERT_EQ(0, create(self->fd, leader, &member));
	ASSERT_EQ(0, terminate(self->fd, leader, 0, 0));
	ASSERT_EQ(0, reap(self->fd, self->root, leader));
	ASSERT_EQ(0, get_session(self->fd, sid, &session));
	EXPECT_EQ(leader, session.leader);
	EXPECT_EQ(1, session.nr_processes);
	ASSERT_EQ(0, get_group(self->fd, pgid, &group));
	EXPECT_EQ(leader, group.leader);
	/* The member leaves, and the session and the group end. */
	ASSERT_EQ(0, create_session(self->fd, member, &new_sid, &new_pgid));
	EXPECT_EQ(-ESRCH, get_session(self->fd, sid, &session));
	EXPECT_EQ(-ESRCH, get_group(self->fd, pgid, &group));
	/* Their ids are not reused. */
	EXPECT_LT(sid, new_sid);
	EXPECT_LT(pgid, new_pgid);
}

TEST_F(procsrv, create_session_refused)
{
	struct snapshot before;
	__u32 sid, pgid, s, g;
	__u64 leader, member, zombie;

	ASSERT_EQ(0, create_session(self->fd, self->root, &sid, &pgid));
	ASSERT_EQ(0, create(self->fd, self->root, &leader));
	ASSERT_EQ(0, create(self->fd, self->root, &member));
	ASSERT_EQ(0, create(self->fd, self->root, &zombie));
	ASSERT_EQ(0, create_group(self->fd, 0, leader, sid, &g));
	ASSERT_EQ(0, set_group(self->fd, 0, member, g));
	ASSERT_EQ(0, terminate(self->fd, zombie, 0, 0));

	snapshot_take(_metadata, &self->scene, &before);
	/*
	 * A session leader; a leader of a group with others; init; zombie or no
	 * process.
	 */
	EXPECT_EQ(-EPERM, create_session(self->fd, self->root, &s, &g));
	EXPECT_EQ(PATTERN32, s);
	EXPECT_EQ(PATTERN32, g);
	EXPECT_EQ(-EPERM, create_session(self->fd, leader, &s, &g));
	EXPECT_EQ(-EPERM, create_session(self->fd, PROCSRV_INIT_PID, &s, &g));
	EXPECT_EQ(-ESRCH, create_session(self->fd, zombie, &s, &g));
	EXPECT_EQ(-ESRCH, create_session(self->fd, 0, &s, &g));
	EXPECT_EQ(-ESRCH, create_session(self->fd, NO_PID, &s, &g));
	EXPECT_TRUE(snapshot_same(_metadata, &self->scene, &before));

	/*
	 * A leader alone in its group may, and so may a member that does not
	 * lead.
	 */
	EXPECT_EQ(0, create_session(self->fd, member, &s, &g));
	EXPECT_EQ(0, create_session(self->fd, leader, &s, &g));
	/* But only once. */
	EXPECT_EQ(-EPERM, create_session(self->fd, leader, &s, &g));
}

/* The creator of a group leads it, even from another group. */
TEST_F(procsrv, leader_outside_of_its_group)
{
	struct snapshot before;
	__u32 sid, pgid, led, s, g;
	__u64 leader, member;

	ASSERT_EQ(0, create_session(self->fd, self->root, &sid, &pgid));
	ASSERT_EQ(0, create(self->fd, self->root, &leader));
	ASSERT_EQ(0, create(self->fd, self->root, &member));
	ASSERT_EQ(0, create_group(self->fd, 0, leader, sid, &led));
	ASSERT_EQ(0, set_group(self->fd, 0, member, led));
	ASSERT_EQ(0, set_group(self->fd, 0, leader, pgid));
	snapshot_take(_metadata, &self->scene, &before);
	EXPECT_EQ(-EPERM, create_session(self->fd, leader, &s, &g));
	EXPECT_TRUE(snapshot_same(_metadata, &self->scene, &before));
	/* Until the group has ended. */
	ASSERT_EQ(0, set_group(self->fd, 0, member, pgid));
	EXPECT_EQ(0, create_session(self->fd, leader, &s, &g));
}

/* Groups outside any session, for processes without a session. */
TEST_F(procsrv, group_without_a_session)
{
	struct procsrv_group_args group;
	__u32 pgid, other;
	__u64 a, b;

	ASSERT_EQ(0, create(self->fd, self->root, &a));
	ASSERT_EQ(0, create(self->fd, self->root, &b));
	EXPECT_EQ(0, sid_of(self->fd, a));
	EXPECT_EQ(0, pgid_of(self->fd, a));
	ASSERT_EQ(0, create_group(self->fd, 0, a, 0, &pgid));
	EXPECT_EQ(pgid, pgid_of(self->fd, a));
	EXPECT_EQ(0, sid_of(self->fd, a));
	ASSERT_EQ(0, get_group(self->fd, pgid, &group));
	EXPECT_EQ(0, group.sid);
	EXPECT_EQ(a, group.leader);
	EXPECT_EQ(1, group.nr_processes);
	ASSERT_EQ(0, set_group(self->fd, 0, b, pgid));
	ASSERT_EQ(0, create_group(self->fd, self->root, b, 0, &other));
	ASSERT_EQ(0, get_group(self->fd, pgid, &group));
	EXPECT_EQ(1, group.nr_processes);
}

TEST_F(procsrv, create_group_from_outside)
{
	struct procsrv_session_args session;
	struct procsrv_group_args group;
	struct snapshot before;
	__u32 sid, pgid, first, second, none;
	__u64 pid;

	ASSERT_EQ(0, create_session(self->fd, self->root, &sid, &pgid));
	ASSERT_EQ(0, create(self->fd, self->root, &pid));
	ASSERT_EQ(0, create_group(self->fd, 0, pid, sid, &first));
	EXPECT_LT(pgid, first);
	ASSERT_EQ(0, get_session(self->fd, sid, &session));
	EXPECT_EQ(2, session.nr_processes);
	EXPECT_EQ(2, session.nr_groups);
	/*
	 * A second group for the same process. The first one ends without
	 * members.
	 */
	ASSERT_EQ(0, create_group(self->fd, 0, pid, sid, &second));
	EXPECT_LT(first, second);
	EXPECT_EQ(-ESRCH, get_group(self->fd, first, &group));
	EXPECT_EQ(0, get_group(self->fd, second, &group));
	EXPECT_EQ(pid, group.leader);
	ASSERT_EQ(0, get_session(self->fd, sid, &session));
	EXPECT_EQ(2, session.nr_groups);

	/* Without a caller, neither exec nor parentage matters. */
	ASSERT_EQ(0, do_exec(self->fd, pid, "execed"));
	EXPECT_EQ(0, create_group(self->fd, 0, pid, sid, &second));

	snapshot_take(_metadata, &self->scene, &before);
	EXPECT_EQ(-ESRCH, create_group(self->fd, 0, 0, sid, &none));
	EXPECT_EQ(PATTERN32, none);
	EXPECT_EQ(-ESRCH, create_group(self->fd, 0, NO_PID, sid, &none));
	EXPECT_EQ(-ESRCH, create_group(self->fd, 0, pid, NO_ID, &none));
	EXPECT_EQ(-EPERM, create_group(self->fd, 0, pid, 0, &none));
	EXPECT_EQ(-EPERM, create_group(self->fd, 0, self->root, sid, &none));
	EXPECT_EQ(-EPERM, create_group(self->fd, 0, PROCSRV_INIT_PID, 0,
				       &none));
	EXPECT_TRUE(snapshot_same(_metadata, &self->scene, &before));
}

/* A zombie may be moved to a group, and may even lead one. */
TEST_F(procsrv, zombies_change_groups)
{
	struct procsrv_group_args group;
	__u32 sid, pgid, led;
	__u64 pid;

	ASSERT_EQ(0, create_session(self->fd, self->root, &sid, &pgid));
	ASSERT_EQ(0, create(self->fd, self->root, &pid));
	ASSERT_EQ(0, terminate(self->fd, pid, 0, 0));
	ASSERT_EQ(0, create_group(self->fd, 0, pid, sid, &led));
	EXPECT_EQ(led, pgid_of(self->fd, pid));
	ASSERT_EQ(0, set_group(self->fd, 0, pid, pgid));
	EXPECT_EQ(pgid, pgid_of(self->fd, pid));
	EXPECT_EQ(-ESRCH, get_group(self->fd, led, &group));
	ASSERT_EQ(0, create_group(self->fd, self->root, pid, sid, &led));
	ASSERT_EQ(0, set_group(self->fd, self->root, pid, pgid));
	EXPECT_EQ(PROCSRV_ZOMBIE, state_of(self->fd, pid));
}

TEST_F(procsrv, set_group_from_outside)
{
	struct procsrv_group_args group;
	struct snapshot before;
	__u32 sid, pgid, other, far_sid, far;
	__u64 a, b, stranger;
	const int fd = self->fd;

	ASSERT_EQ(0, create_session(fd, self->root, &sid, &pgid));
	ASSERT_EQ(0, create(fd, self->root, &a));
	ASSERT_EQ(0, create(fd, self->root, &b));
	ASSERT_EQ(0, create(fd, self->root, &stranger));
	ASSERT_EQ(0, create_session(fd, stranger, &far_sid, &far));
	ASSERT_EQ(0, create_group(fd, 0, a, sid, &other));

	ASSERT_EQ(0, set_group(fd, 0, b, other));
	EXPECT_EQ(other, pgid_of(fd, b));
	ASSERT_EQ(0, get_group(fd, other, &group));
	EXPECT_EQ(2, group.nr_processes);
	EXPECT_EQ(a, group.leader);
	snapshot_take(_metadata, &self->scene, &before);
	/* The group that it is in already. */
	EXPECT_EQ(0, set_group(fd, 0, b, other));
	/* No such group; one in another session; leaders of sessions; init. */
	EXPECT_EQ(-EPERM, set_group(fd, 0, b, NO_ID));
	EXPECT_EQ(-EPERM, set_group(fd, 0, b, far));
	EXPECT_EQ(-EPERM, set_group(fd, 0, stranger, pgid));
	EXPECT_EQ(-EPERM, set_group(fd, 0, self->root, other));
	EXPECT_EQ(-EPERM, set_group(fd, 0, self->root, pgid));
	EXPECT_EQ(-EPERM, set_group(fd, 0, PROCSRV_INIT_PID, pgid));
	EXPECT_EQ(-ESRCH, set_group(fd, 0, 0, pgid));
	EXPECT_EQ(-ESRCH, set_group(fd, 0, NO_PID, pgid));
	EXPECT_TRUE(snapshot_same(_metadata, &self->scene, &before));

	/* The leader leaves, and then the last member. */
	ASSERT_EQ(0, set_group(fd, 0, a, pgid));
	ASSERT_EQ(0, get_group(fd, other, &group));
	EXPECT_EQ(1, group.nr_processes);
	EXPECT_EQ(a, group.leader);
	ASSERT_EQ(0, set_group(fd, 0, b, pgid));
	EXPECT_EQ(-ESRCH, get_group(fd, other, &group));
	EXPECT_EQ(-EPERM, set_group(fd, 0, a, other));
}

/* A caller may move itself and its children, as in setpgid(2). */
TEST_F(procsrv, callers_that_may)
{
	__u32 sid, pgid, led, own;
	__u64 child, grandchild;
	const int fd = self->fd;

	ASSERT_EQ(0, create_session(fd, self->root, &sid, &pgid));
	ASSERT_EQ(0, create(fd, self->root, &child));
	ASSERT_EQ(0, create(fd, child, &grandchild));
	ASSERT_EQ(0, create_group(fd, self->root, child, sid, &led));
	ASSERT_EQ(0, set_group(fd, child, grandchild, led));
	ASSERT_EQ(0, set_group(fd, self->root, child, pgid));
	ASSERT_EQ(0, create_group(fd, child, child, sid, &own));
	/* A process that has called exec may still move itself. */
	ASSERT_EQ(0, do_exec(fd, child, "execed"));
	ASSERT_EQ(0, set_group(fd, child, child, led));
	ASSERT_EQ(0, create_group(fd, child, child, sid, &own));
	EXPECT_EQ(own, pgid_of(fd, child));
	EXPECT_EQ(led, pgid_of(fd, grandchild));
}

TEST_F(procsrv, callers_that_may_not)
{
	struct snapshot before;
	__u32 sid, pgid, led, s, none;
	__u64 child, grandchild, execed, stranger, zombie;
	const int fd = self->fd;

	ASSERT_EQ(0, create_session(fd, self->root, &sid, &pgid));
	ASSERT_EQ(0, create(fd, self->root, &child));
	ASSERT_EQ(0, create(fd, child, &grandchild));
	ASSERT_EQ(0, create(fd, self->root, &execed));
	ASSERT_EQ(0, do_exec(fd, execed, "execed"));
	ASSERT_EQ(0, create(fd, self->root, &stranger));
	ASSERT_EQ(0, create_session(fd, stranger, &s, &led));
	ASSERT_EQ(0, create(fd, self->root, &zombie));
	ASSERT_EQ(0, terminate(fd, zombie, 0, 0));

	snapshot_take(_metadata, &self->scene, &before);
	/* Not a child: a grandchild, a sibling, the parent. */
	EXPECT_EQ(-ESRCH, set_group(fd, self->root, grandchild, pgid));
	EXPECT_EQ(-ESRCH, create_group(fd, self->root, grandchild, sid,
				       &none));
	EXPECT_EQ(-ESRCH, set_group(fd, child, execed, pgid));
	EXPECT_EQ(-ESRCH, create_group(fd, grandchild, child, sid, &none));
	/* No such caller. */
	EXPECT_EQ(-ESRCH, set_group(fd, NO_PID, child, pgid));
	EXPECT_EQ(-ESRCH, create_group(fd, NO_PID, child, sid, &none));
	EXPECT_EQ(-ESRCH, set_group(fd, self->root, NO_PID, pgid));
	/* A child that has called exec. */
	EXPECT_EQ(-EACCES, set_group(fd, self->root, execed, pgid));
	EXPECT_EQ(-EACCES, create_group(fd, self->root, execed, sid, &none));
	/* A child in another session. */
	EXPECT_EQ(-EPERM, set_group(fd, self->root, stranger, led));
	EXPECT_EQ(-EPERM, create_group(fd, self->root, stranger, s, &none));
	/* Itself, a session leader. */
	EXPECT_EQ(-EPERM, set_group(fd, self->root, self->root, pgid));
	EXPECT_EQ(-EPERM, create_group(fd, stranger, stranger, s, &none));
	/* A group that does not exist, or is in another session. */
	EXPECT_EQ(-EPERM, set_group(fd, self->root, child, NO_ID));
	EXPECT_EQ(-EPERM, set_group(fd, self->root, child, led));
	EXPECT_EQ(-EPERM, create_group(fd, self->root, child, s, &none));
	EXPECT_EQ(PATTERN32, none);
	EXPECT_TRUE(snapshot_same(_metadata, &self->scene, &before));
}

/*
 * setpgid(2) checks the session of a child before an exec, and both before it
 * checks whether the child leads a session.
 */
TEST_F(procsrv, order_of_the_refusals)
{
	__u32 sid, pgid, s, led;
	__u64 far;
	const int fd = self->fd;

	ASSERT_EQ(0, create_session(fd, self->root, &sid, &pgid));
	ASSERT_EQ(0, create(fd, self->root, &far));
	ASSERT_EQ(0, do_exec(fd, far, "execed"));
	EXPECT_EQ(-EACCES, set_group(fd, self->root, far, NO_ID));
	ASSERT_EQ(0, create_session(fd, far, &s, &led));
	EXPECT_EQ(-EPERM, set_group(fd, self->root, far, led));
}

TEST_F(procsrv, sessions_and_groups_that_are_missing)
{
	struct procsrv_session_args session;
	struct procsrv_group_args group;

	EXPECT_EQ(-ESRCH, get_session(self->fd, 0, &session));
	EXPECT_EQ(-ESRCH, get_session(self->fd, NO_ID, &session));
	EXPECT_EQ(-ESRCH, get_session(self->fd, ~0U, &session));
	EXPECT_TRUE(untouched(&session.leader, sizeof(session.leader)));
	EXPECT_EQ(-ESRCH, get_group(self->fd, 0, &group));
	EXPECT_EQ(-ESRCH, get_group(self->fd, NO_ID, &group));
	EXPECT_EQ(-ESRCH, get_group(self->fd, ~0U, &group));
	EXPECT_TRUE(untouched(&group.leader, sizeof(group.leader)));
}

TEST_HARNESS_MAIN
