// SPDX-License-Identifier: GPL-2.0-only
/*
 * The server answers a wait.
 *
 * The server chooses the child. Then the real wait runs for this child, so that it leaves
 * Linux too, and after that the child is taken from the server.
 *
 * If there is no child to report yet, Linux sleeps. A wait for one child is left as it is,
 * as it can get no other; so is that of a process that has no other child. Any other becomes
 * a waitid(2) that takes nothing; when that returns, the call is made again, and the
 * server is asked again.
 *
 * If there is no child, such a waitid(2), which does not sleep, asks Linux too: the server
 * learns later of a child whose parent was killed in its fork.
 */
#include <errno.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "adopt.h"
#include "calls.h"
#include "loop.h"
#include "report.h"
#include "server.h"
#include "tracee.h"
#include "zombies.h"

static void not_followed(struct tracee *t, const struct wait_found *server,
			 const struct wait_found *linux_did)
{
	char a[96], b[96];

	wait_describe(server, a, sizeof(a));
	wait_describe(linux_did, b, sizeof(b));
	report_not_followed(t, a, b);
}

/* After repeating a wait for so long, Linux and the server will never agree. */
#define HOPELESS_MS	10000

/* A sleep that is shorter counts as none. */
#define SLEPT_MS	20

/* Make the wait again. */
static void repeat(struct tracee *t)
{
	if (!t->repeated_at)
		t->repeated_at = loop_now();
	regs_repeat_call(t);
}

static bool is_hopeless(const struct tracee *t)
{
	return t->repeated_at && loop_now() - t->repeated_at >= HOPELESS_MS;
}

static bool is_exact(const struct tracee *t)
{
	return t->want.which == PROCSRV_WAIT_PID;
}

/* The wait is for one child, and no other thread can wait for that. */
static bool is_alone(const struct tracee *t)
{
	return is_exact(t) && t->process->nr_threads == 1;
}

static bool is_for_exit(const struct tracee *t)
{
	return t->want.what == PROCSRV_WAIT_EXITED && !t->want.nowait;
}

/* Change the wait so that it gets a certain child, and does not sleep. */
static void change_to_child(struct tracee *t, pid_t pid)
{
	unsigned int options = wait_options_arg(t);
	__u64 args[CALL_NR_ARGS];

	memcpy(args, t->call.args, sizeof(args));
	args[options] |= WNOHANG;
	if (options == 3) {
		args[0] = P_PID;
		args[1] = pid;
	} else {
		args[0] = pid;
	}
	regs_change_call(t, t->call.nr, args);
}

/* Change it to a wait that takes nothing: it returns if a child is waitable. */
static void change_to_look(struct tracee *t, unsigned int nohang)
{
	unsigned int options = t->call.args[wait_options_arg(t)];
	pid_t pgid = t->want.id;
	__u64 args[CALL_NR_ARGS] = { P_ALL };

	if (is_exact(t)) {
		args[0] = P_PID;
		args[1] = t->want.id;
	} else if (t->want.which == PROCSRV_WAIT_PGID) {
		args[0] = P_PGID;
		args[1] = pgid ? pgid : getpgid(t->process->pid);
	}
	args[3] = WNOWAIT | nohang |
		  (options & (WUNTRACED | WCONTINUED | __WALL | __WCLONE));
	if (t->want.what & PROCSRV_WAIT_EXITED)
		args[3] |= WEXITED;
	regs_change_call(t, call_number(t->call.arch, "waitid"), args);
}

/* The only child that the wait could ever get. */
static bool has_one_child(const struct tracee *t)
{
	const struct process *p = t->process;

	return is_exact(t) || (p->nr_children == 1 && !p->uncounted);
}

static int take_child(struct tracee *t, pid_t pid, __u32 why,
		      struct wait_found *server)
{
	struct process *p = t->process;
	int err = server_take_child(p->pid, &t->want, pid, why, server);

	if (!err && server->why == PROCSRV_WAIT_EXITED && !t->want.nowait)
		p->nr_children--;
	return err;
}

/*
 * Linux has returned a child: take it from the server. Returns whether it was there.
 */
static bool take(struct tracee *t, const struct wait_found *linux_did,
		 struct wait_found *server)
{
	pid_t pid = linux_did->pid;

