// SPDX-License-Identifier: GPL-2.0-only
/*
 * The device, listings, and the details of a process.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdint.h>
#include <stdlib.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include "client.h"

/* Elements asked for at a time: some tens of kilobytes. */
#define PAGE_INFOS	128
#define PAGE_PIDS	1024

const char *client_device(void)
{
	const char *path = getenv(CLIENT_DEVICE_ENV);

	return path && *path ? path : CLIENT_DEVICE;
}

int client_open(void)
{
	struct procsrv_time_args probe = {};
	int fd = open(client_device(), O_RDWR | O_CLOEXEC);
	int ret;

	if (fd < 0)
		return -errno;

	ret = client_call(fd, PROCSRV_IOC_TIME, &probe);
	if (ret) {
		close(fd);
		return ret;
	}
	return fd;
}

int client_call(int fd, unsigned long request, void *args)
{
	return ioctl(fd, request, args) < 0 ? -errno : 0;
}

/* Doubling keeps a process whose strings grow from being asked for ever. */
static int make_room(char **buf, __u32 *room, __u32 need)
{
	char *bigger;

	if (need <= *room)
		return 0;
	if (need < 2 * *room)
		need = 2 * *room;
	bigger = realloc(*buf, need);
	if (!bigger)
		return -ENOMEM;
	*buf = bigger;
	*room = need;
	return 0;
}

/* One byte more than is told to the server, for a NUL if there is no string. */
static int make_rooms(struct client_details *d,
		      const struct procsrv_info_args *args)
{
	int ret = make_room(&d->argv, &d->room[0], args->argv_size + 1);

	if (!ret)
		ret = make_room(&d->envp, &d->room[1], args->envp_size + 1);
	if (!ret)
		ret = make_room(&d->cwd, &d->room[2], args->cwd_size + 1);
	if (!ret)
		ret = make_room(&d->terminal, &d->room[3],
				args->terminal_size + 1);
	return ret;
}

int client_get_details(int fd, __u64 pid, struct client_details *d)
{
	struct procsrv_info_args args = {
		.argv_size = 256, .envp_size = 256, .cwd_size = 64,
		.terminal_size = 32,
	};
	int ret;

	for (;;) {
		ret = make_rooms(d, &args);
		if (ret)
			return ret;

		args = (struct procsrv_info_args) {
			.pid = pid,
			.info = (uintptr_t)&d->info,
			.info_size = sizeof(d->info),
			.argv = (uintptr_t)d->argv,
			.argv_size = d->room[0] - 1,
			.envp = (uintptr_t)d->envp,
			.envp_size = d->room[1] - 1,
			.cwd = (uintptr_t)d->cwd,
			.cwd_size = d->room[2] - 1,
			.terminal = (uintptr_t)d->terminal,
			.terminal_size = d->room[3] - 1,
		};
		ret = client_call(fd, PROCSRV_IOC_INFO, &args);
		if (ret)
			return ret;
		if (args.argv_size < d->room[0] &&
		    args.envp_size < d->room[1] &&
		    args.cwd_size < d->room[2] &&
		    args.terminal_size < d->room[3])
			break;
	}
	d->argv[args.argv_size] = '\0';
	d->envp[args.envp_size] = '\0';
	d->cwd[args.cwd_size] = '\0';
	d->terminal[args.terminal_size] = '\0';
	return 0;
}

void client_free_details(struct client_details *d)
{
	free(d->argv);
	free(d->envp);
	free(d->cwd);
	free(d->terminal);
}

/* A page from the cursor on; returns the elements in it or -errno. */
static int get_page(int fd, unsigned long request,
		    struct procsrv_list_args *args, __u32 count)
{
	bool first = !args->cursor;
	int ret;

	args->count = count;
	ret = client_call(fd, request, args);

	/* A session or group that vanished between pages has been listed. */
	if (ret == -ESRCH && !first)
		return 0;
	return ret ? ret : (int)args->count;
}

int client_list(int fd, enum procsrv_list_scope scope, __u32 id,
		int (*each)(const struct procsrv_info *info, void *data),
		void *data)
{
	struct procsrv_info *page = calloc(PAGE_INFOS, sizeof(*page));
	struct procsrv_list_args args = {
		.buf = (uintptr_t)page, .record_size = sizeof(*page),
		.scope = scope, .id = id,
	};
	int ret = 0, n, i;

	if (!page)
		return -ENOMEM;

	do {
		n = get_page(fd, PROCSRV_IOC_LIST, &args, PAGE_INFOS);
		if (n < 0)
			ret = n;
		for (i = 0; i < n && !ret; i++)
			ret = each(&page[i], data);
	} while (!ret && n == PAGE_INFOS);

	free(page);
	return ret;
}

int client_list_pids(int fd, enum procsrv_list_scope scope, __u32 id,
		     int (*each)(__u64 pid, void *data), void *data)
{
	__u64 *page = calloc(PAGE_PIDS, sizeof(*page));
	struct procsrv_list_args args = {
		.buf = (uintptr_t)page, .record_size = sizeof(*page),
		.scope = scope, .id = id,
	};
	int ret = 0, n, i;

	if (!page)
		return -ENOMEM;

	do {
		n = get_page(fd, PROCSRV_IOC_LIST_PIDS, &args, PAGE_PIDS);
		if (n < 0)
			ret = n;
		for (i = 0; i < n && !ret; i++)
			ret = each(page[i], data);
	} while (!ret && n == PAGE_PIDS);

	free(page);
	return ret;
}
