/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Helpers of the suites: a server of its own for each test, processes,
 * look-ups, tasks that wait, and the check of all structures of the server
 * against each other that ends each test.
 *
 * Helpers that take a struct kunit fail the test when something goes wrong
 * that the test is not about. None of them may be called from a worker: only
 * the thread that runs the test may be aborted by an assertion.
 */
#ifndef PROCSRV_KUNIT_COMMON_H
#define PROCSRV_KUNIT_COMMON_H

#include <kunit/test.h>
#include <linux/bits.h>
#include <linux/completion.h>
#include <linux/err.h>
#include <linux/sched.h>

#include "../core/internal.h"

enum {
	TEST_UID = 1000,
	TEST_GID = 2000,

	/* The maximum number of readers of a test. */
	TEST_READERS = 16,

	/*
	 * The limit for all that a test waits for: longer than anything takes,
	 * but short enough to report a hang. It is counted in looks and not in
	 * time, because the host of a guest may pause it for seconds.
	 */
	TEST_LOOK_MS = 1,
	TEST_PATIENCE_LOOKS = 20000,

	/* No server has a process with this pid. */
	TEST_NO_PID = 999999,
};

/**
 * struct fixture - the state of every test, in kunit.priv
 * @clock: the clock of @ps: CLOCK_MONOTONIC
 * @ps: a fresh server
 * @host: hosts processes; the remaining ones are killed at the end
 * @wait_tasks: every task that start_wait() and start_take() started
 * @readers: every reader that watch() made
 * @nr_readers: number of @readers
 */
struct fixture {
	struct procsrv_clock clock;
	struct procsrv *ps;
	struct procsrv_owner host;
	struct list_head wait_tasks;
	struct procsrv_reader *readers[TEST_READERS];
	u32 nr_readers;
};

int fixture_init(struct kunit *test);
int posix_fixture_init(struct kunit *test);
void fixture_exit(struct kunit *test);

static inline struct procsrv *server(struct kunit *test)
{
	return ((struct fixture *)test->priv)->ps;
}

static inline struct procsrv_owner *test_host(struct kunit *test)
{
	return &((struct fixture *)test->priv)->host;
}

/* A counter that does not count; the clock falls back on CLOCK_MONOTONIC. */
extern const struct procsrv_counter no_counter;

/* The .trusted function of counters that are always trusted. */
bool always_trusted(void);

/* Processes. */
struct procsrv_image *make_image(const char *name);
struct procsrv_image *make_full_image(const char *name, const char *argv,
				      size_t argv_len, const char *envp,
				      size_t envp_len);
int create_at(struct procsrv *ps, u64 parent, u64 given,
	      struct procsrv_image *image, u64 *pid);
int create_in(struct procsrv *ps, u64 parent, struct procsrv_image *image,
	      u64 *pid);
int try_create(struct kunit *test, u64 parent, u64 *pid);
int try_create_at(struct kunit *test, u64 parent, u64 given, u64 *pid);
u64 make_process(struct kunit *test, u64 parent);
u64 make_zombie(struct kunit *test, u64 parent);
void make_processes(struct kunit *test, u64 parent, u64 *pids, u32 n);
void end_process(struct kunit *test, u64 pid);
void kill_process(struct kunit *test, u64 pid);
void stop_process(struct kunit *test, u64 pid);
void continue_process(struct kunit *test, u64 pid);
void sleep_process(struct kunit *test, u64 pid);
void use_cpu(struct kunit *test, u64 pid, u64 us);
int exec_as(struct kunit *test, u64 pid, const char *name);
u32 make_session(struct kunit *test, u64 leader);
u32 make_group(struct kunit *test, u64 leader);
void join_group(struct kunit *test, u64 pid, u32 pgid);
int set_terminal(struct kunit *test, u32 sid, const char *name);
int signal_pid(struct kunit *test, u64 pid, int signo);
u32 signal_to(struct kunit *test, enum procsrv_target target, u64 id,
	      int signo);
void set_reaper(struct kunit *test, u64 pid, bool on);

/* Information. */
struct procsrv_info info_of(struct kunit *test, u64 pid);
u64 ppid_of(struct kunit *test, u64 pid);
u32 sid_of(struct kunit *test, u64 pid);
u32 pgid_of(struct kunit *test, u64 pid);
u32 flags_of(struct kunit *test, u64 pid);
u64 pending_of(struct kunit *test, u64 pid);
u64 revocations_of(struct kunit *test, u64 pid);
u64 children_time_of(struct kunit *test, u64 pid);
int look_up(struct kunit *test, u64 pid);
struct procsrv_limits limits_of(struct kunit *test, u64 pid);
enum procsrv_state state_of(struct kunit *test, u64 pid);
struct procsrv_session_info session_of(struct kunit *test, u32 sid);
struct procsrv_stats stats_of(struct kunit *test);

