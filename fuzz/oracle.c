// SPDX-License-Identifier: GPL-2.0-only
/*
 * What must be true after an input, seen from outside
 *
 * The statistics, the lists, and what the server says of single processes, sessions and
 * groups have to agree once nobody uses the server any more.
 */
#include <errno.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include "fuzz.h"

enum {
	NR_INFOS = MAX_PROCESSES + 8,

	/* Looks at a server until it is the same before and afterwards, and how far apart. */
	NR_LOOKS = 1000,
	LOOK_US = 1000,

	/* Inputs after which the requests of a ring have ended. */
	RING_LINGERS = 20,
};

static struct procsrv_info infos[NR_INFOS];
static unsigned int nr_infos;
static __u64 pids[NR_INFOS];
static unsigned int nr_pids;

static void call(int fd, unsigned long cmd, void *args, const char *name)
{
	if (ioctl(fd, cmd, args))
		finding("%s: %s", name, strerror(errno));
}

static const struct procsrv_info *find(__u64 pid)
{
	unsigned int i;

	for (i = 0; i < nr_infos; i++)
		if (infos[i].pid == pid)
			return &infos[i];
	return NULL;
}

static void check_stats(const struct procsrv_stats *s)
{
	if (s->running + s->sleeping + s->stopped + s->zombies != s->total_processes)
		finding("the states do not add up: %llu + %llu + %llu + %llu, %llu in all",
			s->running, s->sleeping, s->stopped, s->zombies, s->total_processes);
	if (s->orphans > s->zombies)
		finding("%llu orphans among %llu zombies", s->orphans, s->zombies);
	/* What was created is there, or has exited and was reaped. */
	if (s->total_created + 1 - s->total_processes != s->total_exited - s->zombies)
		finding("created %llu, exited %llu, there are %llu, %llu of them zombies",
			s->total_created, s->total_exited, s->total_processes, s->zombies);
}

static void list_all(int fd)
{
	struct procsrv_list_args list = {
		.buf = (uintptr_t)infos, .record_size = sizeof(infos[0]), .count = NR_INFOS,
	};

	call(fd, PROCSRV_IOC_LIST, &list, "LIST");
	nr_infos = list.count;
	list = (struct procsrv_list_args) {
		.buf = (uintptr_t)pids, .record_size = sizeof(pids[0]), .count = NR_INFOS,
	};
	call(fd, PROCSRV_IOC_LIST_PIDS, &list, "LIST_PIDS");
	nr_pids = list.count;
}

static void check_lists(const struct procsrv_stats *s)
{
	unsigned int i;

	if (nr_infos != s->total_processes)
		finding("%u processes are listed, there are %llu", nr_infos, s->total_processes);
	if (nr_pids != nr_infos)
		finding("%u pids are listed, and %u processes", nr_pids, nr_infos);
	for (i = 0; i < nr_infos; i++)
		if (pids[i] != infos[i].pid || (i && pids[i] <= pids[i - 1]))
			finding("pid %llu is listed where process %llu is", pids[i], infos[i].pid);
}

/* Since the last that has used a ring, whose requests may be on their way still. */
static unsigned int inputs_without_ring;

static void check_states(const struct procsrv_stats *s)
{
	unsigned int n[PROCSRV_DEAD + 1] = { 0 }, orphans = 0, i;

	for (i = 0; i < nr_infos; i++) {
		if (infos[i].state >= PROCSRV_DEAD)
			finding("process %llu is in state %u", infos[i].pid, infos[i].state);
		n[infos[i].state]++;
		orphans += !!(infos[i].flags & PROCSRV_INFO_ORPHAN);
	}
	if (n[PROCSRV_RUNNING] != s->running || n[PROCSRV_STOPPED] != s->stopped ||
	    n[PROCSRV_SLEEPING] + n[PROCSRV_WAITING] != s->sleeping ||
	    n[PROCSRV_ZOMBIE] != s->zombies || orphans != s->orphans)
		finding("the states listed are not those counted");
	if (n[PROCSRV_WAITING] && inputs_without_ring > RING_LINGERS)
		finding("somebody is WAITING, and nobody waits");
}

