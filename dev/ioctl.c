// SPDX-License-Identifier: GPL-2.0-only
/*
 * The ioctls of a server
 *
 * The dispatcher copies the argument structure in and out, whatever its size
 * in the caller's version of the interface. Each operation gets it in kernel
 * memory, checks the fields that the model does not know (flags, padding,
 * pointers) and calls the model.
 */
#include <linux/file.h>
#include <linux/mm.h>
#include <linux/nospec.h>
#include <linux/sched/signal.h>
#include <linux/slab.h>
#include <linux/uaccess.h>

#include "compat.h"
#include "copy.h"
#include "ioctl.h"

/* Room for the processes that are listed under one hold of the lock. */
union list_page {
	struct procsrv_info infos[PROCSRV_BATCH];
	u64 pids[PROCSRV_BATCH];
};

/*
 * The operations
 */

enum {
	CREATE_FLAGS = PROCSRV_CREATE_TIED | PROCSRV_CREATE_PID |
		       PROCSRV_CREATE_INHERIT | PROCSRV_CREATE_HOSTED |
		       PROCSRV_CREATE_EXIT_SIGNAL | PROCSRV_CREATE_SIBLING,
};

/* What a process inherits is not passed. */
static int check_inherits(const struct procsrv_create_args *a)
{
	return a->name || a->argv || a->envp || a->argv_len || a->envp_len ||
	       a->uid || a->gid ? -EINVAL : 0;
}

static int image_from_args(const struct procsrv_create_args *a,
			   struct procsrv_create_params *params)
{
	struct user_namespace *ns = current_user_ns();

	params->uid = procsrv_uid_from(ns, a->uid);
	params->gid = procsrv_gid_from(ns, a->gid);
	if (!uid_valid(params->uid) || !gid_valid(params->gid))
		return -EINVAL;
	params->image = procsrv_image_from_user(a->name, a->argv, a->argv_len,
						a->envp, a->envp_len);
	return PTR_ERR_OR_ZERO(params->image);
}

/* Most processes are created without any of them. */
static noinline int flags_from_args(const struct procsrv_call *c,
				    struct procsrv_create_params *params)
{
	const struct procsrv_create_args *a = &c->args->create;

	if (a->flags & ~CREATE_FLAGS)
		return -EINVAL;
	if (!(a->flags & PROCSRV_CREATE_EXIT_SIGNAL) && a->notify)
		return -EINVAL;
	if (a->notify > PROCSRV_NSIG)
		return -EINVAL;
	params->sibling = a->flags & PROCSRV_CREATE_SIBLING;
	if (params->sibling && a->flags & PROCSRV_CREATE_EXIT_SIGNAL)
		return -EINVAL;
	params->has_notify = a->flags & PROCSRV_CREATE_EXIT_SIGNAL;
	params->notify = a->notify;
	params->hosted = a->flags & PROCSRV_CREATE_HOSTED;
	if (a->flags & (PROCSRV_CREATE_TIED | PROCSRV_CREATE_HOSTED))
		params->owner = &c->client->owner;
	if (!(a->flags & PROCSRV_CREATE_PID))
		return 0;
	if (!c->client->is_private)
		return -EOPNOTSUPP;
	if (!a->pid || a->pid == U64_MAX)
		return -EINVAL;
	params->pid = a->pid;
	return 0;
}

static int do_create(struct procsrv_call *c)
{
	struct procsrv_create_args *a = &c->args->create;
	struct procsrv_create_params params = { .parent = a->parent };
	int err;

	if (unlikely(a->flags | a->notify)) {
		err = flags_from_args(c, &params);
		if (err)
			return err;
	}
	err = a->flags & PROCSRV_CREATE_INHERIT ? check_inherits(a) :
						  image_from_args(a, &params);
	if (err)
		return err;
	err = procsrv_create(c->ps, &params, &a->pid);
	procsrv_image_put(params.image);
	return err;
}

static int do_exec(struct procsrv_call *c)
{
	struct procsrv_exec_args *a = &c->args->exec;
	struct procsrv_image *image;
	int err;

	if (a->flags || a->pad)
		return -EINVAL;
	image = procsrv_image_from_user(a->name, a->argv, a->argv_len, a->envp,
					a->envp_len);
	if (IS_ERR(image))
		return PTR_ERR(image);
	err = procsrv_exec(c->ps, a->pid, image);
	procsrv_image_put(image);
	return err;
}

