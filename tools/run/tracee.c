// SPDX-License-Identifier: GPL-2.0-only
/*
 * The table of threads and processes that are traced.
 */
#include <errno.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ptrace.h>
#include <sys/uio.h>
#include <unistd.h>

#include "client.h"
#include "loop.h"
#include "report.h"
#include "tracee.h"

/* Beyond any thread id, PID_MAX_LIMIT of a 64-bit Linux. */
#define MAX_TIDS	0x400000

/* By thread id. Only the pages that are used take memory. */
static struct tracee **tracees;

/* By thread id: the value of nr_joins when the latest thread with this id joined. */
static unsigned int *joined;
static unsigned int nr_joins;
static unsigned int nr_tracees;
static unsigned int nr_held;
static pid_t highest;

void tracee_table_init(void)
{
	tracees = calloc(MAX_TIDS, sizeof(*tracees));
	joined = calloc(MAX_TIDS, sizeof(*joined));
	if (!tracees || !joined)
		report_fatal("the table of threads", ENOMEM);
}

struct tracee *tracee_find(pid_t tid)
{
	return tid > 0 && tid < MAX_TIDS ? tracees[tid] : NULL;
}

struct tracee *tracee_add(pid_t tid)
{
	struct tracee *t = tracee_find(tid);

	if (t)
		return t;
	/* Cheaper than calloc(3) for what was freed a moment ago. */
	t = malloc(sizeof(*t));
	if (!t || tid >= MAX_TIDS)
		report_fatal("a new thread", ENOMEM);
	*t = (struct tracee) { .tid = tid };
	tracees[tid] = t;
	nr_tracees++;
	if (tid > highest)
		highest = tid;
	return t;
}

void tracee_remove(struct tracee *t)
{
	struct process *p = t->process;

	tracee_set_held(t, false);
	loop_forget(t);
	if (p && !--p->nr_threads)
		free(p);
	tracees[t->tid] = NULL;
	free(t);
	nr_tracees--;
}

struct tracee *tracee_next(pid_t tid)
{
	while (nr_tracees && ++tid <= highest)
		if (tracees[tid])
			return tracees[tid];
	return NULL;
}

unsigned int tracee_joins(void)
{
	return nr_joins;
}

bool tracee_has_joined_since(pid_t tid, unsigned int joins)
{
	return tid > 0 && tid < MAX_TIDS && joined[tid] > joins;
}

void tracee_set_held(struct tracee *t, bool held)
{
	if (held && !t->held) {
		t->held_at = loop_now();
		nr_held++;
	}
	if (!held && t->held)
		nr_held--;
	t->held = held;
}

struct tracee *tracee_next_held(pid_t tid)
{
	struct tracee *t = NULL;

	if (!nr_held)
		return NULL;
	do {
		t = tracee_next(t ? t->tid : tid);
	} while (t && !t->held);
	return t;
}

bool tracee_any_held(void)
{
	return nr_held;
}

void tracee_join(struct tracee *t, struct process *p)
{
	t->process = p;
	p->nr_threads++;
	joined[t->tid] = ++nr_joins;
}

struct process *process_of(pid_t tid)
{
	struct tracee *t = tracee_find(tid);

	return t ? t->process : NULL;
}

struct process *process_find(pid_t pid)
{
	struct process *p = process_of(pid);

	return p && p->pid == pid ? p : NULL;
}

void tracee_end_call(struct tracee *t)
{
	void (*unfinished)(struct tracee *t) = t->unfinished;

	t->unfinished = NULL;
	if (unfinished)
		unfinished(t);
}

char tracee_state(const struct tracee *t)
{
	return client_proc_state(t->tid) ?: TRACEE_DEAD;
}

bool process_is_alive(const struct process *p)
{
	struct tracee *t = NULL;

	while ((t = tracee_next(t ? t->tid : 0)))
		if (t->process == p && tracee_state(t) != TRACEE_DEAD)
			return true;
	return false;
}

bool tracee_is_asleep(const struct tracee *t)
{
	char wchan[64];

	/* A wait has the state of a sleep already while it looks for a child. */
	return client_read_proc(t->tid, "wchan", wchan, sizeof(wchan)) > 0 &&
	       strcmp(wchan, "0") && tracee_state(t) == 'S';
}

void tracee_go(struct tracee *t, int signo)
{
	if (t->masked && !t->repeating && !t->at_exit)
		regs_unmask(t);
	if (ptrace(t->at_exit ? PTRACE_SYSCALL : PTRACE_CONT, t->tid, 0, signo) ||
	    t->at_exit)
		return;
	loop_end_alone(t);
	if (!t->in_wait)
		t->unfinished = NULL;
}

void tracee_go_until_exit(struct tracee *t, void (*at_exit)(struct tracee *t))
{
	t->at_exit = at_exit;
	tracee_go(t, 0);
}

bool tracee_read(const struct tracee *t, __u64 addr, void *to, size_t size)
{
	struct iovec local = { to, size };
	struct iovec remote = { (void *)(uintptr_t)addr, size };

	return process_vm_readv(t->tid, &local, 1, &remote, 1, 0) == (ssize_t)size;
}

bool tracee_write(const struct tracee *t, __u64 addr, const void *from,
		  size_t size)
{
	struct iovec local = { (void *)from, size };
	struct iovec remote = { (void *)(uintptr_t)addr, size };

	return process_vm_writev(t->tid, &local, 1, &remote, 1, 0) == (ssize_t)size;
}
