// SPDX-License-Identifier: GPL-2.0-only
/*
 * The answer to a call, in Linux or in the server.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <linux/procsrv.h>

#include "answer.h"
#include "client.h"
#include "value.h"

/* As the server and strace number them, whatever this is built for. */
enum {
	SIGCONT_NR = 18,
	SIGTSTP_NR = 20,
	SIGTTOU_NR = 22,
};

/* The value of "macro(s) == value" in a wait status. */
static const char *status_field(const char *status, const char *macro)
{
	const char *s = strstr(status, macro);

	return s ? s + strlen(macro) : NULL;
}

void answer_from_status(const char *status, struct answer *a)
{
	const char *code = status_field(status, "WEXITSTATUS(s) == ");
	const char *termsig = status_field(status, "WTERMSIG(s) == ");
	const char *stopsig = status_field(status, "WSTOPSIG(s) == ");
	long v;

	if (code && value_long(code, &v)) {
		a->why = PROCSRV_WAIT_EXITED;
		a->code = v;
	} else if (termsig) {
		a->why = PROCSRV_WAIT_EXITED;
		a->signo = value_signal(termsig);
	} else if (stopsig) {
		a->why = PROCSRV_WAIT_STOPPED;
		a->signo = value_signal(stopsig);
	} else if (strstr(status, "WIFCONTINUED(s)")) {
		a->why = PROCSRV_WAIT_CONTINUED;
		a->signo = SIGCONT_NR;
	}
}

/* Of linux/signal.h; strace -X raw shows the numbers. */
static const struct {
	const char *name;
	long number;
	unsigned int why;
} child_codes[] = {
	{ "CLD_EXITED", 1, PROCSRV_WAIT_EXITED },
	{ "CLD_KILLED", 2, PROCSRV_WAIT_EXITED },
	{ "CLD_DUMPED", 3, PROCSRV_WAIT_EXITED },
	{ "CLD_STOPPED", 5, PROCSRV_WAIT_STOPPED },
	{ "CLD_CONTINUED", 6, PROCSRV_WAIT_CONTINUED },
};

void answer_from_siginfo(const char *siginfo, struct answer *a)
{
	const char *pid = value_field(siginfo, "si_pid=");
	const char *code = value_field(siginfo, "si_code=");
	const char *status = value_field(siginfo, "si_status=");
	size_t i;
	long v;

	if (!pid || !code || !status || !value_pid(pid, &a->pid))
		return;
	for (i = 0; i < ARRAY_SIZE(child_codes); i++)
		if (value_is(code, child_codes[i].name, child_codes[i].number))
			break;
	if (i < ARRAY_SIZE(child_codes))
		a->why = child_codes[i].why;
	if (!i) {
		if (value_long(status, &v))
			a->code = v & 0xff;
		return;
	}
	a->signo = value_signal(status);
}

bool answer_same(const struct answer *linux_said, const struct answer *server)
{
	if (linux_said->error || server->error || !linux_said->wait)
		return linux_said->error == server->error;
	if (linux_said->pid && linux_said->pid != server->pid)
		return false;
	if (!linux_said->why)
		return true;
	if (linux_said->code < 0)
		return linux_said->why == server->why;
	return linux_said->why == server->why &&
	       linux_said->code == server->code &&
	       linux_said->signo == server->signo;
}

bool answer_other_stop(const struct answer *linux_said,
		       const struct answer *server)
{
	struct answer same = *server;

	if (linux_said->why != PROCSRV_WAIT_STOPPED ||
	    linux_said->signo < SIGTSTP_NR || linux_said->signo > SIGTTOU_NR)
		return false;
	same.signo = linux_said->signo;
	return answer_same(linux_said, &same);
}

static char *describe_child(const struct answer *a)
{
	const char *name = procsrv_signal_name(a->signo);

	if (!name)
		name = "an unknown signal";
	switch (a->why) {
	case PROCSRV_WAIT_EXITED:
		if (a->code < 0)
			return value_xasprintf("%d exited", a->pid);
		if (a->signo)
			return value_xasprintf("%d killed by %s", a->pid, name);
		return value_xasprintf("%d exited with %d", a->pid, a->code);
	case PROCSRV_WAIT_STOPPED:
		return value_xasprintf("%d stopped by %s", a->pid, name);
	case PROCSRV_WAIT_CONTINUED:
		return value_xasprintf("%d continued", a->pid);
	default:
		return value_xasprintf("%d", a->pid);
	}
}

char *answer_describe(const struct answer *a)
{
	const char *name;

	if (a->wait && a->error == EAGAIN)
		return value_xstrdup("nothing yet");
	if (a->error) {
		name = strerrorname_np(a->error);
		return name ? value_xstrdup(name) :
			      value_xasprintf("error %d", a->error);
	}
	return a->wait ? describe_child(a) : value_xstrdup("success");
}
