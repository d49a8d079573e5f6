// SPDX-License-Identifier: GPL-2.0-only
/*
 * procsrv selftests - clients that use all the memory that they may have
 *
 * Memory that the server allocates for a client is charged to its memory
 * cgroup. If that is full, the client gets ENOMEM, or Linux kills it for its
 * own pages. In both cases the memory is freed, and no other program is
 * affected.
 */
#include <sys/resource.h>
#include <sys/wait.h>

#include "cgroup.h"
#include "handles.h"

enum {
	MIB = 1 << 20,
	LEFT = 2 * MIB,		/* bytes that may stay cached */
	ENV = 100000,
	RING = PROCSRV_RING_MAX / 4,
	NR_PENDING = 4,
	NR_IN_SERVER = 8,
};

/* Results of the client, in shared memory. */
struct told {
	__u64 calls;		/* successful calls */
	int err;		/* of the first failed call */
	int afterwards;		/* of a call after everything is closed */
};

static struct told *told;
static char env[ENV];

static int create_large(int fd, __u64 *pid)
{
	struct procsrv_create_args args = {
		.parent = PROCSRV_INIT_PID,
		.name = to_u64("large"),
		.envp = to_u64(env),
		.envp_len = sizeof(env),
	};
	int ret = call(fd, PROCSRV_IOC_CREATE, &args);

	*pid = args.pid;
	return ret;
}

/*
 * The ways of taking memory: each call takes more, on the server @fd
 */

static int take_processes(int fd)
{
	__u64 pid;

	return create_large(fd, &pid);
}

/* Memory that a process uses only after certain calls. */
static int take_details(int fd)
{
	struct procsrv_update_args update = {
		.mask = PROCSRV_UPDATE_CWD,
	};
	struct procsrv_limits limits;
	__u32 sid, pgid;
	char cwd[4000];
	int ret, signo;
	__u64 pid;

	memset(cwd, '/', sizeof(cwd) - 1);
	cwd[sizeof(cwd) - 1] = 0;
	ret = create(fd, PROCSRV_INIT_PID, &pid);
	update.pid = pid;
	update.cwd = to_u64(cwd);
	if (!ret)
		ret = call(fd, PROCSRV_IOC_UPDATE, &update);
	if (!ret)
		ret = get_limits(fd, pid, &limits);
	if (!ret)
		ret = set_limits(fd, pid, &limits);
	if (!ret)
		ret = create_session(fd, pid, &sid, &pgid);
	if (!ret)
		ret = set_terminal(fd, sid, cwd + sizeof(cwd) - 200);
	for (signo = 20; !ret && signo < 20 + NR_PENDING; signo++)
		ret = signal_pid(fd, pid, signo);
	return ret;
}

static int take_handles(int fd)
{
	int handle = open_process(fd, PROCSRV_INIT_PID, 0);

	return handle < 0 ? handle : 0;
}

static int take_servers(int fd)
{
	int server = new_server(fd);
	int ret = server < 0 ? server : 0, i;
	__u64 pid;

	for (i = 0; !ret && i < NR_IN_SERVER; i++)
		ret = create(server, PROCSRV_INIT_PID, &pid);
	return ret;
}

static int take_rings(int fd)
{
	struct procsrv_subscribe_args args = {
		.kinds = PROCSRV_EVENTS_ALL,
		.capacity = RING,
	};
	int server = new_server(fd);

	if (server < 0)
		return server;
	return call(server, PROCSRV_IOC_SUBSCRIBE, &args);
}

/* How memory is taken, how much at most, and how much per call at least. */
static const struct way {
	int (*take)(int fd);
	int max;
	int least;
} ways[] = {
	{ take_processes, 64 * MIB, ENV },
	{ take_details, 8 * MIB, 4000 },
	{ take_handles, 8 * MIB, 128 },
	/* 1,024 servers are allowed, which take twice as much. */
	{ take_servers, 3 * MIB, 1024 },
	{ take_rings, 64 * MIB, RING * sizeof(struct procsrv_event) },
};

static int spare_me(void)
{
	int fd = open("/proc/self/oom_score_adj", O_WRONLY | O_CLOEXEC);
	int ret = write(fd, "-1000", 5);

	close(fd);
	return ret;
}

