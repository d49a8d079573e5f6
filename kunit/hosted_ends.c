// SPDX-License-Identifier: GPL-2.0-only
/*
 * What the server itself does to hosted processes: when their host closes, when
 * their group becomes orphaned, when their terminal hangs up
 */
#include "common.h"

enum {
	NR_HOSTED = 300,
	SERVER = PROCSRV_FROM_SERVER,
};

/**
 * struct job - a session with a job in it; all but @other are hosted
 * @sid: the session
 * @shell: its leader
 * @runs: a member of the job
 * @stopped: a member that is stopped; both are children of the shell
 * @other: a member that is not hosted, and runs
 * @pgid: the group of the job
 */
struct job {
	u32 sid;
	u64 shell;
	u64 runs;
	u64 stopped;
	u64 other;
	u32 pgid;
};

static void start_job(struct kunit *test, struct job *job)
{
	job->shell = make_hosted(test, PROCSRV_INIT_PID);
	job->sid = make_session(test, job->shell);
	job->runs = make_hosted(test, job->shell);
	job->stopped = make_hosted(test, job->shell);
	job->other = make_process(test, job->shell);
	job->pgid = make_group(test, job->runs);
	join_group(test, job->stopped, job->pgid);
	join_group(test, job->other, job->pgid);
	report_stop(test, job->stopped, PROCSRV_SIGTTIN);
}

/* SIGHUP and SIGCONT are pending, sent by no process. */
static void expect_hung_up(struct kunit *test, u64 pid, u32 origin)
{
	static const int signals[] = { PROCSRV_SIGHUP, PROCSRV_SIGCONT };
	struct procsrv_take take;
	int i;

	KUNIT_EXPECT_EQ(test, pending_of(test, pid),
			sigbit(PROCSRV_SIGHUP) | sigbit(PROCSRV_SIGCONT));
	for (i = 0; i < 2; i++) {
		KUNIT_ASSERT_EQ(test, take_now(test, pid, EVERY_SIGNAL, &take),
				0);
		KUNIT_EXPECT_EQ(test, take.signo, signals[i]);
		KUNIT_EXPECT_EQ(test, take.sender, 0);
		KUNIT_EXPECT_EQ(test, take.count, 1);
		KUNIT_EXPECT_EQ(test, take.origin, origin);
	}
}

static void orphaned_group(struct kunit *test)
{
	struct job job;

	start_job(test, &job);
	end_process(test, job.shell);
	expect_hung_up(test, job.stopped, SERVER);
	expect_hung_up(test, job.runs, SERVER);
	/* It has not continued: the host has to report that. */
	KUNIT_EXPECT_EQ(test, state_of(test, job.stopped), PROCSRV_STOPPED);
	KUNIT_EXPECT_EQ(test, wait_pid(test, PROCSRV_INIT_PID, job.stopped,
				       PROCSRV_WAIT_CONTINUED, 0), -EAGAIN);
	KUNIT_EXPECT_EQ(test, wait_pid(test, PROCSRV_INIT_PID, job.stopped,
				       PROCSRV_WAIT_STOPPED, 0), 0);
	KUNIT_EXPECT_EQ(test, pending_of(test, job.other),
			sigbit(PROCSRV_SIGHUP));
}

/* The only stopped member is exiting, so no member is stopped any more. */
static void orphaned_without_a_stopped_one(struct kunit *test)
{
	struct job job;

	start_job(test, &job);
	report_exiting(test, job.stopped);
	end_process(test, job.shell);
	KUNIT_EXPECT_EQ(test, pending_of(test, job.runs), 0);
	KUNIT_EXPECT_EQ(test, pending_of(test, job.other), 0);

	start_job(test, &job);
	report_continue(test, job.stopped);
	end_process(test, job.shell);
	KUNIT_EXPECT_EQ(test, pending_of(test, job.stopped), 0);
	KUNIT_EXPECT_EQ(test, pending_of(test, job.runs), 0);
}

/* A member that is exiting is no zombie yet, but gets no signals. */
static void orphaned_with_one_that_is_exiting(struct kunit *test)
{
	struct job job;

	start_job(test, &job);
	report_exiting(test, job.runs);
	end_process(test, job.shell);
	KUNIT_EXPECT_EQ(test, pending_of(test, job.runs), 0);
	expect_hung_up(test, job.stopped, SERVER);
}

