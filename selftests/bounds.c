// SPDX-License-Identifier: GPL-2.0-only
/*
 * procsrv selftests - the harm that a hostile client can do to another
 *
 * Each attack uses up one resource, or makes one call as expensive as possible,
 * and continues while the bystander is measured: see bounds.h.
 */
#include <sys/epoll.h>
#include <sys/socket.h>

#include "bounds.h"

enum {
	LIST = PROCSRV_STRINGS_MAX,
	FAMILY = 2000,		/* processes of another user */
	HELD = 1000,		/* processes, handles, watches */
	READERS = 16,
	LISTED = 4096,
};

static char list[LIST];
static __u64 others;		/* the top of a tree that is not the attacker's */
static __u64 kept[HELD];
static __u32 own_sid;

static int exec_large(int fd, __u64 own)
{
	struct procsrv_exec_args args = {
		.pid = own, .name = to_u64("large"),
		.argv = to_u64(list), .argv_len = LIST,
		.envp = to_u64(list), .envp_len = LIST,
	};

	return call(fd, PROCSRV_IOC_EXEC, &args);
}

static int create_own(int fd, __u64 parent, __u64 *pid)
{
	return create_as(fd, parent, "attacker", ATTACKER, ATTACKER, pid);
}

static int churn(int fd, __u64 own)
{
	__u64 pid;
	int ret = create_own(fd, own, &pid);

	if (!ret)
		ret = terminate(fd, pid, 0, 0);
	return ret ? ret : reap(fd, own, pid);
}

static int hold_processes(int fd, __u64 own)
{
	int ret = 0, i;

	for (i = 0; !ret && i < HELD; i++)
		ret = create_own(fd, own, &kept[i]);
	return ret;
}

/* All of them are killed, reaped, and created again. */
static int massacre(int fd, __u64 own)
{
	__u32 count;
	int ret = 0, i;

	for (i = 0; !ret && i < HELD; i++)
		ret = send_signal(fd, 0, PROCSRV_TARGET_PID, kept[i], SIGKILL, &count);
	for (i = 0; !ret && i < HELD; i++)
		ret = reap(fd, own, kept[i]);
	return ret ? ret : hold_processes(fd, own);
}

/* To a tree of another user: it is refused, after a walk over the tree. */
static int signal_others(int fd, __u64 own)
{
	return send_signal(fd, 0, PROCSRV_TARGET_TREE, others, SIGUSR1, NULL);
}

static int signal_own(int fd, __u64 own)
{
	return send_signal(fd, 0, PROCSRV_TARGET_TREE, own, SIGUSR1, NULL);
}

/* A reader with many watches, and a session whose terminal wakes them. */
static int watch(int fd, __u64 own)
{
	struct procsrv_subscribe_args args = { .kinds = PROCSRV_EVENTS_ALL };
	struct epoll_event event = { .events = EPOLLIN };
	__u32 pgid;
	int ret, i, epoll;

	ret = create_session(fd, own, &own_sid, &pgid);
	if (!ret)
		ret = call(fd, PROCSRV_IOC_SUBSCRIBE, &args);
	for (i = 0; !ret && i < HELD; i++) {
		epoll = epoll_create1(EPOLL_CLOEXEC);
		if (epoll < 0 || epoll_ctl(epoll, EPOLL_CTL_ADD, fd, &event))
			ret = -errno;
	}
	return ret;
}

static int wake_watches(int fd, __u64 own)
{
	return set_terminal(fd, own_sid, "pts/0");
}

/* Servers whose descriptor is closed, while a handle is kept. */
static int keep_server(int fd, __u64 own)
{
	int server = new_server(fd), handle;

	if (server < 0)
		return server;
	handle = open_process(server, PROCSRV_INIT_PID, 0);
	close(server);
	return handle < 0 ? handle : 0;
}

static int keep_handle(int fd, __u64 own)
{
	int handle = open_process(fd, own, 0);

	return handle < 0 ? handle : 0;
}

