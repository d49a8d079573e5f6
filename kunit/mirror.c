// SPDX-License-Identifier: GPL-2.0-only
/*
 * A reader that subscribes, lists, and applies the events that follow has the
 * state of the server at every moment
 *
 * A page of a listing is a snapshot at the number of an event. So a mirror that
 * has applied all events up to that number, and no others, must match the page
 * in every field that events cover, while other threads change the server.
 */
#include <linux/vmalloc.h>

#include "common.h"

enum {
	MAX_PIDS = 12000,
	NR_MUTATORS = 3,
	NR_ALONE = 4000,
	NR_EACH = 1500,
};

/**
 * struct image - what the mirror knows of a process
 * @seq: the number of the last event that it includes
 * @ppid: its parent, or 0 if there is no such process
 * @pending: pending signals
 * @revocations: revocation notices
 * @sid: its session
 * @pgid: its group
 * @state: &enum procsrv_state
 * @exit_code: exit code
 * @exit_signal: exit signal
 * @limits_passed: which limits it has passed
 * @nr_limits_passed: how often
 * @execed: has called exec
 * @orphan: is on the orphan list
 */
struct image {
	u64 seq;
	u64 ppid;
	u64 pending;
	u64 revocations;
	u32 sid;
	u32 pgid;
	u32 state;
	s32 exit_code;
	u32 exit_signal;
	u32 limits_passed;
	u32 nr_limits_passed;
	bool execed;
	bool orphan;
};

/**
 * struct mirror - a copy of a server
 * @ps: the server
 * @reader: the source of its events
 * @images: by pid
 * @next: an event that was taken too early
 * @holds: whether @next is one
 * @seq: the latest event that was applied
 * @faults: number of differences
 * @infos: room for a page
 */
struct mirror {
	struct procsrv *ps;
	struct procsrv_reader *reader;
	struct image *images;
	struct procsrv_event next;
	bool holds;
	u64 seq;
	u32 faults;
	struct procsrv_info *infos;
};

static void fault(struct kunit *test, struct mirror *m, u64 pid,
		  const char *what)
{
	if (m->faults++ < 5)
		kunit_err(test, "pid %llu at %llu: %s", pid, m->seq, what);
}

static void note(struct image *i, const struct procsrv_info *info)
{
	*i = (struct image) {
		.seq = info->seq,
		.ppid = info->ppid,
		.pending = info->pending,
		.revocations = info->revocations,
		.sid = info->sid,
		.pgid = info->pgid,
		.state = info->state,
		.exit_code = info->exit_code,
		.exit_signal = info->exit_signal,
		.limits_passed = info->limits_passed,
		.nr_limits_passed = info->nr_limits_passed,
		.execed = info->flags & PROCSRV_INFO_EXECED,
		.orphan = info->flags & PROCSRV_INFO_ORPHAN,
	};
}

static bool acts_at_once(u32 signo)
{
	return signo == 9 || signo == 15 || signo == 18 || signo == 19;
}

static void apply_to(struct image *i, const struct procsrv_event *e)
{
	i->seq = e->seq;
	switch (e->kind) {
	case PROCSRV_EVENT_EXEC:
		i->execed = true;
		break;
	case PROCSRV_EVENT_EXIT:
		i->state = PROCSRV_ZOMBIE;
		i->exit_code = e->code;
		i->exit_signal = e->signo;
		break;
	case PROCSRV_EVENT_REAP:
		i->ppid = 0;
		break;
	case PROCSRV_EVENT_SIGNAL:
		if (!acts_at_once(e->signo))
			i->pending |= sigbit(e->signo);
		break;
	case PROCSRV_EVENT_STATE:
		i->state = e->detail;
		break;
	case PROCSRV_EVENT_PARENT:
		i->ppid = e->other;
		i->orphan |= i->state == PROCSRV_ZOMBIE;
		break;
	case PROCSRV_EVENT_SESSION:
		i->sid = e->sid;
		i->pgid = e->pgid;
		break;
	case PROCSRV_EVENT_GROUP:
		i->pgid = e->pgid;
		break;
	case PROCSRV_EVENT_LIMIT:
		i->limits_passed |= e->detail;
		i->nr_limits_passed++;
		break;
	case PROCSRV_EVENT_CAPABILITY:
		i->revocations++;
		break;
	}
}

static void apply_to_all(struct mirror *m, const struct procsrv_event *e)
{
	u64 pid;

	for (pid = 1; pid < MAX_PIDS; pid++)
		if ((m->images[pid].ppid || pid == PROCSRV_INIT_PID) &&
		    e->seq > m->images[pid].seq)
			apply_to(&m->images[pid], e);
}

