// SPDX-License-Identifier: GPL-2.0-only
/*
 * procsrv selftests - programs that are killed, fork, pass descriptors on, or
 * are interrupted by many signals, and attempts to unload the module
 */
#include <sys/wait.h>

#include "events.h"
#include "handles.h"
#include "sockets.h"
#include "tasks.h"

static int do_take(int fd, __u64 pid, struct procsrv_take_signal_args *args)
{
	*args = (struct procsrv_take_signal_args) {
		.pid = pid,
		.mask = ~0ULL,
	};
	return call(fd, PROCSRV_IOC_TAKE_SIGNAL, args);
}

static long take_task(struct task *task)
{
	struct procsrv_take_signal_args args;
	int ret = do_take(task->fd, *(__u64 *)task->data, &args);

	return ret ?: args.signo;
}

static long read_task(struct task *task)
{
	return next_kind(task->fd);
}

static long poll_task(struct task *task)
{
	return polled(task->fd, -1);
}

/*
 * Unloading
 */

/* As rmmod(8) does it. */
static int unload(void)
{
	return syscall(SYS_delete_module, "procsrv", O_NONBLOCK) ? -errno : 0;
}

/* Unloading is refused while tasks sleep in calls, and does not wake them. */
TEST_F(procsrv, unloading_is_refused)
{
	int server, handle, reader = open_device(), ring = open_device();
	struct task waits, takes, reads, polls, handles;
	struct procsrv_wait_args args;
	__u64 pid, other;

	ASSERT_EQ(0, create(self->fd, self->root, &pid));
	ASSERT_EQ(0, subscribe_to_all(reader));
	ASSERT_EQ(0, subscribe_to_all(ring));
	server = new_server(self->fd);
	ASSERT_EQ(0, create(server, PROCSRV_INIT_PID, &other));
	handle = open_process(self->fd, pid, 0);
	ASSERT_LE(0, handle);
	args = wait_args(self->root, PROCSRV_WAIT_ANY, 0, PROCSRV_WAIT_EXITED,
			 0);
	ASSERT_EQ(0, task_start(&waits, self->fd, wait_task, &args));
	ASSERT_EQ(0, task_start(&takes, self->fd, take_task, &pid));
	ASSERT_EQ(0, task_start(&reads, reader, read_task, NULL));
	ASSERT_EQ(0, task_start(&polls, ring, poll_task, NULL));
	ASSERT_EQ(0, task_start(&handles, handle, poll_task, NULL));
	ASSERT_TRUE(task_is_asleep(&waits));
	ASSERT_TRUE(task_is_asleep(&takes));
	ASSERT_TRUE(task_is_asleep(&reads));
	ASSERT_TRUE(task_is_asleep(&polls));
	ASSERT_TRUE(task_is_asleep(&handles));

	EXPECT_EQ(-EWOULDBLOCK, unload());
	EXPECT_TRUE(task_is_asleep(&waits));
	EXPECT_TRUE(task_is_asleep(&takes));
	EXPECT_TRUE(task_is_asleep(&reads));
	EXPECT_TRUE(task_is_asleep(&polls));
	EXPECT_TRUE(task_is_asleep(&handles));
	EXPECT_EQ(PROCSRV_RUNNING, state_of(server, other));

	ASSERT_EQ(0, signal_pid(self->fd, pid, 10));
	EXPECT_EQ(10, task_join(&takes));
	EXPECT_EQ(PROCSRV_EVENT_SIGNAL, task_join(&reads));
	EXPECT_EQ(POLLIN, task_join(&polls));
	ASSERT_EQ(0, terminate(self->fd, pid, 3, 0));
	EXPECT_EQ(0, task_join(&waits));
	EXPECT_EQ(3, args.exit_code);
	EXPECT_EQ(POLLIN, task_join(&handles));
	close(handle);
	close(server);
}

/*
 * Clients that are killed
 */

enum { KILLS = 200, OPS = 40 };

/* A client, which only uses processes below one of the test. */
struct client {
	int fd;
	__u64 top;
	__u64 seed;
	__u64 pids[64];
	int nr;
};

static __u32 pick(struct client *c, __u32 n)
{
	c->seed = c->seed * 6364136223846793005ULL + 1442695040888963407ULL;
	return (c->seed >> 33) % n;
}

