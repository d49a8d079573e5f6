// SPDX-License-Identifier: GPL-2.0-only
/*
 * The rules of kill(2): which processes a hosted process may signal, by its
 * credentials
 */
#include <linux/capability.h>

#include "common.h"

enum {
	/* Consecutive user ids. */
	A = TEST_UID,
	B,
	C,
	NR_UIDS = 3,
	OTHER_GID = 4000,
};

static void may_signal_all(struct kunit *test, u64 pid)
{
	struct procsrv_identity id = identity(A, A, A);

	id.kills = true;
	KUNIT_ASSERT_EQ(test, procsrv_set_identity(server(test), pid, &id), 0);
}

static int try_signal(struct kunit *test, u64 sender, u64 pid, int signo)
{
	u32 count = 77;
	int err;

	err = procsrv_signal(server(test), sender, PROCSRV_TARGET_PID, pid,
			     signo, &count);
	KUNIT_EXPECT_EQ(test, count, err ? 77 : 1);
	return err;
}

/* kill(2): each of three user ids in each place. */
static void matrix_of_hosted(struct kunit *test)
{
	u64 sender = make_hosted(test, PROCSRV_INIT_PID);
	u64 target = make_hosted(test, PROCSRV_INIT_PID);
	u32 s[3], t[3], i, k, n;
	bool may;

	for (n = 0; n < 27 * 27; n++) {
		for (i = 0, k = n; i < 3; i++, k /= 3)
			s[i] = A + k % 3;
		for (i = 0; i < 3; i++, k /= 3)
			t[i] = A + k % 3;
		become(test, sender, s[0], s[1], s[2]);
		become(test, target, t[0], t[1], t[2]);
		may = s[0] == t[0] || s[0] == t[2] || s[1] == t[0] ||
		      s[1] == t[2];
		KUNIT_ASSERT_EQ_MSG(test, try_signal(test, sender, target, 10),
				    may ? 0 : -EPERM,
				    "%u %u %u to %u %u %u", s[0], s[1], s[2],
				    t[0], t[1], t[2]);
		KUNIT_ASSERT_EQ(test, try_signal(test, sender, target, 0),
				may ? 0 : -EPERM);
	}
	/* A process may always signal itself. */
	KUNIT_EXPECT_EQ(test, try_signal(test, sender, sender, 9), 0);
}

static void matrix_of_others(struct kunit *test)
{
	u64 sender = make_hosted(test, PROCSRV_INIT_PID);
	u64 targets[NR_UIDS];
	u32 ruid, euid, suid, i;

	for (i = 0; i < NR_UIDS; i++)
		targets[i] = make_owned(test, PROCSRV_INIT_PID, A + i,
					TEST_GID);
	for (ruid = A; ruid <= C; ruid++)
		for (euid = A; euid <= C; euid++)
			for (suid = A; suid <= C; suid++) {
				become(test, sender, ruid, euid, suid);
				for (i = 0; i < NR_UIDS; i++) {
					bool may = ruid == A + i ||
						   euid == A + i;
					int err = try_signal(test, sender,
							     targets[i], 10);

					KUNIT_ASSERT_EQ(test, err,
							may ? 0 : -EPERM);
				}
			}
}

/* Group ids are not compared. */
static void groups_do_not_matter(struct kunit *test)
{
	struct procsrv_identity id = identity(A, A, A);
	u64 sender = make_hosted(test, PROCSRV_INIT_PID);
	u64 target = make_hosted(test, PROCSRV_INIT_PID);

	become(test, target, B, B, B);
	KUNIT_EXPECT_EQ(test, try_signal(test, sender, target, 10), -EPERM);
	id.rgid = KGIDT_INIT(OTHER_GID);
	id.egid = id.rgid;
	KUNIT_ASSERT_EQ(test, procsrv_set_identity(server(test), sender, &id),
			0);
	become(test, target, A, B, B);
	KUNIT_EXPECT_EQ(test, try_signal(test, sender, target, 10), 0);
}

static void flag_lets_signal_all(struct kunit *test)
{
	u64 sender = make_hosted(test, PROCSRV_INIT_PID);
	u64 hosted = make_hosted_owned(test, PROCSRV_INIT_PID, B, OTHER_GID);
	u64 other = make_owned(test, PROCSRV_INIT_PID, C, OTHER_GID);

	KUNIT_EXPECT_EQ(test, try_signal(test, sender, hosted, 9), -EPERM);
	KUNIT_EXPECT_EQ(test, try_signal(test, sender, other, 9), -EPERM);
	KUNIT_EXPECT_EQ(test, state_of(test, other), PROCSRV_RUNNING);
	may_signal_all(test, sender);
	KUNIT_EXPECT_EQ(test, try_signal(test, sender, hosted, 9), 0);
	KUNIT_EXPECT_EQ(test, try_signal(test, sender, other, 9), 0);
	KUNIT_EXPECT_EQ(test, state_of(test, other), PROCSRV_ZOMBIE);
}

