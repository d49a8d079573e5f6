// SPDX-License-Identifier: GPL-2.0-only
/*
 * Strings and arrays from and to user memory
 */
#include <linux/slab.h>
#include <linux/string.h>
#include <linux/uaccess.h>

#include "compat.h"
#include "copy.h"

enum {
	/* Most bytes of a list that are copied by the word. */
	SHORT_LIST = 128,
};

/* Copies a string of at most @max bytes, its NUL counted; its length. */
static ssize_t string_from_user(char *buf, u64 from, size_t max)
{
	ssize_t len = strncpy_from_user(buf, u64_to_user_ptr(from), max);

	return len == max ? -ENAMETOOLONG : len;
}

/*
 * Copies some bytes without copy_from_user(): with CONFIG_HARDENED_USERCOPY that
 * finds out where the memory is, which costs more than the copy.
 */
static int words_from_user(char *to, const char __user *from, u32 len)
{
	unsigned long word;
	u32 at = 0;

	if (!user_read_access_begin(from, len))
		return -EFAULT;
	for (; len - at >= sizeof(word); at += sizeof(word)) {
		unsafe_get_user(word, (unsigned long __user *)(from + at),
				fault);
		memcpy(to + at, &word, sizeof(word));
	}
	for (; at < len; at++)
		unsafe_get_user(to[at], from + at, fault);
	user_read_access_end();
	return 0;
fault:
	user_read_access_end();
	return -EFAULT;
}

static bool has_words(const char __user *from)
{
	return IS_ENABLED(CONFIG_HAVE_EFFICIENT_UNALIGNED_ACCESS) ||
	       IS_ALIGNED((unsigned long)from, sizeof(long));
}

static int bytes_from_user(char *to, u64 from, u32 len)
{
	const char __user *user = u64_to_user_ptr(from);

	if (!len)
		return 0;
	if (len <= SHORT_LIST && has_words(user))
		return words_from_user(to, user, len);
	return copy_from_user(to, user, len) ? -EFAULT : 0;
}

/* Is it a list of strings, each with its NUL? */
static bool is_list(const char *list, u32 len)
{
	return !len || !list[len - 1];
}

/* Fills @to with a command line and the environment that follows it. */
static int lists_from_user(char *to, u64 argv, u32 argv_len, u64 envp,
			   u32 envp_len)
{
	if (bytes_from_user(to, argv, argv_len) ||
	    bytes_from_user(to + argv_len, envp, envp_len))
		return -EFAULT;
	return is_list(to, argv_len) && is_list(to + argv_len, envp_len) ?
		       0 : -EINVAL;
}

/**
 * procsrv_image_from_user() - copy a name, a command line, an environment
 * @name: where the name is, NUL-terminated
 * @argv: where the command line is, a list of NUL-terminated strings
 * @argv_len: bytes of it
 * @envp: where the environment is, likewise
 * @envp_len: bytes of it
 *
 * Context: may sleep.
 * Return: an image with one reference, or an error as a pointer: -E2BIG,
 * -ENAMETOOLONG, -EFAULT, -ENOMEM, or -EINVAL if a list does not end in a NUL.
 */
struct procsrv_image *procsrv_image_from_user(u64 name, u64 argv, u32 argv_len,
					      u64 envp, u32 envp_len)
{
	char buf[PROCSRV_NAME_MAX + 1] procsrv_uninitialized;
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
	err = lists_from_user(procsrv_image_argv(image), argv, argv_len, envp,
			      envp_len);
	if (err) {
		procsrv_image_put(image);
		return ERR_PTR(err);
	}
	return image;
}

/**
 * procsrv_text_from_user() - copy a string
 * @from: where it is, NUL-terminated
 * @max: most bytes that it may have, its NUL counted
 *
 * Context: may sleep.
 * Return: a text with one reference, or an error as a pointer: -ENAMETOOLONG,
 * -EFAULT, -ENOMEM.
 */
struct procsrv_text *procsrv_text_from_user(u64 from, size_t max)
{
	struct procsrv_text *text;
	ssize_t len;
	char *buf;

	buf = kmalloc(max, PROCSRV_GFP);
	if (!buf)
		return ERR_PTR(-ENOMEM);
	len = string_from_user(buf, from, max);
	text = len < 0 ? ERR_PTR(len) : procsrv_text_new(buf, len);
	kfree(buf);
	return text ?: ERR_PTR(-ENOMEM);
}

/**
 * procsrv_fill_room() - store as much as there is room for
 * @to: where to
 * @size: bytes that there is room for
 * @data: what to store
 * @len: bytes of it
 *
 * Context: may sleep.
 * Return: 0 or -EFAULT.
 */
int procsrv_fill_room(u64 to, u32 size, const void *data, u32 len)
{
	if (copy_to_user(u64_to_user_ptr(to), data, min(size, len)))
		return -EFAULT;
	return 0;
}

/**
 * procsrv_fill_array() - store elements in those of another version
 * @to: where to
 * @to_size: bytes of an element there; what is not known here is zeroed
 * @from: the elements
 * @from_size: bytes of an element here
 * @count: how many
 *
 * Context: may sleep.
 * Return: 0 or -EFAULT.
 */
int procsrv_fill_array(u64 to, u32 to_size, const void *from, u32 from_size,
		       u32 count)
{
	u32 size = min(to_size, from_size);
	u32 i;

	if (to_size == from_size)
		return procsrv_fill_room(to, to_size * count, from,
					 to_size * count);
	for (i = 0; i < count; i++, to += to_size, from += from_size) {
		if (copy_to_user(u64_to_user_ptr(to), from, size) ||
		    clear_user(u64_to_user_ptr(to + size), to_size - size))
			return -EFAULT;
	}
	return 0;
}
