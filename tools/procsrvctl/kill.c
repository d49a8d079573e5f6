// SPDX-License-Identifier: GPL-2.0-only
/*
 * kill
 */
#include <ctype.h>
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

/* An exit status of 128 + N is that of a process ended by signal N, in the shell. */
#define STATUS_SIGNALED 128

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
	{ "list", 'l', NULL, 0,
	  "List the names of the signals, or translate names and numbers", 0 },
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
	.args_doc = "PID...\n--group=PGID\n--session=SID\n--tree=PID\n--all\n--list [SIGNAL...]",
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

/* A name is printed for a number, or for an exit status, and a number for a name. */
static int translate_signals(int nr, char **words)
{
	const char *name;
	int signo, i;
	__u32 value;

	for (i = 0; i < nr; i++) {
		if (!client_parse_u32(words[i], &value)) {
			printf("%d\n", arg_signal(words[i]));
			continue;
		}
		signo = value > STATUS_SIGNALED ? value - STATUS_SIGNALED : value;
		if (signo < 1 || signo > SIGNAL_MAX)
			usage_error("'%s' is not a signal", words[i]);
		name = procsrv_signal_name(signo);
		if (name)
			puts(name + strlen("SIG"));
		else
			printf("%d\n", signo);
	}
	return CLIENT_OK;
}

/* kill(1) takes -1 as all processes, and -N as a group. */
static __u64 arg_victim(const char *s)
{
	__u64 id;

	if (*s != '-' || !client_parse_u64(s + 1, UINT32_MAX, &id) || !id)
		return arg_pid(s);
	if (id == 1)
		usage_error("a process id is not negative; --all is for all processes");
	usage_error("a process id is not negative; --group=%llu is for process group %llu",
		    id, id);
}

/* Every pid is tried, as with kill(1). */
static int kill_pids(struct procsrv_signal_args *args, int nr, char **words)
{
	__u32 count = 0;
	int status = CLIENT_OK;
	int i;

	for (i = 0; i < nr; i++)
		arg_victim(words[i]);
	for (i = 0; i < nr; i++) {
		args->id = arg_victim(words[i]);
		if (call(PROCSRV_IOC_SIGNAL, args))
			status = CLIENT_REFUSED;
		else
			count += args->count;
	}
	if (json_output)
		print_number("count", count);
	return status;
}

/* Is the next word the argument of this option? */
static bool takes_next(const char *word)
{
	static const char * const options[] = {
		"-s", "--signal", "-g", "--group", "--session", "--tree", "--sender",
	};
	size_t i;

	for (i = 0; i < ARRAY_SIZE(options); i++) {
		if (!strcmp(word, options[i]))
			return true;
	}
	return false;
}

/* Is the word written like -9 or -KILL, whether there is such a signal or not? */
static bool is_like_signal(const char *word)
{
	int signo;

	if (*word++ != '-' || !isalnum((unsigned char)*word) || !strcmp(word, "V"))
		return false;
	return !procsrv_parse_signal(word, &signo) || !strncasecmp(word, "sig", 3) ||
	       !strchr("ghjls", *word);
}

/*
 * Makes options of -9 and -KILL, as kill(1) takes them: a number after a signal is
 * that of a process.
 */
static void rewrite_signals(int argc, char **argv)
{
	bool given = false;
	int i;

	for (i = 1; i < argc && strcmp(argv[i], "--"); i++) {
		if (takes_next(argv[i]) && i + 1 < argc) {
			given |= argv[i][1] == 's' || !strcmp(argv[i], "--signal");
			i++;
			continue;
		}
		given |= !strncmp(argv[i], "-s", 2) || !strncmp(argv[i], "--si", 4);
		if (!is_like_signal(argv[i]))
			continue;
		if (given && isdigit((unsigned char)argv[i][1]))
			arg_victim(argv[i]);
		given = true;
		arg_signal(argv[i] + 1);
		if (asprintf(&argv[i], "--signal=%s", argv[i] + 1) < 0)
			need(NULL);
	}
}

int run_kill(int argc, char **argv)
{
	struct kill_options options = { .args.signo = SIGNAL_TERM };
	int status, i;

	rewrite_signals(argc, argv);
	i = parse_options(&argp, argc, argv, &options, 0, -1);
	if (options.list)
		return i < argc ? translate_signals(argc - i, argv + i) : list_signals();
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
