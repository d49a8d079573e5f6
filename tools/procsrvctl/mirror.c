// SPDX-License-Identifier: GPL-2.0-only
/*
 * mirror
 *
 * The server has no call that puts a process into any session: a session is
 * inherited at birth or begun. So the copy retells the history of the machine.
 *
 * - Parents are made before their children. A leader of a session is made as
 *   a child of its parent and then begins its session, so that its children
 *   are born in it.
 * - A process whose parent is in another session has lost its own parent to
 *   init. It is born again in its session, as a child of a stand-in for that
 *   parent, which then ends.
 * - Where the leader of a session is gone, its first member leads it. A
 *   process that was lost to another reaper than init can have the right
 *   parent or the right session: it keeps the parent, and leads a session of
 *   its own, which is counted.
 * - Groups come when all processes are there, and stops and exits last: no
 *   earlier step has to care for them.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "mirror.h"

enum {
	SIGNAL_STOP = 19,
	PROGRESS_STEP = 256,
};

enum {
	OPT_PROC = OPT_FIRST,
};

/**
 * struct mirror - a copy that is being made
 * @machine: what is copied
 * @parts: sessions of the server, as many as there are processes at most;
 *	the first is that of init
 * @path: where /proc is
 * @env: copy environments
 * @verbose: print every process
 * @cmdline: room for a command line
 * @environ: room for an environment
 * @nr_parts: how many parts
 * @copied: processes copied
 * @lost: those that somebody else removed from the server meanwhile
 * @groups: process groups made
 * @stopped: processes stopped
 * @zombies: processes ended
 * @stand_ins: sessions led by another process than on the machine
 * @split: processes taken out of their session
 */
struct mirror {
	struct machine machine;
	struct part *parts;
	const char *path;
	bool env;
	bool verbose;
	struct strings cmdline;
	struct strings environ;
	size_t nr_parts;
	size_t copied;
	size_t lost;
	size_t groups;
	size_t stopped;
	size_t zombies;
	size_t stand_ins;
	size_t split;
};

static error_t parse_mirror(int key, char *arg, struct argp_state *state)
{
	struct mirror *m = state->input;

	switch (key) {
	case 'e':
		m->env = true;
		break;
	case 'v':
		m->verbose = true;
		break;
	case OPT_PROC:
		m->path = arg;
		break;
	default:
		return ARGP_ERR_UNKNOWN;
	}
	return 0;
}

static const struct argp_option options[] = {
	{ "env", 'e', NULL, 0, "Environments too, where they can be read", 0 },
	{ "verbose", 'v', NULL, 0, "Print every process that is copied", 0 },
	{ "proc", OPT_PROC, "DIRECTORY", 0,
	  "Where the processes are shown (/proc)", 0 },
	{}
};

static const struct argp argp = {
	.options = options, .parser = parse_mirror, .children = json_child,
	.doc = "Copies the live processes of this machine into the server:\n"
	       "tree, names, command lines, users, sessions, groups, terminals,\n"
	       "directories, memory, cpu time, threads, priorities and states." AFTER_OPTIONS
	       "Process 1 becomes the server's init, and a process without a parent a\n"
	       "child of init. Processes that end meanwhile are skipped and counted.",
};

/*
 * Asks the server. False if the process is no longer there: others may work
 * with the server too. Anything else ends the copy.
 */
static bool try(struct mirror *m, unsigned long request, void *args)
{
	int ret = procsrv_call(device(), request, args);

	if (!ret)
		return true;
	if (ret != -ESRCH && ret != -ECHILD) {
		refused(request, args, -ret);
		fatal(CLIENT_REFUSED, "given up after %zu processes",
		      m->copied);
	}
	m->lost++;
	return false;
}