/* A pending SIGKILL does not end the shell: its jobs are not orphaned. */
static void a_signal_is_no_end(struct kunit *test)
{
	struct job job;

	start_job(test, &job);
	KUNIT_EXPECT_EQ(test, signal_pid(test, job.shell, PROCSRV_SIGKILL), 0);
	KUNIT_EXPECT_EQ(test, pending_of(test, job.stopped), 0);
	KUNIT_EXPECT_EQ(test, pending_of(test, job.runs), 0);
	report_exiting(test, job.shell);
	KUNIT_EXPECT_EQ(test, pending_of(test, job.stopped), 0);
	KUNIT_EXPECT_EQ(test, procsrv_terminate(server(test), job.shell, -9, 9),
			0);
	expect_hung_up(test, job.stopped, SERVER);
}

static void hang_up(struct kunit *test)
{
	u32 count = 0;
	struct job job;

	start_job(test, &job);
	KUNIT_EXPECT_EQ(test, procsrv_hang_up(server(test), job.sid, &count),
			0);
	KUNIT_EXPECT_EQ(test, count, 4);
	/* The caller is outside, so a second hang-up is not counted. */
	KUNIT_EXPECT_EQ(test, procsrv_hang_up(server(test), job.sid, &count),
			0);
	expect_hung_up(test, job.shell, PROCSRV_FROM_OUTSIDE);
	expect_hung_up(test, job.runs, PROCSRV_FROM_OUTSIDE);
	expect_hung_up(test, job.stopped, PROCSRV_FROM_OUTSIDE);
	KUNIT_EXPECT_EQ(test, state_of(test, job.stopped), PROCSRV_STOPPED);
	KUNIT_EXPECT_EQ(test, pending_of(test, job.other),
			sigbit(PROCSRV_SIGHUP));
}

static void expect_killed(struct kunit *test, u64 pid)
{
	KUNIT_EXPECT_EQ(test, state_of(test, pid), PROCSRV_ZOMBIE);
	KUNIT_EXPECT_EQ(test, info_of(test, pid).exit_code, -9);
	KUNIT_EXPECT_EQ(test, info_of(test, pid).exit_signal, 9);
	KUNIT_EXPECT_EQ(test, pending_of(test, pid), 0);
}

/* No host is left to carry out signals, so its processes end at once. */
static void host_closes(struct kunit *test)
{
	struct procsrv_owner *host = test_host(test);
	u64 running = make_hosted(test, PROCSRV_INIT_PID);
	u64 stopped = make_hosted(test, PROCSRV_INIT_PID);
	u64 exiting = make_hosted(test, PROCSRV_INIT_PID);
	u64 child = make_process(test, running);
	struct procsrv_owner other;
	u64 elsewhere;

	procsrv_owner_init(&other);
	elsewhere = make_hosted_by(test, &other, running);
	send_from(test, elsewhere, running, 9);
	send_from(test, 0, stopped, 10);
	send_from(test, 0, elsewhere, 10);
	report_stop(test, stopped, PROCSRV_SIGSTOP);
	report_exiting(test, exiting);
	procsrv_kill_tied(server(test), host);
	KUNIT_EXPECT_FALSE(test, procsrv_hosts_pending(host));
	expect_killed(test, running);
	expect_killed(test, stopped);
	expect_killed(test, exiting);
	KUNIT_EXPECT_EQ(test, flags_of(test, running) & PROCSRV_INFO_TIED, 0);
	/* Processes of another host, or of none, are not affected. */
	KUNIT_EXPECT_EQ(test, state_of(test, child), PROCSRV_RUNNING);
	KUNIT_EXPECT_EQ(test, state_of(test, elsewhere), PROCSRV_RUNNING);
	KUNIT_EXPECT_EQ(test, ppid_of(test, elsewhere), PROCSRV_INIT_PID);
	expect_any(test, &other, elsewhere, 10);
	procsrv_kill_tied(server(test), &other);
	expect_killed(test, elsewhere);
	procsrv_owner_exit(&other);
	check_server(test);
}

/* Hosted processes and others, in any order of parents and children. */
static void host_of_many_closes(struct kunit *test)
{
	struct procsrv_owner *host = test_host(test);
	u64 parent = PROCSRV_INIT_PID, pid, seed = 9;
	u32 i, nr_hosted = 0;

	for (i = 0; i < NR_HOSTED; i++) {
		if (test_random(&seed, 3)) {
			pid = make_hosted(test, parent);
			nr_hosted++;
		} else {
			pid = make_process(test, parent);
		}
		if (test_random(&seed, 2))
			send_from(test, 0, pid, 12);
		if (test_random(&seed, 4) == 0)
			parent = pid;
	}
	check_owner(test, host, nr_hosted);
	procsrv_kill_tied(server(test), host);
	check_owner(test, host, 0);
	KUNIT_EXPECT_EQ(test, stats_of(test).zombies, nr_hosted);
	KUNIT_EXPECT_FALSE(test, procsrv_hosts_pending(host));
}

