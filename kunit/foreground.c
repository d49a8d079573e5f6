// SPDX-License-Identifier: GPL-2.0-only
/*
 * The foreground group of a session's terminal, and the processes that a hang-up
 * signals
 */
#include <linux/capability.h>

#include "common.h"

/**
 * struct shell - a session with a terminal and two jobs
 * @sid: the session
 * @leader: its leader, in a group of its own
 * @front: leads a group
 * @member: in the group of @front
 * @back: leads another group
 * @front_pgid: the group of @front and @member
 * @back_pgid: the group of @back
 */
struct shell {
	u32 sid;
	u64 leader;
	u64 front;
	u64 member;
	u64 back;
	u32 front_pgid;
	u32 back_pgid;
};

static void make_shell(struct kunit *test, struct shell *s)
{
	s->leader = make_process(test, PROCSRV_INIT_PID);
	s->sid = make_session(test, s->leader);
	s->front = make_process(test, s->leader);
	s->member = make_process(test, s->leader);
	s->back = make_process(test, s->leader);
	s->front_pgid = make_group(test, s->front);
	join_group(test, s->member, s->front_pgid);
	s->back_pgid = make_group(test, s->back);
	KUNIT_ASSERT_EQ(test, set_terminal(test, s->sid, "pts/1"), 0);
}

static int try_foreground(struct kunit *test, u32 sid, u32 pgid)
{
	return procsrv_set_foreground(server(test), sid, pgid);
}

static u32 foreground_of(struct kunit *test, u32 sid)
{
	return session_of(test, sid).foreground;
}

static void set_foreground(struct kunit *test, const struct shell *s, u32 pgid)
{
	KUNIT_ASSERT_EQ(test, try_foreground(test, s->sid, pgid), 0);
	KUNIT_ASSERT_EQ(test, foreground_of(test, s->sid), pgid);
}

/* SIGHUP is pending, sent once and without a sender. */
static void expect_hung_up(struct kunit *test, u64 pid)
{
	struct procsrv_take take;

	KUNIT_EXPECT_EQ(test, pending_of(test, pid), sigbit(1));
	KUNIT_ASSERT_EQ(test, take_now(test, pid, sigbit(1), &take), 0);
	KUNIT_EXPECT_EQ(test, take.sender, 0);
	KUNIT_EXPECT_EQ(test, take.count, 1);
}

static void expect_left_alone(struct kunit *test, u64 pid)
{
	KUNIT_EXPECT_EQ(test, pending_of(test, pid), 0);
}

static void set_and_get(struct kunit *test)
{
	struct procsrv_reader *r;
	struct shell s;

	make_shell(test, &s);
	KUNIT_EXPECT_EQ(test, foreground_of(test, s.sid), 0);
	r = watch_all(test);
	set_foreground(test, &s, s.front_pgid);
	set_foreground(test, &s, s.front_pgid);
	set_foreground(test, &s, pgid_of(test, s.leader));
	set_foreground(test, &s, s.back_pgid);
	set_foreground(test, &s, 0);
	set_foreground(test, &s, 0);
	expect_no_event(test, r);
	KUNIT_EXPECT_EQ(test, pending_of(test, s.front), 0);
}

static void refused(struct kunit *test)
{
	struct shell s, other;
	u64 loner = make_process(test, PROCSRV_INIT_PID);
	u32 alone = make_group(test, loner);

	make_shell(test, &s);
	make_shell(test, &other);
	KUNIT_EXPECT_EQ(test, try_foreground(test, 12345, s.front_pgid),
			-ESRCH);
	KUNIT_EXPECT_EQ(test, try_foreground(test, 0, s.front_pgid), -ESRCH);
	KUNIT_EXPECT_EQ(test, try_foreground(test, 12345, 0), -ESRCH);
	KUNIT_EXPECT_EQ(test, try_foreground(test, s.sid, 12345), -ESRCH);
	KUNIT_EXPECT_EQ(test, try_foreground(test, s.sid, other.front_pgid),
			-EPERM);
	KUNIT_EXPECT_EQ(test, try_foreground(test, s.sid, alone), -EPERM);
	KUNIT_EXPECT_EQ(test, foreground_of(test, s.sid), 0);
	/* A refused call leaves the foreground group as it is. */
	set_foreground(test, &s, s.back_pgid);
	KUNIT_EXPECT_EQ(test, try_foreground(test, s.sid, alone), -EPERM);
	KUNIT_EXPECT_EQ(test, foreground_of(test, s.sid), s.back_pgid);
	KUNIT_EXPECT_EQ(test, foreground_of(test, other.sid), 0);
}

