// SPDX-License-Identifier: GPL-2.0-only
/*
 * Clocks that are based on fake counters
 *
 * The functions of a counter have no arguments, so the fake counters keep their
 * state in static variables. Tests run one after the other.
 */
#include <linux/delay.h>
#include <linux/math64.h>
#include <linux/timekeeping.h>
#include <linux/timex.h>

#include "common.h"

enum {
	NR_READERS = 2,
	NR_READS = 50000,

	/* Two reads in each of 16 attempts. */
	NR_SAMPLE_READS = 32,
};

static u32 fake_mhz;
static u64 fake_offset;
static u64 fake_fixed;
static atomic_t fake_calls;
static bool fake_distrusted;

/* Counts at fake_mhz, ahead by fake_offset. */
static u64 fake_running(void)
{
	return fake_offset + mul_u64_u32_div(ktime_get_raw_ns(), fake_mhz,
					     1000);
}

static u64 fake_backwards(void)
{
	return U64_MAX - fake_running();
}

/* Reads as the value that the test has set. */
static u64 fake_manual(void)
{
	return fake_fixed;
}

/* Jumps back and forth by up to a millisecond. */
static u64 fake_jumping(void)
{
	u64 jump = (u32)atomic_inc_return(&fake_calls) * 2654435761U;

	return fake_running() - (jump >> 10) % (1000 * fake_mhz);
}

/* Counts down during the reads of one sample, then stands still. */
static u64 fake_down_for_a_while(void)
{
	return U64_MAX - min(atomic_inc_return(&fake_calls), NR_SAMPLE_READS);
}

/* Counts slowly during the reads of one sample, then leaps far ahead. */
static u64 fake_leaping(void)
{
	int calls = atomic_inc_return(&fake_calls);

	return calls <= NR_SAMPLE_READS ? calls : S64_MAX + (u64)calls;
}

/* Trusted until the test sets fake_distrusted. */
static bool fake_trusted(void)
{
	return !fake_distrusted;
}

/* Trusted for the first NR_READS calls. */
static bool fake_trusted_for_a_while(void)
{
	return atomic_inc_return(&fake_calls) <= NR_READS;
}

static const struct procsrv_counter running = {
	.cycles = fake_running,
	.trusted = fake_trusted,
};

static const struct procsrv_counter trusted_for_a_while = {
	.cycles = fake_running,
	.trusted = fake_trusted_for_a_while,
};

static const struct procsrv_counter manual = {
	.cycles = fake_manual,
	.trusted = fake_trusted,
};

static const struct procsrv_counter jumping = {
	.cycles = fake_jumping,
	.trusted = fake_trusted,
};

static const struct procsrv_counter backwards = {
	.cycles = fake_backwards,
	.trusted = fake_trusted,
};

static const struct procsrv_counter down_for_a_while = {
	.cycles = fake_down_for_a_while,
	.trusted = fake_trusted,
};

static const struct procsrv_counter leaping = {
	.cycles = fake_leaping,
	.trusted = fake_trusted,
};

static void set_fake(u32 mhz, u64 offset)
{
	fake_mhz = mhz;
	fake_offset = offset;
	fake_distrusted = false;
	atomic_set(&fake_calls, 0);
}

static u64 now_us(void)
{
	return ktime_to_us(ktime_get());
}

/* @got is @want, within 1%. */
static void expect_about(struct kunit *test, u64 got, u64 want)
{
	KUNIT_EXPECT_GE(test, got, want - want / 100);
	KUNIT_EXPECT_LE(test, got, want + want / 100);
}

static void counter_that_reads_zero(struct kunit *test)
{
	struct procsrv_clock clock;
	u64 before, time, cycles = 77;

	procsrv_clock_init(&clock, &no_counter);
	KUNIT_EXPECT_EQ(test, clock.frequency, 0);
	before = now_us();
	time = procsrv_clock_read(&clock, &cycles);
	KUNIT_EXPECT_GE(test, time, before);
	KUNIT_EXPECT_LE(test, time, now_us());
	KUNIT_EXPECT_EQ(test, cycles, 0);
	expect_right_pace(test, &clock);
}

static u64 expect_monotonic_fallback(struct kunit *test,
				     const struct procsrv_counter *counter)
{
	struct procsrv_clock clock;
	u64 before, time, cycles = 77;

	procsrv_clock_init(&clock, counter);
	KUNIT_EXPECT_EQ(test, clock.frequency, 0);
	KUNIT_EXPECT_EQ(test, procsrv_clock_frequency(&clock), 0);
	before = now_us();
	time = procsrv_clock_read(&clock, &cycles);
	KUNIT_EXPECT_GE(test, time, before);
	KUNIT_EXPECT_LE(test, time, now_us());
	return cycles;
}