static __u64 create(struct mirror *m, __u64 parent,
		    const struct linux_process *p)
{
	struct procsrv_create_args args = {
		.parent = parent,
		.name = (uintptr_t)p->name,
		.uid = p->uid,
		.gid = p->gid,
		.argv = (uintptr_t)m->cmdline.data,
		.argv_len = m->cmdline.len,
		.envp = (uintptr_t)m->environ.data,
		.envp_len = m->environ.len,
	};

	return try(m, PROCSRV_IOC_CREATE, &args) ? args.pid : 0;
}

/* Bears @p in the session of @member, and leaves it to init. */
static __u64 create_orphan(struct mirror *m, __u64 member,
			   const struct linux_process *p)
{
	struct procsrv_create_args stand_in = {
		.parent = member,
		.name = (uintptr_t)"stand-in",
		.uid = p->uid,
		.gid = p->gid,
	};
	struct procsrv_terminate_args end = {};
	struct procsrv_wait_args reap = {
		.parent = member,
		.which = PROCSRV_WAIT_PID,
		.what = PROCSRV_WAIT_EXITED,
		.flags = PROCSRV_WAIT_NOHANG,
	};
	__u64 pid;

	if (!try(m, PROCSRV_IOC_CREATE, &stand_in))
		return 0;
	pid = create(m, stand_in.pid, p);
	end.pid = stand_in.pid;
	reap.id = stand_in.pid;
	if (try(m, PROCSRV_IOC_TERMINATE, &end))
		try(m, PROCSRV_IOC_WAIT, &reap);
	return pid;
}

static struct part *find_part(const struct mirror *m, pid_t linux_sid)
{
	size_t i;

	for (i = 0; i < m->nr_parts; i++)
		if (m->parts[i].linux_sid == linux_sid)
			return &m->parts[i];
	return NULL;
}

static void begin_session(struct mirror *m, struct linux_process *p)
{
	struct procsrv_create_session_args args = { .leader = p->copy };

	if (!try(m, PROCSRV_IOC_CREATE_SESSION, &args)) {
		p->part = &m->parts[0];
		return;
	}
	if (p->pid != p->sid && find_part(m, p->sid))
		m->split++;
	else if (p->pid != p->sid)
		m->stand_ins++;
	p->part = &m->parts[m->nr_parts++];
	*p->part = (struct part) {
		.linux_sid = p->sid,
		.sid = args.sid,
		.leader = p->copy,
		.pgrp = p->pgrp,
	};
}

/* Puts a process where its parent and its session are. */
static void bear(struct mirror *m, struct linux_process *p)
{
	struct linux_process *parent = machine_find(&m->machine, p->ppid);
	bool orphan = !parent || !parent->copy ||
		      parent->copy == PROCSRV_INIT_PID;
	__u64 ppid = orphan ? PROCSRV_INIT_PID : parent->copy;
	struct part *parts_of = orphan ? &m->parts[0] : parent->part;
	struct part *lost = find_part(m, p->sid);

	if (p->pid != p->sid && parts_of->linux_sid == p->sid) {
		p->copy = create(m, ppid, p);
		p->part = parts_of;
	} else if (p->pid != p->sid && lost && lost->leader && orphan) {
		p->copy = create_orphan(m, lost->leader, p);
		p->part = lost;
	} else {
		p->copy = create(m, ppid, p);
		if (p->copy)
			begin_session(m, p);
	}
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

	try(m, PROCSRV_IOC_EXEC, &args);
	p->copy = PROCSRV_INIT_PID;
	p->part = &m->parts[0];
}

