// SPDX-License-Identifier: GPL-2.0-only
/*
 * A server that answers at random, so that answers of all kinds differ. The same
 * input gets the same answers.
 */
#include <errno.h>
#include <procsrv.h>
#include <stddef.h>

#include "server-random.h"

static unsigned int state;
static __u64 next_pid;

void server_seed(unsigned int seed)
{
	state = seed;
	next_pid = 2;
}

static unsigned int draw(unsigned int n)
{
	state = state * 1103515245 + 12345;
	return (state >> 16) % n;
}

static int draw_error(void)
{
	static const int errors[] = {
		ECHILD, EAGAIN, EINVAL, ESRCH, EPERM, EACCES,
	};

	return draw(2) ? 0 : -errors[draw(sizeof(errors) / sizeof(*errors))];
}

int procsrv_create(int fd, __u64 parent, const struct procsrv_program *program,
		   uid_t uid, gid_t gid, __u32 flags, __u64 *pid)
{
	(void)fd;
	(void)parent;
	(void)program;
	(void)uid;
	(void)gid;
	if (next_pid > 2 && !draw(50))
		return -EAGAIN;
	if (!(flags & PROCSRV_CREATE_PID))
		*pid = next_pid++;
	else if (!draw(50))
		return -EEXIST;
	else if (*pid >= next_pid)
		next_pid = *pid + 1;
	return 0;
}

int procsrv_clone(int fd, __u64 parent, const struct procsrv_program *program,
		  uid_t uid, gid_t gid, __u32 flags, int exit_signal,
		  __u64 *pid)
{
	(void)exit_signal;
	return procsrv_create(fd, parent, program, uid, gid, flags, pid);
}

/* An operation on a process that was never created does not succeed. */
static int draw_error_for(__u64 pid)
{
	return pid < next_pid ? draw_error() : -ESRCH;
}

int procsrv_exec(int fd, __u64 pid, const struct procsrv_program *program)
{
	(void)fd;
	(void)program;
	return draw_error_for(pid);
}

int procsrv_terminate(int fd, __u64 pid, int exit_code, __u32 exit_signal)
{
	(void)fd;
	(void)exit_code;
	(void)exit_signal;
	return draw_error_for(pid);
}

int procsrv_wait(int fd, struct procsrv_wait_args *args)
{
	static const __u32 reasons[] = {
		PROCSRV_WAIT_EXITED, PROCSRV_WAIT_STOPPED,
		PROCSRV_WAIT_CONTINUED,
	};
	int ret = draw_error();

	(void)fd;
	if (ret)
		return ret;
	args->pid = 1 + draw(next_pid);
	args->why = reasons[draw(3)];
	args->exit_code = draw(4);
	args->exit_signal = draw(3) ? 0 : draw(20);
	return 0;
}

int procsrv_set_reaper(int fd, __u64 pid, bool on)
{
	(void)fd;
	(void)on;
	return draw_error_for(pid);
}

int procsrv_set_autoreap(int fd, __u64 pid, bool on)
{
	(void)fd;
	(void)on;
	return draw_error_for(pid);
}

int procsrv_report(int fd, __u64 pid, enum procsrv_body what, int signo)
{
	(void)fd;
	(void)what;
	(void)signo;
	return draw_error_for(pid);
}

int procsrv_take(int fd, struct procsrv_take_signal_args *args)
{
	(void)fd;
	if (draw(3))
		return -EAGAIN;
	args->target = 1 + draw(next_pid);
	args->signo = 1 + draw(64);
	return 0;
}

int procsrv_signal(int fd, __u64 sender, enum procsrv_target target, __u64 id,
		   int signo, __u32 *count)
{
	(void)fd;
	(void)sender;
	(void)target;
	(void)id;
	(void)signo;
	if (count)
		*count = draw(3);
	return draw_error();
}

int procsrv_get_info(int fd, __u64 pid, struct procsrv_info *info)
{
	(void)fd;
	if (!draw(10))
		return -ESRCH;
	*info = (struct procsrv_info) {
		.pid = pid,
		.sid = 1 + draw(3),
		.pgid = 1 + draw(3),
		.state = draw(2) ? PROCSRV_STOPPED : PROCSRV_ZOMBIE,
	};
	return 0;
}

int procsrv_create_session(int fd, __u64 leader, __u32 *sid, __u32 *pgid)
{
	(void)fd;
	(void)leader;
	if (sid)
		*sid = 1 + draw(3);
	if (pgid)
		*pgid = 1 + draw(3);
	return next_pid > 3 ? draw_error() : 0;
}

int procsrv_get_session(int fd, __u32 sid, struct procsrv_session_args *session,
			char *terminal, size_t size)
{
	(void)fd;
	(void)terminal;
	(void)size;
	*session = (struct procsrv_session_args) {
		.sid = sid, .leader = 1 + draw(4),
	};
	return draw_error();
}

int procsrv_create_group(int fd, __u64 caller, __u64 leader, __u32 sid,
			 __u32 *pgid)
{
	(void)fd;
	(void)caller;
	(void)sid;
	*pgid = 1 + draw(3);
	return draw_error_for(leader);
}

int procsrv_set_group(int fd, __u64 caller, __u64 pid, __u32 pgid)
{
	(void)fd;
	(void)caller;
	(void)pgid;
	return draw_error_for(pid);
}

int procsrv_get_group(int fd, __u32 pgid, struct procsrv_group_args *group)
{
	(void)fd;
	*group = (struct procsrv_group_args) {
		.pgid = pgid, .leader = 1 + draw(4), .nr_processes = draw(3),
	};
	return draw_error();
}

