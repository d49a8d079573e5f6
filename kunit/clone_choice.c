// SPDX-License-Identifier: GPL-2.0-only
/*
 * Which child a wait returns if there are children of both kinds: the server is
 * compared with an array, as in wait_choice.c, but with many children
 */
#include <linux/ktime.h>

#include "shadow.h"

enum {
	NR_CHILDREN = 1000,
	NR_GROUPS = 5,		/* the first is 0, for none */
	NR_STEPS = 6000,
	ALL_REASONS = PROCSRV_WAIT_EXITED | PROCSRV_WAIT_STOPPED |
		      PROCSRV_WAIT_CONTINUED,
	ALL_KINDS = PROCSRV_WAIT_WCLONE | PROCSRV_WAIT_WALL,
};

/**
 * struct shadow - a family, as the test expects it
 * @parent: pid on whose behalf it waits
 * @seed: the seed of the random numbers
 * @pgids: the groups; the first is 0, for none
 * @children: the children of @parent
 */
struct shadow {
	u64 parent;
	u64 seed;
	u32 pgids[NR_GROUPS];
	struct shadow_child children[NR_CHILDREN];
};

/* A random wait, for @c if it is for one child. */
static void ask(struct kunit *test, struct shadow *s, struct shadow_child *c,
		u32 flags)
{
	struct procsrv_wait w = {
		.parent = s->parent,
		.which = test_random(&s->seed, 3),
		.what = 1 + test_random(&s->seed, ALL_REASONS),
		.flags = flags,
	};

	if (test_random(&s->seed, 2))
		w.flags |= PROCSRV_WAIT_WCLONE;
	if (test_random(&s->seed, 3) == 0)
		w.flags |= PROCSRV_WAIT_WALL;
	if (w.which == PROCSRV_WAIT_PID)
		w.id = c->pid ?: TEST_NO_PID;
	else if (w.which == PROCSRV_WAIT_PGID)
		w.id = s->pgids[1 + test_random(&s->seed, NR_GROUPS - 1)];
	shadow_compare(test, s->children, ARRAY_SIZE(s->children), &w);
}

static void step_create(struct kunit *test, struct shadow *s,
			struct shadow_child *c)
{
	static const int signals[] = { 0, PROCSRV_SIGCHLD, 64, PROCSRV_SIGCHLD };
	int signo = signals[test_random(&s->seed, ARRAY_SIZE(signals))];

	*c = (struct shadow_child) {
		.pid = make_with_exit_signal(test, s->parent, signo),
		.pgid = s->pgids[test_random(&s->seed, NR_GROUPS)],
		.clone = signo != PROCSRV_SIGCHLD,
	};
	if (c->pgid)
		join_group(test, c->pid, c->pgid);
}

static void step_exec(struct kunit *test, struct shadow_child *c)
{
	KUNIT_ASSERT_EQ(test, exec_as(test, c->pid, "other"),
			c->zombie ? -ESRCH : 0);
	if (!c->zombie)
		c->clone = false;
}

static void step(struct kunit *test, struct shadow *s)
{
	struct shadow_child *c;

	c = &s->children[test_random(&s->seed, NR_CHILDREN)];
	if (!c->pid) {
		step_create(test, s, c);
		return;
	}
	switch (test_random(&s->seed, 12)) {
	case 0:
	case 1:
	case 2:
		shadow_signal(test, c, PROCSRV_SIGSTOP);
		break;
	case 3:
	case 4:
		shadow_signal(test, c, PROCSRV_SIGCONT);
		break;
	case 5:
		shadow_signal(test, c, PROCSRV_SIGKILL);
		break;
	case 6:
		c->pgid = s->pgids[1 + test_random(&s->seed, NR_GROUPS - 1)];
		join_group(test, c->pid, c->pgid);
		break;
	case 7:
		step_exec(test, c);
		break;
	default:
		ask(test, s, c, 0);
	}
}

static struct shadow *new_shadow(struct kunit *test, u64 grandparent)
{
	struct shadow *s = kunit_kzalloc(test, sizeof(*s), GFP_KERNEL);
	u64 keeper = make_process(test, PROCSRV_INIT_PID);
	u32 i;

	KUNIT_ASSERT_NOT_NULL(test, s);
	s->seed = ktime_get_ns();
	kunit_info(test, "seed %llu\n", s->seed);
	s->parent = make_process(test, grandparent);
	for (i = 1; i < NR_GROUPS; i++)
		s->pgids[i] = make_group(test, make_process(test, keeper));
	for (i = 0; i < NR_CHILDREN; i++)
		step_create(test, s, &s->children[i]);
	return s;
}

static void run(struct kunit *test, struct shadow *s)
{
	u32 i, k;

	for (i = 0; i < NR_STEPS; i++) {
		step(test, s);
		for (k = 0; k < 3; k++)
			ask(test, s, &s->children[test_random(&s->seed,
							      NR_CHILDREN)],
			    PROCSRV_WAIT_NOWAIT);
		if (i % 500 == 0)
			check_server(test);
	}
}

static void random_family(struct kunit *test)
{
	run(test, new_shadow(test, PROCSRV_INIT_PID));
}

/* The same with reparented children: none of them is a clone child. */
static void random_adopted_family(struct kunit *test)
{
	struct shadow *s = new_shadow(test, make_process(test,
							       PROCSRV_INIT_PID));
	u64 reaper = ppid_of(test, s->parent);
	u32 i;

	for (i = 0; i < 1000; i++)
		step(test, s);
	set_reaper(test, reaper, true);
	end_process(test, s->parent);
	reap_child(test, reaper, s->parent);
	s->parent = reaper;
	for (i = 0; i < NR_CHILDREN; i++)
		s->children[i].clone = false;
	run(test, s);
}

/* Each child is reaped once, by a wait for its kind, in the order of pids. */
static void all_are_found(struct kunit *test)
{
	struct shadow *s = new_shadow(test, PROCSRV_INIT_PID);
	u64 pid, last[2] = { 0, 0 };
	u32 i, nr = 0;

	for (i = 0; i < NR_CHILDREN; i++)
		kill_process(test, s->children[i].pid);
	for (i = 0; i < 2; i++) {
		while (!wait_any(test, s->parent, PROCSRV_WAIT_EXITED,
				 i ? PROCSRV_WAIT_WCLONE : 0, &pid)) {
			KUNIT_ASSERT_GT(test, pid, last[i]);
			last[i] = pid;
			nr++;
		}
	}
	KUNIT_EXPECT_EQ(test, nr, NR_CHILDREN);
	KUNIT_EXPECT_EQ(test, wait_any(test, s->parent, PROCSRV_WAIT_EXITED,
				       ALL_KINDS, &pid), -ECHILD);
}

static struct kunit_case clone_choice_cases[] = {
	KUNIT_CASE(random_family),
	KUNIT_CASE(random_adopted_family),
	KUNIT_CASE(all_are_found),
	{}
};

static struct kunit_suite clone_choice_suite = {
	.name = "procsrv-clone-choice",
	.init = fixture_init,
	.exit = fixture_exit,
	.test_cases = clone_choice_cases,
};

kunit_test_suite(clone_choice_suite);
