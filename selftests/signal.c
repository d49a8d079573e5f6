// SPDX-License-Identifier: GPL-2.0-only
/*
 * procsrv selftests - signals, to a process, a group, a session, to all
 */
#include <limits.h>

#include "fixture.h"
#include "snapshot.h"

static bool acts(int signo)
{
	return signo == 9 || signo == 15 || signo == 18 || signo == 19;
}

TEST_F(procsrv, zero_only_checks)
{
	struct snapshot before;
	__u32 count, sid, pgid;
	__u64 zombie;
	const int fd = self->fd;

	ASSERT_EQ(0, create_session(fd, self->root, &sid, &pgid));
	ASSERT_EQ(0, create(fd, self->root, &zombie));
	ASSERT_EQ(0, terminate(fd, zombie, 0, 0));
	snapshot_take(_metadata, &self->scene, &before);
	EXPECT_EQ(0, send_signal(fd, 0, PROCSRV_TARGET_PID, self->root, 0,
				 &count));
	EXPECT_EQ(1, count);
	EXPECT_EQ(0, send_signal(fd, 0, PROCSRV_TARGET_PGID, pgid, 0, &count));
	EXPECT_EQ(2, count);
	EXPECT_EQ(0, send_signal(fd, 0, PROCSRV_TARGET_SID, sid, 0, &count));
	EXPECT_EQ(2, count);
	EXPECT_EQ(0, send_signal(fd, 0, PROCSRV_TARGET_PID, zombie, 0,
				 &count));
	EXPECT_EQ(1, count);
	EXPECT_EQ(0, signal_pid(fd, PROCSRV_INIT_PID, 0));
	EXPECT_TRUE(snapshot_same(_metadata, &self->scene, &before));
}

TEST_F(procsrv, kill_and_terminate)
{
	const struct {
		int signo;
		__s32 code;
	} kills[] = { { 9, -9 }, { 15, 0 } };
	struct procsrv_stats before, after;
	struct procsrv_info info;
	__u32 count;
	__u64 pid;
	int i, stopped;

	for (i = 0; i < 4; i++) {
		stopped = i / 2;
		ASSERT_EQ(0, create(self->fd, self->root, &pid));
		if (stopped)
			ASSERT_EQ(0, signal_pid(self->fd, pid, 19));
		ASSERT_EQ(0, get_stats(self->fd, &before));
		ASSERT_EQ(0, send_signal(self->fd, 0, PROCSRV_TARGET_PID, pid,
					 kills[i % 2].signo, &count));
		EXPECT_EQ(1, count);
		ASSERT_EQ(0, get_info(self->fd, pid, &info));
		EXPECT_EQ(PROCSRV_ZOMBIE, info.state);
		EXPECT_EQ(kills[i % 2].code, info.exit_code);
		EXPECT_EQ(kills[i % 2].signo, info.exit_signal);
		EXPECT_EQ(0, info.pending);
		ASSERT_EQ(0, get_stats(self->fd, &after));
		before.running -= !stopped;
		before.stopped -= stopped;
		before.zombies++;
		before.total_exited++;
		EXPECT_EQ(0, memcmp(&before, &after, sizeof(after)));
	}
}

/* A process killed by a signal is treated like any exited one. */
TEST_F(procsrv, kill_moves_the_children)
{
	struct procsrv_info info;
	__u64 middle, live, zombie;

	ASSERT_EQ(0, create(self->fd, self->root, &middle));
	ASSERT_EQ(0, create(self->fd, middle, &live));
	ASSERT_EQ(0, create(self->fd, middle, &zombie));
	ASSERT_EQ(0, signal_pid(self->fd, zombie, 15));
	ASSERT_EQ(0, signal_pid(self->fd, middle, 9));
	ASSERT_EQ(0, get_info(self->fd, live, &info));
	EXPECT_EQ(PROCSRV_INIT_PID, info.ppid);
	ASSERT_EQ(0, get_info(self->fd, zombie, &info));
	EXPECT_EQ(PROCSRV_INIT_PID, info.ppid);
	EXPECT_EQ(PROCSRV_INFO_ORPHAN, info.flags);
	EXPECT_EQ(15, info.exit_signal);
}

