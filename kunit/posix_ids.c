// SPDX-License-Identifier: GPL-2.0-only
/*
 * Servers with POSIX ids: sessions and groups have the pids of their leaders
 */
#include <linux/ktime.h>

#include "common.h"

enum {
	LAST_PID = INT_MAX,

	/* For the comparison with a model. */
	NR_SLOTS = 24,
	NR_STEPS = 4000,
};

static int try_setsid(struct kunit *test, u64 pid)
{
	u32 sid = 77, pgid = 77;
	int err = procsrv_create_session(server(test), pid, &sid, &pgid);

	KUNIT_EXPECT_EQ(test, sid, err ? 77 : pid);
	KUNIT_EXPECT_EQ(test, pgid, err ? 77 : pid);
	return err;
}

static void do_setsid(struct kunit *test, u64 pid)
{
	KUNIT_ASSERT_EQ(test, try_setsid(test, pid), 0);
	KUNIT_ASSERT_EQ(test, sid_of(test, pid), pid);
	KUNIT_ASSERT_EQ(test, pgid_of(test, pid), pid);
}

static int try_setpgid(struct kunit *test, u64 caller, u64 pid, u32 pgid)
{
	return procsrv_set_group(server(test), caller, pid, pgid);
}

static void do_setpgid(struct kunit *test, u64 pid, u32 pgid)
{
	KUNIT_ASSERT_EQ(test, try_setpgid(test, pid, 0, pgid), 0);
	KUNIT_ASSERT_EQ(test, pgid_of(test, pid), pgid ?: pid);
}

static int try_group(struct kunit *test, u64 caller, u64 leader, u32 sid,
		     u32 *pgid)
{
	return procsrv_create_group(server(test), caller, leader, sid, pgid);
}

static int try_at(struct kunit *test, u64 pid)
{
	u64 got = 77;
	int err = try_create_at(test, PROCSRV_INIT_PID, pid, &got);

	KUNIT_EXPECT_EQ(test, got, err ? 77 : pid);
	return err;
}

/* A child of init in a session of its own, and its children there. */
static u64 make_shell(struct kunit *test, u64 *children, u32 n)
{
	u64 shell = make_process(test, PROCSRV_INIT_PID);

	do_setsid(test, shell);
	make_processes(test, shell, children, n);
	return shell;
}

static void ids_are_pids(struct kunit *test)
{
	u64 pids[3], shell = make_shell(test, pids, 3);
	struct procsrv_session_info session;
	struct procsrv_group_info group;

	KUNIT_EXPECT_EQ(test, sid_of(test, pids[0]), shell);
	KUNIT_EXPECT_EQ(test, pgid_of(test, pids[0]), shell);
	session = session_of(test, shell);
	KUNIT_EXPECT_EQ(test, session.leader, shell);
	KUNIT_EXPECT_EQ(test, session.nr_members, 4);
	do_setpgid(test, pids[1], 0);
	KUNIT_ASSERT_EQ(test, procsrv_get_group(server(test), pids[1], &group),
			0);
	KUNIT_EXPECT_EQ(test, group.leader, pids[1]);
	KUNIT_EXPECT_EQ(test, group.sid, shell);
	KUNIT_EXPECT_EQ(test, group.nr_members, 1);
	KUNIT_EXPECT_EQ(test, session_of(test, shell).nr_groups, 2);
}

/* setsid(2) */
static void setsid_of_members(struct kunit *test)
{
	u64 pids[2], shell = make_shell(test, pids, 2);

	do_setsid(test, pids[0]);
	KUNIT_EXPECT_EQ(test, session_of(test, shell).nr_members, 2);
	/* It leads a session now, and so does the shell. */
	KUNIT_EXPECT_EQ(test, try_setsid(test, pids[0]), -EPERM);
	KUNIT_EXPECT_EQ(test, try_setsid(test, shell), -EPERM);
	KUNIT_EXPECT_EQ(test, try_setsid(test, PROCSRV_INIT_PID), -EPERM);
	KUNIT_EXPECT_EQ(test, try_setsid(test, TEST_NO_PID), -ESRCH);
	KUNIT_EXPECT_EQ(test, try_setsid(test, 0), -ESRCH);
	end_process(test, pids[1]);
	KUNIT_EXPECT_EQ(test, try_setsid(test, pids[1]), -ESRCH);
}

