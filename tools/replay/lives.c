// SPDX-License-Identifier: GPL-2.0-only
/*
 * Which threads a recording tells of, from which line to which, and which call
 * made each. Ids are used again, so that one tid may have several lives.
 */
#include <stdlib.h>
#include <string.h>

#include "record.h"
#include "value.h"

/* As strace numbers it, whatever this is built for. */
enum { SIGCHLD_NR = 17 };

/* Of linux/sched.h, the lowest byte of which is the signal at the exit. */
static const struct value_flag clone_flags[] = {
	{ "CLONE_VM", 0x100 },
	{ "CLONE_FS", 0x200 },
	{ "CLONE_FILES", 0x400 },
	{ "CLONE_SIGHAND", 0x800 },
	{ "CLONE_PIDFD", 0x1000 },
	{ "CLONE_PTRACE", 0x2000 },
	{ "CLONE_VFORK", 0x4000 },
	{ "CLONE_PARENT", 0x8000 },
	{ "CLONE_THREAD", 0x10000 },
	{ "CLONE_NEWPID", 0x20000000 },
	{ "SIGCHLD", SIGCHLD_NR },
	{}
};

enum {
	FLAG_FILES = 0x400,
	FLAG_PIDFD = 0x1000,
	FLAG_PARENT = 0x8000,
	FLAG_THREAD = 0x10000,
	FLAG_NEWPID = 0x20000000,
	EXIT_SIGNAL_MASK = 0xff,
};

struct life *recording_new_life(struct recording *rec, int tid)
{
	struct life *life = value_xcalloc(1, sizeof(*life));

	life->tid = tid;
	life->first = NO_LINE;
	TAILQ_INSERT_TAIL(&rec->lives, life, link);
	return life;
}

static void tie(struct ledger *ledger, struct fork *fork, struct life *life)
{
	fork->child = life;
	life->fork = fork;
	ledger->matched = true;
}

struct life *ledger_life(struct ledger *ledger, const struct line *line)
{
	struct life *life = intmap_get(&ledger->current, line->tid);
	struct fork *fork;

	if (!life || life->ended) {
		life = recording_new_life(ledger->rec, line->tid);
		life->first = line->number;
		intmap_set(&ledger->current, line->tid, life);
		fork = intmap_remove(&ledger->expected, line->tid);
		if (fork)
			tie(ledger, fork, life);
	}
	life->last = line->number;
	return life;
}

/* A thread whose execve superseded the leader leaves no line of its own. */
static void end_superseding(struct ledger *ledger, const struct line *line)
{
	struct life *life = intmap_get(&ledger->current, line->value);

	if (life)
		life->ended = true;
}

void ledger_note(struct ledger *ledger, struct life *life,
		 const struct line *line)
{
	if (line->kind == LINE_SIGNAL && line->value == SIGCHLD_NR)
		life->gets_sigchld = true;
	life->detached |= line->detached;
	life->ended = line->kind == LINE_EXITED || line->kind == LINE_KILLED;
	if (line->kind == LINE_SUPERSEDED)
		end_superseding(ledger, line);
}

struct fork *ledger_fork_begins(struct ledger *ledger, struct life *maker,
				size_t at)
{
	struct fork *fork = value_xcalloc(1, sizeof(*fork));

	fork->maker = maker;
	fork->start = at;
	fork->end = NO_LINE;
	fork->pidfd = -1;
	TAILQ_INSERT_TAIL(&ledger->rec->forks, fork, link);
	return fork;
}

/* The flags of clone and clone3, by name or number; 0 of fork and vfork. */
static unsigned long flags_of(const struct call *call)
{
	const char *flags = value_field(call->text, "flags=");
	bool unknown = false;

	/* With -e raw=clone there are no names of arguments. */
	if (!flags && !strncmp(call->text, "clone(", 6))
		flags = call_arg(call, 0);
	return flags ? value_flags(flags, clone_flags, &unknown) : 0;
}

bool recording_makes_thread(const struct call *call)
{
	return (flags_of(call) & FLAG_THREAD) ||
	       (call->headless && value_field(call->text, "tls="));
}

static bool announces_exit(const struct call *call, unsigned long flags)
{
	const char *exit_signal = value_field(call->text, "exit_signal=");

	if (!strncmp(call->text, "clone3", 6))
		return exit_signal && value_signal(exit_signal) == SIGCHLD_NR;
	return strncmp(call->text, "clone", 5) || call->headless ||
	       (flags & EXIT_SIGNAL_MASK) == SIGCHLD_NR;
}

/* The descriptor that CLONE_PIDFD gave to the maker; or -1. */
static int pidfd_of(const struct call *call)
{
	const char *fd = value_field(call->text, "pidfd=[");
	long v;

	/* clone has no field of its own for it. */
	if (!fd)
		fd = value_field(call->text, "parent_tid=[");
	return fd && value_long(fd, &v) ? v : -1;
}

