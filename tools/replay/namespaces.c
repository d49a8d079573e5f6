// SPDX-License-Identifier: GPL-2.0-only
/*
 * Pid namespaces.
 *
 * The lines of a recording begin with the numbers that strace sees. A process in
 * another pid namespace passes and gets the numbers of that one. They can be
 * translated where a fork returned both, with --decode-pids=pidns; otherwise
 * answers that depend on them are not compared.
 */
#include <limits.h>
#include <stdlib.h>
#include <string.h>

#include "replay.h"
#include "value.h"

enum { FLAG_NEWPID = 0x20000000 };

static const struct value_flag clone_flags[] = {
	{ "CLONE_NEWPID", FLAG_NEWPID },
	{}
};

static struct ns *new_ns(struct world *w)
{
	struct ns *ns = value_xcalloc(1, sizeof(*ns));

	ns->next = w->spaces;
	w->spaces = ns;
	return ns;
}

/*
 * The first process of a namespace is its init: orphans go to it, as they do to
 * a process that asked for them.
 */
static void make_init(struct replay *r, struct proc *p)
{
	p->ns->has_init = true;
	intmap_set(&p->ns->procs, 1, p);
	if (!p->beyond &&
	    !procsrv_set_reaper(r->world.fd, p->id, true))
		p->subreaper = true;
}

void ns_lose(struct proc *p)
{
	p->ns->lost = true;
}

static void nest(struct replay *r, struct proc *p)
{
	if (!p->ns) {
		p->ns = r->world.spaces ? r->world.spaces : new_ns(&r->world);
		p->ns->has_init = true;
	}
	p->nested = true;
	ns_lose(p);
}

void ns_fork(struct replay *r, struct proc *child, struct proc *maker,
	     const struct fork *fork)
{
	if (fork->foreign)
		nest(r, maker);
	if (fork->new_pid_ns)
		child->ns = new_ns(&r->world);
	else
		child->ns = maker->child_ns ? maker->child_ns : maker->ns;
	child->nested = child->ns;
	if (child->nested && !child->ns->has_init)
		make_init(r, child);
}

void ns_answered(const struct call *call, const struct proc *maker,
		 struct proc *child)
{
	if (maker->nested && child->ns == maker->ns && call->inner)
		intmap_set(&maker->ns->procs, call->inner, child);
}

/* "CLONE_NEWPID", "CLONE_NEWNS|CLONE_NEWPID", or 0 for any kind */
static bool names_pidns(const struct call *call)
{
	bool setns = call->kind == CALL_SETNS, others = false;
	const char *fd = call_arg(call, 0);
	unsigned long flags = value_flags(call_arg(call, setns), clone_flags,
					  &others);

	if (flags & FLAG_NEWPID)
		return true;
	return setns && !flags && !others &&
	       (!strchr(fd, '<') || strstr(fd, "pid"));
}

void ns_enter(struct replay *r, const struct call *call, struct proc *p)
{
	if (call->answer != ANSWER_VALUE || !call_executed(call) ||
	    !names_pidns(call))
		return;
	p->child_ns = new_ns(&r->world);
	/* A namespace that setns enters has its init already. */
	p->child_ns->has_init = call->kind == CALL_SETNS;
}

bool ns_number(const struct proc *p, const char *text, int *number)
{
	const struct proc *named;

	if (!value_pid(text, number))
		return false;
	if (!p->nested || *number == 0 || *number == -1 ||
	    value_is_translated(text))
		return true;
	named = intmap_get(&p->ns->procs, abs(*number));
	if (!named)
		return false;
	*number = *number < 0 ? -named->pid : named->pid;
	return true;
}

int ns_answer(const struct proc *p, int number)
{
	const struct proc *named;

	if (!p->nested || number <= 0)
		return number;
	named = intmap_get(&p->ns->procs, number);
	return named ? named->pid : -1;
}

void ns_foundling(struct replay *r, struct proc *p)
{
	if (r->world.spaces)
		nest(r, p);
}
