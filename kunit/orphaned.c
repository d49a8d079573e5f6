// SPDX-License-Identifier: GPL-2.0-only
/*
 * Orphaned process groups: a group is orphaned when no living member has a
 * parent in another group of the same session. If a group becomes orphaned and
 * has a stopped member, its members get SIGHUP and SIGCONT.
 */
#include "common.h"

enum {
	NR_GROUPS = 5,
	NR_MEMBERS = 7,
};

/**
 * struct job - a session with a job in it, as a shell creates it
 * @sid: the session
 * @shell: its leader
 * @runs: a member of the job that runs
 * @stopped: a member that is stopped; both are children of the shell
 * @pgid: the group of the job
 */
struct job {
	u32 sid;
	u64 shell;
	u64 runs;
	u64 stopped;
	u32 pgid;
};

static void start_job(struct kunit *test, u64 parent, struct job *job)
{
	job->shell = make_process(test, parent);
	job->sid = make_session(test, job->shell);
	job->runs = make_process(test, job->shell);
	job->stopped = make_process(test, job->shell);
	job->pgid = make_group(test, job->runs);
	join_group(test, job->stopped, job->pgid);
	stop_process(test, job->stopped);
}

/* The process has been hung up @times times. */
static void expect_hung_up(struct kunit *test, u64 pid, u32 times)
{
	struct procsrv_take take;

	KUNIT_EXPECT_EQ(test, state_of(test, pid), PROCSRV_RUNNING);
	KUNIT_EXPECT_EQ(test, pending_of(test, pid), sigbit(1));
	KUNIT_ASSERT_EQ(test, take_now(test, pid, sigbit(1), &take), 0);
	KUNIT_EXPECT_EQ(test, take.count, times);
	KUNIT_EXPECT_EQ(test, take.sender, 0);
}

static void expect_left_alone(struct kunit *test, u64 pid,
			      enum procsrv_state state)
{
	KUNIT_EXPECT_EQ(test, state_of(test, pid), state);
	KUNIT_EXPECT_EQ(test, pending_of(test, pid), 0);
}

static void exit_of_the_shell(struct kunit *test)
{
	struct job job;

	start_job(test, PROCSRV_INIT_PID, &job);
	/* The report of the stop is replaced by one that it continued. */
	end_process(test, job.shell);
	KUNIT_EXPECT_EQ(test, wait_pid(test, PROCSRV_INIT_PID, job.stopped,
				       PROCSRV_WAIT_STOPPED, 0), -EAGAIN);
	KUNIT_EXPECT_EQ(test, wait_pid(test, PROCSRV_INIT_PID, job.stopped,
				       PROCSRV_WAIT_CONTINUED, 0), 0);
	KUNIT_EXPECT_EQ(test, wait_pid(test, PROCSRV_INIT_PID, job.runs,
				       PROCSRV_WAIT_CONTINUED, 0), -EAGAIN);
	expect_hung_up(test, job.stopped, 1);
	expect_hung_up(test, job.runs, 1);
}

/* The same if a signal ends the shell. */
static void kill_of_the_shell(struct kunit *test)
{
	struct job job;

	start_job(test, PROCSRV_INIT_PID, &job);
	KUNIT_EXPECT_EQ(test, signal_pid(test, job.shell, PROCSRV_SIGTERM), 0);
	expect_hung_up(test, job.stopped, 1);
	start_job(test, PROCSRV_INIT_PID, &job);
	kill_process(test, job.shell);
	expect_hung_up(test, job.stopped, 1);
}

/* SIGHUP comes first, then SIGCONT, then the change of state. */
static void order_of_the_signals(struct kunit *test)
{
	struct procsrv_reader *r;
	struct job job;

	start_job(test, PROCSRV_INIT_PID, &job);
	r = watch(test, &(struct procsrv_filter) {
		.pid = job.stopped,
		.kinds = PROCSRV_EVENTS_ALL,
	}, 16);
	end_process(test, job.shell);
	expect_event(test, r, PROCSRV_EVENT_PARENT, job.stopped);
	KUNIT_EXPECT_EQ(test, next_event(test, r).signo, PROCSRV_SIGHUP);
	KUNIT_EXPECT_EQ(test, next_event(test, r).signo, PROCSRV_SIGCONT);
	expect_event(test, r, PROCSRV_EVENT_STATE, job.stopped);
	expect_no_event(test, r);
}

