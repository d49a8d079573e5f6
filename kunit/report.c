// SPDX-License-Identifier: GPL-2.0-only
/*
 * Reports of hosts: stopped, continued, exiting, ended
 */
#include <linux/file.h>

#include "common.h"

enum {
	CORE = PROCSRV_CORE_DUMP,
	ANY_CHANGE = PROCSRV_WAIT_EXITED | PROCSRV_WAIT_STOPPED |
		     PROCSRV_WAIT_CONTINUED,
};

/* Expects this change of a child of init; the wait may consume it. */
static void expect_change(struct kunit *test, u64 pid, u32 why, u32 signal,
			  u32 flags)
{
	struct procsrv_wait w = {
		.parent = PROCSRV_INIT_PID,
		.which = PROCSRV_WAIT_PID,
		.id = pid,
		.what = ANY_CHANGE,
		.flags = flags,
	};

	KUNIT_ASSERT_EQ(test, wait_now(test, &w), 0);
	KUNIT_EXPECT_EQ(test, w.pid, pid);
	KUNIT_EXPECT_EQ(test, w.why, why);
	KUNIT_EXPECT_EQ(test, w.exit_signal, signal);
	if (why != PROCSRV_WAIT_EXITED)
		KUNIT_EXPECT_EQ(test, w.exit_code, 0);
}

static void expect_no_change(struct kunit *test, u64 pid)
{
	KUNIT_EXPECT_EQ(test, wait_pid(test, PROCSRV_INIT_PID, pid, ANY_CHANGE,
				       PROCSRV_WAIT_NOWAIT), -EAGAIN);
}

/* No stop and no continuation is found: the error is -EAGAIN or -ECHILD. */
static void expect_not_found(struct kunit *test, u64 pid)
{
	int err = wait_pid(test, PROCSRV_INIT_PID, pid,
			   PROCSRV_WAIT_STOPPED | PROCSRV_WAIT_CONTINUED,
			   PROCSRV_WAIT_NOWAIT);

	KUNIT_EXPECT_TRUE(test, err == -EAGAIN || err == -ECHILD);
	expect_no_change(test, pid);
}

static void expect_state_event(struct kunit *test, struct procsrv_reader *r,
			       u64 pid, enum procsrv_state state, u32 signo)
{
	struct procsrv_event e = next_event(test, r);

	KUNIT_EXPECT_EQ(test, e.kind, PROCSRV_EVENT_STATE);
	KUNIT_EXPECT_EQ(test, e.pid, pid);
	KUNIT_EXPECT_EQ(test, e.detail, state);
	KUNIT_EXPECT_EQ(test, e.signo, signo);
	expect_no_event(test, r);
}

/* Each of the four stop signals is reported as such. */
static void stopped_by_each(struct kunit *test)
{
	u64 pid = make_hosted(test, PROCSRV_INIT_PID);
	struct procsrv_reader *r = watch_all(test);
	int signo;

	for (signo = PROCSRV_SIGSTOP; signo <= PROCSRV_SIGTTOU; signo++) {
		report_stop(test, pid, signo);
		expect_state_event(test, r, pid, PROCSRV_STOPPED, signo);
		KUNIT_EXPECT_EQ(test, info_of(test, pid).exit_signal, signo);
		KUNIT_EXPECT_EQ(test, info_of(test, pid).exit_code, 0);
		KUNIT_EXPECT_EQ(test, stats_of(test).stopped, 1);
		check_server(test);
		expect_change(test, pid, PROCSRV_WAIT_STOPPED, signo,
			      PROCSRV_WAIT_NOWAIT);
		expect_change(test, pid, PROCSRV_WAIT_STOPPED, signo, 0);
		expect_no_change(test, pid);
		/* The signal is shown until it continues, consumed or not. */
		KUNIT_EXPECT_EQ(test, info_of(test, pid).exit_signal, signo);
		report_continue(test, pid);
		expect_state_event(test, r, pid, PROCSRV_RUNNING, 18);
		KUNIT_EXPECT_EQ(test, info_of(test, pid).exit_signal, 0);
		expect_change(test, pid, PROCSRV_WAIT_CONTINUED, 18, 0);
		expect_no_change(test, pid);
	}
}

