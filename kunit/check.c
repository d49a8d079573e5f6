// SPDX-License-Identifier: GPL-2.0-only
/*
 * The check of all structures of a server against each other finds faults
 *
 * Each test makes a server and breaks one thing after the other: the check has
 * to report a fault that describes it, and no fault after the repair.
 */
#include <linux/bitops.h>
#include <linux/file.h>
#include <linux/rbtree_augmented.h>
#include <linux/string.h>

#include "../debug/check.h"
#include "../dev/client.h"
#include "common.h"

static void expect_right(struct kunit *test)
{
	struct procsrv_verdict v;

	KUNIT_ASSERT_EQ_MSG(test, procsrv_check(server(test), &v), 0, "%s",
			    v.first);
}

static void expect_words(struct kunit *test, const struct procsrv_verdict *v,
			 const char *words)
{
	KUNIT_EXPECT_GT_MSG(test, v->faults, 0, "missed: %s", words);
	KUNIT_EXPECT_TRUE_MSG(test, strstr(v->first, words),
			      "found \"%s\" instead of \"%s\"", v->first,
			      words);
}

static void expect_found(struct kunit *test, const char *words)
{
	struct procsrv_verdict v;

	procsrv_check(server(test), &v);
	expect_words(test, &v, words);
}

/* The server has no other user, but its lock protects these fields. */
#define WITH_LOCK(test, statement)			\
	do {						\
		write_lock(&server(test)->lock);	\
		statement;				\
		write_unlock(&server(test)->lock);	\
	} while (0)

/* With @wrong in place of @what, the check reports a fault that has @words. */
#define EXPECT_FOUND(test, what, wrong, words)		\
	do {						\
		typeof(what) right = (what);		\
							\
		WITH_LOCK(test, (what) = (wrong));	\
		expect_found(test, words);		\
		WITH_LOCK(test, (what) = right);	\
		expect_right(test);			\
	} while (0)

static struct procsrv_process *at(struct kunit *test, u64 pid)
{
	struct procsrv_process *p;

	WITH_LOCK(test, p = peek_process(server(test), pid));
	KUNIT_ASSERT_NOT_NULL(test, p);
	return p;
}

static struct procsrv_process *make(struct kunit *test, u64 parent)
{
	return at(test, make_process(test, parent));
}

static void table(struct kunit *test)
{
	struct procsrv *ps = server(test);
	struct procsrv_process *a = make(test, PROCSRV_INIT_PID);
	struct procsrv_process *b = make(test, PROCSRV_INIT_PID);
	struct procsrv_leaf *leaf = ps->last_leaf;
	static struct procsrv_block unused;

	EXPECT_FOUND(test, a->pid, b->pid, "is not for pid");
	EXPECT_FOUND(test, leaf->blocks[0]->slots[a->pid], b, "is not for pid");
	EXPECT_FOUND(test, leaf->blocks[0]->slots[a->pid], NULL, "is used or not");
	EXPECT_FOUND(test, leaf->used[0], leaf->used[0] & ~BIT(b->pid),
		     "is used or not");
	EXPECT_FOUND(test, leaf->blocks[1], &unused, "block 1 is empty");
	EXPECT_FOUND(test, leaf->base, 1, "leaf 1 is out of order");
	EXPECT_FOUND(test, ps->last_leaf, NULL, "and the last are confused");
	EXPECT_FOUND(test, ps->next_pid, b->pid, "is yet to come");
	EXPECT_FOUND(test, ps->init, a, "init are confused");
	EXPECT_FOUND(test, ps->change.nr_events, 1, "1 events are queued");
	EXPECT_FOUND(test, ps->seq.seqcount.sequence,
		     ps->seq.seqcount.sequence + 1, "all is being changed");
	EXPECT_FOUND(test, a->seq.seqcount.sequence, a->seq.seqcount.sequence + 1,
		     "is being changed");
}

