/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * procsrv selftests - a table of all calls, for tests of every call
 *
 * A world is a scene with some processes in it. There, each call of the table
 * succeeds with the arguments that it prepares, and changes something unless it
 * is read-only. A test runs all calls in turn, each in a world of its own.
 */
#ifndef SELFTESTS_CALLS_H
#define SELFTESTS_CALLS_H

#include <linux/capability.h>

#include "snapshot.h"
#include "../dev/args.h"

enum {
	ROOM = 1024,
	LARGEST = (1 << _IOC_SIZEBITS) - 1,	/* size that a call can have */
	PENDING = 12,				/* a signal to take */
	NO_CAP = -1,				/* none is needed */
};

/*
 * The root leads a session with a terminal, and its group. The group has a live
 * process with a pending signal, and a zombie. Another live process leads a
 * group of its own. Another zombie and a hosted process are children of init.
 */
struct world {
	struct scene scene;
	__u32 uid;		/* of all of them */
	__u32 gid;
	__u32 sid;
	__u32 pgid;
	__u32 other_pgid;
	__u64 live;
	__u64 other;
	__u64 zombie;
	__u64 orphan;
	__u64 hosted;
	char *rooms[5];		/* output buffers, at an edge */
	int free_fd;		/* descriptors from here on are new */
};

struct call {
	const char *name;
	unsigned int cmd;
	bool changes;
	int cap;		/* needed for processes of other users */
	void (*prepare)(const struct world *w, union procsrv_args *args);
};

static inline int world_create(struct world *w, __u64 parent, __u64 *pid)
{
	return create_as(w->scene.fd, parent, "test", w->uid, w->gid, pid);
}

static inline int world_create_hosted(struct world *w)
{
	struct procsrv_create_args args = {
		.parent = PROCSRV_INIT_PID,
		.name = to_u64("hosted"),
		.uid = w->uid,
		.gid = w->gid,
		.flags = PROCSRV_CREATE_HOSTED,
	};
	struct procsrv_credentials credentials;
	int ret = call(w->scene.fd, PROCSRV_IOC_CREATE, &args);

	w->hosted = args.pid;
	if (ret)
		return ret;
	/* Another saved user id, so that there is something to change. */
	ret = get_credentials(w->scene.fd, w->hosted, &credentials);
	credentials.suid ^= 1;
	return ret ?: set_credentials(w->scene.fd, w->hosted, &credentials);
}

/* Fills the scene of a world, on any server. */
static inline void world_fill(struct __test_metadata *_metadata,
			      struct world *w)
{
	const __u64 *root = &w->scene.root;
	int fd = w->scene.fd, i;

	ASSERT_EQ(0, create_session(fd, *root, &w->sid, &w->pgid));
	ASSERT_EQ(0, set_terminal(fd, w->sid, "pts/1"));
	ASSERT_EQ(0, world_create(w, *root, &w->live));
	ASSERT_EQ(0, world_create(w, *root, &w->other));
	ASSERT_EQ(0, world_create(w, *root, &w->zombie));
	ASSERT_EQ(0, world_create(w, PROCSRV_INIT_PID, &w->orphan));
	ASSERT_EQ(0, world_create_hosted(w));
	ASSERT_EQ(0, create_group(fd, 0, w->other, w->sid, &w->other_pgid));
	ASSERT_EQ(0, signal_pid(fd, w->live, PENDING));
	ASSERT_EQ(0, terminate(fd, w->zombie, 7, 0));
	ASSERT_EQ(0, terminate(fd, w->orphan, 8, 0));
	for (i = 0; i < ARRAY_SIZE(w->rooms); i++)
		w->rooms[i] = at_edge(ROOM);
	w->free_fd = free_fd();
}

static inline void world_setup_as(struct __test_metadata *_metadata,
				  struct world *w, __u32 uid, __u32 gid)
{
	w->uid = uid;
	w->gid = gid;
	scene_setup_as(_metadata, &w->scene, uid, gid);
	world_fill(_metadata, w);
}

