/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * procsrv selftests - control groups that count memory
 *
 * They are made below a cgroup2 of our own mount, because the machines that the
 * tests run on have it mounted in different places, or nowhere. Other tasks see
 * nothing of the mount.
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

/* 0 or a negative errno, as those that follow. */
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

/* A number: the first of the file, or what follows @key in it. */
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

/* To be called by a process that may leave the mounts of the others. */
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

/* The caller; all that it is charged for from here on counts there. */
static inline int cgroup_enter(const struct cgroup *cg)
{
	return cgroup_write(cg, "cgroup.procs", "0");
}

/* Where everybody is who has not entered another. */
static inline int cgroup_leave(void)
{
	struct cgroup root = { .path = CGROUP_ROOT };

	return cgroup_enter(&root);
}

/* Nobody may be in it; what was charged to it may still be there. */
static inline int cgroup_remove(const struct cgroup *cg)
{
	return rmdir(cg->path) ? -errno : 0;
}

#endif /* SELFTESTS_CGROUP_H */
