// SPDX-License-Identifier: GPL-2.0-only
/*
 * Differences, failures and the summary, on standard error: standard output belongs to
 * the command.
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "calls.h"
#include "client.h"
#include "report.h"
#include "run.h"
#include "escape.h"
#include "tracee.h"

static unsigned long counts[NR_COUNTS];

void report_count(enum report_count what)
{
	counts[what]++;
}

unsigned long report_get(enum report_count what)
{
	return counts[what];
}

static void describe_number(long v, char *buf, size_t size)
{
	const char *name = v < 0 ? strerrorname_np(-v) : NULL;

	if (name)
		snprintf(buf, size, "%s", name);
	else
		snprintf(buf, size, "%ld", v);
}

/* As procsrv-replay prints them. */
static void print_difference(pid_t pid, const char *call,
			     const char *linux_said, const char *server,
			     const char *design)
{
	escape_message(stderr, ESCAPE_ESCAPED, "%d: %s", pid, call);
	fprintf(stderr, "\tLinux:  %s\n\tserver: %s\n", linux_said, server);
	if (design)
		fprintf(stderr, "\tby design: %s\n", design);
}

void report_difference(const struct tracee *t, const char *linux_said,
		       const char *server, const char *design)
{
	char call[256];

	call_describe(&t->call, call, sizeof(call));
	print_difference(t->tid, call, linux_said, server, design);
	if (!design)
		report_count(COUNT_DIFFER);
}

void report_number(const struct tracee *t, long linux_said, long server)
{
	char a[64], b[64];

	describe_number(linux_said, a, sizeof(a));
	describe_number(server, b, sizeof(b));
	report_difference(t, a, b, NULL);
}

void report_event(pid_t pid, const char *what, int error)
{
	char server[64];

	describe_number(error, server, sizeof(server));
	print_difference(pid, what, "success", server, NULL);
	report_count(COUNT_DIFFER);
}

void report_not_followed(const struct tracee *t, const char *server,
			 const char *linux_did)
{
	char call[256];

	call_describe(&t->call, call, sizeof(call));
	report_count(COUNT_DIFFER);
	escape_warnx(ESCAPE_ESCAPED,
		     "%d: %s: the server decided: %s; Linux did: %s", t->tid,
		     call, server, linux_did);
}

void report_fatal(const char *what, int error)
{
	escape_warnx(ESCAPE_ESCAPED, "%s: %s", what, strerror(error));
	exit(RUN_FAILED);
}

static void print_operations(void)
{
	static const struct {
		enum report_count what;
		const char *name;
	} operations[] = {
		{ COUNT_FORK, "fork" },
		{ COUNT_EXEC, "exec" },
		{ COUNT_EXIT, "exit" },
		{ COUNT_WAIT, "wait" },
		{ COUNT_OTHER, "other" },
	};
	const char *between = ": ";
	unsigned long sum = 0;
	size_t i;

	for (i = 0; i < sizeof(operations) / sizeof(*operations); i++)
		sum += counts[operations[i].what];
	fprintf(stderr, "  operations    %lu", sum);
	for (i = 0; i < sizeof(operations) / sizeof(*operations); i++) {
		if (!counts[operations[i].what])
			continue;
		fprintf(stderr, "%s%lu %s", between, counts[operations[i].what],
			operations[i].name);
		between = ", ";
	}
	fputc('\n', stderr);
}

static void print_reason(enum report_count what, const char *reason)
{
	if (counts[what])
		fprintf(stderr, "    %lu %s\n", counts[what], reason);
}

void report_summary(void)
{
	escape_message(stderr, 0,
		       "%s: %lu process%s, %lu further thread%s",
		       settings.command[0], counts[COUNT_PROCESSES],
		       client_plural(counts[COUNT_PROCESSES], "es"),
		       counts[COUNT_THREADS],
		       client_plural(counts[COUNT_THREADS], "s"));
	print_operations();
	fprintf(stderr, "  compared      %lu\n", counts[COUNT_COMPARED]);
	fprintf(stderr, "  not compared  %lu\n",
		counts[COUNT_INTERRUPTED] + counts[COUNT_LINUX_ONLY] +
		counts[COUNT_NESTED]);
	print_reason(COUNT_INTERRUPTED, "interrupted: a signal ended the call");
	print_reason(COUNT_LINUX_ONLY,
		     "argument: an argument that the interface of the server has no place for");
	print_reason(COUNT_NESTED,
		     "namespace: the process has another pid namespace, or the server refused it");
	fprintf(stderr, "  by design     %lu\n", counts[COUNT_WAIT_ORDER]);
	print_reason(COUNT_WAIT_ORDER, "wait-order");
	fprintf(stderr, "  differ        %lu\n", counts[COUNT_DIFFER]);
}
