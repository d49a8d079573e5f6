// SPDX-License-Identifier: GPL-2.0-only
/*
 * supervise: the command, the process of the supervisor, and the loop
 *
 * The supervisor has a process of its own on the server. It is the parent of
 * the services, and their reaper, so that their orphans become its children.
 * All of these processes are tied to the descriptor of this program: however
 * it ends, they end with it.
 */
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/signalfd.h>
#include <unistd.h>

#include "supervise_keeper.h"

enum {
	OPT_NAME = OPT_FIRST,
	OPT_PARENT,
	OPT_CHECK,
	OPT_STATUS,
	OPT_RELOAD,
	OPT_START,
	OPT_STOP,
	OPT_RESTART,
};

/**
 * struct supervise_options - the command line
 * @name: of the supervisor
 * @parent: of its process
 * @check: only read the file
 * @verb: a request to a running supervisor, or NULL
 * @service: that it is about, or NULL
 */
struct supervise_options {
	const char *name;
	__u64 parent;
	bool check;
	const char *verb;
	const char *service;
};

static void set_request(struct supervise_options *options, const char *verb,
			const char *service)
{
	static const char choices[] =
		"--check, --status, --reload, --start, --stop, --restart";

	if (options->verb || options->check)
		usage_error("more than one of %s", choices);
	if (strcmp(verb, "check"))
		options->verb = verb;
	else
		options->check = true;
	options->service = service;
}

static error_t parse_supervise(int key, char *arg, struct argp_state *state)
{
	struct supervise_options *options = state->input;

	switch (key) {
	case OPT_NAME:
		options->name = arg;
		break;
	case OPT_PARENT:
		options->parent = arg_pid(arg);
		break;
	case OPT_CHECK:
		set_request(options, "check", NULL);
		break;
	case OPT_STATUS:
		set_request(options, "status", NULL);
		break;
	case OPT_RELOAD:
		set_request(options, "reload", NULL);
		break;
	case OPT_START:
		set_request(options, "start", arg);
		break;
	case OPT_STOP:
		set_request(options, "stop", arg);
		break;
	case OPT_RESTART:
		set_request(options, "restart", arg);
		break;
	default:
		return ARGP_ERR_UNKNOWN;
	}
	return 0;
}

static const struct argp_option options_table[] = {
	{ "name", OPT_NAME, "NAME", 0,
	  "Name of the supervisor and of its process (supervise)", 0 },
	{ "parent", OPT_PARENT, "PID", 0,
	  "Parent of the supervisor's process (1, init)", 0 },
	{ "check", OPT_CHECK, NULL, 0,
	  "Check FILE and print the order of starts, without starting", 1 },
	{ "status", OPT_STATUS, NULL, 0, "Show the services", 2 },
	{ "reload", OPT_RELOAD, NULL, 0,
	  "Read the file again, and restart services that have changed", 2 },
	{ "start", OPT_START, "SERVICE", 0, "Start a service, and all that it requires", 2 },
	{ "stop", OPT_STOP, "SERVICE", 0,
	  "Stop a service, and all that require it", 2 },
	{ "restart", OPT_RESTART, "SERVICE", 0, "Stop a service, and start it again", 2 },
	{}
};

static const struct argp argp = {
	.options = options_table, .parser = parse_supervise,
	.children = json_child,
	.args_doc = "FILE\n--check FILE\n--status|--reload\n--start|--stop|--restart SERVICE",
	.doc = "Runs the services that FILE describes." AFTER_OPTIONS
	       "Prints their changes of state and their output. SIGTERM and SIGINT stop all\n"
	       "services; a second signal kills them. SIGHUP does the same as --reload.\n"
	       "The other forms send a request to a running supervisor.\n"
	       "procsrvctl-supervise(1) describes the format of FILE.",
};

__u64 server_time(void)
{
	struct procsrv_time_args args = {};

	if (call(PROCSRV_IOC_TIME, &args))
		exit(CLIENT_REFUSED);
	return args.time;
}

static void watch_for(struct supervisor *sup, struct source *source,
		      uint32_t events)
{
	struct epoll_event event = { .events = events, .data.ptr = source };

	if (epoll_ctl(sup->epoll, EPOLL_CTL_ADD, source->fd, &event) < 0)
		fatal(CLIENT_REFUSED, "epoll_ctl: %s", strerror(errno));
}

void watch(struct supervisor *sup, struct source *source)
{
	/* The device has EPOLLPRI when there are signals to take. */
	watch_for(sup, source, EPOLLIN | EPOLLPRI);
}

void watch_room(struct supervisor *sup, struct source *source)
{
	watch_for(sup, source, EPOLLOUT);
}

