// SPDX-License-Identifier: GPL-2.0-only
/*
 * Input in the last line
 */
#include <ctype.h>
#include <curses.h>
#include <string.h>

#include "top.h"

#define CONTROL(letter) ((letter) & 0x1f)

enum {
	KEY_ESCAPE = 27,
	KEY_DELETE = 127,
};

void ask(struct screen *screen, const char *prompt, const char *begin,
	 void (*answered)(struct screen *screen))
{
	screen->prompt = prompt;
	screen->answered = answered;
	screen->signals = false;
	set_answer(screen, begin);
}

void set_answer(struct screen *screen, const char *answer)
{
	snprintf(screen->answer, sizeof(screen->answer), "%s", answer);
	screen->cursor = strlen(screen->answer);
}

/* A byte of a character in UTF-8 that is not its first one. */
static bool continues(char c)
{
	return (c & 0xc0) == 0x80;
}

static size_t left_of(const struct screen *screen)
{
	size_t at = screen->cursor;

	if (at)
		at--;
	while (at && continues(screen->answer[at]))
		at--;
	return at;
}

static size_t right_of(const struct screen *screen)
{
	size_t at = screen->cursor;

	if (screen->answer[at])
		at++;
	while (continues(screen->answer[at]))
		at++;
	return at;
}

static void delete_text(struct screen *screen, size_t from, size_t to)
{
	char *answer = screen->answer;

	memmove(answer + from, answer + to, strlen(answer + to) + 1);
	screen->cursor = from;
}

static void insert(struct screen *screen, int key)
{
	size_t len = strlen(screen->answer);
	char *at = screen->answer + screen->cursor;

	if (key >= 256 || (key < 128 && !isprint(key)) ||
	    len + 1 >= sizeof(screen->answer))
		return;
	memmove(at + 1, at, strlen(at) + 1);
	*at = key;
	screen->cursor++;
}

static bool move_cursor(struct screen *screen, int key)
{
	switch (key) {
	case KEY_LEFT:
		screen->cursor = left_of(screen);
		break;
	case KEY_RIGHT:
		screen->cursor = right_of(screen);
		break;
	case KEY_HOME:
	case CONTROL('a'):
		screen->cursor = 0;
		break;
	case KEY_END:
	case CONTROL('e'):
		screen->cursor = strlen(screen->answer);
		break;
	default:
		return false;
	}
	return true;
}

static void edit(struct screen *screen, int key)
{
	switch (key) {
	case KEY_BACKSPACE:
	case KEY_DELETE:
	case '\b':
		delete_text(screen, left_of(screen), screen->cursor);
		break;
	case KEY_DC:
		delete_text(screen, screen->cursor, right_of(screen));
		break;
	case CONTROL('u'):
		delete_text(screen, 0, screen->cursor);
		break;
	case CONTROL('k'):
		screen->answer[screen->cursor] = '\0';
		break;
	default:
		insert(screen, key);
	}
}

void type_answer(struct screen *screen, int key)
{
	switch (key) {
	case '\n':
	case '\r':
	case KEY_ENTER:
		screen->prompt = NULL;
		screen->answered(screen);
		break;
	case KEY_ESCAPE:
	case KEY_F(10):
		screen->prompt = NULL;
		break;
	case KEY_UP:
	case KEY_DOWN:
		if (screen->signals)
			choose_signal(screen, key == KEY_DOWN ? 1 : -1);
		break;
	default:
		if (!move_cursor(screen, key))
			edit(screen, key);
	}
}
