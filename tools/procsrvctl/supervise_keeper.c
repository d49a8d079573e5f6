// SPDX-License-Identifier: GPL-2.0-only
/*
 * The keeper
 *
 * It is a process for each life of a program: the parent of that, and a
 * subreaper, so that every descendant of the program that loses its parent
 * becomes a child of the keeper. It lives until the last of them has exited.
 * Once the program has exited, or the supervisor has, it kills all of them.
 *
 * Its channel is readable at the end of the supervisor, however that ends: the
 * supervisor has the only descriptor of the other end.
 */
#include <errno.h>
#include <poll.h>
#include <sched.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/pidfd.h>
#include <sys/prctl.h>
#include <sys/signalfd.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "supervise_keeper.h"
#include "supervise_proc.h"

/**
 * struct keeper - the state of a keeper
 * @channel: to and from the supervisor
 * @signals: SIGCHLD
 * @program: the pid of the program, or 0 once it has exited
 * @killing: all processes have to be killed
 */
struct keeper {
	int channel;
	int signals;
	pid_t program;
	bool killing;
};

/* @fd: a descriptor, or -1. If the supervisor is gone, poll(2) shows that. */
static void report(const struct keeper *k, const struct keeper_message *message,
		   int fd)
{
	char room[CMSG_SPACE(sizeof(fd))] = {};
	struct iovec iov = {
		.iov_base = (void *)message, .iov_len = sizeof(*message),
	};
	struct msghdr msg = { .msg_iov = &iov, .msg_iovlen = 1 };
	struct cmsghdr *cmsg;

	if (fd >= 0) {
		msg.msg_control = room;
		msg.msg_controllen = sizeof(room);
		cmsg = CMSG_FIRSTHDR(&msg);
		cmsg->cmsg_level = SOL_SOCKET;
		cmsg->cmsg_type = SCM_RIGHTS;
		cmsg->cmsg_len = CMSG_LEN(sizeof(fd));
		memcpy(CMSG_DATA(cmsg), &fd, sizeof(fd));
	}
	sendmsg(k->channel, &msg, MSG_NOSIGNAL);
}

static void report_child(const struct keeper *k, enum keeper_news news,
			 pid_t pid, int status)
{
	const struct keeper_message message = {
		.news = news, .pid = pid, .status = status,
	};

	report(k, &message, -1);
}

/* Closes all descriptors above the standard ones but two, one of which may be -1. */
static void close_others(int a, int b)
{
	int low = a < b ? a : b, high = a < b ? b : a;
	int next = STDERR_FILENO + 1;

	if (low >= next) {
		if (low > next)
			close_range(next, low - 1, 0);
		next = low + 1;
	}
	if (high > next)
		close_range(next, high - 1, 0);
	close_range(high + 1, ~0U, 0);
}

static void begin(struct keeper *k, const struct start *start)
{
	sigset_t all;

	close_others(start->channel, start->log);
	/* Signals to the group or from the terminal of the supervisor are only for it. */
	setsid();
	prctl(PR_SET_NAME, "keeper");
	prctl(PR_SET_CHILD_SUBREAPER, 1);
	sigfillset(&all);
	sigprocmask(SIG_SETMASK, &all, NULL);
	sigemptyset(&all);
	sigaddset(&all, SIGCHLD);
	k->channel = start->channel;
	k->signals = signalfd(-1, &all, SFD_CLOEXEC | SFD_NONBLOCK);
}

/* Like vfork(2), with memory of its own: returns once the child has its program. */
static pid_t fork_program(void)
{
	return syscall(SYS_clone, CLONE_VFORK | SIGCHLD, 0, 0, 0, 0);
}

static void start_program(struct keeper *k, struct start *start)
{
	struct keeper_message message = { .news = KEEPER_STARTED };
	int pidfd;

	start->keeper = getpid();
	message.pid = fork_program();
	if (!message.pid)
		exec_program(start);
	if (message.pid < 0) {
		message.news = KEEPER_FAILED;
		message.status = errno;
		strcpy(message.what, "fork");
		report(k, &message, -1);
		report_child(k, KEEPER_EXITED, 0, W_EXITCODE(RUN_FAILED, 0));
		_exit(EXIT_FAILURE);
	}
	k->program = message.pid;
	/* Until the keeper waits for the program, its pid cannot be used again. */
	pidfd = pidfd_open(message.pid, 0);
	report(k, &message, pidfd);
	close(pidfd);
	if (start->log >= 0)
		close(start->log);
}

static void report_stops(const struct keeper *k)
{
	siginfo_t info = {};

	while (!waitid(P_ALL, 0, &info, WSTOPPED | WCONTINUED | WNOHANG) &&
	       info.si_pid) {
		report_child(k, info.si_code == CLD_CONTINUED ?
			     KEEPER_CONTINUED : KEEPER_STOPPED, info.si_pid,
			     info.si_status);
		info.si_pid = 0;
	}
}

/* A status as of waitpid(2), from the result of waitid(2). */
static int status_of(const siginfo_t *info)
{
	if (info->si_code == CLD_EXITED)
		return W_EXITCODE(info->si_status, 0);
	return W_EXITCODE(0, info->si_status) |
		(info->si_code == CLD_DUMPED ? WCOREFLAG : 0);
}

/* Returns false once there is no child any more. */
static bool reap(struct keeper *k)
{
	siginfo_t info = {};

	while (!waitid(P_ALL, 0, &info, WEXITED | WNOHANG | WNOWAIT)) {
		if (!info.si_pid)
			return true;
		if (info.si_pid == k->program) {
			k->program = 0;
			k->killing = true;
		}
		report_child(k, KEEPER_EXITED, info.si_pid, status_of(&info));
		waitpid(info.si_pid, NULL, 0);
		info.si_pid = 0;
	}
	return false;
}

/* Any message of the supervisor, and its end, mean that all must be killed. */
static void wait_for_news(struct keeper *k)
{
	struct pollfd fds[] = {
		{ .fd = k->signals, .events = POLLIN },
		{ .fd = k->channel, .events = POLLIN },
	};
	struct signalfd_siginfo info;
	char byte;

	/* The channel stays readable when the supervisor is gone. */
	poll(fds, k->killing ? 1 : 2, -1);
	if (fds[0].revents)
		while (read(k->signals, &info, sizeof(info)) > 0)
			;
	if (fds[1].revents) {
		recv(k->channel, &byte, sizeof(byte), MSG_DONTWAIT);
		k->killing = true;
	}
}

/*
 * Each descendant that is killed becomes a zombie that the keeper waits for, at the
 * latest after its ancestors have exited, and its children become children of the
 * keeper before that. So a look after each SIGCHLD finds all of them.
 */
void keep(struct start *start)
{
	struct keeper k = {};

	begin(&k, start);
	start_program(&k, start);
	for (;;) {
		report_stops(&k);
		if (!reap(&k))
			_exit(EXIT_SUCCESS);
		if (k.killing)
			proc_kill_below(NULL, NULL);
		wait_for_news(&k);
	}
}
