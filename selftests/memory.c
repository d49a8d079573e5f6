// SPDX-License-Identifier: GPL-2.0-only
/*
 * procsrv selftests - the accounting and the lifetime of memory
 *
 * Memory that a call replaces is freed at once, so that a loop of such calls
 * takes no more memory than one of them. A caller is charged for what it has
 * created, as long as that exists: not for what other processes need as well,
 * and not for what they keep.
 */
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/wait.h>

#include "cgroup.h"
#include "handles.h"

enum {
	KIB = 1 << 10,
	MIB = 1 << 20,
	LIST = 128 * KIB,	/* the longest command line or environment */
	GROUP = 16 * MIB,
	EXECS = 300,		/* 75 MiB in total */
	LEAF = 512,		/* consecutive pids that are kept together */
	ROUNDS = 20,
	UIDS = 500,
	FIRST_UID = 200000,
};

static char list[LIST];

static int exec_large(int fd, __u64 pid)
{
	struct procsrv_exec_args args = {
		.pid = pid,
		.name = to_u64("large"),
		.argv = to_u64(list),
		.argv_len = sizeof(list),
		.envp = to_u64(list),
		.envp_len = sizeof(list),
	};

	return call(fd, PROCSRV_IOC_EXEC, &args);
}

static int create_large(int fd, __u64 *pid)
{
	int ret = create(fd, PROCSRV_INIT_PID, pid);

	return ret ? ret : exec_large(fd, *pid);
}

static int set_cwd(int fd, __u64 pid, const char *cwd)
{
	struct procsrv_update_args args = {
		.pid = pid,
		.mask = PROCSRV_UPDATE_CWD,
		.cwd = to_u64(cwd),
	};

	return call(fd, PROCSRV_IOC_UPDATE, &args);
}

static long long slab_of(const struct cgroup *cg)
{
	return cgroup_read(cg, "memory.stat", "slab_unreclaimable");
}

/*
 * Loops that produce garbage, on a server of their own, in a child that the OOM
 * killer spares, so that it gets an error
 */

static int garbage_of_exec(int fd)
{
	__u64 pid;
	int i, ret = create_large(fd, &pid);

	for (i = 0; !ret && i < EXECS; i++)
		ret = exec_large(fd, pid);
	return ret;
}

static int garbage_of_processes(int fd)
{
	int i, ret = 0;
	__u64 pid;

	for (i = 0; !ret && i < EXECS / 3; i++) {
		ret = create_large(fd, &pid);
		if (!ret)
			ret = terminate(fd, pid, 0, 0);
		if (!ret)
			ret = reap(fd, PROCSRV_INIT_PID, pid);
	}
	return ret;
}

static int garbage_of_update(int fd)
{
	char cwd[PROCSRV_PATH_MAX];
	int i, ret;
	__u64 pid;

	memset(cwd, '/', sizeof(cwd) - 1);
	cwd[sizeof(cwd) - 1] = 0;
	ret = create(fd, PROCSRV_INIT_PID, &pid);
	for (i = 0; !ret && i < 20 * EXECS; i++)
		ret = set_cwd(fd, pid, cwd);
	return ret;
}

static int garbage_of_terminals(int fd)
{
	char name[PROCSRV_NAME_MAX + 1];
	int i, ret;
	__u32 sid, pgid;
	__u64 pid;

	memset(name, 'x', sizeof(name) - 1);
	name[sizeof(name) - 1] = 0;
	ret = create(fd, PROCSRV_INIT_PID, &pid);
	if (!ret)
		ret = create_session(fd, pid, &sid, &pgid);
	for (i = 0; !ret && i < 5 * EXECS; i++)
		ret = set_terminal(fd, sid, name);
	return ret;
}

static int (*const loops[])(int fd) = {
	garbage_of_exec,
	garbage_of_processes,
	garbage_of_update,
	garbage_of_terminals,
};

