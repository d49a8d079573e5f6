// SPDX-License-Identifier: GPL-2.0-only
/*
 * Printing of untrusted text.
 */
#include <ctype.h>
#include <err.h>
#include <errno.h>
#include <json-c/json.h>
#include <langinfo.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <wchar.h>

#include "client.h"
#include "escape.h"

enum {
	DELETE		= 0x7f,
	BEYOND_ASCII	= 0x80,
	REPLACEMENT	= 0xfffd,
	MARKS_MAX	= 2,
};

/**
 * enum kind - how a character is drawn
 * @SHOWN: in columns of its own
 * @HIDDEN: not at all, or as something that it is not
 * @MARK: onto the character before it
 * @SPACING: beside the character before it, which it belongs to
 */
enum kind {
	SHOWN,
	HIDDEN,
	MARK,
	SPACING,
};

/* A range of characters of the same kind; ranges ascend. */
struct run {
	uint32_t first;
	uint32_t last;
	enum kind kind;
};

#include "escape_table.h"

static int compare_run(const void *key, const void *element)
{
	uint32_t c = *(const uint32_t *)key;
	const struct run *run = element;

	return c < run->first ? -1 : c > run->last;
}

static enum kind kind_of(uint32_t c)
{
	const struct run *run;

	if (c < BEYOND_ASCII)
		return c < ' ' || c == DELETE ? HIDDEN : SHOWN;
	run = bsearch(&c, runs, ARRAY_SIZE(runs), sizeof(runs[0]),
		      compare_run);
	return run ? run->kind : SHOWN;
}

/*
 * Bytes of the UTF-8 character at @s, which is put to @out; 0 if it is none.
 */
static size_t decode(const char *s, size_t len, uint32_t *out)
{
	static const uint32_t least[] = { 0, 0, 0x80, 0x800, 0x10000 };
	uint32_t c = (unsigned char)*s;
	size_t n, i;

	if (c < BEYOND_ASCII) {
		*out = c;
		return 1;
	}
	n = c >= 0xf0 ? 4 : c >= 0xe0 ? 3 : 2;
	if (c < 0xc2 || c > 0xf4 || n > len)
		return 0;
	c &= 0x7f >> n;
	for (i = 1; i < n; i++) {
		if ((s[i] & 0xc0) != 0x80)
			return 0;
		c = c << 6 | (s[i] & 0x3f);
	}
	if (c < least[n] || c > 0x10ffff || (c >= 0xd800 && c <= 0xdfff))
		return 0;
	*out = c;
	return n;
}

/**
 * struct base - the character that a mark would be drawn onto
 * @takes: marks can be distinguished on it
 * @nr: how many marks it has
 * @marks: its marks
 */
struct base {
	bool takes;
	unsigned int nr;
	uint32_t marks[MARKS_MAX];
};

static bool take_mark(struct base *base, uint32_t c)
{
	unsigned int i;

	if (!base->takes || base->nr == MARKS_MAX)
		return false;
	for (i = 0; i < base->nr; i++)
		if (base->marks[i] == c)
			return false;
	base->marks[base->nr++] = c;
	return true;
}

/* Whether a character is shown as itself where it stands. */
static bool is_shown(struct base *base, uint32_t c)
{
	switch (kind_of(c)) {
	case MARK:
		/* The next one would be drawn onto the escape. */
		base->takes = take_mark(base, c);
		return base->takes;
	case SPACING:
		base->nr = 0;
		return base->takes;
	case SHOWN:
		base->nr = 0;
		base->takes = c >= BEYOND_ASCII || isalnum(c);
		return true;
	case HIDDEN:
		break;
	}
	base->takes = false;
	return false;
}

/* Columns of a character that is shown, -1 if the terminal cannot show it. */
static int columns_of(uint32_t c)
{
	if (c < BEYOND_ASCII)
		return 1;
	if (strcmp(nl_langinfo(CODESET), "UTF-8"))
		return -1;
	return wcwidth(c);
}

