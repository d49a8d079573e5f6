/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The events of a server as a timeline.
 */
#ifndef PROCSRV_TIMELINE_SERVER_H
#define PROCSRV_TIMELINE_SERVER_H

#include <procsrv.h>

#include "timeline/timeline.h"

/**
 * struct timeline_server - a timeline of the events of a server
 * @fd: the server
 * @tl: the timeline
 * @details: of the process that was queried last
 */
struct timeline_server {
	int fd;
	struct timeline *tl;
	struct procsrv_details details;
};

/**
 * timeline_server_begin() - an empty timeline
 * @fd: the server
 * @title: its title; copied
 */
void timeline_server_begin(struct timeline_server *server, int fd,
			   const char *title);

/**
 * timeline_server_process() - a process of a listing
 * @time: of the listing, in microseconds
 *
 * A process that is in the timeline already remains the same.
 */
void timeline_server_process(struct timeline_server *server,
			     const struct procsrv_info *info, __u64 time);

/**
 * timeline_server_listed() - a listing has ended
 * @time: when it began
 * @nr_known: processes of the timeline when it began
 *
 * Processes that were known then, but are not there any more, have gone unseen.
 */
void timeline_server_listed(struct timeline_server *server, __u64 time,
			    size_t nr_known);

void timeline_server_event(struct timeline_server *server,
			   const struct procsrv_event *event);

/**
 * timeline_server_end() - end the timeline at the time of the server
 *
 * The timeline remains.
 */
void timeline_server_end(struct timeline_server *server);

#endif /* PROCSRV_TIMELINE_SERVER_H */
