// SPDX-License-Identifier: GPL-2.0-only
/*
 * tree
 *
 * Draws as pstree does. Walks the tree without recursion, so its depth does not
 * matter.
 */
#include <errno.h>
#include <langinfo.h>
#include <stdlib.h>
#include <string.h>

#include "tree.h"

/**
 * struct lines - the lines that a tree is drawn with, three columns each
 * @only: from a process to its only child
 * @first: to the first of several
 * @middle: to another
 * @last: to the last
 * @pass: beside the line of another, while there are more to come
 */
struct lines {
	const char *only;
	const char *first;
	const char *middle;
	const char *last;
	const char *pass;
};

static const struct lines utf8_lines = {
	"───", "─┬─", " ├─", " └─", " │ "
};

static const struct lines ascii_lines = {
	"---", "-+-", " |-", " `-", " | "
};

/**
 * struct level - an ancestor of the process that is drawn
 * @columns: columns of its label
 * @more: it has children that are still to be drawn
 */
struct level {
	size_t columns;
	bool more;
};

/**
 * struct drawing - options and state of a drawing
 * @lines: the lines that it is drawn with
 * @pids: show them
 * @wide: do not cut lines
 * @columns: where to cut lines, or 0
 * @levels: the ancestors, from the root down
 * @depth: how many
 * @room: how many fit
 * @text: the line that is drawn
 * @size: its length
 * @line: writes to @text
 */
struct drawing {
	const struct lines *lines;
	bool pids;
	bool wide;
	size_t columns;
	struct level *levels;
	size_t depth;
	size_t room;
	char *text;
	size_t size;
	FILE *line;
};

static error_t parse_tree(int key, char *arg __attribute__((unused)),
			  struct argp_state *state)
{
	struct drawing *d = state->input;

	switch (key) {
	case 'p':
		d->pids = true;
		break;
	case 'A':
		d->lines = &ascii_lines;
		break;
	case 'U':
		d->lines = &utf8_lines;
		break;
	case 'w':
		d->wide = true;
		break;
	default:
		return ARGP_ERR_UNKNOWN;
	}
	return 0;
}

static const struct argp_option options[] = {
	{ "pids", 'p', NULL, 0, "Show pids; draws every process", 0 },
	{ "ascii", 'A', NULL, 0, "Draw with ASCII characters", 0 },
	{ "utf8", 'U', NULL, 0,
	  "Draw with UTF-8 characters (as the locale has it)", 0 },
	{ "wide", 'w', NULL, 0,
	  "Do not cut lines at the width of the terminal", 0 },
	{}
};

static const struct argp_child children[] = {
	{ .argp = &color_argp },
	{ .argp = &json_argp },
	{}
};

static const struct argp argp = {
	.options = options, .parser = parse_tree, .children = children,
	.args_doc = "[PID]",
	.doc = "Draws the tree of processes below PID (1, init)." AFTER_OPTIONS
	       "Processes that look the same are drawn once, as 3*[name].",
};

static void begin_line(struct drawing *d)
{
	d->text = NULL;
	d->line = need(open_memstream(&d->text, &d->size));
}

static void end_line(struct drawing *d)
{
	fclose(d->line);
	if (d->columns)
		cut_line(d->text, d->columns);
	puts(d->text);
	free(d->text);
}

/* Returns the number of columns. */
static size_t draw_label(struct drawing *d, const struct node *node)
{
	size_t columns = 0;

	if (node->count > 1)
		columns += fprintf(d->line, "%u*[", node->count);
	fputs(node->color, d->line);
	columns += escape_text(d->line, node->name, strlen(node->name), 0);
	fputs(color_end(node->color), d->line);
	if (d->pids)
		columns += fprintf(d->line, "(%llu)", node->pid);
	return columns;
}

/* Draws the margin left of a child that begins a line. */
static void draw_margin(struct drawing *d, bool more)
{
	const struct lines *lines = d->lines;
	size_t i;

	for (i = 0; i < d->depth; i++) {
		fprintf(d->line, "%*s", (int)d->levels[i].columns, "");
		if (i + 1 == d->depth)
			fputs(more ? lines->middle : lines->last, d->line);
		else
			fputs(d->levels[i].more ? lines->pass : "   ", d->line);
	}
}

static void push(struct drawing *d, size_t columns, bool more)
{
	if (d->depth == d->room) {
		d->room = d->room ? 2 * d->room : 64;
		d->levels = need(reallocarray(d->levels, d->room,
					      sizeof(*d->levels)));
	}
	d->levels[d->depth++] = (struct level) {
		.columns = columns, .more = more,
	};
}

/* Closes the brackets of all that ends with this process. */
static void close_brackets(struct drawing *d, const struct node *node,
			   const struct node *root)
{
	for (;;) {
		if (node->count > 1)
			fputc(']', d->line);
		if (node == root || node->next)
			return;
		node = node->parent;
	}
}

static void draw(struct drawing *d, const struct node *root)
{
	const struct node *node = root;
	size_t columns;

	begin_line(d);
	for (;;) {
		columns = draw_label(d, node);
		if (node->child) {
			node = node->child;
			push(d, columns, node->next);
			fputs(node->next ? d->lines->first : d->lines->only,
			      d->line);
			continue;
		}

		close_brackets(d, node, root);
		end_line(d);
		while (node != root && !node->next) {
			node = node->parent;
			d->depth--;
		}
		if (node == root)
			return;
		node = node->next;
		d->levels[d->depth - 1].more = node->next;
		begin_line(d);
		draw_margin(d, node->next);
	}
}

static void print_open(const struct node *node)
{
	struct json_object *name = json_text(node->name, strlen(node->name));

	printf("{ \"pid\": %llu, \"name\": ", node->pid);
	escape_json(stdout, name, JSON_C_TO_STRING_NOSLASHESCAPE);
	fputs(", \"children\": [", stdout);
	json_object_put(name);
}

static void print_json(const struct node *root)
{
	const struct node *node = root;

	for (;;) {
		print_open(node);
		if (node->child) {
			node = node->child;
			continue;
		}
		fputs("] }", stdout);
		while (node != root && !node->next) {
			node = node->parent;
			fputs("] }", stdout);
		}
		if (node == root)
			break;
		node = node->next;
		fputs(",\n", stdout);
	}
	putchar('\n');
}

int run_tree(int argc, char **argv)
{
	const struct scope scope = { .scope = PROCSRV_LIST_ALL };
	struct procsrv_info_args missing = { .pid = PROCSRV_INIT_PID };
	struct drawing drawing = {};
	struct tree tree = {};
	struct node *root;
	int ret, i;

	drawing.lines = strcmp(nl_langinfo(CODESET), "UTF-8") ?
		&ascii_lines : &utf8_lines;
	i = parse_options(&argp, argc, argv, &drawing, 0, 1);
	if (i < argc)
		missing.pid = arg_pid(argv[i]);
	if (!drawing.wide)
		drawing.columns = client_columns();

	ret = tree_read(&tree);
	if (ret)
		return list_refused(&scope, -ret);
	root = tree_find(&tree, missing.pid);
	if (!root)
		return refused(PROCSRV_IOC_INFO, &missing, ESRCH);

	if (!drawing.pids && !json_output)
		tree_merge(&tree);
	root->count = 1;
	if (json_output)
		print_json(root);
	else
		draw(&drawing, root);
	free(drawing.levels);
	tree_free(&tree);
	return CLIENT_OK;
}
