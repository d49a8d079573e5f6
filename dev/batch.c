// SPDX-License-Identifier: GPL-2.0-only
/*
 * Several operations in one call
 *
 * The array is copied in as a whole, and copied out as a whole. In between
 * each operation runs as it would by itself, but that its structure is in the
 * array. Where the caller must not sleep, the batch is left at the first
 * operation that waits, and resumed when the wait is over: a wait keeps no
 * copy of the array, which would be up to 4 MiB.
 */
#include <linux/mm.h>
#include <linux/sched/signal.h>
#include <linux/slab.h>
#include <linux/string.h>
#include <linux/uaccess.h>

#include "copy.h"
#include "ioctl.h"
#include "layout.h"

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

static noinline_for_stack int
run_converted(struct procsrv_call *call, const struct procsrv_operation *op,
	      void *array_args, size_t size)
{
	union procsrv_args args = {};
	int err;

	err = args_from_array(op, array_args, size, &args);
	if (err)
		return err;
	call->args = &args;
	err = procsrv_run(op, call);
	if (!err || err == -ERESTARTSYS)
		args_to_array(op, array_args, size, &args);
	else if (err == -EINPROGRESS)
		call->async->args = args;
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
	if (call->async)
		call->async->cmd = elem->cmd;
	if (!op->looks && !call->in_batch) {
		procsrv_batch_begin(call->ps);
		call->in_batch = true;
	}
	if (elem->cmd == op->cmd) {
		call->args = (void *)elem->args;
		err = procsrv_run(op, call);
		if (err == -EINPROGRESS)
			memcpy(&call->async->args, elem->args, size);
	} else {
		err = run_converted(call, op, elem->args, size);
	}
	/* What was done before it is not done again: there is no restart. */
	return err == -ERESTARTSYS ? -EINTR : err;
}

/* Does the batch end with an operation of this result? */
static bool ends_batch(const struct procsrv_batch_args *a, int result)
{
	return result == -EINTR || (result && a->flags & PROCSRV_BATCH_STOP);
}

/*
 * Runs those from @a->done on, which are in @array, and adds those that were
 * run to @a->done. 0, or -EINPROGRESS if the next one waits.
 */
static int run_all(const struct procsrv_call *c, void *array)
{
	struct procsrv_batch_args *a = &c->args->batch;
	struct procsrv_call call = {
		.client = c->client,
		.ps = c->ps,
		.async = c->async,
	};
	struct procsrv_batch_op *elem = array;
	int err = 0;

	for (; a->done < a->count; elem = (void *)elem + a->op_size) {
		if (fatal_signal_pending(current))
			break;
		err = run_one(&call, elem, a->op_size - sizeof(u64));
		if (err == -EINPROGRESS)
			break;
		elem->result = err;
		a->done++;
		if (ends_batch(a, err))
			break;
		if (a->done % OPS_AT_A_TIME == 0)
			cond_resched();
	}
	if (call.in_batch)
		procsrv_batch_end(c->ps);
	return err == -EINPROGRESS ? err : 0;
}

static struct procsrv_batch_op __user *
user_element(const struct procsrv_batch_args *a)
{
	return u64_to_user_ptr(a->ops + (u64)a->done * a->op_size);
}

static int run_array(struct procsrv_call *c, void *array, size_t size)
{
	struct procsrv_batch_args *a = &c->args->batch;
	void __user *user = user_element(a);
	u32 first = a->done;
	int err;

	if (copy_from_user(array, user, size) ||
	    procsrv_check_writable(user, array, size))
		return -EFAULT;
	err = run_all(c, array);
	if (!copy_to_user(user, array, (size_t)(a->done - first) * a->op_size))
		return err;
	if (err == -EINPROGRESS)
		procsrv_async_end(c->ps, c->async, -EFAULT);
	return -EFAULT;
}

/* Copies those from @a->done on in, runs them, copies what was run out. */
static int run_rest(struct procsrv_call *c)
{
	struct procsrv_batch_args *a = &c->args->batch;
	size_t size = (size_t)(a->count - a->done) * a->op_size;
	void *array;
	int err;

	array = kvmalloc(size, PROCSRV_GFP);
	if (!array)
		return -ENOMEM;
	err = run_array(c, array, size);
	kvfree(array);
	return err;
}

/**
 * procsrv_do_batch() - the operation BATCH
 * @c: the call
 *
 * Context: may sleep; does not wait if @c->async is set.
 * Return: 0, whatever the operations in it return; -EINVAL; -E2BIG; -EFAULT;
 * -ENOMEM; with @c->async -EINPROGRESS if one of them waits: it is to be
 * followed by procsrv_batch_resume().
 */
int procsrv_do_batch(struct procsrv_call *c)
{
	struct procsrv_batch_args *a = &c->args->batch;

	if (a->flags & ~PROCSRV_BATCH_STOP || !a->count ||
	    a->op_size < OP_SIZE_VER0 || a->op_size % sizeof(u64))
		return -EINVAL;
	if (a->count > PROCSRV_BATCH_MAX || a->op_size > PAGE_SIZE)
		return -E2BIG;
	a->done = 0;
	return run_rest(c);
}

/* Stores what came of the operation that has waited. */
static int result_to_user(const struct procsrv_call *c, int result)
{
	struct procsrv_batch_op __user *elem =
		user_element(&c->args->batch);
	struct procsrv_async *async = c->async;

	if (put_user(result, &elem->result))
		return -EFAULT;
	if (result)
		return 0;
	procsrv_async_to_args(async, &async->args);
	return procsrv_args_to_user(procsrv_find_operation(async->cmd),
				    elem->args, _IOC_SIZE(async->cmd),
				    &async->args);
}

/**
 * procsrv_batch_resume() - go on with a batch in which an operation has waited
 * @c: the call, as it was when it returned -EINPROGRESS
 * @result: what procsrv_async_end() has returned
 * @is_last: end the batch with this operation
 *
 * Nothing of the array is kept while an operation waits: the rest is read
 * again, and checked like an array that is passed for the first time. The caller
 * sets @is_last if the task has other credentials than at the submission: what
 * the array has now is then not to be run with those of the submission.
 *
 * Context: may sleep; in the memory, and with the credentials, of the caller.
 * Return: as procsrv_do_batch(); without memory to go on the batch ends.
 */
int procsrv_batch_resume(struct procsrv_call *c, int result, bool is_last)
{
	struct procsrv_batch_args *a = &c->args->batch;
	int err;

	err = result_to_user(c, result);
	if (err)
		return err;
	a->done++;
	if (is_last || ends_batch(a, result) || a->done == a->count)
		return 0;
	err = run_rest(c);
	return err == -ENOMEM ? 0 : err;
}
