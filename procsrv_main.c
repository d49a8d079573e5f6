// SPDX-License-Identifier: GPL-2.0-only
/*
 * procsrv - a process server: the module, its parameters and its device
 */
#define pr_fmt(fmt) KBUILD_MODNAME ": " fmt

#include <linux/cdev.h>
#include <linux/completion.h>
#include <linux/device.h>
#include <linux/fs.h>
#include <linux/module.h>
#include <linux/moduleparam.h>
#include <linux/rcupdate.h>
#include <linux/sched.h>
#include <linux/slab.h>
#include <linux/stat.h>
#include <linux/uidgid.h>

#include "compat.h"
#include "dev/client.h"

/*
 * Parameters
 */

/* Processes: the highest pid that Linux can have. */
static struct procsrv_bounds bounds = {
	.processes = 4 * 1024 * 1024,
	.user_processes = 128 * 1024,
	.user_waiters = 16 * 1024,
	.user_strings = 1024 * 1024 * 1024,
	.depth = 1024,
};

module_param_named(max_processes, bounds.processes, uint, 0444);
MODULE_PARM_DESC(max_processes, "Most processes that a server may have");
module_param_named(max_user_processes, bounds.user_processes, uint, 0444);
MODULE_PARM_DESC(max_user_processes,
		 "Most processes of one user id that a server may have");
module_param_named(max_user_sleepers, bounds.user_waiters, uint, 0444);
MODULE_PARM_DESC(max_user_sleepers,
		 "Most calls that may sleep for the processes of one user id, and most requests of io_uring that one user id may have");
module_param_named(max_user_strings, bounds.user_strings, ullong, 0444);
MODULE_PARM_DESC(max_user_strings,
		 "Most bytes of strings that the processes of one user id may have");
module_param_named(max_depth, bounds.depth, uint, 0444);
MODULE_PARM_DESC(max_depth, "Most ancestors that a process may have");

module_param_named(max_user_readers,
		   procsrv_asset_bounds[PROCSRV_ASSET_READER], uint, 0444);
MODULE_PARM_DESC(max_user_readers,
		 "Most subscriptions to events that one user id may have");
module_param_named(max_user_handles,
		   procsrv_asset_bounds[PROCSRV_ASSET_HANDLE], uint, 0444);
MODULE_PARM_DESC(max_user_handles,
		 "Most descriptors of processes that one user id may have");
module_param_named(max_user_servers,
		   procsrv_asset_bounds[PROCSRV_ASSET_SERVER], uint, 0444);
MODULE_PARM_DESC(max_user_servers,
		 "Most private servers that one user id may have");

static bool init_reaps;
module_param(init_reaps, bool, 0444);
MODULE_PARM_DESC(init_reaps,
		 "Have init reap its children, orphans too, when they exit (N)");

static ushort device_mode = 0600;
module_param(device_mode, ushort, 0444);
MODULE_PARM_DESC(device_mode,
		 "Permissions of /dev/procsrv; octal with a 0 in front (0600)");

static uint device_gid;
module_param(device_gid, uint, 0444);
MODULE_PARM_DESC(device_gid, "Id of the group that owns /dev/procsrv");

/* Reject nonsensical parameters. */
static int __init check_parameters(void)
{
	if (device_mode & ~0666) {
		pr_err("device_mode=0%o: only the bits of 0666 make sense for a device (octal numbers begin with 0)\n",
		       device_mode);
		return -EINVAL;
	}
	if (!gid_valid(KGIDT_INIT(device_gid))) {
		pr_err("device_gid=%u: there can be no such group\n", device_gid);
		return -EINVAL;
	}
	if (!bounds.depth) {
		pr_err("max_depth=0: a process has one ancestor at least\n");
		return -EINVAL;
	}
	return 0;
}

/*
 * The server behind /dev/procsrv and /sys/kernel/procsrv
 */

static struct procsrv_clock global_clock;
static struct procsrv *global_server;

/**
 * procsrv_device_open() - open the device
 * @inode: its inode
 * @file: gets a client of the global server
 *
 * Return: 0 or -ENOMEM.
 */
int procsrv_device_open(struct inode *inode, struct file *file)
{
	file->private_data = procsrv_client_new(global_server);
	if (!file->private_data)
		return -ENOMEM;
	return nonseekable_open(inode, file);
}

