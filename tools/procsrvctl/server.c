// SPDX-License-Identifier: GPL-2.0-only
/*
 * --server: a private server in the place of the device.
 *
 * A name means the door that the program of the server has opened (door.h). A
 * pid means a process that has a descriptor of the server: that is copied
 * (pidfd_getfd(2)) to get a further one, and closed.
 */
#include <dirent.h>
#include <errno.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "door.h"
#include "procsrvctl.h"

#define LINK "anon_inode:[procsrv]"

/* After so long without an answer, the program may be stopped. */
#define STOPPED_MS 1000

/* The argument of --server, or NULL. */
static const char *server;

enum {
	OPT_SERVER = OPT_FIRST,
};

static error_t parse_server(int key, char *arg,
			    struct argp_state *state __attribute__((unused)))
{
	__u64 pid;

	if (key != OPT_SERVER)
		return ARGP_ERR_UNKNOWN;
	if (!door_name_is_valid(arg) &&
	    (!client_parse_u64(arg, INT32_MAX, &pid) || !pid))
		usage_error("'%s' is neither a name of a server nor a process id",
			    arg);
	server = arg;
	return 0;
}

static const struct argp_option options[] = {
	{ "server", OPT_SERVER, "NAME|PID", 0,
	  "Use the private server with this name, or of this Linux process, instead of the device",
	  0 },
	{}
};

const struct argp server_argp = {
	.options = options, .parser = parse_server,
};

/* The name of argp is that of the program with the commands so far. */
static error_t parse_misplaced(int key, char *arg, struct argp_state *state)
{
	const char *command = strchr(state->name, ' ');

	if (key != OPT_SERVER)
		return ARGP_ERR_UNKNOWN;
	usage_error("--server stands before the command: procsrvctl --server=%s%s",
		    arg, command ? command : "");
}

static const struct argp_option misplaced_options[] = {
	{ .name = "server", .key = OPT_SERVER, .arg = "NAME|PID",
	  .flags = OPTION_HIDDEN },
	{}
};

const struct argp misplaced_argp = {
	.options = misplaced_options, .parser = parse_misplaced,
};

const char *device_name(void)
{
	return server ? server : procsrv_device();
}

__attribute__((noreturn))
static void fail(const char *why, int err)
{
	fatal(CLIENT_NO_DEVICE, "server '%s': %s (%s)", server, why,
	      strerrorname_np(err));
}

/* Says why a further descriptor was refused; @err is positive. */
__attribute__((noreturn))
static void fail_further(int err)
{
	switch (err) {
	case EINVAL:
		fail("the module is too old for further descriptors", err);
	case ESHUTDOWN:
		fail("it has been closed", err);
	case EMFILE:
		fail("too many open files, or as many servers as max_user_servers allows", err);
	case EPERM:
		fail("it belongs to another user", err);
	default:
		fail(strerror(err), err);
	}
}

/*
 * By its name
 */

/* The pid of the program in this namespace, or 0. */
static pid_t program_of(int socket)
{
	struct ucred cred = {};
	socklen_t size = sizeof(cred);

	return getsockopt(socket, SOL_SOCKET, SO_PEERCRED, &cred, &size) ? 0 : cred.pid;
}

/* Also by a debugger. */
static bool is_stopped(pid_t pid)
{
	char state = pid > 0 ? client_proc_state(pid) : 0;

	return state == 'T' || state == 't';
}

/* A program that only is slow has the time that the socket allows. */
static void await_answer(int socket)
{
	struct pollfd answer = { .fd = socket, .events = POLLIN };
	pid_t pid = program_of(socket);
	char why[128];

	if (poll(&answer, 1, STOPPED_MS) || !is_stopped(pid))
		return;
	snprintf(why, sizeof(why),
		 "its program is stopped: continue process %d, or use --server=%d", pid, pid);
	fail(why, EAGAIN);
}

