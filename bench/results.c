// SPDX-License-Identifier: GPL-2.0-only
/*
 * Time, and results
 */
#define pr_fmt(fmt) KBUILD_MODNAME ": " fmt

#include <linux/bitops.h>
#include <linux/delay.h>
#include <linux/fs.h>
#include <linux/math64.h>
#include <linux/mutex.h>
#include <linux/seq_buf.h>
#include <linux/sort.h>
#include <linux/string.h>
#include <linux/timekeeping.h>
#include <linux/timex.h>
#include <linux/vmalloc.h>

#include "bench.h"

enum {
	RESULTS_SIZE = 1024 * 1024,
	MILLI = 1000,
};

enum {
	CALIBRATE_MS = 50,
	SHIFT = 32,
};

/* Nanoseconds per cycle, times 2^SHIFT. */
static u64 mult;

static char *text;
static struct seq_buf results;
static DEFINE_MUTEX(results_lock);

/*
 * Reading the clock of User Mode Linux is a system call on the host, which
 * takes as long as the measured operations. The cycle counter of the host's
 * processor can be read directly.
 */
static u64 read_counter(void)
{
#if defined(CONFIG_X86) || defined(CONFIG_UML_X86)
	u32 low, high;

	asm volatile("lfence; rdtsc" : "=a" (low), "=d" (high) : : "memory");
	return low | (u64)high << 32;
#else
	return get_cycles();
#endif
}

static void calibrate(void)
{
	u64 ns = ktime_get_ns(), cycles = read_counter();

	msleep(CALIBRATE_MS);
	ns = ktime_get_ns() - ns;
	cycles = read_counter() - cycles;
	mult = div64_u64(ns << SHIFT, max(cycles, 1ULL));
}

/**
 * bench_now() - read the clock of the measurements
 *
 * Return: nanoseconds or, with the parameter cycles, cycles.
 */
u64 bench_now(void)
{
	u64 cycles = read_counter();

	return bench_cycles ? cycles : mul_u64_u64_shr(cycles, mult, SHIFT);
}

/**
 * bench_unit() - the unit of bench_now()
 *
 * Return: its name.
 */
const char *bench_unit(void)
{
	return bench_cycles ? "cycles" : "ns";
}

/**
 * sample_add() - add a round to a measurement
 * @s: the measurement; rounds that do not fit are dropped
 * @elapsed: duration of the round
 * @count: number of operations in the round
 */
void sample_add(struct samples *s, u64 elapsed, u64 count)
{
	if (s->n < BENCH_MAX_ROUNDS)
		s->value[s->n++] = div64_u64(elapsed * MILLI, max(count, 1ULL));
}

/*
 * The bucket depends on the top bits of a value, and on the number of bits
 * below.
 */
static u32 bucket_of(u64 value)
{
	u32 shift;

	if (value < HISTOGRAM_FINE)
		return value;
	shift = fls64(value) - fls(HISTOGRAM_FINE);
	return min_t(u32, HISTOGRAM_BUCKETS - 1,
		     shift * HISTOGRAM_FINE + (value >> shift));
}

/* The highest value in a bucket. */
static u64 bucket_end(u32 bucket)
{
	u32 shift = bucket / HISTOGRAM_FINE;
	u64 top = bucket % HISTOGRAM_FINE;

	if (!shift)
		return top;
	return ((top + HISTOGRAM_FINE + 1) << (shift - 1)) - 1;
}

/**
 * histogram_add() - record a duration
 * @h: the histogram
 * @elapsed: the duration
 */
void histogram_add(struct histogram *h, u64 elapsed)
{
	h->n++;
	h->longest = max(h->longest, elapsed);
	h->bucket[bucket_of(elapsed)]++;
}

/* The quantile that one in @rest durations exceeds. */
static u64 all_but(const struct histogram *h, u32 rest)
{
	u64 above = div_u64(h->n, rest);
	u64 n = 0;
	u32 i;

	for (i = HISTOGRAM_BUCKETS; i-- > 0;) {
		n += h->bucket[i];
		if (n > above)
			return min(bucket_end(i), h->longest);
	}
	return 0;
}

/**
 * histogram_usual() - the median
 * @h: the histogram
 *
 * Return: the median duration.
 */
