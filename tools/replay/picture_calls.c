// SPDX-License-Identifier: GPL-2.0-only
/*
 * What the calls of a recording show of processes.
 */
#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#include "answer.h"
#include "picture.h"
#include "recording.h"
#include "server.h"
#include "value.h"

/* As strace numbers them, whatever this is built for. */
enum {
	SIGCHLD_NR = 17,
	SIGCONT_NR = 18,
	SIG_IGN_NR = 1,
	SET_CHILD_SUBREAPER_NR = 36,
	P_PID_NR = 1,
	P_PGID_NR = 2,
	P_PIDFD_NR = 3,
	NOHANG = 0x1,
	NOWAIT = 0x1000000,
	NOCLDWAIT = 0x2,
};

/* Other options do not matter. */
static const struct value_flag wait_options[] = {
	{ "WNOHANG", NOHANG },
	{ "WNOWAIT", NOWAIT },
	{}
};

static const struct value_flag action_flags[] = {
	{ "SA_NOCLDWAIT", NOCLDWAIT },
	{}
};

/* A zombie that init or an unknown process waits for is gone at once. */
static void drop_zombie(struct picture *pic, struct member *m)
{
	const struct member *parent = picture_member(pic, m->p->parent_now);

	if (m->p->exited != TL_NEVER && (!parent || parent->autoreap))
		timeline_gone(pic->tl, pic->now, m->p, NULL);
}

static struct tl_process *find_reaper(const struct picture *pic,
				      const struct tl_process *p)
{
	struct tl_process *reaper = p->parent_now;

	while (reaper && (reaper->exited != TL_NEVER ||
			  !picture_member(pic, reaper)->subreaper))
		reaper = reaper->parent_now;
	return reaper;
}

void picture_exited(struct picture *pic, struct member *m, int code, int signo)
{
	struct tl_process *reaper, *child;

	timeline_exited(pic->tl, pic->now, m->p, code, signo);
	reaper = find_reaper(pic, m->p);
	while ((child = m->p->children)) {
		timeline_parent(pic->tl, pic->now, child, reaper);
		drop_zombie(pic, picture_member(pic, child));
	}
	drop_zombie(pic, m);
}

/* The duration that -T writes behind the answer: "<0.000123>". */
static long long duration_of(const struct call *call)
{
	enum { SECONDS_MAX = 100000000 };
	const char *s = strrchr(call->text, '<');
	char *end;
	double seconds;

	if (!s || !isdigit((unsigned char)s[1]))
		return 0;
	seconds = strtod(s + 1, &end);
	if (*end != '>' || end[1] || seconds > SECONDS_MAX)
		return 0;
	return seconds * TL_NS_PER_S;
}

/* A call that is not split ends later than its line, if -T gives a duration. */
static long long end_of(const struct picture *pic, const struct call *call)
{
	if (call->start != call->end || pic->tl->clock == TL_CLOCK_LINES)
		return pic->now;
	return pic->now + duration_of(call);
}

/* A pid, minus a group, or TL_WAIT_ANY. */
static long long target_of(const struct member *m, const struct call *call)
{
	const char *type = call_arg(call, 0);
	const struct member *child;
	int number;

	if (call->kind == CALL_WAIT4) {
		if (!call_pid(call, 0, &number) || number == -1)
			return TL_WAIT_ANY;
		return number ? number : -m->p->pgid_now;
	}
	if (value_is(type, "P_PIDFD", P_PIDFD_NR) &&
	    call_int(call, 1, &number)) {
		child = intmap_get(&m->pidfds, number);
		return child ? child->p->id : TL_WAIT_ANY;
	}
	if (!call_pid(call, 1, &number))
		return TL_WAIT_ANY;
	if (value_is(type, "P_PID", P_PID_NR))
		return number;
	if (value_is(type, "P_PGID", P_PGID_NR))
		return number ? -(long long)number : -m->p->pgid_now;
	return TL_WAIT_ANY;
}

static bool has_option(const struct call *call, unsigned long option)
{
	const char *s = call_arg(call, call->kind == CALL_WAIT4 ? 2 : 3);
	bool unknown;

	return value_flags(s, wait_options, &unknown) & option;
}