/* Does not return. */
static void make_garbage(const struct cgroup *cg, int (*loop)(int fd))
{
	int fd = open("/proc/self/oom_score_adj", O_WRONLY | O_CLOEXEC);

	if (write(fd, "-1000", 5) != 5 || cgroup_enter(cg))
		_exit(1);
	fd = new_server(open(DEVICE, O_RDWR | O_CLOEXEC));
	if (fd < 0)
		_exit(2);
	_exit(-loop(fd));
}

FIXTURE(memory)
{
	struct scene scene;
	struct cgroup group;
	int fd;
};

FIXTURE_SETUP(memory)
{
	scene_setup(_metadata, &self->scene);
	self->fd = self->scene.fd;
	ASSERT_EQ(0, cgroup_mount());
	ASSERT_EQ(0, cgroup_new(&self->group, "memory"));
}

FIXTURE_TEARDOWN(memory)
{
	int looks = 0;

	while (cgroup_remove(&self->group))
		ASSERT_TRUE(look_again(&looks));
	scene_teardown(_metadata, &self->scene);
}

/* Garbage is freed at once: a small group is enough for all loops. */
TEST_F(memory, garbage)
{
	char text[16];
	pid_t child;
	int i;

	snprintf(text, sizeof(text), "%d", GROUP);
	ASSERT_EQ(0, cgroup_write(&self->group, "memory.max", text));
	for (i = 0; i < ARRAY_SIZE(loops); i++) {
		child = fork_tied();
		ASSERT_LE(0, child);
		if (!child)
			make_garbage(&self->group, loops[i]);
		EXPECT_EQ(0, child_status(child));
	}
	/* The peak is little more than what one iteration uses. */
	EXPECT_GT(GROUP - GROUP / 4,
		  cgroup_read(&self->group, "memory.peak", NULL));
}

/*
 * Memory that others keep: a victim in a group of its own serves requests
 */

/**
 * struct victim - a client in a group of its own
 * @socket: for requests and results
 * @child: the process
 * @before: bytes charged to it at the start
 */
struct victim {
	int socket;
	pid_t child;
	long long before;
};

/**
 * struct request - a request to the victim
 * @uid: the user of a process that it creates
 * @is_large: the process has long strings
 * @pid: in: the process to be reaped, or 0 to create it; out: the process
 * @ret: out: 0 or an error
 */
struct request {
	__u32 uid;
	bool is_large;
	__u64 pid;
	int ret;
};

static void serve(int fd, int socket)
{
	struct request r;

	while (read(socket, &r, sizeof(r)) == sizeof(r)) {
		if (r.pid) {
			r.ret = terminate(fd, r.pid, 0, 0);
			if (!r.ret)
				r.ret = reap(fd, PROCSRV_INIT_PID, r.pid);
		} else {
			r.ret = create_as(fd, PROCSRV_INIT_PID, "victim's",
					  r.uid, 0, &r.pid);
			if (!r.ret && r.is_large)
				r.ret = exec_large(fd, r.pid);
		}
		if (write(socket, &r, sizeof(r)) != sizeof(r))
			_exit(1);
	}
	_exit(0);
}

static int ask(const struct victim *v, struct request *r)
{
	if (write(v->socket, r, sizeof(*r)) != sizeof(*r) ||
	    read(v->socket, r, sizeof(*r)) != sizeof(*r))
		return -EPIPE;
	return r->ret;
}

static void begin_victim(struct __test_metadata *_metadata, struct victim *v,
			 int fd, const struct cgroup *cg)
{
	struct request r = {};
	int sockets[2];

	ASSERT_EQ(0, socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0,
				sockets));
	v->child = fork_tied();
	ASSERT_LE(0, v->child);
	if (!v->child) {
		close(sockets[0]);
		if (cgroup_enter(cg))
			_exit(2);
		serve(fd, sockets[1]);
	}
	close(sockets[1]);
	v->socket = sockets[0];
	/* Allocations that happen only once. */
	ASSERT_EQ(0, ask(v, &r));
	ASSERT_EQ(0, ask(v, &r));
	v->before = slab_of(cg);
}

/*
 * The victim has no processes any more. Less than @max bytes remain charged to
 * it.
 */
