// SPDX-License-Identifier: GPL-2.0-only
/*
 * The events of a server as a timeline.
 *
 * Events have no names in them: the name of a process is queried when its event
 * is read, and may have changed by then, or be gone. There is no event for the
 * beginning of a wait.
 */
#include <errno.h>

#include "timeline_server.h"

enum {
	NS_PER_US	= 1000,
	SIGNAL_STOP	= 19,
};

void timeline_server_begin(struct timeline_server *server, int fd,
			   const char *title)
{
	*server = (struct timeline_server) {
		.fd = fd,
		.tl = timeline_new(title, TL_CLOCK_RELATIVE),
	};
	timeline_note(server->tl,
		      "Events do not tell when a wait begins: waits show as what they returned");
}

/* The command line as one string, with spaces where NULs were. */
static char *command_of(struct timeline_server *server)
{
	char *s = server->details.argv;
	__u32 i, len = server->details.info.argv_len;

	while (len && !s[len - 1])
		len--;
	for (i = 0; i < len; i++)
		if (!s[i])
			s[i] = ' ';
	return s;
}

/* False if the process is gone, or does not show its strings. */
static bool ask(struct timeline_server *server, __u64 pid)
{
	return !procsrv_get_details(server->fd, pid, &server->details);
}

static struct tl_process *find(const struct timeline_server *server, __u64 pid)
{
	return pid ? timeline_find(server->tl, pid) : NULL;
}

static void set_state(struct timeline_server *server, struct tl_process *p,
		      const struct procsrv_info *info, long long time)
{
	switch (info->state) {
	case PROCSRV_ZOMBIE:
		timeline_exited(server->tl, time, p, info->exit_code,
				info->exit_signal);
		break;
	case PROCSRV_STOPPED:
		timeline_stopped(server->tl, time, p,
				 info->exit_signal ?: SIGNAL_STOP);
		break;
	case PROCSRV_SLEEPING:
		timeline_asleep(server->tl, time, p, true);
		break;
	default:
		timeline_continued(server->tl, time, p);
		timeline_asleep(server->tl, time, p, false);
	}
}

void timeline_server_process(struct timeline_server *server,
			     const struct procsrv_info *info, __u64 time)
{
	struct tl_process *p = find(server, info->pid);
	long long ns = time * NS_PER_US;
	bool asked;

	if (!p) {
		asked = ask(server, info->pid);
		p = timeline_birth(server->tl, ns, info->pid,
				   find(server, info->ppid), true);
		timeline_names(p, info->name,
			       asked ? command_of(server) : NULL);
		timeline_belongs(p, info->sid, info->pgid);
	} else {
		timeline_parent(server->tl, ns, p, find(server, info->ppid));
	}
	set_state(server, p, info, ns);
}

void timeline_server_listed(struct timeline_server *server, __u64 time,
			    size_t nr_known)
{
	struct tl_process *p;
	struct procsrv_info info;
	size_t i;

	for (i = 0; i < nr_known; i++) {
		p = server->tl->procs[i];
		if (p->gone == TL_NEVER &&
		    procsrv_get_info(server->fd, p->id, &info) == -ESRCH)
			timeline_gone(server->tl, time * NS_PER_US, p, NULL);
	}
}

static void created(struct timeline_server *server, const struct procsrv_event *e,
		    long long time)
{
	struct tl_process *p;
	bool asked = ask(server, e->pid);

	p = timeline_birth(server->tl, time, e->pid, find(server, e->other),
			   false);
	if (asked)
		timeline_names(p, server->details.info.name,
			       command_of(server));
	timeline_belongs(p, e->sid, e->pgid);
}

static void executes(struct timeline_server *server, struct tl_process *p,
		     long long time)
{
	if (ask(server, p->id))
		timeline_exec(server->tl, time, p, server->details.info.name,
			      command_of(server));
	else
		timeline_exec(server->tl, time, p, "?", NULL);
}

static void changed_state(struct timeline_server *server, struct tl_process *p,
			  const struct procsrv_event *e, long long time)
{
	const struct procsrv_info info = { .state = e->detail };

	if (e->detail == PROCSRV_STOPPED)
		timeline_stopped(server->tl, time, p, e->signo);
	else
		set_state(server, p, &info, time);
}

void timeline_server_event(struct timeline_server *server,
			   const struct procsrv_event *e)
{
	struct timeline *tl = server->tl;
	struct tl_process *p = find(server, e->pid);
	long long time = e->time * NS_PER_US;

	if (e->kind == PROCSRV_EVENT_LOST)
		timeline_lost(tl, tl->end, e->value);
	else if (e->kind == PROCSRV_EVENT_CREATE && !p)
		created(server, e, time);
	if (!p)
		return;
	switch (e->kind) {
	case PROCSRV_EVENT_EXEC:
		executes(server, p, time);
		break;
	case PROCSRV_EVENT_EXIT:
		timeline_exited(tl, time, p, e->code, e->signo);
		break;
	case PROCSRV_EVENT_REAP:
		timeline_gone(tl, time, p, find(server, e->other));
		break;
	case PROCSRV_EVENT_SIGNAL:
		timeline_sent(tl, time, p, find(server, e->other), e->signo);
		break;
	case PROCSRV_EVENT_STATE:
		changed_state(server, p, e, time);
		break;
	case PROCSRV_EVENT_PARENT:
		timeline_parent(tl, time, p, find(server, e->other));
		break;
	case PROCSRV_EVENT_SESSION:
		timeline_session(tl, time, p, e->sid, e->pgid);
		break;
	case PROCSRV_EVENT_GROUP:
		timeline_group(tl, time, p, e->pgid);
		break;
	}
}

void timeline_server_end(struct timeline_server *server)
{
	struct procsrv_time_args clock;

	timeline_end(server->tl, procsrv_get_time(server->fd, &clock) ?
		     server->tl->end : (long long)clock.time * NS_PER_US);
	procsrv_free_details(&server->details);
}
