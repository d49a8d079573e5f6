/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The lines of a file, without additions of terminals and editors.
 */
#ifndef REPLAY_SOURCE_H
#define REPLAY_SOURCE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>

/**
 * struct source - a file that is read line by line
 * @file: the open file; may be a pipe
 * @buffer: the current line
 * @size: bytes at @buffer
 * @nr_lines: lines read so far
 * @cut: the last line has no newline
 */
struct source {
	FILE *file;
	char *buffer;
	size_t size;
	size_t nr_lines;
	bool cut;
};

/**
 * source_open() - open a file
 * @path: its name, or "-" for standard input
 *
 * Return: false, and errno, if it cannot be opened.
 */
bool source_open(struct source *source, const char *path);

/**
 * source_next() - the next line
 *
 * Removed from it are the newline with a carriage return before it, a byte
 * order mark, the escape sequences of colours, and the time that logs of build
 * services begin each line with. NUL bytes become '?'.
 *
 * Return: the line, valid until the next call; NULL at the end of the file or
 * when reading fails, which source_failed() tells.
 */
char *source_next(struct source *source);

/**
 * source_failed() - did reading fail
 *
 * Return: an errno, or 0.
 */
int source_failed(const struct source *source);

void source_close(struct source *source);

#endif /* REPLAY_SOURCE_H */
