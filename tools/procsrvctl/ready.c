// SPDX-License-Identifier: GPL-2.0-only
/*
 * Sleeping until there is something to read.
 */
#include <errno.h>
#include <poll.h>
#include <time.h>

#include "procsrvctl.h"

#define NS_PER_S 1000000000ULL

static __u64 now(void)
{
	struct timespec ts;

	clock_gettime(CLOCK_MONOTONIC, &ts);
	return ts.tv_sec * NS_PER_S + ts.tv_nsec;
}

struct deadline deadline_in(__u64 ns)
{
	__u64 begin = now();

	return (struct deadline) {
		.given = true,
		.at = ns > UINT64_MAX - begin ? UINT64_MAX : begin + ns,
	};
}

int await_any(struct pollfd *fds, size_t n, const struct deadline *deadline)
{
	struct timespec left = {};
	__u64 ns;
	int ret;

	do {
		ns = now();
		ns = deadline->at > ns ? deadline->at - ns : 0;
		left.tv_sec = ns / NS_PER_S;
		left.tv_nsec = ns % NS_PER_S;
		ret = ppoll(fds, n, deadline->given ? &left : NULL, NULL);
	} while (ret < 0 && errno == EINTR);
	if (ret < 0)
		return -errno;
	return ret ? 0 : -ETIMEDOUT;
}

int await_readable(int fd, const struct deadline *deadline)
{
	struct pollfd pollfd = { .fd = fd, .events = POLLIN };

	return await_any(&pollfd, 1, deadline);
}
