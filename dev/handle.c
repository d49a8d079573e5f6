// SPDX-License-Identifier: GPL-2.0-only
/*
 * Handles: processes as files
 */
#include <linux/anon_inodes.h>
#include <linux/fs.h>
#include <linux/module.h>
#include <linux/poll.h>
#include <linux/slab.h>
#include <linux/uaccess.h>

#include "compat.h"
#include "client.h"

/**
 * struct handle - a process as an open file
 * @watch: watches the process, in a server to which this has a reference
 * @account: the account that it is charged to
 */
struct handle {
	struct procsrv_exit_watch *watch;
	struct procsrv_account *account;
};

static bool has_exited(struct handle *h)
{
	return procsrv_exit_watch_is_over(h->watch, NULL);
}

static ssize_t handle_read(struct file *file, char __user *buf, size_t len,
			   loff_t *pos)
{
	struct handle *h = file->private_data;
	wait_queue_head_t *queue = procsrv_exit_watch_queue(h->watch);
	struct procsrv_exit_record record;
	int err;

	if (len < sizeof(record))
		return -EINVAL;
	if (procsrv_read_may_sleep(file)) {
		err = wait_event_interruptible(*queue, has_exited(h));
		if (err)
			return err;
	} else if (!has_exited(h)) {
		return -EAGAIN;
	}
	procsrv_exit_watch_is_over(h->watch, &record);
	return copy_to_user(buf, &record, sizeof(record)) ? -EFAULT :
							    sizeof(record);
}

static __poll_t handle_poll(struct file *file, poll_table *wait)
{
	struct handle *h = file->private_data;

	poll_wait(file, procsrv_exit_watch_queue(h->watch), wait);
	return has_exited(h) ? EPOLLIN | EPOLLRDNORM : 0;
}

static void free_handle(struct handle *h)
{
	struct procsrv *ps = procsrv_exit_watch_server(h->watch);

	procsrv_exit_watch_end(h->watch);
	procsrv_put(ps);
	procsrv_uncharge(h->account, PROCSRV_ASSET_HANDLE);
	kfree(h);
}

static int handle_release(struct inode *inode, struct file *file)
{
	free_handle(file->private_data);
	return 0;
}

static const struct file_operations handle_fops = {
	.owner = THIS_MODULE,
	.read = handle_read,
	.poll = handle_poll,
	.release = handle_release,
};

/**
 * procsrv_open_process() - get a handle of a process
 * @ps: the server
 * @pid: the process; zombies too
 * @flags: O_NONBLOCK or 0
 *
 * After pidfd_open(2).
 *
 * Context: may sleep.
 * Return: a file, or an error as a pointer: -ESRCH if there is no such
 * process, -ENOMEM, -ENFILE, -EMFILE if the caller has as many handles as it
 * may, -EINTR if the caller is killed.
 */
struct file *procsrv_open_process(struct procsrv *ps, u64 pid, int flags)
{
	struct handle *h = kzalloc(sizeof(*h), PROCSRV_GFP);
	struct file *file;
	int err;

	if (!h)
		return ERR_PTR(-ENOMEM);
	h->account = procsrv_charge(PROCSRV_ASSET_HANDLE);
	if (IS_ERR(h->account)) {
		err = PTR_ERR(h->account);
		goto err_free;
	}
	h->watch = procsrv_exit_watch_begin(ps, pid);
	if (IS_ERR(h->watch)) {
		err = PTR_ERR(h->watch);
		goto err_uncharge;
	}
	procsrv_get(ps);
	file = anon_inode_getfile("[procsrv-process]", &handle_fops, h,
				  O_RDONLY | flags);
	if (IS_ERR(file))
		free_handle(h);
	return file;

err_uncharge:
	procsrv_uncharge(h->account, PROCSRV_ASSET_HANDLE);
err_free:
	kfree(h);
	return ERR_PTR(err);
}
EXPORT_SYMBOL_PROCSRV(procsrv_open_process);
