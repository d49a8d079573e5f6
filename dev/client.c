// SPDX-License-Identifier: GPL-2.0-only
/*
 * Open descriptors of a server: of the device, or of a private server
 */
#include <linux/anon_inodes.h>
#include <linux/cred.h>
#include <linux/module.h>
#include <linux/pagemap.h>
#include <linux/poll.h>
#include <linux/sched/signal.h>
#include <linux/slab.h>
#include <linux/uaccess.h>
#include <linux/uidgid.h>

#include "compat.h"
#include "client.h"

/**
 * procsrv_client_new() - make what hangs on a descriptor
 * @ps: the server; a reference is taken
 *
 * Context: may sleep.
 * Return: the client, or NULL without memory.
 */
struct procsrv_client *procsrv_client_new(struct procsrv *ps)
{
	struct procsrv_client *c = kzalloc(sizeof(*c), PROCSRV_GFP);

	if (!c)
		return NULL;
	c->reader = procsrv_reader_new(ps);
	if (!c->reader) {
		kfree(c);
		return NULL;
	}
	procsrv_get(ps);
	c->ps = ps;
	mutex_init(&c->lock);
	INIT_LIST_HEAD(&c->requests);
	mutex_init(&c->requests_lock);
	procsrv_owner_init(&c->owner);
	return c;
}

/**
 * procsrv_client_free() - undo procsrv_client_new(): the descriptor is closed
 * @c: the client
 *
 * Kills what is tied to it, and what it hosts; or, if a private server was
 * created with it, closes and empties that: nothing but init is left for handles
 * and for further descriptors to keep.
 *
 * Context: may sleep.
 */
void procsrv_client_free(struct procsrv_client *c)
{
	if (c->ends_server) {
		procsrv_close(c->ps);
		procsrv_empty(c->ps);
	} else {
		procsrv_kill_tied(c->ps, &c->owner);
	}
	procsrv_close_done(c);
	procsrv_owner_exit(&c->owner);
	procsrv_reader_free(c->reader);
	procsrv_put(c->ps);
	if (c->reader_account)
		procsrv_uncharge(c->reader_account, PROCSRV_ASSET_READER);
	if (c->server_account)
		procsrv_uncharge(c->server_account, PROCSRV_ASSET_SERVER);
	kfree(c);
}

static void wake_readers(struct procsrv_client *c)
{
	wake_up_interruptible_all(procsrv_reader_queue(c->reader));
}

/* The caller is charged for the events, once for each descriptor. */
static int subscribe(struct procsrv_client *c,
		     const struct procsrv_filter *filter, u32 capacity,
		     u64 *seq)
{
	struct procsrv_account *account = c->reader_account;
	int err;

	lockdep_assert_held(&c->lock);
	if (capacity && !account)
		account = procsrv_charge(PROCSRV_ASSET_READER);
	if (IS_ERR(account))
		return PTR_ERR(account);
	err = procsrv_subscribe(c->reader, filter, capacity, seq);
	if (!err)
		c->reader_account = capacity ? account : NULL;
	if (account && account != c->reader_account)
		procsrv_uncharge(account, PROCSRV_ASSET_READER);
	return err;
}

/**
 * procsrv_client_subscribe() - procsrv_subscribe(), for a descriptor
 * @c: the descriptor
 * @filter: as there
 * @capacity: as there
 * @seq: as there
 *
 * Context: may sleep.
 * Return: as there; -ERESTARTSYS after a signal to the caller; -EMFILE if it has
 * as many subscriptions as it may.
 */
int procsrv_client_subscribe(struct procsrv_client *c,
			     const struct procsrv_filter *filter, u32 capacity,
			     u64 *seq)
{
	int err;

	if (mutex_lock_interruptible(&c->lock))
		return -ERESTARTSYS;
	err = subscribe(c, filter, capacity, seq);
	if (!err)
		WRITE_ONCE(c->holds, false);
	mutex_unlock(&c->lock);
	/* A read that sleeps subscribes again if there is nothing to come. */
	wake_readers(c);
	return err;
}

/*
 * A descriptor without a subscription gets one to all events, at the cost of the
 * caller. Not of one that was passed the descriptor, or executed with it, and
 * only reads or polls it: that may have more privileges than the opener.
 */
static int subscribe_to_all(struct file *file)
{
	const struct procsrv_filter all = { .kinds = PROCSRV_EVENTS_ALL };
	struct procsrv_client *c = file->private_data;
	u64 seq;

	lockdep_assert_held(&c->lock);
	if (procsrv_reader_is_subscribed(c->reader))
		return 0;
	if (!uid_eq(current_euid(), file->f_cred->euid))
		return -EPERM;
	return subscribe(c, &all, PROCSRV_RING_DEFAULT, &seq);
}

