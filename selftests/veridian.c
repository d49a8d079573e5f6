// SPDX-License-Identifier: GPL-2.0-only
/*
 * procsrv selftests - bugs of VeridianOS' process server
 *
 * The server has the model of VeridianOS, but not its bugs. Each of these tests
 * fails on a server with one of them. "There" is VeridianOS.
 */
#include <sys/stat.h>

#include "fixture.h"
#include "snapshot.h"

/* There: these four deadlock on a lock that the caller holds. */
TEST_F(procsrv, signals_that_act_return)
{
	const int signals[] = { 19, 18, 9, 15 };
	const int states[] = { PROCSRV_STOPPED, PROCSRV_RUNNING,
			       PROCSRV_ZOMBIE, PROCSRV_ZOMBIE };
	__u64 pid, second;
	int i;

	ASSERT_EQ(0, create(self->fd, self->root, &pid));
	ASSERT_EQ(0, create(self->fd, self->root, &second));
	for (i = 0; i < 4; i++) {
		if (i == 3)
			pid = second;
		ASSERT_EQ(0, signal_pid(self->fd, pid, signals[i]));
		EXPECT_EQ(states[i], state_of(self->fd, pid));
	}
}

/* There: it becomes STOPPED, and RUNNING again with SIGCONT. */
TEST_F(procsrv, a_zombie_does_not_stop)
{
	struct procsrv_stats before, after;
	__u64 pid;

	ASSERT_EQ(0, create(self->fd, self->root, &pid));
	ASSERT_EQ(0, terminate(self->fd, pid, 0, 0));
	ASSERT_EQ(0, get_stats(self->fd, &before));
	ASSERT_EQ(0, signal_pid(self->fd, pid, 19));
	EXPECT_EQ(PROCSRV_ZOMBIE, state_of(self->fd, pid));
	ASSERT_EQ(0, signal_pid(self->fd, pid, 18));
	EXPECT_EQ(PROCSRV_ZOMBIE, state_of(self->fd, pid));
	ASSERT_EQ(0, get_stats(self->fd, &after));
	EXPECT_EQ(0, memcmp(&before, &after, sizeof(after)));
}

/* There: the second exit replaces the first, and is counted. */
TEST_F(procsrv, one_dies_once)
{
	struct procsrv_stats before, after;
	struct procsrv_info info;
	__u64 pid;

	ASSERT_EQ(0, create(self->fd, self->root, &pid));
	ASSERT_EQ(0, terminate(self->fd, pid, 1, 0));
	ASSERT_EQ(0, get_stats(self->fd, &before));
	EXPECT_EQ(-ESRCH, terminate(self->fd, pid, 2, 0));
	EXPECT_EQ(0, signal_pid(self->fd, pid, 9));
	ASSERT_EQ(0, get_info(self->fd, pid, &info));
	EXPECT_EQ(1, info.exit_code);
	EXPECT_EQ(0, info.exit_signal);
	ASSERT_EQ(0, get_stats(self->fd, &after));
	EXPECT_EQ(before.total_exited, after.total_exited);
}

/* There: a child joins the group whose id is that of its session. */
TEST_F(procsrv, child_joins_the_group_of_its_parent)
{
	struct procsrv_group_args group;
	struct procsrv_info info;
	__u32 sid, pgid, extra;
	__u64 leader, child, decoy;

	ASSERT_EQ(0, create(self->fd, self->root, &decoy));
	/* Drive the two counters apart. */
	ASSERT_EQ(0, create_group(self->fd, 0, decoy, 0, &extra));
	ASSERT_EQ(0, create_group(self->fd, 0, decoy, 0, &extra));
	ASSERT_EQ(0, create(self->fd, self->root, &leader));
	ASSERT_EQ(0, create_session(self->fd, leader, &sid, &pgid));
	ASSERT_NE(sid, pgid);
	ASSERT_EQ(0, create(self->fd, leader, &child));
	ASSERT_EQ(0, get_info(self->fd, child, &info));
	EXPECT_EQ(sid, info.sid);
	EXPECT_EQ(pgid, info.pgid);
	ASSERT_EQ(0, get_group(self->fd, pgid, &group));
	EXPECT_EQ(2, group.nr_processes);
}

/* There: the count only grows. */
TEST_F(procsrv, orphans_become_fewer)
{
	struct procsrv_stats before, after;
	__u64 parent, child;
	int i;

	ASSERT_EQ(0, get_stats(self->fd, &before));
	for (i = 0; i < 3; i++) {
		ASSERT_EQ(0, create(self->fd, self->root, &parent));
		ASSERT_EQ(0, create(self->fd, parent, &child));
		ASSERT_EQ(0, terminate(self->fd, child, 0, 0));
		ASSERT_EQ(0, terminate(self->fd, parent, 0, 0));
		ASSERT_EQ(0, get_stats(self->fd, &after));
		EXPECT_EQ(before.orphans + 1, after.orphans);
		ASSERT_EQ(0, reap(self->fd, PROCSRV_INIT_PID, child));
		ASSERT_EQ(0, get_stats(self->fd, &after));
		EXPECT_EQ(before.orphans, after.orphans);
	}
}