static void two_leaves(struct kunit *test)
{
	struct procsrv *ps = server(test);
	struct procsrv_leaf *first = ps->last_leaf;
	u32 i;

	for (i = 0; i < PROCSRV_LEAF_SIZE; i++)
		make(test, PROCSRV_INIT_PID);
	KUNIT_ASSERT_PTR_NE(test, ps->last_leaf, first);
	EXPECT_FOUND(test, first->base, 2 * PROCSRV_LEAF_SIZE, "is not for pid");
	EXPECT_FOUND(test, ps->last_leaf->base, 0, "is out of order");
	EXPECT_FOUND(test, ps->last_leaf, first, "are confused");
}

/* A node of the wrong colour, and a wrong link to a parent. */
static void balance(struct kunit *test)
{
	struct rb_node *root, *n;
	u32 i;

	for (i = 0; i < 20; i++)
		make(test, PROCSRV_INIT_PID);
	root = server(test)->init->children.rb_node;
	n = root->rb_left->rb_left;
	EXPECT_FOUND(test, root->__rb_parent_color,
		     root->__rb_parent_color ^ RB_BLACK,
		     "a tree has a red root");
	EXPECT_FOUND(test, n->__rb_parent_color, n->__rb_parent_color ^ RB_BLACK,
		     "a tree ");
	EXPECT_FOUND(test, n->__rb_parent_color,
		     (unsigned long)root | rb_color(n),
		     "a tree has a wrong link up");
}

static void counters(struct kunit *test)
{
	struct procsrv *ps = server(test);
	struct procsrv_process *p = make(test, PROCSRV_INIT_PID);
	u32 i;

	make_session(test, p->pid);
	make_zombie(test, p->pid);
	for (i = 0; i < ARRAY_SIZE(ps->nr_states); i++)
		EXPECT_FOUND(test, ps->nr_states[i], ps->nr_states[i] + 1,
			     "processes in state");
	EXPECT_FOUND(test, p->state, PROCSRV_SLEEPING, "processes in state");
	EXPECT_FOUND(test, ps->nr_sessions, 0, "sessions, ");
	EXPECT_FOUND(test, ps->nr_groups, 2, "groups, ");
	EXPECT_FOUND(test, ps->nr_readers, 1, "readers, ");
	EXPECT_FOUND(test, ps->nr_watchers, 1, "watchers, ");
	EXPECT_FOUND(test, ps->nr_orphans, 1, "orphans on the list");
	EXPECT_FOUND(test, ps->total_created, 1, "created, ");
	EXPECT_FOUND(test, ps->total_exited, 0, "created, ");
	EXPECT_FOUND(test, ps->total_exited, 2, "created, ");
	EXPECT_FOUND(test, ps->bounds.processes, 1, "are too many");
}

static void fields(struct kunit *test)
{
	struct procsrv_process *p = make(test, PROCSRV_INIT_PID);

	EXPECT_FOUND(test, p->state, PROCSRV_DEAD, "has state");
	EXPECT_FOUND(test, p->state, PROCSRV_WAITING, "has state");
	EXPECT_FOUND(test, p->image, NULL, "has no name");
	EXPECT_FOUND(test, p->limits, NULL, "has no name, or no limits");
	EXPECT_FOUND(test, p->thread_count, 0, "has no thread");
	EXPECT_FOUND(test, p->exit_code, 1, "a wrong exit record");
	EXPECT_FOUND(test, p->exit_signal, 9, "a wrong exit record");
	EXPECT_FOUND(test, p->priority, 5, "has priority 5");
	EXPECT_FOUND(test, p->limits_passed, PROCSRV_LIMIT_MEMORY,
		     "has passed limits");
	EXPECT_FOUND(test, p->nr_limits_passed, 1, "has passed limits");
}

