// SPDX-License-Identifier: GPL-2.0-only
/*
 * procsrv selftests - permissions in user namespaces
 *
 * Root of a namespace has root's permissions over processes whose ids are
 * mapped there, and over all processes of private servers created there.
 */
#include "agents.h"
#include "ends.h"
#include "handles.h"

/* Ids within the namespace. */
static const struct user inner_root = { 0, 0, ALL_CAPS, true };
static const struct user inner_user = { 5, 6, 0, true };

FIXTURE(namespaces)
{
	struct scene scene;
	int fd;
	__u64 root;
	struct agent agent;	/* root of a namespace */
	char *room;
};

FIXTURE_SETUP(namespaces)
{
	scene_setup(_metadata, &self->scene);
	self->fd = self->scene.fd;
	self->root = self->scene.root;
	self->room = at_edge(ROOM);
	agent_start(_metadata, &self->agent, &inner_root);
}

FIXTURE_TEARDOWN(namespaces)
{
	agent_stop(_metadata, &self->agent);
	scene_teardown(_metadata, &self->scene);
}

static int look(struct agent *a, int fd, __u64 pid, char *room,
		struct procsrv_info *info)
{
	struct procsrv_info_args args = {
		.pid = pid,
		.info = to_u64(room),
		.info_size = sizeof(*info),
	};
	int ret = agent_call(a, fd, PROCSRV_IOC_INFO, &args);

	memcpy(info, room, sizeof(*info));
	return ret;
}

static void expect_ids(struct __test_metadata *_metadata, struct agent *a,
		       int fd, __u64 pid, char *room, __u32 uid, __u32 gid)
{
	struct procsrv_info info;

	ASSERT_EQ(0, look(a, fd, pid, room, &info));
	EXPECT_EQ(uid, info.uid);
	EXPECT_EQ(gid, info.gid);
}

TEST_F(namespaces, show_their_ids)
{
	const __u32 last = MAPPED_FIRST + MAPPED_COUNT - 1;
	struct agent *a = &self->agent;
	struct procsrv_wait_args wait;
	__u64 mapped, half, unmapped;

	ASSERT_EQ(0, create_as(self->fd, self->root, "mapped", MAPPED_FIRST + 5,
			       last, &mapped));
	ASSERT_EQ(0, create_as(self->fd, self->root, "half", MAPPED_FIRST,
			       last + 1, &half));
	ASSERT_EQ(0, create_as(self->fd, self->root, "unmapped",
			       MAPPED_FIRST - 1, 5, &unmapped));
	expect_ids(_metadata, a, self->fd, mapped, self->room, 5,
		   MAPPED_COUNT - 1);
	expect_ids(_metadata, a, self->fd, half, self->room, 0, OVERFLOW_ID);
	expect_ids(_metadata, a, self->fd, unmapped, self->room, OVERFLOW_ID,
		   OVERFLOW_ID);
	expect_ids(_metadata, a, self->fd, PROCSRV_INIT_PID, self->room,
		   OVERFLOW_ID, OVERFLOW_ID);
	/* A wait returns the mapped user id as well. */
	ASSERT_EQ(0, create_as(self->fd, mapped, "child", MAPPED_FIRST + 7,
			       MAPPED_FIRST, &half));
	ASSERT_EQ(0, terminate(self->fd, half, 0, 0));
	wait = wait_args(mapped, PROCSRV_WAIT_ANY, 0, PROCSRV_WAIT_EXITED,
			 PROCSRV_WAIT_NOHANG);
	EXPECT_EQ(0, agent_call(a, self->fd, PROCSRV_IOC_WAIT, &wait));
	EXPECT_EQ(7, wait.uid);
}

/* Only the owner of the server can allow a hosted process to signal all. */
TEST_F(namespaces, do_not_allow_to_signal_all)
{
	struct procsrv_credentials_args args = {
		.credentials.flags = PROCSRV_CREDENTIALS_KILL,
	};
	struct procsrv_create_args body = {
		.parent = PROCSRV_INIT_PID,
		.name = to_u64(self->room),
		.flags = PROCSRV_CREATE_HOSTED,
	};
	struct procsrv_signal_args kill = { .id = self->root, .signo = 9 };
	struct procsrv_new_server_args server = {};
	struct agent *a = &self->agent;

	memcpy(self->room, "body", sizeof("body"));
	ASSERT_EQ(0, agent_call(a, self->fd, PROCSRV_IOC_CREATE, &body));
	args.pid = body.pid;
	EXPECT_EQ(-EPERM, agent_call(a, self->fd, PROCSRV_IOC_SET_CREDENTIALS,
				     &args));
	kill.sender = body.pid;
	EXPECT_EQ(-EPERM, agent_call(a, self->fd, PROCSRV_IOC_SIGNAL, &kill));
	EXPECT_EQ(PROCSRV_RUNNING, state_of(self->fd, self->root));
	/* Two processes without a session do not share a session. */
	ASSERT_EQ(0, signal_pid(self->fd, self->root, 19));
	kill.signo = 18;
	EXPECT_EQ(-EPERM, agent_call(a, self->fd, PROCSRV_IOC_SIGNAL, &kill));
	EXPECT_EQ(PROCSRV_STOPPED, state_of(self->fd, self->root));
	/* It owns a server that it has created. */
	ASSERT_EQ(0, agent_call(a, self->fd, PROCSRV_IOC_NEW_SERVER, &server));
	ASSERT_EQ(0, agent_call(a, server.fd, PROCSRV_IOC_CREATE, &body));
	args.pid = body.pid;
	EXPECT_EQ(0, agent_call(a, server.fd, PROCSRV_IOC_SET_CREDENTIALS,
				&args));
}

