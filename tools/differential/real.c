// SPDX-License-Identifier: GPL-2.0-only
/*
 * The real world, seen from the driver.
 */
#include <errno.h>
#include <fcntl.h>
#include <linux/capability.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/sendfile.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "real.h"

/* Longer than a shared, emulated machine needs for any step. */
#define LATE_S	60

static int copy_program(void)
{
	int from = open("/proc/self/exe", O_RDONLY | O_CLOEXEC);
	int to = memfd_create("puppet", 0);
	ssize_t n;

	if (from < 0 || to < 0)
		return -errno;
	while ((n = sendfile(to, from, NULL, 1 << 20)) > 0)
		;
	close(from);
	return n < 0 ? -errno : to;
}

int real_open(struct real *r)
{
	r->program = copy_program();
	if (r->program < 0)
		return r->program;
	r->fd = memfd_create("boxes", 0);
	if (r->fd < 0 ||
	    ftruncate(r->fd, PUPPET_BOXES * sizeof(struct box)))
		return -errno;
	r->boxes = puppet_boxes(r->fd);
	if (!r->boxes)
		return -errno;
	/* Processes that are left when an init dies are reparented to the driver. */
	return prctl(PR_SET_CHILD_SUBREAPER, 1) ? -errno : 0;
}

pid_t real_spawn_init(struct real *r, bool hosted)
{
	struct reply reply;
	pid_t pid;

	real_prepare_box(r, 0);
	r->boxes->commands = 1;
	r->boxes->begun = 1;
	pid = fork();
	if (!pid)
		puppet_init(r->boxes, r->fd, r->program, hosted);
	if (pid < 0)
		return -errno;
	if (!real_reply(r, 0, &reply, LATE_S * 1000000000L))
		return -ETIMEDOUT;
	return reply.value < 0 ? reply.value : pid;
}

void real_clear(void)
{
	while (waitpid(-1, NULL, 0) > 0 || errno != ECHILD)
		;
}

void real_prepare_box(struct real *r, int index)
{
	r->boxes[index] = (struct box) { .driver = getpid() };
}

void real_command(struct real *r, int index, const struct command *c)
{
	struct box *box = &r->boxes[index];

	box->command = *c;
	__atomic_add_fetch(&box->commands, 1, __ATOMIC_RELEASE);
	futex_wake(&box->commands);
}

bool real_has_replied(const struct real *r, int index)
{
	const struct box *box = &r->boxes[index];

	return __atomic_load_n(&box->replies, __ATOMIC_ACQUIRE) ==
	       box->commands;
}

bool real_reply(struct real *r, int index, struct reply *reply, long ns)
{
	struct box *box = &r->boxes[index];
	__u32 replies;

	for (;;) {
		replies = __atomic_load_n(&box->replies, __ATOMIC_ACQUIRE);
		if (replies == box->commands)
			break;
		if (!futex_wait(&box->replies, replies, ns))
			return false;
	}
	*reply = box->reply;
	return true;
}

bool real_late(const struct timespec *since)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return now.tv_sec - since->tv_sec > LATE_S;
}

int view_open(pid_t pid)
{
	char path[64];
	int fd;

	snprintf(path, sizeof(path), "/proc/%d/status", pid);
	fd = open(path, O_RDONLY | O_CLOEXEC);
	return fd < 0 ? -errno : fd;
}

static enum life life_from(char letter)
{
	switch (letter) {
	case 'T':
		return LIFE_STOPPED;
	case 'Z':
		return LIFE_ZOMBIE;
	case 'X':
		return LIFE_GOING;
	default:
		return LIFE_RUNNING;
	}
}

/* The value of a line, or NULL; the search begins at *@at, which moves there. */
static const char *value(const char **at, const char *name)
{
	const char *line = strstr(*at, name);

	if (!line)
		return NULL;
	*at = line + strlen(name);
	return *at + strspn(*at, "\t ");
}

/* The lines are always in this order. */
static bool parse_status(const char *buf, struct look *look)
{
	const char *state = value(&buf, "\nState:");
	const char *ppid = state ? value(&buf, "\nPPid:") : NULL;
	const char *uid = ppid ? value(&buf, "\nUid:") : NULL;
	const char *pgid = uid ? value(&buf, "\nNSpgid:") : NULL;
	const char *sid = pgid ? value(&buf, "\nNSsid:") : NULL;
	const char *own = sid ? value(&buf, "\nSigPnd:") : NULL;
	const char *shared = own ? value(&buf, "\nShdPnd:") : NULL;
	const char *effective = shared ? value(&buf, "\nCapEff:") : NULL;

	if (!effective || sscanf(uid, "%u %u %u", &look->ruid, &look->euid,
				 &look->suid) != 3)
		return false;
	look->life = life_from(*state);
	look->asleep = *state == 'S';
	look->ppid = strtol(ppid, NULL, 10);
	look->pgid = strtol(pgid, NULL, 10);
	look->sid = strtol(sid, NULL, 10);
	look->pending = strtoull(own, NULL, 16) | strtoull(shared, NULL, 16);
	look->kills = strtoull(effective, NULL, 16) & (1ULL << CAP_KILL);
	return true;
}

static bool look_once(int view, struct look *look)
{
	char buf[4096];
	ssize_t n;

	n = pread(view, buf, sizeof(buf) - 1, 0);
	*look = (struct look) { .life = LIFE_GONE };
	/* The status of a process that was waited for cannot be read. */
	if (n < 0)
		return errno == ESRCH;
	buf[n] = '\0';
	return !n || parse_status(buf, look);
}

/* A process that leaves no zombie can be seen while it exits. */
bool view_look(int view, struct look *look)
{
	struct timespec since;

	clock_gettime(CLOCK_MONOTONIC, &since);
	do {
		if (!look_once(view, look))
			return false;
		if (look->life != LIFE_GOING)
			return true;
		sched_yield();
	} while (!real_late(&since));
	return false;
}
