// SPDX-License-Identifier: GPL-2.0-only
/*
 * Helpers of the suites
 */
#include <linux/delay.h>
#include <linux/timekeeping.h>

#include "../compat.h"
#include "../dev/client.h"
#include "common.h"

static u64 no_cycles(void)
{
	return 0;
}

bool always_trusted(void)
{
	return true;
}

const struct procsrv_counter no_counter = {
	.cycles = no_cycles,
	.trusted = always_trusted,
};

int fixture_init(struct kunit *test)
{
	struct fixture *f;

	f = kunit_kzalloc(test, sizeof(*f), GFP_KERNEL);
	if (!f)
		return -ENOMEM;
	INIT_LIST_HEAD(&f->wait_tasks);
	procsrv_owner_init(&f->host);
	procsrv_clock_init(&f->clock, &no_counter);
	f->ps = procsrv_new(&f->clock);
	if (IS_ERR_OR_NULL(f->ps))
		return -ENOMEM;
	test->priv = f;
	return 0;
}

/* As fixture_init(), with a server that has POSIX ids. */
int posix_fixture_init(struct kunit *test)
{
	int err = fixture_init(test);

	if (!err)
		procsrv_use_posix_ids(server(test));
	return err;
}

void fixture_exit(struct kunit *test)
{
	struct fixture *f = test->priv;

	if (!f)
		return;
	end_tasks(f);
	while (f->nr_readers)
		procsrv_reader_free(f->readers[--f->nr_readers]);
	check_server(test);
	if (!list_empty(&f->host.tied)) {
		procsrv_kill_tied(f->ps, &f->host);
		check_server(test);
	}
	procsrv_owner_exit(&f->host);
	procsrv_put(f->ps);
}

/**
 * make_full_image() - a name, a command line and an environment
 * @name: the name
 * @argv: the command line, every string with its NUL
 * @argv_len: its bytes
 * @envp: the environment, likewise
 * @envp_len: its bytes
 *
 * Return: the image, with one reference, or NULL.
 */
struct procsrv_image *make_full_image(const char *name, const char *argv,
				      size_t argv_len, const char *envp,
				      size_t envp_len)
{
	struct procsrv_image *image;

	image = procsrv_image_new(name, strlen(name), argv_len, envp_len);
	if (IS_ERR_OR_NULL(image))
		return NULL;
	memcpy(procsrv_image_argv(image), argv, argv_len);
	memcpy(procsrv_image_envp(image), envp, envp_len);
	return image;
}

struct procsrv_image *make_image(const char *name)
{
	return make_full_image(name, NULL, 0, NULL, 0);
}

/* As create_in(), with a pid of the caller's choice, or 0 for the next. */
int create_at(struct procsrv *ps, u64 parent, u64 given,
	      struct procsrv_image *image, u64 *pid)
{
	const struct procsrv_create_params params = {
		.parent = parent,
		.pid = given,
		.image = image,
		.uid = KUIDT_INIT(TEST_UID),
		.gid = KGIDT_INIT(TEST_GID),
	};

	return procsrv_create(ps, &params, pid);
}

/**
 * create_in() - procsrv_create() with the ids of the tests
 * @ps: the server
 * @parent: its parent
 * @image: its name and so on
 * @pid: where to store its pid
 *
 * Return: what procsrv_create() returned.
 */
int create_in(struct procsrv *ps, u64 parent, struct procsrv_image *image,
	      u64 *pid)
{
	return create_at(ps, parent, 0, image, pid);
}

/* As try_create(), with a pid of the caller's choice, or 0 for the next. */
int try_create_at(struct kunit *test, u64 parent, u64 given, u64 *pid)
{
	struct procsrv_image *image = make_image("test");
	int ret;

	KUNIT_ASSERT_NOT_NULL(test, image);
	ret = create_at(server(test), parent, given, image, pid);
	procsrv_image_put(image);
	return ret;
}

/**
 * try_create() - create a process; the creation may fail
 * @test: the test
 * @parent: its parent
 * @pid: where to store its pid
 *
 * Return: what procsrv_create() returned.
 */
int try_create(struct kunit *test, u64 parent, u64 *pid)
{
	return try_create_at(test, parent, 0, pid);
}

