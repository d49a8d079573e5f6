// SPDX-License-Identifier: GPL-2.0-only
/*
 * Services with the lowest key first: a binary heap.
 */
#include "supervise.h"

static void swap(struct due *a, struct due *b)
{
	struct due c = *a;

	*a = *b;
	*b = c;
}

void queue_push(struct queue *queue, __u64 key, struct service *service)
{
	struct due *e;
	size_t i = queue->nr;

	queue->entries = grow(queue->entries, queue->nr, sizeof(*e));
	e = queue->entries;
	e[queue->nr++] = (struct due) { .key = key, .service = service };
	for (; i && e[i].key < e[(i - 1) / 2].key; i = (i - 1) / 2)
		swap(&e[i], &e[(i - 1) / 2]);
}

const struct due *queue_first(const struct queue *queue)
{
	return queue->nr ? queue->entries : NULL;
}

struct service *queue_pop(struct queue *queue)
{
	struct due *e = queue->entries;
	struct service *first;
	size_t i = 0, child;

	if (!queue->nr)
		return NULL;
	first = e[0].service;
	e[0] = e[--queue->nr];
	for (; (child = 2 * i + 1) < queue->nr; i = child) {
		if (child + 1 < queue->nr && e[child + 1].key < e[child].key)
			child++;
		if (e[i].key <= e[child].key)
			break;
		swap(&e[i], &e[child]);
	}
	return first;
}
