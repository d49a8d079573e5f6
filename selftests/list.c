// SPDX-License-Identifier: GPL-2.0-only
/*
 * procsrv selftests - listings, page by page, idle and under load
 */
#include "fixture.h"

/* Lists a page of processes: returns their number, or a negative errno. */
static int list_infos(int fd, __u32 scope, __u32 id, __u64 *cursor,
		      void *infos, __u32 record_size, __u32 count)
{
	struct procsrv_list_args args = {
		.cursor = *cursor,
		.buf = to_u64(infos),
		.record_size = record_size,
		.count = count,
		.scope = scope,
		.id = id,
	};
	int ret = call(fd, PROCSRV_IOC_LIST, &args);

	*cursor = args.cursor;
	return ret ? ret : (int)args.count;
}

/* One pid in an element of @record_size bytes. */
static int list_pid_records(int fd, void *buf, __u32 record_size)
{
	struct procsrv_list_args args = {
		.buf = to_u64(buf),
		.record_size = record_size,
		.count = 1,
	};

	return call(fd, PROCSRV_IOC_LIST_PIDS, &args);
}

TEST_F(procsrv, pages_of_every_size)
{
	enum { NR = 150 };		/* more than two batches of the server */
	__u64 made[NR], pids[NR + 2], cursor;
	int i, n, got, page;

	for (i = 0; i < NR; i++)
		ASSERT_EQ(0, create(self->fd, self->root, &made[i]));
	for (page = 1; page <= NR + 1; page += 1 + page / 16) {
		cursor = self->root;
		got = 0;
		do {
			memset(pids + got, PATTERN, sizeof(*pids));
			n = list_pids(self->fd, PROCSRV_LIST_ALL, 0, &cursor,
				      pids + got, page);
			ASSERT_LE(0, n);
			ASSERT_GE(page, n);
			got += n;
			ASSERT_GE(NR, got);
			ASSERT_EQ(made[got - 1], cursor);
		} while (n == page);
		ASSERT_EQ(NR, got);
		ASSERT_EQ(0, memcmp(made, pids, sizeof(made)));
		/* A page that the last one fills exactly is followed by an
		 * empty one.
		 */
		ASSERT_EQ(NR % page, n);
	}
}

TEST_F(procsrv, from_the_beginning)
{
	__u64 pids[2], cursor = 0;

	ASSERT_EQ(1, list_pids(self->fd, PROCSRV_LIST_ALL, 0, &cursor, pids,
			       1));
	EXPECT_EQ(PROCSRV_INIT_PID, pids[0]);
	EXPECT_EQ(PROCSRV_INIT_PID, cursor);
	cursor = self->root - 1;
	memset(pids, PATTERN, sizeof(pids));
	ASSERT_EQ(1, list_pids(self->fd, PROCSRV_LIST_ALL, 0, &cursor, pids,
			       2));
	EXPECT_EQ(self->root, pids[0]);
	EXPECT_EQ(PATTERN64, pids[1]);
	EXPECT_EQ(self->root, cursor);
	/* Beyond the last. */
	EXPECT_EQ(0, list_pids(self->fd, PROCSRV_LIST_ALL, 0, &cursor, pids,
			       2));
	EXPECT_EQ(self->root, cursor);
	cursor = ~0ULL;
	EXPECT_EQ(0, list_pids(self->fd, PROCSRV_LIST_ALL, 0, &cursor, pids,
			       2));
	EXPECT_EQ(~0ULL, cursor);
}

