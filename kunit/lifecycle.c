// SPDX-License-Identifier: GPL-2.0-only
/*
 * Create, exec, terminate
 */
#include <linux/string.h>

#include "common.h"

static void fresh_server_has_only_init(struct kunit *test)
{
	struct procsrv_info info = info_of(test, PROCSRV_INIT_PID);
	struct procsrv_stats s = stats_of(test);

	KUNIT_EXPECT_EQ(test, s.total_processes, 1);
	KUNIT_EXPECT_EQ(test, s.running, 1);
	KUNIT_EXPECT_EQ(test, s.sleeping, 0);
	KUNIT_EXPECT_EQ(test, s.stopped, 0);
	KUNIT_EXPECT_EQ(test, s.zombies, 0);
	KUNIT_EXPECT_EQ(test, s.total_created, 0);
	KUNIT_EXPECT_EQ(test, s.total_exited, 0);
	KUNIT_EXPECT_EQ(test, s.sessions, 0);
	KUNIT_EXPECT_EQ(test, s.process_groups, 0);
	KUNIT_EXPECT_EQ(test, s.orphans, 0);

	KUNIT_EXPECT_EQ(test, info.pid, 1);
	KUNIT_EXPECT_EQ(test, info.ppid, 0);
	KUNIT_EXPECT_EQ(test, info.sid, 0);
	KUNIT_EXPECT_EQ(test, info.pgid, 0);
	KUNIT_EXPECT_EQ(test, info.uid, 0);
	KUNIT_EXPECT_EQ(test, info.gid, 0);
	KUNIT_EXPECT_EQ(test, info.state, PROCSRV_RUNNING);
	KUNIT_EXPECT_EQ(test, info.priority, PROCSRV_PRIO_NORMAL);
	KUNIT_EXPECT_EQ(test, info.thread_count, 1);
	KUNIT_EXPECT_STREQ(test, info.name, "init");
}

static void new_process_has_defaults(struct kunit *test)
{
	u64 pid = make_process(test, PROCSRV_INIT_PID);
	struct procsrv_info info = info_of(test, pid);

	KUNIT_EXPECT_EQ(test, info.pid, 2);
	KUNIT_EXPECT_EQ(test, info.ppid, 1);
	KUNIT_EXPECT_EQ(test, info.state, PROCSRV_RUNNING);
	KUNIT_EXPECT_EQ(test, info.priority, PROCSRV_PRIO_NORMAL);
	KUNIT_EXPECT_EQ(test, info.thread_count, 1);
	KUNIT_EXPECT_EQ(test, info.uid, TEST_UID);
	KUNIT_EXPECT_EQ(test, info.gid, TEST_GID);
	KUNIT_EXPECT_EQ(test, info.cpu_time, 0);
	KUNIT_EXPECT_EQ(test, info.children_cpu_time, 0);
	KUNIT_EXPECT_EQ(test, info.memory_usage, 0);
	KUNIT_EXPECT_EQ(test, info.pending, 0);
	KUNIT_EXPECT_EQ(test, info.revocations, 0);
	KUNIT_EXPECT_EQ(test, info.sid, 0);
	KUNIT_EXPECT_EQ(test, info.pgid, 0);
	KUNIT_EXPECT_EQ(test, info.flags, 0);
	KUNIT_EXPECT_EQ(test, info.exit_code, 0);
	KUNIT_EXPECT_EQ(test, info.exit_signal, 0);
	KUNIT_EXPECT_EQ(test, info.argv_len, 0);
	KUNIT_EXPECT_EQ(test, info.envp_len, 0);
	KUNIT_EXPECT_EQ(test, info.cwd_len, sizeof("/"));
	KUNIT_EXPECT_EQ(test, info.terminal_len, 0);
	KUNIT_EXPECT_STREQ(test, info.name, "test");
}

