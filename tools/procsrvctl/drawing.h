/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Drawing the events of the server, on top of a listing, as a timeline.
 */
#ifndef PROCSRVCTL_DRAWING_H
#define PROCSRVCTL_DRAWING_H

#include "procsrvctl.h"
#include "timeline/timeline.h"
#include "timeline_server.h"

/**
 * struct drawing - a timeline in the making
 * @files: the files that it is written to
 * @server: the timeline
 * @signals: a descriptor that is readable after SIGINT or SIGTERM
 */
struct drawing {
	struct timeline_files files;
	struct timeline_server server;
	int signals;
};

/**
 * drawing_begin() - create the files, and block signals that end it
 * @svg: name of a file, or NULL
 * @perfetto: the same
 *
 * Exits if a file cannot be created.
 */
void drawing_begin(struct drawing *drawing, const char *svg,
		   const char *perfetto);

/**
 * drawing_await() - sleep until there are events
 *
 * Return: 0; -ETIMEDOUT when the deadline has passed; -EINTR after a signal
 * that ends the drawing.
 */
int drawing_await(struct drawing *drawing, const struct deadline *deadline);

/**
 * drawing_end() - write the files
 *
 * Return: an exit status.
 */
int drawing_end(struct drawing *drawing);

#endif /* PROCSRVCTL_DRAWING_H */
