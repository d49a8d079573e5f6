/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The operations, for the ways in which they are called
 */
#ifndef PROCSRV_IOCTL_H
#define PROCSRV_IOCTL_H

#include "client.h"
#include "args.h"

/* First versions of what is measured by a size field, not by the ioctl. */
enum {
	PROCSRV_INFO_SIZE_VER0 = offsetofend(struct procsrv_info, name),
	PROCSRV_PID_SIZE_VER0 = sizeof(u64),
};

/**
 * struct procsrv_async - a wait of an operation that must not sleep
 * @cmd: the number of the operation, WAIT or TAKE_SIGNAL; set by whatever runs
 *	it
 * @args: of an operation in a batch: its structure
 * @waiter: of WAIT; the caller sets the @wake of @base
 * @taker: of TAKE_SIGNAL
 * @base: that of either
 * @wait: of WAIT: what it waits for, and its result
 * @take: of TAKE_SIGNAL: likewise
 */
struct procsrv_async {
	unsigned int cmd;
	union procsrv_args args;
	union {
		struct procsrv_waiter base;
		struct procsrv_child_waiter waiter;
		struct procsrv_taker taker;
	};
	union {
		struct procsrv_wait wait;
		struct procsrv_take take;
	};
};

static_assert(!offsetof(struct procsrv_child_waiter, base));
static_assert(!offsetof(struct procsrv_taker, base));

/**
 * struct procsrv_call - a call of an operation
 * @client: the descriptor that it was made on
 * @ps: its server
 * @args: what was passed, and what is passed back: left alone by what fails,
 *	but for the time that is left when it fails with -ERESTARTSYS
 * @async: NULL where the operation may sleep; otherwise it waits there, and
 *	returns -EINPROGRESS
 * @file: what @fd is to be, once nothing can fail any more; or NULL
 * @fd: a descriptor that is reserved
 * @in_batch: it is an operation of a batch that has made changes
 */
struct procsrv_call {
	struct procsrv_client *client;
	struct procsrv *ps;
	union procsrv_args *args;
	struct procsrv_async *async;
	struct file *file;
	int fd;
	bool in_batch;
};

/**
 * struct procsrv_operation - an operation
 * @cmd: its number, with the size of the structure as it is now
 * @min_size: the size of its first version
 * @looks: changes nothing: if it fails in the end, nothing is to be undone
 * @alone: not in batches: a descriptor cannot be taken back when the array
 *	cannot be stored, and batches do not nest
 * @waits: returns -EINPROGRESS where it must not sleep
 * @run: does it, on a copy of the structure in kernel memory
 */
struct procsrv_operation {
	unsigned int cmd;
	unsigned int min_size;
	bool looks;
	bool alone;
	bool waits;
	int (*run)(struct procsrv_call *call);
};

const struct procsrv_operation *procsrv_find_operation(unsigned int cmd);

static inline int procsrv_run(const struct procsrv_operation *op,
			      struct procsrv_call *call)
{
	int err = op->run(call);

	procsrv_call_done(call->client);
	return err;
}

int procsrv_args_from_user(const struct procsrv_operation *op,
			   void __user *from, size_t user_size,
			   union procsrv_args *args);
int procsrv_args_to_user(const struct procsrv_operation *op, void __user *to,
			 size_t user_size, union procsrv_args *args);

/* dev/details.c */
int procsrv_do_info(struct procsrv_call *call);
int procsrv_do_session(struct procsrv_call *call);

/* dev/async.c */
int procsrv_do_wait(struct procsrv_call *call);
int procsrv_do_take_signal(struct procsrv_call *call);
int procsrv_async_end(struct procsrv *ps, struct procsrv_async *async, int err);
void procsrv_async_to_args(const struct procsrv_async *async,
			   union procsrv_args *args);
bool procsrv_async_deadline(const struct procsrv_async *async,
			    ktime_t *deadline);

/* dev/batch.c */
int procsrv_do_batch(struct procsrv_call *call);
int procsrv_batch_resume(struct procsrv_call *call, int result, bool is_last);

#endif /* PROCSRV_IOCTL_H */
