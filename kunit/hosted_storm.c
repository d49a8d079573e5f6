// SPDX-License-Identifier: GPL-2.0-only
/*
 * Several hosts at the same time: for each host, one thread performs random
 * operations on the shared server, and another one takes signals meanwhile
 */
#include <linux/ktime.h>

#include "common.h"

enum {
	NR_HOSTS = 3,
	NR_BODIES = 30,
	NR_STEPS = 6000,
	TIMEOUT = 20000,	/* ns */
};

/**
 * struct host - a host, with a thread that runs it and one that takes signals
 * @owner: the host
 * @image: the image of its processes
 * @bodies: pids of some processes, of all hosts
 * @is_over: the thread that runs it is done
 * @seed: the seed of the random numbers of both
 */
struct host {
	struct procsrv_owner owner;
	struct procsrv_image *image;
	u64 *bodies;
	bool is_over;
	u64 seed;
};

static u64 create_body(struct worker *w, struct host *h, u64 parent)
{
	struct procsrv_create_params params = {
		.parent = parent,
		.image = test_random(&w->seed, 3) ? h->image : NULL,
		.uid = KUIDT_INIT(TEST_UID),
		.gid = KGIDT_INIT(TEST_GID),
		.owner = &h->owner,
		.hosted = test_random(&w->seed, 4),
		.has_notify = test_random(&w->seed, 2),
	};
	u64 pid = 0;
	int err;

	if (params.has_notify)
		params.notify = test_random(&w->seed, 2) ? PROCSRV_SIGCHLD : 0;
	err = procsrv_create(w->ps, &params, &pid);
	w->failures += err && err != -ESRCH;
	return pid;
}

static void report_on(struct worker *w, u64 pid)
{
	static const enum procsrv_body what[] = {
		PROCSRV_BODY_STOPPED, PROCSRV_BODY_STOPPED,
		PROCSRV_BODY_CONTINUED, PROCSRV_BODY_EXITING,
	};
	u32 i = test_random(&w->seed, ARRAY_SIZE(what));
	int err;

	err = procsrv_report_body(w->ps, pid, what[i], i < 2 ? 19 + i : 0);
	w->failures += err && err != -ESRCH && err != -EOPNOTSUPP;
}

static void wait_for_some(struct worker *w, u64 parent)
{
	struct procsrv_wait wait = {
		.parent = parent,
		.what = 1 + test_random(&w->seed, 7),
		.flags = PROCSRV_WAIT_TIMEOUT,
		.timeout = test_random(&w->seed, TIMEOUT),
	};
	int err;

	if (test_random(&w->seed, 2))
		wait.flags |= PROCSRV_WAIT_WCLONE;
	if (test_random(&w->seed, 2))
		wait.flags |= PROCSRV_WAIT_WALL;
	err = procsrv_wait(w->ps, &wait);
	w->failures += err && err != -ESRCH && err != -ECHILD &&
		       err != -ETIMEDOUT;
	w->tally[0] += !err;
}

static void regroup(struct worker *w, u64 pid)
{
	u32 sid = 0, pgid = 0;

	switch (test_random(&w->seed, 4)) {
	case 0:
		procsrv_create_session(w->ps, pid, &sid, &pgid);
		break;
	case 1:
		procsrv_set_group(w->ps, pid, 0, 0);
		break;
	case 2:
		procsrv_create_group(w->ps, 0, pid, pid, &pgid);
		break;
	default:
		procsrv_set_foreground(w->ps, pid, 0);
	}
}

static void change_identity(struct worker *w, u64 pid)
{
	struct procsrv_identity id;
	int err = procsrv_get_identity(w->ps, pid, &id);

	if (!err) {
		id.euid = KUIDT_INIT(TEST_UID + test_random(&w->seed, 3));
		id.kills = !id.kills;
		err = procsrv_set_identity(w->ps, pid, &id);
	}
	w->failures += err && err != -ESRCH && err != -EOPNOTSUPP;
}

static void send_some(struct worker *w, struct host *h, u64 pid)
{
	static const enum procsrv_target targets[] = {
		PROCSRV_TARGET_PID, PROCSRV_TARGET_PID, PROCSRV_TARGET_PID,
		PROCSRV_TARGET_PID, PROCSRV_TARGET_TREE, PROCSRV_TARGET_PGID,
	};
	u32 i = test_random(&w->seed, ARRAY_SIZE(targets)), count;
	u64 sender = 0;

	if (test_random(&w->seed, 2))
		sender = READ_ONCE(h->bodies[test_random(&w->seed,
							 NR_BODIES)]);
	procsrv_signal(w->ps, sender, targets[i], pid,
		       test_random(&w->seed, PROCSRV_NSIG + 1), &count);
}

static void step(struct worker *w, struct host *h)
{
	u32 i = test_random(&w->seed, NR_BODIES);
	u64 pid = READ_ONCE(h->bodies[i]);
	struct procsrv_limits limits;

	/* A process that is gone is replaced by a child of another one. */
	if (!pid || procsrv_get_limits(w->ps, pid, &limits)) {
		pid = READ_ONCE(h->bodies[test_random(&w->seed, NR_BODIES)]);
		WRITE_ONCE(h->bodies[i],
			   create_body(w, h, pid ?: PROCSRV_INIT_PID));
		return;
	}
	switch (test_random(&w->seed, 12)) {
	case 0:
	case 1:
	case 2:
	case 3:
	case 4:
		report_on(w, pid);
		break;
	case 5:
		if (test_random(&w->seed, 2))
			procsrv_terminate(w->ps, pid, 0, 9);
		break;
	case 6:
		procsrv_set_autoreap(w->ps, pid, test_random(&w->seed, 2));
		break;
	case 7:
		procsrv_set_reaper(w->ps, pid, test_random(&w->seed, 2));
		break;
	case 8:
		regroup(w, pid);
		break;
	case 9:
		change_identity(w, pid);
		break;
	case 10:
		procsrv_exec(w->ps, pid, h->image);
		break;
	default:
		send_some(w, h, pid);
	}
}

