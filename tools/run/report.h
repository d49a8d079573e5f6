/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Differences, failures and the summary.
 */
#ifndef RUN_REPORT_H
#define RUN_REPORT_H

#include <stdbool.h>
#include <sys/types.h>

struct tracee;

/**
 * enum report_count - what is counted
 */
enum report_count {
	COUNT_PROCESSES,
	COUNT_THREADS,
	COUNT_FORK,
	COUNT_EXEC,
	COUNT_EXIT,
	COUNT_WAIT,
	COUNT_OTHER,
	COUNT_COMPARED,
	COUNT_INTERRUPTED,
	COUNT_LINUX_ONLY,
	COUNT_NESTED,
	COUNT_WAIT_ORDER,
	COUNT_DIFFER,
	NR_COUNTS,
};

void report_count(enum report_count what);
unsigned long report_get(enum report_count what);

/**
 * report_difference() - report that the server's answer is not that of Linux
 * @t: the tracee; what it does is in the call that it is in
 * @design: the name of the deliberate difference, or NULL
 */
void report_difference(const struct tracee *t, const char *linux_said,
		       const char *server, const char *design);

/**
 * report_number() - the same, for results that are numbers; it is not deliberate
 */
void report_number(const struct tracee *t, long linux_said, long server);

/**
 * report_event() - the same, for an event and not for a call
 * @what: what has happened, "fork" for example
 * @error: the error of the server
 */
void report_event(pid_t pid, const char *what, int error);

/**
 * report_not_followed() - report that Linux has not done what the server had decided
 */
void report_not_followed(const struct tracee *t, const char *server,
			 const char *linux_did);

/**
 * report_fatal() - report a failure, and end the program
 */
void report_fatal(const char *what, int error) __attribute__((noreturn));

/**
 * report_summary() - print the summary of --compare
 */
void report_summary(void);

#endif /* RUN_REPORT_H */