static void nobody_stopped_nothing_sent(struct kunit *test)
{
	struct job job;

	start_job(test, PROCSRV_INIT_PID, &job);
	continue_process(test, job.stopped);
	end_process(test, job.shell);
	expect_left_alone(test, job.runs, PROCSRV_RUNNING);
	expect_left_alone(test, job.stopped, PROCSRV_RUNNING);
}

/* A stopped member that has become a zombie does not count as stopped. */
static void stopped_one_has_exited(struct kunit *test)
{
	struct job job;

	start_job(test, PROCSRV_INIT_PID, &job);
	kill_process(test, job.stopped);
	end_process(test, job.shell);
	expect_left_alone(test, job.runs, PROCSRV_RUNNING);
	expect_left_alone(test, job.stopped, PROCSRV_ZOMBIE);
}

/* A second parent in the session links the group as well as the first. */
static void another_link_is_left(struct kunit *test)
{
	u64 helper, third;
	struct job job;

	start_job(test, PROCSRV_INIT_PID, &job);
	helper = make_process(test, job.shell);
	make_group(test, helper);
	third = make_process(test, helper);
	join_group(test, third, job.pgid);
	end_process(test, job.shell);
	expect_left_alone(test, job.stopped, PROCSRV_STOPPED);
	expect_left_alone(test, third, PROCSRV_RUNNING);
	/* The last process that linked the group. */
	end_process(test, helper);
	expect_hung_up(test, job.stopped, 1);
	expect_hung_up(test, job.runs, 1);
	expect_hung_up(test, third, 1);
}

/* The member that linked the group exits itself; its parent goes on. */
static void exit_of_the_linking_member(struct kunit *test)
{
	u64 child;
	struct job job;

	start_job(test, PROCSRV_INIT_PID, &job);
	child = make_process(test, job.runs);
	KUNIT_EXPECT_EQ(test, pgid_of(test, child), job.pgid);
	kill_process(test, job.stopped);
	stop_process(test, child);
	end_process(test, job.runs);
	expect_hung_up(test, child, 1);
	KUNIT_EXPECT_EQ(test, state_of(test, job.shell), PROCSRV_RUNNING);
	KUNIT_EXPECT_EQ(test, pending_of(test, job.shell), 0);
	KUNIT_EXPECT_EQ(test, pending_of(test, job.runs), 0);
}

/* With two linking members, the exit of one does not orphan the group. */
static void one_of_two_linking_members(struct kunit *test)
{
	struct job job;

	start_job(test, PROCSRV_INIT_PID, &job);
	end_process(test, job.runs);
	expect_left_alone(test, job.stopped, PROCSRV_STOPPED);
	/* A zombie does not link, whatever its parent is. */
	end_process(test, job.shell);
	expect_hung_up(test, job.stopped, 1);
	expect_left_alone(test, job.runs, PROCSRV_ZOMBIE);
}

static void zombies_do_not_link(struct kunit *test)
{
	struct job job;
	u64 child;

	start_job(test, PROCSRV_INIT_PID, &job);
	child = make_process(test, job.stopped);
	stop_process(test, child);
	end_process(test, job.runs);
	/* The zombie that is left is still a child of the shell. */
	end_process(test, job.stopped);
	expect_hung_up(test, child, 1);
}

