// SPDX-License-Identifier: GPL-2.0-only
/*
 * list
 */
#include "procsrvctl.h"

static error_t parse_list(int key, char *arg __attribute__((unused)),
			  struct argp_state *state)
{
	if (key != ARGP_KEY_INIT)
		return ARGP_ERR_UNKNOWN;
	state->child_inputs[0] = state->input;
	return 0;
}

static const struct argp_child children[] = {
	{ .argp = &scope_argp },
	{ .argp = &json_argp },
	{}
};

static const struct argp argp = {
	.parser = parse_list, .children = children,
	.doc = "Lists pids, lowest first.",
};

static int print_pid(__u64 pid, void *data __attribute__((unused)))
{
	if (json_output)
		json_print_element(need(json_object_new_uint64(pid)));
	else
		printf("%llu\n", pid);
	return 0;
}

int run_list(int argc, char **argv)
{
	struct scope scope = {};
	int ret;

	parse_options(&argp, argc, argv, &scope, 0, 0);
	ret = procsrv_for_pids(device(), scope.scope, scope.id, print_pid,
			       NULL);
	if (json_output)
		json_end_array(ret);
	return ret ? list_refused(&scope, -ret) : CLIENT_OK;
}
