// SPDX-License-Identifier: GPL-2.0-only
/*
 * Sequence counts: look-ups spin while one is odd, so nothing is woken then
 *
 * Waiters and takers look at the counts in their wake functions. Readers and
 * handles are woken after the lock was dropped; if many files poll them, a
 * worker wakes these, so that no change waits for it.
 */
#include <linux/file.h>
#include <linux/poll.h>
#include <linux/wait.h>

#include "../dev/client.h"
#include "common.h"

enum {
	/* No test here creates more processes. */
	HIGHEST_PID = 16,

	RING = 8,

	/* More than a change wakes by itself. */
	CROWD = 100,
};

/**
 * struct witness - a waiter that records how it is woken
 * @entry: the waiter in a wait queue
 * @waiter: or the waiter for children
 * @wait: what @waiter waits for
 * @taker: or the waiter for signals
 * @take: what @taker waits for
 * @ps: the server
 * @wakes: how often it was woken
 * @odd: how many counts were odd then
 * @in_hold: how often it was woken with the lock held
 * @by_worker: how often it was woken by a worker
 */
struct witness {
	wait_queue_entry_t entry;
	struct procsrv_child_waiter waiter;
	struct procsrv_wait wait;
	struct procsrv_taker taker;
	struct procsrv_take take;
	struct procsrv *ps;
	u32 wakes;
	u32 odd;
	u32 in_hold;
	u32 by_worker;
};

static void look_at_counts(struct witness *w)
{
	const struct procsrv_process *p;
	u64 pid;

	w->wakes++;
	w->odd += w->ps->seq.seqcount.sequence & 1;
	for (pid = PROCSRV_INIT_PID; pid <= HIGHEST_PID; pid++) {
		p = peek_process(w->ps, pid);
		if (p)
			w->odd += p->seq.seqcount.sequence & 1;
	}
}

static int wake_entry(wait_queue_entry_t *entry, unsigned int mode, int flags,
		      void *key)
{
	struct witness *w = container_of(entry, struct witness, entry);

	w->wakes++;
	w->by_worker += !!(current->flags & PF_WQ_WORKER);
#ifdef CONFIG_LOCKDEP
	w->in_hold += lockdep_is_held(&w->ps->lock) == LOCK_STATE_HELD;
#endif
	return 0;
}

static void wake_waiter(struct procsrv_waiter *s)
{
	look_at_counts(container_of(s, struct witness, waiter.base));
}

static void wake_taker(struct procsrv_waiter *s)
{
	look_at_counts(container_of(s, struct witness, taker.base));
}

static struct witness *new_witness(struct kunit *test)
{
	struct witness *w = kunit_kzalloc(test, sizeof(*w), GFP_KERNEL);

	KUNIT_ASSERT_NOT_NULL(test, w);
	w->ps = server(test);
	init_waitqueue_func_entry(&w->entry, wake_entry);
	return w;
}

static void expect_even(struct kunit *test, const struct witness *w,
			const char *what)
{
	KUNIT_EXPECT_GT_MSG(test, w->wakes, 0U, "%s", what);
	KUNIT_EXPECT_EQ_MSG(test, w->odd, 0U, "%s", what);
	KUNIT_EXPECT_EQ_MSG(test, w->in_hold, 0U, "%s", what);
}

static void pass_limits(struct kunit *test, u64 pid)
{
	const struct procsrv_update u = {
		.mask = PROCSRV_UPDATE_STATE | PROCSRV_UPDATE_MEMORY |
			PROCSRV_UPDATE_THREADS,
		.state = PROCSRV_SLEEPING,
		.memory_usage = U64_MAX,
		.thread_count = U32_MAX,
	};

	KUNIT_EXPECT_EQ(test, procsrv_update(server(test), pid, &u), 0);
}

