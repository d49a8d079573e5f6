// SPDX-License-Identifier: GPL-2.0-only
/*
 * The ioctls of a server
 *
 * The dispatcher copies the argument structure in and out, whatever its size
 * in the caller's version of the interface. Each operation gets it in kernel
 * memory, checks the fields that the model does not know (flags, padding,
 * pointers) and calls the model.
 */
#include <linux/cred.h>
#include <linux/mm.h>
#include <linux/nospec.h>
#include <linux/sched/signal.h>
#include <linux/slab.h>
#include <linux/uaccess.h>

#include "compat.h"
#include "procsrv_ioctl.h"

/* A page of an array is copied by as many elements as one lock hold gives. */
union list_page {
	struct procsrv_info infos[PROCSRV_BATCH];
	u64 pids[PROCSRV_BATCH];
};

/* First versions of what is measured by a size field, not by the ioctl. */
enum {
	INFO_SIZE_VER0 = offsetofend(struct procsrv_info, name),
	PID_SIZE_VER0 = sizeof(u64),
};

/*
 * Strings from user space
 */

/* Copies a string of at most @max bytes, its NUL counted; its length. */
static ssize_t string_from_user(char *buf, u64 from, size_t max)
{
	ssize_t len = strncpy_from_user(buf, u64_to_user_ptr(from), max);

	return len == max ? -ENAMETOOLONG : len;
}

/* Fills @to with a list of strings, each with its NUL. */
static int strings_from_user(char *to, u64 from, u32 len)
{
	if (copy_from_user(to, u64_to_user_ptr(from), len))
		return -EFAULT;
	return len && to[len - 1] ? -EINVAL : 0;
}

static struct procsrv_image *image_from_user(u64 name, u64 argv, u32 argv_len,
					     u64 envp, u32 envp_len)
{
	char buf[PROCSRV_NAME_MAX + 1];
	struct procsrv_image *image;
	ssize_t len;
	int err;

	if (argv_len > PROCSRV_STRINGS_MAX || envp_len > PROCSRV_STRINGS_MAX)
		return ERR_PTR(-E2BIG);
	len = string_from_user(buf, name, sizeof(buf));
	if (len < 0)
		return ERR_PTR(len);
	image = procsrv_image_new(buf, len, argv_len, envp_len);
	if (!image)
		return ERR_PTR(-ENOMEM);
	err = strings_from_user(procsrv_image_argv(image), argv, argv_len);
	if (!err)
		err = strings_from_user(procsrv_image_envp(image), envp,
					envp_len);
	if (err) {
		procsrv_image_put(image);
		return ERR_PTR(err);
	}
	return image;
}

static struct procsrv_text *text_from_user(u64 from, size_t max)
{
	struct procsrv_text *text;
	ssize_t len;
	char *buf;

	buf = kmalloc(max, GFP_KERNEL_ACCOUNT);
	if (!buf)
		return ERR_PTR(-ENOMEM);
	len = string_from_user(buf, from, max);
	text = len < 0 ? ERR_PTR(len) : procsrv_text_new(buf, len);
	kfree(buf);
	return text ?: ERR_PTR(-ENOMEM);
}

/* Fills a room of @size bytes with as much of @data as it takes. */
static int fill_room(u64 to, u32 size, const void *data, u32 len)
{
	if (copy_to_user(u64_to_user_ptr(to), data, min(size, len)))
		return -EFAULT;
	return 0;
}

/* Fills elements of the caller's size with our own. */
static int fill_array(u64 to, u32 to_size, const void *from, u32 from_size,
		      u32 count)
{
	u32 size = min(to_size, from_size);
	u32 i;

	if (to_size == from_size)
		return fill_room(to, to_size * count, from, to_size * count);
	for (i = 0; i < count; i++, to += to_size, from += from_size) {
		if (copy_to_user(u64_to_user_ptr(to), from, size) ||
		    clear_user(u64_to_user_ptr(to + size), to_size - size))
			return -EFAULT;
	}
	return 0;
}

/*
 * The operations
 */

union procsrv_args {
	struct procsrv_create_args create;
	struct procsrv_exec_args exec;
	struct procsrv_terminate_args terminate;
	struct procsrv_wait_args wait;
	struct procsrv_signal_args signal;
	struct procsrv_info_args info;
	struct procsrv_limits_args limits;
	struct procsrv_update_args update;
	struct procsrv_create_session_args create_session;
	struct procsrv_create_group_args create_group;
	struct procsrv_set_group_args set_group;
	struct procsrv_session_args session;
	struct procsrv_group_args group;
	struct procsrv_set_terminal_args set_terminal;
	struct procsrv_hang_up_args hang_up;
	struct procsrv_list_args list;
	struct procsrv_reap_args reap;
	struct procsrv_stats stats;
	struct procsrv_revoke_args revoke;
	struct procsrv_time_args time;
};

