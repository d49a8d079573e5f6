// SPDX-License-Identifier: GPL-2.0-only
/*
 * The operations as commands of io_uring
 *
 * All but two do what their ioctl does, in the task that submits them. A wait
 * or a take that has to sleep becomes a request. Its sleep ends when something
 * is handed over, when its time is up, or when it is cancelled, whichever comes
 * first: that one sends it back to the task, which finds out under the lock of
 * the server what came of it, and stores it. If the task has ended io_uring has
 * a thread of the kernel do that.
 *
 * A ring holds the file of a request in it, and with it the server.
 */
#include "compat.h"

#ifdef PROCSRV_URING
#include <linux/bitops.h>
#include <linux/cred.h>
#include <linux/hrtimer.h>
#include <linux/io_uring/cmd.h>
#include <linux/kthread.h>
#include <linux/sched/mm.h>
#include <linux/slab.h>
#include <linux/uaccess.h>

#include "procsrv_ioctl.h"

/**
 * struct uring_request - a wait or a take that sleeps while its task does not
 * @node: in &procsrv_client.requests
 * @cmd: the command
 * @op: which of the two
 * @client: the descriptor that it was made on
 * @args: its structure
 * @user: where its structure is
 * @mm: in whose memory; a reference to it, but not to what is in it
 * @cred: who submitted it; a reference
 * @timer: its timeout, if it has one
 * @sent: bit 0: it goes back to the task, as it does once
 * @reason: why it does, if nothing is handed over
 * @sleeper: how it sleeps: that of @waiter or of @taker
 * @waiter: if it is a wait
 * @taker: if it is a take
 * @wait: if it is a wait: for what, and what came of it
 * @take: if it is a take: likewise
 */
struct uring_request {
	struct list_head node;
	struct io_uring_cmd *cmd;
	const struct procsrv_operation *op;
	struct procsrv_client *client;
	union procsrv_args args;
	void __user *user;
	struct mm_struct *mm;
	const struct cred *cred;
	struct hrtimer timer;
	unsigned long sent;
	int reason;
	union {
		struct procsrv_sleeper sleeper;
		struct procsrv_waiter waiter;
		struct procsrv_taker taker;
	};
	union {
		struct procsrv_wait wait;
		struct procsrv_take take;
	};
};

static_assert(!offsetof(struct procsrv_waiter, sleeper));
static_assert(!offsetof(struct procsrv_taker, sleeper));

static struct uring_request **request_of(struct io_uring_cmd *cmd)
{
	return io_uring_cmd_to_pdu(cmd, struct uring_request *);
}

/* May sleep, for something to happen. */
static bool sleeps(const struct procsrv_operation *op)
{
	return op->cmd == PROCSRV_IOC_WAIT || op->cmd == PROCSRV_IOC_TAKE_SIGNAL;
}

static int request_start(struct uring_request *r)
{
	struct procsrv *ps = r->client->ps;
	union procsrv_args *args = &r->args;
	int err;

	if (r->op->cmd == PROCSRV_IOC_TAKE_SIGNAL) {
		procsrv_take_from_args(&r->take, &args->take_signal);
		return procsrv_take_start(ps, &r->taker, &r->take);
	}
	err = procsrv_wait_from_args(&r->wait, &args->wait);
	return err ?: procsrv_wait_start(ps, &r->waiter, &r->wait);
}

static int request_end(struct uring_request *r)
{
	if (r->op->cmd == PROCSRV_IOC_TAKE_SIGNAL)
		return procsrv_take_end(r->client->ps, &r->taker, r->reason);
	return procsrv_wait_end(r->client->ps, &r->waiter, r->reason);
}

static int result_to_user(struct uring_request *r)
{
	union procsrv_args *args = &r->args;

	if (r->op->cmd == PROCSRV_IOC_TAKE_SIGNAL)
		procsrv_take_to_args(&r->take, &args->take_signal);
	else
		procsrv_wait_to_args(&r->wait, &args->wait);
	return procsrv_args_to_user(r->op, r->user, _IOC_SIZE(r->cmd->cmd_op),
				    args);
}

/*
 * Where the thread that submitted it has ended, a thread of the kernel comes in
 * its place. There may be other threads that wait for the result.
 */
static int result_to_others(struct uring_request *r)
{
	const struct cred *old;
	int err;

	if (!(current->flags & PF_KTHREAD) || !mmget_not_zero(r->mm))
		return -EFAULT;
	kthread_use_mm(r->mm);
	old = override_creds(r->cred);
	err = result_to_user(r);
	revert_creds(old);
	kthread_unuse_mm(r->mm);
	/* The ring is locked here, and what is in the memory may be the last. */
	mmput_async(r->mm);
	return err;
}

static void request_free(struct uring_request *r)
{
	mmdrop(r->mm);
	put_cred(r->cred);
	kfree(r);
}

static void request_done(struct uring_request *r, int err, unsigned int issue_flags)
{
	if (!err)
		err = current->mm == r->mm ? result_to_user(r) :
					     result_to_others(r);
	procsrv_uring_done(r->cmd, err, issue_flags);
	request_free(r);
}

