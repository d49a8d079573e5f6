// SPDX-License-Identifier: GPL-2.0-only
/*
 * Doors: the directory, and the side of the program that has the server.
 *
 * Sockets are named by way of the descriptor of the directory: so their paths are
 * short enough for a struct sockaddr_un, whatever the directory is called, and all
 * names are those of one directory even if it is moved. Doors are opened and closed
 * under a lock of the directory (flock(2)).
 */
#include <errno.h>
#include <fcntl.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/time.h>
#include <sys/un.h>
#include <unistd.h>

#include <procsrv.h>

#include "door.h"

#define ROOT_DIRECTORY "/run"
#define DIRECTORY "procsrv"

enum {
	BACKLOG = 64,
	AT_ONCE = 16,		/* clients that are served in one call */
	PATIENCE_S = 5,		/* of a client */
};

#define DIGITS "0123456789"

bool door_name_is_valid(const char *name)
{
	static const char valid[] =
		"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz" DIGITS "._-";
	size_t len = strlen(name);

	return len && len <= DOOR_NAME_MAX && *name != '.' &&
	       strspn(name, valid) == len && strspn(name, DIGITS) != len;
}

/* Makes the message, and returns @err. */
__attribute__((format(printf, 3, 4)))
static int fail(char *error, int err, const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	vsnprintf(error, DOOR_ERROR_SIZE, fmt, ap);
	va_end(ap);
	return err;
}

static int check_directory(int dir, const char *parent, char *error)
{
	struct stat st;

	if (fstat(dir, &st) < 0)
		return fail(error, -errno, "%s/" DIRECTORY ": %s", parent,
			    strerror(errno));
	if (st.st_uid != geteuid())
		return fail(error, -EPERM, "%s/" DIRECTORY " belongs to user %u",
			    parent, st.st_uid);
	if (st.st_mode & 022)
		return fail(error, -EPERM, "%s/" DIRECTORY " is writable by others",
			    parent);
	return 0;
}

int door_directory(bool create, char error[static DOOR_ERROR_SIZE])
{
	const char *parent = geteuid() ? getenv("XDG_RUNTIME_DIR") :
				       ROOT_DIRECTORY;
	int up, dir, err;

	if (!parent || *parent != '/')
		return fail(error, -ENOENT, "XDG_RUNTIME_DIR is not set");
	up = open(parent, O_PATH | O_DIRECTORY | O_CLOEXEC);
	if (up < 0)
		return fail(error, -errno, "%s: %s", parent, strerror(errno));
	err = create && mkdirat(up, DIRECTORY, 0700) < 0 ? errno : 0;
	dir = openat(up, DIRECTORY,
		     O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
	if (dir < 0)
		err = err && err != EEXIST ? err : errno;
	close(up);
	if (dir < 0)
		return fail(error, -err, "%s/" DIRECTORY ": %s", parent,
			    strerror(err));
	err = check_directory(dir, parent, error);
	if (err) {
		close(dir);
		return err;
	}
	return dir;
}

static void make_address(int dir, const char *name, struct sockaddr_un *address)
{
	*address = (struct sockaddr_un) { .sun_family = AF_UNIX };
	snprintf(address->sun_path, sizeof(address->sun_path),
		 "/proc/self/fd/%d/%s", dir, name);
}

/* A file that is no socket refuses connections in the same way. */
static bool is_socket(int dir, const char *name)
{
	struct stat st;

	return fstatat(dir, name, &st, AT_SYMLINK_NOFOLLOW) < 0 ||
	       S_ISSOCK(st.st_mode);
}

int door_connect(int dir, const char *name, int flags)
{
	const struct timeval patience = { .tv_sec = PATIENCE_S };
	struct sockaddr_un address;
	int fd, err;

	if (!is_socket(dir, name))
		return -ENOTSOCK;
	fd = socket(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC | flags, 0);
	if (fd < 0)
		return -errno;
	make_address(dir, name, &address);
	if (setsockopt(fd, SOL_SOCKET, SO_SNDTIMEO, &patience, sizeof(patience)) < 0 ||
	    setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof(patience)) < 0 ||
	    connect(fd, (struct sockaddr *)&address, sizeof(address)) < 0) {
		err = errno;
		close(fd);
		return err == EPROTOTYPE ? -ENOTSOCK : -err;
	}
	return fd;
}

/* Called with the lock: if connections are refused, the program is gone. */
static int remove_stale(int dir, const char *name, char *error)
{
	int fd = door_connect(dir, name, SOCK_NONBLOCK);

	if (fd >= 0)
		close(fd);
	switch (fd) {
	case -ENOENT:
		return 0;
	case -ECONNREFUSED:
		break;
	case -ENOTSOCK:
		return fail(error, -EEXIST, "the file '%s' is not the socket of a server",
			    name);
	default:
		if (fd >= 0 || fd == -EAGAIN)
			return fail(error, -EADDRINUSE, "a server '%s' is running already",
				    name);
		return fail(error, fd, "server '%s': %s", name, strerror(-fd));
	}
	if (unlinkat(dir, name, 0) < 0)
		return fail(error, -errno, "cannot remove what is left of server '%s': %s",
			    name, strerror(errno));
	return 0;
}

