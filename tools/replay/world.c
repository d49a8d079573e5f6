// SPDX-License-Identifier: GPL-2.0-only
/*
 * The world of a recording: its processes, here and in the server.
 */
#include <err.h>
#include <errno.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "value.h"
#include "world.h"

/* The last pid with POSIX ids; Linux has none as high. */
#define LAST_ID		0x7fffffff

#define HOSTED		(PROCSRV_CREATE_HOSTED | PROCSRV_CREATE_PID)

static int host(struct world *w, const struct image *image, __u64 parent,
		bool clone, __u64 *id)
{
	int ret = -EEXIST;

	if (*id > PROCSRV_INIT_PID)
		ret = server_create(w->fd, parent, image, clone, HOSTED, id);
	if (ret != -EEXIST)
		return ret;
	/* The pid is init's, or of a process that is gone in Linux without a line. */
	*id = w->next_id--;
	return server_create(w->fd, parent, image, clone, HOSTED, id);
}

int world_begin(struct world *w, int fd, bool hosted)
{
	struct image image = { .name = (char *)"outside" };
	struct procsrv_info info = {};
	int ret;

	*w = (struct world) { .fd = fd, .hosted = hosted, .next_id = LAST_ID };
	if (hosted)
		ret = host(w, &image, PROCSRV_INIT_PID, false, &w->stand_in);
	else
		ret = server_create(fd, PROCSRV_INIT_PID, &image, false, 0,
				    &w->stand_in);
	if (ret)
		return ret;
	ret = procsrv_create_session(fd, w->stand_in, NULL, NULL);
	if (!ret)
		ret = procsrv_get_info(fd, w->stand_in, &info);
	w->stand_in_sid = info.sid;
	w->stand_in_pgid = info.pgid;
	return ret;
}

void world_set_autoreap(struct world *w, struct proc *p, bool on)
{
	if (p->autoreap != on && !p->beyond)
		procsrv_set_autoreap(w->fd, p->id, on);
	p->autoreap = on;
}

/* All processes become children of init when their parents are gone. */
static int remove_all(struct world *w)
{
	struct proc *p;
	int ret, last = 0;

	for (p = w->procs; p; p = p->next)
		if (!p->exited)
			world_set_autoreap(w, p, false);
	for (p = w->procs; p; p = p->next) {
		ret = p->exited || p->beyond ? 0 :
		      procsrv_terminate(w->fd, p->id, 0, 0);
		if (ret)
			last = ret;
	}
	ret = procsrv_terminate(w->fd, w->stand_in, 0, 0);
	if (ret)
		last = ret;

	for (p = w->procs; p; p = p->next) {
		ret = p->reaped || p->beyond ? 0 :
		      server_reap(w->fd, PROCSRV_INIT_PID, p->id);
		if (ret)
			last = ret;
	}
	ret = server_reap(w->fd, PROCSRV_INIT_PID, w->stand_in);
	return ret ? ret : last;
}

struct fds *fds_new(void)
{
	struct fds *fds = value_xcalloc(1, sizeof(*fds));

	fds->refs = 1;
	return fds;
}

void fds_put(struct fds *fds)
{
	if (--fds->refs)
		return;
	intmap_free(&fds->procs);
	free(fds);
}

static void free_proc(struct proc *p)
{
	fds_put(p->fds);
	free(p->image.name);
	free(p->image.argv);
	free(p);
}

int world_end(struct world *w, bool keep)
{
	int ret = keep || w->hosted ? 0 : remove_all(w);
	struct proc *p;
	struct ns *ns;

	while ((p = w->procs)) {
		w->procs = p->next;
		free_proc(p);
	}
	while ((ns = w->spaces)) {
		w->spaces = ns->next;
		intmap_free(&ns->procs);
		free(ns);
	}
	intmap_free(&w->by_tid);
	intmap_free(&w->by_id);
	intmap_free(&w->groups);
	intmap_free(&w->killed_groups);
	free(w->orphans);
	return ret;
}

static struct image copy_image(const struct image *from)
{
	struct image image = {
		.name = value_xstrdup(from->name),
		.argv = value_xcalloc(1, from->argv_len + 1),
		.argv_len = from->argv_len,
	};

	memcpy(image.argv, from->argv, from->argv_len);
	return image;
}

static void adopt(struct proc *parent, struct proc *child)
{
	child->parent = parent;
	LIST_INSERT_HEAD(&parent->children, child, sibling);
	parent->nr_children++;
	parent->nr_zombies += child->exited;
	parent->nr_beyond += child->beyond;
}

static void disown(struct proc *child)
{
	struct proc *parent = child->parent;

	if (!parent)
		return;
	LIST_REMOVE(child, sibling);
	parent->nr_children--;
	parent->nr_zombies -= child->exited;
	parent->nr_beyond -= child->beyond;
	child->parent = NULL;
}

/* Returns 0 or -errno. */
static int create(struct world *w, struct proc *p, bool clone)
{
	if (!w->hosted)
		return server_create(w->fd, p->server_parent, &p->image,
				     clone, 0, &p->id);
	p->id = p->pid;
	return host(w, &p->image, p->server_parent, clone, &p->id);
}