static void counter_that_stands_still(struct kunit *test)
{
	set_fake(1000, 0);
	fake_fixed = 12345;
	KUNIT_EXPECT_EQ(test, expect_monotonic_fallback(test, &manual),
			fake_fixed);
	fake_fixed = U64_MAX;
	KUNIT_EXPECT_EQ(test, expect_monotonic_fallback(test, &manual),
			fake_fixed);
}

static void counter_that_counts_down(struct kunit *test)
{
	u64 before, cycles;

	set_fake(1000, 0);
	before = fake_backwards();
	cycles = expect_monotonic_fallback(test, &backwards);
	KUNIT_EXPECT_LE(test, cycles, before);
	KUNIT_EXPECT_GE(test, cycles, fake_backwards());
}

static void counter_that_counts_down_and_stands_still(struct kunit *test)
{
	set_fake(0, 0);
	expect_monotonic_fallback(test, &down_for_a_while);
	/* The first sample has no cycles, so there was no second one. */
	KUNIT_EXPECT_EQ(test, atomic_read(&fake_calls), NR_SAMPLE_READS + 1);
}

/* There is no frequency: it would have more than 64 bits. */
static void counter_that_leaps(struct kunit *test)
{
	set_fake(0, 0);
	expect_monotonic_fallback(test, &leaping);
	KUNIT_EXPECT_EQ(test, atomic_read(&fake_calls), 2 * NR_SAMPLE_READS + 1);
}

/* The clock is not based on the counter, but still returns its cycles. */
static void counter_that_is_not_trusted(struct kunit *test)
{
	u64 before, cycles;

	set_fake(1000, 1ULL << 40);
	fake_distrusted = true;
	before = fake_running();
	cycles = expect_monotonic_fallback(test, &running);
	KUNIT_EXPECT_GE(test, cycles, before);
	KUNIT_EXPECT_LE(test, cycles, fake_running());
}

static void frequency_is_measured(struct kunit *test)
{
	static const u32 mhz[] = { 1, 24, 1000, 1999, 2000, 3000, 10000 };
	size_t i;

	for (i = 0; i < ARRAY_SIZE(mhz); i++) {
		struct procsrv_clock clock;

		set_fake(mhz[i], 0);
		procsrv_clock_init(&clock, &running);
		expect_about(test, clock.frequency, mhz[i] * 1000000ULL);
		expect_right_pace(test, &clock);
	}
}

/* High values of a counter do not make anything overflow. */
static void old_counters(struct kunit *test)
{
	static const u64 offsets[] = {
		1ULL << 32, 1ULL << 53, 1ULL << 62, 1ULL << 63,
	};
	size_t i;

	for (i = 0; i < ARRAY_SIZE(offsets); i++) {
		struct procsrv_clock clock;
		u64 cycles = 0, time;

		set_fake(2500, offsets[i]);
		procsrv_clock_init(&clock, &running);
		expect_about(test, clock.frequency, 2500000000ULL);
		time = procsrv_clock_read(&clock, &cycles);
		KUNIT_EXPECT_GE(test, cycles, offsets[i]);
		expect_about(test, time, cycles / 2500);
		expect_right_pace(test, &clock);
	}
}

static void cycles_are_handed_out_raw(struct kunit *test)
{
	struct procsrv_clock clock;
	u64 cycles = 0, before, after;

	set_fake(3000, 1000);
	procsrv_clock_init(&clock, &running);
	before = fake_running();
	procsrv_clock_read(&clock, &cycles);
	after = fake_running();
	KUNIT_EXPECT_GE(test, cycles, before);
	KUNIT_EXPECT_LE(test, cycles, after);
}

static void counter_that_goes_backwards_later(struct kunit *test)
{
	struct procsrv_clock clock;
	u64 cycles, top, last;
	int i;

	set_fake(1000, 1ULL << 40);
	procsrv_clock_init(&clock, &running);
	KUNIT_ASSERT_NE(test, clock.frequency, 0);
	clock.counter = &manual;
	fake_fixed = 1ULL << 42;
	top = procsrv_clock_read(&clock, &cycles);
	expect_about(test, top, fake_fixed / 1000);
	for (i = 0; i < 20; i++) {
		fake_fixed -= 1ULL << 36;
		KUNIT_EXPECT_EQ(test, procsrv_clock_read(&clock, &cycles), top);
		/* The cycles are returned as they were read. */
		KUNIT_EXPECT_EQ(test, cycles, fake_fixed);
	}
	fake_fixed = 1;
	KUNIT_EXPECT_EQ(test, procsrv_clock_read(&clock, &cycles), top);
	/* Once it has caught up, time goes on. */
	fake_fixed = (1ULL << 42) + 1000000;
	last = procsrv_clock_read(&clock, &cycles);
	KUNIT_EXPECT_GE(test, last, top + 990);
	KUNIT_EXPECT_LE(test, last, top + 1010);
}

