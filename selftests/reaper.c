// SPDX-License-Identifier: GPL-2.0-only
/*
 * procsrv selftests - reapers, orphaned process groups, signals to a tree
 */
#include "fixture.h"
#include "snapshot.h"

static int set_reaper(int fd, __u64 pid, __u32 on)
{
	struct procsrv_set_reaper_args args = { .pid = pid, .on = on };

	return call(fd, PROCSRV_IOC_SET_REAPER, &args);
}

static struct procsrv_info info_of(int fd, __u64 pid)
{
	struct procsrv_info info;

	if (get_info(fd, pid, &info))
		info.pid = 0;
	return info;
}

static bool is_reaper(int fd, __u64 pid)
{
	return info_of(fd, pid).flags & PROCSRV_INFO_REAPER;
}

static int signal_tree(int fd, __u64 pid, int signo, __u32 *count)
{
	return send_signal(fd, 0, PROCSRV_TARGET_TREE, pid, signo, count);
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

TEST_F(procsrv, on_and_off)
{
	__u64 child;

	EXPECT_FALSE(is_reaper(self->fd, self->root));
	EXPECT_TRUE(is_reaper(self->fd, PROCSRV_INIT_PID));
	ASSERT_EQ(0, set_reaper(self->fd, self->root, 1));
	ASSERT_EQ(0, set_reaper(self->fd, self->root, 1));
	EXPECT_TRUE(is_reaper(self->fd, self->root));
	/* Kept by exec, not inherited. */
	ASSERT_EQ(0, do_exec(self->fd, self->root, "execed"));
	EXPECT_TRUE(is_reaper(self->fd, self->root));
	ASSERT_EQ(0, create(self->fd, self->root, &child));
	EXPECT_FALSE(is_reaper(self->fd, child));
	ASSERT_EQ(0, set_reaper(self->fd, self->root, 0));
	EXPECT_FALSE(is_reaper(self->fd, self->root));
}

TEST_F(procsrv, reaper_errors)
{
	struct snapshot before;
	__u64 zombie;

	ASSERT_EQ(0, create(self->fd, self->root, &zombie));
	ASSERT_EQ(0, terminate(self->fd, zombie, 0, 0));
	snapshot_take(_metadata, &self->scene, &before);
	EXPECT_EQ(-ESRCH, set_reaper(self->fd, zombie, 1));
	EXPECT_EQ(-ESRCH, set_reaper(self->fd, NO_PID, 1));
	EXPECT_EQ(-ESRCH, set_reaper(self->fd, 0, 0));
	EXPECT_EQ(-EPERM, set_reaper(self->fd, PROCSRV_INIT_PID, 0));
	EXPECT_EQ(0, set_reaper(self->fd, PROCSRV_INIT_PID, 1));
	EXPECT_EQ(-EINVAL, set_reaper(self->fd, self->root, 2));
	EXPECT_TRUE(snapshot_same(_metadata, &self->scene, &before));
}

/*
 * The nearest reaper gets the children, including those of existing
 * descendants.
 */
TEST_F(procsrv, the_nearest_gets_them)
{
	__u64 chain[6];

	make_chain(_metadata, self->fd, self->root, chain, 6);
	ASSERT_EQ(0, set_reaper(self->fd, self->root, 1));
	ASSERT_EQ(0, set_reaper(self->fd, chain[2], 1));
	ASSERT_EQ(0, terminate(self->fd, chain[4], 0, 0));
	EXPECT_EQ(chain[2], info_of(self->fd, chain[5]).ppid);
	ASSERT_EQ(0, terminate(self->fd, chain[1], 0, 0));
	EXPECT_EQ(self->root, info_of(self->fd, chain[2]).ppid);
	/* The children of a reaper that exits go to the next reaper. */
	ASSERT_EQ(0, terminate(self->fd, chain[2], 0, 0));
	EXPECT_EQ(self->root, info_of(self->fd, chain[5]).ppid);
	EXPECT_EQ(self->root, info_of(self->fd, chain[3]).ppid);
	/* Without a reaper they go to init. */
	ASSERT_EQ(0, set_reaper(self->fd, self->root, 0));
	ASSERT_EQ(0, create(self->fd, chain[3], &chain[4]));
	ASSERT_EQ(0, terminate(self->fd, chain[3], 0, 0));
	EXPECT_EQ(PROCSRV_INIT_PID, info_of(self->fd, chain[4]).ppid);
}

/* Zombies are reparented too, as orphans, and wake waiters for any child. */
TEST_F(procsrv, reaper_waits_for_what_it_gets)
{
	struct procsrv_stats before, after;
	struct waiter w;
	__u64 chain[3];

	make_chain(_metadata, self->fd, self->root, chain, 3);
	ASSERT_EQ(0, set_reaper(self->fd, chain[0], 1));
	ASSERT_EQ(0, terminate(self->fd, chain[2], 42, 0));
	ASSERT_EQ(0, get_stats(self->fd, &before));
	ASSERT_EQ(0, waiter_start(&w, self->fd,
				  wait_args(chain[0], PROCSRV_WAIT_ANY, 0,
					    PROCSRV_WAIT_STOPPED, 0)));
	ASSERT_TRUE(waiter_sleeps(&w));
	ASSERT_EQ(0, terminate(self->fd, chain[1], 0, 0));
	/* Both children are zombies, which cannot stop. */
	EXPECT_EQ(-ECHILD, waiter_join(&w));
	EXPECT_TRUE(info_of(self->fd, chain[2]).flags & PROCSRV_INFO_ORPHAN);
	ASSERT_EQ(0, get_stats(self->fd, &after));
	EXPECT_EQ(before.orphans + 1, after.orphans);
	ASSERT_EQ(0, reap(self->fd, chain[0], chain[2]));
	ASSERT_EQ(0, get_stats(self->fd, &after));
	EXPECT_EQ(before.orphans, after.orphans);
	ASSERT_EQ(0, reap(self->fd, chain[0], chain[1]));
}

/*
 * The parent leads the session and its group. A second group has two processes,
 * one of which is stopped. The exit of the parent orphans that group.
 */
static void check_orphaned(struct __test_metadata *_metadata, int fd,
			   __u64 root, bool by_signal)
{
	struct procsrv_wait_args args;
	__u64 parent, stopped, other;
	__u32 sid, pgid, job;

	ASSERT_EQ(0, create(fd, root, &parent));
	ASSERT_EQ(0, create_session(fd, parent, &sid, &pgid));
	ASSERT_EQ(0, create(fd, parent, &stopped));
	ASSERT_EQ(0, create(fd, parent, &other));
	ASSERT_EQ(0, create_group(fd, 0, stopped, sid, &job));
	ASSERT_EQ(0, set_group(fd, 0, other, job));
	ASSERT_EQ(0, signal_pid(fd, stopped, 19));
	ASSERT_EQ(0, by_signal ? signal_pid(fd, parent, 9) :
				 terminate(fd, parent, 0, 0));
	EXPECT_EQ(PROCSRV_RUNNING, state_of(fd, stopped));
	EXPECT_EQ(1, info_of(fd, stopped).pending);
	EXPECT_EQ(1, info_of(fd, other).pending);
	/* Init can wait for the continuation. */
	args = wait_args(PROCSRV_INIT_PID, PROCSRV_WAIT_PID, stopped,
			 PROCSRV_WAIT_CONTINUED, PROCSRV_WAIT_NOHANG);
	EXPECT_EQ(0, do_wait(fd, &args));
}

TEST_F(procsrv, orphaned_group)
{
	check_orphaned(_metadata, self->fd, self->root, false);
	check_orphaned(_metadata, self->fd, self->root, true);
}

/* The only link of the group is a member, which exits and leaves its child. */
TEST_F(procsrv, orphaned_by_a_member)
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
	EXPECT_EQ(1, info_of(self->fd, stopped).pending);
}