/* As in Linux, a signal that would end or stop init succeeds without effect. */
static void init_cannot_be_ended(struct kunit *test)
{
	static const int signals[] = { 9, 15, 19 };
	u64 sender = make_hosted(test, PROCSRV_INIT_PID);
	struct procsrv_info info;
	u32 i, k, count;

	may_signal_all(test, sender);
	for (i = 0; i < ARRAY_SIZE(signals); i++)
		for (k = 0; k < 2; k++) {
			int err = procsrv_signal(server(test), sender,
						 k ? PROCSRV_TARGET_TREE :
						 PROCSRV_TARGET_PID,
						 PROCSRV_INIT_PID, signals[i],
						 &count);

			info = info_of(test, PROCSRV_INIT_PID);
			KUNIT_EXPECT_EQ(test, err, 0);
			KUNIT_EXPECT_EQ(test, info.state, PROCSRV_RUNNING);
			KUNIT_EXPECT_EQ(test, info.pending, 0);
		}
	KUNIT_EXPECT_EQ(test, stats_of(test).total_exited, 0);
}

/* SIGCONT may be sent to all processes of the session, others may not. */
static void sigcont_in_the_session(struct kunit *test)
{
	u64 sender = make_hosted(test, PROCSRV_INIT_PID);
	u32 sid = make_session(test, sender);
	u64 hosted = make_hosted_owned(test, sender, B, OTHER_GID);
	u64 other = make_owned(test, sender, B, OTHER_GID);
	u64 outside = make_hosted_owned(test, sender, B, OTHER_GID);
	int signo;

	make_session(test, outside);
	make_group(test, hosted);
	stop_process(test, other);
	for (signo = 0; signo <= PROCSRV_NSIG; signo++) {
		const bool cont = signo == PROCSRV_SIGCONT;

		KUNIT_EXPECT_EQ(test, try_signal(test, sender, hosted, signo),
				cont ? 0 : -EPERM);
		KUNIT_EXPECT_EQ(test, try_signal(test, sender, other, signo),
				cont ? 0 : -EPERM);
		KUNIT_EXPECT_EQ(test, try_signal(test, sender, outside, signo),
				-EPERM);
	}
	KUNIT_EXPECT_EQ(test, pending_of(test, hosted),
			sigbit(PROCSRV_SIGCONT));
	KUNIT_EXPECT_EQ(test, state_of(test, other), PROCSRV_RUNNING);
	KUNIT_EXPECT_EQ(test, pending_of(test, outside), 0);
	KUNIT_EXPECT_EQ(test, send_to(test, sender, PROCSRV_TARGET_SID, sid,
				      PROCSRV_SIGCONT), 3);
	KUNIT_EXPECT_EQ(test, send_to(test, sender, PROCSRV_TARGET_SID, sid,
				      10), 1);
	KUNIT_EXPECT_EQ(test, send_to(test, sender, PROCSRV_TARGET_ALL, 0,
				      PROCSRV_SIGCONT), 2);
}

/* A signal reaches the targets the sender may signal; none is an error. */
static void reaches_those_it_may(struct kunit *test)
{
	u64 leader = make_hosted_owned(test, PROCSRV_INIT_PID, B, OTHER_GID);
	u64 sender = make_hosted(test, PROCSRV_INIT_PID);
	u32 sid = make_session(test, leader), pgid = pgid_of(test, leader);
	u64 hosted = make_hosted(test, leader);
	u64 other = make_process(test, leader);
	u64 foreign = make_owned(test, leader, C, OTHER_GID);

	KUNIT_EXPECT_EQ(test, send_to(test, sender, PROCSRV_TARGET_PGID, pgid,
				      10), 2);
	KUNIT_EXPECT_EQ(test, send_to(test, sender, PROCSRV_TARGET_SID, sid,
				      11), 2);
	KUNIT_EXPECT_EQ(test, send_to(test, sender, PROCSRV_TARGET_TREE,
				      leader, 12), 2);
	KUNIT_EXPECT_EQ(test, send_to(test, sender, PROCSRV_TARGET_ALL, 0, 13),
			2);
	KUNIT_EXPECT_EQ(test, pending_of(test, hosted), GENMASK_ULL(12, 9));
	KUNIT_EXPECT_EQ(test, pending_of(test, other), GENMASK_ULL(12, 9));
	KUNIT_EXPECT_EQ(test, pending_of(test, leader), 0);
	KUNIT_EXPECT_EQ(test, pending_of(test, foreign), 0);
	become(test, hosted, B, B, B);
	end_process(test, other);
	/* A zombie still counts as a target of its user. */
	KUNIT_EXPECT_EQ(test, send_to(test, sender, PROCSRV_TARGET_PGID, pgid,
				      10), 1);
	reap_child(test, leader, other);
	KUNIT_EXPECT_EQ(test, send_to(test, sender, PROCSRV_TARGET_PGID, pgid,
				      10), -EPERM);
	KUNIT_EXPECT_EQ(test, send_to(test, sender, PROCSRV_TARGET_SID, sid,
				      10), -EPERM);
	KUNIT_EXPECT_EQ(test, send_to(test, sender, PROCSRV_TARGET_TREE,
				      leader, 10), -EPERM);
}

