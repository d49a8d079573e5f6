// SPDX-License-Identifier: GPL-2.0-only
/*
 * One line of a recording: "[PID] [TIME] EVENT", in the forms in which the
 * options of strace write it.
 */
#include <ctype.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "line.h"
#include "value.h"

static const char *skip_blanks(const char *s)
{
	while (*s == ' ' || *s == '\t')
		s++;
	return s;
}

/* Removes @prefix from *@s, if it is there. */
static bool take(const char **s, const char *prefix)
{
	size_t n = strlen(prefix);

	if (strncmp(*s, prefix, n))
		return false;
	*s += n;
	return true;
}

static bool take_int(const char **s, int *out)
{
	char *end;
	long v = strtol(*s, &end, 10);

	if (end == *s || v < 0 || v > INT_MAX)
		return false;
	*out = v;
	*s = end;
	return true;
}

/* "[pid 12] ", "12 " or, with --decode-pids=comm, "12<sh> ". */
static const char *take_pid(const char *s, struct line *line)
{
	const char *p = s;

	if (take(&p, "[pid")) {
		p = skip_blanks(p);
		if (!take_int(&p, &line->tid))
			return s;
		p += strcspn(p, "]");
		return *p ? skip_blanks(p + 1) : s;
	}
	if (!isdigit((unsigned char)*p) || !take_int(&p, &line->tid))
		return s;
	if (*p == '<')
		p += strcspn(p, " ");
	if (*p != ' ' && *p != '\t') {
		line->tid = -1;
		return s;
	}
	return skip_blanks(p);
}

/* Times as of -r, -t, -tt and -ttt, an address as of -i, a number as of -n. */
static const char *skip_times(const char *s)
{
	const char *p;

	for (;;) {
		s = skip_blanks(s);
		p = s + strspn(s, "0123456789:.");
		if (p > s && *p == ' ')
			s = p;
		else if (!strncmp(s, "(+", 2) && strchr(s, ')'))
			s = strchr(s, ')') + 1;
		else if (*s == '[' && strchr(s, ']'))
			s = strchr(s, ']') + 1;
		else
			return s;
	}
}

/* "+++ exited with 0 +++" and its like */
static enum line_kind parse_end(const char *s, struct line *line)
{
	bool by_signal = false;
	int pid;

	if (take(&s, "superseded by execve in pid ")) {
		if (!take_int(&s, &pid) || strcmp(s, " +++"))
			return LINE_BAD;
		line->value = pid;
		return LINE_SUPERSEDED;
	}
	if (take(&s, "exited with ")) {
		if (!take_int(&s, &line->value))
			return LINE_BAD;
	} else if (take(&s, "killed by ")) {
		by_signal = true;
		line->value = value_signal(s);
		if (line->value < 1)
			return LINE_BAD;
		s += strcspn(s, " ");
		take(&s, " (core dumped)");
	}
	if (strcmp(s, " +++"))
		return LINE_BAD;
	return by_signal ? LINE_KILLED : LINE_EXITED;
}

/* "--- SIGCHLD {...} ---" and "--- stopped by SIGSTOP ---" */
static enum line_kind parse_signal(const char *s, struct line *line)
{
	bool stopped = take(&s, "stopped by ");
	size_t n = strlen(s);

	if (n < 4 || strcmp(s + n - 4, " ---"))
		return LINE_BAD;
	line->value = value_signal(s);
	if (line->value < 1)
		return LINE_BAD;
	line->text = value_xstrdup(s + strcspn(s, " "));
	return stopped ? LINE_STOPPED : LINE_SIGNAL;
}

/* "strace: Process 12 attached"; the name is missing in old versions. */
static enum line_kind parse_remark(const char *s, struct line *line)
{
	int pid;

	take(&s, "strace: ");
	if (!take(&s, "Process ") || !take_int(&s, &pid))
		return LINE_BLANK;
	if (take(&s, " attached")) {
		line->tid = pid;
		line->attached = pid;
		return LINE_ATTACHED;
	}
	if (take(&s, " detached")) {
		line->tid = pid;
		line->detached = true;
		return LINE_DETACHED;
	}
	return LINE_BLANK;
}

/*
 * Where its remarks go to the same file, strace breaks the line of the fork
 * for one: "vfork(strace: Process 12 attached". " <unfinished ...>" follows in
 * a line of its own.
 */
static bool is_broken_off(const char *text, char **remark)
{
	*remark = strstr(text, "strace: Process ");
	return *remark && strstr(*remark, " attached") &&
	       !strchr(*remark, ')');
}

/* "<... wait4 resumed>[{...}], 0, NULL) = 12": the name, '(' and the rest */
static enum line_kind parse_resumed(const char *s, struct line *line)
{
	size_t n = strcspn(s, " ");
	const char *rest = s + n;

	if (!n || !take(&rest, " resumed>"))
		return LINE_BAD;
	line->text = value_xasprintf("%.*s(%s", (int)n, s, rest);
	return LINE_RESUMED;
}

/* "name(", or "????(" where strace did not know it */
static bool begins_call(const char *s)
{
	size_t n = 0;

	while (isalnum((unsigned char)s[n]) || s[n] == '_' || s[n] == '?')
		n++;
	return n && s[n] == '(';
}

/* Removes @suffix from the end of @s, if it is there. */
static bool take_end(char *s, const char *suffix)
{
	size_t n = strlen(s), m = strlen(suffix);

	if (n < m || strcmp(s + n - m, suffix))
		return false;
	s[n - m] = '\0';
	return true;
}

/*
 * A call whose thread was killed in it may be written "x(1, <unfinished ...>)
 * = ?": that is an end.
 */
static enum line_kind parse_call(const char *s, struct line *line)
{
	static const char unfinished[] = " <unfinished ...>";
	static const char detached[] = " <detached ...>";
	char *mark;

	if (!begins_call(s))
		return LINE_BAD;

	line->text = value_xstrdup(s);
	if (is_broken_off(line->text, &mark)) {
		line->attached = atoi(mark + strlen("strace: Process "));
		*mark = '\0';
		return LINE_UNFINISHED;
	}
	if (take_end(line->text, unfinished))
		return LINE_UNFINISHED;
	line->detached = take_end(line->text, detached);
	/* It may come before the answer, or behind it. */
	if (line->detached && !strstr(line->text, ") = "))
		return LINE_UNFINISHED;
	return LINE_CALL;
}

void line_parse(char *raw, struct line *line)
{
	const char *s = raw;

	*line = (struct line) { .tid = -1, .raw = raw };
	if (!*skip_blanks(s) || *s == '#') {
		line->kind = LINE_BLANK;
		return;
	}
	s = take_pid(s, line);
	s = skip_times(s);

	if (!strcmp(s, "<unfinished ...>"))
		line->kind = LINE_BLANK;
	else if (!strncmp(s, "strace: ", 8) || !strncmp(s, "Process ", 8))
		line->kind = parse_remark(s, line);
	else if (take(&s, "+++ "))
		line->kind = parse_end(s, line);
	else if (take(&s, "--- "))
		line->kind = parse_signal(s, line);
	else if (take(&s, "<... "))
		line->kind = parse_resumed(s, line);
	else
		line->kind = parse_call(s, line);
}