/* The grandparent of the group becomes its parent, in the same session. */
static void reaper_in_the_session_links(struct kunit *test)
{
	struct job job;
	u64 middle, member;

	start_job(test, PROCSRV_INIT_PID, &job);
	set_reaper(test, job.shell, true);
	middle = make_process(test, job.shell);
	make_group(test, middle);
	member = make_process(test, middle);
	make_group(test, member);
	stop_process(test, member);
	end_process(test, middle);
	KUNIT_EXPECT_EQ(test, ppid_of(test, member), job.shell);
	expect_left_alone(test, member, PROCSRV_STOPPED);
	end_process(test, job.shell);
	expect_hung_up(test, member, 1);
}

/* If the reaper is in the group itself, no parent outside the group is left. */
static void reaper_in_the_group_does_not(struct kunit *test)
{
	struct job job;
	u64 middle, member;

	start_job(test, PROCSRV_INIT_PID, &job);
	set_reaper(test, job.shell, true);
	kill_process(test, job.runs);
	kill_process(test, job.stopped);
	middle = make_process(test, job.shell);
	make_group(test, middle);
	member = make_process(test, middle);
	join_group(test, member, pgid_of(test, job.shell));
	stop_process(test, member);
	end_process(test, middle);
	expect_hung_up(test, member, 1);
	/* The shell is a member like others. */
	expect_hung_up(test, job.shell, 1);
}

static void reaper_in_another_session_does_not(struct kunit *test)
{
	u64 reaper = make_process(test, PROCSRV_INIT_PID);
	struct job job;

	set_reaper(test, reaper, true);
	make_session(test, reaper);
	start_job(test, reaper, &job);
	end_process(test, job.shell);
	KUNIT_EXPECT_EQ(test, ppid_of(test, job.stopped), reaper);
	expect_hung_up(test, job.stopped, 1);
	KUNIT_EXPECT_EQ(test, wait_pid(test, reaper, job.stopped,
				       PROCSRV_WAIT_CONTINUED, 0), 0);
}

/* For this purpose, processes without a session are in one session. */
static void group_without_a_session(struct kunit *test)
{
	u64 top = make_process(test, PROCSRV_INIT_PID);
	u64 parent = make_process(test, top);
	u64 member = make_process(test, parent);

	make_group(test, member);
	stop_process(test, member);
	end_process(test, parent);
	expect_hung_up(test, member, 1);
	KUNIT_EXPECT_EQ(test, pending_of(test, top), 0);

	/* Init does not link, so this group was never linked. */
	parent = make_process(test, PROCSRV_INIT_PID);
	make_group(test, parent);
	member = make_process(test, parent);
	stop_process(test, member);
	end_process(test, parent);
	expect_left_alone(test, member, PROCSRV_STOPPED);
}

/* A child in a session of its own was never linked by its parent. */
static void child_in_another_session(struct kunit *test)
{
	u64 parent = make_process(test, PROCSRV_INIT_PID);
	u64 child, grandchild;

	make_session(test, parent);
	child = make_process(test, parent);
	make_session(test, child);
	grandchild = make_process(test, child);
	stop_process(test, grandchild);
	stop_process(test, child);
	end_process(test, parent);
	expect_left_alone(test, child, PROCSRV_STOPPED);
	expect_left_alone(test, grandchild, PROCSRV_STOPPED);
}

/* A group that is orphaned already does not become orphaned again. */
static void already_orphaned(struct kunit *test)
{
	struct job job;
	u64 child;

	start_job(test, PROCSRV_INIT_PID, &job);
	child = make_process(test, job.runs);
	end_process(test, job.shell);
	expect_hung_up(test, job.stopped, 1);
	expect_hung_up(test, job.runs, 1);
	expect_hung_up(test, child, 1);
	stop_process(test, job.stopped);
	end_process(test, job.runs);
	expect_left_alone(test, job.stopped, PROCSRV_STOPPED);
	expect_left_alone(test, child, PROCSRV_RUNNING);
}

/* A group that becomes orphaned by a move gets no signals, as on Linux. */
static void moves_send_nothing(struct kunit *test)
{
	struct job job;

	start_job(test, PROCSRV_INIT_PID, &job);
	stop_process(test, job.runs);
	join_group(test, job.runs, pgid_of(test, job.shell));
	join_group(test, job.stopped, pgid_of(test, job.shell));
	expect_left_alone(test, job.stopped, PROCSRV_STOPPED);
	expect_left_alone(test, job.runs, PROCSRV_STOPPED);
}

