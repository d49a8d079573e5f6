// SPDX-License-Identifier: GPL-2.0-only
/*
 * events
 *
 * With --snapshot the processes come first. Each page of the listing is the
 * state at one event, the number of which comes with the page: the events of a
 * process that are shown afterwards are exactly those after that event, however
 * long the listing took. So that no event is missed, the subscription comes
 * before the listing.
 */
#include <ctype.h>
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>

#include "drawing.h"
#include "procsrvctl.h"

/* The most processes that one call lists at the same moment. */
#define PAGE		64
#define BATCH		256

enum {
	OPT_SUBTREE = OPT_FIRST,
	OPT_SNAPSHOT,
	OPT_CAPACITY,
	OPT_SVG,
	OPT_PERFETTO,
	OPT_FOR,
};

/**
 * struct page - a page of the listing
 * @last: its last pid; it begins behind that of the page before
 * @seq: the event whose state it shows
 */
struct page {
	__u64 last;
	__u64 seq;
};

/**
 * struct events_options - options and progress of events
 * @args: the subscription
 * @follow: do not end
 * @snapshot: show the processes first
 * @count: end after so many events, or 0
 * @deadline: when to end
 * @period: the same, of a drawing
 * @printed: events so far
 * @now: the time of the listing
 * @pages: of the listing
 * @nr_pages: how many
 * @svg: file for a picture, or NULL
 * @perfetto: file for trace events, or NULL
 * @drawing: with one of the two, the events are drawn here instead of printed
 * @tree: with PROCSRV_SUBSCRIBE_SUBTREE: the pids it has, ascending
 * @nr_tree: how many
 */
struct events_options {
	struct procsrv_subscribe_args args;
	bool follow;
	bool snapshot;
	__u64 count;
	struct deadline deadline;
	struct deadline period;
	__u64 printed;
	__u64 now;
	struct page *pages;
	size_t nr_pages;
	const char *svg;
	const char *perfetto;
	struct drawing drawing;
	__u64 *tree;
	size_t nr_tree;
};

static __u32 arg_kinds(const char *s)
{
	char *copy = need(strdup(s)), *rest = copy, *word;
	__u32 kinds = 0, kind;

	while ((word = strsep(&rest, ","))) {
		if (procsrv_parse_event(word, &kind))
			usage_error("'%s' is not a kind of event", word);
		kinds |= PROCSRV_EVENT_BIT(kind);
	}
	free(copy);
	return kinds;
}

static error_t parse_events(int key, char *arg, struct argp_state *state)
{
	struct events_options *options = state->input;

	switch (key) {
	case 'f':
		options->follow = true;
		break;
	case 'k':
		options->args.kinds |= arg_kinds(arg);
		break;
	case 'p':
		options->args.pid = arg_pid(arg);
		break;
	case OPT_SUBTREE:
		options->args.flags |= PROCSRV_SUBSCRIBE_SUBTREE;
		break;
	case 'n':
		options->count = arg_u32(arg, "events");
		if (!options->count)
			usage_error("--count is at least 1");
		break;
	case 't':
		options->deadline = deadline_in(arg_time(arg, 1, "time"));
		break;
	case OPT_SNAPSHOT:
		options->snapshot = true;
		break;
	case OPT_CAPACITY:
		options->args.capacity = arg_u32(arg, "events");
		break;
	case OPT_SVG:
		options->svg = arg;
		break;
	case OPT_PERFETTO:
		options->perfetto = arg;
		break;
	case OPT_FOR:
		options->period = deadline_in(arg_time(arg, 1, "time"));
		break;
	default:
		return ARGP_ERR_UNKNOWN;
	}
	return 0;
}

static const struct argp_option options_table[] = {
	{ "kind", 'k', "KIND,...", 0, "Only events of these kinds (all)", 0 },
	{ "pid", 'p', "PID", 0, "Only events of this process", 0 },
	{ "subtree", OPT_SUBTREE, NULL, 0,
	  "With --pid: also events of its descendants", 0 },
	{ "snapshot", OPT_SNAPSHOT, NULL, 0,
	  "Print the processes first, and then the events of each since it was listed", 1 },
	{ "follow", 'f', NULL, 0,
	  "With --snapshot: continue after the events that happened during the listing", 2 },
	{ "count", 'n', "N", 0, "End after N events", 2 },
	{ "timeout", 't', "TIME", 0,
	  "End after this time (5s, 100ms); exit with 5 if the number of --count is not reached",
	  2 },
	{ "capacity", OPT_CAPACITY, "N", 0,
	  "Events that the server keeps until they are read (1024)", 3 },
	{ "svg", OPT_SVG, "FILE", 0,
	  "Print nothing, but draw the processes over time, until interrupted", 4 },
	{ "perfetto", OPT_PERFETTO, "FILE", 0,
	  "The same as trace events, for Perfetto and chrome://tracing", 4 },
	{ "for", OPT_FOR, "TIME", 0,
	  "With --svg or --perfetto: end after this time (5s, 100ms)", 4 },
	{}
};