/* All that is no part of a birth. */
static void update(struct mirror *m, const struct linux_process *p)
{
	char cwd[PROCSRV_PATH_MAX];
	struct procsrv_update_args args = {
		.pid = p->copy,
		.cpu_time = p->cpu_time,
		.memory_usage = p->memory,
		.thread_count = p->threads,
		.state = p->state == 'R' ? PROCSRV_RUNNING : PROCSRV_SLEEPING,
		.priority = p->priority,
		.cwd = (uintptr_t)cwd,
		.mask = PROCSRV_UPDATE_CPU_TIME | PROCSRV_UPDATE_MEMORY |
			PROCSRV_UPDATE_THREADS | PROCSRV_UPDATE_STATE |
			PROCSRV_UPDATE_PRIORITY,
	};

	if (machine_cwd(&m->machine, p->pid, cwd))
		args.mask |= PROCSRV_UPDATE_CWD;
	try(m, PROCSRV_IOC_UPDATE, &args);
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
	if (!p->copy)
		return;
	update(m, p);
	m->copied++;
	if (isatty(STDERR_FILENO) && m->copied % PROGRESS_STEP == 0)
		fprintf(stderr, "\r%zu of %zu ", m->copied, m->machine.nr);
}

/*
 * Who has to be in the server before @p: its parent, and the leader of a
 * session that @p cannot inherit from its parent.
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

/* Those that wait for an elder are a chain; deep trees need no stack. */
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

static int compare_groups(const void *a, const void *b)
{
	const struct linux_process *left = *(struct linux_process * const *)a;
	const struct linux_process *right = *(struct linux_process * const *)b;

	if (left->part != right->part)
		return left->part < right->part ? -1 : 1;
	if (left->pgrp != right->pgrp)
		return left->pgrp < right->pgrp ? -1 : 1;
	return left->pid < right->pid ? -1 : left->pid > right->pid;
}

/* The processes @list are in one session, and are to be in one group. */
static void make_group(struct mirror *m, struct linux_process **list,
		       size_t nr)
{
	struct procsrv_create_group_args group = { .sid = list[0]->part->sid };
	struct procsrv_set_group_args set = {};
	size_t leader = 0, i;

	for (i = 0; i < nr; i++)
		if (list[i]->pid == list[i]->pgrp)
			leader = i;
	group.leader = list[leader]->copy;
	if (!try(m, PROCSRV_IOC_CREATE_GROUP, &group))
		return;
	m->groups++;

	set.pgid = group.pgid;
	for (i = 0; i < nr; i++) {
		set.pid = list[i]->copy;
		if (i != leader)
			try(m, PROCSRV_IOC_SET_GROUP, &set);
	}
}

static void make_groups(struct mirror *m)
{
	struct linux_process **list = need(calloc(m->machine.nr + 1,
						  sizeof(*list)));
	struct linux_process *p;
	size_t nr = 0, i, j;

	for (i = 0; i < m->machine.nr; i++) {
		p = &m->machine.list[i];
		/* The rest are where they belong since they were born. */
		if (p->copy && p->pgrp != p->part->pgrp)
			list[nr++] = p;
	}
	qsort(list, nr, sizeof(*list), compare_groups);
	for (i = 0; i < nr; i = j) {
		for (j = i + 1; j < nr; j++)
			if (list[j]->part != list[i]->part ||
			    list[j]->pgrp != list[i]->pgrp)
				break;
		make_group(m, list + i, j - i);
	}
	free(list);
}

static void set_terminals(struct mirror *m)
{
	char name[PROCSRV_NAME_MAX + 1];
	struct procsrv_set_terminal_args args = { .name = (uintptr_t)name };
	struct part *part = NULL;
	struct linux_process *p;
	size_t i;

	for (i = 0; i < m->machine.nr; i++) {
		p = &m->machine.list[i];
		if (!p->copy || !p->part->sid || !p->tty || p->part == part)
			continue;
		part = p->part;
		args.sid = part->sid;
		machine_terminal(p->tty, name, sizeof(name));
		try(m, PROCSRV_IOC_SET_TERMINAL, &args);
	}
}

