// SPDX-License-Identifier: GPL-2.0-only
/*
 * Reading a recording for the first time: the file into a temporary one with a
 * record for each line that tells something; and that into another one, in which
 * each record has its thread, and the first record of each call has its end.
 */
#include <errno.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>

#include "escape.h"
#include "joiner.h"
#include "record.h"
#include "value.h"

/**
 * struct open_call - a call that is going on
 * @call: the call
 * @record: its first line
 * @begin: where that is in the events
 * @last: where its last line so far is
 * @torn_at: index of the line that broke off last
 */
struct open_call {
	struct call *call;
	struct record record;
	off_t begin;
	off_t last;
	size_t torn_at;
};

/**
 * struct learner - the second half of the first reading
 * @rec: what is read
 * @ledger: its lives
 * @open: the &struct open_call of each tid
 * @nr_calls: calls so far
 */
struct learner {
	struct recording *rec;
	struct ledger ledger;
	struct intmap open;
	int nr_calls;
};

static void bad_line(struct recording *rec, size_t number, const char *why,
		     const char *text)
{
	enum { SHOWN = 60, MOST = 20 };

	if (rec->on_bad)
		rec->on_bad(rec, number, why, text);
	else if (rec->nr_bad < MOST)
		escape_warnx(ESCAPE_ESCAPED, "%s:%zu: %s: %.*s", rec->path,
			     number + 1, why, SHOWN, text);
	else if (rec->nr_bad == MOST)
		escape_warnx(ESCAPE_ESCAPED, "%s: more such lines follow",
			     rec->path);
	rec->nr_bad++;
}

/*
 * Makes the time of a line one that goes on over midnight, and is not relative
 * to the line before.
 */
static void straighten_time(struct line *line, long long *before)
{
	const long long day = 86400LL * 1000000000;

	switch (line->clock) {
	case CLOCK_RELATIVE:
		line->time += *before;
		break;
	case CLOCK_DAY:
		while (line->time < *before - day / 2)
			line->time += day;
		break;
	default:
		break;
	}
	if (line->clock != CLOCK_NONE)
		*before = line->time;
}

static void collect_line(struct recording *rec, struct spool *lines,
			 struct namer *namer, struct line *line)
{
	struct record record = { .line = *line };

	if (line->kind == LINE_BLANK)
		return;
	if (line->kind == LINE_BAD && !line->continues) {
		bad_line(rec, line->number, "cannot be read", line->text);
		return;
	}
	namer_see(namer, line);
	record_append(lines, &record, line->text);
}

/* The first half: from the file to records. Returns 0 or an errno. */
static int collect_lines(struct recording *rec, struct spool *lines,
			 struct namer *namer)
{
	struct joiner joiner = {};
	long long before = 0;
	struct line line;
	int ret;

	if (!source_open(&joiner.source, rec->path))
		return errno;
	while (joiner_next(&joiner, &line)) {
		straighten_time(&line, &before);
		collect_line(rec, lines, namer, &line);
		free(line.text);
	}
	ret = source_failed(&joiner.source);
	rec->nr_lines = joiner.source.nr_lines;
	rec->cut = joiner.source.cut;
	joiner_close(&joiner);
	return ret;
}

/* The text that is kept: of a call that is not replayed, only its name. */
static char *kept_text(const struct call *call, const char *text)
{
	size_t n = call->kind == CALL_OTHER && *text != '?' ?
		   strcspn(text, "(") + 1 : strlen(text);

	return strndup(text, n);
}

static off_t append_part(struct learner *l, struct record *record,
			 const struct call *call, const char *text)
{
	char *kept = kept_text(call, text);
	off_t at = record_append(&l->rec->events, record, kept);

	free(kept);
	return at;
}

/* Write the record of a call's first line again, with its changes. */
static void patch_begin(struct learner *l, const struct open_call *open)
{
	spool_patch(&l->rec->events, open->begin, &open->record,
		    sizeof(open->record));
}

static void free_open(struct open_call *open)
{
	call_free(open->call);
	free(open);
}

/* The thread does something else, so that the rest of the call never comes. */
static void forget_open(struct learner *l, int tid)
{
	struct open_call *open = intmap_remove(&l->open, tid);

	if (open)
		free_open(open);
}