/* Causes events of all kinds, by several changes, and several by one change. */
static void make_events(struct kunit *test)
{
	struct procsrv *ps = server(test);
	u64 parent = make_process(test, PROCSRV_INIT_PID);
	u64 child = make_process(test, parent);
	u32 sid;

	KUNIT_EXPECT_EQ(test, exec_as(test, child, "x"), 0);
	sid = make_session(test, parent);
	make_group(test, child);
	KUNIT_EXPECT_EQ(test, set_terminal(test, sid, "tty1"), 0);
	KUNIT_EXPECT_EQ(test, procsrv_revoke(ps, 0, 1), 0);
	KUNIT_EXPECT_EQ(test, procsrv_revoke(ps, child, 1), 0);
	pass_limits(test, child);
	signal_pid(test, child, 10);
	stop_process(test, child);
	continue_process(test, child);
	end_process(test, parent);
	kill_process(test, child);
	KUNIT_EXPECT_EQ(test, procsrv_reap(ps), 2);
}

/* A reader of one kind of event is woken by the first one in a hold. */
static void readers(struct kunit *test)
{
	struct witness *w[PROCSRV_NR_EVENTS] = {};
	struct procsrv_reader *r[PROCSRV_NR_EVENTS];
	char what[16];
	u32 kind;

	for (kind = 1; kind < PROCSRV_NR_EVENTS; kind++) {
		const struct procsrv_filter filter = {
			.kinds = PROCSRV_EVENT_BIT(kind),
		};

		w[kind] = new_witness(test);
		r[kind] = watch(test, &filter, RING);
		add_wait_queue(procsrv_reader_queue(r[kind]), &w[kind]->entry);
	}
	make_events(test);
	for (kind = 1; kind < PROCSRV_NR_EVENTS; kind++) {
		procsrv_reader_flush(r[kind]);
		remove_wait_queue(procsrv_reader_queue(r[kind]),
				  &w[kind]->entry);
		snprintf(what, sizeof(what), "event %u", kind);
		expect_even(test, w[kind], what);
	}
}

/* The same for a reader that follows a subtree. */
static void watchers(struct kunit *test)
{
	const struct procsrv_filter filter = {
		.pid = PROCSRV_INIT_PID,
		.kinds = PROCSRV_EVENTS_ALL,
		.subtree = true,
	};
	struct procsrv_reader *r = watch(test, &filter, PROCSRV_RING_DEFAULT);
	struct witness *w = new_witness(test);

	add_wait_queue(procsrv_reader_queue(r), &w->entry);
	make_events(test);
	procsrv_reader_flush(r);
	remove_wait_queue(procsrv_reader_queue(r), &w->entry);
	expect_even(test, w, "a reader of a subtree");
}

/* A worker wakes a crowd of files that poll; a change wakes a few itself. */
static void crowds(struct kunit *test)
{
	struct procsrv_reader *r = watch_all(test);
	struct witness *w[CROWD];
	u32 i;

	for (i = 0; i < CROWD; i++) {
		w[i] = new_witness(test);
		add_wait_queue(procsrv_reader_queue(r), &w[i]->entry);
	}
	make_process(test, PROCSRV_INIT_PID);
	procsrv_reader_flush(r);
	for (i = 0; i < CROWD; i++) {
		remove_wait_queue(procsrv_reader_queue(r), &w[i]->entry);
		KUNIT_EXPECT_EQ(test, w[i]->wakes, 1);
		KUNIT_EXPECT_EQ(test, w[i]->by_worker, 1);
	}
	/* A single one is woken before the call returns. */
	add_wait_queue(procsrv_reader_queue(r), &w[0]->entry);
	make_process(test, PROCSRV_INIT_PID);
	remove_wait_queue(procsrv_reader_queue(r), &w[0]->entry);
	KUNIT_EXPECT_EQ(test, w[0]->wakes, 2);
	KUNIT_EXPECT_EQ(test, w[0]->by_worker, 1);
}

static struct witness *begin_wait(struct kunit *test, u64 parent, u64 child,
				  u32 what)
{
	struct witness *w = new_witness(test);

	w->wait = (struct procsrv_wait) {
		.parent = parent,
		.which = child ? PROCSRV_WAIT_PID : PROCSRV_WAIT_ANY,
		.what = what,
		.id = child,
	};
	w->waiter.base.wake = wake_waiter;
	KUNIT_ASSERT_EQ(test, procsrv_wait_start(w->ps, &w->waiter, &w->wait),
			-EINPROGRESS);
	return w;
}

