// SPDX-License-Identifier: GPL-2.0-only
/*
 * Lines that programs print, for the log
 */
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "supervise.h"

/* A longer line becomes several. */
#define OUTPUT_LINE_MAX 2048

/* A pipe holds 64 KiB, of which each read takes a part. */
#define READ_SIZE 16384
#define PIPE_READS (65536 / READ_SIZE)

static void end_line(struct service *service)
{
	struct real *real = &service->real;

	real->line[real->line_len] = '\0';
	tell_output(service, real->line);
	real->line_len = 0;
}

static void add_text(struct service *service, const char *text, size_t len)
{
	struct real *real = &service->real;
	size_t i;

	for (i = 0; i < len; i++) {
		if (text[i] != '\n')
			real->line[real->line_len++] = text[i];
		if (text[i] == '\n' || real->line_len == OUTPUT_LINE_MAX)
			end_line(service);
	}
}

/* Reads once; returns what read(2) does. */
static ssize_t read_output(struct service *service)
{
	char text[READ_SIZE];
	ssize_t n = read(service->real.log.fd, text, sizeof(text));

	if (n > 0)
		add_text(service, text, n);
	return n;
}

static void close_output(struct supervisor *sup, struct service *service)
{
	struct real *real = &service->real;

	if (real->line_len)
		end_line(service);
	unwatch(sup, &real->log);
	close(real->log.fd);
	real->log.fd = -1;
	free(real->line);
	real->line = NULL;
}

static void output_ready(struct supervisor *sup, struct source *source)
{
	struct service *service = (struct service *)
		((char *)source - offsetof(struct service, real.log));

	if (log_is_full()) {
		unwatch(sup, source);
		service->real.held = true;
	} else if (!read_output(service)) {
		close_output(sup, service);
	}
}

void resume_output(struct supervisor *sup)
{
	struct real *real;
	size_t i;

	for (i = 0; i < sup->services.nr; i++) {
		real = &sup->services.list[i]->real;
		if (real->held && real->log.fd >= 0)
			watch(sup, &real->log);
		real->held = false;
	}
}

static bool is_logged(const struct stream *stream)
{
	return !stream->path && !stream->inherited;
}

int begin_output(struct supervisor *sup, struct service *service, int *log)
{
	struct real *real = &service->real;
	int fds[2];

	if (!is_logged(&service->config.output) &&
	    !is_logged(&service->config.error))
		return 0;
	if (pipe2(fds, O_CLOEXEC))
		return -errno;
	fcntl(fds[0], F_SETFL, O_NONBLOCK);
	real->log = (struct source) { .fd = fds[0], .ready = output_ready };
	real->line = need(malloc(OUTPUT_LINE_MAX + 1));
	real->line_len = 0;
	real->held = false;
	watch(sup, &real->log);
	*log = fds[1];
	return 0;
}

void end_output(struct supervisor *sup, struct service *service)
{
	int i;

	if (service->real.log.fd < 0)
		return;
	/* A process that has escaped may write without end. */
	for (i = 0; i < PIPE_READS && read_output(service) > 0; i++)
		;
	close_output(sup, service);
}