static int do_create(struct procsrv *ps, union procsrv_args *args)
{
	struct procsrv_create_args *a = &args->create;
	struct procsrv_image *image;
	kuid_t uid = make_kuid(current_user_ns(), a->uid);
	kgid_t gid = make_kgid(current_user_ns(), a->gid);
	int err;

	if (a->flags || a->pad || !uid_valid(uid) || !gid_valid(gid))
		return -EINVAL;
	image = image_from_user(a->name, a->argv, a->argv_len, a->envp,
				a->envp_len);
	if (IS_ERR(image))
		return PTR_ERR(image);
	err = procsrv_create(ps, a->parent, image, uid, gid, &a->pid);
	procsrv_image_put(image);
	return err;
}

static int do_exec(struct procsrv *ps, union procsrv_args *args)
{
	struct procsrv_exec_args *a = &args->exec;
	struct procsrv_image *image;
	int err;

	if (a->flags || a->pad)
		return -EINVAL;
	image = image_from_user(a->name, a->argv, a->argv_len, a->envp,
				a->envp_len);
	if (IS_ERR(image))
		return PTR_ERR(image);
	err = procsrv_exec(ps, a->pid, image);
	procsrv_image_put(image);
	return err;
}

static int do_terminate(struct procsrv *ps, union procsrv_args *args)
{
	struct procsrv_terminate_args *a = &args->terminate;

	return procsrv_terminate(ps, a->pid, a->exit_code, a->exit_signal);
}

static int do_wait(struct procsrv *ps, union procsrv_args *args)
{
	struct procsrv_wait_args *a = &args->wait;
	struct procsrv_wait w = {
		.parent = a->parent,
		.which = a->which,
		.what = a->what,
		.flags = a->flags,
		.id = a->id,
		.timeout = a->timeout,
	};
	int err;

	if (a->pad)
		return -EINVAL;
	err = procsrv_wait(ps, &w);
	a->timeout = w.timeout;
	if (err)
		return err;
	a->why = w.why;
	a->pid = w.pid;
	a->cpu_time = w.cpu_time;
	a->children_cpu_time = w.children_cpu_time;
	a->uid = from_kuid_munged(current_user_ns(), w.uid);
	a->exit_code = w.exit_code;
	a->exit_signal = w.exit_signal;
	return 0;
}

static int do_signal(struct procsrv *ps, union procsrv_args *args)
{
	struct procsrv_signal_args *a = &args->signal;

	if (a->flags)
		return -EINVAL;
	return procsrv_signal(ps, a->sender, a->target, a->id, a->signo,
			      &a->count);
}

static bool room_is_valid(u64 to, u32 size)
{
	return to || !size;
}

/* Is @size a size that an element may have in some version? */
static int check_element(u32 size, u32 first_version)
{
	if (size < first_version)
		return -EINVAL;
	return size > PAGE_SIZE ? -E2BIG : 0;
}

static bool info_rooms_are_valid(const struct procsrv_info_args *a)
{
	return room_is_valid(a->info, a->info_size) &&
	       room_is_valid(a->argv, a->argv_size) &&
	       room_is_valid(a->envp, a->envp_size) &&
	       room_is_valid(a->cwd, a->cwd_size) &&
	       room_is_valid(a->terminal, a->terminal_size);
}

static int fill_rooms(struct procsrv_info_args *a, struct procsrv_details *d)
{
	const char *terminal = d->terminal ? d->terminal->data : NULL;
	int err = 0;

	if (a->info)
		err = fill_array(a->info, a->info_size, &d->info,
				 sizeof(d->info), 1);
	if (!err)
		err = fill_room(a->argv, a->argv_size,
				procsrv_image_argv(d->image),
				d->info.argv_len);
	if (!err)
		err = fill_room(a->envp, a->envp_size,
				procsrv_image_envp(d->image),
				d->info.envp_len);
	if (!err)
		err = fill_room(a->cwd, a->cwd_size,
				d->cwd ? d->cwd->data : "/", d->info.cwd_len);
	if (!err)
		err = fill_room(a->terminal, a->terminal_size, terminal,
				d->info.terminal_len);
	a->argv_size = d->info.argv_len;
	a->envp_size = d->info.envp_len;
	a->cwd_size = d->info.cwd_len;
	a->terminal_size = d->info.terminal_len;
	return err;
}

