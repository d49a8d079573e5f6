// SPDX-License-Identifier: GPL-2.0-only
/*
 * Puppets: real processes that do what they are told.
 *
 * A puppet shares the memory of its parent until it calls exec: copying it is
 * most of what fork(2) costs. Each has a stack of its own there, and does not
 * use those parts of the C library that have a state.
 */
#include <errno.h>
#include <fcntl.h>
#include <linux/futex.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "puppet.h"
#include "syscall.h"

#define STACK_SIZE	(32 * 1024)

/* How long a puppet sleeps before it looks whether the driver lives. */
#define WATCH_NS	(2L * 1000 * 1000 * 1000)

/**
 * struct puppet - this process
 * @boxes: of all
 * @box: its own
 * @fd: of the memory that the boxes are in
 * @program: of this program
 */
struct puppet {
	struct box *boxes;
	struct box *box;
	int fd;
	int program;
};

static char stacks[PUPPET_BOXES][STACK_SIZE] __attribute__((aligned(64)));

bool futex_wait(const __u32 *word, __u32 value, long ns)
{
	struct timespec time = {
		.tv_sec = ns / 1000000000L, .tv_nsec = ns % 1000000000L,
	};

	return syscall5(SYS_futex, (long)word, FUTEX_WAIT, value, (long)&time,
			0) != -ETIMEDOUT;
}

void futex_wake(__u32 *word)
{
	syscall3(SYS_futex, (long)word, FUTEX_WAKE, 1);
}

struct box *puppet_boxes(int fd)
{
	void *at = mmap(NULL, PUPPET_BOXES * sizeof(struct box),
			PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);

	return at == MAP_FAILED ? NULL : at;
}

static void do_exec(struct puppet *me, struct reply *reply)
{
	char where[48];
	const char *const argv[] = { "puppet", PUPPET_OPTION, where, NULL };
	const char *const envp[] = { NULL };

	snprintf(where, sizeof(where), "%d,%d,%td", me->fd, me->program,
		 me->box - me->boxes);
	reply->value = syscall5(SYS_execveat, me->program, (long)"", (long)argv,
				(long)envp, AT_EMPTY_PATH);
}

static void do_waitid(const struct command *c, struct reply *reply)
{
	siginfo_t info = {};

	reply->value = syscall5(SYS_waitid, c->a, c->b, (long)&info, c->c, 0);
	reply->pid = info.si_pid;
	reply->code = info.si_code;
	reply->status = info.si_status;
	reply->uid = info.si_uid;
}

static void do_wait4(const struct command *c, struct reply *reply)
{
	int status = 0;
	long pid = syscall5(SYS_wait4, c->a, (long)&status, c->c, 0, 0);

	reply->value = pid < 0 ? pid : 0;
	reply->uid = -1;
	if (pid <= 0)
		return;
	reply->pid = pid;
	if (WIFEXITED(status)) {
		reply->code = CLD_EXITED;
		reply->status = WEXITSTATUS(status);
	} else if (WIFSIGNALED(status)) {
		reply->code = CLD_KILLED;
		reply->status = WTERMSIG(status);
	} else if (WIFSTOPPED(status)) {
		reply->code = CLD_STOPPED;
		reply->status = WSTOPSIG(status);
	} else {
		reply->code = CLD_CONTINUED;
		reply->status = SIGCONT;
	}
}

static int take_one(__u64 mask, siginfo_t *info)
{
	struct timespec now = {};

	return syscall5(SYS_rt_sigtimedwait, (long)&mask, (long)info,
			(long)&now, sizeof(mask), 0);
}

static void do_take(const struct command *c, struct reply *reply)
{
	siginfo_t info = {}, more;

	reply->value = take_one(c->mask, &info);
	if (reply->value < 0)
		return;
	reply->pid = info.si_pid;
	reply->code = info.si_code;
	reply->status = 1;
	while (reply->value >= FIRST_QUEUED &&
	       take_one(BIT(reply->value), &more) > 0)
		reply->status++;
}

static void do_sigchld(enum sigchld what, struct reply *reply)
{
	struct sigaction action = {
		.sa_handler = what == SIGCHLD_IGNORED ? SIG_IGN : SIG_DFL,
		.sa_flags = what == SIGCHLD_NOCLDWAIT ? SA_NOCLDWAIT : 0,
	};

	reply->value = sigaction(SIGCHLD, &action, NULL);
}

static int run_child(void *arg);

/* The child gets a copy of its parent's state, which the parent may change. */
static void do_fork(const struct puppet *me, int index, int exit_signal,
		    struct reply *reply)
{
	char *stack = stacks[index] + STACK_SIZE - sizeof(struct puppet);
	struct puppet *child = (struct puppet *)stack;

