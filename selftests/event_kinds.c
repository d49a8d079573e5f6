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
	struct procsrv_info info;
	__u64 last = 0, seq;
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
	ASSERT_EQ(0, get_info(self->fd, self->root, &info));
	EXPECT_EQ(event.seq, info.seq);
	ASSERT_EQ(0, subscribe(self->reader, 0, ALL_EVENTS, 0, 0, &seq));
	EXPECT_EQ(event.seq, seq);
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
	ASSERT_EQ(0, reap(self->fd, self->root, pid));
	EXPECT_NEXT(.kind = PROCSRV_EVENT_REAP, .pid = pid,
		    .other = self->root, .sid = sid, .pgid = pgid);
	expect_nothing(_metadata, self->reader);
}

/* Outside of any session both ids are 0. PROCSRV_IOC_REAP is a wait of init. */
TEST_F(events, without_a_session)
{
	struct procsrv_reap_args args = {};
	__u64 pid;

	ASSERT_EQ(0, create(self->fd, PROCSRV_INIT_PID, &pid));
	EXPECT_NEXT(.kind = PROCSRV_EVENT_CREATE, .pid = pid,
		    .other = PROCSRV_INIT_PID);
	ASSERT_EQ(0, terminate(self->fd, pid, 3, 0));
	EXPECT_NEXT(.kind = PROCSRV_EVENT_EXIT, .pid = pid, .code = 3);
	ASSERT_EQ(0, call(self->fd, PROCSRV_IOC_REAP, &args));
	EXPECT_NEXT(.kind = PROCSRV_EVENT_REAP, .pid = pid,
		    .other = PROCSRV_INIT_PID);
	expect_nothing(_metadata, self->reader);
}

TEST_F(events, signals_that_act)
{
	__u64 pid, sender;

	ASSERT_EQ(0, create(self->fd, self->root, &sender));
	ASSERT_EQ(0, create(self->fd, self->root, &pid));
	ASSERT_EQ(2, drain(self->reader));
	ASSERT_EQ(0, send_signal(self->fd, sender, PROCSRV_TARGET_PID, pid, 19,
				 NULL));
	EXPECT_NEXT(.kind = PROCSRV_EVENT_SIGNAL, .pid = pid, .other = sender,
		    .signo = 19);
	EXPECT_NEXT(.kind = PROCSRV_EVENT_STATE, .pid = pid,
		    .detail = PROCSRV_STOPPED, .signo = 19);
	/* It is stopped already, so only the signal is reported. */
	ASSERT_EQ(0, signal_pid(self->fd, pid, 19));
	EXPECT_NEXT(.kind = PROCSRV_EVENT_SIGNAL, .pid = pid, .signo = 19);
	ASSERT_EQ(0, signal_pid(self->fd, pid, 18));
	EXPECT_NEXT(.kind = PROCSRV_EVENT_SIGNAL, .pid = pid, .signo = 18);
	EXPECT_NEXT(.kind = PROCSRV_EVENT_STATE, .pid = pid,
		    .detail = PROCSRV_RUNNING, .signo = 18);
	ASSERT_EQ(0, signal_pid(self->fd, pid, 18));
	EXPECT_NEXT(.kind = PROCSRV_EVENT_SIGNAL, .pid = pid, .signo = 18);
	ASSERT_EQ(0, signal_pid(self->fd, pid, 9));
	EXPECT_NEXT(.kind = PROCSRV_EVENT_SIGNAL, .pid = pid, .signo = 9);
	EXPECT_NEXT(.kind = PROCSRV_EVENT_EXIT, .pid = pid, .code = -9,
		    .signo = 9);
	/* Signals to a zombie are no events. */
	ASSERT_EQ(0, signal_pid(self->fd, pid, 10));
	ASSERT_EQ(0, signal_pid(self->fd, pid, 9));
	expect_nothing(_metadata, self->reader);
	ASSERT_EQ(0, send_signal(self->fd, self->root, PROCSRV_TARGET_PID,
				 sender, 15, NULL));
	EXPECT_NEXT(.kind = PROCSRV_EVENT_SIGNAL, .pid = sender,
		    .other = self->root, .signo = 15);
	EXPECT_NEXT(.kind = PROCSRV_EVENT_EXIT, .pid = sender, .signo = 15);
	expect_nothing(_metadata, self->reader);
}

