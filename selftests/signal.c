// SPDX-License-Identifier: GPL-2.0-only
/*
 * procsrv selftests - signals, to a process, a group, a session, to all
 *
 * kunit/signal.c and kunit/signal_targets.c test what they do.
 */
#include "fixture.h"
#include "snapshot.h"

TEST_F(procsrv, to_a_process)
{
	const int fd = self->fd;
	struct procsrv_info info;
	__u64 parent, child, zombie;
	__u32 count;

	ASSERT_EQ(0, create(fd, self->root, &parent));
	ASSERT_EQ(0, create(fd, parent, &child));
	ASSERT_EQ(0, create(fd, parent, &zombie));
	ASSERT_EQ(0, signal_pid(fd, child, 19));
	ASSERT_EQ(0, signal_pid(fd, child, 1));
	ASSERT_EQ(0, signal_pid(fd, child, 64));
	EXPECT_EQ(PROCSRV_STOPPED, state_of(fd, child));
	EXPECT_EQ(BIT64(64) | BIT64(1), pending_of(fd, child));
	ASSERT_EQ(0, signal_pid(fd, child, 18));
	EXPECT_EQ(PROCSRV_RUNNING, state_of(fd, child));

	/* A process may end itself. */
	ASSERT_EQ(0, send_signal(fd, zombie, PROCSRV_TARGET_PID, zombie, 15,
				 &count));
	EXPECT_EQ(1, count);
	ASSERT_EQ(0, signal_pid(fd, parent, 9));
	ASSERT_EQ(0, get_info(fd, parent, &info));
	EXPECT_EQ(PROCSRV_ZOMBIE, info.state);
	EXPECT_EQ(-9, info.exit_code);
	EXPECT_EQ(9, info.exit_signal);
	ASSERT_EQ(0, get_info(fd, zombie, &info));
	EXPECT_EQ(PROCSRV_INIT_PID, info.ppid);
	EXPECT_EQ(PROCSRV_INFO_ORPHAN, info.flags);
	EXPECT_EQ(0, info.exit_code);
	EXPECT_EQ(15, info.exit_signal);
}

/* No sender can end or stop init. */
TEST_F(procsrv, to_init)
{
	const int fatal[] = { 9, 15, 19 };
	__u32 count;
	int i;

	for (i = 0; i < 2 * ARRAY_SIZE(fatal); i++) {
		EXPECT_EQ(-EPERM, send_signal(self->fd, i % 2 ? self->root : 0,
					      PROCSRV_TARGET_PID,
					      PROCSRV_INIT_PID, fatal[i / 2],
					      &count));
		EXPECT_EQ(PATTERN32, count);
	}
	EXPECT_EQ(PROCSRV_RUNNING, state_of(self->fd, PROCSRV_INIT_PID));
}

/* Only safe if no other processes are on the server, which is asserted. */
TEST_F(procsrv, to_several)
{
	const int fd = self->fd;
	struct snapshot before;
	__u32 sid, pgid, other, count;
	__u64 a, b, zombie;

	ASSERT_EQ(1, self->scene.before.total_processes);
	ASSERT_EQ(0, create_session(fd, self->root, &sid, &pgid));
	ASSERT_EQ(0, create(fd, self->root, &a));
	ASSERT_EQ(0, create(fd, self->root, &b));
	ASSERT_EQ(0, create(fd, self->root, &zombie));
	ASSERT_EQ(0, terminate(fd, zombie, 6, 0));
	ASSERT_EQ(0, create_group(fd, 0, b, sid, &other));

	/* 0 only checks. */
	snapshot_take(_metadata, &self->scene, &before);
	EXPECT_EQ(0, send_signal(fd, 0, PROCSRV_TARGET_PGID, pgid, 0, &count));
	EXPECT_EQ(3, count);
	EXPECT_EQ(0, send_signal(fd, 0, PROCSRV_TARGET_SID, sid, 0, &count));
	EXPECT_EQ(4, count);
	EXPECT_EQ(0, send_signal(fd, 0, PROCSRV_TARGET_ALL, 0, 0, &count));
	EXPECT_EQ(4, count);
	EXPECT_TRUE(snapshot_same(_metadata, &self->scene, &before));

	ASSERT_EQ(0, send_signal(fd, 0, PROCSRV_TARGET_PGID, pgid, 10, NULL));
	ASSERT_EQ(0, send_signal(fd, 0, PROCSRV_TARGET_SID, sid, 11, NULL));
	ASSERT_EQ(0, send_signal(fd, self->root, PROCSRV_TARGET_ALL, 0, 12,
				 &count));
	EXPECT_EQ(3, count);
	EXPECT_EQ(BIT64(10) | BIT64(11), pending_of(fd, self->root));
	EXPECT_EQ(BIT64(10) | BIT64(11) | BIT64(12), pending_of(fd, a));
	EXPECT_EQ(BIT64(11) | BIT64(12), pending_of(fd, b));
	EXPECT_EQ(0, pending_of(fd, zombie));
	EXPECT_EQ(0, pending_of(fd, PROCSRV_INIT_PID));

	ASSERT_EQ(0, send_signal(fd, 0, PROCSRV_TARGET_PGID, other, 9, &count));
	EXPECT_EQ(1, count);
	EXPECT_EQ(PROCSRV_ZOMBIE, state_of(fd, b));
	EXPECT_EQ(PROCSRV_RUNNING, state_of(fd, a));
	ASSERT_EQ(0, send_signal(fd, 0, PROCSRV_TARGET_SID, sid, 15, &count));
	EXPECT_EQ(4, count);
	EXPECT_EQ(PROCSRV_ZOMBIE, state_of(fd, self->root));
	EXPECT_EQ(PROCSRV_ZOMBIE, state_of(fd, a));
}

/* All bits of ids matter, also of those of groups, which have only 32. */
TEST_F(procsrv, ids_are_not_truncated)
{
	const __u64 high = 1ULL << 32;
	const int fd = self->fd;
	struct snapshot before;
	__u32 sid, pgid, count;

	ASSERT_EQ(0, create_session(fd, self->root, &sid, &pgid));
	snapshot_take(_metadata, &self->scene, &before);
	EXPECT_EQ(-ESRCH, send_signal(fd, 0, PROCSRV_TARGET_PID,
				      self->root + high, 9, &count));
	EXPECT_EQ(PATTERN32, count);
	EXPECT_EQ(-ESRCH, send_signal(fd, 0, PROCSRV_TARGET_PGID, pgid + high,
				      9, NULL));
	EXPECT_EQ(-ESRCH, send_signal(fd, 0, PROCSRV_TARGET_SID, sid + high, 9,
				      NULL));
	EXPECT_EQ(-EINVAL, send_signal(fd, 0, PROCSRV_TARGET_ALL, high, 9,
				       NULL));
	EXPECT_EQ(-ESRCH, send_signal(fd, self->root + high,
				      PROCSRV_TARGET_PID, self->root, 9, NULL));
	EXPECT_TRUE(snapshot_same(_metadata, &self->scene, &before));
}

TEST_HARNESS_MAIN
