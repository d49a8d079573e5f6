// SPDX-License-Identifier: GPL-2.0-only
/*
 * Pending signals: what is stored of them, and how they are taken
 */
#include <linux/delay.h>

#include "common.h"

enum {
	NR_TAKERS = 20,
	NR_MOMENTS = 120,
};

/* Takes a signal that must be pending. */
static void expect_take(struct kunit *test, u64 pid, u64 mask, int signo,
			u64 sender, u32 count)
{
	struct procsrv_take take;

	KUNIT_ASSERT_EQ(test, take_now(test, pid, mask, &take), 0);
	KUNIT_EXPECT_EQ(test, take.signo, signo);
	KUNIT_EXPECT_EQ(test, take.sender, sender);
	KUNIT_EXPECT_EQ(test, take.count, count);
	KUNIT_EXPECT_EQ(test, pending_of(test, pid) & sigbit(signo), 0);
}

static void expect_nothing(struct kunit *test, u64 pid, u64 mask)
{
	struct procsrv_take take;

	KUNIT_EXPECT_EQ(test, take_now(test, pid, mask, &take), -EAGAIN);
	KUNIT_EXPECT_EQ(test, take.signo, -1);
	KUNIT_EXPECT_EQ(test, take.sender, U64_MAX);
	KUNIT_EXPECT_EQ(test, take.count, U32_MAX);
}

static void expect_taken(struct kunit *test, struct take_task *t, int signo,
			 u64 sender)
{
	KUNIT_EXPECT_EQ(test, join_wait(test, &t->t), 0);
	KUNIT_EXPECT_EQ(test, t->take.signo, signo);
	KUNIT_EXPECT_EQ(test, t->take.sender, sender);
	KUNIT_EXPECT_EQ(test, t->take.count, 1);
}

static void expect_first_sender(struct kunit *test, int signo)
{
	u64 pid = make_process(test, PROCSRV_INIT_PID);
	u64 a = make_process(test, PROCSRV_INIT_PID);
	u64 b = make_process(test, PROCSRV_INIT_PID);

	send_from(test, b, pid, signo);
	send_from(test, a, pid, signo);
	send_from(test, 0, pid, signo);
	KUNIT_EXPECT_EQ(test, pending_of(test, pid), sigbit(signo));
	expect_take(test, pid, EVERY_SIGNAL, signo, b, 3);
	expect_nothing(test, pid, EVERY_SIGNAL);
	/* A take resets the sender and the count. */
	send_from(test, 0, pid, signo);
	send_from(test, b, pid, signo);
	expect_take(test, pid, EVERY_SIGNAL, signo, 0, 2);
	send_from(test, a, pid, signo);
	expect_take(test, pid, EVERY_SIGNAL, signo, a, 1);
}

/* Also for SIGHUP, which has no record if the first came from outside. */
static void first_sender_and_count(struct kunit *test)
{
	expect_first_sender(test, 10);
	expect_first_sender(test, PROCSRV_SIGHUP);
}

static void sender_may_be_gone(struct kunit *test)
{
	u64 pid = make_process(test, PROCSRV_INIT_PID);
	u64 sender = make_process(test, PROCSRV_INIT_PID);

	send_from(test, sender, pid, 12);
	end_process(test, sender);
	reap_child(test, PROCSRV_INIT_PID, sender);
	expect_take(test, pid, EVERY_SIGNAL, 12, sender, 1);
	/* A process can send a signal to itself. */
	send_from(test, pid, pid, 12);
	expect_take(test, pid, EVERY_SIGNAL, 12, pid, 1);
}

static void lowest_of_the_mask(struct kunit *test)
{
	static const int sent[] = { 64, 10, 1, 33, 2, 63 };
	static const int sorted[] = { 1, 2, 10, 33, 63, 64 };
	u64 pid = make_process(test, PROCSRV_INIT_PID);
	u32 i;

	for (i = 0; i < ARRAY_SIZE(sent); i++)
		send_from(test, 0, pid, sent[i]);
	expect_nothing(test, pid, sigbit(3) | sigbit(62));
	expect_take(test, pid, sigbit(63) | sigbit(33), 33, 0, 1);
	send_from(test, 0, pid, 33);
	for (i = 0; i < ARRAY_SIZE(sorted); i++)
		expect_take(test, pid, EVERY_SIGNAL, sorted[i], 0, 1);
	KUNIT_EXPECT_EQ(test, pending_of(test, pid), 0);
}

