// SPDX-License-Identifier: GPL-2.0-only
/*
 * The structures of the interface, field by field
 *
 * Each input field consumes one byte of the record, in the order of the table. Most values of that
 * byte give a valid value of the field, the rest give an invalid one.
 */
#include <assert.h>
#include <errno.h>
#include <string.h>

#include "fuzz.h"

/* The meaning of a field. From OUT on, the server writes it. */
enum kind {
	PID, SID, PGID,
	CHILD,		/* a pid, the latest first */
	TARGET,		/* as ID, but hardly ever 0 */
	ID,		/* any of the above */
	BITS,		/* @max is the mask */
	SOME_BITS,	/* likewise, but 0 means that one is set */
	WIDE_BITS,	/* likewise, of more than a byte */
	ENUM,		/* @max is the last value */
	SMALL,		/* likewise, and 0 as often as not */
	NOTIFY,		/* 0 unless the flags make it valid */
	REPORTED,	/* the signal that stopped it, if it reports a stop */
	EXIT_SIGNAL,
	SIGNAL, EXIT_CODE, TIMEOUT, MASK, QUANTITY, AT_LEAST_1, USER,
	NAME, PATH, LIST, LIST_LEN,
	ROOM, INFO, ROOM_SIZE, INFO_SIZE, RECORD_SIZE, COUNT, CAPACITY,
	OPS, OP_SIZE, OP_COUNT,
	PAD,
	OUT, OUT_PID, GIVEN_PID, OUT_SID, OUT_PGID, OUT_FD, OUT_SERVER,
};

struct field {
	const char *name;
	__u16 offset;
	__u8 size;
	__u8 kind;
	__u32 max;
};

struct shape {
	const char *name;
	unsigned int cmd;
	const struct field *fields;
	unsigned int nr;
};