static int do_info(struct procsrv *ps, union procsrv_args *args)
{
	struct procsrv_info_args *a = &args->info;
	struct procsrv_details d;
	int err;

	if (a->flags || !info_rooms_are_valid(a))
		return -EINVAL;
	err = a->info ? check_element(a->info_size, INFO_SIZE_VER0) : 0;
	if (err)
		return err;
	err = procsrv_get_info(ps, a->pid, &d);
	if (err)
		return err;
	err = fill_rooms(a, &d);
	procsrv_put_info(&d);
	return err;
}

static int do_get_limits(struct procsrv *ps, union procsrv_args *args)
{
	struct procsrv_limits_args *a = &args->limits;

	return procsrv_get_limits(ps, a->pid, &a->limits);
}

static int do_set_limits(struct procsrv *ps, union procsrv_args *args)
{
	struct procsrv_limits_args *a = &args->limits;

	return procsrv_set_limits(ps, a->pid, &a->limits);
}

static int do_update(struct procsrv *ps, union procsrv_args *args)
{
	struct procsrv_update_args *a = &args->update;
	struct procsrv_update u = {
		.mask = a->mask,
		.cpu_time = a->cpu_time,
		.memory_usage = a->memory_usage,
		.thread_count = a->thread_count,
		.state = a->state,
		.priority = a->priority,
	};
	int err;

	if (a->mask & PROCSRV_UPDATE_CWD) {
		u.cwd = text_from_user(a->cwd, PROCSRV_PATH_MAX);
		if (IS_ERR(u.cwd))
			return PTR_ERR(u.cwd);
	}
	err = procsrv_update(ps, a->pid, &u);
	procsrv_text_put(u.cwd);
	return err;
}

static int do_create_session(struct procsrv *ps, union procsrv_args *args)
{
	struct procsrv_create_session_args *a = &args->create_session;

	if (a->flags || a->pad)
		return -EINVAL;
	return procsrv_create_session(ps, a->leader, &a->sid, &a->pgid);
}

static int do_create_group(struct procsrv *ps, union procsrv_args *args)
{
	struct procsrv_create_group_args *a = &args->create_group;

	if (a->flags || a->pad)
		return -EINVAL;
	return procsrv_create_group(ps, a->caller, a->leader, a->sid,
				    &a->pgid);
}

static int do_set_group(struct procsrv *ps, union procsrv_args *args)
{
	struct procsrv_set_group_args *a = &args->set_group;

	if (a->flags)
		return -EINVAL;
	return procsrv_set_group(ps, a->caller, a->pid, a->pgid);
}

static int do_session(struct procsrv *ps, union procsrv_args *args)
{
	struct procsrv_session_args *a = &args->session;
	struct procsrv_session_info info;
	int err;

	if (a->flags || a->pad || !room_is_valid(a->terminal, a->terminal_size))
		return -EINVAL;
	err = procsrv_get_session(ps, a->sid, &info);
	if (err)
		return err;
	if (info.terminal)
		err = fill_room(a->terminal, a->terminal_size,
				info.terminal->data, info.terminal->len);
	a->leader = info.leader;
	a->terminal_size = info.terminal ? info.terminal->len : 0;
	a->nr_processes = info.nr_members;
	a->nr_groups = info.nr_groups;
	procsrv_text_put(info.terminal);
	return err;
}

static int do_group(struct procsrv *ps, union procsrv_args *args)
{
	struct procsrv_group_args *a = &args->group;
	struct procsrv_group_info info;
	int err;

	if (a->flags)
		return -EINVAL;
	err = procsrv_get_group(ps, a->pgid, &info);
	if (err)
		return err;
	a->leader = info.leader;
	a->sid = info.sid;
	a->nr_processes = info.nr_members;
	return 0;
}

static int do_set_terminal(struct procsrv *ps, union procsrv_args *args)
{
	struct procsrv_set_terminal_args *a = &args->set_terminal;
	struct procsrv_text *name = NULL;
	int err;

	if (a->flags)
		return -EINVAL;
	if (a->name) {
		name = text_from_user(a->name, PROCSRV_NAME_MAX + 1);
		if (IS_ERR(name))
			return PTR_ERR(name);
	}
	if (name && !name->data[0])
		err = -EINVAL;
	else
		err = procsrv_set_terminal(ps, a->sid, name);
	procsrv_text_put(name);
	return err;
}

