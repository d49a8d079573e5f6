// SPDX-License-Identifier: GPL-2.0-only
/*
 * The operations that return strings of the server: INFO and SESSION
 *
 * Strings are charged to the program that has set them, as long as there is a
 * reference. Storing to user memory may take for ever: a program may decide when
 * the page fault ends. So strings are copied to memory of the caller, and the
 * references are dropped, before anything is stored.
 */
#include <linux/mm.h>
#include <linux/sched/signal.h>
#include <linux/slab.h>
#include <linux/string.h>
#include <linux/uaccess.h>

#include "compat.h"
#include "copy.h"
#include "ioctl.h"

enum {
	/* Bytes of strings that are copied by way of the stack. */
	SHORT_STRINGS = 256,
};

static_assert(PROCSRV_NAME_MAX < SHORT_STRINGS);

/* Strings of a process, in the order in which they are copied. */
enum {
	ARGV,
	ENVP,
	CWD,
	TERMINAL,
	NR_STRINGS,
};

/**
 * struct strings - a process, and copies of its strings
 * @details: the process; the references in it have been dropped
 * @len: bytes of each that were asked for and exist
 * @size: bytes that there is room for at @buf
 * @buf: the strings, one after the other: @room, or allocated
 * @room: for short ones
 */
struct strings {
	struct procsrv_details details;
	u32 len[NR_STRINGS];
	size_t size;
	char *buf;
	char room[SHORT_STRINGS];
};

static bool room_is_valid(u64 to, u32 size)
{
	return to || !size;
}

static bool wants_strings(const struct procsrv_info_args *a)
{
	return a->argv_size | a->envp_size | a->cwd_size | a->terminal_size;
}

static bool string_rooms_are_valid(const struct procsrv_info_args *a)
{
	return room_is_valid(a->argv, a->argv_size) &&
	       room_is_valid(a->envp, a->envp_size) &&
	       room_is_valid(a->cwd, a->cwd_size) &&
	       room_is_valid(a->terminal, a->terminal_size);
}

static void set_lengths(struct procsrv_info_args *a,
			const struct procsrv_info *info)
{
	a->argv_size = info->argv_len;
	a->envp_size = info->envp_len;
	a->cwd_size = info->cwd_len;
	a->terminal_size = info->terminal_len;
}

static void limit_lengths(const struct procsrv_info_args *a, struct strings *s)
{
	const struct procsrv_info *info = &s->details.info;

	s->len[ARGV] = min(a->argv_size, info->argv_len);
	s->len[ENVP] = min(a->envp_size, info->envp_len);
	s->len[CWD] = min(a->cwd_size, info->cwd_len);
	s->len[TERMINAL] = min(a->terminal_size, info->terminal_len);
}

static size_t total_length(const struct strings *s)
{
	size_t sum = 0;
	int i;

	for (i = 0; i < NR_STRINGS; i++)
		sum += s->len[i];
	return sum;
}

/* What is hidden has no image, and length 0. */
static void copy_strings(struct strings *s)
{
	const struct procsrv_details *d = &s->details;
	const char *from[NR_STRINGS] = {
		[ARGV] = d->image ? procsrv_image_argv(d->image) : "",
		[ENVP] = d->image ? procsrv_image_envp(d->image) : "",
		[CWD] = d->cwd ? d->cwd->data : "/",
		[TERMINAL] = d->terminal ? d->terminal->data : "",
	};
	char *to = s->buf;
	int i;

	for (i = 0; i < NR_STRINGS; to += s->len[i++])
		memcpy(to, from[i], s->len[i]);
}

/* -ENOBUFS if there is too little room for a copy; then the lengths are set. */
static int try_read_strings(struct procsrv *ps,
			    const struct procsrv_info_args *a,
			    struct strings *s)
{
	int err = procsrv_get_info(ps, a->pid, &s->details);

	if (err)
		return err;
	limit_lengths(a, s);
	if (total_length(s) <= s->size)
		copy_strings(s);
	else
		err = -ENOBUFS;
	procsrv_put_info(&s->details);
	return err;
}

static void free_strings(struct strings *s)
{
	if (s->buf != s->room)
		kvfree(s->buf);
}

/* The strings may grow while there is no reference: then it tries again. */
static int read_strings(struct procsrv *ps, const struct procsrv_info_args *a,
			struct strings *s)
{
	int err;

