// SPDX-License-Identifier: GPL-2.0-only
/*
 * procsrv selftests - ioctl numbers, and structure sizes of other versions
 */
#include "calls.h"

enum { NR_CALLS = ARRAY_SIZE(calls) };

/* Check the table: each call succeeds, and changes something if it should. */
static void check_valid(struct __test_metadata *_metadata,
			const struct world *w, const struct call *c)
{
	struct snapshot before;
	union procsrv_args args;

	c->prepare(w, &args);
	snapshot_take(_metadata, &w->scene, &before);
	EXPECT_EQ(0, call(w->scene.fd, c->cmd, &args));
	EXPECT_EQ(c->changes, !snapshot_same(_metadata, &w->scene, &before));
}

TEST_F(calls, valid)
{
	check_all_calls(_metadata, &self->world, check_valid);
}

/* The structure ends where memory ends. Nothing behind it is accessed. */
static void check_at_the_edge(struct __test_metadata *_metadata,
			      const struct world *w, const struct call *c)
{
	size_t size = _IOC_SIZE(c->cmd);
	char *edge = at_edge(size);
	union procsrv_args args;

	c->prepare(w, &args);
	memcpy(edge, &args, size);
	EXPECT_EQ(0, call(w->scene.fd, c->cmd, edge));
	EXPECT_TRUE(untouched(edge - 8, 8));
}

TEST_F(calls, at_the_edge)
{
	check_all_calls(_metadata, &self->world, check_at_the_edge);
}

/* No version was ever shorter than the first. */
static void check_shorter(struct __test_metadata *_metadata,
			  const struct world *w, const struct call *c)
{
	unsigned int size;
	union procsrv_args args;

	c->prepare(w, &args);
	for (size = 0; size < first_size(c); size++)
		expect_refused(_metadata, w, resized(c->cmd, size), &args,
			       -EINVAL);
}

TEST_F(calls, shorter)
{
	check_all_calls(_metadata, &self->world, check_shorter);
}

/*
 * The structure of an older program: the call works as before, and stores
 * nothing behind it.
 */
static void check_older(struct __test_metadata *_metadata,
			const struct world *w, const struct call *c)
{
	unsigned int size;
	union procsrv_args args;
	char *edge;

	for (size = first_size(c); size < _IOC_SIZE(c->cmd); size++) {
		/* Send the signal again, which the call may consume. */
		ASSERT_EQ(0, signal_pid(w->scene.fd, w->live, PENDING));
		edge = at_edge(size);
		memset(&args, 0, sizeof(args));
		c->prepare(w, &args);
		memcpy(edge, &args, size);
		EXPECT_EQ(0, call(w->scene.fd, resized(c->cmd, size), edge));
		EXPECT_NE(0, memcmp(edge, &args, size));
		EXPECT_TRUE(untouched(edge - 8, 8));
		/* The same with more memory behind the structure. */
		ASSERT_EQ(0, signal_pid(w->scene.fd, w->live, PENDING));
		edge = at_edge(ROOM);
		memcpy(edge, &args, size);
		EXPECT_EQ(0, call(w->scene.fd, resized(c->cmd, size), edge));
		EXPECT_TRUE(untouched(edge + size, ROOM - size));
	}
}

TEST_F(calls, older)
{
	check_all_calls(_metadata, &self->world, check_older);
}

/* A newer program that uses no new field: the tail is zero, and stays zero. */
static void check_longer(struct __test_metadata *_metadata,
			 const struct world *w, const struct call *c,
			 size_t size)
{
	size_t known = _IOC_SIZE(c->cmd);
	char *longer = at_edge(size);
	struct snapshot before;
	union procsrv_args args;

	memset(longer, 0, size);
	c->prepare(w, &args);
	memcpy(longer, &args, known);
	snapshot_take(_metadata, &w->scene, &before);
	EXPECT_EQ(0, call(w->scene.fd, resized(c->cmd, size), longer));
	EXPECT_TRUE(all_zero(longer + known, size - known));
	EXPECT_EQ(c->changes, !snapshot_same(_metadata, &w->scene, &before));
	if (gives_output(c))
		EXPECT_NE(0, memcmp(longer, &args, known));
}