TEST_F(procsrv, stop_and_continue)
{
	struct procsrv_stats before, stats;
	struct snapshot snapshot;
	__u64 pid;

	ASSERT_EQ(0, create(self->fd, self->root, &pid));
	ASSERT_EQ(0, get_stats(self->fd, &before));
	/*
	 * SIGCONT has no effect on a process that is not stopped, and is not
	 * pending.
	 */
	snapshot_take(_metadata, &self->scene, &snapshot);
	EXPECT_EQ(0, signal_pid(self->fd, pid, 18));
	EXPECT_TRUE(snapshot_same_but_events(_metadata, &self->scene,
					     &snapshot));

	ASSERT_EQ(0, signal_pid(self->fd, pid, 19));
	EXPECT_EQ(PROCSRV_STOPPED, state_of(self->fd, pid));
	EXPECT_EQ(0, pending_of(self->fd, pid));
	ASSERT_EQ(0, get_stats(self->fd, &stats));
	EXPECT_EQ(before.stopped + 1, stats.stopped);
	EXPECT_EQ(before.running - 1, stats.running);
	snapshot_take(_metadata, &self->scene, &snapshot);
	EXPECT_EQ(0, signal_pid(self->fd, pid, 19));
	EXPECT_TRUE(snapshot_same_but_events(_metadata, &self->scene,
					     &snapshot));

	ASSERT_EQ(0, signal_pid(self->fd, pid, 18));
	EXPECT_EQ(PROCSRV_RUNNING, state_of(self->fd, pid));
	EXPECT_EQ(0, pending_of(self->fd, pid));
	ASSERT_EQ(0, get_stats(self->fd, &stats));
	EXPECT_EQ(0, memcmp(&before, &stats, sizeof(stats)));
}

/* A continued process is RUNNING, even if it was SLEEPING when it stopped. */
TEST_F(procsrv, sleeping_stops_and_runs)
{
	struct procsrv_update_args sleeping = {
		.mask = PROCSRV_UPDATE_STATE,
		.state = PROCSRV_SLEEPING,
	};
	struct procsrv_stats before, stats;
	__u64 pid;

	ASSERT_EQ(0, create(self->fd, self->root, &pid));
	ASSERT_EQ(0, get_stats(self->fd, &before));
	sleeping.pid = pid;
	ASSERT_EQ(0, call(self->fd, PROCSRV_IOC_UPDATE, &sleeping));
	/* SIGCONT does not wake it. */
	ASSERT_EQ(0, signal_pid(self->fd, pid, 18));
	EXPECT_EQ(PROCSRV_SLEEPING, state_of(self->fd, pid));
	ASSERT_EQ(0, signal_pid(self->fd, pid, 19));
	EXPECT_EQ(PROCSRV_STOPPED, state_of(self->fd, pid));
	ASSERT_EQ(0, get_stats(self->fd, &stats));
	EXPECT_EQ(before.sleeping, stats.sleeping);
	EXPECT_EQ(before.stopped + 1, stats.stopped);
	ASSERT_EQ(0, signal_pid(self->fd, pid, 18));
	EXPECT_EQ(PROCSRV_RUNNING, state_of(self->fd, pid));
	ASSERT_EQ(0, get_stats(self->fd, &stats));
	EXPECT_EQ(0, memcmp(&before, &stats, sizeof(stats)));
}