static void apply(struct kunit *test, struct mirror *m,
		  const struct procsrv_event *e)
{
	struct image *i = &m->images[e->pid];

	if (e->seq != m->seq + 1)
		fault(test, m, e->pid, "an event is missing");
	m->seq = e->seq;
	if (!e->pid) {
		apply_to_all(m, e);
		return;
	}
	/* The listing included this event already. */
	if (e->seq <= i->seq)
		return;
	if (e->kind == PROCSRV_EVENT_CREATE) {
		if (i->seq)
			fault(test, m, e->pid, "created twice");
		*i = (struct image) {
			.seq = e->seq,
			.ppid = e->other,
			.sid = e->sid,
			.pgid = e->pgid,
		};
		return;
	}
	if (!i->ppid && e->pid != PROCSRV_INIT_PID)
		return;
	apply_to(i, e);
	if (e->kind != PROCSRV_EVENT_TERMINAL &&
	    (e->sid != i->sid || e->pgid != i->pgid))
		fault(test, m, e->pid, "an event has a strange session");
}

/* Applies all events up to number @seq, which have happened already. */
static void catch_up(struct kunit *test, struct mirror *m, u64 seq)
{
	for (;;) {
		if (!m->holds)
			m->holds = procsrv_reader_take(m->reader, &m->next, 1);
		if (!m->holds || m->next.seq > seq)
			break;
		m->holds = false;
		if (m->next.kind == PROCSRV_EVENT_LOST ||
		    m->next.pid >= MAX_PIDS) {
			fault(test, m, m->next.pid, "the test is too small");
			return;
		}
		apply(test, m, &m->next);
	}
	if (m->seq != seq)
		fault(test, m, 0, "events are late");
}

static bool same_state(u32 seen, u32 told)
{
	/* There is no event for PROCSRV_WAITING. */
	if (seen == PROCSRV_WAITING || told == PROCSRV_WAITING)
		return seen <= PROCSRV_WAITING && told <= PROCSRV_WAITING;
	return seen == told;
}

static void compare(struct kunit *test, struct mirror *m,
		    const struct procsrv_info *info)
{
	const struct image *i = &m->images[info->pid];

	if (i->ppid != info->ppid)
		fault(test, m, info->pid, "another parent");
	if (!same_state(info->state, i->state))
		fault(test, m, info->pid, "another state");
	if (i->sid != info->sid || i->pgid != info->pgid)
		fault(test, m, info->pid, "another session or group");
	if (i->exit_code != info->exit_code ||
	    i->exit_signal != info->exit_signal)
		fault(test, m, info->pid, "another end");
	if (i->pending != info->pending)
		fault(test, m, info->pid, "other signals");
	if (i->revocations != info->revocations)
		fault(test, m, info->pid, "other notices");
	if (i->limits_passed != info->limits_passed ||
	    i->nr_limits_passed != info->nr_limits_passed)
		fault(test, m, info->pid, "other limits");
	if (i->execed != !!(info->flags & PROCSRV_INFO_EXECED) ||
	    i->orphan != !!(info->flags & PROCSRV_INFO_ORPHAN))
		fault(test, m, info->pid, "other flags");
}

/* Compares all processes of a page; the mirror must not have any in between. */
static void compare_page(struct kunit *test, struct mirror *m, u64 cursor,
			 u32 n, u64 seq)
{
	u32 i;

	catch_up(test, m, seq);
	for (i = 0; i < n; i++) {
		if (m->infos[i].seq != seq)
			fault(test, m, m->infos[i].pid, "not of one moment");
		while (++cursor < m->infos[i].pid)
			if (m->images[cursor].ppid)
				fault(test, m, cursor, "is not there");
		compare(test, m, &m->infos[i]);
	}
	while (n < PROCSRV_BATCH && ++cursor < MAX_PIDS)
		if (m->images[cursor].ppid)
			fault(test, m, cursor, "is not there");
}

/* Lists all processes, to fill the mirror at first and to compare it later. */
static void list(struct kunit *test, struct mirror *m, bool begin)
{
	u64 cursor = 0, seq;
	int n, i;

	do {
		n = procsrv_list(m->ps, PROCSRV_LIST_ALL, 0, cursor, m->infos,
				 PROCSRV_BATCH, &seq);
		KUNIT_ASSERT_GE(test, n, 0);
		if (!begin)
			compare_page(test, m, cursor, n, seq);
		for (i = 0; i < n; i++) {
			cursor = m->infos[i].pid;
			KUNIT_ASSERT_LT(test, cursor, MAX_PIDS);
			if (begin)
				note(&m->images[cursor], &m->infos[i]);
		}
		test_relax();
	} while (n == PROCSRV_BATCH);
}

