// SPDX-License-Identifier: GPL-2.0-only
/*
 * The head above the rows: the title of the picture, and the meaning of its signs.
 */
#include <string.h>
#include <time.h>

#include "client.h"
#include "svg.h"

/* Positions of the first lines, and the distance of lines of the legend. */
enum {
	TITLE_Y		= 28,
	SUBTITLE_Y	= 46,
	NOTE_Y		= 62,
	LINE		= 19,
	SAMPLE		= 26,
};

static const char * const state_words[TL_NR_STATES] = {
	[TL_RUNNING] = "running",
	[TL_SLEEPING] = "sleeping",
	[TL_WAITING] = "waiting for a child",
	[TL_STOPPED] = "stopped",
	[TL_EXITING] = "exiting",
	[TL_ZOMBIE] = "zombie, not yet waited for",
};

/**
 * struct sign - a sign and its meaning; the drawing is about 0,0 to 26,12
 * @mark: occurs with this kind of mark, or TL_MARK_NONE always
 */
struct sign {
	int mark;
	const char *words;
	const char *drawing[2];
};

#define ALWAYS	(-1)

static const struct sign signs[] = {
	{ ALWAYS, "fork",
	  { "<path class=\"fork\" d=\"M13 0V9\"/>",
	    "<path class=\"forkhead\" d=\"M10 7h6l-3 5z\"/>" } },
	{ TL_MARK_EXEC, "exec",
	  { "<path class=\"exec\" d=\"M13 1.5l4.5 4.5-4.5 4.5-4.5-4.5z\"/>", "" } },
	{ ALWAYS, "was waited for by",
	  { "<path class=\"reap\" d=\"M13 12V3\"/>",
	    "<path class=\"reaphead\" d=\"M10 5h6l-3-5z\"/>" } },
	{ TL_MARK_SIGNAL, "signal, bold if it killed",
	  { "<path class=\"sig\" d=\"M7 0v12\"/><path class=\"kill\" d=\"M17 0V8\"/>",
	    "<path class=\"sighead\" d=\"M13 7h8l-4 5z\"/>" } },
	{ TL_MARK_PARENT, "has a new parent",
	  { "<path class=\"orphan\" d=\"M13 12V4\"/>",
	    "<circle class=\"orphanhead\" cx=\"13\" cy=\"3\" r=\"2.6\"/>" } },
	{ TL_MARK_SESSION, "session",
	  { "<rect class=\"band h1\" style=\"opacity:.3\" width=\"26\" height=\"12\"/>",
	    "" } },
	{ TL_MARK_GROUP, "group",
	  { "<rect class=\"strip h2\" y=\"8\" width=\"26\" height=\"3\"/>", "" } },
	{ TL_MARK_DIFFERENCE, "answers differ",
	  { "<path class=\"badline\" d=\"M13 0v12\"/>",
	    "<path class=\"bad\" d=\"M8 0h10l-5 8z\"/>" } },
};

static void put_start(FILE *out, const struct timeline *tl)
{
	time_t seconds = tl->start / TL_NS_PER_S;
	char buf[40];
	struct tm tm;

	if (tl->clock == TL_CLOCK_DAY)
		fprintf(out, ", from %02d:%02d:%02d on",
			(int)(seconds / 3600 % 24), (int)(seconds / 60 % 60),
			(int)(seconds % 60));
	if (tl->clock == TL_CLOCK_EPOCH && gmtime_r(&seconds, &tm) &&
	    strftime(buf, sizeof(buf), "%F %T UTC", &tm))
		fprintf(out, ", from %s on", buf);
}

static void put_subtitle(FILE *out, const struct svg *svg)
{
	const struct timeline *tl = svg->tl;

	fprintf(out, "%zu process%s in ", tl->nr_procs,
		client_plural(tl->nr_procs, "es"));
	tl_put_length(out, tl, tl->end - tl->start);
	put_start(out, tl);
	if (svg->layout.merged) {
		fprintf(out,
			"; %zu of them share rows with others that are alike",
			svg->layout.merged);
	}
	if (tl->nr_differences)
		fprintf(out, "; %zu answer%s", tl->nr_differences,
			tl->nr_differences == 1 ? " differs" : "s differ");
}

static void put_line(struct svg *svg, const char *class, double y,
		     void (*put)(FILE *out, const struct svg *svg))
{
	fprintf(svg->out, "<text class=\"%s\" x=\"%d\" y=\"%.0f\">", class,
		SVG_MARGIN, y);
	put(svg_begin_text(svg), svg);
	svg_end_text(svg);
	fputs("</text>\n", svg->out);
}

static void put_title(FILE *out, const struct svg *svg)
{
	tl_put_text(out, svg->tl->title);
}

static void put_note(FILE *out, const struct svg *svg)
{
	fputs(svg->tl->note, out);
}

/* Draws a sign and its words; returns where the next one goes. */
static double put_words(struct svg *svg, double x, double y, const char *words)
{
	fprintf(svg->out, "<text class=\"sub\" x=\"%.0f\" y=\"%.0f\">", x, y);
	fputs(words, svg_begin_text(svg));
	x += svg_text_width(svg, 11) + 18;
	svg_end_text(svg);
	fputs("</text>\n", svg->out);
	return x;
}

static void put_states(struct svg *svg, double y)
{
	double x = SVG_MARGIN;
	int i;

	for (i = 0; i < TL_NR_STATES; i++) {
		if (!(svg->states & 1U << i))
			continue;
		fprintf(svg->out,
			"<rect class=\"%s\" x=\"%.0f\" y=\"%.0f\" width=\"%d\" height=\"%d\"/>",
			svg_state_class[i], x, y - SVG_BAR + 2, SAMPLE, SVG_BAR);
		x = put_words(svg, x + SAMPLE + 6, y, state_words[i]);
	}
}

static void put_signs(struct svg *svg, double y)
{
	double x = SVG_MARGIN;
	size_t i;

	for (i = 0; i < ARRAY_SIZE(signs); i++) {
		if (signs[i].mark != ALWAYS &&
		    !(svg->marks & 1U << signs[i].mark))
			continue;
		fprintf(svg->out, "<g transform=\"translate(%.0f %.0f)\">%s%s</g>",
			x, y - 10, signs[i].drawing[0], signs[i].drawing[1]);
		x = put_words(svg, x + SAMPLE + 4, y, signs[i].words);
	}
}

double svg_head(struct svg *svg)
{
	double y = SUBTITLE_Y;

	put_line(svg, "title", TITLE_Y, put_title);
	put_line(svg, "sub", y, put_subtitle);
	if (svg->tl->note) {
		y = NOTE_Y;
		put_line(svg, "sub", y, put_note);
	}
	fputs("<g id=\"legend\">\n", svg->out);
	y += LINE + 4;
	put_states(svg, y);
	y += LINE;
	put_signs(svg, y);
	fputs("</g>\n", svg->out);
	return y + LINE + 16;
}