static void check_longer_by_1(struct __test_metadata *_metadata,
			      const struct world *w, const struct call *c)
{
	check_longer(_metadata, w, c, _IOC_SIZE(c->cmd) + 1);
}

static void check_longer_by_8(struct __test_metadata *_metadata,
			      const struct world *w, const struct call *c)
{
	check_longer(_metadata, w, c, _IOC_SIZE(c->cmd) + 8);
}

static void check_longest(struct __test_metadata *_metadata,
			  const struct world *w, const struct call *c)
{
	check_longer(_metadata, w, c, LARGEST);
}

TEST_F(calls, longer_by_one_byte)
{
	check_all_calls(_metadata, &self->world, check_longer_by_1);
}

TEST_F(calls, longer_by_eight_bytes)
{
	check_all_calls(_metadata, &self->world, check_longer_by_8);
}

TEST_F(calls, longest)
{
	check_all_calls(_metadata, &self->world, check_longest);
}

/* A newer program that uses a new field gets E2BIG. */
static void check_unknown_tail(struct __test_metadata *_metadata,
			       const struct world *w, const struct call *c)
{
	size_t known = _IOC_SIZE(c->cmd), size, i;
	char *longer = at_edge(LARGEST), *given = at_edge(LARGEST);
	struct snapshot before;
	union procsrv_args args;

	if (!takes_input(c))
		return;
	memset(longer, 0, LARGEST);
	c->prepare(w, &args);
	memcpy(longer, &args, known);
	snapshot_take(_metadata, &w->scene, &before);
	for (size = known + 1; size <= LARGEST; size = size * 2 - known) {
		for (i = known; i < size; i += 1 + i / 8) {
			longer[i] = 1 << i % 8;
			memcpy(given, longer, LARGEST);
			EXPECT_EQ(-E2BIG, call(w->scene.fd,
					       resized(c->cmd, size), longer));
			EXPECT_EQ(0, memcmp(given, longer, LARGEST));
			longer[i] = 0;
		}
		/* Its very last byte. */
		longer[size - 1] = 1;
		EXPECT_EQ(-E2BIG, call(w->scene.fd, resized(c->cmd, size),
				       longer));
		longer[size - 1] = 0;
	}
	EXPECT_TRUE(snapshot_same(_metadata, &w->scene, &before));
}

TEST_F(calls, longer_with_something_unknown)
{
	check_all_calls(_metadata, &self->world, check_unknown_tail);
}

/* In a longer structure for output only, the tail is zeroed. */
TEST_F(calls, longer_output)
{
	const struct call *c = find_call(PROCSRV_IOC_STATS);
	size_t known = sizeof(struct procsrv_stats);
	struct procsrv_stats stats;
	char *longer = at_edge(4096);

	ASSERT_EQ(0, get_stats(self->world.scene.fd, &stats));
	EXPECT_EQ(0, call(self->world.scene.fd, resized(c->cmd, 4000),
			  longer));
	EXPECT_EQ(0, memcmp(&stats, longer, known));
	EXPECT_TRUE(all_zero(longer + known, 4000 - known));
	EXPECT_TRUE(untouched(longer + 4000, 96));
}

