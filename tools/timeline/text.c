// SPDX-License-Identifier: GPL-2.0-only
/*
 * A timeline as lines for a terminal: a bar for each row, and then the events
 * in the order of time. ASCII only, except for names.
 */
#include <stdlib.h>
#include <string.h>
#include <wchar.h>

#include "client.h"
#include "internal.h"

enum {
	MAX_ROWS	= 100,
	LEAST_BAR	= 20,
	INDENT		= 2,
	TICKS		= 4,
};

static const char state_letters[TL_NR_STATES] = {
	[TL_RUNNING] = '=',
	[TL_SLEEPING] = '-',
	[TL_WAITING] = '.',
	[TL_STOPPED] = '#',
	[TL_EXITING] = '~',
	[TL_ZOMBIE] = 'z',
};

/**
 * struct text - the output
 * @tl: the timeline
 * @layout: its rows
 * @scale: its time axis
 * @out: the stream
 * @names: columns for names
 * @bar: columns for bars
 * @columns: in all, or 0 if they do not matter
 */
struct text {
	struct timeline *tl;
	struct tl_layout layout;
	struct tl_scale scale;
	FILE *out;
	size_t names;
	size_t bar;
	size_t columns;
};

/**
 * struct line - a line while it is put together
 */
struct line {
	char *s;
	size_t size;
	FILE *file;
};

static void line_begin(struct line *line)
{
	*line = (struct line) {};
	line->file = open_memstream(&line->s, &line->size);
	if (!line->file)
		abort();
}

static size_t width_of(const char *s)
{
	size_t n = strlen(s);
	wchar_t *wide = tl_calloc(n + 1, sizeof(*wide));
	int width = -1;

	if (mbstowcs(wide, s, n + 1) != (size_t)-1)
		width = wcswidth(wide, n);
	free(wide);
	return width < 0 ? n : (size_t)width;
}

/* Bytes of @s that are no wider than @columns. */
static size_t fitting(const char *s, size_t columns)
{
	mbstate_t state = {};
	size_t done = 0, n;
	wchar_t wc;
	int width;

	while (s[done]) {
		n = mbrtowc(&wc, s + done, strlen(s + done), &state);
		width = n > MB_CUR_MAX ? 1 : wcwidth(wc);
		if (n > MB_CUR_MAX)
			n = 1;
		if (width > 0 && (size_t)width > columns)
			break;
		columns -= width > 0 ? width : 0;
		done += n;
	}
	return done;
}

/* Prints the line, cut to @columns, and padded up to there if @pad. */
static void line_end(struct line *line, FILE *out, size_t columns, bool pad)
{
	size_t width;

	if (fclose(line->file))
		abort();
	width = width_of(line->s);
	if (columns && width > columns) {
		fprintf(out, "%.*s", (int)fitting(line->s, columns), line->s);
		width = columns;
	} else {
		fputs(line->s, out);
	}
	if (pad && width < columns)
		fprintf(out, "%*s", (int)(columns - width), "");
	free(line->s);
}

static size_t cell_of(const struct text *t, long long time)
{
	size_t cell = tl_scale_at(&t->scale, time) * t->bar;

	return cell < t->bar ? cell : t->bar - 1;
}

/* A state within a single column is only drawn if the column is empty. */
static void put_bar(const struct text *t, const struct tl_row *row)
{
	char *bar = tl_calloc(t->bar + 1, 1);
	const struct tl_process *p;
	size_t i, m, from, to;

	memset(bar, ' ', t->bar);
	for (m = 0; m < row->nr_members; m++) {
		p = row->members[m];
		bar[cell_of(t, p->born)] = state_letters[TL_RUNNING];
		for (i = 0; i < p->nr_spans; i++) {
			from = cell_of(t, p->spans[i].from);
			to = cell_of(t, p->spans[i].to);
			if (from > cell_of(t, p->born) && from == to &&
			    bar[from] != ' ')
				continue;
			memset(bar + from, state_letters[p->spans[i].state],
			       to - from + 1);
		}
	}
	if (row->nr_members == 1)
		for (p = row->first, i = 0; i < p->nr_marks; i++)
			if (p->marks[i].kind == TL_MARK_DIFFERENCE)
				bar[cell_of(t, p->marks[i].time)] = '!';
	fprintf(t->out, " |%s| ", bar);
	free(bar);
}

static void put_end(FILE *out, const struct tl_row *row,
		    const struct timeline *tl)
{
	const struct tl_process *p = row->first;

	if (row->nr_members > 1) {
		fputs("together ", out);
		tl_put_length(out, tl, row->total);
		return;
	}
	tl_put_fate(out, p);
	if (p->reaper) {
		fputs(", waited for by ", out);
		tl_put_process(out, p->reaper);
	} else if (p->exited != TL_NEVER && p->gone == TL_NEVER) {
		fputs(", never waited for", out);
	}
}

static void put_row(const struct text *t, const struct tl_row *row)
{
	struct line line;

	line_begin(&line);
	fprintf(line.file, "%*s", (int)(row->depth * INDENT), "");
	tl_put_row(line.file, row, "x");
	line_end(&line, t->out, t->names, true);
	put_bar(t, row);
	line_begin(&line);
	put_end(line.file, row, t->tl);
	line_end(&line, t->out, t->columns ?
		 t->columns - t->names - t->bar - 4 : 0, false);
	fputc('\n', t->out);
}

