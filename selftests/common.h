/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * procsrv selftests - shared by all programs
 *
 * Every test works below a process of its own, the root of its scene. Setup
 * creates the root, and teardown removes it with all later processes. Teardown
 * then compares the statistics with those before the test: a test that leaves
 * something behind, or makes the server leave something behind, fails.
 *
 * The calls return 0 or a negative errno. Output fields are filled with a
 * pattern first, so that a field that was not written is noticed.
 *
 * A test must not assert in a thread or a child of its own: the harness jumps
 * out of a failed assertion.
 */
#ifndef SELFTESTS_COMMON_H
#define SELFTESTS_COMMON_H

#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <sched.h>
#include <signal.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

#include <linux/procsrv.h>

#include "kselftest_harness.h"

/* Emulated machines are slow. Only a hanging test takes this long. */
#undef TEST_TIMEOUT_DEFAULT
#define TEST_TIMEOUT_DEFAULT 180

#define DEVICE "/dev/procsrv"

enum {
	PATTERN = 0xcc,
	MSEC = 1000 * 1000,
	PATIENCE = 30000,	/* attempts, at least a millisecond apart */
	INFO_SIZE_VER0 = 384,		/* of struct procsrv_info */
};

#define PATTERN32 0xccccccccU
#define PATTERN64 0xccccccccccccccccULL
#define NO_PID 0x7fffffffffffULL	/* a pid that no test reaches */
#define NO_ID 0x7fffffffU		/* the same for sessions and groups */
#define BIT64(signo) (1ULL << ((signo) - 1))	/* of a signal, in a set */

static inline __u64 to_u64(const void *p)
{
	return (uintptr_t)p;
}

static inline int call(int fd, unsigned int cmd, const void *args)
{
	int ret = ioctl(fd, cmd, args);

	return ret < 0 ? -errno : ret;
}

/* The number of the next descriptor. */
static inline int free_fd(void)
{
	int fd = fcntl(STDIN_FILENO, F_DUPFD_CLOEXEC, 0);

	close(fd);
	return fd;
}

static inline __u64 now_ns(void)
{
	struct timespec ts;

	clock_gettime(CLOCK_MONOTONIC, &ts);
	return ts.tv_sec * 1000000000ULL + ts.tv_nsec;
}

static inline void pause_ns(__u64 ns)
{
	struct timespec ts = {
		.tv_sec = ns / 1000000000,
		.tv_nsec = ns % 1000000000,
	};

	while (nanosleep(&ts, &ts) && errno == EINTR)
		;
}

/*
 * The operations
 */

static inline int create_as(int fd, __u64 parent, const char *name, __u32 uid,
			    __u32 gid, __u64 *pid)
{
	struct procsrv_create_args args = {
		.parent = parent,
		.name = to_u64(name),
		.uid = uid,
		.gid = gid,
		.pid = PATTERN64,
	};
	int ret = call(fd, PROCSRV_IOC_CREATE, &args);

	*pid = args.pid;
	return ret;
}

static inline int create(int fd, __u64 parent, __u64 *pid)
{
	return create_as(fd, parent, "test", 0, 0, pid);
}

static inline int do_exec(int fd, __u64 pid, const char *name)
{
	struct procsrv_exec_args args = {
		.pid = pid,
		.name = to_u64(name),
	};

	return call(fd, PROCSRV_IOC_EXEC, &args);
}

static inline int terminate(int fd, __u64 pid, __s32 exit_code,
			    __u32 exit_signal)
{
	struct procsrv_terminate_args args = {
		.pid = pid,
		.exit_code = exit_code,
		.exit_signal = exit_signal,
	};

	return call(fd, PROCSRV_IOC_TERMINATE, &args);
}

static inline struct procsrv_wait_args
wait_args(__u64 parent, __u32 which, __u64 id, __u32 what, __u32 flags)
{
	return (struct procsrv_wait_args) {
		.parent = parent,
		.id = id,
		.which = which,
		.what = what,
		.flags = flags,
		.why = PATTERN32,
		.pid = PATTERN64,
		.cpu_time = PATTERN64,
		.children_cpu_time = PATTERN64,
		.uid = PATTERN32,
		.exit_code = (__s32)PATTERN32,
		.exit_signal = PATTERN32,
	};
}

static inline int do_wait(int fd, struct procsrv_wait_args *args)
{
	return call(fd, PROCSRV_IOC_WAIT, args);
}

/* Wait, without sleeping, for the exit of the child @pid, and reap it. */
static inline int reap(int fd, __u64 parent, __u64 pid)
{
	struct procsrv_wait_args args =
		wait_args(parent, PROCSRV_WAIT_PID, pid, PROCSRV_WAIT_EXITED,
			  PROCSRV_WAIT_NOHANG);

	return do_wait(fd, &args);
}

