/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Name, command line and environment of a process that has just called exec.
 */
#ifndef RUN_IMAGE_H
#define RUN_IMAGE_H

#include <stdbool.h>
#include <stddef.h>
#include <sys/types.h>

/* The size in Linux, with the NUL. */
#define IMAGE_NAME_SIZE	16

/**
 * struct image - the program that a process executes
 * @name: its name
 * @argv: its command line, NUL-terminated strings one after the other
 * @envp: its environment, likewise
 * @argv_len: bytes of @argv
 * @envp_len: bytes of @envp
 * @uid: real user id; this and the following come from the auxiliary vector
 * @has_ids: the auxiliary vector has them
 *
 * The pointers are valid until the next image is read.
 */
struct image {
	char name[IMAGE_NAME_SIZE];
	const char *argv;
	const char *envp;
	size_t argv_len;
	size_t envp_len;
	uid_t uid, euid;
	gid_t gid, egid;
	bool has_ids;
};

/**
 * image_read() - read the image of a process in its exec stop
 *
 * Fields that cannot be read are empty.
 */
void image_read(pid_t pid, struct image *image);

#endif /* RUN_IMAGE_H */
