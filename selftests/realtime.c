// SPDX-License-Identifier: GPL-2.0-only
/*
 * procsrv selftests - a realtime task reads what a preempted task changes
 *
 * With PREEMPT_RT a writer can be preempted in the middle of a change by a task
 * of a higher priority on the same processor. If that task looks the process up
 * then, it must let the writer run: if it spun, realtime throttling would stop
 * it only after most of a second. Otherwise a change cannot be preempted, and
 * the test cannot fail.
 */
#include "fixture.h"

enum {
	WAKE_UPS = 3000,	/* some dozens of them during a change */
	MAX_PAUSE_US = 500,

	/*
	 * Processor time, which does not include blocking. A paused virtual
	 * machine may cause a few long look-ups, but spinning would cause many.
	 */
	LONG_LOOK_NS = 300 * MSEC,
	MAX_LONG_LOOKS = 2,
};

struct writer {
	int fd;
	__u64 pid;
	bool stop;
	int err;
};

static int update_all(int fd, __u64 pid, __u64 value)
{
	struct procsrv_update_args args = {
		.pid = pid,
		.cpu_time = value,
		.memory_usage = value,
		.mask = PROCSRV_UPDATE_CPU_TIME | PROCSRV_UPDATE_MEMORY,
	};

	return call(fd, PROCSRV_IOC_UPDATE, &args);
}

static void *keep_writing(void *data)
{
	struct writer *w = data;
	__u64 n = 0;

	while (!w->err && !__atomic_load_n(&w->stop, __ATOMIC_RELAXED))
		w->err = update_all(w->fd, w->pid, ++n);
	return NULL;
}

/* All threads that are started from here on stay on one processor. */
static int stay_on_one_cpu(void)
{
	cpu_set_t set;
	int cpu;

	if (sched_getaffinity(0, sizeof(set), &set))
		return -errno;
	for (cpu = 0; !CPU_ISSET(cpu, &set);)
		cpu++;
	CPU_ZERO(&set);
	CPU_SET(cpu, &set);
	return sched_setaffinity(0, sizeof(set), &set) ? -errno : 0;
}

static int be_realtime(void)
{
	const struct sched_param param = { .sched_priority = 50 };

	return sched_setscheduler(0, SCHED_FIFO, &param) ? -errno : 0;
}

static __u64 cpu_time_ns(void)
{
	struct timespec ts;

	clock_gettime(CLOCK_THREAD_CPUTIME_ID, &ts);
	return ts.tv_sec * 1000000000ULL + ts.tv_nsec;
}

/* A torn look-up returns two different values. */
static int look_once(int fd, __u64 pid, __u64 *took)
{
	struct procsrv_info info;
	__u64 begin = cpu_time_ns();
	int ret = get_info(fd, pid, &info);

	*took = cpu_time_ns() - begin;
	return ret ?: info.cpu_time == info.memory_usage ? 0 : -EILSEQ;
}

TEST_F(procsrv, preempted_writer)
{
	struct writer writer = { .fd = self->fd };
	unsigned int seed = 1;
	__u64 took, longest = 0;
	int i, nr_long = 0;
	pthread_t thread;

	ASSERT_EQ(0, create(self->fd, self->root, &writer.pid));
	ASSERT_EQ(0, stay_on_one_cpu());
	ASSERT_EQ(0, pthread_create(&thread, NULL, keep_writing, &writer));
	EXPECT_EQ(0, be_realtime());
	for (i = 0; i < WAKE_UPS && nr_long <= MAX_LONG_LOOKS; i++) {
		pause_ns(1000 * (1 + rand_r(&seed) % MAX_PAUSE_US));
		EXPECT_EQ(0, look_once(self->fd, writer.pid, &took));
		nr_long += took > LONG_LOOK_NS;
		longest = took > longest ? took : longest;
	}
	__atomic_store_n(&writer.stop, true, __ATOMIC_RELAXED);
	pthread_join(thread, NULL);
	EXPECT_EQ(0, writer.err);
	EXPECT_LE(nr_long, MAX_LONG_LOOKS);
	TH_LOG("%d looks, the longest took %llu us of processor time", i,
	       longest / 1000);
}

TEST_HARNESS_MAIN
