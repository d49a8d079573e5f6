// SPDX-License-Identifier: GPL-2.0-only
/*
 * The loop of --follow
 *
 * It sleeps until there is a message of the kernel, a signal, a client of the server, or until
 * it is time to look at processes: at all of them in an interval, and at those that have just
 * changed, a little later.
 */
#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <string.h>
#include <sys/signalfd.h>
#include <unistd.h>

#include "door.h"
#include "mirror.h"

#define NS_PER_MS 1000000ULL

/* From a change to the look at it. */
#define SOON_NS (100 * NS_PER_MS)

/* Between two repairs of a loss. */
#define REPAIR_NS (200 * NS_PER_MS)

/* From the repair of a loss to its report, so that the loss is known completely. */
#define REPORT_NS (300 * NS_PER_MS)

/* How long to wait after a temporary error of the door. */
#define BACK_OFF_NS (100 * NS_PER_MS)

enum {
	POLL_MESSAGES,
	POLL_SIGNALS,
	POLL_SERVER,
	POLL_DOOR,
	NR_POLLS,
};

/**
 * struct loop - when to do what, in nanoseconds of CLOCK_MONOTONIC; 0 for never
 * @door: the door for clients of a private server
 * @signals: signalfd(2)
 * @all: when to look at all processes
 * @soon: when to look at those that have changed
 * @repair: when to read all of /proc again, at the earliest
 * @report: when to report losses
 * @door_opens: when to poll the door again
 * @repaired: messages lost when all of /proc was last read
 * @drained: there were no more messages
 */
struct loop {
	struct door door;
	int signals;
	__u64 all;
	__u64 soon;
	__u64 repair;
	__u64 report;
	__u64 door_opens;
	__u64 repaired;
	bool drained;
};

static void open_door(struct mirror *m, struct loop *loop)
{
	char error[DOOR_ERROR_SIZE];
	int err;

	if (!mirror_is_private(m))
		return;
	mirror_replace_named(m->name);
	err = door_open(&loop->door, m->name, m->server, error);
	if (err)
		fatal(CLIENT_REFUSED, "%s (%s)", error, strerrorname_np(-err));
}

static void open_signals(struct loop *loop)
{
	sigset_t set;

	sigemptyset(&set);
	sigaddset(&set, SIGINT);
	sigaddset(&set, SIGTERM);
	sigaddset(&set, SIGHUP);
	sigprocmask(SIG_BLOCK, &set, NULL);
	loop->signals = signalfd(-1, &set, SFD_CLOEXEC | SFD_NONBLOCK);
	if (loop->signals < 0)
		fatal(CLIENT_REFUSED, "signalfd: %s", strerror(errno));
}

static bool is_due(__u64 *when, __u64 now)
{
	if (!*when || now < *when)
		return false;
	*when = 0;
	return true;
}

static void repair(struct mirror *m, struct loop *loop, __u64 now)
{
	if (m->connector.overrun || m->connector.lost != loop->repaired)
		m->resync = true;
	if (!m->resync || !loop->drained || now < loop->repair)
		return;
	loop->repaired = m->connector.lost;
	mirror_resync(m);
	loop->repair = mirror_now() + REPAIR_NS;
	loop->report = mirror_now() + REPORT_NS;
}

static void look_around(struct mirror *m, struct loop *loop)
{
	__u64 now = mirror_now();

	repair(m, loop, now);
	if (is_due(&loop->all, now)) {
		mirror_sync(m, true, loop->drained);
		loop->soon = 0;
	} else if (is_due(&loop->soon, now)) {
		mirror_sync(m, false, loop->drained);
	}
	if (is_due(&loop->report, now) && !mirror_report_lost(m))
		loop->report = mirror_now() + REPORT_NS;
	now = mirror_now();
	if (!loop->all)
		loop->all = now + m->interval * NS_PER_MS;
	if (m->restless && !loop->soon)
		loop->soon = now + SOON_NS;
}

static void find_earlier(__u64 *next, __u64 when)
{
	if (when && when < *next)
		*next = when;
}

static int timeout_ms(const struct mirror *m, const struct loop *loop)
{
	__u64 next = loop->all, now = mirror_now();

	if (!loop->drained)
		return 0;
	find_earlier(&next, loop->soon);
	find_earlier(&next, loop->report);
	find_earlier(&next, loop->door_opens);
	if (m->resync)
		find_earlier(&next, loop->repair);
	return next <= now ? 0 : (next - now + NS_PER_MS - 1) / NS_PER_MS;
}

/* Returns false if the loop has to end. */
static bool serve(struct mirror *m, struct loop *loop)
{
	struct pollfd fds[NR_POLLS] = {
		[POLL_MESSAGES] = { .fd = m->connector.fd, .events = POLLIN },
		[POLL_SIGNALS] = { .fd = loop->signals, .events = POLLIN },
		[POLL_SERVER] = { .fd = m->server, .events = POLLPRI },
		[POLL_DOOR] = { .fd = -1, .events = POLLIN },
	};
	int err;

	is_due(&loop->door_opens, mirror_now());
	if (mirror_is_private(m) && !loop->door_opens)
		fds[POLL_DOOR].fd = door_fd(&loop->door);
	if (poll(fds, NR_POLLS, timeout_ms(m, loop)) < 0)
		return errno == EINTR;
	if (fds[POLL_SIGNALS].revents)
		return false;
	loop->drained = mirror_drain(m);
	if (fds[POLL_SERVER].revents & POLLPRI && !mirror_take_signals(m))
		return false;
	if (fds[POLL_DOOR].revents) {
		err = door_serve(&loop->door);
		loop->door_opens = err ? mirror_now() + BACK_OFF_NS : 0;
	}
	look_around(m, loop);
	table_free_removed(&m->table);
	return true;
}

void mirror_follow(struct mirror *m)
{
	struct loop loop = {};

	open_signals(&loop);
	open_door(m, &loop);
	m->live = true;
	m->restless = true;
	look_around(m, &loop);
	while (serve(m, &loop))
		;
	if (mirror_is_private(m))
		door_close(&loop.door);
	else
		mirror_clear(m);
	connector_close(&m->connector);
}