/* A listing has the same information about a process as PROCSRV_IOC_INFO. */
TEST_F(procsrv, same_as_info)
{
	struct procsrv_info infos[9], info;
	__u64 pids[8], cursor = self->root;
	__u32 sid, pgid;
	int i;

	ASSERT_EQ(0, create_session(self->fd, self->root, &sid, &pgid));
	for (i = 0; i < 8; i++)
		ASSERT_EQ(0, create_as(self->fd, self->root, "abcdefgh" + i, i,
				       2 * i, &pids[i]));
	ASSERT_EQ(0, signal_pid(self->fd, pids[1], 19));
	ASSERT_EQ(0, signal_pid(self->fd, pids[2], 10));
	ASSERT_EQ(0, terminate(self->fd, pids[3], -3, 4));
	ASSERT_EQ(0, do_exec(self->fd, pids[4], "execed"));
	memset(infos, PATTERN, sizeof(infos));
	ASSERT_EQ(8, list_infos(self->fd, PROCSRV_LIST_ALL, 0, &cursor, infos,
				sizeof(*infos), 9));
	EXPECT_EQ(pids[7], cursor);
	for (i = 0; i < 8; i++) {
		ASSERT_EQ(0, get_info(self->fd, pids[i], &info));
		EXPECT_EQ(pids[i], infos[i].pid);
		EXPECT_EQ(0, memcmp(&info, &infos[i], sizeof(info)));
	}
	EXPECT_TRUE(untouched(&infos[8], sizeof(infos[8])));
}

TEST_F(procsrv, scopes)
{
	struct procsrv_info infos[8];
	__u64 pids[8], cursor, a, b, c;
	__u32 sid, pgid, other, far_sid, far;
	const int fd = self->fd;

	ASSERT_EQ(0, create_session(fd, self->root, &sid, &pgid));
	ASSERT_EQ(0, create(fd, self->root, &a));
	ASSERT_EQ(0, create(fd, self->root, &b));
	ASSERT_EQ(0, create(fd, self->root, &c));
	ASSERT_EQ(0, create_group(fd, 0, b, sid, &other));
	ASSERT_EQ(0, create_session(fd, c, &far_sid, &far));
	ASSERT_EQ(0, terminate(fd, a, 0, 0));

	cursor = 0;
	ASSERT_EQ(3, list_pids(fd, PROCSRV_LIST_SID, sid, &cursor, pids, 8));
	EXPECT_EQ(self->root, pids[0]);
	EXPECT_EQ(a, pids[1]);
	EXPECT_EQ(b, pids[2]);
	cursor = self->root;
	ASSERT_EQ(2, list_pids(fd, PROCSRV_LIST_SID, sid, &cursor, pids, 8));
	EXPECT_EQ(b, cursor);
	cursor = 0;
	ASSERT_EQ(2, list_pids(fd, PROCSRV_LIST_PGID, pgid, &cursor, pids, 8));
	EXPECT_EQ(self->root, pids[0]);
	EXPECT_EQ(a, pids[1]);
	cursor = 0;
	ASSERT_EQ(1, list_infos(fd, PROCSRV_LIST_PGID, other, &cursor, infos,
				sizeof(*infos), 8));
	EXPECT_EQ(b, infos[0].pid);
	cursor = 0;
	ASSERT_EQ(1, list_infos(fd, PROCSRV_LIST_SID, far_sid, &cursor, infos,
				sizeof(*infos), 8));
	EXPECT_EQ(c, infos[0].pid);
	/* Pages of a scope. Pids below the cursor are left out. */
	cursor = 0;
	ASSERT_EQ(1, list_pids(fd, PROCSRV_LIST_SID, sid, &cursor, pids, 1));
	ASSERT_EQ(2, list_pids(fd, PROCSRV_LIST_SID, sid, &cursor, pids, 2));
	EXPECT_EQ(b, pids[1]);
	ASSERT_EQ(0, list_pids(fd, PROCSRV_LIST_SID, sid, &cursor, pids, 2));
}

