/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The processes of programs of services, from /proc
 */
#ifndef SUPERVISE_PROC_H
#define SUPERVISE_PROC_H

#include <stdbool.h>
#include <sys/types.h>

#include "procsrvctl.h"

/**
 * struct proc_entry - a process of the machine
 * @pid: its pid
 * @ppid: of its parent
 * @start: when it was started, in ticks
 * @cpu_time: its own
 * @waited_time: that of children that it has waited for
 * @threads: how many
 * @name: its name
 */
struct proc_entry {
	pid_t pid;
	pid_t ppid;
	__u64 start;
	__u64 cpu_time;
	__u64 waited_time;
	__u32 threads;
	char name[64];
};

/**
 * struct proc_table - the processes of the machine
 * @list: by pid
 * @nr: how many
 */
struct proc_table {
	struct proc_entry *list;
	size_t nr;
};

void proc_read(struct proc_table *table);
bool proc_read_entry(pid_t pid, struct proc_entry *entry);
const struct proc_entry *proc_find(const struct proc_table *table, pid_t pid);

/* Bytes of memory, with a share of the memory that it shares with others. */
__u64 proc_memory(pid_t pid);

/* The command line of a process. */
void proc_argv(pid_t pid, struct strings *argv);

/**
 * proc_kill_below() - send SIGKILL to all descendants of this process
 * @spared: says which children are left alone, or NULL
 * @data: for @spared
 */
void proc_kill_below(bool (*spared)(pid_t pid, const void *data),
		     const void *data);

#endif /* SUPERVISE_PROC_H */
