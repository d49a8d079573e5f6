/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * procsrv selftests - one client attacks, and another is measured
 *
 * The bystander makes the same calls in each round, first alone and then beside
 * an attack. It has priority over all other tasks (SCHED_FIFO), so it only
 * waits for stretches of the attacker's calls that cannot be preempted.
 *
 * Times are nanoseconds, which are instructions on a machine that counts them
 * (-icount shift=0,sleep=off). There, with BOUNDS_COUNT in the environment,
 * they are checked. Elsewhere they are only printed, as they depend on other
 * load of the machine. Bytes and errors are checked everywhere.
 */
#ifndef SELFTESTS_BOUNDS_H
#define SELFTESTS_BOUNDS_H

#include <sched.h>
#include <sys/resource.h>
#include <sys/wait.h>

#include "cgroup.h"
#include "handles.h"

enum {
	ATTACKER = 1000,	/* user ids */
	BYSTANDER = 2000,

	KIB = 1 << 10,
	MIB = 1 << 20,

	ROUNDS = 100,		/* of the bystander, alone and beside the attack */
	PERIOD_NS = 500 * 1000,	/* from one to the next */
	STEPS = 20,		/* of the attacker, before the measurement */

	SLACK = 512 * KIB,	/* charges that a cgroup caches per processor */
	STALL_MAX = 250 * 1000,	/* instructions until the bystander gets the processor, */
	CALL_MAX = 25 * 1000,	/* and of its longest call, which takes 4,000 alone */
};

/**
 * struct attack - a way to harm others
 * @name: the resource that is attacked
 * @prepare: runs first, as the attacker; 0 or a negative errno. May be NULL
 * @step: one of many steps; 0 or a negative errno
 * @exhausts: the measurement begins once a step is refused, because the
 *	attacker has reached its limit
 * @bytes: the most that it may hold with the default limits of the server
 */
struct attack {
	const char *name;
	int (*prepare)(int fd, __u64 own);
	int (*step)(int fd, __u64 own);
	bool exhausts;
	long long bytes;
};

/**
 * struct measures - measurements of the bystander
 * @rounds: number of rounds
 * @failed: number of rounds with a call that failed
 * @err: error of the first of those
 * @call: the longest call
 * @stall: the longest time from when it was due to run until it ran
 */
struct measures {
	__u64 rounds;
	__u64 failed;
	int err;
	__u64 call;
	__u64 stall;
};

/**
 * struct bounds - memory that the processes of a test share
 * @alone: the bystander, before the attack
 * @beside: the bystander, beside the attack
 * @steps: steps of the attacker
 * @refused: steps that were refused
 * @err: error of its preparation
 * @stop: the attacker is to stop
 */
struct bounds {
	struct measures alone;
	struct measures beside;
	__u64 steps;
	__u64 refused;
	int err;
	bool stop;
};

static struct bounds *bounds;

static inline int timed(struct measures *m, int ret, __u64 begin)
{
	__u64 took = now_ns() - begin;

	if (took > m->call)
		m->call = took;
	return ret;
}

#define TIMED(m, expr) ({ __u64 begin_ = now_ns(); timed(m, expr, begin_); })

/* The life of a process, with look-ups. */
static inline int bystander_round(int fd, __u64 own, struct measures *m)
{
	struct procsrv_info info;
	struct procsrv_stats stats;
	__u32 count;
	__u64 pid;
	int ret;

	ret = TIMED(m, create_as(fd, own, "bystander", BYSTANDER, BYSTANDER, &pid));
	if (!ret)
		ret = TIMED(m, do_exec(fd, pid, "bystander"));
	if (!ret)
		ret = TIMED(m, get_info(fd, pid, &info));
	if (!ret)
		ret = TIMED(m, get_stats(fd, &stats));
	if (!ret)
		ret = TIMED(m, send_signal(fd, own, PROCSRV_TARGET_TREE, pid, SIGTERM,
					   &count));
	if (!ret)
		ret = TIMED(m, reap(fd, own, pid));
	return ret;
}

static inline void bystander_run(int fd, __u64 own, struct measures *m)
{
	struct timespec due;
	__u64 at = now_ns();
	int ret;

	for (m->rounds = 0; m->rounds < ROUNDS; m->rounds++) {
		at += PERIOD_NS;
		due = (struct timespec) { .tv_sec = at / 1000000000, .tv_nsec = at % 1000000000 };
		clock_nanosleep(CLOCK_MONOTONIC, TIMER_ABSTIME, &due, NULL);
		if (now_ns() - at > m->stall)
			m->stall = now_ns() - at;
		ret = bystander_round(fd, own, m);
		if (ret && !m->failed++)
			m->err = ret;
		/* A late round does not make the next one late. */
		if (now_ns() > at)
			at = now_ns();
	}
}

static inline bool turn_into(__u32 user, const struct cgroup *cg)
{
	const struct rlimit files = { 1 << 16, 1 << 16 };

	return !setrlimit(RLIMIT_NOFILE, &files) && !cgroup_enter(cg) &&
	       !setresgid(user, user, user) && !setresuid(user, user, user);
}

/* Does not return. */
static inline void attack_run(const struct attack *attack, int fd, __u64 own,
			      const struct cgroup *cg)
{
	if (!turn_into(ATTACKER, cg))
		_exit(1);
	if (attack->prepare)
		bounds->err = attack->prepare(fd, own);
	while (!bounds->err && !__atomic_load_n(&bounds->stop, __ATOMIC_SEQ_CST)) {
		if (attack->step(fd, own))
			__atomic_fetch_add(&bounds->refused, 1, __ATOMIC_SEQ_CST);
		__atomic_fetch_add(&bounds->steps, 1, __ATOMIC_SEQ_CST);
	}
	_exit(0);
}

/*
 * Measures alone, then waits for the attack, and measures beside it. Does not
 * return.
 */
static inline void bystander_live(int fd, __u64 own, const struct cgroup *cg, int go)
{
	const struct sched_param first = { .sched_priority = 50 };
	char c;

	if (sched_setscheduler(0, SCHED_FIFO, &first) || !turn_into(BYSTANDER, cg))
		_exit(1);
	bystander_run(fd, own, &bounds->alone);
	if (write(go, "", 1) != 1 || read(go, &c, 1) != 1)
		_exit(2);
	bystander_run(fd, own, &bounds->beside);
	if (write(go, "", 1) != 1 || read(go, &c, 1) != 1)
		_exit(3);
	_exit(0);
}

#endif /* SELFTESTS_BOUNDS_H */
