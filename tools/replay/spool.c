// SPDX-License-Identifier: GPL-2.0-only
/*
 * Records that are written once and read again.
 */
#include <err.h>
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "client.h"
#include "spool.h"
#include "value.h"

enum {
	TAIL_SIZE = 1 << 18,
	WINDOW_SIZE = 1 << 16,
};

static int open_unlinked(void)
{
	const char *dir = getenv("TMPDIR");
	char *path = value_xasprintf("%s/procsrv-replay-XXXXXX",
				     dir && *dir ? dir : "/tmp");
	int fd = mkostemp(path, O_CLOEXEC);

	if (fd < 0)
		err(CLIENT_USAGE, "%s", path);
	unlink(path);
	free(path);
	return fd;
}

static void write_at(int fd, off_t at, const char *data, size_t n)
{
	ssize_t put;

	while (n) {
		put = pwrite(fd, data, n, at);
		if (put < 0 && errno == EINTR)
			continue;
		if (put <= 0)
			err(CLIENT_USAGE, "temporary file");
		data += put;
		at += put;
		n -= put;
	}
}

/* Returns the number of bytes read. */
static size_t read_at(int fd, off_t at, char *data, size_t n)
{
	size_t done = 0;
	ssize_t got;

	while (done < n) {
		got = pread(fd, data + done, n - done, at + done);
		if (got < 0 && errno == EINTR)
			continue;
		if (got < 0)
			err(CLIENT_USAGE, "temporary file");
		if (!got)
			break;
		done += got;
	}
	return done;
}

static void flush_tail(struct spool *spool)
{
	if (!spool->in_file) {
		spool->file = open_unlinked();
		spool->in_file = true;
	}
	write_at(spool->file, spool->written, spool->tail, spool->tail_len);
	spool->written += spool->tail_len;
	spool->tail_len = 0;
}

void spool_append(struct spool *spool, const void *data, size_t n)
{
	if (!spool->tail)
		spool->tail = value_xcalloc(1, TAIL_SIZE);
	if (spool->tail_len + n > TAIL_SIZE)
		flush_tail(spool);
	if (n > TAIL_SIZE) {
		write_at(spool->file, spool->written, data, n);
		spool->written += n;
		return;
	}
	memcpy(spool->tail + spool->tail_len, data, n);
	spool->tail_len += n;
}

void spool_patch(struct spool *spool, off_t at, const void *data, size_t n)
{
	const char *from = data;
	size_t in_file;

	if (at < spool->written) {
		in_file = spool->written - at;
		if (in_file > n)
			in_file = n;
		write_at(spool->file, at, from, in_file);
		/* The window may have what is changed. */
		spool->window_len = 0;
		at += in_file;
		from += in_file;
		n -= in_file;
	}
	memcpy(spool->tail + (at - spool->written), from, n);
}

static void read_file(struct spool *spool, off_t at, char *to, size_t n)
{
	if (n > WINDOW_SIZE) {
		read_at(spool->file, at, to, n);
		return;
	}
	off_t end = spool->window_at + spool->window_len;

	if (at < spool->window_at || at + (off_t)n > end) {
		/* Keep the window at the place where sequential reading goes on. */
		if (spool->window_len && (at < spool->window_at || at > end)) {
			read_at(spool->file, at, to, n);
			return;
		}
		if (!spool->window)
			spool->window = value_xcalloc(1, WINDOW_SIZE);
		spool->window_len = read_at(spool->file, at, spool->window,
					    WINDOW_SIZE);
		spool->window_at = at;
	}
	memcpy(to, spool->window + (at - spool->window_at), n);
}

void spool_read(struct spool *spool, off_t at, void *data, size_t n)
{
	char *to = data;
	size_t in_file;

	if (at < spool->written) {
		in_file = spool->written - at;
		if (in_file > n)
			in_file = n;
		read_file(spool, at, to, in_file);
		at += in_file;
		to += in_file;
		n -= in_file;
	}
	memcpy(to, spool->tail + (at - spool->written), n);
}

off_t spool_size(const struct spool *spool)
{
	return spool->written + spool->tail_len;
}

void spool_free(struct spool *spool)
{
	if (spool->in_file)
		close(spool->file);
	free(spool->tail);
	free(spool->window);
	*spool = (struct spool) {};
}