static void needs_a_terminal(struct kunit *test)
{
	struct shell s;

	make_shell(test, &s);
	KUNIT_EXPECT_EQ(test, set_terminal(test, s.sid, NULL), 0);
	KUNIT_EXPECT_EQ(test, try_foreground(test, s.sid, s.front_pgid),
			-ENOTTY);
	KUNIT_EXPECT_EQ(test, try_foreground(test, s.sid, 0), -ENOTTY);
	KUNIT_EXPECT_EQ(test, set_terminal(test, s.sid, "tty1"), 0);
	set_foreground(test, &s, s.front_pgid);
}

/* The foreground group goes with the terminal; the next one has none. */
static void terminal_is_removed(struct kunit *test)
{
	struct shell s;
	u32 count = 0;

	make_shell(test, &s);
	set_foreground(test, &s, s.front_pgid);
	KUNIT_EXPECT_EQ(test, set_terminal(test, s.sid, NULL), 0);
	KUNIT_EXPECT_EQ(test, foreground_of(test, s.sid), 0);
	expect_left_alone(test, s.front);
	expect_left_alone(test, s.leader);
	KUNIT_EXPECT_EQ(test, set_terminal(test, s.sid, "tty1"), 0);
	KUNIT_EXPECT_EQ(test, foreground_of(test, s.sid), 0);
	KUNIT_EXPECT_EQ(test, procsrv_hang_up(server(test), s.sid, &count), 0);
	KUNIT_EXPECT_EQ(test, count, 4);
}

/* exit(2) of the leader: SIGHUP to the foreground group alone. */
static void leader_exits(struct kunit *test)
{
	struct procsrv_reader *r;
	struct procsrv_event e;
	struct shell s;
	u64 member;

	make_shell(test, &s);
	member = make_process(test, s.leader);
	set_foreground(test, &s, s.front_pgid);
	r = watch(test, &(struct procsrv_filter) {
		.kinds = PROCSRV_EVENT_BIT(PROCSRV_EVENT_SIGNAL),
	}, 8);
	end_process(test, s.leader);
	expect_hung_up(test, s.front);
	expect_hung_up(test, s.member);
	expect_left_alone(test, s.back);
	expect_left_alone(test, member);
	expect_left_alone(test, s.leader);
	KUNIT_EXPECT_EQ(test, foreground_of(test, s.sid), 0);
	e = next_event(test, r);
	KUNIT_EXPECT_EQ(test, e.pid, s.front);
	KUNIT_EXPECT_EQ(test, e.other, 0);
	KUNIT_EXPECT_EQ(test, e.signo, 1);
	KUNIT_EXPECT_EQ(test, next_event(test, r).pid, s.member);
	expect_no_event(test, r);
}

/* The same if a signal ends the leader. */
static void leader_is_killed(struct kunit *test)
{
	struct shell s;

	make_shell(test, &s);
	set_foreground(test, &s, s.front_pgid);
	kill_process(test, s.leader);
	expect_hung_up(test, s.member);
	make_shell(test, &s);
	set_foreground(test, &s, s.back_pgid);
	KUNIT_EXPECT_EQ(test, signal_pid(test, s.leader, PROCSRV_SIGTERM), 0);
	expect_hung_up(test, s.back);
	expect_left_alone(test, s.front);
}

/* The exit of another member does not affect the terminal. */
static void member_exits(struct kunit *test)
{
	struct shell s;

	make_shell(test, &s);
	set_foreground(test, &s, s.front_pgid);
	end_process(test, s.front);
	end_process(test, s.back);
	expect_left_alone(test, s.member);
	KUNIT_EXPECT_EQ(test, foreground_of(test, s.sid), s.front_pgid);
	reap_child(test, s.leader, s.front);
	KUNIT_EXPECT_EQ(test, foreground_of(test, s.sid), s.front_pgid);
	end_process(test, s.leader);
	expect_hung_up(test, s.member);
}

/* Without a foreground group, the exit of the leader hangs up no process. */
static void leader_exits_without(struct kunit *test)
{
	struct shell s;

	make_shell(test, &s);
	end_process(test, s.leader);
	expect_left_alone(test, s.front);
	expect_left_alone(test, s.back);
	make_shell(test, &s);
	set_foreground(test, &s, s.front_pgid);
	set_foreground(test, &s, 0);
	end_process(test, s.leader);
	expect_left_alone(test, s.front);
}

