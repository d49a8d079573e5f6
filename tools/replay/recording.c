// SPDX-License-Identifier: GPL-2.0-only
/*
 * Reading a recording: lines, and the calls that they are parts of.
 */
#include <err.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "recording.h"
#include "value.h"

/* The whole file with a NUL behind it; NULL and errno if that fails. */
static char *read_all(const char *path, size_t *size)
{
	FILE *f = fopen(path, "re");
	size_t room = 0, n = 0, got;
	char *data = NULL;

	if (!f)
		return NULL;
	do {
		room = room ? 2 * room : 1 << 16;
		data = value_xrealloc(data, room);
		got = fread(data + n, 1, room - n - 1, f);
		n += got;
	} while (got);
	if (ferror(f)) {
		free(data);
		data = NULL;
	} else {
		data[n] = '\0';
		*size = n;
	}
	fclose(f);
	return data;
}

static struct line *add_line(struct recording *rec)
{
	/* Doubled whenever the number of lines is a power of two. */
	if (!(rec->nr_lines & (rec->nr_lines - 1)))
		rec->lines = value_xrealloc(rec->lines,
					    (2 * rec->nr_lines + 1) *
					    sizeof(*rec->lines));
	return &rec->lines[rec->nr_lines++];
}

static void bad_line(struct recording *rec, size_t i, const char *why)
{
	enum { SHOWN = 60 };

	warnx("%s:%zu: %s: %.*s", rec->path, i + 1, why, SHOWN,
	      rec->lines[i].raw);
	rec->lines[i].kind = LINE_BAD;
	rec->lines[i].call = NULL;
	rec->nr_bad++;
}

static void parse_lines(struct recording *rec, size_t size)
{
	char *s = rec->data, *end = rec->data + size, *newline;
	struct line *line;

	for (; s < end; s = newline + 1) {
		newline = memchr(s, '\n', end - s);
		if (!newline)
			newline = end;
		line = add_line(rec);
		*newline = '\0';
		if (newline > s && newline[-1] == '\r')
			newline[-1] = '\0';
		line_parse(s, line);
		/* What is there of a cut line may read as something else. */
		if (newline == end) {
			rec->cut = true;
			line->kind = LINE_BLANK;
		}
		if (line->kind == LINE_BAD)
			bad_line(rec, line - rec->lines, "cannot be read");
	}
}

static void add_call(struct recording *rec, struct call *call)
{
	if (!(rec->nr_calls & (rec->nr_calls - 1)))
		rec->calls = value_xrealloc(rec->calls,
					    (2 * rec->nr_calls + 1) *
					    sizeof(struct call *));
	rec->calls[rec->nr_calls++] = call;
	rec->has_sigaction |= call->kind == CALL_SIGACTION;
}

/* The rest of a call, whose beginning may not have been recorded. */
static void resume_call(struct recording *rec, struct intmap *open, size_t i)
{
	struct line *line = &rec->lines[i];
	struct call *call = intmap_get(open, line->tid);

	if (!call || call->end != NO_LINE) {
		call = call_begin(line->tid, line->text, i);
		line->text = NULL;
		call->headless = true;
		add_call(rec, call);
	} else if (!call_append(call, line->text)) {
		bad_line(rec, i, "resumes a call that was not begun");
		return;
	}
	call->end = i;
	line->call = call;
	if (!call_parse(call, true)) {
		bad_line(rec, i, "cannot be read");
		call->kind = CALL_OTHER;
	}
}

static void begin_call(struct recording *rec, struct intmap *open, size_t i)
{
	struct line *line = &rec->lines[i];
	struct call *call = call_begin(line->tid, line->text, i);

	line->text = NULL;
	line->call = call;
	add_call(rec, call);
	if (line->kind == LINE_UNFINISHED) {
		intmap_set(open, line->tid, call);
		return;
	}
	call->end = i;
	if (!call_parse(call, true)) {
		bad_line(rec, i, "cannot be read");
		call->kind = CALL_OTHER;
	}
}

/* The thread whose execve it was goes on with the leader's id. */
static void supersede(struct intmap *open, const struct line *line)
{
	struct call *call = intmap_get(open, line->value);

	if (call && call->end == NO_LINE && call->kind == CALL_EXEC)
		intmap_set(open, line->tid, call);
}

static void join_calls(struct recording *rec)
{
	struct intmap open = {};
	size_t i;

	for (i = 0; i < rec->nr_lines; i++) {
		switch (rec->lines[i].kind) {
		case LINE_CALL:
		case LINE_UNFINISHED:
			begin_call(rec, &open, i);
			break;
		case LINE_RESUMED:
			resume_call(rec, &open, i);
			break;
		case LINE_SUPERSEDED:
			supersede(&open, &rec->lines[i]);
			break;
		default:
			break;
		}
	}
	intmap_free(&open);

	for (i = 0; i < rec->nr_calls; i++)
		if (rec->calls[i]->end == NO_LINE)
			call_parse(rec->calls[i], false);
}

static bool has_events(const struct recording *rec)
{
	size_t i;

	for (i = 0; i < rec->nr_lines; i++)
		if (rec->lines[i].kind > LINE_BLANK)
			return true;
	return false;
}

bool recording_read(const char *path, struct recording *rec)
{
	size_t size;

	*rec = (struct recording) { .path = path };
	rec->data = read_all(path, &size);
	if (!rec->data) {
		warn("%s", path);
		return false;
	}
	parse_lines(rec, size);
	if (!has_events(rec)) {
		warnx("%s: not a recording of strace", path);
		return false;
	}
	recording_name_threads(rec);
	join_calls(rec);
	recording_find_lives(rec);
	recording_match_forks(rec);
	return true;
}

static void free_lives(struct recording *rec)
{
	struct life *life, *next;
	size_t i;

	for (i = 0; i < rec->lives.size; i++) {
		for (life = rec->lives.slots[i].value; life; life = next) {
			next = life->next;
			free(life);
		}
	}
	intmap_free(&rec->lives);
}

void recording_free(struct recording *rec)
{
	size_t i;

	for (i = 0; i < rec->nr_lines; i++)
		free(rec->lines[i].text);
	for (i = 0; i < rec->nr_calls; i++)
		call_free(rec->calls[i]);
	free_lives(rec);
	free(rec->lines);
	free(rec->life);
	free(rec->calls);
	free(rec->data);
}
