// SPDX-License-Identifier: GPL-2.0-only
/*
 * Stops and continuations.
 *
 * strace writes a line when a stop signal is delivered, which is before the
 * stop, and one for each thread that has stopped, which is after it and may be
 * long after it. In between the process is stopping: it stops in the server when
 * its last thread reports it, or when an answer of Linux shows that it has
 * stopped, or when SIGCONT is sent to it, as there would be nothing to continue
 * otherwise. Later reports of its threads are late.
 */
#include "replay.h"

static bool is_stop_signal(int signo)
{
	return signo >= SIGSTOP_NR && signo <= SIGTTOU_NR;
}

static bool in_jobs(const struct proc *p)
{
	return p->stopped || p->stopping;
}

static void set_stopping(struct replay *r, struct proc *p, int signo)
{
	if (!in_jobs(p))
		LIST_INSERT_HEAD(&r->world.jobs, p, job);
	p->stopping = signo;
	p->nr_late = 0;
}

static void clear_stopping(struct proc *p)
{
	if (p->stopping && !p->stopped)
		LIST_REMOVE(p, job);
	p->stopping = 0;
}

/* Processes that are not hosted are stopped only by SIGSTOP in the server. */
static void stop_in_server(struct replay *r, struct proc *p, int signo)
{
	if (!r->world.hosted)
		server_signal(r->world.fd, 0, PROCSRV_TARGET_PID, p->id,
			      SIGSTOP_NR);
	else
		procsrv_report(r->world.fd, p->id, PROCSRV_BODY_STOPPED,
			       is_stop_signal(signo) ? signo : SIGSTOP_NR);
}

void job_stop(struct replay *r, struct proc *p, int signo)
{
	if (p->stopped || p->exited || p->beyond)
		return;
	settle_reports(r, p);
	if (!in_jobs(p))
		LIST_INSERT_HEAD(&r->world.jobs, p, job);
	p->stopping = 0;
	p->stopped = true;
	p->doubt &= ~DOUBT_REPORT;
	p->changes++;
	stop_in_server(r, p, signo);
	touch_waits(r, p->parent, p);
	retry_open(r);
}

/* Note it for the recording: in the server the process has continued. */
static void note_continued(struct replay *r, struct proc *p)
{
	LIST_REMOVE(p, job);
	p->stopped = false;
	p->stopping = 0;
	p->stop++;
	p->nr_late = p->nr_threads - p->nr_stopped;
	p->nr_stopped = 0;
	p->doubt &= ~DOUBT_REPORT;
	p->changes++;
	if (p->continued_early) {
		report_withdraw(r->report, p->continued_early - 1, COMPARED);
		p->continued_early = 0;
	}
	touch_waits(r, p->parent, p);
}

static bool is_target(const struct proc *p, enum procsrv_target target,
		      __u64 id)
{
	switch (target) {
	case PROCSRV_TARGET_PID:
		return p->id == id;
	case PROCSRV_TARGET_PGID:
		return p->pgid == id;
	default:
		return true;
	}
}

/*
 * No line says whether the stop came before SIGCONT; if it did not, SIGCONT has
 * cancelled it. The report of a continuation is in doubt.
 */
static void stop_first(struct replay *r, struct proc *p)
{
	job_stop(r, p, p->stopping);
	p->doubt |= DOUBT_REPORT;
}

static void send_sigcont(struct replay *r, __u64 sender,
			 enum procsrv_target target, __u64 id)
{
	server_signal(r->world.fd, sender, target, id, SIGCONT_NR);
	if (r->world.hosted)
		server_settle(r->world.fd);
}

static void continue_one(struct replay *r, struct proc *p)
{
	bool doubt;

	if (p->stopping)
		stop_first(r, p);
	if (!p->stopped)
		return;
	settle_reports(r, p);
	doubt = p->doubt & DOUBT_REPORT;
	send_sigcont(r, 0, PROCSRV_TARGET_PID, p->id);
	note_continued(r, p);
	if (doubt)
		p->doubt |= DOUBT_REPORT;
}

void job_continue(struct replay *r, __u64 sender, enum procsrv_target target,
		  __u64 id)
{
	struct proc *p, *next;
	bool doubt;

	for (p = LIST_FIRST(&r->world.jobs); p; p = LIST_NEXT(p, job)) {
		if (!is_target(p, target, id))
			continue;
		if (p->stopping)
			stop_first(r, p);
		settle_reports(r, p);
	}
	/* The server may have other processes than ours. */
	if (target != PROCSRV_TARGET_ALL)
		send_sigcont(r, sender, target, id);
	for (p = LIST_FIRST(&r->world.jobs); p; p = next) {
		next = LIST_NEXT(p, job);
		if (!is_target(p, target, id))
			continue;
		doubt = p->doubt & DOUBT_REPORT;
		if (target == PROCSRV_TARGET_ALL)
			send_sigcont(r, sender, PROCSRV_TARGET_PID, p->id);
		note_continued(r, p);
		if (doubt)
			p->doubt |= DOUBT_REPORT;
	}
	retry_open(r);
}

void replay_delivered(struct replay *r, struct life *life, int signo,
		      const char *siginfo)
{
	struct proc *p = life->proc;

	replay_active(r, life, signo == SIGCONT_NR);
	if (signo == SIGCHLD_NR)
		gaps_announce(r, siginfo);
	if (is_stop_signal(signo) && !p->exited) {
		set_stopping(r, p, signo);
		p->stopper = life;
	}
	note_fatal_signal(p, life, signo);
}

static void all_have_stopped(struct replay *r, struct proc *p)
{
	if (!p->exited && p->nr_stopped && p->nr_stopped >= p->nr_threads)
		job_stop(r, p, p->stop_signal);
}

void replay_stopped(struct replay *r, struct life *life, int signo)
{
	struct proc *p = life->proc;

	if (life->stop == p->stop || p->exited)
		return;
	if (p->nr_late) {
		p->nr_late--;
		return;
	}
	if (p->stopped_early && !gaps_split(r))
		r->seen.disorder = true;
	p->stopped_early = false;
	life->stop = p->stop;
	p->stop_signal = signo;
	p->nr_stopped++;
	all_have_stopped(r, p);
}

static bool is_stopped(struct replay *r, const struct proc *p)
{
	struct procsrv_info info;

	return !procsrv_get_info(r->world.fd, p->id, &info) &&
	       info.state == PROCSRV_STOPPED;
}

/*
 * If the process was stopped, it has been continued: by a call that has not
 * returned yet, before strace came to write of the stop, from outside the
 * recording, or because its group was orphaned.
 */
void replay_active(struct replay *r, struct life *life, bool by_sigcont)
{
	struct proc *p = life->proc;

	if (p->fatal == life)
		p->fatal = NULL;
	if (life->stop == p->stop) {
		life->stop = 0;
		p->nr_stopped--;
	}
	if (p->stopping && p->stopper == life && !by_sigcont)
		clear_stopping(p);
	if (p->nr_threads <= 1)
		p->nr_late = 0;
	if (!p->stopped && !(p->stopping && by_sigcont))
		return;
	settle_others(r, NULL, SETTLE_SIGNALS);
	if (p->stopping || (p->stopped && is_stopped(r, p)))
		continue_one(r, p);
	if (p->stopped)
		note_continued(r, p);
	if (p->nr_threads <= 1)
		p->nr_late = 0;
	r->changed = true;
}

void replay_thread_gone(struct replay *r, struct life *life)
{
	struct proc *p = life->proc;

	if (life->stop == p->stop)
		p->nr_stopped--;
	life->stop = 0;
	p->nr_threads--;
	all_have_stopped(r, p);
}