static void family(struct kunit *test)
{
	struct procsrv *ps = server(test);
	struct procsrv_process *parent = make(test, PROCSRV_INIT_PID);
	struct procsrv_process *a = make(test, parent->pid);
	struct procsrv_process *b = make(test, parent->pid);
	struct procsrv_process *other = make(test, PROCSRV_INIT_PID);

	EXPECT_FOUND(test, ps->init->parent, a, "init has a parent");
	EXPECT_FOUND(test, a->parent, NULL, "does not know it");
	EXPECT_FOUND(test, a->parent, other, "does not know it");
	EXPECT_FOUND(test, other->parent, a, "does not know it");
	EXPECT_FOUND(test, parent->children, RB_ROOT, "about its last child");
	EXPECT_FOUND(test, parent->last_child, &a->child_node,
		     "is not the last of its key");
	EXPECT_FOUND(test, parent->last_child, &other->child_node,
		     "about its last child");
	EXPECT_FOUND(test, a->life_below, !a->life_below,
		     "about life below it");
	EXPECT_FOUND(test, b->life_below, !b->life_below,
		     "about life below it");
	EXPECT_FOUND(test, parent->was_reaper, true,
		     "know of a reaper above it");
	EXPECT_FOUND(test, parent->below_reaper, true,
		     "know of a reaper above it");
}

/* A process whose parent is a zombie, and a process that is in no tree. */
static void left_behind(struct kunit *test)
{
	struct procsrv_process *parent = make(test, PROCSRV_INIT_PID);
	struct procsrv_process *p = make(test, parent->pid);
	struct rb_root children = parent->children;

	EXPECT_FOUND(test, parent->state, PROCSRV_ZOMBIE,
		     "about life below it");
	WITH_LOCK(test, parent->last_child = NULL);
	WITH_LOCK(test, parent->children = RB_ROOT);
	expect_found(test, "is not among its parent's children");
	WITH_LOCK(test, parent->children = children);
	WITH_LOCK(test, parent->last_child = &p->child_node);
	expect_right(test);
}

static void reports(struct kunit *test)
{
	struct procsrv_process *parent = make(test, PROCSRV_INIT_PID);
	struct procsrv_process *a = make(test, parent->pid);
	struct procsrv_process *b = make(test, parent->pid);
	struct procsrv_process *c = make(test, parent->pid);

	end_process(test, b->pid);
	stop_process(test, a->pid);
	expect_right(test);
	EXPECT_FOUND(test, parent->reporters, RB_ROOT, "are missing");
	EXPECT_FOUND(test, a->report, PROCSRV_REPORT_NONE, "are missing");
	EXPECT_FOUND(test, a->report, PROCSRV_REPORT_CONTINUED,
		     "lowest with report");
	EXPECT_FOUND(test, b->report, PROCSRV_REPORT_STOPPED,
		     "lowest with report");
	EXPECT_FOUND(test, c->report, PROCSRV_REPORT_STOPPED, "are missing");
	EXPECT_FOUND(test, a->lowest.pid[PROCSRV_REPORT_STOPPED], b->pid,
		     "lowest with report");
	EXPECT_FOUND(test, b->lowest.pid[PROCSRV_REPORT_STOPPED], 1,
		     "lowest with report");
	EXPECT_FOUND(test, b->exit_signal, 65, "a wrong exit record");
}

static void order(struct kunit *test)
{
	struct procsrv_process *parent = make(test, PROCSRV_INIT_PID);
	struct procsrv_process *a = make(test, parent->pid);
	struct procsrv_process *b = make(test, parent->pid);
	struct procsrv_process *c = make(test, parent->pid);

	make_group(test, a->pid);
	make_group(test, b->pid);
	join_group(test, c->pid, b->group->pgid);
	expect_right(test);
	EXPECT_FOUND(test, a->group->pgid, 9, "children of");
}

