// SPDX-License-Identifier: GPL-2.0-only
/*
 * The outer process: it makes the namespaces and the server, and then passes on events
 * from outside: signals, the terminal, orders of the server. It has no part in what the
 * processes of the namespace do.
 */
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/signalfd.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>
#include <procsrv.h>

#include "client.h"
#include "escape.h"
#include "name.h"
#include "record.h"
#include "report.h"
#include "run.h"
#include "server.h"

/* The descriptors that the outer process polls. */
enum {
	POLL_NEWS,
	POLL_SIGNALS,
	POLL_SERVER,
	POLL_DOOR,
	POLL_EVENTS,
	NR_POLLS,
};

/* A signal that is pending in the server for longer came from outside. */
#define PENDING_MS	2

/**
 * struct outside - the state of the outer process
 * @inside: the supervisor
 * @news: pipe from it
 * @signals: signalfd(2)
 * @terminal: the terminal, or -1
 * @foreground: the command has the foreground of it
 * @door_closed: milliseconds for which the door is not polled
 */
struct outside {
	pid_t inside;
	int news;
	int signals;
	int terminal;
	bool foreground;
	int door_closed;
};

/*
 * Namespaces
 */

static bool write_file(const char *path, const char *text)
{
	int fd = open(path, O_WRONLY | O_CLOEXEC);
	bool ok;

	if (fd < 0)
		return false;
	ok = write(fd, text, strlen(text)) == (ssize_t)strlen(text);
	close(fd);
	return ok;
}

/* A user namespace that keeps the user id, and in which the user may make the others. */
static void enter_user_namespace(void)
{
	char uid_map[64], gid_map[64];

	snprintf(uid_map, sizeof(uid_map), "%u %u 1\n", geteuid(), geteuid());
	snprintf(gid_map, sizeof(gid_map), "%u %u 1\n", getegid(), getegid());
	if (unshare(CLONE_NEWUSER))
		report_fatal("cannot make a user namespace, needed without privileges",
			     errno);
	if (!write_file("/proc/self/setgroups", "deny") ||
	    !write_file("/proc/self/uid_map", uid_map) ||
	    !write_file("/proc/self/gid_map", gid_map))
		report_fatal("cannot map the user into the user namespace", errno);
}

/* As fork(2), and the child is process 1 of a PID namespace. */
static pid_t fork_namespace(void)
{
	return syscall(SYS_clone, CLONE_NEWPID | SIGCHLD, 0, 0, 0, 0);
}

/* The supervisor mounts /proc, so CAP_SYS_ADMIN is needed. */
static bool may_make_namespaces(void)
{
	pid_t pid = fork_namespace();
	int status;

	if (!pid)
		_exit(unshare(CLONE_NEWNS) != 0);
	return pid > 0 && waitpid(pid, &status, 0) == pid && !status;
}

static void open_server(void)
{
	unsigned long long seq;
	int err = server_open();

	if (err) {
		escape_warnx(0, "%s: %s%s", procsrv_device(),
			     err == -ENOTTY ? "not a process server" :
			     err == -EACCES ? "the process server is not open to this user" :
			     strerror(-err), client_open_hint(-err));
		exit(settings.compare ? CLIENT_NO_DEVICE : RUN_FAILED);
	}
	/* Otherwise poll(2) would subscribe to all events. */
	procsrv_subscribe(server_fd(), 0,
			  PROCSRV_EVENT_BIT(PROCSRV_EVENT_CAPABILITY), 1, 0, &seq);
}

/*
 * The terminal
 */

/* Has a job-control shell put this process in the foreground? */
static bool in_foreground(const struct outside *o)
{
	return o->terminal >= 0 && tcgetpgrp(o->terminal) == getpgrp();
}

static void take_terminal_back(struct outside *o)
{
	if (o->foreground)
		tcsetpgrp(o->terminal, getpgrp());
	o->foreground = false;
}

/*
 * Orders to the supervisor
 */

static void order(const struct outside *o, int value)
{
	sigqueue(o->inside, RUN_ORDER, (union sigval) { .sival_int = value });
}

static void continue_command(struct outside *o)
{
	o->foreground = !settings.background && in_foreground(o);
	order(o, SIGCONT | (o->foreground ? RUN_FOREGROUND : 0));
}

/*
 * When the command has stopped, this process stops too, so that its shell notices. Signals
 * of the terminal are for the whole job, as if the command had no group of its own.
 */
static void stop_likewise(struct outside *o, int signo)
{
	struct sigaction act = { .sa_handler = SIG_DFL }, former;
	sigset_t mask, all;

	take_terminal_back(o);
	sigaction(signo, &act, &former);
	kill(signo == SIGSTOP ? getpid() : 0, signo);
	sigemptyset(&mask);
	sigaddset(&mask, signo);
	sigprocmask(SIG_UNBLOCK, &mask, &all);
	sigprocmask(SIG_SETMASK, &all, NULL);
	sigaction(signo, &former, NULL);
	continue_command(o);
}

