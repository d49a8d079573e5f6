// SPDX-License-Identifier: GPL-2.0-only
/*
 * procsrv selftests - the terminal of a session, and hanging it up
 */
#include "fixture.h"
#include "snapshot.h"

/* Reads the terminal of @sid into @room. Returns its size or an errno. */
static int terminal_of(int fd, __u32 sid, char *room, __u32 size)
{
	struct procsrv_session_args args = {
		.sid = sid,
		.terminal = to_u64(room),
		.terminal_size = size,
	};
	int ret = call(fd, PROCSRV_IOC_SESSION, &args);

	return ret ? ret : (int)args.terminal_size;
}

/* The same, from the information of a member. */
static int terminal_of_pid(int fd, __u64 pid, char *room, __u32 size)
{
	struct procsrv_info_args args = {
		.pid = pid,
		.terminal = to_u64(room),
		.terminal_size = size,
	};
	int ret = call(fd, PROCSRV_IOC_INFO, &args);

	return ret ? ret : (int)args.terminal_size;
}

static int hang_up(int fd, __u32 sid, __u32 *count)
{
	struct procsrv_hang_up_args args = {
		.sid = sid,
		.count = PATTERN32,
	};
	int ret = call(fd, PROCSRV_IOC_HANG_UP, &args);

	*count = args.count;
	return ret;
}

TEST_F(procsrv, set_replace_and_take)
{
	struct procsrv_info info;
	char room[64];
	__u32 sid, pgid;
	__u64 child;
	const int fd = self->fd;

	ASSERT_EQ(0, create_session(fd, self->root, &sid, &pgid));
	ASSERT_EQ(0, create(fd, self->root, &child));
	EXPECT_EQ(0, terminal_of(fd, sid, room, sizeof(room)));
	EXPECT_EQ(0, terminal_of_pid(fd, child, room, sizeof(room)));

	ASSERT_EQ(0, set_terminal(fd, sid, "pts/12"));
	EXPECT_EQ(7, terminal_of(fd, sid, room, sizeof(room)));
	EXPECT_STREQ("pts/12", room);
	memset(room, PATTERN, sizeof(room));
	EXPECT_EQ(7, terminal_of_pid(fd, child, room, sizeof(room)));
	EXPECT_STREQ("pts/12", room);
	ASSERT_EQ(0, get_info(fd, child, &info));
	EXPECT_EQ(7, info.terminal_len);
	ASSERT_EQ(0, set_terminal(fd, sid, "tty1"));
	EXPECT_EQ(5, terminal_of(fd, sid, room, sizeof(room)));
	EXPECT_STREQ("tty1", room);

	ASSERT_EQ(0, set_terminal(fd, sid, NULL));
	memset(room, PATTERN, sizeof(room));
	EXPECT_EQ(0, terminal_of(fd, sid, room, sizeof(room)));
	EXPECT_TRUE(untouched(room, sizeof(room)));
	EXPECT_EQ(0, terminal_of_pid(fd, child, room, sizeof(room)));
	ASSERT_EQ(0, set_terminal(fd, sid, NULL));
	ASSERT_EQ(0, get_info(fd, child, &info));
	EXPECT_EQ(0, info.terminal_len);
}

TEST_F(procsrv, a_new_session_has_none)
{
	char room[16];
	__u32 sid, pgid, child_sid;
	__u64 child;

	ASSERT_EQ(0, create_session(self->fd, self->root, &sid, &pgid));
	ASSERT_EQ(0, set_terminal(self->fd, sid, "tty"));
	ASSERT_EQ(0, create(self->fd, self->root, &child));
	EXPECT_EQ(4, terminal_of_pid(self->fd, child, room, sizeof(room)));
	ASSERT_EQ(0, create_session(self->fd, child, &child_sid, &pgid));
	EXPECT_EQ(0, terminal_of_pid(self->fd, child, room, sizeof(room)));
	EXPECT_EQ(0, terminal_of(self->fd, child_sid, room, sizeof(room)));
	EXPECT_EQ(4, terminal_of(self->fd, sid, room, sizeof(room)));
}

TEST_F(procsrv, rooms_that_are_small)
{
	static const char name[] = "console";
	char room[16];
	__u32 sid, pgid, size;

	ASSERT_EQ(0, create_session(self->fd, self->root, &sid, &pgid));
	ASSERT_EQ(0, set_terminal(self->fd, sid, name));
	EXPECT_EQ(sizeof(name), terminal_of(self->fd, sid, NULL, 0));
	for (size = 1; size <= sizeof(room); size++) {
		__u32 n = size < sizeof(name) ? size : sizeof(name);

		memset(room, PATTERN, sizeof(room));
		EXPECT_EQ(sizeof(name), terminal_of(self->fd, sid, room,
						    size));
		EXPECT_EQ(0, memcmp(room, name, n));
		EXPECT_TRUE(untouched(room + n, sizeof(room) - n));
	}
	EXPECT_EQ(-EINVAL, terminal_of(self->fd, sid, NULL, 1));
	EXPECT_EQ(-EINVAL, terminal_of(self->fd, sid, NULL, ~0U));
}

