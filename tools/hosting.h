/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Code that the hosts of processes share.
 */
#ifndef PROCSRV_HOSTING_H
#define PROCSRV_HOSTING_H

#include <sys/wait.h>
#include <procsrv.h>

/**
 * hosting_take() - take a signal to any process that a descriptor hosts
 * @args: filled
 *
 * Return: 0, or an error: -EAGAIN if there is none.
 */
static inline int hosting_take(int fd, struct procsrv_take_signal_args *args)
{
	*args = (struct procsrv_take_signal_args) {
		.mask = ~0ULL,
		.flags = PROCSRV_TAKE_NOHANG,
	};
	return procsrv_take(fd, args);
}

/**
 * hosting_ended() - the body of a process has ended
 * @status: as wait(2) has it
 *
 * Return: 0 or an error.
 */
static inline int hosting_ended(int fd, __u64 pid, int status)
{
	if (WIFEXITED(status))
		return procsrv_terminate(fd, pid, WEXITSTATUS(status), 0);
	return procsrv_terminate(fd, pid, 0, WTERMSIG(status) |
				 (WCOREDUMP(status) ? PROCSRV_CORE_DUMP : 0));
}

#endif /* PROCSRV_HOSTING_H */
