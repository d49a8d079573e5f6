// SPDX-License-Identifier: GPL-2.0-only
/*
 * Servers with many processes
 */
#include <linux/err.h>
#include <linux/sched/signal.h>
#include <linux/slab.h>
#include <linux/string.h>

#include "bench.h"

/* Strings as in the measurements of VeridianOS, see veridian.json. */
static const char name[] = "worker";
static const char argv[] = "/bin/worker\0--n";
static const char envp[] = "PATH=/bin";

const char *const shape_names[NR_SHAPES] = {
	[FAMILY] = "family",
	[CHAIN] = "chain",
};

static struct procsrv_image *new_image(void)
{
	struct procsrv_image *image;

	image = procsrv_image_new(name, strlen(name), sizeof(argv),
				  sizeof(envp));
	if (IS_ERR_OR_NULL(image))
		return NULL;
	memcpy(procsrv_image_argv(image), argv, sizeof(argv));
	memcpy(procsrv_image_envp(image), envp, sizeof(envp));
	return image;
}

/**
 * herd_add() - create a process, with an image of its own as the ioctl does
 * @h: the herd
 * @parent: its parent
 * @pid: where to store its pid
 *
 * Return: 0 or an error from procsrv_create().
 */
int herd_add(struct herd *h, u64 parent, u64 *pid)
{
	struct procsrv_create_params params = {
		.parent = parent,
		.image = h->image ? procsrv_image_get(h->image) : new_image(),
		.uid = KUIDT_INIT(BENCH_UID),
		.gid = KGIDT_INIT(BENCH_GID),
	};
	int err;

	if (!params.image)
		return -ENOMEM;
	err = procsrv_create(h->ps, &params, pid);
	procsrv_image_put(params.image);
	return err;
}

/**
 * herd_add_children() - create many processes
 * @h: the herd
 * @parent: their parent
 * @n: how many
 *
 * Return: 0; -EINTR if the caller is killed; or an error from procsrv_create().
 */
int herd_add_children(struct herd *h, u64 parent, u64 n)
{
	u64 i, pid;
	int err;

	for (i = 0; i < n; i++) {
		err = herd_add(h, parent, &pid);
		if (err)
			return err;
		if (fatal_signal_pending(current))
			return -EINTR;
		bench_relax();
	}
	return 0;
}

/* The first process begins the session. */
static int fill(struct herd *h, u64 live)
{
	u64 begin, parent, pid;
	u32 pgid;
	int err;

	err = herd_add(h, PROCSRV_INIT_PID, &h->leader);
	if (err)
		return err;
	err = procsrv_create_session(h->ps, h->leader, &h->sid, &pgid);
	if (err)
		return err;
	h->first = h->leader + 1;
	begin = bench_now();
	if (h->shape == FAMILY)
		err = herd_add_children(h, h->leader, live);
	for (parent = h->leader; h->shape == CHAIN && parent < h->leader + live;
	     parent = pid) {
		err = herd_add(h, parent, &pid);
		if (!err && fatal_signal_pending(current))
			err = -EINTR;
		if (err)
			break;
		bench_relax();
	}
	h->elapsed = bench_now() - begin;
	h->live = live;
	return err;
}

/**
 * herd_new() - make a server with many processes
 * @shape: how they are related
 * @live: how many, init and the leader not counted
 * @share_image: all of them share one image
 *
 * Return: the herd or an error.
 */
struct herd *herd_new(enum herd_shape shape, u64 live, bool share_image)
{
	struct herd *h = kzalloc(sizeof(*h), GFP_KERNEL);
	int err = -ENOMEM;

	if (!h)
		return ERR_PTR(-ENOMEM);
	h->shape = shape;
	procsrv_clock_init(&h->clock, &procsrv_machine_counter);
	h->ps = procsrv_new(&h->clock);
	if (share_image)
		h->image = new_image();
	if (h->ps && (h->image || !share_image))
		err = fill(h, live);
	if (!err)
		return h;
	herd_free(h);
	return ERR_PTR(err);
}