static int do_hang_up(struct procsrv *ps, union procsrv_args *args)
{
	struct procsrv_hang_up_args *a = &args->hang_up;

	if (a->flags || a->pad)
		return -EINVAL;
	return procsrv_hang_up(ps, a->sid, &a->count);
}

/* Fills @a's array from @page, a hold of the lock at a time. */
static int list_pages(struct procsrv *ps, struct procsrv_list_args *a,
		      bool pids, union list_page *page)
{
	u32 size = pids ? sizeof(page->pids[0]) : sizeof(page->infos[0]);
	u64 cursor = a->cursor;
	u32 done = 0;
	u32 max;
	int n;

	do {
		max = min_t(u32, a->count - done, PROCSRV_BATCH);
		if (pids)
			n = procsrv_list_pids(ps, a->scope, a->id, cursor,
					      page->pids, max);
		else
			n = procsrv_list(ps, a->scope, a->id, cursor,
					 page->infos, max);
		/* What vanishes after its first page has simply ended. */
		if (n == -ESRCH && done)
			break;
		if (n < 0)
			return n;
		if (fill_array(a->buf + (u64)done * a->record_size,
			       a->record_size, page, size, n))
			return -EFAULT;
		if (n)
			cursor = pids ? page->pids[n - 1] :
					page->infos[n - 1].pid;
		done += n;
		if (fatal_signal_pending(current))
			return -EINTR;
		cond_resched();
	} while (n == max && done < a->count);
	a->cursor = cursor;
	a->count = done;
	return 0;
}

static int list_common(struct procsrv *ps, struct procsrv_list_args *a,
		       bool pids)
{
	union list_page *page;
	int err;

	if (a->flags || a->pad || !a->count)
		return -EINVAL;
	err = check_element(a->record_size,
			    pids ? PID_SIZE_VER0 : INFO_SIZE_VER0);
	if (err)
		return err;
	page = kvmalloc(sizeof(*page), GFP_KERNEL_ACCOUNT);
	if (!page)
		return -ENOMEM;
	err = list_pages(ps, a, pids, page);
	kvfree(page);
	return err;
}

static int do_list(struct procsrv *ps, union procsrv_args *args)
{
	return list_common(ps, &args->list, false);
}

static int do_list_pids(struct procsrv *ps, union procsrv_args *args)
{
	return list_common(ps, &args->list, true);
}

static int do_reap(struct procsrv *ps, union procsrv_args *args)
{
	struct procsrv_reap_args *a = &args->reap;

	if (a->flags || a->pad)
		return -EINVAL;
	a->count = procsrv_reap(ps);
	return 0;
}

static int do_stats(struct procsrv *ps, union procsrv_args *args)
{
	procsrv_get_stats(ps, &args->stats);
	return 0;
}

static int do_revoke(struct procsrv *ps, union procsrv_args *args)
{
	struct procsrv_revoke_args *a = &args->revoke;

	if (a->flags || a->pad)
		return -EINVAL;
	return procsrv_revoke(ps, a->pid, a->capability);
}

static int do_time(struct procsrv *ps, union procsrv_args *args)
{
	struct procsrv_time_args *a = &args->time;

	if (a->flags)
		return -EINVAL;
	a->time = procsrv_clock_read(ps->clock, &a->cycles);
	a->frequency = ps->clock->frequency;
	a->source = a->frequency ? PROCSRV_CLOCK_CYCLES :
				   PROCSRV_CLOCK_MONOTONIC;
	return 0;
}

/*
 * The dispatcher
 */

/**
 * struct operation - an ioctl
 * @cmd: its number, with the size of the structure as it is now
 * @min_size: the size of its first version
 * @run: does it, on a copy of the structure in kernel memory
 */
struct operation {
	unsigned int cmd;
	unsigned int min_size;
	int (*run)(struct procsrv *ps, union procsrv_args *args);
};

