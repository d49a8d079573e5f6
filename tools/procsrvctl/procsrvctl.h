/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * procsrvctl - the process server from the command line
 *
 *	main.c		the table of commands, the device, errors
 *	server.c	--server: a private server in the place of the device
 *	suggest.c	the command or key that a mistyped word may stand for
 *	arguments.c	parsing of command lines
 *	output.c	text and JSON
 *	color.c		states in color
 *	ready.c		sleeping until there is something to read
 *	lifecycle.c	create, exec, exit, reap, reaper, autoreap
 *	wait.c		wait
 *	watch.c		watch
 *	kill.c		kill
 *	take.c		take
 *	info.c		info
 *	limits.c	limits, update
 *	session.c	session, group
 *	list.c		list
 *	ps.c		ps; grid.c: columns as wide as their contents
 *	tree.c		tree; tree_build.c: the tree in memory
 *	events.c	events; event.c: printing an event, drawing.c: a timeline of them
 *	stats.c		stats, time, revoke
 *	metrics.c	metrics
 *	mirror.c	mirror; mirror.h says what is in its other files
 *	top.c		top; top.h says what is in its other files
 *	supervise.c	supervise; supervise.h says what is in its other files
 */
#ifndef PROCSRVCTL_H
#define PROCSRVCTL_H

#include <argp.h>
#include <json.h>
#include <poll.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include "client.h"
#include "escape.h"
#include "help.h"

/* In the text of --help: the rest is printed below the options. */
#define AFTER_OPTIONS "\v"

/* Keys of options without a letter. */
enum {
	OPT_FIRST = 0x100,
};

/**
 * struct command - a command of procsrvctl, or of one of its commands
 * @name: the word
 * @summary: a line for --help
 * @run: does it; returns an exit status
 */
struct command {
	const char *name;
	const char *summary;
	int (*run)(int argc, char **argv);
};

/*
 * Commands and errors (main.c)
 */

/**
 * dispatch() - run the command that the first argument names
 * @doc: text of --help before the list of the commands
 * @commands: ends with an empty element
 * @options: options that stand before the command, or NULL
 * @argc: number of arguments
 * @argv: the first is the name of the program so far
 *
 * Return: an exit status.
 */
int dispatch(const char *doc, const struct command *commands,
	     const struct argp *options, int argc, char **argv);

/**
 * struct suggestion - a search for the name that is most similar to a word (suggest.c)
 * @word: the word
 * @name: the name so far, or NULL if none is similar
 * @edits: a name with fewer edits is more similar
 */
struct suggestion {
	const char *word;
	const char *name;
	unsigned int edits;
};

void suggest_begin(struct suggestion *s, const char *word);
void suggest_try(struct suggestion *s, const char *name);

/* What has another form than a command with the name @word, in quotes, or NULL. */
const char *suggest_other(const char *word);

/* Prints "procsrvctl: COMMAND: ..." to stderr. */
void complain(const char *fmt, ...) __attribute__((format(printf, 1, 2)));

/* The same, points to --help, and exits. */
void usage_error(const char *fmt, ...)
	__attribute__((format(printf, 1, 2), noreturn));

/* The same as complain(), and exits with @status. */
void fatal(int status, const char *fmt, ...)
	__attribute__((format(printf, 2, 3), noreturn));

void *need(void *allocated);

/* Makes room in @array, which has @nr elements of @size bytes, for one more. */
void *grow(void *array, size_t nr, size_t size);

/* The descriptor of the device, or of the server; opened by the first call. */
int device(void);

/**
 * call() - ask the server
 * @request: PROCSRV_IOC_*
 * @args: its structure
 *
 * Return: CLIENT_OK, or CLIENT_REFUSED after saying why.
 */
int call(unsigned long request, void *args);

/* The same of a call that may sleep, with the exit status that sleep_status() has. */
int call_and_sleep(unsigned long request, void *args);

