// SPDX-License-Identifier: GPL-2.0-only
/*
 * Sessions and process groups.
 */
#include <stdint.h>

#include <procsrv.h>

int procsrv_create_session(int fd, __u64 leader, __u32 *sid, __u32 *pgid)
{
	struct procsrv_create_session_args args = { .leader = leader };
	int ret = procsrv_call(fd, PROCSRV_IOC_CREATE_SESSION, &args);

	if (ret)
		return ret;
	if (sid)
		*sid = args.sid;
	if (pgid)
		*pgid = args.pgid;
	return 0;
}

int procsrv_get_session(int fd, __u32 sid, struct procsrv_session_args *session,
			char *terminal, size_t size)
{
	struct procsrv_session_args args = {
		.sid = sid,
		.terminal = (uintptr_t)terminal,
		.terminal_size = size > UINT32_MAX ? UINT32_MAX : size,
	};
	int ret = procsrv_call(fd, PROCSRV_IOC_SESSION, &args);

	if (!ret && session) {
		*session = args;
		session->terminal = 0;
	}
	return ret;
}

int procsrv_set_terminal(int fd, __u32 sid, const char *name)
{
	struct procsrv_set_terminal_args args = {
		.sid = sid,
		.name = (uintptr_t)name,
	};

	return procsrv_call(fd, PROCSRV_IOC_SET_TERMINAL, &args);
}

int procsrv_set_foreground(int fd, __u32 sid, __u32 pgid)
{
	struct procsrv_set_foreground_args args = {
		.sid = sid,
		.pgid = pgid,
	};

	return procsrv_call(fd, PROCSRV_IOC_SET_FOREGROUND, &args);
}

int procsrv_hang_up(int fd, __u32 sid, __u32 *count)
{
	struct procsrv_hang_up_args args = { .sid = sid };
	int ret = procsrv_call(fd, PROCSRV_IOC_HANG_UP, &args);

	if (!ret && count)
		*count = args.count;
	return ret;
}

int procsrv_create_group(int fd, __u64 caller, __u64 leader, __u32 sid,
			 __u32 *pgid)
{
	struct procsrv_create_group_args args = {
		.caller = caller,
		.leader = leader,
		.sid = sid,
	};
	int ret = procsrv_call(fd, PROCSRV_IOC_CREATE_GROUP, &args);

	if (!ret && pgid)
		*pgid = args.pgid;
	return ret;
}

int procsrv_set_group(int fd, __u64 caller, __u64 pid, __u32 pgid)
{
	struct procsrv_set_group_args args = {
		.caller = caller,
		.pid = pid,
		.pgid = pgid,
	};

	return procsrv_call(fd, PROCSRV_IOC_SET_GROUP, &args);
}

int procsrv_get_group(int fd, __u32 pgid, struct procsrv_group_args *group)
{
	struct procsrv_group_args args = { .pgid = pgid };
	int ret = procsrv_call(fd, PROCSRV_IOC_GROUP, &args);

	if (!ret && group)
		*group = args;
	return ret;
}

int procsrv_group_is_orphaned(int fd, __u32 pgid)
{
	struct procsrv_group_args args = {
		.pgid = pgid,
		.flags = PROCSRV_GROUP_ORPHANED,
	};
	int ret = procsrv_call(fd, PROCSRV_IOC_GROUP, &args);

	return ret ? ret : args.flags == PROCSRV_GROUP_ORPHANED;
}