	*child = *me;
	child->box = &me->boxes[index];
	reply->value = clone(run_child, stack, CLONE_VM | exit_signal, child);
}

static void do_command(struct puppet *me, const struct command *c,
		       struct reply *reply)
{
	switch (c->kind) {
	case COMMAND_FORK:
		do_fork(me, c->a, c->b, reply);
		break;
	case COMMAND_EXIT:
		_exit(c->a);
	case COMMAND_EXEC:
		do_exec(me, reply);
		break;
	case COMMAND_KILL:
		reply->value = syscall3(SYS_kill, c->a, c->b, 0);
		break;
	case COMMAND_SETPGID:
		reply->value = syscall3(SYS_setpgid, c->a, c->b, 0);
		break;
	case COMMAND_SETSID:
		reply->value = syscall3(SYS_setsid, 0, 0, 0);
		break;
	case COMMAND_SUBREAPER:
		reply->value = syscall5(SYS_prctl, PR_SET_CHILD_SUBREAPER, c->a,
					0, 0, 0);
		break;
	case COMMAND_WAITID:
		do_waitid(c, reply);
		break;
	case COMMAND_WAIT4:
		do_wait4(c, reply);
		break;
	case COMMAND_TAKE:
		do_take(c, reply);
		break;
	case COMMAND_SIGCHLD:
		do_sigchld(c->a, reply);
		break;
	case COMMAND_SETUID:
		reply->value = syscall3(SYS_setresuid, c->a, c->b, c->c);
		break;
	}
}

static void answer(struct box *box, const struct reply *reply)
{
	box->reply = *reply;
	__atomic_add_fetch(&box->replies, 1, __ATOMIC_RELEASE);
	futex_wake(&box->replies);
}

/* After a long time without a command, check that the driver lives. */
static void await_command(struct puppet *me)
{
	__u32 seen = me->box->replies;

	while (__atomic_load_n(&me->box->commands, __ATOMIC_ACQUIRE) == seen)
		if (!futex_wait(&me->box->commands, seen, WATCH_NS) &&
		    syscall3(SYS_kill, me->box->driver, 0, 0) == -ESRCH)
			_exit(EXIT_FAILURE);
}

static noreturn void obey(struct puppet *me)
{
	struct command command;
	struct reply reply;

	for (;;) {
		await_command(me);
		command = me->box->command;
		reply = (struct reply) {};
		__atomic_add_fetch(&me->box->begun, 1, __ATOMIC_RELEASE);
		do_command(me, &command, &reply);
		answer(me->box, &reply);
	}
}

static int run_child(void *arg)
{
	obey(arg);
}

/* The C library never blocks its two internal signals; the system call does. */
static void block_signals(bool hosted)
{
	__u64 not_blocked = hosted ? NOT_BLOCKED_BY_BODIES : NOT_BLOCKED;
	__u64 mask = ~not_blocked;
	int signo;

	syscall5(SYS_rt_sigprocmask, SIG_SETMASK, (long)&mask, 0, sizeof(mask),
		 0);
	for (signo = 1; signo < FIRST_QUEUED; signo++)
		if (not_blocked & BIT(signo))
			signal(signo, SIG_DFL);
}

/* Other files of the driver would stay open as long as any puppet lives. */
static void close_others(int fd, int program)
{
	int low = fd < program ? fd : program;
	int high = fd < program ? program : fd;

	close_range(3, low - 1, 0);
	close_range(low + 1, high - 1, 0);
	close_range(high + 1, ~0U, 0);
}

noreturn void puppet_init(struct box *boxes, int fd, int program, bool hosted)
{
	struct puppet me = {
		.boxes = boxes, .box = boxes, .fd = fd, .program = program,
	};
	struct reply reply = {};

	block_signals(hosted);
	if (setsid() < 0 || prctl(PR_SET_CHILD_SUBREAPER, 1))
		reply.value = -errno;
	close_others(fd, program);
	answer(me.box, &reply);
	obey(&me);
}

noreturn void puppet_main(const char *where)
{
	struct puppet me = {};
	struct reply reply = {};
	int index;

	if (sscanf(where, "%d,%d,%d", &me.fd, &me.program, &index) != 3 ||
	    index < 0 || index >= PUPPET_BOXES)
		_exit(EXIT_FAILURE);
	me.boxes = puppet_boxes(me.fd);
	if (!me.boxes)
		_exit(EXIT_FAILURE);
	me.box = &me.boxes[index];
	answer(me.box, &reply);
	obey(&me);
}
