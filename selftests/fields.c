// SPDX-License-Identifier: GPL-2.0-only
/*
 * procsrv selftests - every flag, every enumerator, every byte of padding
 *
 * Each undefined bit is set alone in an otherwise valid call, which must fail
 * with EINVAL and change nothing.
 */
#include "calls.h"

struct field {
	const char *name;
	unsigned int cmd;
	size_t offset;
	__u32 known;		/* defined bits */
};

#define FIELD(CALL, type, field, known_) {				\
		.name = #CALL "." #field,				\
		.cmd = PROCSRV_IOC_##CALL,				\
		.offset = offsetof(struct procsrv_##type, field),	\
		.known = known_,					\
	}

static const struct field masks[] = {
	FIELD(CREATE, create_args, flags,
	      PROCSRV_CREATE_TIED | PROCSRV_CREATE_PID |
	      PROCSRV_CREATE_INHERIT | PROCSRV_CREATE_HOSTED |
	      PROCSRV_CREATE_EXIT_SIGNAL | PROCSRV_CREATE_SIBLING),
	FIELD(CREATE, create_args, notify, 0),
	FIELD(EXEC, exec_args, flags, 0),
	FIELD(EXEC, exec_args, pad, 0),
	FIELD(WAIT, wait_args, what, 0x7),
	FIELD(WAIT, wait_args, flags, 0x1f),
	FIELD(WAIT, wait_args, pad, 0),
	FIELD(SIGNAL, signal_args, flags, 0),
	FIELD(INFO, info_args, flags, 0),
	FIELD(SET_LIMITS, limits_args, limits.flags, PROCSRV_LIMITS_ENFORCE),
	FIELD(UPDATE, update_args, mask, 0x3f),
	FIELD(CREATE_SESSION, create_session_args, flags, 0),
	FIELD(CREATE_SESSION, create_session_args, pad, 0),
	FIELD(CREATE_GROUP, create_group_args, flags, 0),
	FIELD(CREATE_GROUP, create_group_args, pad, 0),
	FIELD(SET_GROUP, set_group_args, flags, 0),
	FIELD(SESSION, session_args, flags, 0),
	FIELD(GROUP, group_args, flags, PROCSRV_GROUP_ORPHANED),
	FIELD(SET_TERMINAL, set_terminal_args, flags, 0),
	FIELD(HANG_UP, hang_up_args, flags, 0),
	FIELD(HANG_UP, hang_up_args, pad, 0),
	FIELD(LIST_PIDS, list_args, flags, 0),
	FIELD(LIST_PIDS, list_args, pad, 0),
	FIELD(LIST, list_args, flags, 0),
	FIELD(LIST, list_args, pad, 0),
	FIELD(REAP, reap_args, flags, 0),
	FIELD(REAP, reap_args, pad, 0),
	FIELD(REVOKE, revoke_args, flags, 0),
	FIELD(REVOKE, revoke_args, pad, 0),
	FIELD(TIME, time_args, flags, 0),
	FIELD(TAKE_SIGNAL, take_signal_args, flags, 0x3),
	FIELD(TAKE_SIGNAL, take_signal_args, pad, 0),
	FIELD(SET_REAPER, set_reaper_args, flags, 0),
	FIELD(SET_CREDENTIALS, credentials_args, credentials.flags,
	      PROCSRV_CREDENTIALS_KILL),
	FIELD(SET_CREDENTIALS, credentials_args, credentials.pad, 0),
	FIELD(SET_AUTOREAP, set_autoreap_args, flags, 0),
	FIELD(SUBSCRIBE, subscribe_args, kinds, 0x3ffe),
	FIELD(SUBSCRIBE, subscribe_args, flags, PROCSRV_SUBSCRIBE_SUBTREE),
	FIELD(SUBSCRIBE, subscribe_args, pad, 0),
	FIELD(OPEN_PROCESS, open_process_args, flags, PROCSRV_OPEN_NONBLOCK),
	FIELD(NEW_SERVER, new_server_args, flags,
	      PROCSRV_SERVER_POSIX_IDS | PROCSRV_SERVER_SAME |
	      PROCSRV_SERVER_INIT_REAPS),
	FIELD(BATCH, batch_args, flags, PROCSRV_BATCH_STOP),
};