static void stop_or_end(struct mirror *m, const struct linux_process *p)
{
	struct procsrv_signal_args stop = {
		.id = p->copy, .target = PROCSRV_TARGET_PID,
		.signo = SIGNAL_STOP,
	};
	struct procsrv_terminate_args end = {
		.pid = p->copy,
	};

	if (p->state == 'T' || p->state == 't') {
		m->stopped += try(m, PROCSRV_IOC_SIGNAL, &stop);
	} else if (p->state == 'Z' && p->threads == 1) {
		if (WIFSIGNALED(p->exit_status))
			end.exit_signal = WTERMSIG(p->exit_status);
		else
			end.exit_code = WEXITSTATUS(p->exit_status);
		m->zombies += try(m, PROCSRV_IOC_TERMINATE, &end);
	}
}

static void copy_machine(struct mirror *m)
{
	struct linux_process *list = m->machine.list;
	size_t nr = m->machine.nr, i;

	m->parts = need(calloc(nr + 1, sizeof(*m->parts)));
	m->nr_parts = 1;
	for (i = 0; i < nr; i++)
		place(m, &list[i]);
	make_groups(m);
	set_terminals(m);
	for (i = 0; i < nr; i++)
		if (list[i].copy > PROCSRV_INIT_PID)
			stop_or_end(m, &list[i]);
	if (isatty(STDERR_FILENO) && m->copied >= PROGRESS_STEP)
		fputc('\n', stderr);
}

static void print_json(const struct mirror *m)
{
	const struct {
		const char *name;
		size_t value;
	} counts[] = {
		{ "processes", m->copied },
		{ "sessions", m->nr_parts - 1 },
		{ "groups", m->nr_parts - 1 + m->groups },
		{ "stopped", m->stopped },
		{ "zombies", m->zombies },
		{ "vanished", m->machine.vanished },
		{ "lost", m->lost },
		{ "stand_in_leaders", m->stand_ins },
		{ "split_sessions", m->split },
	};
	const struct linux_process *p;
	struct json_object *obj;
	size_t i;

	fputs("{ ", stdout);
	for (i = 0; i < ARRAY_SIZE(counts); i++)
		printf("\"%s\": %zu, ", counts[i].name, counts[i].value);
	fputs("\"map\": ", stdout);
	for (i = 0; i < m->machine.nr; i++) {
		p = &m->machine.list[i];
		if (!p->copy)
			continue;
		obj = need(json_object_new_object());
		json_add_u64(obj, "linux_pid", p->pid);
		json_add_u64(obj, "pid", p->copy);
		json_object_object_add(obj, "name",
				       json_text(p->name, strlen(p->name)));
		json_print_element(obj);
	}
	json_end_array(false);
	puts("}");
}

static void print_lines(const struct mirror *m)
{
	const struct linux_process *p;
	size_t i;

	for (i = 0; m->verbose && i < m->machine.nr; i++) {
		p = &m->machine.list[i];
		if (!p->copy)
			continue;
		printf("%d -> %llu ", p->pid, p->copy);
		escape_text(stdout, p->name, strlen(p->name), 0);
		putchar('\n');
	}
	printf("%zu processes in %zu sessions and %zu process groups, %zu stopped, %zu zombies\n",
	       m->copied, m->nr_parts - 1, m->nr_parts - 1 + m->groups,
	       m->stopped, m->zombies);
	if (m->machine.vanished)
		printf("%zu ended while they were read, and were skipped\n",
		       m->machine.vanished);
	if (m->lost)
		printf("%zu were removed from the server by somebody else\n",
		       m->lost);
	if (m->stand_ins)
		printf("%zu sessions are led by another member, their leader is gone\n",
		       m->stand_ins);
	if (m->split)
		printf("%zu lead a session of their own, their reaper is in another one\n",
		       m->split);
}

int run_mirror(int argc, char **argv)
{
	struct mirror m = { .path = "/proc" };

	parse_options(&argp, argc, argv, &m, 0, 0);
	device();
	machine_read(&m.machine, m.path);
	copy_machine(&m);
	if (json_output)
		print_json(&m);
	else
		print_lines(&m);

	machine_free(&m.machine);
	free(m.parts);
	free(m.cmdline.data);
	free(m.environ.data);
	return CLIENT_OK;
}
