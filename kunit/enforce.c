// SPDX-License-Identifier: GPL-2.0-only
/*
 * Limits that updates exceed, and the consequences
 */
#include "common.h"

enum {
	MEMORY = 1000,
	CPU = 2000,
	THREADS = 3,
};

static void limit(struct kunit *test, u64 pid, u32 flags)
{
	struct procsrv_limits limits = procsrv_default_limits;

	limits.max_memory = MEMORY;
	limits.max_cpu_time = CPU;
	limits.max_threads = THREADS;
	limits.flags = flags;
	KUNIT_ASSERT_EQ(test, procsrv_set_limits(server(test), pid, &limits),
			0);
}

static u64 make_limited(struct kunit *test, u32 flags)
{
	u64 pid = make_process(test, PROCSRV_INIT_PID);

	limit(test, pid, flags);
	return pid;
}

static void report(struct kunit *test, u64 pid, u32 mask, u64 memory, u64 cpu,
		   u32 threads)
{
	const struct procsrv_update u = {
		.mask = mask,
		.memory_usage = memory,
		.cpu_time = cpu,
		.thread_count = threads,
	};

	KUNIT_ASSERT_EQ(test, procsrv_update(server(test), pid, &u), 0);
}

static void expect_passed(struct kunit *test, u64 pid, u32 mask, u32 times)
{
	KUNIT_EXPECT_EQ(test, info_of(test, pid).limits_passed, mask);
	KUNIT_EXPECT_EQ(test, info_of(test, pid).nr_limits_passed, times);
}

static void expect_end(struct kunit *test, u64 pid, u32 signo)
{
	KUNIT_EXPECT_EQ(test, state_of(test, pid), PROCSRV_ZOMBIE);
	KUNIT_EXPECT_EQ(test, info_of(test, pid).exit_signal, signo);
	KUNIT_EXPECT_EQ(test, info_of(test, pid).exit_code, -(s32)signo);
}

#define EACH (PROCSRV_UPDATE_MEMORY | PROCSRV_UPDATE_CPU_TIME | \
	      PROCSRV_UPDATE_THREADS)

static void at_the_limit_is_within(struct kunit *test)
{
	u64 pid = make_limited(test, PROCSRV_LIMITS_ENFORCE);

	report(test, pid, EACH, MEMORY, CPU, THREADS);
	expect_passed(test, pid, 0, 0);
	KUNIT_EXPECT_EQ(test, state_of(test, pid), PROCSRV_RUNNING);
}

static void one_above_is_recorded(struct kunit *test)
{
	u64 pid = make_limited(test, 0);

	report(test, pid, PROCSRV_UPDATE_MEMORY, MEMORY + 1, 0, 0);
	expect_passed(test, pid, PROCSRV_LIMIT_MEMORY, 1);
	report(test, pid, PROCSRV_UPDATE_CPU_TIME, 0, CPU + 1, 0);
	expect_passed(test, pid, PROCSRV_LIMIT_MEMORY | PROCSRV_LIMIT_CPU_TIME,
		      2);
	report(test, pid, PROCSRV_UPDATE_THREADS, 0, 0, THREADS + 1);
	expect_passed(test, pid, 7, 3);
	/* An exceeded limit stays on record, and is counted each time. */
	report(test, pid, EACH, 0, 0, 1);
	expect_passed(test, pid, 7, 3);
	report(test, pid, EACH, U64_MAX, U64_MAX, U32_MAX);
	expect_passed(test, pid, 7, 6);
	KUNIT_EXPECT_EQ(test, state_of(test, pid), PROCSRV_RUNNING);
	KUNIT_EXPECT_EQ(test, info_of(test, pid).memory_usage, U64_MAX);
}

/* The count saturates at U32_MAX. */
static void count_does_not_wrap(struct kunit *test)
{
	u64 pid = make_limited(test, 0);
	struct procsrv *ps = server(test);

	write_lock(&ps->lock);
	peek_process(ps, pid)->nr_limits_passed = U32_MAX - 2;
	write_unlock(&ps->lock);
	report(test, pid, EACH, MEMORY + 1, CPU + 1, THREADS + 1);
	expect_passed(test, pid, 7, U32_MAX);
	report(test, pid, EACH, MEMORY + 1, CPU + 1, THREADS + 1);
	expect_passed(test, pid, 7, U32_MAX);
}

