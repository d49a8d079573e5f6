// SPDX-License-Identifier: GPL-2.0-only
/*
 * Listing, page by page
 */
#include "common.h"

enum {
	/* Some pages, the last of them not full. */
	MANY = 3 * PROCSRV_BATCH + 7,
};

static int list_pids(struct kunit *test, enum procsrv_list_scope scope, u32 id,
		     u64 cursor, u64 *pids, u32 max)
{
	return procsrv_list_pids(server(test), scope, id, cursor, pids, max, NULL);
}

/* Lists all pids of a scope in pages of one size. Returns their number. */
static u32 list_whole(struct kunit *test, enum procsrv_list_scope scope,
		      u32 id, u32 page, u64 *pids, u32 room)
{
	u64 cursor = 0;
	u32 n = 0;
	int got;

	do {
		KUNIT_ASSERT_LE(test, n + page, room);
		got = list_pids(test, scope, id, cursor, pids + n, page);
		KUNIT_ASSERT_GE(test, got, 0);
		KUNIT_ASSERT_LE(test, got, page);
		n += got;
		if (n)
			cursor = pids[n - 1];
	} while (got == page);
	return n;
}

static void lone_init(struct kunit *test)
{
	u64 pids[4];

	KUNIT_EXPECT_EQ(test, list_pids(test, PROCSRV_LIST_ALL, 0, 0, pids, 4),
			1);
	KUNIT_EXPECT_EQ(test, pids[0], PROCSRV_INIT_PID);
	KUNIT_EXPECT_EQ(test, list_pids(test, PROCSRV_LIST_ALL, 0,
					PROCSRV_INIT_PID, pids, 4), 0);
	KUNIT_EXPECT_EQ(test, list_pids(test, PROCSRV_LIST_ALL, 0, U64_MAX,
					pids, 4), 0);
}

static void pages_of_every_size(struct kunit *test)
{
	const u32 room = MANY + 2 * PROCSRV_BATCH;
	u64 *pids = kunit_kcalloc(test, room, sizeof(*pids), GFP_KERNEL);
	u32 page, i;

	KUNIT_ASSERT_NOT_NULL(test, pids);
	for (i = 0; i < MANY; i++)
		make_process(test, PROCSRV_INIT_PID);
	for (page = 1; page <= PROCSRV_BATCH; page++) {
		u32 n = list_whole(test, PROCSRV_LIST_ALL, 0, page, pids, room);

		KUNIT_ASSERT_EQ(test, n, MANY + 1);
		for (i = 0; i < n; i++)
			KUNIT_ASSERT_EQ(test, pids[i], i + 1);
	}
}

/* No more is written than there is room for. */
static void room_is_respected(struct kunit *test)
{
	u64 pids[5] = { 77, 77, 77, 77, 77 };
	u64 made[6];

	make_processes(test, PROCSRV_INIT_PID, made, 6);
	KUNIT_EXPECT_EQ(test, list_pids(test, PROCSRV_LIST_ALL, 0, 0, pids, 3),
			3);
	KUNIT_EXPECT_EQ(test, pids[2], 3);
	KUNIT_EXPECT_EQ(test, pids[3], 77);
	KUNIT_EXPECT_EQ(test, list_pids(test, PROCSRV_LIST_ALL, 0, 5, pids, 5),
			2);
	KUNIT_EXPECT_EQ(test, pids[0], 6);
	KUNIT_EXPECT_EQ(test, pids[1], 7);
	KUNIT_EXPECT_EQ(test, pids[3], 77);
}

static void cursor_need_not_exist(struct kunit *test)
{
	u64 made[4], pids[4];

	make_processes(test, PROCSRV_INIT_PID, made, 4);
	end_process(test, made[1]);
	reap_child(test, PROCSRV_INIT_PID, made[1]);
	KUNIT_EXPECT_EQ(test, list_pids(test, PROCSRV_LIST_ALL, 0, made[1],
					pids, 4), 2);
	KUNIT_EXPECT_EQ(test, pids[0], made[2]);
	KUNIT_EXPECT_EQ(test, pids[1], made[3]);
	KUNIT_EXPECT_EQ(test, list_pids(test, PROCSRV_LIST_ALL, 0, made[0],
					pids, 1), 1);
	KUNIT_EXPECT_EQ(test, pids[0], made[2]);
}

