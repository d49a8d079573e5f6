// SPDX-License-Identifier: GPL-2.0-only
/*
 * Users: how many processes each user id has
 */
#include <linux/slab.h>

#include "procsrv_tables.h"

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
 * @uid: its id
 *
 * Context: may sleep.
 * Return: the user, without processes, or NULL.
 */
struct procsrv_user *procsrv_user_new(kuid_t uid)
{
	struct procsrv_user *user = kzalloc(sizeof(*user), GFP_KERNEL_ACCOUNT);

	if (user)
		user->uid = uid;
	return user;
}

/**
 * procsrv_find_user() - look up a user
 * @ps: the server
 * @uid: its id
 *
 * Context: under the lock.
 * Return: the user, or NULL if no process has this id.
 */
struct procsrv_user *procsrv_find_user(struct procsrv *ps, kuid_t uid)
{
	lockdep_assert_held(&ps->lock);
	return rb_entry_safe(rb_find(&uid, &ps->users, user_key_cmp),
			     struct procsrv_user, node);
}

/**
 * procsrv_insert_user() - put a new user into the table
 * @ps: the server
 * @user: the user, which has its id, and gets its first process next
 *
 * Context: under the lock, for writing.
 */
void procsrv_insert_user(struct procsrv *ps, struct procsrv_user *user)
{
	lockdep_assert_held_write(&ps->lock);
	rb_add(&user->node, &ps->users, user_less);
}

/**
 * procsrv_user_join() - count a process as one of a user
 * @p: the process, of no user
 * @user: the user, in the table
 *
 * Context: under the lock, for writing.
 */
void procsrv_user_join(struct procsrv_process *p, struct procsrv_user *user)
{
	p->user = user;
	user->nr_processes++;
}

/**
 * procsrv_user_leave() - do not count a process any more
 * @ps: the server
 * @p: the process
 * @v: gets the user if it was the last of it
 *
 * Context: under the lock, for writing.
 */
void procsrv_user_leave(struct procsrv *ps, struct procsrv_process *p,
			struct procsrv_vacated *v)
{
	struct procsrv_user *user = p->user;

	lockdep_assert_held_write(&ps->lock);
	p->user = NULL;
	if (--user->nr_processes)
		return;
	rb_erase(&user->node, &ps->users);
	v->user = user;
}