static inline bool is_one_of(u64 pid, const u64 *pids, u32 n)
{
	while (n--)
		if (pids[n] == pid)
			return true;
	return false;
}

/*
 * Lets other tasks run. cond_resched() does nothing in a preemptible kernel,
 * and User Mode Linux does not preempt when it returns from an interrupt.
 */
static inline void test_relax(void)
{
	if (need_resched())
		schedule();
}

/* Handles. */
struct file *open_process(struct kunit *test, u64 pid);
void expect_refs(struct kunit *test, struct procsrv *ps, u32 refs);

/* Polling. */
bool look_again(u32 *looks);
bool await_completion(struct completion *done);

/**
 * struct reading - a reading of a clock, and when it was taken
 * @before: CLOCK_MONOTONIC_RAW before the clock was read, in ns
 * @time: the time
 * @cycles: the counter
 * @after: CLOCK_MONOTONIC_RAW after the clock was read, in ns
 *
 * However long the machine was paused in between, the clock was read between
 * @before and @after.
 */
struct reading {
	u64 before;
	u64 time;
	u64 cycles;
	u64 after;
};

struct reading read_clock(struct procsrv_clock *clock);
void expect_pace(struct kunit *test, const struct reading *begin,
		 const struct reading *end);
void expect_right_pace(struct kunit *test, struct procsrv_clock *clock);

/* Waiting without sleeping (tasks.c). */
int wait_now(struct kunit *test, struct procsrv_wait *w);
int wait_any(struct kunit *test, u64 parent, u32 what, u32 flags, u64 *pid);
int wait_pid(struct kunit *test, u64 parent, u64 pid, u32 what, u32 flags);
int wait_pgid(struct kunit *test, u64 parent, u32 pgid, u32 what, u32 flags,
	      u64 *pid);
void reap_child(struct kunit *test, u64 parent, u64 pid);
void end_and_reap(struct kunit *test, u64 pid);

/**
 * struct wait_task - a task that sleeps in procsrv_wait()
 * @link: in &fixture.wait_tasks
 * @ps: the server
 * @call: the call it makes: procsrv_wait(), or that of a take_task
 * @w: what it waits for, and the result
 * @ret: what @call returned, once @done
 * @switches: how often it went to sleep in @call
 * @ready: it can be interrupted
 * @done: it has returned
 * @task: the kernel thread; a reference
 */
struct wait_task {
	struct list_head link;
	struct procsrv *ps;
	int (*call)(struct wait_task *t);
	struct procsrv_wait w;
	int ret;
	unsigned long switches;
	struct completion ready;
	struct completion done;
	struct task_struct *task;
};

/**
 * struct request - a waiter without a task
 * @waiter: the waiter
 * @w: what it waits for, and the result
 * @woken: how often it was woken
 * @all: counts how often any of several was, or NULL
 */
struct request {
	struct procsrv_child_waiter waiter;
	struct procsrv_wait w;
	u32 woken;
	u32 *all;
};

/**
 * struct take_task - a task that sleeps in procsrv_take_signal()
 * @t: the task
 * @take: what it takes, and the result
 */
struct take_task {
	struct wait_task t;
	struct procsrv_take take;
};

void start_request(struct kunit *test, struct request *r,
		   const struct procsrv_wait *w, u32 *all);
struct wait_task *start_wait(struct kunit *test, const struct procsrv_wait *w);
struct wait_task *start_for(struct kunit *test, u64 parent, u32 which, u64 id,
			    u32 what, u32 flags);
void expect_waiting(struct kunit *test, u64 parent, u32 nr_waiters);
void expect_asleep(struct kunit *test, struct wait_task *t);
void expect_still_waiting(struct kunit *test, struct wait_task *t);
int join_wait(struct kunit *test, struct wait_task *t);
void interrupt_wait(struct wait_task *t);
void end_tasks(struct fixture *f);
struct take_task *take_in_task(struct kunit *test,
			       const struct procsrv_take *take);
struct take_task *start_take(struct kunit *test, u64 pid, u64 mask);
struct take_task *start_timed_take(struct kunit *test, u64 pid, u64 mask,
				   u64 timeout);
int take_now(struct kunit *test, u64 pid, u64 mask, struct procsrv_take *take);
void expect_waiters(struct kunit *test, u64 pid, u32 nr);

/* The bit of a signal in a mask. */
static inline u64 sigbit(int signo)
{
	return BIT_ULL(signo - 1);
}

/* Processes that are hosted, and that have an exit signal (host.c). */

#define EVERY_SIGNAL U64_MAX

int try_create_with(struct kunit *test, struct procsrv_create_params params,
		    u64 *pid);