/* There: it is listed in both sessions, and neither is ever removed. */
TEST_F(procsrv, leader_is_in_one_session)
{
	struct procsrv_session_args session;
	struct procsrv_group_args group;
	struct procsrv_stats before, after;
	__u32 sid, pgid, old_sid, old_pgid;
	__u64 cursor = 0, pids[4], leader, member;

	ASSERT_EQ(0, get_stats(self->fd, &before));
	ASSERT_EQ(0, create(self->fd, self->root, &leader));
	ASSERT_EQ(0, create_session(self->fd, leader, &old_sid, &old_pgid));
	ASSERT_EQ(0, create(self->fd, leader, &member));
	ASSERT_EQ(0, create_session(self->fd, member, &sid, &pgid));
	ASSERT_EQ(1, list_pids(self->fd, PROCSRV_LIST_SID, old_sid, &cursor,
			       pids, 4));
	EXPECT_EQ(leader, pids[0]);
	ASSERT_EQ(0, terminate(self->fd, leader, 0, 0));
	ASSERT_EQ(0, reap(self->fd, self->root, leader));
	EXPECT_EQ(-ESRCH, get_session(self->fd, old_sid, &session));
	EXPECT_EQ(-ESRCH, get_group(self->fd, old_pgid, &group));
	ASSERT_EQ(0, get_stats(self->fd, &after));
	EXPECT_EQ(before.sessions + 1, after.sessions);
	EXPECT_EQ(before.process_groups + 1, after.process_groups);
}

/* There: sessions and groups are created for any number. */
TEST_F(procsrv, no_sessions_for_nobody)
{
	struct procsrv_stats before, after;
	__u32 sid, pgid;

	ASSERT_EQ(0, get_stats(self->fd, &before));
	EXPECT_EQ(-ESRCH, create_session(self->fd, NO_PID, &sid, &pgid));
	EXPECT_EQ(-ESRCH, create_group(self->fd, 0, NO_PID, 0, &pgid));
	EXPECT_EQ(-ESRCH, create_group(self->fd, 0, self->root, NO_ID, &pgid));
	ASSERT_EQ(0, get_stats(self->fd, &after));
	EXPECT_EQ(0, memcmp(&before, &after, sizeof(after)));
}

struct breeder {
	pthread_t thread;
	int fd;
	__u64 parent;
	int born;
	int err;
	__u64 children[500];
};

static void *breed(void *data)
{
	struct breeder *b = data;

	while (!b->err && b->born < ARRAY_SIZE(b->children)) {
		b->err = create(b->fd, b->parent, &b->children[b->born]);
		if (!b->err)
			__atomic_fetch_add(&b->born, 1, __ATOMIC_SEQ_CST);
	}
	return NULL;
}

/* There: a parent may vanish between its look-up and the creation. */
TEST_F(procsrv, nobody_is_born_to_the_dead)
{
	static struct breeder b;
	struct procsrv_info info;
	int i, round;

	for (round = 0; round < 50; round++) {
		memset(&b, 0, sizeof(b));
		b.fd = self->fd;
		ASSERT_EQ(0, create(self->fd, self->root, &b.parent));
		ASSERT_EQ(0, pthread_create(&b.thread, NULL, breed, &b));
		while (!__atomic_load_n(&b.born, __ATOMIC_SEQ_CST))
			sched_yield();
		terminate(self->fd, b.parent, 0, 0);
		pthread_join(b.thread, NULL);
		EXPECT_EQ(b.born < ARRAY_SIZE(b.children) ? -ESRCH : 0, b.err);
		EXPECT_EQ(PROCSRV_ZOMBIE, state_of(self->fd, b.parent));
		for (i = 0; i < b.born; i++) {
			ASSERT_EQ(0, get_info(self->fd, b.children[i], &info));
			ASSERT_EQ(PROCSRV_INIT_PID, info.ppid);
			ASSERT_EQ(0, terminate(self->fd, info.pid, 0, 0));
			ASSERT_EQ(0, reap(self->fd, PROCSRV_INIT_PID,
					  info.pid));
		}
		ASSERT_EQ(0, reap(self->fd, self->root, b.parent));
	}
}

