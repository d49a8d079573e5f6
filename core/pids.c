// SPDX-License-Identifier: GPL-2.0-only
/*
 * Pids: which process has one
 *
 * An rbtree of leaves, each with blocks of slots for the processes of some
 * consecutive pids. Most pids are given out in order, so most leaves are full,
 * and a search goes through nodes so few that they stay in the cache.
 *
 * Searches need no lock under RCU. A process has its slot in a leaf for as long
 * as it is in the table. Pids are not reused, unless the creator chooses them:
 * then another process gets the slot later, in an edit of that process. While
 * the shape of the tree changes a search may miss a leaf; then &procsrv.seq
 * changes.
 */
#include <linux/bitmap.h>
#include <linux/bitops.h>
#include <linux/rbtree.h>
#include <linux/rcupdate.h>
#include <linux/sched.h>
#include <linux/slab.h>

#include "internal.h"

/* SECURITY.md says how much uncharged memory one process may keep. */
static_assert(sizeof(struct procsrv_leaf) + sizeof(struct procsrv_block) <=
	      704);

static struct kmem_cache *leaf_cache;
static struct kmem_cache *block_cache;

/**
 * procsrv_pids_init() - make the caches that the table is allocated from
 *
 * Return: 0, or -ENOMEM.
 */
int procsrv_pids_init(void)
{
	leaf_cache = KMEM_CACHE(procsrv_leaf, 0);
	if (!leaf_cache)
		return -ENOMEM;
	block_cache = KMEM_CACHE(procsrv_block, 0);
	if (!block_cache) {
		kmem_cache_destroy(leaf_cache);
		return -ENOMEM;
	}
	return 0;
}

/**
 * procsrv_pids_exit() - undo procsrv_pids_init(); every server is gone
 */
void procsrv_pids_exit(void)
{
	/* Leaves and blocks may still be waiting for their grace period. */
	rcu_barrier();
	kmem_cache_destroy(block_cache);
	kmem_cache_destroy(leaf_cache);
}

/**
 * procsrv_places_fill() - allocate memory for the slot of a new process
 * @places: preallocated memory, and what procsrv_wants_places() found missing
 *
 * Context: may sleep.
 * Return: false without memory.
 */
bool procsrv_places_fill(struct procsrv_places *places)
{
	if (places->wants_leaf && !places->leaf)
		places->leaf = kmem_cache_zalloc(leaf_cache,
						 PROCSRV_GFP_SHARED);
	if (places->wants_block && !places->block)
		places->block = kmem_cache_zalloc(block_cache,
						  PROCSRV_GFP_SHARED);
	return (places->leaf || !places->wants_leaf) &&
	       (places->block || !places->wants_block);
}

static void free_leaf(struct procsrv_leaf *leaf)
{
	kmem_cache_free(leaf_cache, leaf);
}

static void free_block(struct procsrv_block *block)
{
	kmem_cache_free(block_cache, block);
}

/**
 * procsrv_places_free() - free unused memory
 * @places: has a leaf or a block that was never in a table, or NULL
 */
void procsrv_places_free(struct procsrv_places *places)
{
	if (places->leaf)
		free_leaf(places->leaf);
	if (places->block)
		free_block(places->block);
}

static void free_leaf_rcu(struct rcu_head *rcu)
{
	free_leaf(container_of(rcu, struct procsrv_leaf, rcu));
}

static void free_block_rcu(struct rcu_head *rcu)
{
	free_block(container_of(rcu, struct procsrv_block, rcu));
}

static struct procsrv_leaf *leaf_entry(const struct rb_node *n)
{
	return rb_entry_safe(n, struct procsrv_leaf, node);
}

/* The leaf of @pid, or the next one if there is none. */
static struct procsrv_leaf *find_leaf_from(const struct procsrv *ps, u64 pid)
{
	struct rb_node *n = ps->leaves.rb_node;
	struct procsrv_leaf *above = NULL;
	u64 base = procsrv_leaf_base(pid);

	while (n) {
		struct procsrv_leaf *leaf = leaf_entry(n);

		if (base == leaf->base)
			return leaf;
		if (base < leaf->base)
			above = leaf;
		n = base < leaf->base ? n->rb_left : n->rb_right;
	}
	return above;
}

