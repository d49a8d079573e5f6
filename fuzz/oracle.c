// SPDX-License-Identifier: GPL-2.0-only
/*
 * Invariants that hold after an input, as seen from user space
 *
 * The statistics, the lists, and the information about single processes, sessions and groups must
 * agree once no actor uses the server.
 */
#include <errno.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include "fuzz.h"

enum {
	NR_INFOS = MAX_PROCESSES + 8,

	/* Attempts to read a consistent state of a server, and the time between two. */
	NR_LOOKS = 1000,
	LOOK_US = 1000,
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
	/* A process that was created is listed, or has exited and was reaped. */
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
	/* Requests of a ring may still be in flight. */
	if (n[PROCSRV_WAITING] && !program.used_uring)
		finding("a process is WAITING, and no wait is in progress");
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

static bool has_pending(const struct procsrv_info *p, int signo)
{
	return p->pending & 1ULL << (signo - 1);
}

/* Signals do not act on a hosted process by themselves, and are not pending once it exits. */
static void check_hosted(const struct procsrv_info *p)
{
	bool exiting = p->flags & PROCSRV_INFO_EXITING;
	bool stopped = p->state == PROCSRV_STOPPED;

	if (p->pid == PROCSRV_INIT_PID)
		finding("init is hosted");
	if (exiting && (p->pending || stopped))
		finding("process %llu exits, in state %u, with %#llx pending", p->pid, p->state,
			p->pending);
	if (has_pending(p, 18) && p->pending & 0x3c0000)
		finding("SIGCONT and what stops is pending to %llu: %#llx", p->pid, p->pending);
	if (p->state == PROCSRV_ZOMBIE) {
		if (p->pending)
			finding("zombie %llu has %#llx pending", p->pid, p->pending);
		if ((p->exit_signal & ~PROCSRV_CORE_DUMP) > 64)
			finding("zombie %llu has ended by %#x", p->pid, p->exit_signal);
		return;
	}
	if (stopped ? p->exit_signal < 19 || p->exit_signal > 22 : p->exit_signal)
		finding("process %llu in state %u was stopped by %u", p->pid, p->state,
			p->exit_signal);
	if (!(p->flags & PROCSRV_INFO_TIED))
		finding("process %llu is hosted and not tied", p->pid);
}

static void check_others(const struct procsrv_info *p)
{
	if (p->flags & PROCSRV_INFO_EXITING)
		finding("process %llu is exiting and has no host", p->pid);
	if (has_pending(p, 9) || has_pending(p, 15) || has_pending(p, 18) || has_pending(p, 19))
		finding("what acts at once is pending to %llu: %#llx", p->pid, p->pending);
	if (p->exit_signal > 64 || (p->exit_signal && p->state != PROCSRV_ZOMBIE))
		finding("process %llu in state %u has exit signal %u", p->pid, p->state,
			p->exit_signal);
}

static void check_modes(void)
{
	unsigned int i;

	for (i = 0; i < nr_infos; i++) {
		if (infos[i].flags & PROCSRV_INFO_HOSTED)
			check_hosted(&infos[i]);
		else
			check_others(&infos[i]);
		if (infos[i].flags & PROCSRV_INFO_CLONE && infos[i].flags & PROCSRV_INFO_EXECED)
			finding("process %llu has called exec and is a clone child", infos[i].pid);
	}
}

/*
 * With POSIX ids, the id of a session or group is the pid of its leader. A process with that pid is
 * in that session, or in the session of that group.
 */
static void check_posix(int fd)
{
	unsigned int i;

	for (i = 0; i < nr_infos; i++) {
		struct procsrv_session_args session = { .sid = infos[i].sid };
		struct procsrv_group_args group = { .pgid = infos[i].pgid };
		const struct procsrv_info *leader = find(session.sid);

		if (session.sid) {
			call(fd, PROCSRV_IOC_SESSION, &session, "SESSION");
			if (session.leader != session.sid)
				finding("session %u is led by %llu", session.sid, session.leader);
		}
		if (leader && leader->sid != leader->pid)
			finding("process %llu is not in the session with its pid", leader->pid);
		if (!group.pgid)
			continue;
		call(fd, PROCSRV_IOC_GROUP, &group, "GROUP");
		leader = find(group.pgid);
		if (group.leader != group.pgid)
			finding("group %u is led by %llu", group.pgid, group.leader);
		if (leader && leader->sid != group.sid)
			finding("process %llu is in another session than the group with its pid",
				leader->pid);
	}
}

/* A session with a foreground group has a terminal, and the group has a member in the session. */
static void check_foreground(const struct procsrv_session_args *session)
{
	unsigned int i;

	if (!session->foreground)
		return;
	for (i = 0; i < nr_infos; i++)
		if (infos[i].pgid == session->foreground && infos[i].sid == session->sid)
			break;
	if (i == nr_infos || !session->terminal_size)
		finding("session %u with %u bytes of terminal has foreground group %u",
			session->sid, session->terminal_size, session->foreground);
}

static unsigned int members(__u32 id, bool group)
{
	unsigned int i, n = 0;

	for (i = 0; i < nr_infos; i++)
		n += (group ? infos[i].pgid : infos[i].sid) == id;
	return n;
}

/* Each session and group is checked once, for its member with the lowest pid. */
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
			check_foreground(&session);
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
 * Requests of a closed ring end asynchronously, and a process is WAITING until then. So this
 * repeats until the state did not change between two looks at the statistics.
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
	finding("an unused server changes");
}

