// SPDX-License-Identifier: GPL-2.0-only
/*
 * procsrv selftests - reapers, orphaned process groups, signals to a tree
 */
#include "fixture.h"

static int set_reaper(int fd, __u64 pid, __u32 on)
{
	struct procsrv_set_reaper_args args = { .pid = pid, .on = on };

	return call(fd, PROCSRV_IOC_SET_REAPER, &args);
}

static bool is_reaper(int fd, __u64 pid)
{
	return flags_of(fd, pid) & PROCSRV_INFO_REAPER;
}

/* Creates a chain of @nr processes that begins with a child of @parent. */
static void make_chain(struct __test_metadata *_metadata, int fd, __u64 parent,
		       __u64 *pids, int nr)
{
	int i;

	for (i = 0; i < nr; i++) {
		ASSERT_EQ(0, create(fd, parent, &pids[i]));
		parent = pids[i];
	}
}

/* Zombies are reparented too, as orphans, until they are waited for. */
TEST_F(procsrv, reaper)
{
	struct procsrv_stats before, after;
	struct procsrv_info info;
	__u64 chain[3];

	make_chain(_metadata, self->fd, self->root, chain, 3);
	EXPECT_TRUE(is_reaper(self->fd, PROCSRV_INIT_PID));
	EXPECT_FALSE(is_reaper(self->fd, self->root));
	ASSERT_EQ(0, set_reaper(self->fd, self->root, 1));
	EXPECT_TRUE(is_reaper(self->fd, self->root));
	EXPECT_FALSE(is_reaper(self->fd, chain[0]));
	ASSERT_EQ(0, terminate(self->fd, chain[2], 42, 0));
	ASSERT_EQ(0, get_stats(self->fd, &before));
	ASSERT_EQ(0, terminate(self->fd, chain[1], 0, 0));
	ASSERT_EQ(0, get_info(self->fd, chain[2], &info));
	EXPECT_EQ(self->root, info.ppid);
	EXPECT_EQ(PROCSRV_INFO_ORPHAN, info.flags);
	ASSERT_EQ(0, get_stats(self->fd, &after));
	EXPECT_EQ(before.orphans + 1, after.orphans);
	ASSERT_EQ(0, reap(self->fd, self->root, chain[2]));
	ASSERT_EQ(0, get_stats(self->fd, &after));
	EXPECT_EQ(before.orphans, after.orphans);
	/* Without a reaper they go to init. */
	ASSERT_EQ(0, set_reaper(self->fd, self->root, 0));
	EXPECT_FALSE(is_reaper(self->fd, self->root));
	ASSERT_EQ(0, terminate(self->fd, chain[0], 0, 0));
	ASSERT_EQ(0, get_info(self->fd, chain[1], &info));
	EXPECT_EQ(PROCSRV_INIT_PID, info.ppid);

	EXPECT_EQ(-EPERM, set_reaper(self->fd, PROCSRV_INIT_PID, 0));
	EXPECT_EQ(-ESRCH, set_reaper(self->fd, NO_PID, 1));
	EXPECT_EQ(-EINVAL, set_reaper(self->fd, self->root, 2));
}

/* The only link of the group is a member, which exits and leaves its child. */
TEST_F(procsrv, orphaned_group)
{
	__u64 link, stopped;
	__u32 sid, pgid, job;

	ASSERT_EQ(0, create_session(self->fd, self->root, &sid, &pgid));
	ASSERT_EQ(0, create(self->fd, self->root, &link));
	ASSERT_EQ(0, create_group(self->fd, 0, link, sid, &job));
	ASSERT_EQ(0, create(self->fd, link, &stopped));
	ASSERT_EQ(0, signal_pid(self->fd, stopped, 19));
	ASSERT_EQ(0, terminate(self->fd, link, 0, 0));
	EXPECT_EQ(PROCSRV_RUNNING, state_of(self->fd, stopped));
	EXPECT_EQ(BIT64(1), pending_of(self->fd, stopped));
}

/* All processes of a tree, in any session, and no others. */
TEST_F(procsrv, signal_to_a_tree)
{
	__u64 chain[3], beside;
	__u32 sid, pgid, count;
	int i;

	make_chain(_metadata, self->fd, self->root, chain, 3);
	ASSERT_EQ(0, create(self->fd, self->root, &beside));
	ASSERT_EQ(0, create_session(self->fd, chain[2], &sid, &pgid));
	ASSERT_EQ(0, send_signal(self->fd, 0, PROCSRV_TARGET_TREE, chain[0],
				 10, &count));
	EXPECT_EQ(3, count);
	for (i = 0; i < 3; i++)
		EXPECT_EQ(BIT64(10), pending_of(self->fd, chain[i]));
	EXPECT_EQ(0, pending_of(self->fd, self->root));
	/* All processes are reached, although their parents exit first. */
	ASSERT_EQ(0, send_signal(self->fd, 0, PROCSRV_TARGET_TREE, chain[0], 9,
				 &count));
	EXPECT_EQ(3, count);
	for (i = 0; i < 3; i++)
		EXPECT_EQ(PROCSRV_ZOMBIE, state_of(self->fd, chain[i]));
	EXPECT_EQ(PROCSRV_RUNNING, state_of(self->fd, beside));
	EXPECT_EQ(-EPERM, send_signal(self->fd, 0, PROCSRV_TARGET_TREE,
				      PROCSRV_INIT_PID, 9, &count));
}

TEST_HARNESS_MAIN
