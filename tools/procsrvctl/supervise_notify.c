// SPDX-License-Identifier: GPL-2.0-only
/*
 * NOTIFY_SOCKET: a program says that it is ready, as in sd_notify(3)
 *
 * There is a socket for each life of a program, with an abstract name that the
 * kernel chooses. So messages of a former life do not arrive, and a message is from
 * the service even if the process that has sent it is gone. Messages of users other
 * than root, that of the supervisor and that of the service are ignored.
 */
#include <errno.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include "supervise_keeper.h"

static bool is_from_service(const struct service *service, struct msghdr *msg)
{
	struct cmsghdr *cmsg = CMSG_FIRSTHDR(msg);
	struct ucred cred;

	if (!cmsg || cmsg->cmsg_type != SCM_CREDENTIALS)
		return false;
	memcpy(&cred, CMSG_DATA(cmsg), sizeof(cred));
	return !cred.uid || cred.uid == geteuid() ||
		cred.uid == service->config.uid;
}

static void take_line(struct supervisor *sup, struct service *service,
		      const char *line)
{
	if (strcmp(line, "READY=1"))
		return;
	service->real.ready = true;
	/* The program can be ready before its keeper has said that it runs. */
	if (service->real.main.pid)
		service_ready(sup, service, server_time());
}

static void notify_ready(struct supervisor *sup, struct source *source)
{
	struct service *service = (struct service *)
		((char *)source - offsetof(struct service, real.notify));
	char text[4096], room[CMSG_SPACE(sizeof(struct ucred))];
	struct iovec iov = { .iov_base = text, .iov_len = sizeof(text) - 1 };
	struct msghdr msg = {
		.msg_iov = &iov, .msg_iovlen = 1,
		.msg_control = room, .msg_controllen = sizeof(room),
	};
	ssize_t n = recvmsg(source->fd, &msg, MSG_DONTWAIT | MSG_CMSG_CLOEXEC);
	char *next = text, *line;

	if (n < 0 || !is_from_service(service, &msg))
		return;
	text[n] = '\0';
	while ((line = strsep(&next, "\n")))
		take_line(sup, service, line);
}

int begin_notify(struct supervisor *sup, struct service *service,
		 struct start *start)
{
	struct sockaddr_un address = { .sun_family = AF_UNIX };
	socklen_t len = sizeof(address.sun_family);
	int on = 1, fd;

	if (service->config.ready != READY_NOTIFY)
		return 0;
	fd = socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0);
	if (fd < 0)
		return -errno;
	service->real.notify = (struct source) {
		.fd = fd, .ready = notify_ready,
	};
	watch(sup, &service->real.notify);
	/* An address with nothing in it makes the kernel choose one. */
	if (setsockopt(fd, SOL_SOCKET, SO_PASSCRED, &on, sizeof(on)) ||
	    bind(fd, (struct sockaddr *)&address, len))
		return -errno;
	len = sizeof(address);
	if (getsockname(fd, (struct sockaddr *)&address, &len))
		return -errno;
	snprintf(start->notify, sizeof(start->notify), "NOTIFY_SOCKET=@%.*s",
		 (int)(len - offsetof(struct sockaddr_un, sun_path) - 1),
		 address.sun_path + 1);
	return 0;
}
