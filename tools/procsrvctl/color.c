// SPDX-License-Identifier: GPL-2.0-only
/*
 * States in color.
 */
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "procsrvctl.h"

enum when {
	WHEN_AUTO,
	WHEN_ALWAYS,
	WHEN_NEVER,
};

static enum when when;

static error_t parse_color(int key, char *arg,
			   struct argp_state *state __attribute__((unused)))
{
	if (key != OPT_FIRST)
		return ARGP_ERR_UNKNOWN;
	if (!strcmp(arg, "auto"))
		when = WHEN_AUTO;
	else if (!strcmp(arg, "always"))
		when = WHEN_ALWAYS;
	else if (!strcmp(arg, "never"))
		when = WHEN_NEVER;
	else
		usage_error("'%s' is none of auto, always and never", arg);
	return 0;
}

static const struct argp_option options[] = {
	{ "color", OPT_FIRST, "WHEN", 0,
	  "States in color: always, never, or auto (on a terminal)", 0 },
	{}
};

const struct argp color_argp = {
	.options = options, .parser = parse_color,
};

/* https://no-color.org: any text but the empty one. */
static bool terminal_has_colors(void)
{
	const char *no_color = getenv("NO_COLOR");
	const char *term = getenv("TERM");

	return isatty(STDOUT_FILENO) && !(no_color && *no_color) && term &&
	       strcmp(term, "dumb");
}

static bool in_color(void)
{
	static int terminal = -1;

	if (when != WHEN_AUTO)
		return when == WHEN_ALWAYS;
	if (terminal < 0)
		terminal = terminal_has_colors();
	return terminal;
}

const char *state_color(__u32 state)
{
	if (!in_color())
		return "";
	switch (state) {
	case PROCSRV_ZOMBIE:
		return "\033[31m";
	case PROCSRV_STOPPED:
		return "\033[33m";
	}
	return "";
}

const char *color_end(const char *color)
{
	return *color ? COLOR_RESET : "";
}
