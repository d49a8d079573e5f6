// SPDX-License-Identifier: GPL-2.0-only
/*
 * session, group
 */
#include <stdlib.h>
#include <string.h>

#include "procsrvctl.h"

enum {
	OPT_NONE = OPT_FIRST,
	OPT_CALLER,
};

static const struct argp create_argp = {
	.children = json_child,
	.args_doc = "LEADER",
	.doc = "Creates a session, and prints its id." AFTER_OPTIONS
	       "LEADER leads the session, and a new process group in it. With --json the id\n"
	       "of the group is printed, too.",
};

static int session_create(int argc, char **argv)
{
	struct procsrv_create_session_args args = {};
	int i = parse_options(&create_argp, argc, argv, NULL, 1, 1);
	struct json_object *obj;
	int status;

	args.leader = arg_pid(argv[i]);
	status = call(PROCSRV_IOC_CREATE_SESSION, &args);
	if (status)
		return status;

	if (json_output) {
		obj = need(json_object_new_object());
		json_add_u64(obj, "sid", args.sid);
		json_add_u64(obj, "pgid", args.pgid);
		json_print(obj);
	} else {
		printf("%u\n", args.sid);
	}
	return CLIENT_OK;
}

static const struct argp show_argp = {
	.children = json_child,
	.args_doc = "SID",
	.doc = "Shows a session." AFTER_OPTIONS
	       "'procsrvctl ps --session=SID' shows its members.",
};

static void print_session(const struct procsrv_session_args *args,
			  const char *terminal)
{
	const char *shown = args->terminal_size ? terminal : "none";
	struct json_object *obj;

	if (!args->terminal_size)
		terminal = NULL;
	if (!json_output) {
		printf("session    %u\n", args->sid);
		printf("leader     %llu\n", args->leader);
		fputs("terminal   ", stdout);
		escape_text(stdout, shown, strlen(shown), 0);
		if (args->foreground)
			printf("\nforeground %u", args->foreground);
		printf("\nprocesses  %u\n", args->nr_processes);
		printf("groups     %u\n", args->nr_groups);
		return;
	}
	obj = need(json_object_new_object());
	json_add_u64(obj, "sid", args->sid);
	json_add_u64(obj, "leader", args->leader);
	json_object_object_add(obj, "terminal", terminal ?
			       json_text(terminal, strlen(terminal)) : NULL);
	json_add_u64(obj, "nr_processes", args->nr_processes);
	json_add_u64(obj, "nr_groups", args->nr_groups);
	json_add_u64(obj, "foreground", args->foreground);
	json_print(obj);
}

static int session_show(int argc, char **argv)
{
	char terminal[PROCSRV_NAME_MAX + 1];
	struct procsrv_session_args args = {
		.terminal = (uintptr_t)terminal,
		.terminal_size = sizeof(terminal),
	};
	int i = parse_options(&show_argp, argc, argv, NULL, 1, 1);
	int status;

	args.sid = arg_sid(argv[i]);
	status = call(PROCSRV_IOC_SESSION, &args);
	if (!status)
		print_session(&args, terminal);
	return status;
}

static error_t parse_none(int key, char *arg __attribute__((unused)),
			  struct argp_state *state)
{
	bool *none = state->input;

	if (key != OPT_NONE)
		return ARGP_ERR_UNKNOWN;
	*none = true;
	return 0;
}

static const struct argp_option terminal_options[] = {
	{ "none", OPT_NONE, NULL, 0, "Remove the terminal", 0 },
	{}
};

static const struct argp terminal_argp = {
	.options = terminal_options, .parser = parse_none,
	.args_doc = "SID NAME\nSID --none",
	.doc = "Sets or removes the terminal of a session.",
};

static int session_terminal(int argc, char **argv)
{
	struct procsrv_set_terminal_args args = {};
	bool none = false;
	int i = parse_options(&terminal_argp, argc, argv, &none, 1, 2);

	args.sid = arg_sid(argv[i++]);
	if (none ? i < argc : i == argc)
		usage_error("either a name or --none is needed");
	if (!none)
		args.name = (uintptr_t)argv[i];
	return call(PROCSRV_IOC_SET_TERMINAL, &args);
}

static const struct argp_option foreground_options[] = {
	{ "none", OPT_NONE, NULL, 0, "Remove the foreground group", 0 },
	{}
};

static const struct argp foreground_argp = {
	.options = foreground_options, .parser = parse_none,
	.args_doc = "SID PGID\nSID --none",
	.doc = "Sets or removes the foreground group of the session's terminal." AFTER_OPTIONS
	       "When the leader of the session exits, this group is sent SIGHUP.",
};

static int session_foreground(int argc, char **argv)
{
	struct procsrv_set_foreground_args args = {};
	bool none = false;
	int i = parse_options(&foreground_argp, argc, argv, &none, 1, 2);

	args.sid = arg_sid(argv[i++]);
	if (none ? i < argc : i == argc)
		usage_error("either a process group or --none is needed");
	if (!none)
		args.pgid = arg_pgid(argv[i]);
	return call(PROCSRV_IOC_SET_FOREGROUND, &args);
}

static const struct argp hangup_argp = {
	.children = json_child,
	.args_doc = "SID",
	.doc = "Sends SIGHUP and then SIGCONT to the members of a session, or only to its\n"
	       "leader if there is a foreground group, and prints the number of processes\n"
	       "reached.",
};

