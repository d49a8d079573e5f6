/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * procsrv selftests - each call in all the ways in which it allocates memory
 */
#ifndef SELFTESTS_FAULTS_ROWS_H
#define SELFTESTS_FAULTS_ROWS_H

/* A list may have more than one page. */
#define SNAPSHOT_MAX 128

#include "../calls.h"
#include "../hosts.h"

enum {
	LONG_LIST = 300,	/* bytes: too many for the cache of images */
	HUGE_LIST = 100000,	/* bytes: too many for a few contiguous pages */
	MANY = 70,		/* processes: more than a page of a list has */
	LARGE_RING = 20000,	/* events */
	LEAF = 512,		/* pids per leaf of the table */
	NR_HOSTED = 3,		/* hosted processes in a group */
	SENT = 10,		/* a signal that is sent to them */
	NEW_UID = 4321,
};

static char long_list[LONG_LIST], huge_list[HUGE_LIST];
static struct procsrv_info infos[MANY + 20];
static __u64 pids[MANY + 20];
static struct procsrv_batch_op ops[1000];

/**
 * struct row - a call, in one of the ways in which it allocates memory
 * @name: its name
 * @cmd: the call
 * @memory: minimum number of places at which it fails without memory
 * @takes: it allocates memory elsewhere, and falls back to scattered pages
 * @posix: the server has POSIX ids
 * @set_up: prepares the world for it, or NULL
 * @prepare: prepares its arguments
 */
struct row {
	const char *name;
	unsigned int cmd;
	unsigned int memory;
	bool takes;
	bool posix;
	void (*set_up)(struct __test_metadata *_metadata,
		       const struct world *w);
	void (*prepare)(const struct world *w, union procsrv_args *args);
};

/* The next process needs a new leaf of the table. */
static void set_up_leaf(struct __test_metadata *_metadata,
			const struct world *w)
{
	struct procsrv_reap_args args = {};
	int fd = w->scene.fd;
	__u64 pid;

	do {
		ASSERT_EQ(0, create(fd, PROCSRV_INIT_PID, &pid));
		ASSERT_EQ(0, terminate(fd, pid, 0, 0));
	} while (pid % LEAF != LEAF - 1);
	ASSERT_EQ(0, call(fd, PROCSRV_IOC_REAP, &args));
}

static void set_up_many(struct __test_metadata *_metadata,
			const struct world *w)
{
	__u64 pid;
	int i;

	for (i = 0; i < MANY; i++)
		ASSERT_EQ(0, create(w->scene.fd, w->scene.root, &pid));
}

/* Replaced strings are freed, which may need memory temporarily. */
static void set_up_replaced(struct __test_metadata *_metadata,
			    const struct world *w)
{
	struct procsrv_exec_args exec = {
		.pid = w->live,
		.name = to_u64("old"),
		.argv = to_u64(long_list),
		.argv_len = sizeof(long_list),
	};
	struct procsrv_update_args update = {
		.pid = w->live,
		.cwd = to_u64("/old"),
		.mask = PROCSRV_UPDATE_CWD,
	};

	ASSERT_EQ(0, call(w->scene.fd, PROCSRV_IOC_EXEC, &exec));
	ASSERT_EQ(0, call(w->scene.fd, PROCSRV_IOC_UPDATE, &update));
}

/* Hosted processes in the group of the root. */
static void set_up_hosted(struct __test_metadata *_metadata,
			  const struct world *w)
{
	__u64 pid;
	int i;

	for (i = 0; i < NR_HOSTED; i++)
		ASSERT_EQ(0, create_hosted(w->scene.fd, w->scene.root, &pid));
}

/* Each signal that is taken or discarded frees a record. */
static void set_up_pending(struct __test_metadata *_metadata,
			   const struct world *w)
{
	int fd = w->scene.fd, signo;

	for (signo = 9; signo <= SENT; signo++)
		ASSERT_EQ(0, send_signal(fd, w->live, PROCSRV_TARGET_PID,
					 w->hosted, signo, NULL));
	ASSERT_EQ(0, signal_pid(fd, w->hosted, SENT));
}

