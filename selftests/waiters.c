// SPDX-License-Identifier: GPL-2.0-only
/*
 * procsrv selftests - waits that sleep: woken, timed out, interrupted, killed
 */
#include "fixture.h"

#define EXITED PROCSRV_WAIT_EXITED
#define STOPPED PROCSRV_WAIT_STOPPED
#define CONTINUED PROCSRV_WAIT_CONTINUED

static struct procsrv_wait_args any_exit(__u64 parent)
{
	return wait_args(parent, PROCSRV_WAIT_ANY, 0, EXITED, 0);
}

static struct procsrv_wait_args any_exit_timed(__u64 parent, __u64 timeout)
{
	struct procsrv_wait_args args = any_exit(parent);

	args.flags = PROCSRV_WAIT_TIMEOUT;
	args.timeout = timeout;
	return args;
}

static void on_signal(int signo)
{
}

static void handle(int signo, int flags)
{
	struct sigaction action = {
		.sa_handler = on_signal,
		.sa_flags = flags,
	};

	sigaction(signo, &action, NULL);
}

TEST_F(procsrv, woken_by_an_exit)
{
	struct waiter w;
	__u64 pid;

	ASSERT_EQ(0, create(self->fd, self->root, &pid));
	ASSERT_EQ(0, waiter_start(&w, self->fd, any_exit(self->root)));
	ASSERT_TRUE(waiter_sleeps(&w));
	ASSERT_EQ(0, terminate(self->fd, pid, 17, 3));
	EXPECT_EQ(0, waiter_join(&w));
	EXPECT_EQ(pid, w.args.pid);
	EXPECT_EQ(EXITED, w.args.why);
	EXPECT_EQ(17, w.args.exit_code);
	EXPECT_EQ(3, w.args.exit_signal);
	EXPECT_EQ(-ESRCH, state_of(self->fd, pid));
}

TEST_F(procsrv, woken_by_a_signal_that_kills)
{
	const int signals[] = { 9, 15 };
	struct waiter w;
	__u64 pid;
	int i;

	for (i = 0; i < 2; i++) {
		ASSERT_EQ(0, create(self->fd, self->root, &pid));
		ASSERT_EQ(0, waiter_start(&w, self->fd, any_exit(self->root)));
		ASSERT_TRUE(waiter_sleeps(&w));
		ASSERT_EQ(0, signal_pid(self->fd, pid, signals[i]));
		EXPECT_EQ(0, waiter_join(&w));
		EXPECT_EQ(pid, w.args.pid);
		EXPECT_EQ(signals[i], w.args.exit_signal);
	}
}

TEST_F(procsrv, woken_by_stop_and_continuation)
{
	struct waiter w;
	__u64 pid;

	ASSERT_EQ(0, create(self->fd, self->root, &pid));
	ASSERT_EQ(0, waiter_start(&w, self->fd,
				  wait_args(self->root, PROCSRV_WAIT_PID, pid,
					    STOPPED, 0)));
	ASSERT_TRUE(waiter_sleeps(&w));
	ASSERT_EQ(0, signal_pid(self->fd, pid, 19));
	EXPECT_EQ(0, waiter_join(&w));
	EXPECT_EQ(STOPPED, w.args.why);
	ASSERT_EQ(0, waiter_start(&w, self->fd,
				  wait_args(self->root, PROCSRV_WAIT_PID, pid,
					    CONTINUED, 0)));
	ASSERT_TRUE(waiter_sleeps(&w));
	ASSERT_EQ(0, signal_pid(self->fd, pid, 18));
	EXPECT_EQ(0, waiter_join(&w));
	EXPECT_EQ(CONTINUED, w.args.why);
}

/* Events that do not match leave the waiter asleep. */
TEST_F(procsrv, woken_only_by_what_qualifies)
{
	struct waiter w;
	__u64 wanted, other;

	ASSERT_EQ(0, create(self->fd, self->root, &wanted));
	ASSERT_EQ(0, create(self->fd, self->root, &other));
	ASSERT_EQ(0, waiter_start(&w, self->fd,
				  wait_args(self->root, PROCSRV_WAIT_PID,
					    wanted, EXITED, 0)));
	ASSERT_TRUE(waiter_sleeps(&w));
	ASSERT_EQ(0, terminate(self->fd, other, 0, 0));
	ASSERT_EQ(0, signal_pid(self->fd, wanted, 19));
	ASSERT_EQ(0, signal_pid(self->fd, wanted, 18));
	ASSERT_TRUE(waiter_sleeps(&w));
	EXPECT_EQ(PROCSRV_ZOMBIE, state_of(self->fd, other));
	ASSERT_EQ(0, terminate(self->fd, wanted, 1, 0));
	EXPECT_EQ(0, waiter_join(&w));
	EXPECT_EQ(wanted, w.args.pid);
}

