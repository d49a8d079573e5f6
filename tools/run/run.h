/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * procsrv-run: programs with a private server as their process server.
 *
 *	main.c		the command line
 *	outside.c	the outer process: signals, terminal and exit status
 *	name.c		the door of the server, by which other processes find it
 *	record.c	events written to files, and drawn
 *	inside.c	process 1 of the namespace: it starts the command
 *	loop.c		its event loop, in which it supervises all others
 *	filter.c	which system calls stop there
 *	calls.c		the table of these calls
 *	regs.c		arguments and results, per architecture
 *	tracee.c	the table of threads and processes
 *	lives.c		fork, exec and exit
 *	image.c		name, command line and environment after an exec
 *	adopt.c		children whose fork has no event
 *	reapers.c	which process gets the children of a process that exits
 *	zombies.c	zombies that the server has, and Linux has no more
 *	stops.c		signals, stops and continuations
 *	answer.c	the server answers
 *	compare.c	Linux answers, and the server is compared with it
 *	wait.c		arguments and results of waits
 *	wait_answer.c	the server answers a wait
 *	wait_compare.c	Linux answers a wait
 *	signals.c	kill and its relatives
 *	groups.c	process groups, sessions and the terminal
 *	credentials.c	user ids and the like
 *	server.c	requests to the server
 *	report.c	differences, failures and the summary
 *
 * There are three kinds of processes. The outer one is the process that was started; it
 * only passes on signals and the exit status. Its child is the supervisor, process 1 of a
 * new PID namespace. It has a single thread, traces all other processes of the namespace,
 * and is the only one that talks to the server. So process 1 is init in Linux and in the
 * server, and every other pid means the same process in both. The command is process 2.
 *
 * Linux executes all calls that succeed, so its families, process groups and sessions
 * mirror those in the server.
 */
#ifndef RUN_RUN_H
#define RUN_RUN_H

#include <stdbool.h>
#include <signal.h>

/* The same as of env(1) and timeout(1). */
enum run_exit {
	RUN_FAILED = 125,
	RUN_NOT_EXECUTABLE = 126,
	RUN_NOT_FOUND = 127,
	RUN_SIGNALLED = 128,
};

/**
 * struct run_settings - the command line
 * @compare: Linux answers
 * @name: of the server, or NULL
 * @events: file for its events, or NULL
 * @svg: file for a picture of them, or NULL
 * @background: leave the terminal to the process group of procsrv-run
 * @command: what to run, with its arguments
 */
struct run_settings {
	bool compare;
	bool background;
	const char *name;
	const char *events;
	const char *svg;
	char **command;
};

extern struct run_settings settings;

/**
 * struct run_inherited - what the command inherits from the process that was started
 * @mask: blocked signals
 * @sigchld_ignored: SIGCHLD is ignored
 */
struct run_inherited {
	sigset_t mask;
	bool sigchld_ignored;
};

/* Messages of the supervisor to the outer process, through a pipe. */
enum run_news {
	RUN_STARTED,
	RUN_STOPPED,
};

struct run_message {
	enum run_news news;
	int signo;
};

/* In the value of RUN_ORDER, beside a signal: take the terminal first. */
#define RUN_FOREGROUND	0x100

/* The signal of the outer process to the supervisor, with sigqueue(3). */
#define RUN_ORDER	SIGRTMIN

/**
 * outside() - the main function of the outer process
 *
 * Return: the exit status.
 */
int outside(void);

/**
 * inside() - the main function of the supervisor
 * @news: pipe to the outer process
 * @terminal: the terminal, or -1
 * @foreground: the command begins in its foreground
 */
void inside(int news, int terminal, bool foreground,
	    const struct run_inherited *inherited)
	__attribute__((noreturn));

/**
 * inside_stopped() - note that a process has stopped, which may be the command
 */
void inside_stopped(pid_t pid, int signo);

#endif /* RUN_RUN_H */
