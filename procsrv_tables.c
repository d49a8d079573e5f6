// SPDX-License-Identifier: GPL-2.0-only
/*
 * The tables of a server: sessions and groups, their members, and states
 */
#include <linux/cred.h>
#include <linux/slab.h>
#include <linux/user_namespace.h>

#include "compat.h"
#include "procsrv_account.h"
#include "procsrv_tables.h"

static struct kmem_cache *process_cache;
static atomic_t last_id = ATOMIC_INIT(-1);

static void construct_process(void *p)
{
	struct procsrv_process *process = p;

	seqcount_init(&process->seq);
}

/**
 * procsrv_tables_init() - make the caches that the tables are allocated from
 *
 * Return: 0, or -ENOMEM.
 */
int procsrv_tables_init(void)
{
	int err = procsrv_pids_init();

	if (err)
		return err;
	err = procsrv_strings_init();
	if (err)
		goto err_pids;
	/* Whoever looks without the lock may look at one that is used anew. */
	process_cache = kmem_cache_create("procsrv_process",
					  sizeof(struct procsrv_process), 0,
					  SLAB_ACCOUNT | SLAB_TYPESAFE_BY_RCU,
					  construct_process);
	if (process_cache)
		return 0;

	err = -ENOMEM;
	procsrv_strings_exit();
err_pids:
	procsrv_pids_exit();
	return err;
}

/**
 * procsrv_tables_exit() - undo procsrv_tables_init(); every server is gone
 */
void procsrv_tables_exit(void)
{
	kmem_cache_destroy(process_cache);
	procsrv_strings_exit();
	procsrv_pids_exit();
}

/**
 * procsrv_process_new() - allocate a process that is in no table
 *
 * Context: may sleep.
 * Return: the process, or NULL.
 */
struct procsrv_process *procsrv_process_new(void)
{
	struct procsrv_process *p;

	p = kmem_cache_alloc(process_cache, PROCSRV_GFP);
	if (!p)
		return NULL;
	/* Who has looked at another one here follows these, each as a whole. */
	WRITE_ONCE(p->parent, NULL);
	WRITE_ONCE(p->group, NULL);
	WRITE_ONCE(p->session, NULL);
	WRITE_ONCE(p->image, NULL);
	WRITE_ONCE(p->cwd, NULL);
	p->pid = 0;
	memset_after(p, 0, cwd);
	INIT_LIST_HEAD(&p->link);
	p->state = PROCSRV_RUNNING;
	p->report = PROCSRV_REPORT_NONE;
	p->priority = PROCSRV_PRIO_NORMAL;
	p->thread_count = 1;
	p->limits = &procsrv_default_limits;
	return p;
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
	procsrv_text_put(p->cwd);
	procsrv_pending_free(p);
	procsrv_limits_free(p->limits);
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
	return kzalloc(sizeof(struct procsrv_group), PROCSRV_GFP);
}

static void free_group(struct procsrv_group *group)
{
	if (group)
		kfree_rcu(group, rcu);
}

/**
 * procsrv_vacated_free() - free what procsrv_leave() left behind
 * @v: the group, the session and the user, any may be NULL
 *
 * Context: not under the server's lock.
 */
void procsrv_vacated_free(struct procsrv_vacated *v)
{
	free_group(v->group);
	procsrv_session_free(v->session);
	kfree(v->user);
}

/*
 * One comparison for each tree; the key is what rb_find() is given.
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
 * Context: under the lock.
 * Return: the session or NULL.
 */
struct procsrv_session *procsrv_find_session(struct procsrv *ps, u32 sid)
{
	lockdep_assert_held(&ps->lock);
	return rb_entry_safe(rb_find(&sid, &ps->sessions, session_key_cmp),
			     struct procsrv_session, node);
}

/**
 * procsrv_find_group() - look up a process group
 * @ps: the server
 * @pgid: its id
 *
 * Context: under the lock.
 * Return: the group or NULL.
 */
