// SPDX-License-Identifier: GPL-2.0-only
/*
 * Objects that end with a descriptor: tied processes, private servers, handles
 */
#include <linux/delay.h>
#include <linux/err.h>
#include <linux/file.h>

#include "../dev/client.h"
#include "common.h"

enum {
	NR_TIED = 5000,
	NR_OWNERS = 3,
	NR_ROUNDS = 200,
};

static int create_tied(struct procsrv *ps, u64 parent,
		       struct procsrv_owner *owner, u64 *pid)
{
	struct procsrv_create_params params = {
		.parent = parent,
		.image = make_image("tied"),
		.uid = KUIDT_INIT(TEST_UID),
		.gid = KGIDT_INIT(TEST_GID),
		.owner = owner,
	};
	int ret;

	if (!params.image)
		return -ENOMEM;
	ret = procsrv_create(ps, &params, pid);
	procsrv_image_put(params.image);
	return ret;
}

static u64 make_tied(struct kunit *test, u64 parent,
		     struct procsrv_owner *owner)
{
	u64 pid = 0;

	KUNIT_ASSERT_EQ(test, create_tied(server(test), parent, owner, &pid),
			0);
	return pid;
}

static bool is_tied(struct kunit *test, u64 pid)
{
	return flags_of(test, pid) & PROCSRV_INFO_TIED;
}

static void killed_with_the_owner(struct kunit *test)
{
	struct procsrv_owner owner;
	u64 tied, child, other;

	procsrv_owner_init(&owner);
	tied = make_tied(test, PROCSRV_INIT_PID, &owner);
	child = make_process(test, tied);
	other = make_process(test, PROCSRV_INIT_PID);
	stop_process(test, tied);
	KUNIT_EXPECT_TRUE(test, is_tied(test, tied));
	KUNIT_EXPECT_FALSE(test, is_tied(test, child));
	check_owner(test, &owner, 1);
	procsrv_kill_tied(server(test), &owner);
	check_owner(test, &owner, 0);
	KUNIT_EXPECT_EQ(test, state_of(test, tied), PROCSRV_ZOMBIE);
	KUNIT_EXPECT_EQ(test, info_of(test, tied).exit_code, -9);
	KUNIT_EXPECT_EQ(test, info_of(test, tied).exit_signal, 9);
	KUNIT_EXPECT_FALSE(test, is_tied(test, tied));
	KUNIT_EXPECT_EQ(test, state_of(test, child), PROCSRV_RUNNING);
	KUNIT_EXPECT_EQ(test, ppid_of(test, child), PROCSRV_INIT_PID);
	KUNIT_EXPECT_EQ(test, state_of(test, other), PROCSRV_RUNNING);
	/* A second call does nothing. */
	procsrv_kill_tied(server(test), &owner);
	KUNIT_EXPECT_EQ(test, stats_of(test).total_exited, 1);
}

/* A process that has ended, in whatever way, is not tied any more. */
static void exit_unties(struct kunit *test)
{
	const struct procsrv_update u = {
		.mask = PROCSRV_UPDATE_MEMORY,
		.memory_usage = 1,
	};
	struct procsrv_limits limits = procsrv_default_limits;
	struct procsrv_owner owner;
	u64 pids[4];
	u32 i;

	procsrv_owner_init(&owner);
	for (i = 0; i < ARRAY_SIZE(pids); i++)
		pids[i] = make_tied(test, PROCSRV_INIT_PID, &owner);
	end_process(test, pids[1]);
	check_owner(test, &owner, 3);
	kill_process(test, pids[0]);
	check_owner(test, &owner, 2);
	limits.max_memory = 0;
	limits.flags = PROCSRV_LIMITS_ENFORCE;
	KUNIT_EXPECT_EQ(test, procsrv_set_limits(server(test), pids[3],
						 &limits), 0);
	KUNIT_EXPECT_EQ(test, procsrv_update(server(test), pids[3], &u), 0);
	check_owner(test, &owner, 1);
	KUNIT_EXPECT_EQ(test, procsrv_reap(server(test)), 3);
	check_owner(test, &owner, 1);
	procsrv_kill_tied(server(test), &owner);
	KUNIT_EXPECT_EQ(test, state_of(test, pids[2]), PROCSRV_ZOMBIE);
}