static const struct argp_child children[] = {
	{ .argp = &color_argp },
	{ .argp = &json_argp },
	{}
};

static const struct argp argp = {
	.options = options_table, .parser = parse_events,
	.children = children,
	.args_doc = "[KIND|PID]...",
	.doc = "Prints events as they happen, one per line. KIND and PID select events, as\n"
	       "--kind and --pid do." AFTER_OPTIONS
	       "KIND is create, exec, exit, reap, signal, state, parent, session, group,\n"
	       "limit, capability, update or terminal. A line has the number of the\n"
	       "event, the time in seconds, the pid, the kind and its details.",
};

static void subscribe(struct events_options *options)
{
	int flags = fcntl(device(), F_GETFL);

	if (!options->args.kinds)
		options->args.kinds = PROCSRV_EVENTS_ALL;
	if (call(PROCSRV_IOC_SUBSCRIBE, &options->args))
		exit(CLIENT_REFUSED);
	if (flags < 0 || fcntl(device(), F_SETFL, flags | O_NONBLOCK) < 0)
		fatal(CLIENT_NO_DEVICE, "%s: %s", device_name(),
		      strerror(errno));
}

static int compare_pid(const void *a, const void *b)
{
	__u64 left = *(const __u64 *)a, right = *(const __u64 *)b;

	return left < right ? -1 : left > right;
}

static bool draws(const struct events_options *options)
{
	return options->svg || options->perfetto;
}

/* The pid of a parent is always the lower one, so it is in the tree already. */
static bool in_tree(struct events_options *options,
		    const struct procsrv_info *info)
{
	if (!options->args.pid)
		return true;
	if (info->pid != options->args.pid &&
	    (!(options->args.flags & PROCSRV_SUBSCRIBE_SUBTREE) ||
	     !options->nr_tree ||
	     !bsearch(&info->ppid, options->tree, options->nr_tree,
		      sizeof(*options->tree), compare_pid)))
		return false;
	options->tree = need(reallocarray(options->tree, options->nr_tree + 1,
					  sizeof(*options->tree)));
	options->tree[options->nr_tree++] = info->pid;
	return true;
}

/* Has the listing shown the effect of the event already? */
static bool shown(const struct events_options *options,
		  const struct procsrv_event *event)
{
	size_t i;

	for (i = 0; i < options->nr_pages; i++)
		if (event->pid <= options->pages[i].last)
			return event->seq <= options->pages[i].seq;
	return false;
}

static void add_page(struct events_options *options, __u64 last, __u64 seq)
{
	options->pages = need(reallocarray(options->pages,
					   options->nr_pages + 1,
					   sizeof(*options->pages)));
	options->pages[options->nr_pages++] = (struct page) {
		.last = last, .seq = seq,
	};
}

static void show_process(struct events_options *options,
			 const struct procsrv_info *info)
{
	if (draws(options))
		timeline_server_process(&options->drawing.server, info,
					options->now);
	else
		print_as_event(info, options->now);
}

static void show_snapshot(struct events_options *options)
{
	static const struct scope all = { .scope = PROCSRV_LIST_ALL };
	struct procsrv_info infos[PAGE];
	struct procsrv_time_args clock;
	__u64 cursor = 0, seq;
	int n, i;

	if (!procsrv_get_time(device(), &clock))
		options->now = clock.time;
	do {
		n = procsrv_list(device(), PROCSRV_LIST_ALL, 0, &cursor,
				 infos, PAGE, &seq);
		if (n < 0)
			exit(list_refused(&all, -n));

		/* The last page covers all higher pids, too. */
		add_page(options, n < PAGE ? UINT64_MAX : cursor, seq);
		for (i = 0; i < n; i++)
			if (in_tree(options, &infos[i]))
				show_process(options, &infos[i]);
	} while (n == PAGE);
}

/* After lost events, draw the present state of all processes. */
static void events_lost(struct events_options *options)
{
	size_t nr_known = options->drawing.server.tl->nr_procs;

	options->nr_pages = 0;
	options->nr_tree = 0;
	show_snapshot(options);
	timeline_server_listed(&options->drawing.server, options->now, nr_known);
}

static void show_event(struct events_options *options,
		       const struct procsrv_event *event)
{
	if (!draws(options)) {
		print_event(event);
		return;
	}
	timeline_server_event(&options->drawing.server, event);
	if (event->kind == PROCSRV_EVENT_LOST)
		events_lost(options);
}