struct proc *world_add(struct world *w, int pid, enum origin origin,
		       struct proc *parent, const struct proc *like,
		       bool clone)
{
	const struct image unknown = { .name = (char *)"?", .argv = (char *)"" };
	struct proc *p = value_xcalloc(1, sizeof(*p));

	p->pid = pid;
	p->origin = origin;
	p->parent = parent;
	p->nr_threads = 1;
	p->stop = 1;
	p->server_parent = parent ? parent->id : w->stand_in;
	p->pgid = parent ? parent->pgid : w->stand_in_pgid;
	p->image = copy_image(like ? &like->image : &unknown);
	p->fds = fds_new();

	if (parent && parent->beyond)
		p->beyond = true;
	else
		p->error = -create(w, p, clone);
	p->beyond |= p->error;
	if (p->beyond)
		p->id = 0;
	p->no_sigchld = clone;
	w->nr_beyond += p->beyond;
	p->next = w->procs;
	w->procs = p;
	if (parent)
		adopt(parent, p);
	if (!p->beyond)
		intmap_set(&w->by_id, (int)p->id, p);
	w->nr_procs += origin != ORIGIN_OUTSIDE;
	return p;
}

void world_set_image(struct proc *p, struct image *image)
{
	free(p->image.name);
	free(p->image.argv);
	p->image = *image;
}

struct proc *world_find(struct world *w, int tid, bool leader_only)
{
	const struct life *life = intmap_get(&w->by_tid, tid);

	if (!life || !life->proc)
		return NULL;
	if (life->proc->pid != tid && (leader_only || life->over))
		return NULL;
	return life->proc;
}

struct proc *world_find_id(struct world *w, __u64 id)
{
	struct proc *p = intmap_get(&w->by_id, (int)id);

	return p && p->id == id ? p : NULL;
}

bool world_knows_end(struct world *w, const struct proc *p)
{
	const struct life *life = intmap_get(&w->by_tid, p->pid);

	return life && life->first != NO_LINE && !life->detached;
}

__u32 world_pgid(struct world *w, int pgid)
{
	return (uintptr_t)intmap_get(&w->groups, pgid);
}

void world_set_pgid(struct world *w, int pgid, __u32 id)
{
	intmap_set(&w->groups, pgid, (void *)(uintptr_t)id);
}

struct proc *world_reaper_of(const struct proc *p)
{
	struct proc *reaper = p->parent;

	while (reaper && (!reaper->subreaper || reaper->exited))
		reaper = reaper->parent;
	return reaper;
}

static void add_orphan(struct world *w, struct proc *p)
{
	if (w->nr_orphans == w->room_for_orphans) {
		w->room_for_orphans = 2 * w->room_for_orphans + 64;
		w->orphans = value_xrealloc(w->orphans, w->room_for_orphans *
					    sizeof(*w->orphans));
	}
	w->orphans[w->nr_orphans++] = p;
}

/* It may have left no zombie. */
static void forget_autoreaped(struct world *w, struct proc *p)
{
	struct procsrv_info info;

	if (p->exited && !p->reaped && !p->beyond && p->parent &&
	    p->parent->autoreap &&
	    procsrv_get_info(w->fd, p->id, &info) == -ESRCH)
		world_reaped(p);
}

/* In Linux, a reparented child announces its exit, however it was cloned. */
static void reparent_children(struct world *w, struct proc *p)
{
	struct proc *reaper = world_reaper_of(p), *child;

	while ((child = LIST_FIRST(&p->children))) {
		disown(child);
		child->no_sigchld = false;
		child->adopted = true;
		child->server_parent = reaper ? reaper->id : PROCSRV_INIT_PID;
		if (reaper)
			adopt(reaper, child);
		else if (child->exited)
			add_orphan(w, child);
		forget_autoreaped(w, child);
	}
}

static void leave_jobs(struct proc *p)
{
	if (p->stopped || p->stopping)
		LIST_REMOVE(p, job);
	p->stopped = false;
	p->stopping = 0;
}

void world_exited(struct world *w, struct proc *p)
{
	leave_jobs(p);
	reparent_children(w, p);
	p->exited = true;
	p->changes++;
	p->doubt = 0;
	if (p->parent)
		p->parent->nr_zombies++;
	else
		add_orphan(w, p);

	/* strace reaps it; in the server, this is done for its parent there. */
	if (p->origin == ORIGIN_STRACE)
		world_reap(w, p);
	else
		forget_autoreaped(w, p);
}

void world_reaped(struct proc *p)
{
	p->reaped = true;
	disown(p);
}

bool world_reap(struct world *w, struct proc *p)
{
	if (!p->exited || p->reaped ||
	    (!p->beyond && server_reap(w->fd, p->server_parent, p->id)))
		return false;
	world_reaped(p);
	return true;
}

bool world_reap_orphans(struct world *w)
{
	bool any = false;

	while (w->nr_orphans)
		any |= world_reap(w, w->orphans[--w->nr_orphans]);
	return any;
}
