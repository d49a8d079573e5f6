// SPDX-License-Identifier: GPL-2.0-only
/*
 * The table of commands, the device, and errors.
 */
#include <errno.h>
#include <locale.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include "procsrvctl.h"

#define PROGRAM "procsrvctl"

/* argv[0] with the commands so far: "procsrvctl session create". */
static const char *program = PROGRAM;

const char *argp_program_version = PROGRAM " " VERSION;

static int run_help(int argc, char **argv);

static const struct command commands[] = {
	{ "create", "Create a process", run_create },
	{ "exec", "Replace name, command line and environment", run_exec },
	{ "exit", "End a process", run_exit },
	{ "kill", "Send a signal", run_kill },
	{ "take", "Take a pending signal", run_take },
	{ "wait", "Wait for a child to change state", run_wait },
	{ "watch", "Wait for the exit of any process", run_watch },
	{ "reap", "Reap the zombies whose parent is init", run_reap },
	{ "reaper", "Set or clear the reaper flag of a process", run_reaper },
	{ "autoreap", "Set or clear the autoreap flag of a process", run_autoreap },
	{ "info", "Show all data of a process", run_info },
	{ "limits", "Show or set resource limits", run_limits },
	{ "update", "Report the state and the usage of a process", run_update },
	{ "session", "Create, show and hang up sessions", run_session },
	{ "group", "Create, join and show process groups", run_group },
	{ "list", "List pids", run_list },
	{ "ps", "List processes", run_ps },
	{ "tree", "Draw the tree of processes", run_tree },
	{ "events", "Print events as they happen", run_events },
	{ "stats", "Show the counters of the server", run_stats },
	{ "metrics", "Show the counters for Prometheus", run_metrics },
	{ "time", "Show the clock of the server", run_time },
	{ "revoke", "Record that a capability was revoked", run_revoke },
	{ "mirror", "Copy the live processes of this machine", run_mirror },
	{ "top", "Show the processes as they change", run_top },
	{ "supervise", "Keep services running", run_supervise },
	{ "help", "Print the help of a command", run_help },
	{ NULL, NULL, NULL }
};

static const char doc[] =
	"Controls the process server of /dev/procsrv or $PROCSRV_DEVICE, or a private\n"
	"server." AFTER_OPTIONS
	"Exit status:\n"
	"  0  success\n"
	"  1  the server refused the operation; the message gives the reason\n"
	"  2  the command line is invalid, or a file cannot be read or written\n"
	"  3  the device or the server cannot be opened, or is not a process server\n"
	"  4  nothing to report yet (--nohang)\n"
	"  5  the timeout has expired (--timeout)";

static void print_message(const char *fmt, va_list ap)
{
	const char *command = program + strlen(PROGRAM);

	fflush(stdout);
	fputs(PROGRAM ": ", stderr);
	if (*command)
		fprintf(stderr, "%s: ", command + 1);
	escape_vmessage(stderr, 0, fmt, ap);
}

void complain(const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	print_message(fmt, ap);
	va_end(ap);
}

void usage_error(const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	print_message(fmt, ap);
	va_end(ap);
	fprintf(stderr, "Try '%s --help' for more information.\n", program);
	exit(CLIENT_USAGE);
}

void fatal(int status, const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	print_message(fmt, ap);
	va_end(ap);
	exit(status);
}

void *need(void *allocated)
{
	if (!allocated)
		fatal(CLIENT_REFUSED, "out of memory");
	return allocated;
}

/* Doubles the array whenever the number of elements is a power of two. */
void *grow(void *array, size_t nr, size_t size)
{
	return nr & (nr - 1) ? array :
		need(reallocarray(array, 2 * nr + 1, size));
}

int device(void)
{
	static int fd = -1;

	if (fd >= 0)
		return fd;

	fd = open_server();
	if (fd == -ENODEV)
		fd = procsrv_open(NULL);
	if (fd == -ENOTTY)
		fatal(CLIENT_NO_DEVICE, "%s is not a process server",
		      procsrv_device());
	if (fd < 0)
		fatal(CLIENT_NO_DEVICE, "cannot open %s: %s%s",
		      procsrv_device(), strerror(-fd),
		      client_open_hint(-fd));
	return fd;
}

int refused(unsigned long request, const void *args, int err)
{
	char why[1024];

	procsrv_explain(device(), request, args, err, why, sizeof(why));
	complain("%s", why);
	return CLIENT_REFUSED;
}

int sleep_status(int err)
{
	switch (err) {
	case -EAGAIN:
		return CLIENT_NOTHING;
	case -ETIMEDOUT:
		return CLIENT_TIMEOUT;
	}
	return CLIENT_REFUSED;
}