/* Says why, and returns CLIENT_REFUSED. @err is positive. */
int refused(unsigned long request, const void *args, int err);

/* The exit status of a call that may sleep. @err is negative. */
int sleep_status(int err);

/*
 * A private server in the place of the device (server.c)
 */

/* --server */
extern const struct argp server_argp;

/* --server behind the command: says where it stands. */
extern const struct argp misplaced_argp;

/* The name of the device or the server, for messages. */
const char *device_name(void);

/* A descriptor of the server, or -ENODEV if none is named. Says why, and exits. */
int open_server(void);

/* What a command does when a read of events returns 0: says why, and returns its exit status. */
int server_has_ended(void);

/*
 * Arguments (arguments.c). All of these exit if the word is invalid.
 */

/* Set by --json, which is an option of every command with this among its children. */
extern bool json_output;
extern const struct argp json_argp;
extern const struct argp_child json_child[];

/**
 * parse_options() - parse the options of a command
 * @argp: its options
 * @argc: number of arguments
 * @argv: arguments; reordered
 * @input: for the parser of @argp
 * @min: least number of words besides options
 * @max: most, or -1
 *
 * Return: the index of the first word; they reach to @argc.
 */
int parse_options(const struct argp *argp, int argc, char **argv, void *input,
		  int min, int max);

/**
 * choose() - take one of several options that exclude each other
 * @which: what was chosen, 0 for nothing yet
 * @chosen: what is chosen now
 * @choices: all of the options, for the message when two are given
 */
void choose(__u32 *which, __u32 chosen, const char *choices);

__u64 arg_pid(const char *s);
__u32 arg_sid(const char *s);
__u32 arg_pgid(const char *s);
__u32 arg_u32(const char *s, const char *what);
__u64 arg_size(const char *s, const char *what);
__u64 arg_time(const char *s, __u64 unit_ns, const char *what);
int arg_signal(const char *s);

/* Signals with commas between them, as a mask: bit N - 1 for signal N. */
__u64 arg_signals(const char *s);
__u32 arg_user(const char *s);
__u32 arg_group(const char *s);

/**
 * struct strings - a list of strings, as the server takes them
 * @data: NUL-terminated strings one after the other
 * @len: bytes at @data
 */
struct strings {
	char *data;
	size_t len;
};

void strings_add(struct strings *list, const char *s);

/**
 * struct scope - the processes that a command lists
 * @scope: &enum procsrv_list_scope
 * @id: sid or pgid, by @scope
 */
struct scope {
	__u32 scope;
	__u32 id;
};

/* --session and --group, for commands that list; input: a struct scope. */
extern const struct argp scope_argp;

/* Says why a listing was refused. */
int list_refused(const struct scope *scope, int err);

/*
 * Output (output.c)
 */

/*
 * Text with other columns behind it: without blanks in it, and with blanks
 * after it up to @width columns.
 */
void print_column(FILE *file, const char *s, size_t width);

/* A list of strings in one line, with spaces between them. */
void print_strings(FILE *file, const char *data, size_t len);

/* Quoted as one word, for bash and other shells with $''. */
void print_quoted(FILE *file, const char *s);

/* In the largest unit of which it is a whole number, or "unlimited". */
void format_size(__u64 bytes, char *buf, size_t size);
void format_time(__u64 us, char *buf, size_t size);

/* "SIGKILL", or the number of a signal without a name. */
void print_signal(FILE *file, int signo);

/* The signal that ended or stopped a process: "SIGSEGV, core dumped", or "signal 33". */
#define KILLER_LEN 32
void format_killer(__u32 exit_signal, char *buf, size_t size);
void print_killer(__u32 exit_signal);

/* The names of the bits of a mask, with spaces between them. */
void print_mask(FILE *file, __u32 mask, const char *(*name)(__u32 bit));

/* How a process has ended, in a line. */
void print_end(__u64 pid, __s32 code, __u32 signo);

