// SPDX-License-Identifier: GPL-2.0-only
/*
 * Pids: which process has one
 *
 * An rbtree of leaves, each with room for the processes of some consecutive
 * pids. Pids are given out in order, so nearly all leaves are full, and a
 * search goes through nodes so few that they stay in the cache.
 *
 * Searches need no lock under RCU. A process has its place in a leaf for as
 * long as it is in the table, and nobody ever comes after it: pids are not
 * used again. While the shape of the tree changes a search may miss a leaf:
 * then &procsrv.seq tells.
 */
#include <linux/bitmap.h>
#include <linux/bitops.h>
#include <linux/rbtree.h>
#include <linux/rcupdate.h>
#include <linux/sched.h>
#include <linux/slab.h>

#include "procsrv_tables.h"

/* SECURITY.md tells how much a process alone may keep that is charged to none. */
static_assert(sizeof(struct procsrv_leaf) <= 576);

static struct kmem_cache *leaf_cache;

/**
 * procsrv_pids_init() - make the cache that leaves are allocated from
 *
 * Return: 0, or -ENOMEM.
 */
int procsrv_pids_init(void)
{
	leaf_cache = KMEM_CACHE(procsrv_leaf, 0);
	return leaf_cache ? 0 : -ENOMEM;
}

/**
 * procsrv_pids_exit() - undo procsrv_pids_init(); every server is gone
 */
void procsrv_pids_exit(void)
{
	/* The last leaves are on their way. */
	rcu_barrier();
	kmem_cache_destroy(leaf_cache);
}

/**
 * procsrv_leaf_new() - allocate a leaf that is in no table
 *
 * Context: may sleep.
 * Return: the leaf, or NULL.
 */
struct procsrv_leaf *procsrv_leaf_new(void)
{
	return kmem_cache_zalloc(leaf_cache, PROCSRV_GFP_SHARED);
}

/**
 * procsrv_leaf_free() - free a leaf that is in no table
 * @leaf: the leaf, which nobody has ever seen, or NULL
 */
void procsrv_leaf_free(struct procsrv_leaf *leaf)
{
	if (leaf)
		kmem_cache_free(leaf_cache, leaf);
}

static void free_leaf_rcu(struct rcu_head *rcu)
{
	procsrv_leaf_free(container_of(rcu, struct procsrv_leaf, rcu));
}

static struct procsrv_leaf *leaf_entry(const struct rb_node *n)
{
	return rb_entry_safe(n, struct procsrv_leaf, node);
}

static u64 base_of(u64 pid)
{
	return pid & ~(u64)(PROCSRV_LEAF_SIZE - 1);
}

static unsigned int index_of(u64 pid)
{
	return pid & (PROCSRV_LEAF_SIZE - 1);
}

/* The leaf of @pid, or if @or_above that of the lowest pids above. */
static struct procsrv_leaf *find_leaf(const struct procsrv *ps, u64 pid,
				      bool or_above)
{
	struct rb_node *n = rcu_dereference_raw(ps->leaves.rb_node);
	struct procsrv_leaf *above = NULL;
	u64 base = base_of(pid);

	while (n) {
		struct procsrv_leaf *leaf = leaf_entry(n);

		if (base == leaf->base)
			return leaf;
		if (base < leaf->base) {
			above = leaf;
			n = rcu_dereference_raw(n->rb_left);
		} else {
			n = rcu_dereference_raw(n->rb_right);
		}
	}
	return or_above ? above : NULL;
}

/**
 * procsrv_slot() - where a process is, if it is in the table
 * @ps: the server
 * @pid: its id
 *
 * Context: under the lock, or under RCU in a read section of &procsrv.seq.
 * Return: where the table has the process, or NULL.
 */
struct procsrv_process **procsrv_slot(const struct procsrv *ps, u64 pid)
{
	struct procsrv_leaf *leaf = find_leaf(ps, pid, false);

	return leaf ? &leaf->slots[index_of(pid)] : NULL;
}

/**
 * procsrv_find() - look up a process
 * @ps: the server
 * @pid: its id
 *
 * Context: under the lock.
 * Return: the process, a zombie too, or NULL.
 */
struct procsrv_process *procsrv_find(struct procsrv *ps, u64 pid)
{
	struct procsrv_process **slot = procsrv_slot(ps, pid);

	lockdep_assert_held(&ps->lock);
	return slot ? *slot : NULL;
}

/**
 * procsrv_find_live() - look up a process that is not a zombie
 * @ps: the server
 * @pid: its id
 *
 * Context: under the lock.
 * Return: the process or NULL.
 */
struct procsrv_process *procsrv_find_live(struct procsrv *ps, u64 pid)
{
	struct procsrv_process *p = procsrv_find(ps, pid);

	return p && !procsrv_is_zombie(p) ? p : NULL;
}

/**
 * procsrv_collect() - the processes with the lowest pids above another
 * @ps: the server
 * @pid: the other pid, which need not exist
 * @to: where to store the processes, zombies too, in order
 * @max: how many at most
 *
 * Context: under the lock.
 * Return: how many there are, less than @max after the last.
 */
