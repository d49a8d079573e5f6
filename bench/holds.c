// SPDX-License-Identifier: GPL-2.0-only
/*
 * The longest hold of a server's lock in operations on many processes
 *
 * The hold time of the spin lock must not grow with the number of processes.
 */
#define pr_fmt(fmt) KBUILD_MODNAME ": " fmt

#include <linux/delay.h>
#include <linux/err.h>
#include <linux/jiffies.h>
#include <linux/kernel_stat.h>
#include <linux/minmax.h>
#include <linux/sched/signal.h>
#include <linux/slab.h>
#include <linux/smp.h>
#include <linux/string.h>
#include <linux/tracepoint.h>

#include "../compat.h"
#include "../core/trace.h"
#include "bench.h"

enum {
	/*
	 * With init, the leader and @top, nearly the depth that max_depth
	 * allows.
	 */
	CHAIN_LENGTH = 1020,

	/* A signal that is queued. */
	QUEUED_SIGNAL = 20,

	/* No divisor of the timer tick's period, so that rounds differ. */
	PHASE_US = 1300,

	/*
	 * What can be waited for if some processes are stopped already, or
	 * none.
	 */
	IF_STOPPED = PROCSRV_WAIT_EXITED | PROCSRV_WAIT_CONTINUED,
	ANY = IF_STOPPED | PROCSRV_WAIT_STOPPED,
};

/**
 * struct recorder - the longest hold of a lock
 * @ps: the server of the lock
 * @interrupts: number of interrupts when the last hold ended
 * @longest: cycles of the longest hold since record_begin()
 */
struct recorder {
	const struct procsrv *ps;
	u64 interrupts;
	u64 longest;
};

/**
 * struct scene - a server with the processes that are measured, in one session
 * @h: the server; its leader leads the session, and has one child, @top
 * @owner: the processes below @top are tied to it
 * @top: the ancestor of all others, in the group of the leader
 * @first: the lowest pid below @top; pids have no gaps from there on
 * @live: number of processes below @top
 * @pgid: the group of these processes
 * @hosted: these processes are hosted
 * @load: readers and waiters beside them, or NULL
 */
struct scene {
	struct herd *h;
	struct procsrv_owner owner;
	u64 top;
	u64 first;
	u64 live;
	u32 pgid;
	bool hosted;
	struct load *load;
};

/**
 * struct change_row - a change of many processes
 * @name: its name
 * @what: mask of PROCSRV_WAIT_* that the waiters beside it wait for
 * @prepare: runs before the readers and waiters are added; or NULL
 * @run: makes the change; or NULL, and @signal makes it
 * @signal: sends @signo
 * @signo: the signal to send
 * @hosted: the processes are hosted
 */
struct change_row {
	const char *name;
	u32 what;
	int (*prepare)(struct scene *s);
	int (*run)(struct scene *s);
	int (*signal)(struct scene *s, int signo);
	int signo;
	bool hosted;
};

/*
 * Includes interrupts of the local timer, which kstat_cpu_irqs_sum() leaves
 * out.
 */
static u64 interrupts(void)
{
	return jiffies + kstat_cpu_irqs_sum(raw_smp_processor_id()) +
	       procsrv_timer_interrupts();
}

/*
 * Holds that were interrupted are left out, because they include the time of
 * the interrupt handlers.
 */
static void record_hold(void *data, const struct procsrv *ps, u64 cycles)
{
	struct recorder *r = data;
	u64 now = interrupts();

	if (ps != r->ps)
		return;
	if (now == r->interrupts)
		r->longest = max(r->longest, cycles);
	r->interrupts = now;
}

static int record_begin(struct recorder *r, const struct procsrv *ps)
{
	int err;

	*r = (struct recorder) { .ps = ps };
	err = register_trace_procsrv_hold(record_hold, r);
	r->interrupts = interrupts();
	return err;
}

static void record_end(struct recorder *r)
{
	unregister_trace_procsrv_hold(record_hold, r);
	tracepoint_synchronize_unregister();
}