/* setsid(2) is refused while a group with the pid exists. */
static void setsid_of_group_leaders(struct kunit *test)
{
	u64 pids[3], shell = make_shell(test, pids, 3);

	/* The leader is alone in it. */
	do_setpgid(test, pids[0], 0);
	KUNIT_EXPECT_EQ(test, try_setsid(test, pids[0]), -EPERM);
	/* Another process is in it. */
	do_setpgid(test, pids[1], pids[0]);
	KUNIT_EXPECT_EQ(test, try_setsid(test, pids[0]), -EPERM);
	do_setpgid(test, pids[0], shell);
	/* The leader has left it. */
	KUNIT_EXPECT_EQ(test, try_setsid(test, pids[0]), -EPERM);
	/* Only a zombie is left in it. */
	end_process(test, pids[1]);
	KUNIT_EXPECT_EQ(test, try_setsid(test, pids[0]), -EPERM);
	/* The group is empty and gone. */
	reap_child(test, shell, pids[1]);
	do_setsid(test, pids[0]);
	/* A process that has left a group of its own. */
	do_setpgid(test, pids[2], 0);
	do_setpgid(test, pids[2], shell);
	do_setsid(test, pids[2]);
}

/* setpgid(2), with each way to specify the process and the group. */
static void setpgid_creates(struct kunit *test)
{
	u64 p[5], shell = make_shell(test, p, 5);
	struct procsrv_reader *r = watch_all(test);
	u32 i;

	KUNIT_EXPECT_EQ(test, try_setpgid(test, p[0], 0, 0), 0);
	KUNIT_EXPECT_EQ(test, try_setpgid(test, p[1], p[1], p[1]), 0);
	KUNIT_EXPECT_EQ(test, try_setpgid(test, shell, p[2], 0), 0);
	KUNIT_EXPECT_EQ(test, try_setpgid(test, 0, p[3], 0), 0);
	KUNIT_EXPECT_EQ(test, try_setpgid(test, 0, p[4], p[4]), 0);
	for (i = 0; i < 5; i++) {
		struct procsrv_event e = next_event(test, r);

		KUNIT_EXPECT_EQ(test, pgid_of(test, p[i]), p[i]);
		KUNIT_EXPECT_EQ(test, sid_of(test, p[i]), shell);
		KUNIT_EXPECT_EQ(test, e.kind, PROCSRV_EVENT_GROUP);
		KUNIT_EXPECT_EQ(test, e.pid, p[i]);
		KUNIT_EXPECT_EQ(test, e.pgid, p[i]);
	}
	KUNIT_EXPECT_EQ(test, stats_of(test).process_groups, 6);
	/* A move to the current group changes nothing. */
	KUNIT_EXPECT_EQ(test, try_setpgid(test, p[0], 0, 0), 0);
	KUNIT_EXPECT_EQ(test, try_setpgid(test, p[0], p[0], p[0]), 0);
	expect_no_event(test, r);
}

static void setpgid_joins(struct kunit *test)
{
	u64 p[3], shell = make_shell(test, p, 3);

	do_setpgid(test, p[0], 0);
	do_setpgid(test, p[1], p[0]);
	KUNIT_EXPECT_EQ(test, try_setpgid(test, shell, p[2], p[0]), 0);
	/* The leader leaves, and comes back to the group that has its pid. */
	do_setpgid(test, p[0], shell);
	KUNIT_EXPECT_EQ(test, pgid_of(test, p[1]), p[0]);
	do_setpgid(test, p[0], 0);
	KUNIT_EXPECT_EQ(test, session_of(test, shell).nr_groups, 2);
	/* Also without a caller, and for a zombie. */
	do_setpgid(test, p[1], shell);
	end_process(test, p[2]);
	KUNIT_EXPECT_EQ(test, try_setpgid(test, 0, p[2], shell), 0);
	KUNIT_EXPECT_EQ(test, pgid_of(test, p[2]), shell);
	KUNIT_EXPECT_EQ(test, try_setpgid(test, 0, p[2], 0), 0);
	KUNIT_EXPECT_EQ(test, pgid_of(test, p[2]), p[2]);
}