static void other_numbers_do_not_stop(struct kunit *test)
{
	u64 pid = make_hosted(test, PROCSRV_INIT_PID);
	struct procsrv_reader *r = watch_all(test);
	int signo;

	for (signo = -300; signo <= 300; signo++) {
		if (signo < PROCSRV_SIGSTOP || signo > PROCSRV_SIGTTOU)
			KUNIT_EXPECT_EQ(test, try_report(test, pid,
							 PROCSRV_BODY_STOPPED,
							 signo), -EINVAL);
		if (signo)
			KUNIT_EXPECT_EQ(test, try_report(test, pid,
							 PROCSRV_BODY_EXITING,
							 signo), -EINVAL);
	}
	KUNIT_EXPECT_EQ(test, state_of(test, pid), PROCSRV_RUNNING);
	report_stop(test, pid, PROCSRV_SIGSTOP);
	for (signo = 1; signo <= PROCSRV_NSIG; signo++)
		KUNIT_EXPECT_EQ(test, try_report(test, pid,
						 PROCSRV_BODY_CONTINUED,
						 signo), -EINVAL);
	KUNIT_EXPECT_EQ(test, state_of(test, pid), PROCSRV_STOPPED);
	KUNIT_EXPECT_EQ(test, flags_of(test, pid) & PROCSRV_INFO_EXITING, 0);
	expect_state_event(test, r, pid, PROCSRV_STOPPED, PROCSRV_SIGSTOP);
}

static void unknown_reports(struct kunit *test)
{
	u64 pid = make_hosted(test, PROCSRV_INIT_PID);

	KUNIT_EXPECT_EQ(test, try_report(test, pid, PROCSRV_BODY_EXITING + 1,
					 0), -EINVAL);
	KUNIT_EXPECT_EQ(test, try_report(test, pid, 256 + PROCSRV_BODY_EXITING,
					 0), -EINVAL);
	KUNIT_EXPECT_EQ(test, try_report(test, pid, U32_MAX, 0), -EINVAL);
	KUNIT_EXPECT_EQ(test, flags_of(test, pid) & PROCSRV_INFO_EXITING, 0);
}

/* Processes that cannot be reported on. */
static void reports_of_others(struct kunit *test)
{
	u64 ordinary = make_process(test, PROCSRV_INIT_PID);
	u64 zombie = make_hosted(test, PROCSRV_INIT_PID);
	u64 exiting = make_hosted(test, PROCSRV_INIT_PID);
	u32 what;
	int signo;

	end_process(test, zombie);
	report_exiting(test, exiting);
	for (what = 0; what <= PROCSRV_BODY_EXITING; what++) {
		signo = what == PROCSRV_BODY_STOPPED ? PROCSRV_SIGTSTP : 0;
		KUNIT_EXPECT_EQ(test, try_report(test, ordinary, what, signo),
				-EOPNOTSUPP);
		KUNIT_EXPECT_EQ(test, try_report(test, PROCSRV_INIT_PID, what,
						 signo), -EOPNOTSUPP);
		KUNIT_EXPECT_EQ(test, try_report(test, zombie, what, signo),
				-ESRCH);
		KUNIT_EXPECT_EQ(test, try_report(test, exiting, what, signo),
				-ESRCH);
		KUNIT_EXPECT_EQ(test, try_report(test, TEST_NO_PID, what,
						 signo), -ESRCH);
		KUNIT_EXPECT_EQ(test, try_report(test, 0, what, signo), -ESRCH);
	}
	KUNIT_EXPECT_EQ(test, state_of(test, ordinary), PROCSRV_RUNNING);
	KUNIT_EXPECT_EQ(test, flags_of(test, ordinary), 0);
	KUNIT_EXPECT_EQ(test, stats_of(test).stopped, 0);
}

