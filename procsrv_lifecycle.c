// SPDX-License-Identifier: GPL-2.0-only
/*
 * Lifecycle: create, exec, terminate, reap
 */
#define pr_fmt(fmt) KBUILD_MODNAME ": " fmt

#include <linux/sched/signal.h>
#include <linux/slab.h>

#include "compat.h"
#include "procsrv_tables.h"

enum {
	/* Zombies unlinked under one hold of the lock: an array on the stack. */
	REAP_BATCH = 16,
};

static u64 nr_processes(const struct procsrv *ps)
{
	u64 n = 0;
	int i;

	for (i = 0; i < ARRAY_SIZE(ps->nr_states); i++)
		n += ps->nr_states[i];
	/* Without init. */
	return n - 1;
}

static void insert_new(struct procsrv *ps, struct procsrv_process *p,
		       struct procsrv_process *parent,
		       struct procsrv_user *user,
		       const struct procsrv_birth *birth,
		       struct procsrv_places *places)
{
	u64 cycles;
	u64 now = procsrv_clock_read(ps->clock, &cycles);

	procsrv_add_places(ps, places);
	procsrv_change_begin(ps, p);
	WRITE_ONCE(p->image, procsrv_image_get(birth->image));
	p->start_time = now;
	p->start_cycles = cycles;
	p->revocations = -ps->revocations;
	p->below_reaper = parent->was_reaper || parent->below_reaper;
	p->depth = parent->depth + 1;
	procsrv_user_join(p, user);
	procsrv_insert(ps, p);
	procsrv_join(ps, p, parent->session, parent->group);
	procsrv_adopt(parent, p);
	if (birth->owner)
		list_add_tail(&p->link, &birth->owner->tied);
	ps->total_created++;
	procsrv_tell(ps, p, (struct procsrv_event) {
		.kind = PROCSRV_EVENT_CREATE,
		.other = parent->pid,
	});
	procsrv_change_end(ps, p);
}

/**
 * struct spares - what the tables need for a process now and then
 * @places: for the first of some pids
 * @user: for the first process of a user
 * @wants_user: it was missing
 */
struct spares {
	struct procsrv_places places;
	struct procsrv_user *user;
	bool wants_user;
};

/* Allocates what is missing; false without memory. */
static bool spares_fill(struct spares *spare, kuid_t uid)
{
	if (spare->wants_user && !spare->user)
		spare->user = procsrv_user_new(uid);
	return procsrv_places_fill(&spare->places) &&
	       (spare->user || !spare->wants_user);
}

static void spares_free(struct spares *spare)
{
	kfree(spare->user);
	procsrv_places_free(&spare->places);
}

/*
 * How many ancestors does @p have? What it says itself may be too much: some
 * may have exited since. Counted anew only if that would matter.
 */
static u32 depth_of(struct procsrv *ps, struct procsrv_process *p)
{
	const struct procsrv_process *a;
	u32 depth = 0;

	if (p->depth < ps->bounds.depth)
		return p->depth;
	for (a = p->parent; a && depth < p->depth; a = a->parent)
		depth++;
	p->depth = depth;
	return depth;
}

static int check_bounds(struct procsrv *ps, struct procsrv_process *parent,
			const struct procsrv_user *user,
			const struct procsrv_birth *birth)
{
	const struct procsrv_bounds *b = &ps->bounds;
	u64 strings = procsrv_image_bytes(birth->image);

	lockdep_assert_held_write(&ps->lock);
	if (nr_processes(ps) >= b->processes ||
	    depth_of(ps, parent) >= b->depth)
		return -EAGAIN;
	if (user)
		strings += user->strings;
	if ((user ? user->nr_processes : 0) >= b->user_processes)
		return -EAGAIN;
	return strings > b->user_strings ? -EDQUOT : 0;
}

/* One attempt: -ENOMEM, and nothing done, if what it needs is not there. */
static int try_create(struct procsrv *ps, struct procsrv_process *p,
		      const struct procsrv_birth *birth, struct spares *spare)
{
	struct procsrv_process *parent = procsrv_find_live(ps, birth->parent);
	struct procsrv_user *user = procsrv_find_user(ps, birth->uid);
	int err;

	lockdep_assert_held_write(&ps->lock);
	if (!parent)
		return -ESRCH;
	if (!procsrv_may_adopt(ps, parent))
		return -EPERM;
	err = check_bounds(ps, parent, user, birth);
	if (err)
		return err;
	/* The highest number means that there is no pid. */
	if (ps->next_pid == U64_MAX)
		return -EOVERFLOW;
	spare->wants_user = !user;
	if (procsrv_wants_places(ps, &spare->places) ||
	    (spare->wants_user && !spare->user))
		return -ENOMEM;
	if (!user) {
		user = spare->user;
		spare->user = NULL;
		procsrv_insert_user(ps, user);
	}
	insert_new(ps, p, parent, user, birth, &spare->places);
	return 0;
}

