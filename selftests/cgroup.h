/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * procsrv selftests - control groups that count memory
 *
 * They are created in a private mount of cgroup2, because test machines have it
 * mounted in different places, or not at all.
 */
#ifndef SELFTESTS_CGROUP_H
#define SELFTESTS_CGROUP_H

#include <stdarg.h>
#include <sys/mount.h>
#include <sys/stat.h>

#include "common.h"

#define CGROUP_ROOT "/tmp"

struct cgroup {
	char path[64];
};

/* Returns 0 or a negative errno, like the functions below. */
static inline int cgroup_write(const struct cgroup *cg, const char *name,
			       const char *value)
{
	char path[128];
	int fd, ret = 0;

	snprintf(path, sizeof(path), "%s/%s", cg->path, name);
	fd = open(path, O_WRONLY | O_CLOEXEC);
	if (fd < 0)
		return -errno;
	if (write(fd, value, strlen(value)) < 0)
		ret = -errno;
	close(fd);
	return ret;
}

/* Reads a number: the first of the file, or the one after @key. */
static inline long long cgroup_read(const struct cgroup *cg, const char *name,
				    const char *key)
{
	char path[128], line[128];
	size_t len = key ? strlen(key) : 0;
	long long value = -ENOENT;
	FILE *file;

	snprintf(path, sizeof(path), "%s/%s", cg->path, name);
	file = fopen(path, "r");
	if (!file)
		return -errno;
	while (fgets(line, sizeof(line), file))
		if (!len || (!strncmp(line, key, len) && line[len] == ' ')) {
			value = strtoll(line + len, NULL, 10);
			break;
		}
	fclose(file);
	return value;
}

/* The caller gets a mount namespace of its own. */
static inline int cgroup_mount(void)
{
	struct cgroup root = { .path = CGROUP_ROOT };

	if (unshare(CLONE_NEWNS) ||
	    mount(NULL, "/", NULL, MS_REC | MS_PRIVATE, NULL) ||
	    mount("none", CGROUP_ROOT, "cgroup2", 0, NULL))
		return -errno;
	return cgroup_write(&root, "cgroup.subtree_control", "+memory");
}

static inline int cgroup_new(struct cgroup *cg, const char *name)
{
	snprintf(cg->path, sizeof(cg->path), "%s/procsrv-%s", CGROUP_ROOT,
		 name);
	return mkdir(cg->path, 0755) ? -errno : 0;
}

/* The caller enters the group, which is charged for its memory from here on. */
static inline int cgroup_enter(const struct cgroup *cg)
{
	return cgroup_write(cg, "cgroup.procs", "0");
}

/* The root group, which all tasks are in that have not entered another. */
static inline int cgroup_leave(void)
{
	struct cgroup root = { .path = CGROUP_ROOT };

	return cgroup_enter(&root);
}

/* The group must have no tasks. Memory charged to it may still be in use. */
static inline int cgroup_remove(const struct cgroup *cg)
{
	return rmdir(cg->path) ? -errno : 0;
}

#endif /* SELFTESTS_CGROUP_H */
