/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * An event of the server as JSON
 */
#ifndef PROCSRV_EVENT_JSON_H
#define PROCSRV_EVENT_JSON_H

#include <linux/procsrv.h>

struct json_object;

/**
 * event_json() - make an object of an event
 * @event: the event
 *
 * The fields are those of struct procsrv_event; a number that has a name has a field
 * for the name, too.
 *
 * Return: NULL if there is no memory.
 */
struct json_object *event_json(const struct procsrv_event *event);

#endif /* PROCSRV_EVENT_JSON_H */