/* No process is stopped, or a link remains, or there was none before. */
TEST_F(procsrv, not_orphaned)
{
	__u64 parent, brother, member, stopped;
	__u32 sid, pgid, job;

	ASSERT_EQ(0, create_session(self->fd, self->root, &sid, &pgid));
	ASSERT_EQ(0, create(self->fd, self->root, &parent));
	ASSERT_EQ(0, create(self->fd, self->root, &brother));
	ASSERT_EQ(0, create(self->fd, parent, &member));
	ASSERT_EQ(0, create_group(self->fd, 0, brother, sid, &job));
	ASSERT_EQ(0, set_group(self->fd, 0, member, job));
	ASSERT_EQ(0, create(self->fd, member, &stopped));
	ASSERT_EQ(0, signal_pid(self->fd, stopped, 19));
	/* The brother still links the group to its parent. */
	ASSERT_EQ(0, terminate(self->fd, parent, 0, 0));
	EXPECT_EQ(PROCSRV_STOPPED, state_of(self->fd, stopped));
	EXPECT_EQ(0, info_of(self->fd, member).pending);
	/* The last link exits, but no process is stopped any more. */
	ASSERT_EQ(0, signal_pid(self->fd, stopped, 18));
	ASSERT_EQ(0, terminate(self->fd, brother, 0, 0));
	EXPECT_EQ(0, info_of(self->fd, stopped).pending);
	/*
	 * The group is orphaned. Processes stopped now stay stopped when others
	 * exit.
	 */
	ASSERT_EQ(0, signal_pid(self->fd, stopped, 19));
	ASSERT_EQ(0, terminate(self->fd, member, 0, 0));
	EXPECT_EQ(PROCSRV_STOPPED, state_of(self->fd, stopped));
	EXPECT_EQ(0, info_of(self->fd, stopped).pending);
}