static void end_victim(struct __test_metadata *_metadata, struct victim *v,
		       const struct cgroup *cg, long long max)
{
	TH_LOG("charged with %lld bytes", slab_of(cg) - v->before);
	EXPECT_GT(max, slab_of(cg) - v->before);
	close(v->socket);
	EXPECT_EQ(0, child_status(v->child));
}

/* The victim's pid needs a new leaf, which another process then keeps. */
TEST_F(memory, room_for_pids)
{
	int server = new_server(self->fd), i;
	struct victim v;
	__u64 pid, stays;

	ASSERT_LE(0, server);
	begin_victim(_metadata, &v, server, &self->group);
	for (i = 0; i < ROUNDS; i++) {
		struct request r = {};

		do {
			ASSERT_EQ(0, create(server, PROCSRV_INIT_PID, &pid));
			ASSERT_EQ(0, terminate(server, pid, 0, 0));
			ASSERT_EQ(0, reap(server, PROCSRV_INIT_PID, pid));
		} while (pid % LEAF != LEAF - 1);
		ASSERT_EQ(0, ask(&v, &r));
		ASSERT_EQ(0, create(server, PROCSRV_INIT_PID, &stays));
		ASSERT_EQ(0, ask(&v, &r));
	}
	end_victim(_metadata, &v, &self->group, 32 * KIB);
	ASSERT_EQ(0, close(server));
}

/* The victim creates the first process of a user, and another one stays. */
TEST_F(memory, users)
{
	int server = new_server(self->fd), i;
	struct victim v;
	__u64 pid;

	ASSERT_LE(0, server);
	begin_victim(_metadata, &v, server, &self->group);
	for (i = 0; i < UIDS; i++) {
		struct request r = { .uid = FIRST_UID + i };

		ASSERT_EQ(0, ask(&v, &r));
		ASSERT_EQ(0, create_as(server, PROCSRV_INIT_PID, "stays",
				       r.uid, 0, &pid));
		ASSERT_EQ(0, ask(&v, &r));
	}
	end_victim(_metadata, &v, &self->group, 16 * KIB);
	ASSERT_EQ(0, close(server));
}

/* Handles of processes that the victim has created and reaped. */
TEST_F(memory, handles)
{
	int server = new_server(self->fd), handles[20], i;
	struct procsrv_exit_record record;
	struct victim v;

	ASSERT_LE(0, server);
	memset(list, 0, sizeof(list));
	begin_victim(_metadata, &v, server, &self->group);
	for (i = 0; i < ARRAY_SIZE(handles); i++) {
		struct request r = { .is_large = true };

		ASSERT_EQ(0, ask(&v, &r));
		handles[i] = open_process(server, r.pid, PROCSRV_OPEN_NONBLOCK);
		ASSERT_LE(0, handles[i]);
		ASSERT_EQ(0, ask(&v, &r));
		ASSERT_EQ(0, read_record(handles[i], &record));
		EXPECT_EQ(PROCSRV_DEAD, record.state);
		EXPECT_EQ(r.pid, record.pid);
	}
	EXPECT_GT(2 * MIB, cgroup_read(&self->group, "memory.current", NULL));
	end_victim(_metadata, &v, &self->group, 16 * KIB);
	for (i = 0; i < ARRAY_SIZE(handles); i++)
		ASSERT_EQ(0, close(handles[i]));
	ASSERT_EQ(0, close(server));
}

/*
 * Look-ups that are stuck in a page fault: a fault in a part of a file that is
 * being punched out waits until that is done
 */

enum {
	HOLE = 192 * MIB,
	LOOKS = 16,
	ATTEMPTS = 5,
};

/**
 * struct hole - a file that is punched out
 * @fd: the file
 * @is_done: the file is punched out
 * @rooms: its first pages
 * @looking: number of threads that have begun to look
 * @start: lets the threads start together
 */
struct hole {
	int fd;
	bool is_done;
	char *rooms;
	int looking;
	pthread_barrier_t start;
};

