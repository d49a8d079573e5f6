// SPDX-License-Identifier: GPL-2.0-only
/*
 * The event loop of the supervisor.
 *
 * A call is a question. The caller may know of an event already, from a signal or through
 * a pipe; so a question is answered only when all events that have happened are known, and
 * have been reported to the server.
 */
#include <errno.h>
#include <signal.h>
#include <sys/ptrace.h>
#include <sys/time.h>
#include <sys/wait.h>
#include <time.h>

#include "adopt.h"
#include "calls.h"
#include "loop.h"
#include "report.h"
#include "zombies.h"

/* Events in a row before questions are answered, so that they are always answered. */
#define MAX_EVENTS	1024

/* How long to wait for an event that must come, and how often to look. */
#define LATE_MS		10000
#define TICK_MS		5

/* Enough for events that have happened. */
#define SETTLED_MS	100

/* With PTRACE_O_TRACESYSGOOD. */
#define SYSCALL_STOP	(SIGTRAP | 0x80)

/**
 * struct queue - tracees that have stopped in a call
 * @first: the first of them, or NULL
 * @end: where the next one is linked
 */
struct queue {
	struct tracee *first;
	struct tracee **end;
};

static struct queue questions = { .end = &questions.first };

/* Tracees that wait for the end of the call that must be alone. */
static struct queue deferred = { .end = &deferred.first };
static struct tracee *alone;
static unsigned int nr_later;
static bool ticking;
static bool ended;
static int end_status;

long long loop_now(void)
{
	struct timespec ts;

	clock_gettime(CLOCK_MONOTONIC, &ts);
	return ts.tv_sec * 1000LL + ts.tv_nsec / 1000000;
}

static void enqueue(struct queue *queue, struct tracee *t)
{
	t->queue = queue;
	t->next = NULL;
	*queue->end = t;
	queue->end = &t->next;
}

static void dequeue(struct tracee *t)
{
	struct queue *queue = t->queue;
	struct tracee **p;

	for (p = &queue->first; *p != t; p = &(*p)->next)
		;
	*p = t->next;
	if (!*p)
		queue->end = p;
	t->queue = NULL;
}

bool loop_begin_alone(struct tracee *t)
{
	if (alone)
		enqueue(&deferred, t);
	else
		alone = t;
	return alone == t;
}

bool loop_is_changing(void)
{
	return alone && alone->at_exit && alone->call.kind->flags & CALL_CHANGES;
}

bool loop_after_change(struct tracee *t)
{
	if (loop_is_changing())
		enqueue(&deferred, t);
	return loop_is_changing();
}

void loop_end_alone(struct tracee *t)
{
	if (t != alone)
		return;
	alone = NULL;
	while ((t = deferred.first)) {
		dequeue(t);
		enqueue(&questions, t);
	}
}

void loop_forget(struct tracee *t)
{
	if (t->later)
		nr_later--;
	t->later = NULL;
	if (t->queue)
		dequeue(t);
	loop_end_alone(t);
}

void loop_later(struct tracee *t, bool (*again)(struct tracee *t))
{
	t->deadline = loop_now() + LATE_MS;
	if (again(t))
		return;
	t->later = again;
	nr_later++;
	enqueue(&questions, t);
}

bool loop_is_late(const struct tracee *t)
{
	return loop_now() >= t->deadline;
}

bool loop_is_settled(const struct tracee *t)
{
	return t->later && loop_now() >= t->deadline - LATE_MS + SETTLED_MS;
}

void loop_ended(int status)
{
	ended = true;
	end_status = status;
}

/* Is it still in the stop at the end of its call? If not, it was killed. */
static bool has_returned(struct tracee *t)
{
	if (regs_result(t, &t->result))
		return true;
	tracee_go(t, 0);
	return false;
}

static void at_exit(struct tracee *t)
{
	void (*handle)(struct tracee *t) = t->at_exit;

	t->at_exit = NULL;
	if (has_returned(t))
		handle(t);
}

static void try_again(struct tracee *t)
{
	if (!has_returned(t) || t->later(t)) {
		t->later = NULL;
		nr_later--;
	} else {
		enqueue(&questions, t);
	}
}

/* Answer only the questions of now: those that are put off again are queued behind. */
static void answer_questions(void)
{
	struct tracee *t, *last = NULL;
	bool done = !questions.first;

	for (t = questions.first; t; t = t->next)
		last = t;
	while (!done) {
		t = questions.first;
		dequeue(t);
		done = t == last;
		if (t->later)
			try_again(t);
		else if (t->at_exit)
			at_exit(t);
		else
			calls_enter(t);
	}
}

static void handle_stop(struct tracee *t, int status)
{
	int signo = WSTOPSIG(status), event = status >> 16;
	bool in_wait = t->in_wait;

	if (in_wait)
		wait_left(t, event ? event == PTRACE_EVENT_STOP : signo != SYSCALL_STOP);
	switch (event) {
	case PTRACE_EVENT_SECCOMP:
		if (calls_begin(t))
			enqueue(&questions, t);
		return;
	case PTRACE_EVENT_FORK:
	case PTRACE_EVENT_VFORK:
	case PTRACE_EVENT_CLONE:
		lives_forked(t);
		return;
	case PTRACE_EVENT_EXEC:
		lives_execed(t);
		return;
	case PTRACE_EVENT_STOP:
		if (t->process)
			stops_event(t, signo);
		else
			lives_first_stop(t);
		return;
	default:
		break;
	}
	if (signo != SYSCALL_STOP)
		stops_signal(t, signo, in_wait);
	else if (t->at_exit)
		enqueue(&questions, t);
	else
		tracee_go(t, 0);
}

/* The only event of a thread that was killed before its first stop is its end. */
static void handle(pid_t tid, int status)
{
	struct tracee *t = tracee_find(tid);

	/* Its id is in use again. */
	if (t && t->ended)
		tracee_remove(t);
	t = tracee_add(tid);
	if (WIFSTOPPED(status))
		handle_stop(t, status);
	else
		lives_ended(t, status);
}

/* A timer, for conditions that make no event of their own. */
static void set_tick(bool on)
{
	const struct itimerval tick = {
		.it_interval.tv_usec = on ? TICK_MS * 1000 : 0,
		.it_value.tv_usec = on ? TICK_MS * 1000 : 0,
	};

	if (on != ticking)
		setitimer(ITIMER_REAL, &tick, NULL);
	ticking = on;
}

static bool has_fresh_question(void)
{
	return questions.first && !questions.first->later;
}

int loop_run(void)
{
	int status, events = 0;
	pid_t tid;

	while (!ended) {
		set_tick(nr_later || tracee_any_held() || zombies_in_doubt());
		tid = waitpid(-1, &status,
			      __WALL | (has_fresh_question() ? WNOHANG : 0));
		if (tid > 0)
			handle(tid, status);
		if (tid < 0 && errno == ECHILD)
			break;
		if (tid < 0)
			signals_drain();
		if (tid > 0 && has_fresh_question() && ++events < MAX_EVENTS)
			continue;
		events = 0;
		adopt_late();
		zombies_check();
		answer_questions();
	}
	set_tick(false);
	return end_status;
}
