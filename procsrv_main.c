// SPDX-License-Identifier: GPL-2.0-only
/*
 * procsrv - a process server: the module and its device
 */
#define pr_fmt(fmt) KBUILD_MODNAME ": " fmt

#include <linux/fs.h>
#include <linux/miscdevice.h>
#include <linux/module.h>
#include <linux/moduleparam.h>

#include "procsrv_client.h"

/* The highest pid that Linux can have. */
#define DEFAULT_MAX_PROCESSES (4 * 1024 * 1024)

static struct procsrv_bounds bounds = {
	.processes = DEFAULT_MAX_PROCESSES,
	.user_processes = DEFAULT_MAX_PROCESSES,
};

module_param_named(max_processes, bounds.processes, uint, 0444);
MODULE_PARM_DESC(max_processes, "Most processes that a server may have");
module_param_named(max_user_processes, bounds.user_processes, uint, 0444);
MODULE_PARM_DESC(max_user_processes,
		 "Most processes of one user id that a server may have");

static struct procsrv_clock global_clock;

/* The server behind /dev/procsrv and /sys/kernel/procsrv. */
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

static struct miscdevice procsrv_device = {
	.minor = MISC_DYNAMIC_MINOR,
	.name = "procsrv",
	.fops = &procsrv_client_fops,
	.mode = 0600,
};

static int __init procsrv_module_init(void)
{
	int err;

	err = procsrv_tables_init();
	if (err)
		return err;

	procsrv_clock_init(&global_clock, procsrv_clock_tsc);
	global_server = procsrv_new(&global_clock);
	if (!global_server) {
		err = -ENOMEM;
		goto err_tables;
	}

	procsrv_set_bounds(global_server, &bounds);

	err = procsrv_sysfs_init(global_server);
	if (err)
		goto err_server;

	err = misc_register(&procsrv_device);
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
	misc_deregister(&procsrv_device);
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