static void start_time_is_the_servers_clock(struct kunit *test)
{
	struct fixture *f = test->priv;
	u64 cycles;
	u64 before = procsrv_clock_read(&f->clock, &cycles);
	u64 pid = make_process(test, PROCSRV_INIT_PID);
	u64 after = procsrv_clock_read(&f->clock, &cycles);
	struct procsrv_info info = info_of(test, pid);

	KUNIT_EXPECT_GE(test, info.start_time, before);
	KUNIT_EXPECT_LE(test, info.start_time, after);
	KUNIT_EXPECT_EQ(test, info.start_cycles, 0);
	KUNIT_EXPECT_LE(test, info_of(test, PROCSRV_INIT_PID).start_time,
			info.start_time);
}

static void create_keeps_all_strings(struct kunit *test)
{
	static const char argv[] = "cc\0-c\0x.c";
	static const char envp[] = "A=1\0B=";
	struct procsrv_create_params params = {
		.parent = PROCSRV_INIT_PID,
		.uid = KUIDT_INIT(7),
		.gid = KGIDT_INIT(8),
	};
	struct procsrv_image *image;
	struct procsrv_details d;
	u64 pid;
	int ret;

	image = make_full_image("cc", argv, sizeof(argv), envp, sizeof(envp));
	KUNIT_ASSERT_NOT_NULL(test, image);
	params.image = image;
	ret = procsrv_create(server(test), &params, &pid);
	procsrv_image_put(image);
	KUNIT_ASSERT_EQ(test, ret, 0);

	KUNIT_ASSERT_EQ(test, procsrv_get_info(server(test), pid, &d), 0);
	KUNIT_EXPECT_EQ(test, d.info.uid, 7);
	KUNIT_EXPECT_EQ(test, d.info.gid, 8);
	KUNIT_EXPECT_STREQ(test, d.info.name, "cc");
	KUNIT_EXPECT_EQ(test, d.info.argv_len, sizeof(argv));
	KUNIT_EXPECT_EQ(test, d.info.envp_len, sizeof(envp));
	KUNIT_EXPECT_EQ(test, d.image->argv_len, sizeof(argv));
	KUNIT_EXPECT_EQ(test, d.image->envp_len, sizeof(envp));
	KUNIT_EXPECT_EQ(test, memcmp(procsrv_image_argv(d.image), argv,
				     sizeof(argv)), 0);
	KUNIT_EXPECT_EQ(test, memcmp(procsrv_image_envp(d.image), envp,
				     sizeof(envp)), 0);
	procsrv_put_info(&d);
}

static void pids_ascend_from_two(struct kunit *test)
{
	u64 want;

	for (want = 2; want < 50; want++)
		KUNIT_EXPECT_EQ(test, make_process(test, want / 2), want);
}

static void pids_are_never_reused(struct kunit *test)
{
	u64 last = 1;
	int i;

	for (i = 0; i < 100; i++) {
		u64 pid = make_zombie(test, PROCSRV_INIT_PID);

		KUNIT_EXPECT_EQ(test, pid, last + 1);
		reap_child(test, PROCSRV_INIT_PID, pid);
		last = pid;
	}
	KUNIT_EXPECT_EQ(test, stats_of(test).total_processes, 1);
}

/* Pids have 64 bits: nothing special happens beyond 32 bits. */
static void pids_pass_32_bits(struct kunit *test)
{
	const u64 first = U32_MAX;
	struct procsrv *ps = server(test);
	u64 low, a, b;

	low = make_process(test, PROCSRV_INIT_PID);
	write_lock(&ps->lock);
	ps->next_pid = first;
	write_unlock(&ps->lock);

	a = make_process(test, low);
	b = make_process(test, a);
	KUNIT_EXPECT_EQ(test, a, first);
	KUNIT_EXPECT_EQ(test, b, first + 1);
	b = make_process(test, b);
	KUNIT_EXPECT_EQ(test, b, first + 2);
	KUNIT_EXPECT_EQ(test, ppid_of(test, b), first + 1);
	/* The lower half of b is the pid of init. */
	KUNIT_EXPECT_EQ(test, ppid_of(test, low), PROCSRV_INIT_PID);
	KUNIT_EXPECT_EQ(test, look_up(test, (u32)b), 0);
	KUNIT_EXPECT_EQ(test, look_up(test, b + 1), -ESRCH);
	end_process(test, b);
	KUNIT_EXPECT_EQ(test, state_of(test, b), PROCSRV_ZOMBIE);
	reap_child(test, first + 1, b);
}

