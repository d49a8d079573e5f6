// SPDX-License-Identifier: GPL-2.0-only
/*
 * Hosts take signals: of one process, or of any that they host
 */
#include <linux/delay.h>

#include "common.h"

enum {
	NR_TAKERS = 20,
	NR_HOSTED = 400,
	NR_MOMENTS = 120,
};

static void expect_taken(struct kunit *test, struct take_task *t, u64 target,
			 int signo, u64 sender)
{
	KUNIT_EXPECT_EQ(test, join_wait(test, &t->t), 0);
	KUNIT_EXPECT_EQ(test, t->take.target, target);
	KUNIT_EXPECT_EQ(test, t->take.signo, signo);
	KUNIT_EXPECT_EQ(test, t->take.sender, sender);
	KUNIT_EXPECT_EQ(test, t->take.count, 1);
	KUNIT_EXPECT_EQ(test, t->take.origin, sender ? PROCSRV_FROM_PROCESS :
							PROCSRV_FROM_OUTSIDE);
}

/* The lowest signal is taken first, but SIGKILL before all others. */
static void lowest_first(struct kunit *test)
{
	static const int sent[] = { 64, 9, 33, 2, 15, 63 };
	static const int sorted[] = { 9, 2, 15, 33, 63, 64 };
	u64 pid = make_hosted(test, PROCSRV_INIT_PID);
	u32 i;

	expect_none(test, test_host(test));
	for (i = 0; i < ARRAY_SIZE(sent); i++)
		send_from(test, 0, pid, sent[i]);
	for (i = 0; i < ARRAY_SIZE(sorted); i++)
		expect_any(test, test_host(test), pid, sorted[i]);
	expect_none(test, test_host(test));
}

/* A take returns every field. */
static void every_field(struct kunit *test)
{
	u64 pid = make_hosted(test, PROCSRV_INIT_PID);
	struct procsrv_take take;

	send_from(test, 0, make_hosted(test, pid), 11);
	send_from(test, pid, pid, 20);
	send_from(test, 0, pid, 20);
	send_from(test, pid, pid, 20);
	expect_any(test, test_host(test), pid + 1, 11);
	KUNIT_ASSERT_EQ(test, take_any_now(test, test_host(test), &take), 0);
	KUNIT_EXPECT_EQ(test, take.pid, 0);
	KUNIT_EXPECT_EQ(test, take.target, pid);
	KUNIT_EXPECT_EQ(test, take.signo, 20);
	KUNIT_EXPECT_EQ(test, take.sender, pid);
	KUNIT_EXPECT_EQ(test, take.count, 3);
	KUNIT_EXPECT_EQ(test, take.origin, PROCSRV_FROM_PROCESS |
					   PROCSRV_FROM_OUTSIDE);
}

/* The process whose signals have been pending for longest is the first. */
static void each_in_turn(struct kunit *test)
{
	struct procsrv_owner *host = test_host(test);
	struct procsrv_take take;
	u64 p[3];
	u32 i;

	for (i = 0; i < ARRAY_SIZE(p); i++)
		p[i] = make_hosted(test, PROCSRV_INIT_PID);
	send_from(test, 0, p[1], 40);
	send_from(test, 0, p[2], 1);
	send_from(test, 0, p[0], 1);
	/* A process that has pending signals already keeps its place. */
	send_from(test, 0, p[1], 10);
	send_from(test, 0, p[1], 10);
	expect_any(test, host, p[1], 10);
	/* It still has signals, but is behind the others after the take. */
	send_from(test, 0, p[1], 5);
	expect_any(test, host, p[2], 1);
	send_from(test, 0, p[2], 3);
	expect_any(test, host, p[0], 1);
	expect_any(test, host, p[1], 5);
	expect_any(test, host, p[2], 3);
	expect_any(test, host, p[1], 40);
	/* Once its only signal is taken by pid, a process goes to the back. */
	send_from(test, 0, p[2], 3);
	send_from(test, 0, p[0], 3);
	KUNIT_EXPECT_EQ(test, take_now(test, p[2], EVERY_SIGNAL, &take), 0);
	send_from(test, 0, p[2], 4);
	expect_any(test, host, p[0], 3);
	expect_any(test, host, p[2], 4);
	expect_none(test, host);
}

