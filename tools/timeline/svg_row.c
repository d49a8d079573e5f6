// SPDX-License-Identifier: GPL-2.0-only
/*
 * The contents of a row: its place in the tree, its bar, and the texts beside it.
 */
#include <stdlib.h>
#include <string.h>

#include "svg.h"

/* Narrower bars are drawn so wide. */
#define LEAST_WIDTH	1.5

/* Spans and counts are drawn by columns of so many pixels if there are many. */
#define COLUMN		2

/* Added to a length, so that an event without length differs from none. */
#define TINY		0.000000001

/**
 * struct stretch - a session and a group, as long as a process has both
 */
struct stretch {
	long long from;
	long long to;
	long long sid;
	long long pgid;
};

static void put_stretch(struct svg *svg, const struct tl_row *row,
			const struct stretch *s)
{
	double x = svg_x(svg, s->from), w = svg_x(svg, s->to) - x;
	double y = svg->top + row->order * (double)SVG_ROW;

	if (w < LEAST_WIDTH)
		w = LEAST_WIDTH;
	if (s->sid)
		fprintf(svg->out,
			"<rect class=\"band h%u\" x=\"%.1f\" y=\"%.1f\" width=\"%.1f\" height=\"%d\"/>",
			svg_hue(svg, s->sid), x, y, w, SVG_ROW);
	if (s->pgid)
		fprintf(svg->out,
			"<rect class=\"strip h%u\" x=\"%.1f\" y=\"%.1f\" width=\"%.1f\" height=\"%d\"/>",
			svg_hue(svg, s->pgid), x, y + SVG_STRIP_TOP, w, SVG_STRIP);
}

void svg_row_bands(struct svg *svg, const struct tl_row *row)
{
	const struct tl_process *p = row->first;
	struct stretch s = {
		.from = p->born, .sid = p->sid, .pgid = p->pgid,
	};
	const struct tl_mark *mark;
	size_t i, drawn = 0;

	for (i = 0; i < p->nr_marks && row->nr_members == 1; i++) {
		mark = &p->marks[i];
		if (mark->kind != TL_MARK_SESSION &&
		    mark->kind != TL_MARK_GROUP)
			continue;
		s.to = mark->time;
		if (s.to > s.from && drawn++ < SVG_MAX_SPANS)
			put_stretch(svg, row, &s);
		s.from = mark->time;
		if (mark->kind == TL_MARK_SESSION)
			s.sid = mark->number;
		else
			s.pgid = mark->number;
	}
	s.to = row->gone;
	put_stretch(svg, row, &s);
	fputc('\n', svg->out);
}

/* Lines from a row to its parent row, and those that pass by. */
static void put_branches(struct svg *svg, const struct tl_row *row)
{
	const struct tl_row *above = row;
	double y = svg->top + row->order * (double)SVG_ROW, x;
	size_t depth = row->depth;

	if (row->parent == TL_NO_ROW)
		return;
	x = SVG_MARGIN + (depth - 1.0) * SVG_INDENT + 4;
	fprintf(svg->out, "<path class=\"tree\" d=\"M%.0f %.0fv%.1f%sh6", x, y,
		SVG_ROW / 2.0 - 1, row->last_child ? "" : "v11v-11");
	for (above = row; above->parent != TL_NO_ROW;) {
		above = &svg->layout.rows[above->parent];
		if (above->last_child || above->parent == TL_NO_ROW)
			continue;
		x = SVG_MARGIN + (above->depth - 1.0) * SVG_INDENT + 4;
		/* It would be clipped away. */
		if (x > SVG_NAMES)
			continue;
		fprintf(svg->out, "M%.0f %.0fv%d", x, y, SVG_ROW);
	}
	fputs("\"/>", svg->out);
}

/* The indentation is limited, so that a deep tree leaves room for names. */
static double name_x(const struct tl_row *row)
{
	double x = row->depth * (double)SVG_INDENT, most = SVG_NAMES * 0.55;

	return SVG_MARGIN + (x < most ? x : most);
}

