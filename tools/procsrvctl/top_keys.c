// SPDX-License-Identifier: GPL-2.0-only
/*
 * The effect of keys
 */
#include <curses.h>
#include <string.h>

#include "top.h"

const char * const key_help[] = {
	"P M T N    sort by cpu, memory, cpu time, pid, as in top(1)",
	"A C        sort by start time (latest first), name",
	"r R        reverse the order",
	"t          tree or list",
	"c          command lines or names",
	"/          filter by a text in the name, or by pid",
	"k          send a signal to the selected process: type its name or number, or",
	"           choose it with up and down; left, right, home, end, delete, Ctrl-U",
	"           and Ctrl-K edit, Enter sends it (without input TERM), Escape cancels",
	"d          change the delay between updates",
	"up down    select a process; also page up and down, home and end",
	"q          quit",
	"F1 F4 F5   help, filter, tree; F6 the next sort key, F9 kill, F10 quit",
	NULL
};

void say(struct screen *screen, const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	vsnprintf(screen->message, sizeof(screen->message), fmt, ap);
	va_end(ap);
}

static void set_filter(struct screen *screen)
{
	strcpy(screen->view->filter, screen->answer);
}

static void set_delay(struct screen *screen)
{
	if (*screen->answer && !parse_delay(screen->answer, &screen->delay))
		say(screen, NO_DELAY, screen->answer);
}

static void ask_for_delay(struct screen *screen)
{
	static char prompt[64];
	char now[32];

	format_time(screen->delay * 1000ULL, now, sizeof(now));
	snprintf(prompt, sizeof(prompt), "delay [%s]: ", now);
	ask(screen, prompt, "", set_delay);
}

static void move_to(struct screen *screen, size_t row)
{
	const struct view *view = screen->view;

	if (!view->nr)
		return;
	screen->selected = row < view->nr ? row : view->nr - 1;
	screen->pid = view->rows[screen->selected]->info.pid;
}

static bool press_arrow(struct screen *screen, int key)
{
	size_t row = screen->selected, page = screen_rows();

	switch (key) {
	case KEY_UP:
		move_to(screen, row ? row - 1 : 0);
		break;
	case KEY_DOWN:
		move_to(screen, row + 1);
		break;
	case KEY_PPAGE:
		move_to(screen, row > page ? row - page : 0);
		break;
	case KEY_NPAGE:
		move_to(screen, row + page);
		break;
	case KEY_HOME:
		move_to(screen, 0);
		break;
	case KEY_END:
		move_to(screen, SIZE_MAX);
		break;
	default:
		return false;
	}
	return true;
}

static bool press_sort(struct view *view, int key)
{
	static const char letters[NR_SORT_KEYS] = {
		[SORT_CPU] = 'P', [SORT_MEMORY] = 'M', [SORT_TIME] = 'T',
		[SORT_PID] = 'N', [SORT_START] = 'A', [SORT_NAME] = 'C',
	};
	const char *found = memchr(letters, key, sizeof(letters));

	if (!found)
		return false;
	view->key = found - letters;
	view->reverse = false;
	return true;
}

/* As in htop. Returns the letter that does the same. */
static int letter_of(int key)
{
	switch (key) {
	case KEY_F(1):
		return 'h';
	case KEY_F(4):
		return '/';
	case KEY_F(5):
		return 't';
	case KEY_F(9):
		return 'k';
	case KEY_F(10):
		return 'q';
	}
	return key;
}

static void sort_by_next(struct view *view)
{
	view->key = (view->key + 1) % NR_SORT_KEYS;
	view->reverse = false;
}

static void press_letter(struct screen *screen, int key)
{
	struct view *view = screen->view;

	switch (key) {
	case 'q':
		screen->quit = true;
		break;
	case 'h':
	case '?':
		screen->help = true;
		break;
	case 'r':
	case 'R':
		view->reverse = !view->reverse;
		break;
	case 't':
		view->tree = !view->tree;
		break;
	case 'c':
		view->command = !view->command;
		break;
	case '/':
		ask(screen, "only: ", view->filter, set_filter);
		break;
	case 'd':
		ask_for_delay(screen);
		break;
	case 'k':
		ask_for_signal(screen);
		break;
	case KEY_F(6):
		sort_by_next(view);
		break;
	}
}

void press_key(struct screen *screen, int key)
{
	if (key == KEY_RESIZE)
		return;
	screen->message[0] = '\0';
	if (screen->prompt)
		type_answer(screen, key);
	else if (screen->help)
		screen->help = false;
	else if (!press_arrow(screen, key) &&
		 !(key < 256 && press_sort(screen->view, key)))
		press_letter(screen, letter_of(key));
}