static int keep_readers(int fd, __u64 own)
{
	struct procsrv_subscribe_args args = {
		.kinds = PROCSRV_EVENTS_ALL, .capacity = PROCSRV_RING_MAX / READERS,
	};
	int server = new_server(fd);

	return server < 0 ? server : call(server, PROCSRV_IOC_SUBSCRIBE, &args);
}

static int begin_sessions(int fd, __u64 own)
{
	__u32 sid, pgid;
	__u64 pid;
	int ret = create_own(fd, own, &pid);

	if (!ret)
		ret = create_session(fd, pid, &sid, &pgid);
	if (!ret)
		ret = terminate(fd, pid, 0, 0);
	return ret ? ret : reap(fd, own, pid);
}

static int revoke_own(int fd, __u64 own)
{
	struct procsrv_revoke_args args = { .pid = own, .capability = 1 };

	return call(fd, PROCSRV_IOC_REVOKE, &args);
}

static int list_everything(int fd, __u64 own)
{
	static __u64 pids[LISTED];
	struct procsrv_list_args args = {
		.buf = to_u64(pids), .record_size = sizeof(*pids), .count = ARRAY_SIZE(pids),
	};

	return call(fd, PROCSRV_IOC_LIST_PIDS, &args);
}

static const struct attack attacks[] = {
	/* Two lists, and two that they replace. */
	{ "strings", NULL, exec_large, false, 4LL * LIST + 2 * MIB },
	{ "pids", NULL, churn, false, 4 * MIB },
	{ "processes", hold_processes, massacre, false, 16 * MIB },
	{ "the trees of others", NULL, signal_others, false, 2 * MIB },
	{ "its own tree", hold_processes, signal_own, false, 16 * MIB },
	{ "watches", watch, wake_watches, false, 16 * MIB },
	/* At most 1,024 servers, of some KiB each. */
	{ "servers", NULL, keep_server, true, 12 * MIB },
	{ "handles", NULL, keep_handle, true, 64 * MIB },
	{ "readers", NULL, keep_readers, true, 64 * MIB },
	{ "sessions", NULL, begin_sessions, false, 4 * MIB },
	{ "revocations", NULL, revoke_own, false, 2 * MIB },
	{ "listings", NULL, list_everything, false, 2 * MIB },
};

FIXTURE(bounds)
{
	struct scene scene;
	struct cgroup attacker;
	struct cgroup bystander;
	__u64 attackers_own;
	__u64 bystanders_own;
	bool counts;
};