/* Enumerators: @known is the last one. */
static const struct field enumerators[] = {
	FIELD(TERMINATE, terminate_args, exit_signal, 64),
	FIELD(WAIT, wait_args, which, PROCSRV_WAIT_PGID),
	FIELD(SIGNAL, signal_args, target, PROCSRV_TARGET_TREE),
	FIELD(SIGNAL, signal_args, signo, 64),
	FIELD(UPDATE, update_args, state, PROCSRV_SLEEPING),
	FIELD(UPDATE, update_args, priority, PROCSRV_PRIO_REALTIME),
	FIELD(LIST_PIDS, list_args, scope, PROCSRV_LIST_PGID),
	FIELD(LIST, list_args, scope, PROCSRV_LIST_PGID),
	FIELD(SET_REAPER, set_reaper_args, on, 1),
	FIELD(SUBSCRIBE, subscribe_args, capacity, PROCSRV_RING_MAX),
};

static void put32(union procsrv_args *args, const struct field *f, __u32 value)
{
	memcpy((char *)args + f->offset, &value, sizeof(value));
}

static __u32 get32(const union procsrv_args *args, const struct field *f)
{
	__u32 value;

	memcpy(&value, (const char *)args + f->offset, sizeof(value));
	return value;
}

/* The call is refused if one field is replaced. */
static void check_value(struct __test_metadata *_metadata,
			const struct world *w, const struct field *f,
			__u32 value)
{
	const struct call *c = find_call(f->cmd);
	union procsrv_args args;

	memset(&args, 0, sizeof(args));
	c->prepare(w, &args);
	put32(&args, f, value);
	expect_refused(_metadata, w, f->cmd, &args, -EINVAL);
	if (!_metadata->passed)
		TH_LOG("%s = %#x", f->name, value);
}

TEST_F(calls, unknown_bits)
{
	const struct field *f;
	union procsrv_args args;
	__u32 was;
	int i, bit;

	for (i = 0; i < ARRAY_SIZE(masks); i++) {
		f = &masks[i];
		memset(&args, 0, sizeof(args));
		find_call(f->cmd)->prepare(&self->world, &args);
		was = get32(&args, f);
		for (bit = 0; bit < 32; bit++) {
			if (f->known & 1U << bit)
				continue;
			check_value(_metadata, &self->world, f, was | 1U << bit);
			ASSERT_TRUE(_metadata->passed);
		}
		check_value(_metadata, &self->world, f, ~0U);
		ASSERT_TRUE(_metadata->passed);
	}
}

TEST_F(calls, unknown_enumerators)
{
	const struct field *f;
	int i, bit;

	for (i = 0; i < ARRAY_SIZE(enumerators); i++) {
		f = &enumerators[i];
		check_value(_metadata, &self->world, f, f->known + 1);
		check_value(_metadata, &self->world, f, ~0U);
		for (bit = 0; bit < 32; bit++) {
			if (1U << bit > f->known)
				check_value(_metadata, &self->world, f,
					    1U << bit);
		}
		ASSERT_TRUE(_metadata->passed);
	}
}

/*
 * Every defined bit of the masks is accepted, so the tests above are
 * meaningful.
 */
TEST_F(calls, known_bits)
{
	const int fd = self->world.scene.fd;
	union procsrv_args args;
	__u32 flags, what;

	for (what = 1; what < 8; what++) {
		for (flags = 0; flags < 8; flags++) {
			prepare_wait(&self->world, &args);
			args.wait.what = what;
			args.wait.flags = flags | PROCSRV_WAIT_NOWAIT |
					  PROCSRV_WAIT_NOHANG;
			EXPECT_EQ(what & PROCSRV_WAIT_EXITED ? 0 : -EAGAIN,
				  call(fd, PROCSRV_IOC_WAIT, &args));
		}
	}
	for (flags = 0; flags < 0x40; flags++) {
		prepare_update(&self->world, &args);
		args.update.mask = flags;
		EXPECT_EQ(0, call(fd, PROCSRV_IOC_UPDATE, &args));
	}
}