static int do_terminate(struct procsrv_call *c)
{
	struct procsrv_terminate_args *a = &c->args->terminate;

	return procsrv_terminate(c->ps, a->pid, a->exit_code, a->exit_signal);
}

static int do_signal(struct procsrv_call *c)
{
	struct procsrv_signal_args *a = &c->args->signal;
	u32 count;
	int err;

	if (a->flags)
		return -EINVAL;
	err = procsrv_signal(c->ps, a->sender, a->target, a->id, a->signo,
			     &count);
	if (!err)
		a->count = count;
	return err;
}

static int do_get_limits(struct procsrv_call *c)
{
	struct procsrv_limits_args *a = &c->args->limits;

	return procsrv_get_limits(c->ps, a->pid, &a->limits);
}

static int do_set_limits(struct procsrv_call *c)
{
	struct procsrv_limits_args *a = &c->args->limits;

	return procsrv_set_limits(c->ps, a->pid, &a->limits);
}

static int do_update(struct procsrv_call *c)
{
	struct procsrv_update_args *a = &c->args->update;
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
		u.cwd = procsrv_text_from_user(a->cwd, PROCSRV_PATH_MAX);
		if (IS_ERR(u.cwd))
			return PTR_ERR(u.cwd);
	}
	err = procsrv_update(c->ps, a->pid, &u);
	procsrv_text_put(u.cwd);
	return err;
}

static int do_create_session(struct procsrv_call *c)
{
	struct procsrv_create_session_args *a = &c->args->create_session;

	if (a->flags || a->pad)
		return -EINVAL;
	return procsrv_create_session(c->ps, a->leader, &a->sid, &a->pgid);
}

static int do_create_group(struct procsrv_call *c)
{
	struct procsrv_create_group_args *a = &c->args->create_group;

	if (a->flags || a->pad)
		return -EINVAL;
	return procsrv_create_group(c->ps, a->caller, a->leader, a->sid,
				    &a->pgid);
}

static int do_set_group(struct procsrv_call *c)
{
	struct procsrv_set_group_args *a = &c->args->set_group;

	if (a->flags)
		return -EINVAL;
	return procsrv_set_group(c->ps, a->caller, a->pid, a->pgid);
}

static int do_group(struct procsrv_call *c)
{
	struct procsrv_group_args *a = &c->args->group;
	struct procsrv_group_info info;
	int err, orphaned = 0;

	if (a->flags & ~PROCSRV_GROUP_ORPHANED)
		return -EINVAL;
	if (a->flags)
		orphaned = procsrv_group_is_orphaned(c->ps, a->pgid);
	if (orphaned < 0)
		return orphaned;
	err = procsrv_get_group(c->ps, a->pgid, &info);
	if (err)
		return err;
	a->flags = orphaned ? PROCSRV_GROUP_ORPHANED : 0;
	a->leader = info.leader;
	a->sid = info.sid;
	a->nr_processes = info.nr_members;
	return 0;
}

static int do_set_terminal(struct procsrv_call *c)
{
	struct procsrv_set_terminal_args *a = &c->args->set_terminal;
	struct procsrv_text *name = NULL;
	int err;

	if (a->flags)
		return -EINVAL;
	if (a->name) {
		name = procsrv_text_from_user(a->name, PROCSRV_NAME_MAX + 1);
		if (IS_ERR(name))
			return PTR_ERR(name);
	}
	if (name && !name->data[0])
		err = -EINVAL;
	else
		err = procsrv_set_terminal(c->ps, a->sid, name);
	procsrv_text_put(name);
	return err;
}

static int do_hang_up(struct procsrv_call *c)
{
	struct procsrv_hang_up_args *a = &c->args->hang_up;

	if (a->flags || a->pad)
		return -EINVAL;
	return procsrv_hang_up(c->ps, a->sid, &a->count);
}