/* A directory that has an allocation of its own in the server. */
static void prepare_update_long(const struct world *w, union procsrv_args *args)
{
	static char path[100] = "/";

	memset(path + 1, 'x', sizeof(path) - 2);
	prepare_update(w, args);
	args->update.cwd = to_u64(path);
}

static void prepare_create_first(const struct world *w, union procsrv_args *args)
{
	prepare_create(w, args);
	args->create.uid = NEW_UID;
}

static void prepare_create_tied(const struct world *w, union procsrv_args *args)
{
	prepare_create(w, args);
	args->create.flags = PROCSRV_CREATE_TIED;
}

static void prepare_create_long(const struct world *w, union procsrv_args *args)
{
	prepare_create(w, args);
	args->create.argv = to_u64(long_list);
	args->create.argv_len = sizeof(long_list);
}

static void prepare_create_huge(const struct world *w, union procsrv_args *args)
{
	prepare_create(w, args);
	args->create.envp = to_u64(huge_list);
	args->create.envp_len = sizeof(huge_list);
}

static void prepare_exec_long(const struct world *w, union procsrv_args *args)
{
	prepare_exec(w, args);
	args->exec.argv = to_u64(long_list);
	args->exec.argv_len = sizeof(long_list);
}

static void prepare_exec_huge(const struct world *w, union procsrv_args *args)
{
	prepare_exec(w, args);
	args->exec.envp = to_u64(huge_list);
	args->exec.envp_len = sizeof(huge_list);
}

static void prepare_signal_to(union procsrv_args *args, __u32 target, __u64 id)
{
	args->signal = (struct procsrv_signal_args) {
		.id = id,
		.target = target,
		.signo = 10,
		.count = PATTERN32,
	};
}

static void prepare_signal_pid(const struct world *w, union procsrv_args *args)
{
	prepare_signal_to(args, PROCSRV_TARGET_PID, w->live);
}

static void prepare_signal_group(const struct world *w, union procsrv_args *args)
{
	prepare_signal_to(args, PROCSRV_TARGET_PGID, w->pgid);
}

static void prepare_signal_tree(const struct world *w, union procsrv_args *args)
{
	prepare_signal_to(args, PROCSRV_TARGET_TREE, w->scene.root);
}

static void prepare_signal_all(const struct world *w, union procsrv_args *args)
{
	prepare_signal_to(args, PROCSRV_TARGET_ALL, 0);
}

static void prepare_create_hosted(const struct world *w, union procsrv_args *args)
{
	prepare_create(w, args);
	args->create.flags = PROCSRV_CREATE_HOSTED;
}

static void prepare_create_hosted_first(const struct world *w, union procsrv_args *args)
{
	prepare_create_first(w, args);
	args->create.flags = PROCSRV_CREATE_HOSTED;
}

static void prepare_create_clone(const struct world *w, union procsrv_args *args)
{
	prepare_create(w, args);
	args->create.flags = PROCSRV_CREATE_EXIT_SIGNAL;
}

/* Inherits everything from its parent, and needs no strings. */
static void prepare_create_inherit(const struct world *w, union procsrv_args *args)
{
	args->create = (struct procsrv_create_args) {
		.parent = w->hosted,
		.flags = PROCSRV_CREATE_HOSTED | PROCSRV_CREATE_INHERIT,
		.pid = PATTERN64,
	};
}

static void prepare_exit_hosted(const struct world *w, union procsrv_args *args)
{
	args->terminate = (struct procsrv_terminate_args) {
		.pid = w->hosted,
		.exit_signal = PROCSRV_CORE_DUMP | 11,
	};
}

static void prepare_report_exiting(const struct world *w, union procsrv_args *args)
{
	args->report = (struct procsrv_report_args) {
		.pid = w->hosted,
		.what = PROCSRV_BODY_EXITING,
	};
}

static void prepare_wait_all(const struct world *w, union procsrv_args *args)
{
	prepare_wait(w, args);
	args->wait.flags |= PROCSRV_WAIT_WALL;
}