static __u64 pick_pid(struct client *c)
{
	return c->nr ? c->pids[pick(c, c->nr)] : c->top;
}

static void some_create(struct client *c)
{
	__u64 pid, parent = pick(c, 3) ? c->top : pick_pid(c);
	int ret = pick(c, 2) ? create_tied(c->fd, parent, &pid) :
			       create(c->fd, parent, &pid);

	if (!ret)
		c->pids[c->nr++ % ARRAY_SIZE(c->pids)] = pid;
	if (c->nr == ARRAY_SIZE(c->pids))
		c->nr = 1;
}

static void some_wait(struct client *c)
{
	struct procsrv_wait_args args =
		wait_args(pick(c, 2) ? c->top : pick_pid(c), PROCSRV_WAIT_ANY,
			  0, PROCSRV_WAIT_EXITED, 0);

	switch (pick(c, 4)) {
	case 0:		/* possibly until it is killed */
		break;
	case 1:
		args.flags = PROCSRV_WAIT_NOHANG;
		break;
	default:
		args.flags = PROCSRV_WAIT_TIMEOUT;
		args.timeout = pick(c, MSEC);
	}
	do_wait(c->fd, &args);
}

static void some_take(struct client *c)
{
	struct procsrv_take_signal_args args = {
		.pid = pick_pid(c),
		.mask = ~0ULL,
		.flags = PROCSRV_TAKE_TIMEOUT,
		.timeout = pick(c, MSEC),
	};

	call(c->fd, PROCSRV_IOC_TAKE_SIGNAL, &args);
}

static void some_signal(struct client *c)
{
	static const int signals[] = { 0, 1, 9, 10, 12, 15, 18, 19 };

	/* Not to all, which would include processes of other programs. */
	send_signal(c->fd, 0, pick(c, 2) ? PROCSRV_TARGET_PID :
					   PROCSRV_TARGET_TREE,
		    pick_pid(c), signals[pick(c, ARRAY_SIZE(signals))], NULL);
}

static void some_list(struct client *c)
{
	static __u64 pids[1024];
	__u64 cursor = 0;

	list_pids(c->fd, PROCSRV_LIST_ALL, 0, &cursor, pids, ARRAY_SIZE(pids));
}

static void some_batch(struct client *c)
{
	static struct procsrv_batch_op ops[OPS];
	struct procsrv_batch_args args = {
		.ops = to_u64(ops),
		.op_size = sizeof(ops[0]),
		.count = OPS,
	};
	struct procsrv_create_args create = {
		.parent = c->top,
		.name = to_u64("batched"),
		.flags = pick(c, 2) ? PROCSRV_CREATE_TIED : 0,
	};
	int i;

	for (i = 0; i < OPS; i++) {
		ops[i].cmd = PROCSRV_IOC_CREATE;
		memcpy(ops[i].args, &create, sizeof(create));
	}
	call(c->fd, PROCSRV_IOC_BATCH, &args);
}

static void some_group(struct client *c)
{
	__u32 sid, pgid;

	if (pick(c, 2))
		create_session(c->fd, pick_pid(c), &sid, &pgid);
	else
		create_group(c->fd, 0, pick_pid(c), 0, &pgid);
}

static void some_file(struct client *c)
{
	int fd = pick(c, 3) ? open_process(c->fd, pick_pid(c), 0) :
			      new_server(c->fd);
	__u64 pid;

	if (fd >= 0 && pick(c, 2)) {
		create(fd, PROCSRV_INIT_PID, &pid);
		close(fd);
	}
}

static void some_change(struct client *c)
{
	struct procsrv_limits limits;
	__u64 pid = pick_pid(c);

	do_exec(c->fd, pid, "executed");
	if (!get_limits(c->fd, pid, &limits))
		set_limits(c->fd, pid, &limits);
	subscribe_to_all(c->fd);
}

static void some_end(struct client *c)
{
	terminate(c->fd, pick_pid(c), 1, 0);
}

static void (*const some[])(struct client *c) = {
	some_create, some_create, some_wait, some_take, some_signal,
	some_list, some_batch, some_group, some_file, some_change, some_end,
};