/* Fills @a's array from @page, a hold of the lock at a time. */
static int list_pages(struct procsrv *ps, struct procsrv_list_args *a,
		      bool pids, union list_page *page)
{
	u32 size = pids ? sizeof(page->pids[0]) : sizeof(page->infos[0]);
	u64 cursor = a->cursor;
	u64 seq, begun = 0;
	u32 done = 0;
	u32 max;
	int n;

	do {
		max = min_t(u32, a->count - done, PROCSRV_BATCH);
		if (pids)
			n = procsrv_list_pids(ps, a->scope, a->id, cursor,
					      page->pids, max, &seq);
		else
			n = procsrv_list(ps, a->scope, a->id, cursor,
					 page->infos, max, &seq);
		if (!done)
			begun = seq;
		/* What vanishes after its first page has simply ended. */
		if (n == -ESRCH && done)
			break;
		if (n < 0)
			return n;
		if (procsrv_fill_array(a->buf + (u64)done * a->record_size,
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
	a->seq = begun;
	return 0;
}

static int list_common(struct procsrv *ps, struct procsrv_list_args *a,
		       bool pids)
{
	union list_page *page;
	int err;

	if (a->flags || a->pad || !a->count)
		return -EINVAL;
	err = procsrv_check_element(a->record_size,
				    pids ? PROCSRV_PID_SIZE_VER0 :
					   PROCSRV_INFO_SIZE_VER0);
	if (err)
		return err;
	page = kvmalloc(sizeof(*page), PROCSRV_GFP);
	if (!page)
		return -ENOMEM;
	err = list_pages(ps, a, pids, page);
	kvfree(page);
	return err;
}

static int do_list(struct procsrv_call *c)
{
	return list_common(c->ps, &c->args->list, false);
}

static int do_list_pids(struct procsrv_call *c)
{
	return list_common(c->ps, &c->args->list, true);
}

static int do_reap(struct procsrv_call *c)
{
	struct procsrv_reap_args *a = &c->args->reap;
	s64 count;

	if (a->flags || a->pad)
		return -EINVAL;
	count = procsrv_reap(c->ps);
	if (count < 0)
		return count;
	a->count = count;
	return 0;
}

static int do_stats(struct procsrv_call *c)
{
	procsrv_get_stats(c->ps, &c->args->stats);
	return 0;
}

static int do_revoke(struct procsrv_call *c)
{
	struct procsrv_revoke_args *a = &c->args->revoke;

	if (a->flags || a->pad)
		return -EINVAL;
	return procsrv_revoke(c->ps, a->pid, a->capability);
}

static int do_time(struct procsrv_call *c)
{
	struct procsrv_clock *clock = procsrv_clock_of(c->ps);
	struct procsrv_time_args *a = &c->args->time;

	if (a->flags)
		return -EINVAL;
	a->time = procsrv_clock_read(clock, &a->cycles);
	a->frequency = procsrv_clock_frequency(clock);
	a->source = a->frequency ? PROCSRV_CLOCK_CYCLES :
				   PROCSRV_CLOCK_MONOTONIC;
	return 0;
}

static int do_set_reaper(struct procsrv_call *c)
{
	struct procsrv_set_reaper_args *a = &c->args->set_reaper;

	if (a->flags || a->on > 1)
		return -EINVAL;
	return procsrv_set_reaper(c->ps, a->pid, a->on);
}

static int do_report(struct procsrv_call *c)
{
	struct procsrv_report_args *a = &c->args->report;

	return procsrv_report_body(c->ps, a->pid, a->what, a->signo);
}

static int do_get_credentials(struct procsrv_call *c)
{
	struct procsrv_credentials_args *a = &c->args->credentials;
	struct user_namespace *ns = current_user_ns();
	struct procsrv_identity id;
	int err = procsrv_get_identity(c->ps, a->pid, &id);

	if (err)
		return err;
	a->credentials = (struct procsrv_credentials) {
		.ruid = procsrv_uid_to(ns, id.ruid),
		.euid = procsrv_uid_to(ns, id.euid),
		.suid = procsrv_uid_to(ns, id.suid),
		.rgid = procsrv_gid_to(ns, id.rgid),
		.egid = procsrv_gid_to(ns, id.egid),
		.sgid = procsrv_gid_to(ns, id.sgid),
		.flags = id.kills ? PROCSRV_CREDENTIALS_KILL : 0,
	};
	return 0;
}

static bool identity_is_valid(const struct procsrv_identity *id)
{
	return uid_valid(id->ruid) && uid_valid(id->euid) &&
	       uid_valid(id->suid) && gid_valid(id->rgid) &&
	       gid_valid(id->egid) && gid_valid(id->sgid);
}

static int do_set_credentials(struct procsrv_call *c)
{
	struct procsrv_credentials_args *a = &c->args->credentials;
	const struct procsrv_credentials *from = &a->credentials;
	struct user_namespace *ns = current_user_ns();
	struct procsrv_identity id = {
		.ruid = procsrv_uid_from(ns, from->ruid),
		.euid = procsrv_uid_from(ns, from->euid),
		.suid = procsrv_uid_from(ns, from->suid),
		.rgid = procsrv_gid_from(ns, from->rgid),
		.egid = procsrv_gid_from(ns, from->egid),
		.sgid = procsrv_gid_from(ns, from->sgid),
		.kills = from->flags & PROCSRV_CREDENTIALS_KILL,
	};

	if (from->flags & ~PROCSRV_CREDENTIALS_KILL || from->pad ||
	    !identity_is_valid(&id))
		return -EINVAL;
	return procsrv_set_identity(c->ps, a->pid, &id);
}

static int do_set_autoreap(struct procsrv_call *c)
{
	struct procsrv_set_autoreap_args *a = &c->args->set_autoreap;

	if (a->flags || a->on > 1)
		return -EINVAL;
	return procsrv_set_autoreap(c->ps, a->pid, a->on);
}

static int do_set_foreground(struct procsrv_call *c)
{
	struct procsrv_set_foreground_args *a = &c->args->set_foreground;

	return procsrv_set_foreground(c->ps, a->sid, a->pgid);
}

static bool subscription_is_valid(const struct procsrv_subscribe_args *a)
{
	if (a->kinds & ~PROCSRV_EVENTS_ALL || a->pad ||
	    a->flags & ~PROCSRV_SUBSCRIBE_SUBTREE ||
	    a->capacity > PROCSRV_RING_MAX)
		return false;
	if (!a->kinds)
		return !a->pid && !a->capacity && !a->flags;
	return a->pid || !a->flags;
}

static int do_subscribe(struct procsrv_call *c)
{
	struct procsrv_subscribe_args *a = &c->args->subscribe;
	struct procsrv_filter filter = {
		.pid = a->pid,
		.kinds = a->kinds,
		.subtree = a->flags & PROCSRV_SUBSCRIBE_SUBTREE,
	};
	u32 capacity = a->capacity;

	if (!subscription_is_valid(a))
		return -EINVAL;
	if (a->kinds && !capacity)
		capacity = PROCSRV_RING_DEFAULT;
	return procsrv_client_subscribe(c->client, &filter, capacity, &a->seq);
}

/* Reserves a descriptor for @file. */
static int give_file(struct procsrv_call *c, struct file *file, s32 *fd)
{
	if (IS_ERR(file))
		return PTR_ERR(file);
	c->fd = get_unused_fd_flags(O_CLOEXEC);
	if (c->fd < 0) {
		fput(file);
		return c->fd;
	}
	c->file = file;
	*fd = c->fd;
	return 0;
}

static int do_open_process(struct procsrv_call *c)
{
	struct procsrv_open_process_args *a = &c->args->open_process;
	int flags = a->flags & PROCSRV_OPEN_NONBLOCK ? O_NONBLOCK : 0;

	if (a->flags & ~PROCSRV_OPEN_NONBLOCK)
		return -EINVAL;
	return give_file(c, procsrv_open_process(c->ps, a->pid, flags),
			 &a->fd);
}

static int do_new_server(struct procsrv_call *c)
{
	struct procsrv_new_server_args *a = &c->args->new_server;

	if (a->flags == PROCSRV_SERVER_SAME)
		return give_file(c, procsrv_open_further(c->client), &a->fd);
	if (a->flags & ~(PROCSRV_SERVER_POSIX_IDS | PROCSRV_SERVER_INIT_REAPS))
		return -EINVAL;
	return give_file(c, procsrv_new_server(c->ps, a->flags), &a->fd);
}

/*
 * The dispatcher
 */

/* Each with its structure, and the last field that this had in its first version. */
#define OPERATIONS(op)							\
	op(CREATE, create_args, pid, do_create)				\
	op(EXEC, exec_args, pad, do_exec)				\
	op(TERMINATE, terminate_args, exit_signal, do_terminate)	\
	op(WAIT, wait_args, pad, procsrv_do_wait, .waits = true)	\
	op(SIGNAL, signal_args, count, do_signal)			\
	op(INFO, info_args, flags, procsrv_do_info, .looks = true)	\
	op(GET_LIMITS, limits_args, limits.flags, do_get_limits,	\
	   .looks = true)						\
	op(SET_LIMITS, limits_args, limits.flags, do_set_limits)	\
	op(UPDATE, update_args, priority, do_update)			\
	op(CREATE_SESSION, create_session_args, pad, do_create_session)	\
	op(CREATE_GROUP, create_group_args, pad, do_create_group)	\
	op(SET_GROUP, set_group_args, flags, do_set_group)		\
	op(SESSION, session_args, foreground, procsrv_do_session,		\
	   .looks = true)						\
	op(GROUP, group_args, nr_processes, do_group, .looks = true)	\
	op(SET_TERMINAL, set_terminal_args, name, do_set_terminal)	\
	op(HANG_UP, hang_up_args, pad, do_hang_up)			\
	op(LIST_PIDS, list_args, pad, do_list_pids, .looks = true)	\
	op(LIST, list_args, pad, do_list, .looks = true)		\
	op(REAP, reap_args, count, do_reap)				\
	op(STATS, stats, orphans, do_stats)				\
	op(REVOKE, revoke_args, pad, do_revoke)				\
	op(TIME, time_args, flags, do_time, .looks = true)		\
	op(TAKE_SIGNAL, take_signal_args, count,			\
	   procsrv_do_take_signal, .waits = true)			\
	op(SET_REAPER, set_reaper_args, flags, do_set_reaper)		\
	op(SUBSCRIBE, subscribe_args, seq, do_subscribe)		\
	op(OPEN_PROCESS, open_process_args, fd, do_open_process,	\
	   .alone = true)						\
	op(NEW_SERVER, new_server_args, fd, do_new_server,		\
	   .alone = true)						\
	op(BATCH, batch_args, done, procsrv_do_batch, .alone = true,	\
	   .waits = true)						\
	op(REPORT, report_args, signo, do_report)			\
	op(GET_CREDENTIALS, credentials_args, credentials.pad,		\
	   do_get_credentials, .looks = true)				\
	op(SET_CREDENTIALS, credentials_args, credentials.pad,		\
	   do_set_credentials)						\
	op(SET_AUTOREAP, set_autoreap_args, flags, do_set_autoreap)	\
	op(SET_FOREGROUND, set_foreground_args, pgid, do_set_foreground)

#define IN_TABLE(name, type, last, fn, ...)				\
	[_IOC_NR(PROCSRV_IOC_##name)] = {				\
		.cmd = PROCSRV_IOC_##name,				\
		.min_size = offsetofend(struct procsrv_##type, last),	\
		.run = fn,						\
		__VA_ARGS__						\
	},

static const struct procsrv_operation operations[] = {
	OPERATIONS(IN_TABLE)
};

/* No number is left out: each of them has an operation. */
#define ONE_MORE(...) + 1
static_assert(ARRAY_SIZE(operations) == OPERATIONS(ONE_MORE));

/**
 * procsrv_find_operation() - find the operation that a number names
 * @cmd: PROCSRV_IOC_*, whatever size it carries
 *
 * Return: the operation, or an error as a pointer: -ENOTTY if there is none,
 * -EINVAL if its structure is shorter than it ever was.
 */
const struct procsrv_operation *procsrv_find_operation(unsigned int cmd)
{
	const struct procsrv_operation *op;
	unsigned int nr = _IOC_NR(cmd);

	if (nr >= ARRAY_SIZE(operations))
		return ERR_PTR(-ENOTTY);
	op = &operations[array_index_nospec(nr, ARRAY_SIZE(operations))];
	if (cmd == op->cmd)
		return op;
	if (_IOC_TYPE(cmd) != PROCSRV_IOC_MAGIC ||
	    _IOC_DIR(cmd) != _IOC_DIR(op->cmd))
		return ERR_PTR(-ENOTTY);
	return _IOC_SIZE(cmd) < op->min_size ? ERR_PTR(-EINVAL) : op;
}

/*
 * Does it change the server and return a structure? Then it is checked before it
 * runs that the result can be stored.
 */
static bool writes_back(const struct procsrv_operation *op)
{
	return _IOC_DIR(op->cmd) & _IOC_READ && !op->looks;
}

static __always_inline int
args_to_user(const struct procsrv_operation *op, void __user *to,
	     size_t user_size, union procsrv_args *args)
{
	size_t size = min_t(size_t, _IOC_SIZE(op->cmd), user_size);

	if (!(_IOC_DIR(op->cmd) & _IOC_READ))
		return 0;
	if (copy_to_user(to, args, size) ||
	    (user_size > size && clear_user(to + size, user_size - size)))
		return -EFAULT;
	return 0;
}

/**
 * procsrv_args_to_user() - copy a structure out
 * @op: the operation
 * @to: where to
 * @user_size: bytes of it there; what is unknown here is zeroed
 * @args: the structure
 *
 * Context: may sleep.
 * Return: 0, also if the operation writes no structure; -EFAULT.
 */
int procsrv_args_to_user(const struct procsrv_operation *op, void __user *to,
			 size_t user_size, union procsrv_args *args)
{
	return args_to_user(op, to, user_size, args);
}

/* From another version of the structure; or nothing, for what has only results. */
static noinline int other_from_user(const struct procsrv_operation *op,
				    void __user *from, size_t user_size,
				    union procsrv_args *args)
{
	size_t size = _IOC_SIZE(op->cmd);
	int err;

	if (!(_IOC_DIR(op->cmd) & _IOC_WRITE)) {
		memset(args, 0, size);
		return 0;
	}
	err = copy_struct_from_user(args, size, from, user_size);
	if (err || !writes_back(op))
		return err;
	if (user_size > size && clear_user(from + size, user_size - size))
		return -EFAULT;
	return procsrv_check_writable(from, args, min(size, user_size));
}

static __always_inline int
args_from_user(const struct procsrv_operation *op, void __user *from,
	       size_t user_size, union procsrv_args *args)
{
	size_t size = _IOC_SIZE(op->cmd);

	if (!(_IOC_DIR(op->cmd) & _IOC_WRITE) || user_size != size)
		return other_from_user(op, from, user_size, args);
	if (copy_from_user(args, from, size))
		return -EFAULT;
	return writes_back(op) ? procsrv_check_writable(from, args, size) : 0;
}

/**
 * procsrv_args_from_user() - copy a structure in
 * @op: the operation
 * @from: where from
 * @user_size: bytes of it there
 * @args: gets the structure
 *
 * If something is to be changed, writing some of the bytes back tells now
 * whether the result could not be stored later.
 *
 * Context: may sleep.
 * Return: 0; -EFAULT; -E2BIG if what is unknown here is not zero.
 */
int procsrv_args_from_user(const struct procsrv_operation *op,
			   void __user *from, size_t user_size,
			   union procsrv_args *args)
{
	return args_from_user(op, from, user_size, args);
}

/* A descriptor appears once its number has been passed back, or never. */
static void end_file(struct procsrv_call *call, int err)
{
	if (!err) {
		fd_install(call->fd, call->file);
		return;
	}
	put_unused_fd(call->fd);
	fput(call->file);
}

/*
 * Inlined for each operation: with CONFIG_HARDENED_USERCOPY the kernel finds out,
 * at each copy, where in the stack the memory is, unless the compiler knows how
 * much is copied. That costs more than the copy.
 */
static __always_inline int run_ioctl(struct procsrv_call *call,
				     const struct procsrv_operation *op,
				     void __user *user, size_t size)
{
	int err;

	err = args_from_user(op, user, size, call->args);
	if (err)
		return err;
	err = procsrv_run(op, call);
	/* An interrupted wait goes on with the time that was left. */
	if (!err || err == -ERESTARTSYS) {
		if (args_to_user(op, user, size, call->args))
			err = -EFAULT;
	}
	return err;
}

/* From a caller with another version of the structure. */
static noinline int run_other_version(struct procsrv_call *call,
				      unsigned int cmd, void __user *user)
{
	const struct procsrv_operation *op = procsrv_find_operation(cmd);

	if (IS_ERR(op))
		return PTR_ERR(op);
	return run_ioctl(call, op, user, _IOC_SIZE(cmd));
}

#define IN_SWITCH(name, ...)						\
	case PROCSRV_IOC_##name:					\
		err = run_ioctl(&call,					\
				&operations[_IOC_NR(PROCSRV_IOC_##name)], \
				user, _IOC_SIZE(PROCSRV_IOC_##name));	\
		break;

/**
 * procsrv_ioctl() - run the operation that an ioctl names
 * @file: the device or a private server, with a client as its private data
 * @cmd: PROCSRV_IOC_*
 * @arg: the address of its structure
 *
 * Return: 0 or what the operation's structure documents; -ENOTTY if there is
 * no such operation, -EINVAL, -E2BIG and -EFAULT if the structure cannot be
 * taken.
 */
long procsrv_ioctl(struct file *file, unsigned int cmd, unsigned long arg)
{
	/* Copied out as far as args_from_user() has filled it. */
	union procsrv_args args procsrv_uninitialized;
	struct procsrv_client *client = file->private_data;
	struct procsrv_call call = {
		.client = client,
		.ps = client->ps,
		.args = &args,
		.async = NULL,
		.file = NULL,
		.fd = -1,
	};
	void __user *user = (void __user *)arg;
	int err;

	switch (cmd) {
	default:
		err = run_other_version(&call, cmd, user);
		break;
	OPERATIONS(IN_SWITCH)
	}
	if (call.file)
		end_file(&call, err);
	return err;
}
