/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Children whose fork has no event.
 */
#ifndef RUN_ADOPT_H
#define RUN_ADOPT_H

#include <stdbool.h>
#include <sys/types.h>

struct process;

/* Those that have been held for long are children of whom Linux says. */
void adopt_late(void);

/**
 * adopt_before_end() - a process ends: those that it may have forked
 */
void adopt_before_end(pid_t ending);

/**
 * adopt_children_of() - a process without a child in the server waits
 *
 * Return: whether it has one now.
 */
bool adopt_children_of(const struct process *p);

/**
 * adopt_has_ended() - a fork has an event after all, and its child is no tracee
 *
 * Return: whether that was adopted before, and has ended.
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