/* The highest pid is assigned, and then there are no more. */
static void pids_end(struct kunit *test)
{
	struct procsrv *ps = server(test);
	struct procsrv_stats before, after;
	u64 last, pid = 77;

	write_lock(&ps->lock);
	ps->next_pid = U64_MAX - 2;
	write_unlock(&ps->lock);
	last = make_process(test, PROCSRV_INIT_PID);
	KUNIT_EXPECT_EQ(test, last, U64_MAX - 2);
	last = make_process(test, last);
	KUNIT_EXPECT_EQ(test, last, U64_MAX - 1);
	before = stats_of(test);
	KUNIT_EXPECT_EQ(test, try_create(test, last, &pid), -EOVERFLOW);
	KUNIT_EXPECT_EQ(test, try_create(test, last, &pid), -EOVERFLOW);
	KUNIT_EXPECT_EQ(test, pid, 77);
	after = stats_of(test);
	KUNIT_EXPECT_EQ(test, memcmp(&before, &after, sizeof(after)), 0);
	KUNIT_EXPECT_EQ(test, look_up(test, 0), -ESRCH);
	KUNIT_EXPECT_EQ(test, look_up(test, U64_MAX), -ESRCH);
	/* Existing processes exit and are reaped as before. */
	end_process(test, last);
	KUNIT_EXPECT_EQ(test, state_of(test, last), PROCSRV_ZOMBIE);
	reap_child(test, U64_MAX - 2, last);
	/* The pid of a reaped process is not used again. */
	KUNIT_EXPECT_EQ(test, try_create(test, U64_MAX - 2, &pid),
			-EOVERFLOW);
}

static void create_without_parent(struct kunit *test)
{
	struct procsrv_stats before, after;
	u64 parent = make_process(test, PROCSRV_INIT_PID);
	u64 zombie = make_zombie(test, parent);
	u64 reaped = make_zombie(test, parent);
	u64 pid = 77;

	reap_child(test, parent, reaped);
	before = stats_of(test);
	KUNIT_EXPECT_EQ(test, try_create(test, 0, &pid), -ESRCH);
	KUNIT_EXPECT_EQ(test, try_create(test, TEST_NO_PID, &pid), -ESRCH);
	KUNIT_EXPECT_EQ(test, try_create(test, U64_MAX, &pid), -ESRCH);
	KUNIT_EXPECT_EQ(test, try_create(test, zombie, &pid), -ESRCH);
	KUNIT_EXPECT_EQ(test, try_create(test, reaped, &pid), -ESRCH);

	/* A failed call changes nothing. */
	after = stats_of(test);
	KUNIT_EXPECT_EQ(test, memcmp(&before, &after, sizeof(after)), 0);
	KUNIT_EXPECT_EQ(test, pid, 77);
	KUNIT_EXPECT_EQ(test, make_process(test, parent), reaped + 1);
}

static void create_from_any_live_state(struct kunit *test)
{
	u64 stopped = make_process(test, PROCSRV_INIT_PID);
	u64 asleep = make_process(test, PROCSRV_INIT_PID);
	u64 pid;

	stop_process(test, stopped);
	sleep_process(test, asleep);
	KUNIT_EXPECT_EQ(test, try_create(test, stopped, &pid), 0);
	KUNIT_EXPECT_EQ(test, state_of(test, pid), PROCSRV_RUNNING);
	KUNIT_EXPECT_EQ(test, try_create(test, asleep, &pid), 0);
	KUNIT_EXPECT_EQ(test, state_of(test, pid), PROCSRV_RUNNING);
}