struct procsrv_group *procsrv_find_group(struct procsrv *ps, u32 pgid)
{
	lockdep_assert_held(&ps->lock);
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

/* The node with the lowest id from @id on. */
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
 * Ids go round, so that the next one may be in use. Moves *@next to the first
 * from there on that is free, but past no more than PROCSRV_BATCH: one caller
 * may have thousands in a row. Each id is passed once a round.
 */
static bool find_free_id(const struct rb_root *tree,
			 u32 (*id_at)(const struct rb_node *), u32 *next)
{
	const struct rb_node *n = first_from(tree, *next, id_at);
	u32 passed;

	for (passed = 0; passed < PROCSRV_BATCH; passed++) {
		if (!*next) {
			*next = 1;
			n = rb_first(tree);
		}
		if (!n || id_at(n) != *next)
			return true;
		++*next;
		n = rb_next(n);
	}
	return false;
}

/**
 * procsrv_find_free_sid() - see that the next session id is free
 * @ps: the server
 *
 * There is a free one: processes are fewer than ids, see procsrv_set_bounds().
 *
 * Context: under the lock, for writing.
 * Return: true; or false after many that are in use. Then the lock is to be
 * dropped, and it goes on from there with the next call.
 */
bool procsrv_find_free_sid(struct procsrv *ps)
{
	lockdep_assert_held_write(&ps->lock);
	return find_free_id(&ps->sessions, sid_at, &ps->next_sid);
}

/**
 * procsrv_find_free_pgid() - see that the next process group id is free
 * @ps: the server
 *
 * Context: as procsrv_find_free_sid().
 * Return: as there.
 */
bool procsrv_find_free_pgid(struct procsrv *ps)
{
	lockdep_assert_held_write(&ps->lock);
	return find_free_id(&ps->groups, pgid_at, &ps->next_pgid);
}

/**
 * procsrv_member_after() - the member with the lowest pid above another
 * @members: those of a session or of a process group
 * @offset: where the nodes of that tree are in &struct procsrv_process
 * @pid: the other pid, which need not exist
 *
 * Context: under the lock.
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
 * @ps: the server
 * @session: the session, which has its id
 *
 * Context: under the lock, for writing.
 */
void procsrv_insert_session(struct procsrv *ps, struct procsrv_session *session)
{
	lockdep_assert_held_write(&ps->lock);
	rb_add(&session->node, &ps->sessions, session_less);
	ps->nr_sessions++;
}

/**
 * procsrv_insert_group() - put a new process group into the table
 * @ps: the server
 * @group: the group, which has its id and its session
 * @leader: the process that is to lead it
 *
 * Context: under the lock, for writing.
 */
void procsrv_insert_group(struct procsrv *ps, struct procsrv_group *group,
			  struct procsrv_process *leader)
{
	lockdep_assert_held_write(&ps->lock);
	group->leader = leader->pid;
	leader->nr_led++;
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
	bool is_last = !m->last || pid_at(m->last, offset) < p->pid;
	struct rb_node **link = &m->tree.rb_node;
	struct rb_node *node = (void *)p + offset;
	struct rb_node *above = NULL;

