/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Printing of untrusted text: names, command lines, environments, directories,
 * terminals, lines of files, arguments.
 *
 * Only characters that are visible, and that can be distinguished from others,
 * are printed as they are. Everything else is printed as an escape, as bash reads
 * it between $' and ':
 *
 *	\n \t \r	a line feed, a tab, a carriage return
 *	\xHH		another control character of ASCII; a byte that is not UTF-8
 *	\uHHHH		another character
 *	\UHHHHHHHH	the same beyond U+FFFF
 *	\\		a backslash
 *
 * These are controls (C0, DEL, C1), characters without a look of their own
 * (direction marks, joiners, tags, variation selectors, byte order marks, soft
 * hyphens, fillers), blanks other than the space, separators of lines and
 * paragraphs, private use, and what Unicode does not assign. A space is
 * \x20 where it begins or ends the text. A combining mark is shown as itself
 * on a letter or a digit, up to two different ones on each, and is an escape
 * otherwise. In a locale without UTF-8 every character beyond ASCII is an
 * escape.
 *
 * The encoding of the text is UTF-8, whatever that of the locale.
 */
#ifndef ESCAPE_H
#define ESCAPE_H

#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>

struct json_object;

/**
 * enum escape_flags - options for the place where text is shown
 * @ESCAPE_BLANKS: every space is \x20: text that is a column, with others after it
 * @ESCAPE_QUOTE: a single quote is \': text between $' and '
 * @ESCAPE_ESCAPED: a backslash is itself: text with escapes of this kind in it
 */
enum escape_flags {
	ESCAPE_BLANKS	= 1 << 0,
	ESCAPE_QUOTE	= 1 << 1,
	ESCAPE_ESCAPED	= 1 << 2,
};

/**
 * escape_text() - print text so that it cannot deceive
 * @file: where to, or NULL to count columns only
 * @s: the text; may hold any byte
 * @len: bytes at @s
 * @flags: &enum escape_flags
 *
 * Return: the columns of a terminal that it takes.
 */
size_t escape_text(FILE *file, const char *s, size_t len, unsigned int flags);

/* Whether escape_text() would print all of it as it is, but for backslashes and spaces. */
bool escape_is_plain(const char *s, size_t len);

/**
 * escape_message() - format a message, and print it so that it cannot deceive
 * @file: where to
 * @flags: &enum escape_flags
 * @fmt: as of printf(3); the result is one line, a line feed in it is an escape
 */
void escape_message(FILE *file, unsigned int flags, const char *fmt, ...)
	__attribute__((format(printf, 3, 4)));
void escape_vmessage(FILE *file, unsigned int flags, const char *fmt,
		     va_list ap) __attribute__((format(printf, 3, 0)));

/* The same to stderr, behind the name of the program, as warnx(3) does. */
void escape_warnx(unsigned int flags, const char *fmt, ...)
	__attribute__((format(printf, 2, 3)));

/**
 * escape_json() - print an object so that it cannot deceive
 * @file: where to
 * @obj: the object; strings in it may hold any byte
 * @flags: JSON_C_TO_STRING_*
 *
 * Characters beyond ASCII that escape_text() escapes become \uHHHH, in any locale,
 * beyond U+FFFF two of them, as JSON has it: a JSON parser gets the character. A byte
 * that is not UTF-8 has no form in JSON, and becomes U+FFFD. The output is UTF-8.
 */
void escape_json(FILE *file, struct json_object *obj, int flags);

#endif /* ESCAPE_H */
