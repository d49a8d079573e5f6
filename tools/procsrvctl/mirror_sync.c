// SPDX-License-Identifier: GPL-2.0-only
/*
 * Changes without a message, and lost messages
 *
 * There is no message when a process stops or continues, changes its group, is waited for, or uses
 * time and memory: these are read from /proc. A process that /proc does not show any more ends
 * after its last message has had time to come; if none has come, its exit code is not known.
 */
#include <limits.h>
#include <stdlib.h>
#include <unistd.h>

#include "mirror.h"

/* The time for a message to come after the process is gone from /proc. */
#define PATIENCE_NS 100000000ULL

/* Most zombies are waited for at once. */
#define YOUNG_NS 1000000000ULL

/* The tries to find a moment without a fork, and the pause between them. */
#define COUNT_TRIES 20
#define COUNT_PAUSE_US 2000

static void look_at_zombie(struct mirror *m, struct record *r, __u64 now)
{
	struct linux_process p;

	if (!machine_look(&m->machine, r->is.pid, &p) || !mirror_is_same(r, &p))
		mirror_reap(m, r);
	else if (now - r->missing_since < YOUNG_NS)
		m->restless = true;
}

static void look_at_missing(struct mirror *m, struct record *r,
			    const struct linux_process *zombie, __u64 now)
{
	if (!r->missing_since)
		r->missing_since = now;
	m->restless = true;
	if (now - r->missing_since < PATIENCE_NS)
		return;
	if (zombie)
		mirror_update_time(m, r, zombie);
	if (zombie && !r->exited)
		mirror_end(m, r, zombie->exit_status);
	else
		mirror_end(m, r, r->exited ? r->status : EXIT_UNKNOWN);
	if (!zombie)
		mirror_reap(m, r);
}

static void look_at(struct mirror *m, struct record *r, __u64 now, bool drained)
{
	struct linux_process p;
	bool there = machine_look(&m->machine, r->is.pid, &p) &&
		     mirror_is_same(r, &p);

	if (there && (p.state != 'Z' || p.threads > 1))
		mirror_look(m, r, &p);
	else if (r != m->init && drained)
		look_at_missing(m, r, there ? &p : NULL, now);
	else
		m->restless = true;
}

void mirror_sync(struct mirror *m, bool all, bool drained)
{
	struct record *r = TAILQ_FIRST(&m->table.list), *next;
	const __u64 now = mirror_now();

	m->restless = false;
	for (; r; r = next) {
		next = TAILQ_NEXT(r, all);
		if (r->zombie && (all || now - r->missing_since < YOUNG_NS))
			look_at_zombie(m, r, now);
		else if (!r->zombie && (all || r->look || r->missing_since))
			look_at(m, r, now, drained);
	}
}

static void look_at_once(struct mirror *m, struct record *r)
{
	struct linux_process p;

	if (machine_look(&m->machine, r->is.pid, &p) && mirror_is_same(r, &p)) {
		if (!r->zombie)
			mirror_look(m, r, &p);
		return;
	}
	if (!r->zombie)
		mirror_end(m, r, r->exited ? r->status : EXIT_UNKNOWN);
	mirror_reap(m, r);
}

void mirror_free_id(struct mirror *m, pid_t pid)
{
	struct record *r = TAILQ_FIRST(&m->table.list), *next;

	for (; r; r = next) {
		next = TAILQ_NEXT(r, all);
		if (r != m->init && (r->is.sid == pid || r->is.pgrp == pid))
			look_at_once(m, r);
	}
}

/* The pid of a record may be that of another process in /proc by now. */
static void find_known(struct mirror *m, struct linux_process *p)
{
	struct record *r = table_find(&m->table, p->pid);

	if (r && r != m->init && !mirror_is_same(r, p)) {
		if (!r->zombie)
			mirror_end(m, r, r->exited ? r->status : EXIT_UNKNOWN);
		mirror_reap(m, r);
		r = NULL;
	}
	p->record = r;
	p->placed = r;
	p->found = !r;
	if (!r)
		m->forks_found += p->threads;
	else if (p->threads > r->is.threads)
		m->forks_found += p->threads - r->is.threads;
}

void mirror_resync(struct mirror *m)
{
	struct record *r;
	size_t i;

	m->resync = false;
	m->connector.overrun = false;
	machine_read(&m->machine);
	for (i = 0; i < m->machine.nr; i++)
		find_known(m, &m->machine.list[i]);
	TAILQ_FOREACH(r, &m->table.list, all) {
		if (r == m->init || r->zombie || r->missing_since ||
		    machine_find(&m->machine, r->is.pid))
			continue;
		r->missing_since = mirror_now();
		m->restless = true;
	}
	mirror_copy(m);
	machine_free(&m->machine);
}

/* Linux counts a fork a moment before it sends the message. */
void mirror_count_forks(struct mirror *m)
{
	__u64 before;
	int i;

	for (i = 0; i < COUNT_TRIES; i++) {
		if (!machine_forks(&m->machine, &before))
			fatal(CLIENT_USAGE, "%s/stat has no number of processes",
			      m->path);
		usleep(COUNT_PAUSE_US);
		m->counted_since = mirror_now();
		machine_forks(&m->machine, &m->forks);
		if (m->forks == before)
			return;
	}
}

/*
 * Counts forks without a message, whose process was not found. All messages have been read if the
 * number has not changed meanwhile. False if it keeps changing; then some are left out.
 */
static bool count_unseen(struct mirror *m, __u64 *unseen)
{
	__u64 before = 0, after = 1, known;
	bool drained = true;
	int i;

	for (i = 0; i < COUNT_TRIES && before != after && drained; i++) {
		if (!machine_forks(&m->machine, &before))
			break;
		drained = mirror_drain(m);
		if (!machine_forks(&m->machine, &after))
			break;
	}
	known = m->forks + m->forks_seen + m->forks_found;
	*unseen = before > known ? before - known : 0;
	return before == after && drained;
}

static void tell_server(struct mirror *m, __u64 messages, __u64 exits)
{
	const int code = exits > INT_MAX ? INT_MAX : exits;
	struct strings cmdline = {};
	__u64 pid = LOST_PID;
	char word[64];

	strings_add(&cmdline, "lost");
	snprintf(word, sizeof(word), "messages=%llu", messages);
	strings_add(&cmdline, word);
	if (mirror_create_stand_in(m, m->init, "lost", &cmdline, &pid))
		mirror_end_stand_in(m, m->init, pid, code);
	free(cmdline.data);
}

bool mirror_report_lost(struct mirror *m)
{
	__u64 unseen, messages, exits;
	bool all = count_unseen(m, &unseen);

	/* A loss is reported once; from then on these forks count as found. */
	m->forks_found += unseen;
	m->lost.exits += unseen;
	exits = m->lost.exits - m->told.exits;
	messages = m->connector.lost - m->told.messages;
	if (!messages && !exits)
		return all;
	m->told.messages += messages;
	m->told.exits += exits;
	if (messages)
		complain("lost %llu message%s of the kernel", messages,
			 client_plural(messages, "s"));
	if (exits)
		complain("%llu exit code%s missing in the events", exits,
			 client_plural(exits, "s"));
	tell_server(m, messages, exits);
	return all;
}
