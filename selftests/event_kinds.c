// SPDX-License-Identifier: GPL-2.0-only
/*
 * procsrv selftests - events: every kind, with every field
 */
#include "events.h"

#define EXPECT_NEXT(...) \
	expect_event(_metadata, self->reader, \
		     &(struct procsrv_event) { __VA_ARGS__ })

static int update(int fd, __u64 pid, __u32 mask, __u32 state)
{
	struct procsrv_update_args args = {
		.pid = pid,
		.mask = mask,
		.cpu_time = 5,
		.memory_usage = 6,
		.cwd = to_u64("/tmp"),
		.thread_count = 7,
		.state = state,
		.priority = PROCSRV_PRIO_LOW,
	};

	return call(fd, PROCSRV_IOC_UPDATE, &args);
}

/* Event numbers have no gaps, and times do not decrease. */
TEST_F(events, numbers_and_times)
{
	struct procsrv_time_args before, after;
	struct procsrv_event event;
	__u64 last = 0;
	int i;

	ASSERT_EQ(0, get_time(self->fd, &before));
	for (i = 0; i < 10; i++)
		ASSERT_EQ(0, do_exec(self->fd, self->root, "again"));
	ASSERT_EQ(0, get_time(self->fd, &after));
	for (i = 1; i <= 10; i++) {
		ASSERT_EQ(1, read_events(self->reader, &event, 1));
		EXPECT_EQ(self->seq + i, event.seq);
		EXPECT_LE(before.time, event.time);
		EXPECT_GE(after.time, event.time);
		EXPECT_LE(last, event.time);
		last = event.time;
	}
}

TEST_F(events, create_exec_exit_reap)
{
	__u32 sid, pgid;
	__u64 pid;

	ASSERT_EQ(0, create_session(self->fd, self->root, &sid, &pgid));
	EXPECT_NEXT(.kind = PROCSRV_EVENT_SESSION, .pid = self->root,
		    .sid = sid, .pgid = pgid);
	ASSERT_EQ(0, create(self->fd, self->root, &pid));
	EXPECT_NEXT(.kind = PROCSRV_EVENT_CREATE, .pid = pid,
		    .other = self->root, .sid = sid, .pgid = pgid);
	ASSERT_EQ(0, do_exec(self->fd, pid, "execed"));
	EXPECT_NEXT(.kind = PROCSRV_EVENT_EXEC, .pid = pid, .sid = sid,
		    .pgid = pgid);
	ASSERT_EQ(0, terminate(self->fd, pid, -7, 64));
	EXPECT_NEXT(.kind = PROCSRV_EVENT_EXIT, .pid = pid, .sid = sid,
		    .pgid = pgid, .code = -7, .signo = 64);
	/* A zombie does not end again. */
	EXPECT_EQ(-ESRCH, terminate(self->fd, pid, 1, 0));
	ASSERT_EQ(0, reap(self->fd, self->root, pid));
	EXPECT_NEXT(.kind = PROCSRV_EVENT_REAP, .pid = pid,
		    .other = self->root, .sid = sid, .pgid = pgid);
	expect_nothing(_metadata, self->reader);
}

