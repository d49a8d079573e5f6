// SPDX-License-Identifier: GPL-2.0-only
/*
 * From the keeper's fork to the program
 */
#include <errno.h>
#include <fcntl.h>
#include <grp.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <unistd.h>

#include "supervise_keeper.h"

/* The state in which this program was started, and in which it starts others. */
static struct {
	sigset_t mask;
	struct rlimit files;
} inherited;

void remember_inherited(void)
{
	sigprocmask(SIG_SETMASK, NULL, &inherited.mask);
	getrlimit(RLIMIT_NOFILE, &inherited.files);
}

/* Reports what has failed, and ends the process. */
__attribute__((format(printf, 2, 3), noreturn))
static void fail(const struct start *start, const char *fmt, ...)
{
	struct keeper_message message = {
		.news = KEEPER_FAILED, .status = errno,
	};
	va_list ap;

	va_start(ap, fmt);
	vsnprintf(message.what, sizeof(message.what), fmt, ap);
	va_end(ap);
	send(start->channel, &message, sizeof(message), MSG_NOSIGNAL);
	_exit(RUN_FAILED);
}

/* The strings of a list, and @last unless it is empty, as execve(2) takes them. */
static char **make_vector(const struct strings *list, char *last)
{
	size_t nr = 0, i;
	char **vector;

	for (i = 0; i < list->len; i += strlen(list->data + i) + 1)
		nr++;
	vector = need(calloc(nr + 2, sizeof(*vector)));
	nr = 0;
	for (i = 0; i < list->len; i += strlen(list->data + i) + 1)
		vector[nr++] = list->data + i;
	if (*last)
		vector[nr] = last;
	return vector;
}

/* The process dies with its parent. A change of credentials clears this. */
static void die_with_keeper(const struct start *start)
{
	prctl(PR_SET_PDEATHSIG, SIGKILL);
	if (getppid() != start->keeper)
		_exit(RUN_FAILED);
}

static void put(const struct start *start, int fd, int target)
{
	if (dup2(fd, target) < 0)
		fail(start, "descriptor %d", target);
}

static void open_at(const struct start *start, const char *path, int flags,
		    int target)
{
	int fd = open(path, flags | O_CLOEXEC | O_NOCTTY, 0666);

	if (fd < 0)
		fail(start, "%s", path);
	put(start, fd, target);
}

static void set_streams(const struct start *start)
{
	const struct config *c = &start->service->config;

	open_at(start, c->input.path ?: "/dev/null", O_RDONLY, STDIN_FILENO);
	if (c->output.path)
		open_at(start, c->output.path, c->output.flags, STDOUT_FILENO);
	else
		put(start, start->log, STDOUT_FILENO);
	if (c->error.path)
		open_at(start, c->error.path, c->error.flags, STDERR_FILENO);
	else
		put(start, c->error.inherited ? STDOUT_FILENO : start->log,
		    STDERR_FILENO);
}

static void set_limits(const struct start *start)
{
	const struct config *c = &start->service->config;
	int i;

	setrlimit(RLIMIT_NOFILE, &inherited.files);
	for (i = 0; i < c->nr_limits; i++)
		if (setrlimit(c->limits[i].resource, &c->limits[i].value))
			fail(start, "resource limit %d", c->limits[i].resource);
}

static void set_credentials(const struct start *start)
{
	const struct config *c = &start->service->config;

	if (c->has_user && !geteuid() && setgroups(c->nr_groups, c->groups))
		fail(start, "setgroups");
	if ((c->has_user || c->has_group) && setgid(c->gid))
		fail(start, "setgid %u", c->gid);
	if (c->has_user && setuid(c->uid))
		fail(start, "setuid %u", c->uid);
}

static void reset_signals(void)
{
	int signo;

	for (signo = 1; signo <= SIGRTMAX; signo++)
		signal(signo, SIG_DFL);
	sigprocmask(SIG_SETMASK, &inherited.mask, NULL);
}

void exec_program(const struct start *start)
{
	const struct config *c = &start->service->config;
	const char *directory = c->directory ?: "/";
	char **argv = make_vector(&c->argv, "");
	char **envp = make_vector(&c->envp, (char *)start->notify);

	die_with_keeper(start);
	setsid();
	set_streams(start);
	set_limits(start);
	set_credentials(start);
	die_with_keeper(start);
	if (chdir(directory))
		fail(start, "%s", directory);
	reset_signals();
	execvpe(argv[0], argv, envp);
	fail(start, "%s", argv[0]);
}