/*
 * A process that is sent signals all the time hides neither the signals of
 * others nor its own SIGKILL.
 */
static void none_hides_others(struct kunit *test)
{
	u64 busy = make_hosted(test, PROCSRV_INIT_PID);
	u64 other = make_hosted(test, PROCSRV_INIT_PID);
	struct procsrv_take take;
	u32 n, found = 0;

	send_from(test, busy, busy, 1);
	send_from(test, busy, busy, 2);
	send_from(test, 0, busy, PROCSRV_SIGKILL);
	send_from(test, 0, other, 50);
	for (n = 0; n < 4; n++) {
		KUNIT_ASSERT_EQ(test, take_any_now(test, test_host(test), &take), 0);
		found |= take.target == other;
		found |= (take.signo == PROCSRV_SIGKILL) << 1;
		if (take.target == busy && take.signo < 3)
			send_from(test, busy, busy, 3 - take.signo);
	}
	KUNIT_EXPECT_EQ(test, found, 3);
}

/* The middle, the first and the last process with pending signals leave. */
static void ended_processes_are_skipped(struct kunit *test)
{
	struct procsrv_owner *host = test_host(test);
	u64 p[5];
	u32 i;

	for (i = 0; i < ARRAY_SIZE(p); i++) {
		p[i] = make_hosted(test, PROCSRV_INIT_PID);
		send_from(test, 0, p[i], 30 + i);
	}
	end_process(test, p[2]);
	report_exiting(test, p[0]);
	end_process(test, p[4]);
	expect_any(test, host, p[1], 31);
	expect_any(test, host, p[3], 33);
	expect_none(test, host);
}

static void hosts_have_their_own(struct kunit *test)
{
	struct procsrv_owner *host = test_host(test), other;
	u64 a, b;

	procsrv_owner_init(&other);
	a = make_hosted(test, PROCSRV_INIT_PID);
	b = make_hosted_by(test, &other, PROCSRV_INIT_PID);
	send_from(test, a, b, 9);
	expect_none(test, host);
	KUNIT_EXPECT_TRUE(test, procsrv_hosts_pending(&other));
	send_from(test, b, a, 10);
	expect_any(test, &other, b, 9);
	expect_none(test, &other);
	expect_any(test, host, a, 10);
	end_process(test, b);
	procsrv_owner_exit(&other);
}

/* The host does not take signals of a process that is only tied to it. */
static void tied_is_not_hosted(struct kunit *test)
{
	const struct procsrv_create_params params = {
		.parent = PROCSRV_INIT_PID,
		.owner = test_host(test),
	};
	u64 pid = 0;

	KUNIT_ASSERT_EQ(test, try_create_with(test, params, &pid), 0);
	KUNIT_EXPECT_EQ(test, flags_of(test, pid), PROCSRV_INFO_TIED);
	send_from(test, 0, pid, 10);
	expect_none(test, test_host(test));
	KUNIT_EXPECT_EQ(test, pending_of(test, pid), sigbit(10));
	send_from(test, 0, pid, 9);
	KUNIT_EXPECT_EQ(test, state_of(test, pid), PROCSRV_ZOMBIE);
}

static void senseless_takes(struct kunit *test)
{
	u64 pid = make_hosted(test, PROCSRV_INIT_PID);
	struct procsrv_take take = {
		.owner = test_host(test),
		.flags = PROCSRV_TAKE_NOHANG,
	};
	int signo;

	send_from(test, 0, pid, 3);
	KUNIT_EXPECT_EQ(test, procsrv_take_signal(server(test), &take),
			-EINVAL);
	for (signo = 1; signo <= PROCSRV_NSIG; signo++) {
		take.mask = EVERY_SIGNAL & ~sigbit(signo);
		KUNIT_EXPECT_EQ(test, procsrv_take_signal(server(test), &take),
				-EINVAL);
		take.mask = sigbit(signo);
		KUNIT_EXPECT_EQ(test, procsrv_take_signal(server(test), &take),
				-EINVAL);
	}
	take.mask = EVERY_SIGNAL;
	take.timeout = 1;
	KUNIT_EXPECT_EQ(test, procsrv_take_signal(server(test), &take),
			-EINVAL);
	take.timeout = 0;
	take.flags |= PROCSRV_TAKE_TIMEOUT << 1;
	KUNIT_EXPECT_EQ(test, procsrv_take_signal(server(test), &take),
			-EINVAL);
	KUNIT_EXPECT_EQ(test, pending_of(test, pid), sigbit(3));
	expect_any(test, test_host(test), pid, 3);
}

