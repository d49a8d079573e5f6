// SPDX-License-Identifier: GPL-2.0-only
/*
 * The lines of a recording, with lines that strace broke joined again.
 *
 * Without -o, remarks of strace and output of the programs come between its
 * lines, and into the middle of them:
 *
 *	clone(child_stack=NULL, flags=SIGCHLDstrace: Process 101 attached
 *	, child_tidptr=0x7f0a10) = 101
 *
 * The rest stands in a line without pid and time, or is " <unfinished ...>".
 */
#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#include "call.h"
#include "joiner.h"
#include "value.h"

/* More lines than this are no call; a limit, as each is joined to all before it. */
enum { MAX_RESTS = 100 };

/* " > /lib/libc.so.6(fork+0x2f) [0xc9a9f]", as -k and -kk write below a call */
static bool is_stack_frame(const char *s)
{
	return !strncmp(s, " > ", 3);
}

/* "100.00    0.000376          13        27         2 total" */
static bool is_table_row(const char *s)
{
	size_t numbers = strspn(s, " .0123456789-");

	return numbers && s[strspn(s, " ")] && s[numbers - 1] == ' ' &&
	       !strpbrk(s + numbers, " ()");
}

/* The table that -c and -C print at the end. */
static bool is_table(struct joiner *joiner, const char *s)
{
	if (!strncmp(s, "% time ", 7) ||
	    !strncmp(s, "System call usage summary for ", 30))
		joiner->in_table = true;
	else if (joiner->in_table)
		joiner->in_table = !strncmp(s, "------ ", 7) || is_table_row(s);
	return joiner->in_table;
}

static bool is_blank(struct joiner *joiner, const char *s)
{
	const char *text = s + strspn(s, " \t");

	return !*text || *s == '#' || is_stack_frame(s) || is_table(joiner, s);
}

static void forget_torn(struct joiner *joiner)
{
	free(joiner->begun);
	joiner->begun = NULL;
	joiner->torn = TEAR_NONE;
}

/* The text so far was no call. */
static void abandon(struct joiner *joiner, struct line *line)
{
	*line = (struct line) {
		.kind = LINE_BAD,
		.number = joiner->torn_at,
		.tid = joiner->torn_tid,
		.continues = true,
		.text = joiner->begun,
	};
	joiner->begun = NULL;
	joiner->torn = TEAR_NONE;
}

/* The rest of the line that broke off, or " <unfinished ...>" instead. */
static bool read_rest(struct joiner *joiner, const char *raw, struct line *line)
{
	size_t name = strcspn(joiner->begun, "(");
	char *begun;

	if (joiner->nr_rests == MAX_RESTS)
		return false;
	if (!line_parse_rest(raw, joiner->begun, line))
		return false;
	if (joiner->torn == TEAR_MARK && line->kind != LINE_RESUMED) {
		free(line->text);
		return false;
	}
	joiner->nr_rests++;
	line->tid = joiner->torn_tid;
	begun = value_xasprintf("%s%s", joiner->begun, line->text + name + 1);
	free(joiner->begun);
	joiner->begun = begun;
	joiner->torn = line->tear;
	if (!joiner->torn)
		forget_torn(joiner);
	return true;
}

static void note_torn(struct joiner *joiner, struct line *line)
{
	if ((line->kind != LINE_UNFINISHED && line->kind != LINE_PART) ||
	    !line->tear)
		return;
	if (line->tear == TEAR_OUTPUT)
		call_drop_output(line->text);
	joiner->torn = line->tear;
	joiner->torn_at = line->number;
	joiner->torn_tid = line->tid;
	joiner->begun = value_xstrdup(line->text);
	joiner->nr_rests = 0;
}

/* The line is a new one; the line that broke off before it has no rest. */
static void begin_line(struct joiner *joiner, struct line *line)
{
	struct line bad;

	if (joiner->torn == TEAR_OUTPUT) {
		abandon(joiner, &bad);
		note_torn(joiner, line);
		joiner->next = *line;
		joiner->has_next = true;
		*line = bad;
		return;
	}
	forget_torn(joiner);
	note_torn(joiner, line);
}

/* A line that has no pid or time, and that may not be strace's at all. */
static bool read_other(struct joiner *joiner, const char *raw,
		       struct line *line)
{
	struct line other;

	if (joiner->torn && read_rest(joiner, raw, &other)) {
		free(line->text);
		*line = other;
		return true;
	}
	if (line->kind != LINE_BLANK && !call_is_known(raw) &&
	    line_parse_behind_output(raw, &other)) {
		free(line->text);
		*line = other;
	} else if (joiner->torn == TEAR_REMARK && line->tear == TEAR_OUTPUT) {
		/* strace does not begin a call before it has ended the other. */
		free(line->text);
		*line = (struct line) { .tid = -1 };
	}
	return false;
}

static void read_line(struct joiner *joiner, const char *raw, struct line *line)
{
	bool prefixed = line_parse(raw, line), rest = false;

	if (!prefixed && (line->kind <= LINE_BLANK ||
			  line->tear == TEAR_OUTPUT))
		rest = read_other(joiner, raw, line);
	line->number = joiner->source.nr_lines - 1;
	if (line->kind == LINE_BAD)
		line->text = value_xstrdup(raw);
	else if (line->kind > LINE_BLANK && !rest)
		begin_line(joiner, line);
}

bool joiner_next(struct joiner *joiner, struct line *line)
{
	char *raw;

	if (joiner->has_next) {
		*line = joiner->next;
		joiner->has_next = false;
		return true;
	}
	raw = source_next(&joiner->source);
	if (!raw) {
		if (joiner->torn != TEAR_OUTPUT)
			return false;
		abandon(joiner, line);
		return true;
	}
	if (joiner->source.cut || is_blank(joiner, raw)) {
		/* The part of a cut line may read as something else. */
		*line = (struct line) { .kind = LINE_BLANK, .tid = -1 };
		line->number = joiner->source.nr_lines - 1;
	} else if (line_is_remark(raw, line)) {
		line->number = joiner->source.nr_lines - 1;
	} else {
		read_line(joiner, raw, line);
	}
	return true;
}

void joiner_close(struct joiner *joiner)
{
	forget_torn(joiner);
	if (joiner->has_next)
		free(joiner->next.text);
	source_close(&joiner->source);
}