/* All processes of a tree, in any session, and no others. */
TEST_F(procsrv, signal_to_a_tree)
{
	__u64 chain[4], beside, zombie;
	__u32 sid, pgid, count;
	int i;

	make_chain(_metadata, self->fd, self->root, chain, 4);
	ASSERT_EQ(0, create(self->fd, self->root, &beside));
	ASSERT_EQ(0, create(self->fd, chain[1], &zombie));
	ASSERT_EQ(0, terminate(self->fd, zombie, 5, 0));
	ASSERT_EQ(0, create_session(self->fd, chain[2], &sid, &pgid));
	ASSERT_EQ(0, signal_tree(self->fd, chain[0], 10, &count));
	EXPECT_EQ(5, count);
	for (i = 0; i < 4; i++)
		EXPECT_EQ(1 << 9, info_of(self->fd, chain[i]).pending);
	EXPECT_EQ(0, info_of(self->fd, beside).pending);
	EXPECT_EQ(0, info_of(self->fd, self->root).pending);
	/* The sender gets the signal as well if it is in the tree. */
	ASSERT_EQ(0, send_signal(self->fd, chain[3], PROCSRV_TARGET_TREE,
				 chain[2], 19, &count));
	EXPECT_EQ(2, count);
	EXPECT_EQ(PROCSRV_STOPPED, state_of(self->fd, chain[3]));
	EXPECT_EQ(PROCSRV_RUNNING, state_of(self->fd, chain[1]));
	ASSERT_EQ(0, signal_tree(self->fd, chain[0], 0, &count));
	EXPECT_EQ(5, count);
	/* All processes are reached, although their parents exit first. */
	ASSERT_EQ(0, signal_tree(self->fd, chain[0], 9, &count));
	EXPECT_EQ(5, count);
	for (i = 0; i < 4; i++)
		EXPECT_EQ(9, info_of(self->fd, chain[i]).exit_signal);
	EXPECT_EQ(5, info_of(self->fd, zombie).exit_code);
	EXPECT_EQ(PROCSRV_RUNNING, state_of(self->fd, beside));
	/* Now the tree of the first process is only itself. */
	ASSERT_EQ(0, signal_tree(self->fd, chain[0], 9, &count));
	EXPECT_EQ(1, count);
}

TEST_F(procsrv, signal_to_the_tree_of_init)
{
	const int fatal[] = { 9, 15, 19 };
	struct procsrv_stats stats;
	struct snapshot before;
	__u32 count;
	int i;

	snapshot_take(_metadata, &self->scene, &before);
	for (i = 0; i < 3; i++) {
		EXPECT_EQ(-EPERM, signal_tree(self->fd, PROCSRV_INIT_PID,
					      fatal[i], &count));
		EXPECT_EQ(PATTERN32, count);
	}
	EXPECT_EQ(-ESRCH, signal_tree(self->fd, NO_PID, 9, &count));
	EXPECT_EQ(-ESRCH, signal_tree(self->fd, 0, 9, &count));
	EXPECT_TRUE(snapshot_same(_metadata, &self->scene, &before));
	ASSERT_EQ(0, get_stats(self->fd, &stats));
	EXPECT_EQ(0, signal_tree(self->fd, PROCSRV_INIT_PID, 0, &count));
	EXPECT_EQ(stats.total_processes, count);
}

TEST_HARNESS_MAIN