/**
 * struct look - a thread that looks up a process
 * @thread: the thread
 * @hole: the file that the directory is stored to
 * @fd: the server
 * @args: its structure
 */
struct look {
	pthread_t thread;
	struct hole *hole;
	int fd;
	struct procsrv_info_args args;
};

static void *punch(void *data)
{
	struct hole *hole = data;

	fallocate(hole->fd, FALLOC_FL_PUNCH_HOLE | FALLOC_FL_KEEP_SIZE, 0, HOLE);
	__atomic_store_n(&hole->is_done, true, __ATOMIC_SEQ_CST);
	return NULL;
}

static void *look(void *data)
{
	struct look *l = data;

	pthread_barrier_wait(&l->hole->start);
	__atomic_fetch_add(&l->hole->looking, 1, __ATOMIC_SEQ_CST);
	call(l->fd, PROCSRV_IOC_INFO, &l->args);
	return NULL;
}

static void fill_hole(struct __test_metadata *_metadata, struct hole *hole)
{
	*hole = (struct hole) { .fd = memfd_create("hole", MFD_CLOEXEC) };
	ASSERT_LE(0, hole->fd);
	ASSERT_EQ(0, fallocate(hole->fd, 0, 0, HOLE));
	hole->rooms = mmap(NULL, LOOKS * 4096, PROT_READ | PROT_WRITE,
			   MAP_SHARED, hole->fd, 0);
	ASSERT_NE(MAP_FAILED, hole->rooms);
	pthread_barrier_init(&hole->start, NULL, LOOKS + 1);
}

static void begin_looks(struct __test_metadata *_metadata, struct hole *hole,
			struct look *looks, const struct victim *v, int fd)
{
	int i;

	for (i = 0; i < LOOKS; i++) {
		struct request r = { .is_large = true };

		ASSERT_EQ(0, ask(v, &r));
		looks[i] = (struct look) {
			.hole = hole,
			.fd = fd,
			.args = {
				.pid = r.pid,
				.cwd = to_u64(hole->rooms + i * 4096),
				.cwd_size = 16,
			},
		};
		ASSERT_EQ(0, pthread_create(&looks[i].thread, NULL, look,
					    &looks[i]));
	}
}

/* Ends and reaps all processes that are looked up, in one batch. */
static int reap_all(int fd, const struct look *looks)
{
	static struct procsrv_batch_op ops[2 * LOOKS];
	struct procsrv_batch_args batch = {
		.ops = to_u64(ops),
		.op_size = sizeof(ops[0]),
		.count = ARRAY_SIZE(ops),
	};
	struct procsrv_terminate_args end = {};
	struct procsrv_wait_args wait;
	int i;

	for (i = 0; i < LOOKS; i++) {
		end.pid = looks[i].args.pid;
		wait = wait_args(PROCSRV_INIT_PID, PROCSRV_WAIT_PID, end.pid,
				 PROCSRV_WAIT_EXITED, PROCSRV_WAIT_NOHANG);
		ops[2 * i].cmd = PROCSRV_IOC_TERMINATE;
		memcpy(ops[2 * i].args, &end, sizeof(end));
		ops[2 * i + 1].cmd = PROCSRV_IOC_WAIT;
		memcpy(ops[2 * i + 1].args, &wait, sizeof(wait));
	}
	return call(fd, PROCSRV_IOC_BATCH, &batch) ?: ops[2 * i - 1].result;
}

/* Waits until the hole has begun to grow, and all threads look. */
static void await_looks(struct hole *hole, pthread_t *thread)
{
	struct stat before, now;

	fstat(hole->fd, &before);
	pthread_create(thread, NULL, punch, hole);
	do {
		fstat(hole->fd, &now);
	} while (now.st_blocks == before.st_blocks);
	pthread_barrier_wait(&hole->start);
	while (__atomic_load_n(&hole->looking, __ATOMIC_SEQ_CST) < LOOKS)
		sched_yield();
}