/* No client can connect before the mode is set: the socket does not listen yet. */
static int bind_and_listen(struct door *door)
{
	struct sockaddr_un address;
	struct stat st;

	make_address(door->dir, door->name, &address);
	if (bind(door->socket, (struct sockaddr *)&address, sizeof(address)) < 0)
		return -errno;
	if (fstatat(door->dir, door->name, &st, AT_SYMLINK_NOFOLLOW) < 0 ||
	    fchmodat(door->dir, door->name, 0600, 0) < 0 ||
	    listen(door->socket, BACKLOG) < 0) {
		int err = -errno;

		unlinkat(door->dir, door->name, 0);
		return err;
	}
	door->dev = st.st_dev;
	door->ino = st.st_ino;
	return 0;
}

static int open_locked(struct door *door, char *error)
{
	int err = remove_stale(door->dir, door->name, error);

	if (err)
		return err;
	err = bind_and_listen(door);
	if (err)
		fail(error, err, "server '%s': %s", door->name, strerror(-err));
	return err;
}

int door_open(struct door *door, const char *name, int server,
	      char error[static DOOR_ERROR_SIZE])
{
	int err;

	if (!door_name_is_valid(name))
		return fail(error, -EINVAL, "'%s' is not a name for a server", name);
	*door = (struct door) { .server = server };
	strcpy(door->name, name);
	door->dir = door_directory(true, error);
	if (door->dir < 0)
		return door->dir;
	door->socket = socket(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
	if (door->socket < 0) {
		err = fail(error, -errno, "server '%s': %s", name, strerror(errno));
		close(door->dir);
		return err;
	}
	flock(door->dir, LOCK_EX);
	err = open_locked(door, error);
	flock(door->dir, LOCK_UN);
	if (err) {
		close(door->socket);
		close(door->dir);
	}
	return err;
}

int door_fd(const struct door *door)
{
	return door->socket;
}

/* The buffer of a new connection has room: it does not sleep. */
static void send_answer(int client, int fd)
{
	struct door_answer answer = { .error = fd < 0 ? -fd : 0 };
	union {
		char buf[CMSG_SPACE(sizeof(int))];
		struct cmsghdr align;
	} control = {};
	struct iovec iov = { .iov_base = &answer, .iov_len = sizeof(answer) };
	struct msghdr msg = { .msg_iov = &iov, .msg_iovlen = 1 };
	struct cmsghdr *cmsg;

	if (fd >= 0) {
		msg.msg_control = control.buf;
		msg.msg_controllen = sizeof(control.buf);
		cmsg = CMSG_FIRSTHDR(&msg);
		cmsg->cmsg_level = SOL_SOCKET;
		cmsg->cmsg_type = SCM_RIGHTS;
		cmsg->cmsg_len = CMSG_LEN(sizeof(int));
		memcpy(CMSG_DATA(cmsg), &fd, sizeof(fd));
	}
	sendmsg(client, &msg, MSG_DONTWAIT | MSG_NOSIGNAL);
}

/* By the credentials at connect(2), even if the socket was passed on since. */
static bool is_trusted(int client)
{
	struct ucred cred;
	socklen_t size = sizeof(cred);

	return !getsockopt(client, SOL_SOCKET, SO_PEERCRED, &cred, &size) &&
	       (!cred.uid || cred.uid == geteuid());
}

static void serve_client(const struct door *door, int client)
{
	int fd = -EPERM;

	if (is_trusted(client))
		fd = procsrv_new_server_flags(door->server, PROCSRV_SERVER_SAME);
	send_answer(client, fd);
	if (fd >= 0)
		close(fd);
}

int door_serve(struct door *door)
{
	int client, i;

	for (i = 0; i < AT_ONCE; i++) {
		client = accept4(door->socket, NULL, NULL,
				 SOCK_CLOEXEC | SOCK_NONBLOCK);
		if (client >= 0) {
			serve_client(door, client);
			close(client);
			continue;
		}
		if (errno == EAGAIN || errno == EINTR)
			break;
		/* That client went away before it was accepted. */
		if (errno != ECONNABORTED)
			return -errno;
	}
	return 0;
}

/* The name may belong to another program by now. */
static bool is_own(const struct door *door)
{
	struct stat st;

	return !fstatat(door->dir, door->name, &st, AT_SYMLINK_NOFOLLOW) &&
	       st.st_dev == door->dev && st.st_ino == door->ino;
}

void door_close(struct door *door)
{
	flock(door->dir, LOCK_EX);
	if (is_own(door))
		unlinkat(door->dir, door->name, 0);
	close(door->socket);
	flock(door->dir, LOCK_UN);
	close(door->dir);
}
