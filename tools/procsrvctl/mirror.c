// SPDX-License-Identifier: GPL-2.0-only
/*
 * mirror
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "door.h"
#include "mirror.h"

/* Some ten thousand messages. */
#define BUFFER_DEFAULT (64 << 20)

enum {
	INTERVAL_DEFAULT_MS = 1000,
	NS_PER_MS = 1000000,
};

enum {
	OPT_PROC = OPT_FIRST,
	OPT_NAME,
	OPT_CONTROL,
	OPT_INTERVAL,
	OPT_BUFFER,
};

static error_t parse_mirror(int key, char *arg, struct argp_state *state)
{
	struct mirror *m = state->input;

	switch (key) {
	case 'e':
		m->env = true;
		break;
	case 'v':
		m->verbose = true;
		break;
	case 'f':
		m->follow = true;
		break;
	case OPT_PROC:
		m->path = arg;
		break;
	case OPT_NAME:
		m->name = arg;
		break;
	case OPT_CONTROL:
		m->control = true;
		break;
	case OPT_INTERVAL:
		m->interval = arg_time(arg, NS_PER_MS, "interval");
		break;
	case OPT_BUFFER:
		m->buffer = arg_size(arg, "size of the buffer");
		break;
	default:
		return ARGP_ERR_UNKNOWN;
	}
	return 0;
}

static const struct argp_option options[] = {
	{ "env", 'e', NULL, 0, "Copy environments too, if they can be read", 0 },
	{ "verbose", 'v', NULL, 0, "Print every process that is copied", 0 },
	{ "proc", OPT_PROC, "DIRECTORY", 0,
	  "Directory to read instead of /proc", 0 },
	{ "follow", 'f', NULL, 0, "Follow the changes of the machine until interrupted", 0 },
	{ "name", OPT_NAME, "NAME", 0,
	  "Copy into a private server with this name, with Linux's pids", 0 },
	{ "control", OPT_CONTROL, NULL, 0,
	  "Carry out signals that are sent in the private server", 0 },
	{ "interval", OPT_INTERVAL, "TIME", 0,
	  "How often each process is read (1s)", 0 },
	{ "buffer", OPT_BUFFER, "SIZE", 0,
	  "Memory for kernel messages that have not been read yet (64M)", 0 },
	{}
};

static const struct argp argp = {
	.options = options, .parser = parse_mirror, .children = json_child,
	.doc = "Copies the live processes of this machine into the server:\n"
	       "tree, names, command lines, users, sessions, groups, terminals,\n"
	       "directories, memory, cpu time, threads, priorities and states." AFTER_OPTIONS
	       "Process 1 becomes the server's init, and a process without a parent a\n"
	       "child of init. Processes that end meanwhile are skipped and counted.\n"
	       "Processes that an earlier mirror of this user has created are removed first.\n"
	       "Without --follow a process '" MIRROR_NAME "' stays in the server; its\n"
	       "command line has the pids that were created.",
};

static void check_options(const struct mirror *m)
{
	if ((m->name || m->interval || m->buffer) && !m->follow)
		usage_error("--name, --interval and --buffer need --follow");
	if (m->control && !m->name)
		usage_error("--control needs --name");
	if (m->name && !door_name_is_valid(m->name))
		usage_error("'%s' is not a name for a server", m->name);
	if (m->follow && strcmp(m->path, "/proc"))
		usage_error("--follow and --proc exclude each other");
}

/* Says why, while it is live; ends the copy before. */
static void fail(const struct mirror *m, unsigned long request,
		 const void *args, int err)
{
	char message[512];

	procsrv_explain(m->server, request, args, err, message, sizeof(message));
	complain("%s", message);
	if (!m->live)
		fatal(CLIENT_REFUSED, "gave up after %zu process%s",
		      m->copied, client_plural(m->copied, "es"));
}

bool mirror_check(struct mirror *m, unsigned long request, const void *args,
		  int ret)
{
	if (!ret)
		return true;
	if (ret != -ESRCH && ret != -ECHILD)
		fail(m, request, args, -ret);
	m->removed++;
	return false;
}

bool mirror_try(struct mirror *m, unsigned long request, void *args)
{
	return mirror_check(m, request, args,
			    procsrv_call(m->server, request, args));
}

