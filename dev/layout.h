/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The layout of the interface, the same in both widths
 *
 * The numbers are those of the first version of the interface. They never
 * change: a structure grows at its end, and only its size is edited here. So
 * that nothing is built that is not so, this is included once by the module, in
 * the width of the kernel, and by a test program of each width; after the
 * interface, and what defines static_assert() and offsetof().
 */
#ifndef PROCSRV_LAYOUT_H
#define PROCSRV_LAYOUT_H

#define SIZE_IS(type, size) \
	static_assert(sizeof(struct procsrv_##type) == (size), #type)
#define IS_AT(type, field, offset) \
	static_assert(offsetof(struct procsrv_##type, field) == (offset), \
		       #type "." #field)
/*
 * The check of the kernel that an argument fits into a number is a constant for
 * gcc only, not for clang. The sizes are checked below.
 */
#pragma push_macro("_IOC_TYPECHECK")
#undef _IOC_TYPECHECK
#define _IOC_TYPECHECK(type) sizeof(type)
#define NUMBER_IS(name, dir, nr, size) \
	static_assert(PROCSRV_IOC_##name == \
		       ((dir) << 30 | (size) << 16 | 0xbd << 8 | (nr)), #name)

SIZE_IS(create_args, 64);
IS_AT(create_args, parent, 0);
IS_AT(create_args, name, 8);
IS_AT(create_args, argv, 16);
IS_AT(create_args, envp, 24);
IS_AT(create_args, argv_len, 32);
IS_AT(create_args, envp_len, 36);
IS_AT(create_args, uid, 40);
IS_AT(create_args, gid, 44);
IS_AT(create_args, flags, 48);
IS_AT(create_args, notify, 52);
IS_AT(create_args, pid, 56);

SIZE_IS(exec_args, 48);
IS_AT(exec_args, pid, 0);
IS_AT(exec_args, name, 8);
IS_AT(exec_args, argv, 16);
IS_AT(exec_args, envp, 24);
IS_AT(exec_args, argv_len, 32);
IS_AT(exec_args, envp_len, 36);
IS_AT(exec_args, flags, 40);
IS_AT(exec_args, pad, 44);

SIZE_IS(terminate_args, 16);
IS_AT(terminate_args, pid, 0);
IS_AT(terminate_args, exit_code, 8);
IS_AT(terminate_args, exit_signal, 12);

SIZE_IS(wait_args, 80);
IS_AT(wait_args, parent, 0);
IS_AT(wait_args, id, 8);
IS_AT(wait_args, which, 16);
IS_AT(wait_args, what, 20);
IS_AT(wait_args, flags, 24);
IS_AT(wait_args, why, 28);
IS_AT(wait_args, timeout, 32);
IS_AT(wait_args, pid, 40);
IS_AT(wait_args, cpu_time, 48);
IS_AT(wait_args, children_cpu_time, 56);
IS_AT(wait_args, uid, 64);
IS_AT(wait_args, exit_code, 68);
IS_AT(wait_args, exit_signal, 72);
IS_AT(wait_args, pad, 76);

SIZE_IS(signal_args, 32);
IS_AT(signal_args, sender, 0);
IS_AT(signal_args, id, 8);
IS_AT(signal_args, target, 16);
IS_AT(signal_args, signo, 20);
IS_AT(signal_args, flags, 24);
IS_AT(signal_args, count, 28);

SIZE_IS(info, 400);
IS_AT(info, pid, 0);
IS_AT(info, ppid, 8);
IS_AT(info, start_time, 16);
IS_AT(info, start_cycles, 24);
IS_AT(info, cpu_time, 32);
IS_AT(info, children_cpu_time, 40);
IS_AT(info, memory_usage, 48);
IS_AT(info, pending, 56);
IS_AT(info, revocations, 64);
IS_AT(info, state, 72);
IS_AT(info, priority, 76);
IS_AT(info, uid, 80);
IS_AT(info, gid, 84);
IS_AT(info, sid, 88);
IS_AT(info, pgid, 92);
IS_AT(info, thread_count, 96);
IS_AT(info, flags, 100);
IS_AT(info, exit_code, 104);
IS_AT(info, exit_signal, 108);
IS_AT(info, argv_len, 112);
IS_AT(info, envp_len, 116);
IS_AT(info, cwd_len, 120);
IS_AT(info, terminal_len, 124);
IS_AT(info, name, 128);
IS_AT(info, seq, 384);
IS_AT(info, limits_passed, 392);
IS_AT(info, nr_limits_passed, 396);

SIZE_IS(info_args, 72);
IS_AT(info_args, pid, 0);
IS_AT(info_args, info, 8);
IS_AT(info_args, argv, 16);
IS_AT(info_args, envp, 24);
IS_AT(info_args, cwd, 32);
IS_AT(info_args, terminal, 40);
IS_AT(info_args, info_size, 48);
IS_AT(info_args, argv_size, 52);
IS_AT(info_args, envp_size, 56);
IS_AT(info_args, cwd_size, 60);
IS_AT(info_args, terminal_size, 64);
IS_AT(info_args, flags, 68);

SIZE_IS(limits, 48);
IS_AT(limits, max_memory, 0);
IS_AT(limits, max_cpu_time, 8);
IS_AT(limits, stack_size, 16);
IS_AT(limits, core_size, 24);
IS_AT(limits, max_files, 32);
IS_AT(limits, max_threads, 36);
IS_AT(limits, nice, 40);
IS_AT(limits, flags, 44);

SIZE_IS(limits_args, 56);
IS_AT(limits_args, pid, 0);
IS_AT(limits_args, limits, 8);

SIZE_IS(update_args, 48);
IS_AT(update_args, pid, 0);
IS_AT(update_args, cpu_time, 8);
IS_AT(update_args, memory_usage, 16);
IS_AT(update_args, cwd, 24);
IS_AT(update_args, mask, 32);
IS_AT(update_args, thread_count, 36);
IS_AT(update_args, state, 40);
IS_AT(update_args, priority, 44);

SIZE_IS(create_session_args, 24);
IS_AT(create_session_args, leader, 0);
IS_AT(create_session_args, flags, 8);
IS_AT(create_session_args, sid, 12);
IS_AT(create_session_args, pgid, 16);
IS_AT(create_session_args, pad, 20);

SIZE_IS(create_group_args, 32);
IS_AT(create_group_args, caller, 0);
IS_AT(create_group_args, leader, 8);
IS_AT(create_group_args, sid, 16);
IS_AT(create_group_args, flags, 20);
IS_AT(create_group_args, pgid, 24);
IS_AT(create_group_args, pad, 28);

SIZE_IS(set_group_args, 24);
IS_AT(set_group_args, caller, 0);
IS_AT(set_group_args, pid, 8);
IS_AT(set_group_args, pgid, 16);
IS_AT(set_group_args, flags, 20);

SIZE_IS(session_args, 40);
IS_AT(session_args, sid, 0);
IS_AT(session_args, flags, 4);
IS_AT(session_args, leader, 8);
IS_AT(session_args, terminal, 16);
IS_AT(session_args, terminal_size, 24);
IS_AT(session_args, nr_processes, 28);
IS_AT(session_args, nr_groups, 32);
IS_AT(session_args, foreground, 36);

SIZE_IS(group_args, 24);
IS_AT(group_args, pgid, 0);
IS_AT(group_args, flags, 4);
IS_AT(group_args, leader, 8);
IS_AT(group_args, sid, 16);
IS_AT(group_args, nr_processes, 20);

SIZE_IS(set_terminal_args, 16);
IS_AT(set_terminal_args, sid, 0);
IS_AT(set_terminal_args, flags, 4);
IS_AT(set_terminal_args, name, 8);

SIZE_IS(hang_up_args, 16);
IS_AT(hang_up_args, sid, 0);
IS_AT(hang_up_args, flags, 4);
IS_AT(hang_up_args, count, 8);
IS_AT(hang_up_args, pad, 12);

SIZE_IS(list_args, 48);
IS_AT(list_args, cursor, 0);
IS_AT(list_args, buf, 8);
IS_AT(list_args, record_size, 16);
IS_AT(list_args, count, 20);
IS_AT(list_args, scope, 24);
IS_AT(list_args, id, 28);
IS_AT(list_args, flags, 32);
IS_AT(list_args, pad, 36);
IS_AT(list_args, seq, 40);

SIZE_IS(reap_args, 16);
IS_AT(reap_args, flags, 0);
IS_AT(reap_args, pad, 4);
IS_AT(reap_args, count, 8);

SIZE_IS(stats, 80);
IS_AT(stats, total_processes, 0);
IS_AT(stats, running, 8);
IS_AT(stats, sleeping, 16);
IS_AT(stats, stopped, 24);
IS_AT(stats, zombies, 32);
IS_AT(stats, total_created, 40);
IS_AT(stats, total_exited, 48);
IS_AT(stats, sessions, 56);
IS_AT(stats, process_groups, 64);
IS_AT(stats, orphans, 72);

SIZE_IS(revoke_args, 24);
IS_AT(revoke_args, pid, 0);
IS_AT(revoke_args, capability, 8);
IS_AT(revoke_args, flags, 16);
IS_AT(revoke_args, pad, 20);

SIZE_IS(time_args, 32);
IS_AT(time_args, time, 0);
IS_AT(time_args, cycles, 8);
IS_AT(time_args, frequency, 16);
IS_AT(time_args, source, 24);
IS_AT(time_args, flags, 28);

SIZE_IS(take_signal_args, 64);
IS_AT(take_signal_args, pid, 0);
IS_AT(take_signal_args, mask, 8);
IS_AT(take_signal_args, timeout, 16);
IS_AT(take_signal_args, sender, 24);
IS_AT(take_signal_args, flags, 32);
IS_AT(take_signal_args, signo, 36);
IS_AT(take_signal_args, count, 40);
IS_AT(take_signal_args, target, 48);
IS_AT(take_signal_args, origin, 56);
IS_AT(take_signal_args, pad, 60);

SIZE_IS(report_args, 16);
IS_AT(report_args, pid, 0);
IS_AT(report_args, what, 8);
IS_AT(report_args, signo, 12);

SIZE_IS(credentials, 32);
IS_AT(credentials, ruid, 0);
IS_AT(credentials, euid, 4);
IS_AT(credentials, suid, 8);
IS_AT(credentials, rgid, 12);
IS_AT(credentials, egid, 16);
IS_AT(credentials, sgid, 20);
IS_AT(credentials, flags, 24);
IS_AT(credentials, pad, 28);

SIZE_IS(credentials_args, 40);
IS_AT(credentials_args, pid, 0);
IS_AT(credentials_args, credentials, 8);

SIZE_IS(set_autoreap_args, 16);
IS_AT(set_autoreap_args, pid, 0);
IS_AT(set_autoreap_args, on, 8);
IS_AT(set_autoreap_args, flags, 12);

SIZE_IS(set_foreground_args, 8);
IS_AT(set_foreground_args, sid, 0);
IS_AT(set_foreground_args, pgid, 4);

SIZE_IS(set_reaper_args, 16);
IS_AT(set_reaper_args, pid, 0);
IS_AT(set_reaper_args, on, 8);
IS_AT(set_reaper_args, flags, 12);

SIZE_IS(event, 64);
IS_AT(event, seq, 0);
IS_AT(event, time, 8);
IS_AT(event, pid, 16);
IS_AT(event, other, 24);
IS_AT(event, value, 32);
IS_AT(event, kind, 40);
IS_AT(event, sid, 44);
IS_AT(event, pgid, 48);
IS_AT(event, signo, 52);
IS_AT(event, code, 56);
IS_AT(event, detail, 60);

SIZE_IS(subscribe_args, 32);
IS_AT(subscribe_args, pid, 0);
IS_AT(subscribe_args, kinds, 8);
IS_AT(subscribe_args, capacity, 12);
IS_AT(subscribe_args, flags, 16);
IS_AT(subscribe_args, pad, 20);
IS_AT(subscribe_args, seq, 24);

SIZE_IS(open_process_args, 16);
IS_AT(open_process_args, pid, 0);
IS_AT(open_process_args, flags, 8);
IS_AT(open_process_args, fd, 12);

SIZE_IS(exit_record, 40);
IS_AT(exit_record, pid, 0);
IS_AT(exit_record, cpu_time, 8);
IS_AT(exit_record, children_cpu_time, 16);
IS_AT(exit_record, uid, 24);
IS_AT(exit_record, exit_code, 28);
IS_AT(exit_record, exit_signal, 32);
IS_AT(exit_record, state, 36);

SIZE_IS(new_server_args, 8);
IS_AT(new_server_args, flags, 0);
IS_AT(new_server_args, fd, 4);

SIZE_IS(batch_op, 128);
IS_AT(batch_op, cmd, 0);
IS_AT(batch_op, result, 4);
IS_AT(batch_op, args, 8);

SIZE_IS(batch_args, 24);
IS_AT(batch_args, ops, 0);
IS_AT(batch_args, op_size, 8);
IS_AT(batch_args, count, 12);
IS_AT(batch_args, flags, 16);
IS_AT(batch_args, done, 20);

/* Direction: 1 for what is only read by the server, 2 written, 3 both. */
NUMBER_IS(CREATE, 3U, 0x00, 64);
NUMBER_IS(EXEC, 1U, 0x01, 48);
NUMBER_IS(TERMINATE, 1U, 0x02, 16);
NUMBER_IS(WAIT, 3U, 0x03, 80);
NUMBER_IS(SIGNAL, 3U, 0x04, 32);
NUMBER_IS(INFO, 3U, 0x05, 72);
NUMBER_IS(GET_LIMITS, 3U, 0x06, 56);
NUMBER_IS(SET_LIMITS, 1U, 0x07, 56);
NUMBER_IS(UPDATE, 1U, 0x08, 48);
NUMBER_IS(CREATE_SESSION, 3U, 0x09, 24);
NUMBER_IS(CREATE_GROUP, 3U, 0x0a, 32);
NUMBER_IS(SET_GROUP, 1U, 0x0b, 24);
NUMBER_IS(SESSION, 3U, 0x0c, 40);
NUMBER_IS(GROUP, 3U, 0x0d, 24);
NUMBER_IS(SET_TERMINAL, 1U, 0x0e, 16);
NUMBER_IS(HANG_UP, 3U, 0x0f, 16);
NUMBER_IS(LIST_PIDS, 3U, 0x10, 48);
NUMBER_IS(LIST, 3U, 0x11, 48);
NUMBER_IS(REAP, 3U, 0x12, 16);
NUMBER_IS(STATS, 2U, 0x13, 80);
NUMBER_IS(REVOKE, 1U, 0x14, 24);
NUMBER_IS(TIME, 3U, 0x15, 32);
NUMBER_IS(TAKE_SIGNAL, 3U, 0x16, 64);
NUMBER_IS(SET_REAPER, 1U, 0x17, 16);
NUMBER_IS(SUBSCRIBE, 3U, 0x18, 32);
NUMBER_IS(OPEN_PROCESS, 3U, 0x19, 16);
NUMBER_IS(NEW_SERVER, 3U, 0x1a, 8);
NUMBER_IS(BATCH, 3U, 0x1b, 24);
NUMBER_IS(REPORT, 1U, 0x1c, 16);
NUMBER_IS(GET_CREDENTIALS, 3U, 0x1d, 40);
NUMBER_IS(SET_CREDENTIALS, 1U, 0x1e, 40);
NUMBER_IS(SET_AUTOREAP, 1U, 0x1f, 16);
NUMBER_IS(SET_FOREGROUND, 1U, 0x20, 8);

/* Constants that programs have compiled in. */
static_assert(PROCSRV_NAME_MAX == 255, "name");
static_assert(PROCSRV_PATH_MAX == 4096, "path");
static_assert(PROCSRV_STRINGS_MAX == 2097152, "strings");
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
static_assert(PROCSRV_WAIT_WCLONE == 8, "clone children");
static_assert(PROCSRV_WAIT_WALL == 16, "both kinds");
static_assert(PROCSRV_CREATE_TIED == 1, "tied");
static_assert(PROCSRV_CREATE_PID == 2, "given pid");
static_assert(PROCSRV_CREATE_INHERIT == 4, "inherits");
static_assert(PROCSRV_CREATE_HOSTED == 8, "hosted");
static_assert(PROCSRV_CREATE_EXIT_SIGNAL == 16, "exit signal");
static_assert(PROCSRV_CREATE_SIBLING == 32, "sibling");
static_assert(PROCSRV_CORE_DUMP == 128, "core dump");
static_assert(PROCSRV_BODY_STOPPED == 0, "body, stopped");
static_assert(PROCSRV_BODY_CONTINUED == 1, "body, continued");
static_assert(PROCSRV_BODY_EXITING == 2, "body, exiting");
static_assert(PROCSRV_FROM_PROCESS == 1, "from a process");
static_assert(PROCSRV_FROM_OUTSIDE == 2, "from outside");
static_assert(PROCSRV_FROM_SERVER == 4, "from the server");
static_assert(PROCSRV_CREDENTIALS_KILL == 1, "may signal all");
static_assert(PROCSRV_SERVER_POSIX_IDS == 1, "POSIX ids");
static_assert(PROCSRV_SERVER_SAME == 2, "further descriptor");
static_assert(PROCSRV_SERVER_INIT_REAPS == 4, "init reaps");
static_assert(PROCSRV_TARGET_ALL == 3, "all");
static_assert(PROCSRV_TARGET_TREE == 4, "tree");
static_assert(PROCSRV_GROUP_ORPHANED == 1, "group, orphaned");
static_assert(PROCSRV_TAKE_NOHANG == 1, "take, nohang");
static_assert(PROCSRV_TAKE_TIMEOUT == 2, "take, timeout");
static_assert(PROCSRV_INFO_EXECED == 1, "execed");
static_assert(PROCSRV_INFO_ORPHAN == 2, "orphan");
static_assert(PROCSRV_INFO_REAPER == 4, "reaper");
static_assert(PROCSRV_INFO_TIED == 8, "is tied");
static_assert(PROCSRV_INFO_HIDDEN == 16, "is hidden");
static_assert(PROCSRV_INFO_HOSTED == 32, "is hosted");
static_assert(PROCSRV_INFO_EXITING == 64, "is exiting");
static_assert(PROCSRV_INFO_AUTOREAP == 128, "reaps by itself");
static_assert(PROCSRV_INFO_CLONE == 256, "is a clone child");
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

#undef NUMBER_IS
#pragma pop_macro("_IOC_TYPECHECK")
#undef IS_AT
#undef SIZE_IS

#endif /* PROCSRV_LAYOUT_H */
