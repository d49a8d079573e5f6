// SPDX-License-Identifier: GPL-2.0-only
/*
 * The tables of a server: sessions and groups, their members, and states
 */
#include <linux/cred.h>
#include <linux/sizes.h>
#include <linux/slab.h>
#include <linux/user_namespace.h>

#include "compat.h"
#include "core/internal.h"

enum {
	/* What of a process is cleared when it is made: see struct procsrv_process. */
	CLEARED = offsetofend(struct procsrv_process, cwd),
	CLEARED_END = offsetof(struct procsrv_process, child_node),
};

static struct kmem_cache *process_cache;
static struct kmem_cache *hosted_cache;
static atomic_t last_id = ATOMIC_INIT(-1);

/* The limits of a new process; the figures are VeridianOS's. */
const struct procsrv_limits procsrv_default_limits = {
	.max_memory = 256 * SZ_1M,
	.max_cpu_time = PROCSRV_UNLIMITED,
	.stack_size = SZ_8M,
	.core_size = 0,
	.max_files = 1024,
	.max_threads = 256,
	.nice = 0,
};
EXPORT_SYMBOL_PROCSRV(procsrv_default_limits);

static void construct_process(void *p)
{
	struct procsrv_process *process = p;

	/* The lock is set for each process: procsrv_set_seq_lock(). */
	seqcount_rwlock_init(&process->seq, NULL);
}

/* Look-ups without the lock may read a process that is reused. */
static struct kmem_cache *new_cache(const char *name, unsigned int size)
{
	return kmem_cache_create(name, size, 0,
				 SLAB_ACCOUNT | SLAB_TYPESAFE_BY_RCU,
				 construct_process);
}

/**
 * procsrv_tables_init() - make the caches that the tables are allocated from
 *
 * Return: 0, or -ENOMEM.
 */
int procsrv_tables_init(void)
{
	int err = procsrv_changes_init();

	if (err)
		return err;
	err = procsrv_pids_init();
	if (err)
		goto err_changes;
	err = procsrv_strings_init();
	if (err)
		goto err_pids;
	err = -ENOMEM;
	process_cache = new_cache("procsrv_process",
				  sizeof(struct procsrv_process));
	if (!process_cache)
		goto err_strings;
	hosted_cache = new_cache("procsrv_hosted",
				 sizeof(struct procsrv_hosted));
	if (hosted_cache)
		return 0;

	kmem_cache_destroy(process_cache);
err_strings:
	procsrv_strings_exit();
err_pids:
	procsrv_pids_exit();
err_changes:
	procsrv_changes_exit();
	return err;
}

/**
 * procsrv_tables_exit() - undo procsrv_tables_init(); every server is gone
 */
void procsrv_tables_exit(void)
{
	kmem_cache_destroy(hosted_cache);
	kmem_cache_destroy(process_cache);
	procsrv_strings_exit();
	procsrv_pids_exit();
	procsrv_changes_exit();
}

static __always_inline struct procsrv_process *
new_process(struct kmem_cache *cache)
{
	struct procsrv_process *p = kmem_cache_alloc(cache, PROCSRV_GFP);

	if (!p)
		return NULL;
	/* Look-ups of the previous process here may follow these pointers. */
	WRITE_ONCE(p->parent, NULL);
	WRITE_ONCE(p->group, NULL);
	WRITE_ONCE(p->image, NULL);
	WRITE_ONCE(p->cwd, NULL);
	p->pid = 0;
	memset((char *)p + CLEARED, 0, CLEARED_END - CLEARED);
	INIT_LIST_HEAD(&p->link);
	RB_CLEAR_NODE(&p->offer_node);
	p->state = PROCSRV_RUNNING;
	p->report = PROCSRV_REPORT_NONE;
	p->priority = PROCSRV_PRIO_NORMAL;
	p->thread_count = 1;
	p->limits = &procsrv_default_limits;
	return p;
}

/**
 * procsrv_process_new() - allocate a process that is in no table
 *
 * Context: may sleep.
 * Return: the process, or NULL.
 */
struct procsrv_process *procsrv_process_new(void)
{
	return new_process(process_cache);
}

/**
 * procsrv_hosted_new() - allocate a hosted process that is in no table
 *
 * Its host and its credentials are up to the caller.
 *
 * Context: may sleep.
 * Return: the &procsrv_hosted.process, or NULL.
 */