u64 make_process(struct kunit *test, u64 parent)
{
	u64 pid = 0;

	KUNIT_ASSERT_EQ(test, try_create(test, parent, &pid), 0);
	return pid;
}

u64 make_zombie(struct kunit *test, u64 parent)
{
	u64 pid = make_process(test, parent);

	end_process(test, pid);
	return pid;
}

void make_processes(struct kunit *test, u64 parent, u64 *pids, u32 n)
{
	u32 i;

	for (i = 0; i < n; i++)
		pids[i] = make_process(test, parent);
}

void end_process(struct kunit *test, u64 pid)
{
	KUNIT_ASSERT_EQ(test, procsrv_terminate(server(test), pid, 0, 0), 0);
}

void kill_process(struct kunit *test, u64 pid)
{
	KUNIT_ASSERT_EQ(test, signal_pid(test, pid, PROCSRV_SIGKILL), 0);
}

int signal_pid(struct kunit *test, u64 pid, int signo)
{
	u32 count = U32_MAX;
	int ret;

	ret = procsrv_signal(server(test), 0, PROCSRV_TARGET_PID, pid, signo,
			     &count);
	if (!ret)
		KUNIT_EXPECT_EQ(test, count, 1);
	return ret;
}

/* Sends a signal from outside. Returns how many processes it reached. */
u32 signal_to(struct kunit *test, enum procsrv_target target, u64 id,
	      int signo)
{
	u32 count = U32_MAX;
	int ret;

	ret = procsrv_signal(server(test), 0, target, id, signo, &count);
	KUNIT_ASSERT_EQ(test, ret, 0);
	return count;
}

void set_reaper(struct kunit *test, u64 pid, bool on)
{
	KUNIT_ASSERT_EQ(test, procsrv_set_reaper(server(test), pid, on), 0);
}

void stop_process(struct kunit *test, u64 pid)
{
	KUNIT_ASSERT_EQ(test, signal_pid(test, pid, PROCSRV_SIGSTOP), 0);
	KUNIT_ASSERT_EQ(test, state_of(test, pid), PROCSRV_STOPPED);
}

void continue_process(struct kunit *test, u64 pid)
{
	KUNIT_ASSERT_EQ(test, signal_pid(test, pid, PROCSRV_SIGCONT), 0);
	KUNIT_ASSERT_EQ(test, state_of(test, pid), PROCSRV_RUNNING);
}

void sleep_process(struct kunit *test, u64 pid)
{
	struct procsrv_update update = {
		.mask = PROCSRV_UPDATE_STATE,
		.state = PROCSRV_SLEEPING,
	};

	KUNIT_ASSERT_EQ(test, procsrv_update(server(test), pid, &update), 0);
}

void use_cpu(struct kunit *test, u64 pid, u64 us)
{
	struct procsrv_update update = {
		.mask = PROCSRV_UPDATE_CPU_TIME,
		.cpu_time = us,
	};

	KUNIT_ASSERT_EQ(test, procsrv_update(server(test), pid, &update), 0);
}

int exec_as(struct kunit *test, u64 pid, const char *name)
{
	struct procsrv_image *image = make_image(name);
	int ret;

	KUNIT_ASSERT_NOT_NULL(test, image);
	ret = procsrv_exec(server(test), pid, image);
	procsrv_image_put(image);
	return ret;
}

u32 make_session(struct kunit *test, u64 leader)
{
	u32 sid = 0, pgid = 0;
	int ret;

	ret = procsrv_create_session(server(test), leader, &sid, &pgid);
	KUNIT_ASSERT_EQ(test, ret, 0);
	KUNIT_ASSERT_NE(test, sid, 0);
	KUNIT_ASSERT_NE(test, pgid, 0);
	return sid;
}

/* A group led by @leader, in the session that it is in. */
u32 make_group(struct kunit *test, u64 leader)
{
	u32 sid = sid_of(test, leader);
	u32 pgid = 0;
	int ret;

	ret = procsrv_create_group(server(test), 0, leader, sid, &pgid);
	KUNIT_ASSERT_EQ(test, ret, 0);
	KUNIT_ASSERT_NE(test, pgid, 0);
	return pgid;
}

void join_group(struct kunit *test, u64 pid, u32 pgid)
{
	KUNIT_ASSERT_EQ(test, procsrv_set_group(server(test), 0, pid, pgid), 0);
}