TEST_F(procsrv, errors)
{
	struct procsrv_info info;
	__u64 pid, cursor = 0;
	__u32 scope, size;
	const int fd = self->fd;

	EXPECT_EQ(-ESRCH, list_pids(fd, PROCSRV_LIST_SID, NO_ID, &cursor, &pid,
				    1));
	EXPECT_EQ(-ESRCH, list_pids(fd, PROCSRV_LIST_PGID, NO_ID, &cursor,
				    &pid, 1));
	EXPECT_EQ(-ESRCH, list_infos(fd, PROCSRV_LIST_SID, NO_ID, &cursor,
				     &info, sizeof(info), 1));
	EXPECT_EQ(-EINVAL, list_pids(fd, PROCSRV_LIST_ALL, 0, &cursor, &pid,
				     0));
	EXPECT_EQ(-EINVAL, list_pids(fd, PROCSRV_LIST_ALL, 1, &cursor, &pid,
				     1));
	EXPECT_EQ(-EINVAL, list_infos(fd, PROCSRV_LIST_ALL, 0, &cursor, &info,
				      sizeof(info), 0));
	for (scope = PROCSRV_LIST_PGID + 1; scope; scope <<= 1) {
		EXPECT_EQ(-EINVAL, list_pids(fd, scope, 0, &cursor, &pid, 1));
		EXPECT_EQ(-EINVAL, list_infos(fd, scope, 1, &cursor, &info,
					      sizeof(info), 1));
	}
	memset(&info, PATTERN, sizeof(info));
	for (size = 0; size < INFO_SIZE_VER0; size++)
		EXPECT_EQ(-EINVAL, list_infos(fd, PROCSRV_LIST_ALL, 0, &cursor,
					      &info, size, 1));
	for (size = 4097; size; size <<= 1) {
		EXPECT_EQ(-E2BIG, list_infos(fd, PROCSRV_LIST_ALL, 0, &cursor,
					     &info, size, 1));
		EXPECT_EQ(-E2BIG, list_pid_records(fd, &info, size));
	}
	EXPECT_TRUE(untouched(&info, sizeof(info)));
	EXPECT_EQ(0, cursor);
}

/* Elements of an old program, and larger ones, which have a zeroed tail. */
TEST_F(procsrv, elements_of_other_sizes)
{
	enum { NR = 3 };
	const __u32 sizes[] = { 384, 385, 392, 399, 400, 401, 1000, 4096 };
	struct procsrv_info info;
	__u64 pids[NR], cursor;
	__u32 size, known;
	char *room, *element;
	int i, j;

	for (i = 0; i < NR; i++)
		ASSERT_EQ(0, create(self->fd, self->root, &pids[i]));
	for (i = 0; i < ARRAY_SIZE(sizes); i++) {
		size = sizes[i];
		known = size < sizeof(info) ? size : sizeof(info);
		room = at_edge(NR * size);
		cursor = self->root;
		ASSERT_EQ(NR, list_infos(self->fd, PROCSRV_LIST_ALL, 0,
					 &cursor, room, size, NR));
		for (j = 0; j < NR; j++) {
			element = room + j * size;
			ASSERT_EQ(0, get_info(self->fd, pids[j], &info));
			EXPECT_EQ(0, memcmp(element, &info, known));
			EXPECT_TRUE(all_zero(element + known, size - known));
		}
	}
}

TEST_F(procsrv, pids_in_other_elements)
{
	const __u32 sizes[] = { 9, 12, 16, 100 };
	struct procsrv_list_args args;
	char *room;
	__u64 pid;
	int i;

	for (i = 0; i < 8 + ARRAY_SIZE(sizes); i++) {
		args = (struct procsrv_list_args) {
			.cursor = self->root - 1,
			.record_size = i < 8 ? i : sizes[i - 8],
			.count = 1,
		};
		room = at_edge(128);
		args.buf = to_u64(room);
		if (i < 8) {
			EXPECT_EQ(-EINVAL, call(self->fd, PROCSRV_IOC_LIST_PIDS,
						&args));
			EXPECT_TRUE(untouched(room, 128));
			continue;
		}
		ASSERT_EQ(0, call(self->fd, PROCSRV_IOC_LIST_PIDS, &args));
		memcpy(&pid, room, sizeof(pid));
		EXPECT_EQ(self->root, pid);
		EXPECT_TRUE(all_zero(room + 8, args.record_size - 8));
		EXPECT_TRUE(untouched(room + args.record_size,
				      128 - args.record_size));
		EXPECT_EQ(1, args.count);
	}
}