/* A creation that fails ties nothing to the owner. */
static void failure_ties_nobody(struct kunit *test)
{
	struct procsrv_bounds b = procsrv_no_bounds;
	struct procsrv_owner owner;
	u64 pid;

	procsrv_owner_init(&owner);
	KUNIT_EXPECT_EQ(test, create_tied(server(test), TEST_NO_PID, &owner,
					  &pid), -ESRCH);
	b.processes = 1;
	procsrv_set_bounds(server(test), &b);
	make_process(test, PROCSRV_INIT_PID);
	KUNIT_EXPECT_EQ(test, create_tied(server(test), PROCSRV_INIT_PID,
					  &owner, &pid), -EAGAIN);
	check_owner(test, &owner, 0);
	procsrv_kill_tied(server(test), &owner);
}

/* Parents and children that are tied to the same owner, in any order. */
static void thousands(struct kunit *test)
{
	struct procsrv_owner owner;
	u64 parent = PROCSRV_INIT_PID;
	u64 seed = 4;
	u32 i;

	procsrv_owner_init(&owner);
	for (i = 0; i < NR_TIED; i++) {
		u64 pid = make_tied(test, parent, &owner);

		if (test_random(&seed, 4) == 0)
			parent = pid;
		else if (test_random(&seed, 20) == 0)
			parent = PROCSRV_INIT_PID;
	}
	check_owner(test, &owner, NR_TIED);
	procsrv_kill_tied(server(test), &owner);
	check_owner(test, &owner, 0);
	KUNIT_EXPECT_EQ(test, stats_of(test).zombies, NR_TIED);
	KUNIT_EXPECT_EQ(test, procsrv_reap(server(test)), NR_TIED);
}

/* Owners come and go, while another worker kills and reaps their processes. */
static void own_or_disturb(struct worker *worker)
{
	struct procsrv_owner owner;
	u32 round, i, count;
	u64 pids[8];

	procsrv_owner_init(&owner);
	for (round = 0; round < NR_ROUNDS; round++) {
		if (worker->number >= NR_OWNERS) {
			procsrv_signal(worker->ps, 0, PROCSRV_TARGET_ALL, 0,
				       round % 4 ? 10 : 9, &count);
			procsrv_reap(worker->ps);
			usleep_range(20, 60);
			continue;
		}
		for (i = 0; i < ARRAY_SIZE(pids); i++)
			if (create_tied(worker->ps, PROCSRV_INIT_PID, &owner,
					&pids[i]))
				worker->failures++;
		procsrv_terminate(worker->ps, pids[round % 8], 0, 0);
		procsrv_kill_tied(worker->ps, &owner);
		if (!list_empty(&owner.tied))
			worker->failures++;
		for (i = 0; i < ARRAY_SIZE(pids); i++)
			if (procsrv_terminate(worker->ps, pids[i], 0, 0) !=
			    -ESRCH)
				worker->failures++;
	}
}

static void owners_come_and_go(struct kunit *test)
{
	struct worker *workers;

	workers = new_workers(test, NR_OWNERS + 1, own_or_disturb, NULL);
	start_workers(test, workers, NR_OWNERS + 1);
	join_workers(test, workers, NR_OWNERS + 1);
	procsrv_reap(server(test));
	KUNIT_EXPECT_EQ(test, stats_of(test).total_processes, 1);
	KUNIT_EXPECT_EQ(test, stats_of(test).total_exited,
			NR_OWNERS * NR_ROUNDS * 8);
}

static void all_are_killed(struct kunit *test)
{
	u64 pid = make_process(test, PROCSRV_INIT_PID);
	struct procsrv_owner owner;
	struct wait_task *t;
	u32 i;

	procsrv_owner_init(&owner);
	make_session(test, pid);
	set_reaper(test, pid, true);
	for (i = 0; i < 300; i++)
		pid = i % 3 ? make_process(test, pid) :
			      make_tied(test, PROCSRV_INIT_PID, &owner);
	t = start_wait(test, &(struct procsrv_wait) {
		.parent = pid - 1,
		.what = PROCSRV_WAIT_EXITED,
	});
	expect_waiting(test, pid - 1, 1);
	procsrv_kill_all(server(test));
	KUNIT_EXPECT_EQ(test, join_wait(test, t), -ESRCH);
	check_owner(test, &owner, 0);
	KUNIT_EXPECT_EQ(test, stats_of(test).zombies, 301);
	KUNIT_EXPECT_EQ(test, stats_of(test).running, 1);
	/* The same without any processes. */
	procsrv_reap(server(test));
	procsrv_kill_all(server(test));
	KUNIT_EXPECT_EQ(test, stats_of(test).total_processes, 1);
}

