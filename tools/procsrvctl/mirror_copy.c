// SPDX-License-Identifier: GPL-2.0-only
/*
 * A snapshot of the machine: processes, parents and sessions
 *
 * The server has no call that moves a process to any session: a session is
 * inherited or created. So the copy repeats the history of the machine.
 *
 * - Parents are created before their children. A leader of a session is created
 *   as a child of its parent and then creates its session, so that its children
 *   inherit it.
 * - A process whose parent is in another session has lost its own parent, and
 *   was reparented to a reaper above it. It is created in its session, as a child
 *   of a stand-in for the parent that it had, below the reaper, which then ends.
 * - If the leader of a session is gone, a stand-in with its pid leads it. In the
 *   server of the device, where pids are other numbers, the first member does.
 * - A process with a reaper that is not above any member of its session keeps the parent,
 *   and leads a session of its own, which is counted.
 * - Groups, stops and exits come when all processes are there.
 */
#include <errno.h>
#include <stdlib.h>
#include <unistd.h>

#include "mirror.h"

enum {
	PROGRESS_STEP = 256,
};

__u64 mirror_create(struct mirror *m, __u64 parent,
		    const struct linux_process *p, __u64 pid)
{
	struct procsrv_create_args args = {
		.parent = parent,
		.flags = (m->follow ? PROCSRV_CREATE_HOSTED : 0) |
			 (mirror_is_private(m) ? PROCSRV_CREATE_PID : 0),
	};
	int ret;

	if (mirror_is_private(m))
		args.pid = pid;
	if (p) {
		args.name = (uintptr_t)p->name;
		args.argv = (uintptr_t)m->cmdline.data;
		args.argv_len = m->cmdline.len;
		args.envp = (uintptr_t)m->environ.data;
		args.envp_len = m->environ.len;
		/* The user that may signal it: in a private server only that of the mirror. */
		args.uid = mirror_is_private(m) ? geteuid() : p->credentials.euid;
		args.gid = mirror_is_private(m) ? getegid() : p->credentials.egid;
	} else {
		args.flags |= PROCSRV_CREATE_INHERIT;
	}
	ret = procsrv_call(m->server, PROCSRV_IOC_CREATE, &args);
	if (ret == -EEXIST && m->live) {
		mirror_free_id(m, pid);
		ret = procsrv_call(m->server, PROCSRV_IOC_CREATE, &args);
	}
	/*
	 * The session or group of this number has other members: its leader's fork was missed, and
	 * a stand-in has led it. /proc shows what else was missed.
	 */
	if (ret == -EEXIST && m->live) {
		m->resync = true;
		return 0;
	}
	return mirror_check(m, PROCSRV_IOC_CREATE, &args, ret) ? args.pid : 0;
}

bool mirror_create_stand_in(struct mirror *m, const struct record *parent,
			    const char *name, const struct strings *cmdline,
			    __u64 *pid)
{
	struct linux_process p = { .credentials = parent->is.credentials };
	const struct strings given = m->cmdline, environ = m->environ;

	snprintf(p.name, sizeof(p.name), "%s", name);
	m->cmdline = cmdline ? *cmdline : (struct strings) {};
	m->environ = (struct strings) {};
	*pid = mirror_create(m, parent->copy, &p, *pid);
	m->cmdline = given;
	m->environ = environ;
	return *pid;
}

void mirror_end_stand_in(struct mirror *m, const struct record *parent,
			 __u64 pid, int code)
{
	struct procsrv_terminate_args end = { .pid = pid, .exit_code = code };
	struct procsrv_wait_args reap = {
		.parent = parent->copy,
		.id = pid,
		.which = PROCSRV_WAIT_PID,
		.what = PROCSRV_WAIT_EXITED,
		.flags = PROCSRV_WAIT_NOHANG,
	};

	if (mirror_try(m, PROCSRV_IOC_TERMINATE, &end))
		mirror_try(m, PROCSRV_IOC_WAIT, &reap);
}

