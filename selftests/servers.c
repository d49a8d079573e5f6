// SPDX-License-Identifier: GPL-2.0-only
/*
 * procsrv selftests - private servers
 */
#include "events.h"
#include "hosts.h"
#include "tasks.h"

static long read_task(struct task *task)
{
	return next_kind(task->fd);
}

/* Reads a counter from sysfs. */
static unsigned long long shown(const char *name)
{
	unsigned long long value = ~0ULL;
	char path[64];
	FILE *file;

	snprintf(path, sizeof(path), "/sys/kernel/procsrv/%s", name);
	file = fopen(path, "r");
	if (!file)
		return value;
	if (fscanf(file, "%llu", &value) != 1)
		value = ~0ULL;
	fclose(file);
	return value;
}

TEST_F(procsrv, fresh)
{
	struct procsrv_stats stats, expected = {
		.total_processes = 1,
		.running = 1,
	};
	__u64 pids[2], cursor = 0;
	struct procsrv_info info;
	int server = new_server(self->fd);

	ASSERT_LE(0, server);
	EXPECT_EQ(FD_CLOEXEC, fcntl(server, F_GETFD));
	EXPECT_EQ(O_RDWR, fcntl(server, F_GETFL) & (O_ACCMODE | O_NONBLOCK));
	ASSERT_EQ(0, get_stats(server, &stats));
	EXPECT_EQ(0, memcmp(&stats, &expected, sizeof(stats)));
	EXPECT_EQ(1, list_pids(server, PROCSRV_LIST_ALL, 0, &cursor, pids, 2));
	ASSERT_EQ(0, get_info(server, PROCSRV_INIT_PID, &info));
	EXPECT_STREQ("init", info.name);
	EXPECT_EQ(0, info.seq);
	EXPECT_EQ(PROCSRV_INFO_REAPER, info.flags);
	ASSERT_EQ(0, close(server));
}

/* Each server has its own ids, and does not affect others. */
TEST_F(procsrv, independent)
{
	unsigned long long running = shown("running");
	struct procsrv_stats before, after;
	__u32 sid, pgid;
	int a, b;
	__u64 pid;

	ASSERT_EQ(0, get_stats(self->fd, &before));
	a = new_server(self->fd);
	ASSERT_LE(0, a);
	b = new_server(a);
	ASSERT_LE(0, b);
	ASSERT_EQ(0, create(a, PROCSRV_INIT_PID, &pid));
	EXPECT_EQ(2, pid);
	EXPECT_EQ(-ESRCH, state_of(b, pid));
	ASSERT_EQ(0, create(b, PROCSRV_INIT_PID, &pid));
	EXPECT_EQ(2, pid);
	ASSERT_EQ(0, create_session(b, pid, &sid, &pgid));
	EXPECT_EQ(1, sid);
	EXPECT_EQ(1, pgid);
	ASSERT_EQ(0, terminate(b, pid, 0, 0));
	EXPECT_EQ(PROCSRV_RUNNING, state_of(a, pid));
	ASSERT_EQ(0, get_stats(self->fd, &after));
	EXPECT_EQ(0, memcmp(&before, &after, sizeof(after)));
	/* sysfs shows the device's server. */
	EXPECT_EQ(running, shown("running"));
	EXPECT_EQ(before.total_created, shown("total_created"));
	/* A server does not depend on the server that it was created on. */
	ASSERT_EQ(0, close(a));
	EXPECT_EQ(PROCSRV_ZOMBIE, state_of(b, pid));
	ASSERT_EQ(0, create(b, PROCSRV_INIT_PID, &pid));
	EXPECT_EQ(3, pid);
	ASSERT_EQ(0, close(b));
}

/* Readers of another server see nothing of this one. */
TEST_F(procsrv, events)
{
	int server = new_server(self->fd), global = open_reader();
	struct procsrv_event event;
	__u64 pid;

	ASSERT_LE(0, server);
	ASSERT_EQ(0, fcntl(server, F_SETFL, O_NONBLOCK));
	ASSERT_EQ(0, subscribe_to_all(server));
	ASSERT_EQ(0, subscribe_to_all(global));
	ASSERT_EQ(0, create(server, PROCSRV_INIT_PID, &pid));
	expect_nothing(_metadata, global);
	ASSERT_EQ(1, read_events(server, &event, 1));
	EXPECT_EQ(1, event.seq);
	EXPECT_EQ(PROCSRV_EVENT_CREATE, event.kind);
	ASSERT_EQ(0, create(self->fd, self->root, &pid));
	expect_nothing(_metadata, server);
	EXPECT_EQ(1, drain(global));
	ASSERT_EQ(0, close(server));
	expect_nothing(_metadata, global);
	ASSERT_EQ(0, close(global));
}

