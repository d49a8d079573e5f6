/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Code that the tools share, besides the library.
 *
 *	numbers.c	numbers on command lines
 *	proc_file.c	files of /proc
 *	escape.c	text from elsewhere, for terminals and as JSON (escape.h)
 *	door.c		finding private servers by their names (door.h)
 *	event_json.c	an event as JSON (event_json.h)
 *	help.c		-h (help.h)
 *	open_hint.c	advice if the device cannot be opened
 *	hosting.h	code that hosts of processes share
 *	timeline_server.c
 *			events as a timeline (timeline_server.h)
 */
#ifndef PROCSRV_CLIENT_H
#define PROCSRV_CLIENT_H

#include <stdbool.h>
#include <stddef.h>
#include <sys/types.h>
#include <procsrv.h>

#define ARRAY_SIZE(a) (sizeof(a) / sizeof((a)[0]))

/**
 * enum client_exit - exit statuses, the same for all tools
 * @CLIENT_OK: done
 * @CLIENT_REFUSED: the server refused, or (replay) answered differently
 * @CLIENT_USAGE: the command line is invalid, or a file cannot be read
 * @CLIENT_NO_DEVICE: the device cannot be opened, or is not a process server
 * @CLIENT_NOTHING: a wait that must not sleep found nothing to report yet
 * @CLIENT_TIMEOUT: the timeout of a wait has expired
 */
enum client_exit {
	CLIENT_OK		= 0,
	CLIENT_REFUSED		= 1,
	CLIENT_USAGE		= 2,
	CLIENT_NO_DEVICE	= 3,
	CLIENT_NOTHING		= 4,
	CLIENT_TIMEOUT		= 5,
};

/*
 * Numbers (numbers.c). The parsers take the whole string or nothing, and leave
 * their output alone when they return false.
 */

/* Decimal digits only: no sign, no space, nothing after them, at most @max. */
bool client_parse_u64(const char *s, __u64 max, __u64 *out);
bool client_parse_u32(const char *s, __u32 *out);

/* The same with an optional '-'. */
bool client_parse_s32(const char *s, __s32 *out);

/* Bytes: a number and optionally K, M, G or T (powers of 1024), or "unlimited" */
bool client_parse_size(const char *s, __u64 *out);

/*
 * A time: a decimal number with its unit (ns, us, ms, s, m, h), in @unit_ns
 * nanoseconds each, or "unlimited". Must be a whole number of them. Without a
 * unit it is in seconds, as for sleep(1) and top(1).
 */
bool client_parse_time(const char *s, __u64 unit_ns, __u64 *out);

/* The signal in an exit signal, which may have PROCSRV_CORE_DUMP. */
static inline int client_exit_signal(__u32 exit_signal)
{
	return exit_signal & ~PROCSRV_CORE_DUMP;
}

static inline bool client_dumped_core(__u32 exit_signal)
{
	return exit_signal & PROCSRV_CORE_DUMP;
}

/* The end of a noun after a count: nothing for one, or else @plural ("s", "es"). */
static inline const char *client_plural(__u64 count, const char *plural)
{
	return count == 1 ? "" : plural;
}

/**
 * client_open_hint() - advice if the device cannot be opened
 * @err: why, positive
 *
 * Return: a text in parentheses behind a blank, or ""; valid until the next call.
 */
const char *client_open_hint(int err);

/**
 * client_columns() - the width of the terminal at standard output
 *
 * Return: $COLUMNS or what the terminal says; 0 if it is none.
 */
size_t client_columns(void);

/**
 * client_read_proc() - read the beginning of a file of /proc/PID
 * @pid: a process or a thread
 * @buf: filled, and NUL-terminated
 *
 * Return: the bytes read, or -1 if it cannot be read.
 */
ssize_t client_read_proc(pid_t pid, const char *file, char *buf, size_t size);

/**
 * client_proc_state() - the state of a process or a thread in /proc/PID/stat
 * @pid: the process or the thread
 *
 * Return: a letter, as in proc(5), or 0 if it cannot be read.
 */
char client_proc_state(pid_t pid);

#endif /* PROCSRV_CLIENT_H */
