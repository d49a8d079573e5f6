// SPDX-License-Identifier: GPL-2.0-only
/*
 * One process: updating it in the server from /proc
 */
#include <string.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "mirror.h"

enum {
	SIGNAL_STOP = 19,
	PF_WQ_WORKER = 0x20,
};

/* Reports usage that differs from the last that was read. */
static void update(struct mirror *m, struct record *r,
		   const struct linux_process *p)
{
	const bool new = !r->seen;
	struct procsrv_update_args args = {
		.pid = r->copy,
		.cpu_time = p->cpu_time,
		.memory_usage = p->memory,
		.thread_count = p->threads,
		.state = p->state == 'R' ? PROCSRV_RUNNING : PROCSRV_SLEEPING,
		.priority = p->priority,
	};

	if (new || p->cpu_time != r->is.cpu_time)
		args.mask |= PROCSRV_UPDATE_CPU_TIME;
	if (new || p->memory != r->is.memory)
		args.mask |= PROCSRV_UPDATE_MEMORY;
	if (new || p->threads != r->is.threads)
		args.mask |= PROCSRV_UPDATE_THREADS;
	if (new || p->priority != r->is.priority)
		args.mask |= PROCSRV_UPDATE_PRIORITY;
	if (!r->stopped && (new || (p->state == 'R') != (r->is.state == 'R')))
		args.mask |= PROCSRV_UPDATE_STATE;
	if (args.mask)
		mirror_try(m, PROCSRV_IOC_UPDATE, &args);
	r->is.cpu_time = p->cpu_time;
	r->is.memory = p->memory;
	r->is.threads = p->threads;
	r->is.priority = p->priority;
	r->is.state = p->state;
	r->is.start = p->start;
	r->seen = true;
}

void mirror_update_time(struct mirror *m, struct record *r,
			const struct linux_process *p)
{
	struct procsrv_update_args args = {
		.pid = r->copy, .mask = PROCSRV_UPDATE_CPU_TIME,
		.cpu_time = p->cpu_time,
	};

	if (p->cpu_time != r->is.cpu_time)
		mirror_try(m, PROCSRV_IOC_UPDATE, &args);
	r->is.cpu_time = p->cpu_time;
	r->is.start = p->start;
	r->seen = true;
}

/* A process that is not hosted is stopped and continued by a signal. */
static void stop_or_continue(struct mirror *m, struct record *r, bool stop)
{
	struct procsrv_report_args report = {
		.pid = r->copy,
		.what = stop ? PROCSRV_BODY_STOPPED : PROCSRV_BODY_CONTINUED,
		.signo = stop ? SIGNAL_STOP : 0,
	};
	struct procsrv_signal_args signal = {
		.id = r->copy, .target = PROCSRV_TARGET_PID,
		.signo = SIGNAL_STOP,
	};

	if (m->follow ? mirror_try(m, PROCSRV_IOC_REPORT, &report) :
			mirror_try(m, PROCSRV_IOC_SIGNAL, &signal)) {
		r->stopped = stop;
		m->stopped += stop;
		/* The server has a continued process as RUNNING. */
		if (!stop)
			r->is.state = 'R';
	}
}

void mirror_update_cwd(struct mirror *m, struct record *r)
{
	char cwd[PROCSRV_PATH_MAX];
	struct procsrv_update_args args = {
		.pid = r->copy, .mask = PROCSRV_UPDATE_CWD,
		.cwd = (uintptr_t)cwd,
	};

	if (machine_cwd(&m->machine, r->is.pid, cwd))
		mirror_try(m, PROCSRV_IOC_UPDATE, &args);
}

void mirror_exec(struct mirror *m, struct record *r, const char *name)
{
	struct procsrv_exec_args args = { .pid = r->copy };

	snprintf(r->is.name, sizeof(r->is.name), "%s", name);
	if (!machine_strings(&m->machine, r->is.pid, "cmdline", &m->cmdline))
		m->cmdline.len = 0;
	if (!m->env || !machine_strings(&m->machine, r->is.pid, "environ",
					&m->environ))
		m->environ.len = 0;
	args.name = (uintptr_t)r->is.name;
	args.argv = (uintptr_t)m->cmdline.data;
	args.argv_len = m->cmdline.len;
	args.envp = (uintptr_t)m->environ.data;
	args.envp_len = m->environ.len;
	mirror_try(m, PROCSRV_IOC_EXEC, &args);
}

void mirror_set_credentials(struct mirror *m, struct record *r,
			    const struct procsrv_credentials *c)
{
	struct procsrv_credentials_args args = {
		.pid = r->copy, .credentials = *c,
	};

	/* This program cannot grant a permission that it does not have. */
	args.credentials.flags &= m->may_kill;
	if (r != m->init && mirror_try(m, PROCSRV_IOC_SET_CREDENTIALS, &args))
		r->is.credentials = *c;
}

