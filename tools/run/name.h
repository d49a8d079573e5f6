/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * --name: the door of the server, in the outer process.
 */
#ifndef RUN_NAME_H
#define RUN_NAME_H

/**
 * name_open() - open the door with the name of the settings, if there is one
 *
 * Return: 0, or a negative errno, which has been reported.
 */
int name_open(void);

/**
 * name_fd() - the descriptor to poll for POLLIN, or -1
 */
int name_fd(void);

/**
 * name_serve() - send a descriptor to each client that has connected
 *
 * Return: for how many milliseconds not to poll the door again.
 */
int name_serve(void);

/**
 * name_close() - close the door
 */
void name_close(void);

#endif /* RUN_NAME_H */
