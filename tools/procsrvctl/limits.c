// SPDX-License-Identifier: GPL-2.0-only
/*
 * limits, update
 */
#include "procsrvctl.h"

#define NS_PER_US 1000

/**
 * struct limits_options - options of limits
 * @given: bits of the limits that were given, as of &enum limits_key
 * @values: their new values
 * @enforce: with OPT_ENFORCE in @given: whether exceeding one ends the process
 */
struct limits_options {
	unsigned int given;
	struct procsrv_limits values;
	bool enforce;
};

enum limits_key {
	OPT_MEMORY = OPT_FIRST,
	OPT_CPU_TIME,
	OPT_STACK,
	OPT_CORE,
	OPT_FILES,
	OPT_THREADS,
	OPT_NICE,
	OPT_ENFORCE,
	OPT_NO_ENFORCE,
};

static error_t parse_limits(int key, char *arg, struct argp_state *state)
{
	struct limits_options *options = state->input;
	struct procsrv_limits *v = &options->values;

	switch (key) {
	case OPT_MEMORY:
		v->max_memory = arg_size(arg, "memory");
		break;
	case OPT_CPU_TIME:
		v->max_cpu_time = arg_time(arg, NS_PER_US, "cpu time");
		break;
	case OPT_STACK:
		v->stack_size = arg_size(arg, "a stack");
		break;
	case OPT_CORE:
		v->core_size = arg_size(arg, "a core dump");
		break;
	case OPT_FILES:
		v->max_files = arg_u32(arg, "files");
		break;
	case OPT_THREADS:
		v->max_threads = arg_u32(arg, "threads");
		break;
	case OPT_NICE:
		if (!client_parse_s32(arg, &v->nice))
			usage_error("'%s' is not a nice value", arg);
		break;
	case OPT_ENFORCE:
	case OPT_NO_ENFORCE:
		options->enforce = key == OPT_ENFORCE;
		key = OPT_ENFORCE;
		break;
	default:
		return ARGP_ERR_UNKNOWN;
	}
	options->given |= 1U << (key - OPT_FIRST);
	return 0;
}

static const struct argp_option limits_table[] = {
	{ "memory", OPT_MEMORY, "SIZE", 0, "Bytes, or K, M, G, T", 0 },
	{ "cpu-time", OPT_CPU_TIME, "TIME", 0, "s, ms, us, ...", 0 },
	{ "stack", OPT_STACK, "SIZE", 0, "Bytes, or K, M, G, T", 0 },
	{ "core", OPT_CORE, "SIZE", 0, "Bytes, or K, M, G, T", 0 },
	{ "files", OPT_FILES, "N", 0, "Open files", 0 },
	{ "threads", OPT_THREADS, "N", 0, "Threads, at least 1", 0 },
	{ "nice", OPT_NICE, "N", 0, "-20 to 19", 0 },
	{ "enforce", OPT_ENFORCE, NULL, 0,
	  "End the process when an update exceeds its limit on memory, CPU time or threads", 1 },
	{ "no-enforce", OPT_NO_ENFORCE, NULL, 0,
	  "Only record that a limit was exceeded (the default of a new process)", 1 },
	{}
};

static const struct argp limits_argp = {
	.options = limits_table, .parser = parse_limits,
	.children = json_child,
	.args_doc = "PID",
	.doc = "Shows the resource limits of a process, or sets the given ones." AFTER_OPTIONS
	       "Sizes and times can be 'unlimited'.",
};

static bool given(const struct limits_options *options, enum limits_key key)
{
	return options->given & 1U << (key - OPT_FIRST);
}

static void merge(struct procsrv_limits *l, const struct limits_options *o)
{
	if (given(o, OPT_MEMORY))
		l->max_memory = o->values.max_memory;
	if (given(o, OPT_CPU_TIME))
		l->max_cpu_time = o->values.max_cpu_time;
	if (given(o, OPT_STACK))
		l->stack_size = o->values.stack_size;
	if (given(o, OPT_CORE))
		l->core_size = o->values.core_size;
	if (given(o, OPT_FILES))
		l->max_files = o->values.max_files;
	if (given(o, OPT_THREADS))
		l->max_threads = o->values.max_threads;
	if (given(o, OPT_NICE))
		l->nice = o->values.nice;
	if (given(o, OPT_ENFORCE))
		l->flags = o->enforce ? l->flags | PROCSRV_LIMITS_ENFORCE :
					l->flags & ~PROCSRV_LIMITS_ENFORCE;
}

/* As a number, or as the word "unlimited". */
static void add_limit(struct json_object *obj, const char *key, __u64 value)
{
	if (value == PROCSRV_UNLIMITED)
		json_object_object_add(obj, key, json_name("unlimited"));
	else
		json_add_u64(obj, key, value);
}