/* What is needed now and then only is allocated when it turns out to be. */
static int create(struct procsrv *ps, struct procsrv_process *p,
		  const struct procsrv_birth *birth, u64 *pid)
{
	struct spares spare = {};
	int err;

	for (;;) {
		write_lock(&ps->lock);
		err = try_create(ps, p, birth, &spare);
		if (!err)
			*pid = p->pid;
		procsrv_write_unlock(ps);
		if (err != -ENOMEM || !spares_fill(&spare, birth->uid))
			break;
	}
	/* Others may have brought it meanwhile. */
	if (spare.user || spare.places.leaf || spare.places.block)
		spares_free(&spare);
	return err;
}

/**
 * procsrv_create() - create a process
 * @ps: the server
 * @birth: what it begins with
 * @pid: where to store its pid
 *
 * The child is RUNNING, in its parent's session and process group.
 * After fork(2) and VeridianOS.
 *
 * Whether the caller may make processes with these ids is up to the caller:
 * procsrv_may_create_as().
 *
 * Context: may sleep.
 * Return: 0; -ESRCH if there is no such parent or it is a zombie; -EPERM if
 * the caller may not act on it; -EAGAIN if the server, or the user, has as many
 * processes as it may have, or the parent as many ancestors; -EDQUOT if the user
 * would have more bytes of strings than it may have; -EOVERFLOW if there are
 * no more pids; -ENOMEM.
 */
int procsrv_create(struct procsrv *ps, const struct procsrv_birth *birth,
		   u64 *pid)
{
	struct procsrv_process *p = procsrv_process_new();
	int err;

	if (!p)
		return -ENOMEM;
	p->uid = birth->uid;
	p->gid = birth->gid;
	err = create(ps, p, birth, pid);
	if (err) {
		procsrv_process_free(p);
		return err;
	}
	pr_debug("%llu created by %llu\n", *pid, birth->parent);
	return 0;
}
EXPORT_SYMBOL_PROCSRV(procsrv_create);

/**
 * procsrv_exec() - replace the image of a process
 * @ps: the server
 * @pid: the process
 * @image: the new name, command line and environment; a reference is taken
 *
 * After execve(2): from here on its parent cannot move it to another group.
 *
 * Context: may sleep.
 * Return: 0; -ESRCH if there is no such process or it is a zombie; -EPERM if
 * the caller may not act on it; -EDQUOT if its user would have more bytes of
 * strings than it may have.
 */
int procsrv_exec(struct procsrv *ps, u64 pid, struct procsrv_image *image)
{
	struct procsrv_image *old;
	struct procsrv_process *p;
	int err = 0;

	write_lock(&ps->lock);
	p = procsrv_find_live(ps, pid);
	if (!p)
		err = -ESRCH;
	else if (!procsrv_may_act(ps, p))
		err = -EPERM;
	else
		err = procsrv_user_exchange(ps, p,
					    procsrv_image_bytes(p->image),
					    procsrv_image_bytes(image));
	if (err) {
		procsrv_write_unlock(ps);
		return err;
	}
	procsrv_change_begin(ps, p);
	old = p->image;
	WRITE_ONCE(p->image, procsrv_image_get(image));
	p->execed = true;
	procsrv_tell(ps, p, (struct procsrv_event) {
		.kind = PROCSRV_EVENT_EXEC,
	});
	procsrv_change_end(ps, p);
	procsrv_write_unlock(ps);

	procsrv_image_put(old);
	pr_debug("%llu executes %s\n", pid, procsrv_image_name(image));
	return 0;
}
EXPORT_SYMBOL_PROCSRV(procsrv_exec);

/**
 * procsrv_zombify() - end a process, whatever the reason
 * @ps: the server
 * @p: the process; neither init nor a zombie
 * @exit_code: for whoever waits for it
 * @exit_signal: the signal that ended it, or 0
 *
 * Its children go to the nearest reaper. The process groups that this orphans
 * are hung up by procsrv_check_orphaned(), which is to follow under the same
 * hold of the lock, when nobody else is to exit.
 *
 * Context: under the lock, for writing. When this returns somebody may have
 * waited for @p already: then it is in no table any more.
 */
