// SPDX-License-Identifier: GPL-2.0-only
/*
 * Updates, revocations, and info
 */
#include <linux/string.h>

#include "common.h"

enum {
	EVERY_FIELD = PROCSRV_UPDATE_CPU_TIME | PROCSRV_UPDATE_MEMORY |
		      PROCSRV_UPDATE_THREADS | PROCSRV_UPDATE_STATE |
		      PROCSRV_UPDATE_PRIORITY | PROCSRV_UPDATE_CWD,
};

static int try_update(struct kunit *test, u64 pid,
		      const struct procsrv_update *u)
{
	return procsrv_update(server(test), pid, u);
}

static struct procsrv_text *make_text(struct kunit *test, const char *s)
{
	struct procsrv_text *text = procsrv_text_new(s, strlen(s));

	KUNIT_ASSERT_NOT_NULL(test, text);
	return text;
}

static void all_fields_at_once(struct kunit *test)
{
	struct procsrv_text *cwd = make_text(test, "/usr/src");
	const struct procsrv_update u = {
		.mask = EVERY_FIELD,
		.cpu_time = U64_MAX,
		.memory_usage = 1ULL << 40,
		.thread_count = 12,
		.state = PROCSRV_SLEEPING,
		.priority = PROCSRV_PRIO_REALTIME,
		.cwd = cwd,
	};
	u64 pid = make_process(test, PROCSRV_INIT_PID);
	struct procsrv_details d;

	KUNIT_EXPECT_EQ(test, try_update(test, pid, &u), 0);
	KUNIT_EXPECT_EQ(test, refcount_read(&cwd->refs), 2);
	procsrv_text_put(cwd);
	KUNIT_ASSERT_EQ(test, procsrv_get_info(server(test), pid, &d), 0);
	KUNIT_EXPECT_EQ(test, d.info.cpu_time, U64_MAX);
	KUNIT_EXPECT_EQ(test, d.info.memory_usage, 1ULL << 40);
	KUNIT_EXPECT_EQ(test, d.info.thread_count, 12);
	KUNIT_EXPECT_EQ(test, d.info.state, PROCSRV_SLEEPING);
	KUNIT_EXPECT_EQ(test, d.info.priority, PROCSRV_PRIO_REALTIME);
	KUNIT_EXPECT_EQ(test, d.info.cwd_len, sizeof("/usr/src"));
	KUNIT_EXPECT_STREQ(test, d.cwd->data, "/usr/src");
	procsrv_put_info(&d);
}

/* A field that is not in the mask is ignored. */
static void each_field_alone(struct kunit *test)
{
	u64 pid = make_process(test, PROCSRV_INIT_PID);
	struct procsrv_update u = {
		.cpu_time = 1,
		.memory_usage = 2,
		.thread_count = 3,
		.state = PROCSRV_SLEEPING,
		.priority = PROCSRV_PRIO_LOW,
	};
	struct procsrv_info before, after;
	u32 bit;

	for (bit = 0; bit < 5; bit++) {
		before = info_of(test, pid);
		u.mask = BIT(bit);
		KUNIT_EXPECT_EQ(test, try_update(test, pid, &u), 0);
		after = info_of(test, pid);
		KUNIT_EXPECT_EQ(test, after.cpu_time, 1);
		KUNIT_EXPECT_EQ(test, after.memory_usage, bit >= 1 ? 2 : 0);
		KUNIT_EXPECT_EQ(test, after.thread_count, bit >= 2 ? 3 : 1);
		KUNIT_EXPECT_EQ(test, after.state, bit >= 3 ? PROCSRV_SLEEPING :
							      PROCSRV_RUNNING);
		KUNIT_EXPECT_EQ(test, after.priority, bit >= 4 ?
				PROCSRV_PRIO_LOW : PROCSRV_PRIO_NORMAL);
		KUNIT_EXPECT_EQ(test, after.cwd_len, before.cwd_len);
		KUNIT_EXPECT_EQ(test, after.pending, 0);
	}
}

static void unnamed_fields_may_be_anything(struct kunit *test)
{
	const struct procsrv_update u = {
		.mask = 0,
		.cpu_time = 5,
		.thread_count = 0,
		.state = 99,
		.priority = 99,
		.cwd = NULL,
	};
	u64 pid = make_process(test, PROCSRV_INIT_PID);
	struct procsrv_info before = info_of(test, pid), after;

	KUNIT_EXPECT_EQ(test, try_update(test, pid, &u), 0);
	after = info_of(test, pid);
	KUNIT_EXPECT_EQ(test, memcmp(&before, &after, sizeof(after)), 0);
}

