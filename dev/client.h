/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Open descriptors of a server, and their ioctls
 */
#ifndef PROCSRV_CLIENT_H
#define PROCSRV_CLIENT_H

#include <linux/fs.h>
#include <linux/mutex.h>
#include <linux/sched.h>

#include "procsrv.h"
#include "account.h"

/**
 * struct procsrv_client - what hangs on an open descriptor of a server
 * @ps: the server; a reference
 * @owner: the processes that are tied to the descriptor
 * @reader_account: the account of the subscriber, or NULL; under @lock
 * @lock: one read or subscription at a time; never held while a task sleeps for
 *	an event or for its memory
 * @reader: gets the events
 * @held: an event that was taken but could not be stored; under @lock
 * @holds: whether there is one; changes under @lock
 * @server_account: the account that is charged for this further descriptor of a private
 *	server, or NULL; constant
 * @is_private: it is a private server; constant
 * @ends_server: the private server was created with this descriptor, and ends
 *	with it; constant
 * @requests: waits and takes of io_uring that have not completed
 *	(dev/uring.c)
 * @requests_lock: protects @requests; taken with a ring locked, or none. It
 *	sleeps: a user has thousands of requests
 */
struct procsrv_client {
	struct procsrv *ps;
	struct procsrv_owner owner;
	struct procsrv_account *reader_account;
	struct procsrv_account *server_account;
	struct mutex lock;	/* see above */
	struct procsrv_reader *reader;
	struct procsrv_event held;
	bool holds;
	bool is_private;
	bool ends_server;
	struct list_head requests;
	struct mutex requests_lock;	/* see above */
};

extern const struct file_operations procsrv_client_fops;

struct procsrv_client *procsrv_client_new(struct procsrv *ps);
void procsrv_client_free(struct procsrv_client *client);
struct file *procsrv_new_server(struct procsrv *like, u32 flags);
struct file *procsrv_open_further(struct procsrv_client *client);
int procsrv_client_subscribe(struct procsrv_client *client,
			     const struct procsrv_filter *filter, u32 capacity,
			     u64 *seq);

/*
 * May a read of @file sleep? An io_uring worker may have consumed the fatal
 * signal that would end the sleep. It polls before it reads, so it gets here
 * only if another task has read the event in between, and returns -EAGAIN.
 */
static inline bool procsrv_read_may_sleep(const struct file *file)
{
	return !(file->f_flags & O_NONBLOCK) &&
	       !(current->flags & PF_IO_WORKER);
}

/* procsrv_main.c */
int procsrv_device_open(struct inode *inode, struct file *file);

/* procsrv_sysfs.c */
int procsrv_sysfs_init(struct procsrv *ps);
void procsrv_sysfs_exit(void);

/* handle.c */
struct file *procsrv_open_process(struct procsrv *ps, u64 pid, int flags);

/* debug/debug.c */
#ifdef PROCSRV_CHECK
extern unsigned int procsrv_check_interval;

void procsrv_check_client(struct procsrv_client *c);
void procsrv_count_call(struct procsrv_client *c, unsigned int interval);

/* After each call on a descriptor, in whatever way it was made. */
static inline void procsrv_call_done(struct procsrv_client *c)
{
	unsigned int interval = READ_ONCE(procsrv_check_interval);

	if (unlikely(interval))
		procsrv_count_call(c, interval);
}

/* When a descriptor is closed, and what was tied to it has ended. */
static inline void procsrv_close_done(struct procsrv_client *c)
{
	if (READ_ONCE(procsrv_check_interval))
		procsrv_check_client(c);
}
#else
static inline void procsrv_call_done(struct procsrv_client *c)
{
}

static inline void procsrv_close_done(struct procsrv_client *c)
{
}
#endif /* PROCSRV_CHECK */

/* dev/ioctl.c */
long procsrv_ioctl(struct file *file, unsigned int cmd, unsigned long arg);

/* dev/uring.c, where the kernel has what it takes */
struct io_uring_cmd;
int procsrv_uring_cmd(struct io_uring_cmd *cmd, unsigned int issue_flags);

#endif /* PROCSRV_CLIENT_H */
