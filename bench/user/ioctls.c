// SPDX-License-Identifier: GPL-2.0-only
/*
 * The cost of the server's calls
 */
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include <linux/procsrv.h>

#include "../../dev/args.h"
#include "count.h"

enum {
	PAGE = 64,
	BATCH = 64,
	SIG = 10,
	UID = 1000,
};

static const char name[] = "worker";
static const char argv[] = "/bin/worker\0--n";
static const char envp[] = "PATH=/bin";

static int device, nothing;

/* Processes and buffers that exist during all measurements. */
static __u64 leader, victim, lone, child;
static __u32 sid, pgid, lone_sid;

static struct procsrv_info info;
static struct procsrv_info *infos;
static __u64 pids[PAGE];
static char room[3][PAGE];

static void call(unsigned long cmd, void *args)
{
	if (ioctl(device, cmd, args))
		die("ioctl");
}

/*
 * Processes of the server
 */

static void fill_create(struct procsrv_create_args *a)
{
	*a = (struct procsrv_create_args) {
		.parent = leader,
		.name = (uintptr_t)name,
		.argv = (uintptr_t)argv,
		.argv_len = sizeof(argv),
		.envp = (uintptr_t)envp,
		.envp_len = sizeof(envp),
		.uid = UID,
		.gid = UID,
	};
}

static __u64 create(__u64 parent)
{
	struct procsrv_create_args a;

	fill_create(&a);
	a.parent = parent;
	call(PROCSRV_IOC_CREATE, &a);
	return a.pid;
}

static void terminate(__u64 pid)
{
	struct procsrv_terminate_args a = { .pid = pid };

	call(PROCSRV_IOC_TERMINATE, &a);
}

static void fill_wait(struct procsrv_wait_args *a, __u64 pid)
{
	*a = (struct procsrv_wait_args) {
		.parent = leader,
		.id = pid,
		.which = PROCSRV_WAIT_PID,
		.what = PROCSRV_WAIT_EXITED,
	};
}

static void await(__u64 pid)
{
	struct procsrv_wait_args a;

	fill_wait(&a, pid);
	call(PROCSRV_IOC_WAIT, &a);
}

static void send_signal(__u64 pid, int signo)
{
	struct procsrv_signal_args a = { .id = pid, .signo = signo };

	call(PROCSRV_IOC_SIGNAL, &a);
}

static __u32 begin_session(__u64 pid, __u32 *group)
{
	struct procsrv_create_session_args a = { .leader = pid };

	call(PROCSRV_IOC_CREATE_SESSION, &a);
	if (group)
		*group = a.pgid;
	return a.sid;
}

static void populate(void)
{
	__u32 i;

	leader = create(PROCSRV_INIT_PID);
	sid = begin_session(leader, &pgid);
	victim = create(leader);
	lone = create(leader);
	lone_sid = begin_session(lone, NULL);
	for (i = 4; i < processes; i++)
		create(leader);
}

/*
 * The ioctls, compared with ones that copy as much and do nothing else
 */

static void before_create(union procsrv_args *a)
{
	fill_create(&a->create);
}

static void after_create(union procsrv_args *a)
{
	terminate(a->create.pid);
	await(a->create.pid);
}

static void before_exec(union procsrv_args *a)
{
	a->exec = (struct procsrv_exec_args) {
		.pid = victim,
		.name = (uintptr_t)name,
		.argv = (uintptr_t)argv,
		.argv_len = sizeof(argv),
		.envp = (uintptr_t)envp,
		.envp_len = sizeof(envp),
	};
}

static void before_terminate(union procsrv_args *a)
{
	child = create(leader);
	a->terminate.pid = child;
}

static void after_terminate(union procsrv_args *a)
{
	await(a->terminate.pid);
}

static void before_wait(union procsrv_args *a)
{
	child = create(leader);
	terminate(child);
	fill_wait(&a->wait, child);
}

static void before_check(union procsrv_args *a)
{
	a->signal.id = victim;
}

static void before_stop(union procsrv_args *a)
{
	a->signal.id = victim;
	a->signal.signo = SIGSTOP;
}

static void after_stop(union procsrv_args *a)
{
	(void)a;
	send_signal(victim, SIGCONT);
}