/* Returns whether the look-ups were stuck during the measurement. */
static bool check_stuck(struct __test_metadata *_metadata, struct victim *v,
			int fd, const struct cgroup *cg)
{
	struct look looks[LOOKS];
	struct hole hole;
	pthread_t thread;
	long long held;
	bool was_stuck;
	int i;

	fill_hole(_metadata, &hole);
	held = -cgroup_read(cg, "memory.current", NULL);
	begin_looks(_metadata, &hole, looks, v, fd);
	await_looks(&hole, &thread);
	ASSERT_EQ(0, reap_all(fd, looks));
	held += cgroup_read(cg, "memory.current", NULL);
	was_stuck = !__atomic_load_n(&hole.is_done, __ATOMIC_SEQ_CST);
	EXPECT_GT(2 * MIB, held);
	pthread_join(thread, NULL);
	for (i = 0; i < LOOKS; i++)
		pthread_join(looks[i].thread, NULL);
	munmap(hole.rooms, LOOKS * 4096);
	close(hole.fd);
	return was_stuck;
}

/* A look-up does not pin the process while it stores the directory. */
TEST_F(memory, stuck_looks)
{
	int server = new_server(self->fd), i, stuck = 0;
	struct victim v;

	ASSERT_LE(0, server);
	memset(list, 0, sizeof(list));
	begin_victim(_metadata, &v, server, &self->group);
	for (i = 0; i < ATTEMPTS; i++)
		stuck += check_stuck(_metadata, &v, server, &self->group);
	EXPECT_LT(0, stuck);
	end_victim(_metadata, &v, &self->group, 32 * KIB);
	ASSERT_EQ(0, close(server));
}

/*
 * Private servers pinned by handles
 */

static long long max_servers(void)
{
	struct cgroup parameters = {
		.path = "/sys/module/procsrv/parameters",
	};

	return cgroup_read(&parameters, "max_user_servers", NULL);
}

/* A closed server counts as long as handles of it exist. */
TEST_F(memory, servers_that_are_kept)
{
	const struct rlimit files = { 1 << 16, 1 << 16 };
	long long max = max_servers();
	int server = 0, n;
	int *handles;

	ASSERT_EQ(0, setrlimit(RLIMIT_NOFILE, &files));
	ASSERT_LT(0, max);
	handles = calloc(max + 1, sizeof(*handles));
	ASSERT_NE(NULL, handles);
	for (n = 0; n <= max; n++) {
		server = new_server(self->fd);
		if (server < 0)
			break;
		handles[n] = open_process(server, PROCSRV_INIT_PID, 0);
		ASSERT_LE(0, handles[n]);
		ASSERT_EQ(0, close(server));
	}
	EXPECT_EQ(-EMFILE, server);
	EXPECT_EQ(max, n);
	while (n--)
		ASSERT_EQ(0, close(handles[n]));
	server = new_server(self->fd);
	EXPECT_LE(0, server);
	close(server);
	free(handles);
}

static int keep_one(const struct cgroup *cg, int fd)
{
	struct procsrv_exit_record record;
	int server, handle = -1, i;
	__u64 pid = PROCSRV_INIT_PID;
	long long before;

	if (cgroup_enter(cg))
		return 1;
	server = new_server(fd);
	before = slab_of(cg);
	for (i = 0; i < 2000; i++) {
		if (create(server, i % 3 ? pid : PROCSRV_INIT_PID, &pid))
			return 2;
		if (i == 1000)
			handle = open_process(server, pid, 0);
	}
	if (slab_of(cg) - before < 2000 * 300)
		return 3;
	if (close(server) || read_record(handle, &record) ||
	    record.state != PROCSRV_DEAD || record.exit_signal != SIGKILL)
		return 4;
	return slab_of(cg) - before < 64 * KIB ? 0 : 5;
}

/* A handle of one process pins nothing else of its server. */
TEST_F(memory, what_a_handle_keeps)
{
	pid_t child = fork_tied();

	ASSERT_LE(0, child);
	if (!child)
		_exit(keep_one(&self->group, self->fd));
	EXPECT_EQ(0, child_status(child));
}

TEST_HARNESS_MAIN