static void events_have_the_values(struct kunit *test)
{
	u64 pid = make_limited(test, 0);
	struct procsrv_reader *r = watch_all(test);
	struct procsrv_event e;
	u32 i;

	report(test, pid, EACH, MEMORY + 4, CPU + 5, THREADS + 6);
	e = next_event(test, r);
	KUNIT_EXPECT_EQ(test, e.kind, PROCSRV_EVENT_UPDATE);
	KUNIT_EXPECT_EQ(test, e.detail, EACH);
	for (i = 0; i < 3; i++) {
		static const u64 values[] = { MEMORY + 4, CPU + 5, THREADS + 6 };
		static const u64 limits[] = { MEMORY, CPU, THREADS };
		u32 bit;

		e = next_event(test, r);
		KUNIT_EXPECT_EQ(test, e.kind, PROCSRV_EVENT_LIMIT);
		KUNIT_EXPECT_EQ(test, e.pid, pid);
		KUNIT_ASSERT_EQ(test, hweight32(e.detail & 7), 1);
		bit = ffs(e.detail) - 1;
		KUNIT_EXPECT_EQ(test, e.value, values[bit]);
		KUNIT_EXPECT_EQ(test, e.other, limits[bit]);
	}
	expect_no_event(test, r);
}

static void enforced(struct kunit *test)
{
	u64 pid = make_limited(test, PROCSRV_LIMITS_ENFORCE);

	report(test, pid, PROCSRV_UPDATE_MEMORY, MEMORY + 1, 0, 0);
	expect_end(test, pid, 9);
	expect_passed(test, pid, PROCSRV_LIMIT_MEMORY, 1);
	KUNIT_EXPECT_EQ(test, info_of(test, pid).memory_usage, MEMORY + 1);

	pid = make_limited(test, PROCSRV_LIMITS_ENFORCE);
	report(test, pid, PROCSRV_UPDATE_THREADS, 0, 0, THREADS + 1);
	expect_end(test, pid, 9);

	pid = make_limited(test, PROCSRV_LIMITS_ENFORCE);
	report(test, pid, PROCSRV_UPDATE_CPU_TIME, 0, CPU + 1, 0);
	expect_end(test, pid, 24);
	KUNIT_EXPECT_EQ(test, stats_of(test).total_exited, 3);
}

static void several_at_once(struct kunit *test)
{
	u64 pid = make_limited(test, PROCSRV_LIMITS_ENFORCE);

	report(test, pid, EACH, MEMORY + 1, CPU + 1, THREADS + 1);
	expect_end(test, pid, 24);
	expect_passed(test, pid, 7, 3);
	pid = make_limited(test, PROCSRV_LIMITS_ENFORCE);
	report(test, pid, EACH, MEMORY + 1, CPU, THREADS + 1);
	expect_end(test, pid, 9);
	expect_passed(test, pid, PROCSRV_LIMIT_MEMORY | PROCSRV_LIMIT_THREADS,
		      2);
}

/* An enforced end affects waiters, parent and children like any other. */
static void enforced_end_is_an_end(struct kunit *test)
{
	const struct procsrv_wait w = {
		.parent = PROCSRV_INIT_PID,
		.what = PROCSRV_WAIT_EXITED,
	};
	u64 pid = make_limited(test, PROCSRV_LIMITS_ENFORCE);
	u64 child = make_process(test, pid);
	struct take_task *take = start_take(test, pid, sigbit(1));
	struct wait_task *t = start_wait(test, &w);

	expect_waiters(test, pid, 1);
	expect_waiting(test, PROCSRV_INIT_PID, 1);
	report(test, pid, PROCSRV_UPDATE_CPU_TIME, 0, CPU + 9, 0);
	KUNIT_EXPECT_EQ(test, join_wait(test, &take->t), -ESRCH);
	KUNIT_EXPECT_EQ(test, join_wait(test, t), 0);
	KUNIT_EXPECT_EQ(test, t->w.pid, pid);
	KUNIT_EXPECT_EQ(test, t->w.exit_code, -24);
	KUNIT_EXPECT_EQ(test, t->w.exit_signal, 24);
	KUNIT_EXPECT_EQ(test, t->w.cpu_time, CPU + 9);
	KUNIT_EXPECT_EQ(test, ppid_of(test, child), PROCSRV_INIT_PID);
	KUNIT_EXPECT_EQ(test, look_up(test, pid), -ESRCH);
}

