// SPDX-License-Identifier: GPL-2.0-only
/*
 * procsrv_bench - measure the functions of the model
 *
 * Writing the names of measurements to "run" in debugfs runs them, in the
 * context of the writing task, which can be killed meanwhile: growth, bulk,
 * readers, waits, memory, holds, loaded-holds. "results" has the results until
 * the next run, as JSON objects, one per line.
 */
#define pr_fmt(fmt) KBUILD_MODNAME ": " fmt

#include <linux/cpumask.h>
#include <linux/debugfs.h>
#include <linux/fs.h>
#include <linux/module.h>
#include <linux/moduleparam.h>
#include <linux/mutex.h>
#include <linux/sched.h>
#include <linux/slab.h>
#include <linux/string.h>
#include <linux/uaccess.h>

#include "../compat.h"
#include "bench.h"

enum {
	MAX_SIZES = 16,
	MAX_REQUEST = 256,
};

unsigned int bench_rounds = 9;
module_param_named(rounds, bench_rounds, uint, 0644);
MODULE_PARM_DESC(rounds, "How often each is measured, at most 32");

unsigned int bench_sizes[MAX_SIZES] = { 100, 1000, 10000, 100000, 1000000 };
unsigned int bench_nr_sizes = 5;
module_param_array_named(sizes, bench_sizes, uint, &bench_nr_sizes, 0644);
MODULE_PARM_DESC(sizes, "At how many live processes");

unsigned int bench_bulk = 100000;
module_param_named(bulk, bench_bulk, uint, 0644);
MODULE_PARM_DESC(bulk, "Children of the parent that exits, zombies to reap");

unsigned int bench_live = 1000000;
module_param_named(live, bench_live, uint, 0644);
MODULE_PARM_DESC(live, "Live processes while the waits are measured");

unsigned int bench_readers_live = 100000;
module_param_named(readers_live, bench_readers_live, uint, 0644);
MODULE_PARM_DESC(readers_live, "Live processes that readers look at");

bool bench_cycles;
module_param_named(cycles, bench_cycles, bool, 0444);
MODULE_PARM_DESC(cycles, "Count cycles, which an emulator may count instructions as");

char *bench_holds_of = "";
module_param_named(holds_of, bench_holds_of, charp, 0444);
MODULE_PARM_DESC(holds_of, "Part of the names of the changes whose holds are measured");

struct measurement {
	const char *name;
	int (*run)(void);
};

static const struct measurement measurements[] = {
	{ "growth", bench_growth },
	{ "bulk", bench_bulk_operations },
	{ "readers", bench_readers },
	{ "waits", bench_waits },
	{ "memory", bench_memory },
	{ "holds", bench_holds },
	{ "loaded-holds", bench_loaded_holds },
};

static struct dentry *dir;

/* One run at a time. */
static DEFINE_MUTEX(run_lock);

static int run_one(const char *name)
{
	int i, err;

	for (i = 0; i < ARRAY_SIZE(measurements); i++) {
		if (strcmp(name, measurements[i].name))
			continue;
		pr_info("%s\n", name);
		err = measurements[i].run();
		if (err)
			pr_err("%s: error %d\n", name, err);
		return err;
	}
	return -EINVAL;
}

static int run_all(char *names)
{
	char *name;
	int err;

	results_clear();
	while ((name = strsep(&names, " ,\n"))) {
		err = *name ? run_one(name) : 0;
		if (err)
			return err;
	}
	return 0;
}

/* Runs on the first processor. Worker threads may be bound to other ones. */
static int run_bound(char *names)
{
	cpumask_var_t allowed;
	int err;

	if (!alloc_cpumask_var(&allowed, GFP_KERNEL))
		return -ENOMEM;
	cpumask_copy(allowed, &current->cpus_mask);
	err = set_cpus_allowed_ptr(current, cpumask_of(0));
	if (!err) {
		err = run_all(names);
		set_cpus_allowed_ptr(current, allowed);
	}
	free_cpumask_var(allowed);
	return err;
}

static ssize_t run_write(struct file *file, const char __user *buf, size_t len,
			 loff_t *pos)
{
	char *names;
	int err;

	if (len > MAX_REQUEST)
		return -EINVAL;
	names = memdup_user_nul(buf, len);
	if (IS_ERR(names))
		return PTR_ERR(names);
	err = mutex_lock_killable(&run_lock);
	if (!err) {
		bench_rounds = clamp(bench_rounds, 1u, BENCH_MAX_ROUNDS);
		err = run_bound(names);
		mutex_unlock(&run_lock);
	}
	kfree(names);
	return err ?: len;
}

static const struct file_operations run_fops = {
	.owner = THIS_MODULE,
	.open = simple_open,
	.write = run_write,
	.llseek = noop_llseek,
};

static ssize_t results_file_read(struct file *file, char __user *buf,
				 size_t len, loff_t *pos)
{
	return results_read(buf, len, pos);
}

static const struct file_operations results_fops = {
	.owner = THIS_MODULE,
	.open = simple_open,
	.read = results_file_read,
	.llseek = default_llseek,
};

static int __init bench_init(void)
{
	int err;

	err = results_init();
	if (err)
		return err;
	err = device_init();
	if (err) {
		results_exit();
		return err;
	}
	dir = debugfs_create_dir("procsrv_bench", NULL);
	debugfs_create_file("run", 0200, dir, NULL, &run_fops);
	debugfs_create_file("results", 0400, dir, NULL, &results_fops);
	return 0;
}

static void __exit bench_exit(void)
{
	debugfs_remove(dir);
	device_exit();
	results_exit();
}

module_init(bench_init);
module_exit(bench_exit);

MODULE_DESCRIPTION("Measurements of procsrv");
MODULE_AUTHOR("The procsrv authors");
MODULE_LICENSE("GPL");
PROCSRV_IMPORT();
