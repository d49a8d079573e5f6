// SPDX-License-Identifier: GPL-2.0-only
/*
 * --control: signals from the server to the machine
 *
 * The server names the target of a signal by its pid. First a descriptor of the process that has
 * this pid now is opened, and then all messages are read: if the process of the server has not
 * ended by then, the descriptor refers to it.
 */
#include <errno.h>
#include <string.h>
#include <sys/pidfd.h>
#include <unistd.h>

#include "hosting.h"
#include "mirror.h"

static struct record *find_copy(const struct mirror *m, __u64 copy)
{
	struct record *r;

	TAILQ_FOREACH(r, &m->table.list, all)
		if (r->copy == copy)
			return r;
	return NULL;
}

static bool is_there(struct mirror *m, pid_t pid)
{
	const struct record *r;
	struct linux_process p;

	while (!mirror_drain(m))
		;
	r = table_find(&m->table, pid);
	return r && !r->zombie && machine_look(&m->machine, pid, &p) &&
	       mirror_is_same(r, &p);
}

static int send_signal(struct mirror *m, pid_t pid, int signo)
{
	int fd = pidfd_open(pid, 0), err = 0;
	struct record *r;

	if (fd < 0)
		return errno;
	if (!is_there(m, pid))
		err = ESRCH;
	else if (pidfd_send_signal(fd, signo, NULL, 0) < 0)
		err = errno;
	close(fd);
	r = table_find(&m->table, pid);
	if (r) {
		r->look = true;
		m->restless = true;
	}
	return err;
}

static void carry_out(struct mirror *m,
		      const struct procsrv_take_signal_args *args)
{
	const struct record *r = find_copy(m, args->target);
	char name[KILLER_LEN];
	int err;

	/* Linux has sent the signals of the server itself already. */
	if (!(args->origin & (PROCSRV_FROM_PROCESS | PROCSRV_FROM_OUTSIDE)))
		return;
	format_killer(args->signo, name, sizeof(name));
	if (!m->control) {
		complain("%s to process %llu has no effect without --control", name,
			 args->target);
		return;
	}
	err = r ? send_signal(m, r->is.pid, args->signo) : ESRCH;
	if (err)
		complain("%s to process %llu: %s (%s)", name, args->target,
			 strerror(err), strerrorname_np(err));
}

bool mirror_take_signals(struct mirror *m)
{
	struct procsrv_take_signal_args args;

	while (!hosting_take(m->server, &args)) {
		if (m->marker && args.target == m->marker)
			return false;
		carry_out(m, &args);
	}
	return true;
}
