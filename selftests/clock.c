// SPDX-License-Identifier: GPL-2.0-only
/*
 * procsrv selftests - the server's clock
 */
#include "fixture.h"
#include "tasks.h"

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
static long pass_time(struct task *task)
{
	__u64 *shared = task->data, seen;
	struct procsrv_time_args time;
	int i;

	for (i = 0; i < 20000; i++) {
		seen = __atomic_load_n(shared, __ATOMIC_SEQ_CST);
		if (get_time(task->fd, &time) || time.time < seen)
			return -EIO;
		/*
		 * Fails if another thread was faster, and has stored a later
		 * time.
		 */
		__atomic_compare_exchange_n(shared, &seen, time.time, false,
					    __ATOMIC_SEQ_CST, __ATOMIC_SEQ_CST);
	}
	return 0;
}

TEST_F(procsrv, never_backwards)
{
	struct task tasks[4];
	__u64 shared = 0;
	int i;

	for (i = 0; i < 4; i++)
		ASSERT_EQ(0, task_start(&tasks[i], self->fd, pass_time,
					&shared));
	for (i = 0; i < 4; i++)
		EXPECT_EQ(0, task_join(&tasks[i]));
	EXPECT_NE(0, shared);
}

TEST_HARNESS_MAIN
