// SPDX-License-Identifier: GPL-2.0-only
/*
 * Credentials of hosted processes: their values, and the permission to set them
 */
#include <linux/capability.h>

#include "common.h"

enum {
	/* User ids. */
	A = TEST_UID,
	B,
	C,
	OTHER_GID = 4000,

	NR_IDS = 6,
};

static struct procsrv_identity identity_of(struct kunit *test, u64 pid)
{
	struct procsrv_identity id;

	memset(&id, 0xcc, sizeof(id));
	KUNIT_ASSERT_EQ(test, procsrv_get_identity(server(test), pid, &id), 0);
	return id;
}

static void expect_identity(struct kunit *test, u64 pid,
			    const struct procsrv_identity *want)
{
	struct procsrv_identity id = identity_of(test, pid);

	KUNIT_EXPECT_EQ(test, __kuid_val(id.ruid), __kuid_val(want->ruid));
	KUNIT_EXPECT_EQ(test, __kuid_val(id.euid), __kuid_val(want->euid));
	KUNIT_EXPECT_EQ(test, __kuid_val(id.suid), __kuid_val(want->suid));
	KUNIT_EXPECT_EQ(test, __kgid_val(id.rgid), __kgid_val(want->rgid));
	KUNIT_EXPECT_EQ(test, __kgid_val(id.egid), __kgid_val(want->egid));
	KUNIT_EXPECT_EQ(test, __kgid_val(id.sgid), __kgid_val(want->sgid));
	KUNIT_EXPECT_EQ(test, id.kills, want->kills);
}

static void new_ones_have_their_ids(struct kunit *test)
{
	const struct procsrv_identity want = identity(A, A, A);

	expect_identity(test, make_hosted(test, PROCSRV_INIT_PID), &want);
	/* Without a host, all user ids are the same, and all group ids. */
	expect_identity(test, make_process(test, PROCSRV_INIT_PID), &want);
}

static void set_and_get(struct kunit *test)
{
	const struct procsrv_identity want = {
		.ruid = KUIDT_INIT(11),
		.euid = KUIDT_INIT(12),
		.suid = KUIDT_INIT(13),
		.rgid = KGIDT_INIT(14),
		.egid = KGIDT_INIT(15),
		.sgid = KGIDT_INIT(16),
		.kills = true,
	};
	u64 pid = make_hosted(test, PROCSRV_INIT_PID);
	struct procsrv_reader *r = watch_all(test);

	KUNIT_EXPECT_EQ(test, procsrv_set_identity(server(test), pid, &want),
			0);
	expect_identity(test, pid, &want);
	expect_no_event(test, r);
	/* Its information still has the ids it was created with. */
	KUNIT_EXPECT_EQ(test, info_of(test, pid).uid, TEST_UID);
	KUNIT_EXPECT_EQ(test, info_of(test, pid).gid, TEST_GID);
	/* exec keeps the credentials. */
	KUNIT_EXPECT_EQ(test, exec_as(test, pid, "other"), 0);
	expect_identity(test, pid, &want);
	report_exiting(test, pid);
	end_process(test, pid);
	expect_identity(test, pid, &want);
}

static void processes_without_credentials(struct kunit *test)
{
	struct procsrv_identity id = identity(A, A, A);
	u64 zombie = make_hosted(test, PROCSRV_INIT_PID);
	u64 ordinary = make_process(test, PROCSRV_INIT_PID);
	struct procsrv *ps = server(test);

	end_process(test, zombie);
	KUNIT_EXPECT_EQ(test, procsrv_set_identity(ps, zombie, &id), -ESRCH);
	KUNIT_EXPECT_EQ(test, procsrv_set_identity(ps, TEST_NO_PID, &id),
			-ESRCH);
	KUNIT_EXPECT_EQ(test, procsrv_set_identity(ps, 0, &id), -ESRCH);
	KUNIT_EXPECT_EQ(test, procsrv_set_identity(ps, ordinary, &id),
			-EOPNOTSUPP);
	KUNIT_EXPECT_EQ(test, procsrv_set_identity(ps, PROCSRV_INIT_PID, &id),
			-EOPNOTSUPP);
	KUNIT_EXPECT_EQ(test, procsrv_get_identity(ps, TEST_NO_PID, &id),
			-ESRCH);
	KUNIT_EXPECT_EQ(test, procsrv_get_identity(ps, 0, &id), -ESRCH);
	expect_identity(test, ordinary, &id);
}