/* The clock keeps pace, even if it is not read in between. */
static void counter_that_is_given_up(struct kunit *test)
{
	static const u64 offsets[] = { 0, 1ULL << 40, 1ULL << 62 };
	size_t i;

	for (i = 0; i < ARRAY_SIZE(offsets); i++) {
		struct procsrv_clock clock;
		struct reading begin, end;

		set_fake(2500, offsets[i]);
		procsrv_clock_init(&clock, &running);
		begin = read_clock(&clock);
		KUNIT_EXPECT_EQ(test, procsrv_clock_frequency(&clock),
				clock.frequency);
		msleep(50);
		fake_distrusted = true;
		msleep(50);
		end = read_clock(&clock);
		KUNIT_EXPECT_EQ(test, procsrv_clock_frequency(&clock), 0);
		KUNIT_EXPECT_GT(test, end.cycles, begin.cycles);
		expect_pace(test, &begin, &end);
		expect_right_pace(test, &clock);
		/* It is not trusted again. */
		fake_distrusted = false;
		end = read_clock(&clock);
		KUNIT_EXPECT_EQ(test, procsrv_clock_frequency(&clock), 0);
		expect_pace(test, &begin, &end);
	}
}

/* The clock has not returned any time that it would have to continue. */
static void counter_that_is_given_up_before_it_is_read(struct kunit *test)
{
	struct procsrv_clock clock;
	u64 before, time, cycles;

	set_fake(1000, 1ULL << 40);
	procsrv_clock_init(&clock, &running);
	KUNIT_EXPECT_NE(test, clock.frequency, 0);
	fake_distrusted = true;
	before = now_us();
	time = procsrv_clock_read(&clock, &cycles);
	KUNIT_EXPECT_GE(test, time, before);
	KUNIT_EXPECT_LE(test, time, now_us());
	KUNIT_EXPECT_EQ(test, procsrv_clock_frequency(&clock), 0);
}

/* Time does not stand still, although the counter was far ahead. */
static void counter_that_is_given_up_far_ahead(struct kunit *test)
{
	struct procsrv_clock clock;
	struct reading begin, end;

	set_fake(1000, 0);
	procsrv_clock_init(&clock, &running);
	procsrv_clock_read(&clock, &begin.cycles);
	/* Ahead by less than the interval of the comparisons, and by more. */
	for (fake_fixed = fake_running() + 100 * NSEC_PER_MSEC;
	     fake_fixed < 1ULL << 60; fake_fixed <<= 3) {
		struct procsrv_clock copy = clock;

		copy.counter = &manual;
		begin = read_clock(&copy);
		KUNIT_EXPECT_EQ(test, begin.cycles, fake_fixed);
		fake_distrusted = true;
		end = read_clock(&copy);
		KUNIT_EXPECT_EQ(test, end.cycles, fake_fixed);
		KUNIT_EXPECT_GE(test, end.time, begin.time);
		KUNIT_EXPECT_LE(test, (end.time - begin.time) * NSEC_PER_USEC,
				end.after - begin.before + 2 * NSEC_PER_USEC);
		expect_right_pace(test, &copy);
		fake_distrusted = false;
	}
}

/*
 * The kernel may find at any moment that the counter does not keep time. The
 * counters of two processors may then differ.
 */
static void the_machines_own_counter(struct kunit *test)
{
	const struct procsrv_counter *counter = &procsrv_machine_counter;
	struct procsrv_clock clock;
	u64 cycles = 77, before, after;

	procsrv_clock_init(&clock, counter);
	if (get_cycles() && counter->trusted())
		KUNIT_EXPECT_NE(test, clock.frequency, 0);
	if (!get_cycles())
		KUNIT_EXPECT_EQ(test, clock.frequency, 0);
	preempt_disable();
	before = get_cycles();
	procsrv_clock_read(&clock, &cycles);
	after = get_cycles();
	preempt_enable();
	KUNIT_EXPECT_GE(test, cycles, before);
	KUNIT_EXPECT_LE(test, cycles, after);
	expect_right_pace(test, &clock);
}

/**
 * struct shared_clock - state that the readers share
 * @clock: the clock that they read
 * @latest: the latest time that any of them has seen
 * @begin: a reading before the first of them began
 * @end: a reading after the last of them had ended
 */