TEST_F(events, signals_that_become_pending)
{
	__u64 pid;
	int signo;

	ASSERT_EQ(0, create(self->fd, self->root, &pid));
	ASSERT_EQ(1, drain(self->reader));
	for (signo = 1; signo <= 64; signo++) {
		if (signo == 9 || signo == 15 || signo == 18 || signo == 19)
			continue;
		ASSERT_EQ(0, signal_pid(self->fd, pid, signo));
		EXPECT_NEXT(.kind = PROCSRV_EVENT_SIGNAL, .pid = pid,
			    .signo = signo);
	}
	expect_nothing(_metadata, self->reader);
}

TEST_F(events, update)
{
	__u32 bit;

	for (bit = 1; bit < 0x40; bit <<= 1) {
		if (bit == PROCSRV_UPDATE_STATE)
			continue;
		ASSERT_EQ(0, update(self->fd, self->root, bit, 0));
		EXPECT_NEXT(.kind = PROCSRV_EVENT_UPDATE, .pid = self->root,
			    .detail = bit);
	}
	ASSERT_EQ(0, update(self->fd, self->root, 0x37, 0));
	EXPECT_NEXT(.kind = PROCSRV_EVENT_UPDATE, .pid = self->root,
		    .detail = 0x37);
	ASSERT_EQ(0, update(self->fd, self->root, PROCSRV_UPDATE_STATE,
			    PROCSRV_SLEEPING));
	EXPECT_NEXT(.kind = PROCSRV_EVENT_STATE, .pid = self->root,
		    .detail = PROCSRV_SLEEPING);
	/* An update without a change of state is no event. */
	ASSERT_EQ(0, update(self->fd, self->root, PROCSRV_UPDATE_STATE,
			    PROCSRV_SLEEPING));
	ASSERT_EQ(0, update(self->fd, self->root, 0, 0));
	expect_nothing(_metadata, self->reader);
	ASSERT_EQ(0, update(self->fd, self->root, PROCSRV_UPDATE_STATE,
			    PROCSRV_RUNNING));
	EXPECT_NEXT(.kind = PROCSRV_EVENT_STATE, .pid = self->root,
		    .detail = PROCSRV_RUNNING);
	expect_nothing(_metadata, self->reader);
}

