/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * A fuzzer of the interface: what its files share
 *
 * An input is a program: records of a fixed size, each an operation. Threads, here called
 * actors, run them; the kernel says by KCOV where it has been; libFuzzer keeps what led to
 * somewhere new, and changes it.
 */
#ifndef FUZZ_H
#define FUZZ_H

#include <linux/procsrv.h>
#include <pthread.h>
#include <semaphore.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <sys/types.h>

#define ARRAY_SIZE(a) (sizeof(a) / sizeof((a)[0]))

enum {
	MAX_RECORDS	= 64,
	NR_ARGS		= 12,	/* in a record */
	BODY_MAX	= 5,	/* records that a process or a thread runs */
	NR_THREADS	= 4,	/* that run an input */
	NR_SPARE	= 4,	/* more that an input may start */
	NR_ACTORS	= NR_THREADS + NR_SPARE,
	FIRST_PROCESS	= NR_THREADS + NR_SPARE / 2,	/* of the spare ones */
	NR_SLOTS	= 8,	/* for descriptors */
	NR_SERVERS	= 4,	/* whose ids are kept apart */
	NR_SHARED_RINGS	= 2,
	NR_RINGS	= NR_SHARED_RINGS + NR_ACTORS - FIRST_PROCESS,
	PAGE		= 4096,

	MAX_PROCESSES	= 24,	/* bounds that the module gets: low enough */
	MAX_USER	= 12,	/* for an input to reach them */
};

/**
 * struct record - an operation of a program
 * @op: which: the number of an ioctl, or from OP_OTHER on one of the others
 * @how: HOW_*
 * @fd: on which descriptor: a slot, or from FD_WRONG on none at all
 * @spoil: enum spoil: what is wrong with it
 * @arg: one for each field of the structure, or by operation
 */
struct record {
	__u8 op;
	__u8 how;
	__u8 fd;
	__u8 spoil;
	__u8 arg[NR_ARGS];
};

#define HOW_THREAD	0x03	/* by which of the threads */
#define HOW_URING	0x04	/* through io_uring */
#define HOW_ASYNC	0x08	/* ... with a worker of it */
#define HOW_RING	0x10	/* ... through the second ring */
#define HOW_DRAIN	0x20	/* ... after all that was submitted before */
#define HOW_LINK	0x40	/* ... and the next one after this one, and with it */
#define HOW_HARD_LINK	0x80	/* ... even if this one fails */

#define FD_WRONG	0xf0

/* Operations that are no ioctls. */
enum {
	OP_OTHER = 0x40,
	OP_READ = OP_OTHER,
	OP_POLL,
	OP_CLOSE,
	OP_DUP,
	OP_OPEN,
	OP_FORK,	/* what follows is done by a process */
	OP_THREAD,	/* what follows is done by a thread that ends then */
	OP_SEND,
	OP_RECEIVE,
	OP_INTERRUPT,
	OP_CREDENTIALS,
	OP_SCRIBBLE,	/* over what the others pass */
	OP_MAP,
	OP_ODD,		/* calls that the device does not have */
	OP_FLAGS,
	OP_RING_CANCEL,
	OP_RING_WAIT,
	OP_RING_CLOSE,
	OP_EPOLL,
	OP_NAP,
	OP_SYSFS,
	OP_END,
};

enum {
	NR_IOCTLS = 0x21,
	OLD_IOCTLS = 0x1c,	/* what a number above all is counted from */
	NR_OTHER = OP_END - OP_OTHER,
};

/* What can be wrong with a structure; anything else is nothing. */
enum spoil {
	SPOIL_NOTHING,
	SPOIL_FIRST = 0xe0,
	SPOIL_NULL = SPOIL_FIRST,
	SPOIL_UNMAPPED,
	SPOIL_KERNEL,
	SPOIL_READ_ONLY,
	SPOIL_PAGE_END,		/* nothing is: it ends where the memory does */
	SPOIL_BEYOND,
	SPOIL_SHARED,		/* where others scribble */
	SPOIL_SHORT,
	SPOIL_LONGER,
	SPOIL_LONGER_DIRTY,
	SPOIL_DIRECTION,
	SPOIL_TYPE,
	SPOIL_PADDING,
	SPOIL_BIT,		/* anywhere in it */
	SPOIL_END,
};

/**
 * struct ids - what a program has made in a server
 * @pid: pids, the first is that of init
 * @nr_pids: how many were stored, those that were overwritten counted
 * @sid: sessions, likewise
 * @nr_sids: likewise
 * @pgid: process groups, likewise
 * @nr_pgids: likewise
 */
struct ids {
	__u64 pid[32];
	unsigned int nr_pids;
	__u32 sid[16];
	unsigned int nr_sids;
	__u32 pgid[16];
	unsigned int nr_pgids;
};

/**
 * struct slot - a descriptor
 * @fd: the descriptor or -1
 * @server: whose ids go with it
 */
struct slot {
	int fd;
	int server;
};