static void open_own_server(struct mirror *m)
{
	m->server = procsrv_new_server_flags(device(), PROCSRV_SERVER_POSIX_IDS);
	if (m->server < 0)
		fatal(CLIENT_REFUSED, "a private server: %s (%s)",
		      strerror(-m->server), strerrorname_np(-m->server));
}

static void print_json(const struct mirror *m)
{
	const struct {
		const char *name;
		size_t value;
	} counts[] = {
		{ "processes", m->copied },
		{ "sessions", m->sessions },
		{ "groups", m->sessions + m->groups },
		{ "stopped", m->stopped },
		{ "zombies", m->zombies },
		{ "vanished", m->machine.vanished },
		{ "lost", m->removed },
		{ "stand_in_leaders", m->stand_ins },
		{ "split_sessions", m->split },
	};
	const struct linux_process *p;
	struct json_object *obj;
	size_t i;

	fputs("{ ", stdout);
	for (i = 0; i < ARRAY_SIZE(counts); i++)
		printf("\"%s\": %zu, ", counts[i].name, counts[i].value);
	fputs("\"map\": ", stdout);
	for (i = 0; i < m->machine.nr; i++) {
		p = &m->machine.list[i];
		if (!p->record)
			continue;
		obj = need(json_object_new_object());
		json_add_u64(obj, "linux_pid", p->pid);
		json_add_u64(obj, "pid", p->record->copy);
		json_object_object_add(obj, "name",
				       json_text(p->name, strlen(p->name)));
		json_print_element(obj);
	}
	json_end_array(false);
	puts("}");
}

static void print_lines(const struct mirror *m)
{
	const size_t groups = m->sessions + m->groups;
	const struct linux_process *p;
	size_t i;

	for (i = 0; m->verbose && i < m->machine.nr; i++) {
		p = &m->machine.list[i];
		if (!p->record)
			continue;
		printf("%d -> %llu ", p->pid, p->record->copy);
		escape_text(stdout, p->name, strlen(p->name), 0);
		putchar('\n');
	}
	printf("%zu process%s in %zu session%s and ", m->copied,
	       client_plural(m->copied, "es"), m->sessions,
	       client_plural(m->sessions, "s"));
	printf("%zu process group%s, %zu stopped, %zu zombie%s\n", groups,
	       client_plural(groups, "s"), m->stopped, m->zombies,
	       client_plural(m->zombies, "s"));
	if (m->machine.vanished)
		printf("%zu skipped: ended while being read\n",
		       m->machine.vanished);
	if (m->removed)
		printf("%zu removed from the server by other programs\n",
		       m->removed);
	if (m->stand_ins)
		printf("%zu session%s led by another member, as the leader is gone\n",
		       m->stand_ins, client_plural(m->stand_ins, "s"));
	if (m->split)
		printf("%zu process%s leading a separate session, as the reaper is in another\n",
		       m->split, client_plural(m->split, "es"));
}

/* In the server of the device each mirror takes the place of the last. */
static void begin(struct mirror *m)
{
	struct procsrv_credentials own = {};

	machine_open(&m->machine, m->path);
	if (m->follow) {
		machine_credentials(&m->machine, getpid(), &own);
		m->may_kill = own.flags & PROCSRV_CREDENTIALS_KILL;
		connector_open(&m->connector, m->buffer);
		mirror_count_forks(m);
	}
	machine_read(&m->machine);
	m->read_at = mirror_now();
	if (!m->machine.nr)
		fatal(CLIENT_USAGE, "there are no processes in %s", m->path);
	if (mirror_is_private(m))
		open_own_server(m);
	else
		mirror_replace(m);
	if (m->follow && !mirror_is_private(m))
		mirror_mark(m);
	mirror_begin(m);
}

int run_mirror(int argc, char **argv)
{
	struct mirror m = { .path = "/proc" };

	parse_options(&argp, argc, argv, &m, 0, 0);
	check_options(&m);
	if (!m.interval)
		m.interval = INTERVAL_DEFAULT_MS;
	if (!m.buffer)
		m.buffer = BUFFER_DEFAULT;
	m.server = device();
	begin(&m);
	mirror_copy(&m);
	if (!m.follow)
		mirror_mark(&m);
	if (json_output)
		print_json(&m);
	else
		print_lines(&m);
	machine_free(&m.machine);
	fflush(stdout);
	if (m.follow)
		mirror_follow(&m);
	free(m.cmdline.data);
	free(m.environ.data);
	return CLIENT_OK;
}