void svg_row_name(struct svg *svg, const struct tl_row *row)
{
	double y = svg->top + row->order * (double)SVG_ROW;

	fputs("<g>", svg->out);
	if (row->nr_members == 1)
		tl_put_story(svg_begin_text(svg), svg->tl, row->first);
	else
		tl_put_summary(svg_begin_text(svg), svg->tl, row);
	svg_end_title(svg);
	if (row->depth * SVG_INDENT < SVG_NAMES * 0.55)
		put_branches(svg, row);
	fprintf(svg->out, "<text x=\"%.0f\" y=\"%.0f\">", name_x(row), y + 14);
	if (row->nr_members == 1) {
		tl_put_name(svg_begin_text(svg), tl_name(row->first));
		svg_end_text(svg);
		fprintf(svg->out, " <tspan class=\"id\">%lld</tspan>",
			row->first->id);
	} else {
		tl_put_row(svg_begin_text(svg), row, "×");
		fputs(", ", svg->text);
		tl_put_length(svg->text, svg->tl, row->total);
		svg_end_text(svg);
	}
	fputs("</text></g>\n", svg->out);
}

static void put_rect(struct svg *svg, const char *class, double x, double y,
		     double w)
{
	fprintf(svg->out,
		"<rect class=\"%s\" x=\"%.2f\" y=\"%.1f\" width=\"%.2f\" height=\"%d\"",
		class, x, y, w < LEAST_WIDTH ? LEAST_WIDTH : w, SVG_BAR);
}

/* What a wait is for, in the bar where there is room. */
static void put_wait_label(struct svg *svg, const struct tl_span *span,
			   double y)
{
	double x = svg_x(svg, span->from), w = svg_x(svg, span->to) - x;

	tl_put_wait(svg_begin_text(svg), svg->tl, span->target);
	if (svg_text_width(svg, 10) + 90 > w) {
		svg_drop_text(svg);
		return;
	}
	fprintf(svg->out,
		"<text class=\"in halo\" x=\"%.1f\" y=\"%.1f\" text-anchor=\"end\">",
		x + w - 8, y + 9.5);
	svg_end_text(svg);
	fputs("</text>", svg->out);
}

static void put_span(struct svg *svg, const struct tl_span *span, double y)
{
	double x = svg_x(svg, span->from);
	FILE *text;

	put_rect(svg, svg_state_class[span->state], x, y,
		 svg_x(svg, span->to) - x);
	fputc('>', svg->out);
	text = svg_begin_text(svg);
	if (span->state == TL_WAITING)
		tl_put_wait(text, svg->tl, span->target);
	else
		fputs(tl_state_name(span->state), text);
	fputs("\nfor ", text);
	tl_put_length(text, svg->tl, span->to - span->from);
	fputs(", from ", text);
	tl_put_time(text, svg->tl, span->from,
		    tl_fine_step(svg->tl));
	svg_end_title(svg);
	fputs("</rect>", svg->out);
}

/*
 * There are too many spans for a title each: each column of the plot shows the
 * state that took most of it. One path for each state.
 */
static void put_columns(struct svg *svg, const struct tl_process *p, double y)
{
	size_t n = (svg->right - svg->left) / COLUMN + 1, i, c, last;
	double (*share)[TL_NR_STATES] = tl_calloc(n, sizeof(*share));
	unsigned char *best = tl_calloc(n, 1);
	double from, to, end;
	int s;

	for (i = 0; i < p->nr_spans; i++) {
		from = (svg_x(svg, p->spans[i].from) - svg->left) / COLUMN;
		to = (svg_x(svg, p->spans[i].to) - svg->left) / COLUMN;
		for (c = from; c < n && c <= to; c++) {
			end = to < c + 1 ? to : c + 1;
			share[c][p->spans[i].state] += end - from + TINY;
			from = c + 1;
		}
	}
	for (c = 0; c < n; c++) {
		best[c] = TL_NR_STATES;
		for (s = 0; s < TL_NR_STATES; s++)
			if (share[c][s] > 0 &&
			    (best[c] == TL_NR_STATES ||
			     share[c][s] > share[c][best[c]]))
				best[c] = s;
	}
	for (s = 0; s < TL_NR_STATES; s++) {
		if (!memchr(best, s, n))
			continue;
		fprintf(svg->out, "<path class=\"%s\" d=\"", svg_state_class[s]);
		for (c = 0; c < n; c = last) {
			for (last = c; last < n && best[last] == best[c];)
				last++;
			if (best[c] == s)
				fprintf(svg->out, "M%.0f %.0fh%zuv%dh-%zuz",
					svg->left + c * COLUMN, y,
					(last - c) * COLUMN, SVG_BAR,
					(last - c) * COLUMN);
		}
		fputs("\"/>", svg->out);
	}
	free(best);
	free(share);
}