static void before_continue(union procsrv_args *a)
{
	send_signal(victim, SIGSTOP);
	a->signal.id = victim;
	a->signal.signo = SIGCONT;
}

static void before_pend(union procsrv_args *a)
{
	a->signal.id = victim;
	a->signal.signo = SIG;
}

static void after_pend(union procsrv_args *a)
{
	struct procsrv_take_signal_args take = { .pid = victim, .mask = ~0ULL };

	(void)a;
	call(PROCSRV_IOC_TAKE_SIGNAL, &take);
}

static void before_take(union procsrv_args *a)
{
	send_signal(victim, SIG);
	a->take_signal.pid = victim;
	a->take_signal.mask = ~0ULL;
}

static void before_info(union procsrv_args *a)
{
	a->info.pid = victim;
	a->info.info = (uintptr_t)&info;
	a->info.info_size = sizeof(info);
}

static void before_info_strings(union procsrv_args *a)
{
	before_info(a);
	a->info.argv = (uintptr_t)room[0];
	a->info.argv_size = sizeof(argv);
	a->info.envp = (uintptr_t)room[1];
	a->info.envp_size = sizeof(envp);
	a->info.cwd = (uintptr_t)room[2];
	a->info.cwd_size = sizeof("/");
}

static void before_get_limits(union procsrv_args *a)
{
	a->limits.pid = victim;
}

static void before_set_limits(union procsrv_args *a)
{
	a->limits.pid = victim;
	call(PROCSRV_IOC_GET_LIMITS, &a->limits);
}

static void before_update(union procsrv_args *a)
{
	a->update.pid = victim;
	a->update.mask = PROCSRV_UPDATE_CPU_TIME | PROCSRV_UPDATE_MEMORY;
	a->update.cpu_time = 1;
	a->update.memory_usage = 1;
}

static void end_child(union procsrv_args *a)
{
	(void)a;
	terminate(child);
	await(child);
}

static void before_create_session(union procsrv_args *a)
{
	child = create(leader);
	a->create_session.leader = child;
}

static void before_create_group(union procsrv_args *a)
{
	child = create(leader);
	a->create_group.leader = child;
	a->create_group.sid = sid;
}

static void before_set_group(union procsrv_args *a)
{
	struct procsrv_create_group_args group = { .sid = sid };

	child = create(leader);
	group.leader = child;
	call(PROCSRV_IOC_CREATE_GROUP, &group);
	a->set_group.pid = child;
	a->set_group.pgid = pgid;
}

static void before_session(union procsrv_args *a)
{
	a->session.sid = sid;
}

static void before_group(union procsrv_args *a)
{
	a->group.pgid = pgid;
}

static void before_set_terminal(union procsrv_args *a)
{
	a->set_terminal.sid = lone_sid;
}

static void before_hang_up(union procsrv_args *a)
{
	a->hang_up.sid = lone_sid;
}

static void before_list(union procsrv_args *a)
{
	a->list.buf = (uintptr_t)infos;
	a->list.record_size = sizeof(infos[0]);
	a->list.count = PAGE;
}

static void before_list_pids(union procsrv_args *a)
{
	a->list.buf = (uintptr_t)pids;
	a->list.record_size = sizeof(pids[0]);
	a->list.count = PAGE;
}

static void before_revoke(union procsrv_args *a)
{
	a->revoke.pid = victim;
}

static void before_set_reaper(union procsrv_args *a)
{
	a->set_reaper.pid = victim;
}

static void before_subscribe(union procsrv_args *a)
{
	a->subscribe.kinds = PROCSRV_EVENTS_ALL;
	a->subscribe.capacity = PAGE;
}

static void after_subscribe(union procsrv_args *a)
{
	struct procsrv_subscribe_args none = { 0 };

	(void)a;
	call(PROCSRV_IOC_SUBSCRIBE, &none);
}

static void before_open_process(union procsrv_args *a)
{
	a->open_process.pid = victim;
}

static void after_open_process(union procsrv_args *a)
{
	close(a->open_process.fd);
}

static void after_new_server(union procsrv_args *a)
{
	close(a->new_server.fd);
}

