/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Children whose fork has no event.
 */
#ifndef RUN_ADOPT_H
#define RUN_ADOPT_H

#include <stdbool.h>
#include <sys/types.h>

struct process;

/* Make threads that have been held for long children of their parents in Linux. */
void adopt_late(void);

/**
 * adopt_before_end() - a process ends: adopt children that it may have forked
 */
void adopt_before_end(pid_t ending);

/**
 * adopt_children_of() - adopt children of a process that waits, and has none in the server
 *
 * Return: whether it has one now.
 */
bool adopt_children_of(const struct process *p);

/**
 * adopt_has_ended() - the event of a fork has come, and its child is no tracee
 *
 * Return: whether the child was adopted before, and has ended.
 */
bool adopt_has_ended(pid_t tid);

/**
 * adopt_waited() - a wait has taken a child, which may have been held
 */
void adopt_waited(pid_t pid, const struct process *parent);

/**
 * adopt_zombie() - a zombie was taken from the server for a wait that may not have been made
 * @pid: the process, which is adopted if Linux has the zombie still
 * @status: how it ended, as wait(2) has it
 */
void adopt_zombie(pid_t pid, int status);

#endif /* RUN_ADOPT_H */
