/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The event loop of the supervisor, and the functions that it calls.
 */
#ifndef RUN_LOOP_H
#define RUN_LOOP_H

#include <stdbool.h>
#include <sys/types.h>

#include "tracee.h"

/**
 * loop_run() - supervise until the command has ended
 *
 * Return: its wait status.
 */
int loop_run(void);

/**
 * loop_ended() - note that the command has ended
 */
void loop_ended(int status);

/**
 * loop_later() - try now, and again after further events
 * @t: a tracee that is stopped, and remains so
 * @again: returns true if it need not be called again. It is not called any more after
 *	loop_is_late(); then it must return true.
 */
void loop_later(struct tracee *t, bool (*again)(struct tracee *t));

/* Has the time for tries passed? */
bool loop_is_late(const struct tracee *t);

/* Have all events, most likely, come that had happened before the first try? */
bool loop_is_settled(const struct tracee *t);

/**
 * loop_begin_alone() - begin a call that Linux carries out as the server has decided
 * @t: a tracee whose call has not been answered
 *
 * Until it returns, no other such call begins: Linux carries them out in the order in which
 * the server has decided.
 *
 * Return: false if there is one already. Then calls_enter() is called again after it.
 */
bool loop_begin_alone(struct tracee *t);

/* Is Linux carrying out a call that moves a process to another group or session? */
bool loop_is_changing(void);

/**
 * loop_after_change() - postpone a question during such a call
 * @t: a tracee whose call has not been answered
 *
 * Return: whether calls_enter() is called again after that call.
 */
bool loop_after_change(struct tracee *t);

/* A tracee is in no call any more, and others may begin. Called by tracee_go(). */
void loop_end_alone(struct tracee *t);

/* Forget a tracee. */
void loop_forget(struct tracee *t);

/* Milliseconds of CLOCK_MONOTONIC. */
long long loop_now(void);

/* lives.c */
void lives_forked(struct tracee *t);
void lives_execed(struct tracee *t);
void lives_ended(struct tracee *t, int status);

/* The command has ended: the others are killed as the supervisor exits. */
void lives_end_others(void);
void lives_first_stop(struct tracee *t);

/* A held tracee is a process: a child of another one, and a copy of that, */
void lives_begin_child(struct tracee *child, pid_t parent, int exit_signal);

/* or the sibling of another one, and a copy of that. */
void lives_begin_sibling(struct tracee *child, pid_t of);

/* A tracee is a thread of a process. */
void lives_begin_thread(struct tracee *child, struct process *p);

/* A child is known to the server now. It may have stopped before, or ended. */
void lives_start_child(struct tracee *child);
void lives_reap_refused(struct tracee *t);

/**
 * lives_begin() - the command begins
 */
void lives_begin(struct tracee *t, bool sigchld_ignored);

/* stops.c */
void stops_signal(struct tracee *t, int signo, bool in_wait);
void stops_event(struct tracee *t, int signo);
void stops_left(struct tracee *t);
void stops_continued(struct process *p);

/**
 * stops_missed() - Linux has returned a continuation that has no event
 *
 * A stop that SIGCONT ends before all threads have taken part in it is not seen by the supervisor.
 * Both the stop and the continuation are reported to the server.
 *
 * Return: whether the continuation is in the server now.
 */
bool stops_missed(pid_t pid);

/* credentials.c: report the credentials of a process in Linux. */
void credentials_report(struct process *p, pid_t tid);

/* signals.c: report whether the children of a process leave zombies. */
void signals_report_autoreap(struct process *p);

/* Are there processes whose children leave none, or have there been? */
bool signals_any_autoreap(void);

#endif /* RUN_LOOP_H */
