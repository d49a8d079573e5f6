// SPDX-License-Identifier: GPL-2.0-only
/*
 * Numbers on command lines, and the width of the terminal.
 */
#include <ctype.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include "client.h"

/* Reads the digits at *s, at least one, and moves *s behind them. */
static bool parse_digits(const char **s, __u64 max, __u64 *out)
{
	const char *p = *s;
	__u64 value = 0;

	if (!isdigit((unsigned char)*p))
		return false;
	for (; isdigit((unsigned char)*p); p++) {
		if (__builtin_mul_overflow(value, 10, &value) ||
		    __builtin_add_overflow(value, *p - '0', &value))
			return false;
	}
	if (value > max)
		return false;
	*s = p;
	*out = value;
	return true;
}

bool client_parse_u64(const char *s, __u64 max, __u64 *out)
{
	__u64 value;

	if (!parse_digits(&s, max, &value) || *s)
		return false;
	*out = value;
	return true;
}

bool client_parse_u32(const char *s, __u32 *out)
{
	__u64 value;

	if (!client_parse_u64(s, UINT32_MAX, &value))
		return false;
	*out = value;
	return true;
}

bool client_parse_s32(const char *s, __s32 *out)
{
	bool negative = *s == '-';
	__u64 value;

	if (!client_parse_u64(s + negative, (__u64)INT32_MAX + negative,
			      &value))
		return false;
	*out = negative ? -(__s64)value : (__s64)value;
	return true;
}

bool client_parse_size(const char *s, __u64 *out)
{
	static const char units[] = "KMGT";
	const char *unit;
	__u64 value;
	int shift;

	if (!strcmp(s, "unlimited")) {
		*out = PROCSRV_UNLIMITED;
		return true;
	}
	if (!parse_digits(&s, UINT64_MAX, &value))
		return false;
	if (*s) {
		unit = strchr(units, toupper((unsigned char)*s));
		if (!unit || s[1])
			return false;
		shift = 10 * (unit - units + 1);
		if (value > UINT64_MAX >> shift)
			return false;
		value <<= shift;
	}
	*out = value;
	return true;
}

/* Reads what may follow the point of a decimal number: @digits of @scale. */
static bool parse_fraction(const char **s, __u64 *digits, __u64 *scale)
{
	const char *start;

	*digits = 0;
	*scale = 1;
	if (**s != '.')
		return true;
	start = ++*s;
	if (!parse_digits(s, 1000000000000000000ULL - 1, digits) ||
	    *s - start > 18)
		return false;
	while (start++ < *s)
		*scale *= 10;
	return true;
}

bool client_parse_time(const char *s, __u64 unit_ns, __u64 *out)
{
	static const struct {
		const char *name;
		__u64 ns;
	} units[] = {
		{ "ns", 1ULL },
		{ "us", 1000ULL },
		{ "ms", 1000000ULL },
		{ "", 1000000000ULL },
		{ "s", 1000000000ULL },
		{ "m", 60 * 1000000000ULL },
		{ "h", 3600 * 1000000000ULL },
	};
	unsigned __int128 ns;
	__u64 value, digits, scale;
	size_t i;

	if (!strcmp(s, "unlimited")) {
		*out = PROCSRV_UNLIMITED;
		return true;
	}
	if (!parse_digits(&s, UINT64_MAX, &value) ||
	    !parse_fraction(&s, &digits, &scale))
		return false;
	for (i = 0; i < ARRAY_SIZE(units); i++)
		if (!strcmp(s, units[i].name))
			break;
	if (i == ARRAY_SIZE(units))
		return false;

	ns = (unsigned __int128)digits * units[i].ns;
	if (ns % scale)
		return false;
	ns = ns / scale + (unsigned __int128)value * units[i].ns;
	if (ns % unit_ns || ns / unit_ns > UINT64_MAX)
		return false;
	*out = ns / unit_ns;
	return true;
}

size_t client_columns(void)
{
	const char *env = getenv("COLUMNS");
	struct winsize ws;
	__u32 columns;

	if (!isatty(STDOUT_FILENO))
		return 0;
	if (env && client_parse_u32(env, &columns) && columns)
		return columns;
	if (ioctl(STDOUT_FILENO, TIOCGWINSZ, &ws) < 0)
		return 0;
	return ws.ws_col;
}