/* A call has ended, and can be read. */
static void conclude_call(struct learner *l, struct call *call,
			  struct record *begin)
{
	begin->end = call->end;
	if (begin->fork)
		begin->fork = ledger_fork_ends(&l->ledger, begin->fork, call);
	if (call->kind == CALL_WAIT4 && call->answer == ANSWER_VALUE &&
	    call->value > 0 && !call->injected)
		ledger_wait_ends(&l->ledger, begin->life, call->value);
}

static void count_call(struct learner *l, struct record *record,
		       struct call *call)
{
	l->rec->nr_of_calls[call->kind]++;
	/* A mere address (-e raw, -e verbose) does not tell how. */
	if (call->kind == CALL_SIGACTION && *call_arg(call, 1) != '0')
		l->rec->has_sigaction = true;
	record->end = NO_LINE;
	record->serial = l->nr_calls;
	l->nr_calls = (l->nr_calls + 1) & INT_MAX;
	if (call->kind == CALL_FORK)
		record->fork = ledger_fork_begins(&l->ledger, record->life,
						  call->start);
}

/* A call in a single line, or the rest of one whose beginning is missing. */
static bool whole_call(struct learner *l, struct record *record,
		       const char *text)
{
	struct line *line = &record->line;
	struct call *call = call_begin(line->tid, text, line->number);
	bool good;

	call->end = line->number;
	call->headless = record->headless;
	good = call_parse(call, true);
	if (good) {
		record->life = ledger_life(&l->ledger, line);
		count_call(l, record, call);
		if (record->life->first == line->number)
			record->life->execs_first = call->kind == CALL_EXEC &&
						    !call->headless;
		conclude_call(l, call, record);
		append_part(l, record, call, text);
	} else {
		bad_line(l->rec, line->number, "cannot be read", text);
	}
	call_free(call);
	return good;
}

static bool begin_call(struct learner *l, struct record *record,
		       const char *text)
{
	struct line *line = &record->line;
	struct open_call *open;
	struct call *call;

	/* A thread that is in a call cannot begin another: it is output. */
	if (line->tear == TEAR_OUTPUT && intmap_get(&l->open, line->tid)) {
		bad_line(l->rec, line->number, "cannot be read", text);
		return false;
	}
	forget_open(l, line->tid);
	call = call_begin(line->tid, text, line->number);
	call_parse(call, false);
	record->life = ledger_life(&l->ledger, line);
	count_call(l, record, call);
	if (record->life->first == line->number)
		record->life->execs_first = call->kind == CALL_EXEC;
	open = value_xcalloc(1, sizeof(*open));
	open->begin = append_part(l, record, call, text);
	open->last = open->begin;
	open->record = *record;
	open->call = call;
	open->torn_at = line->number;
	intmap_set(&l->open, line->tid, open);
	return true;
}

/* One more line of a call: link the one before to it. */
static void append_to_call(struct learner *l, struct open_call *open,
			   struct record *record, const char *text)
{
	struct record last;
	char *unused;
	off_t at;

	record->serial = open->record.serial;
	record->life = ledger_life(&l->ledger, &record->line);
	at = append_part(l, record, open->call, text);
	if (open->last == open->begin) {
		open->record.next = at;
	} else {
		record_read(&l->rec->events, open->last, &last, &unused);
		free(unused);
		last.next = at;
		spool_patch(&l->rec->events, open->last, &last, sizeof(last));
	}
	open->last = at;
}

/* The call is not one: its beginning has been passed on already. */
static void spoil_call(struct learner *l, struct open_call *open, size_t number,
		       const char *text)
{
	struct record *begin = &open->record;

	bad_line(l->rec, number, "cannot be read", text);
	l->rec->nr_of_calls[open->call->kind]--;
	l->rec->nr_of_lines[LINE_UNFINISHED]--;
	l->rec->nr_events--;
	begin->bad = true;
	if (begin->fork)
		ledger_drop_fork(&l->ledger, begin->fork);
	begin->fork = NULL;
	ledger_drop_life(&l->ledger, begin->life, begin->line.number);
	patch_begin(l, open);
}