static void child_inherits_session_and_group(struct kunit *test)
{
	u64 leader = make_process(test, PROCSRV_INIT_PID);
	u32 sid = make_session(test, leader);
	u32 first = pgid_of(test, leader);
	u64 a = make_process(test, leader);
	u64 b = make_process(test, a);
	u32 second;
	u64 c;

	KUNIT_EXPECT_EQ(test, sid_of(test, a), sid);
	KUNIT_EXPECT_EQ(test, pgid_of(test, a), first);
	KUNIT_EXPECT_EQ(test, sid_of(test, b), sid);
	KUNIT_EXPECT_EQ(test, pgid_of(test, b), first);

	second = make_group(test, a);
	c = make_process(test, a);
	KUNIT_EXPECT_EQ(test, sid_of(test, c), sid);
	KUNIT_EXPECT_EQ(test, pgid_of(test, c), second);
	/* Processes that existed already did not move. */
	KUNIT_EXPECT_EQ(test, pgid_of(test, b), first);
}

/* A child only inherits the session and the group. */
static void child_inherits_nothing_else(struct kunit *test)
{
	struct procsrv_limits limits = procsrv_default_limits;
	struct procsrv_text *cwd = procsrv_text_new("/tmp", 4);
	struct procsrv_update update = {
		.mask = PROCSRV_UPDATE_CPU_TIME | PROCSRV_UPDATE_MEMORY |
			PROCSRV_UPDATE_THREADS | PROCSRV_UPDATE_PRIORITY |
			PROCSRV_UPDATE_CWD,
		.cpu_time = 5,
		.memory_usage = 6,
		.thread_count = 7,
		.priority = PROCSRV_PRIO_HIGH,
		.cwd = cwd,
	};
	u64 parent = make_process(test, PROCSRV_INIT_PID);
	struct procsrv_info info;
	u64 pid;

	KUNIT_ASSERT_NOT_NULL(test, cwd);
	KUNIT_EXPECT_EQ(test, procsrv_update(server(test), parent, &update), 0);
	procsrv_text_put(cwd);
	limits.max_files = 3;
	KUNIT_EXPECT_EQ(test, procsrv_set_limits(server(test), parent, &limits),
			0);
	KUNIT_EXPECT_EQ(test, signal_pid(test, parent, 10), 0);
	KUNIT_EXPECT_EQ(test, exec_as(test, parent, "parent"), 0);

	pid = make_process(test, parent);
	info = info_of(test, pid);
	KUNIT_EXPECT_EQ(test, info.cpu_time, 0);
	KUNIT_EXPECT_EQ(test, info.memory_usage, 0);
	KUNIT_EXPECT_EQ(test, info.thread_count, 1);
	KUNIT_EXPECT_EQ(test, info.priority, PROCSRV_PRIO_NORMAL);
	KUNIT_EXPECT_EQ(test, info.cwd_len, sizeof("/"));
	KUNIT_EXPECT_EQ(test, info.pending, 0);
	KUNIT_EXPECT_EQ(test, info.flags, 0);
	KUNIT_EXPECT_STREQ(test, info.name, "test");
	KUNIT_EXPECT_EQ(test, procsrv_get_limits(server(test), pid, &limits),
			0);
	KUNIT_EXPECT_EQ(test, limits.max_files, 1024);
}