u32 procsrv_collect(struct procsrv *ps, u64 pid, struct procsrv_process **to,
		    u32 max)
{
	struct procsrv_leaf *leaf = NULL;
	unsigned int i;
	u32 n = 0;

	lockdep_assert_held(&ps->lock);
	if (pid < U64_MAX)
		leaf = find_leaf(ps, ++pid, true);
	for (; leaf && n < max; leaf = leaf_entry(rb_next(&leaf->node))) {
		i = leaf->base == base_of(pid) ? index_of(pid) : 0;
		for_each_set_bit_from(i, leaf->used, PROCSRV_LEAF_SIZE) {
			to[n++] = leaf->slots[i];
			if (n == max)
				break;
		}
	}
	return n;
}

/* The leaf that the next process goes to, if it is there. */
static struct procsrv_leaf *next_leaf(const struct procsrv *ps)
{
	struct procsrv_leaf *leaf = ps->last_leaf;

	return leaf && leaf->base == base_of(ps->next_pid) ? leaf : NULL;
}

/**
 * procsrv_wants_leaf() - does the next process need a new leaf?
 * @ps: the server
 *
 * Context: under the lock, for writing.
 */
bool procsrv_wants_leaf(const struct procsrv *ps)
{
	return !next_leaf(ps);
}

static void insert_leaf(struct procsrv *ps, struct procsrv_leaf *leaf)
{
	struct rb_node **link = &ps->leaves.rb_node;
	struct rb_node *above = NULL;

	while (*link) {
		above = *link;
		link = leaf->base < leaf_entry(above)->base ? &above->rb_left :
							      &above->rb_right;
	}
	write_seqcount_begin(&ps->seq);
	rb_link_node_rcu(&leaf->node, above, link);
	rb_insert_color(&leaf->node, &ps->leaves);
	write_seqcount_end(&ps->seq);
}

static void remove_leaf(struct procsrv *ps, struct procsrv_leaf *leaf)
{
	write_seqcount_begin(&ps->seq);
	rb_erase(&leaf->node, &ps->leaves);
	write_seqcount_end(&ps->seq);
	call_rcu(&leaf->rcu, free_leaf_rcu);
}

/* Where the next process goes to stays, even if nobody is in it. */
static void change_last_leaf(struct procsrv *ps, struct procsrv_leaf *leaf)
{
	struct procsrv_leaf *old = ps->last_leaf;

	leaf->base = base_of(ps->next_pid);
	insert_leaf(ps, leaf);
	ps->last_leaf = leaf;
	if (old && bitmap_empty(old->used, PROCSRV_LEAF_SIZE))
		remove_leaf(ps, old);
}

/**
 * procsrv_insert() - give a new process its pid, and put it into the table
 * @ps: the server
 * @p: the process
 * @spare: a leaf that is used, and NULL then, if procsrv_wants_leaf()
 *
 * Context: under the lock, for writing, in a procsrv_change_begin().
 */
void procsrv_insert(struct procsrv *ps, struct procsrv_process *p,
		    struct procsrv_leaf **spare)
{
	struct procsrv_leaf *leaf = next_leaf(ps);

	lockdep_assert_held_write(&ps->lock);
	if (!leaf) {
		leaf = *spare;
		*spare = NULL;
		change_last_leaf(ps, leaf);
	}
	p->pid = ps->next_pid++;
	__set_bit(index_of(p->pid), leaf->used);
	/* It is being changed: what is in it is visible before it is found. */
	WRITE_ONCE(leaf->slots[index_of(p->pid)], p);
	ps->nr_states[procsrv_state_of(p)]++;
}

/**
 * procsrv_remove() - take a process out of the table
 * @ps: the server
 * @p: the process, which the caller frees
 *
 * It is DEAD from here on.
 *
 * Context: under the lock, for writing.
 */
void procsrv_remove(struct procsrv *ps, struct procsrv_process *p)
{
	struct procsrv_leaf *leaf = find_leaf(ps, p->pid, false);

	lockdep_assert_held_write(&ps->lock);
	ps->nr_states[procsrv_state_of(p)]--;
	p->state = PROCSRV_DEAD;
	__clear_bit(index_of(p->pid), leaf->used);
	WRITE_ONCE(leaf->slots[index_of(p->pid)], NULL);
	if (leaf != ps->last_leaf &&
	    bitmap_empty(leaf->used, PROCSRV_LEAF_SIZE))
		remove_leaf(ps, leaf);
}

/**
 * procsrv_free_all() - free every process
 * @ps: the server, which is not used any more
 *
 * Context: may sleep.
 */
void procsrv_free_all(struct procsrv *ps)
{
	struct procsrv_leaf *leaf, *next;
	unsigned int i;

	rbtree_postorder_for_each_entry_safe(leaf, next, &ps->leaves, node) {
		for_each_set_bit(i, leaf->used, PROCSRV_LEAF_SIZE) {
			procsrv_process_free(leaf->slots[i]);
			cond_resched();
		}
		procsrv_leaf_free(leaf);
	}
}
