// SPDX-License-Identifier: GPL-2.0-only
/*
 * watch
 */
#include <errno.h>
#include <unistd.h>

#include "procsrvctl.h"

enum {
	OPT_NOHANG = OPT_FIRST,
};

/**
 * struct watch_options - options of watch
 * @nohang: do not sleep
 * @deadline: sleep no longer
 */
struct watch_options {
	bool nohang;
	struct deadline deadline;
};

static error_t parse_watch(int key, char *arg, struct argp_state *state)
{
	struct watch_options *options = state->input;

	switch (key) {
	case OPT_NOHANG:
		options->nohang = true;
		break;
	case 't':
		options->deadline = deadline_in(arg_time(arg, 1, "time"));
		break;
	default:
		return ARGP_ERR_UNKNOWN;
	}
	return 0;
}

static const struct argp_option options_table[] = {
	{ "nohang", OPT_NOHANG, NULL, 0,
	  "Do not sleep: exit with 4 if the process has not exited", 0 },
	{ "timeout", 't', "TIME", 0,
	  "Sleep at most this long (5s, 100ms, 20us, 7ns), then exit with 5", 0 },
	{}
};

static const struct argp argp = {
	.options = options_table, .parser = parse_watch,
	.children = json_child,
	.args_doc = "PID",
	.doc = "Waits for the exit of any process, and prints its exit code or signal."
	       AFTER_OPTIONS
	       "The process need not be a child, is not reaped, and waits for it are not\n"
	       "affected.",
};

static void print_json(const struct procsrv_exit_record *record)
{
	struct json_object *obj = need(json_object_new_object());
	const char *state = procsrv_state_name(record->state);

	json_add_u64(obj, "pid", record->pid);
	json_object_object_add(obj, "state", json_name(state));
	json_add_end(obj, record->exit_code, record->exit_signal);
	json_add_u64(obj, "uid", record->uid);
	json_add_u64(obj, "cpu_time", record->cpu_time);
	json_add_u64(obj, "children_cpu_time", record->children_cpu_time);
	json_print(obj);
}

static int read_record(int handle, const struct watch_options *options,
		       struct procsrv_exit_record *record)
{
	int ret = options->nohang ? 0 :
		  await_readable(handle, &options->deadline);

	return ret ? ret : procsrv_read_exit_record(handle, record);
}

int run_watch(int argc, char **argv)
{
	struct procsrv_open_process_args args = {
		.flags = PROCSRV_OPEN_NONBLOCK,
	};
	struct watch_options options = {};
	struct procsrv_exit_record record;
	int i = parse_options(&argp, argc, argv, &options, 1, 1);
	int status, ret;

	args.pid = arg_pid(argv[i]);
	status = call(PROCSRV_IOC_OPEN_PROCESS, &args);
	if (status)
		return status;

	ret = read_record(args.fd, &options, &record);
	close(args.fd);
	if (ret) {
		refused(PROCSRV_IOC_OPEN_PROCESS, &args, -ret);
		return sleep_status(ret);
	}
	if (json_output)
		print_json(&record);
	else
		print_end(record.pid, record.exit_code, record.exit_signal);
	return CLIENT_OK;
}
