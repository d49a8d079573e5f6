// SPDX-License-Identifier: GPL-2.0-only
/*
 * ps
 *
 * At any time, memory has only a page of the listing and those rows of the table
 * that are printed together.
 */
#include <errno.h>
#include <pwd.h>
#include <stdlib.h>
#include <string.h>

#include "grid.h"

enum {
	OPT_ENV = OPT_FIRST,
};

/* Look-ups that most lines repeat are cached. A power of two. */
#define CACHE_SIZE 1024

#define LETTERS "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"

struct user {
	bool known;
	__u32 uid;
	char name[9];
};

struct session {
	__u32 sid;
	__u32 foreground;
	__u64 leader;
};

struct ps_options {
	struct scope scope;
	bool longer;
	bool env;
	bool wide;
	bool numeric;
	bool user;	/* -u, behind which ps(1) has a user */
	__u64 now;
	__u64 *pids;
	size_t nr_pids;
	struct grid grid;
	struct procsrv_details details;
	struct user users[CACHE_SIZE];
	struct session sessions[CACHE_SIZE];
};

static const struct column short_columns[] = {
	{ .title = "UID", .width = 8, .left = true },
	{ .title = "PID", .width = 7 },
	{ .title = "PPID", .width = 7 },
	{ .title = "PGID", .width = 7 },
	{ .title = "SID", .width = 7 },
	{ .title = "TTY", .width = 8, .left = true },
	{ .title = "STAT", .width = 4, .left = true },
	{ .title = "PRI", .width = 6, .left = true },
	{ .title = "THR", .width = 4 },
	{ .title = "RSS", .width = 7 },
	{ .title = "TIME", .width = 8 },
};

/* There are so many columns that they have to be narrow. */
static const struct column long_columns[] = {
	{ .title = "UID", .left = true },
	{ .title = "PID" },
	{ .title = "PPID" },
	{ .title = "PGID" },
	{ .title = "SID" },
	{ .title = "TTY", .left = true },
	{ .title = "STAT", .left = true },
	{ .title = "PRI", .left = true },
	{ .title = "THR" },
	{ .title = "RSS" },
	{ .title = "TIME" },
	{ .title = "ELAPSED" },
	{ .title = "CHTIME" },
	{ .title = "GID" },
	{ .title = "PEND" },
	{ .title = "REVK" },
	{ .title = "EXIT" },
	{ .title = "CWD", .left = true, .narrow = true },
};

static int compare_pids(const void *a, const void *b)
{
	const __u64 *x = a, *y = b;

	return *x < *y ? -1 : *x > *y;
}

/* Pids with commas or blanks between them, as ps -p has them. */
static void add_pids(struct ps_options *options, const char *s)
{
	char *copy = need(strdup(s)), *rest = copy, *word;

	while ((word = strsep(&rest, ", "))) {
		options->pids = grow(options->pids, options->nr_pids,
				     sizeof(*options->pids));
		options->pids[options->nr_pids++] = arg_pid(word);
	}
	free(copy);
	qsort(options->pids, options->nr_pids, sizeof(*options->pids),
	      compare_pids);
}

__attribute__((noreturn))
static void refuse_user(void)
{
	usage_error("ps cannot select by user");
}

/* Unless its letters are options that ps has. */
static void refuse_word(const struct ps_options *options, const char *word)
{
	const char *p = word + strspn(word, "auxelnw");

	if (options->user)
		refuse_user();
	if (*word && !*p)
		return;
	if (word[strspn(word, LETTERS)] || !*word)
		usage_error("'%s' is one argument too many", word);
	usage_error("'%c' is not an option of ps here%s", *p,
		    *p == 'f' ? "; 'tree' draws the tree" : "");
}

/* The letters of BSD, as in "ps aux". */
static void parse_letters(struct ps_options *options, const char *word)
{
	const char *p;

	refuse_word(options, word);
	for (p = word; *p; p++) {
		options->env |= *p == 'e';
		options->longer |= *p == 'l';
		options->numeric |= *p == 'n';
		options->wide |= *p == 'w';
	}
}

