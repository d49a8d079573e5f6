// SPDX-License-Identifier: GPL-2.0-only
/*
 * Time: microseconds from the cycle counter, by its measured frequency
 */
#include <linux/delay.h>
#include <linux/indirect_call_wrapper.h>
#include <linux/limits.h>
#include <linux/math64.h>
#include <linux/minmax.h>
#include <linux/timekeeping.h>
#include <linux/timex.h>

#include "compat.h"
#include "procsrv.h"

enum {
	/* A cycle of a 1 MHz counter still has a multiplier of 42 bits. */
	CLOCK_SHIFT = 42,

	/* Long enough for an error of a few parts in a million. */
	MEASURE_MS = 50,

	/* Attempts at reading two clocks with nothing in between. */
	SAMPLE_TRIES = 16,

	/* The two clocks are compared every 2^20 us, about a second. */
	COMPARE_SHIFT = 20,
};

/* What &procsrv_clock.offset is while the counter counts. */
#define COUNTING S64_MIN

/**
 * struct sample - one moment on two clocks
 * @cycles: the counter
 * @ns: one of the kernel's clocks
 */
struct sample {
	u64 cycles;
	u64 ns;
};

/*
 * An interrupt, or a hypervisor, may come between the two readings: the
 * attempt that took the fewest cycles is the one to believe. One in which the
 * counter went backwards is not; if all did, the sample has 0 cycles.
 */
static struct sample take_sample(u64 (*cycles)(void), u64 (*clock_ns)(void))
{
	struct sample best = {};
	u64 shortest = U64_MAX;
	int i;

	for (i = 0; i < SAMPLE_TRIES; i++) {
		u64 before = cycles();
		u64 ns = clock_ns();
		u64 after = cycles();
		u64 took = after - before;

		if (after >= before && took < shortest) {
			shortest = took;
			best.cycles = before + took / 2;
			best.ns = ns;
		}
	}
	return best;
}

/* In Hz, or 0 if that is more than 64 bits, as of a counter that has leapt. */
static u64 frequency_of(u64 cycles, u64 ns)
{
	if (div64_u64(cycles, ns) >= U64_MAX / NSEC_PER_SEC)
		return 0;
	return mul_u64_u64_div_u64(cycles, NSEC_PER_SEC, ns);
}

/* In Hz, or 0 for a counter that does not count. */
static u64 measure_frequency(u64 (*cycles)(void))
{
	struct sample begin = take_sample(cycles, ktime_get_raw_ns);
	struct sample end;

	if (!begin.cycles)
		return 0;
	msleep(MEASURE_MS);
	end = take_sample(cycles, ktime_get_raw_ns);
	if (end.cycles <= begin.cycles || end.ns <= begin.ns)
		return 0;
	return frequency_of(end.cycles - begin.cycles, end.ns - begin.ns);
}

static u64 machine_cycles(void)
{
	return get_cycles();
}

/* On x86 the kernel may find, at boot or later, that the TSC is unstable. */
static bool machine_trusted(void)
{
#ifdef CONFIG_X86
	return !check_tsc_unstable();
#else
	return true;
#endif
}

/* get_cycles(), which reads 0 on a machine without such a counter. */
const struct procsrv_counter procsrv_machine_counter = {
	.cycles = machine_cycles,
	.trusted = machine_trusted,
};
EXPORT_SYMBOL_PROCSRV(procsrv_machine_counter);

/**
 * procsrv_clock_init() - make a clock from a cycle counter
 * @clock: the clock
 * @counter: the counter
 *
 * Measures the frequency of the counter against the kernel's clock. If it is
 * not trusted, reads 0 or does not count, the clock is CLOCK_MONOTONIC.
 *
 * Context: sleeps for 50 ms, unless the counter is not trusted or reads 0.
 */