/* A report that changes nothing has no effect. */
static void nothing_changes_twice(struct kunit *test)
{
	u64 pid = make_hosted(test, PROCSRV_INIT_PID);
	struct procsrv_reader *r = watch_all(test);

	KUNIT_EXPECT_EQ(test, try_report(test, pid, PROCSRV_BODY_CONTINUED, 0),
			0);
	expect_no_change(test, pid);
	expect_no_event(test, r);
	report_stop(test, pid, PROCSRV_SIGTTIN);
	forget_events(test, r);
	report_stop(test, pid, PROCSRV_SIGTTIN);
	report_stop(test, pid, PROCSRV_SIGSTOP);
	expect_no_event(test, r);
	KUNIT_EXPECT_EQ(test, info_of(test, pid).exit_signal, PROCSRV_SIGTTIN);
	expect_change(test, pid, PROCSRV_WAIT_STOPPED, PROCSRV_SIGTTIN, 0);
	report_stop(test, pid, PROCSRV_SIGSTOP);
	expect_no_change(test, pid);
	report_continue(test, pid);
	expect_change(test, pid, PROCSRV_WAIT_CONTINUED, 18, 0);
	forget_events(test, r);
	report_continue(test, pid);
	expect_no_change(test, pid);
	expect_no_event(test, r);
}

/* A later change replaces one that was not waited for. */
static void later_change_replaces(struct kunit *test)
{
	u64 pid = make_hosted(test, PROCSRV_INIT_PID);

	report_stop(test, pid, PROCSRV_SIGSTOP);
	report_continue(test, pid);
	KUNIT_EXPECT_EQ(test, wait_pid(test, PROCSRV_INIT_PID, pid,
				       PROCSRV_WAIT_STOPPED, 0), -EAGAIN);
	report_stop(test, pid, PROCSRV_SIGTTOU);
	KUNIT_EXPECT_EQ(test, wait_pid(test, PROCSRV_INIT_PID, pid,
				       PROCSRV_WAIT_CONTINUED, 0), -EAGAIN);
	expect_change(test, pid, PROCSRV_WAIT_STOPPED, PROCSRV_SIGTTOU, 0);
}

/* A sleeping process that is not stopped does not continue: it sleeps on. */
static void sleeping_and_stopped(struct kunit *test)
{
	const struct procsrv_update u = {
		.mask = PROCSRV_UPDATE_STATE,
		.state = PROCSRV_RUNNING,
	};
	u64 pid = make_hosted(test, PROCSRV_INIT_PID);

	sleep_process(test, pid);
	KUNIT_EXPECT_EQ(test, try_report(test, pid, PROCSRV_BODY_CONTINUED, 0),
			0);
	KUNIT_EXPECT_EQ(test, state_of(test, pid), PROCSRV_SLEEPING);
	report_stop(test, pid, PROCSRV_SIGSTOP);
	KUNIT_EXPECT_EQ(test, procsrv_update(server(test), pid, &u), -EBUSY);
	report_continue(test, pid);
	KUNIT_EXPECT_EQ(test, procsrv_update(server(test), pid, &u), 0);
}

/* Ordinary processes show a stop by SIGSTOP in no field but the state. */
static void others_show_no_signal(struct kunit *test)
{
	u64 pid = make_process(test, PROCSRV_INIT_PID);

	stop_process(test, pid);
	KUNIT_EXPECT_EQ(test, info_of(test, pid).exit_signal, 0);
	expect_change(test, pid, PROCSRV_WAIT_STOPPED, 19, 0);
}

static void exiting_has_no_signals(struct kunit *test)
{
	u64 pid = make_hosted(test, PROCSRV_INIT_PID);
	u64 other = make_process(test, PROCSRV_INIT_PID);
	u32 pgid = make_group(test, pid);
	struct procsrv_reader *r;
	int signo;

	join_group(test, other, pgid);
	send_from(test, 0, pid, 10);
	send_from(test, other, pid, 9);
	report_exiting(test, pid);
	KUNIT_EXPECT_EQ(test, pending_of(test, pid), 0);
	expect_none(test, test_host(test));
	r = watch_all(test);
	for (signo = 0; signo <= PROCSRV_NSIG; signo++)
		send_from(test, signo % 2 ? other : 0, pid, signo);
	expect_no_event(test, r);
	KUNIT_EXPECT_EQ(test, signal_to(test, PROCSRV_TARGET_PGID, pgid, 10),
			2);
	KUNIT_EXPECT_EQ(test, pending_of(test, pid), 0);
	KUNIT_EXPECT_EQ(test, pending_of(test, other), sigbit(10));
	expect_none(test, test_host(test));
	check_server(test);
	/* It is no zombie before its end is reported. */
	KUNIT_EXPECT_EQ(test, stats_of(test).zombies, 0);
	expect_no_change(test, pid);
	KUNIT_EXPECT_EQ(test, procsrv_terminate(server(test), pid, 4, 0), 0);
	expect_change(test, pid, PROCSRV_WAIT_EXITED, 0, PROCSRV_WAIT_NOWAIT);
	KUNIT_EXPECT_EQ(test, info_of(test, pid).exit_code, 4);
}