/* A tail that cannot be read, or cannot be written if the call has output. */
static void check_tail_out_of_reach(struct __test_metadata *_metadata,
				    const struct world *w,
				    const struct call *c)
{
	size_t known = _IOC_SIZE(c->cmd);
	char *edge = at_edge(known + 8);
	struct snapshot before;
	union procsrv_args args;
	char *page;

	c->prepare(w, &args);
	memset(edge, 0, known + 8);
	memcpy(edge, &args, known);
	snapshot_take(_metadata, &w->scene, &before);
	EXPECT_EQ(-EFAULT, call(w->scene.fd, resized(c->cmd, known + 9), edge));
	EXPECT_EQ(-EFAULT, call(w->scene.fd, resized(c->cmd, LARGEST), edge));
	EXPECT_EQ(0, memcmp(edge, &args, takes_input(c) ? known : 0));
	EXPECT_TRUE(snapshot_same(_metadata, &w->scene, &before));
	if (!gives_output(c))
		return;
	/* The known part ends with a page, and the next page is read-only. */
	page = mmap(NULL, 2 * 4096, PROT_READ | PROT_WRITE,
		    MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	ASSERT_NE(MAP_FAILED, page);
	ASSERT_EQ(0, mprotect(page + 4096, 4096, PROT_READ));
	memcpy(page + 4096 - known, &args, known);
	EXPECT_EQ(-EFAULT, call(w->scene.fd, resized(c->cmd, known + 8),
				page + 4096 - known));
	EXPECT_TRUE(snapshot_same(_metadata, &w->scene, &before));
}

TEST_F(calls, tail_out_of_reach)
{
	check_all_calls(_metadata, &self->world, check_tail_out_of_reach);
}

/* The direction is part of the ioctl number. */
static void check_directions(struct __test_metadata *_metadata,
			     const struct world *w, const struct call *c)
{
	union procsrv_args args;
	unsigned int dir;

	c->prepare(w, &args);
	for (dir = 0; dir < 1 << _IOC_DIRBITS; dir++) {
		if (dir == _IOC_DIR(c->cmd))
			continue;
		expect_refused(_metadata, w,
			       _IOC(dir, PROCSRV_IOC_MAGIC, _IOC_NR(c->cmd),
				    _IOC_SIZE(c->cmd)), &args, -ENOTTY);
	}
}

TEST_F(calls, wrong_direction)
{
	check_all_calls(_metadata, &self->world, check_directions);
}

static void check_magics(struct __test_metadata *_metadata,
			 const struct world *w, const struct call *c)
{
	struct snapshot before;
	union procsrv_args args, given;
	unsigned int magic;

	c->prepare(w, &args);
	given = args;
	snapshot_take(_metadata, &w->scene, &before);
	for (magic = 0; magic < 256; magic++) {
		if (magic == PROCSRV_IOC_MAGIC)
			continue;
		EXPECT_EQ(-ENOTTY,
			  call(w->scene.fd,
			       _IOC(_IOC_DIR(c->cmd), magic, _IOC_NR(c->cmd),
				    _IOC_SIZE(c->cmd)), &args));
	}
	EXPECT_EQ(0, memcmp(&args, &given, sizeof(args)));
	EXPECT_TRUE(snapshot_same(_metadata, &w->scene, &before));
}

TEST_F(calls, wrong_magic)
{
	check_all_calls(_metadata, &self->world, check_magics);
}

/* Numbers that no call has, with every direction and some sizes. */
TEST_F(calls, unknown_number)
{
	const unsigned int sizes[] = { 0, 1, 8, 16, 40, 80, 384, LARGEST };
	char *room = at_edge(LARGEST);
	struct snapshot before;
	unsigned int nr, dir;
	int i;

	ASSERT_EQ(NR_CALLS, _IOC_NR(PROCSRV_IOC_SET_FOREGROUND) + 1);
	snapshot_take(_metadata, &self->world.scene, &before);
	for (nr = NR_CALLS; nr < 256; nr++) {
		for (dir = 0; dir < 1 << _IOC_DIRBITS; dir++) {
			for (i = 0; i < ARRAY_SIZE(sizes); i++)
				EXPECT_EQ(-ENOTTY,
					  call(self->world.scene.fd,
					       _IOC(dir, PROCSRV_IOC_MAGIC,
						    nr, sizes[i]), room));
		}
	}
	EXPECT_TRUE(untouched(room, LARGEST));
	EXPECT_TRUE(snapshot_same(_metadata, &self->world.scene, &before));
}

TEST_HARNESS_MAIN