/*
 * kill(2), -1: it is no error if the sender may signal none of the processes,
 * but it is one if there are none.
 */
static void all_may_be_none(struct kunit *test)
{
	u64 sender = make_hosted(test, PROCSRV_INIT_PID);
	struct procsrv_reader *r;
	u64 hosted, other;

	KUNIT_EXPECT_EQ(test, send_to(test, sender, PROCSRV_TARGET_ALL, 0, 9),
			-ESRCH);
	hosted = make_hosted_owned(test, PROCSRV_INIT_PID, B, OTHER_GID);
	other = make_owned(test, PROCSRV_INIT_PID, C, OTHER_GID);
	r = watch_all(test);
	KUNIT_EXPECT_EQ(test, send_to(test, sender, PROCSRV_TARGET_ALL, 0, 9),
			0);
	KUNIT_EXPECT_EQ(test, send_to(test, sender, PROCSRV_TARGET_ALL, 0, 0),
			0);
	KUNIT_EXPECT_EQ(test, pending_of(test, hosted), 0);
	KUNIT_EXPECT_EQ(test, state_of(test, other), PROCSRV_RUNNING);
	expect_no_event(test, r);
	may_signal_all(test, sender);
	KUNIT_EXPECT_EQ(test, send_to(test, sender, PROCSRV_TARGET_ALL, 0, 9),
			2);
}

/* The caller's capabilities do not count for senders that have credentials. */
static void callers_power_is_not_the_senders(struct kunit *test)
{
	const struct caller killer = { C, TEST_GID, CAP_KILL };
	u64 hosted = make_hosted(test, PROCSRV_INIT_PID);
	u64 ordinary = make_process(test, PROCSRV_INIT_PID);
	u64 target = make_owned(test, PROCSRV_INIT_PID, B, TEST_GID);
	struct role r;

	begin_role(test, &r, &killer);
	KUNIT_EXPECT_EQ(test, try_signal(test, 0, target, 10), 0);
	KUNIT_EXPECT_EQ(test, try_signal(test, ordinary, target, 10), 0);
	KUNIT_EXPECT_EQ(test, try_signal(test, hosted, target, 10), -EPERM);
	end_role(&r);
}

/* For callers from outside, it belongs to the user it was created with. */
static void outside_sees_the_owner(struct kunit *test)
{
	const struct caller owner = { A, TEST_GID, NO_CAP };
	const struct caller other = { B, TEST_GID, NO_CAP };
	u64 pid = make_hosted(test, PROCSRV_INIT_PID);
	struct procsrv_take take;
	struct role r;

	become(test, pid, B, B, B);
	begin_role(test, &r, &owner);
	KUNIT_EXPECT_EQ(test, try_signal(test, 0, pid, 10), 0);
	KUNIT_EXPECT_EQ(test, take_now(test, pid, EVERY_SIGNAL, &take), 0);
	KUNIT_EXPECT_EQ(test, try_report(test, pid, PROCSRV_BODY_STOPPED, 19),
			0);
	end_role(&r);
	begin_role(test, &r, &other);
	KUNIT_EXPECT_EQ(test, try_signal(test, 0, pid, 10), -EPERM);
	KUNIT_EXPECT_EQ(test, take_now(test, pid, EVERY_SIGNAL, &take), -EPERM);
	KUNIT_EXPECT_EQ(test, try_report(test, pid, PROCSRV_BODY_CONTINUED, 0),
			-EPERM);
	KUNIT_EXPECT_EQ(test, try_report(test, pid, PROCSRV_BODY_EXITING, 0),
			-EPERM);
	KUNIT_EXPECT_EQ(test, procsrv_terminate(server(test), pid, 0, 0),
			-EPERM);
	/* A signal in its name is refused, too. */
	KUNIT_EXPECT_EQ(test, try_signal(test, pid, pid, 10), -EPERM);
	end_role(&r);
	KUNIT_EXPECT_EQ(test, state_of(test, pid), PROCSRV_STOPPED);
}

static struct kunit_case kill_rules_cases[] = {
	KUNIT_CASE(matrix_of_hosted),
	KUNIT_CASE(matrix_of_others),
	KUNIT_CASE(groups_do_not_matter),
	KUNIT_CASE(flag_lets_signal_all),
	KUNIT_CASE(init_cannot_be_ended),
	KUNIT_CASE(sigcont_in_the_session),
	KUNIT_CASE(reaches_those_it_may),
	KUNIT_CASE(all_may_be_none),
	KUNIT_CASE(callers_power_is_not_the_senders),
	KUNIT_CASE(outside_sees_the_owner),
	{}
};

static struct kunit_suite kill_rules_suite = {
	.name = "procsrv-kill-rules",
	.init = fixture_init,
	.exit = fixture_exit,
	.test_cases = kill_rules_cases,
};

kunit_test_suite(kill_rules_suite);