struct shared_clock {
	struct procsrv_clock clock;
	atomic64_t latest;
	struct reading begin;
	struct reading end;
};

/* No reader sees an earlier time than another one has seen before. */
static void read_shared_clock(struct worker *worker)
{
	struct shared_clock *shared = worker->arg;
	u32 i;

	for (i = 0; i < NR_READS; i++) {
		s64 seen = atomic64_read(&shared->latest);
		u64 cycles;
		s64 time = procsrv_clock_read(&shared->clock, &cycles);

		if (time < seen)
			worker->failures++;
		if (time > seen) {
			/* @latest is only ever raised. */
			while (!atomic64_try_cmpxchg(&shared->latest, &seen,
						     time))
				if (seen >= time)
					break;
			worker->tally[0]++;
		}
	}
}

static struct shared_clock *expect_never_backwards(struct kunit *test,
						   const struct procsrv_counter *counter)
{
	struct worker workers[NR_READERS] = { };
	struct shared_clock *shared;
	u32 i;

	shared = kunit_kzalloc(test, sizeof(*shared), GFP_KERNEL);
	KUNIT_ASSERT_NOT_NULL(test, shared);
	procsrv_clock_init(&shared->clock, counter);
	for (i = 0; i < NR_READERS; i++) {
		workers[i].fn = read_shared_clock;
		workers[i].arg = shared;
	}
	shared->begin = read_clock(&shared->clock);
	start_workers(test, workers, NR_READERS);
	join_workers(test, workers, NR_READERS);
	shared->end = read_clock(&shared->clock);
	/* Time did go on. */
	KUNIT_EXPECT_GT(test, workers[0].tally[0] + workers[1].tally[0], 1);
	return shared;
}

static void never_backwards_for_two_readers(struct kunit *test)
{
	struct shared_clock *shared;

	set_fake(1000, 1ULL << 40);
	shared = expect_never_backwards(test, &no_counter);
	KUNIT_EXPECT_EQ(test, shared->clock.frequency, 0);
	expect_pace(test, &shared->begin, &shared->end);
	shared = expect_never_backwards(test, &running);
	KUNIT_EXPECT_NE(test, shared->clock.frequency, 0);
	expect_pace(test, &shared->begin, &shared->end);
	shared = expect_never_backwards(test, &procsrv_machine_counter);
	expect_pace(test, &shared->begin, &shared->end);
}

static void never_backwards_when_the_counter_jumps(struct kunit *test)
{
	struct shared_clock *shared;

	set_fake(1000, 1ULL << 40);
	shared = expect_never_backwards(test, &jumping);
	KUNIT_EXPECT_NE(test, shared->clock.frequency, 0);
}

static void never_backwards_when_the_counter_is_given_up(struct kunit *test)
{
	struct shared_clock *shared;

	set_fake(1000, 1ULL << 40);
	shared = expect_never_backwards(test, &trusted_for_a_while);
	KUNIT_EXPECT_NE(test, shared->clock.frequency, 0);
	KUNIT_EXPECT_GT(test, atomic_read(&fake_calls), NR_READS);
	expect_pace(test, &shared->begin, &shared->end);
	KUNIT_EXPECT_EQ(test, procsrv_clock_frequency(&shared->clock), 0);
	expect_right_pace(test, &shared->clock);
}

static struct kunit_case clock_cases[] = {
	KUNIT_CASE(counter_that_reads_zero),
	KUNIT_CASE(counter_that_stands_still),
	KUNIT_CASE(counter_that_counts_down),
	KUNIT_CASE(counter_that_counts_down_and_stands_still),
	KUNIT_CASE(counter_that_leaps),
	KUNIT_CASE(counter_that_is_not_trusted),
	KUNIT_CASE(frequency_is_measured),
	KUNIT_CASE(old_counters),
	KUNIT_CASE(cycles_are_handed_out_raw),
	KUNIT_CASE(counter_that_goes_backwards_later),
	KUNIT_CASE(counter_that_is_given_up),
	KUNIT_CASE(counter_that_is_given_up_before_it_is_read),
	KUNIT_CASE(counter_that_is_given_up_far_ahead),
	KUNIT_CASE(the_machines_own_counter),
	KUNIT_CASE(never_backwards_for_two_readers),
	KUNIT_CASE(never_backwards_when_the_counter_jumps),
	KUNIT_CASE(never_backwards_when_the_counter_is_given_up),
	{}
};

static struct kunit_suite clock_suite = {
	.name = "procsrv-clock",
	.init = fixture_init,
	.exit = fixture_exit,
	.test_cases = clock_cases,
};

kunit_test_suite(clock_suite);
