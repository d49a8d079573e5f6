// SPDX-License-Identifier: GPL-2.0-only
/*
 * create, exec, exit, reap, reaper, autoreap
 */
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "procsrvctl.h"

/**
 * struct image_options - what create and exec have in common
 * @uid: user of a new process
 * @gid: group of a new process
 * @exit_signal: exit signal of a new process, or -1
 * @argv: command line
 * @envp: environment
 */
struct image_options {
	__u32 uid;
	__u32 gid;
	int exit_signal;
	struct strings argv;
	struct strings envp;
};

static error_t parse_image(int key, char *arg, struct argp_state *state)
{
	struct image_options *options = state->input;

	switch (key) {
	case 'u':
		options->uid = arg_user(arg);
		break;
	case 'g':
		options->gid = arg_group(arg);
		break;
	case 's':
		options->exit_signal = arg_signal(arg);
		break;
	case 'e':
		strings_add(&options->envp, arg);
		break;
	default:
		return ARGP_ERR_UNKNOWN;
	}
	return 0;
}

/* The server takes 32-bit lengths, and refuses much shorter lists already. */
static __u32 list_length(const struct strings *list)
{
	return list->len > UINT32_MAX ? UINT32_MAX : list->len;
}

static const struct argp_option create_options[] = {
	{ "uid", 'u', "USER", 0, "User, name or number (that of the caller)", 0 },
	{ "gid", 'g', "GROUP", 0, "Group, name or number (that of the caller)", 0 },
	{ "exit-signal", 's', "SIGNAL", 0,
	  "Exit signal, 0 for none (CHLD); unless it is CHLD, wait needs --clone or --all",
	  0 },
	{ "env", 'e', "NAME=VALUE", 0, "Add to the environment", 0 },
	{}
};

static const struct argp create_argp = {
	.options = create_options, .parser = parse_image,
	.children = json_child,
	.args_doc = "PARENT NAME [-- ARG...]",
	.doc = "Creates a process as a child of PARENT, and prints its pid." AFTER_OPTIONS
	       "The ARGs are its command line.\n"
	       "Its session and process group are those of PARENT.",
};

int run_create(int argc, char **argv)
{
	struct image_options options = {
		.uid = getuid(), .gid = getgid(), .exit_signal = -1,
	};
	struct procsrv_create_args args = {};
	int status, i;

	i = parse_options(&create_argp, argc, argv, &options, 2, -1);
	args.parent = arg_pid(argv[i++]);
	args.name = (uintptr_t)argv[i++];
	while (i < argc)
		strings_add(&options.argv, argv[i++]);
	args.uid = options.uid;
	args.gid = options.gid;
	if (options.exit_signal >= 0) {
		args.flags = PROCSRV_CREATE_EXIT_SIGNAL;
		args.notify = options.exit_signal;
	}
	args.argv = (uintptr_t)options.argv.data;
	args.argv_len = list_length(&options.argv);
	args.envp = (uintptr_t)options.envp.data;
	args.envp_len = list_length(&options.envp);

	status = call(PROCSRV_IOC_CREATE, &args);
	if (!status)
		print_number("pid", args.pid);
	free(options.argv.data);
	free(options.envp.data);
	return status;
}

static const struct argp_option exec_options[] = {
	{ "env", 'e', "NAME=VALUE", 0, "Add to the environment", 0 },
	{}
};

static const struct argp exec_argp = {
	.options = exec_options, .parser = parse_image,
	.args_doc = "PID NAME [-- ARG...]",
	.doc = "Replaces name, command line and environment of a process." AFTER_OPTIONS
	       "Without ARGs or --env the new ones are empty.",
};

int run_exec(int argc, char **argv)
{
	struct procsrv_exec_args args = {};
	struct image_options options = {};
	int status, i;

	i = parse_options(&exec_argp, argc, argv, &options, 2, -1);
	args.pid = arg_pid(argv[i++]);
	args.name = (uintptr_t)argv[i++];
	while (i < argc)
		strings_add(&options.argv, argv[i++]);
	args.argv = (uintptr_t)options.argv.data;
	args.argv_len = list_length(&options.argv);
	args.envp = (uintptr_t)options.envp.data;
	args.envp_len = list_length(&options.envp);

	status = call(PROCSRV_IOC_EXEC, &args);
	free(options.argv.data);
	free(options.envp.data);
	return status;
}

static error_t parse_exit(int key, char *arg, struct argp_state *state)
{
	struct procsrv_terminate_args *args = state->input;

	if (key != 's')
		return ARGP_ERR_UNKNOWN;
	args->exit_signal = arg_signal(arg);
	if (!args->exit_signal)
		usage_error("signal 0 does not end a process");
	return 0;
}

static const struct argp_option exit_options[] = {
	{ "signal", 's', "SIGNAL", 0,
	  "Signal that ended the process, name or number (none)", 0 },
	{}
};

static const struct argp exit_argp = {
	.options = exit_options, .parser = parse_exit,
	.args_doc = "PID [CODE]",
	.doc = "Ends a process; it is a zombie until its parent waits for it." AFTER_OPTIONS
	       "The default CODE is 0; a negative CODE needs -- before it.\n"
	       "The children of the process become children of its nearest ancestor that is\n"
	       "a reaper, or of init.",
};

int run_exit(int argc, char **argv)
{
	struct procsrv_terminate_args args = {};
	int i = parse_options(&exit_argp, argc, argv, &args, 1, 2);

	args.pid = arg_pid(argv[i]);
	if (i + 1 < argc &&
	    !client_parse_s32(argv[i + 1], &args.exit_code))
		usage_error("'%s' is not an exit code", argv[i + 1]);
	return call(PROCSRV_IOC_TERMINATE, &args);
}

static const struct argp reap_argp = {
	.children = json_child,
	.doc = "Reaps the zombies whose parent is init, and prints how many there were.",
};

int run_reap(int argc, char **argv)
{
	struct procsrv_reap_args args = {};
	int status;

	parse_options(&reap_argp, argc, argv, NULL, 0, 0);
	status = call(PROCSRV_IOC_REAP, &args);
	if (!status)
		print_number("count", args.count);
	return status;
}

static const struct argp reaper_argp = {
	.args_doc = "PID on|off",
	.doc = "Sets or clears the reaper flag of a process." AFTER_OPTIONS
	       "When a process exits, its children become children of its nearest ancestor\n"
	       "that is a reaper, or of init.",
};

static bool arg_switch(const char *s)
{
	if (!strcmp(s, "on"))
		return true;
	if (strcmp(s, "off"))
		usage_error("'%s' is neither on nor off", s);
	return false;
}

int run_reaper(int argc, char **argv)
{
	struct procsrv_set_reaper_args args = {};
	int i = parse_options(&reaper_argp, argc, argv, NULL, 2, 2);

	args.pid = arg_pid(argv[i]);
	args.on = arg_switch(argv[i + 1]);
	return call(PROCSRV_IOC_SET_REAPER, &args);
}

static const struct argp autoreap_argp = {
	.args_doc = "PID on|off",
	.doc = "Sets or clears the autoreap flag of a process." AFTER_OPTIONS
	       "If it is set, children that exit are reaped at once, and no wait finds them,\n"
	       "as with an ignored SIGCHLD. Existing zombies stay.",
};

int run_autoreap(int argc, char **argv)
{
	struct procsrv_set_autoreap_args args = {};
	int i = parse_options(&autoreap_argp, argc, argv, NULL, 2, 2);

	args.pid = arg_pid(argv[i]);
	args.on = arg_switch(argv[i + 1]);
	return call(PROCSRV_IOC_SET_AUTOREAP, &args);
}