/* Every signal that can be pending, each taken on its own. */
static void every_number(struct kunit *test)
{
	const u64 never = sigbit(9) | sigbit(15) | sigbit(18) | sigbit(19);
	u64 pid = make_process(test, PROCSRV_INIT_PID);
	int signo;

	for (signo = 1; signo <= PROCSRV_NSIG; signo++)
		if (!(never & sigbit(signo)))
			send_from(test, 0, pid, signo);
	KUNIT_EXPECT_EQ(test, pending_of(test, pid), ~never);
	for (signo = PROCSRV_NSIG; signo > 0; signo--) {
		if (never & sigbit(signo))
			expect_nothing(test, pid, sigbit(signo));
		else
			expect_take(test, pid, sigbit(signo), signo, 0, 1);
	}
	KUNIT_EXPECT_EQ(test, pending_of(test, pid), 0);
}

/* Signals that act at once never become pending, even without effect. */
static void what_acts_does_not_pend(struct kunit *test)
{
	u64 pid = make_process(test, PROCSRV_INIT_PID);

	send_from(test, 0, pid, 18);
	send_from(test, 0, pid, 19);
	send_from(test, 0, pid, 19);
	send_from(test, 0, pid, 0);
	expect_nothing(test, pid, EVERY_SIGNAL);
}

/* A hang-up allocates no record: it can be sent again and again. */
static void signal_1_again_and_again(struct kunit *test)
{
	u64 leader = make_process(test, PROCSRV_INIT_PID);
	u32 sid = make_session(test, leader);
	u32 i, count;

	for (i = 0; i < 5; i++) {
		send_from(test, leader, leader, 1);
		KUNIT_EXPECT_EQ(test, procsrv_hang_up(server(test), sid,
						      &count), 0);
		send_from(test, 0, leader, 2);
		expect_take(test, leader, sigbit(1), 1, leader, 2);
		expect_take(test, leader, EVERY_SIGNAL, 2, 0, 1);
	}
	KUNIT_EXPECT_EQ(test, procsrv_hang_up(server(test), sid, &count), 0);
	expect_take(test, leader, EVERY_SIGNAL, 1, 0, 1);
	send_from(test, 0, leader, 1);
}

static void groups_sessions_and_trees(struct kunit *test)
{
	u64 leader = make_process(test, PROCSRV_INIT_PID);
	u32 sid = make_session(test, leader);
	u64 a = make_process(test, leader);
	u64 b = make_zombie(test, leader);

	KUNIT_EXPECT_EQ(test, signal_to(test, PROCSRV_TARGET_SID, sid, 5), 3);
	KUNIT_EXPECT_EQ(test, signal_to(test, PROCSRV_TARGET_PGID,
					pgid_of(test, a), 5), 3);
	KUNIT_EXPECT_EQ(test, signal_to(test, PROCSRV_TARGET_TREE, leader, 5),
			3);
	expect_take(test, leader, EVERY_SIGNAL, 5, 0, 3);
	expect_take(test, a, EVERY_SIGNAL, 5, 0, 3);
	KUNIT_EXPECT_EQ(test, pending_of(test, b), 0);
	KUNIT_EXPECT_EQ(test, pending_of(test, PROCSRV_INIT_PID), 0);
}

/* More targets than one batch, and a sender. */
static void signal_to_all_pends_in_all(struct kunit *test)
{
	u64 sender = make_process(test, PROCSRV_INIT_PID);
	u64 pids[150];
	u32 i, count = 0;

	make_processes(test, sender, pids, ARRAY_SIZE(pids));
	end_process(test, pids[7]);
	send_from(test, 0, pids[8], 30);
	KUNIT_EXPECT_EQ(test, procsrv_signal(server(test), sender,
					     PROCSRV_TARGET_ALL, 0, 30, &count),
			0);
	KUNIT_EXPECT_EQ(test, count, ARRAY_SIZE(pids));
	for (i = 0; i < ARRAY_SIZE(pids); i++) {
		if (i == 7)
			KUNIT_EXPECT_EQ(test, pending_of(test, pids[i]), 0);
		else if (i == 8)
			expect_take(test, pids[i], sigbit(30), 30, 0, 2);
		else
			expect_take(test, pids[i], sigbit(30), 30, sender, 1);
	}
	KUNIT_EXPECT_EQ(test, pending_of(test, sender), 0);
	KUNIT_EXPECT_EQ(test, pending_of(test, PROCSRV_INIT_PID), 0);
}

