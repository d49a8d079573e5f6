// SPDX-License-Identifier: GPL-2.0-only
/*
 * The proc connector: a multicast group of netlink(7).
 *
 * The kernel numbers the messages of each processor. A gap shows how many are missing. If the
 * socket was full, ENOBUFS says so at once, before the message after the gap has come.
 */
#include <errno.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>
#include <linux/connector.h>
#include <linux/netlink.h>

#include "mirror_connector.h"
#include "procsrvctl.h"

/* How long to wait for the answer of the kernel to the subscription. */
#define PATIENCE_MS 1000

/* The namespaces that a machine begins with: PROC_USER_INIT_INO, PROC_PID_INIT_INO. */
#define FIRST_USER_NAMESPACE "user:[4026531837]"
#define FIRST_PID_NAMESPACE "pid:[4026531836]"

/**
 * struct message - a message of the connector
 * @header: of netlink
 * @cn: of the connector
 * @event: the event; of a request, the operation
 */
struct message {
	struct nlmsghdr header;
	struct cn_msg cn;
	union {
		struct proc_event event;
		enum proc_cn_mcast_op op;
	};
} __attribute__((packed));

static bool is_in(const char *file, const char *name)
{
	char link[64];
	ssize_t n = readlink(file, link, sizeof(link) - 1);

	if (n < 0)
		return true;
	link[n] = '\0';
	return !strcmp(link, name);
}

__attribute__((noreturn))
static void fail(const char *why, int err)
{
	fatal(CLIENT_USAGE, "--follow: %s (%s)", why, strerrorname_np(err));
}

/* The kernel does not answer programs in other namespaces. */
static void check_namespaces(void)
{
	if (!is_in("/proc/self/ns/user", FIRST_USER_NAMESPACE))
		fail("the proc connector works in the initial user namespace only",
		     EPERM);
	if (!is_in("/proc/self/ns/pid", FIRST_PID_NAMESPACE))
		fail("the proc connector works in the initial PID namespace only",
		     EPERM);
}

__attribute__((noreturn))
static void fail_without_answer(void)
{
	fail("no proc connector: no CONFIG_PROC_EVENTS, or another network namespace",
	     EOPNOTSUPP);
}

static int request(const struct connector *c, enum proc_cn_mcast_op op)
{
	const size_t size = NLMSG_LENGTH(sizeof(struct cn_msg) + sizeof(op));
	const struct message message = {
		.header = {
			.nlmsg_len = size, .nlmsg_type = NLMSG_DONE,
			.nlmsg_pid = getpid(),
		},
		.cn = {
			.id = { .idx = CN_IDX_PROC, .val = CN_VAL_PROC },
			.ack = getpid(),
			.len = sizeof(op),
		},
		.op = op,
	};

	return send(c->fd, &message, size, 0) == (ssize_t)size ? 0 : -errno;
}

/* Messages may come before the answer; their effects are in the snapshot that follows. */
static void await_answer(struct connector *c)
{
	struct pollfd poll_fd = { .fd = c->fd, .events = POLLIN };
	struct proc_event event;

	while (poll(&poll_fd, 1, PATIENCE_MS) > 0) {
		while (connector_read(c, &event)) {
			if (event.what != PROC_EVENT_NONE ||
			    c->answered != (__u32)getpid() + 1)
				continue;
			if (event.event_data.ack.err == EPERM)
				fail("the proc connector needs CAP_NET_ADMIN", EPERM);
			if (event.event_data.ack.err)
				fail("the proc connector refuses",
				     event.event_data.ack.err);
			return;
		}
	}
	fail_without_answer();
}

/* Unless this is root, the limit of the machine is lower. */
static void set_buffer(const struct connector *c, __u64 buffer)
{
	int size = buffer / 2 > INT32_MAX ? INT32_MAX : buffer / 2;

	if (setsockopt(c->fd, SOL_SOCKET, SO_RCVBUFFORCE, &size, sizeof(size)) < 0 &&
	    setsockopt(c->fd, SOL_SOCKET, SO_RCVBUF, &size, sizeof(size)) < 0)
		fail("the receive buffer of the proc connector", errno);
}

void connector_open(struct connector *c, __u64 buffer)
{
	const struct sockaddr_nl address = {
		.nl_family = AF_NETLINK, .nl_groups = CN_IDX_PROC,
		.nl_pid = getpid(),
	};
	int err;

	check_namespaces();
	*c = (struct connector) { .nr_cpus = sysconf(_SC_NPROCESSORS_CONF) };
	c->next = need(calloc(c->nr_cpus, sizeof(*c->next)));
	c->fd = socket(AF_NETLINK, SOCK_DGRAM | SOCK_CLOEXEC | SOCK_NONBLOCK,
		       NETLINK_CONNECTOR);
	if (c->fd < 0 && errno == EPROTONOSUPPORT)
		fail("this kernel has no connector: CONFIG_PROC_EVENTS is missing",
		     EPROTONOSUPPORT);
	if (c->fd < 0)
		fail("a socket of the proc connector", errno);
	set_buffer(c, buffer);
	if (bind(c->fd, (const struct sockaddr *)&address, sizeof(address)) < 0)
		fail(errno == EPERM ? "the proc connector needs CAP_NET_ADMIN" :
				      "a socket of the proc connector", errno);
	err = request(c, PROC_CN_MCAST_LISTEN);
	if (err == -EPERM)
		fail("the proc connector needs CAP_NET_ADMIN", EPERM);
	/* No part of the kernel listens to this. */
	if (err == -ECONNREFUSED)
		fail_without_answer();
	if (err)
		fail("the proc connector", -err);
	await_answer(c);
}

static void count(struct connector *c, const struct message *message)
{
	__u32 cpu = message->event.cpu;
	__u32 gap;

	if (cpu >= c->nr_cpus)
		return;
	gap = message->cn.seq - (__u32)(c->next[cpu] - 1);
	if (c->next[cpu])
		c->lost += gap;
	c->next[cpu] = (__u64)message->cn.seq + 2;
}

bool connector_read(struct connector *c, struct proc_event *event)
{
	struct sockaddr_nl from;
	socklen_t size = sizeof(from);
	struct message message = {};
	ssize_t n;

	for (;;) {
		n = recvfrom(c->fd, &message, sizeof(message), MSG_DONTWAIT,
			     (struct sockaddr *)&from, &size);
		if (n < 0 && errno == ENOBUFS) {
			c->overrun = true;
			continue;
		}
		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0)
			return false;
		/* Any process may send to this socket; only the kernel is 0. */
		if (n < (ssize_t)NLMSG_LENGTH(sizeof(struct cn_msg)) ||
		    from.nl_pid || message.cn.id.idx != CN_IDX_PROC)
			continue;
		count(c, &message);
		c->answered = message.cn.ack;
		*event = message.event;
		return true;
	}
}

void connector_close(struct connector *c)
{
	/* Older kernels count the listeners, and do not see one go. */
	request(c, PROC_CN_MCAST_IGNORE);
	close(c->fd);
	free(c->next);
}
