// SPDX-License-Identifier: GPL-2.0-only
/*
 * A timeline as a picture: the document, its axis, and its order of drawing.
 * Bands are behind everything, then lines between rows, then bars, and signals
 * above all.
 */
#include <search.h>
#include <stdlib.h>
#include <string.h>

#include "client.h"
#include "svg.h"

/* Letters are about so wide, as a part of their height. */
#define LETTER_WIDTH	0.56

/* Distances on the axis. */
#define TICKS		10

double svg_x(const struct svg *svg, long long time)
{
	return svg->left +
	       tl_scale_at(&svg->scale, time) * (svg->right - svg->left);
}

double svg_y(const struct svg *svg, size_t row)
{
	return svg->top + svg->layout.rows[row].order * (double)SVG_ROW;
}

double svg_bar(const struct svg *svg, size_t row)
{
	return svg_y(svg, row) + SVG_BAR_TOP + SVG_BAR / 2.0;
}

FILE *svg_begin_text(struct svg *svg)
{
	svg->text = open_memstream(&svg->buf, &svg->len);
	if (!svg->text)
		abort();
	return svg->text;
}

void svg_drop_text(struct svg *svg)
{
	if (fclose(svg->text))
		abort();
	free(svg->buf);
}

/* The text has no control character but line feeds: names were escaped. */
void svg_end_text(struct svg *svg)
{
	const char *s;

	if (fflush(svg->text))
		abort();
	for (s = svg->buf; *s; s++) {
		switch (*s) {
		case '&':
			fputs("&amp;", svg->out);
			break;
		case '<':
			fputs("&lt;", svg->out);
			break;
		case '>':
			fputs("&gt;", svg->out);
			break;
		case '"':
			fputs("&quot;", svg->out);
			break;
		default:
			fputc(*s, svg->out);
		}
	}
	svg_drop_text(svg);
}

void svg_end_title(struct svg *svg)
{
	fputs("<title>", svg->out);
	svg_end_text(svg);
	fputs("</title>", svg->out);
}

double svg_text_width(struct svg *svg, double height)
{
	double letters = 0;
	const char *s;

	if (fflush(svg->text))
		abort();
	for (s = svg->buf; *s; s++) {
		if ((*s & 0xc0) == 0x80)
			continue;
		/* From U+1000 on, letters are mostly wide. */
		letters += (unsigned char)*s > 0xe0 ? 2 : 1;
	}
	return letters * height * LETTER_WIDTH;
}

static void survey(struct svg *svg)
{
	const struct timeline *tl = svg->tl;
	const struct tl_process *p;
	size_t i, j;

	for (i = 0; i < tl->nr_procs; i++) {
		p = tl->procs[i];
		svg->has_groups |= p->sid || p->pgid;
		for (j = 0; j < p->nr_spans; j++)
			svg->states |= 1U << p->spans[j].state;
		for (j = 0; j < p->nr_marks; j++)
			svg->marks |= 1U << p->marks[j].kind;
	}
	svg->has_groups |= !!(svg->marks & (1U << TL_MARK_SESSION |
					    1U << TL_MARK_GROUP));
}

static void put_tick(struct svg *svg, long long time, long long step)
{
	double x = svg_x(svg, time), y[] = { svg->top - 7, svg->bottom + 15 };
	int i;

	fprintf(svg->out, "<path class=\"grid\" d=\"M%.1f %.1fV%.1f\"/>", x,
		svg->top - 3, svg->bottom + 3);
	for (i = 0; i < 2; i++) {
		fprintf(svg->out,
			"<text class=\"axis\" x=\"%.1f\" y=\"%.1f\" text-anchor=\"middle\">",
			x, y[i]);
		tl_put_time(svg_begin_text(svg), svg->tl, time, step);
		svg_end_text(svg);
		fputs("</text>", svg->out);
	}
	fputc('\n', svg->out);
}

/* Where the axis is cut short: two slanted lines, and the length of the cut. */
static void put_cut(struct svg *svg)
{
	const struct tl_scale *scale = &svg->scale;
	double x = (svg_x(svg, scale->cut_from) + svg_x(svg, scale->cut_to)) / 2;
	double y[] = { svg->top - 7, svg->bottom + 15 };
	int i;

	fprintf(svg->out,
		"<path class=\"cut\" d=\"M%.1f %.1fV%.1fM%.1f %.1fV%.1f\"/>",
		x - 2, svg->top - 3, svg->bottom + 3, x + 2, svg->top - 3,
		svg->bottom + 3);
	for (i = 0; i < 2; i++) {
		fprintf(svg->out,
			"<text class=\"axis halo\" x=\"%.1f\" y=\"%.1f\" text-anchor=\"middle\">… ",
			x, y[i]);
		tl_put_length(svg_begin_text(svg), svg->tl,
			      scale->cut_to - scale->cut_from);
		svg_end_text(svg);
		fputs(" …</text>", svg->out);
	}
	fputc('\n', svg->out);
}

