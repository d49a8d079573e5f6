/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Declarations that the tests of calls share.
 */
#ifndef RUN_CALLS_H
#define RUN_CALLS_H

#include <errno.h>
#include <stdbool.h>
#include <stdio.h>
#include <sys/types.h>

struct call_test {
	const char *name;
	void (*run)(void);
};

#define TEST(name) { #name, test_##name }

/* The last element has no name. */
extern const struct call_test rare_tests[];
extern const struct call_test wait_tests[];

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

/* A handler, and how often it was called. */
extern volatile int handled;
void handle(int signo);

void snooze(int ms);
pid_t child_that_exits(int code);
pid_t child_that_sleeps(void);

/* Kill a child, and wait for it. */
void end(pid_t pid);
bool killed_by(int status, int signo);
int open_pidfd(pid_t pid);

#endif /* RUN_CALLS_H */