u64 histogram_usual(const struct histogram *h)
{
	return all_but(h, 2);
}

/**
 * results_init() - allocate the list of results, and calibrate the clock
 *
 * Context: sleeps for 50 ms.
 * Return: 0 or -ENOMEM.
 */
int results_init(void)
{
	calibrate();
	text = vmalloc(RESULTS_SIZE);
	if (!text)
		return -ENOMEM;
	seq_buf_init(&results, text, RESULTS_SIZE);
	return 0;
}

/**
 * results_exit() - undo results_init()
 */
void results_exit(void)
{
	vfree(text);
}

/**
 * results_clear() - empty the list of results
 */
void results_clear(void)
{
	mutex_lock(&results_lock);
	seq_buf_clear(&results);
	mutex_unlock(&results_lock);
}

/**
 * results_read() - read from the file of the results
 * @buf: user buffer
 * @len: size of @buf
 * @pos: position in the file
 *
 * Return: number of bytes read, or an error.
 */
ssize_t results_read(char __user *buf, size_t len, loff_t *pos)
{
	ssize_t n;

	mutex_lock(&results_lock);
	n = simple_read_from_buffer(buf, len, pos, text,
				    seq_buf_used(&results));
	mutex_unlock(&results_lock);
	return n;
}

static int value_cmp(const void *a, const void *b)
{
	u64 x = *(const u64 *)a, y = *(const u64 *)b;

	return x < y ? -1 : x > y;
}

static void print_value(const char *key, u64 value)
{
	seq_buf_printf(&results, "%s%llu.%03llu", key, value / MILLI,
		       value % MILLI);
}

/**
 * report() - add a measurement to the results
 * @test: its name
 * @what: the shape or the case
 * @live: number of processes
 * @unit: unit of the values
 * @s: its rounds; report() sorts them
 */
void report(const char *test, const char *what, u64 live, const char *unit,
	    struct samples *s)
{
	u64 median;
	u32 i;

	if (!s->n)
		return;
	sort(s->value, s->n, sizeof(s->value[0]), value_cmp, NULL);
	median = (s->value[(s->n - 1) / 2] + s->value[s->n / 2]) / 2;
	pr_info("%s %s %llu: %llu.%03llu %s\n", test, what, live,
		median / MILLI, median % MILLI, unit);

	mutex_lock(&results_lock);
	seq_buf_printf(&results,
		       "{\"test\": \"%s\", \"what\": \"%s\", \"live\": %llu, \"unit\": \"%s\", \"n\": %u",
		       test, what, live, unit, s->n);
	print_value(", \"median\": ", median);
	print_value(", \"min\": ", s->value[0]);
	print_value(", \"max\": ", s->value[s->n - 1]);
	for (i = 0; i < s->n; i++)
		print_value(i ? ", " : ", \"values\": [", s->value[i]);
	seq_buf_printf(&results, "]}\n");
	mutex_unlock(&results_lock);
}

/**
 * report_histogram() - add a histogram to the results
 * @test: the name of the measurement
 * @what: what happened meanwhile
 * @by: the operation that was measured
 * @live: number of processes
 * @h: its durations
 */
void report_histogram(const char *test, const char *what, const char *by,
		      u64 live, const struct histogram *h)
{
	u64 half = histogram_usual(h), p99 = all_but(h, 100);
	u64 p999 = all_but(h, 1000), p9999 = all_but(h, 10000);

	pr_info("%s %s %s %llu: %llu times, 50%% %llu, 99%% %llu, 99.9%% %llu, 99.99%% %llu, longest %llu %s\n",
		test, what, by, live, h->n, half, p99, p999, p9999, h->longest,
		bench_unit());

	mutex_lock(&results_lock);
	seq_buf_printf(&results,
		       "{\"test\": \"%s\", \"what\": \"%s\", \"by\": \"%s\", \"live\": %llu, \"unit\": \"%s\", \"n\": %llu, ",
		       test, what, by, live, bench_unit(), h->n);
	seq_buf_printf(&results,
		       "\"p50\": %llu, \"p99\": %llu, \"p99.9\": %llu, \"p99.99\": %llu, \"max\": %llu}\n",
		       half, p99, p999, p9999, h->longest);
	mutex_unlock(&results_lock);
}