/* There: it cannot be distinguished from a successful exit. */
TEST_F(procsrv, terminated_is_no_success)
{
	struct procsrv_wait_args args;
	__u64 pid;

	ASSERT_EQ(0, create(self->fd, self->root, &pid));
	ASSERT_EQ(0, signal_pid(self->fd, pid, 15));
	args = wait_args(self->root, PROCSRV_WAIT_ANY, 0, PROCSRV_WAIT_EXITED,
			 PROCSRV_WAIT_NOHANG);
	ASSERT_EQ(0, do_wait(self->fd, &args));
	EXPECT_EQ(0, args.exit_code);
	EXPECT_EQ(15, args.exit_signal);
}

/* There: limits are stored, but never checked. */
TEST_F(procsrv, limits_have_effect)
{
	struct procsrv_update_args args = {
		.mask = PROCSRV_UPDATE_MEMORY,
		.memory_usage = 1001,
	};
	struct procsrv_limits limits;
	struct procsrv_info info;

	ASSERT_EQ(0, create(self->fd, self->root, &args.pid));
	ASSERT_EQ(0, get_limits(self->fd, args.pid, &limits));
	limits.max_memory = 1000;
	ASSERT_EQ(0, set_limits(self->fd, args.pid, &limits));
	ASSERT_EQ(0, call(self->fd, PROCSRV_IOC_UPDATE, &args));
	ASSERT_EQ(0, get_info(self->fd, args.pid, &info));
	EXPECT_EQ(PROCSRV_RUNNING, info.state);
	EXPECT_EQ(PROCSRV_LIMIT_MEMORY, info.limits_passed);
	EXPECT_EQ(1, info.nr_limits_passed);

	limits.flags = PROCSRV_LIMITS_ENFORCE;
	ASSERT_EQ(0, set_limits(self->fd, args.pid, &limits));
	ASSERT_EQ(0, call(self->fd, PROCSRV_IOC_UPDATE, &args));
	ASSERT_EQ(0, get_info(self->fd, args.pid, &info));
	EXPECT_EQ(PROCSRV_ZOMBIE, info.state);
	EXPECT_EQ(9, info.exit_signal);
	EXPECT_EQ(-9, info.exit_code);
}

/* There: every processor is assumed to run at 2 GHz. */
TEST_F(procsrv, time_is_measured)
{
	struct reading begin, end;

	ASSERT_EQ(0, read_clock(self->fd, &begin));
	pause_ns(300 * MSEC);
	ASSERT_EQ(0, read_clock(self->fd, &end));
	EXPECT_LE(least(&begin, &end), passed(&begin, &end));
	EXPECT_GE(most(&begin, &end), passed(&begin, &end));
}

/*
 * The cost of some lives of a child of @parent, and of some look-ups. There are
 * many short samples, so that at least one is undisturbed even on a busy
 * machine.
 */
static __u64 cost(struct __test_metadata *_metadata, int fd, __u64 parent)
{
	enum { SAMPLES = 300, LIVES = 4 };
	struct procsrv_stats stats;
	__u64 best = ~0ULL, began, took, pid;
	int i, j;

	for (i = 0; i < SAMPLES; i++) {
		began = now_ns();
		for (j = 0; j < LIVES; j++) {
			ASSERT_EQ(0, create(fd, parent, &pid));
			ASSERT_EQ(0, terminate(fd, pid, 0, 0));
			ASSERT_EQ(0, reap(fd, parent, pid));
			ASSERT_EQ(0, get_stats(fd, &stats));
		}
		took = now_ns() - began;
		if (took < best)
			best = took;
	}
	return best;
}

/*
 * There: all of these calls visit every process, and take some sixty times as
 * long with a hundred times as many processes.
 */
TEST_F(procsrv, crowds_cost_nothing)
{
	__u64 pid, few, many;
	int i;

	for (i = 0; i < 100; i++)
		ASSERT_EQ(0, create(self->fd, self->root, &pid));
	few = cost(_metadata, self->fd, self->root);
	for (; i < 10000; i++)
		ASSERT_EQ(0, create(self->fd, self->root, &pid));
	many = cost(_metadata, self->fd, self->root);
	EXPECT_GT(8 * few, many);
}

/* There: every caller has all permissions. */
TEST_F(procsrv, not_for_everybody)
{
	struct stat st;
	pid_t child;

	ASSERT_EQ(0, stat(DEVICE, &st));
	EXPECT_EQ(0, st.st_mode & 077);
	child = fork_tied();
	ASSERT_LE(0, child);
	if (!child) {
		if (setresgid(65534, 65534, 65534) ||
		    setresuid(65534, 65534, 65534))
			_exit(1);
		_exit(open(DEVICE, O_RDWR) == -1 && errno == EACCES ? 0 : 2);
	}
	EXPECT_EQ(0, child_status(child));
}

TEST_HARNESS_MAIN