TEST_F(procsrv, waiting_shows_and_counts_as_sleeping)
{
	struct procsrv_stats before, during, after;
	struct waiter w, second;
	__u64 pid;

	ASSERT_EQ(0, create(self->fd, self->root, &pid));
	EXPECT_EQ(PROCSRV_RUNNING, state_of(self->fd, self->root));
	ASSERT_EQ(0, get_stats(self->fd, &before));
	ASSERT_EQ(0, waiter_start(&w, self->fd, any_exit(self->root)));
	ASSERT_TRUE(waiter_sleeps(&w));
	ASSERT_EQ(0, get_stats(self->fd, &during));
	EXPECT_EQ(before.running - 1, during.running);
	EXPECT_EQ(before.sleeping + 1, during.sleeping);
	EXPECT_EQ(before.total_processes, during.total_processes);
	/* With two waiters the process is still WAITING once. */
	ASSERT_EQ(0, waiter_start(&second, self->fd, any_exit(self->root)));
	ASSERT_TRUE(waiter_sleeps(&second));
	ASSERT_EQ(0, get_stats(self->fd, &during));
	EXPECT_EQ(before.sleeping + 1, during.sleeping);
	/* One waiter gets the child, and nothing is left for the other. */
	ASSERT_EQ(0, terminate(self->fd, pid, 0, 0));
	waiter_join(&w);
	waiter_join(&second);
	EXPECT_EQ(-ECHILD, w.ret + second.ret);
	EXPECT_EQ(PROCSRV_RUNNING, state_of(self->fd, self->root));
	ASSERT_EQ(0, get_stats(self->fd, &after));
	EXPECT_EQ(before.running - 1, after.running);
	EXPECT_EQ(before.sleeping, after.sleeping);
}

/* A process that was SLEEPING is SLEEPING again after the last wait. */
TEST_F(procsrv, waiting_goes_back_to_sleeping)
{
	struct procsrv_update_args sleeping = {
		.pid = self->root,
		.mask = PROCSRV_UPDATE_STATE,
		.state = PROCSRV_SLEEPING,
	};
	struct waiter w;
	__u64 pid;

	ASSERT_EQ(0, create(self->fd, self->root, &pid));
	ASSERT_EQ(0, call(self->fd, PROCSRV_IOC_UPDATE, &sleeping));
	ASSERT_EQ(0, waiter_start(&w, self->fd, any_exit(self->root)));
	ASSERT_TRUE(waiter_sleeps(&w));
	ASSERT_EQ(0, terminate(self->fd, pid, 0, 0));
	EXPECT_EQ(0, waiter_join(&w));
	EXPECT_EQ(PROCSRV_SLEEPING, state_of(self->fd, self->root));
}

/* Every waiter gets a child of its own, and no child is left. */
TEST_F(procsrv, several_waiters)
{
	enum { NR = 8 };
	struct waiter waiters[NR];
	__u64 pids[NR], sum = 0, got = 0;
	__s64 codes = 0;
	int i;

	for (i = 0; i < NR; i++) {
		ASSERT_EQ(0, create(self->fd, self->root, &pids[i]));
		sum += pids[i];
	}
	for (i = 0; i < NR; i++)
		ASSERT_EQ(0, waiter_start(&waiters[i], self->fd,
					  any_exit(self->root)));
	for (i = 0; i < NR; i++)
		ASSERT_TRUE(waiter_sleeps(&waiters[i]));
	for (i = 0; i < NR; i++)
		ASSERT_EQ(0, terminate(self->fd, pids[i], 1 << i, 0));
	for (i = 0; i < NR; i++) {
		EXPECT_EQ(0, waiter_join(&waiters[i]));
		got += waiters[i].args.pid;
		codes |= waiters[i].args.exit_code;
	}
	EXPECT_EQ(sum, got);
	EXPECT_EQ((1 << NR) - 1, codes);
}