static void put_axis(const struct text *t)
{
	const struct timeline *tl = t->tl;
	long long step = tl_round_step(tl_scale_length(&t->scale), TICKS);
	long long time = tl->start;
	size_t at = 0, cell;
	struct line line;

	if (tl->clock == TL_CLOCK_LINES && time % step)
		time += step - time % step;
	fprintf(t->out, "%*s", (int)t->names + 2, "");
	for (; time <= tl->end; time = tl_scale_next(&t->scale, time, step)) {
		cell = cell_of(t, time);
		if (cell < at)
			continue;
		fprintf(t->out, "%*s", (int)(cell - at), "");
		line_begin(&line);
		tl_put_time(line.file, tl, time, step);
		fflush(line.file);
		at = cell + width_of(line.s) + 1;
		line_end(&line, t->out, 0, false);
		fputc(' ', t->out);
	}
	fputc('\n', t->out);
}

static void put_head(const struct text *t)
{
	const struct timeline *tl = t->tl;
	unsigned int states = 0, i;
	size_t p, s;

	tl_put_text(t->out, tl->title);
	fprintf(t->out, ": %zu process%s in ", tl->nr_procs,
		client_plural(tl->nr_procs, "es"));
	tl_put_length(t->out, tl, tl->end - tl->start);
	if (t->layout.merged)
		fprintf(t->out, ", %zu of them in rows with others",
			t->layout.merged);
	fputc('\n', t->out);
	if (tl->note) {
		fputs(tl->note, t->out);
		fputc('\n', t->out);
	}
	if (t->scale.shown) {
		fputs("Cut short are ", t->out);
		tl_put_length(t->out, tl, t->scale.cut_to - t->scale.cut_from);
		fputs(" from ", t->out);
		tl_put_time(t->out, tl, t->scale.cut_from,
			    tl_fine_step(tl));
		fputs(" on, in which nothing happens\n", t->out);
	}
	for (p = 0; p < tl->nr_procs; p++)
		for (s = 0; s < tl->procs[p]->nr_spans; s++)
			states |= 1U << tl->procs[p]->spans[s].state;
	for (i = 0; i < TL_NR_STATES; i++)
		if (states & 1U << i)
			fprintf(t->out, "%c %s   ", state_letters[i],
				tl_state_name(i));
	fputs(tl->nr_differences ? "! an answer differs\n\n" : "\n\n", t->out);
}

/**
 * struct moment - a mark and the process that it is of
 */
struct moment {
	const struct tl_process *p;
	const struct tl_mark *mark;
};

static int compare_moment(const void *a, const void *b)
{
	const struct moment *left = a, *right = b;

	if (left->mark->time != right->mark->time)
		return left->mark->time < right->mark->time ? -1 : 1;
	if (left->p != right->p)
		return left->p->index < right->p->index ? -1 : 1;
	return left->mark < right->mark ? -1 : left->mark > right->mark;
}

static struct moment *find_moments(const struct text *t, size_t *nr)
{
	struct moment *moments = NULL;
	const struct tl_process *p;
	size_t i, m;

	*nr = 0;
	for (i = 0; i < t->tl->nr_procs; i++) {
		p = t->tl->procs[i];
		if (t->layout.rows[p->row].nr_members > 1)
			continue;
		for (m = 0; m < p->nr_marks; m++) {
			moments = tl_grow(moments, *nr, sizeof(*moments));
			moments[(*nr)++] = (struct moment) {
				.p = p, .mark = &p->marks[m],
			};
		}
	}
	if (*nr)
		qsort(moments, *nr, sizeof(*moments), compare_moment);
	return moments;
}

static void put_moments(const struct text *t)
{
	long long step = tl_fine_step(t->tl);
	struct moment *moments;
	struct line line;
	size_t nr, i;

	moments = find_moments(t, &nr);
	if (nr)
		fputc('\n', t->out);
	for (i = 0; i < nr; i++) {
		line_begin(&line);
		fputs("  ", line.file);
		tl_put_time(line.file, t->tl, moments[i].mark->time, step);
		fputs("  ", line.file);
		tl_put_process(line.file, moments[i].p);
		fputs("  ", line.file);
		tl_put_mark(line.file, moments[i].mark);
		line_end(&line, t->out, t->columns, false);
		fputc('\n', t->out);
	}
	free(moments);
	for (i = 0; i < t->tl->nr_lost; i++) {
		fputs("  ", t->out);
		tl_put_time(t->out, t->tl, t->tl->lost[i].time, step);
		fprintf(t->out, "  %llu event%s lost before it\n",
			(unsigned long long)t->tl->lost[i].count,
			client_plural(t->tl->lost[i].count, "s"));
	}
}

/* A third for names, as far as they need it, and as much for bars. */
static void measure(struct text *t)
{
	size_t columns = t->columns ? t->columns : 120, i, w;
	struct line line;

	for (i = 0; i < t->layout.nr; i++) {
		line_begin(&line);
		tl_put_row(line.file, &t->layout.rows[i], "x");
		if (fclose(line.file))
			abort();
		w = width_of(line.s) + t->layout.rows[i].depth * INDENT;
		free(line.s);
		if (w > t->names)
			t->names = w;
	}
	if (t->names > columns / 3)
		t->names = columns / 3;
	t->bar = (columns - t->names) / 2;
	if (t->bar < LEAST_BAR)
		t->bar = LEAST_BAR;
	if (t->columns && t->columns < t->names + t->bar + 5)
		t->columns = t->names + t->bar + 5;
}

void timeline_write_text(struct timeline *tl, FILE *out, size_t columns)
{
	struct text t = { .tl = tl, .out = out, .columns = columns };
	locale_t locale = tl_begin_numbers();
	size_t i;

	tl_layout_make(tl, MAX_ROWS, &t.layout);
	tl_scale_make(tl, &t.scale);
	measure(&t);
	put_head(&t);
	put_axis(&t);
	for (i = 0; i < t.layout.nr; i++)
		put_row(&t, &t.layout.rows[t.layout.sorted[i]]);
	put_moments(&t);
	tl_layout_free(&t.layout);
	tl_end_numbers(locale);
}
