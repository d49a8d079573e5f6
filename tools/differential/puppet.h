/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Puppets: real processes that do what they are told.
 *
 * Each has a box in memory that all share with the driver. The driver puts a
 * command there, the puppet does it with the system call of that name and puts
 * the reply beside it. A puppet blocks every signal that the server makes
 * pending, and leaves to Linux those that the server acts on: SIGKILL, SIGTERM,
 * SIGCONT and SIGSTOP. The body of a hosted process also leaves to Linux all other
 * stop signals, and SIGURG, which is ignored.
 */
#ifndef DIFFERENTIAL_PUPPET_H
#define DIFFERENTIAL_PUPPET_H

#include <linux/types.h>
#include <signal.h>
#include <stdbool.h>
#include <stdnoreturn.h>

#define ARRAY_SIZE(a) (sizeof(a) / sizeof((a)[0]))

/* The first word of the command line of a puppet that has called exec. */
#define PUPPET_OPTION	"--puppet"

/* Puppets there can be at a time. */
#define PUPPET_BOXES	64

/* The first signal that is queued as often as it is sent. */
#define FIRST_QUEUED	32

/**
 * enum command_kind - what a puppet can do
 * @COMMAND_FORK: clone(2) with exit signal @b; the child has box @a
 * @COMMAND_EXIT: _exit(2) with code @a
 * @COMMAND_EXEC: execve(2) of this program
 * @COMMAND_KILL: kill(2) of @a with signal @b
 * @COMMAND_SETPGID: setpgid(2) of @a to @b
 * @COMMAND_SETSID: setsid(2)
 * @COMMAND_SUBREAPER: prctl(2), PR_SET_CHILD_SUBREAPER, to @a
 * @COMMAND_WAITID: waitid(2) for @a (P_ALL and so on), @b, options @c
 * @COMMAND_WAIT4: wait4(2) for @a, options @c
 * @COMMAND_TAKE: rt_sigtimedwait(2) for @mask without waiting, and again for
 *	the same signal as often as there is one
 * @COMMAND_SIGCHLD: sigaction(2) of SIGCHLD: @a is an &enum sigchld
 * @COMMAND_SETUID: setresuid(2) to @a, @b, @c
 */
enum command_kind {
	COMMAND_FORK,
	COMMAND_EXIT,
	COMMAND_EXEC,
	COMMAND_KILL,
	COMMAND_SETPGID,
	COMMAND_SETSID,
	COMMAND_SUBREAPER,
	COMMAND_WAITID,
	COMMAND_WAIT4,
	COMMAND_TAKE,
	COMMAND_SIGCHLD,
	COMMAND_SETUID,
};

/**
 * enum sigchld - what a process does with SIGCHLD
 * @SIGCHLD_DEFAULT: SIG_DFL
 * @SIGCHLD_IGNORED: SIG_IGN; execve(2) keeps it
 * @SIGCHLD_NOCLDWAIT: SIG_DFL with SA_NOCLDWAIT, which execve(2) does not keep
 * @NR_SIGCHLDS: how many there are
 */
enum sigchld {
	SIGCHLD_DEFAULT,
	SIGCHLD_IGNORED,
	SIGCHLD_NOCLDWAIT,
	NR_SIGCHLDS,
};

#define BIT(signo)	(1ULL << ((signo) - 1))

/* Signals that stop a process by default. */
#define STOP_SIGNALS	(BIT(SIGSTOP) | BIT(SIGTSTP) | BIT(SIGTTIN) | \
			 BIT(SIGTTOU))

/* Signals that puppets do not block; and those that puppets as bodies do not block. */
#define NOT_BLOCKED	(BIT(SIGKILL) | BIT(SIGTERM) | BIT(SIGCHLD) | \
			 BIT(SIGCONT) | BIT(SIGSTOP))
#define NOT_BLOCKED_BY_BODIES \
			(NOT_BLOCKED | STOP_SIGNALS | BIT(SIGURG))

struct command {
	__u32 kind;
	__s32 a;
	__s32 b;
	__s32 c;
	__u64 mask;
};

/**
 * struct reply - the result of a command
 * @value: what the system call returned, or -errno
 * @pid: of a wait, the child; of a take, the first sender
 * @code: of a wait, CLD_EXITED and so on, or 0 if there was no child; of a take,
 *	SI_USER and so on
 * @status: of a wait, the code or the signal; of a take, how often
 * @uid: of a wait, that of the child
 */
struct reply {
	__s32 value;
	__s32 pid;
	__s32 code;
	__s32 status;
	__s32 uid;
};

/**
 * struct box - memory shared by the driver and a puppet
 * @commands: how many there were; a futex
 * @replies: how many there were; a futex
 * @begun: how many of the commands have been begun
 * @driver: pid of the driver
 * @command: the latest
 * @reply: the latest
 */
struct box {
	__u32 commands;
	__u32 replies;
	__u32 begun;
	__s32 driver;
	struct command command;
	struct reply reply;
} __attribute__((aligned(128)));

/* Returns false on a timeout. */
bool futex_wait(const __u32 *word, __u32 value, long ns);
void futex_wake(__u32 *word);

/**
 * puppet_boxes() - the shared memory
 * @fd: descriptor of it
 *
 * Return: PUPPET_BOXES boxes, or NULL.
 */
struct box *puppet_boxes(int fd);

/**
 * puppet_init() - become the puppet that all others descend from
 *
 * It begins a session, becomes a subreaper, and never returns. Its first reply
 * says whether that was successful.
 *
 * @fd: of the memory that the boxes are in
 * @program: of this program
 * @hosted: it and those below it are the bodies of hosted processes
 */
noreturn void puppet_init(struct box *boxes, int fd, int program, bool hosted);

/**
 * puppet_main() - the whole program, after exec
 * @where: what follows PUPPET_OPTION on the command line
 */
noreturn void puppet_main(const char *where);

#endif /* DIFFERENTIAL_PUPPET_H */
