// SPDX-License-Identifier: GPL-2.0-only
/*
 * procsrv-replay - replay a recording of strace and compare the answers
 */
#include <argp.h>
#include <errno.h>
#include <locale.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "client.h"
#include "escape.h"
#include "help.h"
#include "picture.h"
#include "replay.h"
#include "report.h"
#include "value.h"

enum {
	KEY_JSON = 1,
	KEY_KEEP,
	KEY_DEVICE,
	KEY_SVG,
	KEY_TIMELINE,
	KEY_PERFETTO,
};

/**
 * struct settings - the command line
 * @verbose: print each operation
 * @json: summary in JSON
 * @device: in the server of the device, and not in one with POSIX ids
 * @keep: leave the processes in the server
 * @dry_run: only read the recordings
 * @timeline: print a timeline
 * @svg: file for a picture of it, or NULL
 * @perfetto: file for trace events, or NULL
 * @files: the recordings
 * @nr_files: how many
 */
struct settings {
	bool verbose;
	bool json;
	bool device;
	bool keep;
	bool dry_run;
	bool timeline;
	const char *svg;
	const char *perfetto;
	char **files;
	size_t nr_files;
};

const char *argp_program_version = "procsrv-replay " VERSION;

static const struct argp_option options[] = {
	{ "verbose", 'v', NULL, 0, "Print each operation and both answers", 0 },
	{ "json", KEY_JSON, NULL, 0, "Print the summary as JSON", 0 },
	{ "device", KEY_DEVICE, NULL, 0,
	  "Replay in the server of the device, where session and group ids are not pids", 0 },
	{ "keep", KEY_KEEP, NULL, 0,
	  "Leave the processes in the server afterwards; implies --device", 0 },
	{ "dry-run", 'n', NULL, 0,
	  "Only read the recordings; needs no server", 0 },
	{ "timeline", KEY_TIMELINE, NULL, 0,
	  "Print the processes over time, as lines, before the summary", 1 },
	{ "svg", KEY_SVG, "FILE", 0,
	  "Draw the processes over time, as a picture", 1 },
	{ "perfetto", KEY_PERFETTO, "FILE", 0,
	  "Write the processes over time as trace events, for Perfetto and chrome://tracing", 1 },
	{}
};

static bool wants_picture(const struct settings *settings)
{
	return settings->timeline || settings->svg || settings->perfetto;
}

static void check_settings(struct argp_state *state,
			   const struct settings *settings)
{
	if (wants_picture(settings) && settings->nr_files > 1)
		argp_error(state, "only one recording can be drawn at a time");
	if (settings->timeline && settings->json)
		argp_error(state, "--timeline and --json exclude each other");
}

static error_t parse_option(int key, char *arg, struct argp_state *state)
{
	struct settings *settings = state->input;

	(void)arg;
	switch (key) {
	case 'v':
		settings->verbose = true;
		return 0;
	case 'n':
		settings->dry_run = true;
		return 0;
	case KEY_JSON:
		settings->json = true;
		return 0;
	case KEY_DEVICE:
		settings->device = true;
		return 0;
	case KEY_KEEP:
		settings->device = true;
		settings->keep = true;
		return 0;
	case KEY_TIMELINE:
		settings->timeline = true;
		return 0;
	case KEY_SVG:
		settings->svg = arg;
		return 0;
	case KEY_PERFETTO:
		settings->perfetto = arg;
		return 0;
	case ARGP_KEY_ARGS:
		settings->files = state->argv + state->next;
		settings->nr_files = state->argc - state->next;
		return 0;
	case ARGP_KEY_END:
		check_settings(state, settings);
		return 0;
	case ARGP_KEY_NO_ARGS:
		argp_error(state, "no recording given");
		return ARGP_ERR_UNKNOWN;
	default:
		return ARGP_ERR_UNKNOWN;
	}
}

static const struct argp argp = {
	.options = options,
	.parser = parse_option,
	.children = help_child,
	.args_doc = "FILE...",
	.doc = "Replay recordings of strace -f in the process server, and compare each answer\n"
	       "of Linux with that of the server.\n"
	       "\vExit status: 0 if no answer differs, 1 if one does, 2 if a recording\n"
	       "cannot be read or compared, 3 if there is no process server.",
};

