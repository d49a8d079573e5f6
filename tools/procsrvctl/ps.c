// SPDX-License-Identifier: GPL-2.0-only
/*
 * ps
 *
 * Prints each process as soon as it is known; of the listing only a page is
 * ever in memory.
 */
#include <errno.h>
#include <pwd.h>
#include <stdlib.h>
#include <string.h>

#include "procsrvctl.h"

enum {
	OPT_ENV = OPT_FIRST,
};

/* Answers to questions that most lines ask again. Powers of two. */
#define CACHE_SIZE 1024

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
	bool begun;
	size_t columns;
	__u64 now;
	struct procsrv_details details;
	struct user users[CACHE_SIZE];
	struct session sessions[CACHE_SIZE];
};

static error_t parse_ps(int key, char *arg __attribute__((unused)),
			struct argp_state *state)
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
	case 'w':
		options->wide = true;
		break;
	default:
		return ARGP_ERR_UNKNOWN;
	}
	return 0;
}

static const struct argp_option options_table[] = {
	{ "long", 'l', NULL, 0, "More columns", 0 },
	{ "env", OPT_ENV, NULL, 0, "The environment after the command", 0 },
	{ "numeric", 'n', NULL, 0, "Users as numbers", 0 },
	{ "wide", 'w', NULL, 0,
	  "Do not cut lines at the width of the terminal", 0 },
	{}
};

static const struct argp_child children[] = {
	{ .argp = &scope_argp },
	{ .argp = &json_argp },
	{}
};

static const struct argp argp = {
	.options = options_table, .parser = parse_ps, .children = children,
	.doc = "Lists processes, lowest pid first." AFTER_OPTIONS
	       "STAT is R running, S sleeping, W waiting for a child, T stopped or\n"
	       "Z zombie; then < for a priority above normal, N for one below, s for\n"
	       "the leader of a session, l for more than one thread, r for a reaper, t\n"
	       "for one that dies with a descriptor, h for a hosted one, E for one that\n"
	       "is exiting, a for one whose children leave no zombies, c for one that\n"
	       "only waits with --clone or --all find, + for a member of the foreground\n"
	       "group of its terminal, ! for one that has passed a limit.\n"
	       "RSS is in KiB.\n"
	       "A name in brackets stands for a process without a command line.",
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

static const char *short_priority(__u32 priority)
{
	const char *name = procsrv_priority_name(priority);

	if (priority == PROCSRV_PRIO_REALTIME)
		return "rt";
	return name ? name : "?";
}

/* Not before there is something to put under it: a listing may be refused. */
static void print_header(struct ps_options *options)
{
	if (options->begun)
		return;
	options->begun = true;
	printf("%-8s %7s %7s %7s %7s %-8s %-4s %-6s %4s %7s %8s ", "UID",
	       "PID", "PPID", "PGID", "SID", "TTY", "STAT", "PRI", "THR",
	       "RSS", "TIME");
	if (options->longer)
		printf("%8s %8s %5s %16s %4s %5s %-12s ", "ELAPSED", "CHTIME",
		       "GID", "PENDING", "REVK", "EXIT", "CWD");
	puts("CMD");
}

static void print_long(const struct ps_options *options, FILE *line)
{
	const struct procsrv_details *d = &options->details;
	const struct procsrv_info *i = &d->info;
	__u64 age = i->start_time < options->now ?
		options->now - i->start_time : 0;
	char elapsed[32], chtime[32], code[32] = "-";

	format_clock(age, elapsed, sizeof(elapsed));
	format_clock(i->children_cpu_time, chtime, sizeof(chtime));
	if (i->state == PROCSRV_ZOMBIE)
		snprintf(code, sizeof(code), "%d/%u", i->exit_code,
			 client_exit_signal(i->exit_signal));
	fprintf(line, "%8s %8s %5u %016llx %4llu %5s ", elapsed, chtime,
		i->gid, i->pending, i->revocations, code);
	print_column(line, d->cwd, 12);
	fputc(' ', line);
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
	char stat[16], time[32];
	char *text = NULL;
	size_t size;
	FILE *line;

	format_stat(options, i, stat);
	format_clock(i->cpu_time, time, sizeof(time));
	line = need(open_memstream(&text, &size));
	print_column(line, user_name(options, effective_user(i)), 8);
	fprintf(line, " %7llu %7llu %7u %7u ", i->pid, i->ppid, i->pgid,
		i->sid);
	print_column(line, i->terminal_len ? d->terminal : "?", 8);
	fprintf(line, " %-4s %-6s %4u %7llu %8s ", stat,
		short_priority(i->priority), i->thread_count,
		i->memory_usage / 1024, time);
	if (options->longer)
		print_long(options, line);
	print_command(options, line);
	fclose(line);

	if (options->columns)
		cut_line(text, options->columns);
	puts(text);
	free(text);
}

static int each(__u64 pid, void *data)
{
	struct ps_options *options = data;
	int ret = procsrv_get_details(device(), pid, &options->details);

	/* Reaped since the page was read: it is no longer there to show. */
	if (ret == -ESRCH)
		return 0;
	if (ret)
		return ret;
	if (json_output) {
		json_print_element(json_details(&options->details,
						options->env));
		return 0;
	}
	print_header(options);
	print_process(options);
	return 0;
}

int run_ps(int argc, char **argv)
{
	static struct ps_options options;
	struct procsrv_time_args now = {};
	int ret;

	parse_options(&argp, argc, argv, &options, 0, 0);
	if (!options.wide)
		options.columns = client_columns();
	if (call(PROCSRV_IOC_TIME, &now))
		return CLIENT_REFUSED;
	options.now = now.time;

	ret = procsrv_for_pids(device(), options.scope.scope,
			       options.scope.id, each, &options);
	if (json_output)
		json_end_array(ret);
	procsrv_free_details(&options.details);
	return ret ? list_refused(&options.scope, -ret) : CLIENT_OK;
}
