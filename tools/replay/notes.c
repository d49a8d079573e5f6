// SPDX-License-Identifier: GPL-2.0-only
/*
 * Calls whose own answers are not compared, but that later answers of Linux
 * depend on.
 */
#include "replay.h"
#include "value.h"

static void note_pidfd_open(struct replay *r, struct call *call, struct proc *p)
{
	struct proc *target;
	int pid;

	if (call->answer != ANSWER_VALUE ||
	    !ns_number(p, call_arg(call, 0), &pid))
		return;
	target = world_find(&r->world, pid, false);
	if (target)
		intmap_set(&p->fds->procs, call->value, target);
}

/* As strace numbers them, whatever this is built for. */
enum {
	SIG_IGN_NR = 1,
	SET_CHILD_SUBREAPER_NR = 36,
	FLAG_NOCLDWAIT = 0x2,
};

/* Other flags do not matter. */
static const struct value_flag action_flags[] = {
	{ "SA_NOCLDWAIT", FLAG_NOCLDWAIT },
	{}
};

/* SIGCHLD ignored, or SA_NOCLDWAIT: children do not become zombies. */
static void note_sigaction(struct replay *r, struct call *call, struct proc *p)
{
	const char *action = call_arg(call, 1);
	const char *handler = value_field(action, "sa_handler=");
	const char *flags = value_field(action, "sa_flags=");
	bool others = false;

	if (call->answer != ANSWER_VALUE ||
	    value_signal(call_arg(call, 0)) != SIGCHLD_NR)
		return;
	if (!handler)
		return;
	p->ignores_sigchld = value_is(handler, "SIG_IGN", SIG_IGN_NR);
	world_set_autoreap(&r->world, p, p->ignores_sigchld ||
			   (flags && value_flags(flags, action_flags, &others) &
				     FLAG_NOCLDWAIT));
}

/* From here on orphans go to the process, in the server as in Linux. */
static void note_prctl(struct replay *r, struct call *call, struct proc *p)
{
	int on;

	if (call->answer == ANSWER_VALUE &&
	    value_is(call_arg(call, 0), "PR_SET_CHILD_SUBREAPER",
		     SET_CHILD_SUBREAPER_NR) &&
	    call_int(call, 1, &on) &&
	    !procsrv_set_reaper(r->world.fd, p->id, on))
		p->subreaper = on;
}

void replay_note(struct replay *r, struct call *call, struct proc *p)
{
	if (!call_executed(call))
		return;
	switch (call->kind) {
	case CALL_UNSHARE:
	case CALL_SETNS:
		ns_enter(r, call, p);
		break;
	case CALL_PIDFD_OPEN:
		note_pidfd_open(r, call, p);
		break;
	case CALL_SIGACTION:
		note_sigaction(r, call, p);
		break;
	case CALL_PRCTL:
		note_prctl(r, call, p);
		break;
	default:
		break;
	}
}
