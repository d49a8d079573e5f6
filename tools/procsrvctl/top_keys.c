// SPDX-License-Identifier: GPL-2.0-only
/*
 * What the keys do
 */
#include <ctype.h>
#include <curses.h>
#include <string.h>

#include "top.h"

enum {
	KEY_ESCAPE = 27,
	KEY_CONTROL_U = 21,
	KEY_DELETE = 127,
};

const char * const key_help[] = {
	"P C M T N  sort by pid, cpu, memory, start time (latest first), name",
	"r          the other way round",
	"t          as a tree, or as a list",
	"c          command lines, or names",
	"/          only those with a text in their name, or with a pid",
	"k          send a signal to the selected process",
	"d          change the delay between two looks at the cpu times",
	"up down    select a process; also page up and down, home and end",
	"q          quit",
	NULL
};

__attribute__((format(printf, 2, 3)))
static void say(struct screen *screen, const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	vsnprintf(screen->message, sizeof(screen->message), fmt, ap);
	va_end(ap);
}

/* Typing ends with Enter, and then @answered is called; Escape drops it. */
static void ask(struct screen *screen, const char *prompt, const char *begin,
		void (*answered)(struct screen *screen))
{
	screen->prompt = prompt;
	screen->answered = answered;
	snprintf(screen->answer, sizeof(screen->answer), "%s", begin);
}

static void type(struct screen *screen, int key)
{
	size_t len = strlen(screen->answer);

	switch (key) {
	case '\n':
	case '\r':
	case KEY_ENTER:
		screen->prompt = NULL;
		screen->answered(screen);
		break;
	case KEY_ESCAPE:
		screen->prompt = NULL;
		break;
	case KEY_BACKSPACE:
	case KEY_DELETE:
	case '\b':
		if (len)
			screen->answer[len - 1] = '\0';
		break;
	case KEY_CONTROL_U:
		screen->answer[0] = '\0';
		break;
	default:
		if (key < 256 && (isprint(key) || key >= 128) &&
		    len + 1 < sizeof(screen->answer)) {
			screen->answer[len] = key;
			screen->answer[len + 1] = '\0';
		}
	}
}

static void set_filter(struct screen *screen)
{
	strcpy(screen->view->filter, screen->answer);
}

static void set_delay(struct screen *screen)
{
	__u64 ms;

	if (client_parse_time(screen->answer, 1000000, &ms) && ms &&
	    ms <= INT32_MAX)
		screen->delay = ms;
	else
		say(screen, "'%s' is not a delay (2s, 500ms)", screen->answer);
}

static void send_signal(struct screen *screen)
{
	struct procsrv_signal_args args = {
		.target = PROCSRV_TARGET_PID, .id = screen->victim,
	};
	int signo, ret;

	if (procsrv_parse_signal(screen->answer, &signo)) {
		say(screen, "'%s' is not a signal", screen->answer);
		return;
	}
	args.signo = signo;
	ret = procsrv_call(device(), PROCSRV_IOC_SIGNAL, &args);
	if (ret)
		procsrv_explain(device(), PROCSRV_IOC_SIGNAL, &args, -ret,
				screen->message, sizeof(screen->message));
	else
		say(screen, "sent signal %d to process %llu", signo,
		    screen->victim);
}

static void begin_kill(struct screen *screen)
{
	static char prompt[64];

	if (!screen->pid)
		return;
	screen->victim = screen->pid;
	snprintf(prompt, sizeof(prompt), "signal for process %llu: ",
		 screen->victim);
	ask(screen, prompt, "TERM", send_signal);
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
		[SORT_CPU] = 'C', [SORT_PID] = 'P', [SORT_MEMORY] = 'M',
		[SORT_START] = 'T', [SORT_NAME] = 'N',
	};
	const char *found = memchr(letters, key, sizeof(letters));

	if (!found)
		return false;
	view->key = found - letters;
	view->reverse = false;
	return true;
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
		ask(screen, "delay: ", "", set_delay);
		break;
	case 'k':
		begin_kill(screen);
		break;
	}
}

void press_key(struct screen *screen, int key)
{
	if (key == KEY_RESIZE)
		return;
	screen->message[0] = '\0';
	if (screen->prompt)
		type(screen, key);
	else if (screen->help)
		screen->help = false;
	else if (!press_arrow(screen, key) &&
		 !(key < 256 && press_sort(screen->view, key)))
		press_letter(screen, key);
}