static void sessions(struct kunit *test)
{
	struct procsrv *ps = server(test);
	struct procsrv_process *a = make(test, PROCSRV_INIT_PID);
	struct procsrv_process *b = make(test, PROCSRV_INIT_PID);
	struct procsrv_process *c;
	struct procsrv_session *s, *t;

	make_session(test, a->pid);
	make_session(test, b->pid);
	c = make(test, a->pid);
	make_group(test, c->pid);
	s = a->group->session;
	t = b->group->session;
	expect_right(test);
	EXPECT_FOUND(test, s->nr_members, 1, "has 2 members, it says 1");
	EXPECT_FOUND(test, s->nr_groups, 1, "has 2 groups, it says 1");
	EXPECT_FOUND(test, t->nr_groups, 0, "members, it says");
	EXPECT_FOUND(test, s->members.last, &a->session_node,
		     "about its last member");
	EXPECT_FOUND(test, s->sid, t->sid, "out of order");
	EXPECT_FOUND(test, c->group->session, NULL, "has a wrong member");
	EXPECT_FOUND(test, c->group->session, t, "is not in its session");
	EXPECT_FOUND(test, c->group, NULL, "has a wrong member");
	EXPECT_FOUND(test, s->members.tree, RB_ROOT, "is not in its session");
	EXPECT_FOUND(test, ps->sessions, RB_ROOT, "is not in its session");
	/* One has too few and the other too many: the sum is right. */
	WITH_LOCK(test, (s->nr_groups = 1, t->nr_groups = 2));
	expect_found(test, "has 2 groups, it says 1");
	WITH_LOCK(test, (s->nr_groups = 2, t->nr_groups = 1));
}

static void wrong_groups(struct kunit *test)
{
	struct procsrv *ps = server(test);
	struct procsrv_process *a = make(test, PROCSRV_INIT_PID);
	struct procsrv_process *b = make(test, a->pid);
	struct procsrv_process *c = make(test, a->pid);
	struct procsrv_group *g, *h;

	make_group(test, a->pid);
	make_group(test, b->pid);
	join_group(test, c->pid, b->group->pgid);
	stop_process(test, c->pid);
	g = a->group;
	h = b->group;
	expect_right(test);
	EXPECT_FOUND(test, h->nr_members, 3, "has 2 members, it says 3");
	EXPECT_FOUND(test, h->nr_stopped, 0, "has 1 stopped members");
	EXPECT_FOUND(test, h->members.last, &b->group_node,
		     "about its last member");
	WITH_LOCK(test, list_add(&h->candidate,
				 &ps->change.orphan_candidates));
	expect_found(test, "a consequence is queued");
	WITH_LOCK(test, list_del_init(&h->candidate));
	EXPECT_FOUND(test, ps->change.bereaved, a, "a consequence is queued");
	EXPECT_FOUND(test, ps->change.release.groups, h,
		     "an object is to be freed");
	EXPECT_FOUND(test, ps->groups, RB_ROOT, "is not in its group");
	EXPECT_FOUND(test, a->group, h, "is not in its group");
	EXPECT_FOUND(test, h->members.tree, RB_ROOT, "is not in its group");
	EXPECT_FOUND(test, a->nr_groups_led, 0, "leads 1 groups, not 0");
	EXPECT_FOUND(test, c->nr_groups_led, 1, "leads 0 groups, not 1");
	EXPECT_FOUND(test, h->leader, procsrv_as_leader(a), "groups, not");
	WITH_LOCK(test, (a->nr_groups_led = 2, b->nr_groups_led = 0));
	expect_found(test, "leads 1 groups, not 2");
	WITH_LOCK(test, (a->nr_groups_led = 1, b->nr_groups_led = 1));
	EXPECT_FOUND(test, g->pgid, h->pgid, "out of order");
}

static struct procsrv_process *make_of(struct kunit *test, u32 uid)
{
	const struct procsrv_create_params params = {
		.parent = PROCSRV_INIT_PID,
		.image = make_image("user"),
		.uid = KUIDT_INIT(uid),
		.gid = KGIDT_INIT(TEST_GID),
	};
	u64 pid = 0;
	int ret;

