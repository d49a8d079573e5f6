// SPDX-License-Identifier: GPL-2.0-only
/*
 * Users: the usage of the processes of each user id
 */
#include <linux/slab.h>

#include "internal.h"

static int user_cmp(kuid_t uid, const struct rb_node *node)
{
	kuid_t other = rb_entry(node, struct procsrv_user, node)->uid;

	if (uid_eq(uid, other))
		return 0;
	return uid_lt(uid, other) ? -1 : 1;
}

static int user_key_cmp(const void *key, const struct rb_node *node)
{
	const kuid_t *uid = key;

	return user_cmp(*uid, node);
}

static bool user_less(struct rb_node *a, const struct rb_node *b)
{
	return user_cmp(rb_entry(a, struct procsrv_user, node)->uid, b) < 0;
}

/**
 * procsrv_user_new() - allocate a user that is in no table
 *
 * Context: may sleep.
 * Return: the user, without an id and processes, or NULL.
 */
struct procsrv_user *procsrv_user_new(void)
{
	return kzalloc(sizeof(struct procsrv_user), PROCSRV_GFP_SHARED);
}

/**
 * procsrv_find_user() - look up a user
 * @ps: the server
 * @uid: its id
 *
 * Return: the user, or NULL.
 */
struct procsrv_user *procsrv_find_user(struct procsrv *ps, kuid_t uid)
{
	procsrv_assert_locked(ps);
	return rb_entry_safe(rb_find(&uid, &ps->users, user_key_cmp),
			     struct procsrv_user, node);
}

/**
 * procsrv_insert_user() - put a new user into the table
 * @c: the change
 * @user: the user, with its id, which gets its first process next
 */
void procsrv_insert_user(struct procsrv_change *c, struct procsrv_user *user)
{
	procsrv_assert_change(c);
	rb_add(&user->node, &procsrv_of(c)->users, user_less);
}

/**
 * procsrv_user_join() - count a process as one of a user
 * @c: the change
 * @p: the process, of no user, with its image
 * @user: the user, in the table
 */
void procsrv_user_join(struct procsrv_change *c, struct procsrv_process *p,
		       struct procsrv_user *user)
{
	procsrv_assert_change(c);
	if (procsrv_of(c)->idle_user == user)
		procsrv_of(c)->idle_user = NULL;
	p->user = user;
	user->nr_processes++;
	user->strings += procsrv_strings_of(p);
}

/**
 * procsrv_user_exchange() - account for other strings of a process
 * @c: the change
 * @p: the process; the strings of init are not counted
 * @old: bytes of the strings that are replaced
 * @new: bytes of the strings that replace them
 *
 * Return: 0; -EDQUOT, and nothing done, if the user would have more bytes than
 * it may have, and more than before.
 */
int procsrv_user_exchange(struct procsrv_change *c, struct procsrv_process *p,
			  u64 old, u64 new)
{
	struct procsrv_user *user = p->user;
	u64 strings;

	procsrv_assert_change(c);
	if (!user)
		return 0;
	strings = user->strings - old + new;
	if (new > old && strings > procsrv_of(c)->bounds.user_strings)
		return -EDQUOT;
	user->strings = strings;
	return 0;
}

/* The last one only: a user that creates one process after the other has one. */
static void keep_idle(struct procsrv_change *c, struct procsrv_user *user)
{
	struct procsrv *ps = procsrv_of(c);
	struct procsrv_user *old = ps->idle_user;

	ps->idle_user = user;
	if (!old)
		return;
	rb_erase(&old->node, &ps->users);
	procsrv_change_queues(c);
	old->next = c->release.users;
	c->release.users = old;
}

/**
 * procsrv_user_leave() - no longer count a process as one of its user
 * @c: the change
 * @p: the process
 */
void procsrv_user_leave(struct procsrv_change *c, struct procsrv_process *p)
{
	struct procsrv_user *user = p->user;

	procsrv_assert_change(c);
	p->user = NULL;
	user->strings -= procsrv_strings_of(p);
	if (!--user->nr_processes)
		keep_idle(c, user);
}