static void read_fork(struct fork *fork, const struct call *call)
{
	unsigned long flags = flags_of(call);

	fork->thread = recording_makes_thread(call);
	fork->sibling = flags & FLAG_PARENT;
	fork->shares_files = flags & FLAG_FILES;
	fork->new_pid_ns = flags & FLAG_NEWPID;
	fork->no_sigchld = !announces_exit(call, flags);
	if (flags & FLAG_PIDFD)
		fork->pidfd = pidfd_of(call);
}

void ledger_drop_life(struct ledger *ledger, struct life *life, size_t number)
{
	if (life->first != number || life->last != number)
		return;
	if (life->fork) {
		life->fork->child = NULL;
		intmap_set(&ledger->expected, life->tid, life->fork);
	}
	intmap_remove(&ledger->current, life->tid);
	TAILQ_REMOVE(&ledger->rec->lives, life, link);
	free(life);
}

void ledger_drop_fork(struct ledger *ledger, struct fork *fork)
{
	TAILQ_REMOVE(&ledger->rec->forks, fork, link);
	free(fork);
}

static bool has_ends(const struct recording *rec)
{
	return rec->nr_of_lines[LINE_EXITED] || rec->nr_of_lines[LINE_KILLED];
}

/*
 * The child is the life with the returned pid that has begun since the fork
 * did; or else the next one with this pid.
 */
static void find_child(struct ledger *ledger, struct fork *fork)
{
	struct life *life = intmap_get(&ledger->current, fork->pid);

	if (life && life->first > fork->start &&
	    (!life->fork || life->fork->start < fork->start)) {
		if (life->fork)
			life->fork->child = NULL;
		tie(ledger, fork, life);
		intmap_remove(&ledger->expected, fork->pid);
		return;
	}
	/* Without any ends (-qq), this tells that the one before has ended. */
	if (life && life->last < fork->start && !has_ends(ledger->rec))
		intmap_remove(&ledger->current, fork->pid);
	intmap_set(&ledger->expected, fork->pid, fork);
}

struct fork *ledger_fork_ends(struct ledger *ledger, struct fork *fork,
			      const struct call *call)
{
	read_fork(fork, call);
	fork->end = call->end;
	if (call->answer == ANSWER_ERROR || call->answer == ANSWER_INTERRUPTED ||
	    !call_executed(call) ||
	    (call->answer == ANSWER_VALUE && call->value <= 0)) {
		ledger_drop_fork(ledger, fork);
		return NULL;
	}
	if (call->answer == ANSWER_VALUE) {
		fork->pid = call->value;
		find_child(ledger, fork);
	}
	return fork;
}

void ledger_wait_ends(struct ledger *ledger, struct life *waiter, int pid)
{
	struct life *life = intmap_get(&ledger->current, pid);

	if (life && !life->fork && !life->awaited_by)
		life->awaited_by = waiter;
}

/*
 * Gives forks without a child to lives without a fork: to each the earliest
 * one that was going on when the life began, or, with @late, had ended by then.
 */
static void adopt(struct ledger *ledger, bool answered, bool late)
{
	struct fork *fork = TAILQ_FIRST(&ledger->rec->forks), *next = fork;
	struct life *life;

	TAILQ_FOREACH(life, &ledger->rec->lives, link) {
		if (life->fork)
			continue;
		/* Forks before @fork are taken, or had ended too early. */
		for (fork = next; fork; fork = TAILQ_NEXT(fork, link)) {
			if (fork->start >= life->first)
				break;
			next = fork;
			if (!fork->child && !!fork->pid == answered &&
			    (late || fork->end == NO_LINE ||
			     fork->end >= life->first))
				break;
			next = TAILQ_NEXT(fork, link);
		}
		if (!fork || fork->start >= life->first)
			continue;
		tie(ledger, fork, life);
		fork->foreign = answered;
	}
}

static bool has_namespaces(const struct ledger *ledger)
{
	const struct recording *rec = ledger->rec;
	const struct fork *fork;

	if (rec->nr_of_calls[CALL_UNSHARE] || rec->nr_of_calls[CALL_SETNS])
		return true;
	TAILQ_FOREACH(fork, &rec->forks, link)
		if (fork->new_pid_ns)
			return true;
	return false;
}

void ledger_close(struct ledger *ledger)
{
	/* No line tells what these have returned. */
	adopt(ledger, false, false);
	/* A number that no line has is one of another pid namespace. */
	if (ledger->matched)
		adopt(ledger, true, has_namespaces(ledger));
	intmap_free(&ledger->current);
	intmap_free(&ledger->expected);
}