static void prepare_take_any(const struct world *w, union procsrv_args *args)
{
	args->take_signal = take_args(0, PROCSRV_TAKE_NOHANG);
}

static void prepare_signal_in_name(const struct world *w, union procsrv_args *args)
{
	prepare_signal_group(w, args);
	args->signal.sender = w->hosted;
}

static void prepare_signal_all_in_name(const struct world *w, union procsrv_args *args)
{
	prepare_signal_all(w, args);
	args->signal.sender = w->hosted;
}

static void prepare_kill_in_name(const struct world *w, union procsrv_args *args)
{
	prepare_signal_in_name(w, args);
	args->signal.signo = 9;
}

/* The group does not exist, and is created. */
static void prepare_set_own_group(const struct world *w, union procsrv_args *args)
{
	args->set_group = (struct procsrv_set_group_args) {
		.caller = w->live,
	};
}

static void prepare_create_own_group(const struct world *w, union procsrv_args *args)
{
	prepare_create_group(w, args);
	args->create_group.caller = w->live;
	args->create_group.leader = 0;
}

static void prepare_new_posix(const struct world *w, union procsrv_args *args)
{
	args->new_server = (struct procsrv_new_server_args) {
		.flags = PROCSRV_SERVER_POSIX_IDS,
		.fd = PATTERN32,
	};
}

static void prepare_further(const struct world *w, union procsrv_args *args)
{
	args->new_server = (struct procsrv_new_server_args) {
		.flags = PROCSRV_SERVER_SAME,
		.fd = PATTERN32,
	};
}

static void prepare_list_many(const struct world *w, union procsrv_args *args)
{
	prepare_list(w, args);
	args->list.buf = to_u64(infos);
	args->list.count = ARRAY_SIZE(infos);
}

static void prepare_list_pids_many(const struct world *w, union procsrv_args *args)
{
	prepare_list_pids(w, args);
	args->list.buf = to_u64(pids);
	args->list.count = ARRAY_SIZE(pids);
}

static void prepare_subscribe_large(const struct world *w, union procsrv_args *args)
{
	prepare_subscribe(w, args);
	args->subscribe.capacity = LARGE_RING;
}

/*
 * Look-ups, then the creation of a process of a new user with a long command
 * line.
 */
static void prepare_batch_of(const struct world *w, union procsrv_args *args, int nr)
{
	int i;

	memset(ops, PATTERN, sizeof(ops));
	for (i = 0; i < nr - 1; i++)
		ops[i].cmd = PROCSRV_IOC_STATS;
	ops[i].cmd = PROCSRV_IOC_CREATE;
	prepare_create_long(w, (union procsrv_args *)ops[i].args);
	args->batch = (struct procsrv_batch_args) {
		.ops = to_u64(ops),
		.op_size = sizeof(*ops),
		.count = nr,
		.flags = PROCSRV_BATCH_STOP,
		.done = PATTERN32,
	};
}

static void prepare_batch_few(const struct world *w, union procsrv_args *args)
{
	prepare_batch_of(w, args, 3);
}

static void prepare_batch_many(const struct world *w, union procsrv_args *args)
{
	prepare_batch_of(w, args, ARRAY_SIZE(ops));
}

#define ROW(upper, lower, memory_, ...) {		\
		.name = #lower,				\
		.cmd = PROCSRV_IOC_##upper,		\
		.memory = memory_,			\
		.prepare = prepare_##lower,		\
		__VA_ARGS__				\
	}