	KUNIT_ASSERT_NOT_NULL(test, params.image);
	ret = procsrv_create(server(test), &params, &pid);
	procsrv_image_put(params.image);
	KUNIT_ASSERT_EQ(test, ret, 0);
	return at(test, pid);
}

static void wrong_users(struct kunit *test)
{
	struct procsrv *ps = server(test);
	struct procsrv_process *a = make_of(test, 7);
	struct procsrv_process *b = make_of(test, 8);

	make_of(test, 8);
	expect_right(test);
	EXPECT_FOUND(test, a->user->nr_processes, 2, "uid 7 has 1 processes");
	EXPECT_FOUND(test, a->user->nr_processes, 0, "uid 7 has no processes");
	EXPECT_FOUND(test, a->user->strings, 0, "bytes of strings");
	EXPECT_FOUND(test, a->user->nr_waiters, 1, "1 waiters too many");
	EXPECT_FOUND(test, a->user, NULL, "has a wrong user");
	EXPECT_FOUND(test, a->user, b->user, "has a wrong user");
	EXPECT_FOUND(test, ps->init->user, a->user, "has a wrong user");
	EXPECT_FOUND(test, ps->users, RB_ROOT, "has a wrong user");
	EXPECT_FOUND(test, a->user->uid, KUIDT_INIT(9), "users are out of order");
	WITH_LOCK(test, (a->user->nr_processes = 2, b->user->nr_processes = 1));
	expect_found(test, "uid 7 has 1 processes, it says 2");
	WITH_LOCK(test, (a->user->nr_processes = 1, b->user->nr_processes = 2));
}

static void signals(struct kunit *test)
{
	struct procsrv_process *p = make(test, PROCSRV_INIT_PID);

	signal_pid(test, p->pid, 10);
	signal_pid(test, p->pid, PROCSRV_SIGHUP);
	expect_right(test);
	EXPECT_FOUND(test, p->pending, sigbit(10), "pending");
	EXPECT_FOUND(test, p->pending, p->pending | sigbit(11), "pending, not");
	EXPECT_FOUND(test, p->pending, p->pending | sigbit(9), "pending");
	EXPECT_FOUND(test, p->signals, NULL, "pending, not 1");
	EXPECT_FOUND(test, p->nr_hangups, 0, "pending, not");
	EXPECT_FOUND(test, p->signals->count, 0, "a wrong record of signal 10");
	EXPECT_FOUND(test, p->signals->signo, 1, "a wrong record of signal 1");
	EXPECT_FOUND(test, p->signals->signo, 2, "pending, not");
}

static void wrong_watchers(struct kunit *test)
{
	struct procsrv_process *p = make(test, PROCSRV_INIT_PID);
	struct procsrv_process *other = make(test, PROCSRV_INIT_PID);

	watch(test, &(struct procsrv_filter) {
		.pid = p->pid,
		.kinds = PROCSRV_EVENTS_ALL,
		.subtree = true,
	}, 2);
	expect_right(test);
	EXPECT_FOUND(test, server(test)->nr_watchers, 0, "watchers, ");
	WITH_LOCK(test, hlist_move_list(&p->watchers, &other->watchers));
	expect_found(test, "watches another process");
	WITH_LOCK(test, hlist_move_list(&other->watchers, &p->watchers));
	expect_right(test);
}

/* fput() in a kernel thread leaves the release to a worker. */
static void close_handle(struct kunit *test, struct file *file)
{
	u32 before = refcount_read(&server(test)->refs);
	u32 looks = 0;

	fput(file);
	while (refcount_read(&server(test)->refs) == before &&
	       look_again(&looks))
		;
}