static void setpgid_refuses(struct kunit *test)
{
	u64 p[3], shell = make_shell(test, p, 3);
	u64 q[1], other = make_shell(test, q, 1);
	u64 grandchild = make_process(test, p[0]);

	/* A session leader, by itself and by others. */
	KUNIT_EXPECT_EQ(test, try_setpgid(test, shell, 0, 0), -EPERM);
	KUNIT_EXPECT_EQ(test, try_setpgid(test, shell, shell, shell), -EPERM);
	KUNIT_EXPECT_EQ(test, try_setpgid(test, 0, shell, 0), -EPERM);
	/* No such group, or not in the same session. */
	KUNIT_EXPECT_EQ(test, try_setpgid(test, p[0], 0, p[1]), -EPERM);
	KUNIT_EXPECT_EQ(test, try_setpgid(test, p[0], 0, TEST_NO_PID), -EPERM);
	KUNIT_EXPECT_EQ(test, try_setpgid(test, p[0], 0, other), -EPERM);
	KUNIT_EXPECT_EQ(test, try_setpgid(test, p[0], 0, U32_MAX), -EPERM);
	/* Neither the caller nor its child. */
	KUNIT_EXPECT_EQ(test, try_setpgid(test, p[0], p[1], 0), -ESRCH);
	KUNIT_EXPECT_EQ(test, try_setpgid(test, shell, grandchild, 0), -ESRCH);
	KUNIT_EXPECT_EQ(test, try_setpgid(test, p[0], shell, 0), -ESRCH);
	KUNIT_EXPECT_EQ(test, try_setpgid(test, p[0], q[0], 0), -ESRCH);
	KUNIT_EXPECT_EQ(test, try_setpgid(test, TEST_NO_PID, 0, 0), -ESRCH);
	/* Without a caller, 0 is no process. */
	KUNIT_EXPECT_EQ(test, try_setpgid(test, 0, 0, 0), -ESRCH);
	KUNIT_EXPECT_EQ(test, try_setpgid(test, 0, 0, shell), -ESRCH);
	/* A child that has called exec, or that is in another session. */
	KUNIT_ASSERT_EQ(test, exec_as(test, p[1], "other"), 0);
	KUNIT_EXPECT_EQ(test, try_setpgid(test, shell, p[1], 0), -EACCES);
	KUNIT_EXPECT_EQ(test, try_setpgid(test, shell, p[1], shell), -EACCES);
	KUNIT_EXPECT_EQ(test, try_setpgid(test, p[1], 0, 0), 0);
	do_setsid(test, p[2]);
	KUNIT_EXPECT_EQ(test, try_setpgid(test, shell, p[2], 0), -EPERM);
	KUNIT_EXPECT_EQ(test, try_setpgid(test, PROCSRV_INIT_PID, 0, 0),
			-EPERM);
	KUNIT_EXPECT_EQ(test, try_setpgid(test, 0, PROCSRV_INIT_PID, 0),
			-EPERM);
	KUNIT_EXPECT_EQ(test, pgid_of(test, p[0]), shell);
	KUNIT_EXPECT_EQ(test, stats_of(test).process_groups, 4);
}

/* Creating a group moves the leader to the group that has its pid. */
static void groups_are_created(struct kunit *test)
{
	u64 p[3], shell = make_shell(test, p, 3);
	u32 pgid = 77;

	KUNIT_EXPECT_EQ(test, try_group(test, 0, p[0], shell, &pgid), 0);
	KUNIT_EXPECT_EQ(test, pgid, p[0]);
	KUNIT_EXPECT_EQ(test, pgid_of(test, p[0]), p[0]);
	KUNIT_EXPECT_EQ(test, try_group(test, p[1], 0, shell, &pgid), 0);
	KUNIT_EXPECT_EQ(test, pgid, p[1]);
	KUNIT_EXPECT_EQ(test, pgid_of(test, p[1]), p[1]);
	do_setpgid(test, p[2], p[0]);
	do_setpgid(test, p[0], shell);
	KUNIT_EXPECT_EQ(test, try_group(test, shell, p[0], shell, &pgid), 0);
	KUNIT_EXPECT_EQ(test, pgid, p[0]);
	KUNIT_EXPECT_EQ(test, pgid_of(test, p[2]), p[0]);
	KUNIT_EXPECT_EQ(test, session_of(test, shell).nr_groups, 3);
	KUNIT_EXPECT_EQ(test, try_group(test, 0, p[0], shell, &pgid), 0);
	KUNIT_EXPECT_EQ(test, pgid, p[0]);
	pgid = 77;
	KUNIT_EXPECT_EQ(test, try_group(test, 0, shell, shell, &pgid), -EPERM);
	KUNIT_EXPECT_EQ(test, try_group(test, 0, p[0], 0, &pgid), -EPERM);
	KUNIT_EXPECT_EQ(test, try_group(test, 0, 0, shell, &pgid), -ESRCH);
	KUNIT_EXPECT_EQ(test, pgid, 77);
}

