// SPDX-License-Identifier: GPL-2.0-only
/*
 * Operations other than ioctls of the interface
 */
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <sched.h>
#include <signal.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

#include "fuzz.h"

static int sockets[2] = { -1, -1 };

/**
 * sockets_init() - create a pair of sockets to pass descriptors over, for one input
 */
void sockets_init(void)
{
	if (socketpair(AF_UNIX, SOCK_DGRAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0, sockets))
		finding("socketpair: %s", strerror(errno));
}

static long or_errno(long result)
{
	return result < 0 ? -errno : result;
}

static long do_read(const struct record *r, int fd)
{
	static const size_t sizes[] = {
		sizeof(struct procsrv_event), sizeof(struct procsrv_event) * 4, 4096, 1,
		sizeof(struct procsrv_exit_record), 0, sizeof(struct procsrv_event) + 7, 65536,
		sizeof(struct procsrv_exit_record) - 1,
	};

	return or_errno(read(fd, (void *)room_address(0x10 + r->arg[0]),
			     sizes[r->arg[1] % ARRAY_SIZE(sizes)]));
}

static long do_poll(const struct record *r, int fd)
{
	struct pollfd p[2] = {
		/* A poll for signals only does not subscribe. */
		{ .fd = fd, .events = r->arg[0] & 0x80 ? POLLPRI : POLLIN | r->arg[0] },
		{ .fd = program.slot[r->arg[2] % NR_SLOTS].fd, .events = POLLIN },
	};

	return or_errno(poll(p, 1 + (r->arg[2] & 1), r->arg[1] & 3));
}

static long do_close(const struct record *r)
{
	struct slot slot;
	int n = slot_of(r->fd, &slot), fd;

	if (n < 0)
		return -EBADF;
	fd = __atomic_exchange_n(&program.slot[n].fd, -1, __ATOMIC_SEQ_CST);
	return fd < 0 ? -EBADF : or_errno(close(fd));
}

static long do_send(int fd)
{
	union {
		char buf[CMSG_SPACE(sizeof(int))];
		struct cmsghdr align;
	} control = { .buf = { 0 } };
	char byte = 0;
	struct iovec iov = { &byte, 1 };
	struct msghdr msg = {
		.msg_iov = &iov, .msg_iovlen = 1,
		.msg_control = control.buf, .msg_controllen = sizeof(control.buf),
	};
	struct cmsghdr *c = CMSG_FIRSTHDR(&msg);

	c->cmsg_level = SOL_SOCKET;
	c->cmsg_type = SCM_RIGHTS;
	c->cmsg_len = CMSG_LEN(sizeof(int));
	memcpy(CMSG_DATA(c), &fd, sizeof(int));
	return or_errno(sendmsg(sockets[0], &msg, MSG_DONTWAIT));
}

static long do_receive(const struct record *r)
{
	union {
		char buf[CMSG_SPACE(sizeof(int))];
		struct cmsghdr align;
	} control;
	char byte;
	struct iovec iov = { &byte, 1 };
	struct msghdr msg = {
		.msg_iov = &iov, .msg_iovlen = 1,
		.msg_control = control.buf, .msg_controllen = sizeof(control.buf),
	};
	struct cmsghdr *c;
	int fd;

	if (recvmsg(sockets[1], &msg, MSG_DONTWAIT | MSG_CMSG_CLOEXEC) < 0)
		return -errno;
	c = CMSG_FIRSTHDR(&msg);
	if (!c)
		return -ENOMSG;
	memcpy(&fd, CMSG_DATA(c), sizeof(int));
	add_fd(fd, r->arg[0] % 2);
	return 0;
}

static long do_interrupt(const struct record *r)
{
	struct actor *a = &actors[r->arg[0] % NR_ACTORS];

	if (!a->tid)
		return -ESRCH;
	return or_errno(syscall(SYS_tgkill, getpid(), a->tid,
				r->arg[1] & 1 ? signal_restart : signal_interrupt));
}

/* The raw system calls change only this thread. A process can also enter a new user namespace. */
static long do_credentials(struct actor *a, const struct record *r)
{
	int uid = r->arg[0] & 1 ? 1000 : 65534;

	a->unprivileged = true;
	if (r->arg[1] & 1)
		syscall(SYS_setresgid, uid, uid, 0);
	if (r->arg[1] & 2 && !unshare(CLONE_NEWUSER))
		return 0;
	return or_errno(syscall(SYS_setresuid, r->arg[1] & 4 ? -1 : uid, uid, 0));
}

static long do_map(const struct record *r, int fd)
{
	static const size_t sizes[] = { PAGE, 0, 1, PAGE * 3, 1UL << 40 };
	void *p = mmap(NULL, sizes[r->arg[0] % ARRAY_SIZE(sizes)], r->arg[1] & 7,
		       r->arg[2] & 1 ? MAP_SHARED : MAP_PRIVATE, fd, r->arg[3] * (off_t)PAGE);

	if (p == MAP_FAILED)
		return -errno;
	finding("the device can be mapped");
}