static void init_takes_like_any_other(struct kunit *test)
{
	u64 sender = make_process(test, PROCSRV_INIT_PID);
	struct take_task *t;

	t = start_take(test, PROCSRV_INIT_PID, sigbit(1));
	expect_waiters(test, PROCSRV_INIT_PID, 1);
	KUNIT_EXPECT_EQ(test, signal_to(test, PROCSRV_TARGET_TREE,
					PROCSRV_INIT_PID, 1), 2);
	expect_taken(test, t, 1, 0);
	send_from(test, sender, PROCSRV_INIT_PID, 1);
	expect_take(test, PROCSRV_INIT_PID, EVERY_SIGNAL, 1, sender, 1);
}

/* The count is set directly: to send so many signals would take too long. */
static void count_does_not_wrap(struct kunit *test)
{
	u64 pid = make_process(test, PROCSRV_INIT_PID);
	struct procsrv *ps = server(test);

	send_from(test, 0, pid, 44);
	write_lock(&ps->lock);
	peek_process(ps, pid)->signals->count = U32_MAX - 1;
	write_unlock(&ps->lock);
	send_from(test, 0, pid, 44);
	send_from(test, 0, pid, 44);
	send_from(test, 0, pid, 44);
	expect_take(test, pid, EVERY_SIGNAL, 44, 0, U32_MAX);
}

static void senseless_takes(struct kunit *test)
{
	u64 pid = make_process(test, PROCSRV_INIT_PID);
	u64 zombie = make_zombie(test, PROCSRV_INIT_PID);
	struct procsrv_take take = { .pid = pid };
	struct procsrv *ps = server(test);

	send_from(test, 0, pid, 3);
	KUNIT_EXPECT_EQ(test, procsrv_take_signal(ps, &take), -EINVAL);
	take.mask = EVERY_SIGNAL;
	take.timeout = 1;
	KUNIT_EXPECT_EQ(test, procsrv_take_signal(ps, &take), -EINVAL);
	take.flags = PROCSRV_TAKE_NOHANG;
	KUNIT_EXPECT_EQ(test, procsrv_take_signal(ps, &take), -EINVAL);
	take.timeout = 0;
	take.flags = PROCSRV_TAKE_TIMEOUT << 1;
	KUNIT_EXPECT_EQ(test, procsrv_take_signal(ps, &take), -EINVAL);
	KUNIT_EXPECT_EQ(test, pending_of(test, pid), sigbit(3));
	KUNIT_EXPECT_EQ(test, take_now(test, zombie, EVERY_SIGNAL, &take),
			-ESRCH);
	KUNIT_EXPECT_EQ(test, take_now(test, TEST_NO_PID, EVERY_SIGNAL, &take),
			-ESRCH);
	KUNIT_EXPECT_EQ(test, take_now(test, 0, EVERY_SIGNAL, &take), -ESRCH);
	/* Pending signals of a zombie cannot be taken any more. */
	end_process(test, pid);
	KUNIT_EXPECT_EQ(test, take_now(test, pid, EVERY_SIGNAL, &take),
			-ESRCH);
}

static void sleeps_until_it_comes(struct kunit *test)
{
	u64 pid = make_process(test, PROCSRV_INIT_PID);
	u64 sender = make_process(test, PROCSRV_INIT_PID);
	struct take_task *t = start_take(test, pid, sigbit(20) | sigbit(21));

	expect_waiters(test, pid, 1);
	/* A take does not make the process read as waiting. */
	KUNIT_EXPECT_EQ(test, state_of(test, pid), PROCSRV_RUNNING);
	send_from(test, sender, pid, 22);
	stop_process(test, pid);
	continue_process(test, pid);
	expect_waiters(test, pid, 1);
	expect_still_waiting(test, &t->t);
	send_from(test, sender, pid, 21);
	expect_taken(test, t, 21, sender);
	KUNIT_EXPECT_LE(test, t->t.switches, 3);
	KUNIT_EXPECT_EQ(test, pending_of(test, pid), sigbit(22));
}

