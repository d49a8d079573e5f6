// SPDX-License-Identifier: GPL-2.0-only
/*
 * Linux answers, and the server is compared with it.
 *
 * Linux decides at some moment between the beginning of a call and its return. So the
 * server is right if it gives the same answer at either end. The server makes a change
 * after Linux has made it. It does a setpgid before, as the group may be gone a moment
 * after, and undoes it if Linux has refused it.
 */
#include <errno.h>
#include <stdlib.h>

#include "calls.h"
#include "loop.h"
#include "report.h"
#include "run.h"
#include "tracee.h"

/* For most calls it only matters whether they fail, and with which error. */
static bool agree(const struct tracee *t, long linux_said, long server)
{
	if (linux_said < 0 || server < 0 || t->call.kind->flags & CALL_GETS)
		return linux_said == server;
	return true;
}

/* Was its target unknown when the call began, and has it ended since? */
static bool was_for_short_lived(const struct tracee *t, long server)
{
	pid_t id = abs(call_int(&t->call, t->call.kind->target));

	return t->result >= 0 && server == -ESRCH &&
	       tracee_has_joined_since(id, t->joins);
}

static bool compare_again(struct tracee *t)
{
	long server = t->call.kind->ask(t);

	if (!agree(t, t->result, server) && !was_for_short_lived(t, server) &&
	    !calls_is_limit(t->result)) {
		if (!loop_is_late(t))
			return false;
		report_number(t, t->result, server);
	}
	if (t->call.kind->done)
		t->call.kind->done(t, t->result);
	tracee_go(t, 0);
	return true;
}

static void compare_exit(struct tracee *t)
{
	if (t->verdict == LINUX_DECIDES) {
		if (t->call.kind->ask)
			report_count(COUNT_LINUX_ONLY);
	} else {
		report_count(COUNT_COMPARED);
		if (!agree(t, t->result, t->verdict)) {
			/* Events that explain it may be on their way. */
			loop_later(t, compare_again);
			return;
		}
	}
	if (t->call.kind->done)
		t->call.kind->done(t, t->result);
	tracee_go(t, 0);
}

/*
 * The child that a setpgid is for may call exec at the same time. Linux knows of this
 * before its event comes.
 */
static bool exec_again(struct tracee *t)
{
	if (setpgid_target(t) != SETPGID_EXECED) {
		if (!loop_is_late(t))
			return false;
		report_number(t, -EACCES, 0);
	}
	tracee_go(t, 0);
	return true;
}

/*
 * Events that explain a difference may be on their way: a zombie was the last process of
 * the group, and the wait for it has not returned.
 */
static bool change_again(struct tracee *t)
{
	long server = t->call.kind->ask(t);

	if (t->call.kind->flags & CALL_UNDONE && !agree(t, t->result, server)) {
		/* Undo its change; the target when the call began is decisive. */
		setpgid_resync(t);
		if (setpgid_explains(t, t->result, server))
			server = t->result;
	}
	if (!agree(t, t->result, server)) {
		if (!loop_is_late(t))
			return false;
		report_number(t, t->result, server);
	}
	tracee_go(t, 0);
	return true;
}

static void change_exit(struct tracee *t)
{
	report_count(COUNT_COMPARED);
	loop_later(t, change_again);
}

static void setpgid_exit(struct tracee *t)
{
	report_count(COUNT_COMPARED);
	if (agree(t, t->result, t->verdict)) {
		tracee_go(t, 0);
		return;
	}
	setpgid_resync(t);
	if (t->result == -EACCES)
		loop_later(t, exec_again);
	else
		loop_later(t, change_again);
}

void compare_enter(struct tracee *t)
{
	const struct call_kind *kind = t->call.kind;

	report_count(COUNT_OTHER);
	t->joins = tracee_joins();
	if (kind->flags & CALL_UNDONE) {
		t->target = setpgid_target(t);
		t->verdict = calls_ask(t);
		tracee_go_until_exit(t, setpgid_exit);
	} else if (kind->flags & CALL_CHANGES) {
		tracee_go_until_exit(t, change_exit);
	} else {
		t->verdict = calls_ask(t);
		tracee_go_until_exit(t, compare_exit);
	}
}