void unwatch(struct supervisor *sup, struct source *source)
{
	/* It fails if the source is not watched any more. */
	if (source->fd >= 0)
		epoll_ctl(sup->epoll, EPOLL_CTL_DEL, source->fd, NULL);
}

static void kill_all(struct supervisor *sup)
{
	size_t i;

	for (i = 0; i < sup->services.nr; i++)
		if (service_lives(sup->services.list[i]))
			service_kill(sup, sup->services.list[i]);
}

static void end_all(struct supervisor *sup, int signo)
{
	size_t i;

	tell(server_time(), NULL, "end", "%s: %s", procsrv_signal_name(signo),
	     sup->ending ? "killing all services" : "stopping all services");
	if (sup->ending)
		kill_all(sup);
	sup->ending = true;
	for (i = 0; i < sup->services.nr; i++)
		set_wanted(sup, sup->services.list[i], false);
}

static void read_again(struct supervisor *sup)
{
	char *error = sup->ending ? NULL : reload(sup);

	if (error)
		tell(server_time(), NULL, "reload", "not read again: %s",
		     error);
	free(error);
}

static void signals_ready(struct supervisor *sup, struct source *source)
{
	struct signalfd_siginfo info;

	if (read(source->fd, &info, sizeof(info)) != sizeof(info))
		return;
	if (info.ssi_signo == SIGCHLD)
		reap_keepers(sup);
	else if (info.ssi_signo == SIGHUP)
		read_again(sup);
	else
		end_all(sup, info.ssi_signo);
}

static void begin_signals(struct supervisor *sup)
{
	sigset_t set;

	sigemptyset(&set);
	sigaddset(&set, SIGTERM);
	sigaddset(&set, SIGINT);
	sigaddset(&set, SIGHUP);
	sigaddset(&set, SIGCHLD);
	sigprocmask(SIG_BLOCK, &set, NULL);
	/* The services do not depend on a reader of the log. */
	signal(SIGPIPE, SIG_IGN);
	/* If it was ignored there would be no exit statuses. */
	signal(SIGCHLD, SIG_DFL);
	sup->signals = (struct source) {
		.fd = signalfd(-1, &set, SFD_CLOEXEC | SFD_NONBLOCK),
		.ready = signals_ready,
	};
	if (sup->signals.fd < 0)
		fatal(CLIENT_REFUSED, "signalfd: %s", strerror(errno));
	watch(sup, &sup->signals);
}

/* The process of the supervisor was ended: its services have lost their parent. */
static void self_ready(struct supervisor *sup,
		       struct source *source __attribute__((unused)))
{
	tell(server_time(), NULL, "lost",
	     "process %llu of the supervisor was ended: killing all services",
	     sup->pid);
	sup->lost = true;
	kill_all(sup);
}

static void begin_self(struct supervisor *sup, char **argv, int argc)
{
	struct strings words = {};
	struct procsrv_program program = { .name = sup->name };
	int ret, i;

	for (i = 0; i < argc; i++)
		strings_add(&words, argv[i]);
	program.argv = words.data;
	program.argv_len = words.len;
	ret = procsrv_create(device(), sup->parent, &program, getuid(),
			     getgid(), PROCSRV_CREATE_TIED, &sup->pid);
	if (!ret)
		ret = procsrv_set_reaper(device(), sup->pid, true);
	if (!ret)
		ret = procsrv_open_process(device(), sup->pid,
					   PROCSRV_OPEN_NONBLOCK);
	if (ret < 0)
		fatal(CLIENT_REFUSED,
		      "no process can be created as a child of %llu: %s",
		      sup->parent, strerror(-ret));
	sup->self = (struct source) { .fd = ret, .ready = self_ready };
	watch(sup, &sup->self);
	free(words.data);
	tell(server_time(), NULL, "begin", "process %llu, %zu service%s",
	     sup->pid, sup->services.nr,
	     client_plural(sup->services.nr, "s"));
}

/* The next deadline. A service may have got another one, or none, meanwhile. */
static const struct due *next_deadline(struct supervisor *sup)
{
	const struct due *next;

	while ((next = queue_first(&sup->deadlines)) &&
	       next->service->deadline != next->key)
		queue_pop(&sup->deadlines);
	return next;
}

/* When there is something to do next, or 0. */
static __u64 next_time(struct supervisor *sup)
{
	const struct due *deadline = next_deadline(sup);
	__u64 look = next_look(sup);

	if (!deadline || !look)
		return deadline ? deadline->key : look;
	return deadline->key < look ? deadline->key : look;
}