/* Runs until it is killed. */
static void client_run(__u64 top, __u64 seed, bool *begun)
{
	struct client c = {
		.fd = open_device(),
		.top = top,
		.seed = seed,
	};

	__atomic_store_n(begun, true, __ATOMIC_SEQ_CST);
	for (;;)
		some[pick(&c, ARRAY_SIZE(some))](&c);
}

/* No tied processes are left. Ends and reaps the others. */
static void clear_client(struct __test_metadata *_metadata, int fd,
			 __u64 root, __u64 top)
{
	struct procsrv_reap_args args = {};
	struct procsrv_info info;
	__u64 pids[64], cursor = top;
	int i, n;

	do {
		n = list_pids(fd, PROCSRV_LIST_ALL, 0, &cursor, pids,
			      ARRAY_SIZE(pids));
		ASSERT_LE(0, n);
		for (i = 0; i < n; i++) {
			ASSERT_EQ(0, get_info(fd, pids[i], &info));
			EXPECT_FALSE(info.flags & PROCSRV_INFO_TIED);
			EXPECT_NE(PROCSRV_WAITING, info.state);
			terminate(fd, pids[i], 0, 0);
		}
	} while (n == ARRAY_SIZE(pids));
	terminate(fd, top, 0, 0);
	EXPECT_EQ(0, reap(fd, root, top));
	ASSERT_EQ(0, call(fd, PROCSRV_IOC_REAP, &args));
}

