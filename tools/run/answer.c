// SPDX-License-Identifier: GPL-2.0-only
/*
 * The server answers.
 *
 * What it refuses does not happen. What it allows Linux does, and must not refuse.
 */
#include <stdio.h>
#include <string.h>

#include "calls.h"
#include "loop.h"
#include "report.h"
#include "tracee.h"

static void returned(struct tracee *t, long result)
{
	if (t->call.kind->done)
		t->call.kind->done(t, result);
	tracee_go(t, 0);
}

/*
 * Linux has refused what the server allowed. An event that explains it is on its way: a
 * zombie that it was about may have been waited for meanwhile, which is known when that
 * wait returns.
 */
static bool refused_again(struct tracee *t)
{
	const struct call_kind *kind = t->call.kind;
	const char *error;
	long result;

	if (!regs_result(t, &result)) {
		tracee_go(t, 0);
		return true;
	}
	if (kind->ask(t) != result && !(kind->failed && kind->failed(t, result))) {
		if (!loop_is_late(t))
			return false;
		error = strerrorname_np(-result);
		report_not_followed(t, "success", error ? error : "an error");
	}
	returned(t, result);
	return true;
}

static void answer_exit(struct tracee *t)
{
	long result;

	if (!regs_result(t, &result))
		tracee_go(t, 0);
	else if (result >= 0 || t->verdict == LINUX_DECIDES)
		returned(t, result);
	else
		loop_later(t, refused_again);
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
