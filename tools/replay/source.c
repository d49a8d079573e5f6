// SPDX-License-Identifier: GPL-2.0-only
/*
 * The lines of a file, without additions of terminals and editors.
 */
#include <ctype.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "source.h"

static const char byte_order_mark[] = "\xef\xbb\xbf";

enum {
	ESCAPE = '\x1b',
	BELL = '\a',
};

bool source_open(struct source *source, const char *path)
{
	struct source opened = {};

	opened.file = strcmp(path, "-") ? fopen(path, "re") : stdin;
	*source = opened;
	return opened.file;
}

/*
 * Behind an escape sequence of a terminal, of which @s is the ESC: "ESC [ 0 m"
 * and its like, "ESC ] title BEL", "ESC ( B".
 */
static const char *skip_escape(const char *s, const char *end)
{
	if (++s == end)
		return s;
	if (*s == '[') {
		for (s++; s < end && *s >= ' ' && *s < '@'; s++)
			;
		return s < end ? s + 1 : s;
	}
	if (*s == ']') {
		while (s < end && *s != BELL && *s != ESCAPE)
			s++;
		return s < end && *s == BELL ? s + 1 : s;
	}
	while (s < end && *s >= ' ' && *s <= '/')
		s++;
	return s < end ? s + 1 : s;
}

/* Removes escape sequences and NUL bytes; returns the new length. */
static size_t clean(char *line, size_t n)
{
	const char *s = line, *end = line + n;
	char *to = line;

	while (s < end) {
		if (*s == ESCAPE) {
			s = skip_escape(s, end);
			continue;
		}
		*to++ = *s ? *s : '?';
		s++;
	}
	*to = '\0';
	return to - line;
}

/* "2026-01-31T12:00:00.1234567Z ", or nothing: its length. */
static size_t log_time_len(const char *s)
{
	static const char pattern[] = "0000-00-00T00:00:00";
	size_t i;

	for (i = 0; pattern[i]; i++)
		if (pattern[i] == '0' ? !isdigit((unsigned char)s[i]) :
					s[i] != pattern[i])
			return 0;
	i += strspn(s + i, ".0123456789");
	return s[i] == 'Z' && s[i + 1] == ' ' ? i + 2 : 0;
}

char *source_next(struct source *source)
{
	ssize_t got = getline(&source->buffer, &source->size, source->file);
	char *line;
	size_t n;

	if (got < 0)
		return NULL;
	n = got;
	line = source->buffer;
	source->nr_lines++;
	source->cut = line[n - 1] != '\n';
	n -= !source->cut;
	if (n && line[n - 1] == '\r')
		n--;
	n = clean(line, n);
	if (n && line[n - 1] == '\r')
		line[n - 1] = '\0';
	if (source->nr_lines == 1 &&
	    !strncmp(line, byte_order_mark, sizeof(byte_order_mark) - 1))
		line += sizeof(byte_order_mark) - 1;
	return line + log_time_len(line);
}

int source_failed(const struct source *source)
{
	return ferror(source->file) ? errno : 0;
}

void source_close(struct source *source)
{
	if (source->file && source->file != stdin)
		fclose(source->file);
	free(source->buffer);
}
