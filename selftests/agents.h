/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * procsrv selftests - agents: callers with credentials of their own
 *
 * An agent is a child of the test that has become another user. It makes the
 * calls that the test requests, on descriptors that the test passes. Structures
 * are copied in both directions. What they point to must be mapped in the agent
 * as well: constants, or memory that was shared before the agent started, as
 * the buffers of a world are.
 */
#ifndef SELFTESTS_AGENTS_H
#define SELFTESTS_AGENTS_H

#include <grp.h>

#include "calls.h"
#include "sockets.h"

enum {
	/* Ids in the initial namespace that the ids from 0 on are mapped to. */
	MAPPED_FIRST = 200000,
	MAPPED_COUNT = 1000,

	OVERFLOW_ID = 65534,
};

#define ALL_CAPS	(~0ULL)
#define CAP_BIT(cap)	(1ULL << (cap))

/**
 * struct user - the credentials of an agent
 * @uid: all of its user ids, in the namespace if it is in one
 * @gid: all of its group ids; it is in no other groups
 * @caps: mask of its capabilities
 * @in_namespace: in a user namespace of its own
 */
struct user {
	__u32 uid;
	__u32 gid;
	__u64 caps;
	bool in_namespace;
};

/* Memory that an agent shares with the test. */
struct exchange {
	unsigned int cmd;
	int ret;
	union procsrv_args args;
};

/**
 * struct agent - a child that makes calls
 * @pid: its pid
 * @socket: where descriptors go to it and come back
 * @x: the requested call
 */
struct agent {
	pid_t pid;
	int socket;
	struct exchange *x;
};

static inline int set_caps(__u64 caps)
{
	struct __user_cap_header_struct header = {
		.version = _LINUX_CAPABILITY_VERSION_3,
	};
	struct __user_cap_data_struct data[2];
	int i;

	memset(data, 0, sizeof(data));
	for (i = 0; i < 2; i++) {
		data[i].effective = caps >> (32 * i);
		data[i].permitted = data[i].effective;
	}
	return syscall(SYS_capset, &header, data);
}

/* Runs in the agent, and drops its old credentials for good. */
static inline bool become(const struct user *user)
{
	return !prctl(PR_SET_KEEPCAPS, 1, 0, 0, 0) && !setgroups(0, NULL) &&
	       !setresgid(user->gid, user->gid, user->gid) &&
	       !setresuid(user->uid, user->uid, user->uid) &&
	       !set_caps(user->caps) &&
	       !prctl(PR_SET_PDEATHSIG, SIGKILL, 0, 0, 0);
}

static inline bool tell(int socket)
{
	return write(socket, "x", 1) == 1;
}

static inline bool is_told(int socket)
{
	char byte;

	return read(socket, &byte, 1) == 1;
}

/* The descriptor that a call has given, or -1. */
static inline int given_fd(const struct exchange *x)
{
	if (x->ret)
		return -1;
	if (x->cmd == PROCSRV_IOC_OPEN_PROCESS)
		return x->args.open_process.fd;
	if (x->cmd == PROCSRV_IOC_NEW_SERVER)
		return x->args.new_server.fd;
	return -1;
}

/*
 * Closes the descriptor that it was passed before it answers. The answer
 * carries a descriptor that the call has returned, or else any other.
 */
static inline void serve(int socket, struct exchange *x)
{
	int fd, given;

	while ((fd = take_fd(socket)) >= 0) {
		x->ret = call(fd, x->cmd, &x->args);
		close(fd);
		given = given_fd(x);
		if (pass_fd(socket, given < 0 ? STDERR_FILENO : given))
			_exit(1);
		if (given >= 0)
			close(given);
	}
	_exit(0);
}

/* Root creates the namespace, as some kernels do not allow it to others. */
static inline void run_agent(int socket, const struct user *user,
			     struct exchange *x)
{
	if (user->in_namespace &&
	    (unshare(CLONE_NEWUSER) || !tell(socket) || !is_told(socket)))
		_exit(2);
	if (!become(user) || !tell(socket))
		_exit(3);
	serve(socket, x);
}

static inline bool write_map(pid_t pid, const char *name)
{
	char path[64];
	FILE *file;
	bool ok;

	snprintf(path, sizeof(path), "/proc/%d/%s", pid, name);
	file = fopen(path, "w");
	if (!file)
		return false;
	ok = fprintf(file, "0 %d %d\n", MAPPED_FIRST, MAPPED_COUNT) > 0;
	return !fclose(file) && ok;
}

static inline void agent_start(struct __test_metadata *_metadata,
			       struct agent *a, const struct user *user)
{
	int sockets[2];