static inline void world_setup(struct __test_metadata *_metadata,
			       struct world *w)
{
	world_setup_as(_metadata, w, 0, 0);
}

/* Releases all that is not on the server. */
static inline void world_release(struct world *w)
{
	int i;

	for (i = w->free_fd; i < w->free_fd + 4; i++)
		close(i);
	for (i = 0; i < ARRAY_SIZE(w->rooms); i++)
		munmap((void *)((uintptr_t)w->rooms[i] & -4096UL), 2 * 4096);
}

static inline void world_teardown(struct __test_metadata *_metadata,
				  struct world *w)
{
	world_release(w);
	scene_teardown(_metadata, &w->scene);
}

static inline void prepare_create(const struct world *w, union procsrv_args *args)
{
	args->create = (struct procsrv_create_args) {
		.parent = w->scene.root,
		.name = to_u64("new"),
		.argv = to_u64("an\0argv"),
		.envp = to_u64("A=1"),
		.argv_len = 8,
		.envp_len = 4,
		.uid = w->uid,
		.gid = w->gid,
		.pid = PATTERN64,
	};
}

static inline void prepare_exec(const struct world *w, union procsrv_args *args)
{
	args->exec = (struct procsrv_exec_args) {
		.pid = w->live,
		.name = to_u64("execed"),
		.argv = to_u64("an\0argv"),
		.envp = to_u64("A=1"),
		.argv_len = 8,
		.envp_len = 4,
	};
}

static inline void prepare_terminate(const struct world *w, union procsrv_args *args)
{
	args->terminate = (struct procsrv_terminate_args) {
		.pid = w->live,
		.exit_code = 3,
	};
}

static inline void prepare_wait(const struct world *w, union procsrv_args *args)
{
	args->wait = wait_args(w->scene.root, PROCSRV_WAIT_ANY, 0,
			       PROCSRV_WAIT_EXITED, PROCSRV_WAIT_NOHANG);
}

static inline void prepare_signal(const struct world *w, union procsrv_args *args)
{
	args->signal = (struct procsrv_signal_args) {
		.id = w->sid,
		.target = PROCSRV_TARGET_SID,
		.signo = 10,
		.count = PATTERN32,
	};
}

static inline void prepare_info(const struct world *w, union procsrv_args *args)
{
	args->info = (struct procsrv_info_args) {
		.pid = w->live,
		.info = to_u64(w->rooms[0]),
		.argv = to_u64(w->rooms[1]),
		.envp = to_u64(w->rooms[2]),
		.cwd = to_u64(w->rooms[3]),
		.terminal = to_u64(w->rooms[4]),
		.info_size = sizeof(struct procsrv_info),
		.argv_size = ROOM,
		.envp_size = ROOM,
		.cwd_size = ROOM,
		.terminal_size = ROOM,
	};
}

static inline void prepare_get_limits(const struct world *w, union procsrv_args *args)
{
	memset(&args->limits, PATTERN, sizeof(args->limits));
	args->limits.pid = w->live;
}

static inline void prepare_set_limits(const struct world *w, union procsrv_args *args)
{
	args->limits = (struct procsrv_limits_args) {
		.pid = w->live,
		.limits.max_memory = 1,
		.limits.max_threads = 2,
		.limits.nice = 3,
	};
}

static inline void prepare_update(const struct world *w, union procsrv_args *args)
{
	args->update = (struct procsrv_update_args) {
		.pid = w->live,
		.cpu_time = 1,
		.memory_usage = 2,
		.cwd = to_u64("/tmp"),
		.mask = 0x3f,
		.thread_count = 3,
		.state = PROCSRV_SLEEPING,
		.priority = PROCSRV_PRIO_HIGH,
	};
}

static inline void prepare_create_session(const struct world *w,
					  union procsrv_args *args)
{
	args->create_session = (struct procsrv_create_session_args) {
		.leader = w->live,
		.sid = PATTERN32,
		.pgid = PATTERN32,
	};
}

