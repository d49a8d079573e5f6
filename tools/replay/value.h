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
 * value_signal() - the number of the signal at the beginning of a value
 *
 * Return: 0 to 64 for one that exists, any other number as it is written, or
 * INT_MIN if it is neither number nor name.
 */
int value_signal(const char *s);

/**
 * value_errno() - the number of an error by its name
 * @s: the name, and anything after it
 *
 * Return: -1 if there is none of this name.
 */
int value_errno(const char *s);

/**
 * value_has_flag() - is a flag in a list like A|B|0x8 (nothing known)
 */
bool value_has_flag(const char *s, const char *flag);

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
