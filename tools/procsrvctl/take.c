// SPDX-License-Identifier: GPL-2.0-only
/*
 * take
 */
#include <signal.h>

#include "procsrvctl.h"

#define MASK_OF(signo) (1ULL << ((signo) - 1))

/* Signals that are never pending, except in a hosted process. */
#define ACT_AT_ONCE (MASK_OF(SIGKILL) | MASK_OF(SIGTERM) | MASK_OF(SIGCONT) | MASK_OF(SIGSTOP))

enum {
	OPT_NOHANG = OPT_FIRST,
};

static error_t parse_take(int key, char *arg, struct argp_state *state)
{
	struct procsrv_take_signal_args *args = state->input;

	switch (key) {
	case 'm':
		args->mask |= arg_signals(arg);
		break;
	case OPT_NOHANG:
		args->flags |= PROCSRV_TAKE_NOHANG;
		break;
	case 't':
		args->flags |= PROCSRV_TAKE_TIMEOUT;
		args->timeout = arg_time(arg, 1, "time");
		break;
	default:
		return ARGP_ERR_UNKNOWN;
	}
	return 0;
}

static const struct argp_option options[] = {
	{ "mask", 'm', "SIGNAL,...", 0, "Only one of these signals (any)", 0 },
	{ "nohang", OPT_NOHANG, NULL, 0,
	  "Do not sleep: exit with 4 if no signal is pending", 1 },
	{ "timeout", 't', "TIME", 0,
	  "Sleep at most this long (5s, 100ms, 20us, 7ns), then exit with 5", 1 },
	{}
};

static const struct argp argp = {
	.options = options, .parser = parse_take, .children = json_child,
	.args_doc = "PID",
	.doc = "Takes the pending signal with the lowest number, and prints it with its first\n"
	       "sender." AFTER_OPTIONS
	       "SIGKILL, SIGTERM, SIGSTOP and SIGCONT act at once and are never pending,\n"
	       "except in a hosted process. A mask of only these is an error.",
};

static const char *origin_name(__u32 origin)
{
	switch (origin) {
	case PROCSRV_FROM_PROCESS:
		return "process";
	case PROCSRV_FROM_OUTSIDE:
		return "outside";
	case PROCSRV_FROM_SERVER:
		return "server";
	}
	return NULL;
}

static void print_json(const struct procsrv_take_signal_args *args)
{
	struct json_object *obj = need(json_object_new_object());
	const char *name = procsrv_signal_name(args->signo);

	json_add_u64(obj, "pid", args->pid);
	json_add_s32(obj, "signo", args->signo);
	json_object_object_add(obj, "signal_name", json_name(name));
	json_add_u64(obj, "sender", args->sender);
	json_add_u64(obj, "count", args->count);
	json_add_mask(obj, "origin", args->origin, origin_name);
	json_print(obj);
}

static void print_line(const struct procsrv_take_signal_args *args)
{
	print_signal(stdout, args->signo);
	if (args->sender)
		printf(" from %llu", args->sender);
	else if (args->origin == PROCSRV_FROM_SERVER)
		fputs(" from the server", stdout);
	else
		fputs(" from outside", stdout);
	if (args->count > 1)
		printf(", sent %llu times", args->count);
	putchar('\n');
}

/* Without a signal that can become pending, the call would sleep for ever. */
static void check_mask(const struct procsrv_take_signal_args *args)
{
	struct procsrv_info info;

	/* The call itself reports a process that is gone, and a zombie. */
	if (args->mask & ~ACT_AT_ONCE || procsrv_get_info(device(), args->pid, &info) ||
	    info.state == PROCSRV_ZOMBIE || info.flags & PROCSRV_INFO_HOSTED)
		return;
	fatal(CLIENT_USAGE,
	      "process %llu is not hosted: SIGKILL, SIGTERM, SIGSTOP and SIGCONT act at once and are never pending",
	      args->pid);
}

int run_take(int argc, char **argv)
{
	struct procsrv_take_signal_args args = {};
	int i = parse_options(&argp, argc, argv, &args, 1, 1);
	int status;

	args.pid = arg_pid(argv[i]);
	if (!args.mask)
		args.mask = ~0ULL;
	check_mask(&args);

	status = call_and_sleep(PROCSRV_IOC_TAKE_SIGNAL, &args);
	if (status)
		return status;

	if (json_output)
		print_json(&args);
	else
		print_line(&args);
	return CLIENT_OK;
}