static void zombies_are_listed(struct kunit *test)
{
	u64 zombie = make_zombie(test, PROCSRV_INIT_PID);
	u64 pids[4];

	KUNIT_EXPECT_EQ(test, list_pids(test, PROCSRV_LIST_ALL, 0, 0, pids, 4),
			2);
	KUNIT_EXPECT_EQ(test, pids[1], zombie);
	reap_child(test, PROCSRV_INIT_PID, zombie);
	KUNIT_EXPECT_EQ(test, list_pids(test, PROCSRV_LIST_ALL, 0, 0, pids, 4),
			1);
}

static void scopes(struct kunit *test)
{
	u64 a = make_process(test, PROCSRV_INIT_PID);
	u64 stranger = make_process(test, PROCSRV_INIT_PID);
	u64 b, c, d, pids[8];
	u32 sid = make_session(test, a);
	u32 first = pgid_of(test, a);
	u32 second;

	b = make_process(test, a);
	c = make_process(test, a);
	second = make_group(test, b);
	make_process(test, stranger);
	d = make_process(test, b);
	end_process(test, d);

	KUNIT_EXPECT_EQ(test, list_pids(test, PROCSRV_LIST_SID, sid, 0, pids,
					8), 4);
	KUNIT_EXPECT_EQ(test, pids[0], a);
	KUNIT_EXPECT_EQ(test, pids[1], b);
	KUNIT_EXPECT_EQ(test, pids[2], c);
	KUNIT_EXPECT_EQ(test, pids[3], d);
	KUNIT_EXPECT_EQ(test, list_pids(test, PROCSRV_LIST_PGID, first, 0, pids,
					8), 2);
	KUNIT_EXPECT_EQ(test, pids[0], a);
	KUNIT_EXPECT_EQ(test, pids[1], c);
	KUNIT_EXPECT_EQ(test, list_pids(test, PROCSRV_LIST_PGID, second, 0,
					pids, 8), 2);
	KUNIT_EXPECT_EQ(test, pids[0], b);
	KUNIT_EXPECT_EQ(test, pids[1], d);
	KUNIT_EXPECT_EQ(test, list_pids(test, PROCSRV_LIST_SID, sid, b, pids,
					8), 2);
	KUNIT_EXPECT_EQ(test, pids[0], c);
	KUNIT_EXPECT_EQ(test, list_pids(test, PROCSRV_LIST_PGID, second, d,
					pids, 8), 0);
}

static void scopes_in_pages(struct kunit *test)
{
	const u32 room = MANY + 2 * PROCSRV_BATCH;
	u64 *pids = kunit_kcalloc(test, room, sizeof(*pids), GFP_KERNEL);
	u64 leader = make_process(test, PROCSRV_INIT_PID);
	u32 sid = make_session(test, leader);
	u32 pgid = pgid_of(test, leader);
	u32 page, i, n;

	KUNIT_ASSERT_NOT_NULL(test, pids);
	for (i = 1; i < MANY; i++) {
		make_process(test, leader);
		make_process(test, PROCSRV_INIT_PID);
	}
	for (page = 1; page <= PROCSRV_BATCH; page += 9) {
		n = list_whole(test, PROCSRV_LIST_SID, sid, page, pids, room);
		KUNIT_EXPECT_EQ(test, n, MANY);
		for (i = 1; i < n; i++)
			KUNIT_ASSERT_EQ(test, pids[i], leader + 2 * i - 1);
		n = list_whole(test, PROCSRV_LIST_PGID, pgid, page, pids, room);
		KUNIT_EXPECT_EQ(test, n, MANY);
		for (i = 1; i < n; i++)
			KUNIT_ASSERT_EQ(test, pids[i], leader + 2 * i - 1);
	}
}