/* Children, including zombies, are reparented to init or to a reaper. */
TEST_F(events, parent)
{
	struct procsrv_set_reaper_args reaper = { .pid = self->root, .on = 1 };
	__u64 middle, child, zombie, sum = 0;
	struct procsrv_event event;
	__u32 sid, pgid;
	int i;

	ASSERT_EQ(0, create(self->fd, self->root, &middle));
	ASSERT_EQ(0, create_session(self->fd, middle, &sid, &pgid));
	ASSERT_EQ(0, create(self->fd, middle, &child));
	ASSERT_EQ(0, create(self->fd, middle, &zombie));
	ASSERT_EQ(0, terminate(self->fd, zombie, 0, 0));
	ASSERT_EQ(5, drain(self->reader));
	ASSERT_EQ(0, terminate(self->fd, middle, 0, 0));
	/* The order is unspecified. */
	for (i = 0; i < 2; i++) {
		ASSERT_EQ(1, read_events(self->reader, &event, 1));
		EXPECT_EQ(PROCSRV_EVENT_PARENT, event.kind);
		EXPECT_EQ(PROCSRV_INIT_PID, event.other);
		EXPECT_EQ(sid, event.sid);
		EXPECT_EQ(pgid, event.pgid);
		sum -= event.pid;
	}
	EXPECT_EQ(0, sum + child + zombie);
	EXPECT_NEXT(.kind = PROCSRV_EVENT_EXIT, .pid = middle, .sid = sid,
		    .pgid = pgid);
	expect_nothing(_metadata, self->reader);

	ASSERT_EQ(0, call(self->fd, PROCSRV_IOC_SET_REAPER, &reaper));
	expect_nothing(_metadata, self->reader);
	ASSERT_EQ(0, create(self->fd, self->root, &middle));
	ASSERT_EQ(0, create(self->fd, middle, &child));
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
	__u64 pid;

	ASSERT_EQ(0, create_session(self->fd, self->root, &sid, &pgid));
	ASSERT_EQ(0, create(self->fd, self->root, &pid));
	ASSERT_EQ(2, drain(self->reader));
	ASSERT_EQ(0, create_group(self->fd, 0, pid, sid, &other));
	EXPECT_NEXT(.kind = PROCSRV_EVENT_GROUP, .pid = pid, .sid = sid,
		    .pgid = other);
	ASSERT_EQ(0, set_group(self->fd, self->root, pid, pgid));
	EXPECT_NEXT(.kind = PROCSRV_EVENT_GROUP, .pid = pid, .sid = sid,
		    .pgid = pgid);
	/* It is in the group already. */
	ASSERT_EQ(0, set_group(self->fd, self->root, pid, pgid));
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
	__u64 leader, member;
	__u32 sid, pgid;

	ASSERT_EQ(0, create(self->fd, self->root, &leader));
	ASSERT_EQ(0, create_session(self->fd, leader, &sid, &pgid));
	ASSERT_EQ(0, create(self->fd, leader, &member));
	ASSERT_EQ(3, drain(self->reader));
	ASSERT_EQ(0, set_terminal(self->fd, sid, "pts/1"));
	EXPECT_NEXT(.kind = PROCSRV_EVENT_TERMINAL, .pid = leader, .sid = sid,
		    .pgid = pgid, .detail = 1);
	ASSERT_EQ(0, set_terminal(self->fd, sid, NULL));
	EXPECT_NEXT(.kind = PROCSRV_EVENT_TERMINAL, .pid = leader, .sid = sid,
		    .pgid = pgid, .detail = 0);
	/* The leader is gone, but is still reported as the leader. */
	ASSERT_EQ(0, terminate(self->fd, leader, 0, 0));
	ASSERT_EQ(0, reap(self->fd, self->root, leader));
	ASSERT_EQ(3, drain(self->reader));
	ASSERT_EQ(0, set_terminal(self->fd, sid, "pts/2"));
	EXPECT_NEXT(.kind = PROCSRV_EVENT_TERMINAL, .pid = leader, .sid = sid,
		    .detail = 1);
	/* A hang-up sends two signals. */
	ASSERT_EQ(0, signal_pid(self->fd, member, 19));
	ASSERT_EQ(2, drain(self->reader));
	EXPECT_EQ(0, call(self->fd, PROCSRV_IOC_HANG_UP,
			  &(struct procsrv_hang_up_args) { .sid = sid }));
	EXPECT_NEXT(.kind = PROCSRV_EVENT_SIGNAL, .pid = member, .sid = sid,
		    .pgid = pgid, .signo = 1);
	EXPECT_NEXT(.kind = PROCSRV_EVENT_SIGNAL, .pid = member, .sid = sid,
		    .pgid = pgid, .signo = 18);
	EXPECT_NEXT(.kind = PROCSRV_EVENT_STATE, .pid = member, .sid = sid,
		    .pgid = pgid, .signo = 18, .detail = PROCSRV_RUNNING);
}

TEST_F(events, limit)
{
	struct procsrv_limits limits = {
		.max_memory = 5,
		.max_cpu_time = 4,
		.max_threads = 6,
	};
	const __u32 others = PROCSRV_EVENT_BIT(PROCSRV_EVENT_LIMIT);

	ASSERT_EQ(0, subscribe(self->reader, 0, others, 0, 0, NULL));
	ASSERT_EQ(0, set_limits(self->fd, self->root, &limits));
	ASSERT_EQ(0, update(self->fd, self->root, PROCSRV_UPDATE_MEMORY, 0));
	EXPECT_NEXT(.kind = PROCSRV_EVENT_LIMIT, .pid = self->root, .value = 6,
		    .other = 5, .detail = PROCSRV_LIMIT_MEMORY);
	ASSERT_EQ(0, update(self->fd, self->root, PROCSRV_UPDATE_CPU_TIME, 0));
	EXPECT_NEXT(.kind = PROCSRV_EVENT_LIMIT, .pid = self->root, .value = 5,
		    .other = 4, .detail = PROCSRV_LIMIT_CPU_TIME);
	ASSERT_EQ(0, update(self->fd, self->root, PROCSRV_UPDATE_THREADS, 0));
	EXPECT_NEXT(.kind = PROCSRV_EVENT_LIMIT, .pid = self->root, .value = 7,
		    .other = 6, .detail = PROCSRV_LIMIT_THREADS);
	/* Reaching a limit is not passing it. */
	limits.max_memory = 6;
	limits.max_cpu_time = 5;
	limits.max_threads = 7;
	ASSERT_EQ(0, set_limits(self->fd, self->root, &limits));
	ASSERT_EQ(0, update(self->fd, self->root, 0x7, 0));
	expect_nothing(_metadata, self->reader);
}

TEST_HARNESS_MAIN
