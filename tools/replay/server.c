// SPDX-License-Identifier: GPL-2.0-only
/*
 * Requests of replay to the server, on top of the library.
 */
#include <unistd.h>

#include "hosting.h"
#include "server.h"

/* As the server numbers it, whatever this is built for. */
enum { SIGCONT_NR = 18 };

static struct procsrv_program program_of(const struct image *image)
{
	return (struct procsrv_program) {
		.name = image->name,
		.argv = image->argv,
		.argv_len = image->argv_len,
	};
}

int server_create(int fd, __u64 parent, const struct image *image, bool clone,
		  __u32 flags, __u64 *pid)
{
	const struct procsrv_program program = program_of(image);

	if (clone)
		return procsrv_clone(fd, parent, &program, geteuid(), getegid(),
				     flags, 0, pid);
	return procsrv_create(fd, parent, &program, geteuid(), getegid(), flags,
			      pid);
}

void server_settle(int fd)
{
	struct procsrv_take_signal_args args;

	while (!hosting_take(fd, &args))
		if (args.signo == SIGCONT_NR)
			procsrv_report(fd, args.target, PROCSRV_BODY_CONTINUED,
				       0);
}

int server_exec(int fd, __u64 pid, const struct image *image)
{
	const struct procsrv_program program = program_of(image);

	return procsrv_exec(fd, pid, &program);
}

int server_signal(int fd, __u64 sender, enum procsrv_target target, __u64 id,
		  int signo)
{
	return procsrv_signal(fd, sender, target, id, signo, NULL);
}

int server_reap(int fd, __u64 parent, __u64 pid)
{
	struct procsrv_wait_args args = {
		.parent = parent,
		.id = pid,
		.which = PROCSRV_WAIT_PID,
		.what = PROCSRV_WAIT_EXITED,
		.flags = PROCSRV_WAIT_NOHANG | PROCSRV_WAIT_WALL,
	};

	return procsrv_wait(fd, &args);
}

__u32 server_group_of(int fd, __u64 pid)
{
	struct procsrv_info info;

	return procsrv_get_info(fd, pid, &info) ? 0 : info.pgid;
}

bool server_leads_session(int fd, __u32 sid, __u64 pid)
{
	struct procsrv_session_args session;

	return !procsrv_get_session(fd, sid, &session, NULL, 0) &&
	       session.leader == pid;
}
