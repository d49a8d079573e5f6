// SPDX-License-Identifier: GPL-2.0-only
/*
 * A world: the same processes twice.
 */
#include <errno.h>
#include <signal.h>
#include <string.h>
#include <unistd.h>

#include "world.h"

static const struct procsrv_program program = { .name = "puppet" };

/*
 * The init of the world is a child of the server's init, with a session of its
 * own. The orphans of the world are reparented to it.
 */
static int begin_server(struct world *w, __u64 *id, __u32 *sid, __u32 *pgid)
{
	__u32 flags = w->hosted ? PROCSRV_CREATE_HOSTED | PROCSRV_CREATE_PID : 0;
	int ret;

	ret = procsrv_create(w->server, PROCSRV_INIT_PID, &program, geteuid(),
			     getegid(), flags, id);
	if (ret)
		return ret;
	ret = procsrv_create_session(w->server, *id, sid, pgid);
	if (ret)
		return ret;
	return procsrv_set_reaper(w->server, *id, true);
}

int world_begin(struct world *w, struct real *real, int device, bool hosted)
{
	__u32 sid, pgid;
	pid_t pid;
	__u64 id;
	int ret;

	memset(w, 0, sizeof(*w));
	w->real = real;
	w->server = -1;
	w->hosted = hosted;
	pid = real_spawn_init(real, hosted);
	if (pid < 0)
		return pid;
	id = pid;
	w->server = procsrv_new_server_flags(device, hosted ?
					     PROCSRV_SERVER_POSIX_IDS : 0);
	ret = w->server < 0 ? w->server : begin_server(w, &id, &sid, &pgid);
	if (ret) {
		kill(pid, SIGKILL);
		return ret;
	}
	w->box_used[0] = true;
	ret = world_add(w, 0, pid, id, 0, OUTSIDE);
	if (ret)
		return ret;
	w->procs[0].group = pgid;
	w->procs[0].session = sid;
	w->procs[0].reaper = true;
	return hosted ? world_identify(w, 0) : 0;
}

void world_end(struct world *w)
{
	int i;

	for (i = 0; i < w->nr_procs; i++) {
		if (!process_present(&w->procs[i]))
			continue;
		kill(w->procs[i].pid, SIGKILL);
		close(w->procs[i].view);
	}
	real_clear();
	if (w->server >= 0)
		close(w->server);
}

int world_add(struct world *w, int index, pid_t pid, __u64 id, int box,
	      int parent)
{
	struct process *p = &w->procs[index];

	*p = (struct process) {
		.pid = pid, .id = id, .box = box, .parent = parent,
		.life = LIFE_RUNNING, .touched = true,
	};
	if (index >= w->nr_procs)
		w->nr_procs = index + 1;
	w->nr_present++;
	if (id < ARRAY_SIZE(w->by_id))
		w->by_id[id] = index + 1;
	p->view = view_open(pid);
	if (p->view < 0)
		return p->view;
	return world_look(w, index) ? 0 : -EIO;
}

void world_gone(struct world *w, int index)
{
	struct process *p = &w->procs[index];

	p->life = LIFE_GONE;
	p->is_gone = true;
	close(p->view);
	w->box_used[p->box] = false;
	w->nr_present--;
}

int world_free_box(struct world *w)
{
	int i;

	for (i = 0; i < PUPPET_BOXES; i++)
		if (!w->box_used[i])
			return i;
	return -1;
}

bool world_look(struct world *w, int index)
{
	struct process *p = &w->procs[index];
	struct look look;
	int parent;

	if (!view_look(p->view, &look))
		return false;
	if (look.life == LIFE_GONE) {
		p->life = LIFE_GONE;
		return true;
	}
	p->news |= p->life != look.life;
	p->life = look.life;
	p->pgid = look.pgid;
	p->sid = look.sid;
	p->pending = look.pending;
	p->id_in_linux = (struct identity) {
		.ruid = look.ruid, .euid = look.euid, .suid = look.suid,
		.kills = look.kills,
	};
	parent = world_find(w, look.ppid);
	if (p->parent != parent) {
		p->adopted = true;
		p->clone = false;
		w->nr_adoptions++;
		w->nr_adoptions_below += parent > 0;
	}
	p->parent = parent;
	return true;
}

int world_identify(struct world *w, int index)
{
	const struct process *p = &w->procs[index];
	const struct identity *id = &p->id_in_linux;
	struct procsrv_credentials c = {
		.ruid = id->ruid, .euid = id->euid, .suid = id->suid,
		.rgid = getgid(), .egid = getegid(), .sgid = getegid(),
		.flags = id->kills ? PROCSRV_CREDENTIALS_KILL : 0,
	};

	return procsrv_set_credentials(w->server, p->id, &c);
}

int world_find(const struct world *w, pid_t pid)
{
	int i;

	for (i = w->nr_procs - 1; i >= 0; i--)
		if (w->procs[i].pid == pid)
			return i;
	return OUTSIDE;
}

int world_find_id(const struct world *w, __u64 id)
{
	if (w->hosted)
		return world_find(w, id);
	return id < ARRAY_SIZE(w->by_id) ? w->by_id[id] - 1 : OUTSIDE;
}

bool world_has_group(const struct world *w, pid_t pgid)
{
	int i;

	for (i = 0; i < w->nr_procs; i++)
		if (w->procs[i].pgid == pgid && process_present(&w->procs[i]))
			return true;
	return false;
}

pid_t world_pid(const struct world *w, int index)
{
	if (index < 0 || !w->procs[index].pid)
		return REAL_NO_PID;
	return w->procs[index].pid;
}

__u64 world_id(const struct world *w, int index)
{
	if (index < 0 || !w->procs[index].id)
		return NO_ID;
	return w->procs[index].id;
}

__u32 world_group(const struct world *w, pid_t pgid)
{
	int i = world_find(w, pgid);

	if (w->hosted)
		return pgid;
	return i < 0 || !w->procs[i].group ? NO_PGID : w->procs[i].group;
}

__u32 world_session(const struct world *w, pid_t sid)
{
	int i = world_find(w, sid);

	if (w->hosted)
		return sid;
	return i < 0 ? 0 : w->procs[i].session;
}
