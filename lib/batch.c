// SPDX-License-Identifier: GPL-2.0-only
/*
 * Several operations in one call.
 */
#include <stdint.h>
#include <string.h>

#include <procsrv.h>

/* The server refuses a structure that does not fit with -EINVAL. */
static size_t args_size(const struct procsrv_batch_op *op)
{
	size_t size = _IOC_SIZE(op->cmd);

	return size < sizeof(op->args) ? size : sizeof(op->args);
}

void procsrv_batch_set(struct procsrv_batch_op *op, unsigned long request,
		       const void *args)
{
	memset(op, 0, sizeof(*op));
	op->cmd = request;
	memcpy(op->args, args, args_size(op));
}

int procsrv_batch_get(const struct procsrv_batch_op *op, void *args)
{
	memcpy(args, op->args, args_size(op));
	return op->result;
}

int procsrv_batch(int fd, struct procsrv_batch_op *ops, __u32 count,
		  __u32 flags)
{
	struct procsrv_batch_args args = {
		.ops = (uintptr_t)ops,
		.op_size = sizeof(*ops),
		.count = count,
		.flags = flags,
	};
	int ret = procsrv_call(fd, PROCSRV_IOC_BATCH, &args);

	return ret ? ret : (int)args.done;
}