/**
 * struct kcov - what the kernel says of one thread at a time
 * @fd: of KCOV, or -1 if the kernel has none
 * @pcs: their number, and then the places
 */
struct kcov {
	int fd;
	__u64 *pcs;
};

/**
 * struct actor - a thread that runs operations
 * @thread: the thread
 * @tid: its number; 0 if it is none now
 * @go: posted when there is work
 * @busy: it works
 * @step: the records that it has to run
 * @nr_steps: how many
 * @now: which of the records of the program it runs, for reports
 * @edge: a page that the last of the memory is
 * @stack: of its child, if it has such
 * @kcov: where it has been
 * @unprivileged: it has other credentials for a while
 */
struct actor {
	pthread_t thread;
	pid_t tid;
	sem_t go;
	bool busy;
	__u8 step[MAX_RECORDS];
	unsigned int nr_steps;
	unsigned int now;
	__u8 *edge;
	__u8 *stack;
	struct kcov kcov;
	bool unprivileged;
};

/**
 * struct program - the input that runs now
 * @record: its operations
 * @nr: how many
 * @slot: descriptors
 * @ids: by server
 * @next_server: for the next private server
 * @stop: its time is up: nobody begins anything any more
 * @used_uring: some requests may end later
 */
struct program {
	struct record record[MAX_RECORDS];
	unsigned int nr;
	struct slot slot[NR_SLOTS];
	struct ids ids[NR_SERVERS];
	unsigned int next_server;
	bool stop;
	bool used_uring;
};

extern struct program program;
extern struct actor actors[NR_ACTORS];
extern bool verbose;

/* grammar.c: from bytes to structures */
unsigned int body_length(const struct record *r);
const char *op_name(__u8 op);
unsigned int ioctl_number(__u8 op);
__u8 op_of(const struct record *r);
void fill_args(const struct record *r, unsigned int index, const struct ids *ids, void *args);
void learn(const struct record *r, struct ids *ids, const void *args, int fd_server);
void print_args(const struct record *r, const void *args);
unsigned int batch_length(const struct record *r, unsigned int follow);

/* memory.c: addresses of all kinds */
void memory_init(void);
void memory_reset(void);
void *args_at(unsigned int index);
void *array_at(unsigned int index);
__u64 bad_address(__u8 choice);
__u64 room_address(__u8 choice);
__u64 name_address(__u8 choice);
__u64 path_address(__u8 choice);
__u64 list_address(__u8 choice);
__u64 spoilt_address(struct actor *a, unsigned int index, __u8 spoil, size_t size);
void fetch_args(struct actor *a, unsigned int index, __u8 spoil, size_t size);
void scribble(const struct record *r);

/* run.c: operations */
unsigned int run_record(struct actor *a, unsigned int index, unsigned int end);
void run_range(struct actor *a, unsigned int first, unsigned int end);
void add_fd(int fd, int server);
int slot_of(__u8 choice, struct slot *copy);
void close_all(void);

/* other.c: operations that are no ioctls */
long run_other(struct actor *a, unsigned int index);
void sockets_init(void);

/* rings.c: io_uring */
void rings_init(void);
long ring_ioctl(struct actor *a, const struct record *r, unsigned int index, int fd,
		unsigned int cmd, __u64 address);
long ring_cancel(const struct actor *a, const struct record *r, int fd);
long ring_wait(const struct actor *a, const struct record *r);
long ring_close(const struct actor *a, const struct record *r);
void rings_close(void);
void ring_forget(const struct actor *a);

/* actors.c: threads and processes */
extern const int signal_interrupt, signal_restart;
void actors_init(void);
void actors_run(void);
long actor_fork(unsigned int index, unsigned int end);
long actor_thread(const struct actor *by, unsigned int first, unsigned int end);

/* coverage.c: where the kernel has been */
void coverage_init(void);
void coverage_module(void);
void kcov_open(struct kcov *k);
void kcov_on(struct kcov *k);
void kcov_off(struct kcov *k);
void coverage_begin(void);
void coverage_fold(void);
void coverage_result(__u8 op, __u8 how, long result);
unsigned int coverage_count(void);
void coverage_save(void);

/* module.c: the module, and what the kernel says */
void module_init(void);
void module_wait_unused(void);
void module_remove(void);
void module_reload(void);
void kernel_log_init(void);
void kernel_log_check(void);

/* oracle.c: what must be true after an input */
void oracle(void);

/* libFuzzer calls these, and has the second */
int LLVMFuzzerTestOneInput(const __u8 *data, size_t size);
size_t LLVMFuzzerMutate(__u8 *data, size_t size, size_t max_size);
size_t LLVMFuzzerCustomMutator(__u8 *data, size_t size, size_t max_size, unsigned int seed);
size_t LLVMFuzzerCustomCrossOver(const __u8 *data1, size_t size1, const __u8 *data2,
				 size_t size2, __u8 *out, size_t max_out, unsigned int seed);

/* main.c */
__attribute__((format(printf, 1, 2), noreturn)) void finding(const char *format, ...);

#endif /* FUZZ_H */
