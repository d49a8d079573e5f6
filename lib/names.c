// SPDX-License-Identifier: GPL-2.0-only
/*
 * Names and numbers, both ways.
 *
 * Signals have the numbers of the server, which are those of Linux on most
 * architectures, and not those of the C library that this is built with.
 */
#include <ctype.h>
#include <errno.h>
#include <string.h>
#include <strings.h>

#include <procsrv.h>

enum {
	NR_STATES = PROCSRV_DEAD + 1,
	NR_PRIORITIES = PROCSRV_PRIO_REALTIME + 1,
	NR_SIGNALS = 64,
	FIRST_REALTIME = 32,	/* of the kernel; strace's SIGRT_0 */
	RTMIN = 34,		/* of the C library, which takes two */
	RTMAX = 64,
};

/* Real-time signals are counted from the nearer end, as kill -l does. */
static const char * const signal_names[NR_SIGNALS + 1] = {
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
	[34] = "SIGRTMIN", [35] = "SIGRTMIN+1", [36] = "SIGRTMIN+2",
	[37] = "SIGRTMIN+3", [38] = "SIGRTMIN+4", [39] = "SIGRTMIN+5",
	[40] = "SIGRTMIN+6", [41] = "SIGRTMIN+7", [42] = "SIGRTMIN+8",
	[43] = "SIGRTMIN+9", [44] = "SIGRTMIN+10", [45] = "SIGRTMIN+11",
	[46] = "SIGRTMIN+12", [47] = "SIGRTMIN+13", [48] = "SIGRTMIN+14",
	[49] = "SIGRTMIN+15", [50] = "SIGRTMAX-14", [51] = "SIGRTMAX-13",
	[52] = "SIGRTMAX-12", [53] = "SIGRTMAX-11", [54] = "SIGRTMAX-10",
	[55] = "SIGRTMAX-9", [56] = "SIGRTMAX-8", [57] = "SIGRTMAX-7",
	[58] = "SIGRTMAX-6", [59] = "SIGRTMAX-5", [60] = "SIGRTMAX-4",
	[61] = "SIGRTMAX-3", [62] = "SIGRTMAX-2", [63] = "SIGRTMAX-1",
	[64] = "SIGRTMAX",
};

static const struct {
	const char *name;
	int signo;
} signal_aliases[] = {
	{ "ABRT", 6 }, { "IOT", 6 }, { "CLD", 17 }, { "POLL", 29 },
	{ "UNUSED", 31 }, { NULL, 0 },
};

static const char * const state_names[NR_STATES] = {
	[PROCSRV_RUNNING] = "RUNNING",
	[PROCSRV_SLEEPING] = "SLEEPING",
	[PROCSRV_WAITING] = "WAITING",
	[PROCSRV_STOPPED] = "STOPPED",
	[PROCSRV_ZOMBIE] = "ZOMBIE",
	[PROCSRV_DEAD] = "DEAD",
};

static const char state_letters[] = "RSWTZX";

static const char * const priority_names[NR_PRIORITIES] = {
	[PROCSRV_PRIO_IDLE] = "idle",
	[PROCSRV_PRIO_LOW] = "low",
	[PROCSRV_PRIO_NORMAL] = "normal",
	[PROCSRV_PRIO_HIGH] = "high",
	[PROCSRV_PRIO_REALTIME] = "realtime",
};

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

/* Only digits, at least one. */
static int parse_number(const char *s, int max, int *out)
{
	int value = 0;

	if (!*s)
		return -EINVAL;
	for (; *s; s++) {
		if (!isdigit((unsigned char)*s))
			return -EINVAL;
		value = 10 * value + *s - '0';
		if (value > max)
			return -EINVAL;
	}
	*out = value;
	return 0;
}

/* RTMIN, RTMIN+n, RTMAX, RTMAX-n, RT_n */
static int parse_realtime(const char *s, int *signo)
{
	bool from_max = !strncasecmp(s, "RTMAX", 5);
	int n = 0;

	if (!strncasecmp(s, "RT_", 3)) {
		if (parse_number(s + 3, NR_SIGNALS - FIRST_REALTIME, &n))
			return -EINVAL;
		*signo = FIRST_REALTIME + n;
		return 0;
	}
	if (!from_max && strncasecmp(s, "RTMIN", 5))
		return -EINVAL;
	s += 5;
	if (*s && (*s != (from_max ? '-' : '+') ||
		   parse_number(s + 1, RTMAX - RTMIN, &n)))
		return -EINVAL;
	*signo = from_max ? RTMAX - n : RTMIN + n;
	return 0;
}

int procsrv_parse_signal(const char *s, int *signo)
{
	size_t i;

	if (!parse_number(s, NR_SIGNALS, signo))
		return 0;
	if (!strncasecmp(s, "SIG", 3))
		s += 3;
	for (i = 1; i < FIRST_REALTIME; i++) {
		if (!strcasecmp(s, signal_names[i] + strlen("SIG"))) {
			*signo = i;
			return 0;
		}
	}
	for (i = 0; signal_aliases[i].name; i++) {
		if (!strcasecmp(s, signal_aliases[i].name)) {
			*signo = signal_aliases[i].signo;
			return 0;
		}
	}
	return parse_realtime(s, signo);
}

const char *procsrv_signal_name(int signo)
{
	return signo >= 0 && signo <= NR_SIGNALS ? signal_names[signo] : NULL;
}

static int parse_name(const char *s, const char * const *names, size_t nr,
		      __u32 *out)
{
	size_t i;

	for (i = 0; i < nr; i++) {
		if (!strcasecmp(s, names[i])) {
			*out = i;
			return 0;
		}
	}
	return -EINVAL;
}

const char *procsrv_state_name(__u32 state)
{
	return state < NR_STATES ? state_names[state] : NULL;
}

char procsrv_state_letter(__u32 state)
{
	return state < NR_STATES ? state_letters[state] : '?';
}

int procsrv_parse_state(const char *s, __u32 *state)
{
	const char *letter;

	if (!parse_name(s, state_names, NR_STATES, state))
		return 0;
	if (!s[0] || s[1])
		return -EINVAL;
	letter = strchr(state_letters, toupper((unsigned char)*s));
	if (!letter)
		return -EINVAL;
	*state = letter - state_letters;
	return 0;
}

const char *procsrv_priority_name(__u32 priority)
{
	return priority < NR_PRIORITIES ? priority_names[priority] : NULL;
}

int procsrv_parse_priority(const char *s, __u32 *priority)
{
	return parse_name(s, priority_names, NR_PRIORITIES, priority);
}

const char *procsrv_event_name(__u32 kind)
{
	return kind < PROCSRV_NR_EVENTS ? event_names[kind] : NULL;
}

int procsrv_parse_event(const char *s, __u32 *kind)
{
	__u32 found;

	if (parse_name(s, event_names, PROCSRV_NR_EVENTS, &found) ||
	    found == PROCSRV_EVENT_LOST)
		return -EINVAL;
	*kind = found;
	return 0;
}

const char *procsrv_limit_name(__u32 limit)
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

const char *procsrv_update_name(__u32 field)
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