TEST_F(namespaces, create_what_is_mapped)
{
	struct agent *a = &self->agent;
	struct procsrv_info info;
	__u64 pid;

	EXPECT_EQ(-EINVAL, agent_create(a, self->fd, PROCSRV_INIT_PID,
					MAPPED_COUNT, 0, &pid));
	EXPECT_EQ(-EINVAL, agent_create(a, self->fd, PROCSRV_INIT_PID, 0,
					MAPPED_COUNT, &pid));
	EXPECT_EQ(-EINVAL, agent_create(a, self->fd, PROCSRV_INIT_PID,
					OVERFLOW_ID, 0, &pid));
	EXPECT_EQ(-EPERM, agent_create(a, self->fd, self->root, 0, 0, &pid));
	ASSERT_EQ(0, agent_create(a, self->fd, PROCSRV_INIT_PID, 7, 8, &pid));
	ASSERT_EQ(0, get_info(self->fd, pid, &info));
	EXPECT_EQ(MAPPED_FIRST + 7, info.uid);
	EXPECT_EQ(MAPPED_FIRST + 8, info.gid);
	/* It has all capabilities over this process. */
	EXPECT_EQ(0, agent_create(a, self->fd, pid, 0, 0, &pid));
}

/* Both ids have to be mapped, as for files. */
TEST_F(namespaces, reach_what_is_mapped)
{
	static const struct {
		__u32 uid, gid;
		bool reached;
	} tries[] = {
		{ MAPPED_FIRST + 5, MAPPED_FIRST + 5, true },
		{ MAPPED_FIRST + MAPPED_COUNT, MAPPED_FIRST + 5, false },
		{ MAPPED_FIRST + 5, MAPPED_FIRST + MAPPED_COUNT, false },
		{ 0, 0, false },
		/* Its own, with any group. */
		{ MAPPED_FIRST, 0, true },
	};
	const char *end = "reached";
	struct procsrv_info info;
	__u64 pid;
	int i;

	for (i = 0; i < ARRAY_SIZE(tries); i++) {
		ASSERT_EQ(0, create_as(self->fd, self->root, end, tries[i].uid,
				       tries[i].gid, &pid));
		ASSERT_EQ(0, look(&self->agent, self->fd, pid, self->room,
				  &info));
		EXPECT_EQ(tries[i].reached,
			  !(info.flags & PROCSRV_INFO_HIDDEN));
		EXPECT_EQ(tries[i].reached ? 0 : -EPERM,
			  agent_revoke(&self->agent, self->fd, pid));
		EXPECT_EQ(tries[i].reached ? 0 : -EPERM,
			  agent_terminate(&self->agent, self->fd, pid));
		EXPECT_EQ(tries[i].reached ? PROCSRV_ZOMBIE : PROCSRV_RUNNING,
			  state_of(self->fd, pid));
	}
	/* Its user id 0 is not that of init. */
	EXPECT_EQ(-EPERM, agent_reap_all(&self->agent, self->fd));
	EXPECT_EQ(-EPERM, agent_revoke(&self->agent, self->fd, 0));
}

TEST_F(namespaces, give_nothing_to_users)
{
	__u64 own, other, pid;
	struct agent a;

	agent_start(_metadata, &a, &inner_user);
	ASSERT_EQ(0, create_as(self->fd, self->root, "own", MAPPED_FIRST + 5,
			       MAPPED_FIRST + 6, &own));
	ASSERT_EQ(0, create_as(self->fd, self->root, "other", MAPPED_FIRST,
			       MAPPED_FIRST, &other));
	EXPECT_EQ(0, agent_create(&a, self->fd, own, 5, 6, &pid));
	EXPECT_EQ(-EPERM, agent_create(&a, self->fd, own, 0, 6, &pid));
	EXPECT_EQ(-EPERM, agent_create(&a, self->fd, other, 5, 6, &pid));
	EXPECT_EQ(-EPERM, agent_terminate(&a, self->fd, other));
	EXPECT_EQ(0, agent_terminate(&a, self->fd, own));
	agent_stop(_metadata, &a);
}