/* By pid, a host takes the signals that it selects, in any order. */
static void by_pid_with_a_mask(struct kunit *test)
{
	u64 pid = make_hosted(test, PROCSRV_INIT_PID);
	struct procsrv_take take;

	send_from(test, 0, pid, 9);
	send_from(test, 0, pid, 18);
	KUNIT_EXPECT_EQ(test, take_now(test, pid, sigbit(10) | sigbit(19),
				       &take), -EAGAIN);
	KUNIT_EXPECT_EQ(test, take.target, U64_MAX);
	KUNIT_EXPECT_EQ(test, take.origin, U32_MAX);
	KUNIT_EXPECT_EQ(test, take_now(test, pid, sigbit(18), &take), 0);
	KUNIT_EXPECT_EQ(test, take.target, pid);
	expect_any(test, test_host(test), pid, 9);
	KUNIT_EXPECT_EQ(test, take_now(test, pid, EVERY_SIGNAL, &take),
			-EAGAIN);
	end_process(test, pid);
	KUNIT_EXPECT_EQ(test, take_now(test, pid, EVERY_SIGNAL, &take), -ESRCH);
}

static void sleeps_until_one_comes(struct kunit *test)
{
	struct procsrv_owner *host = test_host(test);
	u64 a = make_hosted(test, PROCSRV_INIT_PID);
	u64 b = make_process(test, PROCSRV_INIT_PID);
	struct take_task *t = start_take_any(test, host);

	expect_takers(test, host, 1);
	/* None of these is a signal to a hosted process. */
	send_from(test, 0, b, 10);
	send_from(test, 0, a, 0);
	report_stop(test, a, PROCSRV_SIGSTOP);
	report_continue(test, a);
	expect_still_waiting(test, &t->t);
	KUNIT_EXPECT_EQ(test, state_of(test, a), PROCSRV_RUNNING);
	send_from(test, b, a, 19);
	expect_taken(test, t, a, 19, b);
	KUNIT_EXPECT_LE(test, t->t.switches, 3);
	expect_none(test, host);
	KUNIT_EXPECT_EQ(test, pending_of(test, a), 0);
}

/* A host without processes may wait for signals to those it will create. */
static void sleeps_for_one_that_is_to_come(struct kunit *test)
{
	struct procsrv_owner *host = test_host(test);
	struct take_task *t = start_take_any(test, host);
	u64 first, second;

	expect_takers(test, host, 1);
	first = make_hosted(test, PROCSRV_INIT_PID);
	end_process(test, first);
	reap_child(test, PROCSRV_INIT_PID, first);
	expect_still_waiting(test, &t->t);
	second = make_hosted(test, PROCSRV_INIT_PID);
	send_from(test, 0, second, 9);
	expect_taken(test, t, second, 9, 0);
}

static void does_not_sleep_for_what_is_there(struct kunit *test)
{
	u64 pid = make_hosted(test, PROCSRV_INIT_PID);
	struct take_task *t;

	send_from(test, 0, pid, 7);
	t = start_take_any(test, test_host(test));
	expect_taken(test, t, pid, 7, 0);
	KUNIT_EXPECT_EQ(test, t->t.switches, 0);
}