static void init_never_ends(struct kunit *test)
{
	limit(test, PROCSRV_INIT_PID, PROCSRV_LIMITS_ENFORCE);
	report(test, PROCSRV_INIT_PID, EACH, U64_MAX, U64_MAX, U32_MAX);
	KUNIT_EXPECT_EQ(test, state_of(test, PROCSRV_INIT_PID),
			PROCSRV_RUNNING);
	expect_passed(test, PROCSRV_INIT_PID, 7, 3);
	KUNIT_EXPECT_EQ(test, stats_of(test).total_exited, 0);
}

/* Limits are only compared by updates, with the values that these set. */
static void lowered_below_what_is_used(struct kunit *test)
{
	u64 pid = make_process(test, PROCSRV_INIT_PID);

	report(test, pid, EACH, MEMORY + 1, CPU + 1, THREADS + 1);
	expect_passed(test, pid, 0, 0);
	limit(test, pid, PROCSRV_LIMITS_ENFORCE);
	expect_passed(test, pid, 0, 0);
	report(test, pid, PROCSRV_UPDATE_MEMORY, MEMORY, 0, 0);
	sleep_process(test, pid);
	expect_passed(test, pid, 0, 0);
	KUNIT_EXPECT_EQ(test, state_of(test, pid), PROCSRV_SLEEPING);
	/* The same value as before, but set again. */
	report(test, pid, PROCSRV_UPDATE_CPU_TIME, 0, CPU + 1, 0);
	expect_end(test, pid, 24);
}

static void zombies_use_nothing(struct kunit *test)
{
	const struct procsrv_update u = {
		.mask = PROCSRV_UPDATE_MEMORY,
		.memory_usage = MEMORY + 1,
	};
	u64 pid = make_limited(test, PROCSRV_LIMITS_ENFORCE);

	end_process(test, pid);
	KUNIT_EXPECT_EQ(test, procsrv_update(server(test), pid, &u), -ESRCH);
	expect_passed(test, pid, 0, 0);
	KUNIT_EXPECT_EQ(test, info_of(test, pid).exit_signal, 0);
	KUNIT_EXPECT_EQ(test, info_of(test, pid).memory_usage, 0);
}

static void children_have_a_clean_record(struct kunit *test)
{
	u64 pid = make_limited(test, 0);
	u64 child;

	report(test, pid, EACH, U64_MAX, U64_MAX, U32_MAX);
	child = make_process(test, pid);
	expect_passed(test, child, 0, 0);
	report(test, child, EACH, MEMORY + 1, CPU + 1, THREADS + 1);
	expect_passed(test, child, 0, 0);
	/* exec keeps the record. */
	KUNIT_EXPECT_EQ(test, exec_as(test, pid, "other"), 0);
	expect_passed(test, pid, 7, 3);
}

static struct kunit_case enforce_cases[] = {
	KUNIT_CASE(at_the_limit_is_within),
	KUNIT_CASE(one_above_is_recorded),
	KUNIT_CASE(count_does_not_wrap),
	KUNIT_CASE(events_have_the_values),
	KUNIT_CASE(enforced),
	KUNIT_CASE(several_at_once),
	KUNIT_CASE(enforced_end_is_an_end),
	KUNIT_CASE(init_never_ends),
	KUNIT_CASE(lowered_below_what_is_used),
	KUNIT_CASE(zombies_use_nothing),
	KUNIT_CASE(children_have_a_clean_record),
	{}
};

static struct kunit_suite enforce_suite = {
	.name = "procsrv-enforce",
	.init = fixture_init,
	.exit = fixture_exit,
	.test_cases = enforce_cases,
};

kunit_test_suite(enforce_suite);
