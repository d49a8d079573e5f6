// SPDX-License-Identifier: GPL-2.0-only
/*
 * Linux answers a wait, and the server is compared with it.
 */
#include <errno.h>
#include <signal.h>

#include "adopt.h"
#include "calls.h"
#include "loop.h"
#include "report.h"
#include "server.h"
#include "tracee.h"
#include "zombies.h"

static void differ(const struct tracee *t, const struct wait_found *linux_said,
		   const struct wait_found *server, const char *design)
{
	char a[96], b[96];

	wait_describe(linux_said, a, sizeof(a));
	wait_describe(server, b, sizeof(b));
	report_difference(t, a, b, design);
}

/*
 * Linux has returned a child: it must be waitable in the server, for the same reason. If
 * several are, the server begins with the lowest pid. If there was none when the call
 * began, Linux returned the first child that became waitable.
 */
static bool compare_child(struct tracee *t, const struct wait_found *linux_said)
{
	struct wait_found first, server;
	pid_t parent = t->process->pid;
	int err;

	adopt_waited(linux_said->pid, t->process);
	server_find_child(parent, &t->want, &first);
	err = server_take_child(parent, &t->want, linux_said->pid,
				linux_said->why, &server);
	if (err && wait_has_missed(t, linux_said))
		err = server_take_child(parent, &t->want, linux_said->pid,
					linux_said->why, &server);
	if (err) {
		if (wait_was_before(t, linux_said))
			return true;
		if (!loop_is_late(t))
			return false;
		differ(t, linux_said, &server, NULL);
	} else if (!wait_same(linux_said, &server)) {
		differ(t, linux_said, &server, NULL);
	} else if (!t->found.error && t->found.pid != linux_said->pid &&
		   first.pid != linux_said->pid) {
		report_count(COUNT_WAIT_ORDER);
		differ(t, linux_said, &first, "wait-order");
	}
	return true;
}

/*
 * Between the signal that ends it and the zombie state, a child has nothing to report. The
 * server does not see this moment if it lies within the call.
 */
static bool was_dying(const struct tracee *t, const struct wait_found *server)
{
	return !t->found.error && t->found.why != PROCSRV_WAIT_EXITED &&
	       server->pid == t->found.pid && server->why == PROCSRV_WAIT_EXITED;
}

/* When the call began, the server still had a zombie that Linux had dropped. */
static bool was_gone(const struct tracee *t)
{
	return !t->found.error && t->found.why == PROCSRV_WAIT_EXITED &&
	       zombies_is_gone(t->found.pid);
}

static bool compare_nothing(struct tracee *t, const struct wait_found *linux_said)
{
	struct wait_found server;

	if (wait_same(linux_said, &t->found))
		return true;
	server_find_child(t->process->pid, &t->want, &server);
	if (wait_same(linux_said, &server))
		return true;
	if (linux_said->error == -EAGAIN && (was_dying(t, &server) || was_gone(t)))
		return true;
	if (!loop_is_late(t))
		return false;
	differ(t, linux_said, &server, NULL);
	return true;
}

/*
 * Find the child where Linux does not say which one it has returned. A zombie that it has taken is
 * gone; if all are still there, it was a stop or a continuation of another child.
 */
static int find_returned(const struct tracee *t, struct wait_found *found)
{
	struct wait_want want = t->want;
	pid_t parent = t->process->pid;

	*found = (struct wait_found) { .why = PROCSRV_WAIT_EXITED };
	if (want.what & PROCSRV_WAIT_EXITED)
		found->pid = zombies_find_gone(parent);
	if (found->pid)
		return 0;
	if (!want.nowait)
		want.what &= ~PROCSRV_WAIT_EXITED;
	if (!want.what)
		want.error = -EAGAIN;
	return server_find_child(parent, &want, found);
}

/* Linux has taken a child, but could not store its status. */
static bool compare_fault(struct tracee *t)
{
	struct wait_found found;

	if (find_returned(t, &found))
		return loop_is_late(t);
	return !server_take_child(t->process->pid, &t->want, found.pid, found.why, &found) ||
	       loop_is_late(t);
}

/*
 * Without a siginfo it is not even known whether Linux has returned a child. A child that was
 * there when the call began was returned; one that came later only if Linux had to wait for it.
 */
static void guess(const struct tracee *t, struct wait_found *linux_said)
{
	struct wait_found found;

	if (!find_returned(t, &found) &&
	    (found.why == PROCSRV_WAIT_EXITED || !t->want.nohang || !t->found.error))
		linux_said->pid = found.pid;
	else if (t->want.nohang && t->found.error)
		linux_said->error = -EAGAIN;
	else if (t->want.nowait || t->found.why != PROCSRV_WAIT_EXITED)
		linux_said->pid = t->found.pid;
}

static bool compare_again(struct tracee *t)
{
	struct wait_found linux_said;
	bool done;

	/* The child may have been the last process of a group that the call joins. */
	if (loop_is_changing() && !loop_is_late(t))
		return false;
	wait_read_result(t, t->result, &linux_said);
	if ((t->result == -EFAULT || (!linux_said.error && !linux_said.pid)) &&
	    zombies_are_of_others(t) && !loop_is_late(t))
		return false;
	if (!linux_said.error && !linux_said.pid)
		guess(t, &linux_said);
	if (t->result == -EFAULT)
		done = compare_fault(t);
	else if (!linux_said.error && linux_said.pid)
		done = compare_child(t, &linux_said);
	else
		done = compare_nothing(t, &linux_said);
	if (done)
		tracee_go(t, 0);
	return done;
}

static void compare_exit(struct tracee *t)
{
	if (call_is_interrupted(t->result)) {
		report_count(COUNT_INTERRUPTED);
		tracee_go(t, 0);
	} else if (t->want.linux_only) {
		report_count(COUNT_LINUX_ONLY);
		wait_follow(t, t->result);
		tracee_go(t, 0);
	} else {
		report_count(COUNT_COMPARED);
		loop_later(t, compare_again);
	}
}

void wait_compare(struct tracee *t)
{
	report_count(COUNT_WAIT);
	wait_parse(t, &t->want);
	t->found = (struct wait_found) { .error = -EINVAL };
	if (!t->want.linux_only)
		server_find_child(t->process->pid, &t->want, &t->found);
	tracee_go_until_exit(t, compare_exit);
}