TEST_F(procsrv, others_become_pending)
{
	__u64 expected = 0, pid;
	__u32 count;
	int signo;

	ASSERT_EQ(0, create(self->fd, self->root, &pid));
	for (signo = 1; signo <= 64; signo++) {
		if (acts(signo))
			continue;
		ASSERT_EQ(0, send_signal(self->fd, 0, PROCSRV_TARGET_PID, pid,
					 signo, &count));
		EXPECT_EQ(1, count);
		expected |= 1ULL << (signo - 1);
		EXPECT_EQ(expected, pending_of(self->fd, pid));
		ASSERT_EQ(0, signal_pid(self->fd, pid, signo));
		EXPECT_EQ(expected, pending_of(self->fd, pid));
		EXPECT_EQ(PROCSRV_RUNNING, state_of(self->fd, pid));
	}
	EXPECT_EQ(0, pending_of(self->fd, self->root));
	/* Signals to a stopped process are pending, too. It stays stopped. */
	ASSERT_EQ(0, create(self->fd, self->root, &pid));
	ASSERT_EQ(0, signal_pid(self->fd, pid, 19));
	ASSERT_EQ(0, signal_pid(self->fd, pid, 64));
	EXPECT_EQ(1ULL << 63, pending_of(self->fd, pid));
	EXPECT_EQ(PROCSRV_STOPPED, state_of(self->fd, pid));
}

TEST_F(procsrv, pending_is_not_inherited)
{
	__u64 child;

	ASSERT_EQ(0, signal_pid(self->fd, self->root, 10));
	ASSERT_EQ(0, create(self->fd, self->root, &child));
	EXPECT_EQ(0, pending_of(self->fd, child));
}

TEST_F(procsrv, nothing_happens_to_a_zombie)
{
	struct snapshot before;
	__u32 count;
	__u64 pid;
	int signo;

	ASSERT_EQ(0, create(self->fd, self->root, &pid));
	ASSERT_EQ(0, terminate(self->fd, pid, 12, 13));
	snapshot_take(_metadata, &self->scene, &before);
	for (signo = 0; signo <= 64; signo++) {
		EXPECT_EQ(0, send_signal(self->fd, 0, PROCSRV_TARGET_PID, pid,
					 signo, &count));
		EXPECT_EQ(1, count);
	}
	EXPECT_TRUE(snapshot_same(_metadata, &self->scene, &before));
}

TEST_F(procsrv, init_is_protected)
{
	const int fatal[] = { 9, 15, 19 };
	struct snapshot before;
	__u32 count;
	int i;

	snapshot_take(_metadata, &self->scene, &before);
	for (i = 0; i < ARRAY_SIZE(fatal); i++) {
		EXPECT_EQ(-EPERM,
			  send_signal(self->fd, 0, PROCSRV_TARGET_PID,
				      PROCSRV_INIT_PID, fatal[i], &count));
		EXPECT_EQ(PATTERN32, count);
		EXPECT_EQ(-EPERM,
			  send_signal(self->fd, self->root, PROCSRV_TARGET_PID,
				      PROCSRV_INIT_PID, fatal[i], &count));
	}
	EXPECT_TRUE(snapshot_same(_metadata, &self->scene, &before));
	EXPECT_EQ(0, signal_pid(self->fd, PROCSRV_INIT_PID, 18));
	EXPECT_TRUE(snapshot_same_but_events(_metadata, &self->scene,
					     &before));
	EXPECT_EQ(PROCSRV_RUNNING, state_of(self->fd, PROCSRV_INIT_PID));
	EXPECT_EQ(0, pending_of(self->fd, PROCSRV_INIT_PID));
}

TEST_F(procsrv, numbers_out_of_range)
{
	const __s32 wrong[] = { -1, 65, 66, 127, 128, 256 + 9, INT_MAX,
				INT_MIN, -9 };
	__u32 sid, pgid, count;
	struct snapshot before;
	int i;

	ASSERT_EQ(0, create_session(self->fd, self->root, &sid, &pgid));
	snapshot_take(_metadata, &self->scene, &before);
	for (i = 0; i < ARRAY_SIZE(wrong); i++) {
		EXPECT_EQ(-EINVAL,
			  send_signal(self->fd, 0, PROCSRV_TARGET_PID,
				      self->root, wrong[i], &count));
		EXPECT_EQ(PATTERN32, count);
		EXPECT_EQ(-EINVAL, send_signal(self->fd, 0,
					       PROCSRV_TARGET_PGID, pgid,
					       wrong[i], &count));
		EXPECT_EQ(-EINVAL, send_signal(self->fd, 0, PROCSRV_TARGET_SID,
					       sid, wrong[i], &count));
		EXPECT_EQ(-EINVAL, send_signal(self->fd, 0, PROCSRV_TARGET_ALL,
					       0, wrong[i], &count));
	}
	EXPECT_TRUE(snapshot_same(_metadata, &self->scene, &before));
}