struct procsrv_process *procsrv_hosted_new(void)
{
	struct procsrv_process *p = new_process(hosted_cache);
	struct procsrv_hosted *h;

	if (!p)
		return NULL;
	p->modes = PROCSRV_MODE_HOSTED;
	h = procsrv_hosted_of(p);
	INIT_LIST_HEAD(&h->pending_node);
	h->from_outside = 0;
	h->from_server = 0;
	return p;
}

/**
 * procsrv_limits_free() - free the limits of a process
 * @limits: the limits, its own or &procsrv_default_limits
 */
void procsrv_limits_free(const struct procsrv_limits *limits)
{
	if (limits != &procsrv_default_limits)
		kfree(limits);
}

/**
 * procsrv_process_free() - free a process that is in no table
 * @p: the process, or NULL
 *
 * Context: may sleep.
 */
void procsrv_process_free(struct procsrv_process *p)
{
	if (!p)
		return;
	procsrv_image_put(p->image);
	if (p->cwd)
		procsrv_text_put(p->cwd);
	if (p->signals)
		procsrv_pending_free(p);
	procsrv_limits_free(p->limits);
	if (unlikely(procsrv_is_hosted(p)))
		kmem_cache_free(hosted_cache, procsrv_hosted_of(p));
	else
		kmem_cache_free(process_cache, p);
}

/**
 * procsrv_session_new() - allocate a session that is in no table
 *
 * Context: may sleep.
 * Return: the session, or NULL.
 */
struct procsrv_session *procsrv_session_new(void)
{
	return kzalloc(sizeof(struct procsrv_session), PROCSRV_GFP);
}

/**
 * procsrv_session_free() - free a session that is in no table
 * @session: the session, or NULL
 */
void procsrv_session_free(struct procsrv_session *session)
{
	if (!session)
		return;
	procsrv_text_put(session->terminal);
	kfree_rcu(session, rcu);
}

/**
 * procsrv_group_new() - allocate a process group that is in no table
 *
 * Context: may sleep.
 * Return: the group, or NULL.
 */
struct procsrv_group *procsrv_group_new(void)
{
	struct procsrv_group *group = kzalloc(sizeof(*group), PROCSRV_GFP);

	if (group)
		INIT_LIST_HEAD(&group->candidate);
	return group;
}

/**
 * procsrv_group_free() - free a process group that is in no table
 * @group: the group, or NULL
 */
void procsrv_group_free(struct procsrv_group *group)
{
	if (group)
		kfree_rcu(group, rcu);
}

/**
 * procsrv_release_free() - free objects that left the tables
 * @release: the objects
 *
 * Context: outside a change; may sleep.
 */
void procsrv_release_free(struct procsrv_release *release)
{
	struct procsrv_process *p;
	struct procsrv_group *group;
	struct procsrv_session *session;
	struct procsrv_user *user;
	struct procsrv_pending *pending;

	while ((p = release->processes)) {
		release->processes = p->next;
		procsrv_process_free(p);
		if (release->processes)
			cond_resched();
	}
	while ((group = release->groups)) {
		release->groups = group->next;
		procsrv_group_free(group);
		cond_resched();
	}
	while ((session = release->sessions)) {
		release->sessions = session->next;
		procsrv_session_free(session);
		cond_resched();
	}
	while ((user = release->users)) {
		release->users = user->next;
		kfree(user);
		cond_resched();
	}
	while ((pending = release->pending)) {
		release->pending = pending->next;
		kfree(pending);
		cond_resched();
	}
}

/*
 * One comparison for each tree, with the key that is passed to rb_find()
 */

static int id_cmp(u64 id, u64 other)
{
	return id < other ? -1 : id > other;
}

static int session_key_cmp(const void *key, const struct rb_node *node)
{
	const u32 *sid = key;

	return id_cmp(*sid, rb_entry(node, struct procsrv_session, node)->sid);
}

static int group_key_cmp(const void *key, const struct rb_node *node)
{
	const u32 *pgid = key;

	return id_cmp(*pgid, rb_entry(node, struct procsrv_group, node)->pgid);
}

static bool session_less(struct rb_node *a, const struct rb_node *b)
{
	return rb_entry(a, struct procsrv_session, node)->sid <
	       rb_entry(b, struct procsrv_session, node)->sid;
}