static void scopes_that_do_not_exist(struct kunit *test)
{
	u64 pid = make_process(test, PROCSRV_INIT_PID);
	u32 sid = make_session(test, pid);
	struct procsrv_info *info;
	u64 pids[4] = { 77 };

	info = kunit_kzalloc(test, sizeof(*info), GFP_KERNEL);
	KUNIT_ASSERT_NOT_NULL(test, info);
	KUNIT_EXPECT_EQ(test, list_pids(test, PROCSRV_LIST_SID, 0, 0, pids, 4),
			-ESRCH);
	KUNIT_EXPECT_EQ(test, list_pids(test, PROCSRV_LIST_SID, sid + 1, 0,
					pids, 4), -ESRCH);
	KUNIT_EXPECT_EQ(test, list_pids(test, PROCSRV_LIST_PGID, 0, 0, pids, 4),
			-ESRCH);
	KUNIT_EXPECT_EQ(test, list_pids(test, PROCSRV_LIST_PGID, 99, 0, pids,
					4), -ESRCH);
	KUNIT_EXPECT_EQ(test, procsrv_list(server(test), PROCSRV_LIST_SID,
					   sid + 1, 0, info, 1, NULL), -ESRCH);
	KUNIT_EXPECT_EQ(test, procsrv_list(server(test), PROCSRV_LIST_PGID, 99,
					   0, info, 1, NULL), -ESRCH);
	KUNIT_EXPECT_EQ(test, pids[0], 77);
	KUNIT_EXPECT_EQ(test, info->pid, 0);
}

static void senseless_arguments(struct kunit *test)
{
	u32 too_many = PROCSRV_BATCH + 1;
	struct procsrv_info *infos;
	u64 *pids;

	infos = kunit_kcalloc(test, too_many, sizeof(*infos), GFP_KERNEL);
	pids = kunit_kcalloc(test, too_many, sizeof(*pids), GFP_KERNEL);
	KUNIT_ASSERT_NOT_NULL(test, infos);
	KUNIT_ASSERT_NOT_NULL(test, pids);
	KUNIT_EXPECT_EQ(test, list_pids(test, PROCSRV_LIST_ALL, 1, 0, pids, 4),
			-EINVAL);
	KUNIT_EXPECT_EQ(test, list_pids(test, 3, 0, 0, pids, 4), -EINVAL);
	KUNIT_EXPECT_EQ(test, list_pids(test, 99, 1, 0, pids, 4), -EINVAL);
	KUNIT_EXPECT_EQ(test, list_pids(test, PROCSRV_LIST_ALL, 0, 0, pids,
					too_many), -EINVAL);
	KUNIT_EXPECT_EQ(test, procsrv_list(server(test), PROCSRV_LIST_ALL, 1, 0,
					   infos, 4, NULL), -EINVAL);
	KUNIT_EXPECT_EQ(test, procsrv_list(server(test), 3, 0, 0, infos, 4, NULL),
			-EINVAL);
	KUNIT_EXPECT_EQ(test, procsrv_list(server(test), PROCSRV_LIST_ALL, 0, 0,
					   infos, too_many, NULL), -EINVAL);
	KUNIT_EXPECT_EQ(test, pids[0], 0);
	KUNIT_EXPECT_EQ(test, infos[0].pid, 0);
}