int call(unsigned long request, void *args)
{
	int ret = procsrv_call(device(), request, args);

	return ret ? refused(request, args, -ret) : CLIENT_OK;
}

/* Was the call allowed to sleep? Then EAGAIN means that too many waiters sleep. */
static bool was_to_sleep(unsigned long request, const void *args)
{
	const struct procsrv_take_signal_args *take = args;
	const struct procsrv_wait_args *wait = args;

	switch (request) {
	case PROCSRV_IOC_WAIT:
		return !(wait->flags & PROCSRV_WAIT_NOHANG);
	case PROCSRV_IOC_TAKE_SIGNAL:
		return !(take->flags & PROCSRV_TAKE_NOHANG);
	}
	return false;
}

int call_and_sleep(unsigned long request, void *args)
{
	int ret;

	/* The server stores the remaining time in the arguments. */
	do {
		ret = procsrv_call(device(), request, args);
	} while (ret == -EINTR);
	if (!ret)
		return CLIENT_OK;
	refused(request, args, -ret);
	if (ret == -EAGAIN && was_to_sleep(request, args))
		return CLIENT_REFUSED;
	return sleep_status(ret);
}

/* The list of the commands, put before the exit statuses. */
static char *help_filter(int key, const char *text, void *input)
{
	const struct command *c = input;
	char *out = NULL;
	size_t size;
	FILE *file;

	if (key != ARGP_KEY_HELP_POST_DOC)
		return (char *)text;

	file = need(open_memstream(&out, &size));
	fputs("Commands:\n", file);
	for (; c->name; c++)
		fprintf(file, "  %-10s %s\n", c->name, c->summary);
	fprintf(file, "\n'%s COMMAND --help' describes a command.\n", program);
	if (text)
		fprintf(file, "\n%s", text);
	fclose(file);
	return out;
}

static error_t parse_nothing(int key __attribute__((unused)),
			     char *arg __attribute__((unused)),
			     struct argp_state *state __attribute__((unused)))
{
	return ARGP_ERR_UNKNOWN;
}

static void __attribute__((noreturn))
unknown_command(const struct command *table, const char *word)
{
	const char *meant = table == commands ? suggest_other(word) : NULL;
	struct suggestion s;

	if (meant)
		usage_error("there is no command '%s'; did you mean %s?", word, meant);
	suggest_begin(&s, word);
	for (; table->name; table++)
		suggest_try(&s, table->name);
	if (s.name)
		usage_error("there is no command '%s'; did you mean '%s'?",
			    word, s.name);
	usage_error("there is no command '%s'", word);
}

int dispatch(const char *text, const struct command *table,
	     const struct argp *options, int argc, char **argv)
{
	const struct argp_child children[] = {
		{ .argp = &help_argp },
		{ .argp = options ? options : &misplaced_argp },
		{}
	};
	const struct argp argp = {
		.parser = parse_nothing,
		.children = children,
		.args_doc = "COMMAND [ARGUMENT...]",
		.doc = text,
		.help_filter = help_filter,
	};
	const struct command *c;
	char *name;
	int i;

	argp_parse(&argp, argc, argv, ARGP_IN_ORDER, &i, (void *)table);
	if (i == argc)
		usage_error("a command is missing");
	for (c = table; c->name; c++)
		if (!strcmp(c->name, argv[i]))
			break;
	if (!c->name)
		unknown_command(table, argv[i]);

	if (asprintf(&name, "%s %s", program, c->name) < 0)
		need(NULL);
	program = name;
	argv[i] = name;
	return c->run(argc - i, argv + i);
}

static const struct argp help_command_argp = {
	.args_doc = "[COMMAND]...",
	.doc = "Prints the help of a command, as COMMAND --help does, or lists the commands.",
};

static int run_help(int argc, char **argv)
{
	static char name[] = PROGRAM, option[] = "--help";
	int i = parse_options(&help_command_argp, argc, argv, NULL, 0, -1);
	char **words = need(calloc(argc - i + 3, sizeof(*words)));

	program = PROGRAM;
	words[0] = name;
	memcpy(words + 1, argv + i, (argc - i) * sizeof(*words));
	words[argc - i + 1] = option;
	return dispatch(doc, commands, &server_argp, argc - i + 2, words);
}

int main(int argc, char **argv)
{
	static char name[] = PROGRAM;
	int status;

	if (!argc)
		return CLIENT_USAGE;
	argv[0] = name;
	setlocale(LC_ALL, "");
	argp_err_exit_status = CLIENT_USAGE;

	status = dispatch(doc, commands, &server_argp, argc, argv);
	if (fflush(stdout) || ferror(stdout)) {
		complain("cannot write the output: %s", strerror(errno));
		return CLIENT_USAGE;
	}
	return status;
}