/* Waiters at a process come before waiters at its host. */
static void the_process_before_the_host(struct kunit *test)
{
	struct procsrv_owner *host = test_host(test);
	u64 pid = make_hosted(test, PROCSRV_INIT_PID);
	struct take_task *any = start_take_any(test, host);
	struct take_task *one, *masked;

	expect_takers(test, host, 1);
	one = start_take(test, pid, EVERY_SIGNAL);
	expect_waiters(test, pid, 1);
	send_from(test, 0, pid, 9);
	expect_taken(test, one, pid, 9, 0);
	expect_still_waiting(test, &any->t);
	/* A waiter for other signals is skipped. */
	masked = start_take(test, pid, sigbit(12));
	expect_waiters(test, pid, 1);
	send_from(test, pid, pid, 13);
	expect_taken(test, any, pid, 13, pid);
	expect_still_waiting(test, &masked->t);
	any = start_take_any(test, host);
	expect_takers(test, host, 1);
	send_from(test, 0, pid, 12);
	expect_taken(test, masked, pid, 12, 0);
	expect_takers(test, host, 1);
	send_from(test, 0, pid, 12);
	expect_taken(test, any, pid, 12, 0);
	expect_none(test, host);
}

static void one_signal_to_one_taker(struct kunit *test)
{
	struct procsrv_owner *host = test_host(test);
	struct take_task *t[NR_TAKERS];
	u64 pids[NR_TAKERS], taken = 0;
	u32 i;

	for (i = 0; i < NR_TAKERS; i++) {
		pids[i] = make_hosted(test, PROCSRV_INIT_PID);
		t[i] = start_take_any(test, host);
	}
	expect_takers(test, host, NR_TAKERS);
	for (i = 0; i < NR_TAKERS; i++) {
		send_from(test, 0, pids[i], 1 + i);
		expect_takers(test, host, NR_TAKERS - 1 - i);
		KUNIT_EXPECT_EQ(test, pending_of(test, pids[i]), 0);
	}
	for (i = 0; i < NR_TAKERS; i++) {
		KUNIT_EXPECT_EQ(test, join_wait(test, &t[i]->t), 0);
		KUNIT_ASSERT_TRUE(test, t[i]->take.signo > 0 &&
				  t[i]->take.signo <= NR_TAKERS);
		KUNIT_EXPECT_EQ(test, t[i]->take.target,
				pids[t[i]->take.signo - 1]);
		taken |= sigbit(t[i]->take.signo);
		KUNIT_EXPECT_LE(test, t[i]->t.switches, 3);
	}
	KUNIT_EXPECT_EQ(test, taken, GENMASK_ULL(NR_TAKERS - 1, 0));
	/* Without waiters, the next signal remains pending. */
	send_from(test, 0, pids[3], 40);
	expect_any(test, host, pids[3], 40);
}

/* A signal to a group: each waiter gets one, and the rest remain pending. */
static void group_serves_all_takers(struct kunit *test)
{
	struct procsrv_owner *host = test_host(test);
	struct take_task *t[NR_TAKERS];
	struct procsrv_take take;
	u64 *pids = kunit_kcalloc(test, NR_HOSTED, sizeof(*pids), GFP_KERNEL);
	u32 pgid, i, left = 0;

	KUNIT_ASSERT_NOT_NULL(test, pids);
	pids[0] = make_hosted(test, PROCSRV_INIT_PID);
	pgid = make_group(test, pids[0]);
	for (i = 1; i < NR_HOSTED; i++)
		pids[i] = make_hosted(test, pids[0]);
	for (i = 0; i < NR_TAKERS; i++)
		t[i] = start_take_any(test, host);
	expect_takers(test, host, NR_TAKERS);
	KUNIT_EXPECT_EQ(test, signal_to(test, PROCSRV_TARGET_PGID, pgid, 9),
			NR_HOSTED);
	for (i = 0; i < NR_TAKERS; i++)
		KUNIT_EXPECT_EQ(test, join_wait(test, &t[i]->t), 0);
	while (!take_any_now(test, host, &take))
		left++;
	KUNIT_EXPECT_EQ(test, left, NR_HOSTED - NR_TAKERS);
	for (i = 0; i < NR_HOSTED; i++)
		KUNIT_ASSERT_EQ(test, pending_of(test, pids[i]), 0);
	check_server(test);
}

static struct take_task *start_timed(struct kunit *test, u64 timeout)
{
	return take_in_task(test, &(struct procsrv_take) {
		.owner = test_host(test),
		.mask = EVERY_SIGNAL,
		.flags = PROCSRV_TAKE_TIMEOUT,
		.timeout = timeout,
	});
}

