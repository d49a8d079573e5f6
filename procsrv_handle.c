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
#include "procsrv_client.h"
#include "procsrv_ids.h"
#include "procsrv_tables.h"

/**
 * struct handle - a process that a descriptor stands for
 * @node: in &procsrv_process.handles; under the server's lock
 * @ps: the server; a reference
 * @process: the process, or NULL once it was reaped; under the server's lock
 * @record: how it ended, once it was reaped; but for the uid
 * @uid: its user id; constant
 * @account: whose it is
 * @queue: tasks that sleep until the process ends
 *
 * A handle does not keep the process: what was created by others, and is
 * charged to them, does not depend on who has a handle of it.
 */
struct handle {
	struct hlist_node node;
	struct procsrv *ps;
	struct procsrv_process *process;
	struct procsrv_exit_record record;
	kuid_t uid;
	struct procsrv_account *account;
	wait_queue_head_t queue;
};

/**
 * procsrv_tell_handles() - tell the handles of a process that it has ended
 * @ps: the server
 * @p: the process, a zombie by now
 *
 * Context: under the lock, for writing.
 */
void procsrv_tell_handles(struct procsrv *ps, struct procsrv_process *p)
{
	struct handle *h;

	procsrv_assert_unchanging(ps);
	hlist_for_each_entry(h, &p->handles, node)
		wake_up_interruptible_poll(&h->queue, EPOLLIN | EPOLLRDNORM);
}

static struct procsrv_exit_record record_of(const struct procsrv_process *p)
{
	return (struct procsrv_exit_record) {
		.pid = p->pid,
		.cpu_time = p->cpu_time,
		.children_cpu_time = p->children_cpu_time,
		.exit_code = p->exit_code,
		.exit_signal = p->exit_signal,
		.state = p->state,
	};
}

/**
 * procsrv_detach_handles() - leave the handles of a process to themselves
 * @ps: the server
 * @p: the process, which is DEAD
 *
 * Context: under the lock, for writing, outside any change.
 */
void procsrv_detach_handles(struct procsrv *ps, struct procsrv_process *p)
{
	struct hlist_node *next;
	struct handle *h;

	procsrv_assert_unchanging(ps);
	hlist_for_each_entry_safe(h, next, &p->handles, node) {
		h->record = record_of(p);
		h->process = NULL;
		hlist_del_init(&h->node);
	}
}

/* Has it ended? If so, and @record is not NULL, how? */
static bool has_ended(struct handle *h, struct procsrv_exit_record *record)
{
	bool ended;

	read_lock(&h->ps->lock);
	ended = !h->process || procsrv_is_zombie(h->process);
	if (ended && record) {
		*record = h->process ? record_of(h->process) : h->record;
		record->uid = procsrv_uid_to_caller(h->uid);
	}
	read_unlock(&h->ps->lock);
	return ended;
}

static ssize_t handle_read(struct file *file, char __user *buf, size_t len,
			   loff_t *pos)
{
	struct handle *h = file->private_data;
	struct procsrv_exit_record record;
	int err;

	if (len < sizeof(record))
		return -EINVAL;
	if (procsrv_read_may_sleep(file)) {
		err = wait_event_interruptible(h->queue, has_ended(h, NULL));
		if (err)
			return err;
	} else if (!has_ended(h, NULL)) {
		return -EAGAIN;
	}
	has_ended(h, &record);
	return copy_to_user(buf, &record, sizeof(record)) ? -EFAULT :
							    sizeof(record);
}

static __poll_t handle_poll(struct file *file, poll_table *wait)
{
	struct handle *h = file->private_data;

	poll_wait(file, &h->queue, wait);
	return has_ended(h, NULL) ? EPOLLIN | EPOLLRDNORM : 0;
}

static void free_handle(struct handle *h)
{
	write_lock(&h->ps->lock);
	hlist_del_init(&h->node);
	procsrv_write_unlock(h->ps);
	procsrv_put(h->ps);
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
 * process, -ENOMEM, -ENFILE, -EMFILE if the caller has as many handles as it may.
 */
struct file *procsrv_open_process(struct procsrv *ps, u64 pid, int flags)
{
	struct handle *h = kzalloc(sizeof(*h), PROCSRV_GFP);
	struct procsrv_process *p;
	struct file *file;

	if (!h)
		return ERR_PTR(-ENOMEM);
	h->account = procsrv_charge(PROCSRV_ASSET_HANDLE);
	if (IS_ERR(h->account)) {
		file = ERR_CAST(h->account);
		kfree(h);
		return file;
	}
	init_waitqueue_head(&h->queue);
	h->ps = ps;

	write_lock(&ps->lock);
	p = procsrv_find(ps, pid);
	if (p) {
		h->process = p;
		h->uid = p->uid;
		hlist_add_head(&h->node, &p->handles);
	}
	procsrv_write_unlock(ps);
	if (!p) {
		procsrv_uncharge(h->account, PROCSRV_ASSET_HANDLE);
		kfree(h);
		return ERR_PTR(-ESRCH);
	}

	procsrv_get(ps);
	file = anon_inode_getfile("[procsrv-process]", &handle_fops, h,
				  O_RDONLY | flags);
	if (IS_ERR(file))
		free_handle(h);
	return file;
}
EXPORT_SYMBOL_PROCSRV(procsrv_open_process);
