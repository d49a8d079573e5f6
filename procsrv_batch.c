// SPDX-License-Identifier: GPL-2.0-only
/*
 * Several operations in one call
 *
 * The array is copied in as a whole, and copied out as a whole. In between
 * each operation runs as it would by itself, but that its structure is in the
 * array.
 */
#include <linux/mm.h>
#include <linux/sched/signal.h>
#include <linux/slab.h>
#include <linux/string.h>
#include <linux/uaccess.h>

#include "compat.h"
#include "procsrv_copy.h"
#include "procsrv_ioctl.h"
#include "procsrv_layout.h"

enum {
	OP_SIZE_VER0 = 128,	/* of struct procsrv_batch_op */

	/* Before others may have the processor. */
	OPS_AT_A_TIME = 16,
};

static_assert(sizeof(union procsrv_args) <=
	      sizeof_field(struct procsrv_batch_op, args));

/* From a caller with another version of the structure. */
static int args_from_array(const struct procsrv_operation *op, const void *from,
			   size_t size, union procsrv_args *args)
{
	size_t known = _IOC_SIZE(op->cmd), n = min(size, known);

	if (!(_IOC_DIR(op->cmd) & _IOC_WRITE))
		n = 0;
	else if (size > known && memchr_inv(from + n, 0, size - n))
		return -E2BIG;
	memcpy(args, from, n);
	if (n < known)
		memset((void *)args + n, 0, known - n);
	return 0;
}

static void args_to_array(const struct procsrv_operation *op, void *to,
			  size_t size, const union procsrv_args *args)
{
	size_t n = min_t(size_t, size, _IOC_SIZE(op->cmd));

	if (!(_IOC_DIR(op->cmd) & _IOC_READ))
		return;
	memcpy(to, args, n);
	if (n < size)
		memset(to + n, 0, size - n);
}

static int run_converted(struct procsrv_call *call,
			 const struct procsrv_operation *op, void *array_args,
			 size_t size)
{
	union procsrv_args args procsrv_uninitialized;
	int err;

	err = args_from_array(op, array_args, size, &args);
	if (err)
		return err;
	call->args = &args;
	err = procsrv_run(op, call);
	if (!err || err == -ERESTARTSYS)
		args_to_array(op, array_args, size, &args);
	return err;
}

/* Runs one; there are @room bytes for its structure. */
static int run_one(struct procsrv_call *call, struct procsrv_batch_op *elem,
		   size_t room)
{
	const struct procsrv_operation *op;
	size_t size = _IOC_SIZE(elem->cmd);
	int err;

	op = procsrv_find_operation(elem->cmd);
	if (IS_ERR(op))
		return PTR_ERR(op);
	if (op->alone)
		return -EOPNOTSUPP;
	if (size > room)
		return -EINVAL;
	if (elem->cmd == op->cmd) {
		call->args = (void *)elem->args;
		err = procsrv_run(op, call);
	} else {
		err = run_converted(call, op, elem->args, size);
	}
	/* What was done before it is not done again: there is no restart. */
	return err == -ERESTARTSYS ? -EINTR : err;
}

/* How many of them were run. */
static u32 run_all(const struct procsrv_call *c, void *array)
{
	const struct procsrv_batch_args *a = &c->args->batch;
	struct procsrv_call call = { .client = c->client, .ps = c->ps };
	struct procsrv_batch_op *elem;
	u32 i;

	for (i = 0; i < a->count; i++) {
		if (fatal_signal_pending(current))
			break;
		elem = array + (size_t)i * a->op_size;
		elem->result = run_one(&call, elem,
				       a->op_size - sizeof(u64));
		if (elem->result == -EINTR ||
		    (elem->result && a->flags & PROCSRV_BATCH_STOP))
			return i + 1;
		if (i % OPS_AT_A_TIME == 0)
			cond_resched();
	}
	return i;
}

static int run_array(struct procsrv_call *c, void *array)
{
	struct procsrv_batch_args *a = &c->args->batch;
	void __user *user = u64_to_user_ptr(a->ops);
	size_t size = (size_t)a->count * a->op_size;

	if (copy_from_user(array, user, size) ||
	    procsrv_check_writable(user, array, size))
		return -EFAULT;
	a->done = run_all(c, array);
	size = (size_t)a->done * a->op_size;
	return copy_to_user(user, array, size) ? -EFAULT : 0;
}

/**
 * procsrv_do_batch() - the operation BATCH
 * @c: the call
 *
 * Context: may sleep.
 * Return: 0, whatever the operations in it return; -EINVAL; -E2BIG; -EFAULT;
 * -ENOMEM.
 */
int procsrv_do_batch(struct procsrv_call *c)
{
	struct procsrv_batch_args *a = &c->args->batch;
	void *array;
	int err;

	if (a->flags & ~PROCSRV_BATCH_STOP || !a->count ||
	    a->op_size < OP_SIZE_VER0 || a->op_size % sizeof(u64))
		return -EINVAL;
	if (a->count > PROCSRV_BATCH_MAX || a->op_size > PAGE_SIZE)
		return -E2BIG;
	array = kvmalloc_array(a->count, a->op_size, PROCSRV_GFP);
	if (!array)
		return -ENOMEM;
	err = run_array(c, array);
	kvfree(array);
	return err;
}