u64 make_hosted_by(struct kunit *test, struct procsrv_owner *host, u64 parent);
u64 make_hosted(struct kunit *test, u64 parent);
u64 make_hosted_owned(struct kunit *test, u64 parent, u32 uid, u32 gid);
u64 make_with_exit_signal(struct kunit *test, u64 parent, int signo);
u64 inherit_process(struct kunit *test, u64 parent, struct procsrv_owner *host);
int try_report(struct kunit *test, u64 pid, enum procsrv_body what, int signo);
void report_stop(struct kunit *test, u64 pid, int signo);
void report_continue(struct kunit *test, u64 pid);
void report_exiting(struct kunit *test, u64 pid);
struct procsrv_identity identity(u32 ruid, u32 euid, u32 suid);
void become(struct kunit *test, u64 pid, u32 ruid, u32 euid, u32 suid);
void send_from(struct kunit *test, u64 sender, u64 pid, int signo);
int send_to(struct kunit *test, u64 sender, enum procsrv_target target, u64 id,
	    int signo);
int take_any_now(struct kunit *test, struct procsrv_owner *host,
		 struct procsrv_take *take);
void expect_any(struct kunit *test, struct procsrv_owner *host, u64 target,
		int signo);
void expect_none(struct kunit *test, struct procsrv_owner *host);
struct take_task *start_take_any(struct kunit *test,
				 struct procsrv_owner *host);
void expect_takers(struct kunit *test, struct procsrv_owner *host, u32 nr);

/* Calls with other credentials (role.c). */

enum {
	NO_CAP = -1,
	ALL_CAPS = -2,
};

/**
 * struct caller - the credentials of a caller
 * @uid: real, effective and saved user id
 * @gid: real, effective and saved group id
 * @cap: the one capability that it has, or NO_CAP or ALL_CAPS
 * @ns: its user namespace, or NULL for the initial one
 */
struct caller {
	u32 uid;
	u32 gid;
	int cap;
	struct user_namespace *ns;
};

/**
 * struct role - credentials that the thread of a test takes on
 * @new: these credentials
 * @old: those of the thread itself
 * @ns: the namespace that @new came with
 */
struct role {
	struct cred *new;
	const struct cred *old;
	struct user_namespace *ns;
};

void begin_role(struct kunit *test, struct role *r, const struct caller *c);
void end_role(struct role *r);
u64 make_owned(struct kunit *test, u64 parent, u32 uid, u32 gid);

/* Events. */
struct procsrv_reader *watch(struct kunit *test,
			     const struct procsrv_filter *filter, u32 capacity);
struct procsrv_reader *watch_all(struct kunit *test);
struct procsrv_event next_event(struct kunit *test, struct procsrv_reader *r);
void expect_event(struct kunit *test, struct procsrv_reader *r,
		  enum procsrv_event_kind kind, u64 pid);
void expect_no_event(struct kunit *test, struct procsrv_reader *r);
void forget_events(struct kunit *test, struct procsrv_reader *r);

/**
 * struct worker - a thread of a test that loads a server
 * @fn: its function, which must not call KUnit
 * @ps: the server
 * @arg: for @fn
 * @number: 0, 1, ...
 * @failures: number of failed checks, counted by @fn
 * @tally: counters of @fn
 * @seed: the seed of its random numbers
 * @done: @fn has returned
 */
struct worker {
	void (*fn)(struct worker *worker);
	struct procsrv *ps;
	void *arg;
	u32 number;
	u32 failures;
	u64 tally[4];
	u64 seed;
	struct completion done;
};

void start_workers(struct kunit *test, struct worker *workers, u32 n);
void join_workers(struct kunit *test, struct worker *workers, u32 n);
struct worker *new_workers(struct kunit *test, u32 n,
			   void (*fn)(struct worker *worker), void *arg);
u32 test_random(u64 *seed, u32 below);

/**
 * struct chaos - the state of random_operation()
 * @ps: the server
 * @image: the image of all processes
 * @owner: the owner that some processes are tied to, or NULL
 * @seed: the seed of the random numbers
 * @highest: the highest pid known; PROCSRV_INIT_PID to begin with
 * @max_pid: no process is created once @highest has reached this
 * @recent: how many of the latest processes to operate on, or 0 for the default
 * @timeout: of waits and takes, in ns; or 0 not to sleep
 * @takes: whether to take signals
 */
struct chaos {
	struct procsrv *ps;
	struct procsrv_image *image;
	struct procsrv_owner *owner;
	u64 seed;
	u64 highest;
	u64 max_pid;
	u64 recent;
	u64 timeout;
	bool takes;
};

void random_operation(struct chaos *c);

/* The check of all structures against each other (invariants.c). */
struct procsrv_process *peek_process(const struct procsrv *ps, u64 pid);
void check_server(struct kunit *test);
void check_owner(struct kunit *test, const struct procsrv_owner *owner,
		 u64 nr_tied);

#endif /* PROCSRV_KUNIT_COMMON_H */