static long do_odd(const struct record *r, int fd)
{
	__u8 *buf = args_at(r - program.record);
	loff_t at = r->arg[1];

	switch (r->arg[0] % 14) {
	case 0: return or_errno(write(fd, buf, r->arg[1]));
	case 1: return or_errno(pread(fd, buf, 72, at));
	case 2: return or_errno(lseek(fd, at, r->arg[2] % 5));
	case 3: return or_errno(fsync(fd));
	case 4: return or_errno(ftruncate(fd, at));
	case 5: return or_errno(ioctl(fd, FIONREAD, buf));
	case 6: return or_errno(ioctl(fd, FIONBIO, buf));
	case 7: return or_errno(ioctl(fd, FIOASYNC, buf));
	case 8: return or_errno(ioctl(fd, _IOC(r->arg[1] & 3, PROCSRV_IOC_MAGIC,
					       NR_IOCTLS + (r->arg[2] & 0x7f), r->arg[3]), buf));
	case 9: return or_errno(ioctl(fd, PROCSRV_URING_CANCEL, buf));
	case 10: return or_errno(splice(fd, NULL, sockets[0], NULL, 4096, SPLICE_F_NONBLOCK));
	case 11: return or_errno(fcntl(fd, F_SETLEASE, F_RDLCK));
	case 12: return or_errno(posix_fadvise(fd, 0, 0, r->arg[1] & 7));
	default: return or_errno(syscall(SYS_fallocate, fd, 0, 0, at));
	}
}

static long do_flags(const struct record *r, int fd)
{
	return or_errno(fcntl(fd, F_SETFL, r->arg[0] & 1 ? O_NONBLOCK : r->arg[0] & 2 ?
			      O_APPEND | O_ASYNC : 0));
}

/* epoll keeps watching a closed descriptor as long as a copy of it is open. */
static long do_epoll(const struct record *r, int fd)
{
	struct epoll_event e = {
		.events = (r->arg[0] & 4 ? EPOLLPRI : EPOLLIN) |
			  (r->arg[0] & 1 ? EPOLLET : 0) |
			  (r->arg[0] & 2 ? EPOLLEXCLUSIVE : 0),
	};
	int ep = epoll_create1(EPOLL_CLOEXEC);
	long result;

	if (ep < 0)
		return -errno;
	result = or_errno(epoll_ctl(ep, EPOLL_CTL_ADD, fd, &e));
	if (!result)
		result = or_errno(epoll_wait(ep, &e, 1, r->arg[1] & 3));
	if (r->arg[2] & 1)
		close(ep);
	return result;
}

static long do_nap(const struct record *r)
{
	struct timespec t = { .tv_nsec = (r->arg[0] & 31) * 50000L };

	return or_errno(nanosleep(&t, NULL));
}

static long do_sysfs(const struct record *r)
{
	static const char *const files[] = {
		"/sys/kernel/procsrv/stats", "/sys/kernel/procsrv/version",
		"/sys/module/procsrv/parameters/max_processes",
		"/sys/module/procsrv/refcnt",
	};
	char buf[4096];
	int fd = open(files[r->arg[0] % ARRAY_SIZE(files)], O_RDONLY | O_CLOEXEC);
	long result;

	if (fd < 0)
		return -errno;
	result = or_errno(pread(fd, buf, r->arg[1] ? sizeof(buf) : 3, r->arg[2] & 7));
	close(fd);
	return result;
}

static long do_open(const struct record *r)
{
	static const int flags[] = { O_RDWR, O_RDONLY, O_WRONLY, O_RDWR | O_NONBLOCK };
	int fd = open("/dev/procsrv", flags[r->arg[0] & 3] | O_CLOEXEC);

	if (fd < 0)
		return -errno;
	add_fd(fd, 1);
	return 0;
}

/**
 * run_other() - run an operation that is not an ioctl
 * @a: the actor
 * @index: index of the record in the program
 *
 * Return: 0 or more, or the error as a negative number.
 */
long run_other(struct actor *a, unsigned int index)
{
	const struct record *r = &program.record[index];
	struct slot slot;
	int fd;

	slot_of(r->fd, &slot);
	switch (op_of(r)) {
	case OP_READ: return do_read(r, slot.fd);
	case OP_POLL: return do_poll(r, slot.fd);
	case OP_CLOSE: return do_close(r);
	case OP_DUP:
		fd = dup(slot.fd);
		if (fd < 0)
			return -errno;
		add_fd(fd, slot.server);
		return 0;
	case OP_OPEN: return do_open(r);
	case OP_SEND: return do_send(slot.fd);
	case OP_RECEIVE: return do_receive(r);
	case OP_INTERRUPT: return do_interrupt(r);
	case OP_CREDENTIALS: return do_credentials(a, r);
	case OP_SCRIBBLE:
		scribble(r);
		return 0;
	case OP_MAP: return do_map(r, slot.fd);
	case OP_ODD: return do_odd(r, slot.fd);
	case OP_FLAGS: return do_flags(r, slot.fd);
	case OP_RING_CANCEL: return ring_cancel(a, r, slot.fd);
	case OP_RING_WAIT: return ring_wait(a, r);
	case OP_RING_CLOSE: return ring_close(a, r);
	case OP_EPOLL: return do_epoll(r, slot.fd);
	case OP_NAP: return do_nap(r);
	default: return do_sysfs(r);
	}
}