	s->buf = s->room;
	s->size = sizeof(s->room);
	for (;;) {
		err = try_read_strings(ps, a, s);
		if (err != -ENOBUFS)
			return err;
		if (fatal_signal_pending(current))
			return -EINTR;
		free_strings(s);
		s->size = total_length(s);
		s->buf = kvmalloc(s->size, PROCSRV_GFP);
		if (!s->buf)
			return -ENOMEM;
	}
}

static int strings_to_user(const struct procsrv_info_args *a,
			   const struct strings *s)
{
	const u64 to[NR_STRINGS] = {
		[ARGV] = a->argv,
		[ENVP] = a->envp,
		[CWD] = a->cwd,
		[TERMINAL] = a->terminal,
	};
	const struct procsrv_info *info = &s->details.info;
	const char *from = s->buf;
	int i, err = 0;

	if (a->info)
		err = procsrv_fill_array(a->info, a->info_size, info,
					 sizeof(*info), 1);
	for (i = 0; !err && i < NR_STRINGS; from += s->len[i++])
		err = procsrv_fill_room(to[i], s->len[i], from, s->len[i]);
	return err;
}

static int info_with_strings(struct procsrv *ps, struct procsrv_info_args *a)
{
	struct strings s procsrv_uninitialized;
	int err;

	memset(&s.details, 0, sizeof(s.details));
	err = read_strings(ps, a, &s);
	if (!err)
		err = strings_to_user(a, &s);
	if (!err)
		set_lengths(a, &s.details.info);
	free_strings(&s);
	return err;
}

static int info_alone(struct procsrv *ps, struct procsrv_info_args *a)
{
	/* A look writes all of it, or none is stored. */
	struct procsrv_info info procsrv_uninitialized;
	int err;

	err = procsrv_look(ps, a->pid, &info);
	if (err)
		return err;
	/* What the compiler knows the size of is not checked at run time. */
	if (a->info_size == sizeof(info))
		err = copy_to_user(u64_to_user_ptr(a->info), &info,
				   sizeof(info)) ? -EFAULT : 0;
	else if (a->info)
		err = procsrv_fill_array(a->info, a->info_size, &info,
					 sizeof(info), 1);
	if (!err)
		set_lengths(a, &info);
	return err;
}

/**
 * procsrv_do_info() - the operation INFO
 * @c: the call
 *
 * Without room for strings it takes no lock and no reference.
 *
 * Context: may sleep.
 * Return: 0; -ESRCH; -EINVAL; -E2BIG; -EFAULT; -ENOMEM; -EINTR if the caller is
 * killed.
 */
int procsrv_do_info(struct procsrv_call *c)
{
	struct procsrv_info_args *a = &c->args->info;
	int err;

	if (a->flags || !room_is_valid(a->info, a->info_size))
		return -EINVAL;
	err = a->info ? procsrv_check_element(a->info_size, PROCSRV_INFO_SIZE_VER0) : 0;
	if (err)
		return err;
	if (!wants_strings(a))
		return info_alone(c->ps, a);
	return string_rooms_are_valid(a) ? info_with_strings(c->ps, a) : -EINVAL;
}

/**
 * procsrv_do_session() - the operation SESSION
 * @c: the call
 *
 * Context: may sleep.
 * Return: 0; -ESRCH; -EINVAL; -EFAULT.
 */
int procsrv_do_session(struct procsrv_call *c)
{
	struct procsrv_session_args *a = &c->args->session;
	char terminal[SHORT_STRINGS] procsrv_uninitialized;
	struct procsrv_session_info info;
	u32 len = 0;
	int err;

	if (a->flags || !room_is_valid(a->terminal, a->terminal_size))
		return -EINVAL;
	err = procsrv_get_session(c->ps, a->sid, &info);
	if (err)
		return err;
	if (info.terminal) {
		len = min_t(u32, info.terminal->len, sizeof(terminal));
		memcpy(terminal, info.terminal->data, len);
		procsrv_text_put(info.terminal);
	}
	err = procsrv_fill_room(a->terminal, a->terminal_size, terminal, len);
	if (err)
		return err;
	a->leader = info.leader;
	a->terminal_size = len;
	a->nr_processes = info.nr_members;
	a->nr_groups = info.nr_groups;
	a->foreground = info.foreground;
	return 0;
}
