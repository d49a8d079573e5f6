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

#include "call.h"
#include "line.h"
#include "remark.h"
#include "value.h"

enum {
	PID_LIMIT = 1 << 22,	/* of Linux: what is more is a time */
	NANOSECOND_DIGITS = 9,
	/* A program's output may be full of text that looks like calls. */
	MAX_CANDIDATES = 16,
};

/**
 * struct prefix - what stands before an event
 * @tid: the thread, or -1
 * @column: all lines have a pid, as in a file of -o: programs do not write there
 * @any: there is a pid or a time
 */
struct prefix {
	int tid;
	bool column;
	bool any;
};

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
	long v;

	if (!isdigit((unsigned char)**s))
		return false;
	v = strtol(*s, &end, 10);
	if (v > INT_MAX)
		return false;
	*out = v;
	*s = end;
	return true;
}

/* The name that --decode-pids=comm puts behind a pid: "<tmux: server>". */
static const char *skip_comm(const char *s)
{
	const char *end = *s == '<' ? strchr(s, '>') : NULL;

	return end ? end + 1 : s;
}

/* "[pid 12] ", "12 " or, with --decode-pids=comm, "12<sh> ". */
static const char *take_pid(const char *s, struct prefix *prefix)
{
	const char *p = s;
	int tid;

	if (take(&p, "[pid")) {
		p = skip_blanks(p);
		if (!take_int(&p, &tid) || tid >= PID_LIMIT)
			return s;
		p = skip_blanks(skip_comm(p));
		if (*p != ']')
			return s;
		prefix->tid = tid;
		prefix->any = true;
		return skip_blanks(p + 1);
	}
	if (!take_int(&p, &tid) || tid >= PID_LIMIT)
		return s;
	p = skip_comm(p);
	if (*p != ' ' && *p != '\t')
		return s;
	prefix->tid = tid;
	prefix->any = true;
	prefix->column = true;
	return skip_blanks(p);
}

/* The nanoseconds of "976910" in "1795434311.976910". */
static long long parse_fraction(const char *s)
{
	long long ns = 0;
	int digits;

	for (digits = 0; digits < NANOSECOND_DIGITS; digits++) {
		ns *= 10;
		if (isdigit((unsigned char)*s))
			ns += *s++ - '0';
	}
	return ns;
}

/* "12:30:01.123456", "1795434311.976910", "0.000012" */
static void parse_time(const char *s, struct line *line)
{
	enum { NS_PER_S = 1000000000, RELATIVE_MAX_S = 100000000 };
	long long seconds = 0, part;
	bool of_day = false;
	char *end;

	if (line->clock != CLOCK_NONE)
		return;
	for (;; s = end + 1) {
		part = strtoll(s, &end, 10);
		if (end == s || part > LLONG_MAX / NS_PER_S)
			return;
		seconds = seconds * 60 + part;
		if (seconds > LLONG_MAX / NS_PER_S)
			return;
		if (*end != ':')
			break;
		of_day = true;
	}
	line->time = seconds * NS_PER_S;
	if (*end == '.')
		line->time += parse_fraction(end + 1);
	line->clock = of_day ? CLOCK_DAY :
		      seconds < RELATIVE_MAX_S ? CLOCK_RELATIVE : CLOCK_EPOCH;
}

/*
 * Times as of -r, -t, -tt and -ttt, an address as of -i, a number as of -n, a
 * security context.
 */
static const char *skip_times(const char *s, struct prefix *prefix,
			      struct line *line)
{
	const char *p;

	for (;;) {
		s = skip_blanks(s);
		p = s + strspn(s, "0123456789:.");
		if (p > s && *p == ' ') {
			parse_time(s, line);
			s = p;
		} else if (!strncmp(s, "(+", 2) && strchr(s, ')')) {
			s = strchr(s, ')') + 1;
		} else if (*s == '[' && strncmp(s, "[pid ", 5) &&
			   strchr(s, ']')) {
			s = strchr(s, ']') + 1;
		} else {
			return s;
		}
		prefix->any = true;
	}
}

