// SPDX-License-Identifier: GPL-2.0-only
/*
 * Trace events, as Perfetto and chrome://tracing read them: the "Trace Event
 * Format", in JSON.
 *
 * Each process has a track. It has a slice for each program that the process
 * executes, until the process is gone, with slices inside for all states other
 * than running. A flow goes from the parent to a new process, from its end to
 * the process that waited for it, and from a signal to its target. A viewer
 * draws a flow between two slices, so both ends of a flow are inside of slices.
 */
#include <json-c/json.h>
#include <stdlib.h>
#include <string.h>

#include "client.h"
#include "escape.h"
#include "internal.h"

/**
 * struct trace - the output
 * @tl: the timeline
 * @out: the stream
 * @flows: how many there were
 * @more: an event was written
 */
struct trace {
	const struct timeline *tl;
	FILE *out;
	int flows;
	bool more;
};

/* Pids that were used again would share a track. */
static long long track_of(const struct trace *t, const struct tl_process *p)
{
	const struct tl_process *latest = timeline_find(t->tl, p->id);

	return latest == p ? p->id : INT32_MAX - (long long)p->index;
}

static void add_text(struct json_object *o, const char *key, const char *s)
{
	json_object_object_add(o, key, json_object_new_string(s));
}

/* Microseconds since the start, with three digits behind the point. */
static void add_time(struct json_object *o, const char *key, long long ns,
		     const struct timeline *tl)
{
	char buf[32];
	double us;

	if (tl->clock == TL_CLOCK_LINES)
		ns *= 1000;
	us = ns / 1000.0;
	snprintf(buf, sizeof(buf), "%lld.%03lld", ns / 1000,
		 ns % 1000);
	json_object_object_add(o, key, json_object_new_double_s(us, buf));
}

static struct json_object *event(const struct trace *t, const char *phase,
				 const struct tl_process *p)
{
	struct json_object *o = json_object_new_object();
	long long track = track_of(t, p);

	add_text(o, "ph", phase);
	json_object_object_add(o, "pid", json_object_new_int64(track));
	json_object_object_add(o, "tid", json_object_new_int64(track));
	return o;
}

static void write_event(struct trace *t, struct json_object *o)
{
	fputs(t->more ? ",\n" : "\n", t->out);
	escape_json(t->out, o, JSON_C_TO_STRING_PLAIN |
		    JSON_C_TO_STRING_NOSLASHESCAPE);
	json_object_put(o);
	t->more = true;
}

static void write_metadata(struct trace *t, const struct tl_process *p)
{
	static const char * const kinds[] = { "process_name", "thread_name" };
	struct json_object *o, *args;
	char *name;
	size_t i;

	if (asprintf(&name, "%s %lld", tl_name(p), p->id) < 0)
		abort();
	for (i = 0; i < ARRAY_SIZE(kinds); i++) {
		o = event(t, "M", p);
		args = json_object_new_object();
		add_text(o, "name", kinds[i]);
		add_text(args, "name", name);
		json_object_object_add(o, "args", args);
		write_event(t, o);
	}
	free(name);

	o = event(t, "M", p);
	args = json_object_new_object();
	add_text(o, "name", "process_sort_index");
	json_object_object_add(args, "sort_index",
			       json_object_new_int64(p->index));
	json_object_object_add(o, "args", args);
	write_event(t, o);
}

static void write_slice(struct trace *t, const struct tl_process *p,
			const char *category, const char *name, long long from,
			long long to, struct json_object *args)
{
	struct json_object *o = event(t, "X", p);

	add_text(o, "cat", category);
	add_text(o, "name", name);
	add_time(o, "ts", from - t->tl->start, t->tl);
	add_time(o, "dur", to - from, t->tl);
	if (args)
		json_object_object_add(o, "args", args);
	write_event(t, o);
}

/* A text of label.c. */
static char *text_of_wait(const struct trace *t, long long target)
{
	char *text = NULL;
	size_t size;
	FILE *f = open_memstream(&text, &size);

	if (!f)
		abort();
	tl_put_wait(f, t->tl, target);
	fclose(f);
	return text;
}

/* A slice of a state, cut where the program changes. */
static void write_states(struct trace *t, const struct tl_process *p,
			 size_t *next, long long from, long long to)
{
	const struct tl_span *span;
	long long begin, end;
	char *text;

	for (; *next < p->nr_spans; ++*next) {
		span = &p->spans[*next];
		if (span->from >= to)
			return;
		begin = span->from < from ? from : span->from;
		end = span->to > to ? to : span->to;
		if (span->state == TL_WAITING && end > begin) {
			text = text_of_wait(t, span->target);
			write_slice(t, p, "state", text, begin, end, NULL);
			free(text);
		} else if (span->state != TL_RUNNING && end > begin) {
			write_slice(t, p, "state", tl_state_name(span->state),
				    begin, end, NULL);
		}
		if (span->to > to)
			return;
	}
}

static struct json_object *args_of(const struct tl_process *p,
				   const char *command, bool last)
{
	struct json_object *args = json_object_new_object();

	if (command)
		add_text(args, "command", command);
	if (p->sid_now || p->pgid_now) {
		json_object_object_add(args, "session",
				       json_object_new_int64(p->sid_now));
		json_object_object_add(args, "group",
				       json_object_new_int64(p->pgid_now));
	}
	if (last && p->exited != TL_NEVER) {
		json_object_object_add(args, "exit_code",
				       json_object_new_int(p->code));
		json_object_object_add(args, "exit_signal",
				       json_object_new_int(p->signo));
		if (p->dumped)
			json_object_object_add(args, "core_dumped",
					       json_object_new_boolean(true));
	}
	return args;
}

