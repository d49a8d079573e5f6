// SPDX-License-Identifier: GPL-2.0-only
/*
 * Readers on two processors, with and without a writer
 */
#include <linux/cpumask.h>
#include <linux/delay.h>
#include <linux/err.h>
#include <linux/hrtimer.h>
#include <linux/ktime.h>
#include <linux/sched/signal.h>
#include <linux/slab.h>
#include <linux/string.h>

#include "bench.h"

enum {
	MAX_READERS = 2,
	CPUS = 2,
	PHASE_MS = 100,

	/* The constant rate of the writer: 100,000 cycles per second. */
	WRITE_PERIOD_US = 1000,
	WRITE_BURST = 100,
};

/**
 * enum reader_phase - the threads that run
 * @ONE: one reader, half of the time on one processor, then on the other
 * @TWO: two readers, each on a processor of its own
 * @ONE_AND_WRITER: as @ONE, and a writer on any processor
 * @TWO_AND_WRITER: as @TWO, and a writer on any processor
 * @NR_PHASES: number of phases
 */
enum reader_phase {
	ONE,
	TWO,
	ONE_AND_WRITER,
	TWO_AND_WRITER,
	NR_PHASES,
};

static const char *const phase_names[NR_PHASES] = {
	[ONE] = "one reader",
	[TWO] = "two readers",
	[ONE_AND_WRITER] = "one reader and a writer",
	[TWO_AND_WRITER] = "two readers and a writer",
};

/**
 * struct team - the threads of a phase
 * @reader: each bound to a processor of its own
 * @writer: not bound
 */
struct team {
	struct worker reader[MAX_READERS];
	struct worker writer;
};

/**
 * struct tally - results of the rounds
 * @look: look-ups per second, all readers together
 * @ratio: @look relative to that of one reader in the same round
 * @write: cycles of create, terminate and wait per second
 */
struct tally {
	struct samples look[NR_PHASES];
	struct samples ratio[NR_PHASES];
	struct samples write;
};

/* A late burst is followed by the next one without a pause. */
static int work_write(struct worker *w)
{
	ktime_t next;
	int err = 0;
	int i;

	w->next = w->next ?: ktime_get_ns();
	for (i = 0; !err && i < WRITE_BURST; i++)
		err = herd_cycle(w->h, w->h->leader);
	w->next += WRITE_PERIOD_US * NSEC_PER_USEC;
	next = ns_to_ktime(w->next);
	if (ktime_before(ktime_get(), next)) {
		set_current_state(TASK_INTERRUPTIBLE);
		schedule_hrtimeout(&next, HRTIMER_MODE_ABS);
	}
	return err;
}

static int nr_readers(enum reader_phase phase)
{
	return phase == TWO || phase == TWO_AND_WRITER ? MAX_READERS : 1;
}

static int start(struct team *t, enum reader_phase phase, struct herd *h, int cpu)
{
	int err = 0;
	int i;

	memset(t, 0, sizeof(*t));
	for (i = 0; !err && i < nr_readers(phase); i++) {
		t->reader[i].fn = work_look;
		t->reader[i].h = h;
		t->reader[i].seed = 12345 + i;
		err = worker_start(&t->reader[i], (cpu + i) % CPUS);
	}
	if (!err && phase >= ONE_AND_WRITER) {
		t->writer.fn = work_write;
		t->writer.h = h;
		err = worker_start(&t->writer, -1);
	}
	return err;
}

static int stop(struct team *t)
{
	int err, i;

	err = worker_stop(&t->writer);
	for (i = 0; i < MAX_READERS; i++)
		err = worker_stop(&t->reader[i]) ?: err;
	return err;
}

/* Calls per second. */
static u64 pace(const struct worker *w)
{
	return w->elapsed ? div64_u64(w->done * NSEC_PER_SEC, w->elapsed) : 0;
}

/* Runs a phase twice, with the readers on the processors in either order. */
static int run_phase(struct tally *tally, struct team *t, enum reader_phase phase,
		     struct herd *h, u64 *one)
{
	u64 sum = 0, writes = 0;
	int err, cpu, i;

	for (cpu = 0; cpu < CPUS; cpu++) {
		err = start(t, phase, h, cpu);
		if (!err)
			msleep(PHASE_MS);
		err = stop(t) ?: err;
		if (err)
			return err;
		for (i = 0; i < MAX_READERS; i++)
			sum += pace(&t->reader[i]);
		writes += pace(&t->writer) * WRITE_BURST;
	}
	if (phase == ONE)
		*one = sum;
	sample_add(&tally->look[phase], sum, CPUS);
	sample_add(&tally->ratio[phase], sum, *one);
	if (phase == TWO_AND_WRITER)
		sample_add(&tally->write, writes, CPUS);
	return 0;
}

static int run_rounds(struct tally *tally, struct team *t, struct herd *h)
{
	enum reader_phase phase;
	u64 one = 0;
	u32 round;
	int err;

	for (round = 0; round < bench_rounds; round++) {
		for (phase = 0; phase < NR_PHASES; phase++) {
			err = run_phase(tally, t, phase, h, &one);
			if (err)
				return err;
			if (fatal_signal_pending(current))
				return -EINTR;
		}
	}
	return 0;
}

static void report_tally(struct tally *tally)
{
	enum reader_phase phase;

	for (phase = 0; phase < NR_PHASES; phase++) {
		report("look-ups", phase_names[phase], bench_readers_live,
		       "per s", &tally->look[phase]);
		report("look-ups, to one reader", phase_names[phase],
		       bench_readers_live, "times", &tally->ratio[phase]);
	}
	report("create+terminate+wait beside readers", "writer",
	       bench_readers_live, "per s", &tally->write);
}

/**
 * bench_readers() - measure how readers and a writer slow each other down
 *
 * Return: 0 or an error.
 */
int bench_readers(void)
{
	struct tally *tally;
	struct team *team;
	struct herd *h;
	int err = -ENOMEM;

	if (num_online_cpus() < MAX_READERS)
		return -ENODEV;
	h = herd_new(FAMILY, max(bench_readers_live, 1u), false);
	if (IS_ERR(h))
		return PTR_ERR(h);
	tally = kzalloc(sizeof(*tally), GFP_KERNEL);
	team = kzalloc(sizeof(*team), GFP_KERNEL);
	if (tally && team)
		err = run_rounds(tally, team, h);
	if (!err)
		report_tally(tally);
	kfree(team);
	kfree(tally);
	herd_free(h);
	return err;
}
