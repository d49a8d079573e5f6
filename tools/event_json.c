// SPDX-License-Identifier: GPL-2.0-only
/*
 * An event of the server as JSON.
 */
#include <json.h>

#include "client.h"
#include "event_json.h"

static bool add(struct json_object *obj, const char *key,
		struct json_object *value)
{
	return value && !json_object_object_add(obj, key, value);
}

static bool add_u64(struct json_object *obj, const char *key, __u64 value)
{
	return add(obj, key, json_object_new_uint64(value));
}

/* A value that is newer than this program has no name. */
static bool add_name(struct json_object *obj, const char *key, const char *name)
{
	if (!name)
		return !json_object_object_add(obj, key, NULL);
	return add(obj, key, json_object_new_string(name));
}

static bool add_fields(struct json_object *obj, __u32 mask)
{
	struct json_object *array = json_object_new_array();
	const char *name;
	__u32 bit;

	if (!add(obj, "fields", array))
		return false;
	for (bit = 1; bit; bit <<= 1) {
		if (!(mask & bit))
			continue;
		name = procsrv_update_name(bit);
		if (json_object_array_add(array, name ?
					  json_object_new_string(name) : NULL))
			return false;
	}
	return true;
}

/* Names for numbers of the interface. */
static bool add_names(struct json_object *obj, const struct procsrv_event *e)
{
	int signo = client_exit_signal(e->signo);

	if (signo &&
	    !add_name(obj, "signal_name", procsrv_signal_name(signo)))
		return false;
	switch (e->kind) {
	case PROCSRV_EVENT_EXIT:
		return add(obj, "core_dumped",
			   json_object_new_boolean(client_dumped_core(e->signo)));
	case PROCSRV_EVENT_STATE:
		return add_name(obj, "state", procsrv_state_name(e->detail));
	case PROCSRV_EVENT_LIMIT:
		return add_name(obj, "limit", procsrv_limit_name(e->detail));
	case PROCSRV_EVENT_UPDATE:
		return add_fields(obj, e->detail);
	default:
		return true;
	}
}

struct json_object *event_json(const struct procsrv_event *e)
{
	struct json_object *obj = json_object_new_object();

	if (obj && add_u64(obj, "seq", e->seq) &&
	    add_u64(obj, "time", e->time) && add_u64(obj, "pid", e->pid) &&
	    add_name(obj, "kind", procsrv_event_name(e->kind)) &&
	    add_u64(obj, "other", e->other) &&
	    add_u64(obj, "value", e->value) && add_u64(obj, "sid", e->sid) &&
	    add_u64(obj, "pgid", e->pgid) &&
	    add_u64(obj, "signo", client_exit_signal(e->signo)) &&
	    add(obj, "code", json_object_new_int(e->code)) &&
	    add_u64(obj, "detail", e->detail) && add_names(obj, e))
		return obj;
	json_object_put(obj);
	return NULL;
}