static void read_news(struct outside *o)
{
	struct run_message message;

	if (read(o->news, &message, sizeof(message)) != sizeof(message))
		return;
	if (message.news == RUN_STOPPED)
		stop_likewise(o, message.signo);
}

static void read_signal(struct outside *o)
{
	struct signalfd_siginfo info;

	if (read(o->signals, &info, sizeof(info)) != sizeof(info))
		return;
	if (info.ssi_signo == SIGCONT)
		continue_command(o);
	else if (info.ssi_signo != SIGCHLD)
		order(o, info.ssi_signo);
}

/*
 * Most signals are pending in the server only for a moment. The supervisor, which sleeps
 * in waitpid(2), need only be woken for the others.
 */
static void look_at_server(const struct outside *o)
{
	struct pollfd server = { .fd = server_fd(), .events = POLLPRI };

	poll(NULL, 0, PENDING_MS);
	if (poll(&server, 1, 0) == 1 && server.revents & POLLPRI)
		order(o, 0);
}

static int end(struct outside *o, int status)
{
	take_terminal_back(o);
	record_end();
	name_close();
	if (WIFEXITED(status))
		return WEXITSTATUS(status);
	escape_warnx(0, "the supervisor was killed by %s, and all processes with it",
		     procsrv_signal_name(WTERMSIG(status)));
	return RUN_FAILED;
}

static void handle(struct outside *o, struct pollfd *fds)
{
	if (fds[POLL_NEWS].revents & POLLIN)
		read_news(o);
	else if (fds[POLL_NEWS].revents)
		fds[POLL_NEWS].fd = -1;
	if (fds[POLL_SIGNALS].revents)
		read_signal(o);
	if (fds[POLL_SERVER].revents & POLLPRI)
		look_at_server(o);
	else if (fds[POLL_SERVER].revents)
		fds[POLL_SERVER].fd = -1;
	if (fds[POLL_DOOR].revents)
		o->door_closed = name_serve();
	if (fds[POLL_EVENTS].revents & POLLIN)
		record_read();
	else if (fds[POLL_EVENTS].revents)
		fds[POLL_EVENTS].fd = -1;
}

static int serve(struct outside *o)
{
	struct pollfd fds[NR_POLLS] = {
		[POLL_NEWS] = { .fd = o->news, .events = POLLIN },
		[POLL_SIGNALS] = { .fd = o->signals, .events = POLLIN },
		[POLL_SERVER] = { .fd = server_fd(), .events = POLLPRI },
		[POLL_DOOR] = { .events = POLLIN },
		[POLL_EVENTS] = { .fd = record_fd(), .events = POLLIN },
	};
	int status;

	for (;;) {
		if (waitpid(o->inside, &status, WNOHANG) == o->inside)
			return end(o, status);
		fds[POLL_DOOR].fd = o->door_closed ? -1 : name_fd();
		if (poll(fds, ARRAY_SIZE(fds), o->door_closed ?: -1) >= 0) {
			o->door_closed = 0;
			handle(o, fds);
		}
	}
}

static void block_signals(struct run_inherited *inherited)
{
	struct sigaction act;
	sigset_t all;

	sigfillset(&all);
	sigprocmask(SIG_SETMASK, &all, &inherited->mask);
	sigaction(SIGCHLD, NULL, &act);
	inherited->sigchld_ignored = act.sa_handler == SIG_IGN;
	signal(SIGCHLD, SIG_DFL);
}

int outside(void)
{
	struct run_inherited inherited;
	struct outside o = { .terminal = -1 };
	sigset_t all;
	int pipes[2];

	block_signals(&inherited);
	if (record_open())
		return RUN_FAILED;
	if (!may_make_namespaces())
		enter_user_namespace();
	open_server();
	if (!settings.background)
		o.terminal = open("/dev/tty", O_RDWR | O_CLOEXEC);
	o.foreground = in_foreground(&o);
	sigfillset(&all);
	o.signals = signalfd(-1, &all, SFD_CLOEXEC);
	if (o.signals < 0 || pipe2(pipes, O_CLOEXEC))
		report_fatal("a pipe", errno);
	o.news = pipes[0];
	if (record_begin() || name_open())
		return RUN_FAILED;
	o.inside = fork_namespace();
	if (o.inside < 0)
		report_fatal("cannot make a PID namespace", errno);
	if (!o.inside) {
		close(pipes[0]);
		close(o.signals);
		close(name_fd());
		close(record_fd());
		inside(pipes[1], o.terminal, o.foreground, &inherited);
	}
	close(pipes[1]);
	return serve(&o);
}