/**
 * herd_free() - undo herd_new()
 * @h: the herd, or NULL
 */
void herd_free(struct herd *h)
{
	if (!h)
		return;
	if (h->ps)
		procsrv_put(h->ps);
	procsrv_image_put(h->image);
	kfree(h);
}

/**
 * herd_split() - move one in BENCH_GROUP_SHARE to a process group
 * @h: the herd
 *
 * Return: 0 or an error from the model.
 */
int herd_split(struct herd *h)
{
	u64 pid;
	int err;

	err = procsrv_create_group(h->ps, 0, h->first, h->sid, &h->pgid);
	h->nr_members = 1;
	for (pid = h->first + BENCH_GROUP_SHARE;
	     !err && pid < h->first + h->live; pid += BENCH_GROUP_SHARE) {
		err = procsrv_set_group(h->ps, 0, pid, h->pgid);
		h->nr_members++;
		bench_relax();
	}
	return err;
}

/**
 * herd_reap() - wait for a zombie
 * @h: the herd
 * @parent: its parent
 * @pid: the zombie
 *
 * Return: 0 or an error from procsrv_wait().
 */
int herd_reap(struct herd *h, u64 parent, u64 pid)
{
	struct procsrv_wait w = {
		.parent = parent,
		.which = PROCSRV_WAIT_PID,
		.what = PROCSRV_WAIT_EXITED,
		.flags = PROCSRV_WAIT_NOHANG,
		.id = pid,
	};

	return procsrv_wait(h->ps, &w);
}

/**
 * herd_cycle() - create a process, end it, wait for it
 * @h: the herd
 * @parent: its parent
 *
 * Return: 0 or an error from the model.
 */
int herd_cycle(struct herd *h, u64 parent)
{
	u64 pid;
	int err;

	err = herd_add(h, parent, &pid);
	if (!err)
		err = procsrv_terminate(h->ps, pid, 0, 0);
	if (!err)
		err = herd_reap(h, parent, pid);
	return err;
}

/* All information about a process, with its strings. */
struct look {
	struct procsrv_details details;
	char argv[64];
	char envp[64];
	char cwd[64];
};

/**
 * herd_look() - look at a process, and copy its strings as VeridianOS does
 * @h: the herd
 * @pid: the process
 *
 * The name is part of the information.
 *
 * Return: 0 or an error from procsrv_get_info().
 */
int herd_look(struct herd *h, u64 pid)
{
	struct procsrv_details *d;
	struct look look;
	int err;

	d = &look.details;
	err = procsrv_get_info(h->ps, pid, d);
	if (err)
		return err;
	memcpy(look.argv, procsrv_image_argv(d->image),
	       min_t(size_t, d->info.argv_len, sizeof(look.argv)));
	memcpy(look.envp, procsrv_image_envp(d->image),
	       min_t(size_t, d->info.envp_len, sizeof(look.envp)));
	memcpy(look.cwd, d->cwd ? d->cwd->data : "/",
	       min_t(size_t, d->info.cwd_len, sizeof(look.cwd)));
	/* Keep the compiler from dropping the copies. */
	barrier_data(&look);
	procsrv_put_info(d);
	return 0;
}

/**
 * herd_update() - report the resource usage of a process
 * @h: the herd
 * @pid: the process
 *
 * Return: 0 or an error from procsrv_update().
 */
int herd_update(struct herd *h, u64 pid)
{
	const struct procsrv_update update = {
		.mask = PROCSRV_UPDATE_CPU_TIME | PROCSRV_UPDATE_MEMORY,
		.cpu_time = pid,
		.memory_usage = 4096,
	};

	return procsrv_update(h->ps, pid, &update);
}

/**
 * herd_random() - choose a random process
 * @h: the herd
 * @seed: state of the random numbers, not 0
 *
 * Return: its pid.
 */
u64 herd_random(const struct herd *h, u64 *seed)
{
	*seed ^= *seed << 13;
	*seed ^= *seed >> 7;
	*seed ^= *seed << 17;
	return h->first + *seed % h->live;
}
