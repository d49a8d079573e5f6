// SPDX-License-Identifier: GPL-2.0-only
/*
 * What is told to the server, and asked of it.
 */
#include <errno.h>
#include <signal.h>
#include <stdint.h>
#include <sys/wait.h>
#include <unistd.h>
#include <procsrv.h>

#include "server.h"

static int server = -1;

static int call(unsigned long request, void *args)
{
	return procsrv_call(server, request, args);
}

int server_open(void)
{
	struct procsrv_new_server_args args = { .flags = PROCSRV_SERVER_POSIX_IDS };
	int fd = procsrv_open(NULL), err;

	if (fd < 0)
		return fd;
	err = procsrv_call(fd, PROCSRV_IOC_NEW_SERVER, &args);
	close(fd);
	if (!err)
		server = args.fd;
	return err;
}

int server_fd(void)
{
	return server;
}

int server_create(pid_t parent, pid_t pid, int exit_signal)
{
	struct procsrv_create_args args = {
		.parent = parent,
		.pid = pid,
		.flags = PROCSRV_CREATE_HOSTED | PROCSRV_CREATE_PID |
			 PROCSRV_CREATE_INHERIT,
	};

	if (exit_signal != SIGCHLD) {
		args.flags |= PROCSRV_CREATE_EXIT_SIGNAL;
		args.notify = exit_signal;
	}
	return call(PROCSRV_IOC_CREATE, &args);
}

int server_create_first(pid_t pid, const struct image *image)
{
	struct procsrv_create_args args = {
		.parent = PROCSRV_INIT_PID,
		.pid = pid,
		.name = (uintptr_t)image->name,
		.uid = geteuid(),
		.gid = getegid(),
		.flags = PROCSRV_CREATE_HOSTED | PROCSRV_CREATE_PID,
	};

	return call(PROCSRV_IOC_CREATE, &args);
}

int server_exec(pid_t pid, const struct image *image)
{
	struct procsrv_exec_args args = {
		.pid = pid,
		.name = (uintptr_t)image->name,
		.argv = (uintptr_t)image->argv,
		.envp = (uintptr_t)image->envp,
		.argv_len = image->argv_len,
		.envp_len = image->envp_len,
	};

	return call(PROCSRV_IOC_EXEC, &args);
}

int server_exit(pid_t pid, int status)
{
	struct procsrv_terminate_args args = { .pid = pid };

	if (WIFEXITED(status))
		args.exit_code = WEXITSTATUS(status);
	else
		args.exit_signal = WTERMSIG(status) |
			(WCOREDUMP(status) ? PROCSRV_CORE_DUMP : 0);
	return call(PROCSRV_IOC_TERMINATE, &args);
}

int server_threads(pid_t pid, unsigned int count)
{
	struct procsrv_update_args args = {
		.pid = pid,
		.mask = PROCSRV_UPDATE_THREADS,
		.thread_count = count,
	};

	return call(PROCSRV_IOC_UPDATE, &args);
}

int server_report(pid_t pid, __u32 what, int signo)
{
	struct procsrv_report_args args = {
		.pid = pid,
		.what = what,
		.signo = signo,
	};

	return call(PROCSRV_IOC_REPORT, &args);
}

static int wait_call(struct procsrv_wait_args *args, struct wait_found *found)
{
	int err = call(PROCSRV_IOC_WAIT, args);

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
	struct procsrv_signal_args args = {
		.sender = sender,
		.target = target,
		.id = id,
		.signo = signo,
	};

	return call(PROCSRV_IOC_SIGNAL, &args);
}

int server_take_signal(struct procsrv_take_signal_args *args)
{
	*args = (struct procsrv_take_signal_args) {
		.mask = ~0ULL,
		.flags = PROCSRV_TAKE_NOHANG,
	};
	return call(PROCSRV_IOC_TAKE_SIGNAL, args);
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
	struct procsrv_set_autoreap_args args = { .pid = pid, .on = on };

	return call(PROCSRV_IOC_SET_AUTOREAP, &args);
}

int server_set_terminal(pid_t sid, const char *name)
{
	return procsrv_set_terminal(server, sid, name);
}

int server_set_foreground(pid_t sid, pid_t pgid)
{
	struct procsrv_set_foreground_args args = { .sid = sid, .pgid = pgid };

	return call(PROCSRV_IOC_SET_FOREGROUND, &args);
}

int server_set_credentials(pid_t pid, const struct procsrv_credentials *c)
{
	struct procsrv_credentials_args args = { .pid = pid, .credentials = *c };

	return call(PROCSRV_IOC_SET_CREDENTIALS, &args);
}
