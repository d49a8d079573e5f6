// SPDX-License-Identifier: GPL-2.0-only
/*
 * Where the log goes
 *
 * A pipe or a terminal may be full, because its reader is slow, or has stopped. The supervisor
 * does not wait for it: lines that do not fit are kept until they do. Meanwhile it does not read
 * the output of programs, so that these wait for the reader, as they would without a supervisor.
 * Its own lines are kept up to a limit; a later line says how many were lost beyond that.
 */
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "supervise.h"

#define KEPT_MAX 1048576

/* How long to wait for a slow reader at the end of the supervisor. */
#define PATIENCE_MS 1000

/**
 * struct writer - the log, if it is a pipe or a terminal
 * @sup: the supervisor, whose loop waits for room
 * @source: not blocking
 * @kept: text that does not fit yet
 * @begin: the first byte of @kept that is left
 * @end: behind the last byte
 * @lost: lines for which there was no room at @kept
 */
static struct {
	struct supervisor *sup;
	struct source source;
	char kept[KEPT_MAX];
	size_t begin;
	size_t end;
	unsigned long long lost;
} writer = { .source.fd = -1 };

bool log_is_full(void)
{
	return writer.begin != writer.end;
}

/* False if there is no reader any more. */
static bool write_kept(void)
{
	bool gone;
	ssize_t n;

	while (log_is_full()) {
		n = write(writer.source.fd, writer.kept + writer.begin,
			  writer.end - writer.begin);
		if (n > 0)
			writer.begin += n;
		else if (errno == EAGAIN)
			return true;
		else if (errno != EINTR)
			break;
	}
	gone = log_is_full();
	writer.begin = 0;
	writer.end = 0;
	return !gone;
}

static bool keep_text(const char *text, size_t size)
{
	if (writer.end + size > KEPT_MAX) {
		memmove(writer.kept, writer.kept + writer.begin,
			writer.end - writer.begin);
		writer.end -= writer.begin;
		writer.begin = 0;
	}
	if (writer.end + size > KEPT_MAX)
		return false;
	memcpy(writer.kept + writer.end, text, size);
	writer.end += size;
	return true;
}

/* The text is always one or more complete lines. */
static ssize_t write_text(void *cookie __attribute__((unused)),
			  const char *text, size_t size)
{
	bool was_full = log_is_full();

	if (!keep_text(text, size)) {
		writer.lost++;
		return size;
	}
	if (was_full)
		return size;
	if (!write_kept())
		return 0;
	if (log_is_full())
		watch_room(writer.sup, &writer.source);
	return size;
}

static void room_ready(struct supervisor *sup, struct source *source)
{
	unsigned long long lost = writer.lost;

	write_kept();
	if (log_is_full())
		return;
	unwatch(sup, source);
	writer.lost = 0;
	if (lost)
		tell(server_time(), NULL, "lost-lines",
		     "%llu line%s missing here: not read", lost,
		     client_plural(lost, "s"));
	resume_output(sup);
}

/* Uses a new descriptor, because other processes may use the old one, blocking. */
void begin_log(struct supervisor *sup)
{
	const cookie_io_functions_t functions = { .write = write_text };
	struct stat st;
	FILE *file;
	int fd;

	if (fstat(STDOUT_FILENO, &st) ||
	    !(S_ISFIFO(st.st_mode) || S_ISCHR(st.st_mode)))
		return;
	fd = open("/proc/self/fd/1",
		  O_WRONLY | O_NONBLOCK | O_NOCTTY | O_CLOEXEC);
	if (fd < 0)
		return;
	file = need(fopencookie(NULL, "w", functions));
	/* A line is written when it is complete: the longest one fits. */
	setvbuf(file, NULL, _IOFBF, 1 << 16);
	writer.sup = sup;
	writer.source = (struct source) { .fd = fd, .ready = room_ready };
	stdout = file;
}

void end_log(void)
{
	struct pollfd room = { .fd = writer.source.fd, .events = POLLOUT };

	while (log_is_full() && poll(&room, 1, PATIENCE_MS) > 0)
		write_kept();
}
