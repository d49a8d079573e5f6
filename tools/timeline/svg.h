/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Declarations that the parts of the picture share.
 */
#ifndef TIMELINE_SVG_H
#define TIMELINE_SVG_H

#include "internal.h"

/* Pixels, as long as nothing scales the picture. */
enum {
	SVG_WIDTH	= 1400,
	SVG_MARGIN	= 16,
	SVG_NAMES	= 270,	/* the tree */
	SVG_COLUMN	= 52,	/* a session or a group */
	SVG_FATES	= 215,	/* right of the plot */
	SVG_ROW		= 22,
	SVG_BAR_TOP	= 4,
	SVG_BAR		= 12,
	SVG_STRIP_TOP	= 18,
	SVG_STRIP	= 3,
	SVG_INDENT	= 12,
	SVG_HUES	= 6,
};

/* Rows, and what is drawn in one, so that the file stays small. */
enum {
	SVG_MAX_ROWS	= 100,
	SVG_MAX_SPANS	= 40,	/* with a title each */
	SVG_MAX_MARKS	= 60,
	SVG_MAX_LINKS	= 3000,
};

/**
 * struct svg - a picture while it is drawn
 * @tl: the timeline
 * @layout: its rows
 * @scale: its time axis
 * @out: the stream
 * @text: a text that is being put together, at @buf
 * @buf: the buffer that svg_begin_text() fills
 * @len: bytes there
 * @left: of the plot
 * @right: of the plot
 * @top: of the rows
 * @bottom: of the rows
 * @has_groups: sessions or groups are known
 * @states: those that occur, as a mask
 * @marks: kinds of marks that occur, as a mask
 * @nr_links: drawn so far
 * @hues: sessions and groups that have a colour
 * @nr_hues: how many
 */
struct svg {
	struct timeline *tl;
	struct tl_layout layout;
	struct tl_scale scale;
	FILE *out;
	FILE *text;
	char *buf;
	size_t len;
	double left;
	double right;
	double top;
	double bottom;
	bool has_groups;
	unsigned int states;
	unsigned int marks;
	size_t nr_links;
	void *hues;
	unsigned int nr_hues;
};

/* Where a time and a row are. */
double svg_x(const struct svg *svg, long long time);
double svg_y(const struct svg *svg, size_t row);

/* The middle of the bar of a row. */
double svg_bar(const struct svg *svg, size_t row);

/*
 * svg_begin_text() - put a text together
 *
 * svg_end_title() or svg_end_text() make the text of an element from what was
 * written to the stream; svg_drop_text() drops it.
 */
FILE *svg_begin_text(struct svg *svg);

/* <title>, which a viewer shows when the pointer is above an element. */
void svg_end_title(struct svg *svg);

/* The text alone, with markup characters of XML escaped. */
void svg_end_text(struct svg *svg);

/* The approximate width of the text that was begun, in letters of a height. */
double svg_text_width(struct svg *svg, double height);
void svg_drop_text(struct svg *svg);

/* svg_style.c */
void svg_style(struct svg *svg);

/* svg_legend.c: the head above the rows; returns its height */
double svg_head(struct svg *svg);

/* svg_row.c: the contents of a row */
void svg_row_bands(struct svg *svg, const struct tl_row *row);
void svg_row_bar(struct svg *svg, const struct tl_row *row);
void svg_row_name(struct svg *svg, const struct tl_row *row);

/* svg_links.c: lines from one row to another */
void svg_links(struct svg *svg);
void svg_signals(struct svg *svg);

/* svg_style.c: the class of each state in the style sheet */
extern const char * const svg_state_class[TL_NR_STATES];

/* svg_groups.c: the columns of sessions and groups */
void svg_groups(struct svg *svg);

/* The colour of a session or a group. */
unsigned int svg_hue(struct svg *svg, long long id);

#endif /* TIMELINE_SVG_H */