FIXTURE_SETUP(bounds)
{
	__u64 pid;
	int i;

	scene_setup(_metadata, &self->scene);
	self->counts = getenv("BOUNDS_COUNT");
	memset(list, 'x', sizeof(list) - 1);
	bounds = mmap(NULL, sizeof(*bounds), PROT_READ | PROT_WRITE,
		      MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	ASSERT_NE(MAP_FAILED, bounds);
	ASSERT_EQ(0, cgroup_mount());
	ASSERT_EQ(0, create(self->scene.fd, self->scene.root, &others));
	for (i = 1; i < FAMILY; i++)
		ASSERT_EQ(0, create(self->scene.fd, others, &pid));
}

FIXTURE_TEARDOWN(bounds)
{
	scene_teardown(_metadata, &self->scene);
}

static void begin(struct __test_metadata *_metadata, struct cgroup *cg, const char *name, int fd,
		  __u64 root, __u32 user, __u64 *own)
{
	ASSERT_EQ(0, cgroup_new(cg, name));
	ASSERT_EQ(0, create_as(fd, root, name, user, user, own));
}

static void end(struct __test_metadata *_metadata, struct cgroup *cg, int fd, __u64 root,
		__u64 own)
{
	int looks = 0;

	EXPECT_EQ(0, send_signal(fd, 0, PROCSRV_TARGET_TREE, own, SIGKILL, NULL));
	EXPECT_EQ(0, reap(fd, root, own));
	/* All memory is freed soon. */
	while (cgroup_read(cg, "memory.current", NULL) > 2 * SLACK && look_again(&looks))
		;
	EXPECT_GE(2 * SLACK, cgroup_read(cg, "memory.current", NULL));
	EXPECT_EQ(0, cgroup_remove(cg));
}

static bool attack_begins(const struct attack *attack)
{
	const __u64 *wanted = attack->exhausts ? &bounds->refused : &bounds->steps;
	__u64 steps = 0, before;
	int looks = 0;

	/* Wait as long as there is progress, as the machine may be slow. */
	while (__atomic_load_n(wanted, __ATOMIC_SEQ_CST) < STEPS) {
		before = steps;
		steps = __atomic_load_n(&bounds->steps, __ATOMIC_SEQ_CST);
		if (steps != before)
			looks = 0;
		if (bounds->err || !look_again(&looks))
			return false;
	}
	return true;
}

static void compare(struct __test_metadata *_metadata, const struct attack *attack, bool counts,
		    long long before, long long after, long long held)
{
	const struct measures *alone = &bounds->alone, *beside = &bounds->beside;

	EXPECT_EQ(0, alone->failed);
	EXPECT_EQ(0, beside->failed);
	EXPECT_EQ(0, beside->err);
	EXPECT_GE(SLACK, after - before);
	EXPECT_GE(attack->bytes, held);
	TH_LOG("%s: %llu steps, %llu refused, %lld KiB held; %lld KiB more for the bystander",
	       attack->name, bounds->steps, bounds->refused, held / KIB, (after - before) / KIB);
	TH_LOG("%s: longest call alone %llu us, beside %llu us; longest stall %llu us, %llu us",
	       attack->name, alone->call / 1000, beside->call / 1000, alone->stall / 1000,
	       beside->stall / 1000);
	if (!counts)
		return;
	EXPECT_GE(CALL_MAX, beside->call);
	EXPECT_GE(STALL_MAX, beside->stall);
}

static void check_attack(struct __test_metadata *_metadata, struct _test_data_bounds *self,
			 const struct attack *attack)
{
	int fd = self->scene.fd, go[2], status;
	__u64 root = self->scene.root;
	pid_t attacker, bystander;
	long long before, after, held;
	char c;

	memset(bounds, 0, sizeof(*bounds));
	begin(_metadata, &self->attacker, "attacker", fd, root, ATTACKER, &self->attackers_own);
	begin(_metadata, &self->bystander, "bystander", fd, root, BYSTANDER,
	      &self->bystanders_own);
	ASSERT_EQ(0, socketpair(AF_UNIX, SOCK_STREAM, 0, go));
	bystander = fork_tied();
	if (!bystander)
		bystander_live(fd, self->bystanders_own, &self->bystander, go[1]);
	ASSERT_EQ(1, read(go[0], &c, 1));
	before = cgroup_read(&self->bystander, "memory.current", NULL);

	attacker = fork_tied();
	if (!attacker)
		attack_run(attack, open(DEVICE, O_RDWR | O_CLOEXEC), self->attackers_own,
			   &self->attacker);
	EXPECT_TRUE(attack_begins(attack));
	EXPECT_EQ(0, bounds->err);
	ASSERT_EQ(1, write(go[0], "", 1));
	ASSERT_EQ(1, read(go[0], &c, 1));
	held = cgroup_read(&self->attacker, "memory.current", NULL);
	after = cgroup_read(&self->bystander, "memory.current", NULL);
	bounds->stop = true;
	ASSERT_EQ(1, write(go[0], "", 1));
	ASSERT_EQ(attacker, waitpid(attacker, &status, 0));
	EXPECT_EQ(0, status);
	ASSERT_EQ(bystander, waitpid(bystander, &status, 0));
	EXPECT_EQ(0, status);
	close(go[0]);
	close(go[1]);
	compare(_metadata, attack, self->counts, before, after, held);
	end(_metadata, &self->attacker, fd, root, self->attackers_own);
	end(_metadata, &self->bystander, fd, root, self->bystanders_own);
}

TEST_F(bounds, a_bystander_notices_nothing)
{
	int i;

	for (i = 0; i < ARRAY_SIZE(attacks); i++)
		check_attack(_metadata, self, &attacks[i]);
}

TEST_HARNESS_MAIN