/**
 * enum outcome - the outcome of an attempt to read events
 * @NONE: there is none now
 * @SHOWN: some were shown
 * @COMPLETE: all that were asked for were shown
 * @OVER: the server has ended
 */
enum outcome {
	NONE,
	SHOWN,
	COMPLETE,
	OVER,
};

/* Shows the events that can be read, at most BATCH. */
static enum outcome show_events(struct events_options *options)
{
	struct procsrv_event events[BATCH];
	ssize_t n, i;

	n = procsrv_read_events(device(), events, BATCH);
	if (n == -EAGAIN || n == -EINTR)
		return NONE;
	if (n < 0)
		fatal(CLIENT_REFUSED, "cannot read events: %s",
		      strerror(-n));
	if (!n)
		return OVER;
	for (i = 0; i < n; i++) {
		if (shown(options, &events[i]))
			continue;
		show_event(options, &events[i]);
		if (++options->printed == options->count)
			return COMPLETE;
	}
	return SHOWN;
}

static int time_is_up(const struct events_options *options)
{
	if (!options->count)
		return CLIENT_OK;
	complain("%llu of %llu event%s came in time (ETIMEDOUT)",
		 options->printed, options->count,
		 client_plural(options->count, "s"));
	return CLIENT_TIMEOUT;
}

static int server_ended(const struct events_options *options)
{
	if (!options->count)
		return server_has_ended();
	complain("%llu of %llu event%s came before the server ended (ESHUTDOWN)",
		 options->printed, options->count, client_plural(options->count, "s"));
	return CLIENT_TIMEOUT;
}

/* Events from during the listing can be read without a sleep. */
static int follow(struct events_options *options)
{
	bool ends = options->snapshot && !options->follow && !options->count;
	const struct deadline at_once = { .given = true };
	enum outcome outcome;
	int ret;

	do {
		fflush(stdout);
		if (ferror(stdout))
			return CLIENT_USAGE;
		ret = await_readable(device(),
				     ends ? &at_once : &options->deadline);
		if (ret == -ETIMEDOUT)
			return time_is_up(options);
		if (ret)
			fatal(CLIENT_REFUSED, "cannot wait for events: %s",
			      strerror(-ret));
		outcome = show_events(options);
	} while (outcome <= SHOWN);
	return outcome == OVER ? server_ended(options) : CLIENT_OK;
}

/* The events of before the interruption: at most a ring full, as more may come meanwhile. */
static void draw_rest(struct events_options *options)
{
	__u32 left = options->args.capacity ?: PROCSRV_RING_DEFAULT;

	while (show_events(options) == SHOWN && left > BATCH)
		left -= BATCH;
}

static int draw(struct events_options *options)
{
	enum outcome outcome = NONE;
	int ret, status = CLIENT_OK;

	do {
		ret = drawing_await(&options->drawing, &options->period);
		if (ret == -ETIMEDOUT || ret == -EINTR) {
			draw_rest(options);
			break;
		}
		if (ret)
			fatal(CLIENT_REFUSED, "cannot wait for events: %s",
			      strerror(-ret));
		outcome = show_events(options);
	} while (outcome <= SHOWN);
	if (outcome == OVER)
		status = server_ended(options);
	ret = drawing_end(&options->drawing);
	return ret ? ret : status;
}

/* A kind, or kinds with commas between them, or a pid. */
static void parse_word(struct events_options *options, const char *word)
{
	if (!isdigit((unsigned char)*word))
		options->args.kinds |= arg_kinds(word);
	else if (options->args.pid)
		usage_error("'%s' is one argument too many", word);
	else
		options->args.pid = arg_pid(word);
}

static void check_options(const struct events_options *options)
{
	if (options->args.flags && !options->args.pid)
		usage_error("--subtree needs --pid");
	if (options->period.given && !draws(options))
		usage_error("--for needs --svg or --perfetto");
	if (!draws(options))
		return;
	if (options->args.kinds || options->snapshot || options->follow ||
	    options->deadline.given || json_output)
		usage_error("--svg and --perfetto take --for, --count, --pid and --subtree only");
}

int run_events(int argc, char **argv)
{
	struct events_options options = {};
	int status, i;

	i = parse_options(&argp, argc, argv, &options, 0, -1);
	for (; i < argc; i++)
		parse_word(&options, argv[i]);
	check_options(&options);
	if (draws(&options))
		drawing_begin(&options.drawing, options.svg, options.perfetto);
	subscribe(&options);
	if (options.snapshot || draws(&options))
		show_snapshot(&options);
	status = draws(&options) ? draw(&options) : follow(&options);
	free(options.pages);
	free(options.tree);
	return status;
}
