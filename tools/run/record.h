/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * --events and --svg: what happens in the server, in the outer process.
 */
#ifndef RUN_RECORD_H
#define RUN_RECORD_H

/**
 * record_open() - create the files of the settings
 *
 * Return: 0, or a negative errno, which has been reported.
 */
int record_open(void);

/**
 * record_begin() - subscribe to the events of the server
 *
 * Return: 0, or a negative errno, which has been reported.
 */
int record_begin(void);

/**
 * record_fd() - the descriptor to poll for POLLIN, or -1
 */
int record_fd(void);

/**
 * record_read() - take what has happened; does not sleep
 */
void record_read(void);

/**
 * record_end() - take the rest, and write the files
 *
 * The server must be open.
 */
void record_end(void);

#endif /* RUN_RECORD_H */
