// SPDX-License-Identifier: GPL-2.0-only
/*
 * Requests to the server.
 */
#include <errno.h>
#include <signal.h>
#include <unistd.h>
#include <procsrv.h>

#include "hosting.h"
#include "server.h"

static int server = -1;

int server_open(void)
{
	int fd = procsrv_open(NULL);

	if (fd < 0)
		return fd;
	server = procsrv_new_server_flags(fd, PROCSRV_SERVER_POSIX_IDS);
	close(fd);
	return server < 0 ? server : 0;
}

int server_fd(void)
{
	return server;
}

#define LIKE_A_FORK \
	(PROCSRV_CREATE_HOSTED | PROCSRV_CREATE_PID | PROCSRV_CREATE_INHERIT)

int server_create(pid_t parent, pid_t pid, int exit_signal)
{
	__u64 id = pid;

	if (exit_signal == SIGCHLD)
		return procsrv_create(server, parent, NULL, 0, 0, LIKE_A_FORK, &id);
	return procsrv_clone(server, parent, NULL, 0, 0, LIKE_A_FORK,
			     exit_signal, &id);
}

int server_create_sibling(pid_t of, pid_t pid)
{
	__u64 id = pid;

	return procsrv_create(server, of, NULL, 0, 0,
			      LIKE_A_FORK | PROCSRV_CREATE_SIBLING, &id);
}

int server_create_first(pid_t pid, const char *name)
{
	const struct procsrv_program program = { .name = name };
	__u64 id = pid;

	return procsrv_create(server, PROCSRV_INIT_PID, &program, geteuid(),
			      getegid(),
			      PROCSRV_CREATE_HOSTED | PROCSRV_CREATE_PID, &id);
}

int server_exec(pid_t pid, const struct image *image)
{
	const struct procsrv_program program = {
		.name = image->name,
		.argv = image->argv,
		.envp = image->envp,
		.argv_len = image->argv_len,
		.envp_len = image->envp_len,
	};

	return procsrv_exec(server, pid, &program);
}

int server_exit(pid_t pid, int status)
{
	return hosting_ended(server, pid, status);
}

int server_threads(pid_t pid, unsigned int count)
{
	struct procsrv_update_args args = {
		.pid = pid,
		.mask = PROCSRV_UPDATE_THREADS,
		.thread_count = count,
	};

	return procsrv_update(server, &args);
}

int server_report(pid_t pid, enum procsrv_body what, int signo)
{
	return procsrv_report(server, pid, what, signo);
}

static int wait_call(struct procsrv_wait_args *args, struct wait_found *found)
{
	int err = procsrv_wait(server, args);

	*found = (struct wait_found) { .error = err };
	if (!err) {
		found->pid = args->pid;
		found->why = args->why;
		found->code = args->exit_code & 0xff;
		found->signo = args->exit_signal;
	}
	return err;
}

int server_find_child(pid_t parent, const struct wait_want *want,
		      struct wait_found *found)
{
	struct procsrv_wait_args args = {
		.parent = parent,
		.which = want->which,
		.id = want->id,
		.what = want->what,
		.flags = want->kinds | PROCSRV_WAIT_NOHANG | PROCSRV_WAIT_NOWAIT,
	};

	if (want->error) {
		*found = (struct wait_found) { .error = want->error };
		return want->error;
	}
	return wait_call(&args, found);
}

int server_take_child(pid_t parent, const struct wait_want *want, pid_t child,
		      __u32 why, struct wait_found *found)
{
	struct procsrv_wait_args args = {
		.parent = parent,
		.which = PROCSRV_WAIT_PID,
		.id = child,
		.what = why ? why : want->what,
		.flags = want->kinds | PROCSRV_WAIT_NOHANG |
			 (want->nowait ? PROCSRV_WAIT_NOWAIT : 0),
	};

	return wait_call(&args, found);
}

int server_signal(pid_t sender, enum procsrv_target target, pid_t id,
		  int signo)
{
	return procsrv_signal(server, sender, target, id, signo, NULL);
}

int server_take_signal(struct procsrv_take_signal_args *args)
{
	return hosting_take(server, args);
}

int server_for_each(int (*each)(const struct procsrv_info *info, void *data),
		    void *data)
{
	return procsrv_for_each(server, PROCSRV_LIST_ALL, 0, each, data);
}

int server_info(pid_t pid, struct procsrv_info *info)
{
	return procsrv_get_info(server, pid, info);
}

int server_set_group(pid_t caller, pid_t pid, pid_t pgid)
{
	return procsrv_set_group(server, caller, pid, pgid);
}

int server_create_session(pid_t leader)
{
	__u32 sid, pgid;

	return procsrv_create_session(server, leader, &sid, &pgid);
}

int server_group_session(pid_t pgid, pid_t *sid)
{
	struct procsrv_group_args args;
	int err = procsrv_get_group(server, pgid, &args);

	if (!err)
		*sid = args.sid;
	return err;
}

int server_set_reaper(pid_t pid, bool on)
{
	return procsrv_set_reaper(server, pid, on);
}

int server_set_autoreap(pid_t pid, bool on)
{
	return procsrv_set_autoreap(server, pid, on);
}

int server_set_terminal(pid_t sid, const char *name)
{
	return procsrv_set_terminal(server, sid, name);
}

int server_set_foreground(pid_t sid, pid_t pgid)
{
	return procsrv_set_foreground(server, sid, pgid);
}

int server_set_credentials(pid_t pid, const struct procsrv_credentials *c)
{
	return procsrv_set_credentials(server, pid, c);
}
