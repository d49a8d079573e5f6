/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The answer to a call, in Linux or in the server.
 */
#ifndef REPLAY_ANSWER_H
#define REPLAY_ANSWER_H

#include <stdbool.h>

struct world;

/**
 * struct answer - an answer
 * @error: errno, positive; EAGAIN of a wait: nothing to report yet
 * @wait: it is that of a wait, to which all that follow belong
 * @pid: the child, in the recording's numbers; 0 if it is not known
 * @why: PROCSRV_WAIT_EXITED, _STOPPED or _CONTINUED; 0 if it is not known
 * @code: exit code, of an exit without a signal; -1 if how it ended is not known
 * @signo: the signal that ended or stopped it, or 0
 */
struct answer {
	int error;
	bool wait;
	int pid;
	unsigned int why;
	int code;
	int signo;
};

/**
 * answer_from_status() - read what wait4 stored
 * @status: "[{WIFEXITED(s) && WEXITSTATUS(s) == 0}]", "NULL", ...
 */
void answer_from_status(const char *status, struct answer *a);

/**
 * answer_from_siginfo() - read what waitid stored
 * @siginfo: "{si_signo=SIGCHLD, si_code=CLD_EXITED, ...}", "NULL", ...
 */
void answer_from_siginfo(const char *siginfo, struct answer *a);

/**
 * answer_same() - is the server's answer that of Linux
 *
 * Parts of Linux's answer may not be known.
 */
bool answer_same(const struct answer *linux_said, const struct answer *server);

/**
 * answer_other_stop() - do they differ in the number of a stop signal alone
 *
 * The server has one stop signal, Linux four.
 */
bool answer_other_stop(const struct answer *linux_said,
		       const struct answer *server);

/**
 * answer_describe() - an answer in words
 *
 * Return: a string to be freed.
 */
char *answer_describe(const struct answer *a);

#endif /* REPLAY_ANSWER_H */