/* Servers share no processes, and live as long as they have references. */
static void private_servers(struct kunit *test)
{
	struct fixture *f = test->priv;
	struct procsrv *ps = procsrv_new(&f->clock);
	struct procsrv_stats stats;
	struct procsrv_owner owner;
	u64 pid;

	KUNIT_ASSERT_NOT_NULL(test, ps);
	procsrv_owner_init(&owner);
	KUNIT_EXPECT_EQ(test, create_tied(ps, PROCSRV_INIT_PID, NULL, &pid), 0);
	KUNIT_EXPECT_EQ(test, pid, 2);
	KUNIT_EXPECT_EQ(test, look_up(test, pid), -ESRCH);
	KUNIT_EXPECT_NE(test, ps->id, server(test)->id);
	procsrv_get(ps);
	procsrv_put(ps);
	procsrv_get_stats(ps, &stats);
	KUNIT_EXPECT_EQ(test, stats.total_processes, 2);
	procsrv_kill_all(ps);
	procsrv_get_stats(ps, &stats);
	KUNIT_EXPECT_EQ(test, stats.zombies, 1);
	procsrv_put(ps);
	procsrv_put(NULL);
}

/* A server that has all kinds of objects with memory of their own. */
static void server_goes_with_all_that_is_in_it(struct kunit *test)
{
	struct fixture *f = test->priv;
	struct procsrv_text *text = procsrv_text_new("/dev/tty", 8);
	struct procsrv *ps = procsrv_new(&f->clock);
	u64 pid, parent = PROCSRV_INIT_PID;
	u32 i, sid, pgid, count;

	KUNIT_ASSERT_NOT_NULL(test, text);
	KUNIT_ASSERT_NOT_NULL(test, ps);
	for (i = 0; i < 100; i++) {
		KUNIT_EXPECT_EQ(test, create_tied(ps, parent, NULL, &pid), 0);
		parent = pid;
		if (i % 10)
			continue;
		procsrv_create_session(ps, pid, &sid, &pgid);
		procsrv_set_terminal(ps, sid, text);
		procsrv_update(ps, pid, &(struct procsrv_update) {
			.mask = PROCSRV_UPDATE_CWD,
			.cwd = text,
		});
	}
	procsrv_signal(ps, 0, PROCSRV_TARGET_ALL, 0, 30, &count);
	procsrv_signal(ps, 0, PROCSRV_TARGET_ALL, 0, 1, &count);
	procsrv_terminate(ps, parent - 10, 0, 0);
	procsrv_put(ps);
	/* All references that it had were dropped. */
	KUNIT_EXPECT_EQ(test, refcount_read(&text->refs), 1);
	procsrv_text_put(text);
}

static void handles_in_any_order(struct kunit *test)
{
	u64 pid = make_process(test, PROCSRV_INIT_PID);
	struct file *a = open_process(test, pid);
	struct file *b = open_process(test, pid);
	struct file *of_init = open_process(test, PROCSRV_INIT_PID);
	struct file *c, *gone;

	KUNIT_EXPECT_EQ(test, refcount_read(&server(test)->refs), 4);
	fput(of_init);
	end_process(test, pid);
	fput(a);
	expect_refs(test, server(test), 2);
	/* A zombie can have handles, too. */
	c = open_process(test, pid);
	reap_child(test, PROCSRV_INIT_PID, pid);
	gone = procsrv_open_process(server(test), pid, 0);
	KUNIT_EXPECT_EQ(test, PTR_ERR_OR_ZERO(gone), -ESRCH);
	/* The process is in no table: KASAN would see a use after free. */
	fput(c);
	expect_refs(test, server(test), 2);
	fput(b);
	expect_refs(test, server(test), 1);
}