/* Sets the terminal of a session, or removes it. */
int set_terminal(struct kunit *test, u32 sid, const char *name)
{
	struct procsrv_text *text = NULL;
	int err;

	if (name) {
		text = procsrv_text_new(name, strlen(name));
		KUNIT_ASSERT_NOT_NULL(test, text);
	}
	err = procsrv_set_terminal(server(test), sid, text);
	procsrv_text_put(text);
	return err;
}

/* The information about a process that must exist. */
struct procsrv_info info_of(struct kunit *test, u64 pid)
{
	struct procsrv_details d;

	memset(&d, 0xcc, sizeof(d));
	KUNIT_ASSERT_EQ(test, procsrv_get_info(server(test), pid, &d), 0);
	procsrv_put_info(&d);
	return d.info;
}

/* One field each: a whole struct procsrv_info takes too much stack. */
u64 ppid_of(struct kunit *test, u64 pid)
{
	return info_of(test, pid).ppid;
}

u32 sid_of(struct kunit *test, u64 pid)
{
	return info_of(test, pid).sid;
}

u32 pgid_of(struct kunit *test, u64 pid)
{
	return info_of(test, pid).pgid;
}

u32 flags_of(struct kunit *test, u64 pid)
{
	return info_of(test, pid).flags;
}

u64 pending_of(struct kunit *test, u64 pid)
{
	return info_of(test, pid).pending;
}

u64 revocations_of(struct kunit *test, u64 pid)
{
	return info_of(test, pid).revocations;
}

u64 children_time_of(struct kunit *test, u64 pid)
{
	return info_of(test, pid).children_cpu_time;
}

/* Whether a process exists: 0 or an errno. */
int look_up(struct kunit *test, u64 pid)
{
	struct procsrv_details d;
	int ret = procsrv_get_info(server(test), pid, &d);

	if (!ret)
		procsrv_put_info(&d);
	return ret;
}

struct procsrv_session_info session_of(struct kunit *test, u32 sid)
{
	struct procsrv_session_info info;

	memset(&info, 0xcc, sizeof(info));
	KUNIT_ASSERT_EQ(test, procsrv_get_session(server(test), sid, &info), 0);
	procsrv_text_put(info.terminal);
	return info;
}

struct procsrv_limits limits_of(struct kunit *test, u64 pid)
{
	struct procsrv_limits limits;

	memset(&limits, 0xcc, sizeof(limits));
	KUNIT_ASSERT_EQ(test, procsrv_get_limits(server(test), pid, &limits),
			0);
	return limits;
}

enum procsrv_state state_of(struct kunit *test, u64 pid)
{
	return info_of(test, pid).state;
}

struct procsrv_stats stats_of(struct kunit *test)
{
	struct procsrv_stats stats;

	memset(&stats, 0xcc, sizeof(stats));
	procsrv_get_stats(server(test), &stats);
	return stats;
}

/**
 * watch() - subscribe to events
 * @test: the test; the subscription ends with it
 * @filter: which events, or NULL for all
 * @capacity: how many events its ring holds
 *
 * Return: the reader.
 */
struct procsrv_reader *watch(struct kunit *test,
			     const struct procsrv_filter *filter, u32 capacity)
{
	const struct procsrv_filter all = { .kinds = PROCSRV_EVENTS_ALL };
	struct fixture *f = test->priv;
	struct procsrv_reader *r;
	u64 seq;

	KUNIT_ASSERT_LT(test, f->nr_readers, TEST_READERS);
	r = procsrv_reader_new(f->ps);
	KUNIT_ASSERT_NOT_NULL(test, r);
	f->readers[f->nr_readers++] = r;
	KUNIT_ASSERT_EQ(test, procsrv_subscribe(r, filter ?: &all, capacity,
						&seq), 0);
	return r;
}

struct procsrv_reader *watch_all(struct kunit *test)
{
	return watch(test, NULL, PROCSRV_RING_DEFAULT);
}

/* The oldest event that has not been taken; there must be one. */
struct procsrv_event next_event(struct kunit *test, struct procsrv_reader *r)
{
	struct procsrv_event e;