static void wrong_exit_watch(struct kunit *test)
{
	struct procsrv_process *p = make(test, PROCSRV_INIT_PID);
	struct procsrv_process *other = make(test, PROCSRV_INIT_PID);
	struct file *a = procsrv_open_process(server(test), p->pid, 0);
	struct file *b = procsrv_open_process(server(test), p->pid, 0);

	KUNIT_ASSERT_NOT_ERR_OR_NULL(test, a);
	KUNIT_ASSERT_NOT_ERR_OR_NULL(test, b);
	/* All handles share it: an exit costs the same for any number. */
	KUNIT_ASSERT_NOT_NULL(test, p->exit_watch);
	KUNIT_EXPECT_EQ(test, p->exit_watch->users, 2);
	EXPECT_FOUND(test, p->exit_watch->process, other, "the exit watch of");
	EXPECT_FOUND(test, p->exit_watch->users, 0, "the exit watch of");
	close_handle(test, a);
	KUNIT_EXPECT_EQ(test, p->exit_watch->users, 1);
	close_handle(test, b);
	KUNIT_EXPECT_NULL(test, p->exit_watch);
}

static struct procsrv_waiter *waiter_at(struct procsrv_process *p)
{
	return rb_entry(rb_first(&p->waiters), struct procsrv_waiter, node);
}

static struct procsrv_waiter *last_waiter_at(struct procsrv_process *p)
{
	return rb_entry(rb_last(&p->waiters), struct procsrv_waiter, node);
}

static void wrong_waiters(struct kunit *test)
{
	struct procsrv_process *parent = make(test, PROCSRV_INIT_PID);
	struct procsrv_process *a = make(test, parent->pid);
	struct procsrv_process *b = make(test, parent->pid);
	struct wait_task *t;

	make_group(test, b->pid);
	stop_process(test, b->pid);
	t = start_wait(test, &(struct procsrv_wait) {
		.parent = parent->pid,
		.which = PROCSRV_WAIT_PGID,
		.what = PROCSRV_WAIT_EXITED,
		.id = b->group->pgid,
	});
	expect_waiting(test, parent->pid, 1);
	expect_right(test);
	EXPECT_FOUND(test, parent->nr_waiters, 0, "has 1 waiters");
	EXPECT_FOUND(test, parent->nr_waiters, 2, "has 1 waiters");
	EXPECT_FOUND(test, b->user->nr_waiters, 0, "waiters too many");
	EXPECT_FOUND(test, a->nr_waiters, 1, "has 0 waiters");
	EXPECT_FOUND(test, t->w.what, PROCSRV_WAIT_STOPPED, "what is there");
	EXPECT_FOUND(test, t->w.id, b->group->pgid + 1, "cannot come");
	EXPECT_FOUND(test, t->w.which, PROCSRV_WAIT_ANY, "in a wrong class");
	EXPECT_FOUND(test, waiter_at(parent)->err, 0, "and was woken");
	EXPECT_FOUND(test, waiter_at(parent)->signals, 1, "for signals");
	EXPECT_FOUND(test, waiter_at(parent)->tree, &b->waiters,
		     "has another tree");
	EXPECT_FOUND(test, waiter_at(parent)->class,
		     procsrv_waiter_class(PROCSRV_WAITER_PROCESS, 0, 0, false),
		     "pid 1 has 1 waiters");
	kill_process(test, b->pid);
	KUNIT_EXPECT_EQ(test, join_wait(test, t), 0);
}