static error_t parse_ps(int key, char *arg, struct argp_state *state)
{
	struct ps_options *options = state->input;

	switch (key) {
	case ARGP_KEY_INIT:
		state->child_inputs[0] = &options->scope;
		break;
	case 'l':
		options->longer = true;
		break;
	case OPT_ENV:
		options->env = true;
		break;
	case 'n':
		options->numeric = true;
		break;
	case 'p':
		add_pids(options, arg);
		break;
	case 'w':
		options->wide = true;
		break;
	case 'H':
		usage_error("ps draws no tree, 'tree' does");
	case 'U':
		refuse_user();
	case 'u':
		options->user = true;
		break;
	case 'A':
	case 'a':
	case 'e':
	case 'f':
	case 'x':
		break;
	default:
		return ARGP_ERR_UNKNOWN;
	}
	return 0;
}

static const struct argp_option options_table[] = {
	{ "pid", 'p', "PID,...", 0, "Only these processes", 0 },
	{ "long", 'l', NULL, 0, "More columns", 0 },
	{ "env", OPT_ENV, NULL, 0, "The environment after the command", 0 },
	{ "numeric", 'n', NULL, 0, "Users as numbers", 0 },
	{ "wide", 'w', NULL, 0,
	  "Do not cut lines at the width of the terminal", 0 },
	{ NULL, 'e', NULL, 0,
	  "All processes, which is the default; as -A, -a and -x", 1 },
	{ NULL, 'A', NULL, OPTION_HIDDEN, NULL, 1 },
	{ NULL, 'a', NULL, OPTION_HIDDEN, NULL, 1 },
	{ NULL, 'x', NULL, OPTION_HIDDEN, NULL, 1 },
	{ NULL, 'f', NULL, 0,
	  "The full format, which is the default; as -u", 1 },
	{ NULL, 'u', NULL, OPTION_HIDDEN, NULL, 1 },
	{ "user", 'U', "USER", OPTION_HIDDEN, NULL, 1 },
	{ "forest", 'H', NULL, OPTION_HIDDEN, NULL, 1 },
	{}
};

static const struct argp_child children[] = {
	{ .argp = &scope_argp },
	{ .argp = &color_argp },
	{ .argp = &json_argp },
	{}
};

static const struct argp argp = {
	.options = options_table, .parser = parse_ps, .children = children,
	.doc = "Lists processes, lowest pid first." AFTER_OPTIONS
	       "STAT is R running, S sleeping, W waiting for a child, T stopped or\n"
	       "Z zombie; then < for a priority above normal, N for one below, s for\n"
	       "the leader of a session, l for more than one thread, r for a reaper other\n"
	       "than init, t for a process that is tied to a descriptor, h for a hosted\n"
	       "process, E for a process whose exit has begun, a for a process with the\n"
	       "autoreap flag, c for a clone child (see wait --clone), + for a member of the\n"
	       "foreground group of its terminal, ! for a process that has passed a limit.\n"
	       "RSS is in KiB.\n"
	       "A name in brackets stands for a process without a command line.\n"
	       "Letters without a dash are read as by ps(1): 'aux' is the default, and e,\n"
	       "l, n and w are --env, --long, --numeric and --wide.",
};

static const char *user_name(struct ps_options *options, __u32 uid)
{
	struct user *user = &options->users[uid % CACHE_SIZE];
	const struct passwd *pw;

	if (user->known && user->uid == uid)
		return user->name;

	pw = options->numeric ? NULL : getpwuid(uid);
	if (!pw)
		snprintf(user->name, sizeof(user->name), "%u", uid);
	else if (strlen(pw->pw_name) < sizeof(user->name))
		strcpy(user->name, pw->pw_name);
	else
		snprintf(user->name, sizeof(user->name), "%.7s+", pw->pw_name);
	user->known = true;
	user->uid = uid;
	return user->name;
}