/* The child that a wait has returned; no line may have shown its state yet. */
static void waited(struct picture *pic, const struct call *call,
		   struct member *m, long long time)
{
	struct answer a = {};
	struct tl_process *p;
	struct member *child;

	if (call->answer != ANSWER_VALUE)
		return;
	if (call->kind == CALL_WAIT4) {
		a.pid = call->value;
		answer_from_status(call_arg(call, 1), &a);
	} else {
		answer_from_siginfo(call_arg(call, 2), &a);
	}
	p = a.pid > 0 ? timeline_find(pic->tl, a.pid) : NULL;
	child = picture_member(pic, p);
	if (!child)
		return;
	if (a.why == PROCSRV_WAIT_STOPPED)
		timeline_stopped(pic->tl, time, p, a.signo);
	else if (a.why == PROCSRV_WAIT_CONTINUED)
		timeline_continued(pic->tl, time, p);
	else if (p->exited == TL_NEVER)
		picture_exited(pic, child, a.code, a.signo);
	if (a.why == PROCSRV_WAIT_STOPPED || a.why == PROCSRV_WAIT_CONTINUED)
		timeline_reported(pic->tl, time, p, m->p);
	else if (!has_option(call, NOWAIT))
		timeline_gone(pic->tl, time, p, m->p);
}

static void wait_call(struct picture *pic, const struct call *call,
		      struct member *m, bool begins, bool ends)
{
	bool blocks = !has_option(call, NOHANG) && !call->headless;

	if (begins && blocks)
		timeline_wait_begins(pic->tl, pic->now, m->p,
				     target_of(m, call));
	if (!ends)
		return;
	waited(pic, call, m, end_of(pic, call));
	if (blocks)
		timeline_wait_ends(pic->tl, end_of(pic, call), m->p);
}

static void send(struct picture *pic, struct member *from, struct tl_process *p,
		 int signo)
{
	timeline_sent(pic->tl, pic->now, p, from->p, signo);
	if (signo == SIGCONT_NR)
		timeline_continued(pic->tl, pic->now, p);
}

static void send_to_group(struct picture *pic, struct member *from,
			  long long pgid, int signo)
{
	size_t i;

	for (i = 0; i < pic->nr_members; i++)
		if (pgid && pic->members[i]->p->pgid_now == pgid &&
		    pic->members[i]->p->exited == TL_NEVER)
			send(pic, from, pic->members[i]->p, signo);
}

/* A descriptor, or a process or group in the numbers of the recording. */
static bool target_number(const struct call *call, bool in_group, int *number)
{
	if (call->kind == CALL_PIDFD_SIGNAL)
		return call_int(call, 0, number);
	return call_pid(call, in_group, number);
}

/* A signal to all processes is shown where it is delivered. */
static void kill_call(struct picture *pic, const struct call *call,
		      struct member *m)
{
	bool in_group = call->kind == CALL_TGKILL;
	int number, signo = value_signal(call_arg(call, in_group ? 2 : 1));
	struct member *target;

	/* One that has no answer may have killed the caller. */
	if ((call->answer != ANSWER_VALUE && call->answer != ANSWER_UNKNOWN) ||
	    signo < 1 || !target_number(call, in_group, &number))
		return;
	if (call->kind == CALL_KILL && number <= 0) {
		if (number != -1)
			send_to_group(pic, m, number ? -(long long)number :
				      m->p->pgid_now, signo);
		return;
	}
	if (call->kind == CALL_PIDFD_SIGNAL)
		target = intmap_get(&m->pidfds, number);
	else
		target = picture_thread(pic, number);
	if (target)
		send(pic, m, target->p, signo);
}

static void exec_call(struct picture *pic, const struct call *call,
		      struct member *m)
{
	bool at = !strncmp(call->text, "execveat", 8);
	char *path = value_string(call_arg(call, at));
	const char *slash = path ? strrchr(path, '/') : NULL;
	size_t len = 0, i;
	char *argv;