/* "+++ exited with 0 +++" and its like */
static enum line_kind parse_end(const char *s, struct line *line)
{
	bool by_signal = false;
	const char *whole = s;
	int pid;

	if (take(&s, "superseded by execve in pid ")) {
		if (!take_int(&s, &pid))
			return LINE_BAD;
		if (strcmp(skip_comm(s), " +++"))
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
		if (!strncmp(s, " /*", 3) && strstr(s, "*/"))
			s = strstr(s, "*/") + 2;
		take(&s, " (core dumped)");
	}
	if (strcmp(s, " +++"))
		return LINE_BAD;
	line->text = value_xasprintf("+++ %s", whole);
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

bool line_is_remark(const char *raw, struct line *line)
{
	struct remark remark;

	if (!remark_at_begin(raw, &remark))
		return false;
	*line = (struct line) { .kind = LINE_BLANK, .tid = -1 };
	if (remark.attached) {
		line->kind = LINE_ATTACHED;
		line->tid = remark.attached;
		line->attached = remark.attached;
	} else if (remark.detached) {
		line->kind = LINE_DETACHED;
		line->tid = remark.detached;
		line->detached = true;
	}
	return true;
}

/* "name(", or "????(" where strace did not know it */
static bool begins_call(const char *s)
{
	size_t n = 0;

	while (isalnum((unsigned char)s[n]) || s[n] == '_' || s[n] == '?')
		n++;
	return n && s[n] == '(';
}

/* Removes " <unfinished ...>" and the like from the end of @s. */
static bool take_mark(char *s, const char *word)
{
	size_t n = strlen(s), m = strlen(word);
	char *begin = s + n;

	if (n < 6 || strcmp(s + n - 5, " ...>"))
		return false;
	while (begin > s && *begin != '<')
		begin--;
	if (begin == s || begin[-1] != ' ' || strncmp(begin + 1, word, m) ||
	    begin[m + 1] != ' ')
		return false;
	begin[-1] = '\0';
	return true;
}

/*
 * The end of the text of a call, which is removed from it. @begun is the text
 * before it, or "".
 *
 * A call whose thread was killed in it may be written "x(1, <unfinished ...>)
 * = ?": that is an end.
 */
static enum line_kind parse_call_end(const char *begun, struct line *line)
{
	struct remark remark;
	bool complete;
	char *all;

	if (take_mark(line->text, "unfinished")) {
		line->tear = TEAR_MARK;
		return LINE_UNFINISHED;
	}
	if (take_mark(line->text, "pid changed to"))
		return LINE_UNFINISHED;
	line->detached = take_mark(line->text, "detached");
	if (!line->detached && remark_in_call(line->text, &remark)) {
		line->attached = remark.attached;
		line->tear = TEAR_REMARK;
		*remark.at = '\0';
	}
	all = *begun ? value_xasprintf("%s%s", begun, line->text) : NULL;
	complete = call_is_complete(all ? all : line->text);
	free(all);
	if (complete) {
		/* The remark has come behind the answer. */
		line->tear = TEAR_NONE;
		return LINE_CALL;
	}
	if (!line->detached && !line->tear)
		line->tear = TEAR_OUTPUT;
	return LINE_UNFINISHED;
}

static enum line_kind parse_call(const char *s, struct line *line)
{
	if (!begins_call(s))
		return LINE_BAD;
	line->text = value_xstrdup(s);
	return parse_call_end("", line);
}

/* "<... wait4 resumed>[{...}], 0, NULL) = 12": the name, '(' and the rest */
static enum line_kind parse_resumed(const char *s, struct line *line)
{
	size_t n = strcspn(s, " ");
	const char *rest = s + n;

