// SPDX-License-Identifier: GPL-2.0-only
/*
 * stats, time, revoke
 */
#include "procsrvctl.h"

static const struct argp stats_argp = {
	.children = json_child,
	.doc = "Shows the counters of the server, as one consistent snapshot.",
};

int run_stats(int argc, char **argv)
{
	struct procsrv_stats s;
	const struct {
		const char *name;
		const __u64 *value;
	} counters[] = {
		{ "total_processes", &s.total_processes },
		{ "running", &s.running },
		{ "sleeping", &s.sleeping },
		{ "stopped", &s.stopped },
		{ "zombies", &s.zombies },
		{ "total_created", &s.total_created },
		{ "total_exited", &s.total_exited },
		{ "sessions", &s.sessions },
		{ "process_groups", &s.process_groups },
		{ "orphans", &s.orphans },
	};
	struct json_object *obj;
	size_t i;

	parse_options(&stats_argp, argc, argv, NULL, 0, 0);
	if (call(PROCSRV_IOC_STATS, &s))
		return CLIENT_REFUSED;

	obj = need(json_object_new_object());
	for (i = 0; i < ARRAY_SIZE(counters); i++) {
		if (json_output)
			json_add_u64(obj, counters[i].name,
				     *counters[i].value);
		else
			printf("%s %llu\n", counters[i].name,
			       *counters[i].value);
	}
	if (json_output)
		json_print(obj);
	return CLIENT_OK;
}

static const struct argp time_argp = {
	.children = json_child,
	.doc = "Shows the clock of the server.",
};

int run_time(int argc, char **argv)
{
	struct procsrv_time_args args = {};
	struct json_object *obj;
	const char *source;

	parse_options(&time_argp, argc, argv, NULL, 0, 0);
	if (call(PROCSRV_IOC_TIME, &args))
		return CLIENT_REFUSED;
	source = args.source == PROCSRV_CLOCK_CYCLES ? "cycles" : "monotonic";

	if (!json_output) {
		printf("time       %llu.%06llus\n", args.time / 1000000,
		       args.time % 1000000);
		printf("cycles     %llu\n", args.cycles);
		printf("frequency  %llu Hz\n", args.frequency);
		printf("source     %s\n", source);
		return CLIENT_OK;
	}
	obj = need(json_object_new_object());
	json_add_u64(obj, "time", args.time);
	json_add_u64(obj, "cycles", args.cycles);
	json_add_u64(obj, "frequency", args.frequency);
	json_object_object_add(obj, "source", json_name(source));
	json_print(obj);
	return CLIENT_OK;
}

static error_t parse_revoke(int key, char *arg __attribute__((unused)),
			    struct argp_state *state)
{
	bool *all = state->input;

	if (key != 'a')
		return ARGP_ERR_UNKNOWN;
	*all = true;
	return 0;
}

static const struct argp_option revoke_options[] = {
	{ "all", 'a', NULL, 0, "Record it for every process", 0 },
	{}
};

static const struct argp revoke_argp = {
	.options = revoke_options, .parser = parse_revoke,
	.args_doc = "PID CAPABILITY\n--all CAPABILITY",
	.doc = "Records that a capability of a process was revoked." AFTER_OPTIONS
	       "CAPABILITY is a 64-bit number; only the program that issued it knows its\n"
	       "meaning.",
};

int run_revoke(int argc, char **argv)
{
	struct procsrv_revoke_args args = {};
	bool all = false;
	int i = parse_options(&revoke_argp, argc, argv, &all, 1, 2);

	if (!all && argc - i == 1)
		usage_error("a capability is missing");
	if (all && argc - i == 2)
		usage_error("only one of a process and --all can be given");
	if (!all)
		args.pid = arg_pid(argv[i++]);
	if (!client_parse_u64(argv[i], UINT64_MAX, &args.capability))
		usage_error("'%s' is not a capability", argv[i]);
	return call(PROCSRV_IOC_REVOKE, &args);
}
