// SPDX-License-Identifier: GPL-2.0-only
/*
 * Users: what the processes of each user id take
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
	struct procsrv_user *user = kzalloc(sizeof(*user), PROCSRV_GFP_SHARED);

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

static u64 strings_of(const struct procsrv_process *p)
{
	return procsrv_image_bytes(p->image) + (p->cwd ? p->cwd->len : 0);
}

/**
 * procsrv_user_join() - count a process as one of a user
 * @p: the process, of no user, with its image
 * @user: the user, in the table
 *
 * Context: under the lock, for writing.
 */
void procsrv_user_join(struct procsrv_process *p, struct procsrv_user *user)
{
	p->user = user;
	user->nr_processes++;
	user->strings += strings_of(p);
}

/**
 * procsrv_user_exchange() - count other strings of a process
 * @ps: the server
 * @p: the process; init's are not counted
 * @old: bytes that it is about to lose
 * @new: bytes that it is about to get
 *
 * Context: under the lock, for writing.
 * Return: 0; -EDQUOT, and nothing done, if the user would have more bytes than
 * it may have, and more than before.
 */
int procsrv_user_exchange(struct procsrv *ps, struct procsrv_process *p,
			  u64 old, u64 new)
{
	struct procsrv_user *user = p->user;
	u64 strings;

	lockdep_assert_held_write(&ps->lock);
	if (!user)
		return 0;
	strings = user->strings - old + new;
	if (new > old && strings > ps->bounds.user_strings)
		return -EDQUOT;
	user->strings = strings;
	return 0;
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
	user->strings -= strings_of(p);
	if (--user->nr_processes)
		return;
	rb_erase(&user->node, &ps->users);
	v->user = user;
}