/* Cuts a line to a number of columns, in place; colors take none. */
void cut_line(char *line, size_t columns);

/* Strings of the server may hold any byte; escape_json() makes them valid in JSON. */
struct json_object *json_text(const char *s, size_t len);
struct json_object *json_strings(const char *data, size_t len);
struct json_object *json_name(const char *name);
void json_add_u64(struct json_object *obj, const char *key, __u64 value);
void json_add_s32(struct json_object *obj, const char *key, __s32 value);

void json_add_flag(struct json_object *obj, const char *key, bool value);
void json_add_mask(struct json_object *obj, const char *key, __u32 mask,
		   const char *(*name)(__u32 bit));
void json_add_end(struct json_object *obj, __s32 code, __u32 signo);

/* A process without its strings. */
struct json_object *json_info(const struct procsrv_info *info);

/* A process as info and ps show it. */
struct json_object *json_details(const struct procsrv_details *details,
				 bool with_env);

/* Asks for the credentials of a hosted process; false if it is none, or is gone. */
bool get_credentials(const struct procsrv_info *info,
		     struct procsrv_credentials *credentials);

/* The user that it acts as: for a hosted process, from its credentials. */
__u32 effective_user(const struct procsrv_info *info);

/* Prints an object in one line, and frees it. */
void json_print(struct json_object *obj);

/*
 * An array that is printed while it is made. It begins with its first element.
 * Without elements it is printed as an empty array, and not at all if it @failed.
 */
void json_print_element(struct json_object *obj);
void json_end_array(bool failed);

/* Prints a number as the only result, with --json as {"@key": @value}. */
void print_number(const char *key, __u64 value);

/*
 * Color (color.c)
 */

#define COLOR_RESET "\033[m"

/* --color, for commands that print states */
extern const struct argp color_argp;

/* The code that begins the color of a state; "" for no color. */
const char *state_color(__u32 state);

/* The code that ends the color that @color has begun. */
const char *color_end(const char *color);

/*
 * Sleeping (ready.c)
 */

/**
 * struct deadline - until when to sleep
 * @given: false for no limit
 * @at: in nanoseconds of CLOCK_MONOTONIC
 */
struct deadline {
	bool given;
	__u64 at;
};

/* @ns from now; saturates at the largest time. */
struct deadline deadline_in(__u64 ns);

/* Until @fd is readable: 0, -ETIMEDOUT, or another error. */
int await_readable(int fd, const struct deadline *deadline);

/* Until poll(2) reports one of several descriptors; the same errors. */
int await_any(struct pollfd *fds, size_t n, const struct deadline *deadline);

/*
 * Events (event.c)
 */

/* In a line; with --json as an object in a line. */
void print_event(const struct procsrv_event *event);

/* A process in the place of an event, as it was at event @info->seq. */
void print_as_event(const struct procsrv_info *info, __u64 time);

/*
 * The commands
 */

int run_create(int argc, char **argv);
int run_exec(int argc, char **argv);
int run_exit(int argc, char **argv);
int run_reap(int argc, char **argv);
int run_reaper(int argc, char **argv);
int run_autoreap(int argc, char **argv);
int run_wait(int argc, char **argv);
int run_watch(int argc, char **argv);
int run_kill(int argc, char **argv);
int run_take(int argc, char **argv);
int run_info(int argc, char **argv);
int run_limits(int argc, char **argv);
int run_update(int argc, char **argv);
int run_session(int argc, char **argv);
int run_group(int argc, char **argv);
int run_list(int argc, char **argv);
int run_ps(int argc, char **argv);
int run_tree(int argc, char **argv);
int run_events(int argc, char **argv);
int run_stats(int argc, char **argv);
int run_metrics(int argc, char **argv);
int run_time(int argc, char **argv);
int run_revoke(int argc, char **argv);
int run_mirror(int argc, char **argv);
int run_top(int argc, char **argv);
int run_supervise(int argc, char **argv);

#endif /* PROCSRVCTL_H */