static void print_json(const struct procsrv_limits_args *args)
{
	struct json_object *obj = need(json_object_new_object());
	const struct procsrv_limits *l = &args->limits;

	json_add_u64(obj, "pid", args->pid);
	add_limit(obj, "max_memory", l->max_memory);
	add_limit(obj, "max_cpu_time", l->max_cpu_time);
	add_limit(obj, "stack_size", l->stack_size);
	add_limit(obj, "core_size", l->core_size);
	json_add_u64(obj, "max_files", l->max_files);
	json_add_u64(obj, "max_threads", l->max_threads);
	json_add_s32(obj, "nice", l->nice);
	json_add_flag(obj, "enforce", l->flags & PROCSRV_LIMITS_ENFORCE);
	json_print(obj);
}

static void print_size(const char *name, __u64 bytes)
{
	char buf[32];

	format_size(bytes, buf, sizeof(buf));
	printf("%-9s %s\n", name, buf);
}

/* With the names of the options, so that the output can be typed. */
static void print_limits(const struct procsrv_limits *l)
{
	char buf[32];

	print_size("memory", l->max_memory);
	format_time(l->max_cpu_time, buf, sizeof(buf));
	printf("%-9s %s\n", "cpu-time", buf);
	print_size("stack", l->stack_size);
	print_size("core", l->core_size);
	printf("%-9s %u\n", "files", l->max_files);
	printf("%-9s %u\n", "threads", l->max_threads);
	printf("%-9s %d\n", "nice", l->nice);
	printf("%-9s %s\n", "enforce",
	       l->flags & PROCSRV_LIMITS_ENFORCE ? "yes" : "no");
}

int run_limits(int argc, char **argv)
{
	struct limits_options options = {};
	struct procsrv_limits_args args = {};
	int i = parse_options(&limits_argp, argc, argv, &options, 1, 1);
	int status;

	args.pid = arg_pid(argv[i]);
	status = call(PROCSRV_IOC_GET_LIMITS, &args);
	if (status)
		return status;

	if (options.given) {
		merge(&args.limits, &options);
		status = call(PROCSRV_IOC_SET_LIMITS, &args);
		if (status || !json_output)
			return status;
	}
	if (json_output)
		print_json(&args);
	else
		print_limits(&args.limits);
	return CLIENT_OK;
}

static error_t parse_update(int key, char *arg, struct argp_state *state)
{
	struct procsrv_update_args *args = state->input;

	switch (key) {
	case 'c':
		args->cpu_time = arg_time(arg, NS_PER_US, "cpu time");
		args->mask |= PROCSRV_UPDATE_CPU_TIME;
		break;
	case 'm':
		args->memory_usage = arg_size(arg, "memory");
		args->mask |= PROCSRV_UPDATE_MEMORY;
		break;
	case 't':
		args->thread_count = arg_u32(arg, "threads");
		args->mask |= PROCSRV_UPDATE_THREADS;
		break;
	case 's':
		if (procsrv_parse_state(arg, &args->state))
			usage_error("'%s' is not a state", arg);
		args->mask |= PROCSRV_UPDATE_STATE;
		break;
	case 'p':
		if (procsrv_parse_priority(arg, &args->priority))
			usage_error("'%s' is not a priority", arg);
		args->mask |= PROCSRV_UPDATE_PRIORITY;
		break;
	case 'd':
		args->cwd = (uintptr_t)arg;
		args->mask |= PROCSRV_UPDATE_CWD;
		break;
	default:
		return ARGP_ERR_UNKNOWN;
	}
	return 0;
}

static const struct argp_option update_table[] = {
	{ "cpu-time", 'c', "TIME", 0, "CPU time used (5s, 100ms, 20us)", 0 },
	{ "memory", 'm', "SIZE", 0, "Memory in use: bytes, or K, M, G, T", 0 },
	{ "threads", 't', "N", 0, "Threads, at least 1", 0 },
	{ "state", 's', "STATE", 0, "running or sleeping", 0 },
	{ "priority", 'p', "PRIORITY", 0,
	  "idle, low, normal, high or realtime", 0 },
	{ "cwd", 'd', "DIRECTORY", 0, "Working directory, absolute", 0 },
	{}
};

static const struct argp update_argp = {
	.options = update_table, .parser = parse_update,
	.args_doc = "PID",
	.doc = "Reports the state and the usage of a process." AFTER_OPTIONS
	       "All given fields change at once; the others keep their values.",
};

int run_update(int argc, char **argv)
{
	struct procsrv_update_args args = {};
	int i = parse_options(&update_argp, argc, argv, &args, 1, 1);

	if (!args.mask)
		usage_error("nothing to report");
	args.pid = arg_pid(argv[i]);
	return call(PROCSRV_IOC_UPDATE, &args);
}
