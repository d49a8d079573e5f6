// SPDX-License-Identifier: GPL-2.0-only
/*
 * Scripts: sequences of operations in a world.
 */
#include <err.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>

#include "puppet.h"
#include "script.h"

static const char *const kind_names[NR_OPS] = {
	[OP_FORK] = "fork",
	[OP_EXIT] = "exit",
	[OP_EXEC] = "exec",
	[OP_KILL] = "kill",
	[OP_SETPGID] = "setpgid",
	[OP_SETSID] = "setsid",
	[OP_SUBREAPER] = "subreaper",
	[OP_WAIT] = "wait",
	[OP_TAKE] = "take",
	[OP_SIGCHLD] = "sigchld",
	[OP_SETUID] = "setuid",
};

static const struct {
	int bit;
	const char *name;
} wait_options[] = {
	{ WNOHANG, "WNOHANG" },
	{ WEXITED, "WEXITED" },
	{ WSTOPPED, "WSTOPPED" },
	{ WCONTINUED, "WCONTINUED" },
	{ WNOWAIT, "WNOWAIT" },
	{ __WCLONE, "__WCLONE" },
	{ __WALL, "__WALL" },
};

const char *op_kind_name(enum op_kind kind)
{
	return kind_names[kind];
}

/* "#3" for a process, "#none" for one that has never existed. */
static const char *name(char *buf, size_t size, int index)
{
	if (index < 0)
		return "#none";
	snprintf(buf, size, "#%d", index);
	return buf;
}

static void format_options(int options, char *buf, size_t size)
{
	size_t i, n = 0;

	buf[0] = '\0';
	for (i = 0; i < ARRAY_SIZE(wait_options); i++) {
		if (!(options & wait_options[i].bit))
			continue;
		n += snprintf(buf + n, size - n, "%s%s", n ? "|" : "",
			      wait_options[i].name);
		options &= ~wait_options[i].bit;
	}
	if (options || !n)
		snprintf(buf + n, size - n, "%s%#x", n ? "|" : "", options);
}

static void format_wait(const struct op *op, char *buf, size_t size)
{
	static const char *const types[] = {
		[TARGET_PROCESS] = "P_PID", [TARGET_GROUP] = "P_PGID",
		[TARGET_OWN] = "P_PGID", [TARGET_ANY] = "P_ALL",
		[TARGET_NOTHING] = "P_PID",
	};
	char options[96], target[16];
	const char *id = "0";

	format_options(op->options, options, sizeof(options));
	if (op->target_kind == TARGET_PROCESS || op->target_kind == TARGET_GROUP)
		id = name(target, sizeof(target), op->target);
	snprintf(buf, size, "%s(%s, %s, %s)%s", op->wait4 ? "wait4" : "waitid",
		 types[op->target_kind], id, options,
		 op->sleep && !(op->options & WNOHANG) ? ", may sleep" : "");
}

static void format_kill(const struct op *op, char *buf, size_t size)
{
	char target[16];

	if (op->target_kind == TARGET_OWN)
		snprintf(buf, size, "kill(0, %d)", op->number);
	else
		snprintf(buf, size, "kill(%s%s, %d)",
			 op->target_kind == TARGET_GROUP ? "-" : "",
			 name(target, sizeof(target), op->target), op->number);
}

static void format_setpgid(const struct op *op, char *buf, size_t size)
{
	bool self = op->target_kind == TARGET_OWN;
	char target[16], group[16];

	snprintf(buf, size, "setpgid(%s, %s)",
		 self ? "0" : name(target, sizeof(target), op->target),
		 op->number ? name(group, sizeof(group), op->group) : "0");
}

static void format_fork(const struct op *op, char *buf, size_t size)
{
	if (op->options == SIGCHLD)
		snprintf(buf, size, "fork() of #%d", op->number);
	else
		snprintf(buf, size, "clone(%d) of #%d", op->options, op->number);
}

void op_format(const struct op *op, char *buf, size_t size)
{
	static const char *const sigchlds[NR_SIGCHLDS] = {
		[SIGCHLD_DEFAULT] = "SIG_DFL", [SIGCHLD_IGNORED] = "SIG_IGN",
		[SIGCHLD_NOCLDWAIT] = "SA_NOCLDWAIT",
	};
	char call[192] = "", actor[16];

	switch (op->kind) {
	case OP_FORK:
		format_fork(op, call, sizeof(call));
		break;
	case OP_EXIT:
		snprintf(call, sizeof(call), "exit(%d)", op->number);
		break;
	case OP_KILL:
		format_kill(op, call, sizeof(call));
		break;
	case OP_SETPGID:
		format_setpgid(op, call, sizeof(call));
		break;
	case OP_SUBREAPER:
		snprintf(call, sizeof(call), "prctl(PR_SET_CHILD_SUBREAPER, %d)",
			 op->number);
		break;
	case OP_WAIT:
		format_wait(op, call, sizeof(call));
		break;
	case OP_TAKE:
		snprintf(call, sizeof(call), "sigtimedwait(%#llx)", op->mask);
		break;
	case OP_SIGCHLD:
		snprintf(call, sizeof(call), "sigaction(SIGCHLD, %s)",
			 sigchlds[op->number]);
		break;
	case OP_SETUID:
		snprintf(call, sizeof(call), "setresuid(%d, %d, %d)",
			 op->uids[0], op->uids[1], op->uids[2]);
		break;
	default:
		snprintf(call, sizeof(call), "%s()", kind_names[op->kind]);
	}
	snprintf(buf, size, "%-7s %s", op->actor < 0 ? "outside" :
		 name(actor, sizeof(actor), op->actor), call);
}

void script_add(struct script *s, const struct op *op)
{
	if (s->nr_ops == s->room) {
		s->room = s->room ? 2 * s->room : 256;
		s->ops = reallocarray(s->ops, s->room, sizeof(*s->ops));
		if (!s->ops)
			err(EXIT_FAILURE, "memory");
	}
	s->ops[s->nr_ops++] = *op;
}

void script_free(struct script *s)
{
	free(s->ops);
	*s = (struct script) {};
}

/* splitmix64: any seed is as good as any other. */
__u64 random_next(struct random *r)
{
	__u64 z = r->state += 0x9e3779b97f4a7c15ULL;

	z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9ULL;
	z = (z ^ (z >> 27)) * 0x94d049bb133111ebULL;
	return z ^ (z >> 31);
}

unsigned int random_below(struct random *r, unsigned int n)
{
	return (random_next(r) >> 32) * n >> 32;
}

bool random_chance(struct random *r, unsigned int percent)
{
	return random_below(r, 100) < percent;
}
