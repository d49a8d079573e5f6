// SPDX-License-Identifier: GPL-2.0-only
/*
 * procsrv selftests - the layout of the structures, the same in both widths
 *
 * The numbers are those of the first version of the interface. They never
 * change: a structure grows at its end, and only its size is edited here.
 */
#include <assert.h>

#include "fixture.h"

#define SIZE(type, size) \
	static_assert(sizeof(struct procsrv_##type) == (size), #type)
#define AT(type, field, offset) \
	static_assert(offsetof(struct procsrv_##type, field) == (offset), \
		       #type "." #field)
#define NUMBER(name, dir, nr, size) \
	static_assert(PROCSRV_IOC_##name == \
		       ((dir) << 30 | (size) << 16 | 0xbd << 8 | (nr)), #name)

SIZE(create_args, 64);
AT(create_args, parent, 0);
AT(create_args, name, 8);
AT(create_args, argv, 16);
AT(create_args, envp, 24);
AT(create_args, argv_len, 32);
AT(create_args, envp_len, 36);
AT(create_args, uid, 40);
AT(create_args, gid, 44);
AT(create_args, flags, 48);
AT(create_args, pad, 52);
AT(create_args, pid, 56);

SIZE(exec_args, 48);
AT(exec_args, pid, 0);
AT(exec_args, name, 8);
AT(exec_args, argv, 16);
AT(exec_args, envp, 24);
AT(exec_args, argv_len, 32);
AT(exec_args, envp_len, 36);
AT(exec_args, flags, 40);
AT(exec_args, pad, 44);

SIZE(terminate_args, 16);
AT(terminate_args, pid, 0);
AT(terminate_args, exit_code, 8);
AT(terminate_args, exit_signal, 12);

SIZE(wait_args, 80);
AT(wait_args, parent, 0);
AT(wait_args, id, 8);
AT(wait_args, which, 16);
AT(wait_args, what, 20);
AT(wait_args, flags, 24);
AT(wait_args, why, 28);
AT(wait_args, timeout, 32);
AT(wait_args, pid, 40);
AT(wait_args, cpu_time, 48);
AT(wait_args, children_cpu_time, 56);
AT(wait_args, uid, 64);
AT(wait_args, exit_code, 68);
AT(wait_args, exit_signal, 72);
AT(wait_args, pad, 76);

SIZE(signal_args, 32);
AT(signal_args, sender, 0);
AT(signal_args, id, 8);
AT(signal_args, target, 16);
AT(signal_args, signo, 20);
AT(signal_args, flags, 24);
AT(signal_args, count, 28);

SIZE(info, 400);
AT(info, pid, 0);
AT(info, ppid, 8);
AT(info, start_time, 16);
AT(info, start_cycles, 24);
AT(info, cpu_time, 32);
AT(info, children_cpu_time, 40);
AT(info, memory_usage, 48);
AT(info, pending, 56);
AT(info, revocations, 64);
AT(info, state, 72);
AT(info, priority, 76);
AT(info, uid, 80);
AT(info, gid, 84);
AT(info, sid, 88);
AT(info, pgid, 92);
AT(info, thread_count, 96);
AT(info, flags, 100);
AT(info, exit_code, 104);
AT(info, exit_signal, 108);
AT(info, argv_len, 112);
AT(info, envp_len, 116);
AT(info, cwd_len, 120);
AT(info, terminal_len, 124);
AT(info, name, 128);
AT(info, seq, 384);
AT(info, limits_passed, 392);
AT(info, nr_limits_passed, 396);

SIZE(info_args, 72);
AT(info_args, pid, 0);
AT(info_args, info, 8);
AT(info_args, argv, 16);
AT(info_args, envp, 24);
AT(info_args, cwd, 32);
AT(info_args, terminal, 40);
AT(info_args, info_size, 48);
AT(info_args, argv_size, 52);
AT(info_args, envp_size, 56);
AT(info_args, cwd_size, 60);
AT(info_args, terminal_size, 64);
AT(info_args, flags, 68);

SIZE(limits, 48);
AT(limits, max_memory, 0);
AT(limits, max_cpu_time, 8);
AT(limits, stack_size, 16);
AT(limits, core_size, 24);
AT(limits, max_files, 32);
AT(limits, max_threads, 36);
AT(limits, nice, 40);
AT(limits, flags, 44);

SIZE(limits_args, 56);
AT(limits_args, pid, 0);
AT(limits_args, limits, 8);

SIZE(update_args, 48);
AT(update_args, pid, 0);
AT(update_args, cpu_time, 8);
AT(update_args, memory_usage, 16);
AT(update_args, cwd, 24);
AT(update_args, mask, 32);
AT(update_args, thread_count, 36);
AT(update_args, state, 40);
AT(update_args, priority, 44);

SIZE(create_session_args, 24);
AT(create_session_args, leader, 0);
AT(create_session_args, flags, 8);
AT(create_session_args, sid, 12);
AT(create_session_args, pgid, 16);
AT(create_session_args, pad, 20);

SIZE(create_group_args, 32);
AT(create_group_args, caller, 0);
AT(create_group_args, leader, 8);
AT(create_group_args, sid, 16);
AT(create_group_args, flags, 20);
AT(create_group_args, pgid, 24);
AT(create_group_args, pad, 28);

SIZE(set_group_args, 24);
AT(set_group_args, caller, 0);
AT(set_group_args, pid, 8);
AT(set_group_args, pgid, 16);
AT(set_group_args, flags, 20);

SIZE(session_args, 40);
AT(session_args, sid, 0);
AT(session_args, flags, 4);
AT(session_args, leader, 8);
AT(session_args, terminal, 16);
AT(session_args, terminal_size, 24);
AT(session_args, nr_processes, 28);
AT(session_args, nr_groups, 32);
AT(session_args, pad, 36);

SIZE(group_args, 24);
AT(group_args, pgid, 0);
AT(group_args, flags, 4);
AT(group_args, leader, 8);
AT(group_args, sid, 16);
AT(group_args, nr_processes, 20);

SIZE(set_terminal_args, 16);
AT(set_terminal_args, sid, 0);
AT(set_terminal_args, flags, 4);
AT(set_terminal_args, name, 8);

SIZE(hang_up_args, 16);
AT(hang_up_args, sid, 0);
AT(hang_up_args, flags, 4);
AT(hang_up_args, count, 8);
AT(hang_up_args, pad, 12);

SIZE(list_args, 48);
AT(list_args, cursor, 0);
AT(list_args, buf, 8);
AT(list_args, record_size, 16);
AT(list_args, count, 20);
AT(list_args, scope, 24);
AT(list_args, id, 28);
AT(list_args, flags, 32);
AT(list_args, pad, 36);
AT(list_args, seq, 40);

SIZE(reap_args, 16);
AT(reap_args, flags, 0);
AT(reap_args, pad, 4);
AT(reap_args, count, 8);

SIZE(stats, 80);
AT(stats, total_processes, 0);
AT(stats, running, 8);
AT(stats, sleeping, 16);
AT(stats, stopped, 24);
AT(stats, zombies, 32);
AT(stats, total_created, 40);
AT(stats, total_exited, 48);
AT(stats, sessions, 56);
AT(stats, process_groups, 64);
AT(stats, orphans, 72);

SIZE(revoke_args, 24);
AT(revoke_args, pid, 0);
AT(revoke_args, capability, 8);
AT(revoke_args, flags, 16);
AT(revoke_args, pad, 20);

SIZE(time_args, 32);
AT(time_args, time, 0);
AT(time_args, cycles, 8);
AT(time_args, frequency, 16);
AT(time_args, source, 24);
AT(time_args, flags, 28);

SIZE(take_signal_args, 48);
AT(take_signal_args, pid, 0);
AT(take_signal_args, mask, 8);
AT(take_signal_args, timeout, 16);
AT(take_signal_args, sender, 24);
AT(take_signal_args, flags, 32);
AT(take_signal_args, signo, 36);
AT(take_signal_args, count, 40);

SIZE(set_reaper_args, 16);
AT(set_reaper_args, pid, 0);
AT(set_reaper_args, on, 8);
AT(set_reaper_args, flags, 12);

SIZE(event, 64);
AT(event, seq, 0);
AT(event, time, 8);
AT(event, pid, 16);
AT(event, other, 24);
AT(event, value, 32);
AT(event, kind, 40);
AT(event, sid, 44);
AT(event, pgid, 48);
AT(event, signo, 52);
AT(event, code, 56);
AT(event, detail, 60);

SIZE(subscribe_args, 32);
AT(subscribe_args, pid, 0);
AT(subscribe_args, kinds, 8);
AT(subscribe_args, capacity, 12);
AT(subscribe_args, flags, 16);
AT(subscribe_args, pad, 20);
AT(subscribe_args, seq, 24);

SIZE(open_process_args, 16);
AT(open_process_args, pid, 0);
AT(open_process_args, flags, 8);
AT(open_process_args, fd, 12);

SIZE(exit_record, 40);
AT(exit_record, pid, 0);
AT(exit_record, cpu_time, 8);
AT(exit_record, children_cpu_time, 16);
AT(exit_record, uid, 24);
AT(exit_record, exit_code, 28);
AT(exit_record, exit_signal, 32);
AT(exit_record, state, 36);

SIZE(new_server_args, 8);
AT(new_server_args, flags, 0);
AT(new_server_args, fd, 4);

SIZE(batch_op, 128);
AT(batch_op, cmd, 0);
AT(batch_op, result, 4);
AT(batch_op, args, 8);

SIZE(batch_args, 24);
AT(batch_args, ops, 0);
AT(batch_args, op_size, 8);
AT(batch_args, count, 12);
AT(batch_args, flags, 16);
AT(batch_args, done, 20);

/* Direction: 1 for what is only read by the server, 2 written, 3 both. */
NUMBER(CREATE, 3U, 0x00, 64);
NUMBER(EXEC, 1U, 0x01, 48);
NUMBER(TERMINATE, 1U, 0x02, 16);
NUMBER(WAIT, 3U, 0x03, 80);
NUMBER(SIGNAL, 3U, 0x04, 32);
NUMBER(INFO, 3U, 0x05, 72);
NUMBER(GET_LIMITS, 3U, 0x06, 56);
NUMBER(SET_LIMITS, 1U, 0x07, 56);
NUMBER(UPDATE, 1U, 0x08, 48);
NUMBER(CREATE_SESSION, 3U, 0x09, 24);
NUMBER(CREATE_GROUP, 3U, 0x0a, 32);
NUMBER(SET_GROUP, 1U, 0x0b, 24);
NUMBER(SESSION, 3U, 0x0c, 40);
NUMBER(GROUP, 3U, 0x0d, 24);
NUMBER(SET_TERMINAL, 1U, 0x0e, 16);
NUMBER(HANG_UP, 3U, 0x0f, 16);
NUMBER(LIST_PIDS, 3U, 0x10, 48);
NUMBER(LIST, 3U, 0x11, 48);
NUMBER(REAP, 3U, 0x12, 16);
NUMBER(STATS, 2U, 0x13, 80);
NUMBER(REVOKE, 1U, 0x14, 24);
NUMBER(TIME, 3U, 0x15, 32);
NUMBER(TAKE_SIGNAL, 3U, 0x16, 48);
NUMBER(SET_REAPER, 1U, 0x17, 16);
NUMBER(SUBSCRIBE, 3U, 0x18, 32);
NUMBER(OPEN_PROCESS, 3U, 0x19, 16);
NUMBER(NEW_SERVER, 3U, 0x1a, 8);
NUMBER(BATCH, 3U, 0x1b, 24);

/* Constants that programs have compiled in. */
static_assert(PROCSRV_NAME_MAX == 255, "name");
static_assert(PROCSRV_PATH_MAX == 4096, "path");
static_assert(PROCSRV_STRINGS_MAX == 131072, "strings");
static_assert(PROCSRV_INIT_PID == 1, "init");
static_assert(PROCSRV_RUNNING == 0, "running");
static_assert(PROCSRV_SLEEPING == 1, "sleeping");
static_assert(PROCSRV_WAITING == 2, "waiting");
static_assert(PROCSRV_STOPPED == 3, "stopped");
static_assert(PROCSRV_ZOMBIE == 4, "zombie");
static_assert(PROCSRV_DEAD == 5, "dead");
static_assert(PROCSRV_PRIO_NORMAL == 2, "normal");
static_assert(PROCSRV_WAIT_EXITED == 1, "exited");
static_assert(PROCSRV_WAIT_STOPPED == 2, "stopped");
static_assert(PROCSRV_WAIT_CONTINUED == 4, "continued");
static_assert(PROCSRV_WAIT_NOHANG == 1, "nohang");
static_assert(PROCSRV_WAIT_NOWAIT == 2, "nowait");
static_assert(PROCSRV_WAIT_TIMEOUT == 4, "timeout");
static_assert(PROCSRV_CREATE_TIED == 1, "tied");
static_assert(PROCSRV_TARGET_ALL == 3, "all");
static_assert(PROCSRV_TARGET_TREE == 4, "tree");
static_assert(PROCSRV_TAKE_NOHANG == 1, "take, nohang");
static_assert(PROCSRV_TAKE_TIMEOUT == 2, "take, timeout");
static_assert(PROCSRV_INFO_EXECED == 1, "execed");
static_assert(PROCSRV_INFO_ORPHAN == 2, "orphan");
static_assert(PROCSRV_INFO_REAPER == 4, "reaper");
static_assert(PROCSRV_INFO_TIED == 8, "is tied");
static_assert(PROCSRV_LIMIT_MEMORY == 1, "memory");
static_assert(PROCSRV_LIMIT_CPU_TIME == 2, "cpu time");
static_assert(PROCSRV_LIMIT_THREADS == 4, "threads");
static_assert(PROCSRV_LIMITS_ENFORCE == 1, "enforce");
static_assert(PROCSRV_EVENT_LOST == 0, "lost");
static_assert(PROCSRV_EVENT_CREATE == 1, "create");
static_assert(PROCSRV_EVENT_EXEC == 2, "exec");
static_assert(PROCSRV_EVENT_EXIT == 3, "exit");
static_assert(PROCSRV_EVENT_REAP == 4, "reap");
static_assert(PROCSRV_EVENT_SIGNAL == 5, "signal");
static_assert(PROCSRV_EVENT_STATE == 6, "state");
static_assert(PROCSRV_EVENT_PARENT == 7, "parent");
static_assert(PROCSRV_EVENT_SESSION == 8, "session");
static_assert(PROCSRV_EVENT_GROUP == 9, "group");
static_assert(PROCSRV_EVENT_LIMIT == 10, "limit");
static_assert(PROCSRV_EVENT_CAPABILITY == 11, "capability");
static_assert(PROCSRV_EVENT_UPDATE == 12, "update");
static_assert(PROCSRV_EVENT_TERMINAL == 13, "terminal");
static_assert(PROCSRV_EVENTS_ALL == 0x3ffe, "all events");
static_assert(PROCSRV_SUBSCRIBE_SUBTREE == 1, "subtree");
static_assert(PROCSRV_RING_DEFAULT == 1024, "ring");
static_assert(PROCSRV_RING_MAX == 65536, "largest ring");
static_assert(PROCSRV_OPEN_NONBLOCK == 1, "nonblock");
static_assert(PROCSRV_BATCH_MAX == 1024, "largest batch");
static_assert(PROCSRV_BATCH_STOP == 1, "stop");

/*
 * The assertions above hold or this is not built. What they cannot tell is
 * whether the server was built from the same numbers: one call that carries
 * fields of every width to it and back.
 */
TEST_F(procsrv, server_agrees)
{
	struct procsrv_limits limits = {
		.max_memory = 0x0102030405060708ULL,
		.max_cpu_time = 0x1112131415161718ULL,
		.stack_size = 0x2122232425262728ULL,
		.core_size = 0x3132333435363738ULL,
		.max_files = 0x41424344,
		.max_threads = 0x51525354,
		.nice = -17,
		.flags = PROCSRV_LIMITS_ENFORCE,
	}, got;
	struct procsrv_info info;
	__u64 pid;

	ASSERT_EQ(0, set_limits(self->fd, self->root, &limits));
	ASSERT_EQ(0, get_limits(self->fd, self->root, &got));
	EXPECT_EQ(0, memcmp(&limits, &got, sizeof(got)));
	ASSERT_EQ(0, create_as(self->fd, self->root, "layout", 0x01020304,
			       0x11121314, &pid));
	ASSERT_EQ(0, get_info(self->fd, pid, &info));
	EXPECT_EQ(0x01020304, info.uid);
	EXPECT_EQ(0x11121314, info.gid);
	EXPECT_STREQ("layout", info.name);
}

TEST_HARNESS_MAIN
