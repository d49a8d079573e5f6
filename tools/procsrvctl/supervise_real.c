// SPDX-License-Identifier: GPL-2.0-only
/*
 * The program of a service
 *
 * The supervisor forks a keeper, the keeper forks the program. The supervisor
 * passes the keeper's reports on to the server, and sends the signals of the
 * server through pidfds. The process of the server ends after the keeper has
 * ended: nothing that the program started is left then.
 */
#include <errno.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/pidfd.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include "hosting.h"
#include "supervise_keeper.h"
#include "supervise_proc.h"

bool service_is_real(const struct service *service)
{
	return service->config.argv.len;
}

static void close_source(struct supervisor *sup, struct source *source)
{
	unwatch(sup, source);
	if (source->fd >= 0)
		close(source->fd);
	source->fd = -1;
}

static void forget_pid(struct body *body)
{
	if (body->pidfd >= 0)
		close(body->pidfd);
	body->pidfd = -1;
	body->pid = 0;
}

/*
 * Signals
 */

static void send_signal(const struct body *body, int signo)
{
	if (!pidfd_send_signal(body->pidfd, signo, NULL, 0) || errno == ESRCH)
		return;
	tell(server_time(), body->service, "error",
	     "%s does not reach process %d: %s", procsrv_signal_name(signo),
	     body->pid, strerror(errno));
}

static void send_early_signals(struct body *body)
{
	int signo;

	for (signo = 1; body->early; signo++) {
		if (body->early & 1ULL << (signo - 1))
			send_signal(body, signo);
		body->early &= ~(1ULL << (signo - 1));
	}
}

/* A program that has not started yet gets the signal later. */
static void deliver(struct supervisor *sup, struct body *body, int signo)
{
	struct real *real = &body->service->real;

	if (body == &real->main && !body->pid)
		read_channel(sup, body->service);
	if (body->pid)
		send_signal(body, signo);
	else if (!real->ended && signo == SIGKILL)
		real_kill(body->service);
	else if (!real->ended)
		body->early |= 1ULL << (signo - 1);
}

void take_signals(struct supervisor *sup)
{
	struct procsrv_take_signal_args args;
	struct body *body;

	while (!hosting_take(device(), &args)) {
		body = body_of(sup, args.target);
		if (body)
			deliver(sup, body, args.signo);
	}
}

void real_kill(struct service *service)
{
	struct real *real = &service->real;

	send(real->channel.fd, "", 1, MSG_DONTWAIT | MSG_NOSIGNAL);
	/* Before the program runs, the keeper sleeps, and the child dies with it. */
	if (!real->main.pid && !real->ended) {
		real->before_exec = true;
		kill(real->keeper, SIGKILL);
	}
}

/*
 * Reports of the keeper
 */

static struct body *find_body(struct real *real, pid_t pid)
{
	struct body *body;

	if (real->main.pid == pid)
		return &real->main;
	for (body = real->orphans; body && body->pid != pid; body = body->next)
		;
	return body;
}

static void orphan_exited(struct supervisor *sup, struct body *orphan,
			  int status)
{
	struct body **at = &orphan->service->real.orphans;
	struct procsrv_wait_args args = {
		.parent = orphan->service->pid,
		.which = PROCSRV_WAIT_PID,
		.id = orphan->record,
		.what = PROCSRV_WAIT_EXITED,
		.flags = PROCSRV_WAIT_NOHANG,
	};

	hosting_ended(device(), orphan->record, status);
	/* After the end of the service the supervisor waits for it. */
	procsrv_wait(device(), &args);
	while (*at != orphan)
		at = &(*at)->next;
	*at = orphan->next;
	set_record(sup, orphan, 0);
	forget_pid(orphan);
	free(orphan);
}

static void body_exited(struct supervisor *sup, struct body *body, int status)
{
	struct real *real = &body->service->real;

	if (body != &real->main) {
		orphan_exited(sup, body, status);
		return;
	}
	real->ended = true;
	real->status = status;
	forget_pid(body);
	procsrv_report(device(), body->record, PROCSRV_BODY_EXITING, 0);
}

static void started(struct supervisor *sup, struct service *service, pid_t pid,
		    int pidfd)
{
	struct real *real = &service->real;

	real->main.pid = pid;
	real->main.pidfd = pidfd;
	if (!real->failed)
		service_executed(sup, service);
	send_early_signals(&real->main);
}

static void take_message(struct supervisor *sup, struct service *service,
			 const struct keeper_message *message, int pidfd)
{
	struct real *real = &service->real;
	struct body *body = find_body(real, message->pid);

	switch (message->news) {
	case KEEPER_STARTED:
		started(sup, service, message->pid, pidfd);
		return;
	case KEEPER_FAILED:
		real->failed = true;
		tell(server_time(), service, "error", "cannot run: %s: %s",
		     message->what, strerror(message->status));
		return;
	}
	if (!body)
		return;
	switch (message->news) {
	case KEEPER_STOPPED:
		procsrv_report(device(), body->record, PROCSRV_BODY_STOPPED,
			       message->status);
		break;
	case KEEPER_CONTINUED:
		procsrv_report(device(), body->record, PROCSRV_BODY_CONTINUED,
			       0);
		break;
	case KEEPER_EXITED:
		body_exited(sup, body, message->status);
		break;
	}
}

