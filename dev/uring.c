// SPDX-License-Identifier: GPL-2.0-only
/*
 * The operations as commands of io_uring
 *
 * Most do what their ioctl does, in the task that submits them or in a worker of
 * io_uring. Those that may wait become a request: nothing ever sleeps, neither
 * in the task nor in the worker. The wait ends when its result is there, when
 * its time is up, or when it is cancelled, whichever comes first: that sends
 * the request back to the task that submitted it, which finds out under the
 * lock of the server what the result is, and stores it. If the task has ended
 * io_uring has a kernel thread do that.
 *
 * A request counts for the user id that submits it until it has completed. Its
 * task may put that off without limit, although the wait is over.
 *
 * A ring holds the file of a request in it, and with it the server.
 */
#include "compat.h"

#ifdef PROCSRV_URING
#include <linux/atomic.h>
#include <linux/bitops.h>
#include <linux/cred.h>
#include <linux/hrtimer.h>
#include <linux/io_uring/cmd.h>
#include <linux/kthread.h>
#include <linux/mutex.h>
#include <linux/sched.h>
#include <linux/sched/mm.h>
#include <linux/slab.h>
#include <linux/uaccess.h>

#include "ioctl.h"

enum {
	REQUEST_SENT,		/* its wait is over */
	REQUEST_CANCELLED,	/* it is to end with this wait */
};

/**
 * struct uring_request - a command that waits without a task
 * @node: in &procsrv_client.requests
 * @cmd: the command
 * @op: its operation
 * @client: the descriptor that it was made on
 * @account: of the user id that submitted it
 * @args: its structure
 * @user: where its structure is
 * @mm: in whose memory; a reference to it, but not to what is in it
 * @cred: the credentials of the task that submitted it; a reference
 * @real_cred: the real credentials of the task that issued it; a reference
 * @timer: ends the wait, if it has a timeout
 * @flags: REQUEST_*; atomic
 * @holds: what has to happen before it is sent back: that the wait is over, and
 *	that the code that started the wait does not use the request any more
 * @reason: what ended the wait, if no result did
 * @async: the wait: of the operation, or of one in a batch
 */
struct uring_request {
	struct list_head node;
	struct io_uring_cmd *cmd;
	const struct procsrv_operation *op;
	struct procsrv_client *client;
	struct procsrv_account *account;
	union procsrv_args args;
	void __user *user;
	struct mm_struct *mm;
	const struct cred *cred;
	const struct cred *real_cred;
	struct hrtimer timer;
	unsigned long flags;
	atomic_t holds;
	int reason;
	struct procsrv_async async;
};

static struct uring_request **request_of(struct io_uring_cmd *cmd)
{
	return io_uring_cmd_to_pdu(cmd, struct uring_request *);
}

static void request_finish(struct io_uring_cmd *cmd, unsigned int issue_flags);

PROCSRV_URING_TASK_WORK(request_work, request_finish);

static void request_drop_hold(struct uring_request *r)
{
	if (atomic_dec_and_test(&r->holds))
		io_uring_cmd_complete_in_task(r->cmd, request_work);
}

/* The wait is over; from anywhere, interrupts included. */
static void request_send(struct uring_request *r, int reason)
{
	if (test_and_set_bit(REQUEST_SENT, &r->flags))
		return;
	r->reason = reason;
	request_drop_hold(r);
}

static void request_cancel(struct uring_request *r)
{
	set_bit(REQUEST_CANCELLED, &r->flags);
	request_send(r, -ECANCELED);
}

/*
 * Before a wait starts: from then on it may be over at any moment, in other
 * words sent; but it is sent back only after request_sleep().
 */
static void request_arm(struct uring_request *r)
{
	atomic_set(&r->holds, 2);
	smp_mb__before_atomic();	/* a sender finds both holds */
	clear_bit(REQUEST_SENT, &r->flags);
	smp_mb__after_atomic();		/* pairs with request_cancel() */
	if (test_bit(REQUEST_CANCELLED, &r->flags))
		request_send(r, -ECANCELED);
}

/* After it has started: the request may be gone when this returns. */
static void request_sleep(struct uring_request *r)
{
	ktime_t deadline;

	if (procsrv_async_deadline(&r->async, &deadline))
		hrtimer_start(&r->timer, deadline, HRTIMER_MODE_ABS);
	request_drop_hold(r);
}