static const struct measured_call {
	const char *name;
	unsigned long cmd;
	void (*before)(union procsrv_args *a);
	void (*after)(union procsrv_args *a);
} calls[] = {
	{ "create", PROCSRV_IOC_CREATE, before_create, after_create },
	{ "exec", PROCSRV_IOC_EXEC, before_exec, NULL },
	{ "terminate", PROCSRV_IOC_TERMINATE, before_terminate,
	  after_terminate },
	{ "wait", PROCSRV_IOC_WAIT, before_wait, NULL },
	{ "signal: check", PROCSRV_IOC_SIGNAL, before_check, NULL },
	{ "signal: stop", PROCSRV_IOC_SIGNAL, before_stop, after_stop },
	{ "signal: continue", PROCSRV_IOC_SIGNAL, before_continue, NULL },
	{ "signal: pend", PROCSRV_IOC_SIGNAL, before_pend, after_pend },
	{ "take signal", PROCSRV_IOC_TAKE_SIGNAL, before_take, NULL },
	{ "info", PROCSRV_IOC_INFO, before_info, NULL },
	{ "info with strings", PROCSRV_IOC_INFO, before_info_strings, NULL },
	{ "get limits", PROCSRV_IOC_GET_LIMITS, before_get_limits, NULL },
	{ "set limits", PROCSRV_IOC_SET_LIMITS, before_set_limits, NULL },
	{ "update", PROCSRV_IOC_UPDATE, before_update, NULL },
	{ "create session", PROCSRV_IOC_CREATE_SESSION, before_create_session,
	  end_child },
	{ "create group", PROCSRV_IOC_CREATE_GROUP, before_create_group,
	  end_child },
	{ "set group", PROCSRV_IOC_SET_GROUP, before_set_group, end_child },
	{ "session", PROCSRV_IOC_SESSION, before_session, NULL },
	{ "group", PROCSRV_IOC_GROUP, before_group, NULL },
	{ "set terminal", PROCSRV_IOC_SET_TERMINAL, before_set_terminal, NULL },
	{ "hang up", PROCSRV_IOC_HANG_UP, before_hang_up, NULL },
	{ "list 64", PROCSRV_IOC_LIST, before_list, NULL },
	{ "list 64 pids", PROCSRV_IOC_LIST_PIDS, before_list_pids, NULL },
	{ "reap no zombie", PROCSRV_IOC_REAP, NULL, NULL },
	{ "statistics", PROCSRV_IOC_STATS, NULL, NULL },
	{ "revoke", PROCSRV_IOC_REVOKE, before_revoke, NULL },
	{ "time", PROCSRV_IOC_TIME, NULL, NULL },
	{ "set reaper", PROCSRV_IOC_SET_REAPER, before_set_reaper, NULL },
	{ "subscribe", PROCSRV_IOC_SUBSCRIBE, before_subscribe,
	  after_subscribe },
	{ "open process", PROCSRV_IOC_OPEN_PROCESS, before_open_process,
	  after_open_process },
	{ "new server", PROCSRV_IOC_NEW_SERVER, NULL, after_new_server },
	{ }
};

static void measure_call(const struct measured_call *c)
{
	union procsrv_args a, copy;
	__u32 n;

	for (n = 0; n < repeats; n++) {
		memset(&a, 0, sizeof(a));
		if (c->before)
			c->before(&a);
		copy = a;
		begin();
		if (ioctl(nothing, c->cmd, &copy))
			die("the ioctl that does nothing");
		end(&theirs, 1);
		begin();
		if (ioctl(device, c->cmd, &a))
			die(c->name);
		end(&ours, 1);
		if (c->after)
			c->after(&a);
	}
	report("ioctl", c->name, &ours);
	report("ioctl that does nothing", c->name, &theirs);
}

static void measure_cycle(void)
{
	struct procsrv_terminate_args t = { 0 };
	struct procsrv_create_args c;
	__u64 *kept = calloc(repeats, sizeof(*kept));
	struct procsrv_wait_args w;
	__u32 n;

	if (!kept)
		die("memory");
	for (n = 0; n < repeats; n++) {
		begin();
		fill_create(&c);
		call(PROCSRV_IOC_CREATE, &c);
		t.pid = c.pid;
		call(PROCSRV_IOC_TERMINATE, &t);
		fill_wait(&w, c.pid);
		call(PROCSRV_IOC_WAIT, &w);
		end(&ours, 1);
		/*
		 * Keep one more each time, so that the state of the allocator
		 * varies.
		 */
		fill_create(&c);
		call(PROCSRV_IOC_CREATE, &c);
		kept[n] = c.pid;
	}
	report("ioctl", "create+terminate+wait", &ours);
	for (n = 0; n < repeats; n++) {
		t.pid = kept[n];
		call(PROCSRV_IOC_TERMINATE, &t);
		fill_wait(&w, kept[n]);
		call(PROCSRV_IOC_WAIT, &w);
	}
	free(kept);
}