static struct procsrv_info info_of(int fd, __u64 pid)
{
	struct procsrv_info info = { 0 };
	struct procsrv_info_args args = {
		.pid = pid, .info = (uintptr_t)&info, .info_size = sizeof(info),
	};

	call(fd, PROCSRV_IOC_INFO, &args, "INFO");
	return info;
}

/* The signal becomes pending, and changes nothing else. */
static void probe_signal(int fd, const struct procsrv_info *p, int signo)
{
	struct procsrv_signal_args args = { .id = p->pid, .signo = signo };
	bool exiting = p->flags & PROCSRV_INFO_EXITING;
	struct procsrv_info now;

	call(fd, PROCSRV_IOC_SIGNAL, &args, "SIGNAL");
	now = info_of(fd, p->pid);
	if (now.state != p->state || now.flags != p->flags || now.exit_signal != p->exit_signal)
		finding("signal %d has made %u of hosted process %llu in state %u", signo,
			now.state, p->pid, p->state);
	if (exiting == has_pending(&now, signo))
		finding("signal %d to hosted process %llu, with flags %#x: %#llx is pending",
			signo, p->pid, p->flags, now.pending);
}

/* The host can terminate a hosted process in any state, with PROCSRV_CORE_DUMP. */
static void probe_end(int fd, const struct procsrv_info *p)
{
	const struct procsrv_info *parent = find(p->ppid);
	struct procsrv_terminate_args end = {
		.pid = p->pid, .exit_code = 5, .exit_signal = PROCSRV_CORE_DUMP | 11,
	};
	struct procsrv_info now;

	call(fd, PROCSRV_IOC_TERMINATE, &end, "TERMINATE");
	if (parent->flags & PROCSRV_INFO_AUTOREAP && !(p->flags & PROCSRV_INFO_CLONE)) {
		if (!ioctl(fd, PROCSRV_IOC_TERMINATE, &end) || errno != ESRCH)
			finding("process %llu should have been reaped", p->pid);
		return;
	}
	now = info_of(fd, p->pid);
	if (now.state != PROCSRV_ZOMBIE || now.exit_signal != end.exit_signal || now.pending)
		finding("hosted process %llu has ended: state %u, exit signal %#x", p->pid,
			now.state, now.exit_signal);
}

/* In descending order, because children mostly have higher pids than their parents. */
static void probe_hosted(int fd)
{
	unsigned int i;

	for (i = nr_infos; i-- > 0;) {
		struct procsrv_info p = infos[i];

		if (!(p.flags & PROCSRV_INFO_HOSTED) || p.state == PROCSRV_ZOMBIE)
			continue;
		probe_signal(fd, &p, 9);
		probe_signal(fd, &p, 18);
		probe_signal(fd, &p, 19);
		probe_end(fd, &p);
		/* Its children have been reparented. */
		list_all(fd);
		if (i > nr_infos)
			i = nr_infos;
	}
}

/* A server that refuses new processes has only init. */
static void probe_create(int fd)
{
	struct procsrv_create_args args = {
		.parent = PROCSRV_INIT_PID, .name = (uintptr_t)"probe",
	};

	if (ioctl(fd, PROCSRV_IOC_CREATE, &args) && errno == ESHUTDOWN && nr_infos != 1)
		finding("a server that was closed has %u processes", nr_infos);
}

/* Requests of a ring may still run, and change the state. */
static void probe(int fd)
{
	if (program.used_uring)
		return;
	probe_create(fd);
	probe_hosted(fd);
}

/* Only with POSIX ids can init wait for the group 0, its own, where it has no children. */
static bool has_posix_ids(int fd)
{
	struct procsrv_wait_args wait = {
		.parent = PROCSRV_INIT_PID, .which = PROCSRV_WAIT_PGID,
		.what = PROCSRV_WAIT_EXITED, .flags = PROCSRV_WAIT_NOHANG,
	};

	return ioctl(fd, PROCSRV_IOC_WAIT, &wait) && errno == ECHILD;
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
	check_modes();
	if (has_posix_ids(fd))
		check_posix(fd);
}

/**
 * oracle() - check the servers that an input has used and not closed
 */
void oracle(void)
{
	struct procsrv_time_args t;
	unsigned int i, j;

	for (i = 0; i < NR_SLOTS; i++) {
		int fd = program.slot[i].fd, server = program.slot[i].server;

		/* Skip handles, which are not servers, and servers that were checked already. */
		for (j = 0; j < i; j++)
			if (program.slot[j].server == server && program.slot[j].fd >= 0)
				break;
		t = (struct procsrv_time_args) { 0 };
		if (fd < 0 || (j != i && server < 2) || ioctl(fd, PROCSRV_IOC_TIME, &t))
			continue;
		check_server(fd);
		if (server != 1)
			probe(fd);
	}
}