static void expect_refused(struct kunit *test, u64 pid,
			   const struct procsrv_update *u, int err)
{
	struct procsrv_info before = info_of(test, pid), after;

	KUNIT_EXPECT_EQ(test, try_update(test, pid, u), err);
	after = info_of(test, pid);
	KUNIT_EXPECT_EQ(test, memcmp(&before, &after, sizeof(after)), 0);
}

static void invalid_values(struct kunit *test)
{
	static const u32 bad_states[] = {
		PROCSRV_WAITING, PROCSRV_STOPPED, PROCSRV_ZOMBIE, PROCSRV_DEAD,
		6, 256, U32_MAX,
	};
	u64 pid = make_process(test, PROCSRV_INIT_PID);
	struct procsrv_update u = { .cpu_time = 5, .thread_count = 1 };
	size_t i;

	for (i = 0; i < ARRAY_SIZE(bad_states); i++) {
		u.mask = PROCSRV_UPDATE_CPU_TIME | PROCSRV_UPDATE_STATE;
		u.state = bad_states[i];
		expect_refused(test, pid, &u, -EINVAL);
	}
	u.mask = PROCSRV_UPDATE_CPU_TIME | PROCSRV_UPDATE_PRIORITY;
	u.priority = PROCSRV_PRIO_REALTIME + 1;
	expect_refused(test, pid, &u, -EINVAL);
	u.priority = 256;
	expect_refused(test, pid, &u, -EINVAL);
	u.mask = PROCSRV_UPDATE_CPU_TIME | PROCSRV_UPDATE_THREADS;
	u.thread_count = 0;
	expect_refused(test, pid, &u, -EINVAL);
	u.mask = PROCSRV_UPDATE_CPU_TIME | (PROCSRV_UPDATE_CWD << 1);
	expect_refused(test, pid, &u, -EINVAL);
	u.mask = PROCSRV_UPDATE_CPU_TIME | (1U << 31);
	expect_refused(test, pid, &u, -EINVAL);
}

static void directory_is_absolute(struct kunit *test)
{
	static const char * const bad[] = { "", "tmp", "./x", "~" };
	u64 pid = make_process(test, PROCSRV_INIT_PID);
	struct procsrv_update u = { .mask = PROCSRV_UPDATE_CWD };
	size_t i;

	for (i = 0; i < ARRAY_SIZE(bad); i++) {
		u.cwd = make_text(test, bad[i]);
		expect_refused(test, pid, &u, -EINVAL);
		KUNIT_EXPECT_EQ(test, refcount_read(&u.cwd->refs), 1);
		procsrv_text_put(u.cwd);
	}
}

static void directory_is_replaced(struct kunit *test)
{
	u64 pid = make_process(test, PROCSRV_INIT_PID);
	struct procsrv_text *first = make_text(test, "/a");
	struct procsrv_text *second = make_text(test, "/bc");
	struct procsrv_update u = { .mask = PROCSRV_UPDATE_CWD, .cwd = first };

	KUNIT_EXPECT_EQ(test, try_update(test, pid, &u), 0);
	u.cwd = second;
	KUNIT_EXPECT_EQ(test, try_update(test, pid, &u), 0);
	KUNIT_EXPECT_EQ(test, refcount_read(&first->refs), 1);
	KUNIT_EXPECT_EQ(test, refcount_read(&second->refs), 2);
	KUNIT_EXPECT_EQ(test, info_of(test, pid).cwd_len, sizeof("/bc"));
	/* Setting the same directory again must not drop it. */
	KUNIT_EXPECT_EQ(test, try_update(test, pid, &u), 0);
	KUNIT_EXPECT_EQ(test, refcount_read(&second->refs), 2);

	end_process(test, pid);
	reap_child(test, PROCSRV_INIT_PID, pid);
	KUNIT_EXPECT_EQ(test, refcount_read(&second->refs), 1);
	procsrv_text_put(first);
	procsrv_text_put(second);
}

