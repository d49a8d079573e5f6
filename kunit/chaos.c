// SPDX-License-Identifier: GPL-2.0-only
/*
 * Random operations on a server, for the suites that check invariants
 */
#include "common.h"

enum {
	/* Operations are about this many of the latest processes. */
	RECENT = 60,
};

static u32 pick(struct chaos *c, u32 below)
{
	return test_random(&c->seed, below);
}

static u64 pick_pid(struct chaos *c)
{
	u64 recent = min_t(u64, c->highest, c->recent ?: RECENT);

	return c->highest - pick(c, recent);
}

/* The session and the group of a process, or 0 where it has none. */
static noinline_for_stack void look_at(struct chaos *c, u64 pid, u32 *sid,
				       u32 *pgid)
{
	struct procsrv_details d;

	*sid = 0;
	*pgid = 0;
	if (procsrv_get_info(c->ps, pid, &d))
		return;
	*sid = d.info.sid;
	*pgid = d.info.pgid;
	procsrv_put_info(&d);
}

static void do_create(struct chaos *c)
{
	const struct procsrv_create_params params = {
		.parent = pick_pid(c),
		.image = c->image,
		.uid = KUIDT_INIT(pick(c, 5)),
		.gid = KGIDT_INIT(TEST_GID),
		.owner = pick(c, 6) ? NULL : c->owner,
	};
	u64 pid;

	if (c->highest < c->max_pid && !procsrv_create(c->ps, &params, &pid))
		c->highest = max(c->highest, pid);
}

static void do_signal(struct chaos *c)
{
	static const u8 signals[] = { 1, 10, 18, 18, 19, 19, 30, 64, 9, 15 };
	u32 target = pick(c, 10), sid, pgid, count;
	u64 pid = pick_pid(c), sender = pick(c, 2) ? pick_pid(c) : 0;
	int signo;

	/* SIGKILL and SIGTERM are rare, as they may end many processes. */
	signo = signals[pick(c, ARRAY_SIZE(signals) - 2 * !!pick(c, 4))];
	look_at(c, pid, &sid, &pgid);
	if (target < 6)
		procsrv_signal(c->ps, sender, PROCSRV_TARGET_PID, pid, signo,
			       &count);
	else if (target == 6)
		procsrv_signal(c->ps, sender, PROCSRV_TARGET_PGID, pgid, signo,
			       &count);
	else if (target == 7)
		procsrv_signal(c->ps, sender, PROCSRV_TARGET_SID, sid, signo,
			       &count);
	else if (target == 8)
		procsrv_signal(c->ps, sender, PROCSRV_TARGET_TREE, pid, signo,
			       &count);
	else if (!pick(c, 4))
		procsrv_signal(c->ps, sender, PROCSRV_TARGET_ALL, 0, 18,
			       &count);
	else
		procsrv_hang_up(c->ps, sid, &count);
}

static void do_move(struct chaos *c)
{
	u64 pid = pick_pid(c), other = pick_pid(c);
	u32 sid, pgid, id, id2;

	switch (pick(c, 4)) {
	case 0:
		procsrv_create_session(c->ps, pid, &id, &id2);
		break;
	case 1:
		look_at(c, pid, &sid, &pgid);
		procsrv_create_group(c->ps, 0, pid, sid, &id);
		break;
	default:
		look_at(c, other, &sid, &pgid);
		procsrv_set_group(c->ps, 0, pid, pgid);
	}
}

static void do_update(struct chaos *c)
{
	const struct procsrv_update u = {
		.mask = pick(c, 16),
		.cpu_time = pick(c, 1100),
		.memory_usage = pick(c, 1100),
		.thread_count = 1 + pick(c, 11),
		.state = pick(c, 2),
	};
	struct procsrv_limits limits = procsrv_default_limits;

	limits.max_cpu_time = 1000;
	limits.max_memory = 1000;
	limits.max_threads = 10;
	limits.flags = pick(c, 3) ? 0 : PROCSRV_LIMITS_ENFORCE;
	if (pick(c, 3))
		procsrv_update(c->ps, pick_pid(c), &u);
	else
		procsrv_set_limits(c->ps, pick_pid(c), &limits);
}

static void do_wait(struct chaos *c)
{
	struct procsrv_wait w = {
		.parent = pick(c, 4) ? pick_pid(c) : PROCSRV_INIT_PID,
		.which = pick(c, 3),
		.what = 1 + pick(c, 7),
		.flags = c->timeout ? PROCSRV_WAIT_TIMEOUT :
				      PROCSRV_WAIT_NOHANG,
		.timeout = c->timeout,
	};
	u32 sid, pgid;

	if (!pick(c, 4))
		w.flags |= PROCSRV_WAIT_NOWAIT;
	if (w.which != PROCSRV_WAIT_ANY) {
		w.id = pick_pid(c);
		look_at(c, w.id, &sid, &pgid);
		if (w.which == PROCSRV_WAIT_PGID)
			w.id = max(pgid, 1U);
	}
	procsrv_wait(c->ps, &w);
}

static void do_take(struct chaos *c)
{
	struct procsrv_take take = {
		.pid = pick_pid(c),
		.mask = pick(c, 2) ? sigbit(10) | sigbit(30) : U64_MAX,
		.flags = c->timeout ? PROCSRV_TAKE_TIMEOUT :
				      PROCSRV_TAKE_NOHANG,
		.timeout = c->timeout,
	};

	if (c->takes)
		procsrv_take_signal(c->ps, &take);
}

static void do_others(struct chaos *c)
{
	u32 sid, pgid;

	switch (pick(c, 8)) {
	case 0:
		procsrv_exec(c->ps, pick_pid(c), c->image);
		break;
	case 1:
		procsrv_revoke(c->ps, pick(c, 5) ? pick_pid(c) : 0, 1);
		break;
	case 2:
		look_at(c, pick_pid(c), &sid, &pgid);
		procsrv_set_terminal(c->ps, sid, NULL);
		break;
	case 3:
		if (!pick(c, 10) && c->owner)
			procsrv_kill_tied(c->ps, c->owner);
		break;
	case 4:
		procsrv_reap(c->ps);
		break;
	default:
		procsrv_set_reaper(c->ps, pick_pid(c), pick(c, 3));
	}
}

/**
 * random_operation() - perform a random operation
 * @c: its state
 *
 * May be called from a worker.
 */
void random_operation(struct chaos *c)
{
	u32 choice = pick(c, 100);

	if (choice < 25)
		do_create(c);
	else if (choice < 32)
		procsrv_terminate(c->ps, pick_pid(c), choice, 0);
	else if (choice < 50)
		do_signal(c);
	else if (choice < 62)
		do_move(c);
	else if (choice < 70)
		do_update(c);
	else if (choice < 82)
		do_wait(c);
	else if (choice < 87)
		do_take(c);
	else
		do_others(c);
}