static bool group_less(struct rb_node *a, const struct rb_node *b)
{
	return rb_entry(a, struct procsrv_group, node)->pgid <
	       rb_entry(b, struct procsrv_group, node)->pgid;
}

/**
 * procsrv_find_session() - look up a session
 * @ps: the server
 * @sid: its id
 *
 * Return: the session or NULL.
 */
struct procsrv_session *procsrv_find_session(struct procsrv *ps, u32 sid)
{
	procsrv_assert_locked(ps);
	return rb_entry_safe(rb_find(&sid, &ps->sessions, session_key_cmp),
			     struct procsrv_session, node);
}

/**
 * procsrv_find_group() - look up a process group
 * @ps: the server
 * @pgid: its id
 *
 * Return: the group or NULL.
 */
struct procsrv_group *procsrv_find_group(struct procsrv *ps, u32 pgid)
{
	procsrv_assert_locked(ps);
	return rb_entry_safe(rb_find(&pgid, &ps->groups, group_key_cmp),
			     struct procsrv_group, node);
}

static u32 sid_at(const struct rb_node *node)
{
	return rb_entry(node, struct procsrv_session, node)->sid;
}

static u32 pgid_at(const struct rb_node *node)
{
	return rb_entry(node, struct procsrv_group, node)->pgid;
}

/* The node with the lowest id that is not below @id. */
static const struct rb_node *first_from(const struct rb_root *tree, u32 id,
					u32 (*id_at)(const struct rb_node *))
{
	const struct rb_node *n = tree->rb_node, *first = NULL;

	while (n) {
		if (id_at(n) >= id) {
			first = n;
			n = n->rb_left;
		} else {
			n = n->rb_right;
		}
	}
	return first;
}

/*
 * Ids wrap around, so the next one may be in use. Advances *@next to the first
 * from there on that is free. There is one: processes are fewer than ids, see
 * procsrv_set_bounds().
 */
static void find_free_id(struct procsrv_change *c, const struct rb_root *tree,
			 u32 (*id_at)(const struct rb_node *), u32 *next)
{
	const struct rb_node *n = first_from(tree, *next, id_at);

	for (;;) {
		if (!*next) {
			*next = 1;
			n = rb_first(tree);
		}
		if (!n || id_at(n) != *next)
			return;
		++*next;
		n = rb_next(n);
		procsrv_change_step(c);
	}
}

/**
 * procsrv_find_free_sid() - advance the next session id to a free one
 * @c: the change
 */
void procsrv_find_free_sid(struct procsrv_change *c)
{
	struct procsrv *ps = procsrv_of(c);

	procsrv_assert_change(c);
	find_free_id(c, &ps->sessions, sid_at, &ps->next_sid);
}

/**
 * procsrv_find_free_pgid() - advance the next process group id to a free one
 * @c: the change
 */
void procsrv_find_free_pgid(struct procsrv_change *c)
{
	struct procsrv *ps = procsrv_of(c);

	procsrv_assert_change(c);
	find_free_id(c, &ps->groups, pgid_at, &ps->next_pgid);
}

/**
 * procsrv_member_after() - the member with the lowest pid above another
 * @members: those of a session or of a process group
 * @offset: where the nodes of that tree are in &struct procsrv_process
 * @pid: the other pid, which need not exist
 *
 * Return: the process, a zombie too, or NULL.
 */
struct procsrv_process *
procsrv_member_after(const struct procsrv_members *members, size_t offset,
		     u64 pid)
{
	struct procsrv_process *best = NULL;
	struct rb_node *n = members->tree.rb_node;

	while (n) {
		struct procsrv_process *p = (void *)n - offset;

		if (p->pid > pid) {
			best = p;
			n = n->rb_left;
		} else {
			n = n->rb_right;
		}
	}
	return best;
}

/**
 * procsrv_insert_session() - put a new session into the table
 * @c: the change
 * @session: the session, which has its id
 */
void procsrv_insert_session(struct procsrv_change *c,
			    struct procsrv_session *session)
{
	struct procsrv *ps = procsrv_of(c);

	procsrv_assert_change(c);
	rb_add(&session->node, &ps->sessions, session_less);
	ps->nr_sessions++;
}

/**
 * procsrv_insert_group() - put a new process group into the table
 * @c: the change
 * @group: the group, which has its id and its session
 * @leader: the process that is to lead it
 */
