/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The kernel's messages about processes: the proc connector
 */
#ifndef PROCSRVCTL_MIRROR_CONNECTOR_H
#define PROCSRVCTL_MIRROR_CONNECTOR_H

#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>
#include <linux/cn_proc.h>

#include "client.h"

/**
 * struct connector - a subscription
 * @fd: the socket
 * @next: for each processor the number of the next message, plus 1; 0 before the first
 * @nr_cpus: elements of @next
 * @lost: messages that did not come, by their numbers
 * @answered: of an answer, the number of the request plus 1
 * @overrun: the socket had no room for a message
 */
struct connector {
	int fd;
	__u64 *next;
	size_t nr_cpus;
	__u64 lost;
	__u32 answered;
	bool overrun;
};

/**
 * connector_open() - subscribe to the messages
 * @c: filled
 * @buffer: bytes of messages that can wait to be read
 *
 * Exits with an error message where there are no messages.
 */
void connector_open(struct connector *c, __u64 buffer);

/**
 * connector_read() - get the next message
 * @c: the subscription
 * @event: filled
 *
 * Return: false if there is none.
 */
bool connector_read(struct connector *c, struct proc_event *event);

void connector_close(struct connector *c);

#endif /* PROCSRVCTL_MIRROR_CONNECTOR_H */
