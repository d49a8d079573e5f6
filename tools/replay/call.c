// SPDX-License-Identifier: GPL-2.0-only
/*
 * A system call of a recording, with all its lines put together:
 * "name(arguments) = answer ERRNO (words) <time>".
 */
#include <ctype.h>
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
	{ "exit", CALL_EXIT },
	{ "exit_group", CALL_EXIT_GROUP },
	{ "unshare", CALL_UNSHARE },
	{ "setns", CALL_SETNS },
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

bool call_is_known(const char *text)
{
	size_t i, n;

	for (i = 0; i < ARRAY_SIZE(names); i++) {
		n = strlen(names[i].name);
		if (!strncmp(text, names[i].name, n) && text[n] == '(')
			return true;
	}
	return false;
}

struct call *call_begin(int tid, const char *text, size_t start)
{
	struct call *call = value_xcalloc(1, sizeof(*call));

	call->kind = kind_of(text);
	call->tid = tid;
	call->text = value_xstrdup(text);
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

/*
 * The parenthesis that ends the arguments beginning at @s; where the text ends
 * before it, the end of the text.
 */
static const char *end_of_args(const char *s)
{
	const char *begin = s;
	int depth = 0;

	while (*s) {
		depth += value_depth(*s);
		if (depth < 0)
			break;
		s = value_skip(begin, s);
	}
	return s;
}

/* What follows "= " behind the arguments that end at @end; or NULL. */
static const char *find_answer(const char *end)
{
	if (*end != ')')
		return NULL;
	end += 1 + strspn(end + 1, " ");
	return strncmp(end, "= ", 2) ? NULL : end + 2;
}

bool call_is_complete(const char *text)
{
	size_t n = name_len(text);

	return text[n] && find_answer(end_of_args(text + n + 1));
}

/* Behind an argument that strace writes before the call, and its comma. */
static size_t first_arg_len(const char *s)
{
	const char *begin = s, *end;

	s += strspn(s, "abcdefghijklmnopqrstuvwxyz_");
	s += *s == '=';
	end = s + strspn(s, "-0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ_abcdefx");
	if (!isdigit((unsigned char)*s))
		end = s + strspn(s, "-0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ_");
	if (*end == '<' && end > begin)
		end = value_skip(begin, end);
	if (!strncmp(end, " /*", 3))
		end = value_skip(begin, end + 1);
	if (!strncmp(end, ", ", 2))
		end += 2;
	return end - begin;
}

void call_drop_output(char *text)
{
	size_t n = name_len(text), i, nr_args = 0;

	if (!text[n])
		return;
	switch (kind_of(text)) {
	case CALL_WAITID:
		nr_args = 2;
		break;
	case CALL_WAIT4:
		nr_args = 1;
		break;
	case CALL_FORK:
		/* clone and clone3 are not cut: they have their flags there. */
		if (!strncmp(text, "clone", 5))
			return;
		break;
	default:
		return;
	}
	for (n++, i = 0; i < nr_args; i++)
		n += first_arg_len(text + n);
	/* There may be more arguments, as in a call that is shown raw. */
	if (!strncmp(text + n, "0x", 2) || !strncmp(text + n, "NULL", 4) ||
	    text[n] == '[' || text[n] == '{' ||
	    text[n + strspn(text + n, "abcdefghijklmnopqrstuvwxyz_")] == '=')
		return;
	text[n] = '\0';
}

/* Behind the name of an argument, as of --arg-names: "pid=101". */
static char *skip_name(char *s)
{
	size_t n = strspn(s, "abcdefghijklmnopqrstuvwxyz_0123456789");

	return n && s[n] == '=' && !isdigit((unsigned char)*s) ? s + n + 1 : s;
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
				call->arg[call->nr_args++] = skip_name(begin);
			if (last)
				return;
			begin = ++s;
			continue;
		}
		depth += value_depth(*s);
		s += value_skip(begin, s) - s;
	}
}

/* "12", "-1 ECHILD (No child processes)", "?", "? ERESTARTSYS (...)" */
static bool parse_answer(struct call *call, const char *s)
{
	call->injected = strstr(s, "(INJECTED");
	if (*s == '?') {
		call->answer = strstr(s, "ERESTART") ? ANSWER_INTERRUPTED :
						       ANSWER_UNKNOWN;
		return true;
	}
	if (!value_long(s, &call->value) || !isdigit((unsigned char)s[*s == '-']))
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

/* Forks and waits answer with a pid, perhaps in the numbers of a namespace. */
static void translate_answer(struct call *call, const char *answer)
{
	int pid;

	if (call->answer != ANSWER_VALUE ||
	    (call->kind != CALL_FORK && call->kind != CALL_WAIT4))
		return;
	if (!value_pid(answer, &pid))
		return;
	if (value_is_translated(answer))
		call->inner = call->value;
	call->value = pid;
}

/* A killed thread's call may keep its mark: "x(1, <unfinished ...>) = ?". */
static void drop_mark(char *text)
{
	static const char mark[] = "<unfinished ", dots[] = "...>) ";
	const char *s;
	char *at, *end;

	for (s = text; *s; s = value_skip(text, s)) {
		if (strncmp(s, mark, sizeof(mark) - 1))
			continue;
		at = text + (s - text);
		end = at + sizeof(mark) - 1;
		if (*end == '#')
			end += 1 + strspn(end + 1, "0123456789") + 1;
		if (strncmp(end, dots, sizeof(dots) - 1))
			continue;
		end += sizeof(dots) - 3;
		memmove(at, end, strlen(end) + 1);
		return;
	}
}

bool call_parse(struct call *call, bool complete)
{
	const char *args, *end, *answer;

	free(call->args);
	call->args = NULL;
	call->nr_args = 0;
	drop_mark(call->text);
	args = call->text + name_len(call->text);
	if (*args++ != '(')
		return false;
	end = end_of_args(args);
	call->args = value_xasprintf("%.*s", (int)(end - args), args);
	split_args(call);
	if (!complete)
		return true;
	answer = find_answer(end);
	if (!answer || !parse_answer(call, answer))
		return false;
	translate_answer(call, answer);
	return true;
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

bool call_pid(const struct call *call, size_t i, int *out)
{
	return value_pid(call_arg(call, i), out);
}

bool call_executed(const struct call *call)
{
	return !call->injected || strstr(call->text, "(INJECTED: args)");
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