/* Returns what recvmsg(2) does; *pidfd is the descriptor that came, or -1. */
static ssize_t receive(int fd, struct keeper_message *message, int *pidfd)
{
	char room[CMSG_SPACE(sizeof(int))];
	struct iovec iov = { .iov_base = message, .iov_len = sizeof(*message) };
	struct msghdr msg = {
		.msg_iov = &iov, .msg_iovlen = 1,
		.msg_control = room, .msg_controllen = sizeof(room),
	};
	ssize_t n = recvmsg(fd, &msg, MSG_DONTWAIT | MSG_CMSG_CLOEXEC);
	struct cmsghdr *cmsg = n > 0 ? CMSG_FIRSTHDR(&msg) : NULL;

	*pidfd = -1;
	if (cmsg && cmsg->cmsg_type == SCM_RIGHTS)
		memcpy(pidfd, CMSG_DATA(cmsg), sizeof(*pidfd));
	return n;
}

void read_channel(struct supervisor *sup, struct service *service)
{
	struct source *channel = &service->real.channel;
	struct keeper_message message;
	int pidfd;
	ssize_t n;

	while ((n = receive(channel->fd, &message, &pidfd)) > 0)
		take_message(sup, service, &message, pidfd);
	/* The keeper has exited, which SIGCHLD reports. */
	if (!n)
		unwatch(sup, channel);
}

static void channel_ready(struct supervisor *sup, struct source *source)
{
	read_channel(sup, (struct service *)((char *)source -
		     offsetof(struct service, real.channel)));
}

/*
 * Start and end
 */

static void forget_real(struct supervisor *sup, struct service *service)
{
	struct real *real = &service->real;

	end_output(sup, service);
	close_source(sup, &real->notify);
	close_source(sup, &real->channel);
	while (real->orphans)
		orphan_exited(sup, real->orphans, SIGKILL);
	forget_pid(&real->main);
	set_record(sup, &real->main, 0);
	set_keeper(sup, service, 0);
}

/* Nothing of the program is left. */
static void keeper_ended(struct supervisor *sup, struct service *service)
{
	struct real *real = &service->real;

	if (real->channel.fd >= 0)
		read_channel(sup, service);
	if (!real->ended)
		real->status = SIGKILL;
	if (!real->ended && !real->before_exec)
		tell(server_time(), service, "error",
		     "the keeper of the program was killed, and the program with it");
	hosting_ended(device(), service->pid, real->status);
	forget_real(sup, service);
	/* Otherwise its handle will report the end. */
	if (service->gone)
		service_ended(sup, service);
}

static bool is_keeper(pid_t pid, const void *data)
{
	return service_kept_by(data, pid);
}

void reap_keepers(struct supervisor *sup)
{
	struct service *service;
	bool strays = false;
	int status;
	pid_t pid;

	while ((pid = waitpid(-1, &status, WNOHANG)) > 0) {
		service = service_kept_by(sup, pid);
		strays |= !service || WIFSIGNALED(status);
		if (service)
			keeper_ended(sup, service);
	}
	/* A keeper that was killed has left its children to this process. */
	if (strays)
		proc_kill_below(is_keeper, sup);
}

static int fork_keeper(struct supervisor *sup, struct service *service,
		       struct start *start)
{
	pid_t keeper = fork();

	if (keeper < 0)
		return -errno;
	if (!keeper)
		keep(start);
	set_keeper(sup, service, keeper);
	return 0;
}

static int begin_real(struct supervisor *sup, struct service *service,
		      struct start *start)
{
	struct real *real = &service->real;
	int channel[2], err;

	if (socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, channel))
		return -errno;
	start->channel = channel[1];
	real->channel = (struct source) {
		.fd = channel[0], .ready = channel_ready,
	};
	err = begin_output(sup, service, &start->log);
	if (!err)
		err = begin_notify(sup, service, start);
	if (!err)
		err = fork_keeper(sup, service, start);
	if (start->log >= 0)
		close(start->log);
	close(start->channel);
	return err;
}

int real_start(struct supervisor *sup, struct service *service)
{
	struct start start = { .service = service, .log = -1 };
	struct real *real = &service->real;
	int err;

	real->ended = false;
	real->before_exec = false;
	real->failed = false;
	real->ready = false;
	real->usage = (struct usage) {};
	real->main.early = 0;
	set_record(sup, &real->main, service->pid);
	err = begin_real(sup, service, &start);
	if (err) {
		forget_real(sup, service);
		return err;
	}
	watch(sup, &real->channel);
	return 0;
}