/* A signal that is pending already is taken at once. */
static void does_not_sleep_for_what_is_there(struct kunit *test)
{
	u64 pid = make_process(test, PROCSRV_INIT_PID);
	struct take_task *t;

	send_from(test, 0, pid, 7);
	t = start_take(test, pid, EVERY_SIGNAL);
	expect_taken(test, t, 7, 0);
	KUNIT_EXPECT_EQ(test, t->t.switches, 0);
}

static void one_signal_to_one_taker(struct kunit *test)
{
	u64 pid = make_process(test, PROCSRV_INIT_PID);
	struct take_task *t[NR_TAKERS];
	u32 i;

	for (i = 0; i < NR_TAKERS; i++)
		t[i] = start_take(test, pid, EVERY_SIGNAL);
	expect_waiters(test, pid, NR_TAKERS);
	for (i = 0; i < NR_TAKERS; i++) {
		send_from(test, pid, pid, 40);
		expect_waiters(test, pid, NR_TAKERS - 1 - i);
		KUNIT_EXPECT_EQ(test, pending_of(test, pid), 0);
	}
	for (i = 0; i < NR_TAKERS; i++) {
		expect_taken(test, t[i], 40, pid);
		/* One for its take, and two for changes of others. */
		KUNIT_EXPECT_LE(test, t[i]->t.switches, 3);
	}
	/* Without waiters, the next signal remains pending. */
	send_from(test, 0, pid, 40);
	KUNIT_EXPECT_EQ(test, pending_of(test, pid), sigbit(40));
}

static void takers_have_their_masks(struct kunit *test)
{
	u64 pid = make_process(test, PROCSRV_INIT_PID);
	struct take_task *a, *b, *hup;

	a = start_take(test, pid, sigbit(41));
	b = start_take(test, pid, sigbit(42));
	hup = start_take(test, pid, sigbit(1));
	expect_waiters(test, pid, 3);
	send_from(test, 0, pid, 42);
	expect_taken(test, b, 42, 0);
	send_from(test, 0, pid, 42);
	KUNIT_EXPECT_EQ(test, pending_of(test, pid), sigbit(42));
	expect_waiters(test, pid, 2);
	send_from(test, 0, pid, 1);
	expect_taken(test, hup, 1, 0);
	send_from(test, 0, pid, 41);
	expect_taken(test, a, 41, 0);
	expect_take(test, pid, EVERY_SIGNAL, 42, 0, 1);
}

static void death_ends_takes(struct kunit *test)
{
	u64 pid = make_process(test, PROCSRV_INIT_PID);
	struct take_task *t[3];
	u32 i;

	for (i = 0; i < ARRAY_SIZE(t); i++)
		t[i] = start_take(test, pid, EVERY_SIGNAL);
	expect_waiters(test, pid, ARRAY_SIZE(t));
	kill_process(test, pid);
	reap_child(test, PROCSRV_INIT_PID, pid);
	for (i = 0; i < ARRAY_SIZE(t); i++) {
		KUNIT_EXPECT_EQ(test, join_wait(test, &t[i]->t), -ESRCH);
		KUNIT_EXPECT_EQ(test, t[i]->take.signo, -1);
	}
}

static void take_times_out(struct kunit *test)
{
	u64 pid = make_process(test, PROCSRV_INIT_PID);
	struct take_task *t;
	ktime_t begin = ktime_get();

	t = start_timed_take(test, pid, EVERY_SIGNAL, 40 * NSEC_PER_MSEC);
	KUNIT_EXPECT_EQ(test, join_wait(test, &t->t), -ETIMEDOUT);
	KUNIT_EXPECT_GE(test, ktime_to_ms(ktime_sub(ktime_get(), begin)), 40);
	t = start_timed_take(test, pid, EVERY_SIGNAL, 0);
	KUNIT_EXPECT_EQ(test, join_wait(test, &t->t), -ETIMEDOUT);
	t = start_timed_take(test, pid, EVERY_SIGNAL, U64_MAX);
	expect_waiters(test, pid, 1);
	expect_still_waiting(test, &t->t);
	send_from(test, 0, pid, 64);
	expect_taken(test, t, 64, 0);
	/* Without waiters, the signal is for the next take. */
	send_from(test, 0, pid, 64);
	expect_take(test, pid, EVERY_SIGNAL, 64, 0, 1);
}

