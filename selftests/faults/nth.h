/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * procsrv selftests - make the kernel fail at the Nth place where it can
 *
 * Such places are all allocations of a task, and its copies from and to user
 * memory. Some allocations have a fallback, and fail only if there is no memory
 * at all. See Documentation/fault-injection of Linux.
 */
#ifndef SELFTESTS_FAULTS_NTH_H
#define SELFTESTS_FAULTS_NTH_H

#include "../common.h"

#define FAILSLAB "/sys/kernel/debug/failslab/"
#define FAIL_PAGE_ALLOC "/sys/kernel/debug/fail_page_alloc/"
#define FAIL_USERCOPY "/sys/kernel/debug/fail_usercopy/"

static const struct {
	const char *path;
	const char *value;
} nth_settings[] = {
	/* Allocations that may wait for memory fail as well. */
	{ FAILSLAB "ignore-gfp-wait", "N" },
	{ FAIL_PAGE_ALLOC "ignore-gfp-wait", "N" },
	{ FAIL_PAGE_ALLOC "ignore-gfp-highmem", "N" },
	{ FAIL_PAGE_ALLOC "min-order", "0" },
	/* Do not print each fault. */
	{ FAILSLAB "verbose", "0" },
	{ FAIL_PAGE_ALLOC "verbose", "0" },
	{ FAIL_USERCOPY "verbose", "0" },
	/* All allocations of a task fail while it is marked. */
	{ FAILSLAB "task-filter", "Y" },
	{ FAILSLAB "probability", "100" },
	{ FAILSLAB "times", "-1" },
	{ FAIL_PAGE_ALLOC "task-filter", "Y" },
	{ FAIL_PAGE_ALLOC "probability", "100" },
	{ FAIL_PAGE_ALLOC "times", "-1" },
};

/* Opens the fail-nth file of this thread. Returns a descriptor, or -1. */
static inline int nth_open(void)
{
	int i, fd, ok;

	for (i = 0; i < ARRAY_SIZE(nth_settings); i++) {
		fd = open(nth_settings[i].path, O_WRONLY | O_CLOEXEC);
		if (fd < 0)
			return -1;
		ok = write(fd, nth_settings[i].value,
			   strlen(nth_settings[i].value)) > 0;
		close(fd);
		if (!ok)
			return -1;
	}
	return open("/proc/thread-self/fail-nth", O_RDWR | O_CLOEXEC);
}

/* The @nth place from here on fails, counted from 1; 0 for none. */
static inline void nth_arm(int fd, unsigned int nth)
{
	char buf[16];
	int len = snprintf(buf, sizeof(buf), "%u", nth);

	/* The write itself may fail due to an earlier setting. */
	while (pwrite(fd, buf, len, 0) < 0)
		;
}

/* Whether the place was reached, and has failed. If not, disarms it. */
static inline bool nth_has_failed(int fd)
{
	char buf[16];

	/* The counter is read before it is copied. The copy itself may fail. */
	if (pread(fd, buf, sizeof(buf), 0) < 0)
		return false;
	if (buf[0] == '0')
		return true;
	nth_arm(fd, 0);
	return false;
}

/* Opens the file that marks this process. Returns a descriptor, or -1. */
static inline int shortage_open(void)
{
	return open("/proc/self/make-it-fail", O_RDWR | O_CLOEXEC);
}

/* Makes all allocations of this process fail, or no longer. */
static inline void shortage_set(int fd, bool on)
{
	while (pwrite(fd, on ? "1" : "0", 1, 0) < 0)
		;
}

#endif /* SELFTESTS_FAULTS_NTH_H */