/* NULL if it has none. */
static const struct session *session_of(struct ps_options *options,
					const struct procsrv_info *info)
{
	struct session *session = &options->sessions[info->sid % CACHE_SIZE];
	struct procsrv_session_args args;

	if (!info->sid)
		return NULL;
	if (session->sid != info->sid) {
		if (procsrv_get_session(device(), info->sid, &args, NULL, 0))
			return NULL;
		session->sid = info->sid;
		session->foreground = args.foreground;
		session->leader = args.leader;
	}
	return session;
}

static void format_stat(struct ps_options *options,
			const struct procsrv_info *info, char *out)
{
	const struct session *session = session_of(options, info);

	*out++ = procsrv_state_letter(info->state);
	if (info->priority > PROCSRV_PRIO_NORMAL)
		*out++ = '<';
	else if (info->priority < PROCSRV_PRIO_NORMAL)
		*out++ = 'N';
	if (session && session->leader == info->pid)
		*out++ = 's';
	if (info->thread_count > 1)
		*out++ = 'l';
	if (info->flags & PROCSRV_INFO_REAPER && info->ppid)
		*out++ = 'r';
	if (info->flags & PROCSRV_INFO_TIED)
		*out++ = 't';
	if (info->flags & PROCSRV_INFO_HOSTED)
		*out++ = 'h';
	if (info->flags & PROCSRV_INFO_EXITING)
		*out++ = 'E';
	if (info->flags & PROCSRV_INFO_AUTOREAP)
		*out++ = 'a';
	if (info->flags & PROCSRV_INFO_CLONE)
		*out++ = 'c';
	if (session && session->foreground &&
	    session->foreground == info->pgid)
		*out++ = '+';
	if (info->limits_passed)
		*out++ = '!';
	*out = '\0';
}

/* [DAYS-]HH:MM:SS */
static void format_clock(__u64 us, char *buf, size_t size)
{
	__u64 s = us / 1000000;
	__u64 days = s / 86400;
	int n = days ? snprintf(buf, size, "%llu-", days) : 0;

	s %= 86400;
	snprintf(buf + n, size - n, "%02llu:%02llu:%02llu", s / 3600,
		 s / 60 % 60, s % 60);
}

/* [[DAYS-]HH:]MM:SS, as ps -o etime has it */
static void format_elapsed(__u64 us, char *buf, size_t size)
{
	__u64 s = us / 1000000;

	if (s < 3600)
		snprintf(buf, size, "%02llu:%02llu", s / 60, s % 60);
	else
		format_clock(us, buf, size);
}

static const char *short_priority(__u32 priority)
{
	const char *name = procsrv_priority_name(priority);

	if (priority == PROCSRV_PRIO_REALTIME)
		return "rt";
	return name ? name : "?";
}

static void long_cells(struct ps_options *options)
{
	const struct procsrv_details *d = &options->details;
	const struct procsrv_info *i = &d->info;
	struct grid *grid = &options->grid;
	__u64 age = i->start_time < options->now ?
		options->now - i->start_time : 0;
	char elapsed[32], chtime[32];

	format_elapsed(age, elapsed, sizeof(elapsed));
	format_elapsed(i->children_cpu_time, chtime, sizeof(chtime));
	grid_cell(grid, "%s", elapsed);
	grid_cell(grid, "%s", chtime);
	grid_cell(grid, "%u", i->gid);
	grid_cell(grid, "%llx", i->pending);
	grid_cell(grid, "%llu", i->revocations);
	if (i->state == PROCSRV_ZOMBIE)
		grid_cell(grid, "%d/%u", i->exit_code,
			  client_exit_signal(i->exit_signal));
	else
		grid_cell(grid, "-");
	grid_text(grid, d->cwd);
}

