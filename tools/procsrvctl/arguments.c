// SPDX-License-Identifier: GPL-2.0-only
/*
 * Parsing of command lines.
 */
#include <grp.h>
#include <pwd.h>
#include <stdlib.h>
#include <string.h>

#include "procsrvctl.h"

#define SCOPES "--session and --group"

bool json_output;

static error_t parse_json(int key, char *arg __attribute__((unused)),
			  struct argp_state *state __attribute__((unused)))
{
	if (key != 'j')
		return ARGP_ERR_UNKNOWN;
	json_output = true;
	return 0;
}

static const struct argp_option json_options[] = {
	{ .name = "json", .key = 'j', .doc = "Print JSON", .group = -1 },
	{}
};

const struct argp json_argp = {
	.options = json_options, .parser = parse_json,
};

const struct argp_child json_child[] = {
	{ .argp = &json_argp },
	{}
};

void choose(__u32 *which, __u32 chosen, const char *choices)
{
	if (*which)
		usage_error("only one of %s can be given", choices);
	*which = chosen;
}

static error_t parse_scope(int key, char *arg, struct argp_state *state)
{
	struct scope *scope = state->input;

	switch (key) {
	case 's':
		choose(&scope->scope, PROCSRV_LIST_SID, SCOPES);
		scope->id = arg_sid(arg);
		break;
	case 'g':
		choose(&scope->scope, PROCSRV_LIST_PGID, SCOPES);
		scope->id = arg_pgid(arg);
		break;
	default:
		return ARGP_ERR_UNKNOWN;
	}
	return 0;
}

static const struct argp_option scope_options[] = {
	{ "session", 's', "SID", 0, "Only the members of this session", 0 },
	{ "group", 'g', "PGID", 0, "Only the members of this process group",
	  0 },
	{}
};

const struct argp scope_argp = {
	.options = scope_options, .parser = parse_scope,
};

int list_refused(const struct scope *scope, int err)
{
	const struct procsrv_list_args args = {
		.scope = scope->scope, .id = scope->id,
	};

	return refused(PROCSRV_IOC_LIST, &args, err);
}

int parse_options(const struct argp *argp, int argc, char **argv, void *input,
		  int min, int max)
{
	/* Without a parser, @input is that of the first child. */
	const struct argp_child both[] = {
		{ .argp = argp },
		{ .argp = &help_argp },
		{ .argp = &misplaced_argp },
		{}
	};
	const struct argp with_help = { .children = both };
	int first, words;

	argp_parse(&with_help, argc, argv, 0, &first, input);
	words = argc - first;
	if (words < min)
		usage_error("too few arguments");
	if (max >= 0 && words > max)
		usage_error("'%s' is one argument too many", argv[first + max]);
	return first;
}

/* 0 is no valid id: in the interface it means "none" or "any". */
static __u64 arg_id(const char *s, __u64 max, const char *what)
{
	__u64 id;

	if (!client_parse_u64(s, max, &id) || !id)
		usage_error("'%s' is not a %s", s, what);
	return id;
}

__u64 arg_pid(const char *s)
{
	return arg_id(s, UINT64_MAX, "process id");
}

__u32 arg_sid(const char *s)
{
	return arg_id(s, UINT32_MAX, "session id");
}

__u32 arg_pgid(const char *s)
{
	return arg_id(s, UINT32_MAX, "process group id");
}

__u32 arg_u32(const char *s, const char *what)
{
	__u32 value;

	if (!client_parse_u32(s, &value))
		usage_error("'%s' is not a number of %s", s, what);
	return value;
}

__u64 arg_size(const char *s, const char *what)
{
	__u64 value;

	if (!client_parse_size(s, &value))
		usage_error("'%s' is not a size of %s (4096, 64K, 2G, unlimited)",
			    s, what);
	return value;
}

__u64 arg_time(const char *s, __u64 unit_ns, const char *what)
{
	__u64 value;

	if (!client_parse_time(s, unit_ns, &value))
		usage_error("'%s' is not a %s (5s, 100ms, 20us, unlimited)", s,
			    what);
	return value;
}

int arg_signal(const char *s)
{
	int signo;

	if (procsrv_parse_signal(s, &signo))
		usage_error("'%s' is not a signal", s);
	return signo;
}

__u64 arg_signals(const char *s)
{
	char *copy = need(strdup(s)), *rest = copy, *word;
	__u64 mask = 0;
	int signo;

	while ((word = strsep(&rest, ","))) {
		signo = arg_signal(word);
		if (!signo)
			usage_error("signal 0 is never pending");
		mask |= 1ULL << (signo - 1);
	}
	free(copy);
	return mask;
}

__u32 arg_user(const char *s)
{
	const struct passwd *pw;
	__u32 uid;

	if (client_parse_u32(s, &uid))
		return uid;
	pw = getpwnam(s);
	if (!pw)
		usage_error("there is no user '%s'", s);
	return pw->pw_uid;
}

__u32 arg_group(const char *s)
{
	const struct group *gr;
	__u32 gid;

	if (client_parse_u32(s, &gid))
		return gid;
	gr = getgrnam(s);
	if (!gr)
		usage_error("there is no group '%s'", s);
	return gr->gr_gid;
}

void strings_add(struct strings *list, const char *s)
{
	size_t len = strlen(s) + 1;

	list->data = need(realloc(list->data, list->len + len));
	memcpy(list->data + list->len, s, len);
	list->len += len;
}
