// SPDX-License-Identifier: GPL-2.0-only
/*
 * A device that takes the ioctls of /dev/procsrv, copies what they copy, and
 * does nothing else
 */
#include <linux/fs.h>
#include <linux/miscdevice.h>
#include <linux/module.h>
#include <linux/uaccess.h>

#include "bench.h"

enum {
	MAX_ARGS = 256,
};

/* Source of output arrays and buffers, and destination of lists of strings. */
static char page[PAGE_SIZE];

static int copy_room(u64 to, u64 size)
{
	void __user *user = u64_to_user_ptr(to);
	u64 n;

	for (; size; size -= n, user += n) {
		n = min_t(u64, size, sizeof(page));
		if (copy_to_user(user, page, n))
			return -EFAULT;
	}
	return 0;
}

static int copy_strings(u64 from, u32 len)
{
	char buf[64];

	len = min_t(u32, len, sizeof(buf));
	return copy_from_user(buf, u64_to_user_ptr(from), len) ? -EFAULT : 0;
}

static int copy_name(u64 from)
{
	char buf[64];

	return strncpy_from_user(buf, u64_to_user_ptr(from), sizeof(buf)) < 0 ?
	       -EFAULT : 0;
}

/* Copies what an ioctl copies besides its structure. */
static int copy_more(unsigned int cmd, const void *args)
{
	const struct procsrv_create_args *create = args;
	const struct procsrv_info_args *info = args;
	const struct procsrv_list_args *list = args;
	int err;

	switch (cmd) {
	case PROCSRV_IOC_CREATE:
		err = copy_name(create->name);
		if (!err)
			err = copy_strings(create->argv, create->argv_len);
		if (!err)
			err = copy_strings(create->envp, create->envp_len);
		return err;
	case PROCSRV_IOC_INFO:
		err = copy_room(info->info, info->info_size);
		if (!err && info->argv)
			err = copy_room(info->argv, info->argv_size);
		if (!err && info->envp)
			err = copy_room(info->envp, info->envp_size);
		if (!err && info->cwd)
			err = copy_room(info->cwd, info->cwd_size);
		return err;
	case PROCSRV_IOC_LIST:
	case PROCSRV_IOC_LIST_PIDS:
		return copy_room(list->buf, (u64)list->count * list->record_size);
	}
	return 0;
}

static long device_ioctl(struct file *file, unsigned int cmd,
			 unsigned long arg)
{
	void __user *user = (void __user *)arg;
	u64 args[MAX_ARGS / sizeof(u64)];
	size_t size = _IOC_SIZE(cmd);
	int err;

	if (_IOC_TYPE(cmd) != PROCSRV_IOC_MAGIC || size > sizeof(args))
		return -ENOTTY;
	if (_IOC_DIR(cmd) & _IOC_WRITE) {
		if (copy_from_user(args, user, size))
			return -EFAULT;
	} else {
		memset(args, 0, size);
	}
	err = copy_more(cmd, args);
	if (!err && _IOC_DIR(cmd) & _IOC_READ && copy_to_user(user, args, size))
		err = -EFAULT;
	return err;
}

static const struct file_operations device_fops = {
	.owner = THIS_MODULE,
	.unlocked_ioctl = device_ioctl,
	.compat_ioctl = compat_ptr_ioctl,
};

static struct miscdevice device = {
	.minor = MISC_DYNAMIC_MINOR,
	.name = "procsrv_bench",
	.fops = &device_fops,
	.mode = 0600,
};

/**
 * device_init() - register the device
 *
 * Return: 0 or an error.
 */
int device_init(void)
{
	return misc_register(&device);
}

/**
 * device_exit() - undo device_init()
 */
void device_exit(void)
{
	misc_deregister(&device);
}