TEST_F(events, signals)
{
	__u64 pid, sender;
	int signo;

	ASSERT_EQ(0, create(self->fd, self->root, &sender));
	ASSERT_EQ(0, create(self->fd, self->root, &pid));
	ASSERT_EQ(2, drain(self->reader));
	for (signo = 1; signo <= 64; signo++) {
		if (signo == 9 || signo == 15 || signo == 18 || signo == 19)
			continue;
		ASSERT_EQ(0, send_signal(self->fd, sender, PROCSRV_TARGET_PID,
					 pid, signo, NULL));
		EXPECT_NEXT(.kind = PROCSRV_EVENT_SIGNAL, .pid = pid,
			    .other = sender, .signo = signo);
	}
	ASSERT_EQ(0, signal_pid(self->fd, pid, 19));
	EXPECT_NEXT(.kind = PROCSRV_EVENT_SIGNAL, .pid = pid, .signo = 19);
	EXPECT_NEXT(.kind = PROCSRV_EVENT_STATE, .pid = pid,
		    .detail = PROCSRV_STOPPED, .signo = 19);
	ASSERT_EQ(0, signal_pid(self->fd, pid, 18));
	EXPECT_NEXT(.kind = PROCSRV_EVENT_SIGNAL, .pid = pid, .signo = 18);
	EXPECT_NEXT(.kind = PROCSRV_EVENT_STATE, .pid = pid,
		    .detail = PROCSRV_RUNNING, .signo = 18);
	/* It runs already, so only the signal is reported. */
	ASSERT_EQ(0, signal_pid(self->fd, pid, 18));
	EXPECT_NEXT(.kind = PROCSRV_EVENT_SIGNAL, .pid = pid, .signo = 18);
	ASSERT_EQ(0, signal_pid(self->fd, pid, 9));
	EXPECT_NEXT(.kind = PROCSRV_EVENT_SIGNAL, .pid = pid, .signo = 9);
	EXPECT_NEXT(.kind = PROCSRV_EVENT_EXIT, .pid = pid, .code = -9,
		    .signo = 9);
	/* Signals to a zombie are no events. */
	ASSERT_EQ(0, signal_pid(self->fd, pid, 19));
	ASSERT_EQ(0, signal_pid(self->fd, pid, 9));
	EXPECT_EQ(PROCSRV_ZOMBIE, state_of(self->fd, pid));
	ASSERT_EQ(0, signal_pid(self->fd, sender, 15));
	EXPECT_NEXT(.kind = PROCSRV_EVENT_SIGNAL, .pid = sender, .signo = 15);
	EXPECT_NEXT(.kind = PROCSRV_EVENT_EXIT, .pid = sender, .signo = 15);
	expect_nothing(_metadata, self->reader);
}

TEST_F(events, update)
{
	ASSERT_EQ(0, update(self->fd, self->root, 0x3f, PROCSRV_SLEEPING));
	EXPECT_NEXT(.kind = PROCSRV_EVENT_STATE, .pid = self->root,
		    .detail = PROCSRV_SLEEPING);
	EXPECT_NEXT(.kind = PROCSRV_EVENT_UPDATE, .pid = self->root,
		    .detail = 0x37);
	/* An update without a change of state is no event. */
	ASSERT_EQ(0, update(self->fd, self->root, PROCSRV_UPDATE_STATE,
			    PROCSRV_SLEEPING));
	ASSERT_EQ(0, update(self->fd, self->root, 0, 0));
	expect_nothing(_metadata, self->reader);
}

/* Children are reparented to init, or to a reaper. */
TEST_F(events, parent)
{
	struct procsrv_set_reaper_args reaper = { .pid = self->root, .on = 1 };
	__u64 middle, child;
	__u32 sid, pgid;

	ASSERT_EQ(0, create(self->fd, self->root, &middle));
	ASSERT_EQ(0, create_session(self->fd, middle, &sid, &pgid));
	ASSERT_EQ(0, create(self->fd, middle, &child));
	ASSERT_EQ(3, drain(self->reader));
	ASSERT_EQ(0, terminate(self->fd, middle, 0, 0));
	EXPECT_NEXT(.kind = PROCSRV_EVENT_PARENT, .pid = child,
		    .other = PROCSRV_INIT_PID, .sid = sid, .pgid = pgid);
	EXPECT_NEXT(.kind = PROCSRV_EVENT_EXIT, .pid = middle, .sid = sid,
		    .pgid = pgid);
	ASSERT_EQ(0, call(self->fd, PROCSRV_IOC_SET_REAPER, &reaper));
	ASSERT_EQ(0, create(self->fd, self->root, &middle));
	ASSERT_EQ(0, create(self->fd, middle, &child));
	/* To become a reaper is no event. */
	ASSERT_EQ(2, drain(self->reader));
	ASSERT_EQ(0, terminate(self->fd, middle, 0, 0));
	EXPECT_NEXT(.kind = PROCSRV_EVENT_PARENT, .pid = child,
		    .other = self->root);
	EXPECT_NEXT(.kind = PROCSRV_EVENT_EXIT, .pid = middle);
	expect_nothing(_metadata, self->reader);
}