/* The id of a group is not assigned as a pid. */
static void id_of_a_group_is_taken(struct kunit *test)
{
	u64 member, shell = make_shell(test, &member, 1);
	u64 leader = 500;

	KUNIT_ASSERT_EQ(test, try_create_at(test, shell, leader, &leader), 0);
	do_setpgid(test, leader, 0);
	do_setpgid(test, member, leader);
	end_and_reap(test, leader);
	KUNIT_EXPECT_EQ(test, try_at(test, leader), -EEXIST);
	end_process(test, member);
	KUNIT_EXPECT_EQ(test, try_at(test, leader), -EEXIST);
	reap_child(test, shell, member);
	KUNIT_EXPECT_EQ(test, try_at(test, leader), 0);
	KUNIT_EXPECT_EQ(test, pgid_of(test, leader), 0);
	do_setsid(test, leader);
}

static void id_of_a_session_is_taken(struct kunit *test)
{
	u64 member, shell = make_shell(test, &member, 1);

	do_setpgid(test, member, 0);
	end_and_reap(test, shell);
	/* Its group is gone, the session is not. */
	KUNIT_EXPECT_EQ(test, stats_of(test).process_groups, 1);
	KUNIT_EXPECT_EQ(test, sid_of(test, member), shell);
	KUNIT_EXPECT_EQ(test, try_at(test, shell), -EEXIST);
	do_setpgid(test, make_process(test, member), 0);
	end_and_reap(test, member);
	KUNIT_EXPECT_EQ(test, try_at(test, shell), -EEXIST);
	KUNIT_EXPECT_EQ(test, try_at(test, member), 0);
	end_and_reap(test, member + 1);
	KUNIT_EXPECT_EQ(test, try_at(test, shell), 0);
	do_setsid(test, shell);
	KUNIT_EXPECT_EQ(test, session_of(test, shell).nr_members, 1);
}

static void pids_end(struct kunit *test)
{
	u64 pid = 77;

	KUNIT_EXPECT_EQ(test, try_at(test, (u64)LAST_PID + 1), -EINVAL);
	KUNIT_EXPECT_EQ(test, try_at(test, U32_MAX), -EINVAL);
	KUNIT_EXPECT_EQ(test, try_at(test, (1ULL << 32) + 2), -EINVAL);
	KUNIT_EXPECT_EQ(test, try_at(test, U64_MAX - 1), -EINVAL);
	KUNIT_EXPECT_EQ(test, try_at(test, LAST_PID - 1), 0);
	KUNIT_EXPECT_EQ(test, try_create(test, PROCSRV_INIT_PID, &pid), 0);
	KUNIT_EXPECT_EQ(test, pid, LAST_PID);
	do_setsid(test, pid);
	KUNIT_EXPECT_EQ(test, try_create(test, PROCSRV_INIT_PID, &pid),
			-EOVERFLOW);
	KUNIT_EXPECT_EQ(test, pid, LAST_PID);
	KUNIT_EXPECT_EQ(test, try_at(test, LAST_PID), -EEXIST);
	end_and_reap(test, LAST_PID);
	KUNIT_EXPECT_EQ(test, try_create(test, PROCSRV_INIT_PID, &pid),
			-EOVERFLOW);
	/* Callers can still choose pids. */
	KUNIT_EXPECT_EQ(test, try_at(test, LAST_PID), 0);
	KUNIT_EXPECT_EQ(test, try_at(test, 2), 0);
}

/**
 * struct slot - a process, as the test expects it
 * @pid: its pid, or 0 if the slot is free
 * @sid: its session
 * @pgid: its group
 */
struct slot {
	u64 pid;
	u64 sid;
	u64 pgid;
};

static struct slot *find_slot(struct slot *s, u64 pid)
{
	u32 i;

	for (i = 0; i < NR_SLOTS; i++)
		if (s[i].pid == pid)
			return &s[i];
	return NULL;
}

