/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Zombies that the server still has, but Linux has not.
 */
#ifndef RUN_ZOMBIES_H
#define RUN_ZOMBIES_H

#include <stdbool.h>
#include <sys/types.h>

struct tracee;

/**
 * zombies_doubt() - Linux may have dropped a zombie that no wait reports
 *
 * zombies_check() drops it in the server, once no wait can report it any more.
 */
void zombies_doubt(void);

/* Is there something for zombies_check() to look at again? */
bool zombies_in_doubt(void);

/* If there is doubt, drop zombies that are gone in Linux. */
void zombies_check(void);

/* The first child of a process that is gone, or 0. */
pid_t zombies_find_gone(pid_t parent);

/**
 * zombies_are_of_others() - may another thread of the process have taken the first of them
 * @t: a tracee whose wait has returned without saying which child
 */
bool zombies_are_of_others(const struct tracee *t);

/* Has a process left Linux, also as a zombie? */
bool zombies_is_gone(pid_t pid);

#endif /* RUN_ZOMBIES_H */