static inline int send_signal(int fd, __u64 sender, __u32 target, __u64 id,
			      __s32 signo, __u32 *count)
{
	struct procsrv_signal_args args = {
		.sender = sender,
		.id = id,
		.target = target,
		.signo = signo,
		.count = PATTERN32,
	};
	int ret = call(fd, PROCSRV_IOC_SIGNAL, &args);

	if (count)
		*count = args.count;
	return ret;
}

static inline int signal_pid(int fd, __u64 pid, __s32 signo)
{
	return send_signal(fd, 0, PROCSRV_TARGET_PID, pid, signo, NULL);
}

static inline int get_info(int fd, __u64 pid, struct procsrv_info *info)
{
	struct procsrv_info_args args = {
		.pid = pid,
		.info = to_u64(info),
		.info_size = sizeof(*info),
	};

	memset(info, PATTERN, sizeof(*info));
	return call(fd, PROCSRV_IOC_INFO, &args);
}

/* The state of a process, or a negative errno. */
static inline int state_of(int fd, __u64 pid)
{
	struct procsrv_info info;
	int ret = get_info(fd, pid, &info);

	return ret ? ret : (int)info.state;
}

static inline __u32 sid_of(int fd, __u64 pid)
{
	struct procsrv_info info;

	return get_info(fd, pid, &info) ? PATTERN32 : info.sid;
}

static inline __u32 pgid_of(int fd, __u64 pid)
{
	struct procsrv_info info;

	return get_info(fd, pid, &info) ? PATTERN32 : info.pgid;
}

static inline __u64 pending_of(int fd, __u64 pid)
{
	struct procsrv_info info;

	return get_info(fd, pid, &info) ? PATTERN64 : info.pending;
}

static inline __u32 flags_of(int fd, __u64 pid)
{
	struct procsrv_info info;

	return get_info(fd, pid, &info) ? PATTERN32 : info.flags;
}

static inline int get_limits(int fd, __u64 pid, struct procsrv_limits *limits)
{
	struct procsrv_limits_args args;
	int ret;

	memset(&args, PATTERN, sizeof(args));
	args.pid = pid;
	ret = call(fd, PROCSRV_IOC_GET_LIMITS, &args);
	*limits = args.limits;
	return ret;
}

static inline int set_limits(int fd, __u64 pid,
			     const struct procsrv_limits *limits)
{
	struct procsrv_limits_args args = {
		.pid = pid,
		.limits = *limits,
	};

	return call(fd, PROCSRV_IOC_SET_LIMITS, &args);
}

static inline int get_credentials(int fd, __u64 pid,
				  struct procsrv_credentials *c)
{
	struct procsrv_credentials_args args;
	int ret;

	memset(&args, PATTERN, sizeof(args));
	args.pid = pid;
	ret = call(fd, PROCSRV_IOC_GET_CREDENTIALS, &args);
	*c = args.credentials;
	return ret;
}

static inline int set_credentials(int fd, __u64 pid,
				  const struct procsrv_credentials *c)
{
	struct procsrv_credentials_args args = {
		.pid = pid,
		.credentials = *c,
	};

	return call(fd, PROCSRV_IOC_SET_CREDENTIALS, &args);
}

static inline int create_session(int fd, __u64 leader, __u32 *sid, __u32 *pgid)
{
	struct procsrv_create_session_args args = {
		.leader = leader,
		.sid = PATTERN32,
		.pgid = PATTERN32,
	};
	int ret = call(fd, PROCSRV_IOC_CREATE_SESSION, &args);

	*sid = args.sid;
	*pgid = args.pgid;
	return ret;
}

static inline int create_group(int fd, __u64 caller, __u64 leader, __u32 sid,
			       __u32 *pgid)
{
	struct procsrv_create_group_args args = {
		.caller = caller,
		.leader = leader,
		.sid = sid,
		.pgid = PATTERN32,
	};
	int ret = call(fd, PROCSRV_IOC_CREATE_GROUP, &args);

	*pgid = args.pgid;
	return ret;
}

static inline int set_group(int fd, __u64 caller, __u64 pid, __u32 pgid)
{
	struct procsrv_set_group_args args = {
		.caller = caller,
		.pid = pid,
		.pgid = pgid,
	};

	return call(fd, PROCSRV_IOC_SET_GROUP, &args);
}

static inline int get_session(int fd, __u32 sid,
			      struct procsrv_session_args *args)
{
	memset(args, PATTERN, sizeof(*args));
	args->sid = sid;
	args->flags = 0;
	args->terminal = 0;
	args->terminal_size = 0;
	return call(fd, PROCSRV_IOC_SESSION, args);
}

static inline int get_group(int fd, __u32 pgid, struct procsrv_group_args *args)
{
	memset(args, PATTERN, sizeof(*args));
	args->pgid = pgid;
	args->flags = 0;
	return call(fd, PROCSRV_IOC_GROUP, args);
}