/* A handle outlives its server, and reports that live processes were killed. */
TEST_F(procsrv, handles_tell_of_the_end)
{
	struct procsrv_exit_record record;
	int server = new_server(self->fd), live, zombie, dead;
	__u64 pids[3];
	int i;

	ASSERT_LE(0, server);
	for (i = 0; i < 3; i++)
		ASSERT_EQ(0, create(server, PROCSRV_INIT_PID, &pids[i]));
	live = open_process(server, pids[0], PROCSRV_OPEN_NONBLOCK);
	zombie = open_process(server, pids[1], PROCSRV_OPEN_NONBLOCK);
	dead = open_process(server, pids[2], PROCSRV_OPEN_NONBLOCK);
	ASSERT_EQ(0, terminate(server, pids[1], 1, 0));
	ASSERT_EQ(0, terminate(server, pids[2], 2, 0));
	ASSERT_EQ(0, reap(server, PROCSRV_INIT_PID, pids[2]));
	EXPECT_EQ(0, polled(live, 0));
	ASSERT_EQ(0, close(server));
	EXPECT_EQ(POLLIN, polled(live, 0));
	ASSERT_EQ(0, read_record(live, &record));
	EXPECT_EQ(pids[0], record.pid);
	EXPECT_EQ(-9, record.exit_code);
	EXPECT_EQ(9, record.exit_signal);
	ASSERT_EQ(0, read_record(zombie, &record));
	EXPECT_EQ(1, record.exit_code);
	ASSERT_EQ(0, read_record(dead, &record));
	EXPECT_EQ(2, record.exit_code);
	EXPECT_EQ(PROCSRV_DEAD, record.state);
	ASSERT_EQ(0, close(live));
	ASSERT_EQ(0, close(zombie));
	ASSERT_EQ(0, close(dead));
}

/* Sleeping calls pin the server, which ends after them. */
TEST_F(procsrv, closed_under_sleepers)
{
	struct procsrv_wait_args args;
	int server = new_server(self->fd), h;
	struct task waiter, reader;
	__u64 pid;

	ASSERT_LE(0, server);
	ASSERT_EQ(0, create(server, PROCSRV_INIT_PID, &pid));
	h = open_process(server, pid, PROCSRV_OPEN_NONBLOCK);
	ASSERT_LE(0, h);
	args = wait_args(PROCSRV_INIT_PID, PROCSRV_WAIT_ANY, 0,
			 PROCSRV_WAIT_EXITED, 0);
	interrupt_by(SIGUSR1, 0);
	ASSERT_EQ(0, task_start(&waiter, server, wait_task, &args));
	ASSERT_EQ(0, task_start(&reader, server, read_task, NULL));
	ASSERT_TRUE(task_is_asleep(&waiter));
	ASSERT_TRUE(task_is_asleep(&reader));
	ASSERT_EQ(0, close(server));
	EXPECT_EQ(0, polled(h, 0));
	ASSERT_EQ(0, pthread_kill(waiter.thread, SIGUSR1));
	EXPECT_EQ(-EINTR, task_join(&waiter));
	EXPECT_EQ(0, polled(h, 0));
	ASSERT_EQ(0, pthread_kill(reader.thread, SIGUSR1));
	EXPECT_EQ(-EINTR, task_join(&reader));
	EXPECT_EQ(POLLIN, polled(h, 3600 * 1000));
	ASSERT_EQ(0, close(h));
}

/* Processes of a private server, tied through a copy of its descriptor. */
TEST_F(procsrv, tied)
{
	int server = new_server(self->fd), copy, h;
	struct procsrv_info info;
	__u64 pid;

	ASSERT_LE(0, server);
	ASSERT_EQ(0, create_tied(server, PROCSRV_INIT_PID, &pid));
	ASSERT_EQ(0, get_info(server, pid, &info));
	EXPECT_EQ(PROCSRV_INFO_TIED, info.flags);
	h = open_process(server, pid, 0);
	copy = dup(server);
	ASSERT_LE(0, copy);
	ASSERT_EQ(0, close(server));
	EXPECT_EQ(PROCSRV_RUNNING, state_of(copy, pid));
	ASSERT_EQ(0, close(copy));
	EXPECT_EQ(POLLIN, polled(h, 0));
	ASSERT_EQ(0, close(h));
}

