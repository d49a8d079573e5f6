/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * top - the processes of a server, as they change
 *
 *	top.c		the command, and the plain text for scripts
 *	top_table.c	the processes, kept up to date by events
 *	top_rows.c	selection and order of the processes
 *	top_line.c	the line of a process
 *	top_screen.c	the terminal
 *	top_keys.c	the effect of keys
 *	top_prompt.c	input in the last line
 *	top_signals.c	the signal to send
 *
 * The processes are listed once. From then on an event says which process to
 * look up again, and only that one is read; without events, only the counters
 * for the first lines are read.
 */
#ifndef TOP_H
#define TOP_H

#include "procsrvctl.h"

/**
 * struct task - a process
 * @info: its state, as last read
 * @stale: there was an event since
 * @gone: it was reaped
 * @cpu_before: its cpu time at the last tick
 * @permille: its share of a processor, between the last two ticks
 * @depth: in the tree
 * @shown: passes the filter, or an ancestor of one that does
 * @child: the first of its children in the tree
 * @next: the next child of its parent
 */
struct task {
	struct procsrv_info info;
	bool stale;
	bool gone;
	__u64 cpu_before;
	unsigned int permille;
	unsigned int depth;
	bool shown;
	struct task *child;
	struct task *next;
};

/**
 * struct table - all processes
 * @tasks: lowest pid first
 * @nr: how many
 * @room: how many fit
 * @nr_stale: how many have to be looked up again
 * @nr_gone: how many have to be removed
 * @highest: the highest pid that ever was in it
 * @lost: events are missing: list anew
 * @events: how many events have come
 * @stats: the counters
 * @now: the server's clock
 * @tick: the clock at the last tick
 */
struct table {
	struct task *tasks;
	size_t nr;
	size_t room;
	size_t nr_stale;
	size_t nr_gone;
	__u64 highest;
	bool lost;
	__u64 events;
	struct procsrv_stats stats;
	__u64 now;
	__u64 tick;
};

/*
 * The table (top_table.c). Functions that can fail return -errno. After any of
 * them rows have to be made anew.
 */

/* Subscribes to the events, and lists. */
int table_begin(struct table *table);

/* Says why one of the two has failed, and returns the exit status, or exits. */
int table_failed(int err);

/*
 * Reads events, and looks up the processes that they are about. -ESHUTDOWN if the server has
 * ended.
 */
int table_refresh(struct table *table);

/* Cpu time is counted from tick to tick. */
void table_tick(struct table *table);

enum sort_key {
	SORT_CPU,
	SORT_MEMORY,
	SORT_TIME,
	SORT_PID,
	SORT_START,
	SORT_NAME,
	NR_SORT_KEYS,
};

enum {
	FILTER_MAX = 64,
};

/**
 * struct view - the processes that are shown, and how
 * @rows: the processes, in order
 * @nr: how many
 * @room: how many fit
 * @matches: how many of them pass the filter; the others are ancestors
 * @key: the sort key
 * @reverse: in reverse order
 * @tree: show processes below their parents
 * @command: command lines in place of names
 * @filter: only those with this in their name, or with this pid
 */
struct view {
	struct task **rows;
	size_t nr;
	size_t room;
	size_t matches;
	enum sort_key key;
	bool reverse;
	bool tree;
	bool command;
	char filter[FILTER_MAX];
};

/* The rows (top_rows.c) */
void make_rows(struct view *view, struct table *table);
const char *sort_name(enum sort_key key);

/* False if there is no such key. */
bool parse_sort(const char *name, enum sort_key *key);

/* A delay in milliseconds; false if it is none (top.c). */
bool parse_delay(const char *text, int *ms);

/* The message then, with the text. */
#define NO_DELAY "'%s' is not a delay (2s, 500ms; at least 1ms)"

/*
 * Lines (top_line.c), to be freed. They have no line feed, and are not cut.
 */

enum {
	HEAD_LINES = 2,		/* before the titles of the columns */
};

char *head_line(const struct table *table, const struct view *view, int n);
char *title_line(const struct view *view);
char *task_line(const struct view *view, const struct task *task);

/**
 * struct screen - the terminal, and the state of the input
 * @table: all processes
 * @view: those that are shown
 * @delay: milliseconds between two ticks
 * @cost: milliseconds that drawing took
 * @selected: number of the row that keys act on
 * @pid: the process in that row
 * @victim: the process that a signal will be sent to
 * @first: number of the first row that is on the screen
 * @message: shown in the last line until the next key
 * @prompt: the question in the last line, or NULL
 * @answer: the text that was typed so far
 * @cursor: where in it the next key goes
 * @signals: a signal is asked for, with a list of them
 * @answered: called with it
 * @help: show the help for the keys
 * @quit: leave
 */
struct screen {
	struct table *table;
	struct view *view;
	int delay;
	int cost;
	size_t selected;
	__u64 pid;
	__u64 victim;
	size_t first;
	char message[256];
	const char *prompt;
	char answer[FILTER_MAX];
	size_t cursor;
	bool signals;
	void (*answered)(struct screen *screen);
	bool help;
	bool quit;
};

/* The terminal (top_screen.c); returns an exit status. */
int run_screen(struct screen *screen);

/* Rows that fit on the terminal, 0 if not even one. */
size_t screen_rows(void);

/* The keys (top_keys.c) */
void press_key(struct screen *screen, int key);
extern const char * const key_help[];

/* Shows a message in the last line. */
void say(struct screen *screen, const char *fmt, ...)
	__attribute__((format(printf, 2, 3)));

/*
 * The prompt (top_prompt.c). Typing ends with Enter, and then @answered is
 * called; Escape drops what was typed.
 */
void ask(struct screen *screen, const char *prompt, const char *begin,
	 void (*answered)(struct screen *screen));
void set_answer(struct screen *screen, const char *answer);
void type_answer(struct screen *screen, int key);

/* Signals (top_signals.c) */
void ask_for_signal(struct screen *screen);

/* Makes the next signal with a name the answer, or with -1 the one before. */
void choose_signal(struct screen *screen, int step);

/* Above the last line. */
void draw_signals(const struct screen *screen);

#endif /* TOP_H */
