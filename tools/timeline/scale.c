// SPDX-License-Identifier: GPL-2.0-only
/*
 * The time axis: where a moment is drawn.
 *
 * It is linear. If nothing happens for most of the time, that period is cut
 * short, so that a daemon that outlives all others does not squeeze the rest into
 * a corner. Renderers show where that is.
 */
#include <stdlib.h>

#include "internal.h"

/* A period longer than LONG of the whole is cut to SHORT of the rest. */
#define LONG	0.75
#define SHORT	0.04

static int compare_time(const void *a, const void *b)
{
	long long left = *(const long long *)a, right = *(const long long *)b;

	return left < right ? -1 : left > right;
}

/* All moments at which anything happens, ascending. */
static long long *find_moments(const struct timeline *tl, size_t *nr)
{
	long long *times = NULL;
	const struct tl_process *p;
	size_t i, j, n = 0;

	for (i = 0; i < tl->nr_procs; i++) {
		p = tl->procs[i];
		times = tl_grow(times, n, sizeof(*times));
		times[n++] = p->born;
		for (j = 0; j < p->nr_spans; j++) {
			times = tl_grow(times, n, sizeof(*times));
			times[n++] = p->spans[j].to;
		}
		for (j = 0; j < p->nr_marks; j++) {
			times = tl_grow(times, n, sizeof(*times));
			times[n++] = p->marks[j].time;
		}
	}
	if (n)
		qsort(times, n, sizeof(*times), compare_time);
	*nr = n;
	return times;
}

void tl_scale_make(const struct timeline *tl, struct tl_scale *scale)
{
	long long *times, length = tl->end - tl->start;
	size_t nr, i;

	*scale = (struct tl_scale) { .start = tl->start, .end = tl->end };
	if (tl->clock == TL_CLOCK_LINES)
		return;
	times = find_moments(tl, &nr);
	for (i = 1; i < nr; i++) {
		/* If nothing else happens, there is no need to make room. */
		if (times[i] - times[i - 1] < LONG * length ||
		    length - (times[i] - times[i - 1]) < length / 1000)
			continue;
		scale->cut_from = times[i - 1];
		scale->cut_to = times[i];
		scale->shown = tl_scale_length(scale) * SHORT;
	}
	free(times);
}

/* How much of the axis comes before a moment. */
static double before(const struct tl_scale *scale, long long time)
{
	double cut = scale->cut_to - scale->cut_from;
	double d = time - scale->start;

	if (!scale->shown || time <= scale->cut_from)
		return d;
	if (time >= scale->cut_to)
		return d - cut + scale->shown;
	return d - (time - scale->cut_from) * (1 - scale->shown / cut);
}

double tl_scale_at(const struct tl_scale *scale, long long time)
{
	double length = before(scale, scale->end);

	return length > 0 ? before(scale, time) / length : 0;
}

long long tl_scale_next(const struct tl_scale *scale, long long time, long long step)
{
	time += step;
	if (!scale->shown || time <= scale->cut_from || time >= scale->cut_to)
		return time;
	return time + (scale->cut_to - time + step - 1) / step * step;
}

long long tl_scale_length(const struct tl_scale *scale)
{
	return scale->end - scale->start - (scale->cut_to - scale->cut_from);
}
