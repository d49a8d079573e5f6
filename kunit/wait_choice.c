// SPDX-License-Identifier: GPL-2.0-only
/*
 * Which child a wait returns: the trees of the server are compared with an
 * array
 *
 * A parent has children in some groups. They are created, ended, stopped,
 * continued, moved and waited for at random. After each step, the results of
 * waits of all kinds are compared with a scan of an array of the children.
 */
#include "shadow.h"

enum {
	NR_CHILDREN = 40,
	NR_GROUPS = 4,		/* the first is 0, for none */
	NR_STEPS = 1500,
	ALL_REASONS = PROCSRV_WAIT_EXITED | PROCSRV_WAIT_STOPPED |
		      PROCSRV_WAIT_CONTINUED,
};

/**
 * struct shadow - a family, as the test expects it
 * @parent: pid on whose behalf it waits
 * @keeper: a child of init that has a child in each group, so that no group
 *	vanishes
 * @seed: the seed of the random numbers
 * @pgids: the groups; the first is 0, for none
 * @children: the children of @parent; two more slots than are ever chosen
 */
struct shadow {
	u64 parent;
	u64 keeper;
	u64 seed;
	u32 pgids[NR_GROUPS];
	struct shadow_child children[NR_CHILDREN + 2];
};

static void compare_all(struct kunit *test, struct shadow *s)
{
	struct procsrv_wait w = {
		.parent = s->parent,
		.flags = PROCSRV_WAIT_NOWAIT,
	};
	u32 i;

	for (w.what = 1; w.what <= ALL_REASONS; w.what++) {
		w.which = PROCSRV_WAIT_ANY;
		w.id = 0;
		shadow_compare(test, s->children, ARRAY_SIZE(s->children), &w);
		w.which = PROCSRV_WAIT_PGID;
		for (i = 1; i < NR_GROUPS; i++) {
			w.id = s->pgids[i];
			shadow_compare(test, s->children,
				       ARRAY_SIZE(s->children), &w);
		}
		i = test_random(&s->seed, NR_CHILDREN);
		w.which = PROCSRV_WAIT_PID;
		w.id = s->children[i].pid ?: TEST_NO_PID;
		shadow_compare(test, s->children, ARRAY_SIZE(s->children), &w);
	}
}

static void step_create(struct kunit *test, struct shadow *s,
			struct shadow_child *c)
{
	memset(c, 0, sizeof(*c));
	c->pid = make_process(test, s->parent);
	c->pgid = s->pgids[test_random(&s->seed, NR_GROUPS)];
	if (c->pgid)
		join_group(test, c->pid, c->pgid);
}

static void step_move(struct kunit *test, struct shadow *s,
		      struct shadow_child *c)
{
	c->pgid = s->pgids[1 + test_random(&s->seed, NR_GROUPS - 1)];
	join_group(test, c->pid, c->pgid);
}

static void step_wait(struct kunit *test, struct shadow *s,
		      struct shadow_child *c)
{
	struct procsrv_wait w = {
		.parent = s->parent,
		.what = 1 + test_random(&s->seed, ALL_REASONS),
	};

	switch (test_random(&s->seed, 3)) {
	case 0:
		w.which = PROCSRV_WAIT_PID;
		w.id = c->pid;
		break;
	case 1:
		w.which = c->pgid ? PROCSRV_WAIT_PGID : PROCSRV_WAIT_ANY;
		w.id = c->pgid;
	}
	shadow_compare(test, s->children, ARRAY_SIZE(s->children), &w);
}

static void step(struct kunit *test, struct shadow *s)
{
	struct shadow_child *c;

	c = &s->children[test_random(&s->seed, NR_CHILDREN)];
	if (!c->pid) {
		step_create(test, s, c);
		return;
	}
	switch (test_random(&s->seed, 8)) {
	case 0:
	case 1:
		shadow_signal(test, c, PROCSRV_SIGSTOP);
		break;
	case 2:
	case 3:
		shadow_signal(test, c, PROCSRV_SIGCONT);
		break;
	case 4:
		shadow_signal(test, c, PROCSRV_SIGKILL);
		break;
	case 5:
		step_move(test, s, c);
		break;
	default:
		step_wait(test, s, c);
	}
}

static struct shadow *new_shadow(struct kunit *test, u64 seed)
{
	struct shadow *s = kunit_kzalloc(test, sizeof(*s), GFP_KERNEL);
	u64 keeper = make_process(test, PROCSRV_INIT_PID);
	u32 i;

	KUNIT_ASSERT_NOT_NULL(test, s);
	s->seed = seed;
	s->keeper = keeper;
	s->parent = make_process(test, PROCSRV_INIT_PID);
	for (i = 1; i < NR_GROUPS; i++)
		s->pgids[i] = make_group(test, make_process(test, keeper));
	return s;
}

static void run(struct kunit *test, struct shadow *s)
{
	u32 i;

	for (i = 0; i < NR_STEPS; i++) {
		step(test, s);
		compare_all(test, s);
		if (i % 100 == 0)
			check_server(test);
	}
}

static void random_family(struct kunit *test)
{
	run(test, new_shadow(test, 1));
}

/* The same with reparented children: their parent has exited. */
static void random_adopted_family(struct kunit *test)
{
	struct shadow *s = new_shadow(test, 2);
	u32 i;

	for (i = 0; i < 300; i++)
		step(test, s);
	end_process(test, s->parent);
	s->children[NR_CHILDREN].pid = s->parent;
	s->children[NR_CHILDREN].zombie = true;
	s->children[NR_CHILDREN + 1].pid = s->keeper;
	s->parent = PROCSRV_INIT_PID;
	run(test, s);
}

static struct kunit_case wait_choice_cases[] = {
	KUNIT_CASE(random_family),
	KUNIT_CASE(random_adopted_family),
	{}
};

static struct kunit_suite wait_choice_suite = {
	.name = "procsrv-wait-choice",
	.init = fixture_init,
	.exit = fixture_exit,
	.test_cases = wait_choice_cases,
};

kunit_test_suite(wait_choice_suite);
