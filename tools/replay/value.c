// SPDX-License-Identifier: GPL-2.0-only
/*
 * The values that strace writes, one at a time.
 */
#include <ctype.h>
#include <err.h>
#include <errno.h>
#include <limits.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "client.h"
#include "value.h"

enum {
	NR_ERRNOS = 134,
	OCTAL_DIGITS = 3,	/* of an escaped byte, at most */
};

char *value_xasprintf(const char *format, ...)
{
	va_list args;
	char *s;
	int n;

	va_start(args, format);
	n = vasprintf(&s, format, args);
	va_end(args);
	if (n < 0)
		err(CLIENT_USAGE, "out of memory");
	return s;
}

void *value_xcalloc(size_t n, size_t size)
{
	void *p = calloc(n, size);

	if (!p)
		err(CLIENT_USAGE, "out of memory");
	return p;
}

void *value_xrealloc(void *p, size_t size)
{
	p = realloc(p, size);
	if (!p)
		err(CLIENT_USAGE, "out of memory");
	return p;
}

char *value_xstrdup(const char *s)
{
	char *copy = strdup(s);

	if (!copy)
		err(CLIENT_USAGE, "out of memory");
	return copy;
}

bool value_long(const char *s, long *out)
{
	char *end;
	long v;

	errno = 0;
	v = strtol(s, &end, 0);
	if (end == s || errno)
		return false;
	*out = v;
	return true;
}

int value_signal(const char *s)
{
	char name[24];
	size_t n = strcspn(s, " ,}()");
	int signo;
	long v;

	if (n >= sizeof(name))
		return INT_MIN;
	memcpy(name, s, n);
	name[n] = '\0';
	/* The C library keeps two signals for itself, strace does not. */
	if (!strcmp(name, "SIGRTMIN"))
		return 32;
	if (!procsrv_parse_signal(name, &signo))
		return signo;
	if (value_long(name, &v) && v >= INT_MIN && v <= INT_MAX)
		return v;
	return INT_MIN;
}

int value_errno(const char *s)
{
	size_t n;
	long v;
	int e;

	s += *s == '(';
	if (!strncmp(s, "ERRNO_", 6) || !strncmp(s, "errno ", 6))
		s += 6;
	if (isdigit((unsigned char)*s))
		return value_long(s, &v) && v > 0 && v < NR_ERRNOS ? v : -1;
	n = strcspn(s, " \t(");
	for (e = 1; e < NR_ERRNOS; e++) {
		const char *name = strerrorname_np(e);

		if (name && strlen(name) == n && !memcmp(name, s, n))
			return e;
	}
	return -1;
}

/* The pid in a comment of --decode-pids=pidns behind a pid. */
static bool find_translation(const char *s, long *translated)
{
	static const char mark[] = " in strace's PID NS */";
	const char *begin = s;

	s += strcspn(s, " ,<)}");
	if (*s == '<')
		s = value_skip(begin, s);
	if (strncmp(s, " /* ", 4) || !value_long(s + 4, translated))
		return false;
	s += 4 + strspn(s + 4, "-0123456789");
	return !strncmp(s, mark, sizeof(mark) - 1) && *translated >= -INT_MAX &&
	       *translated <= INT_MAX;
}

bool value_is_translated(const char *s)
{
	long unused;

	return find_translation(s, &unused);
}

bool value_pid(const char *s, int *out)
{
	long v, translated;

	if (!value_long(s, &v) || v < INT_MIN || v > UINT_MAX)
		return false;
	/* Raw, or unsigned as in old versions: there is no sign. */
	*out = (int)v;
	if (find_translation(s, &translated))
		*out = *out < 0 && translated > 0 ? -translated : translated;
	return true;
}

/* Behind a quoted string, of which @s is the first quote. */
static const char *skip_quoted(const char *s)
{
	for (s++; *s && *s != '"'; s++)
		if (*s == '\\' && s[1])
			s++;
	return *s ? s + 1 : s;
}

/* Is a '>' part of an address: "127.0.0.1:22->127.0.0.1:1234", "17->18"? */
static bool is_arrow(const char *s)
{
	return s[-1] == '-' && s[1] && strchr("[0123456789@\"", s[1]);
}

/*
 * The end of what strace writes after a descriptor or pid, of which @s is the
 * '<'. In names it writes '<' and '>' as escapes. Addresses have arrows, and an
 * object with a name and a type has one pair within the other.
 */
static const char *skip_decoded(const char *s)
{
	int depth = 0;

	for (; *s; s++) {
		if (*s == '<')
			depth++;
		else if (*s == '>' && !is_arrow(s) && !--depth)
			return s + 1;
	}
	return s;
}