/* The client; does not return. */
static void take_all(const struct cgroup *cg, const struct way *way,
		     bool spared)
{
	const struct rlimit files = { 1 << 20, 1 << 20 };
	int fd, ret = 0;
	__u64 pid;

	if (setrlimit(RLIMIT_NOFILE, &files) || cgroup_enter(cg) ||
	    (spared && spare_me() < 0))
		_exit(1);
	fd = new_server(open(DEVICE, O_RDWR | O_CLOEXEC));
	if (fd < 0)
		_exit(2);
	/* If memory is not charged, stop before all of it is used. */
	while (!ret && told->calls * way->least <= way->max) {
		ret = way->take(fd);
		told->calls += !ret;
	}
	told->err = ret;
	if (close_range(STDERR_FILENO + 1, ~0U, 0))
		_exit(3);
	fd = new_server(open(DEVICE, O_RDWR | O_CLOEXEC));
	told->afterwards = fd < 0 ? fd : create_large(fd, &pid);
	_exit(0);
}

/* The life of a process of another client. */
static int live_on(int fd, __u64 root)
{
	struct procsrv_info info;
	__u64 pid;
	int ret;

	ret = create(fd, root, &pid);
	if (!ret)
		ret = do_exec(fd, pid, "bystander");
	if (!ret)
		ret = get_info(fd, pid, &info);
	if (!ret)
		ret = terminate(fd, pid, 0, 0);
	if (!ret)
		ret = reap(fd, root, pid);
	return ret;
}

static bool is_given_back(const struct cgroup *cg)
{
	int looks = 0;

	while (cgroup_read(cg, "memory.current", NULL) > LEFT)
		if (!look_again(&looks))
			return false;
	return true;
}

static void begin_group(struct __test_metadata *_metadata, struct cgroup *cg,
			int max)
{
	char text[16];
	int ret;

	snprintf(text, sizeof(text), "%d", max);
	ASSERT_EQ(0, cgroup_new(cg, "exhaust"));
	ASSERT_EQ(0, cgroup_write(cg, "memory.max", text));
	/* Otherwise swap space would be used first. */
	ret = cgroup_write(cg, "memory.swap.max", "0");
	ASSERT_TRUE(!ret || ret == -ENOENT);
}

static void check_way(struct __test_metadata *_metadata, int fd, __u64 root,
		      const struct way *way, bool spared)
{
	struct cgroup group, *cg = &group;
	pid_t child, ended;
	int status;

	begin_group(_metadata, cg, way->max);
	memset(told, 0, sizeof(*told));
	child = fork_tied();
	ASSERT_LE(0, child);
	if (!child)
		take_all(cg, way, spared);
	do {
		ASSERT_EQ(0, live_on(fd, root));
		pause_ns(MSEC);
		ended = waitpid(child, &status, WNOHANG);
	} while (!ended);
	ASSERT_EQ(child, ended);
	/* Most of the limit was in use. */
	EXPECT_LT(way->max - way->max / 4,
		  cgroup_read(cg, "memory.peak", NULL));
	EXPECT_LT(0, told->calls);
	if (WIFSIGNALED(status) && !spared) {
		EXPECT_EQ(SIGKILL, WTERMSIG(status));
	} else {
		EXPECT_EQ(0, status);
		EXPECT_EQ(-ENOMEM, told->err);
		EXPECT_EQ(0, told->afterwards);
	}
	EXPECT_TRUE(is_given_back(cg));
	EXPECT_EQ(0, cgroup_remove(cg));
	TH_LOG("way %td%s: after %llu calls %s", way - ways,
	       spared ? ", spared" : "",
	       told->calls, status ? "killed" : strerror(-told->err));
}

FIXTURE(exhaust)
{
	struct scene scene;
};

FIXTURE_SETUP(exhaust)
{
	scene_setup(_metadata, &self->scene);
	told = mmap(NULL, sizeof(*told), PROT_READ | PROT_WRITE,
		    MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	ASSERT_NE(MAP_FAILED, told);
	memset(env, 'x', sizeof(env) - 1);
	ASSERT_EQ(0, cgroup_mount());
}

FIXTURE_TEARDOWN(exhaust)
{
	scene_teardown(_metadata, &self->scene);
}

/* The OOM killer may kill the client, the only task of the group. */
TEST_F(exhaust, killed)
{
	int i;

	for (i = 0; i < ARRAY_SIZE(ways); i++)
		check_way(_metadata, self->scene.fd, self->scene.root, &ways[i],
			  false);
}

/* The client is exempt from the OOM killer, so it gets the error. */
TEST_F(exhaust, refused)
{
	int i;

	for (i = 0; i < ARRAY_SIZE(ways); i++)
		check_way(_metadata, self->scene.fd, self->scene.root, &ways[i],
			  true);
}

TEST_HARNESS_MAIN