#define OPERATION(name, last, fn)					\
	[_IOC_NR(PROCSRV_IOC_##name)] = {				\
		.cmd = PROCSRV_IOC_##name,				\
		.min_size = last,					\
		.run = fn,						\
	}

#define VER0(type, last) offsetofend(struct procsrv_##type, last)

static const struct operation operations[] = {
	OPERATION(CREATE, VER0(create_args, pid), do_create),
	OPERATION(EXEC, VER0(exec_args, pad), do_exec),
	OPERATION(TERMINATE, VER0(terminate_args, exit_signal), do_terminate),
	OPERATION(WAIT, VER0(wait_args, pad), do_wait),
	OPERATION(SIGNAL, VER0(signal_args, count), do_signal),
	OPERATION(INFO, VER0(info_args, flags), do_info),
	OPERATION(GET_LIMITS, VER0(limits_args, limits.flags), do_get_limits),
	OPERATION(SET_LIMITS, VER0(limits_args, limits.flags), do_set_limits),
	OPERATION(UPDATE, VER0(update_args, priority), do_update),
	OPERATION(CREATE_SESSION, VER0(create_session_args, pad),
		  do_create_session),
	OPERATION(CREATE_GROUP, VER0(create_group_args, pad),
		  do_create_group),
	OPERATION(SET_GROUP, VER0(set_group_args, flags), do_set_group),
	OPERATION(SESSION, VER0(session_args, pad), do_session),
	OPERATION(GROUP, VER0(group_args, nr_processes), do_group),
	OPERATION(SET_TERMINAL, VER0(set_terminal_args, name),
		  do_set_terminal),
	OPERATION(HANG_UP, VER0(hang_up_args, pad), do_hang_up),
	OPERATION(LIST_PIDS, VER0(list_args, pad), do_list_pids),
	OPERATION(LIST, VER0(list_args, pad), do_list),
	OPERATION(REAP, VER0(reap_args, count), do_reap),
	OPERATION(STATS, VER0(stats, orphans), do_stats),
	OPERATION(REVOKE, VER0(revoke_args, pad), do_revoke),
	OPERATION(TIME, VER0(time_args, flags), do_time),
};

/* The operation that @cmd names, whatever size it carries; or NULL. */
static const struct operation *find_operation(unsigned int cmd)
{
	const struct operation *op;

	if (_IOC_TYPE(cmd) != PROCSRV_IOC_MAGIC ||
	    _IOC_NR(cmd) >= ARRAY_SIZE(operations))
		return NULL;
	op = &operations[array_index_nospec(_IOC_NR(cmd),
					    ARRAY_SIZE(operations))];
	return _IOC_DIR(cmd) == _IOC_DIR(op->cmd) ? op : NULL;
}

/* Copies the structure out; zero is what is unknown here of a longer one. */
static int args_to_user(const struct operation *op, void __user *to,
			size_t user_size, const union procsrv_args *args)
{
	size_t size = min_t(size_t, _IOC_SIZE(op->cmd), user_size);

	if (!(_IOC_DIR(op->cmd) & _IOC_READ))
		return 0;
	if (copy_to_user(to, args, size) ||
	    clear_user(to + size, user_size - size))
		return -EFAULT;
	return 0;
}

/*
 * Copies the structure in. Writing the same bytes back tells now, before
 * anything is done, whether the result could not be stored later.
 */
static int args_from_user(const struct operation *op, void __user *from,
			  size_t user_size, union procsrv_args *args)
{
	size_t size = _IOC_SIZE(op->cmd);
	int err;

	if (!(_IOC_DIR(op->cmd) & _IOC_WRITE)) {
		memset(args, 0, size);
		return 0;
	}
	err = copy_struct_from_user(args, size, from, user_size);
	if (err)
		return err;
	return args_to_user(op, from, user_size, args);
}

/**
 * procsrv_ioctl() - run the operation that an ioctl names
 * @file: the device, with a server as its private data
 * @cmd: PROCSRV_IOC_*
 * @arg: the address of its structure
 *
 * Return: 0 or what the operation's structure documents; -ENOTTY if there is
 * no such operation, -EINVAL, -E2BIG and -EFAULT if the structure cannot be
 * taken.
 */
long procsrv_ioctl(struct file *file, unsigned int cmd, unsigned long arg)
{
	const struct operation *op = find_operation(cmd);
	void __user *user = (void __user *)arg;
	union procsrv_args args;
	int err;

	if (!op)
		return -ENOTTY;
	if (_IOC_SIZE(cmd) < op->min_size)
		return -EINVAL;
	err = args_from_user(op, user, _IOC_SIZE(cmd), &args);
	if (err)
		return err;
	err = op->run(file->private_data, &args);
	/* An interrupted wait goes on with the time that was left. */
	if (!err || err == -ERESTARTSYS) {
		if (args_to_user(op, user, _IOC_SIZE(cmd), &args))
			return -EFAULT;
	}
	return err;
}
