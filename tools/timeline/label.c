// SPDX-License-Identifier: GPL-2.0-only
/*
 * Texts about processes.
 */
#include <locale.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "client.h"
#include "escape.h"
#include "internal.h"

/* Bytes of a name or a command line that are shown. */
enum {
	NAME_MAX_SHOWN	= 64,
	TEXT_MAX_SHOWN	= 240,
};

static const char * const state_names[TL_NR_STATES] = {
	[TL_RUNNING] = "running",
	[TL_SLEEPING] = "sleeping",
	[TL_WAITING] = "waiting",
	[TL_STOPPED] = "stopped",
	[TL_EXITING] = "exiting",
	[TL_ZOMBIE] = "zombie",
};

/* Units of time. */
static const struct {
	long long ns;
	const char *name;
} units[] = {
	{ TL_NS_PER_S, "s" },
	{ TL_NS_PER_S / 1000, "ms" },
	{ 1000, "us" },
	{ 1, "ns" },
};

const char *tl_state_name(enum tl_state state)
{
	return state_names[state];
}

const char *tl_name(const struct tl_process *p)
{
	return p->name && *p->name ? p->name : "?";
}

long long tl_round_step(long long length, unsigned int wanted)
{
	static const int factors[] = { 1, 2, 5 };
	long long power, least = 1;
	size_t i;

	if (length < 1)
		length = 1;
	for (power = 1; power <= TL_NEVER / 100; power *= 10) {
		for (i = 0; i < ARRAY_SIZE(factors); i++) {
			least = factors[i] * power;
			if (length / least <= wanted)
				return least;
		}
	}
	return least;
}

locale_t tl_begin_numbers(void)
{
	locale_t numbers = newlocale(LC_NUMERIC_MASK, "C",
				     duplocale(LC_GLOBAL_LOCALE));

	if (!numbers)
		abort();
	return uselocale(numbers);
}

void tl_end_numbers(locale_t before)
{
	freelocale(uselocale(before));
}

static size_t unit_of(long long ns)
{
	size_t i = 0;

	while (i + 1 < ARRAY_SIZE(units) && ns < units[i].ns)
		i++;
	return i;
}

/* With as many digits as @step needs, in a unit that suits @largest. */
static void put_ns(FILE *out, long long ns, long long largest, long long step)
{
	size_t unit = unit_of(largest);
	long long left = units[unit].ns;
	int digits = 0;

	for (; left > 1 && step % left; left /= 10)
		digits++;
	fprintf(out, "%.*f %s", digits, (double)ns / units[unit].ns,
		units[unit].name);
}

void tl_put_time(FILE *out, const struct timeline *tl, long long time,
		 long long step)
{
	if (tl->clock == TL_CLOCK_LINES)
		fprintf(out, "line %lld", time);
	else
		put_ns(out, time - tl->start, tl->end - tl->start, step);
}

void tl_put_length(FILE *out, const struct timeline *tl, long long length)
{
	size_t unit;
	double value;

	if (tl->clock == TL_CLOCK_LINES) {
		fprintf(out, "%lld lines", length);
		return;
	}
	unit = unit_of(length);
	value = (double)length / units[unit].ns;
	fprintf(out, "%.*f %s",
		length % units[unit].ns == 0 || value >= 100 ? 0 :
		value >= 10 ? 1 : 2,
		value, units[unit].name);
}

const char *tl_signal_name(int signo, char buf[static 16])
{
	const char *name = procsrv_signal_name(signo);

	if (name)
		return name;
	snprintf(buf, 16, "signal %d", signo);
	return buf;
}

/* No more than @max bytes, and no part of a character. */
static void put_cut(FILE *out, const char *s, size_t max)
{
	size_t n = strnlen(s, max + 1);

	if (n <= max) {
		escape_text(out, s, n, 0);
		return;
	}
	for (n = max; n && (s[n] & 0xc0) == 0x80;)
		n--;
	escape_text(out, s, n, 0);
	fputs("...", out);
}

void tl_put_name(FILE *out, const char *name)
{
	put_cut(out, name, NAME_MAX_SHOWN);
}

void tl_put_text(FILE *out, const char *text)
{
	put_cut(out, text, TEXT_MAX_SHOWN);
}

void tl_put_process(FILE *out, const struct tl_process *p)
{
	tl_put_name(out, tl_name(p));
	fprintf(out, " %lld", p->id);
}

void tl_put_row(FILE *out, const struct tl_row *row, const char *times)
{
	if (row->nr_members == 1) {
		tl_put_process(out, row->first);
		return;
	}
	tl_put_name(out, tl_name(row->first));
	if (!row->same_name)
		fputs(" and others", out);
	fprintf(out, " %s %zu", times, row->nr_members);
}

void tl_put_wait(FILE *out, const struct timeline *tl, long long target)
{
	const struct tl_process *p;

	fputs("waits for ", out);
	if (target == TL_WAIT_ANY) {
		fputs("any child", out);
	} else if (target < 0) {
		fprintf(out, "group %lld", -target);
	} else {
		p = timeline_find(tl, target);
		if (p)
			tl_put_process(out, p);
		else
			fprintf(out, "%lld", target);
	}
}

