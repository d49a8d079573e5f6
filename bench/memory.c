// SPDX-License-Identifier: GPL-2.0-only
/*
 * Bytes of memory per process
 *
 * Two accounts are read before and after many processes are created that have
 * one image together, so that their strings count for nothing: the pages that
 * the slab allocator has, and the pages that are free. The second has
 * everything in it, but also what the rest of the system does meanwhile.
 */
#include <linux/err.h>
#include <linux/mm.h>
#include <linux/mmzone.h>
#include <linux/sched/signal.h>
#include <linux/vmstat.h>

#include "bench.h"

/**
 * struct account - bytes of memory in use
 * @slab: by the slab allocator
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

static int measure(struct samples *slab, struct samples *all)
{
	struct account before, after;
	struct herd *h;

	take(&before);
	h = herd_new(FAMILY, bench_bulk, true);
	if (IS_ERR(h))
		return PTR_ERR(h);
	take(&after);
	sample_add(slab, max(after.slab - before.slab, 0LL), bench_bulk);
	sample_add(all, max(after.all - before.all, 0LL), bench_bulk);
	herd_free(h);
	return 0;
}

/**
 * bench_memory() - measure the memory that processes take
 *
 * Return: 0 or an error.
 */
int bench_memory(void)
{
	struct samples slab = {}, all = {};
	u32 round;
	int err;

	for (round = 0; round < bench_rounds; round++) {
		err = measure(&slab, &all);
		if (err)
			return err;
		if (fatal_signal_pending(current))
			return -EINTR;
	}
	report("memory, by process", "slab", bench_bulk, "bytes", &slab);
	report("memory, by process", "all", bench_bulk, "bytes", &all);
	report("memory, by process", "struct procsrv_process", 1, "bytes",
	       &(struct samples) {
			.n = 1,
			.value = { sizeof(struct procsrv_process) * 1000 },
	       });
	return 0;
}