TEST_F(calls, known_bits_of_what_came_later)
{
	const int fd = self->world.scene.fd;
	union procsrv_args args;
	__u32 flags, bit;

	for (flags = 0; flags < 4; flags++) {
		ASSERT_EQ(0, signal_pid(fd, self->world.live, PENDING));
		prepare_take_signal(&self->world, &args);
		args.take_signal.flags = flags;
		EXPECT_EQ(0, call(fd, PROCSRV_IOC_TAKE_SIGNAL, &args));
	}
	for (bit = 1; bit < PROCSRV_NR_EVENTS; bit++) {
		prepare_subscribe(&self->world, &args);
		args.subscribe.kinds = PROCSRV_EVENT_BIT(bit);
		args.subscribe.flags = bit & 1;
		EXPECT_EQ(0, call(fd, PROCSRV_IOC_SUBSCRIBE, &args));
	}
	for (flags = 0; flags < 2; flags++) {
		prepare_set_reaper(&self->world, &args);
		args.set_reaper.on = flags;
		EXPECT_EQ(0, call(fd, PROCSRV_IOC_SET_REAPER, &args));
		prepare_create(&self->world, &args);
		args.create.flags = flags;
		EXPECT_EQ(0, call(fd, PROCSRV_IOC_CREATE, &args));
		prepare_set_limits(&self->world, &args);
		args.limits.limits.flags = flags;
		EXPECT_EQ(0, call(fd, PROCSRV_IOC_SET_LIMITS, &args));
		prepare_open_process(&self->world, &args);
		args.open_process.flags = flags;
		ASSERT_EQ(0, call(fd, PROCSRV_IOC_OPEN_PROCESS, &args));
		EXPECT_EQ(0, close(args.open_process.fd));
	}
}

/* The previous contents of output fields do not matter. */
static void check_outputs_are_ignored(struct __test_metadata *_metadata,
				      const struct world *w,
				      const struct call *c)
{
	static const struct field outputs[] = {
		FIELD(CREATE, create_args, pid, 0),
		FIELD(WAIT, wait_args, why, 0),
		FIELD(WAIT, wait_args, pid, 0),
		FIELD(WAIT, wait_args, uid, 0),
		FIELD(WAIT, wait_args, exit_code, 0),
		FIELD(WAIT, wait_args, exit_signal, 0),
		FIELD(SIGNAL, signal_args, count, 0),
		FIELD(GET_LIMITS, limits_args, limits.nice, 0),
		FIELD(GET_LIMITS, limits_args, limits.flags, 0),
		FIELD(CREATE_SESSION, create_session_args, sid, 0),
		FIELD(CREATE_SESSION, create_session_args, pgid, 0),
		FIELD(CREATE_GROUP, create_group_args, pgid, 0),
		FIELD(SESSION, session_args, leader, 0),
		FIELD(SESSION, session_args, nr_processes, 0),
		FIELD(SESSION, session_args, nr_groups, 0),
		FIELD(GROUP, group_args, leader, 0),
		FIELD(GROUP, group_args, sid, 0),
		FIELD(GROUP, group_args, nr_processes, 0),
		FIELD(HANG_UP, hang_up_args, count, 0),
		FIELD(REAP, reap_args, count, 0),
		FIELD(TIME, time_args, source, 0),
		FIELD(TIME, time_args, frequency, 0),
		FIELD(LIST, list_args, seq, 0),
		FIELD(LIST_PIDS, list_args, seq, 0),
		FIELD(TAKE_SIGNAL, take_signal_args, sender, 0),
		FIELD(TAKE_SIGNAL, take_signal_args, signo, 0),
		FIELD(TAKE_SIGNAL, take_signal_args, count, 0),
		FIELD(TAKE_SIGNAL, take_signal_args, target, 0),
		FIELD(TAKE_SIGNAL, take_signal_args, origin, 0),
		FIELD(SUBSCRIBE, subscribe_args, seq, 0),
		FIELD(OPEN_PROCESS, open_process_args, fd, 0),
		FIELD(NEW_SERVER, new_server_args, fd, 0),
		FIELD(BATCH, batch_args, done, 0),
	};
	const struct field *f;
	union procsrv_args args;

	c->prepare(w, &args);
	for (f = outputs; f < outputs + ARRAY_SIZE(outputs); f++)
		if (f->cmd == c->cmd)
			put32(&args, f, ~0U);
	EXPECT_EQ(0, call(w->scene.fd, c->cmd, &args));
	for (f = outputs; f < outputs + ARRAY_SIZE(outputs); f++)
		if (f->cmd == c->cmd)
			EXPECT_NE(~0U, get32(&args, f)) TH_LOG("at %zu", f->offset);
}

TEST_F(calls, outputs_are_only_written)
{
	check_all_calls(_metadata, &self->world, check_outputs_are_ignored);
}

TEST_HARNESS_MAIN