/* Servers that end with all kinds of objects in them. */
TEST_F(procsrv, many_at_once)
{
	enum { NR = 100 };
	int servers[NR], i;
	struct procsrv_stats stats;
	__u32 sid, pgid;
	__u64 pid, child;

	for (i = 0; i < NR; i++) {
		servers[i] = new_server(i ? servers[i - 1] : self->fd);
		ASSERT_LE(0, servers[i]);
		ASSERT_EQ(0, create(servers[i], PROCSRV_INIT_PID, &pid));
		ASSERT_EQ(0, create_session(servers[i], pid, &sid, &pgid));
		ASSERT_EQ(0, set_terminal(servers[i], sid, "tty"));
		ASSERT_EQ(0, create_as(servers[i], pid, "child", i, i, &child));
		ASSERT_EQ(0, signal_pid(servers[i], child, 10));
		ASSERT_EQ(0, create(servers[i], child, &child));
		ASSERT_EQ(0, signal_pid(servers[i], child, 19));
		ASSERT_EQ(0, subscribe_to_all(servers[i]));
	}
	for (i = 0; i < NR; i++) {
		ASSERT_EQ(0, get_stats(servers[i], &stats));
		EXPECT_EQ(4, stats.total_processes);
		EXPECT_EQ(1, stats.stopped);
		ASSERT_EQ(0, close(servers[i]));
	}
}

static __u64 parent_of(int fd, __u64 pid)
{
	struct procsrv_info info;

	return get_info(fd, pid, &info) ? 0 : info.ppid;
}

/* In a private server the caller may choose pids. */
TEST_F(procsrv, given_pids)
{
	int server = new_server(self->fd);
	struct procsrv_stats before, after;
	__u64 pid;

	ASSERT_LE(0, server);
	EXPECT_EQ(0, create_given(server, PROCSRV_INIT_PID, 4711));
	EXPECT_EQ(0, create_given(server, 4711, 17));
	EXPECT_EQ(4711, parent_of(server, 17));
	ASSERT_EQ(0, get_stats(server, &before));
	EXPECT_EQ(-EEXIST, create_given(server, PROCSRV_INIT_PID, 17));
	EXPECT_EQ(-EEXIST, create_given(server, 17, PROCSRV_INIT_PID));
	EXPECT_EQ(-EINVAL, create_given(server, PROCSRV_INIT_PID, 0));
	EXPECT_EQ(-EINVAL, create_given(server, PROCSRV_INIT_PID, ~0ULL));
	EXPECT_EQ(-ESRCH, create_given(server, 18, 19));
	ASSERT_EQ(0, get_stats(server, &after));
	EXPECT_EQ(0, memcmp(&before, &after, sizeof(after)));
	ASSERT_EQ(0, create(server, PROCSRV_INIT_PID, &pid));
	EXPECT_EQ(4712, pid);
	ASSERT_EQ(0, terminate(server, 17, 0, 0));
	EXPECT_EQ(-EEXIST, create_given(server, PROCSRV_INIT_PID, 17));
	ASSERT_EQ(0, reap(server, 4711, 17));
	EXPECT_EQ(0, create_given(server, PROCSRV_INIT_PID, 17));
	EXPECT_EQ(PROCSRV_INIT_PID, parent_of(server, 17));
	EXPECT_EQ(0, close(server));

	/* On the device's server, the caller cannot choose pids. */
	ASSERT_EQ(0, get_stats(self->fd, &before));
	EXPECT_EQ(-EOPNOTSUPP, create_given(self->fd, PROCSRV_INIT_PID, 4711));
	ASSERT_EQ(0, get_stats(self->fd, &after));
	EXPECT_EQ(0, memcmp(&before, &after, sizeof(after)));
}

/* A private server cannot be opened again through /proc. */
TEST_F(procsrv, not_opened_by_name)
{
	int server = new_server(self->fd), again;
	char path[64];

	ASSERT_LE(0, server);
	snprintf(path, sizeof(path), "/proc/self/fd/%d", server);
	again = open(path, O_RDWR | O_CLOEXEC);
	EXPECT_EQ(-1, again);
	ASSERT_EQ(0, close(server));
}

TEST_HARNESS_MAIN
