// SPDX-License-Identifier: GPL-2.0-only
/*
 * procsrv selftests - permissions of users with and without capabilities
 *
 * Root has opened all descriptors. Permissions depend on the caller.
 */
#include "agents.h"

static const struct user alice = { 100001, 100001 };
static const struct user bob = { 100002, 100001 };
static const struct user powerless_root = { 0, 0 };

/*
 * All calls
 */

/*
 * The call by user @who succeeds if @may. Otherwise it fails and changes
 * nothing.
 */
static void check_call(struct __test_metadata *_metadata, const struct world *w,
		       const struct call *c, const struct user *who, bool may)
{
	bool is_batch = c->cmd == PROCSRV_IOC_BATCH;
	struct snapshot before;
	union procsrv_args args, given;
	struct agent a;
	int fd;

	c->prepare(w, &args);
	if (c->cmd == PROCSRV_IOC_CREATE) {
		args.create.uid = who->uid;
		args.create.gid = who->gid;
	}
	given = args;
	agent_start(_metadata, &a, who);
	snapshot_take(_metadata, &w->scene, &before);
	EXPECT_EQ(may || is_batch ? 0 : -EPERM,
		  agent_call(&a, w->scene.fd, c->cmd, &args));
	fd = given_fd(a.x) < 0 ? -1 : c->cmd == PROCSRV_IOC_NEW_SERVER ?
		args.new_server.fd : args.open_process.fd;
	EXPECT_EQ(c->changes && may,
		  !snapshot_same(_metadata, &w->scene, &before));
	if (!may && !is_batch)
		EXPECT_EQ(0, memcmp(&args, &given, sizeof(given)));
	if (fd >= 0)
		close(fd);
	agent_stop(_metadata, &a);
}

static void check_as_other(struct __test_metadata *_metadata,
			   const struct world *w, const struct call *c)
{
	check_call(_metadata, w, c, &alice, c->cap == NO_CAP);
}

TEST_F(calls, refused_to_others)
{
	check_all_calls(_metadata, &self->world, check_as_other);
}

static void check_with_it(struct __test_metadata *_metadata,
			  const struct world *w, const struct call *c)
{
	struct user user = alice;

	if (c->cap != NO_CAP)
		user.caps = CAP_BIT(c->cap);
	check_call(_metadata, w, c, &user, true);
}

TEST_F(calls, need_one_capability)
{
	check_all_calls(_metadata, &self->world, check_with_it);
}

static void check_without_it(struct __test_metadata *_metadata,
			     const struct world *w, const struct call *c)
{
	struct user user = alice;

	user.caps = ALL_CAPS;
	if (c->cap != NO_CAP)
		user.caps &= ~CAP_BIT(c->cap);
	check_call(_metadata, w, c, &user, c->cap == NO_CAP);
}

TEST_F(calls, need_no_other_capability)
{
	check_all_calls(_metadata, &self->world, check_without_it);
}

FIXTURE(owned)
{
	struct world world;
	int fd;
	__u64 root;
};

/* A world that belongs to Alice. */
FIXTURE_SETUP(owned)
{
	world_setup_as(_metadata, &self->world, alice.uid, alice.gid);
	self->fd = self->world.scene.fd;
	self->root = self->world.scene.root;
}

FIXTURE_TEARDOWN(owned)
{
	world_teardown(_metadata, &self->world);
}