static void put_spans(struct svg *svg, const struct tl_process *p, double y)
{
	size_t i;

	if (!p->nr_spans) {
		put_rect(svg, "run", svg_x(svg, p->born), y, 0);
		fputs("/>", svg->out);
	} else if (p->nr_spans > SVG_MAX_SPANS) {
		put_columns(svg, p, y);
	} else {
		for (i = 0; i < p->nr_spans; i++)
			put_span(svg, &p->spans[i], y);
		for (i = 0; i < p->nr_spans; i++)
			if (p->spans[i].state == TL_WAITING)
				put_wait_label(svg, &p->spans[i], y);
	}
}

static void put_marker(struct svg *svg, const struct tl_mark *mark, double x,
		       double y)
{
	switch (mark->kind) {
	case TL_MARK_EXEC:
		fprintf(svg->out,
			"<path class=\"exec\" d=\"M%.1f %.1fl4.5 4.5-4.5 4.5-4.5-4.5z\">",
			x, y + 1.5);
		break;
	case TL_MARK_DIFFERENCE:
		fprintf(svg->out,
			"<path class=\"bad\" d=\"M%.1f %.1fh10l-5 8zM%.1f %.1fh1.6v%dh-1.6z\">",
			x - 5, y - 4, x - .8, y - 4, SVG_ROW);
		break;
	case TL_MARK_SESSION:
	case TL_MARK_GROUP:
		fprintf(svg->out,
			"<rect class=\"strip h%u\" x=\"%.1f\" y=\"%.1f\" width=\"5\" height=\"5\">",
			svg_hue(svg, mark->number), x,
			y + SVG_STRIP_TOP - SVG_BAR_TOP - 1);
		break;
	default:
		return;
	}
	tl_put_mark(svg_begin_text(svg), mark);
	fputs("\nat ", svg->text);
	tl_put_time(svg->text, svg->tl, mark->time,
		    tl_fine_step(svg->tl));
	svg_end_title(svg);
	fprintf(svg->out, "</%s>",
		mark->kind == TL_MARK_EXEC || mark->kind == TL_MARK_DIFFERENCE ?
		"path" : "rect");
}

/* The name of a program behind its mark, where there is room. */
static bool put_name_label(struct svg *svg, const char *name, double x,
			   double y, double room)
{
	tl_put_name(svg_begin_text(svg), name);
	if (svg_text_width(svg, 10) > room) {
		svg_drop_text(svg);
		return false;
	}
	fprintf(svg->out, "<text class=\"in halo\" x=\"%.1f\" y=\"%.1f\">", x,
		y + 9.5);
	svg_end_text(svg);
	fputs("</text>", svg->out);
	return true;
}

static const struct tl_mark *next_exec(const struct tl_process *p, size_t i)
{
	for (; i < p->nr_marks; i++)
		if (p->marks[i].kind == TL_MARK_EXEC)
			return &p->marks[i];
	return NULL;
}

/* Marks, and names of programs; true if the last name is in the bar. */
static bool put_marks(struct svg *svg, const struct tl_process *p, double y)
{
	const struct tl_mark *mark, *next;
	double x, last[TL_MARK_DIFFERENCE + 1], end;
	size_t i, drawn = 0;
	bool named = false;

	for (i = 0; i <= TL_MARK_DIFFERENCE; i++)
		last[i] = -SVG_WIDTH;
	for (i = 0; i < p->nr_marks && drawn < SVG_MAX_MARKS; i++) {
		mark = &p->marks[i];
		x = svg_x(svg, mark->time);
		if (x - last[mark->kind] < 3)
			continue;
		last[mark->kind] = x;
		put_marker(svg, mark, x, y);
		drawn++;
		if (mark->kind != TL_MARK_EXEC)
			continue;
		next = next_exec(p, i + 1);
		end = svg_x(svg, next ? next->time : tl_exit_of(svg->tl, p));
		named = put_name_label(svg, mark->name ? mark->name : "?",
				       x + 7, y, end - x - 12);
	}
	return named;
}