/* A child inherits the credentials if it and its parent are hosted. */
static void inherited(struct kunit *test)
{
	struct procsrv_identity id = identity(A, B, C);
	const struct procsrv_identity plain = identity(A, A, A);
	u64 parent = make_hosted(test, PROCSRV_INIT_PID), child;

	id.kills = true;
	id.sgid = KGIDT_INIT(OTHER_GID);
	KUNIT_ASSERT_EQ(test, procsrv_set_identity(server(test), parent, &id),
			0);
	child = inherit_process(test, parent, test_host(test));
	expect_identity(test, child, &id);
	KUNIT_EXPECT_EQ(test, info_of(test, child).uid, A);
	KUNIT_EXPECT_EQ(test, info_of(test, child).gid, TEST_GID);
	/* From then on each process has its own. */
	become(test, parent, A, A, A);
	expect_identity(test, child, &id);
	expect_identity(test, inherit_process(test, child, NULL), &plain);
	expect_identity(test, make_hosted(test, child), &plain);
	/* A parent that is not hosted has nothing to inherit. */
	child = make_process(test, PROCSRV_INIT_PID);
	expect_identity(test, inherit_process(test, child, test_host(test)),
			&plain);
}

/* A wait returns the real user id, as in the siginfo of waitid(2). */
static void wait_returns_the_real_one(struct kunit *test)
{
	struct procsrv_wait w = {
		.parent = PROCSRV_INIT_PID,
		.what = PROCSRV_WAIT_EXITED | PROCSRV_WAIT_STOPPED,
	};
	u64 pid = make_hosted(test, PROCSRV_INIT_PID);

	become(test, pid, B, C, A);
	report_stop(test, pid, PROCSRV_SIGSTOP);
	KUNIT_ASSERT_EQ(test, wait_now(test, &w), 0);
	KUNIT_EXPECT_EQ(test, __kuid_val(w.uid), B);
	end_process(test, pid);
	KUNIT_ASSERT_EQ(test, wait_now(test, &w), 0);
	KUNIT_EXPECT_EQ(test, __kuid_val(w.uid), B);
}

static void set_id(struct procsrv_identity *id, u32 i, u32 value)
{
	kuid_t *uids[] = { &id->ruid, &id->euid, &id->suid };
	kgid_t *gids[] = { &id->rgid, &id->egid, &id->sgid };

	if (i < 3)
		*uids[i] = KUIDT_INIT(value);
	else
		*gids[i - 3] = KGIDT_INIT(value);
}

/* Each id alone: one capability permits the change, and no other does. */
static void ids_are_checked(struct kunit *test)
{
	u64 pid = make_hosted(test, PROCSRV_INIT_PID);
	const struct procsrv_identity plain = identity(A, A, A);
	struct procsrv_identity id;
	int cap, err;
	struct role r;
	u32 i;

	for (i = 0; i < NR_IDS; i++)
		for (cap = NO_CAP; cap <= CAP_LAST_CAP; cap++) {
			const struct caller c = { A, TEST_GID, cap };
			bool may = cap == (i < 3 ? CAP_SETUID : CAP_SETGID);

			id = plain;
			set_id(&id, i, i < 3 ? B : OTHER_GID);
			begin_role(test, &r, &c);
			err = procsrv_set_identity(server(test), pid, &id);
			end_role(&r);
			KUNIT_EXPECT_EQ_MSG(test, err, may ? 0 : -EPERM,
					    "id %u, capability %d", i, cap);
			expect_identity(test, pid, may ? &id : &plain);
			KUNIT_ASSERT_EQ(test, procsrv_set_identity(server(test),
								   pid, &plain),
					0);
		}
}

