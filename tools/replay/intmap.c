// SPDX-License-Identifier: GPL-2.0-only
/*
 * A map from ids to pointers.
 */
#include <stdint.h>
#include <stdlib.h>

#include "intmap.h"
#include "value.h"

enum { INITIAL_SIZE = 64 };

static size_t home_of(const struct intmap *map, int key)
{
	return (uint32_t)key * 2654435761u & (map->size - 1);
}

/* The slot with @key, or the empty one where it belongs. */
static struct intmap_slot *find_slot(const struct intmap *map, int key)
{
	size_t mask = map->size - 1;
	size_t i = home_of(map, key);

	while (map->slots[i].value && map->slots[i].key != key)
		i = (i + 1) & mask;
	return &map->slots[i];
}

void *intmap_get(const struct intmap *map, int key)
{
	return map->size ? find_slot(map, key)->value : NULL;
}

static void grow(struct intmap *map)
{
	struct intmap old = *map;
	size_t i;

	map->size = old.size ? 2 * old.size : INITIAL_SIZE;
	map->slots = value_xcalloc(map->size, sizeof(*map->slots));
	for (i = 0; i < old.size; i++)
		if (old.slots[i].value)
			*find_slot(map, old.slots[i].key) = old.slots[i];
	free(old.slots);
}

void intmap_set(struct intmap *map, int key, void *value)
{
	struct intmap_slot *slot;

	if (2 * map->used >= map->size)
		grow(map);
	slot = find_slot(map, key);
	if (!slot->value)
		map->used++;
	slot->key = key;
	slot->value = value;
}

void *intmap_remove(struct intmap *map, int key)
{
	struct intmap_slot *hole, *slot;
	size_t mask = map->size - 1, i, at;
	void *value;

	if (!map->size)
		return NULL;
	hole = find_slot(map, key);
	value = hole->value;
	if (!value)
		return NULL;
	map->used--;
	/* Entries that follow move into the hole if it is on the way to them. */
	at = hole - map->slots;
	for (i = (at + 1) & mask; map->slots[i].value; i = (i + 1) & mask) {
		slot = &map->slots[i];
		if (((i - home_of(map, slot->key)) & mask) >= ((i - at) & mask)) {
			map->slots[at] = *slot;
			at = i;
		}
	}
	map->slots[at].value = NULL;
	return value;
}

void intmap_free(struct intmap *map)
{
	free(map->slots);
	*map = (struct intmap) {};
}
