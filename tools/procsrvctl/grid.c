// SPDX-License-Identifier: GPL-2.0-only
#include <stdlib.h>
#include <string.h>

#include "grid.h"

static void open_rows(struct grid *grid)
{
	grid->row = 0;
	grid->at = 0;
	grid->file = need(open_memstream(&grid->text, &grid->size));
}

void grid_begin(struct grid *grid, const struct column *columns, size_t nr,
		const char *last, size_t line)
{
	size_t i;

	grid->columns = columns;
	grid->nr = nr;
	grid->last = last;
	grid->line = line;
	for (i = 0; i < nr; i++)
		grid->content[i] = strlen(columns[i].title);
	open_rows(grid);
}

static void end_cell(struct grid *grid, size_t width)
{
	if (grid->content[grid->at] < width)
		grid->content[grid->at] = width;
	grid->cells[grid->row][grid->at++] = width;
	fputc('\0', grid->file);
}

void grid_cell(struct grid *grid, const char *fmt, ...)
{
	va_list ap;
	int n;

	va_start(ap, fmt);
	n = vfprintf(grid->file, fmt, ap);
	va_end(ap);
	end_cell(grid, n < 0 ? 0 : n);
}

void grid_colored(struct grid *grid, const char *color, const char *s)
{
	fprintf(grid->file, "%s%s%s", color, s, color_end(color));
	end_cell(grid, strlen(s));
}

void grid_text(struct grid *grid, const char *s)
{
	end_cell(grid, escape_text(grid->file, s, strlen(s), ESCAPE_BLANKS));
}

static bool is_too_wide(const struct grid *grid, size_t all)
{
	return grid->line && all > grid->line;
}

/* Sets the widths, and returns their sum with the least width of the last column. */
static size_t set_widths(struct grid *grid, bool compact)
{
	size_t all = GRID_LAST, i;

	for (i = 0; i < grid->nr; i++) {
		grid->width[i] = grid->content[i];
		if (!compact && grid->width[i] < grid->columns[i].width)
			grid->width[i] = grid->columns[i].width;
		all += grid->width[i] + 1;
	}
	return all;
}

static void fit_columns(struct grid *grid)
{
	size_t all = set_widths(grid, false), least, over, i;

	if (is_too_wide(grid, all))
		all = set_widths(grid, true);
	for (i = 0; i < grid->nr && is_too_wide(grid, all); i++) {
		if (!grid->columns[i].narrow)
			continue;
		least = strlen(grid->columns[i].title);
		over = grid->width[i] - least;
		if (over > all - grid->line)
			over = all - grid->line;
		grid->width[i] -= over;
		all -= over;
	}
}

/* Cuts a line and prints it, and frees it. */
static void print_line(const struct grid *grid, char *line)
{
	if (grid->line)
		cut_line(line, grid->line);
	puts(line);
	free(line);
}

static void print_cell(const struct grid *grid, FILE *line, size_t i,
		       char *text, size_t width)
{
	int blanks = 0;

	if (width > grid->width[i])
		cut_line(text, grid->width[i]);
	else
		blanks = grid->width[i] - width;
	if (grid->columns[i].left)
		fprintf(line, "%s%*s ", text, blanks, "");
	else
		fprintf(line, "%*s%s ", blanks, "", text);
}

static void print_titles(struct grid *grid)
{
	char *line = NULL;
	size_t size, i;
	FILE *file = need(open_memstream(&line, &size));

	grid->begun = true;
	for (i = 0; i < grid->nr; i++)
		fprintf(file, grid->columns[i].left ? "%-*s " : "%*s ",
			(int)grid->width[i], grid->columns[i].title);
	fputs(grid->last, file);
	fclose(file);
	print_line(grid, line);
}

/* Returns the text behind the row. */
static char *print_row(struct grid *grid, size_t row, char *text)
{
	char *line = NULL, *next;
	size_t size, i;
	FILE *file = need(open_memstream(&line, &size));

	for (i = 0; i < grid->nr; i++) {
		next = text + strlen(text) + 1;
		print_cell(grid, file, i, text, grid->cells[row][i]);
		text = next;
	}
	fputs(text, file);
	fclose(file);
	print_line(grid, line);
	return text + strlen(text) + 1;
}

static void print_rows(struct grid *grid)
{
	char *text;
	size_t i;

	fclose(grid->file);
	if (grid->row) {
		fit_columns(grid);
		if (!grid->begun)
			print_titles(grid);
	}
	text = grid->text;
	for (i = 0; i < grid->row; i++)
		text = print_row(grid, i, text);
	free(grid->text);
}

void grid_end_row(struct grid *grid)
{
	fputc('\0', grid->file);
	grid->at = 0;
	if (++grid->row < GRID_ROWS)
		return;
	print_rows(grid);
	open_rows(grid);
}

void grid_end(struct grid *grid)
{
	print_rows(grid);
}