static void interruption_tells_what_was_left(struct kunit *test)
{
	const u64 timeout = 1000ULL * NSEC_PER_SEC;
	u64 pid = make_process(test, PROCSRV_INIT_PID);
	struct take_task *t;

	t = start_timed_take(test, pid, EVERY_SIGNAL, timeout);
	expect_waiters(test, pid, 1);
	msleep(20);
	interrupt_wait(&t->t);
	KUNIT_EXPECT_EQ(test, join_wait(test, &t->t), -ERESTARTSYS);
	KUNIT_EXPECT_LE(test, t->take.timeout, timeout - 20 * NSEC_PER_MSEC);
	KUNIT_EXPECT_GT(test, t->take.timeout, 0);

	t = start_take(test, pid, EVERY_SIGNAL);
	expect_waiters(test, pid, 1);
	interrupt_wait(&t->t);
	KUNIT_EXPECT_EQ(test, join_wait(test, &t->t), -ERESTARTSYS);
	KUNIT_EXPECT_EQ(test, t->take.timeout, 0);
	expect_waiters(test, pid, 0);
}

/* A signal at the moment that a sleep ends is not lost, nor taken twice. */
static void takes_lose_nothing(struct kunit *test)
{
	u64 pid = make_process(test, PROCSRV_INIT_PID);
	u32 i, taken = 0;
	u64 seed = 3;

	for (i = 0; i < NR_MOMENTS; i++) {
		struct take_task *t;
		u32 spin;
		int ret;

		t = start_timed_take(test, pid, EVERY_SIGNAL, i % 2 ?
				     U64_MAX : test_random(&seed, 200000));
		spin = test_random(&seed, 4000);
		if (i % 2)
			expect_waiters(test, pid, 1);
		else if (i % 4)
			usleep_range(1, 100);
		if (i % 2)
			interrupt_wait(&t->t);
		while (spin--)
			cpu_relax();
		send_from(test, 0, pid, 1 + i % 8);
		ret = join_wait(test, &t->t);
		KUNIT_ASSERT_TRUE(test, !ret || ret == -ERESTARTSYS ||
				  ret == -ETIMEDOUT);
		taken += !ret;
		KUNIT_ASSERT_EQ(test, t->take.signo, ret ? -1 : 1 + i % 8);
		KUNIT_ASSERT_EQ(test, pending_of(test, pid),
				ret ? sigbit(1 + i % 8) : 0);
		if (ret)
			expect_take(test, pid, EVERY_SIGNAL, 1 + i % 8, 0, 1);
	}
	kunit_info(test, "%u of %u takes were served\n", taken, NR_MOMENTS);
}

static struct kunit_case take_cases[] = {
	KUNIT_CASE(first_sender_and_count),
	KUNIT_CASE(sender_may_be_gone),
	KUNIT_CASE(lowest_of_the_mask),
	KUNIT_CASE(every_number),
	KUNIT_CASE(what_acts_does_not_pend),
	KUNIT_CASE(signal_1_again_and_again),
	KUNIT_CASE(groups_sessions_and_trees),
	KUNIT_CASE(signal_to_all_pends_in_all),
	KUNIT_CASE(init_takes_like_any_other),
	KUNIT_CASE(count_does_not_wrap),
	KUNIT_CASE(senseless_takes),
	KUNIT_CASE(sleeps_until_it_comes),
	KUNIT_CASE(does_not_sleep_for_what_is_there),
	KUNIT_CASE(one_signal_to_one_taker),
	KUNIT_CASE(takers_have_their_masks),
	KUNIT_CASE(death_ends_takes),
	KUNIT_CASE(take_times_out),
	KUNIT_CASE(interruption_tells_what_was_left),
	KUNIT_CASE(takes_lose_nothing),
	{}
};

static struct kunit_suite take_suite = {
	.name = "procsrv-take",
	.init = fixture_init,
	.exit = fixture_exit,
	.test_cases = take_cases,
};

kunit_test_suite(take_suite);