static inline void prepare_create_group(const struct world *w,
					union procsrv_args *args)
{
	args->create_group = (struct procsrv_create_group_args) {
		.leader = w->live,
		.sid = w->sid,
		.pgid = PATTERN32,
	};
}

static inline void prepare_set_group(const struct world *w, union procsrv_args *args)
{
	args->set_group = (struct procsrv_set_group_args) {
		.pid = w->live,
		.pgid = w->other_pgid,
	};
}

static inline void prepare_session(const struct world *w, union procsrv_args *args)
{
	args->session = (struct procsrv_session_args) {
		.sid = w->sid,
		.leader = PATTERN64,
		.terminal = to_u64(w->rooms[0]),
		.terminal_size = ROOM,
		.nr_processes = PATTERN32,
		.nr_groups = PATTERN32,
	};
}

static inline void prepare_group(const struct world *w, union procsrv_args *args)
{
	args->group = (struct procsrv_group_args) {
		.pgid = w->pgid,
		.leader = PATTERN64,
		.sid = PATTERN32,
		.nr_processes = PATTERN32,
	};
}

static inline void prepare_set_terminal(const struct world *w,
					union procsrv_args *args)
{
	args->set_terminal = (struct procsrv_set_terminal_args) {
		.sid = w->sid,
		.name = to_u64("tty1"),
	};
}

static inline void prepare_hang_up(const struct world *w, union procsrv_args *args)
{
	args->hang_up = (struct procsrv_hang_up_args) {
		.sid = w->sid,
		.count = PATTERN32,
	};
}

static inline void prepare_list_pids(const struct world *w, union procsrv_args *args)
{
	args->list = (struct procsrv_list_args) {
		.buf = to_u64(w->rooms[0]),
		.record_size = sizeof(__u64),
		.count = ROOM / sizeof(__u64),
		.scope = PROCSRV_LIST_SID,
		.id = w->sid,
		.seq = PATTERN64,
	};
}

static inline void prepare_list(const struct world *w, union procsrv_args *args)
{
	args->list = (struct procsrv_list_args) {
		.buf = to_u64(w->rooms[0]),
		.record_size = sizeof(struct procsrv_info),
		.count = ROOM / sizeof(struct procsrv_info),
		.scope = PROCSRV_LIST_SID,
		.id = w->sid,
		.seq = PATTERN64,
	};
}

static inline void prepare_reap(const struct world *w, union procsrv_args *args)
{
	args->reap = (struct procsrv_reap_args) { .count = PATTERN64 };
}

static inline void prepare_stats(const struct world *w, union procsrv_args *args)
{
	memset(&args->stats, PATTERN, sizeof(args->stats));
}

static inline void prepare_revoke(const struct world *w, union procsrv_args *args)
{
	args->revoke = (struct procsrv_revoke_args) {
		.pid = w->live,
		.capability = 5,
	};
}

static inline void prepare_time(const struct world *w, union procsrv_args *args)
{
	memset(&args->time, PATTERN, sizeof(args->time));
	args->time.flags = 0;
}

static inline void prepare_take_signal(const struct world *w,
				       union procsrv_args *args)
{
	args->take_signal = (struct procsrv_take_signal_args) {
		.pid = w->live,
		.mask = 1ULL << (PENDING - 1),
		.sender = PATTERN64,
		.flags = PROCSRV_TAKE_NOHANG,
		.signo = PATTERN32,
		.count = PATTERN64,
		.target = PATTERN64,
		.origin = PATTERN32,
	};
}

static inline void prepare_set_reaper(const struct world *w, union procsrv_args *args)
{
	args->set_reaper = (struct procsrv_set_reaper_args) {
		.pid = w->live,
		.on = 1,
	};
}

static inline void prepare_subscribe(const struct world *w, union procsrv_args *args)
{
	args->subscribe = (struct procsrv_subscribe_args) {
		.pid = w->live,
		.kinds = PROCSRV_EVENTS_ALL,
		.capacity = 8,
		.seq = PATTERN64,
	};
}

