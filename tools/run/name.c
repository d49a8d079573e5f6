// SPDX-License-Identifier: GPL-2.0-only
/*
 * --name: the door of the server.
 *
 * The outer process opens it, for the user that has started it. It closes the door before
 * the server, so no client gets a server that has ended.
 */
#include <errno.h>
#include <string.h>

#include "door.h"
#include "escape.h"
#include "name.h"
#include "run.h"
#include "server.h"

/* How long to wait after a temporary error of the door. */
#define BACK_OFF_MS	100

static struct door door;
static bool is_open;

int name_open(void)
{
	char error[DOOR_ERROR_SIZE];
	int err;

	if (!settings.name)
		return 0;
	err = door_open(&door, settings.name, server_fd(), error);
	if (err)
		escape_warnx(0, "%s (%s)", error, strerrorname_np(-err));
	is_open = !err;
	return err;
}

int name_fd(void)
{
	return is_open ? door_fd(&door) : -1;
}

int name_serve(void)
{
	return door_serve(&door) ? BACK_OFF_MS : 0;
}

void name_close(void)
{
	if (is_open)
		door_close(&door);
	is_open = false;
}
