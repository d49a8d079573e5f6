// SPDX-License-Identifier: GPL-2.0-only
/*
 * The server answers.
 *
 * What it refuses does not happen. What it allows Linux does, and must not refuse.
 */
#include <stdio.h>
#include <string.h>

#include "calls.h"
#include "report.h"
#include "tracee.h"

static void check_followed(struct tracee *t, long result)
{
	const char *error;

	if (result >= 0 || t->verdict == LINUX_DECIDES)
		return;
	if (t->call.kind->failed && t->call.kind->failed(t, result))
		return;
	error = strerrorname_np(-result);
	report_not_followed(t, "success", error ? error : "an error");
}

static void answer_exit(struct tracee *t)
{
	long result;

	if (regs_result(t, &result)) {
		check_followed(t, result);
		if (t->call.kind->done)
			t->call.kind->done(t, result);
	}
	tracee_go(t, 0);
}

void answer_enter(struct tracee *t)
{
	const struct call_kind *kind = t->call.kind;

	report_count(COUNT_OTHER);
	t->verdict = calls_ask(t);
	if (t->verdict == LINUX_DECIDES && !kind->done)
		tracee_go(t, 0);
	else if (t->verdict < 0 || kind->flags & CALL_GETS)
		regs_skip_call(t, t->verdict);
	else
		tracee_go_until_exit(t, answer_exit);
}
