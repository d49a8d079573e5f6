// SPDX-License-Identifier: GPL-2.0-only
/*
 * procsrv selftests - the server's clock
 */
#include "fixture.h"

TEST_F(procsrv, every_field)
{
	struct procsrv_time_args time;

	ASSERT_EQ(0, get_time(self->fd, &time));
	EXPECT_NE(0, time.time);
	EXPECT_NE(PATTERN64, time.time);
	EXPECT_EQ(0, time.flags);
	ASSERT_GE(PROCSRV_CLOCK_MONOTONIC, time.source);
	EXPECT_NE(PATTERN64, time.cycles);
	if (time.source == PROCSRV_CLOCK_CYCLES) {
		EXPECT_NE(0, time.cycles);
		/* No counter is slower than 1 MHz or faster than 100 GHz. */
		EXPECT_LT(1000000, time.frequency);
		EXPECT_GT(100000000000ULL, time.frequency);
	} else {
		EXPECT_EQ(0, time.frequency);
	}
}

/*
 * The counter as read by the program, or 0 if the kernel has none. That of
 * s390x has an offset that only the kernel knows, so it is read through the
 * device.
 */
static __u64 own_cycles(int fd)
{
#if __has_builtin(__builtin_ia32_rdtsc)
	char line[256];
	bool uml = false;
	FILE *f = fopen("/proc/cpuinfo", "r");

	while (f && fgets(line, sizeof(line), f))
		if (strstr(line, "User Mode Linux"))
			uml = true;
	if (f)
		fclose(f);
	return uml ? 0 : __builtin_ia32_rdtsc();
#elif defined(__aarch64__)
	__u64 count;

	asm volatile("isb; mrs %0, cntvct_el0" : "=r" (count));
	return count;
#elif defined(__s390x__)
	struct procsrv_time_args time;

	return get_time(fd, &time) ? 0 : time.cycles;
#else
	return 0;
#endif
}

/*
 * The counter is recorded even if it is not the clock source. The test stays on
 * one processor, as counters of several processors need not agree.
 */
TEST_F(procsrv, raw_cycles)
{
	struct procsrv_time_args time;
	struct procsrv_info info;
	__u64 pid, before, after;
	cpu_set_t one;

	if (!own_cycles(self->fd)) {
		ASSERT_EQ(0, get_time(self->fd, &time));
		EXPECT_EQ(PROCSRV_CLOCK_MONOTONIC, time.source);
		return;
	}
	CPU_ZERO(&one);
	CPU_SET(sched_getcpu(), &one);
	ASSERT_EQ(0, sched_setaffinity(0, sizeof(one), &one));
	before = own_cycles(self->fd);
	ASSERT_EQ(0, create(self->fd, self->root, &pid));
	ASSERT_EQ(0, get_time(self->fd, &time));
	after = own_cycles(self->fd);
	ASSERT_EQ(0, get_info(self->fd, pid, &info));
	EXPECT_LE(before, info.start_cycles);
	EXPECT_LE(info.start_cycles, time.cycles);
	EXPECT_GE(after, time.cycles);
}

/* A second of the clock is a second, to within a percent. */
TEST_F(procsrv, rate)
{
	struct reading begin, end;

	ASSERT_EQ(0, read_clock(self->fd, &begin));
	pause_ns(1000ULL * MSEC);
	ASSERT_EQ(0, read_clock(self->fd, &end));
	EXPECT_LE(least(&begin, &end), passed(&begin, &end));
	EXPECT_GE(most(&begin, &end), passed(&begin, &end));
	/* The kernel may begin to distrust the counter, but not to trust it. */
	EXPECT_LE(begin.clock.source, end.clock.source);
	/* The raw counter, its frequency and the time are consistent. */
	if (end.clock.source == PROCSRV_CLOCK_CYCLES) {
		__u64 us = (end.clock.cycles - begin.clock.cycles) *
			   1000000.0L / end.clock.frequency;

		EXPECT_EQ(begin.clock.frequency, end.clock.frequency);
		EXPECT_LE(us, passed(&begin, &end) / 1000 + us / 1000 + 2);
		EXPECT_GE(us + us / 1000 + 2, passed(&begin, &end) / 1000);
	}
}