static void times_out(struct kunit *test)
{
	u64 pid = make_hosted(test, PROCSRV_INIT_PID);
	ktime_t begin = ktime_get();
	struct take_task *t;

	t = start_timed(test, 40 * NSEC_PER_MSEC);
	KUNIT_EXPECT_EQ(test, join_wait(test, &t->t), -ETIMEDOUT);
	KUNIT_EXPECT_GE(test, ktime_to_ms(ktime_sub(ktime_get(), begin)), 40);
	KUNIT_EXPECT_EQ(test, t->take.target, U64_MAX);
	t = start_timed(test, 0);
	KUNIT_EXPECT_EQ(test, join_wait(test, &t->t), -ETIMEDOUT);
	expect_takers(test, test_host(test), 0);
	t = start_timed(test, U64_MAX);
	expect_takers(test, test_host(test), 1);
	send_from(test, 0, pid, 64);
	expect_taken(test, t, pid, 64, 0);
}

static void interruption_tells_what_was_left(struct kunit *test)
{
	const u64 timeout = 1000ULL * NSEC_PER_SEC;
	struct take_task *t = start_timed(test, timeout);

	expect_takers(test, test_host(test), 1);
	msleep(20);
	interrupt_wait(&t->t);
	KUNIT_EXPECT_EQ(test, join_wait(test, &t->t), -ERESTARTSYS);
	KUNIT_EXPECT_LE(test, t->take.timeout, timeout - 20 * NSEC_PER_MSEC);
	KUNIT_EXPECT_GT(test, t->take.timeout, 0);
	expect_takers(test, test_host(test), 0);
}

/* A signal at the moment that a sleep ends is not lost, nor taken twice. */
static void takes_lose_nothing(struct kunit *test)
{
	struct procsrv_owner *host = test_host(test);
	u64 pid = make_hosted(test, PROCSRV_INIT_PID), seed = 5;
	u32 i, taken = 0;

	for (i = 0; i < NR_MOMENTS; i++) {
		struct take_task *t;
		int ret;

		t = start_timed(test, i % 2 ? U64_MAX :
				test_random(&seed, 200000));
		if (i % 2)
			expect_takers(test, host, 1);
		else if (i % 4)
			usleep_range(1, 100);
		if (i % 2)
			interrupt_wait(&t->t);
		send_from(test, 0, pid, 1 + i % 64);
		ret = join_wait(test, &t->t);
		KUNIT_ASSERT_TRUE(test, !ret || ret == -ERESTARTSYS ||
				  ret == -ETIMEDOUT);
		taken += !ret;
		KUNIT_ASSERT_EQ(test, t->take.signo, ret ? -1 : 1 + i % 64);
		KUNIT_ASSERT_EQ(test, pending_of(test, pid),
				ret ? sigbit(1 + i % 64) : 0);
		if (ret)
			expect_any(test, host, pid, 1 + i % 64);
	}
	kunit_info(test, "%u of %u takes were served\n", taken, NR_MOMENTS);
}

static struct kunit_case hosted_take_cases[] = {
	KUNIT_CASE(lowest_first),
	KUNIT_CASE(every_field),
	KUNIT_CASE(each_in_turn),
	KUNIT_CASE(none_hides_others),
	KUNIT_CASE(ended_processes_are_skipped),
	KUNIT_CASE(hosts_have_their_own),
	KUNIT_CASE(tied_is_not_hosted),
	KUNIT_CASE(senseless_takes),
	KUNIT_CASE(by_pid_with_a_mask),
	KUNIT_CASE(sleeps_until_one_comes),
	KUNIT_CASE(sleeps_for_one_that_is_to_come),
	KUNIT_CASE(does_not_sleep_for_what_is_there),
	KUNIT_CASE(the_process_before_the_host),
	KUNIT_CASE(one_signal_to_one_taker),
	KUNIT_CASE(group_serves_all_takers),
	KUNIT_CASE(times_out),
	KUNIT_CASE(interruption_tells_what_was_left),
	KUNIT_CASE(takes_lose_nothing),
	{}
};

static struct kunit_suite hosted_take_suite = {
	.name = "procsrv-hosted-take",
	.init = fixture_init,
	.exit = fixture_exit,
	.test_cases = hosted_take_cases,
};

kunit_test_suite(hosted_take_suite);
