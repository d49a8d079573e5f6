// SPDX-License-Identifier: GPL-2.0-only
/*
 * Counting instructions, and printing the results
 */
#include <stdio.h>
#include <stdlib.h>

#include "count.h"

#define UNIT "instructions"

__u32 processes = 1000;
__u32 repeats = 101;

/**
 * die() - end with a message
 * @what: what failed; the message includes errno
 */
void die(const char *what)
{
	perror(what);
	exit(1);
}

struct samples ours, theirs;
static __u64 begun;

/* Instructions that counting itself takes. */
static __u64 overhead;

static __u64 counter(void)
{
	__u32 low, high;

	asm volatile("lfence; rdtsc" : "=a" (low), "=d" (high) : : "memory");
	return low | (__u64)high << 32;
}

/**
 * begin() - begin to count
 */
void begin(void)
{
	begun = counter();
}

/**
 * elapsed() - count until here
 *
 * Return: instructions since begin().
 */
__u64 elapsed(void)
{
	__u64 n = counter() - begun;

	return n < overhead ? 0 : n - overhead;
}

/**
 * sample_add() - store a count
 * @s: where to store it
 * @counted: instructions
 * @times: number of operations
 */
void sample_add(struct samples *s, __u64 counted, __u64 times)
{
	if (s->n < MAX_REPEATS)
		s->value[s->n++] = counted / times;
}

/**
 * end() - count until here, and store the count
 * @s: where to store it
 * @times: number of operations
 */
void end(struct samples *s, __u64 times)
{
	sample_add(s, elapsed(), times);
}

static int value_cmp(const void *a, const void *b)
{
	__u64 x = *(const __u64 *)a, y = *(const __u64 *)b;

	return x < y ? -1 : x > y;
}

static __u64 median(struct samples *s)
{
	qsort(s->value, s->n, sizeof(s->value[0]), value_cmp);
	return s->value[s->n / 2];
}

/**
 * report() - print a measurement, and empty its samples
 * @test: the kind of measurement
 * @what: its name
 * @s: its samples
 */
void report(const char *test, const char *what, struct samples *s)
{
	__u64 middle = median(s);

	printf("{\"test\": \"%s\", \"what\": \"%s\", \"live\": %u, \"unit\": \"%s\", \"n\": %u, ",
	       test, what, processes, UNIT, s->n);
	printf("\"median\": %llu, \"min\": %llu, \"max\": %llu}\n",
	       (unsigned long long)middle, (unsigned long long)s->value[0],
	       (unsigned long long)s->value[s->n - 1]);
	fflush(stdout);
	s->n = 0;
}

/**
 * measure_overhead() - measure what counting itself takes
 */
void measure_overhead(void)
{
	__u32 i;

	for (i = 0; i < repeats; i++) {
		begin();
		end(&ours, 1);
	}
	overhead = median(&ours);
	ours.n = 0;
}