/* In the task, or in what comes after it, whose memory is another. */
static void request_finish(struct io_uring_cmd *cmd, unsigned int issue_flags)
{
	struct uring_request *r = *request_of(cmd);
	struct procsrv_client *c = r->client;
	int err;

	spin_lock(&c->requests_lock);
	list_del(&r->node);
	spin_unlock(&c->requests_lock);
	hrtimer_cancel(&r->timer);
	err = request_end(r);
	procsrv_call_done(c);
	request_done(r, err, issue_flags);
}

PROCSRV_URING_TASK_WORK(request_work, request_finish);

/* Sends it back to the task; from anywhere, interrupts included. */
static void request_send(struct uring_request *r, int reason)
{
	if (test_and_set_bit(0, &r->sent))
		return;
	r->reason = reason;
	io_uring_cmd_complete_in_task(r->cmd, request_work);
}

static void request_wake(struct procsrv_sleeper *s)
{
	request_send(container_of(s, struct uring_request, sleeper), 0);
}

static enum hrtimer_restart request_expire(struct hrtimer *timer)
{
	request_send(container_of(timer, struct uring_request, timer), -ETIMEDOUT);
	return HRTIMER_NORESTART;
}

static void request_set_timer(struct uring_request *r)
{
	bool timed;
	u64 timeout;

	if (r->op->cmd == PROCSRV_IOC_TAKE_SIGNAL) {
		timed = r->take.flags & PROCSRV_TAKE_TIMEOUT;
		timeout = r->take.timeout;
	} else {
		timed = r->wait.flags & PROCSRV_WAIT_TIMEOUT;
		timeout = r->wait.timeout;
	}
	if (timed)
		hrtimer_start(&r->timer, procsrv_deadline(timeout),
			      HRTIMER_MODE_ABS);
}

static int submit(struct io_uring_cmd *cmd, const struct procsrv_operation *op,
		  void __user *user, unsigned int issue_flags)
{
	struct uring_request *r = kzalloc(sizeof(*r), PROCSRV_GFP);
	struct procsrv_client *c = cmd->file->private_data;
	int err;

	if (!r)
		return -ENOMEM;
	err = procsrv_args_from_user(op, user, _IOC_SIZE(cmd->cmd_op),
				     &r->args);
	if (err) {
		kfree(r);
		return err;
	}
	r->cmd = cmd;
	r->op = op;
	r->user = user;
	mmgrab(current->mm);
	r->mm = current->mm;
	r->cred = get_current_cred();
	r->client = c;
	r->sleeper.wake = request_wake;
	procsrv_hrtimer_setup(&r->timer, request_expire, CLOCK_MONOTONIC,
			      HRTIMER_MODE_ABS);
	*request_of(cmd) = r;
	/* First, because from the start on it may be over at any moment. */
	io_uring_cmd_mark_cancelable(cmd, issue_flags);
	err = request_start(r);
	procsrv_call_done(c);
	if (err != -EINPROGRESS) {
		request_done(r, err, issue_flags);
		return -EIOCBQUEUED;
	}
	/*
	 * It is not finished under our feet: that is up to this very task, or
	 * to who has the ring locked. From here on others may cancel it, and
	 * not before: what is over at once cannot be sent back as well.
	 */
	spin_lock(&c->requests_lock);
	list_add(&r->node, &c->requests);
	spin_unlock(&c->requests_lock);
	request_set_timer(r);
	return -EIOCBQUEUED;
}

/* Ends the sleep of those whose structure is at @user. */
static int cancel(struct procsrv_client *c, void __user *user)
{
	struct uring_request *r;
	int err = -ENOENT;

	spin_lock(&c->requests_lock);
	list_for_each_entry(r, &c->requests, node) {
		if (r->user != user || r->mm != current->mm)
			continue;
		request_send(r, -ECANCELED);
		err = 0;
	}
	spin_unlock(&c->requests_lock);
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
 * In a worker thread of io_uring every operation sleeps, if it has to, as its
 * ioctl does. So does a batch, and nowhere else.
 *
 * Context: the task that submits, with the ring locked, or a worker; or, to
 * cancel a request, any task with the ring locked.
 * Return: as procsrv_ioctl(), but -EINTR after a signal; -ENOENT if there is
 * nothing to cancel; -EINVAL if a field of the submission is set that has no
 * meaning; -EIOCBQUEUED if the result comes later; -EAGAIN if it is to be
 * called from a worker.
 */
int procsrv_uring_cmd(struct io_uring_cmd *cmd, unsigned int issue_flags)
{
	bool is_worker = issue_flags & IO_URING_F_UNLOCKED;
	const struct procsrv_operation *op;
	void __user *user;
	int err;

	if (issue_flags & IO_URING_F_CANCEL) {
		request_send(*request_of(cmd), -ECANCELED);
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
	if (!is_worker && op->cmd == PROCSRV_IOC_BATCH)
		return -EAGAIN;
	if (!is_worker && sleeps(op))
		return submit(cmd, op, user, issue_flags);
	err = procsrv_ioctl(cmd->file, cmd->cmd_op, (unsigned long)user);
	if (err != -EAGAIN)
		return err == -ERESTARTSYS ? -EINTR : err;
	/* The answer, and not what asks io_uring to try again. */
	procsrv_uring_done(cmd, err, issue_flags);
	return -EIOCBQUEUED;
}
#endif /* PROCSRV_URING */