	if (!n || !take(&rest, " resumed"))
		return LINE_BAD;
	if (take(&rest, " #"))
		rest += strspn(rest, "0123456789");
	if (!take(&rest, ">"))
		return LINE_BAD;
	line->text = value_xasprintf("%.*s(%s", (int)n, s, rest);
	return parse_call_end("", line) == LINE_CALL ? LINE_RESUMED : LINE_PART;
}

/* Everything that can follow the pid and the time. */
static enum line_kind parse_event(const char *s, struct line *line)
{
	if (!strncmp(s, "<unfinished ", 12) || !strncmp(s, "<detached ", 10))
		return LINE_BLANK;
	if (take(&s, "+++ "))
		return parse_end(s, line);
	if (take(&s, "--- "))
		return parse_signal(s, line);
	if (take(&s, "<... "))
		return parse_resumed(s, line);
	return parse_call(s, line);
}

bool line_parse_behind_output(const char *raw, struct line *line)
{
	static const char * const begins[] = {
		"[pid ", "+++ ", "--- ", "<... ",
	};
	unsigned int candidates = 0;
	const char *s, *event;
	size_t i;

	for (s = raw; *s; s++) {
		struct prefix prefix = { .tid = -1 };
		bool found = s > raw && call_is_known(s);

		for (i = 0; !found && i < ARRAY_SIZE(begins); i++)
			found = !strncmp(s, begins[i], strlen(begins[i]));
		if (!found)
			continue;
		if (++candidates > MAX_CANDIDATES)
			break;
		*line = (struct line) { .tid = -1 };
		event = skip_times(take_pid(s, &prefix), &prefix, line);
		line->kind = parse_event(event, line);
		if (line->kind > LINE_BLANK && line->tear != TEAR_OUTPUT) {
			line->tid = prefix.tid;
			return true;
		}
		free(line->text);
	}
	*line = (struct line) { .tid = -1 };
	return false;
}

/* Program output cannot come into a file that has a pid in each line. */
static void refuse_output(const struct prefix *prefix, struct line *line)
{
	if (prefix->column && line->tear == TEAR_OUTPUT)
		line->kind = LINE_BAD;
	if (line->kind != LINE_BAD)
		return;
	free(line->text);
	*line = (struct line) { .tid = -1 };
}

bool line_parse(const char *raw, struct line *line)
{
	struct prefix prefix = { .tid = -1 };
	const char *s = take_pid(raw, &prefix);

	*line = (struct line) { .tid = -1 };
	if (line_is_remark(s, line))
		return true;
	s = skip_times(s, &prefix, line);
	line->kind = parse_event(s, line);
	refuse_output(&prefix, line);
	if (line->kind == LINE_UNFINISHED)
		call_drop_output(line->text);
	if (line->kind != LINE_BAD)
		line->tid = prefix.tid;
	return prefix.any;
}

/* Can this be the rest of a call? */
static bool continues_call(const char *s)
{
	size_t n = strspn(s, "abcdefghijklmnopqrstuvwxyz_");

	if (!isalpha((unsigned char)*s))
		return true;
	return (n && s[n] == '=') || !strncmp(s, "NULL", 4) || strstr(s, ") = ");
}

static void drop_output_behind(const char *begun, char *rest, bool going_on)
{
	size_t n = strlen(begun);
	char *all;

	if (!going_on) {
		*rest = '\0';
		return;
	}
	all = value_xasprintf("%s%s", begun, rest);
	call_drop_output(all);
	if (strlen(all) <= n)
		*rest = '\0';
	free(all);
}

bool line_parse_rest(const char *raw, const char *begun, struct line *line)
{
	struct line rest = { .tid = -1, .continues = true };
	bool going_on = continues_call(raw);
	size_t name = strcspn(begun, "(");

	rest.text = value_xstrdup(raw);
	rest.kind = parse_call_end(begun, &rest) == LINE_CALL ? LINE_RESUMED :
								LINE_PART;
	/* Output of the program before the mark of strace is not part of the call. */
	if (rest.kind == LINE_PART && rest.tear == TEAR_MARK)
		drop_output_behind(begun, rest.text, going_on);
	else if (!going_on)
		goto other;
	*line = rest;
	line->text = value_xasprintf("%.*s(%s", (int)name, begun, rest.text);
	free(rest.text);
	return true;

other:
	free(rest.text);
	return false;
}