static int add(struct scene *s, u64 parent, u64 *pid)
{
	struct procsrv_create_params params = {
		.parent = parent,
		.image = s->h->image,
		.uid = KUIDT_INIT(BENCH_UID),
		.gid = KGIDT_INIT(BENCH_GID),
		.owner = &s->owner,
		.hosted = s->hosted,
	};

	bench_relax();
	return procsrv_create(s->h->ps, &params, pid);
}

/* Creates all in a group of their own, which @top leads until leave_group(). */
static int add_all(struct scene *s, enum herd_shape shape)
{
	u64 i, parent = s->top, pid;
	int err;

	err = procsrv_create_group(s->h->ps, 0, s->top, s->h->sid, &s->pgid);
	for (i = 0; !err && i < s->live; i++) {
		if (shape == FAMILY || i % CHAIN_LENGTH == 0)
			parent = s->top;
		err = add(s, parent, &pid);
		parent = pid;
		if (fatal_signal_pending(current))
			return -EINTR;
	}
	return err;
}

static int leave_group(struct scene *s)
{
	struct procsrv_info info;
	int err = procsrv_look(s->h->ps, s->h->leader, &info);

	return err ?: procsrv_set_group(s->h->ps, 0, s->top, info.pgid);
}

static void scene_end(struct scene *s)
{
	load_free(s->load);
	/* The owner's list of processes with pending signals must be empty. */
	if (s->hosted)
		procsrv_kill_tied(s->h->ps, &s->owner);
	procsrv_owner_exit(&s->owner);
	herd_free(s->h);
	s->load = NULL;
	s->h = NULL;
}

static int scene_begin(struct scene *s, enum herd_shape shape, u64 live,
		       bool hosted)
{
	int err;

	memset(s, 0, sizeof(*s));
	procsrv_owner_init(&s->owner);
	s->live = live;
	s->hosted = hosted;
	s->h = herd_new(FAMILY, 0, true);
	if (IS_ERR(s->h))
		return PTR_ERR(s->h);
	err = herd_add(s->h, s->h->leader, &s->top);
	s->first = s->top + 1;
	err = err ?: add_all(s, shape) ?: leave_group(s);
	if (err)
		scene_end(s);
	return err;
}

static int send(struct scene *s, enum procsrv_target target, u64 id, int signo)
{
	u32 count;

	return procsrv_signal(s->h->ps, 0, target, id, signo, &count);
}

static int signal_group(struct scene *s, int signo)
{
	return send(s, PROCSRV_TARGET_PGID, s->pgid, signo);
}

static int signal_session(struct scene *s, int signo)
{
	return send(s, PROCSRV_TARGET_SID, s->h->sid, signo);
}

static int signal_tree(struct scene *s, int signo)
{
	return send(s, PROCSRV_TARGET_TREE, s->top, signo);
}

static int signal_all(struct scene *s, int signo)
{
	return send(s, PROCSRV_TARGET_ALL, 0, signo);
}

static int stop_group(struct scene *s)
{
	return signal_group(s, PROCSRV_SIGSTOP);
}

static int exit_top(struct scene *s)
{
	return procsrv_terminate(s->h->ps, s->top, 0, 0);
}

static int leave_zombies(struct scene *s)
{
	return exit_top(s) ?: signal_group(s, PROCSRV_SIGKILL);
}

static int set_reaper(struct scene *s)
{
	return procsrv_set_reaper(s->h->ps, s->top, true);
}

/* The update that emits the most events for one process. */
static int update_last(struct scene *s)
{
	const struct procsrv_limits limits = { .max_threads = 1 };
	const struct procsrv_update update = {
		.mask = PROCSRV_UPDATE_STATE | PROCSRV_UPDATE_CPU_TIME |
			PROCSRV_UPDATE_MEMORY | PROCSRV_UPDATE_THREADS,
		.state = PROCSRV_SLEEPING,
		.cpu_time = 1,
		.memory_usage = 1,
		.thread_count = 2,
	};
	u64 pid = s->first + min_t(u64, s->live, CHAIN_LENGTH) - 1;
	int err = procsrv_set_limits(s->h->ps, pid, &limits);

	return err ?: procsrv_update(s->h->ps, pid, &update);
}