/* A process can only have created a session with its own pid. */
static void update_session(struct mirror *m, struct record *r,
			   const struct linux_process *p)
{
	if (p->sid == p->pid && r->is.sid != p->sid)
		mirror_begin_session(m, r, p->sid, p->sid);
	if (p->pgrp != r->is.pgrp && p->sid == r->is.sid && r != m->init)
		mirror_join_group(m, r, p->pgrp);
	if (p->tty != r->is.tty)
		mirror_set_terminal(m, r, p->tty);
}

/* For a kernel worker /proc shows its name, a hyphen, and its present work. */
static bool is_renamed(const struct record *r, const struct linux_process *p)
{
	if (!(p->flags & PF_WQ_WORKER))
		return strcmp(p->name, r->is.name);
	return strcspn(p->name, "-") != strcspn(r->is.name, "-") ||
	       strncmp(p->name, r->is.name, strcspn(p->name, "-"));
}

void mirror_look(struct mirror *m, struct record *r,
		 const struct linux_process *p)
{
	const bool stop = p->state == 'T' || p->state == 't';

	r->look = false;
	r->missing_since = 0;
	update_session(m, r, p);
	if (m->live && is_renamed(r, p))
		mirror_exec(m, r, p->name);
	if (r != m->init && r->stopped && !stop)
		stop_or_continue(m, r, false);
	update(m, r, p);
	if (r != m->init && !r->stopped && stop)
		stop_or_continue(m, r, true);
}

/* A message about a new process comes when it has started, by a clock that Linux cuts to ticks. */
static bool began_before(const struct linux_process *p, __u64 born)
{
	const __u64 ns_per_tick = 1000000000 / sysconf(_SC_CLK_TCK);
	const __u64 now = mirror_now();
	struct timespec boot;
	__u64 slept;

	/* Read after the other clock: the time in between makes the test more tolerant. */
	clock_gettime(CLOCK_BOOTTIME, &boot);
	slept = boot.tv_sec * 1000000000ULL + boot.tv_nsec - now;
	return p->start * ns_per_tick <= born + slept;
}

bool mirror_is_same(const struct record *r, const struct linux_process *p)
{
	return r->seen ? r->is.start == p->start :
	       !r->born || began_before(p, r->born);
}

/* The process that Linux has reparented the children of @r to. */
static struct record *find_reaper(struct mirror *m, const struct record *r)
{
	struct linux_process p;
	struct record *c, *reaper;

	TAILQ_FOREACH(c, &m->table.list, all) {
		if (c->is.ppid != r->is.pid ||
		    !machine_look(&m->machine, c->is.pid, &p) ||
		    !mirror_is_same(c, &p) || p.ppid == r->is.pid)
			continue;
		reaper = table_find(&m->table, p.ppid);
		return reaper && !reaper->zombie ? reaper : m->init;
	}
	return NULL;
}

static struct record *next_reaper(const struct mirror *m, const struct record *r)
{
	do {
		r = table_parent(&m->table, r);
	} while (r && r != m->init && !r->reaper);
	return r ? (struct record *)r : m->init;
}

static void leave_children(struct mirror *m, struct record *r)
{
	struct record *reaper = find_reaper(m, r), *c;

	if (reaper && reaper != next_reaper(m, r))
		mirror_set_reaper(m, r, reaper);
	reaper = next_reaper(m, r);
	TAILQ_FOREACH(c, &m->table.list, all)
		if (c->is.ppid == r->is.pid)
			table_move(&m->table, c, reaper);
}

void mirror_end(struct mirror *m, struct record *r, int status)
{
	struct procsrv_terminate_args args = { .pid = r->copy };

	if (status == EXIT_UNKNOWN) {
		args.exit_code = EXIT_UNKNOWN;
		m->lost.exits++;
	} else if (WIFSIGNALED(status)) {
		args.exit_signal = WTERMSIG(status);
		if (m->follow && WCOREDUMP(status))
			args.exit_signal |= PROCSRV_CORE_DUMP;
	} else {
		args.exit_code = WEXITSTATUS(status);
	}
	if (r->nr_children)
		leave_children(m, r);
	mirror_try(m, PROCSRV_IOC_TERMINATE, &args);
	r->zombie = true;
	r->look = false;
	r->missing_since = mirror_now();
	m->restless = true;
}

void mirror_reap(struct mirror *m, struct record *r)
{
	const struct record *parent = table_parent(&m->table, r);
	struct procsrv_wait_args args = {
		.parent = parent ? parent->copy : PROCSRV_INIT_PID,
		.id = r->copy,
		.which = PROCSRV_WAIT_PID,
		.what = PROCSRV_WAIT_EXITED,
		.flags = PROCSRV_WAIT_NOHANG | PROCSRV_WAIT_WALL,
	};

	mirror_try(m, PROCSRV_IOC_WAIT, &args);
	table_remove(&m->table, r);
}
