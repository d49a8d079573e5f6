/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * procsrv selftests - a call that is made to fail, and its effects
 */
#ifndef SELFTESTS_FAULTS_ATTEMPT_H
#define SELFTESTS_FAULTS_ATTEMPT_H

#include "nth.h"
#include "rows.h"
#include "../cgroup.h"
#include "../handles.h"

/* One attempt, in a server of its own with the same contents each time. */
struct attempt {
	struct world world;
	union procsrv_args args;
	union procsrv_args given;
	struct snapshot before;
	struct snapshot after;
	int ret;
	bool failed;		/* a fault was injected */
};

static struct attempt attempt;

/* Number of faults in a test. */
static unsigned int nr_faults;

/* A snapshot without times, which differ between servers. */
static void take_snapshot(struct __test_metadata *_metadata,
			  const struct scene *scene, struct snapshot *snapshot)
{
	int i;

	snapshot_take(_metadata, scene, snapshot);
	for (i = 0; i < SNAPSHOT_MAX; i++) {
		snapshot->processes[i].info.start_time = 0;
		snapshot->processes[i].info.start_cycles = 0;
	}
}

static void begin(struct __test_metadata *_metadata, struct attempt *a,
		  int device, const struct row *row)
{
	struct scene *scene = &a->world.scene;

	memset(a, 0, sizeof(*a));
	scene->fd = new_server_as(device, row->posix ?
				  PROCSRV_SERVER_POSIX_IDS : 0);
	ASSERT_LE(0, scene->fd);
	ASSERT_EQ(0, create(scene->fd, PROCSRV_INIT_PID, &scene->root));
	world_fill(_metadata, &a->world);
	if (row->set_up)
		row->set_up(_metadata, &a->world);
	row->prepare(&a->world, &a->args);
	a->given = a->args;
	take_snapshot(_metadata, scene, &a->before);
}

static void finish(struct attempt *a)
{
	world_release(&a->world);
	close(a->world.scene.fd);
}

static bool is_same(const struct snapshot *a, const struct snapshot *b)
{
	return !memcmp(a, b, sizeof(*a));
}

/*
 * kmemleak allocates memory of its own now and then, so the number of places
 * varies between attempts. A place may be skipped, or fail twice.
 */
static bool is_watched(void)
{
	return !access("/sys/kernel/debug/kmemleak", F_OK);
}

/* With kmemleak, a row that found too few places is repeated a few times. */
static bool may_find_more(const struct row *row, unsigned int memory, int round)
{
	enum { ROUNDS = 5 };

	return is_watched() && memory < row->memory && round < ROUNDS;
}

/* With kmemleak, a few of the many places of some rows are always skipped. */
static unsigned int least_memory(const struct row *row)
{
	return is_watched() ? (row->memory + 1) / 2 : row->memory;
}

FIXTURE(faults)
{
	int device;
	int nth;
	int mark;
	struct cgroup cg;
	struct procsrv_stats before;
};

/* In a control group, so that charging memory can fail as well. */
FIXTURE_SETUP(faults)
{
	ASSERT_EQ(0, cgroup_mount());
	ASSERT_EQ(0, cgroup_new(&self->cg, "faults"));
	ASSERT_EQ(0, cgroup_enter(&self->cg));
	self->device = open(DEVICE, O_RDWR | O_CLOEXEC | O_NONBLOCK);
	ASSERT_LE(0, self->device);
	self->nth = nth_open();
	ASSERT_LE(0, self->nth);
	self->mark = shortage_open();
	ASSERT_LE(0, self->mark);
	ASSERT_EQ(0, get_stats(self->device, &self->before));
	nr_faults = 0;
}

FIXTURE_TEARDOWN(faults)
{
	struct procsrv_stats after;

	EXPECT_EQ(0, get_stats(self->device, &after));
	EXPECT_EQ(0, memcmp(&self->before, &after, sizeof(after)));
	close(self->mark);
	close(self->nth);
	close(self->device);
	EXPECT_EQ(0, cgroup_leave());
	EXPECT_EQ(0, cgroup_remove(&self->cg));
	EXPECT_LT(0, nr_faults);
	TH_LOG("%u faults in all", nr_faults);
}

#endif /* SELFTESTS_FAULTS_ATTEMPT_H */
