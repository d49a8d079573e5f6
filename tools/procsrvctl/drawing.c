// SPDX-License-Identifier: GPL-2.0-only
/*
 * Drawing events: the files, and the signals that end it.
 */
#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <string.h>
#include <sys/signalfd.h>
#include <unistd.h>

#include "drawing.h"

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
	timeline_server_begin(&drawing->server, device(),
			      "processes of the server");
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
	struct timeline *tl = drawing->server.tl;
	const char *failed;
	bool ok;

	timeline_server_end(&drawing->server);
	ok = timeline_write(&drawing->files, tl, &failed);
	if (!ok)
		complain("%s: %s", failed, strerror(errno));
	timeline_free(tl);
	close(drawing->signals);
	return ok ? CLIENT_OK : CLIENT_USAGE;
}