static inline int set_terminal(int fd, __u32 sid, const char *name)
{
	struct procsrv_set_terminal_args args = {
		.sid = sid,
		.name = to_u64(name),
	};

	return call(fd, PROCSRV_IOC_SET_TERMINAL, &args);
}

/* Lists a page of pids: returns their number, or a negative errno. */
static inline int list_pids(int fd, __u32 scope, __u32 id, __u64 *cursor,
			    __u64 *pids, __u32 count)
{
	struct procsrv_list_args args = {
		.cursor = *cursor,
		.buf = to_u64(pids),
		.record_size = sizeof(*pids),
		.count = count,
		.scope = scope,
		.id = id,
	};
	int ret = call(fd, PROCSRV_IOC_LIST_PIDS, &args);

	*cursor = args.cursor;
	return ret ? ret : (int)args.count;
}

static inline int get_stats(int fd, struct procsrv_stats *stats)
{
	memset(stats, PATTERN, sizeof(*stats));
	return call(fd, PROCSRV_IOC_STATS, stats);
}

static inline int get_time(int fd, struct procsrv_time_args *args)
{
	memset(args, PATTERN, sizeof(*args));
	args->flags = 0;
	return call(fd, PROCSRV_IOC_TIME, args);
}

/*
 * A reading of the clock, between two readings of the caller's own clock. The
 * order holds even if the machine was paused in between.
 */
struct reading {
	__u64 before;
	struct procsrv_time_args clock;
	__u64 after;
};

static inline int read_clock(int fd, struct reading *r)
{
	int ret;

	r->before = now_ns();
	ret = get_time(fd, &r->clock);
	r->after = now_ns();
	return ret;
}

/* Time that has passed on the clock, in ns. */
static inline __u64 passed(const struct reading *begin,
			   const struct reading *end)
{
	return (end->clock.time - begin->clock.time) * 1000;
}

/* Bounds for the time that has passed: +-1%, and a microsecond. */
static inline __u64 least(const struct reading *begin,
			  const struct reading *end)
{
	return (end->before - begin->after) / 100 * 99 - 1000;
}

static inline __u64 most(const struct reading *begin,
			 const struct reading *end)
{
	return (end->after - begin->before) / 100 * 101 + 1000;
}

/*
 * Polling for a condition. Attempts are counted, and not time, because a paused
 * machine makes no attempts.
 */

/* Whether to try again. Sleeps a little if so. */
static inline bool look_again(int *looks)
{
	if (++*looks > PATIENCE)
		return false;
	pause_ns(MSEC);
	return true;
}

/* Waits until @pid is in @state. Returns false if it never is. */
static inline bool reaches_state(int fd, __u64 pid, int state)
{
	int looks = 0;

	while (state_of(fd, pid) != state)
		if (!look_again(&looks))
			return false;
	return true;
}

/* A thread that waits. */
struct waiter {
	pthread_t thread;
	int fd;
	pid_t tid;
	struct procsrv_wait_args args;
	int ret;
	__u64 began;
	__u64 ended;
};

static inline void *waiter_run(void *data)
{
	struct waiter *w = data;

	w->began = now_ns();
	__atomic_store_n(&w->tid, syscall(SYS_gettid), __ATOMIC_SEQ_CST);
	w->ret = do_wait(w->fd, &w->args);
	__atomic_store_n(&w->ended, now_ns(), __ATOMIC_SEQ_CST);
	return NULL;
}

static inline int waiter_start(struct waiter *w, int fd,
			       struct procsrv_wait_args args)
{
	memset(w, 0, sizeof(*w));
	w->fd = fd;
	w->args = args;
	return pthread_create(&w->thread, NULL, waiter_run, w);
}

/* Whether the task @tid of this process sleeps. */
static inline bool task_sleeps(pid_t tid)
{
	char path[64], state = 0;
	FILE *file;

	snprintf(path, sizeof(path), "/proc/self/task/%d/stat", tid);
	file = fopen(path, "r");
	if (!file)
		return false;
	if (fscanf(file, "%*d (%*[^)]) %c", &state) != 1)
		state = 0;
	fclose(file);
	return state == 'S';
}

/* Whether the thread of a waiter comes to sleep, which is in its wait. */
static inline bool waiter_sleeps(struct waiter *w)
{
	int looks = 0;
	pid_t tid;

	do {
		tid = __atomic_load_n(&w->tid, __ATOMIC_SEQ_CST);
		if (tid &&
		    state_of(w->fd, w->args.parent) == PROCSRV_WAITING &&
		    task_sleeps(tid))
			return true;
	} while (look_again(&looks));
	return false;
}

static inline bool waiter_ends(struct waiter *w)
{
	int looks = 0;

	while (!__atomic_load_n(&w->ended, __ATOMIC_SEQ_CST))
		if (!look_again(&looks))
			return false;
	return true;
}