/* procsrv_kill_all() ends hosted processes, too. */
static void server_ends(struct kunit *test)
{
	u64 pid = make_hosted(test, PROCSRV_INIT_PID);
	struct take_task *t = start_take(test, pid, EVERY_SIGNAL);

	expect_waiters(test, pid, 1);
	send_from(test, 0, make_hosted(test, pid), 9);
	procsrv_kill_all(server(test));
	KUNIT_EXPECT_EQ(test, join_wait(test, &t->t), -ESRCH);
	expect_killed(test, pid);
	expect_none(test, test_host(test));
	check_owner(test, test_host(test), 0);
}

/* The creation of a hosted process fails as others do, and leaves nothing. */
static void failure_hosts_nothing(struct kunit *test)
{
	struct procsrv_bounds b = procsrv_no_bounds;
	const struct procsrv_create_params params = {
		.parent = PROCSRV_INIT_PID,
		.owner = test_host(test),
		.hosted = true,
	};
	struct procsrv_create_params orphan = params;
	u64 pid = 77;

	orphan.parent = TEST_NO_PID;
	KUNIT_EXPECT_EQ(test, try_create_with(test, orphan, &pid), -ESRCH);
	b.processes = 1;
	procsrv_set_bounds(server(test), &b);
	make_hosted(test, PROCSRV_INIT_PID);
	KUNIT_EXPECT_EQ(test, try_create_with(test, params, &pid), -EAGAIN);
	KUNIT_EXPECT_EQ(test, pid, 77);
	check_owner(test, test_host(test), 1);
}

/* Hosted processes of several hosts come and go at the same time. */
static void host_or_disturb(struct worker *worker)
{
	struct procsrv_create_params params = {
		.parent = PROCSRV_INIT_PID,
		.image = make_image("hosted"),
		.uid = KUIDT_INIT(TEST_UID),
		.gid = KGIDT_INIT(TEST_GID),
		.hosted = true,
	};
	struct procsrv_take take;
	struct procsrv_owner host;
	u32 round, i, count;
	u64 pids[8];

	procsrv_owner_init(&host);
	params.owner = &host;
	for (round = 0; params.image && round < 100; round++) {
		for (i = 0; i < ARRAY_SIZE(pids); i++)
			worker->failures += !!procsrv_create(worker->ps,
							     &params, &pids[i]);
		procsrv_signal(worker->ps, 0, PROCSRV_TARGET_ALL, 0,
			       round % 3 ? 9 : 18, &count);
		procsrv_report_body(worker->ps, pids[round % 8],
				    PROCSRV_BODY_EXITING, 0);
		for (i = 0; i < ARRAY_SIZE(pids); i++) {
			take = (struct procsrv_take) {
				.owner = &host,
				.mask = EVERY_SIGNAL,
				.flags = PROCSRV_TAKE_NOHANG,
			};
			if (!procsrv_take_signal(worker->ps, &take))
				worker->failures += !is_one_of(take.target,
							       pids, 8);
		}
		procsrv_terminate(worker->ps, pids[0], 0, 9);
		procsrv_kill_tied(worker->ps, &host);
		worker->failures += !list_empty(&host.tied) ||
				    procsrv_hosts_pending(&host);
		procsrv_reap(worker->ps);
	}
	worker->failures += !params.image;
	procsrv_owner_exit(&host);
	procsrv_image_put(params.image);
}

static void hosts_beside_each_other(struct kunit *test)
{
	struct worker *workers = new_workers(test, 3, host_or_disturb, NULL);

	start_workers(test, workers, 3);
	join_workers(test, workers, 3);
	procsrv_reap(server(test));
	KUNIT_EXPECT_EQ(test, stats_of(test).total_processes, 1);
	KUNIT_EXPECT_EQ(test, stats_of(test).total_exited, 3 * 100 * 8);
}

static struct kunit_case hosted_ends_cases[] = {
	KUNIT_CASE(orphaned_group),
	KUNIT_CASE(orphaned_without_a_stopped_one),
	KUNIT_CASE(orphaned_with_one_that_is_exiting),
	KUNIT_CASE(a_signal_is_no_end),
	KUNIT_CASE(hang_up),
	KUNIT_CASE(host_closes),
	KUNIT_CASE(host_of_many_closes),
	KUNIT_CASE(server_ends),
	KUNIT_CASE(failure_hosts_nothing),
	KUNIT_CASE(hosts_beside_each_other),
	{}
};

static struct kunit_suite hosted_ends_suite = {
	.name = "procsrv-hosted-ends",
	.init = fixture_init,
	.exit = fixture_exit,
	.test_cases = hosted_ends_cases,
};

kunit_test_suite(hosted_ends_suite);
