// SPDX-License-Identifier: GPL-2.0-only
/*
 * procsrv selftests - sessions and process groups
 *
 * The fields of their structures, and some of their rules. The KUnit suites test
 * all rules.
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

/* Children are born into both, and stay in them when their parent is gone. */
TEST_F(procsrv, members)
{
	struct procsrv_session_args session;
	struct procsrv_group_args group;
	__u32 sid, pgid, other;
	__u64 leader, member;

	ASSERT_EQ(0, create_session(self->fd, self->root, &sid, &pgid));
	ASSERT_EQ(0, create(self->fd, self->root, &leader));
	EXPECT_EQ(sid, sid_of(self->fd, leader));
	EXPECT_EQ(pgid, pgid_of(self->fd, leader));
	ASSERT_EQ(0, create_group(self->fd, 0, leader, sid, &other));
	EXPECT_LT(pgid, other);
	ASSERT_EQ(0, create(self->fd, leader, &member));
	ASSERT_EQ(0, get_session(self->fd, sid, &session));
	EXPECT_EQ(self->root, session.leader);
	EXPECT_EQ(3, session.nr_processes);
	EXPECT_EQ(2, session.nr_groups);
	ASSERT_EQ(0, get_group(self->fd, other, &group));
	EXPECT_EQ(leader, group.leader);
	EXPECT_EQ(sid, group.sid);
	EXPECT_EQ(2, group.nr_processes);

	ASSERT_EQ(0, terminate(self->fd, leader, 0, 0));
	ASSERT_EQ(0, reap(self->fd, self->root, leader));
	EXPECT_EQ(sid, sid_of(self->fd, member));
	EXPECT_EQ(other, pgid_of(self->fd, member));
	ASSERT_EQ(0, get_group(self->fd, other, &group));
	EXPECT_EQ(leader, group.leader);
	EXPECT_EQ(1, group.nr_processes);
	/* A group ends when its last member leaves. */
	ASSERT_EQ(0, set_group(self->fd, 0, member, pgid));
	EXPECT_EQ(pgid, pgid_of(self->fd, member));
	EXPECT_EQ(-ESRCH, get_group(self->fd, other, &group));
}

/* A caller may move its children, as in setpgid(2). */
TEST_F(procsrv, callers_that_may)
{
	struct procsrv_group_args group;
	__u32 sid, pgid, led;
	__u64 pid;
	const int fd = self->fd;

	/* Without a session. */
	ASSERT_EQ(0, create(fd, self->root, &pid));
	ASSERT_EQ(0, create_group(fd, self->root, pid, 0, &led));
	ASSERT_EQ(0, get_group(fd, led, &group));
	EXPECT_EQ(0, group.sid);
	/* A zombie. */
	ASSERT_EQ(0, create_session(fd, self->root, &sid, &pgid));
	ASSERT_EQ(0, create(fd, self->root, &pid));
	ASSERT_EQ(0, terminate(fd, pid, 0, 0));
	ASSERT_EQ(0, create_group(fd, self->root, pid, sid, &led));
	EXPECT_EQ(led, pgid_of(fd, pid));
	ASSERT_EQ(0, set_group(fd, self->root, pid, pgid));
	EXPECT_EQ(pgid, pgid_of(fd, pid));
	/* A process that has called exec is moved by itself, or from outside. */
	ASSERT_EQ(0, create(fd, self->root, &pid));
	ASSERT_EQ(0, do_exec(fd, pid, "execed"));
	ASSERT_EQ(0, create_group(fd, 0, pid, sid, &led));
	ASSERT_EQ(0, set_group(fd, pid, pid, pgid));
	EXPECT_EQ(pgid, pgid_of(fd, pid));
}

TEST_F(procsrv, refused)
{
	struct procsrv_session_args session;
	struct procsrv_group_args group;
	struct snapshot before;
	__u32 sid, pgid, far_sid, far, s, g;
	__u64 child, execed, stranger;
	const int fd = self->fd;

	ASSERT_EQ(0, create_session(fd, self->root, &sid, &pgid));
	ASSERT_EQ(0, create(fd, self->root, &child));
	ASSERT_EQ(0, create(fd, self->root, &execed));
	ASSERT_EQ(0, do_exec(fd, execed, "execed"));
	ASSERT_EQ(0, create(fd, self->root, &stranger));
	ASSERT_EQ(0, create_session(fd, stranger, &far_sid, &far));

	snapshot_take(_metadata, &self->scene, &before);
	/* A session leader; no process. */
	EXPECT_EQ(-EPERM, create_session(fd, self->root, &s, &g));
	EXPECT_EQ(-ESRCH, create_session(fd, NO_PID, &s, &g));
	EXPECT_EQ(PATTERN32, s);
	EXPECT_EQ(PATTERN32, g);
	/* No process, session or caller; another session; after exec. */
	EXPECT_EQ(-ESRCH, create_group(fd, 0, NO_PID, sid, &g));
	EXPECT_EQ(-ESRCH, create_group(fd, 0, child, NO_ID, &g));
	EXPECT_EQ(-ESRCH, create_group(fd, NO_PID, child, sid, &g));
	EXPECT_EQ(-EPERM, create_group(fd, self->root, child, far_sid, &g));
	EXPECT_EQ(-EACCES, create_group(fd, self->root, execed, sid, &g));
	EXPECT_EQ(PATTERN32, g);
	/* The same for a group, and a caller that is not the parent. */
	EXPECT_EQ(-ESRCH, set_group(fd, 0, NO_PID, pgid));
	EXPECT_EQ(-ESRCH, set_group(fd, execed, child, pgid));
	EXPECT_EQ(-EPERM, set_group(fd, self->root, child, NO_ID));
	EXPECT_EQ(-EPERM, set_group(fd, self->root, child, far));
	EXPECT_EQ(-EACCES, set_group(fd, self->root, execed, pgid));
	/* The group that it is in already. */
	EXPECT_EQ(0, set_group(fd, 0, child, pgid));

	EXPECT_EQ(-ESRCH, get_session(fd, NO_ID, &session));
	EXPECT_TRUE(untouched(&session.leader, sizeof(session.leader)));
	EXPECT_EQ(-ESRCH, get_group(fd, NO_ID, &group));
	EXPECT_TRUE(untouched(&group.leader, sizeof(group.leader)));
	EXPECT_TRUE(snapshot_same(_metadata, &self->scene, &before));
}

TEST_HARNESS_MAIN
