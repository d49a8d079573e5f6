// SPDX-License-Identifier: GPL-2.0-only
/*
 * Reading a recording for the second time: from the temporary file that
 * learn.c has written, with each call put together where it begins.
 */
#include <stdlib.h>

#include "record.h"
#include "value.h"

/* All parts of a call that begins with @record. */
static struct call *read_call(struct recording *rec, const struct record *record,
			      const char *text)
{
	struct call *call = call_begin(record->line.tid, text,
				       record->line.number);
	struct record part;
	off_t next = record->next;
	char *rest;

	call->headless = record->headless;
	while (next) {
		record_read(&rec->events, next, &part, &rest);
		call_append(call, rest);
		free(rest);
		next = part.next;
	}
	call->end = record->end;
	call->fork = record->fork;
	call->life = record->life;
	if (call->kind != CALL_OTHER)
		call_parse(call, call->end != NO_LINE);
	call->thread = call->kind == CALL_FORK && recording_makes_thread(call);
	return call;
}

/* The call that begins or ends with a line; NULL between. */
static struct call *call_of(struct recording *rec, const struct record *record)
{
	struct call *call = NULL;

	switch (record->line.kind) {
	case LINE_CALL:
	case LINE_UNFINISHED:
		call = read_call(rec, record, rec->text);
		if (call->end != NO_LINE && call->end != record->line.number)
			intmap_set(&rec->open, record->serial, call);
		else
			rec->ended = call;
		break;
	case LINE_RESUMED:
		if (record->headless)
			call = read_call(rec, record, rec->text);
		else
			call = intmap_remove(&rec->open, record->serial);
		rec->ended = call;
		break;
	default:
		break;
	}
	return call;
}

/* A line of a call that turned out not to be one. */
static bool is_spoilt(struct recording *rec, const struct record *record)
{
	return record->bad || (record->line.kind == LINE_PART &&
			       !intmap_get(&rec->open, record->serial));
}

bool recording_next(struct recording *rec, struct line *line)
{
	struct record record;

	call_free(rec->ended);
	rec->ended = NULL;
	do {
		free(rec->text);
		rec->text = NULL;
		if (rec->position >= spool_size(&rec->events))
			return false;
		rec->position = record_read(&rec->events, rec->position,
					    &record, &rec->text);
	} while (is_spoilt(rec, &record));
	*line = record.line;
	line->text = rec->text;
	line->life = record.life;
	line->call = call_of(rec, &record);
	return true;
}

void recording_close(struct recording *rec)
{
	struct life *life;
	struct fork *fork;
	size_t i;

	for (i = 0; i < rec->open.size; i++)
		call_free(rec->open.slots[i].value);
	intmap_free(&rec->open);
	call_free(rec->ended);
	free(rec->text);
	spool_free(&rec->events);
	while ((life = TAILQ_FIRST(&rec->lives))) {
		TAILQ_REMOVE(&rec->lives, life, link);
		free(life);
	}
	while ((fork = TAILQ_FIRST(&rec->forks))) {
		TAILQ_REMOVE(&rec->forks, fork, link);
		free(fork);
	}
}