/**
 * procsrv_collect() - the processes with the lowest pids above another
 * @ps: the server
 * @pid: the other pid, which need not exist
 * @to: where to store the processes, zombies too, in order
 * @max: how many at most
 *
 * Return: how many there are, less than @max after the last.
 */
u32 procsrv_collect(struct procsrv *ps, u64 pid, struct procsrv_process **to,
		    u32 max)
{
	struct procsrv_leaf *leaf = NULL;
	unsigned int i;
	u32 n = 0;

	procsrv_assert_locked(ps);
	if (pid < U64_MAX)
		leaf = find_leaf_from(ps, ++pid);
	for (; leaf && n < max; leaf = leaf_entry(rb_next(&leaf->node))) {
		i = leaf->base == procsrv_leaf_base(pid) ? procsrv_leaf_index(pid) : 0;
		for_each_set_bit_from(i, leaf->used, PROCSRV_LEAF_SIZE) {
			to[n++] = procsrv_leaf_at(leaf, i);
			if (n == max)
				break;
		}
	}
	return n;
}

/**
 * procsrv_wants_places() - is memory missing for the slot of a new process?
 * @ps: the server
 * @pid: the pid that it is to have, for which there is no slot
 * @places: preallocated memory; its @wants_leaf and @wants_block are set
 *
 * Context: in a change, or for a server that is not in use yet.
 * Return: whether something is missing in @places, too.
 */
bool procsrv_wants_places(const struct procsrv *ps, u64 pid,
			  struct procsrv_places *places)
{
	places->wants_leaf = !procsrv_leaf_for(ps, pid);
	places->wants_block = true;
	return (places->wants_leaf && !places->leaf) || !places->block;
}

static void insert_leaf(struct procsrv_change *c, struct procsrv_leaf *leaf)
{
	struct procsrv *ps = procsrv_of(c);
	struct rb_node **link = &ps->leaves.rb_node;
	struct rb_node *above = NULL;

	while (*link) {
		above = *link;
		link = leaf->base < leaf_entry(above)->base ? &above->rb_left :
							      &above->rb_right;
	}
	procsrv_edit_all_begin(c);
	rb_link_node_rcu(&leaf->node, above, link);
	rb_insert_color(&leaf->node, &ps->leaves);
	procsrv_edit_all_end(c);
}

static void remove_leaf(struct procsrv_change *c, struct procsrv_leaf *leaf)
{
	procsrv_edit_all_begin(c);
	rb_erase(&leaf->node, &procsrv_of(c)->leaves);
	procsrv_edit_all_end(c);
	call_rcu(&leaf->rcu, free_leaf_rcu);
}

static void drop_block(struct procsrv_leaf *leaf, unsigned int i)
{
	struct procsrv_block *block = leaf->blocks[i];

	WRITE_ONCE(leaf->blocks[i], NULL);
	call_rcu(&block->rcu, free_block_rcu);
}

static bool is_in_use(const struct procsrv_leaf *leaf)
{
	return !bitmap_empty(leaf->used, PROCSRV_LEAF_SIZE);
}

/* Is it the block of the next pid, which stays although it is empty? */
static bool is_next_block(const struct procsrv *ps,
			  const struct procsrv_leaf *leaf, unsigned int i)
{
	return leaf->base == procsrv_leaf_base(ps->next_pid) &&
	       i == procsrv_block_of(ps->next_pid);
}

/* The pids go on in block @i of @leaf: what stayed for the next one may be empty. */
static void leave_next_block(struct procsrv_change *c,
			     const struct procsrv_leaf *leaf, unsigned int i)
{
	struct procsrv *ps = procsrv_of(c);
	unsigned int old_i = procsrv_block_of(ps->next_pid);
	struct procsrv_leaf *old = ps->last_leaf;

	if (is_next_block(ps, old, old_i) && (old != leaf || old_i != i) &&
	    old->blocks[old_i] && !old->used[old_i])
		drop_block(old, old_i);
	if (old != leaf && !is_in_use(old))
		remove_leaf(c, old);
}