TEST_F(procsrv, targets_that_are_unknown)
{
	struct snapshot before;
	__u32 target;

	snapshot_take(_metadata, &self->scene, &before);
	for (target = PROCSRV_TARGET_TREE + 1; target; target <<= 1) {
		EXPECT_EQ(-EINVAL, send_signal(self->fd, 0, target, self->root,
					       10, NULL));
		EXPECT_EQ(-EINVAL, send_signal(self->fd, 0, target, 0, 10,
					       NULL));
	}
	EXPECT_EQ(-EINVAL, send_signal(self->fd, 0, PROCSRV_TARGET_ALL, 1, 10,
				       NULL));
	EXPECT_EQ(-EINVAL, send_signal(self->fd, 0, PROCSRV_TARGET_ALL,
				       1ULL << 32, 10, NULL));
	EXPECT_TRUE(snapshot_same(_metadata, &self->scene, &before));
}

TEST_F(procsrv, targets_that_are_missing)
{
	struct snapshot before;
	__u32 sid, pgid, count;
	__u64 gone;
	const int fd = self->fd;

	ASSERT_EQ(0, create_session(fd, self->root, &sid, &pgid));
	ASSERT_EQ(0, create(fd, self->root, &gone));
	ASSERT_EQ(0, terminate(fd, gone, 0, 0));
	ASSERT_EQ(0, reap(fd, self->root, gone));
	snapshot_take(_metadata, &self->scene, &before);
	EXPECT_EQ(-ESRCH, send_signal(fd, 0, PROCSRV_TARGET_PID, NO_PID, 0,
				      &count));
	EXPECT_EQ(PATTERN32, count);
	EXPECT_EQ(-ESRCH, signal_pid(fd, gone, 9));
	EXPECT_EQ(-ESRCH, signal_pid(fd, ~0ULL, 9));
	EXPECT_EQ(-ESRCH, signal_pid(fd, self->root + (1ULL << 32), 9));
	EXPECT_EQ(-ESRCH, send_signal(fd, 0, PROCSRV_TARGET_PGID, NO_ID, 9,
				      NULL));
	EXPECT_EQ(-ESRCH, send_signal(fd, 0, PROCSRV_TARGET_SID, NO_ID, 9,
				      NULL));
	/* Ids have 32 bits, but the 64-bit field must not be truncated. */
	EXPECT_EQ(-ESRCH, send_signal(fd, 0, PROCSRV_TARGET_PGID,
				      pgid + (1ULL << 32), 9, NULL));
	EXPECT_EQ(-ESRCH, send_signal(fd, 0, PROCSRV_TARGET_SID,
				      sid + (1ULL << 32), 9, NULL));
	EXPECT_TRUE(snapshot_same(_metadata, &self->scene, &before));
}

TEST_F(procsrv, senders)
{
	struct snapshot before;
	__u64 sender, target;
	const int fd = self->fd;

	ASSERT_EQ(0, create(fd, self->root, &sender));
	ASSERT_EQ(0, create(fd, self->root, &target));
	EXPECT_EQ(0, send_signal(fd, sender, PROCSRV_TARGET_PID, target, 10,
				 NULL));
	EXPECT_EQ(1ULL << 9, pending_of(fd, target));
	EXPECT_EQ(0, send_signal(fd, sender, PROCSRV_TARGET_PID, sender, 10,
				 NULL));
	EXPECT_EQ(1ULL << 9, pending_of(fd, sender));
	EXPECT_EQ(0, send_signal(fd, PROCSRV_INIT_PID, PROCSRV_TARGET_PID,
				 target, 12, NULL));

	snapshot_take(_metadata, &self->scene, &before);
	EXPECT_EQ(-ESRCH, send_signal(fd, NO_PID, PROCSRV_TARGET_PID, target,
				      9, NULL));
	EXPECT_TRUE(snapshot_same(_metadata, &self->scene, &before));
	ASSERT_EQ(0, terminate(fd, sender, 0, 0));
	snapshot_take(_metadata, &self->scene, &before);
	EXPECT_EQ(-ESRCH, send_signal(fd, sender, PROCSRV_TARGET_PID, target,
				      9, NULL));
	EXPECT_EQ(-ESRCH, send_signal(fd, sender, PROCSRV_TARGET_ALL, 0, 0,
				      NULL));
	EXPECT_TRUE(snapshot_same(_metadata, &self->scene, &before));
	/* A process may end itself. */
	EXPECT_EQ(0, send_signal(fd, target, PROCSRV_TARGET_PID, target, 15,
				 NULL));
	EXPECT_EQ(PROCSRV_ZOMBIE, state_of(fd, target));
}