void tl_put_fate(FILE *out, const struct tl_process *p)
{
	char buf[16];

	if (p->exited == TL_NEVER)
		return;
	if (p->unseen) {
		fputs("gone unseen", out);
		return;
	}
	if (!p->signo) {
		fprintf(out, "exit %d", p->code);
		return;
	}
	fprintf(out, "killed by %s%s", tl_signal_name(p->signo, buf),
		p->dumped ? ", core dumped" : "");
	if (p->killer) {
		fputs(" from ", out);
		tl_put_process(out, p->killer);
	}
}

static void put_other(FILE *out, const struct tl_process *other)
{
	if (other)
		tl_put_process(out, other);
	else
		fputs("a process that is not shown", out);
}

static void put_exec(FILE *out, const struct tl_mark *mark)
{
	fputs("executes ", out);
	tl_put_name(out, mark->name ? mark->name : "?");
	if (!mark->text || !*mark->text)
		return;
	fputs(": ", out);
	tl_put_text(out, mark->text);
}

static void put_difference(FILE *out, const char *text)
{
	size_t n;

	for (;; text += n + 1) {
		n = strcspn(text, "\n");
		escape_text(out, text, n < TEXT_MAX_SHOWN ? n : TEXT_MAX_SHOWN,
			    0);
		if (!text[n])
			return;
		fputs("; ", out);
	}
}

void tl_put_mark(FILE *out, const struct tl_mark *mark)
{
	char buf[16];

	switch (mark->kind) {
	case TL_MARK_EXEC:
		put_exec(out, mark);
		break;
	case TL_MARK_SIGNAL:
		fputs(tl_signal_name(mark->signo, buf), out);
		if (mark->other) {
			fputs(" from ", out);
			tl_put_process(out, mark->other);
		}
		break;
	case TL_MARK_STOPPED:
		fprintf(out, "stopped by %s",
			tl_signal_name(mark->signo, buf));
		break;
	case TL_MARK_CONTINUED:
		fputs("continued", out);
		break;
	case TL_MARK_REPORTED:
		fputs("reported to ", out);
		put_other(out, mark->other);
		break;
	case TL_MARK_PARENT:
		fputs("now a child of ", out);
		put_other(out, mark->other);
		break;
	case TL_MARK_SESSION:
		fprintf(out, "leads session %lld", mark->number);
		break;
	case TL_MARK_GROUP:
		fprintf(out, "in group %lld", mark->number);
		break;
	case TL_MARK_DIFFERENCE:
		fputs("differs: ", out);
		put_difference(out, mark->text);
		break;
	}
}

/* At least milliseconds: a part of a long time may be looked at closely. */
long long tl_fine_step(const struct timeline *tl)
{
	enum { STEPS = 5000 };
	long long step = tl_round_step(tl->end - tl->start, STEPS);

	return step < TL_NS_PER_S / 1000 ? step : TL_NS_PER_S / 1000;
}

static void put_moment(FILE *out, const struct timeline *tl, const char *what,
		       long long time)
{
	fprintf(out, "\n%s at ", what);
	tl_put_time(out, tl, time, tl_fine_step(tl));
}

static void put_end(FILE *out, const struct timeline *tl,
		    const struct tl_process *p)
{
	if (p->exited == TL_NEVER) {
		fputs("\nstill there at the end", out);
		return;
	}
	fputc('\n', out);
	tl_put_fate(out, p);
	fputs(" at ", out);
	tl_put_time(out, tl, p->exited, tl_fine_step(tl));
	fputs(", after ", out);
	tl_put_length(out, tl, p->exited - p->born);
	if (p->reaper) {
		fputs("\nwaited for by ", out);
		tl_put_process(out, p->reaper);
		fputs(" at ", out);
		tl_put_time(out, tl, p->gone, tl_fine_step(tl));
	} else if (p->gone == TL_NEVER) {
		fputs("\nnever waited for", out);
	}
}

void tl_put_story(FILE *out, const struct timeline *tl,
		  const struct tl_process *p)
{
	tl_put_process(out, p);
	if (p->command && *p->command) {
		fputc('\n', out);
		tl_put_text(out, p->command);
	}
	put_moment(out, tl, p->before ? "there" : "born", p->born);
	if (p->parent) {
		fputs(", child of ", out);
		tl_put_process(out, p->parent);
	}
	if (p->sid_now || p->pgid_now)
		fprintf(out, "\nsession %lld, group %lld",
			p->sid_now, p->pgid_now);
	put_end(out, tl, p);
}

void tl_put_summary(FILE *out, const struct timeline *tl,
		    const struct tl_row *row)
{
	size_t failed = 0, killed = 0, i;

	for (i = 0; i < row->nr_members; i++) {
		failed += row->members[i]->code && !row->members[i]->signo;
		killed += !!row->members[i]->signo;
	}
	tl_put_row(out, row, "×");
	fputs("\ntogether ", out);
	tl_put_length(out, tl, row->total);
	put_moment(out, tl, "first", row->born);
	put_moment(out, tl, "last gone", row->gone);
	if (failed)
		fprintf(out, "\n%zu failed", failed);
	if (killed)
		fprintf(out, "\n%zu were killed", killed);
}