void procsrv_insert_group(struct procsrv_change *c, struct procsrv_group *group,
			  struct procsrv_process *leader)
{
	struct procsrv *ps = procsrv_of(c);

	procsrv_assert_change(c);
	group->leader = procsrv_as_leader(leader);
	leader->nr_groups_led++;
	rb_add(&group->node, &ps->groups, group_less);
	ps->nr_groups++;
	if (group->session)
		group->session->nr_groups++;
}

static u64 pid_at(const struct rb_node *node, size_t offset)
{
	return ((struct procsrv_process *)((void *)node - offset))->pid;
}

static void add_member(struct procsrv_members *m, struct procsrv_process *p,
		       size_t offset)
{
	struct rb_node **link = &m->tree.rb_node;
	struct rb_node *node = (void *)p + offset;
	struct rb_node *above = m->last;

	/* Most pids ascend: a new process is the last member. */
	if (above && pid_at(above, offset) < p->pid) {
		link = &above->rb_right;
		m->last = node;
	} else if (!above) {
		m->last = node;
	}
	while (*link) {
		above = *link;
		link = p->pid < pid_at(above, offset) ? &above->rb_left :
							&above->rb_right;
	}
	rb_link_node(node, above, link);
	rb_insert_color(node, &m->tree);
}

static void remove_member(struct procsrv_members *m, struct rb_node *node)
{
	/* Of the last node there is only a left subtree, and what is above. */
	if (m->last == node)
		m->last = node->rb_left ? rb_prev(node) : rb_parent(node);
	rb_erase(node, &m->tree);
}

static void join_group(struct procsrv_process *p, struct procsrv_group *group)
{
	WRITE_ONCE(p->group, group);
	add_member(&group->members, p,
		   offsetof(struct procsrv_process, group_node));
	group->nr_members++;
	group->nr_stopped += p->state == PROCSRV_STOPPED;
}

static void join_session(struct procsrv_process *p,
			 struct procsrv_session *session)
{
	add_member(&session->members, p,
		   offsetof(struct procsrv_process, session_node));
	session->nr_members++;
}

/**
 * procsrv_join() - make a process a member of a group and its session
 * @c: the change
 * @p: the process, in no group, and without a parent
 * @group: the group
 */
void procsrv_join(struct procsrv_change *c, struct procsrv_process *p,
		  struct procsrv_group *group)
{
	procsrv_assert_edit(c, p);
	join_group(p, group);
	if (group->session)
		join_session(p, group->session);
}

static void leave_group(struct procsrv_change *c, struct procsrv_process *p)
{
	struct procsrv_group *group = p->group;
	struct procsrv *ps = procsrv_of(c);
	struct procsrv_process *leader;

	WRITE_ONCE(p->group, NULL);
	remove_member(&group->members, &p->group_node);
	group->nr_stopped -= p->state == PROCSRV_STOPPED;
	if (--group->nr_members)
		return;
	leader = procsrv_find_leader(ps, &group->leader);
	if (leader)
		leader->nr_groups_led--;
	rb_erase(&group->node, &ps->groups);
	ps->nr_groups--;
	if (group->session) {
		group->session->nr_groups--;
		if (group->session->foreground == group->pgid)
			group->session->foreground = 0;
	}
	procsrv_change_queues(c);
	group->next = c->release.groups;
	c->release.groups = group;
}

static void leave_session(struct procsrv_change *c, struct procsrv_process *p,
			  struct procsrv_session *session)
{
	struct procsrv *ps = procsrv_of(c);

	remove_member(&session->members, &p->session_node);
	if (--session->nr_members)
		return;
	rb_erase(&session->node, &ps->sessions);
	ps->nr_sessions--;
	procsrv_change_queues(c);
	session->next = c->release.sessions;
	c->release.sessions = session;
}

/**
 * procsrv_leave() - remove a process from its group and its session
 * @c: the change, which frees them if it was their last member
 * @p: the process, without a parent
 */
void procsrv_leave(struct procsrv_change *c, struct procsrv_process *p)
{
	struct procsrv_session *session = procsrv_session_of(p);

	procsrv_assert_edit(c, p);
	if (p->group)
		leave_group(c, p);
	if (session)
		leave_session(c, p, session);
}

/**
 * procsrv_move() - move a process to another group, and its session
 * @c: the change, which frees the old ones if it was their last member
 * @p: the process
 * @group: the new group
 */
