// SPDX-License-Identifier: GPL-2.0-only
/*
 * The server: its operations as functions.
 */
#include <stdint.h>
#include <string.h>
#include <unistd.h>

#include "client.h"
#include "server.h"

int server_create(struct server *s, __u64 parent, const struct image *image,
		  __u64 *pid)
{
	struct procsrv_create_args args = {
		.parent = parent,
		.name = (uintptr_t)image->name,
		.argv = (uintptr_t)image->argv,
		.argv_len = image->argv_len,
		.uid = geteuid(),
		.gid = getegid(),
	};
	int ret = client_call(s->fd, PROCSRV_IOC_CREATE, &args);

	*pid = args.pid;
	return ret;
}

int server_exec(struct server *s, __u64 pid, const struct image *image)
{
	struct procsrv_exec_args args = {
		.pid = pid,
		.name = (uintptr_t)image->name,
		.argv = (uintptr_t)image->argv,
		.argv_len = image->argv_len,
	};

	return client_call(s->fd, PROCSRV_IOC_EXEC, &args);
}

int server_terminate(struct server *s, __u64 pid, int code, int signo)
{
	struct procsrv_terminate_args args = {
		.pid = pid, .exit_code = code, .exit_signal = signo,
	};

	return client_call(s->fd, PROCSRV_IOC_TERMINATE, &args);
}

int server_wait(struct server *s, struct procsrv_wait_args *args)
{
	return client_call(s->fd, PROCSRV_IOC_WAIT, args);
}

/* Take the exit of one process, on behalf of its parent. */
int server_reap(struct server *s, __u64 parent, __u64 pid)
{
	struct procsrv_wait_args args = {
		.parent = parent,
		.id = pid,
		.which = PROCSRV_WAIT_PID,
		.what = PROCSRV_WAIT_EXITED,
		.flags = PROCSRV_WAIT_NOHANG,
	};

	return server_wait(s, &args);
}

int server_signal(struct server *s, __u64 sender, enum procsrv_target target,
		  __u64 id, int signo)
{
	struct procsrv_signal_args args = {
		.sender = sender, .id = id, .target = target, .signo = signo,
	};

	return client_call(s->fd, PROCSRV_IOC_SIGNAL, &args);
}

int server_info(struct server *s, __u64 pid, struct procsrv_info *info)
{
	struct procsrv_info_args args = {
		.pid = pid,
		.info = (uintptr_t)info,
		.info_size = sizeof(*info),
	};

	memset(info, 0, sizeof(*info));
	return client_call(s->fd, PROCSRV_IOC_INFO, &args);
}

int server_group(struct server *s, __u32 pgid, struct procsrv_group_args *args)
{
	*args = (struct procsrv_group_args) { .pgid = pgid };
	return client_call(s->fd, PROCSRV_IOC_GROUP, args);
}

bool server_leads_session(struct server *s, __u32 sid, __u64 pid)
{
	struct procsrv_session_args args = { .sid = sid };

	return !client_call(s->fd, PROCSRV_IOC_SESSION, &args) &&
	       args.leader == pid;
}

int server_create_session(struct server *s, __u64 leader, __u32 *pgid)
{
	struct procsrv_create_session_args args = { .leader = leader };
	int ret = client_call(s->fd, PROCSRV_IOC_CREATE_SESSION, &args);

	*pgid = args.pgid;
	return ret;
}

int server_create_group(struct server *s, __u64 caller, __u64 leader, __u32 sid,
			__u32 *pgid)
{
	struct procsrv_create_group_args args = {
		.caller = caller, .leader = leader, .sid = sid,
	};
	int ret = client_call(s->fd, PROCSRV_IOC_CREATE_GROUP, &args);

	*pgid = args.pgid;
	return ret;
}

int server_set_group(struct server *s, __u64 caller, __u64 pid, __u32 pgid)
{
	struct procsrv_set_group_args args = {
		.caller = caller, .pid = pid, .pgid = pgid,
	};

	return client_call(s->fd, PROCSRV_IOC_SET_GROUP, &args);
}