/* A waiter for one child, a read-only waiter, and a waiter for any child. */
static void more_waiters(struct kunit *test)
{
	struct procsrv_process *parent = make(test, PROCSRV_INIT_PID);
	struct procsrv_process *a = make(test, parent->pid);
	struct procsrv_process *b = make(test, parent->pid);
	struct procsrv_wait w = {
		.parent = parent->pid,
		.which = PROCSRV_WAIT_PID,
		.what = PROCSRV_WAIT_EXITED,
		.id = a->pid,
	};
	struct wait_task *one, *looks, *takes;

	stop_process(test, b->pid);
	stop_process(test, a->pid);
	one = start_wait(test, &w);
	expect_waiting(test, parent->pid, 1);
	w.which = PROCSRV_WAIT_ANY;
	w.id = 0;
	takes = start_wait(test, &w);
	expect_waiting(test, parent->pid, 2);
	w.flags = PROCSRV_WAIT_NOWAIT;
	looks = start_wait(test, &w);
	expect_waiting(test, parent->pid, 3);
	expect_right(test);
	EXPECT_FOUND(test, parent->nr_waiters, 2, "has 3 waiters");
	EXPECT_FOUND(test, one->w.id, b->pid, "in a wrong place");
	EXPECT_FOUND(test, one->w.what, PROCSRV_WAIT_STOPPED, "what is there");
	EXPECT_FOUND(test, takes->w.what, PROCSRV_WAIT_STOPPED, "what is there");
	EXPECT_FOUND(test, takes->w.which, PROCSRV_WAIT_PID, "in a wrong place");
	EXPECT_FOUND(test, takes->w.flags, PROCSRV_WAIT_NOWAIT,
		     "in a wrong class");
	EXPECT_FOUND(test, last_waiter_at(parent)->class, 0, "out of order");
	kill_process(test, b->pid);
	kill_process(test, a->pid);
	KUNIT_EXPECT_EQ(test, join_wait(test, looks), 0);
	KUNIT_EXPECT_EQ(test, join_wait(test, takes), 0);
	KUNIT_EXPECT_EQ(test, join_wait(test, one), 0);
}

static void takers(struct kunit *test)
{
	struct procsrv_process *p = make(test, PROCSRV_INIT_PID);
	struct take_task *t;

	signal_pid(test, p->pid, 10);
	t = start_take(test, p->pid, sigbit(12));
	expect_waiters(test, p->pid, 1);
	expect_right(test);
	EXPECT_FOUND(test, t->take.mask, sigbit(10), "for a pending signal");
	EXPECT_FOUND(test, t->take.mask, sigbit(12) | sigbit(13),
		     "for other signals");
	EXPECT_FOUND(test, waiter_at(p)->signals, sigbit(13),
		     "for other signals");
	EXPECT_FOUND(test, waiter_at(p)->signals_below, 0,
		     "the signals of the waiters");
	signal_pid(test, p->pid, 12);
	KUNIT_EXPECT_EQ(test, join_wait(test, &t->t), 0);
}

static void wrong_orphans(struct kunit *test)
{
	struct procsrv *ps = server(test);
	struct procsrv_process *parent = make(test, PROCSRV_INIT_PID);
	struct procsrv_process *z = at(test, make_zombie(test, parent->pid));
	struct procsrv_process *p = make(test, PROCSRV_INIT_PID);
	struct list_head link = p->link;

	end_process(test, parent->pid);
	expect_right(test);
	EXPECT_FOUND(test, ps->nr_orphans, 0, "1 orphans on the list");
	WITH_LOCK(test, list_add_tail(&p->link, &ps->orphans));
	expect_found(test, "is no orphan");
	WITH_LOCK(test, list_del(&p->link));
	WITH_LOCK(test, p->link = link);
	WITH_LOCK(test, list_del_init(&z->link));
	expect_found(test, "0 orphans on the list");
	WITH_LOCK(test, list_add(&z->link, &ps->orphans));
	EXPECT_FOUND(test, z->link.next, &p->link, "a list is broken");
	EXPECT_FOUND(test, p->link.next, &z->link, "a list is broken");
}