static const struct row rows[] = {
	ROW(CREATE, create, 2),
	/* And a user and a leaf. */
	ROW(CREATE, create_first, 4, .set_up = set_up_leaf),
	ROW(CREATE, create_tied, 2),
	ROW(CREATE, create_long, 2),
	ROW(CREATE, create_huge, 1),
	ROW(EXEC, exec, 1),
	ROW(EXEC, exec_long, 1, .set_up = set_up_replaced),
	ROW(EXEC, exec_huge, 0, .takes = true),
	ROW(TERMINATE, terminate, 0),
	ROW(WAIT, wait, 0),
	/* A record for each process that it reaches, live or not. */
	ROW(SIGNAL, signal, 4),
	ROW(SIGNAL, signal_pid, 1),
	ROW(SIGNAL, signal_group, 3),
	ROW(SIGNAL, signal_tree, 4),
	ROW(SIGNAL, signal_all, 64),
	ROW(INFO, info, 0),
	ROW(GET_LIMITS, get_limits, 0),
	ROW(SET_LIMITS, set_limits, 1),
	/*
	 * The directory, in a buffer of maximum size and in one of its own
	 * size.
	 */
	ROW(UPDATE, update, 2, .set_up = set_up_replaced),
	ROW(UPDATE, update_long, 3, .set_up = set_up_replaced),
	ROW(CREATE_SESSION, create_session, 2),
	ROW(CREATE_GROUP, create_group, 1),
	ROW(SET_GROUP, set_group, 0),
	ROW(SESSION, session, 0),
	ROW(GROUP, group, 0),
	ROW(SET_TERMINAL, set_terminal, 2),
	ROW(HANG_UP, hang_up, 0),
	ROW(LIST_PIDS, list_pids, 0, .takes = true),
	ROW(LIST_PIDS, list_pids_many, 0, .takes = true,
	    .set_up = set_up_many),
	ROW(LIST, list, 0, .takes = true),
	ROW(LIST, list_many, 0, .takes = true,
	    .set_up = set_up_many),
	ROW(REAP, reap, 0),
	ROW(STATS, stats, 0),
	ROW(REVOKE, revoke, 0),
	ROW(TIME, time, 0),
	ROW(TAKE_SIGNAL, take_signal, 0),
	ROW(SET_REAPER, set_reaper, 0),
	ROW(SUBSCRIBE, subscribe, 1),
	ROW(SUBSCRIBE, subscribe_large, 0, .takes = true),
	ROW(OPEN_PROCESS, open_process, 2),
	ROW(NEW_SERVER, new_server, 6),
	ROW(BATCH, batch_few, 1),
	ROW(BATCH, batch_many, 1),
	ROW(CREATE, create_hosted, 2),
	ROW(CREATE, create_hosted_first, 4, .set_up = set_up_leaf),
	ROW(CREATE, create_inherit, 1),
	ROW(CREATE, create_clone, 2),
	ROW(TERMINATE, exit_hosted, 0, .set_up = set_up_pending),
	ROW(WAIT, wait_all, 0),
	/* Hosted members need a record only if a process is the sender. */
	ROW(SIGNAL, signal_group, 3, .set_up = set_up_hosted),
	ROW(SIGNAL, signal_in_name, 3 + NR_HOSTED, .set_up = set_up_hosted),
	ROW(SIGNAL, kill_in_name, NR_HOSTED, .set_up = set_up_hosted),
	ROW(SIGNAL, signal_all_in_name, 64, .set_up = set_up_hosted),
	ROW(TAKE_SIGNAL, take_any, 0, .set_up = set_up_pending),
	ROW(REPORT, report, 0),
	ROW(REPORT, report_exiting, 0, .set_up = set_up_pending),
	ROW(GET_CREDENTIALS, get_credentials, 0),
	ROW(SET_CREDENTIALS, set_credentials, 0),
	ROW(SET_AUTOREAP, set_autoreap, 0),
	ROW(SET_FOREGROUND, set_foreground, 0),
	ROW(NEW_SERVER, new_posix, 6),
	/* The account, the client, its reader, and the file. */
	ROW(NEW_SERVER, further, 3),
	ROW(CREATE, create, 2, .posix = true),
	ROW(CREATE_SESSION, create_session, 2, .posix = true),
	ROW(CREATE_GROUP, create_group, 1, .posix = true),
	ROW(CREATE_GROUP, create_own_group, 1, .posix = true),
	ROW(SET_GROUP, set_group, 1, .posix = true),
	ROW(SET_GROUP, set_own_group, 1, .posix = true),
};

#endif /* SELFTESTS_FAULTS_ROWS_H */
