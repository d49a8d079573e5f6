/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Doors: finding a private server by its name
 *
 * The program that has a private server opens a door, a socket in a directory of
 * its user. A client of this user, or of root, that connects is sent a further
 * descriptor of the server, and the connection is closed. The directory is
 * /run/procsrv for root, and $XDG_RUNTIME_DIR/procsrv for others.
 */
#ifndef PROCSRV_DOOR_H
#define PROCSRV_DOOR_H

#include <stdbool.h>
#include <stddef.h>

/* Bytes of a name, and of a message about a door, with the NUL. */
#define DOOR_NAME_MAX	64
#define DOOR_ERROR_SIZE	512

/**
 * struct door_answer - the message to a client
 * @error: 0, and a descriptor comes with it, or an errno
 */
struct door_answer {
	int error;
};

/**
 * struct door - an open door
 * @socket: listens
 * @dir: the directory that it is in
 * @server: the private server
 * @name: its name
 * @dev: the file system of the socket
 * @ino: the inode of the socket
 */
struct door {
	int socket;
	int dir;
	int server;
	char name[DOOR_NAME_MAX + 1];
	unsigned long long dev;
	unsigned long long ino;
};

/**
 * door_name_is_valid() - whether a server may have a name
 * @name: the name
 *
 * Letters, digits, '.', '_' and '-' of ASCII, at most DOOR_NAME_MAX, of which the
 * first is no dot; and not digits alone, which are a pid.
 */
bool door_name_is_valid(const char *name);

/**
 * door_directory() - open the directory of the doors of this user
 * @create: make it if it is not there
 * @error: filled with a sentence if it fails; it may contain a path, see escape.h
 *
 * It must belong to this user, and be writable by no other.
 *
 * Return: a descriptor, closed on exec, or a negative errno.
 */
int door_directory(bool create, char error[static DOOR_ERROR_SIZE]);

/**
 * door_connect() - make a connection to a door
 * @dir: the directory, from door_directory()
 * @name: the name, a valid one
 * @flags: SOCK_NONBLOCK, or 0 to wait for some seconds while many others do
 *
 * Return: a socket, closed on exec, or a negative errno: -ENOENT, there is no
 * such door; -ECONNREFUSED, the program that had opened it is gone; -EAGAIN,
 * too many others wait at it; -ENOTSOCK, something else has the name.
 */
int door_connect(int dir, const char *name, int flags);

/**
 * door_open() - open a door
 * @door: filled
 * @name: the name of the server
 * @server: its descriptor; the door works as long as it is open
 * @error: filled with a sentence if it fails
 *
 * Takes the place of a door that a program has left behind.
 *
 * Return: 0 or a negative errno: -EINVAL, the name is not valid; -EADDRINUSE,
 * another program that runs has this name.
 */
int door_open(struct door *door, const char *name, int server,
	      char error[static DOOR_ERROR_SIZE]);

/**
 * door_fd() - the descriptor to poll for POLLIN
 * @door: the door
 */
int door_fd(const struct door *door);

/**
 * door_serve() - send a descriptor to each client that has connected
 * @door: the door
 *
 * Does not sleep, and serves a limited number at a time: poll(2) shows if there
 * are more. Clients that do not receive, are gone or are of another user do no harm.
 * Errors of the server, such as EMFILE beyond max_user_servers, are sent to the client.
 *
 * Return: 0, or a negative errno if no connection can be accepted: -EMFILE,
 * -ENFILE and -ENOMEM are temporary.
 */
int door_serve(struct door *door);

/**
 * door_close() - close a door, and remove its socket
 * @door: the door
 *
 * The server is not closed.
 */
void door_close(struct door *door);

#endif /* PROCSRV_DOOR_H */