/* The process has pending signals and a session when it is reaped. */
static void handle_of_one_with_baggage(struct kunit *test)
{
	u64 pid = make_process(test, PROCSRV_INIT_PID);
	struct file *file = open_process(test, pid);

	KUNIT_EXPECT_EQ(test, signal_pid(test, pid, 30), 0);
	KUNIT_EXPECT_EQ(test, signal_pid(test, pid, 1), 0);
	make_session(test, pid);
	end_process(test, pid);
	KUNIT_EXPECT_EQ(test, procsrv_reap(server(test)), 1);
	check_server(test);
	fput(file);
	expect_refs(test, server(test), 1);
}

/* A handle keeps a reference to the server, too. */
static void handle_outlives_the_server(struct kunit *test)
{
	struct fixture *f = test->priv;
	struct procsrv *ps = procsrv_new(&f->clock);
	struct file *alive, *dead;
	u64 pid, zombie;

	KUNIT_ASSERT_NOT_NULL(test, ps);
	KUNIT_EXPECT_EQ(test, create_tied(ps, PROCSRV_INIT_PID, NULL, &pid), 0);
	KUNIT_EXPECT_EQ(test, create_tied(ps, PROCSRV_INIT_PID, NULL, &zombie),
			0);
	alive = procsrv_open_process(ps, pid, 0);
	dead = procsrv_open_process(ps, zombie, 0);
	KUNIT_ASSERT_NOT_ERR_OR_NULL(test, alive);
	KUNIT_ASSERT_NOT_ERR_OR_NULL(test, dead);
	KUNIT_EXPECT_EQ(test, procsrv_terminate(ps, zombie, 0, 0), 0);
	KUNIT_EXPECT_EQ(test, procsrv_reap(ps), 1);
	KUNIT_EXPECT_EQ(test, refcount_read(&ps->refs), 3);
	procsrv_get(ps);
	procsrv_put(ps);
	fput(alive);
	fput(dead);
	expect_refs(test, ps, 1);
	procsrv_put(ps);
}

/* Handles do not affect waits and takes. */
static void handles_beside_sleepers(struct kunit *test)
{
	u64 parent = make_process(test, PROCSRV_INIT_PID);
	u64 pid = make_process(test, parent);
	struct file *before = open_process(test, pid), *after;
	struct wait_task *t = start_wait(test, &(struct procsrv_wait) {
		.parent = parent,
		.which = PROCSRV_WAIT_PID,
		.id = pid,
		.what = PROCSRV_WAIT_EXITED,
	});
	struct take_task *take = start_take(test, pid, sigbit(30));

	expect_waiters(test, pid, 2);
	after = open_process(test, pid);
	KUNIT_EXPECT_EQ(test, signal_pid(test, pid, 30), 0);
	KUNIT_EXPECT_EQ(test, join_wait(test, &take->t), 0);
	expect_waiters(test, pid, 1);
	end_process(test, pid);
	KUNIT_EXPECT_EQ(test, join_wait(test, t), 0);
	KUNIT_EXPECT_EQ(test, look_up(test, pid), -ESRCH);
	fput(after);
	fput(before);
	expect_refs(test, server(test), 1);
}

static struct kunit_case tied_cases[] = {
	KUNIT_CASE(killed_with_the_owner),
	KUNIT_CASE(exit_unties),
	KUNIT_CASE(failure_ties_nobody),
	KUNIT_CASE(thousands),
	KUNIT_CASE(owners_come_and_go),
	KUNIT_CASE(all_are_killed),
	KUNIT_CASE(private_servers),
	KUNIT_CASE(server_goes_with_all_that_is_in_it),
	KUNIT_CASE(handles_in_any_order),
	KUNIT_CASE(handle_of_one_with_baggage),
	KUNIT_CASE(handle_outlives_the_server),
	KUNIT_CASE(handles_beside_sleepers),
	{}
};

static struct kunit_suite tied_suite = {
	.name = "procsrv-tied",
	.init = fixture_init,
	.exit = fixture_exit,
	.test_cases = tied_cases,
};

kunit_test_suite(tied_suite);