static int open_server(void)
{
	int fd = procsrv_open(NULL);

	if (fd < 0)
		escape_warnx(0, "%s: %s%s", procsrv_device(),
			     fd == -ENOTTY ? "not a process server" :
			     strerror(-fd), client_open_hint(-fd));
	return fd;
}

/* Each recording has a server with POSIX ids for itself. */
static int replay_in_server(struct recording *rec, int device,
			    const struct settings *settings, struct report *rep,
			    struct picture *pic)
{
	struct replay_options how = {
		.fd = device, .hosted = !settings->device,
		.keep = settings->keep, .verbose = settings->verbose,
	};
	int ret;

	if (how.hosted)
		how.fd = procsrv_new_server_flags(device,
						  PROCSRV_SERVER_POSIX_IDS);
	if (how.fd < 0)
		return how.fd;
	ret = replay(rec, &how, rep, pic);
	if (how.hosted)
		close(how.fd);
	return ret;
}

/* Open the output files first: if that fails, the replay need not be done. */
static bool open_outputs(const struct settings *settings,
			 struct timeline_files *files)
{
	const char *path;

	if (timeline_open(files, settings->svg, settings->perfetto, &path))
		return true;
	escape_warnx(ESCAPE_ESCAPED, "%s: %s", path, strerror(errno));
	return false;
}

static bool write_outputs(const struct settings *settings,
			  struct timeline_files *files, struct picture *picture,
			  const struct report *rep)
{
	struct timeline *tl = picture_end(picture, rep);
	const char *path;
	bool ok;

	if (settings->timeline)
		timeline_write_text(tl, stdout, client_columns());
	ok = timeline_write(files, tl, &path);
	if (!ok)
		escape_warnx(ESCAPE_ESCAPED, "%s: %s", path, strerror(errno));
	timeline_free(tl);
	return ok;
}

/* Replays one file; returns an exit status. */
static int replay_file(const char *path, int fd,
		       const struct settings *settings, struct report *rep)
{
	struct picture picture = { .path = path };
	struct timeline_files files = {};
	struct picture *pic = wants_picture(settings) ? &picture : NULL;
	struct recording rec = { .path = path };
	int ret = 0;

	*rep = (struct report) { .path = path };
	if (!recording_open(&rec)) {
		recording_close(&rec);
		return CLIENT_USAGE;
	}
	if (!open_outputs(settings, &files)) {
		recording_close(&rec);
		return CLIENT_USAGE;
	}
	if (settings->dry_run)
		replay_count(&rec, rep, pic);
	else
		ret = replay_in_server(&rec, fd, settings, rep, pic);
	recording_close(&rec);
	if (pic && !write_outputs(settings, &files, pic, rep))
		return CLIENT_USAGE;
	if (ret) {
		escape_warnx(0, "%s: %s", procsrv_device(), strerror(-ret));
		return CLIENT_NO_DEVICE;
	}
	if (rep->differ)
		return CLIENT_REFUSED;
	if (!report_has_result(rep, settings->dry_run)) {
		escape_warnx(ESCAPE_ESCAPED,
			     "%s: there is nothing in it that can be compared",
			     path);
		return CLIENT_USAGE;
	}
	return CLIENT_OK;
}

int main(int argc, char **argv)
{
	struct report total = { .path = "total" }, *reps;
	struct settings settings = {};
	int ret, fd = -1, status = CLIENT_OK;
	size_t i;

	setlocale(LC_CTYPE, "");
	argp_err_exit_status = CLIENT_USAGE;
	argp_parse(&argp, argc, argv, 0, NULL, &settings);
	if (!settings.dry_run) {
		fd = open_server();
		if (fd < 0)
			return CLIENT_NO_DEVICE;
	}

	reps = value_xcalloc(settings.nr_files, sizeof(*reps));
	for (i = 0; i < settings.nr_files; i++) {
		ret = replay_file(settings.files[i], fd, &settings,
				  &reps[i]);
		/* The statuses are in the order of importance. */
		if (ret > status)
			status = ret;
		report_add(&total, &reps[i]);
		if (!settings.json && reps[i].lines)
			report_print(&reps[i], true);
	}
	if (settings.json)
		report_print_json(reps, settings.nr_files, &total);
	else if (settings.nr_files > 1)
		report_print(&total, false);

	for (i = 0; i < settings.nr_files; i++)
		report_free(&reps[i]);
	free(reps);
	if (fd >= 0)
		close(fd);
	return status;
}