static void exec_replaces_the_three(struct kunit *test)
{
	static const char argv[] = "sh\0-c\0true";
	static const char envp[] = "PATH=/bin";
	u64 pid = make_process(test, PROCSRV_INIT_PID);
	struct procsrv_image *image;
	struct procsrv_details d;

	image = make_full_image("sh", argv, sizeof(argv), envp, sizeof(envp));
	KUNIT_ASSERT_NOT_NULL(test, image);
	KUNIT_EXPECT_EQ(test, procsrv_exec(server(test), pid, image), 0);
	procsrv_image_put(image);

	KUNIT_ASSERT_EQ(test, procsrv_get_info(server(test), pid, &d), 0);
	KUNIT_EXPECT_STREQ(test, d.info.name, "sh");
	KUNIT_EXPECT_EQ(test, d.info.argv_len, sizeof(argv));
	KUNIT_EXPECT_EQ(test, d.info.envp_len, sizeof(envp));
	KUNIT_EXPECT_EQ(test, memcmp(procsrv_image_argv(d.image), argv,
				     sizeof(argv)), 0);
	KUNIT_EXPECT_EQ(test, memcmp(procsrv_image_envp(d.image), envp,
				     sizeof(envp)), 0);
	KUNIT_EXPECT_EQ(test, d.info.flags, PROCSRV_INFO_EXECED);
	procsrv_put_info(&d);

	/* Shorter strings leave nothing of the longer ones behind. */
	KUNIT_EXPECT_EQ(test, exec_as(test, pid, "x"), 0);
	KUNIT_EXPECT_STREQ(test, info_of(test, pid).name, "x");
	KUNIT_EXPECT_EQ(test, info_of(test, pid).argv_len, 0);
	KUNIT_EXPECT_EQ(test, info_of(test, pid).envp_len, 0);
}

static void exec_changes_nothing_else(struct kunit *test)
{
	u64 pid = make_process(test, PROCSRV_INIT_PID);
	struct procsrv_info before, after;

	make_session(test, pid);
	use_cpu(test, pid, 11);
	KUNIT_EXPECT_EQ(test, signal_pid(test, pid, 12), 0);
	stop_process(test, pid);
	before = info_of(test, pid);
	KUNIT_EXPECT_EQ(test, exec_as(test, pid, "test"), 0);
	after = info_of(test, pid);
	KUNIT_EXPECT_EQ(test, after.flags, PROCSRV_INFO_EXECED);
	after.flags = before.flags;
	KUNIT_EXPECT_EQ(test, after.seq, before.seq + 1);
	after.seq = before.seq;
	KUNIT_EXPECT_EQ(test, memcmp(&before, &after, sizeof(after)), 0);
}

static void exec_of_init(struct kunit *test)
{
	KUNIT_EXPECT_EQ(test, exec_as(test, PROCSRV_INIT_PID, "systemd"), 0);
	KUNIT_EXPECT_STREQ(test, info_of(test, PROCSRV_INIT_PID).name,
			   "systemd");
}

static void exec_without_process(struct kunit *test)
{
	u64 parent = make_process(test, PROCSRV_INIT_PID);
	u64 zombie = make_zombie(test, parent);
	u64 reaped = make_zombie(test, parent);

	reap_child(test, parent, reaped);
	KUNIT_EXPECT_EQ(test, exec_as(test, 0, "x"), -ESRCH);
	KUNIT_EXPECT_EQ(test, exec_as(test, TEST_NO_PID, "x"), -ESRCH);
	KUNIT_EXPECT_EQ(test, exec_as(test, reaped, "x"), -ESRCH);
	KUNIT_EXPECT_EQ(test, exec_as(test, zombie, "x"), -ESRCH);
	KUNIT_EXPECT_STREQ(test, info_of(test, zombie).name, "test");
	KUNIT_EXPECT_EQ(test, flags_of(test, zombie), 0);
}

static void terminate_makes_a_zombie(struct kunit *test)
{
	struct procsrv *ps = server(test);
	u64 pid = make_process(test, PROCSRV_INIT_PID);
	struct procsrv_info info;

	KUNIT_EXPECT_EQ(test, procsrv_terminate(ps, pid, -3, 11), 0);
	info = info_of(test, pid);
	KUNIT_EXPECT_EQ(test, info.state, PROCSRV_ZOMBIE);
	KUNIT_EXPECT_EQ(test, info.exit_code, -3);
	KUNIT_EXPECT_EQ(test, info.exit_signal, 11);
	KUNIT_EXPECT_EQ(test, info.ppid, PROCSRV_INIT_PID);
	KUNIT_EXPECT_EQ(test, info.flags, 0);
	KUNIT_EXPECT_EQ(test, stats_of(test).zombies, 1);
	KUNIT_EXPECT_EQ(test, stats_of(test).running, 1);
	KUNIT_EXPECT_EQ(test, stats_of(test).total_exited, 1);
	KUNIT_EXPECT_EQ(test, stats_of(test).total_processes, 2);
}