/* A buffer for very many elements is only accessed as far as needed. */
TEST_F(procsrv, room_for_very_many)
{
	__u64 *room = (__u64 *)at_edge(4 * 4096);
	__u64 cursor = self->root - 1, pid;

	ASSERT_EQ(0, create(self->fd, self->root, &pid));
	ASSERT_EQ(2, list_pids(self->fd, PROCSRV_LIST_ALL, 0, &cursor, room,
			       4 * 4096 / sizeof(*room)));
	EXPECT_EQ(pid, room[1]);
	EXPECT_TRUE(untouched(room + 2, 4 * 4096 - 2 * sizeof(*room)));
}

/* The arguments of a listing that fails keep their values. */
TEST_F(procsrv, failure_leaves_the_arguments)
{
	struct procsrv_list_args args = {
		.cursor = 12345,
		.buf = to_u64(page_with(PROT_NONE)),
		.record_size = sizeof(__u64),
		.count = 77,
		.scope = PROCSRV_LIST_SID,
		.id = NO_ID,
	};
	struct procsrv_list_args given = args;

	EXPECT_EQ(-ESRCH, call(self->fd, PROCSRV_IOC_LIST_PIDS, &args));
	EXPECT_EQ(0, memcmp(&args, &given, sizeof(args)));
	args.scope = PROCSRV_LIST_ALL;
	args.id = 0;
	args.cursor = 0;
	given = args;
	EXPECT_EQ(-EFAULT, call(self->fd, PROCSRV_IOC_LIST_PIDS, &args));
	EXPECT_EQ(0, memcmp(&args, &given, sizeof(args)));
}

/* Creates and ends processes all over the range until told to stop. */
struct churn {
	pthread_t thread;
	int fd;
	__u64 parent;
	bool stop;
	int err;
	unsigned long rounds;
};

static void *churn_run(void *data)
{
	struct churn *c = data;
	__u64 pids[16];
	int i;

	while (!c->err && !__atomic_load_n(&c->stop, __ATOMIC_SEQ_CST)) {
		for (i = 0; i < 16; i++)
			c->err |= create(c->fd, c->parent, &pids[i]);
		for (i = 15; i >= 0; i--)
			c->err |= terminate(c->fd, pids[i], 0, 0);
		for (i = 0; i < 16; i++)
			c->err |= reap(c->fd, c->parent, pids[i]);
		c->rounds++;
	}
	return NULL;
}

/*
 * Fifty processes live from the first page to the last, among short-lived
 * ones that come and go between all of them: each is listed exactly once.
 */
TEST_F(procsrv, listed_exactly_once)
{
	enum { NR = 50, LISTINGS = 200 };
	struct churn churns[2] = {};
	__u64 lasting[NR], pids[7], cursor, last, other;
	int i, n, next, listing;
	bool all = false;

	for (i = 0; i < NR; i++) {
		ASSERT_EQ(0, create(self->fd, self->root, &lasting[i]));
		ASSERT_EQ(0, create(self->fd, self->root, &other));
		ASSERT_EQ(0, terminate(self->fd, other, 0, 0));
	}
	for (i = 0; i < 2; i++) {
		churns[i].fd = self->fd;
		churns[i].parent = lasting[i];
		ASSERT_EQ(0, pthread_create(&churns[i].thread, NULL, churn_run,
					    &churns[i]));
	}
	for (listing = 0; listing < LISTINGS || !churns[0].rounds; listing++) {
		cursor = self->root;
		last = cursor;
		next = 0;
		do {
			n = list_pids(self->fd, PROCSRV_LIST_ALL, 0, &cursor,
				      pids, ARRAY_SIZE(pids));
			for (i = 0; i < n; i++) {
				if (next < NR && pids[i] == lasting[next])
					next++;
				if (pids[i] <= last)
					next = -NR;
				last = pids[i];
			}
		} while (n == ARRAY_SIZE(pids));
		all = n >= 0 && next == NR;
		if (!all)
			break;
	}
	for (i = 0; i < 2; i++) {
		__atomic_store_n(&churns[i].stop, true, __ATOMIC_SEQ_CST);
		pthread_join(churns[i].thread, NULL);
		EXPECT_EQ(0, churns[i].err);
	}
	EXPECT_TRUE(all) TH_LOG("listing %d, %d seen", listing, next);
	EXPECT_LT(0, churns[0].rounds);
}

TEST_HARNESS_MAIN
