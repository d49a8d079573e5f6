/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * A table whose columns are at least as wide as what is in them.
 *
 * GRID_ROWS rows are in memory at a time. The widths are those of the rows so
 * far: a column that a later row widens stays as wide from there on.
 */
#ifndef PROCSRVCTL_GRID_H
#define PROCSRVCTL_GRID_H

#include "procsrvctl.h"

enum {
	GRID_ROWS	= 64,
	GRID_COLUMNS	= 24,
	/* The width that narrow columns leave to the last one. */
	GRID_LAST	= 20,
};

/**
 * struct column - a column other than the last one
 * @title: stands above it
 * @width: the least width, where enough is left to the last column
 * @left: aligned to the left
 * @narrow: made narrower, and its text cut, where little is left to the last column
 */
struct column {
	const char *title;
	size_t width;
	bool left;
	bool narrow;
};

/**
 * struct grid - a table in the making
 * @columns: its columns
 * @nr: how many
 * @last: title of the last column, whose text has any length
 * @line: columns of the terminal, where lines are cut, or 0
 * @begun: the titles are printed
 * @content: widest text of each column so far
 * @width: of each column, as it is printed
 * @row: rows that wait to be printed
 * @at: next cell of the row
 * @cells: widths of the cells
 * @file: the cells, with a NUL after each
 * @text: what @file writes
 * @size: bytes at @text
 */
struct grid {
	const struct column *columns;
	size_t nr;
	const char *last;
	size_t line;
	bool begun;
	size_t content[GRID_COLUMNS];
	size_t width[GRID_COLUMNS];
	size_t row;
	size_t at;
	size_t cells[GRID_ROWS][GRID_COLUMNS];
	FILE *file;
	char *text;
	size_t size;
};

void grid_begin(struct grid *grid, const struct column *columns, size_t nr,
		const char *last, size_t line);

/* Adds a cell. */
void grid_cell(struct grid *grid, const char *fmt, ...)
	__attribute__((format(printf, 2, 3)));

/* Adds a cell in a color, or in "". */
void grid_colored(struct grid *grid, const char *color, const char *s);

/* Adds a cell with text from a process. */
void grid_text(struct grid *grid, const char *s);

/* Ends a row, after its last cell was written to @grid->file. */
void grid_end_row(struct grid *grid);

/* Prints the rest. Titles are printed with the first row: a listing may be refused. */
void grid_end(struct grid *grid);

#endif /* PROCSRVCTL_GRID_H */
