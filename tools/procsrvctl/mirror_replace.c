// SPDX-License-Identifier: GPL-2.0-only
/*
 * A mirror replaces an earlier one
 *
 * In the server of the device each mirror has a process that stands for it, of its user. A mirror
 * with --follow is the host of the processes it has made, and ends when that process is sent
 * SIGTERM. A mirror without leaves the pids that it has made in the command line of that process:
 * pids are never used twice there.
 *
 * A private server belongs to the program that has the door.
 */
#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/pidfd.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

#include "door.h"
#include "mirror.h"

/* How long to wait for another mirror to end. */
#define PATIENCE_MS 5000

enum {
	SIGNAL_TERM = 15,
};

static void reap(const struct mirror *m, __u64 pid)
{
	struct procsrv_wait_args args = {
		.parent = PROCSRV_INIT_PID,
		.id = pid,
		.which = PROCSRV_WAIT_PID,
		.what = PROCSRV_WAIT_EXITED,
		.flags = PROCSRV_WAIT_NOHANG | PROCSRV_WAIT_WALL,
	};

	procsrv_wait(m->server, &args);
}

/*
 * The processes of another mirror
 */

/* End all before reaping any: then their zombies are children of init. */
static void remove_ranges(const struct mirror *m,
			  const struct procsrv_details *details)
{
	const char *end = details->argv + details->info.argv_len, *word;
	unsigned long long first, last, pid;
	int pass;

	for (pass = 0; pass < 2; pass++)
		for (word = details->argv; word < end; word += strlen(word) + 1) {
			if (sscanf(word, "%llu-%llu", &first, &last) != 2)
				continue;
			for (pid = first; pid <= last; pid++)
				if (pass)
					reap(m, pid);
				else
					procsrv_terminate(m->server, pid, 0, SIGKILL);
		}
}

/**
 * struct former - a mirror that is in the server
 * @m: the new one
 * @marker: its process, or 0
 */
struct former {
	const struct mirror *m;
	__u64 marker;
};

static int find_marker(const struct procsrv_info *info, void *data)
{
	struct former *former = data;

	if (info->uid != geteuid() || strcmp(info->name, MIRROR_NAME))
		return 0;
	former->marker = info->pid;
	return 1;
}

/* The host was killed, and with it the processes that it had made. */
static int reap_hosted(const struct procsrv_info *info, void *data)
{
	const struct former *former = data;

	if (info->state == PROCSRV_ZOMBIE && info->ppid == PROCSRV_INIT_PID &&
	    info->flags & PROCSRV_INFO_HOSTED && info->pid > former->marker)
		reap(former->m, info->pid);
	return 0;
}

static void await_end(const struct mirror *m, __u64 marker)
{
	struct pollfd handle = {
		.fd = procsrv_open_process(m->server, marker, 0),
		.events = POLLIN,
	};

	if (handle.fd < 0)
		return;
	procsrv_signal(m->server, 0, PROCSRV_TARGET_PID, marker, SIGNAL_TERM,
		       NULL);
	if (!poll(&handle, 1, PATIENCE_MS))
		fatal(CLIENT_REFUSED, "the mirror %llu does not end (ETIMEDOUT)",
		      marker);
	close(handle.fd);
}

static void remove_former(struct former *former)
{
	const struct mirror *m = former->m;
	struct procsrv_details details = {};

	if (!procsrv_get_details(m->server, former->marker, &details) &&
	    details.info.flags & PROCSRV_INFO_HOSTED) {
		await_end(m, former->marker);
		procsrv_for_each(m->server, PROCSRV_LIST_ALL, 0, reap_hosted,
				 former);
	} else {
		remove_ranges(m, &details);
		procsrv_terminate(m->server, former->marker, 0, SIGKILL);
	}
	reap(m, former->marker);
	procsrv_free_details(&details);
}

void mirror_replace(struct mirror *m)
{
	struct former former = { .m = m };
	__u64 last;

	/* One that cannot be removed is not tried twice. */
	do {
		last = former.marker;
		former.marker = 0;
		procsrv_for_each(m->server, PROCSRV_LIST_ALL, 0, find_marker,
				 &former);
		if (former.marker && former.marker != last)
			remove_former(&former);
	} while (former.marker && former.marker != last);
}

