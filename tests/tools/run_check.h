/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What the programs with calls for procsrv-run have in common.
 */
#ifndef RUN_CHECK_H
#define RUN_CHECK_H

#include <errno.h>
#include <stdbool.h>
#include <stdio.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

/* Ended by one without a name. */
struct run_test {
	const char *name;
	void (*run)(void);
};

#define TEST(name) { #name, test_##name }

extern const struct run_test wait_tests[];

/* The name of the test that runs. */
extern const char *current;
extern int failures;

#define CHECK(condition) \
	do { \
		if (!(condition)) { \
			fprintf(stderr, "%s:%d: %s (errno %d)\n", current, \
				__LINE__, #condition, errno); \
			failures++; \
		} \
	} while (0)

/* The call fails with this error. */
#define FAILS(error, call) \
	do { \
		errno = 0; \
		CHECK((long)(call) == -1 && errno == (error)); \
	} while (0)

static inline void snooze(int ms)
{
	struct timespec ts = { ms / 1000, ms % 1000 * 1000000L };

	while (nanosleep(&ts, &ts) && errno == EINTR)
		;
}

static inline pid_t child_that_exits(int code)
{
	pid_t pid = fork();

	if (!pid)
		_exit(code);
	return pid;
}

static inline bool killed_by(int status, int signo)
{
	return WIFSIGNALED(status) && WTERMSIG(status) == signo;
}

/* A handler, and how often it was called. */
static volatile int handled;

static inline void handle(int signo)
{
	(void)signo;
	handled++;
}

#endif /* RUN_CHECK_H */
