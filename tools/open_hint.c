// SPDX-License-Identifier: GPL-2.0-only
/*
 * Advice if the device cannot be opened.
 */
#include <errno.h>
#include <grp.h>
#include <stdio.h>
#include <sys/stat.h>

#include "client.h"

/* The group that sysusers.d makes, and that the udev rule gives the device to. */
#define USUAL_GROUP "procsrv"

static const char *access_hint(void)
{
	static char hint[256];
	const struct group *group = NULL;
	struct stat st;

	if (stat(procsrv_device(), &st))
		return "";
	if (st.st_gid && st.st_mode & 0060)
		group = getgrgid(st.st_gid);
	if (group) {
		snprintf(hint, sizeof(hint),
			 " (members of the group %s may open it: adduser NAME %s, then log in again)",
			 group->gr_name, group->gr_name);
		return hint;
	}
	group = getgrnam(USUAL_GROUP);
	if (!group)
		return " (root may open it; see device_gid and the udev rule in procsrv(4))";
	snprintf(hint, sizeof(hint),
		 " (root may open it; device_mode=0660 device_gid=%u of the module, or the udev rule, opens it to the group %s, see procsrv(4))",
		 group->gr_gid, group->gr_name);
	return hint;
}

const char *client_open_hint(int err)
{
	switch (err) {
	case ENOENT:
		return " (is the module loaded?)";
	case EACCES:
		return access_hint();
	}
	return "";
}