void procsrv_zombify(struct procsrv *ps, struct procsrv_process *p,
		     s32 exit_code, u32 exit_signal)
{
	struct procsrv_process *parent = p->parent;
	struct rb_root mute = RB_ROOT;
	u32 pgid = procsrv_pgid(p);

	procsrv_change_begin(ps, p);
	p->exit_code = exit_code;
	p->exit_signal = exit_signal;
	ps->total_exited++;
	list_del_init(&p->link);
	/* The family tree must be right about @p before anybody moves in it. */
	procsrv_set_state(ps, p, PROCSRV_ZOMBIE);
	procsrv_set_report(p, PROCSRV_REPORT_EXITED);
	procsrv_tell(ps, p, (struct procsrv_event) {
		.kind = PROCSRV_EVENT_EXIT,
		.code = exit_code,
		.signo = exit_signal,
	});
	procsrv_change_end(ps, p);
	procsrv_give_children(ps, p, &mute);
	if (!RB_EMPTY_ROOT(&p->sleepers)) {
		procsrv_end_vain_waits(ps, p);
		procsrv_end_takes(ps, p);
	}
	procsrv_tell_handles(ps, p);
	/* By pid: its own is lower than those of its children. */
	do
		procsrv_offer_report(ps, p);
	while ((p = procsrv_unmute(&mute)));
	procsrv_end_vain_child_waits(ps, parent, pgid);
}

/**
 * procsrv_terminate() - end a process
 * @ps: the server
 * @pid: the process
 * @exit_code: for whoever waits for it
 * @exit_signal: the signal that ended it, 1 to 64, or 0
 *
 * After _exit(2) and VeridianOS.
 *
 * Return: 0; -ESRCH if there is no such process or it is a zombie; -EPERM if
 * it is init, or the caller may not signal it; -EINVAL if @exit_signal is out of
 * range.
 */
int procsrv_terminate(struct procsrv *ps, u64 pid, s32 exit_code,
		      u32 exit_signal)
{
	struct procsrv_process *p;
	int err = 0;

	if (exit_signal > PROCSRV_NSIG)
		return -EINVAL;

	write_lock(&ps->lock);
	p = procsrv_find_live(ps, pid);
	if (!p)
		err = -ESRCH;
	else if (p == ps->init || !procsrv_may_signal(ps, p))
		err = -EPERM;
	else
		procsrv_zombify(ps, p, exit_code, exit_signal);
	procsrv_check_orphaned(ps);
	procsrv_write_unlock(ps);

	if (!err)
		pr_debug("%llu exited, code %d signal %u\n", pid, exit_code,
			 exit_signal);
	return err;
}
EXPORT_SYMBOL_PROCSRV(procsrv_terminate);

/**
 * procsrv_unlink() - take a zombie out of every table
 * @ps: the server
 * @p: the zombie, which the caller frees
 * @v: gets its group, its session and its user if it was their last
 *
 * Context: under the lock, for writing.
 */
void procsrv_unlink(struct procsrv *ps, struct procsrv_process *p,
		    struct procsrv_vacated *v)
{
	struct procsrv_leaf *leaf;

	procsrv_change_begin(ps, p);
	procsrv_tell(ps, p, (struct procsrv_event) {
		.kind = PROCSRV_EVENT_REAP,
		.other = p->parent->pid,
	});
	procsrv_disown(p);
	procsrv_leave(ps, p, v);
	procsrv_user_leave(ps, p, v);
	if (!list_empty(&p->link)) {
		list_del_init(&p->link);
		ps->nr_orphans--;
	}
	leaf = procsrv_remove(ps, p);
	procsrv_change_end(ps, p);
	procsrv_forget_watchers(ps, p);
	if (!hlist_empty(&p->handles))
		procsrv_detach_handles(ps, p);
	if (leaf)
		procsrv_drop_places(ps, leaf, p->pid);
}

/*
 * Reaps up to REAP_BATCH zombies of init: how many, or an error. Those with
 * pids from *@end on stay; 0 stands for the next free one and is replaced by it.
 */