/* The leader's own group is in the foreground: its others are hung up. */
static void leader_exits_in_the_foreground(struct kunit *test)
{
	struct shell s;
	u64 beside;

	make_shell(test, &s);
	beside = make_process(test, s.leader);
	set_foreground(test, &s, pgid_of(test, s.leader));
	end_process(test, s.leader);
	expect_hung_up(test, beside);
	expect_left_alone(test, s.leader);
	expect_left_alone(test, s.front);
	reap_child(test, PROCSRV_INIT_PID, s.leader);
	check_server(test);
}

/* The whole session is killed at once: no process is left to hang up. */
static void session_is_killed(struct kunit *test)
{
	struct shell s;

	make_shell(test, &s);
	set_foreground(test, &s, s.front_pgid);
	KUNIT_EXPECT_EQ(test, signal_to(test, PROCSRV_TARGET_SID, s.sid,
					PROCSRV_SIGKILL), 4);
	KUNIT_EXPECT_EQ(test, foreground_of(test, s.sid), 0);
	expect_left_alone(test, s.front);
	procsrv_reap(server(test));
	KUNIT_EXPECT_EQ(test, stats_of(test).sessions, 0);
}

static void hosted_ones_are_hung_up(struct kunit *test)
{
	struct procsrv_take take;
	struct shell s;
	u64 hosted;

	make_shell(test, &s);
	hosted = make_hosted(test, s.leader);
	join_group(test, hosted, s.front_pgid);
	set_foreground(test, &s, s.front_pgid);
	end_process(test, s.leader);
	expect_hung_up(test, s.front);
	KUNIT_EXPECT_EQ(test, pending_of(test, hosted), sigbit(1));
	KUNIT_ASSERT_EQ(test, take_any_now(test, test_host(test), &take), 0);
	KUNIT_EXPECT_EQ(test, take.target, hosted);
	KUNIT_EXPECT_EQ(test, take.signo, 1);
	KUNIT_EXPECT_EQ(test, take.sender, 0);
	KUNIT_EXPECT_EQ(test, take.count, 1);
	KUNIT_EXPECT_EQ(test, take.origin, PROCSRV_FROM_SERVER);
}

/* A stopped job in the foreground is orphaned, too: it gets SIGHUP twice. */
static void stopped_in_the_foreground(struct kunit *test)
{
	struct shell s;

	make_shell(test, &s);
	stop_process(test, s.member);
	set_foreground(test, &s, s.front_pgid);
	end_process(test, s.leader);
	KUNIT_EXPECT_EQ(test, state_of(test, s.member), PROCSRV_RUNNING);
	KUNIT_EXPECT_EQ(test, pending_of(test, s.front), sigbit(1));
	KUNIT_EXPECT_EQ(test, pending_of(test, s.member), sigbit(1));
	expect_left_alone(test, s.back);
}

/* A hang-up of the terminal signals the leader, which notifies the others. */
static void hang_up_hits_the_leader(struct kunit *test)
{
	struct procsrv_reader *r;
	u32 count = 0;
	struct shell s;

	make_shell(test, &s);
	set_foreground(test, &s, s.front_pgid);
	stop_process(test, s.leader);
	stop_process(test, s.front);
	r = watch_all(test);
	KUNIT_EXPECT_EQ(test, procsrv_hang_up(server(test), s.sid, &count), 0);
	KUNIT_EXPECT_EQ(test, count, 1);
	KUNIT_EXPECT_EQ(test, next_event(test, r).signo, PROCSRV_SIGHUP);
	KUNIT_EXPECT_EQ(test, next_event(test, r).signo, PROCSRV_SIGCONT);
	expect_event(test, r, PROCSRV_EVENT_STATE, s.leader);
	expect_no_event(test, r);
	expect_hung_up(test, s.leader);
	expect_left_alone(test, s.front);
	expect_left_alone(test, s.back);
	KUNIT_EXPECT_EQ(test, state_of(test, s.front), PROCSRV_STOPPED);
	KUNIT_EXPECT_EQ(test, foreground_of(test, s.sid), s.front_pgid);
}

static void hang_up_hits_all(struct kunit *test)
{
	u32 count = 0;
	struct shell s;

	make_shell(test, &s);
	KUNIT_EXPECT_EQ(test, procsrv_hang_up(server(test), s.sid, &count), 0);
	KUNIT_EXPECT_EQ(test, count, 4);
	expect_hung_up(test, s.leader);
	expect_hung_up(test, s.front);
	expect_hung_up(test, s.back);
	/* The leader is gone, and so is the foreground group. */
	set_foreground(test, &s, s.front_pgid);
	end_process(test, s.leader);
	reap_child(test, PROCSRV_INIT_PID, s.leader);
	KUNIT_EXPECT_EQ(test, procsrv_hang_up(server(test), s.sid, &count), 0);
	KUNIT_EXPECT_EQ(test, count, 3);
}

