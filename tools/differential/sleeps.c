// SPDX-License-Identifier: GPL-2.0-only
/*
 * Waits that sleep.
 *
 * The puppet sleeps in its system call, and a thread of the driver in that of
 * the server. After each operation the server is asked with NOHANG whether
 * there is an answer now. If there is, both have to wake up; if not, neither.
 *
 * The thread asks with NOWAIT, as Linux decides which child a wait takes. A
 * stopped puppet does not wake up, while the thread does: when the puppet
 * continues, and so looks for children again, the thread starts again.
 */
#include <errno.h>
#include <pthread.h>
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>
#include <unistd.h>

#include "run.h"

/* How often to let others run to see whether they have something to do. */
#define YIELDS	8

/**
 * struct sleep - a wait that sleeps
 * @op: the wait
 * @query: the same for the server, with NOHANG
 * @thread: the thread that sleeps there
 * @server: descriptor of the server
 * @error: what the thread got, as a positive errno
 * @done: the thread has its result
 */
struct sleep {
	struct op op;
	struct procsrv_wait_args query;
	pthread_t thread;
	int server;
	int error;
	bool done;
};

static void *sleep_in_server(void *data)
{
	struct sleep *s = data;
	struct procsrv_wait_args args = s->query;

	args.flags &= ~PROCSRV_WAIT_NOHANG;
	s->error = error_of(procsrv_wait(s->server, &args));
	__atomic_store_n(&s->done, true, __ATOMIC_RELEASE);
	return NULL;
}

static bool is_done(const struct sleep *s)
{
	return __atomic_load_n(&s->done, __ATOMIC_ACQUIRE);
}

static bool puppet_sleeps(struct run *run, const struct process *p)
{
	const struct box *box = &run->world.real->boxes[p->box];
	struct look look;

	return __atomic_load_n(&box->begun, __ATOMIC_ACQUIRE) ==
	       box->commands && view_look(p->view, &look) && look.asleep;
}

static bool server_sleeps(struct run *run, const struct process *p)
{
	struct procsrv_info info;

	return !procsrv_get_info(run->world.server, p->id, &info) &&
	       info.state == PROCSRV_WAITING;
}

static bool thread_is_done(struct run *run, const struct process *p)
{
	(void)run;
	return is_done(p->sleep);
}

static bool until(struct run *run, const struct process *p, const char *what,
		  bool (*holds)(struct run *run, const struct process *p))
{
	struct timespec since;

	clock_gettime(CLOCK_MONOTONIC, &since);
	while (!holds(run, p)) {
		sched_yield();
		if (real_late(&since)) {
			run_differ(run, "#%td %s", p - run->world.procs, what);
			return false;
		}
	}
	return true;
}

static bool begin_thread(struct run *run, struct process *p)
{
	p->sleep->done = false;
	if (pthread_create(&p->sleep->thread, NULL, sleep_in_server,
			   p->sleep)) {
		run_break(run, "no thread to be had");
		p->sleep->done = true;
		p->sleep->thread = 0;
		return false;
	}
	return until(run, p, "does not sleep in the server", server_sleeps);
}

bool sleep_is_for_continued(const struct process *p)
{
	return p->sleep->query.what & PROCSRV_WAIT_CONTINUED;
}

void sleep_begin(struct run *run, const struct op *op,
		 const struct procsrv_wait_args *query,
		 const struct command *c)
{
	struct process *p = run_process(run, op->actor);

	p->sleep = calloc(1, sizeof(*p->sleep));
	if (!p->sleep) {
		run_break(run, "memory");
		return;
	}
	*p->sleep = (struct sleep) {
		.op = *op, .query = *query, .server = run->world.server,
	};
	p->touched = true;
	snprintf(run->answer, sizeof(run->answer), "sleeps");
	run->stats->events[EVENT_SLEPT]++;
	real_command(run->world.real, p->box, c);
	if (begin_thread(run, p))
		until(run, p, "does not sleep in Linux", puppet_sleeps);
}

static void end(struct process *p)
{
	if (p->sleep->thread)
		pthread_join(p->sleep->thread, NULL);
	free(p->sleep);
	p->sleep = NULL;
}

static bool has_replied(struct run *run, const struct process *p)
{
	return real_has_replied(run->world.real, p->box);
}

/* There is still nothing to wait for. */
static void sleep_on(struct run *run, struct process *p)
{
	if (has_replied(run, p)) {
		run_differ(run, "#%td woke up in Linux only",
			   p - run->world.procs);
		return;
	}
	if (!is_done(p->sleep))
		return;
	pthread_join(p->sleep->thread, NULL);
	begin_thread(run, p);
}

/*
 * Linux notifies no waiter when a stopped child is reparented. A sleeping
 * waiter finds the child when something else wakes it.
 */
static bool may_be_missed(struct run *run, const struct answer *a)
{
	return !a->error && a->why != PROCSRV_WAIT_EXITED &&
	       run_process(run, a->index)->adopted;
}

static void wake(struct run *run, struct process *p,
		 struct answer *server_said)
{
	struct sleep *s = p->sleep;
	struct reply reply;
	int i;

	if (!until(run, p, "sleeps on in the server", thread_is_done))
		return;
	if (may_be_missed(run, server_said)) {
		for (i = 0; i < YIELDS; i++)
			sched_yield();
		if (!has_replied(run, p))
			return;
	}
	if (!until(run, p, "sleeps on in Linux", has_replied) ||
	    !real_reply(run->world.real, p->box, &reply, 0))
		return;
	run->stats->events[EVENT_WOKEN]++;
	wait_finish(run, &s->op, &s->query, &reply, server_said, true);
	if (run->verbose)
		printf("#%-6td wakes up: %s\n", p - run->world.procs,
		       run->answer);
	p->touched = true;
	end(p);
}

static void look(struct run *run, struct process *p)
{
	struct answer answer;

	if (p->life >= LIFE_ZOMBIE) {
		if (until(run, p, "is dead, but sleeps in the server",
			  thread_is_done))
			end(p);
		return;
	}
	if (p->life != LIFE_RUNNING)
		return;
	wait_ask(run, &p->sleep->query, &answer);
	if (answer.error == EAGAIN)
		sleep_on(run, p);
	else
		wake(run, p, &answer);
}

void sleeps_look(struct run *run)
{
	struct world *w = &run->world;
	int i;

	for (i = 0; i < w->nr_procs && run->verdict == VERDICT_SAME; i++)
		if (w->procs[i].sleep)
			look(run, &w->procs[i]);
}

void sleeps_end(struct world *w)
{
	int i;

	for (i = 0; i < w->nr_procs; i++) {
		if (!w->procs[i].sleep)
			continue;
		procsrv_terminate(w->server, w->procs[i].id, 0, 0);
		end(&w->procs[i]);
	}
}
