// SPDX-License-Identifier: GPL-2.0-only
/*
 * The effect of each message of the kernel on the server
 *
 * /proc may have shown the content of a message already: each handler checks what there is.
 * Messages about threads are only counted, but for the last one of a process.
 */
#include <string.h>
#include <time.h>

#include "mirror.h"

/* How many at a time, so that clients and signals get their turn. */
#define MESSAGES_AT_ONCE 4096

__u64 mirror_now(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return now.tv_sec * 1000000000ULL + now.tv_nsec;
}

/* Makes room for a new process; false if @r is this process, found in /proc before. */
static bool make_way(struct mirror *m, struct record *r)
{
	struct linux_process p;

	if (!r->zombie) {
		if (machine_look(&m->machine, r->is.pid, &p) &&
		    mirror_is_same(r, &p))
			return false;
		mirror_end(m, r, r->exited ? r->status : EXIT_UNKNOWN);
	}
	mirror_reap(m, r);
	return true;
}

static struct record *create(struct mirror *m, struct record *parent, pid_t pid,
			     const struct linux_process *like, __u64 born)
{
	struct linux_process p = parent->is;
	struct record *r;
	__u64 copy;

	copy = mirror_create(m, parent->copy, like, pid);
	if (!copy)
		return NULL;
	if (like)
		p = *like;
	p.pid = pid;
	p.found = false;
	p.cpu_time = 0;
	p.memory = 0;
	p.threads = 1;
	r = table_add(&m->table, &p, parent, copy);
	r->born = born;
	return r;
}

/* An earlier fork is in the number of the machine already, if its message came late. */
static void count_fork(struct mirror *m, const struct proc_event *event)
{
	m->forks_seen += event->timestamp_ns > m->counted_since;
}

/*
 * A fork is counted once there is a record. A process without one is counted when /proc or the
 * message of its end shows it; if neither does, its end is lost.
 */
static void forked(struct mirror *m, const struct proc_event *event)
{
	pid_t pid = event->event_data.fork.child_tgid;
	struct record *parent = table_find(&m->table,
					   event->event_data.fork.parent_tgid);
	struct record *r = table_find(&m->table, pid);

	if (event->event_data.fork.child_pid != pid) {
		if (r) {
			r->is.threads++;
			count_fork(m, event);
		}
		return;
	}
	if (r && !make_way(m, r)) {
		/* The message was not lost, but came after the process was found. */
		m->forks_found -= r->is.found;
		r->is.found = false;
		count_fork(m, event);
		return;
	}
	/* A kernel thread has no visible parent. */
	if (!parent && !event->event_data.fork.parent_tgid)
		parent = m->init;
	if (!parent || parent->zombie) {
		m->resync = true;
		return;
	}
	r = create(m, parent, pid, NULL, event->timestamp_ns);
	if (!r)
		return;
	count_fork(m, event);
	r->look = true;
	m->restless = true;
}

/* The program is read at once, as it may be gone soon. */
static void called_exec(struct mirror *m, struct record *r)
{
	struct linux_process p;
	bool there = machine_look(&m->machine, r->is.pid, &p) &&
		     mirror_is_same(r, &p);

	r->exited = false;
	r->status = 0;
	mirror_exec(m, r, there ? p.name : r->is.name);
	if (there) {
		mirror_update_cwd(m, r);
		mirror_look(m, r, &p);
	}
}

static void changed_ids(struct mirror *m, struct record *r,
			const struct proc_event *event)
{
	struct procsrv_credentials c = r->is.credentials;

	if (!machine_credentials(&m->machine, r->is.pid, &c)) {
		if (event->what == PROC_EVENT_UID) {
			c.ruid = event->event_data.id.r.ruid;
			c.euid = event->event_data.id.e.euid;
		} else {
			c.rgid = event->event_data.id.r.rgid;
			c.egid = event->event_data.id.e.egid;
		}
	}
	if (memcmp(&c, &r->is.credentials, sizeof(c)))
		mirror_set_credentials(m, r, &c);
}