static void request_wake(struct procsrv_waiter *s)
{
	request_send(container_of(s, struct uring_request, async.base), 0);
}

static enum hrtimer_restart request_expire(struct hrtimer *timer)
{
	request_send(container_of(timer, struct uring_request, timer), -ETIMEDOUT);
	return HRTIMER_NORESTART;
}

static struct procsrv_call request_call(struct uring_request *r)
{
	return (struct procsrv_call) {
		.client = r->client,
		.ps = r->client->ps,
		.args = &r->args,
		.async = &r->async,
	};
}

static int args_to_user(struct uring_request *r)
{
	return procsrv_args_to_user(r->op, r->user, _IOC_SIZE(r->cmd->cmd_op),
				    &r->args);
}

/* Stores the result of a wait, or goes on with the batch that it is part of. */
static int request_go_on(struct uring_request *r, int err, bool is_last)
{
	struct procsrv_call call = request_call(r);

	if (r->op->cmd == PROCSRV_IOC_BATCH) {
		request_arm(r);
		err = procsrv_batch_resume(&call, err, is_last);
	} else if (!err) {
		procsrv_async_to_args(&r->async, &r->args);
	}
	return err ?: args_to_user(r);
}

/*
 * Where the thread that submitted it has ended, a kernel thread stores the
 * result, as other threads may wait for it. It does no more than that: what it
 * would do is charged to no cgroup.
 */
static int request_go_on_for(struct uring_request *r, int err)
{
	if (!(current->flags & PF_KTHREAD) || !mmget_not_zero(r->mm))
		return -EFAULT;
	kthread_use_mm(r->mm);
	err = request_go_on(r, err, true);
	kthread_unuse_mm(r->mm);
	/* The ring is locked here, and what is in the memory may be the last. */
	mmput_async(r->mm);
	return err;
}

static void request_free(struct uring_request *r)
{
	mmdrop(r->mm);
	put_cred(r->real_cred);
	put_cred(r->cred);
	procsrv_uncharge(r->account, PROCSRV_ASSET_REQUEST);
	kfree(r);
}

/* Nothing can cancel it any more when the command is done. */
static void request_done(struct uring_request *r, int err, unsigned int issue_flags)
{
	mutex_lock(&r->client->requests_lock);
	list_del(&r->node);
	mutex_unlock(&r->client->requests_lock);
	procsrv_uring_done(r->cmd, err, issue_flags);
	request_free(r);
}

/*
 * Has the task still the credentials of the submission? @cred may be those of a
 * personality, which is why the real ones are compared. A change of credentials
 * makes new ones, so equal pointers mean that there was none. A worker that
 * issued the request may have older ones than the task. Without a personality
 * @cred are then those of the task, and the rest runs with no others than it has.
 */
static bool request_may_go_on(const struct uring_request *r)
{
	const struct cred *now = current_real_cred();

	return now == r->real_cred || now == r->cred;
}

/* In the task, or in what comes after it, whose memory is another. */
static void request_finish(struct io_uring_cmd *cmd, unsigned int issue_flags)
{
	struct uring_request *r = *request_of(cmd);
	bool is_last = test_bit(REQUEST_CANCELLED, &r->flags) ||
		       current->flags & PF_EXITING || !request_may_go_on(r);
	const struct cred *old;
	int err;

	hrtimer_cancel(&r->timer);
	err = procsrv_async_end(r->client->ps, &r->async, r->reason);
	procsrv_call_done(r->client);
	old = override_creds(r->cred);
	err = current->mm == r->mm ? request_go_on(r, err, is_last) :
				     request_go_on_for(r, err);
	revert_creds(old);
	if (err == -EINPROGRESS)
		request_sleep(r);
	else
		request_done(r, err, issue_flags);
}

