// SPDX-License-Identifier: GPL-2.0-only
/*
 * Lines from one row to another: forks, waits, signals, new parents. All lines
 * are vertical, at the moment of the event.
 */
#include <stdlib.h>

#include "svg.h"

/**
 * struct link - a line between two rows
 * @from: a row
 * @to: the row that its head is at
 * @time: when
 * @class: its style
 * @head: the style of its head
 */
struct link {
	size_t from;
	size_t to;
	long long time;
	const char *class;
	const char *head;
};

/* From the edge of one bar to that of the other; false if there is none. */
static bool put_line(struct svg *svg, const struct link *link)
{
	double x = svg_x(svg, link->time);
	double from = svg_bar(svg, link->from), to = svg_bar(svg, link->to);
	int down = to > from ? 1 : -1;

	if (link->from == link->to || svg->nr_links >= SVG_MAX_LINKS)
		return false;
	svg->nr_links++;
	from += down * SVG_BAR / 2.0;
	to -= down * SVG_BAR / 2.0;
	fprintf(svg->out, "<path class=\"%s\" d=\"M%.1f %.1fV%.1f\"/>",
		link->class, x, from, to - down * 3);
	fprintf(svg->out, "<path class=\"%s\" d=\"M%.1f %.1fh6l-3 %dz\">",
		link->head, x - 3, to - down * 5, down * 5);
	return true;
}

static void put_fork(struct svg *svg, const struct tl_process *p)
{
	struct link link = {
		.from = p->parent->row, .to = p->row, .time = p->born,
		.class = "fork", .head = "forkhead",
	};

	if (!put_line(svg, &link))
		return;
	tl_put_process(svg_begin_text(svg), p->parent);
	fputs(" forked ", svg->text);
	tl_put_process(svg->text, p);
	svg_end_title(svg);
	fputs("</path>\n", svg->out);
}

static void put_wait(struct svg *svg, const struct tl_process *p,
		     const struct tl_process *by, long long time,
		     const char *what)
{
	struct link link = {
		.from = p->row, .to = by->row, .time = time,
		.class = "reap", .head = "reaphead",
	};

	if (!put_line(svg, &link))
		return;
	tl_put_process(svg_begin_text(svg), by);
	fputs(" waited for ", svg->text);
	tl_put_process(svg->text, p);
	fprintf(svg->text, ": %s", what);
	if (!*what)
		tl_put_fate(svg->text, p);
	svg_end_title(svg);
	fputs("</path>\n", svg->out);
}

static void put_parent(struct svg *svg, const struct tl_process *p,
		       const struct tl_mark *mark)
{
	double x = svg_x(svg, mark->time), y = svg_bar(svg, p->row);

	if (svg->nr_links++ >= SVG_MAX_LINKS)
		return;
	if (mark->other && mark->other->row != p->row)
		fprintf(svg->out, "<path class=\"orphan\" d=\"M%.1f %.1fV%.1f\"/>",
			x, y, svg_bar(svg, mark->other->row));
	fprintf(svg->out,
		"<circle class=\"orphanhead\" cx=\"%.1f\" cy=\"%.1f\" r=\"2.6\">",
		x, y - SVG_BAR / 2.0 - 1);
	tl_put_process(svg_begin_text(svg), p);
	fputs(" is ", svg->text);
	tl_put_mark(svg->text, mark);
	svg_end_title(svg);
	fputs("</circle>\n", svg->out);
}

static void put_marks(struct svg *svg, const struct tl_process *p)
{
	const struct tl_mark *mark;
	double x, last = -SVG_WIDTH;
	size_t i;

	for (i = 0; i < p->nr_marks; i++) {
		mark = &p->marks[i];
		x = svg_x(svg, mark->time);
		if (mark->kind == TL_MARK_PARENT && p->gone != mark->time) {
			put_parent(svg, p, mark);
		} else if (mark->kind == TL_MARK_REPORTED && mark->other &&
			   x - last >= 2) {
			put_wait(svg, p, mark->other, mark->time,
				 "a stop or a continuation");
			last = x;
		}
	}
}

/* For a row of several processes, draws the first fork and the last wait. */
static void put_row_links(struct svg *svg, const struct tl_row *row)
{
	const struct tl_process *last = row->first;
	size_t i;

	if (row->first->parent && !row->first->before)
		put_fork(svg, row->first);
	for (i = 0; i < row->nr_members; i++)
		if (row->members[i]->reaper &&
		    (!last->reaper || row->members[i]->gone > last->gone))
			last = row->members[i];
	if (last->reaper)
		put_wait(svg, last, last->reaper, last->gone, "");
	if (row->nr_members == 1)
		put_marks(svg, row->first);
}

void svg_links(struct svg *svg)
{
	size_t i;

	for (i = 0; i < svg->layout.nr; i++)
		put_row_links(svg, &svg->layout.rows[svg->layout.sorted[i]]);
}

/* A signal that killed, from its sender. */
static bool is_fatal(const struct tl_process *p, const struct tl_mark *mark)
{
	return p->signo && p->signo == mark->signo &&
	       p->killer == mark->other && p->killed == mark->time;
}

/* @free_from: where there is room for the next label; moved. */
static void put_signal(struct svg *svg, const struct tl_process *p,
		       const struct tl_mark *mark, double *free_from)
{
	bool fatal = is_fatal(p, mark);
	struct link link = {
		.from = mark->other ? mark->other->row : p->row,
		.to = p->row, .time = mark->time,
		.class = fatal ? "kill" : "sig", .head = "sighead",
	};
	double x = svg_x(svg, mark->time), y = svg_bar(svg, p->row);
	char buf[16];

	if (!put_line(svg, &link))
		fprintf(svg->out,
			"<path class=\"sighead\" d=\"M%.1f %.1fh6l-3 5z\">",
			x - 3, y - SVG_BAR / 2.0 - 4);
	tl_put_mark(svg_begin_text(svg), mark);
	fputs(" to ", svg->text);
	tl_put_process(svg->text, p);
	svg_end_title(svg);
	fputs("</path>\n", svg->out);
	if (x < *free_from)
		return;
	fputs(tl_signal_name(mark->signo, buf), svg_begin_text(svg));
	*free_from = x + 10 + svg_text_width(svg, 10);
	fprintf(svg->out, "<text class=\"siglab halo\" x=\"%.1f\" y=\"%.1f\">",
		x + 5, y - 8);
	svg_end_text(svg);
	fputs("</text>\n", svg->out);
}

void svg_signals(struct svg *svg)
{
	const struct tl_process *p;
	const struct tl_row *row;
	size_t i, m, drawn;
	double x, last, free_from;

	for (i = 0; i < svg->layout.nr; i++) {
		row = &svg->layout.rows[svg->layout.sorted[i]];
		p = row->first;
		last = -SVG_WIDTH;
		free_from = 0;
		drawn = 0;
		for (m = 0; m < p->nr_marks && row->nr_members == 1; m++) {
			x = svg_x(svg, p->marks[m].time);
			if (p->marks[m].kind != TL_MARK_SIGNAL ||
			    (x - last < 3 && !is_fatal(p, &p->marks[m])) ||
			    drawn++ > SVG_MAX_MARKS)
				continue;
			put_signal(svg, p, &p->marks[m], &free_from);
			last = x;
		}
	}
}