/* An unknown process has ended: its fork was missed. */
static void missed(struct mirror *m, const struct proc_event *event)
{
	const struct linux_process unknown = { .name = "unknown" };
	struct record *parent = table_find(&m->table,
					   event->event_data.exit.parent_tgid);
	pid_t pid = event->event_data.exit.process_tgid;
	struct linux_process p;
	struct record *r;

	if (machine_look(&m->machine, pid, &p)) {
		m->resync = true;
		return;
	}
	if (!parent || parent->zombie)
		parent = m->init;
	m->cmdline.len = 0;
	m->environ.len = 0;
	r = create(m, parent, pid, &unknown, event->timestamp_ns);
	if (!r)
		return;
	/* A process that ended before the snapshot was read may have begun before the count. */
	m->forks_found += event->timestamp_ns > m->read_at;
	mirror_end(m, r, event->event_data.exit.exit_code);
	mirror_reap(m, r);
}

/*
 * The first thread has exited, or after it another one. The exit code is that of the last thread to
 * exit; /proc may have none of them any more before its message is read.
 */
static void exited(struct mirror *m, struct record *r, int status)
{
	struct linux_process p;
	bool there = machine_look(&m->machine, r->is.pid, &p) &&
		     mirror_is_same(r, &p);
	const bool last = r->is.threads <= 1;

	r->exited = true;
	r->status = status;
	if (!last)
		r->is.threads--;
	if (there && (p.state != 'Z' || p.threads > 1))
		return;
	if (!last) {
		r->missing_since = mirror_now();
		m->restless = true;
		return;
	}
	if (there)
		mirror_update_time(m, r, &p);
	mirror_end(m, r, status);
	if (!there)
		mirror_reap(m, r);
}

/*
 * The messages of two threads that exit at once may come in the other order. A thread that exits by
 * itself has 0; another code that comes before the first thread's is the exit code of all.
 */
static void thread_exited(struct mirror *m, const struct proc_event *event)
{
	pid_t pid = event->event_data.exit.process_tgid;
	struct record *r = table_find(&m->table, pid);
	int status = event->event_data.exit.exit_code;

	if (!r && event->event_data.exit.process_pid == pid)
		missed(m, event);
	if (!r || r->zombie || r == m->init)
		return;
	if (event->event_data.exit.process_pid == pid && !r->exited && !status)
		status = r->status;
	if (r->exited || event->event_data.exit.process_pid == pid) {
		exited(m, r, status);
		return;
	}
	if (r->is.threads > 1)
		r->is.threads--;
	if (status)
		r->status = status;
}

static void renamed(struct mirror *m, struct record *r,
		    const struct proc_event *event)
{
	char name[sizeof(event->event_data.comm.comm) + 1] = "";

	if (event->event_data.comm.process_pid != r->is.pid)
		return;
	memcpy(name, event->event_data.comm.comm,
	       sizeof(event->event_data.comm.comm));
	if (strcmp(name, r->is.name))
		mirror_exec(m, r, name);
}

/* These messages all have the thread and the process at the same offset. */
static void changed(struct mirror *m, const struct proc_event *event)
{
	struct record *r = table_find(&m->table,
				      event->event_data.exec.process_tgid);

	if (!r || r->zombie)
		return;
	switch ((__u32)event->what) {
	case PROC_EVENT_EXEC:
		called_exec(m, r);
		break;
	case PROC_EVENT_UID:
	case PROC_EVENT_GID:
		changed_ids(m, r, event);
		break;
	case PROC_EVENT_SID:
		if (r->is.sid != r->is.pid && r != m->init)
			mirror_begin_session(m, r, r->is.pid, r->is.pid);
		break;
	case PROC_EVENT_COMM:
		renamed(m, r, event);
		break;
	case PROC_EVENT_PTRACE:
		r->look = true;
		m->restless = true;
		break;
	}
}

bool mirror_drain(struct mirror *m)
{
	struct proc_event event;
	int i;

	for (i = 0; i < MESSAGES_AT_ONCE; i++) {
		if (!connector_read(&m->connector, &event))
			return true;
		switch ((__u32)event.what) {
		case PROC_EVENT_FORK:
			forked(m, &event);
			break;
		case PROC_EVENT_EXIT:
			thread_exited(m, &event);
			break;
		default:
			changed(m, &event);
		}
	}
	return false;
}