static struct uring_request *request_new(struct io_uring_cmd *cmd,
					 const struct procsrv_operation *op,
					 void __user *user)
{
	struct uring_request *r = kzalloc(sizeof(*r), PROCSRV_GFP);
	int err;

	if (!r)
		return ERR_PTR(-ENOMEM);
	err = procsrv_args_from_user(op, user, _IOC_SIZE(cmd->cmd_op),
				     &r->args);
	if (err)
		goto err_free;
	r->account = procsrv_charge(PROCSRV_ASSET_REQUEST);
	if (IS_ERR(r->account)) {
		err = PTR_ERR(r->account);
		goto err_free;
	}
	r->cmd = cmd;
	r->op = op;
	r->user = user;
	mmgrab(current->mm);
	r->mm = current->mm;
	r->cred = get_current_cred();
	r->real_cred = get_cred(current_real_cred());
	r->client = cmd->file->private_data;
	r->async.cmd = cmd->cmd_op;
	r->async.base.wake = request_wake;
	procsrv_hrtimer_setup(&r->timer, request_expire, CLOCK_MONOTONIC,
			      HRTIMER_MODE_ABS);
	return r;

err_free:
	kfree(r);
	return ERR_PTR(err);
}

static int submit(struct io_uring_cmd *cmd, const struct procsrv_operation *op,
		  void __user *user, unsigned int issue_flags)
{
	struct uring_request *r = request_new(cmd, op, user);
	struct procsrv_call call;
	int err;

	if (IS_ERR(r))
		return PTR_ERR(r);
	*request_of(cmd) = r;
	request_arm(r);
	mutex_lock(&r->client->requests_lock);
	list_add(&r->node, &r->client->requests);
	mutex_unlock(&r->client->requests_lock);
	/* From here on it may be cancelled, and then ends with its first wait. */
	io_uring_cmd_mark_cancelable(cmd, issue_flags);
	call = request_call(r);
	err = procsrv_run(op, &call);
	if (err == -EINPROGRESS) {
		request_sleep(r);
		return -EIOCBQUEUED;
	}
	request_done(r, err ?: args_to_user(r), issue_flags);
	return -EIOCBQUEUED;
}

/* Cancels those whose structure is at @user. */
static int cancel(struct procsrv_client *c, void __user *user)
{
	struct uring_request *r;
	int err = -ENOENT;

	mutex_lock(&c->requests_lock);
	list_for_each_entry(r, &c->requests, node) {
		cond_resched();
		if (r->user != user || r->mm != current->mm)
			continue;
		request_cancel(r);
		err = 0;
	}
	mutex_unlock(&c->requests_lock);
	return err;
}

/* Fields of the submission that have no meaning. */
static bool is_reserved_clear(const struct io_uring_sqe *sqe)
{
	return !READ_ONCE(sqe->len) && !READ_ONCE(sqe->addr3) &&
	       !READ_ONCE(sqe->__pad2[0]);
}

/**
 * procsrv_uring_cmd() - run the operation that a command of io_uring names
 * @cmd: the command: the operation is its cmd_op, the address of the structure
 *	is in the submission's addr
 * @issue_flags: from io_uring
 *
 * Context: the task that submits, with the ring locked, or a worker; or, to
 * cancel a request, any task with the ring locked.
 * Return: as procsrv_ioctl(), but never -ERESTARTSYS after a wait; -ENOENT if
 * there is nothing to cancel; -EAGAIN if the caller has as many requests as it
 * may have; -EINVAL if a field of the submission is set that has no meaning;
 * -EIOCBQUEUED if the result comes later.
 */
int procsrv_uring_cmd(struct io_uring_cmd *cmd, unsigned int issue_flags)
{
	const struct procsrv_operation *op;
	void __user *user;
	int err;

	if (issue_flags & IO_URING_F_CANCEL) {
		request_cancel(*request_of(cmd));
		return 0;
	}
	if (!is_reserved_clear(cmd->sqe))
		return -EINVAL;
	user = u64_to_user_ptr(READ_ONCE(cmd->sqe->addr));
	if (cmd->cmd_op == PROCSRV_URING_CANCEL)
		return cancel(cmd->file->private_data, user);
	op = procsrv_find_operation(cmd->cmd_op);
	if (IS_ERR(op))
		return PTR_ERR(op);
	if (op->waits)
		err = submit(cmd, op, user, issue_flags);
	else
		err = procsrv_ioctl(cmd->file, cmd->cmd_op, (unsigned long)user);
	if (err != -EAGAIN)
		return err == -ERESTARTSYS ? -EINTR : err;
	/* The answer, and not what asks io_uring to try again. */
	procsrv_uring_done(cmd, err, issue_flags);
	return -EIOCBQUEUED;
}
#endif /* PROCSRV_URING */