	if (is_last && m->last) {
		above = m->last;
		link = &above->rb_right;
	}
	while (*link) {
		above = *link;
		link = p->pid < pid_at(above, offset) ? &above->rb_left :
							&above->rb_right;
	}
	rb_link_node(node, above, link);
	rb_insert_color(node, &m->tree);
	if (is_last)
		m->last = node;
}

static void remove_member(struct procsrv_members *m, struct rb_node *node)
{
	if (m->last == node)
		m->last = rb_prev(node);
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

/**
 * procsrv_join() - make a process a member of a session and a group
 * @ps: the server
 * @p: the process, in neither, and in no family
 * @session: the session, or NULL
 * @group: the group, in that session, or NULL
 *
 * Context: under the lock, for writing.
 */
void procsrv_join(struct procsrv *ps, struct procsrv_process *p,
		  struct procsrv_session *session, struct procsrv_group *group)
{
	lockdep_assert_held_write(&ps->lock);
	WRITE_ONCE(p->session, session);
	if (session) {
		add_member(&session->members, p,
			   offsetof(struct procsrv_process, session_node));
		session->nr_members++;
	}
	if (group)
		join_group(p, group);
}

static void leave_group(struct procsrv *ps, struct procsrv_process *p,
			struct procsrv_vacated *v)
{
	struct procsrv_group *group = p->group;
	struct procsrv_process *leader;

	WRITE_ONCE(p->group, NULL);
	remove_member(&group->members, &p->group_node);
	group->nr_stopped -= p->state == PROCSRV_STOPPED;
	if (--group->nr_members)
		return;
	leader = procsrv_find(ps, group->leader);
	if (leader)
		leader->nr_led--;
	rb_erase(&group->node, &ps->groups);
	ps->nr_groups--;
	if (group->session)
		group->session->nr_groups--;
	v->group = group;
}

static void leave_session(struct procsrv *ps, struct procsrv_process *p,
			  struct procsrv_vacated *v)
{
	struct procsrv_session *session = p->session;

	WRITE_ONCE(p->session, NULL);
	remove_member(&session->members, &p->session_node);
	if (--session->nr_members)
		return;
	rb_erase(&session->node, &ps->sessions);
	ps->nr_sessions--;
	v->session = session;
}

/**
 * procsrv_leave() - take a process out of its session and its group
 * @ps: the server
 * @p: the process, in no family
 * @v: gets the group and the session if it was their last member
 *
 * Context: under the lock, for writing.
 */
void procsrv_leave(struct procsrv *ps, struct procsrv_process *p,
		   struct procsrv_vacated *v)
{
	lockdep_assert_held_write(&ps->lock);
	if (p->group)
		leave_group(ps, p, v);
	if (p->session)
		leave_session(ps, p, v);
}

/**
 * procsrv_move() - move a process to another session and group
 * @ps: the server
 * @p: the process
 * @session: the new session, or NULL; may be the old one
 * @group: the new group, in that session
 * @v: gets the old group and session if it was their last member
 *
 * Context: under the lock, for writing.
 */
void procsrv_move(struct procsrv *ps, struct procsrv_process *p,
		  struct procsrv_session *session, struct procsrv_group *group,
		  struct procsrv_vacated *v)
{
	struct procsrv_process *parent = p->parent;

	lockdep_assert_held_write(&ps->lock);
	/* The parent sorts its children by group. */
	procsrv_disown(p);
	if (session == p->session) {
		/* Must not vanish in between. */
		if (p->group)
			leave_group(ps, p, v);
		join_group(p, group);
	} else {
		procsrv_leave(ps, p, v);
		procsrv_join(ps, p, session, group);
	}
	procsrv_adopt(parent, p);
}

/**
 * procsrv_set_state() - change the state of a process, and the counters
 * @ps: the server
 * @p: the process, in the table
 * @state: the new state; not WAITING, see procsrv_add_waiters()
 *
 * Context: under the lock, for writing, in a procsrv_change_begin().
 */
void procsrv_set_state(struct procsrv *ps, struct procsrv_process *p,
		       enum procsrv_state state)
{
	lockdep_assert_held_write(&ps->lock);
	ps->nr_states[procsrv_state_of(p)]--;
	if (p->group)
		p->group->nr_stopped += (state == PROCSRV_STOPPED) -
					(p->state == PROCSRV_STOPPED);
	p->state = state;
	ps->nr_states[procsrv_state_of(p)]++;
}

/**
 * procsrv_add_waiters() - change how many tasks wait on behalf of a process
 * @ps: the server
 * @p: the process, in the table
 * @change: 1 or -1
 *
 * Context: under the lock, for writing.
 */
void procsrv_add_waiters(struct procsrv *ps, struct procsrv_process *p,
			 int change)
{
	procsrv_change_begin(ps, p);
	ps->nr_states[procsrv_state_of(p)]--;
	p->nr_waiters += change;
	ps->nr_states[procsrv_state_of(p)]++;
	procsrv_change_end(ps, p);
}

/* Pid 1, which nobody creates. */
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

/* As much as can be counted. */
const struct procsrv_bounds procsrv_no_bounds = {
	.processes = MAX_PROCESSES,
	.user_processes = U32_MAX,
	.user_sleepers = U32_MAX,
	.user_strings = U64_MAX,
	.depth = U32_MAX,
};
EXPORT_SYMBOL_PROCSRV(procsrv_no_bounds);

/**
 * procsrv_new() - make a server
 * @clock: where its time comes from; must outlive it
 *
 * Context: may sleep.
 * Return: a server with one reference, no bounds, that belongs to root, and
 * nothing in it but init; or NULL without memory.
 */
struct procsrv *procsrv_new(struct procsrv_clock *clock)
{
	struct procsrv *ps = kzalloc(sizeof(*ps), PROCSRV_GFP);
	struct procsrv_places places = {};

	if (!ps)
		return NULL;
	rwlock_init(&ps->lock);
	seqcount_rwlock_init(&ps->seq, &ps->lock);
	refcount_set(&ps->refs, 1);
	INIT_LIST_HEAD(&ps->orphans);
	INIT_LIST_HEAD(&ps->readers);
	INIT_LIST_HEAD(&ps->waking);
	ps->id = atomic_inc_return(&last_id);
	ps->bounds = procsrv_no_bounds;
	ps->clock = clock;
	ps->next_pid = PROCSRV_INIT_PID;
	ps->next_sid = 1;
	ps->next_pgid = 1;
	procsrv_wants_places(ps, &places);
	if (procsrv_places_fill(&places))
		ps->init = new_init(clock);
	if (!ps->init) {
		procsrv_places_free(&places);
		kfree(ps);
		return NULL;
	}
	ps->user_ns = get_user_ns(&init_user_ns);
	write_lock(&ps->lock);
	procsrv_add_places(ps, &places);
	procsrv_change_begin(ps, ps->init);
	procsrv_insert(ps, ps->init);
	procsrv_change_end(ps, ps->init);
	procsrv_write_unlock(ps);
	return ps;
}
EXPORT_SYMBOL_PROCSRV(procsrv_new);

/**
 * procsrv_set_bounds() - bound how much there may be
 * @ps: the server, which nobody uses yet
 * @b: the bounds; as many processes as there are ids of groups are too many
 */
void procsrv_set_bounds(struct procsrv *ps, const struct procsrv_bounds *b)
{
	ps->bounds = *b;
	ps->bounds.processes = min_t(u32, b->processes, MAX_PROCESSES);
}
EXPORT_SYMBOL_PROCSRV(procsrv_set_bounds);

/**
 * procsrv_set_owner() - make a server the caller's own
 * @ps: the server, which nobody uses yet
 *
 * Its init is the caller's, and whoever is privileged in the caller's user
 * namespace is so over all that is in it.
 */
void procsrv_set_owner(struct procsrv *ps)
{
	put_user_ns(ps->user_ns);
	ps->user_ns = get_user_ns(current_user_ns());
	ps->init->uid = current_euid();
	ps->init->gid = current_egid();
}
EXPORT_SYMBOL_PROCSRV(procsrv_set_owner);

/* Ends a server that is not used any more: no lock, and no order to keep. */
static void free_server(struct procsrv *ps)
{
	struct procsrv_session *session, *next_session;
	struct procsrv_group *group, *next_group;
	struct procsrv_user *user, *next_user;

	procsrv_free_all(ps);
	rbtree_postorder_for_each_entry_safe(group, next_group, &ps->groups,
					     node) {
		free_group(group);
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
	if (ps->account)
		procsrv_uncharge(ps->account, PROCSRV_ASSET_SERVER);
	kfree(ps);
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
 * procsrv_put() - drop a reference, and with the last end the server
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
