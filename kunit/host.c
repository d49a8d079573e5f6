// SPDX-License-Identifier: GPL-2.0-only
/*
 * Helpers of the suites: processes that are hosted, what their host does, and
 * processes with an exit signal
 */
#include <linux/rbtree.h>

#include "common.h"

/**
 * try_create_with() - create a process; the creation may fail
 * @test: the test
 * @params: its parameters; an image, and the ids of the tests if there are
 *	none, are filled in
 * @pid: where to store its pid
 *
 * Return: what procsrv_create() returned.
 */
int try_create_with(struct kunit *test, struct procsrv_create_params params,
		    u64 *pid)
{
	int ret;

	params.image = make_image("test");
	KUNIT_ASSERT_NOT_NULL(test, params.image);
	if (uid_eq(params.uid, GLOBAL_ROOT_UID))
		params.uid = KUIDT_INIT(TEST_UID);
	if (gid_eq(params.gid, GLOBAL_ROOT_GID))
		params.gid = KGIDT_INIT(TEST_GID);
	ret = procsrv_create(server(test), &params, pid);
	procsrv_image_put(params.image);
	return ret;
}

static u64 make_with(struct kunit *test, struct procsrv_create_params params)
{
	u64 pid = 0;

	KUNIT_ASSERT_EQ(test, try_create_with(test, params, &pid), 0);
	return pid;
}

u64 make_hosted_by(struct kunit *test, struct procsrv_owner *host, u64 parent)
{
	return make_with(test, (struct procsrv_create_params) {
		.parent = parent,
		.owner = host,
		.hosted = true,
	});
}

u64 make_hosted(struct kunit *test, u64 parent)
{
	return make_hosted_by(test, test_host(test), parent);
}

u64 make_hosted_owned(struct kunit *test, u64 parent, u32 uid, u32 gid)
{
	return make_with(test, (struct procsrv_create_params) {
		.parent = parent,
		.uid = KUIDT_INIT(uid),
		.gid = KGIDT_INIT(gid),
		.owner = test_host(test),
		.hosted = true,
	});
}

/* A process that is not hosted. */
u64 make_with_exit_signal(struct kunit *test, u64 parent, int signo)
{
	return make_with(test, (struct procsrv_create_params) {
		.parent = parent,
		.has_notify = true,
		.notify = signo,
	});
}

/* As by fork(2); hosted if there is a host. */
u64 inherit_process(struct kunit *test, u64 parent, struct procsrv_owner *host)
{
	const struct procsrv_create_params params = {
		.parent = parent,
		.owner = host,
		.hosted = host,
	};
	u64 pid = 0;

	KUNIT_ASSERT_EQ(test, procsrv_create(server(test), &params, &pid), 0);
	return pid;
}

int try_report(struct kunit *test, u64 pid, enum procsrv_body what, int signo)
{
	return procsrv_report_body(server(test), pid, what, signo);
}

void report_stop(struct kunit *test, u64 pid, int signo)
{
	KUNIT_ASSERT_EQ(test, try_report(test, pid, PROCSRV_BODY_STOPPED,
					 signo), 0);
	KUNIT_ASSERT_EQ(test, state_of(test, pid), PROCSRV_STOPPED);
}

void report_continue(struct kunit *test, u64 pid)
{
	KUNIT_ASSERT_EQ(test, try_report(test, pid, PROCSRV_BODY_CONTINUED, 0),
			0);
	KUNIT_ASSERT_EQ(test, state_of(test, pid), PROCSRV_RUNNING);
}

void report_exiting(struct kunit *test, u64 pid)
{
	KUNIT_ASSERT_EQ(test, try_report(test, pid, PROCSRV_BODY_EXITING, 0),
			0);
	KUNIT_ASSERT_TRUE(test, flags_of(test, pid) & PROCSRV_INFO_EXITING);
	KUNIT_ASSERT_EQ(test, state_of(test, pid), PROCSRV_RUNNING);
}