/* A listing and a look-up have the same information about a process. */
static void infos_are_those_of_get_info(struct kunit *test)
{
	u64 a = make_process(test, PROCSRV_INIT_PID);
	struct procsrv_info *infos, one;
	u64 b;
	int n, i;

	make_session(test, a);
	b = make_process(test, a);
	use_cpu(test, b, 5);
	stop_process(test, b);
	KUNIT_EXPECT_EQ(test, exec_as(test, a, "a-name"), 0);
	make_zombie(test, a);

	infos = kunit_kcalloc(test, PROCSRV_BATCH, sizeof(*infos), GFP_KERNEL);
	KUNIT_ASSERT_NOT_NULL(test, infos);
	memset(infos, 0xcc, PROCSRV_BATCH * sizeof(*infos));
	n = procsrv_list(server(test), PROCSRV_LIST_ALL, 0, 0, infos,
			 PROCSRV_BATCH, NULL);
	KUNIT_ASSERT_EQ(test, n, 4);
	for (i = 0; i < n; i++) {
		one = info_of(test, i + 1);
		KUNIT_EXPECT_EQ(test, memcmp(&infos[i], &one, sizeof(one)), 0);
	}
	n = procsrv_list(server(test), PROCSRV_LIST_SID, 1, a, infos, 1, NULL);
	KUNIT_EXPECT_EQ(test, n, 1);
	KUNIT_EXPECT_EQ(test, infos[0].pid, b);
}

/*
 * A process that exists from the first page to the last is listed once, while
 * others exit and are reaped, also at the cursor itself.
 */
static void changes_between_pages(struct kunit *test)
{
	u64 stable[40], pids[8], cursor = 0, seed = 4;
	u32 seen[ARRAY_SIZE(stable)] = { };
	u32 i, k;
	int n;

	for (i = 0; i < ARRAY_SIZE(stable); i++) {
		stable[i] = make_process(test, PROCSRV_INIT_PID);
		make_process(test, PROCSRV_INIT_PID);
	}
	do {
		n = list_pids(test, PROCSRV_LIST_ALL, 0, cursor, pids, 5);
		KUNIT_ASSERT_GE(test, n, 0);
		for (i = 0; i < n; i++) {
			KUNIT_ASSERT_GT(test, pids[i], cursor);
			cursor = pids[i];
			for (k = 0; k < ARRAY_SIZE(stable); k++)
				seen[k] += stable[k] == cursor;
		}
		/* Processes that exit have odd pids. */
		if (n && cursor % 2 && cursor > 1) {
			end_process(test, cursor);
			reap_child(test, PROCSRV_INIT_PID, cursor);
		}
		k = test_random(&seed, ARRAY_SIZE(stable));
		if (!look_up(test, stable[k] + 1))
			procsrv_terminate(server(test), stable[k] + 1, 0, 0);
		procsrv_reap(server(test));
	} while (n == 5);
	for (k = 0; k < ARRAY_SIZE(stable); k++)
		KUNIT_EXPECT_EQ_MSG(test, seen[k], 1, "pid %llu", stable[k]);
}

static void who_comes_meanwhile_is_listed_last(struct kunit *test)
{
	u64 pids[4], late;

	make_process(test, PROCSRV_INIT_PID);
	KUNIT_EXPECT_EQ(test, list_pids(test, PROCSRV_LIST_ALL, 0, 0, pids, 2),
			2);
	late = make_process(test, PROCSRV_INIT_PID);
	KUNIT_EXPECT_EQ(test, list_pids(test, PROCSRV_LIST_ALL, 0, pids[1],
					pids, 2), 1);
	KUNIT_EXPECT_EQ(test, pids[0], late);
}

static struct kunit_case listing_cases[] = {
	KUNIT_CASE(lone_init),
	KUNIT_CASE(pages_of_every_size),
	KUNIT_CASE(room_is_respected),
	KUNIT_CASE(cursor_need_not_exist),
	KUNIT_CASE(zombies_are_listed),
	KUNIT_CASE(scopes),
	KUNIT_CASE(scopes_in_pages),
	KUNIT_CASE(scopes_that_do_not_exist),
	KUNIT_CASE(senseless_arguments),
	KUNIT_CASE(infos_are_those_of_get_info),
	KUNIT_CASE(changes_between_pages),
	KUNIT_CASE(who_comes_meanwhile_is_listed_last),
	{}
};

static struct kunit_suite listing_suite = {
	.name = "procsrv-listing",
	.init = fixture_init,
	.exit = fixture_exit,
	.test_cases = listing_cases,
};

kunit_test_suite(listing_suite);