#ifdef PROCSRV_IOC_BATCH
static struct procsrv_batch_op ops[BATCH];

/* Returns what the call took, without filling the array. */
static __u64 run_batch(void)
{
	struct procsrv_batch_args a = {
		.ops = (uintptr_t)ops,
		.op_size = sizeof(ops[0]),
		.count = BATCH,
		.flags = PROCSRV_BATCH_STOP,
	};

	begin();
	call(PROCSRV_IOC_BATCH, &a);
	return elapsed();
}

static void check_batch(void)
{
	__u32 i;

	for (i = 0; i < BATCH; i++) {
		if (ops[i].result) {
			errno = -ops[i].result;
			die("an operation of a batch");
		}
	}
}

/* Three batches, because pids are only known once a batch has returned. */
static __u64 run_cycles(void)
{
	__u64 batch_pids[BATCH];
	struct procsrv_create_args c;
	__u64 sum;
	__u32 i;

	for (i = 0; i < BATCH; i++) {
		ops[i].cmd = PROCSRV_IOC_CREATE;
		fill_create((void *)ops[i].args);
	}
	sum = run_batch();
	for (i = 0; i < BATCH; i++) {
		memcpy(&c, ops[i].args, sizeof(c));
		batch_pids[i] = c.pid;
		ops[i].cmd = PROCSRV_IOC_TERMINATE;
		memset(ops[i].args, 0, sizeof(ops[i].args));
		ops[i].args[0] = c.pid;
	}
	sum += run_batch();
	for (i = 0; i < BATCH; i++) {
		ops[i].cmd = PROCSRV_IOC_WAIT;
		fill_wait((void *)ops[i].args, batch_pids[i]);
	}
	return sum + run_batch();
}

static __u64 run_updates(void)
{
	union procsrv_args a;
	__u32 i;

	for (i = 0; i < BATCH; i++) {
		memset(&a, 0, sizeof(a));
		before_update(&a);
		ops[i].cmd = PROCSRV_IOC_UPDATE;
		memcpy(ops[i].args, &a, sizeof(a.update));
	}
	return run_batch();
}

static void measure_batch(const char *what, __u64 (*run)(void))
{
	__u32 n;

	for (n = 0; n < repeats; n++) {
		sample_add(&ours, run(), BATCH);
		check_batch();
	}
	report("batch of 64", what, &ours);
}

static void measure_batches(void)
{
	measure_batch("create+terminate+wait", run_cycles);
	measure_batch("update", run_updates);
}
#else
static void measure_batches(void)
{
}
#endif

/**
 * open_server() - open the server, and the device that does nothing
 */
void open_server(void)
{
	infos = calloc(processes + 1, sizeof(*infos));
	device = open("/dev/procsrv", O_RDWR);
	nothing = open("/dev/procsrv_bench", O_RDWR);
	if (!infos || device < 0 || nothing < 0)
		die("/dev/procsrv, /dev/procsrv_bench");
	/* Fault the pages in, so that the first use does not. */
	memset(infos, 0, (processes + 1) * sizeof(*infos));
}

/**
 * measure_ioctls() - measure the calls
 */
void measure_ioctls(void)
{
	const struct measured_call *c;

	populate();
	for (c = calls; c->name; c++)
		measure_call(c);
	measure_cycle();
	measure_batches();
}

/**
 * list_all() - list all processes of the server
 *
 * Return: number of processes.
 */
size_t list_all(void)
{
	struct procsrv_list_args a = {
		.buf = (uintptr_t)infos,
		.record_size = sizeof(infos[0]),
		.count = processes + 1,
	};

	call(PROCSRV_IOC_LIST, &a);
	return a.count;
}
