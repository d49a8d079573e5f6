/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * A fuzzer of the interface: shared declarations
 *
 * An input is a program: records of a fixed size, each an operation. Threads and processes, here
 * called actors, run them. The kernel reports coverage by KCOV. libFuzzer keeps inputs with new
 * coverage, and mutates them.
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
	BODY_MAX	= 5,	/* records that OP_FORK or OP_THREAD runs */
	NR_THREADS	= 4,	/* actors that run an input */
	NR_SPARE	= 4,	/* more actors that an input may start */
	NR_ACTORS	= NR_THREADS + NR_SPARE,
	FIRST_PROCESS	= NR_THREADS + NR_SPARE / 2,	/* of the spare actors */
	NR_SLOTS	= 8,	/* for descriptors */
	NR_SERVERS	= 4,	/* servers with separate ids */
	NR_SHARED_RINGS	= 2,
	NR_RINGS	= NR_SHARED_RINGS + NR_ACTORS - FIRST_PROCESS,
	PAGE		= 4096,

	MAX_PROCESSES	= 24,	/* limits for the module, low enough for an */
	MAX_USER	= 12,	/* input to reach them */
};

/**
 * struct record - an operation of a program
 * @op: the number of an ioctl, or another operation from OP_OTHER on
 * @how: HOW_*
 * @fd: the slot of its descriptor, or an invalid descriptor from FD_WRONG on
 * @spoil: enum spoil: a defect of its structure
 * @arg: one byte per field of the structure, or specific to the operation
 */
struct record {
	__u8 op;
	__u8 how;
	__u8 fd;
	__u8 spoil;
	__u8 arg[NR_ARGS];
};

#define HOW_THREAD	0x03	/* the thread that runs it */
#define HOW_URING	0x04	/* through io_uring */
#define HOW_ASYNC	0x08	/* ... by a worker of it */
#define HOW_RING	0x10	/* ... through the second ring */
#define HOW_DRAIN	0x20	/* ... after everything submitted before */
#define HOW_LINK	0x40	/* ... linked: the next one follows this one */
#define HOW_HARD_LINK	0x80	/* ... even if this one fails */

#define FD_WRONG	0xf0

/* Operations other than ioctls. */
enum {
	OP_OTHER = 0x40,
	OP_READ = OP_OTHER,
	OP_POLL,
	OP_CLOSE,
	OP_DUP,
	OP_OPEN,
	OP_FORK,	/* a process runs the records that follow */
	OP_THREAD,	/* a temporary thread runs the records that follow */
	OP_SEND,
	OP_RECEIVE,
	OP_INTERRUPT,
	OP_CREDENTIALS,
	OP_SCRIBBLE,	/* over the arguments of others */
	OP_MAP,
	OP_ODD,		/* system calls that the device does not support */
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
	OLD_IOCTLS = 0x1c,	/* numbers that no ioctl has are taken modulo this */
	NR_OTHER = OP_END - OP_OTHER,
};

/* Defects of a structure. Other values mean none. */
enum spoil {
	SPOIL_NOTHING,
	SPOIL_FIRST = 0xe0,
	SPOIL_NULL = SPOIL_FIRST,
	SPOIL_UNMAPPED,
	SPOIL_KERNEL,
	SPOIL_READ_ONLY,
	SPOIL_PAGE_END,		/* no defect: it ends where the memory ends */
	SPOIL_BEYOND,
	SPOIL_SHARED,		/* where other actors scribble */
	SPOIL_SHORT,
	SPOIL_LONGER,
	SPOIL_LONGER_DIRTY,
	SPOIL_DIRECTION,
	SPOIL_TYPE,
	SPOIL_PADDING,
	SPOIL_BIT,		/* a bit anywhere in it is flipped */
	SPOIL_END,
};

/**
 * struct ids - ids that a program has created in a server
 * @pid: pids; the first is that of init
 * @nr_pids: number of pids stored so far, including overwritten ones
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
 * @server: index of the ids that go with it
 */
struct slot {
	int fd;
	int server;
};

/**
 * struct kcov - a KCOV buffer, used by one thread at a time
 * @fd: KCOV's descriptor, or -1 if the kernel has no KCOV
 * @pcs: the number of places, followed by the places
 */
struct kcov {
	int fd;
	__u64 *pcs;
};

/**
 * struct actor - a thread that runs operations
 * @thread: the thread
 * @tid: its thread id, or 0 if it does not run
 * @go: posted when there is work
 * @busy: it runs operations
 * @step: the records that it has to run
 * @nr_steps: number of @step
 * @now: index of the record that it runs, for reports
 * @edge: a page that is followed by unmapped memory
 * @stack: stack of its child process, if it has any
 * @kcov: its coverage
 * @unprivileged: its credentials are changed temporarily
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
 * @nr: number of operations
 * @slot: descriptors
 * @ids: ids per server
 * @next_server: for the next private server
 * @stop: its time is up: actors begin no more operations
 * @used_uring: requests of io_uring may complete later
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

/* memory.c: valid and invalid addresses */
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

/* other.c: operations other than ioctls */
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

/* coverage.c: coverage of the kernel */
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

/* module.c: the module, and the kernel log */
void module_init(void);
void module_wait_unused(void);
void module_remove(void);
void module_reload(void);
void kernel_log_init(void);
void kernel_log_check(void);

/* oracle.c: invariants that hold after an input */
void oracle(void);

/* libFuzzer calls these, except LLVMFuzzerMutate(), which it provides */
int LLVMFuzzerTestOneInput(const __u8 *data, size_t size);
size_t LLVMFuzzerMutate(__u8 *data, size_t size, size_t max_size);
size_t LLVMFuzzerCustomMutator(__u8 *data, size_t size, size_t max_size, unsigned int seed);
size_t LLVMFuzzerCustomCrossOver(const __u8 *data1, size_t size1, const __u8 *data2,
				 size_t size2, __u8 *out, size_t max_out, unsigned int seed);

/* main.c */
__attribute__((format(printf, 1, 2), noreturn)) void finding(const char *format, ...);

#endif /* FUZZ_H */