/* Ticks are at round numbers of lines, or at round times since the start. */
static void put_axis(struct svg *svg)
{
	const struct timeline *tl = svg->tl;
	long long step = tl_round_step(tl_scale_length(&svg->scale), TICKS);
	long long time;

	time = tl->start;
	if (tl->clock == TL_CLOCK_LINES && time % step)
		time += step - time % step;
	fputs("<g id=\"axis\">\n", svg->out);
	for (; time <= tl->end; time = tl_scale_next(&svg->scale, time, step))
		put_tick(svg, time, step);
	if (svg->scale.shown)
		put_cut(svg);
	fputs("</g>\n", svg->out);
}

static void put_lost(struct svg *svg)
{
	const struct tl_lost *lost;
	double x, last = -SVG_WIDTH;
	size_t i;

	for (i = 0; i < svg->tl->nr_lost; i++) {
		lost = &svg->tl->lost[i];
		x = svg_x(svg, lost->time);
		if (x - last < 2)
			continue;
		last = x;
		fprintf(svg->out,
			"<g class=\"gap\"><rect class=\"lost\" x=\"%.1f\" y=\"%.1f\" width=\"4\" height=\"%.1f\"/>",
			x - 2, svg->top, svg->bottom - svg->top);
		fprintf(svg->out,
			"<text class=\"note lab halo\" x=\"%.1f\" y=\"%.1f\">%llu event%s lost</text></g>\n",
			x + 4, svg->top + 9, (unsigned long long)lost->count,
			client_plural(lost->count, "s"));
	}
}

static void put_rows(struct svg *svg,
		     void (*put)(struct svg *svg, const struct tl_row *row))
{
	size_t i;

	for (i = 0; i < svg->layout.nr; i++)
		put(svg, &svg->layout.rows[svg->layout.sorted[i]]);
}

static void put_body(struct svg *svg)
{
	fputs("<g id=\"bands\">\n", svg->out);
	put_rows(svg, svg_row_bands);
	fputs("</g>\n", svg->out);
	put_axis(svg);
	fputs("<g id=\"names\" clip-path=\"url(#names)\">\n", svg->out);
	put_rows(svg, svg_row_name);
	fputs("</g>\n", svg->out);
	if (svg->has_groups)
		svg_groups(svg);
	fputs("<g id=\"links\">\n", svg->out);
	svg_links(svg);
	fputs("</g>\n<g id=\"rows\">\n", svg->out);
	put_rows(svg, svg_row_bar);
	fputs("</g>\n<g id=\"signals\">\n", svg->out);
	svg_signals(svg);
	fputs("</g>\n", svg->out);
	put_lost(svg);
}

void timeline_write_svg(struct timeline *tl, FILE *out)
{
	struct svg svg = { .tl = tl, .out = out };
	locale_t locale = tl_begin_numbers();
	char *body = NULL;
	double height;
	size_t size;

	tl_layout_make(tl, SVG_MAX_ROWS, &svg.layout);
	tl_scale_make(tl, &svg.scale);
	survey(&svg);
	svg.left = SVG_MARGIN + SVG_NAMES +
		   (svg.has_groups ? 2 * SVG_COLUMN + 8 : 8);
	svg.right = SVG_WIDTH - SVG_FATES;

	/* The height of the head is only known once it has been drawn. */
	svg.out = open_memstream(&body, &size);
	if (!svg.out)
		abort();
	svg.top = svg_head(&svg);
	svg.bottom = svg.top + svg.layout.nr * (double)SVG_ROW;
	put_body(&svg);
	if (fclose(svg.out))
		abort();

	svg.out = out;
	height = svg.bottom + 26;
	fprintf(out,
		"<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"%d\" height=\"%.0f\" viewBox=\"0 0 %d %.0f\">\n",
		SVG_WIDTH, height, SVG_WIDTH, height);
	svg_style(&svg);
	fprintf(out, "<rect class=\"bg\" width=\"%d\" height=\"%.0f\"/>\n",
		SVG_WIDTH, height);
	fwrite(body, 1, size, out);
	fputs("</svg>\n", out);
	free(body);
	tl_layout_free(&svg.layout);
	tdestroy(svg.hues, free);
	tl_end_numbers(locale);
}
