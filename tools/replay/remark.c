// SPDX-License-Identifier: GPL-2.0-only
/*
 * Remarks of strace itself.
 */
#include <ctype.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>

#include "remark.h"
#include "value.h"

static const char program[] = "strace";

/* The longest text that strace writes for a name, with its escapes. */
enum { COMM_MAX = 80 };

/* "Process 12 attached", with nothing behind it. */
static bool parse_process(const char *s, struct remark *remark)
{
	char *end;
	long pid;

	if (strncmp(s, "Process ", 8) || !isdigit((unsigned char)s[8]))
		return false;
	pid = strtol(s + 8, &end, 10);
	if (pid < 1 || pid > INT_MAX)
		return false;
	if (*end == '<') {
		end = memchr(end, '>', strnlen(end, COMM_MAX));
		if (!end)
			return false;
		end++;
	}
	if (!strcmp(end, " attached"))
		remark->attached = pid;
	else if (!strcmp(end, " detached"))
		remark->detached = pid;
	else
		return false;
	return true;
}

/* "[ Process PID=12 runs in 32 bit mode. ]" */
static bool is_mode(const char *s)
{
	if (strncmp(s, "[ Process PID=", 14))
		return false;
	s += 14 + strspn(s + 14, "0123456789");
	if (strncmp(s, " runs in ", 9))
		return false;
	s += 9 + strspn(s + 9, "x0123456789bit ");
	return !strncmp(s, "mode. ]", 7);
}

/*
 * The length of "strace: " or "/usr/bin/strace: " at the beginning; 0 if that
 * is not there.
 */
static size_t name_len(const char *s)
{
	size_t n = strcspn(s, " :\"(,");
	const char *name = s + n;

	if (!n || strncmp(s + n, ": ", 2))
		return 0;
	while (name > s && name[-1] != '/')
		name--;
	/* strace-6.9, for one, is a strace, too. */
	if (strncmp(name, program, sizeof(program) - 1))
		return 0;
	return n + 2;
}

bool remark_at_begin(const char *s, struct remark *remark)
{
	size_t n = name_len(s);

	*remark = (struct remark) {};
	if (n)
		parse_process(s + n, remark);
	return n || parse_process(s, remark) || is_mode(s);
}

/*
 * Where the name of the program begins that ends before @end: it may stick to
 * the call, as in "SIGCHLD/usr/bin/strace: ". No call has a '/', '.' or '~'
 * outside of strings there, and no path begins otherwise.
 */
static char *begin_of_name(char *from, char *end)
{
	char *s = end, *name;
	size_t n;

	while (s > from && !strchr(" \"|(,{}[]=>", s[-1]))
		s--;
	n = end - s;
	if (memchr(s, '/', n))
		return s + strcspn(s, "/.~");
	for (name = end - n; name < end; name++)
		if (!strncmp(name, program, sizeof(program) - 1))
			return name;
	return NULL;
}

/* Is there a remark at @s, and where does it begin? */
static char *remark_begin(char *from, char *s, struct remark *remark)
{
	char *begin;

	*remark = (struct remark) {};
	if (!strncmp(s, ": ", 2)) {
		begin = begin_of_name(from, s);
		if (!begin || !name_len(begin))
			return NULL;
		parse_process(s + 2, remark);
		return begin;
	}
	if (*s == 'P' && parse_process(s, remark))
		return s;
	return *s == '[' && is_mode(s) ? s : NULL;
}

bool remark_in_call(char *s, struct remark *remark)
{
	char *begin = s, *from = s, *next;

	while (*s) {
		remark->at = strchr(":P[", *s) ? remark_begin(from, s, remark) :
						 NULL;
		if (remark->at)
			return true;
		next = s + (value_skip(begin, s) - s);
		/* The name does not reach into a string or comment. */
		if (next - s > 1)
			from = next;
		s = next;
	}
	return false;
}