TEST_F(procsrv, names)
{
	char name[PROCSRV_NAME_MAX + 2], room[PROCSRV_NAME_MAX + 2];
	struct snapshot before;
	__u32 sid, pgid;

	ASSERT_EQ(0, create_session(self->fd, self->root, &sid, &pgid));
	memset(name, 't', sizeof(name));
	name[PROCSRV_NAME_MAX] = 0;
	ASSERT_EQ(0, set_terminal(self->fd, sid, name));
	EXPECT_EQ(PROCSRV_NAME_MAX + 1,
		  terminal_of(self->fd, sid, room, sizeof(room)));
	EXPECT_STREQ(name, room);

	snapshot_take(_metadata, &self->scene, &before);
	name[PROCSRV_NAME_MAX] = 't';
	name[PROCSRV_NAME_MAX + 1] = 0;
	EXPECT_EQ(-ENAMETOOLONG, set_terminal(self->fd, sid, name));
	EXPECT_EQ(-EINVAL, set_terminal(self->fd, sid, ""));
	EXPECT_EQ(-ESRCH, set_terminal(self->fd, 0, "tty"));
	EXPECT_EQ(-ESRCH, set_terminal(self->fd, NO_ID, "tty"));
	EXPECT_EQ(-ESRCH, set_terminal(self->fd, NO_ID, NULL));
	EXPECT_TRUE(snapshot_same(_metadata, &self->scene, &before));
}

/* Every member gets SIGHUP, and stopped ones are continued. */
TEST_F(procsrv, hang_up)
{
	struct procsrv_wait_args args;
	struct procsrv_info info;
	__u32 sid, pgid, group, count;
	__u64 running, stopped, zombie, outside;
	const int fd = self->fd;

	ASSERT_EQ(0, create(fd, self->root, &outside));
	ASSERT_EQ(0, create_session(fd, self->root, &sid, &pgid));
	ASSERT_EQ(0, create(fd, self->root, &running));
	ASSERT_EQ(0, create(fd, self->root, &stopped));
	ASSERT_EQ(0, create(fd, self->root, &zombie));
	ASSERT_EQ(0, create_group(fd, 0, stopped, sid, &group));
	ASSERT_EQ(0, signal_pid(fd, stopped, 19));
	ASSERT_EQ(0, signal_pid(fd, outside, 19));
	ASSERT_EQ(0, terminate(fd, zombie, 0, 0));

	ASSERT_EQ(0, hang_up(fd, sid, &count));
	EXPECT_EQ(4, count);
	ASSERT_EQ(0, get_info(fd, self->root, &info));
	EXPECT_EQ(1, info.pending);
	EXPECT_EQ(PROCSRV_RUNNING, info.state);
	ASSERT_EQ(0, get_info(fd, running, &info));
	EXPECT_EQ(1, info.pending);
	ASSERT_EQ(0, get_info(fd, stopped, &info));
	EXPECT_EQ(1, info.pending);
	EXPECT_EQ(PROCSRV_RUNNING, info.state);
	ASSERT_EQ(0, get_info(fd, zombie, &info));
	EXPECT_EQ(0, info.pending);
	EXPECT_EQ(PROCSRV_ZOMBIE, info.state);
	ASSERT_EQ(0, get_info(fd, outside, &info));
	EXPECT_EQ(0, info.pending);
	EXPECT_EQ(PROCSRV_STOPPED, info.state);
	/* The continuation is reported to waiters like any other. */
	args = wait_args(self->root, PROCSRV_WAIT_PID, stopped,
			 PROCSRV_WAIT_CONTINUED, PROCSRV_WAIT_NOHANG);
	ASSERT_EQ(0, do_wait(fd, &args));
	EXPECT_EQ(PROCSRV_WAIT_CONTINUED, args.why);

	EXPECT_EQ(-ESRCH, hang_up(fd, 0, &count));
	EXPECT_EQ(-ESRCH, hang_up(fd, NO_ID, &count));
	EXPECT_EQ(PATTERN32, count);
}

/* A hang-up keeps the terminal, which lives as long as the session. */
TEST_F(procsrv, hang_up_leaves_the_terminal)
{
	char room[16];
	__u32 sid, pgid, count;

	ASSERT_EQ(0, create_session(self->fd, self->root, &sid, &pgid));
	ASSERT_EQ(0, set_terminal(self->fd, sid, "tty"));
	ASSERT_EQ(0, hang_up(self->fd, sid, &count));
	EXPECT_EQ(1, count);
	EXPECT_EQ(4, terminal_of(self->fd, sid, room, sizeof(room)));
	ASSERT_EQ(0, terminate(self->fd, self->root, 0, 0));
	EXPECT_EQ(4, terminal_of_pid(self->fd, self->root, room,
				     sizeof(room)));
	ASSERT_EQ(0, reap(self->fd, PROCSRV_INIT_PID, self->root));
	EXPECT_EQ(-ESRCH, terminal_of(self->fd, sid, room, sizeof(room)));
}

TEST_HARNESS_MAIN
