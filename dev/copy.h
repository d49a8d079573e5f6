/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Strings and arrays from and to user memory
 */
#ifndef PROCSRV_COPY_H
#define PROCSRV_COPY_H

#include <linux/mm.h>
#include <linux/uaccess.h>

#include "procsrv.h"

struct procsrv_image *procsrv_image_from_user(u64 name, u64 argv, u32 argv_len,
					      u64 envp, u32 envp_len);
struct procsrv_text *procsrv_text_from_user(u64 from, size_t max);
int procsrv_fill_room(u64 to, u32 size, const void *data, u32 len);
int procsrv_fill_array(u64 to, u32 to_size, const void *from, u32 from_size,
		       u32 count);

/**
 * procsrv_check_element() - check the size of an element in the caller's version
 * @size: bytes of it
 * @first_version: bytes that it had in its first version
 *
 * Return: 0; -EINVAL if it is shorter than that; -E2BIG if it is too large.
 */
static inline int procsrv_check_element(u32 size, u32 first_version)
{
	if (size < first_version)
		return -EINVAL;
	return size > PAGE_SIZE ? -E2BIG : 0;
}

/**
 * procsrv_check_writable() - find out whether something can be stored later
 * @to: where to
 * @from: what is there now
 * @size: bytes of it, not 0
 *
 * A page can be written or not: one byte of each tells.
 *
 * Context: may sleep.
 * Return: 0 or -EFAULT.
 */
static inline int procsrv_check_writable(void __user *to, const void *from,
					 size_t size)
{
	u8 __user *user = to;
	const u8 *data = from;
	size_t at = 0;

	do {
		if (put_user(data[at], user + at))
			return -EFAULT;
		at += PAGE_SIZE - offset_in_page(user + at);
	} while (at < size);
	return 0;
}

#endif /* PROCSRV_COPY_H */
