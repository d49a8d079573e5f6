// SPDX-License-Identifier: GPL-2.0-only
/*
 * The operations that wait: WAIT and TAKE_SIGNAL, in a task or without one
 *
 * A task sleeps until its wait is over. Where the caller must not sleep, it
 * passes a struct procsrv_async: the operation starts the wait and returns
 * -EINPROGRESS, and the caller ends it with procsrv_async_end().
 */
#include "compat.h"
#include "ioctl.h"

/* Its result is filled in by the model. */
static void wait_from_args(struct procsrv_wait *w,
			   const struct procsrv_wait_args *a)
{
	w->parent = a->parent;
	w->which = a->which;
	w->what = a->what;
	w->flags = a->flags;
	w->id = a->id;
	w->timeout = a->timeout;
}

static void wait_to_args(const struct procsrv_wait *w,
			 struct procsrv_wait_args *a)
{
	a->why = w->why;
	a->pid = w->pid;
	a->cpu_time = w->cpu_time;
	a->children_cpu_time = w->children_cpu_time;
	a->uid = procsrv_uid_to_caller(w->uid);
	a->exit_code = w->exit_code;
	a->exit_signal = w->exit_signal;
}

/**
 * procsrv_do_wait() - the operation WAIT
 * @c: the call
 *
 * Context: sleeps, unless @c->async is set.
 * Return: as procsrv_wait(); -EINVAL if padding is not zero; with @c->async
 * -EINPROGRESS instead of sleeping.
 */
int procsrv_do_wait(struct procsrv_call *c)
{
	struct procsrv_wait_args *a = &c->args->wait;
	struct procsrv_async *async = c->async;
	struct procsrv_wait on_stack procsrv_uninitialized;
	struct procsrv_wait *w = async ? &async->wait : &on_stack;
	int err;

	if (a->pad)
		return -EINVAL;
	wait_from_args(w, a);
	err = async ? procsrv_wait_start(c->ps, &async->waiter, w) :
		      procsrv_wait(c->ps, w);
	if (!err)
		wait_to_args(w, a);
	else if (err == -ERESTARTSYS)
		a->timeout = w->timeout;
	return err;
}

static void take_from_args(struct procsrv_take *take,
			   const struct procsrv_take_signal_args *a,
			   struct procsrv_client *client)
{
	*take = (struct procsrv_take) {
		.pid = a->pid,
		.owner = &client->owner,
		.mask = a->mask,
		.flags = a->flags,
		.timeout = a->timeout,
	};
}

static void take_to_args(const struct procsrv_take *take,
			 struct procsrv_take_signal_args *a)
{
	a->signo = take->signo;
	a->sender = take->sender;
	a->count = take->count;
	a->target = take->target;
	a->origin = take->origin;
}

/**
 * procsrv_do_take_signal() - the operation TAKE_SIGNAL
 * @c: the call
 *
 * Context: sleeps, unless @c->async is set.
 * Return: as procsrv_take_signal(); with @c->async -EINPROGRESS instead of
 * sleeping.
 */
int procsrv_do_take_signal(struct procsrv_call *c)
{
	struct procsrv_take_signal_args *a = &c->args->take_signal;
	struct procsrv_async *async = c->async;
	struct procsrv_take on_stack;
	struct procsrv_take *take = async ? &async->take : &on_stack;
	int err;

	if (a->pad)
		return -EINVAL;
	take_from_args(take, a, c->client);
	err = async ? procsrv_take_start(c->ps, &async->taker, take) :
		      procsrv_take_signal(c->ps, take);
	if (!err)
		take_to_args(take, a);
	else if (err == -ERESTARTSYS)
		a->timeout = take->timeout;
	return err;
}

static bool takes_signal(const struct procsrv_async *async)
{
	return procsrv_find_operation(async->cmd)->run ==
	       procsrv_do_take_signal;
}

/**
 * procsrv_async_end() - end a wait that an operation has started
 * @ps: the server
 * @async: passed to an operation that has returned -EINPROGRESS; its waiter is
 *	in no tree when this returns
 * @err: what to return if the wait is not over
 *
 * Context: any task; takes the lock of the server.
 * Return: 0, and procsrv_async_to_args() has the result; the error that has
 * ended the wait; or @err.
 */
int procsrv_async_end(struct procsrv *ps, struct procsrv_async *async, int err)
{
	return takes_signal(async) ?
		       procsrv_take_end(ps, &async->taker, err) :
		       procsrv_wait_end(ps, &async->waiter, err);
}

/**
 * procsrv_async_to_args() - store the result of a wait
 * @async: the wait, for which procsrv_async_end() has returned 0
 * @args: the structure of its operation
 *
 * Context: the credentials are those of the caller.
 */
void procsrv_async_to_args(const struct procsrv_async *async,
			   union procsrv_args *args)
{
	if (takes_signal(async))
		take_to_args(&async->take, &args->take_signal);
	else
		wait_to_args(&async->wait, &args->wait);
}

/**
 * procsrv_async_deadline() - the time at which a wait ends by itself
 * @async: the wait
 * @deadline: set to a time of CLOCK_MONOTONIC, if it has one
 *
 * Return: whether it has one.
 */
bool procsrv_async_deadline(const struct procsrv_async *async,
			    ktime_t *deadline)
{
	bool timed;
	u64 timeout;

	if (takes_signal(async)) {
		timed = async->take.flags & PROCSRV_TAKE_TIMEOUT;
		timeout = async->take.timeout;
	} else {
		timed = async->wait.flags & PROCSRV_WAIT_TIMEOUT;
		timeout = async->wait.timeout;
	}
	if (timed)
		*deadline = procsrv_deadline(timeout);
	return timed;
}