/* A server created in the namespace belongs to it, with all processes. */
TEST_F(namespaces, rule_their_servers)
{
	struct agent *a = &self->agent;
	int server = agent_server(a, self->fd);
	struct procsrv_info info;
	__u64 outer, own;

	ASSERT_LE(0, server);
	ASSERT_EQ(0, get_info(server, PROCSRV_INIT_PID, &info));
	EXPECT_EQ(MAPPED_FIRST, info.uid);
	EXPECT_EQ(MAPPED_FIRST, info.gid);
	expect_ids(_metadata, a, server, PROCSRV_INIT_PID, self->room, 0, 0);
	/* Root of the initial namespace, which has no mapping there. */
	ASSERT_EQ(0, create_as(server, PROCSRV_INIT_PID, "outer", 0, 0,
			       &outer));
	expect_ids(_metadata, a, server, outer, self->room, OVERFLOW_ID,
		   OVERFLOW_ID);
	EXPECT_EQ(1, agent_signal(a, server, outer, PROCSRV_TARGET_PID, outer,
				  10));
	EXPECT_EQ(0, agent_create(a, server, outer, 5, 6, &own));
	EXPECT_EQ(0, agent_revoke(a, server, 0));
	EXPECT_EQ(0, agent_terminate(a, server, outer));
	EXPECT_EQ(0, agent_terminate(a, server, own));
	EXPECT_EQ(0, agent_reap(a, server, PROCSRV_INIT_PID, 0));
	EXPECT_EQ(1, agent_reap_all(a, server));
	close(server);
}

/* Another namespace with the same mapping gives no rights to a server. */
TEST_F(namespaces, rule_no_others)
{
	struct agent user, other;
	__u64 outer, mapped;
	int server;

	agent_start(_metadata, &user, &inner_user);
	agent_start(_metadata, &other, &inner_root);
	server = agent_server(&self->agent, self->fd);
	ASSERT_LE(0, server);
	ASSERT_EQ(0, create_as(server, PROCSRV_INIT_PID, "outer", 0, 0,
			       &outer));
	ASSERT_EQ(0, create_as(server, PROCSRV_INIT_PID, "mapped",
			       MAPPED_FIRST + 9, MAPPED_FIRST + 9, &mapped));
	EXPECT_EQ(-EPERM, agent_terminate(&user, server, outer));
	EXPECT_EQ(-EPERM, agent_terminate(&user, server, mapped));
	EXPECT_EQ(-EPERM, agent_terminate(&other, server, outer));
	EXPECT_EQ(0, agent_terminate(&other, server, mapped));
	/* The owner has kept its rights. */
	EXPECT_EQ(0, agent_terminate(&self->agent, server, outer));
	close(server);
	agent_stop(_metadata, &other);
	agent_stop(_metadata, &user);
}

/* The server of an unprivileged user gives only the rights of that user. */
TEST_F(namespaces, have_users_with_servers)
{
	struct agent user;
	__u64 pid, outer;
	int server;

	agent_start(_metadata, &user, &inner_user);
	server = agent_server(&user, self->fd);
	ASSERT_LE(0, server);
	ASSERT_EQ(0, agent_create(&user, server, PROCSRV_INIT_PID, 5, 6, &pid));
	ASSERT_EQ(0, create_as(server, PROCSRV_INIT_PID, "outer", 0, 0,
			       &outer));
	EXPECT_EQ(-EPERM, agent_terminate(&user, server, outer));
	EXPECT_EQ(0, agent_terminate(&user, server, pid));
	EXPECT_EQ(1, agent_reap_all(&user, server));
	/*
	 * The agent's namespace is another one, although the mapping is the
	 * same.
	 */
	EXPECT_EQ(-EPERM, agent_terminate(&self->agent, server, outer));
	close(server);
	agent_stop(_metadata, &user);
}

/* A server outlives all tasks of the namespace that it was created in. */
TEST_F(namespaces, leave_servers_behind)
{
	struct agent a;
	int server;
	__u64 pid;

	agent_start(_metadata, &a, &inner_root);
	server = agent_server(&a, self->fd);
	agent_stop(_metadata, &a);
	ASSERT_LE(0, server);
	EXPECT_EQ(0, create(server, PROCSRV_INIT_PID, &pid));
	EXPECT_EQ(0, terminate(server, pid, 0, 0));
	EXPECT_EQ(0, agent_create(&self->agent, server, PROCSRV_INIT_PID, 0, 0,
				  &pid));
	/* The agent is in another namespace, but its user id owns init. */
	EXPECT_EQ(1, agent_reap_all(&self->agent, server));
	close(server);
}

static int have_server(int fd)
{
	return new_server(fd) < 0;
}

/* A namespace is released with its last server. */
TEST_F(namespaces, end_with_their_servers)
{
	do_in_namespaces(_metadata, self->fd, have_server);
}

TEST_HARNESS_MAIN
