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
	if (client_parse_signal(name, &signo))
		return signo;
	if (value_long(name, &v) && v >= INT_MIN && v <= INT_MAX)
		return v;
	return INT_MIN;
}

int value_errno(const char *s)
{
	size_t n = strcspn(s, " \t(");
	int e;

	for (e = 1; e < NR_ERRNOS; e++) {
		const char *name = strerrorname_np(e);

		if (name && strlen(name) == n && !memcmp(name, s, n))
			return e;
	}
	return -1;
}

bool value_has_flag(const char *s, const char *flag)
{
	size_t n = strlen(flag);

	while (*s) {
		size_t len = strcspn(s, "|, })");

		if (len == n && !memcmp(s, flag, n))
			return true;
		if (s[len] != '|')
			break;
		s += len + 1;
	}
	return false;
}

const char *value_field(const char *s, const char *key)
{
	size_t n = strlen(key);
	const char *p = s;

	while ((p = strstr(p, key))) {
		if (p == s || strchr(" {(,", p[-1]))
			return p + n;
		p += n;
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