static void exit_codes_are_kept_whole(struct kunit *test)
{
	static const s32 codes[] = { 0, 1, 255, 256, -1, INT_MAX, INT_MIN };
	struct procsrv_wait w = {
		.parent = PROCSRV_INIT_PID,
		.what = PROCSRV_WAIT_EXITED,
	};
	size_t i;

	for (i = 0; i < ARRAY_SIZE(codes); i++) {
		u64 pid = make_process(test, PROCSRV_INIT_PID);
		int ret = procsrv_terminate(server(test), pid, codes[i], 0);

		KUNIT_EXPECT_EQ(test, ret, 0);
		KUNIT_EXPECT_EQ(test, info_of(test, pid).exit_code, codes[i]);
		KUNIT_EXPECT_EQ(test, wait_now(test, &w), 0);
		KUNIT_EXPECT_EQ(test, w.exit_code, codes[i]);
		KUNIT_EXPECT_EQ(test, w.exit_signal, 0);
	}
}

static void terminate_takes_signals_to_64(struct kunit *test)
{
	struct procsrv *ps = server(test);
	u64 pid;
	u32 signo;

	for (signo = 0; signo <= PROCSRV_NSIG; signo++) {
		pid = make_process(test, PROCSRV_INIT_PID);
		KUNIT_EXPECT_EQ(test, procsrv_terminate(ps, pid, 0, signo), 0);
		KUNIT_EXPECT_EQ(test, info_of(test, pid).exit_signal, signo);
	}
	pid = make_process(test, PROCSRV_INIT_PID);
	KUNIT_EXPECT_EQ(test, procsrv_terminate(ps, pid, 0, 65), -EINVAL);
	KUNIT_EXPECT_EQ(test, procsrv_terminate(ps, pid, 0, 256), -EINVAL);
	KUNIT_EXPECT_EQ(test, procsrv_terminate(ps, pid, 0, 256 + 9), -EINVAL);
	KUNIT_EXPECT_EQ(test, procsrv_terminate(ps, pid, 0, U32_MAX), -EINVAL);
	KUNIT_EXPECT_EQ(test, state_of(test, pid), PROCSRV_RUNNING);
}

static void terminate_from_every_live_state(struct kunit *test)
{
	u64 stopped = make_process(test, PROCSRV_INIT_PID);
	u64 asleep = make_process(test, PROCSRV_INIT_PID);

	stop_process(test, stopped);
	sleep_process(test, asleep);
	end_process(test, stopped);
	end_process(test, asleep);
	KUNIT_EXPECT_EQ(test, state_of(test, stopped), PROCSRV_ZOMBIE);
	KUNIT_EXPECT_EQ(test, state_of(test, asleep), PROCSRV_ZOMBIE);
	KUNIT_EXPECT_EQ(test, stats_of(test).stopped, 0);
	KUNIT_EXPECT_EQ(test, stats_of(test).sleeping, 0);
	KUNIT_EXPECT_EQ(test, stats_of(test).zombies, 2);
}

static void terminate_without_process(struct kunit *test)
{
	struct procsrv *ps = server(test);
	u64 parent = make_process(test, PROCSRV_INIT_PID);
	u64 reaped = make_zombie(test, parent);

	reap_child(test, parent, reaped);
	KUNIT_EXPECT_EQ(test, procsrv_terminate(ps, 0, 0, 0), -ESRCH);
	KUNIT_EXPECT_EQ(test, procsrv_terminate(ps, TEST_NO_PID, 0, 0), -ESRCH);
	KUNIT_EXPECT_EQ(test, procsrv_terminate(ps, reaped, 0, 0), -ESRCH);
	KUNIT_EXPECT_EQ(test, stats_of(test).total_exited, 1);
}

