// SPDX-License-Identifier: GPL-2.0-only
/*
 * kill
 */
#include <string.h>

#include "procsrvctl.h"

#define CHOICES "--group, --session, --tree and --all"

enum {
	SIGNAL_TERM = 15,
	SIGNAL_MAX = 64,
};

enum {
	OPT_SESSION = OPT_FIRST,
	OPT_SENDER,
	OPT_ALL,
	OPT_TREE,
};

/**
 * struct kill_options - options of kill
 * @args: arguments of the call; a target of PID means that pids follow as words
 * @list: list the signals instead
 */
struct kill_options {
	struct procsrv_signal_args args;
	bool list;
};

static error_t parse_kill(int key, char *arg, struct argp_state *state)
{
	struct kill_options *options = state->input;
	struct procsrv_signal_args *args = &options->args;

	switch (key) {
	case 's':
		args->signo = arg_signal(arg);
		break;
	case 'l':
		options->list = true;
		break;
	case 'g':
		choose(&args->target, PROCSRV_TARGET_PGID, CHOICES);
		args->id = arg_pgid(arg);
		break;
	case OPT_SESSION:
		choose(&args->target, PROCSRV_TARGET_SID, CHOICES);
		args->id = arg_sid(arg);
		break;
	case OPT_ALL:
		choose(&args->target, PROCSRV_TARGET_ALL, CHOICES);
		break;
	case OPT_TREE:
		choose(&args->target, PROCSRV_TARGET_TREE, CHOICES);
		args->id = arg_pid(arg);
		break;
	case OPT_SENDER:
		args->sender = arg_pid(arg);
		break;
	default:
		return ARGP_ERR_UNKNOWN;
	}
	return 0;
}

static const struct argp_option options_table[] = {
	{ "signal", 's', "SIGNAL", 0,
	  "Name or number, 0 to 64 (TERM); -SIGNAL does the same", 0 },
	{ "list", 'l', NULL, 0, "List the names of the signals", 0 },
	{ "group", 'g', "PGID", 0, "To the members of a process group", 1 },
	{ "session", OPT_SESSION, "SID", 0, "To the members of a session", 1 },
	{ "tree", OPT_TREE, "PID", 0,
	  "To a process and all of its descendants, whatever their sessions",
	  1 },
	{ "all", OPT_ALL, NULL, 0, "To all processes but init and the sender", 1 },
	{ "sender", OPT_SENDER, "PID", 0,
	  "On behalf of this process (default: a sender outside the server)", 2 },
	{}
};

static const struct argp argp = {
	.options = options_table, .parser = parse_kill,
	.children = json_child,
	.args_doc = "PID...\n--group=PGID\n--session=SID\n--tree=PID\n--all",
	.doc = "Sends a signal. With --group, --session, --tree or --all, prints the number of\n"
	       "processes reached." AFTER_OPTIONS
	       "SIGKILL and SIGTERM end a process, SIGSTOP stops it, SIGCONT continues it.\n"
	       "Signal 0 only checks that the process exists. Every other signal becomes\n"
	       "pending until it is taken. For a hosted process this applies to all signals.",
};

static int list_signals(void)
{
	const char *name;
	int i;

	for (i = 1; i <= SIGNAL_MAX; i++) {
		name = procsrv_signal_name(i);
		if (name)
			printf("%2d %s\n", i, name);
	}
	return CLIENT_OK;
}

/* Every pid is tried, as with kill(1). */
static int kill_pids(struct procsrv_signal_args *args, int nr, char **words)
{
	__u32 count = 0;
	int status = CLIENT_OK;
	int i;

	for (i = 0; i < nr; i++)
		arg_pid(words[i]);
	for (i = 0; i < nr; i++) {
		args->id = arg_pid(words[i]);
		if (call(PROCSRV_IOC_SIGNAL, args))
			status = CLIENT_REFUSED;
		else
			count += args->count;
	}
	if (json_output)
		print_number("count", count);
	return status;
}

/* Makes options of -9 and -KILL, as kill(1) takes them. */
static void rewrite_signals(int argc, char **argv)
{
	int signo, i;

	for (i = 1; i < argc && strcmp(argv[i], "--"); i++) {
		if (argv[i][0] != '-' ||
		    procsrv_parse_signal(argv[i] + 1, &signo))
			continue;
		if (asprintf(&argv[i], "--signal=%d", signo) < 0)
			need(NULL);
	}
}

int run_kill(int argc, char **argv)
{
	struct kill_options options = { .args.signo = SIGNAL_TERM };
	int status, i;

	rewrite_signals(argc, argv);
	i = parse_options(&argp, argc, argv, &options, 0, -1);
	if (options.list) {
		if (i < argc)
			usage_error("'%s' is one argument too many", argv[i]);
		return list_signals();
	}
	if (options.args.target == PROCSRV_TARGET_PID) {
		if (i == argc)
			usage_error("no process to send a signal to");
		return kill_pids(&options.args, argc - i, argv + i);
	}
	if (i < argc)
		usage_error("'%s' is one argument too many", argv[i]);

	status = call(PROCSRV_IOC_SIGNAL, &options.args);
	if (!status)
		print_number("count", options.args.count);
	return status;
}
