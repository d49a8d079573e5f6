/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * A map from ids to pointers.
 */
#ifndef REPLAY_INTMAP_H
#define REPLAY_INTMAP_H

#include <stddef.h>

struct intmap_slot {
	int key;
	void *value;
};

/**
 * struct intmap - a map; all zeroes is an empty one
 * @slots: a hash table with open addressing; a NULL value is an empty slot
 * @size: slots, a power of two, or 0
 * @used: slots in use
 */
struct intmap {
	struct intmap_slot *slots;
	size_t size;
	size_t used;
};

void *intmap_get(const struct intmap *map, int key);

/**
 * intmap_set() - store or replace
 * @value: not NULL
 */
void intmap_set(struct intmap *map, int key, void *value);

/**
 * intmap_remove() - take out a key
 *
 * Return: its value, or NULL.
 */
void *intmap_remove(struct intmap *map, int key);

void intmap_free(struct intmap *map);

#endif /* REPLAY_INTMAP_H */
