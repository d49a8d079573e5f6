// SPDX-License-Identifier: GPL-2.0-only
/*
 * metrics: the counters for Prometheus, in its text format
 *
 * The server counts processes and numbers its events. It does not count the
 * events of each kind, nor the time that zombies wait for their parents: with
 * --textfile these are counted here, from the events.
 */
#include <errno.h>
#include <fcntl.h>
#include <search.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "procsrvctl.h"

#define BATCH		256
#define US_PER_S	1000000ULL
#define EVERY_NS	(15 * 1000 * US_PER_S)

enum {
	OPT_TEXTFILE = OPT_FIRST,
	OPT_EVERY,
	OPT_FOR,
};

/* Upper bounds of the histogram in microseconds; above the last is +Inf. */
static const __u64 bounds[] = {
	10, 100, 1000, 10000, 100000, 1000000, 10000000, 100000000,
};

/**
 * struct zombie - a process that has exited and has not been reaped
 * @pid: its pid
 * @time: when it exited
 */
struct zombie {
	__u64 pid;
	__u64 time;
};

/**
 * struct observed - counts from the events since the start
 * @kinds: how many of each kind
 * @lost: how many were lost
 * @zombies: a tree of &struct zombie
 * @buckets: how many were reaped within each bound, but not within the one before
 * @reaped: how many were reaped, with those above the last bound
 * @us: how long they were zombies, all together
 */
struct observed {
	__u64 kinds[PROCSRV_NR_EVENTS];
	__u64 lost;
	void *zombies;
	__u64 buckets[ARRAY_SIZE(bounds)];
	__u64 reaped;
	__u64 us;
};

/**
 * struct metrics_options - options of metrics
 * @textfile: file to write again and again, or NULL
 * @every: how often, in nanoseconds
 * @period: when to end
 */
struct metrics_options {
	const char *textfile;
	__u64 every;
	struct deadline period;
};

static error_t parse_metrics(int key, char *arg, struct argp_state *state)
{
	struct metrics_options *options = state->input;

	switch (key) {
	case OPT_TEXTFILE:
		options->textfile = arg;
		break;
	case OPT_EVERY:
		options->every = arg_time(arg, 1, "time");
		if (!options->every)
			usage_error("--every takes a time above 0");
		break;
	case OPT_FOR:
		options->period = deadline_in(arg_time(arg, 1, "time"));
		break;
	default:
		return ARGP_ERR_UNKNOWN;
	}
	return 0;
}

static const struct argp_option metrics_options_table[] = {
	{ "textfile", OPT_TEXTFILE, "FILE", 0,
	  "Print nothing, but replace FILE at each interval, with counts of events", 0 },
	{ "every", OPT_EVERY, "TIME", 0, "With --textfile: the interval (15s)", 0 },
	{ "for", OPT_FOR, "TIME", 0, "With --textfile: end after this time (5s, 100ms)", 0 },
	{}
};

static const struct argp metrics_argp = {
	.options = metrics_options_table, .parser = parse_metrics,
	.doc = "Shows the counters of the server for Prometheus." AFTER_OPTIONS
	       "FILE is for the textfile collector of the node exporter, and is replaced\n"
	       "atomically. It also has events by kind, lost events, and the time that\n"
	       "processes were zombies, since the command was started.",
};

/* The two lines before the values of a metric. */
static void print_head(FILE *out, const char *name, const char *type,
		       const char *help)
{
	fprintf(out, "# HELP procsrv_%s %s\n# TYPE procsrv_%s %s\n", name, help,
		name, type);
}

static void print_metric(FILE *out, const char *name, const char *type,
			 const char *help, __u64 value)
{
	print_head(out, name, type, help);
	fprintf(out, "procsrv_%s %llu\n", name, value);
}