/* Only the groups that become orphaned are hung up. */
static void many_children_in_several_groups(struct kunit *test)
{
	u64 shell = make_process(test, PROCSRV_INIT_PID);
	u64 pids[NR_GROUPS][NR_MEMBERS], helper;
	u32 g, m, pgid;

	make_session(test, shell);
	helper = make_process(test, shell);
	make_group(test, helper);
	for (g = 0; g < NR_GROUPS; g++) {
		/*
		 * Group 0 has a member with another parent, group 1 has no
		 * stopped member.
		 */
		pids[g][0] = make_process(test, g ? shell : helper);
		pgid = make_group(test, pids[g][0]);
		for (m = 1; m < NR_MEMBERS; m++) {
			pids[g][m] = make_process(test, shell);
			join_group(test, pids[g][m], pgid);
		}
		if (g != 1)
			stop_process(test, pids[g][g]);
	}
	end_process(test, shell);
	for (g = 0; g < NR_GROUPS; g++)
		for (m = 0; m < NR_MEMBERS; m++)
			if (g > 1)
				expect_hung_up(test, pids[g][m], 1);
			else
				expect_left_alone(test, pids[g][m], g || m ?
						  PROCSRV_RUNNING :
						  PROCSRV_STOPPED);
	KUNIT_EXPECT_EQ(test, pending_of(test, helper), 0);
}

/* A waiter for SIGHUP gets it. */
static void hang_up_is_handed_over(struct kunit *test)
{
	struct take_task *t;
	struct job job;

	start_job(test, PROCSRV_INIT_PID, &job);
	t = start_take(test, job.stopped, sigbit(1));
	expect_waiters(test, job.stopped, 1);
	end_process(test, job.shell);
	KUNIT_EXPECT_EQ(test, join_wait(test, &t->t), 0);
	KUNIT_EXPECT_EQ(test, t->take.signo, 1);
	expect_left_alone(test, job.stopped, PROCSRV_RUNNING);
}

/*
 * A signal is delivered to all of its targets before groups are hung up: no
 * target is continued between the exit of the first and its own.
 */
static void who_dies_with_them_is_not_hung_up(struct kunit *test)
{
	static const enum procsrv_target targets[] = {
		PROCSRV_TARGET_PGID, PROCSRV_TARGET_SID, PROCSRV_TARGET_TREE,
	};
	u64 ids[PROCSRV_TARGET_TREE + 1] = {};
	u32 count;
	size_t i;

	for (i = 0; i < ARRAY_SIZE(targets); i++) {
		struct procsrv_event e;
		struct procsrv_reader *r;
		struct job job;
		u64 below;

		start_job(test, PROCSRV_INIT_PID, &job);
		/* A stopped member, killed after those that link the group. */
		below = make_process(test, job.runs);
		stop_process(test, below);
		r = watch(test, &(struct procsrv_filter) {
			.kinds = PROCSRV_EVENT_BIT(PROCSRV_EVENT_SIGNAL) |
				 PROCSRV_EVENT_BIT(PROCSRV_EVENT_STATE),
		}, PROCSRV_RING_DEFAULT);
		ids[PROCSRV_TARGET_PGID] = job.pgid;
		ids[PROCSRV_TARGET_SID] = job.sid;
		ids[PROCSRV_TARGET_TREE] = job.shell;
		KUNIT_ASSERT_EQ(test, procsrv_signal(server(test), 0, targets[i],
						     ids[targets[i]],
						     PROCSRV_SIGKILL, &count),
				0);
		while (procsrv_reader_take(r, &e, 1))
			KUNIT_EXPECT_EQ(test, e.signo, PROCSRV_SIGKILL);
		expect_left_alone(test, job.runs, PROCSRV_ZOMBIE);
		expect_left_alone(test, job.stopped, PROCSRV_ZOMBIE);
		expect_left_alone(test, below, PROCSRV_ZOMBIE);
	}
}