static inline void prepare_open_process(const struct world *w,
					union procsrv_args *args)
{
	args->open_process = (struct procsrv_open_process_args) {
		.pid = w->live,
		.fd = PATTERN32,
	};
}

static inline void prepare_new_server(const struct world *w, union procsrv_args *args)
{
	args->new_server = (struct procsrv_new_server_args) {
		.fd = PATTERN32,
	};
}

static inline void prepare_batch(const struct world *w, union procsrv_args *args)
{
	struct procsrv_batch_op *ops = (void *)w->rooms[0];

	memset(ops, PATTERN, 2 * sizeof(*ops));
	ops[0].cmd = PROCSRV_IOC_STATS;
	ops[1].cmd = PROCSRV_IOC_TERMINATE;
	prepare_terminate(w, (union procsrv_args *)ops[1].args);
	args->batch = (struct procsrv_batch_args) {
		.ops = to_u64(ops),
		.op_size = sizeof(*ops),
		.count = 2,
		.flags = PROCSRV_BATCH_STOP,
		.done = PATTERN32,
	};
}

static inline void prepare_report(const struct world *w, union procsrv_args *args)
{
	args->report = (struct procsrv_report_args) {
		.pid = w->hosted,
		.what = PROCSRV_BODY_STOPPED,
		.signo = 20,
	};
}

static inline void prepare_get_credentials(const struct world *w,
					   union procsrv_args *args)
{
	memset(args, PATTERN, sizeof(args->credentials));
	args->credentials.pid = w->hosted;
}

/* Ids that the process has already, so no further capability is needed. */
static inline void prepare_set_credentials(const struct world *w,
					   union procsrv_args *args)
{
	args->credentials = (struct procsrv_credentials_args) {
		.pid = w->hosted,
		.credentials = {
			.ruid = w->uid,
			.euid = w->uid,
			.suid = w->uid,
			.rgid = w->gid,
			.egid = w->gid,
			.sgid = w->gid,
		},
	};
}

static inline void prepare_set_autoreap(const struct world *w,
					union procsrv_args *args)
{
	args->set_autoreap = (struct procsrv_set_autoreap_args) {
		.pid = w->live,
		.on = 1,
	};
}

static inline void prepare_set_foreground(const struct world *w,
					  union procsrv_args *args)
{
	args->set_foreground = (struct procsrv_set_foreground_args) {
		.sid = w->sid,
		.pgid = w->other_pgid,
	};
}

#define CALL(upper, lower, changes_, cap_) {		\
		.name = #lower,				\
		.cmd = PROCSRV_IOC_##upper,		\
		.changes = changes_,			\
		.cap = cap_,				\
		.prepare = prepare_##lower,		\
	}

static const struct call calls[] = {
	CALL(CREATE, create, true, CAP_SYS_ADMIN),
	CALL(EXEC, exec, true, CAP_SYS_ADMIN),
	CALL(TERMINATE, terminate, true, CAP_KILL),
	CALL(WAIT, wait, true, CAP_SYS_ADMIN),
	CALL(SIGNAL, signal, true, CAP_KILL),
	CALL(INFO, info, false, NO_CAP),
	CALL(GET_LIMITS, get_limits, false, NO_CAP),
	CALL(SET_LIMITS, set_limits, true, CAP_SYS_ADMIN),
	CALL(UPDATE, update, true, CAP_SYS_ADMIN),
	CALL(CREATE_SESSION, create_session, true, CAP_SYS_ADMIN),
	CALL(CREATE_GROUP, create_group, true, CAP_SYS_ADMIN),
	CALL(SET_GROUP, set_group, true, CAP_SYS_ADMIN),
	CALL(SESSION, session, false, NO_CAP),
	CALL(GROUP, group, false, NO_CAP),
	CALL(SET_TERMINAL, set_terminal, true, CAP_SYS_ADMIN),
	CALL(HANG_UP, hang_up, true, CAP_KILL),
	CALL(LIST_PIDS, list_pids, false, NO_CAP),
	CALL(LIST, list, false, NO_CAP),
	CALL(REAP, reap, true, CAP_SYS_ADMIN),
	CALL(STATS, stats, false, NO_CAP),
	CALL(REVOKE, revoke, true, CAP_SYS_ADMIN),
	CALL(TIME, time, false, NO_CAP),
	CALL(TAKE_SIGNAL, take_signal, true, CAP_SYS_ADMIN),
	CALL(SET_REAPER, set_reaper, true, CAP_SYS_ADMIN),
	CALL(SUBSCRIBE, subscribe, false, NO_CAP),
	CALL(OPEN_PROCESS, open_process, true, NO_CAP),
	CALL(NEW_SERVER, new_server, true, NO_CAP),
	/* It terminates a process. */
	CALL(BATCH, batch, true, CAP_KILL),
	CALL(REPORT, report, true, CAP_SYS_ADMIN),
	CALL(GET_CREDENTIALS, get_credentials, false, NO_CAP),
	CALL(SET_CREDENTIALS, set_credentials, true, CAP_SYS_ADMIN),
	CALL(SET_AUTOREAP, set_autoreap, true, CAP_SYS_ADMIN),
	CALL(SET_FOREGROUND, set_foreground, true, CAP_SYS_ADMIN),
};

