/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The values that strace writes, one at a time.
 */
#ifndef REPLAY_VALUE_H
#define REPLAY_VALUE_H

#include <stdbool.h>
#include <stddef.h>

#define ARRAY_SIZE(a) (sizeof(a) / sizeof((a)[0]))

/**
 * value_xasprintf() - asprintf(3) that ends the program without memory
 */
__attribute__((format(printf, 1, 2)))
char *value_xasprintf(const char *format, ...);

void *value_xcalloc(size_t n, size_t size);
void *value_xrealloc(void *p, size_t size);
char *value_xstrdup(const char *s);

/**
 * value_long() - the number at the beginning of a value
 * @s: "-1", "0x20 /" or "3<pipe:[1]>", say
 * @out: filled
 *
 * Return: false if there is none.
 */
bool value_long(const char *s, long *out);

/**
 * value_pid() - a pid, in the numbers of the recording
 * @s: "101", "101<sh>" or 5 with the comment "101 in strace's PID NS",
 *	which is 101
 *
 * A negative number stays negative with such a comment: it names a group.
 */
bool value_pid(const char *s, int *out);

/**
 * value_is_translated() - does a pid have such a comment
 */
bool value_is_translated(const char *s);

/**
 * value_skip() - what follows the next character or token
 * @begin: where the text begins
 * @s: where in it the token begins: a quoted string, a comment, what strace
 *	decodes a number into, as in 3<a.txt> or 101<sh>, or any other character
 *
 * A token without an end takes all of the text.
 */
const char *value_skip(const char *begin, const char *s);

/**
 * value_depth() - what a character changes in the depth of brackets
 *
 * Return: 1, -1, or 0.
 */
int value_depth(char c);

/**
 * struct value_flag - a flag by name and number
 */
struct value_flag {
	const char *name;
	unsigned long value;
};

/**
 * value_flags() - the numbers of flags, or-ed together
 * @s: "A|B", "0x3", or a mixture; numbers may have names as comments
 * @flags: those that are known, ending with one without a name
 * @unknown: set if there is a name that is not in @flags; not touched otherwise
 */
unsigned long value_flags(const char *s, const struct value_flag *flags,
			  bool *unknown);

/**
 * value_is() - is a constant written by its name or by its number
 * @s: "PR_SET_PDEATHSIG", or "0x1" and perhaps the name as a comment
 */
bool value_is(const char *s, const char *name, long number);

/**
 * value_signal() - the number of the signal at the beginning of a value
 *
 * Return: 0 to 64 for one that exists, any other number as it is written, or
 * INT_MIN if it is neither number nor name.
 */
int value_signal(const char *s);

/**
 * value_errno() - the number of an error
 * @s: its name, "ERRNO_12", "(errno 12)" or its number, and anything after it
 *
 * Return: -1 if there is none of this name.
 */
int value_errno(const char *s);

/**
 * value_field() - what follows "key=" or "key=[" in a structure
 * @s: the structure, or the whole of the arguments of a call
 * @key: with its '=' and whatever must follow that
 *
 * Return: the text after @key, or NULL.
 */
const char *value_field(const char *s, const char *key);

/**
 * value_strings() - an array of strings, as execve has it
 * @s: ["sh", "-c", "echo \"a\""...]; the dots of a cut string stay in it
 * @len: bytes of the result
 *
 * Return: the strings, each with its NUL, to be freed; NULL if @s is no array.
 */
char *value_strings(const char *s, size_t *len);

/**
 * value_string() - one string
 * @s: "/bin/\303\266"
 *
 * Return: the string, to be freed; NULL if @s is not one.
 */
char *value_string(const char *s);

#endif /* REPLAY_VALUE_H */
