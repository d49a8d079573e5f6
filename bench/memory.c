// SPDX-License-Identifier: GPL-2.0-only
/*
 * Bytes of memory per process
 *
 * Two counts are read before and after the creation of many processes: pages of
 * the slab allocator, and free pages. The second includes all memory, but also
 * what the rest of the system allocates meanwhile. The processes share one
 * image, so that their strings do not count.
 */
#include <linux/err.h>
#include <linux/mm.h>
#include <linux/mmzone.h>
#include <linux/rcupdate.h>
#include <linux/sched/signal.h>
#include <linux/vmstat.h>

#include "../core/objects.h"
#include "bench.h"

/**
 * struct account - bytes of memory in use
 * @slab: used by the slab allocator
 * @all: not free
 */
struct account {
	s64 slab;
	s64 all;
};

static void take(struct account *a)
{
	struct sysinfo info;

	si_meminfo(&info);
	a->all = -(s64)info.freeram * PAGE_SIZE;
	a->slab = global_node_page_state_pages(NR_SLAB_RECLAIMABLE_B);
	a->slab += global_node_page_state_pages(NR_SLAB_UNRECLAIMABLE_B);
	a->slab *= PAGE_SIZE;
}

static int measure(struct herd **h, struct samples *slab, struct samples *all)
{
	struct account before, after;

	take(&before);
	*h = herd_new(FAMILY, bench_bulk, true);
	if (IS_ERR(*h))
		return PTR_ERR(*h);
	take(&after);
	sample_add(slab, max(after.slab - before.slab, 0LL), bench_bulk);
	sample_add(all, max(after.all - before.all, 0LL), bench_bulk);
	return fatal_signal_pending(current) ? -EINTR : 0;
}

/* Memory may be freed with a delay, so nothing is freed before the end. */
static int measure_all(struct samples *slab, struct samples *all)
{
	struct herd *herds[BENCH_MAX_ROUNDS] = {};
	u32 round, i;
	int err = 0;

	rcu_barrier();
	for (round = 0; !err && round < bench_rounds; round++)
		err = measure(&herds[round], slab, all);
	for (i = 0; i < round; i++) {
		if (!IS_ERR(herds[i]))
			herd_free(herds[i]);
	}
	return err;
}

/**
 * bench_memory() - measure the memory that processes take
 *
 * Return: 0 or an error.
 */
int bench_memory(void)
{
	struct samples slab = {}, all = {};
	int err;

	err = measure_all(&slab, &all);
	if (err)
		return err;
	report("memory, by process", "slab", bench_bulk, "bytes", &slab);
	report("memory, by process", "all", bench_bulk, "bytes", &all);
	report("memory, by process", "struct procsrv_process", 1, "bytes",
	       &(struct samples) {
			.n = 1,
			.value = { sizeof(struct procsrv_process) * 1000 },
	       });
	return 0;
}