static void state_is_counted(struct kunit *test)
{
	u64 pid = make_process(test, PROCSRV_INIT_PID);
	struct procsrv_update u = { .mask = PROCSRV_UPDATE_STATE };
	int i;

	for (i = 0; i < 2; i++) {
		u.state = PROCSRV_SLEEPING;
		KUNIT_EXPECT_EQ(test, try_update(test, pid, &u), 0);
		KUNIT_EXPECT_EQ(test, try_update(test, pid, &u), 0);
		KUNIT_EXPECT_EQ(test, stats_of(test).sleeping, 1);
		KUNIT_EXPECT_EQ(test, stats_of(test).running, 1);
		u.state = PROCSRV_RUNNING;
		KUNIT_EXPECT_EQ(test, try_update(test, pid, &u), 0);
		KUNIT_EXPECT_EQ(test, stats_of(test).sleeping, 0);
		KUNIT_EXPECT_EQ(test, stats_of(test).running, 2);
	}
}

static void stopped_process_is_continued_by_18_only(struct kunit *test)
{
	struct procsrv_text *cwd = make_text(test, "/x");
	u64 pid = make_process(test, PROCSRV_INIT_PID);
	struct procsrv_update u = {
		.mask = EVERY_FIELD,
		.cpu_time = 7,
		.memory_usage = 7,
		.thread_count = 7,
		.state = PROCSRV_RUNNING,
		.priority = PROCSRV_PRIO_HIGH,
		.cwd = cwd,
	};

	stop_process(test, pid);
	expect_refused(test, pid, &u, -EBUSY);
	KUNIT_EXPECT_EQ(test, refcount_read(&cwd->refs), 1);
	u.state = PROCSRV_SLEEPING;
	expect_refused(test, pid, &u, -EBUSY);
	procsrv_text_put(cwd);

	/* An update without a state is allowed for a stopped process. */
	u.mask = PROCSRV_UPDATE_CPU_TIME | PROCSRV_UPDATE_PRIORITY;
	KUNIT_EXPECT_EQ(test, try_update(test, pid, &u), 0);
	KUNIT_EXPECT_EQ(test, info_of(test, pid).cpu_time, 7);
	KUNIT_EXPECT_EQ(test, info_of(test, pid).priority, PROCSRV_PRIO_HIGH);
	KUNIT_EXPECT_EQ(test, state_of(test, pid), PROCSRV_STOPPED);
}

static void update_without_process(struct kunit *test)
{
	u64 zombie = make_zombie(test, PROCSRV_INIT_PID);
	struct procsrv_update u = {
		.mask = PROCSRV_UPDATE_CPU_TIME,
		.cpu_time = 5,
	};

	expect_refused(test, zombie, &u, -ESRCH);
	KUNIT_EXPECT_EQ(test, try_update(test, 0, &u), -ESRCH);
	KUNIT_EXPECT_EQ(test, try_update(test, TEST_NO_PID, &u), -ESRCH);
	u.mask = PROCSRV_UPDATE_STATE;
	u.state = PROCSRV_RUNNING;
	expect_refused(test, zombie, &u, -ESRCH);
	KUNIT_EXPECT_EQ(test, stats_of(test).zombies, 1);
}

static void update_of_init(struct kunit *test)
{
	use_cpu(test, PROCSRV_INIT_PID, 3);
	sleep_process(test, PROCSRV_INIT_PID);
	KUNIT_EXPECT_EQ(test, info_of(test, PROCSRV_INIT_PID).cpu_time, 3);
	KUNIT_EXPECT_EQ(test, stats_of(test).sleeping, 1);
	KUNIT_EXPECT_EQ(test, stats_of(test).running, 0);
}

static void info_without_process(struct kunit *test)
{
	u64 zombie = make_zombie(test, PROCSRV_INIT_PID);

	KUNIT_EXPECT_EQ(test, look_up(test, 0), -ESRCH);
	KUNIT_EXPECT_EQ(test, look_up(test, TEST_NO_PID), -ESRCH);
	KUNIT_EXPECT_EQ(test, look_up(test, U64_MAX), -ESRCH);
	KUNIT_EXPECT_EQ(test, look_up(test, zombie), 0);
}

/* The details do not change, whatever happens to the process. */
static void details_outlive_the_process(struct kunit *test)
{
	u64 pid = make_process(test, PROCSRV_INIT_PID);
	struct procsrv_details d;

	KUNIT_ASSERT_EQ(test, procsrv_get_info(server(test), pid, &d), 0);
	KUNIT_EXPECT_EQ(test, exec_as(test, pid, "another"), 0);
	end_process(test, pid);
	reap_child(test, PROCSRV_INIT_PID, pid);
	KUNIT_EXPECT_STREQ(test, procsrv_image_name(d.image), "test");
	KUNIT_EXPECT_EQ(test, refcount_read(&d.image->refs), 1);
	KUNIT_EXPECT_EQ(test, d.info.state, PROCSRV_RUNNING);
	procsrv_put_info(&d);
}