static int reap(struct scene *s)
{
	return procsrv_reap(s->h->ps) == s->live ? 0 : -EINVAL;
}

static int end_owner(struct scene *s)
{
	procsrv_kill_tied(s->h->ps, &s->owner);
	return 0;
}

/* For the exit of the session leader while the group is in the foreground. */
static int set_foreground(struct scene *s)
{
	struct procsrv_text *name = procsrv_text_new("tty", 3);
	int err;

	if (!name)
		return -ENOMEM;
	err = procsrv_set_terminal(s->h->ps, s->h->sid, name);
	procsrv_text_put(name);
	return err ?: procsrv_set_foreground(s->h->ps, s->h->sid, s->pgid);
}

static int stop_foreground(struct scene *s)
{
	return set_foreground(s) ?: stop_group(s);
}

static int exit_leader(struct scene *s)
{
	return procsrv_terminate(s->h->ps, s->h->leader, 0, 0);
}

/* Without a sender: the signals have no records, and are cheap to discard. */
static int pend_all(struct scene *s)
{
	int signo, err = 0;

	for (signo = 1; !err && signo <= PROCSRV_NSIG; signo++)
		err = signal_group(s, signo);
	return err;
}

/* With a sender: the signals have records. */
static int pend_recorded(struct scene *s)
{
	int signo, err = 0;
	u32 count;

	for (signo = 1; !err && signo <= PROCSRV_NSIG; signo++)
		err = procsrv_signal(s->h->ps, s->first, PROCSRV_TARGET_PGID,
				     s->pgid, signo, &count);
	return err;
}

static int empty(struct scene *s)
{
	procsrv_close(s->h->ps);
	procsrv_empty(s->h->ps);
	return 0;
}

static const struct change_row rows[] = {
	{ "exit of the parent of all", ANY, NULL, exit_top },
	{ "hang-up of an orphaned group", IF_STOPPED, stop_group, exit_top },
	{ "SIGSTOP to a group", ANY, NULL, NULL,
	  signal_group, PROCSRV_SIGSTOP },
	{ "SIGSTOP to a session", ANY, NULL, NULL,
	  signal_session, PROCSRV_SIGSTOP },
	{ "SIGSTOP to a tree", ANY, NULL, NULL,
	  signal_tree, PROCSRV_SIGSTOP },
	{ "SIGCONT to a group", IF_STOPPED, stop_group, NULL,
	  signal_group, PROCSRV_SIGCONT },
	{ "SIGCONT to a session", IF_STOPPED, stop_group, NULL,
	  signal_session, PROCSRV_SIGCONT },
	{ "SIGCONT to a tree", IF_STOPPED, stop_group, NULL,
	  signal_tree, PROCSRV_SIGCONT },
	{ "SIGKILL to a group", ANY, NULL, NULL,
	  signal_group, PROCSRV_SIGKILL },
	{ "SIGKILL to a session", ANY, NULL, NULL,
	  signal_session, PROCSRV_SIGKILL },
	{ "SIGKILL to a tree", ANY, NULL, NULL,
	  signal_tree, PROCSRV_SIGKILL },
	{ "SIGKILL to all", ANY, NULL, NULL,
	  signal_all, PROCSRV_SIGKILL },
	{ "SIGKILL to a tree below a reaper", ANY, set_reaper, NULL,
	  signal_tree, PROCSRV_SIGKILL },
	{ "a queued signal to a group", ANY, NULL, NULL,
	  signal_group, QUEUED_SIGNAL },
	{ "reaper at the top", ANY, NULL, set_reaper },
	{ "update past three limits", ANY, NULL, update_last },
	{ "end of an owner", ANY, NULL, end_owner },
	{ "reap", 0, leave_zombies, reap },
	{ "emptying a server", ANY, NULL, empty },
	{ "exit of the leader of a terminal", ANY, set_foreground,
	  exit_leader },
	{ "the same, with a stopped group", IF_STOPPED, stop_foreground,
	  exit_leader },
	{ "SIGKILL to hosted processes", ANY, NULL, NULL,
	  signal_group, PROCSRV_SIGKILL, .hosted = true },
	{ "SIGCONT to hosted processes with signals", ANY, pend_recorded, NULL,
	  signal_group, PROCSRV_SIGCONT, .hosted = true },
	{ "end of a host", ANY, pend_all, end_owner, .hosted = true },
	{ "end of a host, with records", ANY, pend_recorded, end_owner,
	  .hosted = true },
};

