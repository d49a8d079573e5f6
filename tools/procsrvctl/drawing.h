/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Drawing what happens: the events of the server, on top of a listing, as a
 * timeline.
 */
#ifndef PROCSRVCTL_DRAWING_H
#define PROCSRVCTL_DRAWING_H

#include "procsrvctl.h"
#include "timeline/timeline.h"

/**
 * struct drawing - a timeline in the making
 * @files: what it is to be written to
 * @tl: the timeline
 * @details: of the process that was asked about last
 * @signals: a descriptor that is readable after SIGINT or SIGTERM
 */
struct drawing {
	struct timeline_files files;
	struct timeline *tl;
	struct procsrv_details details;
	int signals;
};

/**
 * drawing_begin() - create the files, and hold back signals that end it
 * @svg: name of a file, or NULL
 * @perfetto: the same
 *
 * Exits if a file cannot be created.
 */
void drawing_begin(struct drawing *drawing, const char *svg,
		   const char *perfetto);

/**
 * drawing_process() - a process of a listing
 * @time: of the listing, in microseconds
 *
 * One that is in the timeline is the same as before.
 */
void drawing_process(struct drawing *drawing, const struct procsrv_info *info,
		     __u64 time);

/**
 * drawing_listed() - a listing has ended
 * @time: when it began
 * @nr_known: processes of the timeline when it began
 *
 * What was known then, and is there no more, has gone unseen.
 */
void drawing_listed(struct drawing *drawing, __u64 time, size_t nr_known);

void drawing_event(struct drawing *drawing, const struct procsrv_event *event);

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
