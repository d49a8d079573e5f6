// SPDX-License-Identifier: GPL-2.0-only
/*
 * Drawing what happens.
 *
 * Events have no names in them: a process is asked for its name when its event
 * is read, and may have another one by then, or none. Nor do they tell when a
 * wait begins.
 */
#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <string.h>
#include <sys/signalfd.h>
#include <unistd.h>

#include "drawing.h"

enum {
	NS_PER_US	= 1000,
	SIGNAL_STOP	= 19,
};

void drawing_begin(struct drawing *drawing, const char *svg,
		   const char *perfetto)
{
	const char *failed;
	sigset_t set;

	*drawing = (struct drawing) {};
	if (!timeline_open(&drawing->files, svg, perfetto, &failed))
		fatal(CLIENT_USAGE, "%s: %s", failed, strerror(errno));
	sigemptyset(&set);
	sigaddset(&set, SIGINT);
	sigaddset(&set, SIGTERM);
	if (sigprocmask(SIG_BLOCK, &set, NULL))
		fatal(CLIENT_REFUSED, "cannot block signals: %s",
		      strerror(errno));
	drawing->signals = signalfd(-1, &set, SFD_CLOEXEC);
	if (drawing->signals < 0)
		fatal(CLIENT_REFUSED, "cannot wait for signals: %s",
		      strerror(errno));
	drawing->tl = timeline_new("processes of the server",
				   TL_CLOCK_RELATIVE);
	timeline_note(drawing->tl,
		      "Events do not tell when a wait begins: waits show as what they returned");
}

/* The command line as one string, with spaces where NULs were. */
static char *command_of(struct drawing *drawing)
{
	char *s = drawing->details.argv;
	__u32 i, len = drawing->details.info.argv_len;

	while (len && !s[len - 1])
		len--;
	for (i = 0; i < len; i++)
		if (!s[i])
			s[i] = ' ';
	return s;
}

/* False if the process is gone, or does not show its strings. */
static bool ask(struct drawing *drawing, __u64 pid)
{
	return !procsrv_get_details(device(), pid, &drawing->details);
}

static struct tl_process *find(const struct drawing *drawing, __u64 pid)
{
	return pid ? timeline_find(drawing->tl, pid) : NULL;
}

static void set_state(struct drawing *drawing, struct tl_process *p,
		      const struct procsrv_info *info, long long time)
{
	switch (info->state) {
	case PROCSRV_ZOMBIE:
		timeline_exited(drawing->tl, time, p, info->exit_code,
				info->exit_signal);
		break;
	case PROCSRV_STOPPED:
		timeline_stopped(drawing->tl, time, p,
				 info->exit_signal ?: SIGNAL_STOP);
		break;
	case PROCSRV_SLEEPING:
		timeline_asleep(drawing->tl, time, p, true);
		break;
	default:
		timeline_continued(drawing->tl, time, p);
		timeline_asleep(drawing->tl, time, p, false);
	}
}

void drawing_process(struct drawing *drawing, const struct procsrv_info *info,
		     __u64 time)
{
	struct tl_process *p = find(drawing, info->pid);
	long long ns = time * NS_PER_US;
	bool asked;

	if (!p) {
		asked = ask(drawing, info->pid);
		p = timeline_birth(drawing->tl, ns, info->pid,
				   find(drawing, info->ppid), true);
		timeline_names(p, info->name,
			       asked ? command_of(drawing) : NULL);
		timeline_belongs(p, info->sid, info->pgid);
	} else {
		timeline_parent(drawing->tl, ns, p, find(drawing, info->ppid));
	}
	set_state(drawing, p, info, ns);
}

void drawing_listed(struct drawing *drawing, __u64 time, size_t nr_known)
{
	struct tl_process *p;
	struct procsrv_info info;
	size_t i;

	for (i = 0; i < nr_known; i++) {
		p = drawing->tl->procs[i];
		if (p->gone == TL_NEVER &&
		    procsrv_get_info(device(), p->id, &info) == -ESRCH)
			timeline_gone(drawing->tl, time * NS_PER_US, p, NULL);
	}
}

static void created(struct drawing *drawing, const struct procsrv_event *e,
		    long long time)
{
	struct tl_process *p;
	bool asked = ask(drawing, e->pid);

	p = timeline_birth(drawing->tl, time, e->pid, find(drawing, e->other),
			   false);
	if (asked)
		timeline_names(p, drawing->details.info.name,
			       command_of(drawing));
	timeline_belongs(p, e->sid, e->pgid);
}

static void executes(struct drawing *drawing, struct tl_process *p,
		     long long time)
{
	if (ask(drawing, p->id))
		timeline_exec(drawing->tl, time, p, drawing->details.info.name,
			      command_of(drawing));
	else
		timeline_exec(drawing->tl, time, p, "?", NULL);
}

static void changed_state(struct drawing *drawing, struct tl_process *p,
			  const struct procsrv_event *e, long long time)
{
	const struct procsrv_info info = { .state = e->detail };

	if (e->detail == PROCSRV_STOPPED)
		timeline_stopped(drawing->tl, time, p, e->signo);
	else
		set_state(drawing, p, &info, time);
}

void drawing_event(struct drawing *drawing, const struct procsrv_event *e)
{
	struct timeline *tl = drawing->tl;
	struct tl_process *p = find(drawing, e->pid);
	long long time = e->time * NS_PER_US;

	if (e->kind == PROCSRV_EVENT_LOST)
		timeline_lost(tl, tl->end, e->value);
	else if (e->kind == PROCSRV_EVENT_CREATE && !p)
		created(drawing, e, time);
	if (!p)
		return;
	switch (e->kind) {
	case PROCSRV_EVENT_EXEC:
		executes(drawing, p, time);
		break;
	case PROCSRV_EVENT_EXIT:
		timeline_exited(tl, time, p, e->code, e->signo);
		break;
	case PROCSRV_EVENT_REAP:
		timeline_gone(tl, time, p, find(drawing, e->other));
		break;
	case PROCSRV_EVENT_SIGNAL:
		timeline_sent(tl, time, p, find(drawing, e->other), e->signo);
		break;
	case PROCSRV_EVENT_STATE:
		changed_state(drawing, p, e, time);
		break;
	case PROCSRV_EVENT_PARENT:
		timeline_parent(tl, time, p, find(drawing, e->other));
		break;
	case PROCSRV_EVENT_SESSION:
		timeline_session(tl, time, p, e->sid, e->pgid);
		break;
	case PROCSRV_EVENT_GROUP:
		timeline_group(tl, time, p, e->pgid);
		break;
	}
}

int drawing_await(struct drawing *drawing, const struct deadline *deadline)
{
	struct pollfd fds[] = {
		{ .fd = drawing->signals, .events = POLLIN },
		{ .fd = device(), .events = POLLIN },
	};
	int ret = await_any(fds, ARRAY_SIZE(fds), deadline);

	if (ret)
		return ret;
	return fds[0].revents ? -EINTR : 0;
}

int drawing_end(struct drawing *drawing)
{
	struct procsrv_time_args clock;
	const char *failed;
	bool ok;

	timeline_end(drawing->tl, procsrv_get_time(device(), &clock) ?
		     drawing->tl->end : (long long)clock.time * NS_PER_US);
	ok = timeline_write(&drawing->files, drawing->tl, &failed);
	if (!ok)
		complain("%s: %s", failed, strerror(errno));
	timeline_free(drawing->tl);
	procsrv_free_details(&drawing->details);
	close(drawing->signals);
	return ok ? CLIENT_OK : CLIENT_USAGE;
}
