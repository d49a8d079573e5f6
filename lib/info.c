// SPDX-License-Identifier: GPL-2.0-only
/*
 * Information about processes and the server, reports, and limits.
 */
#include <errno.h>
#include <stdint.h>
#include <stdlib.h>

#include <procsrv.h>

int procsrv_get_info(int fd, __u64 pid, struct procsrv_info *info)
{
	struct procsrv_info_args args = {
		.pid = pid,
		.info = (uintptr_t)info,
		.info_size = sizeof(*info),
	};

	return procsrv_call(fd, PROCSRV_IOC_INFO, &args);
}

/* Doubling limits the number of tries for a process whose strings grow. */
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

/* One byte more than the server gets, for a NUL if there is no string. */
static int make_rooms(struct procsrv_details *d,
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

int procsrv_get_details(int fd, __u64 pid, struct procsrv_details *d)
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
		ret = procsrv_call(fd, PROCSRV_IOC_INFO, &args);
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

void procsrv_free_details(struct procsrv_details *d)
{
	free(d->argv);
	free(d->envp);
	free(d->cwd);
	free(d->terminal);
	*d = (struct procsrv_details) {};
}

int procsrv_update(int fd, const struct procsrv_update_args *args)
{
	/* The structure is only an input: the server writes nothing back. */
	return procsrv_call(fd, PROCSRV_IOC_UPDATE, (void *)args);
}

int procsrv_get_limits(int fd, __u64 pid, struct procsrv_limits *limits)
{
	struct procsrv_limits_args args = { .pid = pid };
	int ret = procsrv_call(fd, PROCSRV_IOC_GET_LIMITS, &args);

	if (!ret)
		*limits = args.limits;
	return ret;
}

int procsrv_set_limits(int fd, __u64 pid, const struct procsrv_limits *limits)
{
	struct procsrv_limits_args args = {
		.pid = pid,
		.limits = *limits,
	};

	return procsrv_call(fd, PROCSRV_IOC_SET_LIMITS, &args);
}

int procsrv_get_stats(int fd, struct procsrv_stats *stats)
{
	return procsrv_call(fd, PROCSRV_IOC_STATS, stats);
}

int procsrv_get_time(int fd, struct procsrv_time_args *args)
{
	*args = (struct procsrv_time_args) {};
	return procsrv_call(fd, PROCSRV_IOC_TIME, args);
}

int procsrv_revoke(int fd, __u64 pid, __u64 capability)
{
	struct procsrv_revoke_args args = {
		.pid = pid,
		.capability = capability,
	};

	return procsrv_call(fd, PROCSRV_IOC_REVOKE, &args);
}