/* Checks each call in a new world that belongs to Alice. */
static void check_all_owned(struct __test_metadata *_metadata, struct world *w,
			    check_fn check)
{
	int i, failed = 0;

	for (i = 0; i < ARRAY_SIZE(calls); i++) {
		if (i) {
			world_teardown(_metadata, w);
			world_setup_as(_metadata, w, alice.uid, alice.gid);
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

/* Alice owns all processes but init. */
static void check_as_owner(struct __test_metadata *_metadata,
			   const struct world *w, const struct call *c)
{
	check_call(_metadata, w, c, &alice, c->cmd != PROCSRV_IOC_REAP);
}

TEST_F(owned, all_calls_are_the_owners)
{
	check_all_owned(_metadata, &self->world, check_as_owner);
}

/* Neither a group id nor the user id 0 without capabilities makes an owner. */
static void check_as_group(struct __test_metadata *_metadata,
			   const struct world *w, const struct call *c)
{
	check_call(_metadata, w, c, &bob, c->cap == NO_CAP);
}

TEST_F(owned, refused_to_the_group)
{
	check_all_owned(_metadata, &self->world, check_as_group);
}

static void check_as_powerless_root(struct __test_metadata *_metadata,
				    const struct world *w,
				    const struct call *c)
{
	bool owns_init = c->cmd == PROCSRV_IOC_REAP;

	check_call(_metadata, w, c, &powerless_root,
		   owns_init || c->cap == NO_CAP);
}

TEST_F(owned, refused_to_root_without_capabilities)
{
	check_all_owned(_metadata, &self->world, check_as_powerless_root);
}

/*
 * Permissions are checked for each operation of a batch
 */

static int agent_batch(struct agent *a, const struct world *w,
		       const struct call *c, struct procsrv_batch_op *op)
{
	struct procsrv_batch_args args = {
		.ops = to_u64(w->rooms[4]),
		.op_size = sizeof(*op),
		.count = 1,
		.done = PATTERN32,
	};
	int ret;

	memset(op, 0, sizeof(*op));
	op->cmd = c->cmd;
	op->result = PATTERN32;
	c->prepare(w, (union procsrv_args *)op->args);
	if (c->cmd == PROCSRV_IOC_CREATE) {
		((struct procsrv_create_args *)op->args)->uid = alice.uid;
		((struct procsrv_create_args *)op->args)->gid = alice.gid;
	}
	memcpy(w->rooms[4], op, sizeof(*op));
	ret = agent_call(a, w->scene.fd, PROCSRV_IOC_BATCH, &args);
	memcpy(op, w->rooms[4], sizeof(*op));
	return ret ? ret : (int)args.done;
}

static void check_in_batch(struct __test_metadata *_metadata,
			   const struct world *w, const struct call *c)
{
	struct procsrv_batch_op op;
	struct snapshot before;
	struct agent a;

	/* Calls that are not allowed in a batch. */
	if (c->cmd == PROCSRV_IOC_BATCH || c->cmd == PROCSRV_IOC_NEW_SERVER ||
	    c->cmd == PROCSRV_IOC_OPEN_PROCESS)
		return;
	agent_start(_metadata, &a, &alice);
	snapshot_take(_metadata, &w->scene, &before);
	EXPECT_EQ(1, agent_batch(&a, w, c, &op));
	EXPECT_EQ(c->cap == NO_CAP ? 0 : -EPERM, op.result);
	EXPECT_TRUE(snapshot_same(_metadata, &w->scene, &before));
	agent_stop(_metadata, &a);
}

TEST_F(calls, refused_in_a_batch)
{
	check_all_calls(_metadata, &self->world, check_in_batch);
}

/*
 * Single calls
 */

FIXTURE(users)
{
	struct scene scene;
	int fd;
	__u64 root;
	struct agent alice;
	struct agent bob;
	char *room;
};

FIXTURE_SETUP(users)
{
	scene_setup(_metadata, &self->scene);
	self->fd = self->scene.fd;
	self->root = self->scene.root;
	self->room = at_edge(ROOM);
	agent_start(_metadata, &self->alice, &alice);
	agent_start(_metadata, &self->bob, &bob);
}

FIXTURE_TEARDOWN(users)
{
	agent_stop(_metadata, &self->bob);
	agent_stop(_metadata, &self->alice);
	scene_teardown(_metadata, &self->scene);
}

TEST_F(users, begin_below_init)
{
	struct agent *a = &self->alice;
	__u64 own, other, pid;

	ASSERT_EQ(0, agent_create(a, self->fd, PROCSRV_INIT_PID, alice.uid,
				  alice.gid, &own));
	ASSERT_EQ(0, agent_create(&self->bob, self->fd, PROCSRV_INIT_PID,
				  bob.uid, bob.gid, &other));
	EXPECT_EQ(-EPERM, agent_create(a, self->fd, other, alice.uid, alice.gid,
				       &pid));
	EXPECT_EQ(PATTERN64, pid);
	ASSERT_EQ(0, agent_create(a, self->fd, own, alice.uid, alice.gid, &pid));
	/* Only the owner of the parent can reap a zombie. */
	ASSERT_EQ(0, agent_terminate(a, self->fd, pid));
	EXPECT_EQ(-EPERM, agent_reap(&self->bob, self->fd, own, pid));
	EXPECT_EQ(0, agent_reap(a, self->fd, own, 0));
	ASSERT_EQ(0, agent_terminate(a, self->fd, own));
	ASSERT_EQ(0, agent_terminate(&self->bob, self->fd, other));
	/* Children of init can be reaped by pid, by their owner. */
	EXPECT_EQ(-EPERM, agent_reap(a, self->fd, PROCSRV_INIT_PID, 0));
	EXPECT_EQ(-EPERM, agent_reap(a, self->fd, PROCSRV_INIT_PID, other));
	EXPECT_EQ(-EPERM, agent_reap_all(a, self->fd));
	EXPECT_EQ(-EPERM, agent_revoke(a, self->fd, 0));
	EXPECT_EQ(PROCSRV_ZOMBIE, state_of(self->fd, other));
	EXPECT_EQ(0, agent_reap(a, self->fd, PROCSRV_INIT_PID, own));
	EXPECT_EQ(-ESRCH, state_of(self->fd, own));
}

/* As in setresuid(2): the real, effective and saved ids are allowed. */
TEST_F(users, create_as_themselves)
{
	static const struct {
		__u64 caps;
		__u32 uid, gid;
		int ret;
	} tries[] = {
		{ 0, 100001, 100001, 0 },
		{ 0, 0, 100001, -EPERM },
		{ 0, 100002, 100001, -EPERM },
		{ 0, 100001, 0, -EPERM },
		{ 0, (__u32)-1, 100001, -EINVAL },
		{ 0, 100001, (__u32)-1, -EINVAL },
		{ CAP_BIT(CAP_SETUID), 0, 100001, 0 },
		{ CAP_BIT(CAP_SETUID), 0, 0, -EPERM },
		{ CAP_BIT(CAP_SETGID), 100001, 0, 0 },
		{ CAP_BIT(CAP_SETGID), 100002, 0, -EPERM },
		{ CAP_BIT(CAP_SETUID) | CAP_BIT(CAP_SETGID), 0, 0, 0 },
		{ ALL_CAPS & ~CAP_BIT(CAP_SETUID), 0, 100001, -EPERM },
	};
	struct procsrv_info info;
	struct agent a;
	__u64 pid;
	int i;

	for (i = 0; i < ARRAY_SIZE(tries); i++) {
		struct user user = alice;

		user.caps = tries[i].caps;
		agent_start(_metadata, &a, &user);
		EXPECT_EQ(tries[i].ret,
			  agent_create(&a, self->fd, PROCSRV_INIT_PID,
				       tries[i].uid, tries[i].gid, &pid)) {
			TH_LOG("try %d", i);
		}
		if (!tries[i].ret) {
			ASSERT_EQ(0, get_info(self->fd, pid, &info));
			EXPECT_EQ(tries[i].uid, info.uid);
			EXPECT_EQ(tries[i].gid, info.gid);
		}
		agent_stop(_metadata, &a);
	}
}

/* Looks @pid up by the agent. Stores the result in @info and @args. */
static int look(struct agent *a, int fd, __u64 pid, char *room,
		struct procsrv_info *info, struct procsrv_info_args *args)
{
	enum { ARGV = 512, ENVP = 576, CWD = 640, SIZE = 64 };
	int ret;

	memset(room, PATTERN, ROOM);
	*args = (struct procsrv_info_args) {
		.pid = pid,
		.info = to_u64(room),
		.argv = to_u64(room + ARGV),
		.envp = to_u64(room + ENVP),
		.cwd = to_u64(room + CWD),
		.info_size = sizeof(*info),
		.argv_size = SIZE,
		.envp_size = SIZE,
		.cwd_size = SIZE,
	};
	ret = agent_call(a, fd, PROCSRV_IOC_INFO, args);
	memcpy(info, room, sizeof(*info));
	return ret;
}

/* Lists a page that begins with @pid, and stores its element in @info. */
static int list_one(struct agent *a, int fd, __u64 pid, char *room,
		    struct procsrv_info *info)
{
	struct procsrv_list_args args = {
		.cursor = pid - 1,
		.buf = to_u64(room),
		.record_size = sizeof(*info),
		.count = 1,
	};
	int ret;

	memset(room, PATTERN, ROOM);
	ret = agent_call(a, fd, PROCSRV_IOC_LIST, &args);
	memcpy(info, room, sizeof(*info));
	return ret;
}

static void expect_lists(struct __test_metadata *_metadata, struct agent *a,
			 int fd, __u64 pid, char *room, bool shown)
{
	struct procsrv_info info, listed;
	struct procsrv_info_args args;

	ASSERT_EQ(0, look(a, fd, pid, room, &info, &args));
	EXPECT_EQ(shown ? 0 : PROCSRV_INFO_HIDDEN,
		  info.flags & PROCSRV_INFO_HIDDEN);
	EXPECT_EQ(shown ? 8 : 0, info.argv_len);
	EXPECT_EQ(shown ? 4 : 0, info.envp_len);
	EXPECT_EQ(info.argv_len, args.argv_size);
	EXPECT_EQ(info.envp_len, args.envp_size);
	if (shown) {
		EXPECT_EQ(0, memcmp(room + 512, "an\0argv", 8));
		EXPECT_EQ(0, memcmp(room + 576, "A=1", 4));
	} else {
		EXPECT_TRUE(untouched(room + 512, 128));
	}
	/* All other fields are public. */
	EXPECT_STREQ("secret", info.name);
	EXPECT_EQ(alice.uid, info.uid);
	EXPECT_EQ(alice.gid, info.gid);
	EXPECT_EQ(2, args.cwd_size);
	EXPECT_STREQ("/", room + 640);
	ASSERT_EQ(0, list_one(a, fd, pid, room, &listed));
	EXPECT_EQ(0, memcmp(&info, &listed, sizeof(info)));
}

TEST_F(users, lists_are_the_owners)
{
	struct procsrv_create_args args = {
		.parent = self->root,
		.name = to_u64("secret"),
		.argv = to_u64("an\0argv"),
		.envp = to_u64("A=1"),
		.argv_len = 8,
		.envp_len = 4,
		.uid = alice.uid,
		.gid = alice.gid,
	};
	struct user tracer = bob, other = bob;
	struct agent a, b;

	ASSERT_EQ(0, call(self->fd, PROCSRV_IOC_CREATE, &args));
	expect_lists(_metadata, &self->alice, self->fd, args.pid, self->room,
		     true);
	expect_lists(_metadata, &self->bob, self->fd, args.pid, self->room,
		     false);
	tracer.caps = CAP_BIT(CAP_SYS_PTRACE);
	other.caps = ALL_CAPS & ~tracer.caps;
	agent_start(_metadata, &a, &tracer);
	agent_start(_metadata, &b, &other);
	expect_lists(_metadata, &a, self->fd, args.pid, self->room, true);
	expect_lists(_metadata, &b, self->fd, args.pid, self->room, false);
	/* The same for a zombie. */
	ASSERT_EQ(0, terminate(self->fd, args.pid, 0, 0));
	expect_lists(_metadata, &self->alice, self->fd, args.pid, self->room,
		     true);
	expect_lists(_metadata, &self->bob, self->fd, args.pid, self->room,
		     false);
	agent_stop(_metadata, &b);
	agent_stop(_metadata, &a);
}

/* Naming a process as the sender requires permission over it. */
TEST_F(users, send_in_their_name)
{
	struct agent *a = &self->alice;
	__u64 own, other;

	ASSERT_EQ(0, agent_create(a, self->fd, PROCSRV_INIT_PID, alice.uid,
				  alice.gid, &own));
	ASSERT_EQ(0, agent_create(&self->bob, self->fd, PROCSRV_INIT_PID,
				  bob.uid, bob.gid, &other));
	EXPECT_EQ(1, agent_signal(a, self->fd, own, PROCSRV_TARGET_PID, own,
				  10));
	EXPECT_EQ(-EPERM, agent_signal(a, self->fd, other, PROCSRV_TARGET_PID,
				       own, 10));
	EXPECT_EQ(-EPERM, agent_signal(a, self->fd, other, PROCSRV_TARGET_ALL,
				       0, 10));
	EXPECT_EQ(-EPERM, agent_signal(a, self->fd, own, PROCSRV_TARGET_PID,
				       other, 0));
	EXPECT_EQ(-ESRCH, agent_signal(a, self->fd, own, PROCSRV_TARGET_PID,
				       NO_PID, 0));
}

static __u64 pending(int fd, __u64 pid)
{
	struct procsrv_info info;

	return get_info(fd, pid, &info) ? PATTERN64 : info.pending;
}

/* A signal to several processes reaches and counts only those of the caller. */
TEST_F(users, reach_their_own)
{
	struct agent *a = &self->alice;
	__u32 sid, pgid;
	__u64 own, other;

	ASSERT_EQ(0, create_session(self->fd, self->root, &sid, &pgid));
	ASSERT_EQ(0, create_as(self->fd, self->root, "alice's", alice.uid,
			       alice.gid, &own));
	ASSERT_EQ(0, create_as(self->fd, own, "bob's", bob.uid, bob.gid,
			       &other));
	EXPECT_EQ(1, agent_signal(a, self->fd, 0, PROCSRV_TARGET_SID, sid, 10));
	EXPECT_EQ(1, agent_signal(a, self->fd, 0, PROCSRV_TARGET_PGID, pgid,
				  12));
	EXPECT_EQ(1, agent_signal(a, self->fd, 0, PROCSRV_TARGET_TREE,
				  self->root, 13));
	EXPECT_EQ(1, agent_signal(a, self->fd, 0, PROCSRV_TARGET_ALL, 0, 14));
	EXPECT_EQ(0x3a00, pending(self->fd, own));
	EXPECT_EQ(0, pending(self->fd, other));
	EXPECT_EQ(0, pending(self->fd, self->root));
	/* EPERM, and not ESRCH, if all of them belong to other users. */
	EXPECT_EQ(1, agent_signal(a, self->fd, 0, PROCSRV_TARGET_ALL, 0, 9));
	ASSERT_EQ(0, reap(self->fd, self->root, own));
	EXPECT_EQ(-EPERM, agent_signal(a, self->fd, 0, PROCSRV_TARGET_ALL, 0,
				       10));
	EXPECT_EQ(-EPERM, agent_signal(a, self->fd, 0, PROCSRV_TARGET_SID, sid,
				       10));
}

/*
 * Raising limits of others takes one capability, all other changes another one;
 * see setrlimit(2) and prlimit(2).
 */
TEST_F(users, limit_others)
{
	static const struct {
		__u64 caps;
		int raise, lower, both;
	} tries[] = {
		{ 0, -EPERM, -EPERM, -EPERM },
		{ CAP_BIT(CAP_SYS_RESOURCE), 0, -EPERM, -EPERM },
		{ CAP_BIT(CAP_SYS_ADMIN), -EPERM, 0, -EPERM },
		{ CAP_BIT(CAP_SYS_RESOURCE) | CAP_BIT(CAP_SYS_ADMIN), 0, 0, 0 },
	};
	struct procsrv_limits_args args = { .pid = self->root };
	struct procsrv_limits was, limits;
	struct agent a;
	int i;

	ASSERT_EQ(0, get_limits(self->fd, self->root, &was));
	for (i = 0; i < ARRAY_SIZE(tries); i++) {
		struct user user = alice;

		user.caps = tries[i].caps;
		agent_start(_metadata, &a, &user);
		args.limits = was;
		args.limits.max_files++;
		EXPECT_EQ(tries[i].raise, agent_call(&a, self->fd,
						     PROCSRV_IOC_SET_LIMITS,
						     &args));
		ASSERT_EQ(0, set_limits(self->fd, self->root, &was));
		args.limits.max_threads--;
		EXPECT_EQ(tries[i].both, agent_call(&a, self->fd,
						    PROCSRV_IOC_SET_LIMITS,
						    &args));
		ASSERT_EQ(0, set_limits(self->fd, self->root, &was));
		args.limits.max_files = was.max_files;
		EXPECT_EQ(tries[i].lower, agent_call(&a, self->fd,
						     PROCSRV_IOC_SET_LIMITS,
						     &args));
		ASSERT_EQ(0, get_limits(self->fd, self->root, &limits));
		EXPECT_EQ(was.max_threads - !tries[i].lower,
			  limits.max_threads);
		ASSERT_EQ(0, set_limits(self->fd, self->root, &was));
		agent_stop(_metadata, &a);
	}
}

/* Other users may watch a process and see it end, which is public. */
TEST_F(users, watch_others)
{
	struct procsrv_open_process_args open = { .pid = self->root };
	struct procsrv_exit_record record;

	ASSERT_EQ(0, agent_call(&self->alice, self->fd,
				PROCSRV_IOC_OPEN_PROCESS, &open));
	ASSERT_EQ(0, terminate(self->fd, self->root, 5, 0));
	ASSERT_EQ(sizeof(record), read(open.fd, &record, sizeof(record)));
	EXPECT_EQ(5, record.exit_code);
	EXPECT_EQ(0, record.uid);
	close(open.fd);
}

/*
 * Closing the last copy of a descriptor kills processes of all users tied to
 * it.
 */
TEST_F(users, tie_to_a_common_descriptor)
{
	struct procsrv_create_args args = {
		.parent = PROCSRV_INIT_PID,
		.name = to_u64("tied"),
		.uid = alice.uid,
		.gid = alice.gid,
		.flags = PROCSRV_CREATE_TIED,
	};
	int fd = open(DEVICE, O_RDWR | O_CLOEXEC);
	__u64 roots;

	ASSERT_LE(0, fd);
	ASSERT_EQ(0, agent_call(&self->alice, fd, PROCSRV_IOC_CREATE, &args));
	ASSERT_EQ(0, create_as(fd, args.pid, "root's", 0, 0, &roots));
	ASSERT_EQ(0, close(fd));
	EXPECT_EQ(PROCSRV_ZOMBIE, state_of(self->fd, args.pid));
	EXPECT_EQ(PROCSRV_RUNNING, state_of(self->fd, roots));
}

/* The session of a reaped leader still belongs to the leader's user. */
TEST_F(users, keep_the_session_of_a_leader)
{
	struct procsrv_set_terminal_args args = { .name = to_u64("tty1") };
	__u64 leader, member;
	__u32 pgid;

	ASSERT_EQ(0, create_as(self->fd, self->root, "leader", alice.uid,
			       alice.gid, &leader));
	ASSERT_EQ(0, create_session(self->fd, leader, &args.sid, &pgid));
	ASSERT_EQ(0, create_as(self->fd, leader, "member", bob.uid, bob.gid,
			       &member));
	ASSERT_EQ(0, terminate(self->fd, leader, 0, 0));
	ASSERT_EQ(0, reap(self->fd, self->root, leader));
	EXPECT_EQ(-EPERM, agent_call(&self->bob, self->fd,
				     PROCSRV_IOC_SET_TERMINAL, &args));
	EXPECT_EQ(0, agent_call(&self->alice, self->fd,
				PROCSRV_IOC_SET_TERMINAL, &args));
}

/*
 * Private servers
 */

/* The creator of a server owns its init. */
TEST_F(users, rule_their_servers)
{
	struct agent *a = &self->alice;
	int server = agent_server(a, self->fd);
	struct procsrv_info info;
	__u64 pids[3], pid;
	int i;

	ASSERT_LE(0, server);
	ASSERT_EQ(0, get_info(server, PROCSRV_INIT_PID, &info));
	EXPECT_EQ(alice.uid, info.uid);
	EXPECT_EQ(alice.gid, info.gid);
	for (i = 0; i < 3; i++) {
		ASSERT_EQ(0, agent_create(a, server, PROCSRV_INIT_PID,
					  alice.uid, alice.gid, &pids[i]));
		ASSERT_EQ(0, agent_terminate(a, server, pids[i]));
	}
	/* That does not permit it to use other user ids. */
	EXPECT_EQ(-EPERM, agent_create(a, server, PROCSRV_INIT_PID, bob.uid,
				       bob.gid, &pid));
	EXPECT_EQ(0, agent_reap(a, server, PROCSRV_INIT_PID, 0));
	EXPECT_EQ(-ESRCH, state_of(server, pids[0]));
	EXPECT_EQ(0, agent_revoke(a, server, 0));
	EXPECT_EQ(2, agent_reap_all(a, server));
	EXPECT_EQ(0, agent_revoke(a, server, PROCSRV_INIT_PID));
	close(server);
}

/* Passing a descriptor does not pass rights. */
TEST_F(users, pass_servers_on)
{
	struct agent *b = &self->bob;
	int server = agent_server(&self->alice, self->fd);
	__u64 own, other, pid;

	ASSERT_LE(0, server);
	ASSERT_EQ(0, agent_create(&self->alice, server, PROCSRV_INIT_PID,
				  alice.uid, alice.gid, &own));
	EXPECT_EQ(-EPERM, agent_create(b, server, own, bob.uid, bob.gid, &pid));
	EXPECT_EQ(-EPERM, agent_terminate(b, server, own));
	EXPECT_EQ(-EPERM, agent_reap_all(b, server));
	EXPECT_EQ(-EPERM, agent_revoke(b, server, 0));
	ASSERT_EQ(0, agent_create(b, server, PROCSRV_INIT_PID, bob.uid, bob.gid,
				  &other));
	/* Its creator has no rights over processes of the receiver. */
	EXPECT_EQ(-EPERM, agent_terminate(&self->alice, server, other));
	/* Root is root. */
	EXPECT_EQ(0, terminate(server, own, 0, 0));
	EXPECT_EQ(0, terminate(server, other, 0, 0));
	close(server);
}

TEST_HARNESS_MAIN