/*
 * The device. Not a misc device: its node would have the group of root until
 * something changed it, whatever device_gid says.
 */

static dev_t device_number;
static struct device *device;
static struct cdev *device_cdev;
static struct class *device_class;
static DECLARE_COMPLETION(device_released);
static struct task_struct *device_releaser;

static char *device_node(procsrv_devnode_device *dev, umode_t *mode,
			 kuid_t *uid, kgid_t *gid)
{
	/* Asked for the name alone, too. */
	if (mode)
		*mode = device_mode;
	if (gid)
		*gid = KGIDT_INIT(device_gid);
	return NULL;
}

static const struct device_type device_type = {
	.name = "procsrv",
	.devnode = device_node,
};

static void free_device(struct device *dev)
{
	kfree(dev);
	WRITE_ONCE(device_releaser, current);
	complete(&device_released);
}

/*
 * The last reference may be dropped later, by another task: with
 * CONFIG_DEBUG_KOBJECT_RELEASE it is, seconds later. The code of free_device()
 * has to be there until that task has left it.
 */
static void put_device_and_wait(void)
{
	put_device(device);
	wait_for_completion(&device_released);
	if (READ_ONCE(device_releaser) != current)
		synchronize_rcu_tasks();
}

static struct device *new_device(void)
{
	struct device *dev = kzalloc(sizeof(*dev), GFP_KERNEL);

	if (!dev)
		return NULL;
	device_initialize(dev);
	dev->class = device_class;
	dev->type = &device_type;
	dev->devt = device_number;
	dev->release = free_device;
	return dev;
}

static int __init add_device(void)
{
	int err = -ENOMEM;

	device = new_device();
	if (!device)
		return err;
	if (dev_set_name(device, "procsrv"))
		goto err_device;
	device_cdev = cdev_alloc();
	if (!device_cdev)
		goto err_device;
	device_cdev->owner = THIS_MODULE;
	device_cdev->ops = &procsrv_client_fops;
	err = cdev_device_add(device_cdev, device);
	if (!err)
		return 0;

	kobject_put(&device_cdev->kobj);
err_device:
	put_device_and_wait();
	return err;
}

static int __init device_init(void)
{
	int err;

	err = alloc_chrdev_region(&device_number, 0, 1, "procsrv");
	if (err)
		return err;
	/* In memory of its own, which may be released later as well. */
	device_class = procsrv_class_create("procsrv");
	if (IS_ERR(device_class)) {
		err = PTR_ERR(device_class);
		goto err_region;
	}
	err = add_device();
	if (err)
		goto err_class;
	return 0;

err_class:
	class_destroy(device_class);
err_region:
	unregister_chrdev_region(device_number, 1);
	return err;
}

static void device_exit(void)
{
	cdev_device_del(device_cdev, device);
	put_device_and_wait();
	class_destroy(device_class);
	unregister_chrdev_region(device_number, 1);
}

static int __init procsrv_module_init(void)
{
	int err;

	err = check_parameters();
	if (err)
		return err;
	err = procsrv_tables_init();
	if (err)
		return err;

	procsrv_clock_init(&global_clock, &procsrv_machine_counter);
	global_server = procsrv_new(&global_clock);
	if (!global_server) {
		err = -ENOMEM;
		goto err_tables;
	}

	procsrv_set_bounds(global_server, &bounds);
	if (init_reaps)
		procsrv_let_init_reap(global_server);
	procsrv_asset_bounds[PROCSRV_ASSET_REQUEST] = bounds.user_waiters;

	err = procsrv_sysfs_init(global_server);
	if (err)
		goto err_server;

	err = device_init();
	if (err)
		goto err_sysfs;

	pr_info("version %s, /dev/procsrv is ready\n", PROCSRV_VERSION);
	return 0;

err_sysfs:
	procsrv_sysfs_exit();
err_server:
	procsrv_put(global_server);
err_tables:
	procsrv_tables_exit();
	return err;
}

static void __exit procsrv_module_exit(void)
{
	device_exit();
	procsrv_sysfs_exit();
	procsrv_put(global_server);
	procsrv_tables_exit();
}

module_init(procsrv_module_init);
module_exit(procsrv_module_exit);

MODULE_DESCRIPTION("A process server");
MODULE_AUTHOR("The procsrv authors");
MODULE_VERSION(PROCSRV_VERSION);
MODULE_LICENSE("GPL");