static void first_exit_record_stands(struct kunit *test)
{
	struct procsrv *ps = server(test);
	u64 pid = make_process(test, PROCSRV_INIT_PID);

	KUNIT_EXPECT_EQ(test, procsrv_terminate(ps, pid, 3, 0), 0);
	KUNIT_EXPECT_EQ(test, procsrv_terminate(ps, pid, 4, 5), -ESRCH);
	KUNIT_EXPECT_EQ(test, info_of(test, pid).exit_code, 3);
	KUNIT_EXPECT_EQ(test, info_of(test, pid).exit_signal, 0);
	KUNIT_EXPECT_EQ(test, stats_of(test).total_exited, 1);
}

static void init_cannot_be_terminated(struct kunit *test)
{
	struct procsrv *ps = server(test);

	KUNIT_EXPECT_EQ(test, procsrv_terminate(ps, PROCSRV_INIT_PID, 0, 0),
			-EPERM);
	KUNIT_EXPECT_EQ(test, procsrv_terminate(ps, PROCSRV_INIT_PID, 0, 9),
			-EPERM);
	KUNIT_EXPECT_EQ(test, state_of(test, PROCSRV_INIT_PID),
			PROCSRV_RUNNING);
	KUNIT_EXPECT_EQ(test, stats_of(test).total_exited, 0);
}

static void servers_share_nothing(struct kunit *test)
{
	struct fixture *f = test->priv;
	struct procsrv *other = procsrv_new(&f->clock);
	struct procsrv_details d;
	u64 pid = make_process(test, PROCSRV_INIT_PID);

	KUNIT_ASSERT_NOT_NULL(test, other);
	KUNIT_EXPECT_EQ(test, procsrv_get_info(other, pid, &d), -ESRCH);
	KUNIT_EXPECT_EQ(test, procsrv_terminate(other, pid, 0, 0), -ESRCH);
	KUNIT_EXPECT_EQ(test, other->next_pid, 2);
	KUNIT_EXPECT_EQ(test, state_of(test, pid), PROCSRV_RUNNING);
	procsrv_put(other);
	procsrv_put(NULL);
}

static struct kunit_case lifecycle_cases[] = {
	KUNIT_CASE(fresh_server_has_only_init),
	KUNIT_CASE(new_process_has_defaults),
	KUNIT_CASE(start_time_is_the_servers_clock),
	KUNIT_CASE(create_keeps_all_strings),
	KUNIT_CASE(pids_ascend_from_two),
	KUNIT_CASE(pids_are_never_reused),
	KUNIT_CASE(pids_pass_32_bits),
	KUNIT_CASE(pids_end),
	KUNIT_CASE(create_without_parent),
	KUNIT_CASE(create_from_any_live_state),
	KUNIT_CASE(child_inherits_session_and_group),
	KUNIT_CASE(child_inherits_nothing_else),
	KUNIT_CASE(exec_replaces_the_three),
	KUNIT_CASE(exec_changes_nothing_else),
	KUNIT_CASE(exec_of_init),
	KUNIT_CASE(exec_without_process),
	KUNIT_CASE(terminate_makes_a_zombie),
	KUNIT_CASE(exit_codes_are_kept_whole),
	KUNIT_CASE(terminate_takes_signals_to_64),
	KUNIT_CASE(terminate_from_every_live_state),
	KUNIT_CASE(terminate_without_process),
	KUNIT_CASE(first_exit_record_stands),
	KUNIT_CASE(init_cannot_be_terminated),
	KUNIT_CASE(servers_share_nothing),
	{}
};

static struct kunit_suite lifecycle_suite = {
	.name = "procsrv-lifecycle",
	.init = fixture_init,
	.exit = fixture_exit,
	.test_cases = lifecycle_cases,
};

kunit_test_suite(lifecycle_suite);