static inline const struct call *find_call(unsigned int cmd)
{
	int i;

	for (i = 0; i < ARRAY_SIZE(calls); i++)
		if (calls[i].cmd == cmd)
			return &calls[i];
	abort();
}

/* The size of the structure in its first version. */
static inline size_t first_size(const struct call *c)
{
	if (c->cmd == PROCSRV_IOC_LIST || c->cmd == PROCSRV_IOC_LIST_PIDS)
		return offsetof(struct procsrv_list_args, seq);
	if (c->cmd == PROCSRV_IOC_TAKE_SIGNAL)
		return offsetof(struct procsrv_take_signal_args, target);
	return _IOC_SIZE(c->cmd);
}

/* The same call for a structure of another size. */
static inline unsigned int resized(unsigned int cmd, unsigned int size)
{
	return _IOC(_IOC_DIR(cmd), _IOC_TYPE(cmd), _IOC_NR(cmd), size);
}

static inline bool takes_input(const struct call *c)
{
	return _IOC_DIR(c->cmd) & _IOC_WRITE;
}

static inline bool gives_output(const struct call *c)
{
	return _IOC_DIR(c->cmd) & _IOC_READ;
}

/* A call that must fail with @err, and change neither the world nor @args. */
static inline void expect_refused(struct __test_metadata *_metadata,
				  const struct world *w, unsigned int cmd,
				  union procsrv_args *args, int err)
{
	struct snapshot before;
	union procsrv_args given = *args;

	snapshot_take(_metadata, &w->scene, &before);
	EXPECT_EQ(err, call(w->scene.fd, cmd, args));
	EXPECT_EQ(0, memcmp(args, &given, sizeof(given)));
	EXPECT_TRUE(snapshot_same(_metadata, &w->scene, &before));
}

FIXTURE(calls)
{
	struct world world;
};

FIXTURE_SETUP(calls)
{
	world_setup(_metadata, &self->world);
}

FIXTURE_TEARDOWN(calls)
{
	world_teardown(_metadata, &self->world);
}

typedef void (*check_fn)(struct __test_metadata *_metadata,
			 const struct world *w, const struct call *c);

/* Checks every call in a world of its own; says which of them failed. */
static inline void check_all_calls(struct __test_metadata *_metadata,
				   struct world *w, check_fn check)
{
	int i, failed = 0;

	for (i = 0; i < ARRAY_SIZE(calls); i++) {
		if (i) {
			world_teardown(_metadata, w);
			world_setup(_metadata, w);
		}
		check(_metadata, w, &calls[i]);
		if (!_metadata->passed) {
			TH_LOG("in %s", calls[i].name);
			failed++;
			_metadata->passed = 1;
		}
	}
	EXPECT_EQ(0, failed);
}

#endif /* SELFTESTS_CALLS_H */
