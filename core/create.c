// SPDX-License-Identifier: GPL-2.0-only
/*
 * Creating processes
 */
#define pr_fmt(fmt) KBUILD_MODNAME ": " fmt

#include <linux/slab.h>

#include "compat.h"
#include "internal.h"

/**
 * struct spares - preallocated memory that a creation needs for some processes
 * @places: for the first pid of a leaf or of a block
 * @user: for the first process of a user
 * @limits: for a process that inherits other limits than the default ones
 * @wants_user: whether @user is needed
 * @wants_limits: whether @limits is needed
 */
struct spares {
	struct procsrv_places places;
	struct procsrv_user *user;
	struct procsrv_limits *limits;
	bool wants_user;
	bool wants_limits;
};

static bool has_own_limits(const struct procsrv_process *p)
{
	return p->limits != &procsrv_default_limits;
}

/* It already has its ids and its image. */
static void inherit(struct procsrv_process *p,
		    const struct procsrv_process *like, struct spares *spare)
{
	WRITE_ONCE(p->cwd, procsrv_text_get(like->cwd));
	p->priority = like->priority;
	p->modes |= like->modes & PROCSRV_MODE_AUTOREAP;
	if (procsrv_is_hosted(p) && procsrv_is_hosted(like))
		procsrv_hosted_of(p)->id = procsrv_const_hosted_of(like)->id;
	if (has_own_limits(like)) {
		*spare->limits = *like->limits;
		p->limits = spare->limits;
		spare->limits = NULL;
	}
}

static bool is_clone(const struct procsrv_process *like,
		     const struct procsrv_create_params *params)
{
	if (params->sibling)
		return like->modes & PROCSRV_MODE_CLONE;
	return params->has_notify && params->notify != PROCSRV_SIGCHLD;
}

/* What an ordinary process has not. */
static noinline void be_special(struct procsrv_process *p,
				struct procsrv_process *parent,
				const struct procsrv_process *like,
				const struct procsrv_create_params *params)
{
	struct procsrv_hosted *h = procsrv_hosted_of(p);

	if (is_clone(like, params)) {
		p->modes |= PROCSRV_MODE_CLONE;
		parent->modes |= PROCSRV_MODE_HAS_CLONES;
	}
	if (params->hosted) {
		h->host = params->owner;
		procsrv_identity_init(&h->id, p->uid, p->gid);
	}
}

static void insert_new(struct procsrv_change *c, struct procsrv_process *p,
		       struct procsrv_process *parent,
		       const struct procsrv_process *like,
		       struct procsrv_user *user,
		       const struct procsrv_create_params *params,
		       struct spares *spare)
{
	struct procsrv_image *image = params->image ?: like->image;
	struct procsrv *ps = procsrv_of(c);
	u64 cycles;
	u64 now = procsrv_clock_read(ps->clock, &cycles);

	if (unlikely(spare->places.wants_block))
		procsrv_add_places(c, p->pid, &spare->places);
	if (unlikely(params->pid))
		procsrv_forget_pid(c, params->pid);
	if (unlikely(params->hosted || params->has_notify || params->sibling))
		be_special(p, parent, like, params);
	procsrv_set_seq_lock(ps, p);
	procsrv_edit_begin(c, p);
	WRITE_ONCE(p->image, procsrv_image_get(image));
	if (!params->image)
		inherit(p, like, spare);
	p->start_time = now;
	p->start_cycles = cycles;
	p->revocations = -ps->revocations;
	p->below_reaper = parent->was_reaper || parent->below_reaper;
	p->depth = parent->depth + 1;
	procsrv_user_join(c, p, user);
	p->birth = ++ps->total_created;
	ps->has_given_pids |= params->pid;
	procsrv_insert(c, p);
	if (like->group)
		procsrv_join(c, p, like->group);
	procsrv_add_child(c, parent, p);
	if (params->owner)
		list_add_tail(&p->link, &params->owner->tied);
	procsrv_record_event(c, p, PROCSRV_EVENT_CREATE, .other = parent->pid);
	procsrv_edit_end(c, p);
}

/* Allocates what is missing; false without memory. */
static bool spares_fill(struct spares *spare)
{
	if (spare->wants_user && !spare->user)
		spare->user = procsrv_user_new();
	if (spare->wants_limits && !spare->limits)
		spare->limits = kmalloc(sizeof(*spare->limits), PROCSRV_GFP);
	return procsrv_places_fill(&spare->places) &&
	       (spare->user || !spare->wants_user) &&
	       (spare->limits || !spare->wants_limits);
}

static void spares_free(struct spares *spare)
{
	kfree(spare->user);
	kfree(spare->limits);
	procsrv_places_free(&spare->places);
}

/*
 * The number of ancestors of @p. p->depth is an upper bound, as ancestors may
 * have exited since it was set; it is only brought up to date where it matters.
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
			const struct procsrv_user *user, u64 strings)
{
	const struct procsrv_bounds *b = &ps->bounds;

	if (procsrv_nr_processes(ps) >= b->processes ||
	    depth_of(ps, parent) >= b->depth)
		return -EAGAIN;
	if (user)
		strings += user->strings;
	if ((user ? user->nr_processes : 0) >= b->user_processes)
		return -EAGAIN;
	return strings > b->user_strings ? -EDQUOT : 0;
}

/* Is memory missing that @spare does not have? Marks it as wanted. */
static bool wants_memory(struct procsrv *ps, u64 pid,
			 const struct procsrv_user *user, bool wants_limits,
			 struct spares *spare)
{
	struct procsrv_places *places = &spare->places;

