// SPDX-License-Identifier: GPL-2.0-only
/*
 * The columns of sessions and groups, beside the names: adjacent rows of the same
 * session or group have one block.
 */
#include <search.h>
#include <stdlib.h>

#include "svg.h"

/**
 * struct hue - the colour of a session or a group
 */
struct hue {
	long long id;
	unsigned int hue;
};

static int compare_hue(const void *a, const void *b)
{
	const struct hue *left = a, *right = b;

	return left->id < right->id ? -1 : left->id > right->id;
}

/* Colours are used in turn, so that neighbours differ. */
unsigned int svg_hue(struct svg *svg, long long id)
{
	struct hue key = { .id = id }, *hue, **found;

	found = tfind(&key, &svg->hues, compare_hue);
	if (found)
		return (*found)->hue;
	hue = tl_calloc(1, sizeof(*hue));
	hue->id = id;
	hue->hue = svg->nr_hues++ % SVG_HUES;
	if (!tsearch(hue, &svg->hues, compare_hue))
		abort();
	return hue->hue;
}

static long long id_of(const struct svg *svg, size_t order, bool session)
{
	const struct tl_row *row = &svg->layout.rows[svg->layout.sorted[order]];

	return session ? row->first->sid_now : row->first->pgid_now;
}

static void put_block(struct svg *svg, size_t first, size_t n, bool session)
{
	double x = SVG_MARGIN + SVG_NAMES + (session ? 0 : SVG_COLUMN);
	double y = svg->top + first * (double)SVG_ROW;
	long long id = id_of(svg, first, session);
	const char *what = session ? "session" : "group";

	fprintf(svg->out,
		"<g><title>%s %lld</title>",
		what, id);
	fprintf(svg->out,
		"<rect class=\"block h%u\" x=\"%.0f\" y=\"%.1f\" width=\"%d\" height=\"%.1f\" rx=\"3\"/>",
		svg_hue(svg, id), x, y + 1, SVG_COLUMN - 3,
		n * (double)SVG_ROW - 2);
	fprintf(svg->out,
		"<text class=\"lab\" x=\"%.0f\" y=\"%.1f\">%lld</text></g>\n",
		x + 4, y + 14, id);
}

static void put_column(struct svg *svg, bool session)
{
	size_t first, next;
	long long id;

	fprintf(svg->out,
		"<text class=\"axis\" x=\"%d\" y=\"%.1f\">%s</text>\n",
		SVG_MARGIN + SVG_NAMES + (session ? 0 : SVG_COLUMN),
		svg->top - 7, session ? "session" : "group");
	for (first = 0; first < svg->layout.nr; first = next) {
		id = id_of(svg, first, session);
		for (next = first + 1; next < svg->layout.nr; next++)
			if (id_of(svg, next, session) != id)
				break;
		if (id)
			put_block(svg, first, next - first, session);
	}
}

void svg_groups(struct svg *svg)
{
	fputs("<g id=\"groups\">\n", svg->out);
	put_column(svg, true);
	put_column(svg, false);
	fputs("</g>\n", svg->out);
}