/* As above, for processes that end with their owner. */
static void tied_together(struct kunit *test)
{
	struct procsrv_owner owner;
	struct procsrv_image *image = make_image("tied");
	struct procsrv_create_params params = {
		.image = image,
		.uid = KUIDT_INIT(TEST_UID),
		.gid = KGIDT_INIT(TEST_GID),
		.owner = &owner,
	};
	u64 shell = make_process(test, PROCSRV_INIT_PID);
	u64 first, second;

	KUNIT_ASSERT_NOT_NULL(test, image);
	procsrv_owner_init(&owner);
	make_session(test, shell);
	params.parent = shell;
	KUNIT_ASSERT_EQ(test, procsrv_create(server(test), &params, &first), 0);
	make_group(test, first);
	params.parent = first;
	KUNIT_ASSERT_EQ(test, procsrv_create(server(test), &params, &second),
			0);
	procsrv_image_put(image);
	stop_process(test, second);
	procsrv_kill_tied(server(test), &owner);
	expect_left_alone(test, first, PROCSRV_ZOMBIE);
	expect_left_alone(test, second, PROCSRV_ZOMBIE);
}

static int ask(struct kunit *test, u32 pgid)
{
	return procsrv_group_is_orphaned(server(test), pgid);
}

/* Also for groups without a stopped member, which get no signals. */
static void group_is_asked_about(struct kunit *test)
{
	struct job job;
	u64 last;
	u32 pgid;

	start_job(test, PROCSRV_INIT_PID, &job);
	KUNIT_EXPECT_EQ(test, ask(test, job.pgid), 0);
	/* The shell is a child of init, which does not link. */
	KUNIT_EXPECT_EQ(test, ask(test, pgid_of(test, job.shell)), 1);

	last = make_process(test, job.stopped);
	pgid = make_group(test, last);
	KUNIT_EXPECT_EQ(test, ask(test, pgid), 0);
	make_session(test, job.stopped);
	KUNIT_EXPECT_EQ(test, ask(test, pgid), 1);

	/* Zombies do not link. */
	end_process(test, job.runs);
	KUNIT_EXPECT_EQ(test, ask(test, job.pgid), 1);
	reap_child(test, job.shell, job.runs);
	KUNIT_EXPECT_EQ(test, ask(test, job.pgid), -ESRCH);
	KUNIT_EXPECT_EQ(test, ask(test, 0), -ESRCH);
}

static struct kunit_case orphaned_cases[] = {
	KUNIT_CASE(group_is_asked_about),
	KUNIT_CASE(exit_of_the_shell),
	KUNIT_CASE(kill_of_the_shell),
	KUNIT_CASE(order_of_the_signals),
	KUNIT_CASE(nobody_stopped_nothing_sent),
	KUNIT_CASE(stopped_one_has_exited),
	KUNIT_CASE(another_link_is_left),
	KUNIT_CASE(exit_of_the_linking_member),
	KUNIT_CASE(one_of_two_linking_members),
	KUNIT_CASE(zombies_do_not_link),
	KUNIT_CASE(reaper_in_the_session_links),
	KUNIT_CASE(reaper_in_the_group_does_not),
	KUNIT_CASE(reaper_in_another_session_does_not),
	KUNIT_CASE(group_without_a_session),
	KUNIT_CASE(child_in_another_session),
	KUNIT_CASE(already_orphaned),
	KUNIT_CASE(moves_send_nothing),
	KUNIT_CASE(many_children_in_several_groups),
	KUNIT_CASE(hang_up_is_handed_over),
	KUNIT_CASE(who_dies_with_them_is_not_hung_up),
	KUNIT_CASE(tied_together),
	{}
};

static struct kunit_suite orphaned_suite = {
	.name = "procsrv-orphaned",
	.init = fixture_init,
	.exit = fixture_exit,
	.test_cases = orphaned_cases,
};

kunit_test_suite(orphaned_suite);