static void flag_is_checked(struct kunit *test)
{
	u64 pid = make_hosted(test, PROCSRV_INIT_PID);
	const struct procsrv_identity plain = identity(A, A, A);
	struct procsrv_identity id = plain;
	struct role r;
	int cap, err;

	id.kills = true;
	for (cap = NO_CAP; cap <= CAP_LAST_CAP; cap++) {
		const struct caller c = { A, TEST_GID, cap };

		begin_role(test, &r, &c);
		err = procsrv_set_identity(server(test), pid, &id);
		/* Clearing the flag is always allowed, like giving up ids. */
		if (!err)
			KUNIT_EXPECT_EQ(test, procsrv_set_identity(server(test),
								   pid, &plain),
					0);
		end_role(&r);
		KUNIT_EXPECT_EQ_MSG(test, err, cap == CAP_KILL ? 0 : -EPERM,
				    "capability %d", cap);
		expect_identity(test, pid, &plain);
	}
}

/* setresuid(2): any of the current ids may be set without a capability. */
static void what_it_has_is_no_news(struct kunit *test)
{
	const struct caller c = { A, TEST_GID, NO_CAP };
	u64 pid = make_hosted(test, PROCSRV_INIT_PID);
	struct procsrv_identity id = identity(A, B, C);
	struct role r;
	int err;

	id.sgid = KGIDT_INIT(OTHER_GID);
	id.kills = true;
	KUNIT_ASSERT_EQ(test, procsrv_set_identity(server(test), pid, &id), 0);
	swap(id.ruid, id.suid);
	swap(id.rgid, id.sgid);
	begin_role(test, &r, &c);
	err = procsrv_set_identity(server(test), pid, &id);
	end_role(&r);
	KUNIT_EXPECT_EQ(test, err, 0);
	expect_identity(test, pid, &id);
	/* A user id is no group id; an id that was given up is refused. */
	id.egid = KGIDT_INIT(B);
	begin_role(test, &r, &c);
	KUNIT_EXPECT_EQ(test, procsrv_set_identity(server(test), pid, &id),
			-EPERM);
	id.egid = KGIDT_INIT(TEST_GID);
	id.euid = KUIDT_INIT(A);
	KUNIT_EXPECT_EQ(test, procsrv_set_identity(server(test), pid, &id), 0);
	id.euid = KUIDT_INIT(B);
	KUNIT_EXPECT_EQ(test, procsrv_set_identity(server(test), pid, &id),
			-EPERM);
	end_role(&r);
}

/* A process of another user, with ids that are the caller's own. */
static void others_need_a_capability(struct kunit *test)
{
	u64 pid = make_hosted(test, PROCSRV_INIT_PID);
	const struct procsrv_identity id = {
		.ruid = KUIDT_INIT(B),
		.euid = KUIDT_INIT(B),
		.suid = KUIDT_INIT(B),
		.rgid = KGIDT_INIT(OTHER_GID),
		.egid = KGIDT_INIT(OTHER_GID),
		.sgid = KGIDT_INIT(OTHER_GID),
	};
	struct procsrv_identity got;
	int cap, err;
	struct role r;

	for (cap = NO_CAP; cap <= CAP_LAST_CAP; cap++) {
		const struct caller c = { B, OTHER_GID, cap };

		begin_role(test, &r, &c);
		err = procsrv_set_identity(server(test), pid, &id);
		/* Reading needs no capability. */
		KUNIT_EXPECT_EQ(test, procsrv_get_identity(server(test), pid,
							   &got), 0);
		end_role(&r);
		KUNIT_EXPECT_EQ_MSG(test, err, cap == CAP_SYS_ADMIN ? 0 :
				    -EPERM, "capability %d", cap);
	}
}

static struct kunit_case credentials_cases[] = {
	KUNIT_CASE(new_ones_have_their_ids),
	KUNIT_CASE(set_and_get),
	KUNIT_CASE(processes_without_credentials),
	KUNIT_CASE(inherited),
	KUNIT_CASE(wait_returns_the_real_one),
	KUNIT_CASE(ids_are_checked),
	KUNIT_CASE(flag_is_checked),
	KUNIT_CASE(what_it_has_is_no_news),
	KUNIT_CASE(others_need_a_capability),
	{}
};

static struct kunit_suite credentials_suite = {
	.name = "procsrv-credentials",
	.init = fixture_init,
	.exit = fixture_exit,
	.test_cases = credentials_cases,
};

kunit_test_suite(credentials_suite);
