// SPDX-License-Identifier: GPL-2.0-only
/*
 * Names and numbers, both ways.
 *
 * Signals have the numbers that the server gives a meaning to, which are
 * those of Linux on most architectures, and not those of the C library that
 * this happens to be built with.
 */
#include <ctype.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include "client.h"

enum {
	NR_SIGNALS = 64,
	FIRST_REALTIME = 32,	/* of the kernel; strace's SIGRT_0 */
	RTMIN = 34,		/* of the C library, which takes two */
	RTMAX = 64,
};

static const char * const signal_names[FIRST_REALTIME] = {
	[1] = "SIGHUP", [2] = "SIGINT", [3] = "SIGQUIT", [4] = "SIGILL",
	[5] = "SIGTRAP", [6] = "SIGABRT", [7] = "SIGBUS", [8] = "SIGFPE",
	[9] = "SIGKILL", [10] = "SIGUSR1", [11] = "SIGSEGV",
	[12] = "SIGUSR2", [13] = "SIGPIPE", [14] = "SIGALRM",
	[15] = "SIGTERM", [16] = "SIGSTKFLT", [17] = "SIGCHLD",
	[18] = "SIGCONT", [19] = "SIGSTOP", [20] = "SIGTSTP",
	[21] = "SIGTTIN", [22] = "SIGTTOU", [23] = "SIGURG",
	[24] = "SIGXCPU", [25] = "SIGXFSZ", [26] = "SIGVTALRM",
	[27] = "SIGPROF", [28] = "SIGWINCH", [29] = "SIGIO",
	[30] = "SIGPWR", [31] = "SIGSYS",
};

static const struct {
	const char *name;
	int signo;
} signal_aliases[] = {
	{ "ABRT", 6 }, { "IOT", 6 }, { "CLD", 17 }, { "POLL", 29 },
	{ "UNUSED", 31 },
};

static const char * const state_names[] = {
	[PROCSRV_RUNNING] = "RUNNING",
	[PROCSRV_SLEEPING] = "SLEEPING",
	[PROCSRV_WAITING] = "WAITING",
	[PROCSRV_STOPPED] = "STOPPED",
	[PROCSRV_ZOMBIE] = "ZOMBIE",
	[PROCSRV_DEAD] = "DEAD",
};

static const char state_letters[] = "RSWTZX";

static const char * const priority_names[] = {
	[PROCSRV_PRIO_IDLE] = "idle",
	[PROCSRV_PRIO_LOW] = "low",
	[PROCSRV_PRIO_NORMAL] = "normal",
	[PROCSRV_PRIO_HIGH] = "high",
	[PROCSRV_PRIO_REALTIME] = "realtime",
};

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

bool client_parse_time(const char *s, __u64 unit_ns, __u64 *out)
{
	static const struct {
		const char *name;
		__u64 ns;
	} units[] = {
		{ "ns", 1ULL },
		{ "us", 1000ULL },
		{ "ms", 1000000ULL },
		{ "s", 1000000000ULL },
		{ "m", 60 * 1000000000ULL },
		{ "h", 3600 * 1000000000ULL },
	};
	unsigned __int128 ns;
	__u64 value;
	size_t i;

	if (!strcmp(s, "unlimited")) {
		*out = PROCSRV_UNLIMITED;
		return true;
	}
	if (!parse_digits(&s, UINT64_MAX, &value))
		return false;
	if (!*s && !value) {
		*out = 0;
		return true;
	}
	for (i = 0; i < ARRAY_SIZE(units); i++)
		if (!strcmp(s, units[i].name))
			break;
	if (i == ARRAY_SIZE(units))
		return false;

	ns = (unsigned __int128)value * units[i].ns;
	if (ns % unit_ns || ns / unit_ns > UINT64_MAX)
		return false;
	*out = ns / unit_ns;
	return true;
}

/* RTMIN, RTMIN+n, RTMAX, RTMAX-n, RT_n */
static bool parse_realtime(const char *s, int *signo)
{
	bool from_max = !strncasecmp(s, "RTMAX", 5);
	__u64 n = 0;

	if (!strncasecmp(s, "RT_", 3)) {
		if (!client_parse_u64(s + 3, NR_SIGNALS - FIRST_REALTIME, &n))
			return false;
		*signo = FIRST_REALTIME + n;
		return true;
	}
	if (!from_max && strncasecmp(s, "RTMIN", 5))
		return false;
	s += 5;
	if (*s && (*s != (from_max ? '-' : '+') ||
		   !client_parse_u64(s + 1, RTMAX - RTMIN, &n)))
		return false;
	*signo = from_max ? RTMAX - (int)n : RTMIN + (int)n;
	return true;
}

