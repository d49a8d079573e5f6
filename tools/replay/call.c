// SPDX-License-Identifier: GPL-2.0-only
/*
 * A system call of a recording, with all its lines put together:
 * "name(arguments) = answer ERRNO (words) <time>".
 */
#include <errno.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>

#include "call.h"
#include "value.h"

static const struct {
	const char *name;
	enum call_kind kind;
} names[] = {
	{ "fork", CALL_FORK },
	{ "vfork", CALL_FORK },
	{ "clone", CALL_FORK },
	{ "clone2", CALL_FORK },
	{ "clone3", CALL_FORK },
	{ "execve", CALL_EXEC },
	{ "execveat", CALL_EXEC },
	{ "wait4", CALL_WAIT4 },
	{ "waitpid", CALL_WAIT4 },
	{ "waitid", CALL_WAITID },
	{ "kill", CALL_KILL },
	{ "rt_sigqueueinfo", CALL_KILL },
	{ "tkill", CALL_TKILL },
	{ "tgkill", CALL_TGKILL },
	{ "rt_tgsigqueueinfo", CALL_TGKILL },
	{ "pidfd_send_signal", CALL_PIDFD_SIGNAL },
	{ "pidfd_open", CALL_PIDFD_OPEN },
	{ "setpgid", CALL_SETPGID },
	{ "setsid", CALL_SETSID },
	{ "prctl", CALL_PRCTL },
	{ "rt_sigaction", CALL_SIGACTION },
};

static size_t name_len(const char *text)
{
	return strcspn(text, "(");
}

static enum call_kind kind_of(const char *text)
{
	size_t n = name_len(text), i;

	for (i = 0; i < ARRAY_SIZE(names); i++)
		if (strlen(names[i].name) == n && !memcmp(names[i].name, text, n))
			return names[i].kind;
	return CALL_OTHER;
}

struct call *call_begin(int tid, char *text, size_t start)
{
	struct call *call = value_xcalloc(1, sizeof(*call));

	call->kind = kind_of(text);
	call->tid = tid;
	call->text = text;
	call->start = start;
	call->end = NO_LINE;
	return call;
}

bool call_append(struct call *call, const char *rest)
{
	size_t n = name_len(rest);
	char *text;

	/* strace may not have known the name when the call began: "????". */
	if (*call->text == '?') {
		call->kind = kind_of(rest);
		call->headless = true;
		text = value_xstrdup(rest);
	} else {
		if (name_len(call->text) != n || memcmp(call->text, rest, n))
			return false;
		text = value_xasprintf("%s%s", call->text, rest + n + 1);
	}
	free(call->text);
	call->text = text;
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

/* Behind the next character, string or comment. */
static const char *skip_token(const char *s)
{
	const char *end;

	if (*s == '"')
		return skip_quoted(s);
	if (s[0] == '/' && s[1] == '*') {
		end = strstr(s + 2, "*/");
		return end ? end + 2 : s + strlen(s);
	}
	return s + 1;
}

/*
 * The parenthesis that ends the arguments beginning at @s; where the text ends
 * before it, the end of the text.
 */
static const char *end_of_args(const char *s)
{
	int depth = 0;

	while (*s) {
		if (strchr("([{", *s))
			depth++;
		else if (strchr(")]}", *s) && depth-- == 0)
			break;
		s = skip_token(s);
	}
	return s;
}

/* Splits @call->args in place. */
static void split_args(struct call *call)
{
	const size_t max = ARRAY_SIZE(call->arg);
	char *s = call->args, *begin = s;
	int depth = 0;

	while (call->nr_args < max) {
		if (!*s || (*s == ',' && !depth)) {
			bool last = !*s;

			*s = '\0';
			begin += strspn(begin, " ");
			if (*begin || !last)
				call->arg[call->nr_args++] = begin;
			if (last)
				return;
			begin = ++s;
			continue;
		}
		if (strchr("([{", *s))
			depth++;
		else if (strchr(")]}", *s))
			depth--;
		s += skip_token(s) - s;
	}
}

/* "12", "-1 ECHILD (No child processes)", "?", "? ERESTARTSYS (...)" */
static bool parse_answer(struct call *call, const char *s)
{
	if (*s == '?') {
		call->answer = strstr(s, "ERESTART") ? ANSWER_INTERRUPTED :
						       ANSWER_UNKNOWN;
		return true;
	}
	if (!value_long(s, &call->value))
		return false;
	call->answer = ANSWER_VALUE;
	if (call->value != -1)
		return true;
	s += strcspn(s, " ");
	s += strspn(s, " ");
	call->error = value_errno(s);
	if (call->error < 0)
		return false;
	call->answer = call->error == EINTR ? ANSWER_INTERRUPTED : ANSWER_ERROR;
	return true;
}

/* A killed thread's call may keep its mark: "x(1, <unfinished ...>) = ?". */
static void drop_mark(char *text)
{
	static const char mark[] = "<unfinished ...>";
	char *at = strstr(text, mark), *end;

	if (!at)
		return;
	end = at + sizeof(mark) - 1;
	if (!strncmp(end, ") ", 2))
		memmove(at, end, strlen(end) + 1);
}

bool call_parse(struct call *call, bool complete)
{
	const char *args, *end, *answer;

	drop_mark(call->text);
	args = call->text + name_len(call->text);
	if (*args++ != '(')
		return false;
	end = end_of_args(args);
	call->args = strndup(args, end - args);
	if (!call->args)
		return false;
	split_args(call);
	if (call->kind == CALL_FORK)
		call->thread = strstr(args, "CLONE_THREAD") ||
			       (call->headless && strstr(args, "tls="));
	if (!complete)
		return true;
	if (*end != ')')
		return false;
	answer = end + 1 + strspn(end + 1, " ");
	if (strncmp(answer, "= ", 2))
		return false;
	return parse_answer(call, answer + 2);
}

const char *call_arg(const struct call *call, size_t i)
{
	return i < call->nr_args ? call->arg[i] : "";
}

bool call_int(const struct call *call, size_t i, int *out)
{
	long v;

	if (!value_long(call_arg(call, i), &v) || v < INT_MIN || v > UINT_MAX)
		return false;
	/* strace 4 wrote some pids without their sign. */
	*out = (int)v;
	return true;
}

bool call_has_answer(const struct call *call)
{
	return call->answer == ANSWER_VALUE || call->answer == ANSWER_ERROR;
}

void call_free(struct call *call)
{
	if (!call)
		return;
	free(call->text);
	free(call->args);
	free(call);
}