#define F(type, member, kind, ...)						\
	{ #member, offsetof(struct procsrv_##type, member),			\
	  sizeof(((struct procsrv_##type *)0)->member), kind, ##__VA_ARGS__ }

static const struct field create[] = {
	F(create_args, parent, PID), F(create_args, name, NAME),
	F(create_args, argv, LIST), F(create_args, envp, LIST),
	F(create_args, argv_len, LIST_LEN), F(create_args, envp_len, LIST_LEN),
	F(create_args, uid, USER), F(create_args, gid, USER),
	F(create_args, flags, BITS, PROCSRV_CREATE_TIED | PROCSRV_CREATE_PID |
	  PROCSRV_CREATE_INHERIT | PROCSRV_CREATE_HOSTED | PROCSRV_CREATE_EXIT_SIGNAL |
	  PROCSRV_CREATE_SIBLING),
	F(create_args, pid, GIVEN_PID), F(create_args, notify, NOTIFY),
};

static const struct field exec[] = {
	F(exec_args, pid, CHILD), F(exec_args, name, NAME),
	F(exec_args, argv, LIST), F(exec_args, envp, LIST),
	F(exec_args, argv_len, LIST_LEN), F(exec_args, envp_len, LIST_LEN),
	F(exec_args, flags, BITS), F(exec_args, pad, PAD),
};

static const struct field terminate[] = {
	F(terminate_args, pid, CHILD), F(terminate_args, exit_code, EXIT_CODE),
	F(terminate_args, exit_signal, EXIT_SIGNAL),
};

static const struct field wait[] = {
	F(wait_args, parent, PID), F(wait_args, id, ID),
	F(wait_args, which, SMALL, PROCSRV_WAIT_PGID), F(wait_args, what, SOME_BITS, 7),
	F(wait_args, flags, BITS, 0x1f), F(wait_args, why, OUT),
	F(wait_args, timeout, TIMEOUT), F(wait_args, pid, OUT), F(wait_args, cpu_time, OUT),
	F(wait_args, children_cpu_time, OUT), F(wait_args, uid, OUT),
	F(wait_args, exit_code, OUT), F(wait_args, exit_signal, OUT), F(wait_args, pad, PAD),
};

static const struct field signal_fields[] = {
	F(signal_args, sender, PID), F(signal_args, id, TARGET),
	F(signal_args, target, ENUM, PROCSRV_TARGET_TREE), F(signal_args, signo, SIGNAL),
	F(signal_args, flags, BITS), F(signal_args, count, OUT),
};

static const struct field info[] = {
	F(info_args, pid, CHILD), F(info_args, info, INFO), F(info_args, argv, ROOM),
	F(info_args, envp, ROOM), F(info_args, cwd, ROOM), F(info_args, terminal, ROOM),
	F(info_args, info_size, INFO_SIZE), F(info_args, argv_size, ROOM_SIZE),
	F(info_args, envp_size, ROOM_SIZE), F(info_args, cwd_size, ROOM_SIZE),
	F(info_args, terminal_size, ROOM_SIZE), F(info_args, flags, BITS),
};

static const struct field get_limits[] = {
	F(limits_args, pid, CHILD), F(limits_args, limits, OUT),
};

static const struct field set_limits[] = {
	F(limits_args, pid, CHILD), F(limits_args, limits.max_memory, QUANTITY),
	F(limits_args, limits.max_cpu_time, QUANTITY),
	F(limits_args, limits.stack_size, QUANTITY),
	F(limits_args, limits.core_size, QUANTITY),
	F(limits_args, limits.max_files, QUANTITY),
	F(limits_args, limits.max_threads, AT_LEAST_1), F(limits_args, limits.nice, SMALL, 19),
	F(limits_args, limits.flags, BITS, PROCSRV_LIMITS_ENFORCE),
};

static const struct field update[] = {
	F(update_args, pid, CHILD), F(update_args, cpu_time, QUANTITY),
	F(update_args, memory_usage, QUANTITY), F(update_args, cwd, PATH),
	F(update_args, mask, SOME_BITS, 0x3f), F(update_args, thread_count, AT_LEAST_1),
	F(update_args, state, SMALL, PROCSRV_SLEEPING),
	F(update_args, priority, ENUM, PROCSRV_PRIO_REALTIME),
};

static const struct field create_session[] = {
	F(create_session_args, leader, CHILD), F(create_session_args, flags, BITS),
	F(create_session_args, sid, OUT_SID), F(create_session_args, pgid, OUT_PGID),
	F(create_session_args, pad, PAD),
};

static const struct field create_group[] = {
	F(create_group_args, caller, PID), F(create_group_args, leader, CHILD),
	F(create_group_args, sid, SID), F(create_group_args, flags, BITS),
	F(create_group_args, pgid, OUT_PGID), F(create_group_args, pad, PAD),
};

static const struct field set_group[] = {
	F(set_group_args, caller, PID), F(set_group_args, pid, CHILD),
	F(set_group_args, pgid, PGID), F(set_group_args, flags, BITS),
};

static const struct field session[] = {
	F(session_args, sid, SID), F(session_args, flags, BITS), F(session_args, leader, OUT),
	F(session_args, terminal, ROOM), F(session_args, terminal_size, ROOM_SIZE),
	F(session_args, nr_processes, OUT), F(session_args, nr_groups, OUT),
	F(session_args, foreground, OUT),
};

static const struct field group[] = {
	F(group_args, pgid, PGID), F(group_args, flags, BITS, PROCSRV_GROUP_ORPHANED),
	F(group_args, leader, OUT), F(group_args, sid, OUT), F(group_args, nr_processes, OUT),
};

static const struct field set_terminal[] = {
	F(set_terminal_args, sid, SID), F(set_terminal_args, flags, BITS),
	F(set_terminal_args, name, NAME),
};

static const struct field hang_up[] = {
	F(hang_up_args, sid, SID), F(hang_up_args, flags, BITS), F(hang_up_args, count, OUT),
	F(hang_up_args, pad, PAD),
};

static const struct field list[] = {
	F(list_args, cursor, PID), F(list_args, buf, INFO),
	F(list_args, record_size, RECORD_SIZE), F(list_args, count, COUNT),
	F(list_args, scope, SMALL, PROCSRV_LIST_PGID), F(list_args, id, ID),
	F(list_args, flags, BITS), F(list_args, pad, PAD), F(list_args, seq, OUT),
};

static const struct field reap[] = {
	F(reap_args, flags, BITS), F(reap_args, pad, PAD), F(reap_args, count, OUT),
};

static const struct field stats[] = {
	F(stats, total_processes, OUT), F(stats, running, OUT), F(stats, sleeping, OUT),
	F(stats, stopped, OUT), F(stats, zombies, OUT), F(stats, total_created, OUT),
	F(stats, total_exited, OUT), F(stats, sessions, OUT), F(stats, process_groups, OUT),
	F(stats, orphans, OUT),
};

static const struct field revoke[] = {
	F(revoke_args, pid, CHILD), F(revoke_args, capability, QUANTITY),
	F(revoke_args, flags, BITS), F(revoke_args, pad, PAD),
};

static const struct field time_fields[] = {
	F(time_args, time, OUT), F(time_args, cycles, OUT), F(time_args, frequency, OUT),
	F(time_args, source, OUT), F(time_args, flags, BITS),
};

static const struct field take_signal[] = {
	F(take_signal_args, pid, CHILD), F(take_signal_args, mask, MASK),
	F(take_signal_args, timeout, TIMEOUT), F(take_signal_args, sender, OUT),
	F(take_signal_args, flags, BITS, 3), F(take_signal_args, signo, OUT),
	F(take_signal_args, count, OUT), F(take_signal_args, target, OUT),
	F(take_signal_args, origin, OUT), F(take_signal_args, pad, PAD),
};

static const struct field set_reaper[] = {
	F(set_reaper_args, pid, CHILD), F(set_reaper_args, on, SMALL, 1),
	F(set_reaper_args, flags, BITS),
};

static const struct field subscribe[] = {
	F(subscribe_args, pid, PID), F(subscribe_args, kinds, WIDE_BITS, PROCSRV_EVENTS_ALL),
	F(subscribe_args, capacity, CAPACITY),
	F(subscribe_args, flags, BITS, PROCSRV_SUBSCRIBE_SUBTREE),
	F(subscribe_args, pad, PAD), F(subscribe_args, seq, OUT),
};

static const struct field open_process[] = {
	F(open_process_args, pid, CHILD), F(open_process_args, flags, BITS, PROCSRV_OPEN_NONBLOCK),
	F(open_process_args, fd, OUT_FD),
};

static const struct field new_server[] = {
	F(new_server_args, flags, BITS, PROCSRV_SERVER_POSIX_IDS | PROCSRV_SERVER_SAME |
	  PROCSRV_SERVER_INIT_REAPS),
	F(new_server_args, fd, OUT_SERVER),
};

static const struct field batch[] = {
	F(batch_args, ops, OPS), F(batch_args, op_size, OP_SIZE),
	F(batch_args, count, OP_COUNT), F(batch_args, flags, BITS, PROCSRV_BATCH_STOP),
	F(batch_args, done, OUT),
};

static const struct field report[] = {
	F(report_args, pid, CHILD), F(report_args, what, ENUM, PROCSRV_BODY_EXITING),
	F(report_args, signo, REPORTED),
};

static const struct field get_credentials[] = {
	F(credentials_args, pid, CHILD), F(credentials_args, credentials, OUT),
};

static const struct field set_credentials[] = {
	F(credentials_args, pid, CHILD), F(credentials_args, credentials.ruid, USER),
	F(credentials_args, credentials.euid, USER),
	F(credentials_args, credentials.suid, USER),
	F(credentials_args, credentials.rgid, USER),
	F(credentials_args, credentials.egid, USER),
	F(credentials_args, credentials.sgid, USER),
	F(credentials_args, credentials.flags, BITS, PROCSRV_CREDENTIALS_KILL),
	F(credentials_args, credentials.pad, PAD),
};

static const struct field set_autoreap[] = {
	F(set_autoreap_args, pid, CHILD), F(set_autoreap_args, on, SMALL, 1),
	F(set_autoreap_args, flags, BITS),
};

static const struct field set_foreground[] = {
	F(set_foreground_args, sid, SID), F(set_foreground_args, pgid, PGID),
};

#define SHAPE(id, f)								\
	[_IOC_NR(PROCSRV_IOC_##id)] = {						\
		.name = #id,							\
		.cmd = PROCSRV_IOC_##id,					\
		.fields = f,							\
		.nr = ARRAY_SIZE(f),						\
	}

static const struct shape shapes[NR_IOCTLS] = {
	SHAPE(CREATE, create), SHAPE(EXEC, exec), SHAPE(TERMINATE, terminate),
	SHAPE(WAIT, wait), SHAPE(SIGNAL, signal_fields), SHAPE(INFO, info),
	SHAPE(GET_LIMITS, get_limits), SHAPE(SET_LIMITS, set_limits),
	SHAPE(UPDATE, update), SHAPE(CREATE_SESSION, create_session),
	SHAPE(CREATE_GROUP, create_group), SHAPE(SET_GROUP, set_group),
	SHAPE(SESSION, session), SHAPE(GROUP, group), SHAPE(SET_TERMINAL, set_terminal),
	SHAPE(HANG_UP, hang_up), SHAPE(LIST_PIDS, list), SHAPE(LIST, list),
	SHAPE(REAP, reap), SHAPE(STATS, stats), SHAPE(REVOKE, revoke),
	SHAPE(TIME, time_fields), SHAPE(TAKE_SIGNAL, take_signal),
	SHAPE(SET_REAPER, set_reaper), SHAPE(SUBSCRIBE, subscribe),
	SHAPE(OPEN_PROCESS, open_process), SHAPE(NEW_SERVER, new_server),
	SHAPE(BATCH, batch), SHAPE(REPORT, report),
	SHAPE(GET_CREDENTIALS, get_credentials), SHAPE(SET_CREDENTIALS, set_credentials),
	SHAPE(SET_AUTOREAP, set_autoreap), SHAPE(SET_FOREGROUND, set_foreground),
};

static const char *const other_names[NR_OTHER] = {
	[OP_READ - OP_OTHER] = "read", [OP_POLL - OP_OTHER] = "poll",
	[OP_CLOSE - OP_OTHER] = "close", [OP_DUP - OP_OTHER] = "dup",
	[OP_OPEN - OP_OTHER] = "open", [OP_FORK - OP_OTHER] = "fork",
	[OP_THREAD - OP_OTHER] = "thread", [OP_SEND - OP_OTHER] = "send",
	[OP_RECEIVE - OP_OTHER] = "receive", [OP_INTERRUPT - OP_OTHER] = "interrupt",
	[OP_CREDENTIALS - OP_OTHER] = "credentials", [OP_SCRIBBLE - OP_OTHER] = "scribble",
	[OP_MAP - OP_OTHER] = "map", [OP_ODD - OP_OTHER] = "odd call",
	[OP_FLAGS - OP_OTHER] = "flags", [OP_RING_CANCEL - OP_OTHER] = "ring cancel",
	[OP_RING_WAIT - OP_OTHER] = "ring wait", [OP_RING_CLOSE - OP_OTHER] = "ring close",
	[OP_EPOLL - OP_OTHER] = "epoll", [OP_NAP - OP_OTHER] = "nap",
	[OP_SYSFS - OP_OTHER] = "sysfs",
};

/* Fails if a new ioctl is missing in the table. */
static_assert(_IOC_NR(PROCSRV_IOC_SET_FOREGROUND) == NR_IOCTLS - 1, "ioctls that are not here");

/* Numbers that no ioctl has keep their meaning when ioctls are added. */
static const struct shape *shape_of(__u8 op)
{
	return &shapes[op < NR_IOCTLS ? op : op % OLD_IOCTLS];
}

/**
 * op_name() - the name of an operation
 * @op: as in a record
 */
const char *op_name(__u8 op)
{
	if (op < OP_OTHER)
		return shape_of(op)->name;
	return other_names[(op - OP_OTHER) % NR_OTHER];
}

/**
 * ioctl_number() - the number of an operation that is an ioctl
 * @op: as in a record
 */
unsigned int ioctl_number(__u8 op)
{
	return shape_of(op)->cmd;
}

/**
 * op_of() - the operation of a record, with its number reduced to a valid one
 * @r: the record
 *
 * Return: OP_*, or the number of an ioctl.
 */
__u8 op_of(const struct record *r)
{
	return r->op < OP_OTHER ? r->op : OP_OTHER + (r->op - OP_OTHER) % NR_OTHER;
}

/**
 * body_length() - the number of following records that belong to a record
 * @r: the record
 *
 * They are the elements of a batch, or the operations that a process or a thread runs.
 */
unsigned int body_length(const struct record *r)
{
	if (r->op >= OP_OTHER) {
		__u8 op = op_of(r);

		return op == OP_FORK || op == OP_THREAD ? r->arg[0] % (BODY_MAX + 1) : 0;
	}
	return ioctl_number(r->op) == PROCSRV_IOC_BATCH ? r->arg[4] % 9 : 0;
}

#define PICK(table, c) ((table)[(c) % ARRAY_SIZE(table)])

static __u64 pick_id32(const __u32 *id, unsigned int nr, __u8 c)
{
	static const __u64 odd[] = { 0, 1, 2, UINT32_MAX, 1U << 31, 3, 4, 5 };

	return c < 0xc0 && nr ? id[c % (nr < 16 ? nr : 16)] : PICK(odd, c);
}

static __u64 pick_pid(const struct ids *ids, __u8 c)
{
	static const __u64 odd[] = {
		0, 1, 2, 3, 4, 0, UINT32_MAX, UINT64_MAX, 0, 1ULL << 63, 1ULL << 32, 0,
	};
	unsigned int nr = ids->nr_pids < 32 ? ids->nr_pids : 32;

	return c < 0xc0 && nr ? ids->pid[c % nr] : PICK(odd, c);
}

static __u64 pick_child(const struct ids *ids, __u8 c)
{
	unsigned int nr = ids->nr_pids;

	if (c >= 0xc0 || !nr)
		return pick_pid(ids, c);
	return ids->pid[(nr - 1 - c % (nr < 32 ? nr : 32)) % 32];
}

static __u64 pick_id(const struct ids *ids, __u8 c)
{
	switch (c & 3) {
	case 0:
		return c ? pick_pid(ids, c >> 2) : 0;
	case 1: return pick_id32(ids->pgid, ids->nr_pgids, c >> 2);
	case 2: return pick_id32(ids->sid, ids->nr_sids, c >> 2);
	default: return pick_pid(ids, c);
	}
}

static __u64 pick_signal(__u8 c)
{
	static const int usual[] = { 0, 9, 15, 18, 19, 1, 2, 64, 10, 19, 18, 9, 65, -1, 33, 34 };

	return c < 0xe0 ? PICK(usual, c) : (__u64)(c - 0xe0) * 3;
}

static __u64 pick_enum(__u32 max, __u8 c)
{
	static const __u64 odd[] = { UINT32_MAX, 1U << 31, 20, 255 };

	if (c >= 0xf0)
		return c & 1 ? max + 1 : PICK(odd, c >> 1);
	return c % (max + 1);
}

/* Some with PROCSRV_CORE_DUMP. */
static __u64 pick_exit_signal(__u8 c)
{
	return c < 0xf0 ? pick_signal(c) : PROCSRV_CORE_DUMP | (c - 0xf0);
}

/* As in clone(2): mostly none or SIGCHLD, which makes an ordinary child. */
static __u64 pick_notify(const struct record *r, __u8 c)
{
	static const __u64 notify[] = { 0, 17, 10, 64, 65, UINT32_MAX };

	/* The flags are the ninth field that is picked. */
	if (!(r->arg[8] & PROCSRV_CREATE_EXIT_SIGNAL) && c < 0xf0)
		return 0;
	return PICK(notify, c);
}

static __u64 pick_reported(const struct record *r, __u8 c)
{
	if (c >= 0xe0)
		return pick_signal(c);
	return pick_enum(PROCSRV_BODY_EXITING, r->arg[1]) == PROCSRV_BODY_STOPPED ? 19 + c % 4 : 0;
}

static __u64 pick_quantity(__u8 c)
{
	static const __u64 odd[] = {
		0, 1, 256, 257, 4096, 1U << 28, (1U << 28) + 1, UINT32_MAX, 1ULL << 32,
		INT64_MAX, UINT64_MAX - 1, UINT64_MAX,
	};

	return c < 0x80 ? c : PICK(odd, c);
}

static __u64 pick_timeout(__u8 c)
{
	static const __u64 ns[] = {
		0, 0, 1, 50000, 500000, 2000000, 0, UINT64_MAX, INT64_MAX, 1000000000,
	};

	return PICK(ns, c);
}

static __u64 pick_size(__u8 kind, __u8 c)
{
	static const __u64 lens[] = {
		0, 2, 0, 4, 0, 64, 128, 1, 3, 130, 4096, 0, 8192, 131072, 2097154, UINT32_MAX,
	};
	static const __u64 rooms[] = {
		0, 256, 0, 4096, 1, 2, 0, 7, 64, 131072, 200000, UINT32_MAX,
	};
	static const __u64 infos[] = {
		sizeof(struct procsrv_info), offsetof(struct procsrv_info, name) + 256,
		sizeof(struct procsrv_info), sizeof(struct procsrv_info) + 8, 0, 4096, 4097, 8,
		offsetof(struct procsrv_info, name) + 255, UINT32_MAX,
	};
	static const __u64 records[] = {
		sizeof(struct procsrv_info), 8, 16, 4096, sizeof(struct procsrv_info) + 8, 7, 0,
		4097, offsetof(struct procsrv_info, name) + 256, UINT32_MAX,
	};
	static const __u64 counts[] = { 1, 64, 2, 3, 65, 100, 0, 128, UINT32_MAX, 1 };
	static const __u64 rings[] = { 0, 1, 2, 3, 8, 64, 65536, 65537, 1024, UINT32_MAX };
	static const __u64 ops[] = {
		128, 128, 128, 136, 256, 512, 120, 127, 132, 0, 4096, 4104, UINT32_MAX,
	};

	switch (kind) {
	case LIST_LEN:
		return c < 0xf8 ? PICK(lens, c) : PROCSRV_STRINGS_MAX;
	case ROOM_SIZE: return PICK(rooms, c);
	case INFO_SIZE: return PICK(infos, c);
	case RECORD_SIZE: return PICK(records, c);
	case COUNT: return PICK(counts, c);
	case CAPACITY: return PICK(rings, c);
	default: return PICK(ops, c);
	}
}

static __u64 pick_bits(__u32 mask, __u8 c, bool wide)
{
	if (c >= 0xe0)
		return 1U << (c & 31);
	if (wide)
		return c < 0x80 ? mask : (c * 0x01010101U) & mask;
	return c & mask;
}

static __u64 pick_user(__u8 c)
{
	static const __u64 odd[] = { 65534, 65535, UINT32_MAX, 1 };

	return c < 0xe0 ? (c & 1) * 1000 : PICK(odd, c);
}

static __u64 pick_mask(__u8 c)
{
	return c < 0x80 ? UINT64_MAX : c < 0xf0 ? 1ULL << (c & 63) : 0;
}

static __u64 pick(const struct record *r, unsigned int index, const struct ids *ids,
		  const struct field *f, __u8 c)
{
	switch (f->kind) {
	case PID: return pick_pid(ids, c);
	case GIVEN_PID:
		return c < 0x80 ? c * 61 : pick_pid(ids, c);
	case SID: return pick_id32(ids->sid, ids->nr_sids, c);
	case PGID: return pick_id32(ids->pgid, ids->nr_pgids, c);
	case CHILD: return pick_child(ids, c);
	case TARGET:
		return c ? pick_id(ids, c) : pick_child(ids, c);
	case ID: return pick_id(ids, c);
	case SOME_BITS:
		return pick_bits(f->max, c ? c : 1, false);
	case AT_LEAST_1:
		return c ? pick_quantity(c) : 1;
	case INFO:
		return room_address(c < 0xe8 ? c | 0x10 : c);
	case BITS: return pick_bits(f->max, c, false);
	case WIDE_BITS: return pick_bits(f->max, c, true);
	case ENUM: return pick_enum(f->max, c);
	case SMALL:
		return c < 0x60 ? 0 : pick_enum(f->max, c);
	case NOTIFY: return pick_notify(r, c);
	case REPORTED: return pick_reported(r, c);
	case EXIT_SIGNAL: return pick_exit_signal(c);
	case SIGNAL: return pick_signal(c);
	case EXIT_CODE:
		return c < 0xe0 ? c : 0x7fffffff + (__u64)(c & 1);
	case TIMEOUT: return pick_timeout(c);
	case MASK: return pick_mask(c);
	case QUANTITY: return pick_quantity(c);
	case USER: return pick_user(c);
	case NAME: return name_address(c);
	case PATH: return path_address(c);
	case LIST: return list_address(c);
	case ROOM: return room_address(c);
	case OPS:
		return c < 0xe0 ? (uintptr_t)array_at(index) : bad_address(c);
	case OP_COUNT:
		return c < 0xf0 ? body_length(r) : 1020 + (__u64)(c & 7);
	default: return pick_size(f->kind, c);
	}
}

static void put(void *args, const struct field *f, __u64 value)
{
	memcpy((__u8 *)args + f->offset, &value, f->size < 8 ? f->size : 8);
}

static __u64 get(const void *args, const struct field *f)
{
	__u64 value = 0;

	memcpy(&value, (const __u8 *)args + f->offset, f->size < 8 ? f->size : 8);
	return value;
}

/**
 * fill_args() - make the structure of an ioctl
 * @r: the operation
 * @index: index of its record in the program
 * @ids: ids that exist in the server
 * @args: zeroed buffer for it
 */
void fill_args(const struct record *r, unsigned int index, const struct ids *ids, void *args)
{
	const struct shape *s = shape_of(r->op);
	unsigned int i, n = 0;

	for (i = 0; i < s->nr; i++) {
		const struct field *f = &s->fields[i];

		if (f->kind == PAD && r->spoil == SPOIL_PADDING)
			put(args, f, 1 + r->arg[NR_ARGS - 1]);
		else if (f->kind == BITS && f->max == 0 && r->arg[n % NR_ARGS] < 0xf8)
			n++;	/* no flags are defined: rarely set one */
		else if (f->kind < PAD || f->kind == GIVEN_PID)
			put(args, f, pick(r, index, ids, f, r->arg[n++ % NR_ARGS]));
	}
	if (r->spoil == SPOIL_BIT)
		((__u8 *)args)[r->arg[NR_ARGS - 1] % _IOC_SIZE(s->cmd)] ^=
			1 << (r->arg[NR_ARGS - 2] & 7);
}

/* Several threads may call this. The newest entry overwrites the oldest. */
static unsigned int next_of(unsigned int *nr)
{
	return __atomic_fetch_add(nr, 1, __ATOMIC_RELAXED);
}

static int new_server_of(const struct procsrv_new_server_args *a, int same)
{
	if (a->flags == PROCSRV_SERVER_SAME)
		return same;
	return 2 + next_of(&program.next_server) % (NR_SERVERS - 2);
}

/**
 * learn() - note the ids that a successful ioctl has created
 * @r: the operation
 * @ids: gets new ids
 * @args: its structure
 * @fd_server: index of the ids of the server that it was called on
 */
void learn(const struct record *r, struct ids *ids, const void *args, int fd_server)
{
	const struct shape *s = shape_of(r->op);
	unsigned int i;

	for (i = 0; i < s->nr; i++) {
		const struct field *f = &s->fields[i];
		__u64 value = get(args, f);

		switch (f->kind) {
		case OUT_PID:
		case GIVEN_PID:
			ids->pid[next_of(&ids->nr_pids) % ARRAY_SIZE(ids->pid)] = value;
			break;
		case OUT_SID:
			ids->sid[next_of(&ids->nr_sids) % ARRAY_SIZE(ids->sid)] = value;
			break;
		case OUT_PGID:
			ids->pgid[next_of(&ids->nr_pgids) % ARRAY_SIZE(ids->pgid)] = value;
			break;
		case OUT_FD:
			add_fd(value, fd_server);
			break;
		case OUT_SERVER:
			add_fd(value, new_server_of(args, fd_server));
			break;
		}
	}
}

/**
 * print_args() - print the fields of a structure
 * @r: the operation
 * @args: its structure
 */
void print_args(const struct record *r, const void *args)
{
	const struct shape *s = shape_of(r->op);
	unsigned int i;

	for (i = 0; i < s->nr; i++)
		if (s->fields[i].size <= 8)
			printf(" %s=%#llx", s->fields[i].name,
			       (unsigned long long)get(args, &s->fields[i]));
}