static void open_mirror(struct kunit *test, struct mirror *m)
{
	const struct procsrv_filter all = { .kinds = PROCSRV_EVENTS_ALL };

	m->ps = server(test);
	m->reader = watch(test, NULL, 0);
	m->infos = kunit_kcalloc(test, PROCSRV_BATCH, sizeof(*m->infos),
				 GFP_KERNEL);
	KUNIT_ASSERT_NOT_NULL(test, m->infos);
	m->images = vzalloc(array_size(MAX_PIDS, sizeof(*m->images)));
	KUNIT_ASSERT_NOT_NULL(test, m->images);
	KUNIT_EXPECT_EQ(test, procsrv_subscribe(m->reader, &all,
						PROCSRV_RING_MAX, &m->seq), 0);
	list(test, m, true);
}

static void close_mirror(struct kunit *test, struct mirror *m)
{
	list(test, m, false);
	KUNIT_EXPECT_EQ(test, m->faults, 0);
	vfree(m->images);
}

/* Without other threads, mirror and server match after every few operations. */
static void mirror_of_random_operations(struct kunit *test)
{
	struct procsrv_owner owner;
	struct mirror m = { };
	struct chaos c = {
		.ps = server(test),
		.image = make_image("mirror"),
		.owner = &owner,
		.seed = 5,
		.highest = PROCSRV_INIT_PID,
		.max_pid = MAX_PIDS - 10,
	};
	u32 i;

	KUNIT_ASSERT_NOT_NULL(test, c.image);
	procsrv_owner_init(&owner);
	open_mirror(test, &m);
	for (i = 0; i < NR_ALONE; i++) {
		random_operation(&c);
		if (i % 20 == 0)
			list(test, &m, false);
		if (i % 500 == 0)
			check_server(test);
	}
	close_mirror(test, &m);
	procsrv_kill_tied(c.ps, &owner);
	check_owner(test, &owner, 0);
	procsrv_image_put(c.image);
}

static void mutate(struct worker *worker)
{
	struct procsrv_owner owner;
	struct chaos c = {
		.ps = worker->ps,
		.image = make_image("mutant"),
		.owner = &owner,
		.seed = worker->seed,
		.highest = PROCSRV_INIT_PID,
		.max_pid = MAX_PIDS - 10,
		.timeout = worker->number ? 0 : 20 * NSEC_PER_USEC,
	};
	u32 i;

	procsrv_owner_init(&owner);
	if (!c.image) {
		worker->failures++;
		return;
	}
	for (i = 0; i < NR_EACH; i++) {
		/* Operate on processes that others create, too. */
		c.highest = max(c.highest, READ_ONCE(c.ps->next_pid) - 1);
		random_operation(&c);
		test_relax();
	}
	procsrv_kill_tied(c.ps, &owner);
	procsrv_image_put(c.image);
}

static bool all_done(struct worker *workers, u32 n)
{
	u32 i;

	for (i = 0; i < n; i++)
		if (!completion_done(&workers[i].done))
			return false;
	return true;
}

/* While other threads change the server, every page matches the mirror. */
static void mirror_under_mutators(struct kunit *test)
{
	struct worker *workers;
	struct mirror m = { };
	u32 i, rounds = 0;

	for (i = 0; i < 200; i++)
		make_process(test, PROCSRV_INIT_PID);
	workers = new_workers(test, NR_MUTATORS, mutate, NULL);
	start_workers(test, workers, NR_MUTATORS);
	open_mirror(test, &m);
	while (!all_done(workers, NR_MUTATORS)) {
		list(test, &m, false);
		rounds++;
		test_relax();
	}
	join_workers(test, workers, NR_MUTATORS);
	kunit_info(test, "%u listings compared, %llu events\n", rounds, m.seq);
	close_mirror(test, &m);
	check_server(test);
}

/* A reader that is stuck beside the mirror only loses events of its own. */
static void stuck_reader_beside_the_mirror(struct kunit *test)
{
	struct procsrv_reader *stuck = watch(test, NULL, 10);
	u64 before = info_of(test, PROCSRV_INIT_PID).seq;
	struct procsrv_event e;

	mirror_under_mutators(test);
	e = next_event(test, stuck);
	KUNIT_EXPECT_EQ(test, e.kind, PROCSRV_EVENT_LOST);
	KUNIT_EXPECT_EQ(test, e.value,
			info_of(test, PROCSRV_INIT_PID).seq - before - 10);
	KUNIT_EXPECT_EQ(test, e.seq, before + e.value);
}

static struct kunit_case mirror_cases[] = {
	KUNIT_CASE(mirror_of_random_operations),
	KUNIT_CASE(mirror_under_mutators),
	KUNIT_CASE(stuck_reader_beside_the_mirror),
	{}
};

static struct kunit_suite mirror_suite = {
	.name = "procsrv-mirror",
	.init = fixture_init,
	.exit = fixture_exit,
	.test_cases = mirror_cases,
};

kunit_test_suite(mirror_suite);