/*
 * Without a shift, the rounds would begin at similar times after a timer
 * interrupt, and the next interrupt would hit the same hold in each round.
 */
static void shift_phase(u32 round)
{
	while (round--)
		udelay(PHASE_US);
}

/* Records the change only, without the clean-up of the scene. */
static int record(struct scene *s, const struct change_row *row, bool loaded,
		  u32 round, u64 *longest)
{
	struct recorder r;
	int err = row->prepare ? row->prepare(s) : 0;

	if (!err && loaded) {
		s->load = load_new(s->h->ps, s->top, s->live, s->pgid,
				   row->what);
		if (IS_ERR(s->load)) {
			err = PTR_ERR(s->load);
			s->load = NULL;
		}
	}
	if (!err)
		err = record_begin(&r, s->h->ps);
	if (err)
		return err;
	shift_phase(round);
	err = row->run ? row->run(s) : row->signal(s, row->signo);
	record_end(&r);
	*longest = max(*longest, r.longest);
	return err;
}

static int measure(const struct change_row *row, enum herd_shape shape,
		   u64 live, bool loaded)
{
	struct samples samples = {};
	struct scene *s = kmalloc(sizeof(*s), GFP_KERNEL);
	int err = s ? 0 : -ENOMEM;
	u64 longest = 0;
	char name[64];
	u32 round;

	for (round = 0; !err && round < bench_rounds; round++) {
		err = scene_begin(s, shape, live, row->hosted);
		if (err)
			break;
		err = record(s, row, loaded, round, &longest);
		scene_end(s);
		if (fatal_signal_pending(current))
			err = -EINTR;
	}
	kfree(s);
	snprintf(name, sizeof(name), "hold: %s%s", row->name,
		 loaded ? ", loaded" : "");
	sample_add(&samples, longest, 1);
	if (err)
		pr_err("%s: error %d\n", name, err);
	else
		report(name, shape_names[shape], live, "cycles", &samples);
	return err;
}

/* Measures the rows whose names contain bench_holds_of. */
static int measure_rows(enum herd_shape shape, u64 live, bool loaded)
{
	int i, err = 0;

	for (i = 0; !err && i < ARRAY_SIZE(rows); i++)
		if (strstr(rows[i].name, bench_holds_of))
			err = measure(&rows[i], shape, live, loaded);
	return err;
}

static int measure_all(bool loaded)
{
	int shape, size, err = 0;

	for (size = 0; !err && size < bench_nr_sizes; size++)
		for (shape = 0; !err && shape < NR_SHAPES; shape++)
			err = measure_rows(shape, max(bench_sizes[size], 1u),
					   loaded);
	return err;
}

/**
 * bench_holds() - measure the longest hold of each change, without load
 *
 * Return: 0 or an error.
 */
int bench_holds(void)
{
	return measure_all(false);
}

/**
 * bench_loaded_holds() - the same, beside as many readers and waiters as one
 * user may have
 *
 * Return: 0 or an error.
 */
int bench_loaded_holds(void)
{
	return measure_all(true);
}