static bool resume_call(struct learner *l, struct record *record,
			const char *text)
{
	struct line *line = &record->line;
	struct open_call *open = intmap_get(&l->open, line->tid);
	enum call_kind before;
	bool good;

	if (!open) {
		record->headless = true;
		return whole_call(l, record, text);
	}
	before = open->call->kind;
	if (!call_append(open->call, text)) {
		bad_line(l->rec, line->number,
			 "resumes a call that was not begun", text);
		return false;
	}
	if (before != open->call->kind) {
		l->rec->nr_of_calls[before]--;
		l->rec->nr_of_calls[open->call->kind]++;
		if (open->call->kind == CALL_FORK)
			open->record.fork =
				ledger_fork_begins(&l->ledger, open->record.life,
						   open->call->start);
	}
	if (line->kind == LINE_PART) {
		if (!line->continues)
			open->torn_at = line->number;
		append_to_call(l, open, record, text);
		return true;
	}
	open->call->end = line->number;
	intmap_remove(&l->open, line->tid);
	if (call_parse(open->call, true)) {
		append_to_call(l, open, record, text);
		conclude_call(l, open->call, &open->record);
		patch_begin(l, open);
	} else {
		spoil_call(l, open, line->number, open->call->text);
	}
	good = !open->record.bad;
	free_open(open);
	return good;
}

/* The line that had broken off was no call. */
static void abandon_call(struct learner *l, const struct record *record)
{
	struct open_call *open = intmap_get(&l->open, record->line.tid);

	/* Otherwise it was refused at once. */
	if (!open || open->torn_at != record->line.number)
		return;
	intmap_remove(&l->open, record->line.tid);
	spoil_call(l, open, record->line.number, open->call->text);
	free_open(open);
}

/* The thread that called execve continues with the leader's id. */
static void supersede(struct learner *l, const struct line *line)
{
	struct open_call *open = intmap_get(&l->open, line->value);

	if (!open || open->call->kind != CALL_EXEC)
		return;
	intmap_remove(&l->open, line->value);
	forget_open(l, line->tid);
	intmap_set(&l->open, line->tid, open);
}

static void plain_line(struct learner *l, struct record *record,
		       const char *text)
{
	struct line *line = &record->line;

	if (line->kind == LINE_SUPERSEDED)
		supersede(l, line);
	else if (line->kind == LINE_EXITED || line->kind == LINE_KILLED)
		forget_open(l, line->tid);
	record->life = ledger_life(&l->ledger, line);
	record_append(&l->rec->events, record, text);
}

/* Does the line tell something, other than that strace attached or detached? */
static bool is_news(struct learner *l, const struct line *line)
{
	struct life *life = intmap_get(&l->ledger.current, line->tid);

	if (line->kind == LINE_DETACHED && life)
		life->detached = true;
	return line->kind != LINE_ATTACHED && line->kind != LINE_DETACHED;
}

static void learn_line(struct learner *l, struct record *record,
		       const char *text)
{
	struct line *line = &record->line;
	bool good = true;

	switch (line->kind) {
	case LINE_BAD:
		abandon_call(l, record);
		return;
	case LINE_CALL:
		good = whole_call(l, record, text);
		break;
	case LINE_UNFINISHED:
		good = begin_call(l, record, text);
		break;
	case LINE_PART:
	case LINE_RESUMED:
		good = resume_call(l, record, text);
		break;
	default:
		if (!is_news(l, line))
			return;
		plain_line(l, record, text);
	}
	if (!good)
		return;
	l->rec->nr_of_lines[line->kind]++;
	l->rec->nr_events++;
	ledger_note(&l->ledger, record->life, line);
}

/* The second half. */
static void learn_lines(struct recording *rec, struct spool *lines,
			struct namer *namer)
{
	struct learner l = { .rec = rec, .ledger = { .rec = rec } };
	struct record record;
	off_t at = 0;
	char *text;
	size_t i;

	while (at < spool_size(lines)) {
		at = record_read(lines, at, &record, &text);
		namer_name(namer, &record.line);
		learn_line(&l, &record, text);
		free(text);
	}
	for (i = 0; i < l.open.size; i++)
		if (l.open.slots[i].value)
			free_open(l.open.slots[i].value);
	intmap_free(&l.open);
	ledger_close(&l.ledger);
}

bool recording_open(struct recording *rec)
{
	struct spool lines = {};
	struct namer namer = {};
	int ret;

	TAILQ_INIT(&rec->lives);
	TAILQ_INIT(&rec->forks);
	ret = collect_lines(rec, &lines, &namer);
	if (ret) {
		escape_warnx(ESCAPE_ESCAPED, "%s: %s", rec->path,
			     strerror(ret));
	} else {
		namer_decide(&namer, rec->path);
		learn_lines(rec, &lines, &namer);
	}
	spool_free(&lines);
	namer_free(&namer);
	if (!ret && !rec->nr_events)
		escape_warnx(ESCAPE_ESCAPED, "%s: not a recording of strace",
			     rec->path);
	return !ret && rec->nr_events;
}