static void end_wait(struct kunit *test, struct witness *w, int err)
{
	KUNIT_EXPECT_EQ(test, procsrv_wait_end(w->ps, &w->waiter, -EINTR), err);
	expect_even(test, w, "a waiter");
}

static void waiters(struct kunit *test)
{
	u64 parent = make_process(test, PROCSRV_INIT_PID);
	u64 a = make_process(test, parent);
	u64 b = make_process(test, parent);
	struct witness *w;

	w = begin_wait(test, parent, 0, PROCSRV_WAIT_STOPPED);
	stop_process(test, a);
	end_wait(test, w, 0);
	w = begin_wait(test, parent, a, PROCSRV_WAIT_CONTINUED);
	continue_process(test, a);
	end_wait(test, w, 0);
	w = begin_wait(test, parent, 0, PROCSRV_WAIT_EXITED);
	end_process(test, a);
	end_wait(test, w, 0);
	w = begin_wait(test, parent, b, PROCSRV_WAIT_EXITED);
	end_process(test, parent);
	end_wait(test, w, -ESRCH);
}

static struct witness *begin_take(struct kunit *test, u64 pid)
{
	struct witness *w = new_witness(test);

	w->take = (struct procsrv_take) { .pid = pid, .mask = sigbit(10) };
	w->taker.base.wake = wake_taker;
	KUNIT_ASSERT_EQ(test, procsrv_take_start(w->ps, &w->taker, &w->take),
			-EINPROGRESS);
	return w;
}

static void end_take(struct kunit *test, struct witness *w, int err)
{
	KUNIT_EXPECT_EQ(test, procsrv_take_end(w->ps, &w->taker, -EINTR), err);
	expect_even(test, w, "a taker");
}

static void takers(struct kunit *test)
{
	u64 pid = make_process(test, PROCSRV_INIT_PID);
	struct witness *w = begin_take(test, pid);

	signal_pid(test, pid, 10);
	end_take(test, w, 0);
	KUNIT_EXPECT_EQ(test, w->take.signo, 10);
	w = begin_take(test, pid);
	kill_process(test, pid);
	end_take(test, w, -ESRCH);
}

/**
 * struct tap - finds the wait queue of a file
 * @table: the argument of poll
 * @queue: the queue
 */
struct tap {
	poll_table table;
	wait_queue_head_t *queue;
};

static void catch_queue(struct file *file, wait_queue_head_t *queue,
			poll_table *table)
{
	container_of(table, struct tap, table)->queue = queue;
}

static void handles(struct kunit *test)
{
	u64 pid = make_process(test, PROCSRV_INIT_PID);
	struct file *file = procsrv_open_process(server(test), pid, 0);
	struct witness *w = new_witness(test);
	struct tap tap = {};
	u32 looks = 0;

	KUNIT_ASSERT_NOT_ERR_OR_NULL(test, file);
	init_poll_funcptr(&tap.table, catch_queue);
	KUNIT_EXPECT_EQ(test, (u32)vfs_poll(file, &tap.table), 0U);
	KUNIT_ASSERT_NOT_NULL(test, tap.queue);
	add_wait_queue(tap.queue, &w->entry);
	end_process(test, pid);
	while (!READ_ONCE(w->wakes) && look_again(&looks))
		;
	remove_wait_queue(tap.queue, &w->entry);
	expect_even(test, w, "a handle");
	fput(file);
	while (refcount_read(&w->ps->refs) > 1 && look_again(&looks))
		;
}

static struct kunit_case sequence_cases[] = {
	KUNIT_CASE(readers),
	KUNIT_CASE(watchers),
	KUNIT_CASE(crowds),
	KUNIT_CASE(waiters),
	KUNIT_CASE(takers),
	KUNIT_CASE(handles),
	{}
};

static struct kunit_suite sequence_suite = {
	.name = "procsrv-sequence",
	.init = fixture_init,
	.exit = fixture_exit,
	.test_cases = sequence_cases,
};

kunit_test_suite(sequence_suite);