void procsrv_move(struct procsrv_change *c, struct procsrv_process *p,
		  struct procsrv_group *group)
{
	struct procsrv_session *session = procsrv_session_of(p);
	struct procsrv_process *parent = p->parent;

	procsrv_assert_edit(c, p);
	/* The parent sorts its children by group. */
	procsrv_remove_child(c, p);
	if (p->group)
		leave_group(c, p);
	join_group(p, group);
	if (group->session != session) {
		if (session)
			leave_session(c, p, session);
		if (group->session)
			join_session(p, group->session);
	}
	procsrv_add_child(c, parent, p);
}

/**
 * procsrv_add_waiters() - change how many tasks wait on behalf of a process
 * @c: the change
 * @p: the process, in the table
 * @change: 1 or -1
 */
void procsrv_add_waiters(struct procsrv_change *c, struct procsrv_process *p,
			 int change)
{
	struct procsrv *ps = procsrv_of(c);

	procsrv_edit_begin(c, p);
	ps->nr_states[procsrv_state_of(p)]--;
	p->nr_waiters += change;
	ps->nr_states[procsrv_state_of(p)]++;
	procsrv_edit_end(c, p);
}

/* Pid 1, which exists from the beginning. */
static struct procsrv_process *new_init(struct procsrv_clock *clock)
{
	struct procsrv_process *init = procsrv_process_new();

	if (!init)
		return NULL;
	init->image = procsrv_image_new("init", sizeof("init") - 1, 0, 0);
	if (!init->image) {
		procsrv_process_free(init);
		return NULL;
	}
	init->start_time = procsrv_clock_read(clock, &init->start_cycles);
	return init;
}

/* Each process may be alone in a group, and one more group needs an id. */
#define MAX_PROCESSES (U32_MAX - 1)

/* The maxima of the counters. */
const struct procsrv_bounds procsrv_no_bounds = {
	.processes = MAX_PROCESSES,
	.user_processes = U32_MAX,
	.user_waiters = U32_MAX,
	.user_strings = U64_MAX,
	.depth = U32_MAX,
};
EXPORT_SYMBOL_PROCSRV(procsrv_no_bounds);

/**
 * procsrv_new() - make a server
 * @clock: its clock, which must outlive it
 *
 * Context: may sleep.
 * Return: a server with one reference that has no bounds, belongs to root and
 * contains only init; or NULL without memory.
 */
struct procsrv *procsrv_new(struct procsrv_clock *clock)
{
	struct procsrv *ps = kzalloc(sizeof(*ps), PROCSRV_GFP);
	struct procsrv_places places = {};
	struct procsrv_change *c;

	if (!ps)
		return NULL;
	mutex_init(&ps->mutex);
	rwlock_init(&ps->lock);
	procsrv_change_init(&ps->change);
	seqcount_rwlock_init(&ps->seq, &ps->lock);
	refcount_set(&ps->refs, 1);
	INIT_LIST_HEAD(&ps->orphans);
	INIT_LIST_HEAD(&ps->readers);
	ps->id = atomic_inc_return(&last_id);
	ps->bounds = procsrv_no_bounds;
	ps->clock = clock;
	ps->next_pid = PROCSRV_INIT_PID;
	ps->last_pid = U64_MAX - 1;
	ps->next_sid = 1;
	ps->next_pgid = 1;
	procsrv_wants_places(ps, PROCSRV_INIT_PID, &places);
	if (procsrv_places_fill(&places))
		ps->init = new_init(clock);
	if (!ps->init) {
		procsrv_places_free(&places);
		kfree(ps);
		return NULL;
	}
	ps->user_ns = get_user_ns(&init_user_ns);
	procsrv_set_seq_lock(ps, ps->init);
	c = procsrv_change_begin_unkillable(ps);
	procsrv_add_places(c, PROCSRV_INIT_PID, &places);
	procsrv_edit_begin(c, ps->init);
	ps->init->pid = PROCSRV_INIT_PID;
	ps->init->birth = 0;
	procsrv_insert(c, ps->init);
	procsrv_edit_end(c, ps->init);
	procsrv_change_commit(c);
	return ps;
}
EXPORT_SYMBOL_PROCSRV(procsrv_new);

/**
 * procsrv_set_bounds() - set the bounds of a server
 * @ps: the server, which is not in use yet
 * @b: the bounds; that of processes is reduced to the number of group ids
 */
