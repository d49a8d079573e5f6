/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * procsrv selftests - user namespaces that must be released
 */
#ifndef SELFTESTS_ENDS_H
#define SELFTESTS_ENDS_H

#include <sched.h>
#include <sys/wait.h>

#include "common.h"

#define MAX_NAMESPACES "/proc/sys/user/max_user_namespaces"

enum { FEW_NAMESPACES = 16 };

/* Sets the maximum number of user namespaces, and returns the old one. */
static inline int exchange_max_namespaces(int max)
{
	FILE *file = fopen(MAX_NAMESPACES, "r+");
	int before = -1;

	if (!file)
		return -1;
	if (fscanf(file, "%d", &before) == 1) {
		rewind(file);
		fprintf(file, "%d", max);
	}
	return fclose(file) ? -1 : before;
}

/*
 * Runs in the child; does not return. Retries, as released namespaces may
 * linger.
 */
static inline void do_in_namespace(int fd, int (*fn)(int fd))
{
	int looks = 0;

	while (unshare(CLONE_NEWUSER))
		if (errno != ENOSPC || !look_again(&looks))
			_exit(1);
	_exit(fn(fd) ? 2 : 0);
}

/* One after the other, in more processes than namespaces are allowed. */
static inline void do_in_namespaces(struct __test_metadata *_metadata, int fd,
				    int (*fn)(int fd))
{
	int i, status, before = exchange_max_namespaces(FEW_NAMESPACES);

	ASSERT_LE(0, before);
	for (i = 0; i < 4 * FEW_NAMESPACES; i++) {
		pid_t child = fork();

		if (!child)
			do_in_namespace(fd, fn);
		EXPECT_EQ(child, waitpid(child, &status, 0));
		EXPECT_EQ(0, status);
	}
	EXPECT_EQ(FEW_NAMESPACES, exchange_max_namespaces(before));
}

#endif /* SELFTESTS_ENDS_H */