static bool set_reaper(struct mirror *m, struct record *r, bool on)
{
	struct procsrv_set_reaper_args args = { .pid = r->copy, .on = on };

	if (r == m->init || r->reaper == on)
		return true;
	if (!mirror_try(m, PROCSRV_IOC_SET_REAPER, &args))
		return false;
	r->reaper = on;
	return true;
}

static bool is_above(const struct mirror *m, const struct record *above,
		     const struct record *r)
{
	while (r && r != above)
		r = table_parent(&m->table, r);
	return r;
}

bool mirror_set_reaper(struct mirror *m, const struct record *r,
		       struct record *reaper)
{
	struct record *above;

	if (!is_above(m, reaper, r))
		return false;
	for (above = table_parent(&m->table, r); above && above != reaper;
	     above = table_parent(&m->table, above))
		set_reaper(m, above, false);
	return set_reaper(m, reaper, true);
}

static struct part *find_part(const struct mirror *m, pid_t linux_sid)
{
	size_t i;

	for (i = 0; i < m->nr_parts; i++)
		if (m->parts[i].linux_sid == linux_sid)
			return &m->parts[i];
	return NULL;
}

static void add_part(struct mirror *m, struct record *member)
{
	struct part *part = find_part(m, member->is.sid);

	if (member->zombie)
		return;
	if (!part)
		part = &m->parts[m->nr_parts++];
	*part = (struct part) {
		.linux_sid = member->is.sid, .member = member,
	};
}

/* Creates a child of @above: @parent, or a stand-in in its group and session. */
static void create(struct mirror *m, struct record *parent, __u64 above,
		   struct linux_process *p)
{
	__u64 copy = mirror_create(m, above, p, p->pid);

	if (copy)
		p->record = table_add(&m->table, p, parent, copy);
}

/* Creates @p in the session of @member, and reparents it to @parent. */
static void create_orphan(struct mirror *m, struct record *parent,
			  struct record *member, struct linux_process *p)
{
	__u64 stand_in = STAND_IN_PID;

	if (!mirror_create_stand_in(m, member, "stand-in", NULL, &stand_in))
		return;
	create(m, member, stand_in, p);
	mirror_set_reaper(m, member, parent);
	mirror_end_stand_in(m, member, stand_in, 0);
	if (p->record)
		table_move(&m->table, p->record, parent);
}

/* Creates @p in a session whose leader is gone. */
static void create_in_session(struct mirror *m, struct record *parent,
			      struct linux_process *p)
{
	struct procsrv_create_session_args args = {};
	__u64 stand_in = p->sid;

	if (!mirror_create_stand_in(m, parent, "stand-in", NULL, &stand_in))
		return;
	args.leader = stand_in;
	if (mirror_try(m, PROCSRV_IOC_CREATE_SESSION, &args)) {
		m->sessions++;
		create(m, parent, stand_in, p);
	}
	set_reaper(m, parent, true);
	mirror_end_stand_in(m, parent, stand_in, EXIT_UNKNOWN);
	if (!p->record)
		return;
	p->record->is.sid = p->sid;
	p->record->is.pgrp = p->sid;
	p->record->is.tty = 0;
	p->record->sid = args.sid;
	p->record->pgid = args.pgid;
}

static void begin_session(struct mirror *m, struct linux_process *p,
			  bool split)
{
	if (!p->record || !mirror_begin_session(m, p->record, p->sid, p->pgrp))
		return;
	if (p->pid != p->sid && split)
		m->split++;
	else if (p->pid != p->sid)
		m->stand_ins++;
}

/* Creates a process as a child of its parent, and in its session. */
static void bear(struct mirror *m, struct linux_process *p)
{
	struct linux_process *seen = machine_find(&m->machine, p->ppid);
	struct record *parent = seen && seen->record && !seen->record->zombie ?
				seen->record : m->init;
	struct part *part = find_part(m, p->sid);

	if (p->pid == p->sid || parent->is.sid == p->sid) {
		create(m, parent, parent->copy, p);
		if (p->pid == p->sid)
			begin_session(m, p, false);
	} else if (part && part->member && is_above(m, parent, part->member)) {
		create_orphan(m, parent, part->member, p);
	} else if (mirror_is_private(m) && !part) {
		create_in_session(m, parent, p);
	} else {
		create(m, parent, parent->copy, p);
		begin_session(m, p, part);
	}
	if (p->record && !part)
		add_part(m, p->record);
}