static int session_hangup(int argc, char **argv)
{
	struct procsrv_hang_up_args args = {};
	int i = parse_options(&hangup_argp, argc, argv, NULL, 1, 1);
	int status;

	args.sid = arg_sid(argv[i]);
	status = call(PROCSRV_IOC_HANG_UP, &args);
	if (!status)
		print_number("count", args.count);
	return status;
}

static const struct command session_commands[] = {
	{ "create", "Create a session", session_create },
	{ "show", "Show a session", session_show },
	{ "terminal", "Set or remove the terminal of a session", session_terminal },
	{ "foreground", "Set or remove the foreground group", session_foreground },
	{ "hangup", "Hang up the terminal of a session", session_hangup },
	{ NULL, NULL, NULL }
};

int run_session(int argc, char **argv)
{
	return dispatch("Creates, shows and hangs up sessions.",
			session_commands, NULL, argc, argv);
}

/**
 * struct group_options - options of group create and group set
 * @caller: pid of the caller, or 0
 * @sid: session of a new group
 * @sid_given: whether it was given
 */
struct group_options {
	__u64 caller;
	__u32 sid;
	bool sid_given;
};

static error_t parse_group(int key, char *arg, struct argp_state *state)
{
	struct group_options *options = state->input;

	switch (key) {
	case OPT_CALLER:
		options->caller = arg_pid(arg);
		break;
	case 's':
		if (!client_parse_u32(arg, &options->sid))
			usage_error("'%s' is not a session id", arg);
		options->sid_given = true;
		break;
	default:
		return ARGP_ERR_UNKNOWN;
	}
	return 0;
}

#define CALLER_OPTION \
	{ "caller", OPT_CALLER, "PID", 0, \
	  "On behalf of this process, by the rules of setpgid(2)", 0 }

static const struct argp_option group_create_options[] = {
	CALLER_OPTION,
	{ "session", 's', "SID", 0,
	  "Session of the group, 0 for none (default: that of LEADER)", 0 },
	{}
};

static const struct argp group_create_argp = {
	.options = group_create_options, .parser = parse_group,
	.children = json_child,
	.args_doc = "LEADER",
	.doc = "Creates a process group with this leader, and prints its id.",
};

/* The session that a process is in. */
static int find_session(__u64 pid, __u32 *sid)
{
	struct procsrv_info info;
	struct procsrv_info_args args = {
		.pid = pid,
		.info = (uintptr_t)&info,
		.info_size = sizeof(info),
	};
	int status = call(PROCSRV_IOC_INFO, &args);

	if (!status)
		*sid = info.sid;
	return status;
}

static int group_create(int argc, char **argv)
{
	struct group_options options = {};
	int i = parse_options(&group_create_argp, argc, argv, &options, 1, 1);
	struct procsrv_create_group_args args = {};
	int status;

	args.leader = arg_pid(argv[i]);
	args.caller = options.caller;
	args.sid = options.sid;
	if (!options.sid_given) {
		status = find_session(args.leader, &args.sid);
		if (status)
			return status;
	}
	status = call(PROCSRV_IOC_CREATE_GROUP, &args);
	if (!status)
		print_number("pgid", args.pgid);
	return status;
}

static const struct argp_option group_set_options[] = {
	CALLER_OPTION,
	{}
};

static const struct argp group_set_argp = {
	.options = group_set_options, .parser = parse_group,
	.args_doc = "PID PGID",
	.doc = "Moves a process to a process group of its session.",
};

static int group_set(int argc, char **argv)
{
	struct group_options options = {};
	int i = parse_options(&group_set_argp, argc, argv, &options, 2, 2);
	struct procsrv_set_group_args args = {
		.caller = options.caller,
		.pid = arg_pid(argv[i]),
		.pgid = arg_pgid(argv[i + 1]),
	};

	return call(PROCSRV_IOC_SET_GROUP, &args);
}

static const struct argp group_show_argp = {
	.children = json_child,
	.args_doc = "PGID",
	.doc = "Shows a process group." AFTER_OPTIONS
	       "'procsrvctl ps --group=PGID' shows its members.",
};

static int group_show(int argc, char **argv)
{
	struct procsrv_group_args args = { .flags = PROCSRV_GROUP_ORPHANED };
	int i = parse_options(&group_show_argp, argc, argv, NULL, 1, 1);
	struct json_object *obj;
	int status;

	args.pgid = arg_pgid(argv[i]);
	status = call(PROCSRV_IOC_GROUP, &args);
	if (status)
		return status;

	if (json_output) {
		obj = need(json_object_new_object());
		json_add_u64(obj, "pgid", args.pgid);
		json_add_u64(obj, "leader", args.leader);
		json_add_u64(obj, "sid", args.sid);
		json_add_u64(obj, "nr_processes", args.nr_processes);
		json_add_flag(obj, "orphaned", args.flags);
		json_print(obj);
		return CLIENT_OK;
	}
	printf("group      %u\n", args.pgid);
	printf("leader     %llu\n", args.leader);
	if (args.sid)
		printf("session    %u\n", args.sid);
	else
		printf("session    none\n");
	printf("processes  %u\n", args.nr_processes);
	printf("orphaned   %s\n", args.flags ? "yes" : "no");
	return CLIENT_OK;
}

static const struct command group_commands[] = {
	{ "create", "Create a process group", group_create },
	{ "set", "Move a process to a process group", group_set },
	{ "show", "Show a process group", group_show },
	{ NULL, NULL, NULL }
};

int run_group(int argc, char **argv)
{
	return dispatch("Creates, joins and shows process groups.",
			group_commands, NULL, argc, argv);
}