TEST_F(events, group)
{
	__u32 sid, pgid, other;
	__u64 pid, child;

	ASSERT_EQ(0, create_session(self->fd, self->root, &sid, &pgid));
	ASSERT_EQ(0, create(self->fd, self->root, &pid));
	ASSERT_EQ(2, drain(self->reader));
	ASSERT_EQ(0, create_group(self->fd, 0, pid, sid, &other));
	EXPECT_NEXT(.kind = PROCSRV_EVENT_GROUP, .pid = pid, .sid = sid,
		    .pgid = other);
	ASSERT_EQ(0, create(self->fd, pid, &child));
	EXPECT_NEXT(.kind = PROCSRV_EVENT_CREATE, .pid = child, .other = pid,
		    .sid = sid, .pgid = other);
	ASSERT_EQ(0, set_group(self->fd, self->root, pid, pgid));
	EXPECT_NEXT(.kind = PROCSRV_EVENT_GROUP, .pid = pid, .sid = sid,
		    .pgid = pgid);
	expect_nothing(_metadata, self->reader);
}

TEST_F(events, capability)
{
	struct procsrv_revoke_args args = {
		.pid = self->root,
		.capability = 0x123456789abcdefULL,
	};

	ASSERT_EQ(0, call(self->fd, PROCSRV_IOC_REVOKE, &args));
	EXPECT_NEXT(.kind = PROCSRV_EVENT_CAPABILITY, .pid = self->root,
		    .other = args.capability);
	args.pid = 0;
	ASSERT_EQ(0, call(self->fd, PROCSRV_IOC_REVOKE, &args));
	EXPECT_NEXT(.kind = PROCSRV_EVENT_CAPABILITY, .other = args.capability);
	expect_nothing(_metadata, self->reader);
}

TEST_F(events, terminal)
{
	__u32 sid, pgid;

	ASSERT_EQ(0, create_session(self->fd, self->root, &sid, &pgid));
	ASSERT_EQ(1, drain(self->reader));
	ASSERT_EQ(0, set_terminal(self->fd, sid, "pts/1"));
	EXPECT_NEXT(.kind = PROCSRV_EVENT_TERMINAL, .pid = self->root,
		    .sid = sid, .pgid = pgid, .detail = 1);
	ASSERT_EQ(0, set_terminal(self->fd, sid, NULL));
	EXPECT_NEXT(.kind = PROCSRV_EVENT_TERMINAL, .pid = self->root,
		    .sid = sid, .pgid = pgid, .detail = 0);
	expect_nothing(_metadata, self->reader);
}

TEST_F(events, limit)
{
	const struct procsrv_limits limits = {
		.max_memory = 5,
		.max_cpu_time = 5,
		.max_threads = 7,
	};

	ASSERT_EQ(0, set_limits(self->fd, self->root, &limits));
	ASSERT_EQ(0, update(self->fd, self->root, 0x7, 0));
	EXPECT_NEXT(.kind = PROCSRV_EVENT_UPDATE, .pid = self->root,
		    .detail = 0x7);
	/* Reaching a limit is not passing it. */
	EXPECT_NEXT(.kind = PROCSRV_EVENT_LIMIT, .pid = self->root, .value = 6,
		    .other = 5, .detail = PROCSRV_LIMIT_MEMORY);
	expect_nothing(_metadata, self->reader);
}

TEST_HARNESS_MAIN