TEST_F(procsrv, killed_at_any_moment)
{
	struct procsrv_stats before, after;
	__u64 top, seed = now_ns();
	pid_t child;
	bool *begun;
	int i;

	begun = mmap(NULL, 4096, PROT_READ | PROT_WRITE,
		     MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	ASSERT_NE(MAP_FAILED, begun);
	ASSERT_EQ(0, get_stats(self->fd, &before));
	for (i = 0; i < KILLS; i++) {
		ASSERT_EQ(0, create(self->fd, self->root, &top));
		*begun = false;
		child = fork_tied();
		ASSERT_LE(0, child);
		if (!child)
			client_run(top, seed + i, begun);
		while (!__atomic_load_n(begun, __ATOMIC_SEQ_CST))
			sched_yield();
		pause_ns((seed >> (i % 16)) % (4 * MSEC));
		ASSERT_EQ(SIGKILL, killed(child));
		clear_client(_metadata, self->fd, self->root, top);
		ASSERT_EQ(0, get_stats(self->fd, &after));
		EXPECT_EQ(before.total_processes, after.total_processes);
		EXPECT_EQ(before.running, after.running);
		EXPECT_EQ(before.sleeping, after.sleeping);
		EXPECT_EQ(before.stopped, after.stopped);
		EXPECT_EQ(before.zombies, after.zombies);
		EXPECT_EQ(before.sessions, after.sessions);
		EXPECT_EQ(before.process_groups, after.process_groups);
		EXPECT_EQ(before.orphans, after.orphans);
		EXPECT_EQ(after.total_created - before.total_created,
			  after.total_exited - before.total_exited);
		ASSERT_TRUE(_metadata->passed)
			TH_LOG("client %d of seed %llu", i, seed);
	}
	TH_LOG("%d clients killed, %llu processes created by them", KILLS,
	       after.total_created - before.total_created - KILLS);
}

/*
 * fork(), and descriptors that are passed on
 */

/* A descriptor that a child has closed is still open in the parent. */
TEST_F(procsrv, child_closes)
{
	int fd = open_device();
	pid_t child;
	__u64 pid;

	ASSERT_EQ(0, create_tied(fd, self->root, &pid));
	child = fork_tied();
	ASSERT_LE(0, child);
	if (!child)
		_exit(close(fd));
	ASSERT_EQ(0, child_status(child));
	EXPECT_EQ(PROCSRV_RUNNING, state_of(self->fd, pid));
	ASSERT_EQ(0, close(fd));
	EXPECT_EQ(PROCSRV_ZOMBIE, state_of(self->fd, pid));
}

/* The child sleeps in a call while its parent closes the descriptor. */
TEST_F(procsrv, child_sleeps_while_the_parent_closes)
{
	int fd = open_device();
	__u64 tied, other;
	pid_t child;

	ASSERT_EQ(0, create_tied(fd, self->root, &tied));
	ASSERT_EQ(0, create(fd, self->root, &other));
	child = fork_tied();
	ASSERT_LE(0, child);
	if (!child) {
		struct procsrv_wait_args args =
			wait_args(self->root, PROCSRV_WAIT_PID, other,
				  PROCSRV_WAIT_EXITED, 0);

		_exit(do_wait(fd, &args) ? 100 : args.exit_code);
	}
	ASSERT_TRUE(reaches_state(self->fd, self->root, PROCSRV_WAITING));
	ASSERT_EQ(0, close(fd));
	EXPECT_EQ(PROCSRV_RUNNING, state_of(self->fd, tied));
	EXPECT_EQ(PROCSRV_WAITING, state_of(self->fd, self->root));
	ASSERT_EQ(0, terminate(self->fd, other, 7, 0));
	EXPECT_EQ(7, child_status(child));
	EXPECT_EQ(PROCSRV_ZOMBIE, state_of(self->fd, tied));
}

/* A descriptor that was never received from the socket. */
TEST_F(procsrv, lost_in_a_socket)
{
	int sockets[2], fd = open_device(), server = new_server(self->fd);
	int handle;
	__u64 tied, pid;

	ASSERT_EQ(0, socketpair(AF_UNIX, SOCK_STREAM, 0, sockets));
	ASSERT_EQ(0, create_tied(fd, self->root, &tied));
	ASSERT_EQ(0, create(server, PROCSRV_INIT_PID, &pid));
	handle = open_process(server, pid, 0);
	ASSERT_LE(0, handle);
	ASSERT_EQ(0, pass_fd(sockets[0], fd));
	ASSERT_EQ(0, pass_fd(sockets[0], server));
	ASSERT_EQ(0, pass_fd(sockets[0], handle));
	ASSERT_EQ(0, close(fd));
	ASSERT_EQ(0, close(server));
	ASSERT_EQ(0, close(sockets[0]));
	EXPECT_EQ(PROCSRV_RUNNING, state_of(self->fd, tied));
	EXPECT_EQ(0, polled(handle, 0));
	ASSERT_EQ(0, close(sockets[1]));
	EXPECT_TRUE(reaches_state(self->fd, tied, PROCSRV_ZOMBIE));
	EXPECT_EQ(POLLIN, polled(handle, 60000));
	ASSERT_EQ(0, close(handle));
}

/* The socket is in flight in itself, so Linux has to collect it as garbage. */
TEST_F(procsrv, lost_in_a_circle_of_sockets)
{
	int sockets[2], fd = open_device();
	__u64 tied;

	ASSERT_EQ(0, socketpair(AF_UNIX, SOCK_STREAM, 0, sockets));
	ASSERT_EQ(0, create_tied(fd, self->root, &tied));
	ASSERT_EQ(0, pass_fd(sockets[0], fd));
	ASSERT_EQ(0, pass_fd(sockets[0], sockets[1]));
	ASSERT_EQ(0, close(fd));
	EXPECT_EQ(PROCSRV_RUNNING, state_of(self->fd, tied));
	ASSERT_EQ(0, close(sockets[1]));
	ASSERT_EQ(0, close(sockets[0]));
	EXPECT_TRUE(reaches_state(self->fd, tied, PROCSRV_ZOMBIE));
}

/*
 * Many signals to sleeping threads
 */

enum {
	SLEEPERS = 4,
	LIVES = 400,
	RESTARTS = SIGUSR1,	/* handled with SA_RESTART */
	INTERRUPTS = SIGUSR2,	/* handled without it */
};

/* A thread that waits, or takes signals, until that fails. */
struct sleeper {
	struct task task;
	__u64 pid;
	__u64 count;
	__u64 sum;
	__u64 interrupted;
};

static bool goes_on(struct sleeper *s, int ret)
{
	s->interrupted += ret == -EINTR;
	return !ret || ret == -EINTR || ret == -ETIMEDOUT;
}

static long wait_in_the_rain(struct task *task)
{
	struct sleeper *s = task->data;
	struct procsrv_wait_args args;
	int ret, n = 0;

	do {
		args = wait_args(s->pid, PROCSRV_WAIT_ANY, 0,
				 PROCSRV_WAIT_EXITED, 0);
		if (n++ % 2) {
			args.flags = PROCSRV_WAIT_TIMEOUT;
			args.timeout = 3 * MSEC;
		}
		ret = do_wait(task->fd, &args);
		if (!ret) {
			s->count++;
			s->sum += args.exit_code;
		}
	} while (goes_on(s, ret));
	return ret;
}

static long take_in_the_rain(struct task *task)
{
	struct sleeper *s = task->data;
	struct procsrv_take_signal_args args;
	int ret;

	do {
		ret = do_take(task->fd, s->pid, &args);
		if (!ret)
			s->count += args.count;
	} while (goes_on(s, ret));
	return ret;
}

struct rain {
	struct sleeper sleepers[2 * SLEEPERS];
	bool over;
};

/* Sends some thousand signals per second, of both kinds. */
static void *let_it_rain(void *data)
{
	struct rain *rain = data;
	struct task *task;
	int i, n = 0;

	while (!__atomic_load_n(&rain->over, __ATOMIC_SEQ_CST)) {
		for (i = 0; i < 2 * SLEEPERS; i++) {
			task = &rain->sleepers[i].task;
			if (!task_is_done(task))
				pthread_kill(task->thread, n % 2 ? RESTARTS :
								   INTERRUPTS);
			n++;
		}
		n++;
		pause_ns(MSEC / 4);
	}
	return NULL;
}

/* Every exit is reported once, and every signal is taken once. */
TEST_F(procsrv, signals_rain_on_sleepers)
{
	static struct rain rain;
	__u64 pid, keeper, sum = 0, exits = 0, taken = 0, interrupted = 0;
	struct sleeper *s = rain.sleepers;
	pthread_t thread;
	int i;

	interrupt_by(RESTARTS, SA_RESTART);
	interrupt_by(INTERRUPTS, 0);
	ASSERT_EQ(0, create(self->fd, self->root, &keeper));
	for (i = 0; i < 2 * SLEEPERS; i++) {
		s[i].pid = i < SLEEPERS ? self->root : keeper;
		ASSERT_EQ(0, task_start(&s[i].task, self->fd,
					i < SLEEPERS ? wait_in_the_rain :
						       take_in_the_rain,
					&s[i]));
	}
	ASSERT_EQ(0, pthread_create(&thread, NULL, let_it_rain, &rain));
	for (i = 1; i <= LIVES; i++) {
		ASSERT_EQ(0, create(self->fd, self->root, &pid));
		ASSERT_EQ(0, signal_pid(self->fd, keeper, 1 + i % 8));
		ASSERT_EQ(0, terminate(self->fd, pid, i, 0));
		if (i % 8 == 0)
			pause_ns(MSEC);
	}
	/* The exit of the keeper ends all takes, and then all waits. */
	while (state_of(self->fd, keeper) == PROCSRV_RUNNING) {
		struct procsrv_info info;

		ASSERT_EQ(0, get_info(self->fd, keeper, &info));
		if (!info.pending)
			ASSERT_EQ(0, terminate(self->fd, keeper, 0, 0));
	}
	for (i = 0; i < 2 * SLEEPERS; i++) {
		EXPECT_EQ(i < SLEEPERS ? -ECHILD : -ESRCH,
			  task_join(&s[i].task));
		if (i < SLEEPERS)
			exits += s[i].count;
		else
			taken += s[i].count;
		sum += s[i].sum;
		interrupted += s[i].interrupted;
	}
	__atomic_store_n(&rain.over, true, __ATOMIC_SEQ_CST);
	pthread_join(thread, NULL);
	/* The keeper's own exit is reported as well. */
	EXPECT_EQ(LIVES + 1, exits);
	EXPECT_EQ((__u64)LIVES * (LIVES + 1) / 2, sum);
	EXPECT_EQ(LIVES, taken);
	EXPECT_LT(0, interrupted);
	EXPECT_EQ(PROCSRV_RUNNING, state_of(self->fd, self->root));
	TH_LOG("%llu calls were interrupted", interrupted);
}

TEST_HARNESS_MAIN