static void run_host(struct worker *w, struct host *h)
{
	u32 i;

	for (i = 0; i < NR_STEPS; i++) {
		step(w, h);
		if (i % 500 == 499)
			procsrv_kill_tied(w->ps, &h->owner);
		if (i % 200 == 0)
			procsrv_reap(w->ps);
		test_relax();
	}
	procsrv_kill_tied(w->ps, &h->owner);
	w->failures += procsrv_hosts_pending(&h->owner);
	WRITE_ONCE(h->is_over, true);
}

/* Takes signals at a host, and checks their fields. */
static void take_at_host(struct worker *w, struct host *h)
{
	u32 i;

	while (!READ_ONCE(h->is_over)) {
		struct procsrv_take take = {
			.owner = &h->owner,
			.mask = EVERY_SIGNAL,
			.flags = PROCSRV_TAKE_TIMEOUT,
			.timeout = test_random(&w->seed, TIMEOUT),
		};
		u32 body = test_random(&w->seed, 4 * NR_BODIES);
		int err;

		if (body < NR_BODIES)
			take.pid = READ_ONCE(h->bodies[body]);
		err = procsrv_take_signal(w->ps, &take);
		if (err)
			w->failures += err != -ETIMEDOUT && err != -ESRCH;
		else
			w->failures += !take.signo || !take.count ||
				       (!take.pid && !take.origin) ||
				       (take.pid && take.target != take.pid);
		w->tally[1] += !err;
		i = test_random(&w->seed, NR_BODIES);
		wait_for_some(w, READ_ONCE(h->bodies[i]) ?: PROCSRV_INIT_PID);
		test_relax();
	}
}

static void host_or_take(struct worker *w)
{
	struct host *h = &((struct host *)w->arg)[w->number / 2];

	w->seed += h->seed;
	if (w->number % 2)
		take_at_host(w, h);
	else
		run_host(w, h);
}

static void run_storm(struct kunit *test)
{
	struct host *hosts = kunit_kcalloc(test, NR_HOSTS, sizeof(*hosts),
					   GFP_KERNEL);
	struct worker *workers = new_workers(test, 2 * NR_HOSTS, host_or_take,
					     hosts);
	u64 seed = ktime_get_ns(), found = 0, taken = 0;
	struct procsrv_image *image = make_image("body");
	u64 *bodies = kunit_kcalloc(test, NR_BODIES, sizeof(*bodies),
				    GFP_KERNEL);
	u32 i;

	KUNIT_ASSERT_NOT_NULL(test, hosts);
	KUNIT_ASSERT_NOT_NULL(test, image);
	KUNIT_ASSERT_NOT_NULL(test, bodies);
	kunit_info(test, "seed %llu\n", seed);
	for (i = 0; i < NR_HOSTS; i++) {
		procsrv_owner_init(&hosts[i].owner);
		hosts[i].image = image;
		hosts[i].seed = seed;
		hosts[i].bodies = bodies;
	}
	start_workers(test, workers, 2 * NR_HOSTS);
	join_workers(test, workers, 2 * NR_HOSTS);
	for (i = 0; i < 2 * NR_HOSTS; i++) {
		found += workers[i].tally[0];
		taken += workers[i].tally[1];
	}
	for (i = 0; i < NR_HOSTS; i++) {
		KUNIT_EXPECT_FALSE(test,
				   procsrv_hosts_pending(&hosts[i].owner));
		procsrv_owner_exit(&hosts[i].owner);
	}
	kunit_info(test, "%llu found, %llu taken\n", found, taken);
	KUNIT_EXPECT_GT(test, found, 0);
	KUNIT_EXPECT_GT(test, taken, 0);
	check_server(test);
	procsrv_kill_all(server(test));
	procsrv_set_autoreap(server(test), PROCSRV_INIT_PID, false);
	procsrv_reap(server(test));
	KUNIT_EXPECT_EQ(test, stats_of(test).total_processes, 1);
	KUNIT_EXPECT_EQ(test, stats_of(test).sessions, 0);
	KUNIT_EXPECT_EQ(test, stats_of(test).process_groups, 0);
	procsrv_image_put(image);
}

static void any_ids(struct kunit *test)
{
	run_storm(test);
}

static void posix_ids(struct kunit *test)
{
	procsrv_use_posix_ids(server(test));
	run_storm(test);
}

static struct kunit_case hosted_storm_cases[] = {
	KUNIT_CASE(any_ids),
	KUNIT_CASE(posix_ids),
	{}
};

static struct kunit_suite hosted_storm_suite = {
	.name = "procsrv-hosted-storm",
	.init = fixture_init,
	.exit = fixture_exit,
	.test_cases = hosted_storm_cases,
};

kunit_test_suite(hosted_storm_suite);