static void print_stats(FILE *out, const struct procsrv_stats *s)
{
	const struct {
		const char *state;
		__u64 value;
	} states[] = {
		{ "running", s->running }, { "sleeping", s->sleeping },
		{ "stopped", s->stopped }, { "zombie", s->zombies },
	};
	size_t i;

	print_head(out, "processes", "gauge", "Processes by state.");
	for (i = 0; i < ARRAY_SIZE(states); i++)
		fprintf(out, "procsrv_processes{state=\"%s\"} %llu\n",
			states[i].state, states[i].value);
	print_metric(out, "orphans", "gauge",
		     "Zombies whose parent exited before it waited for them.",
		     s->orphans);
	print_metric(out, "sessions", "gauge", "Sessions.", s->sessions);
	print_metric(out, "process_groups", "gauge", "Process groups.",
		     s->process_groups);
	print_metric(out, "processes_created_total", "counter",
		     "Processes created since the server was created, without init.",
		     s->total_created);
	print_metric(out, "processes_exited_total", "counter",
		     "Processes that have exited since the server was created.",
		     s->total_exited);
}

/* Seconds, exactly: the server's clock has microseconds. */
static void print_seconds(FILE *out, __u64 us)
{
	fprintf(out, "%llu.%06llu", us / US_PER_S, us % US_PER_S);
}

static void print_histogram(FILE *out, const struct observed *o)
{
	static const char name[] = "zombie_seconds";
	__u64 sum = 0;
	size_t i;

	print_head(out, name, "histogram",
		   "Time from the exit of a process until it was reaped, since the command was started.");
	for (i = 0; i < ARRAY_SIZE(bounds); i++) {
		sum += o->buckets[i];
		fprintf(out, "procsrv_%s_bucket{le=\"", name);
		print_seconds(out, bounds[i]);
		fprintf(out, "\"} %llu\n", sum);
	}
	fprintf(out, "procsrv_%s_bucket{le=\"+Inf\"} %llu\n", name, o->reaped);
	fprintf(out, "procsrv_%s_sum ", name);
	print_seconds(out, o->us);
	fprintf(out, "\nprocsrv_%s_count %llu\n", name, o->reaped);
}

static void print_observed(FILE *out, const struct observed *o)
{
	__u32 kind;

	print_head(out, "observed_events_total", "counter",
		   "Events by kind, since the command was started.");
	for (kind = PROCSRV_EVENT_LOST + 1; kind < PROCSRV_NR_EVENTS; kind++)
		fprintf(out, "procsrv_observed_events_total{kind=\"%s\"} %llu\n",
			procsrv_event_name(kind), o->kinds[kind]);
	print_metric(out, "lost_events_total", "counter",
		     "Events lost before the command read them, since it was started.",
		     o->lost);
	print_histogram(out, o);
}

/* Prints all metrics; false after saying why there are none. */
static bool print_metrics(FILE *out, const struct observed *o)
{
	struct procsrv_stats stats;
	struct procsrv_info init;
	int err;

	if (call(PROCSRV_IOC_STATS, &stats))
		return false;
	err = procsrv_get_info(device(), PROCSRV_INIT_PID, &init);
	if (err) {
		complain("process %d: %s", PROCSRV_INIT_PID, strerror(-err));
		return false;
	}
	print_stats(out, &stats);
	print_metric(out, "events_total", "counter",
		     "Events since the server was created.", init.seq);
	if (o)
		print_observed(out, o);
	return true;
}

static int compare_zombies(const void *a, const void *b)
{
	const struct zombie *left = a, *right = b;

	return left->pid < right->pid ? -1 : left->pid > right->pid;
}

static void exited(struct observed *o, const struct procsrv_event *event)
{
	struct zombie *zombie = need(malloc(sizeof(*zombie))), **found;

	*zombie = (struct zombie) { .pid = event->pid, .time = event->time };
	found = need(tsearch(zombie, &o->zombies, compare_zombies));
	if (*found == zombie)
		return;
	/* The pid is that of an earlier process whose end was lost. */
	(*found)->time = event->time;
	free(zombie);
}

/* A process that had exited before the first event is not counted. */
static void was_reaped(struct observed *o, const struct procsrv_event *event)
{
	const struct zombie key = { .pid = event->pid };
	struct zombie **found = tfind(&key, &o->zombies, compare_zombies);
	struct zombie *zombie;
	__u64 us;
	size_t i;

	if (!found)
		return;
	zombie = *found;
	us = event->time - zombie->time;
	tdelete(zombie, &o->zombies, compare_zombies);
	free(zombie);
	for (i = 0; i < ARRAY_SIZE(bounds) && us > bounds[i]; i++)
		;
	if (i < ARRAY_SIZE(bounds))
		o->buckets[i]++;
	o->reaped++;
	o->us += us;
}