bool client_parse_signal(const char *s, int *signo)
{
	__u64 number;
	size_t i;

	if (client_parse_u64(s, NR_SIGNALS, &number)) {
		*signo = number;
		return true;
	}
	if (!strncasecmp(s, "SIG", 3))
		s += 3;
	for (i = 1; i < ARRAY_SIZE(signal_names); i++) {
		if (!strcasecmp(s, signal_names[i] + strlen("SIG"))) {
			*signo = i;
			return true;
		}
	}
	for (i = 0; i < ARRAY_SIZE(signal_aliases); i++) {
		if (!strcasecmp(s, signal_aliases[i].name)) {
			*signo = signal_aliases[i].signo;
			return true;
		}
	}
	return parse_realtime(s, signo);
}

const char *client_signal_name(int signo)
{
	static char realtime[RTMAX - RTMIN + 1][sizeof("SIGRTMIN+99")];
	char *name;

	if (signo >= 1 && signo < FIRST_REALTIME)
		return signal_names[signo];
	if (signo < RTMIN || signo > RTMAX)
		return NULL;

	/* Counted from the nearer end, as kill -l does. */
	name = realtime[signo - RTMIN];
	if (signo == RTMIN || signo == RTMAX)
		strcpy(name, signo == RTMIN ? "SIGRTMIN" : "SIGRTMAX");
	else if (signo <= (RTMIN + RTMAX) / 2)
		snprintf(name, sizeof(realtime[0]), "SIGRTMIN+%d",
			 (signo - RTMIN) & 0x1f);
	else
		snprintf(name, sizeof(realtime[0]), "SIGRTMAX-%d",
			 (RTMAX - signo) & 0x1f);
	return name;
}

static bool parse_name(const char *s, const char * const *names, size_t nr,
		       __u32 *out)
{
	size_t i;

	for (i = 0; i < nr; i++) {
		if (!strcasecmp(s, names[i])) {
			*out = i;
			return true;
		}
	}
	return false;
}

const char *client_state_name(__u32 state)
{
	return state < ARRAY_SIZE(state_names) ? state_names[state] : NULL;
}

char client_state_letter(__u32 state)
{
	return state < ARRAY_SIZE(state_names) ? state_letters[state] : '?';
}

bool client_parse_state(const char *s, __u32 *state)
{
	const char *letter;

	if (parse_name(s, state_names, ARRAY_SIZE(state_names), state))
		return true;
	if (!s[0] || s[1])
		return false;
	letter = strchr(state_letters, toupper((unsigned char)*s));
	if (!letter)
		return false;
	*state = letter - state_letters;
	return true;
}

const char *client_priority_name(__u32 priority)
{
	return priority < ARRAY_SIZE(priority_names) ?
		priority_names[priority] : NULL;
}

bool client_parse_priority(const char *s, __u32 *priority)
{
	return parse_name(s, priority_names, ARRAY_SIZE(priority_names),
			  priority);
}

static const char * const event_names[PROCSRV_NR_EVENTS] = {
	[PROCSRV_EVENT_LOST] = "lost",
	[PROCSRV_EVENT_CREATE] = "create",
	[PROCSRV_EVENT_EXEC] = "exec",
	[PROCSRV_EVENT_EXIT] = "exit",
	[PROCSRV_EVENT_REAP] = "reap",
	[PROCSRV_EVENT_SIGNAL] = "signal",
	[PROCSRV_EVENT_STATE] = "state",
	[PROCSRV_EVENT_PARENT] = "parent",
	[PROCSRV_EVENT_SESSION] = "session",
	[PROCSRV_EVENT_GROUP] = "group",
	[PROCSRV_EVENT_LIMIT] = "limit",
	[PROCSRV_EVENT_CAPABILITY] = "capability",
	[PROCSRV_EVENT_UPDATE] = "update",
	[PROCSRV_EVENT_TERMINAL] = "terminal",
};

const char *client_event_name(__u32 kind)
{
	return kind < PROCSRV_NR_EVENTS ? event_names[kind] : NULL;
}

bool client_parse_event(const char *s, __u32 *kind)
{
	__u32 found;

	if (!parse_name(s, event_names, PROCSRV_NR_EVENTS, &found) ||
	    found == PROCSRV_EVENT_LOST)
		return false;
	*kind = found;
	return true;
}

const char *client_limit_name(__u32 limit)
{
	switch (limit) {
	case PROCSRV_LIMIT_MEMORY:
		return "memory";
	case PROCSRV_LIMIT_CPU_TIME:
		return "cpu-time";
	case PROCSRV_LIMIT_THREADS:
		return "threads";
	}
	return NULL;
}

const char *client_update_name(__u32 field)
{
	switch (field) {
	case PROCSRV_UPDATE_CPU_TIME:
		return "cpu-time";
	case PROCSRV_UPDATE_MEMORY:
		return "memory";
	case PROCSRV_UPDATE_THREADS:
		return "threads";
	case PROCSRV_UPDATE_STATE:
		return "state";
	case PROCSRV_UPDATE_PRIORITY:
		return "priority";
	case PROCSRV_UPDATE_CWD:
		return "cwd";
	}
	return NULL;
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
