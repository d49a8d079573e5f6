/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The process that gets the children of a process that exits.
 */
#ifndef RUN_REAPERS_H
#define RUN_REAPERS_H

#include <stdbool.h>

struct process;

/**
 * reapers_set() - set or clear the reaper flag of a process, as by prctl(2)
 *
 * Return: 0 or a negative errno.
 */
int reapers_set(struct process *p, bool on);

/**
 * reapers_follow() - have the server choose the reaper that Linux has chosen
 * @p: it has exited in Linux, and not yet in the server
 */
void reapers_follow(const struct process *p);

/* Undo that, once it has exited in the server. */
void reapers_restore(void);

#endif /* RUN_REAPERS_H */
