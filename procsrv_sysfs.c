// SPDX-License-Identifier: GPL-2.0-only
/*
 * /sys/kernel/procsrv: the counters of the server behind /dev/procsrv
 */
#include <linux/kobject.h>
#include <linux/stddef.h>
#include <linux/sysfs.h>

#include "dev/client.h"

static struct procsrv *server;
static struct kobject *directory;

/**
 * struct counter - a counter and its file
 * @attr: the file
 * @offset: where it is in &struct procsrv_stats
 */
struct counter {
	struct kobj_attribute attr;
	size_t offset;
};

static u64 counter_value(const struct counter *c,
			 const struct procsrv_stats *stats)
{
	return *(const u64 *)((const char *)stats + c->offset);
}

static ssize_t counter_show(struct kobject *kobj, struct kobj_attribute *attr,
			    char *buf)
{
	struct counter *c = container_of(attr, struct counter, attr);
	struct procsrv_stats stats;

	procsrv_get_stats(server, &stats);
	return sysfs_emit(buf, "%llu\n", counter_value(c, &stats));
}

#define COUNTER(name)						\
	{							\
		.attr = __ATTR(name, 0444, counter_show, NULL),	\
		.offset = offsetof(struct procsrv_stats, name),	\
	}

/* In the order in which stats shows them. */
static struct counter counters[] = {
	COUNTER(total_processes),
	COUNTER(running),
	COUNTER(sleeping),
	COUNTER(stopped),
	COUNTER(zombies),
	COUNTER(total_created),
	COUNTER(total_exited),
	COUNTER(sessions),
	COUNTER(process_groups),
	COUNTER(orphans),
};

static ssize_t stats_show(struct kobject *kobj, struct kobj_attribute *attr,
			  char *buf)
{
	struct procsrv_stats stats;
	ssize_t len = 0;
	size_t i;

	procsrv_get_stats(server, &stats);
	for (i = 0; i < ARRAY_SIZE(counters); i++)
		len += sysfs_emit_at(buf, len, "%s %llu\n",
				     counters[i].attr.attr.name,
				     counter_value(&counters[i], &stats));
	return len;
}

static ssize_t version_show(struct kobject *kobj, struct kobj_attribute *attr,
			    char *buf)
{
	return sysfs_emit(buf, "%s\n", PROCSRV_VERSION);
}

static struct kobj_attribute stats_attr = __ATTR_RO(stats);
static struct kobj_attribute version_attr = __ATTR_RO(version);

static struct attribute *attributes[ARRAY_SIZE(counters) + 3];

static const struct attribute_group attribute_group = {
	.attrs = attributes,
};

/**
 * procsrv_sysfs_init() - make /sys/kernel/procsrv
 * @ps: the server whose counters it shows
 *
 * Return: 0, or an error, with nothing left behind.
 */
int procsrv_sysfs_init(struct procsrv *ps)
{
	size_t i;
	int err;

	server = ps;
	attributes[0] = &stats_attr.attr;
	attributes[1] = &version_attr.attr;
	for (i = 0; i < ARRAY_SIZE(counters); i++) {
		sysfs_attr_init(&counters[i].attr.attr);
		attributes[i + 2] = &counters[i].attr.attr;
	}

	directory = kobject_create_and_add("procsrv", kernel_kobj);
	if (!directory)
		return -ENOMEM;
	err = sysfs_create_group(directory, &attribute_group);
	if (err)
		kobject_put(directory);
	return err;
}

/**
 * procsrv_sysfs_exit() - remove /sys/kernel/procsrv
 *
 * No task reads it any more once this returns.
 */
void procsrv_sysfs_exit(void)
{
	/* The last reference may be dropped later. */
	kobject_del(directory);
	kobject_put(directory);
}
