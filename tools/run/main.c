// SPDX-License-Identifier: GPL-2.0-only
/*
 * procsrv-run - run a command with a private server as its process server
 */
#include <argp.h>
#include <locale.h>
#include <stdio.h>
#include <stdlib.h>

#include "client.h"
#include "help.h"
#include "run.h"

enum {
	KEY_COMPARE = 1,
	KEY_BACKGROUND,
	KEY_NAME,
	KEY_EVENTS,
	KEY_SVG,
};

const char *argp_program_version = "procsrv-run " VERSION;

struct run_settings settings;

static const struct argp_option options[] = {
	{ "compare", KEY_COMPARE, NULL, 0,
	  "Let Linux answer, and compare the answers of the server", 0 },
	{ "name", KEY_NAME, "NAME", 0,
	  "Server name: root and this user can see it and send signals with procsrvctl --server",
	  0 },
	{ "events", KEY_EVENTS, "FILE", 0,
	  "Write the events of the server to FILE, as procsrvctl events --json prints them", 0 },
	{ "svg", KEY_SVG, "FILE", 0,
	  "Draw the processes over time", 0 },
	{ "background", KEY_BACKGROUND, NULL, 0,
	  "Do not put the command in the foreground of the terminal", 0 },
	{}
};

static error_t parse_option(int key, char *arg, struct argp_state *state)
{
	switch (key) {
	case KEY_COMPARE:
		settings.compare = true;
		return 0;
	case KEY_BACKGROUND:
		settings.background = true;
		return 0;
	case KEY_NAME:
		settings.name = arg;
		return 0;
	case KEY_EVENTS:
		settings.events = arg;
		return 0;
	case KEY_SVG:
		settings.svg = arg;
		return 0;
	case ARGP_KEY_ARGS:
		settings.command = state->argv + state->next;
		return 0;
	case ARGP_KEY_NO_ARGS:
		argp_error(state, "no command given");
		return ARGP_ERR_UNKNOWN;
	default:
		return ARGP_ERR_UNKNOWN;
	}
}

static const struct argp argp = {
	.options = options,
	.parser = parse_option,
	.children = help_child,
	.args_doc = "COMMAND [ARGUMENT]...",
	.doc = "Run a command with a private server as the process server of the command\n"
	       "and of all its descendants.\n"
	       "\vExit status: that of the command; 128 + N if signal N ended it; 125 if\n"
	       "procsrv-run fails, 126 if the command cannot be executed, 127 if it is not\n"
	       "found. With --compare: 0 if no answer differs, 1 if one differs, 2 if none was\n"
	       "compared, 3 if there is no process server.",
};

int main(int argc, char **argv)
{
	setlocale(LC_CTYPE, "");
	/* A line is written at once, between those of the command. */
	setvbuf(stderr, NULL, _IOLBF, BUFSIZ);
	argp_err_exit_status = RUN_FAILED;
	argp_parse(&argp, argc, argv, ARGP_IN_ORDER, NULL, &settings);
	return outside();
}
