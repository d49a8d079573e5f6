// SPDX-License-Identifier: GPL-2.0-only
/*
 * The terminal
 *
 * Sleeps until there is a key, an event, or a tick is due. An event is left in
 * its ring for a moment, for those that come with it: they are shown together.
 */
#include <curses.h>
#include <errno.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "top.h"

enum {
	SETTLE_MS = 50,		/* from an event to what it changes, */
	PATIENCE = 4,		/* and so many times what drawing takes, */
	SETTLE_MAX_MS = 1000,	/* but no longer than this */
	TITLE_LINES = 1,
	LAST_LINES = 1,		/* for messages and prompts */
};

static __u64 now_ms(void)
{
	struct timespec ts;

	clock_gettime(CLOCK_MONOTONIC, &ts);
	return ts.tv_sec * 1000ULL + ts.tv_nsec / 1000000;
}

size_t screen_rows(void)
{
	int rows = LINES - HEAD_LINES - TITLE_LINES - LAST_LINES;

	return rows > 0 ? rows : 0;
}

/* Frees @text. */
static void put_line(int y, char *text, int attributes)
{
	if (y < LINES) {
		cut_line(text, COLS);
		attrset(attributes);
		if (attributes & A_REVERSE)
			mvhline(y, 0, ' ', COLS);
		mvaddstr(y, 0, text);
		attrset(A_NORMAL);
	}
	free(text);
}

static void put_last_line(const struct screen *screen)
{
	const char *said = screen->prompt ? screen->answer : screen->message;
	char *text = NULL;
	size_t size;
	FILE *line;

	if (LINES < 1)
		return;
	line = need(open_memstream(&text, &size));
	if (screen->prompt)
		fputs(screen->prompt, line);
	else if (screen->help)
		said = "any key: back";
	else if (!*said)
		said = "h help  q quit  P M T N sort  t tree  / filter  k kill";
	escape_text(line, said, strlen(said), 0);
	fclose(line);
	put_line(LINES - 1, text, screen->prompt ? A_BOLD : A_DIM);
}

/* Where the next key goes, while something is typed. */
static void place_cursor(const struct screen *screen)
{
	int x;

	curs_set(screen->prompt ? 1 : 0);
	if (!screen->prompt || LINES < 1)
		return;
	x = strlen(screen->prompt) +
		escape_text(NULL, screen->answer, screen->cursor, 0);
	move(LINES - 1, x < COLS ? x : COLS - 1);
}

/*
 * Selects the row where the selected process is now, or the one in its place. If
 * the first row is selected, it stays selected, whichever process it has.
 */
static void follow_selected(struct screen *screen)
{
	const struct view *view = screen->view;
	size_t rows = screen_rows(), i;

	for (i = 0; screen->selected && i < view->nr; i++)
		if (view->rows[i]->info.pid == screen->pid)
			break;
	if (screen->selected && i < view->nr)
		screen->selected = i;
	else if (screen->selected >= view->nr)
		screen->selected = view->nr ? view->nr - 1 : 0;
	screen->pid = view->nr ?
		view->rows[screen->selected]->info.pid : 0;

	if (screen->first > screen->selected)
		screen->first = screen->selected;
	if (rows && screen->first + rows <= screen->selected)
		screen->first = screen->selected - rows + 1;
	if (screen->first + rows > view->nr)
		screen->first = view->nr > rows ? view->nr - rows : 0;
}

static void draw_help(void)
{
	int y;

	for (y = 0; key_help[y]; y++)
		put_line(y, need(strdup(key_help[y])), A_NORMAL);
}

static void draw_tasks(const struct screen *screen)
{
	const struct view *view = screen->view;
	size_t rows = screen_rows(), row, i;
	int y;

	for (y = 0; y < HEAD_LINES; y++)
		put_line(y, head_line(screen->table, view, y), A_BOLD);
	put_line(y++, title_line(view), A_REVERSE);
	for (i = 0; i < rows && screen->first + i < view->nr; i++) {
		row = screen->first + i;
		put_line(y + i, task_line(view, view->rows[row]),
			 row == screen->selected ? A_REVERSE : A_NORMAL);
	}
}

static int draw(struct screen *screen)
{
	__u64 begun = now_ms();
	int ret = table_refresh(screen->table);

	if (ret)
		return ret;
	make_rows(screen->view, screen->table);
	follow_selected(screen);
	erase();
	if (screen->help)
		draw_help();
	else
		draw_tasks(screen);
	if (screen->prompt && screen->signals)
		draw_signals(screen);
	put_last_line(screen);
	place_cursor(screen);
	refresh();
	screen->cost = now_ms() - begun;
	return 0;
}

/* Drawing must not use a whole processor while events keep coming. */
static int settle_time(const struct screen *screen)
{
	int ms = SETTLE_MS + PATIENCE * screen->cost;

	return ms < SETTLE_MAX_MS ? ms : SETTLE_MAX_MS;
}

/* Sleeps until it is time to draw, which is also after any key. */
static int sleep_until_due(struct screen *screen, __u64 tick)
{
	struct pollfd fds[] = {
		{ .fd = STDIN_FILENO, .events = POLLIN },
		{ .fd = device(), .events = POLLIN },
	};
	__u64 due = tick, settled, now;
	int key;

	while (!screen->quit && (now = now_ms()) < due) {
		if (poll(fds, ARRAY_SIZE(fds), due - now) < 0 && errno != EINTR)
			return -errno;
		if (fds[0].revents & (POLLHUP | POLLERR))
			screen->quit = true;
		/* A new size of the terminal is noticed here, too. */
		while ((key = getch()) != ERR) {
			press_key(screen, key);
			due = 0;
		}
		if (fds[1].revents & POLLIN) {
			settled = now_ms() + settle_time(screen);
			if (due > settled)
				due = settled;
			fds[1].fd = -1;
		}
	}
	return 0;
}

static int loop(struct screen *screen)
{
	__u64 tick = now_ms();
	int ret = 0;

	while (!ret && !screen->quit) {
		if (now_ms() >= tick) {
			ret = table_refresh(screen->table);
			table_tick(screen->table);
			tick = now_ms() + screen->delay;
		}
		if (!ret)
			ret = draw(screen);
		if (!ret)
			ret = sleep_until_due(screen, tick);
	}
	return ret;
}

int run_screen(struct screen *screen)
{
	SCREEN *terminal;
	int ret;

	terminal = newterm(NULL, stdout, stdin);
	if (!terminal)
		fatal(CLIENT_USAGE, "there is no description of this terminal ($TERM)");
	set_escdelay(25);
	cbreak();
	noecho();
	nonl();
	curs_set(0);
	keypad(stdscr, TRUE);
	nodelay(stdscr, TRUE);

	ret = loop(screen);
	endwin();
	delscreen(terminal);
	return ret ? table_failed(ret) : CLIENT_OK;
}
