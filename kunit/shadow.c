// SPDX-License-Identifier: GPL-2.0-only
/*
 * Children, as a test expects them: the results that waits for them must have
 */
#include "shadow.h"

static bool in_scope(const struct shadow_child *c, const struct procsrv_wait *w)
{
	if (!c->pid)
		return false;
	if (!(w->flags & PROCSRV_WAIT_WALL) &&
	    c->clone != !!(w->flags & PROCSRV_WAIT_WCLONE))
		return false;
	if (w->which == PROCSRV_WAIT_PID)
		return c->pid == w->id;
	return w->which == PROCSRV_WAIT_ANY || c->pgid == w->id;
}

static u32 report_of(const struct shadow_child *c)
{
	return c->zombie ? PROCSRV_WAIT_EXITED : c->report;
}

/* The expected result of a wait: 0 and a child, or an error. */
static int scan(struct shadow_child *children, u32 nr,
		const struct procsrv_wait *w, struct shadow_child **found)
{
	bool possible = false;
	u32 i;

	*found = NULL;
	for (i = 0; i < nr; i++) {
		struct shadow_child *c = &children[i];

		if (!in_scope(c, w))
			continue;
		possible |= !c->zombie || w->what & PROCSRV_WAIT_EXITED;
		if (report_of(c) & w->what &&
		    (!*found || c->pid < (*found)->pid))
			*found = c;
	}
	return *found ? 0 : possible ? -EAGAIN : -ECHILD;
}

/**
 * shadow_compare() - wait without sleeping, and compare the result
 * @test: the test
 * @children: its children, and free slots
 * @nr: number of slots
 * @w: what to wait for
 *
 * The result must match the children, which are updated if it is consumed.
 */
void shadow_compare(struct kunit *test, struct shadow_child *children, u32 nr,
		    struct procsrv_wait *w)
{
	struct shadow_child *c;
	int want = scan(children, nr, w, &c), ret = wait_now(test, w);

	KUNIT_ASSERT_EQ_MSG(test, ret, want,
			    "which %u id %llu what %u flags %#x", w->which,
			    w->id, w->what, w->flags);
	if (ret)
		return;
	KUNIT_ASSERT_EQ_MSG(test, w->pid, c->pid,
			    "which %u id %llu what %u flags %#x", w->which,
			    w->id, w->what, w->flags);
	KUNIT_ASSERT_EQ(test, w->why, report_of(c));
	if (w->flags & PROCSRV_WAIT_NOWAIT)
		return;
	if (c->zombie)
		c->pid = 0;
	c->report = 0;
}

/* Sends a signal to a child, and records its effect. */
void shadow_signal(struct kunit *test, struct shadow_child *c, int signo)
{
	KUNIT_ASSERT_EQ(test, signal_pid(test, c->pid, signo), 0);
	if (c->zombie)
		return;
	if (signo == PROCSRV_SIGSTOP && !c->stopped) {
		c->stopped = true;
		c->report = PROCSRV_WAIT_STOPPED;
	} else if (signo == PROCSRV_SIGCONT && c->stopped) {
		c->stopped = false;
		c->report = PROCSRV_WAIT_CONTINUED;
	} else if (signo == PROCSRV_SIGKILL) {
		c->zombie = true;
	}
}
