/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Counting the instructions of system calls, and the measurements
 */
#ifndef PROCSRV_BENCH_COUNT_H
#define PROCSRV_BENCH_COUNT_H

#include <linux/types.h>
#include <stddef.h>

enum {
	MAX_REPEATS = 10001,
};

/**
 * struct samples - counts of a measurement
 * @n: number of counts
 * @value: instructions per operation
 */
struct samples {
	__u32 n;
	__u64 value[MAX_REPEATS];
};

/* Samples of two things measured in turn. Empty between measurements. */
extern struct samples ours, theirs;

extern __u32 processes;
extern __u32 repeats;

void die(const char *what);
void begin(void);
__u64 elapsed(void);
void sample_add(struct samples *s, __u64 counted, __u64 times);
void end(struct samples *s, __u64 times);
void report(const char *test, const char *what, struct samples *s);
void measure_overhead(void);

/* The server (ioctls.c). */
void open_server(void);
void measure_ioctls(void);
size_t list_all(void);

/* Linux itself (linux.c). */
void measure_linux(void);
void measure_ps(void);

#endif /* PROCSRV_BENCH_COUNT_H */