	memset(&e, 0xcc, sizeof(e));
	KUNIT_ASSERT_TRUE(test, procsrv_reader_has_events(r));
	KUNIT_ASSERT_EQ(test, procsrv_reader_take(r, &e, 1), 1);
	return e;
}

void expect_event(struct kunit *test, struct procsrv_reader *r,
		  enum procsrv_event_kind kind, u64 pid)
{
	struct procsrv_event e = next_event(test, r);

	KUNIT_EXPECT_EQ(test, e.kind, kind);
	KUNIT_EXPECT_EQ(test, e.pid, pid);
}

void expect_no_event(struct kunit *test, struct procsrv_reader *r)
{
	struct procsrv_event e;

	KUNIT_EXPECT_FALSE(test, procsrv_reader_has_events(r));
	KUNIT_EXPECT_EQ(test, procsrv_reader_take(r, &e, 1), 0);
}

/* Takes all events that are queued. */
void forget_events(struct kunit *test, struct procsrv_reader *r)
{
	struct procsrv_event e;

	while (procsrv_reader_take(r, &e, 1))
		;
	expect_no_event(test, r);
}

/* Repeatable random numbers below @below. */
u32 test_random(u64 *seed, u32 below)
{
	*seed = *seed * 6364136223846793005ULL + 1442695040888963407ULL;
	return (u32)(*seed >> 33) % below;
}

/**
 * look_again() - sleep a little before another look, unless it was the last one
 * @looks: how often this was called for the same thing, 0 at first
 *
 * Return: whether to look again.
 */
bool look_again(u32 *looks)
{
	if (++*looks >= TEST_PATIENCE_LOOKS)
		return false;
	usleep_range(TEST_LOOK_MS * USEC_PER_MSEC / 2,
		     TEST_LOOK_MS * USEC_PER_MSEC);
	return true;
}

/**
 * await_completion() - wait for a completion, with a time limit
 * @done: the completion; consumed
 *
 * Return: whether it was completed in time.
 */
bool await_completion(struct completion *done)
{
	const u32 step = 100;
	u32 i;

	for (i = 0; i < TEST_PATIENCE_LOOKS * TEST_LOOK_MS / step; i++)
		if (wait_for_completion_timeout(done, msecs_to_jiffies(step)))
			return true;
	return false;
}

/**
 * read_clock() - read a clock between two readings of the kernel's clock
 * @clock: the clock
 *
 * Return: the three readings.
 */
struct reading read_clock(struct procsrv_clock *clock)
{
	struct reading r;

	r.before = ktime_get_raw_ns();
	r.time = procsrv_clock_read(clock, &r.cycles);
	r.after = ktime_get_raw_ns();
	return r;
}

/* The time between two readings is that of the kernel's clock, within 1%. */
void expect_pace(struct kunit *test, const struct reading *begin,
		 const struct reading *end)
{
	u64 least = end->before - begin->after;
	u64 most = end->after - begin->before;
	u64 took = (end->time - begin->time) * NSEC_PER_USEC;

	/* Both were rounded to a microsecond. */
	KUNIT_EXPECT_GE(test, took + NSEC_PER_USEC, least - least / 100);
	KUNIT_EXPECT_LE(test, took, most + most / 100 + NSEC_PER_USEC);
}

/* The clock keeps pace with the kernel's clock, whatever it is based on. */
void expect_right_pace(struct kunit *test, struct procsrv_clock *clock)
{
	struct reading begin, end;

	begin = read_clock(clock);
	msleep(100);
	end = read_clock(clock);
	expect_pace(test, &begin, &end);
}

/* The last reference to a file may be released later, in a work item. */
void expect_refs(struct kunit *test, struct procsrv *ps, u32 refs)
{
	u32 looks = 0;

	while (refcount_read(&ps->refs) != refs && look_again(&looks))
		;
	KUNIT_ASSERT_EQ(test, refcount_read(&ps->refs), refs);
}

/* A handle of a process that must exist. */
struct file *open_process(struct kunit *test, u64 pid)
{
	struct file *file = procsrv_open_process(server(test), pid, 0);

	KUNIT_ASSERT_NOT_ERR_OR_NULL(test, file);
	return file;
}

PROCSRV_IMPORT();
MODULE_DESCRIPTION("KUnit suites of procsrv");
MODULE_LICENSE("GPL");