/* A group and a session: root and two children; one more child outside. */
TEST_F(procsrv, group_and_session)
{
	const int fd = self->fd;
	__u32 sid, pgid, other, count;
	__u64 pids[3], zombie;
	int i;

	ASSERT_EQ(0, create_session(fd, self->root, &sid, &pgid));
	for (i = 0; i < 3; i++)
		ASSERT_EQ(0, create(fd, self->root, &pids[i]));
	ASSERT_EQ(0, create(fd, self->root, &zombie));
	ASSERT_EQ(0, terminate(fd, zombie, 6, 0));
	ASSERT_EQ(0, create_group(fd, 0, pids[2], sid, &other));

	ASSERT_EQ(0, send_signal(fd, 0, PROCSRV_TARGET_PGID, pgid, 10,
				 &count));
	EXPECT_EQ(4, count);
	EXPECT_EQ(1ULL << 9, pending_of(fd, self->root));
	EXPECT_EQ(1ULL << 9, pending_of(fd, pids[1]));
	EXPECT_EQ(0, pending_of(fd, pids[2]));
	EXPECT_EQ(0, pending_of(fd, zombie));
	ASSERT_EQ(0, send_signal(fd, 0, PROCSRV_TARGET_SID, sid, 12, &count));
	EXPECT_EQ(5, count);
	EXPECT_EQ(1ULL << 11 | 1ULL << 9, pending_of(fd, pids[0]));
	EXPECT_EQ(1ULL << 11, pending_of(fd, pids[2]));

	ASSERT_EQ(0, send_signal(fd, 0, PROCSRV_TARGET_PGID, other, 19,
				 &count));
	EXPECT_EQ(1, count);
	EXPECT_EQ(PROCSRV_STOPPED, state_of(fd, pids[2]));
	EXPECT_EQ(PROCSRV_RUNNING, state_of(fd, pids[1]));
	ASSERT_EQ(0, send_signal(fd, 0, PROCSRV_TARGET_SID, sid, 19, &count));
	ASSERT_EQ(0, send_signal(fd, 0, PROCSRV_TARGET_SID, sid, 18, &count));
	EXPECT_EQ(5, count);
	for (i = 0; i < 3; i++)
		EXPECT_EQ(PROCSRV_RUNNING, state_of(fd, pids[i]));
	EXPECT_EQ(PROCSRV_ZOMBIE, state_of(fd, zombie));
}