/* Threads pass the time to each other. A later reading is not lower. */
struct reader {
	pthread_t thread;
	int fd;
	__u64 *shared;
	bool backwards;
	int err;
};

static void *reader_run(void *data)
{
	struct reader *r = data;
	struct procsrv_time_args time;
	__u64 seen;
	int i;

	for (i = 0; i < 20000; i++) {
		seen = __atomic_load_n(r->shared, __ATOMIC_SEQ_CST);
		r->err |= get_time(r->fd, &time);
		if (time.time < seen)
			r->backwards = true;
		/*
		 * Fails if the other thread was faster, and has stored a later
		 * time.
		 */
		__atomic_compare_exchange_n(r->shared, &seen, time.time, false,
					    __ATOMIC_SEQ_CST, __ATOMIC_SEQ_CST);
	}
	return NULL;
}

TEST_F(procsrv, never_backwards)
{
	struct reader readers[4] = {};
	__u64 shared = 0;
	int i;

	for (i = 0; i < 4; i++) {
		readers[i].fd = self->fd;
		readers[i].shared = &shared;
		ASSERT_EQ(0, pthread_create(&readers[i].thread, NULL,
					    reader_run, &readers[i]));
	}
	for (i = 0; i < 4; i++) {
		pthread_join(readers[i].thread, NULL);
		EXPECT_EQ(0, readers[i].err);
		EXPECT_FALSE(readers[i].backwards);
	}
	EXPECT_NE(0, shared);
}

/* Start times of processes are read from the clock. */
TEST_F(procsrv, stamps)
{
	struct procsrv_time_args before, after;
	struct procsrv_info info;
	__u64 pid;
	int i;

	for (i = 0; i < 100; i++) {
		ASSERT_EQ(0, get_time(self->fd, &before));
		ASSERT_EQ(0, create(self->fd, self->root, &pid));
		ASSERT_EQ(0, get_time(self->fd, &after));
		ASSERT_EQ(0, get_info(self->fd, pid, &info));
		EXPECT_LE(before.time, info.start_time);
		EXPECT_GE(after.time, info.start_time);
		ASSERT_EQ(0, terminate(self->fd, pid, 0, 0));
		ASSERT_EQ(0, reap(self->fd, self->root, pid));
	}
	if (after.source == PROCSRV_CLOCK_CYCLES)
		EXPECT_NE(0, info.start_cycles);
}

struct creator {
	pthread_t thread;
	int fd;
	__u64 root;
	int err;
};

static void *creator_run(void *data)
{
	struct creator *c = data;
	__u64 pid;
	int i;

	for (i = 0; i < 500; i++)
		c->err |= create(c->fd, c->root, &pid);
	return NULL;
}

/* A process with a higher pid was not created earlier. */
TEST_F(procsrv, stamps_ascend_with_pids)
{
	struct creator creators[4] = {};
	struct procsrv_info info;
	__u64 pids[64], cursor = self->root, last = 0;
	int i, n;

	for (i = 0; i < 4; i++) {
		creators[i].fd = self->fd;
		creators[i].root = self->root;
		ASSERT_EQ(0, pthread_create(&creators[i].thread, NULL,
					    creator_run, &creators[i]));
	}
	for (i = 0; i < 4; i++) {
		pthread_join(creators[i].thread, NULL);
		EXPECT_EQ(0, creators[i].err);
	}
	do {
		n = list_pids(self->fd, PROCSRV_LIST_ALL, 0, &cursor, pids,
			      ARRAY_SIZE(pids));
		for (i = 0; i < n; i++) {
			ASSERT_EQ(0, get_info(self->fd, pids[i], &info));
			ASSERT_LE(last, info.start_time);
			last = info.start_time;
		}
	} while (n == ARRAY_SIZE(pids));
}

TEST_HARNESS_MAIN