/* Earlier changes of an exiting process are not found any more. */
static void exiting_has_no_changes(struct kunit *test)
{
	u64 stopped = make_hosted(test, PROCSRV_INIT_PID);
	u64 continued = make_hosted(test, PROCSRV_INIT_PID);
	struct procsrv_reader *r;

	report_stop(test, stopped, PROCSRV_SIGTSTP);
	report_stop(test, continued, PROCSRV_SIGTSTP);
	report_continue(test, continued);
	report_exiting(test, continued);
	expect_not_found(test, continued);
	r = watch_all(test);
	report_exiting(test, stopped);
	/* Subscribers see the change of state. */
	expect_state_event(test, r, stopped, PROCSRV_RUNNING, 0);
	expect_not_found(test, stopped);
	KUNIT_EXPECT_EQ(test, info_of(test, stopped).exit_signal, 0);
	KUNIT_EXPECT_EQ(test, stats_of(test).stopped, 0);
	check_server(test);
	end_process(test, stopped);
	expect_change(test, stopped, PROCSRV_WAIT_EXITED, 0, 0);
}

/* A wait for its exit goes on; a take at it ends with it at the latest. */
static void exiting_under_waiters(struct kunit *test)
{
	u64 pid = make_hosted(test, PROCSRV_INIT_PID);
	struct take_task *take = start_take(test, pid, EVERY_SIGNAL);
	struct wait_task *t = start_wait(test, &(struct procsrv_wait) {
		.parent = PROCSRV_INIT_PID,
		.what = ANY_CHANGE,
	});

	expect_waiting(test, PROCSRV_INIT_PID, 1);
	expect_waiters(test, pid, 1);
	report_exiting(test, pid);
	expect_still_waiting(test, t);
	KUNIT_EXPECT_EQ(test, procsrv_terminate(server(test), pid, -9, 9), 0);
	KUNIT_EXPECT_EQ(test, join_wait(test, t), 0);
	KUNIT_EXPECT_EQ(test, t->w.pid, pid);
	KUNIT_EXPECT_EQ(test, t->w.why, PROCSRV_WAIT_EXITED);
	KUNIT_EXPECT_EQ(test, t->w.exit_signal, 9);
	KUNIT_EXPECT_EQ(test, join_wait(test, &take->t), -ESRCH);
}

/* It is still a parent, a member, and a target of all calls but signals. */
static void exiting_is_alive(struct kunit *test)
{
	u64 pid = make_hosted(test, PROCSRV_INIT_PID);
	u64 child;

	report_exiting(test, pid);
	child = make_process(test, pid);
	KUNIT_EXPECT_EQ(test, ppid_of(test, child), pid);
	use_cpu(test, pid, 7);
	end_process(test, child);
	reap_child(test, pid, child);
	KUNIT_EXPECT_EQ(test, stats_of(test).running, 2);
	KUNIT_EXPECT_EQ(test, flags_of(test, pid),
			PROCSRV_INFO_HOSTED | PROCSRV_INFO_TIED |
			PROCSRV_INFO_EXITING);
}

/* An exit needs no report before it, whatever the state. */
static void ends_from_any_state(struct kunit *test)
{
	u64 pid = make_hosted(test, PROCSRV_INIT_PID);

	report_stop(test, pid, PROCSRV_SIGTTOU);
	KUNIT_EXPECT_EQ(test, procsrv_terminate(server(test), pid, 1, 0), 0);
	KUNIT_EXPECT_EQ(test, info_of(test, pid).exit_signal, 0);
	expect_change(test, pid, PROCSRV_WAIT_EXITED, 0, 0);
	KUNIT_EXPECT_EQ(test, look_up(test, pid), -ESRCH);
}