static void longest_name(struct kunit *test)
{
	char name[PROCSRV_NAME_MAX + 1];
	u64 pid = make_process(test, PROCSRV_INIT_PID);
	struct procsrv_info info;
	size_t i;

	memset(name, 'n', PROCSRV_NAME_MAX);
	name[PROCSRV_NAME_MAX] = '\0';
	KUNIT_EXPECT_EQ(test, exec_as(test, pid, name), 0);
	KUNIT_EXPECT_STREQ(test, info_of(test, pid).name, name);
	/* The next images reuse this memory, which had another name in it. */
	for (i = 0; i < 4; i++)
		KUNIT_EXPECT_EQ(test, exec_as(test, pid, "fifteen letters"), 0);
	KUNIT_EXPECT_EQ(test, exec_as(test, pid, ""), 0);
	info = info_of(test, pid);
	/* info_of() poisons the structure first. */
	for (i = 0; i < sizeof(info.name); i++)
		KUNIT_EXPECT_EQ(test, info.name[i], 0);
}

static void revocation_for_one(struct kunit *test)
{
	struct procsrv *ps = server(test);
	u64 a = make_process(test, PROCSRV_INIT_PID);
	u64 b = make_process(test, a);

	KUNIT_EXPECT_EQ(test, procsrv_revoke(ps, a, 1), 0);
	KUNIT_EXPECT_EQ(test, procsrv_revoke(ps, a, U64_MAX), 0);
	KUNIT_EXPECT_EQ(test, revocations_of(test, a), 2);
	KUNIT_EXPECT_EQ(test, revocations_of(test, b), 0);
	KUNIT_EXPECT_EQ(test, procsrv_revoke(ps, PROCSRV_INIT_PID, 0), 0);
	KUNIT_EXPECT_EQ(test, revocations_of(test, PROCSRV_INIT_PID), 1);
}

static void revocation_for_all(struct kunit *test)
{
	struct procsrv *ps = server(test);
	u64 a = make_process(test, PROCSRV_INIT_PID);
	u64 b;

	KUNIT_EXPECT_EQ(test, procsrv_revoke(ps, 0, 1), 0);
	KUNIT_EXPECT_EQ(test, procsrv_revoke(ps, a, 1), 0);
	/* A process that is created later does not get the notice. */
	b = make_process(test, a);
	KUNIT_EXPECT_EQ(test, revocations_of(test, b), 0);
	KUNIT_EXPECT_EQ(test, procsrv_revoke(ps, 0, 2), 0);
	KUNIT_EXPECT_EQ(test, revocations_of(test, a), 3);
	KUNIT_EXPECT_EQ(test, revocations_of(test, b), 1);
	KUNIT_EXPECT_EQ(test, revocations_of(test, PROCSRV_INIT_PID), 2);
}

static void revocation_without_process(struct kunit *test)
{
	struct procsrv *ps = server(test);
	u64 zombie = make_zombie(test, PROCSRV_INIT_PID);

	KUNIT_EXPECT_EQ(test, procsrv_revoke(ps, TEST_NO_PID, 1), -ESRCH);
	KUNIT_EXPECT_EQ(test, procsrv_revoke(ps, zombie, 1), -ESRCH);
	KUNIT_EXPECT_EQ(test, revocations_of(test, zombie), 0);
	KUNIT_EXPECT_EQ(test, revocations_of(test, PROCSRV_INIT_PID), 0);
}

static struct kunit_case update_cases[] = {
	KUNIT_CASE(all_fields_at_once),
	KUNIT_CASE(each_field_alone),
	KUNIT_CASE(unnamed_fields_may_be_anything),
	KUNIT_CASE(invalid_values),
	KUNIT_CASE(directory_is_absolute),
	KUNIT_CASE(directory_is_replaced),
	KUNIT_CASE(state_is_counted),
	KUNIT_CASE(stopped_process_is_continued_by_18_only),
	KUNIT_CASE(update_without_process),
	KUNIT_CASE(update_of_init),
	KUNIT_CASE(info_without_process),
	KUNIT_CASE(details_outlive_the_process),
	KUNIT_CASE(longest_name),
	KUNIT_CASE(revocation_for_one),
	KUNIT_CASE(revocation_for_all),
	KUNIT_CASE(revocation_without_process),
	{}
};

static struct kunit_suite update_suite = {
	.name = "procsrv-update",
	.init = fixture_init,
	.exit = fixture_exit,
	.test_cases = update_cases,
};

kunit_test_suite(update_suite);
