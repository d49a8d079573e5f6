/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The processes of a Linux machine, on their way into the server.
 */
#ifndef PROCSRVCTL_MIRROR_H
#define PROCSRVCTL_MIRROR_H

#include <sys/types.h>

#include "procsrvctl.h"

/**
 * struct part - a session of the server that takes members of a Linux session
 * @linux_sid: the Linux session; 0 stands for that of init and for none
 * @sid: the session of the server; 0 for none
 * @leader: pid, in the server, of its leader
 * @pgrp: the Linux process group of the leader
 */
struct part {
	pid_t linux_sid;
	__u32 sid;
	__u64 leader;
	pid_t pgrp;
};

/**
 * struct linux_process - a process as /proc shows it
 * @pid: Linux pid
 * @ppid: Linux pid of the parent; 0 for none that can be seen
 * @pgrp: Linux process group; 0 stands for that of init and for none
 * @sid: Linux session; 0 likewise
 * @tty: device number of the terminal, or 0
 * @state: letter of the state
 * @name: its name
 * @uid: effective user id
 * @gid: effective group id
 * @cpu_time: microseconds
 * @memory: bytes resident
 * @threads: threads
 * @priority: &enum procsrv_priority
 * @exit_status: of a zombie, as wait(2) has it
 * @copy: pid in the server; 0 while it is not there
 * @part: where in the server its session is
 * @placed: has been dealt with: is in the server, or has vanished
 * @waiting: is waited for by the process at @back
 * @back: the process that is placed after this one
 */
struct linux_process {
	pid_t pid;
	pid_t ppid;
	pid_t pgrp;
	pid_t sid;
	unsigned int tty;
	char state;
	char name[PROCSRV_NAME_MAX + 1];
	__u32 uid;
	__u32 gid;
	__u64 cpu_time;
	__u64 memory;
	__u32 threads;
	__u32 priority;
	int exit_status;
	__u64 copy;
	struct part *part;
	bool placed;
	bool waiting;
	struct linux_process *back;
};

/**
 * struct machine - all processes of a machine
 * @proc: descriptor of the directory /proc
 * @list: the processes, by pid
 * @nr: how many
 * @vanished: those that ended while they were read
 */
struct machine {
	int proc;
	struct linux_process *list;
	size_t nr;
	size_t vanished;
};

/* Reads the processes below the directory @path; exits if it cannot. */
void machine_read(struct machine *machine, const char *path);
struct linux_process *machine_find(const struct machine *machine, pid_t pid);
void machine_free(struct machine *machine);

/*
 * Reads a list of strings of a process, "cmdline" or "environ". One that is
 * longer than the server takes is cut after a string. False if it cannot be
 * read: the process is gone, or it is not ours to read.
 */
bool machine_strings(const struct machine *machine, pid_t pid,
		     const char *file, struct strings *list);

/* Reads the working directory; false if it cannot be read. */
bool machine_cwd(const struct machine *machine, pid_t pid,
		 char path[PROCSRV_PATH_MAX]);

/* The name of a terminal: "pts/0", "tty1", or "5:1" of which none is known. */
void machine_terminal(unsigned int tty, char *name, size_t size);

#endif /* PROCSRVCTL_MIRROR_H */
