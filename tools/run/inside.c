// SPDX-License-Identifier: GPL-2.0-only
/*
 * Process 1 of the namespace: it starts the command, and then supervises.
 */
#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/prctl.h>
#include <sys/ptrace.h>
#include <sys/wait.h>
#include <unistd.h>

#include "calls.h"
#include "client.h"
#include "escape.h"
#include "loop.h"
#include "report.h"
#include "run.h"

#define TRACE_OPTIONS \
	(PTRACE_O_EXITKILL | PTRACE_O_TRACEFORK | PTRACE_O_TRACEVFORK | \
	 PTRACE_O_TRACECLONE | PTRACE_O_TRACEEXEC | PTRACE_O_TRACESECCOMP | \
	 PTRACE_O_TRACESYSGOOD)

/* Also read by the signal handler. */
static volatile pid_t command;
static volatile int terminal = -1;
static int news_fd = -1;

static void tell_outside(enum run_news news, int signo)
{
	const struct run_message message = { news, signo };

	if (write(news_fd, &message, sizeof(message)) != sizeof(message))
		exit(RUN_FAILED);
}

void inside_stopped(pid_t pid, int signo)
{
	if (pid == command)
		tell_outside(RUN_STOPPED, signo);
}

/*
 * An order of the outer process: a signal for the command. Stops and continuations are
 * for its job, like those that a shell sends. It also ends a waitpid(2) with EINTR.
 */
static void handle_order(int signo, siginfo_t *info, void *context)
{
	int order = info->si_value.sival_int, error = errno;
	int to_send = order & ~RUN_FOREGROUND;

	(void)signo;
	(void)context;
	/* Ignore processes of the namespace: only they have a pid here. */
	if (info->si_code != SI_QUEUE || info->si_pid)
		return;
	if (order & RUN_FOREGROUND)
		tcsetpgrp(terminal, command);
	if (to_send == SIGCONT || to_send == SIGTSTP)
		kill(-command, to_send);
	else if (to_send)
		kill(command, to_send);
	errno = error;
}

static void handle_tick(int signo)
{
	(void)signo;
}

static void set_up_signals(void)
{
	struct sigaction order = {
		.sa_sigaction = handle_order,
		.sa_flags = SA_SIGINFO,
	};
	struct sigaction tick = { .sa_handler = handle_tick };
	/* The supervisor waits for stops anyway, so a signal for each only costs time. */
	struct sigaction child = { .sa_handler = SIG_DFL, .sa_flags = SA_NOCLDSTOP };
	sigset_t mask;

	sigaction(RUN_ORDER, &order, NULL);
	sigaction(SIGALRM, &tick, NULL);
	sigaction(SIGCHLD, &child, NULL);
	sigfillset(&mask);
	sigdelset(&mask, RUN_ORDER);
	sigdelset(&mask, SIGALRM);
	sigprocmask(SIG_SETMASK, &mask, NULL);
}

/* Pids in /proc are those of the namespace. */
static void mount_proc(void)
{
	if (unshare(CLONE_NEWNS) ||
	    mount("none", "/", NULL, MS_REC | MS_SLAVE, NULL) ||
	    mount("proc", "/proc", "proc", MS_NOSUID | MS_NODEV | MS_NOEXEC, NULL))
		report_fatal("cannot mount /proc for the namespace", errno);
}

static void __attribute__((noreturn)) exec_command(const struct run_inherited *inherited)
{
	char **argv = settings.command;
	int err;

	signal(RUN_ORDER, SIG_DFL);
	signal(SIGALRM, SIG_DFL);
	signal(SIGCHLD, inherited->sigchld_ignored ? SIG_IGN : SIG_DFL);
	sigprocmask(SIG_SETMASK, &inherited->mask, NULL);
	execvp(argv[0], argv);
	err = errno;
	escape_warnx(0, "%s: %s", argv[0], strerror(err));
	_exit(err == ENOENT ? RUN_NOT_FOUND : RUN_NOT_EXECUTABLE);
}

/* The command reads from @gate until it is traced, and the server has it. */
static void __attribute__((noreturn)) begin_command(int gate, bool foreground,
						    const struct run_inherited *inherited)
{
	char c;
	int err;

	setpgid(0, 0);
	if (foreground)
		tcsetpgrp(terminal, getpid());
	if (read(gate, &c, 1) != 1)
		_exit(RUN_FAILED);
	err = filter_load();
	if (err) {
		escape_warnx(0, "cannot load the system call filter: %s",
			     strerror(-err));
		_exit(RUN_FAILED);
	}
	exec_command(inherited);
}

static void start_command(bool foreground, const struct run_inherited *inherited)
{
	int gate[2];

	if (pipe2(gate, O_CLOEXEC))
		report_fatal("a pipe", errno);
	command = fork();
	if (command < 0)
		report_fatal("cannot fork", errno);
	if (!command)
		begin_command(gate[0], foreground, inherited);
	setpgid(command, command);
	if (ptrace(PTRACE_SEIZE, command, 0, TRACE_OPTIONS))
		report_fatal("cannot trace the command (ptrace)", errno);
	lives_begin(tracee_add(command), inherited->sigchld_ignored);
	if (write(gate[1], "", 1) != 1)
		report_fatal("a pipe", errno);
	close(gate[0]);
	close(gate[1]);
}

static int exit_status(int status)
{
	if (WIFEXITED(status))
		return WEXITSTATUS(status);
	return RUN_SIGNALLED + WTERMSIG(status);
}

void inside(int news, int tty, bool foreground,
	    const struct run_inherited *inherited)
{
	int status;

	news_fd = news;
	terminal = tty;
	prctl(PR_SET_PDEATHSIG, SIGKILL);
	/* Stops of the job outside are not for the supervisor. */
	setpgid(0, 0);
	set_up_signals();
	/* Fails if the outer process was killed before the prctl(). */
	tell_outside(RUN_STARTED, 0);
	mount_proc();
	filter_build();
	tracee_table_init();
	start_command(foreground, inherited);
	status = exit_status(loop_run());
	lives_end_others();
	if (settings.compare) {
		report_summary();
		status = report_get(COUNT_DIFFER) ? CLIENT_REFUSED :
			 report_get(COUNT_COMPARED) ? CLIENT_OK : CLIENT_USAGE;
	}
	exit(status);
}