static void check_family(void)
{
	unsigned int i;

	for (i = 0; i < nr_infos; i++) {
		const struct procsrv_info *p = &infos[i];
		const struct procsrv_info *parent = find(p->ppid);

		if (p->pid == PROCSRV_INIT_PID ? p->ppid : !parent)
			finding("process %llu has parent %llu", p->pid, p->ppid);
		if (parent && parent->state == PROCSRV_ZOMBIE)
			finding("the parent of process %llu is a zombie", p->pid);
		if (p->thread_count < 1 && p->state != PROCSRV_ZOMBIE)
			finding("process %llu has no threads", p->pid);
		if (strnlen(p->name, sizeof(p->name)) == sizeof(p->name))
			finding("the name of process %llu has no end", p->pid);
		if (p->state == PROCSRV_ZOMBIE && p->pid == PROCSRV_INIT_PID)
			finding("init is a zombie");
	}
}

static unsigned int members(__u32 id, bool group)
{
	unsigned int i, n = 0;

	for (i = 0; i < nr_infos; i++)
		n += (group ? infos[i].pgid : infos[i].sid) == id;
	return n;
}

/* Each session and group is looked at once: by its member with the lowest pid. */
static bool is_first(unsigned int index, bool group)
{
	__u32 id = group ? infos[index].pgid : infos[index].sid;
	unsigned int i;

	for (i = 0; i < index; i++)
		if ((group ? infos[i].pgid : infos[i].sid) == id)
			return false;
	return id;
}

static void check_groups(int fd, const struct procsrv_stats *s)
{
	unsigned int sessions = 0, groups = 0, i;

	for (i = 0; i < nr_infos; i++) {
		struct procsrv_session_args session = { .sid = infos[i].sid };
		struct procsrv_group_args group = { .pgid = infos[i].pgid };

		if (is_first(i, false)) {
			sessions++;
			call(fd, PROCSRV_IOC_SESSION, &session, "SESSION");
			if (session.nr_processes != members(session.sid, false))
				finding("session %u has %u members, %u are listed", session.sid,
					session.nr_processes, members(session.sid, false));
		}
		if (is_first(i, true)) {
			groups++;
			call(fd, PROCSRV_IOC_GROUP, &group, "GROUP");
			if (group.nr_processes != members(group.pgid, true))
				finding("group %u has %u members, %u are listed", group.pgid,
					group.nr_processes, members(group.pgid, true));
		}
		if (infos[i].pgid && group.pgid && is_first(i, true) && group.sid != infos[i].sid)
			finding("process %llu is in session %u, its group in %u", infos[i].pid,
				infos[i].sid, group.sid);
	}
	if (sessions != s->sessions || groups != s->process_groups)
		finding("%llu sessions and %llu groups, %u and %u are listed", s->sessions,
			s->process_groups, sessions, groups);
}

/*
 * Requests of a ring that was closed end when the kernel comes to it, and a process is WAITING
 * until then: what is compared has to be of one moment.
 */
static void look(int fd, struct procsrv_stats *s)
{
	struct procsrv_stats after;
	unsigned int i;

	for (i = 0; i < NR_LOOKS; i++) {
		call(fd, PROCSRV_IOC_STATS, s, "STATS");
		list_all(fd);
		call(fd, PROCSRV_IOC_STATS, &after, "STATS");
		if (!memcmp(s, &after, sizeof(after)))
			return;
		usleep(LOOK_US);
	}
	finding("a server that nobody uses changes");
}

static void check_server(int fd)
{
	struct procsrv_stats s;

	look(fd, &s);
	check_stats(&s);
	check_lists(&s);
	check_states(&s);
	check_family();
	check_groups(fd, &s);
}

/**
 * oracle() - check the servers that an input has used and not closed
 */
void oracle(void)
{
	struct procsrv_time_args t;
	unsigned int i, j;

	inputs_without_ring = program.used_uring ? 0 : inputs_without_ring + 1;
	for (i = 0; i < NR_SLOTS; i++) {
		int fd = program.slot[i].fd, server = program.slot[i].server;

		/* Handles are not servers; and each server once will do. */
		for (j = 0; j < i; j++)
			if (program.slot[j].server == server && program.slot[j].fd >= 0)
				break;
		t = (struct procsrv_time_args) { 0 };
		if (fd >= 0 && (j == i || server >= 2) && !ioctl(fd, PROCSRV_IOC_TIME, &t))
			check_server(fd);
	}
}