/*
 * The processes of this mirror
 */

static void add_range(struct strings *list, __u64 first, __u64 last)
{
	char word[64];

	snprintf(word, sizeof(word), "%llu-%llu", first, last);
	strings_add(list, word);
}

static void list_ranges(const struct mirror *m, struct strings *list)
{
	__u64 first = 0, last = 0;
	const struct record *r;

	TAILQ_FOREACH(r, &m->table.list, all) {
		if (r == m->init)
			continue;
		if (first && r->copy == last + 1) {
			last++;
			continue;
		}
		if (first)
			add_range(list, first, last);
		first = r->copy;
		last = r->copy;
	}
	if (first)
		add_range(list, first, last);
}

void mirror_mark(struct mirror *m)
{
	struct linux_process p = {
		.name = MIRROR_NAME,
		.credentials = { .euid = geteuid(), .egid = getegid() },
	};

	m->cmdline.len = 0;
	m->environ.len = 0;
	strings_add(&m->cmdline, MIRROR_NAME);
	if (!m->follow)
		list_ranges(m, &m->cmdline);
	m->marker = mirror_create(m, PROCSRV_INIT_PID, &p, 0);
}

void mirror_clear(struct mirror *m)
{
	const struct record *r;

	TAILQ_FOREACH(r, &m->table.list, all)
		if (r != m->init)
			procsrv_terminate(m->server, r->copy, 0, SIGKILL);
	TAILQ_FOREACH(r, &m->table.list, all)
		if (r != m->init)
			reap(m, r->copy);
	procsrv_terminate(m->server, m->marker, 0, 0);
	reap(m, m->marker);
}

/*
 * By its name
 */

/* The process that listens at the door; 0 if there is none. */
static pid_t find_door(const char *name)
{
	char error[DOOR_ERROR_SIZE];
	int dir = door_directory(false, error), client;
	struct ucred cred = {};
	socklen_t size = sizeof(cred);

	if (dir < 0)
		return 0;
	client = door_connect(dir, name, SOCK_NONBLOCK);
	close(dir);
	if (client < 0)
		return 0;
	if (getsockopt(client, SOL_SOCKET, SO_PEERCRED, &cred, &size))
		cred.pid = 0;
	close(client);
	return cred.pid;
}

/* A server of this name that belongs to another program is not replaced. */
static bool is_mirror(pid_t pid)
{
	struct strings cmdline = {};
	struct stat own, other;
	struct machine proc;
	char path[64];
	size_t i;
	bool found = false;

	snprintf(path, sizeof(path), "/proc/%d/exe", pid);
	if (stat(path, &other) || stat("/proc/self/exe", &own) ||
	    own.st_dev != other.st_dev || own.st_ino != other.st_ino)
		return false;
	machine_open(&proc, "/proc");
	if (machine_strings(&proc, pid, "cmdline", &cmdline))
		for (i = 0; i < cmdline.len; i += strlen(cmdline.data + i) + 1)
			found |= !strcmp(cmdline.data + i, "mirror");
	close(proc.proc);
	free(cmdline.data);
	return found;
}

void mirror_replace_named(const char *name)
{
	struct pollfd process = { .events = POLLIN };
	pid_t pid = find_door(name);

	if (!pid || !is_mirror(pid))
		return;
	process.fd = pidfd_open(pid, 0);
	/* It still listens, so the descriptor refers to it, and not to a later process. */
	if (process.fd >= 0 && find_door(name) == pid) {
		pidfd_send_signal(process.fd, SIGTERM, NULL, 0);
		pidfd_send_signal(process.fd, SIGCONT, NULL, 0);
		if (!poll(&process, 1, PATIENCE_MS))
			fatal(CLIENT_REFUSED, "the mirror '%s' does not end (ETIMEDOUT)",
			      name);
	}
	if (process.fd >= 0)
		close(process.fd);
}