static void do_what_is_due(struct supervisor *sup)
{
	const struct due *next;
	__u64 now;

	if (!next_time(sup))
		return;
	now = server_time();
	for (next = next_deadline(sup); next && next->key <= now;
	     next = next_deadline(sup))
		service_timeout(sup, queue_pop(&sup->deadlines));
	look_if_due(sup, now);
}

/* Milliseconds until then, rounded up; -1 if there is nothing to do. */
static int time_to_sleep(struct supervisor *sup)
{
	__u64 next = next_time(sup), now, ms;

	if (!next)
		return -1;
	now = server_time();
	if (next <= now)
		return 0;
	ms = (next - now + 999) / 1000;
	return ms < INT32_MAX ? ms : INT32_MAX;
}

static bool goes_on(const struct supervisor *sup)
{
	return !sup->lost && (!sup->ending || sup->nr_alive);
}

static void loop(struct supervisor *sup)
{
	struct epoll_event ready[16];
	struct source *source;
	int n, i;

	settle(sup);
	while (goes_on(sup)) {
		n = epoll_wait(sup->epoll, ready, ARRAY_SIZE(ready),
			       time_to_sleep(sup));
		for (i = 0; i < n; i++) {
			source = ready[i].data.ptr;
			source->ready(sup, source);
		}
		do_what_is_due(sup);
		settle(sup);
	}
}

/* Ends and reaps the process of the supervisor; init would never wait for it. */
static void end_self(struct supervisor *sup)
{
	struct procsrv_wait_args args = {
		.parent = sup->parent,
		.which = PROCSRV_WAIT_PID,
		.id = sup->pid,
		.what = PROCSRV_WAIT_EXITED,
		.flags = PROCSRV_WAIT_NOHANG,
	};

	drain_events(sup);
	procsrv_terminate(device(), sup->pid, 0, 0);
	if (sup->parent == PROCSRV_INIT_PID)
		procsrv_wait(device(), &args);
	tell(server_time(), NULL, "ended", "all services have ended");
}

/*
 * A service takes five descriptors. The soft limit only exists for programs that use
 * select(2); root raises the hard limit too, up to the usual maximum.
 */
static void raise_descriptors(void)
{
	struct rlimit limit = { 1 << 20, 1 << 20 };

	if (!setrlimit(RLIMIT_NOFILE, &limit) ||
	    getrlimit(RLIMIT_NOFILE, &limit))
		return;
	limit.rlim_cur = limit.rlim_max;
	setrlimit(RLIMIT_NOFILE, &limit);
}

/* A descriptor of a service must not become a standard one of its program. */
static void open_standard(void)
{
	int fd;

	do {
		fd = open("/dev/null", O_RDWR);
	} while (fd >= 0 && fd <= STDERR_FILENO);
	if (fd >= 0)
		close(fd);
}

static int supervise(struct supervisor *sup, int argc, char **argv)
{
	open_standard();
	remember_inherited();
	raise_descriptors();
	prctl(PR_SET_CHILD_SUBREAPER, 1);
	sup->epoll = epoll_create1(EPOLL_CLOEXEC);
	if (sup->epoll < 0)
		fatal(CLIENT_REFUSED, "epoll_create1: %s", strerror(errno));
	begin_log(sup);
	begin_control(sup);
	begin_signals(sup);
	begin_self(sup, argv, argc);
	begin_events(sup);
	link_services(sup);
	loop(sup);
	if (!sup->lost)
		end_self(sup);
	end_log();
	return sup->lost ? CLIENT_REFUSED : CLIENT_OK;
}

static void print_order(const struct supervisor *sup)
{
	size_t i;

	for (i = 0; i < sup->services.nr; i++) {
		if (json_output)
			json_print_element(json_name(sup->services.list[i]->name));
		else
			puts(sup->services.list[i]->name);
	}
	if (json_output)
		json_end_array(false);
}

int run_supervise(int argc, char **argv)
{
	struct supervise_options options = {
		.name = "supervise", .parent = PROCSRV_INIT_PID,
	};
	struct supervisor sup = {};
	char *error;
	int i;

	i = parse_options(&argp, argc, argv, &options, 0, 1);
	if (options.verb && i < argc)
		usage_error("'%s' is one argument too many", argv[i]);
	if (options.verb)
		return send_request(options.name, options.verb,
				    options.service);
	if (i == argc)
		usage_error("the file of services is missing");

	sup.name = options.name;
	sup.parent = options.parent;
	sup.path = argv[i];
	error = read_services(&sup.services, sup.path);
	if (error)
		fatal(CLIENT_USAGE, "%s", error);
	if (!options.check)
		return supervise(&sup, argc, argv);
	print_order(&sup);
	return CLIENT_OK;
}