static void dumps_core(struct kunit *test)
{
	struct procsrv_reader *r = watch_all(test);
	struct procsrv_event e;
	u32 signal;
	u64 pid;

	for (signal = 0; signal <= PROCSRV_NSIG; signal++) {
		u32 exit_signal = signal ? signal | CORE : 0;

		pid = make_hosted(test, PROCSRV_INIT_PID);
		forget_events(test, r);
		KUNIT_ASSERT_EQ(test, procsrv_terminate(server(test), pid, 0,
							exit_signal), 0);
		e = next_event(test, r);
		KUNIT_EXPECT_EQ(test, e.kind, PROCSRV_EVENT_EXIT);
		KUNIT_EXPECT_EQ(test, e.signo, exit_signal);
		KUNIT_EXPECT_EQ(test, info_of(test, pid).exit_signal,
				exit_signal);
		expect_change(test, pid, PROCSRV_WAIT_EXITED, exit_signal, 0);
	}
}

static void bad_exit_signals(struct kunit *test)
{
	static const u32 bad[] = {
		65, CORE, CORE | 65, CORE | 0x7f, 0xff, 256, 256 | CORE | 6,
		0x200 | 9, U32_MAX, 0x80000000,
	};
	u64 pid = make_hosted(test, PROCSRV_INIT_PID);
	u64 ordinary = make_process(test, PROCSRV_INIT_PID);
	u32 i;

	for (i = 0; i < ARRAY_SIZE(bad); i++) {
		KUNIT_EXPECT_EQ(test, procsrv_terminate(server(test), pid, 0,
							bad[i]), -EINVAL);
		KUNIT_EXPECT_EQ(test, procsrv_terminate(server(test), ordinary,
							0, bad[i]), -EINVAL);
	}
	/* Only the body of a hosted process can have dumped core. */
	for (i = 1; i <= PROCSRV_NSIG; i++)
		KUNIT_EXPECT_EQ(test, procsrv_terminate(server(test), ordinary,
							0, CORE | i), -EINVAL);
	KUNIT_EXPECT_EQ(test, stats_of(test).total_exited, 0);
}

/* A handle shows the core dump too, even once the process is reaped. */
static void handle_shows_core(struct kunit *test)
{
	u64 pid = make_hosted(test, PROCSRV_INIT_PID);
	struct procsrv *ps = server(test);
	struct file *file = open_process(test, pid);
	const struct procsrv_exit_watch *watch;

	read_lock(&ps->lock);
	watch = peek_process(ps, pid)->exit_watch;
	read_unlock(&ps->lock);
	report_exiting(test, pid);
	KUNIT_EXPECT_EQ(test, procsrv_terminate(ps, pid, 0, CORE | 6), 0);
	reap_child(test, PROCSRV_INIT_PID, pid);
	KUNIT_EXPECT_EQ(test, watch->record.exit_signal, CORE | 6);
	KUNIT_EXPECT_EQ(test, watch->record.state, PROCSRV_DEAD);
	fput(file);
	expect_refs(test, ps, 1);
}

static struct kunit_case report_cases[] = {
	KUNIT_CASE(stopped_by_each),
	KUNIT_CASE(other_numbers_do_not_stop),
	KUNIT_CASE(unknown_reports),
	KUNIT_CASE(reports_of_others),
	KUNIT_CASE(nothing_changes_twice),
	KUNIT_CASE(later_change_replaces),
	KUNIT_CASE(sleeping_and_stopped),
	KUNIT_CASE(others_show_no_signal),
	KUNIT_CASE(exiting_has_no_signals),
	KUNIT_CASE(exiting_has_no_changes),
	KUNIT_CASE(exiting_under_waiters),
	KUNIT_CASE(exiting_is_alive),
	KUNIT_CASE(ends_from_any_state),
	KUNIT_CASE(dumps_core),
	KUNIT_CASE(bad_exit_signals),
	KUNIT_CASE(handle_shows_core),
	{}
};

static struct kunit_suite report_suite = {
	.name = "procsrv-report",
	.init = fixture_init,
	.exit = fixture_exit,
	.test_cases = report_cases,
};

kunit_test_suite(report_suite);