/* Whether a process is in this group, and in session @sid if that is not 0. */
static bool has_group(const struct slot *s, u64 pgid, u64 sid)
{
	u32 i;

	for (i = 0; i < NR_SLOTS; i++)
		if (s[i].pid && s[i].pgid == pgid && (!sid || s[i].sid == sid))
			return true;
	return false;
}

static bool has_id(const struct slot *s, u64 id)
{
	u32 i;

	for (i = 0; i < NR_SLOTS; i++)
		if (s[i].pid && (s[i].pid == id || s[i].pgid == id ||
				 s[i].sid == id))
			return true;
	return false;
}

/*
 * Creates a child of the first process, with one of a few pids, some of which
 * are in use as ids.
 */
static void step_create(struct kunit *test, struct slot *slots, struct slot *s,
			u64 pid)
{
	u64 got = 0;
	int err;

	err = try_create_at(test, slots[0].pid, pid, &got);
	KUNIT_ASSERT_EQ(test, err, has_id(slots, pid) ? -EEXIST : 0);
	if (!err)
		*s = (struct slot) { pid, slots[0].sid, slots[0].pgid };
}

static void step_setsid(struct kunit *test, struct slot *slots, struct slot *s)
{
	bool refused = s->sid == s->pid || has_group(slots, s->pid, 0);

	KUNIT_ASSERT_EQ(test, try_setsid(test, s->pid), refused ? -EPERM : 0);
	if (refused)
		return;
	s->sid = s->pid;
	s->pgid = s->pid;
}

static void step_setpgid(struct kunit *test, struct slot *slots,
			 struct slot *s, u64 pgid)
{
	bool refused = s->sid == s->pid;
	u64 want = pgid ?: s->pid;

	if (want != s->pid && !has_group(slots, want, s->sid))
		refused = true;
	KUNIT_ASSERT_EQ(test, try_setpgid(test, s->pid, 0, pgid),
			refused ? -EPERM : 0);
	if (!refused)
		s->pgid = want;
}

/* Compares with the rules of Linux, by a model that only knows members. */
static void random_ids(struct kunit *test)
{
	u64 seed = ktime_get_ns(), first = seed;
	struct slot slots[NR_SLOTS] = {}, *s;
	u32 i, k, pid;

	kunit_info(test, "seed %llu\n", first);
	slots[0].pid = make_process(test, PROCSRV_INIT_PID);
	step_setsid(test, slots, &slots[0]);
	for (i = 0; i < NR_STEPS; i++) {
		pid = 10 + test_random(&seed, 2 * NR_SLOTS);
		s = &slots[1 + test_random(&seed, NR_SLOTS - 1)];
		if (!s->pid) {
			step_create(test, slots, s, pid);
			continue;
		}
		switch (test_random(&seed, 6)) {
		case 0:
			step_setsid(test, slots, s);
			break;
		case 1:
			end_process(test, s->pid);
			reap_child(test, slots[0].pid, s->pid);
			s->pid = 0;
			break;
		default:
			k = test_random(&seed, 3);
			step_setpgid(test, slots, s, k == 0 ? 0 : k == 1 ?
				     pid : slots[0].pid);
		}
		s = find_slot(slots, pid);
		if (s) {
			KUNIT_ASSERT_EQ(test, sid_of(test, pid), s->sid);
			KUNIT_ASSERT_EQ(test, pgid_of(test, pid), s->pgid);
		}
		if (i % 200 == 0)
			check_server(test);
	}
}

static struct kunit_case posix_ids_cases[] = {
	KUNIT_CASE(ids_are_pids),
	KUNIT_CASE(setsid_of_members),
	KUNIT_CASE(setsid_of_group_leaders),
	KUNIT_CASE(setpgid_creates),
	KUNIT_CASE(setpgid_joins),
	KUNIT_CASE(setpgid_refuses),
	KUNIT_CASE(groups_are_created),
	KUNIT_CASE(id_of_a_group_is_taken),
	KUNIT_CASE(id_of_a_session_is_taken),
	KUNIT_CASE(pids_end),
	KUNIT_CASE(random_ids),
	{}
};

static struct kunit_suite posix_ids_suite = {
	.name = "procsrv-posix-ids",
	.init = posix_fixture_init,
	.exit = fixture_exit,
	.test_cases = posix_ids_cases,
};

kunit_test_suite(posix_ids_suite);