/**
 * procsrv_add_places() - add the slot of a new process
 * @c: the change
 * @pid: the pid that it is to have, for which there is no slot
 * @places: has the memory; pointers to what was used are set to NULL
 *
 * Context: outside any edit.
 */
void procsrv_add_places(struct procsrv_change *c, u64 pid,
			struct procsrv_places *places)
{
	struct procsrv_leaf *leaf = procsrv_leaf_for(procsrv_of(c), pid);
	struct procsrv *ps = procsrv_of(c);
	unsigned int i = procsrv_block_of(pid);

	procsrv_assert_change(c);
	procsrv_assert_no_edit(c);
	if (!leaf) {
		leaf = places->leaf;
		places->leaf = NULL;
		leaf->base = procsrv_leaf_base(pid);
		insert_leaf(c, leaf);
	}
	/* The block is zeroed; an edit comes before any process in it. */
	smp_store_release(&leaf->blocks[i], places->block);
	places->block = NULL;
	if (ps->last_leaf && pid < ps->next_pid)
		return;
	if (ps->last_leaf)
		leave_next_block(c, leaf, i);
	ps->last_leaf = leaf;
}

/**
 * procsrv_insert() - put a new process into the table
 * @c: the change
 * @p: the process, with its pid, which no other has, and for which there is a slot
 *
 * Context: in a procsrv_edit_begin() of @p.
 */
void procsrv_insert(struct procsrv_change *c, struct procsrv_process *p)
{
	struct procsrv *ps = procsrv_of(c);
	struct procsrv_leaf *leaf = procsrv_leaf_for(ps, p->pid);
	struct procsrv_block *block;

	procsrv_assert_edit(c, p);
	ps->next_pid = max(ps->next_pid, p->pid + 1);
	__set_bit(procsrv_leaf_index(p->pid), leaf->used);
	/* In an edit: a look-up that finds @p sees its contents, or retries. */
	block = leaf->blocks[procsrv_block_of(p->pid)];
	WRITE_ONCE(block->slots[p->pid % PROCSRV_BLOCK_SIZE], p);
	ps->nr_states[p->state]++;
}

/**
 * procsrv_remove() - remove a process from the table
 * @c: the change
 * @p: the process; DEAD when this returns
 *
 * Context: in a procsrv_edit_begin() of @p.
 * Return: its leaf, if its block is empty now: the caller passes it to
 * procsrv_drop_places() after the edit; or NULL.
 */
struct procsrv_leaf *procsrv_remove(struct procsrv_change *c,
				    struct procsrv_process *p)
{
	struct procsrv *ps = procsrv_of(c);
	struct procsrv_leaf *leaf = procsrv_find_leaf(ps, p->pid);
	unsigned int i = procsrv_block_of(p->pid);

	procsrv_assert_edit(c, p);
	ps->nr_states[procsrv_state_of(p)]--;
	p->state = PROCSRV_DEAD;
	__clear_bit(procsrv_leaf_index(p->pid), leaf->used);
	WRITE_ONCE(leaf->blocks[i]->slots[p->pid % PROCSRV_BLOCK_SIZE], NULL);
	return leaf->used[i] || is_next_block(ps, leaf, i) ? NULL : leaf;
}

/**
 * procsrv_drop_places() - free an empty block, and its leaf if that is empty
 * @c: the change
 * @leaf: what procsrv_remove() returned
 * @pid: the pid that the process had
 *
 * Context: outside any edit.
 */
void procsrv_drop_places(struct procsrv_change *c, struct procsrv_leaf *leaf,
			 u64 pid)
{
	procsrv_assert_change(c);
	procsrv_assert_no_edit(c);
	drop_block(leaf, procsrv_block_of(pid));
	if (leaf != procsrv_of(c)->last_leaf && !is_in_use(leaf))
		remove_leaf(c, leaf);
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
			procsrv_process_free(procsrv_leaf_at(leaf, i));
			cond_resched();
		}
		for (i = 0; i < PROCSRV_NR_BLOCKS; i++)
			if (leaf->blocks[i])
				free_block(leaf->blocks[i]);
		free_leaf(leaf);
	}
}