	a->x = mmap(NULL, sizeof(*a->x), PROT_READ | PROT_WRITE,
		    MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	ASSERT_NE(MAP_FAILED, a->x);
	ASSERT_EQ(0, socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0,
				sockets));
	a->pid = fork_tied();
	ASSERT_LE(0, a->pid);
	if (!a->pid) {
		close(sockets[0]);
		run_agent(sockets[1], user, a->x);
	}
	close(sockets[1]);
	a->socket = sockets[0];
	if (user->in_namespace) {
		ASSERT_TRUE(is_told(a->socket));
		ASSERT_TRUE(write_map(a->pid, "uid_map"));
		ASSERT_TRUE(write_map(a->pid, "gid_map"));
		ASSERT_TRUE(tell(a->socket));
	}
	ASSERT_TRUE(is_told(a->socket));
}

static inline void agent_stop(struct __test_metadata *_metadata,
			      struct agent *a)
{
	close(a->socket);
	EXPECT_EQ(0, child_status(a->pid));
	munmap(a->x, sizeof(*a->x));
}

/*
 * Makes a call by an agent, and returns its result, or -EIO without an agent.
 * If the call returns a descriptor, @args has its number in this process.
 */
static inline int agent_call(struct agent *a, int fd, unsigned int cmd,
			     void *args)
{
	int back, ret;

	a->x->cmd = cmd;
	a->x->ret = -EIO;
	memcpy(&a->x->args, args, _IOC_SIZE(cmd));
	if (pass_fd(a->socket, fd))
		return -EIO;
	back = take_fd(a->socket);
	if (back < 0)
		return -EIO;
	memcpy(args, &a->x->args, _IOC_SIZE(cmd));
	ret = a->x->ret;
	if (given_fd(a->x) < 0)
		close(back);
	else if (cmd == PROCSRV_IOC_OPEN_PROCESS)
		((struct procsrv_open_process_args *)args)->fd = back;
	else
		((struct procsrv_new_server_args *)args)->fd = back;
	return ret;
}

/*
 * The operations by an agent, like those without one
 */

static inline int agent_create(struct agent *a, int fd, __u64 parent, __u32 uid,
			       __u32 gid, __u64 *pid)
{
	struct procsrv_create_args args = {
		.parent = parent,
		.name = to_u64("agent's"),
		.argv = to_u64("an\0argv"),
		.argv_len = 8,
		.uid = uid,
		.gid = gid,
		.pid = PATTERN64,
	};
	int ret = agent_call(a, fd, PROCSRV_IOC_CREATE, &args);

	*pid = args.pid;
	return ret;
}

static inline int agent_terminate(struct agent *a, int fd, __u64 pid)
{
	struct procsrv_terminate_args args = { .pid = pid, .exit_code = 3 };

	return agent_call(a, fd, PROCSRV_IOC_TERMINATE, &args);
}

/* Without sleeping; @pid 0 for any child. */
static inline int agent_reap(struct agent *a, int fd, __u64 parent, __u64 pid)
{
	struct procsrv_wait_args args =
		wait_args(parent, pid ? PROCSRV_WAIT_PID : PROCSRV_WAIT_ANY,
			  pid, PROCSRV_WAIT_EXITED, PROCSRV_WAIT_NOHANG);

	return agent_call(a, fd, PROCSRV_IOC_WAIT, &args);
}

/* How many it reached, or a negative errno. */
static inline int agent_signal(struct agent *a, int fd, __u64 sender,
			       __u32 target, __u64 id, __s32 signo)
{
	struct procsrv_signal_args args = {
		.sender = sender,
		.id = id,
		.target = target,
		.signo = signo,
		.count = PATTERN32,
	};
	int ret = agent_call(a, fd, PROCSRV_IOC_SIGNAL, &args);

	return ret ? ret : (int)args.count;
}

static inline int agent_revoke(struct agent *a, int fd, __u64 pid)
{
	struct procsrv_revoke_args args = { .pid = pid, .capability = 5 };

	return agent_call(a, fd, PROCSRV_IOC_REVOKE, &args);
}

static inline int agent_reap_all(struct agent *a, int fd)
{
	struct procsrv_reap_args args = { .count = PATTERN64 };
	int ret = agent_call(a, fd, PROCSRV_IOC_REAP, &args);

	return ret ? ret : (int)args.count;
}

/* A descriptor, or a negative errno. */
static inline int agent_server(struct agent *a, int fd)
{
	struct procsrv_new_server_args args = { .fd = PATTERN32 };
	int ret = agent_call(a, fd, PROCSRV_IOC_NEW_SERVER, &args);

	return ret ? ret : args.fd;
}

#endif /* SELFTESTS_AGENTS_H */
