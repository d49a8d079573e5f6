// SPDX-License-Identifier: GPL-2.0-only
/*
 * The check that ends each test
 *
 * procsrv_check() checks all structures of a server against each other, between
 * any two changes. If nothing else uses the server, more conditions must hold.
 */
#include "../debug/check.h"
#include "common.h"

/**
 * peek_process() - find a process without the server's own code
 * @ps: the server
 * @pid: the process
 *
 * Context: with the mutex, or under the lock.
 * Return: the process, or NULL.
 */
struct procsrv_process *peek_process(const struct procsrv *ps, u64 pid)
{
	u64 base = round_down(pid, PROCSRV_LEAF_SIZE);
	const struct rb_node *n = ps->leaves.rb_node;

	lockdep_assert(lockdep_is_held(&ps->lock) ||
		       lockdep_is_held(&ps->mutex));
	while (n) {
		const struct procsrv_leaf *leaf;

		leaf = rb_entry(n, struct procsrv_leaf, node);
		if (leaf->base == base)
			return procsrv_leaf_at(leaf, pid - base);
		n = base < leaf->base ? n->rb_left : n->rb_right;
	}
	return NULL;
}

static void check_stats(struct kunit *test, const struct procsrv_census *c)
{
	struct procsrv_stats s = stats_of(test);

	KUNIT_EXPECT_EQ(test, s.total_processes, c->processes);
	KUNIT_EXPECT_EQ(test, s.running, c->states[PROCSRV_RUNNING]);
	KUNIT_EXPECT_EQ(test, s.sleeping, c->states[PROCSRV_SLEEPING] +
					  c->states[PROCSRV_WAITING]);
	KUNIT_EXPECT_EQ(test, s.stopped, c->states[PROCSRV_STOPPED]);
	KUNIT_EXPECT_EQ(test, s.zombies, c->states[PROCSRV_ZOMBIE]);
	KUNIT_EXPECT_EQ(test, s.sessions, c->sessions);
	KUNIT_EXPECT_EQ(test, s.process_groups, c->groups);
	KUNIT_EXPECT_EQ(test, s.orphans, c->orphans);
}

/**
 * check_server() - check all structures of a server against each other
 * @test: the test that has the server, which nothing else uses
 */
void check_server(struct kunit *test)
{
	struct procsrv_verdict v;

	KUNIT_EXPECT_EQ_MSG(test, procsrv_check(server(test), &v), 0, "%s",
			    v.first);
	/* Every wait has returned, and every handle is closed. */
	KUNIT_EXPECT_EQ(test, v.census.waiters, 0);
	KUNIT_EXPECT_EQ(test, v.census.handles, 0);
	if (!v.faults)
		check_stats(test, &v.census);
}

/**
 * check_owner() - check the processes that are tied to an owner
 * @test: the test that has the server
 * @owner: the owner, the only one
 * @nr_tied: how many processes are tied to it
 */
void check_owner(struct kunit *test, const struct procsrv_owner *owner,
		 u64 nr_tied)
{
	struct procsrv *ps = server(test);
	struct procsrv_verdict v;

	KUNIT_EXPECT_EQ_MSG(test, procsrv_check_owner(ps, owner, &v), 0, "%s",
			    v.first);
	KUNIT_EXPECT_EQ(test, v.census.tied, nr_tied);
	KUNIT_EXPECT_EQ_MSG(test, procsrv_check(ps, &v), 0, "%s", v.first);
	KUNIT_EXPECT_EQ(test, v.census.tied, nr_tied);
}
