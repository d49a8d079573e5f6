/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Declarations shared by the measurements
 *
 * Each measurement has servers of its own, calls the functions that procsrv.ko
 * exports, and adds its results to a list of JSON objects, one per line.
 */
#ifndef PROCSRV_BENCH_H
#define PROCSRV_BENCH_H

#include <linux/sched.h>

#include "../procsrv.h"

enum {
	BENCH_MAX_ROUNDS = 32,
	BENCH_UID = 1000,
	BENCH_GID = 1000,

	/* One in this many processes is in the group that is signalled. */
	BENCH_GROUP_SHARE = 16,
};

/**
 * enum herd_shape - how the processes of a server are related
 * @FAMILY: all are children of one process, which leads their session
 * @CHAIN: each is the child of the one before
 * @NR_SHAPES: number of shapes
 */
enum herd_shape {
	FAMILY,
	CHAIN,
	NR_SHAPES,
};

/* Module parameters (main.c). */
extern unsigned int bench_rounds;
extern unsigned int bench_sizes[];
extern unsigned int bench_nr_sizes;
extern unsigned int bench_bulk;
extern unsigned int bench_live;
extern unsigned int bench_readers_live;
extern bool bench_cycles;
extern char *bench_holds_of;

/*
 * Time, and results (results.c)
 */

/**
 * struct samples - the rounds of a measurement
 * @n: number of rounds
 * @value: result of each round, in thousandths of the unit
 */
struct samples {
	u32 n;
	u64 value[BENCH_MAX_ROUNDS];
};

enum {
	/* Buckets per power of two: neighbours are 6% apart. */
	HISTOGRAM_FINE = 16,
	HISTOGRAM_BUCKETS = 48 * HISTOGRAM_FINE,
};

/**
 * struct histogram - durations of an operation
 * @n: number of durations
 * @longest: the longest duration
 * @bucket: number of durations in the range of each bucket
 */
struct histogram {
	u64 n;
	u64 longest;
	u32 bucket[HISTOGRAM_BUCKETS];
};

/*
 * Let other tasks run. cond_resched() does nothing in a preemptible kernel, and
 * User Mode Linux does not preempt on return from an interrupt.
 */
static inline void bench_relax(void)
{
	if (need_resched())
		schedule();
}

u64 bench_now(void);
const char *bench_unit(void);
void sample_add(struct samples *s, u64 elapsed, u64 count);
void histogram_add(struct histogram *h, u64 elapsed);
u64 histogram_usual(const struct histogram *h);

int results_init(void);
void results_exit(void);
void results_clear(void);
ssize_t results_read(char __user *buf, size_t len, loff_t *pos);
void report(const char *test, const char *what, u64 live, const char *unit,
	    struct samples *s);
void report_histogram(const char *test, const char *what, const char *by,
		      u64 live, const struct histogram *h);

/*
 * Servers with many processes (herd.c)
 */

/**
 * struct herd - a server with many processes that are alike
 * @clock: its clock
 * @ps: the server
 * @shape: how they are related
 * @image: shared by all processes, or NULL: each has one of its own
 * @leader: pid of the session leader
 * @first: the lowest pid of the others
 * @live: number of the others; their pids have no gaps
 * @elapsed: time that it took to create them
 * @sid: their session
 * @pgid: the process group that herd_split() made
 * @nr_members: number of processes in @pgid
 */
struct herd {
	struct procsrv_clock clock;
	struct procsrv *ps;
	enum herd_shape shape;
	struct procsrv_image *image;
	u64 leader;
	u64 first;
	u64 live;
	u64 elapsed;
	u32 sid;
	u32 pgid;
	u32 nr_members;
};

extern const char *const shape_names[NR_SHAPES];

struct herd *herd_new(enum herd_shape shape, u64 live, bool share_image);
void herd_free(struct herd *h);
int herd_split(struct herd *h);
int herd_add(struct herd *h, u64 parent, u64 *pid);
int herd_add_children(struct herd *h, u64 parent, u64 n);
int herd_reap(struct herd *h, u64 parent, u64 pid);
int herd_cycle(struct herd *h, u64 parent);
int herd_look(struct herd *h, u64 pid);
int herd_update(struct herd *h, u64 pid);
u64 herd_random(const struct herd *h, u64 *seed);

/*
 * Readers and waiters beside a change (load.c)
 */

struct load;

struct load *load_new(struct procsrv *ps, u64 parent, u64 nr, u32 pgid,
		      u32 what);
void load_free(struct load *l);

/*
 * Worker threads (threads.c)
 */

/**
 * struct worker - a kernel thread that repeats an operation
 * @fn: does the operation once; an error ends the thread's work
 * @h: the server to work on
 * @seed: seed of its random numbers
 * @next: for @fn: time of its next burst
 * @timed: measure each call of @fn
 * @hist: where to record the durations, or NULL; changed while the thread runs
 * @err: the error that ended it
 * @done: number of calls of @fn
 * @elapsed: time that @done calls took
 * @task: the thread
 */
struct worker {
	int (*fn)(struct worker *w);
	struct herd *h;
	u64 seed;
	u64 next;
	bool timed;
	struct histogram *hist;
	int err;
	u64 done;
	u64 elapsed;
	struct task_struct *task;
};

int worker_start(struct worker *w, int cpu);
int worker_stop(struct worker *w);
int work_look(struct worker *w);
int work_update(struct worker *w);

/*
 * The measurements return 0, -EINTR if the caller was killed, or another error
 */

int bench_growth(void);
int bench_bulk_operations(void);
int bench_readers(void);
int bench_waits(void);
int bench_memory(void);
int bench_holds(void);
int bench_loaded_holds(void);

/* The device that does nothing (device.c). */
int device_init(void);
void device_exit(void);

#endif /* PROCSRV_BENCH_H */