__attribute__((format(printf, 2, 3)))
static size_t put(FILE *file, const char *fmt, ...)
{
	va_list ap;
	int n;

	va_start(ap, fmt);
	n = file ? vfprintf(file, fmt, ap) : vsnprintf(NULL, 0, fmt, ap);
	va_end(ap);
	return n > 0 ? n : 0;
}

static size_t put_escape(FILE *file, uint32_t c)
{
	static const char named[] = "\n\t\r", names[] = "ntr";
	const char *name = c ? strchr(named, c) : NULL;

	if (c < BEYOND_ASCII && name)
		return put(file, "\\%c", names[name - named]);
	if (c < BEYOND_ASCII)
		return put(file, "\\x%02x", c);
	return put(file, c > 0xffff ? "\\U%08x" : "\\u%04x", c);
}

static size_t put_ascii(FILE *file, uint32_t c, bool at_end,
			unsigned int flags)
{
	bool precede = (c == '\\' && !(flags & ESCAPE_ESCAPED)) ||
		       (c == '\'' && flags & ESCAPE_QUOTE);

	if (c == ' ' && (at_end || flags & ESCAPE_BLANKS))
		return put_escape(file, c);
	return put(file, precede ? "\\%c" : "%c", c);
}

size_t escape_text(FILE *file, const char *s, size_t len, unsigned int flags)
{
	const char *p = s, *end = s + len;
	struct base base = {};
	size_t columns = 0, n;
	bool shown;
	uint32_t c;
	int width;

	for (; p < end; p += n) {
		n = decode(p, end - p, &c);
		if (!n) {
			columns += put(file, "\\x%02x", (unsigned char)*p);
			base.takes = false;
			n = 1;
			continue;
		}
		shown = is_shown(&base, c);
		width = shown ? columns_of(c) : -1;
		if (shown && c < BEYOND_ASCII) {
			columns += put_ascii(file, c, p == s || p + 1 == end,
					     flags);
		} else if (width >= 0) {
			put(file, "%.*s", (int)n, p);
			columns += width;
		} else {
			columns += put_escape(file, c);
			base.takes = false;
		}
	}
	return columns;
}

bool escape_is_plain(const char *s, size_t len)
{
	struct base base = {};
	uint32_t c;
	size_t n;

	for (; len; s += n, len -= n) {
		n = decode(s, len, &c);
		if (!n || !is_shown(&base, c) || columns_of(c) < 0)
			return false;
	}
	return true;
}

void escape_vmessage(FILE *file, unsigned int flags, const char *fmt,
		     va_list ap)
{
	char *text;
	int n = vasprintf(&text, fmt, ap);

	if (n < 0)
		err(CLIENT_REFUSED, NULL);
	escape_text(file, text, n, flags);
	fputc('\n', file);
	free(text);
}

void escape_message(FILE *file, unsigned int flags, const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	escape_vmessage(file, flags, fmt, ap);
	va_end(ap);
}

void escape_warnx(unsigned int flags, const char *fmt, ...)
{
	va_list ap;

	fprintf(stderr, "%s: ", program_invocation_short_name);
	va_start(ap, fmt);
	escape_vmessage(stderr, flags, fmt, ap);
	va_end(ap);
}

static void put_json_escape(FILE *file, uint32_t c)
{
	if (c > 0xffff)
		fprintf(file, "\\u%04x\\u%04x", 0xd800 | (c - 0x10000) >> 10,
			0xdc00 | (c & 0x3ff));
	else
		fprintf(file, "\\u%04x", c);
}

/* Outside of its strings JSON is ASCII, and within them controls are escaped. */
void escape_json(FILE *file, struct json_object *obj, int flags)
{
	struct base base = {};
	const char *s;
	size_t len, n;
	uint32_t c;

	s = json_object_to_json_string_length(obj, flags, &len);
	if (!s)
		err(CLIENT_REFUSED, NULL);
	for (; len; s += n, len -= n) {
		n = decode(s, len, &c);
		if (!n) {
			put_json_escape(file, REPLACEMENT);
			base.takes = false;
			n = 1;
		} else if (is_shown(&base, c) || c < ' ') {
			fwrite(s, 1, n, file);
		} else {
			put_json_escape(file, c);
		}
	}
}