	if (call->answer != ANSWER_VALUE) {
		free(path);
		return;
	}
	argv = value_strings(call_arg(call, at + 1), &len);
	for (i = 0; argv && i + 1 < len; i++)
		if (!argv[i])
			argv[i] = ' ';
	timeline_exec(pic->tl, pic->now, m->p,
		      slash && slash[1] ? slash + 1 : path ? path : "?", argv);
	intmap_free(&m->pidfds);
	m->pidfds = (struct intmap) {};
	free(argv);
	free(path);
}

static void setpgid_call(struct picture *pic, const struct call *call,
			 struct member *m)
{
	int pid, pgid;

	if (!call_pid(call, 0, &pid) || !call_pid(call, 1, &pgid))
		return;
	if (pid)
		m = picture_thread(pic, pid);
	if (m)
		timeline_group(pic->tl, pic->now, m->p,
			       pgid ? pgid : m->p->id);
}

static void sigaction_call(const struct call *call, struct member *m)
{
	const char *action = call_arg(call, 1);
	const char *handler = value_field(action, "sa_handler=");
	const char *flags = value_field(action, "sa_flags=");
	bool unknown;

	if (value_signal(call_arg(call, 0)) != SIGCHLD_NR || !handler)
		return;
	m->autoreap = value_is(handler, "SIG_IGN", SIG_IGN_NR) ||
		      (flags && value_flags(flags, action_flags, &unknown) &
				NOCLDWAIT);
}

static void prctl_call(const struct call *call, struct member *m)
{
	int on;

	if (value_is(call_arg(call, 0), "PR_SET_CHILD_SUBREAPER",
		     SET_CHILD_SUBREAPER_NR) &&
	    call_int(call, 1, &on))
		m->subreaper = on;
}

static void fork_call(struct picture *pic, const struct call *call)
{
	const struct fork *fork = call->fork;

	/* The child may even have ended before its fork returns. */
	if (!fork || (fork->child && fork->child->first < call->end) ||
	    (!fork->child && fork->foreign))
		return;
	picture_new_thread(pic, fork->child ? fork->child->tid : call->value,
			   picture_maker(pic, fork), fork->thread, false);
}

static void pidfd_call(struct picture *pic, const struct call *call,
		       struct member *m)
{
	struct member *target;
	int pid;

	if (!call_pid(call, 0, &pid))
		return;
	target = picture_thread(pic, pid);
	if (target)
		intmap_set(&m->pidfds, call->value, target);
}

/* Calls that have an effect when they return, if it is no error. */
static void call_succeeded(struct picture *pic, const struct call *call,
			   struct member *m)
{
	switch (call->kind) {
	case CALL_FORK:
		fork_call(pic, call);
		break;
	case CALL_EXEC:
		exec_call(pic, call, m);
		break;
	case CALL_SETPGID:
		setpgid_call(pic, call, m);
		break;
	case CALL_SETSID:
		timeline_session(pic->tl, pic->now, m->p, m->p->id, m->p->id);
		break;
	case CALL_SIGACTION:
		sigaction_call(call, m);
		break;
	case CALL_PRCTL:
		prctl_call(call, m);
		break;
	case CALL_PIDFD_OPEN:
		pidfd_call(pic, call, m);
		break;
	default:
		break;
	}
}

void picture_call(struct picture *pic, const struct line *line,
		  struct member *m)
{
	const struct call *call = line->call;
	bool begins = call->start == line->number;
	bool ends = call->end == line->number;

	/* Linux has done nothing. */
	if (call->injected)
		return;
	switch (call->kind) {
	case CALL_WAIT4:
	case CALL_WAITID:
		wait_call(pic, call, m, begins, ends);
		break;
	case CALL_KILL:
	case CALL_TKILL:
	case CALL_TGKILL:
	case CALL_PIDFD_SIGNAL:
		/* It has an effect before it returns. */
		if (begins)
			kill_call(pic, call, m);
		break;
	case CALL_EXIT:
	case CALL_EXIT_GROUP:
		if (begins && (call->kind == CALL_EXIT_GROUP ||
			       m->nr_threads == 1))
			timeline_exiting(pic->tl, pic->now, m->p);
		break;
	default:
		if (ends && call->answer == ANSWER_VALUE)
			call_succeeded(pic, call, m);
	}
}