static int receive(int socket)
{
	struct door_answer answer = {};
	union {
		char buf[CMSG_SPACE(sizeof(int))];
		struct cmsghdr align;
	} control = {};
	struct iovec iov = { .iov_base = &answer, .iov_len = sizeof(answer) };
	struct msghdr msg = {
		.msg_iov = &iov, .msg_iovlen = 1,
		.msg_control = control.buf,
		.msg_controllen = sizeof(control.buf),
	};
	struct cmsghdr *cmsg;
	ssize_t n;
	int fd;

	await_answer(socket);
	n = recvmsg(socket, &msg, MSG_CMSG_CLOEXEC);
	cmsg = CMSG_FIRSTHDR(&msg);
	if (n < 0 && errno == EAGAIN)
		fail("it does not answer, its program may be stopped", EAGAIN);
	if (n < 0)
		fail(strerror(errno), errno);
	if (n == sizeof(answer) && answer.error > 0)
		fail_further(answer.error);
	if (n != sizeof(answer) || answer.error || !cmsg ||
	    cmsg->cmsg_level != SOL_SOCKET || cmsg->cmsg_type != SCM_RIGHTS ||
	    cmsg->cmsg_len != CMSG_LEN(sizeof(int)))
		fail("the program ended without an answer", ECONNRESET);
	memcpy(&fd, CMSG_DATA(cmsg), sizeof(fd));
	return fd;
}

static int open_name(void)
{
	char error[DOOR_ERROR_SIZE];
	int dir = door_directory(false, error);
	int socket, fd;

	if (dir < 0)
		fatal(CLIENT_NO_DEVICE, "there is no server '%s': %s (%s)",
		      server, error, strerrorname_np(-dir));
	socket = door_connect(dir, server, 0);
	close(dir);
	switch (socket) {
	case -ENOENT:
		fatal(CLIENT_NO_DEVICE, "there is no server '%s' (ENOENT)",
		      server);
	case -ECONNREFUSED:
		fail("the program that had the server has ended", ECONNREFUSED);
	case -EAGAIN:
		fail("it does not answer, its program may be stopped", EAGAIN);
	case -ENOTSOCK:
		fail("the file with this name is not the socket of a server", ENOTSOCK);
	default:
		if (socket < 0)
			fail(strerror(-socket), -socket);
	}
	fd = receive(socket);
	close(socket);
	return fd;
}

/*
 * By the pid of a process that has it
 */

static bool is_server(int dir, const char *name)
{
	char link[sizeof(LINK)];
	ssize_t n = readlinkat(dir, name, link, sizeof(link));

	return n == (ssize_t)strlen(LINK) && !memcmp(link, LINK, n);
}

/* The lowest descriptor of a private server that the process has, or -1. */
static int find_descriptor(void)
{
	struct dirent *entry;
	char path[64];
	int found = -1;
	DIR *dir;
	__u32 fd;

	snprintf(path, sizeof(path), "/proc/%s/fd", server);
	dir = opendir(path);
	if (!dir && errno == EACCES)
		fail("the descriptors of this process are not for this user", errno);
	if (!dir)
		fail(errno == ENOENT ? "there is no such process" : strerror(errno),
		     errno == ENOENT ? ESRCH : errno);
	while ((entry = readdir(dir))) {
		if (client_parse_u32(entry->d_name, &fd) &&
		    (found < 0 || fd < (__u32)found) &&
		    is_server(dirfd(dir), entry->d_name))
			found = fd;
	}
	closedir(dir);
	return found;
}

static int copy_descriptor(int pidfd)
{
	int fd = find_descriptor(), copy;

	if (fd < 0)
		fail("this process has no private server", ENOENT);
	copy = syscall(SYS_pidfd_getfd, pidfd, fd, 0);
	if (copy >= 0)
		return copy;
	if (errno == EPERM)
		fail("the descriptors of this process are not for this user", errno);
	fail(errno == ESRCH ? "the process has ended" : strerror(errno), errno);
}

/* Open the pidfd first: then a descriptor that is found belongs to that process. */
static int open_pid(void)
{
	int pidfd = syscall(SYS_pidfd_open, (pid_t)strtoul(server, NULL, 10), 0);
	int copy, fd;

	if (pidfd < 0)
		fail(errno == ESRCH ? "there is no such process" :
		     errno == EINVAL ? "this is a thread, not a process" :
		     strerror(errno), errno);
	copy = copy_descriptor(pidfd);
	close(pidfd);
	fd = procsrv_new_server_flags(copy, PROCSRV_SERVER_SAME);
	close(copy);
	if (fd < 0)
		fail_further(-fd);
	return fd;
}

int open_server(void)
{
	struct procsrv_time_args probe;
	int fd;

	if (!server)
		return -ENODEV;
	fd = door_name_is_valid(server) ? open_name() : open_pid();
	if (procsrv_get_time(fd, &probe))
		fail("it is not a process server", ENOTTY);
	return fd;
}

int server_has_ended(void)
{
	complain("the server has ended");
	return CLIENT_OK;
}