void procsrv_set_bounds(struct procsrv *ps, const struct procsrv_bounds *b)
{
	ps->bounds = *b;
	ps->bounds.processes = min_t(u32, b->processes, MAX_PROCESSES);
}
EXPORT_SYMBOL_PROCSRV(procsrv_set_bounds);

/**
 * procsrv_bounds_of() - the bounds of a server
 * @ps: the server
 *
 * Return: the bounds.
 */
const struct procsrv_bounds *procsrv_bounds_of(const struct procsrv *ps)
{
	return &ps->bounds;
}

/**
 * procsrv_is_closed() - has procsrv_close() been called?
 * @ps: the server
 */
bool procsrv_is_closed(const struct procsrv *ps)
{
	return READ_ONCE(ps->closed);
}

/**
 * procsrv_has_ended() - has procsrv_empty() reaped the last process?
 * @ps: the server
 */
bool procsrv_has_ended(const struct procsrv *ps)
{
	return READ_ONCE(ps->ended);
}

/**
 * procsrv_clock_of() - the clock of a server
 * @ps: the server
 *
 * Return: the clock.
 */
struct procsrv_clock *procsrv_clock_of(const struct procsrv *ps)
{
	return ps->clock;
}

/**
 * procsrv_set_owner() - make the caller the owner of a server
 * @ps: the server, which is not in use yet
 *
 * Its init gets the ids of the caller, and capabilities in the user namespace
 * of the caller cover all of its processes.
 */
void procsrv_set_owner(struct procsrv *ps)
{
	put_user_ns(ps->user_ns);
	ps->user_ns = get_user_ns(current_user_ns());
	ps->init->uid = current_euid();
	ps->init->gid = current_egid();
}
EXPORT_SYMBOL_PROCSRV(procsrv_set_owner);

/**
 * procsrv_use_posix_ids() - have sessions and groups named by pids
 * @ps: the server, which is not in use yet
 */
void procsrv_use_posix_ids(struct procsrv *ps)
{
	ps->posix_ids = true;
	ps->last_pid = S32_MAX;
}
EXPORT_SYMBOL_PROCSRV(procsrv_use_posix_ids);

/**
 * procsrv_let_init_reap() - set the autoreap flag of init
 * @ps: the server, which is not in use yet
 */
void procsrv_let_init_reap(struct procsrv *ps)
{
	ps->init->modes |= PROCSRV_MODE_AUTOREAP;
}
EXPORT_SYMBOL_PROCSRV(procsrv_let_init_reap);

/**
 * procsrv_set_release() - have a function called when a server is freed
 * @ps: the server, which is not in use yet
 * @release: the function; the last that happens to it
 * @data: passed to it
 */
void procsrv_set_release(struct procsrv *ps, void (*release)(void *data),
			 void *data)
{
	ps->release = release;
	ps->release_data = data;
}

/* Frees a server that is not used any more: needs no lock, nor any order. */
static void free_server(struct procsrv *ps)
{
	struct procsrv_session *session, *next_session;
	struct procsrv_group *group, *next_group;
	struct procsrv_user *user, *next_user;

	procsrv_free_all(ps);
	rbtree_postorder_for_each_entry_safe(group, next_group, &ps->groups,
					     node) {
		procsrv_group_free(group);
		cond_resched();
	}
	rbtree_postorder_for_each_entry_safe(session, next_session,
					     &ps->sessions, node) {
		procsrv_session_free(session);
		cond_resched();
	}
	rbtree_postorder_for_each_entry_safe(user, next_user, &ps->users,
					     node) {
		kfree(user);
		cond_resched();
	}
	put_user_ns(ps->user_ns);
	if (ps->release)
		ps->release(ps->release_data);
	/* A look-up in another server may be about to take the lock. */
	kfree_rcu(ps, rcu);
}

/**
 * procsrv_get() - take a reference on a server
 * @ps: the server
 */
void procsrv_get(struct procsrv *ps)
{
	refcount_inc(&ps->refs);
}
EXPORT_SYMBOL_PROCSRV(procsrv_get);

/**
 * procsrv_put() - drop a reference, and free the server with the last
 * @ps: the server, or NULL
 *
 * Context: may sleep.
 */
void procsrv_put(struct procsrv *ps)
{
	if (ps && refcount_dec_and_test(&ps->refs))
		free_server(ps);
}
EXPORT_SYMBOL_PROCSRV(procsrv_put);