/* There is no foreground group once it has lost its last member. */
static void group_vanishes(struct kunit *test)
{
	u32 count = 0;
	struct shell s;
	u64 leaver;

	make_shell(test, &s);
	set_foreground(test, &s, s.front_pgid);
	join_group(test, s.front, s.back_pgid);
	KUNIT_EXPECT_EQ(test, foreground_of(test, s.sid), s.front_pgid);
	join_group(test, s.member, s.back_pgid);
	KUNIT_EXPECT_EQ(test, foreground_of(test, s.sid), 0);
	check_server(test);
	/* The last member is reaped. */
	make_group(test, s.member);
	set_foreground(test, &s, pgid_of(test, s.member));
	end_process(test, s.member);
	KUNIT_EXPECT_NE(test, foreground_of(test, s.sid), 0);
	reap_child(test, s.leader, s.member);
	KUNIT_EXPECT_EQ(test, foreground_of(test, s.sid), 0);
	/* The last member creates a session. */
	leaver = make_process(test, s.leader);
	make_group(test, leaver);
	set_foreground(test, &s, pgid_of(test, leaver));
	make_session(test, leaver);
	KUNIT_EXPECT_EQ(test, foreground_of(test, s.sid), 0);
	KUNIT_EXPECT_EQ(test, procsrv_hang_up(server(test), s.sid, &count), 0);
	KUNIT_EXPECT_EQ(test, count, 3);
	check_server(test);
}

/* As for the terminal: the user of the session, or a capability. */
static void permission(struct kunit *test)
{
	const struct caller owner = { TEST_UID, TEST_GID, NO_CAP };
	struct shell s;
	struct role r;
	int cap, err;

	make_shell(test, &s);
	for (cap = NO_CAP; cap <= CAP_LAST_CAP; cap++) {
		const struct caller c = { TEST_UID + 1, TEST_GID, cap };

		begin_role(test, &r, &c);
		err = try_foreground(test, s.sid, s.front_pgid);
		end_role(&r);
		KUNIT_EXPECT_EQ_MSG(test, err, cap == CAP_SYS_ADMIN ? 0 :
				    -EPERM, "capability %d", cap);
	}
	begin_role(test, &r, &owner);
	KUNIT_EXPECT_EQ(test, try_foreground(test, s.sid, s.back_pgid), 0);
	end_role(&r);
	KUNIT_EXPECT_EQ(test, foreground_of(test, s.sid), s.back_pgid);
}

/* A hang-up of the leader alone is refused if the leader has another user. */
static void hang_up_needs_the_leader(struct kunit *test)
{
	const struct caller c = { TEST_UID + 1, TEST_GID, NO_CAP };
	u32 count = 77;
	struct shell s;
	struct role r;

	make_shell(test, &s);
	make_owned(test, s.leader, TEST_UID + 1, TEST_GID);
	set_foreground(test, &s, s.front_pgid);
	begin_role(test, &r, &c);
	KUNIT_EXPECT_EQ(test, procsrv_hang_up(server(test), s.sid, &count),
			-EPERM);
	end_role(&r);
	KUNIT_EXPECT_EQ(test, count, 77);
	expect_left_alone(test, s.leader);
}

static struct kunit_case foreground_cases[] = {
	KUNIT_CASE(set_and_get),
	KUNIT_CASE(refused),
	KUNIT_CASE(needs_a_terminal),
	KUNIT_CASE(terminal_is_removed),
	KUNIT_CASE(leader_exits),
	KUNIT_CASE(leader_is_killed),
	KUNIT_CASE(member_exits),
	KUNIT_CASE(leader_exits_without),
	KUNIT_CASE(leader_exits_in_the_foreground),
	KUNIT_CASE(session_is_killed),
	KUNIT_CASE(hosted_ones_are_hung_up),
	KUNIT_CASE(stopped_in_the_foreground),
	KUNIT_CASE(hang_up_hits_the_leader),
	KUNIT_CASE(hang_up_hits_all),
	KUNIT_CASE(group_vanishes),
	KUNIT_CASE(permission),
	KUNIT_CASE(hang_up_needs_the_leader),
	{}
};

static struct kunit_suite foreground_suite = {
	.name = "procsrv-foreground",
	.init = fixture_init,
	.exit = fixture_exit,
	.test_cases = foreground_cases,
};

kunit_test_suite(foreground_suite);