static int reap_batch(struct procsrv *ps, bool is_allowed, u64 *end)
{
	struct procsrv_vacated vacated[REAP_BATCH] = {};
	struct procsrv_process *dead[REAP_BATCH];
	int n, i;

	write_lock(&ps->lock);
	if (!is_allowed && !procsrv_may_act(ps, ps->init)) {
		procsrv_write_unlock(ps);
		return -EPERM;
	}
	*end = *end ?: ps->next_pid;
	for (n = 0; n < REAP_BATCH; n++) {
		u64 pid = procsrv_lowest_child(ps->init,
					       PROCSRV_WAIT_EXITED);

		if (pid >= *end)
			break;
		dead[n] = procsrv_find(ps, pid);
		procsrv_unlink(ps, dead[n], &vacated[n]);
	}
	procsrv_write_unlock(ps);

	for (i = 0; i < n; i++) {
		procsrv_vacated_free(&vacated[i]);
		procsrv_process_free(dead[i]);
	}
	return n;
}

/**
 * procsrv_reap() - reap the zombies that are children of init
 * @ps: the server
 *
 * Every zombie whose parent has exited is one: there are no others without
 * a parent. Processes that are created meanwhile stay, or a caller that
 * competes with others that create would never return. Ends early if the caller
 * is killed. After VeridianOS.
 *
 * Context: may sleep.
 * Return: how many were reaped; or -EPERM if the caller may not act on init.
 */
s64 procsrv_reap(struct procsrv *ps)
{
	s64 count = 0;
	u64 end = 0;
	int n;

	do {
		n = reap_batch(ps, false, &end);
		if (n < 0)
			return n;
		count += n;
		cond_resched();
	} while (n == REAP_BATCH && !fatal_signal_pending(current));
	pr_debug("%lld zombies reaped\n", count);
	return count;
}
EXPORT_SYMBOL_PROCSRV(procsrv_reap);

/**
 * procsrv_owner_init() - be one that processes can be tied to
 * @owner: the owner
 */
void procsrv_owner_init(struct procsrv_owner *owner)
{
	INIT_LIST_HEAD(&owner->tied);
}
EXPORT_SYMBOL_PROCSRV(procsrv_owner_init);

/* Kills up to PROCSRV_BATCH of those tied to @owner; false after the last. */
static bool kill_tied_batch(struct procsrv *ps, struct procsrv_owner *owner)
{
	struct procsrv_process *p;
	bool more;
	int i;

	write_lock(&ps->lock);
	for (i = 0; i < PROCSRV_BATCH && !list_empty(&owner->tied); i++) {
		p = list_first_entry(&owner->tied, struct procsrv_process,
				     link);
		procsrv_hit(ps, p, PROCSRV_SIGKILL, 0, NULL);
	}
	procsrv_check_orphaned(ps);
	more = !list_empty(&owner->tied);
	procsrv_write_unlock(ps);
	return more;
}

/**
 * procsrv_kill_tied() - kill the processes that are tied to an owner
 * @ps: the server
 * @owner: the owner, to which nobody ties anything any more
 *
 * Context: may sleep.
 */
void procsrv_kill_tied(struct procsrv *ps, struct procsrv_owner *owner)
{
	while (kill_tied_batch(ps, owner))
		cond_resched();
}
EXPORT_SYMBOL_PROCSRV(procsrv_kill_tied);

/* Kills up to PROCSRV_BATCH processes; false once only init is left. */
static bool kill_batch(struct procsrv *ps, u64 *cursor)
{
	struct procsrv_process *batch[PROCSRV_BATCH];
	u32 n, i;

	write_lock(&ps->lock);
	n = procsrv_collect(ps, *cursor, batch, PROCSRV_BATCH);
	for (i = 0; i < n; i++) {
		*cursor = batch[i]->pid;
		procsrv_hit(ps, batch[i], PROCSRV_SIGKILL, 0, NULL);
	}
	procsrv_check_orphaned(ps);
	procsrv_write_unlock(ps);
	return n == PROCSRV_BATCH;
}

/**
 * procsrv_kill_all() - kill every process but init
 * @ps: the server, in which no process is created any more
 *
 * Context: may sleep.
 */
void procsrv_kill_all(struct procsrv *ps)
{
	u64 cursor = PROCSRV_INIT_PID;

	while (kill_batch(ps, &cursor))
		cond_resched();
}
EXPORT_SYMBOL_PROCSRV(procsrv_kill_all);

/**
 * procsrv_empty() - kill and reap every process but init
 * @ps: the server, in which no process is created any more
 *
 * Context: may sleep.
 */
void procsrv_empty(struct procsrv *ps)
{
	u64 end = 0;

	procsrv_kill_all(ps);
	/* All that is left are zombies, and children of init. */
	while (reap_batch(ps, true, &end) > 0)
		cond_resched();
}
EXPORT_SYMBOL_PROCSRV(procsrv_empty);
