// SPDX-License-Identifier: GPL-2.0-only
/*
 * Time: microseconds from the cycle counter, by its measured frequency
 */
#include <linux/delay.h>
#include <linux/math64.h>
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
};

/**
 * struct sample - one moment on two clocks
 * @cycles: the counter
 * @ns: the kernel's raw monotonic clock
 */
struct sample {
	u64 cycles;
	u64 ns;
};

/*
 * An interrupt, or a hypervisor, may come between the two readings: the
 * attempt that took the fewest cycles is the one to believe.
 */
static struct sample take_sample(u64 (*cycles)(void))
{
	struct sample best = {};
	u64 shortest = U64_MAX;
	int i;

	for (i = 0; i < SAMPLE_TRIES; i++) {
		u64 before = cycles();
		u64 ns = ktime_get_raw_ns();
		u64 took = cycles() - before;

		if (took < shortest) {
			shortest = took;
			best.cycles = before + took / 2;
			best.ns = ns;
		}
	}
	return best;
}

/* In Hz, or 0 for a counter that does not count. */
static u64 measure_frequency(u64 (*cycles)(void))
{
	struct sample begin = take_sample(cycles);
	struct sample end;

	if (!begin.cycles)
		return 0;
	msleep(MEASURE_MS);
	end = take_sample(cycles);
	if (end.cycles <= begin.cycles || end.ns <= begin.ns)
		return 0;
	return mul_u64_u64_div_u64(end.cycles - begin.cycles, NSEC_PER_SEC,
				   end.ns - begin.ns);
}

/**
 * procsrv_clock_tsc() - the machine's cycle counter
 *
 * Return: get_cycles(), which is 0 where there is no such counter.
 */
u64 procsrv_clock_tsc(void)
{
	return get_cycles();
}
EXPORT_SYMBOL_PROCSRV(procsrv_clock_tsc);

/**
 * procsrv_clock_init() - make a clock from a cycle counter
 * @clock: the clock
 * @cycles: reads the counter
 *
 * Measures the frequency of the counter against the kernel's clock. Where it
 * reads 0 or does not count, the clock is CLOCK_MONOTONIC.
 *
 * Context: sleeps for 50 ms, unless the counter reads 0.
 */
void procsrv_clock_init(struct procsrv_clock *clock, u64 (*cycles)(void))
{
	clock->cycles = cycles;
	clock->frequency = measure_frequency(cycles);
	clock->mult = 0;
	if (clock->frequency)
		clock->mult = div64_u64((u64)USEC_PER_SEC << CLOCK_SHIFT,
					clock->frequency);
	atomic64_set(&clock->last, 0);
}
EXPORT_SYMBOL_PROCSRV(procsrv_clock_init);

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

/**
 * procsrv_clock_read() - what time is it?
 * @clock: the clock
 * @cycles: where to store the counter; 0 if there is none
 *
 * Return: microseconds; never less than what any earlier call returned.
 */
u64 procsrv_clock_read(struct procsrv_clock *clock, u64 *cycles)
{
	u64 now;

	if (clock->frequency) {
		*cycles = clock->cycles();
		now = mul_u64_u64_shr(*cycles, clock->mult, CLOCK_SHIFT);
	} else {
		*cycles = 0;
		now = ktime_to_us(ktime_get());
	}
	return never_backwards(clock, now);
}
EXPORT_SYMBOL_PROCSRV(procsrv_clock_read);