/* User ids, with the group id of the tests. */
struct procsrv_identity identity(u32 ruid, u32 euid, u32 suid)
{
	return (struct procsrv_identity) {
		.ruid = KUIDT_INIT(ruid),
		.euid = KUIDT_INIT(euid),
		.suid = KUIDT_INIT(suid),
		.rgid = KGIDT_INIT(TEST_GID),
		.egid = KGIDT_INIT(TEST_GID),
		.sgid = KGIDT_INIT(TEST_GID),
	};
}

/* Sets the user ids of a hosted process. */
void become(struct kunit *test, u64 pid, u32 ruid, u32 euid, u32 suid)
{
	const struct procsrv_identity id = identity(ruid, euid, suid);

	KUNIT_ASSERT_EQ(test, procsrv_set_identity(server(test), pid, &id), 0);
}

/* Sends a signal in the name of a process, or of none. */
void send_from(struct kunit *test, u64 sender, u64 pid, int signo)
{
	u32 count = U32_MAX;

	KUNIT_ASSERT_EQ(test, procsrv_signal(server(test), sender,
					     PROCSRV_TARGET_PID, pid, signo,
					     &count), 0);
	KUNIT_ASSERT_EQ(test, count, 1);
}

/* As send_from(), to any target. Return: how many were reached, or an error. */
int send_to(struct kunit *test, u64 sender, enum procsrv_target target, u64 id,
	    int signo)
{
	u32 count = 77;
	int err;

	err = procsrv_signal(server(test), sender, target, id, signo, &count);
	if (err)
		KUNIT_EXPECT_EQ(test, count, 77);
	return err ?: count;
}

/* As take_now(), from any process of a host. */
int take_any_now(struct kunit *test, struct procsrv_owner *host,
		 struct procsrv_take *take)
{
	*take = (struct procsrv_take) {
		.owner = host,
		.mask = EVERY_SIGNAL,
		.flags = PROCSRV_TAKE_NOHANG,
		.signo = -1,
		.sender = U64_MAX,
		.count = U32_MAX,
		.target = U64_MAX,
		.origin = U32_MAX,
	};
	return procsrv_take_signal(server(test), take);
}

/* Takes a signal, which must be this one. */
void expect_any(struct kunit *test, struct procsrv_owner *host, u64 target,
		int signo)
{
	struct procsrv_take take;

	KUNIT_ASSERT_TRUE(test, procsrv_hosts_pending(host));
	KUNIT_ASSERT_EQ(test, take_any_now(test, host, &take), 0);
	KUNIT_EXPECT_EQ(test, take.target, target);
	KUNIT_EXPECT_EQ(test, take.signo, signo);
}

/* There must be nothing to take, and nothing is written. */
void expect_none(struct kunit *test, struct procsrv_owner *host)
{
	struct procsrv_take take;

	KUNIT_EXPECT_FALSE(test, procsrv_hosts_pending(host));
	KUNIT_EXPECT_EQ(test, take_any_now(test, host, &take), -EAGAIN);
	KUNIT_EXPECT_EQ(test, take.signo, -1);
	KUNIT_EXPECT_EQ(test, take.target, U64_MAX);
	KUNIT_EXPECT_EQ(test, take.origin, U32_MAX);
}

/* As start_take(), from any process of a host. */
struct take_task *start_take_any(struct kunit *test, struct procsrv_owner *host)
{
	return take_in_task(test, &(struct procsrv_take) {
		.owner = host,
		.mask = EVERY_SIGNAL,
	});
}

static u32 nr_takers_of(struct procsrv *ps, struct procsrv_owner *host)
{
	struct rb_node *node;
	u32 n = 0;

	read_lock(&ps->lock);
	for (node = rb_first(&host->takers); node; node = rb_next(node))
		n++;
	read_unlock(&ps->lock);
	return n;
}

/* Waits until a host has this number of waiters. */
void expect_takers(struct kunit *test, struct procsrv_owner *host, u32 nr)
{
	u32 looks = 0;

	while (nr_takers_of(server(test), host) != nr && look_again(&looks))
		;
	KUNIT_ASSERT_EQ(test, nr_takers_of(server(test), host), nr);
}
