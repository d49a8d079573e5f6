// SPDX-License-Identifier: GPL-2.0-only
/*
 * procsrv selftests - bugs of VeridianOS' process server
 *
 * The server has the model of VeridianOS, but not its bugs. Each of these tests
 * fails on a server with one of them. Bugs that other programs here would show
 * are left to them. "There" is VeridianOS.
 */
#include "fixture.h"

/* There: it is listed in both sessions, and neither is ever removed. */
TEST_F(procsrv, leader_is_in_one_session)
{
	struct procsrv_session_args session;
	struct procsrv_group_args group;
	__u32 sid, pgid, old_sid, old_pgid;
	__u64 cursor = 0, pids[4], leader, member;

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

TEST_HARNESS_MAIN