/* Can a '<' behind @c belong to what it decodes: 3<a.txt>, AT_FDCWD</tmp>? */
static bool is_decoded(char c)
{
	return isxdigit((unsigned char)c) || isupper((unsigned char)c);
}

const char *value_skip(const char *begin, const char *s)
{
	const char *end;

	if (*s == '"')
		return skip_quoted(s);
	if (s[0] == '/' && s[1] == '*') {
		end = strstr(s + 2, "*/");
		return end ? end + 2 : s + strlen(s);
	}
	if (s[0] == '<' && s[1] == '<')
		return s + 2;		/* 1<<CAP_KILL */
	if (*s == '<' && s > begin && is_decoded(s[-1]))
		return skip_decoded(s);
	return s + 1;
}

int value_depth(char c)
{
	switch (c) {
	case '(':
	case '[':
	case '{':
		return 1;
	case ')':
	case ']':
	case '}':
		return -1;
	default:
		return 0;
	}
}

static unsigned long flag_by_name(const struct value_flag *flags,
				  const char *name, size_t n, bool *unknown)
{
	for (; flags->name; flags++)
		if (strlen(flags->name) == n && !memcmp(flags->name, name, n))
			return flags->value;
	*unknown = true;
	return 0;
}

unsigned long value_flags(const char *s, const struct value_flag *flags,
			  bool *unknown)
{
	unsigned long all = 0;
	const char *end;
	size_t n;

	for (;;) {
		n = strcspn(s, "|, })]");
		if (isdigit((unsigned char)*s))
			all |= strtoul(s, NULL, 0);
		else
			all |= flag_by_name(flags, s, n, unknown);
		s += n;
		if (!strncmp(s, " /*", 3)) {
			end = strstr(s, "*/");
			s = end ? end + 2 : s;
		}
		if (*s != '|')
			return all;
		s++;
	}
}

bool value_is(const char *s, const char *name, long number)
{
	size_t n = strlen(name);
	long v;

	if (value_long(s, &v))
		return v == number;
	return !strncmp(s, name, n) && !isalnum((unsigned char)s[n]) &&
	       s[n] != '_';
}

const char *value_field(const char *s, const char *key)
{
	size_t n = strlen(key);
	const char *p = s;

	for (; *p; p = value_skip(s, p)) {
		if ((p == s || strchr(" {(,", p[-1])) && !strncmp(p, key, n))
			return p + n;
	}
	return NULL;
}

/* The byte that an escape stands for; *@s is moved behind it. */
static char unescape(const char **s)
{
	static const char names[] = "abfnrtv", values[] = "\a\b\f\n\r\t\v";
	const char *p = *s + 1, *name;
	int digits = 0, v = 0;

	if (*p == 'x') {
		for (p++; isxdigit((unsigned char)*p) && digits < 2; digits++)
			v = v * 16 + (isdigit((unsigned char)*p) ? *p++ - '0' :
				      tolower((unsigned char)*p++) - 'a' + 10);
	} else if (*p >= '0' && *p <= '7') {
		for (; *p >= '0' && *p <= '7' && digits < OCTAL_DIGITS; digits++)
			v = v * 8 + *p++ - '0';
	} else {
		name = *p ? strchr(names, *p) : NULL;
		v = name ? values[name - names] : *p;
		p += *p ? 1 : 0;
	}
	*s = p;
	return v;
}

/*
 * Copies a string, without quotes and with its NUL, to @out, which has room
 * for as many bytes as the string has in the recording. Returns what follows
 * it, or NULL if there is no string.
 */
static const char *copy_string(const char *s, char **out)
{
	char *to = *out;

	if (*s++ != '"')
		return NULL;
	while (*s && *s != '"') {
		char c = *s == '\\' ? unescape(&s) : *s++;

		if (c)
			*to++ = c;
	}
	if (*s++ != '"')
		return NULL;
	if (!strncmp(s, "...", 3)) {
		to = stpcpy(to, "...");
		s += 3;
	}
	*to++ = '\0';
	*out = to;
	return s;
}

char *value_strings(const char *s, size_t *len)
{
	char *strings = value_xcalloc(1, strlen(s) + 1), *to = strings;

	if (*s++ != '[')
		goto no_array;
	while (*s != ']') {
		if (!strncmp(s, "...", 3)) {
			to = stpcpy(to, "...") + 1;
			s += 3;
		} else {
			s = copy_string(s, &to);
			if (!s)
				goto no_array;
		}
		s += strspn(s, ", ");
	}
	*len = to - strings;
	return strings;

no_array:
	free(strings);
	return NULL;
}

char *value_string(const char *s)
{
	char *string = value_xcalloc(1, strlen(s) + 1), *to = string;

	if (!copy_string(s, &to)) {
		free(string);
		return NULL;
	}
	return string;
}
