// SPDX-License-Identifier: GPL-2.0-only
/*
 * The server answers.
 *
 * A call that it refuses does not run. A call that it allows is run by Linux, which must not
 * refuse it.
 */
#include <stdio.h>
#include <string.h>

#include "calls.h"
#include "loop.h"
#include "report.h"
#include "tracee.h"

static void returned(struct tracee *t)
{
	if (t->call.kind->done)
		t->call.kind->done(t, t->result);
	tracee_go(t, 0);
}

/*
 * Linux has refused what the server allowed. An event that explains this may be on its way:
 * a zombie that the call was about may have been waited for meanwhile, which is known when
 * that wait returns.
 */
static bool refused_again(struct tracee *t)
{
	const struct call_kind *kind = t->call.kind;
	const char *error;

	if (kind->ask(t) != t->result &&
	    !(kind->failed && kind->failed(t, t->result))) {
		if (!loop_is_late(t))
			return false;
		error = strerrorname_np(-t->result);
		report_not_followed(t, "success", error ? error : "an error");
	}
	returned(t);
	return true;
}

static void answer_exit(struct tracee *t)
{
	if (t->result >= 0 || t->verdict == LINUX_DECIDES || calls_is_limit(t->result))
		returned(t);
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