static inline int waiter_join(struct waiter *w)
{
	pthread_join(w->thread, NULL);
	return w->ret;
}

/* fork(), with a child that is killed if the test ends early. */
static inline pid_t fork_tied(void)
{
	pid_t pid = fork();

	if (!pid)
		prctl(PR_SET_PDEATHSIG, SIGKILL);
	return pid;
}

/* The exit status of a child, or -1 if it did not exit by itself. */
static inline int child_status(pid_t pid)
{
	int status;

	if (waitpid(pid, &status, 0) != pid || !WIFEXITED(status))
		return -1;
	return WEXITSTATUS(status);
}

/*
 * Memory with an edge
 */

/* @size writable bytes before an inaccessible page. Children share them. */
static inline char *at_edge(size_t size)
{
	size_t page = sysconf(_SC_PAGESIZE);
	size_t room = (size + page - 1) / page * page;
	char *p = mmap(NULL, room + page, PROT_READ | PROT_WRITE,
		       MAP_SHARED | MAP_ANONYMOUS, -1, 0);

	if (p == MAP_FAILED || mprotect(p + room, page, PROT_NONE))
		abort();
	memset(p, PATTERN, room);
	return p + room - size;
}

/* A page with a protection, filled with the pattern. */
static inline char *page_with(int prot)
{
	size_t page = sysconf(_SC_PAGESIZE);
	char *p = mmap(NULL, page, PROT_READ | PROT_WRITE,
		       MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

	if (p == MAP_FAILED)
		abort();
	memset(p, PATTERN, page);
	if (mprotect(p, page, prot))
		abort();
	return p;
}

/* Whether @size bytes at @p still hold the pattern. */
static inline bool untouched(const void *p, size_t size)
{
	const unsigned char *byte = p;

	while (size--)
		if (*byte++ != PATTERN)
			return false;
	return true;
}

static inline bool all_zero(const void *p, size_t size)
{
	const unsigned char *byte = p;

	while (size--)
		if (*byte++)
			return false;
	return true;
}

/*
 * The scene of a test
 */

struct scene {
	int fd;
	__u64 root;		/* child of init, above a test's processes */
	struct procsrv_stats before;
};

/* A scene whose root belongs to @uid and @gid. */
static inline void scene_setup_as(struct __test_metadata *_metadata,
				  struct scene *s, __u32 uid, __u32 gid)
{
	s->fd = open(DEVICE, O_RDWR | O_CLOEXEC);
	ASSERT_LE(0, s->fd);
	ASSERT_EQ(0, get_stats(s->fd, &s->before));
	ASSERT_EQ(0, create_as(s->fd, PROCSRV_INIT_PID, "test", uid, gid,
			       &s->root));
}

static inline void scene_setup(struct __test_metadata *_metadata,
			       struct scene *s)
{
	scene_setup_as(_metadata, s, 0, 0);
}

/*
 * Pids ascend, so all processes with higher pids than the root are the test's.
 * Once all have exited, init is their parent and can reap them.
 */
static inline void scene_clear(struct __test_metadata *_metadata,
			       struct scene *s)
{
	__u64 pids[64], cursor;
	int i, n, pass;

	for (pass = 0; pass < 2; pass++) {
		cursor = s->root - 1;
		do {
			n = list_pids(s->fd, PROCSRV_LIST_ALL, 0, &cursor,
				      pids, ARRAY_SIZE(pids));
			EXPECT_LE(0, n);
			for (i = 0; i < n; i++) {
				if (!pass)
					terminate(s->fd, pids[i], 0, 0);
				else
					reap(s->fd, PROCSRV_INIT_PID, pids[i]);
			}
		} while (n == ARRAY_SIZE(pids));
	}
}

static inline void scene_teardown(struct __test_metadata *_metadata,
				  struct scene *s)
{
	const struct procsrv_stats *was = &s->before;
	struct procsrv_stats is;

	scene_clear(_metadata, s);
	EXPECT_EQ(0, get_stats(s->fd, &is));
	EXPECT_EQ(was->total_processes, is.total_processes);
	EXPECT_EQ(was->running, is.running);
	EXPECT_EQ(was->sleeping, is.sleeping);
	EXPECT_EQ(was->stopped, is.stopped);
	EXPECT_EQ(was->zombies, is.zombies);
	EXPECT_EQ(was->sessions, is.sessions);
	EXPECT_EQ(was->process_groups, is.process_groups);
	EXPECT_EQ(was->orphans, is.orphans);
	EXPECT_LT(was->total_created, is.total_created);
	EXPECT_EQ(is.total_created - was->total_created,
		  is.total_exited - was->total_exited);
	EXPECT_EQ(0, close(s->fd));
}

#endif /* SELFTESTS_COMMON_H */
