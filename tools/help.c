// SPDX-License-Identifier: GPL-2.0-only
#include <stdio.h>

#include "help.h"

static error_t parse_help(int key, char *arg __attribute__((unused)),
			  struct argp_state *state)
{
	if (key != 'h')
		return ARGP_ERR_UNKNOWN;
	argp_state_help(state, stdout, ARGP_HELP_STD_HELP);
	return 0;
}

static const struct argp_option options[] = {
	{ .key = 'h', .doc = "The same as --help", .group = -1 },
	{}
};

const struct argp help_argp = {
	.options = options, .parser = parse_help,
};

const struct argp_child help_child[] = {
	{ .argp = &help_argp },
	{}
};