static void print_command(const struct ps_options *options, FILE *line)
{
	const struct procsrv_details *d = &options->details;
	const char *name = d->info.name;

	if (d->info.argv_len && d->info.state != PROCSRV_ZOMBIE) {
		print_strings(line, d->argv, d->info.argv_len);
	} else {
		fputc('[', line);
		escape_text(line, name, strlen(name), 0);
		fputc(']', line);
	}
	if (d->info.state == PROCSRV_ZOMBIE)
		fputs(" <defunct>", line);
	if (options->env && d->info.envp_len) {
		fputc(' ', line);
		print_strings(line, d->envp, d->info.envp_len);
	}
}

static void print_process(struct ps_options *options)
{
	const struct procsrv_details *d = &options->details;
	const struct procsrv_info *i = &d->info;
	struct grid *grid = &options->grid;
	char stat[16], time[32];

	format_stat(options, i, stat);
	format_clock(i->cpu_time, time, sizeof(time));
	grid_text(grid, user_name(options, effective_user(i)));
	grid_cell(grid, "%llu", i->pid);
	grid_cell(grid, "%llu", i->ppid);
	grid_cell(grid, "%u", i->pgid);
	grid_cell(grid, "%u", i->sid);
	grid_text(grid, i->terminal_len ? d->terminal : "?");
	grid_colored(grid, state_color(i->state), stat);
	grid_cell(grid, "%s", short_priority(i->priority));
	grid_cell(grid, "%u", i->thread_count);
	grid_cell(grid, "%llu", i->memory_usage / 1024);
	grid_cell(grid, "%s", time);
	if (options->longer)
		long_cells(options);
	print_command(options, grid->file);
	grid_end_row(grid);
}

/* Returns -ESRCH if the process is gone. */
static int show_process(__u64 pid, struct ps_options *options)
{
	int ret = procsrv_get_details(device(), pid, &options->details);

	if (ret)
		return ret;
	if (json_output)
		json_print_element(json_details(&options->details,
						options->env));
	else
		print_process(options);
	return 0;
}

static int each(__u64 pid, void *data)
{
	int ret = show_process(pid, data);

	/* It was reaped after the page was read: there is nothing to show. */
	return ret == -ESRCH ? 0 : ret;
}

/* Every pid is tried, as with info. */
static int show_pids(struct ps_options *options)
{
	struct procsrv_info_args args = {};
	int status = CLIENT_OK, ret;
	size_t i;

	for (i = 0; i < options->nr_pids; i++) {
		args.pid = options->pids[i];
		if (i && args.pid == options->pids[i - 1])
			continue;
		ret = show_process(args.pid, options);
		if (ret)
			status = refused(PROCSRV_IOC_INFO, &args, -ret);
	}
	return status;
}

static int show_scope(struct ps_options *options)
{
	const struct scope *scope = &options->scope;
	int ret = procsrv_for_pids(device(), scope->scope, scope->id, each,
				   options);

	return ret ? list_refused(scope, -ret) : CLIENT_OK;
}

static void begin_table(struct ps_options *options)
{
	const struct column *columns = options->longer ? long_columns :
		short_columns;
	size_t nr = options->longer ? ARRAY_SIZE(long_columns) :
		ARRAY_SIZE(short_columns);

	grid_begin(&options->grid, columns, nr, "CMD",
		   options->wide ? 0 : client_columns());
}

int run_ps(int argc, char **argv)
{
	static struct ps_options options;
	struct procsrv_time_args now = {};
	int status, i;

	i = parse_options(&argp, argc, argv, &options, 0, -1);
	for (; i < argc; i++)
		parse_letters(&options, argv[i]);
	if (options.nr_pids && options.scope.scope)
		usage_error("only one of --pid, --session and --group can be given");
	if (call(PROCSRV_IOC_TIME, &now))
		return CLIENT_REFUSED;
	options.now = now.time;

	begin_table(&options);
	status = options.nr_pids ? show_pids(&options) : show_scope(&options);
	if (json_output)
		json_end_array(status);
	else
		grid_end(&options.grid);
	procsrv_free_details(&options.details);
	return status;
}