/* One exit is seen by all waiters with NOWAIT. */
TEST_F(procsrv, several_waiters_that_only_look)
{
	enum { NR = 4 };
	struct procsrv_wait_args args = any_exit(self->root);
	struct waiter waiters[NR];
	__u64 pid;
	int i;

	args.flags = PROCSRV_WAIT_NOWAIT;
	ASSERT_EQ(0, create(self->fd, self->root, &pid));
	for (i = 0; i < NR; i++)
		ASSERT_EQ(0, waiter_start(&waiters[i], self->fd, args));
	for (i = 0; i < NR; i++)
		ASSERT_TRUE(waiter_sleeps(&waiters[i]));
	ASSERT_EQ(0, terminate(self->fd, pid, 0, 0));
	for (i = 0; i < NR; i++) {
		EXPECT_EQ(0, waiter_join(&waiters[i]));
		EXPECT_EQ(pid, waiters[i].args.pid);
	}
	EXPECT_EQ(PROCSRV_ZOMBIE, state_of(self->fd, pid));
}

/* A waiter for stops fails when no child is left that could stop. */
TEST_F(procsrv, last_child_exits)
{
	struct waiter w;
	__u64 pid;

	ASSERT_EQ(0, create(self->fd, self->root, &pid));
	ASSERT_EQ(0, waiter_start(&w, self->fd,
				  wait_args(self->root, PROCSRV_WAIT_ANY, 0,
					    STOPPED, 0)));
	ASSERT_TRUE(waiter_sleeps(&w));
	ASSERT_EQ(0, terminate(self->fd, pid, 0, 0));
	EXPECT_EQ(-ECHILD, waiter_join(&w));
	EXPECT_EQ(PROCSRV_ZOMBIE, state_of(self->fd, pid));
}

/* The process on whose behalf a caller waits exits. */
TEST_F(procsrv, parent_exits)
{
	struct waiter w;
	__u64 middle, pid;

	ASSERT_EQ(0, create(self->fd, self->root, &middle));
	ASSERT_EQ(0, create(self->fd, middle, &pid));
	ASSERT_EQ(0, waiter_start(&w, self->fd, any_exit(middle)));
	ASSERT_TRUE(waiter_sleeps(&w));
	ASSERT_EQ(0, terminate(self->fd, middle, 0, 0));
	EXPECT_EQ(-ESRCH, waiter_join(&w));
	EXPECT_EQ(PROCSRV_ZOMBIE, state_of(self->fd, middle));
	/* Even if it is reaped before the waiter runs. */
	ASSERT_EQ(0, create(self->fd, self->root, &middle));
	ASSERT_EQ(0, create(self->fd, middle, &pid));
	ASSERT_EQ(0, waiter_start(&w, self->fd, any_exit(middle)));
	ASSERT_TRUE(waiter_sleeps(&w));
	ASSERT_EQ(0, terminate(self->fd, middle, 0, 0));
	ASSERT_EQ(0, reap(self->fd, self->root, middle));
	EXPECT_EQ(-ESRCH, waiter_join(&w));
}

TEST_F(procsrv, init_waits_for_what_it_inherits)
{
	struct waiter w;
	__u64 middle, pid;

	ASSERT_EQ(0, create(self->fd, self->root, &middle));
	ASSERT_EQ(0, create(self->fd, middle, &pid));
	ASSERT_EQ(0, terminate(self->fd, pid, 33, 0));
	ASSERT_EQ(0, waiter_start(&w, self->fd, any_exit(PROCSRV_INIT_PID)));
	ASSERT_TRUE(waiter_sleeps(&w));
	ASSERT_EQ(0, terminate(self->fd, middle, 0, 0));
	EXPECT_EQ(0, waiter_join(&w));
	EXPECT_EQ(pid, w.args.pid);
	EXPECT_EQ(33, w.args.exit_code);
}