	spare->wants_user = !user;
	spare->wants_limits = wants_limits;
	places->wants_block = !procsrv_has_place(ps, pid);
	return (places->wants_block && procsrv_wants_places(ps, pid, places)) ||
	       (!user && !spare->user) || (wants_limits && !spare->limits);
}

/* Why there is no pid: a closed server has none. */
static noinline int no_pid(const struct procsrv *ps, int err)
{
	return ps->closed ? -ESHUTDOWN : err;
}

static noinline int check_given_pid(struct procsrv *ps, u64 pid)
{
	if (pid > ps->last_pid)
		return no_pid(ps, ps->posix_ids ? -EINVAL : -EOVERFLOW);
	if (procsrv_find(ps, pid))
		return -EEXIST;
	if (ps->posix_ids && (procsrv_find_group(ps, pid) ||
			      procsrv_find_session(ps, pid)))
		return -EEXIST;
	return 0;
}

/* Sets @again, and does nothing, if memory has to be allocated first. */
static int try_create(struct procsrv_change *c, struct procsrv_process *p,
		      const struct procsrv_create_params *params,
		      struct spares *spare, bool *again)
{
	struct procsrv *ps = procsrv_of(c);
	struct procsrv_process *like = procsrv_find_live(ps, params->parent);
	struct procsrv_process *parent = like;
	bool inherits = !params->image;
	struct procsrv_user *user;
	int err;

	if (inherits) {
		if (!like)
			return -ESRCH;
		p->uid = like->uid;
		p->gid = like->gid;
	}
	if (!procsrv_may_create_as(&c->caller, p->uid, p->gid))
		return -EPERM;
	if (!like)
		return -ESRCH;
	if (!procsrv_may_create_under(&c->caller, like))
		return -EPERM;
	if (unlikely(params->sibling)) {
		parent = like->parent;
		if (!parent)
			return -EINVAL;
	}
	user = procsrv_find_user(ps, p->uid);
	err = check_bounds(ps, parent, user,
			   inherits ? procsrv_strings_of(like) :
				      procsrv_image_bytes(params->image));
	if (err)
		return err;
	p->pid = ps->next_pid;
	if (unlikely(params->pid)) {
		err = check_given_pid(ps, params->pid);
		if (err)
			return err;
		p->pid = params->pid;
	} else if (p->pid > ps->last_pid) {
		return no_pid(ps, -EOVERFLOW);
	}
	*again = wants_memory(ps, p->pid, user,
			      inherits && has_own_limits(like), spare);
	if (*again)
		return 0;
	if (!user) {
		user = spare->user;
		spare->user = NULL;
		user->uid = p->uid;
		procsrv_insert_user(c, user);
	}
	insert_new(c, p, parent, like, user, params, spare);
	return 0;
}

static int create(struct procsrv *ps, struct procsrv_process *p,
		  const struct procsrv_create_params *params, u64 *pid)
{
	struct procsrv_change *c;
	struct spares spare = {};
	bool again = false;
	int err;

	do {
		if (again && !spares_fill(&spare)) {
			err = -ENOMEM;
			break;
		}
		c = procsrv_change_begin(ps);
		if (!c) {
			err = -EINTR;
			break;
		}
		again = false;
		err = try_create(c, p, params, &spare, &again);
		if (!err && !again)
			*pid = p->pid;
		procsrv_change_commit(c);
	} while (again);
	/* Another creation may have added the same meanwhile. */
	if (spare.user || spare.limits || spare.places.leaf ||
	    spare.places.block)
		spares_free(&spare);
	return err;
}

/**
 * procsrv_create() - create a process
 * @ps: the server
 * @params: the parameters
 * @pid: where to store its pid
 *
 * The child is RUNNING, in its parent's session and process group. Without an
 * image it inherits that of its parent, and ids, working directory, priority, limits
 * and the autoreap flag. A sibling has all that of the process whose sibling it is. If the
 * caller chooses its pid, it may choose one again that was reaped.
 * After fork(2), clone(2) and VeridianOS.
 *
 * Context: may sleep.
 * Return: 0; -EPERM if the caller may not create processes with these ids, or
 * may not act on the parent; -ESRCH if there is no such parent or it is a
 * zombie; -EEXIST if another process, a zombie too, has the pid, or, with POSIX ids, a
 * group or a session has; -EINVAL if the pid is above S32_MAX, with POSIX ids, or it were a
 * sibling of init; -EAGAIN if the
 * server, or the user, has as many processes as it may have, or the parent as
 * many ancestors; -EDQUOT if the user would have more bytes of strings than it
 * may have; -EOVERFLOW if there are no more pids; -ESHUTDOWN after
 * procsrv_close(); -ENOMEM; -EINTR if the caller is killed.
 */
int procsrv_create(struct procsrv *ps, const struct procsrv_create_params *params,
		   u64 *pid)
{
	struct procsrv_process *p = unlikely(params->hosted) ?
					    procsrv_hosted_new() :
					    procsrv_process_new();
	int err;

	if (!p)
		return -ENOMEM;
	p->uid = params->uid;
	p->gid = params->gid;
	err = create(ps, p, params, pid);
	if (err) {
		procsrv_process_free(p);
		return err;
	}
	pr_debug("%llu created by %llu\n", *pid, params->parent);
	return 0;
}
EXPORT_SYMBOL_PROCSRV(procsrv_create);