static bool has_events(struct procsrv_client *c)
{
	return READ_ONCE(c->holds) || procsrv_reader_has_events(c->reader);
}

/*
 * Stores events without a page fault: whatever memory a reader passes, others
 * do not wait for the lock until it is there. What cannot be stored is held for
 * the next attempt. -EFAULT, and @done says how far it came.
 *
 * While others make events as fast as they are stored, a large buffer takes
 * long to fill: a signal ends that, once there is something to return.
 */
static int events_to_user(struct procsrv_client *c, char __user *buf,
			  size_t len, size_t *done)
{
	lockdep_assert_held(&c->lock);
	for (; len - *done >= sizeof(c->held); *done += sizeof(c->held)) {
		if (*done && signal_pending(current))
			break;
		cond_resched();
		/* has_events() looks at it without the lock. */
		if (!c->holds)
			WRITE_ONCE(c->holds, procsrv_reader_take(c->reader, &c->held, 1));
		if (!c->holds)
			break;
		if (copy_to_user_nofault(buf + *done, &c->held,
					 sizeof(c->held)))
			return -EFAULT;
		WRITE_ONCE(c->holds, false);
	}
	return 0;
}

/* After the last event of a server that has ended, a read returns 0. */
static bool is_readable(struct procsrv_client *c)
{
	return has_events(c) || procsrv_has_ended(c->ps);
}

/* A read without a subscription gets one. */
static bool is_worth_a_try(struct procsrv_client *c)
{
	return is_readable(c) || !procsrv_reader_is_subscribed(c->reader);
}

static int read_present(struct file *file, char __user *buf, size_t len,
			size_t *done)
{
	struct procsrv_client *c = file->private_data;
	int err;

	if (mutex_lock_interruptible(&c->lock))
		return -ERESTARTSYS;
	err = subscribe_to_all(file);
	if (!err)
		err = events_to_user(c, buf, len, done);
	mutex_unlock(&c->lock);
	return err;
}

/* Bytes that were read, 0 if there is nothing to read, or an error. */
static ssize_t try_read(struct file *file, char __user *buf, size_t len)
{
	struct procsrv_client *c = file->private_data;
	size_t done = 0;
	int err;

	for (;;) {
		err = read_present(file, buf, len, &done);
		if (err != -EFAULT)
			break;
		if (fault_in_safe_writeable(buf + done, sizeof(c->held)))
			break;
		/* Another thread may take it away again and again. */
		err = signal_pending(current) ? -ERESTARTSYS : 0;
		if (err)
			break;
	}
	/* Other readers may have seen an empty ring while it was held. */
	if (err == -EFAULT)
		wake_readers(c);
	return done ?: err;
}

static ssize_t client_read(struct file *file, char __user *buf, size_t len,
			   loff_t *pos)
{
	struct procsrv_client *c = file->private_data;
	wait_queue_head_t *queue = procsrv_reader_queue(c->reader);
	bool slept = false, ended;
	ssize_t ret;

	if (len < sizeof(struct procsrv_event))
		return -EINVAL;
	for (;;) {
		/* First: the last event is in the ring before the server has ended. */
		ended = procsrv_has_ended(c->ps);
		ret = try_read(file, buf, len);
		/* One reader is woken for each event: wake the next for what is left. */
		if (ret && slept && has_events(c))
			wake_up_interruptible(queue);
		if (ret || ended)
			return ret;
		if (!procsrv_read_may_sleep(file))
			return -EAGAIN;
		ret = wait_event_interruptible_exclusive(*queue,
							 is_worth_a_try(c));
		if (ret)
			return ret;
		slept = true;
	}
}

static __poll_t poll_events(struct file *file, poll_table *wait)
{
	struct procsrv_client *c = file->private_data;
	int err = 0;

	/* First, so that a poll after an error is woken. */
	poll_wait(file, procsrv_reader_queue(c->reader), wait);
	if (!procsrv_reader_is_subscribed(c->reader)) {
		if (mutex_lock_killable(&c->lock))
			return EPOLLERR;
		err = subscribe_to_all(file);
		mutex_unlock(&c->lock);
	}
	if (err)
		return EPOLLERR;
	if (!is_readable(c))
		return 0;
	return EPOLLIN | EPOLLRDNORM | (procsrv_has_ended(c->ps) ? EPOLLHUP : 0);
}

/* Signals to hosted processes. */
static __poll_t poll_hosted(struct file *file, poll_table *wait)
{
	struct procsrv_client *c = file->private_data;

	poll_wait(file, &c->owner.poll.queue, wait);
	return procsrv_hosts_pending(&c->owner) ? EPOLLPRI : 0;
}

