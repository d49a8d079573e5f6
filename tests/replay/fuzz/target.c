// SPDX-License-Identifier: GPL-2.0-only
/*
 * The fuzz target of the reader of recordings, for libFuzzer: any file is a
 * recording. Reading it must neither crash nor loop, and a line that cannot be
 * read must not be judged: no line with a complaint is given to the replay, and
 * no difference is reported there.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "recording.h"
#include "replay.h"
#include "server-random.h"

int LLVMFuzzerTestOneInput(const unsigned char *data, size_t size);

/* By line: there was a complaint. */
static unsigned char *bad;
static size_t nr_bad_lines;

/* Messages about the input are not wanted: the linker uses this function instead. */
void __wrap_escape_warnx(unsigned int flags, const char *fmt, ...)
{
	(void)flags;
	(void)fmt;
}

static void note_bad(struct recording *rec, size_t number, const char *why,
		     const char *text)
{
	(void)rec;
	(void)why;
	(void)text;
	if (number >= nr_bad_lines)
		abort();
	bad[number] = 1;
}

static const char *input_file(const unsigned char *data, size_t size)
{
	static char path[32];
	static int fd = -1;

	if (fd < 0) {
		fd = memfd_create("input", 0);
		snprintf(path, sizeof(path), "/proc/self/fd/%d", fd);
	}
	if (ftruncate(fd, 0) || pwrite(fd, data, size, 0) != (ssize_t)size)
		abort();
	return path;
}

static void check_line(const struct line *line, size_t before)
{
	const struct call *call = line->call;

	if (line->number < before || line->number >= nr_bad_lines ||
	    bad[line->number] || line->kind <= LINE_BLANK || !line->life)
		abort();
	if (!call)
		return;
	if (call->start > line->number || bad[call->start] ||
	    (call->end != NO_LINE && bad[call->end]))
		abort();
	if (line->kind == LINE_RESUMED && call->end != line->number)
		abort();
}

static void read_lines(const char *path)
{
	struct recording rec = { .path = path, .on_bad = note_bad };
	size_t before = 0;
	struct line line;

	if (recording_open(&rec)) {
		while (recording_next(&rec, &line)) {
			check_line(&line, before);
			before = line.number;
		}
	}
	recording_close(&rec);
}

static void replay_lines(const char *path, bool hosted)
{
	const struct replay_options how = { .fd = -1, .hosted = hosted };
	struct recording rec = { .path = path, .on_bad = note_bad };
	struct report report = {};
	size_t i;

	if (recording_open(&rec) &&
	    !replay(&rec, &how, &report, NULL))
		for (i = 0; i < report.nr_differences; i++)
			if (bad[report.differences[i].line - 1])
				abort();
	report_free(&report);
	recording_close(&rec);
}

int LLVMFuzzerTestOneInput(const unsigned char *data, size_t size)
{
	const char *path = input_file(data, size);

	nr_bad_lines = size + 1;
	bad = calloc(nr_bad_lines, 1);
	if (!bad)
		abort();
	read_lines(path);
	server_seed(size);
	replay_lines(path, false);
	server_seed(size);
	replay_lines(path, true);
	free(bad);
	return 0;
}