static void become_init(struct mirror *m, struct linux_process *p)
{
	struct procsrv_exec_args args = {
		.pid = PROCSRV_INIT_PID,
		.name = (uintptr_t)p->name,
		.argv = (uintptr_t)m->cmdline.data,
		.argv_len = m->cmdline.len,
		.envp = (uintptr_t)m->environ.data,
		.envp_len = m->environ.len,
	};

	mirror_try(m, PROCSRV_IOC_EXEC, &args);
	m->init->is = *p;
	m->init->is.ppid = 0;
	m->init->is.tty = 0;
	p->record = m->init;
}

static void copy_process(struct mirror *m, struct linux_process *p)
{
	p->placed = true;
	if (!machine_strings(&m->machine, p->pid, "cmdline", &m->cmdline)) {
		m->machine.vanished++;
		return;
	}
	if (!m->env || !machine_strings(&m->machine, p->pid, "environ",
					&m->environ))
		m->environ.len = 0;

	if (p->pid == 1)
		become_init(m, p);
	else
		bear(m, p);
	if (!p->record)
		return;
	mirror_update_cwd(m, p->record);
	if (m->follow)
		mirror_set_credentials(m, p->record, &p->credentials);
	m->copied++;
	if (isatty(STDERR_FILENO) && m->copied % PROGRESS_STEP == 0)
		fprintf(stderr, "\r%zu of %zu ", m->copied, m->machine.nr);
}

/*
 * A process that has to be in the server before @p: its parent, or the leader
 * of a session that @p cannot inherit from its parent.
 */
static struct linux_process *find_elder(const struct mirror *m,
					const struct linux_process *p)
{
	struct linux_process *parent = machine_find(&m->machine, p->ppid);
	struct linux_process *leader = machine_find(&m->machine, p->sid);
	pid_t inherited = parent ? parent->sid : 0;

	if (parent && !parent->placed && !parent->waiting)
		return parent;
	if (leader && leader != p && inherited != p->sid && !leader->placed &&
	    !leader->waiting)
		return leader;
	return NULL;
}

/* Processes that wait for an elder are linked by @back, instead of a recursion. */
static void place(struct mirror *m, struct linux_process *p)
{
	struct linux_process *elder;

	while (p && !p->placed) {
		elder = find_elder(m, p);
		if (elder) {
			p->waiting = true;
			elder->back = p;
			p = elder;
			continue;
		}
		copy_process(m, p);
		p = p->back;
	}
}

void mirror_begin(struct mirror *m)
{
	const struct linux_process init = { .pid = 1, .threads = 1 };

	TAILQ_INIT(&m->table.list);
	m->init = table_add(&m->table, &init, NULL, PROCSRV_INIT_PID);
}

void mirror_copy(struct mirror *m)
{
	struct linux_process *list = m->machine.list;
	size_t nr = m->machine.nr, i;
	struct record *r;

	m->parts = need(calloc(nr + m->table.nr + 1, sizeof(*m->parts)));
	m->nr_parts = 0;
	TAILQ_FOREACH(r, &m->table.list, all)
		add_part(m, r);
	for (i = 0; i < nr; i++)
		place(m, &list[i]);
	free(m->parts);
	m->parts = NULL;
	/* All processes are there now: a group may need any of them. */
	for (i = 0; i < nr; i++)
		if (list[i].record && !list[i].record->zombie)
			mirror_look(m, list[i].record, &list[i]);
	for (i = 0; i < nr; i++)
		if (list[i].record && list[i].state == 'Z' && list[i].threads == 1 &&
		    list[i].record != m->init && !list[i].record->zombie) {
			mirror_end(m, list[i].record, list[i].exit_status);
			m->zombies++;
		}
	if (isatty(STDERR_FILENO) && m->copied >= PROGRESS_STEP)
		fputc('\n', stderr);
}