static void observe(struct observed *o, const struct procsrv_event *event)
{
	switch (event->kind) {
	case PROCSRV_EVENT_LOST:
		o->lost += event->value;
		tdestroy(o->zombies, free);
		o->zombies = NULL;
		return;
	case PROCSRV_EVENT_EXIT:
		exited(o, event);
		break;
	case PROCSRV_EVENT_REAP:
		was_reaped(o, event);
		break;
	}
	if (event->kind < PROCSRV_NR_EVENTS)
		o->kinds[event->kind]++;
}

/* False if the server has ended. */
static bool observe_events(struct observed *o)
{
	struct procsrv_event events[BATCH];
	ssize_t n, i;

	n = procsrv_read_events(device(), events, BATCH);
	if (n == -EAGAIN || n == -EINTR)
		return true;
	if (n < 0)
		fatal(CLIENT_REFUSED, "cannot read events: %s", strerror(-n));
	for (i = 0; i < n; i++)
		observe(o, &events[i]);
	return n;
}

/*
 * Returns at the deadline even if there are always more events; false if the server has ended
 * before it.
 */
static bool observe_until(struct observed *o, const struct deadline *deadline)
{
	do {
		if (!await_readable(device(), deadline) && !observe_events(o))
			return false;
	} while (deadline_in(0).at < deadline->at);
	return true;
}

/* A collector that reads the file meanwhile sees the old one or the new one. */
static bool write_file(const char *name, const struct observed *o)
{
	char *other;
	FILE *out;
	bool good;

	if (asprintf(&other, "%s.%d", name, (int)getpid()) < 0)
		need(NULL);
	out = fopen(other, "we");
	if (!out)
		fatal(CLIENT_USAGE, "cannot write %s: %s", other, strerror(errno));
	good = print_metrics(out, o);
	if (fflush(out) || ferror(out) || (good && rename(other, name)))
		fatal(CLIENT_USAGE, "cannot write %s: %s", name, strerror(errno));
	fclose(out);
	if (!good)
		unlink(other);
	free(other);
	return good;
}

static void subscribe(void)
{
	struct procsrv_subscribe_args args = {
		.kinds = PROCSRV_EVENTS_ALL, .capacity = PROCSRV_RING_MAX,
	};
	int flags = fcntl(device(), F_GETFL);

	if (call(PROCSRV_IOC_SUBSCRIBE, &args))
		exit(CLIENT_REFUSED);
	if (flags < 0 || fcntl(device(), F_SETFL, flags | O_NONBLOCK) < 0)
		fatal(CLIENT_NO_DEVICE, "%s: %s", device_name(),
		      strerror(errno));
}

/* Until @next, or until the end if that is sooner. */
static const struct deadline *sooner(const struct deadline *next,
				     const struct deadline *end)
{
	return end->given && end->at < next->at ? end : next;
}

static int follow(const struct metrics_options *options)
{
	const struct deadline *until;
	struct observed observed = {};
	struct deadline next;
	bool lives;

	subscribe();
	do {
		if (!write_file(options->textfile, &observed))
			return CLIENT_REFUSED;
		next = deadline_in(options->every);
		until = sooner(&next, &options->period);
		lives = observe_until(&observed, until);
	} while (lives && until == &next);
	tdestroy(observed.zombies, free);
	if (!write_file(options->textfile, &observed))
		return CLIENT_REFUSED;
	return lives ? CLIENT_OK : server_has_ended();
}

int run_metrics(int argc, char **argv)
{
	struct metrics_options options = {};

	parse_options(&metrics_argp, argc, argv, &options, 0, 0);
	if (!options.textfile && (options.period.given || options.every))
		usage_error("--every and --for are for --textfile");
	if (!options.every)
		options.every = EVERY_NS;
	if (options.textfile)
		return follow(&options);
	return print_metrics(stdout, NULL) ? CLIENT_OK : CLIENT_REFUSED;
}
