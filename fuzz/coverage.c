// SPDX-License-Identifier: GPL-2.0-only
/*
 * Where the kernel has been: from KCOV to libFuzzer
 *
 * Only the module is built to tell, so there is nothing else in the buffers. Places are
 * counted from the module's beginning, which is elsewhere after each insertion.
 */
#include <errno.h>
#include <fcntl.h>
#include <linux/kcov.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <unistd.h>

#include "fuzz.h"

enum {
	PCS_MAX		= 32768,	/* in a buffer; the first element is their number */
	TEXT_MAX	= 512 * 1024,
	NR_PLACES	= 65536,	/* counters for what was reached */
	NR_RESULTS	= 16384,	/* counters for what was answered */
	COUNT_MAX	= 8,		/* more is noise: retries, and what others do */
};

/* libFuzzer looks here for what an input has led to. */
static __u8 __attribute__((section("__libfuzzer_extra_counters")))
counters[NR_PLACES + NR_RESULTS];

static __u8 seen[TEXT_MAX / 8];
static unsigned int nr_seen;
static __u64 text;
static struct kcov main_kcov;	/* where everything is closed */

/**
 * coverage_init() - have the main thread tell, too
 */
void coverage_init(void)
{
	kcov_open(&main_kcov);
	kcov_on(&main_kcov);
}

/**
 * coverage_module() - find out where the module is now
 */
void coverage_module(void)
{
	FILE *f = fopen("/sys/module/procsrv/sections/.text", "re");
	char line[64];

	text = 0;
	if (!f)
		return;
	if (fgets(line, sizeof(line), f))
		text = strtoull(line, NULL, 16);
	fclose(f);
}

static __u64 *map_pcs(int fd)
{
	__u64 *p = mmap(NULL, PCS_MAX * sizeof(*p), PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);

	return p == MAP_FAILED ? NULL : p;
}

/**
 * kcov_open() - get a buffer
 * @k: gets it, if the kernel has KCOV
 */
void kcov_open(struct kcov *k)
{
	k->pcs = NULL;
	k->fd = open("/sys/kernel/debug/kcov", O_RDWR | O_CLOEXEC);
	if (k->fd < 0)
		return;
	if (!ioctl(k->fd, KCOV_INIT_TRACE, PCS_MAX))
		k->pcs = map_pcs(k->fd);
	if (!k->pcs)
		finding("KCOV: %s", strerror(errno));
}

/**
 * kcov_on() - from here on the buffer is about this thread
 * @k: the buffer
 */
void kcov_on(struct kcov *k)
{
	if (k->pcs && ioctl(k->fd, KCOV_ENABLE, KCOV_TRACE_PC))
		finding("KCOV_ENABLE: %s", strerror(errno));
}

/**
 * kcov_off() - undo kcov_on()
 * @k: the buffer
 */
void kcov_off(struct kcov *k)
{
	if (k->pcs)
		ioctl(k->fd, KCOV_DISABLE, 0);
}

static void fold(const __u64 *pcs, __u64 max)
{
	__u64 i, nr = pcs[0] < max - 1 ? pcs[0] : max - 1;

	for (i = 1; i <= nr; i++) {
		__u64 place = pcs[i] - text;
		__u8 *counter = &counters[place / 4 % NR_PLACES];

		if (place >= TEXT_MAX)
			continue;
		if (*counter < COUNT_MAX)
			(*counter)++;
		if (!(seen[place / 8] & 1 << place % 8)) {
			seen[place / 8] |= 1 << place % 8;
			nr_seen++;
		}
	}
}

/**
 * coverage_begin() - forget where the kernel has been before
 */
void coverage_begin(void)
{
	unsigned int i;

	for (i = 0; i < NR_ACTORS; i++)
		if (actors[i].kcov.pcs)
			actors[i].kcov.pcs[0] = 0;
	if (main_kcov.pcs)
		main_kcov.pcs[0] = 0;
}

/**
 * coverage_fold() - tell libFuzzer where the input has led
 */
void coverage_fold(void)
{
	unsigned int i;

	/* Something is new about the first input, or libFuzzer gives up. */
	counters[NR_PLACES + NR_RESULTS - 1] = 1;
	if (main_kcov.pcs && text)
		fold(main_kcov.pcs, PCS_MAX);
	for (i = 0; i < NR_ACTORS && text; i++)
		if (actors[i].kcov.pcs)
			fold(actors[i].kcov.pcs, PCS_MAX);
}

/**
 * coverage_result() - tell libFuzzer what an operation has answered
 * @op: the operation
 * @how: how it was called
 * @result: 0 or more, or the error as a negative number
 *
 * This is all that it has to go by where the kernel has no KCOV.
 */
void coverage_result(__u8 op, __u8 how, long result)
{
	unsigned int err = result < 0 ? (unsigned int)-result % 128 : 0;
	unsigned int n = (op % 64 + (op >= OP_OTHER ? 40 : 0)) % 64;

	n = (n * 2 + (how & HOW_URING ? 1 : 0)) * 128 + err;
	counters[NR_PLACES + n % NR_RESULTS] = 1;
}

/**
 * coverage_count() - how many places of the module were ever reached
 */
unsigned int coverage_count(void)
{
	return nr_seen;
}

/**
 * coverage_save() - write them to a file in $FUZZ_OUT, as offsets in .text
 */
void coverage_save(void)
{
	const char *out = getenv("FUZZ_OUT");
	char path[4096];
	unsigned int i;
	FILE *f;

	if (!out || !nr_seen)
		return;
	snprintf(path, sizeof(path), "%s/places", out);
	f = fopen(path, "we");
	if (!f)
		return;
	for (i = 0; i < TEXT_MAX; i++)
		if (seen[i / 8] & 1 << i % 8)
			fprintf(f, "%x\n", i);
	fclose(f);
}