static void owners(struct kunit *test)
{
	struct procsrv *ps = server(test);
	struct procsrv_process *p = make(test, PROCSRV_INIT_PID);
	struct procsrv_process *z = at(test, make_zombie(test, PROCSRV_INIT_PID));
	struct procsrv_verdict v;
	struct procsrv_owner owner;

	procsrv_owner_init(&owner);
	WITH_LOCK(test, list_add(&p->link, &owner.tied));
	KUNIT_EXPECT_EQ(test, procsrv_check_owner(ps, &owner, &v), 0);
	KUNIT_EXPECT_EQ(test, v.census.tied, 1);
	WITH_LOCK(test, list_add(&z->link, &owner.tied));
	procsrv_check_owner(ps, &owner, &v);
	expect_words(test, &v, "is tied and gone");
	WITH_LOCK(test, list_del_init(&z->link));
	WITH_LOCK(test, owner.tied.prev = &z->link);
	procsrv_check_owner(ps, &owner, &v);
	expect_words(test, &v, "a list is broken");
	WITH_LOCK(test, owner.tied.prev = &p->link);
	WITH_LOCK(test, list_add(&ps->init->link, &owner.tied));
	expect_found(test, "init is tied to a descriptor");
	WITH_LOCK(test, list_del_init(&ps->init->link));
	WITH_LOCK(test, list_del_init(&p->link));
}

/* The counts of the check, with objects of several kinds. */
static void census(struct kunit *test)
{
	struct procsrv_process *parent = make(test, PROCSRV_INIT_PID);
	struct procsrv_process *a = make(test, parent->pid);
	struct procsrv_verdict v;
	struct wait_task *t;

	make_session(test, parent->pid);
	t = start_wait(test, &(struct procsrv_wait) {
		.parent = parent->pid,
		.which = PROCSRV_WAIT_ANY,
		.what = PROCSRV_WAIT_EXITED,
	});
	expect_waiting(test, parent->pid, 1);
	KUNIT_EXPECT_EQ(test, procsrv_check(server(test), &v), 0);
	KUNIT_EXPECT_EQ(test, v.census.processes, 3);
	KUNIT_EXPECT_EQ(test, v.census.children, 2);
	KUNIT_EXPECT_EQ(test, v.census.states[PROCSRV_RUNNING], 2);
	KUNIT_EXPECT_EQ(test, v.census.states[PROCSRV_WAITING], 1);
	KUNIT_EXPECT_EQ(test, v.census.in_session, 1);
	KUNIT_EXPECT_EQ(test, v.census.in_group, 1);
	KUNIT_EXPECT_EQ(test, v.census.sessions, 1);
	KUNIT_EXPECT_EQ(test, v.census.groups, 1);
	KUNIT_EXPECT_EQ(test, v.census.waiters, 1);
	KUNIT_EXPECT_EQ(test, v.census.handles, 0);
	end_process(test, a->pid);
	KUNIT_EXPECT_EQ(test, join_wait(test, t), 0);
}

static struct kunit_case check_cases[] = {
	KUNIT_CASE(table),
	KUNIT_CASE(two_leaves),
	KUNIT_CASE(balance),
	KUNIT_CASE(counters),
	KUNIT_CASE(fields),
	KUNIT_CASE(family),
	KUNIT_CASE(left_behind),
	KUNIT_CASE(reports),
	KUNIT_CASE(order),
	KUNIT_CASE(sessions),
	KUNIT_CASE(wrong_groups),
	KUNIT_CASE(wrong_users),
	KUNIT_CASE(signals),
	KUNIT_CASE(wrong_watchers),
	KUNIT_CASE(wrong_exit_watch),
	KUNIT_CASE(wrong_waiters),
	KUNIT_CASE(more_waiters),
	KUNIT_CASE(takers),
	KUNIT_CASE(wrong_orphans),
	KUNIT_CASE(owners),
	KUNIT_CASE(census),
	{}
};

static struct kunit_suite check_suite = {
	.name = "procsrv-check",
	.init = fixture_init,
	.exit = fixture_exit,
	.test_cases = check_cases,
};

kunit_test_suite(check_suite);
