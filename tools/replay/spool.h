/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Records that are written once and read again, in memory as long as they are
 * few and in an unlinked temporary file when there are more.
 */
#ifndef REPLAY_SPOOL_H
#define REPLAY_SPOOL_H

#include <stdbool.h>
#include <stddef.h>
#include <sys/types.h>

/**
 * struct spool - a spool; all zeroes is an empty one
 * @file: descriptor of the temporary file, once @in_file is set
 * @in_file: it has begun
 * @written: bytes that are in the file
 * @tail: what has not been written yet
 * @tail_len: bytes of it
 * @window: what was read last
 * @window_at: where in the file that is
 * @window_len: bytes of it
 */
struct spool {
	int file;
	bool in_file;
	off_t written;
	char *tail;
	size_t tail_len;
	char *window;
	off_t window_at;
	size_t window_len;
};

/**
 * spool_append() - add bytes at the end
 *
 * Ends the program if there is no room for them.
 */
void spool_append(struct spool *spool, const void *data, size_t n);

/**
 * spool_patch() - replace bytes that were added before
 */
void spool_patch(struct spool *spool, off_t at, const void *data, size_t n);

/**
 * spool_read() - read bytes that were added before
 */
void spool_read(struct spool *spool, off_t at, void *data, size_t n);

/**
 * spool_size() - where the next byte will be
 */
off_t spool_size(const struct spool *spool);

void spool_free(struct spool *spool);

#endif /* REPLAY_SPOOL_H */