TEST_F(procsrv, timeout_is_not_early)
{
	const __u64 times[] = { 0, 1, 1000, 20 * MSEC, 150 * MSEC };
	struct procsrv_wait_args args, given;
	struct procsrv_stats before, after;
	struct waiter w;
	__u64 pid;
	int i;

	ASSERT_EQ(0, create(self->fd, self->root, &pid));
	ASSERT_EQ(0, get_stats(self->fd, &before));
	for (i = 0; i < ARRAY_SIZE(times); i++) {
		given = any_exit_timed(self->root, times[i]);
		ASSERT_EQ(0, waiter_start(&w, self->fd, given));
		ASSERT_TRUE(waiter_ends(&w));
		EXPECT_EQ(-ETIMEDOUT, waiter_join(&w));
		EXPECT_LE(times[i], w.ended - w.began);
		EXPECT_EQ(0, memcmp(&w.args, &given, sizeof(given)));
	}
	EXPECT_EQ(PROCSRV_RUNNING, state_of(self->fd, self->root));
	ASSERT_EQ(0, get_stats(self->fd, &after));
	EXPECT_EQ(0, memcmp(&before, &after, sizeof(after)));

	/* An existing exit is found with a timeout of 0. */
	ASSERT_EQ(0, terminate(self->fd, pid, 0, 0));
	args = any_exit_timed(self->root, 0);
	EXPECT_EQ(0, do_wait(self->fd, &args));
	/* If nothing can match, the wait fails at once. */
	args = any_exit_timed(self->root, 3600000ULL * MSEC);
	EXPECT_EQ(-ECHILD, do_wait(self->fd, &args));
}

/* More nanoseconds than the kernel's ktime_t can hold. */
TEST_F(procsrv, timeout_of_centuries)
{
	const __u64 times[] = { ~0ULL, 1ULL << 63, (1ULL << 63) - 1,
				3600000ULL * MSEC };
	struct waiter w;
	__u64 pid;
	int i;

	for (i = 0; i < ARRAY_SIZE(times); i++) {
		ASSERT_EQ(0, create(self->fd, self->root, &pid));
		ASSERT_EQ(0, waiter_start(&w, self->fd,
					  any_exit_timed(self->root,
							 times[i])));
		ASSERT_TRUE(waiter_sleeps(&w));
		ASSERT_EQ(0, terminate(self->fd, pid, 0, 0));
		EXPECT_EQ(0, waiter_join(&w));
	}
}

TEST_F(procsrv, interrupted)
{
	struct procsrv_wait_args given = any_exit(self->root);
	struct waiter w;
	__u64 pid;

	handle(SIGUSR1, 0);
	ASSERT_EQ(0, create(self->fd, self->root, &pid));
	ASSERT_EQ(0, waiter_start(&w, self->fd, given));
	ASSERT_TRUE(waiter_sleeps(&w));
	ASSERT_EQ(0, pthread_kill(w.thread, SIGUSR1));
	EXPECT_EQ(-EINTR, waiter_join(&w));
	EXPECT_EQ(0, memcmp(&w.args, &given, sizeof(given)));
	EXPECT_EQ(PROCSRV_RUNNING, state_of(self->fd, self->root));
}

TEST_F(procsrv, interrupted_leaves_the_time_that_was_left)
{
	const __u64 timeout = 3600000ULL * MSEC;
	const __u64 slept = 50 * MSEC;
	struct procsrv_wait_args given = any_exit_timed(self->root, timeout);
	struct waiter w;
	__u64 pid;

	handle(SIGUSR1, 0);
	ASSERT_EQ(0, create(self->fd, self->root, &pid));
	ASSERT_EQ(0, waiter_start(&w, self->fd, given));
	ASSERT_TRUE(waiter_sleeps(&w));
	pause_ns(slept);
	ASSERT_EQ(0, pthread_kill(w.thread, SIGUSR1));
	EXPECT_EQ(-EINTR, waiter_join(&w));
	EXPECT_GE(timeout - slept, w.args.timeout);
	EXPECT_LE(timeout - (w.ended - w.began), w.args.timeout);
	/* Nothing else was written. */
	given.timeout = w.args.timeout;
	EXPECT_EQ(0, memcmp(&w.args, &given, sizeof(given)));
}

