// SPDX-License-Identifier: GPL-2.0-only
/*
 * The signal to send: typed, or chosen from a list
 */
#include <curses.h>
#include <string.h>

#include "top.h"

enum {
	LAST_SIGNAL = 64,
	SIGNAL_COLUMNS = 14,	/* of a signal in the list */
};

#define DEFAULT_SIGNAL "TERM"

/* What was typed, or the default if it is nothing. */
static const char *answered_signal(const struct screen *screen)
{
	return *screen->answer ? screen->answer : DEFAULT_SIGNAL;
}

static void send_signal(struct screen *screen)
{
	struct procsrv_signal_args args = {
		.target = PROCSRV_TARGET_PID, .id = screen->victim,
	};
	char name[KILLER_LEN];
	int signo, ret;

	if (procsrv_parse_signal(answered_signal(screen), &signo)) {
		say(screen, "'%s' is not a signal", screen->answer);
		return;
	}
	args.signo = signo;
	ret = procsrv_call(device(), PROCSRV_IOC_SIGNAL, &args);
	if (ret) {
		procsrv_explain(device(), PROCSRV_IOC_SIGNAL, &args, -ret,
				screen->message, sizeof(screen->message));
		return;
	}
	format_killer(signo, name, sizeof(name));
	say(screen, "sent %s to process %llu", name, screen->victim);
}

void ask_for_signal(struct screen *screen)
{
	static char prompt[64];

	if (!screen->pid)
		return;
	screen->victim = screen->pid;
	snprintf(prompt, sizeof(prompt), "signal for process %llu [%s]: ",
		 screen->victim, DEFAULT_SIGNAL);
	ask(screen, prompt, "", send_signal);
	screen->signals = true;
}

/* Lists the signals with a name; returns how many. */
static int list_signals(int *list)
{
	int signo, nr = 0;

	for (signo = 1; signo <= LAST_SIGNAL; signo++)
		if (procsrv_signal_name(signo))
			list[nr++] = signo;
	return nr;
}

/* 0 if it is none. */
static int chosen_signal(const struct screen *screen)
{
	int signo;

	return procsrv_parse_signal(answered_signal(screen), &signo) ? 0 : signo;
}

void choose_signal(struct screen *screen, int step)
{
	int signo = chosen_signal(screen);
	const char *name = NULL;

	do {
		signo += step;
		if (signo < 1 || signo > LAST_SIGNAL)
			return;
		name = procsrv_signal_name(signo);
	} while (!name);
	set_answer(screen, name + strlen("SIG"));
}

void draw_signals(const struct screen *screen)
{
	int list[LAST_SIGNAL], nr = list_signals(list), i;
	int columns = COLS / SIGNAL_COLUMNS ?: 1;
	int rows = (nr + columns - 1) / columns, top = LINES - 1 - rows;
	int chosen = chosen_signal(screen);
	char text[32];

	for (i = 0; i < nr; i++) {
		int y = top + i % rows, x = i / rows * SIGNAL_COLUMNS;

		if (y < 0)
			continue;
		if (!x) {
			move(y, 0);
			clrtoeol();
		}
		snprintf(text, sizeof(text), "%2d %s", list[i],
			 procsrv_signal_name(list[i]) + strlen("SIG"));
		attrset(list[i] == chosen ? A_REVERSE : A_NORMAL);
		mvaddnstr(y, x, text, COLS - x);
	}
	attrset(A_NORMAL);
}