	adopt_waited(pid, t->process);
	/* Without a siginfo it is not known which. */
	if (!pid)
		pid = zombies_find_gone(t->process->pid);
	if (!pid && !server_find_child(t->process->pid, &t->want, server))
		pid = server->pid;
	if (take_child(t, pid, linux_did->why, server)) {
		if (wait_was_before(t, linux_did))
			return true;
		if (wait_has_missed(t, linux_did))
			take_child(t, pid, linux_did->why, server);
	}
	return wait_same(linux_did, server);
}

void wait_follow(struct tracee *t, long result)
{
	struct wait_found linux_did, server;

	wait_read_result(t, result, &linux_did);
	if (!linux_did.error && linux_did.pid)
		take(t, &linux_did, &server);
}

/*
 * The real wait has returned
 */

static bool read_result(struct tracee *t, struct wait_found *linux_did)
{
	wait_read_result(t, t->result, linux_did);
	/* It has taken the child, but could not store the result. */
	if (t->result == -EFAULT)
		linux_did->error = 0;
	if (!linux_did->error && !linux_did->pid)
		linux_did->pid = t->found.pid;
	return !call_is_interrupted(t->result);
}

/* A stop or a continuation may have an event that comes later. */
static bool take_again(struct tracee *t)
{
	struct wait_found linux_did, server;

	if (read_result(t, &linux_did) && !take(t, &linux_did, &server)) {
		if (!loop_is_late(t))
			return false;
		not_followed(t, &server, &linux_did);
	}
	tracee_go(t, 0);
	return true;
}

static bool nothing_again(struct tracee *t)
{
	struct wait_found linux_did, server;

	if (read_result(t, &linux_did)) {
		server_find_child(t->process->pid, &t->want, &server);
		if (!wait_same(&linux_did, &server)) {
			if (!loop_is_late(t))
				return false;
			not_followed(t, &server, &linux_did);
		}
	}
	tracee_go(t, 0);
	return true;
}

/*
 * A wait that could get the exit of one child only, and did not stop as it returned. Its
 * child has ended before: in Linux it can only be waited for after the supervisor has
 * seen its end.
 */
void wait_left(struct tracee *t, bool has_result)
{
	struct wait_found linux_did = {}, server;
	long result;

	t->in_wait = false;
	/* The child sent no signal, perhaps because another thread ignores it now. */
	if (!has_result) {
		zombies_doubt();
		return;
	}
	if (!regs_result_at_signal(t, &result) || call_is_interrupted(result))
		return;
	if (result < 0 && result != -EFAULT) {
		linux_did.error = result;
		server_find_child(t->process->pid, &t->want, &server);
	} else {
		/* Without a pid in the result, the child is found in the server. */
		linux_did.pid = is_exact(t) ? (pid_t)t->want.id :
				result > 0 ? result : 0;
		take(t, &linux_did, &server);
	}
	if (!wait_same(&linux_did, &server))
		not_followed(t, &server, &linux_did);
}

/* A wait that could get one child only, in which Linux has slept. */
static void exact_returned(struct tracee *t)
{
	struct wait_found linux_did;

	if (!read_result(t, &linux_did)) {
		tracee_go(t, 0);
		return;
	}
	t->found = (struct wait_found) { .pid = is_exact(t) ? t->want.id : 0 };
	if (linux_did.error)
		loop_later(t, nothing_again);
	else
		loop_later(t, take_again);
}

/* A wait that was to return the child that the server has found. */
static void child_returned(struct tracee *t)
{
	struct wait_found linux_did;
	bool there = read_result(t, &linux_did);

	if (there && linux_did.error && !is_hopeless(t)) {
		/* The child is not waitable in Linux yet. */
		repeat(t);
		return;
	}
	regs_change_back(t);
	if (!there) {
		tracee_go(t, 0);
	} else if (!linux_did.error) {
		loop_later(t, take_again);
	} else {
		not_followed(t, &t->found, &linux_did);
		tracee_go(t, 0);
	}
}

/* A child is there: the call is made again, and the server is asked again. */
static void look_returned(struct tracee *t)
{
	if (t->result) {
		regs_change_back(t);
		tracee_go(t, 0);
		return;
	}
	if (loop_now() - t->slept_at > SLEPT_MS)
		t->repeated_at = 0;
	repeat(t);
}

/*
 * The wait begins
 */