TEST_F(procsrv, restarted)
{
	struct waiter w;
	__u64 pid;
	int i;

	handle(SIGUSR1, SA_RESTART);
	ASSERT_EQ(0, create(self->fd, self->root, &pid));
	ASSERT_EQ(0, waiter_start(&w, self->fd, any_exit(self->root)));
	for (i = 0; i < 5; i++) {
		ASSERT_TRUE(waiter_sleeps(&w));
		ASSERT_EQ(0, pthread_kill(w.thread, SIGUSR1));
	}
	ASSERT_TRUE(waiter_sleeps(&w));
	ASSERT_EQ(0, terminate(self->fd, pid, 2, 0));
	EXPECT_EQ(0, waiter_join(&w));
	EXPECT_EQ(pid, w.args.pid);
}

/*
 * A wait ends when its time is up, even if it is interrupted all the time: it
 * is restarted with the remaining time, not with the original one.
 */
TEST_F(procsrv, restarted_with_the_time_that_was_left)
{
	const __u64 timeout = 400 * MSEC;
	struct waiter w;
	__u64 pid;
	int i;

	handle(SIGUSR1, SA_RESTART);
	ASSERT_EQ(0, create(self->fd, self->root, &pid));
	ASSERT_EQ(0, waiter_start(&w, self->fd,
				  any_exit_timed(self->root, timeout)));
	ASSERT_TRUE(waiter_sleeps(&w));
	for (i = 0; i < PATIENCE / 20; i++) {
		if (__atomic_load_n(&w.ended, __ATOMIC_SEQ_CST))
			break;
		pthread_kill(w.thread, SIGUSR1);
		pause_ns(20 * MSEC);
	}
	ASSERT_EQ(0, terminate(self->fd, pid, 0, 0));
	EXPECT_EQ(-ETIMEDOUT, waiter_join(&w));
	EXPECT_LE(timeout, w.ended - w.began);
}

/* A caller that is stopped and continued goes on waiting. */
TEST_F(procsrv, caller_is_stopped)
{
	struct procsrv_wait_args args;
	__u64 pid;
	pid_t child;
	int status;

	ASSERT_EQ(0, create(self->fd, self->root, &pid));
	child = fork_tied();
	ASSERT_LE(0, child);
	if (!child) {
		args = any_exit_timed(self->root, 3600000ULL * MSEC);
		_exit(-do_wait(self->fd, &args));
	}
	ASSERT_TRUE(reaches_state(self->fd, self->root, PROCSRV_WAITING));
	ASSERT_EQ(0, kill(child, SIGSTOP));
	ASSERT_EQ(child, waitpid(child, &status, WUNTRACED));
	ASSERT_TRUE(WIFSTOPPED(status));
	ASSERT_EQ(0, kill(child, SIGCONT));
	ASSERT_TRUE(reaches_state(self->fd, self->root, PROCSRV_WAITING));
	ASSERT_EQ(0, terminate(self->fd, pid, 0, 0));
	EXPECT_EQ(0, child_status(child));
}

/* A sleeping caller that is killed ends at once, and so does its wait. */
TEST_F(procsrv, caller_is_killed)
{
	struct procsrv_wait_args args = any_exit(self->root);
	struct procsrv_stats before, after;
	__u64 pid;
	pid_t child;
	int status = 0, looks = 0;

	ASSERT_EQ(0, create(self->fd, self->root, &pid));
	ASSERT_EQ(0, get_stats(self->fd, &before));
	child = fork_tied();
	ASSERT_LE(0, child);
	if (!child)
		_exit(do_wait(self->fd, &args) ? 1 : 0);
	ASSERT_TRUE(reaches_state(self->fd, self->root, PROCSRV_WAITING));
	ASSERT_EQ(0, kill(child, SIGKILL));
	while (!waitpid(child, &status, WNOHANG))
		ASSERT_TRUE(look_again(&looks));
	EXPECT_TRUE(WIFSIGNALED(status));
	EXPECT_EQ(SIGKILL, WTERMSIG(status));
	EXPECT_EQ(PROCSRV_RUNNING, state_of(self->fd, self->root));
	ASSERT_EQ(0, get_stats(self->fd, &after));
	EXPECT_EQ(0, memcmp(&before, &after, sizeof(after)));
	/* It consumed nothing. */
	ASSERT_EQ(0, terminate(self->fd, pid, 0, 0));
	EXPECT_EQ(0, reap(self->fd, self->root, pid));
}

TEST_HARNESS_MAIN
