// SPDX-License-Identifier: GPL-2.0-only
/*
 * Coverage of the kernel module: from KCOV to libFuzzer
 *
 * Only the module is instrumented, so the buffers contain nothing else. Addresses are stored as
 * offsets in the module, because the module is loaded at another address each time.
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
	PCS_MAX		= 32768,	/* elements of a buffer; the first is their count */
	TEXT_MAX	= 512 * 1024,
	NR_PLACES	= 65536,	/* counters for places that were reached */
	NR_RESULTS	= 16384,	/* counters for results */
	COUNT_MAX	= 8,		/* more is noise, from retries and other threads */
};

/* libFuzzer reads these counters after each input. */
static __u8 __attribute__((section("__libfuzzer_extra_counters")))
counters[NR_PLACES + NR_RESULTS];

static __u8 seen[TEXT_MAX / 8];
static unsigned int nr_seen;
static __u64 text;
static struct kcov main_kcov;	/* of the main thread, which closes everything */

/**
 * coverage_init() - enable KCOV for the main thread
 */
void coverage_init(void)
{
	kcov_open(&main_kcov);
	kcov_on(&main_kcov);
}

/**
 * coverage_module() - find the address of the module
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
 * kcov_open() - open KCOV, and map its buffer
 * @k: set to the buffer, or to none if the kernel has no KCOV
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
 * kcov_on() - record the coverage of this thread
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
 * coverage_begin() - discard recorded coverage
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
 * coverage_fold() - add the coverage of the input to libFuzzer's counters
 */
void coverage_fold(void)
{
	unsigned int i;

	/* libFuzzer gives up if the first input covers nothing. */
	counters[NR_PLACES + NR_RESULTS - 1] = 1;
	if (main_kcov.pcs && text)
		fold(main_kcov.pcs, PCS_MAX);
	for (i = 0; i < NR_ACTORS && text; i++)
		if (actors[i].kcov.pcs)
			fold(actors[i].kcov.pcs, PCS_MAX);
}

/**
 * coverage_result() - count the result of an operation
 * @op: the operation
 * @how: how it was called
 * @result: 0 or more, or the error as a negative number
 *
 * This is libFuzzer's only feedback if the kernel has no KCOV.
 */
void coverage_result(__u8 op, __u8 how, long result)
{
	unsigned int err = result < 0 ? (unsigned int)-result % 128 : 0;
	unsigned int n = (op % 64 + (op >= OP_OTHER ? 40 : 0)) % 64;

	n = (n * 2 + (how & HOW_URING ? 1 : 0)) * 128 + err;
	counters[NR_PLACES + n % NR_RESULTS] = 1;
}

/**
 * coverage_count() - the number of places of the module reached so far
 */
unsigned int coverage_count(void)
{
	return nr_seen;
}

/**
 * coverage_save() - write the places reached to a file in $FUZZ_OUT, as offsets in .text
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