void procsrv_clock_init(struct procsrv_clock *clock,
			const struct procsrv_counter *counter)
{
	clock->counter = counter;
	clock->frequency = 0;
	if (counter->trusted())
		clock->frequency = measure_frequency(counter->cycles);
	clock->mult = 0;
	if (clock->frequency)
		clock->mult = div64_u64((u64)USEC_PER_SEC << CLOCK_SHIFT,
					clock->frequency);
	atomic64_set(&clock->ahead, 0);
	atomic64_set(&clock->offset, clock->frequency ? COUNTING : 0);
	atomic64_set(&clock->last, 0);
}
EXPORT_SYMBOL_PROCSRV(procsrv_clock_init);

static u64 cycles_to_us(const struct procsrv_clock *clock, u64 cycles)
{
	return mul_u64_u64_shr(cycles, clock->mult, CLOCK_SHIFT);
}

static u64 monotonic_us(void)
{
	return ktime_to_us(ktime_get());
}

/* The time since the last reading is known if the counter is given up. */
static void compare_clocks(struct procsrv_clock *clock)
{
	struct sample now = take_sample(clock->counter->cycles, ktime_get_ns);

	if (!now.cycles)
		return;
	atomic64_set(&clock->ahead, cycles_to_us(clock, now.cycles) -
				    div_u64(now.ns, NSEC_PER_USEC));
}

/*
 * The counter is not trusted any more. CLOCK_MONOTONIC goes on where the
 * counter would be by now; or from the latest time that was handed out, if that
 * is later: else the clock would stand still until it is reached again.
 *
 * Several readers may find this out at once: one of them decides for all.
 */
static s64 give_up_counter(struct procsrv_clock *clock)
{
	s64 last = atomic64_read(&clock->last);
	s64 offset = max_t(s64, last - monotonic_us(),
			   atomic64_read(&clock->ahead));
	s64 was = COUNTING;

	return atomic64_try_cmpxchg(&clock->offset, &was, offset) ? offset :
								    was;
}

/* The later of @now and everything that was handed out before. */
static u64 never_backwards(struct procsrv_clock *clock, u64 now)
{
	s64 last = atomic64_read(&clock->last);

	do {
		if ((u64)last >= now)
			return last;
	} while (!atomic64_try_cmpxchg(&clock->last, &last, now));
	return now;
}

static u64 read_counting(struct procsrv_clock *clock, u64 cycles)
{
	u64 last = atomic64_read(&clock->last);
	u64 now = never_backwards(clock, cycles_to_us(clock, cycles));

	if (!last || (now ^ last) >> COMPARE_SHIFT)
		compare_clocks(clock);
	return now;
}

/**
 * procsrv_clock_read() - what time is it?
 * @clock: the clock
 * @cycles: where to store what the counter reads at this time, whether the
 *	clock goes by it or not
 *
 * Once the counter is not trusted any more, CLOCK_MONOTONIC continues the clock
 * from where it is, for good.
 *
 * Return: microseconds; never less than what any earlier call returned.
 */
u64 procsrv_clock_read(struct procsrv_clock *clock, u64 *cycles)
{
	s64 offset = atomic64_read(&clock->offset);

	*cycles = INDIRECT_CALL_1(clock->counter->cycles, machine_cycles);
	if (offset == COUNTING) {
		if (INDIRECT_CALL_1(clock->counter->trusted, machine_trusted))
			return read_counting(clock, *cycles);
		offset = give_up_counter(clock);
	}
	return never_backwards(clock, monotonic_us() + offset);
}
EXPORT_SYMBOL_PROCSRV(procsrv_clock_read);

/**
 * procsrv_clock_frequency() - what does the clock go by?
 * @clock: the clock
 *
 * Return: the frequency of the counter in Hz, or 0 if the clock goes by
 * CLOCK_MONOTONIC. If it is not 0, no earlier reading went by CLOCK_MONOTONIC.
 */
u64 procsrv_clock_frequency(const struct procsrv_clock *clock)
{
	return atomic64_read(&clock->offset) == COUNTING ? clock->frequency : 0;
}
EXPORT_SYMBOL_PROCSRV(procsrv_clock_frequency);