/* A bar across where it exited. */
static void put_exit(struct svg *svg, const struct tl_process *p, double y)
{
	double x = svg_x(svg, tl_exit_of(svg->tl, p));

	if (p->exited == TL_NEVER)
		fprintf(svg->out,
			"<path class=\"edge\" d=\"M%.1f %.1fl4 6-4 6\"/>",
			x + 1, y);
	else if (p->signo)
		fprintf(svg->out,
			"<path class=\"x\" d=\"M%.1f %.1fl8 8M%.1f %.1fl-8 8\"/>",
			x - 4, y + 2, x + 4, y + 2);
	else
		fprintf(svg->out,
			"<path class=\"end\" d=\"M%.1f %.1fv%d\"/>", x, y - 1,
			SVG_BAR + 2);
}

/* Behind the bar: the name, where it is not in the bar, and how it ended. */
static void put_fate(struct svg *svg, const struct tl_process *p, double y,
		     bool named)
{
	double x = svg_x(svg, tl_end_of(svg->tl, p)) + (p->signo ? 8 : 6);

	fprintf(svg->out, "<text class=\"fate halo\" x=\"%.1f\" y=\"%.1f\">", x,
		y + 9.5);
	if (!named) {
		fputs("<tspan class=\"in\">", svg->out);
		tl_put_name(svg_begin_text(svg), tl_name(p));
		fputs(" ", svg->text);
		svg_end_text(svg);
		fputs("</tspan>", svg->out);
	}
	fprintf(svg->out, "<tspan class=\"%s\">",
		p->signo ? "killed" : p->code ? "fail" : "fate");
	tl_put_fate(svg_begin_text(svg), p);
	if (p->exited != TL_NEVER && p->gone == TL_NEVER)
		fputs(", never waited for", svg->text);
	svg_end_text(svg);
	fputs("</tspan></text>", svg->out);
}

/* The number of processes of a row that were there at once, as an area. */
static void put_counts(struct svg *svg, const struct tl_row *row, double y)
{
	size_t n = (svg->right - svg->left) / COLUMN + 1, i, c, first = n;
	long *change = tl_calloc(n + 1, sizeof(*change)), now, most = 0;
	const struct tl_process *p;
	double h, last = -1;

	for (i = 0; i < row->nr_members; i++) {
		p = row->members[i];
		c = (svg_x(svg, p->born) - svg->left) / COLUMN;
		change[c < n ? c : n - 1]++;
		if (c < first)
			first = c;
		c = (svg_x(svg, tl_exit_of(svg->tl, p)) - svg->left) / COLUMN;
		change[(c < n ? c : n - 1) + 1]--;
	}
	for (now = 0, c = 0; c < n; c++) {
		now += change[c];
		if (now > most)
			most = now;
	}
	fprintf(svg->out, "<path class=\"many\" d=\"M%.0f %.1f",
		svg->left + first * COLUMN, y + SVG_BAR);
	for (now = 0, c = first; c < n; c++) {
		now += change[c];
		h = now ? 2 + (SVG_BAR - 2.0) * now / most : 0;
		if (h != last)
			fprintf(svg->out, "H%.0fV%.1f",
				svg->left + c * COLUMN, y + SVG_BAR - h);
		last = h;
	}
	fprintf(svg->out, "H%.0fV%.1fz\"/>", svg->right, y + SVG_BAR);
	fprintf(svg->out,
		"<text class=\"fate halo\" x=\"%.1f\" y=\"%.1f\">at most %ld at once</text>",
		svg_x(svg, row->gone) + 6, y + 9.5, most);
	free(change);
}

void svg_row_bar(struct svg *svg, const struct tl_row *row)
{
	double y = svg->top + row->order * (double)SVG_ROW + SVG_BAR_TOP;
	const struct tl_process *p = row->first;
	bool named;

	fprintf(svg->out, "<g id=\"p%lld-%zu\" class=\"row\">", p->id,
		p->index);
	if (row->nr_members == 1) {
		tl_put_story(svg_begin_text(svg), svg->tl, p);
		svg_end_title(svg);
		put_spans(svg, p, y);
		put_exit(svg, p, y);
		named = put_marks(svg, p, y);
		put_fate(svg, p, y, named);
	} else {
		tl_put_summary(svg_begin_text(svg), svg->tl, row);
		svg_end_title(svg);
		put_counts(svg, row, y);
	}
	fputs("</g>\n", svg->out);
}