static void taken_unfinished(struct tracee *t)
{
	const struct wait_found *found = &t->found;

	adopt_zombie(found->pid, found->signo ? (int)found->signo : found->code << 8);
}

/* Linux returns the child that was taken from the server, unless the tracee is killed first. */
static void go_with_taken(struct tracee *t)
{
	tracee_go(t, 0);
	t->unfinished = taken_unfinished;
}

static void run_for_child(struct tracee *t)
{
	struct wait_found taken;

	if (is_alone(t) && t->found.why == PROCSRV_WAIT_EXITED) {
		take_child(t, t->found.pid, t->found.why, &taken);
		go_with_taken(t);
		return;
	}
	change_to_child(t, t->found.pid);
	tracee_go_until_exit(t, child_returned);
}

/*
 * Is the wait followed by a stop for SIGCHLD if it returns a child? The signal is sent
 * before the child can be waited for, and a tracee stops for it even if it ignores it by
 * default.
 */
static bool ends_with_signal(const struct tracee *t)
{
	const struct process *p = t->process;

	return p->nr_threads == 1 && !p->silent_children &&
	       !p->sigchld_ignored && !p->nocldwait && is_for_exit(t) &&
	       !regs_blocks(t, SIGCHLD);
}

/* Let the tracee sleep until its next stop, see wait_left(). */
static void sleep_until_signal(struct tracee *t)
{
	t->in_wait = true;
	t->unfinished = wait_unfinished;
	tracee_go(t, 0);
}

static void look(struct tracee *t, unsigned int nohang)
{
	t->slept_at = loop_now();
	change_to_look(t, nohang);
	tracee_go_until_exit(t, look_returned);
}

static void sleep_in_linux(struct tracee *t)
{
	regs_unmask(t);
	if (has_one_child(t)) {
		if (ends_with_signal(t))
			sleep_until_signal(t);
		else
			tracee_go_until_exit(t, exact_returned);
		return;
	}
	look(t, 0);
}

/*
 * A child whose end the supervisor has not seen is alive in the server, and cannot be
 * waited for in Linux: there is no need to ask the server.
 */
static bool child_lives(const struct tracee *t)
{
	const struct process *child = process_find(t->want.id);

	return is_exact(t) && t->want.kinds != PROCSRV_WAIT_WCLONE && child &&
	       !child->unknown && child->parent == t->process->pid;
}

bool wait_begin(struct tracee *t)
{
	wait_parse(t, &t->want);
	if (!t->masked)
		t->repeated_at = 0;
	if (t->masked || t->want.linux_only || t->want.nohang ||
	    !child_lives(t) || !ends_with_signal(t))
		return true;
	report_count(COUNT_WAIT);
	sleep_until_signal(t);
	return false;
}

static void linux_returned(struct tracee *t)
{
	wait_follow(t, t->result);
	tracee_go(t, 0);
}

/* Linux has a child for the wait, but the server still has none. */
static void give_up(struct tracee *t)
{
	report_not_followed(t, "nothing yet", "a child can be waited for");
	tracee_go_until_exit(t, linux_returned);
}

/* Can the child be taken at once, without a look first? */
static bool takes_at_once(const struct tracee *t)
{
	return is_alone(t) && is_for_exit(t);
}

static int find(struct tracee *t)
{
	if (takes_at_once(t))
		return take_child(t, t->want.id, PROCSRV_WAIT_EXITED, &t->found);
	return server_find_child(t->process->pid, &t->want, &t->found);
}

void wait_answer(struct tracee *t)
{
	int err;

	report_count(COUNT_WAIT);
	if (is_hopeless(t)) {
		give_up(t);
		return;
	}
	if (t->want.linux_only) {
		tracee_go_until_exit(t, linux_returned);
		return;
	}
	err = find(t);
	if (err == -ECHILD && tracee_any_held() && adopt_children_of(t->process))
		err = find(t);
	if (!err && takes_at_once(t))
		go_with_taken(t);
	else if (!err)
		run_for_child(t);
	else if (err == -EAGAIN && !t->want.nohang)
		sleep_in_linux(t);
	else if (wait_clear_info(t))
		regs_skip_call(t, -EFAULT);
	else if (err == -ECHILD)
		look(t, WNOHANG);
	else
		regs_skip_call(t, err == -EAGAIN ? 0 : err);
}