static void write_programs(struct trace *t, const struct tl_process *p)
{
	const char *name = p->first_name ? p->first_name : "?";
	const char *command = NULL;
	long long from = p->born, end = tl_end_of(t->tl, p);
	const struct tl_mark *mark;
	size_t next = 0, i;

	for (i = 0; i < p->nr_marks; i++) {
		mark = &p->marks[i];
		if (mark->kind != TL_MARK_EXEC)
			continue;
		if (mark->time > from) {
			write_slice(t, p, "process", name, from, mark->time,
				    args_of(p, command, false));
			write_states(t, p, &next, from, mark->time);
		}
		from = mark->time;
		name = mark->name ? mark->name : "?";
		command = mark->text;
	}
	write_slice(t, p, "process", name, from, end,
		    args_of(p, command, true));
	write_states(t, p, &next, from, end);
}

/* The time, moved inside the slices of the process if it is outside. */
static long long inside(const struct trace *t, const struct tl_process *p,
			long long time)
{
	long long end = tl_end_of(t->tl, p) - 1;

	if (time > end)
		time = end;
	return time < p->born ? p->born : time;
}

static void write_flow_end(struct trace *t, const char *phase,
			   const char *name, const struct tl_process *p,
			   long long time)
{
	struct json_object *o = event(t, phase, p);

	add_text(o, "cat", "flow");
	add_text(o, "name", name);
	json_object_object_add(o, "id", json_object_new_int(t->flows));
	add_time(o, "ts", inside(t, p, time) - t->tl->start, t->tl);
	if (*phase == 'f')
		add_text(o, "bp", "e");
	write_event(t, o);
}

static void write_flow(struct trace *t, const char *name,
		       const struct tl_process *from, long long sent,
		       const struct tl_process *to, long long received)
{
	t->flows++;
	write_flow_end(t, "s", name, from, sent);
	write_flow_end(t, "f", name, to, received);
}

static void write_instant(struct trace *t, const struct tl_process *p,
			  const struct tl_mark *mark)
{
	struct json_object *o = event(t, "i", p);
	char *text = NULL;
	size_t size;
	FILE *f = open_memstream(&text, &size);

	if (!f)
		abort();
	tl_put_mark(f, mark);
	fclose(f);
	add_text(o, "cat", mark->kind == TL_MARK_DIFFERENCE ?
		 "difference" : "mark");
	add_text(o, "name", text);
	add_text(o, "s", "t");
	add_time(o, "ts", mark->time - t->tl->start, t->tl);
	write_event(t, o);
	free(text);
}

static void write_marks(struct trace *t, const struct tl_process *p)
{
	const struct tl_mark *mark;
	char buf[16];
	size_t i;

	for (i = 0; i < p->nr_marks; i++) {
		mark = &p->marks[i];
		if (mark->kind == TL_MARK_EXEC)
			continue;
		write_instant(t, p, mark);
		if (mark->kind == TL_MARK_SIGNAL && mark->other)
			write_flow(t, tl_signal_name(mark->signo, buf),
				   mark->other, mark->time, p, mark->time);
		else if (mark->kind == TL_MARK_REPORTED && mark->other)
			write_flow(t, "wait", p, mark->time, mark->other,
				   mark->time);
	}
}

static void write_lost(struct trace *t, const struct tl_lost *lost)
{
	struct json_object *o = json_object_new_object();
	char *text;

	if (asprintf(&text, "%llu event%s lost", (unsigned long long)lost->count,
		     client_plural(lost->count, "s")) < 0)
		abort();
	add_text(o, "ph", "i");
	add_text(o, "cat", "lost");
	add_text(o, "name", text);
	add_text(o, "s", "g");
	json_object_object_add(o, "pid", json_object_new_int(0));
	json_object_object_add(o, "tid", json_object_new_int(0));
	add_time(o, "ts", lost->time - t->tl->start, t->tl);
	write_event(t, o);
	free(text);
}

static void write_process(struct trace *t, const struct tl_process *p)
{
	write_metadata(t, p);
	write_programs(t, p);
	write_marks(t, p);
	if (p->parent && !p->before)
		write_flow(t, "fork", p->parent, p->born, p, p->born);
	if (p->reaper)
		write_flow(t, "wait", p, p->exited, p->reaper, p->gone);
}

static void write_other_data(struct trace *t)
{
	struct json_object *o = json_object_new_object();

	add_text(o, "title", t->tl->title);
	if (t->tl->clock == TL_CLOCK_LINES)
		add_text(o, "times", "a microsecond is a line");
	if (t->tl->note)
		add_text(o, "note", t->tl->note);
	escape_json(t->out, o, JSON_C_TO_STRING_PLAIN |
		    JSON_C_TO_STRING_NOSLASHESCAPE);
	json_object_put(o);
}

void timeline_write_perfetto(const struct timeline *tl, FILE *out)
{
	struct trace t = { .tl = tl, .out = out };
	size_t i;

	fputs("{\"displayTimeUnit\":\"ms\",\"otherData\":", out);
	write_other_data(&t);
	fputs(",\"traceEvents\":[", out);
	for (i = 0; i < tl->nr_procs; i++)
		write_process(&t, tl->procs[i]);
	for (i = 0; i < tl->nr_lost; i++)
		write_lost(&t, &tl->lost[i]);
	fputs("\n]}\n", out);
}
