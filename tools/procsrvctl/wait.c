// SPDX-License-Identifier: GPL-2.0-only
/*
 * wait
 */
#include "procsrvctl.h"

#define CHOICES "--pid and --pgid"

enum {
	OPT_EXITED = OPT_FIRST,
	OPT_STOPPED,
	OPT_CONTINUED,
	OPT_NOHANG,
	OPT_NOWAIT,
	OPT_CLONE,
	OPT_ALL,
};

static error_t parse_wait(int key, char *arg, struct argp_state *state)
{
	struct procsrv_wait_args *args = state->input;

	switch (key) {
	case 'p':
		choose(&args->which, PROCSRV_WAIT_PID, CHOICES);
		args->id = arg_pid(arg);
		break;
	case 'g':
		choose(&args->which, PROCSRV_WAIT_PGID, CHOICES);
		args->id = arg_pgid(arg);
		break;
	case OPT_EXITED:
		args->what |= PROCSRV_WAIT_EXITED;
		break;
	case OPT_STOPPED:
		args->what |= PROCSRV_WAIT_STOPPED;
		break;
	case OPT_CONTINUED:
		args->what |= PROCSRV_WAIT_CONTINUED;
		break;
	case OPT_NOHANG:
		args->flags |= PROCSRV_WAIT_NOHANG;
		break;
	case OPT_NOWAIT:
		args->flags |= PROCSRV_WAIT_NOWAIT;
		break;
	case OPT_CLONE:
		args->flags |= PROCSRV_WAIT_WCLONE;
		break;
	case OPT_ALL:
		args->flags |= PROCSRV_WAIT_WALL;
		break;
	case 't':
		args->flags |= PROCSRV_WAIT_TIMEOUT;
		args->timeout = arg_time(arg, 1, "time");
		break;
	default:
		return ARGP_ERR_UNKNOWN;
	}
	return 0;
}

static const struct argp_option options[] = {
	{ "pid", 'p', "PID", 0, "Only for this child", 0 },
	{ "pgid", 'g', "PGID", 0, "Only for children in this process group",
	  0 },
	{ "clone", OPT_CLONE, NULL, 0,
	  "Only for children whose exit signal is not SIGCHLD, as __WCLONE", 0 },
	{ "all", OPT_ALL, NULL, 0,
	  "For children with any exit signal, as __WALL", 0 },
	{ "exited", OPT_EXITED, NULL, 0,
	  "For an exit (the default)", 1 },
	{ "stopped", OPT_STOPPED, NULL, 0, "For a stop", 1 },
	{ "continued", OPT_CONTINUED, NULL, 0, "For a continuation", 1 },
	{ "nohang", OPT_NOHANG, NULL, 0,
	  "Do not sleep: exit with 4 if there is nothing to report", 2 },
	{ "nowait", OPT_NOWAIT, NULL, 0,
	  "Do not reap the child, and leave its report to later waits", 2 },
	{ "timeout", 't', "TIME", 0,
	  "Sleep at most this long (5s, 100ms, 20us, 7ns), then exit with 5", 2 },
	{}
};

static const struct argp argp = {
	.options = options, .parser = parse_wait, .children = json_child,
	.args_doc = "PARENT",
	.doc = "Waits on behalf of PARENT for a child, and prints its change of state."
	       AFTER_OPTIONS
	       "If several children qualify, the one with the lowest pid is returned.\n"
	       "A child whose exit is printed is reaped, unless --nowait is given.",
};

static const char *why_name(__u32 why)
{
	switch (why) {
	case PROCSRV_WAIT_EXITED:
		return "exited";
	case PROCSRV_WAIT_STOPPED:
		return "stopped";
	case PROCSRV_WAIT_CONTINUED:
		return "continued";
	}
	return "changed";
}

static void print_json(const struct procsrv_wait_args *args)
{
	struct json_object *obj = need(json_object_new_object());

	json_add_u64(obj, "pid", args->pid);
	json_object_object_add(obj, "why", json_name(why_name(args->why)));
	json_add_end(obj, args->exit_code, args->exit_signal);
	json_add_u64(obj, "uid", args->uid);
	json_add_u64(obj, "cpu_time", args->cpu_time);
	json_add_u64(obj, "children_cpu_time", args->children_cpu_time);
	json_print(obj);
}

static void print_line(const struct procsrv_wait_args *args)
{
	if (args->why == PROCSRV_WAIT_EXITED) {
		print_end(args->pid, args->exit_code, args->exit_signal);
		return;
	}
	printf("%llu %s by ", args->pid, why_name(args->why));
	print_killer(args->exit_signal);
	putchar('\n');
}

int run_wait(int argc, char **argv)
{
	struct procsrv_wait_args args = {};
	int i = parse_options(&argp, argc, argv, &args, 1, 1);
	int status;

	args.parent = arg_pid(argv[i]);
	if (!args.what)
		args.what = PROCSRV_WAIT_EXITED;

	status = call_and_sleep(PROCSRV_IOC_WAIT, &args);
	if (status)
		return status;

	if (json_output)
		print_json(&args);
	else
		print_line(&args);
	return CLIENT_OK;
}