/* A poll for signals alone does not subscribe to events. */
static __poll_t client_poll(struct file *file, poll_table *wait)
{
	__poll_t asked = poll_requested_events(wait);
	__poll_t ready = 0;

	if (asked & EPOLLPRI)
		ready |= poll_hosted(file, wait);
	if (asked & (EPOLLIN | EPOLLRDNORM) || !(asked & EPOLLPRI))
		ready |= poll_events(file, wait);
	return ready;
}

static int client_release(struct inode *inode, struct file *file)
{
	procsrv_client_free(file->private_data);
	return 0;
}

const struct file_operations procsrv_client_fops = {
	.owner = THIS_MODULE,
	/* Of the device: a private server is never opened. */
	.open = procsrv_device_open,
	.read = client_read,
	.poll = client_poll,
	.unlocked_ioctl = procsrv_ioctl,
	.compat_ioctl = compat_ptr_ioctl,
#ifdef PROCSRV_URING
	.uring_cmd = procsrv_uring_cmd,
#endif
	.release = client_release,
};

static void uncharge_server(void *account)
{
	procsrv_uncharge(account, PROCSRV_ASSET_SERVER);
}

/* Its account is uncharged when it is freed: handles may keep it. */
static struct procsrv *new_private_server(struct procsrv *like)
{
	struct procsrv_account *account;
	struct procsrv *ps;

	if (procsrv_is_closed(like))
		return ERR_PTR(-ESHUTDOWN);
	account = procsrv_charge(PROCSRV_ASSET_SERVER);
	if (IS_ERR(account))
		return ERR_CAST(account);
	ps = procsrv_new(procsrv_clock_of(like));
	if (!ps) {
		procsrv_uncharge(account, PROCSRV_ASSET_SERVER);
		return ERR_PTR(-ENOMEM);
	}
	procsrv_set_release(ps, uncharge_server, account);
	procsrv_set_bounds(ps, procsrv_bounds_of(like));
	procsrv_set_owner(ps);
	return ps;
}

/* Frees the client if there is no file. */
static struct file *file_of_client(struct procsrv_client *c)
{
	struct file *file = anon_inode_getfile("[procsrv]", &procsrv_client_fops,
					       c, O_RDWR);

	if (IS_ERR(file))
		procsrv_client_free(c);
	return file;
}

/**
 * procsrv_new_server() - get a private server
 * @like: the server whose clock and bounds it has
 * @flags: mask of PROCSRV_SERVER_POSIX_IDS and PROCSRV_SERVER_INIT_REAPS
 *
 * It belongs to the caller.
 *
 * Context: may sleep.
 * Return: a file, or an error as a pointer: -ENOMEM, -ENFILE, -EMFILE if the
 * caller has as many as it may, -ESHUTDOWN if @like has been closed.
 */
struct file *procsrv_new_server(struct procsrv *like, u32 flags)
{
	struct procsrv *ps = new_private_server(like);
	struct procsrv_client *c;

	if (IS_ERR(ps))
		return ERR_CAST(ps);
	if (flags & PROCSRV_SERVER_POSIX_IDS)
		procsrv_use_posix_ids(ps);
	if (flags & PROCSRV_SERVER_INIT_REAPS)
		procsrv_let_init_reap(ps);
	c = procsrv_client_new(ps);
	procsrv_put(ps);
	if (!c)
		return ERR_PTR(-ENOMEM);
	c->is_private = true;
	c->ends_server = true;
	return file_of_client(c);
}

/**
 * procsrv_open_further() - get a further descriptor of a private server
 * @client: a descriptor of it
 *
 * It is charged like a server, until it is closed for good.
 *
 * Context: may sleep.
 * Return: a file, or an error as a pointer: -EOPNOTSUPP if it is not a private
 * server, -ESHUTDOWN if it has been closed, -ENOMEM, -ENFILE, -EMFILE if the
 * caller has as many as it may.
 */
struct file *procsrv_open_further(struct procsrv_client *client)
{
	struct procsrv_account *account;
	struct procsrv_client *c;

	if (!client->is_private)
		return ERR_PTR(-EOPNOTSUPP);
	if (procsrv_is_closed(client->ps))
		return ERR_PTR(-ESHUTDOWN);
	account = procsrv_charge(PROCSRV_ASSET_SERVER);
	if (IS_ERR(account))
		return ERR_CAST(account);
	c = procsrv_client_new(client->ps);
	if (!c) {
		procsrv_uncharge(account, PROCSRV_ASSET_SERVER);
		return ERR_PTR(-ENOMEM);
	}
	c->is_private = true;
	c->server_account = account;
	return file_of_client(c);
}