TEST_F(procsrv, group_and_session_are_killed)
{
	const int fd = self->fd;
	struct procsrv_wait_args args;
	__u32 sid, pgid, other, count;
	__u64 leader, child, grandchild;

	ASSERT_EQ(0, create(fd, self->root, &leader));
	ASSERT_EQ(0, create_session(fd, leader, &sid, &pgid));
	ASSERT_EQ(0, create(fd, leader, &child));
	ASSERT_EQ(0, create(fd, child, &grandchild));
	ASSERT_EQ(0, create_group(fd, 0, grandchild, sid, &other));
	/* Kill the group of the parents first, and then the session. */
	ASSERT_EQ(0, send_signal(fd, 0, PROCSRV_TARGET_PGID, pgid, 9, &count));
	EXPECT_EQ(2, count);
	EXPECT_EQ(PROCSRV_ZOMBIE, state_of(fd, leader));
	EXPECT_EQ(PROCSRV_ZOMBIE, state_of(fd, child));
	EXPECT_EQ(PROCSRV_RUNNING, state_of(fd, grandchild));
	ASSERT_EQ(0, send_signal(fd, 0, PROCSRV_TARGET_SID, sid, 15, &count));
	EXPECT_EQ(3, count);
	args = wait_args(PROCSRV_INIT_PID, PROCSRV_WAIT_PID, grandchild,
			 PROCSRV_WAIT_EXITED, PROCSRV_WAIT_NOHANG);
	ASSERT_EQ(0, do_wait(fd, &args));
	EXPECT_EQ(15, args.exit_signal);
	args = wait_args(self->root, PROCSRV_WAIT_PID, leader,
			 PROCSRV_WAIT_EXITED, PROCSRV_WAIT_NOHANG);
	ASSERT_EQ(0, do_wait(fd, &args));
	EXPECT_EQ(9, args.exit_signal);
	EXPECT_EQ(-9, args.exit_code);
	/* A group of zombies still exists. */
	ASSERT_EQ(0, send_signal(fd, 0, PROCSRV_TARGET_SID, sid, 9, &count));
	EXPECT_EQ(1, count);
	ASSERT_EQ(0, reap(fd, PROCSRV_INIT_PID, child));
	EXPECT_EQ(-ESRCH, send_signal(fd, 0, PROCSRV_TARGET_SID, sid, 9,
				      NULL));
}

/* Only safe if no other processes are on the server, which is asserted. */
TEST_F(procsrv, all)
{
	enum { NR = 150 };		/* more than one batch */
	const int fd = self->fd;
	__u64 pids[NR];
	__u32 count;
	int i;

	ASSERT_EQ(1, self->scene.before.total_processes);
	ASSERT_EQ(0, send_signal(fd, 0, PROCSRV_TARGET_ALL, 0, 0, &count));
	EXPECT_EQ(1, count);
	/* No process but the sender and init. */
	EXPECT_EQ(-ESRCH, send_signal(fd, self->root, PROCSRV_TARGET_ALL, 0, 0,
				      &count));
	EXPECT_EQ(PATTERN32, count);

	for (i = 0; i < NR; i++)
		ASSERT_EQ(0, create(fd, i ? pids[i - 1] : self->root,
				    &pids[i]));
	ASSERT_EQ(0, terminate(fd, pids[NR - 1], 3, 0));
	ASSERT_EQ(0, send_signal(fd, self->root, PROCSRV_TARGET_ALL, 0, 10,
				 &count));
	EXPECT_EQ(NR, count);
	EXPECT_EQ(0, pending_of(fd, self->root));
	EXPECT_EQ(0, pending_of(fd, PROCSRV_INIT_PID));
	EXPECT_EQ(1ULL << 9, pending_of(fd, pids[0]));
	EXPECT_EQ(1ULL << 9, pending_of(fd, pids[NR - 2]));
	EXPECT_EQ(0, pending_of(fd, pids[NR - 1]));

	ASSERT_EQ(0, send_signal(fd, self->root, PROCSRV_TARGET_ALL, 0, 9,
				 &count));
	EXPECT_EQ(NR, count);
	for (i = 0; i < NR; i++)
		EXPECT_EQ(PROCSRV_ZOMBIE, state_of(fd, pids[i]));
	EXPECT_EQ(PROCSRV_RUNNING, state_of(fd, self->root));
	ASSERT_EQ(0, send_signal(fd, PROCSRV_INIT_PID, PROCSRV_TARGET_ALL, 0,
				 15, &count));
	EXPECT_EQ(NR + 1, count);
	EXPECT_EQ(PROCSRV_ZOMBIE, state_of(fd, self->root));
	EXPECT_EQ(PROCSRV_RUNNING, state_of(fd, PROCSRV_INIT_PID));
}

TEST_HARNESS_MAIN
